"""Chinese numerals and the dates of official papers."""

from __future__ import annotations

import calendar
import re
from datetime import date
from decimal import Decimal

_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "O": 0, "o": 0, "两": 2, "0": 0}
_TENS = {"十": 10, "百": 100}

CHINESE_NUMBER = "[一二三四五六七八九十百]{1,4}"
YEAR = r"(?:20\d\d|二[〇○Oo零0一二三四五六七八九]{3})"
MONTH = r"(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
DAY = r"(?:3[01]|[12]\d|0?[1-9]|三十一?|二?十[一二三四五六七八九]?|[一二三四五六七八九])"
DOTTED_DATE = re.compile(r"(?P<y>20\d\d)[./-](?P<m>1[0-2]|0?[1-9])[./-](?P<d>3[01]|[12]\d|0?[1-9])")
FULL_DATE = re.compile(rf"(?P<y>{YEAR})年(?P<m>{MONTH})月(?P<d>{DAY})[日号]")


def read_number(text: str) -> int:
    """Read a small Chinese or Arabic numeral.

    >>> read_number("十二"), read_number("二十"), read_number("7"), read_number("一百零三")
    (12, 20, 7, 103)
    """
    if text.isascii() and text.isdigit():
        return int(text)
    total = digit = 0
    for char in text:
        if char in _TENS:
            total += (digit or 1) * _TENS[char]
            digit = 0
        else:
            digit = _DIGITS.get(char, 0)
    return total + digit


def read_decimal(text: str) -> Decimal:
    """Read a number that may have decimals, in either script.

    >>> read_decimal("98.5"), read_decimal("八十"), read_decimal("九十九点五")
    (Decimal('98.5'), Decimal('80'), Decimal('99.5'))
    """
    if text[0].isascii():
        return Decimal(text)
    whole, _, fraction = text.partition("点")
    digits = "".join(str(_DIGITS.get(char, 0)) for char in fraction)
    return Decimal(f"{read_number(whole)}.{digits}" if digits else read_number(whole))


def read_year(text: str) -> int:
    """Read a year written in Arabic digits or digit by digit in Chinese.

    >>> read_year("二〇二二"), read_year("2024")
    (2022, 2024)
    """
    if text.isascii() and text.isdigit():
        return int(text)
    return int("".join(str(_DIGITS.get(char, char)) for char in text))


def make_date(year: int, month: int, day: int) -> date | None:
    """The date, or None where the calendar has no such day."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def month_end(year: int, month: int) -> date:
    """The last day of a month."""
    return date(year, month, calendar.monthrange(year, month)[1])


def date_of(match: re.Match[str]) -> date | None:
    """The date in a match with the groups `y`, `m` and `d`."""
    return make_date(read_year(match["y"]), read_number(match["m"]), read_number(match["d"]))
