"""What a project cost, who paid, and from which programme and fund."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ... import clean
from .. import scan
from ..facts import Fact, Span
from ..page import fold
from ..reading import Lists
from .sentence import Sentence

__all__ = ["NOT_OURS", "amounts", "funding", "other_programmes"]

NOT_OURS = re.compile(
    r"maximaln\w+|minimaln\w+|alokac\w+"
    r"|alokovan\w+|rozdelil\w*|cel\w+ program|pro (?:cel\w+ )?(?:cr|ceskou republiku)\b"
    r"|vyzv\w+[^.]{0,60}vyclen\w*|navratn\w+ (?:financni )?(?:vypomoc|podpor)|pujck\w*|uver\w*|daroval\w*"
    r"|\bdar\b|pokut\w*"
    r"|od roku \d{4} jsme ziskali|(?:dva|dve|dvou|tri|ctyri|ctyr|pet|peti|sest|nekolik|\d+) projekt\w+"
    r"|projekt[yu]m? za|rocne|kazdorocne"
    r"|zadost\w* o [^.]{0,80}(?:podame|podali|podan)|\bpodame\b|mesicne|na osobu|na zaka|za hodinu"
    r"|vstupne|kapesne|cena vstup"
)
_EU = (
    r"(?<![a-z])(?:eu\b|evropsk\w+ uni\w+|evropsk\w+ (?:socialni\w*|strukturaln\w+)? ?fond\w*"
    r"|evropsk\w+ (?:prostredk\w+|penez|dotac\w+|zdroj\w+)|esf\w*|erdf|efrr|fond\w* soudrznosti"
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
            r"konkretne (?:slo|jde) o\s?$|(?:(?:celkov\w+|veskere) (?:naklad\w*|vydaj\w*|rozpoc\w+|cena"
            r"|castk\w+|hodnot\w+"
            r"|investic\w+)|rozpocet\w*|naklad\w*(?: na)?|hodnot\w+ projektu|(?:prisel|prisla|prislo"
            r"|vysel|vysla|vyslo|vyjde|prijde|zastavila se|se zastavila) (?:\w+ ){0,3}?na|stal[aoy]?|stoji"
            r"|bude stat|investice"
            r"|celkem za)(?: (?:na |)(?:projekt\w*|akc\w+|stavb\w*|rekonstrukc\w*|realizac\w*"
            r"|cele\w*|opravy?|vystavb\w*))*(?: (?:cini|cinil\w*|dosahl\w*|dosahnou|jsou|byl\w*|je|bude"
            r"|presahl\w*|vysplhal\w*|se vysplhal\w*|ve vysi|na|kolem|priblizne|cca|celkem|vice nez"
            r"|ve vysi celkem|predstavuj\w+|odhadov\w+|budou|vc\.? dph|s dph|bez dph|pak|se|tak|tedy|temer|zhruba"
            r"|asi|pres|,))*\s?$"
        ),
    ),
    (
        "own",
        re.compile(
            r"(?:\d ?% (?:mesto|obec|mestys|kraj|prijemce|skola)|zbytek|zbyva?jici cast\w*|rozdil|(?:sahl\w* do"
            r"|z) sveho rozpoctu"
            r"|vlastni(?:ch|mi)? (?:zdroj\w*|prostredk\w+|podil\w*|rozpoctu)|ze sv(?:eho|ych)(?: \w+)?"
            r"|z (?:mestskeho|obecniho|vlastniho) rozpoctu|z rozpoctu (?:mesta|obce|mestyse|skoly)"
            r"|spoluucast\w*(?: mesta| obce| prijemce)?|podil (?:mesta|obce|mestyse|prijemce)|(?:obec"
            r"|mesto|mestys)(?: ze sveho rozpoctu| z vlastnich zdroju| ze sveho)? (?:pri(?:spel|da|dal"
            r"|spe)\w*|zaplati\w*|doplati\w*|uhradi\w*|hradi\w*|doplatil\w*|vlozi\w*"
            r"|financovalo?))(?: (?:obce|mesta))?(?: (?:ve vysi|cini|cinil\w*|je|castk\w+|castkou"
            r"|priblizne|cca|zbyl\w+|pres|temer|to|bude|byl\w*|ve|celkem|zbyvajicich|dalsich|tedy|pro|,))*\s?$"
        ),
    ),
    (
        "state",
        re.compile(
            r"(?:statni\w* rozpoc\w+|statni\w* fond\w*[\w ]{0,30}|\bstat(?: k \w+| na \w+)?(?: pak"
            r"| take)? (?:prida|pridal|prispel|prispeje|doplati|poskytl)\w*|sfzp|sfdi|sfrb"
            r"|ministerstv\w+ (?:\w+ ){0,6}?(?:poskytlo|prispelo|pridelilo|pridalo|uvolnilo)[^.,]{0,60}?|m(?:mr"
            r"|sp|zp|v|f|k|ze|o|psv|smt)\b (?:poskytlo|prispelo)[^.,]{0,50}?|od statu)(?: (?:cr"
            r"|ceske republiky))?(?: (?:ve vysi|cini|castk\w+|castkou|dotac\w+|prispevek|prispel\w*"
            r"|prispeje|prida|pridal|poskytl|poskytne|priblizne|cca|bude|celkem|dalsich|je|pak))*\s?$"
        ),
    ),
    (
        "regional",
        re.compile(
            r"(?:(?:\w+sk[yeé]\w*|\w+ck[yeé]\w*) kraj\w*|kraj vysocina|kraje vysocina"
            r"|krajsk\w+ (?:dotac\w+|prispev\w+)|z rozpoctu kraje|kraj)(?: (?:dorovna|dorovnal|prispel"
            r"|pridal|poskytl|dal|prispeje|poslal|schvalil|uvolnil|chce poskytnout|poskytne|ze sveho rozpoctu"
            r"|nam|obci|mestu|mestysi|dotac\w+|prispev\w+|castk\w+|castkou|ve vysi|dalsich|pak"
            r"|na \w+))*\s?$"
        ),
    ),
    (
        "eu",
        re.compile(
            rf"evropsk\w+ (?:slozk\w+|cast\w*|podil\w*|dotac\w+)(?: \w+)?(?: (?:predstavuje|cini|cinil\w*"
            rf"|je|ve vysi))*\s?$|(?:dotac\w+|prispev\w+|podpor\w+|podil\w*|prostredk\w+|castk\w+|z)?(?: z"
            rf"| ze| od)?(?: \w+)? ?{_EU}(?: (?:pro|regionalni\w*|rozvoj\w*|zivotni|prostredi"
            rf"|[a-z]+)){{0,5}}?(?: (?:ve vysi|cini|cinil\w*|prispel\w*|je|hradi|pokryla|pokryje|dosahl\w*"
            rf"|bude|castk\w+|castkou|celkem|poskytla|tvori|podili|proplaceno|hrazeno|uhrazeno))*\s?$"
        ),
    ),
    (
        "grant",
        re.compile(
            r"(?:bylo|byla|byl) (?:prideleno|poskytnut[ao]|priznan[ao]|schvalen[ao]|pridelena)\s?$"
            r"|(?:pridelil|priznal|schvalil|poskytl)[aoy]?(?: celkem| temer| pres| castku)?\s?$"
            r"|(?:ziskal|obdrzel|dostal)[aoiy]?(?: jsme)?(?: na \w+| na to| celkem| temer| pres| castku){0,2}\s?$"
            r"|(?:operacni\w* program\w*|\bop \w+|irop|program\w*)[^.\d]{0,60}(?:vyclenil|pridelil|poskytl"
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
            r"|prijemce|kraj)|,? se postaral\w* (?:obecni|mestska|krajska) (?:kas|pokladn)\w+|,? (?:z vlastnich"
            r"|ze sveho|z vlastniho|z rozpoctu (?:mesta|obce|mestyse)"
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


def amounts(sentence: Sentence) -> Iterator[Fact]:
    """Yield the sums that a sentence says are the project's, each with its currency."""
    folded = sentence.folded
    if NOT_OURS.search(folded):
        return
    previous = 0
    for money in scan.amounts(sentence.line.text, sentence.start, sentence.end):
        if not money.currency or money.value < 1000:
            continue
        at = money.start - sentence.start, money.end - sentence.start
        before = re.sub(r" [–-](?= )", "", folded[previous : at[0]][-110:])
        after = folded[at[1] : at[1] + 70]
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
        if kind == "own" and re.search(r"\bkraj (?:\w+ )?pri(?:spel|dal|speje)\w* (?:\w+ )?ze sveho", before):
            kind = "regional"
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
    r"|v ramci|fond|spolufinanc|grant|podili|poskytne|proplac"
)


