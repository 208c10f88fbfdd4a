"""Every row as it stands, until the readers do it themselves."""

from __future__ import annotations

import csv
import gzip
import io
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from python_calamine import CalamineWorkbook

from . import structured
from .rows import Fault, Row
from .sheets import _text


@dataclass(frozen=True, slots=True)
class Options:
    sheet: str = ""
    delimiter: str = ""
    quote: str = ""
    encoding: str = ""
    path: str = ""


@dataclass(frozen=True, slots=True)
class Cells:
    line: int
    values: list[str]


def cells(path: Path, options: Options) -> Iterator[Cells | Fault]:
    if path.suffix in {".xlsx", ".xls", ".ods"}:
        book = CalamineWorkbook.from_path(str(path))
        sheet = book.get_sheet_by_name(options.sheet) if options.sheet else book.get_sheet_by_index(0)
        for n, row in enumerate(sheet.to_python(skip_empty_area=False), 1):
            yield Cells(n, [_text(c) for c in row])
        return
    data = path.read_bytes()
    if path.suffix == ".gz":
        data = gzip.decompress(data)
    text = data.decode(options.encoding or "utf-8-sig")
    delimiter = options.delimiter or max(",;\t|", key=text[:2000].count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    line = 1
    for row in rows:
        yield Cells(line, row)
        line = rows.line_num + 1


def _tree(e: ET.Element) -> Any:
    made: dict[str, Any] = {"@" + k.rpartition("}")[2]: v for k, v in e.attrib.items()}
    for c in e:
        name = c.tag.rpartition("}")[2]
        value = _tree(c)
        if name in made:
            if not isinstance(made[name], list):
                made[name] = [made[name]]
            made[name].append(value)
        else:
            made[name] = value
    text = (e.text or "").strip()
    if not made:
        return text
    if text:
        made["#text"] = text
    return made


def objects(path: Path, options: Options) -> Iterator[Row | Fault]:
    if path.suffix == ".xml":
        for n, e in enumerate(ET.parse(path).getroot(), 1):
            yield Row(n, _tree(e))
    else:
        yield from {".toml": structured.toml, ".json": structured.json, ".jsonl": structured.json_lines}[path.suffix](
            path
        )
