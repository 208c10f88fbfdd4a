"""What harvesters ask for: the catalogue, VoID, the dumps."""

from __future__ import annotations

import gzip
import hashlib
import json

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient
from rdflib import DCAT, DCTERMS, FOAF, RDF, VOID, Graph, Namespace, URIRef
from rdflib.term import Literal

from lod.web.site import Site

BASE = "https://projekty.example/"
SPDX = Namespace("http://spdx.org/rdf/terms#")
PU = Namespace("https://data.gov.cz/slovník/podmínky-užití/")
JDK = "text/html, image/gif, image/jpeg, */*; q=0.2"


def fetch(client: FlaskClient, path: str) -> bytes:
    """Read a file and close it, as a server does."""
    with client.get(path) as answer:
        assert answer.status_code == 200
        body: bytes = answer.data
        return body


def catalogue(client: FlaskClient) -> Graph:
    return Graph().parse(data=client.get("/katalog").data, format="turtle")


@pytest.mark.parametrize("accept", [None, "*/*", "text/html", JDK, "text/turtle", "image/png"])
@pytest.mark.parametrize("path", ["/katalog", "/catalog", "/katalog/projekty"])
def test_the_catalogue_is_always_rdf(client: FlaskClient, path: str, accept: str | None) -> None:
    answer = client.get(path, headers={"Accept": accept} if accept else {})
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/turtle; charset=utf-8"
    assert len(Graph().parse(data=answer.data, format="turtle")) > 30


@pytest.mark.parametrize(("suffix", "syntax"), [("ttl", "turtle"), ("jsonld", "json-ld"), ("rdf", "xml"), ("nt", "nt")])
def test_the_catalogue_in_other_syntaxes(client: FlaskClient, suffix: str, syntax: str) -> None:
    graph = Graph().parse(data=client.get(f"/katalog.{suffix}").data, format=syntax)
    assert set(graph) == set(catalogue(client))
    assert "<h1>" in client.get("/katalog.html").text


def test_what_portals_demand(client: FlaskClient) -> None:
    graph = catalogue(client)
    catalog, dataset = URIRef(f"{BASE}katalog"), URIRef(f"{BASE}katalog/projekty")
    for subject in (catalog, dataset):
        for predicate in (DCTERMS.title, DCTERMS.description):
            assert {o.language for o in graph.objects(subject, predicate) if isinstance(o, Literal)} == {
                "cs",
                "en",
            }
    publisher = graph.value(catalog, DCTERMS.publisher)
    assert {o.language for o in graph.objects(publisher, FOAF.name) if isinstance(o, Literal)} == {"cs", "en"}
    assert (catalog, DCAT.dataset, dataset) in graph
    for predicate in (DCTERMS.license, DCAT.theme, DCTERMS.spatial, DCTERMS.accrualPeriodicity, DCAT.keyword):
        assert (dataset, predicate, None) in graph, predicate
    distributions = list(graph.objects(dataset, DCAT.distribution))
    # One a dump, and the SPARQL endpoint.
    assert len(distributions) == len(list(graph.subjects(DCAT.downloadURL))) + 1
    for distribution in distributions:
        assert (distribution, DCAT.accessURL, None) in graph
        terms = graph.value(distribution, PU["specifikace"])
        assert (terms, RDF.type, PU["Specifikace"]) in graph
    service = graph.value(None, RDF.type, DCAT.DataService)
    assert (service, DCAT.endpointURL, URIRef(f"{BASE}sparql")) in graph


