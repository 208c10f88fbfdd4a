"""Facts in running Czech: sentences that say what the project is called, when it ran, who ran it, what it cost.

Each rule is a pattern over a folded sentence with the words that must stand near; a sentence that speaks of
something else (another project, a call, services, a contract) is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from .. import clean
from . import scan
from .facts import Fact, Span
from .names import stem
from .page import Line, Page, fold
from .reading import Lists, organisation

__all__ = ["Sentence", "facts", "sentences"]


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a line."""

    line: Line
    start: int
    end: int

    @property
    def folded(self) -> str:
        """The sentence, folded."""
        return self.line.folded[self.start : self.end]

    @property
    def text(self) -> str:
        """The sentence as printed."""
        return self.line.text[self.start : self.end]

    def span(self, start: int, end: int) -> Span:
        """Return a stretch of the sentence as a stretch of its line."""
        return Span(self.line.index, self.start + start, self.start + end)

    def fact(self, field: str, value: str, at: tuple[int, int], rule: str, confidence: float) -> Fact:
        """Return a fact read from a stretch of the sentence."""
        return Fact(field, value, self.span(*at), rule, confidence)


def sentences(lines: list[Line]) -> Iterator[Sentence]:
    """Yield the sentences of the lines in reading order."""
    for line in lines:
        for start, end in scan.sentences(line.text):
            yield Sentence(line, start, end)


_OTHER_PROJECT = re.compile(
    r"\bnavaz\w+|\bnavazal\w*|predchozi\w* projekt|predesl\w* projekt|drivejsi\w* projekt"
    r"|dalsi\w* projekt|jin\w+ projekt|pokracovani\w* projektu"
)
_OPEN, _CLOSE = "„\"»“”‚'", "“\"«”‘'"
_CALLED = (
    r"(?:projekt\w{0,3}|akc[ei]|stavb[auy]|zamer\w{0,2})(?:\s(?:s\snazvem|pod\snazvem|nazvan\w+"
    r"|nesouci\w*\snazev|s\stitulem|nese\snazev|ma\snazev|se\snazvem|jmenem|se\sjmenuje))?"
)


def facts(page: Page, lines: list[Line], lists: Lists) -> list[Fact]:
    """Return what the sentences of these lines say of their project."""
    found: list[Fact] = []
    for sentence in sentences(lines):
        if len(sentence.text) < 12:
            continue
        found += _titles(sentence)
        found += _related(sentence)
        if plan := _PLAN.search(sentence.folded):
            # Its title stands in another case: a person has to write it.
            at = plan.span("plan")
            found.append(sentence.fact("plan", sentence.text[slice(*at)], at, "sentence-related", 0.5))
        if _OTHER_PROJECT.search(sentence.folded) and not re.search(r"\bprojekt\w* (?:byl|je|bude)", sentence.folded):
            found += (
                _period(sentence)
                if re.match(r"projekt\b.{0,40}realizov", sentence.folded) and not re.search(r"navaz", sentence.folded)
                else []
            )
            continue
        found += _numbers(sentence)
        found += _period(sentence)
        found += _beneficiary(sentence)
        found += _money(sentence)
        found += _funding(sentence, lists)
        found += _outputs(sentence)
        found += _page_date(sentence)
        found += _kind(sentence)
    return found


_TERRITORY = re.compile(
    r"projekt\w*[^.]{0,40}(?:na|pro) (?P<place>(?:cele\w* )?(?:uzemi"
    r"|oblast) [a-z][^,.;]{4,60})$|projekt\w*[^.]{0,40}(?:na"
    r"|pro) (?P<whole>cele uzemi [^,.;]{4,60})"
)
_PLAN = re.compile(
    r"navaz\w+ (?:\w+ ){0,2}?na (?:\w+ )?(?P<plan>(?:strednedob\w+ |komunitni\w* "
    r"|strategick\w+ )+(?:plan\w*|strategi\w*)[^,;„\"]{4,160}?)(?=,|;|$)"
)


def _kind(sentence: Sentence) -> Iterator[Fact]:
    """Read what kind of project it is, whether it has ended, its territory, and the plan it starts from."""
    folded = sentence.folded
    if match := re.match(r"individualni projekt\b", folded):
        yield sentence.fact("project_type", "Individuální projekt", match.span(), "sentence-kind", 0.9)
    if match := re.search(r"\bbyl ukoncen projekt\b|^projekt byl (?:uspesne )?ukoncen\b", folded):
        yield sentence.fact("status", "Ukončený", match.span(), "sentence-kind", 0.9)
    if match := _TERRITORY.search(folded):
        at = match.span("place" if match["place"] else "whole")
        yield sentence.fact(
            "place_name",
            sentence.text[slice(*at)].rstrip(" ."),
            (at[0], at[0] + len(sentence.text[slice(*at)].rstrip(" ."))),
            "sentence-place",
            0.88,
        )


# Names of the project --------------------------------------------------------------------------------

_QUOTED = re.compile(
    rf"{_CALLED}[\s:–-]{{1,3}}(?P<owner>(?:\(?[a-z][\w.,()]*\s){{0,8}}?)[{_OPEN}](?P<title>[^{_OPEN}{_CLOSE}]{{3,220}})[{_CLOSE}]"
)
_NAMED = re.compile(
    r"projekt\w{0,3}\s(?:s\snazvem|pod\snazvem|nazvan\w+|nese\snazev|s\stitulem"
    r"|se\snazvem)[\s:–-]{1,3}(?P<title>[^,;.„\"(]{4,200}?)"
    r"(?=[,;(]|\.(?:\s|$)|\s(?:byl[ay]?|je|bude|ktery|jehoz|v ramci|spolufinancovan\w*|realizovan\w*"
    r"|podporen\w*|reg\b|registracni|s reg|s registracnim|financovan\w*)\b|$)"
)
_WITH_NUMBER = re.compile(
    r"projekt\w{0,3}\s(?P<title>[^„\".;:]{6,220}?),?\s*(?:\(|–|-|\|)?\s*(?:s\s|pod\s)?(?:reg\w*\.?"
    r"|registracni\w*|ev\w*\.?)\s?c(?:\.|isl\w*)"
)


_SUBJECT_TITLE = re.compile(
    r"^projekt (?P<title>[^„\";:]{8,200}?),? (?:(?:je|byl|bude) (?:zcela |z [\d %]+"
    r"|castecne )?(?:spolufinanc|financ|podpor|realizov|hrazen|zameren|urcen|soucast|zahajen|ukoncen)"
    r"|odstartoval|zahajil|zacal|probih|trval|potrva|reaguje|resi |umozni|prispe|si klade|ma za cil"
    r"|zahrnuje|vznikl|spociv|skoncil|se zameruje|se zabyva|pomaha|pomuze|podporuje|vychazi|navazuje"
    r"|obsahuje|se sklada|pokracuje|bezi)"
)
_WHICH_TITLE = re.compile(r"projekt\w{0,3} (?P<title>[^„\";:,.(]{8,160}?), (?:ktery|jenz) (?:je|byl|bude|nam|jsme)\b")
_AFTER_NUMBER = re.compile(
    r"projekt\w{0,3}\s(?:s\s|pod\s)?reg\w*\.?\s?c(?:\.|isl\w*)\s?:?\s?(?:cz"
    r"|pl)[\w./]+\s(?P<title>[^„\";:,.(]{10,220}?)(?=,|\.|\(|$)"
)


