"""Whatever people export: read to the last row, or told in a sentence."""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lod import readers
from lod.errors import UnreadableFileError
from lod.readers import Cells, Fault, Options, Row, encodings


def rows(folder: Path, content: str | bytes, name: str = "projekty.csv", **options: str) -> list[Row | Fault]:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return list(readers.read(path, Options(**options)))


def xlsx() -> bytes:
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
    return memory.getvalue()


def test_rows_know_their_lines(tmp_path: Path) -> None:
    found = rows(tmp_path, 'nazev,ico\nPrvní,1\n\n"Druhý\nna dvou řádcích",2\nTřetí,3\n')
    assert found == [
        Row(2, {"nazev": "První", "ico": "1"}),
        Row(4, {"nazev": "Druhý\nna dvou řádcích", "ico": "2"}),
        Row(6, {"nazev": "Třetí", "ico": "3"}),
    ]


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_row_of_another_length_is_a_fault_and_the_rest_is_read(tmp_path: Path, ends: str) -> None:
    text = 'nazev,ico\n"Na\ntřech\nřádcích",1\nKrátký\nDobrý,2\nDlouhý,3,4\n'.replace("\n", ends)
    found = rows(tmp_path, text)
    assert [type(row) for row in found] == [Row, Fault, Row, Fault]
    assert [row.line for row in found] == [2, 5, 6, 7]
    short, long = found[1], found[3]
    assert isinstance(short, Fault)
    assert isinstance(long, Fault)
    assert short.cs == "počet buněk v řádku: 1, v záhlaví: 2"
    assert long.en == "the row has 3 cells, the header 2"


def test_multi_line_row_of_another_length_begins_where_it_begins(tmp_path: Path) -> None:
    found = rows(tmp_path, 'nazev,ico\n"Dva\nřádky"\nDobrý,1\n')
    assert [(type(row), row.line) for row in found] == [(Fault, 2), (Row, 4)]


def test_byte_order_mark_is_not_part_of_the_first_column(tmp_path: Path) -> None:
    assert rows(tmp_path, "\ufeffnazev,ico\nA,1\n") == [Row(2, {"nazev": "A", "ico": "1"})]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiter_is_found_in_the_header(tmp_path: Path, delimiter: str) -> None:
    text = delimiter.join(["nazev", "ico", "obec"]) + "\n" + delimiter.join(["A", "1", '"B,;|C"']) + "\n"
    assert rows(tmp_path, text) == [Row(2, {"nazev": "A", "ico": "1", "obec": "B,;|C"})]


def test_quoted_delimiter_in_the_header_does_not_count(tmp_path: Path) -> None:
    text = '"název, celý, bez zkratek";ico\nA;1\n'
    assert rows(tmp_path, text) == [Row(2, {"název, celý, bez zkratek": "A", "ico": "1"})]


def test_delimiter_can_be_set(tmp_path: Path) -> None:
    assert rows(tmp_path, "a,b;c\n1,2;3\n", delimiter=";") == [Row(2, {"a,b": "1,2", "c": "3"})]


def test_encoding_can_be_set(tmp_path: Path) -> None:
    text = "název,ico\nŽluťoučký kůň,1\n"
    expected = [Row(2, {"název": "Žluťoučký kůň", "ico": "1"})]
    assert rows(tmp_path, text.encode("windows-1250"), encoding="windows-1250") == expected
    assert rows(tmp_path, text.encode("utf-16"), encoding="utf-16") == expected


