"""The query page in a real Chromium: the editor, and the form under it."""

from __future__ import annotations

import gzip
import json
import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from lod import examples
from lod.terms import home
from lod.web.snippets import LANGUAGES, snippets

from .conftest import FRONTEND, Axe
from .test_snippets import QUERIES

pytestmark = pytest.mark.browser

MOST = 150_000  # bytes, gzipped


def loaded(folder: Path, name: str) -> set[str]:
    """Return the names of a script and of all that it imports before it runs."""
    found, waiting = set[str](), [name]
    while waiting:
        found.add(one := waiting.pop())
        text = (folder / one).read_text("utf-8")
        imports = re.findall(r'(?:from|import)\s*"(\.[^"]+)"', text)
        waiting += {((folder / one).parent / path).resolve().relative_to(folder).as_posix() for path in imports} - found
    return found


def test_the_editor_is_light(bundle: Path) -> None:
    parts = loaded(bundle, "query.js")
    assert sum(len(gzip.compress((bundle / part).read_bytes())) for part in parts) < MOST


Opened = Callable[..., Page]


@pytest.fixture
def opened(browser: Browser, server: str, bundle: Path) -> Iterator[Opened]:
    """Open the query page, with the editor in its place; nothing may be said on the console."""
    contexts = []
    said: list[str] = []

    def visit(path: str = "/sparql", **options: Any) -> Page:
        context = browser.new_context(**{"locale": "cs", "viewport": {"width": 1280, "height": 800}, **options})
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        with page.expect_response("**/sparql/slova.json"):
            page.goto(server + path)
        page.locator(".cm-content").wait_for()
        return page

    yield visit
    for context in contexts:
        context.close()
    assert said == []


def write(page: Page, text: str) -> None:
    """Put a text in the place of what the editor holds, as if it were pasted."""
    page.locator(".cm-content").click()
    page.keyboard.press("Control+A")
    page.keyboard.press("Delete")
    page.keyboard.insert_text(text)


def offers(page: Page) -> Locator:
    """Return what the editor offers."""
    return page.locator(".cm-tooltip-autocomplete [role=option]")


def type_(page: Page, text: str) -> None:
    """Clear the editor and press key after key."""
    write(page, "")
    page.locator(".cm-content").press_sequentially(text)


def sent(page: Page) -> str:
    """Return what the form would send."""
    return page.locator("#query").input_value()


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(opened: Opened, axe: Axe, width: int, scheme: Literal["light", "dark"]) -> None:
    page = opened(viewport={"width": width, "height": 800}, color_scheme=scheme, locale="en" if width == 360 else "cs")
    for box in page.locator("details").all():
        box.evaluate("box => box.open = true")
    assert axe(page) == []
    type_(page, "SELECT ?y { ?x vp:bene")
    page.locator(".cm-tooltip-autocomplete").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert axe(page) == []
    page.keyboard.press("Escape")
    page.locator(".status.error").wait_for()
    assert axe(page) == []


def accept(page: Page, key: str = "Enter") -> None:
    """Take the first offer; one that has just come up is not taken, lest it catches what was meant for the text."""
    page.wait_for_timeout(150)
    page.keyboard.press(key)


def test_a_property_is_completed_by_its_name_in_either_language(opened: Opened) -> None:
    page = opened()
    for typed in ("prijem", "Příjem", "vp:benef", "vp:prijem"):  # Czech without its accents too
        type_(page, f"SELECT * {{ ?projekt {typed}")
        expect(offers(page).first).to_contain_text("vp:beneficiary")
        expect(offers(page).first).to_contain_text("příjemce / beneficiary")
        expect(page.locator(".cm-completionInfo")).to_contain_text("The organisation that received the support")
        expect(page.locator(".cm-completionInfo")).to_contain_text("použito 482×")
        accept(page)
        start = "PREFIX vp: <https://w3id.org/verejne-projekty#>\n\nSELECT * { ?projekt vp:beneficiary"
        assert sent(page).startswith(start)


def test_completion_keeps_the_prefixes_that_a_query_has(opened: Opened) -> None:
    page = opened(locale="en")
    type_(page, "PREFIX p: <https://w3id.org/verejne-projekty#>\nSELECT * { ?x a Proj")
    first = offers(page).first
    expect(first).to_contain_text("project / projekt")  # the class that the data use most
    accept(page, "Tab")
    assert "?x a p:Project" in sent(page)
    assert sent(page).count("PREFIX") == 1


