"""Every class of the model as RDF: what the compiled writers put is what plain readers of the shapes make of it."""

from __future__ import annotations

import dataclasses
import importlib.util
import json
import pickle
import sys
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pyld import jsonld
from rdflib import RDF, RDFS, XSD, BNode, Graph, Literal, URIRef

from lod import cli, model
from lod.clean import PartialDate
from lod.model import Entity, MonetaryAmount, Text
from lod.rdf import literal, subject
from lod.tidy import camel

from .conftest import BASE, REPOSITORY, Site
from .drawn import CLASSES, CLEAN, HOSTILE, VOCABULARY, WRITER, any_of, entities

# The reference: plain, slow, and without a thought for stores ---------------------------------------


def fields_of(entity: Entity) -> Iterator[tuple[str, list[Any]]]:
    for field in dataclasses.fields(entity):
        value = getattr(entity, field.name)
        if field.name != "iri" and value is not None:
            yield field.name, list(value) if isinstance(value, tuple) else [value]


@cache
def property_of(kind: str, name: str) -> tuple[URIRef, URIRef | None]:
    """Return the path and the datatype that the shapes of a class or of a superclass give to a field."""
    shapes = VOCABULARY.shapes
    (target_class,) = shapes.objects(URIRef(f"{shape_iri()}{kind}"), SH_TARGET)
    for above in VOCABULARY.ontology.transitive_objects(target_class, RDFS.subClassOf):
        for node in shapes.subjects(SH_TARGET, above):
            owned = URIRef(f"{node}-{camel(name)}")
            for path in shapes.objects(owned, SH_PATH):
                assert isinstance(path, URIRef)
                datatype = shapes.value(owned, SH_DATATYPE)
                return path, datatype if isinstance(datatype, URIRef) else None
    raise KeyError((kind, name))


SH_TARGET, SH_PATH, SH_DATATYPE = (
    URIRef(f"http://www.w3.org/ns/shacl#{name}") for name in ("targetClass", "path", "datatype")
)


def shape_iri() -> str:
    return "https://w3id.org/verejne-projekty/shapes#"


def types_of(kind: type[Entity]) -> set[URIRef]:
    (own,) = VOCABULARY.shapes.objects(URIRef(shape_iri() + kind.__name__), SH_TARGET)
    return {URIRef(str(iri)) for iri in VOCABULARY.ontology.transitive_objects(own, RDFS.subClassOf)}


def referred(value: Any) -> str:
    return value.iri if isinstance(value, Entity) else str(value)


def reference(entity: Entity, graph: Graph) -> Graph:
    """Add a model object to an rdflib graph, by its shapes read afresh."""
    node = URIRef(entity.iri)
    for kind in types_of(type(entity)):
        graph.add((node, RDF.type, kind))
    for name, values in fields_of(entity):
        path, datatype = property_of(type(entity).__name__, name)
        for value in values:
            if isinstance(value, Entity):
                reference(value, graph)
            if isinstance(value, Text):
                graph.add((node, path, Literal(value.value, lang=value.language)))
            elif isinstance(value, PartialDate):
                graph.add((node, path, Literal(value.lexical, datatype=XSD[value.datatype], normalize=False)))
            elif isinstance(value, Entity) or datatype is None:
                graph.add((node, path, URIRef(referred(value))))
            elif datatype == XSD.string:
                graph.add((node, path, Literal(str(value))))
            else:
                text = lexical(value) if isinstance(value, Decimal) else str(value)
                graph.add((node, path, Literal(text, datatype=datatype, normalize=False)))
    return graph


def lexical(value: Decimal) -> str:
    """Return the canonical form of XML Schema 1.1, section E.1, digit by digit."""
    sign, figures, exponent = value.as_tuple()
    assert isinstance(exponent, int)
    digits = "".join(map(str, figures)) + "0" * exponent
    cut = max(-exponent, 0)
    digits = digits.rjust(cut + 1, "0")
    number = digits[: len(digits) - cut].lstrip("0") or "0"
    fraction = digits[len(digits) - cut :].rstrip("0")
    minus = "-" if sign and (number != "0" or fraction) else ""
    return minus + number + (f".{fraction}" if fraction else "")


