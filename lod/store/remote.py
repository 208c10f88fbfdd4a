"""A release in a graph of a remote SPARQL 1.1 server, asked through SPARQLWrapper.

Every query is read by the embedded engine's parser first, so that all stores take one language and refuse the
rest with the same words (an old Virtuoso has pragmas and functions that fetch from the web). It is sent with its
dataset (protocol section 2.1.4): the default graph is the release's, and there are no named graphs.
"""

from __future__ import annotations

import ast
import re
import time
import traceback
from http.client import HTTPException, HTTPResponse
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request

import pyoxigraph as ox
from SPARQLWrapper import POST, SPARQLWrapper
from SPARQLWrapper.SPARQLExceptions import QueryBadFormed, SPARQLWrapperException, Unauthorized

from ..errors import QueryError, StoreError
from .embedded import Embedded
from .login import Login, refused
from .port import Answer, Query
from .words import said

__all__ = ["Remote"]

_GRAMMAR = Embedded(ox.Store())
_NO_GRAPH = "urn:x-lod:none"  # without a named graph in the dataset, Virtuoso offers all it has to GRAPH ?g
_OWN_BASE = re.compile(r"\bBASE\s*<", re.IGNORECASE)
_ALWAYS = 500  # triples: nobody sets ResultSetMaxRows so low
_PAGE = 1 << 20
_LONGEST = 512 << 20  # of an answer: it is held in memory, and a worker has 1 GiB
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

    def __init__(self, endpoint: str, graph: str, *, timeout: int, login: Login | None = None) -> None:
        self._endpoint, self._graph, self._timeout, self._login = endpoint, graph, timeout, login
        parts = urlsplit(endpoint)
        self._target = parts.path + (f"?{parts.query}" if parts.query else "")
        self._is_virtuoso = False
        self._given = _ALWAYS  # the largest graph that the server is known to give whole

    def answer(self, query: Query) -> Answer:
        """See `Store.answer`."""
        form = type(_GRAMMAR.answer(query))
        if form is not ox.QueryTriples:
            content, media = self._exchange(query, "application/sparql-results+json")
            return _table(content, media, is_boolean=form is ox.QueryBoolean)
        # Virtuoso's Turtle changes the types of numbers and its JSON-LD drops languages; N-Triples keep both.
        content, media = self._exchange(query, "application/n-triples", 'define sql:describe-mode "CBD" ')
        syntax = ox.RdfFormat.from_media_type(media)
        if syntax is None:
            raise _unreadable(media)
        try:
            triples = [quad.triple for quad in ox.parse(content, format=syntax)]
        except (SyntaxError, ValueError) as error:
            raise _unreadable(str(error)) from error
        self._surely_gives(len(triples))
        return iter(triples)

    def _surely_gives(self, size: int) -> None:
        """Refuse a graph that Virtuoso may have cut: it cuts graphs and rows alike, and says so of rows only."""
        if self._is_virtuoso and size > self._given:
            self._exchange(
                Query(f"SELECT (1 AS ?row) {{ ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }} LIMIT {size + 1}"), "text/csv"
            )
            self._given = size

    def _request(self, query: Query, accept: str, pragma: str) -> SPARQLWrapper:
        wrapper = _Wrapper(self._endpoint)
        wrapper.setMethod(POST)
        wrapper.setOnlyConneg(True)
        wrapper.setTimeout(self._timeout)
        wrapper.addCustomHttpHeader("Accept", accept)
        for name, value in (self._login.headers("POST", self._target) if self._login else {}).items():
            wrapper.addCustomHttpHeader(name, value)
        for graph in query.default_graphs or ("",):
            wrapper.addParameter("default-graph-uri", graph or self._graph)
        for graph in query.named_graphs or (_NO_GRAPH,):
            wrapper.addParameter("named-graph-uri", graph)
        base = f"BASE <{query.base}> " if query.base and not _OWN_BASE.search(query.text) else ""
        # Not setQuery: it guesses the form of the query by expressions, and warns where it cannot.
        wrapper.queryString = (pragma if self._is_virtuoso else "") + base + query.text
        return wrapper

    def _exchange(self, query: Query, accept: str, pragma: str = "") -> tuple[bytes, str]:
        """Return the body of the answer and its media type."""
        until = time.monotonic() + self._timeout
        try:
            try:
                response = self._request(query, accept, pragma).query().response
            except Unauthorized as error:
                if not self._learns(error):
                    raise
                response = self._request(query, accept, pragma).query().response
            with response:
                return self._body(response, until), response.headers.get_content_type()
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
        except TimeoutError as error:
            raise self._late() from error
        except (OSError, HTTPException) as error:
            reason = getattr(error, "reason", error)
            if isinstance(reason, TimeoutError):
                raise self._late() from error
            raise StoreError(f"úložiště neodpovídá / the store does not answer ({reason})") from error

    def _learns(self, refusal: Unauthorized) -> bool:
        """Whether a 401 taught us how to log in; SPARQLWrapper keeps the answer's headers as the cause."""
        answer = refusal.__context__
        return (
            self._login is not None
            and isinstance(answer, HTTPError)
            and self._login.hear(answer.headers.get_all("WWW-Authenticate", []))
        )

    def _body(self, response: HTTPResponse, until: float) -> bytes:
        self._is_virtuoso = "Virtuoso" in response.headers.get("Server", "")
        if most := response.headers.get("X-SPARQL-MaxRows"):  # an old Virtuoso cuts the result there
            raise StoreError(
                f"úložiště dává nejvýš {most} řádků (ResultSetMaxRows) / the store gives {most} rows at most"
            )
        if response.headers.get("X-SQL-State"):  # its "anytime" queries: what was found when time was up
            raise self._late()
        body = bytearray()
        while part := response.read1(_PAGE):  # what has come; a timeout of the socket alone would let it drip
            body += part
            if len(body) > _LONGEST:
                raise StoreError(f"odpověď je delší než {_LONGEST} bajtů / the answer is longer than that")
            if time.monotonic() > until:
                raise self._late()
        if len(body) < int(response.headers.get("Content-Length") or 0):
            raise StoreError("odpověď úložiště není celá / the store's answer is cut off")
        return bytes(body)

    def _late(self) -> StoreError:
        return StoreError(
            f"úložiště neodpovědělo do {self._timeout} s / the store did not answer within {self._timeout} s"
        )


