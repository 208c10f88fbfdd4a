"""Labels and the stretches of text that belong to them, in every way that pages lay them out.

Families: definition lists, table rows and table columns, "Label: value" (several on a line), a label line
with its value below, a bold label, and a label that a value follows without a colon.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from . import lexicon, scan
from .facts import Span
from .lexicon import AMOUNTS, DATES, ORGANISATIONS, STOPS, label_at, label_of
from .page import Line, Page, fold

__all__ = ["Labelled", "labelled"]


@dataclass(frozen=True, slots=True)
class Labelled:
    """A label with the text that belongs to it."""

    field: str  # of `lod.extract.lexicon`
    label: str  # as printed, with what stands around it (unit, column header), for reading the value
    at: int  # line of the label
    value: Span
    rule: str
    row: tuple[int, int] | None = None  # table and row, where rows are projects


_COLON = re.compile(r"\s*\(?\d+(?:,\d+)?\s?%\)?\s*:\s*|\s*:(?:\s|$)\s*|\s*:(?=\S)|\s+[-–—]\s+(?=\S)|\s*=\s*")
_STRICT_COLON = re.compile(r"\s*(?:\(?\d+(?:,\d+)?\s?%\)?\s*)?:\s*")
_UNKNOWN = re.compile(r"[^:.!?]{2,60}:(?:\s|$)")
_BEGINS = re.compile(r"(?:^|^\d+(?:,\d+)?\s?%\s|[;|,•(]\s*|\s[-–—|]\s|\.\s+)(?=\S)")
_VERB = re.compile(
    r"\b(?:realizuje|podobn\w+|obdobn\w+|stoji|stal[aoy]?|je|jsou|byl[aoiy]?|bude|budou|ma|maji|mel[aoiy]?|ziskal\w*|bylo|dostal\w*|cini|cinil[aoy]?"
    r"|umozn\w+|si|se|zahrnuje|resi|vznikl\w*|podporil\w*|pokracuje|probiha|skoncil)\b"
)
# Labels so short that without a colon they are words of a sentence.
_BARE = re.compile(
    r"(?:popis|projekt|nazev|akce|program|dotace|podpora|partner|partneri|cil|cile|kraj|obec|region|realizace"
    r"|reseni|mesto|castka|naklady|vydaje"
    r"|od|do|eu|es|fs|cf|id|web|www|www|ds|fond|datum|dne|rozpocet|mena|vyzva|misto|okres|stav|faze"
    r"|termin|trvani|sidlo|adresa|celkem|zdroj|poskytl[ao]?|fond[yu]?|obdobi|doba)$"
)


# What can only be a value of the field, where it follows its label without a colon.
_TYPED = {
    "registration_number": re.compile(r"(?:cz|pl)[. ]\s?\d|[a-z]{0,5}[-/ ]?[a-z0-9]*\d[a-z0-9/_.-]*$"),
    "ico": re.compile(r"\d[\d ]{6,10}\b"),
    "post_code": re.compile(r"\d{3} ?\d{2}\b"),
    "data_box": re.compile(r"[a-z0-9]{7}\b"),
    **dict.fromkeys(
        ("priority_axis", "area_of_support", "call"), re.compile(r"(?:c\. ?)?\d+(?:\.\d+)*[a-z]?\b(?! ?%)")
    ),
    "place": re.compile(r"(?:\w+(?:sky|cky)|vysocina|hlavni mesto praha|\w+(?:sky|cky) kraj)$"),
}


def _typed_follows(field: str, line: Line, at: int) -> bool:
    """Whether what follows a label without a colon can only be its value."""
    rest = line.folded[at:].lstrip()
    at = len(line.folded) - len(rest)
    if field in AMOUNTS:
        first = next(scan.amounts(line.text, at), None)
        return bool(first and first.start - at <= 4 and (first.currency or first.scaled or first.value >= 1000))
    if field in {"start", "end", "period", "modified", "published"}:
        first_date = next(scan.dates(line.text, at), None)
        named = re.match(rf"(?:od |v |ve )?(?:{scan.MONTH_NAMES}|\d{{1,2}}\s?[./])", rest)
        return bool(first_date and (first_date.start - at <= 4 or (named and first_date.start - at <= 24)))
    if field == "place" and not line.folded.startswith("kraj"):
        return False  # "Obec Petrovičky" is a name
    return bool(rest and field in _TYPED and _TYPED[field].match(rest))


def _name_follows(field: str, line: Line, at: int) -> bool:
    """Whether a line is a label and a name without a colon between them, and no sentence."""
    rest = line.text[at:].strip()
    return (
        field in ORGANISATIONS | {"priority_axis", "area_of_support"}
        and line.folded[at].isspace()
        and not _BARE.match(line.folded[:at])
        and len(line.text) < 140
        and not line.text.endswith((".", "!"))
        and not _VERB.search(line.folded)
        and bool(
            rest[0].isupper() or rest[0].isdigit() or re.match(r"(?:obec|mesto|mestys|kraj|statutarni)\b", fold(rest))
        )
    )


@dataclass(frozen=True, slots=True)
class _Inline:
    """A label inside a line: where it begins, and where its value does."""

    field: str
    start: int
    value: int
    rule: str


_LONGEST = 4000  # characters of a line that holds labels; a longer one is a damaged or hostile page


def _piped(lines: list[Line]) -> set[int]:
    """Return the lines of plain text that are rows of two cells: "Žadatel | Podhorský kraj", three or more together."""
    rows: set[int] = set()
    run: list[int] = []
    for line in [*lines, None]:
        if line and line.tag == "text" and line.text.count(" | ") == 1 and not line.gap:
            run.append(line.index)
            continue
        if len(run) > 2:
            rows.update(run)
        run = [line.index] if line and line.tag == "text" and line.text.count(" | ") == 1 else []
    return rows


def _inline(line: Line, *, is_row: bool) -> list[_Inline]:
    """Return the labels inside a line in reading order; a row has its label before the bar."""
    if is_row:
        field = label_of(line.folded.split(" | ")[0])
        return [_Inline(field or STOPS, 0, line.text.index(" | ") + 3, "label")]
    found: list[_Inline] = []
    if len(line.text) > _LONGEST:
        return found
    begins = {match.end() for match in _BEGINS.finditer(line.folded)} | {start for start, _ in line.bold}
    for at in sorted(begins):
        if found and at < found[-1].value:
            continue
        bold = next((end for start, end in line.bold if start <= at < end), None)
        label = label_at(line.folded, at)
        if label is None:
            follows = bool(found) and line.folded[:at].rstrip().endswith(".") and line.text[at].isupper()
            unknown = _UNKNOWN.match(line.folded, at) if at == 0 or bold or follows else None
            # An unknown label ends what stands before it.
            if unknown and not re.match(r"https?$", line.folded[at : unknown.end()].rstrip(": ")):
                found.append(_Inline(STOPS, at, unknown.end(), "label"))
        elif not line.text.startswith("//", label.end + 1) and (one := _accepted(line, label, bold)):
            found.append(one)
    return found


def _accepted(line: Line, label: lexicon.Label, bold: int | None) -> _Inline | None:
    """Return a label where what follows it says that it is one: a colon, the end of bold print, or only a value."""
    at, end, field = label.start, label.end, label.field
    colon = (_COLON if at == 0 else _STRICT_COLON).match(line.folded, end)
    dash = bool(colon) and colon[0].strip() in {"-", "–", "—"} if colon else False
    if colon and not (dash and label_of(line.folded[colon.end() :])):
        if dash and field not in AMOUNTS and _BARE.match(line.folded[at:end]):
            return None
        return _Inline(_money_of_body(field, line, colon.end()), at, colon.end(), "label")
    if end >= len(line.text):
        return None
    if bold is not None and abs(bold - end) <= 1:
        return _Inline(field, at, end, "label")
    opens = at == 0 or line.folded[:at].rstrip().endswith("%") or line.folded[at - 2 : at] in _SEPARATORS
    clause = at > 0 and field in AMOUNTS | DATES and _VERB.search(line.folded[:at])
    if opens and not clause and (_typed_follows(field, line, end) or (at == 0 and _name_follows(field, line, end))):
        return _Inline(field, at, end, "label-bare")
    return None


_SEPARATORS = frozenset({", ", "; ", "| ", "– ", "- "})


def _money_of_body(field: str, line: Line, at: int) -> str:
    """Read "Město: 7,6 mil. Kč" as the body's own money, not as its seat."""
    if field in {"town", "place"}:
        first = next(scan.amounts(line.text, at), None)
        if first and first.currency and first.start - at < 3:
            return "own"
    return field


