"""CSV and its relatives (RFC 4180): every line that can be read, a fault for every one that cannot."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from . import encodings
from .files import opened
from .rows import Cells, Fault, Options

__all__ = ["cells"]

_DELIMITERS = ";\t,|"
_SAMPLE = 1 << 18  # characters looked at to find the delimiter
_LONGEST_LINE = 1 << 20  # characters; a longer line is no row of anything
_LONGEST_CELL = 1000  # lines; a cell that goes on is a quote that was never closed
_NAMES = {
    ";": ("středníkem", "a semicolon"),
    "\t": ("tabulátorem", "a tab"),
    ",": ("čárkou", "a comma"),
    "|": ("svislítkem", "a bar"),
}


@dataclass(frozen=True, slots=True)
class _Dialect:
    delimiter: str
    quote: str  # "" where nothing is quoted
    width: int  # cells of most rows; 0 if there is no telling


def _split(lines: list[str], delimiter: str) -> tuple[float, int]:
    """Return how well a delimiter explains the lines, and the number of cells of most rows."""
    widths = [line.count(delimiter) + 1 for line in lines]
    several = Counter(width for width in widths if width > 1)
    if not several:
        return 0.0, 1
    width, count = max(several.items(), key=lambda item: (item[1], item[0]))
    consistent, covered = count / several.total(), several.total() / len(widths)
    # Titles above a table have one cell; two or three wide rows alike are a table all the same.
    covered = 1.0 if width > 2 and count > 1 else covered
    return consistent * covered, width


def _dialect(sample: str, options: Options) -> _Dialect:
    quote = {"": '"', "none": ""}.get(options.quote, options.quote)
    whole = sample if len(sample) < _SAMPLE else sample.rpartition("\n")[0]
    candidates = options.delimiter or _DELIMITERS
    if (
        not options.quote
        and '"' not in whole
        and len(re.findall(rf"(?:^|[{candidates}])'[^'\n]*'", whole, re.MULTILINE)) > 3
    ):
        quote = "'"
    if quote:
        mark = re.escape(quote)
        whole = re.sub(f"{mark}(?:[^{mark}]|{mark}{mark}){{0,2000}}{mark}", "", whole)
    lines = [line for line in whole.splitlines() if line.strip()][:200]
    if not lines:
        return _Dialect(options.delimiter or ",", quote, 0)
    found = {delimiter: _split(lines, delimiter) for delimiter in candidates}
    delimiter = max(candidates, key=lambda one: (round(found[one][0], 2), found[one][1]))
    score, width = found[delimiter]
    if score < 0.4 and not options.delimiter:
        delimiter = max(candidates, key=lines[0].count)  # the header decides
        if not lines[0].count(delimiter):
            delimiter = min(candidates, key=whole.count)  # one column
        width = found[delimiter][1]
    return _Dialect(delimiter, quote, width if score >= 0.4 else 0)


def _broken_cell(line: str, dialect: _Dialect) -> int:
    """Return the number of the first cell of a line whose quote is not closed right before a delimiter."""
    mark, delimiter = re.escape(dialect.quote), re.escape(dialect.delimiter)
    cell = re.compile(f"(?:{mark}(?:[^{mark}]|{mark}{mark})*{mark}|(?!{mark})[^{delimiter}]*)(?:{delimiter}|$)")
    place, at, line = 1, 0, line.rstrip("\r\n")
    while at < len(line) and (match := cell.match(line, at)) and match.end() > at:
        place, at = place + 1, match.end()
    return place


class _EndlessError(Exception):
    """A cell that goes on for too long."""


class _Lines:
    """Physical lines with their numbers; those of an unfinished row can be given back."""

    def __init__(self, file: TextIO, number: int) -> None:
        self.file = file
        self.number = number  # of the line given last
        self.row: list[str] = []  # lines given since the row began
        self.returned: deque[str] = deque()
        self.faults: list[Fault] = []

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if len(self.row) > _LONGEST_CELL:
            raise _EndlessError
        line = self.returned.popleft() if self.returned else self._read()
        if not line:
            raise StopIteration
        self.number += 1
        self.row.append(line)
        return line

    def _read(self) -> str:
        while True:
            line = self.file.readline(_LONGEST_LINE)
            if len(line) < _LONGEST_LINE:
                return line
            self.number += 1
            self.faults.append(
                Fault(
                    self.number,
                    f"řádek je delší než {_LONGEST_LINE} znaků, přeskočen",
                    f"the line is longer than {_LONGEST_LINE} characters and was skipped",
                )
            )
            while len(line) == _LONGEST_LINE and not line.endswith(("\n", "\r")):
                line = self.file.readline(_LONGEST_LINE)

    def give_back(self, kept: int) -> None:
        """Return the row's lines beyond the first `kept`."""
        self.returned.extendleft(reversed(self.row[kept:]))
        self.number -= len(self.row) - kept
        self.row = []


