"""A row to the values of the tidy layout, as its `[[source]]` says."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from .. import clean, ico
from ..config import SourceConfig
from ..errors import IcoError
from ..model import Finding, PrintedAmount, Severity
from ..patterns import DateFormat, Pattern
from ..readers import Flaw
from ..sourceconfig import Column, Conditions, Part, Spec
from ..tidy import Field
from .spellings import Spellings
from .tally import Tally
from .views import Bound, View

__all__ = ["Mapper", "refusing"]

# A text, and the column that says how to read it.
_Found = tuple[str, Column]
_NOTHING = ("", "-", "–", "—")
_EXCEL = DateFormat("excel")
_SEGMENT = re.compile(r"[A-Za-z0-9._~-]+")


def _fits(view: View, name: str, patterns: Sequence[Pattern]) -> bool:
    """Whether a column of the row, or any element the path leads to, has one of the values."""
    shown = [clean.text(text) for text in view.texts(name)] or [""]
    return any(pattern.fits(text) for text in shown for pattern in patterns)


class Mapper:
    """Reads the rows of one file; what it must leave out or cannot tell goes to the tally."""

    def __init__(self, source: SourceConfig, tally: Tally) -> None:
        self.source = source
        self.tally = tally
        self.spellings = Spellings(tally)
        self.refusals: list[Finding] = []  # why the row at hand cannot be a record
        self.told: list[Finding] = []  # what was left out of it
        self._line = 0
        self._taken: set[str] = set()  # the columns that the row at hand has given to a field
        self._held: list[tuple[Column, str, str]] = []  # values that a condition keeps out of one field
        self._fields = {item.english: item for item in source.layout}
        self._common = {text.casefold() for text in (*_NOTHING, *map(clean.text, source.missing))}
        self._missing: dict[int, tuple[set[str], int]] = {}  # by a column's identity: it lives as long as the source
        self._plain = {
            name: spec.column
            for name, spec in source.columns.items()
            if isinstance(spec, Column)
            and spec == Column(column=spec.column, optional=spec.optional)
            and self._fields[name].kind in {"text", "date"}
            and name != "slug"
        }
        self.labels = {
            name: label for name, spec in source.columns.items() if isinstance(spec, Column) and (label := _label(spec))
        }

    def values(self, line: int, view: View, flaws: Iterable[tuple[str, Flaw]] = ()) -> dict[str, Any]:
        """Return what a row says by field; `refusals` then holds why it must not be published.

        A flawed cell refuses the row, unless its text is a sign for a missing value (`#N/A`).
        """
        self._line = line
        self.told = []
        self.refusals = [
            self.tally.finding("cell-flawed", f"buňka: {flaw.cs}", f"the cell: {flaw.en}", line=line, field=name)
            for name, flaw in flaws
            if clean.text(view.texts(name)[0]).casefold() not in self._common
        ]
        self._taken.clear()
        self._held.clear()
        made = self._mapped(self.source.columns, self._fields, view)
        for column, decisive, text in self._held:
            if column.column not in self._taken and column.column not in self._plain.values():
                self._left_out(column, decisive, text)
        return made

    def _left_out(self, column: Column, decisive: str, text: str) -> None:
        self.tally.count(
            "value-left-out",
            f"hodnot vynechaných podle sloupce {decisive}: {{n}}",
            f"values left out because of the column {decisive}: {{n}}",
            line=self._line,
            field=_label(column),
            value=clean.text(text),
        )

    def _mapped(self, columns: Mapping[str, Spec], fields: Mapping[str, Field], view: View) -> dict[str, Any]:
        made: dict[str, Any] = {}
        for name, spec in columns.items():
            if isinstance(spec, Column):
                if columns is self.source.columns and name in self._plain:  # most cells of most tables
                    texts = view.texts(self._plain[name])
                    if len(texts) == 1:
                        if not self._is_missing(texts[0], spec):
                            made[name] = texts[0]
                        continue
                value = self._value(spec, fields[name], view)
            else:
                value = [part for one in spec for part in self._parts(one, fields[name], view)]
            if value not in (None, "", []):
                made[name] = value
        return made

    # One field -------------------------------------------------------------------------------------

    def _value(self, column: Column, item: Field, view: View) -> Any:
        read = self._all(column, item, view)
        if item.kind == "list":
            return list(dict.fromkeys(read))
        distinct = list(dict.fromkeys(read))
        if len(distinct) > 1:
            self.tally.count(
                "several-values",
                f"pole {item.name} má více hodnot a bere první; řádků: {{n}}",
                f"the field {item.english} has several values and takes the first; rows: {{n}}",
                severity=Severity.WARNING,
                line=self._line,
                field=_label(column) or item.name,
                value=", ".join(str(_shown(value)) for value in distinct[:3]),
            )
        return distinct[0] if distinct else None

    def _all(self, column: Column, item: Field, view: View) -> list[Any]:
        """Return every value that a column gives to a field."""
        found = self._found(column, view, united=item.kind == "list")
        if item.kind == "list":
            found = [
                (piece.strip(), spec)
                for text, spec in found
                for piece in ([text] if column.split else text.split(";"))
                if piece.strip()
            ]
        read = (self._read(text, spec, item) for text, spec in found)
        return [value for value in read if value is not None]

    def _found(self, column: Column, view: View, *, united: bool) -> list[_Found]:
        """Return the texts that a column leads to, each with the column that says how to read it."""
        if not self._wanted(column, view):
            return []
        if column.constant is not None:
            return [(column.constant, column)]
        if column.first:
            return next((found for inner in column.first if (found := self._found(inner, view, united=united))), [])
        if column.columns:
            found = [text for inner in column.columns for text in self._found(inner, view, united=united)]
            texts = (
                found
                if united
                else [(column.join.join(clean.text(text) for text, _ in found), column)]
                if found
                else []
            )
        elif column.year:
            texts = [(text, column) for text in self._date(column, view)]
        elif column.name:
            texts = [(key, column) for key, text in view.named(column.name) if self._pieces(text, column)]
            texts = [(self._coded(text, column), spec) for text, spec in texts]
        else:
            pieces = [piece for text in view.texts(column.column) for piece in self._pieces(text, column)]
            texts = [(self._coded(piece, column), column) for piece in pieces]
        return [(column.prefix + clean.text(text), spec) for text, spec in texts] if column.prefix else texts

    def _pieces(self, text: str, column: Column) -> list[str]:
        """Return the values of one cell: none where it says that there is none."""
        pieces = [text]
        for separator in column.split:
            expression = separator[1:-1] if Pattern(separator).expression else re.escape(separator)
            pieces = [piece.strip() for whole in pieces for piece in re.split(expression, whole) if piece]
        return [piece for piece in pieces if not self._is_missing(piece, column)]

    def _is_missing(self, text: str, column: Column) -> bool:
        """Whether a text is one of the signs for no value."""
        known = self._missing.get(id(column))
        if known is None:
            signs = self._common | {clean.text(sign).casefold() for sign in column.missing}
            known = self._missing[id(column)] = (signs, max(map(len, signs)))
        bare = text.strip()
        return not bare or (len(bare) <= known[1] and clean.text(bare).casefold() in known[0])

    def _coded(self, text: str, column: Column) -> str:
        """Return what the code list says the value means; one that it lacks is told and kept."""
        if not column.codes:
            return text
        shown = clean.text(text)
        if shown in column.codes:
            return column.codes[shown]
        self.tally.count(
            "code-unknown",
            f"„{shown}“ není v codes; ponecháno, jak je; řádků: {{n}}",
            f'"{shown}" is not in codes; kept as it is; rows: {{n}}',
            severity=Severity.WARNING,
            line=self._line,
            field=_label(column),
            value=shown,
            expected_cs=", ".join(column.codes),
            expected_en=", ".join(column.codes),
        )
        return text

    def _wanted(self, column: Column, view: View) -> bool:
        """Whether the row lets the column speak; a value that it does not is held."""
        decisive = refusing(view, column.where, column.unless) if column.where or column.unless else None
        if decisive is None:
            self._taken.add(column.column)
            return True
        if column.column:
            filled = (text for text in view.texts(column.column) if self._pieces(text, column))
            self._held += [(column, decisive, text) for text in filled]
        return False

    # Reading ---------------------------------------------------------------------------------------

    def _date(self, column: Column, view: View) -> list[str]:
        """Return a date out of cells of its own; a month may be a word, or a whole day shown as a month."""
        printed = {}
        for part in ("day", "month", "year"):
            name = getattr(column, part)
            found = [piece for text in (view.texts(name) if name else []) for piece in self._pieces(text, column)]
            printed[part] = clean.text(found[0]).removesuffix(".") if found else ""
        day, month, year = printed.values()
        if re.fullmatch("[0-9]{5}", month):
            month = _EXCEL.iso(month)
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", month) and month.startswith(year):
            month = month[5:7]
        if month:
            year = f"{month}. {year}" if month.isdecimal() else f"{month} {year}"
        text = f"{day}. {year}" if day else year
        return [text] if text else []

    def _read(self, text: str, column: Column, item: Field) -> Any:
        """Return the value for the field's kind; None for one that cannot be read and may be left out."""
        if item.kind in {"amount", "number"}:
            if column.thousands:
                text = re.sub(rf"(?<=[0-9])\s*{re.escape(column.thousands)}\s*(?=[0-9]{{3}})", "", text)
            if column.currency and not clean.printed_currency(text):
                text = f"{text} {column.currency}"
            if column.lenient and not self._readable(text, column, item, lambda: clean.amount(text, column.decimal)):
                return None
            return PrintedAmount(text, column.decimal, column.unit)
        if item.kind == "date":
            return self._day(text, column, item)
        if item.kind == "ico":
            self.spellings.count(item, _label(column), text, self._line)
            if column.lenient and not self._readable(text, column, item, lambda: ico.parse(text)):
                return None
        if item.kind == "text" and item.english == "slug" and not _SEGMENT.fullmatch(text):
            return clean.slug(text)
        return text

    def _day(self, text: str, column: Column, item: Field) -> str | None:
        if column.date is not None:
            try:
                return column.date.iso(text)
            except ValueError:
                self._unreadable(text, column, item, expected=column.date.text)
                return None
        if column.lenient and not self._readable(text, column, item, lambda: clean.partial_date(text)):
            return None
        return text

    def _readable(self, text: str, column: Column, item: Field, read: Any) -> bool:
        try:
            read()
        except IcoError as error:
            self._unreadable(text, column, item, error=error)
        except ValueError:
            self._unreadable(text, column, item)
        else:
            return True
        return False

    def _unreadable(
        self, text: str, column: Column, item: Field, *, expected: str = "", error: IcoError | None = None
    ) -> None:
        """Tell a value that cannot be read: it is left out where the column is lenient, else the row is."""
        shown = clean.text(text)
        form = f" ({expected})" if expected else ""
        cs = error.cs.removesuffix(".") if error else f"„{shown}“ nelze číst jako {item.cs}{form}"
        en = error.en.removesuffix(".") if error else f'"{shown}" cannot be read as {item.en}{form}'
        finding = self.tally.finding(
            f"{item.kind}-unreadable",
            f"{cs}; vynecháno" if column.lenient else f"{cs}.",
            f"{en}; left out" if column.lenient else f"{en}.",
            severity=Severity.WARNING if column.lenient else Severity.VIOLATION,
            line=self._line,
            field=_label(column) or item.name,
            value=shown,
            expected_cs=expected,
            expected_en=expected,
        )
        if column.lenient:
            self.told.append(finding)
        else:
            self.refusals.append(finding)

    # Parts -----------------------------------------------------------------------------------------

    def _parts(self, part: Part, item: Field, view: View) -> Iterator[dict[str, Any]]:
        fields = {sub.english: sub for sub in item.parts}
        for inner in view.each(part.each) if part.each else [view]:
            for key in _keys(part, inner):
                yield from self._zipped(part, fields, inner if key is None else Bound(inner, key))

    def _zipped(self, part: Part, fields: Mapping[str, Field], view: View) -> Iterator[dict[str, Any]]:
        """Yield a part for each value; columns whose cells hold several values go side by side."""
        constants: dict[str, Any] = {}
        columns: dict[str, list[Any]] = {}
        for name, spec in part.fields.items():
            if not isinstance(spec, Column):
                nested = [one for inner in spec for one in self._parts(inner, fields[name], view)]
                columns[name] = [nested] if nested else []
            elif fields[name].kind == "list":
                listed = self._all(spec, fields[name], view)
                columns[name] = [listed] if listed else []
            else:
                into = constants if spec.constant is not None else columns
                into[name] = self._all(spec, fields[name], view)
        longest = max(map(len, columns.values()), default=0)
        for name, values in columns.items():
            if 0 < len(values) < longest:
                self.tally.count(
                    "several-values",
                    f"pole {fields[name].name} má jiný počet hodnot než ostatní; vynecháno; řádků: {{n}}",
                    f"the field {fields[name].english} has another number of values than the others; left out;"
                    " rows: {n}",
                    severity=Severity.WARNING,
                    line=self._line,
                    field=fields[name].name,
                    value=", ".join(str(_shown(value)) for value in values[:3]),
                )
        for number in range(longest):
            made = {name: values[number] for name, values in columns.items() if len(values) == longest}
            yield {**{name: values[0] for name, values in constants.items() if values}, **made}


