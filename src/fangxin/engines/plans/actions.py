"""The actions of a plan: which numbered paragraphs are the actions, and what each of them says."""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field

from .manuscript import Manuscript, Piece
from .markers import ACTION_END, FIELD, Style, read_marker
from .outline import Node, Role
from .paragraphs import Paragraph
from .units import Units, read_units

_TASK_WORDS = re.compile(
    r"行动|整治|治理|工程|提升|守护|监管|监测|减量|净化|建设|创建|管控|清理|规范|打击|保障|强化|加强|推进"
)
_GOAL_LABEL = re.compile(r"(?:行动|工作|主要|总体|具体|整治|治理|攻坚|年度|阶段)?目标(?:任务|要求)?(?:[：。]|$)")
_CONTENT_LABEL = re.compile(
    r"(?:(?:工作|主要|重点|行动|具体|整治|治理|攻坚)*(?:内容|措施|任务|举措|要求|重点)|工作安排|(?:责任|职责|任务|工作)分工)(?:[：。]|$)"
)
_ORDINAL = re.compile(r"(?:\d{1,2}[.、）](?!\d)|（\d{1,2}）|[①-⑳⑴-⒇])")
_ENUMERATED = re.compile(r"[一二三四五六七八九十]是")


@dataclass(slots=True)
class ActionDraft:
    """An action before it is given its final form, with every span needed for its sources."""

    number: int
    title: Piece
    start: int
    end: int
    units: Units
    measures: list[Piece] = field(default_factory=list)
    aims: list[Piece] = field(default_factory=list)
    printed: int | None = None


def find_action_nodes(root: Node, m: Manuscript) -> list[Node]:
    """The nodes that are the plan's actions, in reading order; empty where there are none."""
    headings = [n for n in root.walk() if n.role in (Role.TASKS, Role.GOALS_AND_TASKS) and not _barred(n)]
    lists = _with_tasks_each(headings) or [_most_like_actions(node.children, m) for node in headings]
    if not any(len(nodes) >= 2 and _likeness(nodes, m) >= 0.5 for nodes in lists):
        lists.append(_most_like_actions([n for n in root.children if n.role is Role.OPEN], m))
        lists += [n.children for n in root.walk() if n is not root and not _barred(n) and len(n.children) >= 3]
    scored = [(sum(_score(n, m) for n in nodes), nodes) for nodes in lists if nodes]
    best = max(scored, key=lambda pair: pair[0], default=(0.0, []))
    return best[1] if best[0] > 0 else []


def _with_tasks_each(headings: list[Node]) -> list[list[Node]]:
    """Sections that each have a heading over their own tasks are the actions themselves."""
    owners = [n.parent for n in headings if n.parent is not None and n.parent.role is Role.OPEN]
    above = {id(n.parent): n.parent for n in owners if n.parent is not None}
    if len(owners) < 2 or len(above) != 1:
        return []
    return [[n for n in top.children if n.role is Role.OPEN] for top in above.values()]


def _barred(node: Node) -> bool:
    return node.lies_under(Role.OTHER, Role.GOALS)


def _score(node: Node, m: Manuscript) -> float:
    if node.role in (Role.OTHER, Role.GOALS):
        return 0
    named = 1.0 if ACTION_END.search(node.title.text) else 0.3 if _TASK_WORDS.search(node.title.text) else 0.0
    return named + (1.0 if read_units(m, node.body, node.end).named else 0.0)


def _likeness(nodes: list[Node], m: Manuscript) -> float:
    """Mean score of a list of siblings, 0 to 2."""
    return sum(_score(n, m) for n in nodes) / len(nodes) if nodes else 0.0


def _named_actions(nodes: list[Node]) -> float:
    return sum(bool(ACTION_END.search(n.title.text)) for n in nodes) / len(nodes) if nodes else 0.0


def _most_like_actions(nodes: list[Node], m: Manuscript) -> list[Node]:
    """Groups of actions give way to the actions in them; actions with numbered measures stay whole."""
    nodes = [n for n in nodes if n.role not in (Role.OTHER, Role.GOALS)]
    below = [child for node in nodes for child in node.children if child.role not in (Role.OTHER, Role.GOALS)]
    if len(below) < 2 or _named_actions(nodes) >= 0.5:
        return nodes
    if _named_actions(below) >= 0.5 and _named_actions(below) > _named_actions(nodes):
        return _most_like_actions(below, m)
    if all(n.children for n in nodes) and len(nodes) < 3 and _likeness(below, m) >= 1:
        return _most_like_actions(below, m)
    return nodes


