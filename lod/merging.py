"""Several records of one project to one Project, field by field, in the order of trust. Pure.

Records of one project have one IRI: the same registration number, or the same stored end. They are joined
first within their source, then across sources as these rank in `lod.toml`; reading order never matters.

- A field with one value takes the most trusted one. A later value that agrees and says more completes it:
  2006-09-15 completes 2006-09, an organisation with an IČO the same name without one, an exact amount the
  same one rounded to thousands.
- Fields with many values are united: partners, places and sources by IRI, contributions by kind and fund,
  activities by title, outputs by title and quantity, payments by year.
- Where sources contradict each other, the trusted value holds, the other stays as evidence with its source,
  and a warning names both.
- Two records of one source that contradict each other are not joined: nothing says which of them holds. Where
  only amounts differ they are rows of one budget: the rows are joined and those amounts left out, since no row
  holds the whole and nothing says that they may be summed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, TypeVar

from .clean import PartialDate, canonical_decimal, fold, name_key, slug
from .evidence import moved
from .model import (
    Activity,
    Contribution,
    Evidence,
    Finding,
    Grant,
    Mention,
    MonetaryAmount,
    NaturalPerson,
    Output,
    Payment,
    Project,
    Severity,
    Text,
    placed_in,
)
from .project import Made, bounds
from .terms import Vocabulary
from .tidy import czech

__all__ = ["Joined", "join"]

# Field of Project -> column of the tidy layout.
_SINGLE = {
    "project_type": "project_type",
    "status": "status",
    "start": "start",
    "end": "end",
    "programme": "programme",
    "priority_axis": "priority_axis",
    "area_of_support": "area_of_support",
    "call": "call",
    "currency": "currency",
    "total_cost": "total",
    "eligible_cost": "eligible",
}
_TEXTS = ("title", "summary", "goal", "place_name")
_UNITED = ("place", "predecessor", "related_project", "builds_on", "source")
_AMOUNTS = {  # local name of a kind of contribution -> column of the tidy layout
    "eu": "eu",
    "stat": "state",
    "kraj": "regional",
    "obec": "municipal",
    "verejne": "public",
    "vlastni": "own",
    "soukrome": "private",
}
_MONEY = frozenset({*_AMOUNTS.values(), "total", "eligible", "grant", "paid"})
_ROUNDED = (Decimal(1), Decimal(1000))  # registers round to whole units or to thousands

Value = TypeVar("Value")
Part = TypeVar("Part", Activity, Output)


@dataclass(slots=True)
class Joined:
    """One project, the records it was made of (the most trusted first), and what was found on the way."""

    project: Project
    records: list[Made]
    findings: list[Finding] = field(default_factory=list)
    left_out: list[tuple[Made, Finding]] = field(default_factory=list)  # records that contradict their own source
    origins: dict[str, Made] = field(default_factory=dict)  # column -> who stated it, where it was not the first

    @property
    def first(self) -> Made:
        """The most trusted record."""
        return self.records[0]


def join(made: Iterable[Made], vocabulary: Vocabulary) -> dict[str, Joined]:
    """Return one project an IRI.

    A record that contradicts another one of its own source is left out, with a violation at its own place.
    """
    groups: dict[str, dict[tuple[int, str], list[Made]]] = {}
    for one in sorted(made, key=lambda one: (one.rank, one.record.source, placed_in(one.record.place))):
        if one.project is not None:
            by_source = groups.setdefault(one.project.iri, {})
            by_source.setdefault((one.rank, one.record.source), []).append(one)
    return {iri: _joined([_rows(rows, vocabulary) for rows in groups[iri].values()], vocabulary) for iri in groups}


def _rows(rows: Sequence[Made], vocabulary: Vocabulary) -> Joined:
    """Join the records of one source, as far as they do not contradict each other."""
    first = rows[0]
    assert first.project is not None  # noqa: S101 - `join` has looked
    whole = Joined(first.project, [first])
    differing: dict[str, dict[str, None]] = {}  # column of an amount -> the amounts
    for row in rows[1:]:
        merger = _Merger(whole, row, vocabulary)
        merged = merger.merge()
        if not {column for column, _, _ in merger.contradictions} <= _MONEY:
            whole.left_out.append((row, _duplicate(row, whole, merger.contradictions)))
            continue
        for column, holds, lost in merger.contradictions:
            differing.setdefault(column, {}).update({holds: None, lost: None})
        place = whole.first.record.place
        if merged == whole.project and not merger.contradictions:
            cs, en = f"řádek opakuje {place}; sloučen", f"the row repeats {place}; joined"
            kind = "duplicate-row"
        else:
            cs, en = f"řádek doplňuje projekt z {place}; sloučen", f"the row adds to the project in {place}; joined"
            kind = "rows-joined"
        whole.findings.append(_finding(row, Severity.INFO, kind, cs, en))
        whole.project = merged
        whole.records.append(row)
        whole.origins |= merger.origins
    for column, amounts in differing.items():
        whole.project = _without_amount(whole.project, column)
        whole.findings.append(_differing(whole, column, list(amounts)))
    return whole


def _duplicate(row: Made, whole: Joined, contradictions: Sequence[tuple[str, str, str]]) -> Finding:
    """Return the violation of a row that contradicts an earlier one of its source."""
    column, holds, lost = next(item for item in contradictions if item[0] not in _MONEY)
    place = whole.first.record.place
    finding = _finding(
        row,
        Severity.VIOLATION,
        "project-duplicate",
        f"tento projekt už je v {place} (stejné IRI) a údaj {czech(column)} se liší: tam „{holds}“, tady „{lost}“",
        f'this project already stands in {place} (the same IRI), and {column} differs: "{holds}" there, "{lost}" here',
    )
    return replace(finding, value=whole.project.iri)


def _differing(whole: Joined, column: str, amounts: list[str]) -> Finding:
    """Return the warning about an amount that the rows of one project give differently."""
    shown = ", ".join(amounts[:5]) + (" …" if len(amounts) > 5 else "")
    finding = _finding(
        whole.first,
        Severity.WARNING,
        "rows-differ",
        f"projekt má {len(whole.records)} řádků s různými částkami ({shown}); nesčítáme je, částka je vynechána",
        f"the project has {len(whole.records)} rows with different amounts ({shown}); they are not summed,"
        " the amount is left out",
    )
    return replace(finding, field=whole.first.record.label(column), value=shown)


def _without_amount(project: Project, column: str) -> Project:
    """Return a project without the amount of a column of the tidy layout."""
    if column in {"total", "eligible"}:
        return replace(project, total_cost=None) if column == "total" else replace(project, eligible_cost=None)
    if column == "grant":
        return replace(project, grant=tuple(replace(grant, amount=None) for grant in project.grant))
    if column == "paid":
        kept = [tuple(payment for payment in grant.payment if payment.year) for grant in project.grant]
        return replace(project, grant=tuple(map(_paid, project.grant, kept)))
    kinds = {kind for kind, name in _AMOUNTS.items() if name == column}
    return replace(
        project,
        contribution=tuple(
            replace(item, amount=None) if item.contribution_kind.rpartition("/")[2] in kinds else item
            for item in project.contribution
        ),
    )


def _paid(grant: Grant, payments: tuple[Payment, ...]) -> Grant:
    return replace(grant, payment=payments)


def _joined(pieces: Sequence[Joined], vocabulary: Vocabulary) -> Joined:
    """Join what several sources say, the most trusted first."""
    whole = pieces[0]
    for piece in pieces[1:]:
        whole.findings += piece.findings
        merger = _Merger(whole, piece.first, vocabulary, piece.project)
        whole.project = merger.merge(told=True)
        whole.findings += merger.findings
        whole.left_out += piece.left_out
        whole.records += piece.records
        whole.origins |= merger.origins
    return whole


def _finding(made: Made, severity: Severity, kind: str, cs: str, en: str) -> Finding:
    return Finding(
        severity=severity,
        place=made.record.place,
        field="",
        cs=cs,
        en=en,
        kind=kind,
        source=made.record.source,
        subject=made.project.iri if made.project else "",
    )


def agreed(one: Any, other: Any) -> Any:
    """Return the more precise of two values that say the same, None where they contradict each other."""
    if isinstance(one, PartialDate) and isinstance(other, PartialDate):
        shorter, fuller = sorted((one, other), key=lambda date: len(date.lexical))
        return fuller if fuller.lexical.startswith(shorter.lexical) else None
    if isinstance(one, MonetaryAmount) and isinstance(other, MonetaryAmount):
        return _exact(one, other)
    if isinstance(one, Text) and isinstance(other, Text):
        return one if fold(one.value) == fold(other.value) else None
    if isinstance(one, str) and isinstance(other, str):
        return one if fold(one) == fold(other) else None
    return one if one == other else None


def _exact(one: MonetaryAmount, other: MonetaryAmount) -> MonetaryAmount | None:
    if one.currency_code != other.currency_code:
        return None
    if _rounds(other.value, one.value):
        return one
    return replace(one, value=other.value) if _rounds(one.value, other.value) else None


def _rounds(rounded: Decimal, exact: Decimal) -> bool:
    """Whether one amount is the other, or the other rounded."""
    return rounded == exact or any(
        rounded and rounded % unit == 0 and abs(rounded - exact) * 2 <= unit and abs(exact) >= unit * 100
        for unit in _ROUNDED
    )


class _Merger:
    """Merges what one record (or one source) says into what is known; lives as long as that."""

    def __init__(self, whole: Joined, made: Made, vocabulary: Vocabulary, project: Project | None = None) -> None:
        other = project or made.project
        assert other is not None  # noqa: S101 - a record without a project joins nothing
        self.one, self.other = whole.project, other
        self.whole, self.made = whole, made
        self.vocabulary = vocabulary
        self.mentions: dict[str, Mention] = {m.iri: m for record in [made, *whole.records] for m in record.mentions}
        self.contradictions: list[tuple[str, str, str]] = []  # column, what holds, what lost
        self.findings: list[Finding] = []
        self.origins: dict[str, Made] = {}
        self.evidence: list[tuple[str, str, str, Made]] = []  # field of Project, column, what lost, to whom

    # One value -------------------------------------------------------------------------------------

    def single(self, name: str, column: str, one: Value | None, other: Value | None) -> Value | None:
        """Return the value of a field; a contradiction is noted under the field's name and column."""
        if one is None and other is not None:
            self.origins[column] = self.made
        if one is None or other is None:
            return one if other is None else other
        both: Value | None = agreed(one, other)
        if both is None:
            self.contradict(name, column, self.shown(one), self.shown(other))
            return one
        return both

    def texts(self, name: str, one: tuple[Text, ...], other: tuple[Text, ...]) -> tuple[Text, ...]:
        """Return one text a language."""
        found = {text.language: text for text in one}
        for text in other:
            column = name if text.language == "cs" else f"{name}_{text.language}"
            found[text.language] = self.single(name, column, found.get(text.language), text) or text
        return tuple(found[language] for language in sorted(found))

    def organisation(self, name: str, one: str | None, other: str | None) -> str | None:
        """Return an organisation; one without an IČO gives way to the same name with one."""
        if one is None and other is not None:
            self.origins[name] = self.made
        if one is None or other is None or one == other:
            return one if other is None else other
        if best := self.same(one, other):
            return best
        self.contradict(name, name, self.shown(one), self.shown(other))
        return one

    def same(self, one: str, other: str) -> str:
        """Return the better known of two organisations that are the same, "" where they are not."""
        known = [self.mentions.get(iri) for iri in (one, other)]
        if None in known:
            return ""
        first, second = (mention for mention in known if mention is not None)
        if name_key(first.name) != name_key(second.name) or not first.name:
            return ""
        numbers = [bool(mention.ico or mention.foreign_number) for mention in (first, second)]
        if all(numbers):
            return ""
        return other if numbers[1] else one

    def contradict(self, name: str, column: str, holds: str, lost: str) -> None:
        self.contradictions.append((column, holds, lost))
        holder = self.whole.origins.get(column, self.whole.first)
        trusted = holder.record
        origin, here = f"{trusted.source} ({trusted.place})", f"{self.made.record.source} ({self.made.record.place})"
        self.evidence.append((name, column, lost, holder))
        finding = _finding(
            self.made,
            Severity.WARNING,
            "sources-contradict",
            f"zdroj {origin} uvádí „{holds}“, zdroj {here} „{lost}“; platí „{holds}“, protože"
            f" zdroj {trusted.source} je v lod.toml dřív",
            f'the source {origin} states "{holds}", the source {here} "{lost}"; "{holds}" holds, because'
            f" the source {trusted.source} stands earlier in lod.toml",
        )
        column = self.made.record.label(column)
        self.findings.append(
            replace(finding, field=column, value=lost, expected_cs=holds, expected_en=holds, repair=holds)
        )

    def shown(self, value: object) -> str:
        """Return a value as people read it."""
        if isinstance(value, PartialDate):
            return value.lexical
        if isinstance(value, MonetaryAmount):
            return f"{canonical_decimal(value.value)} {value.currency_code}"
        if isinstance(value, Text):
            return value.value
        iri = str(value)
        if mention := self.mentions.get(iri):
            return " ".join(filter(None, (mention.name, mention.ico or mention.foreign_number)))
        return self.vocabulary.labels(iri).get("cs") or iri.rpartition("/")[2]

    # Many values -----------------------------------------------------------------------------------

    def contributions(self) -> tuple[Contribution, ...]:
        found = {item.iri: item for item in self.one.contribution}
        for item in self.other.contribution:
            if (known := found.get(item.iri)) is None:
                found[item.iri] = item
                continue
            column = _AMOUNTS.get(item.contribution_kind.rpartition("/")[2], "funds")
            found[item.iri] = replace(
                known,
                fund=self.single("contribution", "funds", known.fund, item.fund),
                amount=self.single("contribution", column, known.amount, item.amount),
            )
        return tuple(found.values())

    def grants(self) -> tuple[Grant, ...]:
        if not self.one.grant or not self.other.grant:
            return self.one.grant or self.other.grant
        one, other = self.one.grant[0], self.other.grant[0]
        return (
            replace(
                one,
                provider=self.provider(one.provider, other.provider),
                decision_number=self.single("grant", "decision_number", one.decision_number, other.decision_number),
                decision_date=self.single("grant", "decision_date", one.decision_date, other.decision_date),
                amount=self.single("grant", "grant", one.amount, other.amount),
                payment=self.payments(one.payment, other.payment),
            ),
        )

    def provider(self, one: str | None, other: str | None) -> str | None:
        best = self.same(one, other) if one and other else ""
        return best or self.single("grant", "provider", one, other)

    def payments(self, one: Sequence[Payment], other: Sequence[Payment]) -> tuple[Payment, ...]:
        """Return the payments; a year comes whole from the most trusted source that has it."""
        found = _by_year(one)
        for year, items in _by_year(other).items():
            if year not in found:
                found[year] = items
                continue
            if sorted(item.amount.value for item in found[year]) != sorted(item.amount.value for item in items):
                shown = [", ".join(self.shown(item.amount) for item in side) for side in (found[year], items)]
                column = "payments" if year else "paid"
                self.contradict("grant", column, *(f"{year} {text}".strip() for text in shown))
        return tuple(item for items in found.values() for item in items)

    def parts(
        self, one: Sequence[Part], other: Sequence[Part], owner: str, same: Callable[[Part, Part], Part | None]
    ) -> tuple[Part, ...]:
        """Return the parts of both; one that is the same as a known one completes it."""
        found = list(one)
        for part in other:
            for at, known in enumerate(found):
                if (both := same(known, part)) is not None:
                    found[at] = both
                    break
            else:
                found.append(_moved(part, f"{owner}/{len(found) + 1}"))
        return tuple(found)

    def outputs(self, one: Sequence[Output], other: Sequence[Output], owner: str) -> tuple[Output, ...]:
        return self.parts(one, other, f"{owner}/vystupy", self.output)

    def output(self, one: Output, other: Output) -> Output | None:
        """Return one output of two with the same title and quantity, None for two outputs."""
        differ = None not in {one.quantity, other.quantity} and one.quantity != other.quantity
        if not _same_title(one, other) or differ:
            return None
        return replace(
            one,
            title=_completed(one.title, other.title),
            quantity=one.quantity if one.quantity is not None else other.quantity,
            target_quantity=one.target_quantity if one.target_quantity is not None else other.target_quantity,
            unit=_completed(one.unit, other.unit),
            indicator_code=one.indicator_code or other.indicator_code,
            description=_completed(one.description, other.description),
        )

    def activity(self, one: Activity, other: Activity) -> Activity | None:
        """Return one activity of two with the same title, None for two activities."""
        if not _same_title(one, other):
            return None
        return replace(
            one,
            title=_completed(one.title, other.title),
            description=_completed(one.description, other.description),
            output=self.outputs(one.output, other.output, one.iri),
        )

    def person(self) -> tuple[NaturalPerson, ...]:
        """Return the anonymous beneficiary, with the places that both know."""
        found = [*self.one.natural_person, *self.other.natural_person]
        if not found:
            return ()
        return (replace(found[0], place=tuple(sorted({place for person in found for place in person.place}))),)

    def partners(self) -> tuple[str, ...]:
        found = list(self.one.partner)
        for iri in self.other.partner:
            at = next((at for at, known in enumerate(found) if known == iri or self.same(known, iri)), None)
            if at is None:
                found.append(iri)
            else:
                found[at] = self.same(found[at], iri) or iri
        return tuple(dict.fromkeys(found))

    def evidences(self) -> tuple[Evidence, ...]:
        """Return the evidence of both, and what lost where they contradict each other."""
        iri = self.one.iri
        terms = {term.attribute: term.predicate for term in self.vocabulary.classes["Project"].fields}
        source = self.other.source[0] if self.other.source else None
        lost = [
            Evidence(
                iri=f"{iri}/doklady/{slug(czech(column))}",
                fact=terms[name],
                printed=(Text(printed),),
                reason=(
                    Text(f"Platí údaj důvěryhodnějšího zdroje {holder.record.source}.", "cs"),
                    Text(f"The more trusted source {holder.record.source} holds.", "en"),
                ),
                source=source,
            )
            for name, column, printed, holder in self.evidence
        ]
        found: dict[str, Evidence] = {item.iri: item for item in self.one.evidence}
        for item in [*self.other.evidence, *lost]:
            said = {(known.fact, known.printed, known.source) for known in found.values()}
            if (item.fact, item.printed, item.source) in said:
                continue
            key, number = item.iri, 1
            while key in found:
                number += 1
                key = f"{item.iri}-{number}"
            found[key] = moved(item, key)
        return tuple(found[key] for key in sorted(found))

    # The whole -------------------------------------------------------------------------------------

    def merge(self, *, told: bool = False) -> Project:
        """Return the merged project; `told` keeps what lost as evidence."""
        one, other = self.one, self.other
        simple: dict[str, Any] = {name: self.texts(name, getattr(one, name), getattr(other, name)) for name in _TEXTS}
        simple |= {
            name: self.single(name, column, getattr(one, name), getattr(other, name))
            for name, column in _SINGLE.items()
        }
        simple |= {name: tuple(dict.fromkeys([*getattr(one, name), *getattr(other, name)])) for name in _UNITED}
        beneficiary = self.organisation("beneficiary", _only(one.beneficiary), _only(other.beneficiary))
        merged = replace(
            one,
            **(simple | bounds(simple["start"], simple["end"])),
            registration_number=one.registration_number or other.registration_number,
            identifier=one.identifier or other.identifier,
            beneficiary=(beneficiary,) if beneficiary else (),
            natural_person=self.person(),
            partner=self.partners(),
            target_group=_listed(one.target_group, other.target_group),
            contribution=self.contributions(),
            grant=self.grants(),
            activity=self.parts(one.activity, other.activity, f"{one.iri}/aktivity", self.activity),
            output=self.outputs(one.output, other.output, one.iri),
        )
        if not told:
            self.evidence.clear()
        return replace(merged, evidence=self.evidences())


