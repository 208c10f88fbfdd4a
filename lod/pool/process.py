"""The parent's side of `lod.pool.worker`: one process, one query at a time, ended when a limit is reached."""

from __future__ import annotations

import json
import marshal
import os
import select
import signal
import struct
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from time import monotonic
from typing import IO, Any

from ..errors import EngineError, QueryLimitError, RefusedQueryError, StoreError
from ..store import Query
from .engines import Engine
from .faults import fault

__all__ = ["Formats", "Spooled", "Worker"]

_IN_MEMORY = 1 << 20  # of an answer; what is longer waits on disk
_READ = 1 << 16
_LOOK = 0.1  # seconds between two looks at whether the client is still there
Formats = dict[str, str]  # form of the answer (solutions, boolean, triples) -> media type, "" where none will do


_KINDS: dict[str, Callable[[str], StoreError]] = {  # by the kind that the process says, beside "malformed"
    "refused": RefusedQueryError,
    "limit": QueryLimitError,
    "engine": EngineError,
    "store": StoreError,
}


@cache  # there are some twenty
def _head(payload: bytes) -> dict[str, str]:
    found: dict[str, str] = json.loads(payload)
    return found


@dataclass(slots=True)
class Spooled:
    """A whole answer. Whoever takes it closes `content`."""

    form: str
    media: str
    content: IO[bytes]
    size: int


class Worker:
    """A process with a store open."""

    def __init__(self, engine: Engine, memory: int) -> None:
        """Start it; it is ready when `begun` has returned."""
        self._said = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the process
        self._process = engine.begin(memory, self._said)
        self.is_well = True  # whether it can take a query
        self._number = self._out.fileno()
        self._poll = select.poll()
        self._poll.register(self._number, select.POLLIN)
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
        return not self._poll.poll(0)  # an idle one has nothing to say

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

        Where it did not say so itself, the process is gone then (`is_well`).
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
        self.is_well = False
        try:
            self._send(marshal.dumps(asked))
            return self._taken(content, self._frames(monotonic() + seconds, has_left), query.text)
        except OSError as error:
            content.close()
            self.end()
            raise StoreError(f"odpověď nelze odložit na disk / the answer cannot wait on disk ({error})") from error
        except BaseException:
            content.close()
            if not self.is_well:
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
                head = _head(payload)
            elif letter == b"E":
                wrong = json.loads(payload)
            else:
                break
        else:
            raise self._died()
        self.is_well = wrong.get("kind") != "engine"
        if wrong:
            if wrong["kind"] == "malformed":
                raise fault(wrong["text"], text)
            raise _KINDS[wrong["kind"]](wrong["text"])
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
                if not self._poll.poll(1000 * (min(deadline, look) - now)):
                    continue
                more = os.read(self._number, _READ)
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
        for pipe in (self._process.stdin, self._process.stdout, self._said):
            if pipe:
                with suppress(OSError):
                    pipe.close()
