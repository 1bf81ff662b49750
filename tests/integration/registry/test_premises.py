from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import Error, connection, transaction

from fangxin.engines.identifiers import make_business_licence
from fangxin.kernel.contributing import api as contribute
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.registry import api as registry
from fangxin.kernel.registry.data import NewFact, NewOperator, NewPremises
from fangxin.kernel.registry.models import PremisesFact

TODAY = date(2023, 3, 15)


def on(day, premises, *names):
    return registry.premises_rows(day, only=set(names)).get(pk=premises.pk)


def test_a_credit_code_with_a_wrong_check_character_is_refused(office, county):
    with pytest.raises(ValidationError, match="校验位"):
        registry.register_operator(
            name="某店", kind="enterprise", division_code=county, uscc="91410101MA00000000", by=office
        )


def test_a_credit_code_is_registered_once(operator, office):
    with pytest.raises(ValidationError, match="已在底册中"):
        registry.register_operator(
            name="另一家", kind="enterprise", division_code=operator.division_code, uscc=operator.uscc, by=office
        )


def test_a_stall_without_a_code_is_registered_as_such(shop):
    assert shop.operator.identity_kind == "none"


def test_the_size_follows_area_and_seats(restaurant, office):
    assert restaurant.size_class == "small"
    registry.change_premises(premises=restaurant, seats=251, effective_on=TODAY, by=office)
    assert restaurant.size_class == "large"
    assert on(date(2023, 3, 14), restaurant, "size_class")["size_class"] == "small"
    assert on(TODAY, restaurant, "size_class")["size_class"] == "large"


def test_premises_carry_a_number_of_their_own(restaurant, shop):
    assert (restaurant.number, shop.number) == ("990101-2023-000001", "990101-2023-000002")


def test_a_change_keeps_what_was_before_its_day(restaurant, office):
    registry.change_premises(premises=restaurant, kind="canteen", effective_on=date(2023, 1, 1), by=office)
    assert on(date(2022, 12, 31), restaurant, "kind")["kind"] == "restaurant"
    assert on(date(2023, 1, 1), restaurant, "kind")["kind"] == "canteen"


def test_a_correction_leaves_no_trace_in_figures_but_one_in_the_ledger(restaurant, office):
    registry.change_premises(premises=restaurant, kind="canteen", by=office)
    assert on(date(2022, 12, 31), restaurant, "kind")["kind"] == "canteen"
    entry = ledger.entries_of("registry.premises", str(restaurant.pk)).first()
    assert entry.event == "registry.premises.changed"
    assert '"restaurant","canteen"' in entry.data.replace(" ", "")


def test_a_correction_after_a_change_corrects_the_changed_span_only(restaurant, office):
    registry.change_premises(premises=restaurant, kind="canteen", effective_on=date(2023, 1, 1), by=office)
    registry.change_premises(premises=restaurant, kind="group_meal", by=office)
    assert on(date(2022, 12, 31), restaurant, "kind")["kind"] == "restaurant"
    assert on(date(2023, 1, 1), restaurant, "kind")["kind"] == "group_meal"


def test_a_change_cannot_reach_back_behind_a_later_one(restaurant, office):
    registry.change_premises(premises=restaurant, kind="canteen", effective_on=date(2023, 2, 1), by=office)
    with pytest.raises(ValidationError, match="之后还有变更"):
        registry.change_premises(premises=restaurant, kind="group_meal", effective_on=date(2023, 1, 1), by=office)


def test_rural_and_status_are_dated_too(shop, office):
    registry.change_premises(premises=shop, rural=False, status="suspended", effective_on=date(2023, 2, 1), by=office)
    before, after = (on(day, shop, "rural", "operating") for day in (date(2023, 1, 31), date(2023, 2, 1)))
    assert (before["rural"], before["operating"]) == (True, True)
    assert (after["rural"], after["operating"]) == (False, False)


def test_closing_and_reopening_is_told_day_by_day(restaurant, office):
    registry.close_premises(premises=restaurant, closed_on=date(2022, 6, 1), reason="歇业", by=office)
    registry.reopen_premises(premises=restaurant, on=date(2022, 9, 1), by=office)
    days = {date(2021, 4, 30): False, date(2021, 5, 1): True, date(2022, 5, 31): True, date(2022, 6, 1): False,
            date(2022, 8, 31): False, date(2022, 9, 1): True}  # fmt: skip
    assert {day: on(day, restaurant, "operating")["operating"] for day in days} == days


