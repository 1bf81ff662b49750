"""A matter's life: opened, assigned, put right, accepted, closed, looked at again."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from fangxin.engines.deadlines import add_months
from fangxin.kernel.casework import rules, work_calendar
from fangxin.kernel.casework.models import Matter, MatterEvidence, MatterStep
from fangxin.kernel.casework.selectors_cases import open_cases_of
from fangxin.kernel.casework.services.steps import move, need_text, raise_moved_on, write_step
from fangxin.kernel.casework.standards import deadline_rules
from fangxin.kernel.contributing import api as contribute
from fangxin.kernel.contributing.data import Announcement
from fangxin.kernel.ledger import api as ledger

Action = MatterStep.Action
SERIES = "casework.matter"
# Nothing is put right over more than a plan's life; a later date is a slip of the pen.
_LONGEST = timedelta(days=3 * 366)


def format_number(year: int, serial: int) -> str:
    return f"{year}-{serial:06}"


@transaction.atomic
def open_matter(
    *,
    origin: str,
    hazard: str,
    division_code: str,
    severity: str,
    owner: Any,
    subject_type: str = "",
    subject_id: str = "",
    subject_name: str = "",
    cooperating: Iterable[Any] = (),
    legal_basis: str = "",
    due_on: date | None = None,
    opened_from: str | None = None,
    by: Any,
) -> Matter:
    """Open a matter. What was `opened_from` the same thing before is given back instead of being opened twice."""
    if opened_from is not None:
        earlier = Matter.objects.filter(opened_from=opened_from).first()
        if earlier is not None:
            return earlier
    matter = Matter(
        origin=origin,
        hazard=hazard.strip(),
        division_code=division_code,
        severity=severity,
        owner=owner,
        subject_type=subject_type,
        subject_id=str(subject_id),
        subject_name=subject_name.strip(),
        legal_basis=legal_basis.strip(),
        opened_from=opened_from,
    )
    return _open(matter, cooperating, due_on=due_on, by=by)


def _open(matter: Matter, cooperating: Iterable[Any], *, due_on: date | None, by: Any, text: str = "") -> Matter:
    today = ledger.clock.today()
    matter.state = Matter.State.OPENED
    matter.opened_at, matter.opened_on = ledger.clock.now(), today
    matter.opened_by = ledger.Actor.of(by).username
    matter.due_on = due_on or due_by_severity(matter.severity, today)
    _check_due(matter.due_on, today)
    matter.number = format_number(today.year, ledger.next_number(SERIES, today.year))
    matter.clean_fields()
    matter.save(force_insert=True)
    matter.cooperating.set([agency for agency in cooperating if agency.pk != matter.owner_id])
    write_step(matter, Action.OPEN, by=by, from_state="", text=text)
    ledger.record("casework.matter.opened", of=matter, by=by, data={"severity": matter.severity})
    return matter


def due_by_severity(severity: str, opened_on: date) -> date:
    """The due date by the edition in force on the day of opening."""
    workdays = deadline_rules(opened_on).workdays
    if severity not in workdays:
        raise rules.Refused({"severity": _("请选择严重程度：一般、较大或者重大。")})
    return work_calendar.add_workdays(opened_on, workdays[severity])


def _check_due(due_on: date, today: date) -> None:
    if due_on < today:
        raise rules.Refused({"due_on": _("整改时限不能早于今天（%(today)s），请重新填写。") % {"today": today}})
    if due_on > today + _LONGEST:
        raise rules.Refused({"due_on": _("整改时限超过三年，请核对年份。")})


@transaction.atomic
def assign(
    *,
    matter: Matter,
    owner: Any = None,
    cooperating: Iterable[Any] | None = None,
    due_on: date | None = None,
    text: str = "",
    by: Any,
) -> Matter:
    """Hand the matter to its owner. The due date may still be set here, until the first hand-over."""
    changes: dict[str, Any] = {}
    if owner is not None:
        changes["owner_id"] = owner.pk
    if due_on is not None and due_on != matter.due_on:
        if matter.state != Matter.State.OPENED:
            raise rules.Refused({"due_on": _("已经交办，时限只能通过延期申请调整。")})
        _check_due(due_on, ledger.clock.today())
        changes["due_on"] = due_on
    move(matter, Action.ASSIGN, by=by, text=text, **changes)
    if owner is not None:
        matter.owner = owner
    if cooperating is not None:
        matter.cooperating.set([agency for agency in cooperating if agency.pk != matter.owner_id])
    return matter


@transaction.atomic
def fix(
    *,
    matter: Matter,
    responsible_person: str,
    measures: str,
    means: str,
    acceptance: str,
    by: Any,
) -> Matter:
    """Write down the five fixings; the fifth, the due date, stands on the matter already."""
    return move(
        matter,
        Action.FIX,
        by=by,
        responsible_person=responsible_person.strip(),
        measures=measures.strip(),
        means=means.strip(),
        acceptance=acceptance.strip(),
    )


@transaction.atomic
def start(*, matter: Matter, text: str = "", by: Any) -> Matter:
    return move(matter, Action.START, by=by, text=text)


@transaction.atomic
def report_progress(*, matter: Matter, text: str, by: Any) -> Matter:
    text = need_text(text, "text", _("请写明这一阶段做了什么。"))
    return move(matter, Action.PROGRESS, by=by, text=text)


@transaction.atomic
def add_evidence(*, matter: Matter, kind: str, name: str, content: bytes, note: str = "", by: Any) -> MatterEvidence:
    """Keep a file as proof. The same file for the same purpose is kept once."""
    file = ledger.store_evidence(name=name, content=content, by=by)
    return attach_evidence(matter=matter, kind=kind, file=file, name=name, note=note, by=by)


@transaction.atomic
def attach_evidence(*, matter: Matter, kind: str, file: Any, name: str = "", note: str = "", by: Any) -> MatterEvidence:
    if matter.state == Matter.State.WITHDRAWN:
        raise rules.Refused(_("这件事项已经撤销，不能再上传材料。"))
    existing = MatterEvidence.objects.filter(matter=matter, kind=kind, file=file).first()
    if existing is not None:
        return existing
    kinds = MatterEvidence.Kind
    if kind == kinds.RECTIFICATION and matter.evidence.filter(kind=kinds.HAZARD, file=file).exists():
        raise rules.Refused(
            _("“%(name)s”和发现问题时的材料是同一个文件，不能证明已经整改。请上传整改后的材料。")
            % {"name": name or file.name}
        )
    actor = ledger.Actor.of(by)
    evidence = MatterEvidence(
        matter=matter,
        file=file,
        name=(name or file.name)[:200],
        kind=kind,
        note=note.strip(),
        added_at=ledger.clock.now(),
        added_by=actor.username,
        added_by_name=actor.name,
    )
    evidence.clean_fields()
    evidence.save(force_insert=True)
    ledger.record("casework.matter.evidence_added", of=matter, by=by, data={"kind": kind, "digest": file.digest})
    return evidence


@transaction.atomic
def submit(*, matter: Matter, text: str, by: Any) -> Matter:
    """Ask for acceptance. Without proof of the rectification there is nothing to accept."""
    rules.check_move(matter, Action.SUBMIT)
    text = need_text(text, "text", _("请写明整改结果。"))
    _check_evidence(matter)
    return move(
        matter,
        Action.SUBMIT,
        by=by,
        text=text,
        submitted_at=ledger.clock.now(),
        submitted_by=_named(by),
        closing_proposed_at=None,
        closing_proposed_by="",
    )


def _named(by: Any) -> str:
    username = ledger.Actor.of(by).username
    if not username:
        raise rules.Refused(_("这一步必须由具体人员办理，系统不能代办。"))
    return username


def _check_evidence(matter: Matter) -> None:
    if not matter.evidence.filter(kind=MatterEvidence.Kind.RECTIFICATION).exists():
        raise rules.Refused(_("还没有整改证明。请先上传整改后的照片、检验报告等材料，再申请验收或者销号。"))


@transaction.atomic
def return_(*, matter: Matter, text: str, by: Any) -> Matter:
    rules.check_move(matter, Action.RETURN)
    rules.check_second_person(matter, _named(by))
    text = need_text(text, "text", _("请写明退回的原因和还要做什么。"))
    return move(
        matter,
        Action.RETURN,
        by=by,
        text=text,
        submitted_at=None,
        submitted_by="",
        closing_proposed_at=None,
        closing_proposed_by="",
    )


@transaction.atomic
def close(*, matter: Matter, text: str = "", by: Any) -> Matter:
    """Accept and close. A critical matter needs two: the first proposes, another one closes."""
    rules.check_move(matter, Action.CLOSE)
    username = _named(by)
    rules.check_second_person(matter, username)
    _check_evidence(matter)
    text = _with_open_cases(matter, text)
    if matter.severity == Matter.Severity.CRITICAL:
        if not matter.closing_proposed_by:
            return _propose_closing(matter, username, text=text, by=by)
        if matter.closing_proposed_by == username:
            raise rules.Refused(_("重大问题须由两人先后同意才能销号，您已经同意过，请由另一名人员批准。"))
    today = ledger.clock.today()
    look_back = deadline_rules(matter.opened_on).look_back_workdays[matter.severity]
    move(
        matter,
        Action.CLOSE,
        by=by,
        text=text,
        closed_at=ledger.clock.now(),
        closed_by=username,
        closed_on=today,
        look_back_due_on=work_calendar.add_workdays(today, look_back),
    )
    _tell_origin("matter.closed", matter, by=by)
    return matter


def _tell_origin(name: str, matter: Matter, *, by: Any) -> None:
    """Tell whoever announced the finding what has become of it; a matter that came back stands for its first one."""
    first = matter
    while first.reopened_from is not None:
        first = first.reopened_from
    if first.opened_from is None:
        return
    told = Announcement(
        name=name,
        subject_type=matter.subject_type,
        subject_id=matter.subject_id,
        subject_name=matter.subject_name,
        division_code=matter.division_code,
        text=matter.hazard,
        facts={"key": first.opened_from, "matter": matter.number},
    )
    contribute.announce(told, by=by)


def _with_open_cases(matter: Matter, text: str) -> str:
    """A matter whose penalty case still runs is not closed in silence: a reason, and the case's number beside it."""
    numbers = "、".join(open_cases_of(matter).order_by("pk").values_list("number", flat=True))
    if not numbers:
        return text
    text = need_text(
        text, "text", _("关联的处罚案件（%(cases)s）还没有办结，请写明先销号的理由。") % {"cases": numbers}
    )
    return _("%(text)s（处罚案件%(cases)s仍在办理）") % {"text": text, "cases": numbers}


