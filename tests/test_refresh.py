"""Downloads, against real servers on this machine: what is taken, what is refused, and that nothing good is lost."""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path
from typing import Any, NoReturn

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lod import cli, config, downloads, refresh
from lod.downloads import Entry, Outcome
from lod.errors import ConfigError, RefreshError
from lod.refresh import Manners
from lod.refresh.compare import compare
from lod.refresh.fetch import Answer, Limits, Request, fetch, may_be_asked
from lod.terms import Vocabulary

from .conftest import HEAD, Site, make_site

HEADER = "nazev;registracni_cislo;ico\n"
ROWS = [f"Projekt {n};CZ.1.04/3.1.00/05.{n:05};60609460\n" for n in range(1, 9)]
REGISTER = (HEADER + "".join(ROWS)).encode()
LESS = (HEADER + "".join(ROWS[:2])).encode()

Reply = Callable[["Handler"], None]


class Handler(BaseHTTPRequestHandler):
    """Answers as the test says."""

    protocol_version = "HTTP/1.1"
    server: Server

    def do_GET(self) -> None:
        self.server.asked.append((self.path, dict(self.headers)))
        self.close_connection = True
        try:
            self.server.reply(self)
        except OSError:  # the client has left, as it should
            return

    def head(self, status: int, **headers: str | int) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), str(value))
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class Server(ThreadingHTTPServer):
    """A register's web."""

    daemon_threads = True
    block_on_close = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.reply: Reply = whole(REGISTER)
        self.is_over = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, *_: object) -> None:
        """Say nothing of a client that left."""


def whole(content: bytes, **headers: str | int) -> Reply:
    def reply(handler: Handler) -> None:
        handler.head(200, Content_Length=len(content), **headers)
        handler.wfile.write(content)

    return reply


def status(code: int, **headers: str | int) -> Reply:
    return lambda handler: handler.head(code, Content_Length=0, **headers)


