"""The rows of a file that hold data: below the header, above the notes, told from blank and broken ones."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

from .. import clean, readers
from ..config import SourceConfig
from ..errors import UnreadableFileError
from ..model import Finding, Severity
from .header import Header, missing
from .names import Used
from .tally import Tally
from .views import NestedRow, TableRow, View, filters, leaves

__all__ = ["DataRow", "read"]

# A title, a date, a few lines of explanation: a header that lies deeper is given by its number.
_TITLE_ROWS = 200


@dataclass(frozen=True, slots=True)
class DataRow:
    """One row of data and where it stands."""

    spot: str
    view: View
    flaws: tuple[tuple[str, readers.Flaw], ...] = ()  # cells that cannot be trusted, by their columns


def read(path: Path, source: SourceConfig, tally: Tally) -> Iterator[DataRow | Finding]:
    """Yield each row of data; what cannot be read is a finding, what nobody reads is told once."""
    if readers.is_table(path):
        # A line of text with too few cells has lost something; a sheet has no say in how many a row has.
        is_text = readers.kind(path) in {".csv", ".tsv"}
        yield from _table(readers.cells(path, source.options), source, tally, is_text=is_text)
    else:
        yield from _nested(readers.objects(path, source.options), source, tally)


def _fault(fault: readers.Fault, tally: Tally) -> Finding:
    return tally.finding(fault.kind, fault.cs, fault.en, spot=fault.spot)


def _unread(name: str, value: str, tally: Tally) -> Finding:
    shown = clean.text(value)
    shown = shown if len(shown) <= 60 else f"{shown[:59]}…"
    return tally.finding(
        "column-unread",
        f"sloupec {name} nikdo nečte (např. „{shown}“); přidejte ho do columns nebo ignore",
        f'nobody reads the column {name} (such as "{shown}"); add it to columns or ignore',
        severity=Severity.WARNING,
        spot="",
        field=name,
        value=shown,
    )


def _unfitting(used: Used, names: Sequence[str], unread: Iterable[str], tally: Tally) -> Iterator[Finding]:
    """Yield the patterns of `ignore` that fit no column, each with the column that comes closest."""
    for pattern in used.unfitting(names):
        close = next(iter(difflib.get_close_matches(pattern, list(unread), n=1, cutoff=0.6)), "")
        yield tally.finding(
            "pattern-unfitting",
            f"vzor „{pattern}“ v ignore nesedí na žádný sloupec" + (f"; neměl to být „{close}“?" if close else ""),
            f'the pattern "{pattern}" in ignore fits no column' + (f'; did you mean "{close}"?' if close else ""),
            severity=Severity.INFO,
            spot="",
            value=pattern,
            expected_cs="název sloupce nebo vzor, který ve jménech sloupců něco najde",
            expected_en="the name of a column, or a pattern that fits one",
            repair=close,
        )


# Tables ---------------------------------------------------------------------------------------------


def _find(rows: Sequence[readers.Cells], used: Used, source: SourceConfig) -> Header:
    """Return the header: at its number, or the first row in which the needed columns stand."""
    best: tuple[int, Header] | None = None
    for start, row in enumerate(rows):
        if source.header and row.line != source.header:
            continue
        if not any(map(str.strip, row.values)):
            continue
        header = Header(row.line, [other.values for other in rows[start : start + source.header_rows]])
        score = sum(bool(header.meant(name)) for name in used.needed)
        if best is None or score > best[0]:
            best = (score, header)
        if score == len(used.needed):
            break
    if best is None:
        if source.header:
            raise UnreadableFileError(
                f"řádek {source.header}, kde má být záhlaví, je prázdný nebo chybí",
                f"row {source.header}, where the header should be, is blank or missing",
            )
        raise UnreadableFileError("tabulka je prázdná", "the table is empty")
    score, header = best
    if score < len(used.needed):
        absent = [name for name in used.needed if not header.meant(name)]
        raise missing(absent, header.names, header.line if score else rows[-1].line)
    return header


def _table(
    cells: Iterator[readers.Cells | readers.Fault], source: SourceConfig, tally: Tally, *, is_text: bool
) -> Iterator[DataRow | Finding]:
    used = Used(source)
    above: list[readers.Cells] = []
    faults: list[readers.Fault] = []
    header = None
    # The usual header is the first row, so look after each row; at most a few rows are kept.
    for item in islice(cells, max(_TITLE_ROWS, source.header) + source.header_rows):
        (faults if isinstance(item, readers.Fault) else above).append(item)  # type: ignore[arg-type]
        if isinstance(item, readers.Cells) and len(above) == source.header_rows and not source.header:
            candidate = Header(above[0].line, [row.values for row in above])
            if used.needed and all(candidate.meant(name) for name in used.needed):
                header = candidate
                break
    header = header or _find(above, used, source)
    yield from (_fault(fault, tally) for fault in faults)
    read = {number for name in used.names for _, number in header.meant(name)}
    unread = [
        (number, name) for number, name in enumerate(header.names) if number not in read and not used.ignores(name)
    ]
    header.refuse_repeated(name for _, name in unread)
    yield from _unfitting(used, header.names, [name for _, name in unread], tally)
    first = next(number for number, row in enumerate(above) if row.line == header.line)
    below = chain(above[first + header.rows :], cells)
    for row in _data(below, header, read, source, tally, is_text=is_text):
        if isinstance(row, DataRow) and unread and isinstance(row.view, TableRow):
            for column in unread[:]:
                if row.view.cells[column[0]].strip():
                    unread.remove(column)
                    yield _unread(column[1], row.view.cells[column[0]], tally)
        yield row


def _data(
    rows: Iterable[readers.Cells | readers.Fault],
    header: Header,
    read: set[int],
    source: SourceConfig,
    tally: Tally,
    *,
    is_text: bool,
) -> Iterator[DataRow | Finding]:
    """Yield the rows down to where the data end; count what lies below, and say when it looks like data."""
    width = len(header.names)
    filled: set[int] | None = None  # the columns that every row of data fills
    fewest = width
    begun = ended = False
    merged = {number: "" for name in source.merged for _, number in header.meant(name)}
    for row in rows:
        if isinstance(row, readers.Fault):
            yield _fault(row, tally)
            continue
        has = {number for number, cell in enumerate(row.values) if cell.strip()}
        first = clean.text(row.values[min(has)]) if has else ""
        # A blank row between the header and the data ends nothing.
        ends = not ended and (bool(has) or begun) and any(pattern.fits(first) for pattern in source.until)
        ended = ended or ends
        if not has:
            continue
        begun = True
        if ended:
            # The row that the settings name as the end is no data.
            alike = not ends and filled is not None and filled <= has and len(has) >= fewest
            _below(row.line, first, tally, alike=alike)
        elif max(has) >= width or (len(row.values) < width and is_text):
            yield _misfit(row, width, tally)
        else:
            if source.until:
                filled = has if filled is None else filled & has
                fewest = min(fewest, len(has))
            values = row.values + [""] * (width - len(row.values))
            for number, above in merged.items():
                values[number] = merged[number] = values[number] if values[number].strip() else above
            flaws = tuple((header.names[number], flaw) for number, flaw in row.flaws.items() if number in read)
            yield DataRow(str(row.line), TableRow(header, values), flaws)


def _below(line: int, first: str, tally: Tally, *, alike: bool) -> None:
    if alike:
        tally.count(
            "data-below",
            "řádků pod koncem dat, které vypadají jako data: {n}; zkontrolujte until",
            "rows below the end of the data that look like data: {n}; check until",
            severity=Severity.WARNING,
            spot=str(line),
            value=first[:60],
        )
    else:
        tally.count(
            "rows-below",
            "řádků pod daty nepřečteno: {n}",
            "rows below the data not read: {n}",
            spot=str(line),
            value=first[:60],
        )


def _misfit(row: readers.Cells, width: int, tally: Tally) -> Finding:
    return tally.finding(
        "row-unreadable",
        f"počet buněk v řádku: {len(row.values)}, v záhlaví: {width}",
        f"the row has {len(row.values)} cells, the header {width}",
        spot=str(row.line),
    )


# Nested files ---------------------------------------------------------------------------------------


def _nested(
    rows: Iterator[readers.Row | readers.Fault], source: SourceConfig, tally: Tally
) -> Iterator[DataRow | Finding]:
    used = Used(source)
    told_apart = filters(iter(used.names))
    seen: set[str] = set()
    unread: set[str] = set()
    every: dict[str, None] = {}  # blank ones too
    found: set[str] = set()
    for row in rows:
        if isinstance(row, readers.Fault):
            yield _fault(row, tally)
            continue
        view = NestedRow(row.values)
        for name, value in leaves(row.values, told_apart):
            if name in seen:
                continue
            every[name] = None
            if not value.strip():
                continue
            seen.add(name)
            if not used.reads_path(name, told_apart) and not used.ignores(name):
                unread.add(name)
                yield _unread(name, value, tally)
        found.update(name for name in used.needed if name not in found and view.texts(name))
        yield DataRow(row.spot, view)
    if seen:
        yield from _unfitting(used, list(every), sorted(unread), tally)
        absent = [name for name in used.needed if name not in found]
        if absent:
            error = missing(absent, sorted(seen), 0)
            cs, en = (text.partition(";")[0] for text in (error.cs, error.en))
            yield tally.finding("column-missing", cs, en, severity=Severity.WARNING, spot="")
