r"""The things of a dump in every syntax at once: Turtle, JSON-LD, RDF/XML, and a row in the table of their class.

Each object is looked at once for all of them, which takes a third of the time of a writer a syntax. IRIs and
literals have the forms that `lod.serialise` gives them on pages; RDF/XML is, in our namespaces, byte for byte what
pyoxigraph writes. There are no blank nodes.

A table has a column a field of its class, `_cs` and `_en` where the field is a text; several values of one cell are
divided by `|`, and a `|` or `\` in a value has a `\` before it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from json.encoder import encode_basestring as quoted
from typing import NamedTuple

from .iris import NAMESPACES
from .serialise import RDF_TYPE, Compactor, node, ordered, parts, prefixes, shorten, split, unquoted, written
from .terms import ClassTerms, Vocabulary

__all__ = ["Frame", "Page", "frame", "header", "page"]

_LANGUAGES = ("cs", "en")  # sh:languageIn of every text in the shapes


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around the things of a stream, and between two of them."""

    head: str = ""
    between: str = ""
    tail: str = ""


@lru_cache(maxsize=16)  # each page of a dump asks for it
def frame(extension: str, vocabulary: Vocabulary) -> Frame:
    """Return what stands around things in the syntax of a file extension: ttl, jsonld or rdf.

    Nobody knows beforehand which prefixes and keys they use, so all of them are declared.
    """
    if extension == "ttl":
        return Frame(head=prefixes(NAMESPACES) + "\n", between="\n")
    if extension == "jsonld":
        context = json.dumps(vocabulary.context, ensure_ascii=False)
        return Frame(head=f'{{"@context": {context},\n"@graph": [\n', between=",\n", tail="\n]}\n")
    declared = "".join(f' xmlns:{prefix}="{NAMESPACES[prefix]}"' for prefix in sorted(NAMESPACES))
    return Frame(head=f'<?xml version="1.0" encoding="UTF-8"?>\n<rdf:RDF{declared}>\n', tail="</rdf:RDF>\n")


@dataclass(slots=True)
class Page:
    """What the things of a page are in each syntax, and what was counted."""

    streams: dict[str, list[str]]  # extension -> text of each thing
    rows: dict[str, list[str]] = field(default_factory=dict)  # name of a class -> rows of its table as CSV
    things: list[str] = field(default_factory=list)  # the N-Triples terms of their classes
    properties: list[str] = field(default_factory=list)  # the terms of the predicates of all triples


def page(lines: Iterable[str], vocabulary: Vocabulary) -> Page:
    """Return the things that sorted distinct lines describe, in their order."""
    writer = _writer(vocabulary)
    made = Page({"ttl": [], "jsonld": [], "rdf": []})
    last, predicates = "", dict[str, list[str]]()
    for line in lines:
        subject, predicate, rest = line.split(" ", 2)
        made.properties.append(predicate)
        if subject != last:
            if last:
                writer.write(last, predicates, made)
            last, predicates = subject, {}
        if predicate in predicates:
            predicates[predicate].append(rest[:-2])
        else:
            predicates[predicate] = [rest[:-2]]
    if last:
        writer.write(last, predicates, made)
    return made


def header(terms: ClassTerms) -> str:
    """Return the first row of the table of a class as CSV."""
    return _row(["iri", *_columns(terms).names])


# Columns of tables ---------------------------------------------------------------------------------


class _Columns(NamedTuple):
    """The columns of a table behind its IRI, and which of all takes the values of a predicate in a language."""

    names: tuple[str, ...]
    places: Mapping[str, Mapping[str, int]]  # predicate -> language ("" of what is no text) -> number of the column


@lru_cache(maxsize=256)
def _columns(terms: ClassTerms) -> _Columns:
    names: list[str] = []
    places: dict[str, dict[str, int]] = {}
    for term in terms.fields:
        by_language = places.setdefault(f"<{term.predicate}>", {})
        for language in _LANGUAGES if term.kind == "text" else ("",):
            if language not in by_language:
                names.append(f"{term.name}_{language}" if language else term.name)
                by_language[language] = len(names)
    return _Columns(tuple(names), places)


_SPECIAL = re.compile(r'[,"\r\n|\\]')
_NEEDS_QUOTES = re.compile(r'[,"\r\n]')


def _cell(values: Iterable[str]) -> str:
    """Return values as a cell of CSV (RFC 4180, section 2)."""
    cell = "|".join([value.replace("\\", "\\\\").replace("|", "\\|") for value in values])
    return '"' + cell.replace('"', '""') + '"' if _NEEDS_QUOTES.search(cell) else cell


def _row(cells: Iterable[str]) -> str:
    return ",".join(cells) + "\r\n"


# XML -----------------------------------------------------------------------------------------------

_ESCAPED = re.compile("[<>&'\"]")
_ESCAPES = str.maketrans({"<": "&lt;", ">": "&gt;", "&": "&amp;", "'": "&apos;", '"': "&quot;"})


def _xml(text: str) -> str:
    return text.translate(_ESCAPES) if _ESCAPED.search(text) else text


def _xml_name(iri: str) -> tuple[str, str]:
    """Return an IRI as the name of an element, and the namespace that has to be declared there."""
    name, prefix = shorten(iri)
    if prefix:
        return name, ""
    namespace, local = split(iri)
    return local, f' xmlns="{_xml(namespace)}"'


# Objects, predicates, things -----------------------------------------------------------------------


# An object of a predicate: its Turtle, its JSON, its whole element of XML, its value, and the column of that
# (0 where the table has none for it). A plain tuple, as there are so many.
_Object = tuple[str, str, str, str, int]