def in_turn(*replies: Reply) -> Reply:
    """Answer by the first of the replies, then by the second, and by the last for ever."""
    left = list(replies)

    def reply(handler: Handler) -> None:
        (left.pop(0) if len(left) > 1 else left[0])(handler)

    return reply


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as running:
        thread = threading.Thread(target=running.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield running
        running.is_over.set()
        running.shutdown()


SOURCE = """
[[source]]
name = "registr"
kind = "records"
url = "{url}/data/registr.csv"
allow_private = true
"""


@dataclass
class Desk:
    """A site with one source on the web, and a clerk who refreshes it."""

    site: Site
    server: Server
    slept: list[float] = field(default_factory=list)

    @property
    def copy(self) -> Path:
        return self.site.folder / "downloads" / "registr" / "registr.csv"

    def hidden(self, role: str) -> Path:
        return self.copy.with_name(f".{role}.registr.csv")

    def refresh(self, *, pause: float = 0, **options: Any) -> Entry:
        manners = Manners(pause=pause, attempts=3, connect=5, read=5, sleep=self.slept.append)
        (entry,) = refresh.refresh(self.site.config, manners=manners, **options)
        return entry

    def answers(self, reply: Reply) -> Desk:
        self.server.reply = reply
        return self

    @property
    def log(self) -> list[Entry]:
        return downloads.entries(self.site.folder)

    @property
    def last_headers(self) -> dict[str, str]:
        return self.server.asked[-1][1]


@pytest.fixture
def desk(tmp_path: Path, vocabulary: Vocabulary, server: Server) -> Desk:
    return Desk(make_site(tmp_path, vocabulary, SOURCE.format(url=server.url)), server)


@pytest.fixture
def full(desk: Desk) -> Desk:
    """Have the register downloaded once."""
    assert desk.answers(whole(REGISTER, ETag='"1"')).refresh().outcome is Outcome.NEW
    return desk


def sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


# What is taken


def test_first_download_is_stored_and_recorded(desk: Desk) -> None:
    desk.answers(whole(REGISTER, ETag='"1"', Last_Modified="Mon, 02 Mar 2026 10:00:00 GMT"))
    entry = desk.refresh()
    assert desk.copy.read_bytes() == REGISTER
    assert entry.outcome is Outcome.NEW
    assert (entry.status, entry.bytes, entry.sha256) == (200, len(REGISTER), sha(REGISTER))
    assert (entry.etag, entry.last_modified) == ('"1"', "Mon, 02 Mar 2026 10:00:00 GMT")
    assert entry.url == entry.final_url == f"{desk.server.url}/data/registr.csv"
    assert datetime.fromisoformat(entry.time) - datetime.now(UTC) < timedelta(minutes=5)
    assert entry.retrieved == entry.time
    assert entry.difference is not None
    assert entry.difference.after == len(ROWS)
    assert desk.log == [entry]


def test_who_asks_is_said(desk: Desk) -> None:
    text = desk.site.settings.read_text("utf-8")
    text = text.replace("[publisher]", '[publisher]\nhomepage = "https://urad.example/"')
    desk.site.settings.write_text(text, "utf-8")
    desk.refresh()
    assert desk.last_headers["User-Agent"].startswith("lod/")
    assert "(+https://urad.example/)" in desk.last_headers["User-Agent"]


def test_etag_saves_the_second_download(full: Desk) -> None:
    entry = full.answers(status(304)).refresh()
    assert full.last_headers["If-None-Match"] == '"1"'
    assert entry.outcome is Outcome.UNCHANGED
    assert (entry.sha256, entry.etag, entry.retrieved) == (sha(REGISTER), '"1"', full.log[0].retrieved)
    full.refresh()
    assert full.last_headers["If-None-Match"] == '"1"'  # what a 304 leaves out is not forgotten


def test_last_modified_saves_the_second_download(desk: Desk) -> None:
    date = "Mon, 02 Mar 2026 10:00:00 GMT"
    desk.answers(whole(REGISTER, Last_Modified=date)).refresh()
    assert desk.answers(status(304)).refresh().outcome is Outcome.UNCHANGED
    assert desk.last_headers["If-Modified-Since"] == date


def test_same_bytes_are_unchanged_whatever_the_server_says(full: Desk) -> None:
    log = full.site.folder / "downloads" / "refresh.jsonl"
    log.write_text(log.read_text("utf-8").replace(full.log[0].time, "2026-03-02T10:00:00+00:00"), "utf-8")
    entry = full.answers(whole(REGISTER, ETag='"2"')).refresh()
    assert (entry.outcome, entry.retrieved) == (Outcome.UNCHANGED, "2026-03-02T10:00:00+00:00")
    assert not full.hidden("previous").exists()
    full.refresh()
    assert full.last_headers["If-None-Match"] == '"2"'


@pytest.mark.parametrize("how", ["edited", "deleted", "forced", "elsewhere", "forgotten"])
def test_nothing_is_assumed_of_a_copy_that_the_record_does_not_describe(full: Desk, how: str) -> None:
    match how:
        case "edited":
            full.copy.write_bytes(LESS)
        case "deleted":
            full.copy.unlink()
        case "elsewhere":
            text = full.site.settings.read_text("utf-8").replace("/data/", "/jinde/")
            full.site.settings.write_text(text, "utf-8")
        case "forgotten":
            (full.site.folder / "downloads" / "refresh.jsonl").unlink()
    assert full.refresh(force=how == "forced").is_good
    assert not {"If-None-Match", "If-Modified-Since"} & set(full.last_headers)
    assert full.copy.read_bytes() == REGISTER


def test_what_is_known_of_one_resource_is_not_said_to_another(desk: Desk) -> None:
    """An address of "the latest" leads to another file each time; their tags may well be the same."""
    day = ["/1.csv"]

    def reply(handler: Handler) -> None:
        if handler.path.startswith("/data/"):
            status(302, Location=day[0])(handler)
        elif "If-None-Match" in handler.headers:
            status(304)(handler)
        else:
            whole(REGISTER + day[0].encode() + b";;\n", ETag='"a"')(handler)

    desk.answers(reply).refresh()
    day[0] = "/2.csv"
    assert desk.refresh().outcome is Outcome.CHANGED
    assert desk.refresh().outcome is Outcome.UNCHANGED


def test_change_is_told_in_records_and_the_previous_copy_stays(full: Desk) -> None:
    changed = ROWS[0].replace("Projekt 1", "Projekt jedna")
    new = "Nový;CZ.1.04/3.1.00/05.00100;60609460\n"
    content = (HEADER + new + "".join(reversed(ROWS[1:-1])) + changed).encode()
    entry = full.answers(whole(content)).refresh()
    assert entry.outcome is Outcome.CHANGED
    assert entry.difference == downloads.Difference(
        8, 8, 1, 1, 1, ("+ CZ.1.04/3.1.00/05.00100", "~ CZ.1.04/3.1.00/05.00001", "− CZ.1.04/3.1.00/05.00008")
    )
    assert full.copy.read_bytes() == content
    assert full.hidden("previous").read_bytes() == REGISTER
    assert full.log[-1] == entry


def test_several_files_of_a_source_and_one_that_fails(desk: Desk) -> None:
    url = desk.server.url
    text = SOURCE.replace('"{url}/data/registr.csv"', f'{{ "a.csv" = "{url}/x?id=1", "b.csv" = "{url}/x?id=2" }}')
    make_site(desk.site.folder, desk.site.vocabulary, text)
    desk.answers(in_turn(status(500), whole(REGISTER)))
    found = list(refresh.refresh(desk.site.config, manners=Manners(sleep=desk.slept.append)))
    assert [(entry.file, entry.outcome) for entry in found] == [("a.csv", Outcome.FAILED), ("b.csv", Outcome.NEW)]
    assert [path for path, _ in desk.server.asked] == ["/x?id=1", "/x?id=2"]
    assert 0 < desk.slept[0] <= 1  # one host is not asked twice without a pause


def test_gzip_that_nobody_asked_for_is_unpacked(desk: Desk) -> None:
    packed = gzip.compress(REGISTER[:50]) + gzip.compress(REGISTER[50:])
    entry = desk.answers(whole(packed, Content_Encoding="gzip")).refresh()
    assert desk.last_headers["Accept-Encoding"] == "identity"
    assert entry.sha256 == sha(REGISTER)
    assert desk.copy.read_bytes() == REGISTER


def test_environment_names_no_proxy(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9/")
    assert desk.refresh().is_good


# What is not taken: the last good copy stays


def cut_short(handler: Handler) -> None:
    handler.head(200, Content_Length=len(REGISTER))
    handler.wfile.write(REGISTER[:-5])


def cut_in_a_chunk(handler: Handler) -> None:
    handler.head(200, Transfer_Encoding="chunked")
    handler.wfile.write(b"%x\r\n%b" % (len(REGISTER), REGISTER[:-5]))


def hang_up(handler: Handler) -> None:
    handler.connection.shutdown(socket.SHUT_RDWR)


def not_http(handler: Handler) -> None:
    handler.wfile.write(b"220 ftp ready\r\n")


PAGE = b"<!DOCTYPE html><html><body>Omlouv\xc3\xa1me se</body></html>"


@pytest.mark.parametrize(
    ("reply", "outcome", "told"),
    [
        (status(404), Outcome.FAILED, "404 Not Found"),
        (status(500), Outcome.FAILED, "500"),
        (status(204), Outcome.FAILED, "204"),
        (status(206), Outcome.FAILED, "206"),
        (status(302), Outcome.FAILED, "does not say where"),
        (cut_short, Outcome.FAILED, "ended early"),
        (cut_in_a_chunk, Outcome.FAILED, "ended early"),
        (hang_up, Outcome.FAILED, "cannot be downloaded"),
        (not_http, Outcome.FAILED, "cannot be downloaded"),
        (whole(gzip.compress(REGISTER)[:-9], Content_Encoding="gzip"), Outcome.FAILED, "damaged"),
        (whole(REGISTER, Content_Encoding="gzip"), Outcome.FAILED, "damaged"),
        (whole(REGISTER, Content_Encoding="br"), Outcome.FAILED, "br"),
        (whole(PAGE), Outcome.REFUSED, "web page"),
        (whole(b""), Outcome.REFUSED, "empty"),
        (whole(b"PK\x03\x04" + REGISTER), Outcome.REFUSED, "ZIP"),
        (whole("nazev;ico\nBarchůvek;1\n".encode("cp1250") * 9), Outcome.REFUSED, "encoding"),
        (whole(b"a;b\n" + b"1;2\n" * 99), Outcome.REFUSED, "nazev"),
        (whole(HEADER.encode() + b"\n" * 999), Outcome.REFUSED, "no record"),
        (whole(LESS + b"\n" * 999), Outcome.REFUSED, "2 records, so far 8"),
        (whole(LESS), Outcome.REFUSED, "suspiciously small"),
    ],
)
@pytest.mark.parametrize("had", [True, False])
def test_last_good_copy_stays(desk: Desk, reply: Reply, outcome: Outcome, told: str, had: bool) -> None:
    if "small" in told or "so far" in told:
        had = True  # small beside something only
    if had:
        desk.refresh()
    entry = desk.answers(reply).refresh()
    assert entry.outcome is outcome
    assert told in entry.en
    assert entry.cs
    assert desk.log[-1] == entry
    if had:
        assert desk.copy.read_bytes() == REGISTER
        assert entry.sha256 == sha(REGISTER)
    else:
        assert not desk.copy.exists()
        assert entry.sha256 == ""
    assert not desk.hidden("new").exists()
    assert desk.hidden("refused").exists() == (outcome is Outcome.REFUSED)
    assert desk.answers(whole(REGISTER)).refresh().is_good
    assert not {"If-None-Match", "If-Modified-Since"} & set(desk.last_headers)  # nothing is known of what failed


def test_unchanged_is_not_believed_of_what_we_lack(desk: Desk) -> None:
    entry = desk.answers(status(304)).refresh()
    assert entry.outcome is Outcome.FAILED
    assert "no copy" in entry.en


def test_force_takes_what_has_shrunk_but_no_web_page(full: Desk) -> None:
    assert full.answers(whole(PAGE)).refresh(force=True).outcome is Outcome.REFUSED
    assert full.answers(whole(LESS)).refresh(force=True).outcome is Outcome.CHANGED
    assert full.copy.read_bytes() == LESS
    assert full.hidden("previous").read_bytes() == REGISTER
    assert not full.hidden("refused").exists()


def test_dry_run_tells_and_leaves_everything(full: Desk) -> None:
    before = {path: path.read_bytes() for path in full.site.folder.rglob("*") if path.is_file()}
    for content, outcome in ((REGISTER + b"Dal;;\n", Outcome.CHANGED), (PAGE, Outcome.REFUSED)):
        assert full.answers(whole(content)).refresh(dry_run=True).outcome is outcome
    assert {path: path.read_bytes() for path in full.site.folder.rglob("*") if path.is_file()} == before


def test_disk_that_cannot_be_written_to(full: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_room(*_: object) -> NoReturn:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(shutil, "copyfile", no_room)
    entry = full.answers(whole(REGISTER + b"Dal;;\n")).refresh()
    assert entry.outcome is Outcome.FAILED
    assert "No space left" in entry.en
    assert full.copy.read_bytes() == REGISTER


# Limits


def ask(server: Server, into: Path, **limits: float) -> Answer:
    request = Request(url=f"{server.url}/r.csv", user_agent="lod", allow_private=True)
    return fetch(request, into, Limits(**{"connect": 5, "read": 5, "total": 60, **limits}), lambda _: None)  # type: ignore[arg-type]


def endless(handler: Handler) -> None:
    handler.head(200)
    while not handler.server.is_over.is_set():
        handler.wfile.write(b"x" * 65536)


def endless_chunks(handler: Handler) -> None:
    handler.head(200, Transfer_Encoding="chunked")
    while not handler.server.is_over.is_set():
        handler.wfile.write(b"10000\r\n" + b"x" * 65536 + b"\r\n")


def announced(handler: Handler) -> None:
    handler.head(200, Content_Length=10**12)
    handler.server.is_over.wait(30)  # whoever waits for the body waits for ever


def endless_gzip_of_nothing(handler: Handler) -> None:
    handler.head(200, Content_Encoding="gzip")
    while not handler.server.is_over.is_set():
        handler.wfile.write(gzip.compress(b"") * 1000)


BOMB = whole(gzip.compress(bytes(50 << 20)), Content_Encoding="gzip")


@pytest.mark.parametrize("reply", [endless, endless_chunks, endless_gzip_of_nothing, announced, BOMB])
def test_too_large_is_refused_as_soon_as_it_is_known(server: Server, tmp_path: Path, reply: Reply) -> None:
    server.reply = reply
    with pytest.raises(RefreshError, match="larger than 1000000 B"):
        ask(server, tmp_path / "r.csv", most_bytes=1_000_000)
    stored = tmp_path / "r.csv"
    assert not stored.exists() or stored.stat().st_size <= 1_000_000


def test_exactly_the_most_is_taken(server: Server, tmp_path: Path) -> None:
    assert ask(server, tmp_path / "r.csv", most_bytes=len(REGISTER)).bytes == len(REGISTER)
    with pytest.raises(RefreshError, match="larger"):
        ask(server, tmp_path / "r.csv", most_bytes=len(REGISTER) - 1)


def drip(start: bytes) -> Reply:
    def reply(handler: Handler) -> None:
        handler.wfile.write(start)
        while not handler.server.is_over.wait(0.02):
            handler.wfile.write(b"x")

    return reply


@pytest.mark.parametrize(
    "start",
    [
        b"",
        b"HTTP/1.1 200 OK\r\nX-Slow: ",
        b"HTTP/1.1 200 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffff\r\n",
    ],
)
def test_dripping_ends_when_the_time_is_up(server: Server, tmp_path: Path, start: bytes) -> None:
    server.reply = drip(start)
    with pytest.raises(RefreshError, match=r"longer than 0\.3 s"):
        ask(server, tmp_path / "r.csv", total=0.3)


def test_silence_ends_sooner(server: Server, tmp_path: Path) -> None:
    def silence(handler: Handler) -> None:
        server.is_over.wait(30)

    server.reply = silence
    with pytest.raises(RefreshError, match="does not respond"):
        ask(server, tmp_path / "r.csv", read=0.1)


def test_nobody_listens(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        request = Request(url=f"http://127.0.0.1:{taken.getsockname()[1]}/", user_agent="lod", allow_private=True)
        with pytest.raises(RefreshError, match="refused"):
            fetch(request, tmp_path / "r.csv", Limits(), lambda _: None)


# A server that says "not now"


@pytest.mark.parametrize("code", [429, 503])
def test_retry_after_is_honoured(desk: Desk, code: int) -> None:
    date = format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True)
    desk.answers(in_turn(status(code, Retry_After=30), status(code, Retry_After=date), whole(REGISTER)))
    assert desk.refresh().outcome is Outcome.NEW
    assert desk.slept[0] == 30
    assert 50 < desk.slept[1] <= 60


def test_attempts_come_to_an_end(desk: Desk) -> None:
    entry = desk.answers(status(503)).refresh()
    assert entry.outcome is Outcome.FAILED
    assert "503" in entry.en
    assert len(desk.server.asked) == 3
    assert desk.slept == [5, 10]


@pytest.mark.parametrize("how", ["forced", "moved"])
def test_server_that_asks_for_a_long_rest_gets_it(desk: Desk, how: str) -> None:
    entry = desk.answers(in_turn(status(429, Retry_After=3600), whole(REGISTER))).refresh()
    assert (entry.outcome, entry.status) == (Outcome.FAILED, 429)
    assert datetime.fromisoformat(entry.not_before) > datetime.now(UTC) + timedelta(minutes=55)
    again = desk.refresh()
    assert (again.outcome, again.not_before) == (Outcome.FAILED, entry.not_before)
    assert len(desk.server.asked) == 1
    if how == "moved":
        text = desk.site.settings.read_text("utf-8").replace("/data/", "/jinde/")
        desk.site.settings.write_text(text, "utf-8")
    assert desk.refresh(force=how == "forced").outcome is Outcome.NEW
    assert desk.slept == []


@pytest.mark.parametrize("value", ["brzy", "-5", "²", ""])
def test_nonsense_in_retry_after_is_no_harm(desk: Desk, value: str) -> None:
    desk.answers(in_turn(lambda handler: handler.head(503, Retry_After=value), whole(REGISTER)))
    assert desk.refresh().is_good


# Redirects and addresses


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
def test_redirects_are_followed(server: Server, tmp_path: Path, code: int) -> None:
    hops = [status(code, Location=f"../krok/{n}?č=1".encode().decode("latin-1")) for n in range(5)]
    server.reply = in_turn(*hops, whole(REGISTER))
    answer = ask(server, tmp_path / "r.csv")
    assert answer.url == f"{server.url}/krok/4?%C4%8D=1"
    assert (tmp_path / "r.csv").read_bytes() == REGISTER


def test_redirects_come_to_an_end(server: Server, tmp_path: Path) -> None:
    server.reply = status(302, Location="/r.csv")
    with pytest.raises(RefreshError, match="more than 5"):
        ask(server, tmp_path / "r.csv")
    assert len(server.asked) == 6


@pytest.mark.parametrize(
    ("location", "told"),
    [
        ("http://169.254.169.254/latest/meta-data/", "not public"),
        ("http://localhost:{port}/", "not public"),  # allow_private is for the host that the configuration names
        ("http://[::1]:{port}/", "not public"),
        ("http://10.0.0.1/", "not public"),
        ("//0x7f.1:{port}/", "not public"),
        ("file:///etc/passwd", "http or https"),
        ("http://me:secret@127.0.0.1:{port}/", "password"),
        ("http://127.0.0.1:99999/", "not an address"),
    ],
)
def test_each_redirect_is_checked(server: Server, tmp_path: Path, location: str, told: str) -> None:
    server.reply = status(302, Location=location.format(port=server.server_port))
    with pytest.raises(RefreshError, match=told):
        ask(server, tmp_path / "r.csv")
    assert len(server.asked) == 1


@pytest.fixture
def no_connection(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    tried: list[object] = []

    def refuse(_: object, place: object) -> NoReturn:
        tried.append(place)
        raise OSError(f"somebody connects to {place}")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket.socket, "connect_ex", refuse)
    return tried


def resolve_to(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> list[str]:
    """Let every name have these addresses, the first list at the first question; return the names asked for."""
    left, asked = list(answers), []

    def getaddrinfo(host: str, port: int, **_: object) -> list[Any]:
        asked.append(host)
        addresses = left.pop(0) if len(left) > 1 else left[0]
        return [
            (socket.AF_INET6 if ":" in one else socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port))
            for one in addresses
        ]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return asked


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.1",
        "0x7f000001",
        "2130706433",
        "0177.0.0.1",
        "localhost",
        "0",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::ffff:8.8.8.8]",
        "[64:ff9b::7f00:1]",
        "[fe80::1]",
        "169.254.169.254",
        "100.100.100.200",
    ],
)
def test_own_network_is_not_asked(host: str, tmp_path: Path, no_connection: list[object]) -> None:
    request = Request(url=f"http://{host}/", user_agent="lod")
    with pytest.raises(RefreshError, match=r"not public|not found"):
        fetch(request, tmp_path / "r.csv", Limits(), lambda _: None)
    assert no_connection == []


