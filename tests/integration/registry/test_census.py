from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from fangxin.kernel.registry import api as registry
from fangxin.kernel.registry.comparing import likely_duplicates, propose
from fangxin.kernel.registry.models import CensusEntry, Merge, NotDuplicate
from fangxin.kernel.registry.services import declare_distinct, withdraw_change

TODAY = date(2023, 3, 15)
TOWN, VILLAGE, OTHER = "990101100", "990101100201", "990101200"


@pytest.fixture
def survey(office, county):
    return registry.open_survey(name="三小普查", division_code=county, started_on=date(2023, 1, 1), by=office)


def seen(survey, by, name="无名小店", **more):
    facts = {"kind_seen": "small_shop", "division_code": VILLAGE, "seen_on": date(2023, 2, 1), **more}
    return registry.record_census_entry(survey=survey, name_seen=name, by=by, **facts)


def test_the_denominator_includes_the_unregistered(survey, restaurant, licence, office):
    matched = seen(survey, office, "老魏烩面馆", kind_seen="restaurant")
    registry.decide_match(entry=matched, match="matched", premises=restaurant, by=office)
    for name in ("甲", "乙"):
        registry.decide_match(entry=seen(survey, office, name), match="not_registered", by=office)
    registry.decide_match(entry=seen(survey, office, "理发店"), match="out_of_scope", by=office)
    seen(survey, office, "还没比对")
    seen(survey, office, "关着门", operating=False)
    found = registry.coverage("990101", TODAY)
    assert (found.in_operation, found.registered) == (4, 1)
    assert (found.waiting, found.not_registered, found.out_of_scope) == (2, 2, 1)
    rows = registry.census_rows(TODAY)
    assert (rows.count(), rows.filter(operating=True, registered=True).count()) == (5, 1)


def test_180_registered_and_12_found_unregistered_is_not_full_coverage(survey, office, county):
    """180 of 192 (M08-1): the register alone would say 100 %."""
    from fangxin.kernel.registry.data import NewCensusEntry, NewCredential, NewOperator, NewPremises

    def entry(name, match="not_registered", premises=None):
        return NewCensusEntry(survey.pk, name, "small_shop", TOWN, TODAY, match=match, premises=premises)

    registry.load(
        by=office,
        operators=[NewOperator("o", "多家", "individual", TOWN)],
        premises=[NewPremises(str(i), "o", f"店{i}", "small_shop", TOWN) for i in range(180)],
        credentials=[NewCredential(str(i), "small_shop_registration", date(2022, 1, 1)) for i in range(180)],
        census=[*(entry(f"店{i}", "matched", str(i)) for i in range(180)), *(entry(f"无{i}") for i in range(12))],
    )  # fmt: skip
    found = registry.coverage(county, TODAY)
    assert (found.registered, found.in_operation) == (180, 192)


def test_the_latest_finished_survey_speaks_for_its_division(office, county):
    old = registry.open_survey(
        name="旧", division_code=county, started_on=date(2021, 1, 1), finished_on=date(2021, 6, 1), by=office
    )
    for code in (TOWN, OTHER):
        seen(old, office, "旧所见", division_code=code, seen_on=date(2021, 2, 1))
    newer = registry.open_survey(name="新", division_code=TOWN, started_on=date(2022, 1, 1), by=office)
    seen(newer, office, "新所见", division_code=TOWN, seen_on=date(2022, 2, 1))
    names = lambda day: sorted(registry.census_rows(day).values_list("name_seen", "division_code"))  # noqa: E731
    assert names(date(2022, 6, 1)) == [("旧所见", TOWN), ("旧所见", OTHER)]
    registry.close_survey(survey=newer, finished_on=date(2022, 7, 1), by=office)
    assert names(date(2022, 6, 30)) == [("旧所见", TOWN), ("旧所见", OTHER)]
    assert names(date(2022, 7, 1)) == [("新所见", TOWN), ("旧所见", OTHER)]
    assert names(date(2020, 12, 31)) == []


def test_a_survey_under_way_speaks_where_none_was_finished(survey, office):
    seen(survey, office)
    assert registry.census_rows(TODAY).count() == 1


