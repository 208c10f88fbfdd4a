"""Czech text, dates with their precision, and amounts: from what was printed to exact values. Pure.

Every reader raises `ValueError` on what it cannot read with certainty; nothing is guessed.
"""

from __future__ import annotations

import calendar
import hashlib
import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

__all__ = [
    "MOST",
    "PartialDate",
    "amount",
    "canonical_decimal",
    "fold",
    "partial_date",
    "printed_currency",
    "slug",
    "text",
    "url",
]

_BLANKS = re.compile(r"[\s\u200b\u2060\ufeff]+")
# C0 and C1 controls make ill-formed XML, lone surrogates cannot be written at all: an export that holds
# them is damaged, not meant.
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")


def text(raw: str) -> str:
    r"""Return `raw` composed (NFC), without control characters, every run of blanks one space.

    >>> text(" Projekt v\u00a0plné  realizaci ")
    'Projekt v plné realizaci'
    """
    return _BLANKS.sub(" ", unicodedata.normalize("NFC", _CONTROLS.sub("", raw))).strip()


def fold(raw: str) -> str:
    """Return `raw` for comparing and searching: no accents, no case, single blanks.

    >>> fold("Zlínský  KRAJ")
    'zlinsky kraj'
    """
    decomposed = unicodedata.normalize("NFKD", text(raw))
    return "".join(char for char in decomposed if not unicodedata.combining(char)).casefold()


def slug(raw: str, longest: int = 80) -> str:
    """Return `raw` as an IRI segment of a-z, 0-9 and hyphens, empty only when `raw` is blank.

    A long text is cut at a word, and one in another script loses its letters; both end with a hash of the
    whole, so that two texts stay two.

    >>> slug("Podpora komunitního plánování – 2. etapa")
    'podpora-komunitniho-planovani-2-etapa'
    >>> slug("Rekonstrukce silnice", longest=20), slug("Громада")
    ('rekonstrukce-silnice', '76ff31')
    """
    folded = fold(raw)
    words = re.sub(r"[^a-z0-9]+", "-", folded).strip("-")
    lost = any(char.isalnum() and not char.isascii() for char in folded)
    if len(words) <= longest and not lost and (words or not folded):
        return words
    mark = hashlib.sha256(folded.encode()).hexdigest()[:6]
    room = longest - len(mark) - 1
    head = words if len(words) <= room else words[: room + 1].rpartition("-")[0] or words[:room]
    return f"{head}-{mark}".strip("-")


def url(raw: str) -> str:
    """Return an http(s) address that can stand in RDF; raise `ValueError` on anything else."""
    address = text(raw)
    if not _URL.fullmatch(address):
        raise ValueError(f"not an http(s) address: {address!r}")
    return address


