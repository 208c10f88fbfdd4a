"""The service description (https://www.w3.org/TR/sparql11-service-description/), with VoID of the default graph."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pyoxigraph as ox

from ..iris import NAMESPACES
from ..store import Query, Store
from . import negotiate

__all__ = ["Counts", "counted", "default_graph", "description"]

_BY_PROPERTY = "SELECT ?of (COUNT(*) AS ?n) { ?s ?of ?o } GROUP BY ?of"
_BY_CLASS = "SELECT ?of (COUNT(*) AS ?n) { ?s a ?of } GROUP BY ?of"
_SD, _VOID, _TYPE = NAMESPACES["sd"], NAMESPACES["void"], NAMESPACES["rdf"] + "type"
_FORMATS = {  # https://www.w3.org/ns/formats/
    "application/sparql-results+json": "SPARQL_Results_JSON",
    "application/sparql-results+xml": "SPARQL_Results_XML",
    "text/csv": "SPARQL_Results_CSV",
    "text/tab-separated-values": "SPARQL_Results_TSV",
    "text/turtle": "Turtle",
    "application/ld+json": "JSON-LD",
    "application/n-triples": "N-Triples",
    "application/rdf+xml": "RDF_XML",
    "application/trig": "TriG",
    "application/n-quads": "N-Quads",
}


@dataclass(frozen=True, slots=True)
class Counts:
    """How many triples a default graph has of each property, and things of each class, by IRI."""

    properties: dict[str, int]
    classes: dict[str, int]


def counted(store: Store) -> Counts:
    """Count the default graph of a store, which takes seconds for millions of triples; raise `StoreError`."""

    def sizes(text: str) -> dict[str, int]:
        found = store.answer(Query(text))
        assert isinstance(found, ox.QuerySolutions)  # noqa: S101 - both are SELECT
        return {one["of"].value: int(one["n"].value) for one in found if isinstance(one["of"], ox.NamedNode)}

    return Counts(sizes(_BY_PROPERTY), sizes(_BY_CLASS))


def default_graph(endpoint: str) -> str:
    """Return the IRI by which a query may name the default graph of an endpoint."""
    return f"{endpoint}#default-graph"


def description(
    endpoint: str, counts: Counts | None, named: Iterable[str] = (), about: Iterable[ox.Triple] = ()
) -> list[ox.Triple]:
    """Return what is true of the endpoint; `about` is what a catalogue says of the dataset in its default graph."""
    service, dataset, graph = endpoint, f"{endpoint}#default-dataset", default_graph(endpoint)
    triples = [
        _triple(service, _TYPE, f"{_SD}Service"),
        _triple(service, f"{_SD}endpoint", service),
        _triple(service, f"{_SD}supportedLanguage", f"{_SD}SPARQL11Query"),
        _triple(service, f"{_SD}defaultEntailmentRegime", "http://www.w3.org/ns/entailment/Simple"),
        _triple(service, f"{_SD}defaultDataset", dataset),
        _triple(dataset, _TYPE, f"{_SD}Dataset"),
        _triple(dataset, f"{_SD}defaultGraph", graph),
        _triple(graph, _TYPE, f"{_SD}Graph"),
    ]
    triples += [
        _triple(service, f"{_SD}resultFormat", f"http://www.w3.org/ns/formats/{_FORMATS[item.media]}")
        for item in (*negotiate.SOLUTIONS, *negotiate.RDF)
    ]
    for number, name in enumerate(sorted(named), 1):
        node = f"{endpoint}#graph-{number}"
        triples += (
            _triple(dataset, f"{_SD}namedGraph", node),
            _triple(node, _TYPE, f"{_SD}NamedGraph"),
            _triple(node, f"{_SD}name", name),
        )
    if counts:
        triples += _void(graph, counts)
    about = list(about)
    subset = ox.NamedNode(f"{_VOID}subset")
    triples += [ox.Triple(ox.NamedNode(graph), subset, subject) for subject in {one.subject for one in about}]
    return triples + about


def _void(graph: str, counts: Counts) -> Iterator[ox.Triple]:
    """Yield how large a graph is, and its parts by property and by class (https://www.w3.org/TR/void/)."""
    yield _triple(graph, _TYPE, f"{_VOID}Dataset")
    yield _triple(graph, f"{_VOID}triples", sum(counts.properties.values()))
    yield _triple(graph, f"{_VOID}properties", len(counts.properties))
    yield _triple(graph, f"{_VOID}classes", len(counts.classes))
    for kind, unit, found in (
        ("property", "triples", counts.properties),
        ("class", "entities", counts.classes),
    ):
        for number, (iri, size) in enumerate(sorted(found.items()), 1):
            part = f"{graph}-{kind}-{number}"
            yield _triple(graph, f"{_VOID}{kind}Partition", part)
            yield _triple(part, f"{_VOID}{kind}", iri)
            yield _triple(part, f"{_VOID}{unit}", size)


def _triple(subject: str, predicate: str, value: str | int) -> ox.Triple:
    term = ox.Literal(value) if isinstance(value, int) else ox.NamedNode(value)
    return ox.Triple(ox.NamedNode(subject), ox.NamedNode(predicate), term)
