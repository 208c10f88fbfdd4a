"""An extracted project as a record in the tidy layout, with the evidence of each fact beside it."""

from __future__ import annotations

import re
from typing import Any

from .. import contacts
from ..clean import slug
from ..tidy import FIELDS, Field, names
from .facts import Fact, Found
from .page import Page

__all__ = ["czech_path", "evidence", "values"]

_AROUND = 30  # characters of context before and after a quote
_LISTS = {"funds", "places", "target_groups"}
# Facts that are the document's, not the project's.
_DOCUMENT = {"modified", "published"}
_FIELDS = names(FIELDS)


def czech_path(field: str) -> str:
    """Return the Czech name of a column or of a part's column.

    >>> czech_path("start"), czech_path("partners[1].beneficiary"), czech_path("modified")
    ('zahajeni', 'partneri[1].prijemce', 'dokument.datum')
    """
    if field in _DOCUMENT:
        return "dokument.datum"
    outer, number, inner = re.fullmatch(r"(\w+?)(\[\d+\])?(?:\.(\w+))?", field).groups()  # type: ignore[union-attr]
    column = _FIELDS[outer]
    if not inner:
        return column.name + (number or "")
    return f"{column.name}{number or ''}.{_part(column, inner).name}"


def _part(column: Field, english: str) -> Field:
    return names(column.parts)[english]


_PERSON = re.compile(
    r"\b(?:Ing|Mgr|Bc|MUDr|JUDr|PhDr|RNDr|doc|prof|PaedDr|DiS|MgA)\b\.?|@|\d{3} ?\d{3} ?\d{3}\b", re.IGNORECASE
)


def _context(text: str) -> str:
    """Return the words beside a quote; none where they hold a person or a contact."""
    return "" if _PERSON.search(text) or contacts.remove(text)[1] else text


def evidence(fact: Fact, page: Page) -> dict[str, Any]:
    """Return where a fact stands on its page: what the tidy layout calls a "doklad"."""
    line = page.lines[fact.span.line]
    start, end = fact.span.start, fact.span.end
    # An offset is the place of a character; the end is the place behind the last one.
    place: dict[str, Any] = {"xpath": line.xpath} if line.xpath else {}
    return {
        "udaj": czech_path(fact.field),
        "uvedeno": line.text[start:end],
        "misto": f"řádek {line.number}",
        "misto_en": f"line {line.number}",
        **place,
        "od": line.offsets[start],
        "do": line.offsets[end - 1] + 1,
        "pred": _context(line.text[max(0, start - _AROUND) : start]),
        "po": _context(line.text[end : end + _AROUND]),
        "pravidlo": fact.rule,
        "jistota": f"{fact.confidence:.2f}",
    }


def values(found: Found, page: Page) -> dict[str, Any]:
    """Return the record: columns by their Czech names, parts nested, evidence under `doklady`.

    What is doubtful stands under `k_posouzeni`, with the value it would have; it is never published.
    """
    record: dict[str, Any] = {}
    parts: dict[str, dict[str, dict[str, str]]] = {}
    dates: dict[str, str] = {}
    for fact in found.facts:
        if fact.field in _DOCUMENT:
            dates[fact.field] = fact.value
            continue
        part = re.fullmatch(r"(\w+)\[(\d+)\]\.(\w+)", fact.field)
        if part:
            column = _FIELDS[part[1]]
            parts.setdefault(column.name, {}).setdefault(part[2], {})[_part(column, part[3]).name] = fact.value
        elif fact.field in _LISTS:
            record.setdefault(_FIELDS[fact.field].name, []).append(fact.value)
        else:
            record[_FIELDS[fact.field].name] = fact.value
    record |= {name: list(numbered.values()) for name, numbered in parts.items()}
    title = page.title or record.get("nazev") or page.name
    document = {
        # Two pages may have one name: what is in them tells them apart.
        "slug": f"{slug(page.name.rpartition('.')[0] or page.name)}-{page.sha256[:8]}",
        "nazev": title,
        "url": page.url,
        "datum": dates.get("modified") or dates.get("published") or "",
        "soubor": page.name,
        "sha256": page.sha256,
    }
    record["dokument"] = {name: value for name, value in document.items() if value}
    shown = [fact for fact in found.facts if fact.field not in _DOCUMENT or fact.value == document["datum"]]
    record["doklady"] = [evidence(fact, page) for fact in shown]
    if found.doubtful:
        record["k_posouzeni"] = [{**evidence(fact, page), "hodnota": fact.value} for fact in found.doubtful]
    return record
