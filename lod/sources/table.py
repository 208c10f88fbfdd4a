"""Any table or nested export, by its `[[source]]` in lod.toml alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from .. import clean
from ..config import SourceConfig
from ..model import Finding, Record
from .grouping import Groups
from .mapping import Mapper
from .rows import DataRow
from .rows import read as data_rows
from .tally import Tally
from .texts import refusing

__all__ = ["read"]


def read(path: Path, source: SourceConfig, shown: str) -> Iterator[Record | Finding]:
    """Yield a record a row, or a group of rows; what is left out is counted in findings at the end.

    Raise `UnreadableFileError` when the file is not what it should be, or lacks a column.
    """
    tally = Tally(source, shown)
    mapper = Mapper(source, tally)
    groups = Groups(source, tally, mapper.labels)
    for row in data_rows(path, source, tally):
        if isinstance(row, Finding):
            yield row
            continue
        tally.begin(row.spot)
        if _left_out(source, row, tally):
            continue
        _judge(source, row, tally)
        values = mapper.values(row.view)
        yield from tally.row
        if source.group:
            key = tuple(clean.text(next(iter(row.view.texts(name)), "")) for name in source.group)
            yield from groups.add(key, row.spot, values, refused=tally.refused)
        elif not tally.refused:
            yield Record(source.name, tally.place(row.spot), values, mapper.labels)
    yield from groups.rest()
    mapper.finish()
    yield from tally.counted()


def _left_out(source: SourceConfig, row: DataRow, tally: Tally) -> bool:
    """Whether the source leaves the row out by a value; it is counted."""
    name = refusing(row.view, source.where, source.unless)
    if name is None:
        return False
    tally.count(
        "rows-left-out",
        f"řádků vynechaných podle sloupce {name}: {{n}}",
        f"rows left out because of the column {name}: {{n}}",
        field=name,
        value=clean.text(next(iter(row.view.texts(name)), "")),
    )
    return True


def _judge(source: SourceConfig, row: DataRow, tally: Tally) -> None:
    """Refuse a row with a flawed cell, unless its text is a sign for a missing value (`#N/A`)."""
    missing = {clean.text(sign).casefold() for sign in source.missing} if row.flaws else set()
    for name, flaw in row.flaws:
        if clean.text(row.view.texts(name)[0]).casefold() not in missing:
            tally.tell("cell-flawed", f"buňka: {flaw.cs}", f"the cell: {flaw.en}", field=name)
