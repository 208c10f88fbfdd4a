"""Any table becomes records by its `[[source]]` alone, and nothing is lost silently."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lod import clean, config, sources
from lod.errors import ConfigError
from lod.model import Finding, PrintedAmount, Record, Severity

from .conftest import HEAD

SOURCE = '[[source]]\nname = "registr"\nkind = "table"\nfiles = ["in/*"]\n'


@dataclass
class Read:
    """What a file became."""

    records: list[Record] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    @property
    def values(self) -> list[dict[str, Any]]:
        return [dict(record.values) for record in self.records]

    def kinds(self, severity: Severity | None = None) -> list[str]:
        return [finding.kind for finding in self.findings if severity in {None, finding.severity}]

    def one(self, kind: str) -> Finding:
        (found,) = [finding for finding in self.findings if finding.kind == kind]
        return found


def read(folder: Path, text: str | bytes, settings: str, name: str = "a.csv", keys: str = "") -> Read:
    """Read one file by `[source.columns]` and what stands above it."""
    (folder / "in").mkdir(exist_ok=True)
    (folder / "in" / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    columns = settings if "[source" in settings else f"[source.columns]\n{settings}"
    (folder / "lod.toml").write_text(f"{HEAD}\n{SOURCE}{keys}\n{columns}\n", "utf-8")
    made = config.load(folder / "lod.toml")
    found = Read()
    for item in sources.read(made, made.sources[0]):
        (found.records if isinstance(item, Record) else found.findings).append(item)  # type: ignore[arg-type]
    return found


TableReader = Callable[..., Read]


@pytest.fixture(name="table")
def _table(tmp_path: Path) -> TableReader:
    return lambda *args, **more: read(tmp_path, *args, **more)


# Where the rows lie -----------------------------------------------------------------------------------


@pytest.mark.parametrize("above", [[], ["Název sestavy"], ["Seznam;;", "", "Stav k 1. 3. 2015;;"]])
def test_header_is_found_below_any_number_of_titles(table: TableReader, above: list[str]) -> None:
    rows = [*above, "Název;Stav;Cena", "A;B;1"]
    found = table("\n".join(rows), 'nazev = "Název"\nstav = "Stav"', keys='ignore = ["Cena"]')
    assert found.values == [{"title": "A", "status": "B"}]
    assert found.records[0].place == f"in/a.csv:{len(rows)}"
    assert found.findings == []


def test_header_can_be_given_by_its_number(table: TableReader) -> None:
    text = "Název;Pozn\nNázev;Stav\nA;B\n"
    assert table(text, 'nazev = "Název"', keys='header = 2\nignore = ["Stav"]').values == [{"title": "A"}]
    assert "row 9" in table(text, 'nazev = "Název"', keys="header = 9").findings[0].en


def test_header_of_two_rows_gives_each_column_its_group(table: TableReader) -> None:
    text = "Přehled;;;;\n\nSpolečnost;Investice mil.;;Okres;\n;EUR; CZK;;poznámka\nA;1;25,5;Zlín;\n"
    found = table(
        text,
        'nazev = "Společnost"\ncastka_celkem = { column = "Investice mil. / CZK", decimal = ",", unit = 1_000_000 }',
        keys='header_rows = 2\nignore = ["Investice mil. / EUR", "Okres"]',
    )
    assert found.values == [{"title": "A", "total": PrintedAmount("25,5", ",", Decimal(1_000_000))}]


def test_name_of_a_column_may_be_broken_over_lines(table: TableReader) -> None:
    text = ' Název\u00a0projektu;"Operační \nprogram"\nA;OP Z\n'
    found = table(text, 'nazev = "Název projektu"\nprogram = "Operační program"')
    assert found.values == [{"title": "A", "programme": "OP Z"}]


def test_missing_column_is_named_with_the_closest(table: TableReader) -> None:
    found = table("Název projektu;Cena\nA;5\n", 'nazev = "Nazev projektu"\ncastka_celkem = "Cena"')
    (finding,) = found.findings
    assert (found.records, finding.severity, finding.place) == ([], Severity.VIOLATION, "in/a.csv")
    assert "Nazev projektu (the closest is Název projektu)" in finding.en


def test_optional_column_may_be_missing(table: TableReader) -> None:
    found = table("Název\nA\n", 'nazev = "Název"\nstav = { column = "Stav", optional = true }')
    assert (found.values, found.findings) == ([{"title": "A"}], [])


def test_repeated_and_empty_names_get_stable_ones(table: TableReader) -> None:
    text = "Název;Název;;\nA;B;C;\n"
    found = table(text, 'nazev = "Název"\nnazev_en = "Název#2"\nstav = "C"')
    assert found.values == [{"title": "A", "title_en": "B", "status": "C"}]
    assert table(text, 'nazev = "Název"\nstav = "C"', keys='ignore = ["Název#2"]').findings == []
    (refused,) = table(text, 'nazev = "Název"\nstav = "C"').findings
    assert refused.severity is Severity.VIOLATION
    assert "Název#2" in refused.en


def test_data_end_where_the_first_cell_says_so(table: TableReader) -> None:
    text = "Č.;Název;Cena\n1;A;5\n2;B;6\nCelkový součet;;11\n\nPoznámka: částky v Kč;;\n"
    found = table(text, 'nazev = "Název"\ncastka_celkem = "Cena"', keys='until = ["Celk*"]\nignore = ["Č."]')
    assert [values["title"] for values in found.values] == ["A", "B"]
    below = found.one("rows-below")
    assert (below.severity, below.place, below.value) == (Severity.INFO, "in/a.csv:4", "Celkový součet")
    assert below.en.endswith(": 2")


def test_data_end_at_a_blank_row(table: TableReader) -> None:
    text = "Č.;Název;Cena\n;;\n1;A;5\n;B;6\n;;11\n;;\n1;vysvětlivka;\n"
    found = table(
        text,
        'nazev = "Název"\ncastka_celkem = "Cena"',
        keys='unless = { "Název" = [""] }\nuntil = [""]\nignore = ["Č."]',
    )
    assert [values["title"] for values in found.values] == ["A", "B"]
    assert (found.one("rows-left-out").place, found.one("rows-left-out").value) == ("in/a.csv:5", "")
    assert found.one("rows-below").en.endswith(": 1")


def test_rows_below_the_end_that_look_like_data_are_a_warning(table: TableReader) -> None:
    text = "Číslo;Název;Stav\n1;A;x\n2;B;\n\n3;C;\n4;D;y\npozn.;;\n"
    found = table(text, 'nazev = "Název"\nstav = "Stav"', keys='until = [""]\nignore = ["Číslo"]')
    alike = found.one("data-below")
    assert (alike.severity, alike.place) == (Severity.WARNING, "in/a.csv:5")
    assert alike.en.startswith("rows below the end of the data that look like data: 2")
    assert found.one("rows-below").en.endswith(": 1")


def test_rows_are_left_out_by_value_and_counted(table: TableReader) -> None:
    text = "Název;Stav;Pořadí\nA;běží;1\nA;běží;2\nB;zrušen dohodou;1\n"
    found = table(
        text,
        'nazev = "Název"',
        keys='where = { "Pořadí" = ["1"] }\nunless = { "Stav" = ["zrušen*"] }',
    )
    assert found.values == [{"title": "A"}]
    told = {f.field: (f.place, f.value, f.en[-2:]) for f in found.findings if f.kind == "rows-left-out"}
    assert told == {"Pořadí": ("in/a.csv:3", "2", " 1"), "Stav": ("in/a.csv:4", "zrušen dohodou", " 1")}


def test_row_that_does_not_fit_the_header_is_told(table: TableReader) -> None:
    found = table("Název;Stav\nA;b\nB;c;d\nC\n", 'nazev = "Název"\nstav = "Stav"')
    assert [values["title"] for values in found.values] == ["A"]
    assert [(f.kind, f.place) for f in found.findings] == [
        ("row-unreadable", "in/a.csv:3"),
        ("row-unreadable", "in/a.csv:4"),
    ]


def test_unread_column_is_told_once_with_a_value(table: TableReader) -> None:
    text = "Název;Pozn 1;Pozn 2;Prázdný;Jiný\nA;;x;;\nB;y;;;z\n"
    found = table(text, 'nazev = "Název"', keys='ignore = ["Pozn*"]')
    unread = found.one("column-unread")
    assert (unread.field, unread.value, unread.severity) == ("Jiný", "z", Severity.WARNING)


def test_findings_repeat_no_person(table: TableReader) -> None:
    text = "Č;Název;Kontakt;Starosta\n1;Most;jan@obec.example;Jan Novák\n1;Jana Malá;jan@obec.example;Jan Novák\n"
    keys = 'group = ["Č"]'
    told = str(table(text, 'nazev = "Název"', keys=keys).findings)
    assert all(secret not in told for secret in ("Novák", "Malá", "@"))
    open_ = str(table(text, 'nazev = "Název"', keys=f'{keys}\npersons = "publish"\ncontacts = "keep"').findings)
    assert all(secret in open_ for secret in ("Novák", "Malá", "@"))


# What a field takes -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ('nazev = "Název"', {"title": "Most"}),
        ('stav = { constant = "V realizaci" }', {"status": "V realizaci"}),
        ('ulice = { columns = ["Ulice", "Dům", "Prázdný"] }', {"street": "Dlouhá 5"}),
        ('shrnuti = { columns = ["Název", "Prázdný", "Dům"], join = "; " }', {"summary": "Most; 5"}),
        ('prijemce = { first = ["Prázdný", "Název", "Ulice"] }', {"beneficiary": "Most"}),
        ('slug = { column = "Dům", prefix = "most-" }', {"slug": "most-5"}),
        ('slug = "Číslo"', {"slug": "14-2015"}),
        ('uzemi = { column = "Okresy", split = [","] }', {"places": ["Zlín", "Vsetín"]}),
        ('uzemi = { column = "Okresy", split = ["/,\\\\s*/"] }', {"places": ["Zlín", "Vsetín"]}),
        ('cilove_skupiny = "Skupiny"', {"target_groups": ["senioři", "rodiny"]}),
        ('uzemi = { columns = ["Ulice", "Název"] }', {"places": ["Dlouhá", "Most"]}),
        # columns whose cells are only ticked
        ('cilove_skupiny = { name = "Pro *" }', {"target_groups": ["ženy"]}),
        (
            'cilove_skupiny = { columns = [{ column = "Pro ženy", codes = { X = "Ženy" } }, "Název"] }',
            {"target_groups": ["Ženy", "Most"]},
        ),
        ('stav = { column = "Stav", codes = { "1" = "Ukončený", "2" = "Zrušený" } }', {"status": "Zrušený"}),
        ('stav = { column = "Stav", missing = ["2"] }', {}),
        ('prijemce = { column = "Nic" }', {}),
        ('stav = { column = "Stav", where = { "Název" = ["M*"] } }', {"status": "2"}),
        ('zahajeni = { column = "Den", date = "dd/mm/yyyy" }', {"start": "2010-02-01"}),
        ('zahajeni = { column = "Den", date = "mm/dd/yyyy" }', {"start": "2010-01-02"}),
        ('zahajeni = { column = "Excel", date = "excel" }', {"start": "2006-10-10"}),
        ('zahajeni = { day = "D", month = "M", year = "R" }', {"start": "11. červen 2015"}),
        ('zahajeni = { day = "Prázdný", month = "M", year = "R" }', {"start": "červen 2015"}),
        ('zahajeni = { month = "Excel", year = "R2" }', {"start": "10. 2006"}),
        ('zahajeni = { day = "Stav", month = "Dům", year = "R" }', {"start": "2. 5. 2015"}),
        ('castka_eu = { column = "Částka", thousands = "\'" }', {"eu": PrintedAmount("1234567.5", None)}),
        ('castka_eu = { column = "Dům", currency = "EUR" }', {"eu": PrintedAmount("5 EUR", None)}),
        ('castka_eu = { column = "Dům", unit = 1000 }', {"eu": PrintedAmount("5", None, Decimal(1000))}),
        ('mena = "Měna"', {"currency": "EUR"}),
    ],
)
def test_field_takes_what_its_setting_says(table: TableReader, spec: str, expected: dict[str, Any]) -> None:
    row = {
        "Název": "Most",
        "Ulice": "Dlouhá",
        "Dům": "5",
        "Prázdný": "",
        "Číslo": "14/2015",
        "Okresy": "Zlín, Vsetín",
        "Skupiny": "senioři; rodiny",
        "Pro ženy": "X",
        "Pro muže": "-",
        "Stav": "2",
        "Nic": "nerelevantní",
        "Den": "01/02/2010",
        "Excel": "39000",
        "D": "11.",
        "M": "červen ",
        "R": "2015",
        "R2": "2006",
        "Částka": "1'234'567.5",
        "Měna": "EUR",
    }
    buffer = io.StringIO()
    csv.writer(buffer).writerows([row.keys(), row.values()])
    found = table(buffer.getvalue(), spec, keys='ignore = ["*"]\nmissing = ["Nerelevantní"]')
    assert (found.values, found.findings) == ([expected], [])


def test_date_cell_of_a_workbook_is_read_beside_any_form(table: TableReader) -> None:
    found = table("Den\n2010-02-01\n31/12/2011\n", 'zahajeni = { column = "Den", date = "dd/mm/yyyy" }')
    assert [values["start"] for values in found.values] == ["2010-02-01", "2011-12-31"]


def test_date_of_another_form_refuses_its_row(table: TableReader) -> None:
    found = table(
        "Název;Den\nA;13.02.2010\nB;01/02/2010\n", 'nazev = "Název"\nzahajeni = { column = "Den", date = "dd/mm/yyyy" }'
    )
    assert [values["title"] for values in found.values] == ["B"]
    told = found.one("date-unreadable")
    assert (told.severity, told.place, told.field, told.value) == (
        Severity.VIOLATION,
        "in/a.csv:2",
        "Den",
        "13.02.2010",
    )


@pytest.mark.parametrize("row", ["11.,,2015", "11.,6,", ",červen,", ",2006-10-10,2007"])
def test_incomplete_date_is_not_read_as_another(table: TableReader, row: str) -> None:
    found = table(f"D,M,R\n{row}\n", 'zahajeni = { day = "D", month = "M", year = "R" }')
    with pytest.raises(ValueError, match="date"):  # so that the record is refused with its words
        clean.partial_date(found.values[0]["start"])


@pytest.mark.parametrize(
    ("spec", "bad", "kind"),
    [
        ('ico = { column = "X", lenient = true }', "12345678", "ico-check-digit"),
        ('zahajeni = { column = "X", lenient = true }', "brzy", "date-unreadable"),
        ('zahajeni = { column = "X", lenient = true, date = "dd/mm/yyyy" }', "32/01/2010", "date-unreadable"),
        ('castka_eu = { column = "X", lenient = true }', "dle smlouvy", "number-unreadable"),
    ],
)
def test_lenient_column_leaves_out_what_it_cannot_read(table: TableReader, spec: str, bad: str, kind: str) -> None:
    found = table(f"Název;X\nA;{bad}\n", f'nazev = "Název"\n{spec}')
    assert found.values == [{"title": "A"}]
    told = found.one(kind)
    assert (told.severity, told.place, told.field, told.value) == (Severity.WARNING, "in/a.csv:2", "X", bad)


def test_value_that_no_code_list_has_is_told_and_kept(table: TableReader) -> None:
    text = "Název;Stav\nA;1\nB;9\nC;9\nD;\n"
    found = table(text, 'nazev = "Název"\nstav = { column = "Stav", codes = { "1" = "Ukončený" } }')
    assert [values.get("status") for values in found.values] == ["Ukončený", "9", "9", None]
    told = found.one("code-list-unknown")
    assert (told.place, told.value, told.severity) == ("in/a.csv:3", "9", Severity.WARNING)
    assert told.en.endswith("rows: 2")


def test_value_left_out_by_a_condition_is_counted_unless_another_field_has_it(table: TableReader) -> None:
    text = "Název;IČ;Cena;Měna;Ulice;Č.\nA;60609460;5;CZK;Dlouhá;5\nB;123456785;6;EUR;Długa;7\n"
    found = table(
        text,
        """
        nazev = "Název"
        ico = { column = "IČ", unless = { "IČ" = ["/[0-9]{9}/"] } }
        cizi_cislo = { column = "IČ", where = { "IČ" = ["/[0-9]{9}/"] } }
        castka_celkem = { column = "Cena", where = { "Měna" = ["CZK"] } }
        ulice = { columns = ["Ulice", "Č."], where = { "Měna" = ["CZK"] } }
        """,
    )
    assert [values.get("ico") for values in found.values] == ["60609460", None]
    assert [values.get("foreign_number") for values in found.values] == [None, "123456785"]
    told = [(f.field, f.value, f.severity, f.en[-3:]) for f in found.findings if f.kind == "value-left-out"]
    assert told == [("Cena", "6", Severity.INFO, ": 1"), ("Ulice + Č.", "Długa", Severity.INFO, ": 2")]


def test_spellings_of_ico_are_counted(table: TableReader) -> None:
    cells = ["60609460", "606 09 460", "551023", "IČ: 60609460", "12345678", ""]
    text = "Název,IČ\n" + "".join(f"A,{cell}\n" for cell in cells)
    told = table(text, 'nazev = "Název"\nico = "IČ"').one("ico-spellings")
    assert told.severity is Severity.INFO
    assert [int(number) for number in re.findall(r"\d+", told.en)] == [5, 1, 1, 1, 1, 1]


def test_flawed_cell_refuses_its_row_unless_it_is_a_sign_for_nothing(table: TableReader, tmp_path: Path) -> None:
    import xlsxwriter  # noqa: PLC0415

    with xlsxwriter.Workbook(tmp_path / "book.xlsx") as book:
        sheet = book.add_worksheet()
        for line, row in enumerate((("Název", "Cena"), ("A", 5), ("B", "=NA()"))):
            for number, cell in enumerate(row):
                if cell == "=NA()":
                    sheet.write_formula(line, number, cell, None, "#N/A")
                else:
                    sheet.write(line, number, cell)
    content = (tmp_path / "book.xlsx").read_bytes()
    columns = 'nazev = "Název"\ncastka_celkem = "Cena"'
    found = table(content, columns, name="a.xlsx")
    assert [values["title"] for values in found.values] == ["A"]
    assert (found.one("cell-flawed").place, found.one("cell-flawed").field) == ("in/a.xlsx:3", "Cena")
    kept = table(content, columns, name="a.xlsx", keys='missing = ["#N/A"]')
    assert [values["title"] for values in kept.values] == ["A", "B"]


# Parts ------------------------------------------------------------------------------------------------


def amount(text: str) -> PrintedAmount:
    return PrintedAmount(text, None)


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        (  # a part for each column that fits
            "[source.columns.platby]\nrok = { name = '/20../' }\ncastka = '/20../'",
            {"payments": [{"year": "2015", "amount": amount("100")}, {"year": "2017", "amount": amount("-20")}]},
        ),
        (
            '[source.columns.partneri]\nprijemce = "Partner * název"\nico = "Partner * IČ"',
            {
                "partners": [
                    {"beneficiary": "Obec", "ico": "60609460"},
                    {"beneficiary": "Spolek"},
                ]
            },
        ),
        (  # a part for each value of a cell; another cell goes side by side
            '[source.columns.partneri]\nprijemce = { column = "Všichni", split = [";"] }\n'
            'ico = { column = "IČ všech", split = [";"] }\nkraj = { constant = "Zlínský kraj" }',
            {
                "partners": [
                    {"region_name": "Zlínský kraj", "beneficiary": "Obec", "ico": "60609460"},
                    {"region_name": "Zlínský kraj", "beneficiary": "Spolek", "ico": "70891320"},
                ]
            },
        ),
        (  # parts one by one, in parts of their own
            '[[source.columns.aktivity]]\nnazev = "Všichni"\n'
            '[source.columns.aktivity.vystupy]\nco = { constant = "studie" }\npocet = "2015"\n'
            '[[source.columns.aktivity]]\nnazev = "2016"',
            {
                "activities": [
                    {
                        "title": "Obec;Spolek",
                        "outputs": [{"what": "studie", "quantity": amount("100")}],
                    }
                ]
            },
        ),
    ],
)
def test_parts_are_made_of_columns(table: TableReader, spec: str, expected: dict[str, Any]) -> None:
    text = (
        "2015,2016,2017,Partner 1 název,Partner 1 IČ,Partner 2 název,Partner 2 IČ,Všichni,IČ všech\n"
        "100,-,-20,Obec,60609460,Spolek,,Obec;Spolek,60609460;70891320\n"
    )
    found = table(text, spec, keys='ignore = ["*"]')
    assert (found.values, found.findings) == ([expected], [])


def test_cells_with_different_numbers_of_values_are_told(table: TableReader) -> None:
    found = table(
        "Partneři,IČ\nObec;Spolek,60609460;70891320;25286366\n",
        '[source.columns.partneri]\nprijemce = { column = "Partneři", split = [";"] }\n'
        'ico = { column = "IČ", split = [";"] }',
    )
    assert found.values == [{"partners": [{"ico": "60609460"}, {"ico": "70891320"}, {"ico": "25286366"}]}]
    assert found.one("too-many-values").value == "Obec, Spolek"


def test_values_side_by_side_stay_in_step(table: TableReader) -> None:
    found = table(
        "Partneři,IČ\nObec;Spolek;Škola,;70891320;\nObec;;Farnost,60609460;;\n",
        '[source.columns.partneri]\nprijemce = { column = "Partneři", split = [";"] }\n'
        'ico = { column = "IČ", split = [";"] }',
        keys='delimiter = ","',
    )
    assert [values["partners"] for values in found.values] == [
        [{"beneficiary": "Obec"}, {"beneficiary": "Spolek", "ico": "70891320"}, {"beneficiary": "Škola"}],
        [{"beneficiary": "Obec", "ico": "60609460"}, {"beneficiary": "Farnost"}],
    ]
    assert found.findings == []


# Groups -----------------------------------------------------------------------------------------------

GROUPED = """
nazev = "Název"
castka_eu = "EU"
uzemi = "Kraj"
uzemi_slovy = { column = "Obec", add = true }
castka_vyplaceno = { column = "Platba", add = true, decimal = "," }

