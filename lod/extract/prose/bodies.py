"""Who carries a project out, in whatever case the sentence puts the name; and who publishes the page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import takewhile

from .. import scan
from ..facts import Fact, Span
from ..names import stem
from ..page import Line, Page, fold
from ..reading import organisation
from .money import NOT_OURS
from .sentence import Sentence, sentences

__all__ = ["beneficiaries", "full_name", "is_agent", "is_body", "nominative", "partners", "publisher", "speaks"]

_ROLE = (
    r"(?:vedouci\w* partner\w*|realizator\w*|nositel\w*|prijemc\w+|zadatel\w*|predkladatel\w*|garantem"
    r"|uskutecnovatel\w*)(?: (?:tohoto |celeho )?(?:projektu|dotace|podpory|grantu|akce|prispevku))*"
)
_IS_ROLE = re.compile(rf"\b{_ROLE} (?:je|byl[aoiy]?|jsou|bude|se stal[aoiy]?)(?: tedy| vsak| nase| i)? (?P<name>\S.+)")
_ROLE_IS = re.compile(
    r"^(?P<name>[^,;:„]{4,90}?) (?:je|byl[ao]?) (?:hlavnim |vedoucim )?(?:realizatorem|nositelem"
    r"|prijemcem|zadatelem)\b"
)
_GOT = re.compile(
    r"(?:^|, (?:na |v |z )?kter\w+ )(?:dne [\d. ]+ |v (?:roce|letech|lete|ramci) [\w\d –-]{2,30} |letos "
    r"|nedavno |na jare \d* ?"
    r"|koncem \w+ |diky \w+ )?(?P<name>[^,;:„\"]{4,90}?(?:,\s?(?:prispevkova organizace[^,]{0,40}"
    r"|a\.\s?s\.|z\.\s?s\.|o\.\s?p\.\s?s\.|s\.\s?r\.\s?o\.|z\.\s?u\.|p\.\s?o\."
    r"|v\.\s?v\.\s?i\.))?)(?: \(dale jen [^)]*\))?(?:,[^,]{3,60},|,)? "
    r"(?:uspesne |letos |jiz |nyni |take |opet |v roce \d{4} |od roku \d{4} "
    r"|od (?:\d{1,2}\. )?\w+ \d{4} )*(?:ziskal[ao]?|obdrzel[ao]?"
    r"|realizuj[ei]|realizoval[aoiy]?|stavi|usporadal[aoy]?|postavil[aoy]?|vybudoval[aoy]?|buduje|zahajil[ao]?"
    r"|dokoncil[ao]?|zrealizoval[ao]?|se zapojil[ao]?|uspel[ao]?"
    r"|zahajuje|dostal[ao]?|ukoncil[ao]?|pripravil[ao]?|resi|cerpal[ao]?)\b"
)
_GOT_WHAT = re.compile(r"projekt|dotac|podpor|prispev|grant|financni|vyzv\w+[^.]{0,60}program")
_TOWN = r"(?:mestu|obci|mestysi|mestysu|kraji) [^,;.(„\"\d]{2,40}?"
_GIVEN = re.compile(
    rf"\b(?P<name>{_TOWN})(?= (?:se (?:\w+ ){{0,3}}?podarilo|byl\w* (?:\w+ )?(?:priznan|pridelen|schvalen|poskytnut)"
    rf"|na ni prispel|prispel|pridelil|poskytl|poskytuje|v ramci programu))|(?:poskytl\w*|prispel\w*"
    rf"|poslal\w*) (?P<to>{_TOWN})"
    r"(?= v ramci| na | \d|,|\.| dotac| podpor| prispev| fond| statni| ministerstv)"
)
_CARRIES = re.compile(
    r"^(?:projekt|program|akci|stavbu) [^,.]{3,90}? (?:realizuje|resi|zajistuje|uskutecnuje"
    r"|realizoval[ao]?|zajistoval[ao]?) (?P<name>[^,;:„\"]{4,80}?)(?= od | v | ve | za | spolu | spolecne | do |,|$)"
)
_BOUGHT = re.compile(
    r"\b(?:poridil|nakoupil|vybudoval|opravil|ziskal)[aoy]? (?P<name>[^,;:„\"]{4,90}?"
    r"(?:,\s?(?:a\.\s?s\.|z\.\s?s\.|o\.\s?p\.\s?s\."
    r"|s\.\s?r\.\s?o\.|p\.\s?o\.))?),? (?:diky|z|v ramci) (?:tomuto |sveho |svemu )?(?:projektu|dotac\w+)\b"
)
_OBLIQUE = re.compile(
    r"\b(?:poskytl[aoy]?|schvalil[aoy]?|pridelil[aoy]?|priznal[aoy]?|poslal[aoy]?"
    r"|venoval[aoy]?)[^.]{0,60}? (?P<name>(?:obci|mestu|mestysi|kraji|spolku|charite|skole|nemocnici"
    r"|svazku obci) [^,;.]{2,40}?)(?= dotac| podpor| prispev| financni| \d|,|\.)|(?:dotac\w+|podpor\w+"
    r"|prispev\w+|grant) pro (?P<pro>(?:obec|mesto|mestys) [A-Za-z]\w+(?: [A-Z]\w+)*)\b"
)
_PAID = re.compile(r"(?:zaplatil\w*|uhradil\w*|doplatil\w*|zaplati|doplati|uhradi) (?P<name>(?:obec|mesto|mestys) \w+)")
_GENERIC = {
    "obci": "Obec",
    "kraji": "Kraj",
    "mestysu": "Městys",
    "mestem": "Město",
    "mestysem": "Městys",
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
        r"(?:spolecnost|firma) (?=.*(?:s\. ?r\. ?o|a\. ?s\b|v\. ?o\. ?s|k\. ?s\b))|akciova spolecnost (?=\w)",
        sentence.folded[slice(*at)],
    )
    if common:
        at = at[0] + common.end(), at[1]
    name = re.sub(r" (?:ji|ho|jej|je)$|, (?:hlavním|dalším|partner).*", "", sentence.text[slice(*at)].strip())
    at = at[0], at[0] + len(name)
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
    r"|detsky|odborne|klub|lecebn\w+|charitas|jednota|arcidiecez\w+|dieceze)\b"
    r"|s\. ?r\. ?o|a\. ?s\.|z\. ?s\b|z\. ?u\b|o\. ?p\. ?s|p\. ?o\.|v\. ?v\. ?i"
)


def is_body(folded: str) -> bool:
    """Whether a name has a word that only organisations have."""
    return bool(_BODY.search(folded))


def full_name(name: str, page: Page) -> str:
    """Return the name that a short form stands for ("Kancelář" after "… (dále jen „Kancelář“)"), else the name itself.

    One common noun ("Kancelář") stands for the longer name that begins with it, where the page has but one.
    """
    if len(name.split()) > 1:
        # The page may print the legal form elsewhere.
        tail = rf"{re.escape(name)}(?:, ?| )(?:a\.\s?s\.|s\.\s?r\.\s?o\.|z\.\s?s\.|z\.\s?ú\.|o\.\s?p\.\s?s\.|p\.\s?o\.)"
        forms = {
            match[0] for text in (page.title, *(line.text for line in page.lines)) for match in re.finditer(tail, text)
        }
        return forms.pop() if len(forms) == 1 else name
    if not name[:1].isupper() or not is_body(fold(name)):
        return name
    longer: set[str] = set()
    for line in page.lines:
        for match in re.finditer(
            rf"\b{re.escape(name)}(?: [\w.-]+){{1,8}}?(?=,| \(dále| \(| (?:je|byl|se|na|v|vykonává"
            rf"|realizuje|získal|zahájil|provádí|provozuje|sídlí|vede|připrav\w+|pořádá|uspěl\w?|od)\b)",
            line.text,
        ):
            words = match[0].split()
            if words[1][0].isalpha() and words[1] not in {"od", "se", "je", "v", "na", "z", "a"} and len(words) < 9:
                longer.add(match[0])
    return longer.pop() if len(longer) == 1 else name


def nominative(oblique: str, page: Page) -> str:
    """Return the name that oblique words mean: as the page prints it elsewhere, or a plain one; "" if unsure."""
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
                if first in {"obec", "mesto", "mestys"}:
                    return name[0].upper() + name[1:]
                if first not in _HEADS and first not in _GENERIC and fold(name) != fold(oblique) and is_body(first):
                    return name
                if (office := _office(text[tokens[at].start() :])) and at + len(words) < len(tokens):
                    return office
    if words[0] in _HEADS and len(words) > 1:
        # What follows a noun in the genitive keeps its form: "Ministerstvem práce a sociálních věcí".
        rest = oblique.split(" ", 1)[1]
        if words[0] not in {"obci", "obce", "mesta", "mestem", "mestys", "mestyse", "mestysem"} and (
            rest[:1].islower() or fold(rest) == "vysocina"
        ):
            return f"{_HEADS[words[0]]} {rest}"
    head = _GENERIC.get(words[0])
    proper = oblique.split()[1:]
    # After "obci" a name mostly stays as it is; one that was declined ends otherwise.
    own = list(takewhile(lambda word: word[0].isupper(), proper))
    if (
        head
        and own
        and (
            own == proper
            or re.fullmatch(r"(?:nad|pod|u|v|ve|na|při) [A-ZÁ-Ž]\w+|pod \w+", " ".join(proper[len(own) :]))
        )
        and words[0] in {"obci", "mestu", "mestysi", "mestysu", "kraji", "obec", "mesto", "mestys"}
        and not any(word.endswith(("u", "i", "ů", "ům", "ě", "é", "ému")) for word in own)
    ):
        return f"{head} {' '.join(proper)}"
    return ""


def _office(text: str) -> str:
    """Return the town whose office a text begins with: "Městský úřad Dubová, Náměstí 1" is of "Město Dubová"."""
    for office, kind in _OFFICE:
        match = office.match(fold(text))
        if match and (name := _PROPER.match(text, match.end())):
            return f"{kind} {name[0]}"
    return ""


# How a page names its publisher by a common noun alone: "Městu se podařilo získat dotaci".
_NOUNS = {
    "obec": "(?:obec|obci|obce)",
    "mesto": "mest[oua]",
    "mestys": "mestys[uie]?",
    "kraj": "kraj[ie]?",
    "charita": "charit[aeyu]",
    "nemocnice": "nemocnic[ei]",
    "skola": "skol[aeuy]",
    "muzeum": "muze(?:um|u|a)",
    "univerzita": "univerzit[aeuy]",
    "spolek": "(?:spolek|spolku)",
    "knihovna": "knihovn[aeuy]",
    "domov": "domovu?",
}
_SPEAKS = re.compile(r"\b(?:jsme|nam|nas|nase|nasi|nasich|nasim|nasemu|nasem|u nas|\w{2,}(?:ujeme|ame|ime|eme))\b")
_GAINED = re.compile(
    r"ziskal|obdrzel|dostal|pridelil|poskytl|vyclenil|prispel|uspel|cerpa|realiz|financ|diky penez"
    r"|z prostredk|dotac|podporen|zaplatil|resi\b|doplatil|zapojil|schvalen|resime|resili|zahajil|dokoncil|poslal"
)
_MONEY_OR_PROJECT = re.compile(r"projekt|dotac|podpor|prispev|grant|penez|penize|operacni|program|erasmus|fond")
# A name of a place: "Dolní Loučky nad Oslavou".
_PROPER = re.compile(r"[A-ZÁ-Ž][\w-]*(?: (?:(?:nad|pod|u|v|ve|na|při) )?[A-ZÁ-Ž][\w-]*)*(?: pod lesem)?")
_OFFICE = (
    (re.compile(r"mestsky urad (?=\w)"), "Město"),
    (re.compile(r"obecni urad (?=\w)"), "Obec"),
    (re.compile(r"urad mestyse (?=\w)"), "Městys"),
)


def publisher(page: Page) -> tuple[str, Span] | None:
    """Return the organisation that publishes the page: named beside an IČO or ©, or the town of an office."""
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
        name = re.sub(r"^(?:Společnost|Firma) (?=.*(?:s\. ?r\. ?o|a\. ?s\b))", "", name)
        if not name and line.index:
            above = page.lines[line.index - 1]
            name, span = above.text.strip(" ,"), Span(above.index, 0, len(above.text))
        name = _office(name) or name
        if (
            name
            and name[0].isupper()
            and len(name) < 120
            and is_body(fold(name))
            and not re.search(r"\burad\b|kontakt", fold(name))
        ):
            return name, Span(span.line, span.start, min(span.end, span.start + max(1, len(name))))
    return _signed(page)


_SIGNED = re.compile(
    r"(?:©|\(c\))\s*(?:(?:19|20)\d\d\s*[-–]?\s*)*(?P<owner>[A-ZÁ-Ž][^|·,\d©]{3,80}?)(?=\s*(?:[|·,©\d]|Úřední"
    r"|Všechna|$))"
    r"|^(?P<town>(?:Obec|Město|Městys|Statutární město|Mestys) [A-ZÁ-Ž][\w-]*(?: (?:(?:nad|pod|u|v|ve|na"
    r"|při) )?[A-ZÁ-Ž][\w-]*)*)"
    r"(?=,|$| \d)|^(?P<body>[A-ZÁ-Ž][^,|·:]{4,80})(?=, [^,|]{2,40}\d[^,|]{0,8}, \d{3} ?\d\d )"
    r"|^(?P<office>(?:Městský úřad|Obecní úřad|Úřad městyse) [A-ZÁ-Ž][\w-]*(?: (?:(?:nad|pod|u|v|ve|na"
    r"|při) )?[A-ZÁ-Ž][\w-]*)*)"
)


def _signed(page: Page) -> tuple[str, Span] | None:
    """Return the one body that the last lines name: "© Univerzita Podhoří", "Městský úřad Dubová, Náměstí 1"."""
    found: dict[str, tuple[str, Span]] = {}
    for line in page.lines[-14:]:
        for match in _SIGNED.finditer(line.text) if len(line.text) < 200 else ():
            group = next(name for name in ("owner", "town", "body", "office") if match[name])
            name = (_office(match[group]) or match[group]).strip()
            if is_body(fold(name)) and "urad" not in fold(name):
                found.setdefault(fold(name), (name, Span(line.index, match.start(group), match.end(group))))
    if not found and (titled := _titled(page)):
        return titled
    return next(iter(found.values())) if len(found) == 1 else None


def _titled(page: Page) -> tuple[str, Span] | None:
    """Return the body whose site it is: the page's title ends with its name, and a line of the page has it."""
    parts = re.split(r"\s?[|»:]\s|\s[–-]\s", page.title)
    name = parts[-1].strip()
    if len(parts) < 2 or not is_body(fold(name)) or re.search(r"\bkraj\b|^ministerstvo", fold(name)):
        return None  # who mostly gives
    for line in page.lines:
        if (at := line.text.find(name)) >= 0:
            return name, Span(line.index, at, at + len(name))
    return None


