"""Organisations whose number stands in the cell of their name: "Obec Dubová, IČO 00299308"."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from .. import clean, ico
from ..errors import IcoError
from ..model import Finding, Record, Severity

__all__ = ["told_apart"]

_PAIRS = (("beneficiary", "ico"), ("provider", "provider_ico"))


def told_apart(record: Record) -> Iterator[Record | Finding]:
    """Yield the record with each name and number in its own field, and a finding where two numbers disagree."""
    values = dict(record.values)
    found: list[Finding] = []
    for name, number in _PAIRS:
        values |= _split(record, values, name, number, record.label(name), found)
    if partners := _partners(values.get("partners")):
        label = record.label("partners")
        values["partners"] = [
            {**part, **_split(record, part, *_PAIRS[0], f"{label}[{place}].prijemce", found)}
            if isinstance(part, Mapping)
            else part
            for place, part in enumerate(partners, 1)
        ]
    yield from found
    yield record if values == record.values else replace(record, values=values)


def _partners(value: Any) -> list[Any]:
    """Return the partners as parts, also those of a flat cell if a number stands in it."""
    if isinstance(value, str):
        names = [clean.text(name) for name in value.split(";")]
        return [{"beneficiary": name} for name in names if name] if any(clean.named_number(n)[1] for n in names) else []
    return value if isinstance(value, list) else []


def _split(
    record: Record, values: Mapping[str, Any], name: str, number: str, label: str, found: list[Finding]
) -> dict[str, Any]:
    """Return what changes in an organisation's values."""
    printed = values.get(name)
    if not isinstance(printed, str) or not any(char.isdigit() for char in printed):
        return {}
    bare, inside = clean.named_number(printed)
    if not inside:
        return {}
    stated = str(values.get(number) or "").strip()
    if stated in {"", "-", "–", "—"}:
        return {name: bare, number: inside}
    if _same(stated, inside):
        return {name: bare}
    found.append(
        Finding(
            severity=Severity.VIOLATION,
            place=record.place,
            field=label,
            cs=f"v názvu je IČO {inside}, ale sloupec {record.label(number)} uvádí {stated}",
            en=f"the name holds the IČO {inside}, but the column {record.label(number)} says {stated}",
            kind="contradiction",
            value=clean.text(printed),
            expected_cs="v názvu i ve sloupci totéž IČO",
            expected_en="one IČO in the name and in the column",
            source=record.source,
        )
    )
    return {}


def _same(stated: str, inside: str) -> bool:
    """Whether two numbers are one; a column that holds none is judged where it is read."""
    try:
        known = ico.parse(stated)
    except IcoError:
        return True
    try:
        return known == ico.parse(inside)
    except IcoError:
        return False
