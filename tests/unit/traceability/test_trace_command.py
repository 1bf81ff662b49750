import gzip
import json
import random
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from fangxin.surfaces.cli import main

HEADER = "from_lot,to_lot,sent_on,received_on,quantity,unit,premises"
ROWS = [
    "farm,mill,2023-05-01,2023-05-02,100,kg,Mill",
    "mill,bread,2023-05-03,2023-05-03,40.5,kg,Baker",
    "mill,too early,2023-05-01,2023-05-01,40,kg,Baker",
    "bread,school,,,some,kg,School",
    "school,bread,2023-05-04,2023-05-04,1,kg,Baker",
    ",lost,2023-05-04,,,,",
    "flour 2,cake,2023-05-09,,,,Shop",
]


@pytest.fixture
def links(tmp_path: Path) -> Path:
    path = tmp_path / "links.csv"
    path.write_text("\n".join([HEADER, *ROWS]), encoding="utf-8")
    return path


def told(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, object]:
    assert main(["trace", *words, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_the_answer_has_the_keys_of_the_contract(links: Path, capsys: pytest.CaptureFixture[str]) -> None:
    trace = told(capsys, "--links", str(links), "--lot", "farm", "--direction", "forward")
    assert trace["lots"] == ["bread", "farm", "mill", "school"]
    assert trace["premises"] == ["Baker", "Mill", "School"]
    assert [(link["from_lot"], link["to_lot"], link["dated"]) for link in trace["links"]] == [
        ("bread", "school", False),
        ("farm", "mill", True),
        ("mill", "bread", True),
        ("school", "bread", True),
    ]
    assert trace["links"][0]["quantity"] is None
    assert trace["links"][2]["quantity"] == 40.5
    assert trace["inferred"] == []
    assert trace["loops"] == [["bread", "school"]]
    assert trace["completeness"] == {
        "links": 4,
        "inferred": 0,
        "without_date": 1,
        "without_quantity": 1,
        "dates_contradict": 0,
        "rows_left_out": 1,
        "level": None,
        "back": None,
        "forward": None,
    }
    assert trace["forward"][0] == {"lot": "mill", "hops": 1, "from": "2023-05-02T00:00:00"}


@pytest.mark.parametrize(
    ("direction", "lots"),
    [
        ("back", ["farm", "mill"]),
        ("forward", ["bread", "mill", "school", "too early"]),
        ("both", ["bread", "farm", "mill", "school", "too early"]),
    ],
)
def test_each_direction_finds_its_side(
    links: Path, capsys: pytest.CaptureFixture[str], direction: str, lots: list[str]
) -> None:
    assert told(capsys, "--links", str(links), "--lot", "mill", "--direction", direction)["lots"] == lots


def test_every_kind_of_file_in_any_order_gives_the_same_bytes(
    links: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = [HEADER, *random.Random(5).sample(ROWS, len(ROWS))]
    shuffled, packed, foreign, parquet, index = (
        tmp_path / n for n in ("a.csv", "b.csv.gz", "c.txt", "d.parquet", "e.index")
    )
    shuffled.write_text("\r\n".join(lines), encoding="utf-8-sig")
    packed.write_bytes(gzip.compress("\n".join(lines).encode()))
    foreign.write_bytes("\n".join(lines).replace(",", "\t").encode("utf-16"))
    cells = [row.split(",") for row in ROWS]
    frame = pl.DataFrame(cells, schema=HEADER.split(","), orient="row")
    frame.with_columns(pl.col("sent_on", "received_on").str.to_date(strict=False)).write_parquet(parquet)
    assert main(["trace", "index", str(links), "--out", str(index)]) == 0
    capsys.readouterr()
    answers = set()
    for path in (links, shuffled, packed, foreign, parquet, index):
        assert main(["trace", "--links", str(path), "--lot", "mill", "--json"]) == 0
        answers.add(capsys.readouterr().out)
    assert len(answers) == 1


def test_text_in_gb_18030_is_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "表.csv"
    path.write_bytes("来源批次,去向批次,发出日期\n白菜一,泡菜,2023年5月\n".encode("gb18030"))
    trace = told(capsys, "--links", str(path), "--lot", "泡菜")
    assert trace["lots"] == ["泡菜", "白菜一"]
    assert trace["links"][0]["sent_on"] == "2023-05"


def test_faults_are_told_by_row_and_column_and_stop_nothing(links: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["trace", "--links", str(links), "--lot", "farm"]) == 0
    output = capsys.readouterr()
    assert "row 5, quantity" in output.err
    assert "row 7, from_lot" in output.err
    assert "NO DATE" in output.out
    assert "bread, school" in output.out


def test_a_lot_that_is_not_there_is_misuse_with_names_alike(
    links: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    index = tmp_path / "links.index"
    assert main(["trace", "index", str(links), "--out", str(index)]) == 0
    for path in (links, index):
        capsys.readouterr()
        assert main(["trace", "--links", str(path), "--lot", "Mil"]) == 2
        output = capsys.readouterr()
        assert output.out == ""
        assert "mill" in output.err


def test_mixing_is_inferred_from_what_lay_at_the_same_place(
    links: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lots = tmp_path / "lots.csv"
    lots.write_text("lot,premises,product,since_on\nmill,Mill,flour,2023-05-02\nflour 2,Mill,flour,2023-05-05\n")
    trace = told(capsys, "--links", str(links), "--lot", "cake", "--lots", str(lots))
    assert trace["lots"] == ["cake", "farm", "flour 2", "mill"]
    assert [(link["from_lot"], link["to_lot"]) for link in trace["inferred"]] == [("mill", "flour 2")]
    assert told(capsys, "--links", str(links), "--lot", "cake", "--lots", str(lots), "--shelf-life", "1")["lots"] == [
        "cake",
        "flour 2",
    ]


def test_how_complete_a_trace_is_needs_somebody_who_says_how_often_links_go_missing(
    links: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("--links", str(links), "--lot", "mill", "--missing", "0.2")
    certificate = told(capsys, *words)["completeness"]
    assert certificate == told(capsys, *words)["completeness"]
    assert certificate["level"] == 0.95
    for way in ("back", "forward"):
        share = certificate[way]["lots_share"]
        assert 0 < share["low"] <= share["middle"] <= share["high"] <= 1
    assert certificate["forward"]["ask"][0]["gain"] > 0
    assert main(["trace", *words]) == 0
    assert "of the true lots" in capsys.readouterr().out
    with pytest.raises(SystemExit, match="2"):
        main(["trace", *words[:-1], "1.5"])


@pytest.mark.parametrize(
    "content",
    [b"", b"a,b\n1,2\n", b"\xff\xfe\x00", b"\x1f\x8bnot gzip", b"PAR1 not parquet", b"FXTRACE1", b"x" * 1_000_100],
)
def test_a_file_that_is_none_is_misuse(content: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "x"
    path.write_bytes(content)
    assert main(["trace", "--links", str(path), "--lot", "A"]) == 2
    assert main(["trace", "index", str(path), "--out", str(tmp_path / "y")]) == 2
    assert capsys.readouterr().out == ""
    assert not (tmp_path / "y").exists()


@pytest.mark.parametrize("words", [["--lot", "A"], ["--links", "x"], ["--links", "not there", "--lot", "A"], []])
def test_what_is_not_said_is_misuse(words: list[str]) -> None:
    assert main(["trace", *words]) == 2


def test_links_are_added_to_an_index_and_a_changed_one_is_found(
    links: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    index, later = tmp_path / "links.index", tmp_path / "later.csv"
    later.write_text(f"{HEADER}\nschool,child,,2023-05-05,x,kg,Home\n", encoding="utf-8")
    assert main(["trace", "index", str(links), "--out", str(index)]) == 0
    assert main(["trace", "index", str(later), "--add-to", str(index)]) == 0
    assert main(["trace", "index", "--check", str(index)]) == 0
    capsys.readouterr()
    found = told(capsys, "--links", str(index), "--lot", "farm", "--direction", "forward")
    both = tmp_path / "both.csv"
    both.write_text("\n".join([HEADER, *ROWS, "school,child,,2023-05-05,x,kg,Home"]), encoding="utf-8")
    assert found == told(capsys, "--links", str(both), "--lot", "farm", "--direction", "forward")
    whole = bytearray(index.read_bytes())
    whole[4200] ^= 1
    index.write_bytes(whole)
    assert main(["trace", "index", "--check", str(index)]) == 1
    assert main(["trace", "index", str(later), "--add-to", str(tmp_path / "none")]) == 2


def test_one_trace_loads_nothing_but_the_standard_library(links: Path, tmp_path: Path) -> None:
    index = tmp_path / "links.index"
    assert main(["trace", "index", str(links), "--out", str(index)]) == 0
    for path in (links, index):
        code = (
            "import sys; from fangxin.surfaces.cli import main; "
            f"main(['trace', '--links', {str(path)!r}, '--lot', 'farm']); "
            "sys.exit(any(name in sys.modules for name in ('numpy', 'numba', 'polars', 'django')))"
        )
        assert subprocess.run([sys.executable, "-c", code], check=False, capture_output=True).returncode == 0
