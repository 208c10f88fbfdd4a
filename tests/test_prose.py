"""Facts in running Czech: each kind of sentence says its fact, and its neighbour that says something else does not."""

from __future__ import annotations

import pytest

from lod import extract
from lod.extract import page as pages
from lod.terms import Vocabulary

from .conftest import BASE

NAMES = Vocabulary(BASE)
NUMBER = "<p>Registrační číslo projektu: CZ.1.04/3.1.00/05.00099</p>"


def facts_of(content: str, title: str = "x") -> dict[str, str]:
    """Return the sure facts of the one project of a page."""
    text = f"<html><head><title>{title}</title></head><body>{content}</body></html>"
    (found,) = extract.extract(pages.parse(text, "x.html"), NAMES)
    return {fact.field: fact.value for fact in found.facts}


@pytest.mark.parametrize(
    ("sentence", "field", "value"),
    [
        ("Celá stavba nakonec přišla na téměř 4 250 000 Kč.", "total", "4250000"),
        ("Celkové náklady projektu tak činí 4 250 000 Kč.", "total", "4250000"),
        ("Rozdíl 1.114.310,- Kč doplatila obec.", "own", "1114310"),
        ("O zbytek, tedy 640 000 Kč, se postarala obecní kasa.", "own", "640000"),
        ("Fond soudržnosti se na projektu podílí částkou 45 218 330 Kč.", "eu", "45218330"),
        ("Státní fond životního prostředí přidá 2 659 902 Kč.", "state", "2659902"),
        ("Ministerstvo kultury přidalo 1 250 000 Kč.", "state", "1250000"),
        ("Liberecký kraj přispěl ze svého rozpočtu částkou 450 000 Kč.", "regional", "450000"),
        ("Na projekt nám Dům zahraniční spolupráce přidělil 74 120 €.", "grant", "74120"),
    ],
)
def test_who_paid_how_much(sentence: str, field: str, value: str) -> None:
    made = facts_of(f"<h1>Oprava mostu</h1>{NUMBER}<p>{sentence}</p>")
    assert made[field] == value
    assert not {"total", "own", "eu", "state", "regional", "grant"} - {field} & set(made)


@pytest.mark.parametrize(
    "sentence",
    [
        "Na výzvu stát vyčlenil 1,6 miliardy korun.",
        "Půjčku 150 000 Kč bezúročně poskytl mlynář.",
        "Na chodníky jsme podali žádost o dotaci 3 000 000 Kč, kterou podáme znovu.",
        "Za kurz zaplatíte 12 500 Kč měsíčně.",
    ],
)
def test_money_of_others_is_not_the_projects(sentence: str) -> None:
    made = facts_of(f"<h1>Oprava mostu</h1>{NUMBER}<p>{sentence}</p>")
    assert not {"total", "own", "eu", "state", "regional", "grant"} & set(made)


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (
            "Projekt se začal řešit 1. listopadu 2017 a skončit má koncem října 2022.",
            {"start": "2017-11-01", "end": "2022-10"},
        ),
        ("Stavba má být hotova do 30. 9. 2015.", {"end": "2015-09-30"}),
        ("Dělníci nastoupili v dubnu 2010, hotovo bylo 30. září 2011.", {"start": "2010-04", "end": "2011-09-30"}),
        (
            "Projekt, jehož realizace byla zahájena 1. února 2023, má být dokončen31.10.2023.",
            {"start": "2023-02-01", "end": "2023-10-31"},
        ),
        ("Po dobu stavby platí objížďka, omezení skončí 1. 9. 2018.", {}),
    ],
)
def test_when_it_ran(sentence: str, expected: dict[str, str]) -> None:
    made = facts_of(f"<h1>Oprava mostu</h1>{NUMBER}<p>{sentence}</p>")
    assert {field: made[field] for field in ("start", "end") if field in made} == expected


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        ("2018–2020 Podpora čtení", ("2018", "2020")),
        ("Podpora čtení (2018–2020)", ("2018", "2020")),
        ("Podpora čtení (2014–2020)", (None, None)),  # a programming period
        ("Akční plán podpory čtení (2018–2020)", (None, None)),  # a plan's
    ],
)
def test_years_of_a_heading(heading: str, expected: tuple[str | None, str | None]) -> None:
    made = facts_of(f"<h2>{heading}</h2>{NUMBER}<p>Příjemce: Obec Dubová</p>")
    assert (made.get("start"), made.get("end")) == expected


