"""The real server: switching releases, withdrawn things, no release at all, and the whole from outside."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import subprocess
import sys
import urllib.request
from pathlib import Path

import pyshacl
import pytest
from rdflib import SH, Graph

from lod import config, pipeline
from lod.config import Config
from lod.terms import Vocabulary
from lod.web.app import create_app
from lod.web.site import Site

from .conftest import ROOT, Serve

SUITES = ROOT.parent / "shared" / "suites"


def fetch(url: str, accept: str = "*/*") -> tuple[int, str]:
    request = urllib.request.Request(url, headers={"Accept": accept})
    with urllib.request.urlopen(request, timeout=20) as answer:
        return answer.status, answer.read().decode()


def test_curl_follows_one_iri_to_turtle(server: str) -> None:
    status, text = fetch(f"{server}/zdroj/projekty/CZ.1.04-3.1.00-05.00037", "text/turtle")
    assert status == 200
    assert len(Graph().parse(data=text, format="turtle")) > 50


@pytest.mark.parametrize("port", ["99999", "-1", "taken"])
def test_an_address_that_cannot_be_listened_at_is_said_at_once(settings: Config, server: str, port: str) -> None:
    port = server.rpartition(":")[2] if port == "taken" else port
    command = [sys.executable, "-m", "lod.cli", "serve", "--config", str(settings.path), "--port", port]
    run = subprocess.run(command, capture_output=True, text=True, check=False, timeout=30)
    assert run.returncode == 2
    assert "cannot listen" in run.stderr
    assert "Traceback" not in run.stderr


@pytest.fixture
def small(tmp_path: Path) -> Config:
    """The two record files alone, in a place of their own."""
    folder = tmp_path / "data"
    shutil.copytree(ROOT / "data", folder, ignore=shutil.ignore_patterns("releases", "cz-projects*", "operace*"))
    text = (folder / "lod.toml").read_text("utf-8")
    (folder / "lod.toml").write_text(text.partition("# 2007-2013 projects")[0], "utf-8")
    return config.load(folder / "lod.toml")


def test_a_switch_is_noticed_and_withdrawn_things_are_gone(small: Config) -> None:
    vocabulary = Vocabulary(small.base)
    pipeline.build(small, vocabulary)
    client = create_app(Site(small, vocabulary)).test_client()
    path = "/projekty/70891320-vzdelavani-v-oblasti-komunitniho-planovani"
    first = client.get(f"{path}.ttl")
    assert first.status_code == 200

    (small.folder / "records" / "zlinsky-kraj-vzdelavani.toml").unlink()
    small_again = config.load(small.path)
    stopped = pipeline.build(small_again, vocabulary)
    assert stopped.stopped, "half of the records is below 90 % of the last release"
    assert client.get(f"{path}.ttl").headers["ETag"] == first.headers["ETag"]

    text = small.path.read_text("utf-8").replace('name = "zaznamy"', 'name = "zaznamy"\nleast = 1')
    small.path.write_text(text, "utf-8")
    assert pipeline.build(config.load(small.path), vocabulary).release
    gone = client.get(f"{path}.ttl")
    assert gone.status_code == 410
    assert client.get("/zdroj" + path).status_code == 410
    assert client.get("/organizace/60609460.ttl").headers["ETag"] != first.headers["ETag"]


def test_without_a_release_the_site_says_so(small: Config) -> None:
    client = create_app(Site(small)).test_client()
    for path in ("/", "/projekty", "/sparql?query=ASK%7B%7D", "/healthz", "/katalog"):
        answer = client.get(path)
        assert answer.status_code == 503, path
        assert "Traceback" not in answer.text


def test_a_base_below_a_path(small: Config) -> None:
    nested = small.with_base("https://kraj.example/opendata/")
    vocabulary = Vocabulary(nested.base)
    pipeline.build(nested, vocabulary)
    client = create_app(Site(nested, vocabulary)).test_client()
    hop = client.get("/opendata/zdroj/organizace/60609460", headers={"Accept": "text/turtle"})
    assert (hop.status_code, hop.headers["Location"]) == (303, "/opendata/organizace/60609460.ttl")
    assert "<https://kraj.example/opendata/zdroj/organizace/60609460>" in client.get(hop.headers["Location"]).text
    page = client.get("/opendata/organizace/60609460", headers={"Accept": "text/html"}).text
    assert 'href="/opendata/' in page


@pytest.mark.slow
def test_the_whole_release_conforms_from_outside(settings: Config, site: Site) -> None:
    """pySHACL over the N-Triples dump and the shape files, without any of our code."""
    data = Graph()
    dump = site.serving.release.path / "dumps" / "projekty.nt.gz"
    data.parse(data=gzip.decompress(dump.read_bytes()), format="nt")
    shapes = Graph()
    for path in sorted((ROOT / "shapes").glob("*.ttl")):
        shapes.parse(path, format="turtle")
    conforms, report, _ = pyshacl.validate(data, shacl_graph=shapes, allow_warnings=True)
    assert conforms, list(report.objects(None, SH.resultMessage))[:5]


@pytest.mark.slow
@pytest.mark.skipif(not SUITES.is_dir(), reason="the conformance suites are not beside this checkout")
@pytest.mark.parametrize(
    ("data", "script", "arguments", "failures"),
    [
        ("s01_protocol/protocol-data.nq", "s01_protocol/run.py", ["--readonly"], 0),
        ("s01_protocol/protocol-data.nq", "s03_service_description/run.py", [], 0),
        # What the engine itself does not pass over HTTP (blank-node graphs, bnode labels): see docs/architecture.md.
        ("s02_eval_http/eval-data.nq", "s02_eval_http/run.py", ["--only", "11"], 12),
        ("s02_eval_http/eval-data.nq", "s02_eval_http/run.py", ["--only", "10"], 15),
        ("s02_eval_http/eval-data.nq", "s02_eval_http/run.py", ["--syntax", "--only", "11"], 1),
    ],
)
def test_official_suites(serve: Serve, data: str, script: str, arguments: list[str], failures: int) -> None:
    address = serve("--data", str(SUITES / data))
    command = [sys.executable, str(SUITES / script), f"{address}/sparql", *arguments]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    summary = run.stdout.strip().splitlines()[-1]
    failed = int(summary.split(" failed")[0].rpartition(" ")[2])
    assert failed <= failures, run.stdout


@pytest.mark.slow
@pytest.mark.skipif(not SUITES.is_dir(), reason="the conformance suites are not beside this checkout")
def test_the_description_of_a_release_is_true(server: str, settings: Config) -> None:
    script = SUITES / "s03_service_description" / "run.py"
    command = [sys.executable, str(script), f"{server}/sparql", "--public-url", f"{settings.base}sparql"]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout


@pytest.mark.slow
@pytest.mark.skipif(not (SUITES.parent / "node").is_dir(), reason="the suites' JavaScript clients are not installed")
def test_clients_of_others_understand_the_endpoint(server: str) -> None:
    command = [sys.executable, str(SUITES / "s17_clients" / "run.py"), "--sparql", f"{server}/sparql"]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout


@pytest.mark.slow
@pytest.mark.skipif(not SUITES.is_dir(), reason="the conformance suites are not beside this checkout")
def test_vocabulary_lint(settings: Config, site: Site, tmp_path: Path) -> None:
    dump = tmp_path / "projekty.nq"
    dump.write_bytes(gzip.decompress((site.serving.release.path / "dumps" / "projekty.nq.gz").read_bytes()))
    command = [sys.executable, str(SUITES / "s16_vocab" / "run.py"), str(dump)]
    run = subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, "MAXFAIL": "999"})
    # rdflib, by which the lint reads literals, knows no value of a gYear or gYearMonth, well-formed or not.
    failed = [line for line in run.stdout.splitlines() if line.startswith("FAIL") and "XMLSchema#gYear" not in line]
    assert failed == []
    assert " passed" in run.stdout


def test_raptor_reads_the_dumps(site: Site, tmp_path: Path) -> None:
    if not shutil.which("rapper"):
        pytest.skip("rapper (raptor2-utils) is not installed")
    expected = json.loads((site.serving.release.path / "manifest.json").read_text())["counts"]["triples"]
    for extension, syntax in (("nt", "ntriples"), ("ttl", "turtle"), ("rdf", "rdfxml")):
        plain = tmp_path / f"d.{extension}"
        packed = site.serving.release.path / "dumps" / f"projekty.{extension}.gz"
        plain.write_bytes(gzip.decompress(packed.read_bytes()))
        command = ["rapper", "-q", "-i", syntax, "-o", "ntriples", str(plain), "http://b/"]
        run = subprocess.run(command, capture_output=True, text=True, check=True)
        assert len(set(run.stdout.splitlines())) == expected
