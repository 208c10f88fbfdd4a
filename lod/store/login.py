"""How we tell a server who we are: Basic (RFC 7617) and Digest (RFC 7616) answers to its challenge.

The name and the password come from the environment alone, so no file and no log of ours holds them.
"""

from __future__ import annotations

import base64
import hashlib
import os
import secrets
from collections.abc import Iterable
from itertools import count
from urllib.request import parse_http_list, parse_keqv_list

from ..errors import ConfigError

__all__ = ["PASSWORD", "USER", "Login", "from_environment", "refused"]

USER, PASSWORD = "LOD_STORE_USER", "LOD_STORE_PASSWORD"
_HASHES = {"MD5": hashlib.md5, "SHA-256": hashlib.sha256}


class Login:
    """A name and a password, and how the server wants to hear them once it has said so."""

    def __init__(self, user: str, password: str) -> None:
        self._user, self._password = user, password
        self._asked: tuple[str, dict[str, str], count[int]] | None = None

    def hear(self, challenges: Iterable[str]) -> bool:
        """Take the challenges of a 401 (values of WWW-Authenticate); return whether we can answer one."""
        for challenge in sorted(challenges, key=lambda text: not text.lower().startswith("digest")):
            scheme, _, rest = challenge.partition(" ")
            asked = parse_keqv_list([item for item in parse_http_list(rest) if "=" in item])
            if scheme.lower() == "basic" or (scheme.lower() == "digest" and asked.get("algorithm", "MD5") in _HASHES):
                self._asked = (scheme.lower(), asked, count(1))
                return True
        return False

    def headers(self, method: str, target: str) -> dict[str, str]:
        """Return the headers of a request for a target (path and query); none before the first challenge."""
        if self._asked is None:
            return {}
        scheme, asked, used = self._asked
        if scheme == "basic":
            known = base64.b64encode(f"{self._user}:{self._password}".encode()).decode()
            return {"Authorization": f"Basic {known}"}
        return {"Authorization": f"Digest {self._digest(asked, next(used), method, target)}"}

    def _digest(self, asked: dict[str, str], number: int, method: str, target: str) -> str:
        """Return the answer to a digest challenge (RFC 7616, section 3.4); without qop as in RFC 2069."""
        algorithm = asked.get("algorithm", "MD5")

        def hashed(*parts: str) -> str:
            return _HASHES[algorithm](":".join(parts).encode()).hexdigest()

        realm, nonce = asked.get("realm", ""), asked.get("nonce", "")
        secret, request = hashed(self._user, realm, self._password), hashed(method, target)
        said = {"username": self._user, "realm": realm, "nonce": nonce, "uri": target}
        plain = {"algorithm": algorithm}
        if "auth" in (quality.strip() for quality in asked.get("qop", "").split(",")):
            times, mine = f"{number:08x}", secrets.token_hex(8)
            said |= {"cnonce": mine, "response": hashed(secret, nonce, times, mine, "auth", request)}
            plain |= {"qop": "auth", "nc": times}
        else:
            said["response"] = hashed(secret, nonce, request)
        if "opaque" in asked:
            said["opaque"] = asked["opaque"]
        quoted = [f'{key}="{value}"' for key, value in said.items()]
        return ", ".join([*quoted, *(f"{key}={value}" for key, value in plain.items())])


def refused(login: Login | None) -> str:
    """Return what to say of a 401 that stays one."""
    if login is None:
        return f"úložiště chce přihlášení, nastavte {USER} a {PASSWORD} / the store asks for a login, set these"
    return f"úložiště odmítá {USER} a {PASSWORD} / the store refuses the login that they hold"


def from_environment() -> Login | None:
    """Return the login that the environment names, None where it names none; raise `ConfigError` on half of one."""
    user, password = os.environ.get(USER), os.environ.get(PASSWORD)
    if user and password:
        return Login(user, password)
    if user or password:
        raise ConfigError(f"{USER} a {PASSWORD} patří k sobě, jedna z nich chybí / one of the two is missing")
    return None
