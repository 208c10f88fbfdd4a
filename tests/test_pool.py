"""Queries on processes: whole answers or a reason, whatever the text, and the next query is answered."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from time import monotonic, sleep

import pytest

from lod import store
from lod.config import Queries
from lod.errors import BusyError, QueryError, QueryLimitError, StoreError
from lod.pool import Pool, Spooled
from lod.store import Query

FORMATS = {
    "solutions": "text/csv",
    "boolean": "application/sparql-results+json",
    "triples": "application/n-triples",
}
HEAVY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
LIMITS = Queries(processes=2, slow=2, seconds=2, memory=300, quick=0.3, wait=4, budget=1000)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of 3,000 triples."""
    lines = "".join(f'<https://a.example/{n}> <https://a.example/p> "{n} {"x" * 50}" .\n' for n in range(3000))
    folder = tmp_path_factory.mktemp("pool") / "store"
    store.load(BytesIO(lines.encode()), BytesIO(), folder)
    return folder


@pytest.fixture
def pool(path: Path) -> Iterator[Pool]:
    made = Pool(path, LIMITS)
    yield made
    made.close()


def asked(pool: Pool, text: str, client: str = "") -> str:
    with pool.ask(Query(text), FORMATS, client).content as content:
        return content.read().decode()


def is_well(pool: Pool) -> bool:
    """Whether a cheap query is answered now."""
    return asked(pool, "ASK {}", "somebody else") == '{"head":{},"boolean":true}'


def until(condition: Callable[[], bool], seconds: float = 10) -> bool:
    end = monotonic() + seconds
    while not (done := condition()) and monotonic() < end:
        sleep(0.05)
    return done


def test_each_form_of_a_query_is_answered(pool: Pool) -> None:
    assert asked(pool, "SELECT ?s { ?s ?p '1 " + "x" * 50 + "' }") == "s\r\nhttps://a.example/1\r\n"
    assert asked(pool, "ASK { ?s ?p 'nothing' }") == '{"head":{},"boolean":false}'
    assert asked(pool, "CONSTRUCT { <a:a> <a:b> <a:c> } {}") == "<a:a> <a:b> <a:c> .\n"
    assert asked(pool, "DESCRIBE <https://a.example/1>").startswith("<https://a.example/1> ")


def test_a_long_answer_is_whole_and_waits_on_disk(path: Path) -> None:
    pool = Pool(path)
    answer: Spooled = pool.ask(Query("SELECT * { ?s ?p ?o . ?t ?q ?o2 } LIMIT 60000"), FORMATS)
    with answer.content as content:
        lines = content.read().splitlines()
    assert len(lines) == 60001
    assert answer.size > 1 << 20
    pool.close()


@pytest.mark.parametrize("text", ["SELECT nonsense", "SELECT (<urn:f>(1) AS ?x) {}", ""])
def test_what_is_malformed_costs_no_process(pool: Pool, text: str) -> None:
    before = {worker.pid for worker in pool._idle}
    with pytest.raises(QueryError):
        asked(pool, text)
    assert {worker.pid for worker in pool._idle} == before


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        (HEAVY, "time"),
        ("SELECT * { " + " . ".join(f"?a ?b{n} ?c" for n in range(6000)) + " }", "time"),  # in planning
        ("SELECT * { ?a ?p ?b . ?c ?q ?d } ORDER BY ?b", "memory"),
        ("SELECT * { " + "{" * 2_000_000 + "}" * 2_000_000 + " }", "depth"),
    ],
    ids=["heavy", "planning", "memory", "depth"],
)
def test_a_limit_is_told_and_the_next_query_is_answered(path: Path, text: str, limit: str) -> None:
    pool = Pool(path, Queries(seconds=2 if limit == "time" else 60, memory=300, quick=100))
    with pytest.raises(QueryLimitError) as raised:
        asked(pool, text)
    assert raised.value.limit == limit
    assert is_well(pool)
    assert until(lambda: len(pool._idle) == 2)
    pool.close()


