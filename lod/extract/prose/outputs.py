"""What came of a project: how many of what."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..facts import Fact
from .sentence import Sentence

__all__ = ["outputs"]

_ONES = {"dva": 2, "dve": 2, "tri": 3, "ctyri": 4, "pet": 5, "sest": 6, "sedm": 7, "osm": 8, "devet": 9}
_TEENS = {
    word: 10 + number
    for number, word in enumerate(
        (
            "deset",
            "jedenact",
            "dvanact",
            "trinact",
            "ctrnact",
            "patnact",
            "sestnact",
            "sedmnact",
            "osmnact",
            "devatenact",
        )
    )
}
_TENS = {
    word: 10 * number
    for number, word in enumerate(
        ("dvacet", "tricet", "ctyricet", "padesat", "sedesat", "sedmdesat", "osmdesat", "devadesat"), 2
    )
}
# The longer first: "padesát čtyři" before "padesát".
_WORDS = {f"{tens} {one}": _TENS[tens] + _ONES[one] for tens in _TENS for one in _ONES} | _TENS | _TEENS | _ONES
_MADE = (
    r"(?:aktivit\w+|soucasti) byl\w*|vydame|vyda|vyskolime|zaskolime|najdeme|ceka je|potka se|vyustil\w*"
    r"|osetren\w*|osetri\w*|nahradi\w*|zamestnal\w*|zamestna\w*|prijal\w*|vyuzilo|poslouzi|vycestuje"
    r"|pribydou|vyrostl\w*|vyroste|koupil\w*|koupi\w*|soutez na|nakup|vysadba|"
    r"vznik\w*|vybudov\w+|vytvor\w+|probehl\w*|probehne|uskutecnil\w*|uskutecni\b|konal\w*|zucastnil\w*"
    r"|zucastni\b|prosl\w*|projde|ziskal\w*|proskol\w+|vyskol\w+|podporen\w*|podpori\w*|zapojen\w*"
    r"|zapoji\w*|zapojil\w*|opravi\w*|opraven\w*|zrekonstruov\w+|porizen\w*|poridi\w*|nakoupen\w*"
    r"|vysazen\w*|vysadi\w*|vysadil\w*|instalov\w+|nainstalov\w+|absolvov\w+|usetri\w*|vysledkem|poskytne"
    r"|nauci\w*|udrzet|vyzkousi|naleznou|najde|slouzi\w*|osazen\w*|vymenen\w*|vyrobi\w*|zpracovan\w*"
    r"|nove (?:je|jsou)|predmetem(?: projektu| akce| stavby)? je|postavi se|podporovan\w* je|zaplati|dostanou"
    r"|ziskaji|polozen\w*|vydan\w*|uspora\w*|snizi\w*|postaven\w*|pribud\w+|pribyl\w*"
    r"|realizovan\w* byl\w*|usporadal\w*"
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
        *_WORDS,
        "jeden",
        "jedna",
        "jedno",
    ]
)


_ABOUT = re.compile(
    r"(?:\d+\.? )?(?:(?:planovane |ocekavane |hlavni )?(?:vystupy?|vysledky)|prinosy?|prinos projektu"
    r"|co (?:vznikne|vzniklo|se porid\w+"
    r"|jsme poridili)|co|plan"
    r"|vystupy projektu|vysledky projektu|cisla|projekt v cislech)"
)


def outputs(sentence: Sentence, under: str = "") -> Iterator[Fact]:
    """Yield how many of what, as `36|lidí`; `under` is the heading that the sentence stands under, folded."""
    folded = sentence.folded
    listed = _ABOUT.fullmatch(under) or re.match(rf"{_ABOUT.pattern}\s?[:–-]? ?(?=\d)|plan: ", folded)
    if not (listed or re.search(rf"\b(?:{_MADE})\b", folded)) or re.search(
        r"prihlas|obcan\w* muz|pocet obyvatel|obyvatel zije|bodovan|v celkovem poradi|z celkovych|alokac"
        r"|prestriz|slavnostn|poklep|odvolani",
        folded,
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
            if (
                word in _STOP_WORDS
                or (len(word) == 1 and (kept or word not in "mtl"))
                or (kept and sentence.text[at_word].isupper())
            ):
                break
            kept.append(word)
            at_word += len(word) + 1
        kept = kept[:3]
        if len(" ".join(kept)) < 2:
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