def _keys(part: Part, view: View) -> list[str | None]:
    """Return what the stars of a part's columns stand for: a part for each; [None] where there is no star."""
    patterns = [name for spec in part.fields.values() for name in _patterns(spec, view)]
    if not patterns:
        return [None]
    return list(dict.fromkeys(key for name in patterns for key, _ in view.named(name)))


def _patterns(spec: Spec, view: View) -> Iterator[str]:
    if isinstance(spec, Column):
        yield from (name for name in (spec.column, spec.name) if name and view.is_pattern(name))
        for inner in (*spec.columns, *spec.first):
            yield from _patterns(inner, view)


def refusing(view: View, where: Conditions, unless: Conditions) -> str | None:
    """Return the column by which a row or value is left out, None where it stays."""
    for name, patterns in where.items():
        if not _fits(view, name, patterns):
            return name
    return next((name for name, patterns in unless.items() if _fits(view, name, patterns)), None)


def _label(column: Column) -> str:
    """Return what the author calls a column: its name, or the names of those it is made of."""
    date = [name for name in (column.day, column.month, column.year) if name]
    own = column.column or column.name or " + ".join(date)
    return own or " + ".join(dict.fromkeys(filter(None, map(_label, (*column.columns, *column.first)))))


def _shown(value: Any) -> Any:
    return value.text if isinstance(value, PrintedAmount) else value
