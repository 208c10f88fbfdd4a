"""Whatever interrupts a build, the old release is served, nothing is cleaned by hand, and the next build is right.

LOD_KILLS says how many builds are killed (3).
"""

from __future__ import annotations

import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from lod import pipeline, release
from lod.errors import LodError
from lod.release import Release
from lod.terms import Vocabulary

from .conftest import REPOSITORY, Site, make_site
from .test_release import built, dumps, rows

pytestmark = pytest.mark.slow

KILLS = int(os.environ.get("LOD_KILLS", "3"))


def command(site: Site, *options: str, **environment: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "lod.cli", "build", "--config", str(site.settings), *options],
        env={**os.environ, "PYTHONPATH": str(REPOSITORY), **environment},
        cwd=site.folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )


def done(process: subprocess.Popen[bytes]) -> str:
    _, told = process.communicate(timeout=600)
    assert process.returncode == 0, told.decode()
    return told.decode()


def is_whole(root: Path) -> bool:
    """Whether the release that is served is complete, and all others too."""
    said: list[str] = []
    fine = [release.verify(made, said.append) for made in release.history(root)]
    assert said == []
    return release.current(root) is not None and all(fine)


def names(root: Path) -> set[str]:
    return {path.name for path in root.iterdir() if not path.name.startswith(".")}


def test_killed_builds_leave_the_old_release_and_nothing_to_clean(tmp_path: Path, vocabulary: Vocabulary) -> None:
    site = make_site(tmp_path, vocabulary)
    site.rows(*rows(60))
    started = time.monotonic()
    done(command(site, "--jobs", "2"))
    usual = time.monotonic() - started
    before = release.current(site.releases)
    assert before is not None
    said = dumps(before)  # builds that end before they are killed may let it go
    killed = 0
    for number in range(KILLS):
        process = command(site, "--jobs", "2")
        if number % 2:  # anywhere, also before anything is written
            time.sleep(random.uniform(0, usual))
        else:  # while the release is written
            while process.poll() is None and not list(site.releases.glob("*.partial")):
                time.sleep(0.005)
            time.sleep(random.uniform(0, usual / 4) if number else 0)  # the first one is surely killed in it
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=60)
        killed += process.returncode == -signal.SIGKILL
        assert is_whole(site.releases)
    assert killed
    done(command(site, "--jobs", "2"))
    assert is_whole(site.releases)
    serving = release.current(site.releases)
    assert serving is not None
    assert serving != before
    assert dumps(serving) == said
    assert names(site.releases) == {"current", *(made.id for made in release.history(site.releases))}


@contextmanager
def small_disk(folder: Path, size: int) -> Iterator[None]:
    """Give a folder only so many bytes; where nothing may be mounted, no file may have more than a twelfth."""
    folder.mkdir(exist_ok=True)
    mounted = not subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder], capture_output=True, check=False
    ).returncode
    if mounted:
        try:
            yield
        finally:
            subprocess.run(["umount", folder], check=True)
        return
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size // 12, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


def size_of(made: Release) -> int:
    return sum(path.stat().st_size for path in made.path.rglob("*") if path.is_file())


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory, vocabulary: Vocabulary) -> Site:
    site = make_site(tmp_path_factory.mktemp("ready"), vocabulary)
    site.rows(*rows(10))
    built(site)
    return site


@pytest.mark.parametrize("share", [0.02, 0.2, 0.4, 0.6, 0.8, 1.0])
def test_full_disk_leaves_the_old_release_and_nothing_to_clean(ready: Site, tmp_path: Path, share: float) -> None:
    first = release.current(ready.releases)
    assert first is not None
    disk = tmp_path / "disk"
    size = size_of(first)
    with small_disk(disk, size + size // 4 + int(share * size)):
        settings = replace(ready.config, releases=disk)
        subprocess.run(["cp", "-a", f"{first.path}", f"{ready.releases / 'current'}", disk], check=True)
        with pytest.raises(LodError, match=r"No space left|too large|disk is full|disk I/O error"):
            pipeline.build(settings, ready.vocabulary)
        assert release.current(disk) == Release(disk / first.id)
        assert is_whole(disk)
        assert names(disk) == {"current", first.id}
        # With room again the next build is right, whatever this one left.
        roomy = replace(settings, releases=Path(shutil.copytree(disk, tmp_path / "roomy", symlinks=True)))
    outcome = pipeline.build(roomy, ready.vocabulary)
    assert outcome.release is not None
    assert release.current(roomy.releases) == outcome.release
    assert dumps(outcome.release) == dumps(first)


def test_place_locale_hash_seed_and_workers_change_no_byte(tmp_path: Path, vocabulary: Vocabulary) -> None:
    made = []
    for name, options, environment in (
        ("a", (), {"PYTHONHASHSEED": "1", "LC_ALL": "C", "TZ": "UTC"}),
        ("jiná složka", ("--jobs", "3"), {"PYTHONHASHSEED": "2", "LC_ALL": "C.UTF-8", "TZ": "Asia/Tokyo"}),
    ):
        folder = tmp_path / name
        folder.mkdir()
        site = make_site(folder, vocabulary)
        site.rows(*rows(40))
        done(command(site, *options, **environment))
        found = release.current(site.releases)
        assert found is not None
        made.append(found)
    assert dumps(made[0]) == dumps(made[1])
    assert made[0].manifest["data_sha256"] == made[1].manifest["data_sha256"]
