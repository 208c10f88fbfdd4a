"""SPARQL queries in processes that can be killed: `Pool.ask` gives a whole answer or says why there is none."""

from .pool import Pool
from .process import Formats, Spooled

__all__ = ["Formats", "Pool", "Spooled"]
