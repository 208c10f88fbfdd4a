"""What every reader yields, and the first look that tells a file in disguise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import UnreadableFileError

__all__ = ["Fault", "Row", "header_of", "refuse_disguise"]


@dataclass(frozen=True, slots=True)
class Row:
    """One record's raw values and the line it begins on (0: the file is the record)."""

    line: int
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Fault:
    """A row that cannot be read, with its line and the reason."""

    line: int
    cs: str
    en: str


def header_of(cells: list[str]) -> list[str]:
    """Return the names of the columns; raise `UnreadableFileError` when one is empty or stands twice."""
    names = [name.strip() for name in cells]
    if len(set(names)) < len(names) or not all(names):
        raise UnreadableFileError(
            "záhlaví má prázdný nebo opakovaný název sloupce", "the header has an empty or repeated name"
        )
    return names


_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
# What a file of these kinds must begin with; every other kind is text.
_BINARY = {"xlsx": _ZIP, "ods": _ZIP, "xls": _OLE}
_SIGNATURES = (
    (_ZIP, "ZIP (například XLSX nebo ODS)", "a ZIP (such as XLSX or ODS)"),
    (_OLE, "starý dokument Office (XLS, DOC)", "an old Office document (XLS, DOC)"),
    (b"%PDF", "PDF", "a PDF"),
    (b"\x1f\x8b", "komprimovaný gzip", "compressed by gzip"),
    (b"\x89PNG", "obrázek PNG", "a PNG picture"),
)


def refuse_disguise(path: Path) -> None:
    """Raise `UnreadableFileError` when the first bytes are plainly of another format."""
    with path.open("rb") as file:
        head = file.read(4096)
    if not head.strip():
        raise UnreadableFileError("soubor je prázdný", "the file is empty")
    suffix = path.suffix.lstrip(".").lower()
    if suffix in _BINARY and head.startswith(_BINARY[suffix]):
        return
    for signature, cs, en in _SIGNATURES:
        if head.startswith(signature):
            raise UnreadableFileError(f"soubor není {suffix}, ale {cs}", f"the file is not {suffix} but {en}")
    if head.lstrip(b"\xef\xbb\xbf \t\r\n")[:9].lower().startswith((b"<!doctype", b"<html")):
        raise UnreadableFileError(
            f"soubor není {suffix}, ale webová stránka", f"the file is not {suffix} but a web page"
        )
    if suffix in _BINARY:
        raise UnreadableFileError(f"soubor není {suffix}", f"the file is not {suffix}")
    if b"\x00" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise UnreadableFileError("soubor není text", "the file is not text")
