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
from .lexicon import AMOUNTS, ORGANISATIONS, STOPS, label_at, label_of
from .page import Line, Page

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
    r"\b(?:je|jsou|byl[aoiy]?|bude|budou|ma|maji|mel[aoiy]?|ziskal\w*|bylo|dostal\w*|cini|cinil[aoy]?"
    r"|umozn\w+|si|se|zahrnuje|resi|vznikl\w*|podporil\w*|pokracuje|probiha|skoncil)\b"
)
# Labels so short that without a colon they are words of a sentence.
_BARE = re.compile(
    r"(?:projekt|nazev|akce|program|dotace|podpora|partner|partneri|cil|cile|kraj|obec|region|realizace"
    r"|reseni|mesto|castka|naklady|vydaje"
    r"|od|do|eu|es|fs|cf|id|web|www|www|ds|fond|datum|dne|rozpocet|mena|vyzva|misto|okres|stav|faze"
    r"|termin|trvani|sidlo|adresa|celkem|zdroj|poskytl[ao]?|fond[yu]?|obdobi|doba)$"
)


def _typed_follows(field: str, line: Line, at: int) -> bool:
    """Whether what follows a label without a colon can only be its value."""
    rest = line.folded[at:].lstrip()
    at = len(line.folded) - len(rest)
    if not rest:
        return False
    if field in AMOUNTS:
        first = next(scan.amounts(line.text, at), None)
        return bool(first and first.start - at <= 4 and (first.currency or first.scaled or first.value >= 1000))
    if field in {"start", "end", "period", "modified", "published"}:
        first_date = next(scan.dates(line.text, at), None)
        named = re.match(rf"(?:od |v |ve )?(?:{scan.MONTH_STEMS}|\d{{1,2}}\s?[./])", rest)
        return bool(first_date and (first_date.start - at <= 4 or (named and first_date.start - at <= 24)))
    if field == "registration_number":
        return bool(re.match(r"(?:cz|pl)[. ]\s?\d|[a-z]{0,5}[-/ ]?[a-z0-9]*\d[a-z0-9/_.-]*$", rest))
    if field == "ico":
        return bool(re.match(r"\d[\d ]{6,10}\b", rest))
    if field in {"post_code"}:
        return bool(re.match(r"\d{3} ?\d{2}\b", rest))
    if field == "data_box":
        return bool(re.match(r"[a-z0-9]{7}\b", rest))
    if field in {"priority_axis", "area_of_support", "call"}:
        return bool(re.match(r"(?:c\. ?)?\d+(?:\.\d+)*[a-z]?\b(?! ?%)", rest))
    if field == "place":
        return bool(re.match(r"(?:\w+(?:sky|cky)|vysocina|hlavni mesto praha|\w+(?:sky|cky) kraj)$", rest))
    return False


def _inline(line: Line) -> list[tuple[str, int, int, int, str]]:
    """Return the labels inside a line: field, label start, label end, value start, rule."""
    found: list[tuple[str, int, int, int, str]] = []
    begins = {match.end() for match in _BEGINS.finditer(line.folded)} | {start for start, _ in line.bold}
    taken = 0
    for at in sorted(begins):
        if at < taken:
            continue
        label = label_at(line.folded, at)
        bold = next((span for span in line.bold if span[0] <= at < span[1]), None)
        if label and line.text.startswith("//", label.end + 1):
            continue  # an address
        if label is None:
            # An unknown bold label, or an unknown word with a colon at the beginning, ends what stands before.
            unknown = _UNKNOWN.match(line.folded, at) if at == 0 or bold else None
            if unknown and not re.match(r"https?$", line.folded[at : unknown.end()].rstrip(": ")):
                found.append((STOPS, at, unknown.end(), unknown.end(), "label"))
                taken = unknown.end()
            continue
        colon = (_COLON if at == 0 else _STRICT_COLON).match(line.folded, label.end)
        if colon and not (colon[0].strip() in {"-", "–", "—"} and lexicon.label_of(line.folded[colon.end() :])):
            dash = colon[0].strip() in {"-", "–", "—"}
            if dash and _BARE.match(line.folded[at : label.end]) and label.field not in AMOUNTS:
                continue
            found.append((_money_of_body(label.field, line, colon.end()), at, label.end, colon.end(), "label"))
            taken = colon.end()
        elif bold and abs(bold[1] - label.end) <= 1 and label.end < len(line.text):
            found.append((label.field, at, label.end, label.end, "label"))
            taken = label.end
        elif (
            at == 0
            or line.folded[:at].rstrip().endswith("%")
            or line.folded[at - 2 : at] in {", ", "; ", "| ", "– ", "- "}
        ) and label.end < len(line.text):
            if (
                label.field in lexicon.AMOUNTS | {"start", "end", "period"}
                and at > 0
                and _VERB.search(line.folded[:at])
            ):
                continue  # a clause of a sentence
            glued = not line.folded[label.end].isspace()
            if _typed_follows(label.field, line, label.end) or (
                at == 0
                and not glued
                and label.field in ORGANISATIONS | {"priority_axis", "area_of_support"}
                and not _BARE.match(line.folded[: label.end])
                and len(line.text) < 140
                and not line.text.endswith((".", "!"))
                and not _VERB.search(line.folded)
                and (
                    line.text[label.end :].strip()[:1].isupper()
                    or line.text[label.end :].strip()[:1].isdigit()
                    or re.match(r"\s*(?:obec|mesto|mestys|kraj|statutarni)\b", line.folded[label.end :])
                )
            ):
                found.append((label.field, at, label.end, label.end, "label-bare"))
                taken = label.end
    return found


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


