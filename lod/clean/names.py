"""Names of organisations as registers spell and cut them. Pure."""

from __future__ import annotations

import re

from .. import ico
from .text import fold, text

__all__ = ["is_cut", "legal_name", "name_key", "named_number"]

_PAIRS = ('""', "''", "„“", "„”", "“”", "‚‘", "»«", "«»")
_QUOTES = "\"'„“”‚‘»«"
_TAIL = re.compile(r"[\s,;]+$|^[\s,;]+")


def legal_name(raw: str) -> str:
    """Return a name without the quotes around it, stray blanks and trailing commas; capitals stay.

    >>> [legal_name(t) for t in (' "DIAMO, státní podnik" ', 'Spolek "Naděje"', "OBEC LHOTA ,")]
    ['DIAMO, státní podnik', 'Spolek "Naděje"', 'OBEC LHOTA']
    """
    name, before = text(raw), None
    while name != before:
        before = name
        name = _TAIL.sub("", name)
        inner = name[1:-1]
        if len(name) > 2 and name[0] + name[-1] in _PAIRS and not any(quote in inner for quote in _QUOTES):
            name = inner
        elif len(name) > 3 and name.startswith('""') and name.endswith('""'):  # doubled by a CSV writer
            name = name[2:-2]
        elif sum(name.count(quote) for quote in _QUOTES) == 1:  # one that lost its twin
            name = name.strip(_QUOTES)
    return name


_DIGITS = r"[0-9](?:[ \u00a0]?[0-9]){5,7}"
# With its label the number may stand anywhere and be wrong; without it, only at the end and right.
_LABELLED = re.compile(rf"[\s,;(\[–-]*\bI[ČC]O?\b\s*[:.]?\s*({_DIGITS})(?![0-9/])[\s)\]]*", re.IGNORECASE)
_BARE = re.compile(r"(?:\s*[(\[]\s*([0-9]{8})\s*[)\]]|\s*[,;–-]\s*([0-9]{8}))\s*$")


def named_number(raw: str) -> tuple[str, str]:
    """Return a name without the IČO printed in its cell, and the IČO as printed; "" where there is none, or several.

    >>> named_number("Obec Dubová, IČO 002 99 308"), named_number("Obec Dubová (00299308)")
    (('Obec Dubová', '00299308'), ('Obec Dubová', '00299308'))
    >>> named_number("Obec Dubová, IČ: 00299308, Dubová 1"), named_number("Akce 20150101 (20150101)")
    (('Obec Dubová, Dubová 1', '00299308'), ('Akce 20150101 (20150101)', ''))
    """
    shown = text(raw)
    found = list(_LABELLED.finditer(shown))
    if not found:
        bare = _BARE.search(shown)
        found = [bare] if bare and ico.is_valid(bare[1] or bare[2]) else []
    if len(found) != 1:
        return shown, ""
    (match,) = found
    before, after = shown[: match.start()].rstrip(" ,;"), shown[match.end() :].lstrip(" ,;")
    name = ", ".join(filter(None, (before, after)))
    if not name:
        return shown, ""
    return name, re.sub(r"\s", "", next(filter(None, match.groups())))


# Legal forms: every spelling to one. Dots and blanks are gone from the folded name when these look at it.
_FORMS = (
    (r"spol(?:ecnost)? s ?r ?o|s ?r ?o|spol(?:ecnost)? s rucenim omezenym|s rucenim omezenym", "sro"),
    (r"akciova spolecnost|akc spol|a ?s", "as"),
    (r"obecne prospesna spolecnost|o ?p ?s", "ops"),
    (r"zapsany spolek|z ?s", "zs"),
    (r"zapsany ustav|z ?u", "zu"),
    (r"prispevkova organizace|prisp org|p ?o", "po"),
    (r"verejna vyzkumna instituce|v ?v ?i", "vvi"),
    (r"verejna obchodni spolecnost|v ?o ?s", "vos"),
    (r"komanditni spolecnost|k ?s", "ks"),
    (r"statni podnik|s ?p", "sp"),
    (r"obcanske sdruzeni|o ?s", "os"),
)
_FORM = [(re.compile(rf" (?:{pattern})$"), f" {form}") for pattern, form in _FORMS]


def name_key(raw: str) -> str:
    """Return what two spellings of one legal name have in common: case, accents and the legal form aside.

    >>> name_key("CRYTUR, spol. s r.o.") == name_key("Crytur s. r. o.")
    True
    """
    key = re.sub(r"[^\w]+", " ", fold(legal_name(raw))).strip()
    for pattern, form in _FORM:
        if (changed := pattern.sub(form, key)) != key:
            return changed
    return key


_CUTS = (40, 50, 60, 64, 80, 100, 120, 128, 250, 255)  # how long registers let a name be
_LEAST = 15  # a shorter beginning ("Kraj" of "Krajský úřad") is a name of its own


def is_cut(name: str, fuller: str) -> bool:
    """Whether `name` is `fuller` cut off: at a usual length of a column, or in the middle of a word.

    >>> is_cut("Střední průmyslová škola strojnická a St", "Střední průmyslová škola strojnická a Stavební, Brno")
    True
    """
    short, long = fold(name), fold(fuller)
    if len(short) < _LEAST or len(long) <= len(short) or not long.startswith(short):
        return False
    # A cut may fall on a blank, which is trimmed since.
    at_a_cut = len(text(name)) in _CUTS or (len(text(name)) + 1 in _CUTS and long[len(short)] == " ")
    return at_a_cut or (short[-1].isalnum() and long[len(short)].isalnum())