def _titles(sentence: Sentence) -> Iterator[Fact]:
    folded = sentence.folded
    for match in _QUOTED.finditer(folded):
        before = folded[max(0, match.start() - 60) : match.start()]
        if _OTHER_PROJECT.search(before) or re.search(r"navaz|predch|dalsi\w* $|jin\w+ $|obdobn|podobn", before):
            continue
        at = match.start("title"), match.end("title")
        yield sentence.fact("title", sentence.text[slice(*at)].strip(" ."), at, "sentence-title", 0.96)
    for match in _NAMED.finditer(folded):
        if sentence.text[match.start("title")].isupper() and not _OTHER_PROJECT.search(folded[: match.start()]):
            at = match.start("title"), match.end("title")
            yield sentence.fact("title", sentence.text[slice(*at)].strip(" ."), at, "sentence-title", 0.95)
    for match in _WITH_NUMBER.finditer(folded):
        title = sentence.text[match.start("title") : match.end("title")]
        if (
            title[:1].isupper()
            and not re.search(r"\b(?:je|byl|byla|bude|ktery)\b", fold(title))
            and not _OTHER_PROJECT.search(folded[: match.start()])
        ):
            at = match.start("title"), match.start("title") + len(title.rstrip(" ,–-("))
            yield sentence.fact("title", sentence.text[slice(*at)], at, "sentence-title", 0.93)
    if (match := _SUBJECT_TITLE.match(folded)) and sentence.text[match.start("title")].isupper():
        title = match["title"]
        if not re.search(
            r"\b(?:je|byl|byla|bude|ktery|realizovan\w*|podporen\w*|reg\.?)\b", title
        ) and not _AGENT.match(f"projektu {title}"):
            at = match.start("title"), match.end("title")
            yield sentence.fact("title", sentence.text[slice(*at)].strip(" ,"), at, "sentence-title", 0.92)
    if (
        (match := _WHICH_TITLE.search(folded))
        and sentence.text[match.start("title")].isupper()
        and not _OTHER_PROJECT.search(folded[: match.start()])
    ):
        if not re.search(r"\b(?:je|byl|byla|bude)\b", match["title"]) and not _AGENT.match(
            f"projektu {match['title']}"
        ):
            at = match.start("title"), match.end("title")
            yield sentence.fact("title", sentence.text[slice(*at)].strip(), at, "sentence-title", 0.91)
    if (match := _AFTER_NUMBER.search(folded)) and sentence.text[match.start("title")].isupper():
        at = match.start("title"), match.end("title")
        yield sentence.fact("title", sentence.text[slice(*at)].strip(" ,"), at, "sentence-title", 0.92)


_RELATED = re.compile(
    rf"(?:navaz\w+|navazal\w*|pokracovani\w*|predch\w+"
    rf"|navazujici\w*)[^{_OPEN}]{{0,120}}?projekt\w{{0,3}}\s?(?:s\snazvem\s)?[{_OPEN}](?P<quoted>[^{_OPEN}{_CLOSE}]{{3,200}})[{_CLOSE}]"
    r"|(?:navaz\w+|navazal\w*)\s(?:\w+\s){0,3}?(?:na\s)?(?:uspesny\s)?projekt\w{0,3}\s(?P<plain>[^,;.(„\"]{4,120}?)(?=\sz\s(?:roku|let|obdobi)|[,;.(]|$)"
    r"|(?:navaz\w+|navazal\w*)\s[^„\"]{0,40}[„\"](?P<bare>[^„“\"]{4,160})[“\"]"
)


def _related(sentence: Sentence) -> Iterator[Fact]:
    for match in _RELATED.finditer(sentence.folded):
        group = next(name for name in ("quoted", "plain", "bare") if match[name])
        at = match.start(group), match.end(group)
        title = sentence.text[slice(*at)].strip(" .,")
        if not title[:1].isupper():
            continue
        yield sentence.fact("related.title", title, at, "sentence-related", 0.93)
        rest = sentence.start + match.end()
        period = next(scan.periods(sentence.line.text, rest, sentence.end), None)
        if period and period.begin and period.end:
            for name, read in (("start", period.begin), ("end", period.end)):
                yield Fact(
                    f"related.{name}",
                    read.value,
                    Span(sentence.line.index, read.start, read.end),
                    "sentence-related",
                    0.9,
                )
        elif year := re.search(r"\bz (?:roku |r\. ?)?((?:19|20)\d{2})\b", sentence.folded[match.end() :]):
            place = match.end() + year.start(1)
            yield sentence.fact("related.start", year[1], (place, place + 4), "sentence-related", 0.85)
        if programme := re.search(r"\bz (?:programu )?(OP [A-ZÁ-Ž]{1,5}\b)", sentence.text[match.end() :]):
            place = match.end() + programme.start(1)
            yield sentence.fact(
                "related.programme", programme[1], (place, place + len(programme[1])), "sentence-related", 0.9
            )


_CODE = re.compile(
    r"projekt\w{0,3}[^„\"]{0,40}[„\"][^“\"]{3,200}[“\"]\s?\((?:c\. ?"
    r"|cislo )?(?P<code>[a-z0-9][a-z0-9./_-]*\d[a-z0-9./_-]{3,})\)"
)
_CALLED_BY_NUMBER = re.compile(
    r"(?:registracni\w* c(?:islo|islem)|reg\. ?c\.|(?:registrovan\w*|evidovan\w*"
    r"|evidujeme \w+) pod c(?:islem|\.)|cislo projektu"
    r"|pod registracnim cislem)\s?:?\s(?P<code>(?!cz[. ]?\d)[a-z0-9][\w./-]*\d[\w./-]*[a-z0-9])"
)


def _numbers(sentence: Sentence) -> Iterator[Fact]:
    for pattern in (_CODE, _CALLED_BY_NUMBER):
        if match := pattern.search(sentence.folded):
            code = sentence.text[match.start("code") : match.end("code")]
            if not re.match(r"(?:cz|pl)[. ]\d", match["code"]) and len(code) >= 6:
                yield sentence.fact("registration_number", code, match.span("code"), "sentence-number", 0.92)
    for found in scan.numbers(sentence.line.text, sentence.start, sentence.end):
        before = sentence.line.folded[max(sentence.start, found.start - 60) : found.start]
        if re.search(r"smlouv|vyzv[aye]\w* c|usneseni", before):
            continue
        yield Fact(
            "registration_number",
            found.value,
            Span(sentence.line.index, found.start, found.end),
            "sentence-number",
            0.96,
        )


# When ------------------------------------------------------------------------------------------------

# The period of something else: services, courses, calls, plans, sustainability, the programme.
_NOT_PERIOD = re.compile(
    r"\bsluz\w+ (?:bud|jsou|byl)|platn\w+ plan|\bplan\w* (?:na|pro) (?:leta|obdobi|roky)|udrzitelnost"
    r"|programov\w+ obdob|\bvyzv\w+ (?:byl|je)|prihlas\w+|zadost\w* (?:byl|je|mus)"
    r"|prijem (?:zadosti|projektu)|kurz\w* (?:prob|se|byl|zac)|seminar\w* (?:prob|se|byl)"
    r"|konferenc\w+ (?:prob|se|byl)|\bluz\w+|celkem \d+ mesic|v obdobi od .{0,40}celkem|uzaver\w+"
    r"|dopravni omezeni|hlasovani|smlouv\w+ (?:byl|o)"
)
_SUBJECT = (
    r"(?:projekt\w*|realizac\w+|stavb\w*|stavebni\w* prac\w+|prac[ei]\b|prace\b|rekonstrukc\w+"
    r"|vystavb\w*|akc[ei]\b|zateplen\w*|modernizac\w+|oprav\w+|revitalizac\w+|reseni)"
)
_DATE_WORDS = (
    r"(?:(?:dne|dnem|ke dni|k datu|k|ke|v|ve|od|do|na|koncem|zacatkem|pocatkem|prubehu|roce"
    r"|roku|mesici|mesice|datum|datem|byl\w*|bude|konce|az)\s)*"
)


