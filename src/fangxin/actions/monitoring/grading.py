"""An investigation's grade and duties, from the rules of the day to the words of a page."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fangxin.actions.monitoring import rules_outbreaks as rules
from fangxin.actions.monitoring.models import Investigation
from fangxin.engines.deadlines import Clock, Unit
from fangxin.engines.deadlines import due as due_of
from fangxin.engines.outbreak import grading
from fangxin.engines.outbreak.grading import Grade, GradeRule, Incident, ReportRule, Setting, Spread
from fangxin.kernel.casework import api as casework
from fangxin.kernel.ledger import api as ledger

State = Investigation.State
LABELS = {
    "I": gettext_lazy("Ⅰ级（特别重大）"), "II": gettext_lazy("Ⅱ级（重大）"), "III": gettext_lazy("Ⅲ级（较大）"),
    "IV": gettext_lazy("Ⅳ级（一般）"), "SUB": gettext_lazy("未达到分级标准"),
}  # fmt: skip
_SETTINGS = {
    Investigation.Setting.SCHOOL: Setting.SCHOOL, Investigation.Setting.SITE: Setting.SITE, Investigation.Setting.EVENT: Setting.EVENT,
    Investigation.Setting.BANQUET: Setting.EVENT,
}  # fmt: skip
# Which duties begin when an investigation reaches a state, or when its counts are corrected in it: a death counts at any time.
_TRIGGERS: Mapping[str, tuple[str, ...]] = {
    State.INVESTIGATING: ("told",), State.OUTBREAK: ("told", "food_related"), State.GRADED: ("told",),
    State.RESPONDING: ("told",), State.HANDLED: ("told", "closed"), State.REPORTED: ("told", "closed", "investigated"),
}  # fmt: skip
_TOLD = {
    "health": gettext_lazy("县级卫生健康部门"), "market": gettext_lazy("县级市场监督管理部门"), "government": gettext_lazy("本级人民政府"),
    "emergency_system": gettext_lazy("突发公共卫生事件报告管理系统"), "outbreak_system": gettext_lazy("食源性疾病暴发监测系统"),
}  # fmt: skip
_TEXTS = {
    "told": gettext_lazy("报告食物中毒（食源性疾病）事件"), "food_related": gettext_lazy("通报与食品安全有关的食源性疾病信息"),
    "investigated": gettext_lazy("提交流行病学调查报告"), "closed": gettext_lazy("上报暴发事件"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Verdict:
    code: str
    label: str
    basis: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Due:
    rule: str
    text: str
    recipient: str
    party: str
    clause: str
    due_at: datetime


@cache
def _rules(folder: Path) -> tuple[tuple[GradeRule, ...], tuple[ReportRule, ...]]:
    return (
        grading.load_grades((folder / "grades.toml").read_text("utf-8")),
        grading.load_reports((folder / "reports.toml").read_text("utf-8")),
    )


def incident(row: Investigation) -> Incident:
    spread = Spread.COUNTIES if row.counties > 1 else Spread.TOWNSHIPS if row.townships > 1 else Spread.ONE
    setting = _SETTINGS.get(Investigation.Setting(row.setting), Setting.OTHER)
    return Incident(row.ill, row.died, spread, setting)


def grade(row: Investigation) -> Verdict:
    """What the counts of now mean by the rules of today. Only advice for the health department, which proposes the grade."""
    found = _grade(row)
    basis = {
        "ill": row.ill, "died": row.died, "townships": row.townships, "counties": row.counties, "setting": row.setting,
        "rules": [rule.code for rule in found.rules], "authority": found.authority,
        "sources": sorted({rule.source for rule in found.rules}),
    }  # fmt: skip
    return Verdict(found.code, label(found.code), basis)


def _grade(row: Investigation) -> Grade:
    rules_in_force = _rules(rules.folder())[0]
    return grading.grade(incident(row), rules_in_force, jurisdiction=row.division_code, on=ledger.clock.today())


def label(code: str) -> str:
    return str(LABELS.get(code, code))


def duties(row: Investigation, state: str, now: datetime) -> list[Due]:
    """Who must be told after a step, each with its last moment."""
    reports = _rules(rules.folder())[1]
    found = []
    for trigger in _TRIGGERS.get(state, ()):
        for rule in grading.reports_due(incident(row), reports, trigger):
            at = _last_moment(rule, now)
            for told in rule.told:
                party = told if told in ("health", "market") else ""
                found.append(Due(rule.code, str(_TEXTS[trigger]), str(_TOLD.get(told, told)), party, rule.source, at))
    return found


def _last_moment(rule: ReportRule, now: datetime) -> datetime:
    if rule.unit == "workday":
        clock = Clock(code=rule.code, start_event=rule.trigger, length=rule.amount, unit=Unit.WORKDAY, source=rule.source,
                      confidence=rule.confidence, in_force_from=now.date())  # fmt: skip
        with casework.known_years():
            return due_of(clock, now, calendar=casework.calendar()).moment
    hours = rule.amount * (24 if rule.unit == "day" else 1)
    # "At once" is an hour on a page: long enough to pick up a telephone.
    return now + timedelta(hours=hours or 1)


def sentence(row: Investigation) -> str:
    """What a page says before anybody grades."""
    found = grade(row)
    authority = found.basis["authority"]
    if found.code == grading.LOWEST:
        return _("按现在的人数和范围，未达到事故分级标准，由县级部门按食源性疾病事件处置。")
    return _("按现在的人数和范围，达到%(grade)s，由%(authority)s组织应急响应。") % {
        "grade": found.label,
        "authority": authority,
    }
