"""From printed lines to paragraphs: which line break ends a paragraph and which one a scanner made."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass

from .characters import pair_quotes
from .manuscript import Gap, Line, Manuscript
from .markers import (
    ACTION_END,
    FIELD,
    GOAL_HEADING,
    LABEL,
    LABEL_COLON,
    OTHER_HEADING,
    PLAIN_TASK_HEADING,
    TASK_HEADING,
    Marker,
    Style,
    read_marker,
)
from .numerals import DOTTED_DATE, FULL_DATE, YEAR

_TERMINAL = re.compile(r"[。；！？：][”’）]?\Z")
_TITLE_END = re.compile(r"(?:方案|计划|意见|安排|通知|要点|文件)(?:（[^（）]{1,30}）)*$")
_PERIOD_TAIL = re.compile(rf"（(?:{YEAR}|试行|征求意见稿)[^（）]{{0,20}}）$")
_NUMBER_LINE = re.compile(r"[\u4e00-\u9fff]{1,16}(?:〔20\d\d〕)第?\d{1,4}号")
_DATE_LINE = re.compile(rf"(?:[\u4e00-\u9fff]{{2,24}}(?:府|室|厅|会|局|组|部|委))?{FULL_DATE.pattern}(?:印发|印)?")
_BODY_NAME = re.compile(r"[\u4e00-\u9fff（）]{2,40}(?:人民政府|办公室|办公厅|委员会|领导小组|局|指挥部)")
_SALUTATION = re.compile(r"(?:各|[\u4e00-\u9fff]{2,8}各)[^。；]{2,80}：")
_ATTACHMENT = re.compile(r"附件\d{0,2}[：:]?")
_UNIT_BRACKET_END = re.compile(rf"(?:{LABEL.pattern}|负责|配合|落实|牵头)[^（）]*(?:（[^（）]*）[^（）]*)*）[。]?$")
_FINISHES_HEADING = re.compile(
    r"[^，。；：、]{0,25}?(?:。|行动(?=[。，：（“]|$)|（责任|（牵头|（[^（）]{0,40}(?:负责|牵头))"
)
_INLINE_MARKER = re.compile(
    r"(?<=[。；）])(?=（[一二三四五六七八九十]{1,3}）)|(?<=[。）])(?=[一二三四五六七八九十]{1,2}、)"
)
_UNIT_END = re.compile(
    r"(?:局|委|办|部|社|院|会|处|队|所|站|中心|公司|政府|办事处|海关|联|乡镇|街道|镇街)(?:（[^（）]*）)?$"
)
_ARABIC = (Style.ARABIC, Style.ARABIC_HALF_BRACKET)
_LOOK_BACK = 600
_STUMP = 12  # a line as short as this was not broken at the margin


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A span of the manuscript that was one paragraph; `row` marks a table row."""

    start: int
    end: int
    row: bool = False


def build_paragraphs(m: Manuscript) -> tuple[Manuscript, tuple[Paragraph, ...]]:
    """Join broken lines into paragraphs, and pair straight quotes within each.

    A break is real where a sentence, a heading or a label ends or begins, or where the layout
    (indents, empty lines) shows that this text marks its paragraphs that way.
    """
    joined = _Joiner(m).run()
    parts = [part for paragraph in joined for part in _split_inline(m, paragraph)]
    text = "".join(pair_quotes(m.text[p.start : p.end]) for p in parts)
    repaired = Manuscript(m.original, text, m.origins, m.gaps, m.lines, m.withheld)
    return repaired, tuple(parts)


def _split_inline(m: Manuscript, paragraph: Paragraph) -> list[Paragraph]:
    """Some texts lost their line breaks: an ordinal right after a full stop begins a paragraph."""
    if paragraph.row:
        return [paragraph]
    cuts = [x.start() for x in _INLINE_MARKER.finditer(m.text, paragraph.start + 1, paragraph.end)]
    edges = [paragraph.start, *cuts, paragraph.end]
    return [Paragraph(a, b) for a, b in itertools.pairwise(edges)]


@dataclass(frozen=True, slots=True)
class _Layout:
    """How this text shows its paragraphs."""

    by_empty_line: bool
    by_indent: bool
    width: int


