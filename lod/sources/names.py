"""Which columns or paths a `[[source]]` names, needed or not."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

from ..config import SourceConfig
from ..patterns import Pattern
from ..sourceconfig import Column, Spec

__all__ = ["Used"]


def _of_column(column: Column, *, optional: bool = False) -> Iterator[tuple[str, bool]]:
    """Yield each name a column reads, with whether the file may lack it."""
    optional = optional or column.optional
    for name in (column.column, column.name, column.year, column.month, column.day, *column.where, *column.unless):
        if name:
            yield name, optional
    for inner in (*column.columns, *column.first):
        yield from _of_column(inner, optional=optional)


def _of_spec(spec: Spec, above: str = "") -> Iterator[tuple[str, bool]]:
    if isinstance(spec, Column):
        yield from ((above + name, optional) for name, optional in _of_column(spec))
        return
    for part in spec:
        inside = f"{above}{part.each}/" if part.each else above
        for inner in part.fields.values():
            # A repeated element may lack any of its children, and be absent itself.
            yield from ((name, optional or bool(part.each)) for name, optional in _of_spec(inner, inside))


class Used:
    """The names that a source uses."""

    def __init__(self, source: SourceConfig) -> None:
        specs = chain.from_iterable(map(_of_spec, source.columns.values()))
        rules = ((name, False) for name in (*source.where, *source.unless, *source.merged, *source.group))
        found = dict[str, bool]()
        for name, optional in chain(specs, rules):
            found[name] = found.get(name, True) and optional
        self.names = tuple(found)
        self.needed = tuple(name for name, optional in found.items() if not optional)
        self._ignored = source.ignore
        self._patterns = [Pattern(name) for name in self.names if Pattern(name).expression is not None]

    def unfitting(self, names: Sequence[str]) -> list[str]:
        """Return the patterns of columns left unread on purpose that fit none of the names."""
        return [pattern.text for pattern in self._ignored if not any(map(pattern.fits, names))]

    def ignores(self, name: str) -> bool:
        """Whether a column or path is left unread on purpose."""
        return any(pattern.fits(name) for pattern in self._ignored)

    def reads_path(self, path: str, told_apart: Mapping[str, str]) -> bool:
        """Whether the source reads a path, be it by a filter or for one."""
        plain = re.sub(r"\[[^\]]*\]", "", path)
        owner, _, child = plain.rpartition("/")
        return (
            path in self.names
            or plain in self.names
            or told_apart.get(owner) == child
            or any(pattern.fits(path) for pattern in self._patterns)
        )
