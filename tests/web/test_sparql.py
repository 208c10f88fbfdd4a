"""The endpoint: protocol, formats, refusals, and the page without JavaScript."""

from __future__ import annotations

import json
import socket
import threading
from typing import Any
from xml.dom.minidom import Document

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient
from SPARQLWrapper import CSV, GET, JSON, N3, POST, TURTLE, XML, SPARQLWrapper

ONE = "SELECT ?x WHERE { VALUES ?x { 'ž' } }"


@pytest.mark.parametrize("path", ["/sparql", "/sparql/"])
def test_get_post_form_and_post_direct(client: FlaskClient, path: str) -> None:
    for answer in (
        client.get(path, query_string={"query": ONE}),
        client.post(path, data={"query": ONE}),
        client.post(path, data=ONE.encode(), content_type="application/sparql-query"),
    ):
        assert answer.status_code == 200
        assert answer.headers["Content-Type"] == "application/sparql-results+json; charset=utf-8"
        assert json.loads(answer.data)["results"]["bindings"][0]["x"]["value"] == "ž"


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        ("application/sparql-results+xml", "application/sparql-results+xml"),
        ("text/csv", "text/csv"),
        ("text/tab-separated-values", "text/tab-separated-values"),
        ("text/html;q=0.1, text/csv", "text/csv"),
    ],
)
def test_result_formats(client: FlaskClient, accept: str, media: str) -> None:
    answer = client.get("/sparql", query_string={"query": ONE}, headers={"Accept": accept})
    assert answer.headers["Content-Type"].startswith(media)
    assert "ž" in answer.text


def test_graphs_in_every_rdf_format(client: FlaskClient) -> None:
    query = "CONSTRUCT { <http://a/s> <http://a/p> 'ž'@cs } WHERE {}"
    for media in ("text/turtle", "application/ld+json", "application/n-triples", "application/rdf+xml"):
        answer = client.get("/sparql", query_string={"query": query}, headers={"Accept": media})
        syntax = ox.RdfFormat.from_media_type(media)
        assert syntax
        assert [q.object.value for q in ox.parse(answer.data, format=syntax)] == ["ž"]


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        ({"query_string": {"query": "SELECT nonsense"}}, 400),
        ({"query_string": {"query": "SELECT * FROM <http://127.0.0.1:9/x> { ?s ?p ?o }"}}, 403),
        ({"query_string": {"query": "ASK {}", "default-graph-uri": "http://127.0.0.1:9/x"}}, 403),
        ({"query_string": "query=ASK%7B%7D&query=ASK%7B%7D"}, 400),
        ({"query_string": {"query": "INSERT DATA { <a:a> <a:b> <a:c> }"}}, 403),
        ({"query_string": {"update": "CLEAR ALL"}}, 403),
        ({"query_string": {"query": "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }"}}, 403),
        ({"query_string": {"query": "ASK {}"}, "headers": {"Accept": "image/png"}}, 406),
        ({"query_string": {"query": "SELECT (<urn:f>(1) AS ?x) {}"}}, 400),
        ({"query_string": {"query": "#" + "x" * 70_000}}, 413),
    ],
)
def test_refusals_say_why(client: FlaskClient, request_: dict[str, Any], status: int) -> None:
    answer = client.get("/sparql", **request_)
    assert answer.status_code == status
    problem = json.loads(answer.data)
    assert problem["title"]
    assert "Traceback" not in answer.text


