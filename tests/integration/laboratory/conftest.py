"""A laboratory with two people, a shop, and one sample on its way."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from fangxin.engines import limits
from fangxin.kernel.catalog import api as catalog
from fangxin.kernel.laboratory.data_results import Entry, Ordered
from fangxin.kernel.laboratory.models import Notice, Report, Sample, SamplingTask
from fangxin.kernel.laboratory.services import custody, disputes, receipt, reports, results, sampling, tasks
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.kernel.registry import api as registry

COUNTY, TOWN, VILLAGE, OTHER_TOWN = "990101", "990101100", "990101100201", "990101200"


@pytest.fixture
def testing_house(county: str) -> people.Agency:
    return people.create_agency(
        name="云桥县食品检验检测中心", short_name="县检测中心", kind="laboratory", division_code=COUNTY, by=None
    )


@pytest.fixture
def other_house(county: str) -> people.Agency:
    return people.create_agency(
        name="云安市食品检验所", short_name="市食检所", kind="laboratory", division_code="9901", by=None
    )


def _lab_person(username: str, name: str, agency: people.Agency) -> people.User:
    user = people.User.objects.create(username=username, name=name, password_changed_at=ledger.clock.now())
    people.give_post(
        user=user, agency=agency, role="laboratory", division_code=agency.division_code,
        starts_on=date(2022, 1, 1), by=None,
    )  # fmt: skip
    return user


@pytest.fixture
def receiver(testing_house: people.Agency) -> people.User:
    return _lab_person("lab", "检测中心 方圆", testing_house)


@pytest.fixture
def analyst(testing_house: people.Agency) -> people.User:
    return _lab_person("lab2", "检测中心 程准", testing_house)


@pytest.fixture
def other_receiver(other_house: people.Agency) -> people.User:
    return _lab_person("lab3", "市食检所 华衡", other_house)


def add_shop(name: str = "柳沟便民超市", code: str = VILLAGE, kind: str = "food_sales") -> Any:
    operator = registry.register_operator(name=f"{name}（个体）", kind="self_employed", division_code=code, by=None)
    return registry.register_premises(
        operator=operator, name=name, kind=kind, division_code=code, opened_on=date(2022, 5, 1), by=None
    )


@pytest.fixture
def shop(county: str) -> Any:
    return add_shop()


@pytest.fixture
def task(
    shop: Any, agencies: dict[str, Any], testing_house: people.Agency, department: Any, inspector: Any
) -> SamplingTask:
    return tasks.add_task(
        reason="special", purpose="supervision", regime="market", stage="circulation", division_code=shop.division_code,
        food_class="食用农产品", food="韭菜", premises=shop, agency=agencies["market"], laboratory=testing_house,
        samplers=[inspector, department], due_on=date(2023, 4, 1), by=department,
    )  # fmt: skip


def facts_of(inspector: Any, department: Any, **changes: Any) -> dict[str, Any]:
    return {
        "subject_name": "柳沟便民超市", "food": "韭菜", "quantity": Decimal("4.5"), "quantity_unit": "kg",
        "price_paid": Decimal("27.00"), "unit_price": Decimal("6.00"), "sampler": inspector,
        "second_sampler": department, "production_on": date(2023, 3, 14), "refusal_reason": "负责人不在店",
        "witness": "村委会 冯会计", **changes,
    }  # fmt: skip


Take = Callable[..., Sample]


@pytest.fixture
def take(task: SamplingTask, inspector: Any, department: Any) -> Take:
    """Takes the task's sample as the form would; what is given changes it."""

    def make(**changes: Any) -> Sample:
        own = {name: changes.pop(name) for name in list(changes) if name in OWN}
        given = {"seals": ["A-0001"], "duplicate_seals": ["B-0001"], "duplicate_quantity": Decimal("1.5"), **own}
        return sampling.take_sample(
            **{"task": task, **given}, facts=facts_of(inspector, department, **changes), by=inspector
        )

    return make


OWN = {"task", "seals", "duplicate_seals", "duplicate_quantity", "duplicate_place", "online", "signature"}


@pytest.fixture
def sent(take: Take, testing_house: people.Agency, inspector: Any) -> Sample:
    """Sealed, and on its way to the laboratory."""
    sample = take()
    custody.hand_over(sample=sample, part="test", to_agency=testing_house, temperature=Decimal("5"), by=inspector)
    return sample


