"""What a table may not say, and where the refusal points."""

import pytest
from tests.unit.limits.house import LIMITS, head, invented, shipped_tables

from fangxin.engines.limits import Judge, Measured, TableFault, read_tables


def test_the_shipped_tables_are_accepted_and_flat():
    tables = shipped_tables()
    assert len(tables.rows) > 4000
    assert all(row.number == place and row.start <= row.end for place, row in enumerate(tables.rows))
    assert len(tables.digest) == 64


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("gold,crop,0.1,mg/kg,V", "analyte"),
        ("lead,gravel,0.1,mg/kg,V", "food"),
        ("lead,crop,0.1,bushel,V", "unit"),
        ("lead,crop,a lot,mg/kg,V", "limit"),
        ("lead,crop,-1,mg/kg,V", "limit"),
        ("lead,crop,,mg/kg,V", "limit"),
        ("lead,crop,0.1,mg/kg,", "confidence"),
        ("lead,crop(gravel除外),0.1,mg/kg,V", "food"),
    ],
)
def test_a_bad_row_is_refused_with_file_row_and_column(row, column):
    with pytest.raises(TableFault) as refused:
        read_tables(invented(f"{LIMITS}lead,root,0.1,mg/kg,V\n{row}\n"))
    assert (refused.value.file, refused.value.row, refused.value.column) == ("t1.csv", 3, column)


def test_two_rows_for_one_case_on_one_day_are_refused():
    with pytest.raises(TableFault, match=r"t1\.csv, row 3.*same case.*row 2"):
        read_tables(invented(f"{LIMITS}lead,crop,0.1,mg/kg,V\nlead,crop,0.2,mg/kg,V\n"))


def _second(start, more=""):
    files = invented() | head("t1", kind="contaminant", table="t1.csv", more="in_force_to = 2020-12-31")
    files |= head("t2", kind="contaminant", table="t2.csv", edition="2", start=start, more=more)
    return files | {"t2.csv": f"{LIMITS}lead,crop,0.2,mg/kg,V\n".encode()}


@pytest.mark.parametrize(("start", "what"), [("2020-12-31", "overlaps"), ("2021-01-02", "leaves a gap")])
def test_editions_neither_overlap_nor_leave_a_day(start, what):
    with pytest.raises(TableFault, match=what):
        read_tables(_second(start))
    assert len(read_tables(_second("2021-01-01")).rows) == 2


def test_a_declared_predecessor_must_exist():
    with pytest.raises(TableFault, match="is not there"):
        read_tables(_second("2021-01-01", 'follows = "t0"'))


def test_a_supplement_replaces_the_older_row_from_its_first_day():
    files = invented(f"{LIMITS}lead,crop,0.1,mg/kg,V\nlead,root,0.3,mg/kg,V\n")
    files |= head(
        "s1", kind="contaminant", table="s1.csv", standard="T 1.1", start="2021-06-01", more='supplements = "t1"'
    )
    files |= {"s1.csv": f"{LIMITS}lead,root,0.2,mg/kg,V\n".encode()}
    judge = Judge(read_tables(files))
    limits = [
        str(judge.judge(Measured("", "root", "lead", "1", unit="mg/kg", sampled_on=day)).limit)
        for day in ("2021-05-31", "2021-06-01")
    ]
    assert limits == ["0.3", "0.2"]


def test_the_most_specific_row_wins_and_what_is_left_out_walks_on():
    judge = Judge(
        read_tables(invented(f"{LIMITS}lead,crop(leaf除外),0.1,mg/kg,V\nlead,leaf(spinach除外),0.3,mg/kg,V\n"))
    )
    told = {
        food: judge.judge(Measured("", food, "lead", "0.2", unit="mg/kg", sampled_on="2021-01-01"))
        for food in ("root", "leaf", "spinach")
    }
    assert [(v.outcome.value, v.match_path) for v in told.values()] == [
        ("nonconforming", ("root", "crop")), ("conforming", ("leaf",)), ("not_regulated", ("spinach", "leaf", "crop")),
    ]  # fmt: skip


def test_two_rows_equally_near_and_different_are_asked_not_chosen():
    foods = b"name,parents,synonyms,processed,animal,tissue,fresh_moisture\na,,,,,,\nb,,,,,,\nx,a\xef\xbc\x9bb,,,,,\n"
    judge = Judge(read_tables(invented(f"{LIMITS}lead,a,0.1,mg/kg,V\nlead,b,0.2,mg/kg,V\n", **{"foods.csv": foods})))
    verdict = judge.judge(Measured("", "x", "lead", "0.15", unit="mg/kg", sampled_on="2021-01-01"))
    assert (verdict.outcome.value, verdict.reason.code) == ("undetermined", "rows_ambiguous")


def test_a_food_that_is_a_kind_of_itself_is_refused():
    foods = b"name,parents,synonyms,processed,animal,tissue,fresh_moisture\na,b,,,,,\nb,a,,,,,\n"
    with pytest.raises(TableFault, match="kind of itself"):
        read_tables(invented(**{"foods.csv": foods}))


def test_a_name_with_two_meanings_is_refused():
    analytes = b"name,family,synonyms,components,function,alone\nlead,element,Pb,,,\nplumb,element,Pb,,,\n"
    with pytest.raises(TableFault, match="means both"):
        read_tables(invented(**{"analytes.csv": analytes}))


def test_a_limit_may_ask_for_rounding_before_comparing():
    rows = "analyte,food,limit,unit,confidence,interval,provisional\nlead,root,0.2,mg/kg,V,0.1,\nlead,leaf,0.2,mg/kg,V,,yes\n"
    judge = Judge(read_tables(invented(rows)))
    told = [
        judge.judge(Measured("", food, "lead", "0.204", unit="mg/kg", sampled_on="2021-01-01"))
        for food in ("root", "leaf")
    ]
    assert [v.outcome.value for v in told] == ["conforming", "undetermined"]
    assert told[1].provisional
