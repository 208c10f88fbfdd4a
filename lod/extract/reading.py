"""What stands beside a label, read as the label's kind of value."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from .. import clean, ico
from ..errors import IcoError
from . import scan
from .facts import Fact, Span
from .labelled import Labelled
from .lexicon import OTHERS
from .names import Names
from .page import Line, Page, fold

__all__ = ["Lists", "organisation", "read", "unit_and_currency"]

# How often each way of laying out a label was right on labelled pages (bench/extraction.py).
_CONFIDENCE = {
    "definition": 0.99,
    "label": 0.98,
    "table-row": 0.98,
    "table-column": 0.97,
    "label-line": 0.96,
    "label-bare": 0.95,
}


@dataclass(frozen=True, slots=True)
class Lists:
    """The names that the code lists know."""

    programmes: Names
    funds: Names
    regions: Names


def unit_and_currency(context: str) -> tuple[Decimal, str]:
    """Return what a label or a table's header says of its amounts: a factor and a currency.

    >>> unit_and_currency("Financování (tis. Kč)"), unit_and_currency("výše podílu v EUR")
    ((Decimal('1000'), 'CZK'), (Decimal('1'), 'EUR'))
    """
    folded = fold(context)
    unit = Decimal(1)
    if re.search(r"\bv? ?(?:tis\.|tisic\w* ?(?:kc|korun|eur)?)", folded):
        unit = Decimal(1000)
    elif re.search(r"\bv? ?(?:mil\.|milion\w*)", folded):
        unit = Decimal(1_000_000)
    currency = re.search(r"(?<![a-z])(?:(kc|czk|korun\w*)|(eur\b|eura|euro|€)|(pln|zl\b))", folded)
    code = "" if not currency else "CZK" if currency[1] else "EUR" if currency[2] else "PLN"
    return unit, code


_LEGAL_TAIL = (
    r"(?:spol\. ?s ?r\. ?o\.|s\. ?r\. ?o\.|a\. ?s\.|o\. ?p\. ?s\.|z\. ?s\.|z\. ?u\.|p\. ?o\."
    r"|v\. ?o\. ?s\.|k\. ?s\.|v\. ?v\. ?i\.|s\. ?p\.|o\. ?s\.|prispevkova organizace"
    r"|zapsany spolek|zapsany ustav|obecne prospesna spolecnost|akciova spolecnost"
    r"|spolecnost s rucenim omezenym|obcanske sdruzeni|druzstvo|skolska pravnicka osoba"
    r"|verejna vyzkumna instituce|spol\. s r\.o\.|prisp\. ?org\.?|z\.s|s\.r\.o|a\.s|okres [\w ]+"
    r"|kraj [\w ]+)"
)
_NAME_END = re.compile(
    r",?\s*\(?\bi[cč]o?\b\s*[:.]?\s*\d|\s*\(|,\s*(?!"
    + _LEGAL_TAIL
    + r"(?:\W|$))(?=[\w]+ ?[\w .]*\d|\d|se sidlem|sidlem|ul\.|ulice|nam\.|namesti|trida|psc|tel|www|http|e-?mail)"
    r"|(?<=prispevkova organizace)\s+\w|\s+[-–]\s+(?=\d|ul\.|se sidlem)|;|\s\|\s|\s+(?:www\.|https?:)"
    r"|,\s*se sidlem|\s+i[cč]o?:?\s*\d"
    # A person beside the body: "zastoupená starostou …", "předseda Ing. …".
    r"|[\s,–-]+(?:zastoupen\w*|predsed\w+|starost(?:a|ou|ka|kou)|reditel\w*|jednatel\w*|garant|autor|kontaktni|tel\.)\b"
    r"|[\s,–-]+(?:ing|mgr|bc|mudr|judr|phdr|rndr|doc|prof|paeddr|mga|dis)\."
)
_ADDRESSED = re.compile(r"[^,;:]{4,60}, [^,;:]{3,40}\d\w*(?:, [^,;:]{3,30})?, (?:prispevkova organizace|p\. ?o\.)")
_COUNTRY = re.compile(
    r"\s*\((polsko|pl|slovensko|sk|cr|cz|ceska republika|norsko|no|nemecko|de|rakousko|at|island"
    r"|slovenska republika|polska republika|polska)\)"
)


def organisation(line: Line, start: int, end: int) -> tuple[Span, Span | None]:
    """Return where an organisation's name stands at the beginning of a stretch, and its country, if told."""
    folded = line.folded[start:end]
    # A school's address may stand inside its name: "…, Merhautova 37, příspěvková organizace".
    whole = _ADDRESSED.match(folded)
    cut = None if whole and whole.end() == len(folded.rstrip(" ,")) else _NAME_END.search(folded)
    stop = cut.start() if cut and cut.start() > 0 else len(folded)
    country = _COUNTRY.match(folded, stop)
    name = folded[:stop].rstrip(" ,;:–-|")
    # A full stop ends a sentence unless it belongs to "s.r.o.", "z. s.".
    if name.endswith(".") and not re.search(_LEGAL_TAIL + r"$", name) and not re.search(r"\b\w{1,3}\.$", name):
        name = name[:-1]
    told = Span(line.index, start + country.start(1), start + country.end(1)) if country else None
    return Span(line.index, start, start + len(name)), told


