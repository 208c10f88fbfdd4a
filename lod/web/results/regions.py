"""An answer as a map of the fourteen regions; pure."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from ...terms import Vocabulary
from .. import writing
from .answer import Term
from .columns import Column
from .reader import Reader

__all__ = ["Map", "choices", "codes", "drawn", "region"]

_CLASSES = 5
_TERMS = 60  # each region by all its names; a column of more different things is of something else


@cache
def _outlines() -> Mapping[str, Any]:
    loaded: Mapping[str, Any] = json.loads((Path(__file__).parent / "regions.json").read_text("utf-8"))
    return loaded


@dataclass(frozen=True, slots=True)
class Place:
    """One region of the map; `shade` is 1 (least) to 5 (greatest), 0 where the answer has nothing for it."""

    code: str
    name: str
    short: str
    outline: str
    x: int
    y: int
    is_tight: bool
    value: str = ""
    brief: str = ""
    shade: int = 0
    href: str = ""


@dataclass(frozen=True, slots=True)
class Map:
    """The regions, those with values from the greatest down; `left` rows are of no region or have no number.

    `shades` are the least and the greatest value of each shade that is used.
    """

    width: int
    height: int
    places: list[Place]
    ranked: list[Place]
    shades: list[tuple[int, str, str]]
    is_sum: bool
    left: int


def codes(vocabulary: Vocabulary) -> dict[str, str]:
    """Return the NUTS code of each IRI that a region has: our own, in NUTS and in RÚIAN."""
    return {
        iri: code
        for code in _outlines()["regions"]
        for iri in (*vocabulary.region(code), f"{vocabulary.base}zdroj/kraje/{code}")
    }


def region(term: Term, known: Mapping[str, str], vocabulary: Vocabulary) -> str:
    """Return the NUTS code of the region that a term means by its IRI, code or name; "" where it means none."""
    if isinstance(term, ox.NamedNode):
        return known.get(term.value, "")
    if isinstance(term, ox.Literal) and len(term.value) < 60:
        return next((known[iri] for iri in vocabulary.region(term.value) if iri in known), "")
    return ""


def choices(columns: Sequence[Column], vocabulary: Vocabulary) -> tuple[list[Column], list[Column]]:
    """Return the columns that hold at least as many regions as other things, and those that hold numbers."""
    known = codes(vocabulary)
    across = []
    for column in columns:
        terms = {term for term in column.terms if term is not None} if column.kind in {"resource", "text"} else set()
        if 1 < len(terms) <= _TERMS:
            places = sum(1 for term in terms if region(term, known, vocabulary))
            if places > 1 and 2 * places >= len(terms):
                across.append(column)
    return across, [column for column in columns if column.kind == "number"] if across else []


def drawn(across: Column, values: Column | None, reader: Reader) -> Map:
    """Return the map of a column's numbers by region, of the numbers of rows where `values` is None."""
    known = codes(reader.vocabulary)
    found = {term: region(term, known, reader.vocabulary) for term in set(across.terms) if term is not None}
    sums: dict[str, Decimal] = {}
    used = 0
    for place, term in enumerate(across.terms):
        value = values.numbers[place] if values else Decimal(1)
        if (code := found.get(term, "")) and value is not None:
            sums[code] = sums.get(code, Decimal(0)) + value
            used += 1
    shade = _shades(sums)
    places = [
        _place(code, one, sums.get(code), shade.get(code, 0), values, reader)
        for code, one in _outlines()["regions"].items()
    ]
    ranked = sorted((one for one in places if one.shade), key=lambda one: (-sums[one.code], one.code))
    ends = [
        (number, texts[-1], texts[0])
        for number in range(1, _CLASSES + 1)
        if (texts := [one.brief for one in ranked if one.shade == number])
    ]
    width, height = _outlines()["width"], _outlines()["height"]
    is_sum = values is not None and used > len(sums)
    return Map(width, height, places, ranked, ends, is_sum, len(across.terms) - used)


def _place(
    code: str, one: Mapping[str, Any], value: Decimal | None, shade: int, values: Column | None, reader: Reader
) -> Place:
    iri = ox.NamedNode(f"{reader.vocabulary.base}zdroj/kraje/{code}")
    place = Place(code, reader.label(iri), one["short"], one["outline"], one["x"], one["y"], "tight" in one)
    if value is None:
        return place
    text = writing.number(value, reader.language, values.places if values else None)
    return replace(place, value=text, brief=writing.brief(value, reader.language), shade=shade, href=reader.href(iri))


def _shades(sums: Mapping[str, Decimal]) -> dict[str, int]:
    """Return a shade for each region, about as many of one shade as of another, the same for the same value.

    Even steps of value would leave all but Prague pale.
    """
    values = sorted(set(sums.values()))
    if len(values) >= _CLASSES:
        return {code: 1 + values.index(value) * _CLASSES // len(values) for code, value in sums.items()}
    apart = (_CLASSES - 1) // max(1, len(values) - 1)
    return {code: 1 + values.index(value) * apart for code, value in sums.items()}
