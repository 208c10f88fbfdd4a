"""A release in a graph of a remote SPARQL 1.1 server, asked through SPARQLWrapper.

Every query is read by the embedded engine's parser first, so that all stores take one language and refuse the
rest with the same words (an old Virtuoso has pragmas and functions that fetch from the web). It is sent with its
dataset (protocol section 2.1.4): the default graph is the release's, and there are no named graphs.

Virtuoso is also told when to give up, since it does not notice that a client has left. What it has found by then
it answers as if it were all, so it is told a second more than we wait: nobody reads that.
"""

from __future__ import annotations

import ast
import re
import time
import traceback
from collections.abc import Iterator
from http.client import HTTPException, HTTPResponse, IncompleteRead
from typing import IO, cast
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request

import pyoxigraph as ox
from SPARQLWrapper import POST, SPARQLWrapper
from SPARQLWrapper.SPARQLExceptions import QueryBadFormed, SPARQLWrapperException, Unauthorized

from ..errors import QueryError, QueryLimitError, StoreError
from .embedded import Embedded
from .login import Login, refused
from .port import Answer, Query
from .words import said

__all__ = ["Remote", "unreadable"]

_GRAMMAR = Embedded(ox.Store())
_NO_GRAPH = "urn:x-lod:none"  # without a named graph in the dataset, Virtuoso offers all it has to GRAPH ?g
_OWN_BASE = re.compile(r"\bBASE\s*<", re.IGNORECASE)
_TABLE = "application/sparql-results+json"
_ALWAYS = 500  # triples: nobody sets ResultSetMaxRows so low
_PAGE = 1 << 20
_LONGEST = 512 << 20  # bytes of an answer that is held in memory
_YES, _NO = (b'{"head":{},"boolean":%s}' % value for value in (b"true", b"false"))


class _Wrapper(SPARQLWrapper):
    """SPARQLWrapper that takes no login along when the server sends it elsewhere."""

    def _createRequest(self) -> Request:  # noqa: N802 - its name
        request: Request = super()._createRequest()
        if login := request.headers.pop("Authorization", None):
            request.add_unredirected_header("Authorization", login)
        return request


