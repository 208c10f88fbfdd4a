"""The command as its users meet it: exit codes, one clear sentence with file and place, never a traceback."""

from __future__ import annotations

import errno
import io
import json
import os
import pty
import re
import subprocess
import sys
import zipfile
from collections import Counter
from contextlib import suppress
from pathlib import Path

import pyoxigraph as ox
import pytest

from lod import cli, config, pipeline, release, store
from lod.collecting import Collected
from lod.terms import Vocabulary

from .conftest import BASE, REPOSITORY, Site, make_site, violations

HEADER = "nazev;registracni_cislo;ico;zahajeni;ukonceni\n"
GOOD_ROW = "Oprava školy;CZ.1.04/3.1.00/05.00001;60609460;2010;2012\n"
REGISTER = REPOSITORY.parent / "shared" / "registers" / "cz-projects-2007-2013-top.csv"
VP = "https://w3id.org/verejne-projekty#"


def run(*args: str | Path, folder: Path, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
    """Run the command as a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "lod.cli", *map(str, args)],
        capture_output=True,
        encoding="utf-8",
        cwd=folder,
        input=stdin,
        env={**os.environ, "PYTHONUTF8": "1"},
        check=False,
    )
    assert "Traceback" not in done.stderr
    return done


class Lod:
    """Runs the command in this process, where an exception that it lets out fails the test."""

    def __init__(self, site: Site, capture: pytest.CaptureFixture[str]) -> None:
        self.site = site
        self.capture = capture

    def __call__(self, command: str, *args: str | Path) -> tuple[int, str, str]:
        self.capture.readouterr()
        try:
            code = cli.main([command, "--config", str(self.site.settings), *map(str, args)])
        except SystemExit as left:  # argparse
            code = int(str(left.code))
        said = self.capture.readouterr()
        return code, said.out, said.err


@pytest.fixture
def lod(site: Site, capsys: pytest.CaptureFixture[str]) -> Lod:
    return Lod(site, capsys)


@pytest.fixture
def good(site: Site) -> Path:
    return site.write("dobry.csv", HEADER + GOOD_ROW)


@pytest.fixture
def bad(site: Site) -> Path:
    """Write one good row, and three that are not."""
    rows = [
        "Špatné IČO;CZ.1.04/3.1.00/05.00002;12345678;2010;2012\n",
        "Končí dřív;CZ.1.04/3.1.00/05.00003;60609460;2012;2010\n",
        '"Na dvou\nřádcích";CZ.1.04/3.1.00/05.00004;60609460;2010;2012\n',
        "Krátký;CZ.1.04/3.1.00/05.00005\n",
    ]
    return site.write("spatny.csv", HEADER + GOOD_ROW + "".join(rows))


# check


def test_check_of_a_good_file_is_0(good: Path, tmp_path: Path) -> None:
    done = run("check", "--config", "lod.toml", "dobry.csv", folder=tmp_path)
    assert done.returncode == 0
    assert "violation" not in done.stdout
    assert "records 1" in done.stderr


def test_check_names_file_line_and_column_of_each_fault(bad: Path, tmp_path: Path) -> None:
    done = run("check", "--config", "lod.toml", "spatny.csv", folder=tmp_path)
    assert done.returncode == 1
    told = {line.split(": ")[0]: line for line in done.stdout.splitlines() if line.startswith("  spatny.csv:")}
    words = {"3:ico": "12345678 fails its check digit", "4:ukonceni": "ends before it starts", "7": "2 cells"}
    for where, said in words.items():
        assert said in told[f"  spatny.csv:{where}"]
    assert [line for line in done.stdout.splitlines() if line.startswith("1× chyba / violation: ")]
    assert "violations 3" in done.stderr


def test_check_tells_machines_the_same(lod: Lod, bad: Path) -> None:
    code, out, _ = lod("check", "--json", bad)
    found = [finding for finding in json.loads(out) if finding["severity"] == "violation"]
    assert code == 1
    assert {(finding["place"], finding["field"]) for finding in found} == {
        (f"{bad}:3", "ico"),
        (f"{bad}:4", "ukonceni"),
        (f"{bad}:7", ""),
    }
    assert all(finding["cs"] and finding["en"] for finding in found)


@pytest.mark.parametrize("suffix", ["html", "json", "csv", "ttl", "jsonld", "nt", "nq", "trig", "rdf"])
def test_check_writes_findings_in_the_format_of_the_suffix(lod: Lod, bad: Path, suffix: str) -> None:
    out = lod.site.folder / f"nalezy.{suffix}"
    code, printed, _ = lod("check", bad, "-o", out)
    assert code == 1
    assert "12345678" in printed
    content = out.read_text("utf-8-sig")
    assert "12345678" in content
    assert "ends before it starts" in content
    if form := ox.RdfFormat.from_extension(suffix) if suffix not in {"html", "json", "csv"} else None:
        assert len(list(ox.parse(content, format=form))) > 30


def test_check_refuses_a_suffix_it_does_not_write_before_it_reads(lod: Lod, bad: Path) -> None:
    code, out, err = lod("check", bad, "-o", "nalezy.doc")
    assert (code, out) == (2, "")
    assert "nalezy.doc" in err


@pytest.mark.parametrize("plain", [False, True])
def test_check_on_a_screen_folds_and_shows_a_few(
    lod: Lod, good: Path, monkeypatch: pytest.MonkeyPatch, plain: bool
) -> None:
    rows = [f"Projekt {n};CZ.1.04/3.1.00/05.{n:05};60609460;kdysi {n};2012\n" for n in range(20)]
    path = lod.site.write("mnoho.csv", HEADER + "".join(rows))
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "70")
    monkeypatch.setenv("NO_COLOR", "1" if plain else "")
    _, out, _ = lod("check", path)
    assert "20× chyba / violation" in out
    assert "… a dalších 15 / and 15 more (--all)" in out
    assert ("\x1b[" in out) is not plain
    if plain:
        assert max(len(line) for line in out.splitlines() if "/" not in line.strip().split(" ")[0]) <= 70
    _, out, _ = lod("check", "--all", path)
    assert all(f"kdysi {n}“" in " ".join(out.split()) for n in range(20))


def test_check_without_files_reads_all_sources(lod: Lod) -> None:
    lod.site.record("a")
    lod.site.record("b", zahajeni="včera")
    code, out, err = lod("check")
    assert code == 1
    assert "records/b.json:zahajeni: „včera“ není datum" in out
    assert "records 2" in err


def workbook() -> bytes:
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    return memory.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("neni.csv", None, "cannot be read"),
        ("prazdny.csv", b"", "empty"),
        ("znacka.csv", b"\xef\xbb\xbf", "empty"),
        ("tabulka.csv", workbook(), "XLSX"),
        ("stranka.csv", b"<!DOCTYPE html><title>404</title>", "web page"),
        ("kodovani.csv", "nazev;ico\nBarchůvek;1\n".encode("windows-1250"), "windows-1250"),
        ("binarni.csv", b"nazev;ico\n\x00\x01\x02\n", "not text"),
        ("rozbity.json", b'{"nazev": A}', "JSON"),
        ("hluboky.toml", b"a = " + b"[" * 100_000, "TOML"),
        ("jiny.xyz", b"nic", ".xyz"),
    ],
)
def test_unreadable_file_is_one_sentence(lod: Lod, name: str, content: bytes | None, told: str) -> None:
    path = lod.site.folder / name
    if content is not None:
        path.write_bytes(content)
    code, out, err = lod("check", path)
    assert code == 1
    (line,) = [line for line in out.splitlines() if line.startswith(f"  {path}: ")]
    assert told in line
    assert "1× chyba / violation: Soubor nelze přečíst / Unreadable file (file-unreadable)" in out
    assert "violations 1" in err


def test_without_a_configuration_the_samples_are_used_and_it_says_so(good: Path, tmp_path: Path) -> None:
    done = run("check", "dobry.csv", folder=tmp_path)
    assert done.returncode == 0
    assert "sample data are used" in done.stderr


# convert


@pytest.mark.parametrize("suffix", ["nq", "nt", "ttl", "trig", "rdf"])
def test_convert_writes_the_same_graph_in_every_syntax(lod: Lod, good: Path, suffix: str) -> None:
    out = lod.site.folder / f"x.{suffix}"
    assert lod("convert", good, "-o", out)[0] == 0
    form = ox.RdfFormat.from_extension(suffix)
    assert form is not None
    written = {str(quad.triple) for quad in ox.parse(out.read_bytes(), format=form)}
    code, printed, _ = lod("convert", good)
    assert code == 0
    assert written == {str(quad.triple) for quad in ox.parse(printed, format=ox.RdfFormat.N_QUADS)}
    assert f'<{BASE}zdroj/projekty/CZ.1.04-3.1.00-05.00001> <{VP}start> "2010"' in printed


def test_convert_leaves_refused_rows_out_and_tells_them(lod: Lod, bad: Path) -> None:
    code, out, err = lod("convert", bad)
    assert code == 1
    assert "05.00001>" in out
    assert "05.00004>" in out
    assert not [number for number in ("00002", "00003", "00005") if f"05.{number}>" in out]
    assert [line.split(": ")[0] for line in err.splitlines()] == [
        f"{bad}:3:ico",
        f"{bad}:4:ukonceni",
        f"{bad}:7",
    ]


@pytest.mark.parametrize("name", ["x.xyz", "x", "neni/x.ttl"])
def test_convert_to_what_cannot_be_written(lod: Lod, good: Path, name: str) -> None:
    code, _, err = lod("convert", good, "-o", lod.site.folder / name)
    assert code in {1, 2}
    assert err.startswith("lod: ")
    assert name in err


def test_convert_of_odd_characters(lod: Lod) -> None:
    path = lod.site.write("podivny.json", '{"nazev": "A\\ud800\\u0000B", "ico": "60609460"}')
    code, out, _ = lod("convert", path)
    assert code in {0, 1}
    assert "\x00" not in out


# validate


def test_validate_own_output(lod: Lod, good: Path) -> None:
    out = lod.site.folder / "x.ttl"
    lod("convert", good, "-o", out)
    assert lod("validate", out)[0] == 0


def test_validate_tells_what_is_wrong(lod: Lod) -> None:
    path = lod.site.write("x.ttl", f"<{BASE}zdroj/projekty/x> a <{VP}Project> ; <{VP}programme> <{BASE}nic> .")
    code, out, err = lod("validate", path)
    assert code == 1
    assert "A project must have a title" in out
    assert f'The programme must be one, from the code list (read "{BASE}nic").' in out
    assert "violations 2" in err


@pytest.mark.parametrize("content", [None, "<a> <b", "\x00", "@prefix x: ."])
def test_validate_of_what_is_no_rdf(lod: Lod, content: str | None) -> None:
    path = lod.site.folder / "x.ttl"
    if content is not None:
        path.write_text(content, "utf-8")
    code, _, err = lod("validate", path)
    assert code == 1
    assert err.startswith(f"lod: {path}: ")


# build and releases


def test_build_publishes_the_good_and_tells_refused_rows(
    site: Site, bad: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad.rename(site.write("records/projekty.csv", ""))
    done = run("build", "--config", "lod.toml", folder=site.folder)
    assert done.returncode == 0
    assert "records/projekty.csv:3:ico: " in done.stderr
    assert "zaznamy: přečteno / read 5, odmítnuto / refused 3, přijato / accepted 2" in done.stderr
    made = release.current(site.releases)
    assert made is not None
    assert Path(done.stdout.strip()) == made.path

    lod = Lod(site, capsys)
    assert lod("releases")[1].startswith(f"* {made.id}")
    assert lod("releases", "verify")[0] == 0
    with (made.path / "dumps" / "projekty.nt.gz").open("ab") as file:
        file.write(b"\n")
    code, _, err = lod("releases", "verify")
    assert code == 1
    assert "projekty.nt.gz" in err


def test_build_that_is_stopped_says_why_and_what_stays(lod: Lod) -> None:
    lod.site.rows(GOOD_ROW.strip())
    assert lod("build")[0] == 0
    first = release.current(lod.site.releases)
    assert first is not None
    (lod.site.folder / "records" / "projekty.csv").unlink()
    code, _, err = lod("build")
    assert code == 1
    assert "source zaznamy gave 0 records" in err
    assert f"release {first.id} stays" in err
    assert release.current(lod.site.releases) == first


def test_build_can_stop_before_the_switch(lod: Lod) -> None:
    lod.site.rows(GOOD_ROW.strip())
    code, out, err = lod("build", "--no-publish")
    assert code == 0
    assert "not published" in err
    assert Path(out.strip()).is_dir()
    assert release.current(lod.site.releases) is None


def test_build_beside_another_is_refused(lod: Lod) -> None:
    lod.site.rows(GOOD_ROW.strip())
    with release.locked(lod.site.releases):
        code, _, err = lod("build")
    assert code == 1
    assert "another build is running" in err


def test_build_on_a_full_disk_is_one_sentence(lod: Lod, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    lod.site.rows(GOOD_ROW.strip())
    monkeypatch.setattr(store, "load", full)
    code, _, err = lod("build")
    assert code == 1
    assert err.splitlines()[-1].startswith("lod: ")
    assert "No space left on device" in err
    assert release.history(lod.site.releases) == []


def test_build_on_another_base(lod: Lod) -> None:
    lod.site.rows(GOOD_ROW.strip())
    assert lod("build", "--base", "https://kraj.example/data/")[0] == 0
    made = release.current(lod.site.releases)
    assert made is not None
    assert "https://kraj.example/data/zdroj/projekty/CZ.1.04-3.1.00-05.00001" in made.lines("entities.txt")
    assert BASE not in (made.path / "catalogue.nt").read_text("utf-8")


def test_rollback_and_prune(lod: Lod) -> None:
    lod.site.rows(GOOD_ROW.strip())
    assert lod("releases", "rollback")[0] == 1
    for _ in range(3):
        lod("build")
    names = [made.id for made in release.history(lod.site.releases)]
    assert lod("releases", "rollback")[:2] == (0, f"{names[1]}\n")
    assert lod("releases", "prune", "--keep", "1")[:2] == (0, f"{names[0]}\n")
    assert [line.split()[0] for line in lod("releases", "list")[1].splitlines()] == ["*", names[2]]


# query


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, vocabulary: Vocabulary) -> Site:
    site = make_site(tmp_path_factory.mktemp("served"), vocabulary)
    site.rows(GOOD_ROW.strip())
    site.build()
    return site


STARTS = f"SELECT ?s {{ ?p a <{VP}Project> ; <{VP}start> ?s }}"
GRAPH = f"CONSTRUCT {{ ?p <{VP}start> ?s }} {{ ?p <{VP}start> ?s }}"


@pytest.mark.parametrize(
    ("text", "arguments", "told"),
    [
        (STARTS, [], "s\r\n2010\r\n"),
        (STARTS, ["--format", "csv"], "s\r\n2010\r\n"),
        (STARTS, ["--format", "tsv"], '"2010"^^<http://www.w3.org/2001/XMLSchema#gYear>'),
        (STARTS, ["--format", "json"], '"value":"2010"'),
        (STARTS, ["--format", "xml"], "<sparql"),
        (STARTS, ["--format", "table"], "s\n────\n2010\n"),
        (f"ASK {{ ?p a <{VP}Project> }}", [], '"boolean":true'),
        (f"ASK {{ ?p a <{VP}Project> }}", ["--format", "table"], "ano\n"),
        ("ASK { <urn:x> ?p ?o }", ["-f", "table", "--language", "en"], "no\n"),
        (GRAPH, [], 'vp:start "2010"^^xsd:gYear .'),
        (GRAPH, ["-f", "table"], 'vp:start "2010"^^xsd:gYear .'),
        (GRAPH, ["-f", "nt"], f'<{VP}start> "2010"^^'),
        (GRAPH, ["-f", "jsonld"], '"@context"'),
        (GRAPH, ["-f", "rdf"], "rdf:RDF"),
    ],
)
def test_query_answers(
    served: Site, capsys: pytest.CaptureFixture[str], text: str, arguments: list[str], told: str
) -> None:
    path = served.write("dotaz.rq", text)
    code, out, err = Lod(served, capsys)("query", path, *arguments)
    assert (code, err) == (0, "")
    assert told in out


def test_a_table_has_names_for_things_and_numbers_as_people_write_them(
    served: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (
        f"SELECT ?project ?property (1234567.5 AS ?n) (COUNT(*) AS ?times)"
        f" {{ ?project a <{VP}Project> ; ?property ?o FILTER(?property = <{VP}start>) }} GROUP BY ?project ?property"
    )
    path = served.write("dotaz.rq", text)
    tables = {}
    for language in ("cs", "en"):
        code, out, _ = Lod(served, capsys)("query", path, "-f", "table", "--language", language)
        assert code == 0
        assert "http" not in out
        tables[language] = out.splitlines()[2]
    assert "1 234 567,5" in tables["cs"].replace("\xa0", " ")
    assert "1,234,567.5" in tables["en"]
    assert "zahájení" in tables["cs"]
    assert "start" in tables["en"]
    assert tables["cs"].endswith("1")


def test_a_wide_table_is_wrapped_and_nothing_of_it_is_left_out(
    served: Site, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    words = " ".join(f"slovo{n}" for n in range(40))
    path = served.write("dotaz.rq", f'SELECT ("{words}" AS ?a) ("{words}" AS ?b) (12 AS ?c) {{}}')
    _, out, _ = Lod(served, capsys)("query", path, "-f", "table")
    assert max(map(len, out.splitlines())) <= 40
    assert sorted(out.split()[6:]) == sorted([*words.split(), *words.split(), "12"])


def test_an_answer_goes_to_a_file_in_the_format_of_its_suffix(
    served: Site, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = served.write("dotaz.rq", STARTS)
    assert Lod(served, capsys)("query", path, "-o", tmp_path / "a.tsv")[:2] == (0, "")
    assert (tmp_path / "a.tsv").read_text("utf-8").startswith("?s\n")


def test_a_query_comes_on_standard_input(served: Site) -> None:
    done = run("query", "-", "--config", served.settings, folder=served.folder, stdin=STARTS)
    assert (done.returncode, done.stdout) == (0, "s\n2010\n")
    done = run(
        "query", "-", "--config", served.settings, folder=served.folder, stdin="SELECT ?s {\n  ?s a vp:Project }"
    )
    assert done.returncode == 1
    assert done.stderr.startswith("lod: <stdin>:2:")
    assert "PREFIX vp: <https://w3id.org/verejne-projekty#>" in done.stderr


def test_a_terminal_gets_a_table_and_is_told_how_long_it_took(served: Site) -> None:
    path = served.write("dotaz.rq", STARTS)
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "lod.cli", "query", str(path), "--config", str(served.settings)]
    with subprocess.Popen(command, stdout=theirs, stderr=theirs) as process:
        os.close(theirs)
        said = b""
        with suppress(OSError):  # the end of a terminal
            while more := os.read(ours, 4096):
                said += more
        os.close(ours)
    assert process.returncode == 0
    seen = re.sub(r"\r|\x1b\[K", "", said.decode())
    assert re.fullmatch(r"s\n────\n2010\n1 řádků / rows, \d+\.\d\d s\n", seen)


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("SELECT ?s {\n\t?s ?p ", ":2:8: ", "the query ends here"),
        ("SELEKT ?s {}", ":1:1: ", "not valid SPARQL"),
        ("ASK {\n ?s vp:start ?o }", ":2:13: ", "PREFIX vp:"),
        ("SELECT (<urn:f>(1) AS ?x) {}", ": ", "urn:f"),
        ("SELECT * { SERVICE <http://127.0.0.1:9/> {} }", ": ", "SERVICE"),
        ("SELECT * FROM <http://127.0.0.1:9/> {}", ": ", "FROM"),
        ("DROP ALL", ": ", "read"),
        ("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }", ": ", "--seconds"),
        ("SELECT * { " + "{" * 2_000_000 + "}" * 2_000_000 + " }", ": ", "nested too deeply"),
    ],
    ids=["end", "keyword", "prefix", "function", "service", "from", "update", "time", "depth"],
)
def test_a_fault_of_a_query_is_told_with_its_place(
    served: Site, capsys: pytest.CaptureFixture[str], text: str, place: str, words: str
) -> None:
    path = served.write("dotaz.rq", text)
    code, out, err = Lod(served, capsys)("query", path, "--seconds", "20" if "{{" in text else "2")
    assert (code, out) == (1, "")
    assert err.startswith(f"lod: {path}{place}")
    assert words in err


def test_the_place_of_a_fault_is_marked(served: Site, capsys: pytest.CaptureFixture[str]) -> None:
    path = served.write("dotaz.rq", "ASK {\n\t?s vp:start ?o }")
    *_, line, mark = Lod(served, capsys)("query", path)[2].splitlines()
    assert line == "\t?s vp:start ?o }"
    assert line[: mark.index("^")] == "\t?s vp:start"
    assert mark.startswith("\t")


@pytest.mark.parametrize(("text", "form", "fitting"), [(STARTS, "ttl", "table, csv"), (GRAPH, "csv", "ttl, nt")])
def test_a_format_that_cannot_hold_the_answer_is_wrong_usage(
    served: Site, capsys: pytest.CaptureFixture[str], text: str, form: str, fitting: str
) -> None:
    code, out, err = Lod(served, capsys)("query", served.write("dotaz.rq", text), "-f", form)
    assert (code, out) == (2, "")
    assert fitting in err


@pytest.mark.parametrize("content", [None, b"SELECT", b"SELECT * { ?s ?p \xe8 }", b"", b"INSERT DATA { <a> <b> <c> }"])
def test_query_that_cannot_be_asked(
    served: Site, capsys: pytest.CaptureFixture[str], tmp_path: Path, content: bytes | None
) -> None:
    path = tmp_path / "dotaz.rq"
    if content is not None:
        path.write_bytes(content)
    code, out, err = Lod(served, capsys)("query", path)
    assert code == 1
    assert out == ""
    assert err.startswith(f"lod: {path}")


# usage and configuration


@pytest.mark.parametrize(
    "args",
    [
        [],
        ["neznamy"],
        ["convert"],
        ["validate"],
        ["check", "--config", "neni.toml"],
        ["build", "--config", "rozbity.toml"],
        ["build", "--config", "preklep.toml"],
        ["build", "--config", "lod.toml", "--base", "projekty.example"],
        ["build", "--config", "lod.toml", "--jobs", "dva"],
        ["query", "--config", "lod.toml", "x.rq"],
        ["serve", "--config", "lod.toml"],
        ["releases", "verify", "--config", "lod.toml"],
    ],
    ids=" ".join,
)
def test_wrong_usage_or_configuration_is_2(
    site: Site, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, args: list[str]
) -> None:
    monkeypatch.chdir(site.folder)
    site.write("x.rq", "ASK {}")
    site.write("rozbity.toml", "base = ")
    site.write("preklep.toml", site.settings.read_text("utf-8").replace("[catalogue]", "[catalog]"))
    try:
        code = cli.main(args)
    except SystemExit as left:
        code = int(str(left.code))
    assert code == 2
    told = capsys.readouterr().err
    assert told
    assert not [name for name in args if name in {"neni.toml", "rozbity.toml", "preklep.toml"} and name not in told]


def test_usage_reaches_the_shell(tmp_path: Path) -> None:
    done = run("build", "--config", "neni.toml", folder=tmp_path)
    assert done.returncode == 2
    assert done.stderr.startswith("lod: neni.toml: ")


# The real register


@pytest.fixture(scope="module")
def register(vocabulary: Vocabulary) -> Collected:
    if not REGISTER.exists():
        pytest.skip("the whole register lies beside the repository, not in it")
    return pipeline.collect_files(config.load(REPOSITORY / "data" / "lod.toml"), vocabulary, [REGISTER])


def test_whole_register_is_read_and_its_natural_person_left_out(register: Collected) -> None:
    assert register.read["projekty-2007-2013"] == 3707
    told = {(finding.kind, finding.place, finding.field) for finding in register.findings}
    assert told == {
        ("person-dropped", f"{REGISTER}:2", "beneficiary"),
        ("ico-spellings", f"{REGISTER}:2", "ico"),  # the eight zeros of that row
        # amounts of the Czech-Polish programme, left out by lod.toml
        *(("value-left-out", f"{REGISTER}:3610", f"{name}_mczk") for name in ("total", "contract", "paid")),
    }
    assert [made for made in register.made if made.refused] == []


def test_whole_register_has_an_iri_for_each_project(register: Collected) -> None:
    count = Counter(made.project.iri for made in register.made if made.project and not made.refused)
    assert [iri for iri, number in count.items() if number > 1] == []
    assert count.total() == 3706


@pytest.mark.slow
def test_data_of_the_repository_have_no_violation(vocabulary: Vocabulary) -> None:
    settings = config.load(REPOSITORY / "data" / "lod.toml")
    collected = pipeline.collect(settings, vocabulary, pipeline.Progress())
    checked = pipeline.check(collected, vocabulary, pipeline.Progress())
    assert violations(checked.findings) == []
    assert {source.name for source in settings.sources} == {name for name, number in collected.read.items() if number}
