"""E-mails, telephone numbers and contact persons in free text, found and taken out. Pure.

Registration numbers, IČO, amounts and numbers of laws look like telephone numbers; only what is marked as one
(by +420, by a word such as "tel.", by standing beside an e-mail) or has the shape of a Czech mobile number with
nothing of an amount about it is taken for one.

>>> remove("Oprava školy. Napište na jana (zavináč) obec.cz. Rozpočet 603 123 456 Kč, IČO 60609460.")
('Oprava školy. Napište na. Rozpočet 603 123 456 Kč, IČO 60609460.', 1)
>>> remove("Kontaktní osoba: Ing. Jana Vzorová, tel. 603 123 456")
('', 2)
"""

from __future__ import annotations

import re
from functools import lru_cache

from .clean import text
from .persons import is_person

__all__ = ["remove"]

_AT = r"(?:@|\s{0,3}[\[({<]\s{0,3}(?:at|zavin[aá][cč]|a|@)\s{0,3}[\])}>]\s{0,3}|\s{1,3}(?:zavin[aá][cč])\s{1,3})"
_DOT = r"(?:\.|\s{0,3}[\[({<]\s{0,3}(?:dot|te[cč]ka|\.)\s{0,3}[\])}>]\s{0,3}|\s{1,3}te[cč]ka\s{1,3})"
_LABEL_MAIL = r"(?:\b(?:e-?\s?mail(?:ov[áé]\s+adres[aye])?|mail|el\.\s*pošta)\s*[:\-–]?\s*)?"
_MAIL = re.compile(
    rf"{_LABEL_MAIL}(?<![\w.+-])[\w.+-]{{0,63}}\w{_AT}\w[\w-]{{0,62}}(?:{_DOT}\w[\w-]{{0,62}}){{0,5}}{_DOT}(?:[a-z]{{2,10}})\b",
    re.IGNORECASE,
)
_LABEL_PHONE = (
    r"\b(?:tel(?:efon(?:n[íi]\s+[čc][íi]slo)?)?|mob(?:il(?:n[íi])?)?|gsm|fax|volejte|infolinka|phone|na\s+(?:čísl[eou]|č\.|telefonu?))\b"
    r"[\s./č:\-–]{0,8}"
)
_NUMBER = r"(?:\(?(?:\+|00)\s?[0-9]{1,3}\)?[\s.\-/]*)?[0-9]{3}(?:[\s.\-/]{0,2}[0-9]){3,9}"
_MARKED = re.compile(rf"{_LABEL_PHONE}{_NUMBER}(?:\s*(?:[,;/]|a|nebo)\s*{_NUMBER})*(?![0-9])", re.IGNORECASE)
_ABROAD = re.compile(r"(?<![\w/])(?:\+|00)42[01][\s.\-]?(?:[0-9]{3}[\s.\-]?){2}[0-9]{3}(?![0-9])")
# A Czech mobile number that nothing marks: only with blanks between its groups, and not where money is spoken of.
_MOBILE = re.compile(
    r"(?<![\w.,/-])(?:60[1-8]|70[0-9]|7[2379][0-9])[\s\u00a0][0-9]{3}[\s\u00a0][0-9]{3}(?![\w]|[\s\u00a0]?[0-9]|[.,/-][0-9])"
)
_UNIT = re.compile(
    r"[\s\u00a0]*(?:,-|,–|\.-|kč|kc|czk|eur|€|korun|tis|mil|mld|m2|m²|m3|km|kwh|mwh|kg|ks|%|osob|obyvatel)",
    re.IGNORECASE,
)
_MONEY = re.compile(
    r"(?:část|cena|ceně|výš|náklad|rozpočt|dotac|výdaj|příspěv|podpor|hodnot|celkem|objem|i[čc]o?\b|číslo|č\.)[^.;]{0,25}$",
    re.IGNORECASE,
)
_TITLES = (
    r"(?:(?:Ing|Mgr|Bc|BcA|MgA|MUDr|JUDr|PhDr|RNDr|PaedDr|MVDr|ThDr|doc|prof|Dr|arch|DiS|pan[íi]?)\.?\s{1,3}){0,5}"
)
_CAPITALISED = r"(?-i:[A-ZÁÄČĎÉĚÍĹĽŁŇÓÖŘŚŠŤÚŮÜÝŽŻ])[^\W\d_]+"
_NAME = (
    rf"{_TITLES}{_CAPITALISED}(?:\s+{_CAPITALISED}(?:-{_CAPITALISED})?){{1,2}}"
    r"(?:,?\s+(?:Ph\.?\s?D\.?|CSc\.?|MBA|DiS\.?|DrSc\.?|LL\.M\.?))*"
)
# Whoever stands right before a number or an address.
_BESIDE = re.compile(
    rf"({_NAME})[\s,;:–-]{{0,5}}(?=\(?(?:{_MAIL.pattern}|{_MARKED.pattern}|{_ABROAD.pattern}))", re.IGNORECASE
)
_ROLE = (
    r"(?i:kontaktní\s+osob[ay]|kontakty?|odpovědná\s+osoba|zodpovědná\s+osoba|vyřizuje|"
    r"(?:projektov[ýá]\s+)?manažer(?:ka)?(?:\s+projektu)?|koordin[aá]tor(?:ka)?\s+projektu|vedoucí\s+projektu|"
    r"(?:bližší|více|další)(?:\s+informac[eí](?:\s+(?:podá|poskytne|u))?|(?=\s*:))|contact(?:\s+person)?|project\s+manager)"
)
_PERSON = re.compile(rf"\b({_ROLE})\s*(?:[:\-–]|\bje\b|\bis\b)?\s*({_NAME})")
# These speak of a person; after the others an office may stand.
_PERSONAL = re.compile("osob|vyřiz|manaž|koordin|vedouc|person|manager", re.IGNORECASE)
_LEFT = re.compile(rf"\b{_ROLE}\s*[:\-–]\s*(?=[.,;)]|$)")
# A person and nine digits right behind them; what tells a birth.
_NINE = re.compile(r"(?:[0-9]{3}[\s.]?){2}[0-9]{3}(?![0-9])")
_NAMED_NUMBER = re.compile(rf"({_NAME})([\s,;:–-]{{1,5}}{_NINE.pattern})", re.IGNORECASE)
_BORN = re.compile(
    r"\b(?:rodné\s+číslo|r\.\s?č\.|(?:dat(?:um)?\.?\s+)?nar(?:ozen[íaáýé]?)?\.?)\s{0,3}:?\s{0,3}(?:[0-9]{6}\s?/\s?[0-9]{3,4}"
    r"|[0-9]{1,2}\.\s?[0-9]{1,2}\.\s?[0-9]{4})",
    re.IGNORECASE,
)
# What the patterns above cannot do without; most texts have none of it.
_OPENING = ("(", "[", "{", "<")
_IN_BRACKETS = re.compile(r"[\[({<]\s{0,3}at?\s{0,3}[\])}>]", re.IGNORECASE)
_GROUPED = re.compile(r"[0-9]{3}(?:[\s.\-/]{0,2}[0-9]){3}")
_BIRTH = ("nar", "rodné", "r.")
_SPEAKS_OF = (
    *("osob", "kontakt", "contact", "vyřiz", "manaž", "manager", "koordin", "vedouc"),
    *("bližší", "více", "další"),
)
_RUN = re.compile(r"\s{3,}")
_EMPTY = re.compile(r"\(\s*[,;\s]*\)|\[\s*\]")