def read(item: Labelled, page: Page, lists: Lists, currency: str) -> Iterator[Fact]:
    """Yield the facts in a label's value; `currency` is what the page's other amounts are in."""
    line = page.lines[item.value.line]
    confidence = _CONFIDENCE[item.rule]
    if item.field == OTHERS:
        return
    reader = _READERS.get(item.field)
    if reader:
        yield from reader(item, line, lists, confidence)
    elif item.field in _AMOUNT_FIELDS:
        yield from _amount(item, line, currency, confidence)
        yield from _fund_of_label(item, page, lists, confidence)
    else:
        text = line.text[item.value.start : item.value.end]
        if text and not re.fullmatch(r"[-–—.\s]*", text):
            yield Fact(item.field, text, item.value, item.rule, confidence)


_AMOUNT_FIELDS = frozenset(
    {"total", "eligible", "eu", "state", "regional", "municipal", "public", "own", "private", "grant", "paid", "kraj"}
)


def _amount(item: Labelled, line: Line, currency: str, confidence: float) -> Iterator[Fact]:
    value = item.value
    found = list(scan.amounts(line.text, value.start, value.end))
    if not found:
        return
    money = found[0]
    before = line.folded[value.start : money.start]
    hedged = re.search(r"(?:cca|ve vysi|cini|celkem|maximalne|max\.?|asi|priblizne|:)\s*$", before)
    payer = len(before) < 60 and re.match(r"(?:mesto|obec|mestys|kraj|\w+sky kraj|\w+cky kraj) [^\d.]*$", before)
    if len(before) > 24 and not hedged and not payer:
        return
    if re.match(r"\s?%", line.folded[money.end :]) or re.search(
        r"\b(?:str|bod\w*|kus\w*|ks|m2|osob)\b", line.folded[money.end : money.end + 8]
    ):
        return
    unit, stated = unit_and_currency(item.label)
    # A sum that prints its own currency is in whole units, whatever the header says.
    amount = money.value if money.scaled or money.currency else money.value * unit
    code = money.currency or stated or currency
    if not code and amount < 1000:
        return
    span = Span(line.index, money.start, money.end)
    yield Fact(item.field, clean.canonical_decimal(amount), span, item.rule, confidence)
    if code:
        yield Fact(f"{item.field}.currency", code, span, item.rule, confidence)


def _fund_of_label(item: Labelled, page: Page, lists: Lists, confidence: float) -> Iterator[Fact]:
    """Read the fund that a label of money names ("z toho příspěvek ESF")."""
    if item.field not in {"eu", "state"}:
        return
    line = page.lines[item.at]
    end = item.value.start if item.value.line == item.at else len(line.text)
    for fund in lists.funds.find(line.text[:end]):
        yield Fact(
            "funds",
            line.text[fund.start : fund.end],
            Span(line.index, fund.start, fund.end),
            item.rule,
            confidence - 0.02,
        )
    state = re.search(r"statni(?:ho)? rozpoc\w+", line.folded[:end])
    if state and item.field == "state":
        yield Fact("funds.state", "státní rozpočet", Span(line.index, *state.span()), item.rule, confidence - 0.02)


