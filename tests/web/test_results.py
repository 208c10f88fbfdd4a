"""Answers as people see them: values written for a reader, sorted, drawn, and never more than what was asked for."""

from __future__ import annotations

import csv
import doctest
import io
import re
from collections.abc import Callable
from decimal import Decimal
from types import ModuleType
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import lxml.html
import pyoxigraph as ox
import pytest
from flask import render_template
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lod.iris import NAMESPACES
from lod.terms import Vocabulary
from lod.web import collation, naming, writing
from lod.web.app import create_app
from lod.web.results import chart, columns, graph, page, regions, table
from lod.web.results.answer import MOST, Answer, Kept
from lod.web.results.reader import Reader
from lod.web.site import Site

XSD = NAMESPACES["xsd"]
PREFIXES = """PREFIX vp: <https://w3id.org/verejne-projekty#>
PREFIX schema: <http://schema.org/>
PREFIX dct: <http://purl.org/dc/terms/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX org: <http://www.w3.org/ns/org#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
"""
GRANTS = (
    PREFIXES
    + """
SELECT ?prijemce (COUNT(?projekt) AS ?projektu) (SUM(?castka) AS ?dotaceKc) WHERE {
  ?projekt vp:beneficiary ?prijemce ; vp:grant/schema:amount/schema:value ?castka .
} GROUP BY ?prijemce"""
)
BY_REGION = (
    PREFIXES
    + """
SELECT ?kraj (COUNT(DISTINCT ?projekt) AS ?projektu) WHERE {
  ?kraj a vp:Region ; skos:exactMatch ?misto .
  ?prijemce org:hasRegisteredSite/dct:spatial ?misto .
  ?projekt vp:beneficiary ?prijemce .
} GROUP BY ?kraj"""
)
PROJECT = "https://projekty.example/zdroj/projekty/CZ.1.04-3.1.00-05.00037"


@pytest.fixture
def cs(vocabulary: Vocabulary) -> Reader:
    return Reader("cs", vocabulary, lambda iri: iri)


def lit(value: str, kind: str = "string") -> ox.Literal:
    return ox.Literal(value, datatype=ox.NamedNode(XSD + kind))


def answer_of(names: str, *rows: tuple[Any, ...]) -> Answer:
    return Answer("solutions", tuple(names.split()), rows, len(rows))


def shown_columns(names: str, *rows: tuple[Any, ...]) -> list[columns.Column]:
    return columns.columns(answer_of(names, *rows))


def parsed(html: str) -> Any:
    return lxml.html.fromstring(html)


def ask(client: FlaskClient, query: str, **parameters: str) -> Any:
    """Return the part of the query page that shows the answer."""
    response = client.get("/sparql", query_string={"query": query, **parameters}, headers={"Accept": "text/html"})
    assert response.status_code == 200
    return parsed(response.text).get_element_by_id("answer")


_PART = re.compile(r"(\w+)?((?:\.[\w-]+|#[\w-]+|\[[\w-]+\]|:nth-child\(\d\))*)")


def select(element: Any, path: str) -> list[Any]:
    """Return what a simple CSS selector finds: tags, classes, ids, attributes and places, one below another."""
    steps = []
    for part in path.split():
        match = _PART.fullmatch(part)
        assert match, part
        tests = "".join(
            f"[contains(concat(' ', @class, ' '), ' {name} ')]"
            if kind == "."
            else f"[@id='{name}']"
            if kind == "#"
            else f"[@{name}]"
            if kind == "["
            else f"[count(preceding-sibling::*) = {int(name) - 1}]"
            for kind, name in re.findall(r"(\.|#|\[|:nth-child\()([\w-]+)", match[2])
        )
        steps.append((match[1] or "*") + tests)
    found: list[Any] = element.xpath(".//" + "//".join(steps))
    return found


def texts(element: Any, path: str) -> list[str]:
    return [" ".join(one.text_content().split()) for one in select(element, path)]


# Writing for people ---------------------------------------------------------------------------------


