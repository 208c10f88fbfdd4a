"""The SPARQL endpoint (https://www.w3.org/TR/sparql11-protocol/) of a release, with its page, and of any RDF file."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from time import monotonic

import pyoxigraph as ox
from flask import Blueprint, Flask, Response, g, render_template, request

from .. import publishing
from ..catalogue import dataset_iri
from ..config import Queries
from ..errors import BusyError, EngineError, QueryError, QueryLimitError, RefusedQueryError, StoreError
from ..iris import NAMESPACES
from ..pool import Formats, Pool, Spooled
from ..store import Embedded, Query, Store
from ..terms import Vocabulary
from . import negotiate
from .answering import OFFERED, chosen, graph, not_acceptable, response, wanted
from .app import Refusal, application, site, wants_page
from .description import Counts, counted, default_graph, description
from .guard import REFUSED
from .requests import asked
from .results.answer import Answer, Kept
from .results.page import is_same_answer, shown
from .site import Serving

__all__ = ["blueprint", "playground"]

blueprint = Blueprint("sparql", __name__)

_LOG = logging.getLogger(__name__)
_PATIENCE = 2.0  # seconds to count for who asks first; millions of triples take longer
_Asking = Callable[[Query, Formats, str, Callable[[], bool]], Spooled]
_NARROW = (
    "Zužte ho: přidejte podmínky, LIMIT, nebo si vezměte celá data ze stránky Ke stažení.",
    "Narrow it: add conditions or a LIMIT, or take all the data from the page Downloads.",
)


@dataclass(frozen=True, slots=True)
class _Graphs:
    """Named graphs of a file, and the empty ones beside them: no file says which of these there are."""

    names: frozenset[str] = frozenset()
    origins: frozenset[str] = frozenset()

    @classmethod
    def of(cls, names: Iterable[str]) -> _Graphs:
        known = frozenset(names)
        return cls(known, frozenset(map(_origin, known)))

    def __contains__(self, iri: object) -> bool:
        return iri in self.names or (isinstance(iri, str) and _origin(iri) in self.origins)


def _origin(iri: str) -> str:
    """Return the scheme and the host of an IRI."""
    return "/".join(iri.split("/", 3)[:3])


@dataclass
class _Source:
    """What an endpoint answers from."""

    store: Store  # for questions of our own
    ask: _Asking
    limits: Queries
    named: _Graphs = _Graphs()
    about: list[ox.Triple] = field(default_factory=list)  # what a catalogue says of it
    vocabulary: Vocabulary | None = None  # of a release; without it there are no pages
    kept: Kept = field(default_factory=Kept)

    @cached_property
    def _counting(self) -> Future[Counts]:
        thread = ThreadPoolExecutor(1)
        counting = thread.submit(counted, self.store)
        thread.shutdown(wait=False)
        return counting

    def counts(self) -> Counts | None:
        """Return how large its default graph is, None while it is still counted or where it cannot be."""
        try:
            return self._counting.result(_PATIENCE)
        except (TimeoutError, StoreError):
            return None


@lru_cache(maxsize=1)
def _release(serving: Serving) -> _Source:
    """Return a release as a source, the same one while it is served."""
    dataset = dataset_iri(site().config.base)
    return _Source(
        serving.store,
        _asking(serving),
        publishing.limits(serving.config),
        about=[triple for triple in serving.catalogue if _is_void(triple, dataset)],
        vocabulary=site().vocabulary,
        kept=serving.kept,
    )


def _asking(serving: Serving) -> _Asking:
    def ask(query: Query, formats: Formats, client: str, has_left: Callable[[], bool]) -> Spooled:
        return serving.pool.ask(query, formats, client, has_left)  # the pool starts with the first query

    return ask


def _is_void(triple: ox.Triple, dataset: str) -> bool:
    """Whether a triple says how large a dataset is and where to get it."""
    void, said = NAMESPACES["void"], triple.predicate.value
    return triple.subject == ox.NamedNode(dataset) and (
        triple.object == ox.NamedNode(f"{void}Dataset") or (said.startswith(void) and not said.endswith("Partition"))
    )


@blueprint.route("/sparql", methods=["GET", "POST"], strict_slashes=False)
@blueprint.route("/sparql/", methods=["GET", "POST"])
def endpoint() -> Response:
    """Answer a query, describe the service, or show the query page."""
    return _answered(_release(site().serving), f"{site().config.base}sparql")


def playground(store: Embedded, pool: Pool) -> Flask:
    """Return an application with the endpoint alone, over a store and the processes that have it open."""
    source = _Source(store, pool.ask, pool.limits, _Graphs.of(store.named_graphs()))
    app = application(f"{__name__}.playground")

    @app.route("/", methods=["GET"])
    @app.route("/sparql", methods=["GET", "POST"])
    @app.route("/sparql/", methods=["GET", "POST"])
    def endpoint() -> Response:
        return _answered(source, f"{request.url_root}sparql")

    return app


def _answered(source: _Source, address: str) -> Response:
    """Answer the request; `address` is the endpoint's own IRI."""
    pages = (negotiate.HTML,) if source.vocabulary else ()
    query = asked(default_graph(address), source.named)
    if query is None:
        return _described(source, address, pages)
    if again := _again(source.kept, query):
        return again
    formats = {form: chosen((*offered, *pages)) for form, offered in OFFERED.items()}
    began = monotonic()
    try:
        answer = source.ask(
            query,
            wanted(formats, is_ours=source.vocabulary is not None),
            request.remote_addr or "",
            request.environ.get("lod.has_left", lambda: False),
        )
    except StoreError as error:
        return _failed(error, source.limits, query)
    one = formats[answer.form]
    if one is None:
        answer.content.close()
        return not_acceptable(answer.form)
    if one is negotiate.HTML:
        with answer.content as content:
            read = Answer.read(answer.form, content, monotonic() - began)
        source.kept.put(query.text, read)
        return _page(query.text, read)
    return response(answer, one, source.vocabulary)


