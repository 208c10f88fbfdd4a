"""Natural persons and personal contacts: what stays out, what stays in, and that no finding repeats it."""

from __future__ import annotations

from csv import DictReader
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import RDF, Graph, Namespace, URIRef

from lod import clean, cli, config, contacts, persons, pipeline, privacy
from lod.errors import ConfigError
from lod.model import Record, Severity
from lod.terms import Vocabulary

from .conftest import BASE, HEAD, Site, lines

VP = Namespace("https://w3id.org/verejne-projekty#")
DCT = Namespace("http://purl.org/dc/terms/")

PERSONS = [
    "Jan Novák",
    "Jana Nováková",
    "Ing. Jana Nováková, Ph.D.",
    "NOVÁK JAN",
    "Novák Jan",
    "Novák, Jan",
    "MUDr. Petr Svoboda",
    "Mgr. et Mgr. Eva Dvořáková",
    "Bc. Tomáš Černý",
    "prof. MUDr. Karel Veselý, DrSc.",
    "doc. Ing. Radim Farana, CSc.",
    "Jiří Dvořák ml.",
    "Josef Němec st.",
    "Marie Nováková-Svobodová",
    "Manželé Novákovi",
    "Jan a Marie Novákovi",
    "Jan Novák a Petr Svoboda",
    "Jiri Prochazka",
    "Zdeněk Pokorný",
    "Nguyen Thi Hoa",
    "Oleksandr Ševčenko",
    "John Smith",
    "Hans Müller",
    "Ing. arch. Xuan Pham",
    "J. Nováková",
    "paní Eva Malá",
    "Janu Novákovi",
    "Jany Novákové",
    # Surnames that sound like trades and offices.
    "Karel Hasičík",
    "Libor Lázňovský",
    "Dana Kovářová",
    "Petr Truhlář",
    "Martin Krajíček",
    "Karel Sokol",
    "Jan Městecký",
    # Marks of registers.
    "FO",
    "xxx",
    "XXXX",
    "Fyzická osoba",
    "nepodnikající fyzická osoba",
    "Fyzická osoba - nepodnikající",
    # Dates and numbers of birth.
    "Jan Novák, nar. 1. 2. 1970",
    "Petr Svoboda 700101/0005",
    "Jan Novák *1970",
]

ORGANISATIONS = [
    "Nadace Terezy Maxové dětem",
    "Základní škola T. G. Masaryka",
    "Jan Novák - Truhlářství",
    "Nadační fond Jana Kleina",
    "Obec Jana",
    "Město Jindřichův Hradec",
    "Karlovy Vary",
    "Divadlo Petra Bezruče, s.r.o.",
    "Univerzita Tomáše Bati ve Zlíně",
    "Nemocnice Jana Evangelisty Purkyně",
    "Farma Jan Novák",
    "Spolek Jana Husa",
    "Charita Olomouc",
    "Adam Film",
    "Penzion Marie",
    "Gymnázium Jana Keplera",
    "Masarykova univerzita",
    "Autoservis Petr Svoboda",
    "Knihovna Václava Havla",
    "Dům dětí a mládeže Jana Opletala",
    "Český červený kříž",
    "Římskokatolická farnost Svatý Jan",
    "Muzeum Aloise Jiráska",
    "Jan Becher - Karlovarská Becherovka, a.s.",
    "Junák - český skaut, středisko Jana Žižky",
    "TJ Sokol Petrov",
    "Petrof, spol. s r.o.",
    "ASIPO",
    "Zlínský kraj",
    "Petr Novák & syn",
    "Martin Havlíček DESIGN",
    "JAN NOVÁK STAVBY",
    "Svatý Jan nad Malší",
    "Lesy Jindřicha",
    "Jan Novák, advokátní kancelář",
    "Krejčovství Eva",
    "Rodinné centrum Terezka",
    "Brno",
    "Dr. Max",
    "",
    "Fond",
]


@pytest.mark.parametrize("name", PERSONS)
def test_person_is_told(name: str) -> None:
    assert persons.is_person(name)


