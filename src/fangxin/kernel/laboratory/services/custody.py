"""From hand to hand: who hands over says so, who takes says so, and the seal is looked at on both sides."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from fangxin.kernel.laboratory.models import CustodyStep, Duplicate, Part, Sample
from fangxin.kernel.laboratory.rules import IN_LABORATORY, MovedOn, Refused
from fangxin.kernel.laboratory.services.steps import insert, move, named, need_text
from fangxin.kernel.ledger import api as ledger

State = Sample.State


@transaction.atomic
def hand_over(
    *,
    sample: Sample,
    part: str,
    to_agency: Any,
    way: str = CustodyStep.Way.PERSON,
    waybill: str = "",
    temperature: Decimal | None = None,
    intact: bool = True,
    note: str = "",
    at: datetime | None = None,
    by: Any,
) -> CustodyStep:
    """Give a part to another agency. The tested part on its way to the laboratory makes the sample "sent"."""
    if part == Part.TEST and sample.state not in (State.TAKEN, State.SENT):
        raise MovedOn(_("检样已经在检验机构，不再交接。请刷新后查看。"))
    if part == Part.DUPLICATE and not _has_duplicate(sample):
        raise Refused(_("这份样品没有在保存的备样，不能交接备样。"))
    if part == Part.TEST and sample.laboratory_id is None:
        raise Refused(_("还没有确定承检机构。请先选定承检机构再交接。"))
    if not intact and not note.strip():
        raise Refused({"note": _("封条不完好的，请写明情况。")})
    now = ledger.clock.now()
    step: CustodyStep = insert(
        CustodyStep(
            sample=sample, part=part, way=way, waybill=waybill.strip(), to_agency=to_agency, handed_by=named(by),
            handed_at=min(at or now, now), handed_temperature=temperature, handed_intact=intact, note=note.strip(),
        )
    )  # fmt: skip
    if part == Part.TEST and to_agency.pk == sample.laboratory_id:
        move(sample, [State.TAKEN, State.SENT], State.SENT, "laboratory.sample.sent", by=by)
    told = {"part": part, "to": to_agency.name, "intact": intact}
    ledger.record("laboratory.custody.handed_over", of=sample, by=by, data=told)
    return step


def _has_duplicate(sample: Sample) -> bool:
    return Duplicate.objects.filter(sample=sample, state=Duplicate.State.KEPT).exists()


@transaction.atomic
def acknowledge(
    *,
    step: CustodyStep,
    intact: bool,
    temperature: Decimal | None = None,
    note: str = "",
    at: datetime | None = None,
    by: Any,
) -> CustodyStep:
    """The other side took it. Only people of the agency it was given to may say so."""
    if hasattr(by, "posts_today") and step.to_agency_id not in {post.agency_id for post in by.posts_today}:
        raise Refused(_("这份样品交给了%(agency)s，须由该单位的人员确认接收。") % {"agency": step.to_agency})
    if not intact and not note.strip():
        raise Refused({"note": _("封条不完好的，请写明情况。")})
    now = ledger.clock.now()
    taken_at = max(min(at or now, now), step.handed_at)
    changes: dict[str, Any] = {
        "taken_at": taken_at, "taken_by": named(by), "taken_temperature": temperature, "taken_intact": intact,
    }  # fmt: skip
    if note.strip():
        changes["note"] = f"{step.note} {note.strip()}".strip()[:200]
    if CustodyStep.objects.filter(pk=step.pk, taken_at=None).update(**changes) != 1:
        raise MovedOn(_("这份样品已经确认接收，不必重复办理。"))
    for name, value in changes.items():
        setattr(step, name, value)
    if step.part == Part.DUPLICATE:
        Duplicate.objects.filter(sample=step.sample_id).update(holder=step.to_agency)
    told = {"part": step.part, "by": step.to_agency.name, "intact": intact}
    ledger.record("laboratory.custody.acknowledged", of=step.sample, by=by, data=told)
    return step


@transaction.atomic
def take_back(*, step: CustodyStep, reason: str, by: Any) -> Sample:
    """A handover entered by mistake, before the other side said anything."""
    reason = need_text(reason, "reason", _("请写明撤回交接的原因。"))
    sample, part, agency = step.sample, step.part, step.to_agency
    if CustodyStep.objects.filter(pk=step.pk, taken_at=None).delete()[0] != 1:
        raise MovedOn(_("对方已经确认接收，不能撤回。"))
    if part == Part.TEST and agency.pk == sample.laboratory_id and sample.state not in IN_LABORATORY:
        move(sample, [State.SENT], State.TAKEN, "laboratory.sample.brought_back", by=by)
    told = {"part": part, "to": agency.name, "reason": reason}
    ledger.record("laboratory.custody.taken_back", of=sample, by=by, data=told)
    return sample
