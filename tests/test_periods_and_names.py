"""Periods, serial numbers of days, money and legal names as pages and registers print them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lod import clean


@pytest.mark.parametrize(
    ("printed", "start", "end"),
    [
        ("11. 5. 2012–10. 05. 2014", "2012-05-11", "2014-05-10"),
        ("od 1. 3. 2018 do 30. 6. 2019", "2018-03-01", "2019-06-30"),
        ("06/2012 - 05/2014", "2012-06", "2014-05"),
        ("2019–2022", "2019", "2022"),
        ("v letech 2010 - 2012", "2010", "2012"),
        ("leden 2021 až duben 2024", "2021-01", "2024-04"),
        ("září–prosinec 2019", "2019-09", "2019-12"),
        ("1. 3. – 30. 6. 2018", "2018-03-01", "2018-06-30"),
        ("1.–30. 6. 2018", "2018-06-01", "2018-06-30"),
        ("1. ledna až 30. června 2018", "2018-01-01", "2018-06-30"),
        ("3–6/2018", "2018-03", "2018-06"),
        ("I.–VI. 2018", "2018-01", "2018-06"),
        ("2018-02-01 - 2018-03-01", "2018-02-01", "2018-03-01"),
        ("1. 1. 2018 – 31. 12. 2019 (24 měsíců)", "2018-01-01", "2019-12-31"),
        ("září 2006 - 31. 12. 2007", "2006-09", "2007-12-31"),
        ("od září 2006", "2006-09", None),
        ("do 31. 12. 2007", None, "2007-12-31"),
        ("2009 – leden", "2009-01", "2009-01"),
        ("2018-02", "2018-02", "2018-02"),
        ("rok 2019", "2019", "2019"),
    ],
)
def test_period_as_printed(printed: str, start: str | None, end: str | None) -> None:
    assert [date.lexical if date else None for date in clean.date_range(printed)] == [start, end]


@pytest.mark.parametrize(
    "printed",
    ["", "-", "neuvedeno", "5. 6. 2019", "1. 9. – 30. 6. 2018", "2009-2010-2011", "2022–2019", "31. 2. – 1. 3. 2010"],
)
def test_what_is_not_surely_a_period_is_refused(printed: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        clean.date_range(printed)


@given(
    st.dates(),
    st.dates(),
    st.sampled_from(["{} – {}", "{}-{}", "od {} do {}", "{} až {}", "v období od {} do {}", "{}—{} (12 měsíců)"]),
    st.sampled_from(["{d}. {m}. {y:04}", "{d:02}.{m:02}.{y:04}", "{d}.{m}. {y:04}"]),
)
def test_every_period_of_days_reads_back(one: object, other: object, between: str, form: str) -> None:
    first, last = sorted([one, other])  # type: ignore[type-var]
    printed = between.format(*(form.format(d=day.day, m=day.month, y=day.year) for day in (first, last)))  # type: ignore[attr-defined]
    assert clean.date_range(printed) == (clean.PartialDate(str(first)), clean.PartialDate(str(last)))


@pytest.mark.parametrize(
    ("printed", "lexical"),
    [
        ("1. X. 2010", "2010-10-01"),
        ("31.XII.2010", "2010-12-31"),
        ("IX/2016", "2016-09"),
        ("09/2016", "2016-09"),
        ("01.02.2010 0:00:00", "2010-02-01"),
        ("v roce 2010", "2010"),
        ("roku 2010", "2010"),
        ("leden/2010", "2010-01"),
        ("prosincem 2010", "2010-12"),
        ("2018-05-03T08:22:11.123Z", "2018-05-03"),
    ],
)
def test_more_dates_as_printed(printed: str, lexical: str) -> None:
    assert clean.partial_date(printed).lexical == lexical


@pytest.mark.parametrize(
    ("serial", "lexical"), [("39000.0", "2006-10-10"), ("38099", "2004-04-22"), ("45000,5", "2023-03-15")]
)
def test_serial_number_of_a_day(serial: str, lexical: str) -> None:
    assert clean.excel_date(serial).lexical == lexical


@pytest.mark.parametrize("printed", ["", "2010", "1. 2. 2010", "99999", "390000", "-39000"])
def test_what_is_not_a_serial_number_is_refused(printed: str) -> None:
    with pytest.raises(ValueError, match="serial number"):
        clean.excel_date(printed)


@pytest.mark.parametrize(
    ("printed", "value", "currency"),
    [
        ("€ 1 234", "1234", "EUR"),
        ("Kč 1.234.567,89", "1234567.89", "CZK"),
        ("1,5mil.Kč", "1500000", "CZK"),
        ("3 tisíce korun", "3000", "CZK"),
        ("1\u2009234\u202f567 Kč", "1234567", "CZK"),
        ("5 EURO", "5", "EUR"),
        ("12 Kc", "12", "CZK"),
    ],
)
def test_more_amounts_as_printed(printed: str, value: str, currency: str) -> None:
    assert (clean.amount(printed), clean.printed_currency(printed)) == (Decimal(value), currency)


@pytest.mark.parametrize(
    ("printed", "name"),
    [
        ('"DIAMO, státní podnik"', "DIAMO, státní podnik"),
        ("„Spolek přátel“", "Spolek přátel"),
        ('""Spolek""', "Spolek"),
        ('Spolek "Naděje"', 'Spolek "Naděje"'),
        ('"Dar" a "Naděje"', '"Dar" a "Naděje"'),
        ('Spolek Naděje"', "Spolek Naděje"),
        ("  OBEC\u00a0LHOTA , ", "OBEC LHOTA"),
        ("CRYTUR, spol. s r.o.", "CRYTUR, spol. s r.o."),
    ],
)
def test_legal_name_is_trimmed(printed: str, name: str) -> None:
    assert clean.legal_name(printed) == name


@pytest.mark.parametrize(
    "spellings",
    [
        ["CRYTUR, spol. s r.o.", "Crytur s.r.o.", "CRYTUR s. r. o.", "Crytur, společnost s ručením omezeným"],
        ["ČEZ, a. s.", "ČEZ, a.s.", "ČEZ akciová společnost"],
        ["Pomoc, o.p.s.", "Pomoc o. p. s.", "POMOC, obecně prospěšná společnost"],
        ["Lípa, z. s.", "Lípa z.s.", "Lípa, zapsaný spolek"],
        ["Škola Lhota, p. o.", "Škola Lhota, příspěvková organizace"],
    ],
)
def test_spellings_of_a_legal_form_are_one_name(spellings: list[str]) -> None:
    assert len({clean.name_key(name) for name in spellings}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [("Lípa, z. s.", "Lípa, a. s."), ("Lípa s.r.o.", "Lípa"), ("Město Zlín", "Město Zlin II"), ("Obec As", "Obec")],
)
def test_other_names_stay_other(one: str, other: str) -> None:
    assert clean.name_key(one) != clean.name_key(other)


@pytest.mark.parametrize(
    ("name", "fuller", "cut"),
    [
        ("Střední průmyslová škola strojnická Br", "Střední průmyslová škola strojnická Brno", True),
        ("Základní škola a Mateřská škola Lhota", "Základní škola a Mateřská škola Lhota, okres Zlín", False),
        ("Základní škola a Mateřská škola Lhotov", "Základní škola a Mateřská škola Lhotovice", True),
        (
            "Zemědělské obchodní družstvo Bystrovany",
            "Zemědělské obchodní družstvo Bystrovany u Olomouce",
            True,
        ),  # 39 + blank
        ("Kraj", "Krajský úřad", False),
        ("Zlínský kraj", "Zlínský kraj", False),
        ("Zcela jiný název organizace", "Zlínský kraj a jeho organizace", False),
    ],
)
def test_name_cut_by_a_register(name: str, fuller: str, cut: bool) -> None:
    assert clean.is_cut(name, fuller) is cut


@given(st.text(max_size=40) | st.text("0123456789. –-/oddoaž", max_size=30))
def test_a_period_never_ends_before_it_starts(printed: str) -> None:
    try:
        start, end = clean.date_range(printed)
    except ValueError:
        return
    assert start or end
    assert not (start and end) or start.earliest <= end.latest


@given(st.text(max_size=40))
def test_trimmed_name_stays_as_it_is(raw: str) -> None:
    name = clean.legal_name(raw)
    assert clean.legal_name(name) == name
    assert clean.name_key(name) == clean.name_key(raw)
