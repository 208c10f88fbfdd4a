"""Other engines in virtual environments of their own, pinned, made once below the cache folder."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from pathlib import Path

from measure import Skipped

__all__ = ["PINNED", "python_of"]

PINNED = {
    "maplib": ("maplib==0.20.26", "polars==2.1.0"),
    "morph-kgc": ("morph-kgc==2.10.0", "pandas==2.3.3"),
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
