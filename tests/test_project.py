"""A record to its facts: what the samples say, what wins, and what is refused, with place and column."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from rdflib import RDF, Graph, Literal, Namespace, URIRef

from lod import checking, config, pipeline
from lod.model import Finding, Severity
from lod.terms import Vocabulary

from .conftest import BASE, HEAD, REPOSITORY, Site, lines, make_site, violations

GOLDEN = Path(__file__).parent / "golden"
DCT = Namespace("http://purl.org/dc/terms/")
LOCN = Namespace("http://www.w3.org/ns/locn#")
SCHEMA = Namespace("http://schema.org/")
VP = Namespace("https://w3id.org/verejne-projekty#")
OLOMOUC = URIRef(f"{BASE}zdroj/projekty/CZ.1.04-3.1.00-05.00037")
ZLIN = URIRef(f"{BASE}zdroj/projekty/70891320-vzdelavani-v-oblasti-komunitniho-planovani")
PROJECT = URIRef(f"{BASE}zdroj/projekty/CZ.1.04-3.1.00-05.00099")  # of conftest.GOOD
PROJECTS = f"{BASE}zdroj/projekty/"


def graph(checked: checking.Checked) -> Graph:
    return Graph().parse(data="\n".join(lines(checked)), format="nt")


def published(checked: checking.Checked) -> set[str]:
    """Return the ends of the projects' IRIs."""
    return {iri.removeprefix(PROJECTS) for iri in checked.described if iri.startswith(PROJECTS)}


def about(checked: checking.Checked, place: str) -> list[Finding]:
    return [finding for finding in violations(checked.findings) if finding.place == place]


# The two samples


@pytest.fixture(scope="module")
def samples(vocabulary: Vocabulary) -> checking.Checked:
    settings = config.load(REPOSITORY / "data" / "lod.toml")
    files = sorted((REPOSITORY / "data" / "records").glob("*.toml"))
    return pipeline.check(pipeline.collect_files(settings, vocabulary, files), vocabulary, pipeline.Progress())


@pytest.mark.parametrize("name", ["olomouc", "zlin"])
def test_sample_says_exactly_what_its_page_says(samples: checking.Checked, name: str) -> None:
    found, expected = graph(samples), Graph().parse(GOLDEN / f"{name}.ttl")
    for subject, predicate in sorted(set(expected.subject_predicates())):
        stated = {term.n3() for term in found.objects(subject, predicate)}
        assert stated == {term.n3() for term in expected.objects(subject, predicate)}, f"{subject} {predicate}"


def test_samples_are_two_projects_and_a_predecessor_without_a_fault(samples: checking.Checked) -> None:
    found = graph(samples)
    predecessor = found.value(OLOMOUC, VP.predecessor)
    assert set(found.subjects(RDF.type, VP.Project)) == {OLOMOUC, ZLIN, predecessor}
    assert violations(samples.findings) == []


def test_samples_state_no_amount_and_no_number_that_their_pages_do_not(samples: checking.Checked) -> None:
    found = graph(samples)
    assert not list(found.subjects(RDF.type, SCHEMA.MonetaryAmount))
    for predicate in (DCT.identifier, VP.call, VP.priorityAxis, VP.currency, VP.projectType):
        assert found.value(ZLIN, predicate) is None
    assert found.value(OLOMOUC, VP.contribution) is None


# What is refused, and how it is said


