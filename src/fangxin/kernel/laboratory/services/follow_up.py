"""Verification and disposal step by step, recall, and the answer to a signal of monitoring."""

from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from fangxin.engines import deadlines
from fangxin.kernel.contributing import api as contribute
from fangxin.kernel.contributing.data import Announcement
from fangxin.kernel.laboratory import clocks, papers
from fangxin.kernel.laboratory import rules_results as rules
from fangxin.kernel.laboratory.models import Disposition, RecallOrder, RiskSignal, Sample, SamplingTask
from fangxin.kernel.laboratory.rules import MovedOn, Refused
from fangxin.kernel.laboratory.services import tasks
from fangxin.kernel.laboratory.services.following import LIVE, step
from fangxin.kernel.laboratory.services.steps import insert, move, named, need_text
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.supply import api as supply

State = Disposition.State
AGAIN_DAYS = 30
# Balance of goods: figures typed with three places at most, so anything left over is real.
GOODS = ("purchased", "stock", "sold", "returned", "destroyed")


def _write(row: Disposition, label: str, text: str, *, by: Any, file: Any = None, **changes: Any) -> Disposition:
    """One step of a follow-up that runs."""
    move(row, (State.OPEN,), State.OPEN, "laboratory.disposition.stepped", by=by, data={"step": label}, **changes)
    step(row, label, text, by=by, file=file)
    return row


@transaction.atomic
def report_hazard(*, row: Disposition, by: Any) -> Disposition:
    """A serious hazard was told to the county government and the level above."""
    if row.reported_at is not None:
        raise MovedOn(_("已经报告过。"))
    now = ledger.clock.now()
    return _write(row, _("报告严重危害"), "", by=by, reported_at=now, reported_by=named(by))


@transaction.atomic
def record_controls(
    *, row: Disposition, controls: str, controls_on: date, unit: str = "", imbalance_reason: str = "", by: Any,
    **goods: str,
) -> Disposition:  # fmt: skip
    """What was held and where the goods went. They must add up, or somebody says why they do not."""
    controls = need_text(controls, "controls", _("请写明采取的控制措施。"), most=500)
    if not row.opened_on <= controls_on <= ledger.clock.today():
        raise Refused({"controls_on": _("日期应在启动之后、今天之前。")})
    figures = {name: _goods(goods.get(name, ""), name) for name in GOODS}
    left = rules.imbalance(*(figures[name] for name in GOODS))
    if left and not imbalance_reason.strip():
        raise Refused(
            {"imbalance_reason": _("购进数量与库存、销售、退货召回、销毁合计相差%(left)s，请核对或者写明原因。")
             % {"left": format(left.normalize(), "f")}}
        )  # fmt: skip
    return _write(
        row, _("控制措施和数量核查"), controls, by=by, controls=controls, controls_on=controls_on, unit=unit.strip(),
        imbalance_reason=imbalance_reason.strip()[:300] if left else "", **figures,
    )  # fmt: skip


def _goods(text: str, field: str) -> str:
    if not text.strip():
        return ""
    number = rules.number_in(text)
    if not number or number.startswith("-"):
        raise Refused({field: _("请填数字，没有的填0。")})
    return number


@transaction.atomic
def record_cause(*, row: Disposition, cause: str, cause_text: str, by: Any) -> Disposition:
    if cause not in Disposition.Cause.values:
        raise Refused({"cause": _("请选择原因环节。")})
    cause_text = need_text(cause_text, "cause_text", _("请写明原因排查的经过和结论。"), most=800)
    return _write(row, _("查明原因"), cause_text, by=by, cause=cause, cause_text=cause_text)


@transaction.atomic
def record_penalty(*, row: Disposition, penalty: str, by: Any) -> Disposition:
    penalty = need_text(penalty, "penalty", _("请填写处罚案号；不处罚的，写明理由。"), most=300)
    return _write(row, _("处罚"), penalty, by=by, penalty=penalty)


@transaction.atomic
def record_rectified(*, row: Disposition, rectified: str, by: Any) -> Disposition:
    rectified = need_text(rectified, "rectified", _("请写明整改和复查的情况。"), most=500)
    return _write(row, _("整改"), rectified, by=by, rectified=rectified)