def test_nested_records(tmp_path: Path) -> None:
    assert rows(tmp_path, '{"nazev": "A", "castka": 0.10}', "a.json")[0] == Row(
        0, {"nazev": "A", "castka": Decimal("0.10")}
    )
    found = rows(tmp_path, '[{"nazev": "A"}, 5, {"nazev": "B"}]', "b.json")
    assert [(type(row), row.spot) for row in found] == [(Row, "1#1"), (Fault, "1#2"), (Row, "1#3")]
    assert rows(tmp_path, 'nazev = "A"\n[dokument]\ndatum = "2010"', "c.toml") == [
        Row(0, {"nazev": "A", "dokument": {"datum": "2010"}})
    ]


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.csv", b"", "empty"),
        ("a.csv", b" \r\n\n", "empty"),
        ("a.csv", b"\xef\xbb\xbf", "empty"),
        ("a.csv", b"\xef\xbb\xbf\r\n", "empty"),
        ("a.json", b"", "empty"),
        ("a.toml", b"\n", "empty"),
        ("a.csv", xlsx(), "not csv but a ZIP (such as XLSX"),
        ("a.csv", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old Office"),
        ("a.csv", b"%PDF-1.7\n", "a PDF"),
        ("a.json", b"\x1f\x8b\x08\x00", "gzip"),
        ("a.csv", b"<!DOCTYPE html><html><body>Nenalezeno</body></html>", "web page"),
        ("a.csv", b"\xef\xbb\xbf\r\n<HTML><head>", "web page"),
        ("a.json", b"<html>404</html>", "not json but a web page"),
        ("a.csv", b"nazev,ico\nA\x00B,1\n", "not text"),
        ("a.csv", b"nazev,nazev\nA,B\n", "header"),
        ("a.csv", b"nazev,,ico\nA,B,1\n", "header"),
        ("a.json", b'{"nazev": ', "ends early"),
        ("a.json", b"[" * 100_000, "not valid JSON"),
        ("a.json", b"5", "object"),
        ("a.toml", b"nazev = ", "not valid TOML"),
        ("a.toml", b'nazev = "\xe8"', "not valid TOML"),
        ("a.toml", b"a = " + b"[" * 100_000, "not valid TOML"),
        ("a.xyz", b"A", ".xyz"),
        ("a", b"A", "without a suffix"),
    ],
)
def test_file_that_is_not_what_its_name_says(tmp_path: Path, name: str, content: bytes, told: str) -> None:
    with pytest.raises(UnreadableFileError) as refused:
        rows(tmp_path, content, name)
    assert told in refused.value.en
    assert refused.value.cs != refused.value.en
    assert "\n" not in str(refused.value)


def test_rows_around_a_broken_one_are_not_lost(tmp_path: Path) -> None:
    found = rows(tmp_path, 'nazev,ico\nA,1\n"B"x,2\nC,3\n')
    assert [(type(row), row.line) for row in found] == [(Row, 2), (Fault, 3), (Row, 4)]


def test_unknown_encoding_is_told(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match="utf-7b"):
        rows(tmp_path, "a,b\n1,2\n", encoding="utf-7b")


def test_missing_file_and_folder_are_told(tmp_path: Path) -> None:
    (tmp_path / "slozka.csv").mkdir()
    for name in ("neni.csv", "slozka.csv"):
        with pytest.raises(UnreadableFileError, match="cannot be read"):
            list(readers.read(tmp_path / name))


CZECH = "název;žadatel;místo konání\nŠkola bez bariér;Město Žďár;Plzeň\nČistší řeky;Povodí, s. p.;Přerov\n"


def texts(path: Path, **options: str) -> list[list[str]]:
    return [row.values for row in readers.cells(path, Options(**options)) if isinstance(row, Cells)]


def faults(path: Path, **options: str) -> list[Fault]:
    return [row for row in readers.cells(path, Options(**options)) if isinstance(row, Fault)]


def put(folder: Path, content: str | bytes, name: str = "a.csv") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "windows-1250", "iso-8859-2", "cp852", "mac_latin2"],
)
def test_encoding_is_told_by_the_bytes(tmp_path: Path, encoding: str) -> None:
    assert texts(put(tmp_path, CZECH.encode(encoding)))[1] == ["Škola bez bariér", "Město Žďár", "Plzeň"]


@given(st.lists(st.sampled_from(["škola", "Žďár", "řeka", "Příbram", "těžiště", "ČÁST", "Ústí", "úřad"]), min_size=4))
def test_an_encoding_is_never_mistaken_for_another(words: list[str]) -> None:
    text = "\n".join(words)
    for name in ("windows-1250", "iso-8859-2"):
        assert all(text.encode(name).decode(found) == text for found in encodings.best([text.encode(name)])[:1])


def test_one_word_that_two_encodings_spell_is_not_guessed(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match=r"line 2.*windows-1250.*mac-latin2.*set encoding"):
        texts(put(tmp_path, "nazev,ico\nBarchůvek,1\n".encode("windows-1250")))


