"""Damage to the page changes nothing of what is read: same plan, same answer, by seed."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest
from tests.unit.plans.damage import ALL, damage
from tests.unit.plans.further_samples import LINE_BY_LINE, SECTIONS
from tests.unit.plans.samples import CITY, CLEAN, DIVIDED_DUTY, GROUPED, OWN_AIMS, Sample

from fangxin.engines.plans import read_plan, to_json

PLANS = (CLEAN, CITY, OWN_AIMS, GROUPED, DIVIDED_DUTY, LINE_BY_LINE, SECTIONS)


def without_places(text: str) -> dict[str, Any]:
    """The reading without offsets and verbatim quotes, which damage does change."""
    got = to_json(read_plan(text))
    for source in got.pop("sources").values():
        quote = source["quote"]
        assert text[source["offset"] : source["offset"] + len(quote)] == quote
    got["defects"] = [d["kind"] for d in got["defects"]]
    return got


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("sample", PLANS, ids=lambda s: s.name)
def test_one_kind_of_damage_changes_nothing(sample: Sample, kind: Callable[[str, random.Random], str]) -> None:
    whole = without_places(sample.text)
    for seed in range(3):
        assert without_places(kind(sample.text, random.Random(seed))) == whole, seed


@pytest.mark.parametrize("seed", range(12))
def test_several_kinds_of_damage_together_change_nothing(seed: int) -> None:
    sample = PLANS[seed % len(PLANS)]
    assert without_places(damage(sample.text, seed)) == without_places(sample.text)


def test_damage_does_change_the_text() -> None:
    assert all(any(kind(s.text, random.Random(1)) != s.text for s in PLANS) for kind in ALL)
