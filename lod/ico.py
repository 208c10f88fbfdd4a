"""IČO, the Czech identification number of organisations: read any spelling, verify, or say why not.

Grammar: eight digits, the last a check digit: with weights 8,7,6,5,4,3,2 over the first seven and
r = sum mod 11, the eighth is (11 - r) mod 10. Registers lose leading zeros, put spaces anywhere and
store floats, so all of these are the same organisation:

>>> [parse(text) for text in ("70891320", "IČ: 70 89 13 20", "CZ70891320", "70891320.0")]
['70891320', '70891320', '70891320', '70891320']
>>> parse("551023")
'00551023'
>>> parse("12345678")  # doctest: +ELLIPSIS
Traceback (most recent call last):
    ...
lod.errors.IcoError: IČO 12345678 nemá platnou kontrolní číslici (po 1234567 patří 9). / ...
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container
from functools import lru_cache

from .errors import IcoError

__all__ = ["check_digit", "is_short", "is_valid", "nearest", "parse"]

_LABEL = re.compile(r"^(?:(?:CZ[-_ ]?)?I[ČC]O?|(?:DI[ČC]\s*[:.\-]?\s*)?CZ)\s*[:.\-]?\s*", re.IGNORECASE)
_SEPARATORS = re.compile(r"[\s\u200b\u2060\ufeff.]+|(?<=\d)-(?=\d)")
_FLOAT_TAIL = re.compile(r"[.,]0{1,2}$")  # three zeros would be a group of digits
# These stand in registers for "there is none"; 00000001 even has a valid check digit.
_PLACEHOLDERS = frozenset({"00000000", "00000001", "99999999"})
_SHORT = 4  # so few digits are rather a damaged number than one that lost its zeros


def check_digit(seven: str) -> str:
    """Return the check digit that belongs to the first seven digits.

    >>> check_digit("6060946")
    '0'
    """
    remainder = sum(int(digit) * weight for digit, weight in zip(seven, range(8, 1, -1), strict=True)) % 11
    return str((11 - remainder) % 10)


def is_valid(text: str) -> bool:
    """Whether `text` is already a canonical IČO: eight ASCII digits, check digit right, no placeholder."""
    return (
        len(text) == 8
        and text.isascii()
        and text.isdecimal()
        and text not in _PLACEHOLDERS
        and check_digit(text[:7]) == text[7]
    )


def _bare(text: str) -> str:
    """Return what is left without labels, separators and the tail of a float."""
    bare = _LABEL.sub("", unicodedata.normalize("NFKC", text).strip())
    return _SEPARATORS.sub("", _FLOAT_TAIL.sub("", bare))


@lru_cache(maxsize=65536)
def parse(text: str) -> str:
    """Return the canonical eight digits of any spelling; raise `IcoError` with the reason otherwise."""
    shown, bare = text.strip(), _bare(text.strip())
    if not bare:
        raise IcoError("IČO je prázdné.", "The IČO is empty.", "ico-invalid")
    eight = ("osm číslic, poslední kontrolní", "eight digits, the last a check digit")
    if not (bare.isascii() and bare.isdecimal()):
        raise IcoError(
            f"„{shown}“ není IČO: smí mít jen číslice.",
            f'"{shown}" is not an IČO: only digits may stand in it.',
            "ico-invalid",
            *eight,
        )
    if len(bare) > 8:
        foreign = len(bare) in {9, 10, 14}  # Polish REGON, NIP and the long REGON
        raise IcoError(
            f"IČO {bare} má {len(bare)} číslic, smí mít nejvýše 8."
            + (" Je-li zahraniční, uveďte sloupec zeme." if foreign else ""),
            f"IČO {bare} has {len(bare)} digits, 8 is the most."
            + (" If it is a foreign number, state the column zeme." if foreign else ""),
            "ico-invalid",
            *eight,
        )
    ico = bare.zfill(8)
    if ico in _PLACEHOLDERS:
        raise IcoError(
            f"IČO {ico} je zástupná hodnota, nikomu nepatří.",
            f"IČO {ico} is a placeholder that belongs to nobody.",
            "ico-invalid",
        )
    if not is_valid(ico):
        digit = check_digit(ico[:7])
        raise IcoError(
            f"IČO {ico} nemá platnou kontrolní číslici (po {ico[:7]} patří {digit}).",
            f"IČO {ico} fails its check digit ({digit} belongs after {ico[:7]}).",
            "ico-check-digit",
            f"kontrolní číslice {digit} po {ico[:7]}",
            f"the check digit {digit} after {ico[:7]}",
        )
    return ico


def is_short(text: str) -> bool:
    """Whether a valid number was printed with so few digits that it had better be looked at.

    >>> is_short("6599"), is_short("551023")
    (True, False)
    """
    return len(_bare(text).lstrip("0")) <= _SHORT and len(_bare(text)) < 8


def nearest(text: str, known: Container[str]) -> str:
    """Return the one known number that a single slip away: a wrong, swapped, missing or extra digit.

    An empty text where there is none, or more than one.

    >>> nearest("60609461", {"60609460", "70891320"}), nearest("700891320", {"70891320"})
    ('60609460', '70891320')
    """
    bare = _bare(text)
    if not (bare.isascii() and bare.isdecimal() and 6 <= len(bare) <= 9):
        return ""
    found = {ico for ico in _slips(bare) | _slips(bare.zfill(8)) if ico in known and is_valid(ico)}
    return found.pop() if len(found) == 1 else ""


def _slips(bare: str) -> set[str]:
    digits = "0123456789"
    places = range(len(bare))
    if len(bare) == 9:
        return {bare[:i] + bare[i + 1 :] for i in places}
    if len(bare) == 7:
        return {bare[:i] + digit + bare[i:] for i in range(8) for digit in digits}
    wrong = {bare[:i] + digit + bare[i + 1 :] for i in places for digit in digits}
    return wrong | {bare[:i] + bare[i + 1] + bare[i] + bare[i + 2 :] for i in places[:-1]}
