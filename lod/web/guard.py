"""What a query says of where its data are: which graphs it names by FROM, and whether it is no query but an update.

The text is split into SPARQL 1.1 tokens (grammar section 19.8), for the sake of a clear answer. Whether a query
uses SERVICE, and whether this has found each FROM, the engine's own parser judges (`lod.pool.worker.uses`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pyoxigraph as ox

__all__ = ["REFUSED", "Dataset", "dataset", "is_update"]

# No part gives back what it took, and what is not closed goes on to its end: so any text takes linear time.
_TOKEN = re.compile(
    r"""
      (?P<iri><[^<>"{}|^`\\\x00-\x20]*+>)
    | \"{3}(?:(?:"|"")?+(?:[^"\\]|\\.))*+(?:\"{3})? | '{3}(?:(?:'|'')?+(?:[^'\\]|\\.))*+(?:'{3})?
    | "(?:[^"\\\n\r]|\\.)*+"? | '(?:[^'\\\n\r]|\\.)*+'?  # strings
    | \#[^\n\r]*+                                      # comment
    | [?$]\w++                                         # variable
    | @[\w-]++                                         # language tag
    | (?P<run>[\w.-]*+(?P<colon>:(?:[\w:%.-]|\\.)*+)?) # keyword, number, prefixed name
    """,
    re.VERBOSE | re.DOTALL,
)
# Why a query is refused, by what it uses.
REFUSED = {
    "UPDATE": ("Data se tu dají jen číst.", "The data here can only be read."),
    "SERVICE": (
        "SERVICE není dovoleno: tento server se nikam nepřipojuje.",
        "SERVICE is not allowed: this server never connects elsewhere.",
    ),
    "FROM": (
        "FROM tu jde jen s grafem, který tu je: odjinud se nic nenačítá.",
        "FROM is only for a graph that is here: nothing is loaded from elsewhere.",
    ),
    "GRAPH": (
        "Vydání nemá pojmenované grafy: vše je ve výchozím grafu.",
        "The release has no named graphs: all is in the default graph.",
    ),
}
_UPDATES = {"INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH"}
_FORMS = {"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"}


@dataclass(frozen=True, slots=True)
class Dataset:
    """The graphs that a query names by FROM and FROM NAMED, and its text without these clauses."""

    default: tuple[str, ...]
    named: tuple[str, ...]
    bare: str


def _tokens(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield words in capitals, and IRIs and prefixed names as they stand, with their places."""
    for match in _TOKEN.finditer(text):
        found = match[0].rstrip(".")  # no dot ends a name
        if match["iri"] or (found and match["run"]):
            yield found if match["iri"] or match["colon"] else found.upper(), match.start(), match.start() + len(found)


def dataset(text: str, base: str | None) -> Dataset:
    """Return what a query says of its dataset (section 13.2). With a name that nobody declared, it says nothing.

    >>> dataset("PREFIX x: <http://x/> SELECT * FROM x:a FROM NAMED <b> {}", "http://y/").default
    ('http://x/a',)
    """
    nothing = Dataset((), (), text)
    if "from" not in text.lower():
        return nothing
    tokens = list(_tokens(text))
    kinds, names, spans = [], [], []
    for at, (word, start, _) in enumerate(tokens):
        following = tokens[at + 1 : at + 3] if word == "FROM" else []
        is_named = bool(following) and following[0][0] == "NAMED"
        for name, _, end in following[is_named:][:1]:
            kinds.append(is_named)
            names.append(name)
            spans.append((start, end))
    begins = next((at for at, (token, _, _) in enumerate(tokens) if token in _FORMS), 0)
    graphs = _resolved(names, [token for token, _, _ in tokens[:begins]], base)
    if graphs is None:
        return nothing
    chosen = list(zip(kinds, graphs, strict=True))
    return Dataset(
        tuple(graph for is_named, graph in chosen if not is_named),
        tuple(graph for is_named, graph in chosen if is_named),
        _without(text, spans),
    )


def _resolved(names: list[str], prologue: list[str], base: str | None) -> list[str] | None:
    """Return the IRIs that names mean, None where they mean none.

    Turtle has BASE, PREFIX and both ways to write an IRI as SPARQL has them.
    """
    lines = [" ".join(prologue), *(f"<a:a> <a:a> {name} ." for name in names)]
    try:
        objects = [quad.object for quad in ox.parse("\n".join(lines), format=ox.RdfFormat.TURTLE, base_iri=base)]
    except (SyntaxError, ValueError):
        return None
    iris = [found.value for found in objects if isinstance(found, ox.NamedNode)]
    return iris if len(iris) == len(names) else None


def _without(text: str, spans: list[tuple[int, int]]) -> str:
    """Return a text with spaces in these places; lines stay lines."""
    kept: list[str] = []
    at = 0
    for start, end in spans:
        kept += text[at:start], re.sub(r"[^\r\n]", " ", text[start:end])
        at = end
    return "".join(kept) + text[at:]


def is_update(text: str) -> bool:
    """Whether a text is an update, not a query.

    >>> is_update("PREFIX x: <http://x/> LOAD <x:y>"), is_update("SELECT ?load { ?load x:insert 'DROP' }")
    (True, False)
    """
    return next((token for token, _, _ in _tokens(text) if token in _UPDATES | _FORMS), "") in _UPDATES
