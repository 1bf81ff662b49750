"""Whole books at once, for the synthetic county. What was written then is judged as it would have been judged then."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, time
from typing import Any

from django.db import transaction

from fangxin.actions.farm_inputs import rules
from fangxin.actions.farm_inputs.data import PastBatch
from fangxin.actions.farm_inputs.models import Application, Batch, DiaryEntry, Farm, Harvest
from fangxin.actions.farm_inputs.services.farms import SERIES, batch_number
from fangxin.engines import withholding
from fangxin.engines.withholding import HarvestOutcome
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.ledger.api import who

BATCH = 500


@transaction.atomic
def load_farms(*, farms: Sequence[tuple[Any, str, bool, date]], by: Any) -> list[Farm]:
    """Files of farms of the register: premises, kind, household, since."""
    rows = [
        Farm(
            premises=premises, division_code=premises.division_code, kind=kind, household=household, since=since,
            entered_at=_at(since), entered_by=who(by),
        )
        for premises, kind, household, since in farms
    ]  # fmt: skip
    made = Farm.objects.bulk_create(rows, batch_size=BATCH)
    _tell(by, made, "farms")
    return made


@transaction.atomic
def load_batches(*, batches: Sequence[PastBatch], by: Any) -> list[Batch]:
    """Batches with their uses, diaries and harvests. The caller has seen to it that nothing in them is banned."""
    if not batches:
        return []
    name = who(by)
    numbers = _numbers(batches)
    rows = [_batch(past, number, name) for past, number in zip(batches, numbers, strict=True)]
    Batch.objects.bulk_create(rows, batch_size=BATCH)
    pairs = list(zip(rows, batches, strict=True))
    uses = [[_application(row, use, name) for use in past.uses] for row, past in pairs]
    Application.objects.bulk_create(_flat(uses), batch_size=BATCH)
    diary = [[_entry(row, line, name) for line in past.diary] for row, past in pairs]
    DiaryEntry.objects.bulk_create(_flat(diary), batch_size=BATCH)
    made: list[Harvest] = []
    for (row, past), given, lines in zip(pairs, uses, diary, strict=True):
        made += _harvests(row, past, given, lines, name)
        _lock(row, given, lines)
    Harvest.objects.bulk_create(made, batch_size=BATCH)
    Batch.objects.bulk_update(rows, ["locked_until", "lock_open"], batch_size=BATCH)
    _tell(by, rows, "batches")
    return rows


def _flat(groups: Iterable[list[Any]]) -> list[Any]:
    return [row for group in groups for row in group]


def _tell(by: Any, rows: Sequence[Any], what: str) -> None:
    towns = Counter(row.division_code[:9] for row in rows)
    ledger.record_many(
        [
            ledger.build_entry(
                "farm_inputs.farms.loaded", of=None, by=by, division_code=town, data={"what": what, "count": count}
            )
            for town, count in sorted(towns.items())
        ]
    )


def _at(day: date, hour: int = 18) -> datetime:
    return datetime.combine(day, time(hour), tzinfo=ledger.clock.LOCAL)


def _numbers(batches: Sequence[PastBatch]) -> list[str]:
    series = {}
    for (county, year), count in Counter((p.farm.division_code[:6], p.started_on.year) for p in batches).items():
        series[county, year] = iter(ledger.take_numbers(f"{SERIES}-{county}", year, count))
    return [
        batch_number(
            p.farm.division_code[:6], p.started_on.year, next(series[p.farm.division_code[:6], p.started_on.year])
        )
        for p in batches
    ]


def _batch(past: PastBatch, number: str, name: str) -> Batch:
    return Batch(
        number=number, farm=past.farm, division_code=past.farm.division_code, food=past.food, produce=past.produce,
        area_mu=past.area_mu, animals=past.animals, started_on=past.started_on, planned_on=past.planned_on, unit=past.unit,
        ended_on=past.ended_on, entered_at=_at(past.started_on), entered_by=name,
    )  # fmt: skip


def _application(row: Batch, use: Any, name: str) -> Application:
    return Application(
        farm_id=row.farm_id, batch=row, division_code=row.division_code, product=use.product, began_on=use.on, last_on=use.on,
        dose=use.dose, dose_unit=use.dose_unit, against=use.against, area_mu=row.area_mu, recorded_at=_at(use.on),
        recorded_by=name,
    )  # fmt: skip


def _entry(row: Batch, line: Any, name: str) -> DiaryEntry:
    return DiaryEntry(
        farm_id=row.farm_id, batch=row, division_code=row.division_code, kind=line.kind, on=line.on, what=line.what,
        quantity=line.quantity, unit=line.unit, water_c=line.water_c, recorded_at=_at(line.on), recorded_by=name,
    )  # fmt: skip


def _none(*_asked: Any) -> tuple[withholding.Ban, ...]:
    return ()


def _standing(row: Batch, given: list[Application], lines: list[DiaryEntry], on: date) -> withholding.Standing:
    bans: Callable[..., tuple[withholding.Ban, ...]] = _none
    return rules.standing_of(row, [use for use in given if use.last_on <= on], rules.water_of(lines), on, bans)


def _harvests(
    row: Batch, past: PastBatch, given: list[Application], lines: list[DiaryEntry], name: str
) -> Iterable[Harvest]:
    for on, quantity in past.harvests:
        standing = _standing(row, given, lines, on)
        outcome = withholding.judge_harvest(on, standing)
        yield Harvest(
            batch=row, division_code=row.division_code, on=on, quantity=quantity, unit=row.unit,
            earliest_on=standing.earliest, within_lock=outcome in (HarvestOutcome.WITHIN, HarvestOutcome.BANNED),
            lock_unknown=outcome is HarvestOutcome.UNKNOWN, recorded_at=_at(on, 19), recorded_by=name,
        )  # fmt: skip


def _lock(row: Batch, given: list[Application], lines: list[DiaryEntry]) -> None:
    standing = _standing(row, given, lines, row.ended_on or ledger.clock.today())
    row.locked_until, row.lock_open = standing.earliest, bool(standing.open_locks)
