"""When a project ran; the periods of services, courses, calls and plans are somebody else's."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .. import scan
from ..facts import Fact, Span
from .sentence import Sentence

__all__ = ["page_date", "periods"]

# The period of something else: services, courses, calls, plans, sustainability, the programme.
_NOT_PERIOD = re.compile(
    r"\bsluz\w+ (?:bud|jsou|byl)|platn\w+ plan|\bplan\w* (?:na|pro) (?:leta|obdobi|roky)|udrzitelnost"
    r"|programov\w+ obdob|\bvyzv\w+ (?:byl|je)|prihlas\w+|zadost\w* (?:byl|je|mus)"
    r"|prijem (?:zadosti|projektu)|kurz\w* (?:prob|se|byl|zac)|seminar\w* (?:prob|se|byl)"
    r"|konferenc\w+ (?:prob|se|byl)|\bluz\w+|celkem \d+ mesic|v obdobi od .{0,40}celkem|uzaver\w+"
    r"|dopravni omezeni|omezeni (?:skonc|plati|potrv)|objizd\w+|objizdk\w+|hlasovani|smlouv\w+ (?:byl|o)"
)
_SUBJECT = (
    r"(?:projekt\w*|realizac\w+|stavb\w*|stavebni\w* prac\w+|prac[ei]\b|prace\b|rekonstrukc\w+"
    r"|vystavb\w*|akc[ei]\b|zateplen\w*|modernizac\w+|oprav\w+|revitalizac\w+|reseni|resit se"
    r"|delnic\w+|stavbar\w*|dilo|staveniste|hotovo|vrta\w+|vse musi byt)"
)
_DATE_WORDS = (
    r"(?:(?:dne|dnem|ke dni|k datu|k|ke|v|ve|od|do|na|koncem|zacatkem|pocatkem|prubehu|roce|nejpozdeji|je|byt"
    r"|roku|mesici|mesice|datum|datem|byl\w*|bude|konce|az|ma)\s)*"
)


def periods(sentence: Sentence, year: str = "") -> Iterator[Fact]:
    """Yield when the project started and ended; `year` is what "letos" means."""
    folded = sentence.folded
    if _NOT_PERIOD.search(folded):
        return
    yield from _ranges(sentence)
    yield from _ends(sentence, year)


_RUNS = re.compile(
    r"(?:(?P<verb>realizovan\w*|realizova[nlt]\w*|realizuje\w*|probih\w+|probehl\w*|probehne|trva\w*"
    r"|potrva|resen\w*|uskutecn\w+|podporoval\w*|podporen\w*|podporuje|naplanovan\w*|bezi|financovan\w*"
    r"|delka|zapojen\w*|uskutecnovan\w*|implementovan\w*|pracoval\w*|behem \d+ mesicu,? od)"
    r"|(?P<noun>doba (?:realizace|trvani|reseni)|obdobi realizace|termin realizace|realizace projektu"
    r"|trvani projektu))"
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
        about = (
            re.search(r"projekt|realizac|\bakc[ei]\b|stavb|reseni", before)
            or re.match(r"projekt|ten se|resit se", folded)
            or re.match(r"\s(?:svuj |nas |spolecny )?projekt\b", after)
            or (
                verb
                and re.search(
                    r"(?:modernizace|rekonstrukce|prestavba|vystavba|oprava|revitalizace) $", before[: verb[-1].start()]
                )
            )
        )
        close = verb and len(before) - verb[-1].end() < 45
        follows = re.match(
            r"\)?,?\s(?:byl\w* |je |bude |se |jsme |probih\w+ |probehl\w* )?(?:\w+ ){0,6}?(?:realizova\w*"
            r"|probih\w+|uskutecn\w+|realizuje\w*|resen\w*|postavil\w*|vybudoval\w*|opravil\w*|navazal\w*)",
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
    r"|zacal\w*|odstartoval\w*|spusten\w*|nastartovan\w*|rozbehl\w*|startuje|zahajuje|nastoupil\w*"
    r"|prevzal\w* staveniste)"
)
_ENDED = (
    r"(?:ukoncen\w*|dokoncen\w*|skoncil\w*|skonci|skoncit (?:ma|by mel\w?)|zakoncen\w*|ukoncil\w*|dokoncil\w*"
    r"|uzavren\w*|konci|predal\w*(?: dilo| stavbu)?|odevzdal\w*|hotov\w{0,2}(?: ma byt| bude| byl\w?)?|v provozu)"
)
_YEARLY = re.compile(
    rf"{_SUBJECT}[^.]{{0,60}}?(?:realizovan\w*|realizova[nl]\w*|uskutecn\w+|probehl\w*|proveden\w*"
    rf"|resen\w*)(?: byl\w*| bude)?(?: \w+){{0,3}}? (?:v|behem|v prubehu) (?:roce|roku"
    rf"|r\.)\s?(?P<year>(?:19|20)\d{{2}})\b(?! ?[-–a])"
)


def _ends(sentence: Sentence, year: str) -> Iterator[Fact]:
    folded = sentence.folded
    stretch = sentence.line.text, sentence.start, sentence.end
    for read in [*scan.dates(*stretch), *scan.this_year(sentence.line.text, year, sentence.start, sentence.end)]:
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
                rf",?\s(?:kdy |byl\w* |bude |projekt |realizace |jsme |se |oficialne |uspesne |slavnostne "
                rf"|fyzicky )*{verb}(?P<rest>[^.]{{0,50}})",
                after,
            )
            behind = re.search(
                rf"(?P<rest>[^.]{{0,60}}?){verb}\s?(?:[a-z]+ ){{0,4}}?(?:byl\w* |bude |jiz |uspesne |take "
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
    about = re.search(r"projekt|realizac|praci\b|stavb|resit se", sentence.folded)
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
        r"(?P<what>zahajeni|zacatek|dokonceni|ukonceni|konec)(?: (?:realizace|projektu|stavby|praci|reseni))* (?:je"
        r"|bylo|bude|se predpoklada|je planovano|planovano)(?: (?:planovano|stanoveno|dne|k|ke dni"
        r"|na))*\s$",
        before,
    ):
        yield Fact(
            "start" if match["what"] in {"zahajeni", "zacatek"} else "end", read.value, span, "sentence-since", 0.92
        )
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


def page_date(sentence: Sentence) -> Iterator[Fact]:
    """Yield the date of the page, where a sentence states it."""
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
