"""Which format a client gets: a table of headers, as real clients send them."""

from __future__ import annotations

import pytest

from lod.web.negotiate import HTML, RDF, SOLUTIONS, language, negotiate

FIREFOX = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
CHROME = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
RDFLIB = "text/turtle;q=1, application/rdf+xml;q=0.9, text/n3;q=0.8, application/n-triples;q=0.7"
JENA = "application/n-quads,application/trig;q=0.9,text/turtle;q=0.8,application/ld+json;q=0.7,*/*;q=0.1"
DOCUMENT = (*RDF, HTML)


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (None, "ttl"),
        ("", "ttl"),
        ("*/*", "ttl"),
        (FIREFOX, "html"),
        (CHROME, "html"),
        (RDFLIB, "ttl"),
        (JENA, "nq"),
        ("text/turtle", "ttl"),
        ("application/x-turtle", "ttl"),
        ("application/ld+json", "jsonld"),
        ('application/ld+json;profile="http://www.w3.org/ns/json-ld#compacted"', "jsonld"),
        ('application/ld+json; profile="a,b;q=0"; q=0.9, text/turtle;q=0.1', "jsonld"),
        ("application/ld+json;q=.3, text/turtle;q=.9", "ttl"),
        ("text/turtle;q=0, */*;q=0.5", "jsonld"),
        ("text/*;q=0.5, application/rdf+xml;q=0.4", "ttl"),
        ("application/trig", "trig"),
        ("APPLICATION/N-TRIPLES", "nt"),
        ("text/html;q=0.1, image/png", "html"),
        ("image/png", None),
        ("text/turtle;q=0", None),
        ("garbage", None),
    ],
)
def test_format_of_a_document(accept: str | None, expected: str | None) -> None:
    chosen = negotiate(accept, DOCUMENT)
    assert (chosen.name if chosen else None) == expected


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (None, "json"),
        ("application/sparql-results+xml", "xml"),
        ("application/sparql-results+json, application/json;q=0.9", "json"),
        ("text/csv", "csv"),
        ("text/tab-separated-values, text/csv;q=0.5", "tsv"),
        ("image/png", None),
    ],
)
def test_format_of_solutions(accept: str | None, expected: str | None) -> None:
    chosen = negotiate(accept, SOLUTIONS)
    assert (chosen.name if chosen else None) == expected


@pytest.mark.parametrize(
    ("header", "asked", "expected"),
    [
        (None, None, "cs"),
        ("cs-CZ,cs;q=0.9,en;q=0.8", None, "cs"),
        ("en-US,en;q=0.9", None, "en"),
        ("de", None, "cs"),
        ("de, en;q=0.3", None, "en"),
        ("cs", "en", "en"),
        ("en", "xx", "en"),
    ],
)
def test_language(header: str | None, asked: str | None, expected: str) -> None:
    assert language(header, asked) == expected