def _date(item: Labelled, line: Line, lists: Lists, confidence: float) -> Iterator[Fact]:  # noqa: ARG001
    found = list(scan.dates(line.text, item.value.start, item.value.end))
    period = next(scan.periods(line.text, item.value.start, item.value.end), None)
    if period and period.begin and period.end and item.field in {"start", "end"}:
        # "Zahájení a ukončení: 1. 3. – 30. 6. 2018"
        first = period.begin if item.field == "start" else period.end
        yield Fact(item.field, first.value, Span(line.index, first.start, first.end), item.rule, confidence - 0.1)
    elif found and found[0].start - item.value.start < 30:
        yield Fact(item.field, found[0].value, Span(line.index, found[0].start, found[0].end), item.rule, confidence)


def _period(item: Labelled, line: Line, lists: Lists, confidence: float) -> Iterator[Fact]:  # noqa: ARG001
    period = next(scan.periods(line.text, item.value.start, item.value.end), None)
    if period and period.begin and period.end:
        yield Fact(
            "start", period.begin.value, Span(line.index, period.begin.start, period.begin.end), item.rule, confidence
        )
        yield Fact("end", period.end.value, Span(line.index, period.end.start, period.end.end), item.rule, confidence)
        return
    found = list(scan.dates(line.text, item.value.start, item.value.end))
    if not found or found[0].start - item.value.start > 30:
        return
    first = found[0]
    span = Span(line.index, first.start, first.end)
    before = line.folded[item.value.start : first.start].strip()
    if re.search(r"\bod$|\bzahajeni\w*:?$|\bstart:?$", before):
        yield Fact("start", first.value, span, item.rule, confidence)
        if len(found) > 1 and re.search(r"\bdo\b|ukonceni", line.folded[first.end : found[1].start]):
            yield Fact("end", found[1].value, Span(line.index, found[1].start, found[1].end), item.rule, confidence)
    elif re.search(r"\bdo(?: konce)?$|\bukonceni\w*:?$", before):
        yield Fact("end", first.value, span, item.rule, confidence)
    elif (
        len(first.value) == 4 and len(found) == 1 and re.fullmatch(r"(?:rok|v roce|r\.|v r\.|v prubehu roku)?", before)
    ):
        yield Fact("start", first.value, span, item.rule, confidence - 0.02)
        yield Fact("end", first.value, span, item.rule, confidence - 0.02)
    elif len(found) == 1 and len(first.value) == 7 and not before:
        yield Fact("start", first.value, span, item.rule, 0.7)
        yield Fact("end", first.value, span, item.rule, 0.7)


def _number(item: Labelled, line: Line, lists: Lists, confidence: float) -> Iterator[Fact]:  # noqa: ARG001
    eu = next(scan.numbers(line.text, item.value.start, item.value.end), None)
    if eu and eu.start - item.value.start < 40:
        yield Fact("registration_number", eu.value, Span(line.index, eu.start, eu.end), item.rule, confidence)
        return
    text = line.text[item.value.start : item.value.end]
    match = re.match(r"(?:č\. )?([A-Za-z0-9][\w./_\-+]*(?: [\w/._\-]*\d[\w./_\-]*)*)", text)
    if (
        match
        and any(char.isdigit() for char in match[1])
        and len(match[1]) >= 4
        and not re.fullmatch(r"\d{1,2}\.\s?\d{1,2}\.\s?\d{4}|(?:\+?420 ?)?\d{3} \d{3} \d{3}", match[1].strip())
    ):
        token = match[1].rstrip(".,")
        span = Span(line.index, item.value.start + match.start(1), item.value.start + match.start(1) + len(token))
        yield Fact("registration_number", token, span, item.rule, confidence)


def _ico(item: Labelled, line: Line, lists: Lists, confidence: float) -> Iterator[Fact]:  # noqa: ARG001
    match = re.search(r"\d(?:[ \u00a0.]?\d){4,9}", line.text[item.value.start : item.value.end])
    if not match:
        return
    start = item.value.start + match.start()
    span = Span(line.index, start, start + len(match[0]))
    try:
        yield Fact("ico", ico.parse(match[0]), span, item.rule, confidence)
    except IcoError:
        yield Fact("ico", match[0], span, item.rule, 0.3)  # printed wrong: for a person to decide


def _organisation(item: Labelled, line: Line, lists: Lists, confidence: float) -> Iterator[Fact]:  # noqa: ARG001
    for start, end in _listed(item, line):
        yield from _one_organisation(item, line, start, end, confidence)


