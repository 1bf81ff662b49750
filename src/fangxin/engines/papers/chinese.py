"""Numbers, dates and document numbers as official Chinese papers print them."""

from __future__ import annotations

import re
from datetime import date, time

_DIGITS = "零一二三四五六七八九"
_UNITS = ("", "十", "百", "千")
_WIDE_FROM = "\u2e80"  # from here on every character of a Chinese text fills a whole square
_WIDE_PUNCTUATION = "—…“”‘’·×"
_DOCUMENT_NUMBER = re.compile(r"[^\s〔〕\[\]()（）第]+〔(?:19|20)\d{2}〕[1-9]\d*号")


def number_zh(number: int) -> str:
    """Write a whole number from 0 to 9999 in Chinese numerals, as headings count.

    >>> [number_zh(n) for n in (1, 10, 12, 20, 101, 110, 2010)]
    ['一', '十', '十二', '二十', '一百零一', '一百一十', '二千零一十']
    """
    if not 0 <= number <= 9999:
        raise ValueError(f"{number} is outside 0..9999")
    if number == 0:
        return _DIGITS[0]
    text = ""
    for place, digit in enumerate(map(int, reversed(str(number)))):
        if digit:
            text = _DIGITS[digit] + _UNITS[place] + text
        elif text and not text.startswith(_DIGITS[0]):
            text = _DIGITS[0] + text
    return text[1:] if text.startswith("一十") else text


def format_date_zh(day: date) -> str:
    """Write a date in Arabic digits without leading zeros (GB/T 9704-2012, 7.3.5.4).

    >>> format_date_zh(date(2022, 5, 19))
    '2022年5月19日'
    """
    return f"{day.year}年{day.month}月{day.day}日"


def format_time_zh(at: time) -> str:
    """Write a time of day to the minute.

    >>> format_time_zh(time(9, 5)), format_time_zh(time(15, 0))
    ('9时05分', '15时')
    """
    return f"{at.hour}时{at.minute:02}分" if at.minute else f"{at.hour}时"


def format_document_number(code: str, year: int, serial: int) -> str:
    """Build a document number: agency code, year in 〔〕, serial without leading zero (7.2.5).

    >>> format_document_number("某食安办", 2022, 8)
    '某食安办〔2022〕8号'
    """
    return f"{code}〔{year}〕{serial}号"


def is_document_number(text: str) -> bool:
    """Tell whether a text has the form 7.2.5 asks for: full year in 〔〕, no 第, no leading zero.

    >>> is_document_number("某食安办〔2022〕8号"), is_document_number("某食安办[2022]第08号")
    (True, False)
    """
    return _DOCUMENT_NUMBER.fullmatch(text) is not None


def width_in_characters(text: str) -> float:
    """Measure a line in squares of the character grid: Chinese 1, Latin letters and digits 0.5.

    >>> width_in_characters("2022年5月19日")
    6.5
    """
    return sum(1.0 if char >= _WIDE_FROM or char in _WIDE_PUNCTUATION else 0.5 for char in text)


def join_sentences(parts: list[str] | tuple[str, ...], mark: str = "；") -> str:
    """Join clauses with one mark and close with a full stop, whatever they ended with.

    >>> join_sentences(["台账不全。", "未公示"])
    '台账不全；未公示。'
    """
    return mark.join(strip_end(part) for part in parts) + "。"


def strip_end(text: str) -> str:
    """Take white space and the closing mark off a clause so that another can follow.

    >>> strip_end("台账不全。 ")
    '台账不全'
    """
    return text.strip().rstrip("。；;，,、 ")
