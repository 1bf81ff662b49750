"""Days of inspection in the browser: an inspector at the desk and on the spot, a department, a visitor."""

import re
from base64 import b64decode
from io import BytesIO

import pytest
from docx import Document
from playwright.sync_api import expect
from tests.browser.conftest import DESK, PHONE

pytestmark = pytest.mark.browser
PNG = b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGP4z8DwHwAFAAH/iZk9HQAAAABJRU5ErkJggg==")
HOME = "411224100"


def said(page, text):
    expect(page.locator("main [role=status], main .alert").filter(has_text=text).first).to_be_visible()


def a_place(county, kind, nth=0):
    """An operating place of the inspector's township; each test takes its own."""
    rows = county.rows(
        "SELECT id, number, name FROM registry_premises WHERE kind = ? AND status = 'operating' "
        "AND substr(division_code, 1, 9) = ? AND merged_into_id IS NULL ORDER BY id", kind, HOME,
    )  # fmt: skip
    return rows[nth]


def item(page, code):
    return page.locator(f"[id='item-{code}']")


def press(page, code, label):
    with page.expect_response(re.compile("/items/")):
        item(page, code).get_by_role("button", name=label, exact=True).click()
    expect(item(page, code).get_by_role("button", name=label, exact=True)).to_have_attribute("aria-pressed", "true")


def draw_name(page):
    """A name written on the pad."""
    box = page.locator("canvas.signature").bounding_box()
    page.mouse.move(box["x"] + 30, box["y"] + 40)
    page.mouse.down()
    for step in range(1, 9):
        page.mouse.move(box["x"] + 30 + 20 * step, box["y"] + 40 + 25 * (step % 3))
    page.mouse.up()
    expect(page.locator("[data-signature-state]")).to_contain_text("已签")


def begin(page, premises, *, items=()):
    page.goto(f"/fieldwork/inspections/start/?premises={premises}")
    colleague = page.get_by_role("checkbox", name=re.compile("市场监管局")).first
    colleague.check()
    if items:
        page.locator("select[name=kind]").select_option("unannounced")
        page.locator("summary").filter(has_text="只查部分项目").click()
        for code in items:
            page.locator(f"input[name=chosen_items][value='{code}']").check()
    page.get_by_role("button", name="开始检查", exact=True).click()
    expect(page).to_have_url(re.compile(r"/fieldwork/inspections/\d+/checklist/"))
    return int(re.search(r"/inspections/(\d+)/", page.url)[1])


def finish(page, key, opinion="请在期限内改正。"):
    """Judged, signed by both inspectors and by the shop."""
    page.get_by_role("link", name="作出判定").click()
    page.get_by_label("检查意见").fill(opinion)
    page.get_by_role("button", name="作出判定").click()
    said(page, "已判定")
    for _officer in range(2):
        page.locator("main a[href*='/sign/']").first.click()
        draw_name(page)
        page.get_by_role("button", name="提交签名").click()
        said(page, "已签名")
    page.get_by_role("link", name="签字告知").click()
    page.get_by_label("被检查方签字人").fill("李店主")
    draw_name(page)
    page.get_by_role("button", name="完成告知").click()
    said(page, "结果已告知")
    expect(page).to_have_url(re.compile(rf"/inspections/{key}/$"))


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_an_inspectors_day_from_the_first_item_to_the_published_result(open_as, small_county, size):
    premises, number, name = a_place(small_county, "restaurant", 0 if size == DESK else 1)
    page = open_as("inspector", size=size)
    page.on("dialog", lambda dialog: dialog.accept())
    codes = ["1.1", "1.2", "2.1"]
    key = begin(page, premises, items=codes)
    expect(page.locator("#progress")).to_contain_text("已查 0/3")

    press(page, "1.1", "合格")
    press(page, "1.2", "不合格")
    item(page, "1.2").get_by_label("不影响").check()
    item(page, "1.2").get_by_label("发现的情况").fill("上次结果没有张贴")
    with page.expect_response(re.compile("/items/")):
        item(page, "1.2").get_by_role("button", name="保存情况").click()
    expect(item(page, "1.2")).to_contain_text("已保存")
    item(page, "1.2").locator("input[type=file]").set_input_files(
        {"name": "店门.png", "mimeType": "image/png", "buffer": PNG}
    )
    expect(item(page, "1.2").locator(".photos img")).to_be_visible()
    page.get_by_role("link", name="下一个没查的").click()
    expect(item(page, "2.1")).to_be_in_viewport()
    press(page, "2.1", "不适用")
    expect(page.locator("#progress")).to_contain_text("已查 3/3")
    page.reload()
    expect(item(page, "1.2").get_by_label("发现的情况")).to_have_value("上次结果没有张贴")
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]

    finish(page, key)
    expect(page.locator("main")).to_contain_text("基本符合")
    page.get_by_role("button", name="现场检查笔录").click()
    said(page, "已制作")
    with page.expect_download() as download:
        page.locator("main a[href*='/fieldwork/papers/']").first.click()
    text = "\n".join(p.text for p in Document(BytesIO(download.value.path().read_bytes())).paragraphs)
    assert download.value.suggested_filename.endswith(".docx")
    assert text.strip()
    page.get_by_role("button", name="公开结果").click()
    said(page, "已公开")

    visitor = open_as(size=size)
    visitor.goto("/public/results/")
    visitor.get_by_label("店名、证号或底册编号").fill(number)
    visitor.get_by_role("button", name="查找").click()
    visitor.get_by_role("link", name=re.compile(re.escape(name))).first.click()
    expect(visitor.get_by_text("基本符合").first).to_be_visible()
    assert "李店主" not in visitor.content()
    assert "毕安" not in visitor.content()


