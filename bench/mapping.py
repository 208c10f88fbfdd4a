"""Mapping measured alone, beside cleaning and gathering, and against other engines over the same facts.

    python bench/mapping.py ENGINE FOLDER     (one engine over a prepared folder, in this process)

`lod` maps model objects, read back page by page; the others map flat tables of the very values of those
objects, which need no cleaning. The triples are the same: `prepare` has it proved on the first rows.
"""

from __future__ import annotations

import csv
import json
import pickle
import sys
import time
from collections.abc import Callable, Iterator
from itertools import islice
from json.encoder import encode_basestring as quoted
from pathlib import Path
from typing import Any

import flat
import pyoxigraph as ox
from measure import Figures, Skipped, interleaved, run, table
from peers import PINNED, python_of
from rdflib import RDF, Graph, Literal, URIRef
from records import records
from records import write as write_records

from lod import gather, project
from lod.iris import Iris
from lod.model import Entity, Record
from lod.rdf import Writer
from lod.terms import Vocabulary
from lod.tidy import canonical

BASE = "https://projekty.example/"
_PAGE = 1000
_PROVED = 300  # rows of which every triple of every engine is compared


# Preparing ----------------------------------------------------------------------------------------------


def _pages(rows: Iterator[Any]) -> Iterator[list[Any]]:
    while page := list(islice(rows, _PAGE)):
        yield page


def _made(rows: Iterator[dict[str, str]], vocabulary: Vocabulary) -> Iterator[project.Made]:
    iris = Iris(BASE)
    for number, row in enumerate(rows, 2):
        values, labels, _ = canonical({name: value for name, value in row.items() if value})
        yield project.project(Record("bench", f"bench.csv:{number}", values, labels), iris, vocabulary)


def prepare(folder: Path, rows: int) -> None:
    """Write what every engine reads: the tidy table, model objects in pages, flat tables and their RML."""
    folder.mkdir(parents=True, exist_ok=True)
    vocabulary = Vocabulary(BASE)
    write_records(folder / "tidy.csv", rows, errors=0)
    projects: list[Entity] = []
    mentions = []
    for made in _made((row for row, _ in records(rows, errors=0)), vocabulary):
        assert made.project is not None
        projects.append(made.project)
        mentions += made.mentions
    organisations = list(gather.organisations(mentions, vocabulary).values())
    with (folder / "model.pickle").open("wb") as file:
        for page in _pages(iter([*projects, *organisations])):
            pickle.dump(page, file, pickle.HIGHEST_PROTOCOL)
    mappings = []
    for name, things in (("projects", projects), ("organisations", organisations)):
        columns = flat.flatten(things, vocabulary, folder / f"{name}.csv")
        mappings.append(flat.rml(columns, folder / f"{name}.csv"))
        (folder / f"{name}.py").write_text(flat.fstrings(columns), "utf-8")
    (folder / "mapping.ttl").write_text("\n".join(mappings), "utf-8")


# Engines: each writes ENGINE.nt and prints its CPU seconds ---------------------------------------------------


def _objects(folder: Path) -> Iterator[list[Entity]]:
    with (folder / "model.pickle").open("rb") as file:
        while True:
            try:
                yield pickle.load(file)
            except EOFError:
                return


def lod(folder: Path) -> dict[str, float]:
    """Write the model objects' lines; only that is counted."""
    writer = Writer(Vocabulary(BASE))
    spent, lines = 0.0, 0
    with (folder / "lod.nt").open("w", encoding="utf-8") as out:
        for page in _objects(folder):
            started = time.process_time()
            for entity in page:
                described = writer.described(entity)
                out.write("\n".join(described) + "\n")
                lines += len(described)
            spent += time.process_time() - started
    return {"seconds": spent, "triples": lines}


def cleaning(folder: Path) -> dict[str, float]:
    """Read the tidy table, clean its rows to model objects, and gather organisations."""
    vocabulary = Vocabulary(BASE)
    started = time.process_time()
    with (folder / "tidy.csv").open(encoding="utf-8", newline="") as file:
        mentions = [mention for made in _made(csv.DictReader(file), vocabulary) for mention in made.mentions]
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
                        graph.add((URIRef(row[subject]), RDF.type, URIRef(kind)))
                for column, (subject, predicate, kind) in plan["triples"].items():
                    if value := row[column]:
                        graph.add((URIRef(row[subject]), URIRef(predicate), _term(value, kind)))
    graph.serialize(folder / "rdflib.nt", format="nt", encoding="utf-8")
    return {"seconds": time.process_time() - started}


