"""The only module that knows a SHACL engine: described things in, findings out.

Things are validated in pages, each subject once. pySHACL costs 7.7 ms a record alone and about 1.7 ms in
pages of twenty or more; a page holds what it describes, plus bare types of what it refers to.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock
from typing import Any

import pyshacl
import pyshacl.shape
import rdflib
from pyshacl.constraints import ALL_CONSTRAINT_PARAMETERS, CONSTRAINT_PARAMETERS_MAP
from rdflib import RDF, SH, XSD, Graph, URIRef, plugin
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.processor import SPARQLProcessor
from rdflib.plugins.sparql.sparql import Query
from rdflib.query import Processor
from rdflib.term import Identifier, Literal, Node

from .errors import ValidationError
from .iris import NAMESPACES, SHAPES
from .model import Finding, Severity
from .rdf import subject
from .terms import Vocabulary

__all__ = ["Page", "Validator", "validate_graph"]

_SEVERITIES = {
    SH.Violation: Severity.VIOLATION,
    SH.Warning: Severity.WARNING,
    SH.Info: Severity.INFO,
}
_TYPE = f"<{NAMESPACES['rdf']}type>"
# Constraint component -> kind of finding, where the shape does not name one by vps:findingKind.
_KINDS = {
    SH.MinCountConstraintComponent: "missing-value",
    SH.MaxCountConstraintComponent: "too-many-values",
    SH.UniqueLangConstraintComponent: "too-many-values",
    SH.DatatypeConstraintComponent: "malformed-value",
    SH.LanguageInConstraintComponent: "malformed-value",
    SH.PatternConstraintComponent: "malformed-value",
    SH.MaxLengthConstraintComponent: "malformed-value",
    SH.MinLengthConstraintComponent: "malformed-value",
    SH.NodeKindConstraintComponent: "malformed-value",
    SH.OrConstraintComponent: "malformed-value",
    SH.ClassConstraintComponent: "wrong-reference",
    SH.InConstraintComponent: "wrong-reference",
    SH.MinInclusiveConstraintComponent: "out-of-range",
    SH.MinExclusiveConstraintComponent: "out-of-range",
    SH.MaxInclusiveConstraintComponent: "out-of-range",
    SH.MaxExclusiveConstraintComponent: "out-of-range",
    SH.EqualsConstraintComponent: "contradiction",
    SH.DisjointConstraintComponent: "contradiction",
    SH.LessThanConstraintComponent: "contradiction",
    SH.LessThanOrEqualsConstraintComponent: "contradiction",
}
_KIND = URIRef(f"{SHAPES}findingKind")


@lru_cache(maxsize=256)
def _prepared(text: str, base: str | None, namespaces: tuple[tuple[str, Any], ...]) -> Query:
    return prepareQuery(text, dict(namespaces), base)


class PreparingProcessor(SPARQLProcessor):
    """rdflib's processor, but each query text is parsed once.

    pySHACL runs the same SPARQL constraint for every node, and parsing took 95 ms of the 97 ms each.
    """

    def query(  # type: ignore[override]
        self,
        strOrQuery: str | Query,  # noqa: N803 - rdflib's name
        initBindings: Mapping[str, Identifier] | None = None,  # noqa: N803
        initNs: Mapping[str, Any] | None = None,  # noqa: N803
        base: str | None = None,
        DEBUG: bool = False,  # noqa: N803
    ) -> Mapping[str, Any]:
        """See `rdflib.query.Processor`."""
        if isinstance(strOrQuery, str):
            strOrQuery = _prepared(strOrQuery, base, tuple(sorted((initNs or {}).items())))  # noqa: N806
        return super().query(strOrQuery, initBindings, initNs, base, DEBUG)


plugin.register("sparql", Processor, __name__, PreparingProcessor.__name__)
# pySHACL looks each predicate of a shape up in a list of 34 IRIs, which took 40 % of a validation; it keeps
# that list under this name, and a set answers the same.
setattr(  # noqa: B010 - pySHACL does so itself
    pyshacl.shape, "CONSTRAINT_PARAMS", (frozenset(ALL_CONSTRAINT_PARAMETERS), CONSTRAINT_PARAMETERS_MAP)
)


@dataclass(frozen=True, slots=True)
class Page:
    """Lines to validate together, and the types of the things they refer to."""

    lines: tuple[str, ...]
    known: Mapping[str, tuple[str, ...]]


class Validator:
    """pySHACL over our shapes."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        # The shapes without their targets, and which shapes look at which class. A page lends them its own targets:
        # a copy of the shapes for each page took as long as validating it.
        self._lock = Lock()
        self._shapes = Graph()
        self._targets: dict[Node, list[Node]] = {}
        for triple in vocabulary.shapes:
            if triple[1] == SH.targetClass:
                self._targets.setdefault(triple[2], []).append(triple[0])
            else:
                self._shapes.add(triple)

    def check(self, page: Page) -> list[Finding]:
        """Return what the shapes find in a page; `subject` is the thing or part that breaks a shape."""
        if not page.lines:
            return []
        data = Graph()
        known = [f"<{iri}> {_TYPE} <{kind}> ." for iri, kinds in page.known.items() for kind in kinds]
        data.parse(data="\n".join([*page.lines, *known]), format="nt")
        # Referred things have only their type here and must not be judged by it, so the page's own subjects
        # are named one by one. (pySHACL's focus_nodes would skip sh:or over literals.)
        lent = {
            (shape, SH.targetNode, URIRef(iri))
            for iri in {subject(line) for line in page.lines}
            for kind in data.objects(URIRef(iri), RDF.type)
            for shape in self._targets.get(kind, ())
        }
        with self._lock:
            try:
                for triple in lent:
                    self._shapes.add(triple)
                return validate_graph(data, self.vocabulary, self._shapes)
            finally:
                for triple in lent:
                    self._shapes.remove(triple)