def test_update_by_post_is_refused(client: FlaskClient) -> None:
    for answer in (
        client.post("/sparql", data="CLEAR ALL", content_type="application/sparql-update"),
        client.post("/sparql", data={"update": "CLEAR ALL"}),
    ):
        assert answer.status_code == 403
    assert client.post("/sparql", data="ASK {}", content_type="text/plain").status_code == 415


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { SERVICE <http://x/> {} }",
        "SELECT * { service silent ?x {} }",
        "SELECT * { SERV\\u0049CE <http://x/> {} }",
        "SELECT * { { SELECT * { SERVICE<http://x/>{} } } }",
        "# '\nSELECT * { SERVICE <http://x/> {} } # '",
        'SELECT * { ?s ?p "#" . SERVICE <http://x/> {} }',
        "SELECT * { FILTER(?a<1)SERVICE ?x {} }",
        'SELECT * { ?s ?p """a"b""" SERVICE <http://x/> {} }',
        "PREFIX x: <http://x/> SELECT * { SERVICE x:y {} }",
        "SELECT * { BIND('''\\u0027''' AS ?a) SERVICE SILENT <http://x/> {?s ?p 'x'} }",
        'SELECT * { BIND("\\u0022" AS ?a) SERVICE <http://x/> {} BIND("" AS ?b) }',
        'SELECT * { BIND("\\u005C" AS ?a) SERVICE <http://x/> {} }',
        'SELECT * { BIND("\\u000A#" AS ?a) SERVICE <http://x/> {} }',
        "PREFIX a: <http://x/> SELECT * { ?s a a:.SERVICE SILENT <http://x/> {} }",
        "SELECT * { ?s ?p 1.SERVICE <http://x/> {} }",
        "SELECT * { ?s ?p trueSERVICE <http://x/> {} }",
        "SELECT * { SERVICESILENT<http://x/>{} }",
        "PREFIX SERVICEx: <http://x/> PREFIX x: <http://x/> SELECT * { SERVICEx:y { ?s ?p ?o } }",
        "PREFIX service: <http://x/> PREFIX : <http://x/> SELECT * { ?s ?p ?o ; service:y { ?s ?p ?o } }",
        "PREFIX x: <http://x/> SELECT * { ?s ?p ?o FILTER(?o<?o||?o)SERVICE#>\nx:y { ?s ?p ?o } }",
        "SELECT * { FILTER NOT EXISTS { SERVICE SILENT <http://x/> {} } }",
        "SELECT (EXISTS { SERVICE SILENT <http://x/> {} } AS ?qjqjqjq) {}",
        "ASK { SERVICE SILENT <http://x/> {} } VALUES ?service { 'qjqjqjq' }",
        "CONSTRUCT { ?s ?p ?o } { SERVICE ?x { ?s ?p ?o } VALUES ?x { <http://x/> } }",
        "DESCRIBE ?s { OPTIONAL { SERVICE <http://x/> { ?s ?p ?o } } }",
    ],
)
def test_service_is_refused_however_it_is_hidden(client: FlaskClient, text: str) -> None:
    answer = client.post("/sparql", data={"query": text})
    assert (answer.status_code, "SERVICE" in answer.get_json()["title"]) == (403, True)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT ?service { ?service <http://x/SERVICE> 'SERVICE' }",
        "SELECT ?service ?Service ?qjqjqjq { ?service ?Service ?qjqjqjq } LIMIT 1",
        "PREFIX service: <http://x/> SELECT * { service:SERVICE service:load ?insert }",
        "SELECT * { <http://x/%2from> ?from 'FROM <http://x/>', 'x'@from } # FROM <http://x/>",
        "PREFIX from: <http://x/> SELECT * { from:FROM from:%2Fa ?o }",
        "# SERVICE\nASK {}",
        'SELECT * { ?s ?p """x SERVICE "y" """ }',
        "SELECT * { ?s ?p 'x'@service }",
        "DESCRIBE <http://x/SERVICE>",
    ],
)
def test_words_that_only_look_like_it_pass(client: FlaskClient, text: str) -> None:
    assert client.post("/sparql", data={"query": text}).status_code == 200


