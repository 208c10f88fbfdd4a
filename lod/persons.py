"""Whether the name of a beneficiary is the name of a natural person, and where that name stands in a text. Pure.

Not a register of names: common given names in use in Czechia, the way titles and surnames are written, and the
words that only organisations have. An organisation that bears a person's name ("Nadace Jana Nováka") is told by
those words; what has neither a given name nor a title is taken for an organisation.

>>> [is_person(name) for name in ("Ing. Jana Nováková, Ph.D.", "Novák Jan", "Základní škola T. G. Masaryka")]
[True, True, False]
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from functools import lru_cache

from .clean import fold, text

__all__ = ["has_birth_data", "is_birth_number", "is_mark", "is_person", "spellings", "without"]


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


# Folded, so that "Jiri" is found too. Names from neighbouring countries and of minorities stand among them.
_GIVEN = _words(
    """
    adam adamek adela adelheid adolf adriana agata agnes albert albina aleksandr aleksandra alena ales alexander
    alexandr alexandra alexej alfred alice alina alois aloisie alzbeta amalie anastasia anatolij andela andrea
    andreas andrej andrew andrij andrzej anezka aneta anna annamarie anh anton antonie antonin apolena arnost
    artur augustin barbara barbora beata bedrich bedriska benjamin bernard berta blahoslav blanka blazej bohdan
    bohdana bohumil bohumila bohumir bohuslav bohuslava boleslav borek boris borivoj bozena bozetech branislav
    bretislav brigita bruno ctibor ctirad cyril dagmar dalibor dalibora dalimil dana daniel daniela danuse
    darina darja david denis denisa diana dita dmytro dobromila dobroslav dominik dominika dorota drahomir
    drahomira drahoslav drahoslava dung dusan dusana edita eduard ela elena elias eliska elizabeth ella elvira
    ema emanuel emil emilia emilie emma erich erik erika ernest ervin ester eugen eugenie eva evelina evgenij
    evzen ewa ferdinand filip filomena frantisek frantiska franz frederik friedrich gabriel gabriela gerhard
    gertruda gisela gita grzegorz gustav halina hana hanka hans hanus havel hedvika heinrich helena helga helmut
    herbert hermina hermann hoa hong horst hubert hugo hung huong hynek ida ignac igor ilja ilona ilse imrich
    ingrid irena iryna irma ivan ivana iva iveta ivo ivona izabela jachym jadwiga jakub jan jana janusz jarmila
    jaromir jaromira jaroslav jaroslava jerzy jindra jindrich jindriska jirina jiri jitka joachim jolana jonas
    josef josefa josefina johann johanna john jozef juliana julie julius juraj jurgen justyna kamil kamila karel
    karin karina karla karolina kateryna katerina katarzyna katrin kazimir klara klaudie klaus klement kristian
    kristina kristyna krystof krzysztof kvetoslav kvetoslava kveta kvetuse ladislav ladislava lan larisa laura
    lenka leo leona leonard leopold leos lesek libor libuse lidia lidie lidmila linda linh ljubov ljudmila lojza
    lubomir lubomira lubor lubos lucie ludek ludmila ludvik luisa lukas lumir lydie magda magdalena malgorzata
    marcel marcela marek margareta margita maria marian mariana marie marika marina mario mariusz marketa marta
    marten martin martina matej matous matyas maxim maxmilian medard michael michaela michal michel mikolaj
    mikulas milada milan milena milos miloslav miloslava milota milus miluse minh miriam miroslav miroslava
    mnislav mojmir monika my mykola natalia natalie nadezda nela nga nikol nikola nikolas nina norbert nora
    oldrich oldriska oleg oleksandr oleksij olena olga oliver olha ondrej oskar osvald ota otakar otilie oto
    otto oxana patricie patrik paulina pavel pavla pavlina peter petr petra petro petronela phuong piotr
    pravoslav premysl prokop quang radan radana radek radim radka radko radmila radomir radoslav radovan raisa
    ralph rene renata richard robert roland roman romana rostislav rostislava rozalie rudolf ruzena sabina
    samuel sandra sara sarka sebastian serhij sergej silvestr silvie simon simona slavka slavoj slavomir
    slavomira sona stanislav stanislava stanislaw stella stefan stefanie stepan stepanka svatava svatopluk
    svatoslav sven svetlana svitlana sylva sylvie tadeas tamara tatana tatiana teodor tereza terezie thanh thi
    thomas thu tibor tomas tomasz tuan vaclav vaclava valentin valentina valentyna valerie vanda vasil vasyl
    vavrinec vendula vendelin vera veronika vesna viera viktor viktorie vilem vilemina vilma vincenc viola vit
    vitezslav vitezslava vladan vladena vladimir vladimira vladislav vladislava vlasta vlastimil vlastimila
    vlastislav vojtech vojtecha volodymyr vratislav walter werner wojciech wolfgang xenie yvona zbynek zbysek
    zdena zdenek zdenka zdislava zikmund zita zlata zlatko zlatuse zofie zora zoltan zuzana zygmunt
    """
)
_TITLES = (
    r"ing\.? ?arch|dipl\.? ?um|akad\. ?(?:mal|arch|soch)|dr\.? ?h\. ?c|pharmdr|thlic|thmgr|paeddr|phdr|phmr"
    r"|mudr|mvdr|mddr|judr|rndr|rsdr|thdr|rtdr|manzele|prof|pan(?:a|u|em|i)?|mgr|mga|bca|doc|ing|bc|dr|et"
)
_TITLE = re.compile(rf"(?<!\w)(?:{_TITLES})(?:\.|(?=\s))\s*")
_ACADEMIC = re.compile(
    r"(?<!\w)(?:ph\. ?d|csc|drsc|dsc|mba|ll\. ?[mb]|dis|th\. ?d|msc|mpa|mph|dba|art\. ?d|dr)(?:\.|(?!\w))"
)
_GENERATION = re.compile(r"(?<!\w)(?:st|ml|starsi|mladsi|roz|vdova)\.?(?!\w)")

# Words, or beginnings of words, that no person's name has.
_ORGANISATION = re.compile(
    r"\b(?:"
    r"s ?\. ?r ?\. ?o|spol|a ?\. ?s\b|z ?\. ?[su]\b|o ?\. ?p ?\. ?s|o ?\. ?s\b|p ?\. ?o\b|v ?\. ?v ?\. ?i|s ?\. ?p\b"
    r"|k ?\. ?s\b|v ?\. ?o ?\. ?s|n ?\. ?o\b|gmbh|ltd|inc\b|llc|se\b|sp\. ?z"
    r"|sdh\b|tj\b|sk\b|fk\b|fc\b|hc\b|ops\b|sro\b|svj\b|zs\b|ms\b"
    r"|mas\b|cr\b|eu\b|csop|kct\b|junak|skaut|sokol|orel\b|sbor|hasic"
    r"|spol(?:ek|ku|ecn)|sdruzen|nada[cn]|fond|obec|obc[ie]|mesto|mesta|mestsk|mestys|magistrat|kraj|region|mikroregion"
    r"|svazek|svaz\b|svazu|unie|asociac|komor|konfeder|federac|liga\b|klub|krouz|druzin|oddil|tym\b|team|spolupr"
    r"|skol|gymnazi|ucilist|lyceum|konzervator|univerz|fakult|akadem|institut|ustav|vyzkum|studi[oa]|centr|stredisk|dum\b"
    r"|domov|detsk|nemocnic|klinik|poliklin|lekarn|ordinac|ambulanc|zdrav|lecebn|lazn|hospic|charit|diakoni|armad|farnost"
    r"|cirkev|cirkv|rehole|kongregac|kapitul|biskup|arcibisk|opatstv|klaster|rimskokat|muze|galeri|divadl|filharm|orchestr"
    r"|knihovn|archiv|pamat|hvezdarn|zoo\b|botanic|zahrad|park|lesy|les\b|lesni|povodi|reditelstv|sprav[ay]|urad|ministerstv"
    r"|agentur|inspek|polici|soud|stat\b|statni|narodni|cesk[eay]\b|moravsk|slezsk|republik|holding|group|skupin|firm|podnik"
    r"|zavod\b|zavody|tovarn|pivovar|vinarstv|mlyn\b|pekar|cukrar|hotel|penzion|restaurac|hostin|autoservis|auto\b|doprav"
    r"|transport|stavb|stavebn|stavby|projekt|geodez|elektro|topen|instalat|kovo|strojir|truhl|tesar|zednic|klempir|sklenar"
    r"|zamecn|kovar|krejc[io]v|kadern|kosmet|servis|obchod|prodej|trade|shop|consult|poraden|ucetn|danov|advokat|notar"
    r"|exekut|real\b|realit|invest|financ|bank|pojist|leasing|media|film|produkc|production|design|print|tisk|nakladatel"
    r"|vydavatel|redakc|radio|televiz|software|systems?|tech\b|technik|technolog|solution|energ|farm[ay]|statek|statku|ranc\b"
    r"|zemedel|druzstv|agro|ekofarm|bio\b|chov|zverin|rybar|myslivec|vcelar|sport|fotbal|hokej|tenis|tanec|tanecn|fitness"
    r"|hudebn|music|art\b|kultur|festival|folklor|soubor|kapela|pamatnik|spolecenstv|vlastnik|bytov|sidlist|sluzb|komunitn"
    r"|socialn|rodin|mater|senior|deti|detem|pro\b|library|foundation|museum|school|university|institute|company|ateli[eé]r"
    r")|[a-z]+(?:stvi|ctvi)\b"
)
# Where a given name and one more word stand alone, that word is a surname ("Truhlář", "Krajíček") unless it is
# one of these as it stands.
_WORDS = _words(
    """
    mestys gymnasium agrodruzstvo jezero vila
    film media design stavby stav farma klub hotel penzion museum muzeum art arts group fond nadace spolek
    sdruzeni obec mesto skola skolka gymnazium centrum studio atelier divadlo galerie servis autoservis trade
    shop consulting invest reality production press print music band orchestra tour tours travel park zoo team
    tym sport fitness restaurant restaurace pivovar vinarstvi statek ranc agro bio eko elektro kovo auto
    transport doprava software system systems tech solutions energy holding company foundation school institute
    """
)
_MARKS = frozenset(
    {
        *("fo", "f o", "fyzicka osoba", "fyzicke osoby", "nepodnikajici fyzicka osoba", "natural person"),
        *("fyzicka osoba nepodnikajici", "soukroma osoba", "obcan", "anonymizovano", "anonymni", "osobni udaj"),
        "fyzicka osoba anonymizovano",
    }
)
_BORN = re.compile(
    r"\b(?:nar(?:ozen[aey]?)?|r ?\. ?c|rodne cislo|dat(?:um)? ?\.? ?nar\w*)\b ?[.:]*"
    r"|\*\s*(?:[0-9]{1,2}\. ?[0-9]{1,2}\. ?)?[0-9]{4}"
)
_BIRTH_NUMBER = re.compile(r"(?<![0-9/._-])([0-9]{6})\s?/\s?([0-9]{3,4})(?![0-9/._-])")
_BIRTH_DIGITS = re.compile(r"(?<![0-9/._-])[0-9]{10}(?![0-9/._-])")
# A day, or a year in brackets, right beside a person's name.
_BIRTH_DATE = re.compile(
    r"\(?\b(?:[0-9]{1,2}\. ?[0-9]{1,2}\. ?[0-9]{4}|(?:19|20)[0-9]{2}-[0-9]{2}-[0-9]{2})\b\)?|\((?:19|20)[0-9]{2}\)"
)
_LONGEST = 200  # characters; no name of people is longer
_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")


def is_mark(raw: str) -> bool:
    """Whether a cell says that there stands a natural person instead of a name: "FO", "xxx", "fyzická osoba".

    >>> is_mark("FO"), is_mark("xxx"), is_mark("Fond")
    (True, True, False)
    """
    folded = re.sub(r"[\W_]+", " ", fold(raw)).strip()
    bare = re.sub(r"\(.*\)$", "", fold(raw)).strip()
    return (
        folded in _MARKS
        or re.sub(r"[\W_]+", " ", bare).strip() in _MARKS
        or bool(re.fullmatch(r"x{2,}(?: x{2,})*", folded))
        or bool(re.fullmatch(r"\*{2,}", raw.strip()))
    )


def is_birth_number(raw: str) -> bool:
    """Whether digits are a Czech birth number: a date (months of women plus 50), divisible by eleven.

    >>> is_birth_number("700101/0005"), is_birth_number("60609460")
    (True, False)
    """
    digits = re.sub(r"[\s/]", "", raw.strip())
    # Nine digits were given until 1953; without a slash they are as well a Polish number of an organisation.
    if not re.fullmatch(r"[0-9]{10}|[0-4][0-9]{8}|5[0-3][0-9]{7}", digits) or (len(digits) == 9 and "/" not in raw):
        return False
    year, month, day = int(digits[:2]), int(digits[2:4]) % 50, int(digits[4:6])
    month = month - 20 if month > 20 else month
    try:
        date(2000 + year if len(digits) == 10 and year < 54 else 1900 + year, month, day)
    except ValueError:
        return False
    return len(digits) == 9 or int(digits) % 11 == 0 or (int(digits[:9]) % 11 == 10 and digits[9] == "0")


def has_birth_data(raw: str) -> bool:
    """Whether a name is printed with a date of birth or a birth number beside it."""
    found = _BIRTH_NUMBER.search(raw) or _BIRTH_DIGITS.search(raw)
    if found and (is_birth_number(found[0]) or is_person(raw[: found.start()] + raw[found.end() :])):
        return True  # a birth number with a slip beside a person's name is one all the same
    date = _BIRTH_DATE.search(raw)
    if date and is_person(raw[: date.start()] + raw[date.end() :]):
        return True
    match = _BORN.search(fold(raw))
    return bool(match and re.search("[0-9]", fold(raw)[match.start() :]))


def _stripped(raw: str) -> tuple[str, bool]:
    """Return a folded name without titles, and whether it had any."""
    folded = fold(text(raw))
    bare = _ACADEMIC.sub(" ", _TITLE.sub(" ", folded))
    return _GENERATION.sub(" ", bare), _TITLE.search(folded) is not None or _ACADEMIC.search(folded) is not None


def is_person(raw: str) -> bool:
    """Whether a name is a person's: a given name or a title with a surname, and no word of an organisation."""
    return is_mark(raw) or has_birth_data(raw) or (len(raw) <= _LONGEST and _is_name(raw))


