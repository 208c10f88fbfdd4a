"""Queries and clients that mean harm, against a real server: it answers with a reason, and then the next one."""

from __future__ import annotations

import json
import socket
import sys
import threading
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from time import monotonic, sleep

import pytest

from lod.config import Config

from .conftest import Serve

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are looked up in /proc")

LIMITS = """
[queries]
seconds = {seconds}
quick = 0.5
memory = 200
budget = 1000000
"""
HEAVY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
LIMITED = {400, 503, 504}
BOMBS = {
    "groups": "SELECT * WHERE " + "{" * 20_000 + "?s ?p ?o" + "}" * 20_000,
    "open groups": "SELECT * { " + "{" * 65_000,
    "not": "SELECT * { FILTER(" + "!" * 60_000 + "true) }",
    "plus": "SELECT * { FILTER(" + "1+" * 8_000 + "1 > 0) }",
    "brackets": "SELECT * { FILTER(" + "(" * 30_000 + "1" + ")" * 30_000 + ") }",
    "union": "SELECT * { " + "{} UNION " * 7_000 + "{} }",
    "paths": "SELECT * { ?s " + "(" * 20_000 + "<a:p>" + ")*" * 20_000 + " ?o }",
    "collections": "SELECT * { ?s ?p " + "(" * 30_000 + ")" * 30_000 + " }",
    "subselects": "SELECT * { " + "{ SELECT * { " * 4_000 + "} }" * 4_000 + " }",
    "exists": "SELECT * { " + "FILTER EXISTS { " * 3_500 + "?s ?p ?o" + " }" * 3_500 + " }",
    "joins": "SELECT * { " + " ".join(f"?a{n} ?b{n} ?a{n + 1} ." for n in range(2_000)) + " }",
    "optionals": "SELECT * { " + " ".join(f"OPTIONAL {{ ?a ?b{n} ?c{n} }}" for n in range(1_500)) + " }",
    "alternatives": "SELECT (COUNT(*) AS ?n) { ?s (" + "|".join(["(!<a:p>)*"] * 400) + ")* ?o }",
    "values": "SELECT * { " + "".join(f"VALUES ?v{n} {{ {'1 ' * 40} }} " for n in range(500)) + " }",
    "cross product": HEAVY,
    "sorted": "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?f ?c",
    "distinct": "SELECT DISTINCT ?a ?d ?g { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "regex": "SELECT * { ?s ?p ?o . ?t ?q ?u FILTER(REGEX(CONCAT(STR(?o), STR(?u)), '^(([a-z])+.)+[A-Z]([a-z])+$')) }",
    "huge regex": "ASK { FILTER(REGEX('a', '((((a{1000}){1000}){1000}){1000}){1000}')) }",
    "concatenation": "SELECT (GROUP_CONCAT(CONCAT(STR(?c), STR(?f))) AS ?x) { ?a ?b ?c . ?d ?e ?f }",
    "replacements": "SELECT (STRLEN(" + "REPLACE(" * 30 + "'a'" + ", 'a', 'aaaaaaaa')" * 30 + ") AS ?n) {}",
    "construct": "CONSTRUCT { ?a ?b ?f . ?d ?e ?c } { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "describe": "DESCRIBE * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "too long": "#" * 70_000,
    "nothing": "",
    "zeros": "\0" * 1000,
    "lexer": "SELECT * FROM " + "a." * 30_000,
    "open string": "ASK { ?s ?p '" + "\\\\" * 30_000,
}
EXITS = [
    "SELECT * { SERVICE <%s> { ?s ?p ?o } }",
    "SELECT * { SERVICE SILENT <%s> { ?s ?p ?o } }",
    "SELECT * { SERVICESILENT<%s>{ ?s ?p ?o } }",
    "SELECT * { { SELECT * { OPTIONAL { SERVICE <%s> { ?s ?p ?o } } } } }",
    "SELECT * { SERVICE#\n<%s>#\n{ ?s ?p ?o } }",
    "PREFIX SERVICEx: <a:> PREFIX x: <%s> SELECT * { SERVICEx:y { ?s ?p ?o } }",
    "PREFIX x: <%s> SELECT * { ?s ?p ?o FILTER(?o<?o||?o)SERVICE#>\nx:y { ?s ?p ?o } }",
    "ASK { FILTER NOT EXISTS { SERVICE SILENT <%s> {} } }",
    "SELECT * FROM <%s> { ?s ?p ?o }",
    "SELECT * FROM NAMED <%s> { GRAPH ?g { ?s ?p ?o } }",
    "PREFIX x: <%s> SELECT * FROMx:y { ?s ?p ?o }",
    "PREFIX x: <%s> ASK FROM NAMED x:y {}",
    "BASE <%s> DESCRIBE <a> FROM <b>",
    "LOAD <%s>",
    "LOAD SILENT <%s> INTO GRAPH <a:b>",
    "INSERT { ?s ?p ?o } WHERE { SERVICE <%s> { ?s ?p ?o } }",
    "SELECT * FROM <file:///etc/passwd> { ?s ?p ?o } # %s",
    "WITH <%s> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
]


