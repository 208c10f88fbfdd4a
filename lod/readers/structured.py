"""TOML, JSON and JSON Lines: nested records, one or several a file."""

from __future__ import annotations

import io
import json as _json
import re
import tomllib
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, NoReturn, TextIO

from ..errors import UnreadableFileError
from . import encodings
from .files import opened
from .rows import Fault, Options, Row

__all__ = ["json", "json_lines", "toml"]

_CHUNK = 1 << 18
_MOST_TOML = 16 << 20  # bytes; TOML is read whole
_LONGEST = 1 << 24  # characters of one record
_DEEPEST = 64
_BLANK = re.compile(r"[ \t\r\n]*")


class _RepeatedKeyError(ValueError):
    pass


def _mapping(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        names = [name for name, _ in pairs]
        raise _RepeatedKeyError(next(name for name in names if names.count(name) > 1))
    return made


def _no_number(text: str) -> NoReturn:
    raise ValueError(f"{text} is not JSON")


_DECODER = _json.JSONDecoder(object_pairs_hook=_mapping, parse_float=Decimal, parse_constant=_no_number)


def _depth(value: Any) -> int:
    deepest, level = 0, [value]
    while level and deepest <= _DEEPEST:
        deepest += 1
        inner: list[Any] = []
        for item in level:
            if isinstance(item, dict):
                inner += item.values()
            elif isinstance(item, list):
                inner += item
        level = inner
    return deepest


def _record(line: int, record: int, value: Any, cs: str, en: str) -> Row | Fault:
    """Return the row of an object, or why it is none; `cs` and `en` name the thing."""
    if not isinstance(value, dict):
        return Fault(line, f"{cs} není objekt", f"{en} is not an object", record)
    if _depth(value) > _DEEPEST:
        return Fault(line, f"{cs} je vnořeno příliš hluboko", f"{en} is nested too deeply", record)
    return Row(line, value, record)


def toml(path: Path, options: Options) -> Iterator[Row | Fault]:
    """Yield the file as one record, or the tables of the array at `options.path`."""
    with opened(path) as file:
        content = file.read(_MOST_TOML + 1)
    if len(content) > _MOST_TOML:
        raise UnreadableFileError("soubor TOML je příliš velký", "the TOML file is too large")
    try:
        value: Any = tomllib.loads(content.decode("utf-8-sig"), parse_float=Decimal)
    except UnicodeDecodeError as error:
        raise UnreadableFileError(
            "není platné TOML (není v kódování UTF-8)", "not valid TOML (it is not in UTF-8)"
        ) from error
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        line = re.search("at line ([0-9]+)", str(error))
        where = f"chyba na řádku {line[1]}" if line else "končí předčasně" if "end of doc" in str(error) else "chyba"
        raise UnreadableFileError(f"není platné TOML ({where})", f"not valid TOML ({error})") from error
    for key in _steps(options):
        if not isinstance(value, dict) or key not in value:
            raise _missing(options)
        value = value[key]
    for number, item in enumerate(value, 1) if isinstance(value, list) else [(0, value)]:
        yield _record(0, number, item, "položka", "the item")


def json_lines(path: Path, options: Options) -> Iterator[Row | Fault]:
    """Yield the object of each line (https://jsonlines.org); a line that is none is a fault of its own."""
    encoding = encodings.detect(path, options.encoding)
    with io.TextIOWrapper(opened(path), encoding.codec, encoding.errors) as file:
        number = good = 0
        while line := file.readline(_LONGEST):
            number += 1
            if len(line) == _LONGEST:
                yield Fault(number, "řádek je příliš dlouhý", "the line is too long")
                while len(line) == _LONGEST and not line.endswith("\n"):
                    line = file.readline(_LONGEST)
            elif line.strip():
                try:
                    row = _record(number, 0, _DECODER.decode(line), "řádek", "the line")
                except (ValueError, RecursionError) as error:
                    cs, en = _reason(error)
                    row = Fault(number, f"řádek není platné JSON ({cs})", f"the line is not valid JSON ({en})")
                    if not line.endswith("\n") and _is_cut(error, line):
                        row = Fault(
                            number,
                            "soubor končí uprostřed záznamu, není celý; stáhněte nebo uložte ho znovu",
                            "the file ends within a record and is not whole; download or save it again",
                            kind="file-incomplete",
                        )
                if isinstance(row, Fault) and not good and number == 1 and line.strip() in {"[", "{"}:
                    raise UnreadableFileError(
                        "není to JSON Lines (objekt na řádku), ale JSON; přejmenujte soubor na .json",
                        "not JSON Lines (an object a line) but JSON; rename the file to .json",
                    )
                good += isinstance(row, Row)
                yield row


def _steps(options: Options) -> list[str]:
    return [step for step in options.path.split("/") if step]


def _missing(options: Options) -> UnreadableFileError:
    return UnreadableFileError(
        f"cesta path = {options.path!r} v souboru není", f"the path = {options.path!r} is not in the file"
    )


def _reason(error: Exception) -> tuple[str, str]:
    if isinstance(error, _RepeatedKeyError):
        return f"klíč {error} je tu dvakrát", f"the key {error} stands twice"
    if isinstance(error, RecursionError):
        return "vnořeno příliš hluboko", "nested too deeply"
    text = error.msg if isinstance(error, _json.JSONDecodeError) else str(error)
    return next((cs for begins, cs in _WORDS.items() if text.startswith(begins)), "chyba zápisu"), text


# What the decoder says, in Czech.
_WORDS = {
    "Expecting property name": "čekáme klíč v uvozovkách",
    "Expecting a key": "čekáme klíč v uvozovkách",
    "Expecting value": "čekáme hodnotu",
    "Expecting ','": "chybí čárka",
    "Expecting ':'": "chybí dvojtečka",
    "Expecting": "chybí znaménko",
    "Illegal trailing comma": "čárka za poslední položkou",
    "Unterminated string": "text nemá konec, chybí uvozovka",
    "Invalid control character": "v textu je zakázaný znak, asi konec řádku",
    "Invalid": "neplatný zápis znaku za zpětným lomítkem",
    "Extra data": "za koncem je ještě něco",
    "one value": f"jedna hodnota je delší než {_LONGEST} znaků",
    "NaN": "NaN do JSON nepatří",
    "Infinity": "Infinity do JSON nepatří",
    "-Infinity": "Infinity do JSON nepatří",
    "Exceeds the limit": "příliš dlouhé číslo",
}
# What may be left of a literal or an escape where a file was cut.
_STUB = re.compile(r"\s*(?:-|t|tr|tru|f|fa|fal|fals|n|nu|nul|\\u?[0-9A-Fa-f]{0,3}|[0-9A-Fa-f]{0,3})?\s*")


def _is_cut(error: Exception, text: str) -> bool:
    """Whether the decoder stumbled over the end of the text, rather than over something in it."""
    if not isinstance(error, _json.JSONDecodeError):
        return False
    return error.msg.startswith("Unterminated string") or _STUB.fullmatch(text, error.pos) is not None


class _Scanner:
    """A cursor in a JSON text that is read piece by piece; values come from the standard decoder."""

    def __init__(self, file: TextIO) -> None:
        self.file = file
        self.buffer = ""
        self.at = 0
        self.line = 1  # of `counted`
        self.counted = 0
        self.ended = False

    def _fill(self) -> None:
        """Drop what has been read and read on, twice as far where a value did not fit."""
        self.line = self.here
        rest = self.buffer[self.at :]
        more = self.file.read(max(_CHUNK, len(rest)))
        self.ended = not more
        self.buffer, self.at, self.counted = rest + more, 0, 0

    @property
    def here(self) -> int:
        """The line of the cursor."""
        self.line += self.buffer.count("\n", self.counted, self.at)
        self.counted = self.at
        return self.line

    def is_cut(self, error: Exception) -> bool:
        """Whether the text ends before the value at the cursor does."""
        return self.ended and (self.at >= len(self.buffer) or _is_cut(error, self.buffer))

    def peek(self) -> str:
        """Return the next sign that is not blank, "" at the end."""
        while True:
            found = _BLANK.match(self.buffer, self.at)
            self.at = found.end() if found else self.at
            if self.at < len(self.buffer) or self.ended:
                return self.buffer[self.at : self.at + 1]
            self._fill()

    def take(self, sign: str) -> None:
        if self.peek() != sign:
            raise _json.JSONDecodeError(f"Expecting {sign!r}", "", 0)
        self.at += 1

    def value(self) -> Any:
        """Return the value at the cursor and move past it; raise `ValueError` or `RecursionError`."""
        self.peek()
        while True:
            try:
                value, end = _DECODER.raw_decode(self.buffer, self.at)
            except _RepeatedKeyError:
                raise
            except ValueError:
                if self.ended:
                    raise
            else:
                if end < len(self.buffer) or self.ended:  # a number may go on
                    self.at = end
                    return value
            if len(self.buffer) - self.at > _LONGEST:
                raise _json.JSONDecodeError(f"one value is longer than {_LONGEST} characters", "", 0)
            self._fill()

    def members(self) -> Iterator[str]:
        """Yield the keys of an object, or "" for each item of a list; the caller moves past each value."""
        opening = self.peek()
        closing = {"[": "]", "{": "}"}[opening]
        self.at += 1
        first = True
        while self.peek() != closing:
            if not first:
                self.take(",")
            first = False
            key = ""
            if opening == "{":
                key = self.value()
                if not isinstance(key, str):
                    raise _json.JSONDecodeError("Expecting a key", "", 0)
                self.take(":")
            yield key
        self.at += 1

    def skip(self, depth: int = 0) -> None:
        """Move past the value at the cursor without holding it."""
        if depth < 3 and self.peek() in {"[", "{"}:
            for _ in self.members():
                self.skip(depth + 1)
        else:
            self.value()

    def find(self, steps: list[str]) -> bool:
        """Move to the value that the steps lead to."""
        if not steps:
            return True
        if self.peek() == "{":
            for key in self.members():
                if key == steps[0]:
                    return self.find(steps[1:])
                self.skip()
        return False


def json(path: Path, options: Options) -> Iterator[Row | Fault]:
    """Yield the object, or each object of the list (numbered from 1), at `options.path` or at the top."""
    encoding = encodings.detect(path, options.encoding)
    with io.TextIOWrapper(opened(path), encoding.codec) as file:
        scanner = _Scanner(file)
        number = 0
        try:
            if not scanner.find(_steps(options)):
                raise _missing(options)
            if scanner.peek() == "[":
                for _ in scanner.members():
                    number += 1
                    scanner.peek()
                    line = scanner.here
                    yield _record(line, number, scanner.value(), "položka", "the item")
            else:
                yield from _single(scanner)
            if not _steps(options) and scanner.peek():
                raise _json.JSONDecodeError("Extra data", "", 0)
        except (ValueError, RecursionError) as error:
            cs, en = _reason(error)
            here = scanner.here
            if scanner.is_cut(error):
                at_cs, at_en = (f" (u záznamu {number})", f" (at record {number})") if number else ("", "")
                cs = f"soubor končí předčasně{at_cs}, není celý; stáhněte nebo uložte ho znovu"
                en = f"the file ends early{at_en} and is not whole; download or save it again"
                if number < 2:
                    raise UnreadableFileError(cs, en, kind="file-incomplete") from error
                yield Fault(here, cs, en, number, "file-incomplete")
                return
            if number < 2:
                raise UnreadableFileError(
                    f"není platné JSON (řádek {here}: {cs})", f"not valid JSON (line {here}: {en})"
                ) from error
            yield Fault(
                here,
                f"od záznamu {number} (řádek {here}) není soubor platné JSON a zbytek nelze číst ({cs})",
                f"from record {number} (line {here}) on the file is not valid JSON and the rest cannot be read ({en})",
                number,
                "file-incomplete",
            )


def _single(scanner: _Scanner) -> Iterator[Row | Fault]:
    value = scanner.value()
    if not isinstance(value, dict):
        raise UnreadableFileError("čekáme objekt nebo seznam objektů", "expected an object or a list of objects")
    if scanner.peek() == "{":
        raise UnreadableFileError(
            "není to JSON, ale JSON Lines (objekt na řádku); přejmenujte soubor na .jsonl",
            "not JSON but JSON Lines (an object a line); rename the file to .jsonl",
        )
    row = _record(0, 0, value, "objekt", "the object")
    if isinstance(row, Fault):
        raise UnreadableFileError(row.cs, row.en)
    yield row
