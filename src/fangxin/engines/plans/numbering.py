"""The ordinals Word sets by itself: numbering rules followed paragraph by paragraph."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DIGITS = "〇一二三四五六七八九"
_MAX_STYLE_DEPTH = 20


@dataclass(frozen=True, slots=True)
class _Level:
    """How one level of a list writes its numbers."""

    start: int
    form: str
    pattern: str


class Numbering:
    """Counts numbered paragraphs and writes their ordinals as Word would."""

    def __init__(self, numbering: Any, styles: Any) -> None:
        self._levels: dict[str, dict[int, _Level]] = {}
        self._abstract: dict[str, str] = {}
        self._counters: dict[str, dict[int, int]] = {}
        self._restarted: set[tuple[str, int]] = set()
        self._overrides: dict[tuple[str, int], int] = {}
        self._styles: dict[str, tuple[str | None, str | None, int]] = {}
        if numbering is not None:
            self._read_numbering(numbering)
        if styles is not None:
            self._read_styles(styles)

    def label(self, paragraph: Any) -> str:
        """The ordinal of a paragraph, empty where Word sets none."""
        number, depth = self._reference(paragraph)
        abstract = self._abstract.get(number or "")
        if number is None or number == "0" or abstract is None:
            return ""
        levels = self._levels.get(abstract, {})
        level = levels.get(depth)
        if level is None:
            return ""
        self._count(number, abstract, depth, level)
        if level.form in ("bullet", "none"):
            return ""
        return self._write(abstract, depth, levels)

    def _count(self, number: str, abstract: str, depth: int, level: _Level) -> None:
        counters = self._counters.setdefault(abstract, {})
        override = self._overrides.get((number, depth))
        if override is not None and (number, depth) not in self._restarted:
            self._restarted.add((number, depth))
            counters[depth] = override
        else:
            counters[depth] = counters[depth] + 1 if depth in counters else level.start
        for deeper in [d for d in counters if d > depth]:
            del counters[deeper]

    def _write(self, abstract: str, depth: int, levels: dict[int, _Level]) -> str:
        counters = self._counters[abstract]

        def ordinal(found: re.Match[str]) -> str:
            place = int(found[1]) - 1
            level = levels.get(place)
            if level is None:
                return ""
            return write_number(counters.get(place, level.start), level.form)

        return re.sub(r"%(\d)", ordinal, levels[depth].pattern)

    def _reference(self, paragraph: Any) -> tuple[str | None, int]:
        """The list and the depth of a paragraph: its own, else its style's."""
        own = paragraph.find(f"{_W}pPr/{_W}numPr")
        style = paragraph.find(f"{_W}pPr/{_W}pStyle")
        by_style = self._from_style(style.get(_W + "val") if style is not None else None)
        if own is None:
            return by_style
        number, depth = _value(own, "numId"), _value(own, "ilvl")
        return number or by_style[0], int(depth) if depth and depth.isdecimal() else by_style[1]

    def _from_style(self, style: str | None) -> tuple[str | None, int]:
        for _ in range(_MAX_STYLE_DEPTH):
            if style is None or style not in self._styles:
                break
            based_on, number, depth = self._styles[style]
            if number is not None:
                return number, depth
            style = based_on
        return None, 0

    def _read_numbering(self, root: Any) -> None:
        for abstract in root.iterfind(f"{_W}abstractNum"):
            key = abstract.get(_W + "abstractNumId", "")
            self._levels[key] = {
                int(level.get(_W + "ilvl", "0")): _read_level(level) for level in abstract.iterfind(f"{_W}lvl")
            }
        for number in root.iterfind(f"{_W}num"):
            key = number.get(_W + "numId", "")
            self._abstract[key] = _value(number, "abstractNumId") or ""
            for override in number.iterfind(f"{_W}lvlOverride"):
                start = _value(override, "startOverride")
                if start and start.isdecimal():
                    self._overrides[key, int(override.get(_W + "ilvl", "0"))] = int(start)

    def _read_styles(self, root: Any) -> None:
        for style in root.iterfind(f"{_W}style"):
            properties = style.find(f"{_W}pPr/{_W}numPr")
            number = _value(properties, "numId") if properties is not None else None
            depth = _value(properties, "ilvl") if properties is not None else None
            based_on = _value(style, "basedOn")
            self._styles[style.get(_W + "styleId", "")] = (
                based_on,
                number,
                int(depth) if depth and depth.isdecimal() else 0,
            )


def _value(parent: Any, name: str) -> str | None:
    child = parent.find(_W + name)
    value = child.get(_W + "val") if child is not None else None
    return str(value) if value is not None else None


def _read_level(level: Any) -> _Level:
    start = _value(level, "start") or "1"
    return _Level(
        int(start) if start.isdecimal() else 1, _value(level, "numFmt") or "decimal", _value(level, "lvlText") or ""
    )


def write_number(number: int, form: str) -> str:
    """A number in one of Word's forms; unknown forms come out in Arabic digits.

    >>> write_number(12, "chineseCounting"), write_number(3, "decimalEnclosedCircle"), write_number(4, "decimal")
    ('十二', '③', '4')
    """
    if form.lower().startswith(("chinese", "japanesecounting", "ideographdigital", "taiwanese", "koreancounting")):
        return _chinese(number)
    if form.startswith("decimalEnclosedCircle") and 1 <= number <= 20:
        return chr(0x2460 + number - 1)
    if form in ("upperLetter", "lowerLetter") and 1 <= number <= 26:
        return chr((65 if form == "upperLetter" else 97) + number - 1)
    return str(number)


def _chinese(number: int) -> str:
    if number < 10:
        return _DIGITS[number]
    if number < 100:
        tens, ones = divmod(number, 10)
        return ("" if tens == 1 else _DIGITS[tens]) + "十" + (_DIGITS[ones] if ones else "")
    return str(number)
