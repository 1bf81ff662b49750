"""Sheets of results as people and instruments send them: told by row and column, whole or not at all."""

import io
import random
from datetime import date

import pytest
from openpyxl import Workbook

from fangxin.engines.limits import Outcome
from fangxin.kernel.catalog import api as catalog
from fangxin.kernel.catalog.limit_tables import the_judge
from fangxin.kernel.laboratory import importing
from fangxin.kernel.laboratory.data_results import Ordered
from fangxin.kernel.laboratory.models import Result, ResultFile, Test, Verdict
from fangxin.kernel.laboratory.rules import Refused
from fangxin.kernel.laboratory.services import results
from fangxin.kernel.screens.sheets import Unreadable

HEAD = "样品编号,检验项目,结果,单位,检出限,平行号"


@pytest.fixture
def ordered(received, receiver):
    return results.order_tests(
        sample=received, items=[Ordered("镉"), Ordered("腐霉利"), Ordered("菌落总数", replicates=2)], by=receiver
    )


def csv_of(*lines: str) -> bytes:
    return "\n".join((HEAD, *lines)).encode()


def check(content, house, by, name="结果.csv", **more):
    return importing.check_file(laboratory=house, name=name, content=content, by=by, **more)


def faults(row):
    return [(number, column, text) for number, column, text in row.faults]


def test_a_sound_sheet_is_shown_then_written(ordered, received, testing_house, receiver):
    number = received.number
    content = csv_of(f"{number},镉,0.021,mg/kg,0.001,", f"{number},腐霉利,未检出,mg/kg,0.01,", f"{number},菌落总数,50,CFU/g,,1",
                     f"{number},菌落总数,80,CFU/g,,2")  # fmt: skip
    row = check(content, testing_house, receiver)
    assert (row.total, row.faulty, row.state) == (4, 0, "checked")
    assert not Result.objects.exists()
    importing.ask_to_apply(row=row, by=receiver)
    assert Result.objects.count() == 4
    assert set(Test.objects.values_list("state", flat=True)) == {"entered"}
    one = Result.objects.get(test__analyte="腐霉利")
    assert (one.text, one.number, one.lod, one.source) == ("未检出", "", "0.01", "file")


def test_every_fault_is_told_by_row_and_column_and_nothing_is_written(ordered, received, testing_house, receiver):
    number = received.number
    row = check(
        csv_of(f"{number},镉,,mg/kg,,", "NO-SUCH,镉,1,mg/kg,,", f"{number},铅,1,mg/kg,,", f"{number},腐霉利,0.1,mg/kg,abc,",
               f"{number},菌落总数,50,CFU/g,,1"), testing_house, receiver,
    )  # fmt: skip
    assert [(r, c) for r, c, _text in faults(row)] == [
        (2, "结果"),
        (3, "样品编号"),
        (4, "检验项目"),
        (5, "检出限"),
        (6, "平行号"),
    ]
    with pytest.raises(Refused, match="5行有误"):
        importing.ask_to_apply(row=row, by=receiver)
    assert not Result.objects.exists()


def test_the_same_file_twice_is_refused(ordered, received, testing_house, receiver):
    content = csv_of(f"{received.number},镉,0.021,mg/kg,,")
    importing.ask_to_apply(row=check(content, testing_house, receiver), by=receiver)
    with pytest.raises(Refused, match="已经导入过"):
        check(content, testing_house, receiver)


def test_an_item_that_has_results_is_refused_in_another_file(ordered, received, testing_house, receiver):
    importing.ask_to_apply(
        row=check(csv_of(f"{received.number},镉,0.021,mg/kg,,"), testing_house, receiver), by=receiver
    )
    again = check(csv_of(f"{received.number},镉,0.5,mg/kg,,"), testing_house, receiver)
    assert "已有结果" in faults(again)[0][2]


def test_two_people_with_the_same_checked_file_write_it_once(ordered, received, testing_house, receiver, analyst):
    content = csv_of(f"{received.number},镉,0.021,mg/kg,,")
    first, second = check(content, testing_house, receiver), check(content, testing_house, analyst)
    importing.ask_to_apply(row=first, by=receiver)
    with pytest.raises(Refused):
        importing.ask_to_apply(row=second, by=analyst)
    assert Result.objects.count() == 1
    assert ResultFile.objects.get(pk=second.pk).state == "checked"


