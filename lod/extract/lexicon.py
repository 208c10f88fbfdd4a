"""The words that pages put beside a value, by field.

Patterns are written for folded text (`lod.extract.page.fold`); the first that fits a whole label wins, so
the particular stand before the general. A new synonym is one more alternative here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["AMOUNTS", "DATES", "ORGANISATIONS", "OTHERS", "SEAT", "SINGLE", "STOPS", "Label", "label_at", "label_of"]

AMOUNTS = frozenset(
    {"total", "eligible", "eu", "state", "regional", "municipal", "public", "own", "private", "grant", "paid"}
)
DATES = frozenset({"start", "end", "period"})
ORGANISATIONS = frozenset({"beneficiary", "partner", "provider"})
SEAT = frozenset(
    {
        "seat",
        "street",
        "house_number",
        "city_part",
        "town",
        "region_name",
        "post_code",
        "website",
        "data_box",
        "legal_form",
    }
)
# Facts of which a project has one.
SINGLE = frozenset({"title", "registration_number", "period", "start", "end", "total", "eligible", "grant"})
# Labels that we know and whose values are nobody's fact here: they only end the value before them.
STOPS = "stop"
# Bodies that have a part in the project but are neither its beneficiary nor a partner: their IČO is not ours.
OTHERS = "other"

_PROJECT = (
    r"(?: (?:celeho |tohoto |nas?eho |vaseho )?(?:projektu?|akce|operace|aktivity|stavby|investice"
    r"|zakazky|vystavby|rekonstrukce|zamer\w*))?"
)
_COST = r"(?:naklad[yu]|vydaj[eu]|investice|investicni naklady|rozpoctove naklady|rozpocet)"
_IN = (
    r"(?: (?:v|ve) (?:kc|czk|eur|tis\.? ?kc|mil\.? ?kc|tisicich kc|celych kc))?(?: (?:vc\.?|vcetne|bez"
    r"|s) (?:\d+ ?% )?dph)?"
)
_TOPIC = r"(?:z toho |z ceho[z]? |tj\.? |- |– |a to )?"
_EU_FUND = (
    r"(?:eu\b|evropske unie|evropska unie|es\b|evropskeho spolecenstvi|esf ?\+|esf plus|esf"
    r"|evropsk\w+ socialni\w* fond\w*(?: plus)?|erdf|efrr"
    r"|evropsk\w+ fond\w* (?:pro )?regionalni\w* rozvoj\w*|fs\b|cf\b|fondu? soudrznosti|fond soudrznosti"
    r"|evropskych (?:fondu|zdroju)|fondu? eu|strukturalnich fondu|fst\b|eafrd|ezfrv)"
)
_STATE = (
    r"(?:statni(?:ho)? rozpoc(?:et|tu)(?: cr| ceske republiky)?|sr\b|rozpoctu cr|sfzp(?: cr)?"
    r"|statniho fondu zivotniho prostredi(?: cr)?|sfdi|statni(?:ho)? fondu?(?: \w+)*"
    r"|narodniho rozpoctu|statni podpora|ministerstva [\w ]+|m[a-z]{2,3} cr)"
)
_SHARE = (
    r"(?:vyse )?(?:poskytnuty |schvaleny |financni )?(?:financni )?(?:prispevek|prispevku|dotac[ei]"
    r"|podil|podilu|prostredk[yu]|podpor[ay]|spolufinancovani|kryti|castka|cast|financovani"
    r"|zdroje)(?: (?:z|ze|od|na))?(?: (?:prostredku|zdroju|rozpoctu|fondu))?"
)
_NUMBER_WORD = r"(?:c(?:islo|isla|islem|\.)|c\b)"

_PATTERNS: tuple[tuple[str, str], ...] = (
    # Not ours: contracts, resolutions, accounts, people.
    (
        STOPS,
        rf"(?:{_NUMBER_WORD}|evidencni {_NUMBER_WORD}) (?:smlouvy|zakazky|jednaci|usneseni|uctu"
        rf"|verejne zakazky|rozhodnuti[\w ]*|dokumentu|jizdy)",
    ),
    (
        STOPS,
        r"(?:kontaktni osob[ay]|manazer(?:ka)?(?: projektu)?|(?:hlavni "
        r"|odpovedny )?resitel(?:ka)?(?: projektu)?|vedouci projektu|koordinator(?:ka)?(?: projektu)?"
        r"|telefon|tel\.?|mobil|fax|e-?mail|autor|vlozil|zodpovida|foto|projektovy manazer|garant"
        r"|tiskov[ay] mluvci\w*|financni manazer\w*|statutarni zastupce|starosta|hejtman)",
    ),
    (OTHERS, r"kontakt(?:y|ni (?:adresa|udaje))?|provozovatel|zrizovatel|spravce"),
    (
        OTHERS,
        r"(?:dodavatel|zhotovitel|generalni dodavatel|projektant|technicky dozor|tdi|zadavatel"
        r"|administrator|poradce|uredni hodiny|oteviraci doba|cislo uctu|dic|nip|regon|bankovni spojeni"
        r"|krs)(?: \w+)?",
    ),
    (
        STOPS,
        r"(?:programove obdobi|datum (?:podani|schvaleni|vyhlaseni|podpisu|registrace|vydani)[\w ]*"
        r"|termin (?:podani|predkladani)[\w ]*|udrzitelnost|doba udrzitelnosti|obdobi udrzitelnosti"
        r"|pocet fotografii|precteno|zobrazeno|kategorie|stitky|rubrika|klicove (?:aktivity|slova)"
        r"|priloh[ay]|ke stazeni)",
    ),
    (STOPS, r"(?:celkova )?alokac\w+(?: [\w ]+)?"),
    # The number and the name.
    (
        "registration_number",
        rf"(?:(?:registracni|reg\.?|evidencni|ev\.?|identifikacni|id\.?|jednotne) ?{_NUMBER_WORD}|kod|id"
        rf"|{_NUMBER_WORD})(?: (?:projektu?|zadosti(?: o (?:podporu|dotaci))?|grantu|operace|akce"
        rf"|projektove zadosti|dotace|v is kp\w*))(?: v(?: systemu)? ms2014\+?)?",
    ),
    (
        "registration_number",
        rf"(?:registracni|reg\.?|evidencni) ?{_NUMBER_WORD}|projekt(?:u)? (?:reg\.? ?)?{_NUMBER_WORD}",
    ),
    (
        "title",
        r"(?:plny |cely |oficialni |uplny )?(?:nazev|titul|jmeno) (?:projektu|akce|operace|(?:investicni "
        r"|dotacni )akce|stavby|grantu|projektoveho zameru|zakazky projektu)(?: cz| cesky| v cj"
        r"| v cestine)?",
    ),
    ("title_en", r"(?:nazev|title)(?: projektu)? (?:en|anglicky|v anglictine|v aj|in english)|project title"),
    # When.
    (
        "start",
        r"(?:predpokladan\w+ |planovan\w+ |skutecn\w+ |fyzick\w+ )*(?:datum |termin "
        r"|den )?(?:predpokladan\w+ |planovan\w+ |skutecn\w+ |fyzick\w+ )*(?:zahajeni|zacatek|pocatek"
        r"|start)(?: (?:fyzicke |vlastni )?(?:realizace|reseni|praci|stavby|vystavby"
        r"|projektovych aktivit))?" + _PROJECT,
    ),
    (
        "end",
        r"(?:predpokladan\w+ |planovan\w+ |skutecn\w+ |fyzick\w+ )*(?:datum |termin "
        r"|den )?(?:predpokladan\w+ |planovan\w+ |skutecn\w+ |fyzick\w+ )*(?:ukonceni|dokonceni|konec"
        r"|zakonceni)(?: (?:fyzicke |vlastni )?(?:realizace|reseni|praci|stavby|vystavby"
        r"|projektovych aktivit))?" + _PROJECT,
    ),
    ("start", r"realizace od|trvani od"),
    ("end", r"realizace do|trvani do"),
    ("published", r"datum"),
    (
        "period",
        r"(?:predpokladan\w+ |planovan\w+ |celkov\w+ |fyzick\w+ )*(?:doba|obdobi|termin|terminy|datum|cas"
        r"|delka|casovy harmonogram|harmonogram|trvani|faze)(?: (?:trvani|realizace|reseni|uskutecneni"
        r"|fyzicke realizace|realizace a financovani|konani|plneni))?" + _PROJECT,
    ),
    ("period", r"(?:predpokladana |planovana )?(?:realizace|trvani|reseni|uskutecneni)" + _PROJECT),
    ("period", r"(?:termin|obdobi|doba) cerpani"),
    ("period", r"(?:datum|termin|doba) od ?(?:-|–|/)? ?do"),
    # Who.
    (
        "beneficiary",
        r"(?:hlavni |vedouci )?(?:prijemce|prijemcem)(?: (?:dotace|podpory|grantu|prispevku|pomoci"
        r"|financni podpory|je|projektu))*(?: ?/ ?zadatel)?",
    ),
    (
        "beneficiary",
        r"(?:nazev |jmeno )?(?:zadatel|zadatele|prijemce|prijemce dotace|nositel|nositele|realizator"
        r"|realizatora|predkladatel|predkladatele|uskutecnovatel)(?: ?/ ?(?:prijemce|realizator|nositel"
        r"|zadatel))?(?: (?:projektu|dotace|grantu|podpory|akce))?",
    ),
    ("beneficiary", r"investor(?: (?:projektu|akce|stavby))?|kdo|komu"),
    ("period", r"kdy"),
    (
        "beneficiary",
        r"(?:vedouci|hlavni|lead) partner(?: projektu)?|(?:hlavni|vedouci) ucastnik(?: projektu)?"
        r"|lead beneficiary|wnioskodawca|beneficjent|nazev (?:organizace|subjektu|skoly) ?(?:prijemce"
        r"|zadatele)?",
    ),
    ("beneficiary", r"projekt realizuje|realizatorem projektu je|prijemcem (?:dotace |podpory )?je"),
    ("partner", r"partner(?:y|i|em) (?:tohoto |naseho )?projektu (?:jsou|je|byli|byl)"),
    ("partner", r"hlavni (?:preshranicni|cezhranicny) partner"),
    (
        "partner",
        r"(?:dalsi |cesk[yi] |preshranicni |zahranicni |polsky |slovensky |nemecky |rakousky |projektov[yi] |financni "
        r"|norsky |partnersky )*(?:partner|partneri|partnera|partneru|ucastnik|ucastnici|spoluprijemce"
        r"|partnerska organizace|partnerske organizace|spoluresitel\w*)(?: (?:projektu|z donorskeho statu"
        r"|z (?:norska|polska|slovenska|islandu|lichtenstejnska)|bez financniho prispevku"
        r"|s financnim prispevkem))*(?: ?c?\.? ?\d)?",
    ),
    ("provider", r"poskytovatel(?: (?:dotace|podpory|grantu|prispevku))?|(?:dotaci |podporu )?poskytl[ao]?"),
    (
        "ico",
        r"ico?(?: ?/ ?dic)?(?: (?:prijemce|zadatele|organizace|partnera|subjektu))?"
        r"|identifikacni cislo(?: osoby| organizace)?",
    ),
    # The programme.
    (
        "area_of_support",
        r"oblast(?:i)? (?:podpory|intervence)|investicni priorit[ay]|specifick[yeé] cil(?: (?:programu"
        r"|op \w+))?|(?:cislo a nazev )?opatreni|podopatreni|podporovana aktivita"
        r"|(?:cislo a nazev )?oblasti? (?:podpory|intervence)",
    ),
    (
        "priority_axis",
        r"(?:cislo a nazev |nazev )?prioritn[ia] os[ay]?(?: (?:op|opz|irop|programu|opvvv|opzp"
        r"|op \w+))?(?: plus)?|(?:priorita)(?: (?:programu|op \w+))?",
    ),
    ("call", r"(?:cislo |nazev |cislo a nazev )?vyzv[ay](?: (?:c\.|cislo|mas))?(?: programu)?"),
    (
        "programme",
        r"(?:nazev |cislo a nazev )?(?:operacni(?:ho)? program(?:u)?|dotacni(?:ho)? program(?:u)?"
        r"|dotacni titul|grantovy program|dotacni(?:ho)? titul(?:u)?|program(?:u)?(?: podpory"
        r"| financovani)?|programovy ramec|podprogram)|zdroj (?:dotace|podpory)|(?:financovano"
        r"|spolufinancovano|hrazeno|podporeno)(?: (?:z|ze|v ramci|prostrednictvim))?"
        r"|(?:podpora )?poskytnuta z",
    ),
    (
        "funds",
        r"(?:evropsk\w+ |strukturalni |dotcen\w+ )?fond(?:y)?(?: eu)?|zdroj(?:e)? financovani"
        r"|financovani z|strukturalni fond|typ projektu",
    ),
    # Money.
    (
        "eligible",
        rf"{_TOPIC}(?:celkov\w+ )?(?:zpusobil\w+|uznateln\w+)(?: (?:naklady|vydaje|rozpocet"
        rf"|cast))?(?: celkem)?{_PROJECT}(?: celkem)?",
    ),
    ("eligible", rf"{_TOPIC}(?:celkove )?(?:naklady|vydaje) (?:zpusobile|uznatelne)"),
    (STOPS, rf"{_TOPIC}(?:celkov\w+ )?(?:nezpusobil\w+|neuznateln\w+)(?: (?:naklady|vydaje))?{_PROJECT}"),
    ("eu", rf"{_TOPIC}(?:{_SHARE} )?(?:z )?(?:fondu )?{_EU_FUND}(?: \((?:esf|efrr|erdf|fs|eu)\))?(?: \d+ ?%)?"),
    ("eu", rf"{_TOPIC}(?:{_SHARE} )?(?:z )?(?:fondu )?{_EU_FUND} ?[/(-] ?{_EU_FUND}\)?"),
    (
        "eu",
        rf"{_TOPIC}(?:vyse )?(?:evropska dotace|evropsky podil|podpora eu|dotace z opzp|prispevek opzp"
        rf"|prispevek z (?:op\w*|irop|rop\w*)|pozadovana dotace z fs)",
    ),
    ("state", rf"{_TOPIC}(?:{_SHARE} )?(?:z |ze )?{_STATE}(?: \d+ ?%)?"),
    # National public money: the state's, as far as a page tells.
    (
        "state",
        rf"{_TOPIC}(?:celkove )?(?:jine |ostatni )?(?:narodni )?verejne (?:zdroje|prostredky"
        rf"|spolufinancovani)(?: cr)?|{_TOPIC}(?:celkove )?narodni (?:zdroje|spolufinancovani|podil"
        rf"|verejne(?: prostredky| zdroje)?)|verejne zdroje cr",
    ),
    (
        "own",
        rf"{_TOPIC}(?:vyse )?(?:(?:financovani |prispevek |prostredky |podil )?(?:z "
        rf"|ze )?(?:vlastni(?:ch)?) (?:zdroj[eu]|podil|prostredk[yu]|financovani|prispevek|spoluucast"
        rf"|vklad|finance|spolufinancovani|rozpoctu)(?: (?:prijemce|zadatele|mesta|obce|kraje|skoly"
        rf"|mestyse|organizace))?)",
    ),
    (
        "own",
        rf"{_TOPIC}(?:(?:financni )?(?:podil|prispevek|spolufinancovani|spoluucast|vklad|zdroje|prostredky|naklady"
        rf"|financovani)(?: (?:z|ze))?(?: (?:zdroju|rozpoctu|vlastnich zdroju|strany))? (?:prijemce(?:m)?"
        rf"|zadatele|mesta|obce|mestyse|skoly|organizace|realizatora|nositele)|(?:rozpocet"
        rf"|z rozpoctu) (?:mesta|obce|mestyse|prijemce)|z toho (?:mesto|obec|mestys|skola)|spoluucast"
        rf"|spolufinancovani (?:mestem|obci|prijemcem))",
    ),
    (
        "kraj",
        rf"{_TOPIC}(?:(?:financni )?{_SHARE} )?(?:z rozpoctu |rozpocet |rozpoctu )?(?:kraje|[\w]+(?:sky"
        rf"|skeho|cky|ckeho) kraje?)(?: \(vlastni financovani\))?|kraj vysocina|(?:dotace"
        rf"|prispevek) kraje vysocina",
    ),
    ("private", rf"{_TOPIC}(?:celkove )?soukrom\w+(?: (?:zdroje|prostredky|podil|spolufinancovani))?"),
    (
        "grant",
        rf"{_TOPIC}(?:celkov\w+ |schvalen\w+ |poskytnut\w+ |pridelen\w+ |priznan\w+ |ziskan\w+ |maximalni "
        rf"|nejvyssi |pozadovan\w+ |financni |verejn\w+ )*(?:vyse |castka |objem |hodnota )?(?:celkov\w+ "
        rf"|schvalen\w+ |poskytnut\w+ |pridelen\w+ |priznan\w+ |ziskan\w+ |financni |ucelov\w+ "
        rf"|verejn\w+ )*(?:dotac[ei]|podpor[ay]|grantu?|subvence|prispevku|prispevek)(?: (?:celkem"
        rf"|projektu|na projekt|cini|ciní|ve vysi|z rozpoctu rr|rr|regionalni rady|z ropu?|z programu"
        rf"|z irop|ze strany poskytovatele|z msmt))*",
    ),
    (
        "grant",
        r"celkem ziskano|ziskano(?: celkem)?|(?:ziskana|pridelena|schvalena|poskytnuta) castka"
        r"|pridelene (?:prostredky|finance)|ziskane prostredky",
    ),
    (
        "total",
        rf"{_TOPIC}(?:celkov\w+ |predpokladan\w+ |planovan\w+ |skutecn\w+ )*(?:vyse |hodnota "
        rf"|castka )?(?:celkov\w+ )?(?:uznan\w+ |investicni |rozpoctov\w+ )?{_COST}(?: (?:na|za"
        rf"|celkem))?{_PROJECT}(?: celkem)?",
    ),
    (
        "total",
        rf"celkov[ay] (?:castka|vyse|hodnota|cena|alokovana castka|financni castka|suma"
        rf"|financni objem)(?: (?:na|za))?{_PROJECT}|(?:hodnota|objem|vyse) (?:projektu|akce|investice)"
        rf"|(?:financni )?rozpocet{_PROJECT}(?: celkem)?|castka celkem|celkem(?: naklady| vydaje)?"
        rf"|naklady celkem|vydaje celkem",
    ),
    ("paid", r"(?:vyplaceno|proplaceno|cerpano|vycerpano)(?: celkem)?"),
    ("currency", r"mena"),
    # Where.
    (
        "place",
        r"(?:misto|mista|uzemi|lokalita|oblast) (?:realizace|dopadu|konani|projektu|plneni)"
        + _PROJECT
        + r"|(?:region|kraj|uzemi|uzemni zamereni|geograficke vymezeni|uzemi dopadu|misto|lokalita"
        r"|dopad projektu|cilove uzemi|okres|obec|orp|adresa mista (?:provozu|realizace))(?: realizace"
        r"| dopadu)?" + _PROJECT,
    ),
    ("seat", r"sidlo(?: (?:organizace|prijemce|zadatele|firmy))?|adresa(?: (?:sidla|prijemce|zadatele|organizace))?"),
    ("street", r"ulice(?: a cislo)?"),
    ("house_number", r"cislo (?:popisne|domovni|domu|popisne/orientacni)|c\. ?p\."),
    ("city_part", r"(?:mestska cast|cast obce|ctvrt)"),
    ("town", r"mesto|obec ?/ ?mesto|mesto ?/ ?obec"),
    ("post_code", r"psc"),
    ("data_box", r"(?:id |identifikator )?(?:datove schranky|datova schranka|ds|ids)"),
    ("website", r"(?:www|web|webove stranky|internetove stranky|http)(?: prijemce| organizace)?"),
    ("legal_form", r"pravni forma(?: \w+)?"),
    # What the project is for and what came of it.
    (
        "goal",
        r"(?:hlavni |globalni |obecny |strucny )?(?:cil|cile|cilem|ucel|smysl) (?:projektu|je)|hlavni cil"
        r"|(?:hlavni )?cile?",
    ),
    (
        "summary",
        r"(?:strucny |kratky |podrobny )?(?:popis|obsah|anotace|charakteristika|shrnuti|predmet|abstrakt"
        r"|napln|o)(?: a cile?)? ?(?:projektu|akce)|anotace|predmet (?:projektu|dotace)|strucny popis|popis",
    ),
    ("target_groups", r"cilov[ae] skupin[ay](?: projektu)?"),
    (
        "outputs",
        r"(?:hlavni |ocekavane |planovane )?(?:vystupy?|vysledky?|indikatory?|prinosy?)(?: a (?:vysledky"
        r"|vystupy|prinosy))?(?: projektu)?|(?:monitorovaci )?indikatory",
    ),
    ("status", r"(?:stav|faze|status)(?: (?:projektu|realizace|akce))?"),
    ("project_type", r"(?:typ|druh) (?:projektu|akce)"),
    # The page itself.
    (
        "modified",
        r"(?:datum )?(?:posledni )?(?:aktualizac[ei]|aktualizovano|zmeny?|uprav[ay]|zmeneno"
        r"|upraveno)(?: (?:stranky|clanku|dne))?|naposledy (?:zmeneno|upraveno|aktualizovano)"
        r"|posledni (?:zmena|uprava|aktualizace)",
    ),
    (
        "published",
        r"(?:datum )?(?:zverejneni|publikovani|vlozeni|vydani|publikace|vytvoreni|zverejneno|publikovano"
        r"|vlozeno|vydano|vystaveno|pridano|vyveseno|vytvoreno)(?: dne| clanku)?|napsano",
    ),
    # Last: short words that mean something only when nothing else fits.
    ("title", r"projekt|nazev|akce"),
    ("grant", r"vyse (?:financni )?podpory|castka|vyse castky|financni podpora"),
)
# A label may carry a unit, a note in brackets, or an ordinal before it.
_COMPILED = tuple(
    (
        field,
        re.compile(
            rf"(?:\d+[.)]\s*|[a-z]\)\s*)?(?:{pattern})(?![a-z]){_IN}(?:\s?\((?![^()]*(?:\d[ .]?\d{{3}}"
            rf"|\d,-|\d ?(?:mil|tis|kc)))(?P<note>[^()]{{1,60}})\)|\s?\[(?P<unit>[^\]]{{1,20}})\])?",
            re.IGNORECASE,
        ),
    )
    for field, pattern in _PATTERNS
)


@dataclass(frozen=True, slots=True)
class Label:
    """A label found in folded text."""

    field: str
    start: int
    end: int  # of the words, without what follows


def label_of(folded: str) -> str:
    """Return the field that a whole text names, "" where it names none.

    >>> label_of("celkove zpusobile vydaje projektu"), label_of("z toho statni rozpocet"), label_of("nase skola")
    ('eligible', 'state', '')
    """
    bare = folded.strip(" :.-–—\u00a0*|")
    return next((field for field, pattern in _COMPILED if pattern.fullmatch(bare)), "")


def label_at(folded: str, start: int) -> Label | None:
    """Return the longest label that begins here and ends at a word's end."""
    best: Label | None = None
    for field, pattern in _COMPILED:
        match = pattern.match(folded, start)
        if (
            match
            and match.end() > start
            and (best is None or match.end() > best.end)
            and not folded[match.end() : match.end() + 1].isalpha()
        ):
            best = Label(field, start, match.end())
    return best
