"""`lod.toml` to a frozen Config: what is published, by whom, from which sources. Unknown keys are refused."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, fields, replace
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from .errors import ConfigError
from .iris import Iris
from .sourceconfig import SourceConfig, source
from .strict import Table

__all__ = ["Config", "Publisher", "Queries", "Signature", "SourceConfig", "StoreConfig", "load", "placed"]

# Where servers take graphs, by the path of their endpoint: Oxigraph's and Virtuoso's own addresses.
_GRAPH_STORES = {"/query": "/store", "/sparql": "/sparql-graph-crud-auth"}


@dataclass(frozen=True, slots=True)
class Publisher:
    """Who publishes: named in the catalogue."""

    name_cs: str
    name_en: str
    iri: str = ""  # the RPP IRI of a public body; without it an IRI of our own
    homepage: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Signature:
    """How releases are signed: Ed25519 keys in PEM files, None where there is none."""

    key: Path | None = None  # the private key (PKCS 8), whoever builds
    public_key: Path | None = None  # whoever verifies; it follows from the private one


@dataclass(frozen=True, slots=True)
class StoreConfig:
    """The remote SPARQL server that releases are served from; name and password come from the environment."""

    endpoint: str
    graph_store: str  # where graphs are written (SPARQL 1.1 Graph Store protocol)
    timeout: int  # seconds for a query


@dataclass(frozen=True, slots=True)
class Validation:
    """How records are validated (docs/validation.md)."""

    fast: bool = True  # use the fast engine where it is installed
    sample: float = 0.01  # share of the things that it passes which pySHACL judges too
    seconds: float = 10.0  # CPU that pySHACL may take for a request of about 50 nodes
    disagreement: str = "stop"  # stop | report: whether a disagreement of the two stops the switch


@dataclass(frozen=True, slots=True)
class Queries:
    """What SPARQL queries may take (docs/sparql.md); each worker of the server has processes of its own."""

    processes: int = 2  # for queries that are quick
    slow: int = 2  # queries over `quick` seconds at once, each on a process of its own
    seconds: float = 30.0  # a query, planning included
    memory: int = 1024  # MiB a process
    quick: float = 1.0  # seconds until a query counts as slow
    wait: float = 4.0  # seconds in the queue, until the answer is "busy"
    budget: float = 60.0  # seconds of queries a minute and client
    in_memory: bool = False  # ask a copy of the release in memory, not its store on disk


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
    signature: Signature
    validation: Validation
    sources: tuple[SourceConfig, ...]
    store: StoreConfig | None = None
    queries: Queries = Queries()

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


def load(path: Path, base: str | None = None) -> Config:
    """Read `lod.toml`; `base` overrides the one in the file. Raise `ConfigError`."""
    try:
        values = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise ConfigError(f"{path}: nelze číst / cannot be read ({error.strerror})") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: není platné TOML / is not valid TOML ({error})") from error
    table = Table(values, path.name)
    publisher = Table(table.take("publisher", dict), f"{path.name} publisher")
    catalogue = Table(table.take("catalogue", dict), f"{path.name} catalogue")
    signature = Table(table.take("signature", dict, {}), f"{path.name} signature")

    def key(name: str) -> Path | None:
        found: str = signature.take(name, str, "")
        return path.resolve().parent / found if found else None

    validation = Table(table.take("validation", dict, {}), f"{path.name} validation")
    made = Config(
        path=path.resolve(),
        base=table.take("base", str, "https://projekty.example/"),
        releases=(path.resolve().parent / table.take("releases", str, "releases")),
        keep=table.take("keep", int, 5),
        signature=Signature(key("key"), key("public_key")),
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
        validation=_validation(validation),
        sources=tuple(
            source(spec, rank, f"{path.name} source {rank + 1}") for rank, spec in enumerate(table.take("source", list))
        ),
        store=_store(table.take("store", dict, {}), f"{path.name} store"),
        queries=_queries(table.take("queries", dict, {}), f"{path.name} queries"),
    )
    for inner in (publisher, catalogue, signature, validation, table):
        inner.end()
    if made.store and made.queries.in_memory:
        raise ConfigError(
            f"{path.name} queries.in_memory: jen vlastní úložiště lze mít v paměti, [store] je jinde"
            " / only the store of our own can be in memory, [store] is elsewhere"
        )
    seen: set[str] = set()
    for name in (found.name for found in made.sources):
        if name in seen:
            raise ConfigError(f"{path.name}: zdroj {name} je dvakrát / source {name} stands twice")
        seen.add(name)
    return made.with_base(base or made.base)


def _store(values: dict[str, object], where: str) -> StoreConfig | None:
    if not values:
        return None
    table = Table(values, where)
    endpoint = _address(table.take("endpoint", str), f"{where}.endpoint")
    parts = urlsplit(endpoint)
    known = _GRAPH_STORES.get(parts.path)
    derived = urlunsplit((parts.scheme, parts.netloc, known, "", "")) if known else ...
    graph_store = _address(table.take("graph_store", str, derived), f"{where}.graph_store")
    timeout = table.take("timeout", int, 30)
    if timeout < 1:
        raise ConfigError(f"{where}.timeout: nejméně 1 s / at least 1 s")
    table.end()
    return StoreConfig(endpoint, graph_store, timeout)


def _queries(values: dict[str, object], where: str) -> Queries:
    table, usual = Table(values, where), Queries()
    kinds: dict[type, type | tuple[type, ...]] = {bool: bool, int: int, float: (int, float)}
    found: dict[str, float] = {
        item.name: table.take(item.name, kinds[type(item.default)], item.default) for item in fields(usual)
    }
    for name, value in found.items():
        if type(value) is not bool and not value > 0:
            raise ConfigError(f"{where}.{name}: čekáme kladné číslo / expected a positive number")
    table.end()
    return replace(usual, **found)  # type: ignore[arg-type]


def _address(text: str, where: str) -> str:
    """Return an http(s) address; raise `ConfigError` on another, and on one that holds a password."""
    try:
        parts = urlsplit(text)
        good = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0 and text.isascii()
    except ValueError:
        good = False
    if not good or re.search(r"\s|#", text):
        raise ConfigError(f"{where}: čekáme adresu http(s) / expected an http(s) address")
    if "@" in parts.netloc:
        raise ConfigError(
            f"{where}: jméno a heslo patří do proměnných LOD_STORE_USER a LOD_STORE_PASSWORD"
            " / the name and the password belong into these variables"
        )
    return text


def _validation(table: Table) -> Validation:
    usual = Validation()
    made = Validation(
        fast=table.take("fast", bool, usual.fast),
        sample=float(table.take("sample", (int, float), usual.sample)),
        seconds=float(table.take("seconds", (int, float), usual.seconds)),
        disagreement=table.choice("disagreement", ("stop", "report"), usual.disagreement),
    )
    if not 0 <= made.sample <= 1:
        raise ConfigError(f"{table.where}.sample: čekáme podíl od 0 do 1 / expected a share from 0 to 1")
    if not made.seconds > 0:
        raise ConfigError(f"{table.where}.seconds: čekáme kladné číslo / expected a positive number")
    return made


def placed(config: Config, releases: Path) -> Config:
    """Return the same configuration with its releases elsewhere."""
    return replace(config, releases=releases)
