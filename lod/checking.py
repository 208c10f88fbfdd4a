"""From what the sources hold to what may be published: gather, describe, validate, and refuse whole records.

Records of one project are joined first (`lod.merging`); where the whole breaks a shape, its records are
judged one by one and the good ones stay. A violation keeps a record out with everything that only it brought
along; who refers to a refused project stays out too, so nothing published refers to nothing.

Everything goes page by page: workers join, gather, describe and validate, this process keeps the ledger.
"""

from __future__ import annotations

import pickle
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain, islice, zip_longest
from typing import Generic, NamedTuple, TypeVar

from . import gather, ico, merging
from .collecting import Collected, described
from .config import Validation
from .iris import Iris
from .ledger import (
    Described,
    Description,
    Findings,
    Kind,
    Ledger,
    Member,
    Role,
    Settled,
    State,
    Thing,
    key,
    lines_of,
    remade,
)
from .model import Entity, Finding, Mention, Project, Record, Severity
from .project import Made
from .terms import Vocabulary
from .tidy import FIELDS, camel, czech
from .validation.validator import NOT_JUDGED, Page, Validator, engine
from .workers import HERE, Place, Workers, place, vocabulary_at

__all__ = ["PAGE", "Checked", "Progress", "check"]

PAGE = 100  # things a page; pySHACL gains little beyond

Item = TypeVar("Item")


class Progress:
    """Told how far the work is; the command line draws it, tests ignore it."""

    def __call__(self, stage: str, done: int = 0, total: int = 0) -> None:
        """Hear that a stage has done so many of so many."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What may be published, as lines by thing, and every finding; both are read from the ledger one by one."""

    ledger: Ledger
    refused: Mapping[str, str]  # place of each record that stays out -> its source
    merged: Mapping[str, int]  # source -> how many of its records joined a more trusted one

    @property
    def described(self) -> Described:
        """IRI of each thing that may be published -> its sorted lines, parts included."""
        return Described(self.ledger)

    @property
    def findings(self) -> Findings:
        """Every finding, by place."""
        return Findings(self.ledger)


def _paged(items: Iterable[Item]) -> Iterator[list[Item]]:
    waiting = iter(items)
    while page := list(islice(waiting, PAGE)):
        yield page


# What workers do ------------------------------------------------------------------------------------


class _Joined(NamedTuple):
    """What became of the records of a project."""

    description: Description
    stay: list[int]  # numbers of the records, the most trusted first
    findings: list[Finding]
    left_out: list[tuple[int, Finding]]
    origins: dict[str, int]  # column -> number of the record that stated it, where it was not the first


_Records = list[tuple[Member, Record, tuple[bytes, bytes]]]


def _made(records: _Records) -> dict[int, Made]:
    """Return what records were cleaned to, by their numbers."""
    found: dict[int, Made] = {}
    for member, record, content in records:
        found[member.id] = remade(*content)
        found[member.id].record = record
    return found


def _joined(iri: str, made: Mapping[int, Made], where: Place) -> _Joined:
    number = {id(one): at for at, one in made.items()}
    owner = merging.join(made.values(), vocabulary_at(where))[iri]
    return _Joined(
        described(owner.project, where),
        [number[id(one)] for one in owner.records],
        owner.findings,
        [(number[id(one)], finding) for one, finding in owner.left_out],
        {column: number[id(one)] for column, one in owner.origins.items()},
    )


def _join(work: tuple[Place, list[tuple[str, _Records]]]) -> list[_Joined]:
    """Join the records of some projects; runs in any process of an executor."""
    where, projects = work
    return [_joined(iri, _made(records), where) for iri, records in projects]


def _alone(work: tuple[Place, list[tuple[str, _Records]]]) -> list[Description]:
    """Describe the projects of single records."""
    where, projects = work
    return [
        described(made.project, where) for _, records in projects for made in _made(records).values() if made.project
    ]


_Said = list[tuple[Kind, bytes, int]]


