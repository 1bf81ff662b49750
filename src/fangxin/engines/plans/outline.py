"""The tree of numbered headings, found by the form and the run of their ordinals."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import zip_longest

from .manuscript import Gap, Manuscript, Piece
from .markers import (
    ACTION_END,
    GOAL_HEADING,
    LABEL_COLON,
    OTHER_HEADING,
    PLAIN_TASK_HEADING,
    TASK_HEADING,
    Marker,
    Style,
    read_marker,
)
from .paragraphs import Paragraph


class Role(StrEnum):
    """What a heading announces."""

    GOALS = "goals"
    TASKS = "tasks"
    GOALS_AND_TASKS = "goals_and_tasks"
    OTHER = "other"
    OPEN = "open"


@dataclass(slots=True)
class Node:
    """A numbered paragraph with everything below it; `start` is its ordinal, `body` where its text begins."""

    style: Style
    number: int
    start: int
    title: Piece
    body: int
    end: int = 0
    role: Role = Role.OPEN
    parent: Node | None = None
    children: list[Node] = field(default_factory=list)

    def lies_under(self, *roles: Role) -> bool:
        """Does this node or one above it have one of the roles?"""
        node: Node | None = self
        while node is not None:
            if node.role in roles:
                return True
            node = node.parent
        return False

    def walk(self) -> list[Node]:
        """This node and all below it, in reading order."""
        return [self, *(below for child in self.children for below in child.walk())]


_TASKS = (Role.TASKS, Role.GOALS_AND_TASKS)
_MAX_TITLE = 48
_MAX_DEPTH = 8
_ATTACHED = re.compile(r"附件：1[.、]")  # the list of attachments goes on with 2., 3.: no headings
_ACTION_HEAD = re.compile(r"[^，。；：（）\n]*?(?:（[^（）]{1,12}）[^，。；：（）]*?){0,3}行动(?=[，。：；（]|$)")
_PLAIN_ACTION = re.compile(r"(?:(?:实施|开展|推进|强化|抓好|深化)[^，。；：]{2,32}|[^，。；：由]{4,32})行动")


def build_outline(m: Manuscript, paragraphs: tuple[Paragraph, ...]) -> Node:
    """The root of the tree; its children are the document's sections."""
    root = Node(Style.PART, 0, 0, Piece("", 0, 0), 0, end=len(m.text))
    stack = [root]
    attached = False
    for paragraph in paragraphs:
        if paragraph.row:
            continue
        if _ATTACHED.match(m.text, paragraph.start):
            attached = True
            continue
        marker = read_marker(m, paragraph.start, paragraph.end) or _plain_heading(m, paragraph, stack)
        attached = attached and marker is not None and marker.style is Style.ARABIC
        if marker is None or attached:
            continue
        node = _make_node(m, paragraph, marker)
        del stack[_place(stack, node) :]
        _attach(stack, node)
    _close(root, len(m.text))
    return root


def classify(title: str) -> Role:
    """What a heading's words announce.

    >>> classify("主要任务").value, classify("工作目标").value, classify("保障措施").value, classify("净网").value
    ('tasks', 'goals', 'other', 'open')
    """
    title = title.rstrip("：。")
    if re.fullmatch(r".{0,8}目标(?:和|与|及)?(?:重点|主要)?任务", title):
        return Role.GOALS_AND_TASKS
    if GOAL_HEADING.fullmatch(title):
        return Role.GOALS
    if OTHER_HEADING.fullmatch(title):
        return Role.OTHER
    if len(title) <= 18 and TASK_HEADING.fullmatch(title) and not _names_one_action(title):
        return Role.TASKS
    return Role.OPEN


def _names_one_action(title: str) -> bool:
    """「实施校园食品安全守护行动」 is an action; 「专项行动」 and 「十二项行动」 are headings over actions."""
    if not title.endswith("行动"):
        return bool(re.match(r"(?:实施|开展|推进)", title)) and len(title) > 8
    stem = title.removesuffix("行动")
    return not re.fullmatch(
        r"(?:(?:主要|重点|专项|攻坚|重大|具体|实施|开展|深入|组织|整治|治理|提升|[一二三四五六七八九十]{1,3}[项大个]|\d{1,2}[项大个]))*",
        stem,
    )


