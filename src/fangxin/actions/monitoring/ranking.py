"""Hazards in foods, the most pressing first, from what the county's results show."""

from dataclasses import dataclass
from datetime import date

from fangxin.actions.monitoring import rules
from fangxin.actions.monitoring.data import SignalRules
from fangxin.actions.monitoring.models import Assessment
from fangxin.actions.monitoring.services.detecting import Rows, judged, rows_of, series_of
from fangxin.engines import exposure
from fangxin.kernel.people import api as people


@dataclass(frozen=True, slots=True)
class Line:
    """One place in the order, with the facts beside it."""

    ranked: exposure.Ranked
    results: int
    censored_share: float | None
    over: exposure.Rate
    assessment: Assessment | None


def rank(division_code: str, today: date) -> list[Line]:
    limits = rules.signal_rules()
    months = max(limits.ranking_months, limits.baseline_months + limits.watched_months)
    groups = {key: rows for key, rows in rows_of(division_code, today, months).items() if key[1]}
    latest = _latest_assessments(division_code)
    lines = {key: _line(key, rows, latest, today, limits) for key, rows in groups.items()}
    ranked = exposure.rank_hazards([candidate for candidate, _more in lines.values()], limits.scale)
    return [Line(r, *lines[r.hazard, r.food][1]) for r in ranked]


_More = tuple[int, float | None, exposure.Rate, Assessment | None]


def _line(
    key: tuple[str, str], rows: Rows, latest: dict[str, Assessment], today: date, limits: SignalRules
) -> tuple[exposure.Candidate, _More]:
    hazard, food = key
    known = rules.hazards()[hazard]
    found, tested = judged(rows)
    over = exposure.estimate_rate(found, tested)
    assessment = latest.get(hazard)
    burden = _burden_of(assessment, food)
    benchmark = assessment is not None and assessment.results["margin_wanted"] is not None
    candidate = exposure.Candidate(
        hazard=hazard,
        food=food,
        severity=known.severity,
        results=len(rows),
        above_limit_high=over.high if tested >= limits.scale.fewest_results else None,
        share_of_guidance=None if benchmark else burden,
        margin_of_wanted=1 / burden if benchmark and burden else None,
        trend=_trend(key, rows, today, limits),
        vulnerable=known.vulnerable,
    )
    unseen = sum(not r.quantified for r in rows) / len(rows) if rows else None
    return candidate, (len(rows), unseen, over, assessment)


def _burden_of(assessment: Assessment | None, food: str) -> float | None:
    """The part of the exposure that this food carries; nothing where the food was not in the assessment."""
    if assessment is None or assessment.burden is None:
        return None
    share = next((row["share"]["upper"] for row in assessment.results["foods"] if row["food"] == food), None)
    return None if share is None else float(assessment.burden) * float(share)


def _latest_assessments(division_code: str) -> dict[str, Assessment]:
    """The latest of each hazard that looked at a whole county."""
    rows = Assessment.objects.filter(people.under(division_code), mode="chronic").order_by("number")
    return {row.hazard: row for row in rows.defer("inputs")}


def _trend(key: tuple[str, str], rows: Rows, today: date, limits: SignalRules) -> str | None:
    series = series_of(*key, rows, today, limits)
    if series is None:
        return None
    if series.beyond_since is not None:
        return "risen"
    last = series.ewma[-1]
    return "fallen" if last.value < -last.limit else "steady"
