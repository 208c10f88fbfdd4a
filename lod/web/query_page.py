"""What the query page needs beside an answer: words for its editor, example queries, and the query as a program."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, g, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from .. import __version__, examples
from ..serialise import serialise, triples_of
from . import negotiate
from .app import Refusal, requested, site
from .snippets import QUERY, snippets
from .words import words

__all__ = ["blueprint", "form"]

blueprint = Blueprint("queries", __name__)

_HOST = re.compile(r"[\w.-]+(:\d+)?|\[[\da-fA-F:]+\](:\d+)?", re.ASCII)


def form(text: str) -> dict[str, Any]:
    """Return what the form's half of the query page shows for a query, "" where there is none yet."""
    groups = site().examples
    query = re.sub(r"\r\n?", "\n", text) or groups[0].examples[0].titled(g.language)  # a form is sent with CRLF
    return {
        "query": query,
        "groups": groups,
        "snippets": snippets(query, endpoint()),
        "mark": QUERY,
    }


def endpoint() -> str:
    """Return the address at which the visitor reached the endpoint; of a host with a strange name, the canonical."""
    if not _HOST.fullmatch(request.host) or request.host == urlsplit(site().config.base).netloc:
        return f"{site().config.base}sparql"
    return f"{request.url_root}sparql"


@blueprint.get("/sparql/slova.json")
def vocabulary() -> BaseResponse:
    """Serve the words of the editor."""
    serving = site().serving
    response = Response(content_type=negotiate.JSON.content_type)
    response.set_etag(f"{serving.id}-{__version__}-words")
    response.headers["Cache-Control"] = "no-cache"  # ask whether it is still the same
    conditional = response.make_conditional(request)
    if conditional.status_code != 304:
        conditional.set_data(json.dumps(words(site().vocabulary, serving), ensure_ascii=False, separators=(",", ":")))
    return conditional


@blueprint.get("/sparql/priklady")
@blueprint.get("/sparql/priklady.<suffix>")
def listed(suffix: str = "") -> Response:
    """Serve the example queries: a page, or the RDF that is in the release too."""
    offered = (negotiate.HTML, *negotiate.RDF)
    chosen = requested(offered, suffix)
    if chosen is None:
        titles = ", ".join(item.name for item in offered)
        raise Refusal(406, f"Umíme jen {titles}.", f"Available are {titles}.")
    if chosen is negotiate.HTML:
        page = render_template("examples.html", groups=site().examples)
        return Response(page, content_type=chosen.content_type)
    content = serialise(triples_of(examples.graph(site().examples, site().config.base)), chosen.name, site().vocabulary)
    return Response(content, content_type=chosen.content_type, headers={"Vary": "Accept"})
