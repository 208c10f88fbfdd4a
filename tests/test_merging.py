"""One project in several records: one thing, all its sources, and every contradiction told."""

from __future__ import annotations

import random
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import RDF, Graph, Literal, Namespace, URIRef

from lod import merging, pipeline, project
from lod.clean import PartialDate
from lod.iris import Iris
from lod.model import Document, Record, Severity, Text
from lod.terms import Vocabulary

from .conftest import BASE, GOOD, HEAD, Site, lines, violations

VOCABULARY = Vocabulary(BASE)
IRIS = Iris(BASE)
DCT = Namespace("http://purl.org/dc/terms/")
PROV = Namespace("http://www.w3.org/ns/prov#")
SCHEMA = Namespace("http://schema.org/")
VP = Namespace("https://w3id.org/verejne-projekty#")
PROJECT = URIRef(f"{BASE}zdroj/projekty/CZ.1.04-3.1.00-05.00099")

SOURCE = """
[[source]]
name = "{0}"
kind = "table"
files = ["{0}/*.csv"]

[source.columns]
nazev = "nazev"
registracni_cislo = "cislo"
prijemce = {{ column = "prijemce", optional = true }}
ico = {{ column = "ico", optional = true }}
zahajeni = {{ column = "od", optional = true }}
ukonceni = {{ column = "do", optional = true }}
castka_celkem = {{ column = "celkem", optional = true }}
castka_eu = {{ column = "eu", optional = true }}
uzemi = {{ column = "uzemi", optional = true }}

[source.document]
slug = "{0}"
title_cs = "Registr {0}"
title_en = "Register {0}"
"""


class Registers(Site):
    """A site of two registers, `a` trusted more than `b`."""

    def table(self, source: str, *rows: dict[str, str]) -> None:
        """Write the rows of a register; what a row does not say is as in a good record."""
        filled = [{"nazev": "Oprava školy", "cislo": "CZ.1.04/3.1.00/05.00099", **row} for row in rows]
        header = sorted({name for row in filled for name in row})
        text = "\n".join([";".join(header), *(";".join(row.get(name, "") for name in header) for row in filled), ""])
        self.write(f"{source}/{source}.csv", text)

    def graph(self) -> Graph:
        return Graph().parse(data="\n".join(lines(self.check())), format="nt")

    def contradictions(self) -> list[tuple[str, str, str]]:
        """Return the column, the value that lost, and the one that holds."""
        return [
            (f.field, f.value, f.repair)
            for f in self.check().findings
            if f.kind == "sources-contradict" and f.severity is Severity.WARNING
        ]


@pytest.fixture
def registers(tmp_path: Path, vocabulary: Vocabulary) -> Registers:
    site = Registers(tmp_path, vocabulary)
    site.write("lod.toml", HEAD + SOURCE.format("a") + SOURCE.format("b"))
    return site


def test_the_same_project_in_two_sources_is_one_with_both_named(registers: Registers) -> None:
    registers.table("a", {"od": "2010", "celkem": "100"})
    registers.table("b", {"do": "2012", "eu": "85"})
    found = registers.graph()
    assert list(found.subjects(RDF.type, VP.Project)) == [PROJECT]
    documents = {URIRef(f"{BASE}zdroj/dokumenty/{name}") for name in "ab"}
    assert set(found.objects(PROJECT, PROV.wasDerivedFrom)) == documents
    assert {str(term) for term in found.objects(PROJECT, VP.startEarliest)} == {"2010-01-01"}
    assert {str(term) for term in found.objects(PROJECT, VP.endLatest)} == {"2012-12-31"}
    assert {str(term) for term in found.objects(None, SCHEMA.value)} == {"100", "85"}
    assert registers.contradictions() == []


def test_counts_add_up(registers: Registers) -> None:
    registers.table("a", {}, {"cislo": "CZ.1.04/3.1.00/05.00001"})
    registers.table("b", {}, {"cislo": "CZ.1.04/3.1.00/05.00002", "od": "včera"}, {"cislo": "CZ.1.04/3.1.00/05.00003"})
    outcome = registers.build(publish=False)
    counted = {
        source["name"]: [source[key] for key in ("read", "published", "refused", "merged")]
        for source in outcome.report["sources"]
    }
    assert counted == {"a": [2, 2, 0, 0], "b": [3, 1, 1, 1]}