def _term(value: str, kind: str) -> URIRef | Literal:
    if kind == "iri":
        return URIRef(value)
    if kind.startswith("@"):
        return Literal(value, lang=kind[1:])
    return Literal(value, datatype=URIRef(kind)) if kind else Literal(value)


def fstrings(folder: Path) -> dict[str, float]:
    """Write the flat tables by f-strings made for their columns: the floor of plain Python. Reading is not counted."""
    spent = 0.0
    with (folder / "fstrings.nt").open("w", encoding="utf-8") as out:
        for name in ("projects", "organisations"):
            names: dict[str, Any] = {"quoted": quoted}
            exec((folder / f"{name}.py").read_text("utf-8"), names)
            write = names["write"]
            with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
                rows = csv.reader(file)
                next(rows)
                for page in _pages(rows):
                    started = time.process_time()
                    for row in page:
                        pieces: list[str] = []
                        write(row, pieces.append)
                        out.write("".join(pieces))
                    spent += time.process_time() - started
    return {"seconds": spent}


# The comparison -----------------------------------------------------------------------------------------------

_NAMES = {
    "lod": "**lod** (model objects to sorted lines)",
    "fstrings": "f-strings made for these columns (the floor)",
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


def section(rows: int, runs: int, work: Path) -> str:
    """Measure, and return the section of docs/benchmarks.md."""
    prepare(work / "proof", _PROVED)
    for command in _commands(work / "proof").values():
        if not isinstance(command, Skipped):
            run(command)
    differences = differing(work / "proof")
    folder, small = work / "mapping", work / "mapping-small"
    prepare(folder, rows)
    prepare(small, rows // 10)
    commands = _commands(folder)
    found: dict[str, Figures | Skipped] = interleaved(
        {name: command for name, command in commands.items() if not isinstance(command, Skipped)}, runs, pinned=True
    )
    tenth = run([sys.executable, __file__, "lod", str(small)], pinned=True)
    beside = run([sys.executable, __file__, "cleaning", str(folder)], pinned=True)
    own = found["lod"]
    assert isinstance(own, Figures)
    lines = []
    for name, shown in _NAMES.items():
        figures = found.get(name) or commands[name]
        if not isinstance(figures, Figures):
            lines.append([shown, f"skipped: {figures}", "", "", ""])
            continue
        seconds = figures.said["seconds"]
        same = "–" if name == "lod" else f"{seconds / own.said['seconds']:.2f}"
        lines.append([shown, f"{seconds:.2f}", f"{rows / seconds:,.0f}", f"{figures.peak:.0f}", same])
    wrong = {name: count for name, count in differences.items() if count}
    proof = f"differing triples: {wrong}" if wrong else f"the same triples from {', '.join(['lod', *differences])}"
    spent = own.said["seconds"]
    return (
        f"## Mapping {rows:,} rows ({own.said['triples']:,.0f} triples), one core\n\n"
        + table(["engine", "CPU s", "rows/s", "peak MB", "times lod"], lines)
        + f"\nThe first {_PROVED} rows, every triple compared: {proof}. Median of {runs} interleaved runs; imports are"
        " not counted, nor is reading the input for `lod` and the floor; maplib, morph-kgc and rdflib read flat"
        " tables of cleaned values, which they cannot be timed without.\n"
        f"\nOf `lod`, a tenth of the rows took {tenth.peak:.0f} MB, all of them {own.peak:.0f} MB. Beside the stage:"
        f" cleaning the same rows takes {beside.said['seconds']:.2f} s ({beside.said['seconds'] / spent:.1f} times the"
        f" mapping), gathering their organisations {beside.said['gathering']:.2f} s.\n"
    )


_ENGINES: dict[str, Callable[[Path], dict[str, float]]] = {
    "lod": lod,
    "cleaning": cleaning,
    "rdflib": rdflib,
    "fstrings": fstrings,
}

if __name__ == "__main__":
    print(json.dumps(_ENGINES[sys.argv[1]](Path(sys.argv[2]))))