@pytest.mark.parametrize("name", ORGANISATIONS)
def test_organisation_named_after_a_person_is_none(name: str) -> None:
    assert not persons.is_person(name)


def test_organisations_of_the_samples_are_no_persons() -> None:
    folder = Path(__file__).parents[1] / "data" / "registers"
    columns = {
        "organisations.csv": "name",
        "cz-projects-2007-2013-excerpt.csv": "beneficiary",
        "operace-2014-2020-excerpt.csv": "zadatel",
    }
    for file, column in columns.items():
        with (folder / file).open(encoding="utf-8") as rows:
            names = {row[column] for row in DictReader(rows)}
        assert len(names) > 10
        assert [name for name in names if persons.is_person(name)] == []


@pytest.mark.parametrize(
    ("digits", "told"),
    [
        ("700101/0005", True),
        ("7001010005", True),
        ("705101/0011", False),
        ("450315/123", True),
        ("450315123", False),
        ("700101/123", False),
        ("60609460", False),
        ("5260250274", False),
        ("", False),
    ],
)
def test_birth_number(digits: str, told: bool) -> None:
    assert persons.is_birth_number(digits) is told


@pytest.mark.parametrize(
    ("text", "name", "left"),
    [
        ("Zateplení domu Jana Nováka v Lhotě", "Ing. Jan Novák", "Zateplení domu v Lhotě"),
        ("Projekt paní Ing. Evy Malé, Ph.D., ve Zlíně", "Eva Malá", "Projekt, ve Zlíně"),
        ("Jana Nováková – dílna", "Jana Nováková", "dílna"),
        ("Svoboda: svoboda pohybu", "Karel Svoboda", "svoboda pohybu"),
        ("Farma pana Hájka", "Hájek Marek", "Farma"),
        ("Oprava kostela sv. Jana", "Jan Novák", "Oprava kostela sv. Jana"),
        ("Oprava školy", "Jan Novák", "Oprava školy"),
    ],
)
def test_name_leaves_a_text_in_every_case(text: str, name: str, left: str) -> None:
    assert persons.without(text, name) == left


# Contacts


@pytest.mark.parametrize(
    "text",
    [
        "kontaktní osoba: Ing. Jana Vzorová, tel. 603 123 456",
        "Kontaktní osoba je Jana Vzorová",
        "Manažer projektu Petr Nový",
        "bližší informace podá Mgr. Eva Malá, Ph.D.",
        "Tel.: +420 585 508 111, fax 585508222",
        "+420585508111",
        "tel. 577 043 111 nebo 577 043 112",
        "774 123 456",
        "Volejte 721 456 789.",
        "jana.vzorova@obec.cz",
        "jana.vzorova[at]obec.cz",
        "jana (zavináč) obec.cz",
        "jana zavináč obec tečka cz",
        "e-mail: jana(at)obec(dot)cz",
    ],
)
def test_contact_is_taken_out_and_leaves_nothing(text: str) -> None:
    left, count = contacts.remove(text)
    assert (left, count > 0) == ("", True)


@pytest.mark.parametrize(
    "text",
    [
        "CZ.1.04/3.1.00/05.00037",
        "CZ.03.2.60/0.0/0.0/15_005/0001897",
        "IČO 60609460, IČ: 70 89 13 20",
        "zákon č. 128/2000 Sb. a zákon 108/2006 Sb.",
        "Dotace 123 456 789 Kč a 603 123 456,- Kč",
        "Celkem 721 456 789",
        "603 000 000",
        "účet 107-774123456/0100",
        "usnesení č. 721 123 456/2010",
        "PSČ 760 01 Zlín",
        "telefonní linka 116 111 pro děti",
        "Kontaktní centrum pro mládež",
        "více informací na www.obec.cz",
        "Mobilní laboratoř 603 přístrojů",
        "Kontakt: Městský úřad Lhota",
        "od 1. 2. 2010 do 31. 1. 2012",
        "Rekonstrukce silnice II/430, 12 345 678,90 Kč",
    ],
)
def test_what_only_looks_like_a_contact_survives(text: str) -> None:
    assert contacts.remove(text) == (text, 0)