def test_a_source_that_only_repeats_others_does_not_stop_the_switch(registers: Registers) -> None:
    registers.table("a", {})
    registers.table("b", {})
    assert registers.build().stopped == []


@pytest.mark.parametrize(
    ("trusted", "other", "start"),
    [
        ("2006-09", "15. 9. 2006", "2006-09-15"),
        ("15. 9. 2006", "2006-09", "2006-09-15"),
        ("2006", "září 2006", "2006-09"),
        ("", "2006", "2006"),
    ],
)
def test_more_precise_date_completes(registers: Registers, trusted: str, other: str, start: str) -> None:
    registers.table("a", {"od": trusted})
    registers.table("b", {"od": other})
    assert {str(t) for t in registers.graph().objects(PROJECT, VP.start)} == {start}
    assert registers.contradictions() == []


@pytest.mark.parametrize(
    ("row", "other", "column"),
    [
        ({"od": "2006"}, {"od": "2007-09"}, "od"),
        ({"celkem": "100 Kč"}, {"celkem": "120 Kč"}, "celkem"),
        ({"eu": "100"}, {"eu": "85"}, "eu"),
        ({"nazev": "Oprava školy"}, {"nazev": "Stavba mostu"}, "nazev"),
        ({"ico": "60609460"}, {"ico": "70891320"}, "prijemce"),
    ],
)
def test_contradiction_is_told_and_the_losing_value_stays_as_evidence(
    registers: Registers, row: dict[str, str], other: dict[str, str], column: str
) -> None:
    registers.table("a", row)
    registers.table("b", other)
    ((field, lost, holds),) = registers.contradictions()
    assert (field, lost != holds) == (column, True)
    (finding,) = [f for f in registers.check().findings if f.kind == "sources-contradict"]
    assert finding.place == "b/b.csv:2"
    for said in (finding.cs, finding.en):
        assert all(part in said for part in ("a/a.csv:2", "b/b.csv:2", lost, holds))
    found = registers.graph()
    (evidence,) = found.objects(PROJECT, VP.evidence)
    assert str(found.value(evidence, VP.printed)) == lost
    assert found.value(evidence, PROV.wasDerivedFrom) == URIRef(f"{BASE}zdroj/dokumenty/b")


@pytest.mark.parametrize(
    ("row", "other"),
    [
        ({"nazev": "Oprava školy"}, {"nazev": "OPRAVA  ŠKOLY"}),
        ({"celkem": "705096123,45"}, {"celkem": "705096000"}),
        ({"celkem": "705096000"}, {"celkem": "705096123,45"}),
        ({"prijemce": "ASIPO s.r.o."}, {"prijemce": "Asipo, spol. s r. o.", "ico": "60609460"}),
        ({"prijemce": "ASIPO s.r.o.", "ico": "60609460"}, {"prijemce": "Asipo, spol. s r. o."}),
    ],
)
def test_what_says_the_same_is_no_contradiction(
    registers: Registers, row: dict[str, str], other: dict[str, str]
) -> None:
    registers.table("a", row)
    registers.table("b", other)
    assert registers.contradictions() == []


@pytest.mark.parametrize("swapped", [False, True])
def test_the_beneficiary_gets_its_ico_from_whichever_source_has_it(registers: Registers, swapped: bool) -> None:
    rows = [{"prijemce": "ASIPO s.r.o."}, {"prijemce": "ASIPO s. r. o.", "ico": "60609460"}]
    first, second = reversed(rows) if swapped else rows
    registers.table("a", first)
    registers.table("b", second)
    beneficiaries = {str(term).rpartition("/")[2] for term in registers.graph().objects(PROJECT, VP.beneficiary)}
    assert beneficiaries == {"60609460"}


