"""Inspections of a province, in the database of the environment: `python -m benchmarks.inspections --inspections 1000000`.

The register comes from benchmarks/county.py, six premises to a hundred inspections. The lived county's plan, visits,
inspections, findings and grades are copied by plain SQL to every further county; then inspections and findings of
all counties are copied into earlier years, closed and published, until there are as many as asked for.
Not copied: photos, papers, accounts, who is named for a visit. Steps, officers and answers of single items are there for
the newest years only, and answers, as in the lived county, for failed items only: with every answer, ten million
inspections would have three hundred million, which no page reads but that of one inspection, through one index.
"""

import argparse
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import django

from benchmarks import county

# Premises to a hundred inspections: 600 000 places with ten million.
PREMISES_SHARE = 6
# Keys of one copy into earlier years, and how far back it lies.
ERA, ERA_DAYS = 500_000, 900


def build(inspections: int, told: Any = lambda _text: None) -> dict[str, int]:
    """Fill an empty, migrated database; returns how many rows there are of each kind."""
    copied: list[int] = [0]

    def also(number: int, old: str, code: str) -> None:
        with foreign_keys_off():
            for name, model in newest_tables().items():
                copy(model, number * county.STRIDE, f"id < {county.STRIDE}", changes(name, number, old, code))
        copied.append(number)

    counts = county.build(inspections * PREMISES_SHARE // 100, told, also)
    told("registers and newest years")
    with county.loading(), foreign_keys_off():
        each = newest_tables()["inspections"].objects.filter(pk__lt=county.STRIDE).count()
        eras = max(0, round(inspections / each / len(copied)) - 1)
        for era in range(1, eras + 1):
            for number in copied:
                low = number * county.STRIDE
                for name, model in earlier_tables().items():
                    copy(model, era * ERA, f"id >= {low} AND id < {low + ERA}", earlier(name, era))
            told(f"{era + 1} of {eras + 1} times {each * len(copied)} inspections")
    county.settle(newest_tables())
    return counts | {name: model.objects.count() for name, model in newest_tables().items()}


def newest_tables() -> dict[str, Any]:
    from fangxin.kernel.fieldwork import models  # noqa: PLC0415  (Django must have started)
    from fangxin.kernel.people.models import Agency  # noqa: PLC0415

    return {
        "agencies": Agency, "grades": models.PremisesGrade, "visits": models.PlannedVisit,
        "inspections": models.Inspection, "findings": models.Finding, "officers": models.InspectionOfficer,
        "steps": models.InspectionStep, "answers": models.ItemResult,
    }  # fmt: skip


def earlier_tables() -> dict[str, Any]:
    return {name: model for name, model in newest_tables().items() if name in ("inspections", "findings")}


def copy(model: Any, further: int, which: str, given: dict[str, str]) -> None:
    """Rows again under keys moved on by `further`, with the columns in `given` written anew."""
    from django.db import connection  # noqa: PLC0415

    columns = [field.column for field in model._meta.concrete_fields]
    values = [given.get(c, f"id + {further}" if c == "id" else f'"{c}"') for c in columns]
    table, names = model._meta.db_table, ", ".join(f'"{c}"' for c in columns)
    with connection.cursor() as cursor:
        cursor.execute(f'INSERT INTO "{table}" ({names}) SELECT {", ".join(values)} FROM "{table}" WHERE {which}')


def changes(name: str, number: int, old: str, code: str) -> dict[str, str]:
    """What is another county's own: keys of what was copied with it, division, numbers."""
    further = number * county.STRIDE

    def moved(*columns: str) -> dict[str, str]:
        return {column: f"{column} + {further}" for column in columns}

    inside = f"division_code LIKE '{old}%'"
    place = {"division_code": f"CASE WHEN {inside} THEN '{code}' || substr(division_code, 7) ELSE division_code END"}
    return {
        "agencies": {**place, "name": f"name || '{code}'", **moved("parent_id")},
        "grades": {**place, **moved("premises_id")},
        "visits": {**place, **moved("premises_id", "agency_id", "rechecks_id"), "asked_from": "NULL"},
        "inspections": {
            **place, **moved("premises_id", "agency_id", "visit_id", "rechecks_id"), **_named(further)
        },
        "findings": {**place, **moved("inspection_id", "owner_id")},
        "officers": moved("inspection_id"),
        "steps": moved("inspection_id"),
        "answers": moved("inspection_id"),
    }[name]  # fmt: skip


def earlier(name: str, era: int) -> dict[str, str]:
    """Some years before, closed and published long since, of no visit and no re-check."""
    back, further = era * ERA_DAYS, era * ERA
    if name == "findings":
        return {
            "inspection_id": f"inspection_id + {further}", "found_on": _day("found_on", back),
            "correct_by": _day("correct_by", back), **_closed(back),
        }  # fmt: skip
    days = {c: _day(c, back) for c in ("started_on", "judged_on", "publish_due_on", "recheck_due_on")}
    moments = {c: _moment(c, back) for c in ("started_at", "judged_at", "told_at")}
    told = "told_at IS NULL"
    return {
        **days, **moments, **_named(further), "visit_id": "NULL", "rechecks_id": "NULL",
        "published_at": f"CASE WHEN {told} THEN NULL ELSE {_moment('COALESCE(published_at, told_at)', back)} END",
        "published_by": f"CASE WHEN {told} THEN '' WHEN published_at IS NULL THEN told_by ELSE published_by END",
        "closed_at": f"CASE WHEN {told} THEN NULL ELSE {_moment('COALESCE(closed_at, told_at)', back)} END",
        "closed_by": f"CASE WHEN {told} THEN '' WHEN closed_at IS NULL THEN told_by ELSE closed_by END",
        "state": f"CASE WHEN {told} THEN state ELSE 'closed' END",
    }  # fmt: skip


def _closed(back: int) -> dict[str, str]:
    at = f"CASE WHEN closed_at IS NULL THEN {_moment('found_on', back - 10)} ELSE {_moment('closed_at', back)} END"
    return {"closed_at": at, "closed_by": "CASE WHEN closed_by = '' THEN 'loaded' ELSE closed_by END"}


def _named(further: int) -> dict[str, str]:
    """Numbers and phone keys that occur once: both from the new key."""
    key = f"(id + {further})"
    if _on_postgresql():
        return {"number": f"'JC' || {key}", "client_key": f"lpad(to_hex({key}), 32, '0')::uuid"}
    return {"number": f"'JC' || {key}", "client_key": f"printf('%032x', {key})"}


def _day(column: str, back: int) -> str:
    return f"({column} - {back})" if _on_postgresql() else f"date({column}, '{-back:+d} days')"


def _moment(text: str, back: int) -> str:
    return f"({text} - interval '{back} days')" if _on_postgresql() else f"datetime({text}, '{-back:+d} days')"


def _on_postgresql() -> bool:
    from django.db import connection  # noqa: PLC0415

    return connection.vendor == "postgresql"


@contextmanager
def foreign_keys_off() -> Iterator[None]:
    """Every copied row refers to a row that was copied the same way; asking again for each would double the time."""
    from django.db import connection  # noqa: PLC0415

    off, on = ("SET session_replication_role = replica", "SET session_replication_role = DEFAULT")
    if not _on_postgresql():
        off, on = "PRAGMA foreign_keys=OFF", "PRAGMA foreign_keys=ON"
    with connection.cursor() as cursor:
        cursor.execute(off)
    yield
    with connection.cursor() as cursor:
        cursor.execute(on)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--inspections", type=int, default=1_000_000)
    args = parser.parse_args()
    django.setup()
    from django.core.management import call_command  # noqa: PLC0415

    started = time.perf_counter()
    call_command("migrate", verbosity=0)
    told = lambda text: print(f"{time.perf_counter() - started:6.0f} s  {text}", file=sys.stderr, flush=True)  # noqa: E731
    counts = build(args.inspections, told)
    print(", ".join(f"{count} {name}" for name, count in counts.items()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
