"""Terms of an answer as one reader sees them: words in a language, links that lead somewhere; pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import pyoxigraph as ox

from ...iris import VP, curie
from ...terms import Vocabulary
from .. import naming, writing
from .answer import Term
from .columns import NUMBERS, TIMES

__all__ = ["Cell", "Reader"]

_LONGEST = 240  # characters of a text that a cell shows at once


@dataclass(frozen=True, slots=True)
class Cell:
    """One term on a page; `kind` is "empty", "resource", "number", "time" or "text".

    `rest` is what a long text goes on with, `title` what was written exactly, `machine` a time for machines.
    """

    kind: str
    text: str
    href: str = ""
    title: str = ""
    language: str = ""
    machine: str = ""
    rest: str = ""


@dataclass(frozen=True)
class Reader:
    """A language, the names of things in it, and how the site addresses them."""

    language: str
    vocabulary: Vocabulary
    path: Callable[[str], str]
    names: Mapping[str, str] = field(default_factory=dict)

    def say(self, cs: str, en: str) -> str:
        """Return the text in the reader's language."""
        return en if self.language == "en" else cs

    def label(self, term: Term) -> str:
        """Return a term in words."""
        if isinstance(term, ox.NamedNode):
            return self.names.get(term.value) or naming.words(term.value, self.vocabulary, self.language) or term.value
        return self.cell(term).text

    def href(self, term: Term) -> str:
        """Return where a term leads to, "" where that is nowhere on the web."""
        if not isinstance(term, ox.NamedNode):
            return ""
        if term.value.startswith(VP):
            return f"/slovnik#{term.value.removeprefix(VP)}"
        path = self.path(term.value)
        # A path with two slashes would lead to another host.
        own = path.startswith("/") and not path.startswith(("//", "/\\"))
        address = path if own else term.value
        return address if own or address.startswith(("http://", "https://")) else ""

    def cell(self, term: Term, places: int | None = None) -> Cell:
        """Return a term for a page, a number with so many decimals."""
        if term is None:
            return Cell("empty", "")
        if isinstance(term, ox.NamedNode):
            return Cell("resource", self.label(term), self.href(term), term.value)
        if not isinstance(term, ox.Literal):
            return Cell("resource" if isinstance(term, ox.BlankNode) else "text", str(term))
        return self._literal(term, places)

    def _literal(self, term: ox.Literal, places: int | None) -> Cell:
        datatype = term.datatype.value
        lexical = term.value
        exact = f'"{lexical}"^^{curie(datatype)}'
        if datatype in NUMBERS:
            return Cell("number", writing.number(lexical, self.language, places), title=exact)
        if datatype in TIMES:
            write = writing.moment if "T" in lexical else writing.day
            text = write(lexical, self.language)
            return Cell("time", text, title=exact, machine=lexical if text != lexical or lexical.isdecimal() else "")
        title = "" if term.language or datatype.endswith("#string") else curie(datatype)
        head, rest = _cut(lexical)
        return Cell("text", head, title=title, language=term.language or "", rest=rest)


def _cut(text: str) -> tuple[str, str]:
    if len(text) <= _LONGEST:
        return text, ""
    end = text.rfind(" ", _LONGEST // 2, _LONGEST)
    end = _LONGEST if end < 0 else end
    return text[:end], text[end:]