@pytest.mark.parametrize(
    ("column", "value", "told"),
    [
        ("ico", "12345678", "check digit"),
        ("ico", "00000000", "placeholder"),
        ("poskytovatel_ico", "12345678", "check digit"),
        ("zahajeni", "někdy na jaře", "not a date"),
        ("zahajeni", "31. 2. 2010", "no such day"),
        ("start", "31. 2. 2010", "no such day"),
        ("Ukonceni", "2012-13", "not a date"),
        ("castka_celkem", "430.882", "two ways: 430 882, or 430,882"),
        ("castka_eu", "asi milion", "not a number"),
        ("castka_celkem", "-5", "may not be negative"),
        ("castka_zpusobila", "-5", "may not be negative"),
        ("mena", "koruny", "not a currency"),
        ("nazev", "", "no title"),
    ],
)
def test_unreadable_value_is_a_violation_at_its_place(site: Site, column: str, value: str, told: str) -> None:
    site.record("dobry", registracni_cislo="CZ.1.04/3.1.00/05.00001")
    site.record("spatny", **{column: value})
    checked = site.check()
    (finding,) = about(checked, "records/spatny.json")
    assert finding.field == column
    assert told in finding.en
    assert finding.cs
    assert finding.cs != finding.en
    assert finding.value in {value, ""}
    assert finding.source == "zaznamy"
    assert published(checked) == {"CZ.1.04-3.1.00-05.00001"}
    assert set(checked.refused) == {"records/spatny.json"}


def test_table_finding_names_the_column_of_the_table(tmp_path: Path, vocabulary: Vocabulary) -> None:
    source = """
[[source]]
name = "registr"
kind = "table"
files = ["registry.csv"]
[source.columns]
nazev = "Název projektu"
ico = "IČ příjemce"
zahajeni = "Datum zahájení"
castka_celkem = { column = "Cena (tis.)", unit = 1000, decimal = "." }
"""
    site = make_site(tmp_path, vocabulary, source)
    header = "Název projektu,IČ příjemce,Datum zahájení,Cena (tis.)"
    rows = ["Dobrý,60609460,1. 2. 2010,1.234", "A,60609460,včera,1", "B,1234,2010,1", "C,60609460,2010,málo"]
    site.write("registry.csv", "\n".join([header, *rows, ""]))
    checked = site.check()
    assert [(finding.place, finding.field) for finding in violations(checked.findings)] == [
        ("registry.csv:3", "Datum zahájení"),
        ("registry.csv:4", "IČ příjemce"),
        ("registry.csv:5", "Cena (tis.)"),
    ]
    found = graph(checked)
    (amount,) = found.subjects(RDF.type, SCHEMA.MonetaryAmount)
    assert found.value(amount, SCHEMA.value) == Literal("1234", datatype="http://www.w3.org/2001/XMLSchema#decimal")


@pytest.mark.parametrize(
    ("values", "column"),
    [
        ({"vystupy": [{"pocet": 3}]}, "vystupy"),
        ({"aktivity": [{"popis": "Bez názvu"}]}, "aktivity"),
        ({"vystupy": [{"co": "školení", "pocet": "tři"}]}, "vystupy[1].pocet"),
    ],
)
def test_finding_about_a_part_names_the_column_that_holds_it(site: Site, values: dict[str, Any], column: str) -> None:
    site.record(**values)
    (finding,) = about(site.check(), "records/projekt.json")
    assert finding.field.startswith(column)


def test_column_nobody_knows_is_told_with_what_was_meant(site: Site) -> None:
    site.record(registracni_cisloo="x", uplne_jine="y")
    told = {finding.field: finding for finding in site.check().findings if "known" in finding.en}
    assert set(told) == {"registracni_cisloo", "uplne_jine"}
    assert "did you mean registracni_cislo?" in told["registracni_cisloo"].en
    assert all(finding.severity is Severity.WARNING for finding in told.values())


@pytest.mark.parametrize(
    ("start", "end", "fine"),
    [
        ("2006-09-15", "2006-09", True),
        ("2006-09-15", "2006", True),
        ("září 2006", "15. 9. 2006", True),
        ("2010", "2010", True),
        ("2006-09-15", "2006-09-14", False),
        ("2006-10", "15. 9. 2006", False),
        ("2007", "31. 12. 2006", False),
    ],
)
def test_end_before_start_is_refused_as_precisely_as_the_dates_are(
    site: Site, start: str, end: str, fine: bool
) -> None:
    site.record(zahajeni=start, ukonceni=end)
    checked = site.check()
    assert [finding.en for finding in about(checked, "records/projekt.json")] == (
        [] if fine else ["The project ends before it starts."]
    )
    assert bool(published(checked)) is fine


