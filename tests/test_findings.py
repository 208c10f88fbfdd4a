"""Findings: each says what, where, what was read, what was expected and the nearest repair; all have a known kind."""

from __future__ import annotations

import ast
import csv
import io
import json
import re
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import RDF, SH, BNode, Graph, Literal, URIRef

import lod
from lod import clean, config, findings, pipeline
from lod.iris import SHAPES, VP
from lod.model import Finding, Severity
from lod.rdf import graph_lines
from lod.serialise import serialise
from lod.terms import Vocabulary, home
from lod.validation.results import KINDS
from lod.validation.validator import validate_graph
from lod.values import _url_repair, day_repair, number_repair
from lod.web import report

from .conftest import BASE, Site

PACKAGE = Path(lod.__file__).parent
REPORT = f"{BASE}kontrola"


def finding(**said: Any) -> Finding:
    given = {
        "severity": Severity.VIOLATION,
        "place": "a.csv:3",
        "field": "ico",
        "cs": "To není IČO.",
        "en": "This is no IČO.",
        "kind": "ico-invalid",
        "source": "registr",
    }
    return Finding(**{**given, **said})


SOME = st.builds(
    finding,
    severity=st.sampled_from(Severity),
    kind=st.sampled_from(["ico-invalid", "date-unreadable", "missing-value", "nobody-knows-this", ""]),
    place=st.sampled_from(["a.csv:3", "b/c d.csv:12", "stranka.html:7", "soubor.xlsx", ""]),
    field=st.sampled_from(["", "ico", "Cena (tis.)", "vystupy[1].pocet"]),
    cs=st.text(min_size=1, max_size=30),
    value=st.text(max_size=20),
    repair=st.sampled_from(["", "00006599", "<b>"]),
    expected_cs=st.sampled_from(["", "osm číslic"]),
    expected_en=st.sampled_from(["", "eight digits"]),
    subject=st.sampled_from(["", f"{BASE}zdroj/projekty/x", "http://not an iri"]),
    source=st.sampled_from(["", "registr", "lod"]),
)


# Where


@pytest.mark.parametrize(
    ("place", "field", "where", "file", "row"),
    [
        ("r/a.csv:3", "ico", "r/a.csv:3:ico", "r/a.csv", 3),
        ("r/a.csv", "ico", "r/a.csv:ico", "r/a.csv", None),
        ("stranka.html:12", "", "stranka.html:12", "stranka.html", 12),
        ("C:/a.csv:3", "", "C:/a.csv:3", "C:/a.csv", 3),
        ("12", "", "12", "12", None),
        ("a:" + "1" * 5000, "", "a:" + "1" * 5000, "a:" + "1" * 5000, None),
        ("", "", "", "", None),
    ],
)
def test_place_is_file_row_and_column(place: str, field: str, where: str, file: str, row: int | None) -> None:
    one = finding(place=place, field=field)
    assert (one.where, one.file, one.row) == (where, file, row)


# One sentence


def test_sentence_says_each_thing_once() -> None:
    one = finding(
        value="6599", repair="00006599", expected_cs="osm číslic", expected_en="eight digits", cs="IČO 6599 je krátké."
    )
    assert findings.sentence(one, "cs") == "IČO 6599 je krátké (čekáme: osm číslic; zkuste: 00006599)."
    assert findings.sentence(one, "en") == 'This is no IČO (read "6599"; expected: eight digits; try: 00006599).'
    assert findings.sentence(finding(), "cs") == "To není IČO."


@given(SOME)
def test_line_is_one_line_that_begins_with_the_place(one: Finding) -> None:
    line = findings.line(one)
    assert len(line.splitlines()) <= 1
    assert line.startswith(" ".join(one.where.split()))


