"""Queries in memory and on remote servers: the same answers, the same limits, and nothing goes elsewhere."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest

from lod import publishing, store
from lod.config import Config, Queries
from lod.errors import QueryError, QueryLimitError, StoreError
from lod.pool import Pool
from lod.pool.engines import InMemory, Server
from lod.release import Release

from . import servers
from .servers import Odd, free_port
from .test_pool import HEAVY, asked, is_running, is_well, until
from .test_stores import JSON, ROWS, made, quiet

QUERIES = Queries(processes=1, slow=1, seconds=3, quick=1, budget=1000, memory=300)
LINES = [f'<http://a/{n}> <http://a/p> "{n} žluťoučký" .' for n in range(3000)]
ONE = "SELECT ?o { <http://a/7> ?p ?o }"
SORTED = "SELECT * { ?a ?p ?b . ?c ?q ?d } ORDER BY ?b"  # all rows are held in memory
NESTED = "SELECT * { " + "{" * 2_000_000 + "}" * 2_000_000 + " }"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(tmp_path_factory.mktemp("engines"), LINES).path


@contextmanager
def over_memory(path: Path, limits: Queries = QUERIES) -> Iterator[Pool]:
    with closing(Pool(InMemory(path / "store"), limits)) as pool:
        yield pool


@contextmanager
def over_odd(odd: Odd, limits: Queries = QUERIES) -> Iterator[Pool]:
    with odd as remote, closing(Pool(Server(remote, limits.seconds), limits)) as pool:
        yield pool


@pytest.fixture(scope="module")
def published(folder: Path, settings_of: Callable[[servers.Server], Config]) -> Callable[[servers.Server], Pool]:
    """Send the data to a server, and return a pool that asks it."""

    def publish(server: servers.Server, limits: Queries = QUERIES) -> Pool:
        config = replace(settings_of(server), releases=folder.parent, queries=limits)
        release = Release(folder)
        publishing.upload(config, release, quiet)
        return Pool(publishing.engine(config, release, publishing.opened(config, release)), publishing.limits(config))

    return publish


# In memory


def test_a_copy_in_memory_answers_as_the_store_on_disk(folder: Path) -> None:
    with over_memory(folder) as pool, closing(Pool(folder / "store", QUERIES)) as disk:
        for text in (ONE, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", "ASK { ?s ?p '7' }", "DESCRIBE <http://a/7>"):
            assert asked(pool, text) == asked(disk, text)


@pytest.mark.parametrize(("text", "limit"), [(HEAVY, "time"), (SORTED, "memory"), (NESTED, "depth")])
def test_a_limit_in_memory_is_told_and_the_next_query_is_answered(folder: Path, text: str, limit: str) -> None:
    with over_memory(folder, replace(QUERIES, seconds=2 if limit == "time" else 60, quick=100)) as pool:
        with pytest.raises(QueryLimitError) as raised:
            asked(pool, text)
        assert raised.value.limit == limit
        assert is_well(pool)
        assert until(lambda: len(pool._idle) == 1, 60)


def test_memory_is_what_a_query_takes_beyond_the_data(tmp_path: Path) -> None:
    lines = (f'<http://a/{n}> <http://a/p> "{"x" * 1000}{n}" .\n' for n in range(20_000))
    store.load(BytesIO("".join(lines).encode()), BytesIO(), tmp_path / "store")
    engine = InMemory(tmp_path / "store")
    with closing(Pool(engine, QUERIES)) as pool:
        status = Path(f"/proc/{engine._source.pid}/status").read_text("utf-8").splitlines()
        data = next(int(line.split()[1]) << 10 for line in status if line.startswith("VmData:"))
        limits = Path(f"/proc/{pool._idle[0].pid}/limits").read_text("utf-8").splitlines()
        most = next(int(line.split()[3]) for line in limits if line.startswith("Max data size"))
    assert data > 20_000_000
    assert most >= data + (QUERIES.memory << 20)


def test_no_text_connects_out_of_a_process_in_memory(folder: Path) -> None:
    with over_memory(folder) as pool, socket.create_server(("127.0.0.1", 0)) as sink:
        sink.settimeout(0.5)
        with suppress(StoreError):
            asked(pool, f"ASK {{ SERVICE SILENT <http://127.0.0.1:{sink.getsockname()[1]}/> {{ ?s ?p ?o }} }}")
        with pytest.raises(TimeoutError):
            sink.accept()


def test_a_copy_that_the_system_has_ended_is_loaded_again(folder: Path) -> None:
    engine = InMemory(folder / "store")
    with closing(Pool(engine, QUERIES)) as pool:
        os.kill(engine._source.pid, 9)
        engine._source.wait()
        os.kill(pool._idle[-1].pid, 9)
        with pytest.raises(StoreError):
            asked(pool, ONE)
        assert until(lambda: len(pool._idle) == 1, 60)
        assert is_well(pool)


def test_a_copy_goes_with_the_last_query_on_it(folder: Path) -> None:
    engine = InMemory(folder / "store")
    pool = Pool(engine, replace(QUERIES, seconds=60, quick=100))
    told: list[str] = []
    count = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f }"
    query = threading.Thread(target=lambda: told.append(asked(pool, count)))
    query.start()
    assert until(lambda: not pool._idle)
    pool.close()
    assert is_well(pool)  # asked by one who came when it was closed
    query.join()
    assert told == ["n\r\n9000000\r\n"]
    assert until(lambda: not is_running(str(engine._source.pid)))


def test_a_store_that_cannot_be_loaded_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be loaded"):
        InMemory(tmp_path / "nothing")


# On a remote server


@pytest.mark.parametrize("name", ["oxigraph", "virtuoso"])
def test_a_remote_server_answers_whole_and_is_asked_within_limits(
    name: str, request: pytest.FixtureRequest, published: Callable[..., Pool]
) -> None:
    server = request.getfixturevalue(name)
    with closing(published(server)) as pool:
        assert asked(pool, ONE) == "o\r\n7 žluťoučký\r\n"
        assert asked(pool, "ASK { ?s ?p '7' }") == '{"head":{},"boolean":false}'
        assert len(asked(pool, "CONSTRUCT { ?s <http://a/q> ?o } { ?s ?p ?o }").splitlines()) == len(LINES)
        with pytest.raises(QueryError):
            asked(pool, "SELECT nonsense")
        with pytest.raises(QueryLimitError) as raised:
            asked(pool, NESTED)
        assert raised.value.limit == "depth"
        assert is_well(pool)


def test_a_query_without_end_is_left_and_the_next_is_answered(tmp_path: Path, published: Callable[..., Pool]) -> None:
    if not servers.Oxigraph.is_here():
        pytest.skip("the oxigraph server is not installed here (PyPI: oxigraph)")
    server = servers.Oxigraph(tmp_path / "server")  # of its own: it goes on computing
    server.start()
    try:
        with closing(published(server)) as pool:
            with pytest.raises(QueryLimitError) as raised:
                asked(pool, HEAVY)
            assert raised.value.limit == "time"
            assert is_well(pool)
    finally:
        server.kill()


def test_virtuoso_is_told_when_to_give_up(virtuoso: servers.Server, published: Callable[..., Pool]) -> None:
    with closing(published(virtuoso)) as pool, pytest.raises(QueryLimitError) as raised:
        asked(pool, "SELECT (MAX(CONCAT(?c, ?f, ?i)) AS ?x) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?c != ?i) }")
    assert raised.value.limit == "time"


def test_a_limit_is_passed_on_as_a_server_takes_it() -> None:
    odd = Odd(200, b'{"head":{},"boolean":true}', JSON, Server="Virtuoso/07.20")
    with over_odd(odd) as pool:
        is_well(pool)
        is_well(pool)
    assert b"timeout" not in odd.asked[0]  # nobody knew yet
    assert b"timeout=4000" in odd.asked[1]


LINE = b"<http://a/a> <http://a/b> <http://a/c> .\n"
TRIPLES = "application/n-triples"


@pytest.mark.parametrize(
    ("odd", "words"),
    [
        (Odd(200, ROWS, JSON), "cannot be read"),
        (Odd(200, ROWS + b"]}}", JSON, Content_Length="1000"), "cut off"),
        (Odd(200, b"[" * 100_000, JSON), "."),
        (Odd(200, b"welcome", "text/html"), "text/html"),
        (Odd(503, b"busy"), "busy"),
    ],
    ids=["broken", "cut off", "nested", "page", "503"],
)
def test_a_part_of_a_table_is_never_the_answer(odd: Odd, words: str) -> None:
    with over_odd(odd) as pool:
        before = [worker.pid for worker in pool._idle]
        with pytest.raises(StoreError, match=words) as raised:
            asked(pool, "SELECT ?s { ?s ?p ?o }")
        assert "\n" not in str(raised.value)
        assert [worker.pid for worker in pool._idle] == before  # the fault is not the process's


@pytest.mark.parametrize(
    ("odd", "words"),
    [
        (Odd(200, LINE * 3, TRIPLES), "where its answer ends"),
        (Odd(200, LINE * 3, TRIPLES, Content_Length="1000"), "cut off"),
        (Odd(200, b"20\r\n" + LINE, TRIPLES, Transfer_Encoding="chunked"), "cut off|where its answer ends"),
        (Odd(200, b"<http://a/a> <no iri> .", TRIPLES, Content_Length="23"), "cannot be read"),
    ],
    ids=["no end", "cut off", "chunk", "broken"],
)
def test_a_part_of_a_graph_is_never_the_answer(odd: Odd, words: str) -> None:
    with over_odd(odd) as pool, pytest.raises(StoreError, match=words):
        asked(pool, "CONSTRUCT WHERE { ?s ?p ?o }")


@pytest.mark.parametrize(("header", "limit"), [({"X_SPARQL_MaxRows": "1"}, "rows"), ({"X_SQL_State": "S1TAT"}, "time")])
def test_what_virtuoso_has_cut_is_never_the_answer(header: dict[str, str], limit: str) -> None:
    with over_odd(Odd(200, ROWS + b"]}}", JSON, **header)) as pool, pytest.raises(QueryLimitError) as raised:
        asked(pool, "SELECT ?s { ?s ?p ?o }")
    assert raised.value.limit == limit


def test_a_server_that_is_away_is_told_by_the_same_process() -> None:
    remote = store.remote.Remote(f"http://127.0.0.1:{free_port()}/", "http://g/", timeout=1)
    with closing(Pool(Server(remote, 3), QUERIES)) as pool:
        before = [worker.pid for worker in pool._idle]
        with pytest.raises(StoreError, match="does not answer"):
            asked(pool, ONE)
        assert [worker.pid for worker in pool._idle] == before


def test_no_text_makes_the_process_that_has_the_network_connect_elsewhere() -> None:
    odd = Odd(200, b'{"head":{},"boolean":true}', JSON)
    with over_odd(odd) as pool, socket.create_server(("127.0.0.1", 0)) as sink:
        sink.settimeout(0.5)
        for silent in ("", "SILENT "):
            with suppress(StoreError):
                asked(pool, f"ASK {{ SERVICE {silent}<http://127.0.0.1:{sink.getsockname()[1]}/> {{ ?s ?p ?o }} }}")
        with pytest.raises(TimeoutError):
            sink.accept()
