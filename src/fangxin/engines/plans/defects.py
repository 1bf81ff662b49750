"""Drafting defects of a plan, each with the span of the words that show it."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from .actions import ActionDraft
from .assignment import one_for_each
from .deadlines import DeadlineDraft
from .front import Front
from .goals import GoalDraft, GoalSection
from .values import DefectKind

Span = tuple[int, int]


def find_defects(
    *,
    front: Front,
    actions: list[ActionDraft],
    section: GoalSection | None,
    goals: list[GoalDraft],
    deadlines: list[DeadlineDraft],
) -> list[tuple[DefectKind, Span]]:
    """All defects, goals first, then actions, numbering and dates; none twice."""
    found = [
        *_of_goals(goals),
        *_of_actions(actions),
        *_of_numbering(actions),
        *_of_counts(section, actions),
        *_of_dates(front, goals, deadlines),
    ]
    return list(dict.fromkeys(found))


def _of_goals(goals: list[GoalDraft]) -> Iterator[tuple[DefectKind, Span]]:
    for goal in goals:
        for kind in goal.target.defects:
            yield kind, (goal.text.start, goal.text.end)


def _of_actions(actions: list[ActionDraft]) -> Iterator[tuple[DefectKind, Span]]:
    for action in actions:
        units = action.units
        if not units.named:
            yield DefectKind.ACTION_WITHOUT_UNIT, (action.title.start, action.title.end)
        if units.lead and units.further_leads:
            yield DefectKind.SEVERAL_LEADS, (units.lead.start, units.further_leads[-1].end)
        for piece in units.repeated:
            yield DefectKind.DUPLICATE_AGENCY, (piece.start, piece.end)


def _of_numbering(actions: list[ActionDraft]) -> Iterator[tuple[DefectKind, Span]]:
    printed = [a for a in actions if a.printed is not None]
    for before, action in itertools.pairwise(printed):
        step = (action.printed or 0) - (before.printed or 0)
        heading = (action.start, action.title.end) if action.title.end > action.start else (action.start, action.end)
        if step < 1:
            yield DefectKind.DUPLICATE_ACTION_NUMBER, heading
        elif step > 1:
            yield DefectKind.MISSING_ACTION_NUMBER, heading


def _of_counts(section: GoalSection | None, actions: list[ActionDraft]) -> Iterator[tuple[DefectKind, Span]]:
    """Goals given action by action, but an action went without."""
    if section is None or not section.by_paragraph or one_for_each(section, len(actions)):
        return
    served = {b.drafts[0].action for b in section.blocks}
    if None not in served and len(served) == len(section.blocks) >= max(3, len(actions) - 2):
        first = section.blocks[0].drafts[0].text
        yield DefectKind.GOAL_COUNT_DIFFERS, (first.start, first.end)


def _of_dates(
    front: Front, goals: list[GoalDraft], deadlines: list[DeadlineDraft]
) -> Iterator[tuple[DefectKind, Span]]:
    issued = front.issued_on
    if issued is None:
        return
    for goal in goals:
        if goal.due and goal.due_at and goal.due < issued:
            yield DefectKind.GOAL_DUE_BEFORE_ISSUE, goal.due_at
    for deadline in deadlines:
        if deadline.date and deadline.date < issued:
            yield DefectKind.DEADLINE_BEFORE_ISSUE, deadline.at