def test_a_region_is_completed_by_its_name(opened: Opened) -> None:
    page = opened()
    type_(page, "SELECT * { ?x ?y olomouc")
    expect(offers(page).first).to_contain_text("Olomoucký kraj / Olomouc Region")
    accept(page)
    assert "?x ?y <https://projekty.example/zdroj/kraje/CZ071>" in sent(page)


def test_prefixes_variables_and_keywords_are_completed(opened: Opened) -> None:
    page = opened()
    type_(page, "PREFIX sk")
    expect(offers(page)).to_contain_text(["http://www.w3.org/2004/02/skos/core#"])
    accept(page)
    assert sent(page) == "PREFIX skos: <http://www.w3.org/2004/02/skos/core#>\n"
    page.locator(".cm-content").press_sequentially("SELECT ?prijemce ?pr")
    offers(page).filter(has_text="?prijemce").first.wait_for()
    accept(page)
    page.locator(".cm-content").press_sequentially(" WHERE { ?prijemce ?p ?o } ORD")
    offers(page).filter(has_text="ORDER").first.wait_for()
    accept(page)
    assert sent(page).endswith("SELECT ?prijemce ?prijemce WHERE { ?prijemce ?p ?o } ORDER")


def test_nothing_is_offered_inside_a_text_or_a_comment(opened: Opened) -> None:
    page = opened()
    write(page, "SELECT * { ?x ?y 'pri")
    page.keyboard.press("Control+End")
    page.keyboard.press("Control+Space")
    page.wait_for_timeout(300)
    assert offers(page).count() == 0


@pytest.mark.parametrize(
    ("locale", "means", "ends"),
    [
        ("cs", "Organizace, která podporu dostala", "Od: projekt (vp:Project)"),
        ("en", "The organisation that received the support", "From: project (vp:Project)"),
    ],
)
def test_a_term_says_what_it_means(opened: Opened, locale: str, means: str, ends: str) -> None:
    page = opened(locale=locale)
    write(page, "PREFIX vp: <https://w3id.org/verejne-projekty#>\nSELECT * { ?x vp:beneficiary ?y }")
    page.locator(".cm-line").get_by_text("vp:beneficiary").hover()
    info = page.locator(".cm-tooltip-hover")
    expect(info).to_contain_text(ends)
    expect(info.locator("p[lang]").first).to_contain_text(means)  # the page's language first
    assert info.locator("p[lang]").count() == 2
    page.locator(".cm-line").get_by_text("vp:beneficiary").click()  # under the cursor, for keyboards and phones
    expect(page.locator(".status.meaning")).to_contain_text(means)


FAULTS = [
    ("SELECT * { ?s ?p }", "}", "„}“ sem nepatří. Čeká se: (, IRI, proměnná, číslo nebo text."),
    ("SELECT * { ?s ?p ?o ", "o", "Dotaz není celý."),
    ("SELECT * { ?s ?p ?o } GRUOP BY ?s", "GRUOP", "Nemyslíte GROUP?"),
    ("SELECT * { ?s foaf:name ?o }", "foaf:name", "Předpona foaf: není deklarovaná."),
    ("INSERT DATA { <a:s> <a:p> 1 }", "INSERT DATA { <a:s> <a:p> 1 }", "Data se tu dají jen číst."),
    ("SELECT * { SERVICE <http://x/> { ?s ?p ?o } }", "SERVICE", "Na jiné servery se odtud ptát nelze."),
    ("SELECT * FROM <a:g> { ?s ?p ?o }", "FROM <a:g>", "Vše je ve výchozím grafu"),
    (
        "PREFIX vp: <https://w3id.org/verejne-projekty#>\nSELECT * { ?s vp:benefciary ?o }",
        "vp:benefciary",
        "Nemyslíte vp:beneficiary?",
    ),
    ("SELECT ?s ?nazve { ?s ?p ?nazev }", "?nazve", "Proměnnou ?nazve nic nenaplní."),
]


def test_a_fault_is_marked_at_its_place(opened: Opened) -> None:
    page = opened()
    for query, wrong, says in FAULTS:
        write(page, query)
        line = query[: query.rindex(wrong)].count("\n") + 1
        expect(page.locator(".status")).to_contain_text(f"Řádek {line}, znak")
        expect(page.locator(".status")).to_contain_text(says)
        assert "".join(page.locator(".cm-lintRange").all_inner_texts()) == wrong


