"""The inspector's phone in a real browser: without network, with the tab killed, the clock wrong, the PIN forgotten."""

import io
import re
import struct
import subprocess
import sys
import zlib

import pytest
from playwright.sync_api import Error, expect
from tests.browser.conftest import PHONE
from tests.county import PASSWORD, command_environment

pytestmark = pytest.mark.browser

PIN = "271828"
VISITED = 10
# Owes the inspector visits to new eating-houses, so that each test has one of its own.
VISITS = """
import sys
from datetime import timedelta
import django; django.setup()
from fangxin.kernel.fieldwork import api as fieldwork
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.kernel.registry import api as registry
user = people.User.objects.get(username="inspector")
agency, today = user.posts_today[0].agency, ledger.clock.today()
officers = fieldwork.snapshot_for(user, today)["officers"]
other = people.User.objects.get(pk=next(o["id"] for o in officers if o["id"] != user.pk))
for n in range(int(sys.argv[1])):
    owner = registry.register_operator(name=f"清溪面馆{n}号", kind="individual", division_code=agency.division_code, by=other)
    place = registry.register_premises(operator=owner, name=f"清溪面馆{n}号", kind="restaurant",
        division_code=agency.division_code, address=f"清溪路{n}号", opened_on=today - timedelta(days=900), by=other)
    fieldwork.add_visit(premises=place, kind="routine", reason="special", from_on=today - timedelta(days=1),
        due_on=today + timedelta(days=30), officers=[user, other], agency=agency, by=other)
"""


