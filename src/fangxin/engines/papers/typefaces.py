"""Typefaces of official papers and what may stand in for them.

The faces GB/T 9704-2012 asks for are proprietary and come with office machines. The paper names
them; the font table it carries names open faces for machines without them. All of them draw
Chinese characters one em wide, so 28 characters fill a line with any of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Face(StrEnum):
    """The roles a typeface plays in a paper."""

    BODY = "body"  # 仿宋: text, headings of level 3 and 4, imprint
    BLACK = "black"  # 黑体: headings of level 1, urgency, attachment mark
    KAI = "kai"  # 楷体: headings of level 2, the signer's name
    TITLE = "title"  # 小标宋: agency mark and title
    SONG = "song"  # 宋体: page number


@dataclass(frozen=True, slots=True)
class Typeface:
    """A face by the name office machines know, with stand-ins in order of preference."""

    name: str
    alternatives: tuple[str, ...]
    family: str = "roman"  # Word's class: what to fall back on if no name is known
    pitch: str = "fixed"


TYPEFACES: dict[Face, Typeface] = {
    Face.BODY: Typeface("仿宋_GB2312", ("仿宋", "FangSong", "FandolFang R", "Zhuque Fangsong", "Noto Serif CJK SC")),
    Face.BLACK: Typeface("黑体", ("SimHei", "FandolHei", "Source Han Sans SC", "Noto Sans CJK SC"), family="modern"),
    Face.KAI: Typeface("楷体_GB2312", ("楷体", "KaiTi", "FandolKai", "LXGW WenKai", "Noto Serif CJK SC")),
    Face.TITLE: Typeface(
        "方正小标宋简体", ("小标宋", "FZXiaoBiaoSong-B05S", "Source Han Serif SC", "Noto Serif CJK SC")
    ),
    Face.SONG: Typeface("宋体", ("SimSun", "FandolSong", "Source Han Serif SC", "Noto Serif CJK SC")),
}

# Digits and Latin letters of the text: exactly half an em wide, which the signature's indents rely on.
LATIN = Typeface("Times New Roman", ("Liberation Serif", "Tinos", "TeX Gyre Termes"), pitch="variable")
