"""An answer on the query page in a real Chromium: sorted, drawn, downloaded, linked to; also without JavaScript."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from .conftest import Axe
from .test_results import BY_REGION, GRANTS, PREFIXES, PROJECT

pytestmark = pytest.mark.browser

YEARS = "SELECT * { VALUES (?rok ?dotaceKc) { (2007 12) (2008 25) (2010 -3) } }"
VIEWS = [
    (GRANTS, "table"),
    (GRANTS, "chart"),
    (YEARS, "chart"),
    (BY_REGION, "map"),
    (f"DESCRIBE <{PROJECT}>", "graph"),
    (f"DESCRIBE <{PROJECT}>", "turtle"),
    ("ASK {}", ""),
    ("SELECT * { ?s ?p <http://x/> }", ""),
]


def address(server: str, query: str, **parameters: str) -> str:
    return f"{server}/sparql?{urlencode({'query': query, **parameters})}"


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    opened = browser.new_page(locale="en", viewport={"width": 1280, "height": 800})
    said: list[str] = []
    opened.on("console", lambda message: said.append(message.text))
    opened.on("pageerror", lambda error: said.append(str(error)))
    yield opened
    assert said == []
    opened.close()


def amounts(page: Page) -> list[int]:
    return [int(text.replace(",", "")) for text in page.locator("#answer tbody td:nth-child(3)").all_inner_texts()]


def test_sorting_by_keyboard_keeps_the_place_and_the_address(page: Page, server: str) -> None:
    page.goto(address(server, GRANTS))
    page.evaluate("window.isSamePage = true")
    page.get_by_role("columnheader", name="dotaceKc").get_by_role("link").focus()
    for direction in ("descending", "ascending"):
        page.keyboard.press("Enter")
        heading = page.get_by_role("columnheader", name="dotaceKc")
        expect(heading).to_have_attribute("aria-sort", direction)
        expect(heading.get_by_role("link")).to_be_focused()
        assert amounts(page) == sorted(amounts(page), reverse=direction == "descending")
    assert page.evaluate("window.isSamePage")
    assert parse_qs(urlsplit(page.url).query)["sort"] == ["dotaceKc"]
    page.go_back()
    expect(page.get_by_role("columnheader", name="dotaceKc")).to_have_attribute("aria-sort", "descending")


def test_views_are_changed_in_place_and_linked_to(page: Page, browser: Browser, server: str) -> None:
    page.goto(address(server, BY_REGION))
    page.evaluate("window.isSamePage = true")
    page.get_by_role("link", name="Chart").click()
    expect(page.locator("#answer figcaption")).to_have_text("projektu by kraj")
    page.get_by_role("link", name="Map of regions").click()
    image = page.get_by_role("img", name="projektu by region")
    expect(image).to_be_visible()
    expect(page.get_by_role("link", name="Map of regions")).to_have_attribute("aria-current", "true")
    assert page.evaluate("window.isSamePage")
    shown = page.locator("#answer figure").inner_text()
    plain = browser.new_context(java_script_enabled=False, locale="en")
    again = plain.new_page()
    again.goto(page.url)
    assert again.locator("#answer figure").inner_text() == shown
    plain.close()


def test_a_network_brings_out_what_is_linked(page: Page, server: str) -> None:
    page.goto(address(server, f"DESCRIBE <{PROJECT}>", view="graph"))
    node = page.locator(".network a.node", has_text="Olomouc")
    node.first.focus()
    near = page.locator(".network .line.near")
    expect(near.first).to_be_visible()
    assert "Olomouc" in (near.first.locator("title").text_content() or "")
    assert near.count() < page.locator(".network .line").count()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "/sparql" not in page.url


def test_the_whole_answer_is_downloaded(page: Page, server: str, tmp_path: Path) -> None:
    page.goto(address(server, GRANTS, view="chart"))
    with page.expect_download() as started:
        page.get_by_role("group", name="Download the whole answer").get_by_role("link", name="CSV").click()
    started.value.save_as(tmp_path / "answer.csv")
    assert started.value.suggested_filename == "answer.csv"
    lines = (tmp_path / "answer.csv").read_text("utf-8").splitlines()
    assert lines[0] == "prijemce,projektu,dotaceKc"
    assert page.locator("#answer h2").inner_text().startswith(f"Answer {len(lines) - 1}")


def test_the_copied_link_shows_the_same_view(browser: Browser, server: str, bundle: Path) -> None:
    context = browser.new_context(locale="en", permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(address(server, GRANTS, y="dotaceKc"))
    page.get_by_role("link", name="Chart").click()
    expect(page.locator("#answer figcaption")).to_have_text("projektu by prijemce")
    page.get_by_role("link", name="dotaceKc").click()
    expect(page.locator("#answer figcaption")).to_have_text("dotaceKc (Kč) by prijemce")
    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_text("Copied")).to_be_visible()
    page.goto(page.evaluate("navigator.clipboard.readText()"))
    expect(page.locator("#answer figcaption")).to_have_text("dotaceKc (Kč) by prijemce")
    context.close()


@pytest.mark.parametrize("is_scripted", [True, False])
def test_an_example_is_run_sorted_and_drawn_on_a_phone(browser: Browser, server: str, is_scripted: bool) -> None:
    context = browser.new_context(
        java_script_enabled=is_scripted, locale="cs", viewport={"width": 360, "height": 740}, has_touch=True
    )
    page = context.new_page()
    page.goto(f"{server}/sparql")
    page.get_by_text("Kraje a místa").first.scroll_into_view_if_needed()
    page.get_by_role("link", name="Kolik získal můj kraj z ESF?").first.click()
    page.get_by_role("columnheader", name="celkem").get_by_role("link").click()
    expect(page.get_by_role("columnheader", name="celkem")).to_have_attribute("aria-sort", "descending")
    page.get_by_role("link", name="Mapa krajů").click()
    expect(page.get_by_role("img", name="podle krajů")).to_be_visible()
    page.get_by_role("link", name="Graf", exact=True).click()
    expect(page.locator(".long-bars li").first).to_be_visible()
    page.get_by_role("link", name="English").click()
    expect(page.locator(".long-bars li").first).to_be_visible()
    assert page.locator("#answer h2").inner_text().startswith("Answer")
    context.close()


def test_a_long_query_is_looked_at_in_other_ways_too(page: Page, server: str) -> None:
    page.goto(server)
    long = GRANTS + "\n#" + "x" * 7000
    page.evaluate(
        """([action, query]) => {
          const form = Object.assign(document.createElement("form"), { method: "post", action });
          const field = Object.assign(document.createElement("textarea"), { name: "query", value: query });
          form.append(field);
          document.body.append(form);
          form.submit();
        }""",
        [f"{server}/sparql", long],
    )
    page.get_by_role("columnheader", name="dotaceKc").get_by_role("button").click()
    expect(page.get_by_role("columnheader", name="dotaceKc")).to_have_attribute("aria-sort", "descending")
    assert amounts(page) == sorted(amounts(page), reverse=True)
    page.get_by_role("button", name="Chart").click()
    expect(page.locator(".long-bars li").first).to_be_visible()


def test_bars_are_drawn_as_long_as_their_numbers(page: Page, server: str) -> None:
    """The page's Content-Security-Policy forbids styles inside elements: what is drawn is measured."""
    page.goto(address(server, GRANTS, sort="-dotaceKc"))
    widths = page.evaluate(
        "[...document.querySelectorAll('#answer tbody td:nth-child(3) rect')].map(e => e.getBoundingClientRect().width)"
    )
    known = amounts(page)
    for width, amount in zip(widths, known, strict=True):
        assert abs(width / widths[0] - amount / known[0]) < 0.01


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 360)])
def test_every_view_fits_and_has_no_barrier(
    browser: Browser, server: str, axe: Axe, scheme: Literal["light", "dark"], width: int
) -> None:
    page = browser.new_page(color_scheme=scheme, viewport={"width": width, "height": 800}, locale="cs")
    found: list[Any] = []
    for query, view in VIEWS:
        page.goto(address(server, query, view=view))
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (query, view)
        found += [(view, query[:60], one) for one in axe(page)]
    assert found == []
    page.close()


def test_wide_tables_scroll_by_themselves(browser: Browser, server: str) -> None:
    page = browser.new_page(viewport={"width": 360, "height": 740}, locale="en")
    page.goto(
        address(server, PREFIXES + "SELECT * { ?projekt a vp:Project ; dct:title ?n ; vp:beneficiary ?b ; ?p ?o }")
    )
    region = page.get_by_role("region", name="Table of the answer")
    region.focus()
    expect(region).to_be_focused()
    assert region.evaluate("e => e.scrollWidth > e.clientWidth")
    page.close()
