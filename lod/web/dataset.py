"""For harvesters: the catalogue, VoID, the dumps, and the state of the service."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import quote

import pyoxigraph as ox
from flask import Blueprint, Response, abort, g, jsonify, render_template, request, send_file, url_for
from werkzeug.http import http_date
from werkzeug.wrappers import Response as BaseResponse

from .. import __version__, findings, release
from ..catalogue import dataset_iri
from ..errors import StoreError
from ..model import Finding
from ..release import Release
from ..serialise import iri, serialise
from . import negotiate, view
from . import report as pages
from .app import problem, requested, site, translate

__all__ = ["blueprint"]

blueprint = Blueprint("dataset", __name__)

_TYPES = {".gz": "application/gzip", ".json": "application/json", "": "text/plain"}


def _graph(triples: list[ox.Triple], suffix: str = "") -> BaseResponse:
    """Return RDF whatever Accept says: Turtle unless another syntax is asked for.

    Harvesters send a browser-like Accept (JDK: text/html first) and must never get a page.
    """
    accept = request.headers.get("Accept")
    asked = suffix or request.args.get("format", "")
    chosen = negotiate.by_name(asked, negotiate.RDF) if asked else negotiate.negotiate(accept, negotiate.RDF)
    if chosen is None and asked:
        return problem(
            406,
            "Takový formát nemáme.",
            "There is no such format.",
            available=[f.name for f in negotiate.RDF],
        )
    chosen = chosen or negotiate.RDF[0]
    serving = site().serving
    response = Response(serialise(triples, chosen.name, site().vocabulary), content_type=chosen.content_type)
    response.headers["Vary"] = "Accept"
    response.set_etag(f"{serving.id}-{chosen.name}")
    response.last_modified = serving.created
    return response.make_conditional(request)


def _about(prefix: str) -> list[ox.Triple]:
    """Return the catalogue's triples about a resource, what hangs below it, and what those refer to."""
    triples = site().serving.catalogue
    own = [t for t in triples if iri(t.subject) == prefix or iri(t.subject).startswith(f"{prefix}/")]
    referred = {t.object.value for t in own if isinstance(t.object, ox.NamedNode)} - {iri(t.subject) for t in own}
    return own + [t for t in triples if iri(t.subject) in referred]


@blueprint.get("/katalog")
@blueprint.get("/catalog")
@blueprint.get("/katalog.<suffix>")
def catalogue(suffix: str = "") -> BaseResponse:
    """Serve the DCAT-AP catalogue."""
    if suffix == "html":
        return _page()
    return _graph(site().serving.catalogue, suffix)


@blueprint.get("/katalog/<name>")
@blueprint.get("/katalog/<name>.<suffix>")
def member(name: str, suffix: str = "") -> BaseResponse:
    """Serve one dataset or service of the catalogue."""
    if suffix == "html":
        return _page()
    triples = _about(f"{site().config.base}katalog/{name}")
    if not triples:
        abort(404)
    return _graph(triples, suffix)


@blueprint.get("/katalog/<name>/<path:rest>")
def below(name: str, rest: str) -> BaseResponse:
    """Serve the dataset that a distribution or partition belongs to."""
    whole = f"{site().config.base}katalog/{name}/{quote(rest)}"
    if not any(iri(t.subject) == whole for t in site().serving.catalogue):
        abort(404)
    return _graph(_about(f"{site().config.base}katalog/{name}"))


def _page() -> Response:
    serving = site().serving
    page = render_template("catalogue.html", manifest=serving.manifest, releases=_releases())
    return Response(page, content_type=negotiate.HTML.content_type)


@blueprint.get("/.well-known/void")
@blueprint.get("/void.ttl")
def void() -> BaseResponse:
    """Serve the VoID description."""
    return _graph(_about(dataset_iri(site().config.base)), "ttl" if request.path.endswith(".ttl") else "")


def _root() -> Path:
    return site().config.releases


def _releases() -> list[release.Release]:
    """Return the kept releases but for damaged ones, which `lod releases verify` tells of."""
    return [one for one in release.history(_root()) if one.is_readable]


