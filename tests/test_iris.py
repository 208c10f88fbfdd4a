from __future__ import annotations

from urllib.parse import unquote

import pyoxigraph as ox
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lod import clean
from lod.errors import ConfigError
from lod.iris import COLLECTIONS, Iris, number_slug, slug_number

from .conftest import BASE

IRIS = Iris(BASE)
# Texts as they come to IRIs: composed, trimmed, without controls.
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=40).map(clean.text)
NUMBERS = TEXT.filter(bool) | st.from_regex(r"[A-Z]{2}[.~_%/-]{1,3}[0-9/~-]{1,8}", fullmatch=True)


@given(NUMBERS)
@example("CZ.1.04/3.1.00/05.00037")
@example("20RRD11-0020")
@example("A~B/C-D%2F")
def test_number_comes_back_from_its_slug(number: str) -> None:
    slug = number_slug(number)
    assert slug_number(slug) == number
    assert "/" not in slug
    assert slug.isascii()


def test_slug_of_a_number_reads_like_the_number() -> None:
    assert number_slug("CZ.03.2.60/0.0/0.0/15_005/0000057") == "CZ.03.2.60-0.0-0.0-15_005-0000057"
    assert number_slug("20RRD11-0020") == "20RRD11~0020"


@given(st.sets(NUMBERS, min_size=2, max_size=2))
@example({"A-B", "A/B"})
@example({"A~B", "A-B"})
def test_two_numbers_never_share_an_iri(numbers: set[str]) -> None:
    assert len({IRIS.project(number=number) for number in numbers}) == 2


@given(NUMBERS, TEXT, TEXT)
def test_iris_are_plain_ascii(number: str, name: str, title: str) -> None:
    for iri in (
        IRIS.project(number=number),
        IRIS.project(ico="60609460", title=title),
        IRIS.project(owner=name, title=title),
        IRIS.organisation(name=name, seat=title),
    ):
        assert iri.isascii()
        assert ox.NamedNode(iri).value == iri
        assert iri.startswith(f"{BASE}zdroj/")


@given(NUMBERS)
@example("CZ.1.04/3.1.00/05.00037")
@example("Žádost č. 5")
@example("100%")
@example("A~B")
def test_request_path_in_any_encoding_finds_the_thing(number: str) -> None:
    iri = IRIS.project(number=number)
    path = iri.removeprefix(f"{BASE}zdroj/projekty/")
    assert IRIS.from_path("projekty", unquote(path)) == iri
    assert IRIS.from_path("projekty", unquote(f"{path}/prispevky/eu")) == f"{iri}/prispevky/eu"


@pytest.mark.parametrize("decoded", ["Žádost-5", "Z\u030ca\u0301dost-5"])
def test_request_path_may_be_decomposed(decoded: str) -> None:
    assert IRIS.from_path("projekty", decoded) == IRIS.project(number="Žádost/5")


def test_project_is_named_by_number_then_stored_slug_then_beneficiary_and_title() -> None:
    facts = {"stored": "ulozeny", "ico": "60609460", "owner": "Kraj", "title": "Oprava školy"}
    assert IRIS.project(number="A/1", **facts) == f"{BASE}zdroj/projekty/A-1"
    assert IRIS.project(**facts) == f"{BASE}zdroj/projekty/ulozeny"
    del facts["stored"]
    assert IRIS.project(**facts) == f"{BASE}zdroj/projekty/60609460-oprava-skoly"
    del facts["ico"]
    assert IRIS.project(**facts) == f"{BASE}zdroj/projekty/kraj-oprava-skoly"


def test_organisation_is_named_by_ico_then_by_name_and_seat() -> None:
    assert IRIS.organisation(ico="60609460", name="Kraj", seat="Olomouc") == f"{BASE}zdroj/organizace/60609460"
    assert IRIS.organisation(name="Spolek Žába", seat="Zlín") == f"{BASE}zdroj/organizace/spolek-zaba-zlin"
    assert IRIS.organisation(name="Spolek Žába") == f"{BASE}zdroj/organizace/spolek-zaba"


def test_names_in_another_script_stay_apart() -> None:
    first, second = IRIS.organisation(name="Товариство"), IRIS.organisation(name="Громада")
    assert first != second
    assert IRIS.split(first)[0] == "organizace"
    assert IRIS.project(ico="60609460", title="Міст") != IRIS.project(ico="60609460", title="Школа")


@pytest.mark.parametrize(
    ("rest", "collection", "key"),
    [
        ("projekty/A-1", "projekty", "A-1"),
        ("projekty/A-1/prispevky/eu/castka", "projekty", "A-1"),
        ("organizace/60609460/sidlo", "organizace", "60609460"),
        ("programy/CZ.1.04/3.1", "programy", "CZ.1.04/3.1"),
    ],
)
def test_a_part_belongs_to_its_thing(rest: str, collection: str, key: str) -> None:
    assert IRIS.split(f"{BASE}zdroj/{rest}") == (collection, key)
    assert IRIS.document(f"{BASE}zdroj/{rest}") == f"{BASE}{collection}/{key}"


@pytest.mark.parametrize(
    "iri",
    [
        f"{BASE}projekty/A-1",
        f"{BASE}zdroj/projekty",
        f"{BASE}zdroj/projekty/",
        f"{BASE}zdroj/jine/A-1",
        f"{BASE}zdroj/",
        "https://jinde.example/zdroj/projekty/A-1",
        "",
    ],
)
def test_foreign_iri_is_not_ours(iri: str) -> None:
    with pytest.raises(KeyError):
        IRIS.split(iri)


def test_every_collection_is_read_back() -> None:
    for collection in COLLECTIONS:
        assert IRIS.split(IRIS.thing(collection, "klic")) == (collection, "klic")


@pytest.mark.parametrize(
    "base",
    [
        "",
        "projekty.example/",
        "ftp://projekty.example/",
        "https://projekty.example",
        "https:///",
        "https://projekty.example/?a=/",
        "https://projekty.example/#/",
        "https://projekty example/",
        "https://projekty.example/<a>/",
        'https://projekty.example/"/',
    ],
)
def test_base_that_cannot_carry_iris_is_refused(base: str) -> None:
    with pytest.raises(ConfigError, match="base"):
        Iris(base)


@pytest.mark.parametrize("base", ["http://localhost:8000/", "https://kraj.example/projekty/"])
def test_base_with_port_or_path_is_fine(base: str) -> None:
    iris = Iris(base)
    assert iris.split(iris.project(number="A/1")) == ("projekty", "A-1")
