"""`fangxin find-unregistered` against the platform's own register."""

import csv

import pytest

from fangxin.kernel.registry import api as registry
from fangxin.surfaces.cli import main

pytestmark = pytest.mark.django_db


def ask(tmp_path, *more):
    (tmp_path / "list.csv").write_text(
        "店名,地址,电话\n凉皮摊（石门店）,石门镇新街3号,\n老井酒坊,青杨乡东街9号,15400000009\n", encoding="utf-8"
    )
    out = tmp_path / "out.csv"
    code = main(["find-unregistered", str(tmp_path / "list.csv"), "--out", str(out), *more])
    if code:
        return code, []
    with out.open(encoding="utf-8-sig") as file:
        return code, list(csv.DictReader(file))


def test_the_register_of_the_platform_is_compared(stall, tmp_path):
    place = stall("凉皮摊", address="石门镇新街3号", phone="15400000001")
    code, rows = ask(tmp_path)
    assert code == 0
    assert [row["店名"] for row in rows] == ["老井酒坊", "凉皮摊（石门店）"]
    assert (rows[1]["底册编号"], rows[1]["最相近的底册名称"]) == (place.number, "凉皮摊")
    assert float(rows[1]["未登记概率"]) < 0.2
    assert float(rows[0]["未登记概率"]) > 0.8


def test_what_was_closed_is_no_longer_registered(stall, tmp_path, office, held):
    place = stall("凉皮摊", address="石门镇新街3号")
    stall("豆腐摊", address="石门镇老街1号")
    registry.close_premises(premises=place, closed_on=held.date(), by=office)
    _code, rows = ask(tmp_path, "--division", "990101")
    assert all(float(row["未登记概率"]) > 0.5 for row in rows)


@pytest.mark.parametrize("division", ["", "990102", "x'; --"])
def test_an_empty_register_or_a_wrong_division_is_misuse(county, tmp_path, division, capsys):
    assert ask(tmp_path, "--division", division)[0] == 2
    assert capsys.readouterr().err.strip()
