"""A row to the values of the tidy layout, as its `[[source]]` says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..config import SourceConfig
from ..model import PrintedAmount, Severity
from ..sourceconfig import Column, Part, Spec
from ..tidy import Field
from .kinds import Kinds
from .tally import Tally
from .texts import Texts, label
from .views import Bound, View

__all__ = ["Mapper"]


class Mapper:
    """Maps the rows of one file; what it must leave out or cannot tell goes to the tally."""

    def __init__(self, source: SourceConfig, tally: Tally) -> None:
        self._columns = source.columns
        self._tally = tally
        self._texts = Texts(source, tally)
        self._kinds = Kinds(tally)
        self._fields = {item.english: item for item in source.layout}
        self._plain = {  # most columns of most tables: the cell is the value
            name: spec.column
            for name, spec in source.columns.items()
            if isinstance(spec, Column)
            and spec == Column(column=spec.column, optional=spec.optional)
            and self._fields[name].kind in {"text", "date"}
            and name != "slug"
        }
        self.labels = {
            name: shown for name, spec in source.columns.items() if isinstance(spec, Column) and (shown := label(spec))
        }

    def values(self, view: View) -> dict[str, Any]:
        """Return what a row says by field."""
        self._texts.begin()
        made = self._mapped(self._columns, self._fields, view)
        self._texts.end()
        return made

    def finish(self) -> None:
        """Tell what can be told at the end of the file only."""
        self._kinds.spellings.tell()

    def _mapped(self, columns: Mapping[str, Spec], fields: Mapping[str, Field], view: View) -> dict[str, Any]:
        made: dict[str, Any] = {}
        for name, spec in columns.items():
            value = self._cell(name, spec, view) if name in self._plain else self._value(spec, fields[name], view)
            if value not in (None, "", []):
                made[name] = value
        return made

    def _cell(self, name: str, spec: Spec, view: View) -> Any:
        texts = view.texts(self._plain[name])
        if len(texts) != 1 or not isinstance(spec, Column):
            return self._value(spec, self._fields[name], view)
        self._texts.took(self._plain[name])
        return None if self._texts.is_missing(texts[0], spec) else texts[0]

    def _value(self, spec: Spec, item: Field, view: View) -> Any:
        if not isinstance(spec, Column):
            return [part for one in spec for part in self._parts(one, item, view)]
        distinct = list(dict.fromkeys(value for value in self._all(spec, item, view) if value is not None))
        if item.kind == "list":
            return distinct
        if len(distinct) > 1:
            self._told(spec, item, distinct, "má více hodnot a bere první", "has several values and takes the first")
        return distinct[0] if distinct else None

    def _all(self, column: Column, item: Field, view: View) -> list[Any]:
        """Return every value that a column gives to a field; None where one is missing beside others."""
        found = self._texts.of(column, view, united=item.kind == "list")
        if item.kind == "list":  # a semicolon divides where nothing else is said
            found = [
                (piece.strip(), spec)
                for text, spec in found
                for piece in ([text] if column.split else text.split(";"))
                if piece.strip()
            ]
        return [self._kinds.read(text, spec, item) if text else None for text, spec in found]

    def _told(self, column: Column, item: Field, values: list[Any], cs: str, en: str) -> None:
        shown = (value.text if isinstance(value, PrintedAmount) else str(value) for value in values if value)
        self._tally.count(
            "too-many-values",
            f"pole {item.name} {cs}; řádků: {{n}}",
            f"the field {item.english} {en}; rows: {{n}}",
            severity=Severity.WARNING,
            field=label(column) or item.name,
            value=", ".join(list(shown)[:3]),
        )

    # Parts -----------------------------------------------------------------------------------------

    def _parts(self, part: Part, item: Field, view: View) -> Iterator[dict[str, Any]]:
        fields = {sub.english: sub for sub in item.parts}
        for inner in view.each(part.each) if part.each else [view]:
            for key in _keys(part, inner):
                yield from self._side_by_side(part, fields, inner if key is None else Bound(inner, key))

    def _side_by_side(self, part: Part, fields: Mapping[str, Field], view: View) -> Iterator[dict[str, Any]]:
        """Yield a part for each value; cells that hold several values go side by side."""
        constants: dict[str, Any] = {}
        columns: dict[str, list[Any]] = {}
        for name, spec in part.fields.items():
            if not isinstance(spec, Column) or fields[name].kind == "list":
                several = self._value(spec, fields[name], view)
                columns[name] = [several] if several else []
            elif spec.constant is not None:
                constants[name] = self._value(spec, fields[name], view)
            else:
                columns[name] = self._all(spec, fields[name], view)
        longest = max((_filled(values) for values in columns.values()), default=0)
        in_step = self._in_step(part, fields, columns, longest)
        for number in range(longest):
            made = {name: values[number] for name, values in in_step.items() if values[number] is not None}
            if made:
                yield {**{name: value for name, value in constants.items() if value is not None}, **made}

    def _in_step(
        self, part: Part, fields: Mapping[str, Field], columns: Mapping[str, list[Any]], longest: int
    ) -> dict[str, list[Any]]:
        """Return the columns whose values certainly belong side by side; the others are told.

        Cells that are split have a place for each value. Elements that repeat have not: where one lacks a child,
        the next one's would take its place, so only one such column is taken.
        """
        fitting: dict[str, list[Any]] = {}
        repeated = ""
        for name, values in columns.items():
            spec = part.fields[name]
            if not _filled(values) or not isinstance(spec, Column):
                if values:
                    fitting[name] = values + [None] * (longest - len(values))
                continue
            repeats = len(values) > 1 and not spec.split
            if len(values) < longest or (repeats and repeated):
                cs, en = "má jiný počet hodnot než ostatní, vynecháno", "has another number of values, left out"
                if repeats:
                    cs, en = f"se opakuje jako {repeated or 'jiná'}, vynecháno; uveďte each", "repeats; state each"
                self._told(spec, fields[name], values, cs, en)
                continue
            repeated = repeated or (fields[name].name if repeats else "")
            fitting[name] = values
        return fitting


def _filled(values: list[Any]) -> int:
    """Return the number of values down to the last that is there."""
    return max((number for number, value in enumerate(values, 1) if value is not None), default=0)


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
