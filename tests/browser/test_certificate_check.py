"""The file that checks certificates without a network says the same as the engine, in a real browser."""

import base64
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from fangxin.engines import certificates as engine
from fangxin.engines.evidence import new_signing_key
from fangxin.surfaces import portal

pytestmark = pytest.mark.browser

SCRIPT = Path(portal.__file__).parent / "static" / "portal" / "certificate_check.js"
LEEK = engine.Statement(
    "990101-2023-0000123", "石门合作社", "韭菜", Decimal("120.5"), "kg", "990101100201", date(2023, 3, 15),
    engine.COMMITMENTS, ("own_test",), "0f" * 12,
)  # fmt: skip


@pytest.fixture(scope="module")
def keys():
    return {name: new_signing_key() for name in ("ours", "ended", "stranger")}


@pytest.fixture
def page(tmp_path, chromium, keys):
    known = [engine.Key(keys["ours"][1]), engine.Key(keys["ended"][1], None, date(2022, 12, 31))]
    words = {
        "keys": engine.keys_to_json(known), "root": "",
        "script": mark_safe(SCRIPT.read_text(encoding="utf-8")),  # noqa: S308  (our own file)
        "day": date(2023, 3, 15),
    }  # fmt: skip
    file = tmp_path / "check.html"
    file.write_text(render_to_string("portal/certificate_check_file.html", words), encoding="utf-8")
    window = chromium.new_context(offline=True).new_page()
    window.goto(file.as_uri())
    yield window
    window.context.close()


def codes(keys):
    signers = {name: engine.Signer(private) for name, (private, _public) in keys.items()}
    good = signers["ours"].sign(LEEK)
    content = base64.b32decode(good + "=" * (-len(good) % 8))
    more = engine.compact(replace(LEEK, quantity=Decimal(9999)))

    def text(changed):
        return base64.b32encode(changed).decode().rstrip("=")

    yield good, "genuine"
    yield engine.address_of("https://food.example", good), "genuine"
    yield f"{good[:40]}\n {good[40:].lower()}", "genuine"
    yield text(content[:5] + more + content[-64:]), "forged"
    yield text(content[:-1] + bytes([content[-1] ^ 1])), "forged"
    yield signers["stranger"].sign(LEEK), "unknown_key"
    yield signers["ended"].sign(LEEK), "outside_validity"
    yield text(b"\x02" + content[1:]), "newer_version"
    for wrong in ("", "990101-2023-0000123", good[:-1], good + "A", good[:60], "韭菜", "A"):
        yield wrong, "unreadable"


def test_the_browser_and_the_engine_agree(page, keys):
    known = [engine.Key(keys["ours"][1]), engine.Key(keys["ended"][1], None, date(2022, 12, 31))]
    supported = page.evaluate(
        "crypto.subtle.generateKey({name: 'Ed25519'}, false, ['verify', 'sign']).then(() => 1, () => 0)"
    )
    for code, outcome in codes(keys):
        assert engine.verify(code, known).outcome == outcome
        page.fill("#check-code", code)
        page.evaluate("delete document.getElementById('check-answer').dataset.outcome")
        page.click("#check-go")
        page.wait_for_function("document.getElementById('check-answer').dataset.outcome")
        told = page.evaluate("document.getElementById('check-answer').dataset.outcome")
        needs_network = outcome in ("genuine", "forged", "outside_validity") and not supported
        assert told == ("needs_network" if needs_network else outcome), code
    page.fill("#check-code", next(codes(keys))[0])
    page.click("#check-go")
    page.wait_for_selector("#check-answer dl")
    answer = page.inner_text("#check-answer")
    for words in ("石门合作社", "韭菜", "120.5", "2023-03-15", "990101-2023-0000123", "990101100201"):
        assert words in answer
