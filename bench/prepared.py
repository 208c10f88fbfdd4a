"""What engines are given: records of the generator as model objects, as lines and in pages, in one folder."""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

from records import records
from records import write as write_records

from lod import gather, project
from lod.iris import Iris
from lod.model import Entity, Mention, Record
from lod.rdf import Writer, graph_lines
from lod.terms import Vocabulary
from lod.tidy import canonical

__all__ = ["BASE", "made", "paged", "pickled", "prepare"]

BASE = "https://projekty.example/"
_T = TypeVar("_T")


def paged(items: Iterable[_T], size: int) -> Iterator[list[_T]]:
    """Yield items in lists of a size."""
    rest = iter(items)
    while page := list(islice(rest, size)):
        yield page


def pickled(path: Path) -> Iterator[Any]:
    """Yield what was pickled to a file, one after another."""
    with path.open("rb") as file:
        while True:
            try:
                yield pickle.load(file)
            except EOFError:
                return


def made(rows: Iterable[dict[str, str]], vocabulary: Vocabulary) -> Iterator[project.Made]:
    """Yield what the project makes of rows in the tidy layout."""
    iris = Iris(BASE)
    for number, row in enumerate(rows, 2):
        values, labels, _ = canonical({name: value for name, value in row.items() if value})
        yield project.project(Record("bench", f"bench.csv:{number}", values, labels), iris, vocabulary)


def _things(rows: int, errors: float, vocabulary: Vocabulary) -> Iterator[Entity]:
    """Yield every thing that the records tell of, each IRI once: projects, what comes along, organisations."""
    mentions: list[Mention] = []
    known: set[str] = set()
    for each in made((row for row, _ in records(rows, errors=errors)), vocabulary):
        for thing in (each.project, *each.others):
            if thing is not None and thing.iri not in known:
                known.add(thing.iri)
                yield thing
        mentions += each.mentions
    yield from gather.organisations(mentions, vocabulary).values()


def prepare(folder: Path, rows: int, errors: float) -> None:
    """Write a folder for engines.

    tidy.csv has the records; model.pickle the things, a thousand a page; data.nt their lines and the code lists;
    shapes.nt the shapes; pages.pickle a hundred things a page, as lines and as the types of what these refer to;
    small.pickle the same, ten things a page.
    """
    folder.mkdir(parents=True, exist_ok=True)
    vocabulary = Vocabulary(BASE)
    writer = Writer(vocabulary)
    types: dict[str, tuple[str, ...]] = {}
    write_records(folder / "tidy.csv", rows, errors=errors)
    with (folder / "model.pickle").open("wb") as model, (folder / "data.nt").open("w", encoding="utf-8") as data:
        for page in paged(_things(rows, errors, vocabulary), 1000):
            pickle.dump(page, model, pickle.HIGHEST_PROTOCOL)
            types.update((thing.iri, vocabulary.of(thing).types) for thing in page)
            data.writelines(f"{line}\n" for thing in page for line in writer.described(thing))
        data.writelines(f"{line}\n" for line in graph_lines(vocabulary.codelists))
    for name, size in (("pages.pickle", 100), ("small.pickle", 10)):
        things = (thing for page in pickled(folder / "model.pickle") for thing in page)
        with (folder / name).open("wb") as pages:
            for page in paged(things, size):
                lines = tuple(line for thing in page for line in writer.described(thing))
                referred = {iri for thing in page for iri in writer.targets(thing)} - {thing.iri for thing in page}
                known = {iri: types.get(iri) or tuple(vocabulary.types_of(iri)) for iri in referred}
                pickle.dump((lines, {iri: kinds for iri, kinds in known.items() if kinds}), pages)
    (folder / "shapes.nt").write_text(vocabulary.shapes.serialize(format="nt"), "utf-8")