def _is_label(line: Line) -> str:
    """Return the field of a line that is nothing but a label."""
    if (
        re.search(r"[-–—]$", line.text)
        or len(line.text) > 90
        or (line.text.endswith((".", ",", ";")) and not line.text.endswith(("č.", "c.")))
    ):
        return ""
    field = label_of(line.folded)
    return "" if field == "kraj" and not line.cell else field  # a region's name is more often a value


def _trim(line: Line, start: int, end: int) -> Span:
    text = line.text
    while start < end and text[start] in " :–—-|•\u00a0;,":
        # A minus before a digit belongs to an amount.
        if text[start] in "-–" and text[start + 1 : start + 2].isdigit() and text[start - 1 : start] != " ":
            break
        start += 1
    while end > start and text[end - 1] in " |•;,\u00a0":
        end -= 1
    return Span(line.index, start, end)


def _is_bold(line: Line) -> bool:
    """Whether all of a line is emphasised."""
    return line.bold == ((0, len(line.text)),)


# "OP VVV, prioritní osa 2 – Rozvoj vysokých škol": the value of a programme's label goes on with its axis.
_AXIS = re.compile(
    r"(?<=\w)\s?[,(–-]?\s?prioritni osa (?=\d)(?P<axis>.*?)(?=\)?$|[,;] (?:vyzv|oblast|specif|investic))"
)
# How many lines below a label can be its value, where it is not one.
_MOST_LINES = dict.fromkeys(("partner", "outputs", "goal", "summary", "target_groups", "funds"), 12)


