"""The words of the editor: all that a query of this release can be made of, named in both languages."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask.testing import FlaskClient
from rdflib import RDF, VOID, Graph

from lod.iris import NAMESPACES
from lod.terms import Vocabulary

VP = NAMESPACES["vp"]


@pytest.fixture(scope="module")
def words(client: FlaskClient) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(client.get("/sparql/slova.json").data)
    return found


def count(client: FlaskClient, pattern: str) -> int:
    answer = client.get("/sparql", query_string={"query": f"SELECT (COUNT(*) AS ?n) {{ {pattern} }}"})
    return int(json.loads(answer.data)["results"]["bindings"][0]["n"]["value"])


def test_a_property_says_what_it_means_and_how_often_it_is_used(client: FlaskClient, words: dict[str, Any]) -> None:
    (term,) = [term for term in words["terms"] if term["iri"] == f"{VP}beneficiary"]
    assert term["name"] == "vp:beneficiary"
    assert term["kind"] == "property"
    assert term["label"] == {"cs": "příjemce", "en": "beneficiary"}
    assert term["definition"].keys() == {"cs", "en"}
    assert (term["domain"], term["range"]) == (["vp:Project"], ["vp:Organisation"])
    assert term["count"] == count(client, f"?s <{VP}beneficiary> ?o")


def test_borrowed_properties_have_their_ends_from_the_shapes(words: dict[str, Any]) -> None:
    (term,) = [term for term in words["terms"] if term["name"] == "schema:value"]
    assert (term["domain"], term["range"]) == (["schema:MonetaryAmount"], ["xsd:decimal"])


def test_everything_is_named_in_both_languages(vocabulary: Vocabulary, words: dict[str, Any]) -> None:
    terms = {term["iri"]: term for term in words["terms"]}
    assert vocabulary.by_iri.keys() <= terms.keys()
    assert {field.predicate for kind in vocabulary.classes.values() for field in kind.fields} <= terms.keys()
    assert [iri for iri, term in terms.items() if {"cs", "en"} - term.get("label", {}).keys()] == []
    assert words["prefixes"]["vp"] == VP


def test_regions_and_programmes_are_offered_by_their_names(words: dict[str, Any]) -> None:
    labels = {term["label"]["cs"]: term["name"] for term in words["terms"] if term["kind"] == "concept"}
    assert labels["Olomoucký kraj"] == "<https://projekty.example/zdroj/kraje/CZ071>"


def test_words_are_sent_once_a_release(client: FlaskClient) -> None:
    first = client.get("/sparql/slova.json")
    again = client.get("/sparql/slova.json", headers={"If-None-Match": first.headers["ETag"]})
    assert (first.status_code, again.status_code, again.data) == (200, 304, b"")


def test_void_counts_every_property(client: FlaskClient) -> None:
    graph = Graph().parse(data=client.get("/void.ttl").data, format="turtle")
    dataset = graph.value(None, RDF.type, VOID.Dataset)
    stated = {
        str(graph.value(part, VOID.property)): int(str(graph.value(part, VOID.triples)))
        for part in graph.objects(dataset, VOID.propertyPartition)
    }
    assert sum(stated.values()) == int(str(graph.value(dataset, VOID.triples)))
    assert stated[f"{VP}programme"] == count(client, f"?s <{VP}programme> ?o")
