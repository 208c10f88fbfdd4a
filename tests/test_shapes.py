"""The shapes against their examples; shapes, vocabulary, code lists and model against each other."""

from __future__ import annotations

import dataclasses
import re
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pyshacl
import pytest
from rdflib import OWL, RDF, RDFS, SKOS, BNode, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.namespace import Namespace

from lod import model
from lod.iris import NAMESPACES, SHAPES, VP
from lod.model import Severity
from lod.terms import Vocabulary, home
from lod.validation.validator import validate_graph

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rdflib.term import Node

    from lod.model import Finding

BASE = "https://projekty.example/"
SH = Namespace(NAMESPACES["sh"])
EXAMPLES = home() / "shapes" / "examples"
VALID = sorted((EXAMPLES / "valid").glob("*.ttl"))
INVALID = sorted((EXAMPLES / "invalid").glob("*.ttl"))
BOTH = {"cs", "en"}

# What a shape may say beside its constraints; every other sh: predicate is a constraint and needs an example.
DESCRIPTIVE = {
    SH[name] for name in ("targetClass", "path", "property", "order", "group", "name", "message", "severity")
}
ALIGNMENTS = (
    SKOS.exactMatch,
    SKOS.closeMatch,
    SKOS.broadMatch,
    SKOS.narrowMatch,
    SKOS.relatedMatch,
    RDFS.subClassOf,
    RDFS.subPropertyOf,
)


class Constraint(NamedTuple):
    """One thing a shape asks for; `sparql` is the IRI of a SPARQL constraint, else empty."""

    shape: str
    component: str
    sparql: str = ""

    def __str__(self) -> str:
        return " ".join(part.rpartition("#")[2] for part in self if part)


class Result(NamedTuple):
    """A validation result: what breaks which constraint."""

    focus: str
    constraint: Constraint

    def __str__(self) -> str:
        return f"{self.focus.removeprefix(BASE)}: {self.constraint}"


# Reading and validating, each file once -------------------------------------------------------------


@lru_cache
def vocabulary() -> Vocabulary:
    return Vocabulary(BASE)


@lru_cache
def parsed(path: Path) -> Graph:
    return Graph().parse(path, format="turtle", publicID=BASE)


def with_codelists(graph: Graph) -> Graph:
    merged = Graph()
    for part in (graph, vocabulary().codelists):
        for triple in part:
            merged.add(triple)
    return merged


@lru_cache
def findings(path: Path) -> tuple[Finding, ...]:
    return tuple(validate_graph(with_codelists(parsed(path)), vocabulary()))


@lru_cache
def report(path: Path) -> Graph:
    """Return pySHACL's own report, without anything of `lod.validation` in between."""
    _, results, _ = pyshacl.validate(
        with_codelists(parsed(path)), shacl_graph=vocabulary().shapes, inference="none", advanced=False
    )
    assert isinstance(results, Graph), results
    return results


def results(graph: Graph, severity: URIRef | None = None) -> set[Result]:
    """Return the validation results of a report, or those that an example file expects."""
    return {
        Result(
            str(graph.value(node, SH.focusNode)),
            Constraint(
                str(graph.value(node, SH.sourceShape)),
                str(graph.value(node, SH.sourceConstraintComponent)),
                str(graph.value(node, SH.sourceConstraint) or ""),
            ),
        )
        for node in graph.subjects(RDF.type, SH.ValidationResult)
        if severity is None or (node, SH.resultSeverity, severity) in graph
    }


# What the shapes say --------------------------------------------------------------------------------


def named(graph: Graph, kind: Node) -> list[URIRef]:
    return sorted(node for node in graph.subjects(RDF.type, kind) if isinstance(node, URIRef))


@lru_cache
def constraints() -> frozenset[Constraint]:
    """Return every constraint of every named shape."""
    graph = vocabulary().shapes
    found = set()
    for shape in (*named(graph, SH.NodeShape), *named(graph, SH.PropertyShape)):
        for predicate, value in graph.predicate_objects(shape):
            if not str(predicate).startswith(str(SH)) or predicate in DESCRIPTIVE:
                continue
            name = str(predicate).removeprefix(str(SH))
            if name == "sparql":
                found.add(Constraint(str(shape), str(SH.SPARQLConstraintComponent), str(value)))
            else:
                found.add(Constraint(str(shape), str(SH[f"{name[0].upper()}{name[1:]}ConstraintComponent"])))
    return frozenset(found)


def fields() -> Iterator[tuple[str, str, URIRef]]:
    """Yield class, field and shape of every property shape that is a field, not a further constraint on one."""
    for shape in named(vocabulary().shapes, SH.PropertyShape):
        owner, _, name = str(shape).removeprefix(SHAPES).partition("-")
        if "-" not in name:
            yield owner, name, shape


