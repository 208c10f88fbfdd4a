"""An IČO that stands in the cell of a name becomes the organisation's number; regions and firms have many spellings."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lod import clean, cli, template
from lod.model import Severity
from lod.terms import Vocabulary

from .conftest import GOOD, Site, lines, make_site, violations

ORGANISATION = "https://projekty.example/zdroj/organizace/"


@pytest.mark.parametrize(
    ("printed", "name", "number"),
    [
        ("Obec Dubová, IČO 00299308", "Obec Dubová", "00299308"),
        ("Obec Dubová (IČ: 002 99 308)", "Obec Dubová", "00299308"),
        ("Obec Dubová (00299308)", "Obec Dubová", "00299308"),
        ("Obec Dubová – 00299308", "Obec Dubová", "00299308"),
        ("IČO: 00299308, Obec Dubová", "Obec Dubová", "00299308"),
        ("Obec Dubová IČO299308", "Obec Dubová IČO299308", ""),
        ("Obec Dubová, ico 299308", "Obec Dubová", "299308"),
        ("Obec Dubová, IČO 00299309", "Obec Dubová", "00299309"),  # the check digit is told where it is read
        ("Obec Dubová (00299309)", "Obec Dubová (00299309)", ""),
        ("Obec Dubová, IČO 00299308, IČO 60609460", "Obec Dubová, IČO 00299308, IČO 60609460", ""),
        ("00299308", "00299308", ""),
        ("Základní škola, Praha 4", "Základní škola, Praha 4", ""),
        ("Tesco 2010", "Tesco 2010", ""),
    ],
)
def test_name_and_number(printed: str, name: str, number: str) -> None:
    assert clean.named_number(printed) == (name, number)


def test_numbers_in_names_identify_organisations(site: Site) -> None:
    site.record(
        prijemce="Obec Dubová, IČO 00299308",
        ico="",
        partneri="Olomoucký kraj (60609460); Spolek Lípa",
        poskytovatel="Zlínský kraj (IČ 70891320)",
    )
    checked = site.check()
    assert violations(checked.findings) == []
    found = {iri.removeprefix(ORGANISATION) for iri in checked.described if iri.startswith(ORGANISATION)}
    assert found == {"00299308", "60609460", "spolek-lipa", "70891320"}
    assert any("00299308>" in line and 'legalName> "Obec Dubová"@cs' in line for line in lines(checked))


def test_a_column_that_says_another_number_is_a_contradiction(site: Site) -> None:
    site.record(prijemce="Obec Dubová (00299308)")
    (finding,) = violations(site.check().findings)
    assert (finding.kind, finding.field, finding.value) == ("contradiction", "prijemce", "Obec Dubová (00299308)")
    assert "60609460" in finding.cs
    site.record(prijemce="Olomoucký kraj (60609460)")
    assert violations(site.check().findings) == []


def test_a_wrong_number_in_a_name_is_told_like_one_in_a_column(site: Site) -> None:
    site.record(prijemce="Olomoucký kraj", partneri=[{"prijemce": "Obec Dubová, IČO 00299309"}])
    (finding,) = violations(site.check().findings)
    assert (finding.kind, finding.value) == ("ico-check-digit", "00299309")


def test_an_entrepreneur_with_a_number_in_the_name_is_no_private_person(site: Site) -> None:
    site.record(prijemce="Jan Novák, IČO 00299308", ico="")
    assert [f.kind for f in site.check().findings if f.kind.startswith("person")] == []


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Hl. město Praha", "CZ010"),
        ("Praha, hlavní město", "CZ010"),
        ("hl.m.Praha", "CZ010"),
        ("Hlavní město Praha", "CZ010"),
        ("kraj Hl. m. Praha", "CZ010"),
        ("PRAHA", "CZ010"),
        ("kraj Vysočina", "CZ063"),
        ("Vysočina", "CZ063"),
        ("Vysočina kraj", "CZ063"),
        ("Kraj Zlínský", "CZ072"),
        ("zlínský", "CZ072"),
        ("Jihomoravský  kraj", "CZ064"),
        ("Olomouc", ""),
        ("kraj", ""),
        ("hlavní město", ""),
        ("Praha 4", ""),
    ],
)
def test_spellings_of_regions(vocabulary: Vocabulary, name: str, code: str) -> None:
    assert [iri for iri in vocabulary.region(name) if "nuts" in iri] == [
        f"http://data.europa.eu/nuts/code/{code}" for code in [code] if code
    ]


def test_a_slovak_firm_is_one_organisation(site: Site) -> None:
    firm = {"prijemce": "Firma s.r.o."}
    site.record("a", nazev="A", registracni_cislo="", **firm, ico="SK31320155")
    site.record("b", nazev="B", registracni_cislo="", **firm, ico="31 320 155", zeme="Slovensko")
    site.record("c", nazev="C", registracni_cislo="", **firm, ico="SK 31320155", zeme="SK")
    site.record("d", nazev="D", registracni_cislo="", **firm, ico="", cizi_cislo="31320155", zeme="SVK")
    checked = site.check()
    assert violations(checked.findings) == []
    found = [iri for iri in checked.described if iri.startswith(ORGANISATION)]
    assert found == [f"{ORGANISATION}firma-s-r-o-svk-31320155"]


def test_check_counts_organisations_and_persons(
    tmp_path: Path, vocabulary: Vocabulary, capsys: pytest.CaptureFixture[str]
) -> None:
    site = make_site(
        tmp_path,
        vocabulary,
        '[[source]]\nname = "firmy"\nkind = "records"\nyields = "organisations"\nfiles = ["firmy.csv"]\n'
        '[[source]]\nname = "a"\nkind = "records"\nfiles = ["a.csv"]\n'
        '[[source]]\nname = "b"\nkind = "records"\nfiles = ["b.csv"]\npersons = "anonymise"\n',
    )
    site.write("firmy.csv", "nazev,prijemce,ico\nx,Olomoucký kraj,60609460\n,Zlínský kraj,70891320\n")
    site.write("a.csv", "nazev,prijemce\nKotel,Jan Novák\nMost,Obec Dubová\n")
    site.write("b.csv", "nazev,prijemce\nPlot,Jana Nováková\n")
    cli.main(["check", "--config", str(site.settings)])
    told = capsys.readouterr().err.splitlines()[-1]
    assert told.startswith("záznamů / records 2, ")
    for count in ("organizací / organisations 2", "left out 1", "made anonymous 1"):
        assert count in told


@pytest.mark.parametrize("kind", ["csv", "xlsx", "json"])
def test_an_empty_template_passes_its_own_check(site: Site, kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    path = site.write(f"sablona.{kind}", template.template(kind))
    assert cli.main(["check", "--config", str(site.settings), str(path)]) == 0
    assert "vyplňte aspoň nazev" in capsys.readouterr().out


def test_a_template_filled_in_part_passes(site: Site) -> None:
    (empty,) = json.loads(template.template("json"))
    site.write("records/a.json", json.dumps([{**empty, **GOOD}]))
    checked = site.check()
    assert [f for f in checked.findings if f.severity is not Severity.INFO] == []
    assert len([iri for iri in checked.described if "/projekty/" in iri]) == 1
