"""The header of a table: where it lies, what its columns are called, and which ones a name means."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence

from .. import clean
from ..errors import UnreadableFileError
from ..patterns import Pattern

__all__ = ["Header", "column_names", "letter", "missing"]


def letter(number: int) -> str:
    """Return what a spreadsheet calls a column (from 0).

    >>> [letter(number) for number in (0, 25, 26, 701, 702)]
    ['A', 'Z', 'AA', 'ZZ', 'AAA']
    """
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _labels(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return a label for each column: a group's title, to the right of which cells are merged, and its own.

    A blank cell takes the title to its left only where both columns have something below it.
    """
    width = max(map(len, rows))
    cells = [[clean.text(row[i]) if i < len(row) else "" for i in range(width)] for row in rows]
    for depth, row in enumerate(cells[:-1]):
        for i in range(1, width):
            below, left = (any(lower[j] for lower in cells[depth + 1 :]) for j in (i, i - 1))
            same = all(upper[i] == upper[i - 1] for upper in cells[:depth])
            if not row[i] and below and left and same:
                row[i] = row[i - 1]
    return [" / ".join(dict.fromkeys(row[i] for row in cells if row[i])) for i in range(width)]


def column_names(rows: Sequence[Sequence[str]]) -> list[str]:
    r"""Return the names of the columns below a header of one or more rows; each name stands once.

    An empty name becomes the column's letter, a repeated one gets its number.

    >>> column_names([["Název\n projektu", "Investice", "", "Okres"], ["", "EUR", "CZK", ""]])
    ['Název projektu', 'Investice / EUR', 'Investice / CZK', 'Okres']
    >>> column_names([["Název", "Název", "", "Stav"]])
    ['Název', 'Název#2', 'C', 'Stav']
    """
    names: dict[str, None] = {}
    for number, label in enumerate(_labels(rows)):
        name, times = label or letter(number), 1
        while name in names:
            times += 1
            name = f"{label or letter(number)}#{times}"
        names[name] = None
    return list(names)


class Header:
    """The columns of a table."""

    def __init__(self, line: int, rows: Sequence[Sequence[str]]) -> None:
        self.line = line
        self.rows = len(rows)
        self.names = column_names(rows)
        self._index = {name: number for number, name in enumerate(self.names)}
        self._meant: dict[str, tuple[tuple[str, int], ...]] = {}

    def meant(self, name: str) -> tuple[tuple[str, int], ...]:
        """Return the columns that a name or a pattern means: what its star stands for, and the number."""
        if name not in self._meant:
            pattern = Pattern(name)
            if pattern.text in self._index:
                self._meant[name] = ((name, self._index[pattern.text]),)
            else:
                found = ((pattern.key(column), number) for column, number in self._index.items())
                self._meant[name] = tuple((key, number) for key, number in found if key is not None)
        return self._meant[name]

    def is_pattern(self, name: str) -> bool:
        """Whether a name means any number of columns rather than one."""
        pattern = Pattern(name)
        return pattern.expression is not None and pattern.text not in self._index

    def refuse_repeated(self, unread: Iterable[str]) -> None:
        """Raise `UnreadableFileError` when a name stands twice and nobody says what the second one is."""
        for name in unread:
            first, hash_, number = name.rpartition("#")
            if hash_ and number.isdecimal() and first in self._index:
                raise UnreadableFileError(
                    f"sloupec {first} je v záhlaví vícekrát; řekněte v columns nebo ignore, co je {name}",
                    f"the column {first} stands in the header more than once; say in columns or ignore what {name} is",
                )


def missing(absent: Sequence[str], names: Sequence[str], line: int) -> UnreadableFileError:
    """Return the error for columns that the file lacks, with the names that come closest."""
    cs, en = [], []
    for name in absent:
        close = next(iter(difflib.get_close_matches(name, names, n=1, cutoff=0.6)), "")
        cs.append(name + (f" (nejbližší je {close})" if close else ""))
        en.append(name + (f" (the closest is {close})" if close else ""))
    return UnreadableFileError(
        f"chybí sloupce: {', '.join(cs)}; záhlaví hledáno do řádku {line}",
        f"columns are missing: {', '.join(en)}; the header was sought down to row {line}",
        kind="column-missing",
    )