@lru_cache(maxsize=4096)  # the same towns and schools come again and again
def _is_name(raw: str) -> bool:
    """Whether a text is a person's name and nothing else."""
    bare, titled = _stripped(raw)
    words = [word for word in _WORD.findall(bare) if word not in {"a", "und", "and", "de", "von", "van"}]
    printed = [word for word in _WORD.findall(text(raw)) if fold(word) in words]
    if not 1 <= len(words) <= 6 or any(word[0].islower() for word in printed) or re.search("[0-9&@/+]", bare):
        return False
    if len(words) == 2 and (titled or not _GIVEN.isdisjoint(words)) and "." not in bare:
        return not any(word in _WORDS or re.search("[sc]tvi$", word) for word in words)
    return not _ORGANISATION.search(bare) and _sounds_like_one(words, titled=titled, bare=bare)


def _sounds_like_one(words: list[str], *, titled: bool, bare: str) -> bool:
    """Whether words without any of an organisation are a person's name, or a couple's."""
    if len(words) == 1:
        return titled and words[0].endswith(("ovi", "ova"))  # "manželé Novákovi", "paní Nováková"
    given = [word for word in words if nominative(word)]
    if given:
        return len(words) == 2 or any(word not in given and len(word) > 1 for word in words)
    initial = re.match(r"\s*[a-z]\.", bare) is not None
    return (titled and len(words) <= 4) or (initial and len(words) == 2 and words[1].endswith("ova"))


