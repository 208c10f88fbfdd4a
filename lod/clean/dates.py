"""Dates and periods with their precision, as Czech pages and registers print them. Pure."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from ..frozen import Frozen
from .text import fold, text

__all__ = ["MONTHS", "ROMAN_MONTHS", "SHORT_MONTHS", "PartialDate", "date_range", "excel_date", "partial_date"]


_DATATYPES = {4: "gYear", 7: "gYearMonth", 10: "date"}  # by the length of the lexical form


@dataclass(frozen=True, slots=True)
class PartialDate(Frozen):
    """A date as precise as its source: a day, a month or a year.

    >>> month = PartialDate("2006-09")
    >>> month.datatype, month.earliest, month.latest
    ('gYearMonth', '2006-09-01', '2006-09-30')
    """

    lexical: str  # "2010-02-01", "2006-09" or "2006": the XSD lexical form

    @property
    def datatype(self) -> str:
        """The local name of the XML Schema datatype."""
        return _DATATYPES[len(self.lexical)]

    @property
    def earliest(self) -> str:
        """The first day it can mean, as xsd:date."""
        return (self.lexical + "-01-01")[:10]

    @property
    def latest(self) -> str:
        """The last day it can mean, as xsd:date."""
        if len(self.lexical) == 4:
            return f"{self.lexical}-12-31"
        if len(self.lexical) == 7:
            year, month = map(int, self.lexical.split("-"))
            return f"{self.lexical}-{calendar.monthrange(year, month)[1]:02}"
        return self.lexical


# Nominative, genitive, dative or locative, and instrumental, without accents ("září", "v červenci", "mezi lednem…"),
# and the Slovak names, which pages of cross-border projects use.
MONTHS = {
    form: number
    for number, forms in enumerate(
        (
            "leden ledna lednu lednem januar januara januari",
            "unor unora unoru unorem februar februara februari",
            "brezen brezna breznu breznem marec marca marci",
            "duben dubna dubnu dubnem april aprila aprili",
            "kveten kvetna kvetnu kvetnem maj maja maji",
            "cerven cervna cervnu cervnem jun juna juni",
            "cervenec cervence cervenci cervencem jul jula juli",
            "srpen srpna srpnu srpnem august augusta auguste",
            "zari zarim september septembra septembri",
            "rijen rijna rijnu rijnem oktober oktobra oktobri",
            "listopad listopadu listopadem november novembra novembri",
            "prosinec prosince prosinci prosincem december decembra decembri",
        ),
        1,
    )
    for form in forms.split()
}
ROMAN_MONTHS = dict(
    zip(["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii"], range(1, 13), strict=True)
)
# Short forms stand for a month only beside a day: "pro 2014" means "for 2014".
SHORT_MONTHS = dict(
    zip(["led", "uno", "bre", "dub", "kve", "cvn", "cvc", "srp", "zar", "rij", "lis", "pro"], range(1, 13), strict=True)
)
_ISO = re.compile(
    r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2})(?:[T ][0-9]{2}:[0-9]{2}[0-9:.]*(?:Z|[+-][0-9]{2}:?[0-9]{2})?)?)?)?"
)
_CLOCK = r"(?:,?\s+[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?)?"
_CZECH_DAY = re.compile(r"([0-9]{1,2})\s*\.\s*([0-9]{1,2})\s*\.\s*([0-9]{4})" + _CLOCK)
_CZECH_MONTH = re.compile(r"([0-9]{1,2})\s*[./]\s*([0-9]{4})")
_NAMED_DAY = re.compile(r"([0-9]{1,2})\s*\.?\s*([a-z]{3,})\.?\s+([0-9]{4})")
_NAMED_MONTH = re.compile(r"(?:ve?\s+)?([a-z]{3,})[\s,/]+(?:roku\s+|rok\s+|r\.\s*)?([0-9]{4})")
_YEAR_MONTH = re.compile(r"([0-9]{4})\s*[-–—]\s*([a-z]{3,})")
_ROMAN_DAY = re.compile(r"([0-9]{1,2})\s*\.\s*([ivx]{1,4})\s*\.\s*([0-9]{4})")
_ROMAN_MONTH = re.compile(r"([ivx]{1,4})\s*[./]\s*([0-9]{4})")
_YEAR_WORD = re.compile(r"(?:v\s+roce|v\s+r\.|rok[ue]?|r\.)\s*([0-9]{4})")


def _named(shown: str) -> tuple[str, int | None, str | None]:
    """Read a date with the name or the Roman number of its month: year, month, day."""
    folded = fold(shown)
    if match := _NAMED_DAY.fullmatch(folded):
        return match[3], MONTHS.get(match[2]) or SHORT_MONTHS.get(match[2]), match[1]
    if match := _NAMED_MONTH.fullmatch(folded):
        return match[2], MONTHS.get(match[1]), None
    if match := _YEAR_MONTH.fullmatch(folded):
        return match[1], MONTHS.get(match[2]), None
    if match := _ROMAN_DAY.fullmatch(folded):
        return match[3], ROMAN_MONTHS.get(match[2]), match[1]
    if match := _ROMAN_MONTH.fullmatch(folded):
        return match[2], ROMAN_MONTHS.get(match[1]), None
    return "", None, None


def partial_date(raw: str) -> PartialDate:
    """Read a date in ISO or Czech notation; raise `ValueError` on anything else.

    >>> [partial_date(t).lexical for t in ("1. 2. 2010", "31.01.2012", "září 2006", "9/2006", "1. X. 2010")]
    ['2010-02-01', '2012-01-31', '2006-09', '2006-09', '2010-10-01']
    """
    return _dated(text(raw))


@lru_cache(maxsize=8192)  # the same days come again and again
def _dated(shown: str) -> PartialDate:
    year, month, day = "", None, None
    if match := _ISO.fullmatch(shown):
        year, month, day = match[1], match[2], match[3]
    elif match := _CZECH_DAY.fullmatch(shown):
        year, month, day = match[3], match[2], match[1]
    elif match := _CZECH_MONTH.fullmatch(shown):
        year, month = match[2], match[1]
    elif match := _YEAR_WORD.fullmatch(fold(shown)):
        year = match[1]
    else:
        year, named, day = _named(shown)
        if named is None:
            raise ValueError(f"not a date: {shown!r}")
        month = str(named)
    # Raises ValueError for 31. 2. and for a zero.
    date(int(year), int(month) if month else 1, int(day) if day else 1)
    return PartialDate("-".join([year, *(f"{int(part):02}" for part in (month, day) if part)]))


def excel_date(raw: str) -> PartialDate:
    """Read the serial number that a spreadsheet keeps for a day; only where a column is known to hold them.

    Raise `ValueError` on anything that is not a day between 1930 and 2099.

    >>> excel_date("39000.0").lexical
    '2006-10-10'
    """
    shown = text(raw)
    if not re.fullmatch(r"[0-9]{5}(?:[.,][0-9]+)?", shown):
        raise ValueError(f"not a serial number of a day: {shown!r}")
    day = date(1899, 12, 30) + timedelta(days=int(shown[:5]))
    if not 1930 <= day.year <= 2099:
        raise ValueError(f"not a serial number of a day: {shown!r}")
    return PartialDate(day.isoformat())


_LONGEST = 200  # characters; what is longer is a text that may speak of periods
_DASH = r"[-–—−]"
_BETWEEN = re.compile(rf"\s*{_DASH}\s*|\s+(?:až do|až|do|a)\s+|(?<=[0-9.])(?:až|do)(?=[0-9])", re.IGNORECASE)
_FROM = re.compile(r"(?:(?:v|ve)\s+(?:období|letech|termínu|době|měsících)\s+|období\s+)?(?:od|mezi)\s+", re.IGNORECASE)
_SCOPE = re.compile(r"(?:(?:v|ve)\s+)?(?:období|obdobích|letech|léta|roky|termínu|termín|době)\s*:?\s+", re.IGNORECASE)
_UNTIL = re.compile(r"(?:až\s+)?do\s+", re.IGNORECASE)
_LASTING = re.compile(
    r"[,;]?\s*\(?\s*(?:tj\.?\s*)?[0-9]+\s*(?:měsíc\w*|let|rok\w*|týdn\w*|dn[íůy])\s*\)?$", re.IGNORECASE
)
_DAY_ONLY = re.compile(r"([0-9]{1,2})\s*\.?")
_DAY_MONTH = re.compile(r"([0-9]{1,2})\s*\.\s*([0-9]{1,2}|[ivx]{1,4}|[a-z]{3,})\s*\.?")
_MONTH_ONLY = re.compile(r"([0-9]{1,2}|[ivx]{1,4}|[a-z]{3,})\s*\.?")


def _month_number(word: str) -> str:
    if word.isdecimal():
        return word
    number = MONTHS.get(word) or ROMAN_MONTHS.get(word)
    if number is None:
        raise ValueError(f"not a month: {word!r}")
    return str(number)


def _begun(shown: str, end: PartialDate) -> PartialDate:
    """Read the first date of a range, which may leave out what the second one says: "1. 3. – 30. 6. 2018"."""
    try:
        return partial_date(shown)
    except ValueError:
        folded = re.sub(r"^ve?\s+", "", fold(shown))
    year, month = end.lexical[:4], end.lexical[5:7]
    if end.datatype == "date":
        if match := _DAY_ONLY.fullmatch(folded):
            return partial_date(f"{match[1]}. {month}. {year}")
        if match := _DAY_MONTH.fullmatch(folded):
            return partial_date(f"{match[1]}. {_month_number(match[2])}. {year}")
    elif end.datatype == "gYearMonth" and (match := _MONTH_ONLY.fullmatch(folded)):
        return partial_date(f"{_month_number(match[1])}/{year}")
    raise ValueError(f"not the beginning of a range: {shown!r}")


def _halves(shown: str) -> tuple[PartialDate, PartialDate]:
    """Split a range where both sides read as dates; raise `ValueError` unless there is exactly one reading."""
    found = set()
    for between in _BETWEEN.finditer(shown):
        try:
            end = partial_date(_UNTIL.sub("", shown[between.end() :], count=1))
            found.add((_begun(shown[: between.start()], end), end))
        except ValueError:
            continue
    if len(found) != 1:
        raise ValueError(f"not a range of dates: {shown!r}")
    return found.pop()


def date_range(raw: str) -> tuple[PartialDate | None, PartialDate | None]:
    """Read a period: its start and end, each as precise as printed; raise `ValueError` on anything else.

    An open period has None on its open side. A year or a month alone is both start and end; a day alone is
    not a period.

    >>> [d.lexical for d in date_range("11. 5. 2012–10. 05. 2014")]
    ['2012-05-11', '2014-05-10']
    >>> [d.lexical for d in date_range("1. 3. – 30. 6. 2018")], [d.lexical for d in date_range("září–prosinec 2019")]
    (['2018-03-01', '2018-06-30'], ['2019-09', '2019-12'])
    >>> date_range("od září 2006")
    (PartialDate(lexical='2006-09'), None)
    """
    if len(raw) > _LONGEST:
        raise ValueError("too long for a range of dates")
    shown = _LASTING.sub("", text(raw)).strip(" ,;")
    opened = _FROM.match(shown)
    bare = shown[opened.end() :] if opened else _SCOPE.sub("", shown, count=1)
    try:
        whole = partial_date(bare)
    except ValueError:
        if not opened and (until := _UNTIL.match(bare)):
            return None, partial_date(bare[until.end() :])
        start, end = _halves(bare)
        if start.earliest > end.latest:
            raise ValueError(f"the range ends before it starts: {shown!r}") from None
        return start, end
    if opened:
        return whole, None
    if whole.datatype == "date":
        raise ValueError(f"one day, not a range: {shown!r}")
    return whole, whole