def test_only_exact_agreement_is_linked_without_a_person(survey, restaurant, shop, office):
    exact = seen(survey, office, "老魏烩面馆", address_seen="石门镇解放路12号", kind_seen="restaurant")
    near = seen(survey, office, "老魏羊肉烩面馆", address_seen="解放路12号", phone_seen="13800000001")
    assert registry.match_survey(survey=survey, by=office) == 1
    exact.refresh_from_db()
    near.refresh_from_db()
    assert (exact.match, exact.premises) == ("matched", restaurant)
    assert near.match == "unmatched"
    best = propose(near)[0]
    assert best.premises == restaurant
    assert {"phone", "address"} <= set(best.tokens)


def test_a_decision_is_made_once_and_can_be_taken_back(survey, restaurant, office):
    entry = seen(survey, office)
    same = CensusEntry.objects.get(pk=entry.pk)
    registry.decide_match(entry=entry, match="not_registered", by=office)
    with pytest.raises(ValidationError, match="已由他人认定"):
        registry.decide_match(entry=same, match="matched", premises=restaurant, by=office)
    registry.decide_match(entry=entry, match="unmatched", by=office)
    assert (entry.match, entry.matched_by, entry.matched_at) == ("unmatched", "", None)


def test_an_entry_lies_inside_its_survey_in_place_and_time(office, county):
    survey = registry.open_survey(
        name="镇", division_code=TOWN, started_on=date(2023, 1, 1), finished_on=date(2023, 1, 31), by=office
    )
    for wrong in ({"division_code": OTHER}, {"seen_on": date(2022, 12, 31)}, {"seen_on": date(2023, 2, 1)}):
        with pytest.raises(ValidationError):
            seen(survey, office, **{"seen_on": date(2023, 1, 5), **wrong})


def test_the_database_refuses_a_match_without_premises(survey, office):
    entry = seen(survey, office)
    with pytest.raises(IntegrityError), transaction.atomic():
        CensusEntry.objects.filter(pk=entry.pk).update(match="matched", matched_at="2023-03-15T00:00Z")


@pytest.fixture
def twin(operator, office):
    """The same eating-house, registered a second time."""
    return registry.register_premises(
        operator=operator, name="老魏烩面", kind="restaurant", division_code=VILLAGE, address="解放路12号",
        phone="13800000001", opened_on=date(2021, 5, 1), by=office,
    )  # fmt: skip


def test_duplicates_are_found_once_merged_and_taken_back(restaurant, licence, twin, survey, office, township_clerk):
    [(first, second, proposal)] = likely_duplicates("990101", most=10)
    assert {first, second} == {restaurant, twin}
    assert "phone" in proposal.tokens
    person = registry.add_staff(premises=twin, name="赵某", role="employee", joined_on=TODAY, by=office)
    registry.record_fact(premises=twin, name="catering.open_kitchen", value="active", valid_from=TODAY, by=office)
    entry = seen(survey, office)
    registry.decide_match(entry=entry, match="matched", premises=twin, by=office)

    merge = registry.merge_premises(survivor=restaurant, merged=twin, reason="同一地址", by=office)
    person.refresh_from_db()
    entry.refresh_from_db()
    assert (person.premises, entry.premises, twin.merged_into) == (restaurant, restaurant, restaurant)
    assert registry.facts_on(restaurant, TODAY)["catering.open_kitchen"].value == "active"
    assert registry.premises_rows(TODAY, only=set()).count() == 1
    assert likely_duplicates("990101", most=10) == []

    registry.undo_merge(merge=merge, by=office)
    person.refresh_from_db()
    entry.refresh_from_db()
    assert (person.premises, entry.premises) == (twin, twin)
    assert registry.facts_on(restaurant, TODAY)["catering.open_kitchen"].value == ""
    assert registry.premises_rows(TODAY, only=set()).count() == 2
    licence.refresh_from_db()
    assert licence.premises == restaurant


def test_a_merge_happens_once_and_not_with_itself(restaurant, twin, shop, office):
    with pytest.raises(ValidationError):
        registry.merge_premises(survivor=twin, merged=twin, reason="同", by=office)
    first = registry.merge_premises(survivor=restaurant, merged=twin, reason="同", by=office)
    with pytest.raises(ValidationError, match="已被合并"):
        registry.merge_premises(survivor=shop, merged=twin, reason="同", by=office)
    with pytest.raises(ValidationError, match="已被合并"):
        registry.merge_premises(survivor=twin, merged=shop, reason="同", by=office)
    second = registry.merge_premises(survivor=shop, merged=restaurant, reason="同", by=office)
    with pytest.raises(ValidationError, match="又并入了别处"):
        registry.undo_merge(merge=first, by=office)
    registry.undo_merge(merge=second, by=office)
    registry.undo_merge(merge=first, by=office)
    assert Merge.objects.filter(undone_at=None).count() == 0


