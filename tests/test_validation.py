"""Two SHACL engines give one verdict: on the W3C suite, on our examples and on errors put into them."""

from __future__ import annotations

import gzip
import json
import shutil
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from random import Random

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import RDF, SH, Graph, Namespace, URIRef
from rdflib.term import Node

from lod import checking, cli, pipeline, release, workers
from lod.config import Validation
from lod.iris import SHAPES
from lod.model import Finding, Severity
from lod.terms import Vocabulary, home
from lod.validation import fast, process, reference
from lod.validation.results import Result
from lod.validation.validator import DISAGREEMENT, Page, Validator, _Facts, page

from .conftest import BASE, REPOSITORY, Site, make_site

EXAMPLES = sorted((home() / "shapes" / "examples").glob("*/*.ttl"))
SUITE = REPOSITORY.parent / "shared" / "suites" / "src" / "data-shapes" / "data-shapes-test-suite" / "tests" / "core"
MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
SHT = Namespace("http://www.w3.org/ns/shacl-test#")

Seen = tuple[str, str, str, str, str]  # focus, path, component, value, severity; blank nodes without their names


def seen(results: Iterable[Result]) -> set[Seen]:
    def bare(node: str) -> str:
        return "_:" if node.startswith("_:") else node

    return {(bare(r.focus), r.path, r.component, bare(r.value), r.severity) for r in results}


@cache
def vocabulary() -> Vocabulary:
    return Vocabulary(BASE)


@cache
def validator(*, is_fast: bool = True, sample: float = 0.0, seconds: float = 10.0) -> Validator:
    return Validator(vocabulary(), Validation(fast=is_fast, sample=sample, seconds=seconds))


@cache
def example(path: Path) -> Page:
    return page(Graph().parse(path, format="turtle", publicID=BASE), vocabulary())


def by_both(page: Page) -> tuple[set[Result], set[Result]]:
    """Return what the fast engine and what pySHACL finds in a page."""
    judges = validator()
    facts = _Facts(page, vocabulary().parts)
    asked = {subject: judges._due(facts, subject) for subject in facts.by_subject}
    assert judges._fast
    pairs = [(subject, shape) for subject, due in asked.items() for shape in due]
    found = judges._reference.judge(facts.around(facts.by_subject), pairs, 60)
    assert not isinstance(found, str), found
    return judges._fast.judge(asked, facts.around), set(found)


# The W3C suite --------------------------------------------------------------------------------------


def w3c_cases() -> Iterator[tuple[Path, Graph, Node]]:
    for path in sorted(SUITE.rglob("*.ttl")):
        graph = Graph().parse(path, publicID=path.as_uri())
        for case in graph.subjects(RDF.type, SHT.Validate):
            yield path, graph, case


def _expected(graph: Graph, report: Node) -> set[Seen]:
    def path(node: Node | None) -> str:
        return "" if node is None else reference._path(graph, node)

    def written(node: Node | None) -> str:
        return "" if node is None else reference._written(node)

    return seen(
        Result(
            focus=written(graph.value(node, SH.focusNode)),
            path=path(graph.value(node, SH.resultPath)),
            value=written(graph.value(node, SH.value)),
            text="",
            component=str(graph.value(node, SH.sourceConstraintComponent)),
            severity=str(graph.value(node, SH.resultSeverity)),
            shape="",
            constraint="",
        )
        for node in graph.objects(report, SH.result)
    )


def _lines(address: str) -> str:
    path = Path(address.removeprefix("file://"))
    quads = ox.parse(path=str(path), format=ox.RdfFormat.TURTLE, base_iri=path.as_uri())
    return (ox.serialize((quad.triple for quad in quads), format=ox.RdfFormat.N_TRIPLES) or b"").decode()


