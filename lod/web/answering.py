"""What a process of the pool answered, to a response in the format that was asked for."""

from __future__ import annotations

import tempfile
from typing import IO

import pyoxigraph as ox
from flask import Response, request

from ..pool import Formats, Spooled
from ..serialise import serialise
from ..terms import Vocabulary
from . import negotiate
from .app import problem
from .compression import pieces

__all__ = ["Chosen", "chosen", "data", "graph", "not_acceptable", "response", "wanted"]

OFFERED = {  # by the form of the answer
    "solutions": negotiate.SOLUTIONS,
    "boolean": negotiate.SOLUTIONS[:2],
    "triples": negotiate.RDF,
}
_AT_ONCE = 1 << 20  # bytes
_PRETTY = 4 << 20  # bytes of N-Triples that are sorted and nested for people; longer graphs are written as they come
_OURS = {"ttl", "jsonld"}
Chosen = dict[str, negotiate.Format | None]  # form of the answer -> the format for it, None where none will do


def chosen(offered: tuple[negotiate.Format, ...]) -> negotiate.Format | None:
    """Return which of the formats the request asks for."""
    # Clients such as SPARQLWrapper send a format beside Accept, often one that the answer cannot have.
    asked = request.values.get("format") or request.values.get("output") or ""
    if asked and (found := negotiate.by_name(asked, offered)):
        return found
    return negotiate.negotiate(request.headers.get("Accept"), offered)


def wanted(formats: Chosen, *, is_ours: bool) -> Formats:
    """Return what a process should write for each form of an answer; `is_ours`: Turtle and JSON-LD we write."""
    return {form: _media(form, one, is_ours=is_ours) for form, one in formats.items()}


def _media(form: str, one: negotiate.Format | None, *, is_ours: bool) -> str:
    if one is None:
        return ""
    if form == "triples" and (one is negotiate.HTML or (is_ours and one.name in _OURS)):
        return "application/n-triples"
    return negotiate.SOLUTIONS[0].media if one is negotiate.HTML else one.media


def not_acceptable(form: str) -> Response:
    """Return a 406 that names what there is."""
    available = [item.media for item in OFFERED[form]]
    cs, en = "V žádném z požadovaných formátů to neumíme.", "None of the formats asked for is available."
    return problem(406, cs, en, available=available)


def data(content: bytes | str, one: negotiate.Format) -> Response:
    """Return a response with this content."""
    return Response(content, content_type=one.content_type, headers={"Vary": "Accept"})


def graph(triples: list[ox.Triple], one: negotiate.Format, vocabulary: Vocabulary | None) -> Response:
    """Return triples; with a vocabulary sorted, shortened and nested."""
    if vocabulary:
        return data(serialise(triples, one.name, vocabulary), one)
    return data(ox.serialize(triples, format=_syntax(one)) or b"", one)


def response(answer: Spooled, one: negotiate.Format, vocabulary: Vocabulary | None) -> Response:
    """Return a whole answer in its format; a long one is sent from where it waits."""
    if one.media != answer.media:  # N-Triples that we write anew
        with answer.content as content:
            if vocabulary and answer.size <= _PRETTY:
                return graph(_triples(content), one, vocabulary)
            return _streamed(*_converted(content, one), one)
    if answer.size <= _AT_ONCE:
        with answer.content as content:
            return data(content.read(), one)
    return _streamed(answer.content, answer.size, one)


def _triples(content: IO[bytes]) -> list[ox.Triple]:
    return [quad.triple for quad in ox.parse(content, format=ox.RdfFormat.N_TRIPLES)]


def _converted(content: IO[bytes], one: negotiate.Format) -> tuple[IO[bytes], int]:
    written = tempfile.TemporaryFile()  # noqa: SIM115 - closed by whoever reads it
    triples = (quad.triple for quad in ox.parse(content, format=ox.RdfFormat.N_TRIPLES))
    ox.serialize(triples, written, format=_syntax(one))
    size = written.tell()
    written.seek(0)
    return written, size


def _streamed(content: IO[bytes], size: int, one: negotiate.Format) -> Response:
    made = Response(pieces(content), content_type=one.content_type, headers={"Vary": "Accept"})
    made.content_length = size  # so that a client sees when it did not get all
    return made


def _syntax(one: negotiate.Format) -> ox.RdfFormat:
    syntax = ox.RdfFormat.from_media_type(one.media)
    if syntax is None:
        raise TypeError(one.media)
    return syntax
