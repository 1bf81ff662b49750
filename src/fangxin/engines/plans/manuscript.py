"""A plan's text, repaired, with the way back: each repaired character knows its place in the text as read."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from dataclasses import dataclass
from enum import IntEnum

from .characters import repair_chars, settle_context
from .values import Source


class Gap(IntEnum):
    """White space that stood before a character of the repaired text, the widest kind winning."""

    NONE = 0
    BLANK = 1
    CELL = 2
    LINE = 3
    PAGE = 4
    EMPTY_LINE = 5


@dataclass(frozen=True, slots=True)
class Piece:
    """A repaired string and the span of the manuscript it came from."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Line:
    """A printed line: its span, the gap before it, whether it was indented."""

    start: int
    end: int
    gap: Gap
    indented: bool


@dataclass(frozen=True, slots=True)
class Manuscript:
    """Repaired text without white space, the offsets of its characters, the gaps between them, its lines."""

    original: str
    text: str
    origins: array[int]
    gaps: bytearray
    lines: tuple[Line, ...]
    withheld: tuple[tuple[int, int], ...]

    def piece(self, start: int, end: int) -> Piece:
        """The repaired words of a span."""
        return Piece(self.text[start:end], start, end)

    def source(self, start: int, end: int) -> Source:
        """The verbatim words of a span, cut before contact details of persons."""
        first, last = self.origins[start], self.origins[end - 1] + 1
        at = bisect_left(self.withheld, (first, 0))
        if at < len(self.withheld) and self.withheld[at][0] < last:
            last = max(first + 1, self.withheld[at][0])
        return Source(first, self.original[first:last])


# A vertical tab is no line end here: it parts the lines inside one table cell.
_LINE_END = re.compile(r"\r\n|[\n\r\x85\u2028\u2029]|\f")
_CHUNK = re.compile(r"[^\s\u200b-\u200f\u2060\ufeff\u00ad\x00-\x1f\x7f]+")  # zero-width and control characters go too
_PAGE_LINE = re.compile(
    r"[—–\-―─_·•~]+\s*\d{1,4}\s*[—–\-―─_·•~]+|\d{1,4}|\d{1,3}\s*/\s*\d{1,3}(?:\s*页)?"
    r"|第\s*\d{1,4}\s*页(?:[,，、\s/]*共\s*\d{1,4}\s*页)?"
)
_WORD = re.compile(r"[A-Za-z]{3}")
_BARE_NUMBER = re.compile(r"\d{1,4}")
_RULE = re.compile(r"[\s\-—–=_─━+┌┐└┘├┤┬┴┼*·.|│┃:：]{3,}")
_CELL_MARK = re.compile(r"[\t|│┃]")
_HEADER_END = ("文件", "方案", "计划", "通知", "意见", "公报", "）")


def _spaced(words: str) -> str:
    return "|".join(r"\s*".join(word) for word in words.split())


_CONTACT = re.compile(
    rf"（[^（）\n]{{0,12}}(?:{_spaced('联系人 联系电话 联系方式 咨询电话 电话 邮箱 传真')})[^（）]{{0,160}}）"
    rf"|[，、；,;]?(?:{_spaced('联系人 联系电话 联系方式 咨询电话 电子邮箱 电子邮件 邮箱 电话 手机 传真 签发人')})"
    r"[^，。；：:\n（）]{0,8}[：:][^。；\n（）]{0,120}"
    r"|(?<!\d)1[3-9]\d{9}(?!\d)|(?<!\d)0\d{2,3}[-—]\d{7,8}(?!\d)"
    r"|(?<![\w.])[A-Za-z0-9_.+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+"
)


def repair(original: str) -> Manuscript:
    """Repair a text: characters, page furniture and white space; nothing else is added or removed.

    >>> m = repair("縣市場監\\n— 3 —\\n管局")
    >>> m.text
    '县市场监管局'
    >>> m.source(3, 5).quote.split()
    ['監', '—', '3', '—', '管']
    """
    return _Repairer(original).run()


