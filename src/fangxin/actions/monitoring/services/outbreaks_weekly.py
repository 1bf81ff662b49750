"""Two slower looks through the cases: weeks against the same season of earlier years, and clusters in place and time.

Weeks: Farrington Flexible (Noufaily et al. 2013) for the county and each township; the newest week is judged by what can be reported of
it by now. Clusters: prospective space-time permutation scan (Kulldorff et al. 2005) over the townships of the patients.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
from django.utils.translation import gettext as _

from fangxin.actions.monitoring import selectors_cases
from fangxin.actions.monitoring.models import OutbreakSignal
from fangxin.actions.monitoring.services.outbreaks_found import cases_between, chart, seen_shares, signal
from fangxin.engines.evidence import canonical_json, digest
from fangxin.engines.outbreak.budget import keep_budget, periods_in_month, tail_of_seen
from fangxin.engines.outbreak.detection import Panel, detect
from fangxin.engines.outbreak.scan import Cluster, Count, Model, Place, Settings, Significance, scan
from fangxin.kernel.people import api as people

WEEK = timedelta(days=7)
# Weeks that the budget learns from before it may judge one; and what the picture shows.
TAUGHT_BY, SHOWN = 26, 52
TOWNSHIP_LENGTH = 9
Counts = Sequence[tuple[date, str, int]]


def weeks(
    county: str, today: date, told: Mapping[str, Any], per_month: Decimal
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Signals of the last whole week, and the counts that were looked at."""
    history = told["history"]
    monday = today - timedelta(days=today.weekday())
    since = monday - WEEK * (int(history["years"]) * 52 + TAUGHT_BY + 4)
    counts = selectors_cases.daily_counts(county, since, monday - timedelta(days=1))
    if not counts:
        return [], {}
    first = max(since, min(day - timedelta(days=day.weekday()) for day, _code, _n in counts))
    mondays = [first + WEEK * number for number in range((monday - first) // WEEK)]
    codes = [county, *sorted({code for _day, code, _n in counts} - {county})]
    table = _table(counts, first, len(mondays), codes)
    looked_at = {
        "first_monday": first.isoformat(),
        "series": {code: [int(n) for n in table[:, at]] for at, code in enumerate(codes)},
    }
    years = min(int(history["years"]), (len(mondays) - TAUGHT_BY - 4) // 52)
    if years < 1 or len(mondays) < int(history["fewest_weeks"]):
        return [], looked_at
    return _above(county, today, mondays, codes, table, years, int(history["fewest_cases"]), per_month), looked_at


def _table(counts: Counts, first: date, length: int, codes: Sequence[str]) -> Any:
    """(weeks, series): the county in the first column, then its townships."""
    table = np.zeros((length, len(codes)))
    column = {code: at for at, code in enumerate(codes)}
    for day, code, n in counts:
        week = (day - first) // WEEK
        table[week, 0] += n
        if column[code]:
            table[week, column[code]] += n
    return table


def _above(
    county: str,
    today: date,
    mondays: Sequence[date],
    codes: Sequence[str],
    table: Any,
    years: int,
    fewest: int,
    per_month: Decimal,
) -> list[dict[str, Any]]:
    control = {
        "b": years, "w": 3, "noPeriods": 10 if years > 2 else 1, "pastWeeksNotIncluded": 26, "thresholdMethod": "nbPlugin",
        "trend": years > 2, "range": [52 * years + 4, len(mondays)],
    }  # fmt: skip
    dates = np.array(mondays, dtype="datetime64[D]")
    found = detect(Panel(table, tuple(codes), 52, dates), "farrington-flexible", control)
    phi, tail = np.maximum(found.more["phi"], 1.0), found.tail.copy()
    by_day = seen_shares(county, today)
    share = float(np.mean([by_day.get(mondays[-1] + timedelta(days=n), 1.0) for n in range(7)]))
    tail[-1] = tail_of_seen(found.observed[-1], found.expected[-1], phi[-1], np.full(len(codes), share))
    kept = keep_budget(tail, per_period=float(per_month) / periods_in_month(7))
    names, signals = people.division_names(set(codes)), []
    for at, code in enumerate(codes):
        number, expected = int(found.observed[-1, at]), float(found.expected[-1, at])
        if kept.alarm[-1, at] and number >= fewest:
            text = _("%(place)s %(first)s 至 %(last)s 一周发病 %(n)s 例，按前 %(years)s 年同期预计 %(mean)s 例；这一周的病例估计已报告 %(share)s%%。") % {
                "place": names.get(code, code), "first": mondays[-1].isoformat(), "last": (mondays[-1] + timedelta(days=6)).isoformat(),
                "n": number, "years": years, "mean": f"{expected:.1f}", "share": round(share * 100),
            }  # fmt: skip
            facts = {
                "tail": float(tail[-1, at]),
                "share_seen": round(share, 3),
                "chart": chart(mondays, found, kept, phi, at, SHOWN),
            }
            cases = cases_between([code], mondays[-1], mondays[-1] + timedelta(days=6))
            signals.append(
                signal(OutbreakSignal.Kind.WEEKLY, f"weekly:{code}", cases, names.get(code, code), text, code, facts)
            )
    return signals


def clusters(
    county: str, today: date, told: Mapping[str, Any], per_month: Decimal
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Signals of cases closer together in place and time than chance would have them, and what was scanned."""
    rules = told["scan"]
    first, last = today - timedelta(days=int(rules["days"])), today - timedelta(days=1)
    counts = selectors_cases.daily_counts(county, first, last)
    at = {
        d.code: (d.latitude, d.longitude)
        for d in people.divisions_on(today).filter(people.under(county, "code"))
        if d.latitude is not None
    }
    placed = [Count(code, n, day) for day, code, n in counts if code in at]
    looked_at = {
        "cases": sum(one.count for one in placed), "without_place": sum(n for _day, code, n in counts if code not in at),
        "days": int(rules["days"]), "replicates": int(rules["replicates"]),
    }  # fmt: skip
    if len({one.place for one in placed}) < 2 or len({one.on for one in placed}) < 2:
        return [], looked_at
    settings = Settings(
        longest=int(rules["longest"]), most_share=float(rules["most_share"]), least_cases=int(rules["fewest_cases"]),
        replicates=int(rules["replicates"]), significance=Significance.STANDARD,
    )  # fmt: skip
    seed = int(digest(canonical_json([[c.place, c.count, str(c.on)] for c in placed]).encode())[:8], 16)
    places = [Place(code, at[code]) for code in sorted({one.place for one in placed})]
    found = scan(placed, places, model=Model.PERMUTATION, start=first, end=last, seed=seed, settings=settings)
    least_days = float(periods_in_month(1)) / float(per_month)
    return [_cluster(one, at, placed) for one in found if (one.recurrence_days or 0) >= least_days], looked_at


def _cluster(one: Cluster, at: Mapping[str, tuple[float, float]], placed: Sequence[Count]) -> dict[str, Any]:
    names = people.division_names(set(one.places))
    unit = "、".join(names.get(code, code) for code in one.places)
    text = _("%(unit)s %(first)s 至 %(last)s 发病 %(n)s 例，若时间和地点无关预计 %(mean)s 例；平均约 %(days)s 天才会碰巧出现一次。") % {
        "unit": unit, "first": one.start.isoformat(), "last": one.end.isoformat(), "n": one.observed,
        "mean": f"{one.expected:.1f}", "days": round(one.recurrence_days or 0),
    }  # fmt: skip
    facts = {
        "p_value": one.p_value, "recurrence_days": one.recurrence_days, "radius_km": one.radius, "centre": one.centre,
        "map": [
            {"code": code, "at": at[code], "inside": code in one.places,
             "cases": sum(c.count for c in placed if c.place == code and c.on is not None and one.start <= c.on <= one.end)}
            for code in sorted(at) if len(code) == TOWNSHIP_LENGTH
        ],
    }  # fmt: skip
    cases = cases_between(one.places, one.start, one.end)
    centre = str(one.centre)
    return signal(OutbreakSignal.Kind.SPACE_TIME, f"space_time:{centre}", cases, unit, text, centre, facts)