def _gather(work: tuple[Place, list[tuple[str, _Said]]]) -> list[list[tuple[bool, str, Description]]]:
    """Make one thing an IRI of what records bring along: whether it is a project, its class, and the thing."""
    where, things = work
    return [
        [(isinstance(entity, Project), type(entity).__name__, described(entity, where)) for entity in entities]
        for entities in (_gathered(iri, said, vocabulary_at(where)) for iri, said in things)
    ]


def _gathered(iri: str, said: _Said, vocabulary: Vocabulary) -> list[Entity]:
    mentions: list[Mention] = []
    others: list[Entity] = []
    for kind, content, number in said:
        value = pickle.loads(content)  # noqa: S301 - a worker of ours wrote it
        if kind in {Kind.MENTION, Kind.REFERENCE}:
            mentions += [value] * number
        else:
            others.append(value)
    found = list(gather.merge(others).values())
    if mentions:  # an organisation is more than what else has its IRI
        found = [entity for entity in found if isinstance(entity, Project)]
        found.append(gather.organisations(mentions, vocabulary)[iri])
    return found


class _Judged(NamedTuple):
    """A thing for the shapes."""

    iri: str
    lines: bytes
    known: dict[str, str]  # IRI -> class of the things of ours that it refers to
    targets: str


@dataclass(frozen=True, slots=True)
class _Asked(Generic[Item]):
    """What is asked about a thing."""

    item: Item
    of: bytes  # key of the verdict
    refers: list[int]  # numbers of the things it refers to
    judged: _Judged


@lru_cache(maxsize=4)
def _validator(where: Place, settings: Validation) -> Validator:
    return Validator(vocabulary_at(where), settings)


_Work = tuple[Place, Validation, list[_Judged]]


def _validate(work: _Work) -> list[list[Finding]]:
    """Return what the shapes find in each thing of a page; runs in any process of an executor."""
    where, settings, things = work
    if not things:
        return []
    vocabulary = vocabulary_at(where)
    lines = [line for thing in things for line in lines_of(thing.lines)]
    referred: dict[str, tuple[str, ...]] = {}
    for thing in things:
        for iri in thing.targets.split("\n"):
            kind = thing.known.get(iri)
            if types := vocabulary.classes[kind].types if kind else tuple(vocabulary.types_of(iri)):
                referred[iri] = types
    found: dict[str, list[Finding]] = {thing.iri: [] for thing in things}
    for finding in _validator(where, settings).check(Page(tuple(lines), referred)):
        owner = finding.subject
        while owner not in found:  # a part: its owner's IRI begins its own
            owner = owner.rpartition("/")[0]
        found[owner].append(finding)
    return list(found.values())


# What this process does ----------------------------------------------------------------------------


