"""What one file's reading has to tell: of the row at hand, or once for the file with a count."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from .. import contacts, persons
from ..config import SourceConfig
from ..model import Finding, Severity, placed

__all__ = ["Tally"]


class Tally:
    """Makes the findings of a file; they repeat no name or contact of a person, unless its source publishes them."""

    def __init__(self, source: SourceConfig, shown: str) -> None:
        self.source = source
        self.shown = shown
        self.spot = ""  # of the row at hand: its line or record
        self.row: list[Finding] = []  # what is told of it
        self._told: dict[tuple[str, str, str], Finding] = {}
        self._counts: dict[tuple[str, str, str], int] = {}

    def begin(self, spot: str) -> None:
        """Turn to the next row."""
        self.spot = spot
        self.row = []

    @property
    def refused(self) -> bool:
        """Whether the row at hand cannot be a record."""
        return any(finding.severity is Severity.VIOLATION for finding in self.row)

    def place(self, spot: str) -> str:
        """Return the place of a row (see `lod.model.Finding`); a file that is one record has none of its own."""
        return placed(self.shown, spot)

    def finding(
        self,
        kind: str,
        cs: str,
        en: str,
        *,
        severity: Severity = Severity.VIOLATION,
        spot: str | None = None,
        **more: str,
    ) -> Finding:
        """Return a finding of a row (the one at hand if not stated; "" is the whole file)."""
        place = self.place(self.spot if spot is None else spot)
        said = {"field": "", **more, "cs": cs, "en": en}
        for secret in {more.get("value", ""), more.get("expected_cs", "")}:
            if secret and self._is_private(secret):
                said = {key: text.replace(secret, "…") for key, text in said.items()}
        return Finding(kind=kind, severity=severity, place=place, source=self.source.name, **said)

    def _is_private(self, value: str) -> bool:
        """Whether a value tells who somebody is, or how to reach them."""
        if self.source.contacts == "remove" and contacts.remove(value)[1]:
            return True
        pieces = value.split(", ")
        return self.source.persons != "publish" and any(
            persons.is_person(piece) or persons.is_birth_number(piece) for piece in [value, *pieces]
        )

    def tell(self, kind: str, cs: str, en: str, *, severity: Severity = Severity.VIOLATION, **more: str) -> None:
        """Keep a finding of the row at hand."""
        self.row.append(self.finding(kind, cs, en, severity=severity, spot=self.spot, **more))

    def count(
        self,
        kind: str,
        cs: str,
        en: str,
        *,
        severity: Severity = Severity.INFO,
        spot: str | None = None,
        **more: str,
    ) -> None:
        """Count what is told once for the whole file, at its first place; `{n}` becomes the count."""
        key = (kind, more.get("field", ""), cs)
        self._counts[key] = self._counts.get(key, 0) + 1
        if key not in self._told:
            self._told[key] = self.finding(kind, cs, en, severity=severity, spot=spot, **more)

    def counted(self) -> Iterator[Finding]:
        """Yield what was counted, in the order of first places."""
        for key, finding in self._told.items():
            number = str(self._counts[key])
            yield replace(finding, cs=finding.cs.replace("{n}", number), en=finding.en.replace("{n}", number))