_AND_ANOTHER = re.compile(
    r"\s*;\s*|,\s*(?=(?:mesto|mestys|obec|mas|zs|ms|charita|diakonie|spolek|svazek|univerzita|nemocnice"
    r"|gymnazium|muzeum|statutarni|zakladni|stredni|gmina|miasto|centrum|sdruzeni|nadace|technicke|ustav|klub|nadacni"
    r"|\w+sky kraj|\w+cky kraj|urad)\b)"
)


def _listed(item: Labelled, line: Line) -> Iterator[tuple[int, int]]:
    """Yield the stretches of several partners in one value."""
    at = item.value.start
    if item.field == "partner":
        for cut in _AND_ANOTHER.finditer(line.folded, item.value.start, item.value.end):
            yield at, cut.start()
            at = cut.end()
    yield at, item.value.end


def _one_organisation(item: Labelled, line: Line, start: int, end: int, confidence: float) -> Iterator[Fact]:
    span, country = organisation(line, start, end)
    name = line.text[span.start : span.end]
    if not name or not any(char.isalpha() for char in name) or len(name) > 160 or scan_is_value(name):
        return
    yield Fact(item.field, name, span, item.rule, confidence)
    if country:
        yield Fact(f"{item.field}.country", line.text[country.start : country.end], country, item.rule, confidence)
    for found in scan.icos(line.text, span.end, end):
        yield Fact(f"{item.field}.ico", found.value, Span(line.index, found.start, found.end), item.rule, confidence)


def scan_is_value(text: str) -> bool:
    """Whether a text is a date, an amount or a number rather than a name."""
    return bool(re.fullmatch(r"[\d\s.,/–\-]*(?:kč|eur|%)?", text.lower()))


def _programme(item: Labelled, line: Line, lists: Lists, confidence: float) -> Iterator[Fact]:
    text = line.text[item.value.start : item.value.end]
    found = next(lists.programmes.find(text), None)
    label = re.sub(r"[^\w ]", "", item.label).strip()
    if found is None and next(lists.programmes.find(f"{label} {text}"), None):
        # "operační program: Životní prostředí"
        yield Fact("programme", f"{label[:1].upper()}{label[1:]} {text}", item.value, item.rule, confidence)
    elif found:
        span = Span(line.index, item.value.start + found.start, item.value.start + found.end)
        yield Fact("programme", text[found.start : found.end], span, item.rule, confidence)
    elif (
        not item.label.lower().startswith(("financov", "spolufin", "hrazeno", "podpo"))
        and len(text) < 120
        and re.search(r"[A-ZÁ-Ž]", text)
    ):
        yield Fact("programme", text.rstrip("."), item.value, item.rule, confidence - 0.02)
    for fund in lists.funds.find(text):
        span = Span(line.index, item.value.start + fund.start, item.value.start + fund.end)
        yield Fact("funds", text[fund.start : fund.end], span, item.rule, confidence)


def _funds(item: Labelled, line: Line, lists: Lists, confidence: float) -> Iterator[Fact]:
    text = line.text[item.value.start : item.value.end]
    for fund in lists.funds.find(text):
        span = Span(line.index, item.value.start + fund.start, item.value.start + fund.end)
        yield Fact("funds", text[fund.start : fund.end], span, item.rule, confidence)


def _code(text: str) -> str:
    code = re.match(r"(?:č\. ?)?\d+(?:\.\d+)*[a-z]?\b", text)
    return code[0] if code else ""


def _part(item: Labelled, line: Line, lists: Lists, confidence: float) -> Iterator[Fact]:  # noqa: ARG001
    value = _without_person(line, item.value)
    text = line.text[value.start : value.end].rstrip(".")
    if item.rule == "label-bare" and line.text[: max(0, item.value.start - len(item.label) - 1)].strip():
        # In the middle of a sentence only the number is sure.
        text = _code(text)
    elif item.field == "call" and (re.search(r"\b(?:byl[ay]?|je|od|alokace)\b", fold(text))):
        text = _code(text)
    if text and len(text) < 200 and not re.fullmatch(r"[-–—\s]*", text):
        yield Fact(
            item.field, text, Span(line.index, item.value.start, item.value.start + len(text)), item.rule, confidence
        )


_PERSON = re.compile(
    r"[\s,;(–-]+(?:(?:ing|mgr|bc|mudr|judr|phdr|rndr|doc|prof|paeddr|mga)\.\s|(?:garant|zastoupen\w*|predsed\w+|vlozil\w*|autor"
    r"|kontakt\w*|starost(?:a|ou|ka|kou)|reditel\w*|manazer\w*|vedouci|tel)\b|\d{3} ?\d{3} ?\d{3}\b|\S+@).*"
)


