from datetime import date, time, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from fangxin.engines.withholding import (
    Ban,
    HarvestOutcome,
    Interval,
    IntervalUnit,
    LabelLine,
    LockReason,
    ProblemCode,
    Produce,
    Use,
    degree_days,
    judge_batch,
    judge_harvest,
)

FIRST = date(2024, 1, 1)
DAYS, HOURS, DEGREES = IntervalUnit.DAYS, IntervalUnit.HOURS, IntervalUnit.DEGREE_DAYS


def _use(ref: str, offset: int, interval: Interval | None, **more) -> Use:
    return Use(
        ref,
        more.pop("product", "甲"),
        FIRST + timedelta(days=offset),
        label=(LabelLine("韭菜", Produce.CROP, interval),),
        **more,
    )


uses = st.lists(st.tuples(st.integers(0, 300), st.one_of(st.none(), st.integers(0, 60))), max_size=8)


def _made(rows):
    return [
        _use(str(n), day, None if wait is None else Interval(Decimal(wait), DAYS)) for n, (day, wait) in enumerate(rows)
    ]


@settings(max_examples=60, deadline=None)
@given(uses, st.randoms(use_true_random=False), st.integers(0, 400))
def test_the_standing_is_the_latest_lock_whatever_the_order(rows, rng, on):
    made = _made(rows)
    shuffled = list(made)
    rng.shuffle(shuffled)
    standing = judge_batch("韭菜", Produce.CROP, made)
    assert judge_batch("韭菜", Produce.CROP, shuffled) == standing
    ends = [FIRST + timedelta(days=day + wait) for day, wait in rows if wait is not None]
    assert standing.earliest == max(ends, default=None)
    assert len(standing.open_locks) == sum(wait is None for _, wait in rows)
    # The slow, obviously right way for the harvest day.
    harvest = FIRST + timedelta(days=on)
    before = [(day, wait) for day, wait in rows if day <= on]
    if any(wait is not None and on - day < wait for day, wait in before):
        expected = HarvestOutcome.WITHIN
    elif any(wait is None for _, wait in before):
        expected = HarvestOutcome.UNKNOWN
    else:
        expected = HarvestOutcome.FREE
    assert judge_harvest(harvest, standing) is expected


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.one_of(st.none(), st.decimals(0, 30, places=1)), max_size=40),
    st.integers(1, 600),
)
def test_a_missing_day_never_makes_the_end_earlier(temperatures, needed):
    means = {FIRST + timedelta(days=n + 1): t for n, t in enumerate(temperatures) if t is not None}
    full = {FIRST + timedelta(days=n + 1): (t if t is not None else Decimal(30)) for n, t in enumerate(temperatures)}
    found, complete = degree_days(FIRST, Decimal(needed), means), degree_days(FIRST, Decimal(needed), full)
    if found.reached_on is not None:
        assert complete.reached_on is not None
        assert complete.reached_on <= found.reached_on
    assert found.sum <= complete.sum or complete.reached_on is not None


def test_an_unmeasured_tail_is_missing_and_not_running():
    use = _use("1", 0, Interval(Decimal(100), DEGREES))
    means = {FIRST + timedelta(days=1): Decimal(20)}
    measured = judge_batch("韭菜", Produce.CROP, [use], water=means, on=FIRST + timedelta(days=1))
    assert measured.open_locks[0].reason is LockReason.DEGREE_DAYS_RUNNING
    stale = judge_batch("韭菜", Produce.CROP, [use], water=means, on=FIRST + timedelta(days=3))
    assert stale.open_locks[0].reason is LockReason.DEGREE_DAYS_MISSING
    assert [day.day for day in stale.open_locks[0].water.missing] == [3, 4]


def test_what_is_measured_later_is_not_known_on_the_day():
    use = _use("1", 0, Interval(Decimal(30), DEGREES))
    means = {FIRST + timedelta(days=n): Decimal(20) for n in (1, 2)}
    assert judge_batch("韭菜", Produce.CROP, [use], water=means, on=FIRST + timedelta(days=1)).earliest is None
    assert judge_batch("韭菜", Produce.CROP, [use], water=means, on=FIRST + timedelta(days=2)).earliest == date(
        2024, 1, 3
    )


def test_hours_count_from_the_dose_and_say_the_hour():
    label = (LabelLine("牛", Produce.MILK, Interval(Decimal(72), HOURS)),)
    standing = judge_batch("牛", Produce.MILK, [Use("1", "甲", date(2024, 3, 30), last_at=time(11), label=label)])
    assert (standing.earliest, standing.earliest_at) == (date(2024, 4, 2), time(11))
    assert judge_harvest(date(2024, 4, 2), standing, time(6)) is HarvestOutcome.WITHIN
    assert judge_harvest(date(2024, 4, 2), standing, time(11)) is HarvestOutcome.FREE
    assert judge_harvest(date(2024, 4, 2), standing) is HarvestOutcome.UNKNOWN


def test_a_banned_use_locks_for_good_and_goes_before_all_else():
    uses = [_use("1", 0, None), _use("2", 1, Interval(Decimal(1), DAYS), bans=(Ban("氧乐果", "公告第736号"),))]
    standing = judge_batch("韭菜", Produce.CROP, uses)
    assert standing.decided_by.reason is LockReason.BANNED
    assert judge_harvest(date(2030, 1, 1), standing) is HarvestOutcome.BANNED
    assert ProblemCode.BANNED_USE in {problem.code for problem in standing.problems}


def test_the_bag_fills_in_where_the_list_has_no_line():
    typed = Use("1", "甲", FIRST, typed=Interval(Decimal(5), DAYS))
    standing = judge_batch("韭菜", Produce.CROP, [typed])
    assert standing.earliest == FIRST + timedelta(days=5)
    assert [problem.code for problem in standing.problems] == [ProblemCode.UNLISTED_PRODUCT]


def test_the_list_goes_before_the_bag():
    use = _use("1", 0, Interval(Decimal(14), DAYS), typed=Interval(Decimal(1), DAYS))
    assert judge_batch("韭菜", Produce.CROP, [use]).earliest == FIRST + timedelta(days=14)


def test_uses_of_other_products_do_not_count_together():
    line = (LabelLine("韭菜", Produce.CROP, Interval(Decimal(1), DAYS), most_uses=1),)
    uses = [Use(str(n), product, FIRST, label=line) for n, product in enumerate(["甲", "乙", "甲"])]
    over = [problem.use.ref for problem in judge_batch("韭菜", Produce.CROP, uses).problems]
    assert over == ["2"]


def test_the_weaker_dilution_is_the_greater_number():
    line = (LabelLine("苹果", Produce.CROP, None, None, Decimal(1500), Decimal(2000), "倍液"),)
    uses = [
        Use(dose, "甲", FIRST, label=line, dose=Decimal(dose), dose_unit="倍液") for dose in ("1000", "1800", "3000")
    ]
    found = {p.use.ref: p.code for p in judge_batch("苹果", Produce.CROP, uses).problems if "dose" in p.code}
    assert found == {"1000": ProblemCode.OVER_DOSE, "3000": ProblemCode.UNDER_DOSE}


def test_doses_in_another_unit_are_not_compared():
    line = (LabelLine("苹果", Produce.CROP, Interval(Decimal(1), DAYS), None, None, Decimal(10), "g/亩"),)
    use = Use("1", "甲", FIRST, label=line, dose=Decimal(500), dose_unit="mL/亩")
    assert judge_batch("苹果", Produce.CROP, [use]).problems == ()
