"""Nonsense never gives a server error: every list, every form, every upload, on a running server."""

import csv
import io
import random
import time
import zipfile
from functools import cache

import pytest
from tests.crawl import name_and_key, walk

SEED = 20221130
# What people, broken clients and scanners send.
NONSENSE = (
    "", " ", "\0", "a\0b", "x" * 20_000, "\U0001F600" * 200, "-1", "0", "10" * 40, str(10**30), "1e999", "NaN", "Infinity",
    "2023-02-30", "0000-00-00", "99999-12-31", "31.12.2023", "' OR 1=1 --", "\"; DROP TABLE ledger_entry; --",
    "<script>alert(1)</script>", "{{ 7*7 }}", "%s%n%d", "../../etc/passwd", "=cmd|' /C calc'!A0", "[1,2,3]",
    '{"a": {"b": []}}', "null", "true", "\u202e\u0000\uffff", "\ud7ff", "１２３", "٣", "½", "²",
)  # fmt: skip
QUERIES = (
    {"page": "0"}, {"page": "-1"}, {"page": "1e5"}, {"page": str(10**30)}, {"page": "\0"}, {"per_page": str(10**12)},
    {"sort": "nothing"}, {"sort": "-"}, {"sort": "--pk"}, {"sort": "password"}, {"sort": "\0"}, {"sort": "pk,-pk,sort"},
    {"pk__in": "1,2"}, {"id__gte": "x"}, {"owner__password__startswith": "a"}, {"_export": "pdf"}, {"_export": "\0"},
)  # fmt: skip
LARGE = 6 * 1024 * 1024


@pytest.fixture(scope="module")
def office_walk(small_county):
    return walk(small_county, "office")


@pytest.fixture
def chance():
    return random.Random(SEED)


@pytest.fixture(autouse=True)
def no_trouble(small_county):
    """The server's own log says the same as its answers."""
    before = len(small_county.troubles())
    yield
    assert not small_county.troubles()[before:][-3000:]


def _errors(answers):
    return [(what, page.status) for what, page in answers if page.status >= 500]


def _lists(taken):
    return sorted({a.split("?")[0] for a, page in taken.pages.items() if page.is_html and page.status == 200})


def test_no_query_string_breaks_a_page(small_county, office_walk, chance):
    visitor = small_county.visitor("office")
    asked = [(address, query) for address in _lists(office_walk) for query in chance.sample(QUERIES, 3)]
    assert not _errors([(what, visitor.get(what[0], params=what[1])) for what in asked])


def test_no_filter_breaks_on_nonsense(small_county, office_walk, chance):
    visitor, answers = small_county.visitor("office"), []
    for form in office_walk.forms("get"):
        for _round in range(4):
            query = {name: chance.choice(NONSENSE)[:2000] for name in form.fields}
            answers.append(((form.action, query), visitor.get(form.action, params=query)))
        query = {name: [chance.choice(NONSENSE)[:50], chance.choice(NONSENSE)[:50]] for name in form.fields}
        answers.append(((form.action, query), visitor.get(form.action, params=query | {"_export": "xlsx"})))
    assert len(answers) > 50
    assert not _errors(answers)


def test_no_form_breaks_on_nonsense(small_county, office_walk, chance):
    visitor, answers = small_county.visitor("office"), []
    for form in _writing_forms(office_walk):
        few = chance.sample(sorted(form.fields), min(2, len(form.fields)))
        bodies = [
            {},
            dict.fromkeys(form.fields, str(10**30)),
            dict.fromkeys(form.fields, "\0"),
            {name: chance.choice(NONSENSE) for name in form.fields},
            form.fields | {name: chance.choice(NONSENSE) for name in few},
        ]
        answers += [((form.action, data), visitor.post(form.action, data)) for data in bodies]
    assert len(answers) > 100
    assert not _errors(answers)


def test_no_form_breaks_on_a_body_of_another_kind(small_county, office_walk, chance):
    visitor, answers = small_county.visitor("office"), []
    bodies = (
        (b'{"a": 1', "application/json"), (b"\x00\xff" * 50, "application/octet-stream"), (b"a=%zz&%00=1&=&&&", None),
        (b"--x\r\nContent-Disposition: form-data; name=", "multipart/form-data; boundary=x"),
        (b"", "multipart/form-data"), (b"a=1", "application/x-www-form-urlencoded; charset=nonsense"),
        (b"&".join(b"f%d=1" % n for n in range(1500)), "application/x-www-form-urlencoded"),
    )  # fmt: skip
    for form in _writing_forms(office_walk):
        body, kind = chance.choice(bodies)
        headers = {"Content-Type": kind or "application/x-www-form-urlencoded"}
        answers.append(((form.action, body[:40]), visitor.post(form.action, body, headers=headers)))
    assert not _errors(answers)


