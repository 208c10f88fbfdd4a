from __future__ import annotations

import re
import unicodedata
from datetime import date, timedelta
from decimal import Decimal

import pyoxigraph as ox
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lod import clean

DECIMAL = ox.NamedNode("http://www.w3.org/2001/XMLSchema#decimal")
ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]))


# Dates


@pytest.mark.parametrize(
    ("printed", "lexical"),
    [
        ("1. 2. 2010", "2010-02-01"),
        ("1.2.2010", "2010-02-01"),
        ("01.02.2010", "2010-02-01"),
        ("1.2. 2010", "2010-02-01"),
        ("30. 04.2022", "2022-04-30"),
        ("1.\u00a02.\u00a02010", "2010-02-01"),
        ("1. října 2018", "2018-10-01"),
        ("7. červen 2010", "2010-06-07"),
        ("20 Lis 2020", "2020-11-20"),
        ("6/2012", "2012-06"),
        ("04/2009", "2009-04"),
        ("2013", "2013"),
        ("v červenci roku 2013", "2013-07"),
        ("2009 – leden", "2009-01"),
        ("září 2006", "2006-09"),
        ("ZÁŘÍ 2006", "2006-09"),
        ("2018-02", "2018-02"),
        ("2007-12-31", "2007-12-31"),
        ("2018-05-03 00:00:00", "2018-05-03"),
        ("2018-05-03T08:22:11", "2018-05-03"),
        ("2018-05-03T08:22:11+02:00", "2018-05-03"),
        ("29. 2. 2012", "2012-02-29"),
    ],
)
def test_date_as_printed(printed: str, lexical: str) -> None:
    assert clean.partial_date(printed).lexical == lexical


MONTHS = [
    "leden ledna lednu",
    "únor února únoru",
    "březen března březnu",
    "duben dubna dubnu",
    "květen května květnu",
    "červen června červnu",
    "červenec července červenci",
    "srpen srpna srpnu",
    "září",
    "říjen října říjnu",
    "listopad listopadu",
    "prosinec prosince prosinci",
]


@pytest.mark.parametrize(
    ("month", "word"), [(number, word) for number, words in enumerate(MONTHS, 1) for word in words.split()]
)
def test_month_in_words(month: int, word: str) -> None:
    assert clean.partial_date(f"{word} 2013").lexical == f"2013-{month:02}"
    assert clean.partial_date(f"5. {clean.fold(word)} 2013").lexical == f"2013-{month:02}-05"


@given(
    st.dates(),
    st.sampled_from(["{d}. {m}. {y:04}", "{d}.{m}.{y:04}", "{d:02}.{m:02}.{y:04}", "{y:04}-{m:02}-{d:02}"]),
)
def test_every_day_reads_back(day: date, form: str) -> None:
    read = clean.partial_date(form.format(d=day.day, m=day.month, y=day.year))
    assert (read.lexical, read.datatype) == (day.isoformat(), "date")
    assert read.earliest == read.latest == day.isoformat()


@given(st.integers(1000, 9998), st.integers(1, 12))
def test_a_month_or_year_reaches_from_its_first_to_its_last_day(year: int, month: int) -> None:
    for printed, datatype in ((f"{month}/{year}", "gYearMonth"), (f"{year}", "gYear")):
        read = clean.partial_date(printed)
        assert read.datatype == datatype
        earliest, after = (
            date.fromisoformat(read.earliest),
            date.fromisoformat(read.latest) + timedelta(days=1),
        )
        assert earliest.day == after.day == 1
        assert (after.year * 12 + after.month) - (earliest.year * 12 + earliest.month) == (
            1 if datatype == "gYearMonth" else 12
        )


@pytest.mark.parametrize(
    "printed",
    [
        "",
        "-",
        "neuvedeno",
        "31. 2. 2010",
        "29. 2. 2011",
        "31.04.2010",
        "2010-02-30",
        "13/2012",
        "2010-13",
        "32. ledna 2010",
        "0. 1. 2010",
        "0/2010",
        "2010-00",
        "2010-01-00",
        "0000",
        "1. 2. 10",
        "12/31/2010",
        "20100201",
        "1. 2. 2010 - 31. 1. 2012",
        "program 2014",
        "projekt 2006",
        "zařízení 2010",
        "listina 2012",
        "černá 2010",
        "٢٠١٠",
    ],
)
def test_what_is_not_surely_a_date_is_refused(printed: str) -> None:
    with pytest.raises(ValueError, match=r"not a date|month|day|year"):
        clean.partial_date(printed)