def _period(sentence: Sentence) -> Iterator[Fact]:
    folded = sentence.folded
    if _NOT_PERIOD.search(folded):
        return
    yield from _ranges(sentence)
    yield from _ends(sentence)


_RUNS = re.compile(
    r"(?:(?P<verb>realizovan\w*|realizova[nlt]\w*|realizuje\w*|probih\w+|probehl\w*|probehne|trva\w*"
    r"|potrva|resen\w*|uskutecn\w+|podporoval\w*|podporen\w*|podporuje|naplanovan\w*|bezi|financovan\w*"
    r"|delka|zapojen\w*|uskutecnovan\w*|implementovan\w*)"
    r"|(?P<noun>doba (?:realizace|trvani|reseni)|obdobi realizace|termin realizace|realizace projektu|trvani projektu))"
)


def _ranges(sentence: Sentence) -> Iterator[Fact]:
    folded, base = sentence.folded, sentence.start
    for period in scan.periods(sentence.line.text, sentence.start, sentence.end):
        if not period.begin or not period.end:
            continue
        start, end = period.begin.start - base, period.end.end - base
        before = folded[max(0, start - 130) : start]
        after = folded[end : end + 90]
        verb = list(_RUNS.finditer(before))
        about = re.search(r"projekt|realizac|\bakc[ei]\b|stavb|reseni", before) or re.match(r"projekt", folded)
        close = verb and len(before) - verb[-1].end() < 45
        follows = re.match(
            r"\)?,?\s(?:byl\w* |je |bude |se |jsme |probih\w+ |probehl\w* )?(?:\w+ ){0,6}?(?:realizova\w*"
            r"|probih\w+|uskutecn\w+|realizuje\w*|resen\w*)",
            after,
        ) and re.search(r"projekt", folded)
        if re.search(r"(?:pro|na) (?:leta|roky|obdobi)\s*$|plan\w* .{0,30}$", before) and not close:
            continue
        opening = (
            start < 45
            and re.search(r"operacni\w* program|\bop \w+|projekt|dotac|penez", folded[end:])
            and re.match(r"(?:v obdobi )?od ", folded)
        )
        if (close and about) or follows or opening:
            yield Fact(
                "start",
                period.begin.value,
                Span(sentence.line.index, period.begin.start, period.begin.end),
                "sentence-period",
                0.95,
            )
            yield Fact(
                "end",
                period.end.value,
                Span(sentence.line.index, period.end.start, period.end.end),
                "sentence-period",
                0.95,
            )


_STARTED = (
    r"(?:(?:se )?roz(?:jel|jede|ebehn|behn)\w*|zahajen\w*|zahajil\w*|zapocat\w*|zapocal\w*"
    r"|zacal\w*|odstartoval\w*|spusten\w*|nastartovan\w*|rozbehl\w*|startuje|zahajuje)"
)
_ENDED = r"(?:ukoncen\w*|dokoncen\w*|skoncil\w*|skonci|zakoncen\w*|ukoncil\w*|dokoncil\w*|uzavren\w*|konci)"
_YEARLY = re.compile(
    rf"{_SUBJECT}[^.]{{0,60}}?(?:realizovan\w*|realizova[nl]\w*|uskutecn\w+|probehl\w*|proveden\w*"
    rf"|resen\w*)(?: byl\w*| bude)?(?: \w+){{0,3}}? (?:v|behem|v prubehu) (?:roce|roku"
    rf"|r\.)\s?(?P<year>(?:19|20)\d{{2}})\b(?! ?[-–a])"
)


def _ends(sentence: Sentence) -> Iterator[Fact]:
    folded = sentence.folded
    for read in scan.dates(sentence.line.text, sentence.start, sentence.end):
        start, end = read.start - sentence.start, read.end - sentence.start
        before, after = folded[max(0, start - 70) : start], folded[end : end + 70]
        in_range = re.match(r"\s?(?:-|–|az|do)\s?\d", after) or re.search(r"\d\.?\s?(?:-|–|az|do)\s?$", before)
        if in_range:
            continue
        for verb, field in ((_STARTED, "start"), (_ENDED, "end")):
            # "Dne 1. 12. 2015 byla zahájena realizace projektu", "projekt byl ukončen k 31. 12. 2007"
            ahead = (
                re.match(r"[^\d]{3,150}? (?:zahajil\w*|zahajuje) (?P<rest>[^.]{0,60})", folded[end:])
                if field == "start" and re.search(r"\bdne\s$", before)
                else None
            )
            ahead = ahead or re.match(
                rf"\s(?:byl\w* |bude |jsme |se |oficialne |uspesne |slavnostne |fyzicky )*{verb}(?P<rest>[^.]{{0,50}})",
                after,
            )
            behind = re.search(
                rf"(?P<rest>[^.]{{0,60}}?){verb}\s(?:[a-z]+ ){{0,4}}?(?:byl\w* |bude |jiz |uspesne |take "
                rf"|fyzick\w+ |realizac\w+ |projekt\w* |praci )*{_DATE_WORDS}$",
                before,
            )
            match = ahead or behind
            if not match or (len(read.value) == 4 and field == "start" and not behind):
                continue
            near = (match["rest"] + (before if ahead else before[-70:])) if ahead else before
            subject = folded.startswith("projekt ") or re.search(rf"\b{_SUBJECT}", folded[max(0, start - 90) : start])
            subject = subject or (behind and re.match(r"\s(?:\w+ ){0,2}(?:projekt|realizaci|stavbu|akci)\b", after))
            if re.search(rf"\b{_SUBJECT}", near) or (subject and behind):
                yield Fact(
                    field, read.value, Span(sentence.line.index, read.start, read.end), "sentence-" + field, 0.94
                )
                break
        else:
            yield from _since(sentence, read, before, after)
    if match := _YEARLY.search(folded):
        at = match.start("year"), match.end("year")
        yield sentence.fact("start", match["year"], at, "sentence-year", 0.92)
        yield sentence.fact("end", match["year"], at, "sentence-year", 0.92)


def _since(sentence: Sentence, read: scan.Read, before: str, after: str) -> Iterator[Fact]:
    """Read "od října 2006 podporoval …", "podpořený … od září 2006", "realizován od 1. 5. 2010"."""
    span = Span(sentence.line.index, read.start, read.end)
    if len(read.value) == 4 and not re.search(r"roku\s$|od $", before):
        return
    about = re.search(r"projekt|realizac", sentence.folded)
    if not about:
        return
    if re.search(r"\bod (?:roku |data )?$", before):
        verb = re.search(
            r"(?:realizov\w+|podpor\w+|probih\w+|financovan\w*|resen\w*|realizuje\w*|bezi|trva\w*)", before[-70:]
        ) or re.match(r",?\s(?:jej |je |byl |ho )?(?:podpor\w+|realizov\w+|probih\w+|realizuje)", after)
        far = re.search(
            r"projekt\w*[^.]{0,160}podporen\w*[^.]{0,120}od (?:roku )?$", sentence.folded[: read.start - sentence.start]
        )
        if (verb or far) and not re.match(r"\s?(?:do|-|–|az)\s", after):
            yield Fact("start", read.value, span, "sentence-since", 0.93)
    elif match := re.search(
        r"(?P<what>zahajeni|dokonceni|ukonceni)(?: (?:realizace|projektu|stavby|praci|reseni))* (?:je"
        r"|bylo|bude|se predpoklada|je planovano|planovano)(?: (?:planovano|stanoveno|dne|k|ke dni"
        r"|na))*\s$",
        before,
    ):
        yield Fact("start" if match["what"] == "zahajeni" else "end", read.value, span, "sentence-since", 0.92)
    elif re.search(r"\bdatem zahajeni\s(?:\w+\s)?$", before):
        yield Fact("start", read.value, span, "sentence-since", 0.95)
    elif re.search(r"\bdatem ukonceni\s(?:\w+\s)?$", before):
        yield Fact("end", read.value, span, "sentence-since", 0.95)
    elif re.search(
        r"\b(?:potrva|trvat|trva|probihat|pobezi|realizovan|bezi"
        r"|realizace) (?:\w+ ){0,3}?(?:az )?do (?:konce )?(?:roku )?$",
        before,
    ):
        yield Fact("end", read.value, span, "sentence-until", 0.93)