class Remote:
    """One graph behind a SPARQL endpoint, never written to."""

    def __init__(
        self, endpoint: str, graph: str, *, timeout: int, login: Login | None = None, is_virtuoso: bool = False
    ) -> None:
        self.endpoint, self.graph, self.is_virtuoso = endpoint, graph, is_virtuoso
        self._timeout, self._login = timeout, login
        parts = urlsplit(endpoint)
        self._target = parts.path + (f"?{parts.query}" if parts.query else "")
        self._given = _ALWAYS  # the largest graph that the server is known to give whole

    def answer(self, query: Query) -> Answer:
        """See `Store.answer`. All of it is read before it is handed on, so that no fault of it comes later."""
        form = type(_GRAMMAR.answer(query))
        if form is not ox.QueryTriples:
            body, media = self._exchange(query, _TABLE)
            return _table(body.all(), media, is_boolean=form is ox.QueryBoolean)
        return iter(list(self._graph(query)))

    def stream(self, query: Query, form: type[object]) -> Answer:
        """Return the answer to a query that was found to have this form; faults of its content come as it is read.

        Whoever reads it to its end has all of it. Raise the same errors as `answer`, then too.
        """
        if form is ox.QueryTriples:
            return self._graph(query)
        body, media = self._exchange(query, _TABLE)
        if form is ox.QueryBoolean:
            return _table(body.all(), media, is_boolean=True)
        syntax = ox.QueryResultsFormat.from_media_type(media)
        if syntax is None:
            raise unreadable(media)
        return ox.parse_query_results(cast("IO[bytes]", body), format=syntax)

    def _graph(self, query: Query) -> Iterator[ox.Triple]:
        # Virtuoso's Turtle changes the types of numbers and its JSON-LD drops languages; N-Triples keep both.
        body, media = self._exchange(query, "application/n-triples", 'define sql:describe-mode "CBD" ')
        syntax = ox.RdfFormat.from_media_type(media)
        if syntax is None:
            raise unreadable(media)
        if not body.is_bounded:  # lines end anywhere
            raise StoreError("úložiště neříká, kde odpověď končí / the store does not say where its answer ends")
        return self._triples(body, syntax)

    def _triples(self, body: _Body, syntax: ox.RdfFormat) -> Iterator[ox.Triple]:
        size = 0
        try:
            for quad in ox.parse(cast("IO[bytes]", body), format=syntax):
                size += 1
                yield quad.triple
        except (SyntaxError, ValueError, OSError) as error:
            raise body.failed or unreadable(str(error)) from error
        self._surely_gives(size)

    def _surely_gives(self, size: int) -> None:
        """Refuse a graph that Virtuoso may have cut: it cuts graphs and rows alike, and says so of rows only."""
        if self.is_virtuoso and size > self._given:
            rows = Query(f"SELECT (1 AS ?row) {{ ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }} LIMIT {size + 1}")
            self._exchange(rows, "text/csv")[0].all()
            self._given = size

    def _request(self, query: Query, accept: str, pragma: str) -> SPARQLWrapper:
        wrapper = _Wrapper(self.endpoint)
        wrapper.setMethod(POST)
        wrapper.setOnlyConneg(True)
        wrapper.setTimeout(self._timeout)
        wrapper.addCustomHttpHeader("Accept", accept)
        for name, value in (self._login.headers("POST", self._target) if self._login else {}).items():
            wrapper.addCustomHttpHeader(name, value)
        for graph in query.default_graphs or ("",):
            wrapper.addParameter("default-graph-uri", graph or self.graph)
        for graph in query.named_graphs or (_NO_GRAPH,):
            wrapper.addParameter("named-graph-uri", graph)
        if self.is_virtuoso:
            wrapper.addParameter("timeout", str(1000 * (self._timeout + 1)))  # milliseconds
        base = f"BASE <{query.base}> " if query.base and not _OWN_BASE.search(query.text) else ""
        # Not setQuery: it guesses the form of the query by expressions, and warns where it cannot.
        wrapper.queryString = (pragma if self.is_virtuoso else "") + base + query.text
        return wrapper

    def _exchange(self, query: Query, accept: str, pragma: str = "") -> tuple[_Body, str]:
        """Return the body of the answer, to be read, and its media type."""
        until = time.monotonic() + self._timeout
        try:
            try:
                response = self._request(query, accept, pragma).query().response
            except Unauthorized as error:
                if not self._learns(error):
                    raise
                response = self._request(query, accept, pragma).query().response
            self.is_virtuoso = "Virtuoso" in response.headers.get("Server", "")
            return _Body(response, until, self._timeout), response.headers.get_content_type()
        except QueryBadFormed as error:  # valid SPARQL, so the server knows less of it than we do
            raise QueryError(f"úložiště dotazu nerozumí / the store does not understand: {_told(error)}") from error
        except Unauthorized as error:
            raise StoreError(refused(self._login)) from error
        except SPARQLWrapperException as error:
            raise StoreError(f"úložiště hlásí chybu / the store reports an error: {_told(error)}") from error
        except HTTPError as error:
            raise StoreError(
                f"úložiště hlásí chybu / the store reports an error: {error.code} {said(error.read())}"
            ) from error
        except (OSError, HTTPException) as error:
            raise _away(error, self._timeout) from error

    def _learns(self, refusal: Unauthorized) -> bool:
        """Whether a 401 taught us how to log in; SPARQLWrapper keeps the answer's headers as the cause."""
        answer = refusal.__context__
        return (
            self._login is not None
            and isinstance(answer, HTTPError)
            and self._login.hear(answer.headers.get_all("WWW-Authenticate", []))
        )