def test_declared_encoding_that_is_wrong_is_told_with_its_place(tmp_path: Path) -> None:
    path = put(tmp_path, CZECH.encode("windows-1250"))
    with pytest.raises(UnreadableFileError, match=r"not in utf-8 \(byte 1, line 1\).*windows-1250"):
        texts(path, encoding="utf-8")
    with pytest.raises(UnreadableFileError, match=r"not in iso-8859-2 \(byte 6, line 1\).*windows-1250"):
        texts(path, encoding="iso-8859-2")
    with pytest.raises(UnreadableFileError, match=r"not in windows-1250 .*utf-8"):
        texts(put(tmp_path, CZECH), encoding="windows-1250")


def test_a_late_wrong_byte_has_its_line(tmp_path: Path) -> None:
    content = b"nazev,ico\n" + b"ab,1\n" * 400_000 + b"\xe9\x9e,2\n"
    with pytest.raises(UnreadableFileError, match="byte 2000010, line 400002"):
        texts(put(tmp_path, content), encoding="utf-8")


@pytest.mark.parametrize("encoding", ["windows-1250", "windows-1252", "iso-8859-2"])
def test_utf8_read_twice_is_refused(tmp_path: Path, encoding: str) -> None:
    spoilt = "nazev;misto\nZáměr;Škola\n".encode().decode(encoding)
    with pytest.raises(UnreadableFileError, match="wrong encoding before"):
        texts(put(tmp_path, spoilt))


def test_single_spoilt_cells_are_flaws_and_rows_in_another_encoding_faults(tmp_path: Path) -> None:
    lines = ["název;místo", *["Příbor;Žďár nad Sázavou"] * 30, "ZĂˇmÄ›r;Plzeň", "P\ufffdíbor;Brno"]
    path = put(tmp_path, "\n".join(lines).encode() + "\nPříbor;Žďár\n".encode("windows-1250") + b"Konec;Brno\n")
    found = list(readers.cells(path))
    assert isinstance(found[31], Cells)
    assert "Záměr" in found[31].flaws[0].cs
    assert isinstance(found[32], Cells)
    assert list(found[32].flaws) == [0]
    assert [(type(row), row.line) for row in found[33:]] == [(Fault, 34), (Cells, 35)]
    told = [row.line for row in readers.read(path) if isinstance(row, Fault)]
    assert told == [32, 33, 34]


def test_every_row_is_given_with_titles_and_blank_ones(tmp_path: Path) -> None:
    path = put(tmp_path, "Seznam operací\n\nnázev;ičo;částka\nA;1;1,5\nB;2;2,5\n;;\nCelkem;;4\n")
    assert texts(path) == [
        ["Seznam operací"],
        [],
        ["název", "ičo", "částka"],
        ["A", "1", "1,5"],
        ["B", "2", "2,5"],
        ["", "", ""],
        ["Celkem", "", "4"],
    ]


def test_delimiter_is_judged_by_many_lines_and_not_by_the_header(tmp_path: Path) -> None:
    text = "název, sídlo, obec;ičo\nA;1\nB;2\nC;3\n"
    assert texts(put(tmp_path, text))[1] == ["A", "1"]
    assert texts(put(tmp_path, "nazev\nŠkola, Most\nMost\n")) == [["nazev"], ["Škola, Most"], ["Most"]]


def test_excel_notes_its_delimiter(tmp_path: Path) -> None:
    assert list(readers.read(put(tmp_path, "sep=|\nnazev|ico\nA|1\n"))) == [Row(3, {"nazev": "A", "ico": "1"})]


def test_quotes_can_be_single_or_none(tmp_path: Path) -> None:
    path = put(tmp_path, "'a';'b;c'\n'd';'e;f'\n'g';'h'\n")
    assert texts(path) == [["a", "b;c"], ["d", "e;f"], ["g", "h"]]
    path = put(tmp_path, 'název;míra\nTrubka;"2\nHadice;3"\n')
    assert texts(path, quote="none")[1:] == [["Trubka", '"2'], ["Hadice", '3"']]


