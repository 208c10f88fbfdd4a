"""One download over HTTP(S) into one file, within limits, from addresses that may be asked.

A name is resolved once, every address that it has is judged, and the connection is made to one of those very
addresses; a name that answers differently the second time (DNS rebinding) changes nothing. Redirects go the same
way. Proxies named by the environment are not used: nobody could judge where they connect.
"""

from __future__ import annotations

import hashlib
import http.client
import os
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, quote, urljoin

from ..downloads import web_address
from ..errors import RefreshError

__all__ = ["Answer", "Limits", "Request", "fetch", "may_be_asked"]

_CHUNK = 1 << 16
_REDIRECTS = {301, 302, 303, 307, 308}
_LATER = {429, 503}  # "not now": RFC 6585 section 4, RFC 9110 section 15.6.4

Address = IPv4Address | IPv6Address
Resolved = tuple[socket.AddressFamily, tuple[Any, ...]]

# What Python calls global, yet is not the public internet (IANA special-purpose registries).
_SPECIAL = tuple(map(ip_network, ("192.0.0.0/24", "192.88.99.0/24", "3fff::/20", "5f00::/16")))
# Where clouds keep what they tell a machine about itself, and IPv6 with some IPv4 inside: no register lives there.
_NEVER = tuple(
    map(
        ip_network,
        (
            "100.100.100.200/32",
            "168.63.129.16/32",
            "192.0.0.192/32",
            "fd00:ec2::254/128",
            "::ffff:0:0/96",
            "2001::/32",
            "2002::/16",
        ),
    )
)
_NAT64 = ip_network("64:ff9b::/96")  # RFC 6052: public IPv4 as an IPv6-only network sees it


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How long (seconds), how much (bytes) and how often at most."""

    connect: float = 20
    read: float = 60  # of silence
    total: float = 1800
    most_bytes: int = 512 << 20  # received, and again unpacked
    redirects: int = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is asked for: an address, who asks, and what is known of the last answer."""

    url: str
    user_agent: str
    allow_private: bool = False  # the host of `url`, not those that it redirects to
    etag: str = ""
    last_modified: str = ""
    known_url: str = ""  # where the last answer came from: what is known holds of that resource alone


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came: 200 with a file written, 304, or 429 and 503 with when to come again."""

    status: int
    url: str
    etag: str = ""
    last_modified: str = ""
    bytes: int = 0
    sha256: str = ""
    retry_after: float | None = None  # seconds


def may_be_asked(address: Address, *, allow_private: bool) -> bool:
    """Whether a connection may be made: to public addresses, and to private ones where that is allowed.

    Multicast, link-local and unspecified addresses, cloud metadata, and IPv4 wrapped in IPv6 never may.
    """
    if isinstance(address, IPv6Address) and address in _NAT64:
        address = IPv4Address(int(address) & 0xFFFF_FFFF)
    if address.is_multicast or address.is_link_local or address.is_unspecified:
        return False
    if any(address in network for network in _NEVER):
        return False
    is_public = address.is_global and not address.is_reserved and not any(address in network for network in _SPECIAL)
    return is_public or allow_private


def _resolved(parts: SplitResult, *, allow_private: bool) -> list[Resolved]:
    """Return the addresses of a host; raise `RefreshError` when there is none, or one that must not be asked."""
    host = parts.hostname or ""
    try:
        found = socket.getaddrinfo(host, _port(parts), type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise RefreshError(f"server {host} nelze najít ({error})", f"the host {host} is not found ({error})") from error
    for *_, place in found:
        if not may_be_asked(ip_address(place[0]), allow_private=allow_private):
            raise RefreshError(
                f"server {host} má neveřejnou adresu {place[0]}"
                + ("" if allow_private else "; svou vlastní síť povolte klíčem allow_private"),
                f"the host {host} has the address {place[0]}, which is not public"
                + ("" if allow_private else "; allow your own network by allow_private"),
            )
    return [(family, place) for family, _, _, _, place in found]


def _port(parts: SplitResult) -> int:
    return parts.port or (443 if parts.scheme == "https" else 80)


class _Connection(http.client.HTTPConnection):
    """A connection to addresses resolved beforehand, cut when its time is up whatever it is doing."""

    def __init__(self, parts: SplitResult, addresses: list[Resolved], limits: Limits, deadline: float) -> None:
        super().__init__(parts.hostname or "", _port(parts))
        self.scheme = parts.scheme
        self.addresses = addresses
        self.limits = limits
        self.deadline = deadline
        self.is_late = False
        self.wire: socket.socket | None = None  # outlives `sock`, which http.client lets go of early
        self.watch = threading.Timer(max(0.0, deadline - time.monotonic()), self.cut)
        self.watch.daemon = True
        self.watch.start()

    def cut(self) -> None:
        """End whatever waits for the other side: a timeout of each read alone would let it drip for ever."""
        self.is_late = True
        if self.wire is not None:
            try:
                socket.socket.shutdown(self.wire, socket.SHUT_RDWR)
            except OSError:  # already gone
                return

    def connect(self) -> None:
        """Connect to the first address that answers; for https say and check the name, not the address."""
        self.wire = self._reach()
        self.wire.settimeout(self.limits.read)
        if self.scheme == "https":
            context = ssl.create_default_context()
            # An end without TLS saying so is a cut (RFC 9112 section 9.8); Python takes it for an end by default.
            context.options &= ~ssl.OP_IGNORE_UNEXPECTED_EOF
            self.wire = context.wrap_socket(
                self.wire, server_hostname=self.host, do_handshake_on_connect=False, suppress_ragged_eofs=False
            )
            if not self.is_late:
                self.wire.do_handshake()
        if self.is_late:
            raise TimeoutError
        self.sock = self.wire

    def _reach(self) -> socket.socket:
        failure: OSError = TimeoutError()
        for family, place in self.addresses:
            left = self.deadline - time.monotonic()
            if left <= 0:
                break
            wire = socket.socket(family, socket.SOCK_STREAM)
            try:
                wire.settimeout(min(left, self.limits.connect))
                wire.connect(place)
            except OSError as error:
                wire.close()
                failure = error
            else:
                return wire
        raise failure

    def end(self) -> None:
        """Let everything go."""
        self.watch.cancel()
        self.close()
        if self.wire is not None:
            self.wire.close()


def _too_large(limits: Limits) -> RefreshError:
    most = limits.most_bytes
    return RefreshError(
        f"soubor je větší než {most} B; zvyšte most_bytes, má-li takový být",
        f"the file is larger than {most} B; raise most_bytes if it is to be so",
    )


def _too_late(limits: Limits) -> RefreshError:
    return RefreshError(
        f"stahování trvá déle než {limits.total:g} s; zvyšte most_seconds, má-li tolik trvat",
        f"the download takes longer than {limits.total:g} s; raise most_seconds if it is to",
    )


def _received(response: http.client.HTTPResponse, limits: Limits) -> Iterator[bytes]:
    """Yield the body as it comes; raise when it is too large or shorter than announced."""
    announced = response.length
    if announced is not None and announced > limits.most_bytes:
        raise _too_large(limits)
    total = 0
    while chunk := response.read1(_CHUNK):
        total += len(chunk)
        if total > limits.most_bytes:
            raise _too_large(limits)
        yield chunk
    if announced is not None and total != announced:
        raise RefreshError(
            f"spojení skončilo předčasně: přišlo {total} B z {announced}",
            f"the connection ended early: {total} B of {announced} came",
        )


def _unpacked(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Yield what gzip holds in pieces of bounded size, so that whoever counts them can stop a bomb."""
    packed = zlib.decompressobj(wbits=31)
    for chunk in chunks:
        rest = chunk
        while rest:
            if packed.eof:  # gzip may have several members: RFC 1952 section 2.2
                packed = zlib.decompressobj(wbits=31)
            yield packed.decompress(rest, _CHUNK)
            rest = packed.unused_data if packed.eof else packed.unconsumed_tail
    yield packed.flush()
    if not packed.eof:
        raise zlib.error("incomplete")


