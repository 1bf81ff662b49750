"""What a look through the cases says: single ones, hospitals, days above what a township is used to; each thing said once."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from fangxin.actions.monitoring import scenario_cases, scenario_outbreaks, tasks
from fangxin.actions.monitoring.models import DetectionRun, OutbreakSignal
from fangxin.actions.monitoring.services import cases, outbreaks, outbreaks_detecting
from fangxin.engines.identifiers import make_credit_code
from fangxin.kernel.contributing import api as contribute
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.kernel.registry import api as registry
from fangxin.sim.life import build

pytestmark = pytest.mark.django_db
TOWN, COUNTY = "990101100", "990101"
NOW = datetime(2023, 3, 15, 9, 0, tzinfo=ledger.clock.LOCAL)
HOSPITAL = ledger.Actor("hospital", "填报员")


@pytest.fixture
def hospital(county, department):
    operator = registry.register_operator(
        name="石门镇卫生院",
        kind="institution",
        division_code=TOWN,
        uscc=make_credit_code(division="410101", serial=7),
        by=department,
    )
    return registry.register_premises(
        operator=operator, name="石门镇卫生院", kind="health_institution", division_code=TOWN, by=department
    )


@pytest.fixture
def cdc(county):
    agency = people.create_agency(
        name="云桥县疾病预防控制中心", short_name="疾控中心", kind="institution", division_code=county, by=None
    )
    user = people.User.objects.create(username="cdc", name="疾控 秦月", password_changed_at=ledger.clock.now())
    people.give_post(
        user=user, agency=agency, role="epidemiologist", division_code=county, starts_on=date(2022, 1, 1), by=None
    )
    return user


@pytest.fixture
def ill(hospital):
    def make(onset, food="米饭", place="", diagnosis="急性胃肠炎"):
        with ledger.clock.held_at(onset + timedelta(hours=4)):
            row = cases.write(
                institution=hospital, by=HOSPITAL, identity={"name": "某人（虚构）"},
                facts={"sex": "male", "born_on": date(1990, 1, 1), "occupation": "farmer", "belongs": "county", "division_code": TOWN,
                       "onset_at": onset, "seen_at": onset + timedelta(hours=3), "diagnosed_on": (onset + timedelta(hours=3)).date(),
                       "symptoms": ["diarrhoea"], "diagnosis": diagnosis},
                exposures=[{"food": food, "place": place, "eaten_at": onset - timedelta(hours=6)}],
            )  # fmt: skip
            return cases.report(case=row, by=HOSPITAL)

    return make


def _kinds():
    return sorted(OutbreakSignal.objects.values_list("kind", flat=True))


def test_nothing_reported_is_a_run_without_signals(county, cdc):
    run = outbreaks_detecting.look(division_code=COUNTY, by=cdc)
    assert (run.alarms, run.series, run.results) == (0, 0, [])


def test_two_at_one_hospital_with_the_same_food_and_the_same_place(ill, cdc):
    for hours in (30, 40):
        ill(NOW - timedelta(hours=hours), food="卤肉", place="东街饭店")
    ill(NOW - timedelta(hours=35), food="面条")
    run = outbreaks_detecting.look(division_code=COUNTY, by=cdc)
    assert _kinds() == ["hospital", "hospital"]
    assert {s.text for s in run.signals.all()} == {
        "石门镇卫生院 3 天内接诊 2 例，都吃过“卤肉”。", "石门镇卫生院 3 天内接诊 2 例，都在“东街饭店”吃过饭。",
    }  # fmt: skip
    outbreaks_detecting.look(division_code=COUNTY, by=cdc)
    assert len(_kinds()) == 2
    ill(NOW - timedelta(hours=20), food="卤肉")
    for signal in OutbreakSignal.objects.all():
        outbreaks.exclude(signal=signal, finding="一家人", by=cdc)
    outbreaks_detecting.look(division_code=COUNTY, by=cdc)
    assert OutbreakSignal.objects.filter(state="raised").count() == 1


def test_four_days_apart_is_no_cluster_and_home_is_no_common_place(ill, cdc):
    ill(NOW - timedelta(days=5), food="卤肉", place="家里")
    ill(NOW - timedelta(hours=20), food="卤肉", place="家里")
    outbreaks_detecting.look(division_code=COUNTY, by=cdc)
    assert not OutbreakSignal.objects.exists()


def test_one_case_of_a_deadly_poison_is_enough_and_comes_first(ill, cdc):
    ill(NOW - timedelta(hours=20), diagnosis="毒蘑菇中毒？")
    outbreaks_detecting.look(division_code=COUNTY, by=cdc)
    signal = OutbreakSignal.objects.get()
    assert (signal.kind, signal.urgency) == ("single", 1)
    assert signal.due_at - signal.raised_at == timedelta(hours=2)


def test_a_day_above_what_the_township_is_used_to(ill, cdc):
    for day in range(120, 8, -6):
        ill(NOW - timedelta(days=day, hours=2), food=f"菜{day}")
    for number in range(6):
        ill(NOW - timedelta(days=2, hours=number), food=f"不同{number}")
    outbreaks_detecting.look(division_code=COUNTY, by=cdc)
    signal = OutbreakSignal.objects.get(kind="daily")
    assert signal.unit == "石门镇"
    assert len(signal.cases) == 6
    assert "发病 6 例" in signal.text
    assert signal.run.parameters["alarms_per_month"] == "4"


def test_a_county_states_its_own_budget_and_a_run_keeps_it(ill, cdc):
    outbreaks.set_budget(division_code=COUNTY, alarms_per_month=Decimal("9.0"), by=cdc)
    ill(NOW - timedelta(hours=20))
    run = outbreaks_detecting.look(division_code=COUNTY, by=cdc)
    assert run.parameters["alarms_per_month"] == "9.0"
    assert run.inputs["cases"] == 1
    assert len(run.inputs_digest) == 64


def test_the_nightly_task_and_the_button_do_the_same(ill, cdc, client_for, reader):
    for hours in (30, 40):
        ill(NOW - timedelta(hours=hours), food="卤肉")
    assert tasks.look_for_outbreaks() == 1
    client = client_for(cdc)
    answer = client.post(reverse("monitoring:look_for_outbreaks"), follow=True)
    assert "1 条结果，其中 0 条是新信号" in answer.content.decode()
    assert client.get(reverse("monitoring:detection_runs")).status_code == 200
    assert client.get(DetectionRun.objects.first().get_absolute_url()).status_code == 200
    assert client.get(OutbreakSignal.objects.get().get_absolute_url()).status_code == 200
    assert client_for(reader).post(reverse("monitoring:look_for_outbreaks")).status_code == 403


def test_the_planted_banquet_is_found(monkeypatch):
    parts = {"monitoring.cases": (44, scenario_cases.live), "monitoring.outbreaks": (47, scenario_outbreaks.live)}
    monkeypatch.setattr(contribute, "scenarios", parts)
    truth = build(seed=3, scale=0.02)
    (banquet,) = truth.of("case_cluster")
    signals = OutbreakSignal.objects.filter(kind="hospital", unit=banquet.subject, text__contains=banquet.facts["food"])
    assert [len(signal.cases) for signal in signals] == [banquet.facts["cases"]]
