"""The catalogue that portals harvest: DCAT-AP with the Czech additions, and VoID, for one release.

Everything it says about files (sizes, checksums, counts) comes from the release's own manifest, so it
cannot differ from the bytes that are served.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from urllib.parse import quote

from rdflib import DCAT, DCTERMS, FOAF, RDF, VOID, XSD, Graph, Literal, URIRef
from rdflib.namespace import Namespace

from .config import Config
from .dumps import Dumped, DumpFile
from .iris import NAMESPACES, VP, curie
from .terms import Vocabulary

__all__ = ["catalogue", "dataset_iri"]

PU = Namespace(NAMESPACES["pu"])
SPDX = Namespace(NAMESPACES["spdx"])
SCHEMA = Namespace(NAMESPACES["schema"])
_AUTHORITY = "http://publications.europa.eu/resource/authority/"
_MEDIA = "http://www.iana.org/assignments/media-types/"
_CC_BY = "https://creativecommons.org/licenses/by/4.0/"
_NO_DATABASE_RIGHT = "https://data.gov.cz/podmínky-užití/není-chráněna-zvláštním-právem-pořizovatele-databáze/"
_NO_PERSONAL_DATA = "https://data.gov.cz/podmínky-užití/neobsahuje-osobní-údaje/"

# Extension -> media type, code of the EU's list of file types, title.
_SYNTAXES = {
    "nq": ("application/n-quads", "RDF_N_QUADS", "N-Quads"),
    "nt": ("application/n-triples", "RDF_N_TRIPLES", "N-Triples"),
    "ttl": ("text/turtle", "RDF_TURTLE", "Turtle"),
    "jsonld": ("application/ld+json", "JSON_LD", "JSON-LD"),
    "rdf": ("application/rdf+xml", "RDF_XML", "RDF/XML"),
    "csv": ("text/csv", "CSV", "CSV"),
}


def dataset_iri(base: str) -> str:
    """Return the IRI of the one dataset of an installation; it is also the void:Dataset."""
    return f"{base}katalog/projekty"


def _both(graph: Graph, subject: URIRef, predicate: URIRef, cs: str, en: str) -> None:
    graph.add((subject, predicate, Literal(cs, lang="cs")))
    graph.add((subject, predicate, Literal(en, lang="en")))


def catalogue(
    config: Config,
    vocabulary: Vocabulary,
    release: str,
    created: datetime,
    dumped: Dumped,
    counts: Mapping[str, int],
) -> Graph:
    """Return the catalogue of a release; `counts` has triples, entities and a number for each class IRI."""
    files = dumped.files
    graph = Graph()
    base = config.base
    catalog, dataset, service = (URIRef(iri) for iri in (f"{base}katalog", dataset_iri(base), f"{base}katalog/sparql"))
    issued = Literal(f"{created:%Y-%m-%dT%H:%M:%SZ}", datatype=XSD.dateTime, normalize=False)  # as stores write it
    publisher = _publisher(graph, config)
    licence = URIRef(config.licence)

    graph.add((catalog, RDF.type, DCAT.Catalog))
    _both(graph, catalog, DCTERMS.title, config.title_cs, config.title_en)
    _both(graph, catalog, DCTERMS.description, config.description_cs, config.description_en)
    for predicate, value in (
        (DCTERMS.publisher, publisher),
        (DCTERMS.license, licence),
        (FOAF.homepage, URIRef(base)),
        (DCAT.dataset, dataset),
        (DCAT.service, service),
        (DCTERMS.modified, issued),
    ):
        graph.add((catalog, predicate, value))

    # DCAT-AP's range checks look for these types, and nobody else in the catalogue states them.
    country, conforms = URIRef("https://linked.cuzk.cz/resource/ruian/stat/1"), URIRef(VP.rstrip("#"))
    for subject, kind in (
        (URIRef(base), FOAF.Document),
        (country, DCTERMS.Location),
        (conforms, DCTERMS.Standard),
    ):
        graph.add((subject, RDF.type, kind))

    for kind in (DCAT.Dataset, VOID.Dataset):
        graph.add((dataset, RDF.type, kind))
    _both(graph, dataset, DCTERMS.title, config.title_cs, config.title_en)
    _both(graph, dataset, DCTERMS.description, config.description_cs, config.description_en)
    for cs, en in (
        ("projekty", "projects"),
        ("dotace", "grants"),
        ("příjemci", "beneficiaries"),
        ("IČO", "IČO"),
    ):
        _both(graph, dataset, DCAT.keyword, cs, en)
    for predicate, value in (
        (DCTERMS.publisher, publisher),
        (DCTERMS.license, licence),
        (DCTERMS.identifier, Literal(str(dataset))),
        (DCTERMS.modified, issued),
        (DCTERMS.accrualPeriodicity, URIRef(f"{_AUTHORITY}frequency/{config.frequency}")),
        (DCTERMS.spatial, country),
        (DCAT.theme, URIRef(f"{_AUTHORITY}data-theme/GOVE")),
        (DCAT.landingPage, URIRef(base)),
        (URIRef(f"{NAMESPACES['dcat']}version"), Literal(release)),  # DCAT 3, newer than rdflib's list
        (DCTERMS.conformsTo, conforms),
    ):
        graph.add((dataset, predicate, value))
    _void(graph, config, dataset, files, release, counts)
    _partitions(graph, vocabulary, dataset, counts, dumped.properties)
    for file in files:
        _file(graph, config, vocabulary, dataset, release, file)
    _sparql(graph, config, dataset, service, licence)
    return graph


def _publisher(graph: Graph, config: Config) -> URIRef:
    publisher = URIRef(config.publisher.iri or f"{config.base}katalog/vydavatel")
    graph.add((publisher, RDF.type, FOAF.Agent))
    _both(graph, publisher, FOAF.name, config.publisher.name_cs, config.publisher.name_en)
    if config.publisher.homepage:
        graph.add((publisher, FOAF.homepage, URIRef(config.publisher.homepage)))
    return publisher


def _void(
    graph: Graph,
    config: Config,
    dataset: URIRef,
    files: list[DumpFile],
    release: str,
    counts: Mapping[str, int],
) -> None:
    graph.add((dataset, VOID.sparqlEndpoint, URIRef(f"{config.base}sparql")))
    graph.add((dataset, VOID.uriSpace, Literal(f"{config.base}zdroj/")))
    graph.add((dataset, VOID.triples, Literal(counts["triples"])))
    graph.add((dataset, VOID.entities, Literal(counts["entities"])))
    for file in files:
        if file.extension == "csv":
            continue  # void:dataDump is for RDF (VoID, section 3.3)
        graph.add((dataset, VOID.dataDump, URIRef(f"{config.base}soubory/{release}/{file.name}")))
    for namespace in sorted({iri for prefix, iri in NAMESPACES.items() if prefix in _VOCABULARIES}):
        graph.add((dataset, VOID.vocabulary, URIRef(namespace)))


def _partitions(
    graph: Graph, vocabulary: Vocabulary, dataset: URIRef, counts: Mapping[str, int], properties: Mapping[str, int]
) -> None:
    """State how many things of each class and triples of each property there are (VoID, section 4.5)."""
    for name, terms in sorted(vocabulary.classes.items()):
        if number := counts.get(terms.iri, 0):
            partition = URIRef(f"{dataset}/trida/{name}")
            graph.add((dataset, VOID.classPartition, partition))
            graph.add((partition, VOID["class"], URIRef(terms.iri)))
            graph.add((partition, VOID.entities, Literal(number)))
    for iri, number in sorted(properties.items()):
        partition = URIRef(f"{dataset}/vlastnost/{quote(curie(iri).replace(':', '-', 1), safe='')}")
        graph.add((dataset, VOID.propertyPartition, partition))
        graph.add((partition, VOID.property, URIRef(iri)))
        graph.add((partition, VOID.triples, Literal(number)))


_VOCABULARIES = {"vp", "a561", "adms", "dct", "foaf", "locn", "org", "prov", "rov", "schema", "skos"}


def _terms_of_use(graph: Graph, config: Config, distribution: URIRef) -> None:
    """State the Czech terms of use (podmínky užití) that a national harvester demands of each distribution."""
    terms = URIRef(f"{distribution}/podminky")
    graph.add((distribution, PU["specifikace"], terms))
    graph.add((terms, RDF.type, PU["Specifikace"]))
    graph.add((terms, PU["databáze-chráněná-zvláštními-právy"], URIRef(_NO_DATABASE_RIGHT)))
    graph.add((terms, PU["osobní-údaje"], URIRef(_NO_PERSONAL_DATA)))
    graph.add((terms, PU["autorské-dílo"], URIRef(config.licence)))
    graph.add((terms, PU["databáze-jako-autorské-dílo"], URIRef(config.licence)))
    if config.licence == _CC_BY:
        for predicate in ("autor", "autor-databáze"):
            graph.add((terms, PU[predicate], Literal(config.publisher.name_cs, lang="cs")))


def _file(graph: Graph, config: Config, vocabulary: Vocabulary, dataset: URIRef, release: str, file: DumpFile) -> None:
    media, file_type, title = _SYNTAXES[file.extension]
    cs, en, name = "Celá data", "All data", file.extension
    if file.extension == "csv":  # a table a class
        kind = vocabulary.classes[file.name.split(".")[0]]
        labels = vocabulary.labels(kind.iri)
        cs, en = f"{labels.get('cs', kind.name)}: tabulka", f"{labels.get('en', kind.name)}: table"
        name = f"csv-{kind.name}"
    distribution = URIRef(f"{dataset}/distribuce/{name}")
    url = URIRef(f"{config.base}soubory/{release}/{file.name}")
    graph.add((dataset, DCAT.distribution, distribution))
    graph.add((distribution, RDF.type, DCAT.Distribution))
    _both(
        graph,
        distribution,
        DCTERMS.title,
        f"{cs} ve formátu {title} (gzip)",
        f"{en} as {title} (gzip)",
    )
    for predicate, value in (
        (DCAT.accessURL, url),
        (DCAT.downloadURL, url),
        (DCAT.mediaType, URIRef(_MEDIA + media)),
        (DCAT.compressFormat, URIRef(_MEDIA + "application/gzip")),
        (DCAT.byteSize, Literal(str(file.size), datatype=XSD.nonNegativeInteger)),
        (DCTERMS.license, URIRef(config.licence)),
    ):
        graph.add((distribution, predicate, value))
    graph.add((distribution, DCTERMS["format"], URIRef(f"{_AUTHORITY}file-type/{file_type}")))
    checksum = URIRef(f"{distribution}/sha256")
    graph.add((distribution, SPDX.checksum, checksum))
    graph.add((checksum, RDF.type, SPDX.Checksum))
    graph.add((checksum, SPDX.algorithm, SPDX.checksumAlgorithm_sha256))
    graph.add((checksum, SPDX.checksumValue, Literal(file.sha256, datatype=XSD.hexBinary)))
    _terms_of_use(graph, config, distribution)


def _sparql(graph: Graph, config: Config, dataset: URIRef, service: URIRef, licence: URIRef) -> None:
    endpoint = URIRef(f"{config.base}sparql")
    distribution = URIRef(f"{dataset}/distribuce/sparql")
    graph.add((dataset, DCAT.distribution, distribution))
    graph.add((distribution, RDF.type, DCAT.Distribution))
    graph.add((service, RDF.type, DCAT.DataService))
    for subject in (distribution, service):
        _both(graph, subject, DCTERMS.title, "Dotazovací služba SPARQL", "SPARQL query service")
        graph.add((subject, DCTERMS.license, licence))
    graph.add((distribution, DCAT.accessURL, endpoint))
    graph.add((distribution, DCAT.accessService, service))
    for predicate, value in (
        (DCAT.endpointURL, endpoint),
        (DCAT.endpointDescription, endpoint),
        (DCAT.servesDataset, dataset),
        (DCTERMS.conformsTo, URIRef("https://www.w3.org/TR/sparql11-protocol/")),
    ):
        graph.add((service, predicate, value))
    _terms_of_use(graph, config, distribution)
