"""An invented plan of the invented county: four actions, four goals, the deadlines of the genre."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings

from fangxin.engines.plans import (
    Action,
    Comparison,
    Deadline,
    DeadlineKind,
    Defect,
    DefectKind,
    Goal,
    Period,
    PlanReading,
    Source,
)
from fangxin.kernel.catalog import api as catalog
from fangxin.kernel.ledger import api as ledger
from fangxin.oversight.plans import api as plans

ACTIONS = (
    Action(
        1,
        "实施风险监测能力提升行动",
        "县卫健委",
        ("农业农村局", "市场监管局"),
        measures=("扩大监测点。", "每年会商两次。"),
    ),
    Action(2, "实施农药兽药减量行动", "县农业农村局", (), townships=True, measures=("推广绿色防控。",)),
    Action(
        3,
        "实施餐饮质量安全提升行动",
        "县市场监管局",
        ("县公安局", "卫健委"),
        measures=("推进明厨亮灶。", "考核从业人员。"),
    ),
    Action(4, "实施农村假冒伪劣食品治理行动", "县市场监管局", ("农业农村局", "县公安局"), townships=True),
)
END = date(2024, 12, 31)
GOALS = (
    Goal(1, "风险监测体系趋于完善。", "风险监测体系", Comparison.MILESTONE, due=END),
    Goal(2, "农药使用量持续下降。", "农药使用量", Comparison.DECLINE, due=END),
    Goal(3, "重点餐饮明厨亮灶实施率达100%以上。", "明厨亮灶实施率", Comparison.AT_LEAST, Decimal(100), "%", END),
    Goal(
        4,
        "农村食品经营店规范化达标率超过80%。",
        "农村食品经营店规范化建设达标率",
        Comparison.ABOVE,
        Decimal(80),
        "%",
        END,
    ),
)
WHAT = "报送季度和年度工作总结"
DEADLINES = (
    Deadline(DeadlineKind.ONE_OFF, "报送专项攻坚行动工作方案", "县直各牵头部门", date=date(2022, 5, 31)),
    *(
        Deadline(DeadlineKind.YEARLY, WHAT, "县直各牵头部门", month_day=day)
        for day in ("03-25", "06-25", "09-25", "11-30")
    ),
)


@pytest.fixture
def facts() -> PlanReading:
    return PlanReading(
        title="云桥县深化食品安全放心工程建设攻坚行动工作方案（2022—2024年）",
        document_number="云政办〔2022〕21号",
        issuer="云桥县人民政府办公室",
        issued_on=date(2022, 5, 19),
        period=Period("2022", "2024"),
        based_on=(),
        actions=ACTIONS,
        goals=GOALS,
        deadlines=DEADLINES,
        defects=(Defect(DefectKind.PERCENT_ABOVE_HUNDRED, "实施率达100%以上"),),
        sources={"/title": Source(0, "云桥县")},
    )


@pytest.fixture
def indicators(db):
    """The board's indicators, as the installation loads them."""
    catalog.load_directory(path=Path(settings.STANDARDS_DIR), by=None)


@pytest.fixture
def draft(facts, agencies, office):
    return plans.draft_from_facts(facts=facts, division_code="990101", by=office)


@pytest.fixture
def plan(facts, agencies, office):
    """The plan confirmed the day after its issue, with the one unknown agency made."""
    with ledger.clock.held_at(date(2022, 5, 20)):
        return plans.load_confirmed_plan(facts, division_code="990101", by=office)


@pytest.fixture
def quarter(plan):
    """The returns of 2023-Q1, due ten days after the morning of the tests."""
    return list(plans.returns_of(plan=plan, period="2023-Q1").order_by("action__number"))
