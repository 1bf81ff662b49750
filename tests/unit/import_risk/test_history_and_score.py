"""What the history of notices says, and how points add up."""

from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fangxin.engines import import_risk as risk

STANDARDS = Path(__file__).parents[3] / "standards" / "imported_food"
RULES = risk.load_score_rules((STANDARDS / "lot-risk.toml").read_text(encoding="utf-8"))
CELLS = [
    risk.Cell(2024, "TR", "nuts", "", 30), risk.Cell(2024, "TR", "nuts", "mycotoxin", 25), risk.Cell(2024, "TR", "nuts", "pathogen", 5),
    risk.Cell(2024, "TR", "produce", "", 10), risk.Cell(2024, "TR", "produce", "pesticide", 10),
    risk.Cell(2024, "BR", "poultry", "", 40), risk.Cell(2024, "BR", "poultry", "pathogen", 40),
]  # fmt: skip
HISTORY = risk.fit_history(CELLS, months=12, classes=["dairy"], origins=["NZ"])
DAY = date(2023, 3, 15)
GOOD = risk.LotFacts(
    "NZ", "dairy", credit=("customs-2021", "advanced"), label="conforming", tested=4, best_before_on=date(2024, 1, 1)
)


def test_more_months_and_more_notices_make_another_one_more_probable():
    chances = [HISTORY.chance("TR", "nuts", months=m).probability for m in (0, 1, 6, 24)]
    assert chances[0] == 0
    assert all(a < b for a, b in pairwise(chances))
    order = [
        HISTORY.chance(*pair, months=6).probability for pair in (("NZ", "dairy"), ("TR", "produce"), ("TR", "nuts"))
    ]
    assert all(a < b for a, b in pairwise(order))


def test_a_pair_never_seen_is_rare_and_not_impossible():
    chance = HISTORY.chance("NZ", "dairy", months=6)
    assert 0 < chance.probability < 0.05
    assert (chance.seen, chance.seen_months) == (0, 12)


def test_shares_of_hazards_add_up_and_lean_to_what_was_seen():
    shares = HISTORY.hazards("TR", "nuts")
    assert sum(share for _group, share in shares) == pytest.approx(1)
    assert shares[0][0] == "mycotoxin"
    assert HISTORY.hazards("NZ", "dairy")[0][0] == "pathogen"  # nothing seen: as in all food


def test_a_history_without_notices_is_refused():
    with pytest.raises(ValueError, match="needs notices"):
        risk.fit_history([], months=12)


@settings(max_examples=10, deadline=None)
@given(st.permutations(CELLS))
def test_the_order_of_the_table_does_not_matter(cells):
    assert risk.fit_history(cells, months=12, classes=["dairy"], origins=["NZ"]) == HISTORY


def score(**more):
    return risk.score_lot(replace(GOOD, **more), history=HISTORY, rules=RULES, on=DAY)


def test_a_lot_in_order_has_no_points():
    assert (score().points, score().band, score().reasons) == (0, "low", ())


@pytest.mark.parametrize(
    ("more", "points", "band"),
    [
        ({"key_paper_missing": True, "papers_missing": 1}, 25, "medium"),
        ({"key_paper_missing": True, "papers_missing": 3}, 41, "medium"),
        ({"papers_missing": 9}, 30, "medium"),
        ({"label": ""}, 8, "low"),
        ({"label": "nonconforming", "key_paper_missing": True, "papers_missing": 1, "tested": 0}, 50, "high"),
        ({"credit": None}, 10, "low"),
        ({"credit": ("customs-2026", "regular")}, 8, "low"),
        ({"credit": ("customs-2026", "general")}, 10, "low"),  # no grade of that scheme: not known
        ({"storage": "frozen", "temperature_known": False}, 15, "low"),
        ({"failed": 1}, 5, "low"),
        ({"best_before_on": date(2023, 3, 14)}, 100, "high"),
        ({"best_before_on": DAY}, 5, "low"),
        ({"sure_alerts": 1}, 100, "high"),
        ({"asked_alerts": 2}, 15, "low"),
        ({"origin": ""}, 15, "low"),
    ],
)  # fmt: skip
def test_points_of_each_reason(more, points, band):
    assert (score(**more).points, score(**more).band) == (points, band)


FAULTS = st.fixed_dictionaries(
    {
        "papers_missing": st.integers(0, 6), "label": st.sampled_from(["conforming", "flaw", "", "nonconforming"]),
        "storage": st.sampled_from(["ambient", "frozen"]), "asked_alerts": st.integers(0, 3), "origin": st.sampled_from(["NZ", "TR", "BR", ""]),
        "failed": st.integers(0, 4),
    }
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(FAULTS, st.sampled_from(["key_paper_missing", "sure_alerts", "failed_itself", "vulnerable"]))
def test_a_further_fault_never_takes_points_away(facts, fault):
    assert score(**facts, **{fault: True}).points > score(**facts).points


@settings(max_examples=40, deadline=None)
@given(FAULTS)
def test_the_sum_is_the_sum_of_its_reasons(facts):
    found = score(**facts)
    assert found.points == sum(reason.points for reason in found.reasons)
    assert all(reason.points > 0 for reason in found.reasons)


# --- duties -------------------------------------------------------------------------------------------------------------


def test_no_two_schemes_are_in_force_on_one_day():
    schemes = sorted(
        (risk.load_scheme(path.read_text(encoding="utf-8")) for path in STANDARDS.glob("customs-credit-*.toml")),
        key=lambda scheme: scheme.in_force_from,
    )
    assert [s.scheme for s in schemes] == ["customs-2018", "customs-2021", "customs-2026"]
    assert all((b.in_force_from - a.in_force_to).days == 1 for a, b in pairwise(schemes))
    assert {(s.scheme, g.code) for s in schemes for g in s.grades} == set(RULES.credit)


def test_an_ended_grade_counts_no_longer():
    scheme = risk.CreditScheme("s", date(2021, 11, 1), date.max, ())
    entries = [
        risk.CreditEntry("s", "advanced", date(2022, 1, 1), date(2022, 12, 31)),
        risk.CreditEntry("s", "regular", date(2023, 2, 1)),
    ]
    days = [date(2021, 12, 31), date(2022, 12, 31), date(2023, 1, 1), date(2023, 2, 1), date(2020, 1, 1)]
    assert [(c.state.value, c.grade) for c in (risk.credit_on(entries, [scheme], day) for day in days)] == [
        ("unknown", ""), ("known", "advanced"), ("unknown", ""), ("known", "regular"), ("no_scheme", ""),
    ]  # fmt: skip


def test_an_item_asked_of_infant_formula_only_is_asked_of_nobody_else():
    items = risk.load_duties((STANDARDS / "label-2011.toml").read_text(encoding="utf-8"), "item")
    lots = [risk.LotKind("seller", "ambient", "dairy", products, DAY) for products in ((), ("infant_formula",))]
    assert ["special" in {i.code for i in risk.required(items, lot)} for lot in lots] == [False, True]
    before = risk.LotKind("seller", "ambient", "dairy", (), date(2021, 12, 31))
    assert "maker_number" not in {i.code for i in risk.required(items, before)}
