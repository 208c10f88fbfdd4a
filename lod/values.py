"""One mapping of tidy values, read field by field; what cannot be read with certainty becomes a finding."""

from __future__ import annotations

import calendar
import contextlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any, NamedTuple, TypedDict, Unpack

from . import clean, countries, ico
from .clean import PartialDate
from .errors import IcoError
from .model import Finding, PrintedAmount, Record, Severity, Text
from .tidy import czech

__all__ = ["EXPECTED", "PRINTED_NOTHING", "Identity", "Values", "day_repair", "number_repair"]

# How people write that a cell has nothing to say.
PRINTED_NOTHING = frozenset({"", "-", "–", "—"})

# What is expected where a date or a number cannot be read, in Czech and English.
EXPECTED = {
    "date": (
        "například 1. 2. 2010, 2010-02-01, září 2006 nebo 2006",
        "such as 1. 2. 2010, 2010-02-01, 2006-09 or 2006",
    ),
    "number": ("například 1 234 567,89", "such as 1 234 567,89"),
}


class Identity(NamedTuple):
    """The numbers that tell who an organisation is; an IČO only where its country is Czechia or unstated."""

    ico: str = ""
    country: str = ""  # ISO 3166-1 alpha-3
    foreign_number: str = ""  # as printed


class Said(TypedDict, total=False):
    """What a finding may say beyond its sentence; see `lod.model.Finding`."""

    kind: str
    expected_cs: str
    expected_en: str
    repair: str


def _data_box(printed: str) -> str:
    if not re.fullmatch("[a-z0-9]{7}", printed.lower()):
        raise ValueError(printed)
    return printed.lower()


def _slug(printed: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9._~-]*[A-Za-z0-9_~-][A-Za-z0-9._~-]*", printed):
        raise ValueError(printed)
    return printed


def _sha256(printed: str) -> str:
    if not re.fullmatch("[a-f0-9]{64}", printed.lower()):
        raise ValueError(printed)
    return printed.lower()


# Repairs: what an author is likely to have meant. They are shown, never used.


def _first(read: Callable[[str], object], candidates: Iterable[str]) -> str:
    """Return the first candidate that can be read, "" where none can."""
    for candidate in candidates:
        try:
            read(candidate)
        except ValueError:
            continue
        return candidate
    return ""


_DAY = re.compile(r"([0-9]{1,2})\s*([./])\s*([0-9]{1,2})\s*[./]\s*([0-9]{4}|[0-9]{2})")
_ISO_DAY = re.compile(r"([0-9]{4})[-./]([0-9]{1,2})[-./]([0-9]{1,2})")


def _last_day(year: int, month: int, day: int) -> int | None:
    """Return the last day of the month where it has no such day, else None."""
    if not (year >= 1 and 1 <= month <= 12 and 28 < day <= 31):
        return None
    last = calendar.monthrange(year, month)[1]
    return last if day > last else None


def day_repair(printed: str) -> tuple[str, bool]:
    """Return the nearest date, and whether the printed one is a day that no calendar has."""
    if match := _DAY.fullmatch(printed):
        day, mark, month, year = int(match[1]), match[2], int(match[3]), int(match[4])
        year += 2000 if year < 50 else 0
        if last := _last_day(year, month, day):
            return f"{last}. {month}. {year}", True
        # 1/2/2010 is January to some and February to others.
        readable = mark == "." or day > 12 or day == month
        return (_first(clean.partial_date, [f"{day}. {month}. {year}"]) if readable else ""), False
    if match := _ISO_DAY.fullmatch(printed):
        year, month, day = int(match[1]), int(match[2]), int(match[3])
        if last := _last_day(year, month, day):
            return f"{year:04}-{month:02}-{last:02}", True
        return _first(clean.partial_date, [f"{year:04}-{month:02}-{day:02}"]), False
    return "", False


