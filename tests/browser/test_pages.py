"""Every main page for everybody: with a screen reader, by keyboard, on paper, in English, without the internet."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from tests.browser.conftest import DESK, PHONE

pytestmark = pytest.mark.browser
SERIOUS = {"serious", "critical"}


def addresses(county):
    """The main pages, one of each kind, by who opens them."""
    code = county.one("SELECT indicator_code FROM plans_goal WHERE indicator_code <> '' LIMIT 1")
    begun = county.one("SELECT id FROM plans_return WHERE state = 'drafting' LIMIT 1")
    writer = county.one("SELECT u.username FROM people_user u JOIN people_post p ON p.user_id = u.id "
                        "JOIN plans_return r ON r.agency_id = p.agency_id WHERE r.id = ?", begun)  # fmt: skip
    matter = county.one("SELECT id FROM casework_matter WHERE state = 'closed' LIMIT 1")
    shop = county.one("SELECT id FROM registry_premises WHERE closed_on IS NULL LIMIT 1")
    return {
        "": ["/people/sign-in/", "/verify/?number=JY12345678901234"],
        "office": [
            "/", "/board/", f"/board/indicators/{code}/", f"/board/indicators/{code}/rows/", "/plans/1/",
            "/plans/1/review/", "/plans/assignments/", "/plans/tasks/", "/plans/returns/", f"/plans/returns/{begun}/",
            "/matters/", f"/matters/{matter}/", "/matters/new/?find=店", "/matters/account/", "/matters/calendar/",
            "/registry/premises/", f"/registry/premises/{shop}/", "/registry/census/matching/",
            "/registry/imports/new/", "/assessment/", "/assessment/1/", "/audit/", "/people/agencies/", "/help/",
        ],
        writer: [f"/plans/returns/{begun}/write/"],
        "admin": ["/people/users/"],
    }  # fmt: skip


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_no_page_puts_up_a_barrier_or_overflows(open_as, small_county, size):
    found = []
    for username, pages in addresses(small_county).items():
        page = open_as(username, size=size)
        for address in pages:
            page.goto(address)
            barriers = [v for v in Axe().run(page).response["violations"] if v["impact"] in SERIOUS]
            found += [(address, barrier["id"], barrier["nodes"][0]["html"][:200]) for barrier in barriers]
            if page.evaluate("document.documentElement.scrollWidth") > size["width"]:
                found.append((address, "wider than the screen", ""))
    assert not found


def test_a_list_is_worked_by_keyboard(open_as):
    page = open_as("office")
    page.goto("/matters/")
    page.keyboard.press("Tab")
    skip = page.locator(".skip-link")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#content")).to_be_focused()
    # From the text on: buttons, filters, then the rows, each with a visible mark.
    reached = []
    for _press in range(60):
        page.keyboard.press("Tab")
        seen = page.evaluate(
            "(() => { const e = document.activeElement, s = getComputedStyle(e); return [e.tagName, e.getAttribute('href'),"
            " s.outlineStyle !== 'none' || s.boxShadow !== 'none']; })()"
        )
        reached.append(seen)
        if seen[1] and seen[1].startswith("/matters/") and seen[1].strip("/").split("/")[-1].isdigit():
            break
    assert reached[-1][1].strip("/").split("/")[-1].isdigit(), "no row was reached"
    assert all(mark for _tag, _href, mark in reached)
    page.keyboard.press("Enter")
    expect(page.locator(".life")).to_be_visible()


def test_the_menu_is_worked_by_keyboard(open_as):
    page = open_as("office")
    page.goto("/")
    page.get_by_role("link", name="目标看板").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/board/")
    expect(page.locator("[aria-current=page]").first).to_be_visible()


def test_a_form_says_what_is_wrong_beside_the_field(open_as):
    page = open_as("office")
    page.goto("/matters/new/")
    page.get_by_role("button", name="立账", exact=True).click()
    expect(page.locator("#id_hazard")).to_have_attribute("aria-invalid", "true")
    expect(page.locator(".invalid-feedback").first).to_be_visible()


@pytest.mark.parametrize("address", ["/board/", "/matters/1/"])
def test_a_page_comes_out_on_paper(open_as, address):
    page = open_as("office")
    page.goto(address)
    page.emulate_media(media="print")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator(".navbar-vertical")).to_be_hidden()
    paper = page.pdf(format="A4")
    assert paper.startswith(b"%PDF")
    assert len(paper) > 20_000


def test_the_language_is_switched_and_stays(open_as):
    page = open_as("office")
    page.goto("/board/")
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert page.url.endswith("/board/")
    page.goto("/matters/")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.get_by_role("button", name="中文").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-hans")


def test_a_list_filters_without_a_reload_and_keeps_its_address(open_as):
    page = open_as("office")
    page.goto("/registry/premises/")
    before = page.locator(".list-count").inner_text()
    page.evaluate("window.sameDocument = true")
    page.locator(".filter-form input[type=text]").first.press_sequentially("zzqq")
    expect(page.locator(".list-count")).to_have_text("共 0 条")
    assert before != "共 0 条"
    assert page.evaluate("window.sameDocument")
    assert "zzqq" in page.url
