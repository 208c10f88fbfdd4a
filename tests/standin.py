"""A stand-in extractor: finds what the test says."""
from __future__ import annotations

from pathlib import Path
from typing import Any

from lod.extract.facts import Fact, Found, Span
from lod.extract.page import Page
from lod.review import paths

PAGE = """<!doctype html><html lang="cs"><head><meta charset="utf-8"><title>Dětská skupina Vrabčák – Město Lomná</title></head><body>
<nav class="menu"><ul><li><a href="/">Úvod</a></li><li><a href="/urad">Úřad</a></li><li>Kontakty</li></ul></nav>
<main><h1>Dětská skupina Vrabčák</h1>
<p>Město Olomouc otevřelo ve dvoře bývalé školy dětskou skupinu pro rodiče, kteří se vracejí do práce. Projekt pomohl 24 rodičům a vytvořil tři pracovní místa.</p>
<h2>Základní údaje</h2>
<table><tr><th>Registrační číslo</th><td>CZ.03.1.51/0.0/0.0/16_071/0009999</td></tr>
<tr><th>Příjemce</th><td>Statutární město Olomouc, IČO: 002 99 308</td></tr>
<tr><th>Období realizace</th><td>1. 9. 2017 – 31. 8. 2020</td></tr>
<tr><th>Celkové způsobilé výdaje</th><td>4 512 300,50 Kč</td></tr>
<tr><th>Příspěvek EU</th><td>3 835 455,43 Kč</td></tr></table>
<h2>Partneři</h2>
<ul><li>Spolek Kolem stolu, z. s.</li><li>Základní škola Na Stráni</li></ul>
<h2>Co vzniklo</h2>
<p>Zařízení má kapacitu 12 dětí. Otevřeno je každý všední den od 7 do 17 hodin.</p>
<p>Projekt Dětská skupina Vrabčák je spolufinancován Evropskou unií z Evropského sociálního fondu.</p></main>
<footer><p>Statutární město Olomouc, Horní náměstí 583, 779 11 Olomouc</p><p>Aktualizováno 14. 2. 2021</p></footer></body></html>"""


def at(page: Page, words: str, nth: int = 0) -> Span:
    found = [Span(line.index, line.text.index(words), line.text.index(words) + len(words)) for line in page.lines if words in line.text]
    return found[nth]


def facts(page: Page) -> Found:
    def f(field, words, value="", rule="label", confidence=0.97, nth=0):
        return Fact(field, value or words, at(page, words, nth), rule, confidence)
    found = Found([
        f("title", "Dětská skupina Vrabčák", rule="heading"),
        f("registration_number", "CZ.03.1.51/0.0/0.0/16_071/0009999", confidence=0.99),
        f("beneficiary", "Statutární město Olomouc"), f("ico", "002 99 308", "00299308"),
        f("start", "1. 9. 2017", "2017-09-01"), f("end", "31. 8. 2020", "2020-08-31"),
        f("eligible", "4 512 300,50 Kč", "4512300.5"), f("eu", "3 835 455,43 Kč", "3835455.43"),
        f("partners[1].beneficiary", "Spolek Kolem stolu, z. s.", rule="list"),
        f("partners[2].beneficiary", "Základní škola Na Stráni", rule="list"),
        f("funds", "Evropského sociálního fondu", "Evropský sociální fond", rule="sentence-fund", confidence=.93),
        f("outputs[1].what", "dětí", "místa pro děti", rule="sentence-output", confidence=.88), f("outputs[1].quantity", "12", "12", nth=-1, rule="sentence-output", confidence=.88) if False else Fact("outputs[1].quantity", "12", at(page, "12 dětí"), "sentence-output", .88),
        f("document.date", "14. 2. 2021", "2021-02-14", rule="updated"),
    ], [
        f("outputs[2].quantity", "24", rule="sentence-output", confidence=.55), f("outputs[2].what", "rodičům", "podpoření rodiče", rule="sentence-output", confidence=.55),
        f("town", "Olomouc", rule="address", confidence=.61, nth=-1),
        f("post_code", "779 11", "77911", rule="address", confidence=.61),
        f("beneficiary", "Město Olomouc", rule="sentence", confidence=.4),
    ])
    return found


def extract(page: Page, vocabulary: Any) -> list[Found]:
    return [facts(page)]


def values(found: Found, page: Page, *, verdicts: Any = None) -> dict[str, Any]:
    leaves: dict[str, Any] = {}
    for one in found.facts:
        if paths.field_of(one.field).kind == "list":
            leaves.setdefault(one.field, []).append(one.value)
        else:
            leaves.setdefault(one.field, one.value)
    leaves.setdefault("document.title", page.title or page.name)
    leaves["document.slug"] = "stranka-" + page.sha256[:8]
    leaves["document.sha256"] = page.sha256
    made = paths.nested(leaves)
    made["doklady"] = []
    for one in found.facts:
        line = page.lines[one.span.line]
        made["doklady"].append({"udaj": paths.czech(one.field), "uvedeno": one.span.of(page), "misto": f"řádek {line.number}", "misto_en": f"line {line.number}", "xpath": line.xpath, "od": line.offsets[one.span.start], "do": line.offsets[one.span.end - 1] + 1, "pravidlo": one.rule, "jistota": round(one.confidence, 2)})
    if not made["doklady"]: del made["doklady"]
    return made