def _without_person(line: Line, span: Span) -> Span:
    """Return a stretch of text without the person who stands at its end."""
    found = _PERSON.search(line.folded[span.start : span.end])
    return Span(span.line, span.start, span.start + found.start()) if found else span


def _place(item: Labelled, line: Line, lists: Lists, confidence: float) -> Iterator[Fact]:
    value = _without_person(line, item.value)
    text = line.text[value.start : value.end]
    if len(text) > 160 or not re.search(r"[A-ZÁ-Ž]", text):
        return
    for region in lists.regions.find(text):
        span = Span(line.index, item.value.start + region.start, item.value.start + region.end)
        yield Fact("places", text[region.start : region.end], span, item.rule, confidence)
    yield Fact("place_name", text.rstrip("."), value, item.rule, confidence)


def _title(item: Labelled, line: Line, lists: Lists, confidence: float) -> Iterator[Fact]:  # noqa: ARG001
    value = _without_person(line, item.value)
    text = line.text[value.start : value.end]
    quoted = re.match(r"[„\"»“'‚](.{3,250}?)[“\"«”'‘](?=$|[\s,.;(])", text)
    start = item.value.start + (quoted.start(1) if quoted else 0)
    title = quoted[1] if quoted else text
    cut = re.search(r",?\s*\(?(?:reg(?:istrační|\.)? ?č\w*|r\. ?č\.|číslo projektu)", title)
    if cut:
        title = title[: cut.start()]
    if not title.endswith(("...", "č.")):
        title = title.rstrip(" .,;–-")
    if len(title) >= 3 and not scan_is_value(title) and len(title) < 300:
        yield Fact("title", title, Span(line.index, start, start + len(title)), item.rule, confidence)


def _seat(item: Labelled, line: Line, lists: Lists, confidence: float) -> Iterator[Fact]:  # noqa: ARG001
    yield from address(line, item.value.start, item.value.end, item.rule, confidence)


_ADDRESS = re.compile(
    r"(?P<street>[^\d,;:]{3,50}?)\s+(?P<house>(?:č\. ?p\. ?|čp\. ?"
    r"|č\. ?)?\d{1,4}(?:/\d{1,4}[a-z]?)?[a-z]?)\b(?:\s*,\s*"
    r"|\s+)?(?P<code>\d{3} ?\d{2})?(?:\s+(?P<town>[A-ZÁ-Ž][^\d,;|]{2,40}))?",
)


def address(line: Line, start: int, end: int, rule: str, confidence: float) -> Iterator[Fact]:
    """Yield the parts of an address written on one line ("Jeremenkova 1191/40a, 779 00 Olomouc")."""
    text = line.text[start:end]
    match = _ADDRESS.match(text)
    code = re.search(r"(?<!\d)(\d{3} ?\d{2})\s+([A-ZÁ-Ž][^\d,;|(]{1,40})", text)
    if match:
        for name, field in (("street", "street"), ("house", "house_number")):
            span = Span(line.index, start + match.start(name), start + match.end(name))
            yield Fact(field, match[name].strip(), span, rule, confidence)
    if code:
        yield Fact("post_code", code[1], Span(line.index, start + code.start(1), start + code.end(1)), rule, confidence)
        town = code[2].strip()
        yield Fact(
            "town", town, Span(line.index, start + code.start(2), start + code.start(2) + len(town)), rule, confidence
        )


def _currency(item: Labelled, line: Line, lists: Lists, confidence: float) -> Iterator[Fact]:  # noqa: ARG001
    _, code = unit_and_currency(line.text[item.value.start : item.value.end])
    if code:
        yield Fact("currency", code, item.value, item.rule, confidence)


_READERS = {
    "start": _date,
    "end": _date,
    "modified": _date,
    "published": _date,
    "period": _period,
    "registration_number": _number,
    "ico": _ico,
    "beneficiary": _organisation,
    "partner": _organisation,
    "provider": _organisation,
    "programme": _programme,
    "funds": _funds,
    "priority_axis": _part,
    "area_of_support": _part,
    "call": _part,
    "place": _place,
    "title": _title,
    "seat": _seat,
    "currency": _currency,
}
