"""Zones, sites, first visits, the unregistered and upgrades."""

from datetime import date, datetime, time

import pytest
from django.core.exceptions import ValidationError

from fangxin.actions.small_operators import rules, selectors, tasks
from fangxin.actions.small_operators.models import FirstVisit, Site, Unregistered, Zone
from fangxin.actions.small_operators.services import deciding, sites, unregistered, upgrades, visits, zones
from fangxin.kernel.casework import api as casework
from fangxin.kernel.catalog import api as catalog
from fangxin.kernel.fieldwork import api as fieldwork
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.ledger.api import MovedOn
from fangxin.kernel.people import api as people
from fangxin.kernel.registry import api as registry

pytestmark = pytest.mark.django_db
TOWN, VILLAGE, OTHER_VILLAGE = "990101100", "990101100201", "990101200201"


@pytest.fixture
def city(agencies):
    return people.create_agency(
        name="云桥县城市管理局", short_name="城市管理局", kind="department", division_code="990101", by=None
    )


@pytest.fixture
def zone(department):
    return zones.draw_zone(
        name="东街早市", division_code=TOWN, latitude=34.0, longitude=111.0, radius_m=80, capacity=2,
        opens_at=time(6), closes_at=time(9, 30), by=department,
    )  # fmt: skip


# --- zones ------------------------------------------------------------------------------------------------------------


def test_a_full_zone_takes_no_more(zone, stall, department):
    for name in ("一号摊", "二号摊"):
        zones.place(zone=zone, premises=stall(name), by=department)
    with pytest.raises(ledger.Refused, match="已满"):
        zones.place(zone=zone, premises=stall("三号摊"), by=department)
    zone.refresh_from_db()
    assert (zone.taken, zone.free) == (2, 0)
    with pytest.raises(ValidationError):
        zones.redraw_zone(zone=zone, capacity=1, by=department)
    assert Zone.objects.get(pk=zone.pk).capacity == 2


def test_a_place_that_is_left_is_free_again(zone, stall, department):
    placement = zones.place(zone=zone, premises=stall("一号摊"), spot="01", by=department)
    zones.leave(placement=placement, why="搬走", by=department)
    with pytest.raises(MovedOn):
        zones.leave(placement=placement, why="再搬", by=department)
    assert Zone.objects.get(pk=zone.pk).taken == 0
    zones.place(zone=zone, premises=placement.premises, spot="01", by=department)


def test_a_stall_stands_in_one_zone_and_one_spot(zone, stall, department):
    first = stall("一号摊")
    zones.place(zone=zone, premises=first, spot="01", by=department)
    with pytest.raises(ValidationError, match="已安排在别的区域"):
        zones.place(zone=zone, premises=first, by=department)
    with pytest.raises(ValidationError, match="摊位号"):
        zones.place(zone=zone, premises=stall("二号摊"), spot="01", by=department)
    assert Zone.objects.get(pk=zone.pk).taken == 1


def test_only_stalls_of_the_township_are_placed(zone, stall, issued, department):
    with pytest.raises(ledger.Refused, match="别的乡镇"):
        zones.place(zone=zone, premises=stall("青杨摊", OTHER_VILLAGE), by=department)
    with pytest.raises(ledger.Refused, match="只有小摊点"):
        zones.place(zone=zone, premises=issued().premises, by=department)


@pytest.mark.parametrize(
    ("corners", "said"),
    [
        ([[34, 111], [34.001, 111.001]], "3 到"),
        ([[34, 111], [34.001, 111.001], [34.001, 111], [34, 111.001]], "相交"),
        ([[34, 111], [35, 111], [35, 112]], "比整个镇还大"),
        ([[34, 111], [95, 111], [34, 112]], "超出范围"),
        (["x"], "一行一个"),
    ],
)
def test_an_outline_that_is_no_street_corner_is_refused(department, corners, said):
    with pytest.raises(ledger.Refused, match=said):
        zones.draw_zone(
            name="夜市", division_code=TOWN, latitude=34, longitude=111, capacity=3, corners=corners, by=department
        )
    assert not Zone.objects.exists()


