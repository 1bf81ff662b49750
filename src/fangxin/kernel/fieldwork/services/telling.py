"""Signatures of both sides, what follows from the findings, publication, and the end."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from fangxin.engines import deadlines
from fangxin.kernel.contributing import api as contribute
from fangxin.kernel.contributing.data import Announcement
from fangxin.kernel.fieldwork import rules, standards, work_days
from fangxin.kernel.fieldwork.models import Finding, Inspection, InspectionOfficer, InspectionStep, PlannedVisit
from fangxin.kernel.fieldwork.models.kinds import InspectionKind
from fangxin.kernel.fieldwork.services.closing import close_if_done
from fangxin.kernel.fieldwork.services.judging import route_for
from fangxin.kernel.fieldwork.services.steps import hold, move, named, need_officer, need_text, record, write_step
from fangxin.kernel.fieldwork.services.visits import add_visit
from fangxin.kernel.ledger import api as ledger

Measure = Finding.Measure
Action = InspectionStep.Action
# Findings that lead to more than correction are grave as matters too.
_GRAVER: Mapping[str, str] = {Measure.STOP: "critical", Measure.INVESTIGATE: "major"}


@transaction.atomic
def sign_officer(
    *, inspection: Inspection, user: Any, signature: Any, signed_at: datetime | None = None, by: Any
) -> InspectionOfficer:
    """One of the inspectors signs the result. `signature` is a stored picture."""
    need_officer(inspection, by)
    hold(inspection, Inspection.State.JUDGED)
    check_signature(signature)
    officer = InspectionOfficer.objects.filter(inspection=inspection, user=user).first()
    if officer is None:
        raise rules.Refused(_("%(name)s不是本次检查的人员，不能签名。") % {"name": user.name})
    now = ledger.clock.now()
    officer.signature, officer.signed_at = signature, min(signed_at or now, now)
    officer.save(update_fields=["signature", "signed_at"])
    record(
        "fieldwork.inspection.signed", inspection, by=by, data={"officer": user.username, "digest": signature.digest}
    )
    return officer


def check_signature(signature: Any) -> None:
    if not signature.media_type.startswith("image/"):
        raise rules.Refused(_("签名应是图片，请重新签名。"))


@transaction.atomic
def tell(
    *,
    inspection: Inspection,
    operator_signer: str = "",
    operator_signature: Any = None,
    refusal_reason: str = "",
    witness: str = "",
    recording: Any = None,
    told_at: datetime | None = None,
    by: Any,
) -> Inspection:
    """Tell the inspected in writing, on the spot. Findings that are not put right there become matters."""
    need_officer(inspection, by)
    rules.check_move(inspection, Action.TELL)
    _check_signatures(inspection, operator_signer, operator_signature, refusal_reason, witness, recording)
    findings = list(inspection.findings.select_related("owner").order_by("pk"))
    now = ledger.clock.now()
    recheck = _recheck_due(inspection, findings)
    move(
        inspection,
        Action.TELL,
        by=by,
        text=_("拒绝签字：%(why)s") % {"why": refusal_reason.strip()} if refusal_reason.strip() else "",
        operator_signer=operator_signer.strip(),
        operator_signature=operator_signature,
        refusal_reason=refusal_reason.strip(),
        witness=witness.strip(),
        recording=recording,
        told_at=max(min(told_at or now, now), inspection.judged_at or now),
        told_by=named(by),
        publish_due_on=publish_due(inspection),
        recheck_due_on=recheck,
    )
    _finish_visit(inspection)
    _announce(inspection, findings, by=by)
    contribute.announce(_told(inspection), by=by)
    if recheck is not None:
        _plan_recheck(inspection, findings, recheck, by=by)
    if inspection.rechecks is not None:
        _rechecked(inspection.rechecks, inspection, by=by)
    close_if_done(inspection, by=by)
    return inspection


def _check_signatures(
    inspection: Inspection, signer: str, signature: Any, refusal: str, witness: str, recording: Any
) -> None:
    unsigned = [o.user.name for o in inspection.officers.select_related("user") if o.signature_id is None]
    if unsigned:
        raise rules.Refused(_("检查人员%(names)s还没有签名，请先签名。") % {"names": "、".join(unsigned)})
    if signature is not None and refusal.strip():
        raise rules.Refused(_("已有被检查方签名，就不能再写拒签。请二者选一。"))
    if signature is not None:
        check_signature(signature)
        need_text(signer, "operator_signer", _("请填写被检查方签字人的姓名。"), most=60)
        return
    need_text(refusal, "refusal_reason", _("请被检查方签字；拒绝签字的，请写明情况。"), most=300)
    if not witness.strip() and recording is None:
        raise rules.Refused({"witness": _("拒绝签字的，须有见证人，或者附现场音像。")})


def publish_due(inspection: Inspection) -> date | None:
    """Working days from the day the result was formed; None where no clock was in force on it."""
    day = inspection.judged_on or inspection.started_on
    clock = standards.publication_clock(day)
    if clock is None:
        return None
    with work_days.known_years():
        return deadlines.due(clock, day, calendar=work_days.calendar()).last_day


def _recheck_due(inspection: Inspection, findings: Iterable[Finding]) -> date | None:
    dates = [f.correct_by for f in findings if f.correct_by is not None and f.closed_at is None]
    if not dates:
        return None
    return work_days.add_workdays(max(dates), standards.practice(inspection.started_on).recheck_workdays)


def _finish_visit(inspection: Inspection) -> None:
    if inspection.visit_id is not None:
        PlannedVisit.objects.filter(pk=inspection.visit_id).update(state=PlannedVisit.State.DONE)


def _announce(inspection: Inspection, findings: Iterable[Finding], *, by: Any) -> None:
    standing = _standing_keys(inspection)
    for finding in findings:
        if finding.closed_at is not None:
            continue
        finding.matter_key = standing.get(finding.code, f"fieldwork.finding:{finding.pk}")
        finding.save(update_fields=["matter_key"])
        if finding.code not in standing:
            contribute.announce(_announcement(inspection, finding), by=by)


def _told(inspection: Inspection) -> Announcement:
    return Announcement(
        name="inspection.told",
        subject_type="registry.premises",
        subject_id=str(inspection.premises_id),
        subject_name=inspection.premises_name,
        division_code=inspection.division_code,
        text=inspection.number,
        facts={"on": inspection.started_on, "result": inspection.result},
    )


def _standing_keys(inspection: Inspection) -> dict[str, str]:
    """What failed again at a re-check while its matter still stands belongs to that matter."""
    if inspection.rechecks_id is None:
        return {}
    rows = Finding.objects.filter(inspection=inspection.rechecks_id, closed_at=None).exclude(matter_key="")
    return dict(rows.values_list("code", "matter_key"))


def _announcement(inspection: Inspection, finding: Finding) -> Announcement:
    route = route_for(inspection.premises_kind, f"{finding.text} {finding.clause}", inspection.started_on)
    today = ledger.clock.today()
    return Announcement(
        name="finding",
        subject_type="registry.premises",
        subject_id=str(inspection.premises_id),
        subject_name=inspection.premises_name,
        division_code=inspection.division_code,
        text=_("检查%(number)s：%(text)s") % {"number": inspection.number, "text": finding.text},
        facts={
            "key": finding.matter_key,
            "origin": "inspection",
            "severity": _GRAVER.get(finding.measure, route.severity),
            "legal_basis": finding.clause,
            "owner_agency_id": finding.owner_id,
            # Told late, the days to put it right may be over already.
            "due_on": max(finding.correct_by, today) if finding.correct_by is not None else None,
        },
    )


def _plan_recheck(inspection: Inspection, findings: Iterable[Finding], due_on: date, *, by: Any) -> None:
    latest = max(f.correct_by for f in findings if f.correct_by is not None and f.closed_at is None)
    add_visit(
        premises=inspection.premises,
        kind=InspectionKind.RECHECK,
        reason=PlannedVisit.Reason.RECHECK,
        checklist=inspection.checklist.code,
        from_on=min(latest, due_on),
        due_on=due_on,
        agency=inspection.agency,
        basis=_("检查%(number)s的整改") % {"number": inspection.number},
        asked_from=f"fieldwork.recheck:{inspection.pk}",
        rechecks=inspection,
        by=by,
    )


def _rechecked(earlier: Inspection, again: Inspection, *, by: Any) -> None:
    """The first inspection has been looked at again; another planned re-check is no longer owed."""
    text = _("复查%(number)s：%(result)s") % {"number": again.number, "result": again.get_result_display()}
    write_step(earlier, Action.RECHECK, by=by, text=text)
    record("fieldwork.inspection.rechecked", earlier, by=by, data={"by": again.number})
    owed = PlannedVisit.objects.filter(rechecks=earlier, state=PlannedVisit.State.OPEN)
    owed.update(state=PlannedVisit.State.CANCELLED, cancelled_reason=text[:200])
    close_if_done(earlier, by=by)


@transaction.atomic
def close(*, inspection: Inspection, by: Any) -> Inspection:
    """By hand, where it did not happen by itself."""
    rules.check_move(inspection, Action.CLOSE)
    if not close_if_done(inspection, by=by):
        raise rules.Refused(_("还有问题没有整改销号，或者还有复查没有完成，暂不能办结。"))
    return inspection


@transaction.atomic
def publish(*, inspection: Inspection, by: Any) -> Inspection:
    rules.check_move(inspection, Action.PUBLISH)
    now, username = ledger.clock.now(), named(by)
    fresh = Inspection.objects.filter(pk=inspection.pk, published_at=None, state__in=rules.TOLD_STATES)
    if fresh.update(published_at=now, published_by=username) != 1:
        raise rules.MovedOn(_("检查%(number)s的结果已经公开，不必重复办理。") % {"number": inspection.number})
    inspection.refresh_from_db()
    write_step(inspection, Action.PUBLISH, by=by)
    record(
        "fieldwork.inspection.published",
        inspection,
        by=by,
        data={"due": inspection.publish_due_on, "result": inspection.result},
    )
    return inspection


@transaction.atomic
def publish_many(*, inspections: Iterable[Inspection], by: Any) -> int:
    """All of them or none; what has been published already is left as it is."""
    fresh = [one for one in inspections if one.published_at is None]
    return len([publish(inspection=one, by=by) for one in fresh])


# --- what becomes of the matters ------------------------------------------------------------------------------


def matter_closed(announcement: Announcement, *, by: Any) -> None:
    """The matter of a finding was closed, or withdrawn as opened in error."""
    for finding in _findings_of(announcement).filter(closed_at=None):
        finding.closed_at, finding.closed_by = ledger.clock.now(), ledger.Actor.of(by).username or "-"
        finding.save(update_fields=["closed_at", "closed_by"])
        ledger.record("fieldwork.finding.closed", of=finding, by=by, data={"inspection": finding.inspection.number})
        close_if_done(finding.inspection, by=by)


def matter_reopened(announcement: Announcement, *, by: Any) -> None:
    """What had been put right came back: the finding stands again, and with it the inspection."""
    for finding in _findings_of(announcement).exclude(closed_at=None):
        finding.closed_at, finding.closed_by = None, ""
        finding.save(update_fields=["closed_at", "closed_by"])
        ledger.record("fieldwork.finding.reopened", of=finding, by=by, data={"inspection": finding.inspection.number})
        if finding.inspection.state == Inspection.State.CLOSED:
            move(finding.inspection, Action.REOPEN, by=by, text=finding.text[:200])


def _findings_of(announcement: Announcement) -> Any:
    key = announcement.facts.get("key")
    rows = Finding.objects.select_related("inspection").order_by("pk")
    return rows.filter(matter_key=key) if key else rows.none()