@transaction.atomic
def add_proof(*, row: Disposition, name: str, content: bytes, text: str, by: Any) -> Disposition:
    file = ledger.store_evidence(name=name, content=content, by=by)
    return _write(row, _("上传证明材料"), text.strip() or file.name, by=by, file=file)


@transaction.atomic
def order_again(*, row: Disposition, by: Any) -> Disposition:
    """A follow-up sample at the same place; the follow-up is not whole before its result is there."""
    if row.again_wanted:
        raise MovedOn(_("已经安排再次抽检。"))
    sample, today = row.sample, ledger.clock.today()
    tasks.add_task(
        reason=SamplingTask.Reason.FOLLOW_UP, purpose=sample.purpose, regime=sample.regime, stage=sample.stage,
        division_code=sample.division_code, food_class=sample.food_class, food=sample.food, premises=sample.premises,
        parcel=sample.parcel, agency=sample.agency, laboratory=sample.laboratory,
        basis=_("%(number)s不合格跟踪") % {"number": sample.number}, asked_from=_again_key(row),
        due_on=today + timedelta(days=AGAIN_DAYS), by=by,
    )  # fmt: skip
    return _write(row, _("安排再次抽检"), sample.food, by=by, again_wanted=True)


def _again_key(row: Disposition) -> str:
    return f"laboratory.again:{row.sample.number}"


def sample_again(row: Disposition) -> Sample | None:
    """The sample that was taken again for it."""
    return Sample.objects.filter(task__asked_from=_again_key(row)).first()


@transaction.atomic
def extend(*, row: Disposition, until: date, reason: str, by: Any) -> Disposition:
    """Approved by a leader, before the time is over."""
    reason = need_text(reason, "reason", _("请写明延期的理由和批准人。"), most=300)
    last = row.extended_to or row.due_on
    if last is None or until <= last:
        raise Refused({"until": _("延期后的日期应晚于现在的时限。")})
    if ledger.clock.today() > last:
        raise Refused(_("已经超过时限，不能再办理延期。"))
    return _write(row, _("延期"), reason, by=by, extended_to=until, extension_reason=reason)


# --- recall -------------------------------------------------------------------------------------------------------------


@transaction.atomic
def order_recall(*, row: Disposition, level: str, recipient: str, product: str, mark: str, by: Any) -> RecallOrder:
    """An order on paper, with the hours to begin and the day to end of its level."""
    terms = supply.recall_rules(ledger.clock.today()).levels
    if level not in terms:
        raise Refused({"level": _("请选择召回级别。")})
    today = ledger.clock.today()
    order = RecallOrder(
        disposition=row, division_code=row.division_code, level=level,
        number=papers.document_number(mark, row.owner_id, today),
        recipient=need_text(recipient, "recipient", _("请填写被责令单位。"), most=120),
        product=need_text(product, "product", _("请填写召回产品。"), most=200),
        start_within_hours=terms[level].start_hours,
        finish_by=_workdays_on(today, terms[level].finish_workdays),
        issued_at=ledger.clock.now(), issued_by=named(by),
    )  # fmt: skip
    order.file = ledger.store_evidence(
        name=f"{order.number} 责令召回通知书.docx", content=papers.recall_order(order, on=today), by=by
    )
    insert(order)
    ledger.record("laboratory.recall.ordered", of=order, by=by, data={"level": level, "number": order.number})
    _write(row, _("责令召回"), f"{order.number} {order.product}", by=by, file=order.file)
    return order


def _workdays_on(start: date, days: int) -> date:
    with clocks.known_years():
        return deadlines.add_workdays(start, days, contribute.calendar_in_use())


