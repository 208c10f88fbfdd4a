"""A web page, or the text saved from one, as lines that remember where on the page they stand.

A `Line` is what a reader sees as one line: a paragraph, a list item, a cell, a piece between two `<br>`.
Its text is clean (single blanks, composed letters); `offsets` lead each character back to the string value
of the element that `xpath` names (XPath 1.0, section 5.2), so that evidence can be checked by anyone.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from lxml import etree, html

from ..errors import UnreadableFileError
from ..readers import encodings, files

__all__ = ["Cell", "Line", "Page", "fold", "parse", "read"]

# Larger than any page a person wrote; a register saved as HTML is a table, not a page.
_MOST_BYTES = 8 << 20
_MOST_LINES = 3_000
_DEEPEST = 300
# ruff: noqa: SIM905 - names of elements read better as words
_BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details dialog div dl dt fieldset figcaption figure"
    " footer form h1 h2 h3 h4 h5 h6 header hr html legend li main nav ol option p pre section summary table tbody td"
    " tfoot th thead tr ul".split()
)
_UNSEEN = frozenset("script style noscript template iframe object svg head select textarea".split())
_EMPHASIS = frozenset("strong b em u dt th label".split())
# What stands around the text of a page on every page of its site.
_ASIDE = re.compile(
    r"cookie|consent|gdpr|souhlas|\blist[ay]\b|\bmenu|\bnav(?:bar|igat|-|$)|breadcrumb|drobeck|footer|paticka|pata\b|sidebar|sitemap|\bsocial|share|"
    r"pagination|strankovani|login|search|hledani|kalendar|calendar|souvisej|related",
    re.IGNORECASE,
)
_UNSEEN_CHARACTERS = frozenset("\u00ad\u200b\u200c\u200d\u2060\ufeff")


@dataclass(frozen=True, slots=True)
class Cell:
    """Where in which table a line stands; rows and columns from 0."""

    table: int
    row: int
    column: int
    is_header: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a page."""

    index: int  # in `Page.lines`
    text: str
    folded: str  # the same length: no accents, no case
    number: int  # line of the file it begins on, from 1
    xpath: str  # "" for plain text
    offsets: tuple[int, ...]  # of each character, in the element's string value (in the file, for plain text)
    tag: str  # of the block: p, li, h1, dt, dd, td …; "text" for plain text
    region: str  # "main", "footer", or "aside" (menus, cookie bars, related articles)
    cell: Cell | None = None
    bold: tuple[tuple[int, int], ...] = ()  # what is emphasised
    language: str = ""
    gap: bool = False  # an empty line stands before it

    @property
    def level(self) -> int:
        """The level of a heading, 0 for anything else."""
        return int(self.tag[1]) if re.fullmatch("h[1-6]", self.tag) else 0


@dataclass(frozen=True, slots=True)
class Page:
    """A page, read."""

    name: str
    sha256: str
    lines: tuple[Line, ...]
    title: str = ""  # of the document: what the browser shows in its tab
    url: str = ""  # its canonical address, where it states one


def fold(text: str) -> str:
    """Return the text without accents and case, character for character.

    >>> fold("Příjemce – Zlínský kraj")
    'prijemce – zlinsky kraj'
    """
    return "".join(map(_folded, text))


@lru_cache(maxsize=4096)
def _folded(char: str) -> str:
    return unicodedata.normalize("NFD", char)[0].lower()[:1] or char


class _Text:
    """Clean text in the making, each character with the place it came from."""

    def __init__(self) -> None:
        self.characters: list[str] = []
        self.places: list[int] = []
        self.bold: list[bool] = []

    def add(self, raw: str, place: int, *, bold: bool) -> None:
        for at, char in enumerate(raw, place):
            if char in _UNSEEN_CHARACTERS:
                continue
            if char.isspace():
                if self.characters and self.characters[-1] != " ":
                    self._put(" ", at, bold=bold)
            elif unicodedata.category(char) in {"Cc", "Cs", "Co", "Cn"}:
                continue
            elif unicodedata.combining(char) and self.characters:
                joined = unicodedata.normalize("NFC", self.characters[-1] + char)
                if len(joined) == 1:
                    self.characters[-1] = joined
            else:
                self._put(char, at, bold=bold)

    def _put(self, char: str, at: int, *, bold: bool) -> None:
        self.characters.append(char)
        self.places.append(at)
        self.bold.append(bold)

    def taken(self) -> tuple[str, tuple[int, ...], tuple[tuple[int, int], ...]]:
        """Return the text with its places and emphasised spans, and begin anew."""
        text = "".join(self.characters).rstrip()
        places, bold = tuple(self.places[: len(text)]), self.bold[: len(text)]
        spans: list[tuple[int, int]] = []
        for at, marked in enumerate(bold):
            if marked and spans and spans[-1][1] == at:
                spans[-1] = (spans[-1][0], at + 1)
            elif marked:
                spans.append((at, at + 1))
        self.__init__()  # type: ignore[misc]
        return text, places, tuple(spans)


