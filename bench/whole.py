"""A whole build with its stages, its floors, a plain stack beside it, its growth, and a rebuild.

python bench/whole.py ENGINE FOLDER     (one engine over a prepared folder, in this process)
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from functools import partial, wraps
from importlib import import_module
from pathlib import Path
from typing import Any

import prepared
import pyoxigraph as ox
from measure import Figure, Figures, Section, median, run, spent, table
from prepared import BASE, pickled
from rdflib import RDF
from records import write as write_records

from lod import config, pipeline
from lod.rdf import Writer
from lod.terms import Vocabulary

_CONFIG = f"""base = "{BASE}"
[publisher]
name_cs = "Měření"
name_en = "Benchmark"
[catalogue]
title_cs = "Vymyšlené projekty"
title_en = "Invented projects"
description_cs = "Vymyšlené projekty pro měření."
description_en = "Invented projects for benchmarks."
licence = "https://creativecommons.org/licenses/by/4.0/"
frequency = "IRREG"
[[source]]
name = "projekty"
kind = "records"
files = ["tidy.csv"]
"""


def project_folder(folder: Path, rows: int, *, changed: float = 0.0) -> Path:
    """Write lod.toml and tidy.csv (2 % errors) as whoever publishes would; older releases there go."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / "lod.toml").write_text(_CONFIG, "utf-8")
    write_records(folder / "tidy.csv", rows)
    if changed:
        write_records(folder / "changed.csv", rows, changed=changed)
    return folder


# A build with clocks at its stages ------------------------------------------------------------------------------

# Public functions that a build calls in this process; loading is a part of writing the release.
_STAGES = {
    "privacy": ("lod.privacy", "screen", time.process_time),
    "cleaning": ("lod.project", "project", time.process_time),
    "gathering": ("lod.gather", "organisations", time.process_time),
    "mapping": ("lod.rdf", "Writer.described", time.process_time),
    "validating": ("lod.validation.validator", "Validator.check", spent),
    "writing the release": ("lod.release", "stage", spent),
    "loading": ("lod.store", "load", spent),
}


def _clocked(seconds: defaultdict[str, float]) -> None:
    """Let every stage add the CPU seconds of its calls."""
    for stage, (module, name, clock) in _STAGES.items():
        owner: Any = import_module(module)
        *outer, last = name.split(".")
        for each in outer:
            owner = getattr(owner, each)
        setattr(owner, last, _with_clock(getattr(owner, last), stage, clock, seconds))


def _with_clock(
    work: Callable[..., Any], stage: str, clock: Callable[[], float], seconds: defaultdict[str, float]
) -> Callable[..., Any]:
    @wraps(work)
    def clocked(*args: Any, **kwargs: Any) -> Any:
        started = clock()
        try:
            return work(*args, **kwargs)
        finally:
            seconds[stage] += clock() - started

    return clocked


def build(folder: Path) -> dict[str, float]:
    """Build and publish a release in one process."""
    settings = config.load(folder / "lod.toml")
    vocabulary = Vocabulary(settings.base)
    started, began = spent(), time.perf_counter()
    outcome = pipeline.build(settings, vocabulary)
    if outcome.release is None:
        sys.exit("; ".join(outcome.stopped))
    seconds, wall = spent() - started, time.perf_counter() - began
    (source,) = outcome.report["sources"]
    counts = outcome.release.manifest["counts"]
    return {
        "seconds": seconds,
        "wall": wall,
        "published": source["published"],
        "triples": counts["triples"],
    }


def stages(folder: Path) -> dict[str, float]:
    """Build with clocks at the stages, which cost some time themselves."""
    seconds: defaultdict[str, float] = defaultdict(float)
    _clocked(seconds)
    return {**build(folder), **{f"stage {stage}": seconds[stage] for stage in _STAGES}}


def rebuild(folder: Path) -> dict[str, float]:
    """Build what 1 % of the records changed in."""
    shutil.copy(folder / "changed.csv", folder / "tidy.csv")
    return stages(folder)


# Floors: over what `prepared.prepare` wrote ---------------------------------------------------------


def floors(folder: Path) -> dict[str, float]:
    """Map, validate by raw `shacl` and load by raw `bulk_load`, each alone."""
    writer = Writer(Vocabulary(BASE))
    mapping = 0.0
    with (folder / "mapped.nt").open("w", encoding="utf-8") as out:
        for page in pickled(folder / "model.pickle"):
            began = time.process_time()
            for thing in page:
                out.write("\n".join(writer.described(thing)) + "\n")
            mapping += time.process_time() - began
    shapes: Any = import_module("shacl").Shapes.from_text((folder / "shapes.nt").read_text("utf-8"), "ntriples")
    validating = 0.0
    for lines, known in pickled(folder / "small.pickle"):
        types = [f"<{iri}> <{RDF.type}> <{kind}> ." for iri, kinds in known.items() for kind in kinds]
        text = "\n".join([*lines, *types, ""])
        began = time.process_time()
        shapes.validate_text(text, "ntriples")
        validating += time.process_time() - began
    return {"mapping": mapping, "validating": validating, "loading": _bulk_load(folder)}


def _bulk_load(folder: Path) -> float:
    with tempfile.TemporaryDirectory(dir=folder) as target:
        started = spent()
        loaded = ox.Store(target)
        loaded.bulk_load(path=str(folder / "data.nt"), format=ox.RdfFormat.N_TRIPLES)
        loaded.flush()
        return spent() - started


_FEW = 200  # records that the plain stack is given: pySHACL as it comes takes half a second for each

# The comparisons ------------------------------------------------------------------------------------------------


def _command(name: str, folder: Path) -> list[str]:
    return [sys.executable, __file__, name, str(folder)]


