"""The same graph in every syntax, for anybody's parser."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from decimal import Decimal

import pyoxigraph as ox
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pyld import jsonld
from rdflib import BNode, Graph
from rdflib.compare import isomorphic

from lod import serialise
from lod.clean import PartialDate
from lod.iris import CURRENCY, NUTS, RPP, Iris
from lod.model import (
    Activity,
    Address,
    AreaOfSupport,
    Call,
    Contribution,
    Document,
    Entity,
    Evidence,
    Grant,
    Identifier,
    MonetaryAmount,
    Output,
    Payment,
    PriorityAxis,
    ProgrammePart,
    Project,
    RegisteredOrganisation,
    Return,
    Site,
    Text,
    UnidentifiedOrganisation,
)
from lod.rdf import Writer, digest, graph_lines, literal, subject, target
from lod.terms import Vocabulary

from .conftest import BASE

IRIS = Iris(BASE)
VOCABULARY = Vocabulary(BASE)
WRITER = Writer(VOCABULARY)

# Everything that clean text may hold, and the escapes that literals have.
CHARACTERS = st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff") | st.sampled_from(
    '"\\\n\r\t\b\f'
)
VALUES = st.text(CHARACTERS, min_size=1, max_size=20)
AMOUNTS = st.decimals(-(10**12), 10**12, allow_nan=False, allow_infinity=False, places=2)
DATES = st.dates().map(lambda day: PartialDate(day.isoformat())) | st.sampled_from(
    [PartialDate("2006"), PartialDate("2006-09"), PartialDate("1999-12")]
)
KEYS = st.from_regex(r"[A-Za-z0-9._~-]{1,12}", fullmatch=True)


@st.composite
def texts(draw: st.DrawFn) -> tuple[Text, ...]:
    languages = draw(st.sampled_from([("cs",), ("en",), ("cs", "en")]))
    return tuple(Text(draw(VALUES), language) for language in languages)


def some(strategy: st.SearchStrategy[Text]) -> st.SearchStrategy[tuple[Text, ...]]:
    return st.lists(strategy, max_size=3, unique=True).map(tuple)


@st.composite
def money(draw: st.DrawFn, iri: str) -> MonetaryAmount:
    code = draw(st.sampled_from(["CZK", "EUR"]))
    return MonetaryAmount(iri=iri, value=draw(AMOUNTS), currency_code=code, currency=CURRENCY + code)


@st.composite
def projects(draw: st.DrawFn) -> Project:
    iri = IRIS.thing("projekty", draw(KEYS))
    output = Output(iri=f"{iri}/aktivity/1/vystupy/1", title=draw(texts()), quantity=draw(AMOUNTS), unit=draw(texts()))
    payments = (
        Payment(iri=f"{iri}/dotace/platby/2010", year=PartialDate("2010"), amount=draw(money(f"{iri}/p/castka"))),
        Return(iri=f"{iri}/dotace/platby/celkem", amount=draw(money(f"{iri}/v/castka"))),
    )
    start = draw(st.none() | DATES)
    return Project(
        iri=iri,
        title=draw(texts()),
        registration_number=draw(st.none() | VALUES),
        identifier=Identifier(iri=f"{iri}/registracni-cislo", notation=draw(VALUES)),
        summary=draw(texts()),
        target_group=draw(some(st.builds(Text, VALUES, st.sampled_from(["cs", "en"])))),
        start=start,
        start_earliest=start.earliest if start else None,
        end=draw(st.none() | DATES),
        beneficiary=(IRIS.organisation(ico="60609460"),),
        currency=CURRENCY + "CZK",
        total_cost=draw(st.none() | money(f"{iri}/naklady/celkem")),
        contribution=(
            Contribution(
                iri=f"{iri}/prispevky/eu",
                contribution_kind=IRIS.thing("druhy-prispevku", "eu"),
                fund=IRIS.thing("fondy", "ESF"),
                amount=draw(money(f"{iri}/prispevky/eu/castka")),
            ),
        ),
        grant=(Grant(iri=f"{iri}/dotace", decision_date=draw(DATES), payment=payments),),
        activity=(Activity(iri=f"{iri}/aktivity/1", title=draw(texts()), output=(output,)),),
        place=(f"{NUTS}CZ071",),
        evidence=(
            Evidence(
                iri=f"{iri}/doklady/program", fact=f"{BASE}x", printed=(Text(draw(VALUES)),), reason=draw(texts())
            ),
        ),
        source=(IRIS.thing("dokumenty", draw(KEYS)),),
    )


@st.composite
def organisations(draw: st.DrawFn) -> RegisteredOrganisation | UnidentifiedOrganisation:
    iri = IRIS.thing("organizace", draw(KEYS))
    site = Site(
        iri=f"{iri}/sidlo",
        address=Address(iri=f"{iri}/sidlo/adresa", thoroughfare=draw(VALUES), post_code="77900"),
        place=(f"{NUTS}CZ071",),
    )
    names, others = draw(texts()), draw(some(st.builds(Text, VALUES)))
    if draw(st.booleans()):
        return UnidentifiedOrganisation(iri=iri, legal_name=names, other_name=others, registered_site=site)
    return RegisteredOrganisation(
        iri=iri,
        legal_name=names,
        other_name=others,
        registered_site=site,
        ico="60609460",
        org_identifier="60609460",
        public_body=f"{RPP}60609460",
        data_box="https://data.gov.cz/zdroj/datové-schránky/qiabfmf",
    )


@st.composite
def parts_of_programmes(draw: st.DrawFn) -> ProgrammePart:
    kinds: list[type[ProgrammePart]] = [PriorityAxis, AreaOfSupport, Call]
    kind = draw(st.sampled_from(kinds))
    iri = IRIS.thing("programy", f"CZ.1.04/{draw(KEYS)}")
    return kind(iri=iri, label=draw(texts()), notation=draw(VALUES), part_of=IRIS.thing("programy", "CZ.1.04"))


DOCUMENTS = st.builds(
    Document,
    iri=KEYS.map(lambda key: IRIS.thing("dokumenty", key)),
    title=texts(),
    web_page=st.none() | st.just("https://www.esfcr.cz/projekty?a=1&b=%C5%A1#x"),
    modified=st.none() | DATES,
    temporal_coverage=st.none() | st.just("2009/2010"),
)
ENTITIES: st.SearchStrategy[Entity] = projects() | organisations() | parts_of_programmes() | DOCUMENTS


def parsed(data: str | bytes, form: ox.RdfFormat) -> set[str]:
    return {f"{quad.triple} ." for quad in ox.parse(data, format=form)}


def triples(lines: Iterable[str]) -> list[ox.Triple]:
    return [quad.triple for quad in ox.parse("\n".join(lines), format=ox.RdfFormat.N_TRIPLES)]


def graph(lines: Iterable[str]) -> Graph:
    return Graph().parse(data="\n".join(lines), format="nt")


@given(ENTITIES)
def test_lines_are_what_a_store_dumps(entity: Entity) -> None:
    lines = WRITER.described(entity)
    store = ox.Store()
    store.bulk_load(input="\n".join(lines), format=ox.RdfFormat.N_TRIPLES)
    dumped = store.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=ox.DefaultGraph())
    assert dumped is not None
    assert sorted(dumped.decode().removesuffix("\n").split("\n")) == lines


@given(ENTITIES)
def test_lines_mean_the_same_to_rdflib(entity: Entity) -> None:
    lines = WRITER.described(entity)
    read = graph(lines)
    assert len(read) == len(lines)
    assert not [node for triple in read for node in triple if isinstance(node, BNode)]
    assert graph_lines(read) == lines


@given(ENTITIES)
def test_every_line_is_about_the_thing_or_a_part_of_it(entity: Entity) -> None:
    lines = WRITER.described(entity)
    subjects = {subject(line) for line in lines}
    assert all(iri == entity.iri or iri.startswith(f"{entity.iri}/") for iri in subjects)
    for read, line in zip(triples(lines), lines, strict=True):
        assert isinstance(read.subject, ox.NamedNode)
        assert read.subject.value == subject(line)
        assert target(line) == (read.object.value if isinstance(read.object, ox.NamedNode) else "")


@given(VALUES, st.sampled_from(["", "cs", "en"]))
@example('"""', "cs")
@example("\\", "cs")
@example("\\n není nový řádek\n", "")
@example("'; DROP TABLE <b>&amp;</b> \u2028 \U0001f600 \u0301", "en")
def test_literal_survives(value: str, language: str) -> None:
    line = f"<http://a> <http://b> {literal(value, language=language)} ."
    (read,) = triples([line])
    assert isinstance(read.object, ox.Literal)
    assert (read.object.value, read.object.language or "") == (value, language)
    ((_, _, node),) = graph([line])
    assert str(node) == value


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


def test_code_lists_have_no_blank_nodes_and_one_form() -> None:
    lines = graph_lines(VOCABULARY.codelists)
    assert not [line for line in lines if line.startswith("_:") or " _:" in line]
    assert parsed("\n".join(lines), ox.RdfFormat.N_TRIPLES) == set(lines)


def test_digest_is_the_checksum_of_the_lines_as_a_file() -> None:
    assert digest(["a", "b"]) == hashlib.sha256(b"a\nb\n").hexdigest()