def speaks(lines: list[Line], name: str) -> bool:
    """Whether the publisher tells of its own project: in the first person, or as "obec", "naše škola"."""
    head = next((form for word in fold(name).split()[:3] for noun, form in _NOUNS.items() if word == noun), "")
    for sentence in sentences(lines):
        folded = sentence.folded
        if not _GAINED.search(folded) or not _MONEY_OR_PROJECT.search(folded) or NOT_OURS.search(folded):
            continue
        if _SPEAKS.search(folded) and not re.search(
            r"partner\w* projektu|zapojil\w* do projektu|svereno|sveril|v ramci projektu (?:kraje|mas)", folded
        ):
            return True
        if head and re.search(
            rf"\b(?:nase )?{head}\b (?:\w+ ){{0,3}}?(?:ziskal|obdrzel|dostal|doplatil|zaplatil|realiz|resi"
            rf"|opravil|poridil|prispel|zapojil|se (?:\w+ ){{0,4}}?podarilo|byl\w* (?:priznan|pridelen|schvalen"
            rf"|poskytnut))"
            rf"|(?:doplatil\w*|zaplatil\w*|uhradil\w*|ziskal\w*|poskytl\w*) (?:\w+ )?{head}\b",
            folded,
        ):
            return True
    return False


def is_agent(folded: str) -> bool:
    """Whether a text begins with who carries a project out ("projektu Kanceláře …"), in an oblique case."""
    return bool(_AGENT.match(folded))


