"""What the rules find on a page: facts with their evidence, and the project they belong to."""

from __future__ import annotations

from dataclasses import dataclass, field

from .page import Page

__all__ = ["Fact", "Found", "Span"]


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of one line: characters of `Page.lines[line].text`, the end not included."""

    line: int
    start: int
    end: int

    def of(self, page: Page) -> str:
        """Return the words it covers."""
        return page.lines[self.line].text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact with its evidence.

    `field` is a column of the tidy layout by its English name; a part of a repeated column has its number
    and its own name (`partners[1].beneficiary`, `outputs[2].quantity`, counted from 1).
    `value` is written as the tidy layout reads it: dates and amounts in their canonical form.
    """

    field: str
    value: str
    span: Span
    rule: str  # notation in the code list of rules, such as "label" or "sentence-period"
    confidence: float  # how often the rule is right on labelled pages, 0 to 1


@dataclass(slots=True)
class Found:
    """One project on a page."""

    facts: list[Fact] = field(default_factory=list)  # sure enough to be published
    doubtful: list[Fact] = field(default_factory=list)  # for a person to decide; never published
