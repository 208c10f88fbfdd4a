"""The parent's side of `lod.pool.worker`: one process, one query at a time, ended when a limit is reached."""

from __future__ import annotations

import json
import os
import re
import selectors
import signal
import struct
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import IO, Any

from .. import children
from ..errors import EngineError, QueryError, QueryLimitError, RefusedQueryError, StoreError
from ..store import Query

__all__ = ["Formats", "Spooled", "Worker"]

_IN_MEMORY = 1 << 20  # of an answer; what is longer waits on disk
_READ = 1 << 16
_LOOK = 0.1  # seconds between two looks at whether the client is still there
_PLACE = re.compile(r"error at (\d+):(\d+): expected (?:one of )?(.*)", re.DOTALL)
Formats = dict[str, str]  # form of the answer (solutions, boolean, triples) -> media type, "" where none will do


def _malformed(told: str, text: str) -> QueryError:
    """Return the error of a text with its place; the engine tells where a keyword that it did not find would end."""
    found = _PLACE.match(told)
    if not found:
        return QueryError(told)
    line, column, expected = int(found[1]), int(found[2]), found[3].replace("[_]", "").strip(", ")
    if re.fullmatch(r"[A-Z_]+", expected):
        column, expected = max(1, column - len(expected)), ""
    lines = text.split("\n")
    if line >= len(lines):
        line, column = len(lines), min(column, len(lines[-1]) + 1)
    return QueryError(f"očekáváme / expected {expected}" if expected else "", (line, column))


def _error(kind: str, told: str, text: str) -> StoreError:
    """Return the error that the process told of a query's text."""
    if kind == "malformed":
        return _malformed(told, text)
    return RefusedQueryError(told) if kind == "refused" else EngineError(told)


@dataclass(slots=True)
class Spooled:
    """A whole answer. Whoever takes it closes `content`."""

    form: str
    media: str
    content: IO[bytes]
    size: int


class Worker:
    """A process with a store open."""

    def __init__(self, path: Path, memory: int) -> None:
        """Start it; it is ready when `begun` has returned."""
        self._said = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the process
        self._process = subprocess.Popen(  # noqa: S603 - ourselves
            [sys.executable, "-m", "lod.pool.worker", str(path), str(memory)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._said,
            bufsize=0,
            env=children.environment(),
        )
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._out, selectors.EVENT_READ)
        self._buffer = bytearray()

    @property
    def _out(self) -> IO[bytes]:
        if self._process.stdout is None:
            raise TypeError
        return self._process.stdout

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        """Whether the process has not ended."""
        return self._process.poll() is None

    def begun(self, seconds: float) -> None:
        """Wait until the store is open; raise `StoreError`."""
        frames = self._frames(monotonic() + seconds, lambda: False)
        try:
            next(frames)
        except (StopIteration, StoreError) as error:
            told = self._last_words()
            self.end()
            raise StoreError(f"proces dotazů nezačal / the process for queries did not begin ({told})") from error

    def ask(self, query: Query, formats: Formats, seconds: float, has_left: Callable[[], bool]) -> Spooled:
        """Return the whole answer; raise `QueryError`, `RefusedQueryError`, `QueryLimitError` or `EngineError`.

        After the latter two the process is gone.
        """
        asked = {
            "text": query.text,
            "bare": None if query.bare == query.text else query.bare,
            "base": query.base,
            "default": query.default_graphs,
            "named": query.named_graphs,
            "formats": formats,
        }
        content = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - the caller's
        try:
            self._send(json.dumps(asked).encode())
            return self._taken(content, self._frames(monotonic() + seconds, has_left), query.text)
        except (QueryError, RefusedQueryError):
            content.close()
            raise
        except OSError as error:
            content.close()
            self.end()
            raise StoreError(f"odpověď nelze odložit na disk / the answer cannot wait on disk ({error})") from error
        except BaseException:
            content.close()
            self.end()
            raise

    def _taken(self, content: Any, frames: Iterator[tuple[bytes, bytes]], text: str) -> Spooled:
        head: dict[str, str] = {}
        wrong: dict[str, str] = {}
        size = 0
        for letter, payload in frames:
            if letter == b"D":
                content.write(payload)
                size += len(payload)
            elif letter == b"F":
                head = json.loads(payload)
            elif letter == b"E":
                wrong = json.loads(payload)
            else:
                break
        else:
            raise self._died()
        if wrong:
            raise _error(wrong["kind"], wrong["text"], text)
        content.seek(0)
        return Spooled(head["form"], head["media"], content, size)

    def _send(self, text: bytes) -> None:
        # A pipe takes 64 KiB at once and the process reads all of it before it answers, so this cannot block for ever.
        try:
            if self._process.stdin is None:
                raise TypeError
            self._process.stdin.write(b"Q" + struct.pack(">I", len(text)) + text)
        except BrokenPipeError as error:
            told = self._last_words()
            raise StoreError(f"proces dotazů skončil / the process for queries has ended ({told})") from error

    def _frames(self, deadline: float, has_left: Callable[[], bool]) -> Iterator[tuple[bytes, bytes]]:
        """Yield frames until the process ends; raise `QueryLimitError` at the deadline or when the client has left."""
        look = monotonic() + _LOOK
        while True:
            while len(self._buffer) < 5 or len(self._buffer) < 5 + struct.unpack_from(">I", self._buffer, 1)[0]:
                now = monotonic()
                if now >= deadline:
                    raise QueryLimitError("time")
                if now >= look:
                    look = now + _LOOK
                    if has_left():
                        raise QueryLimitError("left")
                if not self._selector.select(min(deadline, look) - now):
                    continue
                more = os.read(self._out.fileno(), _READ)
                if not more:
                    return
                self._buffer += more
            end = 5 + struct.unpack_from(">I", self._buffer, 1)[0]
            frame = bytes(self._buffer[:1]), bytes(self._buffer[5:end])
            del self._buffer[:end]
            yield frame

    def _died(self) -> StoreError:
        """Return why the process ended by itself."""
        code, told = self._process.wait(), self._last_words()
        if "memory allocation" in told or "MemoryError" in told:
            return QueryLimitError("memory")
        if "overflow" in told or code == -signal.SIGSEGV:
            return QueryLimitError("depth")
        return EngineError(told or f"{code}")

    def _last_words(self) -> str:
        """Return what the process said on standard error, in a line."""
        self._said.seek(0)
        lines = self._said.read(4000).decode("utf-8", "replace").splitlines()
        return " ".join(line for line in lines if line.strip() and not line.startswith(("note:", "stack backtrace")))[
            :500
        ]

    def slow_down(self) -> None:
        """Let others go first on the processor."""
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, self.pid, 10)

    def end(self) -> None:
        """Kill the process and wait for it."""
        self._process.kill()
        self._process.wait()
        self._selector.close()
        for pipe in (self._process.stdin, self._process.stdout, self._said):
            if pipe:
                with suppress(OSError):
                    pipe.close()