@dataclass(slots=True)
class _Block:
    """The innermost block around the text at hand."""

    element: html.HtmlElement
    path: str
    start: int  # position of its string value in the document's
    region: str
    cell: Cell | None
    language: str


class _Walker:
    """Walks a document once, in order, and cuts it into lines."""

    def __init__(self, root: html.HtmlElement, path: str) -> None:
        self.lines: list[Line] = []
        self.text = _Text()
        self.position = 0
        self.tables: dict[html.HtmlElement, tuple[int, dict[html.HtmlElement, int]]] = {}
        self.gap = False
        whole = _Block(root, path, 0, "main", None, "")
        self.walk(root, path, whole, bold=False)
        self.flush(whole)

    def flush(self, block: _Block) -> None:
        """End the line that was being collected."""
        text, places, bold = self.text.taken()
        if not text:
            return
        self.lines.append(
            Line(
                index=len(self.lines),
                text=text,
                folded=fold(text),
                number=block.element.sourceline or 0,
                xpath=block.path,
                offsets=tuple(place - block.start for place in places),
                tag=block.element.tag,
                region=block.region,
                cell=block.cell,
                bold=bold,
                language=block.language,
                gap=self.gap,
            )
        )
        self.gap = False

    def walk(self, element: html.HtmlElement, path: str, block: _Block, *, bold: bool) -> None:
        """Read an element with what follows it inside its parent left to the parent."""
        tag = element.tag
        if path.count("/") > _DEEPEST:
            raise UnreadableFileError(
                f"stránka je zanořená hlouběji než {_DEEPEST} prvků",
                f"the page is nested deeper than {_DEEPEST} elements",
            )
        if tag in _UNSEEN or element.get("hidden") is not None:
            self.position += len("".join(element.itertext()))
            return
        if tag in {"br", "hr"}:
            if not self.text.characters:
                self.gap = True
            self.flush(block)
        inner = block
        if tag in _BLOCKS:
            self.flush(block)
            inner = self.block(element, path, block)
        marked = bold or tag in _EMPHASIS
        self.read(element.text, bold=marked)
        seen: Counter[str] = Counter()
        for child in element:
            if isinstance(child.tag, str):
                seen.update((child.tag, "*"))
                # Word writes tags such as o:p, which no XPath can name.
                name = child.tag if child.tag.isalnum() else "*"
                self.walk(child, f"{path}/{name}[{seen[name]}]", inner, bold=marked)
            self.read(child.tail, bold=marked)
        if tag in _BLOCKS:
            self.flush(inner)

    def cell(self, element: html.HtmlElement) -> Cell:
        """Return where a td or th stands; a cell that spans columns counts as many."""
        row = element.getparent()
        table = next(element.iterancestors("table"), row)
        if table not in self.tables:
            self.tables[table] = len(self.tables), {tr: number for number, tr in enumerate(table.iter("tr"))}
        number, rows = self.tables[table]
        column = sum(
            int(span) if (span := left.get("colspan", "1")).isdecimal() else 1
            for left in element.itersiblings("td", "th", preceding=True)
        )
        return Cell(number, rows.get(row, 0), column, element.tag == "th")

    def block(self, element: html.HtmlElement, path: str, outer: _Block) -> _Block:
        region = outer.region
        named = f"{element.get('class') or ''} {element.get('id') or ''} {element.get('role') or ''}"
        if region == "main" and element.tag not in {"html", "body", "main", "article"}:
            if element.tag == "footer" or re.search(r"footer|paticka|pata\b", named, re.IGNORECASE):
                region = "footer"
            elif element.tag in {"nav", "aside", "form", "dialog"} or _ASIDE.search(named):
                region = "aside"
        cell = self.cell(element) if element.tag in {"td", "th"} else outer.cell
        return _Block(element, path, self.position, region, cell, element.get("lang") or outer.language)

    def read(self, raw: str | None, *, bold: bool) -> None:
        if raw:
            self.text.add(raw, self.position, bold=bold)
            self.position += len(raw)


