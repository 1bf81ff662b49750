"""A shop applies on its phone, an officer decides at the desk, the public reads the list; a zone is drawn by hand."""

import re

import pytest
from playwright.sync_api import expect
from tests.browser.conftest import PHONE

pytestmark = pytest.mark.browser
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def said(page, text):
    expect(page.locator("main [role=status], main .alert").filter(has_text=text).first).to_be_visible()


def test_from_the_shops_phone_to_the_public_list(open_as):
    shop = open_as("shop", size=PHONE)
    shop.goto("/small-operators/mine/")
    shop.get_by_role("link", name="办理登记备案").click()
    shop.get_by_role("link", name="办理食品小摊点").click()
    shop.get_by_label("招牌名称").fill("柳湾凉皮摊")
    shop.get_by_label("地址（摊位位置）").fill("老街口")
    shop.get_by_label("手机").fill("15400000001")
    shop.get_by_label("食品品种").fill("凉皮\n煎饼")
    shop.get_by_role("button", name=re.compile("保存")).click()
    said(shop, "已保存为草稿")
    for document in ("identity", "health_cards"):
        content = PDF + document.encode()
        shop.locator(f"#file-{document}").set_input_files(
            {"name": f"{document}.pdf", "mimeType": "application/pdf", "buffer": content}
        )
        shop.locator(f"form:has(#file-{document}) button").click()
        said(shop, "已上传")
    shop.get_by_role("button", name="提交申请").click()
    said(shop, "已提交")
    address = shop.url

    desk = open_as("market")
    desk.goto(address)
    desk.get_by_role("button", name="材料齐全，受理").click()
    said(desk, "已办理")
    desk.on("dialog", lambda dialog: dialog.accept())
    desk.get_by_role("button", name="当场办结").click()
    said(desk, "已发证")

    shop.goto("/small-operators/mine/")
    expect(shop.get_by_text("有效").first).to_be_visible()
    public = open_as("", size=PHONE)
    public.goto("/public/small-operators/?name=柳湾凉皮摊")
    expect(public.get_by_text("柳湾凉皮摊")).to_be_visible()
    expect(public.get_by_text("15400000001")).to_have_count(0)


def test_a_zone_is_drawn_by_pointing(open_as):
    page = open_as("market")
    page.goto("/small-operators/zones/new/")
    plan = page.locator("[data-zone-map] svg")
    for _step in range(9):
        page.locator(".map-buttons button").first.click()
    page.get_by_role("button", name="边界：依次点角").click()
    for x, y in ((200, 150), (320, 150), (320, 260), (200, 260)):
        plan.click(position={"x": x, "y": y})
    expect(page.get_by_label("边界点（不填就用圆）")).to_have_value(re.compile(r"^(\d+\.\d+, \d+\.\d+\n?){4}$"))
    page.get_by_label("名称").fill("手画夜市")
    page.get_by_label("乡镇（街道）").select_option(index=1)
    page.get_by_label("可容纳摊位").fill("8")
    page.get_by_role("button", name="保存").click()
    said(page, "已划定")
    expect(page.get_by_text("4 个点的多边形")).to_be_visible()


def test_the_home_brings_the_boards_figures_and_its_own(open_as):
    page = open_as("market")
    page.goto("/small-operators/")
    expect(page.get_by_text("M08-1")).to_be_visible()
    expect(page.locator("[data-small-chart=towns] svg")).to_be_visible()
    expect(page.get_by_role("heading", name="近十二个月")).to_be_visible()


@pytest.mark.parametrize("path", ["", "applications/", "certificates/", "zones/map/", "unregistered/", "products/"])
def test_no_page_is_wider_than_a_phone(open_as, path):
    page = open_as("market", size=PHONE)
    page.goto(f"/small-operators/{path}")
    page.wait_for_load_state("networkidle")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
