"""Releases: the same bytes from the same input, one atomic switch, and a way back."""

from __future__ import annotations

import gzip
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib import DCAT, Graph, Namespace

from lod import cli, pipeline, release, store, workers
from lod.errors import ReleaseError, StoreError
from lod.release import Release
from lod.store import Embedded, Query
from lod.terms import Vocabulary, home

from .conftest import BASE, HEAD, RECORDS, Site, make_site

SPDX = Namespace("http://spdx.org/rdf/terms#")
PROJECTS = f"{BASE}zdroj/projekty/"
FORMATS = {
    "nq": ox.RdfFormat.N_QUADS,
    "nt": ox.RdfFormat.N_TRIPLES,
    "ttl": ox.RdfFormat.TURTLE,
    "rdf": ox.RdfFormat.RDF_XML,
}


def rows(number: int) -> list[str]:
    return [f"Projekt {n};CZ.1.04/3.1.00/05.{n:05};60609460;2010;2012" for n in range(1, number + 1)]


def dumps(made: Release) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted((made.path / "dumps").iterdir())}


def triples(made: Release, extension: str) -> set[str]:
    content = gzip.decompress(dumps(made)[f"projekty.{extension}.gz"])
    return {f"{quad.triple} ." for quad in ox.parse(content, format=FORMATS[extension])}


def serving(site: Site) -> Release:
    found = release.current(site.releases)
    assert found is not None
    return found


def projects(made: Release) -> set[str]:
    return {iri.removeprefix(PROJECTS) for iri in made.lines("entities.txt") if iri.startswith(PROJECTS)}


def built(site: Site, publish: bool = True) -> Release:
    outcome = site.build(publish=publish)
    assert outcome.stopped == []
    assert outcome.release is not None
    return outcome.release


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory, vocabulary: Vocabulary) -> Site:
    """A site with one release of three rows, the second of them bad; read only."""
    site = make_site(tmp_path_factory.mktemp("one"), vocabulary)
    site.rows(rows(1)[0], "Špatný;CZ.1.04/3.1.00/05.00002;12345678;2010;2012", rows(3)[2])
    built(site)
    return site


# What a release holds


def test_bad_row_is_reported_with_its_place_and_the_rest_is_published(one: Site) -> None:
    made = serving(one)
    assert projects(made) == {"CZ.1.04-3.1.00-05.00001", "CZ.1.04-3.1.00-05.00003"}
    bad = [finding for finding in made.report["findings"] if finding["severity"] == "violation"]
    assert {(finding["place"], finding["field"]) for finding in bad} == {("records/projekty.csv:3", "ico")}
    (source,) = made.report["sources"]
    assert (source["read"], source["refused"], source["published"]) == (3, 1, 2)


def test_same_input_gives_the_same_bytes(one: Site, tmp_path: Path, vocabulary: Vocabulary) -> None:
    again = make_site(tmp_path, vocabulary)
    shutil.copytree(one.folder / "records", again.folder / "records")
    first, second = serving(one), built(again)
    assert dumps(first) == dumps(second)
    assert first.manifest["data_sha256"] == second.manifest["data_sha256"]


def test_every_dump_is_the_same_graph(one: Site) -> None:
    made = serving(one)
    expected = triples(made, "nq")
    assert all(triples(made, extension) == expected for extension in FORMATS)
    content = gzip.decompress(dumps(made)["projekty.jsonld.gz"])
    assert len(Graph().parse(data=content, format="json-ld")) == len(expected) == made.manifest["counts"]["triples"]


def test_store_holds_the_dump_the_catalogue_and_the_vocabulary(one: Site) -> None:
    made = serving(one)
    opened = ox.Store.read_only(str(made.path / "store"))
    held = {f"{quad.triple} ." for quad in opened.quads_for_pattern(None, None, None, ox.DefaultGraph())}
    assert len(held) == len(list(opened))
    # pyoxigraph keeps every integer as xsd:integer, so sizes are typed less strictly in the store.
    sizes = {line for line in made.lines("catalogue.nt") if "dcat#byteSize" in line}
    assert triples(made, "nq") | (made.lines("catalogue.nt") - sizes) < held
    assert {line.replace("nonNegativeInteger", "integer") for line in sizes} < held
    assert any("https://w3id.org/verejne-projekty#beneficiary> <" in line for line in held)
    assert not [line for line in held if "_:" in line.split('"')[0]]