@pytest.mark.parametrize(
    ("column", "value", "kind", "repair"),
    [
        ("zahajeni", "31. 2. 2010", "date-impossible", "28. 2. 2010"),
        ("zahajeni", "2011-04-31", "date-impossible", "2011-04-30"),
        ("zahajeni", "1.2.10", "date-unreadable", "1. 2. 2010"),
        ("zahajeni", "25/12/2010", "date-unreadable", "25. 12. 2010"),
        ("zahajeni", "1/2/2010", "date-unreadable", ""),  # January to some, February to others
        ("zahajeni", "někdy", "date-unreadable", ""),
        ("castka_celkem", "430.882", "number-ambiguous", ""),
        ("castka_celkem", "asi 5 tun", "number-unreadable", "5"),
        ("castka_celkem", "1,234,567.89", "number-unreadable", "1 234 567,89"),
        ("castka_celkem", "12O0", "number-unreadable", "1200"),
        ("castka_celkem", "1 až 2", "number-unreadable", ""),
        ("castka_celkem", "5 EUR", "currency-mismatch", ""),
        ("mena", "koruny", "currency-unreadable", "CZK"),
        ("web", "www.kr-olomoucky.cz", "url-malformed", "https://www.kr-olomoucky.cz"),
        ("web", "htp:/x.cz/a", "url-malformed", "https://x.cz/a"),
        ("web", "urad@kraj.cz", "url-malformed", ""),
        ("datova_schranka", "IDDS: abc defg", "data-box-malformed", "abcdefg"),
        ("slug", "Nová škola", "slug-malformed", "nova-skola"),
        ("stav", "Ukončný", "code-list-unknown", "Ukončený"),
        ("stav", "něco úplně jiného", "code-list-unknown", ""),
        ("uzemi", "Olomoucký krej", "code-list-unknown", "Olomoucký kraj"),
        ("fond", "ESFF", "code-list-unknown", "Evropský sociální fond"),
        ("registracni_cislo", "CZ 1.04/3.1.00/05.00099", "registration-number-damaged", "CZ.1.04/3.1.00/05.00099"),
        ("ico", "6599", "ico-short", "00006599"),
        ("registracni_cisloo", "x", "column-unknown", "registracni_cislo"),
        ("vystupy", 3, "value-wrong-form", ""),
    ],
)
def test_reading_faults_have_a_kind_and_the_nearest_repair(
    site: Site, column: str, value: Any, kind: str, repair: str
) -> None:
    site.record(**{column: value})
    collected = pipeline.collect(site.config, site.vocabulary, pipeline.Progress())
    (one,) = [f for f in collected.findings if f.field == column]
    assert (one.kind, one.repair) == (kind, repair)
    for language in ("cs", "en"):
        said = findings.sentence(one, language)
        assert repair in said
        assert one.value
        assert one.value in said


@given(
    st.from_regex(
        r"[0-9]{1,2}[./ -]{1,2}[0-9]{1,2}[./ -]{1,2}[0-9]{2,4}|[0-9]{4}[-/.][0-9]{1,2}[-/.][0-9]{1,2}", fullmatch=True
    )
)
def test_a_repaired_date_can_be_read(printed: str) -> None:
    repair, _ = day_repair(clean.text(printed))
    if repair:
        clean.partial_date(repair)


@given(st.text("0123456789 .,Ool-tisKč", max_size=14), st.sampled_from([None, ".", ","]))
def test_a_repaired_number_can_be_read(printed: str, decimal: str | None) -> None:
    if repair := number_repair(clean.text(printed), decimal):
        clean.amount(repair, decimal)


@given(st.text("htps:/.w czx@#?-", max_size=16) | st.text(max_size=10))
def test_a_repaired_address_can_be_read(printed: str) -> None:
    if repair := _url_repair(clean.text(printed)):
        assert clean.url(repair) == repair


# Groups


@given(st.lists(SOME, max_size=30))
def test_groups_hold_every_finding_once_the_worst_and_most_frequent_first(found: list[Finding]) -> None:
    made = findings.groups(found)
    assert Counter(f for group in made for f in group.findings) == Counter(found)
    keys = [(list(Severity).index(group.severity), -group.count) for group in made]
    assert keys == sorted(keys)
    assert len({(group.severity, group.kind) for group in made}) == len(made)
    for group in made:
        assert sum(same for _, same in group.examples) == group.count
        assert {f.source for f in group.findings} - {""} == set(group.sources)


@given(st.lists(SOME, max_size=20), st.randoms(use_true_random=False))
def test_order_of_groups_does_not_depend_on_the_order_of_findings(found: list[Finding], random: Any) -> None:
    mixed = list(found)
    random.shuffle(mixed)
    assert [(g.severity, g.kind, g.count) for g in findings.groups(found)] == [
        (g.severity, g.kind, g.count) for g in findings.groups(mixed)
    ]


# The terminal

TABLE = """\
2× chyba / violation: Neplatné IČO / Invalid IČO (ico-invalid)
  a.csv:3:ico: To není IČO (přečteno „1“; zkuste: 2). / This is no
      IČO (read "1"; try: 2).
  … a dalších 1 / and 1 more (--all)
  → Najděte organizaci v registru ARES a IČO opravte; kde žádné
    nemá, nechte buňku prázdnou. / Find the organisation in the
    register ARES and correct the IČO; leave the cell empty where
    there is none.

2× pro informaci / info: Chybí doporučený údaj / Missing
    recommended value (missing-recommended)
  a.csv:3:konec: Chybí konec. / No end. (2×)
  → Znáte-li údaj, doplňte ho. / Add the value if you know it.
"""