class _Reader:
    def __init__(self, lines: _Lines, dialect: _Dialect) -> None:
        self.lines = lines
        self.dialect = dialect
        self.others = [one for one in _DELIMITERS if one != dialect.delimiter]

    def _rows(self) -> Iterator[list[str]]:
        delimiter, quote = self.dialect.delimiter, self.dialect.quote
        if not quote:
            return csv.reader(self.lines, delimiter=delimiter, quoting=csv.QUOTE_NONE)
        return csv.reader(self.lines, delimiter=delimiter, quotechar=quote, strict=True)

    def _is_row(self, line: str) -> bool:
        return self.dialect.width > 2 and line.count(self.dialect.delimiter) == self.dialect.width - 1

    def _runs_on(self) -> bool:
        """Whether a row of several lines has swallowed rows: they look like rows on their own."""
        row = self.lines.row
        return len(row) > 1 and (any(map(self._is_row, row[1:-1])) or all(map(self._is_row, row)))

    def _skip(self, why_cs: str, why_en: str) -> Fault:
        """Give up the row at its beginning; the lines after it that are no rows by themselves go with it."""
        row = self.lines.row
        begins = self.lines.number - len(row) + 1
        skipped = 1
        if self.dialect.width > 2 and any(map(self._is_row, row[1:])):
            skipped = next(at for at, line in enumerate(row) if at and self._is_row(line))
        elif len(row) <= 3 and len(row) > 1 and self.dialect.width > 2:
            skipped = len(row)
        self.lines.give_back(skipped)
        ends = begins + skipped - 1
        which_cs = f"řádek {begins}" if skipped == 1 else f"řádky {begins}–{ends}"
        which_en = f"line {begins}" if skipped == 1 else f"lines {begins}–{ends}"
        return Fault(
            begins,
            f"{why_cs}; {which_cs} přeskočen{'' if skipped == 1 else 'y'}, čte se dál od řádku {ends + 1}",
            f"{why_en}; {which_en} skipped, reading goes on at line {ends + 1}",
        )

    def _open_quote(self) -> Fault:
        place = _broken_cell(self.lines.row[0], self.dialect)
        begins = self.lines.number - len(self.lines.row) + 1
        return self._skip(
            f"uvozovka otevřená na řádku {begins} (buňka {place}) není správně zavřená; uvnitř textu se zdvojuje",
            f"the quote opened on line {begins} (cell {place}) is not closed properly; within a text it is doubled",
        )

    def _judge(self, begins: int, values: list[str]) -> Cells | Fault:
        """Return the row, unless it plainly uses another delimiter."""
        if len(values) == 1 and self.dialect.width > 1:
            for other in self.others:
                if values[0].count(other) == self.dialect.width - 1 and (self.dialect.width > 2 or other == "\t"):
                    own, strange = _NAMES.get(self.dialect.delimiter), _NAMES[other]
                    return Fault(
                        begins,
                        f"buňky jsou děleny {strange[0]}, v celém souboru přitom {own[0] if own else 'jinak'}",
                        f"cells are divided by {strange[1]}, elsewhere in the file by"
                        f" {own[1] if own else 'another sign'}",
                    )
        if any(map(_undecoded, values)):
            return Fault(begins, "řádek není v kódování souboru (UTF-8)", "the line is not in the file's UTF-8")
        return Cells(begins, values)

    def __iter__(self) -> Iterator[Cells | Fault]:
        lines = self.lines
        rows = self._rows()
        while True:
            lines.row = []
            fault: Fault | None = None
            values: list[str] | None = None
            try:
                values = next(rows, None)
                if values is not None and self._runs_on():
                    fault = self._open_quote()
            except (csv.Error, _EndlessError) as error:
                if "field larger" in str(error):
                    fault = self._skip(
                        f"buňka je delší než {csv.field_size_limit()} znaků",
                        f"a cell is longer than {csv.field_size_limit()} characters",
                    )
                else:
                    fault = self._open_quote()
            yield from lines.faults
            lines.faults.clear()
            if fault:
                rows = self._rows()
                yield fault
            elif values is None:
                return
            else:
                yield self._judge(lines.number - len(lines.row) + 1, values)


def _undecoded(value: str) -> bool:
    return not value.isascii() and re.search("[\udc80-\udcff]", value) is not None


def cells(path: Path, options: Options) -> Iterator[Cells | Fault]:
    """Yield each row with the line it begins on, however many cells it has."""
    encoding = encodings.detect(path, options.encoding)

    def text() -> TextIO:
        return io.TextIOWrapper(opened(path), encoding.codec, encoding.errors, newline="")

    with text() as file:
        sample = file.read(_SAMPLE)
    told = re.match(r"sep=(.)\r?\n?", sample)  # how Excel notes the delimiter
    if told and not options.delimiter:
        options = Options(delimiter=told.group(1), quote=options.quote)
    dialect = _dialect(sample[told.end() :] if told else sample, options)
    with text() as file:
        if told:
            file.readline()
        yield from _Reader(_Lines(file, 1 if told else 0), dialect)
