"""What a column of an answer holds: numbers, times, things or texts, told by its values and its name alone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import pairwise

import pyoxigraph as ox

from ...clean import fold
from ...iris import NAMESPACES
from .. import writing
from .answer import Answer, Term

__all__ = ["NUMBERS", "TIMES", "Column", "columns"]

_XSD = NAMESPACES["xsd"]
_WHOLE = (
    "integer int long short byte nonNegativeInteger positiveInteger nonPositiveInteger negativeInteger"
    " unsignedLong unsignedInt unsignedShort unsignedByte"
)
NUMBERS = {_XSD + name for name in (*_WHOLE.split(), "decimal", "double", "float")}
TIMES = {_XSD + name for name in ("date", "dateTime", "gYearMonth", "gYear")}
_TIME = re.compile(r"(\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?)(?:T[\d:.]+)?(?:Z|[+-]\d\d:\d\d)?")
_YEAR = re.compile(r"[12]\d{3}")
_YEAR_WORDS = {"rok", "roku", "roce", "rocnik", "year", "years"}
# A unit is written only where the variable's name says it (?dotaceKc, ?total_czk): an answer has no units.
_UNITS = {"kc": "Kč", "czk": "Kč", "eur": "€", "euro": "€", "procent": "%", "percent": "%", "pct": "%"}


def _words(name: str) -> list[str]:
    """Return the words of a variable's name.

    >>> _words("dotaceKc"), _words("total_CZK"), _words("rokZahájení")
    (['dotace', 'kc'], ['total', 'czk'], ['rok', 'zahajeni'])
    """
    spaced = "".join(
        f" {char}" if char.isupper() and before.islower() else char for before, char in pairwise(f" {name}")
    )
    return [fold(word) for word in re.findall(r"[^\W\d_]+", spaced)]


@dataclass(frozen=True)
class Column:
    """One variable with its values, `kind` being "number", "time", "resource", "text" or "empty"."""

    name: str
    terms: tuple[Term, ...]
    kind: str
    unit: str = ""

    @cached_property
    def numbers(self) -> list[Decimal | None]:
        """The values as numbers; None where one is unbound or endless."""
        return [writing.decimal(term.value) if term is not None else None for term in self.terms]

    @cached_property
    def places(self) -> int:
        """How many decimals people are shown: none, or two as money has (four where all is below 1)."""
        known = [value for value in self.numbers if value]
        if all(value == value.to_integral_value() for value in known):
            return 0
        return 2 if any(abs(value) >= 1 for value in known) else 4

    @property
    def times(self) -> list[str]:
        """The values as dates of any precision, without time and zone; "" where one is unbound."""
        return [_TIME.sub(r"\1", term.value) if term is not None else "" for term in self.terms]


def columns(answer: Answer) -> list[Column]:
    """Return the columns of an answer."""
    return [_column(name, [row[place] for row in answer.rows]) for place, name in enumerate(answer.names)]


def _column(name: str, terms: Sequence[Term]) -> Column:
    words = _words(name)
    kind = _kind([term for term in terms if term is not None], is_year=not _YEAR_WORDS.isdisjoint(words))
    unit = next((_UNITS[word] for word in reversed(words) if word in _UNITS), "") if kind == "number" else ""
    return Column(name, tuple(terms), kind, unit)


def _kind(terms: Sequence[Term], *, is_year: bool) -> str:
    if not terms:
        return "empty"
    if all(isinstance(term, (ox.NamedNode, ox.BlankNode)) for term in terms):
        return "resource"
    return _literals(terms, is_year=is_year) if all(isinstance(term, ox.Literal) for term in terms) else "text"


def _literals(terms: Sequence[ox.Literal], *, is_year: bool) -> str:
    # Years come as numbers (YEAR) or as texts (SUBSTR of a date): the name tells them from amounts.
    if is_year and all(_YEAR.fullmatch(term.value) for term in terms):
        return "time"
    datatypes = {term.datatype.value for term in terms}
    if datatypes <= NUMBERS and any(writing.decimal(term.value) is not None for term in terms):
        return "number"
    if datatypes <= TIMES and all(_TIME.fullmatch(term.value) for term in terms):
        return "time"
    return "text"
