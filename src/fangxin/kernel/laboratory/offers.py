"""What sampling shows on other people's pages."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from fangxin.kernel.contributing.data import Hit, Moment, Waiting
from fangxin.kernel.laboratory import selectors
from fangxin.kernel.laboratory.models import Sample, SamplePhoto, SamplingDraw, SamplingPlan, SamplingTask
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people

State = Sample.State
SOON = timedelta(days=7)
COUNTY_LENGTH = 6
MOST_MOMENTS = 50


def _line(kind: str, rows: "QuerySet[Any]", label: str, url_name: str, **query: str) -> Waiting:
    url = reverse(f"laboratory:{url_name}") + (f"?{urlencode(query)}" if query else "")
    return Waiting(kind, label, url, rows)


def work(user: Any) -> Sequence[Waiting]:
    """Lines of the person's work of today; each leads to its list."""
    lines: list[Waiting] = []
    if user.can("sample.take"):
        lines += _sampler(user)
    if user.prefixes("sample.plan"):
        lines += _organiser(user)
    if user.can("sample.receive"):
        lines += _laboratory(user)
    return lines


def _sampler(user: Any) -> list[Waiting]:
    today = ledger.clock.today()
    mine = selectors.tasks_of(user)
    again = mine.filter(reason=SamplingTask.Reason.RESAMPLE)
    not_sent = Sample.objects.filter(Q(sampler=user) | Q(second_sampler=user), state=State.TAKEN)
    return [
        _line("overdue", mine.filter(due_on__lt=today), _("%(n)s个抽样任务已逾期"), "tasks", when="overdue", whose="mine"),
        _line(
            "due", mine.filter(due_on__gte=today, due_on__lte=today + SOON), _("%(n)s个抽样任务一周内到期"), "tasks",
            when="soon", whose="mine",
        ),
        _line("new", again, _("%(n)s份样品被拒收，需要重抽"), "tasks", reason="resample", whose="mine"),
        _line("due", not_sent, _("%(n)s份样品还没有送检"), "samples", state=State.TAKEN, mine="1"),
        _line("new", selectors.list_steps_to_take(user), _("%(n)s份样品待您单位确认接收"), "to_take"),
    ]  # fmt: skip


def _organiser(user: Any) -> list[Waiting]:
    if any(len(prefix) < COUNTY_LENGTH for prefix in user.prefixes("sample.plan")):
        return []  # above the counties it is not work of the day
    drafts = selectors.list_plans(user).filter(state=SamplingPlan.State.DRAFT).exclude(made_by=user.username)
    sealed = selectors.list_draws(user).filter(state=SamplingDraw.State.COMMITTED)
    nobody = selectors.list_tasks(user, "sample.plan").filter(state=SamplingTask.State.OPEN, samplers=None)
    return [
        _line("new", drafts, _("%(n)s份抽检计划待批准"), "plans", state="draft"),
        _line("due", sealed, _("%(n)s次抽样对象抽取等公开随机数"), "plans"),
        _line("due", nobody, _("%(n)s个抽样任务还没有安排人员"), "tasks", whose="none"),
    ]


def _laboratory(user: Any) -> list[Waiting]:
    today = ledger.clock.today()
    running = selectors.work_of_laboratory(user)
    over = selectors.may_be_destroyed(selectors.list_duplicates(user), today)
    return [
        _line("new", selectors.list_incoming(user).filter(state=State.SENT), _("%(n)s份样品等待收样"), "incoming"),
        _line("due", running.filter(analyst=None), _("%(n)s份样品还没有派检"), "work", whose="none"),
        _line("overdue", running.filter(report_due_on__lt=today), _("%(n)s份样品报告已超期"), "work", when="overdue"),
        _line("due", over, _("%(n)s份备样保存到期，可以处置"), "duplicates", when="over"),
    ]


def search(user: Any, text: str, limit: int) -> Sequence[Hit]:
    """By the beginning of the number or a part of the food's name; never by whom it was taken from."""
    if not user.can("sample.view"):
        return []
    found = selectors.list_samples(user).filter(Q(number__startswith=text) | Q(food__icontains=text))
    return [
        Hit(_("样品"), str(row), row.get_absolute_url(), f"{row.sampled_on} {row.get_state_display()}")
        for row in found.order_by("-sampled_on", "-number")[:limit]
    ]


def timeline(user: Any, subject_type: str, subject_id: str) -> Sequence[Moment]:
    """Samples taken from a place. A laboratory gets no such page."""
    if subject_type != "registry.premises" or not str(subject_id).isdigit() or not user.can("sample.view"):
        return []
    if user.can("sample.receive") and not user.prefixes("sample.view"):
        return []
    rows = selectors.list_samples(user).filter(premises=int(subject_id)).exclude(state=State.CANCELLED)
    return [
        Moment(
            row.sampled_at,
            _("抽样"),
            _("%(purpose)s：%(food)s（%(number)s）")
            % {"purpose": row.get_purpose_display(), "food": row.food, "number": row.number},
            row.get_absolute_url(),
            row.sampler_name,
        )
        for row in rows.order_by("-sampled_at")[:MOST_MOMENTS]
    ]


def may_see(user: Any, file_id: int) -> bool:
    """Whether an evidence file belongs to a sampling that the person may see; not where the sample is blind to them."""
    if user.prefixes("sample.view"):
        visible = people.within(Sample.objects.all(), user, "sample.view").values("pk")
    elif user.can("sample.receive"):
        visible = selectors.list_samples(user).filter(blind=False).values("pk")
    else:
        visible = selectors.list_samples(user).values("pk")
    return (
        SamplePhoto.objects.filter(file=file_id, sample__in=visible).exists()
        or Sample.objects.filter(subject_signature=file_id, pk__in=visible).exists()
        or selectors.list_draws(user).filter(result=file_id).exists()
    )