@pytest.mark.parametrize(("eu", "own", "fine"), [("85", "15", True), ("85", "16.9", True), ("85", "20", False)])
def test_parts_may_exceed_the_total_by_rounding_only(site: Site, eu: str, own: str, fine: bool) -> None:
    site.record(castka_celkem="100", castka_eu=eu, castka_vlastni=own)
    assert bool(published(site.check())) is fine


def test_two_records_of_one_project_are_told_and_the_first_stays(site: Site) -> None:
    site.record("a", nazev="První")
    site.record("b", nazev="Druhý")
    checked = site.check()
    (finding,) = about(checked, "records/b.json")
    assert "records/a.json" in finding.en
    assert (PROJECT, DCT.title, Literal("První", lang="cs")) in graph(checked)


def test_long_titles_that_differ_at_the_end_are_two_projects(site: Site) -> None:
    title = "Vysazování rozkrmeného mladého úhoře říčního v revírech Západočeského územního svazu 2011"
    site.record("a", registracni_cislo="", nazev=f"{title}/I.")
    site.record("b", registracni_cislo="", nazev=f"{title}/II.")
    checked = site.check()
    assert violations(checked.findings) == []
    assert len(published(checked)) == 2


def test_what_others_say_of_a_refused_project_still_holds(site: Site) -> None:
    site.record("a", registracni_cislo="CZ.1.04/3.1.00/05.00001", zahajeni="2012", ukonceni="2010")
    mention = {"nazev": "První", "registracni_cislo": "CZ.1.04/3.1.00/05.00001"}
    site.record("b", registracni_cislo="CZ.1.04/3.1.00/05.00002", predchozi_projekty=[mention])
    checked = site.check()
    assert published(checked) == {"CZ.1.04-3.1.00-05.00001", "CZ.1.04-3.1.00-05.00002"}
    first = URIRef(f"{BASE}zdroj/projekty/CZ.1.04-3.1.00-05.00001")
    assert list(graph(checked).objects(first, DCT.title)) == [Literal("První", lang="cs")]
    assert set(checked.refused) == {"records/a.json"}


def test_who_refers_to_a_bad_mention_stays_out_too(site: Site) -> None:
    mention = {"nazev": "První", "slug": "prvni", "zahajeni": "2012", "ukonceni": "2010"}
    site.record("b", registracni_cislo="CZ.1.04/3.1.00/05.00002", predchozi_projekty=[mention])
    mention = {"nazev": "Druhý", "slug": "prvni", "zahajeni": "2012", "ukonceni": "2010"}
    site.record("c", registracni_cislo="CZ.1.04/3.1.00/05.00003", souvisejici_projekty=[mention])
    site.record("d")
    checked = site.check()
    assert published(checked) == {"CZ.1.04-3.1.00-05.00099"}
    for place in ("records/b.json", "records/c.json"):
        assert "refers to a project that was refused" in [finding.en for finding in about(checked, place)]
    assert set(checked.refused) == {"records/b.json", "records/c.json"}


def test_nothing_published_refers_to_nothing(site: Site) -> None:
    mention = {"nazev": "Jiný", "registracni_cislo": "CZ.1.04/3.1.00/05.00001"}
    site.record("a", registracni_cislo="CZ.1.04/3.1.00/05.00001", zahajeni="včera")  # refused before the shapes
    site.record("b", predchozi_projekty=[mention], navazuje_na=[{"nazev": "Plán"}], partneri=[{"prijemce": "Spolek"}])
    found = graph(site.check())
    subjects = {str(subject) for subject in found.subjects()}
    lists = {str(subject) for subject in site.vocabulary.codelists.subjects()}
    referred = {str(node) for node in found.objects() if str(node).startswith(f"{BASE}zdroj/")}
    assert PROJECT in found.subjects()
    assert referred <= subjects | lists


