"""Validation: the project's two engines together, beside pySHACL and raw `shacl`, over the same facts and shapes.

python bench/validation.py ENGINE FOLDER     (one engine over a prepared folder, in this process)
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

import prepared
from measure import Figure, Figures, Section, interleaved, spent, table
from prepared import BASE, pickled
from rdflib import RDF, SH, BNode, Graph, URIRef
from rdflib.collection import Collection

from lod.config import Validation
from lod.iris import SHAPES
from lod.terms import Vocabulary

# Engines: each writes ENGINE.json, its results as (focus, path, component, value, severity), or FINDINGS of the
# project's validator as (focus, shape, value, severity), and prints its CPU seconds ------------------------------


def _write(folder: Path, engine: str, results: Iterable[tuple[str, ...]]) -> int:
    found = sorted(set(results))
    (folder / f"{engine}.json").write_text(json.dumps(found, ensure_ascii=False), "utf-8")
    return len(found)


def _validator(folder: Path, name: str, settings: Validation) -> dict[str, float]:
    from lod.validation.validator import Page, Validator  # noqa: PLC0415 - pySHACL alone must not meet what it changes

    validator = Validator(Vocabulary(BASE), settings)
    pages = [Page(*page) for page in pickled(folder / "pages.pickle")]
    started = spent()
    findings = [finding for page in pages for finding in validator.check(page)]
    seconds = spent() - started
    told = ((f.subject, f.shape, f.value, f.severity.name.title()) for f in findings)
    return {"seconds": seconds, "results": _write(folder, name, told)}


def lod(folder: Path) -> dict[str, float]:
    """Validate page by page as a build does: the fast engine screens, pySHACL confirms."""
    return _validator(folder, "lod", Validation())


def screening(folder: Path) -> dict[str, float]:
    """Validate page by page with no sample: where nothing is wrong, pySHACL has nothing to do."""
    return _validator(folder, "screening", replace(Validation(), sample=0.0))


def reference(folder: Path) -> dict[str, float]:
    """Validate page by page without the fast engine."""
    return _validator(folder, "reference", replace(Validation(), fast=False))


def _shacl(folder: Path, name: str, texts: list[str]) -> dict[str, float]:
    started = spent()
    shapes: Any = import_module("shacl").Shapes.from_text((folder / "shapes.nt").read_text("utf-8"), "ntriples")
    found = [result for text in texts for result in shapes.validate_text(text, "ntriples").results]
    seconds = spent() - started
    told = ((_plain(r.focus_node), _plain(r.path), r.component_iri, r.value_plain or "", r.severity_iri) for r in found)
    return {"seconds": seconds, "results": _write(folder, name, told)}


def _plain(node: str | None) -> str:
    return (node or "").removeprefix("<").removesuffix(">")


def shacl(folder: Path) -> dict[str, float]:
    """Validate the whole text by the Rust engine alone."""
    return _shacl(folder, "shacl", [(folder / "data.nt").read_text("utf-8")])


def paged(folder: Path) -> dict[str, float]:
    """Validate ready texts of ten things by the Rust engine alone: its floor, as its SPARQL looks through all.

    What a page only refers to is judged by its bare type too, so its results are not compared.
    """
    pages = pickled(folder / "small.pickle")
    texts = ["\n".join([*lines, *(_types(iri, kinds) for iri, kinds in known.items()), ""]) for lines, known in pages]
    return _shacl(folder, "paged", texts)


def _types(iri: str, kinds: tuple[str, ...]) -> str:
    return "\n".join(f"<{iri}> <{RDF.type}> <{kind}> ." for kind in kinds)


def pyshacl(folder: Path) -> dict[str, float]:
    """Validate the whole graph by pySHACL as it comes; reading the graph is counted, as for the others."""
    validate = import_module("pyshacl").validate
    shapes = Graph().parse(folder / "shapes.nt", format="nt")
    started = spent()
    data = Graph().parse(folder / "data.nt", format="nt")
    _, found, _ = validate(data, shacl_graph=shapes, inference="none")
    seconds = spent() - started
    results, findings = [], []
    for result in found.subjects(RDF.type, SH.ValidationResult):
        focus, component, value, severity = (
            str(found.value(result, predicate) or "")
            for predicate in (SH.focusNode, SH.sourceConstraintComponent, SH.value, SH.resultSeverity)
        )
        results.append((focus, _path(found, result), component, value, severity))
        findings.append((focus, _rule(found, result), value, severity.removeprefix(str(SH))))
    _write(folder, "pyshacl-findings", findings)
    return {"seconds": seconds, "results": _write(folder, "pyshacl", results)}


def _path(found: Graph, result: Any) -> str:
    """Return a path; a sequence, the only other kind in our shapes, as `shacl` writes it."""
    path = found.value(result, SH.resultPath)
    if isinstance(path, BNode):
        return f"({'/'.join(f'<{step}>' for step in Collection(found, path))})"
    return str(path or "")


def _rule(found: Graph, result: Any) -> str:
    """Return the IRI of a result's constraint where it has one, else of its shape."""
    constraint, shape = found.value(result, SH.sourceConstraint), found.value(result, SH.sourceShape)
    return str(constraint if isinstance(constraint, URIRef) and str(constraint).startswith(SHAPES) else shape)