def paths() -> set[str]:
    """Return every predicate that a path of a shape goes over."""
    graph = vocabulary().shapes
    found: set[str] = set()
    for path in graph.objects(None, SH.path):
        steps = Collection(graph, path) if isinstance(path, BNode) else [path]
        found.update(str(step) for step in steps)
    return found


def languages(graph: Graph, subject: Node, predicate: Node) -> set[str | None]:
    return {item.language for item in graph.objects(subject, predicate) if isinstance(item, Literal)}


def snake(camel: str) -> str:
    return re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", camel).lower()


def listed(items: Iterable[object]) -> str:
    return "".join(f"\n  {line}" for line in sorted(map(str, items)))


def ids(paths: list[Path]) -> list[str]:
    return [path.stem for path in paths]


# Valid examples -------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", VALID, ids=ids(VALID))
def test_valid_example_has_no_violation(path: Path) -> None:
    violations = [f for f in findings(path) if f.severity is Severity.VIOLATION]
    assert not violations, listed(f"{f.subject}: {f.en} {f.value}" for f in violations)


def test_minimal_project_gives_warnings() -> None:
    found = {f.severity for f in findings(EXAMPLES / "valid" / "project-minimal.ttl")}
    assert found == {Severity.WARNING, Severity.INFO}


def test_complete_project_gives_nothing() -> None:
    complete = f"{BASE}zdroj/projekty/CZ.1.04-3.1.00-05.99901"
    found = [f for f in findings(EXAMPLES / "valid" / "project.ttl") if f.subject.startswith(complete)]
    assert not found


@pytest.mark.parametrize("path", VALID, ids=ids(VALID))
def test_valid_example_states_every_superclass(path: Path) -> None:
    # Or the shapes of the superclasses would say nothing of it.
    graph = parsed(path)
    missing = [
        f"{subject} a {supertype}"
        for subject, kind in graph.subject_objects(RDF.type)
        for supertype in vocabulary().ontology.transitive_objects(kind, RDFS.subClassOf)
        if (subject, RDF.type, supertype) not in graph
    ]
    assert not missing, listed(missing)


def test_valid_examples_show_every_field() -> None:
    # A constraint that fails on right data cannot hide where the right data is shown.
    shapes, examples = vocabulary().shapes, [parsed(path) for path in VALID]
    shown = {
        (kind, predicate)
        for graph in examples
        for subject, kind in graph.subject_objects(RDF.type)
        for predicate in graph.predicates(subject)
    }
    missing = [
        f"{owner}-{name}"
        for owner, name, shape in fields()
        if (shapes.value(URIRef(SHAPES + owner), SH.targetClass), shapes.value(shape, SH.path)) not in shown
    ]
    assert not missing, listed(missing)


# Invalid examples -----------------------------------------------------------------------------------


@pytest.mark.parametrize("path", INVALID, ids=ids(INVALID))
def test_invalid_example_is_reported_as_expected(path: Path) -> None:
    expected = results(parsed(path))
    assert expected, "the file expects nothing"
    missing = expected - results(report(path))
    assert not missing, f"expected, but not reported:{listed(missing)}"


@pytest.mark.parametrize("path", INVALID, ids=ids(INVALID))
def test_invalid_example_breaks_nothing_else(path: Path) -> None:
    unexpected = results(report(path), SH.Violation) - results(parsed(path))
    assert not unexpected, f"reported, but not expected:{listed(unexpected)}"


@pytest.mark.parametrize("path", INVALID, ids=ids(INVALID))
def test_expected_results_are_explained(path: Path) -> None:
    graph = parsed(path)
    silent = [
        node
        for node in graph.subjects(RDF.type, SH.ValidationResult)
        if languages(graph, node, RDFS.comment) != BOTH or not isinstance(node, URIRef)
    ]
    assert not silent, listed(silent)


def test_every_constraint_has_an_invalid_example() -> None:
    named_by_examples = {result.constraint for path in INVALID for result in results(parsed(path))}
    assert len(constraints()) > 250
    missing = constraints() - named_by_examples
    assert not missing, f"no invalid example for {len(missing)} constraints:{listed(missing)}"


def test_there_is_a_file_for_every_node_shape() -> None:
    names = {constraint.shape.removeprefix(SHAPES).partition("-")[0] for constraint in constraints()}
    assert {re.sub(r"(?<=[a-z])(?=[A-Z])", "-", name).lower() for name in names} == set(ids(INVALID))


# Coherence: messages, model, vocabulary, code lists --------------------------------------------------


