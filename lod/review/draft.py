"""One project of a page as its reviewer sees it: what was found, what was decided, what was filled in. Pure.

A draft comes from the extraction, from a record saved before, or from the form as it was sent; it leads to
the record that is saved. The form holds all of it, so nothing is kept between two requests.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from .. import clean, ico
from ..errors import IcoError
from ..extract.facts import Fact, Found, Span
from ..extract.page import Page
from ..model import Finding, Severity
from . import paths
from .places import Places

__all__ = [
    "BY_HAND",
    "DECISIONS",
    "Draft",
    "Earlier",
    "Item",
    "Written",
    "canonical",
    "from_form",
    "from_found",
    "with_saved",
]

DECISIONS = ("accept", "correct", "reject")
BY_HAND = "reviewer"  # the rule of a fact that a person put right or filled in
_MOST_PARTS = 200
_LONGEST = 20_000  # characters of one value
# Facts of the page itself; it has one date, the later of the two kinds.
_OF_PAGE = {"modified": "document.date", "published": "document.date"}


def canonical(kind: str, shown: str) -> str:
    """Return what a person wrote as the extractor would have written it; as it stands where it cannot be read.

    >>> canonical("date", "1. 2. 2010"), canonical("amount", "1 234,50"), canonical("ico", "70 89 13 20")
    ('2010-02-01', '1234.5', '70891320')
    """
    text = clean.text(shown)
    try:
        if kind == "date":
            return clean.partial_date(text).lexical
        if kind in {"amount", "number"} and not clean.printed_currency(text):
            return clean.canonical_decimal(clean.amount(text))
        if kind == "ico":
            return ico.parse(text)
    except (ValueError, IcoError):
        pass
    return text


def _leaf(kind: str, value: str) -> Any:
    """Return a value as it stands in a record: a list, a number, or a text."""
    if kind == "list":
        return [text for part in value.split(";") if (text := clean.text(part))]
    if kind in {"amount", "number"} and re.fullmatch(r"-?\d{1,15}", value):
        return int(value)
    if kind in {"amount", "number"} and re.fullmatch(r"-?\d{1,15}\.\d+", value):
        return Decimal(value)
    return value


def _text(value: Any) -> str:
    """Return a value of a record as a text again."""
    return "; ".join(map(str, value)) if isinstance(value, list) else str(value)


Reasons = Mapping[str, str]  # by the Czech names of its columns in evidence


@dataclass(slots=True)
class Item:
    """A fact that was found, and what is decided of it."""

    number: int  # on the page, from 1
    fact: Fact
    sure: bool
    value: str
    decision: str = ""  # one of DECISIONS, or undecided
    span: Span | None = None  # other evidence, chosen by hand
    reason: str = ""  # why it was corrected or rejected, in Czech
    reason_en: str = ""  # of the same; only a record file can say it

    @property
    def path(self) -> str:
        """Its place in the record."""
        return _OF_PAGE.get(self.fact.field, self.fact.field)

    @property
    def kind(self) -> str:
        """The kind of its column."""
        return paths.field_of(self.path).kind

    @property
    def changed(self) -> bool:
        """Whether the value is another than was found."""
        return canonical(self.kind, self.value) != canonical(self.kind, self.fact.value)

    @property
    def holds(self) -> bool:
        """Whether it goes to the record."""
        return self.decision in {"accept", "correct"} and bool(clean.text(self.value))

    @property
    def reasons(self) -> Reasons:
        """The reason as evidence states it."""
        told = {"duvod": clean.text(self.reason), "duvod_en": self.reason_en}
        return {name: reason for name, reason in told.items() if reason}

    def decided(self) -> Fact:
        """Return the fact as its reviewer states it."""
        value = canonical(self.kind, self.value)
        if not self.changed and self.span in {None, self.fact.span}:
            return self.fact
        return replace(self.fact, value=value, span=self.span or self.fact.span, rule=BY_HAND, confidence=1.0)


@dataclass(slots=True)
class Written:
    """A value that a person filled in, with its place on the page where they gave one."""

    value: str
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class _Stated:
    """A value that goes to the record, and what it rests on."""

    path: str
    value: str
    fact: Fact | None = None
    reasons: Reasons = field(default_factory=dict)


@dataclass(slots=True)
class Draft:
    """One project under review."""

    number: int  # on the page, from 0
    items: list[Item] = field(default_factory=list)
    written: dict[str, Written] = field(default_factory=dict)  # by path
    counts: dict[str, int] = field(default_factory=dict)  # how many parts the form has, by the path of the column
    dropped: set[str] = field(default_factory=set)  # parts that are left out
    included: bool = True
    slug: str = ""  # the stored end of the IRI
    kept: list[Mapping[str, Any]] = field(default_factory=list)  # evidence in the saved record that no fact leaves

    def __post_init__(self) -> None:
        """Count the parts that facts and values lie in."""
        told = (item.path for item in self.items if item.sure or item.holds)
        for path in [*told, *self.written]:
            for part in paths.parents(path):
                if match := re.fullmatch(r"(.+)\[(\d+)\]", part):
                    self.counts[match[1]] = max(self.counts.get(match[1], 0), int(match[2]))

    @property
    def title(self) -> str:
        """What the project is called, as it stands now."""
        told = [item.value for item in self.items if item.path == "title" and item.holds]
        return (self.written["title"].value if "title" in self.written else "") or next(iter(told), "")

    @property
    def name(self) -> str:
        """What the project is called on the form: its title, else one that is not sure, else its number."""
        doubtful = (item.value for item in self.items if item.path == "title" and item.decision != "reject")
        numbers = (item.value for item in self.items if item.path == "registration_number" and item.holds)
        return self.title or next(doubtful, "") or next(numbers, "")

    def of(self, path: str, *, sure: bool) -> list[Item]:
        """Return the facts found for a place."""
        return [item for item in self.items if item.path == path and item.sure is sure]

    def is_dropped(self, path: str) -> bool:
        """Whether the place lies in a part that is left out."""
        return any(part in self.dropped for part in paths.parents(path))

    def _stated(self) -> list[_Stated]:
        """Return each place with its value, and the fact behind it."""
        stated = []
        for item in self.items:
            if item.holds and not self.is_dropped(item.path):
                fact = item.decided()
                stated.append(_Stated(item.path, fact.value, fact, item.reasons))
        for path, entry in self.written.items():
            if clean.text(entry.value) and not self.is_dropped(path):
                value = canonical(paths.field_of(path).kind, entry.value)
                fact_by_hand = Fact(path, value, entry.span, BY_HAND, 1.0) if entry.span else None
                stated.append(_Stated(path, value, fact_by_hand))
        return stated

    @staticmethod
    def _numbering(stated: Iterable[_Stated]) -> dict[str, str]:
        """Return the parts that are left, renumbered without holes: place on the form -> place in the record."""
        parts = sorted({part for one in stated for part in paths.parents(one.path)}, key=_natural)
        numbering: dict[str, str] = {}
        seen: dict[str, int] = {}
        for part in parts:
            owner, _, last = part.rpartition(".")
            name, _, number = last.partition("[")
            column = f"{numbering[owner]}.{name}" if owner else name
            if number:
                seen[column] = seen.get(column, 0) + 1
                numbering[part] = f"{column}[{seen[column]}]"
            else:
                numbering[part] = column
        return numbering

    def stated(self) -> tuple[dict[str, Any], list[tuple[Fact, Reasons]], dict[str, str]]:
        """Return the values by path, the facts behind them, and which form's part became which of the record.

        The `field` of each fact is its place in the record.
        """
        stated = self._stated()
        numbering = self._numbering(stated)
        leaves: dict[str, Any] = {}
        facts: list[tuple[Fact, Reasons]] = []
        for one in stated:
            at, kind = paths.renumbered(one.path, numbering), paths.field_of(one.path).kind
            leaf = _leaf(kind, one.value)
            if kind == "list":
                listed = leaves.setdefault(at, [])
                listed += [text for text in leaf if text not in listed]
            else:
                leaves.setdefault(at, leaf)
            if one.fact:
                facts.append((replace(one.fact, field=at), one.reasons))
        return leaves, facts, numbering

    def rejected(self) -> list[tuple[Fact, Reasons]]:
        """Return the facts that were judged wrong; the `field` of each is its place on the form."""
        wrong = (item for item in self.items if item.decision == "reject" or (item.sure and self.is_dropped(item.path)))
        return [(replace(item.fact, field=item.path), item.reasons) for item in wrong]

    def contradictions(self) -> Iterator[Finding]:
        """Yield what a place with room for one value has two of."""
        seen: dict[str, str] = {}
        for path, value in ((one.path, one.value) for one in self._stated()):
            if paths.field_of(path).kind != "list" and seen.setdefault(path, value) != value:
                yield Finding(
                    severity=Severity.VIOLATION,
                    place="",
                    field=paths.czech(path),
                    cs=f"přijaty jsou dvě různé hodnoty („{seen[path]}“ a „{value}“); nechte jednu",
                    en=f'two different values are accepted ("{seen[path]}" and "{value}"); keep one',
                    kind="too-many-values",
                    value=value,
                )


def _natural(path: str) -> tuple[tuple[str, int], ...]:
    """Sort parts[10] after parts[9], and an owner before its parts."""
    return tuple((name, int(number or 0)) for name, number in re.findall(r"([a-z0-9_]+)(?:\[(\d+)\])?", path))


def _is_known(fact: Fact) -> bool:
    try:
        return paths.field_of(_OF_PAGE.get(fact.field, fact.field)).kind not in {"part", "parts"}
    except KeyError:
        return False


def from_found(number: int, first: int, found: Found, values: Mapping[str, Any]) -> Draft:
    """Return what was extracted: sure facts accepted, doubtful ones undecided.

    `first` is the number of its first fact on the page. `values` is the record that extraction makes of it (by
    English names); what it says of the document, or beyond the facts, is filled in.
    """
    both = [*((fact, True) for fact in found.facts), *((fact, False) for fact in found.doubtful)]
    later = any(fact.field == "modified" for fact in found.facts)
    wanted = ((fact, sure) for fact, sure in both if _is_known(fact) and not (later and fact.field == "published"))
    known = sorted(wanted, key=lambda one: (one[0].span, not one[1]))
    items = [Item(at, fact, sure, fact.value, "accept" if sure else "") for at, (fact, sure) in enumerate(known, first)]
    told = {item.path for item in items if item.sure}
    beyond = {
        path: Written(_text(value))
        for path, value in paths.flat(values)
        if path not in told and "[" not in path and (path.startswith("document.") or not paths.is_own(path))
    }
    return Draft(number, items, beyond, slug=str(values.get("slug", "")))


Evidence = Mapping[str, Any]  # as it stands in a record file, by Czech names
_Key = tuple[str, str, str, str]


def key(item: Evidence) -> _Key:
    """Return what a piece of evidence is about and where it stands; parts may have been renumbered since."""
    about = str(item.get("udaj", ""))
    with contextlib.suppress(KeyError):
        about = paths.generic(paths.english(about))
    return about, str(item.get("xpath", "")), str(item.get("od", "")), str(item.get("do", ""))


def _place_of(item: Evidence, page: Page) -> Span | None:
    """Return where on the page a piece of evidence points to."""
    first, last = str(item.get("od", "")), str(item.get("do", ""))
    if not re.fullmatch(r"\d{1,9}", first) or not re.fullmatch(r"\d{1,9}", last):
        return None
    for line in page.lines:
        if line.xpath == str(item.get("xpath", "")) and int(first) in line.offsets and int(last) - 1 in line.offsets:
            start, end = line.offsets.index(int(first)), line.offsets.index(int(last) - 1) + 1
            return Span(line.index, start, end) if start < end else None
    return None


@dataclass(frozen=True, slots=True)
class Earlier:
    """What a record file says of an earlier review."""

    values: Mapping[str, Any]  # by English names
    evidence: Sequence[Evidence] = ()
    rejected: Sequence[Evidence] = ()


def with_saved(draft: Draft, earlier: Earlier, own: Mapping[int, Evidence], page: Page) -> Draft:
    """Return the draft as it was decided before.

    `own` is the evidence that each fact of the draft would leave (by the fact's number), by which it is found again.
    """
    again = _Again(earlier, {key(one) for one in own.values()}, page)
    for item in draft.items:
        again.decide(item, key(own[item.number]))
    written, counts = again.rest(draft)
    kept = again.keep(written)
    return Draft(draft.number, draft.items, written, counts, slug=str(earlier.values.get("slug", "")), kept=kept)


class _Again:
    """Finds the facts of a page in a record that was saved of it; what is left was written by hand."""

    def __init__(self, earlier: Earlier, own: Set[_Key], page: Page) -> None:
        self.own = own  # where the facts of the page stand
        self.page = page
        self.leaves = {
            path: _text(value)
            for path, value in paths.flat(earlier.values)
            if path.startswith("document.") or not paths.is_own(path)
        }
        self.evidence: dict[_Key, list[Evidence]] = {}  # in the order of the file
        for item in earlier.evidence:
            self.evidence.setdefault(key(item), []).append(item)
        self.refused = {key(item): item for item in earlier.rejected}
        self.used: set[str] = set()
        self.parts: dict[str, str] = {}  # part of the saved record -> part of the form

    def decide(self, item: Item, key: _Key) -> None:
        """Give a fact the decision that was saved."""
        item.decision = ""
        if refused := self.refused.get(key):
            item.decision, item.reason = "reject", str(refused.get("duvod", ""))
        elif saved := self._take(key) or self._moved(item):
            item.reason, item.reason_en = str(saved.get("duvod", "")), str(saved.get("duvod_en", ""))
            at = paths.english(str(saved["udaj"]))
            self.parts.update(zip(paths.parents(at), paths.parents(item.path), strict=True))
            self._compare(item, at)
        elif canonical(item.kind, self.leaves.get(item.path, "")) == canonical(item.kind, item.fact.value):
            item.decision = "accept"  # a record written by hand says the same
            self.used.add(item.path)

    def _take(self, key: _Key) -> Evidence | None:
        """Return the next evidence that stands at a place."""
        return self.evidence[key].pop(0) if self.evidence.get(key) else None

    def _moved(self, item: Item) -> Evidence | None:
        """Return the evidence that a reviewer gave to a sure fact instead of its own."""
        if not item.sure or item.kind == "list" or "[" in item.path:
            return None
        for key, saved in self.evidence.items():
            if key[0] != item.path or key in self.own or not saved or saved[0].get("pravidlo") != BY_HAND:
                continue
            if span := _place_of(saved[0], self.page):
                item.span = span
                return saved.pop(0)
        return None

    def _compare(self, item: Item, at: str) -> None:
        """Accept or correct a fact by what the record says at its place."""
        saved = self.leaves.get(at, "")
        if item.kind == "list":
            pieces, own = [clean.text(piece) for piece in saved.split(";")], clean.text(item.fact.value)
            if own in pieces:
                item.decision = "accept"
                pieces.remove(own)
                self.leaves[at] = "; ".join(pieces)
                if not pieces:
                    self.used.add(at)
        elif saved:
            item.value = saved
            item.decision = "correct" if item.changed else "accept"
            self.used.add(at)

    def rest(self, draft: Draft) -> tuple[dict[str, Written], dict[str, int]]:
        """Return what no fact says, by its place on the form, and how many parts the form has."""
        counts = Draft(draft.number, draft.items).counts
        written = {
            self._placed(path, counts): Written(value) for path, value in self.leaves.items() if path not in self.used
        }
        of_document = {path: entry for path, entry in draft.written.items() if path.startswith("document.")}
        return {**of_document, **written}, counts

    def _placed(self, path: str, counts: dict[str, int]) -> str:
        """Return where on the form a value goes; a part that no fact leads to comes after those on the form."""
        for part in paths.parents(path):
            if part in self.parts:
                continue
            at = paths.renumbered(part, self.parts)
            column = at.rpartition("[")[0]
            if column:
                counts[column] = counts.get(column, 0) + 1
                at = f"{column}[{counts[column]}]"
            self.parts[part] = at
        return paths.renumbered(path, self.parts)

    def keep(self, written: dict[str, Written]) -> list[Evidence]:
        """Give values written by hand their places back; return the evidence that nothing on the form leaves."""
        kept = []
        for item in (item for items in self.evidence.values() for item in items):
            at = self._form_place(item)
            by_hand = item.get("pravidlo") == BY_HAND and at in written and not item.get("duvod")
            if by_hand and (span := _place_of(item, self.page)):
                written[at].span = span
            else:
                kept.append(item)
        return kept

    def _form_place(self, item: Evidence) -> str:
        try:
            return paths.renumbered(paths.english(str(item.get("udaj", ""))), self.parts)
        except KeyError:
            return ""


def from_form(base: Draft, form: Mapping[str, str], places: Places) -> Draft:
    """Return the draft that was sent; `base` says which facts there are.

    Names on the form begin with the project's number: `0/d/3` is the decision on fact 3, `0/v/3` its value,
    `0/s/3` its evidence, `0/r/3` the reason; `0/w/PATH` is a value filled in and `0/p/PATH` its place;
    `0/n/COLUMN` counts parts, `0/x/PART` leaves one out.
    """
    prefix = f"{base.number}/"
    sent = {name[len(prefix) :]: value for name, value in form.items() if name.startswith(prefix)}
    items = []
    for item in base.items:
        key = str(item.number)
        value = sent.get(f"v/{key}", item.fact.value)[:_LONGEST]
        decision = sent.get(f"d/{key}", "")
        made = replace(item, value=value, decision="", span=places.read(sent.get(f"s/{key}", "")))
        made.reason = sent.get(f"r/{key}", "")[:_LONGEST]
        if made.reasons.get("duvod") != item.reasons.get("duvod"):
            made.reason_en = ""  # it told of another reason
        if decision in DECISIONS:
            # The value says which of the two it is, so that a slip of the radio buttons changes nothing.
            made.decision = decision if decision == "reject" else "correct" if made.changed else "accept"
        items.append(made)
    written = {path: entry for path, entry in base.written.items() if paths.is_own(path)}
    counts, dropped = {}, set()
    for name, value in sent.items():
        what, _, path = name.partition("/")
        try:
            kind = paths.field_of(path).kind if what in {"w", "n", "x"} else ""
        except KeyError:
            continue
        if (
            what == "w"
            and kind not in {"part", "parts"}
            and value.strip()
            and _is_near(path)
            and not paths.is_own(path)
        ):
            written[path] = Written(value[:_LONGEST], places.read(sent.get(f"p/{path}", "")))
        elif what == "n" and kind == "parts" and value.isdecimal():
            counts[path] = min(int(value[:6]), _MOST_PARTS)
        elif what == "x":
            dropped.add(path)
    return Draft(base.number, items, written, counts, dropped, included="in" in sent, slug=base.slug, kept=base.kept)


def _is_near(path: str) -> bool:
    """Whether all numbers of a path are ones that the form can have."""
    return all(int(number) <= _MOST_PARTS for number in re.findall(r"\[(\d+)\]", path))
