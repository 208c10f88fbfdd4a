"""How a file writes its IČO: a count that says at a glance whether the column needs repair."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .. import countries, ico
from ..errors import IcoError
from ..model import Severity
from ..tidy import Field
from .tally import Tally

__all__ = ["Spellings"]


@dataclass(slots=True)
class _Count:
    spot: str
    field: str
    filled: int = 0
    written: int = 0  # valid as they are written
    spaced: int = 0  # valid once spaces are gone
    padded: int = 0  # valid once leading zeros are back
    other: int = 0  # valid after another repair (a label, a dot)
    invalid: int = 0


class Spellings:
    """Counts the spellings of each IČO column of a file."""

    def __init__(self, tally: Tally) -> None:
        self._tally = tally
        self._counts: dict[str, _Count] = {}

    def count(self, item: Field, label: str, printed: str, spot: str) -> None:
        """Count one filled cell."""
        if countries.of_prefix(printed):
            return  # a number of another country, no spelling of ours
        label = label or item.name
        count = self._counts.setdefault(label, _Count(spot, label))
        count.filled += 1
        bare = re.sub(r"\s", "", printed)
        if ico.is_valid(printed):
            count.written += 1
        elif ico.is_valid(bare):
            count.spaced += 1
        elif ico.is_valid(bare.zfill(8)):
            count.padded += 1
        else:
            try:
                ico.parse(printed)
                count.other += 1
            except IcoError:
                count.invalid += 1

    def tell(self) -> None:
        """Tell each column in which not every IČO is right as it is written."""
        for count in self._counts.values():
            if count.written == count.filled:
                continue
            self._tally.count(
                "ico-spellings",
                f"IČO vyplněno {count.filled}krát: platných tak, jak jsou, {count.written}, po odstranění mezer"
                f" {count.spaced}, po doplnění nul {count.padded}, po jiné opravě {count.other}, neplatných"
                f" {count.invalid}",
                f"IČO filled {count.filled} times: valid as written {count.written}, after removing spaces"
                f" {count.spaced}, after adding zeros {count.padded}, after another repair {count.other}, invalid"
                f" {count.invalid}",
                severity=Severity.INFO,
                spot=count.spot,
                field=count.field,
            )
