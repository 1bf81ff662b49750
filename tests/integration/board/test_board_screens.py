"""The pages of the board: who sees what, figures that open down to their records, bad input, constant queries."""

from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook
from tests.integration.board.registers import COUNTY, OTHER_TOWN, TODAY, TOWN, load_shops

from fangxin.kernel.ledger import api as ledger
from fangxin.oversight.board import api as board
from fangxin.oversight.board.definitions import ACTIONS
from fangxin.oversight.board.models import TypedFigure

pytestmark = pytest.mark.django_db

MOST_STATEMENTS = 20


def text(answer: Any) -> str:
    assert answer.status_code == 200, answer.status_code
    return " ".join(answer.content.decode().split())


def page(name: str, *args: Any, **query: Any) -> str:
    return reverse(f"board:{name}", args=args) + ("?" + "&".join(f"{k}={v}" for k, v in query.items()) if query else "")


def sheet(answer: Any) -> list[tuple[Any, ...]]:
    return list(load_workbook(BytesIO(answer.content)).active.iter_rows(values_only=True))


def test_the_board_shows_every_goal_with_numerator_and_denominator(shops: Any, client: Any) -> None:
    shown = text(client.get(page("home")))
    for definition in board.definitions(TODAY):
        assert definition.name.replace("“", "&quot;") in shown or definition.name in shown, definition.code
    assert "80%" in shown
    assert "4 / 5" in shown


@pytest.mark.parametrize("label", list(ACTIONS.values()))
def test_each_action_has_its_page(shops: Any, client: Any, label: str) -> None:
    assert "编号" in text(client.get(page(label)))


def test_filters_narrow_the_board(shops: Any, client: Any) -> None:
    shown = text(client.get(page("home", action=5, status="not_met", kind="computed")))
    assert "M05-1" in shown
    assert "M06-1" not in shown
    assert "G05-1" not in shown


def test_the_board_of_another_day_and_township(shops: Any, client: Any) -> None:
    shown = text(client.get(page("home", as_of="2022-12-31", division=TOWN, action=5)))
    assert "石门镇，截至 2022年12月31日" in shown
    assert "3 / 4" in shown


def test_the_indicator_page_explains_itself_and_opens_to_its_rows(shops: Any, client: Any) -> None:
    shown = text(client.get(page("indicator", "M05-1", other="2022-08-01")))
    assert "“类别”属于（食品小经营店、" in shown
    assert "规范化农村食品经营店评定" in shown
    assert "+80" in shown  # nothing was assessed on the other day
    assert page("rows", "M05-1") in shown
    assert "青杨乡" in shown


@pytest.mark.parametrize(("part", "count"), [("denominator", 5), ("numerator", 4), ("failing", 1)])
def test_the_rows_page_lists_exactly_the_records_of_the_figure(shops: Any, client: Any, part: str, count: int) -> None:
    shown = text(client.get(page("rows", "M05-1", part=part)))
    assert f"共 {count} 条" in shown
    assert shown.count('data-label="名称"') == count
    rows = sheet(client.get(page("rows", "M05-1", part=part, _export="xlsx")))
    assert f"共 {count} 条" in rows[0][0]
    assert len(rows) == count + 2


def test_the_whole_board_goes_into_a_sheet(shops: Any, client: Any) -> None:
    rows = sheet(client.get(page("home", _export="xlsx")))
    assert len(rows) == len(board.definitions(TODAY)) + 2
    line = next(row for row in rows if row[2] == "M05-1")
    assert line[4:10] == (4, 5, 80, "%", "> 80%", "尚未达成")


def test_a_township_sees_its_own_figures_and_rows(shops: Any, township_clerk: Any, client_for: Any) -> None:
    clerk = client_for(township_clerk)
    assert "3 / 4" in text(clerk.get(page("home")))
    assert "共 4 条" in text(clerk.get(page("rows", "M05-1")))
    for division in (COUNTY, OTHER_TOWN):
        for name, args in (("home", ()), ("indicator", ("M05-1",)), ("rows", ("M05-1",))):
            assert clerk.get(page(name, *args, division=division)).status_code == 404


def test_another_county_sees_nothing(shops: Any, office: Any, outsider: Any, client_for: Any) -> None:
    snapshot = board.freeze("2023-Q1", as_of=TODAY, division_code=COUNTY, by=office)
    stranger = client_for(outsider)
    assert stranger.get(page("home", division=COUNTY)).status_code == 404
    assert stranger.get(page("snapshot", snapshot.pk)).status_code == 404
    assert stranger.get(page("proof", snapshot.pk)).status_code == 404
    assert "4 / 5" not in text(stranger.get(page("home")))


