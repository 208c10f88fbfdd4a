"""Places in a record of the tidy layout, such as `partners[2].beneficiary`: parts are counted from 1. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from ..tidy import FIELDS, Field, names

__all__ = ["above", "czech", "english", "field_of", "flat", "generic", "is_own", "nested", "parents", "renumbered"]

_STEP = re.compile(r"([a-z0-9_]+)(?:\[([1-9][0-9]{0,3})\])?")
Steps = tuple[tuple[Field, int], ...]  # 0 where the path has no number


@lru_cache(maxsize=4096)  # a form asks of each of its 200 places many times
def _steps(path: str) -> Steps:
    """Read a path by Czech or English names; raise `KeyError` when the layout has no such place."""
    fields: tuple[Field, ...] = FIELDS
    found = []
    for step in path.split("."):
        match = _STEP.fullmatch(step)
        item = names(fields).get(match[1]) if match else None
        if match is None or item is None or (match[2] and item.kind != "parts"):
            raise KeyError(path)
        found.append((item, int(match[2] or 0)))
        fields = item.parts
    return tuple(found)


def field_of(path: str) -> Field:
    """Return the column that a path ends in; raise `KeyError`."""
    return _steps(path)[-1][0]


def english(path: str) -> str:
    """Return the path by English names; raise `KeyError`.

    >>> english("partneri[2].ico"), english("vystupy[1].pocet")
    ('partners[2].ico', 'outputs[1].quantity')
    """
    return ".".join(item.english + (f"[{number}]" if number else "") for item, number in _steps(path))


def czech(path: str) -> str:
    """Return the path by Czech names; raise `KeyError`."""
    return ".".join(item.name + (f"[{number}]" if number else "") for item, number in _steps(path))


def _tells_of_others(item: Field) -> bool:
    """Whether a column is about other columns, as evidence is."""
    return any(part.english == "fact" or _tells_of_others(part) for part in item.parts)


_OWN = frozenset({"slug", *(item.english for item in FIELDS if _tells_of_others(item))})
_OF_DOCUMENT = frozenset({"document.title", "document.title_en", "document.url", "document.date"})


def is_own(path: str) -> bool:
    """Whether the programme itself looks after the place, so that it is not on the form.

    >>> is_own("evidence[1].printed"), is_own("document.slug"), is_own("document.title")
    (True, True, False)
    """
    first = path.partition(".")[0].partition("[")[0]
    return first in _OWN or (first == "document" and path != first and path not in _OF_DOCUMENT)


def generic(path: str) -> str:
    """Return the path without its numbers.

    >>> generic("activities[1].outputs[2].what")
    'activities.outputs.what'
    """
    return re.sub(r"\[\d+\]", "", path)


def above(path: str) -> str:
    """Return the part that a path lies in, "" for the record itself."""
    return path.rpartition(".")[0]


def parents(path: str) -> Iterator[str]:
    """Yield the parts that a path lies in, outermost first.

    >>> list(parents("activities[1].outputs[2].what"))
    ['activities[1]', 'activities[1].outputs[2]']
    """
    steps = path.split(".")[:-1]
    yield from (".".join(steps[: end + 1]) for end in range(len(steps)))


def renumbered(path: str, parts: Mapping[str, str]) -> str:
    """Return the path with its innermost part replaced by what `parts` says.

    >>> renumbered("partners[3].ico", {"partners[3]": "partners[1]"})
    'partners[1].ico'
    """
    part = above(path)
    return f"{parts[part]}.{path.rpartition('.')[2]}" if part in parts else path


def flat(values: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every path of a record with its text, number or list of texts."""
    for name, value in values.items():
        at = f"{prefix}{name}"
        if isinstance(value, Mapping):
            yield from flat(value, f"{at}.")
        elif isinstance(value, list) and any(isinstance(part, Mapping) for part in value):
            kind = field_of(at).kind
            for number, part in enumerate(value, 1):
                if isinstance(part, Mapping):
                    yield from flat(part, f"{at}." if kind == "part" else f"{at}[{number}].")
        else:
            yield at, value


def nested(leaves: Mapping[str, Any], fields: tuple[Field, ...] = FIELDS, prefix: str = "") -> dict[str, Any]:
    """Return the record of these paths by Czech names, in the order of the layout; the reverse of `flat`."""
    made: dict[str, Any] = {}
    for item in fields:
        at = f"{prefix}{item.english}"
        if item.kind == "part":
            if inner := nested(leaves, item.parts, f"{at}."):
                made[item.name] = inner
        elif item.kind == "parts":
            numbers = {int(match[1]) for path in leaves if (match := re.match(rf"{re.escape(at)}\[(\d+)\]", path))}
            listed = [nested(leaves, item.parts, f"{at}[{number}].") for number in sorted(numbers)]
            if listed:
                made[item.name] = listed
        elif at in leaves:
            made[item.name] = leaves[at]
    return made