def test_rows_with_another_delimiter_are_faults(tmp_path: Path) -> None:
    path = put(tmp_path, "nazev;ico;obec\nA;1;Most\nB;2;Brno\nC\t3\tPlzeň\nD;4;Aš\n")
    assert [(fault.line, "a tab" in fault.en) for fault in faults(path)] == [(4, True)]
    assert texts(path)[-1] == ["D", "4", "Aš"]


@pytest.mark.parametrize(
    ("broken", "lost"),
    [
        ('X;"nikdy nezavřená;1\n', 0),
        ('X;"zavřená jinde;1\nB;2;2\nC";3;3\n', 1),
        ('X;"zavřeno" a pak text;1\n', 0),
        ('X;"""tři;1\n', 0),
    ],
)
def test_a_quote_left_open_costs_its_row_alone(tmp_path: Path, broken: str, lost: int) -> None:
    good = "".join(f"řádek {number};{number};{number}\n" for number in range(50))
    path = put(tmp_path, "nazev;ico;obec\n" + good + broken + good)
    (fault, *_) = faults(path)
    assert fault.line == 52
    assert "52" in fault.en
    assert "reading goes on" in fault.en
    found = [values for values in texts(path) if values[0].startswith("řádek")]
    assert len(found) == 100


@given(st.lists(st.lists(st.text(st.sampled_from("ab;\"\n' ě,\t")), min_size=3, max_size=3), min_size=1, max_size=8))
def test_csv_as_programs_write_it_reads_back_or_is_told(rows: list[list[str]]) -> None:
    memory = io.StringIO()
    csv.writer(memory, delimiter=";", quoting=csv.QUOTE_ALL).writerows([["nazev", "ico", "obec"], *rows])
    with tempfile.TemporaryDirectory() as folder:
        path = put(Path(folder), memory.getvalue())
        found = list(readers.cells(path, Options(delimiter=";", quote='"')))
    if not any(isinstance(row, Fault) for row in found):
        assert [row.values for row in found[1:] if isinstance(row, Cells)] == rows


@pytest.mark.parametrize("name", ["a.csv", "a.jsonl", "a.json", "a.xml", "a.toml", "a.xlsx"])
def test_every_format_may_be_gzipped(tmp_path: Path, name: str) -> None:
    content = {
        "a.csv": b"nazev,ico\nA,1\n",
        "a.jsonl": b'{"nazev": "A", "ico": "1"}\n',
        "a.json": b'[{"nazev": "A", "ico": "1"}]',
        "a.xml": b"<x><p><nazev>A</nazev><ico>1</ico></p></x>",
        "a.toml": b'nazev = "A"\nico = "1"',
        "a.xlsx": sheet_bytes(["nazev", "ico"], ["A", "1"]),
    }[name]
    path = put(tmp_path, gzip.compress(content), f"{name}.gz")
    assert readers.kind(path) == Path(name).suffix
    assert [row.values for row in readers.read(path)] == [{"nazev": "A", "ico": "1"}]  # type: ignore[union-attr]


def nested(folder: Path, content: str | bytes, name: str, path: str = "") -> list[Row | Fault]:
    return list(readers.objects(put(folder, content, name), Options(path=path)))


def test_records_inside_json(tmp_path: Path) -> None:
    text = '{"meta": {"n": [1, 2, {"items": []}]}, "data": {"jine": "x", "items": [{"a": 1.10}, {"a": 2}]}, "konec": 1}'
    assert nested(tmp_path, text, "a.json", "data/items") == [Row(1, {"a": Decimal("1.10")}, 1), Row(1, {"a": 2}, 2)]
    with pytest.raises(UnreadableFileError, match="data/polozky"):
        nested(tmp_path, text, "a.json", "data/polozky")


def test_json_larger_than_a_piece_is_whole(tmp_path: Path) -> None:
    items = [{"cislo": number, "text": "č" * (number % 5000)} for number in range(500)]
    items[250]["text"] = "dlouhý " * 100_000
    assert [row.values for row in nested(tmp_path, json.dumps(items), "a.json")] == items  # type: ignore[union-attr]


