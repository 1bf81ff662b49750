"""Uses, locks, harvests and corrections: what may be written, and what follows from it."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction

from fangxin.actions.farm_inputs import offers, selectors, tasks
from fangxin.actions.farm_inputs.models import Application, Batch, DiaryEntry, Farm, Finding, Harvest
from fangxin.actions.farm_inputs.services import farms, judging, products, records
from fangxin.kernel.casework import api as casework
from fangxin.kernel.contributing import api as contribute
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.registry import api as registry

TODAY = date(2023, 3, 15)


def moment(day, hour, minute):
    return datetime.combine(day, time(hour, minute), tzinfo=ledger.clock.LOCAL)


def spray(batch, labels, by, *, name="高效氯氟氰菊酯 2.5% 乳油", on=TODAY, **more):
    return records.record_application(batch=batch, product=labels[name], began_on=on, by=by, **more)


def test_a_spraying_locks_the_batch_until_its_label_says(spinach, labels, farmer):
    spray(spinach, labels, farmer, on=date(2023, 3, 14))
    spinach.refresh_from_db()
    assert spinach.locked_until == date(2023, 3, 21)
    told = judging.told(spinach)
    assert told.sentence == "最早 3月21日 可以采收"
    assert not told.free
    assert [line.text for line in told.lines] == ["2023-03-14 用了高效氯氟氰菊酯 2.5% 乳油，要等 7 天，到 2023-03-21"]


def test_the_latest_of_all_locks_counts(spinach, labels, farmer):
    spray(spinach, labels, farmer, on=date(2023, 3, 14))
    spray(spinach, labels, farmer, name="溴氰菊酯 2.5% 乳油", on=date(2023, 3, 15))
    spinach.refresh_from_db()
    assert spinach.locked_until == date(2023, 3, 21)


def test_a_harvest_within_the_interval_is_refused(spinach, labels, farmer):
    spray(spinach, labels, farmer, on=date(2023, 3, 10))
    with pytest.raises(records.StillLocked, match="要等 7 天"):
        records.record_harvest(batch=spinach, on=TODAY, quantity=Decimal(100), by=farmer)
    assert not Harvest.objects.exists()


def test_who_harvested_all_the_same_is_recorded_with_the_contradiction(spinach, labels, farmer, agencies):
    spray(spinach, labels, farmer, on=date(2023, 3, 10))
    harvest = records.record_harvest(batch=spinach, on=TODAY, quantity=Decimal(100), all_the_same=True, by=farmer)
    assert harvest.within_lock
    assert harvest.earliest_on == date(2023, 3, 17)
    finding = Finding.objects.get()
    assert finding.code == "within_interval"
    assert finding.matter.owner == agencies["farm"]
    assert finding.matter.severity == "major"
    assert "第二十九条" in finding.clause


def test_a_harvest_after_the_interval_is_free(spinach, labels, farmer):
    spray(spinach, labels, farmer, on=date(2023, 3, 8))
    harvest = records.record_harvest(batch=spinach, on=TODAY, quantity=Decimal(100), ends=True, by=farmer)
    assert (harvest.within_lock, harvest.lock_unknown) == (False, False)
    spinach.refresh_from_db()
    assert spinach.ended_on == TODAY


def test_a_use_of_later_does_not_lock_an_earlier_harvest(spinach, labels, farmer):
    spray(spinach, labels, farmer, on=TODAY)
    harvest = records.record_harvest(batch=spinach, on=date(2023, 3, 14), quantity=Decimal(5), by=farmer)
    assert (harvest.within_lock, harvest.earliest_on) == (False, None)


def test_a_use_written_down_afterwards_shows_an_early_harvest(spinach, labels, farmer):
    records.record_harvest(batch=spinach, on=TODAY, quantity=Decimal(100), by=farmer)
    spray(spinach, labels, farmer, on=date(2023, 3, 12))
    assert Finding.objects.get().code == "within_interval"


def test_a_banned_use_goes_to_the_law_enforcement_and_never_ends(farm, labels, farmer, farm_department, agencies):
    leek = farms.open_batch(farm=farm, food="韭菜", produce="crop", started_on=date(2023, 2, 1), by=farm_department)
    spray(leek, labels, farmer, name="毒死蜱 40% 乳油", on=date(2023, 3, 1))
    told = judging.told(leek)
    assert told.tone == "bad"
    assert "不能采收出售" in told.sentence
    codes = set(Finding.objects.values_list("code", flat=True))
    assert codes == {"banned_use", "off_label"}
    matter = Finding.objects.get(code="banned_use").matter
    assert (matter.owner, matter.severity) == (agencies["farm"], "major")
    assert "毒死蜱" in matter.hazard


def test_too_many_uses_and_a_crop_off_the_label_become_matters(spinach, labels, farmer):
    for day in (1, 8):
        spray(spinach, labels, farmer, name="阿维菌素 1.8% 乳油", on=date(2023, 3, day))
    spray(spinach, labels, farmer, name="百菌清 75% 可湿性粉剂")
    found = list(Finding.objects.order_by("code").values_list("code", flat=True))
    assert found == ["off_label", "over_uses"]
    assert casework.list_matters(farmer).count() == 0
    assert all(finding.matter_id for finding in Finding.objects.all())


def test_what_was_found_is_not_found_again(spinach, labels, farmer):
    row = spray(spinach, labels, farmer, name="百菌清 75% 可湿性粉剂")
    records.correct_application(row=row, why="", by=farmer, against="白粉病")
    judging.refresh(spinach, by=farmer)
    assert Finding.objects.count() == 1


def test_a_drug_without_a_withdrawal_period_becomes_a_matter(farm_department, labels):
    from tests.integration.farm_inputs.conftest import make_farm

    hens = make_farm("石门蛋鸡场", "livestock", farm_department)
    batch = farms.open_batch(farm=hens, food="蛋鸡", produce="egg", started_on=date(2023, 1, 1), by=farm_department)
    spray(batch, labels, farm_department, name="恩诺沙星溶液")
    batch.refresh_from_db()
    assert batch.lock_open
    assert "no_interval" in set(Finding.objects.values_list("code", flat=True))
    with pytest.raises(records.StillLocked):
        records.record_harvest(batch=batch, on=TODAY, quantity=Decimal(10), by=farm_department)
    known = records.record_harvest(batch=batch, on=TODAY, quantity=Decimal(10), all_the_same=True, by=farm_department)
    assert (known.within_lock, known.lock_unknown) == (False, True)


def test_the_bag_fills_in_for_an_unlisted_product(spinach, farmer):
    records.record_application(
        batch=spinach,
        product_seen="某某杀虫剂",
        began_on=TODAY,
        label_interval=Decimal(10),
        label_interval_unit="days",
        by=farmer,
    )
    spinach.refresh_from_db()
    assert spinach.locked_until == date(2023, 3, 25)


def test_a_registration_number_from_the_bag_finds_the_product(spinach, labels, farmer):
    row = records.record_application(
        batch=spinach, product_seen="溴氰菊酯", registration_seen="PD虚构0003", began_on=TODAY, by=farmer
    )
    assert row.product == labels["溴氰菊酯 2.5% 乳油"]
    assert (row.product_seen, row.registration_seen) == ("", "")


def test_degree_days_wait_for_measured_water(pond, labels, farm_department):
    spray(pond, labels, farm_department, name="氟苯尼考粉（水产用）", on=date(2023, 2, 20))
    pond.refresh_from_db()
    assert pond.lock_open
    for n in range(1, 20):
        day = date(2023, 2, 20) + timedelta(days=n)
        records.record_diary(batch=pond, kind="water", on=day, water_c=Decimal(20), by=farm_department)
    pond.refresh_from_db()
    assert (pond.lock_open, pond.locked_until) == (False, date(2023, 3, 11))
    row = DiaryEntry.objects.filter(on=date(2023, 2, 25)).get()
    records.correct_diary(row=row, why="记错塘口", void=True, by=farm_department)
    pond.refresh_from_db()
    assert pond.lock_open
    assert "1 天没有记水温" in judging.told(pond).lines[0].text or "天没有记水温" in judging.told(pond).lines[0].text


# --- corrections ------------------------------------------------------------------------------------------------------------


def test_a_slip_of_the_day_needs_no_reason_and_a_later_one_does(spinach, labels, farmer):
    row = spray(spinach, labels, farmer, on=date(2023, 3, 1))
    new = records.correct_application(row=row, why="", by=farmer, began_on=date(2023, 3, 2), last_on=date(2023, 3, 2))
    spinach.refresh_from_db()
    assert spinach.locked_until == date(2023, 3, 9)
    with ledger.clock.held_at(moment(date(2023, 3, 16), 9, 1)):
        with pytest.raises(ValidationError, match="须写明原因"):
            records.correct_application(row=new, why=" ", by=farmer)
        records.correct_application(
            row=new, why="日期看错", by=farmer, began_on=date(2023, 3, 3), last_on=date(2023, 3, 3)
        )
    spinach.refresh_from_db()
    assert spinach.locked_until == date(2023, 3, 10)
    assert Application.objects.count() == 3


def test_a_record_is_put_right_once(spinach, labels, farmer):
    row = spray(spinach, labels, farmer)
    records.correct_application(row=row, why="", by=farmer)
    with pytest.raises(ValidationError, match="刚刚已被更正"):
        records.correct_application(row=row, why="", by=farmer)


def test_a_void_record_locks_no_more(spinach, labels, farmer):
    row = spray(spinach, labels, farmer)
    records.correct_application(row=row, why="记错地块", void=True, by=farmer)
    spinach.refresh_from_db()
    assert spinach.locked_until is None
    assert judging.told(spinach).free


def test_the_database_refuses_to_change_what_was_written(spinach, labels, farmer):
    row = spray(spinach, labels, farmer)
    for change in (lambda: Application.objects.filter(pk=row.pk).update(dose=1), row.delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_a_corrected_harvest_stands_as_it_was_corrected(spinach, farmer):
    row = records.record_harvest(batch=spinach, on=TODAY, quantity=Decimal(100), by=farmer)
    records.correct_harvest(row=row, why="", quantity=Decimal(80), by=farmer)
    assert list(spinach.harvests.filter(selectors.STANDS).values_list("quantity", flat=True)) == [Decimal(80)]


# --- what is refused ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("on", "message"), [(date(2023, 3, 16), "还没有到"), (date(2021, 3, 1), "早太多")])
def test_a_day_that_cannot_be_is_refused(spinach, labels, farmer, on, message):
    with pytest.raises(ValidationError, match=message):
        spray(spinach, labels, farmer, on=on)


def test_nothing_is_written_after_the_end_of_a_batch(spinach, labels, farmer):
    farms.end_batch(batch=spinach, on=date(2023, 3, 10), by=farmer)
    with pytest.raises(ValidationError, match="已在 2023-03-10 结束"):
        spray(spinach, labels, farmer)
    with pytest.raises(ValidationError, match="已由他人结束"):
        farms.end_batch(batch=Batch.objects.get(), on=date(2023, 3, 10), by=farmer)


def test_a_farm_has_only_what_it_can_have(farm, farmer):
    with pytest.raises(ValidationError, match="没有这种收获物"):
        farms.open_batch(farm=farm, food="草鱼", produce="fish", started_on=TODAY, by=farmer)


def test_the_parcels_of_another_are_refused(farm, farm_department, pond):
    other = registry.add_parcel(
        name="别家的地", kind="field", division_code=farm.division_code, area_mu=Decimal(3), operator=pond.farm.premises.operator,
        by=farm_department,
    )  # fmt: skip
    own = registry.add_parcel(
        name="自家的地", kind="field", division_code=farm.division_code, area_mu=Decimal("3.5"), operator=farm.premises.operator,
        by=farm_department,
    )  # fmt: skip
    with pytest.raises(ValidationError, match="别的经营主体"):
        farms.open_batch(farm=farm, food="韭菜", produce="crop", started_on=TODAY, parcels=[other], by=farm_department)
    batch = farms.open_batch(
        farm=farm, food="韭菜", produce="crop", started_on=TODAY, parcels=[own], by=farm_department
    )
    assert batch.area_mu == Decimal("3.5")


def test_only_farms_of_the_register_get_a_file(farm_department, county):
    operator = registry.register_operator(name="某店", kind="individual", division_code="990101100", by=farm_department)
    shop = registry.register_premises(
        operator=operator, name="某店", kind="small_shop", division_code="990101100", by=farm_department
    )
    with pytest.raises(ValidationError, match="种植养殖主体"):
        farms.open_farm(premises=shop, kind="crop", by=farm_department)


def test_labels_are_loaded_once_and_a_county_adds_its_own(labels, farm_department):
    assert products.load_products(by=farm_department) == 0
    own = products.add_product(
        kind="pesticide", registration_no="PD99", name="甲", form="solid", source="包装标签", by=farm_department
    )
    products.add_label_use(
        product=own, target="韭菜", produce="crop", interval=Decimal(3), interval_unit="days", by=farm_department
    )
    line = products.add_label_use(
        product=own, target="韭菜", produce="crop", interval=Decimal(5), interval_unit="days", by=farm_department
    )
    assert list(own.label_uses.all()) == [line]


# --- certificates, books, figures ---------------------------------------------------------------------------------------------


def test_a_locked_batch_gets_no_certificate(spinach, labels, farmer):
    spray(spinach, labels, farmer, on=date(2023, 3, 14))
    blocked = contribute.blockers_of(offers.facts_of(spinach, TODAY))
    assert [(one.kind, one.until) for one in blocked] == [("lock", date(2023, 3, 21))]
    assert contribute.blockers_of(offers.facts_of(spinach, date(2023, 3, 21))) == []


def test_what_was_harvested_too_early_gets_none_either(spinach, labels, farmer):
    spray(spinach, labels, farmer, on=date(2023, 3, 10))
    records.record_harvest(batch=spinach, on=TODAY, quantity=Decimal(9), all_the_same=True, by=farmer)
    kinds = [one.kind for one in contribute.blockers_of(offers.facts_of(spinach, date(2023, 4, 1)))]
    assert kinds == ["harvested_within"]


def test_a_pond_s_book_is_whole_with_three_records(pond, farm_department):
    def complete():
        row = selectors.farm_rows(ledger.clock.today()).get(pk=pond.farm.premises_id)
        return row["records_complete"]

    assert not complete()
    records.record_diary(batch=pond, kind="feed", on=date(2023, 3, 1), what="饲料", by=farm_department)
    assert not complete()
    records.record_diary(batch=pond, kind="no_drug", on=date(2023, 3, 1), by=farm_department)
    assert complete()
    records.record_harvest(batch=pond, on=date(2023, 3, 2), quantity=Decimal(50), by=farm_department)
    assert not complete()
    records.record_diary(batch=pond, kind="sale", on=date(2023, 3, 3), what="草鱼", by=farm_department)
    assert complete()
    with ledger.clock.held_at(date(2023, 4, 20)):
        assert not complete()


def test_what_was_written_later_was_not_there_before(pond, farm_department):
    with ledger.clock.held_at(date(2023, 3, 20)):
        for kind in ("feed", "no_drug"):
            records.record_diary(
                batch=pond, kind=kind, on=date(2023, 3, 1), what="x" if kind == "feed" else "", by=farm_department
            )
        assert selectors.farm_rows(date(2023, 3, 10)).get(pk=pond.farm.premises_id)["records_complete"] is False
        assert selectors.farm_rows(date(2023, 3, 20)).get(pk=pond.farm.premises_id)["records_complete"] is True


def test_a_farm_without_a_file_is_in_the_denominator(pond, farm_department):
    operator = registry.register_operator(
        name="无档渔场", kind="individual", division_code="990101200", by=farm_department
    )
    bare = registry.register_premises(
        operator=operator, name="无档渔场", kind="farm", division_code="990101200", by=farm_department
    )
    row = selectors.farm_rows(TODAY).get(pk=bare.pk)
    assert (row["has_file"], row["records_complete"]) == (False, False)


def test_the_day_s_work_opens_one_matter_a_quarter_for_a_book_with_gaps(pond, farm_department):
    assert tasks.daily() == 1
    tasks.daily()
    matters = casework.list_matters(farm_department).filter(subject_name="石门渔场")
    assert [matter.hazard for matter in matters] == [
        "石门渔场：水产养殖三项记录缺少生产（投苗、饲料、水质）、用药（或者“没有用药”）记录。"
    ]


def test_harvests_are_rows_with_their_lock(spinach, labels, farmer):
    spray(spinach, labels, farmer, on=date(2023, 3, 10))
    row = records.record_harvest(batch=spinach, on=TODAY, quantity=Decimal(9), all_the_same=True, by=farmer)
    found = selectors.harvest_rows(TODAY).get()
    assert (found.within_lock, found.produce, found.division_code) == (True, "crop", "990101100201")
    records.correct_harvest(row=row, why="", void=True, by=farmer)
    assert not selectors.harvest_rows(TODAY).exists()


def test_a_household_is_entered_with_its_file(county, township_clerk):
    farm = farms.open_household(
        name="老宋家", village="990101100201", kind="crop", phone="13900000000", by=township_clerk
    )
    assert farm.premises.rural
    assert registry.facts_on(farm.premises, TODAY)
    assert Farm.objects.get().household
