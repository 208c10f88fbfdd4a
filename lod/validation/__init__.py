"""Two SHACL engines behind one port: described things in, findings out.

The fast engine (`shacl`, optional) screens every page. What it finds, and a sample of what it passes, is judged
again by the reference (pySHACL), whose word holds; where the two differ there is a finding of its own. Without
the fast engine the reference judges everything, and the findings are the same. docs/validation.md says more.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from rdflib import RDF, SH, BNode, Graph, URIRef

from ..config import Validation
from ..model import Finding, Severity
from ..terms import Vocabulary
from .fast import Fast, engine
from .process import shared
from .results import Result, Teller, plain

__all__ = ["DISAGREEMENT", "Page", "Validator", "validate_graph"]

DISAGREEMENT = "engines-disagree"  # the kind of finding that may stop a build

_TYPE = f"<{RDF.type}>"
# Focus nodes a request to pySHACL: enough to share its start (20 ms), few enough to stay far from the limit of time.
_REQUEST = 200


@dataclass(frozen=True, slots=True)
class Page:
    """Lines to validate together, and the types of the things they refer to."""

    lines: tuple[str, ...]
    known: Mapping[str, tuple[str, ...]]


class _Facts:
    """The lines of a page by their subjects."""

    def __init__(self, page: Page) -> None:
        self.by_subject: dict[str, list[str]] = {}
        for line in page.lines:
            self.by_subject.setdefault(line[: line.index(" ")], []).append(line)
        self.known = {
            f"<{iri}>": [f"<{iri}> {_TYPE} <{kind}> ." for kind in kinds]
            for iri, kinds in page.known.items()
            if f"<{iri}>" not in self.by_subject
        }

    def text(self) -> str:
        """Return everything as N-Triples."""
        lines = [line for lines in (*self.by_subject.values(), *self.known.values()) for line in lines]
        return "\n".join(lines) + "\n"

    def types(self, subject: str) -> Iterator[str]:
        """Yield the IRIs of a subject's types."""
        start = f"{subject} {_TYPE} <"
        for line in self.by_subject[subject]:
            if line.startswith(start):
                yield line[len(start) : -3]

    def around(self, subjects: Iterable[str]) -> list[str]:
        """Return the lines of subjects and of all that they lead to: shapes look that way only."""
        waiting = list(subjects)
        seen = set(waiting)
        found: list[str] = []
        while waiting:
            subject = waiting.pop()
            lines = self.by_subject.get(subject) or self.known.get(subject, [])
            found += lines
            for line in lines:
                target = line.split(" ", 2)[2][:-2]
                if target[0] in "<_" and target not in seen:
                    seen.add(target)
                    waiting.append(target)
        return found

    def is_sampled(self, subject: str, share: float) -> bool:
        """Whether a subject is in the sample: its digest decides, so the same subjects are whatever the page."""
        text = "\n".join(sorted(self.by_subject[subject]))
        return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest()) < share * 2**64


_Asked = list[tuple[str, str]]  # focus node (N-Triples) and IRI of a shape


