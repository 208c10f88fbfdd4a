"""Any table, by its `[[source]]` in lod.toml alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from .. import readers
from ..config import Column, SourceConfig
from ..errors import UnreadableFileError
from ..model import Finding, PrintedAmount, Record, Severity
from ..tidy import FIELDS

__all__ = ["read"]

_AMOUNTS = {field.english for field in FIELDS if field.kind == "amount"}


def _value(column: Column, cells: Mapping[str, str], *, is_amount: bool) -> object:
    """Return what the field gets from this row: a text, or a text with how to read its number."""
    if column.constant is not None:
        return column.constant
    if any(cells.get(name, "").strip() in values for name, values in column.unless.items()):
        return ""
    raw = cells.get(column.column, "")
    raw = column.codes.get(raw.strip(), raw)
    if is_amount and raw.strip():
        return PrintedAmount(raw, column.decimal, column.unit)
    return raw


def read(path: Path, source: SourceConfig, shown: str) -> Iterator[Record | Finding]:
    """Yield a record a row; a missing column is fatal for the file, an unread one is told once."""
    rows = readers.read(path, delimiter=source.delimiter, encoding=source.encoding)
    wanted = {column.column: column for column in source.columns.values() if column.column}
    labels = {name: column.column or name for name, column in source.columns.items()}
    audited = False
    for row in rows:
        place = f"{shown}:{row.line}"
        if isinstance(row, readers.Fault):
            yield Finding(
                severity=Severity.VIOLATION,
                place=place,
                field="",
                cs=row.cs,
                en=row.en,
                kind="row-unreadable",
                source=source.name,
            )
            continue
        if not audited:
            audited = True
            yield from _audit(row.values, wanted, source, shown)
        values = {
            name: _value(column, row.values, is_amount=name in _AMOUNTS) for name, column in source.columns.items()
        }
        yield Record(source.name, place, values, labels)


def _audit(
    cells: Mapping[str, str], wanted: Mapping[str, Column], source: SourceConfig, shown: str
) -> Iterator[Finding]:
    missing = [name for name, column in wanted.items() if name not in cells and not column.optional]
    if missing:
        listed = ", ".join(missing)
        raise UnreadableFileError(f"chybí sloupce: {listed}", f"columns are missing: {listed}")
    conditions = {name for column in wanted.values() for name in column.unless}
    for name in cells:
        if name not in wanted and name not in source.ignore and name not in conditions:
            yield Finding(
                severity=Severity.WARNING,
                place=shown,
                field=name,
                cs=f"sloupec {name} nikdo nečte; přidejte ho do columns nebo ignore",
                en=f"nobody reads the column {name}; add it to columns or ignore",
                kind="column-unread",
                source=source.name,
            )
