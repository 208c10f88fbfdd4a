"""A person reviews what was extracted: as a form without scripts, and in a real browser."""

from __future__ import annotations

import contextlib
import re
import shutil
import subprocess
import sys
import threading
import tomllib
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from jinja2.bccache import Bucket, BytecodeCache
from lxml import html
from playwright.sync_api import Browser, expect, sync_playwright
from playwright.sync_api import Page as Tab
from rdflib.namespace import SKOS
from werkzeug.serving import make_server
from werkzeug.test import TestResponse

from lod import cli
from lod.errors import ConfigError, UnreadableFileError
from lod.extract import Fact, Found, Page, Span
from lod.extract.page import parse
from lod.model import Finding
from lod.review import paths, records, server, source
from lod.review.app import create_app
from lod.review.desk import Desk, readable
from lod.review.draft import Draft, Item, Written, canonical
from lod.review.places import Places
from lod.terms import Vocabulary
from lod.validation.validator import Page as ShapesPage
from lod.validation.validator import Validator

from .conftest import RECORDS, REPOSITORY, Site, make_site, violations

SHARED = REPOSITORY.parent / "shared"
PORT = 8765
HOST = f"127.0.0.1:{PORT}"

SOURCE = """<!doctype html><html lang="cs"><head><meta charset="utf-8"><title>Město Lomná</title></head>
<body><nav class="menu"><ul><li>Úvod</li><li>Kontakty</li></ul></nav>
<main><h1>Dětská skupina Vrabčák</h1>
<p>Město otevřelo ve dvoře bývalé školy dětskou skupinu. Projekt pomohl 24 rodičům.</p>
<table><tr><th>Registrační číslo</th><td>CZ.03.1.51/0.0/0.0/16_071/0009999</td></tr>
<tr><th>Příjemce</th><td>Statutární město Olomouc, IČO: 002 99 308</td></tr>
<tr><th>Období</th><td>1. 9. 2017 – 31. 8. 2020</td></tr>
<tr><th>Způsobilé výdaje</th><td>4 512 300,50 Kč</td></tr></table>
<h2>Partneři</h2><ul><li>Spolek Kolem stolu, z. s.</li><li>Základní škola Na Stráni</li></ul>
<p>Otevřeno je každý všední den od 7 do 17 hodin.</p></main>
<footer><p>Horní náměstí 583, 779 11 Olomouc</p></footer></body></html>"""

PAGE = parse(SOURCE, "a.html")


def fact(page: Page, field: str, words: str, value: str = "", confidence: float = 0.97) -> Fact:
    """Return a fact whose evidence is the first place of these words."""
    line = next(line for line in page.lines if words in line.text)
    start = line.text.index(words)
    return Fact(field, value or words, Span(line.index, start, start + len(words)), "label", confidence)


def find(page: Page, vocabulary: Vocabulary | None = None) -> list[Found]:
    """Stand in for the extractor: what it would say of SOURCE."""
    sure = [
        fact(page, "title", "Dětská skupina Vrabčák"),
        fact(page, "registration_number", "CZ.03.1.51/0.0/0.0/16_071/0009999"),
        fact(page, "beneficiary", "Statutární město Olomouc"),
        fact(page, "ico", "002 99 308", "00299308"),
        fact(page, "start", "1. 9. 2017", "2017-09-01"),
        fact(page, "end", "31. 8. 2020", "2020-08-31"),
        fact(page, "eligible", "4 512 300,50 Kč", "4512300.5"),
        fact(page, "partners[1].beneficiary", "Spolek Kolem stolu, z. s."),
        fact(page, "partners[2].beneficiary", "Základní škola Na Stráni"),
    ]
    return [Found(sure, [fact(page, "post_code", "779 11", "77911", confidence=0.6)])]


