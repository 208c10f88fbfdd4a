"""How long each stage takes on the sample data, beside plain rdflib and pySHACL; medians of interleaved runs.

make bench
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pyoxigraph as ox
import pyshacl
from rdflib import Graph

from lod import config, pipeline, store
from lod.rdf import Writer
from lod.terms import Vocabulary, home

RUNS = 5


def timed(work: Callable[[], object]) -> float:
    """Return the CPU seconds of one run."""
    started = time.process_time()
    work()
    return time.process_time() - started


def main() -> None:
    """Print the table."""
    settings = config.load(home() / "data" / "lod.toml")
    vocabulary = Vocabulary(settings.base)
    quiet = pipeline.Progress()
    collected = pipeline.collect(settings, vocabulary, quiet)
    projects = [made.project for made in collected.made if made.project]
    writer = Writer(vocabulary)
    lines = sorted({line for project in projects for line in writer.lines(project)})
    text = "".join(f"{line}\n" for line in lines).encode()
    everything = sorted(
        {line for lines in pipeline.check(collected, vocabulary, quiet).described.values() for line in lines}
    )
    whole = Graph().parse(data="\n".join(everything), format="nt")
    whole += vocabulary.codelists
    triples = list(Graph().parse(data=text, format="nt"))

    def add_and_serialise() -> None:
        graph = Graph()
        for triple in triples:
            graph.add(triple)
        graph.serialize(format="nt")

    def load() -> None:
        with tempfile.TemporaryDirectory() as folder:
            store.load([BytesIO(text)], Path(folder) / "store")

    def bulk_load() -> None:
        with tempfile.TemporaryDirectory() as folder:
            ox.Store(folder).bulk_load(input=text, format=ox.RdfFormat.N_TRIPLES)

    stages: dict[str, Callable[[], object]] = {
        "read and clean (records to model)": lambda: pipeline.collect(settings, vocabulary, quiet),
        "map (model to N-Triples)": lambda: [list(writer.lines(project)) for project in projects],
        "  the same by rdflib add + serialize": add_and_serialise,
        "gather and validate, in pages": lambda: pipeline.check(collected, vocabulary, quiet),
        "  pySHACL alone, the whole graph": lambda: pyshacl.validate(whole, shacl_graph=vocabulary.shapes),
        "load into the store": load,
        "  raw bulk_load": bulk_load,
    }
    figures: dict[str, list[float]] = {name: [] for name in stages}
    for _ in range(RUNS):
        for name, work in stages.items():
            figures[name].append(timed(work))
    python = sys.version.split()[0]
    print(f"{len(projects)} projects, {len(lines)} triples; CPU seconds, median of {RUNS} runs; Python {python}")
    for name, seconds in figures.items():
        print(f"{name:42} {statistics.median(seconds):8.3f}   ({min(seconds):.3f} to {max(seconds):.3f})")


if __name__ == "__main__":
    main()
