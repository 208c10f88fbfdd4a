"""SPARQL 1.1 protocol (https://www.w3.org/TR/sparql11-protocol/) and a query page that needs no script."""

from __future__ import annotations

import contextvars
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator
from time import monotonic
from typing import IO

import pyoxigraph as ox
from flask import Blueprint, Flask, Response, g, render_template, request
from werkzeug.datastructures import MultiDict

from ..errors import BusyError, QueryError, QueryLimitError, StoreError
from ..iris import NAMESPACES
from ..pool import Pool, Spooled
from ..serialise import serialise
from ..store import Query, Store
from . import negotiate
from .app import Refusal, problem, site
from .guard import names_graphs, refuses
from .results.answer import Answer, Kept
from .results.page import is_same_answer, shown

__all__ = ["blueprint", "playground"]

blueprint = Blueprint("sparql", __name__)

_RESULTS = {
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
}
_OFFERED = {  # by the form of the answer
    "solutions": negotiate.SOLUTIONS,
    "boolean": negotiate.SOLUTIONS[:2],
    "triples": negotiate.RDF,
}
_FORM = "application/x-www-form-urlencoded"
_QUERY = "application/sparql-query"
_UPDATE = "application/sparql-update"
_FORMATS = "http://www.w3.org/ns/formats/"
_LONGEST = 65536


_READ_ONLY = ("Data se tu dají jen číst.", "The data here can only be read.")


def _texts() -> tuple[list[str], MultiDict[str, str]]:
    """Return the query texts of the request and the parameters that go with them (protocol section 2.1)."""
    if request.method != "POST":
        return request.args.getlist("query"), request.args
    if request.mimetype == _FORM:
        return request.form.getlist("query"), request.form
    if request.mimetype == _UPDATE:
        raise Refusal(403, *_READ_ONLY)
    if request.mimetype != _QUERY:
        raise Refusal(415, f"Dotaz pošlete jako {_FORM} nebo {_QUERY}.", f"Send the query as {_FORM} or {_QUERY}.")
    try:
        return [request.get_data().decode("utf-8")], request.args
    except UnicodeDecodeError:
        raise Refusal(400, "Dotaz není v UTF-8.", "The query is not in UTF-8.") from None


def _request() -> Query | None:
    """Return the query of the request, None where there is none; raise `Refusal`."""
    texts, parameters = _texts()
    if "update" in parameters or "update" in request.args:
        raise Refusal(403, *_READ_ONLY)
    if not texts:
        if request.method == "POST":
            raise Refusal(400, "Chybí parametr query.", "The parameter query is missing.")
        return None
    if len(texts) > 1:
        raise Refusal(400, "Parametr query smí být jen jeden.", "There may be one parameter query only.")
    if len(texts[0].encode()) > _LONGEST:
        cs, en = f"Dotaz je delší než {_LONGEST} bajtů.", f"The query is longer than {_LONGEST} bytes."
        raise Refusal(413, cs, en, limit=_LONGEST)
    if reason := refuses(texts[0]):
        raise Refusal(403, *reason)
    return Query(
        texts[0],
        base=request.base_url,
        default_graphs=tuple(parameters.getlist("default-graph-uri")),
        named_graphs=tuple(parameters.getlist("named-graph-uri")),
    )


def _chosen(offered: tuple[negotiate.Format, ...]) -> negotiate.Format | None:
    # Clients such as SPARQLWrapper send a format beside Accept, often one that the answer cannot have.
    asked = request.values.get("format") or request.values.get("output") or ""
    if asked and (chosen := negotiate.by_name(asked, offered)):
        return chosen
    return negotiate.negotiate(request.headers.get("Accept"), offered)


def _not_acceptable(offered: tuple[negotiate.Format, ...]) -> Response:
    return problem(
        406,
        "V žádném z požadovaných formátů to neumíme.",
        "None of the formats asked for is available.",
        available=[item.media for item in offered],
    )


def _data(content: bytes | Iterable[bytes], chosen: negotiate.Format) -> Response:
    return Response(content, content_type=chosen.content_type, headers={"Vary": "Accept"})


