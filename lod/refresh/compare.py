"""What changed between two copies of a source, told in records as a build reads them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from hashlib import blake2b
from pathlib import Path

from .. import sources
from ..config import SourceConfig
from ..downloads import Difference
from ..errors import RefreshError
from ..model import Finding, Record, Severity

__all__ = ["compare"]

_EXAMPLES = 3
# What a record is known by from one copy to the next: the first of these that it has.
_KEYS = {"projects": ("registration_number", "slug", "title"), "organisations": ("ico", "beneficiary")}

# A record that stands in both copies as often cancels out. What is left of one key on both sides has changed.
_LEFT = """
    SELECT key, SUM(MAX(surplus, 0)), SUM(MAX(-surplus, 0))
    FROM (SELECT key, SUM(side) AS surplus, MIN(rowid) AS first FROM record GROUP BY key, hash HAVING surplus <> 0)
    GROUP BY key ORDER BY MIN(first)
"""


def _records(path: Path, source: SourceConfig) -> Iterator[tuple[str, bytes]]:
    """Yield the key and the hash of each record; raise `RefreshError` when the file cannot be read as one."""
    for found in sources.read_file(path, source, path.name):
        if isinstance(found, Record):
            key = next((str(found.values[name]) for name in _KEYS[source.yields] if found.values.get(name)), "")
            yield key.strip(), blake2b(repr(sorted(found.values.items())).encode(), digest_size=16).digest()
        elif _is_fatal(found, path.name):
            raise RefreshError(f"nejde přečíst: {found.cs}", f"cannot be read: {found.en}")


def _is_fatal(found: Finding, shown: str) -> bool:
    """Whether a finding is about the whole file, rather than about a row that the next build refuses."""
    return found.severity is Severity.VIOLATION and (found.place == shown or found.kind == "file-incomplete")


def compare(old: Path | None, new: Path, source: SourceConfig) -> Difference:
    """Return how the records differ; raise `RefreshError` when the new copy is one that a build could not read.

    Only hashes are kept, in a temporary database on disk, so memory does not grow with the copies.
    """
    with closing(sqlite3.connect("")) as database:
        database.execute("CREATE TABLE record (key TEXT, hash BLOB, side INTEGER)")

        def take(path: Path, side: int) -> int:
            rows = ((key, value, side) for key, value in _records(path, source))
            return database.executemany("INSERT INTO record VALUES (?, ?, ?)", rows).rowcount

        after = max(take(new, 1), 0)  # -1 for none
        try:
            before = max(take(old, -1), 0) if old else None
        except RefreshError:  # the configuration has changed, most likely
            before = None
        if before is None:
            return Difference(None, after)
        added = removed = changed = 0
        examples: list[str] = []
        for key, more, fewer in database.execute(_LEFT):
            both = min(more, fewer)
            added, removed, changed = added + more - both, removed + fewer - both, changed + both
            if len(examples) < _EXAMPLES:
                examples.append(f"{'~' if both else '+' if more else '−'} {key}")
    return Difference(before, after, added, removed, changed, tuple(examples))
