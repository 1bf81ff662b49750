"""Lines of plans in other places: a person's work of today, the search, a subject's life."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import Count, Min, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from fangxin.kernel.contributing import api as contribute
from fangxin.kernel.contributing.data import Hit, Moment, WorkItem
from fangxin.kernel.ledger import api as ledger
from fangxin.oversight.plans import selectors
from fangxin.oversight.plans.models import Plan, Return, SpecialPlan, Task

# One line: kind, words, address, and the rows it counts.
Line = tuple[str, str, str, Q]


def work(user: Any) -> Sequence[WorkItem]:
    if not user.can("plans.view"):
        return []
    today = ledger.clock.today()
    live = {"action__plan__state": Plan.State.CONFIRMED}
    return [
        *_count(Task.objects.filter(**live), _task_lines(user, today), "due_on"),
        *_count(SpecialPlan.objects.filter(**live), _special_plan_lines(user, today), "due_on"),
        *_count(Return.objects.filter(**live), _return_lines(user, today), "period__due_on"),
        *_count(Plan.objects.all(), _draft_lines(user), ""),
    ]


def _count(rows: Any, lines: list[Line], due: str) -> list[WorkItem]:
    """All lines of one table with one question."""
    if not lines:
        return []
    asked: dict[str, Any] = {}
    for number, (_kind, _words, _url, condition) in enumerate(lines):
        asked[f"count_{number}"] = Count("pk", filter=condition)
        if due:
            asked[f"first_{number}"] = Min(due, filter=condition)
    found = rows.aggregate(**asked)
    return [
        WorkItem(kind, words, url, due=found.get(f"first_{number}"), count=found[f"count_{number}"])
        for number, (kind, words, url, _condition) in enumerate(lines)
        if found[f"count_{number}"]
    ]


def _task_lines(user: Any, today: date) -> list[Line]:
    own = user.own_agencies("plans.task.work")
    if not own:
        return []
    mine, url = Q(accountable__in=own, state=Task.State.OPEN), reverse("plans:tasks") + "?mine=true&state=open"
    return [
        ("overdue", _("逾期任务"), f"{url}&overdue=true", mine & Q(due_on__lt=today)),
        ("due", _("本年度任务"), f"{url}&year={today.year}", mine & Q(due_on__gte=today, year=today.year)),
    ]


def _special_plan_lines(user: Any, today: date) -> list[Line]:
    states, url = SpecialPlan.State, reverse("plans:special_plans")
    lines: list[Line] = []
    if own := user.own_agencies("plans.return.write"):
        mine = Q(agency__in=own)
        lines += [
            ("overdue", _("专项方案逾期未报"), f"{url}?mine=true&late=true", mine & selectors.schemes_missing(today)),
            ("due", _("待报送专项方案"), f"{url}?mine=true&open=true", mine & selectors.schemes_coming(today)),
            ("due", _("被退回的专项方案"), f"{url}?mine=true&state=returned", mine & Q(state=states.RETURNED)),
        ]
    if own := user.own_agencies("plans.return.review"):
        waiting = Q(agency__in=own, state=states.REVIEWING)
        lines.append(("due", _("待审定专项方案"), f"{url}?mine=true&state=reviewing", waiting))
    if user.can("plans.return.accept"):
        sent = selectors.scope(user, "plans.return.accept") & Q(state=states.SUBMITTED)
        lines.append(("new", _("新报送的专项方案"), f"{url}?state=submitted", sent))
    return lines


def _return_lines(user: Any, today: date) -> list[Line]:
    states, url = Return.State, reverse("plans:return_list")
    missing = selectors.returns_missing(today)
    lines: list[Line] = []
    if own := user.own_agencies("plans.return.write"):
        mine = Q(agency__in=own)
        lines += [
            ("due", _("被退回的工作总结"), f"{url}?mine=true&state=returned", mine & Q(state=states.RETURNED)),
            ("overdue", _("工作总结逾期未报"), f"{url}?mine=true&late=true", mine & missing),
            ("due", _("待报送工作总结"), f"{url}?mine=true&open=true", mine & selectors.returns_coming(today)),
        ]
    if own := user.own_agencies("plans.return.review"):
        waiting = Q(agency__in=own, state=states.DEPARTMENT_REVIEW)
        lines.append(("due", _("待本部门审核的工作总结"), f"{url}?mine=true&state=department_review", waiting))
    if user.can("plans.return.accept"):
        scope = selectors.scope(user, "plans.return.accept")
        sent = scope & Q(state=states.SUBMITTED)
        lines += [
            ("new", _("新报送的工作总结，待受理"), f"{url}?state=submitted", sent),
            ("overdue", _("各单位逾期未报的工作总结"), f"{url}?late=true", scope & missing),
        ]
    return lines


def _draft_lines(user: Any) -> list[Line]:
    if not user.can("plans.edit"):
        return []
    drafts = selectors.scope(user, "plans.edit") & Q(state=Plan.State.DRAFT)
    return [("due", _("待审核的方案"), reverse("plans:list") + "?state=draft", drafts)]


def search(user: Any, text: str, limit: int) -> Sequence[Hit]:
    if not user.can("plans.view"):
        return []
    plans = selectors.list_plans(user).filter(Q(title__icontains=text) | Q(document_number__icontains=text))
    actions = selectors.list_actions(user).exclude(plan__state=Plan.State.DRAFT).filter(title__icontains=text)
    tasks = selectors.list_tasks(user).filter(title__icontains=text)
    hits = [
        Hit(_("方案"), p.title, reverse("plans:plan", args=[p.pk]), f"{p.document_number} {p.get_state_display()}")
        for p in plans[:limit]
    ]
    hits += [Hit(_("行动"), a.title, reverse("plans:action", args=[a.pk]), str(a.lead or "")) for a in actions[:limit]]
    hits += [
        Hit(_("任务"), t.title, reverse("plans:task", args=[t.pk]), f"{t.year} {t.accountable}") for t in tasks[:limit]
    ]
    return hits[:limit]


def timeline(user: Any, subject_type: str, subject_id: str) -> Sequence[Moment]:
    """What the ledger says of a plan's own things, for those who may see the thing."""
    if len(subject_id) > 18 or not subject_id.isdecimal() or not visible(user, subject_type, int(subject_id)):
        return []
    return [
        Moment(entry.at, _("方案与报送"), contribute.events.get(entry.event).label, by=entry.actor_name)
        for entry in ledger.entries_of(subject_type, subject_id)[:100]
    ]


def visible(user: Any, subject_type: str, pk: int) -> bool:
    rows = {
        "plans.plan": selectors.list_plans,
        "plans.action": selectors.list_actions,
        "plans.task": selectors.list_tasks,
        "plans.return": selectors.list_returns,
        "plans.specialplan": selectors.list_special_plans,
    }.get(subject_type)
    return rows is not None and rows(user).filter(pk=pk).exists()
