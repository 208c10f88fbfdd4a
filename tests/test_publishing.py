"""Whatever happens to an upload, the old release answers, and the next build is right."""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
import threading
import traceback
import urllib.parse
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pyoxigraph as ox
import pytest

from lod import publishing, release
from lod.config import Config, StoreConfig
from lod.errors import ConfigError, ReleaseError, StoreError
from lod.release import Release
from lod.store import Query, login
from lod.store.graphs import GraphStore
from lod.store.login import Login

from .conftest import REPOSITORY, Site
from .servers import Between, Oxigraph, Server, Virtuoso, free_port

FOREIGN = "http://elsewhere.example/graph"
OLD, NEW = "20260101T000000Z", "20260103T000000Z"
ALL = Query("CONSTRUCT WHERE { ?s ?p ?o }")
numbers = itertools.count(1)


def settled(site: Site, store: StoreConfig) -> None:
    """Let a site's releases be served from there."""
    lines = ["[store]", f'endpoint = "{store.endpoint}"', f'graph_store = "{store.graph_store}"']
    site.settings.write_text("\n".join([site.settings.read_text("utf-8"), *lines, ""]), "utf-8")


def quiet(stage: str, done: int = 0, total: int = 0) -> None:
    return None


def triples(name: str, size: int) -> list[str]:
    about = f"<http://a/{name}>"
    typed = f"{about} <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://a/Thing> ."
    return [typed, *(f'{about} <http://a/says> "{number}"@cs .' for number in range(size))]


def held(config: Config, made: Release) -> set[str]:
    """What the store that is configured says of a release, as N-Triples."""
    answer = publishing.opened(config, made).answer(ALL)
    assert not isinstance(answer, (ox.QuerySolutions, ox.QueryBoolean))
    return {f"{triple} ." for triple in answer}


@dataclass
class Case:
    """A folder of releases, and a server; each case has graphs of its own there."""

    config: Config

    def stage(self, name: str, size: int = 24) -> Release:
        made = Release(self.config.releases / name)
        made.path.mkdir(parents=True)
        local = ox.Store(str(made.path / "store"))
        local.load("\n".join(triples(name, size)).encode(), format=ox.RdfFormat.N_TRIPLES)
        local.flush()
        (made.path / "manifest.json").write_text(json.dumps({"base": self.config.base}), "utf-8")
        return made

    def publish(self, made: Release) -> None:
        publishing.prepare(self.config)
        publishing.upload(self.config, made, quiet)
        release.publish(made, self.config.releases)

    def at(self, store: StoreConfig) -> Case:
        """The same case, reached by another address; the journal stays the same."""
        return Case(replace(self.config, store=store))

    def graphs(self, server: Server) -> set[str]:
        """The names of the releases that a server has graphs of."""
        text = urllib.parse.quote("SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }")
        request = urllib.request.Request(f"{server.store.endpoint}?query={text}", headers={"Accept": "text/csv"})
        with urllib.request.urlopen(request, timeout=60) as answer:
            found = answer.read().decode().replace('"', "").split()
        begin = f"{self.config.base}vydani/"
        return {graph.removeprefix(begin) for graph in found if graph.startswith(begin)}


def new_case(folder: Path, config: Config) -> Case:
    base = f"https://case{next(numbers)}.example/"
    return Case(replace(config, base=base, releases=folder / "releases"))