class _Reader:
    """Walks the lines of a page once."""

    def __init__(self, page: Page, lines: list[Line]) -> None:
        self.page = page
        self.lines = lines
        self.found: list[Labelled] = []
        rows = _piped(lines)
        self.inline = {line.index: _inline(line, is_row=line.index in rows) for line in lines}

    def read(self) -> list[Labelled]:
        done = self.tables()
        at = 0
        while at < len(self.lines):
            line = self.lines[at]
            if line.index in done:
                at += 1
                continue
            if line.tag == "dt":
                at = self.definition(at)
                continue
            own = _is_label(line)
            if own and not (line.tag == "h1" and own in {"title", "programme"}):
                at = self.below(at, own, done)
                continue
            self.on_line(line)
            at += 1
        return sorted(self.found, key=lambda item: (item.at, item.value))

    def keep(self, field: str, label: str, at: int, value: Span, rule: str, row: tuple[int, int] | None = None) -> None:
        if field == STOPS or value.end <= value.start:
            return
        if field == "programme" and (axis := _AXIS.search(self.page.lines[value.line].folded, value.start, value.end)):
            own = Span(value.line, *axis.span("axis"))
            self.found.append(Labelled("priority_axis", "prioritni osa", at, own, rule, row))
            value = Span(value.line, value.start, axis.start())
        self.found.append(Labelled(field, label, at, value, rule, row))

    def on_line(self, line: Line) -> None:
        labels = self.inline[line.index]
        for number, inline in enumerate(labels):
            end = labels[number + 1].start if number + 1 < len(labels) else len(line.text)
            field, value, label = inline.field, inline.value, line.text[inline.start : inline.value]
            if re.fullmatch(r"[\s\-–—.]*", line.text[value:end]) and line.text[value:end].strip():
                continue  # "Výzva: -": the page says that there is none
            if value >= len(line.text) and number + 1 == len(labels):
                self.following(line, field, label)
            else:
                self.keep(field, label, line.index, _trim(line, value, end), inline.rule)

    def following(self, line: Line, field: str, label: str) -> None:
        """Take the value of a label that ends its line ("Příjemce:") from the next line."""
        at = next((n for n, other in enumerate(self.lines) if other.index == line.index), -1) + 1
        for value in self.values_below(at, field, line):
            self.keep(field, label, line.index, _trim(value, 0, len(value.text)), "label-line")

    def definition(self, at: int) -> int:
        """Read a dt with its dds; several dts may share them."""
        labels = []
        while at < len(self.lines) and self.lines[at].tag == "dt":
            labels.append(self.lines[at])
            at += 1
        values = []
        while at < len(self.lines) and self.lines[at].tag != "dt" and "/dl" in self.lines[at].xpath:
            values.append(self.lines[at])
            at += 1
        if not values and at < len(self.lines) and not self.lines[at].level:
            values.append(self.lines[at])
            at += 1
        for label in labels:
            field = label_of(label.folded)
            if not field:
                continue
            for value in values:
                if any(item.field != STOPS for item in self.inline[value.index]) and field in {
                    "seat",
                    "beneficiary",
                    "partner",
                }:
                    self.on_line(value)
                else:
                    self.keep(field, label.text, label.index, _trim(value, 0, len(value.text)), "definition")
        return at

    def below(self, at: int, field: str, done: set[int]) -> int:
        """Read label lines with the values under them: one, or as many labels as values."""
        labels = [self.lines[at]]
        fields = [field]
        after = at + 1
        while (
            after < len(self.lines)
            and self.lines[after].index not in done
            and (own := _is_label(self.lines[after]))
            and own not in {"modified", "published"}
        ):
            labels.append(self.lines[after])
            fields.append(own)
            after += 1
        if len(labels) > 1:
            # A flattened table: as many values follow, each of the kind that its label asks for.
            values = self.lines[after : after + len(labels)]
            if (
                len(values) == len(labels)
                and not any(map(_is_label, values))
                and all(_fits(f, v) for f, v in zip(fields, values, strict=True))
            ):
                for label, own, value in zip(labels, fields, values, strict=True):
                    self.keep(own, label.text, label.index, _trim(value, 0, len(value.text)), "label-line")
                return after + len(labels)
            if rows := self.matrix(after, fields):
                for number, row in enumerate(rows):
                    for label, own, value in zip(labels, fields, row, strict=True):
                        self.keep(
                            own, label.text, value.index, _trim(value, 0, len(value.text)), "table-column", (-1, number)
                        )
                return after + len(rows) * len(labels)
            # Headings of sections that hold labels: only the last can have a value of its own.
            return self.below(after - 1, fields[-1], done) if after - 1 > at else after
        line = labels[0]
        for value in self.values_below(after, field, line):
            self.keep(field, line.text, line.index, _trim(value, 0, len(value.text)), "label-line")
        return after

    def matrix(self, at: int, fields: list[str]) -> list[list[Line]]:
        """Return the rows of a flattened table, one cell a line, below the labels of its columns."""
        if len(fields) < 3 or not {"title", "registration_number"} & set(fields):
            return []
        rows: list[list[Line]] = []
        while len(row := self.lines[at : at + len(fields)]) == len(fields) and all(map(_fits, fields, row)):
            rows.append(row)
            at += len(fields)
        return rows if len(rows) > 1 else []

    def values_below(self, at: int, field: str, label: Line) -> Iterator[Line]:
        """Yield the lines that belong to a label above them."""
        most = _MOST_LINES.get(field, 2 if field in AMOUNTS | lexicon.DATES else 1)
        for taken, line in enumerate(self.lines[at : at + most]):
            if self.ends(line, label) or not _fits(field, line):
                return
            if taken and ((line.gap and not label.level) or (field == "partner" and line.text.endswith("."))):
                return
            yield line

    def ends(self, line: Line, label: Line) -> bool:
        """Whether a line belongs no more to the label above it: a heading, another label, another part of the page."""
        return (
            bool(line.level and (not label.level or line.level <= label.level))
            or line.region != label.region
            or (label.cell is None) != (line.cell is None)
            or (_is_bold(label) and _is_bold(line))
            or any(inline.start == 0 for inline in self.inline[line.index])
            or bool(_is_label(line))
            or line.tag == "dt"
        )

    # Tables ----------------------------------------------------------------------------------------

    def tables(self) -> set[int]:
        """Read every table; return the lines that were read."""
        by_table: dict[int, dict[int, dict[int, list[Line]]]] = {}
        for line in self.lines:
            if line.cell:
                by_table.setdefault(line.cell.table, {}).setdefault(line.cell.row, {}).setdefault(
                    line.cell.column, []
                ).append(line)
        done: set[int] = set()
        for number, rows in by_table.items():
            done |= self.table(number, rows)
        return done

    def table(self, number: int, rows: _Rows) -> set[int]:
        """Read one table: by its columns where the first row holds their labels, else row by row."""
        first = min(rows)
        header = {column: cell[0] for column, cell in rows[first].items()}
        fields = {
            column: field for column, line in header.items() if (field := label_of(line.folded)) and field != STOPS
        }
        if len(fields) >= 2 and len(rows) > 1 and not any(map(_looks_like_value, header.values())):
            self.columns(number, rows, first, fields)
            return {line.index for cells in rows.values() for lines in cells.values() for line in lines}
        sums = [
            at for at, line in header.items() if at and re.fullmatch(r"celkem.{0,12}|soucet|total|suma", line.folded)
        ]
        heads = " ".join(line.text for line in header.values() if not _is_label(line))
        context = f"{heads} {self.above(header[min(header)])}"
        done: set[int] = set()
        for row, cells in rows.items():
            if not (row == first and len(rows) > 1 and self.is_header(cells)):
                done |= self.row(cells, context, sums[0] if sums and row != first else None)
        return done

    def columns(self, number: int, rows: _Rows, first: int, fields: dict[int, str]) -> None:
        """Read a table whose columns have labels; its rows are projects where a column names or numbers them."""
        body = {row: cells for row, cells in rows.items() if row != first}
        many = len(body) > 1 and bool({"title", "registration_number"} & set(fields.values()))
        sums = [row for row, cells in body.items() if _SUM.match(cells[min(cells)][0].folded)]
        above = self.above(rows[first][min(rows[first])][0])
        for row, cells in body.items():
            # Of several rows that are no projects the sum speaks for the project.
            if row in sums if many else bool(sums) and row not in sums:
                continue
            for column in sorted(set(fields) & set(cells)):
                label = f"{rows[first][column][0].text} {above}"
                for line in cells[column]:
                    value = _trim(line, 0, len(line.text))
                    self.keep(fields[column], label, line.index, value, "table-column", (number, row) if many else None)

    def is_header(self, cells: dict[int, list[Line]]) -> bool:
        """Whether a row of two cells is a header ("Zdroj financování | výše podílu v EUR")."""
        columns = sorted(cells)
        field = label_of(cells[columns[0]][0].folded)
        return len(columns) == 2 and field in AMOUNTS and not _fits(field, cells[columns[1]][0])

    def row(self, cells: dict[int, list[Line]], context: str, sums: int | None) -> set[int]:
        """Read a row: label, value, label, value; or a label with the value in the column of sums."""
        columns = sorted(cells)
        done: set[int] = set()
        at = 0
        while at + 1 < len(columns):
            label = cells[columns[at]][0]
            field = label_of(label.folded)
            if not field:
                at += 1
                continue
            others = [cells[column][0] for column in columns[1:]]
            summed = sums is not None and sums in cells and len(columns) > 2 and not any(map(_is_label, others))
            done |= {line.index for line in cells[columns[at]]}
            for line in cells[sums if summed and sums is not None else columns[at + 1]]:
                # A cell may hold labels of its own: it is read as any line.
                if not any(inline.field != STOPS and inline.start == 0 for inline in self.inline[line.index]):
                    done.add(line.index)
                    value = _trim(line, 0, len(line.text))
                    self.keep(field, f"{label.text} {context}", label.index, value, "table-row")
            at += len(columns) if summed else 2
        return done

    def above(self, line: Line) -> str:
        """Return the caption or heading above a table: it may state the unit."""
        before = [other for other in self.lines if other.index < line.index][-1:]
        # "Celková alokace 350 mil. Kč" is a sum, not the unit of the table.
        if before and any(money.currency for money in scan.amounts(before[0].text)):
            return ""
        return (
            before[0].text
            if before and (before[0].level or before[0].tag == "caption" or len(before[0].text) < 80)
            else ""
        )


