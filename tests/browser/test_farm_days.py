"""A farmer's day: one hand, one phone, three taps; and what the office sees of it."""

from playwright.sync_api import expect

SMALL_PHONE = {"width": 360, "height": 740}


def test_a_farmer_writes_a_use_down_with_three_taps(open_as):
    page = open_as("farmer", size=SMALL_PHONE)
    page.goto("/farm-inputs/mine/")
    buttons = page.get_by_role("link", name="记用药")
    assert buttons.first.bounding_box()["height"] >= 48
    buttons.first.click()
    page.locator(".farm-buttons a.btn").first.click()
    expect(page.get_by_role("heading", name="今天用了以后")).to_be_visible()
    page.get_by_role("button", name="记下").click()
    expect(page.get_by_text("已记下。")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= SMALL_PHONE["width"]


def test_the_office_opens_what_was_harvested_too_early(open_as):
    page = open_as("agriculture")
    page.goto("/farm-inputs/")
    expect(page.get_by_role("heading", name="农药兽药减量")).to_be_visible()
    page.goto("/farm-inputs/harvests/?within=True")
    expect(page.locator("td .badge", has_text="间隔期内").first).to_be_visible()
