"""What a query may not do here, told before the engine sees it: SERVICE and updates.

The text is split into SPARQL 1.1 tokens (grammar section 19.8), so a keyword inside a comment, a string,
an IRI or a name is none, and no comment hides one.
"""

from __future__ import annotations

import re

__all__ = ["names_graphs", "refuses"]

_TOKEN = re.compile(
    r"""
      <[^<>"{}|^`\\\x00-\x20]*>                                        # IRIREF
    | \"{3}(?:(?:"|"")?(?:[^"\\]|\\.))*\"{3} | '{3}(?:(?:'|'')?(?:[^'\\]|\\.))*'{3}
    | "(?:[^"\\\n\r]|\\.)*" | '(?:[^'\\\n\r]|\\.)*'                    # strings
    | \#[^\n\r]*                                                       # comment
    | [?$]\w+                                                          # variable
    | @[A-Za-z]+(?:-[A-Za-z0-9]+)*                                     # language tag
    | (?:\w(?:[\w.-]*[\w-])?)?:(?:(?:[\w:%]|\\.)(?:(?:[\w:%.-]|\\.)*(?:[\w:%-]|\\.))?)?  # prefixed name: no dot ends it
    | (?P<word>[A-Za-z_]\w*)
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_UPDATES = {"INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY"}
_FORMS = {"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"}


def _words(text: str) -> list[str]:
    """Return the bare words of a query, in capitals."""
    return [match["word"].upper() for match in _TOKEN.finditer(text) if match["word"]]


def _unescaped(text: str) -> str:
    def decode(match: re.Match[str]) -> str:
        code = int(match[1] or match[2], 16)
        return chr(code) if code < 0x110000 else match[0]

    return _ESCAPE.sub(decode, text)


def refuses(text: str) -> tuple[str, str] | None:
    """Return why a query is refused, in Czech and English, or None.

    >>> refuses("SELECT * { SERVICE <http://x/> { ?s ?p ?o } }")[1]
    'SERVICE is not allowed: this server never connects elsewhere.'
    >>> refuses('SELECT ?service { ?service ex:SERVICE "SERVICE" } # SERVICE') is None
    True
    """
    # Codepoint escapes count before parsing by the standard (section 19.2), inside strings only by the engine:
    # a query is refused when either reading has the keyword.
    words = _words(text)
    if "SERVICE" in words or "SERVICE" in _words(_unescaped(text)):
        return (
            "SERVICE není dovoleno: tento server se nikam nepřipojuje.",
            "SERVICE is not allowed: this server never connects elsewhere.",
        )
    first = next((word for word in words if word in _UPDATES | _FORMS), "")
    if first in _UPDATES:
        return ("Data se tu dají jen číst.", "The data here can only be read.")
    return None


def names_graphs(text: str, *, patterns: bool = False) -> bool:
    """Whether a query chooses its own dataset by FROM; with `patterns`, also whether it asks a graph by GRAPH.

    >>> names_graphs("SELECT * FROM <http://x/> {}"), names_graphs("SELECT ?from { ?from ?p 'FROM' }")
    (True, False)
    """
    return not {"FROM", "GRAPH" if patterns else "FROM"}.isdisjoint(_words(text))