def test_nothing_connects_out(client: FlaskClient) -> None:
    """A listening sink must not hear from any query that names it."""
    with socket.create_server(("127.0.0.1", 0)) as sink:
        sink.settimeout(1)
        address = f"http://127.0.0.1:{sink.getsockname()[1]}/"
        heard: list[object] = []

        def listen() -> None:
            try:
                heard.append(sink.accept())
            except TimeoutError:
                return

        listener = threading.Thread(target=listen)
        listener.start()
        for text in (
            f"SELECT * {{ SERVICE <{address}> {{ ?s ?p ?o }} }}",
            f"SELECT * {{ SERVICE SILENT <{address}> {{ ?s ?p ?o }} }}",
            f"SELECT * FROM <{address}> {{ ?s ?p ?o }}",
            f"LOAD <{address}>",
        ):
            client.get("/sparql", query_string={"query": text})
        listener.join()
        assert heard == []


def test_service_description_without_a_query(client: FlaskClient) -> None:
    answer = client.get("/sparql", headers={"Accept": "text/turtle"})
    assert "sd:Service" in answer.text
    assert "<https://projekty.example/sparql>" in answer.text


def test_the_query_page_works_without_javascript(client: FlaskClient) -> None:
    page = client.get("/sparql", headers={"Accept": "text/html"}).text
    assert "<textarea" in page
    assert "<script>" not in page
    text = "SELECT ?x { ?x <http://purl.org/dc/terms/identifier> 'CZ.1.04/3.1.00/05.00037' }"
    shown = client.get("/sparql", query_string={"query": text, "format": "html"}, headers={"Accept": "text/html"}).text
    assert 'href="/projekty/CZ.1.04-3.1.00-05.00037"' in shown
    wrong = client.get("/sparql", query_string={"query": "SELECT"}, headers={"Accept": "text/html"})
    assert (wrong.status_code, 'class="error"' in wrong.text) == (400, True)


def test_results_are_escaped_on_the_page(client: FlaskClient) -> None:
    query = "SELECT ?x ?y WHERE { VALUES (?x ?y) { ('<script>alert(1)</script>' <javascript:alert(1)>) } }"
    page = client.get("/sparql", query_string={"query": query, "format": "html"}).text
    assert "<script>alert" not in page
    assert 'href="javascript' not in page


def test_the_default_graph_holds_data_catalogue_and_vocabulary(client: FlaskClient) -> None:
    for pattern in (
        "<https://projekty.example/zdroj/organizace/60609460> a ?x",
        "?x a <http://www.w3.org/ns/dcat#Catalog>",
        "?x a <http://rdfs.org/ns/void#Dataset>",
        "<https://w3id.org/verejne-projekty#Project> ?x ?y",
    ):
        assert json.loads(client.get("/sparql", query_string={"query": f"ASK {{ {pattern} }}"}).data)["boolean"], (
            pattern
        )
    blank = "ASK { { ?s ?p ?o FILTER(isBlank(?s)) } UNION { ?s ?p ?o FILTER(isBlank(?o)) } }"
    assert not json.loads(client.get("/sparql", query_string={"query": blank}).data)["boolean"]


def said(result: object) -> str:
    """Return what SPARQLWrapper converted, as text."""
    if isinstance(result, Document):
        return result.toxml()
    return result.decode() if isinstance(result, bytes) else str(result)


@pytest.mark.parametrize("method", [GET, POST])
def test_sparqlwrapper_reads_every_format(server: str, method: str) -> None:
    wrapper = SPARQLWrapper(f"{server}/sparql")
    wrapper.setMethod(method)
    wrapper.setQuery(
        "SELECT ?p WHERE { ?p <https://w3id.org/verejne-projekty#beneficiary>/"
        '<http://www.w3.org/2004/02/skos/core#notation> "70891320" }'
    )
    for wanted in (JSON, XML, CSV):
        wrapper.setReturnFormat(wanted)
        assert "70891320-vzdelavani" in said(wrapper.query().convert())
    wrapper.setQuery("CONSTRUCT { <http://a/s> <http://a/p> 'ž'@cs } WHERE {}")
    for wanted in (TURTLE, N3):
        wrapper.setReturnFormat(wanted)
        assert "ž" in said(wrapper.query().convert())
