"""Drug codes, packages, areas, contradictions, and forecasts from the draft to the look back."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from docx import Document

from fangxin.actions.farm_inputs import facts_inputs, flows, selectors_inputs
from fangxin.actions.farm_inputs.models import (
    Batch,
    ControlRecord,
    CropYear,
    DrugPack,
    Forecast,
    ForecastNotice,
    InputFinding,
    PackageMove,
    PackScan,
    Product,
    UsageFigure,
)
from fangxin.actions.farm_inputs.services import (
    areas,
    codes,
    dealers,
    dealing,
    farms,
    forecasts,
    packages,
    products,
    records,
)
from fangxin.actions.farm_inputs.services.dealing import Entry
from fangxin.actions.farm_inputs.views.reduction import KINDS
from fangxin.engines.reduction import Discrepancy
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.registry import api as registry

TODAY = date(2023, 3, 15)
TOWN, OTHER_TOWN, COUNTY = "990101100", "990101200", "990101"


@pytest.fixture
def shelf(county):
    products.load_products(by=None)
    return {product.name.split()[0]: product for product in Product.objects.all()}


def dealer_in(town, name="农资店1"):
    operator = registry.register_operator(name=name, kind="self_employed", division_code=town, by=None)
    return dealers.add_dealer(operator=operator, division_code=town, name=name, deals="both", by=None)


@pytest.fixture
def dealer(agencies):
    return dealer_in(TOWN)


def farm_in(town, name, agency=None, crop="小麦", area="100"):
    operator = registry.register_operator(name=name, kind="cooperative", division_code=town, by=None, agency=agency)
    premises = registry.register_premises(operator=operator, name=name, kind="farm", division_code=town, by=None)
    farm = farms.open_farm(premises=premises, kind="crop", since=date(2022, 6, 1), by=None)
    farms.open_batch(
        farm=farm, food=crop, produce="crop", started_on=date(2022, 10, 12), area_mu=Decimal(area), by=None
    )
    return farm


@pytest.fixture
def farm(agencies):
    """The vendor also farms."""
    return farm_in(TOWN, "石门麦田", agencies["shop"])


# --- codes ------------------------------------------------------------------------------------------------------------

CODE = "123456789012345678901234"


def listed(*numbers, **more):
    codes.list_packs(
        codes=[f"{number:024d}" for number in numbers],
        division_code=COUNTY,
        product_name="恩诺沙星溶液",
        by=None,
        **more,
    )


def test_a_pack_comes_in_once_and_goes_out_once(dealer):
    listed(1, expires_on=date(2023, 12, 31))
    code, other = f"{1:024d}", dealer_in(OTHER_TOWN, "农资店2")
    read = [
        ("out", dealer),
        ("in", dealer),
        ("in", other),
        ("check", dealer),
        ("out", dealer),
        ("out", dealer),
        ("check", other),
    ]
    found = [codes.scan(dealer=shop, kind=kind, read=f"追溯码:{code}", by=None).outcome for kind, shop in read]
    assert found == ["duplicate", "valid", "duplicate", "valid", "valid", "duplicate", "duplicate"]
    assert DrugPack.objects.get().state == "sold"
    assert {one.dealer.name for one in InputFinding.objects.all()} == {"农资店1", "农资店2"}
    assert PackScan.objects.count() == 7


@pytest.mark.parametrize(
    ("read", "outcome"), [("", "no_code"), ("12345", "malformed"), (CODE, "unknown"), (f"{2:024d}", "expired")]
)
def test_what_is_wrong_with_a_code_is_told_and_kept(dealer, read, outcome):
    listed(2, expires_on=date(2023, 3, 14))
    row = codes.scan(dealer=dealer, kind="check", read=read, by=None)
    assert row.outcome == outcome
    assert InputFinding.objects.get().matter.owner.name == "云桥县农业农村局" or InputFinding.objects.exists()


def test_codes_of_another_form_are_not_listed(county):
    with pytest.raises(ValidationError, match="24 位"):
        codes.list_packs(codes=[CODE, "123"], division_code=COUNTY, product_name="甲", by=None)
    with pytest.raises(ValidationError, match="24 位"):
        codes.list_packs(codes=[], division_code=COUNTY, product_name="甲", by=None)
    assert not DrugPack.objects.exists()


def test_market_checks_are_the_facts_of_the_indicator(dealer):
    listed(1)
    for read in (f"{1:024d}", "", CODE):
        codes.scan(dealer=dealer, kind="check", read=read, by=None)
    codes.scan(dealer=dealer, kind="in", read=f"{1:024d}", by=None)
    rows = facts_inputs.pack_check_rows(TODAY)
    assert sorted(rows.values_list("outcome", flat=True)) == ["no_code", "unknown", "valid"]


# --- packages ---------------------------------------------------------------------------------------------------------


def test_recovery_is_undefined_without_packs_and_tells_what_is_unknown(farm_department, dealer, shelf):
    point = packages.open_point(division_code=TOWN, name="石门回收点", opened_on=date(2023, 1, 1), by=None)
    packages.move_packages(point=point, kind="taken", on=TODAY, packs=30, weight_kg=Decimal("1.5"), by=None)
    assert [row.rate for row in selectors_inputs.recovery(farm_department, 2023)] == [None]
    for packs in (40, None):
        entry = Entry("sale", shelf["吡虫啉"], TODAY, Decimal(1), "kg", packs=packs, happened=True)
        dealing.enter(dealer=dealer, entry=entry, by=None)
    row = selectors_inputs.recovery(farm_department, 2023)[0]
    assert (row.sold, row.unknown, row.taken, row.rate) == (40, 1, 30, Decimal(75))


def test_packages_are_counted_or_weighed_and_go_to_somebody(county):
    point = packages.open_point(division_code=TOWN, name="石门回收点", opened_on=date(2023, 1, 1), by=None)
    with pytest.raises(ValidationError, match="至少填一项"):
        packages.move_packages(point=point, kind="taken", on=TODAY, by=None)
    with pytest.raises(ValidationError, match="接收单位"):
        packages.move_packages(point=point, kind="handed_on", on=TODAY, packs=3, by=None)
    with pytest.raises(ValidationError, match="设立之后"):
        packages.move_packages(point=point, kind="taken", on=date(2022, 12, 31), packs=3, by=None)
    assert not PackageMove.objects.exists()


# --- areas and amounts ------------------------------------------------------------------------------------------------


def test_amount_and_intensity_are_compared_with_the_year_named(client_for, farm_department, dealer, shelf):
    for year, kg, mu in ((2021, 100, 2000), (2022, 90, 1600)):
        areas.state_usage(
            division_code=COUNTY, year=year, kind="pesticide", active_kg=Decimal(kg), area_mu=Decimal(mu), source="统计", by=None
        )  # fmt: skip
    areas.state_area(
        division_code=TOWN, year=2022, crop="小麦", area_mu=Decimal(1600), green_mu=Decimal(400), source="统计", by=None
    )
    client, url = client_for(farm_department), reverse("farm_inputs:reduction")
    page = client.get(url + "?year=2022&base=2021").content.decode()
    for words in ("-10.0%", "12.5%", "一升一降", "25.0%"):
        assert words in page
    # What dealers sold is not the next year of what everybody used.
    dealing.enter(dealer=dealer, entry=Entry("sale", shelf["吡虫啉"], TODAY, Decimal(9), "kg", happened=True), by=None)
    page = client.get(url + "?year=2023&base=2022").content.decode()
    assert "两年来源不同，不能下结论" in page
    assert "用量和强度都下降" not in page


def test_a_sale_that_cannot_be_converted_leaves_the_amount_unknown(farm_department, dealer, shelf):
    unclear = products.add_product(
        kind="pesticide", registration_no="PD虚构9003", name="某乳油", form="liquid", source="测试",
        ingredients=[{"name": "吡虫啉", "content": "10", "unit": "%"}], by=None,
    )  # fmt: skip
    for product, unit in ((shelf["吡虫啉"], "kg"), (unclear, "L")):
        dealing.enter(dealer=dealer, entry=Entry("sale", product, TODAY, Decimal(1), unit, happened=True), by=None)
    found = selectors_inputs.usage_of(farm_department, 2023)
    assert (found.usage.grams, found.unknown) == (None, 1)


def test_areas_that_contradict_themselves_are_refused(county):
    values = {"division_code": TOWN, "year": 2023, "crop": "小麦", "area_mu": Decimal(10), "source": "统计"}
    with pytest.raises(ValidationError, match="不能大于"):
        areas.state_area(by=None, green_mu=Decimal(11), **values)
    row = areas.state_area(by=None, **values)
    with pytest.raises(ValidationError, match="已经登记"):
        areas.state_area(by=None, **values)
    areas.state_area(by=None, row=row, area_mu=Decimal(12))
    assert CropYear.objects.get().area_mu == 12
    with pytest.raises(ValidationError, match="服务组织"):
        areas.record_control(
            division_code=TOWN, on=TODAY, crop="小麦", pest="蚜虫", area_mu=Decimal(5), professional=True, by=None
        )
    assert not ControlRecord.objects.exists()


def test_area_facts_take_the_latest_year_stated_once(county):
    for year in (2020, 2022, 2023):
        values = {"division_code": TOWN, "crop": "小麦", "area_mu": Decimal(year), "source": "统计"}
        areas.state_area(by=None, year=year, **values)
    areas.state_area(by=None, year=2022, division_code=OTHER_TOWN, crop="小麦", area_mu=Decimal(7), source="统计")
    rows = facts_inputs.crop_area_rows(TODAY)
    assert sorted((row.division_code, row.year) for row in rows) == [(TOWN, 2023), (OTHER_TOWN, 2022)]


def test_treated_areas_count_each_time(county):
    areas.record_control(
        division_code=TOWN, on=TODAY, crop="小麦", pest="蚜虫", area_mu=Decimal(50), times=3, professional=True,
        team="植保队", by=None,
    )  # fmt: skip
    assert [row.treated_mu for row in facts_inputs.control_rows(TODAY)] == [150]


# --- contradictions ---------------------------------------------------------------------------------------------------


def test_what_a_farm_bought_and_never_wrote_down_becomes_one_matter(client_for, farm_department, dealer, shelf, farm):
    for amount in (30, 40):  # 70 kg of 10 %: 7 kg of active ingredient
        entry = Entry("sale", shelf["吡虫啉"], TODAY, Decimal(amount), "kg", farm=farm, crop="小麦", happened=True)
        dealing.enter(dealer=dealer, entry=entry, by=None)
    row = next(row for row in flows.flows(COUNTY, 2023, on=TODAY) if row.ingredient == "吡虫啉")
    assert [one.kind.value for one in row.contradictions] == ["sold_not_used"]
    client = client_for(farm_department)
    page = client.get(reverse("farm_inputs:flows")).content.decode()
    assert "吡虫啉" in page
    assert "用了没有记" in page
    for _twice in range(2):
        client.post(reverse("farm_inputs:flows_open"), {"year": "2023"})
    assert InputFinding.objects.filter(code="contradiction").count() == 1


def test_use_that_fits_what_was_sold_is_no_contradiction(dealer, shelf, farm):
    entry = Entry("sale", shelf["吡虫啉"], TODAY, Decimal(70), "kg", farm=farm, crop="小麦", happened=True)
    dealing.enter(dealer=dealer, entry=entry, by=None)
    records.record_application(
        batch=Batch.objects.get(), product=shelf["吡虫啉"], began_on=TODAY, dose=Decimal(30), dose_unit="g/亩",
        total=Decimal(68), total_unit="kg", against="蚜虫", by=None,
    )  # fmt: skip
    row = next(row for row in flows.flows(COUNTY, 2023, on=TODAY) if row.ingredient == "吡虫啉")
    assert "sold_not_used" not in [one.kind.value for one in row.contradictions]
    # 6.8 kg on 100 mu, where the label allows a few grams: that is another matter.
    assert row.flow.used == 6800


def test_a_use_without_total_and_area_proves_nothing(dealer, shelf, farm):
    entry = Entry("sale", shelf["吡虫啉"], TODAY, Decimal(70), "kg", farm=farm, crop="小麦", happened=True)
    dealing.enter(dealer=dealer, entry=entry, by=None)
    use = {"batch": Batch.objects.get(), "product": shelf["吡虫啉"], "began_on": TODAY, "by": None}
    records.record_application(dose=Decimal(30), dose_unit="g/亩", **use)
    row = next(row for row in flows.flows(COUNTY, 2023, on=TODAY) if row.ingredient == "吡虫啉")
    assert (row.flow.used, row.unknown_uses) == (300, 0)  # 30 g on 100 mu, a tenth of it active
    assert [one.kind.value for one in row.contradictions] == ["sold_not_used"]
    records.record_application(dose=Decimal(1000), dose_unit="倍液", **use)
    row = next(row for row in flows.flows(COUNTY, 2023, on=TODAY) if row.ingredient == "吡虫啉")
    assert (row.unknown_uses, row.contradictions) == (1, ())


# --- forecasts --------------------------------------------------------------------------------------------------------


def draft(by, **more):
    values = {
        "division_code": COUNTY, "crop": "小麦", "pest": "条锈病", "degree": 3, "window_from": TODAY + timedelta(days=5),
        "window_to": TODAY + timedelta(days=20), "basis": "监测点 6 个", "advice": "先拔除病株，再看指标用药。",
    }  # fmt: skip
    return forecasts.draft(by=by, **(values | more))


def test_only_agriculture_and_plant_protection_publish(department, office, farm_department):
    for user in (department, office):
        with pytest.raises(ValidationError, match="只能由农业农村部门"):
            draft(user)
    assert draft(farm_department).agency.name == "云桥县农业农村局"


def test_a_forecast_reaches_the_farms_that_grow_the_crop(farm_department, farm, county):
    farm_in(OTHER_TOWN, "青杨菜园", crop="菠菜")
    elsewhere = draft(farm_department, division_code=OTHER_TOWN)
    row = forecasts.issue(forecast=draft(farm_department), by=farm_department)
    assert (row.term, row.issued_on) == ("medium", TODAY)
    assert [notice.farm for notice in ForecastNotice.objects.all()] == [farm]
    forecasts.issue(forecast=elsewhere, by=farm_department)
    assert not elsewhere.notices.exists()
    with pytest.raises(ValidationError, match="没有重复发布"):
        forecasts.issue(forecast=Forecast.objects.get(pk=row.pk), by=farm_department)
    with pytest.raises(ValidationError, match="不能修改"):
        forecasts.change(forecast=row, by=farm_department, degree=4)


def test_what_has_passed_is_not_forecast(farm_department):
    old = draft(farm_department, window_from=TODAY - timedelta(days=9), window_to=TODAY - timedelta(days=1))
    with pytest.raises(ValidationError, match="已经过去"):
        forecasts.issue(forecast=old, by=farm_department)


def test_the_farmer_says_that_it_was_read_and_reach_counts_it(client_for, farm_department, vendor, farm):
    row = forecasts.issue(forecast=draft(farm_department), by=farm_department)
    client = client_for(vendor)
    page = client.get(row.get_absolute_url()).content.decode()
    assert "我看到了" in page
    notice = ForecastNotice.objects.get()
    late = datetime(2023, 3, 20, 9, tzinfo=ledger.clock.LOCAL)
    client.post(reverse("farm_inputs:forecast_read", args=[notice.pk]))
    with ledger.clock.held_at(late):
        client_for(vendor).post(reverse("farm_inputs:forecast_read", args=[notice.pk]))
    notice.refresh_from_db()
    assert notice.read_at == ledger.clock.now()  # the first time counts
    assert [(one.read, one.in_time) for one in facts_inputs.notice_rows(TODAY)] == [(True, True)]
    page = client_for(farm_department).get(reverse("farm_inputs:forecasts")).content.decode()
    assert "送达 1 家次，确认收到 1 家次" in page
    assert "100.0%" in page
    ForecastNotice.objects.update(read_at=late)
    assert [(one.read, one.in_time) for one in facts_inputs.notice_rows(date(2023, 3, 31))] == [(True, False)]
    # Nobody else says it for the farm.
    assert client_for(farm_department).post(reverse("farm_inputs:forecast_read", args=[notice.pk])).status_code == 404


@pytest.mark.parametrize(
    ("measured", "degree", "peak", "outcome"),
    [("12", None, 10, "exact"), ("9", None, 10, "near"), (None, 5, 10, "degree"), ("12", None, 40, "window"), (None, 0, None, "absent")],
)  # fmt: skip
def test_the_look_back_measures_and_judges(client_for, farm_department, measured, degree, peak, outcome):
    row = forecasts.issue(forecast=draft(farm_department), by=farm_department)
    with ledger.clock.held_at(datetime(2023, 5, 15, 9, tzinfo=ledger.clock.LOCAL)):
        check = forecasts.check(
            forecast=row, surveyed_on=date(2023, 5, 10), measured=Decimal(measured) if measured else None, degree=degree,
            peak_on=TODAY + timedelta(days=peak) if peak else None, by=farm_department,
        )  # fmt: skip
        assert check.outcome == outcome
        hits = [one.hit for one in facts_inputs.forecast_check_rows(date(2023, 5, 15))]
        assert hits == [outcome in ("exact", "near")]
        client = client_for(farm_department)
        for url in (row.get_absolute_url(), reverse("farm_inputs:forecasts")):
            assert check.get_outcome_display() in client.get(url).content.decode()
        assert client.get(reverse("farm_inputs:forecasts") + "?_export=xlsx").status_code == 200
        with pytest.raises(ValidationError, match="已经回查"):
            forecasts.check(forecast=row, surveyed_on=date(2023, 5, 10), degree=0, by=farm_department)


def test_a_banned_pesticide_is_not_advised(farm_department):
    paraquat = products.add_product(
        kind="pesticide", registration_no="PD虚构9002", name="百草枯水剂", form="liquid", source="测试",
        ingredients=[{"name": "百草枯", "content": "200", "unit": "g/L"}], by=None,
    )  # fmt: skip
    with pytest.raises(ValidationError, match="不能写进防治建议"):
        draft(farm_department, products=[paraquat])
    assert not Forecast.objects.exists()


def test_the_bulletin_is_a_paper_with_the_intervals_of_the_labels(client_for, farm_department, shelf):
    row = draft(farm_department, products=[shelf["吡虫啉"], shelf["百菌清"]])
    client = client_for(farm_department)
    assert client.get(reverse("farm_inputs:forecast_paper", args=[row.pk])).status_code == 404
    client.post(reverse("farm_inputs:forecast_issue", args=[row.pk]))
    content = client.get(reverse("farm_inputs:forecast_paper", args=[row.pk])).content
    document = Document(BytesIO(content))
    cells = [cell.text for table in document.tables for line in table.rows for cell in line.cells]
    assert "20 天" in cells
    assert "标签没有登记这种作物" in cells
    assert any("条锈病" in paragraph.text for paragraph in document.paragraphs)


def test_drafts_and_other_counties_are_nobody_elses_business(
    client_for, farm_department, township_clerk, outsider, vendor
):
    row = draft(farm_department)
    for user in (township_clerk, outsider, vendor):
        assert client_for(user).get(row.get_absolute_url()).status_code == 404
    forecasts.issue(forecast=row, by=farm_department)
    assert (
        client_for(township_clerk).get(row.get_absolute_url()).status_code == 200
    )  # the county's bulletin is the township's too
    for user in (outsider, vendor):
        assert client_for(user).get(row.get_absolute_url()).status_code == 404


def test_everybody_reads_what_stands_and_nobody_what_was_withdrawn(client, farm_department):
    row = forecasts.issue(forecast=draft(farm_department), by=farm_department)
    url = reverse("farm_inputs:public_forecasts")
    assert "条锈病" in client.get(url).content.decode()
    forecasts.withdraw(forecast=row, why="气温骤降，虫情变化", by=farm_department)
    assert "条锈病" not in client.get(url).content.decode()


# --- pages ------------------------------------------------------------------------------------------------------------

PAGES = (
    "dealers", "dealer_new", "lines", "refused", "input_findings", "scans", "packs", "codes_new", "points", "point_new",
    "recovery", "reduction", "areas", "area_new", "usage", "usage_new", "controls", "control_new", "flows", "forecasts",
    "forecast_new",
)  # fmt: skip


def test_every_page_opens_also_when_nothing_is_there(client_for, farm_department):
    client = client_for(farm_department)
    for name in PAGES:
        assert client.get(reverse(f"farm_inputs:{name}")).status_code == 200, name
    for query in ("year=99999999999999999999", "year=abc", "base=0", "state=zzz", "page=10000000000000000"):
        for name in ("reduction", "flows", "recovery", "dealers", "forecasts"):
            assert client.get(reverse(f"farm_inputs:{name}") + "?" + query).status_code in (200, 404), (name, query)


def test_forms_take_what_is_typed(client_for, farm_department, shelf):
    client = client_for(farm_department)
    area = {
        "division_code": TOWN,
        "year": "2023",
        "crop": "小麦",
        "main_crop": "on",
        "area_mu": "100",
        "source": "统计",
    }
    assert client.post(reverse("farm_inputs:area_new"), area).status_code == 302
    row = CropYear.objects.get()
    assert client.post(reverse("farm_inputs:area_edit", args=[row.pk]), area | {"green_mu": "40"}).status_code == 302
    assert client.post(reverse("farm_inputs:area_edit", args=[row.pk]), area | {"green_mu": "400"}).status_code == 200
    usage = {"division_code": COUNTY, "year": "2021", "kind": "pesticide", "active_kg": "12", "source": "年报"}
    assert client.post(reverse("farm_inputs:usage_new"), usage).status_code == 302
    assert UsageFigure.objects.get().active_kg == 12
    control = {
        "division_code": TOWN, "on": "2023-03-01", "crop": "小麦", "pest": "蚜虫", "area_mu": "9", "times": "1",
        "professional": "on",
    }  # fmt: skip
    assert client.post(reverse("farm_inputs:control_new"), control).status_code == 200
    assert client.post(reverse("farm_inputs:control_new"), control | {"team": "植保队"}).status_code == 302
    forecast = {
        "kind": "warning", "division_code": COUNTY, "crop": "小麦", "pest": "条锈病", "degree": "4",
        "window_from": "2023-03-20", "window_to": "2023-04-10", "basis": "监测", "advice": "防治", "products": [shelf["吡虫啉"].pk],
    }  # fmt: skip
    answer = client.post(reverse("farm_inputs:forecast_new"), forecast)
    made = Forecast.objects.get()
    assert answer.url == made.get_absolute_url()
    del forecast["division_code"]
    assert (
        client.post(reverse("farm_inputs:forecast_edit", args=[made.pk]), forecast | {"degree": "5"}).status_code == 302
    )
    backwards = forecast | {"window_to": "2023-03-01"}
    assert client.post(reverse("farm_inputs:forecast_edit", args=[made.pk]), backwards).status_code == 200
    assert client.post(reverse("farm_inputs:forecast_issue", args=[made.pk])).status_code == 302
    assert client.post(reverse("farm_inputs:forecast_withdraw", args=[made.pk]), {"why": ""}).status_code == 200
    point = {"name": "回收点", "division_code": TOWN, "opened_on": "2023-03-01"}
    place = client.post(reverse("farm_inputs:point_new"), point).url
    assert (
        client.post(f"{place}move/", {"kind": "taken", "on": "2023-03-02", "material": "bag", "packs": "3"}).status_code
        == 302
    )
    assert client.post(f"{place}move/", {"kind": "taken", "on": "2023-03-02", "material": "bag"}).status_code == 200


def test_the_words_of_every_contradiction_are_there():
    assert set(KINDS) == set(Discrepancy)


def test_others_do_not_learn_of_points_and_areas(client_for, outsider, other_township_clerk, county):
    point = packages.open_point(division_code=TOWN, name="石门回收点", opened_on=date(2023, 1, 1), by=None)
    area = areas.state_area(division_code=TOWN, year=2023, crop="小麦", area_mu=Decimal(9), source="统计", by=None)
    for user in (outsider, other_township_clerk):
        client = client_for(user)
        assert client.get(point.get_absolute_url()).status_code == 404
        assert client.get(reverse("farm_inputs:area_edit", args=[area.pk])).status_code in (403, 404)
