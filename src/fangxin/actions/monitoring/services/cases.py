"""The life of a case report, from the doctor's draft to the county's final review; and months without a case."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from fangxin.actions.monitoring import case_codes
from fangxin.actions.monitoring.models import CaseExposure, CaseIdentity, CaseReport, CaseSpecimen, ZeroReport
from fangxin.engines.deadlines import Clock, clock_in_force, due, load_clocks
from fangxin.kernel.casework import api as casework
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.ledger.api import Refused, insert, move, require, who
from fangxin.kernel.people import api as people

State = CaseReport.State
SERIES = "monitoring.case"
# What the institution may still write; what a review may still change.
WRITABLE = (State.DRAFT, State.RETURNED, State.ACCEPTED)
STANDING = (State.REPORTED, State.RETURNED, State.ACCEPTED, State.FINAL)
LONGEST_AGO_DAYS = 400


@cache
def _clocks(path: Path) -> tuple[Clock, ...]:
    return load_clocks(path.read_text("utf-8"))


def report_by(diagnosed_on: date) -> date:
    """The last day on which a case diagnosed on a day is reported in time: two working days later."""
    clocks = _clocks(Path(settings.STANDARDS_DIR) / "clocks" / "case-reports.toml")
    clock = clock_in_force(clocks, "FD01", max(diagnosed_on, date(2019, 10, 17)))
    with casework.known_years():
        return due(clock, diagnosed_on, calendar=casework.calendar()).last_day


@transaction.atomic
def write(
    *, institution: Any, facts: Mapping[str, Any], identity: Mapping[str, Any], exposures: Sequence[Mapping[str, Any]],
    case: CaseReport | None = None, by: Any,
) -> CaseReport:  # fmt: skip
    """A draft, or other words for what was returned or accepted; a correction waits for the county's review again."""
    _check_times(facts, exposures)
    if case is None:
        row, event = _new(institution, facts, by), "monitoring.case.written"
    else:
        row, event = _changed(case, facts, by), "monitoring.case.corrected"
    CaseIdentity.objects.filter(case=row).delete()
    insert(CaseIdentity(case=row, **identity))
    row.exposures.all().delete()
    for exposure in exposures:
        insert(CaseExposure(case=row, **exposure))
    # Which fields, never what stands in them: the ledger is read by many.
    ledger.record(event, of=row, by=by, data={"fields": sorted(facts), "exposures": len(exposures)})
    return row


def _new(institution: Any, facts: Mapping[str, Any], by: Any) -> CaseReport:
    now = ledger.clock.now()
    county = institution.division_code[:6]
    row: CaseReport = insert(
        CaseReport(
            number=f"SY{county}{now.year}{ledger.next_number(f'{SERIES}-{county}', now.year):05d}", institution=institution,
            doctor=who(by), written_at=now, due_on=report_by(facts["diagnosed_on"]), **facts,
        )
    )  # fmt: skip
    return row


def _changed(case: CaseReport, facts: Mapping[str, Any], by: Any) -> CaseReport:
    locked = CaseReport.objects.select_for_update().get(pk=case.pk)
    if locked.state not in WRITABLE:
        raise ledger.MovedOn(
            _("病例 %(number)s 现在是“%(state)s”，不能修改。没有保存，请刷新后查看。")
            % {"number": locked.number, "state": locked.get_state_display()}
        )
    for name, value in facts.items():
        setattr(locked, name, value)
    locked.due_on = report_by(locked.diagnosed_on)
    if locked.state != State.DRAFT:
        locked.state = State.REPORTED
    locked.full_clean()
    locked.save()
    return locked


def _check_times(facts: Mapping[str, Any], exposures: Sequence[Mapping[str, Any]]) -> None:
    """What contradicts itself is told at once, where it was typed."""
    onset, seen, diagnosed, today = facts["onset_at"], facts["seen_at"], facts["diagnosed_on"], ledger.clock.today()
    if seen > ledger.clock.now():
        raise Refused({"seen_at": _("就诊时间不能在现在以后。")})
    if onset > seen:
        raise Refused({"onset_at": _("发病时间在就诊时间以后，请核对。")})
    if diagnosed > today or diagnosed < seen.astimezone(ledger.clock.LOCAL).date():
        raise Refused({"diagnosed_on": _("诊断日期应在就诊那天到今天之间。")})
    if facts["born_on"] > onset.astimezone(ledger.clock.LOCAL).date():
        raise Refused({"born_on": _("出生日期在发病以后，请核对。")})
    if (seen - onset).days > LONGEST_AGO_DAYS:
        raise Refused({"onset_at": _("发病到就诊超过一年，请核对年份。")})
    if not facts["symptoms"]:
        raise Refused({"symptoms": _("请至少选一项症状。")})
    if not exposures:
        raise Refused(_("请至少填一种可疑食品：吃了什么、在哪里、什么时候。"))
    for place, exposure in enumerate(exposures, start=1):
        if exposure["eaten_at"] > onset:
            raise Refused(
                _("第 %(n)s 种食品“%(food)s”的进食时间在发病以后，请核对。") % {"n": place, "food": exposure["food"]}
            )