def read_actions(nodes: list[Node], m: Manuscript, paragraphs: tuple[Paragraph, ...], own: str) -> list[ActionDraft]:
    """Read the nodes into actions; numbers as printed where they run as one list from one, else by position."""
    starts = [p.start for p in paragraphs]
    one_list = bool(nodes) and nodes[0].number == 1 and len({id(n.parent) for n in nodes}) == 1
    drafts = []
    for position, node in enumerate(nodes, 1):
        inner = tuple(starts[bisect_right(starts, node.start) : bisect_left(starts, node.end)])
        units = read_units(m, node.body, node.end, own=own, paragraphs=inner)
        if not units.named:
            units = _units_in_title(m, node, own) or units
        draft = ActionDraft(node.number if one_list else position, node.title, node.start, node.end, units)
        draft.printed = node.number if one_list else None
        _read_body(m, draft, node.body, inner)
        drafts.append(draft)
    return drafts


def _units_in_title(m: Manuscript, node: Node, own: str) -> Units | None:
    """A title taken too long may hold the bracket with the units."""
    opening = node.title.text.find("（")
    if opening < 0:
        return None
    units = read_units(m, node.title.start + opening, node.title.end, own=own)
    return units if units.named else None


def _read_body(m: Manuscript, draft: ActionDraft, start: int, paragraphs: tuple[int, ...]) -> None:
    """Measures and the action's own aims: the text without the units, by sentence or by numbered point."""
    aims = False
    for first, last in _free_spans(start, draft.end, draft.units.spans):
        edges = [first, *(p for p in paragraphs if first < p < last), last]
        for a, b in itertools.pairwise(edges):
            aims = _read_block(m, draft, a, b, aims=aims)


def _free_spans(start: int, end: int, taken: list[tuple[int, int]]) -> list[tuple[int, int]]:
    spans = []
    for a, b in sorted(taken):
        if a > start:
            spans.append((start, a))
        start = max(start, b)
    if start < end:
        spans.append((start, end))
    return spans


def _read_block(m: Manuscript, draft: ActionDraft, start: int, end: int, *, aims: bool) -> bool:
    """Read one paragraph; `aims` says that a heading 「目标」 of its own stands above it. Returns that for the next."""
    marker = read_marker(m, start, end)
    numbered = marker is not None and marker.style is not Style.PLAIN
    if marker is not None:
        start = marker.end
    if FIELD.match(m.text, start, end):
        return aims
    goal, content = _GOAL_LABEL.match(m.text, start, end), _CONTENT_LABEL.match(m.text, start, end)
    if goal or (aims and not content):
        first = goal.end() if goal else start
        draft.aims.extend(split_sentences(m, first, end))
        return aims or end - first < 2
    if content:
        start = content.end()
    if numbered and end - start <= 400 and not _ENUMERATED.search(m.text[start:end]):
        pieces = [m.piece(start, end)]
    else:
        pieces = split_sentences(m, start, end)
    draft.measures.extend(tidy for p in pieces if (tidy := trim(m, p)) is not None)
    return False


def split_sentences(m: Manuscript, start: int, end: int) -> list[Piece]:
    """The sentences of a span, split at 。；！？ outside brackets and quotation marks."""
    pieces, first, depth = [], start, 0
    for at in range(start, end):
        char = m.text[at]
        if char in "（“《":
            depth += 1
        elif char in "）”》":
            depth = max(0, depth - 1)
        elif char in "。；！？" and (depth == 0 or at - first > 400):
            pieces.append(m.piece(first, at + 1))
            first, depth = at + 1, 0
    if first < end:
        pieces.append(m.piece(first, end))
    return [p for p in pieces if len(p.text) > 1]


def trim(m: Manuscript, piece: Piece) -> Piece | None:
    """Without the punctuation around it; None where no words are left."""
    start, end = piece.start, piece.end
    if ordinal := _ORDINAL.match(m.text, start, end):
        start = ordinal.end()
    while start < end and m.text[start] in "。；，、：！）":
        start += 1
    while end > start and m.text[end - 1] in "。；，、：！（":
        end -= 1
    return m.piece(start, end) if end - start >= 2 and re.search(r"[\u4e00-\u9fff]", m.text[start:end]) else None
