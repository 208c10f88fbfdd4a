"""What one file's reading has to tell: each thing once, with how often it happened and where first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ..model import Finding, Severity

__all__ = ["Tally"]


class Tally:
    """Collects the findings of a file; `{n}` in their sentences becomes the count."""

    def __init__(self, source: str, shown: str) -> None:
        self.source = source
        self.shown = shown
        self._told: dict[tuple[str, str, str], Finding] = {}
        self._counts: dict[tuple[str, str, str], int] = {}

    def place(self, line: int) -> str:
        """Return the place of a row; a file that is one record has no lines."""
        return f"{self.shown}:{line}" if line else self.shown

    def finding(
        self, kind: str, cs: str, en: str, *, severity: Severity = Severity.VIOLATION, line: int = 0, **more: str
    ) -> Finding:
        """Return a finding of this source at a row, or at the file."""
        more.setdefault("field", "")
        return Finding(kind=kind, cs=cs, en=en, severity=severity, place=self.place(line), source=self.source, **more)

    def count(
        self, kind: str, cs: str, en: str, *, severity: Severity = Severity.INFO, line: int = 0, **more: str
    ) -> None:
        """Count what is told once for the whole file, at its first place."""
        key = (kind, more.get("field", ""), cs)
        self._counts[key] = self._counts.get(key, 0) + 1
        if key not in self._told:
            self._told[key] = self.finding(kind, cs, en, severity=severity, line=line, **more)

    def findings(self) -> Iterator[Finding]:
        """Yield what was counted, in the order of first places."""
        for key, finding in self._told.items():
            number = str(self._counts[key])
            yield replace(finding, cs=finding.cs.replace("{n}", number), en=finding.en.replace("{n}", number))
