"""Places of a list that no register knows: ranked, explained, whatever the order of the rows."""

import csv
import gzip
from random import Random

import pytest
from benchmarks import bench_find_unregistered as bench

from fangxin.engines.matching import Premises, absences
from fangxin.surfaces.cli import main

SEED = 55  # neither a seed of the fitting nor of the published table


@pytest.fixture(scope="module")
def sample():
    """A part of a synthetic county: its list, its register without a tenth, and what was hidden."""
    rng = Random(SEED)
    whole = rng.sample(bench.county(SEED), 1200)
    hidden = {row["编号"] for row in whole[:120]}
    register = [row for row in whole if row["编号"] not in hidden]
    rows = [(bench.listed(row, rng), row["编号"] in hidden) for row in rng.sample(whole, len(whole))]
    return register, rows


def test_most_of_the_hidden_are_found_and_few_others(sample, tmp_path):
    register, rows = sample
    listed = [row | {"真相": str(int(truth))} for row, truth in rows]
    bench._write(tmp_path / "list.csv", listed)
    bench._write(tmp_path / "register.csv", register)
    out = tmp_path / "out.csv"
    given = [
        "find-unregistered",
        str(tmp_path / "list.csv"),
        "--register",
        str(tmp_path / "register.csv"),
        "--out",
        str(out),
    ]
    assert main(given) == 0
    with out.open(encoding="utf-8-sig") as file:
        found = list(csv.DictReader(file))
    assert len(found) == len(rows)
    ranked = [(float(row["未登记概率"]), row["真相"] == "1") for row in found]
    assert ranked == sorted(ranked, key=lambda one: -one[0])
    assert bench.at_precision(ranked, 0.7) >= 0.8
    assert all(row["依据"] for row in found)


def test_the_order_of_the_rows_does_not_matter(sample):
    register, rows = sample
    known = [Premises(r["编号"], r["名称"], r["地址"], r["电话"], r["区划代码"]) for r in register[:300]]
    asked = [Premises(f"{n}", r["店铺名称"], r["门店地址"], r["联系电话"]) for n, (r, _t) in enumerate(rows[:200])]
    once = absences(asked, known)
    assert absences(asked[::-1], known[::-1]) == once


def test_the_same_place_is_registered_and_a_strange_one_is_not():
    known = [Premises("r", "云禾便利店", "石门镇解放路12号", "13800000001", "990101100")]
    same, other = (
        absences([Premises("a", name, address, phone)], known)[0]
        for name, address, phone in (
            ("云禾便利店（石门店）", "解放路12号", "13800000001"),
            ("老井酒坊", "东街3号", ""),
        )
    )
    assert same.probability < 0.01
    assert other.probability > 0.9


def test_nothing_at_all_is_known_of_a_nameless_row():
    assert absences([Premises("a", "")], [Premises("r", "云禾便利店")])[0].probability == 0.5


# --- the command ------------------------------------------------------------------------------------------------------

REGISTER = "编号,名称,地址,电话\nR1,云禾便利店,解放路12号,13800000001\n"


def ask(tmp_path, content, *, name="list.csv", register=REGISTER):
    (tmp_path / name).write_bytes(content)
    (tmp_path / "register.csv").write_text(register, encoding="utf-8")
    out = tmp_path / "out.csv"
    code = main(
        ["find-unregistered", str(tmp_path / name), "--register", str(tmp_path / "register.csv"), "--out", str(out)]
    )
    if code:
        return code, []
    with out.open(encoding="utf-8-sig") as file:
        return code, list(csv.DictReader(file))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_columns_are_known_by_their_names_in_both_languages(tmp_path, encoding):
    for header in ("店铺名称,门店地址,联系电话", "Shop Name,address,phone"):
        text = f"{header}\n云禾便利店,解放路12号,\n山月烧烤,石桥路3号,15400000000\n"
        code, rows = ask(tmp_path, text.encode(encoding))
        assert code == 0
        assert [float(row["未登记概率"]) > 0.5 for row in rows] == [True, False]
        assert rows[1]["底册编号"] == "R1"


def test_a_packed_list_is_read_too(tmp_path):
    code, rows = ask(tmp_path, gzip.compress("名称\n云禾便利店\n".encode()), name="list.csv.gz")
    assert code == 0
    assert len(rows) == 1


def test_a_formula_stays_text(tmp_path):
    _code, rows = ask(tmp_path, "名称,备注\n山月烧烤,=1+1\n".encode())
    assert rows[0]["备注"] == "'=1+1"


@pytest.mark.parametrize("content", [b"", b"\0\0", "地址\n路1号\n".encode(), "名称\n".encode(), b"\xff\xfe\x00"])
def test_what_is_no_list_is_misuse_and_leaves_no_file(tmp_path, content, capsys):
    code, _rows = ask(tmp_path, content)
    assert code == 2
    assert not (tmp_path / "out.csv").exists()
    assert capsys.readouterr().err.strip()


def test_a_file_that_is_not_there_or_no_workbook_is_misuse(tmp_path):
    assert main(["find-unregistered", str(tmp_path / "none.csv"), "--out", str(tmp_path / "o.csv")]) == 2
    assert ask(tmp_path, b"no workbook", name="list.xlsx")[0] == 2