# One bad value breaks neither the run nor its neighbours


@pytest.mark.parametrize(
    "values",
    [
        {"web": "www.kr-olomoucky.cz"},
        {"web": "http://kr olomoucky.cz"},
        {"web": "http://x.cz/<script>"},
        {"web": "ftp://x.cz/"},
        {"web": "javascript:alert(1)"},
        {"datova_schranka": "abc"},
        {"datova_schranka": "abc def"},
        {"slug": "dvě slova", "registracni_cislo": ""},
        {"slug": "a>b", "registracni_cislo": ""},
        {"slug": "a/b", "registracni_cislo": ""},
        {"slug": "..", "registracni_cislo": ""},
        {"dokument": {"nazev": "Stránka", "url": "http://x y"}},
        {"dokument": {"nazev": "Stránka", "url": "javascript:alert(1)"}},
        {"dokument": {"nazev": "Stránka", "slug": "a b"}},
        {"navazuje_na": [{"nazev": "Plán", "obdobi": "dávno"}]},
        {"predchozi_projekty": [{"nazev": "Starší", "slug": "a b"}]},
        {"aktivity": 5},
        {"platby": 5},
        {"castka_celkem": {"castka": 5}},
        {"castka_celkem": float("nan")},
        {"castka_celkem": [5]},
        {"vystupy": [{"co": "školení", "pocet": "tři"}]},
        {"vystupy": [{"co": "školení", "pocet": -3}]},
        {"partneri": [{"prijemce": "Spolek", "ico": "12345678"}]},
    ],
    ids=str,
)
def test_one_bad_value_is_told_and_its_neighbour_is_published(site: Site, values: dict[str, Any]) -> None:
    site.record("dobry", registracni_cislo="CZ.1.04/3.1.00/05.00001")
    site.record("spatny", **values)
    checked = site.check()
    assert "CZ.1.04-3.1.00-05.00001" in published(checked)
    missing = {"registration_number", "registracni_cislo"}
    told = [
        finding
        for finding in checked.findings
        if finding.place == "records/spatny.json"
        and finding.severity is not Severity.INFO
        and finding.field not in missing
    ]
    assert told
    assert about(checked, "records/dobry.json") == []


@pytest.mark.parametrize("value", ["\ud800", "nul\x00", "\ufffe", "\x1b[31m", "<script>", "\u202e"], ids=repr)
def test_odd_characters_reach_no_dump_as_such(site: Site, value: str) -> None:
    site.record(shrnuti=f"Před {value} za")
    checked = site.check()
    text = "\n".join(sorted(lines(checked))).encode()
    # What no text may hold is told, and its record refused; the rest is cleaned.
    assert "Před ".encode() in text or about(checked, "records/projekt.json")
    for broken in (b"\x00", b"\x1b", "\ufffe".encode()):
        assert broken not in text


@pytest.mark.parametrize("year", ["2010", "2010-02", "1. 2. 2010"])
def test_payment_is_of_a_year(site: Site, year: str) -> None:
    site.record(platby=[{"rok": year, "castka": "5"}])
    checked = site.check()
    years = re.findall(r'"([^"]*)"\^\^<\S+#gYear>', "\n".join(lines(checked)))
    assert years == ["2010"] or (years == [] and about(checked, "records/projekt.json"))


# What wins


def test_title_may_change_while_the_stored_slug_stays(site: Site) -> None:
    for title in ("Oprava školy", "Oprava školy a hřiště"):
        site.record(registracni_cislo="", slug="60609460-oprava-skoly", nazev=title)
        assert published(site.check()) == {"60609460-oprava-skoly"}


@pytest.mark.parametrize(
    ("values", "slug"),
    [
        ({}, "60609460-oprava-skoly"),
        ({"ico": ""}, "olomoucky-kraj-oprava-skoly"),
        ({"ico": "", "prijemce": ""}, "zaznamy-oprava-skoly"),
        ({"registracni_cislo": "20RRD11-0020"}, "20RRD11~0020"),
    ],
)
def test_project_without_a_number_is_named_by_what_is_known(site: Site, values: dict[str, str], slug: str) -> None:
    site.record(**{"registracni_cislo": "", **values})
    assert published(site.check()) == {slug}