def _medians(steps: dict[str, Callable[[], Figures]], runs: int) -> dict[str, Figures]:
    """Do steps in turn, `runs` times, and return the medians of each."""
    found: dict[str, list[Figures]] = {name: [] for name in steps}
    for _ in range(runs):
        for name, step in steps.items():
            print(f"  {name} …", file=sys.stderr, flush=True)
            found[name].append(step())
    return {name: median(figures) for name, figures in found.items()}


def section_build(rows: int, runs: int, work: Path) -> Section:
    """Measure a whole build of `rows` records, its floors, a rebuild, and a plain stack over fewer records."""
    parts, folder, few = work / "floors", work / "build", work / "build-few"
    prepared.prepare(parts, rows, errors=0.02)
    alone = partial(run, _command("floors", parts), pinned=True)
    found = _medians(
        {
            "floors before": alone,
            "build": lambda: run(_command("build", project_folder(folder, rows)), pinned=True),
            "floors after": alone,
            "stages": lambda: run(_command("stages", project_folder(folder, rows, changed=0.01)), pinned=True),
            "rebuild": lambda: run(_command("rebuild", folder), pinned=True),
            "few": lambda: run(_command("build", project_folder(few, _FEW)), pinned=True),
            "plain": lambda: run([sys.executable, str(Path(__file__).with_name("plain.py")), str(few)], pinned=True),
        },
        runs,
    )
    both = project_folder(work / "build-two", rows)
    two = run([sys.executable, "-m", "lod.cli", "build", "--jobs", "2", "--config", str(both / "lod.toml")])
    said = {name: figures.said for name, figures in found.items()}
    floor = {
        stage: (said["floors before"][stage] + said["floors after"][stage]) / 2
        for stage in ("mapping", "validating", "loading")
    }
    together = sum(floor.values())
    lines = [
        ["**all**", f"{said['build']['seconds']:.1f}", f"{said['rebuild']['seconds']:.1f}", f"{together:.1f}"],
        *(
            [
                stage,
                *(f"{said[name][f'stage {stage}']:.1f}" for name in ("stages", "rebuild")),
                f"{floor[stage]:.1f}" if stage in floor else "–",
            ]
            for stage in _STAGES
        ),
        ["peak MB", *(f"{found[name].peak:.0f}" for name in ("build", "rebuild", "floors after"))],
    ]
    judged = [said[name]["stage mapping"] + said[name]["stage validating"] for name in ("stages", "rebuild")]
    text = (
        table(["CPU s", "build", "1 % changed", "floor"], lines)
        + f"\n{said['build']['published']:,} records of {rows:,} were published, {said['build']['triples']:,} triples."
        " The stages are of a build of their own, with clocks at them. Loading is a part of writing the release, with"
        " the dumps in all syntaxes and the checksums; what the stages leave over is reading, joining and sorting."
        " The floors are the compiled mapping, raw `shacl` over ready pages and raw"
        " `bulk_load`, each alone, once before the build and once after it: their mean, as the speed of a shared"
        f" machine changes within minutes. With `--jobs 2` the build took {two.wall:.1f} s of wall time,"
        f" {two.cpu:.1f} s of CPU and {two.peak:.0f} MB. Median of {runs} interleaved runs on one core.\n"
        f"\nThe plain stack (our cleaning, rdflib, pySHACL as it comes, rdflib) took {said['plain']['seconds']:.1f} s"
        f" for {_FEW} records, {said['plain']['validating']:.1f} s of it validating; `lod` built a release of them in"
        f" {said['few']['seconds']:.1f} s.\n"
    )
    return Section(
        f"Building {rows:,} records",
        text,
        [
            Figure(
                "build against the sum of its floors", said["build"]["seconds"] / sum(floor.values()), 1.5, is_most=True
            ),
            Figure("build against the plain stack", said["plain"]["seconds"] / said["few"]["seconds"], 10),
            Figure("mapping and validation, 1 % changed against all", judged[1] / judged[0], 0.334, is_most=True),
        ],
    )


def section_growth(sizes: list[int], work: Path) -> Section:
    """Measure builds of growing size, each once."""
    found = {}
    for rows in sizes:
        print(f"  build of {rows:,} …", file=sys.stderr, flush=True)
        found[rows] = run(_command("build", project_folder(work / "growth", rows)), pinned=True)
    lines = [
        [
            f"{rows:,}",
            f"{figures.said['triples']:,}",
            f"{figures.said['seconds']:.1f}",
            f"{figures.said['seconds'] / rows * 1000:.2f}",
            f"{figures.said['wall']:.1f}",
            f"{figures.peak:.0f}",
        ]
        for rows, figures in found.items()
    ]
    a_record = {rows: figures.said["seconds"] / rows for rows, figures in found.items()}
    middle = sizes[-2] if len(sizes) > 1 else sizes[-1]
    figures_to_reach = [
        Figure(
            f"time a record, {sizes[-1]:,} against {middle:,}",
            a_record[sizes[-1]] / a_record[middle],
            1.1,
            is_most=True,
        )
    ]
    if 1_000_000 in found:
        figures_to_reach.append(Figure("GiB for 1,000,000", found[1_000_000].peak * 1e6 / 2**30, 4, is_most=True))
    return Section(
        "Growth",
        table(["records", "triples", "CPU s", "ms a record", "wall s", "peak MB"], lines)
        + "\nWhole builds in one process on one core, each once.\n",
        figures_to_reach,
    )


_ENGINES: dict[str, Callable[[Path], dict[str, float]]] = {
    "build": build,
    "stages": stages,
    "rebuild": rebuild,
    "floors": floors,
}

if __name__ == "__main__":
    print(json.dumps(_ENGINES[sys.argv[1]](Path(sys.argv[2]))))
