"""A server for one person: on this machine only, until they are done."""

from __future__ import annotations

import contextlib
import threading
import webbrowser
from collections.abc import Callable, Sequence
from pathlib import Path

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from ..config import Config
from ..errors import ConfigError
from ..terms import Vocabulary
from .app import create_app
from .desk import Desk, readable

__all__ = ["Server", "serve"]

_HOST = "127.0.0.1"


class _Quiet(WSGIRequestHandler):
    """Keeps the address, which is a key, out of logs."""

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 - the name is werkzeug's
        """Say nothing."""


class _Later:
    """The application, told after the server has its port."""

    def __init__(self) -> None:
        self.app: Callable[..., object] | None = None

    def __call__(self, environ: object, start: object) -> object:
        assert self.app is not None  # noqa: S101 - set before the first request is served
        return self.app(environ, start)


def _listen(port: int, app: _Later) -> BaseWSGIServer:
    if not 0 <= port < 65536:
        raise ConfigError(f"{port}: port je číslo do 65535 / a port is a number up to 65535")
    try:
        return make_server(_HOST, port, app, threaded=True, request_handler=_Quiet)  # type: ignore[arg-type]
    except (OSError, SystemExit) as error:  # werkzeug leaves when the port is taken
        raise ConfigError(f"{_HOST}:{port}: tady nelze naslouchat / cannot listen here") from error


class Server:
    """Serves one desk from when it is made: the port is taken, nobody is answered yet."""

    def __init__(self, desk: Desk, port: int) -> None:
        later = _Later()
        self._server = _listen(port, later)
        later.app, path = create_app(desk, self._server.port, self._stop_soon)
        self.address = f"http://{_HOST}:{self._server.port}{path}"

    def _stop_soon(self) -> None:
        # From within a request, the server cannot wait for its own loop to end.
        threading.Thread(target=self.stop, daemon=True).start()

    def stop(self) -> None:
        """End; a second time does nothing."""
        self._server.shutdown()

    def run(self, say: Callable[[str], None]) -> None:
        """Say the address and answer until stopped."""
        say(self.address)
        try:
            self._server.serve_forever()
        finally:
            self._server.server_close()


def _say(text: str) -> None:
    print(text, flush=True)  # noqa: T201 - whoever started it in a pipe waits for the address


def serve(
    config: Config,
    vocabulary: Vocabulary,
    files: Sequence[Path],
    *,
    port: int = 0,
    browser: bool = True,
    say: Callable[[str], None] = _say,
) -> Desk:
    """Serve the review of these pages until the reviewer is done; return the desk as they left it.

    Raise `ConfigError` when there is nowhere to save or to listen, `UnreadableFileError` when no page can be read.
    """
    desk = Desk(config, vocabulary, files)
    readable(desk.sheets)
    server = Server(desk, port)
    if browser:  # some browsers keep their caller waiting
        threading.Thread(target=webbrowser.open, args=(server.address,), daemon=True).start()
    with contextlib.suppress(KeyboardInterrupt):
        server.run(say)
    return desk