def beneficiaries(sentence: Sentence) -> Iterator[Fact]:
    """Yield who carries the project out; words in an oblique case are "beneficiary.oblique"."""
    for rule in (_by_role, _by_deed, _as_agent, _as_payer, _as_receiver):
        if found := list(rule(sentence)):
            yield from found
            return


_PARTNERS = re.compile(
    r"\b(?:projektov\w+ |hlavni\w* |dalsi\w* |preshranicni\w* )*partner(?:em|y|i|ka"
    r"|kou)?(?: (?:tohoto )?projektu)? (?:je|jsou|byl[aiy]?|bude|budou) (?P<is>\S.{3,250})"
    r"|\bjako partner\w*(?: projektu)? (?:\w+ )?(?:podilej\w*|podili|podilel\w*|ucastn\w*|spolupracuj\w*"
    r"|spolupracoval\w*|zapojil\w*)"
    r"(?: take| i| tez| se)* (?P<take>\S.{3,250})"
    r"|\b(?:projektov\w+ |hlavni\w* |preshranicni\w* )*partnerem (?P<verbless>(?=mest|obec|spol|klub|univ"
    r"|ustav)\S.{3,120})"
)
_BETWEEN = re.compile(r",? a (?:take |dale )?|, (?!z\. ?[su]|s\. ?r|a\. ?s|o\. ?p|p\. ?o|v\. ?v|prispevkov)")