def test_table_on_a_narrow_screen(vocabulary: Vocabulary) -> None:
    absent = {"severity": Severity.INFO, "kind": "missing-recommended", "field": "konec"}
    found = [
        finding(**absent, cs="Chybí konec.", en="No end."),
        finding(value="1", repair="2"),
        finding(value="3"),
        finding(**absent, place="a.csv:4", cs="Chybí konec.", en="No end."),
    ]
    assert findings.table(found, vocabulary, width=66, most=1) == TABLE


@given(st.lists(SOME, max_size=8), st.integers(40, 120))
def test_table_fits_its_width_and_lets_no_control_through(
    vocabulary: Vocabulary, found: list[Finding], width: int
) -> None:
    for line in findings.table(found, vocabulary, width=width, most=3).split("\n"):
        assert len(line) <= width
        assert line.isprintable()


def test_table_without_width_is_a_line_a_finding(vocabulary: Vocabulary) -> None:
    found = [finding(place=f"a.csv:{n}", cs="Dlouhé " * 40, en="Long " * 40) for n in range(50)]
    text = findings.table(found, vocabulary)
    assert [line.split(": ")[0] for line in text.splitlines()[1:51]] == [f"  a.csv:{n}:ico" for n in range(50)]
    assert "\x1b" not in text
    assert "\x1b[" in findings.table(found, vocabulary, colour=True)


# Rows


@given(st.lists(SOME, max_size=5))
def test_json_is_read_back_as_the_same_findings(found: list[Finding]) -> None:
    rows = json.loads(findings.as_json(found))
    assert findings.loaded(rows) == found
    assert [row["where"] for row in rows] == [one.where for one in found]


@given(st.lists(SOME, max_size=5))
def test_csv_has_a_row_a_finding_and_no_formula(found: list[Finding]) -> None:
    _, *rows = csv.reader(io.StringIO(findings.as_csv(found), newline=""))
    assert len(rows) == len(found)
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


# RDF


def graph_of(found: list[Finding], vocabulary: Vocabulary) -> Graph:
    made = findings.triples(findings.numbered(found, REPORT), vocabulary, REPORT)
    return Graph().parse(data=serialise(made, "ttl", vocabulary, REPORT), format="turtle")


@given(st.lists(SOME, max_size=6))
def test_rdf_is_a_shacl_report(vocabulary: Vocabulary, found: list[Finding]) -> None:
    graph = graph_of(found, vocabulary)
    (about,) = graph.subjects(RDF.type, SH.ValidationReport)
    assert about == URIRef(REPORT)
    assert list(graph.objects(about, SH.conforms)) == [Literal(not found)]
    results = set(graph.objects(about, SH.result))
    assert results == set(graph.subjects(RDF.type, SH.ValidationResult))
    assert len(results) == len(found)
    for result in results:  # SHACL, section 3.6.2
        for predicate in (SH.focusNode, SH.resultSeverity, SH.sourceConstraintComponent):
            (node,) = graph.objects(result, predicate)
            assert isinstance(node, URIRef)
        assert {message.language for message in graph.objects(result, SH.resultMessage)} == {"cs", "en"}  # type: ignore[attr-defined]
    assert not [node for triple in graph for node in triple if isinstance(node, BNode)]
    # Whatever a value holds, the triples can be written and read.
    assert ox.parse("\n".join(graph_lines(graph)), format=ox.RdfFormat.N_TRIPLES)


