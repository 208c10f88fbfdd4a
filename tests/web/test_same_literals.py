"""Dump, store and pages say the same, literal for literal, whatever the source printed."""

from __future__ import annotations

import gzip
import re

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient
from lxml import html

from lod import release
from lod.rdf import subject
from lod.store import Embedded, Query
from lod.terms import Vocabulary
from lod.web.app import create_app
from lod.web.site import Site as Served

from ..conftest import BASE, Site, make_site

LITERAL = re.compile(r'"(.*)"(?:@[a-z]+|\^\^<[^>]*>)? \.')


def unescaped(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)


@pytest.fixture(scope="module")
def difficult(tmp_path_factory: pytest.TempPathFactory, vocabulary: Vocabulary) -> Site:
    site = make_site(tmp_path_factory.mktemp("same"), vocabulary)
    site.record(
        nazev='Plán „A/B“ \\ "C" <b>&amp;</b> c\u030c \U0001f600',
        shrnuti="První řádek\ndruhý\tsloupec\u2028konec\u0007",
        zahajeni="9/2012",
        ukonceni="28. 2. 2014",
        castka_celkem="2 768 250,00 Kč",
        castka_zpusobila="700000.10",
        castka_eu="0,50",
        castka_vlastni="1,5 mil. Kč",
        vystupy=[{"co": "školy", "pocet": "1 000,0"}, {"co": "žáci", "pocet": "340.50"}],
    )
    site.record("druhy", registracni_cislo="CZ.1.04/3.1.00/05.00098", zahajeni="2012", castka_celkem="-0")
    outcome = site.build()
    assert outcome.stopped == []
    return site


@pytest.fixture(scope="module")
def dumped(difficult: Site) -> dict[str, set[str]]:
    """The lines of the dump by their subjects."""
    made = release.current(difficult.releases)
    assert made is not None
    found: dict[str, set[str]] = {}
    (path,) = (made.path / "dumps").glob("*.nq.gz")
    for line in gzip.decompress(path.read_bytes()).decode().removesuffix("\n").split("\n"):
        found.setdefault(subject(line), set()).add(line)
    return found


@pytest.fixture(scope="module")
def client(difficult: Site) -> FlaskClient:
    return create_app(Served(difficult.config)).test_client()


def test_the_store_answers_with_the_lines_of_the_dump(difficult: Site, dumped: dict[str, set[str]]) -> None:
    made = release.current(difficult.releases)
    assert made is not None
    store = Embedded.open(made.path / "store")
    for iri, lines in dumped.items():
        if iri.startswith(f"{BASE}zdroj/projekty/"):
            answer = store.answer(Query(f"CONSTRUCT WHERE {{ <{iri}> ?p ?o }}"))
            assert isinstance(answer, ox.QueryTriples)
            assert {f"{triple} ." for triple in answer} == lines


def test_documents_and_pages_say_what_the_dump_says(client: FlaskClient, dumped: dict[str, set[str]]) -> None:
    things = [iri for iri in dumped if re.fullmatch(f"{BASE}zdroj/projekty/[^/]+", iri)]
    assert len(things) == 2
    everything: set[str] = set()
    for thing in things:
        own = {line for iri, lines in dumped.items() if iri == thing or iri.startswith(f"{thing}/") for line in lines}
        path = thing.removeprefix(f"{BASE}zdroj")
        document = client.get(f"{path}.nt").text.removesuffix("\n").split("\n")
        assert {line for line in document if subject(line) == thing or subject(line).startswith(f"{thing}/")} == own
        cells = html.fromstring(client.get(f"{path}.html").text).iter("td", "span")
        shown = {"".join(map(str, cell.itertext())).strip() for cell in cells}
        stated = {unescaped(match[1]) for line in own if (match := LITERAL.search(line))}
        assert stated <= shown
        everything |= stated
    assert {"2768250", "700000.1", "0.5", "1500000", "2012-09", "2012", "2014-02-28", "340.5", "0"} <= everything
