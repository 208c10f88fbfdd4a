"""Where a release's triples are asked for: embedded in this process, or on a remote SPARQL server."""

from .embedded import Embedded, load, load_file
from .port import Answer, Query, Store

__all__ = ["Answer", "Embedded", "Query", "Store", "load", "load_file"]