_ENDINGS = (
    ("", ""), ("a", ""), ("u", ""), ("ovi", ""), ("em", ""), ("e", ""), ("i", ""), ("y", "a"), ("e", "a"), ("u", "a"),
    ("ou", "a"), ("o", "a"), ("ka", "ek"), ("kovi", "ek"), ("kem", "ek"), ("ku", "ek"), ("la", "el"), ("lovi", "el"),
    ("lem", "el"), ("iho", "i"), ("imu", "i"), ("im", "i"), ("ii", "ie"), ("ze", "ha"), ("ce", "ka"), ("re", "ra"),
    ("ovi", "a"), ("ovi", "o"), ("y", "o"),
)  # fmt: skip


def nominative(word: str) -> str:
    """Return the given name that a folded word is a case of, "" for none.

    >>> nominative("janem"), nominative("marka"), nominative("terezy"), nominative("truhla")
    ('jan', 'marek', 'tereza', '')
    """
    for ending, own in _ENDINGS:
        if word.endswith(ending) and (stem := word[: len(word) - len(ending)] + own) in _GIVEN and len(stem) > 1:
            return stem
    return ""


_CASES = "a|e|i|o|u|y|m|ou|em|om|um|am|ym|ho|mu|ej|ovi|ove|ova|ovou|ovy|ovych|eho|emu|ech|ach|ami|ymi|ych|iho|imu"


