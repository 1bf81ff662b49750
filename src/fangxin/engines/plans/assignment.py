"""Which action a goal belongs to: by order, or by the words it shares with the action."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .actions import ActionDraft
from .goals import GoalBlock, GoalSection


def assign_actions(section: GoalSection, actions: list[ActionDraft]) -> None:
    """Give each block its action: by order when the counts agree, else by the words they share."""
    blocks = section.blocks
    own = one_for_each(section, len(actions))
    by_order = [own.index(b) if b in own else None for b in blocks]
    if len(blocks) * len(actions) > _MAX_COMPARISONS:
        chosen = by_order
    else:
        known = [_Words.of(a) for a in actions]
        likeness = [[words.shared_with(goal) for words in known] for goal in map(_text, blocks)]
        alike = [_most_alike(row) for row in likeness]
        if own and not _speaks_against(by_order, alike):
            chosen = by_order
        else:
            chosen = _in_order(likeness) if section.by_paragraph else alike
            _fill_sentences(blocks, chosen)
    for block, at in zip(blocks, chosen, strict=True):
        for draft in block.drafts:
            draft.action = actions[at].number if at is not None else None


def _speaks_against(by_order: list[int | None], alike: list[int | None]) -> bool:
    """As many goals as actions may be chance: then the words point elsewhere more often than not."""
    told = [(a, b) for a, b in zip(by_order, alike, strict=True) if a is not None and b is not None]
    return sum(a != b for a, b in told) > sum(a == b for a, b in told)


def _fill_sentences(blocks: list[GoalBlock], chosen: list[int | None]) -> None:
    """A clause of unknown action belongs with the rest of its sentence, where that is about one action."""
    of_sentence: dict[int, set[int]] = {}
    for block, at in zip(blocks, chosen, strict=True):
        if at is not None:
            of_sentence.setdefault(block.drafts[0].sentence.start, set()).add(at)
    for i, block in enumerate(blocks):
        known = of_sentence.get(block.drafts[0].sentence.start, set())
        if chosen[i] is None and len(known) == 1:
            (chosen[i],) = known


def one_for_each(section: GoalSection, count: int) -> list[GoalBlock]:
    """The blocks that stand one for each action, in order: all of them, or the numbered ones; else none."""
    if not section.by_paragraph:
        return []
    numbered = [b for b in section.blocks if b.numbered]
    return next((blocks for blocks in (section.blocks, numbered) if len(blocks) == count), [])


def _text(block: GoalBlock) -> str:
    return "".join(d.text.text for d in block.drafts)[:_MAX_WORDS]


_COMMON = re.compile(
    r"实施|开展|推进|行动|专项|食品安全|食品|安全|质量|提升|工程|建设|治理|工作|监管|整治|[“”（）、，。]"
)


def _pairs(text: str) -> set[str]:
    text = text.replace("校园", "学校").replace("互联网", "网络")
    return {text[i : i + 2] for i in range(len(text) - 1)}


@dataclass(frozen=True, slots=True)
class _Words:
    """The telling word pairs of an action: those of its title and those of its measures."""

    title: frozenset[str]
    measures: frozenset[str]

    @classmethod
    def of(cls, action: ActionDraft) -> _Words:
        telling = [word for word in _COMMON.split(action.title.text) if word]
        title = {pair for word in telling for pair in _pairs(word)} or _pairs(action.title.text)
        measures = "".join(p.text for p in action.measures)[:_MAX_WORDS]
        return cls(frozenset(title), frozenset(_pairs(_COMMON.sub(" ", measures))))

    def shared_with(self, goal: str) -> float:
        """Share of the title's pairs found in the goal, and a little for the measures' words."""
        spoken = {pair for pair in _pairs(_COMMON.sub(" ", goal)) if " " not in pair}
        shared = len(spoken & self.measures) / max(1, len(spoken))
        return len(self.title & _pairs(goal)) / max(1, len(self.title)) + 0.5 * shared


_MAX_WORDS = 4000
_MAX_COMPARISONS = 20_000
_ENOUGH = 0.2


def _most_alike(row: list[float]) -> int | None:
    """The action a clause shares most words with, where one stands out."""
    best = max(row)
    return row.index(best) if best >= _ENOUGH and row.count(best) == 1 else None


def _in_order(likeness: list[list[float]]) -> list[int | None]:
    """The assignment of blocks to actions, in order, that shares most words; None where too few are shared."""
    if not likeness or not likeness[0]:
        return [None for _ in likeness]
    width = len(likeness[0])
    best = [[0.0] * (width + 1)]
    choice: list[list[int | None]] = []
    for row in likeness:
        # best[j]: the most words shared when every block so far goes to one of the first j actions.
        scores = [best[-1][0]]
        steps: list[int | None] = [None]
        for j in range(1, width + 1):
            take = best[-1][j] + row[j - 1] if row[j - 1] >= _ENOUGH else -1.0
            options = ((best[-1][j], None), (take, j - 1), (scores[j - 1], steps[j - 1]))
            score, step = max(options, key=lambda pair: pair[0])
            scores.append(score)
            steps.append(step)
        best.append(scores)
        choice.append(steps)
    return _trace(choice, width)


def _trace(choice: list[list[int | None]], width: int) -> list[int | None]:
    path: list[int | None] = []
    limit = width
    for steps in reversed(choice):
        step = steps[limit]
        path.append(step)
        if step is not None:
            limit = step + 1
    return path[::-1]