def _described(source: _Source, address: str, pages: tuple[negotiate.Format, ...]) -> Response:
    one = chosen((*negotiate.RDF, *pages))
    if one is None:
        return not_acceptable("triples")
    if one is negotiate.HTML:
        return _page("")
    return graph(description(address, source.counts(), source.named.names, source.about), one, source.vocabulary)


def _again(kept: Kept, query: Query) -> Response | None:
    """Show the last answer in another way, as far as it is kept; pressing Run asks anew."""
    if not is_same_answer(request.values) or chosen((*negotiate.SOLUTIONS, negotiate.HTML)) is not negotiate.HTML:
        return None
    answer = kept.get(query.text)
    return _page(query.text, answer) if answer else None


def _page(text: str, answer: Answer | None = None, error: Refusal | None = None) -> Response:
    from . import query_page  # noqa: PLC0415 - it uses this package's app

    seen = shown(answer, text, request.values, site(), g.language, request.path) if answer else None
    page = render_template("sparql.html", results=seen, error=error, **query_page.form(text))
    return Response(page, content_type=negotiate.HTML.content_type)


def _failed(error: StoreError, limits: Queries, query: Query) -> Response:
    """Return why there is no answer: to people on the page of the query, so that they can mend it."""
    told = refusal(error, limits)
    if told is None:
        raise error
    if not wants_page():
        return told.answer()
    page = _page(query.text, error=told)
    page.status_code = told.status
    page.headers.update(told.headers)
    return page


def refusal(error: StoreError, limits: Queries) -> Refusal | None:
    """Return what a client is told of an error of a query, None where it is none of the query's."""
    if isinstance(error, QueryError):
        return _malformed(error)
    if isinstance(error, RefusedQueryError):
        return Refusal(403, *REFUSED[error.keyword])
    if isinstance(error, QueryLimitError):
        return _limited(error, limits)
    if isinstance(error, EngineError):
        _LOG.error("stroj dotazů selhal / the query engine failed: %s", error)
        return Refusal(
            500,
            "Stroj na tomto dotazu selhal. Nepomůže ho opakovat; zkuste ho napsat jinak, třeba bez ORDER BY hodnot"
            " různých druhů.",
            "The engine failed at this query. It would again; write it in another way, without ORDER BY values of"
            " several kinds, for example.",
        )
    return _busy(error, limits) if isinstance(error, BusyError) else None


def _malformed(error: QueryError) -> Refusal:
    title = "Dotaz není platné SPARQL.", "The query is not valid SPARQL."
    if error.place is None:
        return Refusal(400, *title, detail=str(error))
    line, column = error.place
    where = f"řádek {line}, sloupec {column} / line {line}, column {column}"
    detail = f"{where}: {error}" if str(error) else where
    return Refusal(400, *title, detail=detail, line=line, column=column)


def _busy(error: BusyError, limits: Queries) -> Refusal:
    after = {"Retry-After": str(error.seconds)}
    if error.is_budget:
        return Refusal(
            429,
            f"Za poslední minutu jste vyčerpali {limits.budget:g} s dotazů. Zkuste to za {error.seconds} s.",
            f"You have used up {limits.budget:g} s of queries in the last minute. Try again in {error.seconds} s.",
            headers=after,
            limit=f"{limits.budget:g} s",
        )
    return Refusal(
        503,
        f"Běží příliš mnoho náročných dotazů. Zkuste to za {error.seconds} s.",
        f"Too many heavy queries are running. Try again in {error.seconds} s.",
        headers=after,
    )


def _limited(error: QueryLimitError, limits: Queries) -> Refusal:
    if error.limit == "depth":
        cs = "Dotaz je zanořený příliš hluboko. Rozdělte ho na víc dotazů, seznam hodnot napište do VALUES."
        en = "The query is nested too deeply. Split it into several, and write a list of values into VALUES."
        return Refusal(400, cs, en)
    if error.limit == "rows":
        cs, en = "Úložiště tak dlouhou odpověď celou nedá.", "The store does not give so long an answer whole."
        return Refusal(503, f"{cs} {_NARROW[0]}", f"{en} {_NARROW[1]}")
    if error.limit == "memory":
        most = f"{limits.memory} MiB"
        cs, en, status = f"Dotaz chtěl víc než {most} paměti.", f"The query wanted over {most} of memory.", 503
    else:
        most = f"{limits.seconds:g} s"
        cs, en, status = f"Dotaz běžel déle než {most}.", f"The query ran for over {most}.", 504
    return Refusal(status, f"{cs} {_NARROW[0]}", f"{en} {_NARROW[1]}", limit=most)
