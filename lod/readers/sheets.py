"""XLS and ODS, and what all workbooks share: which sheet, and how a number is written."""

from __future__ import annotations

import resource
import zipfile
from collections.abc import Iterator, Sequence
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor
from datetime import date, datetime, timedelta
from decimal import Decimal
from multiprocessing import get_context
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, ZipError

from ..errors import UnreadableFileError
from .files import kind, unpacked
from .rows import Cells, Fault, Flaw, Options

__all__ = ["broken_archive", "cells", "chosen", "number_text", "sheet_names"]

# A workbook is a ZIP that may lie about its size; what it unpacks to is bounded before it is parsed,
# and it is parsed by a process that may take this much memory and time, and no more.
_MOST_BYTES = 256 << 20
_MOST_MEMORY = 900 << 20
_MOST_SECONDS = 25
_ERRORS = {"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#DATA!"}


def broken_archive(error: zipfile.BadZipFile) -> UnreadableFileError:
    """Return the error for a workbook whose ZIP cannot be read; one that ends early lacks its list of parts."""
    if "not a zip file" in str(error):
        return UnreadableFileError(
            "sešit končí předčasně, není celý; stáhněte nebo uložte ho znovu",
            "the workbook ends early and is not whole; download or save it again",
            kind="file-incomplete",
        )
    return UnreadableFileError("není platný sešit (je poškozený)", f"not a valid workbook ({error})")


def chosen(names: Sequence[str], sheet: str) -> int:
    """Return the index of the sheet of this name or number; raise `UnreadableFileError` when there is none."""
    folded = [name.strip().casefold() for name in names]
    if names and not sheet:
        return 0
    if sheet in names:
        return names.index(sheet)
    if folded.count(sheet.strip().casefold()) == 1:
        return folded.index(sheet.strip().casefold())
    if sheet.isascii() and sheet.isdigit() and 0 < int(sheet) <= len(names):
        return int(sheet) - 1
    listed = ", ".join(f"{number} „{name}“" for number, name in enumerate(names, 1))
    if not names:
        raise UnreadableFileError("sešit nemá žádný list s buňkami", "the workbook has no sheet with cells")
    raise UnreadableFileError(
        f"list {sheet} v sešitu není; jsou tu {listed}", f"the workbook has no sheet {sheet}; there are {listed}"
    )


def number_text(number: float) -> str:
    """Return a number as a spreadsheet shows it: 15 significant digits, no exponent, no empty decimals."""
    if number.is_integer() and abs(number) < 1e15:
        return str(int(number))
    if number != number or number in {float("inf"), float("-inf")}:  # noqa: PLR0124 - NaN is not itself
        raise ValueError(number)
    text = format(number, ".15g")
    return format(Decimal(text), "f") if "e" in text else text


def _text(cell: object) -> str:
    """Return a cell as its author sees it; a whole number has no decimals, a date no time."""
    if isinstance(cell, bool):
        return "ano" if cell else "ne"
    if isinstance(cell, (int, float)):
        return number_text(float(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == datetime.min.time() else cell.isoformat()
    if isinstance(cell, (date, timedelta)):
        return cell.isoformat() if isinstance(cell, date) else str(cell)
    return str(cell)


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY, _MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_MOST_SECONDS, _MOST_SECONDS))


def _parse(path: str, sheet: str | None) -> tuple[list[str], list[list[str]]] | str:
    """Return the names of the sheets and the cells of one as texts, or what is wrong with the workbook."""
    try:
        book = CalamineWorkbook.from_path(path)
        names = book.sheet_names
        if sheet is None:
            return names, []
        rows = book.get_sheet_by_index(chosen(names, sheet)).to_python(skip_empty_area=False)
        return names, [[_text(cell) for cell in row] for row in rows]
    except UnreadableFileError as error:
        return f"\n{error.cs}\n{error.en}"
    except PasswordError:
        return "\nsešit je chráněn heslem\nthe workbook is protected by a password"
    except (CalamineError, ZipError, IndexError, ValueError, MemoryError) as error:
        return str(error) or type(error).__name__


def _parsed(path: Path, sheet: str | None) -> tuple[list[str], list[list[str]]]:
    """Parse in a child process: a sheet of two cells a million rows apart would be one of 16 GB."""
    try:
        with unpacked(path) as file:
            if kind(path) == ".ods":
                with zipfile.ZipFile(file) as archive:
                    size = sum(item.file_size for item in archive.infolist())
            else:
                size = file.stat().st_size
            if size > _MOST_BYTES:
                raise UnreadableFileError(
                    "sešit je po rozbalení příliš velký", "the workbook is too large when unpacked"
                )
            with ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=_limit) as executor:
                found = executor.submit(_parse, str(file), sheet).result()
    except zipfile.BadZipFile as error:
        raise broken_archive(error) from error
    except BrokenExecutor as error:
        raise UnreadableFileError(
            "sešit je na čtení příliš velký (buňky daleko od sebe)",
            "the workbook is too large to read (cells far apart)",
        ) from error
    if isinstance(found, str):
        if found.startswith("\n"):
            _, cs, en = found.split("\n")
            raise UnreadableFileError(cs, en)
        raise UnreadableFileError(
            "není platný sešit (je poškozený, nebo jiného formátu)", f"not a valid workbook ({found})"
        )
    return found


def sheet_names(path: Path) -> list[str]:
    """Return the names of the sheets, in order."""
    return _parsed(path, None)[0]


def cells(path: Path, options: Options) -> Iterator[Cells | Fault]:
    """Yield the rows of a sheet by their numbers.

    An error value of XLS comes from the library as a blank cell; only one that is kept as text is a flaw.
    """
    _, rows = _parsed(path, options.sheet)
    for number, values in enumerate(rows, 1):
        flaws = {
            index: Flaw(f"chybová hodnota {value}", f"the error value {value}")
            for index, value in enumerate(values)
            if value.startswith("#") and value in _ERRORS
        }
        yield Cells(number, values, flaws)
