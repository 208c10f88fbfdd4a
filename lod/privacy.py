"""What a record says of natural persons, before anything else reads it: dropped, made anonymous, or published.

A beneficiary is a natural person where it has no IČO (nor a foreign number) and a person's name, a date or number
of birth, or a mark of its register. An entrepreneur with an IČO stands in a public register and is an
organisation here. Contacts are taken out of free texts. No finding repeats what was left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from . import clean, contacts, countries, ico, persons
from .errors import IcoError
from .model import Finding, Record, Severity
from .tidy import FIELDS, Field, names
from .values import PRINTED_NOTHING

__all__ = ["ANONYMOUS", "CONTACTS", "PERSONS", "Screened", "screen"]

PERSONS = ("drop", "anonymise", "publish")
CONTACTS = ("remove", "keep")
ANONYMOUS = "natural_person"  # stands in the values of a record whose beneficiary was made anonymous

# What would tell who somebody is, or where they live more closely than by region.
_IDENTIFYING = frozenset(
    {
        *("beneficiary", "ico", "foreign_number", "street", "house_number", "descriptive_number", "orientation_number"),
        *("city_part", "town", "post_code", "municipality_code", "website", "data_box", "legal_form"),
        *("place_name", "place_name_en"),
    }
)
# Texts that are codes, numbers or addresses: no contact can stand in them, and nothing may be cut out of them.
_EXACT = frozenset(
    {
        *("slug", "registration_number", "foreign_number", "country", "house_number", "descriptive_number"),
        *("orientation_number", "post_code", "data_box", "website", "url", "legal_form", "decision_number", "code"),
        *("region_code", "municipality_code", "nuts", "period", "currency", "call", "public_body", "fact"),
        *("file", "sha256"),
    }
)
_EVIDENCE = ("evidence", "for_review")
_CONTACT_NEAR = re.compile(r"@|\b(?:tel|mob|gsm|fax|e-?mail|kontakt|zavin)", re.IGNORECASE)
_ADDRESSES = frozenset({"slug", "url", "website"})


def _all(fields: tuple[Field, ...]) -> Iterator[Field]:
    for item in fields:
        yield item
        yield from _all(item.parts)


_COLUMNS = {item.english: item for item in _all(FIELDS)}


@dataclass(frozen=True, slots=True)
class Screened:
    """A record as it may go on (None where it is dropped), and what was done to it."""

    record: Record | None
    findings: tuple[Finding, ...] = ()
    anonymised: bool = False


def screen(record: Record, persons_policy: str = "drop", contacts_policy: str = "remove") -> Screened:
    """Return what may go on of a record, by its source's policies (see `PERSONS` and `CONTACTS`)."""
    found: list[Finding] = []
    anonymised = False
    if persons_policy != "publish":
        if is_natural_person(record.values):
            if persons_policy == "drop":
                return Screened(None, (_dropped(record),))
            record, anonymised = _anonymous(record), True
        record = _without_persons(record, found)
    if contacts_policy == "remove":
        record = _without_contacts(record, found)
    return Screened(record, tuple(found), anonymised)


def _text(values: Mapping[str, Any], name: str) -> str:
    value = values.get(name)
    printed = clean.text(value) if isinstance(value, str) else ""
    return "" if printed in PRINTED_NOTHING else printed


def is_natural_person(values: Mapping[str, Any], name: str = "beneficiary", number: str = "ico") -> bool:
    """Whether an organisation's values are those of a natural person."""
    printed, form = _text(values, number), _text(values, "legal_form") if name == "beneficiary" else ""
    printed = printed or str(values.get(number) or "")
    if _is_ico(printed) or _text(values, "foreign_number") or (printed and _is_abroad(values)):
        return False
    if persons.is_birth_number(printed):
        return True
    return persons.is_person(_text(values, name)) or persons.is_mark(form)


def _is_abroad(values: Mapping[str, Any]) -> bool:
    country = _text(values, "country")
    return bool(country) and countries.code(country) != countries.CZECHIA


def _is_ico(printed: str) -> bool:
    try:
        return bool(ico.parse(printed))
    except IcoError:
        return False


def _finding(record: Record, kind: str, column: str, cs: str, en: str) -> Finding:
    return Finding(
        severity=Severity.INFO,
        place=record.place,
        field=record.label(column),
        cs=cs,
        en=en,
        kind=kind,
        source=record.source,
    )


def _dropped(record: Record) -> Finding:
    return _finding(
        record,
        "person-dropped",
        "beneficiary",
        "příjemcem je fyzická osoba; záznam se nezveřejňuje",
        "the beneficiary is a natural person; the record is not published",
    )


def _anonymous(record: Record) -> Record:
    """Return a record without what identifies its beneficiary, in its own columns and in every text."""
    name = _text(record.values, "beneficiary")
    values = {key: value for key, value in record.values.items() if key not in _IDENTIFYING}
    values = _evidence(values, lambda item: None if _column_of(item) in _IDENTIFYING else item)
    if not persons.is_mark(name):
        values = _each(values, FIELDS, lambda key, value: _nameless(key, value, name))
    if not _text(values, "title"):
        values["title"] = "Projekt fyzické osoby"
    return replace(record, values={**values, ANONYMOUS: "yes"})