def test_no_address_breaks_on_a_strange_key(small_county, office_walk, chance):
    visitor, answers = small_county.visitor("office"), []
    for address in office_walk.objects():
        for key, value in name_and_key(address)[1].items():
            for other in chance.sample(
                [str(10**30), str(2**63), "0", "%00", "%ff", "-1", "%F0%9F%98%80", "a" * 500], 2
            ):
                strange = address.replace(f"/{value}/", f"/{other}/")
                answers.append(((strange, key), visitor.get(strange)))
    assert not _errors(answers)


def test_a_body_of_six_megabytes_is_refused(small_county, office_walk):
    visitor = small_county.visitor("office")
    for action in ("/matters/new/", "/registry/operators/new/"):
        assert visitor.post(action, {"text": "x" * LARGE}).status in (400, 413)


def test_sign_in_survives_nonsense(small_county, chance):
    stranger = small_county.visitor("")
    stranger.get("/people/sign-in/")
    for _round in range(8):
        data = {
            "username": chance.choice(NONSENSE),
            "password": chance.choice(NONSENSE),
            "next": chance.choice(NONSENSE),
        }
        assert stranger.post("/people/sign-in/", data).status in (200, 400, 403)
    for token in ("x" * 2000, "%00", "\U0001f600", "..%2f..", "'"):
        assert stranger.get(f"/verify/{token}/").status in (400, 404)


def _writing_forms(taken):
    """Forms that may be sent with nonsense: not the way to one's own password."""
    return [f for f in taken.forms("post") if not f.action.startswith(("/people/account/", "/plans/1/"))]


@cache
def _zip_bomb():
    """Half a gigabyte of the same character, in half a megabyte."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr(
            "[Content_Types].xml", "<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'/>"
        )
        with book.open("xl/worksheets/sheet1.xml", "w") as sheet:
            for _part in range(500):
                sheet.write(b"0" * 1024 * 1024)
    return out.getvalue()


def _long_csv(rows):
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["经营主体名称", "统一社会信用代码", "场所名称", "场所类别", "区划代码", "地址"])
    writer.writerows(["某店", "", f"第{n}店", "餐饮", "411224100", f"街 {n} 号"] for n in range(rows))
    return out.getvalue().encode("utf-8-sig")


UPLOADS = {
    "program.xlsx": lambda: b"MZ\x90\x00" + b"\x00" * 5000,
    "empty.csv": lambda: b"",
    "bomb.xlsx": _zip_bomb,
    "page.csv": lambda: b"<!doctype html><script>alert(1)</script>",
    "long.csv": lambda: _long_csv(200_000),
    "noise.csv": lambda: random.Random(SEED).randbytes(200_000),
    "plan.exe": lambda: b"MZ\x90\x00",
}


@pytest.mark.parametrize("name", UPLOADS)
def test_an_import_refuses_what_is_no_table_in_bounded_time(small_county, name):
    visitor, began = small_county.visitor("office"), time.monotonic()
    before = small_county.one("SELECT count(*) FROM registry_premises")
    page = visitor.post("/registry/imports/new/", {"kind": "premises"}, files={"file": (name, UPLOADS[name]())})
    # A table may be taken in for the dry run; nothing enters the register before somebody applies it.
    assert page.status in (200, 302, 400)
    assert time.monotonic() - began < 30
    assert small_county.one("SELECT count(*) FROM registry_premises") == before


@pytest.mark.parametrize("name", ["plan.txt", "plan.docx", "program.txt", "bomb.docx"])
def test_a_plan_upload_refuses_what_is_no_plan(small_county, name):
    content = {
        "plan.txt": "<html><body><h1>一、总体要求</h1></body></html>".encode(),
        "plan.docx": b"PK\x03\x04 broken",
        "program.txt": b"MZ\x90\x00" + b"\x00" * 5000,
        "bomb.docx": _zip_bomb(),
    }[name]
    visitor, before = small_county.visitor("office"), small_county.one("SELECT count(*) FROM plans_plan")
    page = visitor.post("/plans/new/", {}, files={"file": (name, content)})
    assert page.status == 200
    assert small_county.one("SELECT count(*) FROM plans_plan") == before


def test_the_ledger_still_holds_after_all_of_this(small_county):
    page = small_county.visitor("office").post("/audit/verify/")
    assert page.status == 200
    assert "台账完好" in page.text
