"""The Store port, one method, and its embedded adapter.

Answers are pyoxigraph's own result types whatever the engine: solutions, a boolean, or triples. They are
lazy; an answer stays readable after the release has been switched, since a read-only opener is a snapshot.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Protocol

import pyoxigraph as ox

from .errors import QueryError, StoreError

__all__ = ["Answer", "Embedded", "Query", "Store", "load"]

Answer = ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples


@dataclass(frozen=True, slots=True)
class Query:
    """A SPARQL 1.1 query and its dataset (protocol section 2.1.4); no graphs means the default graph."""

    text: str
    base: str | None = None  # what relative IRIs in the text are relative to
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()


class Store(Protocol):
    """Anything that answers SPARQL queries."""

    def answer(self, query: Query) -> Answer:
        """Return the answer; raise `QueryError` on a malformed query, `StoreError` when it cannot answer."""
        ...


class Embedded:
    """pyoxigraph in this process, never written to."""

    def __init__(self, store: ox.Store) -> None:
        self._store = store

    @classmethod
    def open(cls, path: Path) -> Embedded:
        """Open a release's store read-only."""
        try:
            return cls(ox.Store.read_only(str(path)))
        except OSError as error:
            raise StoreError(f"{path}: úložiště nelze otevřít / the store cannot be opened ({error})") from error

    @classmethod
    def of_file(cls, path: Path) -> Embedded:
        """Load any RDF file into memory (a query playground); raise `StoreError` when it cannot be read."""
        store = ox.Store()
        try:
            store.bulk_load(path=str(path), base_iri=path.resolve().as_uri())
        except (OSError, SyntaxError, ValueError) as error:
            raise StoreError(f"{path}: nelze načíst / cannot be loaded ({error})") from error
        return cls(store)

    def answer(self, query: Query) -> Answer:
        """See `Store.answer`."""
        dataset: dict[str, list[ox.NamedNode]] = {}
        try:
            if query.default_graphs or query.named_graphs:
                dataset["default_graph"] = [ox.NamedNode(iri) for iri in query.default_graphs]
                dataset["named_graphs"] = [ox.NamedNode(iri) for iri in query.named_graphs]
            return self._store.query(query.text, base_iri=query.base, **dataset)  # type: ignore[arg-type]
        except (SyntaxError, ValueError, RuntimeError) as error:  # RuntimeError: a function nobody knows
            raise QueryError(str(error)) from error
        except OSError as error:
            raise StoreError(str(error)) from error


def load(parts: Iterable[IO[bytes]], path: Path) -> int:
    """Bulk-load N-Triples, read from files, into a new store on disk; return the number of triples.

    Raise `StoreError` when the disk is full, or a part is no N-Triples.
    """
    try:
        store = ox.Store(str(path))
        for part in parts:
            store.bulk_load(input=part, format=ox.RdfFormat.N_TRIPLES)
        store.flush()
        return len(store)
    except (OSError, SyntaxError, ValueError, RuntimeError) as error:
        raise StoreError(f"{path}: úložiště nelze zapsat / the store cannot be written ({error})") from error
