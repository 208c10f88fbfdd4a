"""What the tests share: one vocabulary, and small sites in folders of their own."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from lod import checking, config, pipeline
from lod.iris import Iris
from lod.model import Finding, Severity
from lod.store import login
from lod.terms import Vocabulary

from .servers import Oxigraph, Server, Virtuoso

BASE = "https://projekty.example/"
REPOSITORY = Path(__file__).parent.parent

settings.register_profile("lod", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("lod")

HEAD = """
base = "https://projekty.example/"

[publisher]
name_cs = "Úřad"
name_en = "Office"

[catalogue]
title_cs = "Projekty"
title_en = "Projects"
description_cs = "Projekty."
description_en = "Projects."
licence = "https://creativecommons.org/licenses/by/4.0/"
frequency = "ANNUAL"
"""

RECORDS = """
[[source]]
name = "zaznamy"
kind = "records"
files = ["records/*"]
"""

# All that a record needs to pass without a warning.
GOOD = {
    "nazev": "Oprava školy",
    "registracni_cislo": "CZ.1.04/3.1.00/05.00099",
    "prijemce": "Olomoucký kraj",
    "ico": "60609460",
}


@dataclass(frozen=True)
class Site:
    """A folder with a `lod.toml` and its inputs."""

    folder: Path
    vocabulary: Vocabulary

    @property
    def settings(self) -> Path:
        return self.folder / "lod.toml"

    @property
    def releases(self) -> Path:
        return self.folder / "releases"

    @property
    def config(self) -> config.Config:
        return config.load(self.settings)

    def write(self, name: str, content: str | bytes) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def record(self, name: str = "projekt", **values: Any) -> Path:
        """Write a good record with these values of its own."""
        return self.write(f"records/{name}.json", json.dumps({**GOOD, **values}))

    def rows(self, *rows: str, header: str = "nazev;registracni_cislo;ico;zahajeni;ukonceni") -> Path:
        return self.write("records/projekty.csv", "\n".join([header, *rows, ""]))

    def check(self) -> checking.Checked:
        collected = pipeline.collect(self.config, self.vocabulary, pipeline.Progress())
        return pipeline.check(collected, self.vocabulary, pipeline.Progress(), settings=self.config.validation)

    def build(self, **options: Any) -> pipeline.Outcome:
        return pipeline.build(self.config, self.vocabulary, **options)


def make_site(folder: Path, vocabulary: Vocabulary, sources: str = RECORDS) -> Site:
    site = Site(folder, vocabulary)
    site.write("lod.toml", HEAD + sources)
    return site


def violations(findings: Iterable[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.severity is Severity.VIOLATION]


def lines(checked: checking.Checked) -> set[str]:
    return {line for described in checked.described.values() for line in described}


@pytest.fixture(scope="session")
def vocabulary() -> Vocabulary:
    return Vocabulary(BASE)


@pytest.fixture(scope="session")
def iris() -> Iris:
    return Iris(BASE)


@pytest.fixture(scope="session")
def settings_of(tmp_path_factory: pytest.TempPathFactory, vocabulary: Vocabulary) -> Callable[[Server], config.Config]:
    """Return a configuration whose store is this server."""
    loaded = make_site(tmp_path_factory.mktemp("settings"), vocabulary).config
    return lambda server: replace(loaded, store=server.store)


@pytest.fixture(scope="session")
def oxigraph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    if not Oxigraph.is_here():
        pytest.skip("the oxigraph server is not installed here (PyPI: oxigraph)")
    server = Oxigraph(tmp_path_factory.mktemp("oxigraph") / "server")
    server.start()
    yield server
    server.kill()


@pytest.fixture(scope="session")
def virtuoso(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    if not Virtuoso.is_here():
        pytest.skip("Virtuoso is not installed here (Debian: virtuoso-opensource)")
    server = Virtuoso(tmp_path_factory.mktemp("virtuoso") / "server")
    server.start()
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv(login.USER, "dba")
        environment.setenv(login.PASSWORD, "dba")
        yield server
    server.kill()


@pytest.fixture
def site(tmp_path: Path, vocabulary: Vocabulary) -> Site:
    return make_site(tmp_path, vocabulary)
