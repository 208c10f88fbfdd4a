"""Answers in gzip for whoever takes it (RFC 9110, sections 8.4 and 12.5.3)."""

from __future__ import annotations

import tempfile
import zlib
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import IO

from flask import request
from werkzeug.datastructures import Accept
from werkzeug.http import parse_accept_header
from werkzeug.wrappers import Response

__all__ = ["compressed", "pieces", "takes_gzip"]

_PIECE = 1 << 18  # bytes
_LEAST = 1024  # bytes; less would hardly shrink
_LEVEL, _FAST = 6, 1  # of what is long: three times as fast, a fifth larger
_TEXTS = {"application/n-triples", "application/n-quads", "application/trig"}


def takes_gzip(accept_encoding: str | None) -> bool:
    """Whether a client would have gzip rather than nothing.

    >>> takes_gzip("br, gzip;q=0.5"), takes_gzip("*"), takes_gzip("gzip;q=0, *"), takes_gzip("identity, gzip;q=0.1")
    (True, True, False, False)
    """
    accepted = parse_accept_header(accept_encoding or "", Accept)
    plain = max((quality for name, quality in accepted if name.lower() == "identity"), default=0.0)
    asked = accepted.quality("gzip")
    return asked > 0 and asked >= plain


def compressed(response: Response) -> None:
    """Compress an answer that is worth it; say in any case that it depends on what the client takes."""
    kind = response.mimetype or ""
    if not (kind.startswith("text/") or kind.endswith(("json", "xml", "javascript")) or kind in _TEXTS):
        return
    response.vary.add("Accept-Encoding")
    if response.status_code in {204, 206, 304} or "Content-Encoding" in response.headers:
        return
    if not takes_gzip(request.headers.get("Accept-Encoding")):
        return
    if response.is_streamed and not response.direct_passthrough:
        content, size = _spooled(response.iter_encoded())
        response.response = pieces(content)
        response.content_length = size
    else:
        is_file, body = response.direct_passthrough, response.response
        response.direct_passthrough = False
        plain = response.get_data()
        if is_file and hasattr(body, "close"):
            body.close()
        if len(plain) < _LEAST:
            return
        response.set_data(_packed_file(plain) if is_file else _packed(plain))
    response.headers["Content-Encoding"] = "gzip"
    etag, _ = response.get_etag()
    if etag:  # the same document in other bytes
        response.set_etag(etag, weak=True)


def _packed(plain: bytes, level: int = _LEVEL) -> bytes:
    packer = zlib.compressobj(level, zlib.DEFLATED, 31)
    return packer.compress(plain) + packer.flush()


_packed_file = lru_cache(maxsize=32)(_packed)  # stylesheets and scripts


def _spooled(plain: Iterable[bytes]) -> tuple[IO[bytes], int]:
    """Return pieces compressed, in a file, and its size; a client could not tell where an answer of no size is cut."""
    packer = zlib.compressobj(_FAST, zlib.DEFLATED, 31)
    content = tempfile.TemporaryFile()  # noqa: SIM115 - closed by whoever reads it
    for piece in plain:
        content.write(packer.compress(piece))
    content.write(packer.flush())
    size = content.tell()
    content.seek(0)
    return content, size


def pieces(content: IO[bytes]) -> Iterator[bytes]:
    """Yield what is in a file, which is closed then."""
    with content:
        while piece := content.read(_PIECE):
            yield piece
