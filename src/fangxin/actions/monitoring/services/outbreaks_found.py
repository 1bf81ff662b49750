"""What every look through the cases has in common: how much is reported yet, the picture beside a signal, the signal itself."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fangxin.actions.monitoring.models import CaseReport
from fangxin.actions.monitoring.services.cases import STANDING
from fangxin.engines.deadlines import CalendarMissing
from fangxin.engines.outbreak.budget import Kept
from fangxin.engines.outbreak.delay import nowcast
from fangxin.engines.outbreak.detection import Detections
from fangxin.engines.outbreak.detection.quantiles import quantile
from fangxin.kernel.casework import api as casework
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people

Floats = NDArray[np.float64]
# Reports later than this are rare; the last so many days teach the delay.
LONGEST_DELAY, TAUGHT_BY = 14, 90


def seen_shares(county: str, today: date) -> dict[date, float]:
    """Which share of each recent day's cases is reported by now, from the delays of the last months; only where it can be told."""
    days = [today - timedelta(days=back) for back in range(TAUGHT_BY, 0, -1)]
    triangle = np.zeros((len(days), LONGEST_DELAY + 1), np.int64)
    for (onset, delay), cases in _delays(county, days[0], today).items():
        triangle[(onset - days[0]).days, delay] = cases
    told = nowcast(triangle, seed=int(county), open_days=_open(days))
    return {days[one.day]: one.share_seen for one in told if one.share_seen}


def _delays(county: str, since: date, today: date) -> Counter[tuple[date, int]]:
    rows = CaseReport.objects.filter(
        people.under(county), state__in=STANDING, onset_at__date__gte=since, onset_at__date__lt=today
    )
    found: Counter[tuple[date, int]] = Counter()
    for onset_at, reported_at in rows.values_list("onset_at", "reported_at"):
        onset, reported = (moment.astimezone(ledger.clock.LOCAL).date() for moment in (onset_at, reported_at))
        delay = (reported - onset).days
        # What is reported today counts tomorrow: the last row of the triangle is yesterday.
        if 0 <= delay <= LONGEST_DELAY and reported < today:
            found[onset, delay] += 1
    return found


def _open(days: Sequence[date]) -> list[bool] | None:
    """On which of the days hospitals report; None in a year whose holidays are not known yet."""
    calendar = casework.calendar()
    try:
        return [calendar.is_workday(day) for day in days]
    except CalendarMissing:
        return None


def chart(dates: Sequence[date], found: Detections, kept: Kept, phi: Floats, series: int, last: int) -> dict[str, Any]:
    """The last periods of a series for the picture: counts, what was expected, and from which count on it is an alarm."""
    rows = range(max(len(found.observed) - last, 0), len(found.observed))
    bounds = [
        quantile(1 - kept.threshold[row], found.expected[row, series], phi[row, series]) + 1
        if np.isfinite(kept.threshold[row])
        else np.nan
        for row in rows
    ]
    return {
        "dates": [dates[found.rows[row] - 1].isoformat() for row in rows],
        "observed": [int(found.observed[row, series]) for row in rows],
        "expected": [_number(found.expected[row, series]) for row in rows],
        "bounds": [_number(bound) for bound in bounds],
    }


def _number(value: Any) -> float | None:
    return round(float(value), 3) if np.isfinite(value) else None


def signal(
    kind: str,
    key: str,
    cases: Sequence[CaseReport],
    unit: str,
    text: str,
    code: str = "",
    facts: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """A signal as `outbreaks.raise_once` takes it; `cases` is not empty."""
    last = max(case.onset_at for case in cases).astimezone(ledger.clock.LOCAL).date()
    return {
        "kind": kind, "key": key, "division_code": code or cases[0].institution.division_code[:9], "unit": unit, "text": text,
        "cases": [case.number for case in cases], "last_case_on": last, "facts": dict(facts or {}),
    }  # fmt: skip


def cases_between(codes: Sequence[str], first: date, last: date) -> list[CaseReport]:
    """Cases of patients from these divisions that fell ill on these days, both included."""
    within = people.under(codes[0])
    for code in codes[1:]:
        within |= people.under(code)
    rows = CaseReport.objects.filter(within, state__in=STANDING, onset_at__date__gte=first, onset_at__date__lte=last)
    return list(rows.select_related("institution").order_by("number"))