class _Checker:
    """Takes the ledger of a build from what was read to what may be published."""

    def __init__(
        self,
        collected: Collected,
        vocabulary: Vocabulary,
        settings: Validation,
        workers: Workers,
        progress: Progress,
    ) -> None:
        self.ledger = collected.ledger
        self.workers = workers
        self.progress = progress
        self.where = place(vocabulary)
        self.settings = replace(settings, fast=settings.fast and engine() is not None)
        self.vocabulary = vocabulary

    # Joining and gathering

    def records(self, members: Sequence[Member]) -> _Records:
        """Return what a worker needs of records."""
        content = self.ledger.made(members)
        return [(member, self.ledger.record(member), made) for member, made in zip(members, content, strict=True)]

    def join(self) -> None:
        """Make one project an IRI; most have one record, and are what that was cleaned to."""
        self.progress("spojení / joining")
        self.ledger.alone()
        work = (
            (page, (self.where, [(iri, self.records(members)) for iri, members in page]))
            for page in _paged(self.ledger.together())
        )
        for page, made in self.workers.beside(_join, work):
            for (iri, members), one in zip(page, made, strict=True):
                self.keep(iri, members, one)
                self.ledger.tell(finding for _, finding in one.left_out)
                for member in members:
                    if member.id in one.stay:
                        self.ledger.bring(member)

    def keep(self, iri: str, members: Iterable[Member], one: _Joined) -> None:
        """Note a joined project, and what its records are to it."""
        by_number = {member.id: member for member in members}
        self.ledger.describe(iri, Role.PROJECT, "Project", one.description)
        self.ledger.join(iri, one.origins, one.findings)
        self.ledger.state(by_number.values(), State.OUT)
        stay = [by_number[number] for number in one.stay]
        self.ledger.state(stay[:1], State.FIRST)
        self.ledger.state(stay[1:], State.JOINED)

    def gather(self) -> None:
        """Make one thing an IRI of what records bring along."""
        self.progress("souvislosti / surroundings")
        work = ((page, (self.where, page)) for page in _paged(self.ledger.gathered()))
        for page, made in self.workers.beside(_gather, work):
            for (iri, _), entities in zip(page, made, strict=True):
                for is_project, kind, description in entities:
                    role = Role.SUPPORTING
                    if is_project:  # of a project with records of its own, those hold
                        role = Role.MENTIONED if self.ledger.has(iri, Role.PROJECT) else Role.PROJECT
                    self.ledger.describe(iri, role, kind, description)

    # Judging

    def judged(
        self, things: Iterable[tuple[Item, str, Description]], roles: Sequence[Role], *, with_bad: bool = False
    ) -> Iterator[tuple[Item, bytes, list[int], list[Finding]]]:
        """Judge things; yield each with the key of its verdict, the things it refers to and what was found.

        `roles` are those of the things that may be referred to; a bad one may not, but while it is judged itself.
        """
        known = lru_cache(maxsize=100_000)(lambda iri: self.ledger.known(iri, roles, with_bad=with_bad))
        own = f"{self.vocabulary.base}zdroj/"
        settings = repr(self.settings)

        def asked(item: Item, iri: str, description: Description) -> _Asked[Item]:
            found = {to: known(to) for to in description.targets.split("\n") if to.startswith(own)}
            kinds = {to: thing[1] for to, thing in found.items() if thing}
            of = key(*map(str.encode, (settings, description.digest, *chain(*kinds.items()))))
            judged = _Judged(iri, description.lines, kinds, description.targets)
            return _Asked(item, of, [thing[0] for thing in found.values() if thing], judged)

        def pages() -> Iterator[tuple[tuple[list[_Asked[Item]], dict[bytes, list[Finding]]], _Work]]:
            for page in _paged(asked(*thing) for thing in things):
                old = self.ledger.judged([one.of for one in page])
                yield (page, old), (self.where, self.settings, [one.judged for one in page if one.of not in old])

        for (page, old), made in self.workers.beside(_validate, pages()):
            new = dict(zip((one.of for one in page if one.of not in old), made, strict=True))
            self.ledger.judge(
                (of, found) for of, found in new.items() if all(finding.kind != NOT_JUDGED for finding in found)
            )
            verdicts = old | new
            for one in page:
                yield one.item, one.of, one.refers, verdicts[one.of]
            self.ledger.commit()

    def judge(self, stage: str, things: Iterable[Thing], roles: Sequence[Role], *, with_bad: bool = False) -> None:
        """Judge things and note the verdicts."""
        asked = ((thing, thing.iri, thing.description) for thing in things)
        self.progress(f"ověření / validating: {stage}")
        judged = self.judged(asked, roles, with_bad=with_bad)
        number = 0
        while page := list(islice(judged, PAGE)):
            self.ledger.settle(
                [Settled(thing.id, of, refers, found, _is_bad(found)) for thing, of, refers, found in page]
            )
            number += len(page)
            self.progress(f"ověření / validating: {stage}", number)

    def apart(self) -> None:
        """Judge the records of bad joined projects one by one, and keep what the good ones say together."""
        bad = [iri for iri in self.ledger.bad(Role.PROJECT) if len(self.ledger.members(iri)) > 1]
        for page in _paged(bad):
            self.apart_page({iri: self.ledger.members(iri) for iri in page})

    def apart_page(self, projects: Mapping[str, list[Member]]) -> None:
        """Judge the records of some projects one by one."""
        good: dict[str, list[Member]] = {}
        for single in zip_longest(*projects.values()):  # a page has no project twice
            alone = {iri: member for iri, member in zip(projects, single, strict=True) if member}
            work = [(iri, self.records([member])) for iri, member in alone.items()]
            ((_, descriptions),) = self.workers.beside(_alone, [(None, (self.where, work))])
            asked = ((iri, iri, description) for iri, description in zip(alone, descriptions, strict=True))
            for iri, _, _, found in self.judged(asked, _ANY):
                if _is_bad(found):
                    self.ledger.tell(_located(finding, iri, self.ledger.record(alone[iri])) for finding in found)
                else:
                    good.setdefault(iri, []).append(alone[iri])
        whole = self.joined_again(good)
        together = list(whole)
        bad = {
            iri
            for iri, _, _, found in self.judged(((iri, iri, whole[iri].description) for iri in together), _ANY)
            if _is_bad(found)
        }
        for iri in bad:  # each fine alone, not together: the most trusted one stays
            first, *others = (self.ledger.record(member) for member in good[iri])
            self.ledger.tell(_not_together(iri, first, other) for other in others)
        whole |= self.joined_again({iri: good[iri][:1] for iri in bad})
        for iri, one in whole.items():
            self.keep(iri, projects[iri], one)
        self.judge("záznamy jednotlivě / records one by one", (self.ledger.thing(i, Role.PROJECT) for i in whole), _ANY)

    def joined_again(self, projects: Mapping[str, list[Member]]) -> dict[str, _Joined]:
        """Join what is left of some projects."""
        work = [(iri, self.records(members)) for iri, members in projects.items()]
        ((_, made),) = self.workers.beside(_join, [(None, (self.where, work))])
        return dict(zip(projects, made, strict=True))

    # Telling

    def tell(self) -> None:
        """Say of each finding of the shapes where it came from, and note what was found while records were joined."""
        for thing, found in self.ledger.verdicts():
            for finding in found:
                speaker = None if thing.role is Role.SUPPORTING else self.ledger.speaker(thing.iri, _column(finding))
                if speaker:
                    self.ledger.tell([_located(finding, thing.iri, speaker)])
                else:
                    place = self.ledger.first_said(_owners(thing.iri))
                    self.ledger.tell([replace(finding, place=place, source="lod")])
        self.ledger.tell_joined()

    def repair(self) -> None:
        """Suggest the one organisation of the reference lists whose IČO is a single slip away."""
        listed = _Listed(self.ledger, Iris(self.vocabulary.base))
        for finding in self.ledger.of_kinds(("ico-check-digit", "ico-invalid")):
            if not finding.repair and (found := ico.nearest(finding.value, listed)):
                self.ledger.untell(finding)
                self.ledger.tell([replace(finding, repair=found)])

    # Refusing

    def refuse(self) -> None:
        """Refuse bad projects and, until nothing changes, whoever refers to one: a release has no dangling links.

        What may be published are the other projects and the good things that they lead to.
        """
        bad = set(self.ledger.bad(Role.PROJECT))
        # Of a project whose own record is refused, what another record says still holds.
        told = {iri for iri in bad if self.ledger.has(iri, Role.MENTIONED)}
        fallen = (bad - told) | set(self.ledger.bad(Role.MENTIONED))
        number = {iri: self.ledger.thing(iri, Role.PROJECT).id for iri in fallen}  # references lead to this role
        gone = more = set(number.values())
        while more:
            found: dict[int, str] = {}
            for thing, iri, role, _, refers in self.ledger.references():
                if role is (Role.MENTIONED if iri in told else Role.PROJECT) and not more.isdisjoint(refers):
                    own = thing if role is Role.PROJECT else self.ledger.thing(iri, Role.PROJECT).id
                    if own not in gone:
                        found[own] = iri
            self.ledger.tell(self.dangling(iri) for iri in found.values())
            fallen |= set(found.values())
            more = set(found)
            gone = gone | more
        self.publish(told, fallen)
        for iri in bad | fallen:
            self.ledger.state(self.ledger.members(iri), State.OUT)

    def publish(self, told: set[str], fallen: set[str]) -> None:
        """Note what may be published."""
        reached: set[int] = set()
        kept: list[int] = []

        def stands(iri: str, role: Role) -> bool:
            return role is (Role.MENTIONED if iri in told else Role.PROJECT) and iri not in fallen

        for thing, iri, role, _, refers in self.ledger.references():
            if stands(iri, role):
                kept.append(thing)
                reached.update(refers)
        size = -1
        while size != len(reached):
            size = len(reached)
            for thing, _, role, is_bad, refers in self.ledger.references():
                if role is Role.SUPPORTING and thing in reached and not is_bad:
                    reached.update(refers)
        kept += (
            thing
            for thing, _, role, is_bad, _ in self.ledger.references()
            if role is Role.SUPPORTING and thing in reached and not is_bad
        )
        self.ledger.publish(kept)

    def dangling(self, iri: str) -> Finding:
        """Return the violation of a project that refers to a refused one."""
        speaker = self.ledger.speaker(iri, "")
        return Finding(
            severity=Severity.VIOLATION,
            place=speaker.place if speaker else self.ledger.first_said(_owners(iri)),
            field="",
            cs="odkazuje na projekt, který nebyl přijat",
            en="refers to a project that was refused",
            kind="reference-refused",
            source=speaker.source if speaker else "lod",
            subject=iri,
        )


