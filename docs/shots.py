"""Screenshots for the manual: `make docs-shots`. A synthetic county, a real server, a real browser, pictures in docs/shots."""

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

FOLDER = Path(__file__).with_name("shots")
PASSWORD = "Fangxin-2024"
DESK = {"width": 1366, "height": 768}
PHONE = {"width": 390, "height": 844}
CHROMIUM = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]

# picture, who looks, at what size, which page; a page with "→" follows the first link that begins with what comes after.
SHOTS = (
    ("today-office", "office", DESK, "/"),
    ("board", "office", DESK, "/board/"),
    ("indicator", "office", DESK, "/board/indicators/M08-1/"),
    ("rows", "office", DESK, "/board/indicators/M08-1/rows/"),
    ("plan", "office", DESK, "/plans/"),
    ("review", "office", DESK, "/plans/ → review"),
    ("action", "office", DESK, "/plans/ → /plans/actions/"),
    ("returns", "office", DESK, "/plans/returns/"),
    ("return", "market", DESK, "/plans/returns/ → /plans/returns/"),
    ("matters", "office", DESK, "/matters/"),
    ("matter", "office", DESK, "/matters/ → /matters/"),
    ("registry", "office", DESK, "/registry/premises/"),
    ("premises", "inspector", DESK, "/registry/premises/ → /registry/premises/"),
    ("matching", "town", DESK, "/registry/census/matching/"),
    ("inspection", "market", DESK, "/fieldwork/inspections/ → /fieldwork/inspections/"),
    ("small-operators", "market", DESK, "/small-operators/"),
    ("field-phone", "inspector", PHONE, "/field/"),
    ("laboratory", "lab", DESK, "/laboratory/incoming/"),
    ("results", "lab", DESK, "/laboratory/tests/ → /laboratory/samples/"),
    ("farm-phone", "farmer", PHONE, "/farm-inputs/mine/"),
    ("doctor-phone", "doctor", PHONE, "/risk/cases/new/"),
    ("investigation", "cdc", DESK, "/risk/outbreaks/investigations/ → /risk/outbreaks/investigations/"),
    ("assessment", "office", DESK, "/assessment/"),
    ("bulletins", "office", DESK, "/assessment/bulletins/"),
    ("audit", "office", DESK, "/audit/"),
    ("today-inspector-phone", "inspector", PHONE, "/"),
    ("board-phone", "town", PHONE, "/board/"),
    ("shop-phone", "shop", PHONE, "/"),
    ("verify-phone", "", PHONE, "/verify/"),
)


def main() -> int:
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        env = {**os.environ, "FANGXIN_DATA_DIR": str(Path(folder) / "county")}
        command = [sys.executable, "-m", "fangxin.surfaces.cli", "demo", "--scale", "0.1", "--port", str(port)]
        subprocess.run([*command, "--no-serve"], env=env, check=True)
        with subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
            try:
                base = f"http://127.0.0.1:{port}"
                wait_for(f"{base}/people/sign-in/")
                take_all(base)
            finally:
                server.terminate()
    return 0


def wait_for(url: str) -> None:
    for _attempt in range(240):
        try:
            with urllib.request.urlopen(url, timeout=5):  # noqa: S310  (our own server)
                return
        except (OSError, urllib.error.URLError):
            time.sleep(0.5)
    raise SystemExit(f"no answer from {url}")


def take_all(base: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
        for name, who, size, where in SHOTS:
            take(browser, base, name, who, size, where)
        browser.close()


def take(browser: Browser, base: str, name: str, who: str, size: dict[str, int], where: str) -> None:
    context = browser.new_context(viewport=size, locale="zh-CN")
    page = context.new_page()
    if who:
        sign_in(page, base, who)
    first, _arrow, then = where.partition(" → ")
    page.goto(base + first)
    if then:
        own = page.locator("main a[href]").evaluate_all("links => links.map(a => a.getAttribute('href'))")
        target = next(
            h for h in own if then in h and h.rstrip("/") != first.rstrip("/") and any(c.isdigit() for c in h)
        )
        page.goto(base + target)
    page.wait_for_timeout(700)
    page.screenshot(path=FOLDER / f"{name}.png")
    print(name, page.title())
    context.close()


def sign_in(page: Page, base: str, who: str) -> None:
    page.goto(f"{base}/people/sign-in/")
    page.fill("#id_username", who)
    page.fill("#id_password", PASSWORD)
    page.click("button.btn-primary")
    page.wait_for_load_state()


if __name__ == "__main__":
    sys.exit(main())
