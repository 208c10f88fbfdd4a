"""Triples as people see them: labels instead of IRIs, Czech dates and amounts, cards laid out by the shapes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

import pyoxigraph as ox
from flask import Flask, g, request
from jinja2 import StrictUndefined
from markupsafe import Markup

from ..errors import StoreError
from ..iris import NAMESPACES, NUTS
from ..serialise import iri
from ..terms import LABEL_PREDICATES, ClassTerms, FieldTerm, Labels
from . import naming, negotiate, writing
from .results.columns import TIMES
from .site import Site

__all__ = ["Document", "Thing", "install", "number", "prefers_page"]

_XSD = NAMESPACES["xsd"]
_RDF_TYPE = NAMESPACES["rdf"] + "type"
_NOTATION = NAMESPACES["skos"] + "notation"
_NBSP = "\u00a0"
_CURRENCIES = {"CZK": "Kč", "EUR": "€"}


def number(value: object) -> str:
    """Write a number in the page's language."""
    return writing.number(value, g.language)


def day(lexical: str) -> str:
    """Write a date in the page's language, as precisely as it is known."""
    return writing.day(lexical[:10], g.language)


def literal_text(term: ox.Literal) -> str:
    """Write a literal for people."""
    datatype = term.datatype.value
    if datatype in TIMES:
        return day(term.value)
    if datatype in {_XSD + "decimal", _XSD + "integer"}:
        return number(term.value)
    return term.value


def pick(labels: Labels, fallback: str = "") -> str:
    """Return the label in the page's language, else in any."""
    return naming.pick(labels, g.language, fallback)


@dataclass(frozen=True, slots=True)
class Value:
    """One value on a page: a text, a link, or a part with values of its own."""

    text: str
    href: str = ""
    language: str = ""
    ico: str = ""
    part: Thing | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A field with its values."""

    name: str
    label: str
    values: list[Value]


@dataclass(frozen=True, slots=True)
class Card:
    """A group of rows, as the shapes group them."""

    name: str
    title: str
    rows: list[Row]


@dataclass
class Document:
    """The triples of one document, indexed, with labels for everything in it."""

    site: Site
    triples: list[ox.Triple]
    index: dict[str, dict[str, list[Any]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Index the triples by subject and predicate."""
        for triple in self.triples:
            self.index.setdefault(iri(triple.subject), {}).setdefault(triple.predicate.value, []).append(triple.object)

    def label(self, iri: str) -> str:
        """Return words for an IRI, never the IRI itself."""
        known = self.index.get(iri, {})
        for predicate in LABEL_PREDICATES:
            found = {o.language or "": o.value for o in known.get(predicate, ()) if isinstance(o, ox.Literal)}
            if found:
                return pick(found)
        return naming.words(iri, self.site.vocabulary, g.language)

    def thing(self, iri: str) -> Thing:
        """Return the view of one subject."""
        return Thing(self, iri)


