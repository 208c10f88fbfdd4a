"""Model objects to RDF, as canonical N-Triples lines: no per-class code, the shapes say how.

`Writer` compiles one function a class, once, from the class's terms and the types of its fields; `source`
shows what it compiles. Literals are written in the form that stores normalise to, so store, dumps and pages
say the same. There are no blank nodes: every part has an IRI. All data stand in the default graph, so the
lines are N-Quads too.
"""

from __future__ import annotations

import hashlib
import types
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from functools import lru_cache
from heapq import merge
from json.encoder import encode_basestring as quoted
from operator import eq, itemgetter
from typing import TYPE_CHECKING, Any, get_args, get_origin, get_type_hints

from rdflib import Graph, Literal

from .clean import PartialDate, canonical_decimal
from .iris import NAMESPACES
from .model import Entity, Text

if TYPE_CHECKING:
    from .terms import ClassTerms, FieldTerm, Vocabulary

__all__ = ["Terms", "Writer", "digest", "document", "graph_lines", "in_order", "literal", "source", "subject"]

_TYPE = f"<{NAMESPACES['rdf']}type>"
_XSD = NAMESPACES["xsd"]
# `quoted` escapes as JSON does: " \ and \b \t \n \f \r, just as canonical N-Triples (RDF 1.2 N-Triples, section 4).
# It differs in U+000B, U+000E-F, U+001A-F (lower-case \u000b), U+007F, U+FFFE and U+FFFF (as they are), which
# are well-formed all the same and which `clean.text` takes out of whatever is read. It is C: escaping by
# str.translate cost 6.7 µs a Czech title, this 0.5 µs.

Terms = tuple[str, str, str]  # subject, predicate and object: `<http://a>`, `<http://b>`, `"Plán"@cs`


def literal(value: str, *, language: str = "", datatype: str = "") -> str:
    r"""Return a literal in canonical N-Triples.

    >>> print(literal('Plán "A"', language="cs"))
    "Plán \"A\""@cs
    """
    if language:
        return f"{quoted(value)}@{language}"
    if datatype and datatype != _XSD + "string":
        return f"{quoted(value)}^^<{datatype}>"
    return quoted(value)


def _type_of(hint: Any) -> tuple[type, bool]:
    """Return the type of a field's values and whether there may be many of them.

    >>> _type_of(tuple[Text, ...])[1], _type_of(str | None)
    (True, (<class 'str'>, False))
    """
    if get_origin(hint) is tuple:
        return get_args(hint)[0], True
    if get_origin(hint) is types.UnionType:
        return next(item for item in get_args(hint) if item is not types.NoneType), False
    return hint, False


@lru_cache(maxsize=8192)  # the same days come again and again
def _dated(lexical: str) -> str:
    """Return the literal of a date; its precision decides its datatype."""
    return literal(lexical, datatype=_XSD + PartialDate(lexical).datatype)


def _value(term: FieldTerm, kind: type) -> str:
    """Return the template that writes one value of a field, `v`."""
    if term.kind == "part":
        return "<{v.iri}>"
    if term.kind in {"reference", "iri"}:
        return "<{v}>"
    if kind is Text:
        return "{quoted(v.value)}@{v.language}"
    if kind is PartialDate:
        return "{dated(v.lexical)}"
    text = {Decimal: '"{decimal(v)}"', int: '"{v}"', str: "{quoted(v)}"}[kind]
    return text if term.datatype == _XSD + "string" else f"{text}^^<{term.datatype}>"


def _owned(kind: type[Entity], terms: ClassTerms) -> list[tuple[FieldTerm, type, str]]:
    """Return the fields of a class by predicate: each with the type of its values, and what begins a loop over them."""
    hints = get_type_hints(kind)
    owned = [(term, *_type_of(hints[term.attribute])) for term in terms.fields if term.attribute in hints]
    return [
        (term, of, f"for v in entity.{term.attribute}:" if many else f"if (v := entity.{term.attribute}) is not None:")
        for term, of, many in sorted(owned, key=lambda item: (item[0].predicate, item[0].attribute))
    ]