def test_rdf_says_the_place_and_fits_our_shapes(vocabulary: Vocabulary) -> None:
    found = [
        finding(value="6599", repair="00006599", expected_cs="osm číslic", expected_en="eight digits"),
        finding(severity=Severity.INFO, subject=f"{BASE}zdroj/projekty/x", shape=f"{SHAPES}Project-start", value="y"),
        finding(place="sešit 1.xlsx", field="", severity=Severity.WARNING, kind="file-unreadable"),
    ]
    graph = graph_of(found, vocabulary)
    first, second, third = (URIRef(f"{REPORT}#{n}") for n in (1, 2, 3))
    told = {(p.removeprefix(VP), str(o)) for p, o in graph.predicate_objects(first) if p.startswith(VP)}  # type: ignore[attr-defined]
    assert told == {
        ("file", "a.csv"),
        ("row", "3"),
        ("column", "ico"),
        ("readValue", "6599"),
        ("expected", "osm číslic"),
        ("expected", "eight digits"),
        ("repair", "00006599"),
        ("source", "registr"),
        ("findingKind", f"{BASE}zdroj/druhy-nalezu/ico-invalid"),
    }
    assert graph.value(first, SH.focusNode) == URIRef(f"{REPORT}/a.csv#row=3")
    assert graph.value(second, SH.focusNode) == URIRef(f"{BASE}zdroj/projekty/x")
    assert graph.value(second, SH.resultPath) == URIRef(f"{VP}start")
    assert graph.value(second, SH.value) == Literal("y")
    assert graph.value(third, SH.focusNode) == URIRef(f"{REPORT}/se%C5%A1it%201.xlsx")
    violations = [
        (f.subject, f.en)
        for f in validate_graph(graph + vocabulary.codelists, vocabulary)
        if f.severity is Severity.VIOLATION
    ]
    assert violations == []


# The file that stands alone


