"""XLSX, XLS and ODS: the first sheet, a header, then one row a record."""

from __future__ import annotations

import resource
import zipfile
from collections.abc import Iterator
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor
from datetime import date, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook, ZipError

from ..errors import UnreadableFileError
from .rows import Fault, Row, header_of

__all__ = ["read"]

# A workbook is a ZIP that may lie about its size; what it unpacks to is bounded before it is parsed.
_MOST_BYTES = 512 << 20
_MOST_MEMORY = 2 << 30


def _text(cell: object) -> str:
    """Return a cell as its author sees it; a whole number has no decimals, a date no time."""
    if isinstance(cell, bool):
        return "ano" if cell else "ne"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == datetime.min.time() else cell.isoformat()
    if isinstance(cell, (date, timedelta)):
        return cell.isoformat() if isinstance(cell, date) else str(cell)
    return str(cell)


def _unpacks_to(path: Path) -> int:
    with zipfile.ZipFile(path) as archive:
        return sum(item.file_size for item in archive.infolist())


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY, _MOST_MEMORY))


def _parse(path: str) -> list[list[str]] | str:
    """Return the cells of the first sheet as texts, or what is wrong with the workbook."""
    try:
        sheet = CalamineWorkbook.from_path(path).get_sheet_by_index(0)
        return [[_text(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
    except (CalamineError, ZipError, IndexError, MemoryError) as error:
        return str(error) or type(error).__name__


def _rows(path: Path) -> list[list[str]]:
    """Parse in a child process of limited memory: a sheet of two cells a million rows apart is one of 16 GB."""
    try:
        if path.suffix.lower() != ".xls" and _unpacks_to(path) > _MOST_BYTES:
            raise UnreadableFileError("sešit je po rozbalení příliš velký", "the workbook is too large when unpacked")
        with ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=_limit) as executor:
            rows = executor.submit(_parse, str(path)).result()
    except zipfile.BadZipFile as error:
        raise UnreadableFileError(f"není platný sešit ({error})", f"not a valid workbook ({error})") from error
    except BrokenExecutor as error:
        raise UnreadableFileError(
            "sešit je na čtení příliš velký (buňky daleko od sebe)",
            "the workbook is too large to read (cells far apart)",
        ) from error
    if isinstance(rows, str):
        raise UnreadableFileError(f"není platný sešit ({rows})", f"not a valid workbook ({rows})")
    return rows


def read(path: Path) -> Iterator[Row | Fault]:
    """Yield each row below the header; cells beyond the header make a row a `Fault`."""
    header: list[str] = []
    for number, texts in enumerate(_rows(path), 1):
        if not any(text.strip() for text in texts):
            continue
        if not header:
            while not texts[-1].strip():
                texts.pop()
            header = header_of(texts)
        elif any(text.strip() for text in texts[len(header) :]):
            yield Fault(number, "řádek má buňky mimo záhlaví", "the row has cells beyond the header")
        else:
            padded = texts[: len(header)] + [""] * (len(header) - len(texts))
            yield Row(number, dict(zip(header, padded, strict=True)))
    if not header:
        raise UnreadableFileError("sešit je prázdný", "the workbook is empty")
