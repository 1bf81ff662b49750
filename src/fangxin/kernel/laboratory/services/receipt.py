"""At the laboratory's counter: accepted, or refused with reasons, and given to an analyst."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from fangxin.kernel.laboratory import clocks, standards
from fangxin.kernel.laboratory.clocks import Limit
from fangxin.kernel.laboratory.models import CustodyStep, Part, Receipt, Sample, SamplingTask
from fangxin.kernel.laboratory.rules import MovedOn, Refused
from fangxin.kernel.laboratory.services import custody, tasks
from fangxin.kernel.laboratory.services.noticing import notice_sample
from fangxin.kernel.laboratory.services.steps import insert, move, named, need_text
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people

State = Sample.State
Outcome = Receipt.Outcome
SERIES = "laboratory.receipt"
# A refused sample is taken again within so many days.
RESAMPLE_DAYS = 15


@transaction.atomic
def receive(
    *,
    sample: Sample,
    seal_intact: bool,
    enough: bool,
    papers_agree: bool,
    temperature: Decimal | None = None,
    reasons: Sequence[str] = (),
    note: str = "",
    accept: bool,
    received_at: datetime | None = None,
    by: Any,
) -> Receipt:
    """The three questions are answered one by one; a defect leads to refusal, or is accepted with a word on who agreed."""
    laboratory = _laboratory(sample)
    now = ledger.clock.now()
    at = min(received_at or now, now)
    on = at.astimezone(ledger.clock.LOCAL).date()
    answers = {"seal_intact": seal_intact, "enough": enough, "papers_agree": papers_agree}
    found = _reasons(answers, reasons, accept=accept, note=note, sample=sample, temperature=temperature)
    receipt: Receipt = insert(
        Receipt(
            sample=sample, laboratory=laboratory, lab_number=lab_number(at.year), received_at=at, received_on=on,
            outcome=Outcome.ACCEPTED if accept else Outcome.REFUSED, received_by=named(by), temperature=temperature,
            reasons=found, note=note.strip(), **answers,
            report_due_on=clocks.last_day(Limit.REPORT, on) if accept else None,
        )
    )  # fmt: skip
    for step in CustodyStep.objects.filter(sample=sample, part=Part.TEST, taken_at=None, to_agency=laboratory):
        said = note or _("收样时查验") if not seal_intact else ""
        custody.acknowledge(step=step, intact=seal_intact, temperature=temperature, note=said, at=at, by=by)
    if accept:
        move(
            sample,
            [State.SENT],
            State.RECEIVED,
            "laboratory.sample.received",
            by=by,
            data={"due": str(receipt.report_due_on)},
        )
        notice_sample(sample, by=by)
    else:
        move(sample, [State.SENT], State.REFUSED, "laboratory.sample.refused", by=by, data={"reasons": found})
        _ask_again(sample, found, by=by)
    return receipt


def _laboratory(sample: Sample) -> people.Agency:
    if sample.laboratory is None:
        raise Refused(_("这份样品还没有确定承检机构，不能登记收样。"))
    return sample.laboratory


def lab_number(year: int) -> str:
    return f"JY{year}-{ledger.next_number(SERIES, year):05}"


def _reasons(
    answers: dict[str, bool],
    given: Sequence[str],
    *,
    accept: bool,
    note: str,
    sample: Sample,
    temperature: Decimal | None,
) -> list[str]:
    """The reasons in the order of the file; what was answered with no brings its own."""
    known = standards.refusal_reasons(ledger.clock.today())
    failing = {one.code for one in known if one.fails and not answers[one.fails]}
    chosen = [one for one in known if one.code in {*given, *failing}]
    if {*given} - {one.code for one in known}:
        raise Refused({"reasons": _("拒收理由不在列表中，请重新选择。")})
    if accept and given:
        raise Refused({"reasons": _("选了拒收理由就不能接收。请改为拒收，或者去掉理由。")})
    if accept and failing:
        need_text(note, "note", _("封条、数量或者文书有问题仍接收的，请写明情况和经谁同意。"), most=300)
    if accept:
        _check_temperature(sample, temperature)
        return []
    if not chosen:
        raise Refused({"reasons": _("拒收须写明理由，请至少选择一项。")})
    if any(one.asks_note for one in chosen):
        need_text(note, "note", _("请写明看到的具体情况，抽样人员凭此改正。"), most=300)
    return [one.code for one in chosen]


def _check_temperature(sample: Sample, temperature: Decimal | None) -> None:
    rule = standards.food_class(sample.food_class, ledger.clock.today())
    if rule is None or rule.warmest is None or sample.storage == sample._meta.get_field("storage").default:
        return
    if temperature is None:
        raise Refused({"temperature": _("冷藏、冷冻样品请填写收样温度。")})
    if temperature > rule.warmest:
        raise Refused(
            {"temperature": _("收样温度%(now)s℃高于%(most)s℃，应当拒收并选择“运输温度不符合要求”。")
             % {"now": temperature, "most": rule.warmest}}
        )  # fmt: skip


def _ask_again(sample: Sample, reasons: Sequence[str], *, by: Any) -> SamplingTask:
    labels = {one.code: one.label for one in standards.refusal_reasons(ledger.clock.today())}
    why = "、".join(labels[code] for code in reasons)
    return tasks.add_task(
        reason=SamplingTask.Reason.RESAMPLE,
        purpose=sample.purpose,
        regime=sample.regime,
        stage=sample.stage,
        division_code=sample.division_code,
        food_class=sample.food_class,
        food=sample.food,
        premises=sample.premises,
        parcel=sample.parcel,
        plan_line=sample.plan_line,
        agency=sample.agency,
        laboratory=sample.laboratory,
        blind=sample.blind,
        basis=_("%(number)s被拒收：%(why)s") % {"number": sample.number, "why": why},
        asked_from=_again_key(sample),
        samplers=[sample.sampler, sample.second_sampler],
        due_on=ledger.clock.today() + timedelta(days=RESAMPLE_DAYS),
        by=by,
    )


def _again_key(sample: Sample) -> str:
    return f"laboratory.refused:{sample.number}"


@transaction.atomic
def undo_receipt(*, receipt: Receipt, reason: str, by: Any) -> Receipt:
    """A receipt entered by mistake, while nothing has been tested and no new sample taken."""
    reason = need_text(reason, "reason", _("请写明撤销的原因。"))
    sample, now = receipt.sample, ledger.clock.now()
    if sample.tests.exclude(state="cancelled").exists():
        raise Refused(_("已经安排检验项目，不能撤销收样。"))
    again = SamplingTask.objects.filter(asked_from=_again_key(sample))
    if again.filter(state=SamplingTask.State.TAKEN).exists():
        raise Refused(_("已经重新抽样，不能撤销拒收。"))
    undone = {"undone_at": now, "undone_by": named(by), "undone_reason": reason}
    if Receipt.objects.filter(pk=receipt.pk, undone_at=None).update(**undone) != 1:
        raise MovedOn(_("这条收样记录已经撤销。"))
    again.delete()
    move(
        sample, [State.RECEIVED, State.REFUSED], State.SENT, "laboratory.sample.receipt_undone",
        by=by, data={"reason": reason},
    )  # fmt: skip
    receipt.refresh_from_db()
    return receipt


@transaction.atomic
def assign_analyst(*, receipts: Sequence[Receipt], analyst: Any, by: Any) -> int:
    """To a colleague of the same laboratory; all of them or none."""
    if not receipts:
        raise Refused(_("没有勾选样品。"))
    username, now = named(by), ledger.clock.now()
    for receipt in receipts:
        if not people.users_of(receipt.laboratory).filter(pk=analyst.pk).exists():
            raise Refused({"analyst": _("%(name)s不是这个检验机构的人员。") % {"name": analyst.name}})
        rows = Receipt.objects.filter(pk=receipt.pk, undone_at=None, outcome=Outcome.ACCEPTED)
        if rows.update(analyst=analyst, assigned_at=now, assigned_by=username) != 1:
            raise MovedOn(_("样品%(number)s的收样记录已有变化，没有派检。") % {"number": receipt.lab_number})
        ledger.record("laboratory.sample.assigned", of=receipt.sample, by=by, data={"analyst": analyst.username})
    return len(receipts)
