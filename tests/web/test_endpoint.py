"""What the endpoint says of itself and of errors, which graphs it answers from, and how answers are sent."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lod import store
from lod.pool import Pool
from lod.pool.worker import uses
from lod.web.compression import takes_gzip
from lod.web.guard import dataset
from lod.web.sparql import playground

GRAPHS = Path(__file__).parent / "graphs.trig"
SD, VOID = "http://www.w3.org/ns/sparql-service-description#", "http://rdfs.org/ns/void#"
ALL = "SELECT ?o { ?s ?p ?o } ORDER BY ?o"


@pytest.fixture(scope="module")
def graphs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """The endpoint alone, over a file with a default graph and two named ones."""
    path = tmp_path_factory.mktemp("playground") / "store"
    store.load_file(GRAPHS, path)
    pool = Pool(path)
    yield playground(store.Embedded.open(path), pool).test_client()
    pool.close()


def values(client: FlaskClient, query: str, **parameters: str | list[str]) -> list[str]:
    answer = client.get("/sparql", query_string={"query": query, **parameters}, headers={"Accept": "text/csv"})
    assert answer.status_code == 200, answer.text
    return answer.text.splitlines()[1:]


def test_a_query_chooses_among_the_graphs_that_there_are(graphs: FlaskClient) -> None:
    one, two = "https://x.example/g1", "https://x.example/g2"
    default = "http://localhost/sparql#default-graph"
    assert values(graphs, ALL) == ["default"]
    assert values(graphs, ALL.replace("{", f"FROM <{one}> {{", 1)) == ["one"]
    assert values(graphs, f"PREFIX x: <https://x.example/> SELECT ?o FROM x:g1 FROM <{two}> {{ ?s ?p ?o }}") == [
        "one",
        "two",
    ]
    assert values(graphs, ALL, **{"default-graph-uri": [one, two]}) == ["one", "two"]
    assert values(graphs, ALL, **{"default-graph-uri": [one, default]}) == ["default", "one"]
    assert values(graphs, f"SELECT ?o FROM <{default}> {{ ?s ?p ?o }}") == ["default"]
    assert values(graphs, f"SELECT ?o FROM NAMED <{one}> {{ GRAPH ?g {{ ?s ?p ?o }} }}") == ["one"]
    assert values(graphs, f"SELECT ?o FROM NAMED <{one}> {{ ?s ?p ?o }}") == []
    assert values(graphs, f"SELECT ?o FROM <{one}> {{ ?s ?p ?o }}", **{"default-graph-uri": two}) == ["two"]


@pytest.mark.parametrize(
    "clause",
    ["FROM <http://y.example/>", "FROM NAMED <http://y.example/>", "FROM <file:///etc/passwd>", "FROM<//y.example>"],
)
def test_a_graph_that_is_not_there_is_refused(graphs: FlaskClient, client: FlaskClient, clause: str) -> None:
    for asked in (graphs, client):
        answer = asked.get("/sparql", query_string={"query": f"SELECT * {clause} {{ ?s ?p ?o }}"})
        assert answer.status_code == 403
        assert json.loads(answer.data)["title"]


def test_a_release_is_one_graph_that_has_a_name(client: FlaskClient) -> None:
    name = "https://projekty.example/sparql#default-graph"
    total = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    assert values(client, total, **{"default-graph-uri": name}) == values(client, total)
    assert values(client, total.replace("{", f"FROM <{name}> {{", 1)) == values(client, total)
    named = client.get("/sparql", query_string={"query": "ASK {}", "named-graph-uri": name})
    assert named.status_code == 403


def test_the_description_counts_what_a_query_counts(client: FlaskClient, graphs: FlaskClient) -> None:
    for asked in (client, graphs):
        answer = asked.get("/sparql", headers={"Accept": "application/n-triples"})
        told = [quad.triple for quad in ox.parse(answer.data, format=ox.RdfFormat.N_TRIPLES)]

        def said(name: str, told: list[ox.Triple] = told) -> list[str]:
            return [t.object.value for t in told if t.predicate.value == name and not isinstance(t.object, ox.Triple)]

        (graph,) = said(f"{SD}defaultGraph")
        size = {t.predicate.value: t.object.value for t in told if t.subject == ox.NamedNode(graph)}
        for name, query in {
            "triples": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
            "properties": "SELECT (COUNT(DISTINCT ?p) AS ?n) { ?s ?p ?o }",
            "classes": "SELECT (COUNT(DISTINCT ?c) AS ?n) { ?s a ?c }",
        }.items():
            assert values(asked, query) == [size[f"{VOID}{name}"]]
        assert len(said(f"{VOID}propertyPartition")) == int(size[f"{VOID}properties"])
        assert {iri.rpartition("/")[2] for iri in said(f"{SD}feature")} == set()
    assert said(f"{SD}name") == ["https://x.example/g1", "https://x.example/g2"]


@pytest.mark.parametrize(
    ("query", "line", "column"),
    [
        ("SELECT * {\n  ?s ?p 'ž' ! }", 2, 13),
        ("SELECT * {\n\n ?s ?p ?o", 3, 10),
        ("SELECT nonsense", 1, 8),
        ("PREFIX x: <a:> SELECT * { FILTER(nothing(1)) }", 1, 34),
    ],
)
def test_an_error_tells_its_place(client: FlaskClient, query: str, line: int, column: int) -> None:
    answer = client.get("/sparql", query_string={"query": query})
    assert answer.status_code == 400
    assert answer.headers["Content-Type"].startswith("application/problem+json")
    told = json.loads(answer.data)
    assert (told["status"], told["line"], told["column"]) == (400, line, column)


@pytest.mark.parametrize(
    ("query", "status", "words"),
    [
        ("SELECT *\n{ ?s ?p }", 400, "line 2"),
        ("SELECT * { SERVICE <http://x/> {} }", 403, "never connects"),
        ("SELECT * FROM <http://x/> {}", 403, "no graph"),
        ("#" * 70_000, 413, "65536"),
    ],
)
def test_people_get_a_page(client: FlaskClient, query: str, status: int, words: str) -> None:
    page = client.post("/sparql?lang=en", data={"query": query}, headers={"Accept": "text/html"})
    assert (page.status_code, page.mimetype) == (status, "text/html")
    assert words in page.text
    assert "<h1>" in page.text


def test_a_browser_that_asks_the_endpoint_of_a_file_gets_a_reason(graphs: FlaskClient) -> None:
    answer = graphs.get("/sparql", query_string={"query": "SELECT"}, headers={"Accept": "text/html"})
    assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")
    assert graphs.get("/nothing").status_code == 404


def test_head_and_preflight(client: FlaskClient, graphs: FlaskClient) -> None:
    for asked in (client, graphs):
        url = "/sparql?query=ASK%7B%7D"
        head, got = asked.head(url), asked.get(url)
        assert (head.status_code, head.data) == (200, b"")
        assert head.headers["Content-Length"] == str(len(got.data))
        preflight = asked.options(
            "/sparql",
            headers={
                "Origin": "https://elsewhere.example",
                "Access-Control-Request-Method": "POST",
                "Access-Control-Request-Headers": "content-type",
            },
        )
        assert preflight.status_code == 200
        assert preflight.headers["Access-Control-Allow-Origin"] == "*"
        assert "POST" in preflight.headers["Access-Control-Allow-Methods"]
        assert "content-type" in preflight.headers["Access-Control-Allow-Headers"]
        assert int(preflight.headers["Access-Control-Max-Age"]) > 0
        assert "Retry-After" in got.headers["Access-Control-Expose-Headers"]


@pytest.mark.parametrize("query", ["SELECT * { ?s ?p ?o } LIMIT 100", "SELECT * { ?s ?p ?o }"], ids=["short", "long"])
def test_answers_are_compressed_for_whoever_takes_it(client: FlaskClient, query: str) -> None:
    def got(encodings: str) -> tuple[str, bytes]:
        headers = {"Accept": "text/csv", "Accept-Encoding": encodings}
        answer = client.get("/sparql", query_string={"query": query}, headers=headers)
        assert answer.headers["Content-Length"] == str(len(answer.data))
        assert {"Accept", "Accept-Encoding"} <= set(answer.vary)
        return answer.headers.get("Content-Encoding", ""), answer.data

    encoding, packed = got("gzip, br;q=0.9")
    assert encoding == "gzip"
    for refusing in ("", "gzip;q=0", "identity, gzip;q=0.5"):
        assert got(refusing) == ("", gzip.decompress(packed))


def test_documents_and_pages_are_compressed_and_still_not_modified(client: FlaskClient) -> None:
    for path in ("/organizace/60609460.ttl", "/organizace/60609460", "/static/lod.css"):
        headers = {"Accept": "text/html", "Accept-Encoding": "gzip"}
        packed = client.get(path, headers=headers)
        plain = client.get(path, headers={"Accept": "text/html"})
        assert packed.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(packed.data) == plain.data
        assert "Accept-Encoding" in plain.vary
        if etag := packed.headers.get("ETag"):
            assert etag != plain.headers["ETag"]
            for known in (etag, plain.headers["ETag"]):
                with client.get(path, headers={**headers, "If-None-Match": known}) as again:
                    assert again.status_code == 304
        plain.close()


@given(st.text("gzip,;q=0.15* identybr", max_size=40))
def test_any_header_says_whether_gzip_is_taken(header: str) -> None:
    assert isinstance(takes_gzip(header), bool)


_PIECES = (
    *("SELECT * { ", "ASK { ", "?s ?p ?o ", "} ", ". ", "; ", "{ ", "SERVICE", "service", "SILENT", " ", "#", "#>\n"),
    *(
        "<http://127.0.0.1:9/>",
        "SERVICE: ",
        "x:y ",
        ":y ",
        "?service ",
        "$x ",
        "'",
        '"',
        "'''",
        "\\u0053",
        "@service ",
        "<",
    ),
    *("FILTER(?o<?o||?o)", "OPTIONAL ", "UNION ", "GRAPH ", "x:SERVICE ", "SERVICEx:y ", "true", "1 ", "_:b "),
)
_HEAD = "PREFIX x: <http://127.0.0.1:9/> PREFIX : <http://127.0.0.1:9/> PREFIX SERVICEx: <a:b> PREFIX SERVICE: <a:b> "


@settings(max_examples=400, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(_PIECES), max_size=14))
def test_what_would_connect_uses_service(pieces: list[str]) -> None:
    text = _HEAD + "SELECT * { " + "".join(pieces) + " }"
    if _connects(text):
        assert uses("service", text, None)


def _connects(text: str) -> bool:
    """Whether the engine tries to reach a server (nobody listens at that port) when it answers a query."""
    data = ox.Store()
    data.add(ox.Quad(ox.NamedNode("a:a"), ox.NamedNode("a:b"), ox.Literal("c")))
    try:
        list(data.query(text.replace("SILENT", "      ").replace("silent", "      ")))  # type: ignore[arg-type]
    except OSError:
        return True
    except (SyntaxError, ValueError, RuntimeError):
        return False
    return False


@given(st.text("FROM <a:>{}\"'\\#x\n?$@.;service", max_size=60))
def test_any_text_is_read_for_its_graphs(text: str) -> None:
    told = dataset(text, "http://b.example/")
    assert len(told.bare) == len(text)
    assert told.bare.count("\n") == text.count("\n")