def test_everything_referred_to_is_described(one: Site) -> None:
    found = list(ox.parse("\n".join(triples(serving(one), "nq")), format=ox.RdfFormat.N_TRIPLES))
    subjects = {quad.subject.value for quad in found if isinstance(quad.subject, ox.NamedNode)}
    objects = {quad.object.value for quad in found if isinstance(quad.object, ox.NamedNode)}
    assert {iri for iri in objects if iri.startswith(f"{BASE}zdroj/")} <= subjects


def test_catalogue_tells_the_size_and_checksum_of_the_bytes(one: Site) -> None:
    made = serving(one)
    found = Graph().parse(made.path / "catalogue.nt")
    told = set()
    for distribution in found.subjects(DCAT.byteSize):
        url = str(found.value(distribution, DCAT.downloadURL))
        checksum = found.value(found.value(distribution, SPDX.checksum), SPDX.checksumValue)
        told.add((url.rpartition("/")[2], int(str(found.value(distribution, DCAT.byteSize))), str(checksum)))
    sums = {name: checksum for checksum, name in (line.split("  ") for line in made.lines("dumps/SHA256SUMS"))}
    assert told == {(name, len(content), sums[name]) for name, content in dumps(made).items() if name != "SHA256SUMS"}


# Verify


def test_good_release_verifies_also_after_it_was_queried(one: Site) -> None:
    made = serving(one)
    answer = Embedded.open(made.path / "store").answer(Query("ASK { ?s ?p ?o }"))
    assert isinstance(answer, ox.QueryBoolean)
    assert bool(answer)
    said: list[str] = []
    assert release.verify(made, said.append)
    assert said == []


@pytest.mark.parametrize(
    "name", ["dumps/projekty.nt.gz", "dumps/SHA256SUMS", "catalogue.nt", "report.json", "entities.txt", "withdrawn.txt"]
)
def test_verify_notices_a_changed_byte(one: Site, tmp_path: Path, name: str) -> None:
    copy = Release(shutil.copytree(serving(one).path, tmp_path / serving(one).id))
    content = bytearray((copy.path / name).read_bytes() or b"\n")
    content[len(content) // 2] ^= 1
    (copy.path / name).write_bytes(content)
    said: list[str] = []
    assert not release.verify(copy, said.append)
    assert len(said) == 1
    assert name in said[0]


def test_verify_notices_a_missing_file(one: Site, tmp_path: Path) -> None:
    copy = Release(shutil.copytree(serving(one).path, tmp_path / serving(one).id))
    (copy.path / "dumps" / "projekty.ttl.gz").unlink()
    said: list[str] = []
    assert not release.verify(copy, said.append)
    assert "is missing" in said[0]


@pytest.mark.parametrize("name", ["store/000021.log", "dumps/more.nq.gz", "more"])
@pytest.mark.parametrize("is_link", [False, True])
def test_verify_notices_what_was_added(one: Site, tmp_path: Path, name: str, is_link: bool) -> None:
    copy = Release(shutil.copytree(serving(one).path, tmp_path / serving(one).id))
    if is_link:
        (copy.path / name).symlink_to("nowhere")
    else:
        (copy.path / name).write_bytes(b"")
    said: list[str] = []
    assert not release.verify(copy, said.append)
    assert said == [f"{copy.id}/{name}: v manifestu není / is not in the manifest"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"release": "20200101T000000Z"},
        {"dumps": [{"name": "projekty.nq.gz", "size": 1, "sha256": "0"}]},
        {"dumps": [{"name": "other.nq.gz", "size": 1, "sha256": "0"}]},
        {"dumps": [1]},
        {"dumps": [{}]},
        {"changes": {"added": 1}},
        {"counts": {}},
        {"data_sha256": "0"},
    ],
    ids=lambda wrong: next(iter(wrong)),
)
def test_verify_notices_a_manifest_that_is_of_something_else(
    one: Site, tmp_path: Path, wrong: dict[str, object]
) -> None:
    copy = Release(shutil.copytree(serving(one).path, tmp_path / serving(one).id))
    (copy.path / "manifest.json").write_text(json.dumps(copy.manifest | wrong), "utf-8")
    said: list[str] = []
    assert not release.verify(copy, said.append)
    assert len(said) == 1


@pytest.mark.parametrize("content", ["{", "[]"])
def test_damaged_manifest_is_told(one: Site, tmp_path: Path, content: str) -> None:
    copy = Release(shutil.copytree(serving(one).path, tmp_path / serving(one).id))
    (copy.path / "manifest.json").write_text(content, "utf-8")
    assert not copy.is_readable
    with pytest.raises(ReleaseError, match="manifest"):
        release.verify(copy, print)


