"""The process that asks a remote server: `python -m lod.pool.remote SERVER BYTES`, frames as of `lod.pool.worker`.

It is killed, limited and replaced like the others. It has to have the network; so a query is first read by the
engine in a thread that has none (a network namespace is a thread's own on Linux), over no data: a text that is
no query, that ends the engine or would have it connect elsewhere comes no further.
"""

from __future__ import annotations

import json
import signal
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pyoxigraph as ox

from ..errors import QueryError, QueryLimitError, StoreError
from ..store import Embedded, Query
from ..store.login import from_environment
from ..store.remote import Remote, unreadable
from .worker import Frames, leave_network, own_networks, refused, serve, uses, written

__all__: list[str] = []

# A query is read on less stack than servers have (Oxigraph's threads 2 MiB): one that would end a server ends this
# process. That is some 250 groups in one another.
_SHALLOW = 1 << 20


class _Grammar:
    """Says what form a query has, in a thread without a network."""

    def __init__(self) -> None:
        self._empty = Embedded(ox.Store())
        threading.stack_size(_SHALLOW)
        self._thread = ThreadPoolExecutor(1)
        self._thread.submit(leave_network).result()

    def refused(self, asked: dict[str, Any]) -> str:
        """Return the keyword for which a query is refused, "" where there is none."""
        return self._thread.submit(_refused, asked).result()

    def form(self, query: Query) -> type[object]:
        """Return the type of the answer; raise `QueryError`."""
        return self._thread.submit(lambda: type(self._empty.answer(query))).result()


def _refused(asked: dict[str, Any]) -> str:
    # A server may hold what is none of ours, and Virtuoso gives any graph that is asked for by its name.
    return refused(asked) or ("GRAPH" if uses("graph", asked["text"], asked["base"]) else "")


def _answer(remote: Remote, grammar: _Grammar, asked: dict[str, Any], frames: Frames) -> None:
    if keyword := grammar.refused(asked):
        frames.tell_json(b"E", kind="refused", text=keyword)
        return
    query = Query(asked["text"], asked["base"], tuple(asked["default"]), tuple(asked["named"]))
    try:
        written(remote.stream(query, grammar.form(query)), asked["formats"], frames)
    except QueryError as error:
        frames.tell_json(b"E", kind="malformed", text=str(error))
    except QueryLimitError as error:
        frames.tell_json(b"E", kind="limit", text=error.limit)
    except StoreError as error:
        frames.tell_json(b"E", kind="store", text=str(error))
    except (SyntaxError, ValueError) as error:  # of the server's answer
        frames.tell_json(b"E", kind="store", text=str(unreadable(str(error))))


def main() -> None:
    """Answer until the requests end."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent
    own_networks()
    server = json.loads(sys.argv[1])
    remote = Remote(**server, login=from_environment())
    grammar = _Grammar()
    serve(lambda asked, frames: _answer(remote, grammar, asked, frames), int(sys.argv[2]), is_shut=False)


if __name__ == "__main__":
    main()
