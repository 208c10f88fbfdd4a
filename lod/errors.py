"""Our faults and the user's, as exceptions.

    LodError                    caught once, at the command line or the web edge; its text is for people
    ├── ConfigError             lod.toml says something that cannot be done
    ├── UnreadableFileError     a file is not what its name says, or cannot be decoded
    ├── IcoError                not an IČO (also a ValueError)
    ├── RefreshError            a source cannot be downloaded, or its copy cannot be taken
    ├── ValidationError         the SHACL engine gave up on a graph
    ├── LedgerError             what a build knows cannot be written down or read again
    ├── WorkersError            the workers of a build cannot be reached, or are gone
    ├── ReleaseError            a release cannot be staged, published, verified or rolled back
    │   └── SwitchStoppedError  built, but not fit to replace the one that is served
    └── StoreError              the store could not answer
        ├── QueryError          the query is malformed
        ├── RefusedQueryError   the query wants what is not allowed here
        ├── QueryLimitError     the query came to a limit
        ├── EngineError         the engine failed at the query
        └── BusyError           no query can be taken now

Faults in the *data* are not exceptions: they are returned as findings (`lod.model.Finding`).
"""

from __future__ import annotations

__all__ = [
    "BusyError",
    "ConfigError",
    "EngineError",
    "IcoError",
    "LedgerError",
    "LodError",
    "QueryError",
    "QueryLimitError",
    "RefreshError",
    "RefusedQueryError",
    "ReleaseError",
    "StoreError",
    "SwitchStoppedError",
    "UnreadableFileError",
    "ValidationError",
    "WorkersError",
]


class LodError(Exception):
    """The root: `str()` of it is one sentence a user can act on."""


class ConfigError(LodError):
    """`lod.toml` is wrong; the text names the file and the key."""


class UnreadableFileError(LodError):
    """A file is not what its name says. `cs` and `en` say why, without the file's name; `kind` is the finding's."""

    def __init__(self, cs: str, en: str, place: str = "", *, kind: str = "file-unreadable") -> None:
        super().__init__(f"{place}: {cs} / {en}" if place else f"{cs} / {en}")
        self.cs = cs
        self.en = en
        self.place = place
        self.kind = kind


class IcoError(LodError, ValueError):
    """A text that is not an IČO: the reason, its `kind` and what was expected, in Czech and English."""

    def __init__(self, cs: str, en: str, kind: str, expected_cs: str = "", expected_en: str = "") -> None:
        super().__init__(f"{cs} / {en}")
        self.cs = cs
        self.en = en
        self.kind = kind
        self.expected_cs = expected_cs
        self.expected_en = expected_en


class RefreshError(LodError):
    """A source cannot be downloaded, or what came cannot be taken; `cs` and `en` say why."""

    def __init__(self, cs: str, en: str) -> None:
        super().__init__(f"{cs} / {en}")
        self.cs = cs
        self.en = en


class ValidationError(LodError):
    """The SHACL engine could not judge a graph; the text holds its words."""


class LedgerError(LodError):
    """What a build knows cannot be written down (a full disk, most often) or read again."""


class WorkersError(LodError):
    """The processes or the cluster that a build runs on cannot be reached, or are gone."""


class ReleaseError(LodError):
    """A release cannot be staged, published, verified or rolled back."""


class SwitchStoppedError(ReleaseError):
    """The new release was built but must not replace the served one; the old one stays."""


class StoreError(LodError):
    """The store could not answer (down, closed, out of resources)."""


class QueryError(StoreError):
    """The SPARQL query is malformed; the text holds the parser's words, `place` the line and column where known."""

    def __init__(self, text: str, place: tuple[int, int] | None = None) -> None:
        super().__init__(text)
        self.place = place


class RefusedQueryError(StoreError):
    """A query uses what is not allowed here: `keyword` is SERVICE or FROM."""

    def __init__(self, keyword: str) -> None:
        super().__init__(keyword)
        self.keyword = keyword


class EngineError(StoreError):
    """The engine failed at a query, as it would again; the text holds its words."""


class QueryLimitError(StoreError):
    """A query came to a limit: `limit` is time, memory, depth (of nesting), rows (of a server), left (by a client)."""

    def __init__(self, limit: str, text: str = "") -> None:
        super().__init__(text or limit)
        self.limit = limit


class BusyError(StoreError):
    """No query can be taken now: `seconds` are how long to wait, `is_budget` whether the client has used up its own."""

    def __init__(self, seconds: int, *, is_budget: bool = False) -> None:
        super().__init__(f"{seconds} s")
        self.seconds = seconds
        self.is_budget = is_budget
