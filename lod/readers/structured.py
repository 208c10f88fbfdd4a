"""TOML and JSON: nested records, one or several a file."""

from __future__ import annotations

import json as _json
import tomllib
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

from ..errors import UnreadableFileError
from .rows import Fault, Row

__all__ = ["json", "json_lines", "toml"]


def toml(path: Path) -> Iterator[Row | Fault]:
    """Yield the file as one record."""
    try:
        yield Row(0, tomllib.loads(path.read_text("utf-8"), parse_float=Decimal))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise UnreadableFileError(f"není platné TOML ({error})", f"not valid TOML ({error})") from error


def json_lines(path: Path) -> Iterator[Row | Fault]:
    """Yield the object of each line (https://jsonlines.org)."""
    try:
        for number, line in enumerate(path.read_text("utf-8-sig").splitlines(), 1):
            if line.strip():
                item = _json.loads(line, parse_float=Decimal)
                yield (
                    Row(number, item)
                    if isinstance(item, dict)
                    else Fault(number, "řádek není objekt", "the line is not an object")
                )
    except (ValueError, RecursionError) as error:
        raise UnreadableFileError(f"není platné JSON Lines ({error})", f"not valid JSON Lines ({error})") from error


def json(path: Path) -> Iterator[Row | Fault]:
    """Yield the object, or each object of the list (numbered from 1, as lines are)."""
    try:
        values = _json.loads(path.read_text("utf-8-sig"), parse_float=Decimal)
    except (ValueError, RecursionError) as error:
        raise UnreadableFileError(f"není platné JSON ({error})", f"not valid JSON ({error})") from error
    if isinstance(values, dict):
        yield Row(0, values)
    elif isinstance(values, list):
        for number, item in enumerate(values, 1):
            if isinstance(item, dict):
                yield Row(number, item)
            else:
                yield Fault(number, "položka není objekt", "the item is not an object")
    else:
        raise UnreadableFileError("čekáme objekt nebo seznam objektů", "expected an object or a list of objects")
