"""What a client of the endpoint is told when a query comes to a limit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient

from lod.config import Config, Queries
from lod.web.app import create_app
from lod.web.site import Site

HEAVY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


@pytest.fixture
def limited(settings: Config) -> Iterator[Any]:
    """Return clients of sites with limits of their own."""
    made: list[Site] = []

    def client(**limits: Any) -> FlaskClient:
        made.append(Site(replace(settings, queries=Queries(**limits))))
        return create_app(made[-1]).test_client()

    yield client
    for site in made:
        site.serving.close()


def test_a_query_that_runs_too_long_is_504_and_the_next_is_answered(limited: Any) -> None:
    client = limited(seconds=1)
    answer = client.get("/sparql", query_string={"query": HEAVY})
    assert answer.status_code == 504
    assert answer.headers["Content-Type"].startswith("application/problem+json")
    assert answer.json["limit"] == "1 s"
    assert "LIMIT" in answer.json["title"]
    page = client.get("/sparql", query_string={"query": HEAVY}, headers={"Accept": "text/html"})
    assert page.status_code == 504
    assert "1 s" in page.text
    assert client.get("/sparql", query_string={"query": "ASK {}"}).status_code == 200


def test_a_client_that_used_up_its_budget_is_told_when_to_come_again(limited: Any) -> None:
    client = limited(seconds=1, budget=0.5)
    assert client.get("/sparql", query_string={"query": HEAVY}).status_code == 504
    answer = client.get("/sparql", query_string={"query": "ASK {}"})
    assert answer.status_code == 429
    assert 50 < int(answer.headers["Retry-After"]) <= 60
    other = client.get("/sparql", query_string={"query": "ASK {}"}, environ_base={"REMOTE_ADDR": "192.0.2.1"})
    assert other.status_code == 200


def test_a_query_that_wants_too_much_memory_is_503(limited: Any) -> None:
    client = limited(memory=100, seconds=60, quick=60)
    query = "SELECT (GROUP_CONCAT(CONCAT(STR(?a), STR(?d))) AS ?x) { ?a ?b ?c . ?d ?e ?f }"
    answer = client.get("/sparql", query_string={"query": query})
    assert answer.status_code == 503
    assert answer.json["limit"] == "100 MiB"


def test_a_long_answer_is_whole(limited: Any) -> None:
    client = limited()

    def asked(query: str, accept: str) -> Any:
        return client.get("/sparql", query_string={"query": query}, headers={"Accept": accept})

    count = int(asked("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", "text/csv").text.splitlines()[1])
    graph = asked("CONSTRUCT WHERE { ?s ?p ?o }", "text/turtle")
    assert sum(1 for _ in ox.parse(graph.data, format=ox.RdfFormat.TURTLE)) == count
    table = asked("SELECT * { ?s ?p ?o }", "text/csv")
    assert table.content_length == len(table.data) > 1 << 20