def _plain_heading(m: Manuscript, paragraph: Paragraph, stack: list[Node]) -> Marker | None:
    """A heading without an ordinal: a section's usual words, or an action's name on a line of its own."""
    text = m.text[paragraph.start : paragraph.end]
    if len(text) > _MAX_TITLE:
        return None
    bare = text.rstrip("：。")
    role = classify(bare)
    usual = role in (Role.GOALS, Role.OTHER) or PLAIN_TASK_HEADING.fullmatch(bare)
    if len(bare) <= 12 and usual and role is not Role.OPEN and not text.endswith("。"):
        return Marker(Style.PLAIN, 0, paragraph.start)
    inside = stack[_tasks_in(stack)]
    if inside.role in _TASKS and all(n.style is Style.PLAIN for n in inside.children) and _PLAIN_ACTION.fullmatch(bare):
        return Marker(Style.PLAIN, len(inside.children) + 1, paragraph.start)
    return None


def _tasks_in(stack: list[Node]) -> int:
    """The place of the innermost heading over tasks, 0 where there is none."""
    return next((i for i in range(len(stack) - 1, 0, -1) if stack[i].role in _TASKS), 0)


def _make_node(m: Manuscript, paragraph: Paragraph, marker: Marker) -> Node:
    end = _title_end(m, marker.end, paragraph.end)
    title = m.piece(marker.end, end)
    bare = title.text.rstrip("：。")
    title = Piece(bare, title.start, title.start + len(bare)) if bare else title
    body = end
    while body < paragraph.end and m.text[body] in "。：，；":
        body += 1
    return Node(marker.style, marker.number, paragraph.start, title, body, role=classify(bare))


def _title_end(m: Manuscript, start: int, end: int) -> int:
    """Where a numbered paragraph's title ends and its text begins.

    「…行动」 before a stop, else the first sentence; a blank left by the printer also ends a title.
    """
    head = m.text[start : min(end, start + 120)]
    if (found := _ACTION_HEAD.match(head)) and len(found.group()) <= _MAX_TITLE:
        return start + found.end()
    blank = next((i for i in range(4, min(len(head), 40)) if m.gaps[start + i] == Gap.BLANK), None)
    if blank and (ACTION_END.search(head[:blank]) or classify(head[:blank]) is not Role.OPEN):
        return start + blank
    stop = re.search(
        r"[。：；]|（(?=[^（）]{0,12}(?:单位|部门)[：:])|（(?=[^（）]{2,60}(?:负责|牵头|配合)[^（）]{0,60}）)", head
    )
    if stop and LABEL_COLON.match(head):
        return start
    if stop and stop.start() <= 60:
        return start + stop.start()
    return end if end - start <= 60 else start


def _place(stack: list[Node], node: Node) -> int:
    """How much of the stack stays above a new node.

    The same form may number both sections and actions: the run of the numbers decides, and
    a section's usual words win over it.
    """
    if node.style is Style.PLAIN:
        return _tasks_in(stack) + 1 if node.number else 1
    same = [i for i, above in enumerate(stack) if i and above.style is node.style]
    if not same:
        return _depth_without_peer(stack, node)
    if node.role in (Role.OTHER, Role.GOALS, Role.TASKS):
        following = [i for i in same if stack[i].number + 1 == node.number]
        return following[0] if following else same[0] if node.number > 1 else same[-1]
    for i in reversed(same):
        if stack[i].number + 1 == node.number:
            return i
    begins_below = node.number == 1 and same[-1] == len(stack) - 1 and _only_heading(stack[-1], node)
    return len(stack) if begins_below and len(stack) < _MAX_DEPTH else same[-1]


def _depth_without_peer(stack: list[Node], node: Node) -> int:
    """A new form goes one level down, except that parts and plain sections are never inside a paragraph."""
    if node.style is Style.PART:
        return 1
    if stack[-1].style is Style.PLAIN and stack[-1].number:
        return len(stack)
    return min(len(stack), _MAX_DEPTH)


def _only_heading(above: Node, node: Node) -> bool:
    """Nothing but a heading stands between the two ordinals, or the heading announces a list."""
    return above.role in (Role.TASKS, Role.GOALS, Role.GOALS_AND_TASKS) or node.start - above.body <= 2


def _attach(stack: list[Node], node: Node) -> None:
    parent = stack[-1]
    node.parent = parent
    parent.children.append(node)
    stack.append(node)


def _close(node: Node, end: int) -> None:
    """Give every node its end: the start of what follows it."""
    node.end = end
    for child, follower in zip_longest(node.children, node.children[1:]):
        _close(child, follower.start if follower else end)
