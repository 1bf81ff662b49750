"""The year's plan and the order of visits over a long history: `python -m benchmarks.inspection_work --history 20000`.

Prints one JSON line. A plan is made as the service makes it and rolled back. Its peers: a plain loop that asks the
database about each place of the county, and the sum of the counties' plans for the province.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import django

from benchmarks.county import PROVINCE_USER
from benchmarks.pages import forget_peak, peak_mb

SCORED_DAYS = 60
TOLD = ("told", "closed")


@contextmanager
def measured(into: dict[str, Any], name: str) -> Iterator[None]:
    """Seconds, statements and the highest memory of the process."""
    from django.db import connection  # noqa: PLC0415  (Django must have started)

    count = 0

    def counting(execute: Callable[..., Any], *given: Any) -> Any:
        nonlocal count
        count += 1
        return execute(*given)

    forget_peak()
    started = time.perf_counter()
    with connection.execute_wrapper(counting):
        yield
    into[name] = {"seconds": time.perf_counter() - started, "statements": count, "mb": peak_mb()}
    print(name, into[name], file=sys.stderr, flush=True)


def plans(year: int) -> dict[str, Any]:
    from fangxin.kernel.fieldwork import api as fieldwork  # noqa: PLC0415
    from fangxin.kernel.people import api as people  # noqa: PLC0415

    county = people.county_of(people.User.objects.get(username="office"))
    found: dict[str, Any] = {}
    with measured(found, "plan of the county"):
        found["county"] = _made(year, county, "market")
    with measured(found, "loop over the county"):
        found["looped"] = sum(_wanted_one_by_one(year, county))
    with measured(found, "plan of the province"):
        found["province"] = _made(year, county[:2], PROVINCE_USER)
    with measured(found, "previews of all counties"):
        codes = people.divisions_on(date(year - 1, 12, 1)).filter(kind="county", code__startswith=county[:2])
        previews = [fieldwork.preview_plan(year=year, division_code=row.code) for row in codes]
        found["previewed"] = sum(preview.visits for preview in previews)
    found["places"] = sum(preview.premises for preview in previews)
    found["equal"] = found["county"] == found["looped"] and found["province"] == found["previewed"]
    return found


def _made(year: int, code: str, username: str) -> int:
    """Visits of a plan that is made and taken back."""
    from django.db import transaction  # noqa: PLC0415

    from fangxin.kernel.fieldwork import api as fieldwork  # noqa: PLC0415
    from fangxin.kernel.people import api as people  # noqa: PLC0415

    user = people.User.objects.get(username=username)
    with transaction.atomic():
        plan = fieldwork.make_plan(
            year=year, agency=user.posts_today[0].agency, division_code=code, name="bench", by=user
        )
        count = int(plan.visits.count())
        transaction.set_rollback(True)
    return count


def _wanted_one_by_one(year: int, code: str) -> Iterator[int]:
    """What each place is owed, asked place by place."""
    from fangxin.engines import grading  # noqa: PLC0415
    from fangxin.kernel.fieldwork import models, standards  # noqa: PLC0415
    from fangxin.kernel.registry import api as registry  # noqa: PLC0415

    first = date(year, 1, 1)
    codes, frequency, practice = (
        standards.codes_by_kind(first), standards.frequency_rules(first), standards.practice(first)
    )  # fmt: skip
    rows = registry.Premises.objects.filter(division_code__startswith=code, merged_into=None, status="operating")
    for place in rows.iterator():
        if place.kind not in codes:
            continue
        grade = next(
            (
                row for scale in ("risk", "catering_hygiene.annual")
                for row in models.PremisesGrade.objects.filter(
                    premises=place, scale=scale, year__in=(year - 1, year), state__in=("confirmed", "told")
                ).order_by("-year", "-pk")[:1]
            ), None,
        )  # fmt: skip
        if grade is None:
            yield min(practice.ungraded_visits, practice.visit_cap)
            continue
        try:
            least = grading.frequency_for(grading.Grade(grade.scale, grade.grade), rules=frequency).minimum
        except grading.RuleMissing:
            least = practice.ungraded_visits
        if not least and frequency.full_check_months is not None:
            told = models.Inspection.objects.filter(premises=place, state__in=TOLD).order_by("-started_on").first()
            least = int(told is None or told.started_on < date(year + 1 - frequency.full_check_months // 12, 1, 1))
        yield min(least, practice.visit_cap)


def ordering(history: int) -> dict[str, Any]:
    """Reading the province's history, and learning from the newest part of it."""
    from fangxin.kernel.fieldwork import api as fieldwork  # noqa: PLC0415
    from fangxin.kernel.fieldwork import models  # noqa: PLC0415
    from fangxin.kernel.ledger import api as ledger  # noqa: PLC0415
    from fangxin.kernel.people import api as people  # noqa: PLC0415

    today = ledger.clock.today()
    county = people.county_of(people.User.objects.get(username="office"))
    found: dict[str, Any] = {"read_rows": 0, "serious": 0}
    with measured(found, "history of the province read"):
        for row in fieldwork.history_rows(county[:2], today):
            found["read_rows"] += 1
            found["serious"] += row["serious"]
    with measured(found, "the same counted"):
        rows = models.Inspection.objects.filter(division_code__startswith=county[:2], state__in=TOLD)
        rows = rows.filter(started_on__lte=today)
        grave = rows.filter(key_failed__gt=0) | rows.filter(result="nonconforming")
        found["equal_history"] = (rows.count(), grave.count()) == (found["read_rows"], found["serious"])
    newest = list(fieldwork.history_rows(county, today))[-history:]
    found["learnt_rows"], found["equal_order"] = len(newest), True
    with measured(found, "order learnt and given"):
        found["area"], scores = _learnt(newest)
    with measured(found, "order by earlier findings"):
        found["plain_area"] = _plain(newest)
    found["again"] = len(newest) // 4
    with measured(found, "a quarter, twice"):
        found["equal_order"] = _learnt(newest[-found["again"] :])[1] == _learnt(newest[-found["again"] :])[1]
    found["scored"] = len(scores)
    return found