def test_exact_amount_completes_the_rounded_one(registers: Registers) -> None:
    registers.table("a", {"celkem": "705096000"})
    registers.table("b", {"celkem": "705096123,45"})
    assert {str(t) for t in registers.graph().objects(None, SCHEMA.value)} == {"705096123.45"}


def test_damaged_number_meets_its_project(registers: Registers) -> None:
    registers.table("a", {"cislo": "CZ.03.2.60/0.0/0.0/15_005/0001897"})
    registers.table("b", {"cislo": "CZ 03.260/0.0/15_005/0001897"})
    assert len(list(registers.graph().subjects(RDF.type, VP.Project))) == 1


@pytest.mark.parametrize("fault", [{"od": "včera"}, {"od": "2012", "do": "2010"}])
@pytest.mark.parametrize("bad", ["a", "b"])
def test_a_refused_record_does_not_take_the_other_one_along(
    registers: Registers, fault: dict[str, str], bad: str
) -> None:
    good = "b" if bad == "a" else "a"
    registers.table(bad, fault)
    registers.table(good, {"celkem": "100"})
    checked = registers.check()
    assert set(checked.refused) == {f"{bad}/{bad}.csv:2"}
    assert checked.merged == {}
    assert {f.place for f in violations(checked.findings)} == {f"{bad}/{bad}.csv:2"}
    found = Graph().parse(data="\n".join(lines(checked)), format="nt")
    assert {str(t) for t in found.objects(PROJECT, PROV.wasDerivedFrom)} == {f"{BASE}zdroj/dokumenty/{good}"}


def test_records_that_do_not_go_together_leave_the_trusted_one(registers: Registers) -> None:
    registers.table("a", {"od": "2012"})
    registers.table("b", {"do": "2010"})
    checked = registers.check()
    assert set(checked.refused) == {"b/b.csv:2"}
    assert "a/a.csv:2" in violations(checked.findings)[0].cs
    found = Graph().parse(data="\n".join(lines(checked)), format="nt")
    assert {str(t) for t in found.objects(PROJECT, VP.start)} == {"2012"}
    assert not list(found.objects(PROJECT, VP.end))


# Rows of one source


def test_row_that_repeats_another_is_joined(registers: Registers) -> None:
    registers.table("a", {"celkem": "100"}, {"celkem": "100"}, {"celkem": "100"})
    checked = registers.check()
    assert violations(checked.findings) == []
    assert checked.merged == {"a": 2}
    told = [(f.severity, f.place) for f in checked.findings if f.kind == "duplicate-row"]
    assert told == [(Severity.INFO, "a/a.csv:3"), (Severity.INFO, "a/a.csv:4")]


def test_rows_of_several_places_are_one_project(registers: Registers) -> None:
    registers.table("a", {"uzemi": "CZ071"}, {"uzemi": "CZ072"})
    checked = registers.check()
    assert violations(checked.findings) == []
    assert [f.kind for f in checked.findings if f.place == "a/a.csv:3"] == ["rows-joined"]
    assert len(set(registers.graph().objects(PROJECT, DCT.spatial))) == 4


def test_rows_that_contradict_each_other_are_not_joined(registers: Registers) -> None:
    registers.table("a", *({"nazev": f"Projekt {number}"} for number in range(4)))
    checked = registers.check()
    assert {(f.kind, f.place) for f in violations(checked.findings)} == {
        ("project-duplicate", f"a/a.csv:{line}") for line in (3, 4, 5)
    }
    assert set(checked.refused) == {"a/a.csv:3", "a/a.csv:4", "a/a.csv:5"}
    assert {str(t) for t in registers.graph().objects(PROJECT, DCT.title)} == {"Projekt 0"}


def test_budget_rows_are_one_project_whose_amount_is_not_guessed(registers: Registers) -> None:
    registers.table("a", *({"celkem": f"{amount}", "eu": "5"} for amount in range(10, 611)))
    checked = registers.check()
    assert violations(checked.findings) == []
    assert checked.merged == {"a": 600}
    (finding,) = [f for f in checked.findings if f.kind == "rows-differ"]
    assert (finding.severity, finding.field, finding.place) == (Severity.WARNING, "celkem", "a/a.csv:2")
    assert "601" in finding.cs
    found = Graph().parse(data="\n".join(lines(checked)), format="nt")
    assert {str(t) for t in found.objects(None, SCHEMA.value)} == {"5"}