def test_json_and_xml_broken_midway_give_what_stands_before(tmp_path: Path) -> None:
    found = nested(tmp_path, '[{"a": 1},\n{"a": 2},\n{"a": 3,}]', "a.json")
    assert [type(row) for row in found] == [Row, Row, Fault]
    assert "line 3" in found[2].en  # type: ignore[union-attr]
    found = nested(tmp_path, "<x>\n<p><a>1</a></p>\n<p><a>2</p>\n</x>", "a.xml")
    assert [(type(row), row.line) for row in found] == [(Row, 2), (Fault, 3)]
    found = nested(tmp_path, "<x>\n<p><a>1</a></p>\n", "a.xml")
    assert [type(row) for row in found] == [Row, Fault]


def test_a_bad_line_of_json_lines_costs_that_line_alone(tmp_path: Path) -> None:
    found = nested(tmp_path, '{"a": 1}\n{"a": \n\n5\n{"a": 1, "a": 2}\n{"a": NaN}\n{"a": 2}\n', "a.jsonl")
    assert [(type(row), row.line) for row in found] == [
        (Row, 1),
        (Fault, 2),
        (Fault, 4),
        (Fault, 5),
        (Fault, 6),
        (Row, 7),
    ]


def test_xml_elements_are_mappings(tmp_path: Path) -> None:
    text = """<?xml version="1.0" encoding="windows-1250"?>
    <e:EXPORT xmlns:e="urn:x" xmlns="urn:y"><!-- poznámka -->
      <DATUM>2024</DATUM>
      <PRJ id="1" e:stav="ok"><NAZEV lang="cs">Škola</NAZEV><ICO>00551023</ICO>
        <PARTNER><N>A</N></PARTNER><PARTNER><N>B</N></PARTNER><POPIS>a <b>tučně</b> c</POPIS><NIC/></PRJ>
      <PRJ id="2"/>
    </e:EXPORT>"""
    assert nested(tmp_path, text.encode("windows-1250"), "a.xml", "EXPORT/PRJ") == [
        Row(
            4,
            {
                "@id": "1",
                "@stav": "ok",
                "NAZEV": {"@lang": "cs", "#text": "Škola"},
                "ICO": "00551023",
                "PARTNER": [{"N": "A"}, {"N": "B"}],
                "POPIS": {"b": "tučně", "#text": "a  c"},
                "NIC": "",
            },
            1,
        ),
        Row(6, {"@id": "2"}, 2),
    ]
    assert [row.line for row in nested(tmp_path, text.encode("windows-1250"), "a.xml")] == [3, 4, 6]


def archive(**parts: str | bytes) -> bytes:
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name.replace("__", "/"), content)
    return memory.getvalue()