def _layout(m: Manuscript) -> _Layout:
    after_stop = [
        line
        for before, line in zip(m.lines, m.lines[1:], strict=False)
        if _TERMINAL.search(m.text[max(before.start, before.end - 2) : before.end])
    ]
    empty = sum(line.gap is Gap.EMPTY_LINE for line in after_stop)
    single = sum(line.gap is Gap.LINE for line in after_stop)
    indented = sum(line.indented for line in after_stop)
    lengths = sorted(line.end - line.start for line in m.lines)
    width = lengths[int(len(lengths) * 0.8)] if lengths else 0
    return _Layout(
        by_empty_line=empty >= 5 and empty > 3 * single,
        by_indent=indented >= 5 and indented * 2 >= len(after_stop) and indented < len(m.lines),
        width=width,
    )


def _open(text: str, pair: str) -> bool:
    """Has the text an opening mark that is not closed yet?"""
    return text.count(pair[0]) > text.count(pair[1])


def _inside_pair(tail: str) -> bool:
    """A bracket, a title mark or a short quotation is still open."""
    bracket = _open(tail, "（）") and tail.rfind("（") > len(tail) - 300
    return bracket or _open(tail[-120:], "《》") or _open(tail[-30:], "“”")


class _Joiner:
    def __init__(self, m: Manuscript) -> None:
        self.m = m
        self.layout = _layout(m)
        self.goals_style: Style | None = None

    def run(self) -> list[Paragraph]:
        done: list[Paragraph] = []
        start = -1
        rows = [self._is_row(line) for line in self.m.lines]
        for number, line in enumerate(self.m.lines):
            if start < 0:
                start = line.start
                continue
            before = self.m.lines[number - 1]
            if rows[number] or rows[number - 1] or self._breaks(start, before, line):
                done.append(Paragraph(start, before.end, row=rows[number - 1] and start == before.start))
                self._notice_section(start, before.end)
                start = line.start
        if self.m.lines:
            last = self.m.lines[-1]
            done.append(Paragraph(start, last.end, row=rows[-1] and start == last.start))
        return done

    def _notice_section(self, start: int, end: int) -> None:
        """Know whether the paragraphs that follow state goals."""
        marker = read_marker(self.m, start, end)
        style = marker.style if marker else Style.PLAIN
        words = self.m.text[marker.end if marker else start : end][:24]
        head = re.split("[。：]", words)[0]
        if GOAL_HEADING.fullmatch(head) and (marker or head == words):
            self.goals_style = style
        elif (
            (marker and style is self.goals_style)
            or OTHER_HEADING.fullmatch(head)
            or PLAIN_TASK_HEADING.fullmatch(head)
        ):
            self.goals_style = None

    def _is_row(self, line: Line) -> bool:
        return Gap.CELL in self.m.gaps[line.start : line.end]

    def _breaks(self, start: int, before: Line, line: Line) -> bool:
        """Does a new paragraph begin with `line`, the current one reaching from `start` to `before`?"""
        tail = self.m.text[max(start, before.end - _LOOK_BACK) : before.end]
        marker = self._marker_after(tail, line)
        if marker is None and _inside_pair(tail):
            return False
        begins = (marker is not None and not tail.endswith(("第", "、"))) or self._begins_anew(tail, line)
        if begins or self._ends_here(start, before, tail, line):
            return True
        return bool(_TERMINAL.search(tail[-3:])) and not self._flows_on(tail, line)

    def _begins_anew(self, tail: str, line: Line) -> bool:
        """A date, a heading or a label never continues a sentence."""
        text = self.m.text
        labelled = LABEL_COLON.match(text, line.start, line.end) or FIELD.match(text, line.start, line.end)
        return bool(labelled) or self._stands_alone(text[line.start : line.end], after=tail, gap=line.gap)

    def _ends_here(self, start: int, before: Line, tail: str, line: Line) -> bool:
        """The paragraph so far is a heading, a title, or ends with the units that answer."""
        if before.end - start < 120 and self._ends_as_heading(start, before, line):
            return True
        units = tail.endswith(("）", "）。")) and _UNIT_BRACKET_END.search(tail[-200:])
        return bool(units) or self._ends_unit_line(start, tail, line)

    def _marker_after(self, tail: str, line: Line) -> Marker | None:
        """The line's ordinal, unless it is the rest of a broken number or bracket."""
        marker = read_marker(self.m, line.start, line.end)
        if marker is None or tail.endswith("（") or (tail[-1:].isdigit() and self.m.text[line.start].isdigit()):
            return None
        return None if marker.style in _ARABIC and _open(tail[-60:], "（）") else marker

    def _ends_unit_line(self, start: int, tail: str, line: Line) -> bool:
        """「责任单位：…局」 without a full stop ends where an empty line or the next action's name follows."""
        if not LABEL_COLON.match(self.m.text, start) or not _UNIT_END.search(tail):
            return False
        follow = self.m.text[line.start : line.end]
        return line.gap is Gap.EMPTY_LINE or bool(ACTION_END.search(follow) and len(follow) <= 30)

    def _flows_on(self, tail: str, line: Line) -> bool:
        """A sentence ends with the line, but the layout says the paragraph goes on."""
        if LABEL_COLON.search(tail[-12:]):
            return True
        if tail.endswith("：") or line.gap is Gap.EMPTY_LINE:
            return False
        if self.layout.by_indent:
            return not line.indented
        return self.layout.by_empty_line and line.gap is Gap.LINE

    def _stands_alone(self, text: str, *, after: str = "。", gap: Gap = Gap.LINE) -> bool:
        if len(text) > 90:
            return False
        if (
            _DATE_LINE.fullmatch(text)
            or DOTTED_DATE.fullmatch(text)
            or _NUMBER_LINE.match(text)
            or _ATTACHMENT.match(text)
            or text == "目录"
        ):
            return True
        # The usual words of a heading also occur in sentences; after a broken line they are no heading.
        bare = text.rstrip("：。")
        free = bool(_TERMINAL.search(after[-3:])) or gap is Gap.EMPTY_LINE or len(after) <= 40
        return free and bool(
            GOAL_HEADING.fullmatch(bare) or OTHER_HEADING.fullmatch(bare) or PLAIN_TASK_HEADING.fullmatch(bare)
        )

    def _ends_as_heading(self, start: int, before: Line, line: Line) -> bool:
        text = self.m.text
        head = text[start : before.end]
        marker = read_marker(self.m, start, before.end)
        if marker is not None:
            return self._ends_numbered_heading(text[marker.end : before.end], before, line)
        if self._stands_alone(head) or _PERIOD_TAIL.search(head) or _SALUTATION.fullmatch(head):
            return True
        if _TITLE_END.search(head) and "，" not in head and "。" not in head:
            return not text.startswith(("（20", "（二", "（试", "（征", "的通知", "》"), line.start)
        if _BODY_NAME.fullmatch(head) and (FULL_DATE.match(text, line.start) or DOTTED_DATE.match(text, line.start)):
            return True
        return bool(ACTION_END.search(head)) and len(head) <= 30 and line.gap is not Gap.PAGE and "，" not in head

    def _ends_numbered_heading(self, words: str, before: Line, line: Line) -> bool:
        """A numbered heading stands on its own line, or the sentence after the ordinal was broken."""
        if len(words) > 40 or re.search(r"[，。；：、]", words.rstrip("：。")):
            return False
        bare = words.rstrip("：。")
        if (
            ACTION_END.search(bare)
            or LABEL.fullmatch(bare)
            or OTHER_HEADING.fullmatch(bare)
            or GOAL_HEADING.fullmatch(bare)
        ):
            return True
        if TASK_HEADING.fullmatch(bare) and len(bare) <= 12:
            return True
        if self.goals_style is not None:
            return False  # a numbered goal is a sentence, not a heading with a text below it
        follow = self.m.text[line.start : line.start + 60]
        rest = _FINISHES_HEADING.match(follow)
        if rest and (before.end - before.start >= _STUMP or not rest.group().endswith("。") or "行动" in rest.group()):
            return False
        # A full line that runs into the next was broken; a short one ended where its writer ended it.
        return len(words) > 3 and before.end - before.start < max(0.8 * self.layout.width, _STUMP)
