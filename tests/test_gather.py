from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lod import gather
from lod.iris import DATA_BOX, NUTS, RPP, RUIAN, Iris
from lod.model import (
    Call,
    Document,
    Entity,
    Mention,
    Project,
    RegisteredOrganisation,
    Text,
    UnidentifiedOrganisation,
)
from lod.project import generic_label
from lod.terms import Vocabulary

from .conftest import BASE

IRIS = Iris(BASE)
VOCABULARY = Vocabulary(BASE)
NAMES = st.sampled_from(["", "Zlínský kraj", "ZLÍNSKÝ KRAJ", "Kraj Zlín", "Zlinsky kraj", "Krajský úřad"])


def mention(name: str = "Zlínský kraj", ico: str = "70891320", town: str = "", **facts: object) -> Mention:
    address = {"post_name": town} if town else {}
    made = Mention(iri=IRIS.organisation(ico=ico, name=name, seat=town), name=name, ico=ico, address=address)
    return replace(made, **facts)  # type: ignore[arg-type]


@st.composite
def mentions(draw: st.DrawFn) -> Mention:
    ico = draw(st.sampled_from(["", "70891320", "60609460"]))
    name = draw(NAMES) or ("" if ico else "Spolek")
    return mention(
        name,
        ico,
        draw(st.sampled_from(["", "Zlín", "Olomouc"])),
        rank=draw(st.integers(0, 2)),
        region=draw(st.sampled_from(["", "141", "124"])),
        nuts=draw(st.sampled_from(["", "CZ072"])),
        homepage=draw(st.sampled_from(["", "https://a.example/", "https://b.example/"])),
        data_box=draw(st.sampled_from(["", "scsbwku", "QIABFMF"])),
        legal_form=draw(st.sampled_from(["", "804"])),
        public_body=draw(st.booleans()),
        source=draw(st.sampled_from(["", f"{BASE}zdroj/dokumenty/a", f"{BASE}zdroj/dokumenty/b"])),
    )


@given(st.lists(mentions(), max_size=8), st.randoms(use_true_random=False))
def test_order_of_mentions_does_not_matter(found: list[Mention], chance: random.Random) -> None:
    shuffled = list(found)
    chance.shuffle(shuffled)
    first, second = gather.organisations(found, VOCABULARY), gather.organisations(shuffled, VOCABULARY)
    assert first == second
    assert list(first) == list(second)


@given(st.lists(mentions(), min_size=1, max_size=8))
def test_there_is_one_organisation_an_ico(found: list[Mention]) -> None:
    made = gather.organisations(found, VOCABULARY)
    registered = [one.ico for one in made.values() if isinstance(one, RegisteredOrganisation)]
    assert sorted(registered) == sorted({one.ico for one in found if one.ico})
    assert set(made) == {one.iri for one in found}
    assert all(one.legal_name[0].value for one in made.values())


def only(*found: Mention) -> RegisteredOrganisation | UnidentifiedOrganisation:
    (made,) = gather.organisations(found, VOCABULARY).values()
    assert isinstance(made, (RegisteredOrganisation, UnidentifiedOrganisation))
    return made


def test_the_earlier_source_wins_and_the_later_completes() -> None:
    made = only(
        mention("Krajský úřad", rank=2, homepage="https://b.example/", data_box="SCSBWKU", town="Praha"),
        mention("Zlínský kraj", rank=0, homepage="https://a.example/", town="Zlín"),
        mention("Krajský úřad", rank=1, legal_form="804", nuts="CZ072", region="141", municipality="585068"),
    )
    assert made.legal_name == (Text("Zlínský kraj"),)
    assert made.other_name == (Text("Krajský úřad"),)
    assert made.homepage == "https://a.example/"
    assert (made.data_box, made.data_box_id) == (f"{DATA_BOX}scsbwku", "scsbwku")
    assert made.legal_form == f"{BASE}zdroj/pravni-formy/804"
    assert made.registered_site is not None
    assert made.registered_site.address.post_name == "Zlín"
    assert set(made.registered_site.place) == {f"{RUIAN}obec/585068", f"{RUIAN}vusc/141", f"{NUTS}CZ072"}


def test_the_more_frequent_name_wins_within_a_source_and_the_others_are_kept_once() -> None:
    made = only(mention("Kraj Zlín"), mention("Zlínský kraj"), mention("Zlínský kraj"), mention("ZLÍNSKÝ  KRAJ"))
    assert made.legal_name == (Text("Zlínský kraj"),)
    assert made.other_name == (Text("Kraj Zlín"),)


def test_ico_stands_in_for_a_name_that_nobody_gave() -> None:
    assert only(mention("")).legal_name == (Text("70891320"),)


def test_without_an_ico_the_organisation_is_unidentified() -> None:
    made = only(mention("Spolek", ico="", town="Zlín", public_body=True))
    assert isinstance(made, UnidentifiedOrganisation)
    assert made.public_body is None
    assert made.iri == f"{BASE}zdroj/organizace/spolek-zlin"


def test_same_name_in_two_towns_is_two_organisations() -> None:
    assert len(gather.organisations([mention("Spolek", "", "Zlín"), mention("Spolek", "", "Brno")], VOCABULARY)) == 2


def test_public_body_is_linked_to_its_register() -> None:
    made = only(mention(), mention(public_body=True))
    assert made.public_body == f"{RPP}70891320"


def test_sources_are_all_kept() -> None:
    made = only(mention(source=f"{BASE}b"), mention(source=f"{BASE}a"), mention(source=f"{BASE}b"), mention())
    assert made.source == (f"{BASE}a", f"{BASE}b")


@pytest.mark.parametrize("label", ["Aktivity", "Žadatelé"])
def test_a_named_thing_wins_over_a_made_name(label: str) -> None:
    iri, owner = f"{BASE}zdroj/vyzvy/CZ.1.04-05", f"{BASE}zdroj/programy/CZ.1.04"
    generic = Call(iri=iri, label=generic_label(Call, "05"), notation="05", part_of=owner)
    named = replace(generic, label=(Text(label),))
    assert gather.merge([generic, named]) == gather.merge([named, generic]) == {iri: named}


@pytest.mark.parametrize("title", ["A", "Ž"])
def test_the_fuller_mention_of_a_thing_wins(title: str) -> None:
    full = (Text("Plán"), Text("Plan", "en"))
    things: list[Entity] = [
        Document(iri=f"{BASE}d", title=(Text(title),)),
        Document(iri=f"{BASE}d", title=full),
        Project(iri=f"{BASE}p", title=(Text(title),)),
        Project(iri=f"{BASE}p", title=full),
    ]
    expected = {thing.iri: thing for thing in things[1::2]}
    assert gather.merge(things) == gather.merge(reversed(things)) == expected
