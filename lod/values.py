"""One mapping of tidy values, read field by field; what cannot be read with certainty becomes a finding."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any, NamedTuple, TypedDict, Unpack

from . import clean, countries, ico
from .clean import PartialDate
from .errors import IcoError
from .model import Finding, PrintedAmount, Record, Severity, Text
from .tidy import czech

__all__ = ["PRINTED_NOTHING", "Identity", "Values"]

# How people write that a cell has nothing to say.
PRINTED_NOTHING = frozenset({"", "-", "–", "—"})


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
        if isinstance(value, (list, Mapping)):
            self._wrong_type(name, value)
            return ""
        return "" if value is None else clean.text(str(value))

    def stretch(self, name: str) -> str:
        """Return a piece cut out of a text: clean, but a blank at its edge stays one."""
        cleaned, raw = self.text(name), str(self._values.get(name) or "")
        return f"{' ' * raw[:1].isspace()}{cleaned}{' ' * raw[-1:].isspace()}" if cleaned else ""

    def _wrong_type(self, name: str, value: object) -> None:
        self.note(
            Severity.VIOLATION,
            name,
            "hodnota má jiný tvar, než tu má být (text, seznam, část).",
            "the value has another form than belongs here (text, list, part).",
            repr(value)[:80],
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
        cs, en = "adresa má začínat http:// nebo https://", "an address should begin with http:// or https://"
        return self._fitting(name, clean.url, cs, en)

    def data_box(self, name: str) -> str:
        """Return the identifier of a data box: seven letters and digits."""
        cs, en = "datová schránka má sedm písmen a číslic", "a data box has seven letters and digits"
        return self._fitting(name, _data_box, cs, en) or ""

    def slug(self, name: str) -> str:
        """Return the stored end of an IRI, which may hold unreserved characters only."""
        cs, en = "koncovka IRI smí mít jen a-z, 0-9 a - . _", "the end of an IRI may hold a-z, 0-9 and - . _ only"
        return self._fitting(name, _slug, cs, en) or ""

    def sha256(self, name: str) -> str:
        """Return a SHA-256: 64 hexadecimal digits, small."""
        cs, en = "otisk SHA-256 má 64 šestnáctkových číslic", "a SHA-256 has 64 hexadecimal digits"
        return self._fitting(name, _sha256, cs, en) or ""

    def _fitting(self, name: str, read: Callable[[str], str], cs: str, en: str) -> str | None:
        printed = self.text(name)
        if printed in PRINTED_NOTHING:
            return None
        try:
            return read(printed)
        except ValueError:
            self.note(Severity.WARNING, name, f"{cs}; „{printed}“ vynecháno", f'{en}; "{printed}" left out', printed)
            return None

    def date(self, name: str) -> PartialDate | None:
        """Return a date with its precision."""
        printed = self.text(name)
        if printed in PRINTED_NOTHING:
            return None
        try:
            return clean.partial_date(printed)
        except ValueError:
            self.note(
                Severity.VIOLATION,
                name,
                f"„{printed}“ není datum, které umíme číst (např. 1. 2. 2010, 2010-02-01, 2010-02, 2010).",
                f'"{printed}" is not a date we can read (such as 1. 2. 2010, 2010-02-01, 2010-02, 2010).',
                printed,
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
        if isinstance(value, (int, Decimal)) and not isinstance(value, bool) and abs(Decimal(value)) < clean.MOST:
            return Decimal(value)
        amount = value if isinstance(value, PrintedAmount) else PrintedAmount(self.text(name))
        printed = clean.text(amount.text)
        if printed in PRINTED_NOTHING:
            return None
        try:
            return clean.amount(printed, amount.decimal) * amount.unit
        except ValueError:
            self.note(
                Severity.VIOLATION,
                name,
                f"„{printed}“ není číslo, které lze číst jediným způsobem (např. 1 234 567,89).",
                f'"{printed}" is not a number that reads in one way only (such as 1 234 567,89).',
                printed,
            )
            return None

    def currency(self, name: str) -> str:
        """Return the code of the currency printed beside an amount, "" where there is none."""
        value = self._values.get(name)
        return clean.printed_currency(value.text if isinstance(value, PrintedAmount) else str(value or ""))

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
