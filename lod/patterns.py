"""Patterns that a clerk writes in lod.toml: of names and cells, and of dates. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from . import clean

__all__ = ["DateFormat", "Pattern"]


@dataclass(frozen=True, slots=True)
class Pattern:
    """A whole text, in which `*` stands for anything; between slashes a regular expression.

    >>> star, expression, plain = Pattern("Partner * IČ"), Pattern(r"/20[0-9]{2}/"), Pattern("Název (cs) [1]?")
    >>> star.key("Partner 2 IČ"), expression.key("2015"), plain.key("Název (cs) [1]?"), star.key("IČ")
    ('2', '2015', 'Název (cs) [1]?', None)
    """

    text: str
    expression: re.Pattern[str] | None = None

    def __post_init__(self) -> None:
        if len(self.text) > 2 and self.text[0] == self.text[-1] == "/":
            object.__setattr__(self, "expression", re.compile(self.text[1:-1]))  # raises re.error
        else:
            object.__setattr__(self, "text", clean.text(self.text))
            if "*" in self.text:
                pieces = [re.escape(piece) for piece in self.text.split("*")]
                object.__setattr__(self, "expression", re.compile("(.*)".join(pieces)))

    def key(self, shown: str) -> str | None:
        """Return what the first star or group stands for, the whole text without any, None for no match."""
        if self.expression is None:
            return shown if shown == self.text else None
        match = self.expression.fullmatch(shown)
        if match is None:
            return None
        return (match[1] or "").strip() if match.re.groups else match[0]

    def fits(self, shown: str) -> bool:
        """Whether the whole text fits."""
        return shown == self.text if self.expression is None else self.expression.fullmatch(shown) is not None


# Day 60 of Excel is a 29th of February 1900 that never was; no register reaches back that far.
_EXCEL_EPOCH = date(1899, 12, 30)
_EXCEL_DAYS = range(61, 2958466)  # 1900-03-01 to 9999-12-31
_SERIAL = re.compile(r"([0-9]{2,7})(?:\.[0-9]+)?")
_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ][0-9:.]+)?")
_PARTS = re.compile(r"d{1,2}|m{1,2}|yyyy")
_TIME = r"(?:[T ]\d{1,2}:\d{2}(?::\d{2})?(?: ?[AaPp]\.?[Mm]\.?)?)?"


@dataclass(frozen=True, slots=True)
class DateFormat:
    """How a column writes its dates: `dd/mm/yyyy` and the like, or `excel` for a serial number of days.

    >>> DateFormat("mm/dd/yyyy").iso("2/1/2010"), DateFormat("yyyymmdd").iso("20100201")
    ('2010-02-01', '2010-02-01')
    >>> DateFormat("excel").iso("39000"), DateFormat("excel").iso("39000.5")
    ('2006-10-10', '2006-10-10')
    """

    text: str

    def __post_init__(self) -> None:
        parts = _PARTS.findall(self.text)
        letters = sorted(part[0] for part in parts)
        rest = _PARTS.sub("", self.text)
        if self.text != "excel" and (
            letters not in (["d", "m", "y"], ["m", "y"], ["y"]) or re.search("[a-z]", rest, re.IGNORECASE)
        ):
            raise ValueError(self.text)

    def iso(self, printed: str) -> str:
        """Return the date in ISO notation; raise `ValueError` when it is written otherwise.

        A day in ISO notation is read beside any form: so come the cells that a spreadsheet knows to be dates.
        """
        shown = clean.text(printed)
        if _ISO_DAY.fullmatch(shown):
            return clean.partial_date(shown).lexical
        if self.text == "excel":  # no serial number looks like a date that somebody typed beside it
            return _from_serial(shown).isoformat() if _SERIAL.fullmatch(shown) else clean.partial_date(shown).lexical
        # Parts that nothing divides have as many digits as letters; elsewhere a leading zero may be missing.
        tight = not re.search(r"[^dmy]", self.text)
        pattern, end = "", 0
        for part in _PARTS.finditer(self.text):
            pattern += re.escape(self.text[end : part.start()]).replace(r"\ ", r"\s*")
            digits = "{4}" if part[0] == "yyyy" else f"{{{len(part[0])}}}" if tight else "{1,2}"
            pattern += rf"(?P<{part[0][0]}>[0-9]{digits})"
            end = part.end()
        match = re.fullmatch(pattern + re.escape(self.text[end:]) + _TIME, shown)
        if match is None:
            raise ValueError(f"not {self.text}: {shown!r}")
        found = match.groupdict()
        lexical = "-".join(f"{int(found[part]):0{4 if part == 'y' else 2}}" for part in "ymd" if part in found)
        return clean.partial_date(lexical).lexical

    def written(self, date_: clean.PartialDate) -> str:
        """Return a date in this form, "" where it is less precise than the form.

        >>> DateFormat("dd/mm/yyyy").written(clean.partial_date("2010-02-01"))
        '01/02/2010'
        """
        parts = dict(zip("ymd", date_.lexical.split("-"), strict=False))
        if self.text == "excel":
            return str((date.fromisoformat(date_.lexical) - _EXCEL_EPOCH).days) if len(parts) == 3 else ""
        if not {part[0] for part in _PARTS.findall(self.text)} <= parts.keys():
            return ""
        return _PARTS.sub(lambda match: f"{int(parts[match[0][0]]):0{len(match[0])}}", self.text)


def _from_serial(shown: str) -> date:
    """Return the day that Excel's serial number means; a fraction is the time of day."""
    match = _SERIAL.fullmatch(shown)
    if match is None or int(match[1]) not in _EXCEL_DAYS:
        raise ValueError(f"not a serial number of a day: {shown!r}")
    return _EXCEL_EPOCH + timedelta(days=int(match[1]))
