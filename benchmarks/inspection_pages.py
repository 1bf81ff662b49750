"""Pages of inspections, and a plain loop over the same rows: `python -m benchmarks.inspection_pages --requests 30`.

Prints one JSON line. Pages are opened as benchmarks/pages.py opens them. The loop reads every row once, keeps what each
viewer may see, and must come to the same numbers and the same first lines as the lists.
"""

import argparse
import heapq
import json
import random
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict
from typing import Any
from urllib.parse import urlencode

import django

from benchmarks.county import PROVINCE_USER
from benchmarks.pages import Case, measure

VIEWERS = (PROVINCE_USER, "office", "town")
FIRST_LINES = 25
SOME = 40


def cases() -> list[Case]:
    from django.urls import reverse  # noqa: PLC0415  (Django must have started)

    def fixed(name: str, **query: str) -> Callable[[random.Random], str]:
        url = reverse(f"fieldwork:{name}")
        return lambda _draw: f"{url}?{urlencode(query)}" if query else url

    def page(name: str, most: int) -> Callable[[random.Random], str]:
        url = reverse(f"fieldwork:{name}")
        return lambda draw: f"{url}?page={draw.randint(1, most)}"

    def one(name: str, found: list[int]) -> Callable[[random.Random], str]:
        return lambda draw: reverse(name, args=[draw.choice(found)])

    def of_one(found: list[int]) -> Callable[[random.Random], str]:
        url = reverse("fieldwork:inspections")
        return lambda draw: f"{url}?premises={draw.choice(found)}"

    made = []
    for viewer in VIEWERS:
        inspections, places = _some(viewer)
        made += [
            Case("inspections, first page", viewer, fixed("inspections")),
            Case("inspections, one of 40 pages", viewer, page("inspections", 40)),
            Case("inspections, oldest first", viewer, fixed("inspections", sort="started_on")),
            Case("inspections, not conforming", viewer, fixed("inspections", result="nonconforming")),
            Case("inspections, unpublished", viewer, fixed("inspections", published="waiting")),
            Case("inspections, publication overdue", viewer, fixed("inspections", published="late")),
            Case("inspections, part of a name", viewer, fixed("inspections", q="小吃")),
            Case("inspections of one premises", viewer, of_one(places)),
            Case("one inspection", viewer, one("fieldwork:inspection", inspections)),
            Case("one premises with its life", viewer, one("registry:premises", places)),
            Case("findings, first page", viewer, fixed("findings")),
            Case("findings, open", viewer, fixed("findings", state="open")),
            Case("findings, open too long", viewer, fixed("findings", state="late")),
            Case("findings, to be investigated", viewer, fixed("findings", measure="investigate")),
            Case("visits owed, first page", viewer, fixed("visits")),
            Case("visits, overdue", viewer, fixed("visits", when="overdue")),
            Case("visits, done", viewer, fixed("visits", state="done")),
            Case("visits by month", viewer, fixed("visit_months")),
        ]
    return made