def as_json(entity: Entity) -> dict[str, Any]:
    """Return a model object as the JSON that its field names suggest, nested as it is."""
    node: dict[str, Any] = {"id": entity.iri, "type": sorted(map(str, types_of(type(entity))))}
    for name, values in fields_of(entity):
        written: list[Any] = []
        for value in values:
            if isinstance(value, Entity):
                written.append(as_json(value))
            elif isinstance(value, Text):
                written.append({"@value": value.value, "@language": value.language})
            elif isinstance(value, PartialDate):
                written.append({"@value": value.lexical, "@type": f"xsd:{value.datatype}"})
            else:
                written.append(lexical(value) if isinstance(value, Decimal) else str(value))
        node[camel(name)] = written
    return node


def triples(data: str | bytes, form: ox.RdfFormat = ox.RdfFormat.N_TRIPLES) -> set[ox.Triple]:
    return {quad.triple for quad in ox.parse(data, format=form)}


def of_graph(graph: Graph) -> set[ox.Triple]:
    def term(node: Any) -> Any:
        if isinstance(node, Literal):
            if node.language:
                return ox.Literal(str(node), language=node.language)
            return ox.Literal(str(node), datatype=ox.NamedNode(str(node.datatype or XSD.string)))
        assert not isinstance(node, BNode)
        return ox.NamedNode(str(node))

    return {ox.Triple(*map(term, triple)) for triple in graph}


# Properties ---------------------------------------------------------------------------------------


def test_every_class_that_has_a_shape_is_drawn() -> None:
    classes = [item for name in model.__all__ if isinstance(item := getattr(model, name), type)]
    known = {kind.__name__ for kind in classes if issubclass(kind, Entity)}
    assert known - {kind.__name__ for kind in CLASSES} == {"Entity", "ProgrammePart", "Selector"}  # made by none
    for kind in CLASSES:
        named = {term.attribute for term in VOCABULARY.classes[kind.__name__].fields}
        assert {field.name for field in dataclasses.fields(kind)} - {"iri"} <= named, kind


@pytest.mark.parametrize("kind", CLASSES, ids=lambda kind: kind.__name__)
@settings(max_examples=8)
@given(data=st.data())
def test_lines_are_what_a_plain_reading_of_the_shapes_gives(kind: type[Entity], data: st.DataObject) -> None:
    entity = data.draw(entities(kind, HOSTILE))
    lines = WRITER.described(entity)
    assert triples("\n".join(lines)) == of_graph(reference(entity, Graph()))
    assert lines == sorted(set(WRITER.lines(entity)))


@settings(max_examples=25)
@given(any_of(HOSTILE))
def test_lines_are_what_a_json_ld_processor_makes_of_the_json_with_our_context(entity: Entity) -> None:
    document = json.loads(json.dumps({"@context": VOCABULARY.context, **as_json(entity)}))
    lines = WRITER.described(entity)
    quads = jsonld.to_rdf(document, {"format": "application/n-quads"})
    assert triples(quads, ox.RdfFormat.N_QUADS) == triples("\n".join(lines))


@settings(max_examples=60)
@given(any_of(CLEAN))
def test_a_store_changes_nothing_in_the_lines(entity: Entity) -> None:
    lines = WRITER.described(entity)
    store = ox.Store()
    store.bulk_load(input="\n".join(lines).encode(), format=ox.RdfFormat.N_TRIPLES)
    dumped = store.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=ox.DefaultGraph())
    assert dumped is not None
    assert sorted(dumped.decode().removesuffix("\n").split("\n")) == lines
    store = ox.Store()
    store.bulk_load(input="\n".join(lines).encode(), format=ox.RdfFormat.N_QUADS)
    assert len(store) == len(lines)


@settings(max_examples=25)
@given(any_of(HOSTILE))
def test_whatever_a_text_holds_it_stays_one_literal(entity: Entity) -> None:
    store = ox.Store()
    lines = WRITER.described(entity)
    assert not [line for line in lines if "\n" in line or "\r" in line]
    store.bulk_load(input="\n".join(lines).encode(), format=ox.RdfFormat.N_TRIPLES)
    assert {quad.triple for quad in store} == triples("\n".join(lines))


