"""What the places of a page are called: by lines of the file, as evidence and findings tell them. Pure."""

from __future__ import annotations

import re
from collections import Counter

from ..extract.facts import Span
from ..extract.page import Page

__all__ = ["Places"]

_WRITTEN = re.compile(r"(?P<line>\d{1,7}(?:/[1-9]\d{0,5})?)(?::(?P<start>\d{1,8})-(?P<end>\d{1,8}))?")


class Places:
    r"""The names of a page's lines, and of stretches of them.

    >>> from lod.extract.page import parse
    >>> places = Places(parse("<h1>A</h1>\n<ul><li>B</li><li>C d</li></ul>", "x.html"))
    >>> places.lines
    ['1', '2', '2/2']
    >>> places.read("2/2:2-3"), places.write(Span(2, 2, 3)), places.write(Span(2, 0, 3))
    (Span(line=2, start=2, end=3), '2/2:2-3', '2/2')
    """

    def __init__(self, page: Page) -> None:
        self._page = page
        self.lines: list[str] = []  # of `Page.lines`; what begins second on a line of the file is `12/2`
        begun: Counter[int] = Counter()
        for line in page.lines:
            begun[line.number] += 1
            self.lines.append(str(line.number) + (f"/{begun[line.number]}" if begun[line.number] > 1 else ""))
        self._index = {name: at for at, name in enumerate(self.lines)}

    def anchor(self, line: int) -> str:
        """Return the id under which the form shows a line."""
        return "L" + self.lines[line].replace("/", "-")

    def write(self, span: Span | None) -> str:
        """Return a place as a person could write it, "" for none; a whole line is its name alone."""
        if span is None:
            return ""
        whole = (span.start, span.end) == (0, len(self._page.lines[span.line].text))
        return self.lines[span.line] + ("" if whole else f":{span.start}-{span.end}")

    def read(self, written: str) -> Span | None:
        """Return the place that was written, None where the page has no such one."""
        match = _WRITTEN.fullmatch(written.strip())
        line = self._index.get(match["line"].removesuffix("/1")) if match else None
        if match is None or line is None:
            return None
        length = len(self._page.lines[line].text)
        start, end = (int(match["start"]), int(match["end"])) if match["start"] else (0, length)
        return Span(line, start, end) if start < end <= length else None
