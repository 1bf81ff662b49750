"""`fangxin judge`: any sheet in, one answer per row out, in order."""

import csv
import gzip
import io
import json

import pytest
from openpyxl import Workbook

from fangxin.surfaces.cli import main

HEAD = "sample_id,food,analyte,value,unit,sampled_on\n"
GOOD = "1,韭菜,腐霉利,5.5,mg/kg,2023-03-01\n"
KEYS = [
    "outcome",
    "lawful_use",
    "limit",
    "limit_unit",
    "standard",
    "edition",
    "clause",
    "match_path",
    "comparison",
    "reason",
]


@pytest.fixture
def judge(tmp_path, capsys):
    def run(data, name="results.csv", *options):
        path = tmp_path / name
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
        code = main(["judge", str(path), *options])
        out = capsys.readouterr()
        return code, out.out, out.err

    return run


def told(answer):
    code, out, err = answer
    assert (code, err) == (0, "")
    return json.loads(out)


def test_input_columns_are_kept_and_the_verdict_added(judge):
    (row,) = told(judge(HEAD + GOOD))
    assert list(row)[:6] == ["sample_id", "food", "analyte", "value", "unit", "sampled_on"]
    assert {key: row[key] for key in KEYS} == {
        "outcome": "nonconforming", "lawful_use": "lawful", "limit": 5, "limit_unit": "mg/kg", "standard": "GB 2763",
        "edition": "2021", "clause": "4（腐霉利）", "match_path": ["韭菜"],
        "comparison": "5.5 mg/kg > 5 mg/kg (full value)", "reason": "结果 5.5 mg/kg 超过限量 5 mg/kg。",
    }  # fmt: skip


def test_bad_rows_are_undetermined_and_stop_no_other(judge):
    lines = ("2,韭菜,腐霉利,\"0,05\",mg/kg,2023-03-01", "3,不知道,腐霉利,1,mg/kg,2023-03-01", "4,韭菜,腐霉利,Jan-82,mg/kg,2023-03-01",
             "5,韭菜,腐霉利,5.5,mg/kg,2023-13-01", "6,韭菜,腐霉利,5.5,mg/kg", "7,韭菜,腐霉利,5.5,mg/kg,2023-03-01,x", "8,,,,,", "9,韭菜,腐霉利,５．５,ｍｇ／ｋｇ,44986")  # fmt: skip
    rows = told(judge(HEAD + "\n".join(lines) + "\n" + GOOD))
    assert [row["outcome"] for row in rows] == ["undetermined"] * 7 + ["nonconforming"] * 2
    assert [row["missing"][0] for row in rows[:7]] == [
        "value",
        "food_class",
        "value",
        "sampled_on",
        "sampled_on",
        "value",
        "analyte",
    ]
    assert all(row["reason"] for row in rows)


def test_replicates_of_one_sample_are_judged_together_each_with_its_own_line(judge):
    head = "样品编号,样品名称,检测项目,检验结果,单位,抽样日期,样品序号\n"
    lines = "".join(
        f"s,熟肉制品,金黄色葡萄球菌,{x},CFU/g,2023-01-01,{i}\n" for i, x in enumerate((50, 180, 120, 90, 30))
    )
    rows = told(judge(head + lines))
    assert [row["outcome"] for row in rows] == ["nonconforming"] * 5
    assert [row["样品序号"] for row in rows] == list("01234")


@pytest.mark.parametrize(
    "values", ["50;180;120;90;30", "50、180、120、90、30", '"50,180,120,90,30"', '"100,100,100,100,1001"']
)
def test_the_units_of_a_sample_may_stand_in_one_cell(judge, values):
    (row,) = told(judge(f"{HEAD}s,熟肉制品,金黄色葡萄球菌,{values},CFU/g,2023-01-01\n"))
    assert row["outcome"] == "nonconforming"


@pytest.mark.parametrize("form", ["csv", "csv.gz", "tsv", "json", "jsonl", "gb18030", "utf-16", "xlsx"])
def test_every_form_of_file_gives_the_same_answer(judge, form):
    fields = dict(zip(HEAD.strip().split(","), GOOD.strip().split(","), strict=True))
    book = Workbook()
    book.active.append(list(fields))
    book.active.append(list(fields.values()))
    packed = io.BytesIO()
    book.save(packed)
    data, name = {
        "csv": (HEAD + GOOD, "r.csv"),
        "csv.gz": (gzip.compress((HEAD + GOOD).encode()), "r.csv.gz"),
        "tsv": ((HEAD + GOOD).replace(",", "\t"), "r.tsv"),
        "json": (json.dumps([fields | {"value": 5.5}]), "r.json"),
        "jsonl": (json.dumps(fields) + "\n" + json.dumps(fields), "r.jsonl"),
        "gb18030": ((HEAD + GOOD).encode("gb18030"), "r.csv"),
        "utf-16": ((HEAD + GOOD).encode("utf-16"), "r.csv"),
        "xlsx": (packed.getvalue(), "r.xlsx"),
    }[form]
    row = told(judge(data, name))[0]
    assert (row["outcome"], row["limit"], row["food"]) == ("nonconforming", 5, "韭菜")


def test_merged_cells_say_in_every_row_what_the_first_says(judge):
    book = Workbook()
    for line in (
        ["样品编号", "食品", "项目", "结果", "单位", "抽样日期"],
        ["a", "辣椒", "克百威", 0.012, "mg/kg", "2023-03-01"],
        [None, None, "3-羟基克百威", 0.01, "mg/kg", "2023-03-01"],
    ):
        book.active.append(line)
    for cells in ("A2:A3", "B2:B3"):
        book.active.merge_cells(cells)
    packed = io.BytesIO()
    book.save(packed)
    rows = told(judge(packed.getvalue(), "r.xlsx"))
    assert [row["outcome"] for row in rows] == ["nonconforming", "nonconforming"]


def test_a_table_comes_out_with_csv(judge):
    code, out, _ = judge(HEAD + GOOD, "r.csv", "--csv")
    (row,) = csv.DictReader(io.StringIO(out))
    assert (code, row["limit"], row["match_path"], row["outcome"]) == (0, "5", "韭菜", "nonconforming")


@pytest.mark.parametrize(
    "data", [b"\x1f\x8bbroken", b"a,b\n1,2\n", b"[1, 2]", b"{", b"PK\x03\x04x", b"food,analyte\nx,y\n"]
)
def test_a_file_that_cannot_be_used_is_misuse(judge, data):
    code, out, err = judge(data, "r.bin")
    assert (code, out) == (2, "")
    assert err.startswith("fangxin judge:")


def test_a_missing_file_is_misuse(capsys, tmp_path):
    assert main(["judge", str(tmp_path / "none.csv")]) == 2


def test_an_empty_table_has_no_answers(judge):
    assert told(judge(HEAD)) == []
