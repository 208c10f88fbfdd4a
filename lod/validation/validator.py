"""Two SHACL engines behind one port: described things in, findings out.

The fast engine (`shacl`, optional) screens everything. What it finds, and a sample of what it passes, is judged
again by the reference (pySHACL), whose word holds; where the two differ there is a finding of its own. Without
the fast engine the reference judges everything, and the findings are the same. docs/validation.md says more.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain

from rdflib import RDF, SH, BNode, Graph, URIRef

from ..config import Validation
from ..model import Finding, Severity
from ..terms import Vocabulary
from .fast import Fast, engine
from .process import shared
from .results import Result, Teller, plain

__all__ = ["DISAGREEMENT", "NOT_JUDGED", "Page", "Validator", "engine", "page", "validate_graph"]

DISAGREEMENT = "engines-disagree"  # the kind of finding that may stop a build
NOT_JUDGED = "not-judged"  # and the one that another run need not give

_TYPE = f"<{RDF.type}>"
# Focus nodes a request to pySHACL, whole things together: its SPARQL looks through all that it is given, and they must
# stay far from the limit of time.
_REQUEST = 50


@dataclass(frozen=True, slots=True)
class Page:
    """Lines to validate together, and the types of the things they refer to."""

    lines: tuple[str, ...]
    known: Mapping[str, tuple[str, ...]]


class _Facts:
    """The lines of a page by their subjects (N-Triples terms, as all nodes here)."""

    def __init__(self, page: Page, parts: Iterable[str]) -> None:
        self.by_subject: dict[str, list[str]] = {}
        self._types: dict[str, list[str]] = {f"<{iri}>": [*kinds] for iri, kinds in page.known.items()}
        self._owners: dict[str, str] = {}  # part -> whatever it is a part of, or another part of that
        is_part = {f"<{predicate}>" for predicate in parts}
        own_types: dict[str, list[str]] = {}
        subject, begins, own, at = "", "\n", list[str](), 0
        for line in page.lines:
            if not line.startswith(begins):  # most lines are about what the line before them is about
                subject = line[: line.index(" ")]
                begins, own = f"{subject} ", self.by_subject.setdefault(subject, [])
                at = len(begins)
            own.append(line)
            if '"' in line:  # no IRI has one
                continue
            predicate = line[at : line.index(" ", at)]
            if predicate == _TYPE:
                own_types.setdefault(subject, []).append(line[at + len(_TYPE) + 2 : -3])
            elif predicate in is_part:
                whole, part = self._whole(subject), self._whole(line[at + len(predicate) + 1 : -2])
                if whole != part:
                    self._owners[part] = whole
        self._types |= own_types

    def types(self, subject: str) -> Sequence[str]:
        """Return the IRIs of a thing's types."""
        return self._types.get(subject, ())

    def _whole(self, subject: str) -> str:
        """Return one subject of a thing, the same for all of them."""
        while (owner := self._owners.get(subject)) is not None:
            self._owners[subject] = self._owners.get(owner, owner)  # halves the way for the next one
            subject = owner
        return subject

    @cached_property
    def things(self) -> dict[str, list[str]]:
        """Subject -> its thing: the subjects of a whole and its parts."""
        things: dict[str, list[str]] = {}
        found: dict[str, list[str]] = {}
        for subject in self.by_subject:
            thing = found[subject] = things.setdefault(self._whole(subject), [])
            thing.append(subject)
        return found

    def batches(self, subjects: Iterable[str], size: int) -> Iterator[list[str]]:
        """Yield subjects, those of a thing together, until there are at least so many."""
        by_thing: dict[int, list[str]] = {}
        for subject in subjects:
            by_thing.setdefault(id(self.things[subject]), []).append(subject)
        batch: list[str] = []
        for together in by_thing.values():
            batch += together
            if len(batch) >= size:
                yield batch
                batch = []
        if batch:
            yield batch

    def around(self, subjects: Collection[str]) -> list[str]:
        """Return the lines of subjects' things and the types of what these refer to: shapes look no further."""
        if len(subjects) == len(self.by_subject):
            whole, targets = [*self.by_subject], [*self._types]
            lines = [*chain(*self.by_subject.values())]
        else:
            things = {id(thing): thing for thing in map(self.things.__getitem__, subjects)}
            whole = [*chain(*things.values())]
            lines = [*chain(*map(self.by_subject.__getitem__, whole))]
            targets = [line.rsplit(" ", 2)[1] for line in lines if '"' not in line]
        described = set(whole)
        outside = dict.fromkeys(target for target in targets if target not in described)
        return lines + [f"{target} {_TYPE} <{kind}> ." for target in outside for kind in self.types(target)]

    def sample(self, share: float) -> Iterator[str]:
        """Yield the subjects of a share of the things.

        The digest of what a thing states without its parts decides, so the sample is the same whatever the page.
        """
        for thing in {id(thing): thing for thing in self.things.values()}.values():
            text = "\n".join(sorted(self.by_subject[min(thing, key=len)]))
            if int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest()) < share * 2**64:
                yield from thing


