"""One project out of what its stretch of a page says: the surest reading of each fact, the rest for a person.

Precision comes first: two readings of one fact that differ and are equally sure are both left to a person.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache

from .. import regnum
from ..terms import Vocabulary
from . import prose, scan
from .facts import Fact, Found, Span
from .labelled import Labelled
from .lexicon import AMOUNTS, OTHERS, SEAT, label_of
from .names import Names, stem
from .page import Line, Page, fold
from .reading import Lists, address, read

__all__ = ["assemble", "page_currency"]

QUOTED = 0.95  # surer is only a name in quotes beside the word "projekt"
SURE = 0.8  # what is less sure is for a person to decide
_RANK = {
    rule: rank
    for rank, rules in enumerate(
        (
            ("definition", "label", "table-row", "table-column", "label-line"),
            ("label-bare", "programme-line"),
            ("sentence-role", "sentence-number", "sentence-title", "sentence-period"),
            ("sentence-start", "sentence-end", "sentence-since", "sentence-until", "sentence-got", "sentence-amount"),
            ("sentence-oblique", "sentence-year", "heading", "publisher-speaks"),
        )
    )
    for rule in rules
}
_GENERIC = re.compile(
    r"(?:(?:nase|realizovane|dokoncene|ukoncene|aktualni|probihajici|evropske|dotacni|eu|investicni"
    r"|skolni|obecni|mestske|vsechny|dalsi|podporene|o|esf|stavebni)\s)*(?:projekty?|aktuality|aktualne"
    r"|novinky|dotace|granty|uvod|kontakty?|publicita|informace|clanky|archiv|fotogalerie|tiskove zpravy"
    r"|o nas|o projektu|zakladni informace|identifikace projektu|projektu?|financovani(?: projektu)?"
    r"|harmonogram|povinna publicita|zivot v obci|zpravy|akce)"
    r"(?:\s(?:eu|esf|z eu|mesta|obce|skoly|kraje|a granty|a dotace|spolufinancovan\w+.*|financovan\w+.*"
    r"|podporen\w+.*|v nasi \w+|opvk|op vk|nasi skoly|realizovane.*|z fondu eu|evropske unie|fondu))*"
    r"|penize (?:z )?eu.*|evropsk\w+ (?:fondy|unie|penize).*|jak .*\?|informace o projekt\w+"
    r"|.*\bprojekty\b.{0,30}|uvodni stranka|uredni deska|povinne informace|samosprava|home"
    r"|vyzva .*|(?:dotacni )?program .*|kurz\w* .*|prodej .*|(?:zprava|rozpocet|zprava o) .*"
    r"|(?:detail|karta|popis) (?:projektu|akce|investice)|prehled .*|seznam .*|.*\bprojektu (?:mesta|obce|skoly"
    r"|kraje)"
    r"|(?:zaverecn\w+|uvodni|tiskov\w+) (?:konferenc\w+|seminar\w*|setkani|zprav\w+).*|publicita projektu"
    r"|vyhlaseni .*|pozvanka.*|vyberov\w+ rizeni.*|inzerce.*"
)
_SITE = re.compile(r"(?:obec|mesto|mestys|zakladni skola|materska skola|stredni|gymnazium|univerzita|nemocnice)\b.*")
_NEWS = re.compile(
    r"\b(?:ma\b|mame|umi|umej[ií]|ozil\w*|oziva\w*|ziskal\w*|ziskava|opravi\w*|postavi\w*|bude(?:me|te)?"
    r"|jsme|zacal\w*|zacin\w+|skoncil\w*|konci\b|zna\b|zname|mam\b|dostal\w*|dostane|pomuze|pomaha"
    r"|pomahaji|se\b|jsou|je\b|byl\w*|chce|chysta|hotov\w*|slouzi|vyrostl\w*|vyroste|pokracuje|startuje"
    r"|otevrel\w*|otevreli|rozjel\w*|podporil\w*|podpori|investuje|prispel\w*|prispeje|nabidne"
    r"|dokoncil\w*|zahajil\w*|uspel\w*|zkvalitni|prinese|prinesl\w*|slavnostn\w*|poklepan\w*"
    r"|prvni krok\w*|kraj|zmeni|promeni)\b|[!?]"
)
_NOMINAL = re.compile(
    r"(?:zatepleni|rekonstrukce|vystavba|oprava|modernizace|revitalizace|porizeni|rozvoj|podpora|snizeni"
    r"|zvyseni|vybudovani|stavebni upravy|regenerace|obnova|rozsireni|zlepseni|nakup|implementace|sanace"
    r"|dostavba|pristavba|prestavba|vzdelavani|zavedeni|inovace|zkvalitneni|kanalizace|cov|cyklostezka"
    r"|chodnik|energetick\w+|vodovod|vymena|instalace|optimalizace|komunitni|integrace|intenzifikace"
    r"|technologick\w+|bezpecn\w+|socialni|odborn\w+|technika|realizace uspor|protipovodnov\w+|svoz|sber"
    r"|kompost\w+|restaur\w+|uspora|uspory|nova|novy|poznav\w+|planovani|plan)\b"
)


def page_currency(lines: Iterable[Line]) -> str:
    """Return the currency that the page prints most, "" where it prints none."""
    counted = Counter(money.currency for line in lines for money in scan.amounts(line.text) if money.currency)
    return max(sorted(counted), key=lambda code: counted[code]) if counted else ""


_CURRENCY_WORDS = {
    "CZK": re.compile(r"(?<![a-z])(?:kc|czk|korun\w*)(?![a-z])|,[-–—]"),
    "EUR": re.compile(r"(?<![a-z])eur\w*|€"),
    "PLN": re.compile(r"(?<![a-z])pln|\bzl\b"),
}


_YEARS = re.compile(
    r"^(?P<start1>(?:19|20)\d\d) ?[-–] ?(?P<end1>(?:19|20)\d\d)\b(?=[ :,–-]*\w)"
    r"|\((?P<start2>(?:19|20)\d\d) ?[-–] ?(?P<end2>(?:19|20)\d\d)\)$"
)
# Years that are a programming period, a plan's or a list's, not a project's.
_ABOUT_PERIOD = re.compile(
    r"2000 ?[-–] ?2006|2004 ?[-–] ?2006|2007 ?[-–] ?2013|2014 ?[-–] ?2020|2021 ?[-–] ?2027"
    r"|\bplan\w*|strateg|dotac[ei]\b|granty|prehled|projekty|obdobi|fondy|archiv"
)


class _Choice:
    """The readings of one fact."""

    def __init__(self, facts: list[Fact]) -> None:
        self.facts = sorted(facts, key=lambda f: (_RANK.get(f.rule, 9), f.span))

    def best(self) -> tuple[Fact | None, list[Fact]]:
        """Return the reading to publish, if one is sure, and those that a person should see."""
        sure = [f for f in self.facts if f.confidence >= SURE]
        if not sure:
            return None, self.facts[:1]
        first = sure[0]
        rank = _RANK.get(first.rule, 9)
        rivals = [f for f in sure if _RANK.get(f.rule, 9) == rank and not _agree(first.value, f.value)]
        if rivals and rank > 0:
            return None, [first, *rivals]
        finer = [f for f in sure if f.value.startswith(first.value) and _RANK.get(f.rule, 9) <= rank + 1]
        if rivals:
            return (first, rivals) if first.confidence > 0.9 else (None, [first, *rivals])
        return max(finer, key=lambda f: len(f.value)), []


def _overlap(one: Span, other: Span) -> bool:
    return one.line == other.line and one.start < other.end and other.start < one.end


def _agree(one: str, other: str) -> bool:
    """Whether two readings say the same, one perhaps more precisely."""
    return one == other or fold(one) == fold(other) or one.startswith(other) or other.startswith(one)


class _Assembler:
    """Makes one project of the labels and sentences of its lines."""

    def __init__(
        self,
        page: Page,
        lines: list[Line],
        labels: list[Labelled],
        lists: Lists,
        vocabulary: Vocabulary,
        currency: str,
        year: str,
    ) -> None:
        self.page = page
        self.lines = lines
        self.lists = lists
        self.vocabulary = vocabulary
        self.found = Found()
        self.labels = labels
        self.headings = [line.index for line in lines if 0 < line.level < 6 and not line.cell]
        self.told = prose.facts(lines, lists, year)
        self.by_field: dict[str, list[Fact]] = {}
        self.organisations: list[tuple[str, Fact, list[Fact]]] = []  # role, name, what is known of it
        self.read_labels(currency)
        read_already: dict[int, list[Span]] = {}
        for facts in self.by_field.values():
            for fact in facts:
                if fact.field.partition(".")[0] in {*AMOUNTS, "kraj"}:
                    read_already.setdefault(fact.span.line, []).append(fact.span)
        for fact in self.told:
            beside = read_already.get(fact.span.line, ())
            # A sum that a label has read says nothing more in its sentence.
            if fact.rule != "sentence-amount" or not any(_overlap(fact.span, span) for span in beside):
                self.by_field.setdefault(fact.field, []).append(fact)

    def keep(self, fact: Fact) -> None:
        self.found.facts.append(fact)

    def doubt(self, facts: Iterable[Fact]) -> None:
        self.found.doubtful += [f for f in facts if f not in self.found.doubtful]

    # Labels ----------------------------------------------------------------------------------------

    def read_labels(self, currency: str) -> None:
        """Read labels in order: an IČO or a seat belongs to the organisation named last."""
        owner: list[Fact] | None = None
        section = -1
        for item in self.labels:
            heading = self.heading_before(item.at)
            if heading != section:
                owner = self.owner_under(heading, owner)
                section = heading
            if item.field == OTHERS:
                owner = []  # a supplier, a contact: what follows is theirs
                continue
            for fact in read(item, self.page, self.lists, currency):
                if fact.field != "ico" or self.is_own(item, fact, owner):
                    owner = self.file(item, fact, owner)

    def file(self, item: Labelled, fact: Fact, owner: list[Fact] | None) -> list[Fact] | None:
        """Put a labelled fact where it belongs; return what is known of the organisation named last."""
        role, _, part = fact.field.partition(".")
        if role in {"beneficiary", "partner", "provider"} and not part:
            owner = []
            self.organisations.append((role, fact, owner))
        elif role in {"beneficiary", "partner", "provider"} and owner is not None:
            owner.append(replace(fact, field=part))
        elif fact.field in SEAT | {"ico"}:
            if owner is not None:
                owner.append(fact)
            else:
                self.by_field.setdefault(f"loose.{fact.field}", []).append(fact)
        elif fact.field in {"places", "place_name"} and owner is not None and self.in_seat(item):
            owner.append(replace(fact, field="region_name"))
        else:
            self.by_field.setdefault(fact.field, []).append(fact)
        return owner

    def is_own(self, item: Labelled, fact: Fact, owner: list[Fact] | None) -> bool:
        """Whether an IČO on a line with other words can be that of the body named before."""
        line = self.page.lines[fact.span.line]
        before = line.folded[: max(0, item.value.start - len(item.label))] if item.at == line.index else ""
        if not before.strip(" ,;|(–-•"):
            return True
        names = [named.value for _, named, known in self.organisations if owner is None or known is owner]
        return any(_body_key(name) in _body_key(before) for name in names)

    def heading_before(self, at: int) -> int:
        """Return the line of the heading that a line stands under, -1 for none."""
        above = bisect_right(self.headings, at)
        return self.headings[above - 1] if above else -1

    def owner_under(self, heading: int, owner: list[Fact] | None) -> list[Fact] | None:
        """Return whose the facts under a new heading are, until a name is read."""
        line = self.page.lines[heading] if heading >= 0 else None
        if line and re.match(r"(?:prijemce|sidlo|adresa|kontakt|partner|zadatel|realizator|nositel)", line.folded):
            return owner
        return [] if line and label_of(line.folded) == OTHERS else None

    def in_seat(self, item: Labelled) -> bool:
        """Whether "Kraj: …" stands among the parts of an address."""
        near = [
            other
            for other in self.labels
            if abs(other.at - item.at) <= 4
            and other.field in {"street", "post_code", "house_number", "town", "city_part"}
        ]
        return bool(near) and bool(re.match(r"\s*kraj", fold(item.label)))

    # The facts -------------------------------------------------------------------------------------

    def run(self) -> Found:
        self.single(self.numbers())
        self.title()
        self.dates()
        name = self.beneficiary()
        self.partners(name)
        self.amounts(name)
        self.programme()
        for field in ("priority_axis", "area_of_support", "call", "goal", "target_groups", "status", "project_type"):
            self.single(self.by_field.get(field, []))
        self.funds()
        self.place()
        self.outputs()
        self.related()
        self.doubt(replace(fact, field="builds_on[1].title") for fact in self.by_field.get("plan", [])[:1])
        for field in ("modified", "published"):
            self.single(self.by_field.get(field, []))
        if name:
            self.footer(name)
        return self.found

    def single(self, facts: list[Fact]) -> Fact | None:
        """Keep the best reading of a fact that a project has once."""
        if not facts:
            return None
        chosen, doubtful = _Choice(facts).best()
        if chosen:
            self.keep(chosen)
        self.doubt(doubtful)
        return chosen

    def numbers(self) -> list[Fact]:
        """Return the numbers; one of a programme's scheme before any other."""
        facts = self.by_field.get("registration_number", [])
        facts = [f for f in facts if _RANK.get(f.rule, 9) < 2] or facts
        eu = [f for f in facts if regnum.parse(f.value) or regnum.repair(f.value)]
        return eu or facts

    def title(self) -> None:
        labelled = [f for f in self.by_field.get("title", []) if _RANK.get(f.rule, 9) < 2]
        told = [f for f in self.by_field.get("title", []) if _RANK.get(f.rule, 9) >= 2]
        heading = self.heading()
        in_rows = any(item.row for item in self.labels)
        proper = [f for f in labelled if in_rows or f.rule != "table-column"]
        if proper:
            self.single(proper)
            return
        if told:
            counted = Counter(_stems(f.value) for f in told)
            number = next((f.span.line for f in self.found.facts if f.field == "registration_number"), -1)
            best = max(
                told,
                key=lambda f: (
                    f.confidence > QUOTED and f.span.line == number,
                    _near(f, heading),
                    counted[_stems(f.value)],
                    f.rule == "sentence-title",
                    -f.span.line,
                ),
            )
            if (
                heading is None
                or best.span.line == number
                or _near(best, heading)
                or counted[_stems(best.value)] > 1
                or heading.confidence < 0.9
            ):
                self.keep(best)
                self.doubt(f for f in told if _stems(f.value) != _stems(best.value))
                return
        if heading and heading.confidence >= SURE:
            self.keep(heading)
            return
        if labelled:
            self.keep(labelled[0])
        elif told:
            self.keep(told[0])
        elif heading:
            self.doubt([heading])

    def heading(self) -> Fact | None:
        """Return the heading that can be the project's name, as sure as its words allow.

        The page's main heading comes first, then the nearest above the number or the first label.
        """
        numbers = [
            f.span.line
            for f in self.by_field.get("registration_number", [])
            if len(self.page.lines[f.span.line].text) < 160
        ]
        known = {"registration_number", "period", "start", "end", "beneficiary", "programme"} | AMOUNTS
        strong = len({item.field for item in self.labels if item.field in known})
        first = min((item.at for item in self.labels if item.field in known), default=10**9)
        first = max(first, numbers[0]) if numbers else first
        lines = [
            line
            for line in self.lines
            if ((line.level and line.level < 6) or self.is_bold_line(line))
            and line.index <= first
            and len(line.text) > 5
        ]
        if not any(line.level for line in self.lines) and not lines and strong:
            # Text saved from a page: a line above the labels.
            lines = [
                line
                for line in self.lines
                if line.index < first and 10 < len(line.text) < 160 and not line.text.endswith((".", ":"))
            ][:2]
        fitting = [fact for line in lines if (fact := self.name_in(line, strong, numbers))]
        main = [fact for fact in fitting if self.page.lines[fact.span.line].level == 1]
        if len(main) == 1 and main[0].confidence >= SURE:
            return main[0]
        sure = [fact for fact in fitting if fact.confidence >= SURE]
        return sure[-1] if sure else max(fitting, key=lambda f: f.confidence, default=None)

    def name_in(self, line: Line, strong: int, numbers: list[int]) -> Fact | None:
        """Return a heading as a name of the project, None where it cannot be one."""
        if (
            _GENERIC.fullmatch(line.folded.strip(" .:"))
            or re.fullmatch(r"zpet|domu|menu", line.folded)
            or len(line.text) > 220
            or self.is_site(line)
            or re.search(r"\d{3} ?(?:kc|eur)\b", line.folded)
        ):
            return None
        if line.level != 1 and not self.repeats_section(line):
            return None
        text = line.text.strip(" .")
        quoted = re.match(
            r"(?:projekt|nazev projektu|stavba|akce)?\s*:?\s*[„\"»“](.{3,200}?)[“\"«”]$", text, re.IGNORECASE
        )
        prefix = re.match(r"(?:projekt|název projektu)\s*[:–-]\s+|o projektu:?\s+", text, re.IGNORECASE)
        start = quoted.start(1) if quoted else prefix.end() if prefix else 0
        value = quoted[1] if quoted else text[start:]
        value = re.split(
            r"\s\|\s|\s*[–(|,-]?\s*\(?(?:s )?reg(?:istrační|istračním|\.)\s?č|(?<=\D)(?=\d{4}-\d\d-\d\dT)", value
        )[0].rstrip(" (–-|,")
        value = re.sub(
            r"\s*\((?:běží|probíhá|ukončen\w*|dokončen\w*|v realizaci|realizován\w*|schválen\w*)\)$", "", value
        )
        value = re.sub(r"\s*\((?:projekt|mapa|dále jen|zkráceně|akronym)[^)]*\)$", "", value)
        years = re.match(r"(?:19|20)\d\d(?:\s?[–-]\s?(?:19|20)?\d\d)?\s*[:–-]?\s+", value)
        if years:
            start, value = start + years.end(), value[years.end() :]
        news = _NEWS.search(fold(value))
        beside = any(0 < number - line.index <= 3 for number in numbers)
        sure = (
            0.95
            if quoted
            else 0.85
            if news and strong >= 4
            else 0.6
            if news
            else 0.93
            if strong >= 2 or beside
            else 0.86
            if strong or _NOMINAL.match(fold(value))
            else 0.7
        )
        return Fact("title", value, Span(line.index, start, start + len(value)), "heading", sure) if value else None

    def repeats_section(self, line: Line) -> bool:
        """Whether a lower heading names the project rather than a section."""
        return not re.fullmatch(
            r"[^.]{0,30}\b(?:cil|popis|financ|aktivit|vystup|kontakt|partner|prijemce|realizac|o projektu"
            r"|harmonogram|informace|zakladni|rozpocet|kdy|kde|identifik|obsah|anotace|prubeh|vysledk"
            r"|dokument|publicita|podpor\w* z|operacni|program|doba|cislo|udaje|financ|castk|naklad|zdroj"
            r"|poskytovatel)\w*[^.]{0,24}",
            line.folded,
        )

    def is_bold_line(self, line: Line) -> bool:
        return (
            bool(line.bold)
            and line.bold[0] == (0, len(line.text))
            and line.tag in {"p", "div", "li"}
            and 8 < len(line.text) < 160
            and not line.text.endswith(":")
            and not any(i.at == line.index for i in self.labels)
        )

    def is_site(self, line: Line) -> bool:
        """Whether a heading is the site's name: what its title ends with."""
        parts = re.split(r"\s[|–»:-]\s", self.page.title)
        if len(parts) > 1 and fold(parts[0]).strip() == line.folded.strip() and _SITE.match(line.folded):
            return True
        return (len(parts) > 1 and fold(parts[-1]).strip() == line.folded.strip()) or bool(
            re.fullmatch(r"(?:obec|mesto|mestys|statutarni mesto|zakladni skola|gymnazium) [\w -]{2,40}", line.folded)
        )

    def years(self) -> Iterator[Fact]:
        """Yield the years that the project's heading begins or ends with: "2018–2020 Název", "Název (2018–2020)"."""
        line = next((line for line in self.lines if line.level), None)
        match = _YEARS.search(line.folded) if line else None
        if not line or not match or _ABOUT_PERIOD.search(line.folded):
            return
        for field in ("start", "end"):
            group = f"{field}{1 if match[f'{field}1'] else 2}"
            yield Fact(field, match[group], Span(line.index, *match.span(group)), "heading", 0.86)

    def dates(self) -> None:
        if not self.by_field.get("start") and not self.by_field.get("end"):
            for fact in self.years():
                self.by_field.setdefault(fact.field, []).append(fact)
        start = self.choose_date("start")
        end = self.choose_date("end")
        if start and end and start.value[: len(end.value)] > end.value[: len(start.value)]:
            for fact in (start, end):
                self.found.facts.remove(fact)
                self.doubt([fact])

    def choose_date(self, field: str) -> Fact | None:
        return self.single(self.by_field.get(field, []))

    # Who -------------------------------------------------------------------------------------------

    def beneficiary(self) -> str:
        named = [(fact, known) for role, fact, known in self.organisations if role == "beneficiary"]
        if named:
            fact = named[0][0]
            others = [other for other, _ in named[1:] if not _same_body(other.value, fact.value)]
            self.keep(fact)
            self.doubt(replace(other, confidence=0.5) for other in others)
            for _, more in named:
                self.seat(more)
            self.website(fact)
            if not any(f.field == "ico" for f in self.found.facts):
                self.loose(fact.value)
            return fact.value
        told = self.by_field.get("beneficiary", [])
        if told:
            chosen, doubtful = _Choice(told).best()
            self.doubt(doubtful)
            if chosen:
                chosen = replace(chosen, value=prose.full_name(chosen.value, self.page))
                self.keep(chosen)
                for fact in self.by_field.get("beneficiary.ico", []):
                    self.seat([replace(fact, field="ico")])
                self.loose(chosen.value)
                return chosen.value
            return ""
        for fact in self.by_field.get("beneficiary.oblique", []):
            name = prose.nominative(fact.value, self.page)
            if name:
                self.keep(replace(fact, field="beneficiary", value=name))
                return name
            self.doubt([replace(fact, field="beneficiary", confidence=0.5)])
        return "" if self.by_field.get("beneficiary.oblique") else self.publisher()

    def publisher(self) -> str:
        """Take the page's publisher for the beneficiary where it tells of its own project."""
        known = prose.publisher(self.page)
        if known is None or not prose.speaks(self.lines, known[0]):
            return ""
        name, span = known
        self.keep(Fact("beneficiary", name, span, "publisher-speaks", 0.85))
        line = self.page.lines[span.line]
        if (found := next(scan.icos(line.text, span.end), None)) and found.start - span.end < 15:
            self.seat([Fact("ico", found.value, Span(span.line, found.start, found.end), "publisher-speaks", 0.85)])
        return name

    def website(self, beneficiary: Fact) -> None:
        """Take an address that stands alone in the beneficiary's block of labels."""
        after = [line for line in self.lines if beneficiary.span.line < line.index <= beneficiary.span.line + 14]
        for line in after:
            if line.level or (line.tag == "text" and not re.match(r"https?:|www\.", line.text)):
                return
            if re.fullmatch(r"https?://[\w./~-]+|www\.[\w./~-]+", line.text):
                value = line.text if line.text.startswith("http") else f"http://{line.text}"
                self.seat([Fact("website", value, Span(line.index, 0, len(line.text)), "label-line", 0.9)])
                return

    def seat(self, facts: Iterable[Fact]) -> None:
        have = {f.field for f in self.found.facts}
        for fact in facts:
            if fact.field in have:
                continue
            if fact.confidence >= SURE:
                have.add(fact.field)
                self.keep(fact)
            else:
                self.doubt([fact])

    def loose(self, name: str) -> None:
        """Give the beneficiary a seat and an IČO that stand beside its name, or the only ones there are."""
        icos = self.by_field.get("loose.ico", [])
        partners = [role for role, *_ in self.organisations if role == "partner"]
        if len({f.value for f in icos}) != 1:
            return
        line = self.page.lines[icos[0].span.line]
        named = fold(name) in line.folded or any(
            fold(name) in other.folded for other in self.page.lines[max(0, line.index - 3) : line.index]
        )
        if named or (
            not partners
            and icos[0].rule in {"definition", "table-row", "label"}
            and any(i.field == "beneficiary" and abs(i.at - line.index) <= 12 for i in self.labels)
        ):
            self.seat(icos)

    def partners(self, beneficiary: str) -> None:
        number = 0
        seen: set[str] = set()
        for role, fact, known in self.organisations:
            if role != "partner" or fold(fact.value) in seen or _same_body(fact.value, beneficiary):
                continue
            if re.match(r"(?:bez|zadn\w+|neni|-)", fold(fact.value)):
                continue
            seen.add(fold(fact.value))
            number += 1
            self.keep(replace(fact, field=f"partners[{number}].beneficiary"))
            for part in known:
                if part.field in {"ico", "country"} and part.confidence >= SURE:
                    self.keep(replace(part, field=f"partners[{number}].{part.field}"))
        told = [f for f in self.by_field.get("partner", []) if not _same_body(f.value, beneficiary)]
        if not number:  # labels name them all
            for at, fact in enumerate({fold(f.value): f for f in told}.values(), 1):
                self.keep(replace(fact, field=f"partners[{at}].beneficiary"))
        providers = [fact for role, fact, _ in self.organisations if role == "provider"]
        if providers:
            name = re.split(r",\s*program", providers[0].value)[0]
            fact = providers[0]
            self.keep(
                replace(fact, value=name, span=Span(fact.span.line, fact.span.start, fact.span.start + len(name)))
            )

    def footer(self, name: str) -> None:
        """Read the publisher's block of contacts where it names the beneficiary."""
        have = {f.field for f in self.found.facts}
        if "ico" in have and "street" in have:
            return
        wanted = _body_key(name)
        for line in self.page.lines:
            begins = re.match(rf"{re.escape(wanted)}(?!\w)", _body_key(line.text))
            if (
                not begins
                or len(line.text) > 260
                or line.level == 1
                or any(
                    f.span.line == line.index and f.field == "beneficiary" and f.rule != "publisher-speaks"
                    for f in self.found.facts
                )
            ):
                continue
            block = [other for other in self.page.lines[line.index : line.index + 16] if other.region == line.region]
            read_here: list[Fact] = []
            for other in block:
                if other is not line and re.fullmatch(r"(?:partner\w*|dodavatel|zhotovitel).*", other.folded):
                    break
                read_here += self.contact(other, name if other is line else "")
            if any(f.field in {"ico", "data_box", "post_code"} for f in read_here):
                mine = next((f.value for f in self.found.facts if f.field == "ico"), None)
                if mine is None or not any(f.field == "ico" and f.value != mine for f in read_here):
                    self.seat(read_here)
                return

    def contact(self, line: Line, name: str) -> Iterator[Fact]:
        """Yield the IČO, data box and address of a line that begins with a name, perhaps in a shorter form of it."""
        start = len(name) if line.folded.startswith(fold(name)) else 0
        for found in scan.icos(line.text, start):
            yield Fact("ico", found.value, Span(line.index, found.start, found.end), "footer", 0.95)
        if match := re.search(r"(?:datov\w+ schrank\w+|\bids?\b(?: ds)?)\s*:?\s*([a-z0-9]{7})\b", line.folded):
            yield Fact("data_box", match[1], Span(line.index, *match.span(1)), "footer", 0.95)
        if name and not start:
            return  # where the shorter form ends, nobody says
        if len(line.text) - start < 80 and not re.search(r"[:@]|hod", line.folded[start:]):
            stripped = start + len(line.text[start:]) - len(line.text[start:].lstrip(" ,–-"))
            yield from address(line, stripped, len(line.text), "footer", 0.9)

    # Money -----------------------------------------------------------------------------------------

    def amounts(self, beneficiary: str) -> None:
        """Keep one sum a kind, all in one currency; sums in another are for a person."""
        stated = {f.span: f.value for name in (*AMOUNTS, "kraj") for f in self.by_field.get(f"{name}.currency", [])}
        chosen: dict[str, Fact] = {}
        for kind, facts in self.by_kind(beneficiary).items():
            if fact := self.choose_amount(facts, stated):
                chosen[kind] = replace(fact, field=kind)
        self.sane(chosen)
        codes = Counter(stated[f.span] for f in chosen.values() if f.span in stated)
        main = max(sorted(codes), key=lambda code: codes[code]) if codes else ""
        for fact in chosen.values():
            if stated.get(fact.span, main) == main:
                self.keep(fact)
            else:
                self.doubt([replace(fact, confidence=0.5)])
        if main:
            first = next(f for f in chosen.values() if stated.get(f.span) == main)
            self.keep(Fact("currency", main, self.printed_currency(main, first.span), first.rule, 0.97))
        elif named := self.by_field.get("currency", []):
            self.keep(named[0])
        elif headed := self.headed_currency():
            self.keep(headed)

    def printed_currency(self, code: str, amount: Span) -> Span:
        """Return where a currency is printed: at the amount, or last above it, in a header or a caption."""
        word = _CURRENCY_WORDS[code]
        for line in reversed(self.page.lines[: amount.line + 1]):
            start = amount.start if line.index == amount.line else 0
            if match := word.search(line.folded, start):
                return Span(line.index, *match.span())
        return amount

    def by_kind(self, beneficiary: str) -> dict[str, list[Fact]]:
        """Return the sums by kind; a region's money is its own where the region is the beneficiary."""
        is_region = "kraj" in fold(beneficiary)
        kinds: dict[str, list[Fact]] = {}
        for field in (*sorted(AMOUNTS), "kraj"):
            for fact in self.by_field.get(field, []):
                kind = field
                if field == "kraj":
                    label = self.page.lines[fact.span.line].folded[: fact.span.start]
                    kind = "own" if "vlastni" in label or is_region else "regional"
                elif field == "regional" and is_region:
                    kind = "own"
                kinds.setdefault(kind, []).append(fact)
        return kinds

    def headed_currency(self) -> Fact | None:
        """Return the currency that a heading states for a block ("Financování (v Kč)"), amounts or not."""
        for line in self.lines:
            match = (
                re.search(r"\bv (kc|czk|eur)\b", line.folded)
                if len(line.text) < 60 and "financ" in line.folded
                else None
            )
            if match:
                code = "EUR" if match[1] == "eur" else "CZK"
                return Fact("currency", code, Span(line.index, *match.span(1)), "heading", 0.9)
        return None

    def choose_amount(self, facts: list[Fact], currency: dict[Span, str]) -> Fact | None:
        codes = {currency[f.span] for f in facts if f.span in currency}
        if len(codes) > 1:  # the same sum in two currencies: crowns first, the other for a person
            facts, others = (
                [f for f in facts if currency.get(f.span) in {"CZK", None}],
                [f for f in facts if currency.get(f.span) not in {"CZK", None}],
            )
            self.doubt(others)
        ordered = sorted(facts, key=lambda f: (_RANK.get(f.rule, 9), f.span))
        if not ordered:
            return None
        first = ordered[0]
        rank = _RANK.get(first.rule, 9)
        rivals = [f for f in ordered if _RANK.get(f.rule, 9) == rank and f.value != first.value]
        close = [
            f
            for f in ordered
            if abs(Decimal(f.value) - Decimal(first.value)) <= abs(Decimal(first.value)) * Decimal("0.06")
        ]
        if rivals and len(close) < len(rivals) + 1:
            if rank == 0:
                self.doubt(replace(f, confidence=0.5) for f in rivals)
                return first
            self.doubt(replace(f, confidence=0.5) for f in (first, *rivals))
            return None
        # Of a rounded and an exact reading the exact one.
        return max(
            close, key=lambda f: (len(f.value.replace(".", "").rstrip("0")), -_RANK.get(f.rule, 9), -f.span.line)
        )

    def sane(self, chosen: dict[str, Fact]) -> None:
        """Leave to a person a part that is larger than its whole."""
        whole = max((Decimal(chosen[k].value) for k in ("total", "eligible") if k in chosen), default=None)
        if whole is None:
            return
        for kind in ("eu", "state", "own", "grant", "regional", "public", "municipal", "private"):
            if kind in chosen and Decimal(chosen[kind].value) > whole * Decimal("1.01"):
                self.doubt([replace(chosen.pop(kind), confidence=0.4)])

    # Programme, funds, place -----------------------------------------------------------------------

    def programme(self) -> None:
        facts = [*self.by_field.get("programme", []), *self.programme_lines()]
        if not facts:
            self.unlisted([])
            return
        labelled = [f for f in facts if _RANK.get(f.rule, 9) < 2]
        pool = labelled or facts
        meanings = [(f, self.meaning(self.lists.programmes, f.value)) for f in pool]
        known = [(f, iris) for f, iris in meanings if iris]
        number = next((f for f in self.found.facts if f.field == "registration_number"), None)
        parsed = (regnum.parse(number.value) or regnum.parse(regnum.repair(number.value) or "")) if number else None
        if parsed and not labelled:
            fitting = [(f, iris) for f, iris in known if any(i.endswith(f"/{parsed.programme}") for i in iris)]
            if known and not fitting:
                self.doubt(replace(f, confidence=0.5) for f, _ in known[:1])
                return
            known = fitting
        if not known:
            self.unlisted(labelled)
            return
        first, shared = known[0]
        for _, iris in known[1:]:
            if not shared & iris:
                decided = [f for f, iris in known if parsed and any(i.endswith(f"/{parsed.programme}") for i in iris)]
                if decided:
                    first = decided[0]
                    shared = self.meaning(self.lists.programmes, first.value)
                    break
                if labelled:
                    break
                self.doubt(replace(f, confidence=0.5) for f, _ in known)
                return
            shared = shared & iris
        self.keep(replace(first, value=self.programme_name(first, shared)))

    def unlisted(self, labelled: list[Fact]) -> None:
        """Keep a programme that no code list has, as the page prints it."""
        others = self.by_field.get("programme.other", [])
        if labelled:
            named = next(prose.other_programmes(labelled[0].value), None)
            self.keep(replace(labelled[0], value=named[0]) if named else labelled[0])
        elif len({f.value for f in others}) == 1:
            self.keep(replace(others[0], field="programme"))
        else:
            self.doubt(replace(f, field="programme", confidence=0.5) for f in others)

    def programme_lines(self) -> Iterator[Fact]:
        """Yield the programmes that are a line of their own, a heading often."""
        for line in self.lines:
            name = next(self.lists.programmes.find(line.text), None) if len(line.text) < 110 else None
            if name and name.start < 6 and not re.search(r"\b(?:je|byl|jsou|seminar|skoleni|navaz)\b", line.folded):
                rest = re.sub(r"[\d–\-./() ]|op \w+|\w{2,5}\b|programove obdobi", "", line.folded[name.end :])
                if not rest:
                    yield Fact(
                        "programme",
                        line.text[name.start : name.end],
                        Span(line.index, name.start, name.end),
                        "programme-line",
                        0.93,
                    )

    def meaning(self, names: Names, text: str) -> frozenset[str]:
        found = next(names.find(text), None)
        return found.iris if found else frozenset()

    def programme_name(self, fact: Fact, iris: frozenset[str]) -> str:
        """Return a name that the code list knows; a name of several periods is decided by the dates."""
        if len(iris) > 1:
            year = next((int(f.value[:4]) for f in self.found.facts if f.field in {"start", "end"}), 0)
            period = (
                "2007-2013"
                if 2007 <= year <= 2013
                else "2014-2020"
                if 2015 <= year <= 2020
                else "2021-2027"
                if year >= 2023
                else ""
            )
            fitting = [
                iri
                for iri in iris
                if period and (iri.endswith(period) or (period == "2007-2013" and re.search(r"/CZ\.\d\.\d\d$", iri)))
            ]
            iris = frozenset(fitting) if len(fitting) == 1 else iris
        if len(iris) != 1:
            return _plain(fact.value)
        iri = next(iter(iris))
        printed = self.vocabulary.concepts("programy", fact.value)
        return fact.value if printed == [iri] else self.vocabulary.labels(iri)["cs"]

    def funds(self) -> None:
        seen: set[str] = set()
        for fact in self.by_field.get("funds", []):
            iris = self.meaning(self.lists.funds, fact.value)
            if len(iris) == 1 and (iri := next(iter(iris))) not in seen:
                seen.add(iri)
                self.keep(replace(fact, field="funds", value=self.vocabulary.labels(iri)["cs"]))
        state = self.by_field.get("funds.state", [])
        if state:
            self.keep(replace(state[0], field="funds"))

    def place(self) -> None:
        named = sorted(self.by_field.get("place_name", []), key=lambda f: _RANK.get(f.rule, 9))
        regions = self.by_field.get("places", [])
        if named:
            self.keep(named[0])
        title = next((f for f in self.found.facts if f.field == "title"), None)
        owner = next((f for f in self.found.facts if f.field == "beneficiary"), None)
        if not regions:
            for fact in filter(None, (owner, title)):
                for region in self.lists.regions.find(fact.value):
                    if "kraj" in fold(fact.value[region.start : region.end]) or "vysocin" in fold(fact.value):
                        regions = [
                            Fact(
                                "places",
                                fact.value[region.start : region.end],
                                fact.span,
                                "place-of-beneficiary" if fact is owner else "place-in-title",
                                0.9,
                            )
                        ]
                if regions:
                    break
        seen: set[str] = set()
        for fact in regions:
            iris = self.meaning(self.lists.regions, fact.value)
            if len(iris) == 1 and (iri := next(iter(iris))) not in seen:
                seen.add(iri)
                self.keep(replace(fact, value=self.vocabulary.labels(iri)["cs"]))
        if (
            not named
            and owner
            and (match := re.fullmatch(r"(?:obec|mesto|mestys|statutarni mesto)\s(.+)", fold(owner.value)))
        ):
            start = owner.span.start + match.start(1)
            name = owner.value[match.start(1) :]
            span = (
                Span(owner.span.line, start, owner.span.end)
                if self.page.lines[owner.span.line].text[start : owner.span.end] == name
                else owner.span
            )
            self.keep(Fact("place_name", name, span, "place-of-beneficiary", 0.9))

    # Outputs and other projects --------------------------------------------------------------------

    def outputs(self) -> None:
        seen: set[tuple[str, str]] = set()
        for number, fact in enumerate(self.by_field.get("output", []), 1):
            quantity, _, what = fact.value.partition("|")
            key = (quantity, _stems(what))
            if key in seen:
                continue
            seen.add(key)
            at = len(seen)
            start = fact.span.end - len(what)
            if fact.confidence >= SURE:
                self.keep(
                    replace(
                        fact,
                        field=f"outputs[{at}].quantity",
                        value=quantity,
                        span=replace(fact.span, end=max(fact.span.start + 1, start - 1)),
                    )
                )
                self.keep(replace(fact, field=f"outputs[{at}].what", value=what, span=replace(fact.span, start=start)))
            assert number  # noqa: S101 - keeps the order of reading

    def related(self) -> None:
        titles = self.by_field.get("related.title", [])
        own = next((_stems(f.value) for f in self.found.facts if f.field == "title"), "")
        number = 0
        for fact in titles:
            if _stems(fact.value) == own:
                continue
            number += 1
            self.keep(replace(fact, field=f"predecessors[{number}].title"))
            for part in ("start", "end", "programme"):
                for told in self.by_field.get(f"related.{part}", []):
                    if told.span.line == fact.span.line and told.span.start > fact.span.end:
                        self.keep(replace(told, field=f"predecessors[{number}].{part}"))
                        break


