"""A text to the value of its field's kind, or a finding."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Sequence

from .. import clean, ico
from ..errors import IcoError
from ..model import PrintedAmount, Severity
from ..patterns import DateFormat
from ..sourceconfig import Column
from ..tidy import Field
from ..values import EXPECTED, day_repair, number_repair
from .spellings import Spellings
from .tally import Tally
from .texts import label

__all__ = ["Kinds"]

_EXAMPLE = clean.partial_date("2016-12-31")
_SEGMENT = re.compile(r"[A-Za-z0-9._~-]+")


class Kinds:
    """Reads the texts of one file.

    What this source alone knows is settled here: units, marks, forms of dates, what may be left out. The rest
    stays as it is written, for `lod.values`.
    """

    def __init__(self, tally: Tally) -> None:
        self._tally = tally
        self.spellings = Spellings(tally)

    def read(self, text: str, column: Column, item: Field) -> str | PrintedAmount | None:
        """Return the value; None for one that cannot be read, which has been told."""
        if item.kind in {"amount", "number"}:
            return self._amount(text, column, item)
        if item.kind == "date":
            return self._day(text, column, item)
        if item.kind == "ico":
            self.spellings.count(item, label(column), text, self._tally.spot)
            if column.lenient and not self._readable(text, column, item, lambda: ico.parse(text)):
                return None
        if item.english == "slug" and not _SEGMENT.fullmatch(text):
            return clean.slug(text)
        return text

    def _amount(self, text: str, column: Column, item: Field) -> PrintedAmount | None:
        if column.thousands:
            text = re.sub(rf"(?<=[0-9])\s*{re.escape(column.thousands)}\s*(?=[0-9]{{3}})", "", text)
        if column.currency and not clean.printed_currency(text):
            text = f"{text} {column.currency}"
        if column.lenient and not self._readable(text, column, item, lambda: clean.amount(text, column.decimal)):
            return None
        return PrintedAmount(text, column.decimal, column.unit)

    def _day(self, text: str, column: Column, item: Field) -> str | None:
        if column.date:
            return (
                _iso(text, column.date) if self._readable(text, column, item, lambda: _iso(text, column.date)) else None
            )
        if column.lenient and not self._readable(text, column, item, lambda: clean.partial_date(text)):
            return None
        return text

    def _readable(self, text: str, column: Column, item: Field, read: Callable[[], object]) -> bool:
        """Whether a value can be read; one that cannot is told, and refuses the row unless its column is lenient."""
        shown = clean.text(text)
        cs, en = f"„{shown}“ nelze číst jako {item.cs}.", f'"{shown}" cannot be read as {item.en}.'
        kind = "number-unreadable" if item.kind == "amount" else f"{item.kind}-unreadable"
        expected_cs, expected_en = EXPECTED.get(kind.partition("-")[0], ("", ""))
        if column.date:
            expected_cs, expected_en = _form(column.date)
        try:
            read()
        except IcoError as error:
            cs, en, kind = error.cs, error.en, error.kind
            expected_cs, expected_en = error.expected_cs, error.expected_en
        except ValueError:
            pass
        else:
            return True
        self._tally.tell(
            kind,
            f"{cs.removesuffix('.')}; vynecháno" if column.lenient else cs,
            f"{en.removesuffix('.')}; left out" if column.lenient else en,
            severity=Severity.WARNING if column.lenient else Severity.VIOLATION,
            field=label(column) or item.name,
            value=shown,
            expected_cs=expected_cs,
            expected_en=expected_en,
            repair=_repair(shown, column, item),
        )
        return False


def _iso(text: str, forms: Sequence[DateFormat]) -> str:
    """Return a date by the first of the forms that it has; raise `ValueError` when it has none."""
    for form in forms[:-1]:
        with contextlib.suppress(ValueError):
            return form.iso(text)
    return forms[-1].iso(text)


def _form(forms: Sequence[DateFormat]) -> tuple[str, str]:
    """Return in Czech and English what the forms of a date are, with an example of each."""
    cs, en = [], []
    for form in forms:
        example = form.written(_EXAMPLE)
        excel = form.text == "excel"
        cs.append(f"{'číslo dne podle Excelu' if excel else f'tvar {form.text}'}, například {example}")
        en.append(f"{'a serial number of a day in Excel' if excel else f'the form {form.text}'}, such as {example}")
    return " nebo ".join(cs), " or ".join(en)


def _repair(shown: str, column: Column, item: Field) -> str:
    """Return the nearest value that could be read, "" where none is near."""
    if item.kind == "ico":
        return ""
    if item.kind != "date":
        return number_repair(shown, column.decimal)
    try:
        near = clean.partial_date(shown)
    except ValueError:
        near = None
        if repair := day_repair(shown)[0]:
            near = clean.partial_date(repair)
    if near is None:
        return ""
    return column.date[0].written(near) if column.date else near.lexical