class Validator:
    """Judges pages by our shapes. It may be used by several threads; a process should keep one for its shapes."""

    def __init__(self, vocabulary: Vocabulary, settings: Validation | None = None) -> None:
        self._settings = settings or Validation()
        self._teller = Teller(vocabulary)
        shapes = vocabulary.shapes
        self._targets: dict[str, list[str]] = {}  # class -> node shapes
        for shape, kind in sorted(shapes.subject_objects(SH.targetClass)):
            self._targets.setdefault(str(kind), []).append(str(shape))
        self._properties: dict[str, set[str]] = {}  # node shape -> its property shapes
        for shape, prop in shapes.subject_objects(SH.property):
            self._properties.setdefault(str(shape), set()).add(str(prop))
        shacl = engine() if self._settings.fast else None
        self._fast = Fast(shapes, shacl) if shacl else None
        self._reference = shared(shapes.serialize(format="nt"))

    def check(self, page: Page) -> list[Finding]:
        """Return what the shapes find in a page, in a total order; `subject` is the thing or part that breaks a shape.

        The verdict about a subject depends on nothing but what it leads to.
        """
        facts = _Facts(page)
        screened = self._screened(facts)
        told: set[Finding] = set()
        if screened is None:
            asked = [pair for subject in facts.by_subject for pair in self._due(facts, subject)]
            results, refused = self._judged(facts, asked)
        else:
            asked = [(item.focus, item.shape) for item in screened]
            for subject in facts.by_subject:
                if facts.is_sampled(subject, self._settings.sample):
                    asked += self._due(facts, subject)
            judged, refused = self._judged(facts, asked)
            scope = {(focus, each) for focus, shape in asked for each in (shape, *self._properties.get(shape, ()))}
            told = {
                _disagreement(item, is_fast=item in screened)
                for item in {item for item in screened if (item.focus, item.shape) in scope} ^ judged
                if item.focus not in refused
            }
            results = {item for item in screened if (item.focus, item.shape) not in scope} | judged
        told |= self._teller.findings(item for item in results if item.focus not in refused)
        told |= {_not_judged(focus, reason) for focus, reason in refused.items()}
        return sorted(told, key=lambda f: (f.subject, f.shape, f.value, f.severity, f.kind, f.cs))

    def _due(self, facts: _Facts, subject: str) -> _Asked:
        return [(subject, shape) for kind in facts.types(subject) for shape in self._targets.get(kind, ())]

    def _screened(self, facts: _Facts) -> set[Result] | None:
        """Return what the fast engine finds about the page's own subjects; None where it is not there or cannot read.

        Things that the page only refers to have nothing but a type here, and must not be judged by it.
        """
        if self._fast is None:
            return None
        try:
            found = self._fast.judge(facts.text())
        except ValueError:  # an IRI that is none; the reference finds out whose
            return None
        return {item for item in found if item.focus in facts.by_subject}

    def _judged(self, facts: _Facts, asked: _Asked) -> tuple[set[Result], dict[str, str]]:
        """Return pySHACL's results, and the focus nodes that it could not judge, with the reason."""
        by_focus = {focus: [*pairs] for focus, pairs in groupby(sorted(set(asked)), key=lambda pair: pair[0])}
        results: set[Result] = set()
        refused: dict[str, str] = {}
        focuses = list(by_focus)
        for at in range(0, len(focuses), _REQUEST):
            together = focuses[at : at + _REQUEST]
            answer = self._request(facts, together, by_focus)
            if not isinstance(answer, str):
                results.update(answer)
                continue
            for focus in together:  # one of them stopped it: each alone
                answer = self._request(facts, [focus], by_focus)
                if isinstance(answer, str):
                    refused[focus] = answer
                else:
                    results.update(answer)
        return results, refused

    def _request(self, facts: _Facts, focuses: Sequence[str], by_focus: Mapping[str, _Asked]) -> list[Result] | str:
        asked = [pair for focus in focuses for pair in by_focus[focus]]
        return self._reference.judge(facts.around(focuses), asked, self._settings.seconds)


def _disagreement(result: Result, *, is_fast: bool) -> Finding:
    finder, other = ("shacl", "pySHACL") if is_fast else ("pySHACL", "shacl")
    rule = f"{result.component.rpartition('#')[2]}, {result.constraint or result.shape}"
    return Finding(
        severity=Severity.VIOLATION,
        place="",
        field="",
        cs=f"stroje na ověření se neshodnou: {finder} tu nachází {rule}, {other} ne",
        en=f"the validation engines disagree: {finder} finds {rule} here, {other} does not",
        kind=DISAGREEMENT,
        value=result.text,
        subject=plain(result.focus),
        shape=result.constraint or result.shape,
    )


def _not_judged(focus: str, reason: str) -> Finding:
    return Finding(
        severity=Severity.VIOLATION,
        place="",
        field="",
        cs=f"pySHACL tento záznam neposoudil ({reason})",
        en=f"pySHACL could not judge this record ({reason})",
        kind="not-judged",
        subject=plain(focus),
    )


def validate_graph(data: Graph, vocabulary: Vocabulary, settings: Validation | None = None) -> list[Finding]:
    """Return what our shapes find in any RDF graph, in a total order.

    Code lists belong to the data: an entry that the graph names is known, one that it describes is completed.
    A graph with blank nodes is judged by the reference alone, since the fast engine gives them other names.
    """
    settings = settings or Validation()
    if any(isinstance(node, BNode) for triple in data for node in triple):
        settings = replace(settings, fast=False)
    graph = Graph() + data
    for entry in filter(vocabulary.has, map(str, set(data.subjects()))):
        for triple in vocabulary.codelists.triples((URIRef(entry), None, None)):
            graph.add(triple)
    named = {str(node) for node in set(data.objects()) if isinstance(node, URIRef)}
    known = {iri: tuple(kinds) for iri in named if (kinds := vocabulary.types_of(iri))}
    lines = graph.serialize(format="nt").split("\n")
    return Validator(vocabulary, settings).check(Page(tuple(filter(None, lines)), known))
