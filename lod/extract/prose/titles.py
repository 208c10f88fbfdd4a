"""What a project is called, its number, and the projects and plans it continues."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .. import scan
from ..facts import Fact, Span
from . import bodies
from .sentence import OTHER_PROJECT, Sentence

__all__ = ["numbers", "plans", "related", "titles"]

_OPEN, _CLOSE = "„\"»“”‚'", "“\"«”‘'"
_CALLED = (
    r"(?:projekt\w{0,3}|akc[ei]|stavb[auy]|zamer\w{0,2})(?:\s(?:s\snazvem|pod\snazvem|nazvan\w+"
    r"|nesouci\w*\snazev|s\stitulem|nese\snazev|ma\snazev|se\snazvem|jmenem|se\sjmenuje))?"
)
_QUOTED = re.compile(
    rf"{_CALLED}[\s:–-]{{1,3}}(?P<owner>(?:\(?[a-z][\w.,()]*\s){{0,8}}?)[{_OPEN}](?P<title>[^{_OPEN}{_CLOSE}]{{3,220}})[{_CLOSE}]"
)
_NAMED = re.compile(
    r"(?:projekt\w{0,3}|akc[ei])\s(?:s\snazvem|pod\snazvem|nazvan\w+|nese\snazev|s\stitulem"
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


_BAPTISED = re.compile(
    r"projekt (?:dostal|nese|ma) (?:jmeno|nazev) (?P<title>[^„\",.;:(]{6,160}?)(?=,|\."
    r"|;|$| a (?:reg|ma|je)\b)"
)
_CAPITAL = re.compile(
    r"\b(?:projekt\w{0,3}|akce) (?P<title>[^,.;:„\"()]{8,140}?)(?=[,;(]|(?<!\bsv)(?<!\bul)(?<!\bc)\.(?:\s|$)|$"
    r"| a reg|\s(?:je|byl|byla|bude|ma|maji|probih\w+|jehoz|skonci\w*|se|financ\w+|v (?:letech|roce|ramci)"
    r"|realizov\w+|rozdel\w+|nabiz\w+|pomaha\w*|prinas\w+|prinese|umozn\w+|uspel\w*|ziskal\w*|reaguje|resi)\b)"
)
# "Nositel projektu Univerzita …": the word belongs to a label.
_LABEL_BEFORE = re.compile(
    r"(?:nositel|prijemce|partner|partneri|manazer|garant|cislo|kod|stav|resitel|realizator|vedouci|koordinator"
    r"|poskytovatel|zadatel|naklady|vydaje|rozpocet|misto|zahajeni|ukonceni|doba|typ|druh) $"
)
# What follows "projekt" with a capital and is no name of it.
_OWNER = re.compile(
    r"(?:eu|esf|evropsk\w+|ministerstv\w+|op|opz|irop|mas|mest[oa]|obce|kraje|charity|univerzity|skoly|kancelar\w*"
    r"|interreg|erasmus\w*|norsk\w+|\w+(?:skeho|ckeho) kraje|narodni\w*|cz|pl|reg|c)\b"
)
_ASKED_FOR = re.compile(
    r"(?:dotac\w+|zadost\w*|prispev\w+|podpor\w+) na (?:projekt"
    r"|akci) (?P<title>[^„\",.;:(]{12,200}?)(?=[,.;(]|$| ve vysi| z (?:op|oper))"
)
_FINITE = re.compile(r"\b(?:je|byl|byla|bude|ktery|realizovan\w*|podporen\w*|reg\.?)\b")
# Ways to name a project, the surest first; what a pattern without quotes finds must look like a name.
_WAYS = (
    (_NAMED, 0.95),
    (_BAPTISED, 0.94),
    (_ASKED_FOR, 0.92),
    (_WITH_NUMBER, 0.93),
    (_SUBJECT_TITLE, 0.92),
    (_AFTER_NUMBER, 0.92),
    (_WHICH_TITLE, 0.91),
    (_CAPITAL, 0.88),
)


def titles(sentence: Sentence) -> Iterator[Fact]:
    """Yield the names that a sentence gives its project: in quotes, after "s názvem", beside the number."""
    folded = sentence.folded
    for match in _QUOTED.finditer(folded):
        before = folded[max(0, match.start() - 60) : match.start()]
        if not re.search(rf"{OTHER_PROJECT.pattern}|predch|dalsi\w* $|jin\w+ $|obdobn|podobn", before):
            yield _title(sentence, match, 0.96)
    for pattern, confidence in _WAYS:
        for match in pattern.finditer(folded):
            name = match["title"]
            is_name = sentence.text[match.start("title")].isupper() and (
                pattern is _NAMED
                or not (_FINITE.search(name) or _OWNER.match(name) or bodies.is_agent(f"projektu {name}"))
            )
            is_label = _LABEL_BEFORE.search(folded[: match.start()])
            if is_name and not is_label and not OTHER_PROJECT.search(folded[: match.start()]):
                yield _title(sentence, match, confidence)


def _title(sentence: Sentence, match: re.Match[str], confidence: float) -> Fact:
    start = match.start("title")
    whole = sentence.folded[start : match.end("title")]
    # A clause about the project is no part of its name.
    clause = re.search(
        r", (?:(?:na|v|ve|za|do|z|o|s|ze|u) )?(?:kter\w+|jehoz|jenz|jimz|nemz)\b| a (?:registracni|reg\.)", whole
    )
    end = start + clause.start() if clause else match.end("title")
    name = sentence.text[start:end].rstrip(" .,–-(")
    return sentence.fact("title", name, (start, start + len(name)), "sentence-title", confidence)


_RELATED = re.compile(
    rf"(?:navaz\w+ (?:\w+ )?(?:jak )?na|navazal\w* na|pokracovani\w*"
    rf"|predch\w+)[^{_OPEN}]{{0,120}}?projekt\w{{0,3}}\s?(?:s\snazvem\s)?[{_OPEN}](?P<quoted>[^{_OPEN}{_CLOSE}]{{3,200}})[{_CLOSE}]"
    r"|(?:navaz\w+"
    r"|navazal\w*)\s(?:\w+\s){0,3}?na\s(?:uspesny\s)?projekt\w{0,3}\s(?P<plain>[^,;.(„\"]{4,120}?)(?=\sz\s(?:roku|let|obdobi)|[,;.(]|$)"
    r"|(?:navaz\w+|navazal\w*)\sna\s[^„\"]{0,40}[„\"](?P<bare>[^„“\"]{4,160})[“\"]"
)


def related(sentence: Sentence) -> Iterator[Fact]:
    """Yield the projects that a sentence says this one continues."""
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
    r"|evidujeme \w+|veden\w*) pod (?:identifikacnim )?c(?:islem|\.)|cislo projektu"
    r"|pod registracnim cislem|evidencni cislo)\s?:?\s(?P<code>(?!cz[. ]?\d)[a-z0-9][\w./-]*\d[\w./-]*[a-z0-9])"
)


def numbers(sentence: Sentence) -> Iterator[Fact]:
    """Yield registration numbers; those of contracts and calls are passed over."""
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


_PLAN = re.compile(
    r"navaz\w+ (?:\w+ ){0,2}?na (?:\w+ )?(?P<plan>(?:strednedob\w+ |komunitni\w* "
    r"|strategick\w+ )+(?:plan\w*|strategi\w*)[^,;„\"]{4,160}?)(?=,|;|$)"
)


def plans(sentence: Sentence) -> Iterator[Fact]:
    """Yield the plan that a project starts from; its title stands in another case, so a person has to write it."""
    if plan := _PLAN.search(sentence.folded):
        at = plan.span("plan")
        yield sentence.fact("plan", sentence.text[slice(*at)], at, "sentence-related", 0.5)
