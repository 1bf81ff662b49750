"""Signals from the results: concentrations that rise, rates that rise, townships that stand out."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from fangxin.actions.monitoring import rules, selectors
from fangxin.actions.monitoring.data import SignalRules
from fangxin.actions.monitoring.models import Measurement, Signal
from fangxin.actions.monitoring.reading import months_before
from fangxin.actions.monitoring.services import signals
from fangxin.engines import exposure
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people

TOWNSHIP = 9
FEWEST_FOUND = 3  # a rate of one or two hits is looked at by hand
MOST_SHOWN = 60
Rows = Sequence[Measurement]


@dataclass(frozen=True, slots=True)
class Series:
    """The results of a hazard in a food, charted against the months before."""

    hazard: str
    food_group: str
    baseline: exposure.LognormalFit
    days: tuple[date, ...]
    ewma: tuple[exposure.Point, ...]
    cusum: tuple[exposure.Point, ...]

    @property
    def beyond_since(self) -> date | None:
        """Since when the charts have been beyond without a break, up to the last result."""
        since = None
        for day, one, two in zip(self.days, self.ewma, self.cusum, strict=True):
            beyond = one.beyond or two.beyond
            since = (since or day) if beyond else None
        return since


def rows_of(division_code: str, today: date, months: int) -> dict[tuple[str, str], list[Measurement]]:
    """Standing results of known hazards in known foods, by both, in the order of sampling; asked for once."""
    rows = selectors.standing().filter(
        people.under(division_code), sampled_on__gt=months_before(today, months), sampled_on__lte=today
    )
    found: dict[tuple[str, str], list[Measurement]] = defaultdict(list)
    fields = ("hazard", "food_group", "sampled_on", "division_code", "value", "lod", "loq", "trace", "quantified",
              "over_limit", "sample_no", "analyte")  # fmt: skip
    for row in rows.exclude(hazard="").order_by("sampled_on", "sample_no", "analyte").only(*fields):
        found[row.hazard, row.food_group].append(row)
    return dict(sorted(found.items()))


def series_of(hazard: str, food_group: str, rows: Rows, today: date, limits: SignalRules) -> Series | None:
    """None where the months before hold too little to compare with."""
    turn = months_before(today, limits.watched_months)
    first = months_before(turn, limits.baseline_months)
    before = [rules.observation(r) for r in rows if first < r.sampled_on <= turn]
    watched = [r for r in rows if r.sampled_on > turn]
    if len(before) < limits.fewest_baseline or not watched:
        return None
    try:
        fit = exposure.fit_lognormal(before)
    except exposure.CannotFit:
        return None
    # A fifth quantified at least: below it the fit describes the tail alone.
    if fit.quantified * 5 < fit.count:
        return None
    seen = [rules.observation(r) for r in watched]
    baseline = exposure.Baseline.of(fit)
    return Series(
        hazard=hazard,
        food_group=food_group,
        baseline=fit,
        days=tuple(r.sampled_on for r in watched),
        ewma=tuple(exposure.chart_ewma(seen, baseline, weight=limits.ewma_weight, width=limits.ewma_width)),
        cusum=tuple(exposure.chart_cusum(seen, baseline, slack=limits.cusum_slack, limit=limits.cusum_limit)),
    )


def detect(*, division_code: str, by: Any) -> list[Signal]:
    """Look through everything that came in; raise what is new. May be run as often as one likes."""
    today, limits = ledger.clock.today(), rules.signal_rules()
    months = max(limits.baseline_months + limits.watched_months, 2 * limits.rate_months)
    rows = rows_of(division_code, today, months)
    raised = [
        *_concentrations(division_code, rows, today, limits, by),
        *_rates(division_code, rows, today, limits, by),
        *_townships(division_code, rows, today, limits, by),
    ]
    return [signal for signal in raised if signal is not None]


Grouped = Mapping[tuple[str, str], Rows]


def _concentrations(
    code: str, groups: Grouped, today: date, limits: SignalRules, by: Any
) -> Iterator[Signal | None]:  # fmt: skip
    for (hazard, food), rows in groups.items():
        series = series_of(hazard, food, rows, today, limits) if food else None
        if series is None or series.beyond_since is None:
            continue
        text = _(
            "%(food)s中%(hazard)s的含量自 %(since)s 起持续高于前期水平（前期几何均值 %(gm)s mg/kg，n=%(n)s）。未必超过限量，但值得核实来源。"
        ) % {
            "food": rules.food_name(food), "hazard": rules.hazard_name(hazard), "since": series.beyond_since,
            "gm": f"{series.baseline.geometric_mean:.3g}", "n": series.baseline.count,
        }  # fmt: skip
        yield signals.raise_once(
            kind=Signal.Kind.CONCENTRATION, key=f"concentration:{code}:{hazard}:{food}", hazard=hazard, food_group=food,
            division_code=code, text=text, facts=chart_facts(series), sampled_on=series.days[-1], by=by,
        )  # fmt: skip


def chart_facts(series: Series) -> dict[str, Any]:
    """What the signal's page draws: the last points and their limits."""
    points = list(zip(series.days, series.ewma, series.cusum, strict=True))[-MOST_SHOWN:]
    return {
        "baseline": {
            "geometric_mean": series.baseline.geometric_mean,
            "geometric_sd": series.baseline.geometric_sd,
            "count": series.baseline.count,
            "quantified": series.baseline.quantified,
        },
        "points": [
            [str(day), round(e.value, 4), round(e.limit, 4), round(c.value, 4), c.limit] for day, e, c in points
        ],
    }


