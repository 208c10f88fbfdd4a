"""Triples to text for people and programs: sorted Turtle with prefixes, compact JSON-LD, and the rest.

Turtle and JSON-LD are ours, since no library sorts, shortens and stays fast at once (house figures:
about 60 µs a description against 880 µs of rdflib); every other syntax is pyoxigraph's.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import pyoxigraph as ox

from .iris import NAMESPACES
from .rdf import literal
from .terms import Vocabulary

__all__ = ["FORMATS", "Frame", "Grouped", "frame", "grouped", "iri", "jsonld", "page", "serialise", "turtle"]

FORMATS = {
    "nt": ox.RdfFormat.N_TRIPLES,
    "nq": ox.RdfFormat.N_QUADS,
    "rdf": ox.RdfFormat.RDF_XML,
    "trig": ox.RdfFormat.TRIG,
}
_RDF_TYPE = NAMESPACES["rdf"] + "type"
_XSD = NAMESPACES["xsd"]
_LOCAL = re.compile(r"[\w](?:[\w.-]*[\w-])?")
_INTEGER = re.compile(r"[+-]?\d+")
_DECIMAL = re.compile(r"[+-]?\d*\.\d+")
_SPLIT = re.compile(r"(.*[/#])([^/#]*)")
_BY_NAMESPACE = {namespace: prefix for prefix, namespace in NAMESPACES.items()}


@lru_cache(maxsize=65536)
def _shorten(iri: str) -> tuple[str, str]:
    """Return an IRI as Turtle writes it, and the prefix it needs ("" for none)."""
    match = _SPLIT.fullmatch(iri)
    if match and match[1] in _BY_NAMESPACE and _LOCAL.fullmatch(match[2]):
        prefix = _BY_NAMESPACE[match[1]]
        return f"{prefix}:{match[2]}", prefix
    return f"<{iri}>", ""


def _literal(term: ox.Literal) -> tuple[str, str]:
    """Return a literal as Turtle writes it, and the prefix it needs."""
    if term.language:
        return literal(term.value, language=term.language), ""
    datatype = term.datatype.value
    if datatype == _XSD + "string":
        return literal(term.value), ""
    if (datatype == _XSD + "integer" and _INTEGER.fullmatch(term.value)) or (
        datatype == _XSD + "decimal" and _DECIMAL.fullmatch(term.value)
    ):
        return term.value, ""
    name, prefix = _shorten(datatype)
    return f"{literal(term.value)}^^{name}", prefix


def iri(term: object) -> str:
    """Return the IRI of a node (our data have no blank nodes; foreign ones keep their label)."""
    return term.value if isinstance(term, ox.NamedNode) else str(term)


def _order(term: Any) -> tuple[Any, ...]:
    """Sort IRIs before literals, Czech before English, so that readers find the same thing first."""
    if isinstance(term, ox.Literal):
        return (1, term.language or "", term.value, term.datatype.value)
    return (0, term.value)


Grouped = tuple[Any, list[tuple[Any, list[Any]]]]  # a subject, and its predicates with their objects


def grouped(triples: Iterable[ox.Triple], first: str = "") -> Iterator[Grouped]:
    """Yield each subject with its predicates (rdf:type first) and objects, all in a total order.

    The thing that a document is about (`first`) comes first, with its parts.
    """
    subjects: dict[Any, dict[Any, set[Any]]] = {}
    for triple in triples:
        subjects.setdefault(triple.subject, {}).setdefault(triple.predicate, set()).add(triple.object)
    for subject in sorted(subjects, key=lambda term: (not iri(term).startswith(first), _order(term))):
        predicates = subjects[subject]
        yield (
            subject,
            [
                (predicate, sorted(predicates[predicate], key=_order))
                for predicate in sorted(predicates, key=lambda p: (p.value != _RDF_TYPE, p.value))
            ],
        )


def turtle(triples: Iterable[ox.Triple], first: str = "") -> str:
    """Return sorted Turtle with only the prefixes it uses."""
    used: set[str] = set()
    blocks = list(_blocks(grouped(triples, first), used))
    head = _prefixes(used - {""})
    return head + ("\n" if head else "") + "\n".join(blocks)


def _prefixes(names: Iterable[str]) -> str:
    return "".join(f"@prefix {name}: <{NAMESPACES[name]}> .\n" for name in sorted(names))


def _blocks(subjects: Iterable[Grouped], used: set[str]) -> Iterator[str]:
    """Yield one block of Turtle a subject, and add the prefixes it needs."""
    for subject, predicates in subjects:
        lines = []
        for predicate, objects in predicates:
            name = predicate.value
            written = [("a", "")] if name == _RDF_TYPE else [_shorten(name)]
            for item in objects:
                if isinstance(item, ox.NamedNode):
                    written.append(_shorten(item.value))
                else:
                    written.append(_literal(item) if isinstance(item, ox.Literal) else (str(item), ""))
            used.update(prefix for _, prefix in written)
            lines.append(f"    {written[0][0]} " + ", ".join(text for text, _ in written[1:]))
        text, prefix = _shorten(subject.value) if isinstance(subject, ox.NamedNode) else (str(subject), "")
        used.add(prefix)
        yield f"{text}\n" + " ;\n".join(lines) + " .\n"


class _Compactor:
    """Shortens terms with our JSON-LD context and remembers which of its keys were used."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.used = {"id", "type"}
        # A predicate can have several keys (skos:notation is ico and notation): a class's own key wins.
        self._generic: dict[str, str] = {}
        for key, definition in vocabulary.context.items():
            if isinstance(definition, dict):
                self._generic.setdefault(definition["@id"], key)

    def key(self, predicate: str, types: list[str]) -> str:
        for kind in types:
            terms = self.vocabulary.by_iri.get(kind)
            for term in terms.fields if terms else ():
                if term.predicate == predicate:
                    self.used.add(term.name)
                    return term.name
        if predicate in self._generic:
            self.used.add(self._generic[predicate])
            return self._generic[predicate]
        return self.compact(predicate)

    def compact(self, whole: str) -> str:
        """Shorten an IRI to prefix:local where a prefix fits (a key or a datatype)."""
        match = _SPLIT.fullmatch(whole)
        if match and match[1] in _BY_NAMESPACE and match[2]:
            prefix = _BY_NAMESPACE[match[1]]
            self.used.add(prefix)
            return f"{prefix}:{match[2]}"
        return whole

    def kind(self, whole: str) -> str:
        terms = self.vocabulary.by_iri.get(whole)
        if terms and terms.name in self.vocabulary.context:
            self.used.add(terms.name)
            return terms.name
        return self.compact(whole)

    def value(self, term: Any, definition: dict[str, str]) -> Any:
        coerced = definition.get("@type", "")
        if isinstance(term, ox.Literal):
            if term.language:
                return {"@value": term.value, "@language": term.language}
            datatype = term.datatype.value
            if datatype == coerced or (datatype == _XSD + "string" and not coerced):
                return term.value
            return {"@value": term.value, "@type": self.compact(datatype)}
        return iri(term) if coerced == "@id" else {"id": iri(term)}


