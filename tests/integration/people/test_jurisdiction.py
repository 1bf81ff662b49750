from datetime import date

import pytest
from django.core.exceptions import ValidationError
from tests.conftest import COUNTY, OTHER_COUNTY, OTHER_TOWN, TOWN, VILLAGE

from fangxin.kernel.people import api as people
from fangxin.kernel.people.services import end_division

pytestmark = pytest.mark.django_db


def _seen(user, ability="console.use"):
    return set(people.within(people.Division.objects.all(), user, ability, field="code").values_list("code", flat=True))


def test_a_county_post_reaches_every_township_and_no_other_county(office):
    assert {COUNTY, TOWN, VILLAGE, OTHER_TOWN} <= _seen(office)
    assert not any(code.startswith(OTHER_COUNTY) for code in _seen(office))


def test_a_township_post_reaches_its_villages_only(township_clerk):
    assert _seen(township_clerk) == {TOWN, VILLAGE}


def test_a_post_that_ended_gives_nothing(office, agencies):
    office.posts.update(ends_on=date(2023, 3, 14))
    assert _seen(people.User.objects.get(pk=office.pk)) == set()


def test_the_administrator_reaches_no_business_records(administrator):
    assert administrator.can("people.manage")
    assert administrator.prefixes("people.manage") == []
    assert _seen(administrator) == set()


def test_whoever_belongs_to_an_institution_reaches_no_division(principal):
    assert principal.prefixes("console.use") == []
    assert principal.own_agencies("console.use") == [principal.posts_today[0].agency_id]


def test_prefixes_inside_one_another_are_said_once(office, agencies):
    people.give_post(
        user=office, agency=agencies["town"], role="township", division_code=TOWN, starts_on=date(2022, 1, 1), by=None
    )
    assert people.User.objects.get(pk=office.pk).prefixes("console.use") == [COUNTY]


@pytest.mark.parametrize(("prefix", "next_one"), [("41", "42"), ("411299", "411300"), ("990101100", "990101101")])
def test_the_range_of_a_prefix_ends_where_the_next_begins(prefix, next_one):
    assert people.after(prefix) == next_one


def test_a_division_is_called_what_it_was_called_that_day(county):
    old = people.Division.objects.get(code=TOWN)
    end_division(division=old, on=date(2023, 1, 1), by=None)
    people.add_division(code=TOWN, name="新石门镇", kind="town", valid_from=date(2023, 1, 1), by=None)
    assert people.division_name(TOWN, date(2022, 12, 31)) == "石门镇"
    assert people.division_name(TOWN, date(2023, 1, 1)) == "新石门镇"


def test_two_names_at_once_are_refused(county):
    with pytest.raises(ValidationError, match="已有名称"):
        people.add_division(code=TOWN, name="另一个镇", kind="town", valid_from=date(2022, 1, 1), by=None)


@pytest.mark.parametrize("printed", ["市场监管局", "县市场监管局", "云桥县市场监督管理局", "云桥县市场监管局"])
def test_a_printed_agency_is_found_with_or_without_the_county_in_front(agencies, printed):
    assert people.find_agency(printed, COUNTY) == agencies["market"]


def test_an_agency_is_found_by_the_name_it_was_merged_under(agencies):
    people.add_agency_name(agency=agencies["market"], name="县食药监局", by=None)
    assert people.find_agency("县食药监局", COUNTY) == agencies["market"]
    assert people.find_agency("县食药监局", OTHER_COUNTY) is None


def test_an_unknown_agency_is_not_guessed(agencies):
    assert people.find_agency("县气象局", COUNTY) is None


def test_nobody_gives_a_post_to_themselves(administrator, agencies):
    with pytest.raises(ValidationError, match="不能给自己"):
        people.give_post(
            user=administrator, agency=agencies["office"], role="office", division_code=COUNTY,
            starts_on=date(2023, 1, 1), by=administrator,
        )  # fmt: skip