@pytest.mark.parametrize("module", [writing, collation, naming, columns, chart], ids=lambda module: module.__name__)
def test_examples_in_docstrings_hold(module: ModuleType) -> None:
    done = doctest.testmod(module)
    assert (done.failed, done.attempted > 0) == (0, True)


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**15), max_value=10**15, places=2))
def test_a_written_number_is_the_number(value: Decimal) -> None:
    czech = writing.number(value, "cs").replace("\u00a0", "").replace(",", ".").replace("−", "-")
    english = writing.number(value, "en").replace(",", "").replace("−", "-")
    assert Decimal(czech) == Decimal(english) == value


@given(st.text(max_size=40), st.sampled_from(["cs", "en"]))
def test_whatever_is_no_number_and_no_day_stays_as_it_is(text: str, language: str) -> None:
    if writing.decimal(text) is None:
        assert writing.number(text, language) == text
    assert writing.day(text, language)[-4:] == text[:4] or writing.day(text, language) == text


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=Decimal("0.001"), max_value=10**14))
def test_a_brief_number_is_right_to_a_twentieth(value: Decimal) -> None:
    text, _, unit = writing.brief(value, "en").partition("\u00a0")
    size = {"": 0, "k": 3, "M": 6, "bn": 9, "T": 12}[unit]
    assert abs(Decimal(text.replace(",", "")) * 10**size - value) <= value / 20


@given(st.lists(st.text(alphabet="aábcčdďhichůz 0123", max_size=6), max_size=6))
def test_czech_order_is_total(words: list[str]) -> None:
    ordered = sorted(words, key=collation.key)
    backwards = words[::-1]
    assert sorted(backwards, key=collation.key) == ordered
    plain = sorted((word for word in words if re.fullmatch("[abdi]*", word)), key=collation.key)
    assert plain == sorted(plain)


# Columns --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "values", "kind", "unit"),
    [
        ("celkem", [lit("12.5", "decimal"), lit("3", "integer"), None], "number", ""),
        ("dotaceKc", [lit("12.5", "decimal")], "number", "Kč"),
        ("amount_eur", [lit("12", "integer")], "number", "€"),
        ("rok", [lit("2007"), lit("2013")], "time", ""),
        ("rok", [lit("2007", "integer")], "time", ""),
        ("pocet", [lit("2007", "integer")], "number", ""),
        ("rok", [lit("2007"), lit("neznámý")], "text", ""),
        ("zahajeni", [lit("2007-01-31", "date"), lit("2007", "gYear")], "time", ""),
        ("zahajeni", [lit("2007-13-31", "date")], "text", ""),
        ("x", [lit("NaN", "double"), lit("INF", "double")], "text", ""),
        ("x", [lit("dvacet", "integer")], "text", ""),
        ("x", [ox.NamedNode("http://x/"), ox.BlankNode("b")], "resource", ""),
        ("x", [ox.NamedNode("http://x/"), lit("x")], "text", ""),
        ("x", [None], "empty", ""),
    ],
)
def test_a_column_is_what_its_values_and_its_name_say(name: str, values: list[Any], kind: str, unit: str) -> None:
    (column,) = shown_columns(name, *((value,) for value in values))
    assert (column.kind, column.unit) == (kind, unit)


def test_money_has_two_decimals_where_any_has_some(cs: Reader) -> None:
    found = shown_columns("kc", (lit("1234.5", "decimal"),), (lit("10", "integer"),))
    shown = table.table(found, table.leaf([0, 1], 1), "", cs)
    assert [row[0][0].text for row in shown.rows] == ["1\u00a0234,50", "10,00"]
    assert shown.rows[0][0][0].title == '"1234.5"^^xsd:decimal'  # exactly, for whoever points at it


# Tables ---------------------------------------------------------------------------------------------


