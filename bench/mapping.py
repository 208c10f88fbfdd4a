"""Mapping measured alone, beside cleaning and gathering, and against other engines over the same facts.

    python bench/mapping.py ENGINE FOLDER     (one engine over a prepared folder, in this process)

`lod` maps model objects, read back page by page; the others map flat tables of the very values of those
objects, which need no cleaning. The triples are the same: `prepare` has it proved on the first rows.
"""

from __future__ import annotations

import csv
import json
import sys
import time
from collections.abc import Callable
from json.encoder import encode_basestring as quoted
from pathlib import Path
from typing import Any

import flat
import prepared
import pyoxigraph as ox
from measure import Figure, Figures, Section, Skipped, interleaved, run, table
from peers import PINNED, python_of
from prepared import BASE, made, paged, pickled
from rdflib import RDF, Graph

from lod import gather
from lod.model import Organisation, Project
from lod.rdf import Writer
from lod.terms import Vocabulary

_PROVED = 300  # rows of which every triple of every engine is compared


def prepare(folder: Path, rows: int) -> None:
    """Write what every engine reads: model objects, and the same as flat tables with their RML and f-strings."""
    prepared.prepare(folder, rows, errors=0)
    vocabulary = Vocabulary(BASE)
    mappings = []
    for name, kind in (("projects", Project), ("organisations", Organisation)):
        things = (thing for page in pickled(folder / "model.pickle") for thing in page if isinstance(thing, kind))
        columns = flat.flatten(things, vocabulary, folder / f"{name}.csv")
        mappings.append(flat.rml(columns, folder / f"{name}.csv"))
        (folder / f"{name}.py").write_text(flat.fstrings(columns), "utf-8")
    (folder / "mapping.ttl").write_text("\n".join(mappings), "utf-8")


# Engines: each writes ENGINE.nt and prints its CPU seconds ---------------------------------------------------


def lod(folder: Path) -> dict[str, float]:
    """Write the model objects' lines, then again with the lines of each thing sorted, as a build keeps them."""
    writer = Writer(Vocabulary(BASE))
    seconds = {"seconds": 0.0, "with_sorting": 0.0}
    triples = 0
    with (
        (folder / "lod.nt").open("w", encoding="utf-8") as plain,
        (folder / "sorted.nt").open("w", encoding="utf-8") as ordered,
    ):
        for page in pickled(folder / "model.pickle"):
            things = [thing for thing in page if isinstance(thing, Project | Organisation)]
            for name, write, out in (
                ("seconds", writer.lines, plain),
                ("with_sorting", writer.described, ordered),
            ):
                started = time.process_time()
                for thing in things:
                    out.write("\n".join(write(thing)) + "\n")
                seconds[name] += time.process_time() - started
            triples += sum(len(writer.described(thing)) for thing in things)
    return {**seconds, "triples": triples}


def cleaning(folder: Path) -> dict[str, float]:
    """Read the tidy table, clean its rows to model objects, and gather organisations."""
    vocabulary = Vocabulary(BASE)
    started = time.process_time()
    with (folder / "tidy.csv").open(encoding="utf-8", newline="") as file:
        mentions = [mention for each in made(csv.DictReader(file), vocabulary) for mention in each.mentions]
    cleaned = time.process_time()
    gather.organisations(mentions, vocabulary)
    return {"seconds": cleaned - started, "gathering": time.process_time() - cleaned}


def rdflib(folder: Path) -> dict[str, float]:
    """Add every triple to a graph and serialise it."""
    started = time.process_time()
    graph = Graph()
    for name in ("projects", "organisations"):
        plan = json.loads((folder / f"{name}.json").read_text("utf-8"))
        with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                for subject, kinds in plan["types"].items():
                    for kind in kinds if row[subject] else ():
                        graph.add((flat.term(row[subject], "iri"), RDF.type, flat.term(kind, "iri")))
                for column, (subject, predicate, kind) in plan["triples"].items():
                    if value := row[column]:
                        node, path = flat.term(row[subject], "iri"), flat.term(predicate, "iri")
                        graph.add((node, path, flat.term(value, kind)))
    graph.serialize(folder / "rdflib.nt", format="nt", encoding="utf-8")
    return {"seconds": time.process_time() - started}


def fstrings(folder: Path) -> dict[str, float]:
    """Write the flat tables by f-strings made for their columns, with and without the time of reading."""
    spent, began = 0.0, time.process_time()
    with (folder / "fstrings.nt").open("w", encoding="utf-8") as out:
        for name in ("projects", "organisations"):
            names: dict[str, Any] = {"quoted": quoted}
            exec((folder / f"{name}.py").read_text("utf-8"), names)
            write = names["write"]
            with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
                rows = csv.reader(file)
                next(rows)
                for page in paged(rows, 1000):
                    started = time.process_time()
                    for row in page:
                        pieces: list[str] = []
                        write(row, pieces.append)
                        out.write("".join(pieces))
                    spent += time.process_time() - started
    return {"seconds": spent, "with_reading": time.process_time() - began}


# The comparison -----------------------------------------------------------------------------------------------

