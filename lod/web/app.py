"""The Flask application: blueprints by audience, and what is the same for every answer."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask import Flask, Response, current_app, g, render_template, request, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.wrappers import Response as BaseResponse

from .. import __version__
from ..errors import QueryError, StoreError
from . import negotiate
from .compression import compressed
from .site import Site

__all__ = ["Refusal", "application", "create_app", "problem", "requested", "site", "wants_page"]

_CSP = (
    "default-src 'none'; style-src 'self'{}; script-src 'self'; img-src 'self' data:; connect-src 'self';"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_VARY = {"Vary": "Accept, Accept-Language"}
_EXPOSED = "Content-Encoding, ETag, Link, Location, Retry-After, Vary"


def site() -> Site:
    """Return the site that the current application serves."""
    served: Site = current_app.config["SITE"]
    return served


def translate(cs: str, en: str) -> str:
    """Return the text in the request's language."""
    return en if g.language == "en" else cs


def requested(offered: tuple[negotiate.Format, ...], suffix: str = "") -> negotiate.Format | None:
    """Return the format of the address's extension, of ?format= or of Accept; None where none of these is offered."""
    asked = suffix or request.args.get("format", "")
    return negotiate.by_name(asked, offered) if asked else negotiate.negotiate(request.headers.get("Accept"), offered)


def wants_page() -> bool:
    """Whether the client would rather have a page than data (browsers name text/html), and we have pages."""
    if "SITE" not in current_app.config:
        return False
    accept = request.headers.get("Accept", "")
    best = negotiate.negotiate(accept, (negotiate.JSON, negotiate.HTML)) if accept else None
    return best is negotiate.HTML


def problem(status: int, title_cs: str, title_en: str, **details: Any) -> Response:
    """Return an error: problem+json (RFC 9457) for machines, a page for people."""
    title, detail = translate(title_cs, title_en), details.pop("detail", "")
    if wants_page():
        page = render_template("error.html", status=status, title=title, detail=detail, details=details)
        return Response(page, status, content_type=negotiate.HTML.content_type, headers=_VARY)
    body = {"type": "about:blank", "status": status, "title": title}
    if detail:
        body["detail"] = detail
    body.update(details)
    return Response(
        json.dumps(body, ensure_ascii=False),
        status,
        content_type="application/problem+json; charset=utf-8",
        headers=_VARY,
    )


class Refusal(Exception):  # noqa: N818 - not an error of ours
    """A request that is answered with a problem: status, and why in both languages."""

    def __init__(
        self, status: int, cs: str, en: str, *, headers: Mapping[str, str] | None = None, **details: Any
    ) -> None:
        super().__init__(en)
        self.status, self.cs, self.en, self.details, self.headers = status, cs, en, details, headers or {}

    def answer(self) -> Response:
        """Return the response."""
        response = problem(self.status, self.cs, self.en, **self.details)
        response.headers.update(self.headers)
        return response


_TITLES = {
    400: ("Požadavku nerozumíme.", "The request cannot be understood."),
    403: ("To tu není dovoleno.", "That is not allowed here."),
    404: ("To tu nemáme.", "We do not have that."),
    405: ("Tímto způsobem se sem obracet nelze.", "This method is not allowed here."),
    413: ("Požadavek je příliš dlouhý.", "The request is too long."),
    415: ("Tento typ obsahu neumíme číst.", "This type of content cannot be read."),
}


def _http_error(error: HTTPException) -> Response:
    code = error.code or 500
    cs, en = _TITLES.get(code, ("Něco se nepovedlo.", "Something went wrong."))
    answer = problem(code, cs, en)
    if error.get_response().headers.get("Allow"):
        answer.headers["Allow"] = error.get_response().headers["Allow"]
    return answer


def _store_error(error: StoreError) -> Response:
    if isinstance(error, QueryError):
        return problem(400, "Dotaz není platné SPARQL.", "The query is not valid SPARQL.", detail=str(error))
    answer = problem(503, "Data teď nejsou k dispozici.", "The data are not available now.", detail=str(error))
    answer.headers["Retry-After"] = "30"
    return answer


def _unexpected(error: Exception) -> Response:
    current_app.logger.exception("unexpected error", exc_info=error)
    return problem(500, "Chyba je na naší straně.", "The fault is ours.")


def _finish(response: BaseResponse) -> BaseResponse:
    """Add what every answer has: CORS for everyone, and the headers that keep browsers safe."""
    headers = response.headers
    headers["Access-Control-Allow-Origin"] = "*"
    headers["Access-Control-Expose-Headers"] = _EXPOSED
    if request.method == "OPTIONS":
        headers["Access-Control-Allow-Methods"] = "GET, HEAD, POST, OPTIONS"
        headers["Access-Control-Allow-Headers"] = request.headers.get("Access-Control-Request-Headers", "*")
        headers["Access-Control-Max-Age"] = "86400"
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "strict-origin-when-cross-origin")
    if response.mimetype == "text/html":
        headers["Content-Security-Policy"] = _CSP.format(f" 'nonce-{g.nonce}'" if "nonce" in g else "")
        headers.setdefault("Content-Language", g.get("language", "cs"))
        headers["Vary"] = _VARY["Vary"]
    compressed(response)
    return response


def nonce() -> str:
    """Return the word by which this page's own style elements are known; the editor makes some in the browser."""
    if "nonce" not in g:
        g.nonce = secrets.token_urlsafe(16)
    word: str = g.nonce
    return word


def bundle(name: str) -> str:
    """Return the address of a script that the build made of `frontend/`, "" where it was built without Node."""
    path = Path(current_app.static_folder or "", "built", f"{name}.js")
    return url_for("static", filename=f"built/{name}.js") if path.is_file() else ""


def application(name: str) -> Flask:
    """Return an application that has what is the same for every answer, and nothing to answer yet."""
    app = Flask(name)
    app.config["MAX_CONTENT_LENGTH"] = 1 << 20
    app.url_map.merge_slashes = False
    app.url_map.strict_slashes = False  # /projekty/ is /projekty
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True

    @app.before_request
    def choose_language() -> None:
        g.language = negotiate.language(request.headers.get("Accept-Language"), request.args.get("lang"))

    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Refusal, Refusal.answer)
    app.register_error_handler(StoreError, _store_error)
    app.register_error_handler(Exception, _unexpected)
    app.after_request(_finish)
    return app


def create_app(served: Site) -> Flask:
    """Return the application that serves a site."""
    from . import dataset, lookup, query_page, resources, sparql, view  # noqa: PLC0415 - they use this module

    app = application(__name__)
    app.config["SITE"] = served
    for blueprint in (query_page.blueprint, sparql.blueprint, dataset.blueprint, lookup.blueprint, resources.blueprint):
        app.register_blueprint(blueprint)
    view.install(app)
    app.jinja_env.globals.update(version=__version__, bundle=bundle, nonce=nonce)

    prefix = "/" + served.config.base.split("/", 3)[3].rstrip("/")
    if prefix != "/":  # a base below a path: the same site, mounted there
        app.wsgi_app = DispatcherMiddleware(app.wsgi_app, {prefix: app.wsgi_app})  # type: ignore[method-assign]
    return app