def test_an_answer_that_did_not_arrive_does_not_look_saved(open_as, small_county):
    premises, *_rest = a_place(small_county, "small_shop")
    page = open_as("inspector", size=PHONE)
    begin(page, premises)
    first = page.locator("article.item").first
    page.context.set_offline(True)
    first.get_by_role("button", name="合格", exact=True).click()
    expect(first.locator("[data-item-error]").first).to_contain_text("没有保存")
    expect(first.get_by_role("button", name="合格", exact=True)).to_have_attribute("aria-pressed", "false")
    page.context.set_offline(False)
    first.get_by_role("button", name="合格", exact=True).click()
    expect(page.locator("#progress")).to_contain_text("已查 1/")


def test_who_refuses_to_sign_is_written_down_with_a_witness(open_as, small_county):
    premises, *_rest = a_place(small_county, "small_shop", 1)
    page = open_as("inspector")
    begin(page, premises, items=["1.1"])
    press(page, "1.1", "合格")
    page.get_by_role("link", name="作出判定").click()
    page.get_by_label("检查意见").fill("符合要求。")
    page.get_by_role("button", name="作出判定").click()
    for _officer in range(2):
        page.locator("main a[href*='/sign/']").first.click()
        draw_name(page)
        page.get_by_role("button", name="提交签名").click()
    page.get_by_role("link", name="签字告知").click()
    page.get_by_role("button", name="完成告知").click()
    expect(page.get_by_text("被检查方还没有签名")).to_be_visible()
    page.locator("summary").filter(has_text="对方拒绝签字").click()
    page.get_by_label("被检查方拒绝签字").check()
    page.get_by_label("拒签的情况").fill("店主说要先问老板。")
    page.get_by_label("见证人").fill("社区网格员")
    page.get_by_role("button", name="完成告知").click()
    expect(page.get_by_text("社区网格员")).to_be_visible()


def test_a_department_plans_the_year_a_second_person_approves_and_visits_are_handed_out(open_as, small_county):
    maker, second = open_as("market"), open_as("market2")
    for page in (maker, second):
        page.on("dialog", lambda dialog: dialog.accept())
    maker.goto("/fieldwork/plans/new/")
    maker.locator("select[name=year]").select_option("2025")
    maker.get_by_role("button", name="看数").click()
    expect(maker.get_by_text("这样编制的计划")).to_be_visible()
    maker.get_by_role("button", name="编制计划").click()
    said(maker, "计划已编制")
    expect(maker.get_by_role("button", name="批准")).to_have_count(0)
    address = maker.url
    second.goto(address)
    second.get_by_role("button", name="批准").click()
    said(second, "计划已批准")
    second.get_by_role("link", name="各次检查").click()
    boxes = second.locator("input[name=chosen]")
    expect(boxes.first).to_be_visible()
    boxes.nth(0).check()
    boxes.nth(1).check()
    second.locator("summary").filter(has_text="给勾选的检查安排人员").click()
    people = second.locator("#many input[name=officers]")
    people.nth(0).check()
    people.nth(1).check()
    second.get_by_role("button", name="安排", exact=True).click()
    said(second, "已安排2次检查")


def test_a_draw_is_sealed_drawn_published_and_seen_by_everybody(open_as, small_county):
    page = open_as("market")
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto("/fieldwork/draws/new/")
    page.get_by_role("button", name="看有多少户").click()
    page.get_by_label("名称").fill("年末双随机")
    page.get_by_label("公开随机数的出处").fill("12月1日开奖号码")
    page.get_by_role("button", name="看机会").click()
    expect(page.get_by_text("各组的机会")).to_be_visible()
    page.get_by_role("button", name="封存方案和种子").click()
    said(page, "已封存")
    page.get_by_label("公开随机数", exact=False).first.fill("03 09 17 21 30")
    page.get_by_role("button", name="抽取", exact=True).click()
    said(page, "已抽取")
    page.get_by_role("button", name="公开结果").click()
    said(page, "已公开")
    visitor = open_as()
    visitor.goto("/public/draws/")
    visitor.get_by_role("link", name=re.compile("年末双随机")).click()
    with visitor.expect_download() as download:
        visitor.get_by_role("link", name="下载核对文件").click()
    assert b'"fangxin-draw-1"' in download.value.path().read_bytes()


def test_a_grade_is_scored_by_one_and_confirmed_by_another(open_as, small_county):
    premises = small_county.one(
        "SELECT p.id FROM registry_premises p WHERE p.kind = 'small_shop' AND p.status = 'operating' AND "
        "substr(p.division_code, 1, 9) = ? AND NOT EXISTS (SELECT 1 FROM fieldwork_premisesgrade g "
        "WHERE g.premises_id = p.id AND g.year = 2025)", HOME,
    )  # fmt: skip
    page = open_as("inspector", size=PHONE)
    page.goto(f"/fieldwork/grades/new/?premises={premises}")
    page.locator("select[name=year]").select_option("2025")
    page.get_by_label("静态分（0到40）").fill("12")
    page.get_by_label("动态分（0到60）").fill("30")
    page.get_by_role("button", name="评分").click()
    expect(page.get_by_text("风险等级：B级，风险较低").first).to_be_visible()
    second = open_as("market")
    second.goto(page.url)
    second.get_by_role("button", name="复核通过").click()
    said(second, "等级已确定")
