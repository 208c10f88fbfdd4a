from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lod import regnum

# number, period, programme, axis, area, call, individual
KNOWN = [
    ("CZ.04.1.03/3.1.15.2/0106", "2004-2006", "CZ.04.1.03", "", "", "", False),
    ("CZ.04.3.07/1.1.01.1/0012", "2004-2006", "CZ.04.3.07", "", "", "", False),
    ("CZ.04.4.09/4.1.00.4/0001", "2004-2006", "CZ.04.4.09", "", "", "", False),
    ("CZ.1.04/3.1.00/05.00037", "2007-2013", "CZ.1.04", "3", "3.1", "05", True),
    ("CZ.1.04/2.1.00/70.00055", "2007-2013", "CZ.1.04", "2", "2.1", "70", True),
    ("CZ.1.01/2.1.00/09.0132", "2007-2013", "CZ.1.01", "2", "2.1", "09", True),
    ("CZ.1.07/1.4.00/21.2146", "2007-2013", "CZ.1.07", "1", "1.4", "21", True),
    ("CZ.1.07/1.1.02/01.0001", "2007-2013", "CZ.1.07", "1", "1.1", "01", False),
    ("CZ.1.04/3.1.00/B5.00001", "2007-2013", "CZ.1.04", "3", "3.1", "B5", True),
    ("CZ.2.17/3.1.00/32718", "2007-2013", "CZ.2.17", "3", "3.1", "", True),
    ("CZ.3.22/1.1.00/08.00001", "2007-2013", "CZ.3.22", "1", "1.1", "08", True),
    ("CZ.03.2.60/0.0/0.0/15_005/0000057", "2014-2020", "CZ.03-2014-2020", "2", "2.60", "15_005", False),
    ("CZ.01.1.02/0.0/0.0/15_002/0000019", "2014-2020", "CZ.01-2014-2020", "1", "1.02", "15_002", False),
    ("CZ.11.3.119/0.0/0.0/16_022/0001162", "2014-2020", "CZ.11-2014-2020", "3", "3.119", "16_022", False),
    ("CZ.30.X.X/0.0/0.0/15_001/0000001", "2014-2020", "CZ.30-2014-2020", "", "", "15_001", False),
    # The programme code 04 of 2014-2020 is not the prefix CZ.04 of 2004-2006.
    ("CZ.04.1.40/0.0/0.0/16_001/0000001", "2014-2020", "CZ.04-2014-2020", "1", "1.40", "16_001", False),
    ("CZ.03.02.02/00/22_046/0002180", "2021-2027", "CZ.03-2021-2027", "02", "02.02", "22_046", False),
    ("CZ.01.01.01/08/25_072/0008601", "2021-2027", "CZ.01-2021-2027", "01", "01.01", "25_072", False),
]


@pytest.mark.parametrize(("text", "period", "programme", "axis", "area", "call", "individual"), KNOWN)
def test_number_says_where_its_project_belongs(
    text: str, period: str, programme: str, axis: str, area: str, call: str, individual: bool
) -> None:
    number = regnum.parse(f" {text}\u00a0")
    assert number == regnum.RegistrationNumber(text, period, programme, axis, area, call, individual)


def test_recovery_facility_number_is_read() -> None:
    number = regnum.parse("CZ.31.1.0/0.0/0.0/22_050/0007986")
    assert number is not None
    assert (number.axis, number.call) == ("1", "22_050")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-",
        "CZ 03.260/0.0/15_005/0001897",
        "CZ.03.2.60/0.0/0.0/15 005/0000057",  # a PDF copy breaks the underscore
        "CZ.03.2.60/0.0/0.0/15005/0000057",
        r"CZ.03.2.60/0.0/0.0/15\_005/0000057",
        "CZ.03.02.02/00/22 046/0002180",
        "CZ.04.1.40/0.0/0.0/16 001/0000001",  # broken too, not a number of 2004-2006
        "CZ.03.2.60/0.0/0.0/15_005/000057",
        "CZ.1.04/3.1.00/05.00037 a další",
        "Reg. č. CZ.1.04/3.1.00/05.00037",
        "CZ.1.04/3.1.00/05.037",
        "CZ.1.04/3.1/05.00037",
        "PL.3.22/1.1.00/08.00001",
        "304021C852",
        "FRV/VEI/045060/2021",
        "20RRD11-0020",
        "MaS06-22/",
    ],
)
def test_what_fits_no_grammar_is_none(text: str) -> None:
    assert regnum.parse(text) is None