[source.columns.platby]
add = true
castka = "Platba"

[source.columns.partneri]
prijemce = "Partner"
"""
ROWS = """Číslo;Název;EU;Kraj;Obec;Platba;Partner
1;A;100;Zlínský kraj;Zlín;10,5;Spolek
2;B;200;Zlínský kraj;Zlín;1;
1;A;100;Olomoucký kraj;Olomouc;10,5;Spolek
1;Á;100,00;Zlínský kraj;Zlín;;Obec
;C;;;;;
"""


def test_rows_of_one_project_are_joined(table: TableReader) -> None:
    found = table(ROWS, f"[source.columns]\n{GROUPED}", keys='group = ["Číslo"]')
    by_title = {values["title"]: values for values in found.values}
    assert list(by_title) == ["C", "A", "B"]  # a row without a key waits for nobody
    one = by_title["A"]
    assert one["eu"] == amount("100")  # said three times, meant once
    assert one["places"] == ["Zlínský kraj", "Olomoucký kraj"]
    assert one["place_name"] == "Zlín, Olomouc"
    assert one["paid"] == PrintedAmount("21.0", ".")
    assert [part["amount"].text for part in one["payments"]] == ["10,5", "10,5"]
    assert [part["beneficiary"] for part in one["partners"]] == ["Spolek", "Obec"]
    disagree = found.one("rows-contradict")
    assert (disagree.place, disagree.field, disagree.value, disagree.expected_cs) == ("in/a.csv:5", "Název", "Á", "A")
    assert found.one("rows-grouped").en.endswith(": 2")
    assert found.one("parts-repeated").en.endswith(": 1")


def test_adjacent_rows_are_joined_as_they_come(table: TableReader) -> None:
    rows = ROWS.splitlines()
    text = "\n".join([rows[0], rows[1], rows[3], rows[2]])
    columns = f"[source.columns]\n{GROUPED}"
    grouped = table(text, columns, keys='group = ["Číslo"]')
    assert table(text, columns, keys='group = ["Číslo"]\nadjacent = true').values == grouped.values
    apart = table(ROWS, columns, keys='group = ["Číslo"]\nadjacent = true').findings
    assert [(f.place, f.severity) for f in apart if f.kind == "group-apart"] == [
        ("in/a.csv:4", Severity.VIOLATION),
        ("in/a.csv:5", Severity.VIOLATION),
    ]


def test_group_with_an_unreadable_row_is_refused_whole(table: TableReader) -> None:
    text = "Číslo;Název;Den\n1;A;1/2/2010\n1;A;nikdy\n2;B;nikdy\n3;C;3/2/2010\n"
    columns = 'nazev = "Název"\nzahajeni = { column = "Den", date = "d/m/yyyy" }'
    found = table(text, columns, keys='group = ["Číslo"]')
    assert [values["title"] for values in found.values] == ["C"]
    assert [f.place for f in found.findings if f.kind == "date-unreadable"] == ["in/a.csv:3", "in/a.csv:4"]
    assert found.one("group-refused").place == "in/a.csv:2"


# Nested files -----------------------------------------------------------------------------------------

NESTED = {
    "KOD": "1",
    "NAZ": "Most",
    "ZAD": {"@typ": "obec", "IC": "60609460", "ADR": {"OBEC": "Zlín"}},
    "PF": [{"T": 2, "CZ": 50}, {"T": 1, "CZ": 40}],
    "KRAJ": ["Zlínský kraj", "Olomoucký kraj"],
    "PLATBY": {"PLATBA": [{"ROK": "2015", "KC": "10"}, {"ROK": "2016"}, {"ROK": "2017", "KC": "30"}]},
}
PATHS = """
nazev = "NAZ"
ico = "ZAD/IC"
stav = "ZAD/@typ"
castka_eu = "PF[T=1]/CZ"
uzemi = "KRAJ"

