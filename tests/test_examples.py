"""The example configurations work: on their own samples, and on the registers themselves where those are at hand."""

from __future__ import annotations

import re
import shutil
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from lod import clean, config, ico, pipeline, sources
from lod.model import Finding, PrintedAmount, Record, Severity
from lod.terms import Vocabulary

from .conftest import REPOSITORY

EXAMPLES = REPOSITORY / "data" / "examples"
REGISTERS = REPOSITORY.parent / "shared" / "registers"


def read(settings: Path) -> tuple[list[Record], list[Finding]]:
    made = config.load(settings)
    found = list(sources.read(made, made.sources[0]))
    return (
        [item for item in found if isinstance(item, Record)],
        [item for item in found if isinstance(item, Finding)],
    )


def plain(value: Any) -> Any:
    """Return values as numbers and texts, so that they can be written down."""
    if isinstance(value, PrintedAmount):
        return clean.amount(value.text, value.decimal) * value.unit
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, list) else value


def of(findings: list[Finding], kind: str) -> list[tuple[str, str]]:
    return [(finding.place, finding.value) for finding in findings if finding.kind == kind]


SAMPLES = {
    "prijemci-2007-2013": [
        {
            "registration_number": "CZ.1.12/2.1.00/05.00991",
            "title": "Chodník k horní škole",
            "beneficiary": "Obec Horní Vzorová",
            "ico": "00000124",
            "funds": ["ERDF"],
            "status": "Ukončený",
            "total": Decimal("1250000.50"),
            "eu": Decimal("1062500.43"),
            "paid": Decimal("1250000.50"),
        },
        {
            "registration_number": "CZ.3.22/1.2.00/09.00992",
            "title": "Stezka přes hranici",
            "beneficiary": "Gmina Przykładowa",
            "foreign_number": "123456785",
            "country": "Polsko",
            "funds": ["ERDF"],
            "status": "V realizaci",
            "total": Decimal(2000000),
            "eu": Decimal(1700000),
        },
    ],
    "prehled-2007-2013": [
        {
            "registration_number": "CZ.1.04/3.1.00/05.00994",
            "title": "Společné plánování",
            "beneficiary": "Sdružení Vzor, o. s.",
            "ico": "00000141",
            "start": "1.2.2010",
            "end": "31.1.2012",
            "eligible": Decimal(3500000),
            "places": ["Olomoucký kraj", "Zlínský kraj"],
            "place_name": "Horní Vzorová, Dolní Vzorová, Vzorná",
        },
        {
            "registration_number": "CZ.1.07/1.3.00/08.00995",
            "title": "Kurzy pro učitele",
            "beneficiary": "Škola Příklad",
            "ico": "00000159",
            "start": "1.9.2009",
            "eligible": Decimal(900000),
            "places": ["Zlínský kraj"],
            "place_name": "Příklad",
        },
    ],
    "operace-2014-2020-cs-en": [
        {
            "registration_number": "CZ.03.2.60/0.0/0.0/15_005/0009991",
            "title": "Komunitní centrum",
            "summary": "Centrum pro seniory",
            "beneficiary": "Obec Horní Vzorová",
            "ico": "00000124",
            "post_code": "783 01",
            "start": "2016-02-15",
            "end": "2018-12-31",
            "eligible": Decimal(4500000),
            "eu": Decimal(3825000),
            "places": ["Olomoucký kraj", "Zlínský kraj"],
        },
        {
            "registration_number": "CZ.06.2.11/0.0/0.0/16_098/0009992",
            "title": "Výměna kotle",
            "beneficiary": "xxx",  # a natural person, dropped by lod.privacy
            "post_code": "783 02",
            "start": "2017-04-05",
            "eligible": Decimal(120000),
            "eu": Decimal(96000),
            "places": ["Olomoucký kraj"],
        },
    ],
    "operace-2021-2027": [
        {
            "registration_number": "CZ.03.02.02/00/22_046/0009993",
            "title": "Služby pro rodiny",
            "title_en": "Services for families",
            "beneficiary": "Obec Horní Vzorová",
            "ico": "00000124",
            "eligible": Decimal(6000000),
        },
        {
            "registration_number": "CZ.05.01.03/08/23_049/0009994",
            "title": "Zeleň u školy",
            "beneficiary": "Škola Příklad",
            "ico": "00000159",
            "eligible": Decimal(750000),
        },
    ],
    "ms2021-xml": [
        {
            "registration_number": "CZ.03.02.02/00/22_046/0009993",
            "title": "Služby pro rodiny",
            "title_en": "Services for families",
            "beneficiary": "Obec Horní Vzorová",
            "ico": "00000124",
            "town": "Horní Vzorová",
            "start": "2023-01-01T00:00:00+01:00",
            "end": "2025-12-31T00:00:00+01:00",
            "eligible": Decimal(6000000),
            "eu": Decimal(4560000),
            "places": ["Olomoucký kraj", "Zlínský kraj"],
            "partners": [{"beneficiary": "Škola Příklad", "ico": "00000159"}, {"beneficiary": "Spolek Vzor"}],
        },
        {
            "registration_number": "CZ.05.01.03/08/23_049/0009994",
            "title": "Zeleň u školy",
            "beneficiary": "Škola Příklad",
            "ico": "00000159",
            "town": "Příklad",
            "start": "2024-04-01T00:00:00+02:00",
            "eligible": Decimal(750000),
            "eu": Decimal(600000),
            "places": ["Zlínský kraj"],
        },
    ],
    "cedr": [
        {
            "slug": "dotace-D001",
            "title": "Oprava střechy",
            "beneficiary": "Obec Horní Vzorová",
            "ico": "124",
            "provider": "Ministerstvo příkladů",
            "decision_number": "MP-1/2012",
            "decision_date": "2012-05-02",
            "grant": Decimal(900000),
            "currency": "CZK",
            "payments": [
                {"year": "2012", "amount": Decimal(300000)},
                {"year": "2013", "amount": Decimal(600000)},
            ],
        },
        {
            "slug": "dotace-D002",
            "registration_number": "CZ.1.07/1.3.00/08.00995",
            "title": "Kurzy pro učitele",
            "beneficiary": "Škola Příklad",
            "ico": "159",
            "provider": "Ministerstvo příkladů",
            "decision_number": "MP-7/2012",
            "decision_date": "2012-09-30",
            "grant": Decimal(250000),
            "currency": "CZK",
            "payments": [
                {"year": "2012", "amount": Decimal(125000)},
                {"year": "2012", "amount": Decimal(125000)},
            ],
        },
    ],
    "platby": [
        {
            "slug": "zadost-14-001",
            "title": "Ekologické zemědělství – Statek Příklad, s. r. o.",
            "beneficiary": "Statek Příklad, s. r. o.",
            "ico": "00000167",
            "town": "Příklad",
            "funds": ["EAFRD"],
            "payments": [
                {"year": "2014", "amount": Decimal("125000.50")},
                {"year": "2015", "amount": Decimal("-25000.50")},
            ],
        },
        {
            "slug": "zadost-15-003",
            "title": "Jednotná platba na plochu – Družstvo Vzor",
            "beneficiary": "Družstvo Vzor",
            "ico": "00000175",
            "town": "Vzorná",
            "funds": ["2015/Nepřiřazeno"],
            "payments": [{"year": "2015", "amount": Decimal(64000)}],
        },
    ],
}
# What each sample has that is no plain record: told, and counted.
TOLD = {
    "prijemci-2007-2013": {"rows-left-out": 1, "rows-below": 2},
    "prehled-2007-2013": {"rows-grouped": 2, "rows-contradict": 1},
    "operace-2014-2020-cs-en": {"rows-left-out": 1},
    "operace-2021-2027": {"rows-left-out": 1, "rows-grouped": 1},
    "ms2021-xml": {},
    "cedr": {"rows-grouped": 2, "ico-spellings": 1},
    "platby": {"rows-left-out": 1, "rows-grouped": 1, "code-list-unknown": 1},
}


