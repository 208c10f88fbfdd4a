"""Names of programmes, funds and regions in running Czech, whatever their case.

A code list says what a thing is called; each of its names becomes a pattern that lets Czech endings vary
("Operačního programu Zaměstnanost" is the Operační program Zaměstnanost). Abbreviations keep their letters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rdflib import SKOS, URIRef
from rdflib.term import Literal

from ..terms import Vocabulary
from .page import fold

__all__ = ["Name", "Names", "stem"]

_ENDING = re.compile(r"(?:ich|ych|emi|imi|ymi|ami|eho|emu|ove|ovi|em|im|ym|ou|um|ho|mu|mi|ch|[aeiouy]+)$")


def stem(word: str) -> str:
    """Return the part of a folded word that its cases share; short words stay whole.

    >>> stem("operacni"), stem("zlinskeho"), stem("fondem"), stem("dubove"), stem("kraj")
    ('operacn', 'zlinsk', 'fond', 'dub', 'kraj')
    """
    if len(word) < 4:
        return word
    bare = _ENDING.sub("", word)
    return bare if len(bare) >= 3 else word


@dataclass(frozen=True, slots=True)
class Name:
    """A name found in text, with what it can mean."""

    iris: frozenset[str]
    start: int
    end: int
    is_short: bool  # an abbreviation


def _pattern(label: str) -> str:
    parts = []
    for word in re.findall(r"\w+\+?", label):
        folded = fold(word)
        if sum(map(str.isupper, word)) > 1 or word.isdecimal() or len(folded) < 4:
            parts.append(re.escape(folded))
        else:
            parts.append(re.escape(stem(folded)) + r"\w{0,4}")
    return r"[\s–—\-,./„“\"]{1,4}".join(parts)


class Names:
    """The names of one code list."""

    def __init__(self, vocabulary: Vocabulary, scheme: str) -> None:
        meant: dict[str, set[str]] = {}
        printed: dict[str, str] = {}
        scheme_iri = URIRef(f"{vocabulary.base}zdroj/{scheme}")
        for concept in vocabulary.codelists.subjects(SKOS.inScheme, scheme_iri):
            if str(concept).removeprefix(f"{scheme_iri}/").count("/"):
                continue  # axes and areas below a programme
            for predicate in (SKOS.prefLabel, SKOS.altLabel):
                for label in vocabulary.codelists.objects(concept, predicate):
                    if isinstance(label, Literal) and label.language in {"cs", None}:
                        pattern = _pattern(str(label))
                        meant.setdefault(pattern, set()).add(str(concept))
                        printed[pattern] = str(label)
        # Longest first: "Zaměstnanost plus" before "Zaměstnanost".
        self._patterns = [
            (
                re.compile(rf"(?<![\w/]){pattern}(?![\w/])"),
                frozenset(meant[pattern]),
                len(printed[pattern]) < 10 and printed[pattern].isupper(),
            )
            for pattern in sorted(meant, key=lambda p: (-len(p), p))
            if len(pattern) > 1
        ]

    def find(self, text: str) -> Iterator[Name]:
        """Yield the names in a text, each once, in reading order."""
        folded = fold(text)
        taken: list[Name] = []
        for pattern, iris, is_short in self._patterns:
            for match in pattern.finditer(folded):
                if any(match.start() < name.end and name.start < match.end() for name in taken):
                    continue
                if is_short and not text[match.start() : match.end()].isupper():
                    continue
                taken.append(Name(iris, match.start(), match.end(), is_short))
        yield from sorted(taken, key=lambda name: name.start)