# The engine parses and evaluates by recursion, and a query of the allowed length nested to the utmost needs
# about 250 MB of stack; the memory is taken only when it is used.
_STACK = 512 << 20
_stack_size = threading.Lock()


def _deep(work: Callable[[], Response]) -> Response:
    """Do the work in a thread whose stack no query can overflow."""
    done: list[Response] = []
    failed: list[BaseException] = []
    context = contextvars.copy_context()

    def run() -> None:
        try:
            done.append(context.run(work))
        except BaseException as error:  # noqa: BLE001 - raised again below
            failed.append(error)

    with _stack_size:
        before = threading.stack_size(_STACK)
        try:
            thread = threading.Thread(target=run)
            thread.start()
        finally:
            threading.stack_size(before)
    thread.join()
    if failed:
        raise failed.pop()  # a list that kept it would keep its frames, and an answer must be let go in its thread
    return done[0]


def _answer(store: Store, query: Query) -> Response:
    answer = store.answer(query)
    if not isinstance(answer, (ox.QuerySolutions, ox.QueryBoolean)):
        chosen = _chosen(negotiate.RDF)
        return _not_acceptable(negotiate.RDF) if chosen is None else _plain(answer, chosen)
    offered = _OFFERED["boolean" if isinstance(answer, ox.QueryBoolean) else "solutions"]
    chosen = _chosen(offered)
    if chosen is None:
        return _not_acceptable(offered)
    return _data(answer.serialize(format=_RESULTS[chosen.name]) or b"", chosen)


def _pooled(pool: Pool, kept: Kept, query: Query) -> Response:
    """Answer on a process of the pool: all of it, or an error that says what came in between."""
    chosen = {form: _chosen((*formats, negotiate.HTML)) for form, formats in _OFFERED.items()}
    wanted = {form: _raw(form, one) for form, one in chosen.items()}
    began = monotonic()
    answer = pool.ask(query, wanted, request.remote_addr or "")
    seconds = monotonic() - began
    one = chosen[answer.form]
    if one is None:
        answer.content.close()
        return _not_acceptable(_OFFERED[answer.form])
    if one is negotiate.HTML:
        with answer.content as content:
            read = Answer.read(answer.form, content, seconds)
        kept.put(query.text, read)
        return _page(query.text, read)
    if _is_ours(one, answer):
        with answer.content as content:
            triples = [quad.triple for quad in ox.parse(content, format=ox.RdfFormat.N_TRIPLES)]
        return _data(serialise(triples, one.name, site().vocabulary), one)
    if one.media != answer.media:  # too long to be made pretty
        return _data(_converted(answer.content, one), one)
    if answer.size <= _AT_ONCE:
        with answer.content as content:
            return _data(content.read(), one)
    response = _data(_pieces(answer.content), one)
    response.content_length = answer.size
    return response


def _again(kept: Kept, query: Query) -> Response | None:
    """Show the last answer in another way, as far as it is kept; pressing Run asks anew."""
    if not is_same_answer(request.values) or _chosen((*negotiate.SOLUTIONS, negotiate.HTML)) is not negotiate.HTML:
        return None
    answer = kept.get(query.text)
    return _page(query.text, answer) if answer else None


def _pieces(content: IO[bytes]) -> Iterator[bytes]:
    with content:
        while piece := content.read(1 << 16):
            yield piece


_AT_ONCE = 1 << 20  # bytes
_PRETTY = 4 << 20  # bytes of N-Triples that are sorted and nested for people; longer graphs are written as they come


_OURS = {"ttl", "jsonld"}


def _raw(form: str, chosen: negotiate.Format | None) -> str:
    """Return the media type that a process writes, for what was chosen."""
    if chosen is None:
        return ""
    if form == "triples":
        return "application/n-triples" if chosen.name in {"html", *_OURS} else chosen.media
    return negotiate.SOLUTIONS[0].media if chosen is negotiate.HTML else chosen.media


