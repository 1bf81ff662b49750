"""The pages of the database in the environment, through Django's test client in this process: no network, no web server.

`python -m benchmarks.pages --requests 30` prints one JSON line. Parameters change from request to request by a seed, so
that a page is not always the same rows; the database's cache is warm, as it is on a working day.
"""

import argparse
import json
import random
import resource
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlencode

import django

from benchmarks import figures
from benchmarks.county import PROVINCE_USER
from benchmarks.tables import percentile

WARM_UP = 3
SEED = 20240625
RARE_PARTS = 40
# A page that needs longer than this for all its requests is opened fewer times, at least FEWEST.
MOST_SECONDS, FEWEST = 30.0, 3


@dataclass(frozen=True, slots=True)
class Case:
    """One page as one person opens it; `url` gives the address of the n-th request."""

    name: str
    viewer: str
    url: Callable[[random.Random], str]
    requests: int = 0  # 0: as many as asked for on the command line


@dataclass(frozen=True, slots=True)
class Result:
    name: str
    viewer: str
    requests: int
    p50_ms: float
    p95_ms: float
    statements: int
    peak_mb: float
    kilobytes: float
    # Of this process alone: what a busy neighbour cannot add to. SQLite works inside it, PostgreSQL beside it.
    cpu_ms: float


def cases() -> list[Case]:
    from django.urls import reverse  # noqa: PLC0415  (Django must have started)

    premises = reverse("registry:premises_list")
    board, code = reverse("board:home"), _drilled()
    rows = reverse("board:rows", args=[code])
    county = _county()

    def fixed(url: str, **query: str) -> Callable[[random.Random], str]:
        return lambda _draw: f"{url}?{urlencode(query)}" if query else url

    def anywhere(draw: random.Random) -> str:
        return f"{premises}?page={draw.randint(1, 40)}"

    made = []
    for viewer in (PROVINCE_USER, "office", "town"):
        made += [
            Case("list, first page", viewer, fixed(premises)),
            Case("list, a page of the first 40" if viewer != "town" else "list, page 2", viewer,
                 anywhere if viewer != "town" else fixed(premises, page="2")),
            *(Case(f"list by {column}", viewer, fixed(premises, sort=column)) for column in _sortable()),
            Case("list of one kind", viewer, fixed(premises, kind="restaurant")),
            Case("list of one status", viewer, fixed(premises, status="closed")),
            Case("list, papers expired", viewer, fixed(premises, paper="expired")),
            Case("list, part of a name: common", viewer, fixed(premises, text="小吃")),
            Case("list, part of a name: rare", viewer, _rare(premises, "text")),
            Case("list, a whole number", viewer, _numbers(premises, "text")),
            Case("search, part of a name: rare", viewer, _rare(reverse("console:search"), "q")),
            Case("search, a whole number", viewer, _numbers(reverse("console:search"), "q")),
            Case("board", viewer, fixed(board)),
            Case("one indicator", viewer, fixed(reverse("board:indicator", args=[code]))),
            Case("drill-down to rows", viewer, fixed(rows, part="denominator")),
            Case("drill-down to failing rows", viewer, fixed(rows, part="failing")),
            Case("one premises", viewer, _premises(viewer)),
            Case("today", viewer, fixed(reverse("console:today"))),
        ]  # fmt: skip
    made += [
        Case("board of one county", PROVINCE_USER, fixed(board, division=county)),
        Case("drill-down of one county", PROVINCE_USER, fixed(rows, part="denominator", division=county)),
        Case("export of the township's list", "town", fixed(premises, _export="xlsx"), requests=3),
        Case("export of the county's list", "office", fixed(premises, _export="xlsx"), requests=3),
        Case("export of one kind", PROVINCE_USER, fixed(premises, kind="canteen", _export="xlsx"), requests=3),
    ]
    return made


def _county() -> str:
    from fangxin.kernel.people import api as people  # noqa: PLC0415

    return people.county_of(people.User.objects.get(username="office"))


def _drilled() -> str:
    """The first indicator that counts premises."""
    from fangxin.kernel.ledger import api as ledger  # noqa: PLC0415
    from fangxin.oversight.board.definitions import definitions  # noqa: PLC0415

    return next(c for c, d in definitions(ledger.clock.today()).items() if d.subject == "premises")


