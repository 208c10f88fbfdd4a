"""Dereferencing as developers, harvesters and people do it."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import quote

import pyoxigraph as ox
import pytest
import rdflib
from flask.testing import FlaskClient
from pyld import jsonld
from rdflib import DCTERMS, FOAF, Dataset, Graph, Literal, Namespace, URIRef
from rdflib.compare import isomorphic

from lod.web.resources import _neutral
from lod.web.site import Site

BASE = "https://projekty.example/"
VP = Namespace("https://w3id.org/verejne-projekty#")
OLOMOUC = "projekty/CZ.1.04-3.1.00-05.00037"
ZLIN = "projekty/70891320-vzdelavani-v-oblasti-komunitniho-planovani"
SYNTAXES = {
    "text/turtle": ("ttl", "turtle"),
    "application/ld+json": ("jsonld", "json-ld"),
    "application/n-triples": ("nt", "nt"),
    "application/rdf+xml": ("rdf", "xml"),
    "application/trig": ("trig", "trig"),
    "application/n-quads": ("nq", "nquads"),
}


def parsed(content: bytes, media: str) -> Graph:
    """Read RDF with rdflib and with pyoxigraph; both must see the same graph."""
    dataset = Dataset()
    dataset.parse(data=content, format=SYNTAXES[media][1])
    graph = Graph()
    for subject, predicate, item, _ in dataset.quads():
        graph.add((subject, predicate, item))
    syntax = ox.RdfFormat.from_media_type(media)
    assert syntax
    other = ox.serialize((quad.triple for quad in ox.parse(content, format=syntax)), format=ox.RdfFormat.N_TRIPLES)
    assert isomorphic(graph, Graph().parse(data=other, format="nt"))
    return graph


@pytest.mark.parametrize("key", [OLOMOUC, ZLIN, "organizace/60609460", "programy/CZ.1.04/3.1", "kraje/CZ071"])
def test_one_hop_leads_to_the_same_graph_in_every_syntax(client: FlaskClient, key: str) -> None:
    graphs = []
    for media, (extension, _) in SYNTAXES.items():
        hop = client.get(f"/zdroj/{key}", headers={"Accept": media})
        assert hop.status_code == 303
        assert hop.headers["Location"] == f"/{key}.{extension}"
        assert "Accept" in hop.headers["Vary"]
        answer = client.get(hop.headers["Location"])
        assert answer.status_code == 200
        assert answer.headers["Content-Type"] == f"{media}; charset=utf-8"
        graphs.append(parsed(answer.data, media))
        assert (URIRef(f"{BASE}{key}"), FOAF.primaryTopic, URIRef(f"{BASE}zdroj/{key}")) in graphs[-1]
    assert all(isomorphic(graphs[0], graph) for graph in graphs)
    assert len(graphs[0]) > 5


def test_compact_json_ld_means_the_same_to_a_json_ld_processor(client: FlaskClient) -> None:
    document = json.loads(client.get(f"/{OLOMOUC}.jsonld").data)
    project = next(node for node in document["@graph"] if node["id"] == f"{BASE}zdroj/{OLOMOUC}")
    assert project["registrationNumber"] == "CZ.1.04/3.1.00/05.00037"
    assert project["beneficiary"] == f"{BASE}zdroj/organizace/60609460"
    quads = jsonld.to_rdf(document, {"format": "application/n-quads"})
    turtle = Graph().parse(data=client.get(f"/{OLOMOUC}.ttl").data, format="turtle")
    assert isomorphic(Graph().parse(data=quads, format="nt"), turtle)


def test_documents_use_the_context_that_is_served(client: FlaskClient) -> None:
    whole = json.loads(client.get("/slovnik/context.jsonld").data)["@context"]
    used = json.loads(client.get(f"/{ZLIN}.jsonld").data)["@context"]
    assert used.items() <= whole.items()


def test_no_blank_nodes_and_no_bare_relative_iris(client: FlaskClient) -> None:
    for quad in ox.parse(client.get(f"/{ZLIN}.nt").data, format=ox.RdfFormat.N_TRIPLES):
        for term in (quad.subject, quad.object):
            assert not isinstance(term, ox.BlankNode)


def test_a_part_leads_to_the_document_of_its_owner(client: FlaskClient) -> None:
    hop = client.get(f"/zdroj/{ZLIN}/aktivity/1", headers={"Accept": "text/turtle"})
    assert (hop.status_code, hop.headers["Location"]) == (303, f"/{ZLIN}.ttl")
    assert client.get(f"/zdroj/{ZLIN}/aktivity/99").status_code == 404


def test_browsers_get_the_page(client: FlaskClient) -> None:
    hop = client.get(f"/zdroj/{OLOMOUC}", headers={"Accept": "text/html,*/*;q=0.8"})
    assert (hop.status_code, hop.headers["Location"]) == (303, f"/{OLOMOUC}")
    page = client.get(f"/{OLOMOUC}", headers={"Accept": "text/html,*/*;q=0.8"})
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    assert page.headers["Content-Language"] == "cs"


@pytest.mark.parametrize(
    ("path", "language", "expected"),
    [
        (
            f"/{OLOMOUC}",
            "cs",
            ["Registrační číslo", "Operační program Lidské zdroje a zaměstnanost", "1191/40a", "Výzva 05"],
        ),
        (
            f"/{OLOMOUC}",
            "en",
            ["Registration number", "Operational Programme", "Olomouc Region", "1\xa0February\xa02010"],
        ),
        (f"/{ZLIN}", "cs", ["září 2006", "31.\xa012.\xa02007", "Evropský sociální fond", "283", "Kč" * 0]),
        (f"/{ZLIN}", "en", ["September 2006", "European Social Fund", "participants of all the workshops"]),
    ],
)
def test_pages_speak_both_languages(client: FlaskClient, path: str, language: str, expected: list[str]) -> None:
    page = client.get(f"{path}?lang={language}", headers={"Accept": "text/html"}).text
    if "1191/40a" in expected:  # the seat stands on the organisation's page
        page += client.get(f"/organizace/60609460?lang={language}", headers={"Accept": "text/html"}).text
    assert f'<html lang="{language}">' in page
    for text in expected:
        assert text in page, text


@pytest.mark.parametrize("path", [f"/{OLOMOUC}", f"/{ZLIN}", "/organizace/60609460", "/programy/CZ.1.04", "/fondy/ESF"])
def test_links_on_pages_have_words(client: FlaskClient, path: str) -> None:
    page = client.get(path, headers={"Accept": "text/html"}).text
    for text in re.findall(r"<a [^>]*>([^<]*)</a>", page):
        assert text.strip(), page
        assert not text.startswith(("http://", "https://")), text


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/zdroj/projekty/neni", 404),
        ("/projekty/neni", 404),
        ("/projekty/neni.ttl", 404),
        ("/zdroj/nic/neni", 404),
        ("/nic", 404),
        (f"/{OLOMOUC}.xyz", 404),
        (f"/{OLOMOUC}?format=xyz", 406),
        ("/projekty?neznamy=1", 400),
        ("/projekty?strana=0", 400),
        ("/projekty/%2e%2e/%2e%2e/etc/passwd", 404),
    ],
)
def test_what_is_not_there(client: FlaskClient, path: str, status: int) -> None:
    answer = client.get(path)
    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/problem+json; charset=utf-8"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert json.loads(answer.data)["status"] == status
    assert "Traceback" not in answer.text


def test_406_lists_the_variants(client: FlaskClient) -> None:
    for path in (f"/zdroj/{OLOMOUC}", f"/{OLOMOUC}"):
        answer = client.get(path, headers={"Accept": "image/png"})
        assert answer.status_code == 406
        assert "text/turtle" in json.loads(answer.data)["available"]
        assert "Accept" in answer.headers["Vary"]


def test_people_get_errors_as_a_page(client: FlaskClient) -> None:
    answer = client.get("/projekty/neni", headers={"Accept": "text/html"})
    assert answer.status_code == 404
    assert "<h1>" in answer.text


def test_conditional_requests(client: FlaskClient) -> None:
    first = client.get(f"/{OLOMOUC}.ttl")
    tag = first.headers["ETag"]
    assert not tag.startswith("W/")
    again = client.get(f"/{OLOMOUC}.ttl", headers={"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == tag
    assert client.get(f"/{OLOMOUC}.nt", headers={"If-None-Match": tag}).status_code == 200
    assert (
        client.get(f"/{OLOMOUC}.ttl", headers={"If-Modified-Since": first.headers["Last-Modified"]}).status_code == 304
    )


def test_etags_tell_languages_apart(client: FlaskClient) -> None:
    tags = {client.get(f"/{OLOMOUC}.html?lang={language}").headers["ETag"] for language in ("cs", "en")}
    assert len(tags) == 2


def test_head_is_get_without_a_body(client: FlaskClient) -> None:
    got, head = client.get(f"/{OLOMOUC}.ttl"), client.head(f"/{OLOMOUC}.ttl")
    assert head.data == b""
    for name in ("Content-Type", "Content-Length", "ETag", "Link", "Vary", "Last-Modified"):
        assert head.headers[name] == got.headers[name], name


def test_links_to_alternates_metadata_and_licence(client: FlaskClient) -> None:
    link = client.get(f"/{OLOMOUC}.ttl").headers["Link"]
    for part in (
        f'</{OLOMOUC}.jsonld>; rel="alternate"; type="application/ld+json"',
        'rel="license"',
        'rel="describedby"',
    ):
        assert part in link


def test_cors_everywhere(client: FlaskClient) -> None:
    for path in (f"/zdroj/{OLOMOUC}", f"/{OLOMOUC}", "/sparql", "/katalog", "/nic", "/ico/1"):
        assert client.get(path).headers["Access-Control-Allow-Origin"] == "*", path
    asked = {"Origin": "https://portal.example", "Access-Control-Request-Method": "GET"}
    preflight = client.options("/sparql", headers=asked)
    assert preflight.status_code in {200, 204}
    assert "GET" in preflight.headers["Access-Control-Allow-Methods"]


def test_pretty_turtle_has_only_the_prefixes_it_uses(client: FlaskClient) -> None:
    text = client.get(f"/{OLOMOUC}.ttl").text
    declared = [line.split()[1] for line in text.splitlines() if line.startswith("@prefix")]
    assert "vp:" in declared
    body = text.partition("\n\n")[2]
    assert all(prefix in body for prefix in declared)
    assert body.startswith(f"<{BASE}zdroj/{OLOMOUC}>\n"), "the project comes first"


def test_csv_for_people_cannot_run_formulas() -> None:
    assert _neutral('=HYPERLINK("x")') == '\'=HYPERLINK("x")'
    assert _neutral("Plán") == "Plán"


@pytest.mark.parametrize(
    "spelling",
    [
        "70891320",
        "70 89 13 20",
        "IČ: 70891320",
        "IČO 70891320",
        "CZ70891320",
        "70891320.0",
        "70\u00a089\u200913\u202f20",
    ],
)
def test_any_spelling_of_an_ico_finds_the_organisation(client: FlaskClient, spelling: str) -> None:
    answer = client.get("/ico/" + quote(spelling))
    assert (answer.status_code, answer.headers["Location"]) == (303, "/zdroj/organizace/70891320")


@pytest.mark.parametrize(
    ("spelling", "status"),
    [
        ("551023", 303),
        ("00000000", 400),
        ("00000001", 400),
        ("12345678", 400),
        ("Praha", 400),
        ("99012341", 404),
    ],
)
def test_other_icos(client: FlaskClient, spelling: str, status: int) -> None:
    answer = client.get(f"/ico/{spelling}")
    assert answer.status_code == status
    if status >= 400:
        assert json.loads(answer.data)["title"]


def test_the_form_finds_too(client: FlaskClient) -> None:
    assert client.get("/ico?q=70+89+13+20").headers["Location"] == "/zdroj/organizace/70891320"


def graph_of(client: FlaskClient, key: str) -> Graph:
    return Graph().parse(data=client.get(f"/zdroj/{key}", follow_redirects=True).data, format="turtle")


def test_every_fact_of_the_olomouc_page_is_reached_by_following_links(client: FlaskClient) -> None:
    project = URIRef(f"{BASE}zdroj/{OLOMOUC}")
    graph = graph_of(client, OLOMOUC)
    facts: dict[Any, Any] = {
        DCTERMS.identifier: Literal("CZ.1.04/3.1.00/05.00037"),
        VP.start: Literal("2010-02-01", datatype=rdflib.XSD.date),
        VP.end: Literal("2012-01-31", datatype=rdflib.XSD.date),
        VP.beneficiary: URIRef(f"{BASE}zdroj/organizace/60609460"),
        VP.programme: URIRef(f"{BASE}zdroj/programy/CZ.1.04"),
        VP.priorityAxis: URIRef(f"{BASE}zdroj/programy/CZ.1.04/3"),
        VP.areaOfSupport: URIRef(f"{BASE}zdroj/programy/CZ.1.04/3.1"),
        VP.call: URIRef(f"{BASE}zdroj/vyzvy/CZ.1.04-05"),
        VP.projectType: URIRef(f"{BASE}zdroj/druhy-projektu/individualni"),
        VP.currency: URIRef("http://publications.europa.eu/resource/authority/currency/CZK"),
    }
    for predicate, value in facts.items():
        assert (project, predicate, value) in graph, predicate
    places = set(graph.objects(project, DCTERMS.spatial))
    assert URIRef("https://linked.cuzk.cz/resource/ruian/vusc/124") in places
    assert not list(graph.objects(project, VP.contribution))
    printed = {str(o) for o in graph.objects(None, VP.printed)}
    assert {"Operační program Zaměstnanost", "-"} <= printed

    predecessor = graph.value(project, VP.predecessor)
    assert predecessor
    before = graph_of(client, str(predecessor).removeprefix(f"{BASE}zdroj/"))
    assert (predecessor, VP.start, Literal("2006", datatype=rdflib.XSD.gYear)) in before
    assert (predecessor, VP.end, Literal("2009", datatype=rdflib.XSD.gYear)) in before
    assert (predecessor, VP.programme, URIRef(f"{BASE}zdroj/programy/CZ.04.1.03")) in before

    page = graph.value(project, rdflib.PROV.wasDerivedFrom)
    document = graph_of(client, str(page).removeprefix(f"{BASE}zdroj/"))
    assert (page, DCTERMS.modified, Literal("2018-10-16", datatype=rdflib.XSD.date)) in document

    seat = {str(o) for o in graph_of(client, "organizace/60609460").objects()}
    assert {
        "60609460",
        "Jeremenkova",
        "1191",
        "40a",
        "1191/40a",
        "Hodolany",
        "Olomouc",
        "77900",
        "Olomoucký kraj",
    } <= seat


def test_every_fact_of_the_zlin_page_is_reached_by_following_links(client: FlaskClient) -> None:
    project = URIRef(f"{BASE}zdroj/{ZLIN}")
    graph = graph_of(client, ZLIN)
    assert (project, VP.start, Literal("2006-09", datatype=rdflib.XSD.gYearMonth)) in graph
    assert (project, VP.startEarliest, Literal("2006-09-01", datatype=rdflib.XSD.date)) in graph
    assert (project, VP.startLatest, Literal("2006-09-30", datatype=rdflib.XSD.date)) in graph
    assert (project, VP.end, Literal("2007-12-31", datatype=rdflib.XSD.date)) in graph
    assert not list(graph.objects(project, DCTERMS.identifier))
    assert (None, VP.fund, URIRef(f"{BASE}zdroj/fondy/ESF")) in graph
    kinds = {str(o).rpartition("/")[2] for o in graph.objects(None, VP.contributionKind)}
    assert kinds == {"eu", "stat"}
    assert len(list(graph.objects(project, VP.activity))) == 3
    quantities = sorted(int(str(o)) for o in graph.objects(None, VP.quantity))
    assert quantities == [1, 3, 11, 19, 44, 73, 283]
    assert any("524/2004" in str(o) for o in graph.objects())
    seat = {str(o) for o in graph_of(client, "organizace/70891320").objects()}
    assert {"70891320", "třída Tomáše Bati", "21", "76190", "Zlín", "scsbwku"} <= seat
    page = graph.value(project, rdflib.PROV.wasDerivedFrom)
    document = graph_of(client, str(page).removeprefix(f"{BASE}zdroj/"))
    assert (page, DCTERMS.modified, Literal("2012-10-20", datatype=rdflib.XSD.date)) in document


@pytest.mark.parametrize("collection", ["projekty", "organizace", "programy", "fondy", "kraje", "dokumenty", "vyzvy"])
def test_lists_as_page_csv_and_rdf(client: FlaskClient, collection: str) -> None:
    assert client.get(f"/{collection}", headers={"Accept": "text/html"}).text.count("<tr>") > 2
    assert len(client.get(f"/{collection}.csv").text.splitlines()) > 2
    assert len(Graph().parse(data=client.get(f"/{collection}.ttl").data, format="turtle")) > 2


def test_a_list_can_be_narrowed_to_one_beneficiary(client: FlaskClient, site: Site) -> None:
    rows = client.get("/projekty.csv?prijemce=60609460").text.splitlines()
    everything = client.get("/projekty.csv").text.splitlines()
    assert 2 < len(rows) < len(everything)
    assert len(everything) == site.serving.manifest["counts"][str(VP.Project)] + 1


def test_vocabulary_as_page_and_rdf(client: FlaskClient) -> None:
    graph = Graph().parse(data=client.get("/slovnik.ttl").data, format="turtle")
    assert (VP.Project, rdflib.RDFS.label, Literal("projekt", lang="cs")) in graph
    assert "vp:beneficiary" in client.get("/slovnik", headers={"Accept": "text/html"}).text
    shapes = Graph().parse(data=client.get("/slovnik/shapes.ttl").data, format="turtle")
    assert (None, rdflib.RDF.type, rdflib.SH.NodeShape) in shapes
