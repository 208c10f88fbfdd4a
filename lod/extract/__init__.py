"""Web pages to records, with the evidence of each fact.

`extract` finds the projects of a page; `values` writes one as a record in the tidy layout.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
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


# The project that paid for the web is seldom the one that the page tells of.
_BANNER = re.compile(
    r"(?:tento |nas |nase )?(?:web\w*|stranky|webove stranky|portal) (?:vznikl|byl|je spolu|jsou spolu)"
)


@lru_cache(maxsize=4)
def _lists(vocabulary: Vocabulary) -> Lists:
    return Lists(Names(vocabulary, "programy"), Names(vocabulary, "fondy"), Names(vocabulary, "kraje"))


def extract(page: Page, vocabulary: Vocabulary) -> list[Found]:
    """Return the projects that a page tells of, in reading order; none where it tells of none."""
    lists = _lists(vocabulary)
    lines = [
        line
        for line in page.lines
        if line.region == "main" and not line.language.startswith("en") and not _BANNER.match(line.folded)
    ]
    labels = labelled(page, lines)
    currency = page_currency(lines)
    published = _dates_of_page(page, set()).get("published")
    year = published.value[:4] if published else ""

    def projects(parts: Iterable[frozenset[int]]) -> list[Found]:
        told = (
            ([line for line in lines if line.index in part], [item for item in labels if item.at in part])
            for part in parts
        )
        made = (assemble(page, *one, lists, vocabulary, currency=currency, year=year) for one in told)
        return [one for one in made if _is_project(one)]

    found = projects(_parts(lines, labels))
    if not found and any(item.field == "registration_number" for item in labels):  # two names of one project
        found = projects([_everything(lines)])
    used = {fact.span.line for one in found for fact in one.facts if fact.field in {"start", "end"}}
    dates = _dates_of_page(page, used)
    for one in found:
        have = {fact.field for fact in one.facts}
        one.facts += [fact for field, fact in dates.items() if field not in have]
    return found


def _is_project(found: Found) -> bool:
    """Whether there is a name and something that only a project has."""
    fields = {fact.field for fact in found.facts}
    if any(fact.rule == "sentence-title" for fact in found.facts):
        return True
    telling = fields & {"registration_number", "beneficiary", "programme", "grant", "eu", "eligible", "state", "funds"}
    if telling:
        return "registration_number" in fields or "title" in fields or len(fields & _KNOWN) > 1
    # A heading with a date or a price is a course, a sale, a call, a line of a budget.
    named = any(fact.field == "title" and fact.rule != "heading" for fact in found.facts)
    return named and len(fields & {"start", "end", "total"}) > 1


_KNOWN = {
    "registration_number", "start", "end", "beneficiary", "programme", "grant",
    "total", "eligible", "eu", "state", "funds",
}  # fmt: skip


# Several projects on one page ------------------------------------------------------------------------


def _parts(lines: list[Line], labels: list[Labelled]) -> list[frozenset[int]]:
    """Cut a page that tells of several projects; each part begins at its project's heading or first label."""
    everything = [_everything(lines)]
    rows: dict[tuple[int, int], set[int]] = {}
    for item in labels:
        if item.row:
            rows.setdefault(item.row, set()).add(item.at)
    if len(rows) > 1:  # a column may stand before the one that names the project: rows are cut by the table alone
        return [frozenset(rows[row]) for row in sorted(rows)]
    anchors = _anchors(lines, labels)
    if len(anchors) < 2:
        return everything
    starts: list[int] = []
    for number, anchor in enumerate(anchors):
        after = anchors[number - 1] if number else -1
        starts.append(_beginning(lines, labels, after, anchor, first=number == 0))
    ends = [
        _ending(lines, start, anchor, following)
        for start, anchor, following in zip(starts, anchors, [*starts[1:], lines[-1].index + 1], strict=True)
    ]
    # What stands before the first project speaks of all of them, or of none.
    return [frozenset(range(start, end)) for start, end in zip(starts, ends, strict=True)]


def _everything(lines: list[Line]) -> frozenset[int]:
    return frozenset(line.index for line in lines)


def _anchors(lines: list[Line], labels: list[Labelled]) -> list[int]:
    """Return the lines where projects are told apart, none where the page tells of one.

    By numbers or names beside labels, by numbers in the text, or by headings.
    """
    text = {line.index: line.text for line in lines}
    for field in ("registration_number", "title"):
        seen: dict[str, int] = {}
        for item in labels:
            if item.field == field and item.rule != "table-column":
                value = text[item.value.line][item.value.start : item.value.end]
                seen.setdefault(re.sub(r"\W", "", value), item.at)
        if len(seen) > 1:
            return sorted(set(seen.values()))
    if any(item.field == "registration_number" for item in labels):
        return []  # one labelled number: others are mentioned beside it
    return _numbers(lines) or _headings(lines, labels)


def _numbers(lines: list[Line]) -> list[int]:
    """Return the lines with different numbers."""
    numbers: dict[str, int] = {}
    for line in lines:
        for read in scan.numbers(line.text):
            numbers.setdefault(re.sub(r"\W", "", read.value).upper(), line.index)
    found = sorted(set(numbers.values()))
    return found if len(found) > 1 else []