class _Repairer:
    def __init__(self, original: str) -> None:
        self.original = original
        self.clean = repair_chars(original)
        self.withheld = tuple(m.span() for m in _CONTACT.finditer(self.clean))
        self.parts: list[str] = []
        self.length = 0
        self.origins = array("l")
        self.gaps = bytearray()
        self.lines: list[Line] = []

    def run(self) -> Manuscript:
        rows = self._rows()
        furniture = _furniture([self.clean[a:b].strip() for a, b, _ in rows])
        gap = Gap.NONE
        for number, (start, end, page) in enumerate(rows):
            gap = max(gap, Gap.PAGE if page else Gap.LINE)
            if number in furniture:
                gap = Gap.PAGE
            elif not self._take(start, end, gap):
                gap = Gap.PAGE if gap is Gap.PAGE else Gap.EMPTY_LINE
            else:
                gap = Gap.NONE
        text = settle_context("".join(self.parts))
        return Manuscript(self.original, text, self.origins, self.gaps, tuple(self.lines), self.withheld)

    def _rows(self) -> list[tuple[int, int, bool]]:
        rows, start, page = [], 0, False
        for match in _LINE_END.finditer(self.clean):
            rows.append((start, match.start(), page))
            start, page = match.end(), match.group() == "\f"
        rows.append((start, len(self.clean), page))
        return rows

    def _take(self, start: int, end: int, gap: Gap) -> bool:
        """Append one line's characters; False where nothing is left of it."""
        first = self.length
        before = start
        table = self._is_table_row(start, end)
        for a, b in self._kept(start, end, table=table):
            between = self.clean[before:a]
            kind = gap if self.length == first else _gap_within(between, table=table)
            if kind is Gap.BLANK and self._between_words(a):
                self._append(" ", range(a - 1, a), Gap.NONE)
                kind = Gap.NONE
            self._append(self.clean[a:b], range(a, b), kind)
            before = b
        if self.length == first:
            return False
        indent = self.clean[start : self.origins[first]]
        indented = "\u3000" in indent or len(indent) >= 2
        self.lines.append(Line(first, self.length, gap, indented))
        return True

    def _is_table_row(self, start: int, end: int) -> bool:
        row = self.clean[start:end]
        return len(_CELL_MARK.findall(row.strip(" \u3000"))) >= (1 if "\t" in row.strip() else 3)

    def _kept(self, start: int, end: int, *, table: bool) -> list[tuple[int, int]]:
        """The spans of a line that carry text: no white space, no cell rules, no contact details."""
        spans = []
        for match in _CHUNK.finditer(self.clean, start, end):
            for a, b in self._without_contacts(*match.span()):
                spans.extend(_split_cells(self.clean, a, b) if table else [(a, b)])
        return spans

    def _without_contacts(self, start: int, end: int) -> list[tuple[int, int]]:
        spans = []
        at = max(0, bisect_left(self.withheld, (start, 0)) - 1)
        for a, b in self.withheld[at:]:
            if a >= end:
                break
            if b <= start:
                continue
            if a > start:
                spans.append((start, a))
            start = min(b, end)
        if start < end:
            spans.append((start, end))
        return spans

    def _between_words(self, start: int) -> bool:
        """A blank inside Latin text parts two words; beside one or two letters a scanner put it there."""
        before = self.parts[-1][-3:] if self.parts else ""
        return bool(_WORD.fullmatch(before) and _WORD.match(self.clean, start))

    def _append(self, text: str, places: range, kind: Gap) -> None:
        self.parts.append(text)
        self.length += len(text)
        self.origins.extend(places)
        self.gaps.append(kind)
        self.gaps.extend(bytes(len(text) - 1))


def _gap_within(between: str, *, table: bool) -> Gap:
    if table and _CELL_MARK.search(between):
        return Gap.CELL
    if "\v" in between:
        return Gap.LINE
    return Gap.BLANK if between and any(char.isspace() for char in between) else Gap.NONE


def _split_cells(text: str, start: int, end: int) -> list[tuple[int, int]]:
    return [(start + m.start(), start + m.end()) for m in re.finditer(r"[^|│┃]+", text[start:end])]


def _furniture(rows: list[str]) -> set[int]:
    """Numbers of the rows that are page numbers, running headers or drawn rules."""
    dropped = {
        number
        for number, row in enumerate(rows)
        if row and len(row) < 40 and (_is_page_number(rows, number) or _RULE.fullmatch(row))
    }
    return dropped | _running_headers(rows, dropped)


def _is_page_number(rows: list[str], number: int) -> bool:
    row = rows[number]
    if not _PAGE_LINE.fullmatch(row) or len(row) > 24:
        return False
    if not _BARE_NUMBER.fullmatch(row):
        return True
    # A bare number may be the middle of a broken sentence: a page number has air above or below.
    before = rows[number - 1] if number else ""
    after = rows[number + 1] if number + 1 < len(rows) else ""
    return len(row) < 4 and not (before and after)


def _running_headers(rows: list[str], page_numbers: set[int]) -> set[int]:
    places: dict[str, list[int]] = {}
    for number, row in enumerate(rows):
        squeezed = "".join(row.split())
        if 6 <= len(squeezed) <= 60 and squeezed.endswith(_HEADER_END) and not re.search(r"[。，；：、]", squeezed):
            places.setdefault(squeezed, []).append(number)
    near = {n + step for n in page_numbers for step in (-3, -2, -1, 1, 2, 3)}
    return {
        number
        for numbers in places.values()
        if len(numbers) >= 3 and sum(n in near for n in numbers) >= 2
        for number in numbers[1:]
    }
