"""Amounts of money as Czech pages and registers print them. Pure."""

from __future__ import annotations

import re
from decimal import Decimal

from .text import fold, text

__all__ = ["MOST", "amount", "canonical_decimal", "printed_currency", "rounded"]

# No public project costs as much; a number beyond is damage.
MOST = Decimal(10) ** 15
_PLACES = 9  # finer is what binary arithmetic leaves behind, and engines have no more than 18
_CURRENCIES = {
    "kč": "CZK",
    "kc": "CZK",
    "czk": "CZK",
    "koruna": "CZK",
    "koruny": "CZK",
    "korun": "CZK",
    "eur": "EUR",
    "euro": "EUR",
    "€": "EUR",
    "pln": "PLN",
    "zł": "PLN",
}
_NAMES = "|".join(sorted(_CURRENCIES, key=len, reverse=True))
_CURRENCY = re.compile(rf"\s*({_NAMES})\.?$", re.IGNORECASE)
_CURRENCY_FIRST = re.compile(rf"({_NAMES})\.?\s*(?=[-+0-9])", re.IGNORECASE)
_FIGURES = re.compile(r"[-+]?[0-9]+(?:[ .,][0-9]+)*")  # nothing else is printed
_NO_CENTS = re.compile(r"[,.]\s*[-–—]+$")
_SCALES = {
    **dict.fromkeys(("tis", "tisic", "tisice", "tisicu"), 3),
    **dict.fromkeys(("mil", "mio", "milion", "miliony", "milionu"), 6),
    **dict.fromkeys(("mld", "miliarda", "miliardy", "miliard"), 9),
}
_SCALE = re.compile(r"\s*(?<![^\W\d_])([^\W\d_]+)\.?$")
_AMBIGUOUS = re.compile(r"[-+]?[1-9][0-9]{0,2}\.[0-9]{3}")
_DOT_GROUPS = re.compile(r"[-+]?[1-9][0-9]{0,2}(?:\.[0-9]{3})+")


def printed_currency(raw: str) -> str:
    """Return the code of the currency printed beside an amount, "" where there is none.

    >>> printed_currency("1 234,- Kč"), printed_currency("€ 5"), printed_currency("5")
    ('CZK', 'EUR', '')
    """
    shown = text(raw)
    if _FIGURES.fullmatch(shown):
        return ""
    match = _CURRENCY.search(shown) or _CURRENCY_FIRST.match(shown)
    return _CURRENCIES[match[1].lower()] if match else ""


# A number by its decimal mark: the other mark or a blank groups its digits.
_NUMBER = {
    mark: re.compile(
        rf"([-+]?\s*(?:[0-9]+|[1-9][0-9]{{0,2}}(?:([ {other}])[0-9]{{3}})(?:\2[0-9]{{3}})*))"
        rf"(?:{re.escape(mark)}\s*([0-9]+))?"
    )
    for mark, other in ((",", "."), (".", ","))
}
# A number whose only mark is the other one, and cannot be of thousands.
_OTHER_MARK = {
    ",": re.compile(r"[-+]?(?:[0-9]+\.(?:[0-9]{1,2}|[0-9]{4,})|[0-9]{4,}\.[0-9]+)"),
    ".": re.compile(r"[-+]?(?:[0-9 ]+,(?:[0-9]{1,2}|[0-9]{4,})|[0-9]{4,},[0-9]+)"),
}


_UNGROUPED = str.maketrans("", "", " .,")


def amount(raw: str, decimal: str | None = None) -> Decimal:
    """Read a number of money as printed in Czech; raise `ValueError` when it can mean two things.

    `decimal` is the decimal mark where the source is known to use one ("." or ",").

    >>> [str(amount(t)) for t in ("1 234 567,89 Kč", "1.234.567,- Kč", "-250000", "1,5 mil. Kč", "€ 1 234")]
    ['1234567.89', '1234567', '-250000', '1500000', '1234']
    >>> str(amount("430.882", decimal="."))
    '430.882'
    >>> amount("430.882")
    Traceback (most recent call last):
        ...
    ValueError: '430.882' can be a number with a thousands dot or with decimals
    """
    if raw.isascii() and raw.isdigit() and len(raw) <= 15:  # most are; it is ten times as fast
        return Decimal(raw)
    shown = text(raw).replace("−", "-")
    bare, scale = (shown, 0) if _FIGURES.fullmatch(shown) else _without_words(shown)
    if decimal is None and "," not in bare:
        if _AMBIGUOUS.fullmatch(bare):
            raise ValueError(f"{shown!r} can be a number with a thousands dot or with decimals")
        decimal = "," if _DOT_GROUPS.fullmatch(bare) else "."
    if decimal is not None and _OTHER_MARK[decimal].fullmatch(bare):
        # A mark with one, two or more than three digits behind it can group nothing: the cell uses the other one.
        decimal = "." if decimal == "," else ","
    mark = decimal or ","
    match = _NUMBER[mark].fullmatch(bare)
    if not match:
        raise ValueError(f"not an amount: {shown!r}")
    whole = match[1].translate(_UNGROUPED)
    value = Decimal(f"{whole}.{match[3]}" if match[3] else whole).scaleb(scale) + 0
    if abs(value) >= MOST:
        raise ValueError(f"too large for an amount: {shown!r}")
    return value


def rounded(value: Decimal) -> Decimal:
    """Return a number without the traces of binary arithmetic, as the differences of a spreadsheet have them.

    >>> [canonical_decimal(rounded(Decimal(t))) for t in ("5.820766091346741E-11", "1234.5600000000004", "1.23456789")]
    ['0', '1234.56', '1.23456789']
    """
    exponent = value.as_tuple().exponent
    return round(value, _PLACES) + 0 if isinstance(exponent, int) and exponent < -_PLACES else value


def _without_words(shown: str) -> tuple[str, int]:
    """Return an amount without its currency and scale, and the power of ten that the scale is."""
    first = _CURRENCY_FIRST.match(shown)
    bare = shown[first.end() :] if first else _CURRENCY.sub("", shown)
    bare = _NO_CENTS.sub("", bare).strip()
    if not (match := _SCALE.search(bare)):
        return bare, 0
    if fold(match[1]) not in _SCALES:
        raise ValueError(f"not an amount: {shown!r}")
    return _NO_CENTS.sub("", bare[: match.start()]).strip(), _SCALES[fold(match[1])]


def canonical_decimal(value: Decimal) -> str:
    """Return the canonical lexical form that stores normalise to, so that all outputs agree.

    >>> [canonical_decimal(Decimal(t)) for t in ("768250.00", "1.50", "-0", "1E+3")]
    ['768250', '1.5', '0', '1000']
    """
    plain = str(value)  # three times as fast as f"{value:f}"
    if plain.isdigit() or (plain[-1] in "123456789" and "E" not in plain):  # nearly all
        return plain
    if "E" in plain:
        plain = f"{value:f}"
    if "." in plain:
        plain = plain.rstrip("0").rstrip(".")
    return "0" if plain in {"-0", ""} else plain
