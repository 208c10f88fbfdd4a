"""The query page in a real Chromium: the editor, and the form under it."""

from __future__ import annotations

import gzip
import re
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page

from .conftest import Axe

pytestmark = pytest.mark.browser

MOST = 150_000  # bytes, gzipped


def loaded(folder: Path, name: str) -> set[str]:
    """Return the names of a script and of all that it imports before it runs."""
    found, waiting = set[str](), [name]
    while waiting:
        found.add(one := waiting.pop())
        text = (folder / one).read_text("utf-8")
        imports = re.findall(r'(?:from|import)\s*"\./([^"]+)"', text)
        waiting += {(Path(one).parent / path).as_posix() for path in imports} - found
    return found


def test_the_editor_is_light(bundle: Path) -> None:
    parts = loaded(bundle, "query.js")
    assert sum(len(gzip.compress((bundle / part).read_bytes())) for part in parts) < MOST


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(
    browser: Browser, server: str, bundle: Path, axe: Axe, width: int, scheme: Literal["light", "dark"]
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme, locale="cs")
    page.goto(f"{server}/sparql")
    page.locator(".cm-content").wait_for()
    assert axe(page) == []
    page.close()


def test_control_and_enter_runs_what_was_typed(browser: Browser, server: str, bundle: Path) -> None:
    page: Page = browser.new_page(locale="en")
    page.goto(f"{server}/sparql")
    page.locator(".cm-content").fill("ASK { ?s ?p ?o }")
    page.keyboard.press("Control+Enter")
    page.get_by_text("Answer: yes").wait_for()
    assert "query=ASK" in page.url
    page.close()