_VARIANTS = {
    "seconds": "",
    "with_sorting": ", the lines of each thing sorted as a build keeps them",
    "with_reading": ", reading the CSV file included (the floor)",
}
_NAMES = {
    "lod": "**lod** (model objects to lines)",
    "fstrings": "f-strings made for these columns",
    "maplib": f"maplib ({', '.join(PINNED['maplib'])})",
    "morph-kgc": f"morph-kgc ({', '.join(PINNED['morph-kgc'])})",
    "rdflib": "rdflib add + serialize",
}


def _commands(folder: Path) -> dict[str, list[str] | Skipped]:
    here = Path(__file__)
    found: dict[str, list[str] | Skipped] = {
        name: [sys.executable, str(here), name, str(folder)] for name in ("lod", "fstrings", "rdflib")
    }
    for name, script in (("maplib", "peer_maplib.py"), ("morph-kgc", "peer_morph.py")):
        try:
            found[name] = [python_of(name), str(here.with_name(script)), str(folder)]
        except Skipped as reason:
            found[name] = reason
    return found


def _triples(path: Path) -> set[str]:
    """Return the triples of a file in one spelling of decimals, to compare what engines say."""
    store = ox.Store()
    store.bulk_load(path=str(path), format=ox.RdfFormat.N_TRIPLES)
    return {str(quad.triple) for quad in store}


def differing(folder: Path) -> dict[str, int]:
    """Return by how many triples each engine's file differs from ours."""
    own = _triples(folder / "lod.nt")
    others = [name for name in _NAMES if name != "lod" and (folder / f"{name}.nt").exists()]
    return {name: len(own ^ _triples(folder / f"{name}.nt")) for name in others}


def section(rows: int, runs: int, work: Path) -> Section:
    """Measure `rows` records and return what is to be told."""
    prepare(work / "proof", _PROVED)
    for command in _commands(work / "proof").values():
        if not isinstance(command, Skipped):
            run(command)
    differences = differing(work / "proof")
    folder, small = work / "mapping", work / "mapping-small"
    prepare(folder, rows)
    prepare(small, rows // 10)
    commands = _commands(folder)
    able = {name: command for name, command in commands.items() if not isinstance(command, Skipped)}
    found = interleaved(able, runs, pinned=True)
    tenth = run([sys.executable, __file__, "lod", str(small)], pinned=True)
    beside = run([sys.executable, __file__, "cleaning", str(folder)], pinned=True)
    own = found["lod"]
    assert isinstance(own, Figures)
    spent = own.said["seconds"]
    lines, ratios = [], {}
    for name, shown in _NAMES.items():
        figures = found.get(name) or commands[name]
        if not isinstance(figures, Figures):
            lines.append([shown, f"skipped: {figures}", "", "", ""])
            continue
        for key, what in _VARIANTS.items():
            if key in figures.said:
                seconds = ratios[name, key] = figures.said[key]
                row = [shown + what, f"{seconds:.2f}", f"{rows / seconds:,.0f}", f"{figures.peak:.0f}"]
                lines.append([*row, f"{seconds / spent:.2f}"])
    wrong = {name: count for name, count in differences.items() if count}
    proof = f"triples that differ: {wrong}" if wrong else f"the same triples from {', '.join(['lod', *differences])}"
    text = (
        table(["engine", "CPU s", "rows/s", "peak MB", "times lod"], lines)
        + f"\n{own.said['triples']:,.0f} triples. All triples of the first {_PROVED} rows compared: {proof}. Median"
        f" of {runs} interleaved runs on one core. Imports are not counted, nor is reading the input for `lod` and the"
        " first line of the f-strings. maplib, morph-kgc and rdflib read flat tables of cleaned values, as they have no"
        " stage to be timed without.\n"
        f"\nA tenth of the rows took `lod` {tenth.peak:.0f} MB, all of them {own.peak:.0f} MB. Beside this stage:"
        f" cleaning the same rows takes {beside.said['seconds']:.2f} s ({beside.said['seconds'] / spent:.1f} times the"
        f" mapping), gathering their organisations {beside.said['gathering']:.2f} s.\n"
    )
    figures_to_reach = [
        Figure(f"mapping against {name}", ratios[name, "seconds"] / spent, least)
        for name, least in (("maplib", 5), ("morph-kgc", 6))
        if (name, "seconds") in ratios
    ]
    figures_to_reach += [
        Figure("mapping against the f-string floor, reading included", ratios["fstrings", "with_reading"] / spent, 0.7),
        Figure("mapping against f-strings that only write", ratios["fstrings", "seconds"] / spent, 0.7),
        Figure("memory of a tenth of the rows against all", tenth.peak / own.peak, 0.9),
    ]
    return Section(f"Mapping {rows:,} records", text, figures_to_reach)


_ENGINES: dict[str, Callable[[Path], dict[str, float]]] = {
    "lod": lod,
    "cleaning": cleaning,
    "rdflib": rdflib,
    "fstrings": fstrings,
}

if __name__ == "__main__":
    print(json.dumps(_ENGINES[sys.argv[1]](Path(sys.argv[2]))))