@pytest.mark.parametrize("name", SAMPLES)
def test_sample_becomes_these_records(name: str) -> None:
    records, findings = read(EXAMPLES / name / "lod.toml")
    assert [plain(dict(record.values)) for record in records] == SAMPLES[name]
    told = {}
    for finding in findings:
        counted = re.findall(r": (\d+)$", finding.en)
        told[finding.kind] = int(counted[-1]) if counted else 1
    assert told == TOLD[name]


@pytest.mark.parametrize("name", SAMPLES)
def test_sample_is_fit_to_publish(name: str, vocabulary: Vocabulary) -> None:
    made = config.load(EXAMPLES / name / "lod.toml")
    checked = pipeline.check(pipeline.collect(made, vocabulary, pipeline.Progress()), vocabulary, pipeline.Progress())
    assert [f for f in checked.findings if f.severity is Severity.VIOLATION] == []
    dropped = [f.place for f in checked.findings if f.kind == "person-dropped"]
    assert dropped == (["vzorek.csv:6"] if name == "operace-2014-2020-cs-en" else [])
    assert checked.refused == {}


def test_every_example_is_tested_and_explained() -> None:
    names = {path.parent.name for path in EXAMPLES.glob("*/lod.toml")}
    assert names == {*SAMPLES, *REAL}
    text = (REPOSITORY / "docs" / "registers.md").read_text("utf-8")
    assert [name for name in sorted(names) if f"data/examples/{name}/" not in text] == []


