"""The site on its own server, with the queries of others in its process: what the pool is measured against.

python bench/inline.py LOD.TOML PORT
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any, cast

import pyoxigraph as ox

from lod import config
from lod.config import Queries
from lod.pool import Formats, Pool, Spooled
from lod.store import Query
from lod.web import server
from lod.web.bridge import Bridge


class Inline:
    """Answers as `lod.pool.Pool` does, in the thread of the request: no limit, no turn, no way to end a query."""

    def __init__(self, path: Path) -> None:
        self._store = ox.Store.read_only(str(path))
        self.limits = Queries()

    def ask(self, query: Query, formats: Formats, *_: object) -> Spooled:
        """Return the whole answer."""
        answer = self._store.query(query.text, base_iri=query.base)
        if isinstance(answer, (ox.QuerySolutions, ox.QueryBoolean)):
            form = "solutions" if isinstance(answer, ox.QuerySolutions) else "boolean"
            content = answer.serialize(format=ox.QueryResultsFormat.from_media_type(formats[form])) or b""
        else:
            form = "triples"
            content = ox.serialize(answer, format=ox.RdfFormat.from_media_type(formats[form])) or b""
        return Spooled(form, formats[form], BytesIO(content), len(content))

    def close(self) -> None:
        """Let go of nothing."""


def application() -> Bridge:
    """Return the application of a worker process, asking inline."""
    app = server.served()
    serving: Any = app.config["SITE"].serving
    serving._pool = cast("Pool", Inline(serving.release.path / "store"))
    return Bridge(app)


def main() -> None:
    """Serve as `lod serve` does, with another application."""
    given = vars(server)
    given["Granian"] = partial(_other, given["Granian"])
    server.serve(config.load(Path(sys.argv[1])), "127.0.0.1", int(sys.argv[2]), 1)


def _other(granian: Callable[..., Any], _: str, **settings: Any) -> Any:
    return granian("inline:application", **settings)


if __name__ == "__main__":
    main()
