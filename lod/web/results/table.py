"""An answer as a table: sorted, a page at a time, with bars behind the numbers; pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from .. import collation, writing
from .columns import Column
from .reader import Cell, Reader

__all__ = ["Bar", "Heading", "Leaf", "Table", "bar", "leaf", "order", "scale", "table"]

_AT_ONCE = 200  # rows of one page


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar along the width of its place: where it begins and how long it is, in per cent."""

    x: str
    width: str


@dataclass(frozen=True, slots=True)
class Heading:
    """A column's heading: `direction` is how the rows are sorted by it, `following` what its button asks for."""

    name: str
    kind: str
    unit: str
    direction: str
    following: str


@dataclass(frozen=True, slots=True)
class Leaf:
    """One page of rows, by their places; `begin` counts from 0, `page` from 1."""

    places: Sequence[int]
    begin: int
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class Table:
    """A page of rows; `first` and `last` count from 1."""

    headings: list[Heading]
    rows: list[list[tuple[Cell, Bar | None]]]
    first: int
    last: int
    page: int
    pages: int


def order(columns: Sequence[Column], sort: str, reader: Reader) -> list[int]:
    """Return the places of the rows as `sort` wants them: a column's name, behind "-" from the greatest down.

    Rows without a value come last; without a column of that name all stay as they are.
    """
    name = sort.removeprefix("-")
    chosen = next((column for column in columns if column.name == name), None)
    count = len(columns[0].terms) if columns else 0
    if chosen is None:
        return list(range(count))
    keys = _keys(chosen, reader)
    known = [place for place in range(count) if keys[place] is not None]
    known.sort(key=lambda place: keys[place], reverse=sort.startswith("-"))
    return known + [place for place in range(count) if keys[place] is None]


def _keys(column: Column, reader: Reader) -> list[Any]:
    if column.kind == "number":
        return column.numbers
    if column.kind == "time":
        return [term.value if term is not None else None for term in column.terms]
    return [collation.key(reader.label(term)) if term is not None else None for term in column.terms]


def bar(value: Decimal | None, least: Decimal, most: Decimal) -> Bar | None:
    """Return the bar of a value on a scale from `least` (0 or below) to `most` (0 or above)."""
    if value is None or most == least:
        return None
    span = most - least
    begin, end = sorted(((-least) / span, (value - least) / span))
    return Bar(f"{100 * begin:.2f}%", f"{100 * (end - begin):.2f}%")


def scale(values: Sequence[Decimal | None]) -> tuple[Decimal, Decimal]:
    """Return the ends of a scale that holds these values and zero."""
    known = [value for value in values if value is not None]
    return min([Decimal(0), *known]), max([Decimal(0), *known])


def leaf(places: Sequence[int], page: int) -> Leaf:
    """Return one page of the rows at `places`; a page that is not there is the nearest that is."""
    pages = max(1, -(-len(places) // _AT_ONCE))
    page = min(max(page, 1), pages)
    begin = (page - 1) * _AT_ONCE
    return Leaf(places[begin : begin + _AT_ONCE], begin, page, pages)


def table(columns: Sequence[Column], shown: Leaf, sort: str, reader: Reader) -> Table:
    """Return one page as a table."""
    cells = [_cells(column, shown.places, reader) for column in columns]
    return Table(
        [_heading(column, sort) for column in columns],
        [list(row) for row in zip(*cells, strict=True)],
        shown.begin + 1,
        shown.begin + len(shown.places),
        shown.page,
        shown.pages,
    )


def _cells(column: Column, shown: Sequence[int], reader: Reader) -> list[tuple[Cell, Bar | None]]:
    if column.kind != "number":
        if column.kind == "time":
            return [(_time(column, place, reader), None) for place in shown]
        return [(reader.cell(column.terms[place]), None) for place in shown]
    least, most = scale(column.numbers) if len(column.terms) > 1 else (Decimal(0), Decimal(0))
    return [
        (reader.cell(column.terms[place], column.places), bar(column.numbers[place], least, most)) for place in shown
    ]


def _time(column: Column, place: int, reader: Reader) -> Cell:
    term = column.terms[place]
    cell = reader.cell(term)
    if cell.kind in {"time", "empty"}:
        return cell
    # A year that came as a number or a text: without the blank of thousands.
    return Cell("time", writing.day(term.value, reader.language), title=cell.title, machine=term.value)


def _heading(column: Column, sort: str) -> Heading:
    if sort == column.name:
        return Heading(column.name, column.kind, column.unit, "ascending", f"-{column.name}")
    if sort == f"-{column.name}":
        return Heading(column.name, column.kind, column.unit, "descending", column.name)
    # Who sorts by numbers looks for the greatest first.
    first = f"-{column.name}" if column.kind == "number" else column.name
    return Heading(column.name, column.kind, column.unit, "", first)