def _propose_closing(matter: Matter, username: str, *, text: str, by: Any) -> Matter:
    now = ledger.clock.now()
    first = Matter.objects.filter(pk=matter.pk, state=Matter.State.SUBMITTED, closing_proposed_by="")
    if first.update(closing_proposed_at=now, closing_proposed_by=username) != 1:
        raise_moved_on(matter)
    matter.closing_proposed_at, matter.closing_proposed_by = now, username
    return move(matter, Action.PROPOSE_CLOSING, by=by, text=text)


@transaction.atomic
def look_back(*, matter: Matter, held: bool, text: str, by: Any) -> Matter:
    """Look again after closure. What has come back becomes a new matter in the same breath."""
    action = Action.LOOK_BACK_HELD if held else Action.LOOK_BACK_REBOUNDED
    rules.check_move(matter, action)
    username = _named(by)
    rules.check_second_person(matter, username)
    text = need_text(text, "text", _("请写明回头看时看到的情况。"))
    move(
        matter,
        action,
        by=by,
        text=text,
        looked_back_at=ledger.clock.now(),
        looked_back_by=username,
        look_back_result=Matter.LookBack.HELD if held else Matter.LookBack.REBOUNDED,
    )
    return matter if held else reopen(matter=matter, hazard=text, by=by)