def test_vendors_schools_and_administrators_have_no_board(
    shops: Any, vendor: Any, principal: Any, administrator: Any, client_for: Any
) -> None:
    for person in (vendor, principal, administrator):
        assert client_for(person).get(page("home")).status_code == 403
        assert client_for(person).get(page("indicator", "M05-1")).status_code == 403


@pytest.mark.parametrize(
    "query",
    [
        {"as_of": "2023-02-30"}, {"as_of": "2999-01-01"}, {"as_of": "x" * 500}, {"as_of": "%00"},
        {"as_of": "0001-01-01"}, {"action": "99"}, {"agency": "9" * 40}, {"status": "<b>"}, {"kind": "%00"},
        {"page": "9" * 40},
        {"part": "x"}, {"other": "gestern"}, {"other": "2021-01-01"},
    ],
)  # fmt: skip
def test_bad_input_never_breaks_a_page(shops: Any, client: Any, query: dict[str, str]) -> None:
    for name, args in (("home", ()), ("indicator", ("M05-1",)), ("rows", ("M05-1",)), ("typed", ()), ("snapshots", ())):
        assert client.get(page(name, *args, **query)).status_code in (200, 404)


@pytest.mark.parametrize("division", ["abc", "%00", "9" * 50, "-1", "９９０１０１", "99"])
def test_a_division_that_is_none_is_not_found(shops: Any, client: Any, division: str) -> None:
    assert client.get(page("home", division=division)).status_code == 404


def test_unknown_things_are_not_found(shops: Any, client: Any) -> None:
    for url in (
        "indicators/NOPE/",
        "indicators/NOPE/rows/",
        "indicators/NOPE/type/",
        f"typed/{10**30}/",
        f"snapshots/{10**30}/",
        "snapshots/9/proof/",
    ):
        assert client.get(f"/board/{url}").status_code == 404
    assert client.get(page("rows", "X-2")).status_code == 404  # signed, no rows


def upload() -> SimpleUploadedFile:
    return SimpleUploadedFile("验收.txt", "验收意见".encode(), content_type="text/plain")


def form(agency: Any, **values: Any) -> dict[str, Any]:
    return {"division": COUNTY, "agency": agency.pk, "as_of": TODAY.isoformat(), "text": "", **values}


def test_a_department_signs_and_the_office_verifies(
    shops: Any, agencies: Any, department: Any, office: Any, client_for: Any
) -> None:
    clerk, chief = client_for(department), client_for(office)
    values = form(agencies["market"], numerator="19", denominator="20", evidence=upload())
    answer = clerk.post(page("type", "X-2"), values, follow=True)
    assert "待另一位同事核实" in text(answer) or "等待另一位同事核实" in text(answer)
    typed = TypedFigure.objects.get()
    assert "提交核实结果" not in text(clerk.get(page("typed_figure", typed.pk)))
    assert clerk.post(page("verify", typed.pk), {"accepted": "yes"}).status_code == 403
    assert "提交核实结果" in text(chief.get(page("typed_figure", typed.pk)))
    assert "请写明为什么" in text(chief.post(page("verify", typed.pk), {"accepted": "no"}))
    assert "已记录核实结果" in text(chief.post(page("verify", typed.pk), {"accepted": "yes"}, follow=True))
    assert "95%" in text(chief.get(page("home", action=1)))
    assert chief.get(page("evidence", typed.pk)).content == "验收意见".encode()


@pytest.mark.parametrize(
    ("code", "values", "said"),
    [
        ("X-2", {"numerator": "21", "denominator": "20"}, "分子不能大于分母"),
        ("X-2", {"numerator": "21"}, "没有分母"),
        ("X-2", {"numerator": "1e400", "denominator": "1"}, ""),
        ("X-2", {"numerator": "NaN", "denominator": "1"}, ""),
        ("X-2", {"numerator": "1", "denominator": "2", "as_of": "2999-01-01"}, "今天或以前"),
        ("X-2", {"numerator": "1", "denominator": "2", "division": OTHER_TOWN + "x"}, ""),
        ("X-2", {"numerator": "1", "denominator": "2", "agency": "9" * 30}, ""),
        ("X-2", {"numerator": "1", "denominator": "2", "text": "\x00"}, ""),
        ("G06-1", {"reached": "2"}, ""),
    ],
)
def test_a_form_with_faults_says_so_and_writes_nothing(
    *, shops: Any, agencies: Any, department: Any, client_for: Any, code: str, values: dict[str, str], said: str
) -> None:
    answer = client_for(department).post(page("type", code), form(agencies["market"], evidence=upload()) | values)
    assert said in text(answer)
    assert not TypedFigure.objects.exists()