def _told(error: SPARQLWrapperException) -> str:
    """Return the server's own words; SPARQLWrapper hands them on as a `repr` below words of its own."""
    _, found, body = str(error).partition("Response:\n")
    return said(ast.literal_eval(body)) if found else ""


def _unreadable(why: str) -> StoreError:
    return StoreError(f"odpověď úložiště nelze číst / the store's answer cannot be read ({why})")


def _table(content: bytes, media: str, *, is_boolean: bool) -> ox.QuerySolutions | ox.QueryBoolean:
    """Parse a result; all of it is read once before it is handed on, so that no fault of it comes later."""
    syntax = ox.QueryResultsFormat.from_media_type(media)
    if syntax is None:
        raise _unreadable(media)
    try:
        rows = _rows(content, syntax)
        if is_boolean and rows is not None:  # Virtuoso answers ASK with a row or none
            content = _YES if rows else _NO
        return ox.parse_query_results(content, format=syntax)
    except (SyntaxError, ValueError) as error:
        traceback.clear_frames(error.__traceback__)  # solutions must not be let go in another thread
        raise _unreadable(str(error)) from error


def _rows(content: bytes, syntax: ox.QueryResultsFormat) -> int | None:
    """Return the number of solutions, having read them all; None of a boolean."""
    found = ox.parse_query_results(content, format=syntax)
    return None if isinstance(found, ox.QueryBoolean) else sum(1 for _ in found)
