"""Files to rows: formats only, nothing about registers.

A reader yields `Cells` or `Row`s, or a `Fault` for a row that it cannot read; a file that is not what its
name says raises `UnreadableFileError`. Files are streamed: memory does not grow with their rows, except for
XLS, ODS and TOML, which are bounded instead, and for the shared texts of XLSX. Any file may be gzipped
(`projekty.csv.gz`).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ..errors import UnreadableFileError
from . import delimited, markup, sheets, structured, xlsx
from .files import kind, refuse_disguise, why_not
from .rows import DETECT, Cells, Fault, Flaw, Options, Row, header_of
from .spoilt import flaws_of, spoilt

__all__ = [
    "Cells",
    "Fault",
    "Flaw",
    "Options",
    "Row",
    "cells",
    "is_readable",
    "is_table",
    "kind",
    "objects",
    "read",
    "sheet_names",
]

_DELIMITED = {".csv": delimited.cells, ".tsv": delimited.cells}
_SHEETS = {".xlsx": xlsx.cells, ".xlsm": xlsx.cells, ".xls": sheets.cells, ".ods": sheets.cells}
_TABLES = _DELIMITED | _SHEETS
_NESTED = {
    ".toml": structured.toml,
    ".json": structured.json,
    ".jsonl": structured.json_lines,
    ".ndjson": structured.json_lines,
    ".xml": markup.xml,
}


def is_readable(path: Path) -> bool:
    """Whether the file has a suffix that a reader knows."""
    return kind(path) in _TABLES | _NESTED


def is_table(path: Path) -> bool:
    """Whether the file has columns (rather than nested values)."""
    return kind(path) in _TABLES


def _unknown(path: Path) -> UnreadableFileError:
    suffix = path.suffix.lower()
    known = ", ".join(sorted(name.lstrip(".") for name in _TABLES | _NESTED))
    return UnreadableFileError(
        f"soubory {suffix or 'bez přípony'} neumíme číst; umíme {known}",
        f"{suffix or 'files without a suffix'}: cannot be read; {known} can",
    )


def cells(path: Path, options: Options = DETECT) -> Iterator[Cells | Fault]:
    """Yield every row of a table in the order of the file, blank ones and titles too; no row is a header yet.

    `Cells.line` is the physical line that a row of CSV begins on, or the number of a sheet's row.
    Raise `UnreadableFileError` when the file is no table, or cannot be read at all.
    """
    reader = _TABLES.get(kind(path))
    if reader is None:
        raise _unknown(path)
    try:
        refuse_disguise(path)
        for row in reader(path, options):
            yield flaws_of(row) if isinstance(row, Cells) else row
    except OSError as error:
        raise why_not(error) from error


def objects(path: Path, options: Options = DETECT) -> Iterator[Row | Fault]:
    """Yield the records of TOML, JSON, JSON Lines or XML as nested mappings.

    An element of XML is a mapping from the local names of its children; a repeated child is a list, an
    attribute stands under `@name`, text beside either under `#text`. `Row.line` is where a record begins (TOML
    does not say), `Row.record` its number in JSON, XML and TOML, where a line may hold any number of records.
    Raise `UnreadableFileError` when the file has no such records, or cannot be read at all.
    """
    reader = _NESTED.get(kind(path))
    if reader is None:
        raise _unknown(path)
    try:
        refuse_disguise(path)
        for row in reader(path, options):
            flaw = spoilt(row.values) if isinstance(row, Row) else None
            yield Fault(row.line, flaw.cs, flaw.en, row.record) if flaw else row
    except OSError as error:
        raise why_not(error) from error


def sheet_names(path: Path) -> list[str]:
    """Return the names of a workbook's sheets in order; none for other files."""
    if kind(path) in {".xlsx", ".xlsm"}:
        return xlsx.sheet_names(path)
    return sheets.sheet_names(path) if kind(path) in _SHEETS else []


def read(path: Path, options: Options = DETECT) -> Iterator[Row | Fault]:
    """Yield the records of nested data, or the rows of a table below its one header, the first row not blank."""
    if is_table(path):
        yield from _tidy(path, options)
    elif kind(path) in _NESTED:
        yield from objects(path, options)
    else:
        raise _unknown(path)


def _tidy(path: Path, options: Options) -> Iterator[Row | Fault]:
    header: list[str] = []
    width = 0
    exact = kind(path) in _DELIMITED  # a sheet has no say in how many cells a row has
    for row in cells(path, options):
        if isinstance(row, Fault):
            yield row
        elif not row.flaws and not any(value.strip() for value in row.values):
            continue
        elif not header:
            header, width = header_of(row.values), len(row.values)
        elif row.flaws:
            index, flaw = next(iter(row.flaws.items()))
            name = header[index] if index < len(header) else str(index + 1)
            yield Fault(row.line, f"sloupec {name}: {flaw.cs}", f"column {name}: {flaw.en}")
        elif exact and len(row.values) != width:
            yield Fault(
                row.line,
                f"počet buněk v řádku: {len(row.values)}, v záhlaví: {width}",
                f"the row has {len(row.values)} cells, the header {width}",
            )
        elif any(value.strip() for value in row.values[len(header) :]):
            yield Fault(row.line, "řádek má buňky mimo záhlaví", "the row has cells beyond the header")
        else:
            padded = row.values[: len(header)] + [""] * (len(header) - len(row.values))
            yield Row(row.line, dict(zip(header, padded, strict=True)))
    if not header:
        raise UnreadableFileError("tabulka je prázdná", "the table is empty")
