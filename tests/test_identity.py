"""Who an organisation is: IČO at home, a foreign number abroad, and the best of its names."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import Graph, Namespace, URIRef

from lod import countries, gather, ico
from lod.errors import IcoError
from lod.iris import COUNTRY
from lod.model import Mention, Severity
from lod.terms import Vocabulary

from .conftest import BASE, Site, lines, violations

VP = Namespace("https://w3id.org/verejne-projekty#")
DCT = Namespace("http://purl.org/dc/terms/")
SLOVAK = "00308439"  # a town's number; numbers from Slovakia have the check digit of an IČO


def graph(site: Site) -> Graph:
    return Graph().parse(data="\n".join(lines(site.check())), format="nt")


def organisations(site: Site) -> set[str]:
    prefix = f"{BASE}zdroj/organizace/"
    return {str(term).removeprefix(prefix) for term in graph(site).objects(None, VP.beneficiary)}


# Countries


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("SVK", ["SK", "SVK", "Slovensko", "SLOVENSKO", "slovenská", "Slovenská republika", "SR", "Slovakia"]),
        ("POL", ["PL", "POL", "Polsko", "polský", "Polská republika", "Poland", " Polsko. "]),
        ("DEU", ["DE", "Německo", "německá", "SRN", "Spolková republika Německo", "Germany"]),
        ("AUT", ["AT", "Rakousko", "rakouský", "Rakouská republika", "Austria"]),
        ("CZE", ["CZ", "CZE", "ČR", "Česko", "Česká republika", "česká", "Czech Republic", "Czechia"]),
        ("ITA", ["Itálie", "Itálie / Italy", "italský"]),
        ("GBR", ["UK", "GB", "Velká Británie", "United Kingdom"]),
        ("", ["", "-", "Evropa", "Olomouc", "Atlantida", "1"]),
    ],
)
def test_country_as_registers_write_it(code: str, names: list[str]) -> None:
    assert {name: countries.code(name) for name in names} == dict.fromkeys(names, code)


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("SK31320155", "SVK"),
        ("PL 526-025-02-74", "POL"),
        ("CZ70891320", ""),
        ("70891320", ""),
        ("IC 6599", ""),
        ("XX1234567", ""),
    ],
)
def test_letters_before_a_number_name_its_country(number: str, code: str) -> None:
    assert countries.of_prefix(number) == code


# A number from abroad


@pytest.mark.parametrize("country", ["SK", "Slovensko", "slovenská", "Slovenská republika"])
def test_slovak_number_is_no_ico(site: Site, country: str) -> None:
    site.record(prijemce="Obec Lhotka", ico=SLOVAK, zeme=country)
    found = graph(site)
    iri = URIRef(f"{BASE}zdroj/organizace/obec-lhotka-svk-{SLOVAK}")
    assert list(found.objects(None, VP.beneficiary)) == [iri]
    assert str(found.value(iri, VP.foreignNumber)) == SLOVAK
    assert found.value(iri, VP.country) == URIRef(f"{COUNTRY}SVK")
    assert (iri, Namespace("http://www.w3.org/2004/02/skos/core#").notation, None) not in found


@pytest.mark.parametrize(
    ("number", "printed"),
    [("526-025-02-74", "526-025-02-74"), ("5260250274", "5260250274"), ("000331501", "000331501"), ("6599", "6599")],
)
def test_foreign_number_stays_as_printed(site: Site, number: str, printed: str) -> None:
    site.record(prijemce="Gmina Lhota", ico=number, zeme="Polsko")
    checked = site.check()
    assert violations(checked.findings) == []
    assert [str(term) for term in graph(site).objects(None, VP.foreignNumber)] == [printed]


@given(st.from_regex(r"[0-9]{9,10}|[0-9]{14}", fullmatch=True))
def test_polish_number_never_becomes_an_ico(number: str) -> None:
    with pytest.raises(IcoError):
        ico.parse(number)


@pytest.mark.parametrize("number", ["5260250274", "12345678512347"])
def test_polish_number_without_a_country_is_refused_with_advice(site: Site, number: str) -> None:
    site.record(ico=number)
    (finding,) = violations(site.check().findings)
    assert "zeme" in finding.en
    assert finding.kind == "ico-invalid"


@pytest.mark.parametrize(
    ("values", "organisation"),
    [
        ({}, "60609460"),
        ({"zeme": "ČR"}, "60609460"),
        ({"zeme": "-"}, "60609460"),
        ({"ico": "SK31320155"}, "olomoucky-kraj-svk-31320155"),
        ({"ico": "", "zeme": "Polsko"}, "olomoucky-kraj-pol"),
        ({"ico": "", "zeme": "Česko"}, "olomoucky-kraj"),
        ({"ico": "", "zeme": "DE", "cizi_cislo": "HRB 1234"}, "olomoucky-kraj-deu-hrb-1234"),
        ({"zeme": "Atlantida"}, "olomoucky-kraj-60609460"),
    ],
)
def test_country_decides_what_a_number_is(site: Site, values: dict[str, str], organisation: str) -> None:
    site.record(**values)
    assert organisations(site) == {organisation}


def test_unknown_country_is_told(site: Site) -> None:
    site.record(zeme="Atlantida")
    assert [f.severity for f in site.check().findings if f.kind == "country-unknown"] == [Severity.WARNING]


def test_foreign_partner_beside_a_czech_beneficiary(site: Site) -> None:
    site.record(partneri=[{"prijemce": "Obec Lhotka", "ico": SLOVAK, "zeme": "SK"}])
    assert [str(term) for term in graph(site).objects(None, VP.foreignNumber)] == [SLOVAK]
    assert organisations(site) == {"60609460"}


# Doubtful and wrong numbers


def test_very_short_ico_holds_with_a_question(site: Site) -> None:
    site.record(ico="6599")
    (finding,) = [f for f in site.check().findings if f.kind == "ico-short"]
    assert (finding.severity, finding.repair) == (Severity.WARNING, "00006599")
    assert organisations(site) == {"00006599"}


def test_lost_zeros_alone_are_no_matter(site: Site) -> None:
    site.record(ico="551023.0")
    assert not [f for f in site.check().findings if f.field == "ico"]
    assert organisations(site) == {"00551023"}


# Registration numbers


def test_damaged_number_identifies_its_project_and_stays_as_evidence(site: Site) -> None:
    site.record(registracni_cislo="CZ 03.260/0.0/15_005/0001897")
    found = graph(site)
    number = "CZ.03.2.60/0.0/0.0/15_005/0001897"
    project = URIRef(f"{BASE}zdroj/projekty/CZ.03.2.60-0.0-0.0-15_005-0001897")
    assert [str(term) for term in found.objects(project, DCT.identifier)] == [number]
    assert found.value(project, VP.programme) == URIRef(f"{BASE}zdroj/programy/CZ.03-2014-2020")
    assert [str(term) for term in found.objects(None, VP.printed)] == ["CZ 03.260/0.0/15_005/0001897"]
    (finding,) = [f for f in site.check().findings if f.kind == "registration-number-damaged"]
    assert (finding.severity, finding.repair) == (Severity.WARNING, number)


@pytest.mark.parametrize(
    ("number", "told"),
    [("TL09900123", False), ("304021C852", False), ("CZ.1.04/3.1/05.00037", True), ("neuvedeno", True)],
)
def test_only_a_number_meant_for_our_grammars_is_told(site: Site, number: str, told: bool) -> None:
    site.record(registracni_cislo=number)
    kinds = {f.kind for f in site.check().findings if f.field == "registracni_cislo"}
    assert kinds == ({"registration-number-unknown"} if told else set())
    assert {str(term) for term in graph(site).objects(None, DCT.identifier)} == {number}


# Names


def named(*names: str) -> tuple[str, list[str]]:
    mention = Mention(iri=f"{BASE}zdroj/organizace/60609460", name="", ico="60609460")
    found = [replace(mention, name=name, rank=rank) for rank, name in enumerate(names)]
    (made,) = gather.organisations(found, Vocabulary(BASE)).values()
    return made.legal_name[0].value, [text.value for text in made.other_name]


def test_fuller_name_replaces_the_cut_one_whatever_its_rank() -> None:
    cut, whole = "Střední průmyslová škola strojnická Olom", "Střední průmyslová škola strojnická Olomouc"
    assert len(cut) == 40
    assert named(cut, whole) == named(whole, cut) == (whole, [])


def test_legal_form_makes_no_other_name() -> None:
    assert named("CRYTUR, spol. s r.o.", "CRYTUR s. r. o.", "Crytur Turnov") == (
        "CRYTUR, spol. s r.o.",
        ["Crytur Turnov"],
    )


# Periods


@pytest.mark.parametrize(
    ("values", "period"),
    [
        ({"zahajeni": "06/2012 - 05/2014"}, ("2012-06", "2014-05")),
        ({"zahajeni": "06/2012 - 05/2014", "ukonceni": "06/2012 - 05/2014"}, ("2012-06", "2014-05")),
        ({"zahajeni": "od 1. 3. do 30. 6. 2018", "ukonceni": "31. 7. 2018"}, ("2018-03-01", "2018-07-31")),
        ({"zahajeni": "od září 2006"}, ("2006-09", "None")),
        ({"ukonceni": "do 31. 12. 2007"}, ("None", "2007-12-31")),
        ({"zahajeni": "2019", "ukonceni": "2020"}, ("2019", "2020")),
    ],
)
def test_cell_may_hold_a_whole_period(site: Site, values: dict[str, str], period: tuple[str, str]) -> None:
    site.record(**values)
    found = graph(site)
    assert violations(site.check().findings) == []
    assert (_only(found, VP.start), _only(found, VP.end)) == period


def _only(found: Graph, predicate: URIRef) -> str:
    values = [str(term) for term in found.objects(None, predicate)]
    return values[0] if values else "None"
