"""The Store port: one method, whatever the engine and wherever it runs.

Answers are pyoxigraph's own types: solutions, a boolean, or triples. They are lazy; an answer of the embedded
engine stays readable after the release has been switched, since a read-only opener is a snapshot.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import pyoxigraph as ox

__all__ = ["Answer", "Query", "Store"]

Answer = ox.QuerySolutions | ox.QueryBoolean | Iterator[ox.Triple]


@dataclass(frozen=True, slots=True)
class Query:
    """A SPARQL 1.1 query and its dataset (protocol section 2.1.4); no graphs means the default graph."""

    text: str
    base: str | None = None  # what relative IRIs in the text are relative to
    default_graphs: tuple[str, ...] = ()  # "" is the default graph
    named_graphs: tuple[str, ...] = ()
    bare: str | None = None  # the text without the FROM clauses that these graphs come from; it must have no other


class Store(Protocol):
    """Anything that answers SPARQL queries."""

    def answer(self, query: Query) -> Answer:
        """Return the answer; raise `QueryError` on a malformed query, `StoreError` when it cannot answer."""
        ...
