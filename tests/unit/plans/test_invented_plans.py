"""Invented plans in the forms such papers take: every field as a careful clerk would write it down."""

from __future__ import annotations

from typing import Any

import pytest
from tests.unit.plans.further_samples import FURTHER_SAMPLES
from tests.unit.plans.more_samples import MORE_SAMPLES
from tests.unit.plans.samples import SAMPLES, Sample
from tests.unit.plans.unusual_samples import UNUSUAL_SAMPLES

from fangxin.engines.plans import read_plan, to_json

by_name = pytest.mark.parametrize(
    "sample", [*SAMPLES, *MORE_SAMPLES, *FURTHER_SAMPLES, *UNUSUAL_SAMPLES], ids=lambda s: s.name
)


def read(sample: Sample) -> dict[str, Any]:
    return to_json(read_plan(sample.text))


@by_name
def test_head_of_the_plan_is_read(sample: Sample) -> None:
    got = read(sample)
    expected = sample.expected
    assert got["title"] == expected.title
    assert got["document_number"] == expected.number
    assert got["issuer"] == expected.issuer
    assert got["issued_on"] == expected.issued_on
    assert (got["period"]["start"], got["period"]["end"]) == expected.period
    assert got["based_on"] == expected.based_on


@by_name
def test_each_action_has_its_lead_its_cooperating_agencies_and_its_lower_governments(sample: Sample) -> None:
    got = [(a["number"], a["title"], a["lead"], a["cooperating"], a["townships"]) for a in read(sample)["actions"]]
    assert got == sample.expected.actions


@by_name
def test_measures_are_sentences_of_the_action_without_its_units(sample: Sample) -> None:
    for action in read(sample)["actions"]:
        assert action["measures"]
        for measure in action["measures"]:
            assert not measure.endswith(("。", "；"))
            assert "责任单位" not in measure
            assert "牵头" not in measure


@by_name
def test_goals_carry_metric_comparison_value_unit_and_date(sample: Sample) -> None:
    got = [(g["action"], g["metric"], g["comparison"], g["value"], g["unit"], g["due"]) for g in read(sample)["goals"]]
    assert got == sample.expected.goals


@by_name
def test_deadlines_say_when_what_and_who(sample: Sample) -> None:
    got = [(d["date"] or d["month_day"], d["what"], d["who"]) for d in read(sample)["deadlines"]]
    assert got == sample.expected.deadlines


@by_name
def test_drafting_defects_are_named_and_no_others(sample: Sample) -> None:
    assert sorted({d["kind"] for d in read(sample)["defects"]}) == sorted(sample.expected.defects)


@by_name
def test_every_source_quotes_the_text_at_its_offset(sample: Sample) -> None:
    for pointer, source in read(sample)["sources"].items():
        quote = source["quote"]
        assert sample.text[source["offset"] : source["offset"] + len(quote)] == quote, pointer


@by_name
def test_every_leaf_read_from_the_text_has_a_source(sample: Sample) -> None:
    got = read(sample)
    sources = got["sources"]
    for name in ("title", "document_number", "issuer", "issued_on"):
        assert (f"/{name}" in sources) == (got[name] is not None)
    for i, action in enumerate(got["actions"]):
        assert f"/actions/{i}/title" in sources
        assert (f"/actions/{i}/lead" in sources) == (action["lead"] is not None)
        assert all(f"/actions/{i}/cooperating/{k}" in sources for k in range(len(action["cooperating"])))
        assert all(f"/actions/{i}/measures/{k}" in sources for k in range(len(action["measures"])))
    for name in ("based_on", "goals", "deadlines", "defects"):
        assert all(f"/{name}/{i}" in sources for i in range(len(got[name])))