@pytest.mark.parametrize("column", ["total", "eligible", "eu", "state", "own", "grant", "paid"])
def test_every_amount_that_rows_give_differently_is_left_out(column: str) -> None:
    one, other = ({"total": "9", "eu": "1", "grant": "7", column: amount} for amount in ("5", "6"))
    joined = only(made(0, "a.csv:2", **one), made(0, "a.csv:3", **other))
    assert [finding.kind for finding in joined.findings] == ["rows-joined", "rows-differ"]
    assert "value=Decimal('5')" not in repr(joined.project)
    assert "value=Decimal('6')" not in repr(joined.project)


# Many values


def made(rank: int = 0, place: str = "", **values: Any) -> project.Made:
    source = f"s{rank}"
    document = Document(iri=f"{BASE}zdroj/dokumenty/{source}", title=(Text(source),))
    english = {"title": GOOD["nazev"], "registration_number": GOOD["registracni_cislo"], "ico": GOOD["ico"], **values}
    record = Record(source, place or f"{source}.csv:{rank + 2}", english)
    return project.project(record, IRIS, VOCABULARY, rank=rank, document=document)


def only(*records: project.Made) -> merging.Joined:
    (joined,) = merging.join(records, VOCABULARY).values()
    return joined


def test_parts_are_united_by_what_they_are() -> None:
    one = made(0, outputs=[{"what": "školení", "quantity": 3}], activities=[{"title": "Vzdělávání"}], partners="Obec A")
    other = made(
        1,
        outputs=[{"what": "Školení", "quantity": 3}, {"what": "školení", "quantity": 5}, {"what": "web"}],
        activities=[
            {"title": "VZDĚLÁVÁNÍ", "description": "Kurzy", "outputs": [{"what": "kurz"}]},
            {"title": "Stavba", "outputs": [{"what": "dům"}]},
        ],
        partners="Obec A; Obec B",
    )
    joined = only(one, other).project
    assert [(output.title[0].value, output.quantity) for output in joined.output] == [
        ("školení", Decimal(3)),
        ("školení", Decimal(5)),
        ("web", None),
    ]
    assert [activity.title[0].value for activity in joined.activity] == ["Vzdělávání", "Stavba"]
    assert joined.activity[0].description == (Text("Kurzy"),)
    assert joined.activity[1].output[0].iri == f"{joined.iri}/aktivity/2/vystupy/1"
    assert len({part.iri for part in (*joined.output, *joined.activity)}) == 5
    assert [iri.rpartition("/")[2] for iri in joined.partner] == ["obec-a", "obec-b"]


def test_a_year_of_payments_comes_whole_from_the_trusted_source() -> None:
    one = made(0, payments=[{"year": "2010", "amount": "5"}])
    other = made(1, payments=[{"year": "2010", "amount": "7"}, {"year": "2011", "amount": "1"}])
    joined = only(one, other)
    paid = [(payment.year, payment.amount.value) for payment in joined.project.grant[0].payment]
    assert paid == [(PartialDate("2010"), Decimal(5)), (PartialDate("2011"), Decimal(1))]
    assert [finding.kind for finding in joined.findings] == ["sources-contradict"]


def test_the_holder_of_a_value_is_named_even_when_it_is_not_the_first() -> None:
    joined = only(made(0), made(1, start="2010"), made(2, start="2012"))
    (finding,) = joined.findings
    assert "s1 (s1.csv:3)" in finding.cs
    assert "s2 (s2.csv:4)" in finding.cs
    assert joined.project.start == PartialDate("2010")


