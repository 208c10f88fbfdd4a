"""Letters that were lost before the file came to us: told, never passed on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from .rows import Cells, Flaw

__all__ = ["flaws_of", "misread_utf8", "spoilt"]

# UTF-8 of Czech letters begins with C3, C4 or C5; these are what such a byte looks like when it is taken for a
# letter of a one-byte encoding, before a character that no Czech word has there.
_MISREAD = re.compile(
    "[\u00c2-\u00c5\u0102\u0139][^\x00-\x7fA-Za-záčďéěíňóřúůýÁČĎÉĚÍŇÓŘŠŤÚŮÝ\\s]|[\u00c2\u00c3\u0102][\xa0\xad]"
)
_SINGLE = ("windows-1250", "windows-1252", "iso-8859-2", "iso-8859-1")
_SUSPECT = re.compile("[\ufffd\x00\x80-\x9f\ud800-\udfff\u00c2-\u00c5\u0102\u0139]")


def misread_utf8(text: str) -> str:
    """Return the text as it was before its UTF-8 was read as a one-byte encoding; "" if that did not happen."""
    found = _MISREAD.search(text)
    for encoding in _SINGLE if found else ():
        try:
            meant = text.encode(encoding).decode("utf-8")
        except UnicodeError:
            continue
        return meant
    return ""


def _flaw(text: str) -> Flaw | None:
    found = None if text.isascii() and text.isprintable() else _SUSPECT.search(text)
    if not found:
        return None
    sign = found.group()
    if any(meant := misread_utf8(word) for word in re.split(r"[ \t\r\n;,]", text)):
        return Flaw(
            f"text byl přečten ve špatném kódování (mělo být asi „{meant}“)",
            f'the text was read in a wrong encoding (perhaps "{meant}" was meant)',
        )
    if "\ufffd" in text:
        return Flaw("písmeno se ztratilo už před námi (znak U+FFFD)", "a letter was lost before us (U+FFFD)")
    if sign.isalpha():  # Å or Ä of a Swedish name
        return None
    return Flaw(f"nečitelný znak U+{ord(sign):04X}", f"the unreadable character U+{ord(sign):04X}")


def flaws_of(row: Cells) -> Cells:
    """Return the row with its spoilt cells among the flaws."""
    joined = "".join(row.values)
    if (joined.isascii() and joined.isprintable()) or not _SUSPECT.search(joined):
        return row
    found = {index: flaw for index, value in enumerate(row.values) if (flaw := _flaw(value))}
    return replace(row, flaws={**found, **row.flaws}) if found else row


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield str(key)
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)


def spoilt(values: Mapping[str, Any]) -> Flaw | None:
    """Return the first flaw among the texts of a nested record."""
    return next((flaw for text in _texts(values) if (flaw := _flaw(text))), None)
