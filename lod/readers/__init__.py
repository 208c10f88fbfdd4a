"""Files to rows: formats only, nothing about registers.

A reader yields `Row`s, or a `Fault` for a row that it cannot read; a file that is not what its name says
raises `UnreadableFileError`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import UnreadableFileError
from . import delimited, sheets, structured
from .rows import Fault, Row, refuse_disguise

if TYPE_CHECKING:
    from typing import Any

__all__ = ["Fault", "Row", "is_readable", "is_table", "read"]

_DELIMITED = {".csv", ".tsv"}
_SHEETS = {".xlsx", ".xls", ".ods"}
_STRUCTURED = {".toml": structured.toml, ".json": structured.json, ".jsonl": structured.json_lines}


def is_readable(path: Path) -> bool:
    """Whether the file has a suffix that a reader knows."""
    return path.suffix.lower() in {*_DELIMITED, *_SHEETS, *_STRUCTURED}


def is_table(path: Path) -> bool:
    """Whether the file has columns (rather than nested values)."""
    return path.suffix.lower() in _DELIMITED | _SHEETS


def read(path: Path, **options: Any) -> Iterator[Row | Fault]:
    """Yield the rows of a file by its suffix; `options` are a table's delimiter and encoding."""
    suffix = path.suffix.lower()
    if suffix not in {*_DELIMITED, *_SHEETS, *_STRUCTURED}:
        known = ", ".join(sorted(name.lstrip(".") for name in {*_DELIMITED, *_SHEETS, *_STRUCTURED}))
        raise UnreadableFileError(
            f"soubory {suffix or 'bez přípony'} neumíme číst; umíme {known}",
            f"{suffix or 'files without a suffix'}: cannot be read; {known} can",
        )
    try:
        refuse_disguise(path)
        if suffix in _DELIMITED:
            yield from delimited.read(path, **options)
        elif suffix in _SHEETS:
            yield from sheets.read(path)
        else:
            yield from _STRUCTURED[suffix](path)
    except OSError as error:
        raise UnreadableFileError(f"nelze číst ({error.strerror})", f"cannot be read ({error.strerror})") from error
