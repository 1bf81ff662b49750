"""The result of a visit: the overall judgement, and what must follow for every failed item.

Two manners, each in its editions: `count` forms the overall judgement from the number of failures; `per_item`
lets each failure decide what follows, and the inspectors give the overall judgement, which is checked here.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from itertools import product

from fangxin.engines.grading.checklists import ChecklistItem
from fangxin.engines.grading.reading import Row, RuleHead, RuleSource, open_rule
from fangxin.engines.grading.values import Basis
from fangxin.engines.grading.visits import Answered, ItemResult


class Method(StrEnum):
    """How an edition comes to the overall judgement."""

    COUNT = "count"
    PER_ITEM = "per_item"


class Overall(StrEnum):
    """The overall judgement of a visit, mildest first."""

    CONFORMS = "conforms"
    BASICALLY_CONFORMS = "basically_conforms"
    FAILS = "fails"


class Action(StrEnum):
    """What must follow a failed item, or the conduct of the inspected."""

    STOP_AT_ONCE = "stop_at_once"
    INVESTIGATE = "investigate"
    CORRECT_BY_DATE = "correct_by_date"
    CORRECT_ON_SITE = "correct_on_site"
    ORDER_TO_CORRECT = "order_to_correct"  # a flaw of the label: ordered to correct, nothing more
    STATE_SAFETY = "state_safety"  # the inspectors have not said whether safety is affected; nothing follows yet
    OBSTRUCTION = "obstruction"  # refused or obstructed: a case of its own


_GRAVE = (Action.STOP_AT_ONCE, Action.INVESTIGATE, Action.OBSTRUCTION)
_RANK = {overall: rank for rank, overall in enumerate(Overall)}


@dataclass(frozen=True, slots=True)
class ActionRule:
    """What follows if an item is key or not, safety affected or not, its failure a label flaw or not. None: either."""

    action: Action
    article: str
    key: bool | None
    safety_affected: bool | None
    label_defect: bool | None
    on_site_allowed: bool

    def concerns(self, key: bool, safety_affected: bool, label_defect: bool) -> bool:
        asked = ((self.key, key), (self.safety_affected, safety_affected), (self.label_defect, label_defect))
        return all(wanted is None or wanted is value for wanted, value in asked)


@dataclass(frozen=True, slots=True)
class Minimum:
    """How many key items, and items in all, a visit with this checklist must have looked at."""

    checklist: str
    key: int
    total: int


@dataclass(frozen=True, slots=True)
class Refusal:
    """A way of refusing or obstructing an inspection."""

    code: str
    title: str


@dataclass(frozen=True, slots=True)
class ResultRules:
    """One edition of the result rules."""

    head: RuleHead
    method: Method
    general_failures_at_most: int | None
    minimums: tuple[Minimum, ...]
    stop_article: str
    actions: tuple[ActionRule, ...]
    refusal_article: str
    refusals: tuple[Refusal, ...]
    standstill_months: int | None


@dataclass(frozen=True, slots=True)
class RequiredAction:
    """What must follow, for which item (empty for conduct), and why."""

    item: str
    action: Action
    basis: Basis


@dataclass(frozen=True, slots=True)
class VisitVerdict:
    """The result of a visit.

    `implied` is what the findings alone say: by `count` the judgement itself, by `per_item` the mildest one
    possible; None if nothing was applicable. `overall` is the inspectors' where they gave one. `conflicts`
    are tokens of what does not fit: `milder_than_findings`, `no_failure_found`, `differs_from_count`,
    `too_few_items`, `too_few_key_items`, `safety_not_stated`, `nothing_judged`.
    """

    overall: Overall | None
    implied: Overall | None
    actions: tuple[RequiredAction, ...]
    conflicts: tuple[str, ...]
    applicable: int
    key_failures: int
    general_failures: int
    unanswered: tuple[str, ...]
    basis: Basis


def load_result_rules(source: RuleSource) -> ResultRules:
    """Read one edition of the result rules. Raises `RuleRefused` naming row and field."""
    row = open_rule(source, "result rules")
    method = row.choice("method", Method)
    counts = method is Method.COUNT
    rules = ResultRules(
        head=row.head(),
        method=method,
        general_failures_at_most=row.whole("general_failures_at_most") if counts else None,
        minimums=tuple(_read_minimum(one) for one in row.rows("minimum")),
        stop_article=row.text("stop_article", "") if counts else row.text("stop_article"),
        actions=tuple(_read_action(one) for one in row.rows("action")),
        refusal_article=row.text("refusal_article", ""),
        refusals=tuple(_read_refusal(one) for one in row.rows("refusal")),
        standstill_months=row.whole("standstill_months", least=1) if row.has("standstill_months") else None,
    )
    row.close()
    _check_actions(row, rules)
    if rules.refusals and not rules.refusal_article:
        raise row.refuse("refusal_article", "is missing")
    return rules


def judge_visit(
    answered: Answered,
    *,
    rules: ResultRules,
    given: Overall | None = None,
    refusals: Iterable[str] = (),
) -> VisitVerdict:
    """Judge a visit by the edition in force on its day.

    `given` is the inspectors' own judgement, `refusals` the codes of what the inspected refused or obstructed.
    Raises `ValueError` for a refusal the edition does not list.
    """
    keys = sum(item.key for item, _ in answered.failed)
    general = len(answered.failed) - keys
    actions = tuple(_actions(answered, rules)) + tuple(_refusal(rules, code) for code in refusals)
    if rules.method is Method.COUNT:
        implied, comparison = _by_count(answered, keys, general, rules)
    else:
        implied, comparison = _by_items(answered, actions)
    conflicts = [*_too_few(answered, rules), *_conflicts(implied, given, actions, rules)]
    inputs = [
        ("applicable", len(answered.applicable)), ("key failures", keys), ("general failures", general),
        ("given", given or ""),
    ]  # fmt: skip
    return VisitVerdict(
        overall=implied if rules.method is Method.COUNT else given,
        implied=implied,
        actions=actions,
        conflicts=tuple(conflicts),
        applicable=len(answered.applicable),
        key_failures=keys,
        general_failures=general,
        unanswered=answered.unanswered,
        basis=rules.head.basis(inputs, comparison),
    )


def _by_count(answered: Answered, keys: int, general: int, rules: ResultRules) -> tuple[Overall | None, str]:
    # All four quadrants are reachable: no key failure with few general ones is "basically conforms".
    most = rules.general_failures_at_most or 0
    if not answered.applicable:
        return None, "no applicable item"
    if keys:
        return Overall.FAILS, f"key failures {keys} >= 1"
    if general > most:
        return Overall.FAILS, f"general failures {general} > {most}"
    if general:
        return Overall.BASICALLY_CONFORMS, f"key failures 0, 1 <= general failures {general} <= {most}"
    return Overall.CONFORMS, "key failures 0, general failures 0"


def _by_items(answered: Answered, actions: tuple[RequiredAction, ...]) -> tuple[Overall | None, str]:
    grave = [one.action for one in actions if one.action in _GRAVE]
    if grave:
        return Overall.FAILS, f"an action of {', '.join(dict.fromkeys(grave))}"
    if not answered.applicable:
        return None, "no applicable item"
    if answered.failed:
        return Overall.BASICALLY_CONFORMS, f"{len(answered.failed)} failed, none grave"
    return Overall.CONFORMS, "0 failed"


def _conflicts(
    implied: Overall | None, given: Overall | None, actions: tuple[RequiredAction, ...], rules: ResultRules
) -> Iterable[str]:
    if any(one.action is Action.STATE_SAFETY for one in actions):
        yield "safety_not_stated"
    if implied is None:
        yield "nothing_judged"
    elif given is None or given is implied:
        return
    elif rules.method is Method.COUNT:
        yield "differs_from_count"
    elif _RANK[given] < _RANK[implied]:
        yield "milder_than_findings"
    elif implied is Overall.CONFORMS:
        yield "no_failure_found"


def _too_few(answered: Answered, rules: ResultRules) -> Iterable[str]:
    looked_at = answered.applicable
    for minimum in rules.minimums:
        if minimum.checklist != answered.checklist:
            continue
        if len(looked_at) < minimum.total:
            yield "too_few_items"
        if sum(item.key for item, _ in looked_at) < minimum.key:
            yield "too_few_key_items"


def _actions(answered: Answered, rules: ResultRules) -> Iterable[RequiredAction]:
    if rules.method is Method.COUNT:
        return
    for item, result in answered.failed:
        if result.accident_potential:
            basis = rules.head.basis([("item", item.code)], "accident potential", article=rules.stop_article)
            yield RequiredAction(item.code, Action.STOP_AT_ONCE, basis)
        yield _action(item, result, rules)


def _action(item: ChecklistItem, result: ItemResult, rules: ResultRules) -> RequiredAction:
    affected = True if result.accident_potential else result.safety_affected
    if affected is None and item.label_defect:
        affected = False  # the listed flaws are those that by their nature affect neither safety nor the buyer
    inputs: list[tuple[str, object]] = [
        ("item", item.code), ("clause", item.clause), ("key", item.key), ("safety affected", affected),
        ("label flaw", item.label_defect), ("corrected on site", result.corrected_on_site),
    ]  # fmt: skip
    if affected is None:
        return RequiredAction(item.code, Action.STATE_SAFETY, rules.head.basis(inputs, "safety not stated"))
    rule = next(one for one in rules.actions if one.concerns(item.key, affected, item.label_defect))
    at_once = rule.on_site_allowed and result.corrected_on_site
    comparison = f"{'key' if item.key else 'general'} item failed, safety {'' if affected else 'not '}affected"
    basis = rules.head.basis(inputs, comparison, article=rule.article)
    return RequiredAction(item.code, Action.CORRECT_ON_SITE if at_once else rule.action, basis)


def _refusal(rules: ResultRules, code: str) -> RequiredAction:
    if code not in {refusal.code for refusal in rules.refusals}:
        raise ValueError(f"rule {rules.head.code} of {rules.head.edition} lists no refusal {code}")
    basis = rules.head.basis([("refusal", code)], f"{code} is listed", article=rules.refusal_article)
    return RequiredAction("", Action.OBSTRUCTION, basis)


def _check_actions(row: Row, rules: ResultRules) -> None:
    """Every failure must lead somewhere, and every line of the rule must be reachable."""
    if rules.method is Method.COUNT:
        return
    used = set()
    for case in product((True, False), repeat=3):
        if case[0] and case[2]:
            continue  # a label flaw is never a key item
        hit = next((one for one in rules.actions if one.concerns(*case)), None)
        if hit is None:
            raise row.refuse("action", f"says nothing for key={case[0]}, safety_affected={case[1]}, label={case[2]}")
        used.add(hit)
    if used != set(rules.actions):
        raise row.refuse("action", "has a line that an earlier one always covers")


def _read_action(row: Row) -> ActionRule:
    rule = ActionRule(
        action=row.choice("action", Action),
        article=row.text("article"),
        key=row.flag("key") if row.has("key") else None,
        safety_affected=row.flag("safety_affected") if row.has("safety_affected") else None,
        label_defect=row.flag("label_defect") if row.has("label_defect") else None,
        on_site_allowed=row.flag("on_site_allowed"),
    )
    row.text("note", "")
    row.close()
    return rule


def _read_minimum(row: Row) -> Minimum:
    minimum = Minimum(row.text("checklist"), row.whole("key"), row.whole("total"))
    row.close()
    return minimum


def _read_refusal(row: Row) -> Refusal:
    refusal = Refusal(row.text("code"), row.text("title"))
    row.close()
    return refusal
