"""Model objects as flat tables, so that engines which know nothing of our cleaning can map the same facts.

A table has one row a thing, one column a value (parts included, each with a column for its IRI), and a plan:
which column goes to which triple. RML, OTTR templates, f-strings and plain rdflib are made of that plan.
"""

from __future__ import annotations

import csv
import dataclasses
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from rdflib import Literal, URIRef

from lod.clean import PartialDate, canonical_decimal
from lod.model import Entity, Text
from lod.terms import Vocabulary

__all__ = ["Stated", "Table", "flatten", "fstrings", "rml", "stated", "term"]

_XSD = "http://www.w3.org/2001/XMLSchema#"
_TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"


@dataclass
class Table:
    """Columns of a flat table and the triples they make."""

    types: dict[str, list[str]] = dataclasses.field(default_factory=dict)  # column of a subject -> its types
    # column of a value -> column of its subject, predicate, and "iri", "@language", a datatype or "" (a string)
    triples: dict[str, tuple[str, str, str]] = dataclasses.field(default_factory=dict)
    filled: Counter[str] = dataclasses.field(default_factory=Counter)  # rows that have a value in a column

    @property
    def columns(self) -> list[str]:
        """All columns, subjects that are not values first."""
        return list(dict.fromkeys([*self.types, *self.triples]))


class Stated(NamedTuple):
    """One value of a thing: its place among the field's values ("title0"), and what it is in RDF."""

    column: str
    predicate: str
    kind: str  # "iri", "@language", the IRI of a datatype, or "" (a string)
    text: str
    part: Entity | None


def stated(entity: Entity, vocabulary: Vocabulary) -> Iterator[Stated]:
    """Yield the values of a thing, parts as references."""
    for field in vocabulary.of(entity).fields:
        value: Any = getattr(entity, field.attribute, None)
        for number, item in enumerate(value if isinstance(value, tuple) else (value,)):
            if item is None:
                continue
            column = f"{field.attribute}{number}" if isinstance(value, tuple) else field.attribute
            if isinstance(item, Entity):
                yield Stated(column, field.predicate, "iri", item.iri, item)
                continue
            if isinstance(item, Text):
                kind, text = f"@{item.language}", item.value
            elif isinstance(item, PartialDate):
                kind, text = f"{_XSD}{item.datatype}", item.lexical
            elif isinstance(item, Decimal):
                kind, text = field.datatype, canonical_decimal(item)
            else:
                kind, text = "iri" if field.kind in {"iri", "reference"} else field.datatype, str(item)
            yield Stated(column, field.predicate, "" if kind == f"{_XSD}string" else kind, text, None)


def term(value: str, kind: str) -> URIRef | Literal:
    """Return a value as rdflib has it."""
    if kind == "iri":
        return URIRef(value)
    if kind.startswith("@"):
        return Literal(value, lang=kind[1:])
    return Literal(value, datatype=URIRef(kind)) if kind else Literal(value)


def _flat(entity: Entity, vocabulary: Vocabulary, table: Table, row: dict[str, str], subject: str) -> None:
    table.types.setdefault(subject, list(vocabulary.of(entity).types))
    row[subject] = entity.iri
    below = "" if subject == "iri" else f"{subject}_"
    for value in stated(entity, vocabulary):
        column = below + value.column
        if value.part:
            _flat(value.part, vocabulary, table, row, column)
        plan = (subject, value.predicate, value.kind)
        if table.triples.setdefault(column, plan) != plan:
            raise ValueError(f"{column} is of two kinds: a flat table cannot hold these records")
        row[column] = value.text


def flatten(entities: Iterable[Entity], vocabulary: Vocabulary, path: Path) -> Table:
    """Write things of one class as `path` (CSV) and the plan beside it (JSON)."""
    table, rows = Table(), []
    for entity in entities:
        row: dict[str, str] = {}
        _flat(entity, vocabulary, table, row, "iri")
        table.filled.update(row.keys())
        rows.append(row)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, table.columns, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    path.with_suffix(".json").write_text(json.dumps({"types": table.types, "triples": table.triples}), "utf-8")
    return table


def rml(table: Table, path: Path) -> str:
    """Return the RML mapping of a flat table, one triples map a subject."""
    source = f'[ rml:source "{path}" ; rml:referenceFormulation ql:CSV ]'
    blocks = [
        "@prefix rr: <http://www.w3.org/ns/r2rml#> .\n@prefix rml: <http://semweb.mmlab.be/ns/rml#> .\n"
        "@prefix ql: <http://semweb.mmlab.be/ns/ql#> ."
    ]
    for subject, types in table.types.items():
        classes = ", ".join(f"<{kind}>" for kind in types)
        lines = [
            f"<#{path.stem}-{subject}> a rr:TriplesMap ; rml:logicalSource {source} ;",
            f'  rr:subjectMap [ rml:reference "{subject}" ; rr:termType rr:IRI ; rr:class {classes} ]',
        ]
        for column, (owner, predicate, kind) in table.triples.items():
            if owner == subject:
                how = {"iri": "; rr:termType rr:IRI ", "": ""}.get(kind, f"; rr:datatype <{kind}> ")
                how = f'; rr:language "{kind[1:]}" ' if kind.startswith("@") else how
                objects = f'[ rml:reference "{column}" {how}]'
                lines.append(f"  ; rr:predicateObjectMap [ rr:predicate <{predicate}> ; rr:objectMap {objects} ]")
        blocks.append("\n".join(lines) + " .")
    return "\n\n".join(blocks) + "\n"


def _value(column: str, kind: str) -> str:
    if kind == "iri":
        return f"<{{{column}}}>"
    if kind.startswith("@"):
        return f"{{quoted({column})}}{kind}"
    return f'"{{{column}}}"^^<{kind}>' if kind else f"{{quoted({column})}}"


def fstrings(table: Table) -> str:
    """Return a Python function for a flat table: what rows always have in one f-string, the rest under an `if`."""
    code = ["def write(row, put):", f"    {', '.join(table.columns)} = row"]

    def block(subject: str, text: str, indent: str) -> None:
        within, optional = [subject], []
        for at in within:  # grows: parts that are there whenever their owner is belong to its f-string
            text += "".join(f"<{{{at}}}> {_TYPE} <{kind}> .\n" for kind in table.types[at])
            for column, (owner, predicate, kind) in table.triples.items():
                if owner == at:
                    line = f"<{{{at}}}> <{predicate}> {_value(column, kind)} .\n"
                    if table.filled[column] == table.filled[subject]:
                        text += line
                        within += [column] if column in table.types else []
                    else:
                        optional.append((column, line))
        code.append(f"{indent}put(f{text!r})")
        for column, line in optional:
            code.append(f"{indent}if {column}:")
            if column in table.types:
                block(column, line, f"{indent}    ")
            else:
                code.append(f"{indent}    put(f{line!r})")

    block("iri", "", "    ")
    return "\n".join(code) + "\n"
