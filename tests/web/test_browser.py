"""Pages in a real Chromium: both languages, phone and desktop, without JavaScript."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser

from lod.model import Finding, Severity
from lod.terms import Vocabulary
from lod.web import report

pytestmark = pytest.mark.browser
PAGES = [
    "/",
    "/projekty",
    "/organizace",
    "/projekty/CZ.1.04-3.1.00-05.00037",
    "/projekty/70891320-vzdelavani-v-oblasti-komunitniho-planovani",
    "/organizace/60609460",
    "/programy/CZ.1.04",
    "/sparql",
    "/sparql/priklady",
    "/soubory",
    "/slovnik",
    "/kontrola",
    "/kontrola?druh=missing-recommended&strana=2",
    "/kontrola/70891320-vzdelavani-v-oblasti-komunitniho-planovani",
    "/druhy-nalezu/ico-check-digit",
    "/vydani",
    "/projekty/neni",
]


@pytest.mark.parametrize("width", [360, 1280])
def test_pages_fit_and_say_nothing_on_the_console(browser: Browser, server: str, width: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 800}, locale="cs")
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    for path in PAGES:
        page.goto(server + path)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        assert page.locator("h1").count() == 1, path
        assert page.evaluate("[...document.querySelectorAll('input,select,textarea')].every(e => e.labels.length)"), (
            path
        )
    assert [text for text in said if "404" not in text] == []
    page.close()


def test_a_person_finds_a_region_by_its_number_and_reads_its_project(browser: Browser, server: str) -> None:
    context = browser.new_context(java_script_enabled=False, locale="cs", viewport={"width": 390, "height": 800})
    page = context.new_page()
    page.goto(server)
    page.get_by_label("Najít organizaci podle IČO").fill("70 89 13 20")
    page.get_by_role("button", name="Najít").click()
    assert page.locator("h1").inner_text() == "Zlínský kraj"
    page.get_by_role("link", name="Vzdělávání v oblasti komunitního plánování sociálních služeb").first.click()
    assert "září 2006" in page.locator("main").inner_text()
    page.get_by_role("link", name="English").click()
    assert "September 2006" in page.locator("main").inner_text()
    assert page.locator("html").get_attribute("lang") == "en"
    context.close()


def test_a_query_runs_without_javascript(browser: Browser, server: str) -> None:
    context = browser.new_context(java_script_enabled=False, locale="en")
    page = context.new_page()
    page.goto(f"{server}/sparql")
    page.get_by_text("Beneficiaries and organisations").click()
    page.get_by_role("link", name="Which projects does the Olomouc Region").click()
    page.locator("tbody tr").nth(3).wait_for()
    context.close()


@pytest.mark.parametrize("path", ["/projekty/70891320-vzdelavani-v-oblasti-komunitniho-planovani", "/kontrola"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_has_contrast(browser: Browser, server: str, scheme: Literal["light", "dark"], path: str) -> None:
    """WCAG 2.2, 1.4.3: 4.5 to 1 for every text we colour, in both schemes."""
    page = browser.new_page(color_scheme=scheme, locale="cs")
    page.goto(server + path)
    ratios = page.evaluate(
        """() => {
          const luminance = rgb => { const [r, g, b] = rgb.map(v => { v /= 255;
            return v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; });
            return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
          const parse = c => c.match(/[\\d.]+/g).map(Number);
          const backdrop = e => { for (; e; e = e.parentElement) { const c = parse(getComputedStyle(e).backgroundColor);
            if (c.length < 4 || c[3] > 0) return c.slice(0, 3); } return [255, 255, 255]; };
          return [...document.querySelectorAll('main *, header *, footer *')]
            .filter(e => [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()) && !e.closest('svg'))
            .map(e => { const a = luminance(parse(getComputedStyle(e).color).slice(0, 3)), b = luminance(backdrop(e));
              return [(Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05), e.outerHTML.slice(0, 80)]; });
        }"""
    )
    assert len(ratios) > 20
    assert [item for item in ratios if item[0] < 4.5] == []
    page.close()


def test_file_of_findings_stands_alone_in_two_languages(
    browser: Browser, vocabulary: Vocabulary, tmp_path: Path
) -> None:
    found = [
        Finding(
            severity=severity,
            place="a.csv:3",
            field="zahajeni",
            cs="Takový den není.",
            en="There is no such day.",
            kind="date-impossible",
            value="31. 2. 2010",
            repair="28. 2. 2010",
        )
        for severity in Severity
    ]
    path = tmp_path / "nalezy.html"
    path.write_text(report.standalone(found, vocabulary), "utf-8")
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 800})
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(path.as_uri())
    assert asked == [path.as_uri()]
    assert page.locator("main").get_by_text("Takový den není.").first.is_visible()
    assert not page.locator("main").get_by_text("There is no such day.").first.is_visible()
    page.get_by_label("English").check()
    assert page.locator("main").get_by_text("There is no such day.").first.is_visible()
    assert not page.locator("main").get_by_text("Takový den není.").first.is_visible()
    context.close()
