"""Web pages: the sample pages read whole, evidence that anyone can check, hostile pages, and pages as a source."""

from __future__ import annotations

import ast
import contextlib
import importlib.util
import json
import re
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lxml import html
from rdflib import RDF, Graph, Literal, Namespace, URIRef

from lod import cli, extract, pipeline
from lod.errors import UnreadableFileError
from lod.evidence import fields_of_columns, moved
from lod.extract import page as pages
from lod.iris import NAMESPACES
from lod.model import Severity
from lod.rdf import Writer, subject
from lod.terms import Vocabulary
from lod.tidy import camel

from .conftest import BASE, REPOSITORY, Site, lines, make_site, violations

SAMPLES = Path(__file__).parent / "pages"
MEASURE = REPOSITORY / "bench" / "extraction.py"
PAGES = sorted(path for path in SAMPLES.iterdir() if path.suffix in {".html", ".txt"})
NAMES = Vocabulary(BASE)
OA, VP, SPDX, PROV, DCT = (Namespace(NAMESPACES[name]) for name in ("oa", "vp", "spdx", "prov", "dct"))
_UNSEEN = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))


# The sample pages


def bench() -> Any:
    """Return the script that measures the extractor."""
    spec = importlib.util.spec_from_file_location("extraction", MEASURE)
    assert spec is not None
    assert spec.loader is not None
    sys.modules["extraction"] = module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_sample_pages_are_read_whole_and_nothing_else() -> None:
    scores = bench().measure(SAMPLES)
    assert [fact for fact in scores.wrong if "+" in fact] == []
    labelled = sum(score.labelled for score in scores.by_fact.values())
    assert labelled >= 70
    assert sum(score.right for score in scores.by_fact.values()) / labelled >= 0.97, scores.wrong