def test_only_the_contact_goes() -> None:
    text = "Obnovíme park. Kontakt: Petr Novák, e-mail: p.novak@x.cz, tel.: 585 508 111. Hotovo bude v roce 2020."
    assert contacts.remove(text) == ("Obnovíme park. Hotovo bude v roce 2020.", 3)
    beside = "Oprava školy. Jana Vzorová, tel. 603 123 456. Rozpočet 603 123 456 Kč."
    assert contacts.remove(beside)[0] == "Oprava školy. Rozpočet 603 123 456 Kč."


@given(st.integers(10**8, 10**9 - 1), st.sampled_from([" Kč", ",- Kč", " EUR", " korun", ",50 Kč"]))
def test_no_amount_is_taken_for_a_telephone_number(amount: int, tail: str) -> None:
    text = f"náklady {amount:,}".replace(",", " ") + tail
    assert contacts.remove(text) == (text, 0)


@given(st.integers(1, 9), st.integers(0, 99), st.integers(0, 999), st.integers(0, 9_999_999))
def test_no_registration_number_is_taken_for_a_telephone_number(axis: int, area: int, call: int, serial: int) -> None:
    for text in (
        f"CZ.03.{axis}.{area:02}/0.0/0.0/15_{call:03}/{serial:07}",
        f"CZ.1.04/{axis}.1.00/05.{serial % 99999:05}",
    ):
        assert contacts.remove(text) == (text, 0)


@given(st.text(max_size=60) | st.text("Jan Novák.@ 60731+-,:tel(at)", max_size=60))
def test_no_text_breaks_the_finders(text: str) -> None:
    left, count = contacts.remove(text)
    assert count or left == text
    assert contacts.remove(left) == (left, 0)
    persons.is_person(text)
    kept = persons.without(text, text)
    assert kept == clean.text(kept)


@pytest.mark.parametrize("unit", ["Ing. ", "Jana Nová ", "a.", "x@", "tel. 1 ", " "])
def test_long_text_is_read_in_linear_steps(unit: str) -> None:
    # Quadratic patterns would take minutes here.
    text = unit * 5000
    contacts.remove(text)
    persons.without(text, "Ing. Jan Novák")
    assert not persons.is_person(text)


# A record on its way

PERSON = {"beneficiary": "Ing. Jan Vzorový", "town": "Lhota", "street": "Krátká", "region_name": "Olomoucký kraj"}


def screened(policy: str = "drop", texts: str = "remove", **values: Any) -> privacy.Screened:
    return privacy.screen(Record("s", "s.csv:2", {"title": "Zateplení domu", **values}), policy, texts)


def test_record_of_a_person_is_dropped_by_default() -> None:
    result = screened(**PERSON)
    assert result.record is None
    assert [(finding.kind, finding.severity) for finding in result.findings] == [("person-dropped", Severity.INFO)]


@pytest.mark.parametrize(
    ("values", "person"),
    [
        ({}, True),
        ({"ico": "60609460"}, False),  # an entrepreneur stands in a public register
        ({"ico": "-"}, True),
        ({"ico": "00000000"}, True),
        ({"ico": "700101/0005"}, True),
        ({"ico": "5260250274", "country": "Polsko"}, False),
        ({"foreign_number": "HRB 12"}, False),
        ({"ico": "nemá", "country": "ČR"}, True),
        ({"beneficiary": "Gmina Lhota", "ico": "000331501", "country": "Polsko"}, False),
        ({"beneficiary": "Obec Lhota", "legal_form": "FO"}, True),
        ({"beneficiary": "Obec Lhota", "ico": "7001010005"}, True),
        ({"beneficiary": "Obec Lhota"}, False),
        ({"beneficiary": ""}, False),
    ],
)
def test_who_is_a_natural_person(values: dict[str, str], person: bool) -> None:
    assert privacy.is_natural_person({**PERSON, **values}) is person


