"""Durable capture of EPCIS events: batches of 1,000 and single events of 16 senders, beside COPY, the ORM and PostgreSQL.

`python -m benchmarks.bench_capture` measures on SQLite and on a PostgreSQL of its own. All figures of one database are taken in one run on
the same events. "prepared" leaves out hashing and reading, which `bench_epcis` measures; "whole" holds everything from the event on.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

FARMS, MARKETS = 40, 12


def made(count: int, seed: int) -> list[dict[str, Any]]:
    """Events as a wholesale chain makes them: seven in ten move goods, three in ten make them into others."""
    rng = random.Random(seed)
    return [_event(rng, n, seed) for n in range(count)]


def _lot(rng: random.Random, seed: int) -> dict[str, Any]:
    code = f"https://id.gs1.org/01/09521000{rng.randrange(10):05d}8/10/{seed}-{rng.randrange(100_000)}"
    return {"epcClass": code, "quantity": rng.randrange(1, 500), "uom": "KGM"}


def _event(rng: random.Random, n: int, seed: int) -> dict[str, Any]:
    body: dict[str, Any] = {
        "eventTime": f"2023-03-{n % 28 + 1:02d}T{n % 24:02d}:{n % 60:02d}:{n // 60 % 60:02d}.{n % 1000:03d}+08:00",
        "eventTimeZoneOffset": "+08:00",
        "bizLocation": {"id": f"https://id.gs1.org/414/95210000{rng.randrange(FARMS + MARKETS):05d}"},
    }
    if rng.random() < 0.3:
        lots = [_lot(rng, seed) for _ in range(4)]
        return {"type": "TransformationEvent", **body, "inputQuantityList": lots[:3], "outputQuantityList": lots[3:]}
    return {"type": "ObjectEvent", "action": "OBSERVE", **body, "bizStep": rng.choice(("shipping", "receiving")),
            "quantityList": [_lot(rng, seed) for _ in range(4)]}  # fmt: skip


def best(times: int, act: Callable[[int], int]) -> float:
    """Events a second, the median of several runs."""
    found = []
    for n in range(times):
        begun = time.perf_counter()
        count = act(n)
        found.append(count / (time.perf_counter() - begun))
    return sorted(found)[len(found) // 2]


def measure(events: int, runs: int, senders: int) -> dict[str, float]:
    import django  # noqa: PLC0415

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415

    from fangxin.engines.epcis import from_json  # noqa: PLC0415
    from fangxin.kernel.supply.models import Event, EventCode  # noqa: PLC0415
    from fangxin.kernel.supply.services import capturing, grouping, storing  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    sender = storing.Sender("bench", None, "bench", "990101")
    figures: dict[str, float] = {}
    writer = grouping.Writer()

    def prepared(seed: int, count: int = events) -> list[Any]:
        return [capturing.ready(from_json(body)) for body in made(count, seed)]

    stock = [prepared(10 + n) for n in range(runs)]
    figures["batches of 1,000, prepared"] = best(
        runs, lambda n: _batches(stock[n], lambda part: storing.store(part, sender=sender))
    )
    bodies = [made(events, 30 + n) for n in range(runs)]
    figures["batches of 1,000, whole"] = best(
        runs, lambda n: _batches(bodies[n], lambda part: capturing.capture([from_json(b) for b in part], by=None))
    )
    stock = [prepared(50 + n) for n in range(runs)]
    figures["ORM bulk_create, prepared"] = best(
        runs, lambda n: _batches(stock[n], lambda part: _by_orm(part, Event, EventCode))
    )
    stock = [prepared(70 + n, 100 * senders) for n in range(runs)]
    figures[f"single, {senders} senders, one commit for all"] = best(
        runs, lambda n: _single(stock[n], senders, lambda row: writer.keep(storing.from_sender(row, sender)))
    )
    stock = [prepared(90 + n, 25 * senders) for n in range(runs)]
    figures[f"single, {senders} senders, a commit each"] = best(
        runs, lambda n: _single(stock[n], senders, lambda row: storing.store([row], sender=sender))
    )
    kept = Event.objects.count()
    assert kept == runs * (3 * events + 125 * senders), kept
    if connection.vendor == "postgresql":
        stock = [prepared(110 + n) for n in range(runs)]
        figures["bare COPY of the same rows"] = best(runs, lambda n: _batches(stock[n], _by_copy))
    return figures


def _batches(rows: Sequence[Any], write: Callable[[Sequence[Any]], object]) -> int:
    for start in range(0, len(rows), 1_000):
        write(rows[start : start + 1_000])
    return len(rows)


def _rows(part: Sequence[Any], event: Any, code: Any) -> tuple[list[Any], list[Any]]:
    from django.utils import timezone  # noqa: PLC0415

    now = timezone.now()
    kept = [
        event(hash=r.hash, kind=r.kind, action=r.action, event_at=r.event_at, record_at=now, biz_step=r.biz_step,
              biz_location=r.biz_location, body=r.body, source="epcis", vouched_by="bench", division_code="990101")
        for r in part
    ]  # fmt: skip
    return kept, [
        code(event=e, code=c.code, role=c.role, by_class=c.by_class, quantity=c.quantity, unit=c.unit)
        for e, r in zip(kept, part, strict=True) for c in r.codes
    ]  # fmt: skip


def _by_orm(part: Sequence[Any], event: Any, code: Any) -> None:
    from django.db import transaction  # noqa: PLC0415

    with transaction.atomic():
        kept, codes = _rows(part, event, code)
        event.objects.bulk_create(kept)
        code.objects.bulk_create(codes)


def _by_copy(part: Sequence[Any]) -> None:
    """The same rows by COPY and nothing else: numbers taken, both tables filled, one commit."""
    from django.db import connection, transaction  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415

    now = timezone.now()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT nextval('supply_event_id_seq') FROM generate_series(1, %s)", [len(part)])
        numbers = [n for (n,) in cursor.fetchall()]
        columns = (
            "id, hash, declares, event_id, kind, action, event_at, record_at, ahead, biz_step, disposition, read_point"
        )
        columns += ", biz_location, body, source, vouched_by, division_code"
        with cursor.copy(f"COPY supply_event ({columns}) FROM STDIN") as copy:
            for n, r in zip(numbers, part, strict=True):
                copy.write_row((n, r.hash, "", "", r.kind, r.action, r.event_at, now, False, r.biz_step, r.disposition,
                                r.read_point, r.biz_location, r.body, "epcis", "bench", "990101"))  # fmt: skip
        with cursor.copy("COPY supply_eventcode (event_id, code, role, by_class, quantity, unit) FROM STDIN") as copy:
            for n, r in zip(numbers, part, strict=True):
                for c in r.codes:
                    copy.write_row((n, c.code, c.role, c.by_class, c.quantity, c.unit))


def _single(rows: Sequence[Any], senders: int, keep: Callable[[Any], object]) -> int:
    def send(mine: Sequence[Any]) -> None:
        from django.db import connection  # noqa: PLC0415

        for row in mine:
            keep(row)
        connection.close()

    threads = [threading.Thread(target=send, args=(rows[n::senders],)) for n in range(senders)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(rows)


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="bench_capture", description=__doc__)
    parser.add_argument("--events", type=int, default=10_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--senders", type=int, default=16)
    parser.add_argument("--here", action="store_true", help="on the database that the environment names, as JSON")
    args = parser.parse_args(argv)
    if args.here:
        json.dump(measure(args.events, args.runs, args.senders), sys.stdout)
        return 0
    from tests.postgresql import running  # noqa: PLC0415

    found = {"SQLite": _elsewhere(args, "")}
    with running() as url:
        found["PostgreSQL"] = _elsewhere(args, url)
    names = dict.fromkeys(name for figures in found.values() for name in figures)
    print(f"{args.events} events, {args.runs} runs; events a second, durable\n")
    for name in names:
        print(f"{name:45}" + "".join(f"{base}: {found[base].get(name, float('nan')):10,.0f}   " for base in found))
    return 0


def _elsewhere(args: argparse.Namespace, url: str) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        env = {**os.environ, "FANGXIN_DATA_DIR": folder, "FANGXIN_DATABASE_URL": url, "FANGXIN_TESTING": "1",
               "DJANGO_SETTINGS_MODULE": "fangxin.config.settings"}  # fmt: skip
        command = [sys.executable, "-m", "benchmarks.bench_capture", "--here", "--events", str(args.events),
                   "--runs", str(args.runs), "--senders", str(args.senders)]  # fmt: skip
        done = subprocess.run(command, env=env, check=True, capture_output=True, text=True)
        return dict(json.loads(done.stdout))


if __name__ == "__main__":
    sys.exit(main())
