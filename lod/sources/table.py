"""Any table or nested export, by its `[[source]]` in lod.toml alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from .. import clean
from ..config import SourceConfig
from ..model import Finding, Record
from .grouping import Groups
from .mapping import Mapper, refusing
from .rows import read as data_rows
from .tally import Tally
from .views import View

__all__ = ["read"]


def read(path: Path, source: SourceConfig, shown: str) -> Iterator[Record | Finding]:
    """Yield a record a row, or a group of rows; what is left out is counted in findings at the end.

    Raise `UnreadableFileError` when the file is not what it should be, or lacks a column.
    """
    tally = Tally(source.name, shown)
    mapper = Mapper(source, tally)
    groups = Groups(source, tally, mapper.labels)
    for row in data_rows(path, source, tally):
        if isinstance(row, Finding):
            yield row
        elif not _left_out(source, row.line, row.view, tally):
            values = mapper.values(row.line, row.view, row.flaws)
            yield from mapper.told
            yield from mapper.refusals
            if source.group:
                key = tuple(clean.text(next(iter(row.view.texts(name)), "")) for name in source.group)
                yield from groups.add(key, row.line, values, refused=bool(mapper.refusals))
            elif not mapper.refusals:
                yield Record(source.name, tally.place(row.line), values, mapper.labels)
    yield from groups.rest()
    mapper.spellings.tell()
    yield from tally.findings()


def _left_out(source: SourceConfig, line: int, view: View, tally: Tally) -> bool:
    """Whether the source leaves the row out by a value; it is counted."""
    name = refusing(view, source.where, source.unless)
    if name is None:
        return False
    value = clean.text(next(iter(view.texts(name)), ""))
    tally.count(
        "rows-left-out",
        f"řádků vynechaných podle sloupce {name}: {{n}}",
        f"rows left out because of the column {name}: {{n}}",
        line=line,
        field=name,
        value=value,
    )
    return True