@pytest.mark.parametrize("content", ["{}", '{"files": {}, "counts": 1}'])
def test_manifest_that_is_not_whole_is_told(one: Site, tmp_path: Path, content: str) -> None:
    copy = Release(shutil.copytree(serving(one).path, tmp_path / serving(one).id))
    (copy.path / "manifest.json").write_text(content, "utf-8")
    assert not copy.is_readable
    said: list[str] = []
    assert not release.verify(copy, said.append)
    assert "the manifest lacks release, base" in said[0]


def test_releases_without_a_manifest_do_not_hide_behind_good_ones(
    site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    site.rows(*rows(1))
    first, second, third = (built(site) for _ in range(3))
    verify = ["releases", "verify", "--config", str(site.settings)]
    assert cli.main(verify) == 0
    (first.path / "manifest.json").write_text("{}", "utf-8")
    (third.path / "manifest.json").unlink()
    capsys.readouterr()
    assert cli.main(verify) == 1
    said = capsys.readouterr()
    assert f"{first.id}: POŠKOZENO / DAMAGED" in said.out
    assert f"{second.id}: v pořádku / fine" in said.out
    assert f"{third.id}/manifest.json: chybí / is missing" in said.err
    assert cli.main(["releases", "--config", str(site.settings)]) == 0
    assert f"{first.id}  manifest nelze číst" in capsys.readouterr().out
    shutil.rmtree(third.path)
    assert cli.main(verify) == 1
    assert f"{third.id} is not there" in capsys.readouterr().err


# The switch


@pytest.mark.parametrize(("number", "stops"), [(9, False), (8, True), (0, True)])
def test_source_below_nine_tenths_of_the_last_release_stops_the_switch(site: Site, number: int, stops: bool) -> None:
    site.rows(*rows(10))
    first = built(site)
    if number:
        site.rows(*rows(number))
    else:
        (site.folder / "records" / "projekty.csv").unlink()
    outcome = site.build()
    assert bool(outcome.stopped) is stops
    assert (serving(site) == first) is stops
    if stops:
        assert f"source zaznamy gave {number} records, the least is 9" in outcome.stopped[0]
        assert release.history(site.releases) == [first]


def test_first_build_of_an_empty_source_stops(site: Site) -> None:
    assert site.build().stopped
    assert release.current(site.releases) is None


@pytest.mark.parametrize(("least", "stops"), [(0, False), (2, False), (3, True)])
def test_configured_least_decides(site: Site, least: int, stops: bool) -> None:
    site.write("lod.toml", HEAD + RECORDS + f"least = {least}\n")
    site.rows(*rows(2))
    assert bool(site.build().stopped) is stops


def test_build_without_publishing_leaves_the_old_release(site: Site) -> None:
    site.rows(*rows(2))
    first = built(site)
    site.rows(*rows(3))
    second = built(site, publish=False)
    assert serving(site) == first
    assert release.history(site.releases) == [first, second]
    release.publish(second, site.releases)
    assert serving(site) == second


def test_rollback_goes_one_release_back(site: Site) -> None:
    site.rows(*rows(2))
    first = built(site)
    site.rows(*rows(3))
    built(site)
    assert release.rollback(site.releases) == first == serving(site)
    with pytest.raises(ReleaseError, match="nothing to roll back to"):
        release.rollback(site.releases)
    assert serving(site) == first


def test_rollback_that_is_killed_does_not_lose_the_way_back(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.rows(*rows(1))
    first, second, _ = (built(site) for _ in range(3))
    switch = release._switch

    def killed(to: Release, root: Path) -> None:
        switch(to, root)
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(release, "_switch", killed)
        with pytest.raises(KeyboardInterrupt):
            release.rollback(site.releases)
    assert serving(site) == second
    built(site)
    assert release.rollback(site.releases) == second
    assert release.rollback(site.releases) == first == serving(site)


def test_release_that_was_rolled_back_from_is_not_gone_back_to(site: Site) -> None:
    site.rows(*rows(1))
    first, second = built(site), built(site)
    release.rollback(site.releases)
    third = built(site)
    assert release.history(site.releases) == [first, second, third]
    assert release.rollback(site.releases) == first


class Hook(pipeline.Progress):
    """Does something once, when a build comes to a stage."""

    def __init__(self, stage: str, work: Callable[[], object]) -> None:
        self._stage = stage
        self._work: Callable[[], object] | None = work

    def __call__(self, stage: str, done: int = 0, total: int = 0) -> None:  # noqa: ARG002 - the port's names
        if self._work and self._stage in stage:
            work, self._work = self._work, None
            work()


def test_rollback_while_a_build_runs_is_not_undone_by_it(site: Site) -> None:
    site.rows(*rows(1))
    first, second = built(site), built(site)
    outcome = site.build(progress=Hook("store", lambda: release.rollback(site.releases)))
    assert "meanwhile another release is served" in "".join(outcome.stopped)
    assert serving(site) == first
    assert release.history(site.releases) == [first, second]


@pytest.mark.parametrize("what", ["rewritten", "deleted", "added"])
def test_files_that_change_while_they_are_read_stop_the_switch(site: Site, what: str) -> None:
    site.rows(*rows(2))
    first = built(site)
    path, more = site.folder / "records/projekty.csv", site.folder / "records/more.csv"
    work: dict[str, Callable[[], object]] = {
        "rewritten": lambda: site.rows(*rows(3)),
        "deleted": path.unlink,
        "added": lambda: shutil.copy(path, more),
    }
    outcome = site.build(progress=Hook("reading", work[what]))
    assert "files changed while they were read" in "".join(outcome.stopped)
    assert (more.name if what == "added" else path.name) in "".join(outcome.stopped)
    assert serving(site) == first


def test_reader_goes_on_answering_while_the_release_changes(site: Site) -> None:
    site.rows(*rows(2))
    reader = Embedded.open(built(site).path / "store")
    count = Query("SELECT (COUNT(*) AS ?n) { ?p a <https://w3id.org/verejne-projekty#Project> }")
    site.rows(*rows(3))
    built(site)
    answers = []
    for opened in (reader, Embedded.open(serving(site).path / "store")):
        answer = opened.answer(count)
        assert isinstance(answer, ox.QuerySolutions)
        answers += [solution["n"].value for solution in answer]
    assert answers == ["2", "3"]


def test_withdrawn_things_are_listed_until_they_return(site: Site) -> None:
    site.write("lod.toml", HEAD + RECORDS + "least = 1\n")
    gone = f"{PROJECTS}CZ.1.04-3.1.00-05.00002"
    for number, withdrawn in ((2, set()), (1, {gone}), (1, {gone}), (2, set())):
        site.rows(*rows(number))
        assert {iri for iri in built(site).lines("withdrawn.txt") if iri.startswith(PROJECTS)} == withdrawn


def test_things_of_a_release_that_was_rolled_back_from_are_withdrawn(site: Site) -> None:
    site.write("lod.toml", HEAD + RECORDS + "least = 1\n")
    gone = f"{PROJECTS}CZ.1.04-3.1.00-05.00002"
    site.rows(*rows(1))
    built(site)
    site.rows(*rows(2))
    built(site)
    release.rollback(site.releases)
    site.rows(*rows(1))
    assert gone in built(site).lines("withdrawn.txt")
    site.rows(*rows(3))
    built(site, publish=False)  # nobody has seen what it has
    site.rows(*rows(1))
    assert f"{PROJECTS}CZ.1.04-3.1.00-05.00003" not in built(site).lines("withdrawn.txt")


# What can go wrong


@pytest.mark.parametrize("command", [["build"], ["releases", "prune"]])
def test_folder_of_releases_that_is_none_is_one_sentence(
    site: Site, command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    site.rows(*rows(1))
    site.releases.write_text("", "utf-8")
    assert cli.main([*command, "--config", str(site.settings)]) == 1
    assert str(site.releases) in capsys.readouterr().err


def test_nothing_is_pruned_while_a_build_runs(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    site.rows(*rows(1))
    made = [built(site) for _ in range(2)]
    with release.locked(site.releases):
        assert cli.main(["releases", "prune", "--keep", "1", "--config", str(site.settings)]) == 1
    assert "another build is running" in capsys.readouterr().err
    assert release.history(site.releases) == made


def test_second_build_at_the_same_time_is_refused(site: Site) -> None:
    site.rows(*rows(1))
    with release.locked(site.releases), pytest.raises(ReleaseError, match="another build"):
        site.build()
    assert built(site) == serving(site)


def test_leftovers_of_a_killed_build_are_removed(site: Site) -> None:
    site.rows(*rows(1))
    leftover = site.releases / "20200101T000000Z.partial"
    (leftover / "dumps").mkdir(parents=True)
    (leftover / "manifest.json").write_text("{}", "utf-8")
    assert release.history(site.releases) == []
    built(site)
    assert not leftover.exists()


def test_a_code_list_with_an_iri_that_is_none_is_not_released(tmp_path: Path) -> None:
    for name in ("vocab", "shapes"):
        shutil.copytree(home() / name, tmp_path / "root" / name)
    with (tmp_path / "root" / "vocab" / "codelists" / "funds.ttl").open("a", encoding="utf-8") as file:
        file.write(f"\n<{BASE}a> <http://www.w3.org/2000/01/rdf-schema#seeAlso> <http://a/{{b}}> .\n")
    site = make_site(tmp_path / "site", Vocabulary(BASE, tmp_path / "root"))
    site.rows(*rows(1))
    with pytest.raises(StoreError, match="the store cannot be written"):
        site.build()
    assert release.current(site.releases) is None


def test_failure_in_the_middle_leaves_nothing_behind(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.rows(*rows(1))
    first = built(site)

    def full(judged: object, more: object, path: Path) -> None:
        path.mkdir()
        raise StoreError("disk full")

    monkeypatch.setattr(store, "load", full)
    with pytest.raises(StoreError):
        site.build()
    assert serving(site) == first
    assert sorted(path.name for path in site.releases.iterdir() if not path.name.startswith(".")) == [
        first.id,
        "current",
    ]


def test_link_to_nothing_is_no_release(site: Site) -> None:
    site.releases.mkdir()
    assert release.current(site.releases) is None
    (site.releases / "current").symlink_to("20200101T000000Z")
    assert release.current(site.releases) is None
    site.rows(*rows(1))
    assert built(site) == serving(site)


def test_prune_keeps_the_newest_and_the_served(tmp_path: Path) -> None:
    names = [f"2020010{day}T000000Z" for day in range(1, 6)]
    for name in names:
        (tmp_path / name).mkdir()
        (tmp_path / name / "manifest.json").write_text("{}", "utf-8")
    release.publish(Release(tmp_path / names[0]), tmp_path)
    assert release.prune(tmp_path, keep=2) == names[1:3]
    assert [made.id for made in release.history(tmp_path)] == [names[0], *names[3:]]
    assert release.prune(tmp_path, keep=2) == []


def test_build_prunes_what_the_configuration_does_not_keep(site: Site) -> None:
    site.write("lod.toml", "keep = 2\n" + HEAD + RECORDS)
    site.rows(*rows(1))
    made = [built(site) for _ in range(3)]
    assert release.history(site.releases) == made[1:]


@pytest.mark.slow
def test_number_of_processes_changes_nothing(one: Site, tmp_path: Path, vocabulary: Vocabulary) -> None:
    again = make_site(tmp_path, vocabulary)
    shutil.copytree(one.folder / "records", again.folder / "records")
    with workers.opened(2) as processes:
        outcome = pipeline.build(again.config, vocabulary, workers=processes)
    assert outcome.release is not None
    assert dumps(outcome.release) == dumps(serving(one))
    assert outcome.release.report["findings"] == serving(one).report["findings"]


def test_what_a_subtraction_leaves_in_a_spreadsheet_stops_nothing(site: Site) -> None:
    for number, value in enumerate((5.820766091346741e-11, "0,000000000000000000001", 1234.5600000000004)):
        site.record(f"p{number}", registracni_cislo=f"CZ.1.04/3.1.00/05.{number:05}", castka_vlastni=value)
    made = built(site)
    amounts = {
        line.split('"')[1]
        for line in gzip.decompress(dumps(made)["projekty.nq.gz"]).decode().split("\n")
        if "/value>" in line
    }
    assert amounts == {"0", "1234.56"}


def test_address_that_is_no_iri_is_left_out_and_told_where_it_stands(site: Site) -> None:
    site.record("a")
    site.record("b", registracni_cislo="CZ.1.04/3.1.00/05.00098", web="https://www.kr-olomoucky.cz/sleva-100%")
    made = built(site)
    assert len(projects(made)) == 2
    told = {(finding["place"], finding["field"], finding["severity"]) for finding in made.report["findings"]}
    assert ("records/b.json", "web", "warning") in told, told
    (repair,) = {finding["repair"] for finding in made.report["findings"] if finding["kind"] == "url-malformed"}
    assert repair == "https://www.kr-olomoucky.cz/sleva-100%25"
