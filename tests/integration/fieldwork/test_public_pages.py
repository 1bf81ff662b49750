"""What a visitor without an account reads: published results and draws, no person, nothing that is not published."""

import pytest
from django.test import Client
from django.urls import reverse
from tests.conftest import COUNTY
from tests.integration.fieldwork.test_inspection_pages import first_code

from fangxin.engines import sampling
from fangxin.kernel.fieldwork import api as fieldwork


@pytest.fixture
def visitor():
    return Client()


def read(visitor, name, *args, **query):
    response = visitor.get(reverse(f"portal:{name}", args=args), query)
    return response.status_code, response.content.decode()


@pytest.fixture
def public(told, shop, department):
    probe = told(shop)
    failed = {first_code(probe): {"outcome": "fail", "safety_affected": False, "note": "老板张三说忘了"}}
    inspection = told(shop, failed, kind="special")
    return fieldwork.publish(inspection=inspection, by=department)


def test_a_published_result_is_found_by_name_and_read(visitor, public, shop):
    status, text = read(visitor, "results", q="老魏")
    assert status == 200
    assert reverse("portal:results_of", args=[shop.number]) in text
    status, text = read(visitor, "results_of", shop.number)
    assert status == 200
    for told in ("基本符合", "石门市场监管所", "大笑脸，优秀", "2023年3月15日"):
        assert told in text, told
    item = next(one for one in fieldwork.form_of(public) if one.code == first_code(public))
    assert item.text in text


def test_the_public_reads_no_person_and_no_note(visitor, public, shop, team):
    text = read(visitor, "results_of", shop.number)[1]
    for hidden in ("张三", "魏师傅", *(user.name for user in team), *(user.username for user in team)):
        assert hidden not in text, hidden


def test_what_is_not_published_is_not_there(visitor, told, shop, producer, begin):
    told(producer)
    begin(shop)
    for place in (shop, producer):
        assert read(visitor, "results_of", place.number)[0] == 404
        assert place.number not in read(visitor, "results", q=place.name)[1]


@pytest.mark.parametrize("number", ["nothing", "x" * 200, "中文", "%00", "1" * 30])
def test_a_wrong_number_is_not_found(visitor, db, number):
    for name in ("results_of", "draw", "draw_file"):
        assert read(visitor, name, number)[0] == 404


@pytest.mark.parametrize("text", ["", "x", "a\0b", "字" * 61, "%", "_"])
def test_a_search_that_says_too_little_shows_nothing(visitor, public, text):
    status, page = read(visitor, "results", q=text)
    assert status == 200
    assert public.premises_name not in page


def test_a_page_of_a_place_asks_little(visitor, public, shop, django_assert_max_num_queries):
    with django_assert_max_num_queries(20):
        read(visitor, "results_of", shop.number)
    with django_assert_max_num_queries(20):
        read(visitor, "results", q="老魏")


@pytest.fixture
def drawn(shop, producer, team, department, agencies):
    plan = fieldwork.plan_of_register(
        title="春季双随机", year=2023, division_code=COUNTY, public_source="开奖号码",
        quotas=[sampling.Quota(sampling.StratumKey.ALL, counts={"all": 1})],
    )  # fmt: skip
    made = fieldwork.commit_draw(
        title="春季双随机", year=2023, agency=agencies["market"], division_code=COUNTY, plan=plan, by=department
    )
    return fieldwork.run_draw(draw=made, public_value="08 15 22", by=department)


def test_a_draw_is_public_only_after_publication(visitor, drawn, department, team):
    assert "还没有公开的抽取" in read(visitor, "draws")[1]
    assert read(visitor, "draw", drawn.number)[0] == 404
    fieldwork.publish_draw(draw=drawn, by=department)
    assert drawn.number in read(visitor, "draws")[1]
    text = read(visitor, "draw", drawn.number)[1]
    assert "08 15 22" in text
    assert "50.0%" in text
    assert not any(user.name in text for user in team)


def test_anybody_draws_again_from_the_file(visitor, drawn, department):
    fieldwork.publish_draw(draw=drawn, by=department)
    response = visitor.get(reverse("portal:draw_file", args=[drawn.number]))
    assert sampling.verify_result(response.content, announced=drawn.plan_digest).reproduced


def test_a_withdrawn_draw_is_no_longer_shown(visitor, drawn, department):
    fieldwork.publish_draw(draw=drawn, by=department)
    fieldwork.withdraw_draw(draw=drawn, reason="底册有误", by=department)
    assert read(visitor, "draw", drawn.number)[0] == 404
