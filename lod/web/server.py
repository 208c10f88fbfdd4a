"""Granian, the production server: workers over the site, or over the SPARQL endpoint alone."""

from __future__ import annotations

import os
import resource
import socket
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from granian import Granian
from granian.constants import Interfaces

from .. import config as configuration
from ..config import Config
from ..errors import ConfigError, StoreError
from ..pool import Pool
from ..store import Embedded, load_file
from .bridge import Bridge

if TYPE_CHECKING:
    from flask import Flask

__all__ = ["serve", "serve_file"]

_ENVIRONMENT = "LOD_SERVE"  # how a worker process learns what to serve


def application() -> Bridge:
    """Return the application of a worker process."""
    return Bridge(served())


def served() -> Flask:
    """Return what it answers with."""
    kind, path, base, releases = os.environ[_ENVIRONMENT].split("\n")
    if kind == "store":
        from .sparql import playground  # noqa: PLC0415

        return playground(Embedded.open(Path(path)), Pool(Path(path)))
    from .app import create_app  # noqa: PLC0415
    from .site import Site  # noqa: PLC0415

    settings = configuration.placed(configuration.load(Path(path), base), Path(releases))
    site = Site(settings)
    if settings.queries.in_memory:
        with suppress(StoreError):  # told to whoever asks then
            _ = site.serving
    return create_app(site)


def _claim(host: str, port: int) -> None:
    """Tell an address that cannot be listened at now; a worker would only be started again and again."""
    if not 0 <= port < 65536:  # the resolver would take it modulo 65536
        raise ConfigError(f"{port}: port je číslo do 65535 / a port is a number up to 65535; cannot listen")
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except (OSError, OverflowError) as error:
        raise ConfigError(f"{host}:{port}: tady nelze naslouchat / cannot listen here ({error})") from error


def _run(host: str, port: int, workers: int) -> None:
    _claim(host, port)
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))  # a connection that waits costs one
    server = Granian(
        f"{__name__}:application",
        factory=True,
        address=host,
        port=port,
        interface=Interfaces.RSGI,
        workers=workers,
        respawn_failed_workers=True,
        log_access=False,
        websockets=False,
    )
    print(f"http://{host}:{port}/", flush=True)  # noqa: T201 - says where it listens
    server.serve()


def serve(settings: Config, host: str, port: int, workers: int) -> None:
    """Serve the site until told to stop."""
    os.environ[_ENVIRONMENT] = "\n".join(("site", str(settings.path), settings.base, str(settings.releases)))
    _run(host, port, workers)


def serve_file(path: Path, host: str, port: int) -> None:
    """Serve the SPARQL endpoint alone over any RDF file; raise `StoreError` when it cannot be read."""
    with tempfile.TemporaryDirectory(prefix="lod-") as folder:
        store = Path(folder, "store")
        load_file(path, store)
        os.environ[_ENVIRONMENT] = "\n".join(("store", str(store), "", ""))
        _run(host, port, 1)