def test_sizes_and_checksums_equal_the_bytes_served(client: FlaskClient) -> None:
    graph = catalogue(client)
    files = list(graph.subject_objects(DCAT.downloadURL))
    served = {line.split()[1] for line in fetch(client, "/soubory/latest/SHA256SUMS").decode().splitlines()}
    assert {str(url).rpartition("/")[2] for _, url in files} == served
    assert {"projekty.nq.gz", "projekty.jsonld.gz", "Project.csv.gz", "RegisteredOrganisation.csv.gz"} <= served
    for distribution, url in files:
        body = fetch(client, "/" + str(url).removeprefix(BASE))
        assert str(graph.value(distribution, DCTERMS["format"])).startswith("http://publications.europa.eu/")
        assert int(str(graph.value(distribution, DCAT.byteSize))) == len(body)
        checksum = graph.value(distribution, SPDX.checksum)
        assert str(graph.value(checksum, SPDX.checksumValue)) == hashlib.sha256(body).hexdigest()


def test_void_counts_what_the_dumps_hold(client: FlaskClient) -> None:
    for path in ("/.well-known/void", "/void.ttl"):
        graph = Graph().parse(data=client.get(path).data, format="turtle")
        dataset = graph.value(None, RDF.type, VOID.Dataset)
        dumps = {str(o) for o in graph.objects(dataset, VOID.dataDump)}
        assert len(dumps) == 5
        counts = set()
        for url in dumps:
            body = gzip.decompress(fetch(client, "/" + url.removeprefix(BASE)))
            syntax = ox.RdfFormat.from_extension(url.split(".")[-2])
            assert syntax
            counts.add(len({str(quad.triple) for quad in ox.parse(body, format=syntax)}))
        assert counts == {int(str(graph.value(dataset, VOID.triples)))}


def test_every_dataset_url_in_the_catalogue_is_served(client: FlaskClient) -> None:
    graph = catalogue(client)
    own = {str(node) for node in graph.subjects() if str(node).startswith(f"{BASE}katalog")}
    assert own
    for iri in own:
        path = "/" + iri.removeprefix(BASE)
        if not path.endswith("vydavatel"):
            assert client.get(path).status_code == 200, path


def test_latest_and_checksum_file(client: FlaskClient, site: Site) -> None:
    listed = fetch(client, "/soubory/latest/SHA256SUMS").decode()
    body = fetch(client, "/soubory/latest/projekty.ttl.gz")
    assert f"{hashlib.sha256(body).hexdigest()}  projekty.ttl.gz" in listed
    path = f"/soubory/{site.serving.id}/projekty.ttl.gz"
    with client.get(path) as fixed:
        assert fixed.data == body
        assert "immutable" in fixed.headers["Cache-Control"]
        assert fixed.headers["Content-Type"] == "application/gzip"
        tag = fixed.headers["ETag"]
    with client.get(path, headers={"If-None-Match": tag}) as again:
        assert again.status_code == 304
    with client.get(path, headers={"Range": "bytes=0-9"}) as part:
        assert (part.status_code, part.data) == (206, body[:10])


@pytest.mark.parametrize(
    "path", ["/soubory/latest/..%2fmanifest.json", "/soubory/nic/projekty.ttl.gz", "/soubory/latest/x"]
)
def test_no_way_out_of_the_dumps(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_every_surface_names_the_same_release(client: FlaskClient, site: Site) -> None:
    name = site.serving.id
    assert json.loads(client.get("/healthz").data) == {"status": "ok", "release": name}
    assert json.loads(client.get("/release.json").data)["release"] == name
    assert json.loads(client.get("/kontrola.json").data)["release"] == name
    assert name in client.get("/katalog").text
    assert name in client.get("/", headers={"Accept": "text/html"}).text
    assert f'"{name}' in client.get("/organizace/60609460.ttl").headers["ETag"]
    assert json.loads(client.get("/vydani.json").data)["current"] == name


def test_report_page_and_robots(client: FlaskClient) -> None:
    assert "operace-2014-2020" in client.get("/kontrola", headers={"Accept": "text/html"}).text
    assert "Sitemap: " in client.get("/robots.txt").text
    assert "<loc>https://projekty.example/organizace/60609460</loc>" in client.get("/sitemap.xml").text
