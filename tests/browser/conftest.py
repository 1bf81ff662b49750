"""A real browser before a real server. It may reach that server and nothing else."""

import shutil

import pytest
from playwright.sync_api import sync_playwright
from tests.county import county_of_a_file

DESK = {"width": 1366, "height": 768}
PHONE = {"width": 390, "height": 844}
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]


@pytest.fixture(scope="module")
def small_county(tmp_path_factory):
    with county_of_a_file(tmp_path_factory) as county:
        yield county


@pytest.fixture(scope="module")
def chromium():
    path = shutil.which("chromium")
    if path is None:
        pytest.skip("Chromium is not here: python -m tests.prerequisites --only browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def open_as(chromium, small_county):
    """A new window of a person; without a name, of the public. What it does wrong fails the test."""
    contexts, strays, errors = [], [], []

    def make(username="", *, size=DESK, language="zh-CN"):
        context = chromium.new_context(
            base_url=small_county.base, viewport=size, locale=language, is_mobile=size == PHONE, has_touch=size == PHONE
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        if username:
            session = small_county.visitor(username).session.cookies
            own = [
                {"name": c.name, "value": c.value, "url": small_county.base} for c in session if c.name == "sessionid"
            ]
            context.add_cookies(own)
        page = context.new_page()
        page.on("request", lambda request: strays.append(request.url) if _is_stray(request.url, small_county) else None)
        page.on("pageerror", lambda error: errors.append(str(error)))
        return page

    yield make
    for context in contexts:
        context.close()
    assert not strays, "a page asked another server"
    assert not errors, "a script of a page failed"


def _is_stray(url, county):
    return not url.startswith((county.base, "data:", "blob:", "about:"))
