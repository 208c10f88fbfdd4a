"""A file that ends early, or is damaged from some place on, is told so and never becomes a shorter release."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from lod.errors import RefreshError
from lod.model import Finding, Record, Severity
from lod.refresh.compare import compare
from lod.sourceconfig import SourceConfig
from lod.sources import read_file
from lod.terms import Vocabulary

from .conftest import Site, make_site

SOURCE = """
[[source]]
name = "registr"
kind = "table"
files = ["in/*"]

[source.columns]
nazev = "nazev"
registracni_cislo = "cislo"
"""
ROWS = [{"nazev": f"Projekt číslo {n}", "cislo": f"CZ.1.04/3.1.00/05.{n:05}"} for n in range(1, 301)]
CSV = "nazev;cislo\n" + "".join(f"{row['nazev']};{row['cislo']}\n" for row in ROWS)
XML = "<X>\n" + "".join(f"<P><nazev>{r['nazev']}</nazev><cislo>{r['cislo']}</cislo></P>\n" for r in ROWS) + "</X>"


def workbook() -> bytes:
    memory = io.BytesIO()
    with xlsxwriter.Workbook(memory) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate([["nazev", "cislo"], *(list(row.values()) for row in ROWS)]):
            sheet.write_row(number, 0, row)
    return memory.getvalue()


def cut_inside(content: bytes) -> bytes:
    """Return a workbook whose sheet ends early though its ZIP is whole."""
    memory = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = old.read(name)
            new.writestr(name, part[: len(part) // 2] if "sheet1" in name else part)
    return memory.getvalue()


def half(content: bytes) -> bytes:
    return content[: len(content) // 2]


FILES = {
    "a.json": half(json.dumps(ROWS).encode()),
    "b.json": half(json.dumps(ROWS, indent=1).encode()),
    "a.jsonl": half("\n".join(map(json.dumps, ROWS)).encode()),
    "a.xml": half(XML.encode()),
    "a.csv.gz": half(gzip.compress(CSV.encode())),
    "a.json.gz": half(gzip.compress(json.dumps(ROWS).encode())),
    "a.xlsx": half(workbook()),
    "b.xlsx": cut_inside(workbook()),
    "damaged.xml": XML.replace("</cislo></P>\n<P><nazev>Projekt číslo 150<", "<", 1).encode(),
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_ends_early_stops_the_switch(tmp_path: Path, vocabulary: Vocabulary, name: str) -> None:
    site = make_site(tmp_path, vocabulary, SOURCE)
    site.write(f"in/{name}", FILES[name])
    outcome = site.build()
    assert outcome.release is None
    assert "není celý" in outcome.stopped[0]
    found = [finding for finding in outcome.findings if finding.kind == "file-incomplete"]
    assert [(one.severity, one.source) for one in found] == [("violation", "registr")]
    assert found[0].place.startswith(f"in/{name}")


def test_the_release_at_hand_stays_although_enough_records_are_left(tmp_path: Path, vocabulary: Vocabulary) -> None:
    site = make_site(tmp_path, vocabulary, SOURCE)
    whole = json.dumps(ROWS[:50])
    site.write("in/a.json", whole)
    first = site.build().release
    assert first is not None
    site.write("in/a.json", whole[:-10])
    assert site.build().stopped != []
    assert (site.releases / "current").resolve() == first.path.resolve()


@pytest.mark.parametrize("name", FILES)
def test_what_ends_early_is_not_taken_from_the_web(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(FILES[name])
    kind = "records"
    with pytest.raises(RefreshError):
        compare(None, path, SourceConfig(name="r", kind=kind, files=(), rank=0))


def told(path: Path, content: str | bytes) -> list[Finding]:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    source = SourceConfig(name="r", kind="records", files=(), rank=0)
    return [item for item in read_file(path, source, path.name) if isinstance(item, Finding)]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.json", '[{"nazev": "A"}, {"nazev": tru}]'),
        ("a.json", '{"nazev": "A" "ico": 1}'),
        ("a.json", '{"nazev": "A\n"}'),
        ("a.json", '{nazev: "A"}'),
        ("a.json", '{"nazev": "\\x"}'),
        ("a.jsonl", '{"nazev": "A",}\n'),
        ("a.toml", "nazev = A\n"),
        ("a.toml", "nazev = "),
        ("a.xml", "<x><p><a>1</b></p></x>"),
        ("a.xml", "<x><p><a>R&D</a></p></x>"),
        ("a.xml", "<x><p a=1/></x>"),
        ("a.xlsx", b"PK\x03\x04" + b"x" * 99),
        ("a.ods", b"PK\x03\x04" + b"x" * 99),
        ("a.xls", b"\xd0\xcf\x11\xe0" + b"x" * 999),
        ("a.csv.gz", gzip.compress(b"nazev\n" + b"A\n" * 99, mtime=0)[:-8] + b"12345678"),
        ("neni.csv", b""),
    ],
)
def test_czech_sentences_have_no_words_of_libraries(tmp_path: Path, name: str, content: str | bytes) -> None:
    path = tmp_path / name
    findings = told(path, content)
    assert findings
    for word in ("expect", "invalid", "error", "line ", "file", "zip", "value", "not ", "mismatch", "tag", "entity"):
        assert all(word not in finding.cs.casefold() for finding in findings), (word, findings)
    assert all(finding.kind for finding in findings)


def test_records_written_on_one_line_are_told_apart(tmp_path: Path, vocabulary: Vocabulary) -> None:
    site = make_site(tmp_path, vocabulary, SOURCE.replace('registracni_cislo = "cislo"', 'ico = "ico"'))
    site.write(
        "in/a.xml", "<X><P><nazev>A</nazev><ico>1</ico></P>" + "<P><nazev>B</nazev><ico>2</ico></P>" * 2 + "</X>"
    )
    site.write("in/b.json", json.dumps([{"nazev": "A", "ico": "60609460"}, {"nazev": "C", "ico": "3"}]))
    site.write("in/c.json", '[\n{"nazev": "D",\n"ico": "60609460"},\n{"nazev": "E",\n"ico": "3"}\n]')
    checked = site.check()
    bad = [finding for finding in checked.findings if finding.severity is Severity.VIOLATION]
    assert [finding.place for finding in bad] == [
        "in/a.xml:1#1",
        "in/a.xml:1#2",
        "in/a.xml:1#3",
        "in/b.json:1#2",
        "in/c.json:4#2",
    ]
    assert (bad[1].file, bad[1].row, bad[1].record) == ("in/a.xml", 1, 2)
    assert len(checked.refused) == 5


def test_places_within_a_file_that_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps(ROWS[:3]), "utf-8")
    source = SourceConfig(name="r", kind="records", files=(), rank=0)
    found = [item.place for item in read_file(path, source, "a.json") if isinstance(item, Record)]
    assert found == ["a.json:1#1", "a.json:1#2", "a.json:1#3"]


def test_our_own_layout_is_judged_alike(site: Site) -> None:
    site.write("records/a.json", '[{"nazev": "A"}')
    assert site.build().stopped != []
