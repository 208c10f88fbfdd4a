"""For people and crawlers: things, the documents about them, and the lists that lead to them."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable

import pyoxigraph as ox
from flask import Blueprint, Response, abort, g, redirect, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from .. import __version__
from ..catalogue import dataset_iri
from ..iris import COLLECTIONS, NAMESPACES, VP, curie
from ..serialise import iri as serialise_iri
from ..serialise import serialise, triples_of
from . import negotiate, view
from .app import problem, requested, site
from .site import pages_of

__all__ = ["blueprint"]

blueprint = Blueprint("resources", __name__)

_DOCUMENT = (*negotiate.RDF, negotiate.HTML, negotiate.CSV, negotiate.JSON)
_PAGE = 50
# Filters of the list of projects: parameter -> (predicate, collection of the value).
_FILTERS = {
    "prijemce": (f"{VP}beneficiary", "organizace"),
    "program": (f"{VP}programme", "programy"),
    "osa": (f"{VP}priorityAxis", "programy"),
    "vyzva": (f"{VP}call", "vyzvy"),
}
# What the page of a thing lists from the other side: the filter that finds its projects.
_INVERSE = {
    "RegisteredOrganisation": "prijemce",
    "UnidentifiedOrganisation": "prijemce",
    "Programme": "program",
    "PriorityAxis": "osa",
    "Call": "vyzva",
}
_TITLES = {
    "projekty": ("Projekty", "Projects"),
    "organizace": ("Organizace", "Organisations"),
    "programy": ("Programy", "Programmes"),
    "vyzvy": ("Výzvy", "Calls"),
    "fondy": ("Fondy", "Funds"),
    "dokumenty": ("Zdrojové dokumenty", "Source documents"),
    "kraje": ("Kraje", "Regions"),
    "obdobi": ("Programová období", "Programming periods"),
    "stavy": ("Stavy projektů", "Project statuses"),
    "druhy-projektu": ("Druhy projektů", "Project types"),
    "druhy-prispevku": ("Druhy příspěvků", "Kinds of contribution"),
    "pravidla": ("Pravidla čtení stránek", "Rules of reading pages"),
    "pravni-formy": ("Právní formy", "Legal forms"),
    "druhy-nalezu": ("Druhy nálezů", "Kinds of findings"),
}


def _not_acceptable() -> Response:
    return problem(
        406,
        "V žádném z požadovaných formátů to nemáme.",
        "None of the formats asked for is available.",
        available=[item.media for item in _DOCUMENT],
    )


def _absent(iri: str) -> Response | None:
    """Return 410 or 404 for a thing that the release does not have."""
    serving = site().serving
    if iri in serving.entities:
        return None
    if iri in serving.withdrawn:
        return problem(
            410,
            "Tato věc byla zveřejněna a pak stažena.",
            "This was published once and has been withdrawn.",
            iri=iri,
        )
    return problem(404, "Takovou věc v datech nemáme.", "The data do not have such a thing.", iri=iri)


def _varying(response: BaseResponse) -> BaseResponse:
    response.headers["Vary"] = "Accept, Accept-Language"
    return response


@blueprint.get("/zdroj/<collection>/<path:key>")
def thing(collection: str, key: str) -> BaseResponse:
    """Redirect from a thing (or a part of one) to the document about it that fits Accept (303, one hop)."""
    if collection not in COLLECTIONS:
        abort(404)
    part = site().iris.from_path(collection, key)
    _, owner_key = site().iris.split(part)
    owner = site().iris.thing(collection, owner_key)
    if absent := _absent(owner):
        return _varying(absent)
    if part != owner and not site().describe(part):
        return _varying(problem(404, "Takovou věc v datech nemáme.", "The data do not have such a thing.", iri=part))
    chosen = negotiate.negotiate(request.headers.get("Accept"), _DOCUMENT)
    if chosen is None:
        return _varying(_not_acceptable())
    path = request.script_root + site().path(owner)
    suffix = "" if chosen is negotiate.HTML else f".{chosen.name}"
    response = redirect(path + suffix, 303)
    response.headers["Link"] = f'<{path}>; rel="describedby"'
    return _varying(response)


@blueprint.get("/zdroj/<collection>")
def scheme(collection: str) -> BaseResponse:
    """Redirect from a code list to its page."""
    if collection not in COLLECTIONS:
        abort(404)
    return _varying(redirect(f"{request.script_root}/{collection}", 303))


def _split_suffix(key: str) -> tuple[str, negotiate.Format | None]:
    """Take a known extension off a document's path."""
    head, dot, tail = key.rpartition(".")
    chosen = next((item for item in _DOCUMENT if item.name == tail), None) if dot else None
    return (head, chosen) if chosen else (key, None)


