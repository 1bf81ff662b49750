"""fangxin detect as people call it: files in, JSON or words out, and what is wrong said with its place."""

import json

import pytest

from fangxin.surfaces.cli import main

HEAD = "index,year,period,date,north,south\n"


@pytest.fixture
def files(tmp_path):
    def make(rows=None, control=None, beside=None, head=HEAD):
        lines = (
            rows
            if rows is not None
            else [f"{n + 1},2020,{n + 1},,{n % 5},{30 if n == 40 else n % 3}" for n in range(52)]
        )
        (tmp_path / "counts.csv").write_text(head + "\n".join(lines) + "\n", encoding="utf-8")
        (tmp_path / "control.json").write_text(json.dumps(control or {"method": "C1", "baseline": 7}))
        if beside is not None:
            (tmp_path / "counts.json").write_text(json.dumps(beside))
        return [str(tmp_path / "counts.csv"), "--params", str(tmp_path / "control.json")]

    return make


def _run(capsys, *args):
    code = main(["detect", *args])
    told = capsys.readouterr()
    return code, told.out, told.err


def test_json_has_every_row_of_every_unit(files, capsys):
    code, out, _err = _run(capsys, *files(), "--method", "ears", "--units", "north,south", "--json")
    rows = json.loads(out)
    assert code == 0
    assert len(rows) == 2 * 45
    assert set(rows[0]) == {"unit", "index", "date", "observed", "expected", "upperbound", "alarm"}
    assert [row["index"] for row in rows if row["unit"] == "south" and row["alarm"]] == [41]


def test_the_first_column_of_counts_is_taken_and_the_file_beside_decides_before_it(files, capsys):
    code, out, _err = _run(capsys, *files(), "--method", "ears", "--json")
    assert code == 0
    assert {row["unit"] for row in json.loads(out)} == {"north"}
    _code, out, _err = _run(capsys, *files(beside={"units": ["south"], "freq": 52}), "--method", "ears", "--json")
    assert {row["unit"] for row in json.loads(out)} == {"south"}


def test_without_json_alarms_are_told_in_words(files, capsys):
    code, out, _err = _run(capsys, *files(), "--method", "ears", "--units", "south")
    assert code == 0
    assert "1 alarms" in out
    assert "south (row 41): 30 cases" in out


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("3,2020,3,,-4,1", "row 3, column north: -4 is no count"), ("3,2020,3,,many,1", "row 3, column north: 'many' is no count"),
        ("3,2020,3,,1.5,1", "row 3, column north: 1.5 is no count"), ("3,2020,3,,inf,1", "row 3, column north: 'inf' is no count"),
    ],
)  # fmt: skip
def test_a_bad_count_is_told_with_row_and_column(files, capsys, row, words):
    rows = ["1,2020,1,,1,1", "2,2020,2,,1,1", row]
    code, out, err = _run(capsys, *files(rows), "--method", "ears")
    assert (code, out) == (2, "")
    assert words in err


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (
            ["1,2020,1,2020-01-06,1,1", "2,2020,2,2020-01-13,1,1", "3,2020,3,2020-01-27,1,1"],
            "row 3: after 2020-01-13 should come",
        ),
        (["1,2020,1,2020-01-06,1,1", "2,2020,2,2020-13-01,1,1"], "row 2, column date"),
        (["1,2020,1,2020-01-06,1,1", "2,2020,2,2020-01-09,1,1"], "lie 3 days apart"),
        ([], "no rows below"),
    ],
)
def test_bad_dates_and_empty_files_are_told(files, capsys, rows, words):
    code, _out, err = _run(capsys, *files(rows), "--method", "ears")
    assert code == 2
    assert words in err


def test_unknown_columns_parameters_and_files_are_told(files, capsys, tmp_path):
    assert "no column 'west'" in _run(capsys, *files(), "--method", "ears", "--units", "west")[2]
    assert "no parameter 'speed'" in _run(capsys, *files(control={"speed": 1}), "--method", "ears")[2]
    assert "begin the range at row 8" in _run(capsys, *files(control={"range": [3, 9]}), "--method", "ears")[2]
    args = files()
    (tmp_path / "control.json").write_text("[1]")
    assert "must hold a JSON object" in _run(capsys, *args, "--method", "ears")[2]
    (tmp_path / "control.json").write_text("{")
    assert "is no JSON" in _run(capsys, *args, "--method", "ears")[2]
    args = files()
    code, _out, err = _run(capsys, str(tmp_path / "none.csv"), *args[1:], "--method", "ears")
    assert code == 2
    assert "none.csv" in err


def test_daily_and_monthly_counts_are_known_by_their_dates(files, capsys):
    months = [f"{n + 1},2020,{n % 12 + 1},{2018 + n // 12}-{n % 12 + 1:02}-01,{n % 4},0" for n in range(60)]
    control = {"b": 3, "w": 1, "range": [50, 60]}
    code, out, _err = _run(capsys, *files(months, control), "--method", "farrington", "--json")
    assert code == 0
    assert json.loads(out)[0]["date"] == "2022-02-01"
