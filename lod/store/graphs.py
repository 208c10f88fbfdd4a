"""Graphs of a remote server, written by the SPARQL 1.1 Graph Store protocol (indirect identification, section 4.2).

Triples are only ever added: a graph is a set and ours have no blank nodes, so a page that may or may not have
arrived is simply sent again.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import quote, urlsplit

from ..errors import StoreError
from .login import Login, refused
from .words import said

__all__ = ["GraphStore"]

_PAUSES = (1.0, 2.0, 4.0, 8.0, 16.0)  # seconds between attempts; a server that restarts is back by then
_TIMEOUT = {"POST": 600, "DELETE": 3600}  # seconds without a byte; a server may work on it before it answers
_TRANSIENT = {408, 425, 429, 500, 502, 503, 504}


class GraphStore:
    """The graph store at an address; its query is kept (Oxigraph's `?no_transaction` loads in bulk)."""

    def __init__(self, address: str, login: Login | None = None, wait: Callable[[float], object] = time.sleep) -> None:
        self.address, self._login, self._wait = address, login, wait
        parts = urlsplit(address)
        self._kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        self._host, self._port = parts.hostname or "", parts.port
        self._target = f"{parts.path or '/'}?{parts.query + '&' if parts.query else ''}graph="

    def add(self, graph: str, triples: bytes) -> None:
        """Add N-Triples to a graph; raise `StoreError` when the server does not take them."""
        self._send("POST", graph, triples)

    def drop(self, graph: str) -> None:
        """Delete a graph, whether or not it is there; raise `StoreError` when the server does not."""
        self._send("DELETE", graph)

    def _send(self, method: str, graph: str, body: bytes = b"") -> None:
        for pause in (*_PAUSES, None):
            fault, may_pass = self._fault(method, graph, body)
            if not fault:
                return
            if not may_pass or pause is None:
                raise StoreError(f"{self.address}: {fault}")
            self._wait(pause)

    def _fault(self, method: str, graph: str, body: bytes) -> tuple[str, bool]:
        """Send a request; return what went wrong, if anything, and whether it may be right the next time."""
        try:
            status, reason = self._once(method, graph, body)
        except TimeoutError:  # so long that another attempt would not help
            limit = _TIMEOUT[method]
            return f"úložiště neodpovědělo do {limit} s / the store did not answer within {limit} s", False
        except (OSError, HTTPException) as error:
            reason = str(error) or type(error).__name__
            return f"úložiště neodpovídá / the store does not answer ({reason})", True
        if status < 300 or (method == "DELETE" and status == 404):
            return "", False
        if status == 401:
            return refused(self._login), False
        told = f"{status} {reason}".strip()
        return f"úložiště graf nepřijalo / the store did not take the graph ({told})", status in _TRANSIENT

    def _once(self, method: str, graph: str, body: bytes) -> tuple[int, str]:
        """Send one request, twice where the server asks who we are; return its status and words."""
        status, reason, challenges = self._exchange(method, graph, body)
        if status == 401 and self._login and self._login.hear(challenges):
            status, reason, _ = self._exchange(method, graph, body)
        return status, reason

    def _exchange(self, method: str, graph: str, body: bytes) -> tuple[int, str, list[str]]:
        target = self._target + quote(graph, safe="")
        headers = self._login.headers(method, target) if self._login else {}
        if body:
            headers["Content-Type"] = "application/n-triples"
        connection = self._kind(self._host, self._port, timeout=_TIMEOUT[method])
        try:
            connection.request(method, target, body or None, headers)
            answer = connection.getresponse()
            return answer.status, said(answer.read()), answer.headers.get_all("WWW-Authenticate", [])
        finally:
            connection.close()