@given(st.lists(st.one_of(st.none(), st.integers(-(10**9), 10**9)), max_size=20), st.booleans())
def test_rows_are_sorted_by_size_and_unbound_ones_come_last(
    vocabulary: Vocabulary, numbers: list[int | None], down: bool
) -> None:
    reader = Reader("cs", vocabulary, lambda iri: iri)
    found = shown_columns("n", *((None if n is None else lit(str(n), "integer"),) for n in numbers))
    places = table.order(found, "-n" if down else "n", reader)
    assert sorted(places) == list(range(len(numbers)))
    known = [n for n in numbers if n is not None]
    expected = sorted(known, reverse=down) + [None] * (len(numbers) - len(known))
    if known:
        assert [numbers[place] for place in places] == expected


def test_texts_are_sorted_as_czech_people_do(cs: Reader) -> None:
    found = shown_columns("nazev", *((lit(word),) for word in ("Zlín", "chata", "Žďár", "hrad", "čas", "cena")))
    assert [found[0].terms[place].value for place in table.order(found, "nazev", cs)] == [
        *("cena", "čas", "hrad", "chata", "Zlín", "Žďár")
    ]


@given(st.integers(0, 1000), st.integers(-3, 12))
def test_pages_hold_every_row_once(count: int, asked: int) -> None:
    places = range(count)
    first = table.leaf(places, 1)
    leaves = [table.leaf(places, number) for number in range(1, first.pages + 1)]
    assert [place for leaf in leaves for place in leaf.places] == list(places)
    assert 1 <= table.leaf(places, asked).page <= first.pages


@given(st.lists(st.decimals(min_value=-1000, max_value=1000, places=1), min_size=2))
def test_bars_stay_inside_and_are_as_long_as_their_numbers(values: list[Decimal]) -> None:
    least, most = table.scale(values)
    for value in values:
        if one := table.bar(value, least, most):
            x, width = (Decimal(part.rstrip("%")) for part in (one.x, one.width))
            assert x >= 0
            assert x + width <= Decimal("100.02")
            assert abs(width - 100 * abs(value) / (most - least)) < Decimal("0.02")


# Charts ---------------------------------------------------------------------------------------------


def test_years_without_rows_leave_a_gap_and_rows_of_one_year_add_up(cs: Reader) -> None:
    rows = [("2007", "10"), ("2009", "5"), ("2009", "7"), ("2010", "-4")]
    rok, kc = shown_columns("rok kc", *((lit(year), lit(value, "integer")) for year, value in rows))
    drawn = chart.times(rok, kc, cs)
    assert drawn is not None
    assert [(one.label, one.value) for one in drawn.pillars] == [
        ("2007", "10\u00a0Kč"),
        ("2009", "12\u00a0Kč"),
        ("2010", "−4\u00a0Kč"),
    ]
    assert [tick.text for tick in drawn.ticks] == ["2007", "2008", "2009", "2010"]
    assert (drawn.step, drawn.is_sum, drawn.greatest) == ("year", True, ("2009", "12\u00a0Kč"))


def test_dates_known_to_different_precision_share_the_coarsest_step(cs: Reader) -> None:
    found = shown_columns(
        "od n", (lit("2007-05-01", "date"), lit("1", "integer")), (lit("2007-06", "gYearMonth"), lit("2", "integer"))
    )
    drawn = chart.times(found[0], found[1], cs)
    assert drawn is not None
    assert [one.label for one in drawn.pillars] == ["květen 2007", "červen 2007"]


def test_times_too_far_apart_are_drawn_as_bars(client: FlaskClient) -> None:
    query = PREFIXES + 'SELECT * { VALUES (?od ?n) { ("0001-01-01"^^xsd:date 1) ("2020-01-01"^^xsd:date 2) } }'
    assert texts(ask(client, query, view="chart"), ".long-bars .name") == ["1. 1. 0001", "1. 1. 2020"]


