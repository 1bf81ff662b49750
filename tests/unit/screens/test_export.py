from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO

import pytest
from openpyxl import load_workbook

from fangxin.kernel.screens.export import attachment, to_xlsx


def _cells(content: bytes) -> list[list]:
    return [list(row) for row in load_workbook(BytesIO(content)).active.iter_rows()]


@pytest.mark.parametrize("text", ["=1+1", "=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "\t=1"])
def test_text_that_looks_like_a_formula_stays_text(text):
    cell = _cells(to_xlsx(["名称"], [[text]]))[1][0]
    assert cell.data_type == "s"
    assert cell.value == text


def test_numbers_and_dates_keep_their_kind():
    row = _cells(to_xlsx(["a", "b", "c", "d"], [[1, Decimal("2.50"), date(2023, 3, 15), None]]))[1]
    assert [c.value for c in row][:2] == [1, 2.5]
    assert row[2].value.date() == date(2023, 3, 15)
    assert row[3].value is None


def test_a_moment_is_written_in_local_time():
    moment = datetime(2023, 3, 15, 1, 0, tzinfo=UTC)
    assert _cells(to_xlsx(["时间"], [[moment]]))[1][0].value == datetime(2023, 3, 15, 9, 0)  # noqa: DTZ001


def test_control_characters_do_not_break_the_file():
    assert _cells(to_xlsx(["a"], [["x\x00\x0by"]]))[1][0].value == "xy"


def test_headers_stand_above_and_a_note_above_them():
    cells = _cells(to_xlsx(["名称"], [["甲"]], note="截至 2023-03-15"))
    assert [r[0].value for r in cells] == ["截至 2023-03-15", "名称", "甲"]


def test_a_sheet_title_with_forbidden_signs_is_cleaned():
    assert load_workbook(BytesIO(to_xlsx(["a"], [], title="a/b:c[d]"))).sheetnames == ["abcd"]


def test_a_file_name_cannot_leave_its_header():
    assert "\n" not in attachment('x"\r\nSet-Cookie: a=b.xlsx')