@blueprint.get("/<any({}):collection>/<path:key>".format(", ".join(f"'{c}'" for c in COLLECTIONS)))
def document(collection: str, key: str) -> BaseResponse:
    """Serve the document about a thing, in the format of its extension, of ?format= or of Accept."""
    iri = site().iris.from_path(collection, key)
    chosen: negotiate.Format | None = None
    if iri not in site().serving.entities and iri not in site().serving.withdrawn:
        bare, chosen = _split_suffix(key)
        if chosen:
            iri = site().iris.from_path(collection, bare)
    if absent := _absent(iri):
        return _varying(absent)
    if chosen is None:
        chosen = requested(_DOCUMENT)
    if chosen is None:
        return _varying(_not_acceptable())
    return _varying(_document(iri, chosen))


def _document(iri: str, chosen: negotiate.Format) -> BaseResponse:
    serving = site().serving
    language = g.language if chosen is negotiate.HTML else "any"
    response = Response(content_type=chosen.content_type)
    response.set_etag(f"{serving.id}-{__version__}-{chosen.name}-{language}")
    response.last_modified = serving.created
    path = request.script_root + site().path(iri)
    links = [f'<{path}.{item.name}>; rel="alternate"; type="{item.media}"' for item in _DOCUMENT if item is not chosen]
    links += [
        f'<{iri}>; rel="describes"',
        f'<{request.script_root}/katalog/projekty>; rel="describedby"',
        f'<{site().config.licence}>; rel="license"',
    ]
    response.headers["Link"] = ", ".join(links)
    conditional = response.make_conditional(request)
    if conditional.status_code != 304:
        triples = site().describe(iri, serving)
        about = _about_document(iri)
        if chosen is negotiate.HTML:
            response.set_data(_page(iri, triples))
        elif chosen is negotiate.CSV:
            response.set_data(_csv(triples))
        else:
            name = "jsonld" if chosen is negotiate.JSON else chosen.name
            response.set_data(serialise([*triples, *about], name, site().vocabulary, iri))
    return conditional


def _about_document(iri: str) -> list[ox.Triple]:
    """Return what a document says of itself."""
    base = site().config.base
    page = ox.NamedNode(site().iris.document(iri))
    pairs = (
        (NAMESPACES["foaf"] + "primaryTopic", iri),
        (NAMESPACES["void"] + "inDataset", dataset_iri(base)),
        (NAMESPACES["dct"] + "license", site().config.licence),
    )
    return [ox.Triple(page, ox.NamedNode(predicate), ox.NamedNode(value)) for predicate, value in pairs]


