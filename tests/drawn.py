"""Objects of every class of the model, drawn from their fields and shapes alone."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, get_args, get_origin, get_type_hints

from hypothesis import strategies as st
from rdflib import XSD

from lod import model
from lod.clean import PartialDate
from lod.model import Entity, Text
from lod.rdf import Writer
from lod.terms import Vocabulary

from .conftest import BASE

VOCABULARY = Vocabulary(BASE)
WRITER = Writer(VOCABULARY)
CLASSES = [
    kind
    for name in model.__all__
    if isinstance(kind := getattr(model, name), type) and issubclass(kind, Entity) and name in VOCABULARY.classes
]

# Whatever UTF-8 can hold, most often what needs an escape somewhere.
HOSTILE = st.text(
    st.characters(exclude_categories=["Cs"]) | st.sampled_from("\"\\\n\r\t\b\f'<>{}@^%&;\x00\x7f\ufeff"), max_size=8
)
# What `clean.text` leaves of it.
CLEAN = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff") | st.sampled_from('"\\\n\r\t'),
    max_size=8,
)
KEYS = st.from_regex(r"[A-Za-z0-9._~-]{1,12}", fullmatch=True)
REFERENCES = KEYS.map(lambda key: f"{BASE}zdroj/věc/{key}")
DATES = st.dates().map(lambda day: PartialDate(day.isoformat())) | st.sampled_from(
    [PartialDate("2006"), PartialDate("2006-09"), PartialDate("0001-01-01")]
)
DECIMALS = st.decimals(-(10**15), 10**15, places=2) | st.sampled_from(
    [Decimal(text) for text in ("-0.00", "1E+3", "1.50", "1234567890123456789012345678.900", "0.10")]
)


def shape_of(hint: Any) -> tuple[type, bool, bool]:
    """Return a field's type, whether it holds many values, and whether it may hold none."""
    if get_origin(hint) is tuple:
        return get_args(hint)[0], True, True
    kinds = [kind for kind in get_args(hint) or (hint,) if kind is not type(None)]
    return kinds[0], False, len(kinds) < len(get_args(hint) or (hint,))


def texts_of(term: Any, text: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Return texts that a field of this datatype can hold in one form only."""
    if term.kind in {"iri", "reference"}:
        return REFERENCES
    return {
        str(XSD.date): st.dates().map(date.isoformat),
        str(XSD.hexBinary): st.binary(max_size=32).map(bytes.hex),
    }.get(term.datatype, text)


@st.composite
def entities(draw: st.DrawFn, kind: type[Entity], text: st.SearchStrategy[str], iri: str = "") -> Entity:
    """Any object of a class, with any parts, drawn from its fields alone."""
    iri = iri or draw(REFERENCES)
    values: dict[str, Any] = {}
    terms = {term.attribute: term for term in VOCABULARY.classes[kind.__name__].fields}
    for name, hint in get_type_hints(kind).items():
        if name == "iri":
            continue
        of, many, optional = shape_of(hint)
        count = draw(st.integers(0, 2)) if many else int(not (optional and draw(st.booleans())))
        found: list[Any] = []
        for number in range(count):
            if issubclass(of, Entity):
                below = [each for each in CLASSES if issubclass(each, of)]
                found.append(draw(entities(draw(st.sampled_from(below)), text, f"{iri}/{name}/{number}")))
            elif of is Text:
                found.append(Text(draw(text), draw(st.sampled_from(["cs", "en"]))))
            elif of is str:
                found.append(draw(texts_of(terms[name], text)))
            else:
                found.append(draw({PartialDate: DATES, Decimal: DECIMALS, int: st.integers(0, 10**9)}[of]))
        values[name] = tuple(found) if many else (found[0] if found else None)
    return kind(iri=iri, **values)


def any_of(text: st.SearchStrategy[str]) -> st.SearchStrategy[Entity]:
    return st.sampled_from(CLASSES).flatmap(lambda kind: entities(kind, text))