def _is_ours(chosen: negotiate.Format, answer: Spooled) -> bool:
    """Whether a graph is written by us: compact, sorted, nested."""
    return answer.form == "triples" and chosen.name in _OURS and answer.size <= _PRETTY


def _converted(content: IO[bytes], chosen: negotiate.Format) -> Iterator[bytes]:
    """Yield N-Triples in another syntax, a piece at a time."""
    syntax = _syntax(chosen)
    with content:
        written = tempfile.TemporaryFile()  # noqa: SIM115 - closed by whoever reads it
        ox.serialize((quad.triple for quad in ox.parse(content, format=ox.RdfFormat.N_TRIPLES)), written, format=syntax)
    written.seek(0)
    yield from _pieces(written)


def _plain(triples: Iterable[ox.Triple], chosen: negotiate.Format) -> Response:
    """Serialise without our vocabulary, for the playground."""
    return _data(ox.serialize(triples, format=_syntax(chosen)) or b"", chosen)


def _syntax(chosen: negotiate.Format) -> ox.RdfFormat:
    syntax = ox.RdfFormat.from_media_type(chosen.media)
    if syntax is None:
        raise StoreError(f"{chosen.media}: pyoxigraph neumí / pyoxigraph cannot write it")
    return syntax


def _page(text: str, answer: Answer | None = None, error: str = "") -> Response:
    from . import query_page  # noqa: PLC0415 - it uses this package's app

    seen = shown(answer, text, request.values, site(), g.language, request.path) if answer else None
    page = render_template("sparql.html", results=seen, error=error, **query_page.form(text))
    return Response(page, content_type=negotiate.HTML.content_type)


def description(endpoint: str, dataset: str = "") -> list[ox.Triple]:
    """Return the service description (https://www.w3.org/TR/sparql11-service-description/)."""
    sd, rdf = NAMESPACES["sd"], NAMESPACES["rdf"]
    service = ox.NamedNode(endpoint)
    default = ox.NamedNode(f"{endpoint}#default-dataset")
    graph = ox.NamedNode(f"{endpoint}#default-graph")

    def node(iri: str) -> ox.NamedNode:
        return ox.NamedNode(iri)

    triples = [
        (service, node(rdf + "type"), node(sd + "Service")),
        (service, node(sd + "endpoint"), service),
        (service, node(sd + "supportedLanguage"), node(sd + "SPARQL11Query")),
        (service, node(sd + "defaultEntailmentRegime"), node("http://www.w3.org/ns/entailment/Simple")),
        (service, node(sd + "defaultDataset"), default),
        (default, node(rdf + "type"), node(sd + "Dataset")),
        (default, node(sd + "defaultGraph"), graph),
        (graph, node(rdf + "type"), node(sd + "Graph")),
    ]
    for name in (
        "SPARQL_Results_JSON",
        "SPARQL_Results_XML",
        "SPARQL_Results_CSV",
        "SPARQL_Results_TSV",
        "Turtle",
        "N-Triples",
        "RDF_XML",
        "JSON-LD",
        "N-Quads",
        "TriG",
    ):
        triples.append((service, node(sd + "resultFormat"), node(_FORMATS + name)))  # noqa: PERF401
    if dataset:
        triples.append((default, node(NAMESPACES["rdfs"] + "seeAlso"), node(dataset)))
    return [ox.Triple(*triple) for triple in triples]