class Compiled(BytecodeCache):
    """Templates that were compiled already."""

    def __init__(self) -> None:
        self.code: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self.code:
            bucket.bytecode_from_string(self.code[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.code[bucket.key] = bucket.bytecode_to_string()


@pytest.fixture(scope="module", autouse=True)
def once() -> Iterator[None]:
    """Compile each template and judge the same lines once for all reviews here: that took most of these tests."""
    told: dict[object, list[Finding]] = {}
    check = Validator.check

    def remember(validator: Validator, page: ShapesPage) -> list[Finding]:
        key = frozenset(page.lines), frozenset(page.known.items())
        if key not in told:
            told[key] = check(validator, page)
        return list(told[key])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Validator, "check", remember)
        patch.setitem(Flask.jinja_options, "bytecode_cache", Compiled())
        yield


class Review:
    """One review with a client that the guard lets in, and forms sent as a browser sends them."""

    def __init__(self, site: Site, files: list[Path], finder: Callable[[Page, Vocabulary], list[Found]] = find):
        self.site = site
        self.ended = threading.Event()
        self.desk = Desk(site.config, site.vocabulary, files, finder)
        self.app, self.path = create_app(self.desk, PORT, self.ended.set)
        self.client: FlaskClient = self.app.test_client()
        self.answer: TestResponse

    def get(self, path: str = "1") -> Any:
        self.answer = self.client.get(self.path + path, base_url=f"http://{HOST}")
        return html.document_fromstring(self.answer.text)

    def send(self, do: str, changes: Mapping[str, str | None] | None = None, page: Any = None) -> Any:
        """Send the form as it stands with these changes; None leaves a field out, as an unticked box does."""
        form = (page if page is not None else self.get()).get_element_by_id("form")
        fields = {**dict(form.form_values()), **(changes or {}), "do": do}
        data = {name: value for name, value in fields.items() if value is not None}
        self.answer = self.client.post(form.get("action").partition("#")[0], data=data, base_url=f"http://{HOST}")
        return html.document_fromstring(self.answer.text)

    def save(self, changes: Mapping[str, str | None] | None = None) -> dict[str, Any]:
        """Save and return the one record there is."""
        page = self.send("save", changes)
        assert self.answer.status_code == 303, page.text_content()
        return self.record()

    def record(self) -> dict[str, Any]:
        (file,) = self.files()
        return tomllib.loads(file.read_text("utf-8"))

    def files(self) -> list[Path]:
        return sorted((self.site.folder / "records").glob("*.toml"))


@pytest.fixture
def review(site: Site) -> Review:
    return Review(site, [site.write("vrabcak.html", SOURCE)])


def name_of(page: Any, words: str, nth: int = 0) -> str:
    """Return the name of the input of a fact, by its label."""
    labels = (one for one in page.iter("label") if " ".join(one.text_content().split()).startswith(words))
    names: Iterator[str] = (page.get_element_by_id(one.get("for")).get("name") for one in labels if one.get("for"))
    return [name for name in names if "/v/" in name][nth]


def decision(name: str) -> str:
    return name.replace("/v/", "/d/")


# What is seen -------------------------------------------------------------------------------------------


def test_each_fact_is_marked_at_its_evidence_and_links_lead_there_and_back(review: Review) -> None:
    page = review.get()
    for item in review.desk.drafts(review.desk.sheets[0])[0].items:
        marked = "".join(m.text_content() for m in page.iter("mark") if str(item.number) in m.get("data-facts").split())
        assert marked == item.fact.span.of(review.desk.sheets[0].page)  # type: ignore[arg-type]
    ids = {element.get("id") for element in page.iter() if element.get("id")}
    for link in page.iter("a"):
        if link.get("href").startswith("#"):
            assert link.get("href")[1:] in ids


def test_every_field_has_a_label_and_nothing_runs_inline(review: Review) -> None:
    page = review.get()
    labelled = {label.get("for") for label in page.iter("label")}
    for field in [*page.iter("input"), *page.iter("textarea")]:
        if field.get("type") != "hidden":
            assert field.get("id") in labelled or field.getparent().tag == "label"
    assert not [e for e in page.iter() if e.get("style") or any(name.startswith("on") for name in e.attrib)]
    assert all(script.get("src", "").startswith(review.path) for script in page.iter("script"))
    policy = review.answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize(("language", "word"), [("cs", "Nejisté údaje"), ("en", "Doubtful facts")])
def test_both_languages(review: Review, language: str, word: str) -> None:
    page = review.get(f"1?lang={language}")
    assert page.get("lang") == language
    assert word in page.text_content()
    assert review.answer.headers["Content-Language"] == language


def test_the_surroundings_of_the_text_are_folded_away_unless_they_hold_evidence(review: Review) -> None:
    menu, footer = review.get().find_class("aside")
    assert menu.get("open") is None
    assert footer.get("open") is not None  # the doubtful postcode stands there


def test_a_place_is_told_as_evidence_and_findings_tell_it(review: Review) -> None:
    page = review.get()
    told = {one["udaj"]: one["misto"] for one in review.save()["doklady"]}
    (fact,) = page.xpath(f"//*[@name='{name_of(page, 'Zahájení')}']/ancestor::article")
    (link,) = fact.xpath(".//p[@class='quote']//a")
    assert told["zahajeni"] == "řádek 7"  # of the file
    assert (link.text, link.get("href")) == ("řádek 7/2", "#L7-2")  # what begins second on that line
    (line,) = page.xpath("//*[@id='L7-2']")
    assert line.find_class("ln")[0].text == "7/2"
    assert line.text_content().endswith("31. 8. 2020")


@given(st.data())
def test_a_place_is_read_as_it_is_written(data: st.DataObject) -> None:
    page = PAGE
    line = data.draw(st.sampled_from(page.lines))
    end = data.draw(st.integers(1, len(line.text)))
    span = Span(line.index, data.draw(st.integers(0, end - 1)), end)
    places = Places(page)
    assert places.read(places.write(span)) == span


@pytest.mark.parametrize(("language", "words"), [("cs", "pravidlo: Popisek s dvojtečkou"), ("en", "rule: Label with")])
def test_a_rule_is_called_by_its_name(review: Review, language: str, words: str) -> None:
    assert words in review.get(f"1?lang={language}").find_class("quote")[0].text_content()
    assert review.desk.rule("unheard-of", language) == "unheard-of"


def test_every_rule_has_a_name(review: Review) -> None:
    notations = {str(one) for one in review.site.vocabulary.codelists.objects(None, SKOS.notation)}
    rules = [one for one in notations if review.site.vocabulary.concepts("pravidla", one)]
    assert len(rules) > 20
    assert {one for one in rules for language in ("cs", "en") if review.desk.rule(one, language) == one} == set()


# What is saved ------------------------------------------------------------------------------------------


def test_an_accepted_page_is_a_record_that_builds(review: Review) -> None:
    record = review.save()
    assert record["nazev"] == "Dětská skupina Vrabčák"
    assert record["castka_zpusobila"] == 4512300.5
    assert [one["prijemce"] for one in record["partneri"]] == ["Spolek Kolem stolu, z. s.", "Základní škola Na Stráni"]
    assert "psc" not in record  # doubtful and undecided
    assert record["dokument"]["slug"].startswith("vrabcak-")
    assert record["dokument"]["sha256"] == review.desk.sheets[0].page.sha256  # type: ignore[union-attr]
    assert {"udaj": "ico", "uvedeno": "002 99 308", "pravidlo": "label"}.items() <= record["doklady"][3].items()
    assert violations(review.site.check().findings) == []
    outcome = review.site.build()
    assert outcome.stopped == []
    assert outcome.report["sources"][0]["published"] == 1


def test_evidence_can_be_checked_on_the_page(review: Review) -> None:
    tree: Any = html.document_fromstring(SOURCE)
    for item in review.save()["doklady"]:
        (element,) = tree.xpath(item["xpath"])
        assert element.text_content()[item["od"] : item["do"]] == item["uvedeno"]


def test_a_corrected_value_is_the_reviewers_and_keeps_its_place(review: Review) -> None:
    page = review.get()
    record = review.save({name_of(page, "Zahájení"): "září 2017"})  # the radio still says accept
    assert record["zahajeni"] == "2017-09"
    (item,) = [one for one in record["doklady"] if one["udaj"] == "zahajeni"]
    assert (item["uvedeno"], item["pravidlo"]) == ("1. 9. 2017", "reviewer")


def test_a_rejected_fact_is_left_out_and_remembered(review: Review) -> None:
    name = name_of(review.get(), "Ukončení")
    record = review.save({decision(name): "reject"})
    assert "ukonceni" not in record
    assert [one["udaj"] for one in record["kontrola"]["zamitnuto"]] == ["ukonceni"]
    chosen = review.get().xpath(f"//input[@name='{decision(name)}'][@checked]/@value")
    assert chosen == ["reject"]


def test_a_reason_is_saved_with_the_correction_or_rejection_and_found_again(review: Review) -> None:
    page = review.get()
    start, end = name_of(page, "Zahájení"), name_of(page, "Ukončení")
    reasons = {start.replace("/v/", "/r/"): " Podle  smlouvy. ", end.replace("/v/", "/r/"): "Prodlouženo."}
    record = review.save({start: "září 2017", decision(end): "reject", **reasons})
    (corrected,) = [one for one in record["doklady"] if one["udaj"] == "zahajeni"]
    (refused,) = record["kontrola"]["zamitnuto"]
    assert (corrected["duvod"], refused["duvod"]) == ("Podle smlouvy.", "Prodlouženo.")
    checked = review.site.check()
    assert violations(checked.findings) == []
    told = " ".join(line for described in checked.described.values() for line in described)
    assert "Podle smlouvy." in told
    assert "Prodlouženo." not in told  # stays in the file
    page = review.get()
    assert [page.xpath(f"//*[@name='{name}']/@value") for name in reasons] == [["Podle smlouvy."], ["Prodlouženo."]]
    review.send("save")
    assert review.record() == record


def test_a_reason_in_english_stays_as_long_as_the_reason_does(review: Review) -> None:
    name = name_of(review.get(), "Zahájení")
    why = name.replace("/v/", "/r/")
    review.save({name: "2017", why: "Podle smlouvy."})
    (file,) = review.files()
    by_hand = 'duvod = "Podle smlouvy."\nduvod_en = "By contract."'
    file.write_text(file.read_text("utf-8").replace('duvod = "Podle smlouvy."', by_hand), "utf-8")
    review.send("save")
    assert review.answer.status_code == 303
    page = review.send("save", {why: "Podle dodatku."})
    assert any('duvod_en = "By contract."' in one.text_content() for one in page.find_class("removed"))


def test_a_correction_with_a_place_of_its_own_is_found_again(review: Review) -> None:
    name = name_of(review.get(), "Název projektu")
    chosen = {name: "dětskou skupinu", name.replace("/v/", "/s/"): "4:40-55", name.replace("/v/", "/r/"): "Lépe."}
    record = review.save(chosen)
    (item,) = [one for one in record["doklady"] if one["udaj"] == "nazev"]
    assert item["pravidlo"] == "reviewer"
    page = review.get()
    assert page.xpath(f"//input[@name='{decision(name)}'][@checked]/@value") == ["correct"]
    assert page.xpath(f"//input[@name='{name.replace('/v/', '/s/')}']/@value") == ["4:40-55"]
    review.send("save")
    assert review.answer.status_code == 303
    assert review.record() == record


def test_a_doubtful_fact_is_used_only_when_it_is_accepted(review: Review) -> None:
    name = name_of(review.get(), "PSČ")
    assert review.get().xpath(f"//input[@name='{decision(name)}'][@checked]") == []
    assert review.save({decision(name): "accept"})["psc"] == "77911"


def test_no_more_is_said_of_the_reviewer_than_the_day(review: Review) -> None:
    assert set(review.save()["kontrola"]) == {"datum"}


def test_a_value_filled_in_has_evidence_where_its_place_is_given(review: Review) -> None:
    record = review.save({"0/w/summary": "Skupina pro děti.", "0/w/goal": "24 rodičům", "0/p/goal": "4:62-72"})
    assert record["shrnuti"] == "Skupina pro děti."
    by_hand = {item["udaj"]: item for item in record["doklady"] if item["pravidlo"] == "reviewer"}
    assert set(by_hand) == {"cil"}
    page = review.desk.sheets[0].page
    assert page is not None
    assert by_hand["cil"]["uvedeno"] == page.lines[3].text[62:72]
    review.send("save")
    assert review.record() == record


@pytest.mark.parametrize(
    "place",
    ["99:0-1", "4:5-5", "4:0-9999", "4:0:1", "-1", "0", "x", "1" * 400, "4:0-1-1", "5/9", "5/0", "5/", "4/", "4²"],
)
def test_a_place_that_is_not_on_the_page_is_no_place(place: str) -> None:
    assert Places(PAGE).read(place) is None


def test_a_value_whose_place_is_not_on_the_page_has_no_evidence(review: Review) -> None:
    record = review.save({"0/w/summary": "Text.", "0/p/summary": "99:0-1"})
    assert record["shrnuti"] == "Text."
    assert "shrnuti" not in {item["udaj"] for item in record["doklady"]}


def test_a_part_can_be_added_and_left_out(review: Review) -> None:
    page = review.send("add 0/partners")
    assert page.xpath("//input[@name='0/w/partners[3].beneficiary']")
    review.send("save", {"0/w/partners[3].beneficiary": "Spolek Lípa", "0/x/partners[1]": "1"}, page)
    record = review.record()
    assert [one["prijemce"] for one in record["partneri"]] == ["Základní škola Na Stráni", "Spolek Lípa"]
    told = {item["udaj"]: item["uvedeno"] for item in record["doklady"]}
    assert told["partneri[1].prijemce"] == "Základní škola Na Stráni"
    assert [one["uvedeno"] for one in record["kontrola"]["zamitnuto"]] == ["Spolek Kolem stolu, z. s."]
    review.send("save")  # what stands elsewhere by now is found again
    assert review.record() == record


def test_outputs_of_activities_can_be_filled_in(review: Review) -> None:
    page = review.send("add 0/activities")
    page = review.send("add 0/activities[1].outputs", {"0/w/activities[1].title": "Otevření"}, page)
    fields = {"0/w/activities[1].outputs[1].what": "děti", "0/w/activities[1].outputs[1].quantity": "1 200,5"}
    review.send("save", fields, page)
    assert review.record()["aktivity"] == [{"nazev": "Otevření", "vystupy": [{"co": "děti", "pocet": 1200.5}]}]
    before = review.record()
    review.send("save")
    assert review.record() == before


def test_several_values_of_a_list_stay_several(site: Site) -> None:
    def two(page: Page, vocabulary: Vocabulary) -> list[Found]:
        (found,) = find(page)
        funds = [("Statutární", "Evropský sociální fond"), ("Základní", "státní rozpočet")]
        return [Found([*found.facts, *(fact(page, "funds", words, value) for words, value in funds)])]

    review = Review(site, [site.write("a.html", SOURCE)], two)
    record = review.save({"0/w/funds": "Fond soudržnosti; státní rozpočet"})
    assert record["fond"] == ["Evropský sociální fond", "státní rozpočet", "Fond soudržnosti"]
    review.send("save")
    assert review.record() == record


# What would not build -----------------------------------------------------------------------------------


def test_an_error_is_told_at_its_field_and_nothing_is_written(review: Review) -> None:
    name = name_of(review.get(), "Zahájení")
    page = review.send("save", {name: "32. 1. 2017"})
    assert review.answer.status_code == 200
    assert review.files() == []
    (field,) = page.xpath(f"//*[@name='{name}']")
    assert "není datum" in field.getparent().text_content()
    assert field.get("value") == "32. 1. 2017"
    assert page.get_element_by_id("outcome").xpath(".//a/@href") == [f"#f{name.rpartition('/')[2]}"]
    (force,) = page.xpath("//input[@name='0/force']")
    assert force.get("checked") is None


def test_a_record_with_errors_is_saved_only_on_request(review: Review) -> None:
    name = name_of(review.get(), "Zahájení")
    assert review.save({name: "32. 1. 2017", "0/force": "1"})["zahajeni"] == "32. 1. 2017"
    assert violations(review.site.check().findings)


def test_checking_writes_nothing(review: Review) -> None:
    page = review.send("check")
    assert page.find_class("outcome")
    assert review.files() == []


def test_two_accepted_values_for_one_place_contradict(review: Review) -> None:
    page = review.send("save", {"0/w/beneficiary": "Město Lomná"})
    assert "dvě různé hodnoty" in page.text_content()
    assert review.files() == []


# Twice --------------------------------------------------------------------------------------------------


def test_a_second_review_starts_from_the_decisions_and_changes_nothing_by_itself(review: Review) -> None:
    page = review.get()
    changes = {
        name_of(page, "Zahájení"): "2017",
        decision(name_of(page, "PSČ")): "accept",
        "0/w/goal": "Aby rodiče mohli pracovat.",
    }
    review.save(changes)
    (file,) = review.files()
    before = file.read_bytes()
    again = Review(review.site, [review.site.folder / "vrabcak.html"])
    again.send("save")
    assert again.answer.status_code == 303
    assert file.read_bytes() == before


def test_a_file_is_replaced_only_after_its_difference_was_shown(review: Review) -> None:
    review.save()
    name = name_of(review.get(), "Název projektu")
    page = review.send("save", {name: "Vrabčák"})
    assert page.find_class("removed")[0].text_content().endswith('"Dětská skupina Vrabčák"')
    assert review.record()["nazev"] == "Dětská skupina Vrabčák"
    (box,) = page.xpath("//input[@name='0/replace']")
    review.send("save", {"0/replace": box.get("value")}, page)
    assert review.answer.status_code == 303
    assert review.record()["nazev"] == "Vrabčák"


def test_a_file_that_changed_meanwhile_is_asked_about_again(review: Review) -> None:
    review.save()
    (file,) = review.files()
    page = review.send("save", {name_of(review.get(), "Název projektu"): "Vrabčák"})
    digest = page.xpath("//input[@name='0/replace']/@value")[0]
    file.write_text(file.read_text("utf-8") + "# poznámka\n", "utf-8")
    review.send("save", {"0/replace": digest}, page)
    assert review.answer.status_code == 200
    assert "# poznámka" in file.read_text("utf-8")


def test_what_somebody_wrote_into_the_file_by_hand_is_kept(review: Review) -> None:
    review.save()
    (file,) = review.files()
    by_hand = file.read_text("utf-8").replace('nazev = "Dětská', 'shrnuti = "Od souseda."\nnazev = "Nová dětská')
    reason = '[[doklady]]\nudaj = "program"\nuvedeno = "OP Z"\nduvod = "Tak to bylo."\n\n[kontrola]'
    file.write_text(by_hand.replace("[kontrola]", reason), "utf-8")
    page = review.get()
    assert page.xpath("//*[@name='0/w/summary']")[0].text_content().strip() == "Od souseda."
    name = name_of(page, "Název projektu")
    assert page.xpath(f"//*[@name='{name}']")[0].text_content().strip() == "Nová dětská skupina Vrabčák"
    page = review.send("save")
    review.send("save", {"0/replace": page.xpath("//input[@name='0/replace']/@value")[0]}, page)
    assert {"udaj": "program", "uvedeno": "OP Z", "duvod": "Tak to bylo."} in review.record()["doklady"]


def test_a_corrected_title_keeps_the_iri_and_the_file(site: Site) -> None:
    def unnumbered(page: Page, vocabulary: Vocabulary) -> list[Found]:
        return [Found([one for one in find(page)[0].facts if one.field != "registration_number"])]

    review = Review(site, [site.write("a.html", SOURCE)], unnumbered)
    slug = review.save()["slug"]
    assert slug == "00299308-detska-skupina-vrabcak"
    page = review.send("save", {name_of(review.get(), "Název projektu"): "Vrabčák"})
    review.send("save", {"0/replace": page.xpath("//input[@name='0/replace']/@value")[0]}, page)
    assert review.record()["slug"] == slug
    assert [file.stem for file in review.files()] == [slug]
    assert f"{site.config.base}zdroj/projekty/{slug}" in site.check().described


def test_a_project_that_stands_in_a_table_is_not_saved_twice(review: Review) -> None:
    review.site.rows("Jiná;CZ.03.1.51/0.0/0.0/16_071/0009999;00299308;;")
    page = review.send("save")
    assert "records/projekty.csv" in page.get_element_by_id("outcome").text_content()
    assert review.files() == []


# Several ------------------------------------------------------------------------------------------------


def several(page: Page, vocabulary: Vocabulary) -> list[Found]:
    titles = [line for line in page.lines if line.level == 2]
    return [Found([Fact("title", one.text, Span(one.index, 0, len(one.text)), "heading", 0.9)]) for one in titles]


def test_projects_of_one_page_are_separate_records_and_can_be_left_out(site: Site) -> None:
    file = site.write("tri.html", "<h1>Naše projekty</h1><h2>Lávka</h2><h2>Most</h2><h2>Brod</h2>")
    review = Review(site, [file], several)
    review.send("save", {"1/in": None})
    assert review.answer.status_code == 303
    titles = {tomllib.loads(one.read_text("utf-8"))["nazev"] for one in review.files()}
    assert titles == {"Lávka", "Brod"}
    page = review.get()
    assert [e.text for e in page.find_class("project-head") for e in e.iter("h3")] == ["1. Lávka", "2. Most", "3. Brod"]


def test_each_project_of_a_page_is_named_by_its_own_title(site: Site) -> None:
    def two(page: Page, vocabulary: Vocabulary) -> list[Found]:
        number = Fact("registration_number", "CZ.1.04/3.1.00/05.00099", Span(2, 0, 4), "label", 0.9)
        doubtful = Fact("title", "Brod", Span(3, 0, 4), "heading", 0.5)
        return [*several(page, vocabulary)[:1], Found([number]), Found([], [doubtful]), Found()]

    file = site.write("dva.html", "<h1>Projekty</h1><h2>Lávka</h2><h2>Most</h2><h2>Brod</h2>")
    page = Review(site, [file], two).get()
    names = ["1. Lávka", "2. CZ.1.04/3.1.00/05.00099", "3. Brod", "4. Projekt bez názvu"]
    sections = page.find_class("project")
    assert [page.get_element_by_id(one.get("aria-labelledby")).text_content() for one in sections] == names
    (links,) = page.find_class("projects")
    assert [one.text_content() for one in links.iter("a")] == names


def test_a_saved_project_is_found_again_among_its_neighbours(site: Site) -> None:
    file = site.write("tri.html", "<h1>Naše projekty</h1><h2>Lávka</h2><h2>Most</h2><h2>Brod</h2>")
    review = Review(site, [file], several)
    review.save({"0/in": None, "2/in": None, name_of(review.get(), "Název projektu", 1): "Jiný most"})
    page = review.get()
    assert [e.text for e in page.iter("h3") if e.getparent().get("class") == "project-head"] == [
        "1. Lávka",
        "2. Jiný most",
        "3. Brod",
    ]


def test_a_project_that_extraction_missed_is_added_by_hand_and_found_again(site: Site) -> None:
    file = site.write("dva.html", "<h1>Naše projekty</h1><h2>Lávka</h2><p>A také brod.</p>")
    review = Review(site, [file], several)
    page = review.send("project")
    review.send("save", {"1/w/title": "Brod"}, page)
    assert {tomllib.loads(one.read_text("utf-8"))["nazev"] for one in review.files()} == {"Lávka", "Brod"}
    assert review.get().xpath("//*[@name='1/w/title']")[0].text_content().strip() == "Brod"


def test_two_projects_never_share_a_file(site: Site) -> None:
    file = site.write("dva.html", "<h1>Projekty</h1><h2>Most</h2><p>x</p><h2>Most</h2>")
    review = Review(site, [file], several)
    page = review.send("save")
    assert "do jednoho souboru" in page.text_content()
    assert review.files() == []


def test_several_pages_are_a_list_with_progress(site: Site) -> None:
    good, other = site.write("a.html", SOURCE), site.write("b.html", "<h1>Nic</h1>")
    review = Review(site, [good, site.write("c.html", b"\x00\x01\x02"), other])
    review.save()
    page = review.get("")
    assert (page.xpath("//progress/@value"), page.xpath("//progress/@max")) == (["1"], ["2"])
    assert "soubor není text" in page.text_content()
    assert review.client.get(f"{review.path}2", base_url=f"http://{HOST}").status_code == 404


def test_a_page_with_nothing_on_it_is_an_empty_form(site: Site) -> None:
    review = Review(site, [site.write("nic.txt", "Nic tu není.\n")], lambda _page, _vocabulary: [])
    assert review.save({"0/w/title": "Přece něco", "0/p/title": "1"})["doklady"][0]["uvedeno"] == "Nic tu není."


# Hostile pages ------------------------------------------------------------------------------------------

EVIL = "<script>alert(1)</script><img src=x onerror=alert(1)>"


def test_markup_in_the_text_and_in_the_name_of_a_file_stays_text(site: Site) -> None:
    def evil(page: Page, vocabulary: Vocabulary) -> list[Found]:
        line = page.lines[0]
        return [Found([Fact("title", line.text, Span(0, 0, len(line.text)), f'label"{EVIL}', 0.9)])]

    file = site.write("x<img src=x onerror=alert(1)>\n'.txt", f"Projekt {EVIL}\n\"'><b>")
    review = Review(site, [file, file], evil)
    for path in ("", "1"):
        page = review.get(path)
        assert not page.xpath("//script[not(@src)] | //*[@onerror] | //img")
    record = review.save()
    assert record["nazev"] == f"Projekt {EVIL}"
    assert violations(site.check().findings) == []


def test_scripts_of_the_page_are_not_even_text(site: Site) -> None:
    review = Review(site, [site.write("a.html", SOURCE.replace("<h2>", "<script>alert(7)</script><h2>"))])
    assert "alert(7)" not in review.get().text_content()


def test_a_huge_page_is_shown_in_part_with_its_evidence(site: Site) -> None:
    text = "".join(f"<p>Řádek {n}</p>" for n in range(2_500)) + "<p>" + "dlouhý " * 40_000 + "</p><h2>Konec</h2>"
    review = Review(site, [site.write("velka.html", f"<h1>Velká</h1>{text}")], several)
    page = review.get()
    assert [mark.text for mark in page.iter("mark")] == ["Konec"]
    assert len(review.answer.data) < 3_000_000


def test_a_long_line_is_cut_where_nothing_stands(site: Site) -> None:
    page = parse(("slovo " * 3000 + "Cíl" + " slovo" * 3000), "a.txt")
    at = page.lines[0].text.index("Cíl")
    ((_, (block,)),) = source.layout(page, {1: Span(0, at, at + 3)})
    pieces = block.lines[0].pieces
    assert sum(len(piece.text) for piece in pieces) < 3000
    for piece in pieces:
        if not piece.is_gap:
            assert page.lines[0].text[piece.at : piece.at + len(piece.text)] == piece.text
    assert [piece.text for piece in pieces if piece.facts] == ["Cíl"]


@given(
    st.text(st.characters(blacklist_categories=["Cs", "Cc"]), min_size=1, max_size=40),
    st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=6),
)
def test_pieces_of_a_line_are_the_line(text: str, spans: list[tuple[int, int]]) -> None:
    page = parse("x", "a.txt")
    line = replace(page.lines[0], text=text)
    marks = {n: Span(0, a, b) for n, (a, b) in enumerate(spans) if a < b <= len(text)}
    ((_, (block,)),) = source.layout(replace(page, lines=(line,)), marks)
    pieces = block.lines[0].pieces
    assert "".join(piece.text for piece in pieces) == text
    for number, span in marks.items():
        assert "".join(piece.text for piece in pieces if number in piece.facts) == text[span.start : span.end]
        assert [piece.at for piece in pieces if number in piece.begins] == [span.start]


