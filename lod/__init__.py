"""Linked open data about publicly funded projects: records to RDF, validated, released and served.

`lod.pipeline` builds a release from the files that `lod.toml` names; `lod.web` serves the current one.
"""

from importlib.metadata import version

__version__ = version("lod")