def jsonld(triples: Iterable[ox.Triple], vocabulary: Vocabulary, first: str = "") -> dict[str, Any]:
    """Return compact JSON-LD: a flat @graph and, inline, the part of our context that it uses."""
    compactor = _Compactor(vocabulary)
    nodes = list(_nodes(grouped(triples, first), compactor))
    context = {key: value for key, value in vocabulary.context.items() if key in compactor.used}
    return {"@context": context, "@graph": nodes}


def _nodes(subjects: Iterable[Grouped], compactor: _Compactor) -> Iterator[dict[str, Any]]:
    """Yield one node object a subject."""
    vocabulary = compactor.vocabulary
    for subject, predicates in subjects:
        types = [item.value for predicate, objects in predicates for item in objects if predicate.value == _RDF_TYPE]
        # The most special class first: its keys say most about the thing.
        types.sort(key=lambda kind: -len(vocabulary.by_iri[kind].types) if kind in vocabulary.by_iri else 0)
        node: dict[str, Any] = {"id": iri(subject)}
        for predicate, objects in predicates:
            if predicate.value == _RDF_TYPE:
                node["type"] = [compactor.kind(item.value) for item in objects]
                continue
            key = compactor.key(predicate.value, types)
            definition = vocabulary.context.get(key, {})
            values = [compactor.value(item, definition if isinstance(definition, dict) else {}) for item in objects]
            node[key] = values[0] if len(values) == 1 else values
        yield node


def serialise(triples: Iterable[ox.Triple], extension: str, vocabulary: Vocabulary, first: str = "") -> bytes:
    """Return triples in the syntax of a file extension: ttl, jsonld, nt, nq, rdf or trig.

    `first` is the IRI of the thing to begin with, where the syntax is for reading.
    """
    if extension == "ttl":
        return turtle(triples, first).encode()
    if extension == "jsonld":
        return json.dumps(jsonld(triples, vocabulary, first), ensure_ascii=False, indent=1).encode() + b"\n"
    ordered = sorted(set(triples), key=str)
    prefixes = NAMESPACES if extension in {"trig", "rdf"} else None
    return ox.serialize(ordered, format=FORMATS[extension], prefixes=prefixes) or b""


# Streams -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around the pages of a stream, and between two of them."""

    head: str = ""
    between: str = ""
    tail: str = ""


def frame(extension: str, vocabulary: Vocabulary) -> Frame:
    """Return what stands around pages in the syntax of a file extension: ttl, jsonld or rdf.

    Nobody knows beforehand which prefixes and keys the pages use, so all of them are declared.
    """
    if extension == "ttl":
        return Frame(head=_prefixes(NAMESPACES) + "\n", between="\n")
    if extension == "jsonld":
        context = json.dumps(vocabulary.context, ensure_ascii=False)
        return Frame(head=f'{{"@context": {context},\n"@graph": [\n', between=",\n", tail="\n]}\n")
    declared = "".join(f' xmlns:{prefix}="{NAMESPACES[prefix]}"' for prefix in sorted(NAMESPACES))
    return Frame(head=f'<?xml version="1.0" encoding="UTF-8"?>\n<rdf:RDF{declared}>\n', tail="</rdf:RDF>\n")


def page(triples: Iterable[ox.Triple], subjects: Iterable[Grouped], extension: str, vocabulary: Vocabulary) -> str:
    """Return the triples of whole subjects, sorted and grouped, as one page of a stream (see `frame`)."""
    if extension == "ttl":
        return "\n".join(_blocks(subjects, set()))
    if extension == "jsonld":
        nodes = _nodes(subjects, _Compactor(vocabulary))
        return ",\n".join(json.dumps(node, ensure_ascii=False) for node in nodes)
    text = (ox.serialize(triples, format=FORMATS["rdf"], prefixes=NAMESPACES) or b"").decode()
    return text[text.index(">\n", text.index("<rdf:RDF")) + 2 : text.rindex("</rdf:RDF>")]
