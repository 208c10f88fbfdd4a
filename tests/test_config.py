from __future__ import annotations

from pathlib import Path

import pytest

from lod import config, sources
from lod.errors import ConfigError
from lod.sourceconfig import Column

from .conftest import HEAD, RECORDS, REPOSITORY, Site

TABLE = """
[[source]]
name = "registr"
kind = "table"
files = ["registers/*.csv"]

[source.columns]
nazev = "Název projektu"
castka_celkem = { column = "Cena", unit = 1000, decimal = "." }
"""


def load(folder: Path, text: str) -> config.Config:
    path = folder / "lod.toml"
    path.write_text(text, "utf-8")
    return config.load(path)


def test_the_configuration_of_the_repository_loads() -> None:
    found = config.load(REPOSITORY / "data" / "lod.toml")
    assert found.base == "https://projekty.example/"
    assert found.sources[0].name == "zaznamy"
    assert all(sources.files(found, source) for source in found.sources)


def test_sources_rank_as_they_stand(tmp_path: Path) -> None:
    found = load(tmp_path, HEAD + RECORDS + TABLE)
    assert [(source.name, source.rank) for source in found.sources] == [("zaznamy", 0), ("registr", 1)]
    total = found.sources[1].columns["total"]
    assert isinstance(total, Column)
    assert total.column == "Cena"
    assert found.releases == tmp_path / "releases"


def test_base_can_be_given_from_outside(tmp_path: Path) -> None:
    path = tmp_path / "lod.toml"
    path.write_text(HEAD + RECORDS, "utf-8")
    assert config.load(path, "https://kraj.example/").base == "https://kraj.example/"
    with pytest.raises(ConfigError, match="slash"):
        config.load(path, "https://kraj.example")


@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    [
        # an unknown key, with what was probably meant
        ('base = "https', 'bsae = "https', "did you mean base?"),
        ('name_en = "Office"', 'name_en = "Office"\nname_de = "Amt"', "name_de"),
        ('licence = "', 'license = "', "licence"),
        ('files = ["records', 'file = ["records', "files"),
        ('kind = "records"', 'kind = "records"\ndelimeter = ";"', "did you mean delimiter?"),
        (
            'castka_celkem = { column = "Cena"',
            'castka_celken = { column = "Cena"',
            "did you mean castka_celkem?",
        ),
        ("unit = 1000", "units = 1000", "did you mean unit?"),
        ("[[source]]", "[[sources]]", "source"),
        # a missing one
        ('name_cs = "Úřad"', "", "name_cs"),
        ('frequency = "ANNUAL"', "", "frequency"),
        ('kind = "table"', "", "kind"),
        # a wrong type
        ('base = "https://projekty.example/"', "base = 5", "base: "),
        ('base = "https://projekty.example/"', "keep = true", "keep: "),
        ('base = "https://projekty.example/"', 'keep = "5"', "keep: "),
        ('files = ["records/*"]', 'files = "records/*"', "files: "),
        ('files = ["records/*"]', "files = [1]", "files: "),
        ('nazev = "Název projektu"', "nazev = 1", "columns.nazev: "),
        ("unit = 1000", 'unit = "1000"', "unit: "),
        ("[publisher]", "[[publisher]]", "publisher: "),
        # a value that cannot be used
        ('base = "https://projekty.example/"', 'base = "projekty.example"', "base"),
        ('kind = "table"', 'kind = "tabulka"', "kind: "),
        ('kind = "table"', 'kind = "table"\nyields = "people"', "yields: "),
        ('decimal = "."', 'decimal = ";"', "decimal: "),
        ('column = "Cena"', 'column = "Cena", constant = "5"', "exactly one"),
        ('column = "Cena", ', "", "exactly one"),
        ('name = "registr"', 'name = "zaznamy"', "twice"),
        ('kind = "records"', 'kind = "table"', "columns"),
        ('kind = "table"', 'kind = "table"\ndelimiter = ";;"', "delimiter"),
        ('files = ["registers/*.csv"]', 'files = ["/registers/*.csv"]', "files"),
        ('files = ["registers/*.csv"]', 'files = [""]', "files"),
    ],
)
def test_what_cannot_be_meant_is_refused(tmp_path: Path, right: str, wrong: str, told: str) -> None:
    text = HEAD + RECORDS + TABLE
    assert right in text
    with pytest.raises(ConfigError) as refused:
        load(tmp_path, text.replace(right, wrong))
    assert told in str(refused.value)
    assert "lod.toml" in str(refused.value) or "base" in told


@pytest.mark.parametrize("value", ['"registr"', "5", '["registr"]', "[5]"])
def test_source_that_is_not_a_table_is_refused(tmp_path: Path, value: str) -> None:
    with pytest.raises(ConfigError, match="source"):
        load(tmp_path, f"source = {value}\n{HEAD}")


@pytest.mark.parametrize("date", ["včera", "31. 2. 2020"])
def test_document_with_an_unreadable_date_is_refused(tmp_path: Path, site: Site, date: str) -> None:
    document = f'[source.document]\nslug = "registr"\ntitle_cs = "R"\ntitle_en = "R"\ndate = "{date}"\n'
    site.write("registers/a.csv", "Název projektu,Cena\nA,5\n")
    with pytest.raises(ConfigError, match="date"):  # as soon as anybody needs it
        Site(site.write("lod.toml", HEAD + TABLE + document).parent, site.vocabulary).check()


def test_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"neni\.toml"):
        config.load(tmp_path / "neni.toml")


@pytest.mark.parametrize("content", [b"base = ", b"[publisher", b'base = "\xe8"', b"\xff\xfe\x00"])
def test_broken_toml_is_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "lod.toml"
    path.write_bytes(content)
    with pytest.raises(ConfigError, match=r"lod\.toml.*TOML"):
        config.load(path)