def _stored(response: http.client.HTTPResponse, into: Path, limits: Limits, progress: Callable[[int], None]) -> Answer:
    """Write the body down, durably."""
    chunks = _received(response, limits)
    coding = response.headers.get("Content-Encoding", "identity").strip().lower()
    if coding in {"gzip", "x-gzip"}:  # asked not to, yet some servers do
        chunks = _unpacked(chunks)
    elif coding not in {"", "identity"}:
        raise RefreshError(f"neznámé kódování přenosu {coding}", f"unknown content encoding {coding}")
    total, digest = 0, hashlib.sha256()
    with into.open("wb") as file:
        for chunk in chunks:
            total += len(chunk)
            if total > limits.most_bytes:
                raise _too_large(limits)
            digest.update(chunk)
            file.write(chunk)
            progress(total)
        file.flush()
        os.fsync(file.fileno())
    return Answer(status=200, url="", bytes=total, sha256=digest.hexdigest())


def _retry_after(value: str | None) -> float | None:
    """Return the seconds of a Retry-After, a number or a date (RFC 9110 section 10.2.3); None without one."""
    if value is None:
        return None
    if value.strip().isascii() and value.strip().isdigit():
        return float(value.strip()[:9])
    try:
        when = parsedate_to_datetime(value)
    except ValueError:
        return None
    return max(0.0, (when.replace(tzinfo=when.tzinfo or UTC) - datetime.now(UTC)).total_seconds())