def test_a_failure_of_the_engine_is_told_and_the_next_query_is_answered(pool: Pool) -> None:
    worker = pool._idle[-1]

    def kill() -> None:  # in the middle of a query: one that is known to be dead is not asked
        until(lambda: worker not in pool._idle)
        sleep(0.1)
        os.kill(worker.pid, 9)

    killer = threading.Thread(target=kill)
    killer.start()
    with pytest.raises(StoreError) as raised:
        asked(pool, HEAVY)
    killer.join()
    assert not isinstance(raised.value, QueryLimitError)
    assert is_well(pool)


def test_cheap_queries_flow_while_heavy_ones_run(pool: Pool) -> None:
    told: list[str] = []

    def heavy() -> None:
        try:
            asked(pool, HEAVY, "heavy")
        except StoreError as error:
            told.append(type(error).__name__)

    threads = [threading.Thread(target=heavy) for _ in range(12)]
    for thread in threads:
        thread.start()
    for _ in range(5):
        assert is_well(pool)  # else it would be told that the queue was too long
    for thread in threads:
        thread.join()
    assert told.count("QueryLimitError") >= 2  # these ran to the limit; there was no room for the others
    assert told.count("BusyError") == 12 - told.count("QueryLimitError")
    assert until(lambda: len(pool._idle) == 2)


def test_a_budget_is_of_one_client(path: Path) -> None:
    pool = Pool(path, Queries(seconds=1, budget=0.5))
    with pytest.raises(QueryLimitError):
        asked(pool, HEAVY, "one")
    with pytest.raises(BusyError) as raised:
        asked(pool, "ASK {}", "one")
    assert raised.value.is_budget
    assert 50 < raised.value.seconds <= 60
    assert is_well(pool)
    pool.close()


def test_a_client_who_leaves_frees_the_process(pool: Pool) -> None:
    began = monotonic()
    with pytest.raises(QueryLimitError, match="left"):
        pool.ask(Query(HEAVY), FORMATS, has_left=lambda: monotonic() - began > 0.5)
    assert is_well(pool)


def test_a_query_that_comes_when_the_release_has_been_switched_is_answered(pool: Pool) -> None:
    pool.close()
    assert is_well(pool)
    assert pool._idle == []


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { SERVICE <http://127.0.0.1:%d/> { ?s ?p ?o } }",
        "SELECT * { SERVICE SILENT <http://127.0.0.1:%d/> { ?s ?p ?o } }",
        "SELECT * { { SELECT * { BIND(<http://127.0.0.1:%d/> AS ?x) SERVICE SILENT ?x { ?s ?p ?o } } } }",
        "SELECT * FROM <http://127.0.0.1:%d/> { ?s ?p ?o }",
    ],
)
def test_no_text_connects_out_of_a_process(pool: Pool, text: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as sink:
        sink.settimeout(0.5)
        with suppress(StoreError):
            asked(pool, text % sink.getsockname()[1])
        with pytest.raises(TimeoutError):
            sink.accept()
    assert is_well(pool)


def test_the_processes_end_with_whoever_started_them(path: Path) -> None:
    code = f"""
import os, threading, time
from pathlib import Path
from lod.pool import Pool
from lod.store import Query
pool = Pool(Path({str(path)!r}))
print(*(worker.pid for worker in pool._idle), flush=True)
threading.Thread(target=lambda: pool.ask(Query({HEAVY!r}), {FORMATS!r}), daemon=True).start()
time.sleep(0.5)
os._exit(1)
"""
    made = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    numbers = made.stdout.split()
    assert len(numbers) == 2
    assert until(lambda: not any(is_running(number) for number in numbers))


def is_running(number: str) -> bool:
    try:
        return Path(f"/proc/{number}/stat").read_text("utf-8").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_a_store_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreError):
        Pool(tmp_path / "nothing")
