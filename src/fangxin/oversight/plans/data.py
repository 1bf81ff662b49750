"""Values and words of plans, free of the database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from fangxin.engines.indicators import Figure, display_percent

# The twelve kinds of action the platform has tools for, in the order of the national list.
ACTION_CODES: Sequence[tuple[str, Promise]] = (
    ("monitoring", _("标准与风险监测")),
    ("origin", _("产地环境净化")),
    ("farm_inputs", _("农药兽药减量")),
    ("health_food", _("保健食品清理整治")),
    ("rural_food", _("农村食品治理")),
    ("catering", _("餐饮质量安全提升")),
    ("produce_markets", _("食用农产品市场规范化")),
    ("small_operators", _("“三小”治理提升")),
    ("online_food", _("网络食品“净网”")),
    ("school_meals", _("校园食品安全守护")),
    ("grain", _("优质粮食工程")),
    ("imported_food", _("进口食品“国门守护”")),
)


# What a period is called, after the year in its code.
PERIOD_WORDS: Mapping[str, Promise] = {
    "Q1": _("%(year)s年第一季度"),
    "Q2": _("%(year)s年第二季度"),
    "Q3": _("%(year)s年第三季度"),
    "Q4": _("%(year)s年第四季度"),
    "ANNUAL": _("%(year)s年度"),
    "FINAL": _("%(year)s年总结"),
}


class Duty(models.TextChoices):
    """The four duties of a responsibility matrix; the lead is the accountable one."""

    LEAD = "A", _("牵头")
    PART = "R", _("承担具体任务")
    COOPERATE = "C", _("配合")
    INFORMED = "I", _("知悉")


class Ratio(NamedTuple):
    """So many of so many; a denominator of zero has no percentage."""

    numerator: int
    denominator: int

    @property
    def percent(self) -> Decimal | None:
        return display_percent(Figure(Decimal(self.numerator), Decimal(self.denominator)))


@dataclass(frozen=True, slots=True)
class Unresolved:
    """Something a clerk still has to settle. `blocking` keeps the plan from being confirmed."""

    anchor: str
    text: str
    blocking: bool


@dataclass(frozen=True, slots=True)
class GoalRow:
    """A goal as other pages show it."""

    pk: int
    action_number: int | None
    action_code: str
    text: str
    metric: str
    comparison: str
    value: Decimal | None
    unit: str
    due: date | None
    indicator_code: str
    base_year: int | None
    lead_id: int | None


class PlanError(Exception):
    """What cannot be done with a plan and why, in words for the person who tried."""


class AlreadyMoved(PlanError):
    """Somebody else was first."""
