"""maplib over the flat tables: python peer_maplib.py FOLDER (runs in maplib's own environment, without lod)."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import maplib as ml
import polars as pl

_LANG_STRING = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"
_XSD = "http://www.w3.org/2001/XMLSchema#"


def _column(name: str, kind: str) -> pl.Expr:
    """Return a column in the type that maplib wants for a kind of value."""
    column = pl.col(name)
    if kind.startswith("@"):
        text = pl.struct(column.alias(f"<{_LANG_STRING}>"), pl.lit(kind[1:]).alias("l"))
        return pl.when(column.is_not_null()).then(text).alias(name)
    if kind == f"{_XSD}date":
        return column.str.to_date()
    if kind == f"{_XSD}decimal":
        return column.cast(pl.Decimal(38, 12))
    return column


def _type(kind: str) -> ml.RDFType:
    if kind == "iri":
        return ml.RDFType.IRI
    return ml.RDFType.Literal(_LANG_STRING if kind.startswith("@") else kind or f"{_XSD}string")


def main(folder: Path) -> None:
    """Map projects.csv and organisations.csv to maplib.nt and print the CPU seconds."""
    started = time.process_time()
    model = ml.Model()
    for path in (folder / "projects.csv", folder / "organisations.csv"):
        plan = json.loads(path.with_suffix(".json").read_text("utf-8"))
        kinds = dict.fromkeys(plan["types"], "iri") | {name: kind for name, (_, _, kind) in plan["triples"].items()}
        parameters = [
            ml.Parameter(ml.Variable(name), optional=name != "iri", rdf_type=_type(kind))
            for name, kind in kinds.items()
        ]
        triples = [
            ml.Triple(ml.Variable(subject), ml.rdf.type, ml.IRI(kind))
            for subject, types in plan["types"].items()
            for kind in types
        ]
        triples += [
            ml.Triple(ml.Variable(subject), ml.IRI(predicate), ml.Variable(name))
            for name, (subject, predicate, _) in plan["triples"].items()
        ]
        frame = pl.read_csv(path, infer_schema=False).select(_column(name, kind) for name, kind in kinds.items())
        model.map(ml.Template(ml.IRI(f"http://bench.example/{path.stem}"), parameters, triples), frame)
    model.write(folder / "maplib.nt", format="ntriples")
    print(json.dumps({"seconds": time.process_time() - started}))


main(Path(sys.argv[1]))