def _moment(hour, minute=0):
    return datetime(2023, 3, 14, hour, minute, tzinfo=ledger.clock.LOCAL)


def test_a_stall_outside_its_zone_goes_to_the_city_management(zone, stall, city, inspector):
    stand = stall("一号摊")
    zones.place(zone=zone, premises=stand, by=inspector)
    matter = zones.report_out_of_zone(
        division_code=VILLAGE, premises=stand, seen_at=_moment(7), point=(34.004, 111.0), by=inspector
    )
    assert matter.owner == city
    assert "365 米" in matter.hazard
    assert "第三十三条" in matter.legal_basis
    assert [agency.short_name for agency in matter.cooperating.all()] == ["市场监管局"]


def test_a_stall_outside_its_hours_too_and_one_inside_not(zone, stall, city, inspector):
    stand = stall("一号摊")
    zones.place(zone=zone, premises=stand, by=inspector)
    late = zones.report_out_of_zone(
        division_code=VILLAGE, premises=stand, seen_at=_moment(11), point=(34.0, 111.0), by=inspector
    )
    assert "06:00—09:30" in late.hazard
    with pytest.raises(ledger.Refused, match="没有需要移交"):
        zones.report_out_of_zone(
            division_code=VILLAGE, premises=stand, seen_at=_moment(7), point=(34.0, 111.0), by=inspector
        )


def test_without_a_city_management_the_office_hands_it_on(zone, inspector, office):
    matter = zones.report_out_of_zone(
        division_code=TOWN, name_seen="红棚凉皮", seen_at=_moment(7), point=(34.01, 111.0), by=inspector
    )
    assert matter.owner.kind == "office"
    assert matter.subject_name == "红棚凉皮"


# --- first visits -----------------------------------------------------------------------------------------------------


def _visit(issued, kind="small_workshop", **more):
    return FirstVisit.objects.get(credential=issued(kind, **more).issued)


def test_a_visit_is_the_inspection_of_the_year(issued, inspector):
    visit = _visit(issued)
    with ledger.clock.held_at(date(2023, 4, 20)):
        visits.record_first_visit(visit=visit, visited_on=date(2023, 4, 20), result="compliant", by=inspector)
    row = registry.premises_rows(date(2023, 12, 31), only=("small_operators_inspection",)).get(pk=visit.premises_id)
    assert row["small_operators_inspection"] == "compliant"
    later = registry.premises_rows(date(2024, 1, 1), only=("small_operators_inspection",)).get(pk=visit.premises_id)
    assert later["small_operators_inspection"] is None
    with pytest.raises(MovedOn):
        visits.record_first_visit(visit=visit, visited_on=date(2023, 3, 15), result="compliant", by=inspector)


def test_a_banned_product_on_the_spot_is_no_compliance_but_a_matter(issued, inspector):
    visit = _visit(issued)
    asked = {"visit": visit, "visited_on": date(2023, 3, 15), "products_seen": "粉条\n黄桃罐头", "by": inspector}
    with pytest.raises(ledger.Refused, match="黄桃罐头"):
        visits.record_first_visit(result="compliant", **asked)
    visits.record_first_visit(result="problems", note="现场封存", **asked)
    assert visit.matter.owner.short_name == "市场监管局"
    assert visit.matter.severity == "major"
    assert "黄桃罐头" in visit.matter.hazard


def test_a_visit_entered_by_mistake_is_due_again(issued, inspector):
    visit = _visit(issued)
    visits.record_first_visit(visit=visit, visited_on=date(2023, 3, 15), result="compliant", by=inspector)
    visits.undo_first_visit(visit=visit, reason="录错一家", by=inspector)
    assert (visit.visited_on, visit.result, visit.recorded_by) == (None, "", "")
    row = registry.premises_rows(date(2023, 6, 1), only=("small_operators_inspection",)).get(pk=visit.premises_id)
    assert row["small_operators_inspection"] is None