def _page_date(sentence: Sentence) -> Iterator[Fact]:
    match = re.match(
        r"(?:datum )?(?:posledni )?(zverejnen|publikovan|vlozen|vydan|aktualiz|posledni (?:zmen|uprav"
        r"|aktualiz)|naposledy)\w*[^\d]{0,30}(?=\d)",
        sentence.folded,
    )
    if match:
        read = next(scan.dates(sentence.line.text, sentence.start, sentence.end), None)
        if read and len(read.value) == 10 and read.start - sentence.start <= match.end() + 2:
            field = "published" if match[1] in {"zverejnen", "publikovan", "vlozen", "vydan"} else "modified"
            yield Fact(field, read.value, Span(sentence.line.index, read.start, read.end), "page-date", 0.97)


# Who -------------------------------------------------------------------------------------------------

_ROLE = (
    r"(?:realizator\w*|nositel\w*|prijemc\w+|zadatel\w*|predkladatel\w*|garantem"
    r"|uskutecnovatel\w*)(?: (?:tohoto |celeho )?(?:projektu|dotace|podpory|grantu|akce|prispevku))*"
)
_IS_ROLE = re.compile(rf"\b{_ROLE} (?:je|byl[aoiy]?|jsou|bude|se stal[aoiy]?)(?: tedy| vsak| nase| i)? (?P<name>\S.+)")
_ROLE_IS = re.compile(
    r"^(?P<name>[^,;:„]{4,90}?) (?:je|byl[ao]?) (?:hlavnim |vedoucim )?(?:realizatorem|nositelem"
    r"|prijemcem|zadatelem)\b"
)
_GOT = re.compile(
    r"^(?:dne [\d. ]+ |v (?:roce|letech|lete|ramci) [\w\d –-]{2,30} |letos |nedavno |na jare \d* ?"
    r"|koncem \w+ |diky \w+ )?(?P<name>[^,;:„\"]{4,90}?(?:,\s?(?:prispevkova organizace[^,]{0,40}"
    r"|a\.\s?s\.|z\.\s?s\.|o\.\s?p\.\s?s\.|s\.\s?r\.\s?o\.|z\.\s?u\.|p\.\s?o\."
    r"|v\.\s?v\.\s?i\.))?)(?: \(dale jen [^)]*\))?(?:,[^,]{3,60},|,)? "
    r"(?:uspesne |letos |jiz |nyni |take |opet |v roce \d{4} |od roku \d{4} )*(?:ziskal[ao]?|obdrzel[ao]?"
    r"|realizuje|realizoval[ao]?|zahajil[ao]?|dokoncil[ao]?|zrealizoval[ao]?|se zapojil[ao]?|uspel[ao]?"
    r"|zahajuje|dostal[ao]?|ukoncil[ao]?|pripravil[ao]?|resi|cerpal[ao]?)\b"
    r"(?=.{0,200}?(?:projekt|dotac|podpor|prispev|grant|financni|vyzv\w+ \w+ program|vyzv\w+ [\w ]*operacni))"
)
_OBLIQUE = re.compile(
    r"\b(?:poskytl[aoy]?|schvalil[aoy]?|pridelil[aoy]?|priznal[aoy]?|poslal[aoy]?"
    r"|venoval[aoy]?)[^.]{0,60}? (?P<name>(?:obci|mestu|mestysi|kraji|spolku|charite|skole|nemocnici"
    r"|svazku obci) [^,;.]{2,40}?)(?= dotac| podpor| prispev| financni| \d|,|\.)|(?:dotac\w+|podpor\w+"
    r"|prispev\w+|grant) pro (?P<pro>(?:obec|mesto|mestys) [A-Za-z]\w+(?: [A-Z]\w+)*)\b"
)
_GENERIC = {
    "obci": "Obec",
    "obce": "Obec",
    "mestu": "Město",
    "mesta": "Město",
    "mestysi": "Městys",
    "mestyse": "Městys",
    "obec": "Obec",
    "mesto": "Město",
    "mestys": "Městys",
}
_NOT_NAME = re.compile(
    r"^(?:projekt|tento|cely|cilem|v |ve |na |za |po |pro |diky|dotac|podpor|cast|kazd|jej|jeho|nas|nase"
    r"|to |tim|ten|z |ze |do |s |od |k |dnes|je |celkem|evropsk|ministerstv|stat |fond|soucasti|prac"
    r"|stavb|rekonstruk|oprav|akce|kraj z|unie|realizac|zadost|vyzv|firma|dodavatel|zhotovitel|spolecne"
    r"|novy|nova|ucastni|zaci|deti|obyvatel|lide|uredni|pedagog|ucitel|zamestnan|starost|hejtman|reditel"
    r"|aktivit|stredisko bylo|prvni|druh|my |jsme)"
)
_NAME_STOP = re.compile(
    r"\s(?:ve spoluprac\w+|spolu s|v ramci|za podpory|s podporou|za pomoci|a partner\w*|a to|se sidlem"
    r"|ktery|ktera|ktere|jehoz|a jeho|, ktery|z prostredku|diky|na zaklade|od roku|v letech|v roce"
    r"|v obdobi|pod\s(?:reg|nazv)|prostrednictvim)\b"
)


def _organisation_at(sentence: Sentence, start: int, end: int) -> tuple[tuple[int, int], str] | None:
    """Return where a nominative name stands, or None where the words are no name."""
    folded = sentence.folded[start:end]
    if stop := _NAME_STOP.search(folded):
        end = start + stop.start()
    span, _ = organisation(sentence.line, sentence.start + start, sentence.start + end)
    at = span.start - sentence.start, span.end - sentence.start
    # "Společnost Kovo s.r.o." is Kovo s.r.o.
    common = re.match(
        r"(?:spolecnost|firma) (?=.*(?:s\. ?r\. ?o|a\. ?s\b|v\. ?o\. ?s|k\. ?s\b))", sentence.folded[slice(*at)]
    )
    if common:
        at = at[0] + common.end(), at[1]
    name = sentence.text[slice(*at)].strip()
    first = sentence.folded[at[0] : at[1]]
    if not name or len(name) < 4 or len(name.split()) > 12 or _NOT_NAME.match(first):
        return None
    if not (
        name[0].isupper()
        or re.match(
            r"(?:obec|mesto|mestys|statutarni mesto|hlavni mesto|kraj|svazek|mikroregion|zakladni"
            r"|materska|stredni|spolek)\b",
            first,
        )
    ):
        return None
    if not re.search(r"[A-ZÁ-Ž]", name) or re.search(r"\d{3}", name) or re.search(r"[„“\"]", name):
        return None
    return at, name


