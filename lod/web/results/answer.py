"""A whole answer, as much of it as a page works with."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import islice
from typing import IO, Any

import pyoxigraph as ox

__all__ = ["MOST", "Answer", "Kept"]

MOST = 10_000  # rows that a page sorts, draws and leafs through; every row is in the downloads
_COUNTED = 100_000  # rows that are counted beyond that (0.4 s); more are "over a hundred thousand"

Term = Any  # an ox.NamedNode, BlankNode, Literal or Triple; None where a variable is unbound


@dataclass(frozen=True, slots=True)
class Answer:
    """What a query was answered with: `form` is "solutions", "triples" or "boolean".

    `rows` are the first `MOST` of `count` rows; `seconds` is how long the answer took, None where nobody measured.
    """

    form: str
    names: tuple[str, ...] = ()
    rows: tuple[tuple[Term, ...], ...] = ()
    count: int = 0
    is_true: bool = False
    seconds: float | None = None

    @property
    def is_counted(self) -> bool:
        """Whether `count` is all, not just the least that there are."""
        return self.count < MOST + _COUNTED

    @classmethod
    def of(cls, answer: Any, seconds: float | None = None) -> Answer:
        """Return what a store answered, of any form."""
        if isinstance(answer, ox.QueryBoolean):
            return cls("boolean", is_true=bool(answer), seconds=seconds)
        if isinstance(answer, ox.QuerySolutions):
            names = tuple(variable.value for variable in answer.variables)
            return cls._of("solutions", names, (tuple(one) for one in answer), seconds)
        return cls._of("triples", ("s", "p", "o"), (tuple(one) for one in answer), seconds)._grouped()

    @classmethod
    def _of(cls, form: str, names: tuple[str, ...], rows: Iterable[tuple[Term, ...]], seconds: float | None) -> Answer:
        rest = iter(rows)
        first = tuple(islice(rest, MOST))
        return cls(form, names, first, len(first) + sum(1 for _ in islice(rest, _COUNTED)), seconds=seconds)

    def _grouped(self) -> Answer:
        """Return triples by their subjects and predicates, in the order of their first ones."""
        first: dict[Term, int] = {}
        for place, (subject, predicate, _) in enumerate(self.rows):
            first.setdefault(subject, place)
            first.setdefault((subject, predicate), place)
        return replace(self, rows=tuple(sorted(self.rows, key=lambda row: (first[row[0]], first[row[:2]]))))

    @classmethod
    def read(cls, form: str, content: IO[bytes], seconds: float | None = None) -> Answer:
        """Read SPARQL results JSON, or N-Triples where `form` is "triples", a piece at a time."""
        if form == "triples":
            return cls.of((quad.triple for quad in ox.parse(content, format=ox.RdfFormat.N_TRIPLES)), seconds)
        return cls.of(ox.parse_query_results(content, format=ox.QueryResultsFormat.JSON), seconds)


class Kept:
    """The last answers by their queries, so that sorting, leafing and drawing do not ask again."""

    _CELLS = 100_000  # of about 150 bytes

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._answers: OrderedDict[str, Answer] = OrderedDict()
        self._cells = 0

    def get(self, query: str) -> Answer | None:
        """Return what a query was answered with, None where that is forgotten."""
        with self._lock:
            if query in self._answers:
                self._answers.move_to_end(query)
            return self._answers.get(query)

    def put(self, query: str, answer: Answer) -> None:
        """Keep an answer, and forget the oldest ones where there is no room."""
        with self._lock:
            if before := self._answers.pop(query, None):
                self._cells -= _cells(before)
            self._answers[query] = answer
            self._cells += _cells(answer)
            while self._cells > self._CELLS:
                _, oldest = self._answers.popitem(last=False)
                self._cells -= _cells(oldest)


def _cells(answer: Answer) -> int:
    return 1 + len(answer.rows) * len(answer.names)