# --- results ----------------------------------------------------------------------------------------------------------


class SmallJudge:
    """A judge over five limits (mg/kg, CFU/g), so that these tests stand apart from the tables."""

    digest = "small"
    table: dict[str, tuple[str, str]] = {
        "腐霉利": ("0.2", "mg/kg"), "毒死蜱": ("0.1", "mg/kg"), "镉": ("0.05", "mg/kg"), "菌落总数": ("100000", "CFU/g"),
        "氯霉素": ("0", "μg/kg"),
    }  # fmt: skip

    def judge_batch(self, rows: Any) -> list[limits.Verdict]:
        return [self.judge(row) for row in rows]

    def judge(self, row: limits.Measured) -> limits.Verdict:
        if row.food not in ("韭菜", "芹菜"):
            return limits.Verdict(limits.Outcome.UNDETERMINED, missing=("food",), reason=limits.Reason("food_unsure"))
        if row.analyte not in self.table:
            return limits.Verdict(limits.Outcome.NOT_REGULATED)
        text, unit = self.table[row.analyte]
        found = {"limit": Decimal(text), "limit_unit": unit, "standard": "GB 0000", "edition": "2022", "clause": "表1"}
        if row.value in ("未检出", "ND"):
            return limits.Verdict(limits.Outcome.CONFORMING, **found, match_path=("韭菜", "蔬菜"))
        fails = Decimal(str(row.value)) > Decimal(text)
        outcome = limits.Outcome.NONCONFORMING if fails else limits.Outcome.CONFORMING
        return limits.Verdict(
            outcome,
            **found,
            match_path=("韭菜", "蔬菜"),
            comparison=f"{row.value} {'>' if fails else '≤'} {text} {unit}",
        )

    def match_food(self, name: str) -> limits.FoodMatch:
        sure = name in ("韭菜", "芹菜")
        return limits.FoodMatch(name, (name,) if sure else (), sure, () if sure else ("韭菜", "芹菜"))

    def match_analyte(self, name: str) -> limits.AnalyteMatch:
        return limits.AnalyteMatch(name, name, name in self.table, ())


@pytest.fixture
def judge(monkeypatch: pytest.MonkeyPatch) -> SmallJudge:
    one = SmallJudge()
    monkeypatch.setattr(catalog, "the_judge", lambda: one, raising=False)
    return one


def receive(sample: Sample, by: Any) -> Sample:
    receipt.receive(sample=sample, seal_intact=True, enough=True, papers_agree=True, accept=True, by=by)
    sample.refresh_from_db()
    return sample


@pytest.fixture
def received(sent: Sample, receiver: people.User, judge: SmallJudge) -> Sample:
    return receive(sent, receiver)


Measure = Callable[..., Sample]


@pytest.fixture
def measure(receiver: people.User, analyst: people.User) -> Measure:
    """Orders the items given, enters their results by one person and verifies them by the other."""

    def make(sample: Sample, **values: str) -> Sample:
        ordered = results.order_tests(sample=sample, items=[Ordered(item) for item in values], by=receiver)
        for test in ordered:
            results.enter(test=test, entries=[Entry(values[test.analyte], "mg/kg", lod="0.01")], by=receiver)
        results.verify(tests=ordered, by=analyst)
        sample.refresh_from_db()
        return sample

    return make


Issue = Callable[[Sample], Report]


@pytest.fixture
def issue(receiver: people.User, analyst: people.User) -> Issue:
    def make(sample: Sample) -> Report:
        report = reports.draft(sample=sample, by=receiver)
        reports.issue(report=report, by=analyst)
        return reports.send(report=report, by=receiver)

    return make


@pytest.fixture
def failed(received: Sample, measure: Measure) -> Sample:
    """Leek with too much procymidone."""
    return measure(received, 腐霉利="0.35", 毒死蜱="未检出")


@pytest.fixture
def notice(failed: Sample, issue: Issue, department: people.User) -> Notice:
    sent_one = disputes.send_notice(report=issue(failed), to="subject", name="柳沟便民超市", by=department)
    return disputes.record_receipt(notice=sent_one, received_by="店主", received_on=ledger.clock.today(), by=department)
