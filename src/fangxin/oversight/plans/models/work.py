from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from fangxin.kernel.ledger.api import editable
from fangxin.oversight.plans.models.actions import Action, Goal, Measure
from fangxin.oversight.plans.models.fields import by_with_at, evidence, person


class Task(models.Model):
    """One year's piece of an action with one accountable agency."""

    declared = editable()

    class State(models.TextChoices):
        OPEN = "open", _("进行中")
        DONE = "done", _("已完成")
        CANCELLED = "cancelled", _("已取消")

    action = models.ForeignKey(Action, models.PROTECT, related_name="tasks", verbose_name=_("行动"))
    measure = models.ForeignKey(
        Measure, models.PROTECT, null=True, blank=True, related_name="tasks", verbose_name=_("措施")
    )
    goal = models.ForeignKey(Goal, models.PROTECT, null=True, blank=True, related_name="tasks", verbose_name=_("目标"))
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="parts", verbose_name=_("上级任务")
    )
    year = models.PositiveSmallIntegerField(_("年度"))
    title = models.CharField(_("任务"), max_length=500)
    accountable = models.ForeignKey(
        "people.Agency", models.PROTECT, related_name="plan_tasks", verbose_name=_("责任单位")
    )
    division_code = models.CharField(_("区划"), max_length=12)
    due_on = models.DateField(_("完成期限"))
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.OPEN)
    progress = models.TextField(_("进展"), blank=True)
    progress_at = models.DateTimeField(_("进展时间"), null=True, blank=True)
    progress_by = person(_("填报人"))
    evidence = evidence(_("证据"))
    done_at = models.DateTimeField(_("完成时间"), null=True, blank=True)
    done_by = person(_("完成确认人"))
    cancelled_at = models.DateTimeField(_("取消时间"), null=True, blank=True)
    cancelled_by = person(_("取消人"))
    cancel_reason = models.CharField(_("取消原因"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("任务")
        verbose_name_plural = _("任务")
        ordering = ["due_on", "pk"]
        indexes = [
            models.Index(fields=["division_code", "due_on", "id"], name="task_scope"),
            models.Index(fields=["accountable", "year"], name="task_accountable"),
        ]
        constraints = [
            by_with_at("task_progress", "progress"),
            by_with_at("task_done_by", "done"),
            by_with_at("task_cancelled_by", "cancelled"),
            models.CheckConstraint(
                condition=models.Q(state="done", done_at__isnull=False)
                | (~models.Q(state="done") & models.Q(done_at__isnull=True)),
                name="task_done_when",
            ),
            models.CheckConstraint(
                condition=models.Q(state="cancelled", cancelled_at__isnull=False)
                | (~models.Q(state="cancelled") & models.Q(cancelled_at__isnull=True)),
                name="task_cancelled_when",
            ),
        ]

    def __str__(self) -> str:
        return self.title[:80]

    def is_overdue(self, today: date) -> bool:
        return self.state == self.State.OPEN and self.due_on < today