_Asked = dict[str, list[str]]  # focus node -> IRIs of the shapes to judge it by


class Validator:
    """Judges pages by our shapes. It may be used by several threads; a process should keep one for its shapes."""

    def __init__(self, vocabulary: Vocabulary, settings: Validation | None = None) -> None:
        """Compile the shapes; raise `ValidationError` where the fast engine cannot run them."""
        self.vocabulary = vocabulary
        self._settings = settings or Validation()
        self._teller = Teller(vocabulary)
        self._parts = vocabulary.parts
        shapes = vocabulary.shapes
        self._targets: dict[str, list[str]] = {}  # class -> node shapes
        for shape, kind in sorted(shapes.subject_objects(SH.targetClass)):
            self._targets.setdefault(str(kind), []).append(str(shape))
        self._dues: dict[tuple[str, ...], list[str]] = {}  # types -> node shapes
        self._properties: dict[str, set[str]] = {}  # node shape -> its property shapes
        for shape, prop in shapes.subject_objects(SH.property):
            self._properties.setdefault(str(shape), set()).add(str(prop))
        shacl = engine() if self._settings.fast else None
        self._fast = Fast(shapes, shacl) if shacl else None
        self._reference = shared(shapes)

    def check(self, page: Page) -> list[Finding]:
        """Return what the shapes find in a page, in a total order; `subject` is the thing or part that breaks a shape.

        The verdict about a subject depends on nothing but its thing and the types of what that refers to. Things
        that the page only refers to have nothing but a type here, and are not judged.
        """
        facts = _Facts(page, self._parts)
        screened, unread = self._screened(facts)
        asked = {subject: self._due(facts, subject) for subject in unread}
        if self._fast:
            asked |= self._to_confirm(facts, screened, unread)
        judged, refused = self._judged(facts, asked)
        told = {
            _not_judged(min(facts.things[focus], key=len), reason, is_screened=focus not in unread)
            for focus, reason in refused.items()
        }
        told |= self._teller.findings(judged)
        told |= self._teller.findings(item for item in screened if item.focus in refused)
        if self._fast:
            told |= {
                _disagreement(item, is_fast=item in screened)
                for item in screened ^ {item for item in judged if item.focus not in unread}
                if item.focus not in refused and self._is_asked(item, asked)
            }
        return sorted(told, key=lambda f: (f.subject, f.shape, f.value, f.severity, f.kind, f.cs))

    def _due(self, facts: _Facts, subject: str) -> list[str]:
        kinds = tuple(facts.types(subject))
        if (due := self._dues.get(kinds)) is None:
            due = self._dues[kinds] = sorted({shape for kind in kinds for shape in self._targets.get(kind, ())})
        return due

    def _screened(self, facts: _Facts) -> tuple[set[Result], set[str]]:
        """Return what the fast engine finds, and the subjects that it has not read."""
        if self._fast is None:
            return set(), {*facts.by_subject}
        asked = {subject: self._due(facts, subject) for subject in facts.by_subject}
        try:
            return self._fast.judge(asked, facts.around), set()
        except ValueError:  # an IRI that is none: whose?
            pass
        results: set[Result] = set()
        unread: set[str] = set()
        for thing in facts.batches(asked, 1):
            try:
                results |= self._fast.judge({subject: asked[subject] for subject in thing}, facts.around)
            except ValueError:
                unread.update(thing)
        return results, unread

    def _to_confirm(self, facts: _Facts, screened: Iterable[Result], unread: Set[str]) -> _Asked:
        """Return what the reference judges again: all of a subject in the sample, of others the shapes they break."""
        asked: _Asked = {}
        for item in screened:
            asked.setdefault(item.focus, []).append(item.shape)
        sample = (subject for subject in facts.sample(self._settings.sample) if subject not in unread)
        return {focus: sorted(set(shapes)) for focus, shapes in asked.items()} | {
            subject: due for subject in sample if (due := self._due(facts, subject))
        }

    def _is_asked(self, item: Result, asked: _Asked) -> bool:
        """Whether both engines have judged what a result is about."""
        shapes = asked.get(item.focus, ())
        return item.shape in shapes or any(item.shape in self._properties.get(shape, ()) for shape in shapes)

    def _judged(self, facts: _Facts, asked: _Asked) -> tuple[set[Result], dict[str, str]]:
        """Return pySHACL's results, and the focus nodes that it could not judge, with the reason."""
        results: set[Result] = set()
        refused: dict[str, str] = {}
        for together in facts.batches(sorted(asked), _REQUEST):
            answer = self._request(facts, together, asked)
            if not isinstance(answer, str):
                results.update(answer)
                continue
            for thing in facts.batches(together, 1):  # one of them stopped it: each alone
                answer = self._request(facts, thing, asked)
                if isinstance(answer, str):
                    refused |= dict.fromkeys(thing, answer)
                else:
                    results.update(answer)
        return results, refused

    def _request(self, facts: _Facts, focuses: Sequence[str], asked: _Asked) -> list[Result] | str:
        pairs = [(focus, shape) for focus in focuses for shape in asked[focus]]
        return self._reference.judge(facts.around(focuses), pairs, self._settings.seconds)


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


