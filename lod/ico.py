"""IČO, the Czech identification number of organisations: read any spelling, verify, or say why not.

Grammar: eight digits, the last a check digit: with weights 8,7,6,5,4,3,2 over the first seven and
r = sum mod 11, the eighth is (11 - r) mod 10. Registers lose leading zeros, put spaces anywhere and
store floats, so all of these are the same organisation:

>>> [parse(text) for text in ("70891320", "IČ: 70 89 13 20", "CZ70891320", "70891320.0")]
['70891320', '70891320', '70891320', '70891320']
>>> parse("551023")
'00551023'
>>> parse("12345678")
Traceback (most recent call last):
    ...
lod.errors.IcoError: IČO 12345678 nemá platnou kontrolní číslici. / IČO 12345678 fails its check digit.
"""

from __future__ import annotations

import re
import unicodedata

from .errors import IcoError

__all__ = ["check_digit", "is_valid", "parse"]

_LABEL = re.compile(r"^(?:(?:CZ[-_ ]?)?I[ČC]O?|CZ)\s*[:.\-]?\s*", re.IGNORECASE)
_SEPARATORS = re.compile(r"[\s\u200b\u2060\ufeff.]+|(?<=\d)-(?=\d)")
_FLOAT_TAIL = re.compile(r"[.,]0{1,2}$")  # three zeros would be a group of digits
# Both stand in registers for "there is none"; 00000001 even has a valid check digit.
_PLACEHOLDERS = frozenset({"00000000", "00000001"})


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


def parse(text: str) -> str:
    """Return the canonical eight digits of any spelling; raise `IcoError` with the reason otherwise."""
    shown = text.strip()
    bare = _LABEL.sub("", unicodedata.normalize("NFKC", shown).strip())
    bare = _SEPARATORS.sub("", _FLOAT_TAIL.sub("", bare))
    if not bare:
        raise IcoError("IČO je prázdné.", "The IČO is empty.")
    if not (bare.isascii() and bare.isdecimal()):
        raise IcoError(
            f"„{shown}“ není IČO: smí mít jen číslice.",
            f'"{shown}" is not an IČO: only digits may stand in it.',
        )
    if len(bare) > 8:
        raise IcoError(
            f"IČO {bare} má {len(bare)} číslic, smí mít nejvýše 8.",
            f"IČO {bare} has {len(bare)} digits, 8 is the most.",
        )
    ico = bare.zfill(8)
    if ico in _PLACEHOLDERS:
        raise IcoError(
            f"IČO {ico} je zástupná hodnota, nikomu nepatří.",
            f"IČO {ico} is a placeholder that belongs to nobody.",
        )
    if not is_valid(ico):
        raise IcoError(f"IČO {ico} nemá platnou kontrolní číslici.", f"IČO {ico} fails its check digit.")
    return ico