_SUM = re.compile(r"(?:celkem|soucet|suma|rozpocet|projekt celkem|celkove)\b")
_Rows = dict[int, dict[int, list[Line]]]  # row -> column -> lines of the cell


def _looks_like_value(line: Line) -> bool:
    return bool(re.search(r"\d{3}", line.text)) and not label_of(line.folded)


def _fits(field: str, line: Line) -> bool:
    """Whether a line can hold a value of the field at all."""
    if field in AMOUNTS | {"kraj"}:
        return any(True for _ in scan.amounts(line.text)) and len(line.text) < 120
    if field in {"start", "end", "period", "modified", "published"}:
        return any(True for _ in scan.dates(line.text)) and len(line.text) < 90
    if field == "registration_number":
        return any(char.isdigit() for char in line.text) and len(line.text) < 80
    if field == "ico":
        return bool(re.search(r"\d[\d ]{6,}", line.text)) and len(line.text) < 40
    if field in {
        "title",
        "beneficiary",
        "partner",
        "programme",
        "priority_axis",
        "area_of_support",
        "call",
        "place",
        "provider",
    }:
        return len(line.text) < 260
    return True


def labelled(page: Page, lines: list[Line]) -> list[Labelled]:
    """Return every label among these lines that we know, with its value."""
    return _Reader(page, lines).read()
