"""A look through all cases of a county: what the rules say of single ones and of hospitals, and which days have more than expected.

Every run is kept whole: counts are revised later, what was seen that day is not. The daily look judges each township against its own
last weeks and keeps the county's budget of false alarms over all of them together.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
from django.db import transaction
from django.utils.translation import gettext as _

from fangxin.actions.monitoring import rules_outbreaks as rules
from fangxin.actions.monitoring import selectors_cases
from fangxin.actions.monitoring.models import AlarmBudget, CaseExposure, CaseReport, DetectionRun, OutbreakSignal
from fangxin.actions.monitoring.services import outbreaks, outbreaks_weekly
from fangxin.actions.monitoring.services.cases import STANDING
from fangxin.actions.monitoring.services.outbreaks_found import Floats, cases_between, chart, seen_shares, signal
from fangxin.engines.evidence import canonical_json, digest
from fangxin.engines.outbreak.budget import keep_budget, periods_in_month, tail_of_seen
from fangxin.engines.outbreak.detection import Detections, Panel, detect
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people

SERIES = "monitoring.detection_run"
DAYS, BASELINE, LOOKED_AT, SHOWN = 400, 28, 7, 42
# A place to eat named like this is no common place.
_NO_PLACE = ("", "家", "家里", "自家", "不详")


@transaction.atomic
def look(*, division_code: str, by: Any) -> DetectionRun:
    """Run every rule once; what is new becomes a signal."""
    today, told = ledger.clock.today(), rules.signal_rules()
    county = division_code[:6]
    since = today - timedelta(days=DAYS)
    counts = selectors_cases.daily_counts(county, since, today - timedelta(days=1))
    budget = budget_of(county)
    share = {name: budget * Decimal(part) for name, part in told["budget"]["shares"].items()}
    by_week, weeks = outbreaks_weekly.weeks(county, today, told, share["weekly"])
    by_place, scanned = outbreaks_weekly.clusters(county, today, told, share["scan"])
    found = [
        *_single(county, today, told),
        *_hospital(county, today, told),
        *_daily(county, counts, since, today, told, share["daily"]),
        *by_week,
        *by_place,
    ]
    inputs = {"cases": sum(n for _day, _code, n in counts), "since": since.isoformat(), "until": (today - timedelta(days=1)).isoformat(),
              "counts": [[day.isoformat(), code, n] for day, code, n in counts], "weeks": weeks, "scan": scanned}  # fmt: skip
    run: DetectionRun = ledger.insert(
        DetectionRun(
            number=f"YJ{today.year}-{ledger.next_number(SERIES, today.year):04}", division_code=county, as_of=today,
            parameters={"baseline_days": BASELINE, "looked_at_days": LOOKED_AT, "alarms_per_month": str(budget),
                        "fewest_cases": told["history"]["fewest_cases"], "daily": "bayes", "weekly": "farrington-flexible", "scan": "space-time permutation",
                        "shares": told["budget"]["shares"]},
            inputs=inputs, inputs_digest=digest(canonical_json(inputs).encode()), results=[{"kind": f["kind"], "text": f["text"]} for f in found],
            series=len({code for _day, code, _n in counts}), alarms=len(found), ran_at=ledger.clock.now(), ran_by=ledger.who(by),
        )
    )  # fmt: skip
    for one in found:
        outbreaks.raise_once(stream="cases", run=run, by=by, **one)
    return run


def budget_of(county: str) -> Decimal:
    """Alarms a month as the county set them, else the usual number."""
    row = (
        AlarmBudget.objects.filter(division_code__in=[county[:n] for n in (2, 4, 6)]).order_by("-division_code").first()
    )
    return row.alarms_per_month if row is not None else Decimal(rules.signal_rules()["budget"]["alarms_per_month"])


def _recent(county: str, today: date, days: int) -> list[CaseReport]:
    rows = CaseReport.objects.filter(
        people.under(county, "institution__division_code"),
        state__in=STANDING,
        onset_at__date__gte=today - timedelta(days=days),
    )
    return list(rows.select_related("institution").prefetch_related("exposures").order_by("number"))


def _single(county: str, today: date, told: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """One case is enough: a poison that others may still be eating."""
    for case in _recent(county, today, LOOKED_AT):
        said = " ".join([case.diagnosis, *(e.food for e in case.exposures.all())])
        word = next((word for word in told["single"]["words"] if word in said), None)
        if word is not None:
            text = _("病例 %(number)s（%(place)s）：“%(what)s”涉及“%(word)s”，一例也要核实。") % {
                "number": case.number, "place": case.institution, "what": said[:60], "word": word,
            }  # fmt: skip
            yield signal(OutbreakSignal.Kind.SINGLE, f"single:{case.number}", [case], str(case.institution), text)


def _hospital(county: str, today: date, told: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Several at one hospital within few days with the same food or the same place to eat."""
    least, days = int(told["hospital"]["cases"]), int(told["hospital"]["days"])
    groups: dict[tuple[int, str, str], list[CaseReport]] = defaultdict(list)
    for case in _recent(county, today, LOOKED_AT + days):
        for kind, name in {pair for e in case.exposures.all() for pair in _shared(e)}:
            groups[case.institution_id, kind, name].append(case)
    for (_place, kind, name), cases in sorted(groups.items()):
        together = _within(cases, days)
        if len(together) >= least:
            what = {"food": _("都吃过“%(name)s”"), "place": _("都在“%(name)s”吃过饭")}[kind] % {"name": name}
            text = _("%(place)s %(days)s 天内接诊 %(n)s 例，%(what)s。") % {
                "place": together[0].institution, "days": days, "n": len(together), "what": what,
            }  # fmt: skip
            key = f"hospital:{together[0].institution.number}:{kind}:{name}"
            yield signal(OutbreakSignal.Kind.HOSPITAL, key, together, str(together[0].institution), text)


