"""Real SPARQL servers on loopback, on free ports, in folders of their own; they die with the tests."""

from __future__ import annotations

import ctypes
import shutil
import signal
import socket
import subprocess
import sysconfig
import threading
import time
import urllib.request
from collections.abc import Callable
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, HTTPServer, ThreadingHTTPServer
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit, urlunsplit

from lod.config import StoreConfig
from lod.store.remote import Remote

_VIRTUOSO = """
[Database]
DatabaseFile = virtuoso.db
ErrorLogFile = virtuoso.log
LockFile = virtuoso.lck
TransactionFile = virtuoso.trx
xa_persistent_file = virtuoso.pxa
FileExtend = 200

[TempDatabase]
DatabaseFile = virtuoso-temp.db
TransactionFile = virtuoso-temp.trx

[Parameters]
ServerPort = 127.0.0.1:{sql}
DisableUnixSocket = 1
CheckpointInterval = 0
NumberOfBuffers = 10000
MaxDirtyBuffers = 6000
{parameters}

[HTTPServer]
ServerPort = 127.0.0.1:{port}
ServerRoot = .

[SPARQL]
ResultSetMaxRows = {rows}
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG


class Server:
    """A server that can be started, killed, and started again where it was."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None
        folder.mkdir(parents=True)

    @property
    def command(self) -> list[str]:
        raise NotImplementedError

    @property
    def store(self) -> StoreConfig:
        raise NotImplementedError

    def start(self) -> None:
        self._process = subprocess.Popen(
            self.command,
            cwd=self.folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            preexec_fn=_die_with_parent,  # noqa: PLW1509 - no threads in this process take locks here
        )
        until = time.monotonic() + 120
        while time.monotonic() < until:
            assert self._process.poll() is None, "the server ended"
            try:
                urllib.request.urlopen(f"{self.store.endpoint}?query=ASK%7B%7D", timeout=60).close()
            except OSError:
                time.sleep(0.05)
            else:
                return
        raise AssertionError("the server did not come up")

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def kill(self) -> None:
        if self._process:
            self._process.kill()
            self._process.wait()
            self._process = None


class Oxigraph(Server):
    """The `oxigraph` server (PyPI)."""

    program = Path(sysconfig.get_path("scripts")) / "oxigraph"

    @classmethod
    def is_here(cls) -> bool:
        return cls.program.exists()

    @property
    def command(self) -> list[str]:
        return [str(self.program), "serve", "--bind", f"127.0.0.1:{self.port}", "--location", str(self.folder / "db")]

    @property
    def store(self) -> StoreConfig:
        address = f"http://127.0.0.1:{self.port}"
        return StoreConfig(f"{address}/query", f"{address}/store?no_transaction", timeout=30)


class Virtuoso(Server):
    """Virtuoso 7 (Debian's virtuoso-opensource), set as docs/stores.md says; `dba` is its first login."""

    rows = 5_000
    parameters = "MaxSortedTopRows = 1000000"

    @staticmethod
    def is_here() -> bool:
        return shutil.which("virtuoso-t") is not None

    @property
    def command(self) -> list[str]:
        (self.folder / "virtuoso.lck").unlink(missing_ok=True)  # what a killed one leaves behind
        ini = self.folder / "virtuoso.ini"
        text = _VIRTUOSO.format(sql=free_port(), port=self.port, rows=self.rows, parameters=self.parameters)
        ini.write_text(text, "utf-8")
        return ["virtuoso-t", "+configfile", str(ini), "+wait", "-f"]

    @property
    def store(self) -> StoreConfig:
        address = f"http://127.0.0.1:{self.port}"
        return StoreConfig(f"{address}/sparql", f"{address}/sparql-graph-crud-auth", timeout=30)


class Odd:
    """A server on loopback that gives one answer to everything."""

    def __init__(self, status: int, body: bytes, media: str = "text/plain", **headers: str) -> None:
        odd = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                odd.heard.append(dict(self.headers))
                odd.asked.append(self.rfile.read(int(self.headers.get("Content-Length", 0))))
                self.send_response_only(status)  # nothing of the server's own
                self.send_header("Content-Type", media)
                for name, value in headers.items():
                    self.send_header(name.replace("_", "-"), value)
                self.end_headers()
                self.wfile.write(body)

            do_GET = do_POST  # noqa: N815 - what is sent elsewhere comes as GET

            def log_message(self, *arguments: object) -> None: ...

        self.heard: list[dict[str, str]] = []
        self.asked: list[bytes] = []
        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01})

    def __enter__(self) -> Remote:
        self.thread.start()
        return Remote(f"http://127.0.0.1:{self.server.server_port}/sparql", "http://g/", timeout=1)

    def __exit__(self, *error: object) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


class Between:
    """A proxy in front of a server; `does` says what becomes of each request, by its number (from 1).

    "pass"; "refuse": 503; "forbid": 403; "cut": the connection ends before the server hears of it; "lose": after;
    "swallow": success is told, and nothing was done.
    """

    def __init__(self, store: StoreConfig, does: Callable[[int], str] = lambda _: "pass") -> None:
        self.does = does
        self.heard: list[str] = []  # methods
        between, target = self, urlsplit(store.endpoint).netloc

        class Handler(BaseHTTPRequestHandler):
            def handle_one_request(self) -> None:
                self.close_connection = True
                self.raw_requestline = self.rfile.readline(65537)
                if self.raw_requestline and self.parse_request():
                    self._go()

            def _go(self) -> None:
                between.heard.append(self.command)
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                what = between.does(len(between.heard))
                if what in {"refuse", "forbid", "swallow"}:
                    self.send_response({"refuse": 503, "forbid": 403, "swallow": 204}[what])
                    self.end_headers()
                if what not in {"pass", "lose"}:
                    return
                connection = HTTPConnection(target, timeout=60)
                connection.request(self.command, self.path, body, dict(self.headers))
                answer = connection.getresponse()
                content = answer.read()
                connection.close()
                if what == "pass":
                    self.send_response(answer.status)
                    for name, value in answer.getheaders():
                        if name.lower() not in {"transfer-encoding", "connection", "content-length"}:
                            self.send_header(name, value)
                    self.send_header("Content-Length", str(len(content)))
                    self.end_headers()
                    self.wfile.write(content)

            def log_message(self, *arguments: object) -> None: ...

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        here = f"127.0.0.1:{self._server.server_port}"
        self.store = StoreConfig(
            urlunsplit(urlsplit(store.endpoint)._replace(netloc=here)),
            urlunsplit(urlsplit(store.graph_store)._replace(netloc=here)),
            store.timeout,
        )

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
