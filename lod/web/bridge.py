"""A WSGI application (PEP 3333) on Granian's asynchronous interface (RSGI), so that no client can hold its threads.

An event loop reads bodies and sends answers: a client that writes or reads slowly costs a connection, no thread
(on Granian's own WSGI, as many such clients as there are threads stop the server). Queries have threads of their
own, so pages are answered whatever waits for a query. Whoever handles a request may ask whether its client has
left: `environ["lod.has_left"]()`.
"""

from __future__ import annotations

import asyncio
import logging
import sys
import threading
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import suppress
from io import BytesIO
from queue import SimpleQueue
from typing import Any, Protocol
from wsgiref.types import WSGIApplication

__all__ = ["Bridge"]

_LOG = logging.getLogger(__name__)
_LONGEST = 1 << 20  # bytes of a body, as the application allows; it refuses what is longer
_AT_ONCE = 1 << 20  # bytes of an answer
_PATIENCE = 20.0  # seconds that a body may take, and a client to read a piece of an answer
_QUERIES = ("/sparql", "/sparql/")


class _Transport(Protocol):
    async def send_bytes(self, data: bytes) -> None: ...


class _Http(Protocol):
    """What RSGI has for a request (https://github.com/emmett-framework/granian/blob/master/docs/spec/RSGI.md)."""

    def __aiter__(self) -> AsyncIterator[bytes]: ...

    async def client_disconnect(self) -> None: ...

    def response_empty(self, status: int, headers: list[tuple[str, str]]) -> None: ...

    def response_bytes(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None: ...

    def response_stream(self, status: int, headers: list[tuple[str, str]]) -> _Transport: ...


class _Threads:
    """Threads that take work one after another."""

    def __init__(self, number: int) -> None:
        self.todo: SimpleQueue[Callable[[], None]] = SimpleQueue()
        for _ in range(number):
            threading.Thread(target=self._work, daemon=True).start()

    def _work(self) -> None:
        while True:
            self.todo.get()()


class _Answer:
    """What the application says: it is the `start_response` of a request."""

    def __init__(self) -> None:
        self.status = 500
        self.headers: list[tuple[str, str]] = []
        self.body: Iterable[bytes] = [b""]

    def __call__(self, status: str, headers: list[tuple[str, str]], *_: object) -> Callable[[bytes], object]:
        self.status, self.headers = int(status[:3]), headers
        return self._write

    def _write(self, _: bytes) -> object:
        raise NotImplementedError

    @property
    def is_long(self) -> bool:
        """Whether it is sent a piece at a time; one that does not say its length could end anywhere, unnoticed."""
        said = next((value for name, value in self.headers if name.lower() == "content-length"), "0")
        return int(said) > _AT_ONCE

    def close(self) -> None:
        """Let go of what the body is read from."""
        if hasattr(self.body, "close"):
            self.body.close()


class Bridge:
    """Serves a WSGI application to Granian."""

    def __init__(self, application: WSGIApplication, pages: int = 16, queries: int = 64) -> None:
        """Take an application, and how many threads pages and queries have."""
        self._application = application
        self._pages, self._queries = _Threads(pages), _Threads(queries)

    async def __rsgi__(self, scope: Any, protocol: _Http) -> None:
        """Answer one request."""
        environ = _environ(scope)
        try:
            if "CONTENT_LENGTH" in environ or "HTTP_TRANSFER_ENCODING" in environ:
                async with asyncio.timeout(_PATIENCE):
                    environ["wsgi.input"] = BytesIO(await _body(environ, protocol))
        except (TimeoutError, ValueError) as error:
            protocol.response_empty(408 if isinstance(error, TimeoutError) else 400, [("connection", "close")])
            return
        loop = asyncio.get_running_loop()
        presence = _Presence(loop, protocol)
        environ["lod.has_left"] = presence.has_left
        done: asyncio.Future[_Answer] = loop.create_future()
        threads = self._queries if environ["PATH_INFO"].endswith(_QUERIES) else self._pages
        threads.todo.put(lambda: self._handle(environ, loop, done))
        answer = await done
        presence.forget()
        try:
            await _send(answer, protocol)
        finally:
            answer.close()

    def _handle(self, environ: dict[str, Any], loop: asyncio.AbstractEventLoop, done: asyncio.Future[_Answer]) -> None:
        answer = _Answer()
        try:
            answer.body = self._application(environ, answer)
            if not answer.is_long:
                whole = b"".join(answer.body)
                answer.close()
                answer.body = [whole]
        except Exception:  # noqa: BLE001 - the application has answered its own; whoever waits must hear of any
            _LOG.exception("unexpected error")
            answer = _Answer()
        with suppress(RuntimeError):  # the loop has ended, and the server with it
            loop.call_soon_threadsafe(done.set_result, answer)


async def _send(answer: _Answer, protocol: _Http) -> None:
    if isinstance(answer.body, list):
        protocol.response_bytes(answer.status, answer.headers, answer.body[0])
        return
    transport = protocol.response_stream(answer.status, answer.headers)
    for piece in answer.body:
        sending = asyncio.ensure_future(transport.send_bytes(piece))
        await asyncio.wait([sending], timeout=_PATIENCE)
        if not sending.done() or sending.exception():  # the client does not read, or has left
            sending.cancel()
            return


class _Presence:
    """Whether a client is still there; that is watched from the first time that somebody asks."""

    def __init__(self, loop: asyncio.AbstractEventLoop, protocol: _Http) -> None:
        self._loop, self._protocol = loop, protocol
        self._watching: asyncio.Task[None] | None = None
        self._is_watched = self._is_forgotten = False

    def has_left(self) -> bool:
        """Return whether it is known to have gone."""
        if not self._is_watched:
            self._is_watched = True
            self._loop.call_soon_threadsafe(self._watch)
        return self._watching is not None and self._watching.done()

    def _watch(self) -> None:
        if not self._is_forgotten:
            self._watching = self._loop.create_task(self._gone())

    async def _gone(self) -> None:
        await self._protocol.client_disconnect()

    def forget(self) -> None:
        """Watch no longer."""
        self._is_forgotten = True
        if self._watching:
            self._watching.cancel()


async def _body(environ: dict[str, Any], protocol: _Http) -> bytes:
    """Return the body of a request; nothing of one that is too long, or as much as shows that it is."""
    body = bytearray()
    if int(environ.get("CONTENT_LENGTH") or 0) <= _LONGEST:
        async for piece in protocol:
            body += piece
            if len(body) > _LONGEST:
                break
    return bytes(body)


_ALWAYS: dict[str, Any] = {
    "SCRIPT_NAME": "",
    "wsgi.errors": sys.stderr,
    "wsgi.input_terminated": True,
    "wsgi.multiprocess": False,
    "wsgi.multithread": True,
    "wsgi.run_once": False,
    "wsgi.version": (1, 0),
}
_NAMES = {"content-type": "CONTENT_TYPE", "content-length": "CONTENT_LENGTH"}


def _environ(scope: Any) -> dict[str, Any]:
    """Return the environment of PEP 3333, where texts hold bytes as Latin-1."""
    host, _, port = scope.server.rpartition(":")
    environ = {
        **_ALWAYS,
        "wsgi.input": BytesIO(),
        "wsgi.url_scheme": scope.scheme,
        "REQUEST_METHOD": scope.method,
        "PATH_INFO": scope.path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string.encode().decode("latin-1"),
        "SERVER_NAME": host,
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": scope.client.rpartition(":")[0],
    }
    if scope.authority:
        environ["HTTP_HOST"] = scope.authority
    for name, value in scope.headers.items():
        key = _NAMES.get(name) or "HTTP_" + name.upper().replace("-", "_")
        environ[key] = f"{environ[key]},{value}" if key in environ else value
    return environ
