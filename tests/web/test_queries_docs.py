"""The worked examples of docs/queries.md are run as they stand, and print what they say."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from lod.config import Config

from .conftest import Serve

DOCS = Path(__file__).resolve().parents[2] / "docs" / "queries.md"
BLOCKS = re.findall(
    r"^```(sh|python|r)\n(.*?)^```\n```text\n(.*?)^```$", DOCS.read_text("utf-8"), re.MULTILINE | re.DOTALL
)
PROGRAMS = {"sh": ["bash", "-uo", "pipefail"], "python": [sys.executable, "-"], "r": ["Rscript", "--vanilla", "-"]}
ADDRESS = "http://127.0.0.1:8000"


def needs(language: str, program: str) -> str:
    """Return what a program of the documentation needs that is not here."""
    if language == "python" and "pandas" in program and find_spec("pandas") is None:
        return "pandas"
    tools = [PROGRAMS[language][0], *(["curl"] if "curl " in program else [])]
    return next((tool for tool in tools if shutil.which(tool) is None), "")


def test_every_example_says_what_it_prints() -> None:
    text = DOCS.read_text("utf-8")
    assert len(BLOCKS) == sum(text.count(f"```{language}\n") for language in PROGRAMS) >= 8
    assert {language for language, _, _ in BLOCKS} == set(PROGRAMS)


@pytest.mark.parametrize(
    ("language", "program", "printed"),
    BLOCKS,
    ids=[f"{number}-{language}" for number, (language, _, _) in enumerate(BLOCKS, 1)],
)
def test_an_example_prints_what_it_says(
    language: str, program: str, printed: str, serve: Serve, settings: Config, served: str
) -> None:
    if missing := needs(language, program):
        pytest.skip(f"{missing} is not installed here")
    text = program.replace(ADDRESS, served)
    if language == "sh":
        lod = shlex.join([sys.executable, "-m", "lod.cli"])
        text = f'lod() {{ {lod} "$1" --config {shlex.quote(str(settings.path))} "${{@:2}}"; }}\n{text}'
    if language == "r":
        text = f"options(encoding = 'UTF-8')\n{text}"
    done = subprocess.run(
        PROGRAMS[language],
        input=text,
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONUTF8": "1", "COLUMNS": "100", "LC_ALL": "C.UTF-8"},
        check=False,
    )
    assert (done.stdout + done.stderr).replace("\xa0", " ") == printed, done.stderr


@pytest.fixture(scope="module")
def served(serve: Serve, settings: Config) -> str:
    return serve("--config", str(settings.path))
