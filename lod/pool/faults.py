"""What the engine's parser says of a malformed query, made readable, with the place in the text; pure."""

from __future__ import annotations

import re

from ..errors import QueryError
from ..iris import NAMESPACES

__all__ = ["fault"]

_PLACE = re.compile(r"error at (\d+):(\d+): expected (?:one of )?(.*)", re.DOTALL)
# The engine tells all that might have come next: of that, sets of characters are not worth reading.
_SET = re.compile(r"\[(?:'(?:\\.|[^'])*'|[^\]'])*\](?:\s*\|\s*)?(?:, )?")
_TOLD = {  # what it says that nobody would understand
    "Prefix not found": "předpona není deklarovaná / the prefix is not declared",
    "IRI parsing failed": "IRI není platné / the IRI is not valid",
    "The SELECT contains a variable that is unbound": "SELECT má proměnnou, která není v GROUP BY / is not in GROUP BY",
}
_PREFIX = re.compile(r"([\w-]*):[^\s:]*$")


def fault(told: str, text: str) -> QueryError:
    """Return the error for what the engine told of a query's text, with its line and column where they are known.

    >>> error = fault("error at 1:19: expected Prefix not found", "SELECT * { ?s vp:a ?o }")
    >>> error.place, str(error).rpartition(" / ")[2]
    ((1, 19), 'missing: PREFIX vp: <https://w3id.org/verejne-projekty#>')
    """
    found = _PLACE.match(told)
    if not found:
        return QueryError(told)
    line, column, expected = int(found[1]), int(found[2]), " ".join(_SET.sub("", found[3]).split()).strip(", ")
    if re.fullmatch("[A-Z_]+", expected):  # where a keyword would have ended that is not there
        return QueryError("", (line, max(1, column - len(expected))))
    lines = text.split("\n")
    line = min(line, len(lines))  # the engine is given blanks behind the text
    shown = lines[line - 1]
    column = min(column, len(shown) + 1)
    for said, meant in _TOLD.items():
        if said in expected:
            name = _PREFIX.search(shown[: column - 1]) if said == "Prefix not found" else None
            is_ours = name and name[1] in NAMESPACES
            missing = f", chybí / missing: PREFIX {name[1]}: <{NAMESPACES[name[1]]}>" if name and is_ours else ""
            return QueryError(meant + missing, (line, column))
    if not expected:
        return QueryError("", (line, column))
    expected = f"čekáme / expected {expected}"
    is_end = not any(each.strip() for each in (shown[column - 1 :], *lines[line:]))
    return QueryError(f"dotaz tu končí / the query ends here; {expected}" if is_end else expected, (line, column))
