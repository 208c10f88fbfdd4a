"""From what the sources hold to what may be published: gather, describe, validate, and refuse whole records.

Records of one project are joined first (`lod.merging`); where the whole breaks a shape, its records are
judged one by one and the good ones stay. A violation keeps a record out with everything that only it brought
along; who refers to a refused project stays out too, so nothing published refers to nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from . import gather, ico, merging
from .config import Validation
from .merging import Joined
from .model import Entity, Finding, Project, Severity, placed_in
from .project import Made
from .rdf import Writer, subject, target
from .terms import Vocabulary
from .tidy import FIELDS, camel, czech
from .validation import Page, Validator

__all__ = ["Checked", "Collected", "Progress", "check"]

_PAGE = 100  # things a page; pySHACL gains little beyond


class Progress:
    """Told how far the work is; the command line draws it, tests ignore it."""

    def __call__(self, stage: str, done: int = 0, total: int = 0) -> None:
        """Hear that a stage has done so many of so many."""


@dataclass(slots=True)
class Collected:
    """What the sources hold, before anything is checked."""

    made: list[Made] = field(default_factory=list)  # of projects
    references: list[Made] = field(default_factory=list)  # of reference lists of organisations
    findings: list[Finding] = field(default_factory=list)  # about files and unreadable rows
    read: Counter[str] = field(default_factory=Counter)  # rows that were records, by source
    unreadable: Counter[str] = field(default_factory=Counter)  # rows among them that could not be read
    reviewed: dict[str, str] = field(default_factory=dict)  # SHA-256 of a page -> place of the record made of it
    replaced: Counter[str] = field(default_factory=Counter)  # records of pages that a reviewed one stands for
    dropped: Counter[str] = field(default_factory=Counter)  # rows among them about natural persons, left out
    anonymised: Counter[str] = field(default_factory=Counter)  # rows whose natural person was made anonymous


@dataclass(frozen=True, slots=True)
class Checked:
    """What may be published, as lines by thing, and every finding."""

    described: Mapping[str, list[str]]  # IRI of a thing -> its sorted lines, parts included
    findings: list[Finding]
    refused: dict[str, str]  # place of each record that stays out -> its source
    merged: dict[str, str]  # place of each record that joined a more trusted one -> its source


def _located(finding: Finding, iri: str, things: _Things, made: Made | None = None) -> Finding:
    """Say where a shape's finding came from: the record's place, and its author's name of the field."""
    if made is None:
        if iri not in things.owners:
            return replace(finding, place=things.place(iri), source="lod")
        made = _speaker(things.owners[iri], _COLUMNS.get(finding.field, finding.field))
    record = made.record
    column = _COLUMNS.get(finding.field, finding.field)
    field_name = record.label(column)
    if finding.subject != iri:  # a part: its place below the project says which
        field_name = f"{finding.subject.removeprefix(f'{iri}/')} {czech(column)}".strip()
    return replace(finding, place=record.place, source=record.source, field=field_name)


def _speaker(owner: Joined, column: str) -> Made:
    """Return the record that stated a field of a joined project."""
    return owner.origins.get(column, owner.first)


# Field of the model (as shapes name it) -> column of the tidy layout.
_COLUMNS = {camel(item.english): item.english for item in FIELDS} | {
    "totalCost": "total",
    "eligibleCost": "eligible",
    "contribution": "funds",
    "place": "places",
    "output": "outputs",
    "activity": "activities",
}


@contextmanager
def _executor(jobs: int) -> Iterator[Executor | None]:
    if jobs < 2:
        yield None
        return
    with ProcessPoolExecutor(jobs) as executor:
        yield executor


_Rules = tuple[str, Path, Validation]  # what a validator is made of
_validators: dict[_Rules, Validator] = {}


def _validate(work: tuple[_Rules, Page]) -> list[Finding]:
    """Check one page; runs in any process of an executor, which keeps its vocabulary."""
    rules, page = work
    if rules not in _validators:
        base, root, settings = rules
        _validators[rules] = Validator(Vocabulary(base, root), settings)
    return _validators[rules].check(page)


@dataclass(frozen=True, slots=True)
class _Verdicts:
    """The lines of each thing, and what the shapes found in it."""

    described: Mapping[str, list[str]]
    findings: Mapping[str, list[Finding]]

    @property
    def bad(self) -> set[str]:
        """IRIs of things with a violation."""
        return {iri for iri, items in self.findings.items() if any(f.severity is Severity.VIOLATION for f in items)}


