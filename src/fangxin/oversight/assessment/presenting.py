"""Scores in words: each number with how it came about and where its records are."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from fangxin.engines.assessment import Outcome, RuleSet
from fangxin.oversight.assessment.data import READINGS
from fangxin.oversight.assessment.models import Round, Score
from fangxin.oversight.assessment.rules import formula_words, titles

ROUND_TONES = {
    "draft": "plain", "department_self_check": "info", "scored": "warn", "reviewed": "info", "published": "good",
    "appealing": "warn", "final": "good", "cancelled": "plain",
}  # fmt: skip
OUTCOMES = {Outcome.SCORED: "good", Outcome.UNDETERMINED: "warn", Outcome.NOT_APPLICABLE: "plain"}
PAGES = {
    "plans.return": "plans:return",
    "plans.task": "plans:task",
    "plans.specialplan": "plans:special_plan",
    "plans.plan": "plans:plan",
    "casework.matter": "casework:matter",
    "board.indicator": "board:indicator",
}


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One indicator of one agency as the page shows it."""

    title: str
    counts: str
    formula: str
    numerator: str
    denominator: str
    percentage: str
    weight: str
    earned: str
    outcome: str
    tone: str
    note: str
    ruling: int | None
    records: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class RankRow:
    """One line of a ranking."""

    score: Score
    earned: list[tuple[str, str]]  # title and points of each indicator
    state: str
    tone: str


def outcome_words(outcome: str) -> str:
    words = {
        Outcome.SCORED: _("已计分"),
        Outcome.UNDETERMINED: _("不能判定，不计分"),
        Outcome.NOT_APPLICABLE: _("不适用，不计入"),
    }
    return words[Outcome(outcome)]


def grade_words(score: Score) -> str:
    """A grade never stands without its scale; none is given while the agency's own figures are missing."""
    if not score.grade:
        return _("暂不评定")
    return _("考核%(grade)s级") % {"grade": score.grade}


def state_words(score: Score) -> tuple[str, str]:
    if score.vetoed:
        return _("一票否决"), "bad"
    if score.undetermined:
        return _("缺%(n)s项数据") % {"n": len(score.undetermined)}, "warn"
    return (_("暂定"), "warn") if score.provisional else (_("已核算"), "good")


def shown(number: str | Decimal | None, places: int = 2) -> str:
    if number is None:
        return "—"
    return f"{Decimal(number):.{places}f}"


def item_rows(score: Score, rules: RuleSet) -> list[ItemRow]:
    readings = {reading["code"]: reading for reading in score.readings}
    items = {item["code"]: item for item in score.items}
    return [_item_row(rule, items[rule.code], readings[rule.code]) for rule in rules.indicators if rule.code in items]


def _item_row(rule: Any, item: Mapping[str, Any], reading: Mapping[str, Any]) -> ItemRow:
    outcome = Outcome(item["outcome"])
    return ItemRow(
        title=rule.title,
        counts=str(READINGS.get(rule.code, "")),
        formula=formula_words(rule),
        numerator=reading["numerator"] or "—",
        denominator=reading["denominator"] or "—",
        percentage="—" if item["percentage"] is None else f"{shown(item['percentage'])}%",
        weight=shown(item["weight"], 0),
        earned=shown(item["earned"]),
        outcome=outcome_words(outcome),
        tone=OUTCOMES[outcome],
        note=reading["note"],
        ruling=reading.get("ruling"),
        records=[record | {"url": record_url(record)} for record in reading["records"]],
    )


def record_url(record: Mapping[str, Any]) -> str:
    page = PAGES.get(record["type"])
    if page is None:
        return ""
    url = reverse(page, args=[record["id"]])
    return f"{url}?{record['query']}" if record.get("query") else url


def event_rows(score: Score, rules: RuleSet) -> list[dict[str, Any]]:
    names = titles(rules)
    return [event | {"title": names.get(event["code"], event["code"])} for event in score.events]


def sum_words(score: Score) -> str:
    """The arithmetic of a total, as anyone can repeat it."""
    applicable = sum(Decimal(i["weight"]) for i in score.items if i["outcome"] != Outcome.NOT_APPLICABLE)
    earned = sum(Decimal(i["earned"]) for i in score.items if i["earned"] is not None)
    return _(
        "基础分 = 各项得分之和 %(earned)s ÷ 适用指标权重之和 %(weight)s × 100 = %(base)s；"
        "总分 = %(base)s + 加分 %(bonus)s − 减分 %(deduction)s = %(total)s"
    ) % {
        "earned": shown(earned), "weight": shown(applicable, 0), "base": score.base, "bonus": score.bonus,
        "deduction": score.deduction, "total": score.total,
    }  # fmt: skip


def rank_rows(scores: list[Score], rules: RuleSet) -> list[tuple[str, list[RankRow]]]:
    """The ranking of each group, with the points of each indicator in the order of the rules."""
    groups: dict[str, list[RankRow]] = {}
    for score in scores:
        items = {item["code"]: item for item in score.items}
        earned = [(rule.title, _points(items.get(rule.code))) for rule in rules.indicators]
        label = str(score.participant.get_group_display())
        groups.setdefault(label, []).append(RankRow(score, earned, *state_words(score)))
    return list(groups.items())


def _points(item: Mapping[str, Any] | None) -> str:
    if item is None or item["outcome"] == Outcome.NOT_APPLICABLE:
        return _("不适用")
    return _("不能判定") if item["earned"] is None else shown(item["earned"])


def round_tone(round_: Round) -> str:
    return ROUND_TONES[round_.state]
