"""The county's day at a glance: exact for who works on cases, small counts hidden from everybody else."""

from datetime import date, datetime, timedelta
from itertools import count

import pytest
from django.urls import reverse

from fangxin.actions.monitoring import selectors_picture as selectors
from fangxin.actions.monitoring.models import CaseReport
from fangxin.actions.monitoring.services import outbreaks
from fangxin.engines.identifiers import make_credit_code
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.kernel.registry import api as registry

pytestmark = pytest.mark.django_db
TOWN, OTHER_TOWN, COUNTY = "990101100", "990101200", "990101"
TODAY = date(2023, 3, 15)


@pytest.fixture
def had(county, department):
    operator = registry.register_operator(
        name="石门镇卫生院", kind="institution", division_code=TOWN, uscc=make_credit_code(division="410101", serial=7), by=department,
    )  # fmt: skip
    hospital = registry.register_premises(
        operator=operator, name="石门镇卫生院", kind="health_institution", division_code=TOWN, by=department
    )
    serial = count(1)

    def make(back, number, code=TOWN):
        told = datetime(2023, 3, 15, 8, tzinfo=ledger.clock.LOCAL) - timedelta(days=back)
        CaseReport.objects.bulk_create(
            CaseReport(
                number=f"BL{next(serial):06}", institution=hospital, state="reported", sex="male", born_on=date(1990, 1, 1),
                occupation="farmer", division_code=code, onset_at=told, seen_at=told, diagnosed_on=told.date(), symptoms=["diarrhoea"],
                diagnosis="急性胃肠炎", doctor="某医生", written_at=told, due_on=told.date(), reported_at=told, reported_by="hospital",
            )
            for _one in range(number)
        )  # fmt: skip

    return make


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


def _lines(user):
    return [(x.name, x.recent, x.before) for x in selectors.illness(user, COUNTY, TODAY).lines]


def test_who_works_on_cases_sees_them_as_they_are(had, cdc):
    had(2, 3)
    had(20, 8, OTHER_TOWN)
    assert _lines(cdc) == [("石门镇", 3, 0), ("青杨乡", 0, 8)]


def test_everybody_else_sees_small_counts_hidden_also_from_subtraction(had, office):
    had(2, 3)
    had(3, 20, OTHER_TOWN)
    had(20, 30, OTHER_TOWN)
    seen = selectors.illness(office, COUNTY, TODAY)
    assert not seen.exact
    town, other = seen.lines
    assert town.recent is None
    assert other.recent is None  # or the three could be had from the total
    assert seen.recent == 23


def test_days_are_counted_by_onset_up_to_yesterday(had, cdc):
    for back in (0, 1, 7, 8, 35, 36):
        had(back, 1)
    assert _lines(cdc)[0] == ("石门镇", 2, 2)


def test_the_page_for_the_epidemiologist_the_office_and_the_county_next_to_it(had, cdc, office, outsider, client_for):
    had(2, 3)
    outbreaks.report(division_code=TOWN, unit="城关一小", text="呕吐", by=cdc)
    own = client_for(cdc).get(reverse("monitoring:picture")).content.decode()
    assert "人工提出" in own
    assert "data-print" in own
    theirs = client_for(office).get(reverse("monitoring:picture")).content.decode()
    assert "不公开" in theirs
    assert "城关一小" not in theirs
    other = client_for(outsider).get(reverse("monitoring:picture")).content.decode()
    assert "石门镇" not in other
    assert "人工提出" not in other


def test_more_places_and_cases_need_no_more_queries(had, cdc, client_for, django_assert_max_num_queries):
    had(2, 3)
    client = client_for(cdc)
    client.get(reverse("monitoring:picture"))
    had(3, 20, OTHER_TOWN)
    with django_assert_max_num_queries(24):
        client.get(reverse("monitoring:picture"))