def number_repair(printed: str, decimal: str | None) -> str:
    """Return the one number that stands in a text, in a form that can be read."""
    digits = printed.translate(str.maketrans("OoIl", "0011")) if re.search("[0-9]", printed) else ""
    numbers = re.findall(r"[-+]?[0-9](?:[0-9 .,]*[0-9])?", printed)
    alone = numbers if len(numbers) == 1 else []
    english = [
        number.replace(",", " ").replace(".", ",")
        for number in alone
        if re.fullmatch(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?", number)
    ]
    return _first(lambda text: clean.amount(text, decimal), filter(None, [digits, *alone, *english]))


def _url_repair(printed: str) -> str:
    bare = re.sub(r"^(?:h?t?tps?)?\s*[:;]?\s*/*\s*", "", printed, flags=re.IGNORECASE)
    has_host = re.match(r"[^/@\s]+\.[a-z]{2,}(?:[/:?#]|$)", bare, re.IGNORECASE)
    quoted = re.sub("%(?![0-9A-Fa-f]{2})", "%25", bare)
    return _first(clean.url, [f"https://{quoted}"]) if has_host else ""


def _data_box_repair(printed: str) -> str:
    bare = re.sub(r"^(?:IDDS|ISDS|DS|ID)\b", "", printed, flags=re.IGNORECASE)
    return _first(_data_box, [re.sub("[^A-Za-z0-9]", "", bare)])


class Values:
    """Reads the values of a record, or of one of its nested parts.

    Findings go to the list that the record's reader shares with its parts; `path` names the part in them.
    """

    def __init__(
        self, record: Record, findings: list[Finding], values: Mapping[str, Any] | None = None, path: str = ""
    ) -> None:
        self._record = record
        self._findings = findings
        self._values = record.values if values is None else values
        self._path = path

    def note(self, severity: Severity, name: str, cs: str, en: str, value: str = "", **said: Unpack[Said]) -> None:
        """Keep a finding about a field, under the name its author uses."""
        finding = Finding(
            severity=severity,
            place=self._record.place,
            field=self._path + czech(name) if self._path else self._record.label(name),
            cs=cs,
            en=en,
            value=value,
            source=self._record.source,
            **said,
        )
        if finding not in self._findings:  # a field that is read twice is wrong once
            self._findings.append(finding)

    def text(self, name: str) -> str:
        """Return a field as clean text, "" where it is absent."""
        value = self._values.get(name)
        if value is None:
            return ""
        if isinstance(value, (list, Mapping)):
            self._wrong_type(name, value)
            return ""
        return clean.text(str(value))

    def stretch(self, name: str) -> str:
        """Return a piece cut out of a text: clean, but a blank at its edge stays one."""
        cleaned, raw = self.text(name), str(self._values.get(name) or "")
        return f"{' ' * raw[:1].isspace()}{cleaned}{' ' * raw[-1:].isspace()}" if cleaned else ""

    def _wrong_type(self, name: str, value: object) -> None:
        self.note(
            Severity.VIOLATION,
            name,
            "Hodnota má jiný tvar, než tu má být (text, seznam, část).",
            "The value has another form than belongs here (text, list, part).",
            repr(value)[:80],
            kind="value-wrong-form",
            expected_cs="text, nebo seznam vnořených částí, jak říká přehled sloupců",
            expected_en="a text, or a list of nested parts, as the list of columns says",
        )

    def texts(self, name: str) -> tuple[Text, ...]:
        """Return a field in Czech and, from its `_en` twin, in English."""
        found = (Text(self.text(name), "cs"), Text(self.text(f"{name}_en"), "en"))
        return tuple(text for text in found if text.value)

    def items(self, name: str) -> list[str]:
        """Return a list, or the pieces of a cell that semicolons divide."""
        value = self._values.get(name)
        if value is None:
            return []
        parts = value if isinstance(value, list) else [value]
        if any(isinstance(part, (list, Mapping)) for part in parts):
            self._wrong_type(name, value)
            return []
        if not isinstance(value, list):
            parts = str(value).split(";")
        return [text for part in parts if (text := clean.text(str(part)))]

    def parts(self, name: str) -> Iterator[Values]:
        """Yield the readers of nested parts; a flat cell holds names divided by semicolons."""
        value = self._values.get(name)
        if isinstance(value, str):
            value = [{"beneficiary": item, "title": item, "what": item} for item in self.items(name)]
        elif value is not None and not isinstance(value, list):
            self._wrong_type(name, value)
            return
        for number, part in enumerate(value or (), 1):
            if isinstance(part, Mapping):
                yield Values(self._record, self._findings, part, f"{self._path}{self._record.label(name)}[{number}].")

    def url(self, name: str) -> str | None:
        """Return an http(s) address; one that could not stand in RDF is left out."""
        return self._fitting(
            name,
            clean.url,
            _url_repair,
            "není webová adresa a vynechá se",
            "is no web address and is left out",
            kind="url-malformed",
            expected_cs="adresa, která začíná http:// nebo https:// a má jen znaky adresy (samo % se píše %25)",
            expected_en="an address that begins with http:// or https:// and has only its characters (% alone is %25)",
        )

    def data_box(self, name: str) -> str:
        """Return the identifier of a data box: seven letters and digits."""
        found = self._fitting(
            name,
            _data_box,
            _data_box_repair,
            "není datová schránka a vynechá se",
            "is no data box and is left out",
            kind="data-box-malformed",
            expected_cs="sedm písmen a číslic",
            expected_en="seven letters and digits",
        )
        return found or ""

    def slug(self, name: str) -> str:
        """Return the stored end of an IRI, which may hold unreserved characters only."""
        found = self._fitting(
            name,
            _slug,
            clean.slug,
            "nemůže být koncovka adresy a vynechá se",
            "cannot end an IRI and is left out",
            kind="slug-malformed",
            expected_cs="jen a-z, 0-9 a znaky - . _ ~",
            expected_en="a-z, 0-9 and - . _ ~ only",
        )
        return found or ""

    def sha256(self, name: str) -> str:
        """Return a SHA-256: 64 hexadecimal digits, small."""
        found = self._fitting(
            name,
            _sha256,
            lambda _: "",
            "není otisk SHA-256 a vynechá se",
            "is no SHA-256 and is left out",
            kind="value-wrong-form",
            expected_cs="64 šestnáctkových číslic",
            expected_en="64 hexadecimal digits",
        )
        return found or ""

    def _fitting(
        self,
        name: str,
        read: Callable[[str], str],
        repaired: Callable[[str], str],
        cs: str,
        en: str,
        **said: Unpack[Said],
    ) -> str | None:
        printed = self.text(name)
        if printed in PRINTED_NOTHING:
            return None
        try:
            return read(printed)
        except ValueError:
            said["repair"] = repaired(printed)
            self.note(Severity.WARNING, name, f"„{printed}“ {cs}.", f'"{printed}" {en}.', printed, **said)
            return None

    def date(self, name: str) -> PartialDate | None:
        """Return a date with its precision."""
        printed = self.text(name)
        if printed in PRINTED_NOTHING:
            return None
        try:
            return clean.partial_date(printed)
        except ValueError:
            repair, impossible = day_repair(printed)
            self.note(
                Severity.VIOLATION,
                name,
                f"„{printed}“: takový den není." if impossible else f"„{printed}“ není datum, které umíme číst.",
                f'"{printed}": there is no such day.' if impossible else f'"{printed}" is not a date we can read.',
                printed,
                kind="date-impossible" if impossible else "date-unreadable",
                expected_cs=EXPECTED["date"][0],
                expected_en=EXPECTED["date"][1],
                repair=repair,
            )
            return None

    def period(self) -> tuple[PartialDate | None, PartialDate | None]:
        """Return the start and the end; a cell may hold the whole period ("06/2012 - 05/2014") and give its side.

        A period in the start's cell gives the end too, where the end is empty.
        """
        whole: dict[str, tuple[PartialDate | None, PartialDate | None]] = {}
        for name in ("start", "end"):
            try:
                clean.partial_date(self.text(name))
            except ValueError:
                with contextlib.suppress(ValueError):
                    whole[name] = clean.date_range(self.text(name))
        start = whole["start"][0] if "start" in whole else self.date("start")
        if "start" in whole and self.text("end") in PRINTED_NOTHING:
            return whole["start"]
        return start, whole["end"][1] if "end" in whole else self.date("end")

    def number(self, name: str) -> Decimal | None:
        """Return a number or an amount, in whole units."""
        value = self._values.get(name)
        if value is None:
            return None
        if isinstance(value, (int, Decimal)) and not isinstance(value, bool) and abs(Decimal(value)) < clean.MOST:
            return clean.rounded(Decimal(value))
        amount = value if isinstance(value, PrintedAmount) else PrintedAmount(self.text(name))
        printed = clean.text(amount.text)
        if printed in PRINTED_NOTHING:
            return None
        try:
            return clean.rounded(clean.amount(printed, amount.decimal) * amount.unit)
        except ValueError:
            self._note_number(name, printed, amount.decimal)
            return None

    def _note_number(self, name: str, printed: str, decimal: str | None) -> None:
        """Say what is wrong with a number: it reads in two ways, or in none."""
        if decimal is None and (match := re.fullmatch(r"([-+]?[0-9]{1,3})\.([0-9]{3})", printed)):
            readings = f"{match[1]} {match[2]}", f"{match[1]},{match[2]}"
            self.note(
                Severity.VIOLATION,
                name,
                f"„{printed}“ jde číst dvěma způsoby: {readings[0]}, nebo {readings[1]}.",
                f'"{printed}" reads in two ways: {readings[0]}, or {readings[1]}.',
                printed,
                kind="number-ambiguous",
                expected_cs=f"{readings[0]}, nebo {readings[1]}",
                expected_en=f"{readings[0]}, or {readings[1]}",
            )
            return
        self.note(
            Severity.VIOLATION,
            name,
            f"„{printed}“ není číslo, které umíme číst.",
            f'"{printed}" is not a number we can read.',
            printed,
            kind="number-unreadable",
            expected_cs=EXPECTED["number"][0],
            expected_en=EXPECTED["number"][1],
            repair=number_repair(printed, decimal),
        )

    def currency(self, name: str) -> str:
        """Return the code of the currency printed beside an amount, "" where there is none."""
        value = self._values.get(name)
        if not value:
            return ""
        return clean.printed_currency(value.text if isinstance(value, PrintedAmount) else str(value))

    def ico(self, name: str) -> str:
        """Return an IČO in its canonical form, "" where there is none or it is wrong."""
        printed = self.text(name)
        if printed in PRINTED_NOTHING:
            return ""
        try:
            number = ico.parse(printed)
        except IcoError as error:
            self.note(
                Severity.VIOLATION,
                name,
                error.cs,
                error.en,
                printed,
                kind=error.kind,
                expected_cs=error.expected_cs,
                expected_en=error.expected_en,
            )
            return ""
        if ico.is_short(printed):
            self.note(
                Severity.WARNING,
                name,
                f"IČO {printed} je nezvykle krátké. Chybí úvodní nuly? {number} je platné číslo a platí.",
                f"The IČO {printed} is unusually short. Has it lost its zeros? {number} is a valid number and holds.",
                printed,
                kind="ico-short",
                expected_cs="osm číslic",
                expected_en="eight digits",
                repair=number,
            )
        return number

    def identity(self) -> Identity:
        """Return the numbers of the organisation that the values describe.

        The Slovak number has the same check digit as the IČO, so the country decides: a number from elsewhere
        is kept apart, as printed.
        """
        stated, foreign, printed = (
            "" if (text := self.text(name)) in PRINTED_NOTHING else text
            for name in ("country", "foreign_number", "ico")
        )
        country = countries.code(stated)
        if stated and not country:
            self.note(
                Severity.WARNING,
                "country",
                f"zemi „{stated}“ neznáme; číslo organizace se nečte jako IČO",
                f'the country "{stated}" is not known; the organisation\'s number is not read as an IČO',
                stated,
                kind="country-unknown",
                expected_cs="název země nebo její kód ISO 3166-1",
                expected_en="the name of a country or its ISO 3166-1 code",
            )
        prefix = countries.of_prefix(printed)
        if prefix or (stated and country != countries.CZECHIA):
            return Identity("", prefix or country, foreign or printed)
        number = self.ico("ico")
        return Identity(number, country, "" if number else foreign)
