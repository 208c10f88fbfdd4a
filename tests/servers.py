"""Real SPARQL servers on loopback, on free ports, in folders of their own; they die with the tests."""

from __future__ import annotations

import ctypes
import shutil
import signal
import socket
import subprocess
import sysconfig
import time
import urllib.request
from pathlib import Path

from lod.config import StoreConfig

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

    def kill(self) -> None:
        if self._process:
            self._process.kill()
            self._process.wait()
            self._process = None


class Oxigraph(Server):
    """The `oxigraph` server (PyPI)."""

    @property
    def command(self) -> list[str]:
        program = Path(sysconfig.get_path("scripts")) / "oxigraph"
        return [str(program), "serve", "--bind", f"127.0.0.1:{self.port}", "--location", str(self.folder / "db")]

    @property
    def store(self) -> StoreConfig:
        address = f"http://127.0.0.1:{self.port}"
        return StoreConfig(f"{address}/query", f"{address}/store?no_transaction", timeout=30)


class Virtuoso(Server):
    """Virtuoso 7 (Debian's virtuoso-opensource), set as docs/stores.md says; `dba` is its first login."""

    rows = 20_000
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