@transaction.atomic
def report(*, case: CaseReport, by: Any) -> CaseReport:
    """The institution reports; what is late stays late, and is said."""
    return move(  # type: ignore[no-any-return]
        case, [State.DRAFT], State.REPORTED, "monitoring.case.reported", by=by, reported_at=ledger.clock.now(), reported_by=who(by),
        data={"late": ledger.clock.today() > case.due_on},
    )  # fmt: skip


@transaction.atomic
def accept(*, case: CaseReport, by: Any) -> CaseReport:
    return _reviewed(case, [State.REPORTED], State.ACCEPTED, "monitoring.case.accepted", "", by)


@transaction.atomic
def send_back(*, case: CaseReport, note: str, by: Any) -> CaseReport:
    note = require(note, "note", _("请写明哪里要订正。"))
    return _reviewed(
        case, [State.REPORTED], State.RETURNED, "monitoring.case.returned", note, by, returns=case.returns + 1
    )


@transaction.atomic
def finish(*, case: CaseReport, by: Any) -> CaseReport:
    return _reviewed(case, [State.ACCEPTED], State.FINAL, "monitoring.case.finished", case.review_note, by)


@transaction.atomic
def reopen(*, case: CaseReport, by: Any) -> CaseReport:
    return _reviewed(case, [State.FINAL], State.ACCEPTED, "monitoring.case.reopened", case.review_note, by)


def _reviewed(
    case: CaseReport, since: Sequence[str], to: str, event: str, note: str, by: Any, **changes: Any
) -> CaseReport:
    return move(  # type: ignore[no-any-return]
        case, since, to, event, by=by, reviewed_at=ledger.clock.now(), reviewed_by=who(by), review_note=note, **changes
    )


@transaction.atomic
def delete(*, case: CaseReport, reason: str, by: Any) -> CaseReport:
    """Reported twice, or no case after all. It stays, and can be brought back."""
    reason = require(reason, "reason", _("请写明删除的原因，例如重复报告。"))
    since = [state for state in State.values if state not in (State.DELETED, State.FINAL)]
    return move(  # type: ignore[no-any-return]
        case,
        since,
        State.DELETED,
        "monitoring.case.deleted",
        by=by,
        deleted_from=case.state,
        review_note=reason,
        data={"reason": reason},
    )


@transaction.atomic
def restore(*, case: CaseReport, by: Any) -> CaseReport:
    return move(case, [State.DELETED], case.deleted_from, "monitoring.case.restored", by=by, deleted_from="")  # type: ignore[no-any-return]


@transaction.atomic
def add_specimen(*, case: CaseReport, by: Any, **values: Any) -> CaseSpecimen:
    if case.state == State.DELETED:
        raise Refused(_("病例已删除，不能补充标本。"))
    if values["taken_on"] > ledger.clock.today():
        raise Refused({"taken_on": _("采集日期不能在今天以后。")})
    row: CaseSpecimen = insert(CaseSpecimen(case=case, **values))
    ledger.record("monitoring.case.specimen_added", of=case, by=by, data={"kind": row.kind, "result": bool(row.result)})
    return row


def open_identity(*, case: CaseReport, purpose: str, by: Any) -> CaseIdentity:
    """The patient's name and how to reach them, once, for a purpose that is kept."""
    found: CaseIdentity = CaseIdentity.objects.get(case=case)
    people.record_personal_view(of=case, what=_("病人身份"), purpose=purpose, by=by)
    return found


# --- months without a case --------------------------------------------------------------------------------------------------


@transaction.atomic
def tell_zero(*, institution: Any, month: date, by: Any) -> ZeroReport:
    first = month.replace(day=1)
    if first >= ledger.clock.today().replace(day=1):
        raise Refused(_("这个月还没有过完，月底以后再做零报告。"))
    diagnosed = CaseReport.objects.filter(
        institution=institution, diagnosed_on__year=first.year, diagnosed_on__month=first.month
    ).exclude(state=State.DELETED)
    if diagnosed.exists():
        raise Refused(_("这个月有病例（含草稿），不能做零报告。"))
    row: ZeroReport = insert(
        ZeroReport(
            institution=institution, month=first, told_at=ledger.clock.now(), told_by=who(by),
            division_code=institution.division_code,
        )
    )  # fmt: skip
    ledger.record("monitoring.zero.told", of=row, by=by)
    return row


@transaction.atomic
def undo_zero(*, zero: ZeroReport, by: Any) -> ZeroReport:
    done = ZeroReport.objects.filter(pk=zero.pk, undone_at=None).update(undone_at=ledger.clock.now(), undone_by=who(by))
    zero.refresh_from_db()
    if not done:
        raise Refused(_("这条零报告已经撤销。"))
    ledger.record("monitoring.zero.undone", of=zero, by=by)
    return zero


def symptom_text(case: CaseReport) -> str:
    labels = case_codes.symptom_labels()
    return "、".join(labels.get(code, code) for code in case.symptoms)
