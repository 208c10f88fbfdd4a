"""A draft laid out as a form: groups of columns in the order of the tidy layout. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from ..model import Finding
from ..tidy import FIELDS, Field
from ..web.writing import day, number
from . import paths
from .draft import Draft, Item, Written

__all__ = ["Group", "Part", "Row", "anchor", "groups", "label", "label_of_path", "shown", "tint"]

# A group begins at its column and goes on until the next one, so a new column finds its place by itself.
_GROUPS = {
    "title": ("Projekt", "Project"),
    "beneficiary": ("Příjemce", "Beneficiary"),
    "partners": ("Partneři", "Partners"),
    "priority_axis": ("Program a výzva", "Programme and call"),
    "currency": ("Peníze", "Money"),
    "provider": ("Rozhodnutí a platby", "Decision and payments"),
    "activities": ("Aktivity a výstupy", "Activities and outputs"),
    "places": ("Území", "Places"),
    "predecessors": ("Souvislosti", "Related"),
    "document": ("Zdroj", "Source"),
}
_HINT = re.compile(
    r"[,:]? ((?:odděl|v jakémkoli zápisu|tak, jak|jak je|such as|by semicolon|in any|as printed|např|\().*)"
    r"|: (.*…)$|; (.*)$"
)
_LONG = {"title", "title_en", "summary", "summary_en", "goal", "goal_en", "description", "description_en"}


@dataclass(slots=True)
class Part:
    """One of several parts, such as the second partner."""

    path: str
    number: int
    rows: list[Row]
    is_dropped: bool


@dataclass(slots=True)
class Row:
    """One column on the form."""

    path: str
    column: Field
    items: list[Item] = field(default_factory=list)
    written: Written | None = None
    findings: list[Finding] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    is_open: bool = False  # whether it can be filled in by hand beside what was found

    @property
    def is_filled(self) -> bool:
        """Whether there is anything to see."""
        return bool(self.items or self.written or self.findings or self.parts)

    @property
    def is_long(self) -> bool:
        """Whether its text wants more than a line."""
        return self.column.english in _LONG


@dataclass(slots=True)
class Group:
    """Columns under one heading."""

    name: str
    cs: str
    en: str
    rows: list[Row] = field(default_factory=list)

    @property
    def filled(self) -> list[Row]:
        """Rows with something in them."""
        return [row for row in self.rows if row.is_filled]

    @property
    def empty(self) -> list[Row]:
        """Rows that can be filled in."""
        return [row for row in self.rows if not row.is_filled]


def _rows(draft: Draft, by_path: Mapping[str, list[Finding]], fields: tuple[Field, ...], prefix: str = "") -> list[Row]:
    rows: list[Row] = []
    for item in fields:
        path = f"{prefix}{item.english}"
        if paths.is_own(path):
            continue
        if item.kind == "part":
            rows += _rows(draft, by_path, item.parts, f"{path}.")
        elif item.kind == "parts":
            numbers = range(1, draft.counts.get(path, 0) + 1)
            parts = [
                Part(
                    one := f"{path}[{number}]",
                    number,
                    _rows(draft, by_path, item.parts, f"{one}."),
                    one in draft.dropped,
                )
                for number in numbers
            ]
            rows.append(Row(path, item, parts=parts, findings=by_path.get(path, [])))
        else:
            found = draft.of(path, sure=True)
            written = draft.written.get(path)
            settled = item.kind != "list" and any(one.holds for one in [*found, *draft.of(path, sure=False)])
            rows.append(Row(path, item, found, written, by_path.get(path, []), is_open=bool(written) or not settled))
    return rows


def groups(draft: Draft, by_path: Mapping[str, list[Finding]]) -> list[Group]:
    """Return the form of a draft; `by_path` has the findings about each place."""
    made: list[Group] = []
    for row in _rows(draft, by_path, FIELDS):
        first = row.path.partition(".")[0]
        if not made or (first in _GROUPS and made[-1].name != first):
            made.append(Group(first, *_GROUPS[first]))
        made[-1].rows.append(row)
    return made


def tint(path: str) -> str:
    """Return the group that a place belongs to: what is alike has one colour."""
    wanted, current = path.partition(".")[0].partition("[")[0], ""
    for item in FIELDS:
        current = item.english if item.english in _GROUPS else current
        if item.english == wanted:
            return current
    return current


def label(item: Field, language: str) -> str:
    """Return what a column is called."""
    text = _split(item, language)[0]
    return text[:1].upper() + text[1:]


def hint(path: str, language: str) -> str:
    """Return how a column is filled in, "" where its name says all."""
    return _split(paths.field_of(path), language)[1]


def _split(item: Field, language: str) -> tuple[str, str]:
    """Part the name of a column from how it is filled in."""
    name, *rest = _HINT.split(item.en if language == "en" else item.cs, maxsplit=1)
    return name, re.sub(r"[()]", "", "".join(filter(None, rest)))


def label_of_path(path: str, language: str) -> str:
    """Return what a place is called, such as Partneři projektu 2 › IČO."""
    steps = [*paths.parents(path), path]
    told = []
    for step in steps:
        match = re.search(r"\[(\d+)\]$", step)
        told.append(label(paths.field_of(step), language) + (f" {match[1]}" if match else ""))
    return " › ".join(told)


def shown(kind: str, value: str) -> str:
    """Return a value as people write it; the build reads it back to the same."""
    if kind in {"amount", "number"} and re.fullmatch(r"-?\d{1,15}(?:\.\d+)?", value):
        return number(value, "cs")
    if kind == "date" and re.fullmatch(r"\d{4}(?:-\d{2}){0,2}", value):
        year, _, month = value.partition("-")
        return f"{int(month)}/{year}" if len(month) == 2 else day(value, "cs")  # a month in no language
    return value


def anchor(project: int, path: str) -> str:
    """Return the id of a place on the form."""
    return f"i{project}-" + re.sub(r"[^a-z0-9_]+", "-", path)