def test_a_visit_stands_on_the_inspectors_list_until_it_is_written_down(
    issued, inspector, invented_standards, tmp_path
):
    (tmp_path / "checklists").symlink_to(invented_standards / "checklists")
    catalog.load_directory(path=tmp_path, by=None)
    visit = _visit(issued)
    planned = fieldwork.list_visits(inspector).filter(premises=visit.premises)
    assert [(row.state, row.due_on) for row in planned] == [("open", visit.due_on)]
    visits.record_first_visit(visit=visit, visited_on=date(2023, 3, 15), result="compliant", by=inspector)
    assert [row.state for row in planned.all()] == ["cancelled"]
    visits.undo_first_visit(visit=visit, reason="录错一家", by=inspector)
    assert sorted(row.state for row in planned.all()) == ["cancelled", "open"]


@pytest.mark.parametrize("day", [date(2023, 3, 14), date(2023, 3, 16)])
def test_a_visit_lies_between_the_paper_and_today(issued, inspector, day):
    with pytest.raises(ledger.Refused):
        visits.record_first_visit(visit=_visit(issued), visited_on=day, result="compliant", by=inspector)


# --- demonstration sites ----------------------------------------------------------------------------------------------


@pytest.fixture
def old_shop(issued):
    with ledger.clock.held_at(date(2022, 6, 1)):
        return issued("small_shop").premises


def _points(**lost):
    criteria = rules.site_rules(ledger.clock.today()).criteria
    return {c.code: c.points - lost.get(c.code, 0) for c in criteria}


def test_a_site_is_put_forward_scored_and_listed_by_another(old_shop, inspector, department):
    site = sites.nominate(premises=old_shop, level="demonstration", reason="规范", by=inspector)
    visit = sites.score(
        site=site, visited_on=date(2023, 3, 15), scores=_points(environment=5), with_whom="同行", by=inspector
    )
    assert (visit.total, visit.passed) == (95, True)
    with pytest.raises(ledger.Refused, match="评分的人"):
        sites.decide(site=site, accept=True, by=inspector)
    sites.decide(site=site, accept=True, by=department)
    assert (site.state, site.listed_until) == ("listed", date(2025, 3, 14))
    with pytest.raises(ValidationError, match="不必再次推荐"):
        sites.nominate(premises=old_shop, level="demonstration", reason="再来", by=inspector)
    sites.remove(site=site, why="投诉属实", by=department)
    assert site.state == "removed"
    sites.nominate(premises=old_shop, level="demonstration", reason="整改后再评", by=inspector)


def test_a_failed_key_item_rules_it_out_whatever_the_points(old_shop, inspector, department):
    site = sites.nominate(premises=old_shop, level="demonstration", reason="规范", by=inspector)
    visit = sites.score(
        site=site, visited_on=date(2023, 3, 15), scores=_points(record=1), with_whom="同行", by=inspector
    )
    assert (visit.total, visit.passed, visit.failed_keys) == (99, False, ["record"])
    with pytest.raises(ledger.Refused, match="连续 1 次"):
        sites.decide(site=site, accept=True, by=department)
    with pytest.raises(ledger.Refused, match="理由"):
        sites.decide(site=site, accept=False, by=department)


def test_a_pace_setter_passes_twice_in_a_row(issued, inspector, department):
    with ledger.clock.held_at(date(2022, 1, 10)):
        premises = issued("small_shop").premises
    site = sites.nominate(premises=premises, level="pace_setter", reason="规范", by=inspector)
    sites.score(site=site, visited_on=date(2023, 3, 15), scores=_points(), with_whom="同行", by=inspector)
    with pytest.raises(ledger.Refused, match="2 次"):
        sites.decide(site=site, accept=True, by=department)
    sites.score(site=site, visited_on=date(2023, 3, 15), scores=_points(), with_whom="同行", by=inspector)
    sites.decide(site=site, accept=True, by=department)
    assert site.state == "listed"


