"""Plans, draws, grades, checklists and recusals, as the people of the department work with them."""

from datetime import date

import pytest
from django.urls import reverse
from tests.conftest import COUNTY
from tests.integration.fieldwork.test_inspection_pages import page, send

from fangxin.engines import sampling
from fangxin.kernel.fieldwork import api as fieldwork
from fangxin.kernel.fieldwork.models import Draw, InspectionPlan, PlannedVisit, PremisesGrade, Recusal
from fangxin.kernel.fieldwork.views.checklists import compared
from fangxin.kernel.ledger import api as ledger


def body(client, name, *args, data):
    return send(client, name, *args, data=data).content.decode()


# --- the yearly plan ------------------------------------------------------------------------------------------------


@pytest.fixture
def plan_data(agencies):
    return {"year": "2023", "division_code": COUNTY, "agency": agencies["market"].pk, "visit_cap": "2", "name": ""}


def test_a_plan_is_counted_first_made_then_approved_by_a_second_person(
    client_for, shop, producer, plan_data, department, second_department
):
    client = client_for(department)
    text = body(client, "plan_new", data=plan_data | {"step": "preview"})
    assert "检查对象 2 户" in text
    assert not InspectionPlan.objects.exists()
    send(client, "plan_new", data=plan_data | {"step": "make"})
    plan = InspectionPlan.objects.get()
    assert "等编制人以外的另一名人员批准" in page(client, "plan", plan.pk)[1]
    assert "共 0 条" in page(client, "visits")[1]
    refused = client.post(reverse("fieldwork:plan_approve", args=[plan.pk]), follow=True)
    assert "另一名人员" in refused.content.decode()
    send(client_for(second_department), "plan_approve", plan.pk)
    plan.refresh_from_db()
    assert plan.state == "approved"
    owed = plan.visits.count()
    assert f"共 {owed} 条" in page(client, "visits", plan=plan.pk, state="all")[1]
    assert f"应查 {owed} 次，已查 0 次" in page(client, "plan", plan.pk)[1]


@pytest.mark.parametrize(
    "wrong",
    [{"year": "1999"}, {"visit_cap": "0"}, {"visit_cap": "x"}, {"agency": "1" * 30}, {"division_code": "990102"},
     {"name": "字" * 121}],
)  # fmt: skip
def test_a_wrong_plan_is_refused_and_nothing_is_made(client_for, shop, plan_data, department, wrong):
    response = send(client_for(department), "plan_new", data=plan_data | wrong | {"step": "make"})
    assert response.status_code == 200
    assert response.context["form"].errors
    assert not InspectionPlan.objects.exists()


def test_the_same_plan_twice_is_refused_plainly(client_for, shop, plan_data, department):
    client = client_for(department)
    send(client, "plan_new", data=plan_data | {"step": "make"})
    assert "已有检查计划" in body(client, "plan_new", data=plan_data | {"step": "make"})


def test_a_withdrawn_plan_takes_its_open_visits_along(client_for, shop, plan_data, department):
    client = client_for(department)
    send(client, "plan_new", data=plan_data | {"step": "make"})
    plan = InspectionPlan.objects.get()
    send(client, "plan_withdraw", plan.pk, data={"reason": "底册还没有核完"})
    assert set(plan.visits.values_list("state", flat=True)) == {"cancelled"}


def test_plans_stay_in_their_county(client_for, shop, plan_data, department, outsider, township_clerk):
    send(client_for(department), "plan_new", data=plan_data | {"step": "make"})
    plan = InspectionPlan.objects.get()
    assert page(client_for(outsider), "plan", plan.pk)[0] == 404
    assert page(client_for(township_clerk), "plan", plan.pk)[0] == 200
    for name in ("plan_approve", "plan_withdraw"):
        assert send(client_for(outsider), name, plan.pk, data={"reason": "x"}).status_code in (403, 404)
        assert send(client_for(township_clerk), name, plan.pk, data={"reason": "x"}).status_code == 403


# --- the draw -------------------------------------------------------------------------------------------------------


@pytest.fixture
def many(shop, make_premises):
    return [shop, *(make_premises(f"小店{n}号") for n in range(9))]


