"""Czech alphabetical order (ČSN 97 6030), which no part of Python's standard library knows; pure."""

from __future__ import annotations

import re
import unicodedata

__all__ = ["key"]

# Letters of their own; every other mark on a letter counts only where all else is the same.
_LETTERS = "čřšž"
_PIECE = re.compile(r"(\d+)|(ch)|(\w)|(\W)", re.DOTALL)


def _letter(char: str) -> str:
    if char in _LETTERS:
        return unicodedata.normalize("NFD", char)[0] + "\uffff"  # behind its plain letter
    return "".join(one for one in unicodedata.normalize("NFKD", char) if not unicodedata.combining(one)) or char


def key(text: str) -> tuple[tuple[tuple[int, int, str], ...], str, str]:
    """Return what sorts a text among others: numbers by their size, `ch` behind `h`, accents and case last.

    >>> sorted(["chata", "cukr", "čas", "hrad", "id", "hůl", "Hul"], key=key)
    ['cukr', 'čas', 'hrad', 'Hul', 'hůl', 'chata', 'id']
    >>> sorted(["osa 10", "osa 9", "osa"], key=key)
    ['osa', 'osa 9', 'osa 10']
    """
    lowered = unicodedata.normalize("NFC", text).lower()
    pieces: list[tuple[int, int, str]] = []
    for digits, ch, letter, other in _PIECE.findall(lowered):
        if digits.isascii() and digits:
            pieces.append((1, len(digits.lstrip("0")), digits.lstrip("0")))  # by size, however long it is
        elif ch:
            pieces.append((2, 0, "h\uffff"))
        elif letter or digits:
            pieces.append((2, 0, _letter(letter or digits)))
        elif other.isspace():
            pieces.append((0, 0, " "))
        else:
            pieces.append((0, 1, other))
    return tuple(pieces), lowered, text
