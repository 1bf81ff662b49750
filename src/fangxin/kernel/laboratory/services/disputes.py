"""Notices, objections and re-tests with their clocks."""

import secrets
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from fangxin.engines import sampling
from fangxin.kernel.laboratory import clocks, papers
from fangxin.kernel.laboratory.clocks import Limit
from fangxin.kernel.laboratory.models import (
    Duplicate,
    Notice,
    Objection,
    Regime,
    Report,
    Retest,
    Sample,
    SampleVerdict,
    Whole,
)
from fangxin.kernel.laboratory.rules import MovedOn, Refused
from fangxin.kernel.laboratory.selectors_results import standing_conclusion
from fangxin.kernel.laboratory.services import duplicates, judging
from fangxin.kernel.laboratory.services.steps import insert, move, named, need_text
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people

State, Refusal = Retest.State, Retest.Refusal
LIVE = (State.REQUESTED, State.ACCEPTED, State.DRAWN, State.HANDED_OVER)
REQUEST_LIMITS: Mapping[str, Limit] = {
    Regime.MARKET: Limit.REQUEST_RETEST,
    Regime.AGRICULTURE: Limit.REQUEST_RETEST_FARM,
}
RETEST_LIMITS: Mapping[str, Limit] = {Regime.MARKET: Limit.RETEST, Regime.AGRICULTURE: Limit.RETEST_FARM}


# --- notices ------------------------------------------------------------------------------------------------------------


@transaction.atomic
def send_notice(*, report: Report, to: str, name: str, by: Any) -> Notice:
    """Tell one of those concerned that the sample fails, on paper, with what they may do about it."""
    if report.state != Report.State.ISSUED or report.conclusion.outcome != Whole.NONCONFORMING:
        raise Refused(_("只有已签发的不合格报告才需要告知。"))
    started = report.sent_at.astimezone(ledger.clock.LOCAL).date() if report.sent_at else report.issued_on
    notice = Notice(
        report=report,
        sample=report.sample,
        division_code=report.division_code,
        to=to,
        name=need_text(name, "name", _("请填写单位名称。"), most=120),
        due_on=clocks.last_day(Limit.NOTIFY, started) if started else None,
        sent_at=ledger.clock.now(),
        sent_on=ledger.clock.today(),
        sent_by=named(by),
    )
    content = papers.notice(notice, on=ledger.clock.today())
    notice.file = ledger.store_evidence(name=f"{report.number} 告知书.docx", content=content, by=by)
    insert(notice)
    ledger.record("laboratory.notice.sent", of=notice, by=by, data={"report": report.number, "to": to})
    return notice


@transaction.atomic
def record_receipt(*, notice: Notice, received_by: str, received_on: date, by: Any) -> Notice:
    """From the receipt count the days in which a re-test may be asked and an objection raised."""
    received_by = need_text(received_by, "received_by", _("请填写签收人。"), most=60)
    if not notice.sent_on <= received_on <= ledger.clock.today():
        raise Refused({"received_on": _("签收日期应在送达日期之后、今天之前。")})
    changes = {
        "received_at": ledger.clock.now(),
        "received_by": received_by,
        "received_on": received_on,
        **rights_from(notice.sample, received_on),
    }
    if Notice.objects.filter(pk=notice.pk, received_at=None).update(**changes) != 1:
        raise MovedOn(_("已经登记过签收。"))
    notice.refresh_from_db()
    ledger.record("laboratory.notice.received", of=notice, by=by, data={"on": received_on.isoformat()})
    return notice


def rights_from(sample: Sample, received_on: date) -> dict[str, date | None]:
    """Until when a re-test may be asked and an objection raised: by whose rules it was sampled."""
    return {
        "retest_until": clocks.last_day(REQUEST_LIMITS[sample.regime], received_on),
        "objection_until": clocks.last_day(Limit.OBJECT_RESULT, received_on),
    }


# --- objections ---------------------------------------------------------------------------------------------------------


@transaction.atomic
def file_objection(
    *, sample: Sample, kind: str, applicant: str, text: str, filed_on: date | None = None, by: Any
) -> Objection:
    """Late ones are refused at once, with the day on which the time ran out."""
    today = ledger.clock.today()
    on = filed_on or today
    if on > today or on < sample.sampled_on:
        raise Refused({"filed_on": _("提出日期应在抽样之后、今天之前。")})
    last, decide = _objection_days(sample, kind, on)
    late = last is not None and on > last
    objection: Objection = insert(
        Objection(
            sample=sample,
            division_code=sample.division_code,
            kind=kind,
            applicant=need_text(applicant, "applicant", _("请填写提出异议的单位。"), most=120),
            text=need_text(text, "text", _("请写明异议的内容。"), most=500),
            state=Objection.State.REFUSED if late else Objection.State.FILED,
            filed_on=on,
            last_day=last,
            decide_by=None if late else decide,
            recorded_at=ledger.clock.now(),
            recorded_by=named(by),
            decided_at=ledger.clock.now() if late else None,
            decided_by=named(by) if late else "",
            answer=_("超过可提出异议的最后一日%(day)s。") % {"day": last} if late else "",
        )
    )
    ledger.record("laboratory.objection.filed", of=objection, by=by, data={"kind": kind, "late": late})
    return objection


