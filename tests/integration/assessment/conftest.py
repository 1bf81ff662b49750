"""A confirmed plan, the rules of the assessment, and rounds at each of their steps."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from tests.integration.plans.conftest import facts, plan  # noqa: F401

from fangxin.kernel.casework import work_calendar
from fangxin.kernel.catalog import api as catalog
from fangxin.kernel.ledger import api as ledger
from fangxin.oversight.assessment import api as assessment

COUNTY = "990101"
# One indicator that is worth everything, so that a score can be worked out in the head.
SIMPLE = """
code = "simple"
title = "简易考核规则"
in_force_from = 2022-01-01
in_force_to = 2024-12-31
source = "测试"
confidence = "V:test"
bonus_cap = 10

[[indicator]]
code = "task_completion"
title = "年度任务完成"
weight = 100
floor = 0
target = 100

[[adjustment]]
code = "commended"
title = "受到表扬"
kind = "bonus"
points = 3

[[adjustment]]
code = "summoned"
title = "被约谈"
kind = "deduction"
points = 1.5

[[adjustment]]
code = "concealed"
title = "隐瞒事故"
kind = "veto"

[grades]
scale = "assessment"
best = "A"
best_share = 0.35
veto = "D"
floor = [{ grade = "B", at_least = 70 }, { grade = "C", at_least = 60 }]
"""


@pytest.fixture(autouse=True)
def evidence_dir(settings: Any, tmp_path: Path) -> Iterator[None]:
    settings.EVIDENCE_DIR = tmp_path / "evidence"
    work_calendar.forget()
    yield
    work_calendar.forget()


@pytest.fixture
def proof(office: Any) -> Any:
    return ledger.store_evidence(name="通报.txt", content="市政府通报表扬".encode(), by=office)


@pytest.fixture
def county_rules(db: None) -> Any:
    """The reviewed rules that come with the platform."""
    catalog.load_directory(path=Path(django_settings.STANDARDS_DIR), by=None)
    return catalog.edition_in_force("assessment", "county-assessment-2022", date(2022, 12, 31))


@pytest.fixture
def simple_rules(db: None, tmp_path: Path) -> Any:
    folder = tmp_path / "standards" / "assessment"
    folder.mkdir(parents=True)
    (folder / "simple.toml").write_text(SIMPLE, encoding="utf-8")
    catalog.load_directory(path=folder.parent, by=None)
    return catalog.edition_in_force("assessment", "simple", date(2022, 12, 31))


@pytest.fixture
def start(plan: Any, office: Any) -> Callable[..., Any]:  # noqa: F811
    def make(edition: Any, year: int = 2022) -> Any:
        return assessment.start(division_code=COUNTY, year=year, edition=edition, by=office)

    return make


@pytest.fixture
def round_(start: Callable[..., Any], simple_rules: Any) -> Any:
    """The round of 2022 under the simple rules, just begun."""
    return start(simple_rules)


@pytest.fixture
def checking(round_: Any, office: Any) -> Any:
    return assessment.open_self_check(round_=round_, until=date(2023, 3, 20), by=office)


@pytest.fixture
def published(checking: Any, office: Any, second_office: Any) -> Any:
    """Scored by one, reviewed by another, made known on 15 March: appeals until 22 March."""
    assessment.score(round_=checking, by=office)
    assessment.review(round_=checking, approved=True, by=second_office)
    return assessment.publish(round_=checking, by=office)


@pytest.fixture
def member() -> Callable[[Any, Any], Any]:
    def find(round_: Any, agency: Any) -> Any:
        return round_.participants.select_related("round", "agency").get(agency=agency)

    return find


@pytest.fixture
def score_of() -> Callable[[Any, Any], Any]:
    def find(round_: Any, agency: Any) -> Any:
        return assessment.current_scores(round_).get(participant__agency=agency)

    return find


def on(day: str, hour: int = 9) -> Any:
    moment = datetime.fromisoformat(f"{day}T{hour:02}:00:00").replace(tzinfo=ledger.clock.LOCAL)
    return ledger.clock.held_at(moment)