def handmade(rows: str, dimension: str = "A1:B2", more: Mapping[str, str | bytes] = MappingProxyType({})) -> bytes:
    """Write a workbook by hand: its rows are XML."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    return archive(
        **{
            "[Content_Types].xml": "<Types/>",
            "_rels/.rels": f'<Relationships xmlns="{package}"><Relationship Id="a" Type="{rel}/officeDocument"'
            ' Target="xl/workbook.xml"/></Relationships>',
            "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{rel}"><sheets>'
            '<sheet name="Data" sheetId="1" r:id="s"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}"><Relationship Id="s"'
            f' Type="{rel}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="t" Type="{rel}/sharedStrings"'
            f' Target="sharedStrings.xml"/><Relationship Id="e" Type="{rel}/externalLink"'
            ' Target="file:///etc/passwd" TargetMode="External"/></Relationships>',
            "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><dimension ref="{dimension}"/>'
            f"<sheetData>{rows}</sheetData></worksheet>",
            **more,
        }
    )


def sheet_bytes(*rows: list[str]) -> bytes:
    body = "".join(
        f'<row r="{number}">' + "".join(f'<c t="inlineStr"><is><t>{text}</t></is></c>' for text in row) + "</row>"
        for number, row in enumerate(rows, 1)
    )
    return handmade(body)


HEADER = '<row r="1"><c r="A1" t="inlineStr"><is><t>nazev</t></is></c></row>'
LAUGHS = (
    "<!DOCTYPE x ["
    + '<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True))
)


def bomb(byte: bytes = b"\x00", size: int = 300 << 20) -> bytes:
    memory = io.BytesIO()
    with gzip.GzipFile(fileobj=memory, mode="wb", compresslevel=9) as packed:
        for _ in range(size >> 20):
            packed.write(byte * (1 << 20))
    return memory.getvalue()


HOSTILE: dict[str, tuple[str, bytes | str]] = {
    "gzip bomb": ("a.csv.gz", bomb(b"a,b\n" * 16, 20 << 20)),
    "gzip cut short": ("a.csv.gz", gzip.compress(CZECH.encode() * 5000)[:-2000]),
    "gzip of noise": ("a.csv.gz", b"\x1f\x8b\x08\x00" + bytes(range(256))),
    "gzip of no gzip": ("a.csv.gz", CZECH),
    "gzip within gzip": ("a.csv.gz", gzip.compress(gzip.compress(b"a,b\n"))),
    "one line of megabytes": ("a.csv", b"nazev,ico\n" + b"a" * (3 << 20) + b"\nB,1\n"),
    "one cell of megabytes": ("a.csv", b'nazev,ico\n"' + b"a\n" * (1 << 17) + b'",1\nB,1\n'),
    "nothing but quotes": ("a.csv", b'"' * 50_001),
    "a quote a line": ("a.csv", b"nazev;ico;obec\n" + b'"a;b;c\n' * 2000),
    "nothing but carriage returns": ("a.csv", b"nazev,ico\r" + b"\r" * 5000 + b"A\r"),
    "lone surrogates": ("a.jsonl", b'{"nazev": "\\ud800"}'),
    "NUL in JSON": ("a.jsonl", b'{"nazev": "a\\u0000b"}'),
    "deep JSON": ("a.json", b'{"a":' * 200_000),
    "deep JSON item": ("a.json", b"[" + b'{"a":' * 100 + b"1" + b"}" * 100 + b"]"),
    "deep JSON line": ("a.jsonl", b"[" * 200_000),
    "a number of a million digits": ("a.jsonl", b'{"a": ' + b"9" * 1_000_000 + b"}"),
    "JSON Lines called JSON": ("a.json", b'{"a": 1}\n{"a": 2}\n'),
    "JSON called JSON Lines": ("a.jsonl", b'[\n{"a": 1}\n]\n'),
    "deep XML": ("a.xml", b"<a>" * 100_000),
    "XML laughs": ("a.xml", f"{LAUGHS}]><x><p>&i;</p></x>"),
    "XML that reads files": ("a.xml", '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x><p>&e;</p></x>'),
    "XML with a DTD behind a comment": (
        "a.xml",
        "<!-- " + "x" * 9000 + " --><!DOCTYPE x [<!ENTITY e 'v'>]><x><p>&e;</p></x>",
    ),
    "XML with a DTD in UTF-16": ("a.xml", '<!DOCTYPE x [<!ENTITY e "v">]><x><p>&e;</p></x>'.encode("utf-16")),
    "XML of an unknown entity": ("a.xml", "<x><p>&neni;</p></x>"),
    "XML of a long text": ("a.xml", b"<x><p>" + b"a" * (11 << 20) + b"</p></x>"),
    "XML of one leaf": ("a.xml", "<x/>"),
    "ZIP cut short": ("a.xlsx", sheet_bytes(["nazev"], ["A"])[:-100]),
    "workbook without parts": ("a.xlsx", archive(**{"xl/workbook.xml": "<workbook/>"})),
    "workbook with a DTD": (
        "a.xlsx",
        handmade("", more={"xl/sharedStrings.xml": f"{LAUGHS}]><sst><si><t>&i;</t></si></sst>"}),
    ),
    "workbook bomb": ("a.xlsx", handmade(HEADER, more={"xl/sharedStrings.xml": b"<sst>" + b" " * (150 << 20)})),
    "columns beyond the last": ("a.xlsx", handmade('<row r="1"><c r="ZZZZ1"><v>1</v></c></row>')),
    "cells out of order": ("a.xlsx", handmade('<row r="1"><c r="B1"><v>1</v></c><c r="A1"><v>2</v></c></row>')),
    "rows out of order": ("a.xlsx", handmade(HEADER + HEADER)),
    "row numbers that are none": ("a.xlsx", handmade('<row r="x"><c><v>1</v></c></row>')),
    "a shared text that is not there": ("a.xlsx", handmade(HEADER + '<row r="2"><c r="A2" t="s"><v>7</v></c></row>')),
    "a number that is none": ("a.xlsx", handmade(HEADER + '<row r="2"><c r="A2"><v>1e999</v></c></row>')),
    "a sheet broken midway": ("a.xlsx", handmade(HEADER + '<row r="2"><c r="A2"')),
    "ODS that repeats": (
        "a.ods",
        archive(
            mimetype="application/vnd.oasis.opendocument.spreadsheet",
            **{
                "content.xml": "<office:document-content"
                ' xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
                ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
                ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
                '<table:table table:name="A"><table:table-row table:number-rows-repeated="1048576">'
                '<table:table-cell office:value-type="string" table:number-columns-repeated="16384"><text:p>x</text:p>'
                "</table:table-cell></table:table-row></table:table></office:spreadsheet></office:body>"
                "</office:document-content>"
            },
        ),
    ),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_files_end_with_a_sentence(tmp_path: Path, case: str) -> None:
    name, content = HOSTILE[case]
    path = put(tmp_path, content, name)
    told: list[str] = []
    try:
        told += [row.cs + row.en for row in readers.read(path) if isinstance(row, Fault)]
    except UnreadableFileError as error:
        told.append(error.cs + error.en)
    assert told
    assert all(2 < len(text) < 1000 and "\n" not in text for text in told), told


def test_a_lying_dimension_is_not_believed(tmp_path: Path) -> None:
    content = handmade(HEADER + '<row r="2"><c r="A2"><v>1</v></c></row>', "A1:XFD1048576")
    assert texts(put(tmp_path, content, "a.xlsx")) == [["nazev"], ["1"]]


def test_what_is_no_file_is_not_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.csv")
    (tmp_path / "b.csv").symlink_to("b.csv")
    (tmp_path / "c.csv").symlink_to("/dev/zero")
    (tmp_path / "d.csv").symlink_to("neni")
    for name in "abcd":
        with pytest.raises(UnreadableFileError, match="cannot be read"):
            texts(tmp_path / f"{name}.csv")


# The highest memory of this process alone: ru_maxrss begins with that of whoever started it.
GROWTH = """
import re, sys
from pathlib import Path
from lod import readers
path = Path(sys.argv[1])
rows = readers.cells(path) if readers.is_table(path) else readers.objects(path)
print(sum(1 for _ in rows), int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) // 1024)
"""


def register(path: Path, count: int) -> Path:
    """Write a register of so many rows."""
    rows = ([f"CZ.1.04/3.1.00/05.{number:05}", f"Škola číslo {number}", str(number / 7)] for number in range(count))
    suffix = readers.kind(path)
    if suffix == ".xlsx":
        cells = (
            '<c t="inlineStr"><is><t>{}</t></is></c><c t="str"><v>{}</v></c><c><v>{}</v></c>'.format(*row)
            for row in rows
        )
        path.write_bytes(handmade("".join(f"<row>{row}</row>" for row in cells)))
        return path
    forms = {
        ".csv": ";".join,
        ".jsonl": lambda row: json.dumps(dict(zip("abc", row, strict=True))),
        ".json": lambda row: json.dumps(dict(zip("abc", row, strict=True))) + ",",
        ".xml": lambda row: "<p><a>{}</a><b>{}</b><c>{}</c></p>".format(*row),
    }
    around = {".json": ("[", '{"a": 1}]'), ".xml": ("<x>", "</x>")}.get(suffix, ("", ""))
    text = "\n".join([around[0], *map(forms[suffix], rows), around[1]]).strip()
    path.write_bytes(gzip.compress(text.encode(), 1) if path.suffix == ".gz" else text.encode())
    return path


@pytest.mark.slow
@pytest.mark.parametrize("name", ["a.csv", "a.csv.gz", "a.jsonl", "a.json", "a.xml", "a.xlsx"])
def test_memory_does_not_grow_with_the_rows(tmp_path: Path, name: str) -> None:
    used = []
    for count in (20_000, 100_000):
        path = register(tmp_path / name, count)
        run = subprocess.run([sys.executable, "-c", GROWTH, path], capture_output=True, text=True, check=True)
        rows, megabytes = map(int, run.stdout.split())
        assert rows >= count
        used.append(megabytes)
    assert used[1] - used[0] < 12
