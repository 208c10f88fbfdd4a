"""Ed25519 signatures (RFC 8032) of a release's manifest; the only module that knows `cryptography`.

openssl genpkey -algorithm ed25519 -out release.pem          # the private key
openssl pkey -in release.pem -pubout -out public_key.pem     # the public one
openssl pkeyutl -verify -pubin -inkey public_key.pem -rawin -in manifest.json -sigfile manifest.json.sig
"""

from __future__ import annotations

from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from .errors import ConfigError

__all__ = ["fits", "private_key", "public_key", "public_pem", "sign"]


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ConfigError(f"{path}: klíč nelze číst / the key cannot be read ({error.strerror})") from error


def _wrong(path: Path) -> ConfigError:
    return ConfigError(f"{path}: není klíč Ed25519 v PEM bez hesla / is no Ed25519 key in PEM without a password")


def private_key(path: Path) -> Ed25519PrivateKey:
    """Return a private key (PKCS 8 in PEM, without a password); raise `ConfigError`."""
    content = _read(path)
    try:
        key = load_pem_private_key(content, None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise _wrong(path) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise _wrong(path)
    return key


def public_pem(key: Ed25519PrivateKey) -> bytes:
    """Return the public key that belongs to a private one, in PEM."""
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def sign(content: bytes, key: Ed25519PrivateKey) -> bytes:
    """Return the 64 bytes of a signature."""
    return key.sign(content)


def public_key(path: Path) -> Ed25519PublicKey:
    """Return a public key in PEM; raise `ConfigError`."""
    content = _read(path)
    try:
        key = load_pem_public_key(content)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise _wrong(path) from error
    if not isinstance(key, Ed25519PublicKey):
        raise _wrong(path)
    return key


def fits(content: bytes, signature: bytes, key: Ed25519PublicKey) -> bool:
    """Whether the owner of a key signed the content."""
    try:
        key.verify(signature, content)
    except InvalidSignature:
        return False
    return True
