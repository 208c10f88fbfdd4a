"""What the processes of a pool ask: a release's store on disk, a copy of it in memory, or a remote server."""

from __future__ import annotations

import json
import math
import os
import socket
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Protocol

from .. import children
from ..errors import StoreError
from ..store.remote import Remote

__all__ = ["Engine", "InMemory", "OnDisk", "Process", "Server"]

_WORKER = [sys.executable, "-P", str(Path(__file__).with_name("worker.py"))]  # by its path: it needs nothing of lod
_REPLY = 64  # bytes
_KILLED = -9


class Process(Protocol):
    """A process that talks frames (`lod.pool.worker`)."""

    stdin: IO[bytes] | None
    stdout: IO[bytes] | None
    pid: int

    def kill(self) -> None:
        """End it at once."""
        ...

    def wait(self) -> int:
        """Return its exit status, negative where a signal ended it."""
        ...


class Engine(Protocol):
    """What processes are begun on."""

    def begin(self, memory: int, said: IO[bytes]) -> Process:
        """Begin a process whose queries may take so many bytes, and that complains to `said`."""
        ...

    def close(self) -> None:
        """Let go of what is kept for processes that have not begun yet."""
        ...


def _begun(command: list[str], said: IO[bytes]) -> Process:
    process: Process = subprocess.Popen(  # noqa: S603 - ourselves
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=said,
        bufsize=0,
        env=children.environment(),
    )
    return process


@dataclass(frozen=True, slots=True)
class OnDisk:
    """A store on disk: each process opens it read-only."""

    path: Path

    def begin(self, memory: int, said: IO[bytes]) -> Process:
        """See `Engine.begin`."""
        return _begun([*_WORKER, "disk", str(self.path), str(memory)], said)

    def close(self) -> None:
        """See `Engine.close`."""


class Server:
    """A graph on a remote server: each process sends its queries there."""

    def __init__(self, remote: Remote, seconds: float) -> None:
        """Take the server that has been asked before, so it is known what it is, and how long a query may take."""
        self._asked = json.dumps(
            {
                "endpoint": remote.endpoint,
                "graph": remote.graph,
                "is_virtuoso": remote.is_virtuoso,
                "timeout": math.ceil(seconds),
            }
        )

    def begin(self, memory: int, said: IO[bytes]) -> Process:
        """See `Engine.begin`."""
        return _begun([sys.executable, "-P", "-m", "lod.pool.remote", self._asked, str(memory)], said)

    def close(self) -> None:
        """See `Engine.close`."""


class InMemory:
    """A store on disk, copied into the memory of one process, which the processes for queries are forked from.

    So it is loaded once, its memory is shared, and a process that was killed is replaced in milliseconds.
    """

    def __init__(self, path: Path) -> None:
        """Load it; raise `StoreError` where that cannot be done."""
        self._path = path
        self._lock = threading.Lock()
        self._living = 0
        self._is_closed = False
        self._load()

    def _load(self) -> None:
        self._said = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the process
        self._control, there = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with there:
            self._source = subprocess.Popen(  # noqa: S603 - ourselves
                [*_WORKER, "memory", str(self._path), str(there.fileno())],
                stdin=subprocess.DEVNULL,
                stderr=self._said,
                pass_fds=(there.fileno(),),
                env=children.environment(),
            )
        if not self._control.recv(_REPLY):
            self._said.seek(0)
            told = self._said.read(4000).decode("utf-8", "replace").strip().rpartition("\n")[2]
            self._let_go()
            raise StoreError(f"{self._path}: nelze načíst do paměti / cannot be loaded into memory ({told})")

    def begin(self, memory: int, said: IO[bytes]) -> Process:
        """See `Engine.begin`; one that is begun after the end opens the store on disk."""
        with self._lock:
            if self._is_closed:
                return OnDisk(self._path).begin(memory, said)
            if self._source.poll() is not None:  # the system has ended it, for want of memory most often
                self._let_go()
                self._load()
            theirs, requests = os.pipe()
            answers, its = os.pipe()
            try:
                socket.send_fds(self._control, [f"begin {memory}".encode()], [theirs, its, said.fileno()])
                number = int(self._control.recv(_REPLY) or 0)
            except OSError:
                number = 0
            finally:
                os.close(theirs)
                os.close(its)
            stdin, stdout = os.fdopen(requests, "wb", 0), os.fdopen(answers, "rb", 0)
            if not number:
                stdin.close()
                stdout.close()
                raise StoreError("proces dotazů nezačal / the process for queries did not begin")
            self._living += 1
            return _Forked(self, number, stdin, stdout)

    def end(self, number: int) -> int:
        """End one of the forked processes, which is there until it is asked for here; return its exit status."""
        with self._lock:
            try:
                self._control.send(f"end {number}".encode())
                status = int(self._control.recv(_REPLY) or _KILLED)
            except OSError:
                status = _KILLED
            self._living -= 1
            self._go_when_done()
            return status

    def close(self) -> None:
        """See `Engine.close`."""
        with self._lock:
            self._is_closed = True
            self._go_when_done()

    def _go_when_done(self) -> None:
        if self._is_closed and not self._living:
            self._let_go()

    def _let_go(self) -> None:
        self._control.close()  # which ends it
        self._source.wait()
        self._said.close()


class _Forked:
    """A process that was forked by another."""

    def __init__(self, engine: InMemory, number: int, stdin: IO[bytes], stdout: IO[bytes]) -> None:
        self.stdin: IO[bytes] | None = stdin
        self.stdout: IO[bytes] | None = stdout
        self.pid = number
        self._engine = engine
        self._status: int | None = None

    def kill(self) -> None:
        """See `Process.kill`."""
        self.wait()

    def wait(self) -> int:
        """See `Process.wait`; it is ended where it has not."""
        if self._status is None:
            self._status = self._engine.end(self.pid)
        return self._status