@pytest.mark.parametrize(
    "number", ["../../../tmp/x", "/etc/passwd", "..", ".", "\x00", "CON", "a" * 4000, "ř" * 300, "%2e%2e%2f"]
)
def test_a_file_stays_in_the_folder_of_records(site: Site, number: str) -> None:
    place = records.place(site.config)
    file = place.file(number)
    assert file.parent == site.folder / "records"
    assert not file.name.startswith(".")
    assert len(file.name.encode()) < 200


def test_a_form_full_of_nonsense_is_no_crash(review: Review) -> None:
    nonsense = {
        "0/v/1": "\x00\ud800", "0/d/1": "erase", "0/s/1": "9:9", "0/w/partners[999999].ico": "1", "0/w/x.y": "1",
        "0/w/partners": "text", "0/n/partners": "99999999999", "0/n/title": "3", "0/x/": "1", "7/w/title": "nic",
        "projects": "-3", "0/w/payments[1].year": "\u202e", "0/w/evidence[1].fact": "nazev", "0/w/document": "x",
    }  # fmt: skip
    for do in ("check", "add", "add x/y", "add 9/partners", "add 0/title", "erase", "", "project"):
        review.send(do, {name: value.encode("utf-8", "replace").decode() for name, value in nonsense.items()})
        assert review.answer.status_code == 200, do


