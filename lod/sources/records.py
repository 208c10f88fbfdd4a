"""Our own record files, and whatever a clerk drops in the tidy layout: CSV, JSON, TOML."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from .. import readers
from ..config import SourceConfig
from ..errors import UnreadableFileError
from ..model import Finding, Record, Severity, placed
from ..tidy import canonical, names, suggestion

__all__ = ["read"]


def read(path: Path, source: SourceConfig, shown: str) -> Iterator[Record | Finding]:
    """Yield the records of a tidy file; a column that no field knows is a finding, once a file."""
    told: set[str] = set()
    empty = True
    for row in readers.read(path, source.options):
        place = placed(shown, row.spot)
        if isinstance(row, readers.Fault):
            empty = False
            yield Finding(
                severity=Severity.VIOLATION,
                place=place,
                field="",
                cs=row.cs,
                en=row.en,
                kind=row.kind,
                source=source.name,
            )
            continue
        values, labels, unknown = canonical(row.values)
        if "title" not in values and (readers.is_table(path) or len(unknown) == len(row.values)):
            raise UnreadableFileError(
                "není to naše rozložení: chybí sloupec nazev; pro jinou tabulku přidejte [[source]] do lod.toml",
                "this is not the tidy layout: the column nazev is missing; describe another table by a [[source]]",
            )
        for name in unknown:
            if name not in told:
                told.add(name)
                close = suggestion(name.rpartition(".")[2].lower(), names())
                yield Finding(
                    severity=Severity.WARNING,
                    place=place,
                    field=name,
                    cs=f"sloupec {name} neznáme" + (f"; neměl to být {close}?" if close else ""),
                    en=f"the column {name} is not known" + (f"; did you mean {close}?" if close else ""),
                    kind="column-unknown",
                    value=name,
                    repair=close,
                    source=source.name,
                )
        if filled := _filled(values):
            empty = False
            yield Record(source.name, place, filled, labels)
    if empty:
        yield Finding(
            severity=Severity.INFO,
            place=shown,
            field="",
            cs="v souboru není žádný vyplněný záznam; vyplňte aspoň nazev, registracni_cislo, prijemce a ico",
            en="the file has no record that is filled in; fill in at least nazev, registracni_cislo, prijemce and ico",
            kind="file-blank",
            source=source.name,
        )


def _filled(value: Any) -> Any:
    """Return a value without all that is left empty in it, as a template offers it; None where nothing is left."""
    if isinstance(value, Mapping):
        kept = {key: found for key, item in value.items() if (found := _filled(item)) is not None}
        return kept or None
    if isinstance(value, list):
        return [found for item in value if (found := _filled(item)) is not None] or None
    return None if value is None or (isinstance(value, str) and not value.strip()) else value
