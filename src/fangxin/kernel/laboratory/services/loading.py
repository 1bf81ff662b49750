"""Whole samplings written at once: for taking over old files, and for the synthetic county.

What one by one is refused is loaded as the old file tells it and shows up among the irregularities.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from fangxin.kernel.laboratory import clocks
from fangxin.kernel.laboratory.clocks import Limit
from fangxin.kernel.laboratory.data import Handover, SampleLife
from fangxin.kernel.laboratory.models import (
    CustodyStep,
    Duplicate,
    OnlinePurchase,
    Part,
    Receipt,
    Sample,
    SamplingTask,
    Seal,
)
from fangxin.kernel.laboratory.rules import Refused
from fangxin.kernel.laboratory.services.receipt import SERIES as RECEIPTS
from fangxin.kernel.laboratory.services.sampling import SERIES, format_number
from fangxin.kernel.ledger import api as ledger

_BATCH = 500
State = Sample.State


@transaction.atomic
def load(lives: Sequence[SampleLife], *, by: Any) -> dict[str, Sample]:
    """Write the lives, in the order of their days, and return the sample of each key. All or nothing."""
    if len({life.key for life in lives}) != len(lives):
        raise Refused(_("装入的数据中有重复的标识，请检查后重试。"))
    ordered = sorted(lives, key=lambda life: (life.sampled_at, life.key))
    made = list(zip(ordered, _samples(ordered, by), strict=True))
    _ask(made)
    Sample.objects.bulk_create([sample for _life, sample in made], batch_size=_BATCH)
    Seal.objects.bulk_create([seal for life, sample in made for seal in _seals(life, sample)], batch_size=_BATCH)
    Duplicate.objects.bulk_create(
        [
            Duplicate(
                sample=sample, quantity=life.duplicate_quantity, quantity_unit=sample.quantity_unit,
                holder=sample.laboratory, place=_("备样库"),
            )
            for life, sample in made
            if life.duplicate_quantity
        ],
        batch_size=_BATCH,
    )  # fmt: skip
    OnlinePurchase.objects.bulk_create(
        [OnlinePurchase(sample=sample, **life.online) for life, sample in made if life.online], batch_size=_BATCH
    )
    CustodyStep.objects.bulk_create([_step(life, s) for life, s in made if life.received], batch_size=_BATCH)
    Receipt.objects.bulk_create(_receipts(made), batch_size=_BATCH)
    counts = Counter(sample.division_code[:9] for _life, sample in made)
    ledger.record_many(
        [
            ledger.build_entry("laboratory.samples.loaded", of=None, by=by, division_code=code, data={"count": n})
            for code, n in sorted(counts.items())
        ]
    )
    return {life.key: sample for life, sample in made}


def _ask(made: Sequence[tuple[SampleLife, Sample]]) -> None:
    """The task behind each sample that had one."""
    columns = ("plan_line_id", "purpose", "regime", "premises_id", "stage", "division_code", "food_class", "food")
    asked = [(life.due_on, sample) for life, sample in made if life.due_on is not None]
    tasks = [
        SamplingTask(
            reason=SamplingTask.Reason.PLAN if sample.plan_line_id else SamplingTask.Reason.SPECIAL, due_on=due_on,
            state=SamplingTask.State.TAKEN, agency_id=sample.agency_id, laboratory_id=sample.laboratory_id,
            made_at=sample.sampled_at, **{name: getattr(sample, name) for name in columns},
        )
        for due_on, sample in asked
    ]  # fmt: skip
    SamplingTask.objects.bulk_create(tasks, batch_size=_BATCH)
    for (_due_on, sample), task in zip(asked, tasks, strict=True):
        sample.task = task


def _local(at: Any) -> date:
    day: date = at.astimezone(ledger.clock.LOCAL).date()
    return day


def _samples(lives: Sequence[SampleLife], by: Any) -> list[Sample]:
    years = Counter(_local(life.sampled_at).year for life in lives)
    serials = {year: iter(ledger.take_numbers(SERIES, year, count)) for year, count in sorted(years.items())}
    username = ledger.Actor.of(by).username
    rows = []
    for life in lives:
        day = _local(life.sampled_at)
        row = Sample(
            number=format_number(day.year, next(serials[day.year])), sampled_at=life.sampled_at, sampled_on=day,
            recorded_at=life.sampled_at, recorded_by=username, state=_state(life), **life.columns,
        )  # fmt: skip
        row.sampler_name, row.second_sampler_name = row.sampler.name, row.second_sampler.name
        row.clean_fields(
            exclude=["premises", "parcel", "plan_line", "task", "agency", "laboratory", "sampler", "second_sampler"]
        )
        rows.append(row)
    return rows


def _given(life: SampleLife) -> Handover:
    """The handover of a life that has one."""
    if life.received is None:
        raise ValueError(f"{life.key} never reached a laboratory")
    return life.received


def _state(life: SampleLife) -> str:
    if life.received is None:
        return State.TAKEN
    return State.REFUSED if life.refused else State.RECEIVED


def _seals(life: SampleLife, sample: Sample) -> list[Seal]:
    parts = [(Part.TEST, number) for number in life.seals] + [(Part.DUPLICATE, n) for n in life.duplicate_seals]
    return [Seal(sample=sample, part=part, number=number, sealed_at=life.sampled_at) for part, number in parts]


def _step(life: SampleLife, sample: Sample) -> CustodyStep:
    given = _given(life)
    return CustodyStep(
        sample=sample, part=Part.TEST, to_agency_id=given.to_agency_id, handed_at=given.handed_at,
        handed_by=given.handed_by, handed_temperature=given.handed_temperature, handed_intact=True,
        taken_at=given.taken_at, taken_by=given.taken_by, taken_temperature=given.taken_temperature,
        taken_intact=given.intact,
    )  # fmt: skip


def _receipts(made: Sequence[tuple[SampleLife, Sample]]) -> list[Receipt]:
    came = sorted(
        ((life, sample) for life, sample in made if life.received), key=lambda one: (_given(one[0]).taken_at, one[1].number)
    )  # fmt: skip
    years = Counter(_local(_given(life).taken_at).year for life, _sample in came)
    serials = {year: iter(ledger.take_numbers(RECEIPTS, year, count)) for year, count in sorted(years.items())}
    ends: dict[date, date | None] = {}
    rows = []
    for life, sample in came:
        on = _local(_given(life).taken_at)
        if on not in ends:
            ends[on] = clocks.last_day(Limit.REPORT, on)
        rows.append(_receipt(life, sample, f"JY{on.year}-{next(serials[on.year]):05}", on, ends[on]))
    return rows


def _receipt(life: SampleLife, sample: Sample, number: str, on: date, due: date | None) -> Receipt:
    given = _given(life)
    return Receipt(
        sample=sample, laboratory_id=given.to_agency_id, lab_number=number, received_at=given.taken_at, received_on=on,
        received_by=given.taken_by, temperature=given.taken_temperature, seal_intact=given.intact,
        enough="too_little" not in life.refused, papers_agree="papers_differ" not in life.refused,
        outcome=Receipt.Outcome.REFUSED if life.refused else Receipt.Outcome.ACCEPTED, reasons=list(life.refused),
        note=life.receipt_note, report_due_on=None if life.refused else due,
    )  # fmt: skip
