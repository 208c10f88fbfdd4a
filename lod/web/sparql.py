"""The SPARQL endpoint (https://www.w3.org/TR/sparql11-protocol/) of a release, with its page, and of any RDF file."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property, lru_cache, partial
from typing import Any

import pyoxigraph as ox
from flask import Blueprint, Flask, Response, render_template, request

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
from .asking import asked
from .description import Counts, counted, default_graph, description
from .guard import names_graphs
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
_REFUSED = {
    "SERVICE": (
        "SERVICE není dovoleno: tento server se nikam nepřipojuje.",
        "SERVICE is not allowed: this server never connects elsewhere.",
    ),
    "FROM": (
        "FROM tu jde jen s grafem, který tu je: odjinud se nic nenačítá.",
        "FROM is only for a graph that is here: nothing is loaded from elsewhere.",
    ),
    "GRAPH": (
        "Vydání nemá pojmenované grafy: vše je ve výchozím grafu.",
        "The release has no named graphs: all is in the default graph.",
    ),
}


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
        serving.pool.ask if serving.pool else partial(_directly, serving.store),
        site().config.queries,
        about=[triple for triple in serving.catalogue if _is_void(triple, dataset)],
        vocabulary=site().vocabulary,
    )


def _is_void(triple: ox.Triple, dataset: str) -> bool:
    """Whether a triple says how large a dataset is and where to get it."""
    void, said = NAMESPACES["void"], triple.predicate.value
    return triple.subject == ox.NamedNode(dataset) and (
        triple.object == ox.NamedNode(f"{void}Dataset") or (said.startswith(void) and said != f"{void}classPartition")
    )


def _directly(store: Store, query: Query, formats: Formats, *_: object) -> Spooled:
    """Ask a remote server, in this process."""
    if names_graphs(query.text):  # it may hold what is none of ours, and Virtuoso gives any graph by its name
        raise RefusedQueryError("GRAPH")
    answer = store.answer(query)
    content = tempfile.SpooledTemporaryFile(1 << 20)  # noqa: SIM115 - the caller's
    if isinstance(answer, (ox.QuerySolutions, ox.QueryBoolean)):
        form = "solutions" if isinstance(answer, ox.QuerySolutions) else "boolean"
        if media := formats[form]:
            answer.serialize(content, format=ox.QueryResultsFormat.from_media_type(media))
    else:
        form = "triples"
        if media := formats[form]:
            ox.serialize(answer, content, format=ox.RdfFormat.from_media_type(media))
    size = content.tell()
    content.seek(0)
    return Spooled(form, media, content, size)


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
    formats = {form: chosen((*offered, *pages)) for form, offered in OFFERED.items()}
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
            return _shown(query, answer.form, content.read())
    return response(answer, one, source.vocabulary)


def _described(source: _Source, address: str, pages: tuple[negotiate.Format, ...]) -> Response:
    one = chosen((*negotiate.RDF, *pages))
    if one is None:
        return not_acceptable("triples")
    if one is negotiate.HTML:
        return _page("")
    return graph(description(address, source.counts(), source.named.names, source.about), one, source.vocabulary)


def _shown(query: Query, form: str, content: bytes) -> Response:
    if form == "triples":
        return _page(query.text, triples=[q.triple for q in ox.parse(content, format=ox.RdfFormat.N_TRIPLES)])
    return _page(query.text, answer=ox.parse_query_results(content, format=ox.QueryResultsFormat.JSON))


def _page(text: str, **results: Any) -> Response:
    from . import view  # noqa: PLC0415 - it uses this package's app

    shown = view.results(site(), **results) if results else None
    page = render_template("sparql.html", query=text, results=shown, examples=view.examples(site()))
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
        return Refusal(403, *_REFUSED[error.keyword])
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
    if error.limit == "memory":
        most = f"{limits.memory} MiB"
        cs, en, status = f"Dotaz chtěl víc než {most} paměti.", f"The query wanted over {most} of memory.", 503
    else:
        most = f"{limits.seconds:g} s"
        cs, en, status = f"Dotaz běžel déle než {most}.", f"The query ran for over {most}.", 504
    return Refusal(status, f"{cs} {_NARROW[0]}", f"{en} {_NARROW[1]}", limit=most)
