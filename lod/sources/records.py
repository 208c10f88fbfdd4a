"""Our own record files, and whatever a clerk drops in the tidy layout: CSV, JSON, TOML."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from .. import readers
from ..config import SourceConfig
from ..errors import UnreadableFileError
from ..model import Finding, Record, Severity
from ..tidy import canonical, names, suggestion

__all__ = ["read"]


def read(path: Path, source: SourceConfig, shown: str) -> Iterator[Record | Finding]:
    """Yield the records of a tidy file; a column that no field knows is a finding, once a file."""
    told: set[str] = set()
    for row in readers.read(path, source.options):
        place = f"{shown}:{row.line}" if row.line else shown
        if isinstance(row, readers.Fault):
            yield Finding(
                severity=Severity.VIOLATION,
                place=place,
                field="",
                cs=row.cs,
                en=row.en,
                kind="row-unreadable",
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
        yield Record(source.name, place, values, labels)