@blueprint.route("/sparql", methods=["GET", "POST"], strict_slashes=False)
@blueprint.route("/sparql/", methods=["GET", "POST"])
def endpoint() -> Response:
    """Answer a query, describe the service, or show the query page."""
    asked = _request()
    if asked is None:
        chosen = _chosen((*negotiate.RDF, negotiate.HTML))
        if chosen is None:
            return _not_acceptable(negotiate.RDF)
        if chosen is negotiate.HTML:
            return _page("")
        base = site().config.base
        triples = description(f"{base}sparql", f"{base}katalog/projekty")
        return _data(serialise(triples, chosen.name, site().vocabulary), chosen)
    # A remote server may hold what is none of ours, and Virtuoso gives any graph that is asked for by its name.
    is_remote = site().config.store is not None
    if asked.default_graphs or asked.named_graphs or names_graphs(asked.text, patterns=is_remote):
        raise Refusal(
            403,
            "Vydání nemá pojmenované grafy: vše je ve výchozím grafu a odjinud se nic nenačítá.",
            "The release has no named graphs: all is in the default graph, and nothing is loaded from elsewhere.",
        )
    try:
        serving = site().serving
        return _again(serving.kept, asked) or _pooled(serving.pool, serving.kept, asked)
    except BusyError as error:
        raise _busy(error) from error
    except QueryLimitError as error:
        raise _limited(error) from error
    except QueryError as error:
        if _chosen((*negotiate.SOLUTIONS, negotiate.HTML)) is negotiate.HTML:
            page = _page(asked.text, error=str(error))
            page.status_code = 400
            return page
        raise


def _busy(error: BusyError) -> Refusal:
    after = {"Retry-After": str(error.seconds)}
    if error.is_budget:
        most = site().config.queries.budget
        return Refusal(
            429,
            f"Za poslední minutu jste vyčerpali {most:g} s dotazů. Zkuste to za {error.seconds} s.",
            f"You have used up {most:g} s of queries in the last minute. Try again in {error.seconds} s.",
            headers=after,
        )
    return Refusal(
        503,
        f"Běží příliš mnoho náročných dotazů. Zkuste to za {error.seconds} s.",
        f"Too many heavy queries are running. Try again in {error.seconds} s.",
        headers=after,
    )


def _limited(error: QueryLimitError) -> Refusal:
    limits = site().serving.pool.limits
    narrow_cs = "Zužte ho: přidejte podmínky, LIMIT, nebo si vezměte celá data ze stránky Ke stažení."
    narrow_en = "Narrow it: add conditions or a LIMIT, or take all the data from the page Downloads."
    if error.limit == "memory":
        cs, en = (
            f"Dotaz chtěl víc než {limits.memory} MiB paměti.",
            f"The query wanted over {limits.memory} MiB of memory.",
        )
        return Refusal(503, f"{cs} {narrow_cs}", f"{en} {narrow_en}", limit=f"{limits.memory} MiB")
    if error.limit == "depth":
        return Refusal(400, "Dotaz je zanořený příliš hluboko.", "The query is nested too deeply.")
    if error.limit == "rows":
        cs, en = "Úložiště tak dlouhou odpověď celou nedá.", "The store does not give so long an answer whole."
        return Refusal(503, f"{cs} {narrow_cs}", f"{en} {narrow_en}")
    cs, en = f"Dotaz běžel déle než {limits.seconds:g} s.", f"The query ran for over {limits.seconds:g} s."
    return Refusal(504, f"{cs} {narrow_cs}", f"{en} {narrow_en}", limit=f"{limits.seconds:g} s")


def playground(store: Store) -> Flask:
    """Return an application with the SPARQL endpoint alone, over any store."""
    app = Flask(f"{__name__}.playground")
    app.config["MAX_CONTENT_LENGTH"] = 1 << 20

    @app.before_request
    def choose_language() -> None:
        g.language = negotiate.language(request.headers.get("Accept-Language"))

    @app.errorhandler(StoreError)
    def store_error(error: StoreError) -> Response:
        malformed = isinstance(error, QueryError)
        return problem(
            400 if malformed else 503,
            "Dotaz není platné SPARQL.",
            "The query is not valid SPARQL.",
            detail=str(error),
        )

    app.register_error_handler(Refusal, Refusal.answer)

    @app.after_request
    def cors(response: Response) -> Response:
        response.headers["Access-Control-Allow-Origin"] = "*"
        return response

    @app.route("/", methods=["GET"])
    @app.route("/sparql", methods=["GET", "POST"])
    @app.route("/sparql/", methods=["GET", "POST"])
    def endpoint() -> Response:
        asked = _request()
        if asked is not None:
            return _deep(lambda: _answer(store, asked))
        chosen = _chosen(negotiate.RDF) or negotiate.RDF[0]
        return _plain(description(request.base_url), chosen)

    return app