@pytest.mark.parametrize("nothing", ["-", "–", "—", " "])
def test_dash_is_not_a_registration_number(site: Site, nothing: str) -> None:
    site.record(registracni_cislo=nothing)
    checked = site.check()
    assert published(checked) == {"60609460-oprava-skoly"}
    assert not list(graph(checked).objects(None, DCT.identifier))


@pytest.mark.parametrize(
    ("number", "printed", "programme", "told"),
    [
        ("CZ.1.04/3.1.00/05.00099", "OP LZZ", "CZ.1.04", False),
        ("CZ.1.04/3.1.00/05.00099", "Lidské zdroje a zaměstnanost", "CZ.1.04", False),
        ("CZ.1.04/3.1.00/05.00099", "", "CZ.1.04", False),
        ("CZ.1.04/3.1.00/05.00099", "Operační program Zaměstnanost", "CZ.1.04", True),
        ("CZ.03.2.60/0.0/0.0/15_005/0000057", "Operační program Zaměstnanost", "CZ.03-2014-2020", False),
        ("CZ.03.02.02/00/22_046/0002180", "OPZ+", "CZ.03-2021-2027", False),
        ("", "OP RLZ", "CZ.04.1.03", False),
        ("", "Program, který není", None, True),
        ("304021C852", "OP LZZ", "CZ.1.04", False),
    ],
)
def test_registration_number_decides_the_programme(
    site: Site, number: str, printed: str, programme: str | None, told: bool
) -> None:
    site.record(registracni_cislo=number, program=printed)
    checked = site.check()
    found = graph(checked)
    expected = [URIRef(f"{BASE}zdroj/programy/{programme}")] if programme else []
    assert list(found.objects(None, VP.programme)) == expected
    assert any(finding.field == "program" for finding in checked.findings) is told
    kept = {str(term) for term in found.objects(None, VP.printed)}
    assert kept == ({printed} if told and programme else set())


@pytest.mark.parametrize(
    ("values", "address"),
    [
        ({"cislo_domu": "1191/40a"}, ("1191/40a", "1191", "40a")),
        ({"cislo_popisne": "1191", "cislo_orientacni": "40a"}, ("1191/40a", "1191", "40a")),
        ({"cislo_domu": "21"}, ("21", None, None)),
        ({"cislo_popisne": "21"}, ("21", "21", None)),
    ],
)
def test_house_number_is_split_where_it_says_so(
    site: Site, values: dict[str, str], address: tuple[str | None, ...]
) -> None:
    site.record(obec="Olomouc", psc="779 00", **values)
    found = graph(site.check())
    (node,) = found.subjects(RDF.type, LOCN.Address)
    stated = [found.value(node, p) for p in (LOCN.locatorDesignator, VP.descriptiveNumber, VP.orientationNumber)]
    assert tuple(str(term) if term else None for term in stated) == address
    assert str(found.value(node, LOCN.postCode)) == "77900"


def amounts(found: Graph) -> set[tuple[str, str, str]]:
    """Return the end of each amount's IRI, its value and its currency."""
    return {
        (
            str(node).removeprefix(f"{PROJECT}/"),
            str(found.value(node, SCHEMA.value)),
            str(found.value(node, SCHEMA.currency)),
        )
        for node in found.subjects(RDF.type, SCHEMA.MonetaryAmount)
    }


