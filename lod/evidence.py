"""Evidence of facts: what the source prints, where it stands, and which rule found it.

Each piece is an annotation of its document in the terms of the Web Annotation Data Model (W3C 2017): its target
is a place selected by an XPath with the characters in the element's string value, or by characters alone in
plain text, and by a quote. Everything has an IRI below the project.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache

from . import clean
from .model import (
    Document,
    Evidence,
    Record,
    Selector,
    Severity,
    SpecificResource,
    Text,
    TextPositionSelector,
    TextQuoteSelector,
    XPathSelector,
)
from .terms import Vocabulary
from .tidy import FIELDS, ORGANISATION, camel, names, suggestion
from .values import Values

__all__ = ["Evidences", "fields_of_columns", "for_review", "moved"]

_TIDY = names()
_STEP = re.compile(r"(?P<name>\w+)(?:\[(?P<number>[1-9]\d*)\])?")
# Columns that a project states in another field than their own; the seat and the numbers of an organisation
# are told of it, and money of the grant or of the contributions.
_TOLD_BY = {
    **{item.english: "beneficiary" for item in ORGANISATION},
    **dict.fromkeys(("eu", "state", "regional", "municipal", "public", "own", "private", "funds"), "contribution"),
    **dict.fromkeys(
        ("grant", "paid", "provider", "provider_ico", "decision_number", "decision_date", "payments"), "grant"
    ),
    "total": "total_cost",
    "eligible": "eligible_cost",
    "call_title": "call",
    "partners": "partner",
    "target_groups": "target_group",
    "activities": "activity",
    "outputs": "output",
    "places": "place",
    "predecessors": "predecessor",
    "related_projects": "related_project",
    "document": "source",
}


def fields_of_columns() -> dict[str, str]:
    """Return for each column of the tidy layout the field of a Project that tells it."""
    own = {item.english: item.english.removesuffix("_en") for item in FIELDS}
    return {column: _TOLD_BY.get(name, name) for column, name in own.items() if column != "evidence"}


@lru_cache(maxsize=1)
def _predicates(vocabulary: Vocabulary) -> dict[str, str]:
    """Return for each column of the tidy layout the predicate that states it of a Project."""
    predicates = {term.name: term.predicate for term in vocabulary.classes["Project"].fields}
    told = {column: predicates.get(camel(name), "") for column, name in fields_of_columns().items()}
    return {column: predicate for column, predicate in told.items() if predicate}


@dataclass(frozen=True, slots=True)
class _Place:
    """Where in the document: as far as the record says."""

    xpath: str = ""
    characters: tuple[int, int] | None = None
    prefix: str = ""
    suffix: str = ""


@dataclass(frozen=True, slots=True)
class _Piece:
    """One piece of evidence before it has an IRI."""

    fact: str  # predicate
    printed: str
    reason: tuple[Text, ...] = ()
    locator: tuple[Text, ...] = ()
    rule: str | None = None
    confidence: Decimal | None = None
    place: _Place = _Place()


class Evidences:
    """Collects the evidence of one project."""

    def __init__(self, record: Record, vocabulary: Vocabulary) -> None:
        self._record = record
        self._vocabulary = vocabulary
        self._pieces: dict[str, list[_Piece]] = {}  # by the end of their IRIs
        self._differing: set[str] = set()
        self._predicates = _predicates(vocabulary)

    def differs(self, column: str, printed: str, reason: tuple[Text, ...] = ()) -> None:
        """Keep what the source prints for a column where we state something else."""
        key = clean.slug(self._record.label(column))
        if key not in self._pieces:
            self._pieces[key] = [_Piece(self._predicates[column], printed, reason)]
            self._differing.add(key)

    def stated(self, part: Values) -> None:
        """Keep a piece that the record states (its column `doklady`), with the reason where we differ."""
        path = part.text("fact")
        found = self._path(path)
        if found is None:
            part.note(
                Severity.WARNING,
                "fact",
                f"údaj „{path}“ neznáme; doklad vynechán",
                f'the fact "{path}" is not known; evidence left out',
                path,
                kind="column-unknown",
                expected_cs="název sloupce z přehledu sloupců",
                expected_en="the name of a column from the list of columns",
                repair=suggestion(path, _TIDY),
            )
            return
        column, key = found
        piece = _Piece(
            self._predicates[column],
            part.text("printed"),
            part.texts("reason"),
            part.texts("locator"),
            self._rule(part),
            _confidence(part),
            _Place(part.text("xpath"), _characters(part), part.stretch("prefix"), part.stretch("suffix")),
        )
        if key in self._differing:  # the same, told in full
            self._differing.remove(key)
            (known,) = self._pieces[key]
            self._pieces[key] = [replace(piece, reason=piece.reason or known.reason)]
        else:
            self._pieces.setdefault(key, []).append(piece)

    def _path(self, path: str) -> tuple[str, str] | None:
        """Return the project's column that a path begins with, and its end of the IRI."""
        fields, steps = _TIDY, []
        for step in path.split("."):
            match = _STEP.fullmatch(step)
            known = fields.get(match["name"]) if match else None
            if match is None or known is None:
                return None
            steps.append((known, match["number"]))
            fields = names(known.parts)
        column, number = steps[0]
        if column.english not in self._predicates:
            return None
        if len(steps) == 1 and not number:
            return column.english, clean.slug(self._record.label(column.english))
        return column.english, clean.slug(" ".join(f"{item.name} {at or ''}" for item, at in steps))

    def _rule(self, part: Values) -> str | None:
        notation = part.text("rule")
        found = self._vocabulary.concepts("pravidla", notation) if notation else []
        if notation and not found:
            part.note(
                Severity.WARNING,
                "rule",
                f"pravidlo „{notation}“ není v číselníku; vynecháno",
                f'the rule "{notation}" is not in the code list; left out',
                notation,
                kind="code-list-unknown",
            )
        return found[0] if found else None

    def made(self, project: str, document: Document | None) -> tuple[Evidence, ...]:
        """Return the evidence of the project with this IRI, in the order of the IRIs."""
        found = {}
        for key, pieces in self._pieces.items():
            for number, piece in enumerate(pieces, 1):
                iri = f"{project}/doklady/{key}" + (f"-{number}" if number > 1 else "")
                found[iri] = _evidence(iri, piece, document)
        return tuple(found[iri] for iri in sorted(found))