def partners(sentence: Sentence) -> Iterator[Fact]:
    """Yield who takes part beside the beneficiary: "Partnerem projektu je X", "jako partneři se podílejí X a Y"."""
    match = _PARTNERS.search(sentence.folded)
    if not match or re.search(r"vedouci\w* $", sentence.folded[: match.start()]):
        return
    group = next(name for name in ("is", "take", "verbless") if match[name])
    at, end = match.span(group)
    for part in [*_BETWEEN.finditer(sentence.folded, at, end), None]:
        found = _organisation_at(sentence, at, part.start() if part else end)
        if found is None or not is_body(fold(found[1])):
            return  # the list has ended
        yield sentence.fact("partner", found[1], found[0], "sentence-role", 0.9)
        if part:
            at = part.end()


def _by_role(sentence: Sentence) -> Iterator[Fact]:
    """Read "Realizátorem projektu byl X", "Žadatel X hradí …", "X je příjemcem dotace"."""
    folded = sentence.folded
    for pattern in (_IS_ROLE, _APPLICANT, _ROLE_IS, _CARRIES):
        match = pattern.search(folded)
        if match and (found := _organisation_at(sentence, match.start("name"), match.end("name"))):
            at, name = found
            yield sentence.fact("beneficiary", name, at, "sentence-role", 0.96)
            for ico in scan.icos(sentence.line.text, sentence.start + at[1], sentence.end):
                span = Span(sentence.line.index, ico.start, ico.end)
                yield Fact("beneficiary.ico", ico.value, span, "sentence-role", 0.95)
            return


