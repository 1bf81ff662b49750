import json
import random
from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.sampling.invented import plan, plan_values

from fangxin.engines.sampling import (
    DrawPlan,
    PlanFault,
    PlanRefused,
    Quota,
    Rounding,
    StratumKey,
    Target,
    inclusion,
    plan_digest,
    plan_from,
    plan_to_mapping,
)


def problems_of(values):
    with pytest.raises(PlanRefused) as refused:
        plan_from(values)
    return {(problem.pointer, problem.fault) for problem in refused.value.problems}


def changed(**changes):
    return {**plan_values(), **changes}


def quota(**values):
    return changed(quotas=[{"by": "grade", **values}])


def test_a_plan_reads_back_as_itself():
    first = plan(avoid_own_township=True, last_visit="one_new", year=2023, purpose="餐饮")
    written = json.loads(json.dumps(plan_to_mapping(first)))
    assert plan_from(written) == first
    assert plan_digest(plan_from(written)) == plan_digest(first)


def test_the_order_of_rows_and_the_spelling_of_numbers_do_not_matter():
    values = plan_values()
    mixed = json.loads(json.dumps(values))
    for rows in (mixed["targets"], mixed["inspectors"], *(t["last_inspectors"] for t in mixed["targets"])):
        random.Random(3).shuffle(rows)
    mixed["quotas"] = [{"counts": dict(reversed(mixed["quotas"][0]["counts"].items())), "by": "grade"}]
    mixed["exploration"] = Decimal("0.200")
    assert plan_digest(plan_from(mixed)) == plan_digest(plan_from(values))


def test_any_other_change_changes_the_digest():
    digests = {plan_digest(plan(**change)) for change in ({}, {"title": "另一次"}, {"team_size": 3}, {"year": 2023})}
    assert len(digests) == 4


