"""Numbers, dates and sizes written for people, in Czech and English; pure.

Whatever cannot be read is left as it is written: a page shows what somebody stated, also where that is no number
and no day.
"""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from ..clean import canonical_decimal

__all__ = ["brief", "day", "decimal", "moment", "number"]

_NBSP = "\u00a0"
_MINUS = "−"
_MONTHS = {
    "cs": [
        "leden",
        "únor",
        "březen",
        "duben",
        "květen",
        "červen",
        "červenec",
        "srpen",
        "září",
        "říjen",
        "listopad",
        "prosinec",
    ],
    "en": [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
}
_DAY = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?(Z|[+-]\d\d:\d\d)?")
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d):(\d\d):(\d\d)(?:\.\d+)?(Z|[+-]\d\d:\d\d)?")
_DIGITS = 40  # a number with more digits before or behind its point is left as it is written
_STEPS = (
    (Decimal(10) ** 12, "bil.", "T"),
    (Decimal(10) ** 9, "mld.", "bn"),
    (Decimal(10) ** 6, "mil.", "M"),
    (Decimal(10) ** 3, "tis.", "k"),
)


def decimal(lexical: str) -> Decimal | None:
    """Return the number that a text states; None where it is none, endless, or of no reasonable length.

    >>> decimal("1.50"), decimal("1E3"), decimal("NaN"), decimal("1E999999999")
    (Decimal('1.50'), Decimal('1E+3'), None, None)
    """
    try:
        value = Decimal(lexical)
    except InvalidOperation:
        return None
    if not value.is_finite() or (value and not -_DIGITS < value.adjusted() < _DIGITS):
        return None
    return value


def number(value: object, language: str, places: int | None = None) -> str:
    r"""Write a number with groups of three: 1 234 567,89 or 1,234,567.89; with `places` decimals where given.

    >>> number("1234567.5", "cs"), number(1234, "en"), number("-2.678", "cs", 2), number("2", "en", 1)
    ('1\xa0234\xa0567,5', '1,234', '−2,68', '2.0')
    >>> number("INF", "cs"), number("dvacet", "cs")
    ('INF', 'dvacet')
    """
    lexical = str(value)
    exact = decimal(lexical)
    if exact is None:
        return lexical
    text = canonical_decimal(exact) if places is None else f"{exact:.{places}f}"
    whole, _, cents = text.partition(".")
    sign, digits = (_MINUS, whole[1:]) if whole.startswith("-") else ("", whole)
    grouped = re.sub(r"(?<=\d)(?=(?:\d{3})+$)", "," if language == "en" else _NBSP, digits)
    return sign + grouped + ((("." if language == "en" else ",") + cents) if cents else "")


def brief(value: Decimal, language: str) -> str:
    r"""Write a number in two or three digits, for the marks of a chart.

    >>> brief(Decimal(1234567890), "cs"), brief(Decimal(1234567890), "en"), brief(Decimal("0.5"), "cs")
    ('1,2\xa0mld.', '1.2\xa0bn', '0,5')
    >>> brief(Decimal(999_999), "cs"), brief(Decimal(-25_000), "en"), brief(Decimal("999.7"), "cs")
    ('1\xa0mil.', '−25\xa0k', '1\xa0tis.')
    """
    size = Decimal(f"{value:.3g}")
    for step, cs, en in _STEPS:
        if abs(size) >= step:
            # A unit above takes over what rounding brings up to it.
            part = Decimal(f"{value / step:.1f}" if abs(value / step) < 10 else f"{value / step:.0f}")
            return f"{number(part, language)}{_NBSP}{en if language == 'en' else cs}"
    return number(size, language)


def day(lexical: str, language: str) -> str:
    r"""Write a date as precisely as it is known.

    >>> day("2010-02-01", "cs"), day("2006-09", "cs"), day("2006-09", "en"), day("2009", "cs")
    ('1.\xa02.\xa02010', 'září 2006', 'September 2006', '2009')
    >>> day("2010-02-01Z", "en"), day("2010-13", "cs"), day("kdysi", "cs")
    ('1\xa0February\xa02010', '2010-13', 'kdysi')
    """
    match = _DAY.fullmatch(lexical)
    if not match or (match[2] and not 1 <= int(match[2]) <= 12):
        return lexical
    year, month = match[1], int(match[2] or 0)
    if not month:
        return year
    name = _MONTHS["en" if language == "en" else "cs"][month - 1]
    if not match[3]:
        return f"{name} {year}"
    if language == "en":
        return f"{int(match[3])}{_NBSP}{name}{_NBSP}{year}"
    return f"{int(match[3])}.{_NBSP}{month}.{_NBSP}{year}"


def moment(lexical: str, language: str) -> str:
    r"""Write a date and time, with its zone where it has one.

    >>> moment("2026-11-22T08:05:09.25+01:00", "cs"), moment("2026-11-22T00:00:00Z", "en")
    ('22.\xa011.\xa02026 8:05:09\xa0+01:00', '22\xa0November\xa02026 0:00:00\xa0UTC')
    """
    match = _MOMENT.fullmatch(lexical)
    if not match:
        return lexical
    zone = "UTC" if match[5] == "Z" else (match[5] or "")
    time = f"{int(match[2])}:{match[3]}:{match[4]}"
    return f"{day(match[1], language)} {time}" + (f"{_NBSP}{zone}" if zone else "")