VALUES = st.fixed_dictionaries(
    {},
    optional={
        "title": st.sampled_from(["Oprava školy", "OPRAVA ŠKOLY", "Stavba mostu"]),
        "start": st.sampled_from(["2006", "2006-09", "2006-09-15", "2007"]),
        "summary": st.sampled_from(["Popis", "Jiný popis"]),
        "beneficiary": st.sampled_from(["ASIPO s.r.o.", "ASIPO, spol. s r.o.", "Obec"]),
        "ico": st.sampled_from(["60609460", ""]),
        "total": st.sampled_from(["705096000", "705096123,45", "5"]),
        "eu": st.sampled_from(["100", "85"]),
        "partners": st.sampled_from(["A; B", "B; C"]),
        "places": st.sampled_from(["CZ071", "CZ072"]),
        "outputs": st.lists(
            st.fixed_dictionaries({"what": st.sampled_from(["dům", "web"]), "quantity": st.integers(1, 2)}), max_size=2
        ),
        "payments": st.lists(
            st.fixed_dictionaries({"year": st.sampled_from(["2010", "2011"]), "amount": st.integers(1, 2)}), max_size=2
        ),
    },
)


@given(
    st.lists(st.tuples(st.integers(0, 2), VALUES), min_size=1, max_size=5),
    st.randoms(use_true_random=False),
)
def test_reading_order_does_not_matter(rows: list[tuple[int, dict[str, Any]]], chance: random.Random) -> None:
    records = [made(rank, f"s{rank}.csv:{line}", **values) for line, (rank, values) in enumerate(rows, 2)]
    shuffled = list(records)
    chance.shuffle(shuffled)
    one, other = merging.join(records, VOCABULARY), merging.join(shuffled, VOCABULARY)
    assert one == other
    assert list(one) == list(other)


@given(st.lists(st.tuples(st.integers(0, 2), VALUES), min_size=1, max_size=5))
def test_no_source_is_lost_and_no_part_stands_twice(rows: list[tuple[int, dict[str, Any]]]) -> None:
    records = [made(rank, f"s{rank}.csv:{line}", **values) for line, (rank, values) in enumerate(rows, 2)]
    for joined in merging.join(records, VOCABULARY).values():
        stayed = {record.record.source for record in joined.records}
        assert {iri.rpartition("/")[2] for iri in joined.project.source} == stayed
        assert len(joined.records) + len(joined.left_out) == len(records)
        parts = [*joined.project.output, *joined.project.contribution, *joined.project.evidence]
        assert len({part.iri for part in parts}) == len(parts)


@given(VALUES)
def test_joining_a_record_with_itself_changes_nothing(values: dict[str, Any]) -> None:
    once = only(made(0, "a.csv:2", **values))
    twice = only(made(0, "a.csv:2", **values), made(0, "a.csv:3", **values))
    assert once.project == twice.project
    assert [finding.kind for finding in twice.findings] == ["duplicate-row"]


def test_slip_in_an_ico_is_repaired_from_the_reference_list(tmp_path: Path, vocabulary: Vocabulary) -> None:
    site = Site(tmp_path, vocabulary)
    reference = '[[source]]\nname = "org"\nkind = "table"\nyields = "organisations"\nfiles = ["org.csv"]\n'
    columns = '[source.columns]\nico = "ico"\nprijemce = "nazev"\n'
    site.write("lod.toml", HEAD + reference + columns + '[[source]]\nname = "z"\nkind = "records"\nfiles = ["r/*"]\n')
    site.write("org.csv", "ico,nazev\n60609460,Olomoucký kraj\n70891320,Zlínský kraj\n")
    site.write("r/a.csv", "nazev,ico\nProjekt,60609461\nJiný,12345678\n")
    collected = pipeline.collect(site.config, vocabulary, pipeline.Progress())
    found = violations(pipeline.check(collected, vocabulary, pipeline.Progress()).findings)
    assert [(finding.value, finding.repair) for finding in found] == [("60609461", "60609460"), ("12345678", "")]


def test_title_of_the_trusted_source_stands(registers: Registers) -> None:
    registers.table("a", {"nazev": "První"})
    registers.table("b", {"nazev": "Druhý"})
    assert set(registers.graph().objects(PROJECT, DCT.title)) == {Literal("První", lang="cs")}
