"""The embedded store: pyoxigraph in this process."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import IO

import pyoxigraph as ox

from ..errors import QueryError, StoreError
from .port import Answer, Query

__all__ = ["Embedded", "load", "load_file"]


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

    def answer(self, query: Query) -> Answer:
        """See `Store.answer`."""
        dataset: dict[str, list[ox.NamedNode | ox.DefaultGraph]] = {}
        try:
            if query.default_graphs or query.named_graphs:
                default = [ox.NamedNode(iri) if iri else ox.DefaultGraph() for iri in query.default_graphs]
                dataset["default_graph"] = default
                dataset["named_graphs"] = [ox.NamedNode(iri) for iri in query.named_graphs]
            return self._store.query(query.text, base_iri=query.base, **dataset)  # type: ignore[arg-type]
        except (SyntaxError, ValueError, RuntimeError) as error:  # RuntimeError: a function nobody knows
            raise QueryError(str(error)) from error
        except OSError as error:
            raise StoreError(str(error)) from error

    def __len__(self) -> int:
        return len(self._store)

    def named_graphs(self) -> Iterator[str]:
        """Yield the IRIs of its named graphs."""
        yield from (name.value for name in self._store.named_graphs() if isinstance(name, ox.NamedNode))

    def pages(self, size: int) -> Iterator[bytes]:
        """Yield all triples as N-Triples, `size` of them at a time."""
        triples = (quad.triple for quad in self._store)
        while page := ox.serialize(islice(triples, size), format=ox.RdfFormat.N_TRIPLES):
            yield page


def load(judged: IO[bytes], more: IO[bytes], path: Path) -> None:
    """Bulk-load N-Triples into a new store on disk: what was judged, and more.

    Either engine refuses a line that it cannot read, so nobody looks at the IRIs of what was judged again, which would
    take a fifth of the time. Raise `StoreError` when the disk is full, or what is given is no N-Triples.
    """
    try:
        store = ox.Store(str(path))
        store.bulk_load(input=judged, format=ox.RdfFormat.N_TRIPLES, lenient=True)
        store.bulk_load(input=more, format=ox.RdfFormat.N_TRIPLES)
        store.flush()
    except (OSError, SyntaxError, ValueError, RuntimeError) as error:
        raise StoreError(f"{path}: úložiště nelze zapsat / the store cannot be written ({error})") from error


def load_file(file: Path, path: Path) -> None:
    """Bulk-load any RDF file, with its graphs, into a new store on disk; raise `StoreError` when it cannot be read."""
    try:
        store = ox.Store(str(path))
        store.bulk_load(path=str(file), base_iri=file.resolve().as_uri())
        store.flush()
    except (OSError, SyntaxError, ValueError, RuntimeError) as error:
        raise StoreError(f"{file}: nelze načíst / cannot be loaded ({error})") from error