@pytest.fixture
def draw_data():
    return {
        "division_code": COUNTY, "year": "2023", "by": "all", "title": "春季双随机", "public_source": "3月20日开奖号码",
        "exploration": "20", "max_visits": "50", "last_visit": "one_new", "count_all": "4",
    }  # fmt: skip


@pytest.fixture
def sealed(client_for, many, team, draw_data, department):
    send(client_for(department), "draw_new", data=draw_data | {"step": "commit"})
    return Draw.objects.get()


def test_the_chances_are_shown_before_anything_is_sealed(client_for, many, team, draw_data, department):
    client = client_for(department)
    scope = {name: draw_data[name] for name in ("division_code", "year", "by")}
    assert "共10户" in page(client, "draw_new", **scope)[1]
    text = body(client, "draw_new", data=draw_data | {"step": "preview"})
    assert "40.0%" in text
    assert not Draw.objects.exists()


@pytest.mark.parametrize("by", ["grade", "township", "kind"])
def test_groups_are_counted(client_for, many, team, draw_data, department, by):
    text = page(client_for(department), "draw_new", division_code=COUNTY, year="2023", by=by)[1]
    assert "共10户" in text


@pytest.mark.parametrize(
    "wrong", [{"count_all": "99"}, {"count_all": "-1"}, {"count_all": ""}, {"exploration": "0"}, {"title": " "},
              {"public_source": ""}, {"last_visit": "x"}, {"max_visits": "10" * 20}],
)  # fmt: skip
def test_a_wrong_draw_is_refused_and_nothing_is_sealed(client_for, many, team, draw_data, department, wrong):
    response = send(client_for(department), "draw_new", data=draw_data | wrong | {"step": "commit"})
    assert response.status_code == 200
    assert not Draw.objects.exists()


def test_a_range_outside_the_own_is_no_choice(client_for, many, draw_data, department):
    send(client_for(department), "draw_new", data=draw_data | {"division_code": "990102", "step": "commit"})
    assert not Draw.objects.exists()


def test_the_seed_is_sealed_and_shown_to_nobody(client_for, sealed, department):
    text = page(client_for(department), "draw", sealed.pk)[1]
    assert sealed.commitment in text
    assert sealed.plan_digest in text
    assert not any(part in text for part in sealed.seed.split(":"))


def test_a_draw_runs_once_and_the_file_verifies(client_for, sealed, department, team):
    client = client_for(department)
    send(client, "draw_run", sealed.pk, data={"public_value": "08 15 22 31 33", "due_on": "2023-06-30"})
    sealed.refresh_from_db()
    assert sealed.state == "drawn"
    again = send(client, "draw_run", sealed.pk, data={"public_value": "01 02"})
    assert "不能办理" in again.content.decode()
    assert PlannedVisit.objects.filter(draw=sealed, due_on=date(2023, 6, 30)).count() == 4
    text = page(client, "draw", sealed.pk)[1]
    assert text.count("40.0%") == 4
    file = client.get(reverse("fieldwork:draw_file", args=[sealed.pk]))
    assert sampling.verify_result(file.content, announced=sealed.plan_digest).reproduced
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert client.get(reverse("fieldwork:draw_chances", args=[sealed.pk])).content.startswith(b"PK")


def test_blanks_around_the_public_number_are_no_other_number(client_for, sealed, department):
    response = send(client_for(department), "draw_run", sealed.pk, data={"public_value": "  "})
    assert response.status_code == 200
    sealed.refresh_from_db()
    assert sealed.state == "committed"


def test_a_withdrawn_draw_stays_to_be_seen(client_for, sealed, department):
    client = client_for(department)
    send(client, "draw_run", sealed.pk, data={"public_value": "08 15"})
    send(client, "draw_withdraw", sealed.pk, data={"reason": "底册有误"})
    assert "底册有误" in page(client, "draw", sealed.pk)[1]
    assert not PlannedVisit.objects.filter(draw=sealed, state="open").exists()


def test_draws_stay_in_their_county(client_for, sealed, outsider, township_clerk, vendor):
    for stranger in (outsider, township_clerk, vendor):
        for name in ("draw", "draw_chances", "draw_file"):
            assert page(client_for(stranger), name, sealed.pk)[0] in (403, 404)
        for name in ("draw_run", "draw_publish", "draw_withdraw"):
            data = {"public_value": "1", "reason": "x"}
            assert send(client_for(stranger), name, sealed.pk, data=data).status_code in (403, 404)
    sealed.refresh_from_db()
    assert sealed.state == "committed"