def test_a_young_or_lapsed_paper_is_not_put_forward(issued, inspector, old_shop):
    with pytest.raises(ledger.Refused, match="6 个月"):
        sites.nominate(premises=issued(sign_name="新店").premises, level="demonstration", reason="好", by=inspector)
    with ledger.clock.held_at(date(2025, 6, 2)), pytest.raises(ledger.Refused):
        sites.nominate(premises=old_shop, level="demonstration", reason="好", by=inspector)
    assert not Site.objects.exists()


@pytest.mark.parametrize("wrong", [{"environment": -1}, {"environment": 30}, {"nothing": 0}])
def test_points_lie_within_what_an_item_is_worth(old_shop, inspector, wrong):
    site = sites.nominate(premises=old_shop, level="demonstration", reason="规范", by=inspector)
    scores = _points() | {"nothing": 1} if "nothing" in wrong else _points(**wrong)
    with pytest.raises(ledger.Refused):
        sites.score(site=site, visited_on=date(2023, 3, 15), scores=scores, with_whom="同行", by=inspector)


# --- the unregistered -------------------------------------------------------------------------------------------------


@pytest.fixture
def survey(office, department):
    row = registry.open_survey(name="排查", division_code="990101", started_on=date(2023, 3, 1), by=office)
    for name, kind, match in (
        ("无证凉皮", "stall", "not_registered"), ("无证豆腐", "small_workshop", "not_registered"),
        ("饭店", "restaurant", "not_registered"), ("待看商店", "small_shop", "unmatched"),
    ):  # fmt: skip
        entry = registry.record_census_entry(
            survey=row, name_seen=name, kind_seen=kind, division_code=VILLAGE, seen_on=date(2023, 3, 10), by=department
        )
        if match != "unmatched":
            registry.decide_match(entry=entry, match=match, by=department)
    return row


def test_what_a_census_found_is_followed_once(survey, department):
    assert unregistered.take_from_census(prefix="990101", by=department) == 2
    assert unregistered.take_from_census(prefix="990101", by=department) == 0
    assert set(Unregistered.objects.values_list("name_seen", flat=True)) == {"无证凉皮", "无证豆腐"}
    assert tasks.daily() == 0


def test_the_daily_task_follows_by_itself(survey):
    assert tasks.daily() == 2
    assert set(Unregistered.objects.values_list("opened_by", flat=True)) == {"platform"}


def test_a_stall_without_a_card_is_helped_and_never_fined(survey, department):
    tasks.daily()
    stand = Unregistered.objects.get(kind="stall")
    with pytest.raises(ledger.Refused, match="帮助办理"):
        unregistered.order(row=stand, text="限期", next_on=date(2023, 4, 1), by=department)
    unregistered.guide(row=stand, text="上门帮填", by=department)
    assert (stand.state, stand.next_on) == ("guided", date(2023, 3, 29))
    workshop = Unregistered.objects.get(kind="small_workshop")
    unregistered.order(row=workshop, text="限期登记", next_on=date(2023, 4, 1), by=department)
    assert "第四十三条" in workshop.steps.last().text
    assert not casework.list_matters(department).exists()


def test_registered_at_last_it_counts_in_the_census(survey, department, inspector, hand_in, office):
    tasks.daily()
    row = Unregistered.objects.get(kind="stall")
    before = _covered(office)
    application = unregistered.begin_application(row=row, by=inspector)
    from fangxin.actions.small_operators.services import applications

    applications.change_draft(
        application=application, principal="某", phone="13900000000", address="街口", products="凉皮", by=inspector
    )
    for paper in applications.papers_of(application):
        if paper.given == "file":
            applications.add_paper(
                application=application, document=paper.code, name="a.pdf", content=b"%PDF-1.4\n" + paper.code.encode(),
                by=inspector,
            )  # fmt: skip
    applications.submit(application=application, by=inspector)
    deciding.accept(application=application, by=inspector)
    deciding.issue_on_the_spot(application=application, by=department)
    row.refresh_from_db()
    assert (row.state, row.premises) == ("registered", application.premises)
    assert (before, _covered(office)) == ((0, 3), (1, 3))