def _by_deed(sentence: Sentence) -> Iterator[Fact]:
    """Read "X získala dotaci", "X realizuje projekt"."""
    match = (
        (_GOT.search(sentence.folded) or _BOUGHT.search(sentence.folded)) if _GOT_WHAT.search(sentence.folded) else None
    )
    found = _organisation_at(sentence, match.start("name"), match.end("name")) if match else None
    if found and is_body(fold(found[1])):
        yield sentence.fact("beneficiary", found[1], found[0], "sentence-got", 0.91)


def _as_agent(sentence: Sentence) -> Iterator[Fact]:
    """Read "realizovaný Krajem Vysočina", "projekt Kanceláře veřejného ochránce práv"."""
    match = _AGENT.search(sentence.folded)
    if match and (sentence.text[match.start("name")].isupper() or match["name"].split()[0] in _GENERIC):
        name = sentence.text[slice(*match.span("name"))].rstrip()
        at = match.start("name"), match.start("name") + len(name)
        yield sentence.fact("beneficiary.oblique", name, at, "sentence-oblique", 0.9)


def _as_payer(sentence: Sentence) -> Iterator[Fact]:
    """Read "zbytek zaplatil městys Dřevná"."""
    match = _PAID.search(sentence.folded)
    name = sentence.text[slice(*match.span("name"))] if match else ""
    if match and name.split()[1][:1].isupper():
        yield sentence.fact("beneficiary", name, match.span("name"), "sentence-got", 0.9)


def _as_receiver(sentence: Sentence) -> Iterator[Fact]:
    """Read "ministerstvo poskytlo obci Dubová dotaci"."""
    if match := _OBLIQUE.search(sentence.folded):
        at = match.span("name" if match["name"] else "pro")
    elif (match := _GIVEN.search(sentence.folded)) and sentence.text[match.start()].isalpha():
        at = match.span("name" if match["name"] else "to")
        proper = sentence.text[slice(*at)].split()[1:]
        match = match if proper and proper[0][0].isupper() else None
    if match:
        yield sentence.fact("beneficiary.oblique", sentence.text[slice(*at)], at, "sentence-oblique", 0.9)
