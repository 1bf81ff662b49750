"""What fieldwork shows on other people's pages."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from fangxin.kernel.contributing.data import Hit, Moment, Waiting
from fangxin.kernel.fieldwork import rules, selectors
from fangxin.kernel.fieldwork.models import (
    Draw,
    Inspection,
    InspectionOfficer,
    InspectionPaper,
    InspectionPlan,
    InspectionStep,
    ItemPhoto,
    PlannedVisit,
    PremisesGrade,
)
from fangxin.kernel.fieldwork.templatetags.fieldwork import grade_words
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people

SOON = timedelta(days=7)
COUNTY_LENGTH = 6


def work(user: Any) -> Sequence[Waiting]:
    """Lines of the person's work of today; each leads to its list."""
    today = ledger.clock.today()
    lines: list[Waiting] = []
    if user.can("inspection.work"):
        lines += [*_visits(user, today), _running(user)]
    if user.prefixes("inspection.publish") and not _above_counties(user, "inspection.publish"):
        lines += _publication(user, today)
    if user.prefixes("grade.confirm"):
        lines.append(_grades(user))
    if user.prefixes("inspection.plan"):
        lines.append(_plans(user))
    return lines


def _above_counties(user: Any, ability: str) -> bool:
    """Above the counties it is not work of the day but a figure of the board."""
    return any(len(prefix) < COUNTY_LENGTH for prefix in user.prefixes(ability))


def _line(kind: str, rows: "QuerySet[Any]", label: str, url_name: str, **query: str) -> Waiting:
    url = reverse(f"fieldwork:{url_name}") + (f"?{urlencode(query)}" if query else "")
    return Waiting(kind, label, url, rows)


def _visits(user: Any, today: date) -> list[Waiting]:
    """For stations and whoever is named; a department of the county has the list."""
    mine, again = selectors.visits_for(user, today + SOON), PlannedVisit.Reason.RECHECK
    late, soon = mine.filter(due_on__lt=today), mine.filter(due_on__gte=today, due_on__lte=today + SOON)
    rechecks = mine.filter(reason=again, due_on__lte=today + SOON)
    return [
        _line("overdue", late, _("%(n)s户检查已逾期"), "visits", when="overdue", mine="1"),
        _line("due", soon, _("%(n)s户检查一周内到期"), "visits", when="soon", mine="1"),
        _line("due", rechecks, _("其中整改复查%(n)s户"), "visits", reason=again, mine="1"),
    ]


def _running(user: Any) -> Waiting:
    mine = InspectionOfficer.objects.filter(user_id=user.pk, inspection__state__in=rules.LIVE_STATES)
    return _line("due", mine, _("%(n)s次现场检查没有办完"), "inspections", mine="1")


def _publication(user: Any, today: date) -> list[Waiting]:
    rows = people.within(selectors.unpublished(Inspection.objects.all()), user, "inspection.publish")
    soon = rows.filter(publish_due_on__gte=today, publish_due_on__lte=today + SOON)
    late = rows.filter(publish_due_on__lt=today)
    return [
        _line("overdue", late, _("%(n)s次检查结果公开已超期"), "inspections", published="late"),
        _line("due", soon, _("%(n)s次检查结果一周内应公开"), "inspections", published="soon"),
    ]


def _grades(user: Any) -> Waiting:
    rows = people.within(PremisesGrade.objects.filter(state=PremisesGrade.State.SCORED), user, "grade.confirm")
    return _line("new", rows.exclude(scored_by=user.username), _("%(n)s项等级评定待您复核"), "grades", waiting="1")


def _plans(user: Any) -> Waiting:
    rows = people.within(InspectionPlan.objects.filter(state=InspectionPlan.State.DRAFT), user, "inspection.plan")
    return _line("new", rows.exclude(made_by=user.username), _("%(n)s份年度检查计划待批准"), "plans", state="draft")


def search(user: Any, text: str, limit: int) -> Sequence[Hit]:
    """By a part of the name as it stood, or by the beginning of the number."""
    if not user.can("inspection.view"):
        return []
    found = selectors.list_inspections(user).filter(Q(number__startswith=text) | Q(premises_name__icontains=text))
    return [
        Hit(
            _("监督检查"),
            f"{row.number} {row.premises_name}",
            row.get_absolute_url(),
            f"{row.started_on} {row.get_result_display() or row.get_state_display()}",
        )
        for row in found.order_by("-pk")[:limit]
    ]


_TOLD = (
    InspectionStep.Action.TELL,
    InspectionStep.Action.PUBLISH,
    InspectionStep.Action.RECHECK,
    InspectionStep.Action.CLOSE,
    InspectionStep.Action.REOPEN,
)


def timeline(user: Any, subject_type: str, subject_id: str) -> Sequence[Moment]:
    """The turning points of the inspections of a place, and its grades."""
    if subject_type != "registry.premises" or not str(subject_id).isdigit() or not user.can("inspection.view"):
        return []
    about = selectors.list_inspections(user).filter(premises=int(subject_id))
    steps = InspectionStep.objects.filter(inspection__in=about.values("pk"), action__in=_TOLD)
    moments = [_moment(step) for step in steps.select_related("inspection").order_by("-at", "-pk")[:100]]
    grades = selectors.list_grades(user).filter(premises=int(subject_id), told_at__isnull=False)
    moments += [
        Moment(
            row.told_at,
            _("等级评定"),
            f"{row.year}：{grade_words(row.scale, row.grade)}",
            reverse("fieldwork:grade", args=[row.pk]),
        )
        for row in grades.order_by("-told_at")[:20]
    ]
    return sorted(moments, key=lambda moment: moment.at, reverse=True)


def _moment(step: InspectionStep) -> Moment:
    inspection = step.inspection
    text = f"{step.get_action_display()}：{inspection.get_kind_display()} {inspection.get_result_display()}（{inspection.number}）"
    return Moment(step.at, _("监督检查"), text, inspection.get_absolute_url(), step.by_name)


def may_see(user: Any, file_id: int) -> bool:
    """Whether an evidence file belongs to an inspection, or a published draw, that the person may see."""
    visible = selectors.list_inspections(user).values("pk")
    signed = Q(operator_signature=file_id) | Q(recording=file_id) | Q(officers__signature=file_id)
    return (
        ItemPhoto.objects.filter(file=file_id, inspection__in=visible).exists()
        or InspectionPaper.objects.filter(file=file_id, inspection__in=visible).exists()
        or Inspection.objects.filter(signed, pk__in=visible).exists()
        or Draw.objects.filter(result=file_id, pk__in=selectors.list_draws(user).values("pk")).exists()
    )
