"""Registration numbers of EU-funded projects: what they say about programme, axis, area and call.

Three grammars, by programming period (the 2004-06 one is known only up to its programme part):

>>> number = parse("CZ.1.04/3.1.00/05.00037")
>>> number.period, number.programme, number.axis, number.area, number.call, number.individual
('2007-2013', 'CZ.1.04', '3', '3.1', '05', True)
>>> parse("CZ.03.2.60/0.0/0.0/15_005/0000057").programme
'CZ.03-2014-2020'
>>> parse("CZ 03.260/0.0/15_005/0001897") is None
True
>>> repair("CZ 03.260/0.0/15_005/0001897")
'CZ.03.2.60/0.0/0.0/15_005/0001897'
>>> scheme("TL09900123"), scheme("CZ.1.04/3.1/05.00037")
(<Scheme.OTHER: 'other'>, <Scheme.MALFORMED: 'malformed'>)
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

__all__ = ["RegistrationNumber", "Scheme", "parse", "repair", "scheme"]


class Scheme(StrEnum):
    """Whose number it is."""

    EU = "eu"  # fits one of the grammars
    MALFORMED = "malformed"  # meant to be one of them, or no number at all
    OTHER = "other"  # of another programme, which numbers its projects its own way


@dataclass(frozen=True, slots=True)
class RegistrationNumber:
    """The parts of a well-formed number; codes are local names below `…/zdroj/programy/`."""

    text: str
    period: str  # "2007-2013"
    programme: str  # "CZ.1.04", or "CZ.03-2014-2020" where two periods share a code
    axis: str = ""  # "3"
    area: str = ""  # "3.1": area of support (2007-13), investment priority (2014-20), objective (2021-27)
    call: str = ""  # "05", "15_005"
    individual: bool = False  # 2007-13: scheme 00 marks an individual project


_2004 = re.compile(r"CZ\.04\.(?P<objective>[134])\.(?P<programme>\d{2})/[0-9A-Z.]+(?:/[0-9A-Z.]+)*/\d{4}")
_2007 = re.compile(
    r"CZ\.(?P<objective>\d)\.(?P<programme>\d{2})/(?P<axis>\d+)\.(?P<area>\d)\.(?P<scheme>\d{2})"
    r"/(?:(?P<call>[0-9A-Z]{2})\.)?\d{4,5}"
)
# OP 30 (food and material aid) prints X where it has no axis and no priority.
_2014 = re.compile(
    r"CZ\.(?P<programme>\d{2})\.(?P<axis>\d+|X)\.(?P<area>\d{1,3}|X)/\d+\.\d+/\d+\.\d+/(?P<call>\d{2}_\d{3})/\d{7}"
)
_2021 = re.compile(r"CZ\.(?P<programme>\d{2})\.(?P<axis>\d{2})\.(?P<area>\d{2})/\d{2}/(?P<call>\d{2}_\d{3})/\d{7}")


def parse(text: str) -> RegistrationNumber | None:
    """Read a number exactly as printed (outer blanks aside); None when no grammar fits it."""
    text = text.strip()
    if match := _2007.fullmatch(text):
        axis = match["axis"]
        return RegistrationNumber(
            text,
            "2007-2013",
            f"CZ.{match['objective']}.{match['programme']}",
            axis,
            f"{axis}.{match['area']}",
            match["call"] or "",
            match["scheme"] == "00",
        )
    if match := _2021.fullmatch(text):
        period = "2021-2027"
    elif match := _2014.fullmatch(text):
        period = "2014-2020"
    elif match := _2004.fullmatch(text):
        return RegistrationNumber(text, "2004-2006", f"CZ.04.{match['objective']}.{match['programme']}")
    else:
        return None
    axis, area = match["axis"], match["area"]
    known = "X" not in (axis, area)
    return RegistrationNumber(
        text,
        period,
        f"CZ.{match['programme']}-{period}",
        axis if axis != "X" else "",
        f"{axis}.{area}" if known else "",
        match["call"],
    )


_LABEL = re.compile(r"^\s*reg(?:istrační|istracni|\.)?\s*č(?:íslo|\.)?\s*(?:projektu)?\s*:?\s*(?=CZ)", re.IGNORECASE)
# Dots and underscores may be lost, so only parts of a known width are told apart.
_LOOSE = (
    (
        re.compile(r"CZ\.?(\d)\.?(\d{2})/(\d)\.?(\d)\.?(\d{2})/(?:([0-9A-Z]{2})\.?)?(\d{4,5})"),
        "CZ.{}.{}/{}.{}.{}/{}.{}",
    ),
    (
        re.compile(r"CZ\.?(\d{2})\.?(\d)\.?(\d{2,3})/0\.?0/(?:0\.?0/)?(\d{2})[_-]?(\d{3})/(\d{7})"),
        "CZ.{}.{}.{}/0.0/0.0/{}_{}/{}",
    ),
    (
        re.compile(r"CZ\.?(\d{2})\.?(\d{2})\.?(\d{2})/(\d{2})/(\d{2})[_-]?(\d{3})/(\d{7})"),
        "CZ.{}.{}.{}/{}/{}_{}/{}",
    ),
)


def _readings(text: str) -> Iterator[str]:
    plain = _LABEL.sub("", unicodedata.normalize("NFKC", text)).upper()
    plain = re.sub(r"[\s\u200b\u2060\ufeff\\]+", "", plain)
    plain = re.sub(r"[\u2010-\u2015\u2212]", "-", plain).strip(".,;:")
    for digits in dict.fromkeys((plain, re.sub("(?<=[0-9./_-])O|O(?=[0-9./_-])", "0", plain))):
        yield re.sub(r"(?<=/\d\d)-(?=\d{3}/)", "_", digits)
        for loose, form in _LOOSE:
            if match := loose.fullmatch(digits):
                yield form.format(*match.groups("")).replace("/.", "/")


def repair(text: str) -> str | None:
    """Return the one well-formed number that a damaged print means; None where none or several would do.

    Mends small letters, stray blanks, a label in front, the letter O for a zero, lost dots, and the underscore
    that copies from PDF break or lose. Never adds a digit.
    """
    found = {parsed.text for reading in _readings(text) if (parsed := parse(reading))}
    return found.pop() if len(found) == 1 else None


def scheme(text: str) -> Scheme:
    """Return whose number it is; one that begins with CZ and a digit was meant for the grammars here."""
    if parse(text):
        return Scheme.EU
    bare = _LABEL.sub("", text).strip()
    if re.match(r"CZ\s*[._-]?\s*[0-9O]", bare, re.IGNORECASE) or not re.search("[0-9]", bare):
        return Scheme.MALFORMED
    return Scheme.OTHER
