"""A release on a remote SPARQL server: a graph of its own, complete and counted before the link moves to it.

The site asks the graph of the release that `data/releases/current` points at, so the link alone switches, and
whatever happens to an upload the old graph answers. Which graphs we have begun and finished is written down in
`data/releases/.graphs` before anything is sent; the next build drops what is left of an interrupted one, and
the graphs of releases that are not kept any more. A graph that is not written there is never touched.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Protocol

import pyoxigraph as ox

from .config import Config, Queries, StoreConfig
from .errors import ReleaseError, StoreError
from .pool.engines import Engine, InMemory, OnDisk, Server
from .release import Release, current, history
from .store import Embedded, Query, Store
from .store.graphs import GraphStore
from .store.login import from_environment
from .store.remote import Remote

__all__ = ["engine", "graph_of", "graphs_at", "limits", "opened", "prepare", "upload", "verify"]

_PAGE = 20_000  # triples a request: about 4 MB
_COUNTING = 600  # seconds that a server may take to count a graph
_TOTAL = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"
_BY_CLASS = "SELECT ?kind (COUNT(*) AS ?n) WHERE { ?s a ?kind } GROUP BY ?kind"


class _Progress(Protocol):
    def __call__(self, stage: str, done: int = 0, total: int = 0) -> None: ...


def _graph(base: str, name: str) -> str:
    return f"{base}vydani/{name}"


def graph_of(made: Release) -> str:
    """Return the IRI of a release's graph."""
    return _graph(made.manifest["base"], made.id)


def graphs_at(settings: StoreConfig) -> GraphStore:
    """Return where the graphs of a remote store are written."""
    return GraphStore(settings.graph_store, from_environment())


def _remote(settings: StoreConfig, graph: str, timeout: int) -> Remote:
    return Remote(settings.endpoint, graph, timeout=timeout, login=from_environment())


def opened(config: Config, made: Release) -> Store:
    """Return the store that answers for a release: the configured remote one, else its own.

    Raise `StoreError` where it cannot be opened, or the remote one does not have the release.
    """
    if config.store is None:
        return Embedded.open(made.path / "store")
    store = _remote(config.store, graph_of(made), config.store.timeout)
    if not store.answer(Query("ASK { ?s ?p ?o }")):
        raise StoreError(f"{made.id}: vydání v úložišti není / the store does not have the release")
    return store


def engine(config: Config, made: Release, store: Store) -> Engine:
    """Return what the processes for the queries of others ask, beside the store that `opened` gave for a release.

    Raise `StoreError` where it cannot be loaded.
    """
    if isinstance(store, Remote):
        return Server(store, limits(config).seconds)
    path = made.path / "store"
    return InMemory(path) if config.queries.in_memory else OnDisk(path)


def limits(config: Config) -> Queries:
    """Return what a query of others may take: what a remote server is given too is the shorter one."""
    if config.store is None:
        return config.queries
    return replace(config.queries, seconds=min(config.queries.seconds, config.store.timeout))


def prepare(config: Config) -> None:
    """Drop the graphs that interrupted builds and forgotten releases have left in the configured remote store.

    Raise `StoreError` where it does not answer or take our login, so that a long build need not find out.
    """
    if config.store is None:
        return
    graphs, journal = graphs_at(config.store), _Journal(config.releases, config.store.graph_store)
    graphs.drop(_graph(config.base, ""))  # nothing is there: only asks whether we may write
    serving = current(config.releases)
    kept = {one.id for one in (*history(config.releases), *([serving] if serving else []))}
    for left in journal.graphs():
        if not journal.is_complete(left) or left.rpartition("/")[2] not in kept:
            graphs.drop(left)
            journal.forget(left)


def upload(config: Config, made: Release, progress: _Progress) -> None:
    """Copy a staged release to the configured remote store, where there is one, and count it there.

    Raise `StoreError` or `ReleaseError` when it does not arrive whole; what is served stays as it is.
    """
    if config.store is None:
        return
    graphs, journal = graphs_at(config.store), _Journal(config.releases, config.store.graph_store)
    graph, source = graph_of(made), Embedded.open(made.path / "store")
    journal.begin(graph)
    graphs.drop(graph)
    for number, page in enumerate(source.pages(_PAGE)):
        progress("vzdálené úložiště / remote store", number * _PAGE, len(source))
        graphs.add(graph, page)
    progress("vzdálené úložiště: přepočítání / remote store: counting")
    if differing := _differences(config.store, made):
        raise ReleaseError(
            f"{graph}: úložiště nemá, co dostalo / the store does not have what it was sent ({differing})"
        )
    journal.complete(graph)


def verify(config: Config, made: Release, say: Callable[[str], None]) -> bool:
    """Count a release that was published to the configured remote store again; `say` gets a sentence a fault.

    Raise `StoreError` where the store does not answer.
    """
    if config.store is None:
        return True
    graph = graph_of(made)
    is_there = _Journal(config.releases, config.store.graph_store).is_complete(graph)
    if not is_there and current(config.releases) != made:
        return True  # it never went there, nor is it asked for
    if differing := _differences(config.store, made):
        say(f"{graph}: v úložišti je něco jiného / the store has something else ({differing})")
    return not differing


def _differences(settings: StoreConfig, made: Release) -> str:
    """Return where the counts of a release's own store and of its remote graph differ, in words; else nothing."""
    ours = _counts(Embedded.open(made.path / "store"))
    theirs = _counts(_remote(settings, graph_of(made), _COUNTING))
    return ", ".join(
        f"{name} {ours.get(name, 0)} → {theirs.get(name, 0)}"
        for name in sorted(ours | theirs)
        if ours.get(name) != theirs.get(name)
    )


def _counts(store: Store) -> dict[str, int]:
    """Return the number of triples, and of things of each class by its IRI."""
    counts = {}
    for text in (_TOTAL, _BY_CLASS):
        answer = store.answer(Query(text))
        assert isinstance(answer, ox.QuerySolutions)  # noqa: S101 - both are SELECT
        for solution in answer:
            name = solution["kind"].value if text is _BY_CLASS else "trojic / triples"
            counts[name] = int(solution["n"].value)
    return counts


class _Journal:
    """Which graphs we have begun at a graph store and which are complete, a line each, in the folder of releases."""

    def __init__(self, root: Path, address: str) -> None:
        self._path, self._address = root / ".graphs", address
        lines = self._path.read_text("utf-8").splitlines() if self._path.exists() else []
        self._states = {(where, graph): state for state, where, graph in map(str.split, lines)}

    def graphs(self) -> list[str]:
        """Return the graphs at this address."""
        return [graph for where, graph in self._states if where == self._address]

    def is_complete(self, graph: str) -> bool:
        return self._states.get((self._address, graph)) == "complete"

    def begin(self, graph: str) -> None:
        self._states[self._address, graph] = "begun"
        self._write()

    def complete(self, graph: str) -> None:
        self._states[self._address, graph] = "complete"
        self._write()

    def forget(self, graph: str) -> None:
        del self._states[self._address, graph]
        self._write()

    def _write(self) -> None:
        fresh = self._path.with_name(".graphs.new")
        with fresh.open("w", encoding="utf-8") as file:
            file.writelines(f"{state} {where} {graph}\n" for (where, graph), state in self._states.items())
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self._path)