def _objection_days(sample: Sample, kind: str, on: date) -> tuple[date | None, date | None]:
    if kind == Objection.Kind.PROCESS:
        return clocks.last_day(Limit.OBJECT_SAMPLING, sample.sampled_on), clocks.last_day(Limit.DECIDE_SAMPLING, on)
    received = sample.notices.exclude(received_on=None).order_by("received_on").first()
    if received is None:
        raise Refused(_("还没有登记不合格告知的签收，不能提出这类异议。"))
    return received.objection_until, clocks.last_day(Limit.DECIDE_RESULT, on)


@transaction.atomic
def decide_objection(*, objection: Objection, upheld: bool, answer: str, by: Any) -> Objection:
    """What follows from an objection that holds is done by its own steps: correct a result, take a report back."""
    answer = need_text(answer, "answer", _("请写明审核意见。"), most=500)
    to = Objection.State.UPHELD if upheld else Objection.State.DISMISSED
    done: Objection = move(
        objection, (Objection.State.FILED,), to, "laboratory.objection.decided", by=by, answer=answer,
        decided_at=ledger.clock.now(), decided_by=named(by),
    )  # fmt: skip
    return done


# --- re-tests -----------------------------------------------------------------------------------------------------------


@transaction.atomic
def request_retest(
    *, notice: Notice, applicant: str, items: str, requested_on: date | None = None,
    materials_on: date | None = None, by: Any,
) -> Retest:  # fmt: skip
    """What the rules exclude is refused at once, with the reason; the rest waits for a decision."""
    today = ledger.clock.today()
    on = requested_on or today
    if notice.received_on is None:
        raise Refused(_("还没有登记告知书的签收，请先登记签收日期。"))
    if not notice.received_on <= on <= today:
        raise Refused({"requested_on": _("申请日期应在签收之后、今天之前。")})
    complete = materials_on or on
    if not on <= complete <= today:
        raise Refused({"materials_on": _("材料齐全日期应在申请日期之后、今天之前。")})
    refusal = why_no_retest(notice, on)
    retest: Retest = insert(
        Retest(
            sample=notice.sample,
            notice=notice,
            division_code=notice.division_code,
            applicant=need_text(applicant, "applicant", _("请填写申请单位。"), most=120),
            items=need_text(items, "items", _("请填写申请复检的项目。"), most=300),
            state=State.REFUSED if refusal else State.REQUESTED,
            refusal=refusal,
            requested_on=on,
            last_day=notice.retest_until,
            materials_on=complete,
            due_on=None if refusal else clocks.last_day(Limit.DECIDE_RETEST, complete),
            recorded_at=ledger.clock.now(),
            recorded_by=named(by),
        )
    )
    ledger.record("laboratory.retest.requested", of=retest, by=by, data={"refusal": refusal})
    return retest


def why_no_retest(notice: Notice, on: date) -> str:
    """The reason of the rules against a re-test, or nothing."""
    sample, conclusion = notice.sample, notice.report.conclusion
    duplicate = Duplicate.objects.filter(sample=sample).first()
    if conclusion.micro_only:
        return Refusal.MICRO
    if notice.retest_until is not None and on > notice.retest_until:
        return Refusal.LATE
    if duplicate is None or duplicate.state != Duplicate.State.KEPT:
        return Refusal.NO_DUPLICATE
    if sample.best_before_on is not None and sample.best_before_on < on:
        return Refusal.EXPIRED
    return ""


@transaction.atomic
def accept_retest(*, retest: Retest, by: Any) -> Retest:
    today = ledger.clock.today()
    due = clocks.last_day(Limit.DRAW_LABORATORY, today)
    return _go(retest, State.REQUESTED, State.ACCEPTED, "accepted", by, accepted_on=today, due_on=due)


@transaction.atomic
def refuse_retest(*, retest: Retest, refusal: str, note: str, by: Any) -> Retest:
    note = need_text(note, "note", _("请写明不予复检的理由。"), most=500)
    if refusal not in Refusal.values:
        raise Refused({"refusal": _("请选择不予复检的原因。")})
    return _go(retest, State.REQUESTED, State.REFUSED, "refused", by, refusal=refusal, note=note, due_on=None)