def judged_w3c_cases() -> list[tuple[str, object, object, object]]:
    """Return name, expected, pySHACL's and the fast engine's results; changes the process it runs in."""
    reference.guard()
    shacl = fast.engine()
    assert shacl
    found: list[tuple[str, object, object, object]] = []
    for path, graph, case in w3c_cases():
        action, expected = graph.value(case, MF.action), graph.value(case, MF.result)
        assert action
        assert expected
        data, shapes = (_lines(str(graph.value(action, SHT[name]))) for name in ("dataGraph", "shapesGraph"))
        found.append(
            (
                f"{path.parent.name}/{path.stem}",
                _expected(graph, expected),
                seen(reference.judge(reference.parsed([data]), reference.loaded(shapes))),
                seen(fast.judge(data, shacl.Shapes.from_text(shapes, "ntriples"))),
            )
        )
    return found


@pytest.mark.slow
@pytest.mark.skipif(not SUITE.is_dir(), reason="the W3C suite is not at hand")
def test_both_engines_give_what_the_w3c_core_suite_expects() -> None:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as apart:
        cases = apart.submit(judged_w3c_cases).result()
    assert len(cases) >= 98
    assert [name for name, expected, pyshacl, _ in cases if pyshacl != expected] == []
    assert [name for name, expected, _, shacl in cases if shacl != expected] == []


# Our own corpus -------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_both_engines_find_the_same_in_every_example(path: Path) -> None:
    shacl, pyshacl = by_both(example(path))
    assert shacl == pyshacl
    assert bool(pyshacl) >= (path.parent.name == "invalid")


XSD = "http://www.w3.org/2001/XMLSchema#"
SPOILT = (
    *('"2024-13-01"^^<{}date>', '"2024-02-30"^^<{}date>', '"31. 12. 2024"^^<{}date>', '"2024-01-01Z"^^<{}date>'),
    *('"NaN"^^<{}decimal>', '"1e3"^^<{}decimal>', '"1_000"^^<{}decimal>', '"-5"^^<{}decimal>', '"01"^^<{}integer>'),
    *('"2024-1"^^<{}gYearMonth>', '"24"^^<{}gYear>', '"maybe"^^<{}boolean>', '"0g"^^<{}hexBinary>'),
    *('"x"', '""', '"x"@de', '"x"@cs', '"x"@en-GB', f'"{"ž" * 3000}"', r'"a\nb\t\"\\"', '"\u0000"', '"\U0001f600"'),
    *(
        "<http://example.org/nothing>",
        "<urn:x>",
        '" 1"^^<{}integer>',
        '"5"^^<{}unsignedByte>',
        '"9999-99-99T99:99:99"^^<{}dateTime>',
    ),
)


def spoil(lines: list[str], random: Random) -> list[str]:
    """Put an error into the lines of a page: a value that is gone, another one, or one that belongs elsewhere."""
    at = random.randrange(len(lines))
    subject, predicate, value = lines[at][:-2].split(" ", 2)
    other = lines[random.randrange(len(lines))].split(" ", 2)
    new = random.choice(SPOILT).replace("{}", XSD)
    change: Callable[[], list[str]] = random.choice(
        (
            lambda: lines[:at] + lines[at + 1 :],
            lambda: [*lines[:at], f"{subject} {predicate} {new} .", *lines[at + 1 :]],
            lambda: [*lines, f"{subject} {predicate} {new} ."],
            lambda: [*lines, f"{subject} {other[1]} {value} ."],
            lambda: [*lines, f"{other[0]} {predicate} {value} ."],
        )
    )
    return change()