def _confidence(part: Values) -> Decimal | None:
    value = part.number("confidence")
    if value is not None and not 0 <= value <= 1:
        part.note(
            Severity.WARNING,
            "confidence",
            f"jistota {value} není od 0 do 1; vynechána",
            f"the confidence {value} is not from 0 to 1; left out",
            str(value),
            kind="out-of-range",
            expected_cs="číslo od 0 do 1",
            expected_en="a number from 0 to 1",
        )
        return None
    return value


def _characters(part: Values) -> tuple[int, int] | None:
    start, end = part.number("start_at"), part.number("end_at")
    if start is None and end is None:
        return None
    if start is None or end is None or not 0 <= start <= end or start % 1 or end % 1:
        printed = f"{part.text('start_at')}–{part.text('end_at')}"
        part.note(
            Severity.WARNING,
            "start_at",
            f"znaky {printed} neurčují místo; vynechány",
            f"the characters {printed} do not make a place; left out",
            printed,
            kind="out-of-range",
            expected_cs="dvě celá čísla od nuly, první ne větší než druhé",
            expected_en="two whole numbers from zero, the first not above the second",
        )
        return None
    return int(start), int(end)


def _evidence(iri: str, piece: _Piece, document: Document | None) -> Evidence:
    return Evidence(
        iri=iri,
        fact=piece.fact,
        printed=(Text(piece.printed),),
        locator=piece.locator,
        reason=piece.reason,
        found_by=piece.rule,
        confidence=piece.confidence,
        target=SpecificResource(
            iri=f"{iri}/misto",
            has_source=document.iri,
            selector=tuple(_selectors(f"{iri}/misto", piece)),
        )
        if document
        else None,
        source=document.iri if document else None,
    )


def _selectors(iri: str, piece: _Piece) -> Iterator[Selector]:
    place = piece.place

    def characters(owner: str) -> TextPositionSelector | None:
        if place.characters is None:
            return None
        start, end = place.characters
        return TextPositionSelector(iri=f"{owner}/znaky", start_at=start, end_at=end)

    if place.xpath:
        element = f"{iri}/xpath"
        yield XPathSelector(iri=element, expression=place.xpath, refined_by=characters(element))
    elif counted := characters(iri):
        yield counted
    if piece.printed:
        yield TextQuoteSelector(
            iri=f"{iri}/citace", exact=piece.printed, prefix=place.prefix or None, suffix=place.suffix or None
        )


def moved(evidence: Evidence, iri: str) -> Evidence:
    """Return the same evidence under another IRI, its parts below it."""

    def there(part: str) -> str:
        return iri + part.removeprefix(evidence.iri)

    target = evidence.target
    if target is not None:
        selectors: list[Selector] = []
        for selector in target.selector:
            if isinstance(selector, XPathSelector) and selector.refined_by:
                inner = replace(selector.refined_by, iri=there(selector.refined_by.iri))
                selectors.append(replace(selector, iri=there(selector.iri), refined_by=inner))
            else:
                selectors.append(replace(selector, iri=there(selector.iri)))
        target = replace(target, iri=there(target.iri), selector=tuple(selectors))
    return replace(evidence, iri=iri, target=target)


def for_review(top: Values) -> None:
    """Tell each doubtful fact of a record (its column `k_posouzeni`); none of them is published."""
    for part in top.parts("for_review"):
        path, printed, value = part.text("fact"), part.text("printed"), part.text("value")
        cs = part.text("locator")
        en = part.text("locator_en") or cs
        meant = f" ({value})" if value and value != printed else ""
        top.note(
            Severity.INFO,
            path,
            f"k posouzení: „{printed}“{meant}" + (f" ({cs})" if cs else "") + ", otevřete lod review",
            f'for review: "{printed}"{meant}' + (f" ({en})" if en else "") + ", open lod review",
            printed,
            kind="for-review",
            repair=value,
        )