@dataclass(frozen=True)
class Thing:
    """One subject of a document, read by field names."""

    document: Document
    iri: str

    @property
    def known(self) -> Mapping[str, list[Any]]:
        """Objects by predicate."""
        return self.document.index.get(self.iri, {})

    @cached_property
    def terms(self) -> ClassTerms | None:
        """The most special class that we know it to be."""
        by_iri = self.document.site.vocabulary.by_iri
        kinds = [by_iri[o.value] for o in self.known.get(_RDF_TYPE, ()) if o.value in by_iri]
        return max(kinds, key=lambda kind: (len(kind.types), kind.name)) if kinds else None

    @property
    def kind(self) -> str:
        """The name of its class."""
        return self.terms.name if self.terms else ""

    @property
    def label(self) -> str:
        """Its name in words."""
        return self.document.label(self.iri)

    @property
    def href(self) -> str:
        """Its address on this site."""
        return self.document.site.path(self.iri)

    def _field(self, name: str) -> FieldTerm | None:
        return next((term for term in self.terms.fields if term.name == name), None) if self.terms else None

    def objects(self, name: str) -> list[Any]:
        """Return the raw objects of a field."""
        term = self._field(name)
        return self.known.get(term.predicate, []) if term else []

    def values(self, name: str) -> list[Value]:
        """Return a field's values for the page: texts in its language where there are any."""
        objects = self.objects(name)
        texts = [o for o in objects if isinstance(o, ox.Literal) and o.language]
        if spoken := [o for o in texts if o.language == g.language]:
            objects = spoken
        return [self._value(item) for item in sorted(objects, key=_reading_order)]

    def _value(self, item: Any) -> Value:
        if isinstance(item, ox.Literal):
            other = item.language if item.language and item.language != g.language else ""
            return Value(literal_text(item), language=other)
        iri = item.value
        if iri in self.document.index and iri.startswith(f"{self.iri}/"):
            return Value(self.document.label(iri), part=self.document.thing(iri))
        text = self.document.label(iri)
        href = self.document.site.path(iri)
        codes = self.document.index.get(iri, {}).get(_NOTATION, ())
        ico = codes[0].value if codes and href.startswith("/organizace/") else ""
        return Value(text, href=href if href.startswith(("/", "http://", "https://")) else "", ico=ico)

    def text(self, name: str) -> str:
        """Return a field's first value as text, "" when it has none."""
        found = self.values(name)
        return found[0].text if found else ""

    def part(self, name: str) -> Thing | None:
        """Return a field's first part."""
        return next((value.part for value in self.values(name) if value.part), None)

    def parts(self, name: str) -> list[Thing]:
        """Return a field's parts."""
        return [value.part for value in self.values(name) if value.part]

    @property
    def evidence(self) -> list[Thing]:
        """Its pieces of evidence, in the order of the facts they are about."""
        order = {term.predicate: term.order for term in self.terms.fields} if self.terms else {}

        def place(piece: Thing) -> int:
            return min((order.get(fact.value, 999) for fact in piece.objects("fact")), default=999)

        return sorted(self.parts("evidence"), key=place)

    @property
    def differs(self) -> bool:
        """Whether a piece of evidence says why we state something else."""
        return bool(self.objects("reason"))

    @property
    def money(self) -> str:
        """An amount with its currency."""
        code = self.text("currencyCode")
        amount = self.text("value")
        return f"{amount}{_NBSP}{_CURRENCIES.get(code, code)}" if amount else ""

    @property
    def amount(self) -> float:
        """An amount as a number, for the width of a bar."""
        return next((float(o.value) for o in self.objects("value")), 0.0)

    @property
    def address(self) -> str:
        """An address in one line."""
        street = " ".join(filter(None, (self.text("thoroughfare") or self.text("cityPart"), self.text("houseNumber"))))
        code = self.text("postCode")
        town = " ".join(
            filter(None, (f"{code[:3]}{_NBSP}{code[3:]}" if len(code) == 5 else code, self.text("postName")))
        )
        district = self.text("cityPart") if self.text("thoroughfare") else ""
        return ", ".join(filter(None, (street, district, town))) or self.text("fullAddress")

    @property
    def period(self) -> str:
        """Start to end, as far as they are known."""
        start, end = self.text("start"), self.text("end")
        return f"{start} – {end}" if start and end else start or end

    def rows(self) -> Iterator[Row]:
        """Yield every field that has a value, in the order of the shapes."""
        for term in self.terms.fields if self.terms else ():
            if values := self.values(term.name):
                yield Row(term.name, pick(term.labels, term.name), values)

    def cards(self, without: Iterable[str] = ()) -> list[Card]:
        """Return the grouped fields."""
        left_out = set(without)
        vocabulary = self.document.site.vocabulary
        groups: dict[str, list[Row]] = {}
        by_name = {term.name: term for term in self.terms.fields} if self.terms else {}
        for row in self.rows():
            term = by_name[row.name]
            if term.group and row.name not in left_out:
                groups.setdefault(term.group, []).append(row)
        return [
            Card(re.split("[#]", iri)[-1], pick(vocabulary.labels(iri)), rows)
            for iri, rows in sorted(groups.items(), key=lambda item: vocabulary.order(item[0]))
        ]


def _reading_order(term: Any) -> tuple[Any, ...]:
    """Sort numbered parts by their number (vystupy/2 before vystupy/10), other things by their text."""
    tail = term.value.rpartition("/")[2] if isinstance(term, ox.NamedNode) else ""
    return (0, int(tail), "") if tail.isdecimal() and len(tail) < 6 else (1, 0, term.value)