@transaction.atomic
def record_recall(*, order: RecallOrder, recalled: str, recalled_on: date, by: Any) -> RecallOrder:
    figure = _goods(need_text(recalled, "recalled", _("请填写召回数量，没有召回到的填0。")), "recalled")
    issued_on = order.issued_at.astimezone(ledger.clock.LOCAL).date()
    if not issued_on <= recalled_on <= ledger.clock.today():
        raise Refused({"recalled_on": _("日期应在责令之后、今天之前。")})
    if RecallOrder.objects.filter(pk=order.pk, recalled_on=None).update(recalled=figure, recalled_on=recalled_on) != 1:
        raise MovedOn(_("已经登记过召回结果。"))
    order.refresh_from_db()
    ledger.record("laboratory.recall.done", of=order, by=by, data={"recalled": figure})
    _write(order.disposition, _("召回完成"), f"{order.number} {figure}", by=by)
    return order


# --- the end ------------------------------------------------------------------------------------------------------------


def missing(row: Disposition) -> list[str]:
    """What a follow-up still lacks before it is whole."""
    lacks = [
        (not row.controls, _("控制措施")),
        (
            rules.imbalance(*(getattr(row, name) for name in GOODS)) is None,
            _("产品数量（购进、库存、销售、退货召回、销毁）"),
        ),
        (not row.cause, _("原因排查")),
        (not row.penalty, _("处罚案号，或者不处罚的理由")),
        (not row.rectified, _("整改情况")),
        (row.serious and row.reported_at is None, _("严重危害的报告")),
        (row.recalls.filter(recalled_on=None).exists(), _("召回结果")),
        (row.again_wanted and not _again_concluded(row), _("再次抽检的结果")),
    ]
    return [str(label) for lack, label in lacks if lack]


def _again_concluded(row: Disposition) -> bool:
    again = sample_again(row)
    return again is not None and again.conclusions.exists()


@transaction.atomic
def submit(*, row: Disposition, by: Any) -> Disposition:
    lacks = missing(row)
    if lacks:
        raise Refused(_("还不能提请办结，缺少：%(what)s。") % {"what": "、".join(lacks)})
    move(
        row, (State.OPEN,), State.SUBMITTED, "laboratory.disposition.submitted", by=by, again=sample_again(row),
        submitted_at=ledger.clock.now(), submitted_by=named(by),
    )  # fmt: skip
    step(row, _("提请办结"), by=by)
    return row


@transaction.atomic
def send_back(*, row: Disposition, reason: str, by: Any) -> Disposition:
    reason = need_text(reason, "reason", _("请写明退回的原因。"), most=500)
    move(
        row, (State.SUBMITTED,), State.OPEN, "laboratory.disposition.returned", by=by, submitted_at=None,
        submitted_by="",
    )  # fmt: skip
    step(row, _("退回补充"), reason, by=by)
    return row


@transaction.atomic
def close(*, row: Disposition, by: Any) -> Disposition:
    """Another person confirms. The matter of it can be closed from now on."""
    if row.submitted_by == named(by):
        raise Refused(_("您是提请人，不能确认自己的办结，请由另一名人员确认。"))
    move(
        row, (State.SUBMITTED,), State.CLOSED, "laboratory.disposition.closed", by=by, closed_at=ledger.clock.now(),
        closed_by=named(by), closed_on=ledger.clock.today(),
    )  # fmt: skip
    step(row, _("核查处置办结"), by=by)
    return row


def matter_closed(announcement: Announcement, *, by: Any) -> None:
    """Whoever closes the matter of a failing sample is told what its follow-up still lacks; nothing is closed then."""
    key = announcement.facts.get("key")
    row = Disposition.objects.filter(matter_key=key, state__in=LIVE).first() if key else None
    if row is None:
        return
    raise Refused(
        _("样品%(number)s的核查处置还没有办结，这个问题事项不能先销号。请先在“核查处置”中办结。")
        % {"number": row.sample.number}
    )


@transaction.atomic
def answer_signal(*, signal: RiskSignal, answer: str, by: Any) -> RiskSignal:
    """What the consultation (会商) came to."""
    answer = need_text(answer, "answer", _("请写明会商意见。"), most=500)
    changes = {"answer": answer, "answered_at": ledger.clock.now(), "answered_by": named(by)}
    if RiskSignal.objects.filter(pk=signal.pk, answered_at=None).update(**changes) != 1:
        raise MovedOn(_("已经登记过会商意见。"))
    signal.refresh_from_db()
    ledger.record("laboratory.risk.answered", of=signal, by=by)
    return signal