class Tags(HTMLParser):
    """What a page is made of."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.attributes: set[tuple[str, str | None]] = set()
        self.styles: list[str] = []
        self.texts: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        self.attributes.update(attrs)

    def handle_data(self, data: str) -> None:
        (self.styles.append if self.cdata_elem == "style" else self.texts.add)(data)


def test_html_runs_nothing_and_loads_nothing(vocabulary: Vocabulary) -> None:
    evil = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    found = [
        finding(value=evil, cs=evil, en=evil, place=evil, field=evil, repair=evil, kind=kind)
        for kind in ("", "ico-invalid")
    ]
    tags = Tags()
    tags.feed(report.standalone(found, vocabulary))
    assert "script" not in tags.names
    assert tags.names & {"img", "link", "iframe", "object", "embed"} == set()
    assert {name for name, _ in tags.attributes if name.startswith("on") or name in {"src", "srcset"}} == set()
    assert {value for name, value in tags.attributes if name == "href" and not (value or "").startswith("#")} == set()
    assert not re.search(r"url\(|@import", "".join(tags.styles))
    assert evil in tags.texts


def test_html_holds_every_finding_in_both_languages(vocabulary: Vocabulary) -> None:
    found = [finding(place=f"a.csv:{n}", cs=f"Nález {n}.", en=f"Finding {n}.") for n in range(200)]
    page = report.standalone(found, vocabulary)
    for one in found:
        assert f'<span lang="cs">{one.cs}</span><span lang="en">{one.en}</span>' in page
    assert "Data jsou v pořádku" in report.standalone([], vocabulary)


# Kinds

ADVICE = "add <zdroj/druhy-nalezu/{}> to vocab/codelists/finding-kinds.ttl and a row to docs/findings.md"


def known_kinds(vocabulary: Vocabulary) -> set[str]:
    prefix = f"{BASE}zdroj/druhy-nalezu/"
    return {str(s).removeprefix(prefix) for s in vocabulary.codelists.subjects() if str(s).startswith(prefix)}


def trees() -> Iterator[tuple[str, ast.AST]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        yield path.relative_to(PACKAGE).as_posix(), ast.parse(path.read_text("utf-8"))


def slugs(value: ast.expr) -> Iterator[str]:
    """Yield the texts that an expression can be, as far as it says so itself."""
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        yield value.value
    elif isinstance(value, ast.IfExp):
        yield from (*slugs(value.body), *slugs(value.orelse))
    elif isinstance(value, ast.BoolOp):
        yield from (slug for item in value.values for slug in slugs(item))
    elif isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id == "getattr":
        yield from (slug for item in value.args[2:] for slug in slugs(item))


def name_of(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def value_is_slug(text: str) -> bool:
    return re.fullmatch("[a-z]+(-[a-z]+)+", text) is not None or text == "contradiction"


def kinds_in_code() -> Iterator[tuple[str, str]]:
    """Yield the place and the kind of every `kind=` that is about findings, and of what a tally is told."""
    for name, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and name_of(node) != "SourceConfig":
                said = [keyword.value for keyword in node.keywords if keyword.arg == "kind"]
                if name_of(node) in {"finding", "count"}:
                    said += node.args[:1]
                for slug in (slug for value in said for slug in slugs(value)):
                    if value_is_slug(slug):
                        yield f"{name}:{node.lineno}", slug


def kinds_in_shapes(vocabulary: Vocabulary) -> set[str]:
    return {str(kind) for kind in vocabulary.shapes.objects(None, URIRef(f"{SHAPES}findingKind"))}


def test_every_kind_in_the_code_is_in_the_code_list(vocabulary: Vocabulary) -> None:
    known = known_kinds(vocabulary)
    used = [*kinds_in_code(), *(("shapes", kind) for kind in kinds_in_shapes(vocabulary))]
    used += [("results.py", kind) for kind in KINDS.values()]
    assert len(used) > 30
    unknown = sorted({f"{place}: {kind}: {ADVICE.format(kind)}" for place, kind in used if kind not in known})
    assert unknown == []


def test_every_kind_in_the_code_list_is_used(vocabulary: Vocabulary) -> None:
    written = {
        node.value
        for _, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert known_kinds(vocabulary) - written - kinds_in_shapes(vocabulary) == set()


def test_every_finding_is_made_with_a_kind() -> None:
    without = [
        f"{name}:{node.lineno}"
        for name, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and name_of(node) in {"Finding", "note"}
        # A `**` hands on what its caller said.
        if not {"kind", None} & {keyword.arg for keyword in node.keywords}
    ]
    assert without == []


def test_every_sparql_constraint_names_its_kind(vocabulary: Vocabulary) -> None:
    named = {str(s) for s in vocabulary.shapes.subjects(URIRef(f"{SHAPES}findingKind"))}
    sparql = {str(s) for s in vocabulary.shapes.subjects(RDF.type, SH.SPARQLConstraint)}
    assert sparql
    assert sparql - named == set()


def test_every_component_in_the_shapes_has_a_kind(vocabulary: Vocabulary) -> None:
    predicates = {str(p).removeprefix(str(SH)) for p in vocabulary.shapes.predicates() if str(p).startswith(str(SH))}
    descriptive = {
        "targetClass",
        "path",
        "alternativePath",
        "property",
        "order",
        "group",
        "name",
        "message",
        "severity",
    }
    asked = predicates - descriptive - {"sparql", "select"}
    assert "minCount" in asked
    assert {name for name in asked if str(SH[f"{name[0].upper()}{name[1:]}ConstraintComponent"]) not in KINDS} == set()


def test_broken_input_gives_known_kinds_with_everything_said(site: Site) -> None:
    site.write("records/prazdny.csv", "")
    site.write("records/kratky.csv", "nazev;ico\nA\n")
    site.record("bez-nazvu", nazev="")
    site.record("typ", cil=["a"], partneri="x", aktivity=3, sluupec="x")
    site.record("data", zahajeni="31. 2. 2010", ukonceni="kdysi", castka_celkem="430.882", castka_eu="málo")
    site.record("cisla", registracni_cislo="CZ.1.04/3.1.00/05.00010", castka_celkem="5", castka_zpusobila="9")
    site.record("vic", registracni_cislo="CZ.1.04/3.1.00/05.00011", castka_celkem="5", castka_eu="90")
    site.record("konec", registracni_cislo="CZ.1.04/3.1.00/05.00012", zahajeni="2012", ukonceni="2010")
    site.record("minus", registracni_cislo="CZ.1.04/3.1.00/05.00013", castka_celkem="-5")
    site.record("dva-a", registracni_cislo="CZ.1.04/3.1.00/05.00014")
    site.record("dva-b", registracni_cislo="CZ.1.04/3.1.00/05.00014")
    odd = {"web": "x", "datova_schranka": "x", "slug": "é", "stav": "x", "fond": "x", "uzemi": "x", "mena": "korun"}
    site.record("ruzne", registracni_cislo="bez tvaru", ico="12345678", program="x", **odd)
    site.record(
        "odkaz", registracni_cislo="CZ.1.04/3.1.00/05.00015", predchozi_projekty=[{"slug": "q", "nazev_en": "Q"}]
    )
    found = site.check().findings
    known = known_kinds(site.vocabulary)
    assert {f.kind for f in found} - known == set()
    assert len({f.kind for f in found}) > 20
    for one in found:
        assert one.cs
        assert one.en
        assert bool(one.expected_cs) is bool(one.expected_en), one
        assert one.place


@pytest.mark.slow
def test_findings_of_the_sample_data_have_known_kinds(vocabulary: Vocabulary) -> None:
    settings = config.load(home() / "data" / "lod.toml")
    collected = pipeline.collect(settings, vocabulary, pipeline.Progress())
    found = pipeline.check(collected, vocabulary, pipeline.Progress()).findings
    assert found
    assert {f.kind for f in found} <= known_kinds(vocabulary)