def validate_graph(data: Graph, vocabulary: Vocabulary, shapes: Graph | None = None) -> list[Finding]:
    """Return what our shapes find in any RDF graph, in a total order; `shapes` have other targets."""
    # pySHACL stops on "NaN"^^xsd:decimal under a comparison, and would then say nothing of the rest.
    ill = [triple for triple in data if _is_ill_formed(triple[2])]
    for triple in ill:
        data.remove(triple)
    normalise = rdflib.NORMALIZE_LITERALS
    try:
        _, results, _ = pyshacl.validate(
            data,
            shacl_graph=shapes or vocabulary.shapes,
            inference="none",
            advanced=False,
            meta_shacl=False,
            do_owl_imports=False,
            allow_warnings=True,
        )
    except Exception as error:
        # pySHACL stops on some ill-formed literals ("NaN"^^xsd:decimal under sh:minInclusive) with whatever
        # Python raised; what it would have said of the rest is not known then.
        raise ValidationError(
            f"pySHACL graf neposoudil / pySHACL could not judge the graph ({type(error).__name__}: {error})"
        ) from error
    finally:
        # A shapes file that pySHACL cannot read leaves this switched off for the whole process.
        rdflib.NORMALIZE_LITERALS = normalise
    if not isinstance(results, Graph):
        raise ValidationError(f"pySHACL graf neposoudil / pySHACL could not judge the graph ({results})")
    told = {
        Finding(
            severity=Severity.VIOLATION,
            place="",
            field=vocabulary.field_of(str(predicate)) or str(predicate),
            cs=f"„{value}“ není desetinné číslo.",
            en=f'"{value}" is not a decimal number.',
            kind="number-unreadable",
            value=str(value),
            expected_cs="například 1234.5",
            expected_en="such as 1234.5",
            subject=str(node),
        )
        for node, predicate, value in ill
    }
    found = told | {_finding(results, result, vocabulary) for result in results.subjects(RDF.type, SH.ValidationResult)}
    return sorted(found, key=lambda f: (f.subject, f.shape, f.value, f.severity))


_DECIMAL = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)")


def _is_ill_formed(term: Node) -> bool:
    return isinstance(term, Literal) and term.datatype == XSD.decimal and not _DECIMAL.fullmatch(str(term))


def _kind(results: Graph, result: Node, speakers: tuple[Node | None, ...], vocabulary: Vocabulary) -> str:
    """Return the kind that a shape names, else the one of its constraint."""
    named = (vocabulary.shapes.value(speaker, _KIND) for speaker in speakers if speaker is not None)
    if own := next(filter(None, named), None):
        return str(own)
    component = results.value(result, SH.sourceConstraintComponent)
    kind = _KINDS.get(URIRef(str(component)), "malformed-value")
    if kind == "missing-value" and results.value(result, SH.resultSeverity) != SH.Violation:
        return "missing-recommended"
    return kind


def _finding(results: Graph, result: Node, vocabulary: Vocabulary) -> Finding:
    shape = results.value(result, SH.sourceShape)
    constraint = results.value(result, SH.sourceConstraint)
    value = results.value(result, SH.value)
    severity = results.value(result, SH.resultSeverity)
    messages: dict[str, str] = {}
    for owner in (constraint, shape):
        for message in vocabulary.shapes.objects(owner, SH.message) if owner is not None else ():
            if isinstance(message, Literal):
                messages.setdefault(message.language or "en", str(message))
    if not messages:
        messages = {"en": str(results.value(result, SH.resultMessage) or "")}
    named = constraint if constraint is not None and str(constraint).startswith(SHAPES) else shape
    field = str(shape).removeprefix(SHAPES).partition("-")[2].partition("-")[0]
    if not field and (path := results.value(result, SH.resultPath)) is not None:
        field = vocabulary.field_of(str(path))  # a SPARQL constraint names the field by its ?path
    return Finding(
        severity=_SEVERITIES.get(URIRef(str(severity)), Severity.VIOLATION),
        place="",
        field=field,
        cs=messages.get("cs") or messages.get("en", ""),
        en=messages.get("en") or messages.get("cs", ""),
        kind=_kind(results, result, (constraint, shape), vocabulary),
        value=str(value) if value is not None else "",
        subject=str(results.value(result, SH.focusNode)),
        shape=str(named),
    )