def test_premises_loaded_as_closed_operated_until_then_and_may_reopen(office, county):
    loaded = registry.load(
        operators=[NewOperator("o", "旧店", "individual", county)],
        premises=[
            NewPremises("p", "o", "旧店", "small_shop", county, opened_on=date(2020, 1, 1), closed_on=date(2022, 1, 1))
        ],
        by=office,
    )
    premises = registry.Premises.objects.get(pk=loaded.premises["p"])
    assert on(date(2021, 12, 31), premises, "operating")["operating"] is True
    registry.reopen_premises(premises=premises, on=date(2023, 1, 1), by=office)
    days = {date(2021, 12, 31): True, date(2022, 1, 1): False, date(2022, 12, 31): False, date(2023, 1, 1): True}
    assert {day: on(day, premises, "operating")["operating"] for day in days} == days


def test_two_people_close_and_one_is_told(restaurant, office):
    same = registry.Premises.objects.get(pk=restaurant.pk)
    registry.close_premises(premises=restaurant, closed_on=TODAY, by=office)
    with pytest.raises(ValidationError, match="刚刚已被注销"):
        registry.close_premises(premises=same, closed_on=TODAY, by=office)
    assert PremisesFact.objects.filter(premises=restaurant, value="closed").count() == 1


def test_nothing_is_dated_in_the_future(restaurant, office):
    with pytest.raises(ValidationError, match="还没有到"):
        registry.close_premises(premises=restaurant, closed_on=date(2023, 3, 16), by=office)


def test_moving_premises_takes_papers_along_and_tells_both_townships(restaurant, licence, office):
    registry.change_premises(premises=restaurant, division_code="990101200", effective_on=TODAY, by=office)
    licence.refresh_from_db()
    assert licence.division_code == "990101200"
    codes = {e.division_code for e in ledger.entries_of("registry.premises", str(restaurant.pk))}
    assert {"990101100201", "990101200"} <= codes


def test_facts_in_force_by_day_and_withdrawn(restaurant, office):
    attribute = contribute.attributes.get("catering.open_kitchen")
    first, *_between, last = attribute.choices
    record = lambda value, day, until=None: registry.record_fact(  # noqa: E731
        premises=restaurant, name="catering.open_kitchen", value=value, valid_from=day, valid_to=until, by=office
    )
    record(first, date(2022, 1, 1))
    record(last, date(2022, 7, 1), date(2022, 10, 1))
    record("", date(2023, 1, 1))
    expected = {date(2021, 12, 31): None, date(2022, 1, 1): first, date(2022, 7, 1): last, date(2022, 9, 30): last,
                date(2022, 10, 1): first, date(2022, 12, 31): first, date(2023, 1, 1): None}  # fmt: skip
    column = "catering_open_kitchen"
    assert {day: on(day, restaurant, column)[column] for day in expected} == expected


def test_a_fact_takes_only_the_values_its_attribute_knows(restaurant, shop, office):
    for name, value, premises in (
        ("catering.open_kitchen", "perhaps", restaurant),
        ("catering.nothing", "1", restaurant),
        ("catering.open_kitchen", "active", shop),
    ):
        with pytest.raises(ValidationError):
            registry.record_fact(premises=premises, name=name, value=value, valid_from=TODAY, by=office)


def test_number_attributes_come_back_as_numbers(restaurant, office, operator):
    depot = registry.register_premises(
        operator=operator, name="粮库", kind="grain_depot", division_code="990101100", by=office
    )
    registry.record_fact(premises=depot, name="grain.capacity", value="1234.5", valid_from=TODAY, by=office)
    rows = registry.premises_rows(TODAY, only={"grain_capacity"})
    assert rows.filter(grain_capacity__gte=1234).count() == 1
    assert rows.filter(grain_capacity__gt=1235).count() == 0
    with pytest.raises(ValidationError):
        registry.record_fact(premises=depot, name="grain.capacity", value="很多", valid_from=TODAY, by=office)


def test_a_recorded_fact_cannot_be_changed_or_deleted(restaurant, office):
    fact = registry.record_fact(
        premises=restaurant, name="catering.open_kitchen", value="active", valid_from=TODAY, by=office
    )
    for statement in ("UPDATE registry_premisesfact SET value = 'none'", "DELETE FROM registry_premisesfact"):
        with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    fact.refresh_from_db()
    assert fact.value == "active"