def _next(current: str, location: str | None) -> str:
    """Return where a redirect leads; raise when nowhere, or out of https."""
    if not location:
        raise RefreshError("přesměrování neříká kam", "a redirect does not say where to")
    # Servers write other letters than ASCII as they are; http.client reads them as Latin-1.
    target = urljoin(current, quote(location.strip().encode("latin-1"), safe="/%:@!$&'()*+,;=~?[]#"))
    try:
        parts = web_address(target)
    except RefreshError as error:
        raise RefreshError(f"přesměrování na {target}: {error.cs}", f"redirect to {target}: {error.en}") from error
    if current.startswith("https:") and parts.scheme == "http":
        raise RefreshError("přesměrování vede z https na http", "a redirect leads from https to http")
    return parts.geturl()


def _headers(request: Request, url: str, host: str) -> Mapping[str, str]:
    headers = {
        "Host": host,
        "User-Agent": request.user_agent,
        "Accept": "*/*",
        "Accept-Encoding": "identity",
        "Connection": "close",
    }
    if url == request.known_url:
        if request.etag:
            headers["If-None-Match"] = request.etag
        if request.last_modified:
            headers["If-Modified-Since"] = request.last_modified
    return headers


def fetch(request: Request, into: Path, limits: Limits, progress: Callable[[int], None]) -> Answer:
    """Download into a file; raise `RefreshError` on anything but 200, 304, 429 and 503.

    What is left of the file after an error is nobody's; the caller removes it.
    """
    deadline = time.monotonic() + limits.total
    home = web_address(request.url)
    url = home.geturl()
    for _ in range(limits.redirects + 1):
        parts = web_address(url)
        addresses = _resolved(parts, allow_private=request.allow_private and parts.hostname == home.hostname)
        connection = _Connection(parts, addresses, limits, deadline)
        try:
            target = f"{parts.path}?{parts.query}" if parts.query else parts.path
            connection.request("GET", target, headers=_headers(request, url, parts.netloc))
            response = connection.getresponse()
            answer = _judged(response, url, into, limits, progress)
            if connection.is_late:  # a body without a length ends where it was cut
                raise _too_late(limits)
        except (RefreshError, http.client.HTTPException, OSError, ValueError, zlib.error) as error:
            raise _told(error, connection, limits) from None
        finally:
            connection.end()
        if isinstance(answer, Answer):
            return answer
        url = answer
    raise RefreshError(
        f"přesměrování je víc než {limits.redirects}", f"there are more than {limits.redirects} redirects"
    )


def _judged(
    response: http.client.HTTPResponse, url: str, into: Path, limits: Limits, progress: Callable[[int], None]
) -> Answer | str:
    """Return the answer, or the address that it redirects to."""
    status, headers = response.status, response.headers
    if status in _REDIRECTS:
        return _next(url, headers.get("Location"))
    if status in _LATER:
        return Answer(status=status, url=url, retry_after=_retry_after(headers.get("Retry-After")))
    if status not in {200, 304}:
        reason = f"{status} {http.client.responses.get(status, '')}".strip()
        raise RefreshError(f"server odpověděl {reason}", f"the server answered {reason}")
    stored = _stored(response, into, limits, progress) if status == 200 else Answer(status=304, url="")
    return Answer(
        status=status,
        url=url,
        etag=headers.get("ETag", ""),
        last_modified=headers.get("Last-Modified", ""),
        bytes=stored.bytes,
        sha256=stored.sha256,
    )


def _told(error: Exception, connection: _Connection, limits: Limits) -> RefreshError:
    """Return what went wrong, said for people."""
    if connection.is_late:
        return _too_late(limits)
    if isinstance(error, RefreshError):
        return error
    match error:
        case ssl.SSLCertVerificationError(verify_message=why):
            said = f"certifikátu serveru nelze věřit ({why})", f"the server's certificate is not trusted ({why})"
        case TimeoutError():
            said = "server neodpovídá", "the server does not respond"
        case http.client.IncompleteRead() | ssl.SSLEOFError() | ssl.SSLError(reason="UNEXPECTED_EOF_WHILE_READING"):
            said = "spojení skončilo předčasně", "the connection ended early"
        case zlib.error():
            said = "komprimovaná odpověď je poškozená", "the compressed answer is damaged"
        case _:
            why = (error.strerror if isinstance(error, OSError) else None) or str(error) or type(error).__name__
            said = f"nelze stáhnout ({why})", f"cannot be downloaded ({why})"
    return RefreshError(*said)
