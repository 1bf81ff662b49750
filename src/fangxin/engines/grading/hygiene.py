"""The catering grade shown at the door: a face after each visit, a letter for the year.

Scores run from 0 to 10, higher is better. The mean is rounded half up to one decimal *before* it is compared,
so that no score can fall between two printed bands.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from fangxin.engines.deadlines import add_months
from fangxin.engines.grading.reading import Row, RuleHead, RuleSource, open_rule
from fangxin.engines.grading.values import UNGRADED, Basis, Grade, Scale, require_within, round_half_up
from fangxin.engines.grading.visits import Answered, ItemResult, Outcome


@dataclass(frozen=True, slots=True)
class HygieneBand:
    """From `at_least` on, up to the band above: this face after a visit, this letter for a year."""

    at_least: Decimal
    visit: str
    year: str


@dataclass(frozen=True, slots=True)
class HygieneRules:
    """One edition of the catering grading rules."""

    head: RuleHead
    quantum: Decimal
    full_points: Decimal
    ungraded_from_key_failures: int
    months_after_licence: int
    months_after_accident: int
    window_months: int
    bands: tuple[HygieneBand, ...]


@dataclass(frozen=True, slots=True)
class HygieneVerdict:
    """A grade of the scale `hygiene_visit` or `hygiene_year`, the score it was compared by, and why.

    `score` is None where there was nothing to score. `reason` is a token: `graded`, `below_lowest_band`,
    `key_items_failed`, `newly_licensed`, `recent_accident`, `no_applicable_item`, `no_scored_visit`.
    """

    grade: Grade
    score: Decimal | None
    reason: str
    basis: Basis


@dataclass(frozen=True, slots=True)
class ScoredVisit:
    """The day and dynamic score of one visit."""

    on: date
    score: Decimal


def load_hygiene_rules(source: RuleSource) -> HygieneRules:
    """Read one edition of the catering grading rules. Raises `RuleRefused` naming row and field."""
    row = open_rule(source, "hygiene rules")
    rules = HygieneRules(
        head=row.head(),
        quantum=row.number("quantum", least=Decimal("0.001")),
        full_points=row.number("full_points", least=Decimal(1)),
        ungraded_from_key_failures=row.whole("ungraded_from_key_failures", least=1),
        months_after_licence=row.whole("months_after_licence"),
        months_after_accident=row.whole("months_after_accident"),
        window_months=row.whole("window_months", least=1),
        bands=tuple(_read_band(one) for one in row.rows("band")),
    )
    row.close()
    _check_bands(row, rules)
    return rules


def grade_visit(
    answered: Answered, *, on: date, licensed_on: date, last_accident_on: date | None, rules: HygieneRules
) -> HygieneVerdict:
    """The face earned by one visit on `on`: mean of the applicable items, unless the rule withholds a grade."""
    scores = [_points(result, rules) for _, result in answered.applicable]
    keys = sum(item.key for item, _ in answered.failed)
    return grade_scores(
        scores, key_failures=keys, on=on, licensed_on=licensed_on, last_accident_on=last_accident_on, rules=rules
    )


def grade_scores(
    scores: Iterable[Decimal],
    *,
    key_failures: int,
    on: date,
    licensed_on: date,
    last_accident_on: date | None,
    rules: HygieneRules,
) -> HygieneVerdict:
    """As `grade_visit`, from the scores of the applicable items and the number of key items failed."""
    points = list(scores)
    for one in points:
        require_within("item score", one, Decimal(0), rules.full_points)
    total = sum(points, Decimal(0))
    inputs: list[tuple[str, object]] = [
        ("sum", total), ("applicable items", len(points)), ("key items failed", key_failures),
        ("on", on), ("licensed on", licensed_on), ("last accident on", last_accident_on or ""),
    ]  # fmt: skip
    score = round_half_up(Fraction(total) / len(points), rules.quantum) if points else None
    withheld = _withheld(on, licensed_on, last_accident_on, rules)
    if withheld is None and key_failures >= rules.ungraded_from_key_failures:
        withheld = ("key_items_failed", f"{key_failures} >= {rules.ungraded_from_key_failures} key items")
    return _verdict(Scale.HYGIENE_VISIT, score, withheld, ("no_applicable_item", "0 items"), inputs, rules)


def grade_year(
    visits: Iterable[ScoredVisit], *, on: date, last_accident_on: date | None, rules: HygieneRules
) -> HygieneVerdict:
    """The letter for the months up to `on`: mean of the dynamic scores of every scored visit in the window.

    A visit whose face was withheld for key items keeps its score here; an accident withholds the letter too.
    """
    opens = add_months(on, -rules.window_months)
    counted = sorted(
        (visit for visit in visits if opens < visit.on <= on), key=lambda visit: (visit.on, visit.score)
    )  # fmt: skip
    for visit in counted:
        require_within("visit score", visit.score, Decimal(0), rules.full_points)
    total = sum((visit.score for visit in counted), Decimal(0))
    inputs: list[tuple[str, object]] = [(f"visit {visit.on}", visit.score) for visit in counted]
    inputs += [("after", opens), ("up to", on), ("last accident on", last_accident_on or "")]
    score = round_half_up(Fraction(total) / len(counted), rules.quantum) if counted else None
    withheld = _after_accident(on, last_accident_on, rules)
    return _verdict(Scale.HYGIENE_YEAR, score, withheld, ("no_scored_visit", "0 visits"), inputs, rules)


def _verdict(
    scale: Scale,
    score: Decimal | None,
    withheld: tuple[str, str] | None,
    nothing_scored: tuple[str, str],
    inputs: list[tuple[str, object]],
    rules: HygieneRules,
) -> HygieneVerdict:
    if withheld is not None or score is None:
        reason, comparison = withheld or nothing_scored
        return HygieneVerdict(Grade(scale, UNGRADED), score, reason, rules.head.basis(inputs, comparison))
    upper: Decimal | None = None
    for band in rules.bands:
        if score >= band.at_least:
            comparison = f"{band.at_least} <= {score}" + (f" < {upper}" if upper is not None else "")
            name = band.visit if scale is Scale.HYGIENE_VISIT else band.year
            return HygieneVerdict(Grade(scale, name), score, "graded", rules.head.basis(inputs, comparison))
        upper = band.at_least
    return HygieneVerdict(
        Grade(scale, UNGRADED), score, "below_lowest_band", rules.head.basis(inputs, f"{score} < {upper}")
    )


def _withheld(
    on: date, licensed_on: date, last_accident_on: date | None, rules: HygieneRules
) -> tuple[str, str] | None:
    """The day of licence or accident is not counted, the last day of the months is."""
    new_to = add_months(licensed_on, rules.months_after_licence)
    if on <= new_to:
        return "newly_licensed", f"{on} <= {new_to}"
    return _after_accident(on, last_accident_on, rules)


def _after_accident(on: date, last_accident_on: date | None, rules: HygieneRules) -> tuple[str, str] | None:
    if last_accident_on is None or last_accident_on > on:
        return None
    ends = add_months(last_accident_on, rules.months_after_accident)
    return ("recent_accident", f"{last_accident_on} <= {on} <= {ends}") if on <= ends else None


def _points(result: ItemResult, rules: HygieneRules) -> Decimal:
    if result.score is not None:
        return result.score
    return rules.full_points if result.outcome is Outcome.CONFORMS else Decimal(0)


def _read_band(row: Row) -> HygieneBand:
    band = HygieneBand(row.number("at_least"), row.text("visit"), row.text("year"))
    row.close()
    return band


def _check_bands(row: Row, rules: HygieneRules) -> None:
    if not rules.bands or any(high.at_least <= low.at_least for high, low in pairwise(rules.bands)):
        raise row.refuse("band", "must be given, highest first")
    if any(band.at_least % rules.quantum for band in rules.bands):
        raise row.refuse("band", f"must begin at a multiple of {rules.quantum}")
    if UNGRADED in {name for band in rules.bands for name in (band.visit, band.year)}:
        raise row.refuse("band", f"cannot be called {UNGRADED}")
