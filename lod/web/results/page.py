"""The results half of the query page: which views an answer allows, and the one that was asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import pyoxigraph as ox

from ...serialise import serialise
from .. import naming, negotiate, writing
from ..site import Site
from . import chart, graph, regions
from .answer import MOST, Answer, Term
from .columns import Column, columns
from .reader import Reader
from .table import leaf, order, table

__all__ = ["Choice", "Page", "is_same_answer", "shown"]

_PARAMETERS = ("view", "x", "y", "sort", "page")  # what a request says about the page alone
_LONG = 6000  # bytes of an address that any browser and proxy takes; longer queries go by a form
_TURTLE = 1000  # triples
_DOWNLOADS = {
    "solutions": negotiate.SOLUTIONS,
    "boolean": negotiate.SOLUTIONS[:2],
    "triples": negotiate.RDF[:4],
}
_TITLES = {
    "table": ("Tabulka", "Table"),
    "chart": ("Graf", "Chart"),
    "map": ("Mapa krajů", "Map of regions"),
    "graph": ("Síť", "Network"),
    "turtle": ("Turtle", "Turtle"),
}


def is_same_answer(parameters: Mapping[str, str]) -> bool:
    """Whether a request looks at an answer in another way, instead of asking anew."""
    return any(name in parameters for name in _PARAMETERS)


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to choose: the parameters that it changes, its name, its address ("" where a form must send it)."""

    name: str
    value: str
    text: str
    href: str
    is_current: bool = False


@dataclass(frozen=True)
class Page:
    """What the template shows of an answer; `drawing` is what the view of this name draws."""

    answer: Answer
    view: str
    views: list[Choice]
    downloads: list[Choice]
    hidden: list[tuple[str, str]]  # what a form sends again where addresses would be too long
    took: str
    drawing: Any
    across: list[Choice] = field(default_factory=list)
    values: list[Choice] = field(default_factory=list)
    columns: Mapping[str, str] = field(default_factory=dict)
    sorting: Mapping[str, Choice] = field(default_factory=dict)
    leaves: Mapping[str, Choice] = field(default_factory=dict)

    @property
    def is_cut(self) -> bool:
        """Whether the page works with the first rows only."""
        return self.answer.count > MOST


class _Links:
    """Addresses of this answer seen in other ways."""

    def __init__(self, query: str, parameters: Mapping[str, str], path: str) -> None:
        self._query, self._path = query, path
        self.now = {name: parameters[name] for name in ("lang", *_PARAMETERS) if parameters.get(name)}
        self.is_long = len(urlencode({"query": query})) > _LONG

    def to(self, name: str, value: str, text: str, *, is_current: bool = False, without: Sequence[str] = ()) -> Choice:
        """Return the choice of a parameter's value; an empty value leaves it out, with those in `without`."""
        pairs = {key: one for key, one in self.now.items() if key != name and key not in without}
        chosen = {"query": self._query, **pairs, **({name: value} if value else {})}
        href = "" if self.is_long else f"{self._path}?{urlencode(chosen)}"
        return Choice(name, value, text, href, is_current)

    @property
    def hidden(self) -> list[tuple[str, str]]:
        return [("query", self._query), *((key, one) for key, one in self.now.items() if key != "page")]


class _View:
    """One answer on its way to the page."""

    def __init__(self, answer: Answer, parameters: Mapping[str, str], site: Site, language: str) -> None:
        self.answer, self.parameters, self.site = answer, parameters, site
        self.columns = columns(answer)
        self._names: dict[str, str] = {}
        self.reader = Reader(language, site.vocabulary, site.path, self._names)
        self.sort = parameters.get("sort", "")

    def learn(self, terms: Iterable[Term]) -> None:
        """Ask the release what it calls these things, all at once."""
        iris = {term.value for term in terms if isinstance(term, ox.NamedNode)}
        unknown = sorted(iri for iri in iris - self._names.keys() if iri.startswith(self.site.config.base))
        if unknown:
            self._names.update(naming.labels(self.site.labels_of(unknown), self.reader.language))

    def order(self) -> list[int]:
        for column in self.columns:
            if column.name == self.sort.removeprefix("-") and column.kind in {"resource", "text"}:
                self.learn(column.terms)
        return order(self.columns, self.sort, self.reader)

    def choose(self, name: str, offered: Sequence[Column]) -> Column:
        """Return the column that the request names, else the first."""
        asked = self.parameters.get(name, "")
        return next((column for column in offered if column.name == asked), offered[0])