def _some(viewer: str) -> tuple[list[int], list[int]]:
    """Inspections of the newest years from all over, and their places."""
    from fangxin.kernel.fieldwork import api as fieldwork  # noqa: PLC0415

    rows = fieldwork.list_inspections(_user(viewer)).order_by("pk").filter(officers__isnull=False)
    step = max(1, rows.count() // SOME // 2)
    found = list(rows.values_list("pk", "premises_id")[::step][:SOME])
    return [pk for pk, _place in found], [place for _pk, place in found]


def _user(name: str) -> Any:
    from fangxin.kernel.people import api as people  # noqa: PLC0415

    return people.User.objects.get(username=name)


def compare() -> list[dict[str, Any]]:
    """Each list's number and first lines, by the list, read in either way, and by the loop."""
    from fangxin.kernel.fieldwork import models, selectors  # noqa: PLC0415

    told = ("told", "closed")
    lists: dict[str, tuple[Callable[[Any], Any], Any, tuple[str, ...], Callable[..., Any]]] = {
        "inspections": (
            lambda user, quick: selectors.list_inspections(user, in_order=quick).order_by("-started_on", "-pk"),
            models.Inspection, ("started_on",), lambda pk, day: (-day.toordinal(), -pk),
        ),
        "unpublished": (
            lambda user, quick: selectors.unpublished(
                selectors.list_inspections(user, in_order=quick)
            ).order_by("-started_on", "-pk"),
            models.Inspection, ("started_on", "published_at", "publish_due_on", "state"),
            lambda pk, day, at, due, state: (-day.toordinal(), -pk)
            if at is None and due is not None and state in told else None,
        ),
        "findings": (
            lambda user, quick: selectors.list_findings(user, in_order=quick).order_by("-found_on", "-pk"),
            models.Finding, ("found_on", "inspection__state"),
            lambda pk, day, state: (-day.toordinal(), -pk) if state in told else None,
        ),
        "visits owed": (
            lambda user, quick: selectors.owed(
                selectors.list_visits(user, "inspection.view", in_order=quick)
            ).order_by("due_on", "pk"),
            models.PlannedVisit, ("due_on", "state", "plan__state"),
            lambda pk, day, state, plan: (day.toordinal(), pk) if state == "open" and plan in (None, "approved") else None,
        ),
    }  # fmt: skip
    return [_compare(name, *parts) for name, parts in lists.items()]


def _compare(
    name: str, listed: Callable[[Any], Any], model: Any, fields: tuple[str, ...], order: Callable[..., Any]
) -> dict[str, Any]:
    started = time.perf_counter()
    rows = model.objects.order_by().values_list("division_code", "pk", *fields).iterator(chunk_size=10_000)
    prefixes = {viewer: tuple(_user(viewer).prefixes("inspection.view")) for viewer in VIEWERS}
    looped = _loop(rows, prefixes, order)
    loop_s = time.perf_counter() - started
    answer: dict[str, Any] = {"list": name, "rows": model.objects.count(), "loop_s": loop_s, "equal": True}
    for viewer in VIEWERS:
        began = time.perf_counter()
        count = listed(_user(viewer), False).count()
        first, again = (
            list(listed(_user(viewer), quick).values_list("pk", flat=True)[:FIRST_LINES]) for quick in (True, False)
        )
        answer |= {f"{viewer}_s": time.perf_counter() - began, f"{viewer}_count": count}
        answer["equal"] = answer["equal"] and looped[viewer] == (count, first) and first == again
    return answer


def _loop(
    rows: Iterable[tuple[Any, ...]], prefixes: dict[str, tuple[str, ...]], order: Callable[..., Any]
) -> dict[str, tuple[int, list[int]]]:
    counts = dict.fromkeys(prefixes, 0)
    heaps: dict[str, list[tuple[Any, int]]] = {viewer: [] for viewer in prefixes}
    for place, pk, *values in rows:
        key = order(pk, *values)
        if key is None:
            continue
        reversed_key = tuple(-part for part in key)
        for viewer, reach in prefixes.items():
            if place.startswith(reach):
                counts[viewer] += 1
                heap = heaps[viewer]
                if len(heap) < FIRST_LINES:
                    heapq.heappush(heap, (reversed_key, pk))
                else:
                    heapq.heappushpop(heap, (reversed_key, pk))
    return {v: (counts[v], [pk for _key, pk in sorted(heaps[v], reverse=True)]) for v in prefixes}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=30)
    parser.add_argument("--only", default="", help="cases whose name holds this; no loop then")
    parser.add_argument("--loop-only", action="store_true", help="no pages")
    args = parser.parse_args()
    django.setup()
    from django.conf import settings  # noqa: PLC0415

    settings.ALLOWED_HOSTS = ["testserver"]
    results = []
    for case in cases():
        if args.only in case.name and not args.loop_only:
            last = measure(case, args.requests)
            results.append(asdict(last))
            print(f"{last.viewer:9} {last.name:32} {last.p50_ms:8.1f} {last.p95_ms:8.1f} {last.statements:3d} "
                  f"{last.peak_mb:6.0f} MB {last.cpu_ms:8.1f} ms of the processor", file=sys.stderr, flush=True)  # fmt: skip
    compared = [] if args.only else compare()
    print(compared, file=sys.stderr)
    print(json.dumps({"results": results, "compared": compared}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