# Amounts


@pytest.mark.parametrize(
    ("printed", "value"),
    [
        ("1 234 567 Kč", "1234567"),
        ("1\u00a0234\u00a0567 Kč", "1234567"),
        ("1 234 567,89 Kč", "1234567.89"),
        ("1 234 567,- Kč", "1234567"),
        ("1 234 567,– EUR", "1234567"),
        ("1.234.567,89 Kč", "1234567.89"),
        ("1.234.567 Kč", "1234567"),
        ("1.234,56 Kč", "1234.56"),
        ("1,5 mil. Kč", "1500000"),
        ("12 milionů Kč", "12000000"),
        ("2 miliony korun", "2000000"),
        ("2,5 miliónu Kč", "2500000"),
        ("1,2 mld. Kč", "1200000000"),
        ("1,2 miliardy Kč", "1200000000"),
        ("15 tis. Kč", "15000"),
        ("15 tisíc korun", "15000"),
        ("1 234 EUR", "1234"),
        ("1 234,50 €", "1234.5"),
        ("1 234,50 PLN", "1234.5"),
        ("500 korun", "500"),
        ("1 234,--Kč", "1234"),
        ("1 234.-Kč", "1234"),
        ("1 234,00.- Kč", "1234"),
        ("912Kč", "912"),
        ("483, 64 Kč", "483.64"),
        ("180582 Kč", "180582"),
        ("400 ,-", "400"),
        ("0", "0"),
        ("-250000", "-250000"),
        ("-250 000,50 Kč", "-250000.5"),
        ("−250 000 Kč", "-250000"),
        ("1234.5", "1234.5"),
        ("0.123", "0.123"),
    ],
)
def test_amount_as_printed(printed: str, value: str) -> None:
    assert clean.amount(printed) == Decimal(value)


@pytest.mark.parametrize(
    ("printed", "value"),
    [
        ("0.00000000005820766091346741", "0"),  # what a subtraction leaves in a spreadsheet
        ("-0.00000000005820766091346741", "0"),
        ("1234.5600000000004", "1234.56"),
        ("1 234,123456789", "1234.123456789"),
    ],
)
def test_amount_has_no_traces_of_binary_arithmetic(printed: str, value: str) -> None:
    assert clean.canonical_decimal(clean.rounded(clean.amount(printed))) == value


@given(
    st.integers(-(10**12), 10**12),
    st.sampled_from([" ", "\u00a0", "\u202f", ""]),
    st.sampled_from(["", " Kč", ",- Kč", ",00 Kč", " CZK"]),
)
def test_every_whole_amount_reads_back(value: int, separator: str, tail: str) -> None:
    assert clean.amount(f"{value:,}".replace(",", separator) + tail) == value


@given(st.integers(0, 10**12), st.integers(0, 99), st.sampled_from([" ", ".", ""]))
def test_every_amount_with_hellers_reads_back(value: int, hellers: int, separator: str) -> None:
    printed = f"{value:,}".replace(",", separator) + f",{hellers:02} Kč"
    assert clean.amount(printed) == value + Decimal(hellers) / 100


@pytest.mark.parametrize(
    "printed",
    [
        "",
        "-",
        "Kč",
        "neuvedeno",
        "1.234",  # 1234 or 1.234
        "430.882 Kč",
        "1.234 tis. Kč",
        "1,234,567",
        "12 34",
        "1 2345 Kč",
        "1 234 Kč a 5 Kč",
        "12,3,4",
        "nan",
        "Infinity",
        "1e5",
        "1_000",
        "12 tiskáren",
        "5 milimetrů",
    ],
)
def test_what_is_not_surely_an_amount_is_refused(printed: str) -> None:
    with pytest.raises(ValueError, match=r"amount|thousands"):
        clean.amount(printed)


@pytest.mark.parametrize(
    ("printed", "mark", "value"),
    [
        ("430.882", ".", "430.882"),
        ("8150", ".", "8150"),
        ("1,234.5", ".", "1234.5"),
        ("1 234,5", ",", "1234.5"),
        ("1.234,5", ",", "1234.5"),
        ("1.234", ",", "1234"),
    ],
)
def test_a_known_decimal_mark_decides(printed: str, mark: str, value: str) -> None:
    assert clean.amount(printed, decimal=mark) == Decimal(value)


