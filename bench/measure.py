"""Commands measured as whole child processes, one after another in turn: CPU and wall seconds, memory of the tree."""

from __future__ import annotations

import contextlib
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

__all__ = [
    "Figure",
    "Figures",
    "Section",
    "Skipped",
    "interleaved",
    "machine",
    "median",
    "proportional",
    "run",
    "spent",
    "table",
]

_PAGE = os.sysconf("SC_PAGE_SIZE")
_ROOT = Path(__file__).resolve().parents[1]


class Skipped(Exception):  # noqa: N818 - not a fault: the row says why it is empty
    """A command could not be measured; the text says why."""


@dataclass(frozen=True, slots=True)
class Figures:
    """One run. `said` is the JSON that the child printed last: figures of its stages, in CPU seconds."""

    cpu: float
    wall: float
    peak: float  # MB: the sum of the resident memory of all its processes, at its highest
    said: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Figure:
    """A ratio to reach: at least so much, or at most."""

    what: str
    value: float
    bound: float
    is_most: bool = False

    @property
    def is_reached(self) -> bool:
        """Whether the ratio holds."""
        return self.value <= self.bound if self.is_most else self.value >= self.bound


@dataclass(frozen=True, slots=True)
class Section:
    """A section of docs/benchmarks.md."""

    title: str
    text: str
    figures: list[Figure]

    def markdown(self) -> str:
        """Return the section; `how` is the command and the machine."""
        lines = [
            [
                each.what,
                f"{each.value:.3g}",
                f"{'at most' if each.is_most else 'at least'} {each.bound:g}",
                "yes" if each.is_reached else "**no**",
            ]
            for each in self.figures
        ]
        reached = table(["figure", "measured", "to reach", "reached"], lines) if lines else ""
        return f"## {self.title}\n\n{self.text}\n{reached}"


def _read(root: int, name: str) -> list[str]:
    """Return what a file of /proc says of a process and of all below it."""
    found = []
    waiting = [root]
    while waiting:
        process = Path("/proc", str(waiting.pop()))
        with contextlib.suppress(OSError):  # it has just ended
            found.append((process / name).read_text())
            for thread in (process / "task").iterdir():
                waiting += map(int, (thread / "children").read_text().split())
    return found


def _tree(root: int) -> list[list[str]]:
    """Return the fields of /proc/PID/stat from the third on, of a process and all below it."""
    return [text.rpartition(")")[2].split() for text in _read(root, "stat")]


def _resident(root: int) -> int:
    """Return the resident bytes of a process and all below it."""
    return sum(int(fields[21]) for fields in _tree(root)) * _PAGE


def _told(texts: list[str], name: str) -> int:
    """Return the sum of what texts of /proc say under a name, in bytes."""
    lines = (line for text in texts for line in text.splitlines())
    return sum(int(line.split()[1]) << 10 for line in lines if line.startswith(name))


def _highest(process: int) -> int:
    """Return the most bytes that a process has had resident so far; ru_maxrss begins with what its parent had."""
    return _told(_read(process, "status")[:1], "VmHWM:")


def proportional(root: int) -> int:
    """Return the bytes of a process and all below it, pages that several share divided among them."""
    return _told(_read(root, "smaps_rollup"), "Pss:")


def spent(root: int = 0) -> float:
    """Return the CPU seconds of a process (of this one) and of all it started, whether they live or have ended."""
    ticks = sum(int(ticks) for fields in _tree(root or os.getpid()) for ticks in fields[11:15])
    return ticks / os.sysconf("SC_CLK_TCK")


def run(command: list[str], *, pinned: bool = False) -> Figures:
    """Run a command to its end; `pinned` keeps it on one core. Raise `Skipped` with the end of what it said."""
    prefix = ["taskset", "-c", str(max(os.sched_getaffinity(0)))] if pinned else []
    environment = {**os.environ, "PYTHONPATH": str(_ROOT), "POLARS_MAX_THREADS": "1" if pinned else ""}
    if not pinned:
        del environment["POLARS_MAX_THREADS"]
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        started = time.perf_counter()
        process = subprocess.Popen([*prefix, *command], stdout=out, stderr=err, env=environment)
        highest, ended = [0], threading.Event()

        def watch() -> None:
            while True:
                highest[0] = max(highest[0], _resident(process.pid), _highest(process.pid))
                if ended.wait(0.05):
                    return

        watcher = threading.Thread(target=watch)
        watcher.start()
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        ended.set()
        watcher.join()
        out.seek(0)
        err.seek(0)
        lines, complaint = out.read().splitlines(), err.read().strip().splitlines()
    if process.returncode:
        raise Skipped((complaint or [f"exit {process.returncode}"])[-1][:200])
    said = json.loads(lines[-1]) if lines and lines[-1].startswith("{") else {}
    return Figures(usage.ru_utime + usage.ru_stime, wall, highest[0] / 1e6, said)


def interleaved(commands: Mapping[str, list[str]], runs: int, *, pinned: bool = False) -> dict[str, Figures | Skipped]:
    """Run all commands in turn, `runs` times; return the median of each figure, or why there is none."""
    found: dict[str, list[Figures]] = {name: [] for name in commands}
    skipped: dict[str, Skipped] = {}
    for _ in range(runs):
        for name, command in commands.items():
            if name not in skipped:
                print(f"  {name} …", file=sys.stderr, flush=True)
                try:
                    found[name].append(run(command, pinned=pinned))
                except Skipped as reason:
                    skipped[name] = reason
    return {name: skipped.get(name) or median(figures) for name, figures in found.items()}


def median(figures: list[Figures]) -> Figures:
    """Return the median of each figure of several runs; of the memory the highest."""
    said = {
        key: statistics.median([each.said[key] for each in figures]) if isinstance(value, int | float) else value
        for key, value in figures[0].said.items()
    }
    return Figures(
        statistics.median(each.cpu for each in figures),
        statistics.median(each.wall for each in figures),
        max(each.peak for each in figures),
        said,
    )


def machine() -> str:
    """Return what the figures were measured on, in one sentence."""
    model = ""
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            model = line.partition(":")[2].strip()
    memory = os.sysconf("SC_PHYS_PAGES") * _PAGE / 2**30
    load = os.getloadavg()[0]
    return (
        f"{model or platform.machine()}, {len(os.sched_getaffinity(0))} cores, {memory:.0f} GiB,"
        f" {platform.system()}, Python {platform.python_version()}; load {load:.1f} when the run began"
    )


def table(head: list[str], rows: list[list[str]]) -> str:
    """Return a Markdown table; all columns but the first are figures."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"