def test_two_shops_found_to_be_two_are_not_proposed_again(restaurant, twin, office):
    declare_distinct(first=twin, second=restaurant, by=office)
    declare_distinct(first=restaurant, second=twin, by=office)
    assert NotDuplicate.objects.count() == 1
    assert likely_duplicates("990101", most=10) == []


def test_a_change_asked_for_is_decided_by_somebody_else(restaurant, office, second_office, township_clerk):
    asked = registry.request_change(
        premises=restaurant, changes={"seats": 300, "phone": "13911110000"}, reason="扩建",
        effective_on=date(2023, 3, 1), by=office,
    )  # fmt: skip
    with pytest.raises(ValidationError, match="不能审核自己"):
        registry.decide_change(request=asked, accept=True, by=office)
    registry.decide_change(request=asked, accept=True, by=second_office)
    restaurant.refresh_from_db()
    assert (restaurant.seats, restaurant.size_class, restaurant.phone) == (300, "large", "13911110000")
    with pytest.raises(ValidationError, match="已由他人处理"):
        registry.decide_change(request=asked, accept=True, by=second_office)


def test_a_refusal_needs_a_reason_and_changes_nothing(restaurant, office, township_clerk):
    asked = registry.request_change(premises=restaurant, changes={"name": "新名"}, reason="改", by=township_clerk)
    with pytest.raises(ValidationError, match="理由"):
        registry.decide_change(request=asked, accept=False, by=office)
    registry.decide_change(request=asked, accept=False, note="招牌未换", by=office)
    restaurant.refresh_from_db()
    assert (restaurant.name, asked.state) == ("老魏烩面馆", "refused")


def test_a_request_overtaken_by_another_change_is_not_applied(restaurant, office, township_clerk):
    asked = registry.request_change(premises=restaurant, changes={"name": "新名"}, reason="改", by=township_clerk)
    registry.change_premises(premises=restaurant, name="别名", by=office)
    with pytest.raises(ValidationError, match="已被改为其他内容"):
        registry.decide_change(request=asked, accept=True, by=office)
    asked.refresh_from_db()
    assert asked.state == "open"


def test_only_who_asked_withdraws_and_nothing_to_change_is_no_request(restaurant, office, township_clerk):
    with pytest.raises(ValidationError, match="没有改动"):
        registry.request_change(premises=restaurant, changes={"seats": 60}, reason="无", by=township_clerk)
    asked = registry.request_change(premises=restaurant, changes={"seats": 61}, reason="改", by=township_clerk)
    with pytest.raises(ValidationError, match="只有提出人"):
        withdraw_change(request=asked, by=office)
    withdraw_change(request=asked, by=township_clerk)
    assert asked.state == "withdrawn"


def test_the_database_refuses_one_person_in_both_roles(restaurant, office):
    asked = registry.request_change(premises=restaurant, changes={"seats": 61}, reason="改", by=office)
    with pytest.raises(IntegrityError), transaction.atomic():
        type(asked).objects.filter(pk=asked.pk).update(
            state="applied", decided_at="2023-03-15T00:00Z", decided_by=office
        )


def test_the_matching_screen_decides_and_shows_the_next(survey, restaurant, township_clerk, client_for):
    from django.urls import reverse

    entries = [seen(survey, township_clerk, name) for name in ("老魏烩面馆", "谁也不是")]
    client = client_for(township_clerk)
    page = client.get(reverse("registry:matching")).content.decode()
    assert "待比对 2 条" in page
    decide = reverse("registry:decide", args=[entries[0].pk])
    for bad in ({}, {"match": "matched"}, {"match": "matched", "premises": "9" * 40}, {"match": "?"}):
        assert client.post(decide, bad).status_code in {302, 404}
    assert CensusEntry.objects.filter(match="unmatched").count() == 2
    client.post(decide, {"match": "matched", "premises": str(restaurant.pk)})
    entries[0].refresh_from_db()
    assert entries[0].premises == restaurant
    assert "待比对 1 条" in client.get(reverse("registry:matching")).content.decode()
    client.post(reverse("registry:reconsider", args=[entries[0].pk]))
    assert CensusEntry.objects.filter(match="unmatched").count() == 2
