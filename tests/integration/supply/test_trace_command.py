import json
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from tests.integration.supply.conftest import NOW

from fangxin.kernel.supply import api as supply
from fangxin.surfaces.cli import main


@pytest.fixture
def received(leek: Any, stall: Any, canteen: Any, department: Any) -> list[Any]:
    """The farm's lot, the stall's, and the canteen's."""
    lots = [leek]
    for hours, (place, supplier) in enumerate(((stall, leek.premises), (canteen, stall)), start=1):
        lots.append(
            supply.record_receipt(
                premises=place, food="韭菜", quantity=Decimal(20), unit="kg", received_at=NOW - timedelta(hours=3 - hours),
                supplier_premises=supplier, from_lot=lots[-1], how="typed", by=department,
            )
        )  # fmt: skip
    return lots


def test_a_lot_of_the_database_is_traced_like_one_of_a_file(
    received: list[Any], capsys: pytest.CaptureFixture[str]
) -> None:
    farm, stall, canteen = (lot.number for lot in received)
    assert main(["trace", "--db", "--lot", stall, "--json"]) == 0
    trace = json.loads(capsys.readouterr().out)
    assert trace["lots"] == sorted([farm, stall, canteen])
    assert [lot["lot"] for lot in trace["back"]] == [farm]
    assert [lot["lot"] for lot in trace["forward"]] == [canteen]
    assert {(link["from_lot"], link["to_lot"]) for link in trace["links"]} == {(farm, stall), (stall, canteen)}


def test_a_lot_that_the_database_does_not_hold_is_misuse(
    received: list[Any], capsys: pytest.CaptureFixture[str]
) -> None:
    number = received[0].number
    assert main(["trace", "--db", "--lot", number[:-1] + "x"]) == 2
    assert number in capsys.readouterr().err
