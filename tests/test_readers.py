from __future__ import annotations

import io
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest

from lod import readers
from lod.errors import UnreadableFileError
from lod.readers import Fault, Options, Row


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
    assert [(type(row), row.line) for row in found] == [(Row, 1), (Fault, 2), (Row, 3)]
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
        ("a.json", b'{"nazev": ', "not valid JSON"),
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