def _covered(user):
    rows = selectors.by_township(user, ledger.clock.today())
    return sum(r["seen_registered"] for r in rows), sum(r["seen"] for r in rows)


def test_ended_by_mistake_it_is_taken_up_again(survey, department):
    tasks.daily()
    row = Unregistered.objects.get(kind="small_workshop")
    with pytest.raises(ledger.Refused):
        unregistered.end_shut(row=row, text=" ", by=department)
    unregistered.end_shut(row=row, text="已关门", by=department)
    with pytest.raises(MovedOn):
        unregistered.guide(row=row, text="再告知", by=department)
    unregistered.take_up_again(row=row, text="又开了", by=department)
    assert (row.state, row.ended_at) == ("found", None)
    assert [step.state for step in row.steps.all()] == ["found", "shut", "found"]


def test_a_place_without_a_valid_paper_is_not_registered(survey, stall, department):
    tasks.daily()
    row = Unregistered.objects.get(kind="stall")
    stand = stall("无证凉皮")
    registry.revoke_credential(credential=stand.credentials.get(), on=date(2023, 3, 1), reason="注销", by=department)
    with pytest.raises(ledger.Refused, match="有效证件"):
        unregistered.end_registered(row=row, premises=stand, by=department)


# --- upgrades ---------------------------------------------------------------------------------------------------------


def test_a_workshop_becomes_a_producer_when_its_licence_is_there(issued, department):
    from fangxin.engines.identifiers import make_production_licence

    paper = issued("small_workshop").issued
    row = upgrades.begin_upgrade(premises=paper.premises, becomes="food_producer", by=department)
    codes = [code for code, _label in upgrades.conditions(row)]
    assert len(upgrades.lacking(row)) == len(codes) == 9
    for code in codes[:-1]:
        upgrades.check_item(upgrade=row, code=code, met=True, by=department)
    with pytest.raises(ledger.Refused, match="还缺"):
        upgrades.apply_for_licence(upgrade=row, by=department)
    upgrades.check_item(upgrade=row, code=codes[-1], met=True, by=department)
    upgrades.apply_for_licence(upgrade=row, by=department)
    with pytest.raises(ledger.Refused, match="许可证"):
        upgrades.finish_upgrade(upgrade=row, by=department)
    registry.issue_credential(
        premises=paper.premises, kind="production_licence", issued_on=date(2023, 3, 15),
        number=make_production_licence(category="101", division="410101", serial=8), by=department,
    )  # fmt: skip
    upgrades.finish_upgrade(upgrade=row, by=department)
    paper.refresh_from_db()
    assert paper.revoke_reason == "已取得许可证"
    assert registry.Premises.objects.get(pk=paper.premises_id).kind == "food_producer"


def test_an_upgrade_given_up_can_be_taken_up_again(issued, department):
    premises = issued().premises
    row = upgrades.begin_upgrade(premises=premises, becomes="restaurant", by=department)
    with pytest.raises(ValidationError, match="已在升级"):
        upgrades.begin_upgrade(premises=premises, becomes="restaurant", by=department)
    upgrades.give_up(upgrade=row, by=department)
    upgrades.take_up_again(upgrade=row, by=department)
    assert row.state == "preparing"


def test_several_stalls_are_placed_together_or_not_at_all(zone, stall, department):
    stalls = [stall(f"{n}号摊") for n in range(3)]
    with pytest.raises(ledger.Refused, match="放不下"):
        zones.place_many(zone=zone, stalls=stalls, by=department)
    assert zones.place_many(zone=zone, stalls=stalls[:2], by=department) == 2
    assert (zone.taken, zone.placements.count()) == (2, 2)