@pytest.mark.parametrize(("printed", "mark"), [("1.234,5", "."), ("1,234.5", ",")])
def test_the_other_mark_is_not_dropped(printed: str, mark: str) -> None:
    with pytest.raises(ValueError, match=r"amount|thousands"):
        clean.amount(printed, decimal=mark)


@pytest.mark.parametrize(
    ("printed", "mark", "value"),
    [("12,5", ".", "12.5"), ("12.5", ",", "12.5"), ("1234.5678", ",", "1234.5678"), ("430.882", ",", "430882")],
)
def test_a_mark_that_groups_nothing_is_the_decimal_one(printed: str, mark: str, value: str) -> None:
    assert clean.amount(printed, decimal=mark) == Decimal(value)


@given(st.decimals(-(10**15), 10**15, allow_nan=False, allow_infinity=False, places=4) | st.integers().map(Decimal))
@example(Decimal("-0.00"))
@example(Decimal("1E+3"))
@example(Decimal("768250.00"))
def test_canonical_decimal_is_what_a_store_keeps(value: Decimal) -> None:
    canonical = clean.canonical_decimal(value)
    node = ox.NamedNode("http://example.com/")
    store = ox.Store()
    store.add(ox.Quad(node, node, ox.Literal(canonical, datatype=DECIMAL)))
    assert [quad.object for quad in store] == [ox.Literal(canonical, datatype=DECIMAL)]
    assert Decimal(canonical) == value


# Text


@given(ANY_TEXT)
@example("e\x00\u0301")
@example("\u00a0Projekt\u2009v\u200b plné\r\nrealizaci\x07 ")
def test_text_has_no_controls_and_single_blanks(raw: str) -> None:
    cleaned = clean.text(raw)
    assert not [char for char in cleaned if unicodedata.category(char) == "Cc"]
    assert cleaned == " ".join(cleaned.split())
    assert cleaned == unicodedata.normalize("NFC", cleaned)
    assert cleaned == clean.text(cleaned)


@pytest.mark.parametrize(
    ("raw", "cleaned"),
    [
        (" Projekt v\u00a0plné  realizaci ", "Projekt v plné realizaci"),
        ("dva\nřádky\ta\r\ntabulátor", "dva řádky a tabulátor"),
        ("nul\x00ové \x1bznaky\x85", "nulové znaky"),
        ("\ufeffs BOM", "s BOM"),
        ("Pr\u030ci\u0301bram", "Příbram"),
        ("", ""),
    ],
)
def test_text_as_registers_hold_it(raw: str, cleaned: str) -> None:
    assert clean.text(raw) == cleaned


@given(ANY_TEXT)
@example("slovo-" * 20)
@example("x" * 200)
def test_slug_is_a_segment_and_its_own_slug(raw: str) -> None:
    slug = clean.slug(raw)
    assert re.fullmatch(r"(?:[a-z0-9]+(?:-[a-z0-9]+)*)?", slug)
    assert len(slug) <= 80
    assert clean.slug(slug) == slug


def test_fold_finds_text_without_accents() -> None:
    assert clean.fold("Příjemce  ŽĎÁR nad\u00a0Sázavou") == "prijemce zdar nad sazavou"


# Addresses


@given(
    st.text(
        st.one_of(
            st.sampled_from("aZ0-._~:/?#[]@!$&'()*+,;=%<>\"{}|\\^`č\ue000\U000f0000 "),
            st.characters(exclude_categories=["Cs"]),
        )
    )
)
@example("//x.cz/100%")
@example("//x.cz/a#b#c")
@example("//x.cz:80/č?ř=ž#ň")
@example("//[::1]/")
def test_address_can_stand_in_rdf(rest: str) -> None:
    try:
        address = clean.url(f"https://x{rest}")
    except ValueError:
        return
    line = f"<{address}> <http://p> <http://o> .".encode()
    assert len([*ox.parse(line, format=ox.RdfFormat.N_TRIPLES)]) == 1


@pytest.mark.parametrize(
    "address", ["https://x.cz", "http://www.x.cz/č/ž%20a?q=1&b=/#z", "https://a:b@x.cz:8080/?q", "HTTPS://X.CZ//a"]
)
def test_usual_address_is_kept(address: str) -> None:
    assert clean.url(address) == address
