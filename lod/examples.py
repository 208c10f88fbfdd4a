"""Example queries: `vocab/queries/*.rq` are the menu of the query page, documentation, RDF in the release and tests.

A file begins with comments that name it; what follows is the query:

    # group: penize
    # cs: Kolik získal můj kraj z ESF?
    # en: How much did my region get from the ESF?
    # cs note: …
    # en note: …

Groups stand in `groups.toml`, in the order of the menu. In RDF an example is a sh:SPARQLExecutable
(https://www.w3.org/TR/shacl/#dfn-sparql-executables and the note SHACL Advanced Features); SHACL has no class
for DESCRIBE, so that is the one of https://purl.expasy.org/sparql-examples/ontology.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from rdflib import DCTERMS, RDF, RDFS, SH, Graph, Literal, URIRef
from rdflib.namespace import Namespace

from .errors import ConfigError
from .iris import NAMESPACES
from .terms import Labels

__all__ = ["Example", "Group", "form", "graph", "load"]

SCHEMA = Namespace(NAMESPACES["schema"])
SPEX = Namespace(NAMESPACES["spex"])
_EXECUTABLE = {
    "SELECT": (SH.SPARQLSelectExecutable, SH.select),
    "ASK": (SH.SPARQLAskExecutable, SH.ask),
    "CONSTRUCT": (SH.SPARQLConstructExecutable, SH.construct),
    "DESCRIBE": (SPEX.SPARQLDescribeExecutable, SPEX.describe),
}
_HEAD = re.compile(r"# (group|cs note|en note|cs|en): (.+)\n")
# What may stand before the word that tells a query's form: comments, and PREFIX and BASE with their IRIs.
_PROLOGUE = re.compile(r"(?:\s+|#[^\n]*|(?:PREFIX\s+[^\s<:]*:|BASE)\s*<[^>]*>)*(\w*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Example:
    """One example query."""

    name: str  # "02-programy", the name of its file
    text: str  # the query, without the comments that name it
    labels: Labels
    notes: Labels  # what it shows, or how to change it

    def titled(self, language: str) -> str:
        """Return the query with its name above it."""
        return f"# {self.labels[language]}\n{self.text}"


@dataclass(frozen=True, slots=True)
class Group:
    """Examples that answer one kind of question."""

    name: str
    labels: Labels
    examples: list[Example] = field(default_factory=list)


def form(text: str) -> str:
    r"""Return the form of a query (SELECT, ASK, CONSTRUCT, DESCRIBE), "" where it is none of these.

    >>> form("# SELECT\nPREFIX a: <b#c>\nask {}")
    'ASK'
    """
    found = _PROLOGUE.match(text)
    word = found[1].upper() if found else ""
    return word if word in _EXECUTABLE else ""


def load(root: Path) -> list[Group]:
    """Return the examples below `root` (the folder that holds vocab/), group by group; raise `ConfigError`."""
    folder = root / "vocab" / "queries"
    groups = {
        name: Group(name, labels) for name, labels in tomllib.loads((folder / "groups.toml").read_text("utf-8")).items()
    }
    for path in sorted(folder.glob("*.rq")):
        text, head = path.read_text("utf-8"), dict[str, str]()
        while found := _HEAD.match(text):
            head[found[1]] = found[2]
            text = text[found.end() :]
        if head.get("group") not in groups or not {"cs", "en"} <= head.keys():
            raise ConfigError(f"{path}: chybí group, cs nebo en / group, cs or en is missing")
        notes = {language: head[f"{language} note"] for language in ("cs", "en") if f"{language} note" in head}
        example = Example(path.stem, text.strip(), {"cs": head["cs"], "en": head["en"]}, notes)
        groups[head["group"]].examples.append(example)
    return [group for group in groups.values() if group.examples]


def graph(groups: Iterable[Group], base: str) -> Graph:
    """Return the examples as RDF; each has an IRI below the page of examples."""
    found = Graph()
    page = f"{base}sparql/priklady"
    for group in groups:
        for example in group.examples:
            subject = URIRef(f"{page}#{example.name}")
            kind, predicate = _EXECUTABLE[form(example.text)]
            found.add((subject, RDF.type, SH.SPARQLExecutable))
            found.add((subject, RDF.type, kind))
            found.add((subject, predicate, Literal(example.text)))
            found.add((subject, DCTERMS.identifier, Literal(example.name)))
            found.add((subject, SCHEMA.target, URIRef(f"{base}sparql")))
            found.add((subject, RDFS.isDefinedBy, URIRef(page)))
            for term, labels in (
                (RDFS.label, example.labels),
                (RDFS.comment, example.notes),
                (SCHEMA.keywords, group.labels),
            ):
                for language, text in labels.items():
                    found.add((subject, term, Literal(text, lang=language)))
    return found
