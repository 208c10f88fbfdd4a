"""CSV and its relatives (RFC 4180): a header, then one row a record."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path

from ..errors import UnreadableFileError
from .rows import Fault, Row, header_of

__all__ = ["read"]

_DELIMITERS = ",;\t|"


def _delimiter(path: Path, encoding: str) -> str:
    """Return the delimiter that the header line uses most."""
    with path.open(encoding=encoding, newline="") as file:
        header = re.sub(r'"[^"]*"', "", next((line for line in file if line.strip()), ""))
    return max(_DELIMITERS, key=header.count)


def read(path: Path, *, delimiter: str = "", encoding: str = "utf-8") -> Iterator[Row | Fault]:
    """Yield each row with the line it begins on; a row that does not fit the header is a `Fault`."""
    shown = encoding
    encoding = "utf-8-sig" if encoding.lower() in {"utf-8", "utf8"} else encoding
    try:
        delimiter = delimiter or _delimiter(path, encoding)
        with path.open(encoding=encoding, newline="") as file:
            rows = csv.reader(file, delimiter=delimiter, strict=True)
            header = next(([name.strip() for name in cells] for cells in rows if any(map(str.strip, cells))), [])
            if not header:
                raise UnreadableFileError("soubor je prázdný", "the file is empty")
            header = header_of(header)
            line = rows.line_num + 1
            for cells in rows:
                begins, line = line, rows.line_num + 1
                if not any(cell.strip() for cell in cells):
                    continue
                if len(cells) != len(header):
                    yield Fault(
                        begins,
                        f"počet buněk v řádku: {len(cells)}, v záhlaví: {len(header)}",
                        f"the row has {len(cells)} cells, the header {len(header)}",
                    )
                    continue
                yield Row(begins, dict(zip(header, cells, strict=True)))
    except UnicodeDecodeError as error:
        raise UnreadableFileError(
            f"soubor není v kódování {shown} (bajt {error.start}); nastavte encoding, např. windows-1250",
            f"the file is not in {shown} (byte {error.start}); set encoding, such as windows-1250",
        ) from error
    except LookupError as error:
        raise UnreadableFileError(f"neznámé kódování {encoding}", f"unknown encoding {encoding}") from error
    except csv.Error as error:
        raise UnreadableFileError(
            f"řádek {rows.line_num}: není platné CSV ({error})",
            f"line {rows.line_num}: not valid CSV ({error})",
        ) from error
