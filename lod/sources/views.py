"""One row of a table, or one object of a nested file, seen alike: the texts that a name leads to.

A name is a column's name or a pattern of names. In a nested file it is a path: names divided by `/`, an
attribute as `@name`, and `[child=value]` behind a name to take only elements whose child has that value:
`PF[T=1]/CZ`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

from .. import clean
from ..patterns import Pattern
from .header import Header

__all__ = ["Bound", "NestedRow", "TableRow", "View", "filters", "leaves"]


class View(Protocol):
    """A row or an object."""

    def texts(self, name: str) -> list[str]:
        """Return the texts of the columns or elements that a name means."""

    def named(self, name: str) -> list[tuple[str, str]]:
        """Return what the star of a pattern stands for in each column it means, with the column's text."""

    def is_pattern(self, name: str) -> bool:
        """Whether a name means any number of columns."""

    def each(self, path: str) -> Sequence[View]:
        """Return the elements that a path leads to."""


class TableRow:
    """The cells of a row below a header."""

    __slots__ = ("cells", "header")

    def __init__(self, header: Header, cells: Sequence[str]) -> None:
        self.header = header
        self.cells = cells

    def texts(self, name: str) -> list[str]:
        """Return the texts of what a name means."""
        return [self.cells[number] for _, number in self.header.meant(name)]

    def named(self, name: str) -> list[tuple[str, str]]:
        """Return what the star stands for in each, with its text."""
        return [(key, self.cells[number]) for key, number in self.header.meant(name)]

    def is_pattern(self, name: str) -> bool:
        """Whether a name is a pattern here."""
        return self.header.is_pattern(name)

    def each(self, path: str) -> Sequence[View]:
        """Return the elements that a path leads to."""
        return [self] if self.texts(path) else []


class Bound:
    """A view whose patterns mean only the columns where the star stands for one text."""

    __slots__ = ("key", "view")

    def __init__(self, view: View, key: str) -> None:
        self.view = view
        self.key = key

    def texts(self, name: str) -> list[str]:
        """Return the texts of what a name means."""
        if self.view.is_pattern(name):
            return [text for key, text in self.view.named(name) if key == self.key]
        return self.view.texts(name)

    def named(self, name: str) -> list[tuple[str, str]]:
        """Return what the star stands for in each, with its text."""
        return [(key, text) for key, text in self.view.named(name) if key == self.key]

    def is_pattern(self, name: str) -> bool:  # noqa: ARG002 - here every name means one column
        """Whether a name is a pattern here."""
        return False

    def each(self, path: str) -> Sequence[View]:
        """Return the elements that a path leads to."""
        return self.view.each(path)


_STEP = re.compile(r"([^/\[\]]+)(?:\[([^/\[\]=]+)=([^\[\]]*)\])?")


def _scalar(value: object) -> str:
    if isinstance(value, bool):
        return "ano" if value else "ne"
    return "" if value is None else str(value)


def _text(value: object) -> str:
    """Return the text of an element: its own, where it has attributes or children too."""
    return _scalar(value.get("#text")) if isinstance(value, Mapping) else _scalar(value)


def _items(value: object) -> list[Any]:
    return list(value) if isinstance(value, list) else [value]


def _walk(value: object, path: str) -> list[Any]:
    """Return every element or scalar that a path leads to."""
    if isinstance(value, list):
        return [found for item in value for found in _walk(item, path)]
    if path in {"", "."}:
        return [value]
    if not isinstance(value, Mapping):
        return []
    if path in value:
        return _items(value[path])
    step = re.match(rf"{_STEP.pattern}(?:/|$)", path)
    if step is None or step[1] not in value:
        return []
    found = _items(value[step[1]])
    if step[2] is not None:
        found = [item for item in found if any(clean.text(_text(inner)) == step[3] for inner in _walk(item, step[2]))]
    return [leaf for item in found for leaf in _walk(item, path[step.end() :])]


class NestedRow:
    """An object of a nested file, or one of its parts."""

    __slots__ = ("value",)

    def __init__(self, value: object) -> None:
        self.value = value

    def texts(self, name: str) -> list[str]:
        """Return the texts of what a name means."""
        if self.is_pattern(name):
            return [text for _, text in self.named(name)]
        return [_text(item) for item in _walk(self.value, name)]

    def named(self, name: str) -> list[tuple[str, str]]:
        """Return what the star stands for in each, with its text."""
        pattern = Pattern(name)
        found = ((pattern.key(path), text) for path, text in leaves(self.value))
        return [(key, text) for key, text in found if key is not None]

    def is_pattern(self, name: str) -> bool:
        """Whether a name is a pattern here."""
        return Pattern(name).expression is not None

    def each(self, path: str) -> Sequence[View]:
        """Return the elements that a path leads to."""
        return [NestedRow(item) for item in _walk(self.value, path) if item is not None and item != ""]


def filters(paths: Iterator[str]) -> dict[str, str]:
    """Return the child that paths tell elements apart by: the path of the element -> the child's name.

    >>> filters(iter(["PF[T=1]/CZ", "NAZ"]))
    {'PF': 'T'}
    """
    found: dict[str, str] = {}
    for path in paths:
        steps = [match.groups() for match in _STEP.finditer(path)]
        for depth, (_, child, _) in enumerate(steps, 1):
            if child is not None:
                found["/".join(name for name, *_ in steps[:depth])] = child
    return found


def leaves(
    value: object, told_apart: Mapping[str, str] | None = None, plain: str = "", shown: str = ""
) -> Iterator[tuple[str, str]]:
    """Yield the path and text of everything an object holds; elements that filters tell apart say which.

    >>> list(leaves({"NAZ": "A", "PF": [{"T": 1, "CZ": 5}]}, {"PF": "T"}))
    [('NAZ', 'A'), ('PF[T=1]/T', '1'), ('PF[T=1]/CZ', '5')]
    """
    if isinstance(value, list):
        for item in value:
            yield from leaves(item, told_apart, plain, shown)
    elif isinstance(value, Mapping):
        child = (told_apart or {}).get(plain)
        if child is not None:
            shown += f"[{child}={clean.text(next(map(_text, _walk(value, child)), ''))}]"
        for name, item in value.items():
            if name == "#text":
                yield shown, _scalar(item)
            else:
                yield from leaves(item, told_apart, *(f"{above}/{name}".lstrip("/") for above in (plain, shown)))
    else:
        yield shown, _scalar(value)
