"""A first `[[source]]` for a file nobody has described yet: guesses from its headers and values, all of them told.

What is printed is configuration to be read and corrected by a person; nothing is published by a guess alone.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice, pairwise
from pathlib import Path

from . import clean, ico, readers, regnum
from .errors import UnreadableFileError
from .patterns import DateFormat
from .sources.header import Header
from .sources.views import leaves
from .tidy import FIELDS, ORGANISATION, Field, canonical

__all__ = ["sketch"]

_TOP = 60  # rows in which a header is sought
_SAMPLE = 400  # rows by whose values columns are judged
_MOST_SHEETS = 12  # sheets looked into; the rest are only listed

# What registers call our fields (accents and case aside), beside the names that the layout itself has.
_SYNONYMS = {
    "registration_number": "registracni cislo projektu|cislo projektu|reg. cislo|reg. c. projektu|registracni c.|"
    "cislo operace|kod projektu|identifikator projektu|project number|operation number|identifikacni kod dotace",
    "title": "ucel dotace|ucel|ucel pouziti|"
    "nazev projektu|nazev projektu cz|nazev operace|nazev akce|projekt|project title|"
    "project name|"
    "operation name|nazev projektu cesky|nazev projektu v ceskem jazyce",
    "title_en": "nazev projektu en|nazev projektu anglicky|nazev operace en|title in english",
    "summary": "popis projektu|anotace|anotace projektu|strucny obsah projektu|souhrn operace|project summary|"
    "operation summary|popis operace|obsah projektu|description",
    "goal": "cil projektu|cile projektu",
    "beneficiary": "realizator|organizace|subjekt|"
    "zadatel|nazev zadatele|nazev prijemce|prijemce podpory|prijemce dotace|"
    "nazev subjektu|"
    "jmeno prijemce|beneficiary name|zadatel nazev|prijemce nazev|spolecnost|company|nazev prijemce dotace",
    "ico": "ic|ico prijemce|ic prijemce|ico zadatele|ic zadatele|zadatel ic|zadatel ico|ico subjektu|"
    "identifikacni cislo",
    "provider": "poskytovatel dotace|nazev poskytovatele",
    "start": "od|datum zahajeni|datum zahajeni projektu|datum zahajeni realizace|zahajeni realizace|zacatek|"
    "datum zahajeni fyzicke realizace|start date|operation start date|skutecne datum zahajeni|realizace od",
    "end": "do|datum ukonceni|datum ukonceni projektu|datum ukonceni realizace|ukonceni realizace|konec|"
    "datum ukonceni fyzicke realizace|end date|operation end date|realizace do|predpokladane datum ukonceni",
    "programme": "operacni program|cislo programu|nazev programu|cislo a nazev programu|kod programu|op_code",
    "priority_axis": "prioritni osa|priorita|cislo prioritni osy",
    "area_of_support": "oblast podpory|investicni priorita|specificky cil|opatreni",
    "call": "cislo vyzvy|kod vyzvy",
    "call_title": "nazev vyzvy",
    "status": "stav projektu|nazev stavu|stav|aktualni stav projektu|project status",
    "total": "naklady|naklady celkem|celkove naklady|celkove vydaje|celkove zdroje|rozpocet|celkove naklady projektu|"
    "celkova vyse investice|"
    "investice|total cost|invesice",
    "eligible": "celkove zpusobile vydaje|czv|czv projektu|zpusobile vydaje|celkove uznatelne naklady|"
    "total eligible expenditure|celkove zpusobile vydaje operace",
    "eu": "prispevek eu|prispevek unie|podil eu|eu podil|dotace eu|zdroje eu|eu contribution",
    "state": "statni rozpocet|prispevek sr|podil sr",
    "grant": "castka|schvaleno|schvalena castka|prispevek|vyse prispevku|poskytnuta castka|castka dotace|"
    "vyse dotace|dotace|schvalena dotace|poskytnuta dotace|celkova dotace|vyse podpory",
    "paid": "vyplaceno|proplaceno|vycerpano|cerpani|uhrazeno",
    "currency": "mena",
    "town": "municipality|obec sidla|mesto|sidlo|obec prijemce|sidlo prijemce obec",
    "post_code": "psc prijemce|psc sidla|psc",
    "street": "ulice prijemce",
    "region_name": "kraj sidla|kraj prijemce",
    "places": "kraj realizace|misto realizace|kraj|uzemi realizace|nuts 3|kraj / region|misto realizace kraj",
    "city_part": "municipality_part|mestska cast",
    "descriptive_number": "house_no",
    "orientation_number": "orientation_no",
    "legal_form": "pravni forma",
    "decision_number": "cislo rozhodnuti",
    "decision_date": "datum rozhodnuti|datum vydani rozhodnuti|rok rozhodnuti|rozhodnuti - rok",
    "funds": "fond",
}
# What registers call the parts of several fields.
_PARTNERS = frozenset(
    {
        *("partneri", "partner", "partneri projektu", "partner projektu", "nazev partnera", "nazvy partneru"),
        *("partners", "partner name", "project partners"),
    }
)
# What stands in a cell that has no value; "-" is known to be one everywhere.
_SIGNS = frozenset(
    {
        *("x", "xx", "xxx", "n/a", "na", "#n/a", "nan", "null", "none", "nil", "?"),
        *("neuvedeno", "nezadano", "nezjisteno", "neni", "nevyplneno", "nerelevantni", "nezname"),
    }
)
_NOTHING = frozenset({"-", "–", "—"})
# Columns where a sign may stand for a natural person, whom the policy for persons must see.
_NAMES = frozenset({"beneficiary", "provider", "title"})
_FORMS = tuple(map(DateFormat, ("dd/mm/yyyy", "mm/dd/yyyy", "yyyy/mm/dd", "dd-mm-yyyy", "yyyymmdd", "excel")))
_SEPARATORS = (";", "\n", "|", " / ", ",")
_MANY = 0.2  # of the cells hold several values: then the column does
_SEAT = {"town", "street", "post_code", "legal_form", "city_part"}
_END = re.compile(r"(celkem|soucet|souhrn|total|legenda|vysvetliv|poznam|pozn\.|zdroj|stav k|aktualizace)")
_NUMBER = re.compile(r"[-+]?[0-9][0-9  .,]*(?:\s*(?:Kč|CZK|EUR))?")
_DAY = re.compile(r"\d{1,2}\.\s?\d{1,2}\.\s?\d{4}|\d{4}-\d{2}-\d{2}(?:T.*)?|\d{1,2}[/-]\d{1,2}[/-]\d{4}")
_NOTES = re.compile(
    r"\s*(?:\([^)]*\)|\[[^\]]*\]|,? v (?:mil|tis)\b.*| (?:v|in) (?:kc|czk|eur|pln|mczk).*|[:*]| (?:mil|tis)\.?$)"
)


def _known() -> dict[str, Field]:
    """Return the flat field behind each folded name that a header may have."""
    known: dict[str, Field] = {}
    flat = [item for item in FIELDS if not item.parts]
    for item in flat:
        for name in (item.name, item.english, item.cs, item.en):
            known.setdefault(clean.fold(name).replace("_", " "), item)
    by_name = {item.english: item for item in flat}
    for english, phrases in _SYNONYMS.items():
        known.update(dict.fromkeys(phrases.replace("_", " ").split("|"), by_name[english]))
    return known


_KNOWN = _known()


def _field(label: str, *, by_group: bool = False) -> Field | None:
    """Return the field that a header names: by the whole of it, with the title of its group, or by its last part.

    With `by_group` the title of its group alone will do.

    >>> [_field(label).english for label in ("Příjemce / Název", "Projekt / Číslo projektu", "Název / Title")]
    ['beneficiary', 'registration_number', 'title']
    """
    parts = re.split(r" / |/@?|\n", label.removeprefix("@"))
    if len(parts) > 1 and parts[-1] in {"cs", "cz", "CS", "CZ"}:
        parts.pop()
    if any(clean.fold(part) in _PARTNERS for part in parts[:-1]):
        return None  # of somebody else
    pairs = [f"{one} {other}" for above, below in pairwise(parts) for one, other in ((above, below), (below, above))]
    for part in parts if by_group else (label, *pairs, parts[-1]):
        folded = clean.fold(part).replace("_", " ")
        for name in (folded, _NOTES.sub("", folded).strip()):
            if name in _KNOWN:
                return _KNOWN[name]
    return None


def _hard(value: str) -> bool:
    """Whether a value is data beyond doubt: a number, a day, a registration number."""
    shown = clean.text(value)
    return bool(_NUMBER.fullmatch(shown) or _DAY.fullmatch(shown) or regnum.parse(shown))


def _is_sign(value: str) -> bool:
    shown = clean.text(value)
    return shown in _NOTHING or clean.fold(shown) in _SIGNS


@dataclass(slots=True)
class _Column:
    name: str
    values: list[str] = field(default_factory=list)  # some that are not blank

    def share(self, test: Callable[[str], object]) -> float:
        """Return which part of the values, signs of a missing one aside, passes a test."""
        told = self.told
        return sum(bool(test(value)) for value in told) / len(told) if told else 0.0

    @property
    def told(self) -> list[str]:
        """The values that are no signs of a missing one; all of them where there is nothing else."""
        return [value for value in self.values if not _is_sign(value)] or self.values

    @property
    def signs(self) -> list[str]:
        """The signs of a missing value that stand among values."""
        found = dict.fromkeys(clean.text(value).casefold() for value in self.values if _is_sign(value))
        told = any(not _is_sign(value) for value in self.values)
        return [sign for sign in found if told and sign not in _NOTHING]

    @property
    def sample(self) -> str:
        shown = clean.text(self.values[0]) if self.values else ""
        return shown if len(shown) <= 40 else f"{shown[:39]}…"


@dataclass(slots=True)
class _Seen:
    """What a look at the file has found."""

    columns: list[_Column]
    lines: list[str] = field(default_factory=list)  # of TOML, about where the rows lie
    rows: list[list[str]] = field(default_factory=list)  # of a table, as many as were looked at
    unit: int = 1  # what the lines above the table say of all amounts


# Where the rows lie ------------------------------------------------------------------------------------


def _filled(row: readers.Cells) -> list[str]:
    return [value for value in row.values if value.strip()]


def _score(row: readers.Cells) -> tuple[int, int]:
    """Return how much a row looks like a header: fields it names, texts that are no data."""
    names = _filled(row)
    return len({found.english for name in names if (found := _field(name) or _field(name, by_group=True))}), sum(
        not _hard(name) for name in names
    )


def _header(rows: Sequence[readers.Cells]) -> tuple[int, int]:
    """Return the index of the header's first row and the number of its rows."""
    top = rows[:_TOP]
    widest = max(len(_filled(row)) for row in rows)
    wide = [number for number, row in enumerate(top) if 2 * len(_filled(row)) >= widest]
    named = max(range(len(top)), key=lambda number: (_score(top[number])[0], -number))
    start = named if _score(top[named])[0] > 1 else wide[0] if wide else 0
    count = 1
    typed = _typed(rows[start + 1 :])
    for row in rows[start + 1 : start + 4]:  # the lower half of a split header, or the same in English
        cells = {number: value for number, value in enumerate(row.values) if value.strip()}
        if not cells or any(map(_hard, cells.values())) or not typed & cells.keys():
            break
        count += 1
    if start and (above := rows[start - 1]) and len(_filled(above)) > 1 and not any(map(_hard, _filled(above))):
        blank = {number for number, value in enumerate(rows[start].values) if not value.strip()}
        titles = {number for number, value in enumerate(above.values) if value.strip()}
        # Titles of groups name columns that the row below does not, or leave blanks to be merged; a title of the
        # whole table has a cell or two.
        if (count == 1 and titles & blank) or len(titles) < len(_filled(rows[start])) <= 3 * len(titles):
            return start - 1, count + 1
    return start, count