def _plain(programme: str) -> str:
    """Return the nominative of a programme's general words: the name itself mostly stays."""
    made = re.sub(r"\b([Ii])ntegrovaného (?=regionálního |operačního )", r"\1ntegrovaný ", programme)
    made = re.sub(r"\b([Rr])egionálního (?=operačního )", r"\1egionální ", made)
    return re.sub(r"\b([Oo])peračního programu\b", r"\1perační program", made)


def _stems(text: str) -> str:
    return " ".join(stem(word)[:6] for word in re.findall(r"\w+", fold(text)))


def _near(fact: Fact, heading: Fact | None) -> bool:
    """Whether a told name and the heading are one: the same words, or one within the other."""
    if heading is None:
        return False
    told, shown = _stems(fact.value), _stems(heading.value)
    return told == shown or (len(told) > 8 and told in shown) or (len(shown) > 8 and shown in told)


_SHORT = (
    ("mistni akcni skupina", "mas"),
    ("zakladni skola", "zs"),
    ("materska skola", "ms"),
    ("stredni skola", "ss"),
    ("prispevkova organizace", "po"),
    ("zapsany spolek", "zs"),
    ("statutarni mesto", "mesto"),
    ("mestsky urad", "mesto"),
    ("obecni urad", "obec"),
    ("urad mestyse", "mestys"),
    ("hlavni mesto", "hl m"),
    ("p o", "po"),
    ("z s", "zs"),
    ("s r o", "sro"),
    ("a s", "as"),
    ("o p s", "ops"),
    ("z u", "zu"),
)


@lru_cache(maxsize=8192)
def _body_key(text: str) -> str:
    """Return a name for comparing: common words short, no punctuation, no mark of copyright before it."""
    key = " ".join(re.findall(r"\w+", fold(text)))
    key = re.sub(r"^(?:(?:c|copyright) )?(?:(?:19|20)\d\d )?(?:provozovatel |vydavatel )?", "", key)
    for long, short in _SHORT:
        key = re.sub(rf"\b{long}\b", short, key)
    return key


def _same_body(one: str, other: str) -> bool:
    return bool(one and other) and (fold(one) == fold(other) or fold(one) in fold(other) or fold(other) in fold(one))


def assemble(
    page: Page,
    lines: list[Line],
    labels: list[Labelled],
    lists: Lists,
    vocabulary: Vocabulary,
    *,
    currency: str,
    year: str,
) -> Found:
    """Return the project that these lines of a page of that year speak of; amounts are in `currency` if in no other."""
    return _Assembler(page, lines, labels, lists, vocabulary, currency, year).run()