@pytest.fixture
def case(tmp_path: Path, settings_of: Callable[[Server], Config], oxigraph: Server) -> Case:
    return new_case(tmp_path, settings_of(oxigraph))


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small pages, so that there are many, and no waiting between attempts."""
    monkeypatch.setattr(publishing, "_PAGE", 10)
    monkeypatch.setattr("lod.store.graphs._PAUSES", (0.0,) * 5)


# Every request fails once


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("fault", ["refuse", "cut", "lose"])
def test_request_that_fails_once_is_sent_again(fault: str, case: Case, oxigraph: Server) -> None:
    with Between(oxigraph.store) as between:
        through = case.at(between.store)
        through.publish(through.stage(OLD))
        asked = between.heard.index("POST", between.heard.index("POST") + 3)  # the first query comes after three pages
        for number in range(1, asked + 1):
            start = len(between.heard)
            between.does = lambda n, at=start + number: fault if n == at else "pass"  # type: ignore[misc]
            made = through.stage(f"20260102T00000{number}Z")
            through.publish(made)
            assert held(case.config, made) == set(triples(made.id, 24))


# From some request on, nothing works


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("fault", ["refuse", "forbid", "cut", "lose"])
def test_upload_that_fails_leaves_the_old_release_served(fault: str, case: Case, oxigraph: Server) -> None:
    with Between(oxigraph.store) as between:
        through = case.at(between.store)
        old = through.stage(OLD)
        through.publish(old)
        requests = len(between.heard)
        assert requests == 2 + 3 + 2  # may we, drop, three pages, two counts
        for number in range(1, requests + 1):
            start = len(between.heard)
            between.does = lambda n, at=start + number: fault if n >= at else "pass"  # type: ignore[misc]
            made = through.stage(f"20260102T00000{number}Z")
            with pytest.raises(StoreError) as refusal:
                through.publish(made)
            assert " / " in str(refusal.value)
            assert release.current(case.config.releases) == old
            assert held(case.config, old) == set(triples(OLD, 24))
        between.does = lambda _: "pass"
        new = through.stage(NEW, 7)
        through.publish(new)
    assert held(case.config, new) == set(triples(NEW, 7))
    assert case.graphs(oxigraph) == {OLD, NEW}


@pytest.mark.usefixtures("small")
def test_page_that_does_not_arrive_is_counted(case: Case, oxigraph: Server) -> None:
    old = case.stage(OLD)
    case.publish(old)
    with Between(oxigraph.store, lambda number: "swallow" if number == 4 else "pass") as between:
        through = case.at(between.store)
        with pytest.raises(ReleaseError, match=r"25 → 15"):
            through.publish(through.stage(NEW))
    assert release.current(case.config.releases) == old
    assert held(case.config, old) == set(triples(OLD, 24))


# Killed


PUBLISH = """
import sys
from pathlib import Path
from lod import config, publishing, release
path, base, releases, name = sys.argv[1:]
settings = config.placed(config.load(Path(path), base), Path(releases))
publishing._PAGE = 10
made = release.Release(settings.releases / name)
publishing.prepare(settings)
publishing.upload(settings, made, lambda *step: None)
release.publish(made, settings.releases)
"""


@pytest.mark.slow
def test_upload_that_is_killed_at_any_request_leaves_the_old_release_served(
    site: Site, case: Case, oxigraph: Server
) -> None:
    with Between(oxigraph.store) as between:
        settled(site, between.store)
        through = case.at(between.store)
        old = through.stage(OLD)
        through.publish(old)

        def publish(made: Release) -> subprocess.Popen[bytes]:
            arguments = (str(site.settings), case.config.base, str(case.config.releases), made.id)
            environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
            return subprocess.Popen([sys.executable, "-c", PUBLISH, *arguments], env=environment)

        for number in range(1, len(between.heard) + 2):  # one more drops what the killed one before has left
            reached, go_on, last = threading.Event(), threading.Event(), len(between.heard) + number

            def hold(n: int, last: int = last, reached: threading.Event = reached, go: threading.Event = go_on) -> str:
                if n == last:
                    reached.set()
                    go.wait(60)
                return "pass"

            between.does = hold
            process = publish(through.stage(f"20260102T00000{number}Z"))
            assert reached.wait(60)
            process.kill()
            process.wait()
            go_on.set()
            assert release.current(case.config.releases) == old
            assert held(case.config, old) == set(triples(OLD, 24))
        between.does = lambda _: "pass"
        new = through.stage(NEW, 7)
        assert publish(new).wait(60) == 0
    assert release.current(case.config.releases) == new
    assert held(case.config, new) == set(triples(NEW, 7))
    assert case.graphs(oxigraph) == {OLD, NEW}


@pytest.mark.slow
@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("kind", [Oxigraph, Virtuoso])
def test_server_that_is_killed_has_the_whole_release_when_it_is_back(
    kind: type[Oxigraph] | type[Virtuoso],
    tmp_path: Path,
    settings_of: Callable[[Server], Config],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if not kind.is_here():
        pytest.skip(f"{kind.__name__} is not installed here")
    monkeypatch.setenv(login.USER, "dba")
    monkeypatch.setenv(login.PASSWORD, "dba")
    server = kind(tmp_path / "server")
    server.start()
    try:
        case = new_case(tmp_path, settings_of(server))
        old = case.stage(OLD)
        case.publish(old)
        graphs = GraphStore(server.store.graph_store, Login("dba", "dba"), wait=lambda _: server.start())
        monkeypatch.setattr(publishing, "graphs_at", lambda _: graphs)
        made = case.stage(NEW)
        stages = iter(["first page", "second page"])

        def kill(stage: str, done: int = 0, total: int = 0) -> None:
            if next(stages, "") == "second page":
                server.kill()

        publishing.upload(case.config, made, kill)
        server.kill()
        server.start()
        assert held(case.config, made) == set(triples(NEW, 24))
        assert held(case.config, old) == set(triples(OLD, 24))
    finally:
        server.kill()


# What stays, what goes


def test_graphs_go_with_their_releases_and_others_stay(case: Case, oxigraph: Server) -> None:
    assert case.config.store is not None
    foreign = GraphStore(case.config.store.graph_store)
    foreign.add(FOREIGN, b"<http://a/s> <http://a/p> <http://a/o> .\n")
    for name in ("20260101T000000Z", "20260102T000000Z", "20260103T000000Z"):
        case.publish(case.stage(name))
    release.prune(case.config.releases, 1)
    case.publish(case.stage("20260104T000000Z"))
    assert case.graphs(oxigraph) == {"20260103T000000Z", "20260104T000000Z"}
    assert foreign_is_there(oxigraph)


def foreign_is_there(server: Server) -> bool:
    text = urllib.parse.quote(f"ASK {{ GRAPH <{FOREIGN}> {{ ?s ?p ?o }} }}")
    with urllib.request.urlopen(f"{server.store.endpoint}?query={text}", timeout=60) as answer:
        return b"true" in answer.read()


def test_rollback_goes_back_only_to_what_the_store_has(case: Case) -> None:
    assert case.config.store is not None
    first, second = case.stage("20260101T000000Z"), case.stage("20260102T000000Z")
    case.publish(first)
    case.publish(second)

    def ready(made: Release) -> object:
        return publishing.opened(case.config, made)

    GraphStore(case.config.store.graph_store).drop(publishing.graph_of(first))
    with pytest.raises(StoreError, match="does not have the release"):
        release.rollback(case.config.releases, ready)
    assert release.current(case.config.releases) == second
    GraphStore(case.config.store.graph_store).add(publishing.graph_of(first), "\n".join(triples("x", 2)).encode())
    assert release.rollback(case.config.releases, ready) == first


def test_release_that_has_changed_on_the_server_does_not_verify(case: Case) -> None:
    assert case.config.store is not None
    made = case.stage("20260101T000000Z")
    case.publish(made)
    said: list[str] = []
    assert publishing.verify(case.config, made, said.append)
    more = b"<http://a/s> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://a/Other> .\n"
    GraphStore(case.config.store.graph_store).add(publishing.graph_of(made), more)
    assert not publishing.verify(case.config, made, said.append)
    assert [sentence.rpartition("(")[2] for sentence in said] == ["http://a/Other 0 → 1, trojic / triples 25 → 26)"]


def test_release_that_is_served_is_looked_for_even_where_nothing_says_that_it_was_sent(case: Case) -> None:
    assert case.config.store is not None
    made = case.stage("20260101T000000Z")
    case.publish(made)
    (case.config.releases / ".graphs").unlink()
    said: list[str] = []
    assert publishing.verify(case.config, made, said.append)
    GraphStore(case.config.store.graph_store).drop(publishing.graph_of(made))
    assert not publishing.verify(case.config, made, said.append)
    assert "the store has something else" in said[0]


# A failed build


def test_build_whose_server_is_away_says_so_before_it_reads_anything(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lod.store.graphs._PAUSES", (0.0,))
    away = f"http://127.0.0.1:{free_port()}/"
    settled(site, StoreConfig(away, away, 1))
    site.write("records/broken.json", "{")
    with pytest.raises(StoreError, match="neodpovídá / the store does not answer"):
        site.build()
    assert release.history(site.releases) == []


@pytest.mark.usefixtures("small")
def test_build_that_cannot_upload_keeps_no_release(site: Site, oxigraph: Server) -> None:
    site.record()
    with Between(oxigraph.store, lambda number: "forbid" if number > 2 else "pass") as between:
        settled(site, between.store)
        with pytest.raises(StoreError, match=r"did not take the graph \(403"):
            site.build()
    assert release.history(site.releases) == []
    assert release.current(site.releases) is None


# Who we are


def test_virtuoso_asks_for_a_login(
    tmp_path: Path, settings_of: Callable[[Server], Config], virtuoso: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = new_case(tmp_path, settings_of(virtuoso))
    monkeypatch.delenv(login.USER)
    monkeypatch.delenv(login.PASSWORD)
    with pytest.raises(StoreError, match=r"chce přihlášení.*LOD_STORE_USER.* / the store asks for a login"):
        case.publish(case.stage(NEW))
    monkeypatch.setenv(login.USER, "dba")
    with pytest.raises(ConfigError, match="one of the two is missing"):
        publishing.prepare(case.config)
    monkeypatch.setenv(login.PASSWORD, "tajné-heslo")
    with pytest.raises(StoreError, match="refuses the login") as refusal:
        publishing.prepare(case.config)
    assert "heslo" not in "".join(traceback.format_exception(refusal.value))