def shown(
    answer: Answer, query: str, parameters: Mapping[str, str], site: Site, language: str, path: str = "/sparql"
) -> Page:
    """Return an answer for the page in the view that `parameters` ask for, or as a table where it has no such view."""
    view = _View(answer, parameters, site, language)
    links = _Links(query, parameters, path)
    makers = _offered(view)
    name = parameters.get("view", "")
    name = name if name in makers else next(iter(makers), "")
    views = [
        links.to(
            "view",
            one if place else "",
            view.reader.say(*_TITLES[one]),
            is_current=one == name,
            without=("page", "x", "y"),
        )
        for place, one in enumerate(makers)
    ]
    downloads = [links.to("format", one.name, one.title, without=_PARAMETERS) for one in _DOWNLOADS[answer.form]]
    more = makers[name](links) if makers else {"drawing": None}
    return Page(
        answer,
        name,
        views if len(views) > 1 else [],
        downloads,
        links.hidden if links.is_long else [],
        _took(answer.seconds, view.reader),
        **more,
    )


def _took(seconds: float | None, reader: Reader) -> str:
    if seconds is None:
        return ""
    if seconds < 1:
        return f"{max(1, round(1000 * seconds))}\u00a0ms"
    return f"{writing.number(seconds, reader.language, 1)}\u00a0s"


_Maker = Callable[[_Links], dict[str, Any]]


def _offered(view: _View) -> dict[str, _Maker]:
    """Return the views that an answer allows."""
    if not view.answer.rows or not view.answer.names:
        return {}
    makers: dict[str, _Maker] = {"table": lambda links: _table(view, links)}
    if view.answer.form == "solutions":
        if all(chart.choices(view.columns)):
            makers["chart"] = lambda links: _chart(view, links)
        if regions.choices(view.columns, view.reader.vocabulary)[0]:
            makers["map"] = lambda links: _map(view, links)
    if found := graph.edges(view.answer, view.columns):
        makers["graph"] = lambda _: _graph(view, found)
    if view.answer.form == "triples":
        makers["turtle"] = lambda _: {"drawing": _turtle(view)}
    return makers


def _table(view: _View, links: _Links) -> dict[str, Any]:
    asked = view.parameters.get("page", "")
    shown = leaf(view.order(), int(asked) if asked.isdecimal() and len(asked) < 6 else 1)
    view.learn(view.answer.rows[place][column] for place in shown.places for column in range(len(view.columns)))
    drawing = table(view.columns, shown, view.sort, view.reader)
    sorting = {one.name: links.to("sort", one.following, one.name, without=("page",)) for one in drawing.headings}
    leaves = {}
    if drawing.page > 1:
        earlier = str(drawing.page - 1) if drawing.page > 2 else ""
        leaves["prev"] = links.to("page", earlier, view.reader.say("Předchozí", "Previous"))
    if drawing.page < drawing.pages:
        leaves["next"] = links.to("page", str(drawing.page + 1), view.reader.say("Další", "Next"))
    return {"drawing": drawing, "sorting": sorting, "leaves": leaves}


def _chart(view: _View, links: _Links) -> dict[str, Any]:
    across, values = chart.choices(view.columns)
    x, y = view.choose("x", across), view.choose("y", values)
    view.learn(x.terms)
    drawing: chart.Times | chart.Bars | None = chart.times(x, y, view.reader) if x.kind == "time" else None
    return {
        "drawing": drawing or chart.bars(x, y, view.order(), view.reader),
        **_chosen(links, x, across, y, values),
    }


def _map(view: _View, links: _Links) -> dict[str, Any]:
    across, values = regions.choices(view.columns, view.reader.vocabulary)
    x = view.choose("x", across)
    y = view.choose("y", values) if values else None
    return {"drawing": regions.drawn(x, y, view.reader), **_chosen(links, x, across, y, values)}


def _chosen(
    links: _Links, x: Column, across: Sequence[Column], y: Column | None, values: Sequence[Column]
) -> dict[str, Any]:
    """Return the columns that a drawing shows, and others that it could."""
    return {
        "columns": {"x": x.name, "y": y.name if y else "", "unit": y.unit if y else ""},
        "across": [links.to("x", one.name, one.name, is_current=one is x) for one in across],
        "values": [links.to("y", one.name, one.name, is_current=one is y) for one in values],
    }


def _graph(view: _View, found: Sequence[graph.Edge]) -> dict[str, Any]:
    view.learn(graph.first(found))
    return {"drawing": graph.drawn(found, view.reader)}


def _turtle(view: _View) -> tuple[str, int]:
    """Return the first triples as Turtle, and how many more there are."""
    first = [ox.Triple(*row) for row in view.answer.rows[:_TURTLE]]
    return serialise(first, "ttl", view.site.vocabulary).decode(), view.answer.count - len(first)
