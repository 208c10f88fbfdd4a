"""Czech text: cleaned, folded for comparing, and as an IRI segment; addresses that can stand in RDF. Pure."""

from __future__ import annotations

import hashlib
import re
import unicodedata

__all__ = ["fold", "slug", "text", "url"]

_BLANKS = re.compile(r"[\s\u200b\u2060\ufeff]+")
# C0 and C1 controls make ill-formed XML, lone surrogates cannot be written at all: an export that holds
# them is damaged, not meant.
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")


def text(raw: str) -> str:
    r"""Return `raw` composed (NFC), without control characters, every run of blanks one space.

    >>> text(" Projekt v\u00a0plné  realizaci ")
    'Projekt v plné realizaci'
    """
    # Most texts are clean: every blank but the space is unprintable, as controls are. It is four times as fast.
    if raw.isprintable() and "  " not in raw and unicodedata.is_normalized("NFC", raw):
        return raw.strip()
    return _BLANKS.sub(" ", unicodedata.normalize("NFC", _CONTROLS.sub("", raw))).strip()


def fold(raw: str) -> str:
    """Return `raw` for comparing and searching: no accents, no case, single blanks.

    >>> fold("Zlínský  KRAJ")
    'zlinsky kraj'
    """
    cleaned = text(raw)
    if cleaned.isascii():
        return cleaned.lower()
    decomposed = unicodedata.normalize("NFKD", cleaned)
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


# RFC 3987, section 2.2, with a name for the host: ucschar, then the parts of an address.
_UCS = "\u00a0-\ud7ff\uf900-\ufdcf\ufdf0-\uffef" + "".join(
    f"{chr(plane << 16)}-{chr((plane << 16) + 0xFFFD)}" for plane in range(1, 14)
)
_NAME = rf"[A-Za-z0-9._~!$&'()*+,;={_UCS}-]|%[0-9A-Fa-f]{{2}}"
_CHAR = rf"{_NAME}|[:@]"
_URL = re.compile(
    rf"https?://(?:(?:{_NAME}|:)*@)?(?:{_NAME})+(?::[0-9]*)?(?:/(?:{_CHAR}|/)*)?(?:\?(?:{_CHAR}|[/?])*)?(?:#(?:{_CHAR}|[/?])*)?",
    re.IGNORECASE,
)