# Who is let in ------------------------------------------------------------------------------------------


def test_only_the_address_that_was_printed_leads_in(review: Review) -> None:
    for path in ("/", "/1", "/wrong/1", f"{review.path[:-2]}/1"):
        assert review.client.get(path, base_url=f"http://{HOST}").status_code == 404
    assert review.client.get(f"{review.path}1", base_url=f"http://{HOST}").status_code == 200
    assert len(review.path) > 30


@pytest.mark.parametrize("host", ["evil.example", f"evil.example:{PORT}", "127.0.0.1", f"127.0.0.1:{PORT + 1}"])
def test_another_host_name_is_refused(review: Review, host: str) -> None:
    answer = review.client.get(f"{review.path}1", headers={"Host": host})
    assert answer.status_code == 403
    assert "Vrabčák" not in answer.text


def test_a_form_from_elsewhere_is_refused(review: Review) -> None:
    form = review.get().get_element_by_id("form")
    data = {**dict(form.form_values()), "do": "save"}
    address, base = form.get("action").partition("#")[0], f"http://{HOST}"
    client = review.client
    assert client.post(address, data={**data, "csrf": "x"}, base_url=base).status_code == 403
    assert client.post(address, data={k: v for k, v in data.items() if k != "csrf"}, base_url=base).status_code == 403
    for headers in ({"Origin": "http://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}):
        assert client.post(address, data=data, base_url=base, headers=headers).status_code == 403
    assert review.app.test_client().post(address, data=data, base_url=base).status_code == 403  # no cookie
    assert client.post(f"{review.path}done", base_url=base).status_code == 403
    assert review.files() == []
    assert not review.ended.is_set()
    assert client.post(address, data=data, base_url=base, headers={"Origin": base}).status_code == 303


def test_the_cookie_and_the_address_stay_here(review: Review) -> None:
    review.get()
    cookie = review.answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert f"Path={review.path}" in cookie
    assert review.answer.headers["Referrer-Policy"] == "same-origin"
    assert review.answer.headers["Cache-Control"] == "no-store"
    assert "Access-Control-Allow-Origin" not in review.answer.headers


def test_done_ends_the_server(review: Review) -> None:
    (token,) = review.get().xpath("//form[contains(@action, 'done')]//input[@name='csrf']/@value")
    answer = review.client.post(f"{review.path}done", data={"csrf": token}, base_url=f"http://{HOST}")
    assert answer.status_code == 200
    answer.close()
    assert review.ended.is_set()


# Pure parts ---------------------------------------------------------------------------------------------

LEAVES = [
    "title", "start", "partners[{}].beneficiary", "partners[{}].ico", "activities[{}].title",
    "activities[{}].outputs[{}].what", "outputs[{}].quantity", "document.title", "payments[{}].year",
]  # fmt: skip
numbers = st.integers(1, 4)
places = st.builds(lambda leaf, a, b: leaf.format(a, b), st.sampled_from(LEAVES), numbers, numbers)


@given(st.dictionaries(places, st.text("abc", min_size=1), min_size=1))
def test_a_draft_becomes_a_record_without_holes_and_loses_nothing(written: dict[str, str]) -> None:
    leaves, _, numbering = Draft(0, [], {path: Written(value) for path, value in written.items()}).stated()
    record = paths.nested(leaves)
    back = {paths.english(path): value for path, value in paths.flat(english(record))}
    assert back == leaves
    assert sorted(map(str, leaves.values())) == sorted(written.values())
    for form, made in numbering.items():
        assert paths.generic(form) == paths.generic(made)


def english(record: dict[str, Any]) -> dict[str, Any]:
    from lod.tidy import canonical as renamed  # noqa: PLC0415

    return renamed(record)[0]


@pytest.mark.parametrize(
    ("kind", "printed", "written"),
    [
        ("date", "1. 2. 2010", "2010-02-01"),
        ("date", "kdysi", "kdysi"),
        ("amount", "1 234,50", "1234.5"),
        ("amount", "5 EUR", "5 EUR"),  # the build must see the currency
        ("ico", "002 99 308", "00299308"),
        ("text", "  dva   kusy ", "dva kusy"),
    ],
)
def test_values_are_written_as_the_extractor_writes_them(kind: str, printed: str, written: str) -> None:
    assert canonical(kind, printed) == written


def test_the_value_says_whether_a_fact_was_corrected() -> None:
    found = Fact("total", "1234.5", Span(0, 0, 1), "label", 0.9)
    assert not Item(1, found, sure=True, value="1 234,50", decision="correct").changed
    assert Item(1, found, sure=True, value="1 234,60", decision="accept").decided().rule == "reviewer"


def test_records_need_a_place(tmp_path: Path, vocabulary: Vocabulary) -> None:
    table = '[[source]]\nname = "t"\nkind = "table"\nfiles = ["t.csv"]\n[source.columns]\nnazev = "n"\n'
    with pytest.raises(ConfigError, match="není kam ukládat"):
        records.place(make_site(tmp_path, vocabulary, table).config)


def test_a_source_of_json_gets_json(tmp_path: Path, vocabulary: Vocabulary) -> None:
    site = make_site(tmp_path, vocabulary, RECORDS.replace("records/*", "zde/*.json"))
    review = Review(site, [site.write("a.html", SOURCE)])
    review.send("save")
    assert [file.name for file in (tmp_path / "zde").iterdir()] == ["CZ.03.1.51-0.0-0.0-16_071-0009999.json"]
    assert violations(site.check().findings) == []
    review.send("save")
    assert review.answer.status_code == 303


def test_a_folder_that_cannot_be_written_is_told(review: Review) -> None:
    review.site.write("records", "soubor místo složky")
    page = review.send("save")
    assert "nelze zapsat" in page.text_content()


# The command --------------------------------------------------------------------------------------------


def test_the_command_says_what_is_wrong_in_one_sentence(
    site: Site, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert cli.main(["review", "--config", str(site.settings), str(site.folder / "neni.html")]) == 1
    assert re.fullmatch(r"lod: .*neni\.html: nelze číst .* / cannot be read .*\n", capsys.readouterr().err)
    monkeypatch.chdir(site.folder)
    assert cli.main(["review", "x.html"]) == 2
    assert "není kam ukládat" in capsys.readouterr().err
    page = str(site.write("a.html", SOURCE))
    assert cli.main(["review", "--config", str(site.settings), "--port", "70000", page]) == 2


def test_one_readable_page_is_enough(site: Site) -> None:
    desk = Desk(site.config, site.vocabulary, [site.folder / "neni.html", site.write("a.html", SOURCE)], find)
    assert [sheet.number for sheet in readable(desk.sheets)] == [2]
    with pytest.raises(UnreadableFileError):
        readable(desk.sheets[:1])


def test_the_command_serves_here_alone_until_done(site: Site) -> None:
    command = [sys.executable, "-m", "lod.cli", "review", "--config", str(site.settings), "--no-browser"]
    command.append(str(site.write("a.html", SOURCE)))
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        try:
            assert running.stdout is not None
            address = running.stdout.readline().strip()
            assert address.startswith("http://127.0.0.1:")
            opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(), urllib.request.ProxyHandler({}))
            page: Any = html.fromstring(opener.open(address, timeout=60).read())
            (token,) = page.xpath("//form[contains(@action, 'done')]//input[@name='csrf']/@value")
            opener.open(f"{address}done", data=f"csrf={token}".encode(), timeout=60).read()
            _, said = running.communicate(timeout=60)
        finally:
            running.kill()  # a test that fails must not wait for the reviewer
        assert running.returncode == 0
        assert "Traceback" not in said


def test_serving_tells_a_taken_port(site: Site) -> None:
    taken = make_server("127.0.0.1", 0, lambda _environ, _start: [])
    with pytest.raises(ConfigError, match="nelze naslouchat"):
        server.serve(
            site.config, site.vocabulary, [site.write("a.html", SOURCE)], port=taken.server_port, browser=False
        )
    taken.server_close()


# Real pages ---------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.skipif(not (SHARED / "pages").is_dir(), reason="the sample pages are not here")
def test_sample_pages_are_saved_and_reviewed_again_without_a_change(site: Site) -> None:
    desk = Desk(site.config, site.vocabulary, sorted((SHARED / "pages").glob("*.html")))
    for sheet in desk.sheets:
        assert sheet.page is not None
        for draft in desk.drafts(sheet):
            verdict = desk.judge(draft, sheet.page)
            assert not verdict.violated or not draft.title
            desk.save(sheet, verdict)
        for draft in desk.drafts(sheet):
            verdict = desk.judge(draft, sheet.page)
            assert verdict.content == verdict.before


# In a browser -------------------------------------------------------------------------------------------

CHROMIUM = shutil.which("chromium")
in_browser = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as started:
        running = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield running
        running.close()


@contextlib.contextmanager
def serving(site: Site) -> Iterator[str]:
    """A running review of SOURCE."""
    desk = Desk(site.config, site.vocabulary, [site.write("vrabcak.html", SOURCE)], find)
    running = server.Server(desk, 0)
    thread = threading.Thread(target=running.run, args=(lambda _: None,), daemon=True)
    thread.start()
    yield running.address  # the port is taken, so a browser waits until it is answered
    running.stop()
    thread.join(30)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, vocabulary: Vocabulary) -> Iterator[tuple[Site, str]]:
    """One review for all tests in the browser."""
    site = make_site(tmp_path_factory.mktemp("review"), vocabulary)
    with serving(site) as address:
        yield site, address


@pytest.fixture
def open_site(served: tuple[Site, str]) -> Site:
    """The site of that review, nothing saved yet."""
    site, _ = served
    shutil.rmtree(site.folder / "records", ignore_errors=True)
    return site


@pytest.fixture
def tab(open_site: Site, served: tuple[Site, str], browser: Browser) -> Iterator[Tab]:
    """A tab with the page under review; nothing may be said on its console."""
    tab = browser.new_page(locale="cs", viewport={"width": 1300, "height": 900})
    said: list[str] = []
    tab.on("console", lambda message: said.append(message.text))
    tab.on("pageerror", lambda error: said.append(str(error)))
    tab.goto(served[1])
    yield tab
    tab.close()
    assert said == []


def browser_test(function: Callable[..., None]) -> Callable[..., None]:
    for mark in in_browser:
        function = mark(function)
    return function


def saved_record(site: Site) -> dict[str, Any]:
    (file,) = (site.folder / "records").glob("*.toml")
    return tomllib.loads(file.read_text("utf-8"))


@browser_test
def test_without_javascript_it_is_a_form_that_works(browser: Browser, site: Site) -> None:
    context = browser.new_context(java_script_enabled=False, locale="cs", viewport={"width": 390, "height": 800})
    tab = context.new_page()
    with serving(site) as address:
        tab.goto(address)
        tab.get_by_label("Zahájení", exact=True).fill("10. 9. 2017")
        tab.get_by_role("group", name="Rozhodnutí: Ukončení").get_by_label("zamítnout").check()
        fact = tab.locator(".fact", has=tab.get_by_label("Ukončení", exact=True))
        fact.get_by_label("Důvod").fill("Skončil jiný projekt.")
        tab.get_by_role("button", name="Uložit záznam").click()
        assert "Uloženo" in tab.get_by_role("status").inner_text()
        assert fact.get_by_label("Důvod").input_value() == "Skončil jiný projekt."
        tab.get_by_role("button", name="Hotovo").click()
        assert tab.locator("h1").inner_text() == "Hotovo"
    record = saved_record(site)
    assert record["zahajeni"] == "2017-09-10"
    assert "ukonceni" not in record
    assert record["kontrola"]["zamitnuto"][0]["duvod"] == "Skončil jiný projekt."
    context.close()


@browser_test
def test_a_selection_fills_the_field_with_its_place(tab: Tab, open_site: Site) -> None:
    tab.get_by_label("Název projektu", exact=True).click()
    tab.evaluate(
        """() => {
          const piece = [...document.querySelectorAll('.paper [data-at]')].find(e => e.textContent.includes('bývalé'));
          const at = piece.textContent.indexOf('dětskou skupinu'), range = document.createRange();
          range.setStart(piece.firstChild, at - 1); range.setEnd(piece.firstChild, at + 15);
          getSelection().removeAllRanges(); getSelection().addRange(range);
        }"""
    )
    tab.get_by_role("button", name="Vložit do: Název projektu").click()
    assert tab.get_by_label("Název projektu", exact=True).input_value() == "dětskou skupinu"
    choice = tab.get_by_role("group", name="Rozhodnutí: Název projektu")
    assert choice.get_by_label("opravit").is_checked()
    tab.get_by_role("button", name="Uložit záznam").click()
    tab.get_by_role("status").wait_for()
    record = saved_record(open_site)
    (item,) = [one for one in record["doklady"] if one["udaj"] == "nazev"]
    assert (record["nazev"], item["uvedeno"], item["misto"]) == ("dětskou skupinu", "dětskou skupinu", "řádek 4")


@browser_test
def test_a_fact_leads_to_its_evidence_and_asks_why_where_there_is_something_to_explain(tab: Tab) -> None:
    mark = tab.locator("mark", has_text="31. 8. 2020")
    tab.get_by_label("Ukončení", exact=True).focus()
    assert "is-lit" in str(mark.get_attribute("class"))
    mark.click()
    assert tab.evaluate("document.activeElement.dataset.title") == "Ukončení"
    choice = tab.get_by_role("group", name="Rozhodnutí: Ukončení")
    reason = tab.locator(".fact", has=choice).get_by_label("Důvod")
    assert not reason.is_visible()
    tab.get_by_label("Ukončení", exact=True).fill("2021")
    assert choice.get_by_label("opravit").is_checked()
    assert reason.is_visible()
    choice.get_by_label("přijmout").check(force=True)
    assert not reason.is_visible()
    choice.get_by_label("zamítnout").check(force=True)
    reason.fill("Kvůli dodatku.")
    choice.get_by_label("přijmout").check(force=True)
    assert reason.is_visible()  # what was written is never hidden


@browser_test
def test_a_part_is_added_where_the_reviewer_goes_on(tab: Tab) -> None:
    tab.get_by_role("button", name="přidat: Partneři projektu").click()
    expect(tab.locator("[data-path='partners[3].beneficiary']")).to_be_focused()


SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
SMALL = """
  [...document.querySelectorAll('button, input:not([type=hidden]), textarea, summary, .choice label, .tag')]
    .filter(e => e.checkVisibility() && !e.closest('.visually-hidden, .choice label, .tickbox, .drop'))
    .map(e => [e.getBoundingClientRect(), e]).filter(([b]) => b.width < 24 || b.height < 24)
    .map(([, e]) => e.outerHTML.slice(0, 90))
"""
FAINT = """() => {
  const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
  const parse = c => { canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = c; canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data]; };
  const luminance = rgb => { const [r, g, b] = rgb.map(v => { v /= 255;
    return v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  const backdrop = e => { for (; e; e = e.parentElement) { const c = parse(getComputedStyle(e).backgroundColor);
    if (c[3] > 250) return c.slice(0, 3); } return [255, 255, 255]; };
  return [...document.querySelectorAll('main *, header *')]
    .filter(e => e.checkVisibility() && [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()))
    .map(e => { const a = luminance(parse(getComputedStyle(e).color).slice(0, 3)), b = luminance(backdrop(e));
      return [(Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05), parseFloat(getComputedStyle(e).fontSize),
        e.outerHTML.slice(0, 80)]; });
}"""


@browser_test
def test_it_fits_and_can_be_read_on_every_screen(tab: Tab) -> None:
    """With all there is to see: an error, an open reason, everything unfolded."""
    tab.get_by_label("Zahájení", exact=True).fill("32. 1. 2017")
    tab.get_by_role("group", name="Rozhodnutí: Ukončení").get_by_label("zamítnout").check(force=True)
    tab.get_by_role("button", name="Uložit záznam").click()
    tab.get_by_role("alert").wait_for()
    assert tab.locator("h1").count() == 1
    for width in (360, 820, 1280):
        tab.set_viewport_size({"width": width, "height": 800})
        assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth"), width
        assert tab.evaluate(SMALL) == [], width
    tab.evaluate("document.querySelectorAll('details').forEach(e => { e.open = true; })")
    for scheme in SCHEMES:
        tab.emulate_media(color_scheme=scheme)
        seen = tab.evaluate(FAINT)
        assert len(seen) > 100
        assert [one for one in seen if one[0] < 4.5 or one[1] < 12.5] == [], scheme