def _mobile(match: re.Match[str]) -> str:
    whole = match.string
    if match[0].endswith("000") or _UNIT.match(whole, match.end()) or _MONEY.search(whole[: match.start()]):
        return match[0]
    return ""


def _unless_office(match: re.Match[str]) -> str:
    return "" if is_person(match[1]) else match[0]


def _contact(match: re.Match[str]) -> str:
    return "" if _PERSONAL.search(match[1]) or is_person(match[2]) else match[0]


def remove(raw: str) -> tuple[str, int]:
    """Return a text without contacts, and how many were taken out; a text that has none stays as it is."""
    return _short(raw) if len(raw) <= _SHORT else _removed(raw)


def _removed(raw: str) -> tuple[str, int]:
    left, total = raw, 0
    while True:  # what stood between two contacts may be one too; every round makes the text shorter
        left, count = _once(left)
        if not count:
            return left, total
        total += count


_SHORT = 64  # characters: names and places, which come again and again
_short = lru_cache(maxsize=4096)(_removed)


def _once(raw: str) -> tuple[str, int]:
    lower = raw.lower()
    has_digits = sum(map(raw.count, "0123456789")) >= 6  # as many as the shortest number has
    has_mailbox = (
        "@" in raw
        or "zavin" in lower
        or (any(map(raw.__contains__, _OPENING)) and _IN_BRACKETS.search(raw) is not None)
    )
    has_role = any(map(lower.__contains__, _SPEAKS_OF))
    if not (has_digits or has_mailbox or has_role):
        return raw, 0
    shown = _RUN.sub("  ", raw)  # a long run of blanks would only be tried again and again
    has_number = has_digits and _GROUPED.search(shown) is not None
    tells_birth = has_digits and any(map(lower.__contains__, _BIRTH))
    left, count, marked = shown, 0, list[re.Pattern[str]]()
    # A pattern that begins with a name is slow, so first whether there is what must follow.
    if has_number and _NINE.search(left):
        left = _NAMED_NUMBER.sub(_unless_office, left)
    if has_mailbox and _MAIL.search(left):
        marked.append(_MAIL)
    if has_number:
        marked += [pattern for pattern in (_MARKED, _ABROAD) if pattern.search(left)]
    if marked:
        left = _BESIDE.sub(_unless_office, left)
    count += left != shown
    for pattern in (*marked, *([_BORN] if tells_birth else ())):
        left, found = pattern.subn("", left)
        count += found
    if has_number:
        kept, left = left, _MOBILE.sub(_mobile, left)
        count += kept != left
    if has_role:
        kept, left = left, _PERSON.sub(_contact, left)
        count += kept != left
    if not count:
        return raw, 0
    left = _EMPTY.sub("", _LEFT.sub("", left))
    left = re.sub(r"(?:\s*[,;])+\s*(?=[.,;)]|$)", "", text(left))
    left = re.sub(r"(?<=[.!?])\s*[.,;]+|^[\s.,;:–-]+", "", left)
    return re.sub(r"\s+([.,;)])", r"\1", left).strip(" ,;:–-"), count
