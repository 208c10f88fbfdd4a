"""Countries as registers write them: names in Czech and English, adjectives, ISO codes. Pure.

>>> [code(name) for name in ("Polsko", "PL", "slovenská", "SR", "Germany", "ČR", "Atlantida")]
['POL', 'POL', 'SVK', 'SVK', 'DEU', 'CZE', '']
"""

from __future__ import annotations

import gettext
import re
from functools import lru_cache

import pycountry

from .clean import fold, text

__all__ = ["CZECHIA", "bare", "code", "of_prefix"]

CZECHIA = "CZE"

# What Czech registers mean by these; as ISO codes SR would be Suriname and CR Costa Rica.
_CUSTOMARY = {
    **dict.fromkeys(("cr", "cesko", "cesko (cr)", "czech rep.", "ceska rep."), "CZE"),
    **dict.fromkeys(("sr", "slovenska rep."), "SVK"),
    **dict.fromkeys(("rp", "polska rep."), "POL"),
    **dict.fromkeys(("srn", "d", "nemecka republika"), "DEU"),
    **dict.fromkeys(("a",), "AUT"),
    **dict.fromkeys(("uk", "velka britanie", "anglie", "skotsko", "great britain", "england"), "GBR"),
    **dict.fromkeys(("usa", "spojene staty americke"), "USA"),
    **dict.fromkeys(("holandsko", "holland"), "NLD"),
    **dict.fromkeys(("rusko",), "RUS"),
    **dict.fromkeys(("el",), "GRC"),  # in EU statistics and VAT numbers
}
_ADJECTIVES = {
    "cesk": "CZE",
    "slovensk": "SVK",
    "polsk": "POL",
    "nemeck": "DEU",
    "rakousk": "AUT",
    "madarsk": "HUN",
    "ukrajinsk": "UKR",
    "britsk": "GBR",
    "francouzsk": "FRA",
    "italsk": "ITA",
    "nizozemsk": "NLD",
    "belgick": "BEL",
    "slovinsk": "SVN",
    "chorvatsk": "HRV",
    "rumunsk": "ROU",
    "bulharsk": "BGR",
    "svycarsk": "CHE",
    "norsk": "NOR",
    "dansk": "DNK",
    "svedsk": "SWE",
    "finsk": "FIN",
}
_ADJECTIVE = re.compile(rf"({'|'.join(_ADJECTIVES)})(?:y|a|e|o|u|eho|emu|ou|em|ym)?(?: (?:republika|rep\.))?")
# Value added tax: two letters of a member state stand before its own number.
_PREFIXES = re.compile("AT|BE|BG|CY|DE|DK|EE|EL|ES|FI|FR|HR|HU|IE|IT|LT|LU|LV|MT|NL|PL|PT|RO|SE|SI|SK")


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    """Return every name and code, folded, with the ISO 3166-1 alpha-3 code."""
    czech = gettext.translation("iso3166-1", pycountry.LOCALES_DIR, languages=["cs"], fallback=True)
    found: dict[str, str] = {}
    for country in pycountry.countries:
        english = [country.name, *(getattr(country, key, "") for key in ("official_name", "common_name"))]
        names = [country.alpha_2, country.alpha_3, *english, *(czech.gettext(name) for name in english if name)]
        found.update({fold(name): country.alpha_3 for name in names if name})
    return found | _CUSTOMARY


def code(raw: str) -> str:
    """Return the ISO 3166-1 alpha-3 code of a country, "" when the text names none.

    The EU's list of countries has the same codes.
    """
    parts = re.split(r"\s/\s", raw)
    if len(parts) > 1:  # "Itálie / Italy"
        found = {code(part) for part in parts}
        return found.pop() if len(found) == 1 else ""
    name = fold(text(raw)).strip(" .,;")
    if known := _names().get(name) or _CUSTOMARY.get(f"{name}."):
        return known
    match = _ADJECTIVE.fullmatch(name)
    return _ADJECTIVES[match[1]] if match else ""


def of_prefix(number: str) -> str:
    """Return the country whose two letters stand before a number ("SK31320155"), "" for none or Czechia's."""
    match = re.fullmatch(r"([A-Z]{2})[-\s]?[0-9][0-9\s.-]{5,}", text(number))
    if not match or not _PREFIXES.fullmatch(match[1]):
        return ""
    return code(match[1])


def bare(number: str, country: str) -> str:
    """Return an organisation's number as all its spellings have it: without its own country's letters and blanks.

    >>> bare("SK 31 320 155", "SVK"), bare("31320155", "SVK"), bare("HRB 12", "DEU")
    ('31320155', '31320155', 'HRB 12')
    """
    shown = text(number)
    if country and of_prefix(shown) == country:
        shown = shown[2:].lstrip(" -")
    return re.sub(r"[\s.-]", "", shown) if re.fullmatch(r"[0-9][0-9\s.-]*", shown) else shown
