"""An answer as a graph of resources, laid out by forces (Fruchterman and Reingold 1991); pure and repeatable."""

from __future__ import annotations

import cmath
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
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
_LONGEST = 24  # characters of a label
_APART = 54.0  # units between linked resources; a unit is a pixel where there is room
_STRETCH = 1.25
_LETTER = 7.3
_LINE = 16
_GAP = 28
_WIDTH = 1240  # a little more than a screen shows at full size

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

    @property
    def label_x(self) -> int:
        """Where the label is held."""
        return self.x + {"start": self.radius + 4, "end": -self.radius - 4, "middle": 0}[self.side]

    @property
    def label_y(self) -> int:
        """The line that the label stands on."""
        return self.y - self.radius - 5 if self.side == "middle" else self.y + 4


@dataclass(frozen=True, slots=True)
class Line:
    """An edge between two places, with its middle; `ends` are the numbers of its resources, `title` a sentence."""

    ends: tuple[int, int]
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
        new = {subject: 0, thing: 0}.keys() - numbers.keys()
        if len(numbers) + len(new) <= _MOST:
            for term in (subject, thing):
                numbers.setdefault(term, len(numbers))
    return numbers


def drawn(found: Sequence[Edge], reader: Reader) -> Graph:
    """Return the drawing of the resources that come first."""
    numbers = first(found)
    total = len({term for subject, _, thing in found for term in (subject, thing)})
    links = [
        (numbers[subject], _called(by, reader), numbers[thing])
        for subject, by, thing in found
        if subject in numbers and thing in numbers and subject != thing
    ]
    pairs = [(a, b) for a, _, b in links]
    degree = [0] * len(numbers)
    for a, b in pairs:
        degree[a] += 1
        degree[b] += 1
    terms = list(numbers)
    pictures = []
    for group in _groups(len(numbers), pairs):
        places = _laid_out(group, pairs)
        middle = max(group, key=degree.__getitem__)
        # Of two that hang together neither is the middle.
        hub = places[middle] if degree[middle] > 1 else sum(places.values()) / len(places)
        pictures.append(
            _apart({number: _node(terms[number], at, hub, degree[number], reader) for number, at in places.items()})
        )
    packed, width, height = _packed(pictures)
    shown = [packed[number] for number in range(len(numbers))]
    lines = [_line((a, b), shown[a], label, shown[b]) for a, label, b in links]
    return Graph(width, height, shown, lines, total - len(numbers))


def _line(ends: tuple[int, int], start: Node, label: str, end: Node) -> Line:
    """Return an edge that ends at the rim of what it leads to."""
    way = complex(end.x - start.x, end.y - start.y)
    rim = complex(end.x, end.y) - way * (end.radius + 2) / (abs(way) or 1)
    return Line(
        ends,
        *(start.x, start.y, round(rim.real), round(rim.imag)),
        *((start.x + end.x) // 2, (start.y + end.y) // 2),
        label,
        f"{start.title} → {label} → {end.title}",
    )


def _called(by: Term, reader: Reader) -> str:
    return by if isinstance(by, str) else reader.label(by)


def _node(term: Term, place: complex, hub: complex, degree: int, reader: Reader) -> Node:
    label = reader.label(term)
    short = label if len(label) <= _LONGEST else label[: _LONGEST - 1].rstrip() + "…"
    href = reader.href(term)
    side = "middle" if place == hub else "end" if place.real < hub.real else "start"
    x, y = round(place.real), round(place.imag)
    return Node(short, label, href, x, y, min(16, 5 + degree), side, href.startswith("/"))


def _groups(count: int, pairs: Iterable[tuple[int, int]]) -> list[list[int]]:
    """Return what hangs together, the largest first."""
    group = list(range(count))
    for a, b in pairs:
        one, other = group[a], group[b]
        if one != other:
            group = [one if it == other else it for it in group]
    found: dict[int, list[int]] = {}
    for number, it in enumerate(group):
        found.setdefault(it, []).append(number)
    return sorted(found.values(), key=lambda members: (-len(members), members))


def _laid_out(group: Sequence[int], links: Iterable[tuple[int, int]]) -> dict[int, complex]:
    """Return places for what hangs together: linked resources near each other, all of them apart."""
    # A spiral of golden angles to begin with: no two in one place, and the same each time.
    places = [cmath.rect(_APART * (turn + 0.5) ** 0.5, turn * 2.399963) for turn in range(len(group))]
    turn_of = {number: turn for turn, number in enumerate(group)}
    pairs = [(turn_of[a], turn_of[b]) for a, b in links if a in turn_of]
    for cooling in range(_ROUNDS):
        pushed = [0j] * len(group)
        for a, here in enumerate(places):
            for b in range(a):
                away = here - places[b]
                push = away * (_APART / (abs(away) or 1e-3)) ** 2
                pushed[a] += push
                pushed[b] -= push
        for a, b in pairs:
            towards = places[b] - places[a]
            pull = towards * (abs(towards) / _APART)
            pushed[a] += pull
            pushed[b] -= pull
        most = _APART * (1 - cooling / _ROUNDS) + 1
        for turn, push in enumerate(pushed):
            size = abs(push)
            places[turn] += push * (min(size, most) / size) if size else 0
    # Labels are wider than high.
    return {number: complex(place.real * _STRETCH, place.imag) for number, place in zip(group, places, strict=True)}


def _reach(node: Node) -> tuple[int, int]:
    """Return from where to where a resource and its label go."""
    text = round(len(node.label) * _LETTER) + node.radius + 6
    before, after = {"start": (node.radius, text), "end": (text, node.radius), "middle": (text // 2, text // 2)}[
        node.side
    ]
    return node.x - before, node.x + after


def _packed(pictures: Iterable[Mapping[int, Node]]) -> tuple[dict[int, Node], int, int]:
    """Return all resources in one drawing, pictures beside each other on shelves, with its size."""
    packed: dict[int, Node] = {}
    shelves: list[list[int]] = []  # how far each is filled, where it begins, how high it is
    for picture in pictures:
        reaches = [_reach(node) for node in picture.values()]
        left, right = min(begin for begin, _ in reaches), max(end for _, end in reaches)
        top, bottom = (choose(node.y for node in picture.values()) for choose in (min, max))
        width, height = right - left + _GAP, bottom - top + 2 * _GAP
        shelf = next((one for one in shelves if one[0] + width <= _WIDTH and height <= one[2]), None)
        if shelf is None:
            shelf = [0, sum(one[2] for one in shelves), height]
            shelves.append(shelf)
        for number, node in picture.items():
            packed[number] = replace(node, x=node.x - left + shelf[0] + _GAP // 2, y=node.y - top + shelf[1] + _GAP)
        shelf[0] += width
    return packed, max(one[0] for one in shelves), sum(one[2] for one in shelves)


def _apart(nodes: Mapping[int, Node]) -> dict[int, Node]:
    """Return the same with no label on another: what would lie on one above goes below it."""
    moved: dict[int, Node] = {}
    for number, node in sorted(nodes.items(), key=lambda item: (item[1].label_y, item[0])):
        begin, end = _reach(node)
        y = node.label_y
        for other in sorted(moved.values(), key=lambda one: one.label_y):
            first, last = _reach(other)
            if begin < last and first < end and abs(y - other.label_y) < _LINE:
                y = other.label_y + _LINE
        moved[number] = replace(node, y=node.y + y - node.label_y)
    return moved
