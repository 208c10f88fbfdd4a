"""`lod query`: one query on the current release, in a process that can be killed, answered for people or for programs.

People get a table with names in place of IRIs (a graph as Turtle), programs one of the standard formats.
"""

from __future__ import annotations

import math
import shutil
import textwrap
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import Any

import pyoxigraph as ox

from . import publishing, serialise
from .config import Config
from .errors import ConfigError, LodError, QueryError, QueryLimitError, RefusedQueryError
from .iris import NAMESPACES
from .pool import Pool
from .release import Release
from .store import Query, Store
from .terms import LABEL_PREDICATES, Vocabulary
from .web.guard import REFUSED, is_update
from .web.naming import labels, words
from .web.negotiate import RDF, SOLUTIONS
from .web.results.columns import TIMES
from .web.site import facts
from .web.writing import day, number

__all__ = ["FORMATS", "Asked", "ask", "suffixes"]

_MEDIA = {item.name: item.media for item in (*SOLUTIONS, *RDF)}
_TABLES = {name: _MEDIA[name] for name in ("csv", "tsv", "json", "xml")}
_GRAPHS = {name: _MEDIA[name] for name in ("ttl", "nt", "nq", "trig", "rdf", "jsonld")}
FORMATS = ("table", *_TABLES, *_GRAPHS)
_OURS = {"ttl", "jsonld"}  # written by us: sorted, nested, with prefixes
_JSON = _TABLES["json"]
_LINES = _GRAPHS["nt"]
_NUMBERS = {NAMESPACES["xsd"] + name for name in ("integer", "decimal", "double", "float")}
_NARROWEST = 12  # characters of a column that is wrapped


@dataclass(frozen=True, slots=True)
class Asked:
    """A query as a user asks it."""

    text: str
    place: str  # where it stands
    format: str = ""  # one of FORMATS; "" is what suits the answer: csv, or ttl of a graph
    language: str = "cs"  # of a table
    seconds: float = 0.0  # that it may take; 0: as configured
    width: int = 0  # of a table, in characters; 0: the terminal's


def suffixes() -> Sequence[str]:
    """Return the suffixes of files that answers are written to."""
    return [*_TABLES, *_GRAPHS]


def ask(config: Config, made: Release, asked: Asked, tick: Callable[[], object]) -> tuple[bytes, str]:
    """Return the answer and how large it is, in words; `tick` is called ten times a second while it is waited for.

    Raise `LodError` with the place in the text where it is known.
    """
    if is_update(asked.text):
        raise _refused(asked, "UPDATE")
    store = publishing.opened(config, made)
    limits = publishing.limits(config)
    limits = replace(
        limits, processes=1, quick=math.inf, budget=math.inf, in_memory=False, seconds=asked.seconds or limits.seconds
    )
    engine = publishing.engine(replace(config, queries=limits), made, store)
    with closing(Pool(engine, limits)) as pool:
        try:
            answer = pool.ask(Query(asked.text, config.base), _wanted(asked.format), has_left=lambda: bool(tick()))
        except QueryError as error:
            raise _malformed(asked, error) from error
        except RefusedQueryError as error:
            raise _refused(asked, error.keyword) from error
        except QueryLimitError as error:
            raise LodError(f"{asked.place}: {_limit(error, limits.seconds, limits.memory)}") from error
    with answer.content as content:
        if not answer.media:
            kind = "graf / a graph" if answer.form == "triples" else "tabulka / a table"
            fitting = ", ".join(_GRAPHS if answer.form == "triples" else ("table", *_TABLES))
            raise ConfigError(
                f"{asked.place}: odpověď je {kind}, --format {asked.format} jí nesluší; hodí se / fitting: {fitting}"
            )
        return _written(content.read(), answer.form, asked, store, Vocabulary(config.base))


def _wanted(chosen: str) -> dict[str, str]:
    """Return the media types to be written by the engine, "" where the format cannot hold the form."""
    if chosen in {"", "table"}:
        return {"solutions": _JSON if chosen else _TABLES["csv"], "boolean": _JSON, "triples": _LINES}
    if chosen in _TABLES:
        table = _TABLES[chosen]
        return {"solutions": table, "boolean": table if chosen in {"json", "xml"} else _JSON, "triples": ""}
    return {"solutions": "", "boolean": "", "triples": _LINES if chosen in _OURS else _GRAPHS[chosen]}


def _written(content: bytes, form: str, asked: Asked, store: Store, vocabulary: Vocabulary) -> tuple[bytes, str]:
    size = f"{len(content)} B"
    if form == "triples":
        if asked.format not in {"", "table", *_OURS}:
            return content, size
        triples = [quad.triple for quad in ox.parse(content, format=ox.RdfFormat.N_TRIPLES)]
        suffix = asked.format if asked.format in _OURS else "ttl"
        return serialise.serialise(triples, suffix, vocabulary), f"{len(triples)} trojic / triples"
    if asked.format != "table":
        return content if content.endswith(b"\n") else content + b"\n", size
    found = ox.parse_query_results(content, format=ox.QueryResultsFormat.JSON)
    if isinstance(found, ox.QueryBoolean):
        yes, no = ("yes", "no") if asked.language == "en" else ("ano", "ne")
        return f"{yes if found else no}\n".encode(), ""
    names = [variable.value for variable in found.variables]
    rows = [[solution[name] for name in names] for solution in found]
    lines = _table(names, rows, _Names(store, vocabulary, asked.language), asked.width or _terminal())
    return "".join(f"{line}\n" for line in lines).encode(), f"{len(rows)} řádků / rows"


