"""A sketch of a source: what it guesses is right where the file says so, and always loads and runs."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest
import xlsxwriter

from lod import cli, config
from lod.config import SourceConfig
from lod.errors import UnreadableFileError
from lod.iris import Iris
from lod.model import Record
from lod.project import Made, project
from lod.sketch import sketch
from lod.sourceconfig import Column
from lod.sources import read_file
from lod.terms import Vocabulary

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


HEADER = ["Registrační číslo projektu", "Název projektu", "Příjemce", "IČO"]


def table(path: Path, *rows: list[str]) -> SourceConfig:
    path.write_text("\n".join(";".join(row) for row in rows), "utf-8")
    return source(path)


def made(path: Path, config: SourceConfig, vocabulary: Vocabulary) -> list[Made]:
    """Return what the records of a sketched source become."""
    iris = Iris(vocabulary.base)
    return [project(record, iris, vocabulary) for record in records(path, config)]


@pytest.mark.parametrize(
    ("days", "form"),
    [
        (["01/02/2010", "28/02/2011", "13/03/2012"], "dd/mm/yyyy"),
        (["02/01/2010", "02/28/2011", "03/13/2012"], "mm/dd/yyyy"),
        (["20100201", "20110228", "20120313"], "yyyymmdd"),
        (["40210", "40602", "1. 2. 2012"], "excel"),
        (["1. 2. 2010", "2010-02-01", "září 2006"], ""),
        (["01/02/2010", "x", "13/03/2012"], "dd/mm/yyyy"),
    ],
)
def test_forms_of_dates(tmp_path: Path, vocabulary: Vocabulary, days: list[str], form: str) -> None:
    path = tmp_path / "a.csv"
    rows = [[*row[:4], day] for row, day in zip(ROWS, days, strict=True)]
    config = table(path, [*HEADER, "Datum zahájení"], *rows)
    assert (f'date = "{form}"' in sketch(path)) == bool(form)
    assert not any(one.refused for one in made(path, config, vocabulary))


def test_signs_of_missing_values(tmp_path: Path, vocabulary: Vocabulary) -> None:
    path = tmp_path / "a.csv"
    rows = [[*ROWS[0][:3], "x", "n/a", "100"], [*ROWS[1][:4], "1. 2. 2010", "X"], [*ROWS[2][:4], "-", "Neuvedeno"]]
    config = table(path, [*HEADER, "Datum zahájení", "Dotace"], *rows)
    text = sketch(path)
    assert 'ico = { column = "IČO", missing = ["x"] }' in text
    assert 'missing = ["n/a"]' in text
    assert 'missing = ["x", "neuvedeno"]' in text
    assert [one.findings for one in made(path, config, vocabulary)] == [[], [], []]


def test_a_sign_in_the_place_of_a_name_may_be_a_person(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    table(path, HEADER, *([*row[:2], "xxx" if row is ROWS[0] else row[2], row[3]] for row in ROWS))
    assert 'prijemce = "Příjemce"' in sketch(path)


def test_rows_of_one_project_are_grouped(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    rows = [[*row[:4], place] for row in ROWS for place in ("Zlínský kraj", "Olomoucký kraj")]
    config = table(path, [*HEADER, "Místo realizace"], *rows)
    text = sketch(path)
    assert 'group = ["Registrační číslo projektu"]  # řádků téhož projektu navíc / rows more of one project: 3' in text
    assert "These differ among a project's rows: Místo realizace" in text
    found = records(path, config)
    assert [record.values["places"] for record in found] == [["Zlínský kraj", "Olomoucký kraj"]] * 3


def test_cells_of_many_values_are_split(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    rows = [[*row[:4], "Zlínský kraj, Olomoucký kraj", "Obec A | Obec B (00299308)"] for row in ROWS]
    config = table(path, [*HEADER, "Místo realizace", "Partneři"], *rows)
    assert 'split = [","]' in sketch(path)
    first = records(path, config)[0].values
    assert first["places"] == ["Zlínský kraj", "Olomoucký kraj"]
    assert first["partners"] == [{"beneficiary": "Obec A"}, {"beneficiary": "Obec B", "ico": "00299308"}]


def test_three_rows_of_a_header_with_an_english_one(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    rows = [[*row[:4], "1. 2. 2010", "1. 2. 2012"] for row in ROWS]
    config = table(
        path,
        ["Seznam operací", "", "", "", "", ""],
        ["Projekt", "", "Příjemce", "", "Období", ""],
        [*HEADER[:2], "Název příjemce", "IČO", "Datum zahájení", "Datum ukončení"],
        ["Project number", "Project title", "Beneficiary", "ID", "Start date", "End date"],
        *rows,
    )
    assert "header = 2\nheader_rows = 3" in sketch(path)
    assert {"registration_number", "title", "beneficiary", "ico", "start", "end"} == set(config.columns)
    assert len(records(path, config)) == 3


@pytest.mark.parametrize(
    ("header", "unit", "currency"),
    [
        ("Celkové náklady", 1, "CZK"),
        ("Celkové náklady (v tis. Kč)", 1_000, "CZK"),
        ("Celkové náklady v mil. Kč", 1_000_000, "CZK"),
        ("Celkové náklady [tis. EUR]", 1_000, "EUR"),
        ("Celkové náklady / mil. Kč", 1_000_000, "CZK"),
        ("Celkové náklady (€)", 1, "EUR"),
        ("Celkové náklady v PLN", 1, "PLN"),
    ],
)
def test_units_and_currencies_are_in_the_header(
    tmp_path: Path, vocabulary: Vocabulary, header: str, unit: int, currency: str
) -> None:
    path = tmp_path / "a.csv"
    config = table(path, [*HEADER, header], *([*row[:4], "12,5"] for row in ROWS))
    total = made(path, config, vocabulary)[0].project.total_cost  # type: ignore[union-attr]
    assert total is not None
    assert (total.value, total.currency_code) == (Decimal("12.5") * unit, currency)


def test_a_unit_above_the_table_holds_for_all_amounts(tmp_path: Path, vocabulary: Vocabulary) -> None:
    path = tmp_path / "a.csv"
    rows = [[*row[:4], "12,5"] for row in ROWS]
    config = table(path, ["Částky jsou uvedeny v tis. Kč", "", "", "", ""], [*HEADER, "Dotace"], *rows)
    assert made(path, config, vocabulary)[0].project.grant[0].amount.value == 12500  # type: ignore[union-attr]


def test_amounts_in_two_currencies_do_not_meet_in_one_project(tmp_path: Path, vocabulary: Vocabulary) -> None:
    path = tmp_path / "a.csv"
    rows = [[*row[:4], "27,5", "1,1"] for row in ROWS]
    config = table(path, [*HEADER, "Celkové náklady (Kč)", "Příspěvek EU (EUR)"], *rows)
    assert "jiná měna" in sketch(path)
    assert [one.findings for one in made(path, config, vocabulary)] == [[], [], []]


def test_sums_among_the_data_end_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    rows = [row[:4] for row in ROWS]
    total = ["Celkem oblast", "", "", ""]
    notes = [["", "", "", ""], ["Vypracoval odbor", "", "", ""]]
    config = table(path, HEADER, *rows[:2], total, rows[2], total, *notes)
    assert 'unless = { "Registrační číslo projektu" = ["Celkem*"] }' in sketch(path)
    assert "group" not in sketch(path)
    assert [record.values["title"] for record in records(path, config)] == [row[1] for row in rows]


def test_paths_of_nested_files_are_known_with_what_they_belong_to(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    grants = "".join(
        f'<grant nazev="{row[1]}"><prijemce ico="{row[3]}">{row[2]}</prijemce><castka mena="CZK">5</castka></grant>'
        for row in ROWS
    )
    path.write_text(f"<granty>{grants}</granty>", "utf-8")
    found = {name: spec.column for name, spec in source(path).columns.items() if isinstance(spec, Column)}
    assert found == {
        "title": "@nazev",
        "beneficiary": "prijemce",
        "ico": "prijemce/@ico",
        "grant": "castka",
        "currency": "castka/@mena",
    }


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