def test_anonymous_record_says_nothing_of_the_person() -> None:
    result = screened(
        "anonymise",
        **PERSON,
        slug="jan-vzorovy-zatepleni",
        summary="Dům pana Vzorového v Lhotě.",
        place_name="Krátká 12, Lhota",
        activities=[{"title": "Stavba", "description": "Jan Vzorový staví."}],
        document={"title": "Stránka", "url": "https://www.example.cz/jan-vzorovy/"},
        total="100",
    )
    assert result.record is not None
    assert result.anonymised
    said = repr(dict(result.record.values)).lower()
    for word in ("vzor", "krátká", "town"):
        assert word not in said
    assert result.record.values["title"] == "Zateplení domu"
    assert result.record.values["region_name"] == "Olomoucký kraj"
    assert result.record.values["total"] == "100"


def test_title_that_is_but_a_name_gets_another() -> None:
    record = screened("anonymise", **{**PERSON, "title": "Ing. Jan Vzorový"}).record
    assert record is not None
    assert record.values["title"] == "Projekt fyzické osoby"


def test_published_as_it_is_where_the_source_says_so() -> None:
    result = screened("publish", "keep", **PERSON, summary="tel. 603 123 456")
    assert result.record is not None
    assert result.record.values == {"title": "Zateplení domu", **PERSON, "summary": "tel. 603 123 456"}
    assert result.findings == ()


@pytest.mark.parametrize("policy", ["drop", "anonymise"])
@pytest.mark.parametrize(
    "partners", ["Jan Vzorový; Obec Lhota", [{"beneficiary": "Jan Vzorový"}, {"beneficiary": "Obec Lhota"}]]
)
def test_person_among_partners_is_left_out_alone(policy: str, partners: object) -> None:
    result = screened(policy, beneficiary="Obec", partners=partners, provider="Petr Vzorový")
    assert result.record is not None
    assert result.record.values["partners"] == [{"beneficiary": "Obec Lhota"}]
    assert "provider" not in result.record.values
    assert [finding.kind for finding in result.findings] == ["person-left-out"] * 2


def test_contacts_leave_texts_but_not_codes() -> None:
    result = screened(
        beneficiary="Obec Lhota",
        ico="60609460",
        registration_number="CZ.1.04/3.1.00/05.00037",
        decision_number="774 123 456",
        website="https://obec.cz/kontakt@obec.cz",
        summary="Park. Kontakt: jana@obec.cz",
        outputs=[{"what": "web", "description": "tel. 603 123 456"}],
    )
    assert result.record is not None
    values = result.record.values
    assert (values["summary"], values["outputs"][0]["description"]) == ("Park.", "")
    assert values["decision_number"] == "774 123 456"
    assert values["website"].endswith("@obec.cz")
    assert {finding.field for finding in result.findings} == {"shrnuti", "popis"}
    assert not any("jana" in str(asdict(finding)) or "603" in str(asdict(finding)) for finding in result.findings)


# A release

PEOPLE = """
[[source]]
name = "lide"
kind = "records"
files = ["records/*"]
"""


def make(folder: Path, vocabulary: Vocabulary, policy: str) -> Site:
    site = Site(folder, vocabulary)
    site.write("lod.toml", HEAD + PEOPLE + (f'persons = "{policy}"\n' if policy else ""))
    site.record("obec")
    site.record(
        "clovek",
        registracni_cislo="CZ.1.04/3.1.00/05.00001",
        nazev="Zateplení domu Jana Vzorového",
        prijemce="Jan Vzorový",
        ico="",
        obec="Lhota",
        kraj="Olomoucký kraj",
        zahajeni="včerejšek",
        shrnuti="Volejte 774 123 456.",
    )
    site.record(
        "druhy",
        registracni_cislo="CZ.1.04/3.1.00/05.00002",
        nazev="Oprava střechy",
        prijemce="MUDr. Jana Vzorová",
        ico="",
        obec="Lhota",
        kraj="Olomoucký kraj",
    )
    return site


