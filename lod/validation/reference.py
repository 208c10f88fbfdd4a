"""The reference engine: pySHACL, made fit to judge whatever a record holds. The only module that knows it.

It runs in a process of its own (`lod.validation.worker`), because what is changed here is changed for a whole
process, and because only a process can be stopped while a regular expression runs.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any

import pyoxigraph as ox
import pyshacl
import pyshacl.shape
import rdflib
from pyshacl.constraints import ALL_CONSTRAINT_PARAMETERS, CONSTRAINT_PARAMETERS_MAP
from pyshacl.constraints.constraint_component import ConstraintComponent
from pyshacl.constraints.core import property_pair_constraints, value_range_constraints
from pyshacl.graph_abstraction import DataGraph
from rdflib import RDF, SH, XSD, BNode, Graph, Literal, URIRef, plugin
from rdflib.collection import Collection
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.processor import SPARQLProcessor
from rdflib.plugins.sparql.sparql import Query
from rdflib.query import Processor
from rdflib.term import Identifier, Node, _toPythonMapping

from ..rdf import literal
from .results import Result

__all__ = ["Judge", "guard", "judge", "loaded", "parsed"]


# Speed ----------------------------------------------------------------------------------------------


@lru_cache(maxsize=256)
def _prepared(text: str, base: str | None, namespaces: tuple[tuple[str, Any], ...]) -> Query:
    return prepareQuery(text, dict(namespaces), base)


class PreparingProcessor(SPARQLProcessor):
    """rdflib's processor, but each query text is parsed once.

    pySHACL runs the same SPARQL constraint for every node, and parsing took 95 ms of the 97 ms each.
    """

    def query(  # type: ignore[override]
        self,
        strOrQuery: str | Query,  # noqa: N803 - rdflib's name
        initBindings: Mapping[str, Identifier] | None = None,  # noqa: N803
        initNs: Mapping[str, Any] | None = None,  # noqa: N803
        base: str | None = None,
        DEBUG: bool = False,  # noqa: N803
    ) -> Mapping[str, Any]:
        """See `rdflib.query.Processor`."""
        if isinstance(strOrQuery, str):
            strOrQuery = _prepared(strOrQuery, base, tuple(sorted((initNs or {}).items())))  # noqa: N806
        return super().query(strOrQuery, initBindings, initNs, base, DEBUG)


plugin.register("sparql", Processor, __name__, PreparingProcessor.__name__)
# pySHACL looks each predicate of a shape up in a list of 34 IRIs, which took 40 % of a validation; it keeps
# that list under this name, and a set answers the same. It makes a shape's constraints anew for each node, which took
# a tenth; they hold nothing but what the shape states.
_MADE = {component: cache(component) for component in CONSTRAINT_PARAMETERS_MAP.values()}
setattr(  # noqa: B010 - pySHACL does so itself
    pyshacl.shape,
    "CONSTRAINT_PARAMS",
    (frozenset(ALL_CONSTRAINT_PARAMETERS), {p: _MADE[made] for p, made in CONSTRAINT_PARAMETERS_MAP.items()}),
)


# What pySHACL cannot compare --------------------------------------------------------------------------

_ZONE = r"(Z|[+-](0[0-9]|1[0-3]):[0-5][0-9]|[+-]14:00)?"
_YEAR = r"-?([1-9][0-9]{3,}|0[0-9]{3})"
_INTEGER = r"[+-]?[0-9]+"
_DOUBLE = r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?|[+-]?INF|NaN"
# Lexical spaces of XML Schema 1.1 part 2; Python reads more ("NaN" and "1_0" as decimals), or nothing at all.
_LEXICAL = {
    "boolean": r"true|false|0|1",
    "decimal": r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)",
    "double": _DOUBLE,
    "float": _DOUBLE,
    "date": rf"{_YEAR}-[0-9]{{2}}-[0-9]{{2}}{_ZONE}",
    "dateTime": rf"{_YEAR}-[0-9]{{2}}-[0-9]{{2}}T[0-9]{{2}}:[0-9]{{2}}:[0-9]{{2}}(\.[0-9]+)?{_ZONE}",
    "gYear": rf"{_YEAR}{_ZONE}",
    "gYearMonth": rf"{_YEAR}-(0[1-9]|1[0-2]){_ZONE}",
    "hexBinary": r"([0-9a-fA-F]{2})*",
    **dict.fromkeys(
        (
            *("integer", "nonPositiveInteger", "negativeInteger", "nonNegativeInteger", "positiveInteger"),
            *("long", "int", "short", "byte", "unsignedLong", "unsignedInt", "unsignedShort", "unsignedByte"),
        ),
        _INTEGER,
    ),
}


def _reader(lexical: str, read: Callable[[str], Any]) -> Callable[[str], Any]:
    pattern = re.compile(lexical)

    def value(text: str) -> Any:
        if not pattern.fullmatch(text):
            raise ValueError(text)
        return read(text)

    return value


def _compare(first: Literal, second: Literal) -> int:
    """Return the sign of first - second by SPARQL's operators (section 17.3); raise TypeError where they have none."""
    one, other = first.value, second.value
    if first.ill_typed or second.ill_typed or one is None or other is None or first.language or second.language:
        raise TypeError
    numbers = all(isinstance(value, int | float | Decimal) and not isinstance(value, bool) for value in (one, other))
    if not numbers and (first.datatype or XSD.string) != (second.datatype or XSD.string):
        raise TypeError
    if not numbers and not isinstance(one, str | bool | date | datetime):
        raise TypeError
    if one != one or other != other:  # noqa: PLR0124 - a number that is none
        raise TypeError
    return int(one > other) - int(one < other)