def spellings(name: str) -> re.Pattern[str] | None:
    """Return a pattern of a person's name in any case, with or without titles, folded letter by letter.

    A surname is looked for alone too, a given name only beside it. None where there is nothing to look for.
    """
    bare, _ = _stripped(name)
    words = [word for word in _WORD.findall(bare) if len(word) > 1 and word not in {"und", "and", "von", "van", "de"}]
    given = [word for word in words if nominative(word)]
    surnames = [word for word in words if word not in given and len(word) > 2] or given
    if not surnames:
        return None
    of_surname, of_given = _forms(surnames), _forms(given) if given else r"(?!)"
    titles = rf"(?:(?:{_TITLES})\.?\s{{1,3}}){{0,5}}"
    before = rf"(?:(?:{of_given}|[a-z]\.)[\s,]{{1,3}}){{0,4}}"
    after = rf"(?:[\s,]{{1,3}}{titles}(?:{of_surname}|{of_given})){{0,4}}"
    tail = r"(?:,?\s*(?:ph\. ?d|csc|mba|dis|drsc|ll\. ?m)\.?)*"
    return re.compile(rf"\b{titles}{before}(?:{of_surname}){after}\b{tail}")


def _forms(words: list[str]) -> str:
    return "|".join(rf"{_stem(word)}(?:{_CASES})?(?![a-z])" for word in words)