@pytest.mark.parametrize(
    ("content", "name"),
    [
        ("<p>Městu Horní Dubová se podařilo získat dotaci na projekt.</p>", "Město Horní Dubová"),
        ("<p>Ministerstvo poskytlo městysu Dolní Lhota nad Oslavou dotaci.</p>", "Městys Dolní Lhota nad Oslavou"),
        ("<p>Na projekt přispěl Kraji Vysočina Fond soudržnosti.</p>", "Kraj Vysočina"),
        ("<p>Projekt Cesta domů realizuje Oblastní spolek Vzor od roku 2013.</p>", "Oblastní spolek Vzor"),
        ("<p>Jde o projekt, který Přírodovědná fakulta realizuje ve spolupráci s muzeem.</p>", "Přírodovědná fakulta"),
        ("<p>Nemocnice Vzor, a.s., uspěla v páté výzvě Integrovaného programu.</p>", "Nemocnice Vzor, a.s."),
        (
            "<p>Kancelář veřejného opatrovníka sídlí v Brně.</p>"
            "<p>Kancelář od 1. listopadu 2016 realizuje tříletý projekt.</p>",
            "Kancelář veřejného opatrovníka",
        ),
        (
            "<p>Díky dotaci jsme opravili kuchyň.</p><footer>Oblastní charita Vzor, Farní 3, 783 99 Vzor</footer>",
            "Oblastní charita Vzor",
        ),
        ("<p>Městu se podařilo získat dotaci.</p><footer>Městský úřad Dubová, Náměstí 1</footer>", "Město Dubová"),
        ("<p>Projekt univerzita řeší od ledna.</p><footer>© Univerzita Vzor 2026 | GDPR</footer>", "Univerzita Vzor"),
    ],
)
def test_who_carried_it_out(content: str, name: str) -> None:
    assert facts_of(f"<h1>Oprava mostu</h1>{NUMBER}{content}")["beneficiary"] == name


@pytest.mark.parametrize(
    "content",
    [
        # A town that tells of another's project, and a name that only the page's own cases show.
        "<p>Projekt řeší sousední kraj.</p><footer>Městský úřad Dubová, Náměstí 1</footer>",
        "<p>Městu Nové Lhotě se podařilo získat dotaci.</p>",
    ],
)
def test_who_it_was_stays_open(content: str) -> None:
    assert "beneficiary" not in facts_of(f"<h1>Oprava mostu</h1>{NUMBER}{content}")


def test_site_named_by_the_title_speaks_of_its_own_project() -> None:
    body = f"<p>Spolek Vzor</p><h1>Nákup sekaček</h1>{NUMBER}<p>Díky dotaci jsme mohli realizovat projekt.</p>"
    assert facts_of(body, "Nákup sekaček | Spolek Vzor")["beneficiary"] == "Spolek Vzor"
    # A region mostly tells of what it gave.
    body = f"<p>Vzorový kraj</p><h1>Nákup sekaček</h1>{NUMBER}<p>Radní schválili dotaci, kterou jsme poskytli.</p>"
    assert "beneficiary" not in facts_of(body, "Nákup sekaček | Vzorový kraj")


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Kurzem prošlo padesát čtyři pracovníků.", [("54", "pracovníků")]),
        ("V obci vznikne 4 812 m gravitačních stok.", [("4812", "m gravitačních stok")]),
        ("Nově je na náměstí 46 parkovacích stání a 38 lip.", [("46", "parkovacích stání"), ("38", "lip")]),
        ("Slavnostního přestřižení pásky se zúčastnilo 300 lidí.", []),
    ],
)
def test_what_came_of_it(sentence: str, expected: list[tuple[str, str]]) -> None:
    made = facts_of(f"<h1>Oprava mostu</h1>{NUMBER}<p>Příjemce: Obec Dubová</p><p>{sentence}</p>")
    numbers = range(1, 1 + sum(field.endswith("quantity") for field in made))
    assert [(made[f"outputs[{n}].quantity"], made[f"outputs[{n}].what"]) for n in numbers] == expected


def test_what_stands_under_a_heading_of_outputs() -> None:
    made = facts_of(f"<h1>Oprava mostu</h1>{NUMBER}<h2>Výstupy</h2><p>Přístavba, 2 zákrokové sály, 14 lůžek.</p>")
    assert [made[f"outputs[{n}].quantity"] for n in (1, 2)] == ["2", "14"]