def _nameless(key: str, value: str, name: str) -> str:
    if key not in _ADDRESSES:
        return value if persons.without(value, name) == clean.text(value) else persons.without(value, name)
    words = " ".join(word.title() for word in clean.slug(value, longest=len(value) + 1).split("-"))
    return "" if persons.without(words, name) != words else value


def _without_persons(record: Record, found: list[Finding]) -> Record:
    """Return a record without partners and a provider that are natural persons."""
    values = dict(record.values)
    gone: list[str] = []
    if is_natural_person(values, "provider", "provider_ico"):
        gone.append(_text(values, "provider"))
        values.pop("provider", None)
        values.pop("provider_ico", None)
        values = _evidence(values, lambda item: None if _column_of(item).startswith("provider") else item)
        found.append(_left_out(record, "provider", "poskytovatel", "the provider"))
    partners = values.get("partners")
    if isinstance(partners, str):
        partners = [{"beneficiary": item} for item in map(str.strip, partners.split(";")) if item]
    if isinstance(partners, list):
        kept = [part for part in partners if not (isinstance(part, Mapping) and is_natural_person(part))]
        if len(kept) < len(partners):
            values["partners"] = kept
            gone += [_text(part, "beneficiary") for part in partners if part not in kept]
            # Those who stay are numbered anew, so the evidence of all partners goes.
            values = _evidence(values, lambda item: None if _path_of(item).startswith("partners") else item)
            found.append(_left_out(record, "partners", "partner", "a partner"))
    for name in gone:  # whoever is left out leaves the texts too
        if name and not persons.is_mark(name):
            values = _each(values, FIELDS, lambda key, value, name=name: _nameless(key, value, name))  # type: ignore[misc]
    return replace(record, values=values) if found else record


def _left_out(record: Record, column: str, cs: str, en: str) -> Finding:
    return _finding(
        record, "person-left-out", column, f"{cs} je fyzická osoba; vynechán", f"{en} is a natural person; left out"
    )


def _without_contacts(record: Record, found: list[Finding]) -> Record:
    told: dict[str, None] = {}

    def removed(key: str, value: str) -> str:
        if key in _EXACT:
            return value
        left, count = contacts.remove(value)
        if count:
            told[key] = None
        return left

    values = _each({k: v for k, v in record.values.items() if k not in _EVIDENCE}, FIELDS, removed)
    values |= {k: v for k, v in record.values.items() if k in _EVIDENCE}
    values = _evidence(values, _without_contact)
    found.extend(
        _finding(
            record,
            "contact-removed",
            key,
            "z textu byl vynechán osobní kontakt (e-mail, telefon nebo kontaktní osoba)",
            "a personal contact (an e-mail, a telephone number or a contact person) was taken out of the text",
        )
        for key in told
    )
    return replace(record, values=values)


def _evidence(
    values: Mapping[str, Any], change: Callable[[Mapping[str, Any]], Mapping[str, Any] | None]
) -> dict[str, Any]:
    """Return values with each piece of evidence changed, or left out where the change is None."""
    changed = dict(values)
    for column in _EVIDENCE:
        if isinstance(pieces := values.get(column), list):
            made = [change(item) if isinstance(item, Mapping) else item for item in pieces]
            changed[column] = [item for item in made if item is not None]
    return changed


def _path_of(item: Mapping[str, Any]) -> str:
    """Return the column that a piece of evidence is about, by English names and without numbers."""
    fields, steps = names(FIELDS), []
    for step in re.sub(r"\[\d*\]", "", str(item.get("fact") or "")).split("."):
        known = fields.get(step)
        steps.append(known.english if known else step)
        fields = names(known.parts) if known else {}
    return ".".join(steps)


def _column_of(item: Mapping[str, Any]) -> str:
    path = _path_of(item)
    return "" if path.startswith("partners.") else path


def _without_contact(item: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return a piece of evidence without contacts: none in a quote of text, and no context that speaks of one."""
    texts = {key: value for key, value in item.items() if isinstance(value, str)}
    around = "".join(texts.get(key, "") for key in ("prefix", "printed", "suffix"))
    if _CONTACT_NEAR.search(around) or contacts.remove(texts.get("prefix", "") + " … " + texts.get("suffix", ""))[1]:
        item = {key: value for key, value in item.items() if key not in {"prefix", "suffix"}}
    known = _COLUMNS.get(_path_of(item).rpartition(".")[2])
    quoted = ("printed", "value") if known and known.kind in {"text", "list"} and known.english not in _EXACT else ()
    free = (*quoted, "locator", "locator_en", "reason", "reason_en")
    item = {
        key: contacts.remove(value)[0] if key in free and isinstance(value, str) else value
        for key, value in item.items()
    }
    return item if item.get("printed") or not texts.get("printed") else None


def _each(values: Mapping[str, Any], fields: tuple[Field, ...], change: Callable[[str, str], str]) -> dict[str, Any]:
    """Return values with every text changed, nested ones too; amounts, dates and numbers stay."""
    known = names(fields)
    return {key: _changed(key, value, known.get(key), change) for key, value in values.items()}


def _changed(key: str, value: Any, item: Field | None, change: Callable[[str, str], str]) -> Any:
    if item is None or item.kind not in {"text", "list", "part", "parts"}:
        return value
    if isinstance(value, str):
        return change(key, value)
    if isinstance(value, list):
        return [_changed(key, part, item, change) for part in value]
    if isinstance(value, Mapping):
        return _each(value, item.parts, change)
    return value