# Maps -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("term", "code"),
    [
        (ox.NamedNode("https://projekty.example/zdroj/kraje/CZ064"), "CZ064"),
        (ox.NamedNode("http://data.europa.eu/nuts/code/CZ010"), "CZ010"),
        (ox.NamedNode("https://linked.cuzk.cz/resource/ruian/vusc/124"), "CZ071"),
        (lit("Zlínský kraj"), "CZ072"),
        (lit("CZ063"), "CZ063"),
        (ox.NamedNode("http://data.europa.eu/nuts/code/CZ06"), ""),
        (ox.NamedNode("https://linked.cuzk.cz/resource/ruian/obec/554782"), ""),
        (lit("Bavorsko"), ""),
        (ox.BlankNode("x"), ""),
    ],
)
def test_a_region_is_known_by_its_iris_its_code_and_its_names(vocabulary: Vocabulary, term: Any, code: str) -> None:
    assert regions.region(term, regions.codes(vocabulary), vocabulary) == code


CODES = [f"CZ0{number}" for number in (10, 20, 31, 32, 41, 42, 51, 52, 53, 63, 64, 71, 72, 80)]


@given(st.lists(st.tuples(st.sampled_from([*CODES, "jinde"]), st.integers(-(10**6), 10**9)), min_size=1, max_size=40))
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_darker_regions_have_more_and_nothing_is_lost(vocabulary: Vocabulary, rows: list[tuple[str, int]]) -> None:
    reader = Reader("en", vocabulary, lambda iri: iri)
    where, count = shown_columns("kraj n", *((lit(code), lit(str(number), "integer")) for code, number in rows))
    drawn = regions.drawn(where, count, reader)
    values = [int(one.value.replace(",", "").replace("−", "-")) for one in drawn.ranked]
    assert len(drawn.places) == 14
    assert sum(values) == sum(number for code, number in rows if code != "jinde")
    assert drawn.left == sum(1 for code, _ in rows if code == "jinde")
    assert values == sorted(values, reverse=True)
    shades = [one.shade for one in drawn.ranked]
    assert shades == sorted(shades, reverse=True)
    assert len(set(shades)) == min(5, len(set(values)))


# Networks -------------------------------------------------------------------------------------------


@given(st.lists(st.tuples(st.integers(0, 80), st.integers(0, 80)), min_size=1, max_size=90))
@settings(max_examples=15, deadline=None)
def test_resources_lie_apart_inside_the_drawing(vocabulary: Vocabulary, pairs: list[tuple[int, int]]) -> None:
    reader = Reader("cs", vocabulary, lambda iri: iri)
    rows = [(ox.NamedNode(f"http://x/{a}"), ox.NamedNode(f"http://x/{b}")) for a, b in pairs]
    answer = answer_of("a b", *rows)
    found = graph.edges(answer, columns.columns(answer))
    drawn = graph.drawn(found, reader)
    things = {number for pair in pairs for number in pair}
    assert len(drawn.nodes) + drawn.left == len(things)
    assert len(drawn.nodes) <= 60
    assert len({(node.x, node.y) for node in drawn.nodes}) == len(drawn.nodes)
    assert all(0 <= node.x <= drawn.width and 0 <= node.y <= drawn.height for node in drawn.nodes)
    assert graph.drawn(found, reader) == drawn


# Hostile answers ------------------------------------------------------------------------------------

_datatypes = st.sampled_from(
    [*sorted(columns.NUMBERS), *sorted(columns.TIMES), XSD + "string", XSD + "duration", "http://x/'\"><script>"[:9]]
)
_nasty = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        [
            "<script>alert(1)</script>",
            "\"'><svg onload=alert(1)>",
            "{{ 7 * 7 }}",
            "1E999999999",
            "-0",
            "2007-02-30",
            "9999999999999-01-01",
            "\u202eevil",
            "x" * 5000,
        ]
    ),
)
_literals = st.one_of(
    st.builds(lambda text, kind: ox.Literal(text, datatype=ox.NamedNode(kind)), _nasty, _datatypes),
    st.builds(lambda text: ox.Literal(text, language="cs"), _nasty),
)
_iris = st.sampled_from(
    [
        "javascript:alert(1)",
        "data:text/html,<b>x"[:15],
        "https://projekty.example//evil.example/",
        "https://projekty.example/zdroj/",
        "https://projekty.example/zdroj/projekty/",
        "https://projekty.example/zdroj/nic/x",
        "http://data.europa.eu/nuts/code/CZ010",
        "http://data.europa.eu/nuts/code/CZ020",
        "http://x/y?a=1&b='2'",
        "urn:x:y",
    ]
).map(ox.NamedNode)
_terms = st.one_of(st.none(), _literals, _iris, st.just(ox.BlankNode("b")))


