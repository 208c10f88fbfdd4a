"""The report of a build on the site: filters without a script, pages, every format, and one project's findings."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from rdflib import RDF, SH, Graph, URIRef

from lod.terms import Vocabulary
from lod.web.app import create_app
from lod.web.site import Site

from ..conftest import BASE, make_site

HTML = {"Accept": "text/html"}
EVIL = "<script>alert(1)</script>"
HEADER = "nazev;registracni_cislo;ico;zahajeni;web;castka_celkem"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, vocabulary: Vocabulary) -> Site:
    """Serve a release with one project that passes with a warning, a refused one, and sixty that lack something."""
    site = make_site(tmp_path_factory.mktemp("findings"), vocabulary)
    rows = [
        "Dobrý;CZ.1.04/3.1.00/05.00001;60609460;2010;www.x.cz;1",
        f"Zlý;CZ.1.04/3.1.00/05.00002;60609460;{EVIL};;1",
        *(f"Projekt {n};CZ.1.04/3.1.00/05.{n:05};60609460;2010;;" for n in range(100, 160)),
    ]
    site.write("records/projekty.csv", "\n".join([HEADER, *rows, ""]))
    assert site.build().release
    return Site(site.config, vocabulary)


@pytest.fixture(scope="module")
def browse(served: Site) -> FlaskClient:
    return create_app(served).test_client()


def page(browse: FlaskClient, path: str) -> str:
    answer = browse.get(path, headers=HTML)
    assert answer.status_code == 200, path
    assert answer.mimetype == "text/html"
    return answer.text


def places(text: str) -> list[str]:
    return re.findall(r'class="where"><code>([^<]*)</code>', text)


def test_report_groups_by_kind_and_escapes_what_was_read(browse: FlaskClient) -> None:
    text = page(browse, "/kontrola")
    assert "Nečitelné datum" in text
    assert "Napište datum jako 1. 2. 2010" in text
    assert EVIL not in text
    assert "&lt;script&gt;" in text
    assert "records/projekty.csv:3:zahajeni" in places(text)
    assert len(places(text)) < 20  # sixty lack the same; one stands for them
    assert re.search(r"Všechny nálezy tohoto druhu", text)


def test_report_is_in_both_languages(browse: FlaskClient) -> None:
    text = page(browse, "/kontrola?lang=en")
    assert "Unreadable date" in text
    assert "Nečitelné datum" not in text
    assert "What to do:" in text


def test_filters_are_links_and_every_link_leads_to_as_many_as_it_says(browse: FlaskClient) -> None:
    facets = re.search(r'<nav class="facets".*?</nav>', page(browse, "/kontrola"), re.DOTALL)
    assert facets
    options = re.findall(r'<a href="(\?[^"]*)"[^>]*>[^<]*<span class="count">([^<]*)</span>', facets[0])
    assert len(options) >= 5
    for href, count in options:
        shown = page(browse, "/kontrola" + href.replace("&amp;", "&"))
        sections = re.findall(r'<h2><span class="badge [a-z]+">.*?<span class="soft">([^<]*)</span></h2>', shown)
        assert sum(int(number.replace("\u00a0", "")) for number in sections) == int(count.replace("\u00a0", "")), href


def test_all_of_a_kind_come_page_by_page(browse: FlaskClient) -> None:
    address = "/kontrola?druh=missing-recommended&zavaznost=info"
    found = json.loads(browse.get("/kontrola.json").data)["findings"]
    wanted = [f for f in found if f["kind"] == "missing-recommended" and f["severity"] == "info"]
    seen: list[str] = []
    for number in range(1, 20):
        text = page(browse, f"{address}&strana={number}")
        seen += places(text)
        if f"strana={number + 1}" not in text:
            break
    assert number > 1
    assert sorted(seen) == sorted(f"{f['place']}:{f['field']}" for f in wanted)


@pytest.mark.parametrize("strana", ["0", "-1", "x", "999999", "²", "1" * 5000])
def test_odd_page_numbers_do_no_harm(browse: FlaskClient, strana: str) -> None:
    page(browse, f"/kontrola?druh=missing-recommended&strana={strana}")


@pytest.mark.parametrize("query", ["druh=%3Cb%3E", "zdroj=neni", "zavaznost=zle", "druh=&zdroj="])
def test_unknown_filters_find_nothing_and_are_escaped(browse: FlaskClient, query: str) -> None:
    text = page(browse, f"/kontrola?{query}")
    assert "<b>" not in text


@pytest.mark.parametrize("suffix", ["ttl", "jsonld", "nt", "rdf"])
def test_report_is_the_same_shacl_report_in_every_syntax(browse: FlaskClient, served: Site, suffix: str) -> None:
    answer = browse.get(f"/kontrola.{suffix}")
    form = {"ttl": "turtle", "jsonld": "json-ld", "nt": "nt", "rdf": "xml"}[suffix]
    graph = Graph().parse(data=answer.data, format=form)
    (about,) = graph.subjects(RDF.type, SH.ValidationReport)
    assert about == URIRef(f"{BASE}vydani/{served.serving.id}/kontrola")
    assert len(list(graph.objects(about, SH.result))) == len(served.serving.findings)
    # The IRI of the report, and so of each result in it, leads to the report.
    assert browse.get("/" + str(about).removeprefix(BASE), headers={"Accept": "text/turtle"}).status_code == 200


def test_report_is_negotiated(browse: FlaskClient) -> None:
    for accept, mimetype in (
        ("*/*", "application/json"),
        ("text/turtle", "text/turtle"),
        ("application/ld+json", "application/ld+json"),
        ("text/csv", "text/csv"),
        ("text/html,*/*;q=0.8", "text/html"),
    ):
        answer = browse.get("/kontrola", headers={"Accept": accept})
        assert (answer.status_code, answer.mimetype) == (200, mimetype)
        assert "Accept" in answer.headers["Vary"]
        again = browse.get("/kontrola", headers={"Accept": accept, "If-None-Match": answer.headers["ETag"]})
        assert again.status_code == 304
    assert browse.get("/kontrola", headers={"Accept": "image/png"}).status_code == 406
    assert browse.get("/kontrola.doc").status_code == 406
    assert browse.get("/vydani/neni/kontrola").status_code == 404


def test_json_has_counts_by_kind_beside_the_findings(browse: FlaskClient) -> None:
    told = json.loads(browse.get("/kontrola.json").data)
    assert sum(group["count"] for group in told["groups"]) == len(told["findings"])
    assert {"severity": "violation", "kind": "date-unreadable", "count": 1, "sources": ["zaznamy"]} in told["groups"]


def test_page_of_a_project_leads_to_its_findings(browse: FlaskClient) -> None:
    project = page(browse, "/projekty/CZ.1.04-3.1.00-05.00001")
    assert '<a href="/kontrola/CZ.1.04-3.1.00-05.00001">' in project
    text = page(browse, "/kontrola/CZ.1.04-3.1.00-05.00001")
    assert "Kontrola: Dobrý" in text
    assert "https://www.x.cz" in text
    assert set(places(text)) == {"records/projekty.csv:2:web"} | {p for p in places(text) if ":2:" in p}


def test_refused_project_has_its_findings_too(browse: FlaskClient) -> None:
    assert browse.get("/projekty/CZ.1.04-3.1.00-05.00002").status_code == 404
    assert places(page(browse, "/kontrola/CZ.1.04-3.1.00-05.00002")) == ["records/projekty.csv:3:zahajeni"]


def test_findings_of_a_project_as_data_are_those_of_the_whole_report(browse: FlaskClient) -> None:
    whole = Graph().parse(data=browse.get("/kontrola.ttl").data, format="turtle")
    part = Graph().parse(data=browse.get("/kontrola/CZ.1.04-3.1.00-05.00001.ttl").data, format="turtle")
    (about,) = part.subjects(RDF.type, SH.ValidationReport)
    assert about == URIRef(f"{BASE}kontrola/CZ.1.04-3.1.00-05.00001")
    results = set(part.objects(about, SH.result))
    assert results
    for result in results:
        assert set(part.predicate_objects(result)) == set(whole.predicate_objects(result))


def test_project_that_nobody_knows_has_no_findings(browse: FlaskClient) -> None:
    for key in ("neni", "neni.ttl", "..%2f..%2fetc", ".ttl"):
        assert browse.get(f"/kontrola/{key}").status_code == 404


def test_kind_has_a_page_that_says_what_to_do(browse: FlaskClient) -> None:
    assert "Najděte organizaci v registru ARES" in page(browse, "/druhy-nalezu/ico-check-digit")
    assert "Takový den není" in page(browse, "/druhy-nalezu")


def test_report_of_an_older_release_stays(served: Site, vocabulary: Vocabulary, tmp_path: Path) -> None:
    site = make_site(tmp_path, vocabulary)
    site.rows("A;CZ.1.04/3.1.00/05.00001;60609460;31. 2. 2010;", "B;CZ.1.04/3.1.00/05.00002;60609460;2010;")
    first = site.build().release
    site.rows("B;CZ.1.04/3.1.00/05.00002;60609460;2010;", "C;CZ.1.04/3.1.00/05.00003;60609460;2010;")
    second = site.build().release
    assert first
    assert second
    client = create_app(Site(site.config, vocabulary)).test_client()
    assert "31. 2. 2010" in page(client, f"/vydani/{first.id}/kontrola")
    assert "31. 2. 2010" not in page(client, f"/vydani/{second.id}/kontrola")
    assert f'href="/vydani/{first.id}/kontrola"' in page(client, "/vydani")
