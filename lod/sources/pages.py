"""Web pages and texts saved from them: each project that a page tells of is a record, with its evidence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from .. import extract
from ..config import SourceConfig
from ..errors import UnreadableFileError
from ..extract import Found, Page
from ..extract import page as pages
from ..model import Finding, Record, Severity
from ..terms import Vocabulary
from ..tidy import canonical

__all__ = ["is_page", "nothing_found", "projects", "read"]

_SUFFIXES = frozenset({".html", ".htm", ".xhtml", ".txt"})
_MARKUP = re.compile(rb"\s*(?:<\?xml[^>]*>\s*)?<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)


@cache
def _vocabulary() -> Vocabulary:
    """Return the code lists whose names the rules know; they are the same whatever the base."""
    return Vocabulary("https://projekty.example/")


def is_page(path: Path) -> bool:
    """Whether a file is a page by its suffix, or by how it begins."""
    if path.suffix.lower() in _SUFFIXES:
        return True
    try:
        with path.open("rb") as file:
            return bool(_MARKUP.match(file.read(1024).removeprefix(b"\xef\xbb\xbf")))
    except OSError:
        return False


def nothing_found(shown: str, source: str = "") -> Finding:
    """Return what is told of a page without a project."""
    return Finding(
        severity=Severity.WARNING,
        place=shown,
        field="",
        cs="na stránce není projekt: hledá se registrační číslo, nebo název s příjemcem, obdobím, programem či částkou",
        en="no project on the page: a registration number is sought, or a title with a beneficiary, period, programme"
        " or amount",
        kind="no-project-found",
        source=source,
    )


def _line(found: Found, page: Page) -> int:
    """Return the line of the file that a project is found on: of its title, else of its first fact."""
    fact = next((fact for fact in found.facts if fact.field == "title"), found.facts[0])
    return page.lines[fact.span.line].number


def projects(path: Path) -> tuple[Page, list[Found]]:
    """Return a page and the projects that it tells of; raise `UnreadableFileError` where the file is no page."""
    if path.exists() and not is_page(path):
        suffix = path.suffix.lower()
        raise UnreadableFileError(
            f"soubor {suffix or 'bez přípony'} není webová stránka (html, txt)",
            f"{suffix or 'a file without a suffix'} is not a web page (html, txt)",
        )
    page = pages.read(path)
    return page, extract.extract(page, _vocabulary())


def read(path: Path, source: SourceConfig, shown: str) -> Iterator[Record | Finding]:
    """Yield a record a project; raise `UnreadableFileError` where the file is no page."""
    page, found = projects(path)
    if not found:
        yield nothing_found(shown, source.name)
    for one in found:
        values, labels, _ = canonical(extract.values(one, page))
        yield Record(source.name, f"{shown}:{_line(one, page)}", values, labels)