def source(kind: type[Entity], terms: ClassTerms) -> str:
    """Return the Python function that puts the lines of one class, as `Writer` compiles it.

    It puts parts before their owner and predicates by their text, nearly as the lines sort.
    """
    parts, own = [], []
    for term, of, each in _owned(kind, terms):
        if term.kind == "part":
            parts += [each, "    functions[type(v)](v, put)"]
        line = f"{{s}} <{term.predicate}> {_value(term, of)} ."
        own += [each, f"    put(f{line!r})"]
    kinds = [f"put(f{f'{{s}} {_TYPE} <{iri}> .'!r})" for iri in terms.types]
    return "\n    ".join([f"def {terms.name}(entity, put):", "s = f'<{entity.iri}>'", *parts, *kinds, *own])


def _referring(kind: type[Entity], terms: ClassTerms) -> str:
    """Return the Python function that tells the IRIs of a thing and its parts, and those that they refer to."""
    body = ["own(entity.iri)"]
    for term, _, each in _owned(kind, terms):
        if term.kind == "part":
            body += [each, "    functions[type(v)](v, own, refer)"]
        elif term.kind in {"reference", "iri"}:
            body += [each, "    refer(v)"]
    return "\n    ".join([f"def {terms.name}(entity, own, refer):", *body])


class _Compiled(dict[type[Entity], Callable[..., None]]):
    """Functions by class, each compiled when the first of its things comes."""

    def __init__(self, vocabulary: Vocabulary, written: Callable[[type[Entity], ClassTerms], str]) -> None:
        super().__init__()
        self._vocabulary = vocabulary
        self._written = written

    def __missing__(self, kind: type[Entity]) -> Callable[..., None]:
        terms = self._vocabulary.classes[kind.__name__]
        names: dict[str, Any] = {"quoted": quoted, "decimal": canonical_decimal, "dated": _dated, "functions": self}
        # The text comes from our own shapes and model, never from data.
        exec(self._written(kind, terms), names)  # noqa: S102
        self[kind] = names[terms.name]
        return self[kind]


class Writer:
    """Writes any model object as N-Triples lines, parts included."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._writers, self._referring = _Compiled(vocabulary, source), _Compiled(vocabulary, _referring)

    def lines(self, entity: Entity) -> list[str]:
        """Return the lines of a thing and its parts, without line ends, in no particular order."""
        lines: list[str] = []
        self._writers[type(entity)](entity, lines.append)
        return lines

    def described(self, entity: Entity) -> list[str]:
        """Return the sorted distinct lines of a thing and its parts."""
        lines = self.lines(entity)
        lines.sort()
        if any(map(eq, lines, lines[1:])):
            return sorted(set(lines))
        return lines

    def targets(self, entity: Entity) -> set[str]:
        """Return the IRIs that a thing and its parts refer to and do not describe; types are none of them."""
        own: set[str] = set()
        referred: set[str] = set()
        self._referring[type(entity)](entity, own.add, referred.add)
        return referred - own


def subject(line: str) -> str:
    """Return the subject IRI of a line."""
    return line[1 : line.index("> ")]


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


def document(lines: Iterable[str]) -> bytes:
    """Return lines as a document of N-Triples."""
    return "".join([f"{line}\n" for line in lines]).encode()


def digest(content: bytes) -> str:
    """Return the SHA-256 of sorted lines: the RDFC-1.0 hash too, since there are no blank nodes to relabel."""
    return hashlib.sha256(content).hexdigest()


def in_order(*streams: Iterable[tuple[str, bytes]]) -> Iterator[bytes]:
    r"""Yield documents of whole subjects that together hold the distinct lines of things in order.

    Each stream gives the document of each thing and its first subject, by that. Parts of one thing may stand among
    those of another (`a/1-2` is before `a/1`, whose part `a/1/x` is after it), so a thing waits until the next one
    begins behind its last line; hardly any has to.

    >>> list(in_order([("<a/1-2>", b"<a/1-2> x\n"), ("<a/1>", b"<a/1> x\n<b> x\n")], [("<a>", b"<a> x\n")]))
    [b'<a/1-2> x\n', b'<a/1> x\n', b'<a> x\n<b> x\n']
    """
    waiting = last = b""
    for first, content in merge(*streams, key=itemgetter(0)):
        begins = first.encode()  # UTF-8 sorts as code points do
        if last >= begins:
            lines = waiting.splitlines(keepends=True)
            at = bisect_left(lines, begins)
            if at:
                yield b"".join(lines[:at])
            waiting = b"".join(sorted({*lines[at:], *content.splitlines(keepends=True)}))
        else:
            if waiting:
                yield waiting
            waiting = content
        last = waiting[waiting.rfind(b"\n", 0, -1) + 1 :]
    if waiting:
        yield waiting
