"""The same graph in every syntax, for anybody's parser."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from collections.abc import Iterable
from decimal import Decimal
from itertools import pairwise

import pyoxigraph as ox
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pyld import jsonld
from rdflib import BNode, Graph, Literal
from rdflib.compare import isomorphic

from lod import serialise, streams
from lod.iris import CURRENCY
from lod.model import (
    Entity,
    MonetaryAmount,
)
from lod.rdf import digest, document, graph_lines, in_order, literal, subject

from .conftest import BASE
from .drawn import CLEAN, VOCABULARY, WRITER, any_of

ENTITIES = any_of(CLEAN)


def parsed(data: str | bytes, form: ox.RdfFormat) -> set[str]:
    return {f"{quad.triple} ." for quad in ox.parse(data, format=form)}


def triples(lines: Iterable[str]) -> list[ox.Triple]:
    return [quad.triple for quad in ox.parse("\n".join(lines), format=ox.RdfFormat.N_TRIPLES)]


def graph(lines: Iterable[str]) -> Graph:
    return Graph().parse(data="\n".join(lines), format="nt")


@given(ENTITIES)
def test_lines_mean_the_same_to_rdflib(entity: Entity) -> None:
    lines = WRITER.described(entity)
    read = graph(lines)
    assert len(read) == len(lines)
    assert not [node for triple in read for node in triple if isinstance(node, BNode)]
    assert graph_lines(read) == lines


def test_plain_text_has_no_datatype() -> None:
    assert literal("x", datatype="http://www.w3.org/2001/XMLSchema#string") == '"x"'


@pytest.mark.parametrize(
    ("value", "lexical"), [("768250.00", "768250"), ("1.50", "1.5"), ("-0.0", "0"), ("1E+6", "1000000")]
)
def test_amounts_are_written_in_one_form(value: str, lexical: str) -> None:
    amount = MonetaryAmount(iri=f"{BASE}x", value=Decimal(value), currency_code="CZK", currency=f"{CURRENCY}CZK")
    assert any(f'"{lexical}"^^<http://www.w3.org/2001/XMLSchema#decimal>' in line for line in WRITER.lines(amount))


@settings(max_examples=50)
@given(st.lists(ENTITIES, min_size=1, max_size=3, unique_by=lambda entity: entity.iri))
def test_turtle_is_the_same_graph(entities: list[Entity]) -> None:
    lines = sorted({line for entity in entities for line in WRITER.lines(entity)})
    written = serialise.serialise(triples(lines), "ttl", VOCABULARY)
    assert parsed(written, ox.RdfFormat.TURTLE) == set(lines)
    assert isomorphic(Graph().parse(data=written.decode(), format="turtle"), graph(lines))
    assert written == serialise.serialise(triples(reversed(lines)), "ttl", VOCABULARY)


@settings(max_examples=50)
@given(st.lists(ENTITIES, min_size=1, max_size=3, unique_by=lambda entity: entity.iri))
def test_jsonld_is_the_same_graph_with_its_own_context(entities: list[Entity]) -> None:
    lines = sorted({line for entity in entities for line in WRITER.lines(entity)})
    written = serialise.serialise(triples(lines), "jsonld", VOCABULARY)
    expanded = jsonld.to_rdf(json.loads(written), {"format": "application/n-quads"})
    assert parsed(expanded, ox.RdfFormat.N_QUADS) == set(lines)
    assert isomorphic(Graph().parse(data=written, format="json-ld"), graph(lines))
    assert written == serialise.serialise(triples(reversed(lines)), "jsonld", VOCABULARY)


@settings(max_examples=30)
@given(ENTITIES)
def test_other_syntaxes_are_the_same_graph(entity: Entity) -> None:
    lines = WRITER.described(entity)
    for extension, form in (
        ("nt", ox.RdfFormat.N_TRIPLES),
        ("nq", ox.RdfFormat.N_QUADS),
        ("trig", ox.RdfFormat.TRIG),
    ):
        assert parsed(serialise.serialise(triples(lines), extension, VOCABULARY), form) == set(lines), extension


@settings(max_examples=30)
@given(ENTITIES)
def test_rdf_xml_is_the_same_graph(entity: Entity) -> None:
    # XML has no U+0008 and U+000C, and reads a carriage return as a line end.
    lines = [line for line in WRITER.described(entity) if not any(escape in line for escape in (r"\b", r"\f", r"\r"))]
    written = serialise.serialise(triples(lines), "rdf", VOCABULARY)
    assert parsed(written, ox.RdfFormat.RDF_XML) == set(lines)


@settings(max_examples=30)
@given(st.lists(ENTITIES, min_size=2, max_size=4, unique_by=lambda entity: entity.iri))
def test_pages_in_their_frame_are_the_same_graph(entities: list[Entity]) -> None:
    lines = sorted({line for entity in entities for line in WRITER.lines(entity)})
    lines = [line for line in lines if not any(escape in line for escape in (r"\b", r"\f", r"\r"))]
    subjects = sorted(set(map(subject, lines)))
    pages = [[line for line in lines if (subject(line) < subjects[1]) is first] for first in (True, False)]
    for extension, form in (
        ("ttl", ox.RdfFormat.TURTLE),
        ("jsonld", ox.RdfFormat.JSON_LD),
        ("rdf", ox.RdfFormat.RDF_XML),
    ):
        around = streams.frame(extension, VOCABULARY)
        written = (
            thing for own in pages for thing in streams.page(document(own).decode(), VOCABULARY).streams[extension]
        )
        whole = around.head + around.between.join(written) + around.tail
        assert parsed(whole.encode(), form) == set(lines), extension


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=4))
@example("ª")
@example("a.")
@example("½a")
def test_shortened_iri_is_one_to_whoever_reads_turtle(local: str) -> None:
    short, prefix = serialise.shorten(f"http://schema.org/{local}")
    if prefix:
        text = f"@prefix schema: <http://schema.org/> .\n{short} a {short} .\n"
        assert parsed(text, ox.RdfFormat.TURTLE)


def test_a_blank_node_is_refused_by_dumps() -> None:
    with pytest.raises(ValueError, match="_:b0"):
        streams.page("<http://a.example/> <http://b.example/> _:b0 .\n", VOCABULARY)


@given(st.lists(ENTITIES, min_size=1, max_size=3, unique_by=lambda entity: entity.iri))
def test_tables_hold_every_value_of_their_columns_as_the_csv_module_writes_it(entities: list[Entity]) -> None:
    lines = sorted({line for entity in entities for line in WRITER.lines(entity)})
    stated: dict[tuple[str, str, str], list[str]] = {}
    for stated_by, predicate, node in graph(lines):
        language = (node.language if isinstance(node, Literal) else None) or ""
        value = re.sub(r"([\\|])", r"\\\1", str(node))
        stated.setdefault((str(stated_by), str(predicate), language), []).append(value)
    for name, rows in streams.page(document(lines).decode(), VOCABULARY).rows.items():
        terms, (head,) = VOCABULARY.classes[name], csv.reader([streams.header(VOCABULARY.classes[name])])
        places = {
            f"{term.name}_{language}" if language else term.name: (term.predicate, language)
            for term in terms.fields
            for language in (("cs", "en") if term.kind == "text" else ("",))
        }
        for row, cells in zip(rows, csv.reader(io.StringIO("".join(rows), newline="")), strict=True):
            iri, *values = cells
            for column, value in zip(head[1:], values, strict=True):
                parts = re.findall(r"(?:[^\\|]|\\.)+", value, re.DOTALL)
                assert sorted(parts) == sorted(filter(None, stated.get((iri, *places[column]), [])))
            again = io.StringIO(newline="")
            csv.writer(again).writerow(cells)
            assert row == again.getvalue()


def test_code_lists_have_no_blank_nodes_and_one_form() -> None:
    lines = graph_lines(VOCABULARY.codelists)
    assert not [line for line in lines if line.startswith("_:") or " _:" in line]
    assert parsed("\n".join(lines), ox.RdfFormat.N_TRIPLES) == set(lines)


def test_digest_is_the_checksum_of_the_lines_as_a_file() -> None:
    assert digest(document(["a", "b"])) == hashlib.sha256(b"a\nb\n").hexdigest()


# Order ---------------------------------------------------------------------------------------------

THINGS = st.lists(st.text("a1-/", min_size=1, max_size=4), unique=True, max_size=6)


@given(THINGS, THINGS, st.lists(st.text("a-/1", max_size=2), max_size=3))
def test_lines_of_things_come_out_as_if_all_were_sorted_at_once(
    ours: list[str], theirs: list[str], parts: list[str]
) -> None:
    def documents(names: list[str]) -> list[tuple[str, bytes]]:
        made = [sorted({f"<{name}{part}> p ." for part in ("", *parts)}) for name in names]
        return sorted((lines[0].partition(" ")[0], document(lines)) for lines in made)

    both = [documents(ours), documents(theirs)]
    told = [content.decode().splitlines() for content in in_order(*both)]
    assert [line for lines in told for line in lines] == sorted(
        {line for stream in both for _, content in stream for line in content.decode().splitlines()}
    )
    for before, after in pairwise(told):  # no subject is divided
        assert subject(before[-1]) != subject(after[0])
