"""Validation results, the same whichever engine found them, and the findings that they become. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from rdflib import SH, URIRef
from rdflib.term import Literal

from ..iris import SHAPES
from ..model import Finding, Severity
from ..terms import Vocabulary

__all__ = ["KINDS", "Result", "Teller"]

_SEVERITIES = {
    str(SH.Violation): Severity.VIOLATION,
    str(SH.Warning): Severity.WARNING,
    str(SH.Info): Severity.INFO,
}
# Constraint component -> kind of finding, where the shape does not name one by vps:findingKind.
KINDS = {
    str(component): kind
    for component, kind in {
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
    }.items()
}
_KIND = URIRef(f"{SHAPES}findingKind")


class Result(NamedTuple):
    """One validation result (https://www.w3.org/TR/shacl/#results-validation-result).

    Nodes are N-Triples terms, a path is a SPARQL property path, what is not stated is empty. Language tags
    are in lower case.
    """

    focus: str
    path: str
    value: str
    text: str  # the value's lexical form or IRI
    component: str  # IRI, without brackets
    severity: str  # IRI, without brackets
    shape: str  # IRI of the shape, or of the nearest one above it that has an IRI; without brackets
    constraint: str  # IRI of a SPARQL constraint, without brackets


class _Wording(NamedTuple):
    """What a finding says that does not depend on the thing it is about."""

    severity: Severity
    field: str
    cs: str
    en: str
    kind: str
    shape: str


class Teller:
    """Says results as findings, in the words of the shapes."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._wordings: dict[tuple[str, ...], _Wording] = {}

    def findings(self, results: Iterable[Result]) -> set[Finding]:
        """Return a finding for each result."""
        return {self._finding(result) for result in results}

    def _finding(self, result: Result) -> Finding:
        key = (result.shape, result.constraint, result.component, result.severity, result.path)
        if (wording := self._wordings.get(key)) is None:
            wording = self._wordings[key] = self._wording(result)
        return Finding(
            severity=wording.severity,
            place="",
            field=wording.field,
            cs=wording.cs,
            en=wording.en,
            kind=wording.kind,
            value=result.text,
            subject=plain(result.focus),
            shape=wording.shape,
        )

    def _wording(self, result: Result) -> _Wording:
        shapes = self._vocabulary.shapes
        speakers = [URIRef(iri) for iri in (result.constraint, result.shape) if iri]
        messages: dict[str, str] = {}
        for speaker in speakers:
            for message in shapes.objects(speaker, SH.message):
                if isinstance(message, Literal):
                    messages.setdefault(message.language or "en", str(message))
        field = result.shape.removeprefix(SHAPES).partition("-")[2].partition("-")[0]
        if not field and result.path:  # a SPARQL constraint names the field by its ?path
            field = self._vocabulary.field_of(plain(result.path))
        severity = _SEVERITIES.get(result.severity, Severity.VIOLATION)
        named = (shapes.value(speaker, _KIND) for speaker in speakers)
        kind = str(next(filter(None, named), None) or KINDS.get(result.component, "malformed-value"))
        if kind == "missing-value" and severity is not Severity.VIOLATION:
            kind = "missing-recommended"
        told = f"{result.component.rpartition('#')[2]} {result.shape}"  # of a shape without any message
        return _Wording(
            severity=severity,
            field=field,
            cs=messages.get("cs") or messages.get("en") or told,
            en=messages.get("en") or messages.get("cs") or told,
            kind=kind,
            shape=result.constraint if result.constraint.startswith(SHAPES) else result.shape,
        )


def plain(node: str) -> str:
    """Return the IRI of an N-Triples term, or a blank node as it is."""
    return node[1:-1] if node.startswith("<") else node