def test_every_rule_of_the_extractor_is_in_the_code_list() -> None:
    rules: set[str] = set()
    for path in (REPOSITORY / "lod" / "extract").rglob("*.py"):
        tree = ast.parse(path.read_text("utf-8"))
        rules |= {str(node.value) for node in ast.walk(tree) if isinstance(node, ast.Constant) and _is_rule(node.value)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in {"Fact", "fact"}:
                rules |= {str(part.value) for part in node.args[3:4] if isinstance(part, ast.Constant)}
    used = {item["pravidlo"] for path in PAGES for record in read(path) for item in record["doklady"]}
    listed = {str(iri).rpartition("/")[2] for iri in NAMES.codelists.subjects(RDF.type, VP.ExtractionRule)}
    assert len(rules) > 20
    assert rules | used <= listed
    assert {rule for rule in listed - rules if "-" in rule} <= {"sentence-start", "sentence-end"}  # made of two parts


def _is_rule(value: object) -> bool:
    families = "label|table|sentence|place|page|programme|publisher"
    return isinstance(value, str) and re.fullmatch(f"(?:{families})(?:-[a-z]+)+", value) is not None


# Evidence


def read(path: Path) -> list[dict[str, Any]]:
    page = pages.read(path)
    return [extract.values(found, page) for found in extract.extract(page, NAMES)]


def plain(text: str) -> str:
    """Return a text as a page's line has it: composed, single blanks, nothing that cannot be seen."""
    return " ".join(unicodedata.normalize("NFC", text).translate(_UNSEEN).split())


def quoted(content: str, piece: dict[str, Any]) -> str:
    """Return what a piece of evidence points at, found by lxml alone."""
    whole = content
    if "xpath" in piece:
        whole = str(html.document_fromstring(content).xpath(f"string({piece['xpath']})"))
    return plain(whole[piece["od"] : piece["do"]])


def pieces(record: dict[str, Any]) -> list[dict[str, Any]]:
    return [*record["doklady"], *record.get("k_posouzeni", ())]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_evidence_of_sample_pages_points_at_its_words(path: Path) -> None:
    content = path.read_text("utf-8")
    for record in read(path):
        assert len(record["doklady"]) > 3
        for piece in pieces(record):
            assert quoted(content, piece) == piece["uvedeno"]


# With its number and its beneficiary any page tells of a project.
_NUMBER = ("Registrační číslo", "CZ.03.2.60/0.0/0.0/16_041/0092009")
_OWNER = ("Příjemce", "Obec Lhota")
_LABELLED = st.one_of(
    st.tuples(st.just("Příjemce"), st.sampled_from(["Obec Lhota", "Spolek Most, z. s.", "Město Nová Ves"])),
    st.tuples(st.just("Název projektu"), st.sampled_from(["Čtení pro radost", "Oprava mostu & lávky", "Ště\u00adstí"])),
    st.tuples(st.just("Zahájení"), st.sampled_from(["1. 2. 2018", "1.2.2018", "02/2018", "únor 2018"])),
    st.tuples(st.just("Doba realizace"), st.sampled_from(["1. 2. 2018 – 31. 3. 2019", "2018–2019"])),
    st.tuples(st.just("Celkové náklady"), st.sampled_from(["1 234 567,89 Kč", "1.234.567,- Kč", "2 mil. Kč"])),
    st.tuples(st.just("Kontakt"), st.just("podatelna")),
)
_NOISE = st.sampled_from(
    ["", " ", "\n   ", "<!-- x -->", "&nbsp;", "&shy;", "<br>", "<script>var a = '<p>';</script>", "text "]
)
_SHAPES = st.sampled_from(
    [
        "<p>{0}{n}: {m}{1}</p>",
        "<p><b>{0}:</b>{n} {1}{m}</p>",
        "<div>{n}{0}<br>{1}{m}</div>",
        "<ul><li>{m}{0}: <em>{1}</em></li></ul>",
        "<dl><dt>{0}{n}</dt><dd>{m}{1}</dd></dl>",
        "<table><tr><th>{0}</th><td>{n}{1}</td></tr></table>",
        "<div><div><span>{0}: </span>{m}<span>{1}</span></div></div>",
        "<h3>{0}</h3>{n}<p>{1}</p>",
    ]
)


@st.composite
def documents(draw: st.DrawFn) -> str:
    parts = [draw(_NOISE)]
    for label, value in [_NUMBER, _OWNER, *draw(st.lists(_LABELLED, max_size=6))]:
        written = value.replace("&", "&amp;")
        parts.append(draw(_SHAPES).format(label, written, n=draw(_NOISE), m=draw(_NOISE)))
    return f"<html><body><h1>Projekt obce</h1>{''.join(parts)}</body></html>"


@given(documents())
@example(
    "<html><body><h1>Projekt obce</h1><p>Registrační číslo: CZ.03.2.60/0.0/0.0/16_041/0092009</p>"
    "<p>Příjemce: Obec Lhota</p><h3>Název projektu</h3><p>Čtení pro radost</p>"
    "<p>Název projektu: Oprava mostu &amp; lávky</p></body></html>"
)
def test_evidence_of_any_page_points_at_its_words(content: str) -> None:
    page = pages.parse(content, "p.html")
    projects = extract.extract(page, NAMES)
    assert projects
    for found in projects:
        for piece in pieces(extract.values(found, page)):
            assert "xpath" in piece
            assert quoted(content, piece) == piece["uvedeno"]


@given(
    st.lists(st.tuples(_LABELLED, st.sampled_from(["{}: {}", "  • {}:  {}", "{}\n{}"])), max_size=6),
    st.sampled_from(["\n", "\r\n", "\n\n"]),
)
def test_evidence_of_plain_text_points_at_characters_of_the_file(
    told: list[tuple[tuple[str, str], str]], end: str
) -> None:
    known = ["{}: {}".format(*_NUMBER), "{}: {}".format(*_OWNER)]
    content = end.join(["Projekt obce", *(shape.format(*pair) for pair, shape in told), *known, ""])
    page = pages.parse(content, "p.txt")
    projects = extract.extract(page, NAMES)
    assert projects
    for found in projects:
        for piece in pieces(extract.values(found, page)):
            assert "xpath" not in piece
            assert quoted(content, piece) == piece["uvedeno"]


def test_every_column_has_a_property_that_its_evidence_is_about() -> None:
    known = {term.name for term in NAMES.classes["Project"].fields}
    untold = {column for column, name in fields_of_columns().items() if camel(name) not in known}
    assert untold == {"slug", "for_review", "review"}


# Hostile pages

_PAGE = (SAMPLES / "definition-list.html").read_bytes()
_HOSTILE = {
    "empty.html": b"",
    "blank.txt": b" \n\t ",
    "nul.html": _PAGE.replace(b"Kolovrat", b"Kolo\x00vrat"),
    "utf-16.html": _PAGE.decode().encode("utf-16"),
    "utf-16-cut.txt": b"\xff\xfea",
    "broken-utf-8.html": _PAGE[:300] + b"\xff\xfe\xc3\x28" + _PAGE[300:],
    "windows-1250.html": _PAGE.decode().replace("utf-8", "windows-1250").encode("cp1250"),
    "zip.html": b"PK\x03\x04" + bytes(range(1, 255)),
    "pdf.txt": b"%PDF-1.7\n" + bytes(range(1, 255)),
    "deep.html": b"<html><body>" + b"<div>" * 10_000 + b"Projekt" + b"</div>" * 10_000,
    "deep-table.html": b"<table><tr><td>" * 1_000,
    "bomb.html": b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "aaaaaaaaaa">'
    + b"".join(b'<!ENTITY %c "%s">' % (97 + n, b"&%c;" % (96 + n) * 10) for n in range(1, 20))
    + b"]><html><body><p>&t;</p></body></html>",
    "file.html": b'<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/passwd">]><html><body><p>&x;</p></body></html>',
    "colspan.html": "<table><tr><td colspan='99999999999999999'>Název</td><td colspan='²'>x</td></tr></table>".encode(),
    "attributes.html": b"<p " + b" ".join(b'a%d="x"' % n for n in range(2_000)) + b">x</p>",
    "one-line.html": b"<p>" + b"1. 1. 2010 - " * 300 + b"</p>",
    "digits.txt": b"9" * 3_000,
}


@pytest.mark.parametrize("name", _HOSTILE)
def test_hostile_page_is_read_or_refused_in_one_sentence(tmp_path: Path, name: str, capsys: Any) -> None:
    path = tmp_path / name
    path.write_bytes(_HOSTILE[name])
    assert cli.main(["extract", str(path)]) in {0, 1}
    told = capsys.readouterr()
    assert "root:" not in told.out + told.err
    if not told.out:
        assert told.err.startswith(f"{path}: ")
        assert told.err.count("\n") == 1


def test_what_a_script_writes_is_no_fact() -> None:
    (record,) = read(SAMPLES / "definition-list.html")
    assert "Podvrh" not in json.dumps(record, ensure_ascii=False)


@given(content=st.binary(max_size=400), suffix=st.sampled_from([".html", ".txt"]))
def test_any_bytes_are_a_page_or_unreadable(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, suffix: str
) -> None:
    path = tmp_path_factory.mktemp("bytes") / f"p{suffix}"
    path.write_bytes(content)
    with contextlib.suppress(UnreadableFileError):
        assert isinstance(read(path), list)


# As a source

STRANKY = """
[[source]]
name = "stranky"
kind = "pages"
files = ["pages/*"]
"""


@pytest.fixture
def archive(tmp_path: Path, vocabulary: Vocabulary) -> Site:
    """A site with our own records above a folder of pages."""
    site = make_site(
        tmp_path, vocabulary, '[[source]]\nname = "zaznamy"\nkind = "records"\nfiles = ["records/*"]\n' + STRANKY
    )
    for name in ("table-rows.html", "table-columns.html", "nothing.html"):
        site.write(f"pages/{name}", (SAMPLES / name).read_bytes())
    return site


def graph(site: Site) -> Graph:
    return Graph().parse(data="\n".join(lines(site.check())), format="nt")


def test_each_project_of_a_page_is_a_project_with_its_place(archive: Site) -> None:
    checked = archive.check()
    projects = {iri.rpartition("_")[2] for iri in checked.described if "/zdroj/projekty/" in iri}
    assert projects == {"070-0092004", "010-0092005", "010-0092006"}
    assert violations(checked.findings) == []
    collected = pipeline.collect(archive.config, archive.vocabulary, pipeline.Progress())
    places = [made.record.place for made in collected.made]
    assert places == ["pages/table-columns.html:7", "pages/table-columns.html:8", "pages/table-rows.html:4"]
    (told,) = [finding for finding in checked.findings if finding.kind == "no-project-found"]
    assert (told.place, told.severity) == ("pages/nothing.html", Severity.WARNING)


def test_evidence_is_an_annotation_of_the_page(archive: Site) -> None:
    found = graph(archive)
    project = URIRef(f"{BASE}zdroj/projekty/CZ.05.5.18-0.0-0.0-17_070-0092004")
    start = URIRef(f"{project}/doklady/zahajeni")
    place, element = URIRef(f"{start}/misto"), URIRef(f"{start}/misto/xpath")
    characters, quote = URIRef(f"{element}/znaky"), URIRef(f"{place}/citace")
    assert {VP.Evidence, OA.Annotation} <= set(found.objects(start, RDF.type))
    assert (start, VP.fact, VP.start) in found
    assert found.value(start, VP.printed) == Literal("03/2018", lang="cs")
    assert found.value(start, VP.rule) == URIRef(f"{BASE}zdroj/pravidla/table-row")
    assert 0 < float(str(found.value(start, VP.confidence))) <= 1
    assert found.value(start, OA.hasTarget) == place
    document = found.value(place, OA.hasSource)
    assert document == found.value(start, PROV.wasDerivedFrom) == found.value(project, PROV.wasDerivedFrom)
    assert set(found.objects(place, OA.hasSelector)) == {element, quote}
    assert found.value(element, OA.refinedBy) == characters
    assert found.value(quote, OA.exact) == Literal("03/2018")
    page = html.document_fromstring((SAMPLES / "table-rows.html").read_text("utf-8"))
    begin, end = (int(str(found.value(characters, term))) for term in (OA.start, OA.end))
    assert str(page.xpath(f"string({found.value(element, RDF.value)})"))[begin:end] == "03/2018"
    checksum = found.value(document, SPDX.checksum)
    assert found.value(document, SPDX.fileName) == Literal("table-rows.html")
    assert str(found.value(checksum, SPDX.checksumValue)) == pages.read(SAMPLES / "table-rows.html").sha256
    assert found.value(checksum, SPDX.algorithm) == SPDX.checksumAlgorithm_sha256


def test_reviewed_record_stands_for_its_page(archive: Site) -> None:
    (record,) = read(SAMPLES / "table-rows.html")
    archive.write("records/dum.json", json.dumps([{**record, "nazev": "Zateplení domu", "slug": "dum"}]))
    checked = archive.check()
    (told,) = [finding for finding in checked.findings if finding.kind == "page-reviewed"]
    assert (told.place, told.severity) == ("pages/table-rows.html:4", Severity.INFO)
    assert "records/dum.json" in told.cs
    titles = {str(title) for title in graph(archive).objects(None, DCT.title)}
    assert "Zateplení domu" in titles
    assert "Zateplení kulturního domu v Horní Bystré" not in titles
    outcome = archive.build()
    assert outcome.stopped == []
    (source,) = [item for item in outcome.report["sources"] if item["name"] == "stranky"]
    assert (source["read"], source["replaced"], source["published"]) == (3, 1, 2)


def test_doubtful_facts_are_told_and_never_published(site: Site) -> None:
    doubtful = {
        "udaj": "partneri[1].prijemce",
        "uvedeno": "Obcí Tajnou",
        "hodnota": "Obec Tajná",
        "misto": "řádek 7",
        "misto_en": "line 7",
    }
    site.record(k_posouzeni=[doubtful])
    checked = site.check()
    (told,) = [finding for finding in checked.findings if finding.kind == "for-review"]
    assert (told.severity, told.field, told.repair) == (Severity.INFO, "partneri[1].prijemce", "Obec Tajná")
    assert "řádek 7" in told.cs
    assert "lod review" in told.en
    assert not [line for line in lines(checked) if "Taj" in line]


@pytest.mark.parametrize(
    ("piece", "told"),
    [
        ({"udaj": "neco"}, "is not known"),
        ({"udaj": "partneri[0].prijemce"}, "is not known"),
        ({"udaj": "partneri[1].neco"}, "is not known"),
        ({"udaj": "nazev", "pravidlo": "vestba"}, "not in the code list"),
        ({"udaj": "nazev", "jistota": "1,5"}, "not from 0 to 1"),
        ({"udaj": "nazev", "od": 7, "do": 3}, "do not make a place"),
        ({"udaj": "nazev", "od": 7}, "do not make a place"),
    ],
)
def test_wrong_evidence_is_told_and_the_project_stays(site: Site, piece: dict[str, Any], told: str) -> None:
    site.record(doklady=[{"uvedeno": "Škola", **piece}], dokument={"nazev": "Stránka", "sha256": "abc"})
    checked = site.check()
    warnings = [finding for finding in checked.findings if finding.severity is Severity.WARNING]
    assert [finding for finding in warnings if told in finding.en and finding.kind]
    assert [finding for finding in warnings if "SHA-256" in finding.en]
    assert violations(checked.findings) == []


def test_evidence_of_a_person_left_out_is_left_out_too(site: Site) -> None:
    around = {"pred": "tel. 603 123 456, ", "po": " nebo jana@lhota.example"}
    site.record(
        partneri=[{"prijemce": "Jan Vzorový"}, {"prijemce": "Obec Lhota"}],
        doklady=[
            {"udaj": "partneri[1].prijemce", "uvedeno": "Janem Vzorovým"},
            {"udaj": "nazev", "uvedeno": "Oprava školy", **around},
        ],
        dokument={"nazev": "Stránka"},
    )
    found = "\n".join(lines(site.check()))
    assert "Oprava školy" in found
    for private in ("Vzorov", "603", "jana@"):
        assert private not in found


# The command


def run(*args: str) -> int:
    return cli.main([*args])


def test_overview_names_value_line_rule_and_confidence(capsys: Any) -> None:
    assert run("extract", str(SAMPLES / "table-rows.html")) == 0
    told = capsys.readouterr().out
    assert re.search(r"zahájení +2018-03 +9 +table-row +0\.\d\d", told)
    assert "„03/2018“" in told
    assert "IČO příjemce " in told


def test_json_is_a_record_that_builds(capsys: Any, site: Site) -> None:
    assert run("extract", str(SAMPLES / "table-rows.html"), str(SAMPLES / "table-columns.html"), "--json") == 0
    out = capsys.readouterr().out
    assert [record["nazev"] for record in json.loads(out)] == [
        "Zateplení kulturního domu v Horní Bystré",
        "Cyklostezka podél Říčky",
        "Parkoviště u nádraží",
    ]
    site.write("records/stranky.json", out)
    assert violations(site.check().findings) == []
    assert site.build().release is not None


def test_page_without_a_project_is_told_and_the_others_are_printed(capsys: Any, tmp_path: Path) -> None:
    binary = tmp_path / "kresba.html"
    binary.write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00")
    assert run("extract", str(SAMPLES / "nothing.html"), str(binary), str(SAMPLES / "prose.html"), "--json") == 1
    told = capsys.readouterr()
    assert len(json.loads(told.out)) == 1
    assert [line.partition(": ")[0] for line in told.err.splitlines()] == [str(SAMPLES / "nothing.html"), str(binary)]


def dropped(site: Site, name: str) -> Iterator[Path]:
    yield site.write(name, (SAMPLES / ("plain-text.txt" if name.endswith(".txt") else "prose.html")).read_bytes())


@pytest.mark.parametrize("name", ["stranka.html", "stranka.HTM", "stranka.txt", "stranka"])
def test_dropped_page_is_checked_and_converted(site: Site, name: str, capsys: Any) -> None:
    (path,) = dropped(site, name)
    assert run("check", str(path), "--config", str(site.settings)) == 0
    assert re.search(rf"{re.escape(str(path))}:\d+:", capsys.readouterr().out)
    assert run("convert", str(path), "--config", str(site.settings)) == 0
    assert "ns/oa#XPathSelector" in capsys.readouterr().out or name.endswith(".txt")


def test_what_is_neither_a_record_nor_a_page_is_said_so(site: Site, capsys: Any) -> None:
    path = site.write("smlouva.docx", b"PK\x03\x04 ...")
    assert run("check", str(path), "--config", str(site.settings)) == 1
    told = capsys.readouterr().out
    assert told.count("smlouva.docx") == 1
    assert "nor a web page" in told


def test_evidence_moves_with_all_its_parts(archive: Site) -> None:
    collected = pipeline.collect(archive.config, archive.vocabulary, pipeline.Progress())
    (made,) = [made for made in collected.made if made.record.place.startswith("pages/table-rows")]
    assert made.project is not None
    writer = Writer(archive.vocabulary)
    for piece in made.project.evidence:
        there = f"{piece.iri}-2"
        again = moved(piece, there)
        assert moved(again, piece.iri) == piece
        assert all(subject(line) == there or subject(line).startswith(f"{there}/") for line in writer.lines(again))


# What must not become a project's fact


def facts_of(content: str) -> list[dict[str, str]]:
    """Return the sure facts of each project of a page."""
    found = extract.extract(pages.parse(f"<html><body>{content}</body></html>", "x.html"), NAMES)
    return [{fact.field: fact.value for fact in one.facts} for one in found]


def test_row_of_a_table_is_a_project_whatever_column_comes_first() -> None:
    rows = "".join(
        f"<tr><td>{body}</td><td>{ico}</td><td>{title}</td><td>{sum_} Kč</td></tr>"
        for body, ico, title, sum_ in (
            ("Obec Alfa", "00299308", "Vodovod", "1 200 000"),
            ("Obec Beta", "60609460", "Kanalizace", "2 500 000"),
        )
    )
    head = "<tr><th>Příjemce</th><th>IČO</th><th>Název projektu</th><th>Dotace</th></tr>"
    # The sum above the table is the programme's, not the unit of its cells.
    made = facts_of(f"<h1>Přehled</h1><p>Celková alokace 350 mil. Kč</p><table>{head}{rows}</table>")
    assert [(one["beneficiary"], one["ico"], one["title"], one["grant"]) for one in made] == [
        ("Obec Alfa", "00299308", "Vodovod", "1200000"),
        ("Obec Beta", "60609460", "Kanalizace", "2500000"),
    ]


@pytest.mark.parametrize(
    "supplier",
    [
        "<p>Zhotovitelem stavby je firma Stavby Vzor s.r.o., IČO 70891320.</p>",
        "<p>Zhotovitel: Stavby Vzor s.r.o., IČO: 70891320</p>",
        "<p>Dodavatel:<br>Stavby Vzor s.r.o.<br>IČO: 70891320<br>Sídlo: Krátká 5, 301 00 Plzeň</p>",
        "<dl><dt>Zhotovitel</dt><dd>Stavby Vzor s.r.o.</dd><dt>IČO</dt><dd>70891320</dd></dl>",
        "<table><tr><td>Dodavatel</td><td>Stavby Vzor</td></tr><tr><td>IČO</td><td>70891320</td></tr></table>",
        "<h3>Zhotovitel</h3><p>IČO: 70891320</p>",
    ],
)
def test_number_and_seat_of_a_supplier_are_not_the_beneficiarys(supplier: str) -> None:
    (made,) = facts_of(
        "<h1>Oprava mostu</h1><p>Registrační číslo projektu: CZ.1.04/3.1.00/05.00099</p>"
        f"<p>Příjemce: Obec Dubová</p>{supplier}"
    )
    assert made["beneficiary"] == "Obec Dubová"
    assert not {"ico", "street", "post_code", "town"} & set(made)


@pytest.mark.parametrize("printed", ["1 2000 000 Kč", "1 200 00 Kč", "12 345 67 Kč", "1.250.00,- Kč", "125 OOO Kč"])
def test_damaged_amount_says_nothing(printed: str) -> None:
    (made,) = facts_of(
        "<h1>Oprava mostu</h1><p>Registrační číslo projektu: CZ.1.04/3.1.00/05.00099</p>"
        f"<p>Příjemce: Obec Dubová</p><p>Výše dotace: {printed}</p>"
    )
    assert "grant" not in made


@pytest.mark.parametrize(
    "content",
    [
        "<h1>Prodej pozemku</h1><p>Cena: 450 000 Kč</p>",
        "<h1>Výzva č. 3 MAS Podhůra</h1><p>Termín: 1. 3. 2019 – 31. 5. 2019</p>",
        "<h1>Kurz angličtiny</h1><p>Doba trvání: 1. 9. 2020 – 31. 1. 2021</p><p>Cena celkem: 3 500 Kč</p>",
    ],
)
def test_sale_call_and_course_are_no_projects(content: str) -> None:
    assert facts_of(content) == []


def test_person_beside_a_body_and_a_place_stays_out() -> None:
    (made,) = facts_of(
        "<h1>Cesta domů</h1><p>Registrační číslo projektu: CZ.1.04/3.1.00/05.00099</p>"
        "<p>Realizátor projektu: Spolek Cesta, z. s., předseda Ing. Petr Vzorný, tel. 603 111 222</p>"
        "<p>Místo realizace: Brno, Ing. Petr Vzorný, 602 333 444</p>"
    )
    assert (made["beneficiary"], made["place_name"]) == ("Spolek Cesta, z. s.", "Brno")
