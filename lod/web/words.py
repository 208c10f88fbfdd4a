"""Words for the editor of queries: prefixes, classes, properties and code lists with labels, meaning and counts.

The document follows from the vocabulary and from VoID of the release, so it is made once for each.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyoxigraph as ox
from rdflib import RDF, RDFS, SH, SKOS, Literal, URIRef
from rdflib.term import Node

from ..iris import NAMESPACES, curie
from ..terms import Labels, Vocabulary
from .site import Serving

__all__ = ["words"]

_VOID = NAMESPACES["void"]
_LISTS = ("kraje", "fondy", "programy", "obdobi", "stavy", "druhy-projektu", "druhy-prispevku", "pravni-formy")


def words(vocabulary: Vocabulary, serving: Serving) -> dict[str, Any]:
    """Return the document: `prefixes` (prefix to namespace) and `terms`.

    A term has `iri`, `name` (as it is written in a query), `kind` (class, property or concept), `label` and
    `definition` (language to text), and where known `domain`, `range`, `list` (names) and `count` (of the things of
    a class or the triples of a property).
    """
    counts = dict(_counts(serving))
    terms = [*_classes(vocabulary, counts), *_properties(vocabulary, counts), *_concepts(vocabulary)]
    return {"prefixes": NAMESPACES, "terms": terms}


def _counts(serving: Serving) -> Iterator[tuple[str, int]]:
    """Yield what the partitions of VoID say of classes and properties."""
    about: dict[Any, dict[str, Any]] = {}
    for triple in serving.catalogue:
        if triple.predicate.value.startswith(_VOID):
            about.setdefault(triple.subject, {})[triple.predicate.value.removeprefix(_VOID)] = triple.object
    for known in about.values():
        for term, number in (("class", "entities"), ("property", "triples")):
            if isinstance(kind := known.get(term), ox.NamedNode):
                yield kind.value, int(known[number].value)


def _term(vocabulary: Vocabulary, kind: str, iri: str, **more: Any) -> dict[str, Any]:
    term = {
        "iri": iri,
        "name": curie(iri),
        "kind": kind,
        "label": vocabulary.labels(iri),
        "definition": _definition(vocabulary, URIRef(iri)),
        **more,
    }
    return {key: value for key, value in term.items() if value}


def _definition(vocabulary: Vocabulary, term: Node) -> Labels:
    texts = [*vocabulary.ontology.objects(term, SKOS.definition), *vocabulary.codelists.objects(term, SKOS.definition)]
    return {text.language: str(text) for text in texts if isinstance(text, Literal) and text.language}


def _classes(vocabulary: Vocabulary, counts: dict[str, int]) -> Iterator[dict[str, Any]]:
    declared = {str(iri) for iri in vocabulary.ontology.subjects(RDF.type, RDFS.Class)}
    for iri in sorted(declared | vocabulary.by_iri.keys()):
        yield _term(vocabulary, "class", iri, count=counts.get(iri, 0))


def _properties(vocabulary: Vocabulary, counts: dict[str, int]) -> Iterator[dict[str, Any]]:
    declared = {str(iri) for iri in vocabulary.ontology.subjects(RDF.type, RDF.Property)}
    fields = {field.predicate for terms in vocabulary.classes.values() for field in terms.fields}
    used = {iri for iri in counts if iri not in vocabulary.by_iri}
    for iri in sorted(declared | fields | used | {str(RDF.type), str(RDFS.label)}):
        domain, values = _ends(vocabulary, URIRef(iri))
        yield _term(vocabulary, "property", iri, count=counts.get(iri, 0), domain=domain, range=values)


def _ends(vocabulary: Vocabulary, term: URIRef) -> tuple[list[str], list[str]]:
    """Return the names of what a property leads from and to: by its definition, else by the shapes."""
    ontology, shapes = vocabulary.ontology, vocabulary.shapes
    domain = set(ontology.objects(term, RDFS.domain))
    values = set(ontology.objects(term, RDFS.range))
    paths = list(shapes.subjects(SH.path, term))
    if not domain:
        owners = {owner for path in paths for owner in shapes.subjects(SH.property, path)}
        domain = {target for owner in owners for target in shapes.objects(owner, SH.targetClass)}
    if not values:
        values = {
            value for path in paths for term in (SH["class"], SH.datatype) for value in shapes.objects(path, term)
        }
    return _names(domain), _names(values)


def _names(iris: set[Node]) -> list[str]:
    return sorted(curie(str(iri)) for iri in iris)


def _concepts(vocabulary: Vocabulary) -> Iterator[dict[str, Any]]:
    for name in _LISTS:
        scheme = URIRef(f"{vocabulary.base}zdroj/{name}")
        for concept in sorted(map(str, vocabulary.codelists.subjects(SKOS.inScheme, scheme))):
            yield {
                **_term(vocabulary, "concept", concept),
                "name": f"<{concept}>",
                "list": vocabulary.labels(str(scheme)),
            }
