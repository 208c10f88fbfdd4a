"""Other engines, pinned, in virtual environments or npm folders of their own, made once below the cache folder."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

from measure import Skipped

__all__ = ["PINNED", "python_of", "server_of"]

PINNED = {
    "maplib": ("maplib==0.20.26", "polars==2.1.0"),
    "morph-kgc": ("morph-kgc==2.10.0", "pandas==2.3.3"),
    "rdflib-endpoint": ("rdflib-endpoint==0.6.3", "rdflib==7.6.0", "uvicorn==0.54.0"),
    "trifid": ("trifid@5.3.0",),  # npm
}
_CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "lod-bench"


def python_of(name: str) -> str:
    """Return the interpreter of a peer's environment; raise `Skipped` where it cannot be installed."""
    folder = _CACHE / f"{name}-{sys.version_info[0]}.{sys.version_info[1]}"
    python, made = folder / "bin" / "python", folder / "pins.txt"
    pins = "\n".join(PINNED[name])
    if not made.exists() or made.read_text() != pins:
        print(f"  installing {' '.join(PINNED[name])} …", file=sys.stderr, flush=True)
        venv.create(folder, clear=True, with_pip=True)
        install = [str(python), "-m", "pip", "--disable-pip-version-check", "--quiet", "install", *PINNED[name]]
        done = subprocess.run(install, capture_output=True, text=True, check=False)
        if done.returncode:
            raise Skipped(f"{name} cannot be installed: {done.stderr.strip().splitlines()[-1][:160]}")
        made.write_text(pins)
    return str(python)


def server_of(name: str) -> list[str]:
    """Return the command of a peer from npm; raise `Skipped` where it cannot be installed."""
    (pin,) = PINNED[name]
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        raise Skipped(f"{name} needs node and npm")
    folder = _CACHE / pin.replace("@", "-")
    script = folder / "node_modules" / name / "server.js"
    if not script.exists():
        print(f"  installing {pin} …", file=sys.stderr, flush=True)
        folder.mkdir(parents=True, exist_ok=True)
        install = [npm, "install", "--prefix", str(folder), "--no-audit", "--no-fund", "--ignore-scripts", pin]
        done = subprocess.run(install, capture_output=True, text=True, check=False)
        if done.returncode:
            raise Skipped(f"{name} cannot be installed: {done.stderr.strip().splitlines()[-1][:160]}")
    return [node, str(script)]