def _beneficiary(sentence: Sentence) -> Iterator[Fact]:
    folded = sentence.folded
    if match := _IS_ROLE.search(folded):
        found = _organisation_at(sentence, match.start("name"), match.end("name"))
        if found:
            at, name = found
            yield sentence.fact("beneficiary", name, at, "sentence-role", 0.96)
            for ico in scan.icos(sentence.line.text, sentence.start + at[1], sentence.end):
                yield Fact(
                    "beneficiary.ico", ico.value, Span(sentence.line.index, ico.start, ico.end), "sentence-role", 0.95
                )
            return
    if (match := _APPLICANT.match(folded)) and (
        found := _organisation_at(sentence, match.start("name"), match.end("name"))
    ):
        yield sentence.fact("beneficiary", found[1], found[0], "sentence-role", 0.95)
        return
    for pattern, confidence in ((_ROLE_IS, 0.95), (_GOT, 0.91)):
        match = pattern.search(folded)
        if match and (found := _organisation_at(sentence, match.start("name"), match.end("name"))):
            at, name = found
            if confidence > 0.92 or _is_body(fold(name)):
                yield sentence.fact(
                    "beneficiary", name, at, "sentence-role" if confidence > 0.92 else "sentence-got", confidence
                )
                return
    if match := _AGENT.search(folded):
        at = match.start("name"), match.end("name")
        if sentence.text[at[0]].isupper() or match["name"].split()[0] in {
            "obci",
            "mestem",
            "mestysem",
            "obce",
            "mesta",
            "mestyse",
        }:
            yield sentence.fact("beneficiary.oblique", sentence.text[slice(*at)].strip(), at, "sentence-oblique", 0.9)
            return
    if match := re.search(
        r"(?:zaplatil\w*|uhradil\w*|doplatil\w*|zaplati|doplati|uhradi) (?P<name>(?:obec|mesto|mestys) \w+)", folded
    ):
        at = match.start("name"), match.end("name")
        name = sentence.text[slice(*at)]
        if name.split()[1][:1].isupper():
            yield sentence.fact("beneficiary", name, at, "sentence-got", 0.9)
            return
    if match := _OBLIQUE.search(folded):
        group = "name" if match["name"] else "pro"
        at = match.start(group), match.end(group)
        yield sentence.fact("beneficiary.oblique", sentence.text[slice(*at)], at, "sentence-oblique", 0.9)


_APPLICANT = re.compile(
    r"^(?:zadatel\w*|prijemce|nositel\w*|realizator\w*)(?: (?:projektu|dotace"
    r"|podpory))* (?P<name>[a-z].{4,90}?) (?:hradi|ziskal\w*|je|byl\w*|realizuje|obdrzel\w*|zajisti\w*"
    r"|bude|se|muze|ma)\b"
)
_AGENT = re.compile(
    r"\b(?:realizovan\w*|zajistovan\w*|uskutecnovan\w*|predlozen\w*"
    r"|projektu?) (?P<name>(?:krajem vysocina|kraje vysocina|\w+(?:skym|ckym|skeho|ckeho) kraj\w+|(?:obci"
    r"|mestem|mestysem|obce|mesta|mestyse|ministerstv(?:em|a)|kancelar[ei]|univerzit(?:ou|y)|nemocnic[ie]"
    r"|charit(?:ou|y)|spolk(?:em|u)|diakoni[ie]|hlavnim mestem"
    r"|hlavniho mesta) [^,;.(„\"]{3,70}?))(?=[,;.(„\"]| se | ktery| v ramci| je | byl| zameren| na |$"
    r"| s nazvem)"
)
_HEADS = {
    "krajem": "Kraj",
    "kraje": "Kraj",
    "obci": "Obec",
    "obce": "Obec",
    "mestem": "Město",
    "mesta": "Město",
    "mestysem": "Městys",
    "mestyse": "Městys",
    "ministerstvem": "Ministerstvo",
    "ministerstva": "Ministerstvo",
    "kancelari": "Kancelář",
    "kancelare": "Kancelář",
    "univerzitou": "Univerzita",
    "univerzity": "Univerzita",
    "nemocnici": "Nemocnice",
    "nemocnice": "Nemocnice",
    "charitou": "Charita",
    "charity": "Charita",
    "spolkem": "Spolek",
    "spolku": "Spolek",
    "diakonii": "Diakonie",
    "diakonie": "Diakonie",
}


_BODY = re.compile(
    r"\b(?:obec|mesto|mestys|kraj|kraji|hlavni mesto|statutarni|spolek|charita|diakonie|skola|gymnazium"
    r"|univerzita|nemocnice|muzeum|galerie|knihovna|sdruzeni|svazek|mikroregion|mas\b|mistni akcni|ustav"
    r"|nadac\w+|fond\b|centrum|stredisko|domov|agentura|urad|ministerstvo|akademie|institut|divadlo|zoo"
    r"|sprava|povodi|lesy|reditelstvi|sbor|fakulta|ops\b|farnost|organizace|spolecnost|druzstvo|zs\b|ms\b"
    r"|sou\b|oa\b|sps\b|policie|hasicsk\w+|kancelar|komora|technicke sluzby|dopravni podnik|krajska"
    r"|detsky|odborne)\b"
    r"|s\. ?r\. ?o|a\. ?s\.|z\. ?s\b|z\. ?u\b|o\. ?p\. ?s|p\. ?o\.|v\. ?v\. ?i"
)


def _is_body(folded: str) -> bool:
    """Whether a name has a word that only organisations have."""
    return bool(_BODY.search(folded))


def full_name(name: str, page: Page) -> str:
    """Return the name that a short form stands for ("Kancelář" after "… (dále jen „Kancelář“)"), else the name itself.

    One common noun ("Kancelář") stands for the longer name that begins with it, where the page has but one.
    """
    if len(name.split()) > 1 or not name[:1].isupper() or not _is_body(fold(name)):
        return name
    longer: set[str] = set()
    for line in page.lines:
        for match in re.finditer(
            rf"\b{re.escape(name)}(?: [\w.-]+){{1,8}}?(?=,| \(dále| \(| (?:je|byl|se|na|v|vykonává"
            rf"|realizuje|získal|zahájil|provádí|od)\b)",
            line.text,
        ):
            words = match[0].split()
            if words[1][0].isalpha() and words[1] not in {"od", "se", "je", "v", "na", "z", "a"} and len(words) < 9:
                longer.add(match[0])
    return longer.pop() if len(longer) == 1 else name


def nominative(oblique: str, page: Page) -> str:
    """Return the name that oblique words mean: as the page prints it elsewhere, or a plain one ("obci Dubová"); "" if unsure."""
    words = fold(oblique).split()
    stems = [stem(word)[:5] for word in words]
    texts = [page.title, *(line.text for line in page.lines)]
    for text in texts:
        tokens = list(re.finditer(r"[\w.]+", text))
        folded = [fold(token[0]) for token in tokens]
        for at in range(len(tokens) - len(words) + 1):
            if all(folded[at + n].startswith(stems[n]) for n in range(len(words))):
                name = text[tokens[at].start() : tokens[at + len(words) - 1].end()]
                first = folded[at]
                if first in {"obec", "mesto", "mestys"} or (fold(name) != fold(oblique) and _is_body(first)):
                    return name[0].upper() + name[1:] if first in {"obec", "mesto", "mestys"} else name
    if words[0] in _HEADS and len(words) > 1:
        # What follows a noun in the genitive keeps its form: "Ministerstvem práce a sociálních věcí".
        rest = oblique.split(" ", 1)[1]
        if words[0] not in {"obci", "obce", "mesta", "mestem", "mestys", "mestyse", "mestysem"} and (
            rest[:1].islower() or fold(rest) in {"vysocina"}
        ):
            return f"{_HEADS[words[0]]} {rest}"
    head = _GENERIC.get(words[0])
    proper = oblique.split()[1:]
    # After "obci" a name mostly stays as it is; one that was declined ends otherwise.
    if (
        head
        and len(proper) == 1
        and words[0] in {"obci", "mestu", "mestysi", "obec", "mesto", "mestys"}
        and not proper[0].endswith(("u", "i", "ům"))
    ):
        return f"{head} {' '.join(proper)}"
    return ""


