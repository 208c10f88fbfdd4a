"""What a server says when it refuses, in one line."""

from __future__ import annotations

import re

__all__ = ["said"]

_LONGEST = 300


def said(body: bytes) -> str:
    """Return the words of an error page without its markup, cut where they are long.

    >>> said(b"<html><h1>500</h1> <p>Disk  full</p></html>")
    '500 Disk full'
    """
    text = re.sub(r"<style.*?</style>|<[^<>]*>", " ", body.decode("utf-8", "replace"), flags=re.DOTALL)
    words = " ".join(text.split())
    return words if len(words) <= _LONGEST else f"{words[:_LONGEST]}…"
