"""Taking a sample: two people, paid for, sealed in two parts, signed by both sides or refused before a witness."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from fangxin.kernel.laboratory import rules
from fangxin.kernel.laboratory.models import (
    Duplicate,
    OnlinePurchase,
    Part,
    Purpose,
    Sample,
    SamplePhoto,
    SamplingTask,
    Seal,
    Stage,
)
from fangxin.kernel.laboratory.rules import MovedOn, Refused
from fangxin.kernel.laboratory.services.steps import insert, move, named, need_text
from fangxin.kernel.ledger import api as ledger

State = Sample.State
SERIES = "laboratory.sample"


def format_number(year: int, serial: int) -> str:
    return f"CY{year}-{serial:05}"


@transaction.atomic
def take_sample(
    *,
    task: SamplingTask | None = None,
    facts: Mapping[str, Any],
    seals: Sequence[str],
    duplicate_seals: Sequence[str] = (),
    duplicate_quantity: Decimal | None = None,
    duplicate_place: str = "",
    online: Mapping[str, Any] | None = None,
    signature: Any = None,
    by: Any,
) -> Sample:
    """Write the form of one sampling. `facts` are columns of the sample by name; with a task, its columns are taken.

    Refused without purchase, without seals, with one sampler only, and without signature or witnessed refusal.
    """
    now = ledger.clock.now()
    sampled_at: datetime = min(facts.get("sampled_at") or now, now)
    known = {**(_from_task(task) if task is not None else {}), **facts, "sampled_at": sampled_at}
    sample = Sample(
        number=format_number(sampled_at.year, ledger.next_number(SERIES, sampled_at.year)),
        task=task,
        recorded_at=now,
        recorded_by=named(by),
        subject_signature=signature,
        sampled_on=sampled_at.astimezone(ledger.clock.LOCAL).date(),
        **known,
    )
    sample.sampler_name, sample.second_sampler_name = _names(sample)
    _check(sample, seals, duplicate_seals, duplicate_quantity, online)
    insert(sample)
    if task is not None:
        _finish(task, sample, by=by)
    _seal(sample, seals, duplicate_seals)
    if duplicate_quantity:
        insert(
            Duplicate(
                sample=sample, quantity=duplicate_quantity, quantity_unit=sample.quantity_unit, place=duplicate_place
            )
        )
    if online is not None:
        insert(OnlinePurchase(sample=sample, **online))
    told = {"purpose": sample.purpose, "class": sample.food_class, "stage": sample.stage}
    ledger.record("laboratory.sample.taken", of=sample, by=by, data=told)
    return sample


def _from_task(task: SamplingTask) -> dict[str, Any]:
    columns = ("purpose", "regime", "premises", "parcel", "stage", "division_code", "food_class", "agency", "blind")
    return {name: getattr(task, name) for name in (*columns, "plan_line", "laboratory")}


def _names(sample: Sample) -> tuple[str, str]:
    if sample.second_sampler_id is None or sample.sampler_id is None:
        raise Refused({"second_sampler": _("抽样人员不少于两名，请选择同行人员。")})
    return sample.sampler.name, sample.second_sampler.name


def _check(
    sample: Sample,
    seals: Sequence[str],
    duplicate_seals: Sequence[str],
    duplicate_quantity: Decimal | None,
    online: Mapping[str, Any] | None,
) -> None:
    if sample.sampler_id == sample.second_sampler_id:
        raise Refused({"second_sampler": _("抽样人员不少于两名，请选择另一名同行人员。")})
    if not sample.price_paid:
        raise Refused({"price_paid": _("抽样须付费购买，不得向被抽样单位无偿索取。请填写实付金额。")})
    if not seals:
        raise Refused({"seals": _("请填写检样的封条编号。")})
    _check_duplicate(sample, duplicate_seals, duplicate_quantity)
    if sample.stage == Stage.NETWORK:
        if online is None:
            raise Refused(_("网络抽样须记录买样账户、收货地址、订单和付款情况。"))
        return
    if sample.subject_signature is not None and sample.refusal_reason.strip():
        raise Refused({"refusal_reason": _("已有被抽样单位签名，就不能再写拒签。请二者选一。")})
    if sample.subject_signature is not None:
        need_text(sample.subject_signer, "subject_signer", _("请填写签字人的姓名。"), most=60)
        return
    need_text(sample.refusal_reason, "refusal_reason", _("请被抽样单位签字；拒绝签字的，请写明情况。"), most=300)
    need_text(sample.witness, "witness", _("拒绝签字的，须有见证人。"), most=60)


def _check_duplicate(sample: Sample, seals: Sequence[str], quantity: Decimal | None) -> None:
    if quantity:
        if quantity >= sample.quantity:
            raise Refused({"duplicate_quantity": _("备样数量应小于抽样总数量，请核对。")})
        if not seals:
            raise Refused({"duplicate_seals": _("备样须单独加封，请填写备样的封条编号。")})
        return
    if seals:
        raise Refused({"duplicate_quantity": _("填写了备样封条，请同时填写备样数量。")})
    if sample.purpose != Purpose.RISK_MONITORING:
        why = _("没有备样就不能复检。请留足备样；确实不能留的，请写明原因。")
        need_text(sample.no_duplicate_reason, "no_duplicate_reason", why)


def _finish(task: SamplingTask, sample: Sample, *, by: Any) -> None:
    open_state = SamplingTask.State.OPEN
    move(task, [open_state], SamplingTask.State.TAKEN, "laboratory.task.taken", by=by, data={"sample": sample.number})


def _seal(sample: Sample, seals: Sequence[str], duplicate_seals: Sequence[str]) -> None:
    numbers = [(Part.TEST, text.strip()) for text in seals] + [
        (Part.DUPLICATE, text.strip()) for text in duplicate_seals
    ]
    if len({number for _part, number in numbers}) != len(numbers):
        raise Refused({"seals": _("封条编号有重复，请核对。")})
    for part, number in numbers:
        if Seal.objects.filter(number=number).exists():
            field = "seals" if part == Part.TEST else "duplicate_seals"
            raise Refused({field: _("封条%(number)s已经用过，请核对封条。") % {"number": number}})
        insert(Seal(sample=sample, part=part, number=number, sealed_at=sample.sampled_at))


@transaction.atomic
def add_photo(*, sample: Sample, kind: str, name: str, content: bytes, by: Any) -> SamplePhoto:
    file = ledger.store_evidence(name=name, content=content, by=by)
    if not file.media_type.startswith("image/"):
        raise Refused(_("请上传 JPG 或 PNG 照片。"))
    photo: SamplePhoto = insert(
        SamplePhoto(sample=sample, kind=kind, file=file, added_at=ledger.clock.now(), added_by=named(by))
    )
    ledger.record("laboratory.sample.photo_added", of=sample, by=by, data={"digest": file.digest})
    return photo


@transaction.atomic
def name_laboratory(*, sample: Sample, laboratory: Any, blind: bool, by: Any) -> Sample:
    """Before anything leaves the sampler's hand."""
    named_one: Sample = move(
        sample, [State.TAKEN], State.TAKEN, "laboratory.sample.laboratory_named",
        by=by, laboratory=laboratory, blind=blind,
    )  # fmt: skip
    return named_one


@transaction.atomic
def cancel_sample(*, sample: Sample, reason: str, by: Any) -> Sample:
    """Before the laboratory has it; the task is open again."""
    reason = need_text(reason, "reason", _("请写明作废的原因。"))
    task = sample.task
    move(
        sample, rules.ON_THE_WAY, State.CANCELLED, "laboratory.sample.cancelled",
        by=by, cancelled_reason=reason, cancelled_at=ledger.clock.now(), cancelled_by=named(by), task=None,
    )  # fmt: skip
    if task is not None:
        reopened = SamplingTask.objects.filter(pk=task.pk, state=SamplingTask.State.TAKEN)
        if reopened.update(state=SamplingTask.State.OPEN) != 1:
            raise MovedOn(_("抽样任务已有变化，请刷新后再办。"))
    return sample