def test_personal_data_never_reach_the_ledger(restaurant, operator, office):
    registry.change_premises(premises=restaurant, phone="13911112222", by=office)
    from fangxin.kernel.registry.services import change_operator

    change_operator(operator=operator, legal_representative="钱某某", phone="13933334444", by=office)
    told = " ".join(e.data + e.subject_name for kind in ("premises", "operator")
                    for e in ledger.entries_of(f"registry.{kind}", str(1)))  # fmt: skip
    assert "139" not in told
    assert "钱某某" not in told


def test_grouping_by_township_counts_each_place_once(restaurant, licence, shop):
    from django.db.models import Count, Q
    from django.db.models.functions import Substr

    rows = registry.premises_rows(TODAY, only={"kind", "operating", "has_valid_credential"})
    grouped = (
        rows.annotate(township=Substr("division_code", 1, 9))
        .values("township")
        .annotate(n=Count("pk", filter=Q(operating=True)), d=Count("pk", filter=Q(has_valid_credential=True)))
        .order_by("township")
    )
    assert [(row["township"], row["n"], row["d"]) for row in grouped] == [("990101100", 1, 1), ("990101200", 1, 0)]


def test_a_licence_number_is_checked_but_the_paper_may_overrule_it(restaurant, office):
    good = make_business_licence(business="2", division="410101", serial=20)
    bad = good[:-1] + str((int(good[-1]) + 1) % 10)
    with pytest.raises(ValidationError, match="已与原件核对"):
        registry.issue_credential(premises=restaurant, kind="business_licence", number=bad, issued_on=TODAY, by=office)
    paper = registry.issue_credential(
        premises=restaurant, kind="business_licence", number=bad, issued_on=TODAY, seen_on_paper=True, by=office
    )
    assert paper.number == bad
    with pytest.raises(ValidationError, match="位数"):
        registry.issue_credential(
            premises=restaurant, kind="business_licence", number="JY123", issued_on=TODAY, seen_on_paper=True, by=office
        )


def test_a_licence_holds_through_its_last_day(restaurant, licence):
    assert licence.expires_on == date(2026, 5, 5)
    days = {date(2021, 5, 5): False, date(2021, 5, 6): True, date(2026, 5, 5): True, date(2026, 5, 6): False}
    column = "has_valid_credential"
    assert {day: on(day, restaurant, column)[column] for day in days} == days
    assert [registry.credential_status(licence, day) for day in days] == ["not_yet", "valid", "valid", "expired"]


def test_a_renewal_leaves_the_gap_visible(restaurant, licence, office):
    new = registry.renew_credential(credential=licence, issued_on=date(2026, 6, 1), by=office)
    column = "has_valid_credential"
    assert on(date(2026, 5, 20), restaurant, column)[column] is False
    assert on(date(2026, 6, 1), restaurant, column)[column] is True
    counted = registry.credential_rows(date(2026, 6, 1), only={"valid"})
    assert [row.pk for row in counted] == [new.pk]
    with pytest.raises(ValidationError, match="已经延续过"):
        registry.renew_credential(credential=licence, issued_on=date(2027, 6, 1), by=office)


def test_a_revoked_credential_is_invalid_from_that_day_and_stays_so(restaurant, licence, office):
    registry.revoke_credential(credential=licence, on=date(2023, 2, 1), reason="注销", by=office)
    assert registry.credential_status(licence, date(2023, 1, 31)) == "valid"
    assert registry.credential_status(licence, date(2023, 2, 1)) == "revoked"
    for act in (
        lambda: registry.revoke_credential(credential=licence, on=TODAY, reason="再次", by=office),
        lambda: registry.renew_credential(credential=licence, issued_on=TODAY, by=office),
    ):
        with pytest.raises(ValidationError):
            act()


def test_staff_are_counted_by_duty_and_valid_exam(restaurant, office):
    person = registry.add_staff(
        premises=restaurant, name="赵某", role="employee", joined_on=date(2022, 1, 1), by=office
    )
    registry.record_certificate(staff=person, kind="training_exam", passed_on=date(2022, 3, 1), by=office)
    registry.end_staff(staff=person, left_on=date(2023, 3, 1), by=office)

    def told(day):
        row = registry.staff_rows(day).get(pk=person.pk)
        return row.on_payroll, row.certified, row.premises_kind, row.premises_operating

    assert told(date(2022, 2, 1)) == (True, False, "restaurant", True)
    assert told(date(2023, 2, 28)) == (True, True, "restaurant", True)
    assert told(date(2023, 3, 1)) == (False, False, "restaurant", True)