class _Reader:
    """Walks the lines of a page once."""

    def __init__(self, page: Page, lines: list[Line]) -> None:
        self.page = page
        self.lines = lines
        self.found: list[Labelled] = []
        self.inline = {line.index: _inline(line) for line in lines}

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
        if field != STOPS and value.end > value.start:
            self.found.append(Labelled(field, label, at, value, rule, row))

    def on_line(self, line: Line) -> None:
        labels = self.inline[line.index]
        for number, (field, start, _, value, rule) in enumerate(labels):
            end = labels[number + 1][1] if number + 1 < len(labels) else len(line.text)
            label = line.text[start:value]
            if re.fullmatch(r"[\s\-–—.]*", line.text[value:end]) and line.text[value:end].strip():
                continue  # "Výzva: -": the page says that there is none
            if value >= len(line.text) and number + 1 == len(labels):
                self.following(line, field, label)
            else:
                self.keep(field, label, line.index, _trim(line, value, end), rule)

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
        while at < len(self.lines) and self.lines[at].tag not in {"dt"} and "/dl" in self.lines[at].xpath:
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
                if any(item[0] != STOPS for item in self.inline[value.index]) and field in {
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
            if len(values) == len(labels) and all(_fits(f, v) for f, v in zip(fields, values, strict=True)):
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
        most = (
            12
            if field in {"partner", "outputs", "goal", "summary", "target_groups", "funds"}
            else 2
            if field in AMOUNTS | lexicon.DATES
            else 1
        )
        taken = 0
        for line in self.lines[at:]:
            if line.level and (not label.level or line.level <= label.level):
                return
            if line.region != label.region or taken >= most:
                return
            if (label.cell is None) != (line.cell is None):
                return
            if any(start == 0 for _, start, *_ in self.inline[line.index]) or _is_label(line) or line.tag == "dt":
                return
            if taken and line.gap and not label.level:
                return
            if not _fits(field, line):
                return
            yield line
            taken += 1

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

    def table(self, number: int, rows: dict[int, dict[int, list[Line]]]) -> set[int]:
        first = min(rows)
        header = {column: cell[0] for column, cell in rows[first].items()}
        fields = {column: _is_label(line) or label_of(line.folded) for column, line in header.items()}
        body = {row: cells for row, cells in rows.items() if row != first}
        above = self.above(header[min(header)])
        done: set[int] = set()
        known = [column for column, name in fields.items() if name and name != STOPS]
        whole = [
            row
            for row, cells in body.items()
            if re.match(r"(?:celkem|soucet|suma|rozpocet|projekt celkem|celkove)\b", cells[min(cells)][0].folded)
        ]
        # A header of labels, and no second column that reads as their values.
        if len(known) >= 2 and body and all(not _looks_like_value(line) for line in header.values()):
            many = (
                len(body) > 1 and fields and any(name in {"title", "registration_number"} for name in fields.values())
            )
            done |= {line.index for line in header.values()}
            for row, cells in body.items():
                # Of several rows that are no projects the sum speaks for the project.
                left_out = row in whole if many else bool(whole) and row not in whole
                for column, lines in cells.items():
                    done |= {line.index for line in lines}
                    if column in known and not left_out:
                        for line in lines:
                            self.keep(
                                fields[column],
                                f"{header[column].text} {above}",
                                line.index,
                                _trim(line, 0, len(line.text)),
                                "table-column",
                                (number, row) if many else None,
                            )
            return done
        sums = [
            column
            for column, line in header.items()
            if re.fullmatch(r"celkem.{0,12}|soucet|total|suma", line.folded) and column
        ]
        heads = " ".join(line.text for line in header.values() if not _is_label(line))
        for row, cells in rows.items():
            columns = sorted(cells)
            at = 0
            while at < len(columns):
                label = cells[columns[at]][0]
                field = _is_label(label) or label_of(label.folded)
                inline = self.inline[label.index]
                if not field or at + 1 >= len(columns) or (inline and not label_of(label.folded)):
                    at += 1
                    continue
                if (
                    row == first
                    and len(cells) == 2
                    and len(rows) > 1
                    and not _fits(field, cells[columns[at + 1]][0])
                    and field in AMOUNTS
                ):
                    break  # "Zdroj financování | výše podílu v EUR": a header
                done |= {line.index for line in cells[columns[at]]}
                summed = (
                    row != first
                    and len(columns) > 2
                    and sums
                    and sums[0] in cells
                    and not any(_is_label(cells[c][0]) for c in columns[1:])
                )
                values = cells[sums[0] if summed else columns[at + 1]]
                own_labels = [
                    line for line in values if any(i[0] != STOPS and i[1] == 0 for i in self.inline[line.index])
                ]
                for line in values:
                    if line in own_labels:
                        continue
                    done.add(line.index)
                    context = f"{label.text} {heads} {above}"
                    self.keep(field, context, label.index, _trim(line, 0, len(line.text)), "table-row")
                at += len(columns) if summed else 2
        return done

    def above(self, line: Line) -> str:
        """Return the caption or heading above a table: it may state the unit."""
        before = [other for other in self.lines if other.index < line.index][-1:]
        return (
            before[0].text
            if before and (before[0].level or before[0].tag == "caption" or len(before[0].text) < 80)
            else ""
        )


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