@settings(max_examples=25)
@given(any_of(CLEAN))
def test_every_line_is_about_the_thing_or_a_part_of_it(entity: Entity) -> None:
    lines = WRITER.described(entity)
    assert all(iri == entity.iri or iri.startswith(f"{entity.iri}/") for iri in map(subject, lines))
    referred: set[str] = set()
    for line in lines:
        (read,) = triples(line)
        assert isinstance(read.subject, ox.NamedNode)
        assert read.subject.value == subject(line)
        if isinstance(read.object, ox.NamedNode) and read.predicate.value != str(RDF.type):
            referred.add(read.object.value)
    assert WRITER.targets(entity) == referred - set(map(subject, lines))


@given(st.lists(any_of(CLEAN), min_size=2, max_size=5))
def test_things_are_the_same_in_another_process(things: list[Entity]) -> None:
    for thing in things:
        copy = pickle.loads(pickle.dumps(thing, 5))
        assert type(copy) is type(thing)
        assert copy == thing


def test_a_class_and_the_one_it_is_made_of_are_told_apart_by_a_copy() -> None:
    amount = MonetaryAmount(iri=f"{BASE}a", value=Decimal(1), currency_code="CZK", currency=f"{BASE}CZK")
    for kind in (model.Payment, model.Return, model.Payment):
        thing = kind(iri=f"{BASE}p", amount=amount)
        assert pickle.loads(pickle.dumps(thing, 5)) == thing


@given(HOSTILE, st.sampled_from(["", "cs", "en"]))
@example('"""', "cs")
@example("\\n není nový řádek\n", "")
@example("'; DROP TABLE <b>&amp;</b> \u2028 \U0001f600 \u0301", "en")
def test_literal_survives(value: str, language: str) -> None:
    (read,) = triples(f"<http://a> <http://b> {literal(value, language=language)} .")
    assert isinstance(read.object, ox.Literal)
    assert (read.object.value, read.object.language or "") == (value, language)


def test_a_part_that_is_stated_twice_is_written_once() -> None:
    amount = MonetaryAmount(iri=f"{BASE}a", value=Decimal(1), currency_code="CZK", currency=f"{BASE}CZK")
    contribution = model.Contribution(iri=f"{BASE}c", contribution_kind=f"{BASE}eu", amount=amount)
    whole = model.Project(iri=f"{BASE}p", title=(), contribution=(contribution, contribution))
    lines = WRITER.described(whole)
    assert len(lines) == len(set(lines))
    assert sum(line.startswith(f"<{BASE}a> ") for line in lines) == 4


# The generator of the benchmarks --------------------------------------------------------------------


def generator() -> Any:
    path = REPOSITORY / "bench" / "records.py"
    spec = importlib.util.spec_from_file_location("bench_records", path)
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_command_finds_each_spoiled_record_for_its_own_error_and_no_good_one(
    site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    bench = generator()
    rows = enumerate(bench.records(24, errors=0.5), 2)
    spoiled = {f"records/tidy.csv:{number}": error for number, (_, error) in rows if error}
    assert Counter(spoiled.values()) == dict.fromkeys(bench.ERRORS, 1)
    assert len(bench.ERRORS) == 12
    (site.folder / "records").mkdir()
    bench.write(site.folder / "records" / "tidy.csv", 24, errors=0.5)
    assert cli.main(["check", "--config", str(site.settings), "--json", "--all"]) == 1
    findings = json.loads(capsys.readouterr().out)
    assert {finding["place"]: finding["kind"] for finding in findings} == spoiled
    assert len(findings) == len(spoiled)
    assert {finding["severity"] for finding in findings} == {"violation"}
    refused = site.build().report["sources"][0]["refused"]
    assert refused == len(spoiled)


def test_the_generator_is_repeatable_and_changes_the_share_it_is_told(tmp_path: Path) -> None:
    bench = generator()
    long, short = (bench.write(tmp_path / f"{n}.csv", n).read_text("utf-8") for n in (300, 100))
    assert long.startswith(short)
    changed = bench.write(tmp_path / "changed.csv", 300, changed=0.01).read_text("utf-8")
    differing = [a for a, b in zip(long.splitlines(), changed.splitlines(), strict=True) if a != b]
    assert len(differing) == 3
    assert len({row["registracni_cislo"] for row, _ in bench.records(2000)}) == 2000
