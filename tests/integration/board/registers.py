"""Registers to count by hand."""

from datetime import date
from typing import Any

from fangxin.kernel.registry import api as registry
from fangxin.kernel.registry.data import NewFact, NewOperator, NewPremises

TODAY = date(2023, 3, 15)
COUNTY, TOWN, OTHER_TOWN = "990101", "990101100", "990101200"


def load_shops(count: int, *, town: str, passed: int, prefix: str = "s", by: Any = None) -> dict[str, int]:
    """Rural shops, the first `passed` of them up to the standard, the next one not, the others never assessed."""
    keys = [f"{prefix}{town}{n}" for n in range(count)]
    made = registry.load(
        by=by,
        operators=[NewOperator(key=key, name=f"店主{key}", kind="individual", division_code=town) for key in keys],
        premises=[
            NewPremises(
                key=key, operator=key, name=f"小店{key}", kind="small_shop", division_code=town + "201",
                rural=True, opened_on=date(2022, 1, 1),
            )
            for key in keys
        ],
        facts=[
            NewFact(
                premises=key, name="rural_food.standard_shop", value="passed" if n < passed else "failed",
                valid_from=date(2022, 9, 1), valid_to=date(2023, 9, 1),
            )
            for n, key in enumerate(keys[: passed + 1])
        ],
    )  # fmt: skip
    return dict(made.premises)
