"""SPARQL over HTTP: the pool of processes beside the same server without it, and beside other servers, same data.

All servers run at once and are asked in turn; CPU seconds are those of all their processes, divided by the requests
that were answered. The client, in this process, counts nowhere.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import statistics
import subprocess
import sys
import sysconfig
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

import peers
import pyoxigraph as ox
import whole
from measure import Figure, Section, Skipped, proportional, spent, table

from lod import config, pipeline
from lod.terms import Vocabulary

__all__ = ["section"]

_PREFIXES = (
    "PREFIX vp: <https://w3id.org/verejne-projekty#> PREFIX dct: <http://purl.org/dc/terms/>"
    " PREFIX skos: <http://www.w3.org/2004/02/skos/core#> PREFIX schema: <http://schema.org/> "
)
_WINDOW = 2.0  # seconds in which requests are begun
_TOO_LONG = 20.0  # seconds of one window; what takes longer is measured once
_CLIENTS = (1, 16)
_RUNAWAY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
_LIMIT = 2  # seconds that a runaway query may take, where a server can be told
_LIMITS = "\n[queries]\nbudget = 1e9\nwait = 1e6\nquick = 1e6\nseconds = 1e6\n"  # else the load would be refused
_JSON, _TURTLE = "application/sparql-results+json", "text/turtle"


@dataclass
class Peer:
    """A server that is measured."""

    command: list[str]
    path: str
    port: int
    environment: Mapping[str, str] = field(default_factory=dict)
    also: str = ""  # another peer that works for it
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it; raise `Skipped` where it does not come up."""
        environment = {**os.environ, "PYTHONPATH": f"{Path(__file__).parents[1]}:{Path(__file__).parent}"}
        self.process = subprocess.Popen(
            self.command,
            env={**environment, **self.environment},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        until = time.monotonic() + 300
        while time.monotonic() < until and self.process.poll() is None:
            with contextlib.suppress(OSError):
                if self.ask("ASK {}", _JSON, 60)[0] == 200:
                    return
            time.sleep(0.1)
        raise Skipped("it does not come up")

    def ask(self, query: str, accept: str, timeout: float) -> tuple[int, bytes]:
        """Ask once; return the status and the body."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            return self.asked(connection, query, accept)
        finally:
            connection.close()

    def asked(self, connection: HTTPConnection, query: str, accept: str) -> tuple[int, bytes]:
        """Ask on a connection."""
        head = {"Accept": accept, "Content-Type": "application/x-www-form-urlencoded"}
        connection.request("POST", self.path, urlencode({"query": query}), head)
        answer = connection.getresponse()
        return answer.status, answer.read()

    @property
    def pid(self) -> int:
        """Its first process."""
        assert self.process is not None
        return self.process.pid

    def end(self) -> None:
        """Kill it with all that it started."""
        if self.process:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, 9)
            self.process.wait()


@dataclass(frozen=True)
class Load:
    """What one window of requests cost: seconds of CPU and of the clock, and how many were answered."""

    cpu: float
    wall: float
    requests: int


def _cpu(servers: Mapping[str, Peer], name: str) -> float:
    peer = servers[name]
    return spent(peer.pid) + (_cpu(servers, peer.also) if peer.also else 0.0)


def _loaded(servers: Mapping[str, Peer], name: str, query: str, accept: str, clients: int) -> Load:
    """Let so many clients ask one server, each again and again on a connection of its own, while the window lasts."""
    peer, counts, faults = servers[name], [0] * clients, list[str]()
    before, began = _cpu(servers, name), time.perf_counter()

    def client(number: int) -> None:
        connection = HTTPConnection("127.0.0.1", peer.port, timeout=600)
        try:
            while not faults and (not counts[number] or time.perf_counter() - began < _WINDOW):
                status, body = peer.asked(connection, query, accept)
                if status != 200 or len(body) < 20:
                    faults.append(f"{status} {body[:80].decode('utf-8', 'replace')}")
                    return
                counts[number] += 1
        except OSError as error:
            faults.append(str(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=client, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise Skipped(f"{name}: {faults[0]}")
    return Load(_cpu(servers, name) - before, time.perf_counter() - began, sum(counts))


# The servers ------------------------------------------------------------------------------------------------


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


def _built(work: Path, rows: int) -> Path:
    folder = whole.project_folder(work / "queries", rows)
    with (folder / "lod.toml").open("a", encoding="utf-8") as out:
        out.write(_LIMITS)
    settings = config.load(folder / "lod.toml")
    if pipeline.build(settings, Vocabulary(settings.base)).release is None:
        raise Skipped("the release was not built")
    return folder


def _configured(folder: Path, name: str, lines: str) -> str:
    """Write a configuration with other limits beside the one of the build; return its path."""
    text = (folder / "lod.toml").read_text("utf-8").replace(_LIMITS, f"\n[queries]\n{lines}\n")
    (folder / name).write_text(text, "utf-8")
    return str(folder / name)


def _lod(settings: str, *program: str) -> Peer:
    port = _free_port()
    given = ["--config", settings, "--port", str(port)] if "-m" in program else [settings, str(port)]
    return Peer([sys.executable, *program, *given], "/sparql", port)


_SERVE = ("-m", "lod.cli", "serve")


def _peers(folder: Path) -> Iterator[tuple[str, Peer | Skipped]]:
    store = (folder / "releases" / "current").resolve() / "store"
    here, usual = str(Path(__file__).with_name("inline.py")), str(folder / "lod.toml")
    memory = _configured(folder, "memory.toml", _LIMITS.replace("[queries]", "") + "in_memory = true")
    yield "in process", _lod(usual, here)
    yield "pool", _lod(usual, *_SERVE)
    yield "pool, in memory", _lod(memory, *_SERVE)
    port = _free_port()
    bind = ["--bind", f"127.0.0.1:{port}"]
    serve = [str(Path(sysconfig.get_path("scripts")) / "oxigraph"), "serve-read-only", "--location", str(store), *bind]
    yield "Oxigraph server", Peer(serve, "/query", port)
    try:
        to = f"http://127.0.0.1:{port}/query"
        mine = _free_port()
        trifid = [*peers.server_of("trifid"), "--port", str(mine), "--sparql-endpoint-url", to]
        yield "Trifid over it", Peer(trifid, "/query", mine, {"NODE_ENV": "production"}, also="Oxigraph server")
    except Skipped as reason:
        yield "Trifid over it", reason
    try:
        python = Path(peers.python_of("rdflib-endpoint"))
        data = folder / "data.nt"
        with data.open("wb") as out:
            ox.Store.read_only(str(store)).dump(out, ox.RdfFormat.N_TRIPLES, from_graph=ox.DefaultGraph())
        mine = _free_port()
        run = [str(python.with_name("rdflib-endpoint")), "serve", "--host", "127.0.0.1", "--port", str(mine), str(data)]
        yield "rdflib-endpoint", Peer(run, "/", mine)
    except Skipped as reason:
        yield "rdflib-endpoint", reason


def _asked(folder: Path) -> dict[str, tuple[str, str]]:
    """Return the queries, with what they are answered as; their things are the middle ones of the data."""
    store = ox.Store.read_only(str((folder / "releases" / "current").resolve() / "store"))

    def middle(text: str) -> str:
        rows = store.query(_PREFIXES + text)
        assert isinstance(rows, ox.QuerySolutions)
        found = sorted(str(row["x"].value) for row in rows)
        return found[len(found) // 2]

    number = middle("SELECT ?x { ?o a vp:Organisation ; skos:notation ?x FILTER(STRLEN(?x) = 8) }")
    project = middle("SELECT ?x { ?x a vp:Project }")
    return {
        "a point query": (
            f'SELECT ?p ?t {{ ?o skos:notation "{number}" . ?p vp:beneficiary ?o ; dct:title ?t }}',
            _JSON,
        ),
        "one description": (f"DESCRIBE <{project}>", _TURTLE),
        "an aggregate": (
            "SELECT ?k (COUNT(?p) AS ?n) (SUM(?v) AS ?s)"
            " { ?p vp:programme ?k ; vp:totalCost ?c . ?c schema:value ?v } GROUP BY ?k",
            _JSON,
        ),
    }


# The section ------------------------------------------------------------------------------------------------


def section(rows: int, runs: int, work: Path) -> Section:
    """Measure all servers in turn."""
    folder = _built(work, rows)
    asked = _asked(folder)
    found = dict(_peers(folder))
    servers = {name: peer for name, peer in found.items() if isinstance(peer, Peer)}
    skipped = {name: str(peer) for name, peer in found.items() if isinstance(peer, Skipped)}
    try:
        for name, peer in list(servers.items()):
            print(f"  starting {name} …", file=sys.stderr, flush=True)
            try:
                peer.start()
            except Skipped as reason:
                skipped[name] = str(reason)
                peer.end()
                del servers[name]
        loads = _measured(servers, skipped, asked, runs)
        memory = {name: _memory(servers, name) for name in servers}
    finally:
        for peer in servers.values():
            peer.end()
    return _written(list(asked), loads, memory, skipped, _runaways(folder))


Loads = dict[tuple[str, str, int], list[Load]]  # by query, server, clients


def _measured(servers: dict[str, Peer], skipped: dict[str, str], asked: dict[str, tuple[str, str]], runs: int) -> Loads:
    loads: Loads = {}
    for run in range(runs + 1):  # the first warms up
        for title, (query, accept) in asked.items():
            for clients in _CLIENTS:
                for name in servers:
                    key = (title, name, clients)
                    if name in skipped or (loads.get(key) and loads[key][0].wall > _TOO_LONG):
                        continue
                    print(f"  {run} {title}, {clients}: {name} …", file=sys.stderr, flush=True)
                    try:
                        load = _loaded(servers, name, _PREFIXES + query, accept, clients)
                    except Skipped as reason:
                        skipped[name] = str(reason)
                        continue
                    if run or load.wall > _TOO_LONG:
                        loads.setdefault(key, []).append(load)
    return loads


def _memory(servers: Mapping[str, Peer], name: str) -> float:
    also = servers[name].also
    return proportional(servers[name].pid) / 1e6 + (_memory(servers, also) if also else 0.0)


def _runaways(folder: Path) -> list[list[str]]:
    """Let each server run a query without end, its limit told to it where it has one; see who frees itself."""
    rows = []
    limited = _configured(folder, "limited.toml", f"seconds = {_LIMIT}\nbudget = 1e9")
    for name, peer in _peers(folder):
        if isinstance(peer, Skipped) or "process" in name or "memory" in name:
            continue
        if name == "pool":
            peer = _lod(limited, *_SERVE)  # noqa: PLW2901 - the same with a limit
        elif name == "Oxigraph server":
            peer.command += ["--timeout-s", str(_LIMIT)]
        elif peer.also:
            continue  # the query is the other server's
        print(f"  a runaway query: {name} …", file=sys.stderr, flush=True)
        try:
            peer.start()
        except Skipped:
            peer.end()
            continue
        began = time.monotonic()
        try:
            status, body = peer.ask(_RUNAWAY, _JSON, 10)
            told = f"{status}{'' if _is_json(body) else ' with broken JSON'} after {time.monotonic() - began:.1f} s"
        except OSError:
            told = "no answer in 10 s"
        before = time.monotonic()
        try:
            probe = f"{peer.ask('ASK {}', _JSON, 20)[0]} in {time.monotonic() - before:.2f} s"
        except OSError:
            probe = "no answer in 20 s"
        before, began = spent(peer.pid), time.monotonic()
        time.sleep(5)
        busy = (spent(peer.pid) - before) / (time.monotonic() - began)
        rows.append([name, told, probe, f"{busy:.2f}"])
        peer.end()
    return rows


def _is_json(body: bytes) -> bool:
    try:
        json.loads(body)
    except ValueError:
        return False
    return True


def _written(
    titles: list[str], loads: Loads, memory: dict[str, float], skipped: dict[str, str], runaways: list[list[str]]
) -> Section:
    def cpu(title: str, name: str, clients: int) -> float:
        return statistics.median(1000 * load.cpu / load.requests for load in loads[title, name, clients])

    def rate(title: str, name: str, clients: int) -> float:
        return statistics.median(load.requests / load.wall for load in loads[title, name, clients])

    text, figures = [], []
    for title in titles:
        lines = []
        for name, held in memory.items():
            cells = [name]
            for clients in _CLIENTS:
                if (title, name, clients) in loads:
                    cells += [f"{cpu(title, name, clients):.2f}", f"{rate(title, name, clients):,.1f}"]
                else:
                    cells += ["–", "–"]
            lines.append([*cells, f"{held:.0f}"])
        head = [title, *(f"{what}, {n}" for n in _CLIENTS for what in ("CPU ms a request", "requests/s")), "MB"]
        text.append(table(head, lines))
        figures += [
            Figure(
                f"{title}, {clients} client{'s' * (clients > 1)}: CPU of the pool / in process",
                cpu(title, "pool", clients) / cpu(title, "in process", clients),
                1.3,
                is_most=True,
            )
            for clients in _CLIENTS
        ]
    text.append("".join(f"{name}: left out ({reason}).\n" for name, reason in skipped.items()))
    text.append(
        "Whole HTTP requests, 1 and 16 clients on connections that stay open, all servers over the same store or its"
        " triples; the CPU is that of all processes of a server (of Trifid with the Oxigraph server behind it), the"
        " memory what they hold after all of it, shared pages divided among who shares them. `in process` is the same"
        " site on the same server, with queries in the thread of the request (`bench/inline.py`).\n"
    )
    text.append(f"A count of a fourfold cross product, with a limit of {_LIMIT} s where a server takes one:\n")
    text.append(table(["server", "its client is told", "`ASK {}` then", "cores busy 5 s later"], runaways))
    return Section("Queries", "\n".join(part for part in text if part), figures)
