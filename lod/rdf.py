"""Model objects to RDF, as canonical N-Triples lines: no per-class code, the shapes say how.

`Writer` compiles one plan a class from the vocabulary; literals are written in the form that stores
normalise to, so store, dumps and pages say the same. There are no blank nodes: every part has an IRI.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

from rdflib import Graph, Literal

from .clean import PartialDate, canonical_decimal
from .iris import NAMESPACES
from .model import Entity

if TYPE_CHECKING:
    from .terms import ClassTerms, FieldTerm, Vocabulary

__all__ = ["Writer", "digest", "graph_lines", "literal", "subject", "target"]

_TYPE = f"<{NAMESPACES['rdf']}type>"
_XSD = NAMESPACES["xsd"]
# Canonical N-Triples escapes (RDF 1.2 N-Triples, section 4); other characters stand as they are.
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"})


def literal(value: str, *, language: str = "", datatype: str = "") -> str:
    r"""Return a literal in canonical N-Triples.

    >>> print(literal('Plán "A"', language="cs"))
    "Plán \"A\""@cs
    """
    quoted = f'"{value.translate(_ESCAPES)}"'
    if language:
        return f"{quoted}@{language}"
    if datatype and datatype != _XSD + "string":
        return f"{quoted}^^<{datatype}>"
    return quoted


def _term(term: FieldTerm) -> Callable[[object], str]:
    """Return the function that writes one value of a field (parts and references: its IRI)."""
    if term.kind == "text":
        return lambda value: literal(value.value, language=value.language)  # type: ignore[attr-defined]
    if term.kind in {"iri", "reference"}:
        return lambda value: f"<{value}>"
    if term.kind == "part":
        return lambda value: f"<{value.iri}>"  # type: ignore[attr-defined]
    if term.kind == "date":
        return lambda value: literal(value.lexical, datatype=_XSD + value.datatype)  # type: ignore[attr-defined]
    return lambda value: literal(_lexical(value), datatype=term.datatype)


def _lexical(value: object) -> str:
    if isinstance(value, Decimal):
        return canonical_decimal(value)
    if isinstance(value, PartialDate):
        return value.lexical
    return str(value)


class Writer:
    """Writes any model object as N-Triples lines, parts included."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._plans: dict[str, tuple[tuple[str, ...], tuple[tuple[str, str, Callable[[object], str], bool], ...]]] = {}

    def _plan(
        self, entity: Entity
    ) -> tuple[tuple[str, ...], tuple[tuple[str, str, Callable[[object], str], bool], ...]]:
        name = type(entity).__name__
        if name not in self._plans:
            terms: ClassTerms = self._vocabulary.of(entity)
            self._plans[name] = (
                tuple(f" {_TYPE} <{kind}> ." for kind in terms.types),
                tuple(
                    (term.attribute, f" <{term.predicate}> ", _term(term), term.kind == "part")
                    for term in terms.fields
                    if hasattr(entity, term.attribute)
                ),
            )
        return self._plans[name]

    def lines(self, entity: Entity) -> Iterator[str]:
        """Yield the lines of a thing and its parts, without line ends, in no particular order."""
        types, fields = self._plan(entity)
        subject = f"<{entity.iri}>"
        for rest in types:
            yield subject + rest
        for attribute, predicate, write, is_part in fields:
            value = getattr(entity, attribute)
            if value is None:
                continue
            for item in value if isinstance(value, tuple) else (value,):
                yield f"{subject}{predicate}{write(item)} ."
                if is_part:
                    yield from self.lines(item)

    def described(self, entity: Entity) -> list[str]:
        """Return the sorted distinct lines of a thing and its parts."""
        return sorted(set(self.lines(entity)))


def subject(line: str) -> str:
    """Return the subject IRI of a line."""
    return line[1 : line.index("> ")]


def target(line: str) -> str:
    """Return the IRI that a line refers to, or an empty text when its object is a literal.

    >>> target('<http://a> <http://b> <http://c> .')
    'http://c'
    >>> target('<http://a> <http://b> "1"^^<http://c> .')
    ''
    """
    rest = line.split(" ", 2)[2]
    return rest[1:-3] if rest.startswith("<") else ""


def graph_lines(graph: Graph) -> list[str]:
    """Return an rdflib graph without blank nodes as sorted canonical N-Triples lines."""
    lines = []
    for triple in graph:
        terms = []
        for node in triple:
            value = str(node)
            if isinstance(node, Literal):
                terms.append(literal(value, language=node.language or "", datatype=str(node.datatype or "")))
            else:
                terms.append(f"<{value}>")
        lines.append(" ".join(terms) + " .")
    return sorted(lines)


def digest(lines: Iterable[str]) -> str:
    """Return the SHA-256 of lines: the RDFC-1.0 hash too, since there are no blank nodes to relabel."""
    total = hashlib.sha256()
    for line in lines:
        total.update(line.encode())
        total.update(b"\n")
    return total.hexdigest()
