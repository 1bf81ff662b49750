"""What casework shows on other people's pages, and what it does when others announce a finding."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from fangxin.kernel.casework import rules, selectors
from fangxin.kernel.casework.models import Escalation, Matter, MatterPaper, MatterStep
from fangxin.kernel.casework.services.matters import open_matter
from fangxin.kernel.contributing.data import Announcement, Hit, Moment, Waiting
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people

_SOON = timedelta(days=7)


def finding(announcement: Announcement, *, by: Any) -> None:
    """A finding of a lower floor becomes a matter; the same finding never becomes two."""
    facts = announcement.facts
    key = facts.get("key")
    open_matter(
        origin=facts.get("origin", Matter.Origin.OTHER),
        hazard=announcement.text,
        subject_type=announcement.subject_type,
        subject_id=announcement.subject_id,
        subject_name=announcement.subject_name,
        division_code=announcement.division_code,
        severity=facts.get("severity", Matter.Severity.MINOR),
        owner=_owner(announcement),
        legal_basis=facts.get("legal_basis", ""),
        due_on=facts.get("due_on"),
        opened_from=str(key) if key else None,
        by=by,
    )


def _owner(announcement: Announcement) -> people.Agency:
    """The agency named, or the office of the county, which hands it on."""
    named = announcement.facts.get("owner_agency_id")
    if named is not None:
        return people.Agency.objects.get(pk=named)
    office = people.list_agencies(announcement.division_code[:6]).filter(kind=people.Agency.Kind.OFFICE).first()
    if office is None:
        raise ValidationError(_("这个区划还没有设立食安办，发现的问题无人接收。请管理员先建立机构。"))
    return office


def work(user: Any) -> Sequence[Waiting]:
    """Lines of the person's work of today; each leads to its list."""
    today = ledger.clock.today()
    lines: list[Waiting] = []
    if user.can("matter.work"):
        lines += _owners_work(user, today)
    if user.can("matter.close"):
        lines += _closers_work(user, today)
    if user.can("matter.supervise"):
        lines += _office_work(user)
    return lines


def _line(kind: str, rows: "QuerySet[Matter]", label: str, **query: str) -> Waiting:
    return Waiting(kind, label, reverse("casework:list") + "?" + urlencode(query), rows)


def _owners_work(user: Any, today: date) -> list[Waiting]:
    mine = selectors.working_matters(user).filter(state__in=[s for s in rules.OPEN_STATES if s != "submitted"])
    soon = mine.filter(due_on__gte=today, due_on__lte=today + _SOON)
    return [
        _line("overdue", mine.filter(due_on__lt=today), _("%(n)s件问题整改已逾期"), mine="1", when="overdue"),
        _line("due", soon, _("%(n)s件问题整改一周内到期"), mine="1", when="soon"),
        _line("new", mine.filter(state="assigned"), _("%(n)s件新交办的问题待整改"), mine="1", state="assigned"),
    ]


def _closers_work(user: Any, today: date) -> list[Waiting]:
    closed = Matter.objects.filter(state="closed", look_back_due_on__lte=today + _SOON)
    again = people.within(closed, user, "matter.close")
    return [
        _line("due", selectors.closing_matters(user), _("%(n)s件问题整改等您验收"), waiting="1"),
        _line("due", again, _("%(n)s件已销号问题该回头看"), when="look_back"),
    ]


def _office_work(user: Any) -> list[Waiting]:
    here = people.within(Matter.objects.filter(state__in=rules.OPEN_STATES), user, "matter.supervise")
    extensions = here.filter(Q(extension__state="asked") & ~Q(extension__asked_by=user.username))
    withdrawals = here.exclude(withdrawal_asked_by__in=["", user.username])
    return [
        _line("new", here.filter(state="opened"), _("%(n)s件问题待交办"), state="opened"),
        _line("due", extensions, _("%(n)s件延期申请待审批"), waiting="extension"),
        _line("due", withdrawals, _("%(n)s件撤销申请待审批"), waiting="withdrawal"),
        _line("due", here.filter(pk__in=unsent()), _("%(n)s件逾期问题该发督办函"), waiting="letter"),
    ]


def unsent() -> Any:
    """Matters on the rung of the supervision letter for which none has been sent."""
    sent = MatterPaper.objects.filter(kind=MatterPaper.Kind.SUPERVISION).values("matter_id")
    reached = Escalation.objects.filter(stage=Escalation.Stage.SUPERVISION).exclude(matter_id__in=sent)
    return reached.values("matter_id")


def search(user: Any, text: str, limit: int) -> Sequence[Hit]:
    if not user.can("matter.view"):
        return []
    found = selectors.list_matters(user).filter(
        Q(number__startswith=text) | Q(hazard__icontains=text) | Q(subject_name__icontains=text)
    )
    return [
        Hit(_("问题事项"), str(matter), matter.get_absolute_url(), str(matter.get_state_display()))
        for matter in found.order_by("-pk")[:limit]
    ]


_TOLD = (
    MatterStep.Action.OPEN,
    MatterStep.Action.RETURN,
    MatterStep.Action.CLOSE,
    MatterStep.Action.LOOK_BACK_HELD,
    MatterStep.Action.LOOK_BACK_REBOUNDED,
    MatterStep.Action.WITHDRAW,
)


def timeline(user: Any, subject_type: str, subject_id: str) -> Sequence[Moment]:
    """The turning points of the matters about a subject."""
    if not user.can("matter.view"):
        return []
    about = selectors.list_matters(user).filter(subject_type=subject_type, subject_id=str(subject_id))
    steps = MatterStep.objects.filter(matter__in=about.values("pk"), action__in=_TOLD).select_related("matter")
    return [
        Moment(
            step.at,
            _("问题整改"),
            f"{step.get_action_display()}：{step.matter.hazard[:60]}（{step.matter.number}）",
            step.get_absolute_url(),
            step.by_name,
        )
        for step in steps.order_by("-at", "-pk")[:100]
    ]