class _Checker:
    """Describes things and checks them page by page, each subject once."""

    def __init__(
        self, vocabulary: Vocabulary, settings: Validation, executor: Executor | None, progress: Progress
    ) -> None:
        self.vocabulary = vocabulary
        self.writer = Writer(vocabulary)
        self.executor = executor
        self.progress = progress
        self.rules = (vocabulary.base, vocabulary.root, settings)
        known = _validators.get(self.rules)
        if known is None or known.vocabulary is not vocabulary:  # the shapes take 0.3 s to lay out
            _validators[self.rules] = Validator(vocabulary, settings)

    def run(self, stage: str, things: Mapping[str, Entity], known: Mapping[str, tuple[str, ...]]) -> _Verdicts:
        """Describe things and check them; `known` has the types of what they may refer to."""
        described = {iri: self.writer.described(thing) for iri, thing in things.items()}
        iris = list(described)
        pages = [iris[at : at + _PAGE] for at in range(0, len(iris), _PAGE)]
        work = [(self.rules, self._page([described[i] for i in page], known)) for page in pages]
        results = self.executor.map(_validate, work) if self.executor else map(_validate, work)
        findings: dict[str, list[Finding]] = {}
        for number, (page, found) in enumerate(zip(pages, results, strict=True), 1):
            self.progress(stage, number * _PAGE, len(iris))
            owners = sorted(page, key=len, reverse=True)
            for finding in found:
                owner = next(iri for iri in owners if finding.subject == iri or finding.subject.startswith(f"{iri}/"))
                findings.setdefault(owner, []).append(finding)
        return _Verdicts(described, findings)

    def _page(self, described: list[list[str]], known: Mapping[str, tuple[str, ...]]) -> Page:
        lines = [line for lines in described for line in lines]
        own = {subject(line) for line in lines}
        referred: dict[str, tuple[str, ...]] = {}
        for iri in {target(line) for line in lines} - own:
            if kinds := known.get(iri) or tuple(self.vocabulary.types_of(iri)):
                referred[iri] = kinds
        return Page(tuple(lines), referred)


@dataclass(frozen=True, slots=True)
class _Things:
    """Everything the good records speak of, before the shapes have seen it; all by IRI."""

    projects: Mapping[str, Entity]  # each from records of its own
    mentioned: Mapping[str, Entity]  # as other records speak of them
    supporting: Mapping[str, Entity]  # organisations, documents, axes, areas, calls
    owners: dict[str, Joined]  # the records of each project
    good: list[Made]

    def place(self, iri: str) -> str:
        """Return where a thing (or the owner of a part) was first spoken of."""
        if iri in self.owners:
            return self.owners[iri].first.record.place
        for made in self.good:
            if any(iri == own or iri.startswith(f"{own}/") for own in made.brought):
                return made.record.place
        return ""


def _gather(collected: Collected, vocabulary: Vocabulary) -> _Things:
    """Make one thing an IRI of what the records say, most trusted source first."""
    owners = merging.join((made for made in collected.made if not made.refused), vocabulary)
    for owner in owners.values():
        for made, finding in owner.left_out:
            made.findings.append(finding)
    good = [made for made in collected.made if not made.refused]
    brought = gather.merge(
        [
            *(other for made in good for other in made.others),
            *(document for made in collected.references for document in made.others),
        ]
    )
    mentions = [mention for made in good for mention in made.mentions]
    named = {mention.iri for mention in mentions}
    completing = [m for made in collected.references for m in made.mentions if m.iri in named]
    return _Things(
        projects={iri: owner.project for iri, owner in owners.items()},
        mentioned={iri: thing for iri, thing in brought.items() if isinstance(thing, Project)},
        supporting={
            **{iri: thing for iri, thing in brought.items() if not isinstance(thing, Project)},
            **gather.organisations([*mentions, *completing], vocabulary),
        },
        owners=owners,
        good=good,
    )


def check(
    collected: Collected,
    vocabulary: Vocabulary,
    progress: Progress,
    jobs: int = 1,
    settings: Validation | None = None,
) -> Checked:
    """Gather, describe and validate; a thing with a violation stays out, with whoever needs it."""
    things = _gather(collected, vocabulary)
    findings = list(collected.findings)
    for made in [*collected.references, *collected.made]:
        findings += made.findings
    with _executor(jobs) as executor:
        checker = _Checker(vocabulary, settings or Validation(), executor, progress)
        known = {iri: vocabulary.of(thing).types for iri, thing in things.supporting.items()}
        supporting = checker.run("ověření / validating: souvislosti / surroundings", things.supporting, known)
        known = {iri: types for iri, types in known.items() if iri not in supporting.bad}
        both = {**things.mentioned, **things.projects}
        known |= dict.fromkeys(both, vocabulary.classes["Project"].types)
        projects = checker.run("ověření / validating: projekty / projects", both, known)
        projects, apart = _apart(projects, things, checker, known)
        findings += apart
        # Of a project whose own record is refused, what another record says still holds.
        told = {iri: things.mentioned[iri] for iri in projects.bad if iri in things.owners and iri in things.mentioned}
        mentions = checker.run("ověření / validating: zmínky / mentions", told, known)

    for verdicts in (supporting, projects, mentions):
        for iri, items in verdicts.findings.items():
            findings += [_located(finding, iri, things) for finding in items]
    described = {**projects.described, **mentions.described}
    refused = (projects.bad - set(told)) | mentions.bad
    refused |= _left_alone(described, refused, things, findings)
    kept = {iri: lines for iri, lines in described.items() if iri not in refused}
    kept |= _reachable(kept, {i: lines for i, lines in supporting.described.items() if i not in supporting.bad})
    gone = refused | projects.bad
    out = [made.record for made in collected.made if made.refused]
    out += [made.record for iri in gone if iri in things.owners for made in things.owners[iri].records]
    joined = [made.record for iri, owner in things.owners.items() if iri not in gone for made in owner.records[1:]]
    for owner in things.owners.values():
        findings += owner.findings
    numbers = {mention.ico for made in collected.references for mention in made.mentions if mention.ico}
    return Checked(
        kept,
        sorted({_with_repair(finding, numbers) for finding in findings}, key=_order),
        {record.place: record.source for record in out},
        {record.place: record.source for record in joined},
    )