_ANY = (Role.SUPPORTING, Role.PROJECT)


def check(
    collected: Collected,
    vocabulary: Vocabulary,
    progress: Progress,
    workers: Workers = HERE,
    settings: Validation | None = None,
) -> Checked:
    """Gather, describe and validate; a thing with a violation stays out, with whoever needs it."""
    checker, ledger = _Checker(collected, vocabulary, settings or Validation(), workers, progress), collected.ledger
    checker.join()
    checker.gather()
    checker.judge("souvislosti / surroundings", ledger.things(Role.SUPPORTING), (Role.SUPPORTING,), with_bad=True)
    checker.judge("projekty / projects", ledger.things(Role.PROJECT), _ANY)
    checker.apart()
    told = (thing for thing in ledger.things(Role.MENTIONED) if ledger.is_bad(thing.iri))
    checker.judge("zmínky / mentions", told, _ANY)
    checker.tell()
    checker.refuse()
    checker.repair()
    return Checked(ledger, dict(ledger.out()), Counter(dict(ledger.joined())))


def _is_bad(found: Iterable[Finding]) -> bool:
    return any(finding.severity is Severity.VIOLATION for finding in found)


# Field of the model (as shapes name it) -> column of the tidy layout.
_COLUMNS = {camel(item.english): item.english for item in FIELDS} | {
    "totalCost": "total",
    "eligibleCost": "eligible",
    "contribution": "funds",
    "place": "places",
    "output": "outputs",
    "activity": "activities",
}