def _typed(rows: Sequence[readers.Cells]) -> set[int]:
    """Return the columns whose values are mostly numbers, days or codes."""
    filled: Counter[int] = Counter()
    hard: Counter[int] = Counter()
    for row in rows[:100]:
        for number, value in enumerate(row.values):
            if value.strip():
                filled[number] += 1
                hard[number] += _hard(value)
    return {number for number, count in filled.items() if hard[number] >= 0.6 * count}


class _Bottom:
    """Watches the rows below the header for the place where the data end."""

    def __init__(self, typed: set[int], header: Header, fewest: int) -> None:
        self.typed = typed
        self.names = header.names
        self.fewest = fewest
        self.always: set[int] | None = None  # the columns that every row of data fills
        self.blank_within = False  # a blank row stands among the data
        self.sums: dict[str, tuple[int, str, int]] = {}  # pattern -> line, first filled cell, its column
        self.below: list[tuple[int, str, set[int]]] = []  # line, first filled cell, filled columns

    def add(self, row: readers.Cells) -> None:
        filled = {number for number, value in enumerate(row.values) if value.strip()}
        shown = clean.text(row.values[min(filled)]) if filled else ""
        alike = len(filled) >= self.fewest and not _END.match(clean.fold(shown))
        if self.typed:
            hits = sum(number in filled and _hard(row.values[number]) for number in self.typed)
            alike = alike and 2 * hits >= len(self.typed)
        if alike:
            self.always = filled if self.always is None else self.always & filled
            self.blank_within = self.blank_within or any(not one[2] for one in self.below)
            for line, told, cells in self.below:
                if cells and _END.match(clean.fold(told)):
                    self.sums.setdefault(_ending(told), (line, told, min(cells)))
            self.below.clear()
        elif len(self.below) < 1000:
            self.below.append((row.line, shown, filled))

    def lines(self) -> Iterator[str]:
        """Yield the settings that end the data, with what stands there."""
        below = [one for one in self.below if not one[1] or _ending(one[1]) not in self.sums]
        if self.sums:
            at = next(iter(self.sums.values()))[2]
            line, shown, _ = next(one for one in self.sums.values() if one[2] == at)
            patterns = ", ".join(_quoted(pattern) for pattern, one in self.sums.items() if one[2] == at)
            yield f"unless = {{ {_quoted(self.names[at])} = [{patterns}] }}  # {_comment(_told(line, shown))}"
        elif below and below[0][2]:  # a total has no name or number of its own
            line, shown, filled = below[0]
            lacking = sorted((self.always or set()) - filled)
            if not _END.match(clean.fold(shown)) and lacking and lacking[0] < min(filled):
                yield f'unless = {{ {_quoted(self.names[lacking[0]])} = [""] }}  # {_comment(_told(line, shown))}'
                below = below[1:]
        notes = [one for one in below if one[1]]
        if not notes:
            return
        line, shown, _ = notes[0]
        if not below[0][2] and not self.blank_within:
            pattern = ""
        else:
            pattern = _ending(shown) if _END.match(clean.fold(shown)) else shown
        yield f"until = [{_quoted(pattern)}]  # {_comment(_told(line, shown))}"


