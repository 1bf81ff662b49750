"""The goals of a plan: where they stand, their clauses, their due dates, the action each belongs to."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from .actions import ActionDraft, split_sentences
from .manuscript import Manuscript, Piece
from .markers import GOAL_HEADING, read_marker
from .numerals import DAY, MONTH, YEAR, make_date, month_end, read_number, read_year
from .outline import Node, Role
from .paragraphs import Paragraph
from .targets import Target, has_number, is_achievement, read_targets, states_rate

DUE = re.compile(
    rf"(?:{YEAR}年?[至到—])?(?:到|至|截至|截止到?|力争到?|争取到?|在|于)?(?P<y>{YEAR})年(?P<yend>(?:年)?(?:底|末|终)(?:之?前)?)?"
    rf"(?:(?P<m>{MONTH})月(?:(?P<mend>份?底|份?末|份)(?:之?前)?|(?P<d>{DAY})[日号](?:之?前)?)?)?(?:之?前)?"
)
_COMPARED = re.compile(r"(?:较|比|与|同|以|由|从)$")
_LEAD_IN_ONLY = re.compile(r"[^。；]{0,60}(?:目标|如下|方面|体现)[^。；]{0,6}：?")
# 「合格率：≥98%」 is one clause; after another colon a new one begins.
_STATED = re.compile(r"[≥≤<>]|\d|达|不[低高少多小大超]|超过|高于|低于|百分|全覆盖|持续|逐[年步]|每年")
_GOAL_NAME = re.compile(r"[^，；]{2,30}(?:行动|工作|工程)目标[。：]?")
_SLOGAN = re.compile(r"(?:力争|努力|确保)?(?:实现|做到)“[^”]+”")
_POINT = re.compile(r"[一二三四五六七八九十]是(?:要)?|[一二三四五六七八九十]、")


@dataclass(slots=True)
class GoalDraft:
    """A goal with the spans of its parts; `sentence` is the whole sentence it stands in."""

    text: Piece
    sentence: Piece
    target: Target
    due: date | None
    due_at: tuple[int, int] | None
    action: int | None = None


@dataclass(slots=True)
class GoalBlock:
    """The goals of one paragraph or point of the goals section; `numbered` where an ordinal opens it."""

    start: int
    end: int
    drafts: list[GoalDraft]
    numbered: bool = False


@dataclass(slots=True)
class GoalSection:
    """The goals section: its span and its blocks, `by_paragraph` where each paragraph is meant for one action."""

    start: int
    end: int
    blocks: list[GoalBlock]
    by_paragraph: bool


@dataclass(slots=True)
class _Clock:
    """The due date that holds from here on, and where it was printed."""

    due: date | None = None
    at: tuple[int, int] | None = None


def find_goal_section(
    root: Node, m: Manuscript, paragraphs: tuple[Paragraph, ...], first_action: int
) -> GoalSection | None:
    """The section that states the goals, before the actions; None where there is none."""
    node = next(
        (n for n in root.walk() if n.role in (Role.GOALS, Role.GOALS_AND_TASKS) and n.start < first_action), None
    )
    if node is not None:
        start, end = node.body, min(node.end, first_action) if first_action > node.start else node.end
    else:
        found = _unnumbered_section(m, paragraphs, first_action)
        if found is None:
            return None
        start, end = found
    return _read_section(m, paragraphs, start, end)


def _unnumbered_section(m: Manuscript, paragraphs: tuple[Paragraph, ...], first_action: int) -> tuple[int, int] | None:
    """「工作目标：…」 inside a paragraph without an ordinal."""
    for p in paragraphs:
        head = re.compile(rf"(?:{GOAL_HEADING.pattern})(?:是)?[：:。]").match(m.text, p.start, p.end)
        if head and p.start < first_action:
            return head.end(), p.end
    return None


def _read_section(m: Manuscript, paragraphs: tuple[Paragraph, ...], start: int, end: int) -> GoalSection:
    whole = {(p.start, p.end) for p in paragraphs}
    spans = [(max(p.start, start), p.end) for p in paragraphs if p.end > start and p.start < end]
    clock = _Clock()
    blocks: list[GoalBlock] = []
    for opening, last in spans:
        marker = read_marker(m, opening, last) if (opening, last) in whole else None
        first = marker.end if marker else _skip_bullet(m, opening, last)
        # A date in a numbered goal is its own; one that opens the section holds for all of it.
        local = _Clock(clock.due, clock.at) if marker or blocks else clock
        if first < last:
            _read_paragraph(m, first, last, local, blocks, numbered=marker is not None)
    by_paragraph = sum(bool(b.drafts) for b in blocks) >= 3
    if not by_paragraph:
        blocks = [GoalBlock(d.text.start, d.text.end, [d]) for block in blocks for d in block.drafts]
    return GoalSection(start, end, [b for b in blocks if b.drafts], by_paragraph)


def _skip_bullet(m: Manuscript, first: int, last: int) -> int:
    while first < last and m.text[first] in "—-–·●○◆■★*▲◎➢□":
        first += 1
    return first


def _read_paragraph(
    m: Manuscript, first: int, last: int, clock: _Clock, blocks: list[GoalBlock], *, numbered: bool
) -> None:
    """One paragraph becomes one block; a lead-in that only names the date sets the clock."""
    text = m.text[first:last]
    undated = DUE.sub("", text)
    if (_LEAD_IN_ONLY.fullmatch(text) or len(undated) < 2) and not has_number(undated):
        _set_clock(m, first, last, clock)
        return
    sentences = [s for s in split_sentences(m, first, last) if not _GOAL_NAME.fullmatch(s.text)]
    drafts = [draft for sentence in sentences for draft in read_sentence(m, sentence, clock)]
    blocks.append(GoalBlock(first, last, drafts, numbered))


def _set_clock(m: Manuscript, first: int, last: int, clock: _Clock) -> list[re.Match[str]]:
    """Let the first date of a span hold from here on; returns all its dates."""
    dates = [
        x
        for x in DUE.finditer(m.text, first, last)
        if not _COMPARED.search(m.text[max(first, x.start() - 1) : x.start()])
    ]
    if dates and (due := due_date(dates[0])):
        clock.due, clock.at = due, dates[0].span()
    return dates


def due_date(found: re.Match[str]) -> date | None:
    """The last day of what was printed: a day, the end of a month, the end of a year."""
    year = read_year(found["y"])
    if not found["m"]:
        return date(year, 12, 31)
    month = read_number(found["m"])
    return make_date(year, month, read_number(found["d"])) if found["d"] else month_end(year, month)


def read_sentence(m: Manuscript, sentence: Piece, clock: _Clock | None = None) -> list[GoalDraft]:
    """The goals of one sentence, clause by clause."""
    clock = clock if clock is not None else _Clock()
    drafts: list[GoalDraft] = []
    comma = m.text.find("，", sentence.start, sentence.end)
    _set_clock(m, sentence.start, comma if comma >= 0 else sentence.end, clock)
    for start, end in _clauses(m, sentence):
        dates = _set_clock(m, start, end, clock)
        first = _after_dates(m, start, end, dates)
        if end - first < 2:
            continue
        before = drafts[-1].target.metric if drafts else None
        targets = read_targets(m, first, end, before)
        piece = m.piece(first, end)
        drafts += [GoalDraft(piece, sentence, t, clock.due, clock.at) for t in targets]
        _stagger(drafts[-len(targets) :], dates)
    return drafts


def _after_dates(m: Manuscript, start: int, end: int, dates: list[re.Match[str]]) -> int:
    """Skip a date that opens the clause, with the words that carry it."""
    opening = re.compile(
        r"[一二三四五六七八九十]是(?:要)?|(?:力争|争取|确保)?(?:通过|经过)?[一二三]年(?:时间|左右)?(?:的)?(?:努力|攻坚)?[，：]?"
    ).match(m.text, start, end)
    first = opening.end() if opening and opening.end() > start else start
    for found in dates:
        if found.start() - first <= 2 and found.end() <= end:
            first = found.end()
            while first < end and m.text[first] in "，、：前和及":
                first += 1
            if point := _POINT.match(m.text, first, end):
                first = point.end()
    return first


def _stagger(drafts: list[GoalDraft], dates: list[re.Match[str]]) -> None:
    """「2022年、2023年、2024年分别达到80%、90%、100%」: each value gets its year."""
    if len(dates) < 2 or len(dates) != len(drafts):
        return
    for draft, found in zip(drafts, dates, strict=True):
        draft.due, draft.due_at = due_date(found), found.span()


def _clauses(m: Manuscript, sentence: Piece) -> list[tuple[int, int]]:
    """The clauses of a sentence; one that reaches nothing by itself joins its neighbour."""
    raw = _split_at_commas(m, sentence)
    clauses: list[tuple[int, int]] = []
    pending: int | None = None
    for start, end in raw:
        alone = pending is None or len(DUE.sub("", m.text[pending:start])) < 2
        if m.text[end : end + 1] == "：" or (alone and _only_opens(m.text[start:end])):
            pending = None
            continue
        first = start if pending is None else pending
        words = DUE.sub("", m.text[first:end])
        names_nothing = re.match(r"(?:均|都|分别|达到|达|不低于|超过|全部达|也)", m.text[start:end])
        if names_nothing and clauses and pending is None and not has_number(m.text[slice(*clauses[-1])]):
            clauses[-1] = (clauses[-1][0], end)
        elif len(words) >= 4 and is_achievement(words):
            clauses.append((first, end))
            pending = None
        else:
            pending = first
    if pending is not None:
        end = raw[-1][1]
        if clauses:
            clauses[-1] = (clauses[-1][0], end)
        elif is_achievement(m.text[pending:end]):
            clauses.append((pending, end))
    return [(a, _strip_end(m, a, b)) for a, b in clauses]


def _only_opens(text: str) -> bool:
    """「通过…，」, a slogan like 「实现“三个100%”，」 and the like open a sentence and are no goal."""
    if _SLOGAN.fullmatch(text):
        return True
    return bool(
        re.match(
            r"(?:通过|围绕|坚持|按照|根据|以[^，]*为|随着|针对|聚焦|经过|力争通过|利?用.{1,3}年|在[^，]*(?:(?:下|上|中)$|开展))",
            text,
        )
    ) and not has_number(text)


def _split_at_commas(m: Manuscript, sentence: Piece) -> list[tuple[int, int]]:
    spans, first, depth = [], sentence.start, 0
    for at in range(sentence.start, sentence.end):
        char = m.text[at]
        if char in "（“《":
            depth += 1
        elif char in "）”》":
            depth = max(0, depth - 1)
        elif depth == 0 and (char == "，" or (char == "：" and at - first <= 24 and not _STATED.match(m.text, at + 1))):
            spans.append((first, at))
            first = at + 1
    if first < sentence.end:
        spans.append((first, sentence.end))
    return spans


def _strip_end(m: Manuscript, start: int, end: int) -> int:
    while end > start and m.text[end - 1] in "。；，、：！":
        end -= 1
    return end


def read_aims(m: Manuscript, draft: ActionDraft) -> list[GoalDraft]:
    """The goals an action states for itself: under 「目标：」, or as a rate in its text."""
    clock = _Clock()
    goals = [g for sentence in draft.aims for g in read_sentence(m, sentence, clock)]
    for measure in draft.measures:
        for sentence in split_sentences(m, measure.start, measure.end) if states_rate(measure.text) else ():
            own = read_sentence(m, sentence, _Clock())
            goals += [g for g in own if g.target.value is not None and g.target.unit and _is_rate(g)]
    for goal in goals:
        goal.action = draft.number
    return goals


def _is_rate(goal: GoalDraft) -> bool:
    unit = goal.target.unit or ""
    return unit in ("%", "个百分点") or "千人" in unit


_MAX_ALIKE = 200


def without_repeats(goals: list[GoalDraft]) -> list[GoalDraft]:
    """Drop a goal that an action repeats from the goals section."""
    kept: list[GoalDraft] = []
    names: dict[tuple[object, ...], list[str]] = {}
    for goal in goals:
        target = goal.target
        known = names.setdefault((target.comparison, target.value, target.unit), [])
        if target.value is not None and any(_same_name(name, target.metric.text) for name in known[:_MAX_ALIKE]):
            continue
        known.append(target.metric.text)
        kept.append(goal)
    return kept


def _same_name(one: str, other: str) -> bool:
    return one in other or other in one