def _keeps(order: Callable[[int], bool], first: Node, second: Node) -> bool:
    if not isinstance(first, Literal) or not isinstance(second, Literal):
        return False
    try:
        return order(_compare(first, second))
    except TypeError:
        return False


def _pairs(order: Callable[[int], bool]) -> Callable[..., tuple[bool, list[Any]]]:
    """Return pySHACL's comparison of each value node with each compared one, for the given order."""

    def compare(
        constraint: Any, values: Iterable[Node], others: Iterable[Node], graph: Graph, focus: Node
    ) -> tuple[bool, list[Any]]:
        others = list(others)
        reports = [
            constraint.make_v_result(graph, focus, value_node=value)
            for value in values
            for other in others
            if not _keeps(order, value, other)
        ]
        return bool(reports), reports

    return compare


def guard() -> None:
    """Make pySHACL say of ill-formed and incomparable values what SHACL says, in this whole process.

    As it comes it stops on "2024-13-01"^^xsd:date under sh:lessThanOrEquals and on "NaN"^^xsd:decimal under
    sh:minInclusive, and would say nothing of the rest; sections 4.3 and 4.5 ask for a result there.
    """
    rdflib.NORMALIZE_LITERALS = False  # values are judged as they are written
    for name, lexical in _LEXICAL.items():
        datatype = URIRef(str(XSD) + name)
        _toPythonMapping[datatype] = _reader(lexical, _toPythonMapping.get(datatype) or str)
    logging.getLogger("rdflib.term").setLevel(logging.ERROR)  # an ill-formed value is a result, no news
    less, less_or_equal = (
        property_pair_constraints.LessThanConstraintComponent,
        property_pair_constraints.LessThanOrEqualsConstraintComponent,
    )
    changes: list[tuple[object, str, object]] = [
        (value_range_constraints, "compare_literal", _compare),
        (less, "_compare_lt", _pairs(lambda sign: sign < 0)),
        (less_or_equal, "_compare_ltoe", _pairs(lambda sign: sign <= 0)),
        # The texts of a report that nobody reads took a third of the time of a result.
        (ConstraintComponent, "make_v_result_description", lambda *_, **__: ""),
    ]
    for owner, name, change in changes:
        setattr(owner, name, change)


# Judging ----------------------------------------------------------------------------------------------


_Report = tuple[str, Node, list[Any]]  # text, node and triples of a result, as pySHACL keeps it
_OPTIONS = {"inference": "none", "advanced": False}


class _Validator(pyshacl.Validator):
    """pySHACL's validator, whose report is the list of its results."""

    @classmethod
    def create_validation_report(
        cls,
        sg: Any,  # noqa: ARG003 - pySHACL's
        conforms: bool,  # noqa: ARG003
        results: list[_Report],
    ) -> tuple[Any, str]:
        """Return the results as they are."""
        return results, ""


def judge(data: Graph, shapes: Graph) -> list[Result]:
    """Return pySHACL's results for a graph, by the targets that the shapes state."""
    validator: Any = _Validator(DataGraph.from_rdflib(data), shacl_graph=shapes, options=_OPTIONS)
    _, reports, _ = validator.run()
    return _results(reports, shapes)


def _results(reports: Iterable[_Report], shapes: Graph) -> list[Result]:
    return [
        # Under sh:detail stand the triples of other results.
        _result({p: o[1] if isinstance(o, tuple) else o for s, p, o in triples if s == node}, shapes)
        for _, node, triples in reports
    ]


