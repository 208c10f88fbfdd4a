"""An answer as a graph of resources, laid out by forces (Fruchterman and Reingold 1991); pure and repeatable."""

from __future__ import annotations

import cmath
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import pyoxigraph as ox

from ...iris import NAMESPACES
from .answer import Answer, Term
from .columns import Column
from .reader import Reader

__all__ = ["Graph", "drawn", "edges", "first"]

_MOST = 60  # resources; a drawing of more tells nothing
_ROUNDS = 120
_TYPE = NAMESPACES["rdf"] + "type"
_LONGEST = 28  # characters of a label

Edge = tuple[Term, Term, Term]  # its middle is a predicate, or the name of a column


@dataclass(frozen=True, slots=True)
class Node:
    """A resource at its place; `side` is where its label stands: "start", "end" or "middle" of the text."""

    label: str
    title: str
    href: str
    x: int
    y: int
    radius: int
    side: str
    is_ours: bool


@dataclass(frozen=True, slots=True)
class Line:
    """An edge between two places, with its middle; `title` reads as a sentence."""

    x1: int
    y1: int
    x2: int
    y2: int
    x: int
    y: int
    label: str
    title: str


@dataclass(frozen=True, slots=True)
class Graph:
    """A drawing; `left` is how many resources are not in it."""

    left_edge: int
    top: int
    width: int
    height: int
    nodes: list[Node]
    lines: list[Line]
    left: int


def edges(answer: Answer, columns: Sequence[Column]) -> list[Edge]:
    """Return what the graph connects: triples between resources, or things that stand in one row.

    A class is no resource among others: everything would hang on it.
    """
    if answer.form == "triples":
        found = (
            (s, p, o) for s, p, o in answer.rows if not isinstance(o, (ox.Literal, ox.Triple)) and p.value != _TYPE
        )
    else:
        things = [column for column in columns if column.kind == "resource"]
        found = (
            (first, after.name, second)
            for before, after in pairwise(things)
            for first, second in zip(before.terms, after.terms, strict=True)
            if first is not None and second is not None
        )
    return list(dict.fromkeys(found))


def first(found: Sequence[Edge]) -> dict[Term, int]:
    """Return the resources that are drawn, those that come first, by their numbers."""
    numbers: dict[Term, int] = {}
    for subject, _, thing in found:
        for term in (subject, thing):
            if len(numbers) < _MOST:
                numbers.setdefault(term, len(numbers))
    return numbers


def drawn(found: Sequence[Edge], reader: Reader) -> Graph:
    """Return the drawing of the resources that come first."""
    nodes = first(found)
    total = len({term for subject, _, thing in found for term in (subject, thing)})
    links = [(nodes[a], _called(by, reader), nodes[b]) for a, by, b in found if a in nodes and b in nodes]
    places = _laid_out(len(nodes), [(a, b) for a, _, b in links if a != b])
    degree = [0] * len(nodes)
    for a, _, b in links:
        degree[a] += 1
        degree[b] += 1
    middle = sum(places) / len(places)
    shown = [
        _node(term, place, middle, degree[number], reader)
        for number, (term, place) in enumerate(zip(nodes, places, strict=True))
    ]
    lines = [
        Line(
            *(shown[a].x, shown[a].y, shown[b].x, shown[b].y),
            *((shown[a].x + shown[b].x) // 2, (shown[a].y + shown[b].y) // 2),
            label,
            f"{shown[a].title} → {label} → {shown[b].title}",
        )
        for a, label, b in links
        if a != b
    ]
    left, right = (choose(one.x for one in shown) for choose in (min, max))
    top, bottom = (choose(one.y for one in shown) for choose in (min, max))
    # Labels stand beside the outermost resources.
    return Graph(left - 230, top - 40, right - left + 460, bottom - top + 80, shown, lines, total - len(nodes))


def _called(by: Term, reader: Reader) -> str:
    return by if isinstance(by, str) else reader.label(by)


def _node(term: Term, place: complex, middle: complex, degree: int, reader: Reader) -> Node:
    label = reader.label(term)
    short = label if len(label) <= _LONGEST else label[: _LONGEST - 1].rstrip() + "…"
    href = reader.href(term)
    x, y = round(place.real), round(place.imag)
    side = "middle" if degree > 3 else "end" if place.real < middle.real else "start"
    return Node(short, label, href, x, y, min(16, 5 + degree), side, href.startswith("/"))


def _laid_out(count: int, links: Iterable[tuple[int, int]]) -> list[complex]:
    """Return a place for each node: linked ones near each other, all of them apart."""
    apart = 95.0
    # A spiral of golden angles to begin with: no two nodes in one place, and the same each time.
    places = [cmath.rect(apart * (number + 0.5) ** 0.5, number * 2.399963) for number in range(count)]
    pairs = list(links)
    for turn in range(_ROUNDS):
        pushed = [0j] * count
        for a in range(count):
            here = places[a]
            for b in range(a):
                away = here - places[b]
                push = away * (apart / (abs(away) or 1e-3)) ** 2
                pushed[a] += push
                pushed[b] -= push
        for a, b in pairs:
            towards = places[b] - places[a]
            pull = towards * (abs(towards) / apart)
            pushed[a] += pull
            pushed[b] -= pull
        most = apart * (1 - turn / _ROUNDS) + 1
        for number, push in enumerate(pushed):
            # What is linked to nothing stays near the middle; wider than high, as screens are.
            step = push - places[number] * 0.15 - complex(0, places[number].imag * 0.25)
            size = abs(step)
            places[number] += step * (min(size, most) / size) if size else 0
    return places