# Programmes without a code in our lists: known by name only.
_OTHER_PROGRAMMES = (
    (r"narodni\w* plan\w* obnovy", "Národní plán obnovy"),
    (r"narodni\w* program\w* zivotni prostredi", "Národní program Životní prostředí"),
    (r"(?:fond\w* ehp|ehp fond\w*)(?: a norska)?", "Fondy EHP"),
    (r"norsk\w+ fond\w*", "Norské fondy"),
    (r"erasmus ?\+", "Erasmus+"),
    (r"podpor\w* rozvoje regionu 2019 ?\+", "Podpora rozvoje regionů 2019+"),
    (
        r"narodni\w* program\w* azylov\w+, migracn\w+ a integracn\w+ fond\w*",
        "Národní program Azylového, migračního a integračního fondu",
    ),
    (
        r"nastroj\w* pro financni podporu spravy hranic a vizov\w+ politik\w*",
        "Nástroj pro finanční podporu správy hranic a vízové politiky",
    ),
    (r"program\w* doprava 20\d\d", "Program DOPRAVA 2030"),
    (r"program\w* obnovy venkova", "Program obnovy venkova"),
    (r"podpor\w* obnovy a rozvoje venkova", "Podpora obnovy a rozvoje venkova"),
)


def other_programmes(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield programmes that have a name but no code here: the name, where it begins and ends."""
    for pattern, name in _OTHER_PROGRAMMES:
        for match in re.finditer(rf"\b{pattern}", fold(text)):
            yield name, match.start(), match.end()


def funding(sentence: Sentence, lists: Lists) -> Iterator[Fact]:
    """Yield the programmes and funds that a sentence names as the project's."""
    if not _FINANCED.search(sentence.folded) or (NOT_OURS.search(sentence.folded) and "projekt" not in sentence.folded):
        return
    text = sentence.text
    for name in lists.programmes.find(text):
        at = name.start, name.end
        if re.search(r"navaz\w+[^.]*$|\bz\s?$", sentence.folded[: name.start]) and "navaz" in sentence.folded:
            continue
        yield sentence.fact("programme", text[slice(*at)], at, "sentence-programme", 0.94)
    for shown, start, end in other_programmes(text):
        yield sentence.fact("programme.other", shown, (start, end), "sentence-programme", 0.9)
    if re.search(
        r"financ|podpor|hra[dz]|prostredk|dotac|prispe|prispiva|grant|podili|poskytne|proplac"
        r"|zaplati",
        sentence.folded,
    ):
        for name in lists.funds.find(text):
            at = name.start, name.end
            yield sentence.fact("funds", text[slice(*at)], at, "sentence-fund", 0.95)
        # "Se státní podporou" is the wording that agencies of the state budget prescribe.
        for match in re.finditer(
            r"\bstatni(?:m|ho)? rozpoct?\w+(?: (?:cr|ceske republiky))?|\bse statni podporou\b", sentence.folded
        ):
            yield sentence.fact("funds.state", "státní rozpočet", match.span(), "sentence-fund", 0.95)
