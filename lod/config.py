"""`lod.toml` to a frozen Config: what is published, by whom, from which sources. Unknown keys are refused."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from pathlib import Path

from .errors import ConfigError
from .iris import Iris
from .sourceconfig import SourceConfig, source
from .strict import Table

__all__ = ["Config", "Publisher", "SourceConfig", "load", "placed"]


@dataclass(frozen=True, slots=True)
class Publisher:
    """Who publishes: named in the catalogue."""

    name_cs: str
    name_en: str
    iri: str = ""  # the RPP IRI of a public body; without it an IRI of our own
    homepage: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Validation:
    """How records are validated (docs/validation.md)."""

    fast: bool = True  # use the fast engine where it is installed
    sample: float = 0.01  # share of the things that it passes which pySHACL judges too
    seconds: float = 10.0  # CPU that pySHACL may take for a request of about 50 nodes
    disagreement: str = "stop"  # stop | report: whether a disagreement of the two stops the switch


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
    validation: Validation
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
    validation = Table(table.take("validation", dict, {}), f"{path.name} validation")
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
        validation=_validation(validation),
        sources=tuple(
            source(spec, rank, f"{path.name} source {rank + 1}") for rank, spec in enumerate(table.take("source", list))
        ),
    )
    for inner in (publisher, catalogue, validation, table):
        inner.end()
    seen: set[str] = set()
    for name in (found.name for found in made.sources):
        if name in seen:
            raise ConfigError(f"{path.name}: zdroj {name} je dvakrát / source {name} stands twice")
        seen.add(name)
    return made.with_base(base or made.base)


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