def test_every_constraint_has_messages_in_both_languages() -> None:
    graph = vocabulary().shapes
    speakers = {*named(graph, SH.PropertyShape), *named(graph, SH.SPARQLConstraint)}
    speakers |= {URIRef(c.shape) for c in constraints() if not c.sparql}
    silent = [shape for shape in speakers if languages(graph, shape, SH.message) != BOTH]
    assert not silent, listed(silent)


def test_every_property_shape_belongs_to_the_node_shape_it_is_named_after() -> None:
    graph = vocabulary().shapes
    stray = [
        shape
        for shape in named(graph, SH.PropertyShape)
        if set(graph.subjects(SH.property, shape))
        != {URIRef(SHAPES + str(shape).removeprefix(SHAPES).partition("-")[0])}
    ]
    assert not stray, listed(stray)


def modelled() -> dict[str, type[model.Entity]]:
    """Return the classes of the model that have a node shape."""
    names = {str(shape).removeprefix(SHAPES) for shape in named(vocabulary().shapes, SH.NodeShape)}
    return {
        name: kind
        for name in sorted(names)
        if isinstance(kind := getattr(model, name, None), type) and issubclass(kind, model.Entity)
    }


@pytest.mark.parametrize("name", sorted(modelled()))
def test_shapes_and_model_have_the_same_fields(name: str) -> None:
    kind = modelled()[name]
    in_model = {field.name for field in dataclasses.fields(kind)} - {"iri"}
    lineage = {parent.__name__ for parent in kind.__mro__}
    of_class = {snake(field) for owner, field, _ in fields() if owner == name}
    of_lineage = {snake(field) for owner, field, _ in fields() if owner in lineage}
    assert of_class <= in_model, f"shapes without a field: {sorted(of_class - in_model)}"
    assert in_model <= of_lineage, f"fields without a shape: {sorted(in_model - of_lineage)}"


def test_most_classes_of_the_model_have_a_shape() -> None:
    entities = {
        name
        for name in model.__all__
        if isinstance(kind := getattr(model, name), type) and issubclass(kind, model.Entity)
    }
    assert entities - set(modelled()) == {"Entity", "ProgrammePart", "Selector"}  # never written as such


@pytest.mark.parametrize("predicate", sorted(paths()))
def test_predicate_of_the_shapes_has_labels(predicate: str) -> None:
    assert set(vocabulary().labels(predicate)) >= BOTH
    if predicate.startswith(VP):
        assert (URIRef(predicate), RDF.type, RDF.Property) in vocabulary().ontology


@pytest.mark.parametrize("target", sorted({str(t) for t in vocabulary().shapes.objects(None, SH.targetClass)}))
def test_class_of_the_shapes_has_labels(target: str) -> None:
    assert set(vocabulary().labels(target)) >= BOTH
    if target.startswith(VP):
        assert (URIRef(target), RDF.type, RDFS.Class) in vocabulary().ontology


def own_terms() -> list[str]:
    return sorted({str(s) for s in parsed(home() / "vocab" / "vp.ttl").subjects() if str(s).startswith(VP)})


@pytest.mark.parametrize("name", [term.removeprefix(VP) for term in own_terms()])
def test_own_term_is_defined_and_aligned(name: str) -> None:
    graph, term = parsed(home() / "vocab" / "vp.ttl"), URIRef(VP + name)
    kinds = set(graph.objects(term, RDF.type))
    assert {RDFS.Class, OWL.Class} <= kinds or RDF.Property in kinds
    assert languages(graph, term, RDFS.label) == BOTH
    assert languages(graph, term, SKOS.definition) == BOTH
    if RDF.Property in kinds:
        assert graph.value(term, RDFS.domain)
        assert graph.value(term, RDFS.range)
    aligned = [str(other) for predicate in ALIGNMENTS for other in graph.objects(term, predicate)]
    assert any(other.startswith((NAMESPACES["schema"], NAMESPACES["frapo"])) for other in aligned), aligned


def test_shapes_use_every_own_property() -> None:
    properties = {term for term in own_terms() if (URIRef(term), RDF.type, RDF.Property) in vocabulary().ontology}
    assert properties == {path for path in paths() if path.startswith(VP)}


@pytest.mark.parametrize(
    "path", sorted((home() / "vocab").rglob("*.ttl")), ids=lambda path: path.relative_to(home()).as_posix()
)
def test_vocabulary_has_no_blank_node(path: Path) -> None:
    assert not [node for triple in parsed(path) for node in triple if isinstance(node, BNode)]


def test_code_lists_conform() -> None:
    violations = [
        f"{f.subject}: {f.en} {f.value}"
        for f in validate_graph(vocabulary().codelists, vocabulary())
        if f.severity is Severity.VIOLATION
    ]
    assert not violations, listed(violations)