def _stem(word: str) -> str:
    """Return what the cases of a word have in common: Novák-a, Hájk-a, Svobod-y, Nováková, Vesel-ého."""
    if re.search(r"[^aeiouy](?:ek|ec)$", word) and len(word) > 4:
        return rf"{re.escape(word[:-2])}e?{word[-1]}"
    if word.endswith("el") and len(word) > 4:
        return rf"{re.escape(word[:-2])}e?l"
    stem = word.rstrip("aeiouy")
    return re.escape(stem if len(stem) > 1 else word)


def without(raw: str, name: str) -> str:
    """Return a text without a person's name in any of its cases.

    >>> without("Zateplení domu Jana Nováka v Lhotě", "Jan Novák")
    'Zateplení domu v Lhotě'
    """
    pattern = spellings(name)
    if pattern is None:
        return text(raw)
    shown = text(raw)
    # Folding letter by letter keeps every character in its place.
    letters = "".join(_plain(char) for char in shown)
    kept, at = [], 0
    for match in pattern.finditer(letters):
        if not any(char.isupper() for char in shown[match.start() : match.end()]):
            continue  # "svoboda" is a word, "Svoboda" a name
        kept.append(shown[at : match.start()])
        at = match.end()
    kept.append(shown[at:])
    left = re.sub(r"\s+([,.;:)])", r"\1", text("".join(kept)))
    return re.sub(r"\(\s*\)|[\s,;:–-]+$|^[\s,;:–-]+", "", left).strip()


def _plain(char: str) -> str:
    plain = unicodedata.normalize("NFKD", char)[0].lower()
    return plain if len(plain) == 1 else char