def _neutral(cell: str) -> str:
    """Keep a spreadsheet from running a text as a formula."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell


def _csv(triples: Iterable[ox.Triple]) -> str:
    """Return the document as a table for people: subject, property, value."""
    document = view.Document(site(), list(triples))
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(["subject", "property", "label", "value", "language"])
    for triple in sorted(triples, key=str):
        item, predicate = triple.object, triple.predicate.value
        value, spoken = serialise_iri(item), ""
        if isinstance(item, ox.Literal):
            value, spoken = item.value, item.language or ""
            # Numbers and dates stay as they are; only texts could run as formulas.
            value = _neutral(value) if item.datatype.value.endswith("tring") else value
        writer.writerow([serialise_iri(triple.subject), predicate, _neutral(document.label(predicate)), value, spoken])
    return buffer.getvalue()


def _page(iri: str, triples: list[ox.Triple]) -> str:
    shown = view.Document(site(), triples)
    main = shown.thing(iri)
    parameter = _INVERSE.get(main.kind, "")
    _, key = site().iris.split(iri)
    inverse = _list("projekty", {parameter: key}, 0) if parameter else None
    structured = json.dumps(_schema_org(main), ensure_ascii=False).replace("<", "\\u003c")
    collection, _ = site().iris.split(iri)
    return render_template(
        "entity.html",
        thing=main,
        document=shown,
        inverse=inverse,
        inverse_query=f"{parameter}={key}",
        formats=negotiate.RDF,
        collection=collection,
        collection_title=_TITLES[collection],
        structured=structured,
        serving=site().serving,
        checks=len(site().serving.numbers.get(iri, ())) if collection == "projekty" else 0,
        key=key,
    )


def _schema_org(main: view.Thing) -> dict[str, object]:
    """Return the little that search engines read."""
    kinds = {"Project": "Project", "RegisteredOrganisation": "Organization"}
    data: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": kinds.get(main.kind, "Thing"),
        "@id": main.iri,
        "name": main.label,
    }
    if identifier := main.text("registrationNumber") or main.text("ico"):
        data["identifier"] = identifier
    return data


# Lists ----------------------------------------------------------------------------------------------


class _Listing:
    """One page of a list."""

    def __init__(self, rows: list[dict[str, object]], total: int, page: int) -> None:
        self.rows = rows
        self.total = total
        self.page = page
        self.pages = max(1, -(-total // _PAGE))


_MEMBERS = {
    "projekty": f"?s a <{VP}Project> ; <{NAMESPACES['dct']}title> ?label .",
    "organizace": f"?s a <{VP}Organisation> ; <{NAMESPACES['rov']}legalName> ?label .",
    "dokumenty": f"?s a <{VP}Document> ; <{NAMESPACES['dct']}title> ?label .",
    "vyzvy": f"?s a <{VP}Call> ; <{NAMESPACES['skos']}prefLabel> ?label .",
}


def _pattern(collection: str, filters: dict[str, str]) -> str:
    """Return the graph pattern that finds a list's members with their labels in Czech."""
    if collection in _MEMBERS:
        pattern = _MEMBERS[collection]
    else:
        scheme = f"<{site().config.base}zdroj/{collection}>"
        pattern = f"?s <{NAMESPACES['skos']}inScheme> {scheme} ; <{NAMESPACES['skos']}prefLabel> ?label ."
    for name, value in filters.items():
        predicate, values = _FILTERS[name]
        pattern += f" ?s <{predicate}> <{site().iris.from_path(values, value)}> ."
    return pattern + ' FILTER(LANG(?label) = "cs")'


def _list(collection: str, filters: dict[str, str], page: int, size: int | None = _PAGE) -> _Listing:
    pattern = _pattern(collection, filters)
    counted = next(iter(site().select(f"SELECT (COUNT(*) AS ?n) WHERE {{ {pattern} }}")))
    total = int(counted["n"].value)
    # By STR, since Virtuoso sorts texts with a language by their beginning alone.
    text = f"SELECT ?s ?label WHERE {{ {pattern} }} ORDER BY STR(?label) ?s"
    if size is not None:  # no limit rather than a huge one: Virtuoso sorts no more rows than it is told to
        text += f" LIMIT {size} OFFSET {page * size}"
    found = [solution["s"].value for solution in site().select(text)]
    rows = [{"iri": iri, "href": site().path(iri)} for iri in found]
    _details(collection, rows)
    return _Listing(rows, total, page)


# Column of a list -> the predicates that lead to its value.
_COLUMNS = {
    "projekty": {
        "code": (NAMESPACES["dct"] + "identifier",),
        "name": (f"{VP}beneficiary",),
        "programme": (f"{VP}programme",),
        "start": (f"{VP}start",),
        "total": (f"{VP}totalCost", NAMESPACES["schema"] + "value"),
        "eligible": (f"{VP}eligibleCost", NAMESPACES["schema"] + "value"),
    },
}
_CODE = {"code": (NAMESPACES["skos"] + "notation",)}


