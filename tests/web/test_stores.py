"""The site says the same from a remote server as from the embedded store, and says so when the server is away."""

from __future__ import annotations

import re
import shutil
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from lod import config, publishing, release
from lod.config import Config, Queries
from lod.web.app import create_app
from lod.web.site import Site

from ..servers import Oxigraph, Server

ROOT = Path(__file__).resolve().parents[2]
QUERIES = sorted((ROOT / "vocab" / "queries").glob("*.rq"))
REMOTE = ["oxigraph", "virtuoso"]
_OF_A_KIND = 2  # pages that differ by their keys only
_OTHERS = ("/kontrola", "/vydani", "/soubory", "/static", "/sparql")  # of files; example queries have a test below


def uploaded(settings: Config, folder: Path, server: Server) -> Config:
    """The sample release, copied and sent to a server."""
    shutil.copytree(settings.releases, folder / "releases", symlinks=True)
    there = replace(config.placed(settings, folder / "releases"), store=server.store)
    made = release.current(there.releases)
    assert made is not None
    publishing.upload(there, made, lambda *_: None)
    return there


@pytest.fixture(scope="module", params=REMOTE)
def remote(
    request: pytest.FixtureRequest, settings: Config, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[FlaskClient]:
    server: Server = request.getfixturevalue(request.param)
    site = Site(uploaded(settings, tmp_path_factory.mktemp("remote"), server))
    yield create_app(site).test_client()
    site.serving.close()


def kind(path: str) -> str:
    """What addresses of one kind have in common."""
    place, _, query = path.partition("?")
    head, _, key = place.removeprefix("/").partition("/")
    suffix = re.search(r"\.(ttl|nt|nq|rdf|trig|jsonld|json|csv|xml|shacl\.ttl)$", place)
    return f"{head}/{bool(key)}{suffix[0] if suffix else ''}?{re.sub('=[^&]*', '', query)}"


Answered = tuple[int, dict[str, str], bytes]


def answered(client: FlaskClient, path: str) -> Answered:
    answer = client.get(path, headers={"Accept": "text/html"})
    return answer.status_code, {**answer.headers, "Date": ""}, answer.data


@pytest.fixture(scope="module")
def expected(client: FlaskClient) -> dict[str, Answered]:
    """What the embedded store says at every address that pages and their Link headers lead to, a few of each kind."""
    seen, kinds, waiting, found = {"/"}, Counter[str](), ["/"], {}
    while waiting:
        path = waiting.pop(0)
        kinds[kind(path)] += 1
        if kinds[kind(path)] > _OF_A_KIND:
            continue
        _, headers, data = found[path] = answered(client, path)
        led = re.findall(r'href="(/[^"#]*)', data.decode()) if "html" in headers["Content-Type"] else []
        led += re.findall(r"<(/[^>]*)>", headers.get("Link", ""))
        for next_ in map(unescape, led):
            if next_ not in seen and not next_.startswith(_OTHERS):
                seen.add(next_)
                waiting.append(next_)
    return found


def test_every_page_and_document_is_the_same(expected: dict[str, Answered], remote: FlaskClient) -> None:
    assert len(expected) > 100
    for path, answer in expected.items():
        assert (path, answered(remote, path)) == (path, answer)


@pytest.mark.parametrize("path", QUERIES, ids=[path.stem for path in QUERIES])
def test_every_example_query_has_the_same_answer(path: Path, client: FlaskClient, remote: FlaskClient) -> None:
    query = {"query": path.read_text("utf-8")}
    accept = {"Accept": "text/csv, application/n-triples;q=0.9, application/sparql-results+json;q=0.1"}
    embedded, found = (one.post("/sparql", data=query, headers=accept) for one in (client, remote))
    assert found.status_code == embedded.status_code == 200
    assert found.data.strip()
    assert sorted(found.data.splitlines()) == sorted(embedded.data.splitlines())


def test_other_graphs_of_the_server_are_not_reached(remote: FlaskClient) -> None:
    answer = remote.get("/sparql", query_string={"query": "SELECT * { GRAPH ?g { ?s ?p ?o } } LIMIT 1"})
    assert answer.status_code == 403


def test_server_that_is_away_is_told_and_missed_no_longer_than_it_is_away(settings: Config, tmp_path: Path) -> None:
    if not Oxigraph.is_here():
        pytest.skip("the oxigraph server is not installed here (PyPI: oxigraph)")
    server = Oxigraph(tmp_path / "server")
    server.start()
    try:
        there = create_app(Site(uploaded(settings, tmp_path, server))).test_client()
        page = there.get("/projekty", headers={"Accept": "text/html"})
        assert page.status_code == 200
        server.kill()
        for accept in ("text/html", "text/turtle"):
            away = there.get("/projekty", headers={"Accept": accept})
            assert away.status_code == 503
            assert away.headers["Retry-After"]
            assert "the store does not answer" in away.text
            assert "Traceback" not in away.text
        server.start()
        assert there.get("/projekty", headers={"Accept": "text/html"}).data == page.data
    finally:
        server.kill()


def test_release_that_the_server_does_not_have_is_told(settings: Config, tmp_path: Path, oxigraph: Server) -> None:
    made = release.current(settings.releases)
    assert made is not None
    shutil.copytree(made.path, tmp_path / "20010101T000000Z")
    (tmp_path / "current").symlink_to("20010101T000000Z")
    there = create_app(Site(replace(config.placed(settings, tmp_path), store=oxigraph.store))).test_client()
    answer = there.get("/projekty")
    assert answer.status_code == 503
    assert "the store does not have the release" in answer.text


# Queries of others: the same guards whatever answers


HEAVY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


@pytest.fixture
def own_oxigraph(tmp_path: Path) -> Iterator[Server]:
    """A server that may be overloaded and killed."""
    if not Oxigraph.is_here():
        pytest.skip("the oxigraph server is not installed here (PyPI: oxigraph)")
    server = Oxigraph(tmp_path / "server")
    server.start()
    yield server
    server.kill()


@pytest.fixture
def limited(settings: Config, tmp_path: Path, own_oxigraph: Server) -> Iterator[FlaskClient]:
    queries = Queries(processes=1, slow=1, seconds=2, budget=3, wait=20)
    site = Site(replace(uploaded(settings, tmp_path, own_oxigraph), queries=queries))
    yield create_app(site).test_client()
    site.serving.close()


def ask(client: FlaskClient, query: str, address: str = "127.0.0.1") -> TestResponse:
    return client.post("/sparql", data={"query": query}, environ_base={"REMOTE_ADDR": address})


def test_limits_hold_for_a_remote_server_too(limited: FlaskClient, own_oxigraph: Server) -> None:
    late = ask(limited, HEAVY)
    assert (late.status_code, late.json and late.json["limit"]) == (504, "2 s")
    assert ask(limited, "ASK {}").status_code == 200
    assert ask(limited, HEAVY).status_code == 504
    spent = ask(limited, "ASK {}")
    assert spent.status_code == 429
    assert 0 < int(spent.headers["Retry-After"]) <= 60
    assert ask(limited, "ASK {}", "192.0.2.1").status_code == 200
    own_oxigraph.kill()
    away = ask(limited, "ASK {}", "192.0.2.1")
    assert away.status_code == 503
    assert "the store does not answer" in away.text
    own_oxigraph.start()
    assert ask(limited, "ASK {}", "192.0.2.1").status_code == 200


REFUSED = {
    "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }": 403,
    "SELECT * FROM <http://127.0.0.1:9/> { ?s ?p ?o }": 403,
    "SELECT * { GRAPH ?g { ?s ?p ?o } }": 403,
    "PREFIX GRAPHx: <a:> PREFIX x: <a:> SELECT * { GRAPHx:y { ?s ?p ?o } }": 403,
    "CLEAR ALL": 403,
    "SELECT nonsense": 400,
    "SELECT * { " + "{" * 32_000 + "}" * 32_000 + " }": 400,
    "SELECT * { ?s ?p '" + "x" * 70_000 + "' }": 413,
}


@pytest.mark.parametrize("query", REFUSED, ids=[text[:40] for text in REFUSED])
def test_what_is_refused_is_refused_alike(query: str, client: FlaskClient, remote: FlaskClient) -> None:
    embedded, found = ask(client, query), ask(remote, query)
    if "GRAPH" not in query and "{{" not in query:  # both are valid, and do no harm there
        assert embedded.status_code == REFUSED[query]
    assert found.status_code == REFUSED[query]
    assert ask(remote, "ASK {}").status_code == 200


def test_result_that_virtuoso_would_cut_is_an_error(settings: Config, virtuoso: Server, tmp_path: Path) -> None:
    site = Site(uploaded(settings, tmp_path, virtuoso))
    answer = ask(create_app(site).test_client(), "SELECT ?a ?d { ?a ?b ?c . ?d ?e ?f }")
    site.serving.close()
    assert answer.status_code == 503
    assert "odpověď celou nedá" in answer.text


def test_an_old_release_answers_until_the_new_one_is_in_memory(
    settings: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(settings.releases, tmp_path / "releases", symlinks=True)
    there = replace(config.placed(settings, tmp_path / "releases"), queries=Queries(processes=1, in_memory=True))
    old, new = release.current(there.releases), release.Release(tmp_path / "releases" / "20990101T000000Z")
    assert old is not None
    shutil.copytree(old.path, new.path)
    loaded, may_load, engine = threading.Event(), threading.Event(), publishing.engine
    may_load.set()

    def slowly(*arguments: Any) -> Any:
        assert may_load.wait(60)
        made = engine(*arguments)
        loaded.set()
        return made

    monkeypatch.setattr(publishing, "engine", slowly)
    site = Site(there)
    client = create_app(site).test_client()
    count = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    before = ask(client, count).text

    def healthy() -> Any:
        return (client.get("/healthz").json or {})["release"]

    may_load.clear()
    loaded.clear()
    (there.releases / "next").symlink_to(new.id)
    (there.releases / "next").replace(there.releases / "current")
    for _ in range(3):
        assert healthy() == old.id
        assert ask(client, count).text == before
    may_load.set()
    assert loaded.wait(60)
    site._loading.join()
    assert healthy() == new.id
    assert ask(client, count).text == before
    site.serving.close()