@pytest.fixture(scope="module")
def owed(small_county):
    done = subprocess.run(
        [sys.executable, "-c", VISITS, str(VISITED)],
        env=command_environment(small_county.folder) | {"DJANGO_SETTINGS_MODULE": "fangxin.config.settings"},
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    return iter(range(VISITED))


@pytest.fixture
def phone(owed, open_as):
    """A phone that has begun: signed in once, a PIN set, the day's visits on it."""
    page = open_as("inspector", size=PHONE)
    page.goto("/field/")
    set_pin(page)
    expect(page.get_by_role("heading", name="我的检查")).to_be_visible()
    expect(page.locator("#contact")).to_contain_text("联系成功")
    # The page itself is on the phone now.
    page.evaluate("() => navigator.serviceWorker.ready")
    page.wait_for_function(
        "async () => (await caches.keys()).length > 0 && (await (await caches.open((await caches.keys())[0])).keys()).length > 15"
    )
    return page


def set_pin(page, pin=PIN):
    page.locator("[name=first]").fill(pin)
    page.locator("[name=second]").fill(pin)
    page.get_by_role("button", name="设定口令").click()


def unlock(page, pin=PIN):
    page.locator("[name=pin]").fill(pin)
    page.get_by_role("button", name="打开").click()


def begin(page, owed):
    """Begins a visit that no other test has; returns the name of the place."""
    name = f"清溪面馆{next(owed)}号"
    page.get_by_role("button", name=name).click()
    page.get_by_role("button", name="开始检查").click()
    expect(page.locator("section.item").first).to_be_visible()
    return name


def first_item(page):
    return page.locator("section.item").first


def answer(page, word="合格", item=0):
    page.locator("section.item").nth(item).get_by_role("button", name=word, exact=True).click()
    expect(page.locator("section.item").nth(item).locator("[aria-pressed=true]").first).to_be_visible()


def pending(page):
    text = page.locator("#state").inner_text()
    return 0 if "已全部同步" in text else int(re.search(r"\d+", text).group())


def send(page):
    page.locator("#to-unsent").click()
    page.get_by_role("button", name="立即同步").click()
    expect(page.locator("#state")).to_have_text("已全部同步")


def rows(county, name):
    """Operations that the server has of the subject, and items that took effect."""
    return county.rows(
        "SELECT o.kind, o.outcome FROM field_syncedoperation o WHERE json_extract(o.payload, '$.about') = ? ORDER BY o.id",
        name,
    )


def sign(page, pad):
    """A stroke, and again where a busy machine moved the page under the hand."""
    for _try in range(3):
        pad.scroll_into_view_if_needed()
        box = pad.bounding_box()
        page.mouse.move(box["x"] + 20, box["y"] + 20)
        page.mouse.down()
        for step in range(1, 6):
            page.mouse.move(box["x"] + 20 + 30 * step, box["y"] + 20 + 10 * (step % 2), steps=3)
        page.mouse.up()
        if pad.get_attribute("data-signed") == "true":
            return
    raise AssertionError("the pad took no stroke")


def test_a_visit_from_beginning_to_signature_without_network(phone, small_county, owed):
    phone.context.set_offline(True)
    phone.reload()
    unlock(phone)
    name = begin(phone, owed)
    answer(phone, "不合格")
    first_item(phone).get_by_role("button", name="不影响").click()
    items = phone.locator("section.item").count()
    for item in range(1, items):
        answer(phone, "合格", item)
    phone.get_by_role("button", name="判定和签字").click()
    phone.get_by_role("button", name="确定结果，去签字").click()
    expect(phone.get_by_role("heading", name="签字", exact=True)).to_be_visible()
    for pad in phone.locator("canvas").all():
        sign(phone, pad)
    phone.get_by_label("签字人姓名").fill("魏某")
    phone.get_by_role("button", name="完成检查").click()
    expect(phone.get_by_text("这次检查已完成签字")).to_be_visible()
    assert not rows(small_county, name)
    phone.context.set_offline(False)
    send(phone)
    outcomes = {outcome for _kind, outcome in rows(small_county, name)}
    assert outcomes == {"applied"}
    told = small_county.rows(
        "SELECT state, operator_signer FROM fieldwork_inspection WHERE premises_name = ? ORDER BY id DESC LIMIT 1", name
    )
    assert told[0][0] in ("told", "closed")
    assert told[0][1] == "魏某"


def kill(page):
    """The page's process ends between two instructions."""
    with pytest.raises(Error, match="crash"):
        page.goto("chrome://crash")
    page.close()


def test_a_killed_tab_loses_nothing_that_was_shown_as_noted(phone, small_county, owed):
    phone.context.set_offline(True)
    name = begin(phone, owed)
    answer(phone, "合格", 0)
    answer(phone, "不适用", 1)
    before, context = pending(phone), phone.context
    kill(phone)
    again = phone_again(context)
    unlock(again)
    again.get_by_role("button", name=name).click()
    expect(again.locator("#count")).to_contain_text("已查 2 项")
    assert pending(again) == before
    context.set_offline(False)
    send(again)
    assert rows(small_county, name) == [("start", "applied"), ("item", "applied"), ("item", "applied")]


def phone_again(context):
    """The same phone, its page opened anew."""
    again = context.new_page()
    again.goto("/field/")
    return again


def test_a_wrong_clock_is_put_right(phone, small_county, owed):
    phone.add_init_script(
        "const Real = Date, now = Date.now; Real.now = () => now() - 40 * 86400000;"
        "globalThis.Date = class extends Real { constructor(...a) { super(...(a.length ? a : [Real.now()])); } };"
    )
    phone.reload()
    unlock(phone)
    name = begin(phone, owed)
    answer(phone)
    send(phone)
    times = small_county.rows(
        "SELECT made_at, made_at_device, received_at, time_doubtful FROM field_syncedoperation "
        "WHERE json_extract(payload, '$.about') = ?", name)  # fmt: skip
    assert len(times) == 2
    for made, told, received, doubtful in times:
        assert made[:16] <= received[:16]
        assert made[:10] == received[:10]
        assert told[:10] != made[:10]
        assert doubtful


def test_two_tabs_of_one_phone_never_double(phone, small_county, owed):
    other = phone_again(phone.context)
    unlock(other)
    expect(other.locator("#contact")).to_contain_text("联系成功")
    phone.context.set_offline(True)
    name = begin(phone, owed)
    answer(phone, "合格", 0)
    answer(phone, "合格", 1)
    phone.context.set_offline(False)
    for page in (phone, other):
        page.locator("#to-unsent").click()
    for page in (phone, other):
        page.get_by_role("button", name="立即同步").click(no_wait_after=True)
    for page in (phone, other):
        expect(page.locator("#state")).to_have_text("已全部同步")
    assert sorted(rows(small_county, name)) == [("item", "applied"), ("item", "applied"), ("start", "applied")]


def test_wrong_pins_shut_the_phone_and_a_sign_in_opens_it_with_the_work(phone, small_county, owed):
    phone.context.set_offline(True)
    name = begin(phone, owed)
    answer(phone)
    phone.get_by_role("button", name="锁定").click()
    for left in range(9, 0, -1):
        unlock(phone, "000001")
        expect(phone.get_by_text(f"还可以试 {left} 次")).to_be_visible()
    unlock(phone, "000001")
    expect(phone.get_by_role("heading", name="现在没有网络")).to_be_visible()
    phone.context.set_offline(False)
    phone.reload()
    expect(phone.get_by_role("heading", name="重设口令")).to_be_visible()
    set_pin(phone, "161803")
    phone.get_by_role("button", name=name).click()
    expect(phone.locator("#count")).to_contain_text("已查 1 项")
    send(phone)
    assert rows(small_county, name) == [("start", "applied"), ("item", "applied")]


def test_wrong_pins_wipe_a_phone_on_which_nothing_waits(phone):
    phone.get_by_role("button", name="锁定").click()
    for left in range(9, 0, -1):
        unlock(phone, "000001")
        expect(phone.get_by_text(f"还可以试 {left} 次")).to_be_visible()
    unlock(phone, "000001")
    expect(phone.get_by_role("heading", name="这部手机上的外勤数据已清除")).to_be_visible()
    assert phone.evaluate("async () => (await indexedDB.databases()).length") == 0


def test_what_lies_on_the_phone_cannot_be_read_without_the_pin(phone):
    name = phone.locator("#main button strong").first.inner_text()
    text = phone.evaluate(
        """async () => {
          const db = await new Promise((done) => { const asked = indexedDB.open("fangxin-field"); asked.onsuccess = () => done(asked.result); });
          const all = (store) => new Promise((done) => { const asked = db.transaction(store).objectStore(store).getAll(); asked.onsuccess = () => done(asked.result); });
          const plain = (value) => value instanceof ArrayBuffer ? new TextDecoder("utf-8").decode(value)
            : ArrayBuffer.isView(value) ? new TextDecoder("utf-8").decode(value)
            : value && typeof value === "object" ? Object.values(value).map(plain).join(" ") : String(value);
          return [...await all("journal"), ...await all("cabinet")].map(plain).join(" ");
        }"""
    )
    assert len(text) > 1000
    assert name not in text
    assert "visits" not in text


def test_ten_idle_minutes_lock_it(phone):
    phone.clock.install()
    phone.reload()
    unlock(phone)
    expect(phone.get_by_role("heading", name="我的检查")).to_be_visible()
    phone.clock.fast_forward("11:00")
    expect(phone.get_by_role("heading", name="外勤已锁定")).to_be_visible()


def test_a_phone_signed_out_in_the_console_wipes_itself_at_the_next_contact(phone, open_as, small_county):
    pk = small_county.one("SELECT max(id) FROM field_device")
    console = open_as("market")
    console.goto(f"/field/devices/{pk}/")
    console.get_by_label("注销原因").fill("手机遗失")
    console.locator("main form button").click()
    expect(console.get_by_text("指令待送达")).to_be_visible()
    # It lies locked in a stranger's hand; the page only asks whether it may stay.
    phone.reload()
    expect(phone.get_by_role("heading", name="这部手机上的外勤数据已清除")).to_be_visible()
    assert phone.evaluate("async () => (await indexedDB.databases()).length + (await caches.keys()).length") == 0
    console.reload()
    expect(console.get_by_text("报告已清除")).to_be_visible()


def png(width, height, padding=0):
    """A plain picture of this size; `padding` bytes of a chunk that means nothing make the file large."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    body = zlib.compress((b"\0" + b"\x40" * width) * height, 1)
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + (chunk(b"teXt", b"\0" * padding) if padding else b"")
        + chunk(b"IDAT", body)
        + chunk(b"IEND", b"")
    )


def test_pictures_are_made_small_and_what_is_none_is_refused_kindly(phone, small_county, tmp_path, owed):
    name = begin(phone, owed)
    answer(phone)
    photo = first_item(phone).locator("input[type=file]")
    large = tmp_path / "large.png"
    large.write_bytes(png(6000, 4000, padding=50 * 1024 * 1024))
    refused = {
        "kitchen.heic": b"\0\0\0\x18ftypheic" + b"\0" * 100,
        "tale.jpg": b"once upon a time" * 20,
        "empty.jpg": b"",
    }
    for label, content in refused.items():
        photo.set_input_files({"name": label, "mimeType": "image/jpeg", "buffer": content})
        expect(phone.locator("#notice")).to_contain_text("没有收下")
    photo.set_input_files(
        {
            "name": "giant.png",
            "mimeType": "image/png",
            "buffer": png(30_000, 10)[:33].replace(struct.pack(">II", 30_000, 10), struct.pack(">II", 30_000, 30_000)),
        }
    )
    expect(phone.locator("#notice")).to_contain_text("太大")
    photo.set_input_files(large)
    expect(first_item(phone).get_by_text("已有 1 张")).to_be_visible()
    send(phone)
    [(size, digest, media)] = small_county.rows(
        "SELECT f.size, f.digest, f.media_type FROM fieldwork_itemphoto p JOIN ledger_evidencefile f ON f.id = p.file_id "
        "JOIN fieldwork_inspection i ON i.id = p.inspection_id WHERE i.premises_name = ?", name)  # fmt: skip
    assert media == "image/jpeg"
    assert size < 500_000
    assert jpeg_size((small_county.folder / "evidence" / digest[:2] / digest).read_bytes()) == (1600, 1067)


def jpeg_size(content):
    stream = io.BytesIO(content)
    assert stream.read(2) == b"\xff\xd8"
    while True:
        _ff, marker, length = struct.unpack(">BBH", stream.read(4))
        assert marker != 0xE1, "notes of the original file are still there"
        if marker in (0xC0, 0xC2):
            height, width = struct.unpack(">xHH", stream.read(5))
            return width, height
        stream.seek(length - 2, 1)


def test_somebody_else_cannot_set_a_new_pin(phone, small_county):
    phone.get_by_role("button", name="锁定").click()
    phone.context.clear_cookies()
    phone.get_by_role("button", name="忘记口令").click()
    phone.get_by_role("link", name="去登录").click()
    phone.get_by_label("账号").fill("town")
    phone.get_by_label("密码").fill(PASSWORD)
    phone.get_by_role("button", name="登录").click()
    phone.get_by_role("button", name="忘记口令").click()
    set_pin(phone, "161803")
    expect(phone.locator("#notice")).to_contain_text("不是用当前登录的账号启用的")
