"""A record made of a page, with the evidence of each fact, as a table for the terminal."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from .tidy import names

__all__ = ["overview"]

_HEADER = ("údaj / field", "hodnota / value", "řádek / line", "pravidlo / rule", "jistota / confidence")
_WIDEST = (34, 60, 12, 22, 20)
_META = frozenset({"doklady", "k_posouzeni"})
# The file that the facts come from; its hash and name say nothing to whoever looks at the facts.
_FILE = frozenset({"dokument.slug", "dokument.soubor", "dokument.sha256"})
_MEANT = re.compile(r".+?(?=$|[,:;(]| v jakémkoli | oddělen)")


@dataclass(frozen=True, slots=True)
class _Row:
    path: str
    value: str
    evidence: Mapping[str, Any]

    def cells(self) -> tuple[str, ...]:
        """Return the cells; the printed words stand below the value where they differ."""
        printed = str(self.evidence.get("uvedeno", ""))
        differs = f"\n„{printed}“" if printed and printed != self.value else ""
        return (
            _label(self.path),
            self.value + differs,
            str(self.evidence.get("misto", "")).removeprefix("řádek "),
            str(self.evidence.get("pravidlo", "")),
            str(self.evidence.get("jistota", "")),
        )


def _label(path: str) -> str:
    """Return what a column is called, numbered where there are several.

    >>> _label("partneri[2].prijemce")
    'partneři projektu 2: název organizace'
    """
    fields, labels = names(), []
    for name, number in re.findall(r"(\w+)(?:\[(\d+)\])?", path):
        field = fields[name]
        meant = _MEANT.match(field.cs)
        labels.append(" ".join(filter(None, (meant[0].strip() if meant else field.cs, number))))
        fields = names(field.parts)
    return ": ".join(labels)


def _leaves(values: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, str]]:
    """Yield every value with its path; the items of a list share theirs."""
    for name, value in values.items():
        if isinstance(value, Mapping):
            yield from _leaves(value, f"{path}{name}.")
            continue
        for number, item in enumerate(value if isinstance(value, list) else [value], 1):
            if isinstance(item, Mapping):
                yield from _leaves(item, f"{path}{name}[{number}].")
            else:
                yield f"{path}{name}", str(item)


def _rows(record: Mapping[str, Any]) -> Iterator[_Row]:
    waiting: dict[str, list[Mapping[str, Any]]] = {}
    for piece in record.get("doklady", ()):
        waiting.setdefault(piece["udaj"], []).append(piece)
    for path, value in _leaves({name: value for name, value in record.items() if name not in _META}):
        if path in _FILE:
            continue
        found = waiting.get(path)
        yield _Row(path, value, found.pop(0) if found else {})
    for path, pieces in waiting.items():  # evidence of nothing that is stated
        yield from (_Row(path, "", piece) for piece in pieces)


def _table(rows: list[tuple[str, ...]]) -> Iterator[str]:
    cut = [
        [[line for part in cell.split("\n") for line in textwrap.wrap(part, width) or [""]] for cell, width in pairs]
        for pairs in (zip(row, _WIDEST, strict=True) for row in rows)
    ]
    widths = [max(len(line) for row in cut for line in row[column]) for column in range(len(_WIDEST))]
    for row in cut:
        for lines in zip_longest(*row, fillvalue=""):
            yield "  ".join(line.ljust(width) for line, width in zip(lines, widths, strict=True)).rstrip()


def overview(record: Mapping[str, Any], heading: str) -> str:
    """Return a record in the tidy layout (as `lod.extract.values` writes it) as a table, doubtful facts apart."""
    lines = [heading, ""]
    lines += _table([_HEADER, *(row.cells() for row in _rows(record))])
    if doubtful := record.get("k_posouzeni"):
        lines += ["", "k posouzení, nezveřejní se / for review, not published:", ""]
        lines += _table([_HEADER, *(_Row(item["udaj"], item["hodnota"], item).cells() for item in doubtful)])
    return "\n".join([*lines, ""])
