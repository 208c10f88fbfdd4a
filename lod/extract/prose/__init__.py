"""Facts in running Czech: sentences that say what the project is called, when it ran, who ran it, what it cost.

Each rule is a pattern over a folded sentence with the words that must stand near; a sentence that speaks of
something else (another project, a call, services, a contract) is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..facts import Fact
from ..page import Line
from ..reading import Lists
from .bodies import beneficiaries, full_name, nominative, partners, publisher, speaks
from .money import amounts, funding, other_programmes
from .outputs import outputs
from .periods import page_date, periods
from .sentence import OTHER_PROJECT, Sentence, sentences
from .titles import numbers, plans, related, titles

__all__ = ["facts", "full_name", "nominative", "other_programmes", "publisher", "speaks"]


def facts(lines: list[Line], lists: Lists, year: str = "") -> list[Fact]:
    """Return what the sentences of these lines say of their project; `year` is the page's own, as "letos" means it."""
    found: list[Fact] = []
    heading = ""
    headings = {line.index: line.folded.strip(" :.?") for line in lines if line.level}
    for sentence in sentences(lines):
        heading = headings.get(sentence.line.index, heading)
        if len(sentence.text) < 12:
            continue
        found += [*titles(sentence), *related(sentence), *plans(sentence)]
        elsewhere = OTHER_PROJECT.search(sentence.folded)
        if elsewhere and not re.search(r"\bprojekt\w* (?:byl|je|bude)", sentence.folded):
            continue
        found += [
            *numbers(sentence),
            *periods(sentence, year),
            *beneficiaries(sentence),
            *partners(sentence),
            *amounts(sentence),
        ]
        found += [*funding(sentence, lists), *outputs(sentence, heading), *page_date(sentence), *_kind(sentence)]
    return found


_TERRITORY = re.compile(
    r"projekt\w*[^.]{0,40}(?:na|pro) (?P<place>(?:cele\w* )?(?:uzemi"
    r"|oblast) [a-z][^,.;]{4,60})$|projekt\w*[^.]{0,40}(?:na"
    r"|pro) (?P<whole>cele uzemi [^,.;]{4,60})"
)


def _kind(sentence: Sentence) -> Iterator[Fact]:
    """Read what kind of project it is, whether it has ended, and its territory."""
    folded = sentence.folded
    if match := re.match(r"individualni projekt\b", folded):
        yield sentence.fact("project_type", "Individuální projekt", match.span(), "sentence-kind", 0.9)
    if match := re.search(r"\bbyl ukoncen projekt\b|^projekt byl (?:uspesne )?ukoncen\b", folded):
        yield sentence.fact("status", "Ukončený", match.span(), "sentence-kind", 0.9)
    if match := _TERRITORY.search(folded):
        at = match.span("place" if match["place"] else "whole")
        yield sentence.fact(
            "place_name",
            sentence.text[slice(*at)].rstrip(" ."),
            (at[0], at[0] + len(sentence.text[slice(*at)].rstrip(" ."))),
            "sentence-place",
            0.88,
        )