def _result(stated: Mapping[Node, Node], shapes: Graph) -> Result:
    value, path = stated.get(SH.value), stated.get(SH.resultPath)
    constraint = stated.get(SH.sourceConstraint)
    shape: Node | None = stated[SH.sourceShape]
    while isinstance(shape, BNode):
        shape = shapes.value(None, SH.property, shape)
    return Result(
        focus=_written(stated[SH.focusNode]),
        path="" if path is None else _path(shapes, path),
        value="" if value is None else _written(value),
        text="" if value is None else str(value),
        component=str(stated[SH.sourceConstraintComponent]),
        severity=str(stated[SH.resultSeverity]),
        shape=str(shape or ""),
        constraint=str(constraint) if isinstance(constraint, URIRef) else "",
    )


def _written(node: Node) -> str:
    """Return a node in N-Triples."""
    if isinstance(node, Literal):
        return literal(str(node), language=node.language or "", datatype=str(node.datatype or ""))
    return f"_:{node}" if isinstance(node, BNode) else f"<{node}>"


_STEPS = {SH.inversePath: "^{}", SH.zeroOrMorePath: "({})*", SH.oneOrMorePath: "({})+", SH.zeroOrOnePath: "({})?"}


def _path(shapes: Graph, path: Node) -> str:
    """Return a SHACL property path (section 2.3.1) as a SPARQL one."""
    if isinstance(path, URIRef):
        return f"<{path}>"
    if (path, RDF.first, None) in shapes:
        return f"({'/'.join(_path(shapes, step) for step in Collection(shapes, path))})"
    if (ways := shapes.value(path, SH.alternativePath)) is not None:
        return f"({'|'.join(_path(shapes, way) for way in Collection(shapes, ways))})"
    kind, inner = next((kind, inner) for kind in _STEPS if (inner := shapes.value(path, kind)) is not None)
    return _STEPS[kind].format(_path(shapes, inner))


def parsed(lines: Iterable[str]) -> Graph:
    """Return N-Triples as a graph, blank nodes named as they are written; rdflib's own parser takes longer."""
    graph = Graph()
    for quad in ox.parse("\n".join(lines), format=ox.RdfFormat.N_TRIPLES):
        graph.add((_node(quad.subject), URIRef(quad.predicate.value), _node(quad.object)))
    return graph


def loaded(shapes: str) -> Graph:
    """Return shapes given as N-Triples; in them `true` is the only truth, as where pySHACL loads them itself."""
    usual = _toPythonMapping[XSD.boolean]
    _toPythonMapping[XSD.boolean] = lambda text: text == "true"
    try:
        return parsed([shapes])
    finally:
        _toPythonMapping[XSD.boolean] = usual


def _node(term: Any) -> Node:
    if isinstance(term, ox.NamedNode):
        return URIRef(term.value)
    if isinstance(term, ox.BlankNode):
        return BNode(term.value)
    if term.language:
        return Literal(term.value, lang=term.language)
    datatype = URIRef(term.datatype.value)
    return Literal(term.value, datatype=None if datatype == XSD.string else datatype)


class Judge:
    """pySHACL over our shapes: each focus node by the shapes that are asked for, and no other.

    The shapes are laid out once, which took 20 ms of every request, and looked up in memory: pySHACL asks the same
    of them for every node, which took a third of its time.
    """

    def __init__(self, shapes: Graph) -> None:
        self._validator: Any = pyshacl.Validator(DataGraph.from_rdflib(Graph()), shacl_graph=shapes, options=_OPTIONS)
        laid: Any = self._validator.shacl_graph
        self._shapes = {shape.node: shape for shape in laid.shapes}
        graph = laid.graph
        stated = cache(lambda *asked: [*Graph.predicate_objects(graph, *asked)])
        values = cache(lambda *asked: [*Graph.objects(graph, *asked)])
        graph.predicate_objects = lambda *asked: iter(stated(*asked))
        graph.objects = lambda *asked: iter(values(*asked))

    def judge(self, lines: Iterable[str], asked: Sequence[tuple[str, str]]) -> list[Result]:
        """Return the results of focus nodes (N-Triples terms) under shapes (IRIs)."""
        data, executor = DataGraph.from_rdflib(parsed(lines)), self._validator.make_executor()
        focuses: dict[str, list[Node]] = {}
        for focus, shape in asked:
            node = URIRef(focus[1:-1]) if focus.startswith("<") else BNode(focus[2:])
            focuses.setdefault(shape, []).append(node)
        graph = self._validator.shacl_graph.graph
        return [
            result
            for shape, nodes in focuses.items()
            for result in _results(self._shapes[URIRef(shape)].validate(executor, data, focus=nodes)[1], graph)
        ]