# The comparison -----------------------------------------------------------------------------------------------

_FEW = 120  # records that pySHACL as it comes is given: two of each of the twelve errors are among them
_NAMES = {
    "lod": "**lod**: `shacl` screens, pySHACL confirms",
    "screening": "**lod**, screening alone (records without errors)",
    "reference": "**lod**, pySHACL alone (`fast = false`)",
    "paged": "raw `shacl`, ready pages of ten things",
    "shacl": "raw `shacl`, the whole graph at once",
    "pyshacl": "pySHACL as it comes, the whole graph at once",
}


def _commands(engines: Iterable[str], folder: Path) -> dict[str, list[str]]:
    return {name: [sys.executable, __file__, name, str(folder)] for name in engines}


def section(rows: int, runs: int, work: Path) -> Section:
    """Measure `rows` records with 2 % errors, slow engines on fewer, and return what is to be told."""
    few, some, many, good = (work / f"validation-{name}" for name in ("few", "some", "many", "good"))
    prepared.prepare(few, _FEW, errors=0.2)
    prepared.prepare(some, rows // 10, errors=0.02)
    prepared.prepare(many, rows, errors=0.02)
    prepared.prepare(good, rows, errors=0)
    found = interleaved(
        {
            **_commands(["lod", "paged"], many),
            **_commands(["screening"], good),
            **_commands(["reference", "shacl"], some),
            **_commands(["pyshacl"], few),
        },
        runs,
        pinned=True,
    )
    interleaved(_commands(["lod"], few) | _commands(["shacl"], few), 1)
    sizes = {"reference": rows // 10, "shacl": rows // 10, "pyshacl": _FEW}
    a_record: dict[str, float] = {}
    lines = []
    for name, shown in _NAMES.items():
        figures, size = found[name], sizes.get(name, rows)
        if not isinstance(figures, Figures):
            lines.append([shown, f"{size:,}", f"skipped: {figures}", "", "", ""])
            continue
        a_record[name] = figures.said["seconds"] / size
        cells = [f"{size:,}", f"{figures.said['seconds']:.2f}", f"{a_record[name] * 1000:.2f}", f"{figures.peak:.0f}"]
        lines.append([shown, *cells, f"{a_record[name] / a_record['lod']:.2f}"])
    read = {name: set(map(tuple, json.loads((few / f"{name}.json").read_text("utf-8")))) for name in _PROOF}
    identical = read["lod"] == read["pyshacl-findings"] and read["shacl"] == read["pyshacl"]
    text = (
        table(["engine", "records", "CPU s", "ms a record", "peak MB", "times lod, a record"], lines)
        + f"\nMedian of {runs} interleaved runs on one core, child processes counted; compiling shapes and reading the"
        f" graph are. pySHACL as it comes gets {_FEW} records only (it parses a SPARQL constraint anew for each node),"
        f" two of each of the twelve errors among them: there the results of `lod`, `shacl` and pySHACL are"
        f" {'identical' if identical else 'NOT identical'} ({len(read['pyshacl'])} of focus, path, component, value and"
        " severity). Where pySHACL parses each SPARQL constraint once, as the project has it do, screening takes"
        f" 1/{a_record['reference'] / a_record['screening']:.0f} of its time, with confirmation"
        f" 1/{a_record['reference'] / a_record['lod']:.0f}.\n"
    )
    return Section(
        f"Validating {rows:,} records",
        text,
        [
            Figure("screening against pySHACL", a_record["pyshacl"] / a_record["screening"], 40),
            Figure("screening against raw `shacl` over ready pages", a_record["paged"] / a_record["screening"], 0.7),
            Figure("with confirmation, against pySHACL", a_record["pyshacl"] / a_record["lod"], 15),
            Figure("the identical result set (1: yes)", float(identical), 1),
        ],
    )


_PROOF = ("lod", "shacl", "pyshacl", "pyshacl-findings")
_ENGINES: dict[str, Callable[[Path], dict[str, float]]] = {
    "lod": lod,
    "screening": screening,
    "reference": reference,
    "shacl": shacl,
    "paged": paged,
    "pyshacl": pyshacl,
}

if __name__ == "__main__":
    print(json.dumps(_ENGINES[sys.argv[1]](Path(sys.argv[2]))))