_URL = re.compile(r"https?://[^\s<>\"{}|\\^`/]+(?:/[^\s<>\"{}|\\^`]*)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date as precise as its source: a day, a month or a year.

    >>> month = PartialDate("2006-09")
    >>> month.datatype, month.earliest, month.latest
    ('gYearMonth', '2006-09-01', '2006-09-30')
    """

    lexical: str  # "2010-02-01", "2006-09" or "2006": the XSD lexical form

    @property
    def datatype(self) -> str:
        """The local name of the XML Schema datatype."""
        return {4: "gYear", 7: "gYearMonth", 10: "date"}[len(self.lexical)]

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


# Nominative, genitive and locative without accents, so that "září", "října" and "v červenci" are read.
_MONTHS = {
    form: number
    for number, forms in enumerate(
        (
            "leden ledna lednu",
            "unor unora unoru",
            "brezen brezna breznu",
            "duben dubna dubnu",
            "kveten kvetna kvetnu",
            "cerven cervna cervnu",
            "cervenec cervence cervenci",
            "srpen srpna srpnu",
            "zari",
            "rijen rijna rijnu",
            "listopad listopadu",
            "prosinec prosince prosinci",
        ),
        1,
    )
    for form in forms.split()
}
# Short forms stand for a month only beside a day: "pro 2014" means "for 2014".
_SHORT = dict(
    zip(["led", "uno", "bre", "dub", "kve", "cvn", "cvc", "srp", "zar", "rij", "lis", "pro"], range(1, 13), strict=True)
)
_ISO = re.compile(
    r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2})(?:[T ][0-9]{2}:[0-9]{2}[0-9:.]*(?:Z|[+-][0-9]{2}:?[0-9]{2})?)?)?)?"
)
_CZECH_DAY = re.compile(r"([0-9]{1,2})\s*\.\s*([0-9]{1,2})\s*\.\s*([0-9]{4})")
_CZECH_MONTH = re.compile(r"([0-9]{1,2})\s*[./]\s*([0-9]{4})")
_NAMED_DAY = re.compile(r"([0-9]{1,2})\s*\.?\s*([a-z]{3,})\.?\s+([0-9]{4})")
_NAMED_MONTH = re.compile(r"(?:ve?\s+)?([a-z]{3,})\s+(?:roku\s+|r\.\s*)?([0-9]{4})")
_YEAR_MONTH = re.compile(r"([0-9]{4})\s*[-–—]\s*([a-z]{3,})")


def _named(shown: str) -> tuple[str, int | None, str | None]:
    """Read a date with the name of its month: year, month, day."""
    folded = fold(shown)
    if match := _NAMED_DAY.fullmatch(folded):
        return match[3], _MONTHS.get(match[2]) or _SHORT.get(match[2]), match[1]
    if match := _NAMED_MONTH.fullmatch(folded):
        return match[2], _MONTHS.get(match[1]), None
    if match := _YEAR_MONTH.fullmatch(folded):
        return match[1], _MONTHS.get(match[2]), None
    return "", None, None


def partial_date(raw: str) -> PartialDate:
    """Read a date in ISO or Czech notation; raise `ValueError` on anything else.

    >>> [partial_date(t).lexical for t in ("1. 2. 2010", "31.01.2012", "září 2006", "9/2006", "2007-12-31")]
    ['2010-02-01', '2012-01-31', '2006-09', '2006-09', '2007-12-31']
    """
    shown = text(raw)
    year, month, day = "", None, None
    if match := _ISO.fullmatch(shown):
        year, month, day = match[1], match[2], match[3]
    elif match := _CZECH_DAY.fullmatch(shown):
        year, month, day = match[3], match[2], match[1]
    elif match := _CZECH_MONTH.fullmatch(shown):
        year, month = match[2], match[1]
    else:
        year, named, day = _named(shown)
        if named is None:
            raise ValueError(f"not a date: {shown!r}")
        month = str(named)
    # Raises ValueError for 31. 2. and for a zero.
    date(int(year), int(month) if month else 1, int(day) if day else 1)
    return PartialDate("-".join([year, *(f"{int(part):02}" for part in (month, day) if part)]))


# No public project costs as much; a number beyond is damage.
MOST = Decimal(10) ** 15
_CURRENCIES = {
    "kč": "CZK",
    "czk": "CZK",
    "koruna": "CZK",
    "koruny": "CZK",
    "korun": "CZK",
    "eur": "EUR",
    "€": "EUR",
    "pln": "PLN",
    "zł": "PLN",
}
_CURRENCY = re.compile(r"\s*(" + "|".join(_CURRENCIES) + r")\.?$", re.IGNORECASE)
_NO_CENTS = re.compile(r"[,.]\s*[-–—]+$")
_SCALES = {
    **dict.fromkeys(("tis", "tisic", "tisice"), 3),
    **dict.fromkeys(("mil", "milion", "miliony", "milionu"), 6),
    **dict.fromkeys(("mld", "miliarda", "miliardy", "miliard"), 9),
}
_SCALE = re.compile(r"\s*\b([^\W\d_]+)\.?$")
_AMBIGUOUS = re.compile(r"[-+]?[1-9][0-9]{0,2}\.[0-9]{3}")
_DOT_GROUPS = re.compile(r"[-+]?[1-9][0-9]{0,2}(?:\.[0-9]{3})+")


def printed_currency(raw: str) -> str:
    """Return the code of the currency printed beside an amount, "" where there is none.

    >>> printed_currency("1 234,- Kč"), printed_currency("5 EUR"), printed_currency("5")
    ('CZK', 'EUR', '')
    """
    match = _CURRENCY.search(text(raw))
    return _CURRENCIES[match[1].lower()] if match else ""


def amount(raw: str, decimal: str | None = None) -> Decimal:
    """Read a number of money as printed in Czech; raise `ValueError` when it can mean two things.

    `decimal` is the decimal mark where the source is known to use one ("." or ",").

    >>> [str(amount(t)) for t in ("1 234 567,89 Kč", "1.234.567,- Kč", "-250000", "1,5 mil. Kč")]
    ['1234567.89', '1234567', '-250000', '1500000']
    >>> str(amount("430.882", decimal="."))
    '430.882'
    >>> amount("430.882")
    Traceback (most recent call last):
        ...
    ValueError: '430.882' can be a number with a thousands dot or with decimals
    """
    shown = text(raw).replace("−", "-")
    bare = _NO_CENTS.sub("", _CURRENCY.sub("", shown)).strip()
    scale = 0
    if match := _SCALE.search(bare):
        if fold(match[1]) not in _SCALES:
            raise ValueError(f"not an amount: {shown!r}")
        scale = _SCALES[fold(match[1])]
        bare = _NO_CENTS.sub("", bare[: match.start()]).strip()
    if decimal is None and "," not in bare:
        if _AMBIGUOUS.fullmatch(bare):
            raise ValueError(f"{shown!r} can be a number with a thousands dot or with decimals")
        decimal = "," if _DOT_GROUPS.fullmatch(bare) else "."
    mark = decimal or ","
    group = rf"[ {'.' if mark == ',' else ','}]"
    match = re.fullmatch(
        rf"([-+]?\s*(?:[0-9]+|[1-9][0-9]{{0,2}}(?:({group})[0-9]{{3}})(?:\2[0-9]{{3}})*))(?:{re.escape(mark)}\s*([0-9]+))?",
        bare,
    )
    if not match:
        raise ValueError(f"not an amount: {shown!r}")
    whole = re.sub(r"[ .,]", "", match[1])
    value = Decimal(f"{whole}.{match[3]}" if match[3] else whole).scaleb(scale) + 0
    if abs(value) >= MOST:
        raise ValueError(f"too large for an amount: {shown!r}")
    return value


def canonical_decimal(value: Decimal) -> str:
    """Return the canonical lexical form that stores normalise to, so that all outputs agree.

    >>> [canonical_decimal(Decimal(t)) for t in ("768250.00", "1.50", "-0", "1E+3")]
    ['768250', '1.5', '0', '1000']
    """
    plain = f"{value:f}"
    if "." in plain:
        plain = plain.rstrip("0").rstrip(".")
    return "0" if plain in {"-0", ""} else plain