@transaction.atomic
def reopen(*, matter: Matter, hazard: str = "", due_on: date | None = None, by: Any) -> Matter:
    """Open a new matter that points to the closed one. A closed matter comes back once; then the new one may."""
    rules.check_move(matter, Action.REOPEN)
    today = ledger.clock.today()
    months = deadline_rules(matter.opened_on).rebound_months
    again = Matter(
        origin=matter.origin,
        hazard=(hazard or matter.hazard).strip(),
        division_code=matter.division_code,
        severity=matter.severity,
        owner_id=matter.owner_id,
        subject_type=matter.subject_type,
        subject_id=matter.subject_id,
        subject_name=matter.subject_name,
        legal_basis=matter.legal_basis,
        reopened_from=matter,
        rebound=matter.closed_on is not None and today <= add_months(matter.closed_on, months),
    )
    try:
        with transaction.atomic():
            again = _open(
                again,
                matter.cooperating.all(),
                due_on=due_on,
                by=by,
                text=_("由已销号事项%(number)s重新立账") % {"number": matter.number},
            )
    except IntegrityError:
        raise rules.MovedOn(_("这件事项已经重新立账，请到新的事项中办理。")) from None
    move(matter, Action.REOPEN, by=by, text=_("重新立账为%(number)s") % {"number": again.number})
    _tell_origin("matter.reopened", again, by=by)
    return again


@transaction.atomic
def withdraw(*, matter: Matter, reason: str, by: Any) -> Matter:
    """Ask to withdraw a matter that was opened in error; another person of the office decides."""
    rules.check_move(matter, Action.ASK_WITHDRAWAL)
    reason = need_text(reason, "reason", _("请写明为什么说立账有误。"))
    now, username = ledger.clock.now(), _named(by)
    asked = Matter.objects.filter(pk=matter.pk, state=matter.state, withdrawal_asked_by="")
    changes = {"withdrawal_asked_at": now, "withdrawal_asked_by": username, "withdrawal_reason": reason}
    for name, value in changes.items():
        setattr(matter, name, value)
    matter.clean_fields()
    if asked.update(**changes) != 1:
        raise_moved_on(matter)
    return move(matter, Action.ASK_WITHDRAWAL, by=by, text=reason)


@transaction.atomic
def decide_withdrawal(*, matter: Matter, approved: bool, text: str = "", by: Any) -> Matter:
    action = Action.WITHDRAW if approved else Action.REFUSE_WITHDRAWAL
    rules.check_move(matter, action)
    username = _named(by)
    if not matter.withdrawal_asked_by:
        raise rules.Refused(_("没有待审批的撤销申请。"))
    if matter.withdrawal_asked_by == username:
        raise rules.Refused(_("撤销申请是您提出的，请由另一名人员审批。"))
    if approved:
        move(
            matter,
            action,
            by=by,
            text=text,
            withdrawn_at=ledger.clock.now(),
            withdrawn_by=username,
            withdrawn_on=ledger.clock.today(),
        )
        # Opened in error: nothing is left to be put right.
        _tell_origin("matter.closed", matter, by=by)
        return matter
    return move(
        matter, action, by=by, text=text, withdrawal_asked_at=None, withdrawal_asked_by="", withdrawal_reason=""
    )