def _apart(
    verdicts: _Verdicts, things: _Things, checker: _Checker, known: Mapping[str, tuple[str, ...]]
) -> tuple[_Verdicts, list[Finding]]:
    """Judge the records of bad joined projects one by one, and keep what the good ones say together.

    Return the verdicts with these in place, and the findings about the records that fell out. `things.owners`
    then names the records that stay.
    """
    described, found = dict(verdicts.described), dict(verdicts.findings)
    told: list[Finding] = []
    waiting = {iri: things.owners[iri] for iri in verdicts.bad if iri in things.owners}
    waiting = {iri: owner for iri, owner in waiting.items() if len(owner.records) > 1}
    good: dict[str, list[Made]] = {iri: [] for iri in waiting}
    stage = "ověření / validating: záznamy jednotlivě / records one by one"
    for number in range(max((len(owner.records) for owner in waiting.values()), default=0)):
        alone = {iri: owner.records[number] for iri, owner in waiting.items() if number < len(owner.records)}
        singly = checker.run(stage, {iri: made.project for iri, made in alone.items() if made.project}, known)
        for iri, made in alone.items():
            if iri not in singly.bad:
                good[iri].append(made)
                continue
            made.findings += [_located(item, iri, things, made) for item in singly.findings[iri]]
            told += made.findings[-len(singly.findings[iri]) :]
    again = {iri: merging.join(records, checker.vocabulary)[iri] for iri, records in good.items() if records}
    whole = checker.run(stage, {iri: owner.project for iri, owner in again.items()}, known)
    for iri in whole.bad:  # each fine alone, not together: the most trusted one stays
        for made in again[iri].records[1:]:
            finding = Finding(
                severity=Severity.VIOLATION,
                place=made.record.place,
                field="",
                cs=f"spolu se záznamem {again[iri].first.record.place} by projekt neprošel ověřením",
                en=f"together with {again[iri].first.record.place} the project would not pass validation",
                kind="sources-contradict",
                source=made.record.source,
                subject=iri,
            )
            made.findings.append(finding)
            told.append(finding)
        again[iri] = merging.join(again[iri].records[:1], checker.vocabulary)[iri]
    last = checker.run(stage, {iri: again[iri].project for iri in whole.bad}, known)
    for iri, owner in again.items():
        judged = last if iri in whole.bad else whole
        described[iri] = judged.described[iri]
        found[iri] = judged.findings.get(iri, [])
        things.owners[iri] = owner
    return _Verdicts(described, found), told


def _with_repair(finding: Finding, numbers: set[str]) -> Finding:
    """Suggest the one organisation of the reference lists whose IČO is a single slip away."""
    if finding.kind not in {"ico-check-digit", "ico-invalid"} or finding.repair:
        return finding
    return replace(finding, repair=ico.nearest(finding.value, numbers))


def _order(finding: Finding) -> tuple[object, ...]:
    return (*placed_in(finding.place), finding.field, finding.severity, finding.cs, finding.value, repr(finding))


def _left_alone(
    main: Mapping[str, list[str]],
    refused: set[str],
    things: _Things,
    findings: list[Finding],
) -> set[str]:
    """Refuse, until nothing changes, whoever refers to a refused project: a release has no dangling links."""
    gone, more = set(refused), set(refused)
    while more:
        targets, more = more, set()
        for iri, lines in main.items():
            if iri in gone or targets.isdisjoint(target(line) for line in lines):
                continue
            more.add(iri)
            findings.append(
                Finding(
                    severity=Severity.VIOLATION,
                    place=things.place(iri),
                    field="",
                    cs="odkazuje na projekt, který nebyl přijat",
                    en="refers to a project that was refused",
                    kind="reference-refused",
                    source=things.owners[iri].first.record.source if iri in things.owners else "lod",
                    subject=iri,
                )
            )
        gone |= more
    return gone - refused


def _reachable(kept: Mapping[str, list[str]], others: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """Return the things that published ones refer to, directly or through others."""
    found: dict[str, list[str]] = {}
    fresh: Iterable[list[str]] = kept.values()
    while fresh:
        targets = {target(line) for lines in fresh for line in lines}
        new = {iri: others[iri] for iri in targets if iri in others and iri not in found}
        found |= new
        fresh = list(new.values())
    return found