@pytest.mark.parametrize(
    ("sentence", "names"),
    [
        ("Partnerem projektu je Spolek Vzor, z. s.", ["Spolek Vzor, z. s."]),
        (
            "Na projektu se jako partneři podílejí také Ústav Vzor, v. v. i., a Nemocnice Vzor.",
            ["Ústav Vzor, v. v. i.", "Nemocnice Vzor"],
        ),
        ("Partnerem projektu je každý, kdo přijde.", []),
    ],
)
def test_who_took_part(sentence: str, names: list[str]) -> None:
    made = facts_of(f"<h1>Oprava mostu</h1>{NUMBER}<p>Příjemce: Obec Dubová</p><p>{sentence}</p>")
    assert [value for field, value in made.items() if field.startswith("partners[")] == names


def test_this_year_is_the_pages() -> None:
    body = "<p>3. 12. 2020 Jana Vzorná</p>{}<p>Práce začaly letos 18. května a potrvají do září letošního roku.</p>"
    made = facts_of(f"<h1>Oprava mostu</h1>{body.format(NUMBER)}")
    assert (made["published"], made["start"]) == ("2020-12-03", "2020-05-18")
    undated = body.format(NUMBER).replace("3. 12. 2020", "")
    assert "start" not in facts_of(f"<h1>Oprava mostu</h1>{undated}")


def test_rows_of_a_saved_text_are_labels_and_values() -> None:
    text = "\n".join(
        [
            "Podhorský kraj",
            "Úvod | Projekty | Kontakty",
            "",
            "Název projektu | Oprava mostu v Dubové",
            "Program | ROP NUTS II Severovýchod, prioritní osa 1 – Rozvoj dopravní infrastruktury",
            "Žadatel | Podhorský kraj",
            "Partner | Správa silnic, příspěvková organizace",
            "Kontaktní osoba | Jan Novák",
            "Zahájení projektu | 04/2012",
        ]
    )
    (found,) = extract.extract(pages.parse(text, "x.txt"), NAMES)
    made = {fact.field: fact.value for fact in found.facts}
    assert made["title"] == "Oprava mostu v Dubové"
    assert made["programme"] == "ROP NUTS II Severovýchod"
    assert made["priority_axis"] == "1 – Rozvoj dopravní infrastruktury"
    assert made["beneficiary"] == "Podhorský kraj"
    assert made["partners[1].beneficiary"] == "Správa silnic, příspěvková organizace"
    assert made["start"] == "2012-04"
    assert "Novák" not in str(made)


def test_headings_of_one_project_stand_one_above_another() -> None:
    parts = "".join(
        f"<h2>{years} Čtení {name}</h2><h3>Rozvoj čtení ve škole {name}</h3>"
        f"<p>Číslo projektu: CZ.1.07/1.1.00/08.000{number}<br>Typ projektu: ESF</p><h4>Cíl projektu</h4><p>Číst.</p>"
        for number, years, name in ((1, "2009 – 2012", "první"), (2, "2011 - 2014", "druhá"))
    )
    first, second = extract.extract(pages.parse(f"<body><h1>Projekty</h1>{parts}</body>", "x.html"), NAMES)
    for found, name, start, end in ((first, "první", "2009", "2012"), (second, "druhá", "2011", "2014")):
        made = {fact.field: fact.value for fact in found.facts}
        assert (made["title"], made["start"], made["end"]) == (f"Rozvoj čtení ve škole {name}", start, end)
        assert made["funds"] == "Evropský sociální fond"


def test_name_in_quotes_beside_the_number_is_the_projects() -> None:
    made = facts_of(
        "<h1>Projekt Šablony III</h1><p>Získali jsme podporu na projekt „Rosteme spolu III“,"
        " registrační číslo projektu CZ.02.3.68/0.0/0.0/20_080/0019999.</p>"
    )
    assert made["title"] == "Rosteme spolu III"


def test_article_below_the_name_of_its_site_has_its_own_date() -> None:
    made = facts_of(
        "<h1>Noviny</h1><ul><li>Sport</li><li>Kultura</li><li>Zprávy</li><li>Inzerce</li></ul><h1>Most je opraven</h1>"
        "<p>2. 12. 2013 Petra Bílá zpravodajství</p><p>Obec Dubová dokončila projekt s názvem Oprava mostu.</p>"
    )
    assert made["published"] == "2013-12-02"
