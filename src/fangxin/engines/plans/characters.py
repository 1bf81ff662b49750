"""One-to-one repair of characters: width forms, bracket styles, traditional characters mixed in by a scan.

Every replacement keeps the length of the text, so offsets stay valid.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from opencc import OpenCC

# Brackets become full-width round ones; years of document numbers get 〔〕 back in `settle_context`.
_STYLES = str.maketrans(
    "()[]【】〔〕﹝﹞﹙﹚〖〗" + "「」『』〝〞" + "«»;!?､﹑﹐｡﹪·•・∙",
    "（）（）（）（）（）（）（）" + "“”“”“”" + "《》；！？、、，。%····",
)
# Simplified texts use these themselves (乾 in place names, 薹 in 蒜薹, 麴 and 甯 in names).
_ALREADY_SIMPLIFIED = frozenset("乾薹醣麴甯榘吒夥捱摺著")
# Variant forms that occur in scans and are missing from the conversion table.
_VARIANTS = {"衞": "卫", "説": "说", "逹": "达", "甞": "尝", "葯": "药", "敎": "教", "產": "产", "黃": "黄"}

_DOCUMENT_YEAR = re.compile(r"[（〔](20\d\d)[）〕](?=(?:第)?\d{1,4}号)")
_ASCII_COMMA = re.compile(r"(?<!\d),|,(?!\d)")
_ASCII_COLON = re.compile(r"(?<!\d):|:(?!\d)")
# A scanner's full stop between Chinese words; after a numeral it may belong to an ordinal.
_ASCII_STOP = re.compile(r"(?<=[\u4e00-\u9fff”])(?<![一二三四五六七八九十])\.(?=[\u4e00-\u9fff“（]|$)")
_YEAR_DASH = re.compile(
    r"(?<=20\d\d)[-–‐‑―─~～—](?=20\d\d)|(?<=20\d\d年)[-–‐‑―─~～—](?=20\d\d)|(?<=[月日])[-–‐‑―─~～—](?=\d)"
)
_DRY = re.compile(r"乾(?=[净淨燥])")


@cache
def _converter() -> OpenCC:
    return OpenCC("t2s")


@cache
def repair_char(char: str) -> str:
    """One character in its simplified, normal-width form.

    >>> "".join(map(repair_char, "人員Ａ１％（著於"))
    '人员A1%（著于'
    """
    if char in _ALREADY_SIMPLIFIED:
        return char
    code = ord(char)
    if 0xFF01 <= code <= 0xFF5E:
        char = chr(code - 0xFEE0)
    elif 0x2E80 <= code <= 0x2FDF or 0xF900 <= code <= 0xFAFF:
        folded = unicodedata.normalize("NFKC", char)
        char = folded if len(folded) == 1 else char
    if char in _VARIANTS:
        return _VARIANTS[char]
    if "\u3400" <= char <= "\u9fff":
        converted = str(_converter().convert(char))
        return converted if len(converted) == 1 else char
    return char.translate(_STYLES)


def repair_chars(text: str) -> str:
    """The text with every character repaired; same length."""
    table = {
        ord(char): fixed
        for char in set(text)
        if char > "~" or char in "()[];!?"
        if (fixed := repair_char(char)) != char
    }
    return _DRY.sub("干", text.translate(table))


def settle_context(text: str) -> str:
    """Punctuation that depends on its neighbours, once blanks are gone; same length.

    >>> settle_context("卢政办（2022）21号,2022-2024年,1,000家")
    '卢政办〔2022〕21号，2022—2024年，1,000家'
    """
    text = _DOCUMENT_YEAR.sub(r"〔\1〕", text)
    text = _ASCII_COMMA.sub("，", text)
    text = _ASCII_COLON.sub("：", text)
    text = _ASCII_STOP.sub("。", text)
    return _YEAR_DASH.sub("—", text)


def pair_quotes(text: str) -> str:
    """Straight double quotes of one paragraph become curly pairs; an odd one out leaves the paragraph alone."""
    pieces = text.split('"')
    if len(pieces) == 1 or len(pieces) % 2 == 0:
        return text
    return "".join(piece + ("“" if i % 2 == 0 else "”") for i, piece in enumerate(pieces[:-1])) + pieces[-1]