@blueprint.get("/soubory/")
@blueprint.get("/soubory")
def downloads() -> Response:
    """Show the dumps of the current release."""
    return _page()


@blueprint.get("/soubory/<name>/<file>")
def dump(name: str, file: str) -> Response:
    """Serve a dump of any kept release, or what it is verified with; `latest` is the current one."""
    if PurePosixPath(file).name != file or file.startswith("."):
        abort(404)
    found = (
        site().serving.release
        if name == "latest"
        else next((r for r in release.history(_root()) if r.id == name), None)
    )
    path = found.path / ("" if file in release.PUBLISHED else "dumps") / file if found else None
    if found is None or path is None or not path.is_file():
        abort(404)
    kind = _TYPES.get(path.suffix, "application/octet-stream")
    response = send_file(path, mimetype=kind, etag=f"{found.id}-{file}", conditional=True)
    if name != "latest":
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    response.headers["Link"] = f'<{site().config.licence}>; rel="license"'
    return response


@blueprint.get("/release.json")
def manifest() -> Response:
    """Serve what the release says of itself."""
    return jsonify(site().serving.manifest)


@blueprint.get("/vydani")
@blueprint.get("/vydani.<suffix>")
def releases(suffix: str = "") -> Response:
    """List the kept releases."""
    history = _releases()
    if suffix == "json" or not view.prefers_page():
        return jsonify(
            {
                "current": site().serving.id,
                "releases": [{"id": r.id, **r.manifest["counts"]} for r in history],
            }
        )
    page = render_template("releases.html", releases=list(reversed(history)), serving=site().serving)
    return Response(page, content_type=negotiate.HTML.content_type)


_REPORT = (negotiate.JSON, negotiate.HTML, *negotiate.RDF, negotiate.CSV)


@blueprint.get("/kontrola")
@blueprint.get("/kontrola.<suffix>")
@blueprint.get("/vydani/<name>/kontrola")
@blueprint.get("/vydani/<name>/kontrola.<suffix>")
def report(suffix: str = "", name: str = "") -> BaseResponse:
    """Serve the report of a release's build: what each source gave, and every finding."""
    serving = site().serving
    made, head, found = serving.release, serving.report, serving.findings
    if name not in {"", made.id}:
        made = next((r for r in release.history(_root()) if r.id == name), None) or abort(404)
        head = made.report
        found = findings.loaded(head["findings"])
    return _report(
        _Report(
            made,
            iri=_report_iri(made),
            path=url_for("dataset.report", name=name) if name else url_for("dataset.report"),
            titles=("Kontrola dat", "Data checks"),
            found=findings.numbered(found, _report_iri(made)),
            head=head,
        ),
        suffix,
    )


@blueprint.get("/kontrola/<path:key>")
def project_report(key: str) -> BaseResponse:
    """Serve the findings about one project, published or refused, in any format of the report."""
    serving = site().serving
    bare, _, suffix = key.rpartition(".")
    slug, project, asked = next(
        (
            (slug, project, asked)
            for slug, asked in ((key, ""), (bare, suffix))
            if (project := site().iris.from_path("projekty", slug)) in serving.entities or project in serving.numbers
        ),
        ("", "", ""),
    )
    if not slug:
        abort(404)
    whole = findings.numbered(serving.findings, _report_iri(serving.release))
    known = site().labels_of([project]) if project in serving.entities else []
    label = view.Document(site(), known).label(project) if known else slug
    return _report(
        _Report(
            serving.release,
            iri=f"{site().config.base}kontrola/{site().iris.split(project)[1]}",
            path=url_for("dataset.project_report", key=slug),
            titles=(f"Kontrola: {label}", f"Checks: {label}"),
            found=[whole[number] for number in serving.numbers.get(project, ())],
            head={"release": serving.id, "project": project},
            crumbs=(
                (url_for("dataset.report"), "Kontrola dat", "Data checks"),
                (request.script_root + site().path(project) if known else "", label, label),
            ),
        ),
        asked,
    )


