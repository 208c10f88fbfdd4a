"""Workbooks as clerks make them, and the templates we give them."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from lod import readers, tidy
from lod.errors import UnreadableFileError
from lod.readers import Fault, Row
from lod.template import template

from .conftest import Site


def workbook(path: Path, *rows: list[Any]) -> Path:
    with xlsxwriter.Workbook(path, {"default_date_format": "d.m.yyyy"}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return path


def test_cells_read_as_their_author_sees_them(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "a.xlsx",
        [],
        ["nazev", "ico", "zahajeni", "castka_celkem", "ovm"],
        ["Škola", 60609460, date(2010, 2, 1), 1234.5, True],
        [],
        ["Most"],
    )
    assert list(readers.read(path)) == [
        Row(
            3, {"nazev": "Škola", "ico": "60609460", "zahajeni": "2010-02-01", "castka_celkem": "1234.5", "ovm": "ano"}
        ),
        Row(5, {"nazev": "Most", "ico": "", "zahajeni": "", "castka_celkem": "", "ovm": ""}),
    ]


def test_cells_beyond_the_header_are_not_lost_silently(tmp_path: Path) -> None:
    found = list(readers.read(workbook(tmp_path / "a.xlsx", ["nazev"], ["A", "navíc"], ["B"])))
    assert [type(row) for row in found] == [Fault, Row]
    assert found[0].line == 2


@pytest.mark.parametrize("rows", [[], [["nazev", "nazev"]], [["nazev", "", "ico"]]])
def test_a_workbook_without_a_clear_header_is_refused(tmp_path: Path, rows: list[list[str]]) -> None:
    with pytest.raises(UnreadableFileError):
        list(readers.read(workbook(tmp_path / "a.xlsx", *rows)))


@pytest.mark.parametrize("suffix", [".xlsx", ".ods", ".xls"])
@pytest.mark.parametrize("content", [b"nazev,ico\n", b"PK\x03\x04 broken", b"\xd0\xcf\x11\xe0 broken", b"<html>"])
def test_what_is_no_workbook_is_said_so(tmp_path: Path, suffix: str, content: bytes) -> None:
    path = tmp_path / f"a{suffix}"
    path.write_bytes(content)
    with pytest.raises(UnreadableFileError):
        list(readers.read(path))


def test_two_cells_far_apart_do_not_take_the_build_down(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "nazev")
        sheet.write(1_048_575, 16_383, "x")
    assert [(type(row), row.line) for row in readers.read(path)] == [(Fault, 1_048_576)]


def test_a_dropped_workbook_is_published(site: Site) -> None:
    (site.folder / "records").mkdir(exist_ok=True)
    workbook(site.folder / "records" / "a.xlsx", ["nazev", "ico", "prijemce"], ["Škola", 551023, "MPSV"])
    checked = site.check()
    assert f"{site.config.base}zdroj/projekty/00551023-skola" in checked.described


def test_templates_have_every_column_and_read_back(tmp_path: Path) -> None:
    flat = [item.name for item in tidy.FIELDS if not item.parts]
    header = next(csv.reader(io.StringIO(template("csv").decode("utf-8-sig"))))
    assert header == flat
    assert set(json.loads(template("json"))[0]) == {item.name for item in tidy.FIELDS}
    path = tmp_path / "a.xlsx"
    path.write_bytes(template("xlsx"))
    book = CalamineWorkbook.from_path(str(path))
    assert book.get_sheet_by_index(0).to_python()[0] == flat
    guide = book.get_sheet_by_index(1).to_python()
    assert [row[0] for row in guide[1:]] == flat
    assert all(all(row) for row in guide)
