"""A failed test speaks against a certificate of compliance for the same food of the same producer."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from fangxin.kernel.contributing import api as contribute
from fangxin.kernel.contributing.data import BatchFacts


def test_a_failed_test_blocks_the_same_food_for_a_year(failed: Any) -> None:
    facts = BatchFacts(
        "registry.premises", str(failed.premises_id), failed.food, failed.division_code, failed.sampled_on,
        premises_id=failed.premises_id,
    )  # fmt: skip

    def kinds(**changes: Any) -> list[str]:
        return [blocker.kind for blocker in contribute.blockers_of(replace(facts, **changes))]

    assert kinds() == ["failed_test"]
    assert kinds(food="萝卜") == []
    assert kinds(premises_id=failed.premises_id + 1) == []
    assert kinds(on=failed.sampled_on - timedelta(days=1)) == []
    assert kinds(on=failed.sampled_on + timedelta(days=364)) == ["failed_test"]
    assert kinds(on=failed.sampled_on + timedelta(days=366)) == []
