"""`fangxin trace rank`: what it prints, what it refuses, and units that cannot be compared."""

import gzip
import json

import numpy as np
import pytest

from fangxin.engines.traceability.ranking.amounts import comparable_amounts
from fangxin.surfaces.cli.trace_rank import main

LINKS = """from_lot,to_lot,sent_on,received_on,quantity,unit,premises
F1,P1,2023-05-01,2023-05-01,60,kg,磨坊
F1,P2,2023-05-01,,40,公斤,油坊
F2,P2,2023-05-01,2023-05-01,0.1,吨,油坊
P1,S1,2023-05-02,2023-05-02,"1,050",斤,一店
P1,S2,,2023-05-02,一些,kg,二店
P2,S3,2023-05-02,2023-05-02,60,kg,三店
"""
CASES = "病例编号,批次,场所,发病日期,权重\na,S1,,,3\nb,,一店,2023-05-05,4\nc,,二店,2023-05-04,6\n"
KEYS = {
    "lot", "premises", "probability", "score_foodchain", "likelihood", "random_walk", "effective_distance", "reasons",
}  # fmt: skip


@pytest.fixture
def files(tmp_path):
    (tmp_path / "links.csv").write_text(LINKS)
    (tmp_path / "cases.csv").write_text(CASES)
    return ["--links", str(tmp_path / "links.csv"), "--cases", str(tmp_path / "cases.csv")]


def test_the_list_has_the_keys_of_the_contract_and_adds_up(files, capsys):
    assert main([*files, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert all(entry.keys() == KEYS for entry in told)
    assert sum(entry["probability"] for entry in told) == pytest.approx(1.0)
    assert [entry["lot"] for entry in told[:2]] in (["P1", "F1"], ["F1", "P1"])
    assert told[0]["score_foodchain"] == 1.0
    assert next(entry["premises"] for entry in told if entry["lot"] == "P1") == "磨坊"
    assert told[-1]["lot"] is None
    assert "S3" not in {entry["lot"] for entry in told}


def test_shuffled_and_gzipped_links_give_the_same_list(files, tmp_path, capsys):
    header, *rows = LINKS.splitlines()
    (tmp_path / "again.csv.gz").write_bytes(gzip.compress("\n".join([header, *reversed(rows)]).encode()))
    answers = []
    for path in (files[1], str(tmp_path / "again.csv.gz")):
        assert main(["--links", path, *files[2:], "--json"]) == 0
        answers.append(capsys.readouterr().out)
    assert answers[0] == answers[1]


def test_what_cannot_be_read_is_told_and_the_rest_is_used(files, tmp_path, capsys):
    (tmp_path / "cases.csv").write_text("case_id,lot,eaten_on,weight\na,S1,gestern,viel\nb,,,\nc,X,,\n,,,\n")
    assert main(files) == 0
    told = capsys.readouterr()
    assert "row 4: " not in told.err
    for part in ("row 2, eaten_on", "row 2, weight", "row 3, lot", "eaten by: c"):
        assert part in told.err
    assert "not among these" in told.out


def test_the_last_entry_holds_what_the_list_leaves_out(files, capsys):
    assert main([*files, "--json", "--top", "1"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert len(told) == 2
    assert told[0]["probability"] + told[1]["probability"] == pytest.approx(1.0)
    assert "more lots" in told[1]["reasons"][1]


@pytest.mark.parametrize(("cases", "code"), [("who,when\na,b\n", 2), ("lot\n", 1), (None, 2), ("case_id,lot\na,\n", 1)])
def test_misuse_and_refusal_are_told_apart(files, tmp_path, capsys, cases, code):
    if cases is None:
        (tmp_path / "cases.csv").unlink()
    else:
        (tmp_path / "cases.csv").write_text(cases)
    assert main(files) == code
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("option", [["--top", "0"], ["--window", "-1"], ["--noise", "0.9"], ["--lost", "nan"]])
def test_an_option_out_of_its_range_is_misuse(files, option):
    with pytest.raises(SystemExit) as stopped:
        main([*files, *option])
    assert stopped.value.code == 2


def test_units_that_cannot_be_compared_are_not_compared():
    """Tonnes and kilograms can; boxes only with boxes; a mixture of both says nothing about shares."""
    units = ["kg", "t", "箱"]
    amounts = comparable_amounts(
        np.array([5.0, 1.0, 3.0, 4.0, 2.0, np.nan]),
        np.array([0, 1, 2, 2, 0, 2]),
        units,
        np.array([0, 0, 1, 1, 2, 2]),
        3,
    )
    assert amounts[:5].tolist() == [5.0, 1000.0, 3.0, 4.0, 2.0]
    assert np.isnan(amounts[5])
    mixed = comparable_amounts(np.array([1.0, 1.0]), np.array([0, 2]), units, np.array([0, 0]), 1)
    assert np.isnan(mixed).all()