def _details(collection: str, rows: list[dict[str, object]]) -> None:
    """Add to each row what its list shows beside the name."""
    iris = [str(row["iri"]) for row in rows]
    columns = _COLUMNS.get(collection, _CODE)
    known = site().facts(iris, {path[0] for path in columns.values()})
    known += (
        site().facts(
            [t.object.value for t in known if isinstance(t.object, ox.NamedNode)],
            {predicate for path in columns.values() for predicate in path[1:]},
        )
        if any(path[1:] for path in columns.values())
        else []
    )
    named = [t.object.value for t in known if isinstance(t.object, ox.NamedNode)]
    shown = view.Document(site(), known + site().labels_of([*iris, *named]))
    for row, iri in zip(rows, iris, strict=True):
        row["label"] = shown.label(iri)
        for name, path in columns.items():
            found = [*shown.index.get(iri, {}).get(path[0], ())]
            for predicate in path[1:]:
                found = [o for item in found for o in shown.index.get(item.value, {}).get(predicate, ())]
            if found:
                first = found[0]
                row[name] = first.value if isinstance(first, ox.Literal) else shown.label(first.value)
    if collection == "organizace" and rows:
        by_iri = dict(zip(iris, rows, strict=True))
        for values in pages_of(iris):
            counted = (
                f"SELECT ?s (COUNT(?p) AS ?n) WHERE {{ VALUES ?s {{ {values} }} ?p <{VP}beneficiary> ?s }} GROUP BY ?s"
            )
            for solution in site().select(counted):
                by_iri[solution["s"].value]["projects"] = int(solution["n"].value)


@blueprint.get("/<any({}):collection>".format(", ".join(f"'{c}'" for c in COLLECTIONS)))
@blueprint.get(
    "/<any({}):collection>.<any(csv, ttl, jsonld, nt):suffix>".format(", ".join(f"'{c}'" for c in COLLECTIONS))
)
def listing(collection: str, suffix: str = "") -> BaseResponse:
    """List a collection, fifty a page; the data formats give the whole list."""
    unknown = [name for name in request.args if name not in {*_FILTERS, "strana", "lang", "format"}]
    page = request.args.get("strana", "1")
    if unknown or not page.isdecimal() or not 0 < int(page) < 10**9:
        return problem(
            400,
            f"Parametru {unknown[0] if unknown else 'strana'} nerozumíme.",
            f"The parameter {unknown[0] if unknown else 'strana'} is not understood.",
        )
    filters = (
        {name: request.args[name] for name in _FILTERS if name in request.args} if collection == "projekty" else {}
    )
    offered = (negotiate.HTML, negotiate.CSV, *negotiate.RDF)
    chosen = requested(offered, suffix)
    if chosen is None:
        return _varying(_not_acceptable())
    if chosen is negotiate.HTML:
        found = _list(collection, filters, int(page) - 1)
        active = [(name, _label_of(_FILTERS[name][1], value)) for name, value in filters.items()]
        text = render_template(
            "list.html",
            listing=found,
            collection=collection,
            title=_TITLES[collection],
            active=active,
            filters=filters,
        )
        return _varying(Response(text, content_type=chosen.content_type))
    found = _list(collection, filters, 0, None)
    if chosen is negotiate.CSV:
        return _varying(Response(_list_csv(found), content_type=chosen.content_type))
    iris = [str(row["iri"]) for row in found.rows]
    triples = site().labels_of(iris)
    content = serialise(triples, chosen.name, site().vocabulary)
    return _varying(Response(content, content_type=chosen.content_type))


def _label_of(collection: str, key: str) -> str:
    iri = site().iris.from_path(collection, key)
    return view.Document(site(), site().labels_of([iri])).label(iri)


