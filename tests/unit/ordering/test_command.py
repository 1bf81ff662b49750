import csv
import gzip
import io

import pytest
from tests.unit.ordering.tables import HEADER, OUTCOMES, inspections

from fangxin.surfaces.cli import main


def write(path, header, rows):
    text = io.StringIO()
    csv.writer(text).writerows([header, *rows])
    data = text.getvalue().encode()
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return path


@pytest.fixture
def files(tmp_path):
    kept = [i for i, name in enumerate(HEADER) if name not in OUTCOMES]
    later = [[row[i] for i in kept] for row in inspections(60, seed=5, first_id=7001)]
    train = write(tmp_path / "train.csv.gz", HEADER, inspections(300))
    return train, write(tmp_path / "score.csv", [HEADER[i] for i in kept], later), tmp_path / "order.csv"


def order(train, score, out, *more):
    return main(["order", "--train", str(train), "--score", str(score), "--out", str(out), "--target", "found", *more])


def test_a_score_for_every_row_in_its_order_and_a_report(files, capsys):
    train, score, out = files
    assert order(train, score, out) == 0
    rows = list(csv.DictReader(out.open()))
    assert list(rows[0]) == ["Inspection_ID", "score"]
    assert [row["Inspection_ID"] for row in rows] == [f"V{7001 + n}" for n in range(60)]
    assert all(0 < float(row["score"]) < 1 for row in rows)
    said = capsys.readouterr()
    assert said.out == ""
    for words in (
        "300 rows to learn from",
        "who inspects is never a feature: Inspector_Name",
        "days earlier",
        "95 % interval",
    ):
        assert words in said.err


def test_another_id_is_named_in_the_result(files):
    train, score, out = files
    assert order(train, score, out, "--id", "remarks") == 0
    assert out.read_text().startswith("remarks,score\n")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "the file is empty"),
        (b"a,b\n1\n", "row 1 has 1 fields"),
        (b"a,a\n1,2\n", "same name"),
        (b"\x1f\x8b broken", "damaged"),
        (b"a,b\n\xff\xfe,1\n", "not UTF-8"),
        (b'a,b\n"1,2\n', "not a CSV file"),
        (b"found,Inspection_ID\n", "has no rows"),
    ],
)
def test_an_unreadable_file_is_named_and_nothing_is_written(files, tmp_path, capsys, content, words):
    _, score, out = files
    train = tmp_path / "bad.csv"
    train.write_bytes(content)
    assert order(train, score, out) == 2
    assert words in capsys.readouterr().err
    assert not out.exists()


@pytest.mark.parametrize(
    "option", [["--id", "nothing"], ["--target", "trade"], ["--date", "trade"], ["--exclude", "("]]
)
def test_misuse_says_what_to_change_and_leaves_an_older_result_alone(files, capsys, option):
    train, score, out = files
    out.write_text("older\n")
    assert order(train, score, out, *option) == 2
    assert capsys.readouterr().err.startswith("fangxin order: ")
    assert out.read_text() == "older\n"
    assert sorted(p.name for p in out.parent.iterdir()) == ["order.csv", "score.csv", "train.csv.gz"]


def test_a_place_that_cannot_be_written_is_misuse(files, capsys):
    train, score, out = files
    assert order(train, score, out.parent / "nowhere" / "order.csv") == 2
    assert "nowhere" in capsys.readouterr().err
    assert order(out.parent / "absent.csv", score, out) == 2
    assert "absent.csv" in capsys.readouterr().err
