"""`lod.toml` to a frozen Config: what is published, by whom, from which sources. Unknown keys are refused."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from . import downloads
from .clean import PartialDate, partial_date
from .errors import ConfigError, RefreshError
from .iris import Iris
from .privacy import CONTACTS, PERSONS
from .tidy import FIELDS, ORGANISATION, names, suggestion

__all__ = ["Column", "Config", "DocumentConfig", "Publisher", "SourceConfig", "load", "placed"]


@dataclass(frozen=True, slots=True)
class Column:
    """Where one field comes from: a column of the table, or a constant."""

    column: str = ""
    constant: str | None = None
    optional: bool = False  # the file may lack the column
    unit: Decimal = Decimal(1)  # amounts are given in thousands or millions
    decimal: str | None = None  # "." or ",": the decimal mark that the source is known to use
    codes: Mapping[str, str] = field(default_factory=dict)  # value as printed -> value meant
    unless: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # leave out where a column says so


@dataclass(frozen=True, slots=True)
class DocumentConfig:
    """The register a table comes from, as a source document."""

    slug: str
    title_cs: str
    title_en: str
    url: str = ""
    date: str = ""

    @property
    def modified(self) -> PartialDate | None:
        """The date, with its precision; raises `ValueError` when it cannot be read."""
        return partial_date(self.date) if self.date else None


@dataclass(frozen=True, slots=True)
class SourceConfig:
    """One `[[source]]`."""

    name: str
    kind: str  # "records" (our tidy layout), "table" (any CSV, by its columns) or "pages" (web pages)
    files: tuple[str, ...]
    rank: int
    yields: str = "projects"  # or "organisations": a reference that completes names and seats
    columns: Mapping[str, Column] = field(default_factory=dict)
    ignore: tuple[str, ...] = ()
    least: int | None = None
    delimiter: str = ""
    encoding: str = "utf-8"
    document: DocumentConfig | None = None
    url: Mapping[str, str] = field(default_factory=dict)  # file below downloads/<name>/ -> its address
    allow_private: bool = False  # the hosts of `url` may have addresses of private networks
    most_bytes: int = 512 << 20  # what a download may have at most
    most_seconds: int = 1800  # what a download may take at most
    persons: str = "drop"  # natural persons as beneficiaries; see `lod.privacy`
    contacts: str = "remove"  # e-mails, telephone numbers and contact persons in texts


@dataclass(frozen=True, slots=True)
class Publisher:
    """Who publishes: named in the catalogue."""

    name_cs: str
    name_en: str
    iri: str = ""  # the RPP IRI of a public body; without it an IRI of our own
    homepage: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Config:
    """Everything `lod.toml` says; paths are absolute."""

    path: Path
    base: str
    releases: Path
    publisher: Publisher
    title_cs: str
    title_en: str
    description_cs: str
    description_en: str
    licence: str
    frequency: str  # a code of the EU's frequency list
    keep: int
    sources: tuple[SourceConfig, ...]

    @property
    def folder(self) -> Path:
        """The folder that source files are relative to."""
        return self.path.parent

    @property
    def iris(self) -> Iris:
        """IRIs below the configured base."""
        return Iris(self.base)

    def with_base(self, base: str) -> Config:
        """Return the same configuration for another base; raise `ConfigError` on an unusable one."""
        Iris(base)
        return replace(self, base=base)


class _Table:
    """A TOML table whose keys are taken one by one; what is left over is refused."""

    def __init__(self, values: Mapping[str, Any], where: str) -> None:
        self.values = dict(values)
        self.where = where
        self.known: dict[str, object] = {}

    def take(self, key: str, kind: type | tuple[type, ...], default: Any = ...) -> Any:
        self.known[key] = None
        value = self.values.pop(key, default)
        if value is ...:
            raise ConfigError(f"{self.where}: chybí klíč {key} / the key {key} is missing")
        if value is not default and (not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool)):
            expected = " / ".join(k.__name__ for k in (kind if isinstance(kind, tuple) else (kind,)))
            raise ConfigError(f"{self.where}.{key}: čekáme {expected} / expected {expected}")
        return value

    def texts(self, key: str, default: Any = ...) -> tuple[str, ...]:
        values = self.take(key, list, default)
        if not all(isinstance(item, str) for item in values):
            raise ConfigError(f"{self.where}.{key}: čekáme seznam textů / expected a list of texts")
        return tuple(values)

    def end(self) -> None:
        for key in self.values:
            close = suggestion(key, self.known)
            hint = f"; neměl to být {close}? / did you mean {close}?" if close else ""
            raise ConfigError(f"{self.where}: neznámý klíč {key} / unknown key {key}{hint}")


def _column(spec: object, where: str) -> Column:
    if isinstance(spec, str):
        return Column(column=spec)
    if not isinstance(spec, dict):
        raise ConfigError(f"{where}: čekáme název sloupce nebo tabulku / expected a column name or a table")
    table = _Table(spec, where)
    column = table.take("column", str, "")
    constant = table.take("constant", str, None)
    if bool(column) == (constant is not None):
        raise ConfigError(f"{where}: právě jedno z column, constant / exactly one of column, constant")
    decimal = table.take("decimal", str, None)
    if decimal not in {None, ".", ","}:
        raise ConfigError(f'{where}.decimal: jen "." nebo "," / only "." or ","')
    unless = table.take("unless", dict, {})
    made = Column(
        column=column,
        constant=constant,
        optional=table.take("optional", bool, False),
        unit=Decimal(str(table.take("unit", (int, float), 1))),
        decimal=decimal,
        codes={str(key): str(value) for key, value in table.take("codes", dict, {}).items()},
        unless={key: tuple(_Table(unless, f"{where}.unless").texts(key)) for key in unless},
    )
    table.end()
    return made


def _document(values: dict[str, Any] | None, where: str) -> DocumentConfig | None:
    if values is None:
        return None
    table = _Table(values, where)
    document = DocumentConfig(
        slug=table.take("slug", str),
        title_cs=table.take("title_cs", str),
        title_en=table.take("title_en", str),
        url=table.take("url", str, ""),
        date=table.take("date", str, ""),
    )
    table.end()
    try:
        document.modified  # noqa: B018 - to tell an unreadable date here
    except ValueError as error:
        raise ConfigError(f"{where}.date: není datum / is not a date ({error})") from error
    return document


def _columns(specs: dict[str, Any], yields: str, where: str) -> dict[str, Column]:
    known = names(FIELDS if yields == "projects" else ORGANISATION)
    columns: dict[str, Column] = {}
    for key, spec in specs.items():
        if key not in known:
            close = suggestion(key, known)
            hint = f"; neměl to být {close}? / did you mean {close}?" if close else ""
            raise ConfigError(f"{where}.columns: neznámé pole {key} / unknown field {key}{hint}")
        columns[known[key].english] = _column(spec, f"{where}.columns.{key}")
    return columns


def _url(value: str | dict[str, Any], name: str, where: str) -> dict[str, str]:
    """Return the addresses of a source by the file that each is stored in."""
    try:
        files = {downloads.file_name(value): value} if isinstance(value, str) else value
        for address in files.values():
            if not isinstance(address, str):
                raise ConfigError(f'{where}.url: čekáme / expected {{ "soubor.csv" = "https://…" }}')
            downloads.web_address(address)
    except RefreshError as error:
        raise ConfigError(f"{where}.url: {error}") from error
    if not all(downloads.is_name(file, suffix=True) for file in files):
        raise ConfigError(
            f"{where}.url: jak se má soubor jmenovat? / what is the file to be called?"
            ' url = { "soubor.csv" = "https://…" }'
        )
    if files and not downloads.is_name(name):
        raise ConfigError(
            f"{where}: u zdroje s url smí mít name jen písmena, číslice, _ a - (je to složka)"
            " / with a url, name may have letters, digits, _ and - only (it is a folder)"
        )
    return files


def _source(values: object, rank: int, where: str) -> SourceConfig:
    if not isinstance(values, dict):
        raise ConfigError(f"{where}: čekáme tabulku [[source]] / expected a table [[source]]")
    table = _Table(values, where)
    name = table.take("name", str)
    table.where = where = f"{where} {name}"
    kind = table.take("kind", str)
    if kind not in {"records", "table", "pages"}:
        raise ConfigError(f'{where}.kind: jen "records", "table" nebo "pages" / only "records", "table" or "pages"')
    yields = table.take("yields", str, "projects")
    if yields not in {"projects", "organisations"}:
        raise ConfigError(f'{where}.yields: jen "projects" nebo "organisations" / only "projects" or "organisations"')
    if kind == "pages" and yields != "projects":
        raise ConfigError(f"{where}.yields: stránky dávají jen projekty / pages yield projects only")
    columns = _columns(table.take("columns", dict, {}), yields, where)
    if (kind == "table") != bool(columns):
        raise ConfigError(f"{where}: columns patří jen ke kind = table / columns go with kind = table only")
    document = _document(table.take("document", dict, None), f"{where}.document")
    url = _url(table.take("url", (str, dict), {}), name, where)
    patterns = table.texts("files", [f"{downloads.FOLDER}/{name}/{file}" for file in url] if url else ...)
    if not patterns or not all(pattern and not pattern.startswith("/") for pattern in patterns):
        raise ConfigError(f"{where}.files: jen relativní vzory / only relative patterns")
    delimiter = table.take("delimiter", str, "")
    if len(delimiter) > 1:
        raise ConfigError(f"{where}.delimiter: jen jeden znak / one character only")
    made = SourceConfig(
        name=name,
        kind=kind,
        files=patterns,
        rank=rank,
        yields=yields,
        columns=columns,
        ignore=table.texts("ignore", []),
        least=table.take("least", int, None),
        delimiter=delimiter,
        encoding=table.take("encoding", str, "utf-8"),
        document=document,
        url=url,
        allow_private=table.take("allow_private", bool, False),
        most_bytes=table.take("most_bytes", int, 512 << 20),
        most_seconds=table.take("most_seconds", int, 1800),
        persons=_choice(table, "persons", PERSONS),
        contacts=_choice(table, "contacts", CONTACTS),
    )
    table.end()
    if made.most_bytes < 1 or made.most_seconds < 1:
        raise ConfigError(f"{where}: most_bytes a most_seconds nejméně 1 / most_bytes and most_seconds at least 1")
    return made


def _choice(table: _Table, key: str, choices: tuple[str, ...]) -> str:
    """Take one of a few words, the first where the key is absent."""
    value: str = table.take(key, str, choices[0])
    if value not in choices:
        listed = ", ".join(choices)
        raise ConfigError(f"{table.where}.{key}: jen / only: {listed}")
    return value


def load(path: Path, base: str | None = None) -> Config:
    """Read `lod.toml`; `base` overrides the one in the file. Raise `ConfigError`."""
    try:
        values = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise ConfigError(f"{path}: nelze číst / cannot be read ({error.strerror})") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: není platné TOML / is not valid TOML ({error})") from error
    table = _Table(values, path.name)
    publisher = _Table(table.take("publisher", dict), f"{path.name} publisher")
    catalogue = _Table(table.take("catalogue", dict), f"{path.name} catalogue")
    made = Config(
        path=path.resolve(),
        base=table.take("base", str, "https://projekty.example/"),
        releases=(path.resolve().parent / table.take("releases", str, "releases")),
        keep=table.take("keep", int, 5),
        publisher=Publisher(
            name_cs=publisher.take("name_cs", str),
            name_en=publisher.take("name_en", str),
            iri=publisher.take("iri", str, ""),
            homepage=publisher.take("homepage", str, ""),
            email=publisher.take("email", str, ""),
        ),
        title_cs=catalogue.take("title_cs", str),
        title_en=catalogue.take("title_en", str),
        description_cs=catalogue.take("description_cs", str),
        description_en=catalogue.take("description_en", str),
        licence=catalogue.take("licence", str),
        frequency=catalogue.take("frequency", str),
        sources=tuple(
            _source(spec, rank, f"{path.name} source {rank + 1}")
            for rank, spec in enumerate(table.take("source", list))
        ),
    )
    for inner in (publisher, catalogue, table):
        inner.end()
    seen: set[str] = set()
    for source in made.sources:
        if source.name in seen:
            raise ConfigError(f"{path.name}: zdroj {source.name} je dvakrát / source {source.name} stands twice")
        seen.add(source.name)
    return made.with_base(base or made.base)


def placed(config: Config, releases: Path) -> Config:
    """Return the same configuration with its releases elsewhere."""
    return replace(config, releases=releases)
