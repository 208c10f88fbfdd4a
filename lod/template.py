"""An empty file in the tidy layout, for whoever fills it in."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import xlsxwriter

from .tidy import FIELDS, Field

__all__ = ["template"]


def _flat() -> list[Field]:
    """Return the columns that a plain table can hold."""
    return [item for item in FIELDS if not item.parts]


def _empty(fields: tuple[Field, ...]) -> dict[str, Any]:
    return {
        item.name: [_empty(item.parts)] if item.kind == "parts" else _empty(item.parts) if item.parts else ""
        for item in fields
    }


def template(kind: str) -> bytes:
    """Return an empty file: csv (a header), json (one empty object), or xlsx (with a sheet that explains)."""
    if kind == "json":
        return json.dumps([_empty(FIELDS)], ensure_ascii=False, indent=1).encode() + b"\n"
    if kind == "csv":
        buffer = io.StringIO()
        csv.writer(buffer, lineterminator="\n").writerow(item.name for item in _flat())
        return b"\xef\xbb\xbf" + buffer.getvalue().encode()  # with the mark, Excel reads it as UTF-8
    return _workbook()


def _workbook() -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        bold = book.add_format({"bold": True})
        text = book.add_format({"num_format": "@"})  # so that 00551023 keeps its zeros
        sheet = book.add_worksheet("projekty")
        sheet.freeze_panes(1, 1)
        for number, item in enumerate(_flat()):
            sheet.write_string(0, number, item.name, bold)
            sheet.set_column(number, number, max(14, len(item.name) + 2), text)
        guide = book.add_worksheet("vysvětlivky")
        guide.freeze_panes(1, 0)
        for number, (title, width) in enumerate((("sloupec", 26), ("column", 26), ("význam", 60), ("meaning", 60))):
            guide.write_string(0, number, title, bold)
            guide.set_column(number, number, width)
        for line, item in enumerate(_flat(), 1):
            for number, value in enumerate((item.name, item.english, item.cs, item.en)):
                guide.write_string(line, number, value)
    return buffer.getvalue()