# The registers themselves -----------------------------------------------------------------------------

REAL = {
    "operace-2014-2020": "dotaceeu-seznam-operaci-2014-2020-2016.xlsx",
    "investicni-pobidky": "czechinvest-investicni-pobidky.xls",
    "projekty-2007-2013": "cz-projects-2007-2013-top.csv",
    "organizace": "cz-organisations.csv.gz",
}


def register(name: str, folder: Path) -> tuple[list[Record], list[Finding]]:
    """Read a whole register by its example; it lies beside the repository, not in it."""
    path = REGISTERS / REAL[name]
    if not path.exists():
        pytest.skip("the whole register lies beside the repository, not in it")
    shutil.copy(EXAMPLES / name / "lod.toml", folder / "lod.toml")
    (folder / path.name).symlink_to(path)
    return read(folder / "lod.toml")


def test_list_of_operations_is_read_as_it_is_published(tmp_path: Path) -> None:
    records, findings = register("operace-2014-2020", tmp_path)
    assert len(records) == 1772
    assert sum("X" in record.values["registration_number"] for record in records) == 6
    assert sum("eligible" not in record.values for record in records) == 28  # 8 blank, 20 zero
    assert {record.values["programme"] for record in records} >= {"CZ.01", "CZ.03", "CZ.30"}
    assert of(findings, "rows-below") == [("dotaceeu-seznam-operaci-2014-2020-2016.xlsx:1775", "Zkratka OP")]
    (below,) = findings
    assert below.en.endswith(": 9")


def test_investment_incentives_are_read_with_their_dirty_numbers(tmp_path: Path) -> None:
    records, findings = register("investicni-pobidky", tmp_path)
    assert len(records) == 1319
    (spellings,) = [finding for finding in findings if finding.kind == "ico-spellings"]
    assert [int(number) for number in re.findall(r"\d+", spellings.en)] == [408, 342, 48, 16, 0, 2]
    wrong = [value for kind in ("ico-check-digit", "ico-invalid") for _, value in of(findings, kind)]
    assert wrong == ["2398802", "073606304"]
    numbers = [record.values["ico"] for record in records if "ico" in record.values]
    assert len(numbers) == 406
    assert all(ico.is_valid(ico.parse(number)) for number in numbers)
    dates = [clean.partial_date(record.values["decision_date"]).lexical for record in records]
    assert sum(len(date) == 7 for date in dates) == 911  # no day
    assert dates[0] == "1998-07"
    assert sum(date in {"2006-10", "2006-11"} for date in dates) >= 21  # months kept as days of Excel
    assert sum("grant" not in record.values for record in records) == 48  # 44 "-", 3 empty, 1 in words
    assert all(record.values["beneficiary"] for record in records)
    assert plain(records[0].values["total"]) == Decimal(895_390_000)
    assert records[0].values["summary"] == "Země původu žadatele: Itálie"
    assert sum(len(record.values["places"]) > 1 for record in records) > 20
    (below,) = [finding for finding in findings if finding.kind == "rows-below"]
    assert (below.place.rpartition(":")[2], below.en[-4:]) == ("1332", ": 31")
    assert [place.rpartition(":")[2] for place, _ in of(findings, "rows-left-out")] == ["1323"]  # the total
    assert {finding.severity for finding in findings} == {Severity.WARNING, Severity.INFO}


def test_projects_in_millions_are_all_read(tmp_path: Path) -> None:
    records, findings = register("projekty-2007-2013", tmp_path)
    assert len(records) == 3707
    assert sum("ico" in record.values for record in records) == 3706
    assert {finding.kind for finding in findings} == {"value-left-out"}
    first = next(record for record in records if record.values.get("ico") == "00000205")
    assert plain(first.values["total"]) == Decimal(9_662_000)


def test_reference_of_organisations_is_all_read(tmp_path: Path) -> None:
    records, findings = register("organizace", tmp_path)
    assert len(records) == 24453
    assert findings == []
    assert all(ico.is_valid(record.values["ico"]) for record in records)
    assert sum("street" not in record.values for record in records) == 9108
    assert sum("town" not in record.values for record in records) == 1201