def _headings(lines: list[Line], labels: list[Labelled]) -> list[int]:
    """Return the labels of a period or of money that stand each under a heading of its own, all of one level."""
    levels = {line.index: line.level for line in lines if line.level}
    for field in ("period", "grant", "total", "eligible"):
        under: dict[int, int] = {}
        for item in labels:
            above = max((index for index in levels if index < item.at), default=-1)
            if item.field == field and above >= 0:
                under.setdefault(above, item.at)
        if len(under) > 1 and len({levels[index] for index in under}) == 1:
            return sorted(under.values())
    return []


def _beginning(lines: list[Line], labels: list[Labelled], after: int, anchor: int, *, first: bool) -> int:
    """Return where the project of an anchor begins: at its heading, its name, or the anchor itself."""
    between = [line for line in lines if after < line.index <= anchor]
    headings = [line for line in between if line.level]
    if headings:
        start = headings[-1]
        for line in reversed(headings[:-1]):  # headings of a project stand one above another
            if line.index == start.index - 1 and line.level < start.level and not (first and line.level == 1):
                start = line
        return start.index
    names = [item.at for item in labels if item.field == "title" and after < item.at <= anchor]
    if names:
        return names[-1]
    bold = [
        line
        for line in between
        if line.bold and line.bold[0][0] == 0 and line.index < anchor and anchor - line.index < 4
    ]
    if bold:
        return bold[-1].index
    return between[0].index if first and between and anchor - between[0].index < 3 else anchor


def _ending(lines: list[Line], start: int, anchor: int, following: int) -> int:
    """Return where a project ends: at the next heading of its own rank, at the latest where the next begins."""
    own, at = 0, start
    for line in lines:  # of headings that stand one above another the lowest
        if line.index == at and line.level > own:
            own, at = line.level, at + 1
    if not own:
        return following
    return next((line.index for line in lines if anchor < line.index < following and 0 < line.level <= own), following)


# The page itself -------------------------------------------------------------------------------------


_CHANGED = r"(?:posledni )?(?:aktualiz\w+|zmen\w*|uprav\w*)|naposledy \w+|stranka naposledy \w+"
_ISSUED = (
    r"(?:vlozeni|zverejneni|publikace|zverejnen\w*|publikov\w+|vlozen\w*|vydan\w*|vystaven\w*|pridan\w*|zverejneno)"
)
_WORD = re.compile(
    rf"(?:^|.*[|«»·•] ?|.{{0,90}}\b)(?P<word>(?:datum )?(?:{_CHANGED}|{_ISSUED})|data ke dni|zaznam ulozen"
    rf"|ulozeno|(?<!\w )datum)(?: (?:dne|stranky|clanku|v))?\s*:?\s*(?=\d)"
)


def _dates_of_page(page: Page, used: set[int]) -> dict[str, Fact]:
    """Return the date of the page: labelled anywhere on it, or one that stands for itself; not on the lines `used`."""
    # A site may print its own name as a heading of the first level too.
    tops = [line.index for line in page.lines if line.level == 1] or [0]
    dates: dict[str, Fact] = {}
    for line in page.lines:
        if line.region == "aside" or line.index in used:
            continue
        read = next((r for r in scan.dates(line.text) if len(r.value) == 10), None)
        if read is None:
            continue
        word = _WORD.match(line.folded) if len(line.text) < 200 else None
        near_top = line.index < tops[0] or any(0 <= line.index - top <= 3 for top in tops)
        alone = not line.folded[: read.start].strip(" |(") and not line.folded[read.end :].strip(" |)")
        if word and word.end() == read.start:
            updated = bool(re.search(r"aktualiz|zmen|uprav|naposledy|ke dni|uloz", word["word"]))
            confidence = 0.96
        elif alone and not line.cell and line.tag != "dd":
            updated, confidence = line.index > len(page.lines) * 0.6 and not near_top, 0.9
        elif near_top and _is_byline(line, read):
            updated, confidence = False, 0.88
        else:
            continue
        field = "modified" if updated else "published"
        dates.setdefault(
            field, Fact(field, read.value, Span(line.index, read.start, read.end), "page-date", confidence)
        )
    return dates


def _is_byline(line: Line, read: scan.Read) -> bool:
    """Whether a line says who wrote the page and when, or a place and a date open a report."""
    before, after = line.folded[: read.start].strip(), line.folded[read.end :]
    if (
        len(line.text) < 80
        and not line.level
        and re.fullmatch(
            r"(?:autor: ?[\w. ]+\||\w+ ?\||[\w.: ]{0,25}[|,]|pondeli|utery|streda|ctvrtek|patek|sobota"
            r"|nedele|publikovano|vlozeno|dne)?",
            before,
        )
        and not line.text.endswith(".")
    ):
        return not re.match(r"\s?(?:-|–|az|do)\s?\d", after)
    if (
        line.level
        and read.start > 5
        and line.text[read.start - 1 : read.start].strip()
        and "t" in line.folded[read.start : read.end]
    ):
        return True  # a timestamp glued to the heading
    return bool(re.fullmatch(r"\(?[\w .]{3,30},", before) and line.text[:1].isupper() and re.match(r"\s?[–-]\s", after))