# Faults --------------------------------------------------------------------------------------------------


def _refused(asked: Asked, keyword: str) -> LodError:
    return LodError(f"{asked.place}: {' / '.join(REFUSED[keyword])}")


def _malformed(asked: Asked, error: QueryError) -> LodError:
    """Return the error with its place, the line and a mark below it."""
    what = "dotaz není platné SPARQL / the query is not valid SPARQL" + (f": {error}" if str(error) else "")
    if error.place is None:
        return LodError(f"{asked.place}: {what}")
    line, column = error.place
    lines = asked.text.split("\n")
    shown = lines[line - 1] if line <= len(lines) else ""
    mark = "".join(letter if letter == "\t" else " " for letter in shown[: column - 1]) + "^"
    return LodError(f"{asked.place}:{line}:{column}: {what}\n{shown}\n{mark}")


def _limit(error: QueryLimitError, seconds: float, memory: int) -> str:
    if error.limit == "memory":
        return f"dotaz chtěl víc než {memory} MiB paměti / the query wanted over {memory} MiB of memory"
    if error.limit == "depth":
        return "dotaz je zanořený příliš hluboko / the query is nested too deeply"
    if error.limit == "rows":
        return "úložiště tak dlouhou odpověď celou nedá / the store does not give so long an answer whole"
    return (
        f"dotaz běžel déle než {seconds:g} s, déle smí s --seconds"
        f" / the query ran for over {seconds:g} s, --seconds lets it run for longer"
    )


# A table -------------------------------------------------------------------------------------------------


class _Names:
    """What things are called in a language, as the release says."""

    def __init__(self, store: Store, vocabulary: Vocabulary, language: str) -> None:
        self._store, self._vocabulary, self.language = store, vocabulary, language
        self._known: dict[str, str] = {}

    def learn(self, iris: Iterable[str]) -> None:
        """Ask for the names of these things of ours."""
        ours = sorted({iri for iri in iris if iri.startswith(self._vocabulary.base)})
        self._known |= labels(facts(self._store, ours, LABEL_PREDICATES), self.language)

    def of(self, iri: str) -> str:
        return self._known.get(iri) or words(iri, self._vocabulary, self.language)


def _text(term: Any, names: _Names) -> str:
    if term is None:
        return ""
    if isinstance(term, ox.NamedNode):
        return names.of(term.value)
    if isinstance(term, ox.Literal):
        kind = term.datatype.value
        if kind in _NUMBERS:
            return number(term.value, names.language)
        return day(term.value, names.language) if kind in TIMES else term.value
    return str(term)


def _is_number(term: Any) -> bool:
    return term is None or (isinstance(term, ox.Literal) and term.datatype.value in _NUMBERS)


def _terminal() -> int:
    return shutil.get_terminal_size((120, 40)).columns


def _table(heads: Sequence[str], rows: list[list[Any]], names: _Names, width: int) -> Iterator[str]:
    """Yield a table's lines: names for IRIs, numbers to the right, long texts wrapped, nothing left out."""
    names.learn(term.value for row in rows for term in row if isinstance(term, ox.NamedNode))
    cells = [[_text(term, names) for term in row] for row in rows]
    right = [bool(rows) and all(_is_number(row[place]) for row in rows) for place in range(len(heads))]
    widths = _widths([[*heads], *cells], right, width)
    yield from _lines(heads, widths, right)
    yield "  ".join("─" * each for each in widths)
    for row in cells:
        yield from _lines(row, widths, right)


def _widths(rows: list[list[str]], right: list[bool], width: int) -> list[int]:
    """Return the widths of columns; those of texts give way, the widest first, until all fits or nothing can."""
    widths = [
        max((len(line) for row in rows for line in row[place].split("\n")), default=0) for place in range(len(right))
    ]
    while sum(widths) + 2 * len(widths) - 2 > width:
        narrowed = [place for place, each in enumerate(widths) if not right[place] and each > _NARROWEST]
        if not narrowed:
            break
        widths[max(narrowed, key=widths.__getitem__)] -= 1
    return widths


def _lines(row: Sequence[str], widths: Sequence[int], right: Sequence[bool]) -> Iterator[str]:
    wrapped = [
        [line for part in cell.split("\n") for line in textwrap.wrap(part, width) or [""]]
        for cell, width in zip(row, (max(each, 1) for each in widths), strict=True)
    ]
    for parts in zip_longest(*wrapped, fillvalue=""):
        placed = (
            part.rjust(width) if is_right else part.ljust(width)
            for part, width, is_right in zip(parts, widths, right, strict=True)
        )
        yield "  ".join(placed).rstrip()