def _ending(shown: str) -> str:
    """Return the pattern of a row that ends the data by its first word: "Celkem*"."""
    word = re.match(r"\w+", shown)
    return f"{word[0]}*" if word else shown


def _told(line: int, shown: str) -> str:
    return f"řádek / row {line}: {shown[:40]}"


def _table(path: Path, options: readers.Options) -> _Seen:
    stream = (row for row in readers.cells(path, options) if isinstance(row, readers.Cells))
    rows = list(islice(stream, _SAMPLE))
    if not any(map(_filled, rows)):
        raise UnreadableFileError("tabulka je prázdná", "the table is empty", str(path))
    start, count = _header(rows)
    header = Header(rows[start].line, [row.values for row in rows[start : start + count]])
    columns = [_Column(name) for name in header.names]
    body = rows[start + count :]
    widths = sorted(len(_filled(row)) for row in body if _filled(row)) or [0]
    typed = _typed(body)
    bottom = _Bottom(typed, header, max(1, widths[len(widths) // 2] // 2))
    for row in body:
        bottom.add(row)
        for column, value in zip(columns, row.values, strict=False):
            if clean.text(value):
                column.values.append(value)
    for row in stream:
        bottom.add(row)
    told = " ".join(value for row in rows[:start] for value in _filled(row) if len(_filled(row)) < 3)
    seen = _Seen(columns, rows=[row.values for row in body], unit=_unit(told))
    if start or count > 1:
        seen.lines.append(f"header = {header.line}" + ("" if count == 1 else f"\nheader_rows = {count}"))
    seen.lines += bottom.lines()
    return seen


def _sheet(path: Path) -> tuple[str, list[str]]:
    """Return the sheet whose header names most of our fields, and all sheets."""
    names = readers.sheet_names(path)
    best, chosen = (0, 0), ""
    for name in names[:_MOST_SHEETS] if len(names) > 1 else []:
        rows = islice(readers.cells(path, readers.Options(sheet=name)), _TOP)
        score = max((_score(row) for row in rows if isinstance(row, readers.Cells)), default=(0, 0))
        if score > best:
            best, chosen = score, name
    return chosen, names


def _lists(value: object, path: str = "") -> Iterator[tuple[int, str]]:
    """Yield the lists of objects within an object, with their lengths and paths."""
    for name, inner in value.items() if isinstance(value, dict) else ():
        here = f"{path}/{name}".lstrip("/")
        if isinstance(inner, list) and any(isinstance(item, dict) for item in inner):
            yield len(inner), here
        else:
            yield from _lists(inner, here)


def _nested(path: Path) -> _Seen:
    options = readers.Options()
    rows = [row for row in islice(readers.objects(path), _SAMPLE) if isinstance(row, readers.Row)]
    lines = []
    if len(rows) == 1 and rows[0].line == 0 and (found := max(_lists(rows[0].values), default=None)):
        options = readers.Options(path=found[1])
        lines.append(f"path = {_quoted(found[1])}")
        rows = [row for row in islice(readers.objects(path, options), _SAMPLE) if isinstance(row, readers.Row)]
    columns: dict[str, _Column] = {}
    for row in rows:
        for name, value in leaves(row.values):
            if value.strip():
                columns.setdefault(name, _Column(name)).values.append(value)
    return _Seen(list(columns.values()), lines)


# What the columns mean ---------------------------------------------------------------------------------


def _is_ico(value: str) -> bool:
    shown = clean.text(value)
    return shown.isdigit() and len(shown) in {7, 8} and ico.is_valid(shown)


def _meanings(columns: Sequence[_Column]) -> dict[str, tuple[_Column, str]]:
    """Return field -> (column, how it is known); each field and each column once."""
    found: dict[str, tuple[_Column, str]] = {}
    taken: set[str] = set()

    def take(english: str, column: _Column, how: str) -> None:
        if english not in found and column.name not in taken:
            found[english] = column, how
            taken.add(column.name)

    def by_name(column: _Column, *, by_group: bool) -> None:
        if (meant := _field(column.name, by_group=by_group)) and (
            meant.kind != "amount" or column.share(_NUMBER.fullmatch) > 0.5 or not column.values
        ):
            take(meant.english, column, "")

    # Of an amount in several currencies, crowns are what the others were reckoned from.
    ordered = sorted(columns, key=lambda one: re.search(r"\b(?:eur|usd)\b", one.name.casefold()) is not None)
    for column in ordered:
        by_name(column, by_group=False)
    for column in ordered:
        by_name(column, by_group=True)
    by_value = (("registration_number", lambda value: regnum.parse(clean.text(value))), ("ico", _is_ico))
    for english, test in by_value:
        for column in columns:
            if column.share(test) >= 0.7:
                take(english, column, "podle hodnot / by its values")
    return found


def _guess_title(columns: Sequence[_Column], meanings: dict[str, tuple[_Column, str]]) -> None:
    """Add a title where no header names one: the longest texts that hardly repeat, else the beneficiary."""
    taken = {column.name for column, _ in meanings.values()}
    fullest = max((len(column.values) for column in columns), default=0)
    texts = [
        column
        for column in columns
        if column.name not in taken
        and 2 * len(column.values) >= fullest > 0
        and column.share(_hard) < 0.2
        and 10 * len(set(column.values)) >= 7 * len(column.values)
    ]
    if texts:
        longest = max(texts, key=lambda column: sum(map(len, column.values)) / len(column.values))
        meanings["title"] = longest, "ODHAD, nejdelší text / A GUESS, the longest text"
    elif "beneficiary" in meanings:
        meanings["title"] = (
            meanings["beneficiary"][0],
            "ODHAD, název projektu tu není / A GUESS, there is no title here",
        )


def _unit(label: str) -> int:
    folded = clean.fold(label)
    if re.search(r"\bmil\b|milion|mczk|meur|\bmln\b", folded):
        return 1_000_000
    return 1_000 if re.search(r"\btis\b|tisic|thousand|tczk", folded) else 1


def _decimal(column: _Column) -> str:
    """Return the decimal mark that the values themselves prove, "" where they do not."""
    if any(re.search(r",[0-9]{1,2}\D*$", value.strip()) for value in column.values):
        return ","
    if any(re.search(r"\.(?:[0-9]{1,2}|[0-9]{4,})$", value.strip()) for value in column.values):
        return "."
    return ""


def _currency(label: str) -> str:
    """Return the currency that a header names, "" for crowns and for none."""
    folded = clean.fold(label)
    if re.search(r"\b(?:kc|czk|mczk|tczk)\b", folded):
        return ""
    return "EUR" if re.search(r"\b(?:m|t)?eur\b|€", folded) else "PLN" if re.search(r"\b(?:pln|zl)\b", folded) else ""


def _reads(read: Callable[[str], object]) -> Callable[[str], bool]:
    def can(value: str) -> bool:
        try:
            read(clean.text(value))
        except ValueError:
            return False
        return True

    return can


def _form(column: _Column) -> str:
    """Return the form of a column's dates where it has to be stated, "" where it is known or not clear."""
    plain = column.share(_reads(clean.partial_date))
    shares = [(column.share(_reads(form.iso)), form.text) for form in _FORMS]
    best = max(shares, key=lambda one: one[0])  # the first of equal ones: the day comes before the month
    return best[1] if best[0] > max(plain, 0.5) else ""


def _separator(column: _Column, known: Sequence[str] = _SEPARATORS, least: float = _MANY) -> str:
    """Return what divides the values of a column's cells, "" where (nearly) all hold one each."""
    shares = {mark: column.share(lambda value, mark=mark: mark in value.strip()) for mark in known}  # type: ignore[misc]
    return next((mark for mark in known if shares[mark] >= least and shares[mark]), "")


def _reading(item: Field, column: _Column, unit: int, currency: str) -> str:
    """Return the right side of a column's line; `currency` is that of the project."""
    keys = [f"column = {_quoted(column.name)}"]
    if item.kind == "amount":
        if (own := max(_unit(column.name), unit)) > 1:
            keys.append(f"unit = {own:_}")
        if mark := _decimal(column):
            keys.append(f'decimal = "{mark}"')
        if (own_currency := _currency(column.name)) != currency and own_currency:
            keys.append(f'currency = "{own_currency}"')
    elif item.kind == "date" and (form := _form(column)):
        keys.append(f'date = "{form}"')
    elif item.kind == "list" and (mark := _separator(column, least=0)) not in {"", ";"}:
        keys.append(f"split = [{_quoted(mark)}]")
    zeros = {clean.text(value) for value in column.values if item.kind == "ico" and not value.strip("0 ")}
    if item.english == "programme" and column.share(re.compile(r"\d\d|\d\.\d\d").fullmatch) > 0.9:
        keys.append('prefix = "CZ."')
    if item.english not in _NAMES and (signs := [*column.signs, *sorted(zeros)]):
        keys.append(f"missing = [{', '.join(map(_quoted, signs))}]")
    return f"{{ {', '.join(keys)} }}" if len(keys) > 1 else _quoted(column.name)


def _group(seen: _Seen, meanings: dict[str, tuple[_Column, str]]) -> Iterator[str]:
    """Yield the setting that joins the rows of one project, where numbers of projects repeat."""
    if "registration_number" not in meanings:
        return
    name = meanings["registration_number"][0].name
    at = next(number for number, column in enumerate(seen.columns) if column.name == name)
    rows = [row for row in seen.rows if len(row) > at and row[at].strip() and not _is_sign(row[at])]
    rows = [row for row in rows if not _END.match(clean.fold(clean.text(row[at])))]
    groups: dict[str, list[list[str]]] = {}
    for row in rows:
        groups.setdefault(clean.text(row[at]), []).append(row)
    repeated = len(rows) - len(groups)
    if repeated * 20 < max(len(rows), 1):
        return
    differing = [
        column.name
        for number, column in enumerate(seen.columns)
        if any(len({clean.text(row[number]) for row in group if len(row) > number}) > 1 for group in groups.values())
    ]
    yield f"group = [{_quoted(name)}]  # řádků téhož projektu navíc / rows more of one project: {repeated}"
    if differing:
        yield f"# V řádcích projektu se liší / These differ among a project's rows: {_comment(', '.join(differing))}"
        yield "# Částky, které se mají sčítat: add = true. / Amounts to be added up: add = true."


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _comment(text: str) -> str:
    return re.sub(r"[\x00-\x1f\x7f]", " ", text)


def _in_one_currency(meanings: dict[str, tuple[_Column, str]]) -> tuple[str, list[_Column]]:
    """Return the currency of the projects, "" for crowns, and the columns of another, which leave the meanings.

    A project has one currency; amounts in another cannot stand beside its own.
    """
    amounts = {item.english for item in FIELDS if item.kind == "amount"} & meanings.keys()
    known = {name: _currency(meanings[name][0].name) for name in amounts}
    if "currency" in meanings:
        return "", []
    currency = known[min(known)] if len(set(known.values())) == 1 else ""
    return currency, [meanings.pop(name)[0] for name in sorted(known) if known[name] != currency]


@dataclass(frozen=True, slots=True)
class _Guess:
    """What the columns of a file seem to be."""

    meanings: dict[str, tuple[_Column, str]]
    organisations: bool  # a list of them, no projects
    currency: str  # of the projects, "" for crowns
    foreign: list[_Column]  # amounts in another currency
    partners: _Column | None

    @property
    def used(self) -> set[str]:
        """The names of the columns that mean something."""
        found = {column.name for column, _ in self.meanings.values()}
        return found | {self.partners.name} if self.partners else found


def _guess(columns: Sequence[_Column]) -> _Guess:
    meanings = _meanings(columns)
    currency, foreign = _in_one_currency(meanings)
    if (
        "ico" in meanings
        and not meanings.keys() & {"title", "registration_number"}
        and len(_SEAT & meanings.keys()) > 1
    ):
        meanings = {item.english: meanings[item.english] for item in ORGANISATION if item.english in meanings}
        if "beneficiary" not in meanings:
            _guess_title(columns, meanings)
            if "title" in meanings:
                meanings["beneficiary"] = meanings.pop("title")
        return _Guess(meanings, organisations=True, currency="", foreign=foreign, partners=None)
    if "title" not in meanings:
        _guess_title(columns, meanings)
    taken = {column.name for column, _ in meanings.values()}
    partners = next((column for column in columns if column.name not in taken and _is_partner(column)), None)
    return _Guess(meanings, organisations=False, currency=currency, foreign=foreign, partners=partners)


def _columns(seen: _Seen) -> Iterator[str]:
    guess = _guess(seen.columns)
    if guess.organisations:
        yield 'yields = "organisations"  # IČO a sídla, žádné projekty / IČO and seats, no projects'
    else:
        yield from _group(seen, guess.meanings)
    yield "# Nečtou se; co k projektu patří, přesuňte do columns. / Not read; move to columns what belongs there."
    yield "ignore = ["
    for column in seen.columns:
        if column.name not in guess.used:
            kind = ", data / dates" if column.share(_DAY.fullmatch) > 0.7 else ""
            kind += ", jiná měna než u projektu / not the project's currency" if column in guess.foreign else ""
            yield f"  {_quoted(column.name)},  # např. / e.g. {_comment(column.sample)}{kind}"
    yield "]"
    yield ""
    yield "[source.columns]"
    if not guess.meanings.keys() & {"title", "beneficiary"}:
        yield '# nazev = ""  # název projektu se nenašel, bez něj to nepůjde / no title was found, and one is needed'
    for item in ORGANISATION if guess.organisations else FIELDS:
        if item.english in guess.meanings:
            column, how = guess.meanings[item.english]
            told = f"{how}; " if how else ""
            reading = _reading(item, column, seen.unit, guess.currency)
            yield f"{item.name} = {reading}  # {told}např. / e.g. {_comment(column.sample)}"
    if guess.currency:
        yield f'mena = {{ constant = "{guess.currency}" }}  # podle záhlaví / by the header'
    if guess.partners:
        mark = _separator(guess.partners, _SEPARATORS[:-1])
        split = f", split = [{_quoted(mark)}]" if mark else ""
        yield ""
        yield "[source.columns.partneri]"
        sample = _comment(guess.partners.sample)
        yield f"prijemce = {{ column = {_quoted(guess.partners.name)}{split} }}  # např. / e.g. {sample}"


def _is_partner(column: _Column) -> bool:
    return any(clean.fold(part) in _PARTNERS for part in (column.name, *column.name.split(" / ")))


def sketch(path: Path, shown: str = "") -> str:
    """Return a `[[source]]` table for a file, its guesses in comments; `shown` is its path for lod.toml.

    Raise `UnreadableFileError` when the file cannot be read at all.
    """
    sheet, sheets = "", list[str]()
    if readers.is_table(path):
        sheet, sheets = _sheet(path)
        seen = _table(path, readers.Options(sheet=sheet))
    else:
        seen = _nested(path)
    values, _, unknown = canonical({column.name: "" for column in seen.columns})
    tidy = "title" in values and not unknown
    lines = [
        "# Náčrt podle záhlaví a hodnot: zkontrolujte každý řádek. / A sketch by headers and values: check every line.",
        "[[source]]",
        f"name = {_quoted(clean.slug(path.name.partition('.')[0]) or 'zdroj')}",
    ]
    files = f"files = [{_quoted(shown or path.name)}]"
    if tidy and not seen.lines and (not sheet or sheet == sheets[0]):
        lines += ['kind = "records"  # sloupce jsou naše rozložení / the columns are our tidy layout', files]
        return "\n".join([*lines, ""])
    lines += ['kind = "table"', files]
    if len(sheets) > 1:
        others = ", ".join(name for name in sheets if name != sheet)
        lines.append(f"sheet = {_quoted(sheet)}  # další listy / other sheets: {_comment(others)}")
    return "\n".join([*lines, *seen.lines, *_columns(seen), ""])
