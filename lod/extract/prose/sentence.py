"""A sentence of a page: the unit that the rules of prose read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from .. import scan
from ..facts import Fact, Span
from ..page import Line

__all__ = ["OTHER_PROJECT", "Sentence", "sentences"]

# The sentence speaks of another project than the page's own.
OTHER_PROJECT = re.compile(
    r"(?:tento|nas) web\b|web (?:byl|vznikl|je spolu)|stranky (?:byly|vznikly)|\bnavaz\w+|\bnavazal\w*"
    r"|podobn\w+ projekt|obdobn\w+ projekt|predchozi\w* projekt|predesl\w* projekt|drivejsi\w* projekt"
    r"|dalsi\w* projekt|jin\w+ projekt|pokracovani\w* projektu"
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a line."""

    line: Line
    start: int
    end: int

    @property
    def folded(self) -> str:
        """The sentence, folded."""
        return self.line.folded[self.start : self.end]

    @property
    def text(self) -> str:
        """The sentence as printed."""
        return self.line.text[self.start : self.end]

    def span(self, start: int, end: int) -> Span:
        """Return a stretch of the sentence as a stretch of its line."""
        return Span(self.line.index, self.start + start, self.start + end)

    def fact(self, field: str, value: str, at: tuple[int, int], rule: str, confidence: float) -> Fact:
        """Return a fact read from a stretch of the sentence."""
        return Fact(field, value, self.span(*at), rule, confidence)


_LONGEST = 1500  # no person writes a longer one; a page that has it is no prose


def sentences(lines: list[Line]) -> Iterator[Sentence]:
    """Yield the sentences of the lines in reading order."""
    for line in lines:
        for start, end in scan.sentences(line.text):
            if end - start <= _LONGEST:
                yield Sentence(line, start, end)