[source.columns.platby]
each = "PLATBY/PLATBA"
rok = "ROK"
castka = "KC"
"""


def test_paths_lead_through_a_nested_file(table: TableReader) -> None:
    found = table(json.dumps([NESTED]), f"[source.columns]\n{PATHS}", name="a.json", keys='ignore = ["KOD"]')
    assert found.values == [
        {
            "title": "Most",
            "ico": "60609460",
            "status": "obec",
            "eu": amount("40"),
            "places": ["Zlínský kraj", "Olomoucký kraj"],
            "payments": [
                {"year": "2015", "amount": amount("10")},
                {"year": "2016"},
                {"year": "2017", "amount": amount("30")},
            ],
        }
    ]
    told = [(f.field, f.value) for f in found.findings if f.kind == "column-unread"]
    assert told == [("ZAD/ADR/OBEC", "Zlín"), ("PF[T=2]/CZ", "50")]  # another block's money is not read by T=1


def test_repeated_elements_without_each_are_not_guessed_together(table: TableReader) -> None:
    row = {"NAZ": "A", "P": [{"ROK": "2015"}, {"KC": "20"}, {"ROK": "2017"}, {"KC": "30"}]}
    found = table(
        json.dumps([row]),
        '[source.columns.platby]\nrok = "P/ROK"\ncastka = "P/KC"',
        name="a.json",
        keys='ignore = ["NAZ"]',
    )
    assert found.values == [{"payments": [{"year": "2015"}, {"year": "2017"}]}]
    assert "state each" in found.one("too-many-values").en


def test_xml_is_read_by_paths(table: TableReader) -> None:
    text = """<?xml version="1.0"?><EXPORT xmlns="https://priklad.example/v1">
    <PRJ><KOD>1</KOD><NAZ>Most</NAZ><PF><T>1</T><CZ>40</CZ></PF><PF><T>2</T><CZ>50</CZ></PF></PRJ>
    <PRJ><KOD>2</KOD><NAZ>Lávka</NAZ><PF><T>2</T><CZ>60</CZ></PF></PRJ></EXPORT>"""
    columns = 'nazev = "NAZ"\nregistracni_cislo = "KOD"\ncastka_eu = "PF[T=1]/CZ"'
    found = table(text, columns, name="a.xml", keys='ignore = ["PF[T=2]/*"]')
    assert [(values["title"], values.get("eu")) for values in found.values] == [("Most", amount("40")), ("Lávka", None)]
    assert found.findings == []


def test_path_that_leads_nowhere_in_the_file_is_told(table: TableReader) -> None:
    found = table(json.dumps([NESTED]), 'nazev = "NAZ"\nico = "ZAD/ICO"', name="a.json", keys='ignore = ["*"]')
    told = found.one("column-missing")
    assert (told.severity, "ZAD/ICO (the closest is ZAD/IC)" in told.en) == (Severity.WARNING, True)


def test_single_field_with_several_elements_is_told(table: TableReader) -> None:
    found = table(json.dumps([NESTED]), 'nazev = "KRAJ"', name="a.json", keys='ignore = ["*"]')
    assert found.values == [{"title": "Zlínský kraj"}]
    assert found.one("too-many-values").value == "Zlínský kraj, Olomoucký kraj"


# Settings that cannot be meant ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("spec", "told"),
    [
        ('nazev = { column = "A", first = ["B"] }', "exactly one of"),
        ('nazev = { column = "A", decimal = "," }', "decimal"),
        ('nazev = { column = "A", split = [","] }', "one value only"),
        ('uzemi = { column = "A", split = "," }', "expected a list"),
        ('uzemi = { column = "A", split = ["/(/"] }', "regular expression"),
        ('nazev = "/(/"', "regular expression"),
        ('zahajeni = { column = "A", date = "rok" }', "dd/mm/yyyy"),
        ('zahajeni = { day = "A", year = "B" }', "month"),
        ('castka_eu = { column = "A", currency = "koruna" }', "CZK"),
        ('castka_eu = { column = "A", unit = 0 }', "positive"),
        ('stav = { column = "A", codes = { "0" = "" } }', "missing"),
        ('stav = { column = "A", codes = { "0" = 1 } }', "expected a text"),
        ('stav = { column = "A", cods = { "0" = "x" } }', "did you mean codes?"),
        ('stav = { column = "A", where = { "B" = "x" } }', "where.B: čekáme seznam"),
        ('nazev = "A"\ntitle = "B"', "stands twice"),
        ('partneri = "A"', "table of fields"),
        ("partneri = { }", "no field"),
        ('partneri = { prijemc = "A" }', "did you mean prijemce?"),
        ('partneri = [{ prijemce = "A", each = 5 }]', "each: čekáme text"),
    ],
)
def test_setting_that_cannot_be_meant_is_refused(table: TableReader, spec: str, told: str) -> None:
    with pytest.raises(ConfigError, match=re.escape(told)):
        table("A\n1\n", spec)


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        ("header = -1", "header"),
        ("header_rows = 0", "header_rows"),
        ("adjacent = true", "group"),
        ('until = "x"', "expected a list"),
        ('where = { A = "x" }', "expected a list"),
        ('quote = "xx"', "quote"),
        ('untill = [""]', "did you mean until?"),
    ],
)
def test_source_that_cannot_be_meant_is_refused(table: TableReader, keys: str, told: str) -> None:
    with pytest.raises(ConfigError, match=re.escape(told)):
        table("A\n1\n", 'nazev = "A"', keys=keys)


# Nothing is lost --------------------------------------------------------------------------------------

CELL = st.sampled_from(["", "a", "b", "1/2/2010", "x", " ", "konec"])


@given(
    rows=st.lists(st.lists(CELL, min_size=1, max_size=5), max_size=12),
    keys=st.sampled_from(
        [
            "",
            'until = ["konec"]',
            'until = [""]',
            'where = { B = ["a", "b"] }',
            'unless = { B = ["x"], C = ["b"] }',
            'group = ["A"]',
            'group = ["A", "B"]\nadjacent = true',
            'group = ["A"]\nunless = { C = ["x"] }\nuntil = ["konec"]',
        ]
    ),
)
def test_every_row_is_a_record_a_fault_or_told(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]], keys: str
) -> None:
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=";").writerows([["A", "B", "C"], *rows])
    columns = 'nazev = "A"\nstav = "B"\nzahajeni = { column = "C", date = "d/m/yyyy" }'
    found = read(tmp_path_factory.mktemp("random"), buffer.getvalue(), columns, keys=f'{keys}\ndelimiter = ";"')
    not_blank = sum(any(cell.strip() for cell in row) for row in rows)
    faults = {f.place for f in found.findings if f.severity is Severity.VIOLATION}
    told = sum(
        int(re.findall(r": (\d+)", finding.en)[-1])
        for finding in found.findings
        if finding.kind in {"rows-left-out", "rows-below", "data-below", "rows-grouped"}
    )
    assert len(found.records) + len(faults) + told == not_blank


@pytest.mark.parametrize(
    ("form", "printed", "expected", "repair"),
    [
        ("dd/mm/yyyy", "31.12.2016", "tvar dd/mm/yyyy, například 31/12/2016", "31/12/2016"),
        ("dd/mm/yyyy", "31/02/2016", "tvar dd/mm/yyyy, například 31/12/2016", "29/02/2016"),
        ("yyyymmdd", "1. 2. 2010", "tvar yyyymmdd, například 20161231", "20100201"),
        ("d.m.yyyy", "září 2006", "tvar d.m.yyyy, například 31.12.2016", ""),
        ("excel", "2010/02/01", "číslo dne podle Excelu, například 42735", "40210"),
        ("dd/mm/yyyy", "brzy", "tvar dd/mm/yyyy, například 31/12/2016", ""),
    ],
)
def test_a_date_of_another_form_says_which_is_expected(
    table: TableReader, form: str, printed: str, expected: str, repair: str
) -> None:
    told = table(f"Název;Od\nA;{printed}\n", f'nazev = "Název"\nzahajeni = {{ column = "Od", date = "{form}" }}').one(
        "date-unreadable"
    )
    assert (told.place, told.field, told.value) == ("in/a.csv:2", "Od", printed)
    assert (told.expected_cs, told.repair) == (expected, repair)


def test_lenient_values_say_what_is_expected_too(table: TableReader) -> None:
    found = table(
        "Název;Od;Kč\nA;brzy;asi 5\n",
        'nazev = "Název"\nzahajeni = { column = "Od", lenient = true }\n'
        'castka_celkem = { column = "Kč", lenient = true }',
    )
    assert "1. 2. 2010" in found.one("date-unreadable").expected_cs
    told = found.one("number-unreadable")
    assert ("1 234 567,89" in told.expected_cs, told.repair) == (True, "5")


def test_pattern_of_ignore_that_fits_nothing_is_told_with_the_closest(table: TableReader) -> None:
    text = "Název;Poznámky;Stav\nA;x;y\n"
    told = table(text, 'nazev = "Název"', keys='ignore = ["Poznámka", "St*"]').one("pattern-unfitting")
    assert (told.severity, told.value, told.repair) == (Severity.INFO, "Poznámka", "Poznámky")
    assert table(text, 'nazev = "Název"', keys='ignore = ["Pozn*", "St*"]').findings == []
    nested = json.dumps([{"nazev": "A", "poznamky": {"a": "x"}, "prazdne": ""}])
    found = table(nested, 'nazev = "nazev"', name="b.json", keys='ignore = ["poznamka/*", "prazdne"]')
    assert found.one("pattern-unfitting").value == "poznamka/*"


def test_cells_merged_downwards_mean_the_one_above(table: TableReader) -> None:
    text = "Oblast;Název\nSport;A\n;B\nCelkem;\nKultura;C\n;D\n"
    found = table(
        text, 'nazev = "Název"\nshrnuti = "Oblast"', keys='merged = ["Oblast"]\nunless = { "Oblast" = ["Celkem"] }'
    )
    assert [(one["title"], one["summary"]) for one in found.values] == [
        ("A", "Sport"),
        ("B", "Sport"),
        ("C", "Kultura"),
        ("D", "Kultura"),
    ]
    assert "Obory" in table(text, 'nazev = "Název"', keys='merged = ["Obory"]').one("column-missing").cs


def test_a_column_may_have_dates_of_several_forms(table: TableReader) -> None:
    settings = 'nazev = "Název"\nzahajeni = { column = "Od", date = ["excel", "yyyy/mm/dd"] }'
    found = table("Název;Od\nA;42735\nB;2016/12/31\nC;31. 12. 2016\nD;31/12/2016\n", settings)
    assert [one["start"] for one in found.values] == ["2016-12-31"] * 3
    told = found.one("date-unreadable")
    assert (told.place, "yyyy/mm/dd, například 2016/12/31" in told.expected_cs) == ("in/a.csv:5", True)


def test_a_quote_within_a_text_is_told_with_its_cell(table: TableReader) -> None:
    text = '"Číslo";"Název";"Místo"\n"1";"Oprava "staré" školy";"Zlín"\n"2";"B";"C"\n'
    found = table(text, 'nazev = "Název"', keys='ignore = ["Číslo", "Místo"]')
    assert found.values == [{"title": "B"}]
    assert "řádku 2 (buňka 2)" in found.one("row-unreadable").cs


def test_number_of_another_country_is_no_bad_spelling(table: TableReader) -> None:
    assert table("Název;IČ\nA;SK31320155\nB;60609460\n", 'nazev = "Název"\nico = "IČ"').findings == []
