"""The parent's side of `lod.validation.worker`: one process for each set of shapes, made again when it ends."""

from __future__ import annotations

import atexit
import json
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from threading import Lock
from typing import IO

import pyoxigraph as ox
from rdflib import Graph

from .. import children
from ..errors import ValidationError
from .results import Result

__all__ = ["Reference", "shared"]


class Reference:
    """pySHACL in a process that can be stopped. Threads take turns."""

    def __init__(self, shapes: str) -> None:
        self._shapes = shapes  # N-Triples
        self._lock = Lock()
        self._process: subprocess.Popen[str] | None = None

    def judge(self, lines: Sequence[str], asked: Sequence[tuple[str, str]], seconds: float) -> list[Result] | str:
        """Return the results of focus nodes under shapes, or in a few words why pySHACL could not judge.

        `seconds` of CPU are all that it may take.
        """
        with self._lock:
            process = self._process
            if process is None or process.poll() is not None:
                process = self._process = self._started()
            try:
                print(
                    json.dumps({"seconds": seconds, "lines": lines, "asked": asked}),
                    file=_of(process.stdin),
                    flush=True,
                )
                answer = _of(process.stdout).readline()
            except BrokenPipeError:
                answer = ""
            if not answer:
                code = process.wait()
                self.close()
                return f"{seconds:g} s CPU" if code == -signal.SIGPROF else f"exit {code}"
            told = json.loads(answer)
            return told.get("error") or [Result(*result) for result in told["results"]]

    def _started(self) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "lod.validation.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            env=children.environment(),
        )
        with suppress(BrokenPipeError):
            print(json.dumps(self._shapes), file=_of(process.stdin), flush=True)
        if not _of(process.stdout).readline():
            raise ValidationError(
                "pySHACL nejde spustit, důvod stojí výše / pySHACL cannot be started, the reason stands above"
                f" (exit {process.wait()})"
            )
        return process

    def close(self) -> None:
        """End the process."""
        if process := self._forget():
            process.wait()

    def forked(self) -> None:
        """Leave the process to the parent, in a fork of it."""
        self._lock = Lock()
        if process := self._forget():
            process.returncode = 0  # not ours to wait for

    def _forget(self) -> subprocess.Popen[str] | None:
        process, self._process = self._process, None
        for pipe in (process.stdin, process.stdout) if process else ():
            with suppress(BrokenPipeError):
                _of(pipe).close()
        return process


def _of(pipe: IO[str] | None) -> IO[str]:
    """Return a pipe that was asked for."""
    if pipe is None:
        raise TypeError
    return pipe


_references: dict[str, Reference] = {}
_lock = Lock()


def shared(shapes: Graph) -> Reference:
    """Return this process's reference engine for shapes; it starts with its first request."""
    text = _canonical(shapes)
    with _lock:
        return _references.setdefault(text, Reference(text))


def _canonical(graph: Graph) -> str:
    """Return N-Triples, the same for the same shapes however often they are parsed."""
    lines = graph.serialize(format="nt")
    dataset = ox.Dataset(ox.parse(lines, format=ox.RdfFormat.N_TRIPLES))
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return "".join(sorted(f"{quad.triple} .\n" for quad in dataset))


def _forked() -> None:
    for item in _references.values():
        item.forked()


@atexit.register
def _close() -> None:
    for item in _references.values():
        item.close()


os.register_at_fork(after_in_child=_forked)