def _cut(rows: Sequence[dict[str, Any]]) -> int:
    """Where the last sixty days begin."""
    last = rows[-1]["date"] - timedelta(days=SCORED_DAYS)
    return next(n for n, row in enumerate(rows) if row["date"] > last)


def _learnt(rows: Sequence[dict[str, Any]]) -> tuple[float | None, tuple[float, ...]]:
    from fangxin.engines.ordering import Table, area_under_curve, choose_columns, fit  # noqa: PLC0415

    names, cut = list(rows[0]), _cut(rows)
    text = [[str(value) for value in row.values()] for row in rows]
    shown = [n for n, name in enumerate(names) if name not in ("serious", "applicable", "general_failed")]
    train = Table.of(names, text[:cut])
    score = Table.of([names[n] for n in shown], [[line[n] for n in shown] for line in text[cut:]])
    columns = choose_columns(train, score, target="serious", key="Inspection_ID", when="date")
    scores = fit(train, columns, length_days=SCORED_DAYS).score(score)
    return area_under_curve([row["serious"] for row in rows[cut:]], scores), scores


def _plain(rows: Sequence[dict[str, Any]]) -> float | None:
    """The peer: whoever failed oftener before goes first."""
    from fangxin.engines.ordering import area_under_curve  # noqa: PLC0415

    cut = _cut(rows)
    seen: dict[int, list[int]] = {}
    for row in rows[:cut]:
        seen.setdefault(row["premises"], []).append(row["serious"])
    share = {place: (sum(past) + 0.1) / (len(past) + 1) for place, past in seen.items()}
    return area_under_curve([r["serious"] for r in rows[cut:]], [share.get(r["premises"], 0.1) for r in rows[cut:]])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--history", type=int, default=20_000, help="inspections to learn an order from")
    parser.add_argument("--year", type=int, default=2025)
    args = parser.parse_args()
    django.setup()
    print(json.dumps({"plans": plans(args.year), "ordering": ordering(args.history)}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