@pytest.mark.parametrize("seed", range(6))
def test_both_engines_find_the_same_errors_put_into_good_data(seed: int) -> None:
    random = Random(seed)
    found: Counter[str] = Counter()
    for path in EXAMPLES:
        if path.parent.name != "valid":
            continue
        lines = list(example(path).lines)
        for _ in range(len(lines) // 4):
            lines = spoil(lines, random)
        shacl, pyshacl = by_both(Page(tuple(lines), example(path).known))
        assert shacl == pyshacl, path.stem
        found.update(result.component.rpartition("#")[2] for result in pyshacl)
    assert len(found) > 5, "the errors are of many kinds"


@pytest.mark.parametrize("part", ["", "/celkove-naklady", "/zpusobile-vydaje"])
def test_both_engines_find_the_same_in_any_damaged_number_and_date(part: str) -> None:
    page = example(home() / "shapes" / "examples" / "valid" / "project.ttl")
    whole = f"<{BASE}zdroj/projekty/CZ.1.04-3.1.00-05.99901"
    lines = [line for line in page.lines if line.startswith((f"{whole}>", f"{whole}/"))]
    predicate = "http://schema.org/value" if part else "https://w3id.org/verejne-projekty#start"
    (at,) = (at for at, line in enumerate(lines) if line.startswith(f"{whole}{part}> <{predicate}>"))
    for value in SPOILT:
        line = f"{whole}{part}> <{predicate}> {value.replace('{}', XSD)} ."
        shacl, pyshacl = by_both(Page((*lines[:at], line, *lines[at + 1 :]), types()))
        assert shacl == pyshacl, line


HEAD = "SELECT $this WHERE {"
TITLE, STATUS = "<http://purl.org/dc/terms/title>", "<https://w3id.org/verejne-projekty#status>"
CONSTRAINTS = (
    f"{HEAD} $this {TITLE} ?value . FILTER(CONTAINS(?value, 'o')) }}",
    f"{HEAD} $this {TITLE} ?value . FILTER NOT EXISTS {{ $this {STATUS} ?status }} }}",
    f"{HEAD} $this {TITLE} ?value }} LIMIT 1",
    f"{HEAD} $this {TITLE} ?value }} GROUP BY $this HAVING(COUNT(?value) = 1)",
    f"{HEAD} FILTER NOT EXISTS {{ $this {STATUS} ?status }} }}",
)


@pytest.mark.parametrize("select", CONSTRAINTS)
def test_both_engines_find_the_same_by_any_sparql_constraint(select: str) -> None:
    shapes = Graph().parse(
        data=f"""
        @prefix sh: <http://www.w3.org/ns/shacl#> .
        <{SHAPES}S> a sh:NodeShape ; sh:targetClass <urn:C> ; sh:sparql <{SHAPES}S-asked> .
        <{SHAPES}S-asked> a sh:SPARQLConstraint ; sh:message "x" ; sh:select {json.dumps(select)} .""",
        format="turtle",
    )
    titles = {"<urn:1>": ["o"], "<urn:2>": ["a"], "<urn:3>": ["o", "a"], "<urn:4>": []}
    lines = {node: [f'{node} {TITLE} "{title}" .' for title in some] for node, some in titles.items()}
    lines["<urn:2>"].append(f"<urn:2> {STATUS} <urn:open> .")
    asked = {node: [f"{SHAPES}S"] for node in titles}
    engine = fast.engine()
    assert engine
    shacl = fast.Fast(shapes, engine).judge(asked, lambda nodes: [line for node in nodes for line in lines[node]])
    pairs = [(node, shape) for node, due in asked.items() for shape in due]
    found = process.shared(shapes).judge([line for some in lines.values() for line in some], pairs, 10)
    assert shacl == {*found} != set()


def test_our_sparql_constraints_are_asked_of_all_nodes_at_once() -> None:
    # One that was not would take longer than everything else.
    assert {*fast._separable(vocabulary().shapes)} == {*vocabulary().shapes.objects(None, SH.sparql)} != set()


# What a verdict depends on --------------------------------------------------------------------------


@cache
def things() -> tuple[tuple[str, ...], ...]:
    """Return some things of the examples, good and bad, each with its parts."""
    some = {"project", "organisation", "grant"}
    lines = {line for path in EXAMPLES if path.stem in some for line in example(path).lines}
    facts = _Facts(Page(tuple(sorted(lines)), {}), vocabulary().parts)
    every = [
        tuple(line for each in thing for line in facts.by_subject[each])
        for thing in {id(t): t for t in facts.things.values()}.values()
    ]
    return tuple(Random(1).sample(every, 24))


@cache
def types() -> dict[str, tuple[str, ...]]:
    """Return the types of all that the things may refer to."""
    known = {iri: kinds for path in EXAMPLES for iri, kinds in example(path).known.items()}
    for path in EXAMPLES:
        facts = _Facts(example(path), ())
        known |= {subject[1:-1]: tuple(facts.types(subject)) for subject in facts.by_subject}
    facts = _Facts(Page(tuple(line for thing in things() for line in thing), known), ())
    return known | {subject[1:-1]: tuple(facts.types(subject)) for subject in facts.by_subject}


def verdicts(pages: Iterable[Iterable[str]], judges: Validator) -> list[Finding]:
    return sorted((f for lines in pages for f in judges.check(Page(tuple(lines), types()))), key=repr)


@cache
def usual() -> list[Finding]:
    found = verdicts([[line for thing in things() for line in thing]], validator(sample=0.2))
    assert {Severity.VIOLATION, Severity.WARNING} <= {finding.severity for finding in found}
    return found


@settings(max_examples=12)
@given(st.permutations(range(24)), st.lists(st.integers(1, 12), min_size=1), st.randoms(use_true_random=False))
def test_verdicts_do_not_depend_on_page_size_or_order(order: list[int], sizes: list[int], random: Random) -> None:
    pages: list[list[str]] = []
    while order:
        size = sizes[len(pages) % len(sizes)]
        taken, order = order[:size], order[size:]
        lines = [line for number in taken for line in things()[number]]
        random.shuffle(lines)
        pages.append(lines)
    assert verdicts(pages, validator(sample=0.2)) == usual()


def test_verdicts_do_not_depend_on_the_engine_or_the_sample() -> None:
    everything = [[line for thing in things() for line in thing]]
    assert verdicts(everything, validator(is_fast=False)) == usual()
    assert verdicts(everything, validator(sample=1.0)) == usual()
    assert verdicts(everything, validator(sample=0.0)) == usual()


def test_the_sample_is_of_the_configured_share_and_of_whole_things() -> None:
    lines = [f'<http://example.org/{number}> <http://example.org/p> "x" .' for number in range(2000)]
    facts = _Facts(Page(tuple(lines), {}), ())
    shares = {share: len([*facts.sample(share)]) for share in (0.0, 0.1, 0.5, 1.0)}
    assert shares[0.0] == 0
    assert 140 < shares[0.1] < 260
    assert 900 < shares[0.5] < 1100
    assert shares[1.0] == 2000
    lines = [line for thing in things() for line in thing]
    facts = _Facts(Page(tuple(lines), types()), vocabulary().parts)
    sample = {*facts.sample(0.5)}
    assert sample < {*facts.by_subject}
    assert sample
    assert all({*facts.things[subject]} <= sample for subject in sample)


ROWS = [
    "Oprava školy;CZ.1.04/3.1.00/05.00001;60609460;1.2.2010;31.1.2012",
    "Konec před začátkem;CZ.1.04/3.1.00/05.00002;60609460;1.2.2012;31.1.2010",
    ";CZ.1.04/3.1.00/05.00003;60609460;2010;2012",
    *(f"Oprava mostu {n};CZ.1.04/3.1.00/05.001{n:02};60609460;2010;{2011 + n % 3}" for n in range(20)),
]


def told(checked: checking.Checked) -> tuple[object, ...]:
    return dict(checked.described), list(checked.findings), checked.refused


def test_verdicts_do_not_depend_on_the_number_of_workers(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.rows(*ROWS)
    alone = site.check()
    monkeypatch.setattr(checking, "PAGE", 3)
    for jobs in (1, 2):
        collected = pipeline.collect(site.config, site.vocabulary, pipeline.Progress())
        with workers.opened(jobs) as opened:
            assert told(pipeline.check(collected, site.vocabulary, pipeline.Progress(), opened)) == told(alone)
    assert {f.kind for f in alone.findings} >= {"end-before-start"}


def test_no_subject_is_validated_twice(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    judged: Counter[str] = Counter()
    confirmed: Counter[tuple[str, str]] = Counter()
    screen, confirm = fast.Fast.judge, process.Reference.judge

    def screening(self: fast.Fast, asked: dict[str, list[str]], around: Callable[..., list[str]]) -> set[Result]:
        judged.update(asked.keys())
        return screen(self, asked, around)

    def confirming(self: process.Reference, lines: list[str], asked: list[tuple[str, str]], seconds: float) -> object:
        confirmed.update(asked)
        return confirm(self, lines, asked, seconds)

    monkeypatch.setattr(fast.Fast, "judge", screening)
    monkeypatch.setattr(process.Reference, "judge", confirming)
    monkeypatch.setattr(checking, "PAGE", 4)
    site.rows(*ROWS)
    checked = site.check()
    subjects = {line.split(" ", 1)[0] for lines in checked.described.values() for line in lines}
    assert subjects <= set(judged)
    assert max(judged.values()) == 1
    assert max(confirmed.values()) == 1


# Where pySHACL is alone, where the two differ --------------------------------------------------------


def test_a_build_without_the_fast_engine_is_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = []
    for name in ("with", "without"):
        site = make_site(tmp_path / name, vocabulary())
        site.rows(*ROWS)
        if name == "without":
            monkeypatch.setitem(sys.modules, "shacl", None)
            assert fast.engine() is None
        outcome = site.build()
        assert outcome.release
        dump = next((outcome.release.path / "dumps").glob("*.nq.gz")).read_bytes()
        made.append((dump, [replace(f, place="") for f in site.check().findings]))
    assert made[0] == made[1]


def test_lod_validate_works_without_the_fast_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    path = home() / "shapes" / "examples" / "invalid" / "organisation.ttl"
    monkeypatch.setitem(sys.modules, "shacl", None)
    assert cli.main(["validate", str(path)]) == 1


@pytest.fixture
def blind(monkeypatch: pytest.MonkeyPatch) -> None:
    """The fast engine overlooks what SPARQL constraints find."""
    judge = fast.Fast.judge
    sparql = str(SH.SPARQLConstraintComponent)
    monkeypatch.setattr(
        fast.Fast, "judge", lambda *given: {found for found in judge(*given) if found.component != sparql}
    )


SAMPLE_ALL = "\n[validation]\nsample = 1.0\n"


def disputed(site: Site, more: str = "") -> Site:
    site.rows(*ROWS[:2])
    site.settings.write_text(site.settings.read_text("utf-8") + SAMPLE_ALL + more, "utf-8")
    return site


@pytest.mark.usefixtures("blind")
def test_a_disagreement_is_a_violation_and_stops_the_switch(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    disputed(site)
    assert cli.main(["build", "--config", str(site.settings)]) == 1
    assert "stroje na ověření se" in capsys.readouterr().err
    assert release.current(site.releases) is None
    assert cli.main(["check", "--json", "--config", str(site.settings)]) == 1
    assert DISAGREEMENT in capsys.readouterr().out


@pytest.mark.usefixtures("blind")
def test_a_disagreement_can_be_only_reported(site: Site) -> None:
    disputed(site, 'disagreement = "report"\n')
    outcome = site.build()
    assert outcome.release
    dump = gzip.decompress(next((outcome.release.path / "dumps").glob("*.nq.gz")).read_bytes()).decode()
    assert "05.00001" in dump
    assert "05.00002" not in dump


def test_a_false_alarm_of_the_fast_engine_is_a_disagreement(monkeypatch: pytest.MonkeyPatch) -> None:
    page = example(home() / "shapes" / "examples" / "valid" / "organisation.ttl")
    subject = page.lines[0].split(" ", 1)[0]
    shape = validator()._due(_Facts(page, ()), subject)[0]
    alarm = Result(subject, "", "", "", str(SH.MinCountConstraintComponent), str(SH.Violation), shape, "")
    monkeypatch.setattr(fast.Fast, "judge", lambda *_: {alarm})
    (finding,) = [f for f in validator().check(page) if f.kind == DISAGREEMENT]
    assert finding.subject == subject[1:-1]
    assert (finding.severity, "shacl" in finding.cs, "pySHACL" in finding.en) == (Severity.VIOLATION, True, True)


# Hostile values -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def backtracking(tmp_path_factory: pytest.TempPathFactory) -> Vocabulary:
    """A vocabulary whose titles have a pattern that takes Python's regular expressions for ever."""
    root = tmp_path_factory.mktemp("root")
    for name in ("vocab", "shapes"):
        shutil.copytree(home() / name, root / name)
    path = root / "shapes" / "project.ttl"
    text = path.read_text("utf-8")
    before, found, after = text.partition("vps:Project-title a sh:PropertyShape ;")
    assert found
    path.write_text(f'{before}{found}\n    sh:pattern "^([a-z]+ ?)+$" ; sh:flags "i" ;{after}', "utf-8")
    return Vocabulary(BASE, root)


def project(number: int, title: str) -> list[str]:
    iri = f"<{BASE}zdroj/projekty/{number}>"
    kinds = vocabulary().classes["Project"].types
    return [
        *(f"{iri} <{RDF.type}> <{kind}> ." for kind in kinds),
        f"{iri} <http://purl.org/dc/terms/title> {json.dumps(title, ensure_ascii=False)}@cs .",
    ]


HOSTILE = "a" * 40 + "!"
GOOD_TITLES = ("Oprava", "oprava skoly")


@pytest.mark.parametrize("is_fast", [True, False])
def test_a_pattern_that_backtracks_is_stopped_and_the_rest_is_judged(
    backtracking: Vocabulary, *, is_fast: bool
) -> None:
    lines = [line for number, title in enumerate((*GOOD_TITLES, HOSTILE)) for line in project(number, title)]
    judges = Validator(backtracking, Validation(fast=is_fast, sample=1.0, seconds=1.0))
    found = judges.check(Page(tuple(lines), {}))
    (stopped,) = [finding for finding in found if finding.kind == "not-judged"]
    assert stopped.subject.endswith("/2")
    assert "1 s" in stopped.en
    about = {number: {f.shape for f in found if f.subject.endswith(f"/{number}")} - {""} for number in range(3)}
    assert about[0] == about[1] != set()
    if is_fast:  # whose word holds: the bad title is told
        assert stopped.severity is Severity.WARNING
        assert [f.kind for f in found if f.value == HOSTILE] == ["malformed-value"]
        assert about[0] < about[2]
    else:
        assert stopped.severity is Severity.VIOLATION
        assert about[2] == set()
    assert DISAGREEMENT not in {finding.kind for finding in found}


@pytest.mark.parametrize("title", ["ž" * 3_000_000, "a \\" * 100_000, "\u200b" * 50_000, "\U0001f600" * 50_000])
def test_very_long_values_are_judged(title: str) -> None:
    found = validator(sample=1.0).check(Page(tuple(project(1, title)), {}))
    assert not {finding.kind for finding in found} & {"not-judged", DISAGREEMENT}
    assert found


def test_a_thing_with_very_many_values_is_judged() -> None:
    lines = project(1, "Oprava")
    for number in range(600):
        part = f"<{BASE}zdroj/projekty/1/prispevek/{number}>"
        lines += [
            f"<{BASE}zdroj/projekty/1> <https://w3id.org/verejne-projekty#contribution> {part} .",
            f"{part} <{RDF.type}> <https://w3id.org/verejne-projekty#Contribution> .",
        ]
    found = validator(is_fast=True, sample=0.0).check(Page(tuple(lines), {}))
    assert sum("/prispevek/" in finding.subject for finding in found) == 600


# What is judged is loaded without another look at its IRIs.
@pytest.mark.parametrize("iri", ["http://a b", "http://a/%zz", "http://a/{x}", "http://[a", "relative", ""])
@pytest.mark.parametrize("is_fast", [True, False])
def test_a_line_that_no_engine_can_read_is_told_of_its_subject_alone(iri: str, *, is_fast: bool) -> None:
    lines = [line for number in range(3) for line in project(number, "Oprava")]
    lines.append(f"<{BASE}zdroj/projekty/1> <http://xmlns.com/foaf/0.1/homepage> <{iri}> .")
    found = validator(is_fast=is_fast).check(Page(tuple(lines), {}))
    assert [f.subject[-1] for f in found if f.kind == "not-judged"] == ["1"]
    assert {f.subject[-1] for f in found if f.kind != "not-judged"} == {"0", "2"}


def test_paths_of_shapes_leave_a_thing_at_their_last_step_only() -> None:
    # Engines see a thing, its parts and the types of what they refer to; a shape that looked further would see nothing.
    shapes = vocabulary().shapes
    for path in shapes.objects(None, SH.path):
        steps = [path] if isinstance(path, URIRef) else list(shapes.items(path))
        assert all(str(step) in vocabulary().parts for step in steps[:-1]), path
