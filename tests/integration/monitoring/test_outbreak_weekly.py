"""Weeks against earlier years, clusters in place and time, and how much of the last days is reported by now."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import count

import pytest
from django.urls import reverse

from fangxin.actions.monitoring import rules_outbreaks as rules
from fangxin.actions.monitoring.models import CaseReport, OutbreakSignal
from fangxin.actions.monitoring.services import outbreaks_detecting, outbreaks_weekly
from fangxin.actions.monitoring.services.outbreaks_found import seen_shares
from fangxin.engines.identifiers import make_credit_code
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.kernel.registry import api as registry

pytestmark = pytest.mark.django_db
TOWN, OTHER_TOWN, COUNTY = "990101100", "990101200", "990101"
TODAY = date(2023, 3, 15)  # a Wednesday, the held clock's day
MONDAY = date(2023, 3, 6)  # of the last whole week
PLENTY = Decimal(2)


@pytest.fixture
def hospital(county, department):
    operator = registry.register_operator(
        name="石门镇卫生院", kind="institution", division_code=TOWN, uscc=make_credit_code(division="410101", serial=7), by=department,
    )  # fmt: skip
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
def had(hospital):
    """Reported cases of a day, as if the hospitals had sent them."""
    serial = count(1)

    def make(day, number=1, code=TOWN, delay=0):
        onset = datetime(day.year, day.month, day.day, 8, tzinfo=ledger.clock.LOCAL)
        told = onset + timedelta(days=delay, hours=2)
        CaseReport.objects.bulk_create(
            CaseReport(
                number=f"BL{next(serial):06}", institution=hospital, state="reported", sex="male", born_on=date(1990, 1, 1),
                occupation="farmer", division_code=code, onset_at=onset, seen_at=told, diagnosed_on=told.date(), symptoms=["diarrhoea"],
                diagnosis="急性胃肠炎", doctor="某医生", written_at=told, due_on=told.date(), reported_at=told, reported_by="hospital",
            )
            for _one in range(number)
        )  # fmt: skip

    return make


def _two_years(had, until=MONDAY, weeks=104):
    for number in range(1, weeks + 1):
        had(until - timedelta(days=7 * number - number % 5), 2 + number % 3)


def _weeks(told_cases=PLENTY):
    return outbreaks_weekly.weeks(COUNTY, TODAY, rules.signal_rules(), told_cases)


def test_a_week_far_above_the_season_is_a_signal_with_its_picture(had, cdc, client_for):
    _two_years(had)
    had(MONDAY + timedelta(days=2), 19)
    found, looked_at = _weeks()
    assert {one["key"] for one in found} == {f"weekly:{COUNTY}", f"weekly:{TOWN}"}
    signal = next(one for one in found if one["division_code"] == TOWN)
    assert len(signal["cases"]) == 19
    assert "一周发病 19 例" in signal["text"]
    chart = signal["facts"]["chart"]
    assert chart["observed"][-1] == 19
    assert chart["dates"][-1] == MONDAY.isoformat()
    assert chart["expected"][-1] < chart["bounds"][-1] <= 19
    assert looked_at["series"][COUNTY] == looked_at["series"][TOWN]
    outbreaks_detecting.look(division_code=COUNTY, by=cdc)
    row = OutbreakSignal.objects.get(kind="weekly", division_code=TOWN)
    page = client_for(cdc).get(row.get_absolute_url()).content.decode()
    assert 'data-risk-chart="counts"' in page
    assert "一周发病 19 例" in page


def test_an_ordinary_week_is_none(had):
    _two_years(had)
    had(MONDAY + timedelta(days=2), 3)
    found, looked_at = _weeks()
    assert found == []
    assert looked_at["series"][TOWN][-1] == 3


def test_with_too_short_a_history_nothing_is_said_by_week(had):
    _two_years(had, weeks=60)
    had(MONDAY, 30)
    assert _weeks()[0] == []


def test_cases_before_the_first_week_of_the_history_are_left_out_of_no_week(had):
    """The first week is whole, also when the first case fell on its Sunday."""
    had(MONDAY - timedelta(days=7 * 90 - 6), 4)
    _two_years(had, weeks=80)
    _found, looked_at = _weeks()
    assert looked_at["first_monday"] == (MONDAY - timedelta(days=7 * 90)).isoformat()
    assert looked_at["series"][COUNTY][0] == 4
    assert sum(looked_at["series"][COUNTY]) == CaseReport.objects.count()


def _placed():
    people.Division.objects.filter(code=TOWN).update(latitude=34.00, longitude=111.00)
    people.Division.objects.filter(code=OTHER_TOWN).update(latitude=34.30, longitude=111.30)


def test_cases_close_in_place_and_time_are_a_cluster(had, cdc, client_for):
    _placed()
    for back in range(5, 29, 2):
        had(TODAY - timedelta(days=back), 1, TOWN)
        had(TODAY - timedelta(days=back), 2, OTHER_TOWN)
    for back in (1, 2):
        had(TODAY - timedelta(days=back), 4, TOWN)
    found, looked_at = outbreaks_weekly.clusters(COUNTY, TODAY, rules.signal_rules(), PLENTY)
    assert found == outbreaks_weekly.clusters(COUNTY, TODAY, rules.signal_rules(), PLENTY)[0]
    (one,) = found
    assert one["division_code"] == TOWN
    assert len(one["cases"]) == 8
    assert one["facts"]["recurrence_days"] > 100
    assert looked_at == {"cases": 44, "without_place": 0, "days": 28, "replicates": 999}
    run = outbreaks_detecting.look(division_code=COUNTY, by=cdc)
    row = run.signals.get(kind="space_time")
    assert "石门镇" in client_for(cdc).get(row.get_absolute_url()).content.decode()


def test_places_without_a_position_are_counted_not_scanned(had):
    people.Division.objects.filter(code=TOWN).update(latitude=34.00, longitude=111.00)
    had(TODAY - timedelta(days=3), 2, TOWN)
    had(TODAY - timedelta(days=2), 5, OTHER_TOWN)
    found, looked_at = outbreaks_weekly.clusters(COUNTY, TODAY, rules.signal_rules(), PLENTY)
    assert found == []
    assert (looked_at["cases"], looked_at["without_place"]) == (2, 5)


def test_the_share_reported_by_now_follows_the_delays(had):
    for back in range(1, 80):
        had(TODAY - timedelta(days=back), 2, delay=0)
        if back > 4:
            had(TODAY - timedelta(days=back), 2, delay=4)
    shares = seen_shares(COUNTY, TODAY)
    assert 0.3 < shares[TODAY - timedelta(days=1)] < 0.7
    assert shares.get(TODAY - timedelta(days=14), 1.0) > 0.95


def test_the_run_keeps_what_was_looked_at_and_how_the_budget_was_divided(had, cdc, client_for):
    had(TODAY - timedelta(days=3), 2)
    run = outbreaks_detecting.look(division_code=COUNTY, by=cdc)
    assert sum(Decimal(part) for part in run.parameters["shares"].values()) == 1
    assert run.inputs["scan"] == {"cases": 0, "without_place": 2, "days": 28, "replicates": 999}
    page = client_for(cdc).get(reverse("monitoring:detection_run", args=[run.pk])).content.decode()
    assert "2 例的住址没有坐标" in page
