"""Values inside a line: dates and periods, amounts of money, registration numbers, IČO. Pure.

Each scanner takes a line's text and yields what it is sure to have read with the characters it covers;
patterns run on the folded text, which has the same length.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from .. import clean, ico, regnum
from ..clean.dates import MONTHS, ROMAN_MONTHS, SHORT_MONTHS
from ..errors import IcoError
from .page import fold

__all__ = [
    "MONTH_NAMES",
    "Money",
    "Period",
    "Read",
    "amounts",
    "dates",
    "icos",
    "numbers",
    "periods",
    "sentences",
    "this_year",
]


@dataclass(frozen=True, slots=True)
class Read:
    """A value and the characters it was read from."""

    value: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Period:
    """A start, an end, or both; each has its own characters."""

    begin: Read | None
    end: Read | None


@dataclass(frozen=True, slots=True)
class Money:
    """An amount; the currency is "" where none is printed beside it."""

    value: Decimal
    currency: str
    start: int
    end: int
    scaled: bool = False  # "mil." or "tis." stands beside it


# The longest first, so that "července" is not read as "červen".
MONTH_NAMES = "|".join(sorted(MONTHS, key=len, reverse=True))
_SHORT = "|".join(SHORT_MONTHS)
_YEAR = r"(?:19|20)\d{2}"
_DATE = re.compile(
    rf"(?<![\d/.,])(?:"
    rf"(?P<d1>\d{{1,2}})\s?\.\s?(?P<m1>\d{{1,2}})\s?\.\s?(?P<y1>{_YEAR})"
    rf"|(?P<d9>\d{{1,2}})/(?P<m9>\d{{1,2}})/(?P<y9>{_YEAR})"
    rf"|(?P<y2>{_YEAR})-(?P<m2>\d{{2}})-(?P<d2>\d{{2}})(?:t\d{{2}}:\d{{2}}\S*)?"
    rf"|(?P<d3>\d{{1,2}})\s?\.?\s?(?P<m3>{MONTH_NAMES}|(?:{_SHORT})\b\.?)\s?(?P<y3>{_YEAR})"
    rf"|(?P<d4>\d{{1,2}})\s?\.\s?(?P<m4>[ivx]{{1,4}})\.\s?(?P<y4>{_YEAR})"
    rf"|(?<![a-z])(?P<m5>{MONTH_NAMES})\s(?:roku\s|r\.\s?)?(?P<y5>{_YEAR})"
    rf"|(?P<m6>\d{{1,2}})\s?[/.]\s?(?P<y6>{_YEAR})"
    rf"|(?P<y7>{_YEAR})-(?P<m7>\d{{2}})(?!\d)"
    rf"|(?P<y8>{_YEAR})"
    rf")(?![\d/]|\.\d|,\d|\s?sb\b)"
)
# What may stand between the two ends of a period.
_TO = r"\s*(?:-|–|—|−|\baz\b|\bdo\b)\s*(?:konce\s|konec\s|do\s|az\s|roku\s|r\.\s?)*"
_BARE_START = re.compile(
    rf"(?<![\d/.,-])(?:(?P<d>\d{{1,2}})\s?\.\s?(?P<m>\d{{1,2}})\s?\.?|(?P<word>{MONTH_NAMES})"
    rf"|(?P<dw>\d{{1,2}})\s?\.\s?(?P<mw>{MONTH_NAMES})"
    rf"|(?P<n>\d{{1,2}})\s?[/.]?)$"
)


def _month(word: str) -> int | None:
    word = word.rstrip(".")
    return MONTHS.get(word) or SHORT_MONTHS.get(word) or ROMAN_MONTHS.get(word)


def _lexical(match: re.Match[str]) -> str | None:
    """Return the XSD form of a date that was matched, None where there is no such day."""
    for group in "123456789":
        year = match[f"y{group}"]
        if year is None:
            continue
        named = match.groupdict()
        printed, day = named.get(f"m{group}"), named.get(f"d{group}")
        month = None if printed is None else int(printed) if printed.isdecimal() else _month(printed)
        if printed is not None and month is None:
            return None
        try:
            return clean.partial_date(
                "-".join([year, *(f"{int(part):02}" for part in (month, day) if part is not None)])
            ).lexical
        except ValueError:
            return None
    return None


def dates(text: str, start: int = 0, end: int | None = None) -> Iterator[Read]:
    """Yield the dates of a stretch of text, years alone among them.

    >>> [read.value for read in dates("od 1. 2. 2010 do 31.01.2012, v červenci roku 2013, 6/2012, 2018-02")]
    ['2010-02-01', '2012-01-31', '2013-07', '2012-06', '2018-02']
    """
    for match in _DATE.finditer(fold(text[start:end])):
        if value := _lexical(match):
            yield Read(value, start + match.start(), start + match.end())


_THIS_YEAR = re.compile(
    rf"\bletos\s(?:\w+\s)?(?:(?P<d1>\d{{1,2}})\.\s?)?(?P<m1>{MONTH_NAMES})\b(?!\s?\d{{4}})"
    rf"|(?:(?<![\d.])(?P<d2>\d{{1,2}})\.\s?)?\b(?P<m2>{MONTH_NAMES})\s(?:letosniho|tohoto)\sroku"
)


def this_year(text: str, year: str, start: int = 0, end: int | None = None) -> Iterator[Read]:
    """Yield the dates that a text of a year says without it; each covers the word that stands for the year.

    >>> [read.value for read in this_year("začalo letos 18. května, skončí v září letošního roku", "2022")]
    ['2022-05-18', '2022-09']
    """
    for match in _THIS_YEAR.finditer(fold(text[start:end])) if year else ():
        day, month = match["d1"] or match["d2"], _month(match["m1"] or match["m2"])
        try:
            value = clean.partial_date("-".join([year, f"{month:02}", *([f"{int(day):02}"] if day else [])])).lexical
        except ValueError:
            continue
        yield Read(value, start + match.start(), start + match.end())


def _bare(text: str, end: Read, start: int) -> Read | None:
    """Read a beginning that leaves its year to the end: "1. 3. – 30. 6. 2018", "září–prosinec 2019"."""
    match = _BARE_START.search(text[start : end.start])
    if not match:
        return None
    year = end.value[:4]
    if match["d"]:
        parts = [year, match["m"], match["d"]]
    elif match["mw"]:
        parts = [year, str(_month(match["mw"])), match["dw"]]
    elif match["word"]:
        parts = [year, str(_month(match["word"]))]
    else:
        return None
    try:
        value = clean.partial_date("-".join([year, *(f"{int(part):02}" for part in parts[1:])])).lexical
    except ValueError:
        return None
    return Read(value, start + match.start(), start + match.end())


def periods(text: str, start: int = 0, end: int | None = None) -> Iterator[Period]:
    """Yield the ranges of a stretch of text, each with its two dates.

    >>> [(p.begin.value, p.end.value) for p in periods("11. 5. 2012–10. 05. 2014; leden 2021 až duben 2024; 2019-2022")]
    [('2012-05-11', '2014-05-10'), ('2021-01', '2024-04'), ('2019', '2022')]
    """
    found = list(dates(text, start, end))
    folded = fold(text[: found[-1].end]) if found else ""
    at = 0
    while at < len(found):
        first = found[at]
        following = found[at + 1] if at + 1 < len(found) else None
        if (
            following
            and re.fullmatch(_TO, folded[first.end : following.start])
            and first.value[:4] <= following.value[:4]
        ):
            yield Period(first, following)
            at += 2
            continue
        before = re.search(rf"(?:{_TO})$", folded[start : first.start])
        if before and len(first.value) > 4:
            bare_end = Read(first.value, start + before.start(), first.end)
            begin = _bare(folded, bare_end, start)
            if begin and begin.value <= first.value and len(begin.value) == len(first.value):
                yield Period(begin, first)
        at += 1


_CURRENCY = r"kc|czk|korun\w{0,2}|kcs|eur[ao]?|€|pln|zl\b"
_CODES = {"k": "CZK", "c": "CZK", "e": "EUR", "€": "EUR", "p": "PLN", "z": "PLN"}
_SCALES = {"tis": 3, "mil": 6, "mld": 9, "mia": 9}
_MONEY = re.compile(
    rf"(?P<before>€\s?|eur\s|czk\s"
    rf"|kc\s)?(?<![\d/_.,-])(?<!\d )(?<!\b[a-z])(?P<sign>[-−–])?(?P<whole>\d{{1,3}}(?:(?P<group>[ "
    rf".])\d{{3}})(?:(?P=group)\d{{3}})*|\d+)"
    rf"(?:,\s?(?P<cents>\d{{1,6}})(?!\d)|\.(?P<dotted>\d{{1,2}})(?!\d))?(?!\d|,\d|\s?%|[./_]\d)"
    rf"(?P<tail>\s?(?:,\s?[-–—=]{{1,2}}|[.,]\s?[-–—]{{1,2}}|-(?=\s*k))(?!\d))?"
    rf"(?:\s?(?P<scale>tis|mil|mld|milion\w*|miliard\w*|tisic\w*)\b\.?)?"
    rf"(?:\s?(?:[-–]\s?)?(?P<currency>{_CURRENCY})(?![a-z]))?"
)


_GOES_ON = re.compile(r"[ .,]\d|[ .]?o{2,}")


def amounts(text: str, start: int = 0, end: int | None = None) -> Iterator[Money]:
    """Yield every number that could be money; the caller knows whether a bare one is.

    >>> [(str(m.value), m.currency) for m in amounts("1.234.567,89 Kč, 2 500 000.-Kč; 1,5 mil. Kč a 412.860 EUR")]
    [('1234567.89', 'CZK'), ('2500000', 'CZK'), ('1500000', 'CZK'), ('412860', 'EUR')]
    """
    folded = fold(text[start:end])
    for match in _MONEY.finditer(folded):
        whole = re.sub(r"\D", "", match["whole"])
        cents = match["cents"] or match["dotted"]
        scale = _SCALES[match["scale"][:3]] if match["scale"] and match["scale"][:3] in _SCALES else 0
        if match["scale"] and not scale:  # "miliard", "milion" begin alike
            scale = 9 if match["scale"].startswith("miliard") else 6
        elif match["scale"] and match["scale"].startswith("miliard"):
            scale = 9
        value = Decimal(clean.canonical_decimal(Decimal(f"{whole}.{cents}" if cents else whole) * 10**scale))
        number_end = (
            match.end("dotted") if match["dotted"] else match.end("cents") if match["cents"] else match.end("whole")
        )
        if _GOES_ON.match(folded, number_end) or (match["group"] == "." and match["dotted"]):
            continue  # "1 200 00 Kč", "125 OOO": a damaged number says nothing
        printed = match["currency"] or (match["before"] or "").strip()
        if value >= clean.MOST:
            continue
        yield Money(
            -value
            if match["sign"] and (match.start() == 0 or folded[match.start() - 1] in " (") and printed
            else value,
            _CODES[printed[0]] if printed else ("CZK" if match["tail"] else ""),
            start + match.start(),
            start + match.end(),
            bool(scale),
        )


_NUMBER = re.compile(
    r"(?<![\w/])(?<!\d\.)(?:CZ|Cz|cz|PL)\s?[.\s]\s?\d{1,2}(?:(?:\s?[./_\\–-]\s?\\?_?|\s)?(?=[\dXC])[\dA-Z]+)+"
)


def numbers(text: str, start: int = 0, end: int | None = None) -> Iterator[Read]:
    """Yield the registration numbers of EU programmes as printed, malformed ones too.

    >>> [read.value for read in numbers("číslo CZ.1.04/3.1.00/05.00037, dále cz.03.2.60/0.0/0.0/15_022/00 99112.")]
    ['CZ.1.04/3.1.00/05.00037', 'cz.03.2.60/0.0/0.0/15_022/00 99112']
    """
    for match in _NUMBER.finditer(text[start:end]):
        printed = match[0]
        if "/" not in printed:
            continue
        # Words and numbers that follow are not part of it: the longest stretch that reads as a number wins.
        cuts = [len(printed), *(cut.start() for cut in reversed(list(re.finditer(r"[\s.,]", printed))))]
        for cut in cuts:
            shown = printed[:cut].rstrip(" .,-–_/")
            if regnum.parse(shown) or regnum.repair(shown):
                break
        else:
            shown = printed.split("  ")[0].rstrip(" .,-–_/")
            tail = re.match(r"\S+(?:\s\S*/\S*)*", shown)
            shown = tail[0] if tail else shown
        yield Read(shown, start + match.start(), start + match.start() + len(shown))


_ICO = re.compile(r"(?<![\w.])\bic(?:o)?\b\.?\s*(?:/\s?dic)?\s*[:.]?\s*(?P<digits>\d(?:[ \u00a0.]?\d){5,9})(?![\d/])")


def icos(text: str, start: int = 0, end: int | None = None) -> Iterator[Read]:
    """Yield the labelled IČO of a stretch of text in canonical form; numbers that fail are passed over."""
    for match in _ICO.finditer(fold(text[start:end])):
        try:
            yield Read(ico.parse(match["digits"]), start + match.start("digits"), start + match.end("digits"))
        except IcoError:
            continue


_ABBREVIATIONS = (
    r"(?<!\bc)(?<!\br)(?<!\bs)(?<!\bz)(?<!\bp)(?<!\bo)(?<!\ba)(?<!\bst)(?<!\btis)(?<!\bmil)(?<!\bmld)(?<!\bnapr)(?<!\btzv)(?<!\breg)"
    r"(?<!\bul)(?<!\bnam)(?<!\btel)(?<!\bing)(?<!\bmgr)(?<!\bbc)(?<!\bmudr)(?<!\bjudr)(?<!\bphdr)(?<!\bdoc)(?<!\bprof)(?<!\bcca)"
    r"(?<!\bobl)(?<!\bvyhl)(?<!\bsoc)(?<!\bkom)(?<!\bodst)(?<!\bt)(?<!\bj)(?<!\bsv)(?<!\bspol)(?<!\bev)(?<!\bresp)(?<!\bmin)(?<!\bmax)(?<!\d)"
)
_SENTENCE_END = re.compile(
    rf"(?:{_ABBREVIATIONS}[.]|(?<=\d{{4}})[.]|(?<=[a-z]{{3}}\d)[.]|[!?;…])[\"“”')»]*(?=\s+[\"„(»A-Z0-9]|$)"
)


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Yield where each sentence of a line begins and ends.

    >>> text = "Vznikl v r. 2010. Stál 3 tis. Kč. Příjemcem byla obec."
    >>> [text[start:end] for start, end in sentences(text)]
    ['Vznikl v r. 2010.', 'Stál 3 tis. Kč.', 'Příjemcem byla obec.']
    """
    start = 0
    cased = "".join(low.upper() if char.isupper() else low for low, char in zip(fold(text), text, strict=True))
    for match in _SENTENCE_END.finditer(cased):
        yield start, match.end()
        start = match.end()
        while start < len(text) and text[start] == " ":
            start += 1
    if start < len(text):
        yield start, len(text)