@pytest.mark.parametrize(
    ("policy", "counted"),
    [
        ("", {"read": 3, "published": 1, "refused": 0, "dropped": 2, "anonymised": 0}),
        ("drop", {"read": 3, "published": 1, "refused": 0, "dropped": 2, "anonymised": 0}),
        ("anonymise", {"read": 3, "published": 2, "refused": 1, "dropped": 0, "anonymised": 2}),
        ("publish", {"read": 3, "published": 2, "refused": 1, "dropped": 0, "anonymised": 0}),
    ],
)
def test_report_counts_people(tmp_path: Path, vocabulary: Vocabulary, policy: str, counted: dict[str, int]) -> None:
    outcome = make(tmp_path, vocabulary, policy).build()
    (source,) = outcome.report["sources"]
    assert {key: source[key] for key in counted} == counted


@pytest.mark.parametrize("policy", ["", "anonymise"])
def test_no_file_of_a_release_names_the_person(tmp_path: Path, vocabulary: Vocabulary, policy: str) -> None:
    outcome = make(tmp_path, vocabulary, policy).build()
    assert outcome.release is not None
    written = [path for path in outcome.release.path.rglob("*") if path.is_file() and "store" not in path.parts]
    assert any(path.name == "report.json" for path in written)
    for path in written:
        content = path.read_bytes()
        for secret in ("Vzorov", "vzorov", "774 123 456", "Lhota"):
            assert secret.encode() not in content, f"{path.name}: {secret}"
    assert "Vzorov" not in repr((outcome.report, outcome.findings))


def test_anonymous_beneficiary_is_a_region_at_most(tmp_path: Path, vocabulary: Vocabulary) -> None:
    found = Graph().parse(data="\n".join(lines(make(tmp_path, vocabulary, "anonymise").check())), format="nt")
    project = URIRef(f"{BASE}zdroj/projekty/CZ.1.04-3.1.00-05.00002")
    (person,) = found.objects(project, VP.naturalPerson)
    assert person == URIRef(f"{project}/osoba")
    assert list(found.objects(person, RDF.type)) == [VP.NaturalPerson]
    assert {str(place) for place in found.objects(person, DCT.spatial)} == {
        "http://data.europa.eu/nuts/code/CZ071",
        "https://linked.cuzk.cz/resource/ruian/vusc/124",
    }
    assert list(found.objects(project, VP.beneficiary)) == []


def test_summary_line_counts_people(tmp_path: Path, vocabulary: Vocabulary, capsys: pytest.CaptureFixture[str]) -> None:
    site = make(tmp_path, vocabulary, "")
    assert cli.main(["build", "--config", str(site.settings), "--no-publish"]) == 0
    told = capsys.readouterr().err
    assert "natural persons left out 2" in told
    assert "Vzorov" not in told


@pytest.mark.parametrize(("key", "value"), [("persons", "hide"), ("contacts", "drop"), ("persons", "")])
def test_unknown_policy_is_refused(tmp_path: Path, vocabulary: Vocabulary, key: str, value: str) -> None:
    site = Site(tmp_path, vocabulary)
    site.write("lod.toml", HEAD + PEOPLE + f'{key} = "{value}"\n')
    with pytest.raises(ConfigError, match=key):
        config.load(site.settings)


def test_reference_list_is_screened_too(tmp_path: Path, vocabulary: Vocabulary) -> None:
    site = Site(tmp_path, vocabulary)
    site.write(
        "lod.toml",
        HEAD + '[[source]]\nname = "o"\nkind = "table"\nyields = "organisations"\nfiles = ["o.csv"]\n'
        '[source.columns]\nico = "ico"\nprijemce = "nazev"\n',
    )
    site.write("o.csv", "ico,nazev\n60609460,Olomoucký kraj\n,Jan Vzorový\n")
    collected = pipeline.collect(site.config, vocabulary, pipeline.Progress())
    assert len(list(collected.references)) == 1
    assert collected.dropped["o"] == 1
