"""A request of the SPARQL 1.1 protocol (https://www.w3.org/TR/sparql11-protocol/) to a query, or why it is none."""

from __future__ import annotations

from collections.abc import Container

from flask import request
from werkzeug.datastructures import MultiDict

from ..store import Query
from .app import Refusal
from .guard import REFUSED, dataset, is_update

__all__ = ["asked"]

_LONGEST = 65536  # bytes of a query's text
_FORM = "application/x-www-form-urlencoded"
_QUERY = "application/sparql-query"
_UPDATE = "application/sparql-update"
_READ_ONLY = REFUSED["UPDATE"]


def asked(default: str, named: Container[str]) -> Query | None:
    """Return the query of the request, None where there is none; raise `Refusal`.

    It may choose among the named graphs that there are, and the default one by its name.
    """
    texts, parameters = _texts()
    if "update" in parameters or "update" in request.args:
        raise Refusal(403, *_READ_ONLY)
    if not texts:
        if request.method == "POST":
            raise Refusal(400, "Chybí parametr query.", "The parameter query is missing.")
        return None
    if len(texts) > 1:
        raise Refusal(400, "Parametr query smí být jen jeden.", "There may be one parameter query only.")
    if (size := len(texts[0].encode("utf-8", "surrogatepass"))) > _LONGEST:
        cs = f"Dotaz má {size} bajtů, nejvýš smí mít {_LONGEST}. Dlouhé seznamy hodnot rozdělte do více dotazů."
        en = (
            f"The query has {size} bytes, {_LONGEST} at most are allowed. Split long lists of values into more queries."
        )
        raise Refusal(413, cs, en, limit=_LONGEST)
    if is_update(texts[0]):
        raise Refusal(403, *_READ_ONLY)
    return _of_graphs(texts[0], parameters, default, named)


def _texts() -> tuple[list[str], MultiDict[str, str]]:
    """Return the query texts of the request and the parameters that go with them (section 2.1)."""
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


def _of_graphs(text: str, parameters: MultiDict[str, str], default: str, named: Container[str]) -> Query:
    told = dataset(text, request.base_url)
    graphs = tuple(parameters.getlist("default-graph-uri")), tuple(parameters.getlist("named-graph-uri"))
    for iri in (*graphs[0], *told.default):
        if iri != default and iri not in named:
            raise _unknown(iri)
    for iri in (*graphs[1], *told.named):
        if iri not in named:
            raise _unknown(iri)
    if not any(graphs):  # what the request says goes before what the query says (section 2.1.4)
        graphs = told.default, told.named
    ours = tuple("" if iri == default else iri for iri in graphs[0])
    return Query(text, request.base_url, ours, graphs[1], told.bare)


def _unknown(iri: str) -> Refusal:
    cs = f"Graf <{iri}> tu není a odjinud se nic nenačítá. Bez FROM se ptáte výchozího grafu."
    en = (
        f"There is no graph <{iri}> here, and nothing is loaded from elsewhere. Without FROM you ask the default graph."
    )
    return Refusal(403, cs, en)