def test_a_village_is_covered_by_a_trained_helper_on_duty(office, county):
    village = "990101100201"
    helper = registry.add_staff(
        name="协管员甲", role="village_helper", division_code=village, joined_on=date(2022, 1, 1), by=office
    )

    def covered(day):
        rows = registry.village_rows(day)
        return {row.division_code: row.has_trained_helper for row in rows}

    assert covered(TODAY) == {village: False, "990101200201": False}
    registry.record_certificate(staff=helper, kind="helper_training", passed_on=date(2022, 5, 1), by=office)
    assert covered(TODAY) == {village: True, "990101200201": False}
    assert covered(date(2022, 4, 30))[village] is False


def test_a_helper_belongs_to_a_village_and_others_to_premises(office, county, restaurant):
    with pytest.raises(ValidationError, match="协管员"):
        registry.add_staff(premises=restaurant, name="某", role="village_helper", joined_on=TODAY, by=office)


def test_loading_tells_the_ledger_once_for_each_township_and_kind(office, county):
    operators = [NewOperator(f"o{i}", f"主体{i}", "individual", "990101100") for i in range(3)]
    premises = [
        NewPremises(f"p{i}", f"o{i}", f"店{i}", "small_shop", "990101100201" if i else "990101200") for i in range(3)
    ]
    before = ledger.entries_of("", "").count()
    loaded = registry.load(operators=operators, premises=premises, by=office)
    assert loaded.counts == {"operator": 3, "premises": 3}
    assert ledger.entries_of("", "").count() - before == 3
    numbers = registry.Premises.objects.order_by("pk").values_list("number", flat=True)
    assert list(numbers) == [f"990101-2023-{i:06d}" for i in (1, 2, 3)]


def test_a_public_answer_names_no_person_and_no_telephone(licence, restaurant, shop, office):
    from dataclasses import asdict

    found = asdict(registry.public_credential(licence.token))
    assert found["status"] == "valid"
    text = str(found)
    assert "魏某" not in text
    assert "138" not in text
    card = registry.issue_credential(premises=shop, kind="stall_card", number="摊0001", issued_on=TODAY, by=office)
    assert registry.public_credential(card.token).operator_name == ""
    assert registry.public_credential("nothing") is None
    assert registry.public_credentials_by_number(licence.number[:8]) == []
    assert len(registry.public_credentials_by_number(licence.number.lower())) == 1


def test_facts_in_force_agree_with_a_count_by_hand(restaurant, shop, office):
    import random

    draw = random.Random(20230315)
    days = [date(2022, 1, 1 + n) for n in range(20)]
    rows = []
    for number in range(60):
        start = draw.choice(days)
        end = draw.choice([None, *(day for day in days if day > start)])
        rows.append((draw.choice([restaurant.pk, shop.pk]), draw.choice(["active", "none", ""]), start, end, number))
    registry.load(
        by=office, facts=[NewFact(pk, "catering.open_kitchen", value, start, end) for pk, value, start, end, _ in rows]
    )
    column = "catering_open_kitchen"
    for day in days:
        for pk in (restaurant.pk, shop.pk):
            covering = [r for r in rows if r[0] == pk and r[2] <= day and (r[3] is None or r[3] > day)]
            expected = (max(covering, key=lambda r: (r[2], r[4]))[1] or None) if covering else None
            assert registry.premises_rows(day, only={column}).get(pk=pk)[column] == expected, (day, pk)


def test_a_change_to_the_same_is_no_change(restaurant, office):
    count = ledger.entries_of("registry.premises", str(restaurant.pk)).count()
    registry.change_premises(premises=restaurant, name=restaurant.name, effective_on=TODAY, by=office)
    assert ledger.entries_of("registry.premises", str(restaurant.pk)).count() == count


def test_many_facts_of_one_township_are_one_line_of_the_ledger(office, county):
    operators = [NewOperator("o", "甲", "individual", "990101100")]
    premises = [NewPremises(str(n), "o", f"店{n}", "restaurant", "990101100") for n in range(50)]
    facts = [NewFact(str(n), "catering.open_kitchen", "active", TODAY) for n in range(50) for _ in range(3)]
    loaded = registry.load(operators=operators, premises=premises, facts=facts, by=office)
    told = ledger.entries_of("", "").filter(event="registry.loaded")
    assert (len(loaded.facts), told.count()) == (150, 3)
