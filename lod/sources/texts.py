"""Which texts of a row a column of `[[source]]` leads to: chosen, split, decoded, joined."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from .. import clean
from ..config import SourceConfig
from ..model import Severity
from ..patterns import DateFormat, Pattern
from ..sourceconfig import Column, Conditions
from .tally import Tally
from .views import View

__all__ = ["Found", "Texts", "label", "refusing"]

# A text, and the column that says how to read it. Of a cell that holds several values, one that is missing is
# an empty text, so that cells side by side stay in step.
Found = tuple[str, Column]

_NOTHING = ("", "-", "–", "—")
_EXCEL = DateFormat("excel")


def refusing(view: View, where: Conditions, unless: Conditions) -> str | None:
    """Return the column by which a row or value is left out, None where it stays."""
    for name, patterns in where.items():
        if not _fits(view, name, patterns):
            return name
    return next((name for name, patterns in unless.items() if _fits(view, name, patterns)), None)


def _fits(view: View, name: str, patterns: Sequence[Pattern]) -> bool:
    """Whether a column of the row, or any element the path leads to, has one of the values."""
    shown = [clean.text(text) for text in view.texts(name)] or [""]
    return any(pattern.fits(text) for text in shown for pattern in patterns)


def label(column: Column) -> str:
    """Return what the author calls a column: its name, or the names of those it is made of."""
    return " + ".join(dict.fromkeys(_origins(column)))


def _origins(column: Column) -> Iterator[str]:
    """Yield the names of the columns that the value is made of."""
    own = (column.column, column.name, column.day, column.month, column.year)
    yield from filter(None, own)
    for inner in (*column.columns, *column.first):
        yield from _origins(inner)


class Texts:
    """Reads the rows of one file; values that conditions leave out and unknown codes are counted."""

    def __init__(self, source: SourceConfig, tally: Tally) -> None:
        self._tally = tally
        self._common = {text.casefold() for text in (*_NOTHING, *map(clean.text, source.missing))}
        # Both by the identity of a column, which lives as long as its source.
        self._missing: dict[int, tuple[set[str], int]] = {}
        self._names: dict[int, tuple[str, ...]] = {}
        self._taken: set[str] = set()  # the columns that the row at hand has given to a field
        self._held: list[tuple[Column, str, str, str]] = []  # column, deciding column, name, text

    def begin(self) -> None:
        """Turn to the next row."""
        self._taken.clear()
        self._held.clear()

    def took(self, name: str) -> None:
        """Note that a field has the value of a column."""
        self._taken.add(name)

    def end(self) -> None:
        """Count the values that a condition kept out of one field and no other field took."""
        for column, decisive, name, text in self._held:
            if name not in self._taken:
                self._tally.count(
                    "value-left-out",
                    f"hodnot vynechaných podle sloupce {decisive}: {{n}}",
                    f"values left out because of the column {decisive}: {{n}}",
                    field=label(column),
                    value=clean.text(text),
                )

    def of(self, column: Column, view: View, *, united: bool = False) -> list[Found]:
        """Return the texts a column leads to; several columns are joined, or `united` in a list."""
        if not self._wanted(column, view):
            return []
        if column.constant is not None:
            return [(column.constant, column)]
        found = self._found(column, view, united=united)
        if not column.prefix:
            return found
        return [(column.prefix + clean.text(text) if text else "", spec) for text, spec in found]

    def is_missing(self, text: str, column: Column) -> bool:
        """Whether a text is one of the signs for no value."""
        known = self._missing.get(id(column))
        if known is None:
            signs = self._common | {clean.text(sign).casefold() for sign in column.missing}
            known = self._missing[id(column)] = (signs, max(map(len, signs)))
        bare = text.strip()
        return not bare or (len(bare) <= known[1] and clean.text(bare).casefold() in known[0])

    def _found(self, column: Column, view: View, *, united: bool) -> list[Found]:
        if column.first:
            every = (self.of(inner, view, united=united) for inner in column.first)
            return next((found for found in every if any(text for text, _ in found)), [])
        if column.columns:
            every = (self.of(inner, view, united=united) for inner in column.columns)
            found = [one for some in every for one in some if one[0]]
            if united or not found:
                return found
            return [(column.join.join(clean.text(text) for text, _ in found), column)]
        if column.year:
            return [(text, column) for text in self._date(column, view)]
        if column.name:
            filled = [key for key, text in view.named(column.name) if not self.is_missing(text, column)]
            return [(self._coded(key, column), column) for key in filled]
        pieces = (piece for text in view.texts(column.column) for piece in self._pieces(text, column))
        return [(self._coded(piece, column), column) for piece in pieces]

    def _pieces(self, text: str, column: Column) -> list[str]:
        """Return the values of one cell, "" for one that is missing beside others."""
        if not column.split:
            return [] if self.is_missing(text, column) else [text]
        pieces = [text]
        for separator in column.split:
            expression = separator[1:-1] if Pattern(separator).expression else re.escape(separator)
            pieces = [piece.strip() for whole in pieces for piece in re.split(expression, whole)]
        pieces = ["" if self.is_missing(piece, column) else piece for piece in pieces]
        return pieces if any(pieces) else []

    def _coded(self, text: str, column: Column) -> str:
        """Return what the code list says the value means; one that it lacks is told and kept."""
        if not column.codes or not text:
            return text
        shown = clean.text(text)
        if shown in column.codes:
            return column.codes[shown]
        self._tally.count(
            "code-list-unknown",
            f"„{shown}“ není v codes; ponecháno, jak je; řádků: {{n}}",
            f'"{shown}" is not in codes; kept as it is; rows: {{n}}',
            severity=Severity.WARNING,
            field=label(column),
            value=shown,
            expected_cs=", ".join(column.codes),
            expected_en=", ".join(column.codes),
        )
        return text

    def _wanted(self, column: Column, view: View) -> bool:
        """Whether the row lets the column speak; a value that it does not is held."""
        names = self._names.get(id(column))
        if names is None:
            names = self._names[id(column)] = tuple(_origins(column))
        decisive = refusing(view, column.where, column.unless) if column.where or column.unless else None
        if decisive is None:
            self._taken.update(names)
            return True
        for name in names:
            filled = (text for text in view.texts(name) if not self.is_missing(text, column))
            self._held += [(column, decisive, name, text) for text in filled]
        return False

    def _date(self, column: Column, view: View) -> list[str]:
        """Return a date out of cells of its own; a month may be a word, or a whole day shown as a month.

        What lacks its month or year is put so that it cannot be read as another date.
        """
        printed = []
        for name in (column.day, column.month, column.year):
            found = [text for text in (view.texts(name) if name else []) if not self.is_missing(text, column)]
            printed.append(clean.text(found[0]).removesuffix(".") if found else "")
        day, month, year = printed
        if re.fullmatch("[0-9]{5}", month):
            month = _EXCEL.iso(month)
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", month) and year and month.startswith(year):
            month = month[5:7]
        if not day and not month:
            return [year] if year else []
        month = f"{month or '?'}." if not month or month.isdecimal() else month
        return [" ".join([*([f"{day}."] if day else []), month, year or "?"])]