def _from_html(source: str) -> tuple[tuple[Line, ...], str, str]:
    parser = html.HTMLParser(remove_comments=True, remove_pis=True, no_network=True, huge_tree=True)
    try:
        root = html.document_fromstring(source, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableFileError("stránka nemá žádný text", "the page has no text") from error
    body = root.find("body")
    title = " ".join((root.findtext(".//title") or "").split())
    links = [link.get("href") for link in root.iter("link") if link.get("rel") == "canonical"]
    links += [meta.get("content") for meta in root.iter("meta") if meta.get("property") == "og:url"]
    url = next((link for link in links if link and link.startswith(("http://", "https://"))), "")
    walker = _Walker(root, "/html[1]") if body is None else _Walker(body, "/html[1]/body[1]")
    return tuple(walker.lines), title, url


_BULLET = re.compile(r"^(?:[•◦▪■●○*·►–-]|o(?=\s\s))\s+")


def _from_text(source: str) -> tuple[Line, ...]:
    lines: list[Line] = []
    text = _Text()
    place, gap = 0, False
    for number, raw in enumerate(source.splitlines(keepends=True), 1):
        bullet = _BULLET.match(raw.lstrip())
        skipped = len(raw) - len(raw.lstrip()) + (bullet.end() if bullet else 0)
        text.add(raw[skipped:], place + skipped, bold=False)
        place += len(raw)
        clean, places, _ = text.taken()
        if not clean:
            gap = True
            continue
        lines.append(
            Line(
                len(lines),
                clean,
                fold(clean),
                number,
                "",
                places,
                "li" if bullet else "text",
                "main",
                gap=gap,
            )
        )
        gap = False
    return tuple(lines)


_HTML = re.compile(r"<(?:!doctype|html|body|div|p|h[1-6]|table|ul|dl|br)\b", re.IGNORECASE)
_DECLARED = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?\s*([\w-]{3,20})", re.IGNORECASE)


def _decoded(content: bytes, path: Path) -> str:
    """Decode a page: what its letters say goes before what its head says, which is often wrong."""
    try:
        encoding = encodings.detect(path)
    except UnreadableFileError:
        declared = _DECLARED.search(content[:4096])
        if declared is None:
            raise
        encoding = encodings.detect(path, declared[1].decode("ascii"))
    return content.decode(encoding.codec, "replace" if encoding.lenient else "strict")


def parse(source: str, name: str, sha256: str = "") -> Page:
    """Read a page from its text: HTML where it has HTML's tags, plain text else or where the name ends in .txt.

    Raise `UnreadableFileError` where there is no text.
    """
    if name.lower().endswith(".txt") or not _HTML.search(source):
        lines, title, url = _from_text(source), "", ""
    else:
        # lxml refuses a declaration of encoding in a text that is decoded already.
        lines, title, url = _from_html(re.sub(r"^\s*<\?xml[^>]*\?>", lambda m: " " * len(m[0]), source))
    if len(lines) > _MOST_LINES:
        raise UnreadableFileError(
            f"stránka má přes {_MOST_LINES} řádků: je to spíš tabulka; uložte ji jako CSV a popište v lod.toml",
            f"the page has over {_MOST_LINES} lines: it is a table rather; save it as CSV and describe it in lod.toml",
        )
    return Page(name, sha256, lines, title, url)


def read(path: Path) -> Page:
    """Read a page from a file; raise `UnreadableFileError`."""
    try:
        with path.open("rb") as file:
            content = file.read(_MOST_BYTES + 1)
    except OSError as error:
        raise files.why_not(error) from error
    if len(content) > _MOST_BYTES:
        most = _MOST_BYTES >> 20
        raise UnreadableFileError(
            f"stránka je příliš velká (přes {most} MB)", f"the page is too large (over {most} MB)"
        )
    files.refuse_disguise(path)
    return parse(_decoded(content, path), path.name, hashlib.sha256(content).hexdigest())
