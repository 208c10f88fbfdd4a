"""What every reader yields, and how a file is to be read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..errors import UnreadableFileError

__all__ = ["DETECT", "Cells", "Fault", "Flaw", "Options", "Row", "header_of"]


@dataclass(frozen=True, slots=True)
class Options:
    """How a file is to be read; what is empty is detected."""

    sheet: str = ""  # name of the sheet, or its number from 1 ("2"); "" is the first
    delimiter: str = ""
    quote: str = ""  # quote character; "none" for a file that does not quote
    encoding: str = ""
    path: str = ""  # which nested elements or objects are records ("EXPORT/PRJ", "data/items")


DETECT = Options()


@dataclass(frozen=True, slots=True)
class Flaw:
    """Why one cell cannot be trusted: an error value, a formula without its result, spoilt letters."""

    cs: str
    en: str


@dataclass(frozen=True, slots=True)
class Cells:
    """A row of a table as it stands, its number as people see it, and its flawed cells by index from 0."""

    line: int
    values: list[str]
    flaws: Mapping[int, Flaw] = field(default_factory=dict)


def _spot(line: int, record: int) -> str:
    return (str(line) if line else "") + (f"#{record}" if record else "")


@dataclass(frozen=True, slots=True)
class Row:
    """One record's raw values, the line it begins on and which record of the file it is.

    A line of 0 is not known, a record of 0 is the whole file, or has a line of its own.
    """

    line: int
    values: Mapping[str, Any]
    record: int = 0

    @property
    def spot(self) -> str:
        """The place in the file: "4", "1#3" for the third record of a file written on one line, "" for all of it."""
        return _spot(self.line, self.record)


@dataclass(frozen=True, slots=True)
class Fault:
    """What cannot be read, where it begins (as in `Row`) and why: a row, or all that follows."""

    line: int
    cs: str
    en: str
    record: int = 0
    kind: str = "row-unreadable"  # or "file-incomplete": nothing after it can be read

    @property
    def spot(self) -> str:
        """The place in the file, as of a `Row`."""
        return _spot(self.line, self.record)


def header_of(cells: list[str]) -> list[str]:
    """Return the names of the columns; raise `UnreadableFileError` when one is empty or stands twice."""
    names = [name.strip() for name in cells]
    while names and not names[-1]:
        names.pop()
    if len(set(names)) < len(names) or not all(names):
        raise UnreadableFileError(
            "záhlaví má prázdný nebo opakovaný název sloupce", "the header has an empty or repeated name"
        )
    return names
