"""Who inspects whom: always lawful, complete whenever possible, blind to risk."""

from collections import Counter
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.sampling.invented import PUBLIC, SALT, SEED, plan_values

from fangxin.engines.sampling import Bar, LastVisit, Reason, draw, plan_from
from fangxin.engines.sampling.stream import Stream
from fangxin.engines.sampling.teams import assign_teams

NAMES = ("i0", "i1", "i2", "i3", "i4")


def is_lawful(plan, target, team):
    by_id = {inspector.id: inspector for inspector in plan.inspectors}
    people = [by_id[name] for name in team]
    last = set(target.last_inspectors)
    return (
        len(set(team)) == plan.team_size
        and not any(target.id in person.recused for person in people)
        and not (plan.avoid_own_township and any(person.township == target.township for person in people))
        and not (plan.last_visit is LastVisit.ALL_NEW and last & set(team))
        and not (plan.last_visit is LastVisit.ONE_NEW and set(team) <= last)
    )


def is_possible(plan, targets, used=()):
    """Try every combination of teams."""
    if not targets:
        return True
    free = Counter({i.id: i.max_visits for i in plan.inspectors})
    free.subtract(used)
    names = [name for name, visits in free.items() if visits > 0]
    return any(
        is_possible(plan, targets[1:], (*used, *team))
        for team in combinations(names, plan.team_size)
        if is_lawful(plan, targets[0], team)
    )


@st.composite
def small_plans(draw, last_visits=("all_new", "any")):
    names = [f"t{n}" for n in range(draw(st.integers(1, 4)))]
    people = st.lists(st.sampled_from(NAMES), unique=True, max_size=3)
    return plan_from(
        plan_values(
            quotas=[{"by": "all", "counts": {"all": len(names)}}],
        )
        | {
            "targets": [
                {"id": name, "township": draw(st.sampled_from(["", "W0", "W1"])), "last_inspectors": draw(people)}
                for name in names
            ],
            "inspectors": [
                {
                    "id": name,
                    "township": draw(st.sampled_from(["W0", "W1", "W2"])),
                    "max_visits": draw(st.integers(0, 3)),
                    "recused": draw(st.lists(st.sampled_from(names), unique=True, max_size=1)),
                }
                for name in NAMES
            ],
            "last_visit": draw(st.sampled_from(last_visits)),
            "avoid_own_township": draw(st.booleans()),
        }
    )


@given(small_plans(("all_new", "one_new", "any")), st.integers(0, 2**32))
@settings(max_examples=200, deadline=None)
def test_no_exclusion_and_no_limit_of_visits_is_ever_broken(plan, seed):
    targets = {target.id: target for target in plan.targets}
    found = assign_teams(plan, sorted(targets), Stream.of(seed.to_bytes(32, "big"), "x"))
    assert found.teams.keys() | {u.target for u in found.unserved} == targets.keys()
    assert not found.teams.keys() & {u.target for u in found.unserved}
    for name, team in found.teams.items():
        assert is_lawful(plan, targets[name], team), (name, team)
    visits = Counter(name for team in found.teams.values() for name in team)
    assert all(visits[inspector.id] <= inspector.max_visits for inspector in plan.inspectors)


@given(small_plans(), st.integers(0, 2**32))
@settings(max_examples=200, deadline=None)
def test_everybody_is_served_whenever_that_is_possible(plan, seed):
    targets = list(plan.targets)
    found = assign_teams(plan, [t.id for t in targets], Stream.of(seed.to_bytes(32, "big"), "x"))
    assert (not found.unserved) == is_possible(plan, targets)


def one_target(inspectors, **target):
    values = plan_values(quotas=[{"by": "all", "counts": {"all": 1}}], avoid_own_township=True)
    values |= {"targets": [{"id": "t", "township": "W0", **target}], "inspectors": inspectors}
    return draw(plan_from(values), seed=SEED, salt=SALT, public=PUBLIC)


def test_a_target_without_a_team_stays_drawn_and_says_why():
    result = one_target(
        [
            {"id": "a", "max_visits": 9, "recused": ["t"]},
            {"id": "b", "max_visits": 9, "township": "W0"},
            {"id": "c", "max_visits": 9},
            {"id": "d", "max_visits": 9},
        ],
        last_inspectors=["c"],
    )
    (drawn,) = result.drawn
    assert (drawn.id, drawn.order, drawn.team) == ("t", 1, ())
    (unserved,) = result.unserved
    assert (unserved.target, unserved.reason, unserved.needed, unserved.allowed) == ("t", Reason.TOO_FEW_ALLOWED, 2, 1)
    assert dict(unserved.barred) == {Bar.RECUSED: 1, Bar.OWN_TOWNSHIP: 1, Bar.LAST_VISIT: 1}


def test_visits_used_up_are_told_apart_from_nobody_allowed():
    result = one_target([{"id": "a", "max_visits": 0}, {"id": "b", "max_visits": 1}, {"id": "c", "max_visits": 0}])
    assert [(u.reason, u.allowed) for u in result.unserved] == [(Reason.NO_VISITS_LEFT, 3)]


def test_no_inspectors_at_all_is_a_statement_and_not_an_error():
    assert [u.allowed for u in one_target([]).unserved] == [0]


def test_weights_change_chances_and_never_who_may_inspect():
    values = plan_values(quotas=[{"by": "all", "counts": {"all": 40}}], inspectors=30)
    plain = draw(plan_from(values), seed=SEED, salt=SALT, public=PUBLIC)
    for target in values["targets"]:
        target["weight"] = "1"
    weighted = draw(plan_from(values), seed=SEED, salt=SALT, public=PUBLIC)
    assert [t.team for t in weighted.targets] == [t.team for t in plain.targets]


def test_every_lawful_team_is_as_likely_when_visits_do_not_bind():
    values = plan_values(quotas=[{"by": "all", "counts": {"all": 1}}])
    values |= {
        "targets": [{"id": "t", "last_inspectors": ["e"]}],
        "inspectors": [{"id": name, "max_visits": 1} for name in "abcde"],
    }
    plan = plan_from(values)
    counts = Counter(assign_teams(plan, ["t"], Stream.of(n.to_bytes(32, "big"), "x")).teams["t"] for n in range(1800))
    assert set(counts) == set(combinations("abcd", 2))
    assert sum((n - 300) ** 2 / 300 for n in counts.values()) < 20.5  # 5 degrees of freedom, p = 0.001


def test_with_one_new_face_every_other_team_can_come():
    values = plan_values(quotas=[{"by": "all", "counts": {"all": 1}}], last_visit="one_new")
    values |= {
        "targets": [{"id": "t", "last_inspectors": ["a", "b"]}],
        "inspectors": [{"id": name, "max_visits": 1} for name in "abc"],
    }
    plan = plan_from(values)
    teams = {assign_teams(plan, ["t"], Stream.of(n.to_bytes(32, "big"), "x")).teams["t"] for n in range(40)}
    assert teams == {("a", "c"), ("b", "c")}
