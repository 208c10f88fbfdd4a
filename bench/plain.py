"""The plain stack, rdflib and pySHACL as they come: `python plain.py FOLDER`.

Nothing of the project is imported that changes either; rows are cleaned by the project, since nothing else can.
"""

from __future__ import annotations

import csv
import gzip
import json
import sys
from pathlib import Path

import flat
import pyshacl
from measure import spent
from prepared import BASE, made
from rdflib import RDF, SH, Graph

from lod import gather
from lod.model import Entity
from lod.terms import Vocabulary


def main(folder: Path) -> None:
    """Clean, add triples, validate the graph, write it in four syntaxes; print the CPU seconds."""
    vocabulary = Vocabulary(BASE)
    started = spent()
    graph, mentions = Graph(), []
    with (folder / "tidy.csv").open(encoding="utf-8", newline="") as file:
        for each in made(csv.DictReader(file), vocabulary):
            mentions += each.mentions
            for thing in (*each.others, *(() if each.refused or each.project is None else (each.project,))):
                _add(thing, vocabulary, graph)
    for organisation in gather.organisations(mentions, vocabulary).values():
        _add(organisation, vocabulary, graph)
    mapped = spent()
    graph += vocabulary.codelists
    _, found, _ = pyshacl.validate(graph, shacl_graph=vocabulary.shapes, inference="none")
    validated = spent()
    for result in found.subjects(SH.resultSeverity, SH.Violation):
        graph.remove((found.value(result, SH.focusNode), None, None))
    for syntax in ("nt", "turtle", "xml", "json-ld"):
        with gzip.open(folder / f"plain.{syntax}.gz", "wb") as out:
            out.write(graph.serialize(format=syntax, encoding="utf-8"))
    seconds = spent() - started
    print(json.dumps({"seconds": seconds, "mapping": mapped - started, "validating": validated - mapped}))


def _add(entity: Entity, vocabulary: Vocabulary, graph: Graph) -> None:
    node = flat.term(entity.iri, "iri")
    for kind in vocabulary.of(entity).types:
        graph.add((node, RDF.type, flat.term(kind, "iri")))
    for value in flat.stated(entity, vocabulary):
        graph.add((node, flat.term(value.predicate, "iri"), flat.term(value.text, value.kind)))
        if value.part:
            _add(value.part, vocabulary, graph)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
