"""Content negotiation (RFC 9110, section 12.5.1), pure: a header in, one of the offered formats out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from werkzeug.datastructures import LanguageAccept, MIMEAccept
from werkzeug.http import parse_accept_header

__all__ = ["CSV", "GRAPH", "HTML", "JSON", "RDF", "SOLUTIONS", "Format", "by_name", "language", "negotiate"]


@dataclass(frozen=True, slots=True)
class Format:
    """A representation: the extension that names it and the media type it is sent with."""

    name: str
    media: str
    title: str
    aliases: tuple[str, ...] = ()

    @property
    def content_type(self) -> str:
        """The Content-Type header."""
        return f"{self.media}; charset=utf-8"


HTML = Format("html", "text/html", "HTML", ("application/xhtml+xml",))
CSV = Format("csv", "text/csv", "CSV")
JSON = Format("json", "application/json", "JSON")
RDF = (
    Format(
        "ttl",
        "text/turtle",
        "Turtle",
        ("application/x-turtle", "application/turtle", "text/n3", "text/rdf+n3"),
    ),
    Format("jsonld", "application/ld+json", "JSON-LD"),
    Format("nt", "application/n-triples", "N-Triples", ("text/plain",)),
    Format("rdf", "application/rdf+xml", "RDF/XML", ("application/xml", "text/xml")),
    Format("trig", "application/trig", "TriG"),
    Format("nq", "application/n-quads", "N-Quads"),
)
GRAPH = RDF
SOLUTIONS = (
    Format("json", "application/sparql-results+json", "JSON", ("application/json", "text/json")),
    Format("xml", "application/sparql-results+xml", "XML", ("application/xml", "text/xml")),
    Format("csv", "text/csv", "CSV"),
    Format("tsv", "text/tab-separated-values", "TSV"),
)

_NAMES = {
    "turtle": "ttl",
    "n3": "ttl",
    "json-ld": "jsonld",
    "ntriples": "nt",
    "n-triples": "nt",
    "rdf+xml": "rdf",
}
_USUAL = 500  # characters of a header
# Parameters such as charset and profile do not choose between our formats; q does.
_BARE_Q = re.compile(r"(;\s*q\s*=\s*)\.", re.IGNORECASE)  # q=.5 is no qvalue, but clients send it
_PARAMETER = re.compile(r';\s*(?!q\s*=)[^=;,\s]+\s*=\s*("[^"]*"|[^;,]*)', re.IGNORECASE)


def negotiate(accept: str | None, offered: Sequence[Format]) -> Format | None:
    """Return the best of the offered formats, the first where the client does not mind; None for a 406.

    >>> negotiate("text/html;q=0.5, application/ld+json;profile=x", (HTML, *RDF)).name
    'jsonld'
    >>> negotiate("image/png", RDF) is None
    True
    """
    if not accept or not accept.strip():
        return offered[0]
    # Clients say the same again and again, and reading it costs more than a point query; only who is hostile says much.
    best = _best if len(accept) < _USUAL else _best.__wrapped__
    return best(accept, tuple(offered))


@lru_cache(maxsize=512)
def _best(accept: str, offered: tuple[Format, ...]) -> Format | None:
    plain = _BARE_Q.sub(r"\g<1>0.", _PARAMETER.sub("", accept))
    parsed = parse_accept_header(plain, MIMEAccept)
    names = {media: item for item in reversed(offered) for media in (*item.aliases, item.media)}
    ordered = [item.media for item in offered] + [alias for item in offered for alias in item.aliases]
    best = parsed.best_match(ordered)
    return names[best] if best else None


def by_name(name: str, offered: Sequence[Format]) -> Format | None:
    """Return the offered format with this extension, media type, or name that SPARQL clients give it."""
    name = _NAMES.get(name.lower(), name.lower())
    return next((item for item in offered if name in {item.name, item.media, *item.aliases}), None)


def language(accept_language: str | None, asked: str | None = None) -> str:
    """Return "cs" or "en": what was asked for in the address, else by the header, else Czech.

    >>> language("de, en;q=0.8"), language(None), language("en", "cs")
    ('en', 'cs', 'cs')
    """
    if asked in {"cs", "en"}:
        return asked
    best = _language if len(accept_language or "") < _USUAL else _language.__wrapped__
    return best(accept_language or "")


@lru_cache(maxsize=512)
def _language(accept_language: str) -> str:
    return parse_accept_header(accept_language, LanguageAccept).best_match(["cs", "en"]) or "cs"
