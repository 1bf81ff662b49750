"""A sheet of 200,000 results from file to rows: `fangxin bench result-sheet [--results 200000] [--database both]`.

Samples of twenty items each wait in a laboratory. The sheet is read and checked, then read again and written, as the
upload page and its worker do it; some of the samples are then verified and judged. The peer reads the same sheet with
openpyxl (or `csv`) and inserts plain rows with one `executemany`: no check, no row or column told, no file kept.
Ends with 1 when a result is missing, or when one bad cell in the middle of the sheet lets anything be written.
"""

import argparse
import csv
import io
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from datetime import date, datetime, timedelta
from datetime import time as clock
from decimal import Decimal
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from openpyxl import Workbook, load_workbook

from benchmarks.tables import print_table

ITEMS = ("镉", "铅", "总汞", "总砷", "铬", "毒死蜱", "腐霉利", "克百威", "氧乐果", "乐果", "氟虫腈", "吡虫啉", "啶虫脒", "噻虫嗪",
         "噻虫胺", "多菌灵", "三唑磷", "水胺硫磷", "甲胺磷", "甲拌磷")  # fmt: skip
HEAD = ("样品编号", "检验项目", "结果", "单位", "检出限")
FIRST = date(2023, 3, 1)
VERIFIED = 500  # samples that are verified and judged
KINDS = ("csv", "xlsx")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--results", type=int, default=200_000)
    parser.add_argument("--database", choices=["sqlite", "postgresql", "both"], default="both")
    parser.add_argument("--measure", choices=KINDS, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.measure:
        print(json.dumps(measure(args.results, args.measure)))
        return 0
    databases = ["sqlite", "postgresql"] if args.database == "both" else [args.database]
    rows, sound = [], True
    for database in databases:
        for kind in KINDS:
            found = _apart(database, kind, args.results)
            sound = sound and found["stored"] == args.results and found["after_bad_cell"] == 0
            whole = found["check_s"] + found["write_s"]
            rows.append(
                (database, kind, f"{found['mb']:.1f}", f"{found['check_s']:.1f}", f"{found['write_s']:.1f}",
                 f"{found['plain_s']:.1f}", f"{whole / found['plain_s']:.1f} ×", f"{found['verify_s']:.1f}",
                 f"{found['peak_mb']:.0f}")
            )  # fmt: skip
            print(f"{database}, {kind}: {found}", file=sys.stderr, flush=True)
    head = ["database", "sheet", "MB", "check s", "write s", "plain load s", "ratio",
            f"verify and judge {VERIFIED * len(ITEMS)} s", "peak MB"]  # fmt: skip
    print_table(f"A sheet of {args.results:,} results, from file to rows", head, rows)
    print("every result is stored, and a bad cell stores none" if sound else "results are missing or half written")
    return 0 if sound else 1


def _apart(database: str, kind: str, results: int) -> dict[str, Any]:
    """Measured in a process and a database of its own."""
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        env = {
            **os.environ, "FANGXIN_TESTING": "1", "FANGXIN_DATA_DIR": folder, "FANGXIN_TODAY": "2024-11-25",
            "DJANGO_SETTINGS_MODULE": "fangxin.config.settings",
        }  # fmt: skip
        env.pop("FANGXIN_DATABASE_URL", None)
        if database == "postgresql":
            from tests.postgresql import running  # noqa: PLC0415  (only where it is installed)

            env["FANGXIN_DATABASE_URL"] = stack.enter_context(running())
        command = [sys.executable, "-m", "benchmarks.bench_result_sheet", "--results", str(results), "--measure", kind]
        done = subprocess.run(command, env=env, stdout=subprocess.PIPE, text=True, check=True)
        found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return found


def measure(results: int, kind: str) -> dict[str, Any]:
    import resource  # noqa: PLC0415

    import django  # noqa: PLC0415

    django.setup()
    from fangxin.kernel.laboratory import importing  # noqa: PLC0415
    from fangxin.kernel.laboratory.models import Result  # noqa: PLC0415

    laboratory, analyst, second, numbers = waiting_samples(results // len(ITEMS))
    lines = [
        (number, item, "未检出" if (place + n) % 2 else f"0.00{n % 9 + 1}", "mg/kg", "0.001")
        for place, number in enumerate(numbers)
        for n, item in enumerate(ITEMS)
    ]
    middle = len(lines) // 2
    bad = [*lines[:middle], (*lines[middle][:2], "0,05", *lines[middle][3:]), *lines[middle + 1 :]]
    refused = importing.check_file(laboratory=laboratory, name=f"a.{kind}", content=sheet(kind, bad), by=analyst)
    if not refused.faulty:
        raise SystemExit("the bad cell was not seen")
    after_bad_cell = Result.objects.count()
    content = sheet(kind, lines)
    plain_s = _seconds(lambda: plain_load(kind, content))
    started = time.perf_counter()
    row = importing.check_file(laboratory=laboratory, name=f"b.{kind}", content=content, by=analyst)
    check_s = time.perf_counter() - started
    write_s = _seconds(lambda: importing.apply_file(row=row, by=analyst))
    return {
        "mb": len(content) / 1e6, "check_s": check_s, "write_s": write_s, "plain_s": plain_s,
        "verify_s": _seconds(lambda: verify(numbers[:VERIFIED], second)), "stored": Result.objects.count(),
        "after_bad_cell": after_bad_cell, "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }  # fmt: skip


def waiting_samples(count: int) -> tuple[Any, Any, Any, list[str]]:
    """A laboratory with two people, and samples received by it with every item ordered."""
    from django.core.management import call_command  # noqa: PLC0415

    from fangxin.kernel.laboratory.models import Test  # noqa: PLC0415
    from fangxin.kernel.laboratory.services import loading  # noqa: PLC0415
    from fangxin.kernel.ledger import api as ledger  # noqa: PLC0415
    from fangxin.kernel.people import api as people  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    divisions = (("99", "云岭省", "province"), ("9901", "云安市", "prefecture"), ("990101", "云桥县", "county"))
    people.add_divisions(
        [people.Division(code=c, name=n, kind=k, valid_from=date(2020, 1, 1)) for c, n, k in divisions], by=None
    )
    house = people.create_agency(
        name="云桥县检测中心", short_name="检测中心", kind="laboratory", division_code="990101", by=None
    )
    market = people.create_agency(
        name="云桥县市场局", short_name="市场局", kind="department", division_code="990101", by=None
    )
    users = [people.User.objects.create(username=f"bench{n}", name=f"检验员{n}") for n in (1, 2)]
    for user in users:
        people.give_post(user=user, agency=house, role="laboratory", division_code="990101", starts_on=FIRST, by=None)
    samples = list(loading.load([_life(n, house, market, users) for n in range(count)], by=users[0]).values())
    Test.objects.bulk_create(
        (
            Test(sample=s, division_code=s.division_code, laboratory=house, analyte=item, ordered_at=ledger.clock.now(),
                 ordered_by="bench1")
            for s in samples
            for item in ITEMS
        ),
        batch_size=500,
    )  # fmt: skip
    return house, users[0], users[1], [sample.number for sample in samples]


def _life(n: int, house: Any, market: Any, users: list[Any]) -> Any:
    from fangxin.kernel.laboratory.data import Handover, SampleLife  # noqa: PLC0415

    taken = datetime.combine(FIRST + timedelta(days=n % 200), clock(9), tzinfo=ZoneInfo("Asia/Shanghai"))
    came = taken + timedelta(hours=3)
    columns = {
        "purpose": "supervision", "regime": "market", "subject_name": f"门店{n}", "stage": "circulation",
        "division_code": "990101", "food": "韭菜", "food_class": "食用农产品", "quantity": Decimal(3),
        "quantity_unit": "kg", "agency": market, "laboratory": house, "sampler": users[0], "second_sampler": users[1],
    }  # fmt: skip
    received = Handover(house.pk, taken + timedelta(hours=2), came, "抽样员", "收样员")
    return SampleLife(key=str(n), columns=columns, sampled_at=taken, seals=(f"A{n:06}",), received=received)


def sheet(kind: str, lines: Iterable[Sequence[str]]) -> bytes:
    if kind == "csv":
        text = io.StringIO()
        csv.writer(text).writerows([HEAD, *lines])
        return text.getvalue().encode()
    book = Workbook(write_only=True)
    page = book.create_sheet()
    page.append(HEAD)
    for line in lines:
        page.append(line)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def plain_load(kind: str, content: bytes) -> None:
    """The peer: every cell as it stands, into a table without keys."""
    from django.db import connection, transaction  # noqa: PLC0415

    if kind == "csv":
        lines = list(csv.reader(io.StringIO(content.decode())))[1:]
    else:
        page = load_workbook(io.BytesIO(content), read_only=True).active
        lines = [[str(cell) for cell in line] for line in islice(page.iter_rows(values_only=True), 1, None)]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE plain (a text, b text, c text, d text, e text)")
        cursor.executemany("INSERT INTO plain VALUES (%s, %s, %s, %s, %s)", lines)


def verify(numbers: Sequence[str], by: Any) -> None:
    from fangxin.kernel.laboratory.models import Test  # noqa: PLC0415
    from fangxin.kernel.laboratory.services import results  # noqa: PLC0415

    for number in numbers:
        results.verify(tests=Test.objects.filter(sample__number=number).select_related("sample", "run"), by=by)


def _seconds(run: Callable[[], object]) -> float:
    started = time.perf_counter()
    run()
    return time.perf_counter() - started


if __name__ == "__main__":
    sys.exit(main())