@pytest.fixture(scope="module")
def limited(settings: Config, serve: Serve) -> Callable[[int], str]:
    """Return the address of a server whose queries may take so many seconds."""
    known: dict[int, str] = {}

    def server(seconds: int) -> str:
        if seconds not in known:
            path = settings.path.with_name(f"limited-{seconds}.toml")
            path.write_text(settings.path.read_text("utf-8") + LIMITS.format(seconds=seconds), "utf-8")
            known[seconds] = serve("--config", str(path))
        return known[seconds]

    return server


def asked(server: str, query: str, accept: str = "*/*") -> tuple[int, str]:
    body = urllib.parse.urlencode({"query": query}).encode()
    request = urllib.request.Request(f"{server}/sparql", data=body, headers={"Accept": accept})
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def is_well(server: str) -> bool:
    return asked(server, "ASK {}", "application/sparql-results+json") == (200, '{"head":{},"boolean":true}')


def until(condition: Callable[[], bool], seconds: float = 60) -> bool:
    end = monotonic() + seconds
    while not (done := condition()) and monotonic() < end:
        sleep(0.05)
    return done


def running(server: str) -> set[int]:
    """Return the processes of a server that use the processor now."""
    port = server.rpartition(":")[2]
    parents: dict[int, int] = {}
    busy, ours = set(), set()
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            number = int(folder.name)
            _, parent = (folder / "stat").read_text("utf-8").rpartition(")")[2].split()[:2]
            parents[number] = int(parent)
            words = (folder / "cmdline").read_bytes().split(b"\0")
            if b"--port" in words and words[words.index(b"--port") + 1] == port.encode():
                ours.add(number)
            if any("R" in (task / "stat").read_text("utf-8").rpartition(")")[2][:3] for task in folder.glob("task/*")):
                busy.add(number)
    for _ in range(4):
        ours |= {number for number, parent in parents.items() if parent in ours}
    return busy & ours


def is_idle(server: str) -> bool:
    """Whether nothing of a server runs, at a few moments."""
    for _ in range(5):
        if running(server):
            return False
        sleep(0.1)
    return True


@contextmanager
def sink() -> Iterator[tuple[str, list[object]]]:
    """Yield an address, and who has connected to it."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        heard: list[object] = []

        def listen() -> None:
            with suppress(OSError):
                while True:
                    connection, who = listening.accept()
                    heard.append(who)
                    connection.close()

        threading.Thread(target=listen, daemon=True).start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/", heard
        listening.shutdown(socket.SHUT_RDWR)


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_answered_with_a_reason_and_the_next_query_with_data(
    limited: Callable[[int], str], name: str
) -> None:
    server = limited(1)
    status, text = asked(server, BOMBS[name])
    assert status in {200, 413, *LIMITED}, text
    if status != 200:
        assert json.loads(text)["title"]
    assert is_well(server)


def test_nothing_gets_out_and_everyone_who_tries_is_told(limited: Callable[[int], str], serve: Serve) -> None:
    data = Path(__file__).parent / "graphs.trig"
    with sink() as (address, heard):
        for server in (limited(1), serve("--data", str(data))):
            for text in EXITS:
                status, told = asked(server, text % address)
                assert status == 403, text
                assert json.loads(told)["title"]
            assert is_well(server)
        assert heard == []


def test_a_client_who_leaves_frees_the_processor_long_before_the_limit(limited: Callable[[int], str]) -> None:
    server = limited(300)
    port = int(server.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port)) as client:
        client.sendall(f"GET /sparql?query={urllib.parse.quote(HEAVY)} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
        assert until(lambda: bool(running(server)))
        sleep(1)
    assert until(lambda: is_idle(server))
    assert is_well(server)


@pytest.mark.parametrize(
    "half",
    [
        "POST /sparql HTTP/1.1\r\nHost: a\r\nContent-Type: application/sparql-query\r\nContent-Length: 90\r\n\r\nASK",
        "GET /sparql HTTP/1.1\r\nHost: a\r\n",
        "GET /sparql?query=SELECT%20*%20%7B%20%3Fs%20%3Fp%20%3Fo%20%7D HTTP/1.1\r\nHost: a\r\nAccept: text/csv\r\n\r\n",
    ],
    ids=["body", "head", "slow reader"],
)
def test_clients_who_write_or_read_slowly_keep_nobody_out(limited: Callable[[int], str], half: str) -> None:
    server = limited(300)
    port = int(server.rpartition(":")[2])
    slow = [socket.create_connection(("127.0.0.1", port)) for _ in range(100)]
    try:
        for client in slow:
            client.sendall(half.encode())
        with urllib.request.urlopen(f"{server}/healthz", timeout=20) as page:
            assert page.status == 200
        assert until(lambda: is_well(server))
    finally:
        for client in slow:
            client.close()


def test_cheap_queries_and_pages_are_answered_while_heavy_ones_crowd(limited: Callable[[int], str]) -> None:
    server = limited(5)
    with ThreadPoolExecutor(24) as crowd:
        heavy = [crowd.submit(asked, server, HEAVY) for _ in range(24)]
        for _ in range(5):
            assert asked(server, "ASK {}")[0] in {200, 429, 503}
            with urllib.request.urlopen(f"{server}/healthz", timeout=20) as page:
                assert page.status == 200
        assert {one.result()[0] for one in heavy} <= {503, 504}
    assert is_well(server)
    assert until(lambda: is_idle(server))
