"""The wheel works from any directory: vocabulary, shapes, templates and sample data travel inside."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.slow
def test_a_wheel_builds_and_serves_away_from_the_checkout(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    subprocess.run([*build, "--wheel-dir", str(tmp_path), str(ROOT)], check=True)
    (wheel,) = tmp_path.glob("lod-*.whl")
    installed, elsewhere = tmp_path / "installed", tmp_path / "elsewhere"
    elsewhere.mkdir()
    zipfile.ZipFile(wheel).extractall(installed)

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
