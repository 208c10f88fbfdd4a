"""Measure the project against its peers and its floors, and write docs/benchmarks.md.

    python bench/run.py [SECTION …] [--rows N] [--sizes N N N] [--runs N] [--work FOLDER]

Sections are mapping, validation, build, growth and queries; each replaces its own part of the page alone, so a
long one (`growth --sizes 1000 10000 100000 1000000`) may be run by itself. Nothing is taken from an earlier run.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import mapping
import queries
import validation
import whole
from measure import Section, machine

PAGE = Path(__file__).resolve().parents[1] / "docs" / "benchmarks.md"
_HEAD = (
    "# Benchmarks\n\nInvented Czech records of a fixed seed (`bench/records.py`), 2 % of them with one of twelve errors"
    " unless a section says otherwise. `make bench` measures all sections anew and writes this page; each says its"
    " command and the machine. Only ratios travel: they are of runs in turn, in one sitting, on one core. Peers live"
    " in virtual environments of their own, which the benchmark makes. CPU seconds count all processes; memory is the"
    " highest resident sum of all processes.\n"
)


def _replaced(page: str, name: str, section: str) -> str:
    """Return the page with the part of one section in its place."""
    parts: dict[str, str] = {}
    for part in page.split("<!-- section ")[1:]:
        key, _, text = part.partition(" -->\n")
        parts[key] = text.strip()
    parts[name] = section.strip()
    return _HEAD + "".join(f"\n<!-- section {key} -->\n{parts[key]}\n" for key in SECTIONS if key in parts)


SECTIONS = ("mapping", "validation", "build", "growth", "queries")


def main() -> None:
    """Measure the sections that are asked for, and write each as soon as it is known."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sections", nargs="*", metavar="SECTION", help=f"one of {', '.join(SECTIONS)}; all if none")
    parser.add_argument("--rows", type=int, default=10_000, help="records of each section but growth")
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 10_000, 100_000], help="records of growth")
    parser.add_argument("--runs", type=int, default=3, help="runs of which the median is told")
    parser.add_argument("--work", type=Path, help="where records lie while they are measured (else a temporary folder)")
    given = parser.parse_args()
    if unknown := set(given.sections) - set(SECTIONS):
        parser.error(f"no such section: {', '.join(sorted(unknown))}")
    with tempfile.TemporaryDirectory(dir=given.work) as folder:
        work = Path(folder)
        measures: dict[str, Callable[[], Section]] = {
            "mapping": lambda: mapping.section(given.rows, given.runs, work),
            "validation": lambda: validation.section(given.rows, given.runs, work),
            "build": lambda: whole.section_build(given.rows, given.runs, work),
            "growth": lambda: whole.section_growth(given.sizes, work),
            "queries": lambda: queries.section(given.rows, given.runs, work),
        }
        for name in given.sections or SECTIONS:
            print(f"{name}:", file=sys.stderr, flush=True)
            where = machine()
            how = (
                f"--sizes {' '.join(map(str, given.sizes))}"
                if name == "growth"
                else f"--rows {given.rows} --runs {given.runs}"
            )
            section = measures[name]()
            text = f"{section.markdown()}\n`python bench/run.py {name} {how}`: {where}.\n"
            page = PAGE.read_text("utf-8") if PAGE.exists() else ""
            PAGE.write_text(_replaced(page, name, text), "utf-8")
            print(text)


if __name__ == "__main__":
    main()