@pytest.mark.parametrize(
    ("values", "pointer", "fault"),
    [
        ([], "", PlanFault.WRONG_KIND),
        (changed(title=" "), "/title", PlanFault.EMPTY),
        (changed(title="\ud800"), "/title", PlanFault.WRONG_KIND),
        (changed(lottery="x"), "/lottery", PlanFault.UNKNOWN_KEY),
        (changed(commitment="abc"), "/commitment", PlanFault.NOT_HEX),
        (changed(exploration="0"), "/exploration", PlanFault.OUT_OF_RANGE),
        (changed(exploration=0.2), "/exploration", PlanFault.WRONG_KIND),
        (changed(exploration="0.1234567"), "/exploration", PlanFault.TOO_PRECISE),
        (changed(exploration=Decimal("NaN")), "/exploration", PlanFault.OUT_OF_RANGE),
        (changed(year="2023"), "/year", PlanFault.WRONG_KIND),
        (changed(team_size=1), "/team_size", PlanFault.OUT_OF_RANGE),
        (changed(team_size=True), "/team_size", PlanFault.WRONG_KIND),
        (changed(last_visit="never"), "/last_visit", PlanFault.NOT_A_CHOICE),
        (changed(avoid_own_township="yes"), "/avoid_own_township", PlanFault.WRONG_KIND),
        (changed(targets="T001"), "/targets", PlanFault.WRONG_KIND),
        (changed(targets=[]), "/targets", PlanFault.EMPTY),
        (changed(targets=[{"grade": "A"}]), "/targets/0/id", PlanFault.MISSING),
        (changed(targets=[{"id": "T", "risk": 1}]), "/targets/0/risk", PlanFault.UNKNOWN_KEY),
        (changed(targets=[{"id": "T", "weight": "-1"}]), "/targets/0/weight", PlanFault.WRONG_KIND),
        (changed(inspectors=[{"id": "I", "max_visits": -1}]), "/inspectors", PlanFault.OUT_OF_RANGE),
        (changed(inspectors=[{"id": "I", "max_visits": 1, "a/b~c": 1}]), "/inspectors/0/a~1b~0c", PlanFault.UNKNOWN_KEY),
        (
            changed(inspectors=[{"id": "I", "max_visits": 1, "recused": ["T999"]}]),
            "/inspectors",
            PlanFault.NO_SUCH_TARGET,
        ),
        (changed(inspectors=[{"id": "I", "max_visits": 1}] * 2), "/inspectors", PlanFault.REPEATED),
        (changed(quotas=[]), "/quotas", PlanFault.EMPTY),
        (changed(quotas=[{"by": "colour", "counts": {}}]), "/quotas/0/by", PlanFault.NOT_A_CHOICE),
        (changed(quotas=[{"by": "grade", "counts": {"A": 1}}] * 3), "/quotas", PlanFault.TOO_MANY_QUOTAS),
        (changed(quotas=[{"by": "grade", "counts": {"A": 1}}] * 2), "/quotas", PlanFault.REPEATED),
        (quota(), "/quotas/grade", PlanFault.QUOTA_FORM),
        (quota(counts={"A": 1}, rates={"A": "0.1"}), "/quotas/grade", PlanFault.QUOTA_FORM),
        (quota(rates={"A": "0.1", "B": "0.1", "C": "0.1"}), "/quotas/grade", PlanFault.QUOTA_FORM),
        (quota(rates={"A": "1.5"}, rounding="up"), "/quotas/grade/rates/A", PlanFault.OUT_OF_RANGE),
        (quota(counts={"A": 1, "B": 1}), "/quotas/grade", PlanFault.QUOTA_MISSING),
        (quota(counts={"A": 1, "B": 1, "C": 1, "D": 1}), "/quotas/grade", PlanFault.QUOTA_WITHOUT_TARGETS),
        (quota(counts={"A": 99, "B": 1, "C": 1}), "/quotas/grade", PlanFault.QUOTA_TOO_LARGE),
        (quota(shares={"A": "0.5", "B": "0.4", "C": "0.2"}, total=9), "/quotas/grade/shares", PlanFault.SHARES_NOT_ONE),
        (
            changed(quotas=[{"by": "grade", "counts": {"A": 1, "B": 1, "C": 1}},
                            {"by": "township", "counts": {"W0": 1, "W1": 1, "W2": 1, "W3": 1}}]),
            "/quotas",
            PlanFault.TOTALS_DIFFER,
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_place(values, pointer, fault):
    assert (pointer, fault) in problems_of(values)


def test_everything_wrong_is_told_at_once():
    found = problems_of(changed(title=3, team_size="two", targets=[{"id": 1}, {}]))
    assert {pointer for pointer, _ in found} == {"/title", "/team_size", "/targets/0/id", "/targets/1/id"}


def test_a_plan_made_by_a_program_is_checked_as_a_file_is():
    made = DrawPlan("t", "0" * 64, "x", (Target("a"), Target("a")), (), (Quota(StratumKey.ALL),), Decimal(1))
    with pytest.raises(PlanRefused) as refused:
        inclusion(made)
    assert {p.fault for p in refused.value.problems} == {PlanFault.REPEATED, PlanFault.QUOTA_FORM}


@pytest.mark.parametrize(
    ("rounding", "expected"), [(Rounding.UP, 2), (Rounding.NEAREST, 2), (Rounding.DOWN, 1)]
)  # 16 × 0.09375 = 1.5
def test_rates_round_as_the_plan_says(rounding, expected):
    rates = {"A": "0.09375"}
    values = plan_values(quotas=[{"by": "grade", "rates": rates, "rounding": rounding.value}])
    values["targets"] = [{"id": str(n), "grade": "A"} for n in range(16)]
    values["inspectors"] = []
    assert inclusion(plan_from(values)).strata[0].quota == expected


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.decimals() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_bad_input_is_refused_and_never_breaks(data):
    values = plan_values(targets=6, inspectors=2, quotas=[{"by": "all", "counts": {"all": 2}}])
    rows = data.draw(st.sampled_from([values, values["targets"][0], values["inspectors"][0], values["quotas"][0]]))
    rows[data.draw(st.sampled_from(sorted(rows)))] = data.draw(json_values)
    with suppress(PlanRefused):
        assert sum(inclusion(plan_from(values)).probabilities.values()) >= 1
