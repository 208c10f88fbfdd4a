"""Two releases' digests to what was added, changed and removed between them. Pure; everything sorted by IRI."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import StrEnum
from heapq import merge
from itertools import groupby
from operator import itemgetter

__all__ = ["Change", "compared"]


class Change(StrEnum):
    """What became of a thing; whatever was withdrawn before stays so until it returns."""

    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"
    WITHDRAWN = "withdrawn"


def compared(
    before: Iterable[tuple[str, str]], after: Iterable[tuple[str, str]], withdrawn: Iterable[str]
) -> Iterator[tuple[str, Change, str]]:
    """Yield the IRI, the change and the new digest of each thing that is not as it was.

    Things are pairs of IRI and digest. A thing that returns after it was withdrawn is added.

    >>> [(iri, str(change)) for iri, change, _ in compared([("a", "1"), ("b", "1")], [("b", "2"), ("c", "1")], ["d"])]
    [('a', 'removed'), ('b', 'changed'), ('c', 'added'), ('d', 'withdrawn')]
    """
    told = merge(
        ((iri, 0, digest) for iri, digest in before),
        ((iri, 1, digest) for iri, digest in after),
        ((iri, 2, "") for iri in withdrawn),
    )
    for iri, items in groupby(told, key=itemgetter(0)):
        found = {side: digest for _, side, digest in items}
        if 1 not in found:
            yield iri, Change.REMOVED if 0 in found else Change.WITHDRAWN, ""
        elif found.get(0) != found[1]:
            yield iri, Change.CHANGED if 0 in found else Change.ADDED, found[1]