_SPEAKS = re.compile(r"\b(?:jsme|nam|nas|nase|nasi|nasich|nasim|nasemu|nasem|u nas|\w{2,}(?:ujeme|ame|ime|eme))\b")
_GAINED = re.compile(
    r"ziskal|obdrzel|dostal|pridelil|poskytl|vyclenil|prispel|uspel|cerpa|realiz|financ|diky penez"
    r"|z prostredk|dotac|podporen|zapojil|schvalen|resime|resili|zahajil|dokoncil|poslal"
)
_MONEY_OR_PROJECT = re.compile(r"projekt|dotac|podpor|prispev|grant|penez|penize|operacni|program|erasmus|fond")
_OFFICE = (
    (re.compile(r"mestsky urad (?=\w)"), "Město"),
    (re.compile(r"obecni urad (?=\w)"), "Obec"),
    (re.compile(r"urad mestyse (?=\w)"), "Městys"),
)


def publisher(page: Page) -> tuple[str, Span] | None:
    """Return the organisation that publishes the page, as its footer names it beside an IČO, or its title does."""
    for line in reversed(page.lines):
        found = next(scan.icos(line.text), None)
        if not found:
            continue
        head = line.text[: found.start]
        start = re.match(r"(?:©|\(c\)|copyright|provozovatel:?|vydavatel:?|\s|(?:19|20)\d\d)*", fold(head))
        at = start.end() if start else 0
        span, _ = organisation(line, at, found.start)
        name = re.split(r"\s[|·–•-]\s?|\s?·|, (?:č\. ?p\.|namesti|nám)", line.text[span.start : span.end])[0]
        name = re.sub(r"[\s,(]*(?:IČO?|IČ/DIČ)\s*:?\s*$", "", name).strip(" ,|·–-")
        if not name and line.index:
            above = page.lines[line.index - 1]
            name, span = above.text.strip(" ,"), Span(above.index, 0, len(above.text))
        for office, kind in _OFFICE:
            if match := office.match(fold(name)):
                name = f"{kind} {name[match.end() :]}"
        if (
            name
            and name[0].isupper()
            and len(name) < 120
            and _is_body(fold(name))
            and not re.search(r"\burad\b|kontakt", fold(name))
        ):
            return name, Span(span.line, span.start, min(span.end, span.start + max(1, len(name))))
    return None


def speaks(lines: list[Line], name: str) -> bool:
    """Whether the publisher tells of its own project: in the first person, or as "obec", "naše škola"."""
    head = fold(name).split()[0]
    for sentence in sentences(lines):
        folded = sentence.folded
        if not _GAINED.search(folded) or not _MONEY_OR_PROJECT.search(folded) or _NOT_OURS.search(folded):
            continue
        if _SPEAKS.search(folded) and not re.search(
            r"partner\w* projektu|zapojil\w* do projektu|svereno|sveril|v ramci projektu (?:kraje|mas)", folded
        ):
            return True
        if head in {"obec", "mesto", "mestys", "charita", "nemocnice", "skola"} and re.search(
            rf"\b(?:nase )?{head}\b (?:\w+ ){{0,3}}?(?:ziskal|obdrzel|dostal|doplatil|zaplatil|realiz"
            rf"|opravil|poridil|prispel)|(?:doplatil\w*|zaplatil\w*|uhradil\w*|ziskal\w*) (?:\w+ )?{head}\b",
            folded,
        ):
            return True
    return False


# Money -----------------------------------------------------------------------------------------------