def judged(rows: Iterable[Measurement]) -> tuple[int, int]:
    """Over the limit, and compared with one at all."""
    known = [r.over_limit for r in rows if r.over_limit]
    return known.count(Measurement.OverLimit.YES), len(known)


def _rates(code: str, groups: Grouped, today: date, limits: SignalRules, by: Any) -> Iterator[Signal | None]:
    turn = months_before(today, limits.rate_months)
    start = months_before(turn, limits.rate_months)
    for (hazard, food), rows in groups.items():
        before = exposure.estimate_rate(*judged(r for r in rows if start < r.sampled_on <= turn))
        recent = [r for r in rows if r.sampled_on > turn]
        now = exposure.estimate_rate(*judged(recent))
        enough = min(before.tested, now.tested) >= limits.fewest_tested and now.found >= FEWEST_FOUND
        if not food or not enough or before.value is None or now.low <= before.value:
            continue
        text = _(
            "%(food)s中%(hazard)s超过参照限量的比例由 %(b)s 升至 %(n)s，近期 95%% 置信区间 %(low)s—%(high)s。"
        ) % {
            "food": rules.food_name(food), "hazard": rules.hazard_name(hazard), "b": _of(before), "n": _of(now),
            "low": _percent(now.low), "high": _percent(now.high),
        }  # fmt: skip
        yield signals.raise_once(
            kind=Signal.Kind.RATE, key=f"rate:{code}:{hazard}:{food}", hazard=hazard, food_group=food,
            division_code=code, text=text, facts={"before": [before.found, before.tested], "now": [now.found, now.tested]},
            sampled_on=recent[-1].sampled_on, by=by,
        )  # fmt: skip


def _of(rate: exposure.Rate) -> str:
    return f"{rate.found}/{rate.tested}（{_percent(rate.value or 0)}）"


def _percent(value: float) -> str:
    return f"{100 * value:.1f}%"


@dataclass(frozen=True, slots=True)
class TownshipRates:
    hazard: str
    county: exposure.Rate
    rows: tuple[exposure.ShrunkRate, ...]


def township_rates(groups: Grouped, since: date, limits: SignalRules) -> list[TownshipRates]:
    """By hazard, over all foods, the townships' shares over the limit drawn towards the county's; none where their
    spread cannot be seen."""
    hazards: dict[str, list[Measurement]] = defaultdict(list)
    for (hazard, _food), rows in groups.items():
        hazards[hazard] += [r for r in rows if r.sampled_on > since and r.over_limit]
    found = []
    for hazard, rows in sorted(hazards.items()):
        towns: dict[str, list[Measurement]] = defaultdict(list)
        for row in rows:
            towns[row.division_code[:TOWNSHIP]].append(row)
        counts = [(town, *judged(seen)) for town, seen in sorted(towns.items())]
        try:
            shrunk = exposure.shrink_rates([c for c in counts if c[2]])
        except ValueError:
            continue
        enough = tuple(r for r in shrunk if r.tested >= limits.fewest_in_township)
        found.append(TownshipRates(hazard, exposure.estimate_rate(*judged(rows)), enough))
    return found


def _townships(code: str, groups: Grouped, today: date, limits: SignalRules, by: Any) -> Iterator[Signal | None]:
    since = months_before(today, limits.rate_months)
    for rates in township_rates(groups, since, limits):
        county = rates.county.value or 0.0
        for row in rates.rows:
            stands_out = row.low > county and row.value >= limits.township_factor * county
            if not stands_out or row.found < FEWEST_FOUND or len(row.place) < TOWNSHIP:
                continue
            text = _(
                "%(town)s%(hazard)s超过参照限量 %(found)s/%(tested)s，向全县水平收缩后为 %(value)s（95%% 区间 %(low)s—%(high)s），全县为 %(county)s。"
            ) % {
                "town": people.division_name(row.place), "hazard": rules.hazard_name(rates.hazard), "found": row.found,
                "tested": row.tested, "value": _percent(row.value), "low": _percent(row.low),
                "high": _percent(row.high), "county": _percent(county),
            }  # fmt: skip
            latest = max(
                r.sampled_on for (hazard, _f), seen in groups.items() if hazard == rates.hazard for r in seen
                if r.division_code.startswith(row.place)
            )  # fmt: skip
            yield signals.raise_once(
                kind=Signal.Kind.TOWNSHIP, key=f"township:{row.place}:{rates.hazard}", hazard=rates.hazard,
                division_code=row.place, text=text, sampled_on=latest, by=by,
                facts={"found": row.found, "tested": row.tested, "value": row.value, "county": county},
            )  # fmt: skip
