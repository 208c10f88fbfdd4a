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
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from .iris import NAMESPACES
from .serialise import BARE, RDF_TYPE, Compactor, node, ordered, parts, prefixes, shorten, split, unquoted, written
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
    properties: Counter[str] = field(default_factory=Counter)  # triples by the terms of their predicates


def page(document: str, vocabulary: Vocabulary) -> Page:
    """Return the things that a document of sorted distinct lines describes, in their order.

    Raise ValueError where an object is a blank node.
    """
    lines = [line.split(" ", 2) for line in document.split(" .\n")[:-1]]
    writer = _writer(vocabulary)
    made = Page({"ttl": [], "jsonld": [], "rdf": []}, properties=Counter(map(itemgetter(1), lines)))
    for subject, stated in groupby(lines, itemgetter(0)):
        writer.write(subject, [*stated], made)
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


# In an IRI or the text of a literal (N-Triples), whatever one of the syntaxes writes in another way.
_SPECIAL = re.compile(r"[\\,|<>&']")
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


# An object behind its predicate: its Turtle, its JSON, its whole element of XML, its value, that as a cell, and the
# column of the cell (0 where the table has none for it). A plain tuple, as there are so many.
_Object = tuple[str, str, str, str, str, int]


class _Form(NamedTuple):
    """What stands around literals with the same language or datatype."""

    ttl: str  # behind the quotes
    jsonld: tuple[str, str]  # before the text in its quotes, and behind it
    rdf: str  # before the text
    column: int
    bare: re.Pattern[str] | None  # a text that Turtle writes without its quotes


class _Predicate:
    """A predicate of things of some types."""

    def __init__(self, predicate: str, types: Sequence[str], columns: Mapping[str, int], compactor: Compactor) -> None:
        self.verb = f"    {written(predicate)[0]} "
        key, self._coerced = compactor.key(predicate, types)
        self.key = f"{key}: "
        self._compactor = compactor
        self._columns = columns
        name, declared = _xml_name(node(predicate))
        self._open, self._close = f"\t\t<{name}{declared}", f"</{name}>\n"
        self._column = columns.get("", 0)
        self._reference = self._around("<?>")
        self._forms: dict[str, _Form] = {}  # by what follows the quotes

    def iri(self, term: str) -> _Object:
        """Return the forms of an IRI, which holds nothing that JSON escapes."""
        before, after = self._reference
        iri = xml = cell = term[1:-1]
        if _SPECIAL.search(iri):
            xml, cell = _xml(iri), _cell([iri])
        element = f'{self._open} rdf:resource="{xml}"/>\n'
        return self.verb + shorten(iri)[0], f"{before}{iri}{after}", element, iri, cell, self._column

    def literal(self, term: str) -> _Object:
        """Return the forms of a literal."""
        text, mark, suffix = term.rpartition('"')
        ttl, (before, after), element, column, bare = self._forms.get(suffix) or self._form(suffix)
        value = xml = cell = text[1:]
        if _SPECIAL.search(value):
            value = unquoted(text + mark)
            xml, cell = _xml(value), _cell([value])
        turtle = value if bare and bare.fullmatch(value) else f'{text}"{ttl}'
        return self.verb + turtle, f'{before}{text}"{after}', f"{element}{xml}{self._close}", value, cell, column

    def several(self, terms: list[str], ttl: list[str], jsonld: list[str], rdf: list[str], row: list[str]) -> None:
        """Add several objects, in their order, to the parts of a thing."""
        forms = [_iri(self, term) if term[0] == "<" else self.literal(term) for term in ordered(terms)]
        ttl.append(self.verb + ", ".join([form[0].removeprefix(self.verb) for form in forms]))
        jsonld.append(f"{self.key}[{', '.join([form[1].removeprefix(self.key) for form in forms])}]")
        rdf += [form[2] for form in forms]
        for column in {form[5] for form in forms}:
            row[column] = _cell([form[3] for form in forms if form[5] == column])

    def _form(self, suffix: str) -> _Form:
        if suffix[:1] not in {"", "@", "^"}:
            raise ValueError(f"{suffix}: a release has no such term")
        _, language, datatype = parts(f'""{suffix}')
        ttl = f"^^{shorten(datatype)[0]}" if datatype else suffix
        mark = f' xml:lang="{language}"' if language else f' rdf:datatype="{_xml(datatype)}"' if datatype else ""
        element, column = f"{self._open}{mark}>", self._columns.get(language, 0)
        made = self._forms[suffix] = _Form(ttl, self._around('"?"', suffix), element, column, BARE.get(datatype))
        return made

    def _around(self, term: str, suffix: str = "") -> tuple[str, str]:
        """Return the JSON that stands before and behind whatever stands in a term's place, its key included."""
        before, after = self._compactor.value(f"{term}{suffix}", self._coerced).split(term.strip("<>"))
        return self.key + before, after


@lru_cache(maxsize=1 << 14)  # entries of code lists and organisations come again and again
def _iri(predicate: _Predicate, term: str) -> _Object:
    return predicate.iri(term)


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

    def write(self, subject: str, lines: Sequence[Sequence[str]], made: Page) -> None:
        """Add a thing to a page: its lines as subjects, predicates and objects."""
        terms = {predicate: term for _, predicate, term in lines}
        types: list[str] = []
        if terms.pop(RDF_TYPE, None):
            types = [term for _, predicate, term in lines if predicate == RDF_TYPE]
        several: dict[str, list[str]] = {}
        if len(terms) + len(types) < len(lines):
            for _, predicate, term in lines:
                several.setdefault(predicate, []).append(term)
        name = " ".join(types)
        if (kind := self._kinds.get(name)) is None:
            kind = self._kinds[name] = _Kind(ordered(types), self._compactor, self._vocabulary)
        made.things += types
        iri = xml = cell = subject[1:-1]
        if _SPECIAL.search(iri):
            xml, cell = _xml(iri), _cell([iri])
        ttl, jsonld = [*kind.ttl], [f'"id": "{iri}"', *kind.jsonld]
        rdf, row = [kind.begin, xml, *kind.rdf], [*kind.row]
        for predicate, term in terms.items():
            own = kind.predicates.get(predicate) or kind.predicate(predicate)
            if several and len(several[predicate]) > 1:
                own.several(several[predicate], ttl, jsonld, rdf, row)
                continue
            found = _iri(own, term) if term[0] == "<" else own.literal(term)
            turtle, json_text, element, _, value, column = found
            ttl.append(turtle)
            jsonld.append(json_text)
            rdf.append(element)
            row[column] = value
        body = " ;\n".join(ttl)
        made.streams["ttl"].append(f"{shorten(iri)[0]}\n{body} .\n")
        made.streams["jsonld"].append(f"{{{', '.join(jsonld)}}}")
        rdf.append(kind.end)
        made.streams["rdf"].append("".join(rdf))
        if kind.table:
            row[0] = cell  # whatever has no column was put there
            made.rows.setdefault(kind.table, []).append(_row(row))


@lru_cache(maxsize=4)
def _writer(vocabulary: Vocabulary) -> _Writer:
    return _Writer(vocabulary)
