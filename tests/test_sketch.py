"""A sketch of a source: what it guesses is right where the file says so, and always loads and runs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import xlsxwriter

from lod import cli, config
from lod.config import SourceConfig
from lod.errors import UnreadableFileError
from lod.model import Record
from lod.sketch import sketch
from lod.sources import read_file

from .conftest import HEAD, REPOSITORY

REGISTERS = REPOSITORY.parent / "shared" / "registers"

ROWS = [
    ["CZ.1.04/3.1.00/05.00099", "Oprava školy", "Olomoucký kraj", "60609460", "1. 2. 2010", "1 234,50", "x"],
    ["CZ.1.04/3.1.00/05.00100", "Nový most", "MPSV", "00551023", "1. 3. 2010", "2 000,00", "y"],
    ["CZ.1.04/3.1.00/05.00101", "Úprava řeky", "MPSV", "00551023", "1. 4. 2010", "3 000,00", "z"],
]
NAMES = [
    "Reg. číslo projektu",
    "Název projektu",
    "Název příjemce",
    "Kód",
    "Datum zahájení",
    "Příspěvek EU (v tis. Kč)",
    "P",
]


def source(path: Path) -> SourceConfig:
    settings = path.parent / "lod.toml"
    settings.write_text(HEAD + sketch(path), "utf-8")
    (made,) = config.load(settings).sources
    return made


def records(path: Path, made: SourceConfig) -> list[Record]:
    return [item for item in read_file(path, made, path.name) if isinstance(item, Record)]


def test_columns_are_known_by_headers_and_by_values(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("\r\n".join(";".join(row) for row in [NAMES, *ROWS]).encode("windows-1250"))
    made = source(path)
    assert set(made.columns) == {"registration_number", "title", "beneficiary", "ico", "start", "eu"}
    text = sketch(path)
    assert 'ico = "Kód"  # podle hodnot' in text
    assert 'unit = 1_000, decimal = ","' in text
    assert '"P",  # např. / e.g. x' in text
    assert [record.values["title"] for record in records(path, made)] == [row[1] for row in ROWS]


def test_titles_split_headers_and_notes_are_found(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    second = ["Number", "Project title", "Beneficiary", "Code", "Start", "EU contribution", "P"]
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("Úvod").write(0, 0, "Seznam operací")
        sheet = book.add_worksheet("Projekty")
        rows = [["Seznam operací 2010"], [], NAMES, second, *ROWS, [], ["Legenda"], ["x", "zrušen"], ["y", "běží"]]
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    text = sketch(path)
    assert 'sheet = "Projekty"  # další listy / other sheets: Úvod' in text
    assert "header = 3\nheader_rows = 2" in text
    assert 'until = [""]' in text
    found = records(path, source(path))
    assert [record.values["title"] for record in found] == [row[1] for row in ROWS]


def test_a_total_row_ends_the_data(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    total = ["Celkem", "", "", "", "", "6 234,50", ""]
    path.write_text("\n".join(";".join(row) for row in [NAMES, *ROWS, total]), "utf-8")
    assert 'until = ["Celkem*"]' in sketch(path)
    assert len(records(path, source(path))) == 3


def test_nested_records_are_found(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    items = [{"cislo projektu": row[0], "nazev": row[1], "zadatel": {"ico": row[3]}} for row in ROWS]
    path.write_text(json.dumps({"verze": 1, "data": {"projekty": items}}), "utf-8")
    made = source(path)
    assert made.options.path == "data/projekty"
    assert set(made.columns) == {"registration_number", "title", "ico"}
    assert len(records(path, made)) == 3


def test_our_own_layout_needs_no_columns(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("nazev,ico\nA,00551023\n", "utf-8")
    assert source(path).kind == "records"


@pytest.mark.parametrize("content", [b"", b"\n\n", b"%PDF-1.7", b"\x00\x01\x02"])
def test_what_cannot_be_read_is_told(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    with pytest.raises(UnreadableFileError):
        sketch(path)


def test_the_command_prints_what_check_can_use(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "vstup" / "a.csv"
    path.parent.mkdir()
    path.write_text("\n".join(";".join(row) for row in [NAMES, *ROWS]), "utf-8")
    settings = tmp_path / "lod.toml"
    assert cli.main(["source", "sketch", str(path), "--config", str(settings)]) == 0
    settings.write_text(HEAD + capsys.readouterr().out, "utf-8")
    assert cli.main(["check", "--config", str(settings)]) == 0
    assert "záznamů / records 3, chyb / violations 0" in capsys.readouterr().err


@pytest.mark.skipif(not REGISTERS.exists(), reason="the real registers are not here")
@pytest.mark.parametrize(
    ("name", "count", "fields"),
    [
        ("dotaceeu-seznam-operaci-2014-2020-2016.xlsx", 1772, {"title", "registration_number", "eligible", "eu"}),
        ("czechinvest-investicni-pobidky.xls", 1319, {"beneficiary", "ico", "total"}),
        ("cz-projects-2007-2013-top.csv", 3707, {"title", "ico", "beneficiary"}),
        ("cz-organisations.csv.gz", 24453, {"ico", "beneficiary", "town"}),
    ],
)
def test_real_registers(tmp_path: Path, name: str, count: int, fields: set[str]) -> None:
    path = tmp_path / name
    path.symlink_to(REGISTERS / name)
    made = source(path)
    assert fields <= set(made.columns)
    assert len(records(path, made)) == count
