"""Where reviewed records lie: which file is whose, what it looks like, and how it is replaced."""

from __future__ import annotations

import difflib
import hashlib
import json
import os
import re
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath
from typing import Any

import tomli_w

from .. import readers, sources
from ..config import Config, SourceConfig
from ..errors import ConfigError, LodError
from ..iris import Iris
from ..model import Record
from ..tidy import canonical
from ..values import PRINTED_NOTHING, Values

__all__ = ["Place", "Saved", "Shelf", "difference", "digest", "place", "text", "write"]

_LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class Place:
    """The folder of record files, as the configuration says."""

    folder: Path
    suffix: str  # "toml", or "json" where the source takes nothing else
    source: SourceConfig

    def file(self, slug: str) -> Path:
        """Return the file of a project; the slug may hold anything."""
        name = re.sub(r"[^A-Za-z0-9._~-]+", "-", slug).strip(".-")
        if len(name) > _LONGEST_NAME:
            name = f"{name[: _LONGEST_NAME - 7]}-{hashlib.sha256(slug.encode()).hexdigest()[:6]}"
        return self.folder / f"{name or 'zaznam'}.{self.suffix}"


@dataclass(frozen=True, slots=True)
class Saved:
    """A record that the sources hold already."""

    path: Path
    shown: str  # the file as people know it
    values: Mapping[str, Any]  # by English names
    iri: str
    alone: bool  # the file holds nothing else, so it can be replaced
    raw: Mapping[str, Any]  # as it stands in the file

    @property
    def sha256(self) -> str:
        """The page it was made from, "" where it does not say."""
        document = self.raw.get("dokument")
        return str(document.get("sha256", "")) if isinstance(document, Mapping) else ""

    @property
    def evidence(self) -> list[Mapping[str, Any]]:
        """Where its facts stand on the page."""
        return _tables(self.raw.get("doklady"))

    @property
    def rejected(self) -> list[Mapping[str, Any]]:
        """Where facts stand that a reviewer refused."""
        review = self.raw.get("kontrola")
        return _tables(review.get("zamitnuto")) if isinstance(review, Mapping) else []


def _tables(value: object) -> list[Mapping[str, Any]]:
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []


def place(config: Config) -> Place:
    """Return where records are saved: the folder of the first source of record files. Raise `ConfigError`."""
    for source in config.sources:
        if source.kind != "records":
            continue
        for pattern in source.files:
            path = PurePosixPath(pattern)
            for suffix in ("toml", "json"):
                # A slug ends in letters or digits and is at least one long.
                if fnmatch(f"a.{suffix}", path.name) and not re.search(r"[*?\[]", str(path.parent)):
                    return Place(config.folder / path.parent, suffix, source)
    raise ConfigError(
        f'{config.path}: není kam ukládat; přidejte [[source]] s kind = "records" a files = ["records/*"]'
        f' / there is nowhere to save; add a [[source]] with kind = "records" and files = ["records/*"]'
    )


def _iri(values: Mapping[str, Any], iris: Iris, source: str) -> str:
    """Return the IRI that a build would give to the record."""
    read = Values(Record(source, "", values), [])
    number, title = read.text("registration_number"), read.text("title")
    return iris.project(
        number="" if number in PRINTED_NOTHING else number,
        stored=read.slug("slug"),
        ico=read.ico("ico"),
        owner=read.text("beneficiary") or source,
        title=title,
    )


class Shelf:
    """The records that the sources of record files hold; a file is read again only when it has changed."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._read: dict[Path, tuple[tuple[int, int], list[Saved]]] = {}

    def all(self) -> list[Saved]:
        """Return every record, in the order of the files; files that cannot be read are passed over."""
        found: list[Saved] = []
        for source in self._config.sources:
            if source.kind == "records" and source.yields == "projects":
                for path in sources.files(self._config, source):
                    found += self._of(path, source)
        return found

    def _of(self, path: Path, source: SourceConfig) -> list[Saved]:
        try:
            state = path.stat()
        except OSError:
            return []
        mark = (state.st_mtime_ns, state.st_size)
        if path not in self._read or self._read[path][0] != mark:
            self._read[path] = mark, list(self._records(path, source))
        return self._read[path][1]

    def _records(self, path: Path, source: SourceConfig) -> Iterator[Saved]:
        try:
            rows = [row for row in readers.read(path, source.options) if isinstance(row, readers.Row)]
        except LodError:
            return
        folder = self._config.folder
        shown = path.relative_to(folder).as_posix() if path.is_relative_to(folder) else path.name
        for row in rows:
            values, _, _ = canonical(row.values)
            alone = row.line == 0 and path.suffix in {".toml", ".json"}
            yield Saved(path, shown, values, _iri(values, self._config.iris, source.name), alone, row.values)


def text(record: Mapping[str, Any], suffix: str, heading: str) -> str:
    """Return the record as the text of its file; `heading` is its first line in TOML, a comment."""
    if suffix == "json":
        return json.dumps(record, ensure_ascii=False, indent=2, default=_plain) + "\n"
    comment = re.sub(r"[\x00-\x1f\x7f\u0085\u2028\u2029]+", " ", heading)
    return f"# {comment}\n{tomli_w.dumps(record)}"


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(value)


def digest(content: str) -> str:
    """Return the fingerprint of a file's content, by which a change meanwhile is noticed."""
    return hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()


def difference(before: str, after: str) -> list[tuple[str, str]]:
    """Return the lines that differ with three around them, as (sign, line); sign "@" parts two places."""
    lines = list(difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=3))[2:]
    return [("@", "…") if line.startswith("@@") else (line[:1], line[1:]) for line in lines]


def write(path: Path, content: str) -> None:
    """Put the file in its place at once, whole or not at all. Raise `ConfigError` when the folder cannot be written."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=".", suffix=".part", dir=path.parent)
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(name).chmod(0o644)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise ConfigError(f"{path}: nelze zapsat / cannot be written ({error.strerror})") from error