def _list_csv(found: _Listing) -> str:
    names = ["iri", "label", "code", "name", "programme", "start", "total", "eligible", "projects"]
    used = [name for name in names if any(name in row for row in found.rows)]
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(used)
    for row in found.rows:
        writer.writerow([_neutral(str(row.get(name, ""))) for name in used])
    return buffer.getvalue()


# The vocabulary and the front page ------------------------------------------------------------------


@blueprint.get("/slovnik")
@blueprint.get("/slovnik.<suffix>")
def vocabulary(suffix: str = "") -> BaseResponse:
    """Serve our vocabulary: a page, or RDF."""
    offered = (*negotiate.RDF, negotiate.HTML)
    chosen = requested(offered, suffix)
    if chosen is None:
        return _varying(_not_acceptable())
    terms = site().vocabulary
    if chosen is negotiate.HTML:
        page = render_template("vocabulary.html", terms=_own_terms(), classes=terms.classes)
        return _varying(Response(page, content_type=chosen.content_type))
    content = serialise(triples_of(terms.ontology), chosen.name, terms)
    return _varying(Response(content, content_type=chosen.content_type))


@blueprint.get("/slovnik/context.jsonld")
def context() -> Response:
    """Serve the whole JSON-LD context; documents carry the part of it that they use."""
    body = json.dumps({"@context": site().vocabulary.context}, ensure_ascii=False, indent=1)
    return Response(body, content_type="application/ld+json; charset=utf-8")


@blueprint.get("/slovnik/shapes.ttl")
def shapes() -> Response:
    """Serve the SHACL shapes, all files in one."""
    text = "\n".join(path.read_text("utf-8") for path in site().vocabulary.validate_with())
    return Response(text, content_type="text/turtle; charset=utf-8")


def _own_terms() -> list[dict[str, object]]:
    """Return our own terms for the vocabulary page."""
    shown = view.Document(site(), triples_of(site().vocabulary.ontology))
    skos, rdfs = NAMESPACES["skos"], NAMESPACES["rdfs"]
    alignments = {
        skos + "closeMatch": "≈",
        skos + "relatedMatch": "~",
        skos + "broadMatch": "⊂",
        rdfs + "subClassOf": "⊂",
        rdfs + "subPropertyOf": "⊂",
    }
    terms = []
    for iri, known in sorted(shown.index.items()):
        if not iri.startswith(VP):
            continue
        definitions = {o.language: o.value for o in known.get(skos + "definition", ())}
        terms.append(
            {
                "name": iri.removeprefix(VP),
                "label": shown.label(iri),
                "definition": view.pick(definitions),
                "is_class": any(o.value.endswith("#Class") for o in known[NAMESPACES["rdf"] + "type"]),
                "domain": [shown.label(o.value) for o in known.get(rdfs + "domain", ())],
                "range": [shown.label(o.value) for o in known.get(rdfs + "range", ())],
                "aligned": [
                    (sign, curie(o.value), o.value)
                    for predicate, sign in alignments.items()
                    for o in known.get(predicate, ())
                ],
            }
        )
    return terms


@blueprint.get("/")
def home() -> Response:
    """Show what is here and the ways in."""
    serving = site().serving
    programmes = [
        {
            "label": solution["label"].value,
            "href": site().path(solution["p"].value),
            "n": int(solution["n"].value),
        }
        for solution in site().select(
            f"SELECT ?p ?label (COUNT(?s) AS ?n) WHERE {{ ?s <{VP}programme> ?p ."
            f' ?p <{NAMESPACES["skos"]}prefLabel> ?label FILTER(LANG(?label) = "{g.language}") }}'
            " GROUP BY ?p ?label ORDER BY DESC(?n) STR(?label) LIMIT 8"
        )
    ]
    text = render_template(
        "home.html",
        serving=serving,
        counts=serving.manifest["counts"],
        VP=VP,
        programmes=programmes,
        examples=[group.examples[0] for group in site().examples[:4]],
        config=site().config,
    )
    return Response(text, content_type=negotiate.HTML.content_type)