def test_the_grammar_takes_every_example(bundle: Path, node: str) -> None:
    texts = [example.text for group in examples.load(home()) for example in group.examples]
    program = f"""import {{ SparqlLanguage }} from "codemirror-lang-sparql";
const parser = SparqlLanguage.parser.configure({{ strict: true }});
for (const text of {json.dumps(texts)}) parser.parse(text);"""
    command = [node, "--input-type=module"]
    done = subprocess.run(command, input=program, cwd=FRONTEND, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_a_fault_is_mended_by_its_button(opened: Opened) -> None:
    page = opened(locale="en")
    write(page, "SELECT * { ?s foaf:name ?o }")
    page.locator(".cm-lintRange").hover()
    page.get_by_role("button", name="Add the PREFIX").click()
    assert sent(page) == "PREFIX foaf: <http://xmlns.com/foaf/0.1/>\n\nSELECT * { ?s foaf:name ?o }"


def test_control_and_enter_runs_and_the_permalink_runs_again(opened: Opened) -> None:
    page = opened(locale="en", permissions=["clipboard-read", "clipboard-write"])
    write(page, "# Is there anything?\nASK { ?s ?p 'ž & + #' }")
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    expect(page.locator("#answer")).to_contain_text("No")
    assert "format=" not in page.url
    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_text("Copied")).to_be_visible()
    link = page.evaluate("navigator.clipboard.readText()")
    again = opened(link.partition("//")[2].partition("/")[2].join(("/", "")), locale="en")
    assert sent(again) == "# Is there anything?\nASK { ?s ?p 'ž & + #' }"
    expect(again.locator("#answer")).to_contain_text("No")


def test_a_query_too_long_for_an_address_is_posted(opened: Opened) -> None:
    page = opened()
    write(page, f"ASK {{ ?s ?p ?o }} # {'x' * 9000}")
    with page.expect_navigation():
        page.get_by_role("button", name="Spustit").click()
    expect(page.locator("#answer")).to_contain_text("Ano")
    assert page.url.endswith("/sparql") or page.url.endswith("/sparql/")


def test_tab_leads_on_and_the_label_leads_in(opened: Opened) -> None:
    page = opened()
    page.get_by_text("Dotaz", exact=True).click()
    expect(page.locator(".cm-content")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Spustit")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(page.get_by_role("textbox", name="Dotaz")).to_be_focused()


def test_queries_that_were_run_are_remembered_in_this_browser(opened: Opened) -> None:
    page = opened(locale="en")
    assert page.get_by_text("My queries").is_hidden()
    for text in ("# The first\nASK {}", "SELECT * { ?s ?p 1 }"):
        write(page, text)
        with page.expect_navigation():
            page.keyboard.press("Control+Enter")
        page.locator(".cm-content").wait_for()
    page.get_by_text("My queries").click()
    kept = page.locator(".history li")
    assert [one.split(" 2")[0].split(" 1")[0] for one in kept.all_inner_texts()][1].startswith("The first")
    page.get_by_role("button", name="The first").click()
    assert sent(page) == "# The first\nASK {}"
    expect(page.locator(".cm-content")).to_be_focused()
    page.get_by_role("button", name="Forget all").click()
    assert page.get_by_text("My queries").is_hidden()
    page.reload()
    assert page.get_by_text("My queries").is_hidden()


def test_programs_follow_what_is_typed(opened: Opened, server: str) -> None:
    page = opened(permissions=["clipboard-read", "clipboard-write"])
    page.get_by_text("Použít v programu").click()
    for text in QUERIES.values():
        write(page, text)
        for snippet in snippets(text, f"{server}/sparql"):
            assert page.locator(f"[data-language={snippet.name}] code").text_content() == snippet.text
    page.get_by_text(LANGUAGES[1].title).click()
    page.get_by_role("button", name="Kopírovat", exact=True).click()
    expect(page.get_by_text("Zkopírováno")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == page.locator("[data-language=python] code").text_content()


def test_an_example_runs_in_either_language(opened: Opened) -> None:
    for locale, name, answer in (
        ("cs", "Kolik získal můj kraj z ESF?", "Hlavní město Praha"),
        ("en", "How much did my region get from the ESF?", "Prague"),
    ):
        page = opened(locale=locale, viewport={"width": 390, "height": 800})
        page.get_by_role("link", name=name).click()
        expect(page.locator("#answer")).to_contain_text(answer)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_without_javascript_the_form_and_the_programs_are_there(browser: Browser, server: str) -> None:
    context = browser.new_context(java_script_enabled=False, locale="cs")
    page = context.new_page()
    page.goto(f"{server}/sparql")
    page.get_by_label("Dotaz").fill("ASK { ?s ?p ?o }")
    page.get_by_role("button", name="Spustit").click()
    expect(page.locator("#answer")).to_contain_text("Ano")
    page.get_by_text("Použít v programu").click()
    expect(page.locator("[data-language=curl] code")).to_contain_text("--data-urlencode query='ASK { ?s ?p ?o }'")
    context.close()
