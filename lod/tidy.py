"""The tidy layout: one row, JSON object or TOML file a project, its columns named as the model's fields.

Czech names without diacritics come first, English names are aliases. This table is the one source for the
names that sources map to, for `lod template`, and for the documentation of the layout.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

__all__ = ["FIELDS", "ORGANISATION", "Field", "camel", "canonical", "czech", "names", "suggestion"]


@dataclass(frozen=True, slots=True)
class Field:
    """One column: its Czech and English name, what it holds, and what it means in both languages."""

    name: str
    english: str
    kind: str  # text | list | date | amount | number | ico | part (one nested) | parts (several nested)
    cs: str
    en: str
    parts: tuple[Field, ...] = ()


_SEAT = (
    Field("ulice", "street", "text", "ulice sídla", "street of the seat"),
    Field(
        "cislo_domu",
        "house_number",
        "text",
        "číslo domu tak, jak je uvedeno (1191/40a)",
        "house number as printed",
    ),
    Field("cislo_popisne", "descriptive_number", "text", "číslo popisné", "descriptive number"),
    Field("cislo_orientacni", "orientation_number", "text", "číslo orientační", "orientation number"),
    Field("cast_obce", "city_part", "text", "část obce nebo městská část", "part of the municipality"),
    Field("obec", "town", "text", "obec sídla", "town of the seat"),
    Field("psc", "post_code", "text", "PSČ", "postcode"),
    Field("kraj", "region_name", "text", "kraj sídla", "region of the seat"),
    Field("web", "website", "text", "webová adresa organizace", "the organisation's website"),
    Field("datova_schranka", "data_box", "text", "identifikátor datové schránky", "data box identifier"),
    Field("pravni_forma", "legal_form", "text", "kód právní formy", "code of the legal form"),
    Field(
        "zeme",
        "country",
        "text",
        "země sídla: název nebo kód ISO; bez uvedení Česko",
        "country of the seat: name or ISO code; Czechia if not stated",
    ),
    Field(
        "cizi_cislo",
        "foreign_number",
        "text",
        "registrační číslo zahraniční organizace, jak je uvedeno",
        "registration number of a foreign organisation, as printed",
    ),
)

ORGANISATION = (
    Field("prijemce", "beneficiary", "text", "název organizace", "name of the organisation"),
    Field("ico", "ico", "ico", "IČO v jakémkoli zápisu", "IČO in any spelling"),
    *_SEAT,
    Field("kod_kraje", "region_code", "text", "kód kraje v RÚIAN", "RÚIAN code of the region"),
    Field("kod_obce", "municipality_code", "text", "kód obce v RÚIAN", "RÚIAN code of the municipality"),
    Field("nuts", "nuts", "text", "kód NUTS 3", "NUTS 3 code"),
    Field("ovm", "public_body", "text", "„ano“, je-li orgánem veřejné moci", '"yes" for a public body'),
)

_OUTPUT = (
    Field("co", "what", "text", "co bylo vytvořeno", "what was produced"),
    Field("co_en", "what_en", "text", "totéž anglicky", "the same in English"),
    Field("pocet", "quantity", "number", "kolik", "how many"),
    Field("cil", "target", "number", "kolik mělo být", "how many were planned"),
    Field("jednotka", "unit", "text", "jednotka", "unit"),
    Field("jednotka_en", "unit_en", "text", "jednotka anglicky", "unit in English"),
    Field("kod", "code", "text", "kód indikátoru", "indicator code"),
    Field("popis", "description", "text", "popis", "description"),
    Field("popis_en", "description_en", "text", "popis anglicky", "description in English"),
)

_PROJECT_MENTION = (
    Field("nazev", "title", "text", "název projektu", "title of the project"),
    Field("nazev_en", "title_en", "text", "název anglicky", "title in English"),
    Field("slug", "slug", "text", "uložená koncovka IRI", "stored end of the IRI"),
    Field("registracni_cislo", "registration_number", "text", "registrační číslo", "registration number"),
    Field("zahajeni", "start", "date", "zahájení", "start"),
    Field("ukonceni", "end", "date", "ukončení", "end"),
    Field("program", "programme", "text", "program", "programme"),
)

_EVIDENCE = (
    Field(
        "udaj",
        "fact",
        "text",
        "sloupec, kterého se to týká, i vnořený: partneri[1].prijemce",
        "the column it is about, a nested one too: partneri[1].prijemce",
    ),
    Field("uvedeno", "printed", "text", "znění ve zdroji", "wording in the source"),
    Field("misto", "locator", "text", "kde ve zdroji, slovy", "where in the source, in words"),
    Field("misto_en", "locator_en", "text", "totéž anglicky", "the same in English"),
    Field(
        "xpath",
        "xpath",
        "text",
        "XPath prvku stránky; prostý text ho nemá",
        "XPath of the page's element; plain text has none",
    ),
    Field(
        "od",
        "start_at",
        "number",
        "kolikátým znakem prvku (u prostého textu souboru) znění začíná, od 0",
        "at which character of the element (of the file, in plain text) the wording begins, from 0",
    ),
    Field("do", "end_at", "number", "znak, před kterým končí", "the character before which it ends"),
    Field("pred", "prefix", "text", "co stojí těsně před ním", "what stands just before it"),
    Field("po", "suffix", "text", "co stojí těsně za ním", "what stands just after it"),
    Field(
        "pravidlo",
        "rule",
        "text",
        "pravidlo, které údaj našlo (kód číselníku pravidel)",
        "the rule that found the fact (code in the list of rules)",
    ),
    Field(
        "jistota",
        "confidence",
        "number",
        "jak často má pravidlo pravdu, od 0 do 1",
        "how often the rule is right, from 0 to 1",
    ),
    Field("duvod", "reason", "text", "proč uvádíme něco jiného", "why we state something else"),
    Field("duvod_en", "reason_en", "text", "totéž anglicky", "the same in English"),
)

FIELDS = (
    *_PROJECT_MENTION,
    Field("druh_projektu", "project_type", "text", "druh: individuální, grantový…", "type: individual, grant…"),
    Field("stav", "status", "text", "stav projektu", "status of the project"),
    Field("shrnuti", "summary", "text", "stručný popis", "short description"),
    Field("shrnuti_en", "summary_en", "text", "stručný popis anglicky", "short description in English"),
    Field("cil", "goal", "text", "cíl", "goal"),
    Field("cil_en", "goal_en", "text", "cíl anglicky", "goal in English"),
    Field(
        "cilove_skupiny",
        "target_groups",
        "list",
        "cílové skupiny oddělené středníkem",
        "target groups, by semicolon",
    ),
    Field("cilove_skupiny_en", "target_groups_en", "list", "totéž anglicky", "the same in English"),
    Field("prijemce", "beneficiary", "text", "název příjemce", "name of the beneficiary"),
    Field("ico", "ico", "ico", "IČO příjemce v jakémkoli zápisu", "the beneficiary's IČO in any spelling"),
    *_SEAT,
    Field("partneri", "partners", "parts", "partneři projektu", "partners of the project", ORGANISATION),
    Field("prioritni_osa", "priority_axis", "text", "prioritní osa, jak je uvedena", "priority axis as printed"),
    Field(
        "oblast_podpory",
        "area_of_support",
        "text",
        "oblast podpory nebo investiční priorita",
        "area or priority",
    ),
    Field("vyzva", "call", "text", "číslo výzvy", "number of the call"),
    Field("nazev_vyzvy", "call_title", "text", "název výzvy", "title of the call"),
    Field("fond", "funds", "list", "fondy oddělené středníkem", "funds, by semicolon"),
    Field(
        "mena",
        "currency",
        "text",
        "měna (CZK, EUR); bez uvedení CZK",
        "currency (CZK, EUR); CZK if not stated",
    ),
    Field("castka_celkem", "total", "amount", "celkové náklady", "total cost"),
    Field("castka_zpusobila", "eligible", "amount", "celkové způsobilé výdaje", "total eligible cost"),
    Field("castka_eu", "eu", "amount", "příspěvek EU", "EU contribution"),
    Field("castka_stat", "state", "amount", "ze státního rozpočtu", "from the state budget"),
    Field("castka_kraj", "regional", "amount", "z rozpočtu kraje", "from the region's budget"),
    Field("castka_obec", "municipal", "amount", "z rozpočtu obce", "from the municipality's budget"),
    Field("castka_verejna", "public", "amount", "z jiných veřejných zdrojů", "from other public sources"),
    Field("castka_vlastni", "own", "amount", "z vlastních zdrojů příjemce", "from the beneficiary's own sources"),
    Field("castka_soukroma", "private", "amount", "ze soukromých zdrojů", "from private sources"),
    Field("castka_dotace", "grant", "amount", "schválená dotace", "grant as decided"),
    Field("castka_vyplaceno", "paid", "amount", "vyplaceno celkem", "paid in total"),
    Field("poskytovatel", "provider", "text", "poskytovatel dotace", "provider of the grant"),
    Field("poskytovatel_ico", "provider_ico", "ico", "IČO poskytovatele", "the provider's IČO"),
    Field("cislo_rozhodnuti", "decision_number", "text", "číslo rozhodnutí", "number of the decision"),
    Field("datum_rozhodnuti", "decision_date", "date", "datum rozhodnutí", "date of the decision"),
    Field(
        "platby",
        "payments",
        "parts",
        "platby po letech; záporná je vratka",
        "payments by year; a negative one is a return",
        (
            Field("rok", "year", "date", "rok", "year"),
            Field("castka", "amount", "amount", "částka", "amount"),
        ),
    ),
    Field(
        "aktivity",
        "activities",
        "parts",
        "aktivity s výstupy",
        "activities with their outputs",
        (
            Field("nazev", "title", "text", "název aktivity", "title of the activity"),
            Field("nazev_en", "title_en", "text", "název anglicky", "title in English"),
            Field("popis", "description", "text", "popis", "description"),
            Field("popis_en", "description_en", "text", "popis anglicky", "description in English"),
            Field("vystupy", "outputs", "parts", "výstupy aktivity", "outputs of the activity", _OUTPUT),
        ),
    ),
    Field("vystupy", "outputs", "parts", "výstupy projektu", "outputs of the project", _OUTPUT),
    Field(
        "uzemi",
        "places",
        "list",
        "kraje nebo kódy NUTS oddělené středníkem",
        "regions or NUTS codes, by semicolon",
    ),
    Field("uzemi_slovy", "place_name", "text", "území slovy", "place in words"),
    Field("uzemi_slovy_en", "place_name_en", "text", "území slovy anglicky", "place in words, in English"),
    Field(
        "predchozi_projekty",
        "predecessors",
        "parts",
        "projekty, na které tento navazuje",
        "projects that this one continues",
        _PROJECT_MENTION,
    ),
    Field(
        "souvisejici_projekty",
        "related_projects",
        "parts",
        "jinak související projekty",
        "projects related otherwise",
        _PROJECT_MENTION,
    ),
    Field(
        "navazuje_na",
        "builds_on",
        "parts",
        "plány a dokumenty, ze kterých projekt vychází",
        "plans and documents the project starts from",
        (
            Field("nazev", "title", "text", "název dokumentu", "title of the document"),
            Field("nazev_en", "title_en", "text", "název anglicky", "title in English"),
            Field("obdobi", "period", "text", "období dokumentu, např. 2009/2010", "period, such as 2009/2010"),
            Field("url", "url", "text", "adresa", "address"),
        ),
    ),
    Field(
        "dokument",
        "document",
        "part",
        "stránka nebo soubor, ze kterého údaje jsou",
        "the page or file the facts come from",
        (
            Field("slug", "slug", "text", "koncovka IRI dokumentu", "end of the document's IRI"),
            Field("nazev", "title", "text", "název", "title"),
            Field("nazev_en", "title_en", "text", "název anglicky", "title in English"),
            Field("url", "url", "text", "adresa", "address"),
            Field("datum", "date", "date", "datum aktualizace", "date of the last update"),
            Field("soubor", "file", "text", "jméno uloženého souboru", "name of the saved file"),
            Field("sha256", "sha256", "text", "otisk SHA-256 souboru", "SHA-256 of the file"),
        ),
    ),
    Field(
        "doklady",
        "evidence",
        "parts",
        "kde ve zdroji údaj stojí a jak je tam uveden",
        "where in the source a fact stands and how it is printed there",
        _EVIDENCE,
    ),
    Field(
        "k_posouzeni",
        "for_review",
        "parts",
        "nejisté údaje, o kterých rozhodne člověk; nezveřejňují se",
        "doubtful facts for a person to decide on; never published",
        (
            *_EVIDENCE,
            Field("hodnota", "value", "text", "hodnota, kterou by údaj měl", "the value the fact would have"),
        ),
    ),
    Field(
        "kontrola",
        "review",
        "part",
        "kdy záznam prošel rukama člověka; zůstává jen v souboru",
        "when a person went through the record; stays in the file",
        (
            Field("datum", "date", "date", "den kontroly", "day of the review"),
            Field(
                "zamitnuto",
                "rejected",
                "parts",
                "nalezené údaje, které neplatí",
                "facts that were found and do not hold",
                (
                    Field("udaj", "fact", "text", "kterého sloupce se to týká", "the column it is about"),
                    Field("uvedeno", "printed", "text", "znění ve zdroji", "wording in the source"),
                    Field("xpath", "xpath", "text", "XPath prvku stránky", "XPath of the element of the page"),
                    Field("od", "start_at", "number", "od kterého znaku prvku", "from which character of the element"),
                    Field("do", "end_at", "number", "po který znak", "to which character"),
                    Field("duvod", "reason", "text", "proč neplatí", "why it does not hold"),
                ),
            ),
        ),
    ),
)


def camel(english: str) -> str:
    """Return a column's English name as the shapes write it.

    >>> camel("registration_number")
    'registrationNumber'
    """
    return re.sub(r"_(.)", lambda match: match[1].upper(), english)


def czech(english: str) -> str:
    """Return the Czech name of a column given by its English one."""
    return _CZECH.get(english, english)


def names(fields: tuple[Field, ...] = FIELDS) -> Mapping[str, Field]:
    """Return every accepted name, Czech or English, with its field."""
    return _NAMES if fields is FIELDS else _named(fields)


def _named(fields: tuple[Field, ...]) -> dict[str, Field]:
    return {name: item for item in fields for name in (item.name, item.english)}


_NAMES = _named(FIELDS)


def _all(fields: tuple[Field, ...]) -> Iterator[Field]:
    for item in fields:
        yield item
        yield from _all(item.parts)


# Names of nested columns too; the outer ones come last and win.
_CZECH = {item.english: item.name for item in (*_all(FIELDS), *FIELDS)}


def suggestion(name: str, known: Mapping[str, object]) -> str:
    """Return the known name that comes closest, or an empty text."""
    return next(iter(difflib.get_close_matches(name, known, n=1, cutoff=0.7)), "")


def canonical(
    values: Mapping[str, Any], fields: tuple[Field, ...] = FIELDS
) -> tuple[dict[str, Any], dict[str, str], list[str]]:
    """Rename columns to English field names, nested ones too.

    Return the values, the author's name of each field, and the names that no field knows.
    """
    known = names(fields)
    renamed: dict[str, Any] = {}
    labels: dict[str, str] = {}
    unknown: list[str] = []
    for name, value in values.items():
        item = known.get(name.strip().lower())
        if item is None:
            unknown.append(name)
            continue
        if item.parts and isinstance(value, Mapping):
            value = [value]  # noqa: PLW2901 - one part is a list of one
        if item.parts and isinstance(value, list):
            nested = [canonical(part, item.parts) if isinstance(part, Mapping) else None for part in value]
            unknown += [f"{name}.{sub}" for part in nested if part for sub in part[2]]
            unknown += [name for part in nested if part is None]
            value = [part[0] for part in nested if part]  # noqa: PLW2901
        renamed[item.english] = value
        labels[item.english] = name.strip()
    return renamed, labels, unknown