_NOT_OURS = re.compile(
    r"alokac\w+|alokovan\w+|rozdelil\w*|cel\w+ program|pro (?:cel\w+ )?(?:cr|ceskou republiku)\b"
    r"|navratn\w+ (?:financni )?(?:vypomoc|podpor)|pujck\w*|uver\w*|daroval\w*|\bdar\b|pokut\w*"
    r"|od roku \d{4} jsme ziskali|(?:dvou|tri|ctyr|peti|\d+) projekt\w+|projekt[yu]m? za|rocne|kazdorocne"
    r"|mesicne|na osobu|na zaka|za hodinu|vstupne|kapesne|cena vstup"
)
_EU = (
    r"(?<![a-z])(?:eu\b|evropsk\w+ uni\w+|evropsk\w+ (?:socialni\w*|strukturaln\w+)? ?fond\w*"
    r"|evropsk\w+ (?:prostredk\w+|penez|dotac\w+|zdroj\w+)|esf\w*|erdf|efrr|fond\w+ soudrznosti"
    r"|unijn\w+|irop\w*|operacni\w+ program\w+|opzp|op \w+|rop\b)"
)
_CUES: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "eligible",
        re.compile(r"(?:zpusobil\w+|uznateln\w+)(?: (?:naklad\w*|vydaj\w*))?(?: projektu| akce)?(?: \w+){0,4}? ?$"),
    ),
    (
        "total",
        re.compile(
            r"(?:(?:celkov\w+|veskere) (?:naklad\w*|vydaj\w*|rozpoc\w+|cena|castk\w+|hodnot\w+"
            r"|investic\w+)|rozpocet\w*|naklad\w*(?: na)?|hodnot\w+ projektu|(?:prisel|prisla|prislo"
            r"|vysel|vysla|vyslo|vyjde|prijde) (?:\w+ ){0,3}?na|stal[aoy]?|stoji|bude stat|investice"
            r"|celkem za|cena dila)(?: (?:na |)(?:projekt\w*|akc\w+|stavb\w*|rekonstrukc\w*|realizac\w*"
            r"|cele\w*|opravy?|vystavb\w*))*(?: (?:cini|cinil\w*|dosahl\w*|dosahnou|jsou|byl\w*|je|bude"
            r"|presahl\w*|vysplhal\w*|se vysplhal\w*|ve vysi|na|kolem|priblizne|cca|celkem|vice nez"
            r"|ve vysi celkem|predstavuj\w+|odhadov\w+|budou|vc\.? dph|s dph|bez dph|pak|se|,))*\s?$"
        ),
    ),
    (
        "own",
        re.compile(
            r"(?:vlastni(?:ch|mi)? (?:zdroj\w*|prostredk\w+|podil\w*|rozpoctu)|ze sv(?:eho|ych)(?: \w+)?"
            r"|z (?:mestskeho|obecniho|vlastniho) rozpoctu|z rozpoctu (?:mesta|obce|mestyse|skoly)"
            r"|spoluucast\w*(?: mesta| obce| prijemce)?|podil (?:mesta|obce|mestyse|prijemce)|(?:obec"
            r"|mesto|mestys)(?: ze sveho rozpoctu| z vlastnich zdroju| ze sveho)? (?:pri(?:spel|da|dal"
            r"|spe)\w*|zaplati\w*|doplati\w*|uhradi\w*|hradi\w*|doplatil\w*|vlozi\w*"
            r"|financovalo?))(?: (?:obce|mesta))?(?: (?:ve vysi|cini|cinil\w*|je|castk\w+|castkou"
            r"|priblizne|cca|zbyl\w+|pres|temer|to|bude|byl\w*|ve|celkem|zbyvajicich|dalsich))*\s?$"
        ),
    ),
    (
        "state",
        re.compile(
            r"(?:statni\w* rozpoc\w+|statni\w* fond\w*[\w ]{0,30}|\bstat(?: k \w+| na \w+)?(?: pak"
            r"| take)? (?:prida|pridal|prispel|prispeje|doplati|poskytl)\w*|sfzp|sfdi|sfrb"
            r"|ministerstv\w+ (?:\w+ ){0,6}?(?:poskytlo|prispelo|pridelilo|uvolnilo)[^.,]{0,60}?|m(?:mr"
            r"|sp|zp|v|f|k|ze|o|psv|smt)\b (?:poskytlo|prispelo)[^.,]{0,50}?|od statu)(?: (?:cr"
            r"|ceske republiky))?(?: (?:ve vysi|cini|castk\w+|castkou|dotac\w+|prispevek|prispel\w*"
            r"|priblizne|cca|bude|celkem|dalsich|je|pak))*\s?$"
        ),
    ),
    (
        "regional",
        re.compile(
            r"(?:(?:\w+sk[yeé]\w*|\w+ck[yeé]\w*) kraj\w*|kraj vysocina|kraje vysocina"
            r"|krajsk\w+ (?:dotac\w+|prispev\w+)|z rozpoctu kraje|kraj)(?: (?:dorovna|dorovnal|prispel"
            r"|pridal|poskytl|dal|prispeje|dotac\w+|prispev\w+|castk\w+|castkou|ve vysi|dalsich|pak"
            r"|na \w+))*\s?$"
        ),
    ),
    (
        "eu",
        re.compile(
            rf"evropsk\w+ (?:slozk\w+|cast\w*|podil\w*|dotac\w+)(?: \w+)?(?: (?:predstavuje|cini|cinil\w*"
            rf"|je|ve vysi))*\s?$|(?:dotac\w+|prispev\w+|podpor\w+|podil\w*|prostredk\w+|castk\w+|z)?(?: z"
            rf"| ze| od)?(?: \w+)? ?{_EU}(?: (?:pro|regionalni\w*|rozvoj\w*|zivotni|prostredi"
            rf"|[a-z]+)){{0,3}}?(?: (?:ve vysi|cini|cinil\w*|prispel\w*|je|hradi|pokryla|pokryje|dosahl\w*"
            rf"|bude|castk\w+|castkou|celkem|poskytla|tvori))*\s?$"
        ),
    ),
    (
        "grant",
        re.compile(
            r"(?:operacni\w* program\w*|\bop \w+|irop|program\w*)[^.\d]{0,60}(?:vyclenil|pridelil|poskytl"
            r"|prispel)\w*(?: castkou| castku)?\s?$|(?:dotac\w+|podpor\w+|grant\w*|prispev\w+|subvenc\w+"
            r"|financ\w+ prostredk\w+)(?: (?:z|ze|od|na|pro|v|ve|vysi|hodnote|castce|celkove|celkem|ktera"
            r"|ktere|cini|cinil\w*|dosahl\w*|dosahuje|je|byl\w*|bude|maximalni|schvalen\w*|poskytnut\w*"
            r"|pridelen\w*|projekt\w*|akc\w+|[a-z]+)){0,7}?\s?$"
        ),
    ),
)
_AFTER: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "own",
        re.compile(
            r",? (?:\w+ ){0,2}?(?:zaplatil\w*|uhradil\w*|doplatil\w*|hradi\w*|zaplati|doplati|uhradi"
            r"|financoval\w*|doplnil\w*|prida\w*|vlozil\w*) (?:\w+ ){0,2}?(?:obec|mesto|mestys|skola"
            r"|prijemce|kraj)|,? (?:z vlastnich|ze sveho|z vlastniho|z rozpoctu (?:mesta|obce|mestyse)"
            r"|z mestskeho|z obecniho|vlastnich (?:zdroju|prostredku))"
        ),
    ),
    (
        "state",
        re.compile(
            r",? (?:\w+ ){0,3}?(?:ze statniho|statni rozpocet|ze sfzp|ze statniho fondu|(?:bylo|byl"
            r"|tvoril|jde|jdou|pokryl|uhradil) (?:ze )?stat)"
        ),
    ),
    ("eu", re.compile(rf",? (?:\w+ ){{0,4}}?(?:z |ze |od )?{_EU}")),
    ("grant", re.compile(r",? (?:\w+ ){0,2}?(?:dotac[ie]\w*|(?:cinila|cini|je|byla) (?:vyse )?(?:dotace|podpory))")),
    (
        "total",
        re.compile(
            r",? (?:dodal\w*|vznikl\w*|stal[aoy]?\b|(?:jsou|byly|cinily|cini) (?:celkove )?naklad\w*"
            r"|byl\w* (?:celkov\w+ )?(?:naklad\w*|rozpocet))"
        ),
    ),
)


def _money(sentence: Sentence) -> Iterator[Fact]:
    folded = sentence.folded
    if _NOT_OURS.search(folded):
        return
    previous = 0
    for money in scan.amounts(sentence.line.text, sentence.start, sentence.end):
        if not money.currency or money.value < 1000:
            continue
        at = money.start - sentence.start, money.end - sentence.start
        before, after = folded[previous : at[0]][-110:], folded[at[1] : at[1] + 70]
        previous = at[1]
        kind = next((kind for kind, cue in _CUES if cue.search(before.rstrip("( ").rstrip(":") + " ")), "")
        if kind == "grant" and re.search(rf"(?:dotac|prispev|podpor)\w+ (?:z|ze|od) (?:\w+ )?{_EU}", before):
            kind = "eu" if not re.search(r"program|irop|opzp|op \w+|rop", before) else "grant"
        if (
            kind == "eu"
            and re.search(r"program|irop|opzp|\bop \w+|\brop\b", before)
            and not re.search(r"\beu\b|evropsk\w+ (?:unie|fond|social)|esf|erdf|efrr|soudrznosti", before)
        ):
            kind = "grant"
        if (
            kind == "grant"
            and re.search(
                r"ministerstv\w+ \w+(?: \w+)* (?:poskytlo|pridelilo|prispelo)|ze statniho rozpoctu|statniho fondu",
                folded[: at[0]],
            )
            and not re.search(r"program", before)
        ):
            kind = "state"
        if not kind:
            kind = next((kind for kind, cue in _AFTER if cue.match(after)), "")
        if not kind:
            continue
        # "dotace činila 85 % z celkových 10 mil. Kč": a share of a sum
        yield Fact(
            kind,
            clean.canonical_decimal(money.value),
            Span(sentence.line.index, money.start, money.end),
            "sentence-amount",
            0.93,
        )
        yield Fact(
            f"{kind}.currency",
            money.currency,
            Span(sentence.line.index, money.start, money.end),
            "sentence-amount",
            0.93,
        )


_FINANCED = re.compile(
    r"financ|projekt|hradi|operacni\w* program|podpor|hrazen|prostredk|dotac|prispe|prostrednictvim"
    r"|v ramci|fond|spolufinanc|grant"
)


# Programmes without a code in our lists: known by name only.
_OTHER_PROGRAMMES = (
    (r"narodni\w* plan\w* obnovy", "Národní plán obnovy"),
    (r"narodni\w* program\w* zivotni prostredi", "Národní program Životní prostředí"),
    (r"(?:fond\w* ehp|ehp fond\w*)(?: a norska)?", "Fondy EHP"),
    (r"norsk\w+ fond\w*", "Norské fondy"),
    (r"erasmus ?\+", "Erasmus+"),
    (r"program\w* obnovy venkova", "Program obnovy venkova"),
    (r"podpor\w* obnovy a rozvoje venkova", "Podpora obnovy a rozvoje venkova"),
)


