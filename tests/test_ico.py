from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lod import ico
from lod.errors import IcoError

# Real numbers, at least one for each remainder of the checksum.
REAL = [
    "00020681",
    "00063461",
    "00064581",
    "00023850",
    "60609460",
    "70891320",
    "65993390",
    "00006599",
    "00299308",
    "00020478",
    "66003008",
    "00006947",
    "70888337",
    "00005886",
    "25286366",
    "00022985",
    "00283924",
    "00007064",
    "00551023",
    "66002222",
    "70890692",
    "17651921",
    "00001171",
    "00023671",
]

BLANKS = ["", " ", "\u00a0", "\u2009", "\u202f", "  ", "\t"]
LABELS = ["", "IČ: ", "IČ:", "IČO ", "IČO: ", "ičo:", "IC ", "ICO: ", "CZ", "CZ ", "IČ:\u00a0"]


def expected_digit(seven: str) -> str:
    """The law's table, not the formula of the module."""
    remainder = sum(int(digit) * weight for digit, weight in zip(seven, (8, 7, 6, 5, 4, 3, 2), strict=True)) % 11
    return {0: "1", 1: "0", 10: "1"}.get(remainder, str(11 - remainder))


@st.composite
def numbers(draw: st.DrawFn) -> str:
    seven = f"{draw(st.integers(1, 9_999_999)):07}"
    return seven + expected_digit(seven)


@st.composite
def spellings(draw: st.DrawFn) -> tuple[str, str]:
    number = draw(numbers())
    digits = draw(st.sampled_from([number, number.lstrip("0")]))
    spaced = digits[0] + "".join(draw(st.sampled_from(BLANKS)) + digit for digit in digits[1:])
    edges = st.sampled_from(BLANKS)
    tail = draw(st.sampled_from(["", ".0", ",0", ".00"]))
    return number, draw(edges) + draw(st.sampled_from(LABELS)) + spaced + tail + draw(edges)


@pytest.mark.parametrize("number", REAL)
def test_real_number_is_valid(number: str) -> None:
    assert ico.is_valid(number)
    assert ico.parse(number) == number
    assert ico.check_digit(number[:7]) == number[7]


@given(spellings())
def test_every_spelling_is_the_same_organisation(pair: tuple[str, str]) -> None:
    number, spelled = pair
    assert ico.parse(spelled) == number


@pytest.mark.parametrize(
    "spelled",
    [
        "70 89 13 20",
        "708 91 320",
        "IČ: 70 89 13 20",
        "IČO:70891320",
        "CZ70891320",
        "70891320.0",
        "708-91-320",
    ],
)
def test_spelling_seen_in_registers(spelled: str) -> None:
    assert ico.parse(spelled) == "70891320"


@given(numbers(), st.integers(1, 9))
def test_any_other_check_digit_is_refused(number: str, shift: int) -> None:
    wrong = number[:7] + str((int(number[7]) + shift) % 10)
    assert not ico.is_valid(wrong)
    with pytest.raises(IcoError):
        ico.parse(wrong)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        ("\u00a0", "empty"),
        ("IČ:", "empty"),
        ("0", "placeholder"),
        ("1", "placeholder"),
        ("00000000", "placeholder"),
        ("00000001", "placeholder"),
        ("IČO 00000000", "placeholder"),
        ("99999999", "placeholder"),
        ("2398802", "check digit"),
        ("1234567", "check digit"),
        ("12345678", "check digit"),
        ("60609461", "check digit"),
        ("073606304", "9 digits"),
        ("123456785", "9 digits"),  # a Polish REGON
        ("526-025-02-74", "10 digits"),  # a Polish NIP
        ("70891320-1", "9 digits"),
        ("SK31320155", "only digits"),
        ("FO", "only digits"),
        ("xxx", "only digits"),
        ("NULL", "only digits"),
        ("nerelevantní", "only digits"),
        ("-", "only digits"),
        ("6060946O", "only digits"),
    ],
)
def test_what_is_not_an_ico_is_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(IcoError) as refused:
        ico.parse(text)
    assert reason in refused.value.en
    assert "IČO" in refused.value.cs
    assert str(refused.value) == f"{refused.value.cs} / {refused.value.en}"
    assert not ico.is_valid(text)


@given(numbers())
def test_a_wrong_check_digit_is_told_with_the_right_one(number: str) -> None:
    with pytest.raises(IcoError) as refused:
        ico.parse(number[:7] + str((int(number[7]) + 1) % 10))
    assert refused.value.kind == "ico-check-digit"
    assert number[7] in refused.value.expected_cs.split()
    assert number[7] in refused.value.expected_en.split()


@given(numbers(), st.integers(0, 7), st.integers(1, 9), st.integers(0, 6))
def test_one_slip_finds_the_one_known_number(number: str, place: int, shift: int, swapped: int) -> None:
    wrong = number[:place] + str((int(number[place]) + shift) % 10) + number[place + 1 :]
    transposed = number[:swapped] + number[swapped + 1] + number[swapped] + number[swapped + 2 :]
    for slip in (wrong, transposed, number + number[-1]):
        assert ico.nearest(slip, {number}) == number
        assert ico.nearest(slip, set()) == ""


def test_between_two_known_numbers_none_is_nearest() -> None:
    assert ico.nearest("00023671", {"00023671"}) == "00023671"
    one, other = "00006599", "00006947"
    assert ico.nearest("00006598", {one, other}) == one
    neighbours = [f"{head}{ico.check_digit(head)}" for head in ("1234567", "1234568")]
    between = [n for n in (f"123456{i}{j}" for i in range(10) for j in range(10)) if not ico.is_valid(n)]
    assert any(ico.nearest(n, set(neighbours)) == "" and ico.nearest(n, {neighbours[0]}) for n in between)


@pytest.mark.parametrize(
    ("text", "short"), [("6599", True), ("IČ 6599.0", True), ("551023", False), ("00006599", False)]
)
def test_very_short_number_is_doubted(text: str, short: bool) -> None:
    assert ico.parse(text)
    assert ico.is_short(text) is short


@pytest.mark.parametrize("text", ["551023", " 60609460", "60 609 460", "CZ60609460", "６０６０９４６０"])
def test_only_the_canonical_form_is_valid(text: str) -> None:
    assert not ico.is_valid(text)