class _Body:
    """What a server answers, as a file; its end is an error unless the server has said that it is one."""

    def __init__(self, response: HTTPResponse, until: float, timeout: int) -> None:
        self._response, self._until, self._timeout = response, until, timeout
        self._left = response.length
        self.is_bounded = response.chunked or self._left is not None  # else it may end anywhere, unnoticed
        self.failed: StoreError | None = None  # a parser may put words of its own in the place of an error
        if most := response.headers.get("X-SPARQL-MaxRows"):  # an old Virtuoso cuts the result there
            told = f"úložiště dává nejvýš {most} řádků (ResultSetMaxRows) / the store gives {most} rows at most"
            raise self._fails(QueryLimitError("rows", told))
        if response.headers.get("X-SQL-State"):  # its "anytime" queries: what was found when time was up
            raise self._fails(_late(timeout))

    def read(self, size: int = _PAGE) -> bytes:
        """Return some bytes, none at the end; raise `StoreError` where the end comes too soon or too late."""
        try:
            # What has come: a timeout of the socket alone would let it drip.
            part: bytes = self._response.read1(min(size, _PAGE))
        except IncompleteRead as error:
            raise self._fails(_cut()) from error
        except (OSError, HTTPException) as error:
            raise self._fails(_away(error, self._timeout)) from error
        if time.monotonic() > self._until:
            raise self._fails(_late(self._timeout))
        if self._left is not None:
            self._left -= len(part)
        if not part:
            self._response.close()
            if self._left:
                raise self._fails(_cut())
        return part

    def _fails(self, error: StoreError) -> StoreError:
        self.failed = error
        self._response.close()
        return error

    def all(self) -> bytes:
        """Return all of it."""
        content = bytearray()
        while part := self.read():
            content += part
            if len(content) > _LONGEST:
                raise self._fails(StoreError(f"odpověď je delší než {_LONGEST} bajtů / the answer is longer than that"))
        return bytes(content)


def _cut() -> StoreError:
    return StoreError("odpověď úložiště není celá / the store's answer is cut off")


def _late(timeout: int) -> StoreError:
    told = f"úložiště neodpovědělo do {timeout} s / the store did not answer within {timeout} s"
    return QueryLimitError("time", told)


def _away(error: Exception, timeout: int) -> StoreError:
    reason = getattr(error, "reason", error)
    if isinstance(reason, TimeoutError):
        return _late(timeout)
    return StoreError(f"úložiště neodpovídá / the store does not answer ({reason})")


def _told(error: SPARQLWrapperException) -> str:
    """Return the server's own words; SPARQLWrapper hands them on as a `repr` below words of its own."""
    _, found, body = str(error).partition("Response:\n")
    return said(ast.literal_eval(body)) if found else ""


def unreadable(why: str) -> StoreError:
    """Return what to say of an answer that is not what it should be."""
    return StoreError(f"odpověď úložiště nelze číst / the store's answer cannot be read ({why})")


def _table(content: bytes, media: str, *, is_boolean: bool) -> ox.QuerySolutions | ox.QueryBoolean:
    """Parse a result; all of it is read once before it is handed on, so that no fault of it comes later."""
    syntax = ox.QueryResultsFormat.from_media_type(media)
    if syntax is None:
        raise unreadable(media)
    try:
        rows = _rows(content, syntax)
        if is_boolean and rows is not None:  # Virtuoso answers ASK with a row or none
            content = _YES if rows else _NO
        return ox.parse_query_results(content, format=syntax)
    except (SyntaxError, ValueError) as error:
        traceback.clear_frames(error.__traceback__)  # solutions must not be let go in another thread
        raise unreadable(str(error)) from error


def _rows(content: bytes, syntax: ox.QueryResultsFormat) -> int | None:
    """Return the number of solutions, having read them all; None of a boolean."""
    found = ox.parse_query_results(content, format=syntax)
    return None if isinstance(found, ox.QueryBoolean) else sum(1 for _ in found)