# --- grades ---------------------------------------------------------------------------------------------------------

FACTORS = {"static": "19.2", "dynamic": "18.5"}


@pytest.fixture
def scored(client_for, producer, inspector):
    data = {"premises": producer.pk, "scale": "risk", "year": "2023", **FACTORS}
    send(client_for(inspector), "grade_new", data=data)
    return PremisesGrade.objects.get()


def test_a_grade_is_scored_confirmed_by_another_and_told(client_for, scored, inspector, department):
    assert scored.grade == "B"
    own = client_for(inspector)
    assert "风险等级：B级，风险较低" in page(own, "grade", scored.pk)[1]
    assert send(own, "grade_confirm", scored.pk).status_code == 403
    send(client_for(department), "grade_confirm", scored.pk)
    send(own, "grade_tell", scored.pk)
    scored.refresh_from_db()
    assert scored.state == "told"


def test_what_happened_moves_the_grade(client_for, scored, inspector, department):
    send(client_for(department), "grade_confirm", scored.pk)
    data = {"reason": "省抽检不合格", "trigger_failed_sampling": "2"}
    send(client_for(inspector), "grade_regrade", scored.pk, data=data)
    fresh = PremisesGrade.objects.get(state="scored")
    assert (fresh.before, fresh.grade) == ("B", "D")
    text = page(client_for(department), "grade", fresh.pk)[1]
    assert "国家或省级抽检一次以上不合格" in text
    assert "风险最高" in text


def test_a_returned_score_may_be_given_again(client_for, scored, inspector, department):
    send(client_for(department), "grade_refuse", scored.pk, data={"reason": "面积填错"})
    scored.refresh_from_db()
    assert scored.state == "refused"
    assert "面积填错" in page(client_for(inspector), "grade", scored.pk)[1]


def test_the_form_bands_the_facts_itself(client_for, make_premises, checklists, inspector):
    market = make_premises("云桥超市", kind="food_sales")
    text = page(client_for(inspector), "grade_new", premises=market.pk)[1]
    assert "经营场所面积" in text
    facts = dict(zip(
        ("area", "prepackaged_ambient", "prepackaged_chilled", "prepackaged_frozen", "bulk_ambient", "bulk_chilled",
         "bulk_frozen", "suppliers"),
        (850, 3200, 180, 90, 120, 40, 0, 130), strict=True,
    ))  # fmt: skip
    data = {"premises": market.pk, "scale": "risk", "year": "2023", "dynamic": "18.5"}
    send(client_for(inspector), "grade_new", data=data | {f"factor_{name}": n for name, n in facts.items()})
    made = PremisesGrade.objects.get()
    assert (str(made.static_points), str(made.total), made.grade) == ("19.20", "37.70", "B")


@pytest.mark.parametrize(
    "wrong", [{"static": "41"}, {"static": ""}, {"static": "NaN"}, {"dynamic": "61"}, {"year": "1900"},
              {"trigger_accident": "9"}],
)  # fmt: skip
def test_a_wrong_score_is_refused(client_for, producer, inspector, wrong):
    data = {"premises": producer.pk, "scale": "risk", "year": "2023", **FACTORS}
    response = send(client_for(inspector), "grade_new", data=data | wrong)
    assert response.status_code == 200
    assert response.context["form"].errors
    assert not PremisesGrade.objects.exists()


def test_the_kitchens_letter_says_its_scale(client_for, told, shop, inspector, department):
    told(shop)
    send(client_for(inspector), "grade_new", data={"premises": shop.pk, "scale": "hygiene_year", "year": "2023"})
    made = PremisesGrade.objects.get()
    assert "餐饮量化年度等级：A级，优秀" in page(client_for(department), "grade", made.pk)[1]
    listed = page(client_for(department), "grades", scale="hygiene_year", year="2023")[1]
    assert "餐饮量化年度等级：A级，优秀" in listed


def test_a_scale_that_is_not_for_the_place_is_not_found(client_for, producer, inspector):
    assert page(client_for(inspector), "grade_new", premises=producer.pk, scale="hygiene_year")[0] == 404
    assert page(client_for(inspector), "grade_new", premises=producer.pk, scale="letters")[0] == 404