@pytest.mark.parametrize(
    ("printed", "number"),
    [
        ("CZ 03.260/0.0/15_005/0001897", "CZ.03.2.60/0.0/0.0/15_005/0001897"),
        ("CZ.03.2.60/0.0/0.0/15 005/0000057", "CZ.03.2.60/0.0/0.0/15_005/0000057"),
        ("CZ.03.2.60/0.0/0.0/15005/0000057", "CZ.03.2.60/0.0/0.0/15_005/0000057"),
        (r"CZ.03.2.60/0.0/0.0/15\_005/0000057", "CZ.03.2.60/0.0/0.0/15_005/0000057"),
        ("CZ.03.2.60/0.0/0.0/15–005/0000057", "CZ.03.2.60/0.0/0.0/15_005/0000057"),
        ("CZ.03.02.02/00/22 046/0002180", "CZ.03.02.02/00/22_046/0002180"),
        ("cz.1.04/3.1.00/05.00037", "CZ.1.04/3.1.00/05.00037"),
        ("CZ. 1.04 / 3.1.00 / 05.00037", "CZ.1.04/3.1.00/05.00037"),
        ("CZ 1.04/3.1.00/05.00037", "CZ.1.04/3.1.00/05.00037"),
        ("CZ.1.O4/3.1.00/05.00037", "CZ.1.04/3.1.00/05.00037"),
        ("CZ.104/3100/0500037", "CZ.1.04/3.1.00/05.00037"),
        ("CZ.1.04/3.1.00/05.00037.", "CZ.1.04/3.1.00/05.00037"),
        ("Reg. č. CZ.1.04/3.1.00/05.00037", "CZ.1.04/3.1.00/05.00037"),
        ("CZ.11.3119/0.0/0.0/16_022/0001162", "CZ.11.3.119/0.0/0.0/16_022/0001162"),
    ],
)
def test_damaged_number_has_a_nearest_repair(printed: str, number: str) -> None:
    assert regnum.parse(printed) is None
    assert regnum.repair(printed) == number
    assert regnum.scheme(printed) == "malformed"


@pytest.mark.parametrize(
    "printed",
    [
        "",
        "-",
        "CZ.03.2.60/0.0/0.0/15_005/000057",  # a digit is missing: which one?
        "CZ.1.04/3.1.00/05.037",
        "CZ.1.04/3.1/05.00037",
        "CZ.1.04/3.1.00/05.00037 a další",
        "CZ70891320",
        "PL.3.22/1.1.00/08.00001",
        "TL09900123",
        "304021C852",
    ],
)
def test_nothing_is_made_up(printed: str) -> None:
    assert regnum.repair(printed) is None


@pytest.mark.parametrize(
    "number",
    ["TL09900123", "KU-OV1-099", "304021C852", "FRV/VEI/045060/2021", "20RRD11-0020", "MaS06-22/", "PL.3.22/1.1.00/1"],
)
def test_number_of_another_scheme_is_no_fault(number: str) -> None:
    assert regnum.scheme(number) == "other"


@pytest.mark.parametrize("number", ["CZ.1.04/3.1/05.00037", "cz 03.260/0.0", "neuvedeno", "CZ70891320"])
def test_number_meant_for_the_grammars_is_malformed(number: str) -> None:
    assert regnum.scheme(number) == "malformed"


@given(st.sampled_from([row[0] for row in KNOWN]), st.randoms(use_true_random=False))
def test_blanks_and_small_letters_are_always_mended(number: str, chance: random.Random) -> None:
    spoiled = "".join(char.lower() + (" " if chance.random() < 0.2 else "") for char in number)
    assert regnum.repair(spoiled) == number
    assert regnum.repair(number) == number


@given(st.text(max_size=40) | st.text("CZ.0123456789/_- XO", max_size=40))
def test_whatever_is_mended_fits_a_grammar(printed: str) -> None:
    mended = regnum.repair(printed)
    assert mended is None or regnum.parse(mended)
    assert (regnum.scheme(printed) == "eu") is (regnum.parse(printed) is not None)
