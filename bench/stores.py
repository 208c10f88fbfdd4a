"""How fast a release is sent to real servers, counted and dropped there, and what memory they take.

.venv/bin/lod build && .venv/bin/python -m bench.stores [thousands of triples, 100]
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import pyoxigraph as ox

from lod import config, publishing, release
from lod.store import Embedded, login
from lod.terms import home
from tests.servers import Oxigraph, Server, Virtuoso


def copied(served: release.Release, folder: Path, size: int) -> release.Release:
    """Return a release of so many triples: the served one, again and again under other names."""
    made = release.Release(folder / "20260101T000000Z")
    made.path.mkdir()
    text = b"".join(Embedded.open(served.path / "store").pages(20_000))
    filled = ox.Store(str(made.path / "store"))
    number = 0
    while len(filled) < size:
        copy = text.replace(b"/projekty/", f"/projekty/{number}-".encode())
        filled.bulk_load(input=copy, format=ox.RdfFormat.N_TRIPLES)
        number += 1
    filled.flush()
    (made.path / "manifest.json").write_text(json.dumps({"base": "https://bench.example/"}), "utf-8")
    return made


def peak(server: Server) -> int:
    """Return the most memory that a server has had, in MB."""
    lines = Path(f"/proc/{server.pid}/status").read_text("utf-8").splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) // 1000


def timed(work: Callable[[], object]) -> float:
    """Return the seconds of one run by the clock: most of the work is the server's."""
    started = time.monotonic()
    work()
    return time.monotonic() - started


def main() -> None:
    """Print the table."""
    os.environ[login.USER] = os.environ[login.PASSWORD] = "dba"
    settings = config.load(home() / "data" / "lod.toml")
    served = release.current(settings.releases)
    if served is None:
        sys.exit("there is no release: lod build")
    with tempfile.TemporaryDirectory() as folder:
        made = copied(served, Path(folder), 1000 * int(sys.argv[1] if len(sys.argv) > 1 else 100))
        print(f"{len(Embedded.open(made.path / 'store'))} triples; seconds by the clock, MB of the server at most")
        print(f"{'':12}{'sent and counted':>18}{'counted again':>15}{'MB':>7}{'dropped':>9}{'MB':>7}")
        for kind in (Oxigraph, Virtuoso):
            server = kind(Path(folder) / kind.__name__)
            there = replace(settings, releases=Path(folder), store=server.store)
            graphs = publishing.graphs_at(server.store)
            server.start()
            try:
                sent = timed(partial(publishing.upload, there, made, lambda *_: None))
                counted = timed(partial(publishing.verify, there, made, sys.exit))
                before = peak(server)
                dropped = timed(partial(graphs.drop, publishing.graph_of(made)))
                after = peak(server)
            finally:
                server.kill()
            print(f"{kind.__name__:12}{sent:18.1f}{counted:15.1f}{before:7}{dropped:9.1f}{after:7}")


if __name__ == "__main__":
    main()