@pytest.fixture(scope="module")
def rendered(site: Site) -> Callable[..., str]:
    app = create_app(site)

    def render(answer: Answer, **parameters: str) -> str:
        with app.test_request_context("/sparql?query=x", headers={"Accept-Language": "cs"}):
            app.preprocess_request()
            results = page.shown(answer, "SELECT <", parameters, site, "cs")
            return render_template("results.html", results=results, error="")

    return render


@given(
    st.integers(1, 3).flatmap(lambda width: st.lists(st.tuples(*[_terms] * width), min_size=1, max_size=6)),
    st.sampled_from(["table", "chart", "map", "graph"]),
    st.sampled_from(["", "a", "-b", "'<"]),
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_answer_breaks_the_page_or_gets_code_into_it(
    rendered: Callable[..., str], rows: list[tuple[Any, ...]], view: str, sort: str
) -> None:
    names = " ".join(("a", "rokKc", "c")[: len(rows[0])])
    html = rendered(answer_of(names, *rows), view=view, sort=sort)
    found = parsed(html)
    assert {one.get("src") for one in found.iter("script")} == {"/static/results.js"}
    assert not [name for one in found.iter() for name in one.attrib if name.startswith("on") or name == "style"]
    for link in [one.get("href") for one in found.iter() if "href" in one.attrib]:
        assert re.match(r"/(?!/)|https?://", link), link
    if select(found, ".scroll table"):
        assert {len(row) for row in select(found, "#answer table tr")} == {len(rows[0])}


# On the page ----------------------------------------------------------------------------------------


def test_a_table_says_labels_numbers_and_how_it_is_sorted(client: FlaskClient) -> None:
    shown = ask(client, GRANTS, sort="-dotaceKc", lang="en")
    assert texts(shown, "thead th") == ["prijemce", "projektu", "dotaceKc Kč"]
    assert [th.get("aria-sort") for th in select(shown, "thead th")] == [None, None, "descending"]
    amounts = [int(text.replace(",", "")) for text in texts(shown, "tbody td:nth-child(3)")]
    assert amounts == sorted(amounts, reverse=True)
    first = select(shown, "tbody td:nth-child(1) a")[0]
    assert first.get("title").startswith("https://projekty.example/zdroj/organizace/")
    assert first.text_content() in {"Ministerstvo práce a sociálních věcí", "Ministry of Labour and Social Affairs"}
    assert len(select(shown, "tbody td:nth-child(3) svg rect")) == len(amounts)


def test_every_address_of_the_page_shows_the_same_view_again(client: FlaskClient) -> None:
    shown = ask(client, GRANTS, view="chart", y="dotaceKc", lang="en")
    assert texts(shown, "figcaption") == ["dotaceKc (Kč) by prijemce"]
    links = {" ".join(a.text_content().split()): a.get("href") for a in select(shown, "a[data-answer]")}
    assert {"Table", "Chart", "projektu", "dotaceKc"} <= links.keys()
    again = client.get(links["projektu"], headers={"Accept": "text/html"})
    assert texts(parsed(again.text), "figcaption") == ["projektu by prijemce"]
    assert "lang=en" in links["Table"]
    assert "view=" not in links["Table"]


def test_views_are_offered_only_where_the_columns_allow(client: FlaskClient) -> None:
    assert texts(ask(client, GRANTS), ".views li") == ["Tabulka", "Graf"]
    assert texts(ask(client, BY_REGION), ".views li") == ["Tabulka", "Graf", "Mapa krajů"]
    assert texts(ask(client, "SELECT ?s { ?s ?p ?o } LIMIT 5"), ".views li") == []
    assert texts(ask(client, f"DESCRIBE <{PROJECT}>"), ".views li") == ["Tabulka", "Síť", "Turtle"]
    assert select(ask(client, GRANTS, view="map"), "table.answers")  # a table instead


def test_a_map_says_the_same_in_words(client: FlaskClient) -> None:
    shown = ask(client, BY_REGION, view="map")
    assert len(select(shown, "svg.map path")) == 14
    titles = [one.text_content() for one in select(shown, "svg.map path title")]
    regions_told, numbers = (texts(shown, f"figure tbody td:nth-child({place})") for place in (1, 2))
    assert len(regions_told) > 5
    assert {f"{name}: {number}" for name, number in zip(regions_told, numbers, strict=True)} <= set(titles)


def test_a_map_without_a_number_counts_rows(client: FlaskClient) -> None:
    query = BY_REGION.replace("(COUNT(DISTINCT ?projekt) AS ?projektu)", "?projekt").replace("GROUP BY ?kraj", "")
    shown = ask(client, query, view="map", lang="en")
    assert texts(shown, "figcaption") == ["number of rows by region"]
    numbers = [int(text) for text in texts(shown, "figure tbody td:nth-child(2)")]
    assert numbers == sorted(numbers, reverse=True)
    assert texts(shown, "h2")[0].startswith(f"Answer {sum(numbers)} rows")


def test_downloads_hold_all_of_the_answer(client: FlaskClient) -> None:
    query = "SELECT * { ?s ?p ?o }"
    shown = ask(client, query, view="graph", sort="s")
    links = {a.text_content(): a.get("href") for a in select(shown, ".downloads a")}
    assert list(links) == ["JSON", "XML", "CSV", "TSV"]
    sent = client.get(links["CSV"])
    assert sent.mimetype == "text/csv"
    count = len(list(csv.reader(io.StringIO(sent.text, newline="")))) - 1
    assert count > MOST
    assert texts(shown, "h2")[0].startswith(f"Odpověď {count // 1000} {count % 1000:03} řádků".replace("\u00a0", " "))
    assert "10 000" in texts(shown, ".advice")[0]
    assert [a.text_content() for a in select(ask(client, "ASK {}"), ".downloads a")] == ["JSON", "XML"]
    graph_links = {
        a.text_content(): a.get("href") for a in select(ask(client, f"DESCRIBE <{PROJECT}>"), ".downloads a")
    }
    assert client.get(graph_links["JSON-LD"]).mimetype == "application/ld+json"
    assert client.get(graph_links["Turtle"]).mimetype == "text/turtle"


def test_rows_are_leafed_through(client: FlaskClient) -> None:
    query = "SELECT ?s ?p ?o { ?s ?p ?o } LIMIT 450"
    pages = [texts(ask(client, query, page=str(number)), "tbody tr") for number in (1, 2, 3)]
    assert [len(rows) for rows in pages] == [200, 200, 50]
    shown = ask(client, query, page="2")
    assert "201–400" in texts(shown, ".leaves span")[0]
    assert [a.get("rel") for a in select(shown, ".leaves a")] == ["prev", "next"]
    assert "page" not in parse_qs(urlsplit(select(shown, ".leaves a")[0].get("href")).query)
    for strange in ("0", "-1", "99", "x", "²"):
        assert select(ask(client, query, page=strange), "tbody tr")


def test_looking_another_way_does_not_ask_again(client: FlaskClient) -> None:
    query = "SELECT (RAND() AS ?n) (STRUUID() AS ?id) { VALUES ?x { 1 2 3 } }"
    first = texts(ask(client, query), "tbody td:nth-child(2)")
    assert sorted(texts(ask(client, query, sort="n"), "tbody td:nth-child(2)")) == sorted(first)
    assert set(texts(ask(client, query, view="chart"), ".name")) == set(first)
    assert set(texts(ask(client, query), "tbody td:nth-child(2)")).isdisjoint(first)


def test_a_long_query_goes_by_a_form(client: FlaskClient) -> None:
    query = GRANTS + "\n#" + "x" * 7000
    response = client.post("/sparql", data={"query": query}, headers={"Accept": "text/html"})
    shown = parsed(response.text).get_element_by_id("answer")
    assert select(shown, "[data-answer][href]") == []
    button = next(one for one in select(shown, ".views button") if one.text_content() == "Graf")
    (form,) = select(shown, "form#again")
    assert (form.get("method"), button.get("form")) == ("post", "again")
    fields = [(button.get("name"), button.get("value"))]
    fields += [(one.get("name"), one.get("value")) for one in select(form, "input")]
    again = client.post(
        "/sparql",
        data=urlencode(fields),
        content_type="application/x-www-form-urlencoded",
        headers={"Accept": "text/html"},
    )
    assert select(parsed(again.text), ".long-bars li")


def test_yes_no_nothing_and_no_variable(client: FlaskClient) -> None:
    assert texts(ask(client, "ASK { ?s ?p ?o }"), ".verdict")[0].startswith("Ano")
    assert texts(ask(client, "ASK { ?s ?p <http://x/> }", lang="en"), ".verdict")[0].startswith("No")
    nothing = ask(client, "SELECT * { ?s ?p <http://x/> }")
    assert "Dotazu nic neodpovídá" in nothing.text_content()
    assert select(ask(client, "SELECT * {}"), "p")
    assert "Nothing matches" in ask(client, "CONSTRUCT WHERE { ?s ?p <http://x/> }", lang="en").text_content()


def test_a_graph_is_told_thing_by_thing_and_as_turtle(client: FlaskClient) -> None:
    shown = ask(client, f"DESCRIBE <{PROJECT}>")
    assert texts(shown, "thead th") == ["subjekt", "predikát", "objekt"]
    subjects = texts(shown, "tbody td:nth-child(1)")
    assert subjects == sorted(subjects, key=subjects.index)  # each thing's triples in one place
    assert "/slovnik#beneficiary" in [a.get("href") for a in select(shown, "tbody td:nth-child(2) a")]
    turtle = select(ask(client, f"DESCRIBE <{PROJECT}>", view="turtle"), "pre")[0].text_content()
    assert len(list(ox.parse(turtle.encode(), format=ox.RdfFormat.TURTLE))) == len(subjects)


def test_dates_and_languages_are_told_to_machines(client: FlaskClient) -> None:
    query = (
        PREFIXES
        + 'SELECT * { VALUES (?od ?text) { ("2006-09"^^xsd:gYearMonth "plan"@en) ("2009-02-01"^^xsd:date "plán"@cs) } }'
    )
    shown = ask(client, query)
    assert [(one.get("datetime"), one.text_content()) for one in select(shown, "time")] == [
        ("2006-09", "září 2006"),
        ("2009-02-01", "1.\u00a02.\u00a02009"),
    ]
    assert [one.get("lang") for one in select(shown, "td span[lang]")] == ["en", "cs"]
    assert texts(shown, "td .tag") == ["en", "cs"]


def test_a_fault_is_shown_at_its_place(client: FlaskClient) -> None:
    query = "SELECT ?x WHERE {\r\n  ?x <http://x/<b>> 'ž' }"
    response = client.get("/sparql", query_string={"query": query}, headers={"Accept": "text/html"})
    assert response.status_code == 400
    (place,) = select(parsed(response.text), "#answer pre.at-fault")
    assert place.text_content().startswith("2  ")
    (fault,) = select(place, "mark")
    assert "'ž' }" in fault.text_content()


def test_kept_answers_have_a_bound() -> None:
    kept = Kept()
    rows = tuple((lit(str(number)),) for number in range(9_000))
    for number in range(20):
        kept.put(str(number), Answer("solutions", ("a",), rows, len(rows)))
    assert kept.get("0") is None
    assert kept.get("19") is not None
    assert sum(1 for number in range(20) if kept.get(str(number))) == 11