def test_a_signed_figure_needs_a_file_that_is_what_it_says(
    shops: Any, agencies: Any, department: Any, client_for: Any
) -> None:
    clerk = client_for(department)
    values = form(agencies["market"], numerator="1", denominator="2")
    assert "invalid-feedback" in text(clerk.post(page("type", "X-2"), values))
    for name, content in (("a.exe", b"MZ\x90"), ("a.pdf", b"not a pdf \x00"), ("a.txt", b"")):
        answer = clerk.post(page("type", "X-2"), values | {"evidence": SimpleUploadedFile(name, content)})
        assert answer.status_code == 200
    assert not TypedFigure.objects.exists()


def test_a_township_types_for_itself_only(shops: Any, agencies: Any, township_clerk: Any, client_for: Any) -> None:
    clerk = client_for(township_clerk)
    values = form(agencies["town"], numerator="1", denominator="2", evidence=upload())
    clerk.post(page("type", "X-2"), values)
    assert not TypedFigure.objects.exists()
    clerk.post(page("type", "X-2"), values | {"division": TOWN, "evidence": upload()})
    assert TypedFigure.objects.get().division_code == TOWN


def test_a_reader_looks_and_does_not_type(shops: Any, reader: Any, client_for: Any) -> None:
    assert client_for(reader).get(page("indicator", "X-2")).status_code == 200
    assert client_for(reader).get(page("type", "X-2")).status_code == 403


def test_the_office_freezes_and_corrects_and_a_reader_takes_the_proof(
    shops: Any, client: Any, reader: Any, township_clerk: Any, client_for: Any
) -> None:
    client.post(page("take"), {"label": "临时一份", "as_of": TODAY.isoformat()})
    snapshot = board.Snapshot.objects.get()
    shown = text(client.get(page("snapshot", snapshot.pk)))
    assert "4 / 5" in shown
    assert "未签名" in shown
    assert client_for(reader).get(page("proof", snapshot.pk)).content[:2] == b"\x1f\x8b"
    assert ledger.entries_of("board.snapshot", str(snapshot.pk)).first().event == "board.proof.downloaded"
    clerk = client_for(township_clerk)
    own = text(clerk.get(page("snapshot", snapshot.pk)))
    assert "3 / 4" in own
    assert "4 / 5" not in own
    assert clerk.get(page("proof", snapshot.pk)).status_code == 403
    assert "更正原因" in text(client.post(page("correct", snapshot.pk), {"reason": ""}, follow=True))
    client.post(page("correct", snapshot.pk), {"reason": "补登"})
    assert "已被更正" in text(client.get(page("snapshot", snapshot.pk)))


def test_pages_that_write_take_no_reading(shops: Any, client: Any) -> None:
    for name, args in (("take", ()), ("correct", (1,)), ("verify", (1,))):
        assert client.get(page(name, *args)).status_code == 405


@pytest.mark.parametrize(
    ("name", "args"),
    [("home", ()), ("indicator", ("M05-1",)), ("rows", ("M05-1",)), ("typed", ()), ("snapshots", ())],
)
def test_pages_take_few_statements_however_many_rows(
    *, shops: Any, office: Any, agencies: Any, client: Any, name: str, args: tuple[str, ...]
) -> None:
    def counted() -> int:
        client.get(page(name, *args))
        with CaptureQueriesContext(connection) as queries:
            client.get(page(name, *args))
        return len([q for q in queries if "SAVEPOINT" not in q["sql"]])

    def add(count: int) -> None:
        load_shops(count, town=TOWN, passed=count // 2, prefix=f"more{count}", by=office)
        for _number in range(count):
            board.record_typed_figure(
                code="M05-1", division_code=COUNTY, as_of=TODAY, agency=agencies["market"], numerator=1, denominator=2,
                by=office,
            )  # fmt: skip
        for number in range(min(count, 3)):
            board.freeze(f"{count}-{number}", as_of=TODAY, division_code=COUNTY, by=office, with_proof=False)

    add(1)
    before = counted()
    add(10)
    assert counted() <= before
    assert before <= MOST_STATEMENTS