def _column(finding: Finding) -> str:
    return _COLUMNS.get(finding.field, finding.field)


def _located(finding: Finding, iri: str, record: Record) -> Finding:
    """Say where a shape's finding came from: the record's place, and its author's name of the field."""
    field = record.label(_column(finding))
    if finding.subject != iri:  # a part: its place below the project says which
        field = f"{finding.subject.removeprefix(f'{iri}/')} {czech(_column(finding))}".strip()
    return replace(finding, place=record.place, source=record.source, field=field)


def _not_together(iri: str, first: Record, other: Record) -> Finding:
    return Finding(
        severity=Severity.VIOLATION,
        place=other.place,
        field="",
        cs=f"spolu se záznamem {first.place} by projekt neprošel ověřením",
        en=f"together with {first.place} the project would not pass validation",
        kind="sources-contradict",
        source=other.source,
        subject=iri,
    )


def _owners(iri: str) -> list[str]:
    """Return a thing and everything whose part it may be."""
    collection, _, rest = iri.partition("/zdroj/")
    parts = rest.split("/")
    return [f"{collection}/zdroj/{'/'.join(parts[:end])}" for end in range(2, len(parts) + 1)]


class _Listed:
    """The IČO of the organisations in reference lists."""

    def __init__(self, ledger: Ledger, iris: Iris) -> None:
        self._ledger, self._iris = ledger, iris

    def __contains__(self, number: object) -> bool:
        return self._ledger.is_listed(self._iris.organisation(ico=str(number)))