class _Predicate:
    """A predicate of things of some types: what stands before its objects."""

    def __init__(self, predicate: str, types: Sequence[str], columns: Mapping[str, int], compactor: Compactor) -> None:
        self.verb = f"    {written(predicate)[0]} "
        key, self._coerced = compactor.key(predicate, types)
        self.key = f"{key}: "
        self._compactor = compactor
        self._columns = columns
        name, declared = _xml_name(node(predicate))
        self._open, self._close = f"\t\t<{name}{declared}", f"</{name}>\n"

    def object(self, term: str) -> _Object:
        """Return the forms of an object."""
        return _ended(self, term) if term[-1] == ">" else self.text(term)

    def text(self, term: str) -> _Object:
        """Return the forms of a literal without a datatype."""
        text, mark, language = term.rpartition('"')
        language = language[1:]
        value = unquoted(text + mark)
        tag = f'{self._open} xml:lang="{language}">' if language else f"{self._open}>"
        jsonld = self._compactor.value(term, self._coerced)
        return term, jsonld, f"{tag}{_xml(value)}{self._close}", value, self._columns.get(language, 0)

    def ended(self, term: str) -> _Object:
        """Return the forms of an IRI, or of a literal with a datatype."""
        jsonld, column = self._compactor.value(term, self._coerced), self._columns.get("", 0)
        if term[0] == "<":
            iri = term[1:-1]
            return written(term)[0], jsonld, f'{self._open} rdf:resource="{_xml(iri)}"/>\n', iri, column
        text, _, datatype = parts(term)
        value = unquoted(text)
        element = f'{self._open} rdf:datatype="{_xml(datatype)}">{_xml(value)}{self._close}'
        return written(term)[0], jsonld, element, value, column


@lru_cache(maxsize=1 << 14)  # entries of code lists, dates, organisations come again and again
def _ended(predicate: _Predicate, term: str) -> _Object:
    return predicate.ended(term)


class _Kind:
    """Things of the same types: how they begin, and their predicates."""

    def __init__(self, terms: list[str], compactor: Compactor, vocabulary: Vocabulary) -> None:
        self._compactor = compactor
        self.types, names = compactor.types(terms)
        self.ttl = [f"    a {', '.join(written(term)[0] for term in terms)}"] if terms else []
        self.jsonld = [f'"type": {names}'] if terms else []
        element, undeclared = _xml_name(node(terms[0])) if terms else ("", "")
        is_typed = element and not undeclared
        element = element if is_typed else "rdf:Description"
        self.begin, self.end = f'\t<{element} rdf:about="', f"\t</{element}>\n"
        more = terms[1:] if is_typed else terms
        self.rdf = ['">\n', *(f'\t\t<rdf:type rdf:resource="{_xml(node(term))}"/>\n' for term in more)]
        # A thing stands in the table of its most special class, or in none where we know none.
        known = [found for term in terms if (found := vocabulary.by_iri.get(node(term)))]
        special = max(known, key=lambda found: (len(found.types), found.name), default=None)
        self.table = special.name if special else ""
        self._columns = _columns(special) if special else _Columns((), {})
        self.row = [""] * (len(self._columns.names) + 1)
        self.predicates: dict[str, _Predicate] = {}

    def predicate(self, term: str) -> _Predicate:
        """Return a predicate that such a thing has for the first time."""
        found = _Predicate(term, self.types, self._columns.places.get(term, {}), self._compactor)
        self.predicates[term] = found
        return found


class _Writer:
    """Writes things; it remembers the kinds it has seen, as many as the vocabulary has."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._compactor = Compactor(vocabulary)
        self._kinds: dict[str, _Kind] = {}

    def write(self, subject: str, predicates: dict[str, list[str]], made: Page) -> None:
        """Add a thing to a page."""
        types = predicates.pop(RDF_TYPE, [])
        name = " ".join(types)
        if (kind := self._kinds.get(name)) is None:
            kind = self._kinds[name] = _Kind(ordered(types), self._compactor, self._vocabulary)
        made.things += types
        iri = node(subject)
        ttl, jsonld = [*kind.ttl], [f'"id": {quoted(iri)}', *kind.jsonld]
        rdf, row = [kind.begin, _xml(iri), *kind.rdf], [*kind.row]
        for predicate, terms in predicates.items():
            own = kind.predicates.get(predicate) or kind.predicate(predicate)
            if len(terms) == 1:
                turtle, json_text, element, value, column = own.object(terms[0])
                ttl.append(own.verb + turtle)
                jsonld.append(own.key + json_text)
                rdf.append(element)
                row[column] = _cell([value]) if _SPECIAL.search(value) else value
                continue
            forms = [own.object(term) for term in ordered(terms)]
            turtles, texts, elements, *_ = zip(*forms, strict=True)
            ttl.append(own.verb + ", ".join(turtles))
            jsonld.append(f"{own.key}[{', '.join(texts)}]")
            rdf += elements
            for column in {form[4] for form in forms}:
                row[column] = _cell([form[3] for form in forms if form[4] == column])
        body = " ;\n".join(ttl)
        made.streams["ttl"].append(f"{written(subject)[0]}\n{body} .\n")
        made.streams["jsonld"].append(f"{{{', '.join(jsonld)}}}")
        rdf.append(kind.end)
        made.streams["rdf"].append("".join(rdf))
        if kind.table:
            row[0] = _cell([iri])  # whatever has no column was put there
            made.rows.setdefault(kind.table, []).append(_row(row))


@lru_cache(maxsize=4)
def _writer(vocabulary: Vocabulary) -> _Writer:
    return _Writer(vocabulary)