def _shared(exposure: CaseExposure) -> Iterator[tuple[str, str]]:
    yield "food", exposure.food.strip()
    if exposure.place.strip() not in _NO_PLACE:
        yield "place", exposure.place.strip()


def _within(cases: Sequence[CaseReport], days: int) -> list[CaseReport]:
    """The most cases whose onsets lie within so many days of each other."""
    ordered = sorted(cases, key=lambda case: (case.onset_at, case.number))
    best: list[CaseReport] = []
    for start, first in enumerate(ordered):
        group = [case for case in ordered[start:] if case.onset_at - first.onset_at <= timedelta(days=days)]
        best = max(best, group, key=len)
    return best


def _daily(
    county: str,
    counts: Sequence[tuple[date, str, int]],
    since: date,
    today: date,
    told: Mapping[str, Any],
    per_month: Decimal,
) -> Iterator[dict[str, Any]]:
    """Days of the last week with more cases in a township than its last weeks lead one to expect, within the budget."""
    codes = sorted({code for _day, code, _n in counts})
    if not codes:
        return
    table = np.zeros(((today - since).days, len(codes)))
    for day, code, n in counts:
        table[(day - since).days, codes.index(code)] = n
    found = detect(
        Panel(table, tuple(codes), 365),
        "bayes",
        {"b": 0, "w": BASELINE, "actY": True, "range": [BASELINE + 1, len(table)]},
    )
    # The variance of a negative binomial count over its mean, as the method takes it (size n/28 and one more day).
    phi = np.full(found.tail.shape, 1 + 1 / BASELINE)
    kept = keep_budget(
        _by_now(found, phi, county, today), per_period=float(per_month) / periods_in_month(1), memory=DAYS
    )
    days = [since + timedelta(days=number) for number in range(len(table))]
    fewest, names = int(told["history"]["fewest_cases"]), people.division_names(set(codes))
    for back in range(1, min(LOOKED_AT, len(kept.alarm)) + 1):
        day = today - timedelta(days=back)
        for place, code in enumerate(codes):
            number = int(found.observed[-back, place])
            if kept.alarm[-back, place] and number >= fewest:
                text = _("%(place)s %(day)s 发病 %(n)s 例，前 %(weeks)s 天平均每天 %(mean)s 例。") % {
                    "place": names.get(code, code), "day": day.isoformat(), "n": number, "weeks": BASELINE,
                    "mean": f"{found.expected[-back, place]:.1f}",
                }  # fmt: skip
                cases = cases_between([code], day, day)
                facts = {"tail": float(found.tail[-back, place]), "chart": chart(days, found, kept, phi, place, SHOWN)}
                yield signal(
                    OutbreakSignal.Kind.DAILY, f"daily:{code}", cases, names.get(code, code), text, code, facts
                )


def _by_now(found: Detections, phi: Floats, county: str, today: date) -> Floats:
    """Tail probabilities in which the last days are judged by the share of their cases that is reported by now."""
    tail, shares = found.tail.copy(), seen_shares(county, today)
    for back in range(1, min(LOOKED_AT, len(tail)) + 1):
        share = shares.get(today - timedelta(days=back))
        if share is not None:
            seen = np.full(tail.shape[1], share)
            tail[-back] = tail_of_seen(found.observed[-back], found.expected[-back], phi[-back], seen)
    return tail