@transaction.atomic
def draw_laboratory(*, retest: Retest, by: Any, seed: bytes | None = None, salt: bytes | None = None) -> Retest:
    """Draw the re-testing laboratory at random among all but the first, so that anybody can draw again."""
    choices = laboratories_for(retest)
    if not choices:
        raise Refused(_("除初检机构外没有可以抽取的复检机构，请先在“机构”中登记其他检验机构。"))
    secret = seed or secrets.token_bytes(sampling.SECRET_BYTES)
    result = _draw(retest, choices, secret, salt or secrets.token_bytes(sampling.SECRET_BYTES))
    drawn = next(target.id for target in result.targets if target.drawn)
    file = ledger.store_evidence(
        name=f"{retest.sample.number} 复检机构抽取.json", content=sampling.write_result(result), by=by
    )
    today = ledger.clock.today()
    return _go(
        retest, State.ACCEPTED, State.DRAWN, "drawn", by, drawn_on=today, draw_file=file,
        laboratory=next(one for one in choices if one.name == drawn), due_on=clocks.last_day(Limit.HAND_OVER, today),
    )  # fmt: skip


def laboratories_for(retest: Retest) -> list[people.Agency]:
    """Every laboratory in use but the one that tested first."""
    rows = people.Agency.objects.filter(kind="laboratory", active=True).exclude(pk=retest.sample.laboratory_id or 0)
    return list(rows.order_by("name", "pk"))


def _draw(retest: Retest, choices: list[people.Agency], seed: bytes, salt: bytes) -> Any:
    """One of all, each with the same chance. The file names them all and holds what it takes to draw again."""
    number = retest.sample.number
    plan = sampling.DrawPlan(
        title=_("%(number)s 复检机构抽取") % {"number": number},
        commitment=sampling.commitment_of(seed, salt),
        public_source=_("抽样编号"),
        targets=tuple(sampling.Target(id=str(one.name), name=str(one.name)) for one in choices),
        inspectors=(),
        quotas=(sampling.Quota(by=sampling.StratumKey.ALL, counts={"all": 1}),),
        exploration=Decimal(1),
        year=ledger.clock.today().year,
    )
    return sampling.draw(plan, seed=seed, salt=salt, public=number)


@transaction.atomic
def hand_over(*, retest: Retest, by: Any) -> Retest:
    """The duplicate goes to the drawn laboratory; its days count from then."""
    today = ledger.clock.today()
    duplicate = Duplicate.objects.filter(sample=retest.sample, state=Duplicate.State.KEPT).first()
    if duplicate is None:
        raise Refused(_("备份样品已不在保存之中，不能移交。请办理不予复检或者查明去向。"))
    duplicates.hand_to_retest(duplicate=duplicate, laboratory=retest.laboratory, by=by)
    due = clocks.last_day(RETEST_LIMITS[retest.sample.regime], today)
    return _go(retest, State.DRAWN, State.HANDED_OVER, "handed_over", by, handed_over_on=today, due_on=due)


@transaction.atomic
def conclude_retest(*, retest: Retest, outcome: str, finding: str, by: Any) -> Retest:
    """The conclusion of the re-test is final: it becomes the sample's."""
    finding = need_text(finding, "finding", _("请填写复检结果。"), most=500)
    if outcome not in Retest.Outcome.values:
        raise Refused({"outcome": _("请选择复检结论。")})
    today = ledger.clock.today()
    due = clocks.last_day(Limit.TELL_RETEST, today)
    _go(
        retest, State.HANDED_OVER, State.CONCLUDED, "concluded", by, outcome=outcome, finding=finding,
        concluded_on=today, due_on=due,
    )  # fmt: skip
    _final(retest, by)
    return retest


def _final(retest: Retest, by: Any) -> None:
    before = standing_conclusion(retest.sample)
    still_fails = retest.outcome == Retest.Outcome.NONCONFORMING
    told = list(before.failed) if before is not None and still_fails else []
    judging.write_conclusion(
        retest.sample, Whole.NONCONFORMING if still_fails else Whole.CONFORMING, told, verdicts=[], before=before,
        why=SampleVerdict.Why.RETEST, by=by,
    )  # fmt: skip


@transaction.atomic
def tell_retest(*, retest: Retest, by: Any) -> Retest:
    return _go(retest, State.CONCLUDED, State.TOLD, "told", by, told_on=ledger.clock.today(), due_on=None)


@transaction.atomic
def withdraw_retest(*, retest: Retest, note: str, by: Any) -> Retest:
    note = need_text(note, "note", _("请写明撤回的情况。"), most=500)
    if retest.state not in LIVE:
        raise Refused(_("复检已有结论，不能再撤回。"))
    return _go(retest, retest.state, State.WITHDRAWN, "withdrawn", by, note=note, due_on=None)


def _go(retest: Retest, since: str, to: str, event: str, by: Any, **changes: Any) -> Retest:
    done: Retest = move(retest, (since,), to, f"laboratory.retest.{event}", by=by, **changes)
    return done
