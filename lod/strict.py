"""TOML tables read strictly: each key is taken once with its type, and what is left over is refused."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from .errors import ConfigError
from .patterns import Pattern
from .tidy import suggestion

__all__ = ["Table", "meant"]

_TYPES = {
    str: ("text", "a text"),
    int: ("celé číslo", "a whole number"),
    float: ("číslo", "a number"),
    bool: ("true nebo false", "true or false"),
    list: ("seznam", "a list"),
    dict: ("tabulku", "a table"),
}


def meant(name: str, known: Mapping[str, object]) -> str:
    """Return a hint at the known name that comes closest, or an empty text."""
    close = suggestion(name, known)
    return f"; neměl to být {close}? / did you mean {close}?" if close else ""


class Table:
    """One table of a TOML file; `where` names it in messages."""

    def __init__(self, values: Mapping[str, Any], where: str) -> None:
        self.values = dict(values)
        self.where = where
        self.known: dict[str, object] = {}

    def take(self, key: str, kind: type | tuple[type, ...], default: Any = ...) -> Any:
        """Return the value of a key; raise `ConfigError` when it is missing or of another type."""
        self.known[key] = None
        value = self.values.pop(key, default)
        if value is ...:
            raise ConfigError(f"{self.where}: chybí klíč {key} / the key {key} is missing")
        if value is not default and (not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool)):
            kinds = kind if isinstance(kind, tuple) else (kind,)
            cs, en = (word.join(_TYPES[one][n] for one in kinds) for n, word in enumerate((" nebo ", " or ")))
            raise ConfigError(f"{self.where}.{key}: čekáme {cs} / expected {en}")
        return value

    def texts(self, key: str, default: Any = ...) -> tuple[str, ...]:
        """Return a list of texts."""
        values = self.take(key, list, default)
        if not all(isinstance(item, str) for item in values):
            raise ConfigError(f"{self.where}.{key}: čekáme seznam textů / expected a list of texts")
        return tuple(values)

    def patterns(self, key: str, default: Any = ...) -> tuple[Pattern, ...]:
        """Return a list of patterns."""
        return tuple(pattern(text, f"{self.where}.{key}") for text in self.texts(key, default))

    def conditions(self, key: str) -> dict[str, tuple[Pattern, ...]]:
        """Return a table of column names with the patterns of their values."""
        table = Table(self.take(key, dict, {}), f"{self.where}.{key}")
        return {name: table.patterns(name) for name in list(table.values)}

    def choice(self, key: str, choices: tuple[str, ...], default: Any = ...) -> str:
        """Return a text that is one of a few."""
        value: str = self.take(key, str, default)
        if value not in choices:
            cs, en = (f" {word} ".join(f'"{choice}"' for choice in choices) for word in ("nebo", "or"))
            raise ConfigError(f"{self.where}.{key}: jen {cs} / only {en}")
        return value

    def end(self) -> None:
        """Refuse every key that nobody took."""
        for key in self.values:
            hint = meant(key, self.known)
            raise ConfigError(f"{self.where}: neznámý klíč {key} / unknown key {key}{hint}")


def pattern(text: str, where: str) -> Pattern:
    """Return the pattern of a text; raise `ConfigError` when its regular expression is none."""
    try:
        return Pattern(text)
    except re.error as error:
        raise ConfigError(f"{where}: {text} není regulární výraz / is not a regular expression ({error})") from error