@pytest.mark.parametrize("addresses", [["127.0.0.1"], ["93.184.216.34", "10.0.0.1"], ["2606:4700::1", "::1"]])
def test_public_name_of_a_private_address_is_not_asked(
    addresses: list[str], tmp_path: Path, no_connection: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    resolve_to(monkeypatch, addresses)
    with pytest.raises(RefreshError, match="not public"):
        fetch(Request(url="https://registr.example/", user_agent="lod"), tmp_path / "r.csv", Limits(), lambda _: None)
    assert no_connection == []


def test_name_is_resolved_once_and_that_address_is_asked(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = resolve_to(monkeypatch, ["127.0.0.1"], ["127.0.0.99"])
    request = Request(url=f"http://registr.example:{server.server_port}/r", user_agent="lod", allow_private=True)
    assert fetch(request, tmp_path / "r.csv", Limits(), lambda _: None).status == 200
    assert asked == ["registr.example"]
    assert server.asked[0][1]["Host"] == f"registr.example:{server.server_port}"


def test_next_address_is_tried_when_one_is_down(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolve_to(monkeypatch, ["127.0.0.99", "127.0.0.1"])
    request = Request(url=f"http://registr.example:{server.server_port}/r", user_agent="lod", allow_private=True)
    assert fetch(request, tmp_path / "r.csv", Limits(), lambda _: None).status == 200


PUBLIC = ["93.184.216.34", "8.8.8.8", "2606:4700::1111", "2001:4860:4860::8888", "64:ff9b::808:808"]
PRIVATE = ["10.0.0.1", "172.16.0.1", "192.168.1.1", "127.0.0.1", "100.64.0.1", "198.18.0.1", "192.0.2.1", "240.0.0.1"]
PRIVATE += ["192.0.0.8", "203.0.113.1", "::1", "fc00::1", "fd12::1", "2001:db8::1", "3fff::1", "64:ff9b::a00:1"]
NEVER = ["169.254.169.254", "224.0.0.1", "0.0.0.0", "::", "fe80::1", "ff02::1", "100.100.100.200", "168.63.129.16"]
NEVER += [
    "192.0.0.192",
    "fd00:ec2::254",
    "::ffff:8.8.8.8",
    "2002:808:808::1",
    "2001:0:808:808::1",
    "64:ff9b::a9fe:a9fe",
]


@pytest.mark.parametrize("text", PUBLIC + PRIVATE + NEVER)
def test_addresses_that_may_be_asked(text: str) -> None:
    address = ip_address(text)
    assert may_be_asked(address, allow_private=False) == (text in PUBLIC)
    assert may_be_asked(address, allow_private=True) == (text not in NEVER)


@given(st.ip_addresses(v=4), st.booleans())
def test_ipv4_wrapped_in_ipv6_gets_nowhere_further(address: IPv4Address, allowed: bool) -> None:
    mapped = IPv6Address(b"\0" * 10 + b"\xff\xff" + address.packed)
    six_to_four = IPv6Address(b"\x20\x02" + address.packed + b"\0" * 10)
    nat64 = IPv6Address(bytes.fromhex("0064ff9b") + b"\0" * 8 + address.packed)
    assert not may_be_asked(mapped, allow_private=allowed)
    assert not may_be_asked(six_to_four, allow_private=allowed)
    assert may_be_asked(nat64, allow_private=allowed) == may_be_asked(address, allow_private=allowed)


ADDRESSES = [
    ("file:///etc/passwd", "http or https"),
    ("ftp://registr.example/a.csv", "http or https"),
    ("registr.example/a.csv", "http or https"),
    ("//registr.example/a.csv", "http or https"),
    ("http://me:secret@registr.example/a.csv", "password"),
    ("http://me@registr.example/a.csv", "password"),
    ("http:///a.csv", "host name"),
    ("http://a_b c/a.csv", "space"),
    ("http://registr.example\\@zly.example/a.csv", "space or a control"),
    ("http://registr.example/a\n.csv", "space or a control"),
    ("http://registr.example:99999/a.csv", "not an address"),
    ("http://registr.example:0/a.csv", "host name"),
    ("http://[::1/a.csv", "not an address"),
    ("http://[fe80::1%25eth0]/a.csv", "host name"),
]


@pytest.mark.parametrize(("url", "told"), ADDRESSES)
def test_address_that_cannot_be_meant_is_refused(url: str, told: str) -> None:
    with pytest.raises(RefreshError, match=told):
        downloads.web_address(url)


def test_czech_address_is_written_in_ascii() -> None:
    url = "https://háčky.example/výpis (1).csv?rok=2026&co=všechno%20zde#list"
    with pytest.raises(RefreshError, match="space"):
        downloads.web_address(url)
    found = downloads.web_address(url.replace(" (", "("))
    assert found.geturl() == ("https://xn--hky-ela4t.example/v%C3%BDpis(1).csv?rok=2026&co=v%C5%A1echno%20zde")


@given(st.one_of(st.text(), st.text().map("http://a.example/{}".format), st.text().map("https://{}/".format)))
def test_address_is_refused_or_stays_itself(text: str) -> None:
    try:
        found = downloads.web_address(text)
    except RefreshError:
        return
    assert found.geturl().isascii()
    assert downloads.web_address(found.geturl()) == found


# TLS


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if not shutil.which("openssl"):
        pytest.skip("openssl is not here to make a certificate")
    folder = tmp_path_factory.mktemp("tls")
    subprocess.run(
        [
            "openssl",
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
            "-days",
            "2",
            "-subj",
            "/CN=registr.example",
            "-addext",
            "subjectAltName=DNS:registr.example",
            "-keyout",
            str(folder / "key.pem"),
            "-out",
            str(folder / "cert.pem"),
        ],
        check=True,
        capture_output=True,
    )
    return folder


@pytest.fixture
def secure(server: Server, certificate: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Request]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate / "cert.pem", certificate / "key.pem")
    server.socket = context.wrap_socket(server.socket, server_side=True)
    resolve_to(monkeypatch, ["127.0.0.1"])

    def request(host: str = "registr.example", *, trusted: bool = True) -> Request:
        if trusted:
            monkeypatch.setenv("SSL_CERT_FILE", str(certificate / "cert.pem"))
        return Request(url=f"https://{host}:{server.server_port}/r.csv", user_agent="lod", allow_private=True)

    return request


def test_https_checks_the_name_at_the_pinned_address(secure: Callable[..., Request], tmp_path: Path) -> None:
    assert fetch(secure(), tmp_path / "r.csv", Limits(), lambda _: None).sha256 == sha(REGISTER)


@pytest.mark.parametrize("wrong", [{"host": "jiny.example"}, {"trusted": False}])
def test_certificate_that_cannot_be_trusted(
    secure: Callable[..., Request], server: Server, tmp_path: Path, wrong: dict[str, Any]
) -> None:
    with pytest.raises(RefreshError, match="certificate is not trusted"):
        fetch(secure(**wrong), tmp_path / "r.csv", Limits(), lambda _: None)
    assert server.asked == []


def test_redirect_out_of_https_is_refused(secure: Callable[..., Request], server: Server, tmp_path: Path) -> None:
    server.reply = status(302, Location="http://registr.example/r.csv")
    with pytest.raises(RefreshError, match="from https to http"):
        fetch(secure(), tmp_path / "r.csv", Limits(), lambda _: None)


def test_tls_cut_short_is_no_end(secure: Callable[..., Request], server: Server, tmp_path: Path) -> None:
    """Without a length, only TLS can say that nothing is missing."""

    def cut(handler: Handler) -> None:
        handler.head(200)
        handler.wfile.write(REGISTER)
        time.sleep(0.2)  # the body is there before its end
        socket.socket.shutdown(handler.connection, socket.SHUT_RDWR)

    server.reply = cut
    with pytest.raises(RefreshError, match="ended early"):
        fetch(secure(), tmp_path / "r.csv", Limits(), lambda _: None)


# Crashes and company


def test_killed_in_the_middle(full: Desk) -> None:
    """The copy is what it was, and the next refresh finds its way."""
    begun = threading.Event()

    def half(handler: Handler) -> None:
        handler.head(200, Content_Length=10**6)
        handler.wfile.write(b"x" * 5 * 10**5)
        begun.set()
        handler.server.is_over.wait(60)

    full.answers(half)
    command = [sys.executable, "-m", "lod.cli", "refresh", "--config", str(full.site.settings)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        assert begun.wait(60)
        while not full.hidden("new").exists():
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert full.copy.read_bytes() == REGISTER
    log = full.site.folder / "downloads" / "refresh.jsonl"
    log.write_bytes(log.read_bytes() + b'{"source": "registr", "fi')  # torn as by the same crash
    assert full.answers(status(304)).refresh().outcome is Outcome.UNCHANGED
    assert [entry.outcome for entry in full.log] == [Outcome.NEW, Outcome.UNCHANGED]
    assert not full.hidden("new").exists()


def test_crash_before_the_record_is_written(full: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*_: object) -> NoReturn:
        raise KeyboardInterrupt

    content = REGISTER + "Další;CZ.1.04/3.1.00/05.00100;60609460\n".encode()
    full.answers(whole(content, ETag='"2"'))
    with monkeypatch.context() as patch:
        patch.setattr(downloads, "record", crash)
        with pytest.raises(KeyboardInterrupt):
            full.refresh()
    entry = full.refresh()
    assert "If-None-Match" not in full.last_headers
    assert (entry.outcome, entry.etag, entry.sha256) == (Outcome.UNCHANGED, '"2"', sha(content))
    assert full.copy.read_bytes() == content


def test_only_one_refresh_at_a_time(full: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    asked = len(full.server.asked)
    with downloads.locked(full.site.folder):
        assert cli.main(["refresh", "--config", str(full.site.settings)]) == 1
    assert "another lod refresh is running" in capsys.readouterr().err
    assert len(full.server.asked) == asked
    assert full.refresh().is_good


# What changed


ROW = st.tuples(st.sampled_from("abcd"), st.sampled_from("12"))


@settings(max_examples=50)
@given(st.lists(ROW, max_size=8), st.lists(ROW, max_size=8))
def test_difference_is_that_of_bags(
    tmp_path_factory: pytest.TempPathFactory, old: list[tuple[str, str]], new: list[tuple[str, str]]
) -> None:
    folder = tmp_path_factory.mktemp("copies")
    source = config.SourceConfig(name="registr", kind="records", files=(), rank=0)

    def written(name: str, rows: list[tuple[str, str]]) -> Path:
        path = folder / name
        path.write_text("nazev;obec\n" + "".join(f"{a};{b}\n" for a, b in rows), "utf-8")
        return path

    found = compare(written("old.csv", old), written("new.csv", new), source)
    gone, come = Counter(old) - Counter(new), Counter(new) - Counter(old)
    both = sum(
        min(sum(n for row, n in gone.items() if row[0] == key), sum(n for row, n in come.items() if row[0] == key))
        for key in "abcd"
    )
    assert (found.before, found.after) == (len(old), len(new))
    assert (found.added, found.removed, found.changed) == (come.total() - both, gone.total() - both, both)
    assert bool(found.examples) == (Counter(old) != Counter(new))


def test_old_copy_that_the_configuration_no_longer_fits(full: Desk) -> None:
    full.copy.write_bytes(b"a;b\n1;2\n")
    entry = full.refresh()
    assert entry.outcome is Outcome.CHANGED
    assert entry.difference == downloads.Difference(None, len(ROWS))


# The configuration


def load(folder: Path, text: str) -> config.SourceConfig:
    path = folder / "lod.toml"
    path.write_text(HEAD + text, "utf-8")
    return config.load(path).sources[0]


def test_url_names_the_file(tmp_path: Path) -> None:
    text = '[[source]]\nname = "registr"\nkind = "records"\nurl = "https://a.example/x/v%C3%BDpis.csv?rok=1"\n'
    found = load(tmp_path, text)
    assert found.url == {"výpis.csv": "https://a.example/x/v%C3%BDpis.csv?rok=1"}
    assert found.files == ("downloads/registr/výpis.csv",)
    assert not found.allow_private
    text += 'files = ["downloads/registr/*", "registers/*.csv"]\nmost_bytes = 5\nmost_seconds = 6\n'
    found = load(tmp_path, text)
    assert found.files == ("downloads/registr/*", "registers/*.csv")
    assert (found.most_bytes, found.most_seconds) == (5, 6)


@pytest.mark.parametrize(
    ("setting", "told"),
    [
        *((f"url = {json.dumps(url)}", told) for url, told in ADDRESSES),
        ('url = "https://a.example/"', "file to be called"),
        ('url = "https://a.example/export?format=csv"', "file to be called"),
        ('url = "https://a.example/%2e%2e%2fx.csv"', "file to be called"),
        ('url = { "../x.csv" = "https://a.example/" }', "file to be called"),
        ('url = { ".x.csv" = "https://a.example/" }', "file to be called"),
        ('url = { "a*.csv" = "https://a.example/" }', "file to be called"),
        ('url = { "a.csv" = 5 }', "expected"),
        ('url = { "a.csv" = "file:///etc/passwd" }', "http or https"),
        ("url = 5", "url"),
        ('url = "https://a.example/a.csv"\nmost_bytes = 0', "most_bytes"),
        ('url = "https://a.example/a.csv"\nallow_private = "ano"', "allow_private"),
        ("url = {}", "files"),
    ],
)
def test_url_that_cannot_be_meant_is_refused(tmp_path: Path, setting: str, told: str) -> None:
    with pytest.raises(ConfigError, match=told) as refused:
        load(tmp_path, f'[[source]]\nname = "registr"\nkind = "records"\n{setting}\n')
    assert "registr" in str(refused.value)


@pytest.mark.parametrize("name", ["../x", "a/b", "..", ".", "a*", "a b"])
def test_name_that_is_no_folder_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ConfigError, match="folder"):
        load(tmp_path, f'[[source]]\nname = "{name}"\nkind = "records"\nurl = "https://a.example/a.csv"\n')


# The command


def test_command_says_what_changed(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    def run(*args: str) -> tuple[int, str, str]:
        code = cli.main(["refresh", "--config", str(desk.site.settings), *args])
        return (code, *capsys.readouterr())

    assert run() == (0, f"registr/registr.csv: nové / new; {len(REGISTER)} B; záznamů / records 8\n", "")
    code, out, _ = run("registr")
    assert code == 0
    assert out.startswith("registr/registr.csv: beze změny / unchanged; od / since 20")
    desk.answers(whole((HEADER + "".join(ROWS[1:])).encode()))
    code, out, _ = run("--dry-run")
    assert code == 0
    assert "8 → 7; přibylo / added 0, ubylo / removed 1, změněno / changed 0 (− CZ.1.04/3.1.00/05.00001)" in out
    desk.answers(status(404))
    code, out, err = run()
    assert (code, out) == (1, "")
    assert "nestaženo / not downloaded; server odpověděl 404 Not Found / the server answered 404 Not Found" in err
    assert "the copy at hand stays" in err
    code, _, err = run("registry")
    assert code == 2
    assert "did you mean registr?" in err


def test_nothing_to_refresh(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["refresh", "--config", str(site.settings)]) == 0
    assert "no source has a url" in capsys.readouterr().err


# A build never touches the network


def build(site: Site, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    code = cli.main(["build", "--config", str(site.settings)])
    return code, capsys.readouterr().err


def test_build_reads_the_last_good_copy_and_never_connects(
    full: Desk, capsys: pytest.CaptureFixture[str], no_connection: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    def nobody(*_: object, **__: object) -> NoReturn:
        raise AssertionError("somebody asks for a name")

    monkeypatch.setattr(socket, "getaddrinfo", nobody)
    code, err = build(full.site, capsys)
    assert code == 0, err
    assert no_connection == []
    manifest = json.loads((full.site.releases / "current" / "manifest.json").read_text("utf-8"))
    assert manifest["sources"]["registr"]["downloads/registr/registr.csv"] == {
        "sha256": sha(REGISTER),
        "url": f"{full.server.url}/data/registr.csv",
        "retrieved": full.log[0].time,
    }


@pytest.mark.parametrize("least", ["", "least = 0"])
def test_build_without_a_copy_stops_and_says_why(
    desk: Desk, capsys: pytest.CaptureFixture[str], no_connection: list[object], least: str
) -> None:
    make_site(desk.site.folder, desk.site.vocabulary, SOURCE.format(url=desk.server.url) + least)
    code, err = build(desk.site, capsys)
    assert code == 1
    assert "source registr has not been downloaded yet (downloads/registr/registr.csv), run lod refresh" in err
    assert cli.main(["check", "--config", str(desk.site.settings)]) == 1
    assert "run lod refresh registr" in capsys.readouterr().out
    assert no_connection == []


def test_build_after_a_failed_refresh_goes_on(full: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    full.answers(whole(PAGE)).refresh()
    assert build(full.site, capsys)[0] == 0


def test_somebody_may_go_back_to_the_previous_copy(full: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    full.answers(whole(REGISTER + "Další;;\n".encode())).refresh()
    full.hidden("previous").replace(full.copy)
    assert build(full.site, capsys)[0] == 0
    manifest = json.loads((full.site.releases / "current" / "manifest.json").read_text("utf-8"))
    described = manifest["sources"]["registr"]["downloads/registr/registr.csv"]
    assert (described["sha256"], described["retrieved"]) == (sha(REGISTER), full.log[0].time)