def _sortable() -> list[str]:
    from fangxin.kernel.registry.views.premises import PremisesTable  # noqa: PLC0415

    return [column.name for column in PremisesTable([]).columns if column.orderable]


def _in_reach(viewer: str) -> Any:
    from fangxin.kernel.people import api as people  # noqa: PLC0415
    from fangxin.kernel.registry import api as registry  # noqa: PLC0415

    return registry.list_premises(people.User.objects.get(username=viewer))


def _some(viewer: str, field: str) -> list[Any]:
    """Values from all over the viewer's rows: the first of each of some townships."""
    rows = _in_reach(viewer).order_by("division_code")
    places = list(rows.values_list("division_code", flat=True).distinct()[::97][:RARE_PARTS])
    return [rows.filter(division_code=place).values_list(field, flat=True)[0] for place in places]


def _rare(url: str, field: str) -> Callable[[random.Random], str]:
    """The whole sign of one place, as somebody types it who looks for that place."""
    found: list[str] = _some(PROVINCE_USER, "name")
    return lambda draw: f"{url}?{urlencode({field: draw.choice(found)})}"


def _numbers(url: str, field: str) -> Callable[[random.Random], str]:
    found: list[str] = _some(PROVINCE_USER, "number")
    return lambda draw: f"{url}?{urlencode({field: draw.choice(found)})}"


def _premises(viewer: str) -> Callable[[random.Random], str]:
    from django.urls import reverse  # noqa: PLC0415

    found = _some(viewer, "pk")
    return lambda draw: reverse("registry:premises", args=[draw.choice(found)])


def measure(case: Case, requests: int) -> Result:
    from django.db import connection  # noqa: PLC0415
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    client, draw = client_of(case.viewer), random.Random(SEED)
    count = case.requests or requests
    begun = time.perf_counter()
    for _ in range(min(WARM_UP, count)):
        if time.perf_counter() - begun < MOST_SECONDS / WARM_UP:
            _get(client, case.url(draw))
    forget_peak()
    times, worked, size = [], [], 0
    for number in range(count):
        if number >= FEWEST and time.perf_counter() - begun > MOST_SECONDS:
            break
        url = case.url(draw)
        started, used = time.perf_counter(), time.process_time()
        size = _get(client, url)
        times.append(1000 * (time.perf_counter() - started))
        worked.append(1000 * (time.process_time() - used))
    with CaptureQueriesContext(connection) as seen:
        _get(client, case.url(draw))
    return Result(
        case.name, case.viewer, len(times), percentile(times, 0.5), percentile(times, 0.95), len(seen), peak_mb(),
        size / 1024, percentile(worked, 0.5),
    )  # fmt: skip


def client_of(viewer: str) -> Any:
    from django.test import Client  # noqa: PLC0415

    from fangxin.kernel.people import api as people  # noqa: PLC0415

    client = Client()
    client.force_login(people.User.objects.get(username=viewer), backend="django.contrib.auth.backends.ModelBackend")
    return client


def _get(client: Any, url: str) -> int:
    response = client.get(url)
    if response.status_code != 200:
        raise RuntimeError(f"{url} answered {response.status_code}")
    return len(response.content)


def forget_peak() -> None:
    """Linux counts the highest memory of the process anew from here."""
    try:
        with open("/proc/self/clear_refs", "w") as file:
            file.write("5")
    except OSError:
        pass


def peak_mb() -> float:
    try:
        with open("/proc/self/status") as file:
            return next(int(line.split()[1]) for line in file if line.startswith("VmHWM")) / 1024
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=30)
    parser.add_argument("--only", default="", help="cases whose name holds this")
    args = parser.parse_args()
    django.setup()
    from django.conf import settings  # noqa: PLC0415

    settings.ALLOWED_HOSTS = ["testserver"]
    found: dict[str, Any] = {}
    if not args.only:
        found = figures.compare(_county(), _county()[:2])
        print(found, file=sys.stderr, flush=True)
    results = []
    for case in cases():
        if args.only in case.name:
            results.append(measure(case, args.requests))
            last = results[-1]
            print(f"{last.viewer:9} {last.name:32} {last.p50_ms:8.1f} {last.p95_ms:8.1f} {last.statements:3d} "
                  f"{last.peak_mb:6.0f} MB {last.kilobytes:6.0f} kB", file=sys.stderr, flush=True)  # fmt: skip
    print(json.dumps({"results": [asdict(r) for r in results], **found}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