def _report_iri(made: Release) -> str:
    return f"{site().config.base}vydani/{made.id}/kontrola"


def _subject_of(finding: Finding) -> tuple[str, str] | None:
    """Return the address and the key of the published thing that a finding is about, itself or by a part."""
    try:
        collection, key = site().iris.split(finding.subject)
    except KeyError:
        return None
    thing = site().iris.thing(collection, key)
    return (request.script_root + site().path(thing), key) if thing in site().serving.entities else None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Report:
    """A report to serve: of a whole release, or of one project in it."""

    made: Release = field(kw_only=False)
    iri: str
    path: str
    titles: tuple[str, str]
    found: list[tuple[str, Finding]]
    head: Mapping[str, Any]  # what its JSON begins with
    crumbs: tuple[tuple[str, str, str], ...] = ()


def _report(shown: _Report, suffix: str) -> BaseResponse:
    chosen = requested(_REPORT, suffix)
    if chosen is None:
        available = [item.name for item in _REPORT]
        return problem(406, "Takový formát nemáme.", "There is no such format.", available=available)
    response = Response(content_type=chosen.content_type)
    response.headers["Vary"] = "Accept, Accept-Language"
    language = g.language if chosen is negotiate.HTML else "any"
    response.set_etag(f"{shown.made.id}-{__version__}-{chosen.name}-{language}")
    conditional = response.make_conditional(request)
    if conditional.status_code != 304:
        response.set_data(_report_as(shown, chosen))
    return conditional


def _report_as(shown: _Report, chosen: negotiate.Format) -> str | bytes:
    found = [finding for _, finding in shown.found]
    vocabulary = site().vocabulary
    if chosen is negotiate.CSV:
        return findings.as_csv(found)
    if chosen is negotiate.JSON:
        groups = [
            {"severity": group.severity, "kind": group.kind, "count": group.count, "sources": group.sources}
            for group in findings.groups(found)
        ]
        whole = {**shown.head, "groups": groups, "findings": [asdict(finding) for finding in found]}
        return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"
    if chosen is not negotiate.HTML:
        return serialise(findings.triples(shown.found, vocabulary, shown.iri), chosen.name, vocabulary, shown.iri)
    return render_template(
        "report.html",
        title=translate(*shown.titles),
        crumbs=[(href, translate(cs, en)) for href, cs, en in shown.crumbs if href],
        view=pages.view(found, vocabulary, request.args),
        link=None if shown.crumbs else _subject_of,
        words=findings.WORDS,
        sources=shown.head.get("sources", []),
        address=shown.path,
        formats=[item for item in _REPORT if item is not negotiate.HTML],
    )


@blueprint.get("/healthz")
def health() -> Response:
    """Answer 200 while there is a release to serve and its store answers, else 503."""
    try:
        serving = site().serving
        next(iter(site().select("SELECT ?s WHERE { ?s ?p ?o } LIMIT 1")), None)
    except StoreError as error:
        response = jsonify({"status": "unavailable", "reason": str(error)})
        response.status_code = 503
        return response
    return jsonify({"status": "ok", "release": serving.id})


@blueprint.get("/robots.txt")
def robots() -> Response:
    """Invite crawlers to everything but the query endpoint."""
    text = f"User-agent: *\nDisallow: /sparql?\n\nSitemap: {site().config.base}sitemap.xml\n"
    return Response(text, content_type="text/plain; charset=utf-8")


@blueprint.get("/sitemap.xml")
def sitemap() -> Response:
    """List the documents (https://www.sitemaps.org/protocol.html), the first 50,000 of them."""
    serving = site().serving
    modified = serving.created.date().isoformat()
    rows = "".join(
        f"<url><loc>{site().iris.document(iri)}</loc><lastmod>{modified}</lastmod></url>\n"
        for iri in sorted(serving.entities)[:50_000]
    )
    text = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{rows}</urlset>\n'
    )
    return Response(
        text,
        content_type="application/xml; charset=utf-8",
        headers={"Last-Modified": http_date(serving.created)},
    )
