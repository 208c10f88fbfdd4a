"""The page as its reader sees it: headings, lists, tables and paragraphs, cut where evidence begins and ends. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby, pairwise

from ..extract.facts import Span
from ..extract.page import Line, Page

__all__ = ["Block", "Piece", "Shown", "layout", "quote"]

_MOST_LINES = 3_000  # beyond, only lines with evidence are shown: a page of a register is no reading
_LONG = 3_000  # characters without evidence that are shown whole
_ENDS = 600


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a line with the facts whose evidence it is."""

    text: str
    at: int  # of its first character, in the line
    facts: tuple[int, ...] = ()
    begins: tuple[int, ...] = ()  # facts whose evidence begins here
    is_gap: bool = False  # stands for text that is not shown


@dataclass(frozen=True, slots=True)
class Shown:
    """A line cut into pieces."""

    line: Line
    pieces: list[Piece]


@dataclass(slots=True)
class Block:
    """Lines that belong together."""

    kind: str  # text | heading | list | table | gap
    lines: list[Shown] = field(default_factory=list)
    rows: list[list[tuple[bool, list[Shown]]]] = field(default_factory=list)  # of a table: is it a header, its lines
    level: int = 0
    left_out: int = 0


def _pieces(text: str, marks: Iterable[tuple[int, Span]]) -> Iterator[Piece]:
    """Cut a line at every end of a mark; marks may overlap."""
    marks = [(number, span) for number, span in marks if 0 <= span.start < span.end]
    cuts = sorted({0, len(text), *(min(end, len(text)) for _, span in marks for end in (span.start, span.end))})
    for start, end in pairwise(cuts):
        facts = tuple(number for number, span in marks if span.start <= start and end <= span.end)
        begins = tuple(number for number, span in marks if span.start == start)
        if not facts and end - start > _LONG:
            yield Piece(text[start : start + _ENDS], start)
            yield Piece("…", start + _ENDS, is_gap=True)
            yield Piece(text[end - _ENDS : end], end - _ENDS)
        else:
            yield Piece(text[start:end], start, facts, begins)


def _kind(line: Line) -> tuple[str, int]:
    if line.cell:
        return "table", line.cell.table
    if line.level:
        return "heading", line.index
    return ("list", 0) if line.tag == "li" else ("text", 0)


def _table(lines: list[Shown]) -> list[list[tuple[bool, list[Shown]]]]:
    rows: dict[int, dict[int, list[Shown]]] = {}
    for shown in lines:
        assert shown.line.cell is not None  # noqa: S101 - lines of a table
        rows.setdefault(shown.line.cell.row, {}).setdefault(shown.line.cell.column, []).append(shown)
    return [
        [(bool(cell[0].line.cell and cell[0].line.cell.is_header), cell) for _, cell in sorted(row.items())]
        for _, row in sorted(rows.items())
    ]


def layout(page: Page, evidence: Mapping[int, Span]) -> list[tuple[str, list[Block]]]:
    """Return the page's regions in order, each with its blocks; `evidence` has the span of each fact by its number."""
    marks: dict[int, list[tuple[int, Span]]] = {}
    for number, span in evidence.items():
        marks.setdefault(span.line, []).append((number, span))
    regions = []
    for region, lines in groupby(page.lines, key=lambda line: line.region):
        blocks: list[Block] = []
        for (kind, _), group in groupby(lines, key=_kind):
            shown = [
                Shown(line, list(_pieces(line.text, marks.get(line.index, ()))))
                for line in group
                if line.index < _MOST_LINES or line.index in marks
            ]
            if not shown:
                if not blocks or blocks[-1].kind != "gap":
                    blocks.append(Block("gap"))
                continue
            block = Block(kind, shown, level=shown[0].line.level)
            if kind == "table":
                block.rows = _table(shown)
            blocks.append(block)
        regions.append((region, blocks))
    return regions


def quote(page: Page, span: Span, around: int = 60) -> tuple[str, str, str]:
    """Return the words of a span with a little of what stands before and after them."""
    text = page.lines[span.line].text
    before, after = text[max(0, span.start - around) : span.start], text[span.end : span.end + around]
    if span.start > around:
        before = "…" + before.partition(" ")[2]
    if span.end + around < len(text):
        after = after.rpartition(" ")[0] + "…"
    return before, span.of(page), after
