"""XLSX (ECMA-376): one sheet, streamed row by row.

Measured on 100,000 and 300,000 rows of 20 columns: python-calamine holds the whole sheet (160 and 459 MB);
openpyxl streams (67 and 144 MB, of which the shared texts grow), but neither refuses a DTD nor tells a formula
without its result from an empty cell, and it is no faster than these few pages over lxml (48 and 91 MB).
The sheet's declared dimension is not believed, links to other files are not followed.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import IO

from lxml import etree

from ..errors import UnreadableFileError
from .files import bounded, unpacked
from .markup import BrokenError, elements, forget, local
from .rows import Cells, Fault, Flaw, Options
from .sheets import broken_archive, chosen, number_text

__all__ = ["cells", "sheet_names"]

_LARGEST_ROW = 16 << 20  # bytes of XML from one row to the next
_MOST_SHARED = 384 << 20  # bytes of memory for shared texts: about three million of them
_MOST_CELLS = 100_000_000  # blank ones up to the last column of each row included
_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384
# Formats of dates that every workbook has without saying so (ECMA-376 part 1, 18.8.30).
_DATES = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}
_PLAIN = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]*[1-9])?")  # a number that is its own text
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")


@dataclass(frozen=True, slots=True)
class _Sheet:
    name: str
    part: str


@dataclass(frozen=True, slots=True)
class _Book:
    archive: zipfile.ZipFile
    sheets: list[_Sheet]
    epoch: datetime
    parts: dict[str, str]  # kind of relation -> part: "styles", "sharedStrings"

    def open(self, part: str) -> IO[bytes]:
        item = self.archive.getinfo(part)
        return bounded(self.archive.open(item), item.compress_size)


def _relations(book: zipfile.ZipFile, part: str) -> dict[str, tuple[str, str]]:
    """Return id -> (kind, part) of the relations inside the file."""
    folder, name = posixpath.split(part)
    item = book.getinfo(f"{folder}/_rels/{name}.rels".lstrip("/"))
    made = {}
    for relation in elements(bounded(book.open(item), item.compress_size), "Relationship"):
        if relation.get("TargetMode") != "External":
            target = posixpath.normpath(posixpath.join("/" + folder, relation.get("Target", ""))).lstrip("/")
            made[relation.get("Id", "")] = relation.get("Type", "").rpartition("/")[2], target
    return made


@contextmanager
def _opened(path: Path) -> Iterator[_Book]:
    """Open the workbook; whatever is wrong with it becomes `UnreadableFileError`."""
    try:
        with unpacked(path) as file, zipfile.ZipFile(file) as archive:
            top = _relations(archive, "")
            part = next((part for kind, part in top.values() if kind == "officeDocument"), "xl/workbook.xml")
            relations = _relations(archive, part)
            item = archive.getinfo(part)
            sheets, epoch = [], datetime(1899, 12, 30)  # noqa: DTZ001 - a workbook knows no time zones
            for element in elements(bounded(archive.open(item), item.compress_size)):
                if local(element.tag) == "workbookPr" and element.get("date1904") in {"1", "true"}:
                    epoch = datetime(1904, 1, 1)  # noqa: DTZ001
                elif local(element.tag) == "sheet":
                    ids = [value for name, value in element.attrib.items() if local(name) == "id"]
                    kind, target = relations.get(str(ids[0]) if ids else "", ("", ""))
                    if kind == "worksheet":
                        sheets.append(_Sheet(element.get("name", ""), target))
            yield _Book(archive, sheets, epoch, dict(relations.values()))
    except BrokenError as error:
        raise UnreadableFileError(
            f"není platný sešit (chyba v jeho XML: {error.cs})", f"not a valid workbook (in its XML: {error.en})"
        ) from error
    except zipfile.BadZipFile as error:
        raise broken_archive(error) from error
    except (KeyError, RuntimeError, NotImplementedError, ValueError, EOFError) as error:
        raise UnreadableFileError(
            "není platný sešit (chybí v něm některá část)", f"not a valid workbook ({error})"
        ) from error


def sheet_names(path: Path) -> list[str]:
    """Return the names of the sheets, in order."""
    with _opened(path) as book:
        return [sheet.name for sheet in book.sheets]


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda found: chr(int(found.group(1), 16)), text) if "_x" in text else text


def _text(element: etree._Element) -> str:
    """Return the text of a shared or inline string; phonetic runs are no part of it."""
    parts = []
    for child in element:
        name = local(child.tag)
        if name == "t":
            parts.append(child.text or "")
        elif name == "r":
            parts += [run.text or "" for run in child if local(run.tag) == "t"]
    return _unescaped("".join(parts))


def _shared(book: _Book) -> list[str]:
    part = book.parts.get("sharedStrings")
    texts: list[str] = []
    size = 0
    if part and part in book.archive.namelist():
        with book.open(part) as file:
            for element in elements(file, "si", _LARGEST_ROW):
                text = _text(element)
                texts.append(text)
                size += 64 + 2 * len(text)
                if size > _MOST_SHARED:
                    raise UnreadableFileError(
                        "sešit má příliš mnoho různých textů; uložte list jako CSV",
                        "the workbook has too many different texts; save the sheet as CSV",
                    )
                forget(element)
    return texts


def _is_date(code: str) -> bool:
    """Whether a number format shows a date or a time."""
    plain = re.sub(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', "", code, flags=re.IGNORECASE)
    return plain.lower() != "general" and re.search("[dmyhs]", plain, re.IGNORECASE) is not None


def _dates(book: _Book) -> frozenset[str]:
    """Return the numbers of the cell styles that show dates."""
    part = book.parts.get("styles")
    if not part or part not in book.archive.namelist():
        return frozenset()
    formats: dict[int, bool] = {}
    found: set[str] = set()
    with book.open(part) as file:
        for element in elements(file):
            name = local(element.tag)
            if name == "numFmt":
                formats[int(element.get("numFmtId", "0"))] = _is_date(element.get("formatCode", ""))
            elif name == "cellXfs":
                for number, style in enumerate(element):
                    known = int(style.get("numFmtId", "0"))
                    if formats.get(known, known in _DATES):
                        found.add(str(number))
    return frozenset(found)


def _date(number: float, epoch: datetime) -> str:
    """Return a serial number as ISO 8601: a date, a time of day below 1, both where there is a time."""
    if epoch.year == 1899 and 0 < number < 60:
        number += 1  # the leap day of 1900 that never was
    moment = epoch + timedelta(seconds=round(number * 86_400))
    if 0 <= number < 1:
        return moment.time().isoformat()
    return moment.date().isoformat() if moment.time() == time() else moment.isoformat()


@cache
def _letters(letters: str) -> int:
    index = 0
    for sign in letters:
        index = index * 26 + ord(sign) - 64
    return index - 1


def _column(reference: str) -> int:
    """Return the index of a column from 0: of "AB12" it is 27; -1 where there is none."""
    letters = reference.rstrip("0123456789")
    return _letters(letters) if len(letters) <= 3 and letters.isascii() and letters.isupper() else -1


class _Reader:
    def __init__(self, book: _Book) -> None:
        self.shared = _shared(book)
        self.dates = _dates(book)
        self.epoch = book.epoch

    def cell(self, element: etree._Element, space: str) -> tuple[str, Flaw | None]:
        """Return the text of a cell as its author sees it, and what is wrong with it; `space` begins each tag."""
        formula = None
        for child in element:
            name = child.tag
            if name == f"{space}v":
                return self._shown(element, child.text or "")
            if name == f"{space}is":
                return _text(child), None
            if name == f"{space}f":
                formula = child.text or ""
        if formula is None:
            return "", None
        return f"={formula}", Flaw(
            f"vzorec ={formula} nemá uložený výsledek; otevřete sešit a uložte ho",
            f"the formula ={formula} has no stored result; open the workbook and save it",
        )

    def _shown(self, element: etree._Element, raw: str) -> tuple[str, Flaw | None]:
        kind = element.get("t", "n")
        if kind == "n":
            return self._number(raw, element.get("s", "")), None
        if kind == "s":
            return self.shared[int(raw)], None
        if kind == "b":
            return "ano" if raw.strip() in {"1", "true"} else "ne", None
        if kind == "d":
            return raw.removesuffix("T00:00:00"), None
        flaw = Flaw(f"chybová hodnota {raw}", f"the error value {raw}") if kind == "e" else None
        return _unescaped(raw), flaw

    def _number(self, raw: str, style: str) -> str:
        if style not in self.dates and len(raw) < 16 and _PLAIN.fullmatch(raw):
            return raw
        if not raw.strip():
            return ""
        number = float(raw)
        if style in self.dates:
            try:
                return _date(number, self.epoch)
            except (OverflowError, ValueError):
                return number_text(number)  # Excel itself shows ##### for it
        return number_text(number)

    def row(self, element: etree._Element, line: int) -> Cells | Fault:
        values: list[str] = []
        flaws: dict[int, Flaw] = {}
        space = str(element.tag).removesuffix("row")
        tag, at = f"{space}c", 0
        for cell in element:
            if cell.tag != tag:
                continue
            if reference := cell.get("r"):
                index = _column(reference)
                if not at <= index < _LAST_COLUMN:
                    return Fault(
                        line, f"buňka na nemožném místě {reference}", f"a cell in an impossible place {reference}"
                    )
                if index > at:
                    values += [""] * (index - at)
                    at = index
            try:
                text, flaw = self.cell(cell, space)
            except (ValueError, IndexError):
                text = "".join(map(str, cell.itertext()))
                flaw = Flaw("buňka má neplatnou hodnotu", "the cell has an invalid value")
            values.append(text)
            if flaw:
                flaws[at] = flaw
            at += 1
        return Cells(line, values, flaws)


def cells(path: Path, options: Options) -> Iterator[Cells | Fault]:
    """Yield the rows of a sheet by their numbers, rows that the file leaves out as blank ones."""
    with _opened(path) as book:
        sheet = book.sheets[chosen([sheet.name for sheet in book.sheets], options.sheet)]
        reader = _Reader(book)
        line = count = 0
        with book.open(sheet.part) as file:
            try:
                for element in elements(file, "row", _LARGEST_ROW):
                    number = int(element.get("r", line + 1))
                    if not line < number <= _LAST_ROW:
                        raise UnreadableFileError(
                            f"řádky listu jdou v nemožném pořadí ({number} po {line})",
                            f"the sheet's rows are in an impossible order ({number} after {line})",
                        )
                    for blank in range(line + 1, number):
                        yield Cells(blank, [])
                    line = number
                    row = reader.row(element, line)
                    count += len(row.values) if isinstance(row, Cells) else 0
                    if count > _MOST_CELLS:
                        raise UnreadableFileError(
                            f"list má přes {_MOST_CELLS} buněk", f"the sheet has over {_MOST_CELLS} cells"
                        )
                    yield row
                    forget(element)
            except BrokenError as error:
                if not line:
                    raise
                yield Fault(
                    line + 1,
                    f"sešit je za řádkem {line} poškozený a zbytek nelze číst ({error.cs})",
                    f"the workbook is damaged after row {line} and the rest cannot be read ({error.en})",
                    kind="file-incomplete",
                )
