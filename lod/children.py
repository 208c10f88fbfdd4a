"""Processes of ours that are started as `python -m lod.…`: they must find the very modules of this one."""

from __future__ import annotations

import os
import sys

__all__ = ["environment"]


def environment() -> dict[str, str]:
    """Return the environment of such a process."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
