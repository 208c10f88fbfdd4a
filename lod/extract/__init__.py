"""Web pages to records, with the evidence of each fact.

`extract` finds the projects of a page; `values` writes one as a record in the tidy layout.
"""

from __future__ import annotations

import re
from functools import lru_cache

from ..terms import Vocabulary
from . import scan
from .assemble import assemble, page_currency
from .facts import Fact, Found, Span
from .labelled import Labelled, labelled
from .names import Names
from .page import Line, Page
from .reading import Lists
from .writing import values

__all__ = ["Fact", "Found", "Page", "Span", "extract", "values"]


@lru_cache(maxsize=4)
def _lists(vocabulary: Vocabulary) -> Lists:
    return Lists(Names(vocabulary, "programy"), Names(vocabulary, "fondy"), Names(vocabulary, "kraje"))


def extract(page: Page, vocabulary: Vocabulary) -> list[Found]:
    """Return the projects that a page tells of, in reading order; none where it tells of none."""
    lists = _lists(vocabulary)
    lines = [line for line in page.lines if line.region == "main" and not line.language.startswith("en")]
    labels = labelled(page, lines)
    currency = page_currency(lines)
    found = []
    for part in _parts(lines, labels):
        own = [item for item in labels if item.at in part]
        one = assemble(page, [line for line in lines if line.index in part], own, lists, vocabulary, currency)
        if _is_project(one):
            found.append(one)
    _dates_of_page(page, found)
    return found


def _is_project(found: Found) -> bool:
    """Whether there is a name and something that only a project has."""
    fields = {fact.field for fact in found.facts}
    known = fields & {"registration_number", "start", "end", "beneficiary", "programme", "grant", "total", "eligible", "eu"}
    return bool(known) and ("title" in fields or len(known) > 1 or "registration_number" in fields)


# Several projects on one page ------------------------------------------------------------------------


def _parts(lines: list[Line], labels: list[Labelled]) -> list[frozenset[int]]:
    """Cut a page that tells of several projects; each part begins at its project's heading or first label."""
    everything = [frozenset(line.index for line in lines)]
    anchors = _anchors(lines, labels)
    if len(anchors) < 2:
        return everything
    starts: list[int] = []
    for number, anchor in enumerate(anchors):
        after = anchors[number - 1] if number else -1
        starts.append(_beginning(lines, labels, after, anchor, first=number == 0))
    ends = [*starts[1:], lines[-1].index + 1]
    # What stands before the first project speaks of all of them, or of none.
    return [frozenset(range(start, end)) for start, end in zip(starts, ends, strict=True)]


def _anchors(lines: list[Line], labels: list[Labelled]) -> list[int]:
    """Return the lines where projects are told apart: by their numbers, else by their names."""
    by_row = sorted({item.row: item.at for item in labels if item.row}.values())
    if len(by_row) > 1:
        return by_row
    for field in ("registration_number", "title"):
        seen: dict[str, int] = {}
        for item in labels:
            if item.field == field and item.rule != "table-column":
                line = lines_by_index(lines)[item.value.line]
                value = re.sub(r"\W", "", line.text[item.value.start : item.value.end])
                seen.setdefault(value, item.at)
        if len(seen) > 1:
            return sorted(set(seen.values()))
    numbers: dict[str, int] = {}
    for line in lines:
        for read in scan.numbers(line.text):
            numbers.setdefault(re.sub(r"\W", "", read.value).upper(), line.index)
    if len(numbers) > 1 and len(set(numbers.values())) > 1:
        return sorted(set(numbers.values()))
    # Headings of one level, each with a period or money of its own.
    repeated = [item for item in labels if item.field in {"period", "grant", "total", "eligible"}]
    headings = [line for line in lines if line.level]
    for field in ("period", "grant", "total", "eligible"):
        under: dict[int, int] = {}
        for item in repeated:
            if item.field == field:
                above = [h for h in headings if h.index < item.at]
                if above:
                    under.setdefault(above[-1].index, item.at)
        levels = {next(h.level for h in headings if h.index == index) for index in under}
        if len(under) > 1 and len(levels) == 1:
            return sorted(under.values())
    return []


def lines_by_index(lines: list[Line]) -> dict[int, Line]:
    """Return the lines by their place in the page."""
    return {line.index: line for line in lines}


def _beginning(lines: list[Line], labels: list[Labelled], after: int, anchor: int, *, first: bool) -> int:
    """Return where the project of an anchor begins: at its heading, its name, or the anchor itself."""
    between = [line for line in lines if after < line.index <= anchor]
    headings = [line for line in between if line.level]
    if headings:
        lowest = max(line.level for line in headings) if not first else headings[-1].level
        return next((line.index for line in reversed(headings) if line.level <= lowest), headings[-1].index)
    names = [item.at for item in labels if item.field == "title" and after < item.at <= anchor]
    if names:
        return names[-1]
    bold = [line for line in between if line.bold and line.bold[0][0] == 0 and line.index < anchor and anchor - line.index < 4]
    if bold:
        return bold[-1].index
    return between[0].index if first and between and anchor - between[0].index < 3 else anchor


# The page itself -------------------------------------------------------------------------------------


def _dates_of_page(page: Page, found: list[Found]) -> None:
    """Give every project the date of the page: labelled anywhere on it, or a date that is a line of its own."""
    dates: dict[str, Fact] = {}
    for line in page.lines:
        if line.region == "aside":
            continue
        labels = re.match(
            r"(?P<word>(?:datum )?(?:posledni )?(?:aktualiz\w+|zmen\w*|uprav\w*)|naposledy \w+|(?:datum )?(?:zverejnen\w*|publikov\w+|vlozen\w*|vydan\w*|vystaven\w*|pridan\w*)|datum)(?: \w+)?\s*:?\s*(?=\d)",
            line.folded,
        )
        bare = re.fullmatch(r"[\d.\s]{8,14}|\d{1,2}\. ?[a-z]+ \d{4}", line.folded)
        if not labels and not bare:
            continue
        read = next(scan.dates(line.text), None)
        if read is None or len(read.value) != 10:
            continue
        updated = bool(labels and re.search(r"aktualiz|zmen|uprav|naposledy", labels["word"])) or bool(bare and line.index > len(page.lines) * 0.6)
        field = "modified" if updated else "published"
        dates.setdefault(field, Fact(field, read.value, Span(line.index, read.start, read.end), "page-date", 0.96 if labels else 0.88))
    for one in found:
        have = {fact.field for fact in one.facts}
        one.facts += [fact for field, fact in dates.items() if field not in have]