def _not_judged(thing: str, reason: str, *, is_screened: bool) -> Finding:
    """Say that pySHACL had no word; where the fast engine had one, that holds and the record need not be refused."""
    return Finding(
        severity=Severity.WARNING if is_screened else Severity.VIOLATION,
        place="",
        field="",
        cs=f"pySHACL tento záznam neposoudil ({reason})" + ("; platí slovo rychlého stroje" if is_screened else ""),
        en=f"pySHACL could not judge this record ({reason})"
        + ("; the fast engine's word holds" if is_screened else ""),
        kind=NOT_JUDGED,
        subject=plain(thing),
    )


def validate_graph(data: Graph, vocabulary: Vocabulary, settings: Validation | None = None) -> list[Finding]:
    """Return what our shapes find in any RDF graph, in a total order.

    A graph with blank nodes is judged by the reference alone, since the fast engine gives them other names.
    """
    settings = settings or Validation()
    if any(isinstance(node, BNode) for triple in data for node in triple):
        settings = replace(settings, fast=False)
    return Validator(vocabulary, settings).check(page(data, vocabulary))


def page(data: Graph, vocabulary: Vocabulary) -> Page:
    """Return a graph as a page.

    Code lists belong to the data: an entry that the graph names is known, one that it describes is completed.
    """
    graph = Graph() + data
    for entry in filter(vocabulary.has, map(str, set(data.subjects()))):
        for triple in vocabulary.codelists.triples((URIRef(entry), None, None)):
            graph.add(triple)
    named = {str(node) for node in set(data.objects()) if isinstance(node, URIRef)}
    known = {iri: tuple(kinds) for iri in named if (kinds := vocabulary.types_of(iri))}
    return Page(tuple(sorted(filter(None, graph.serialize(format="nt").split("\n")))), known)
