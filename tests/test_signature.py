from __future__ import annotations

import csv
import gzip
import io
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from lod import cli, release
from lod.config import Signature
from lod.errors import ConfigError
from lod.release import Release
from lod.terms import Vocabulary

from .conftest import HEAD, RECORDS, Site, make_site
from .test_release import built, rows

KEYS = '[signature]\nkey = "release.pem"\n'


def openssl(*arguments: object) -> None:
    subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True)


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory, vocabulary: Vocabulary) -> Site:
    site = make_site(tmp_path_factory.mktemp("signed"), vocabulary)
    for name in ("release", "other"):
        openssl("genpkey", "-algorithm", "ed25519", "-out", site.folder / f"{name}.pem")
        openssl("pkey", "-in", site.folder / f"{name}.pem", "-pubout", "-out", site.folder / f"{name}.pub.pem")
    site.write("lod.toml", HEAD + KEYS + RECORDS)
    site.rows(*rows(2))
    built(site)
    return site


def only(site: Site) -> Release:
    (made,) = release.history(site.releases)
    return made


def faults(made: Release, keys: Signature | None = None) -> list[str]:
    said: list[str] = []
    assert release.verify(made, said.append, keys) is not bool(said)
    return said


def test_anyone_can_check_the_signature_without_us(signed: Site) -> None:
    made = only(signed).path
    openssl(
        *("pkeyutl", "-verify", "-pubin", "-inkey", made / "public_key.pem", "-rawin"),
        *("-in", made / "manifest.json", "-sigfile", made / "manifest.json.sig"),
    )
    assert (made / "public_key.pem").read_bytes() == (signed.folder / "release.pub.pem").read_bytes()


@pytest.mark.parametrize("keys", ["key", "public_key", ""])
def test_right_key_verifies(signed: Site, keys: str) -> None:
    path = signed.folder / {"key": "release.pem", "public_key": "release.pub.pem", "": ""}[keys]
    assert faults(only(signed), Signature(**{keys: path}) if keys else None) == []


def test_wrong_key_does_not_verify(signed: Site, capsys: pytest.CaptureFixture[str]) -> None:
    other = signed.folder / "other.pub.pem"
    assert re.search("does not fit", "".join(faults(only(signed), Signature(public_key=other))))
    arguments = ["releases", "verify", "--config", str(signed.settings)]
    assert cli.main(arguments) == 0
    assert cli.main([*arguments, "--public-key", str(other)]) == 1
    assert "the signature does not fit" in capsys.readouterr().err


def test_changed_manifest_or_missing_signature_is_told(signed: Site, tmp_path: Path) -> None:
    copy = Release(shutil.copytree(only(signed).path, tmp_path / only(signed).id))
    manifest = copy.path / "manifest.json"
    manifest.write_text(manifest.read_text("utf-8").replace('"triples"', '"triples" '), "utf-8")
    assert re.search("does not fit", "".join(faults(copy)))
    (copy.path / "manifest.json.sig").unlink()
    assert re.search("is not signed", "".join(faults(copy)))
    assert re.search("is not signed", "".join(faults(copy, signed.config.signature)))


@pytest.mark.parametrize("content", [None, "nesmysl", "rsa"])
def test_unusable_key_stops_the_build_before_anything_is_written(
    tmp_path: Path, vocabulary: Vocabulary, content: str | None
) -> None:
    site = make_site(tmp_path, vocabulary)
    site.write("lod.toml", HEAD + KEYS + RECORDS)
    site.rows(*rows(1))
    if content == "rsa":
        openssl("genpkey", "-algorithm", "rsa", "-out", site.folder / "release.pem")
    elif content:
        site.write("release.pem", content)
    with pytest.raises(ConfigError, match=r"release\.pem"):
        site.build()
    assert release.history(site.releases) == []


def test_keys_that_do_not_belong_together_stop_the_build(signed: Site, tmp_path: Path, vocabulary: Vocabulary) -> None:
    site = make_site(tmp_path, vocabulary)
    site.write("release.pem", (signed.folder / "release.pem").read_bytes())
    site.write("other.pub.pem", (signed.folder / "other.pub.pem").read_bytes())
    keys = '[signature]\nkey = "release.pem"\npublic_key = "other.pub.pem"\n'
    site.write("lod.toml", HEAD + keys + RECORDS)
    site.rows(*rows(1))
    with pytest.raises(ConfigError, match=r"other\.pub\.pem"):
        site.build()


# What else a release holds


def test_changes_say_what_differs_from_the_release_served_before(site: Site) -> None:
    site.write("lod.toml", HEAD + RECORDS + "least = 1\n")
    told = []
    for titles in (["A", "B"], ["A", "C"], ["A"], ["A", "C"]):
        site.rows(*(f"{title};CZ.1.04/3.1.00/05.{n:05};60609460;2010;2012" for n, title in enumerate(titles, 1)))
        made = built(site)
        changes = [json.loads(line) for line in made.rows("changes.jsonl")]
        assert {item["time"] for item in changes} <= {made.manifest["created"]}
        told.append({item["iri"][-5:]: item["change"] for item in changes if "/projekty/" in item["iri"]})
    assert told == [
        {"00001": "added", "00002": "added"},
        {"00002": "changed"},
        {"00002": "removed"},
        {"00002": "added"},
    ]


def test_tables_hold_every_thing_of_their_class_exactly(site: Site) -> None:
    site.record("a", nazev='=1|2\\3; "x"\nřádek', cile=None, registracni_cislo="CZ.1.04/3.1.00/05.00001")
    site.record("b", nazev_en="School", registracni_cislo="CZ.1.04/3.1.00/05.00002")
    made = built(site)
    content = gzip.decompress((made.path / "dumps" / "Project.csv.gz").read_bytes()).decode()
    table = list(csv.DictReader(io.StringIO(content, newline="")))
    assert [row["iri"][-5:] for row in table] == ["00001", "00002"]
    assert [row["title_en"] for row in table] == ["", "School"]
    assert table[0]["title_cs"].replace("\\|", "|").replace("\\\\", "\\") == '=1|2\\3; "x" řádek'
    (organisation,) = csv.DictReader(
        io.StringIO(gzip.decompress((made.path / "dumps" / "RegisteredOrganisation.csv.gz").read_bytes()).decode())
    )
    assert organisation["ico"] == "60609460"
    assert {row["beneficiary"] for row in table} == {organisation["iri"]}
