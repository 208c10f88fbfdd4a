"""One release of the sample data, its application, and a real server of it."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

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
def site(settings: Config) -> Site:
    return Site(settings)


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
