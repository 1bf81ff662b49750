"""A register the size of a province, in the database of the environment: `python -m benchmarks.county --premises 1000000`.

One county is lived as `fangxin demo` lives it, through the services. Its register is then copied by plain SQL into the
same tables, county after county, under codes that are not in use, until there are as many premises as asked for.
Copied: divisions, operators, premises, credentials, staff, certificates, dated facts, surveys and their sightings.
Not copied: accounts, matters, the plan, returns, ledger entries (one per county says that it was loaded). Every copied
name carries the stem of its county, so that a part of a name is as rare or as common as in a province. The last
character of a copied credit code is not recomputed.
"""

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from itertools import islice
from random import Random
from typing import Any

import django

STRIDE = 10_000_000  # keys of one copy; no table of one county comes near
PROVINCE_USER = "province"
FIRST_PREFECTURE, COUNTIES_EACH = 51, 10
TOLD = "registry.loaded"


def build(
    premises: int,
    told: Callable[[str], object] = lambda _text: None,
    also: Callable[[int, str, str], object] = lambda _number, _old, _code: None,
) -> dict[str, int]:
    """Fill an empty, migrated database; returns how many rows there are of each kind.

    `also` is called for each copied county with its number, the first county's code and its own, to copy more.
    """
    from fangxin.sim import life  # noqa: PLC0415  (Django must have started)

    life.build(with_oversight=True)
    told("one county lived")
    tables = _tables()
    source = tables["divisions"].objects.get(kind="county").code
    _province_account(source[:2])
    each = tables["premises"].objects.count()
    with loading():
        for number, (code, stem) in enumerate(_others(source, round(premises / each) - 1), start=1):
            _copy_county(tables, number, source, code, stem)
            also(number, source, code)
    settle(tables)
    told(f"{premises} premises")
    return {name: model.objects.count() for name, model in tables.items()}


def _tables() -> dict[str, Any]:
    from fangxin.kernel.people.models import Division  # noqa: PLC0415
    from fangxin.kernel.registry import models  # noqa: PLC0415

    return {
        "divisions": Division,
        "operators": models.Operator,
        "premises": models.Premises,
        "credentials": models.Credential,
        "staff": models.Staff,
        "certificates": models.StaffCertificate,
        "facts": models.PremisesFact,
        "surveys": models.CensusSurvey,
        "sightings": models.CensusEntry,
    }


def _others(taken: str, count: int) -> Iterator[tuple[str, str]]:
    """Codes in prefectures that are not in use, and two characters for the names there."""
    from fangxin.sim import names  # noqa: PLC0415

    stems = dict.fromkeys(names.village_stems(Random("counties")))
    codes = (
        f"{taken[:2]}{FIRST_PREFECTURE + number // COUNTIES_EACH}{21 + number % COUNTIES_EACH}"
        for number in range(COUNTIES_EACH * (100 - FIRST_PREFECTURE))
    )
    return islice(zip(codes, stems, strict=False), count)


def _copy_county(tables: dict[str, Any], number: int, old: str, code: str, stem: str) -> None:
    """Rows of the first county again: keys moved on, codes and numbers of the new county, names with its stem."""
    from django.db import transaction  # noqa: PLC0415

    from fangxin.kernel.ledger import api as ledger  # noqa: PLC0415

    place = {"division_code": f"'{code}' || substr(division_code, 7)"}
    numbered = {"number": f"replace(number, '{old}', '{code}')"}
    named = {"name": f"'{stem}' || name"}
    coded = {"uscc": f"CASE uscc WHEN '' THEN '' ELSE substr(uscc, 1, 2) || '{code}' || substr(uscc, 9) END"}
    changes = {
        "divisions": {
            "code": f"'{code}' || substr(code, 7)",
            "name": f"CASE WHEN code = '{old}' THEN '{stem}县' ELSE name END",
        },
        "operators": {**place, **coded, **named, "agency_id": "NULL"},
        "premises": {**place, **numbered, **named},
        "credentials": {**place, **numbered, "token": f"'{number}-' || token"},
        "staff": place,
        "certificates": {},
        "facts": {"evidence_id": "NULL"},
        "surveys": place,
        "sightings": {**place, "name_seen": f"'{stem}' || name_seen"},
    }
    with transaction.atomic():
        for name, model in tables.items():
            _copy(model, number, changes[name], "length(code) >= 6" if name == "divisions" else "1 = 1")
        entry = ledger.build_entry(TOLD, of=None, by=None, division_code=code, data={"copied": old})
        ledger.record_many([entry])


def _copy(model: Any, number: int, changes: dict[str, str], which: str) -> None:
    from django.db import connection  # noqa: PLC0415

    fields = model._meta.concrete_fields
    moved = {f.column for f in fields if f.primary_key or getattr(f.related_model, "__name__", "") in _moved_models()}
    given = [
        changes.get(f.column, f"{f.column} + {number * STRIDE}" if f.column in moved else f'"{f.column}"')
        for f in fields
    ]
    columns = ", ".join(f'"{f.column}"' for f in fields)
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f'INSERT INTO "{table}" ({columns}) SELECT {", ".join(given)} FROM "{table}" '
            f"WHERE id < {STRIDE} AND {which} ORDER BY id"
        )


def _moved_models() -> set[str]:
    return {model.__name__ for model in _tables().values()}


def _province_account(code: str) -> None:
    from fangxin.kernel.people import api as people  # noqa: PLC0415

    agency = people.create_agency(
        name="省食品安全委员会办公室（虚构）", short_name="省食安办", kind="office", division_code=code, by=None
    )
    user = people.create_user(username=PROVINCE_USER, name="省食安办 虚构", by=None)
    people.User.objects.filter(pk=user.pk).update(must_change_password=False)
    people.give_post(user=user, agency=agency, role="office", division_code=code, starts_on=date(2022, 1, 4), by=None)


@contextmanager
def loading() -> Iterator[None]:
    """SQLite need not reach the disk after every county; what is measured later runs with the settings' own values."""
    from django.db import connection  # noqa: PLC0415

    def say(text: str) -> None:
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute(text)

    say("PRAGMA synchronous=OFF")
    yield
    say("PRAGMA synchronous=FULL")


def settle(tables: dict[str, Any]) -> None:
    """New keys go on after the copies; PostgreSQL gets the statistics its own daemon would have made by then."""
    from django.core.management.color import no_style  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415

    from fangxin.kernel.ledger import api as ledger  # noqa: PLC0415

    ledger.seal_pending()
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(tables.values())):
            cursor.execute(statement)
        if connection.vendor == "postgresql":
            cursor.execute("VACUUM ANALYZE")
        else:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--premises", type=int, default=100_000)
    args = parser.parse_args()
    django.setup()
    from django.core.management import call_command  # noqa: PLC0415

    started = time.perf_counter()
    call_command("migrate", verbosity=0)
    counts = build(args.premises, lambda text: print(f"{time.perf_counter() - started:6.0f} s  {text}", flush=True))
    print(", ".join(f"{count} {name}" for name, count in counts.items()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