def test_those_without_a_grade_are_listed(client_for, producer, shop, inspector):
    text = page(client_for(inspector), "ungraded")[1]
    assert producer.name in text
    assert shop.name in text
    kitchens = page(client_for(inspector), "ungraded", scale="hygiene_year")[1]
    assert producer.name not in kitchens


def test_a_shop_reads_only_its_own_told_grade(client_for, scored, vendor, outsider):
    for stranger in (vendor, outsider):
        assert page(client_for(stranger), "grade", scored.pk)[0] == 404


# --- checklists and recusals --------------------------------------------------------------------------------------


def test_editions_are_listed_with_the_days_on_which_they_are_in_force(client_for, checklists, inspector):
    text = page(client_for(inspector), "checklists")[1]
    assert "2016-12-01至2022-03-14施行" in text or "至2022-03-14施行" in text
    assert "现行" in text


def test_two_editions_are_compared_item_by_item(client_for, checklists, inspector):
    old, new = (e for e in _producer_editions())
    text = page(client_for(inspector), "compare", left=old.pk, right=new.pk)[1]
    assert "项不同" in text
    assert "新增" in text
    assert page(client_for(inspector), "compare", left=old.pk, right="x")[0] == 404
    assert page(client_for(inspector), "edition", 10**30)[0] == 404


def _producer_editions():
    from fangxin.kernel.catalog import api as catalog

    return [e for e in catalog.editions("checklists") if "producer" in e.code]


def test_comparing_an_edition_with_itself_shows_no_difference():
    from fangxin.engines.grading import load_checklist

    text = """
code = "stall"
name = "摊点"
edition = "1"
in_force_from = 2018-03-01
source = "x"
confidence = "V"
applies_to = ["stall"]
[[item]]
code = "1"
group = "公示"
text = "亮出备案卡"
clause = "第一条"
judge = "看"
weight = 1
"""
    items = load_checklist(text).items
    assert [line["words"] for line in compared(items, items)] == [[]]
    assert [line["words"] for line in compared(items, ())] == [["取消"]]
    assert [line["words"] for line in compared((), items)] == [["新增"]]


def test_a_recusal_keeps_a_person_away_until_it_ends(client_for, shop, team, department):
    client = client_for(department)
    data = {"premises": shop.pk, "user": team[1].pk, "reason": "店主的弟弟"}
    send(client, "recusal_new", data=data)
    assert "已经登记过" in body(client, "recusal_new", data=data)
    visit = fieldwork.add_visit(
        premises=shop,
        kind="routine",
        reason="special",
        from_on=date(2023, 3, 1),
        due_on=date(2023, 3, 30),
        by=department,
    )
    assert "回避" in body(client, "visit_assign", visit.pk, data={"officers": [user.pk for user in team]})
    row = Recusal.objects.get()
    assert team[1].name in page(client, "recusal_end", row.pk)[1]
    send(client, "recusal_end", row.pk)
    assert "已经解除" in client.post(reverse("fieldwork:recusal_end", args=[row.pk]), follow=True).content.decode()


def test_recusals_stay_in_their_county(client_for, shop, team, department, outsider):
    fieldwork.declare_recusal(user=team[0], premises=shop, reason="亲属", by=department)
    row = Recusal.objects.get()
    assert page(client_for(outsider), "recusal_end", row.pk)[0] == 404
    assert "共 0 条" in page(client_for(outsider), "recusals")[1]


def test_lists_of_ten_more_ask_no_more(client_for, many, team, department, django_assert_max_num_queries, plan_data):
    client = client_for(department)
    send(client, "plan_new", data=plan_data | {"step": "make"})
    plan = InspectionPlan.objects.get()
    InspectionPlan.objects.update(state="approved", approved_at=ledger.clock.now(), approved_by="x")
    for name, args in [("visits", []), ("plans", []), ("plan", [plan.pk]), ("draws", []), ("grades", []), ("ungraded", []),
                       ("checklists", []), ("recusals", []), ("visit_months", [])]:  # fmt: skip
        with django_assert_max_num_queries(20):
            assert page(client, name, *args)[0] == 200
