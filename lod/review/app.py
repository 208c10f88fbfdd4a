"""The form in the browser: one person, on this machine, behind an address that nobody can guess."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable
from pathlib import Path
from threading import Lock
from typing import Any

from flask import (
    Blueprint,
    Flask,
    Response,
    abort,
    g,
    make_response,
    redirect,
    render_template,
    request,
    send_from_directory,
    url_for,
)
from jinja2 import StrictUndefined
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as BaseResponse

from .. import __version__
from ..errors import ConfigError
from ..extract.page import Page
from ..model import Severity
from ..web import negotiate
from . import form, paths, source
from .desk import Desk, Sheet, Verdict
from .draft import DECISIONS, Draft, from_form
from .records import difference, digest

__all__ = ["create_app"]

_CSP = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; form-action 'self';"
    " base-uri 'none'; frame-ancestors 'none'"
)
_COOKIE = "lod-review"
_LARGEST = 16 << 20
_SHOWN_FINDINGS = 60
_SHOWN_CHANGES = 400
_TITLES = {
    400: ("Požadavku nerozumíme.", "The request cannot be understood."),
    403: (
        "Odsud formulář nepřišel; otevřete adresu, kterou vypsal příkaz lod review.",
        "The form did not come from here; open the address that lod review printed.",
    ),
    404: ("To tu není.", "That is not here."),
    405: ("Tímto způsobem se sem obracet nelze.", "This method is not allowed here."),
    413: ("Formulář je příliš velký.", "The form is too large."),
}


def _t(cs: str, en: str) -> str:
    return en if g.language == "en" else cs


class _Guard:
    """Lets in only the browser that was given the address."""

    def __init__(self, port: int) -> None:
        self.token = secrets.token_urlsafe(24)
        self.csrf = secrets.token_urlsafe(24)
        self.cookie = secrets.token_urlsafe(24)
        self.hosts = {f"127.0.0.1:{port}", f"localhost:{port}"}

    def check_host(self) -> None:
        """Refuse a name that only resolves to this machine (DNS rebinding)."""
        if request.headers.get("Host", "") not in self.hosts:
            abort(403)

    def check_form(self) -> None:
        """Refuse a form that another page sent."""
        origin = request.headers.get("Origin")
        if origin is not None and origin not in {f"http://{host}" for host in self.hosts}:
            abort(403)
        if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
            abort(403)
        sent = request.form.get("csrf", ""), request.cookies.get(_COOKIE, "")
        if not all(
            hmac.compare_digest(given.encode("utf-8", "replace"), known.encode())
            for given, known in zip(sent, (self.csrf, self.cookie), strict=True)
        ):
            abort(403)


class _Review:
    """The views."""

    def __init__(self, desk: Desk, guard: _Guard, ended: Callable[[], None]) -> None:
        self.desk = desk
        self.guard = guard
        self.ended = ended
        self.lock = Lock()  # one thing at a time: a build's check and a file

    def sheet(self, number: int) -> tuple[Sheet, Page]:
        if not 0 < number <= len(self.desk.sheets):
            abort(404)
        sheet = self.desk.sheets[number - 1]
        if sheet.page is None:
            abort(404)
        return sheet, sheet.page

    def pages(self) -> str | BaseResponse:
        sheets = self.desk.sheets
        if len(sheets) == 1:
            return redirect(url_for("review.show", number=1, **_asked()), 303)
        rows = [(sheet, self.desk.saved_of(sheet)) for sheet in sheets]
        done = sum(bool(saved) for _, saved in rows)
        return render_template("pages.html", rows=rows, done=done, total=sum(s.page is not None for s in sheets))

    def show(self, number: int) -> str:
        sheet, page = self.sheet(number)
        with self.lock:
            drafts = self.desk.drafts(sheet)
        return self._form(sheet, page, drafts, [None] * len(drafts))

    def send(self, number: int) -> str | BaseResponse:
        self.guard.check_form()
        sheet, page = self.sheet(number)
        count = request.form.get("projects", "")
        wanted = int(count) if count.isascii() and count.isdecimal() and len(count) < 4 else 0
        what, _, about = request.form.get("do", "check").partition(" ")
        with self.lock:
            bases = self.desk.drafts(sheet, wanted + (what == "project"))
            drafts = [from_form(base, request.form, sheet.places) if base.number < wanted else base for base in bases]
            if what == "add":
                _add(drafts, about)
            if what not in {"check", "save"}:
                return self._form(sheet, page, drafts, [None] * len(drafts))
            verdicts = [self.desk.judge(draft, page) if draft.included else None for draft in drafts]
            if what == "check" or not any(verdicts) or self._asks(verdicts):
                return self._form(sheet, page, drafts, verdicts, asked=what)
            try:
                for verdict in verdicts:
                    if verdict:
                        self.desk.save(sheet, verdict)
            except ConfigError as error:
                return self._form(sheet, page, drafts, verdicts, asked=what, fault=str(error))
        return redirect(url_for("review.show", number=number, saved=1, **_asked()), 303)

    @staticmethod
    def _asks(verdicts: list[Verdict | None]) -> bool:
        """Whether something must be confirmed before anything is written."""
        for number, verdict in enumerate(verdicts):
            if verdict is None:
                continue
            if verdict.violated and not request.form.get(f"{number}/force"):
                return True
            if _overwrites(verdict) and request.form.get(f"{number}/replace") != digest(verdict.before or ""):
                return True
        files = [verdict.path for verdict in verdicts if verdict]
        return len(files) != len(set(files))

    def _form(
        self,
        sheet: Sheet,
        page: Page,
        drafts: list[Draft],
        verdicts: list[Verdict | None],
        *,
        asked: str = "",
        fault: str = "",
    ) -> str:
        evidence = {item.number: item.span or item.fact.span for draft in drafts for item in draft.items}
        files = [verdict.path for verdict in verdicts if verdict]
        return render_template(
            "sheet.html",
            sheet=sheet,
            page=page,
            places=sheet.places,
            sheets=self.desk.sheets,
            regions=source.layout(page, evidence),
            facts={item.number: item for draft in drafts for item in draft.items},
            projects=[
                {
                    "draft": draft,
                    "verdict": verdict,
                    "groups": form.groups(draft, verdict.by_path if verdict else {}),
                    "doubtful": [item for item in draft.items if not item.sure],
                    "general": verdict.by_path.get("", []) if verdict else [],
                    "difference": difference(verdict.before or "", verdict.content)[:_SHOWN_CHANGES]
                    if verdict and asked == "save" and _overwrites(verdict)
                    else [],
                    "digest": digest(verdict.before or "") if verdict else "",
                    "doubled": files.count(verdict.path) > 1 if verdict else False,
                }
                for draft, verdict in zip(drafts, verdicts, strict=True)
            ],
            asked=asked,
            fault=fault,
            saved=self.desk.saved_of(sheet),
            just_saved=bool(request.args.get("saved")) and request.method == "GET",
        )

    def done(self) -> Response:
        self.guard.check_form()
        answer = make_response(render_template("done.html", sheets=self.desk.sheets))
        answer.call_on_close(self.ended)
        return answer


def _overwrites(verdict: Verdict) -> bool:
    return verdict.before is not None and verdict.before != verdict.content


def _add(drafts: list[Draft], about: str) -> None:
    """Add an empty part: `about` is the number of the project and the path of the column."""
    number, _, path = about.partition("/")
    try:
        is_list = paths.field_of(path).kind == "parts"
    except KeyError:
        return
    if is_list and number.isascii() and number.isdecimal() and int(number[:4]) < len(drafts):
        counts = drafts[int(number[:4])].counts
        counts[path] = min(counts.get(path, 0) + 1, 200)


def _target(draft: Draft, path: str) -> str:
    """Return the id of the place on the form that a finding is about."""
    items = [*draft.of(path, sure=True), *(item for item in draft.of(path, sure=False) if item.holds)]
    return f"f{items[0].number}" if items and path not in draft.written else form.anchor(draft.number, path)


def _asked() -> dict[str, Any]:
    """Return the language that the address asks for, to be kept in links."""
    asked = request.args.get("lang")
    return {"lang": asked} if asked in {"cs", "en"} else {}


def _fault(error: HTTPException) -> Response:
    code = error.code or 500
    cs, en = _TITLES.get(code, ("Něco se nepovedlo.", "Something went wrong."))
    g.setdefault("language", "cs")
    return Response(f"{code}: {cs} / {en}\n", code, content_type="text/plain; charset=utf-8")


def _install(app: Flask, guard: _Guard, desk: Desk) -> None:
    """Give templates what they need."""
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(
        t=_t,
        csrf=lambda: guard.csrf,
        asked_language=_asked,
        version=__version__,
        anchor=form.anchor,
        label=lambda field: form.label(field, g.language),
        hint=lambda path: form.hint(path, g.language),
        label_of_path=lambda path: form.label_of_path(path, g.language),
        shown=form.shown,
        tint=form.tint,
        quote=source.quote,
        decisions=DECISIONS,
        Severity=Severity,
        target=_target,
        most_findings=_SHOWN_FINDINGS,
        rule=lambda notation: desk.rule(notation, g.language),
    )


def create_app(desk: Desk, port: int, ended: Callable[[], None]) -> tuple[Flask, str]:
    """Return the application of one review, and the path at which it can be reached.

    It answers to 127.0.0.1 and localhost at `port` only; `ended` is called when the reviewer is done.
    """
    guard = _Guard(port)
    app = Flask(__name__, static_folder=None)
    app.config.update(MAX_CONTENT_LENGTH=_LARGEST, MAX_FORM_MEMORY_SIZE=_LARGEST, MAX_FORM_PARTS=50_000)
    views = _Review(desk, guard, ended)
    blueprint = Blueprint("review", __name__, static_folder="static", url_prefix=f"/{guard.token}")

    @app.before_request
    def let_in() -> None:
        g.language = negotiate.language(request.headers.get("Accept-Language"), request.args.get("lang"))
        guard.check_host()

    @app.after_request
    def finish(response: BaseResponse) -> BaseResponse:
        headers = response.headers
        headers["Content-Security-Policy"] = _CSP
        headers["X-Content-Type-Options"] = "nosniff"
        headers["Referrer-Policy"] = "same-origin"  # the address is the key; Origin is still sent to ourselves
        headers["Cross-Origin-Opener-Policy"] = "same-origin"
        headers["Cross-Origin-Resource-Policy"] = "same-origin"
        headers["Cache-Control"] = "no-store"
        if response.mimetype == "text/html":
            headers["Content-Language"] = g.language
            response.set_cookie(_COOKIE, guard.cookie, httponly=True, samesite="Strict", path=f"/{guard.token}/")
        return response

    def look(name: str) -> Response:
        return send_from_directory(_LOOK, name)  # the site's own look, so that the two stay one

    blueprint.add_url_rule("/", "pages", views.pages)
    blueprint.add_url_rule("/<int:number>", "show", views.show)
    blueprint.add_url_rule("/<int:number>", "send", views.send, methods=["POST"])
    blueprint.add_url_rule("/done", "done", views.done, methods=["POST"])
    blueprint.add_url_rule("/look/<name>", "look", look)
    app.register_blueprint(blueprint)
    app.register_error_handler(HTTPException, _fault)
    _install(app, guard, desk)
    return app, f"/{guard.token}/"


_LOOK = Path(__file__).parent.parent / "web" / "static"