def _only(values: tuple[str, ...]) -> str | None:
    return values[0] if values else None


def _by_year(payments: Sequence[Payment]) -> dict[str, list[Payment]]:
    found: dict[str, list[Payment]] = {}
    for payment in payments:
        found.setdefault(payment.year.lexical if payment.year else "", []).append(payment)
    return found


def _same_title(one: Activity | Output, other: Activity | Output) -> bool:
    titles: list[Mapping[str, str]] = [{t.language: fold(t.value) for t in part.title} for part in (one, other)]
    shared = titles[0].keys() & titles[1].keys()
    return bool(shared) and all(titles[0][language] == titles[1][language] for language in shared)


def _completed(one: tuple[Text, ...], other: tuple[Text, ...]) -> tuple[Text, ...]:
    """Return one text a language, the first where both have one."""
    found = {text.language: text for text in (*other, *one)}
    return tuple(found[language] for language in sorted(found))


def _listed(one: tuple[Text, ...], other: tuple[Text, ...]) -> tuple[Text, ...]:
    """Return all texts, each once whatever its case and accents."""
    found: dict[tuple[str, str], Text] = {}
    for text in (*one, *other):
        found.setdefault((text.language, fold(text.value)), text)
    return tuple(found.values())


def _moved(part: Part, iri: str) -> Part:
    """Return a part below another IRI, with its own parts."""
    if isinstance(part, Activity):
        outputs = tuple(_moved(output, f"{iri}{output.iri.removeprefix(part.iri)}") for output in part.output)
        return replace(part, iri=iri, output=outputs)
    return replace(part, iri=iri)
