"""Realistic Czech project records in the tidy layout: a fixed seed, and 2 % of them with one of twelve errors.

    python bench/records.py ROWS FILE.csv [--changed SHARE] [--errors SHARE]

Each row depends on its number and the seed alone, so a longer file begins with the shorter one, and
`--changed 0.01` gives the same file with another title in every hundredth row.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import NamedTuple

from lod.ico import check_digit

__all__ = ["COLUMNS", "ERRORS", "Generated", "records", "write"]

COLUMNS = (
    *("nazev", "registracni_cislo", "stav", "shrnuti", "zahajeni", "ukonceni", "prijemce", "ico"),
    *("ulice", "cislo_popisne", "obec", "psc", "kraj", "pravni_forma", "program", "fond"),
    *("castka_celkem", "castka_zpusobila", "castka_eu", "castka_stat", "castka_vlastni", "castka_dotace"),
    *("datum_rozhodnuti", "uzemi"),
)
Row = dict[str, str]


class Generated(NamedTuple):
    """A row, and the name of its error ("" in a good one)."""

    values: Row
    error: str


# What is wrong with a spoiled row: the kind of finding that it must give (docs/findings.md), and how it is made.
ERRORS: dict[str, Callable[[Row], object]] = {
    "missing-value": lambda row: row.update(nazev=""),
    "date-impossible": lambda row: row.update(zahajeni="31. 2. 2016"),
    "date-unreadable": lambda row: row.update(ukonceni="po dokončení"),
    "number-unreadable": lambda row: row.update(castka_celkem="asi 5 mil."),
    "number-ambiguous": lambda row: row.update(castka_celkem="12.345"),
    "currency-mismatch": lambda row: row.update(castka_eu="1 000 EUR"),
    "ico-invalid": lambda row: row.update(ico="12AB5678"),
    "ico-check-digit": lambda row: row.update(ico=row["ico"][:7] + str((int(row["ico"][7]) + 1) % 10)),
    # These four can be read, so only the shapes find them.
    "end-before-start": lambda row: row.update(ukonceni="1. 1. 2005"),
    "parts-exceed-total": lambda row: row.update(castka_vlastni=row["castka_celkem"]),
    "eligible-exceeds-total": lambda row: row.update(castka_zpusobila=_money(10**12)),
    "out-of-range": lambda row: row.update(castka_dotace="-" + row["castka_celkem"]),
}


def _listed(text: str) -> list[str]:
    return text.split("|")


_THINGS = _listed(
    "základní školy|mateřské školy|střední průmyslové školy|kulturního domu|městské knihovny|"
    "vlakového nádraží|čistírny odpadních vod|sociálních služeb|systému třídění odpadu|"
    "výzkumného centra|náměstí Míru|cyklostezky|nemocnice následné péče|dětského hřiště|"
    "protipovodňových opatření|hasičské zbrojnice|veřejného osvětlení"
)
_DEEDS = _listed(
    "Modernizace|Rekonstrukce|Zateplení|Výstavba|Rozvoj|Vybavení|Energetické úspory|Přístavba|"
    "Digitalizace|Podpora|Zkvalitnění|Revitalizace|Zavedení|Vzdělávání zaměstnanců"
)
_FIRST = _listed("Horní|Dolní|Nová|Stará|Velká|Malá|Česká|Moravská|Suchá|Bílá|Červená|Kostelní")
_SECOND = _listed("Lhota|Ves|Bystřice|Říčka|Třebová|Skalice|Olešnice|Libeň|Dubnice|Řečice|Bříza|Újezd u Chýně")
_STREETS = _listed("Školní|Nádražní|Komenského|Žižkova|Dr. E. Beneše|Příčná|tř. Tomáše Bati|Na Růžku|Říjnová")
_REGIONS = (
    _listed("CZ010|CZ020|CZ031|CZ032|CZ041|CZ042|CZ051|CZ052|CZ053|CZ063|CZ064|CZ071|CZ072|CZ080"),
    _listed(
        "Hlavní město Praha|Středočeský kraj|Jihočeský kraj|Plzeňský kraj|Karlovarský kraj|Ústecký kraj|"
        "Liberecký kraj|Královéhradecký kraj|Pardubický kraj|Kraj Vysočina|Jihomoravský kraj|"
        "Olomoucký kraj|Zlínský kraj|Moravskoslezský kraj"
    ),
)
_BODIES = (  # the name of an organisation in a town, and the code of its legal form
    ("Město {}", "801"),
    ("Obec {}", "801"),
    ("Základní škola {}, příspěvková organizace", "331"),
    ("Nemocnice {}, a.s.", "121"),
    ("Technické služby {} s.r.o.", "112"),
    ("Charita {}", "721"),
    ("Strojírny {}, spol. s r. o.", "112"),
    ("Sbor dobrovolných hasičů {}", "706"),
    ("Univerzita {}", "601"),
)
_AIMS = (
    "Cílem projektu je zlepšit podmínky pro místní obyvatele a snížit náklady na provoz.",
    "Projekt řeší dlouhodobě nevyhovující stav budovy z 60. let: výměnu oken, střechy a rozvodů.",
    "V rámci aktivity „Učíme se spolu“ vzniknou nové výukové materiály; zapojí se 12 škol a 340 žáků.",
    'Dodávka zařízení typu "A/B" včetně zaškolení obsluhy a servisu po dobu udržitelnosti (5 let).',
    "Realizace přispěje k rovným příležitostem žen a mužů na trhu práce v regionu.",
)
_PROGRAMMES = (  # period, code, fund
    ("2007", "04", "ESF"),
    ("2007", "07", "ESF"),
    ("2007", "05", "EFRR"),
    ("2014", "01", "EFRR"),
    ("2014", "02", "ESF"),
    ("2014", "03", "ESF"),
    ("2014", "05", "FS"),
    ("2014", "06", "EFRR"),
    ("2021", "03", "ESF+"),
    ("2021", "05", "FS"),
    ("2021", "06", "EFRR"),
)
_STATES = ("schvaleny", "v-realizaci", "ukonceny")


def _money(hellers: int) -> str:
    """Return an amount as Czech tables print it: 1 234 567,50."""
    return f"{hellers // 100:,}".replace(",", " ") + f",{hellers % 100:02}"


def _number(period: str, code: str, number: int, random: Random) -> str:
    """Return a registration number that no other row has."""
    axis, area, call = random.randint(1, 5), random.randint(1, 3), random.randint(1, 9)
    if period == "2007":
        return f"CZ.1.{code}/{axis}.{area}.{10 + number // 100_000:02}/{call:02}.{number % 100_000:05}"
    if period == "2014":
        return f"CZ.{code}.{axis}.{area}{call}/0.0/0.0/{random.randint(15, 20)}_{call:03}/{number:07}"
    return f"CZ.{code}.{axis:02}.{area:02}/00/22_{call:03}/{number:07}"


def _organisation(key: int) -> Row:
    """Return an organisation, the same wherever it is named."""
    seven = f"{1_000_000 + key * 7 % 8_999_993:07}"
    town = f"{_FIRST[key % 12]} {_SECOND[key // 12 % 12]}" + (f" {key // 144}" if key >= 144 else "")
    name, form = _BODIES[key % len(_BODIES)]
    return {
        "prijemce": name.format(town),
        "ico": seven + check_digit(seven),
        "ulice": _STREETS[key % len(_STREETS)],
        "cislo_popisne": str(1 + key % 1999),
        "obec": town,
        "psc": f"{100 + key % 699} {key % 90 + 10:02}",
        "kraj": _REGIONS[1][key % 14],
        "pravni_forma": form,
    }


def _record(number: int, seed: int) -> Row:
    random = Random(f"{seed}:{number}")
    # Few organisations have many projects, as in the registers: about one in four rows brings a new one.
    body = _organisation(int((number + 4) / 4 * random.random() ** 2))
    period, code, fund = random.choice(_PROGRAMMES)
    year = int(period) + random.randint(1, 5)
    total = int(10 ** random.uniform(7, 10.5))
    eligible = total * random.randint(80, 100) // 100
    eu = eligible * random.randint(50, 85) // 100
    state = (eligible - eu) // 2 if random.random() < 0.7 else 0
    day, month, months = random.randint(1, 28), random.randint(1, 12), random.randint(6, 40)
    end_year, end_month = divmod(year * 12 + month - 1 + months, 12)
    czech = random.random() < 0.5
    deed, thing = random.choice(_DEEDS), random.choice(_THINGS)
    return {
        "nazev": f"{deed} {thing} – {body['obec']}, {random.randint(1, 9)}. etapa ({number})",
        "registracni_cislo": _number(period, code, number, random),
        "stav": random.choice(_STATES),
        "shrnuti": " ".join(random.sample(_AIMS, 2)) if random.random() < 0.8 else "",
        "zahajeni": f"{day}. {month}. {year}" if czech else f"{year}-{month:02}-{day:02}",
        "ukonceni": f"28. {end_month + 1}. {end_year}" if czech else f"{end_year}-{end_month + 1:02}-28",
        **body,
        "program": "",
        "fond": fund,
        "castka_celkem": _money(total),
        "castka_zpusobila": _money(eligible),
        "castka_eu": _money(eu),
        "castka_stat": _money(state) if state else "",
        "castka_vlastni": _money(total - eu - state),
        "castka_dotace": _money(eu + state),
        "datum_rozhodnuti": f"{year - 1}-{random.randint(1, 12):02}-15",
        "uzemi": _REGIONS[0][random.randrange(14)],
    }


def _is_nth(number: int, share: float, shift: float = 0.0) -> bool:
    """Whether a row is one of a share that is spread evenly."""
    return int((number + 1) * share + shift) > int(number * share + shift)


def records(count: int, *, seed: int = 1, errors: float = 0.02, changed: float = 0.0) -> Iterator[Generated]:
    """Yield rows in the tidy layout; `errors` and `changed` are shares, spread evenly."""
    names = list(ERRORS)
    for number in range(count):
        row = _record(number, seed)
        error = ""
        if _is_nth(number, errors):
            error = names[int(number * errors) % len(names)]
            ERRORS[error](row)
        if _is_nth(number, changed, 0.25) and not error:
            row["nazev"] += " – změna"
        yield Generated(row, error)


def write(path: Path, count: int, *, errors: float = 0.02, changed: float = 0.0) -> Path:
    """Write rows as a CSV file in the tidy layout."""
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        table.writeheader()
        table.writerows(row for row, _ in records(count, errors=errors, changed=changed))
    return path


def main() -> None:
    """Write a file as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rows", type=int)
    parser.add_argument("file", type=Path)
    parser.add_argument("--errors", type=float, default=0.02)
    parser.add_argument("--changed", type=float, default=0.0)
    given = parser.parse_args()
    write(given.file, given.rows, errors=given.errors, changed=given.changed)


if __name__ == "__main__":
    main()