def test_money_keeps_its_source_and_currency(site: Site) -> None:
    site.record(
        castka_celkem="1 000 000,50 €",
        castka_eu="850000",
        castka_stat="100 000,-",
        castka_dotace="950000",
        fond="ESF",
        mena="EUR",
        platby=[{"rok": "2010", "castka": "5"}, {"rok": "2010", "castka": "-2"}],
    )
    found = graph(site.check())
    assert amounts(found) == {
        ("naklady/celkem", "1000000.5", "EUR"),
        ("prispevky/eu/castka", "850000", "EUR"),
        ("prispevky/stat/castka", "100000", "EUR"),
        ("dotace/castka", "950000", "EUR"),
        ("dotace/platby/2010/castka", "5", "EUR"),
        ("dotace/platby/2010-2/castka", "-2", "EUR"),
    }
    assert found.value(URIRef(f"{PROJECT}/prispevky/eu"), VP.fund) == URIRef(f"{BASE}zdroj/fondy/ESF")
    assert list(found.subjects(RDF.type, VP.Return)) == [URIRef(f"{PROJECT}/dotace/platby/2010-2")]


def test_crowns_are_meant_where_no_currency_is_stated(site: Site) -> None:
    site.record(castka_celkem="100")
    assert amounts(graph(site.check())) == {("naklady/celkem", "100", "CZK")}


def test_amount_printed_in_another_currency_is_not_crowns(site: Site) -> None:
    site.record(castka_celkem="100 EUR")
    checked = site.check()
    assert ("naklady/celkem", "100", "CZK") not in amounts(graph(checked))


def test_the_seat_in_a_record_is_the_beneficiarys_not_the_providers(site: Site) -> None:
    site.record(
        ulice="Jeremenkova",
        obec="Olomouc",
        web="http://www.kr-olomoucky.cz",
        poskytovatel="MPSV",
        poskytovatel_ico="551023",
    )
    found = graph(site.check())
    provider = URIRef(f"{BASE}zdroj/organizace/00551023")
    assert provider in found.subjects()
    assert not list(found.objects(provider, Namespace("http://www.w3.org/ns/org#").hasRegisteredSite))
    assert not list(found.objects(provider, Namespace("http://xmlns.com/foaf/0.1/").homepage))


def test_two_funds_do_not_share_an_amount(site: Site) -> None:
    site.record(castka_eu="100", fond=["ESF", "EFRR"])
    found = graph(site.check())
    assert amounts(found) == {("prispevky/eu/castka", "100", "CZK")}
    assert found.value(URIRef(f"{PROJECT}/prispevky/eu"), VP.fund) is None
    assert set(found.objects(None, VP.fund)) == {URIRef(f"{BASE}zdroj/fondy/{code}") for code in ("ESF", "EFRR")}


def test_flat_and_nested_layout_mean_the_same(tmp_path: Path, vocabulary: Vocabulary) -> None:
    nested = make_site(tmp_path / "a", vocabulary)
    nested.record(partneri=[{"prijemce": "Spolek"}, {"prijemce": "Obec"}], uzemi=["Olomoucký kraj", "CZ072"])
    flat = make_site(tmp_path / "b", vocabulary)
    flat.rows(
        "Oprava školy|CZ.1.04/3.1.00/05.00099|Olomoucký kraj|606 094 60|Spolek; Obec|Olomoucký kraj;CZ072",
        header="title|registration_number|beneficiary|ico|partners|places",
    )
    assert lines(nested.check()) == lines(flat.check()) != set()


def test_earlier_source_is_trusted_more(tmp_path: Path, vocabulary: Vocabulary) -> None:
    source = '[[source]]\nname = "{0}"\nkind = "records"\nfiles = ["{0}/*"]\n'
    for order in (("a", "b"), ("b", "a")):
        site = Site(tmp_path / order[0], vocabulary)
        site.write("lod.toml", HEAD + "".join(source.format(name) for name in order))
        for name in order:
            site.write(f"{name}/x.csv", f"nazev,ico,prijemce\nProjekt {name},60609460,Jméno {name}\n")
        names = {
            str(term) for term in graph(site.check()).objects(None, URIRef("http://www.w3.org/ns/regorg#legalName"))
        }
        assert names == {f"Jméno {order[0]}"}