def prefers_page() -> bool:
    """Whether the request would rather have a page than JSON."""
    return negotiate.negotiate(request.headers.get("Accept"), (negotiate.JSON, negotiate.HTML)) is negotiate.HTML


# A map of fourteen tiles, placed roughly as the regions lie: NUTS code -> (column, row, abbreviation).
_TILES = {
    "CZ010": (2, 1, "Pha"),
    "CZ020": (1, 1, "SČ"),
    "CZ031": (1, 2, "JČ"),
    "CZ032": (0, 2, "PL"),
    "CZ041": (0, 1, "KV"),
    "CZ042": (1, 0, "ÚL"),
    "CZ051": (2, 0, "LB"),
    "CZ052": (3, 1, "HK"),
    "CZ053": (3, 2, "Pce"),
    "CZ063": (2, 2, "Vys"),
    "CZ064": (3, 3, "JM"),
    "CZ071": (4, 2, "OL"),
    "CZ072": (4, 3, "ZL"),
    "CZ080": (5, 2, "MS"),
}


def tiles(thing: Thing) -> Markup:
    """Return a small map that shows the regions of a thing (or of its seat); empty when it has none."""
    sites = [thing, *thing.parts("registeredSite")]
    places = {o.value for one in sites for o in one.objects("place")}
    here = [code for code in _TILES if NUTS + code in places]
    if not here:
        return Markup("")
    vocabulary = thing.document.site.vocabulary
    base = thing.document.site.config.base
    names = ", ".join(pick(vocabulary.labels(f"{base}zdroj/kraje/{code}"), code) for code in here)
    cells = Markup("").join(
        Markup('<g{}><rect x="{}" y="{}" width="18" height="18" rx="4"/><text x="{}" y="{}">{}</text></g>').format(
            Markup(' class="here"') if code in here else "",
            x * 20 + 1,
            y * 20 + 1,
            x * 20 + 10,
            y * 20 + 12.5,
            short,
        )
        for code, (x, y, short) in _TILES.items()
    )
    return Markup('<svg class="tiles" viewBox="0 0 120 80" role="img" aria-label="{}">{}</svg><p>{}</p>').format(
        names, cells, names
    )


def support(thing: Thing) -> int:
    """Return the share of the cost that public support covers, in per cent; 0 when it cannot be told."""
    cost = thing.part("totalCost") or thing.part("eligibleCost")
    total = cost.amount if cost else 0.0
    grants = sum(part.amount for grant in thing.parts("grant") if (part := grant.part("amount")))
    own = ("/vlastni", "/soukrome")
    given = sum(
        part.amount
        for item in thing.parts("contribution")
        if (part := item.part("amount")) and not any(o.value.endswith(own) for o in item.objects("contributionKind"))
    )
    share = round(100 * (grants or given) / total) if total else 0
    return share if 0 < share <= 100 else 0


_LICENCES = {"https://creativecommons.org/licenses/by/4.0/": "CC BY 4.0"}


def install(app: Flask) -> None:
    """Give templates what they need."""

    def t(cs: str, en: str) -> str:
        return en if g.language == "en" else cs

    def switch(to: str) -> str:
        """Return this page's address in the other language."""
        pairs = [(k, v) for k, v in request.args.items(multi=True) if k != "lang"]
        return request.path + "?" + urlencode([*pairs, ("lang", to)])

    def plural(count: int, cs: tuple[str, str, str], en: tuple[str, str]) -> str:
        """Return a count with its noun: 1 řádek, 2 řádky, 5 řádků; 1 row, 2 rows."""
        noun = cs[0 if count == 1 else 1 if 1 < count < 5 else 2] if g.language == "cs" else en[count != 1]
        return f"{number(count)}{_NBSP}{noun}"

    site: Site = app.config["SITE"]
    licence = site.config.licence

    @app.context_processor
    def release() -> dict[str, str]:
        try:
            return {"release_id": site.serving.id}
        except StoreError:  # the error page is shown without a release too
            return {"release_id": ""}

    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.globals.update(
        t=t,
        switch=switch,
        number=number,
        day=day,
        pick=pick,
        plural=plural,
        tiles=tiles,
        support=support,
        canonical=site.iris.document,
        licence=licence,
        licence_name=_LICENCES.get(licence, licence),
        config_titles=(site.config.title_cs, site.config.title_en),
    )
