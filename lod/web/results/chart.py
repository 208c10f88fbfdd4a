"""An answer as a chart: bars of what has a name, columns over what has a time; pure.

The names of bars are text of the page, so they wrap and stay readable on a phone; lengths are shares of the
width, so nothing needs a script.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .. import writing
from .columns import Column
from .reader import Cell, Reader
from .table import Bar, bar, scale

__all__ = ["Bars", "Times", "bars", "choices", "times"]

_BARS = 40  # rows drawn as bars; more are told, not drawn
_STEPS = 60  # columns over time, at a finer step than years
_YEARS = 120
_EVERY = {  # which times may be written, and how many there is room for
    "year": ((1, 2, 5, 10), 12),
    "month": ((1, 2, 3, 6, 12), 8),
    "day": ((1, 2, 7, 14), 8),
}
_PRECISION = {4: "year", 7: "month", 10: "day"}


@dataclass(frozen=True, slots=True)
class Bars:
    """Rows as bars, in the order of the answer; `left` is how many rows are not drawn."""

    rows: list[tuple[Cell, str, Bar | None]]
    left: int


@dataclass(frozen=True, slots=True)
class Mark:
    """A value or a time of a scale: its text and how far down or along it stands, in per cent.

    `anchor` is where the text of a time is held, so that the last one stays inside.
    """

    text: str
    at: str
    anchor: str = "middle"


@dataclass(frozen=True, slots=True)
class Pillar:
    """A column over time, in per cent of the plot."""

    label: str
    value: str
    x: str
    y: str
    width: str
    height: str


@dataclass(frozen=True, slots=True)
class Times:
    """Columns over time, step by step from the first to the last.

    `step` is "year", "month" or "day"; `is_sum` where several rows were added up, `left` rows that have no time
    or no number.
    """

    pillars: list[Pillar]
    marks: list[Mark]
    ticks: list[Mark]
    zero: str
    step: str
    is_sum: bool
    left: int
    greatest: tuple[str, str]


def choices(columns: Sequence[Column]) -> tuple[list[Column], list[Column]]:
    """Return the columns that a chart can have along itself, and those that it can show; empty where it cannot."""
    across = [column for column in columns if column.kind in {"resource", "text", "time"}]
    values = [column for column in columns if column.kind == "number"]
    several = bool(columns) and len(columns[0].terms) > 1
    return (across, values) if several and across and values else ([], [])


def bars(across: Column, values: Column, places: Sequence[int], reader: Reader) -> Bars:
    """Return the rows at `places` that have a number, as bars."""
    drawn = [place for place in places if values.numbers[place] is not None]
    least, most = scale([values.numbers[place] for place in drawn])
    rows = [
        (
            reader.cell(across.terms[place]),
            reader.cell(values.terms[place], values.places).text,
            bar(values.numbers[place], least, most),
        )
        for place in drawn[:_BARS]
    ]
    return Bars(rows, len(places) - len(rows))


def _number(lexical: str, step: str) -> int:
    """Return the number of a year, a month or a day since the year 0."""
    year = int(lexical[:4])
    if step == "year":
        return year
    if step == "month":
        return year * 12 + int(lexical[5:7]) - 1
    return date(max(year, 1), int(lexical[5:7]), int(lexical[8:10])).toordinal()


def _named(number: int, step: str) -> str:
    if step == "year":
        return f"{number:04}"
    if step == "month":
        return f"{number // 12:04}-{number % 12 + 1:02}"
    return date.fromordinal(number).isoformat()


def _step(known: Sequence[str]) -> str:
    """Return the finest step that every time has and that needs no more columns than people can see."""
    finest = min(map(len, known))
    for length, most in ((10, _STEPS), (7, _STEPS), (4, _YEARS)):
        if length <= finest:
            try:
                numbers = [_number(one, _PRECISION[length]) for one in known]
            except ValueError:  # 30 February
                continue
            if max(numbers) - min(numbers) < most:
                return _PRECISION[length]
    return ""


def times(across: Column, values: Column, reader: Reader) -> Times | None:
    """Return columns over time; None where the times lie too far apart."""
    rows = [
        (lexical, value)
        for lexical, value in zip(across.times, values.numbers, strict=True)
        if lexical and value is not None
    ]
    step = _step([lexical for lexical, _ in rows]) if rows else ""
    if not step:
        return None
    sums: dict[int, Decimal] = {}
    for lexical, value in rows:
        number = _number(lexical, step)
        sums[number] = sums.get(number, Decimal(0)) + value
    first, last = min(sums), max(sums)
    marks = _marks(*scale(list(sums.values())))
    top, bottom = marks[-1], marks[0]
    count = last - first + 1
    pillars = []
    for number, value in sorted(sums.items()):
        upper, lower = max(value, Decimal(0)), min(value, Decimal(0))
        place = (number - first) / count
        pillars.append(
            Pillar(
                label=writing.day(_named(number, step), reader.language),
                value=_written(value, values, reader),
                x=f"{100 * (place + 0.1 / count):.3f}%",
                y=_down(upper, bottom, top),
                width=f"{80 / count:.3f}%",
                height=f"{100 * (upper - lower) / (top - bottom):.3f}%",
            )
        )
    greatest = max(sums, key=lambda number: sums[number])
    return Times(
        pillars,
        [Mark(writing.brief(mark, reader.language), _down(mark, bottom, top)) for mark in marks],
        _ticks(first, last, step, reader),
        _down(Decimal(0), bottom, top),
        step,
        len(rows) > len(sums),
        len(across.terms) - len(rows),
        (writing.day(_named(greatest, step), reader.language), _written(sums[greatest], values, reader)),
    )


def _ticks(first: int, last: int, step: str, reader: Reader) -> list[Mark]:
    """Return the times that are written below the columns: round ones, as many as there is room for."""
    count = last - first + 1
    each, most = _EVERY[step]
    every = next(one for one in each if count <= one * most)
    ticks = []
    for number in range(first + -first % every, last + 1, every):
        at = (number - first + 0.5) / count
        text = writing.day(_named(number, step), reader.language)
        is_last = at > 0.95 and step != "year"
        ticks.append(Mark(text, "100%" if is_last else f"{100 * at:.3f}%", "end" if is_last else "middle"))
    return ticks


def _written(value: Decimal, column: Column, reader: Reader) -> str:
    text = writing.number(value, reader.language, column.places)
    return f"{text}\u00a0{column.unit}" if column.unit else text


def _down(value: Decimal, bottom: Decimal, top: Decimal) -> str:
    return f"{100 * (top - value) / (top - bottom):.3f}%"


def _marks(least: Decimal, most: Decimal) -> list[Decimal]:
    """Return round numbers, four or so, that hold a scale.

    >>> [str(mark) for mark in _marks(Decimal(0), Decimal(87))]
    ['0.0', '25.0', '50.0', '75.0', '100.0']
    >>> [str(mark) for mark in _marks(Decimal("-0.3"), Decimal("0.4"))]
    ['-0.4', '-0.2', '0.0', '0.2', '0.4']
    """
    span = (most - least) or Decimal(1)
    rough = span / 4
    unit = Decimal(10) ** rough.adjusted()
    halves = (Decimal("2.5"),) if unit > 1 else ()  # a count has no halves
    step = next(unit * times for times in (1, 2, *halves, 5, 10) if unit * times >= rough)
    low, high = (least / step).to_integral_value("ROUND_FLOOR"), (most / step).to_integral_value("ROUND_CEILING")
    if low == high:
        high += 1
    return [step * count for count in range(int(low), int(high) + 1)]
