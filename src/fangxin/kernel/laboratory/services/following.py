"""What follows a conclusion at once: keeping the duplicate, a matter for whoever must act, or a signal for consultation."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from fangxin.kernel.contributing import api as contribute
from fangxin.kernel.contributing.data import Announcement
from fangxin.kernel.laboratory import clocks
from fangxin.kernel.laboratory import rules_results as rules
from fangxin.kernel.laboratory.clocks import Limit
from fangxin.kernel.laboratory.models import (
    Disposition,
    DispositionStep,
    Report,
    RiskSignal,
    Sample,
    SampleVerdict,
    Whole,
)
from fangxin.kernel.laboratory.services import duplicates
from fangxin.kernel.laboratory.services.steps import insert
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people

State = Disposition.State
COUNTY_LENGTH = 6
LIVE = (State.OPEN, State.SUBMITTED)
LEGAL_BASIS = "食品安全法 第六十三条、第一百零五条；食品安全抽样检验管理办法（核查处置）"


def follow(conclusion: SampleVerdict, *, by: Any) -> None:
    sample = conclusion.sample
    _withdraw_draft(sample)
    conforming = conclusion.outcome != Whole.NONCONFORMING
    duplicates.start_keeping(sample=sample, conforming=conforming, concluded_on=conclusion.made_on, by=by)
    if conforming:
        _overturn(conclusion, by=by)
    else:
        follow_failing(conclusion, by=by)


def follow_failing(conclusion: SampleVerdict, *, by: Any) -> None:
    """Monitoring is passed on for consultation; everything else becomes somebody's matter."""
    if conclusion.sample.purpose in rules.MONITORING:
        _signal(conclusion, by=by)
    else:
        _open(conclusion, by=by)


def _withdraw_draft(sample: Sample) -> None:
    """A report that was drawn up on an earlier conclusion and not issued says what no longer stands."""
    Report.objects.filter(sample=sample, state=Report.State.DRAFTED).update(
        state=Report.State.WITHDRAWN, note=str(_("结论已变更"))
    )


def told_failed(conclusion: SampleVerdict) -> str:
    return "；".join(f"{row['item']} {row['result']}（{row['limit']}）" for row in conclusion.failed)


# --- a matter ---------------------------------------------------------------------------------------------------------


def _open(conclusion: SampleVerdict, *, by: Any) -> None:
    sample, today, now = conclusion.sample, ledger.clock.today(), ledger.clock.now()
    failed = told_failed(conclusion)[:600]
    standing = Disposition.objects.filter(sample=sample).first()
    if standing is not None:
        _again(standing, failed, by)
        return
    route = rules.route_for(sample.stage, f"{sample.food} {sample.food_class}", sample.sampled_on)
    row: Disposition = insert(
        Disposition(
            sample=sample,
            division_code=sample.division_code,
            owner=owner_of(route, sample),
            also=route.also,
            failed=failed,
            serious=conclusion.serious,
            matter_key=f"laboratory.disposition:{sample.number}",
            opened_on=today,
            due_on=clocks.last_day(Limit.FOLLOW_UP, today),
            report_by=_within_a_day(now) if conclusion.serious else None,
        )
    )
    step(row, _("启动核查处置"), failed, by=by)
    ledger.record("laboratory.disposition.opened", of=row, by=by, data={"sample": sample.number, "owner": row.owner_id})
    contribute.announce(_finding(row), by=by)


def _within_a_day(now: datetime) -> datetime | None:
    end = clocks.due(Limit.TELL_SERIOUS, now)
    return end.moment if end is not None else None


def _again(row: Disposition, failed: str, by: Any) -> None:
    """It failed before, was found to conform, and fails again: the same follow-up goes on."""
    if row.state == State.OVERTURNED:
        row.state, row.closed_at, row.closed_by, row.closed_on = State.OPEN, None, "", None
    row.failed = failed
    row.save(update_fields=["state", "closed_at", "closed_by", "closed_on", "failed"])
    step(row, _("结论变更，继续核查处置"), failed, by=by)


def owner_of(route: Any, sample: Sample) -> people.Agency:
    """The agency named by the routing that the county has; otherwise who organised the sampling."""
    owner: people.Agency = people.first_agency(route.agencies, sample.division_code) or sample.agency
    return owner


def _finding(row: Disposition) -> Announcement:
    sample = row.sample
    place = sample.premises_id
    return Announcement(
        name="finding",
        subject_type="registry.premises" if place else "laboratory.sample",
        subject_id=str(place or sample.pk),
        subject_name=sample.subject_name,
        division_code=row.division_code,
        text=_("抽检不合格%(number)s %(food)s：%(failed)s")
        % {"number": sample.number, "food": sample.food, "failed": row.failed[:300]},
        facts={
            "key": row.matter_key,
            "origin": "sampling",
            "severity": "critical" if row.serious else "major",
            "legal_basis": LEGAL_BASIS,
            "owner_agency_id": row.owner_id,
            "due_on": row.due_on,
        },
    )


def step(row: Disposition, label: str, text: str = "", *, by: Any, file: Any = None) -> DispositionStep:
    return DispositionStep.objects.create(
        disposition=row, label=label[:60], text=text[:800], file=file, at=ledger.clock.now(),
        by=ledger.Actor.of(by).name[:150],
    )  # fmt: skip


# --- what no longer stands ----------------------------------------------------------------------------------------------


def _overturn(conclusion: SampleVerdict, *, by: Any) -> None:
    """The sample does not fail any more: what was opened for it ends, visibly."""
    row = Disposition.objects.filter(sample=conclusion.sample, state__in=LIVE).first()
    if row is None:
        return
    text = str(conclusion.get_why_display())
    Disposition.objects.filter(pk=row.pk).update(
        state=State.OVERTURNED, closed_at=ledger.clock.now(), closed_on=ledger.clock.today(),
        closed_by=ledger.Actor.of(by).username or "-",
    )  # fmt: skip
    row.refresh_from_db()
    step(row, _("终止核查处置"), _("%(why)s：%(outcome)s") % {"why": text, "outcome": conclusion}, by=by)
    ledger.record("laboratory.disposition.overturned", of=row, by=by)


# --- a signal -----------------------------------------------------------------------------------------------------------


def _signal(conclusion: SampleVerdict, *, by: Any) -> None:
    """A monitoring sample beyond a limit grounds no penalty: it is passed on for consultation."""
    sample = conclusion.sample
    text = _("风险监测%(number)s %(food)s：%(failed)s") % {
        "number": sample.number, "food": sample.food, "failed": told_failed(conclusion),
    }  # fmt: skip
    row, made = RiskSignal.objects.get_or_create(
        sample=sample,
        defaults={
            "division_code": sample.division_code, "text": text[:600], "serious": conclusion.serious,
            "raised_at": ledger.clock.now(),
        },
    )  # fmt: skip
    if not made:
        return
    ledger.record("laboratory.risk.signalled", of=row, by=by, data={"sample": sample.number})
    contribute.announce(
        Announcement(
            name="risk.signal",
            subject_type="laboratory.sample",
            subject_id=str(sample.pk),
            subject_name=sample.food,
            division_code=sample.division_code,
            text=row.text,
            facts={"sample": sample.number, "serious": row.serious, "items": [r["item"] for r in conclusion.failed]},
        ),
        by=by,
    )