def test_full_width_digits_and_what_is_no_number_stay_as_typed(ordered, received, testing_house, receiver):
    number = received.number
    content = csv_of(f"{number},镉,０．０２１,mg/kg,,", f"{number},腐霉利,<0.01,mg/kg,,")
    importing.ask_to_apply(row=check(content, testing_house, receiver), by=receiver)
    kept = {r.test.analyte: (r.text, r.number) for r in Result.objects.select_related("test")}
    assert kept == {"镉": ("０．０２１", "0.021"), "腐霉利": ("<0.01", "")}


def sheet_of(*rows):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def test_an_instruments_own_headers_are_understood(ordered, received, testing_house, receiver):
    content = sheet_of(
        ["Instrument export"], ["Sample ID", "Analyte", "Conc", "Units"], [received.number, "镉", 0.021, "mg/kg"]
    )
    row = check(content, testing_house, receiver, name="icp.xlsx", instrument=True)
    importing.ask_to_apply(row=row, by=receiver)
    assert Result.objects.get().source == "instrument"


def test_dates_formulas_and_merged_cells_are_no_results(ordered, received, testing_house, receiver):
    number = received.number
    row = check(sheet_of(["样品编号", "检验项目", "结果"], [number, "镉", date(2023, 5, 1)], [number, "腐霉利", "=1+1"]),
                testing_house, receiver, name="a.xlsx")  # fmt: skip
    assert [("日期" in t, "公式" in t) for _r, _c, t in faults(row)] == [(True, False), (False, True)]
    book = Workbook()
    for values in (["样品编号", "检验项目", "结果"], [number, "镉", "0.1"], [number, "腐霉利", "0.1"]):
        book.active.append(values)
    book.active.merge_cells("A2:A3")
    file = io.BytesIO()
    book.save(file)
    with pytest.raises(Unreadable, match="合并单元格"):
        check(file.getvalue(), testing_house, receiver, name="b.xlsx")


def test_another_laboratory_reaches_nothing(ordered, received, other_house, other_receiver):
    row = check(csv_of(f"{received.number},镉,0.021,mg/kg,,"), other_house, other_receiver)
    assert "没有在检的样品" in faults(row)[0][2]


def test_a_sheet_beyond_measure_is_refused(ordered, testing_house, receiver, monkeypatch):
    monkeypatch.setattr(importing, "MOST_ROWS", 5)
    with pytest.raises(Unreadable, match="超过"):
        check(csv_of(*["X,镉,1,mg/kg,,"] * 30), testing_house, receiver)


CELLS = ("0.05", 0.05, "０．０５", "<0.01", "＜０．０１", "ND", "未检出", "0,05", "1.2×10³", "1,200", "检出", "—", " ", None, 45000,
         date(2024, 5, 1), "=A1", "0.05mg/kg", "0.05±0.01", "Jan-82", "\u200b0.05", "9" * 40, "-1", "0.1~0.2", True)  # fmt: skip


@pytest.mark.parametrize("seed", range(12))
def test_whatever_a_sheet_holds_it_is_told_or_judged(
    ordered, received, testing_house, receiver, analyst, seed, monkeypatch
):
    """Odd cells in odd places: either a row and a column are named and nothing is written, or all is, and is judged."""
    monkeypatch.setattr(catalog, "the_judge", the_judge)
    rng = random.Random(seed)
    units = ("mg/kg", "", "ｍｇ／ｋｇ", "CFU/g", "毫克/千克", 5)
    limits = ("", "0.001", "０.００１", 0.001, "abc")
    rows = [
        (received.number, item, rng.choice(CELLS), rng.choice(units), rng.choice(limits)) for item in ("镉", "腐霉利")
    ]
    content = sheet_of(("样品编号", "检验项目", "结果", "单位", "检出限"), *rows)
    row = check(content, testing_house, receiver, name="odd.xlsx")
    if row.faulty:
        assert all(number in (2, 3) and column and text for number, column, text in faults(row))
        assert not Result.objects.exists()
        return
    importing.ask_to_apply(row=row, by=receiver)
    tests = list(Test.objects.filter(analyte__in=("镉", "腐霉利")).select_related("sample", "run"))
    results.verify(tests=tests, by=analyst)
    assert Verdict.objects.filter(test__in=tests, outcome__in=set(Outcome)).count() == 2
