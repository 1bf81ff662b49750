"""Read a plan: repair, outline, head, actions, goals, deadlines, defects, and where each came from."""

from __future__ import annotations

from .actions import ActionDraft, find_action_nodes, read_actions
from .assignment import assign_actions
from .deadlines import DeadlineDraft, read_deadlines
from .defects import find_defects
from .front import Front, read_basis, read_front, read_period
from .gate import refuse_before_reading, refuse_by_actions, refuse_by_head
from .goals import GoalDraft, GoalSection, find_goal_section, read_aims, without_repeats
from .manuscript import Manuscript, repair
from .outline import Node, build_outline
from .paragraphs import Paragraph, build_paragraphs
from .sources import SourceBook
from .tables import fill_units, read_tables
from .values import Action, Deadline, Defect, DefectKind, Goal, Period, PlanReading

_LONGEST_QUOTE = 1000


def read_plan(text: str) -> PlanReading:
    """Read the text of a county's or city's food-safety action plan.

    Args:
        text: the document's text as decoded (see `read_text`); offsets in `sources` count its characters.

    Returns:
        The plan with everything it states. What it does not state is None or empty, never guessed.

    Raises:
        NotAPlan: the text is something else; `reason` says what is missing.

    >>> read_plan("今天天气很好。")
    Traceback (most recent call last):
    ...
    fangxin.engines.plans.values.NotAPlan: no_plan_title
    """
    refuse_before_reading(text)
    m, paragraphs = build_paragraphs(repair(text))
    root = build_outline(m, paragraphs)
    nodes = find_action_nodes(root, m)
    table = [p for p in paragraphs if p.row]
    first_action = nodes[0].start if nodes else table[0].start if table else len(m.text)
    front = read_front(m, paragraphs, first_action)
    refuse_by_head(m, paragraphs, front)
    actions = _read_actions(m, paragraphs, nodes, front)
    refuse_by_actions(actions)
    section = find_goal_section(root, m, paragraphs, min(a.start for a in actions))
    return _Assembly(m, paragraphs, front, actions, section).run()


def _read_actions(
    m: Manuscript, paragraphs: tuple[Paragraph, ...], nodes: list[Node], front: Front
) -> list[ActionDraft]:
    own = front.issuer.text if front.issuer else front.title_text
    drafts = read_actions(nodes, m, paragraphs, own)
    table = read_tables(m, paragraphs, own)
    if len(table) >= 2 and (len(drafts) < 2 or (not any(d.units.named for d in drafts) and len(drafts) != len(table))):
        return table
    fill_units(drafts, table)
    return drafts


class _Assembly:
    """Turns drafts with spans into plain values with sources."""

    def __init__(
        self,
        m: Manuscript,
        paragraphs: tuple[Paragraph, ...],
        front: Front,
        actions: list[ActionDraft],
        section: GoalSection | None,
    ) -> None:
        self.m = m
        self.paragraphs = paragraphs
        self.front = front
        self.drafts = actions
        self.section = section
        self.book = SourceBook(m)
        self.first_action = min(a.start for a in actions)

    def run(self) -> PlanReading:
        front, book = self.front, self.book
        period, period_at = read_period(self.m, front, self.first_action)
        if period_at:
            book.put_all(("/period", "/period/start", "/period/end"), period_at)
            if period.start is None:
                book.drop("/period/start")
        basis = read_basis(self.m, self.paragraphs, front, self.first_action)
        goals = self._goals()
        deadlines = self._deadlines(period)
        defects = find_defects(front=front, actions=self.drafts, section=self.section, goals=goals, deadlines=deadlines)
        for pointer, piece in (
            ("/title", front.title),
            ("/document_number", front.number),
            ("/issuer", front.issuer),
            ("/issued_on", front.issued),
        ):
            book.put_piece(pointer, piece)
        for number, piece in enumerate(basis):
            book.put_piece(f"/based_on/{number}", piece)
        return PlanReading(
            title=front.title_text,
            document_number=front.number.text if front.number else None,
            issuer=front.issuer.text if front.issuer else None,
            issued_on=front.issued_on,
            period=period,
            based_on=tuple(piece.text for piece in basis),
            actions=tuple(self._action(i, d) for i, d in enumerate(self.drafts)),
            goals=tuple(self._goal(i, g) for i, g in enumerate(goals)),
            deadlines=tuple(self._deadline(i, d) for i, d in enumerate(deadlines)),
            defects=tuple(self._defect(i, kind, span) for i, (kind, span) in enumerate(defects)),
            sources=book.sources,
        )

    def _goals(self) -> list[GoalDraft]:
        stated: list[GoalDraft] = []
        if self.section is not None:
            assign_actions(self.section, self.drafts)
            stated = [g for block in self.section.blocks for g in block.drafts]
        own = [g for draft in self.drafts for g in read_aims(self.m, draft)]
        return without_repeats([*stated, *own])

    def _deadlines(self, period: Period) -> list[DeadlineDraft]:
        goals = (self.section.start, self.section.end) if self.section else None
        return read_deadlines(
            self.m,
            self.paragraphs,
            self.drafts,
            goals,
            body=self.front.body,
            issued_on=self.front.issued_on,
            period=period,
        )

    def _action(self, index: int, draft: ActionDraft) -> Action:
        at = f"/actions/{index}"
        book, units = self.book, draft.units
        book.put(at, (draft.start, draft.end))
        book.put(f"{at}/number", (draft.start, max(draft.start + 1, min(draft.title.start, draft.end))))
        book.put_piece(f"{at}/title", draft.title)
        book.put_piece(f"{at}/lead", units.lead)
        book.put_list(f"{at}/cooperating", units.cooperating)
        book.put_piece(f"{at}/townships", units.lower[0] if units.lower else None)
        book.put_list(f"{at}/measures", draft.measures)
        return Action(
            number=draft.number,
            title=draft.title.text,
            lead=units.lead.text if units.lead else None,
            cooperating=tuple(p.text for p in units.cooperating),
            townships=bool(units.lower),
            measures=tuple(p.text for p in draft.measures),
        )

    def _goal(self, index: int, draft: GoalDraft) -> Goal:
        at = f"/goals/{index}"
        target = draft.target
        # A sentence without end would be quoted once for each of its goals.
        self.book.put_piece(at, draft.sentence if len(draft.sentence.text) <= _LONGEST_QUOTE else draft.text)
        self.book.put_piece(f"{at}/text", draft.text)
        self.book.put_piece(f"{at}/metric", target.metric)
        if target.at:
            self.book.put_all((f"{at}/value", f"{at}/unit"), target.at)
        if draft.due_at:
            self.book.put(f"{at}/due", draft.due_at)
        return Goal(
            action=draft.action,
            text=draft.text.text,
            metric=target.metric.text,
            comparison=target.comparison,
            value=target.value,
            unit=target.unit,
            due=draft.due,
        )

    def _deadline(self, index: int, draft: DeadlineDraft) -> Deadline:
        at = f"/deadlines/{index}"
        self.book.put_piece(at, draft.sentence)
        self.book.put(f"{at}/{'date' if draft.date else 'month_day'}", draft.at)
        self.book.put_piece(f"{at}/what", draft.what)
        self.book.put_piece(f"{at}/who", draft.who)
        who = draft.who.text if draft.who else None
        return Deadline(draft.kind, draft.what.text, who, draft.date, draft.month_day)

    def _defect(self, index: int, kind: DefectKind, span: tuple[int, int]) -> Defect:
        self.book.put(f"/defects/{index}", span)
        return Defect(kind, self.book.sources[f"/defects/{index}"].quote)
