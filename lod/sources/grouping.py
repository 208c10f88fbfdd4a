"""Rows of one project to one Record: repeated per place, per public contract, per year."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from .. import clean, ico
from ..config import SourceConfig
from ..model import Finding, PrintedAmount, Record, Severity
from ..sourceconfig import Column
from .tally import Tally

__all__ = ["Group", "Groups"]


@dataclass(slots=True)
class Group:
    """The rows of one project so far."""

    key: tuple[str, ...]
    spot: str
    values: dict[str, Any]
    spots: dict[str, str] = field(default_factory=dict)  # where each value was read first
    rows: int = 1
    refused: list[str] = field(default_factory=list)  # its rows that cannot be read
    told: set[tuple[str, object]] = field(default_factory=set)


def _comparable(value: Any, kind: str) -> object:
    """Return what two cells must have in common to say the same."""
    try:
        if isinstance(value, PrintedAmount):
            return clean.amount(value.text, value.decimal) * value.unit, clean.printed_currency(value.text)
        if kind == "date":
            return clean.partial_date(value).lexical
        if kind == "ico":
            return ico.parse(value)
    except ValueError:
        pass
    return clean.text(_shown(value))


def _shown(value: Any) -> str:
    return value.text if isinstance(value, PrintedAmount) else str(value)


def _sum(earlier: Any, later: Any) -> Any:
    """Return the sum of two amounts; None where one cannot be read or they are in two currencies."""
    try:
        currencies = {clean.printed_currency(value.text) for value in (earlier, later)}
        total = sum((clean.amount(value.text, value.decimal) * value.unit for value in (earlier, later)), Decimal())
    except ValueError:
        return None
    return PrintedAmount(f"{total:f} {currencies.pop()}".strip(), ".") if len(currencies) == 1 else None


class Groups:
    """Joins the rows of a file by their key.

    Where the rows of a project are known to be adjacent, one group is held at a time; otherwise all.
    """

    def __init__(self, source: SourceConfig, tally: Tally, labels: dict[str, str]) -> None:
        self._source = source
        self._tally = tally
        self._labels = labels
        self._groups: dict[tuple[str, ...], Group] = {}
        self._closed: set[int] = set()  # hashes of keys: a key is forgotten once its group is complete
        self._kinds = {item.english: item for item in source.layout}
        self._adds = {
            name: spec.add if isinstance(spec, Column) else any(part.add for part in spec)
            for name, spec in source.columns.items()
        }

    def add(
        self, key: tuple[str, ...], spot: str, values: dict[str, Any], *, refused: bool
    ) -> Iterator[Record | Finding]:
        """Take a row; yield what is complete, and what contradicts."""
        if not any(key):
            if not refused:
                yield self._record(Group(key, spot, values))
            return
        group = self._groups.get(key)
        if group is None:
            if self._source.adjacent:
                yield from self.rest()
                if hash(key) in self._closed:
                    yield self._tally.finding(
                        "group-apart",
                        f"řádky projektu {' '.join(key)} nejdou za sebou; odstraňte adjacent",
                        f"the rows of the project {' '.join(key)} are not adjacent; remove adjacent",
                        spot=spot,
                        value=" ".join(key),
                    )
                    return
                self._closed.add(hash(key))
            self._groups[key] = Group(key, spot, values, dict.fromkeys(values, spot), refused=[spot] if refused else [])
            return
        group.rows += 1
        if refused:
            group.refused.append(spot)
            return
        self._tally.count(
            "rows-grouped",
            "řádků připojeno k dřívějšímu řádku téhož projektu: {n}",
            "rows joined to an earlier row of the same project: {n}",
            spot=spot,
            value=" ".join(key),
        )
        yield from self._join(group, spot, values)

    def rest(self) -> Iterator[Record | Finding]:
        """Yield the groups that are left, in the order of their first rows."""
        for group in self._groups.values():
            if group.refused and len(group.refused) == group.rows:
                continue  # each of its rows has been told
            if group.refused:
                yield self._tally.finding(
                    "group-refused",
                    f"řádek {group.refused[0]} projektu {' '.join(group.key)} nelze přečíst, proto neplatí žádný",
                    f"row {group.refused[0]} of the project {' '.join(group.key)} cannot be read, so none holds",
                    spot=group.spot,
                    value=" ".join(group.key),
                )
            else:
                yield self._record(group)
        self._groups.clear()

    def _record(self, group: Group) -> Record:
        return Record(self._source.name, self._tally.place(group.spot), group.values, self._labels)

    def _join(self, group: Group, spot: str, values: dict[str, Any]) -> Iterator[Finding]:
        for name, later in values.items():
            if name not in group.values:
                group.values[name] = later
                group.spots[name] = spot
                continue
            earlier, item, adds = group.values[name], self._kinds[name], self._adds[name]
            if isinstance(later, list):
                group.values[name] = self._united(earlier, later, adds=adds)
                continue
            total = self._added(earlier, later, item.kind) if adds else None
            if total is not None:
                group.values[name] = total
                continue
            seen = (name, _comparable(later, item.kind))
            if seen[1] != _comparable(earlier, item.kind) and seen not in group.told:
                group.told.add(seen)
                yield self._contradiction(group, name, spot, earlier, later)

    def _united(self, earlier: Sequence[Any], later: Sequence[Any], *, adds: bool) -> list[Any]:
        new = [item for item in later if adds or item not in earlier]
        repeated = len(later) - len(new)
        if repeated and isinstance(later[0], dict):
            self._tally.count(
                "parts-repeated",
                "řádků, které opakují část téhož projektu (započtena jednou, jinak add = true): {n}",
                "rows that repeat a part of the same project (taken once, unless add = true): {n}",
            )
        return [*earlier, *new]

    def _added(self, earlier: Any, later: Any, kind: str) -> Any:
        if kind in {"amount", "number"}:
            return _sum(earlier, later)
        texts = [*dict.fromkeys([*clean.text(earlier).split(", "), clean.text(later)])]
        return ", ".join(texts)

    def _contradiction(self, group: Group, name: str, spot: str, earlier: Any, later: Any) -> Finding:
        was, now, first = clean.text(_shown(earlier)), clean.text(_shown(later)), group.spots.get(name, group.spot)
        return self._tally.finding(
            "rows-contradict",
            f"„{now}“, ale řádek {first} téhož projektu uvádí „{was}“; platí dřívější",
            f'"{now}", but row {first} of the same project says "{was}"; the earlier holds',
            severity=Severity.WARNING,
            spot=spot,
            field=self._labels.get(name, self._kinds[name].name),
            value=now,
            expected_cs=was,
            expected_en=was,
        )