def other_programmes(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield programmes that have a name but no code here: the name, where it begins and ends."""
    for pattern, name in _OTHER_PROGRAMMES:
        for match in re.finditer(rf"\b{pattern}", fold(text)):
            yield name, match.start(), match.end()


def _funding(sentence: Sentence, lists: Lists) -> Iterator[Fact]:
    if not _FINANCED.search(sentence.folded) or (
        _NOT_OURS.search(sentence.folded) and "projekt" not in sentence.folded
    ):
        return
    text = sentence.text
    for name in lists.programmes.find(text):
        at = name.start, name.end
        if re.search(r"navaz\w+[^.]*$|\bz\s?$", sentence.folded[: name.start]) and "navaz" in sentence.folded:
            continue
        yield sentence.fact("programme", text[slice(*at)], at, "sentence-programme", 0.94)
    for shown, start, end in other_programmes(text):
        yield sentence.fact("programme.other", shown, (start, end), "sentence-programme", 0.9)
    if re.search(r"financ|podpor|hrazen|prostredk|dotac|prispe|prispiva|grant", sentence.folded):
        for name in lists.funds.find(text):
            at = name.start, name.end
            yield sentence.fact("funds", text[slice(*at)], at, "sentence-fund", 0.95)
        for match in re.finditer(r"\bstatni(?:m|ho)? rozpoct?\w+(?: (?:cr|ceske republiky))?", sentence.folded):
            yield sentence.fact("funds.state", "státní rozpočet", match.span(), "sentence-fund", 0.95)


# What came of it -------------------------------------------------------------------------------------

_WORDS = {
    "dva": 2,
    "dve": 2,
    "tri": 3,
    "ctyri": 4,
    "pet": 5,
    "sest": 6,
    "sedm": 7,
    "osm": 8,
    "devet": 9,
    "deset": 10,
    "dvacet": 20,
}
_MADE = (
    r"(?:aktivit\w+|soucasti) byl\w*|vydame|vyda|vyskolime|zaskolime|najdeme|ceka je|potka se|vyustil\w*"
    r"|osetren\w*|osetri\w*|nahradi\w*|zamestnal\w*|zamestna\w*|prijal\w*|vyuzilo|poslouzi|vycestuje"
    r"|pribydou|vyrostl\w*|vyroste|koupil\w*|koupi\w*|soutez na|nakup|vysadba|"
    r"vznik\w*|vybudov\w+|vytvor\w+|probehl\w*|probehne|uskutecnil\w*|uskutecni\b|konal\w*|zucastnil\w*"
    r"|zucastni\b|prosl\w*|projde|ziskal\w*|proskol\w+|vyskol\w+|podporen\w*|podpori\w*|zapojen\w*"
    r"|zapoji\w*|zapojil\w*|opravi\w*|opraven\w*|zrekonstruov\w+|porizen\w*|poridi\w*|nakoupen\w*"
    r"|vysazen\w*|vysadi\w*|vysadil\w*|instalov\w+|nainstalov\w+|absolvov\w+|usetri\w*|vysledkem|poskytne"
    r"|nauci\w*|udrzet|vyzkousi|naleznou|najde|slouzi\w*|osazen\w*|vymenen\w*|vyrobi\w*|zpracovan\w*"
    r"|vydan\w*|uspora\w*|snizi\w*|postaven\w*|pribud\w+|pribyl\w*|realizovan\w* byl\w*|usporadal\w*"
    r"|usporadan\w*|hradi|vycvi\w+|vysto\w+|zateplen\w*|modernizov\w+|dodan\w*"
)
_NUMBER = re.compile(
    rf"(?<![\w./,§-])(?:(?P<digits>\d{{1,3}}(?:[ .]\d{{3}})+|\d+(?:,\d+)?)"
    rf"|(?P<word>{'|'.join(_WORDS)}))\s(?P<what>[a-z²³][\w/²³%-]*(?:\s(?:a\s)?[a-z][\w-]*){{0,4}})"
)
_NOT_WHAT = re.compile(
    r"^(?:kc|czk|eur|pln|zl\b|korun|tis|mil|mld|%|procent|hod\w*\b|h\b|leden|unor|brez|dub|kvet|cerv|srp"
    r"|zari|rij|listop|pros|ledna|let\b|lete|roku|roky|rok\b|mesic\w*|dn[iuy]\b|dnech|dny|tydn\w*"
    r"|minut\w*|sb\b|str\b|stran\w* \w|az |do |od |a \d|c\.|odst|pism|bod\w*|patr\w*|poschod\w*|letech"
    r"|etap\w*|rocnik|trid[aey]\b|stupn\w*|cleny|clenn\w*|krat|x\b|kw\b|fax|tel|m\b \d|let$"
    r"|(?:\w+ )?aktivit\w*|krok|faz|nadzem|podlaz|projekt\w*$|novych projekt|partner\w*|programov\w*"
    r"|operacni\w*|vyzv\w*|hlavni\w* (?:cil|aktiv|obla)|klicov\w* aktiv|typy|oblast\w*|zakladni\w* pilir)"
)
_STOP_WORDS = frozenset(
    [
        "ktere",
        "ktery",
        "ktera",
        "kteri",
        "kterych",
        "jimiz",
        "nimiz",
        "jez",
        "pro",
        "v",
        "ve",
        "na",
        "do",
        "od",
        "z",
        "ze",
        "za",
        "pri",
        "po",
        "pod",
        "nad",
        "u",
        "o",
        "s",
        "se",
        "si",
        "je",
        "jsou",
        "byl",
        "byla",
        "bylo",
        "byly",
        "bude",
        "budou",
        "i",
        "ale",
        "aby",
        "ma",
        "maji",
        "take",
        "tak",
        "uz",
        "jiz",
        "az",
        "tj",
        "cca",
        "celkem",
        "mezi",
        "behem",
        "dne",
        "jehoz",
        "jejich",
        "to",
        "tim",
        "dale",
        "navic",
        "ji",
        "jim",
    ]
)


def _outputs(sentence: Sentence) -> Iterator[Fact]:
    folded = sentence.folded
    if not re.search(rf"\b(?:{_MADE})\b", folded) or re.search(
        r"prihlas|obcan\w* muz|pocet obyvatel|obyvatel zije|bodovan|v celkovem poradi|z celkovych|alokac", folded
    ):
        return
    for match in _NUMBER.finditer(folded):
        what = match["what"]
        if _NOT_WHAT.match(what) or re.match(rf"(?:{_MADE})\b", what):
            continue
        if (
            match["digits"]
            and re.fullmatch(r"(?:19|20)\d{2}", match["digits"])
            and not re.match(r"(?:ucastn|osob|kus|strom|ker)", what)
        ):
            continue
        before = folded[max(0, match.start() - 25) : match.start()]
        if re.search(
            r"\b(?:c\.|cislo|cislem|az|vyhl\w*\.?|zakon\w*|§|odst\.|bod|str\.|tel\.?:?|do|o|po|v|ve|od|za"
            r"|okres|silnic\w+|trid\w+|kapitol\w+|paragraf\w+|kazdych|pouze z|starsich|starsi|mladsi"
            r"|priorit\w+|os[ay]|cil|aktivit\w+)\s$|[§/]\s?$|\d\.\s?$|\d\s?[-–]\s?$",
            before,
        ):
            continue
        words = what.split()
        kept: list[str] = []
        at_word = match.start("what")
        for word in words:
            # A preposition or a name of its own ends the noun.
            if word in _STOP_WORDS or len(word) == 1 or (kept and sentence.text[at_word].isupper()):
                break
            kept.append(word)
            at_word += len(word) + 1
        kept = kept[:3]
        if not kept or len(kept[0]) < 2:
            continue
        length = len(" ".join(kept))
        at = match.start(), match.start("what") + length
        number = (
            str(_WORDS[match["word"]])
            if match["word"]
            else re.sub(r"[ .](?=\d{3})", "", match["digits"]).replace(",", ".")
        )
        wording = sentence.text[match.start("what") : at[1]]
        yield sentence.fact("output", f"{number}|{wording}", at, "sentence-output", 0.86)
