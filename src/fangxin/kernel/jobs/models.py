from django.db import models
from django.utils.translation import gettext_lazy as _

from fangxin.kernel.ledger.declarations import editable


class Job(models.Model):
    """One piece of long work that a person can watch. The queue hands it out; this row says how far it is."""

    declared = editable(kept_years=1)

    class State(models.TextChoices):
        WAITING = "waiting", _("等待")
        RUNNING = "running", _("进行中")
        DONE = "done", _("完成")
        FAILED = "failed", _("失败")

    task = models.CharField(_("任务"), max_length=200)
    label = models.CharField(_("名称"), max_length=200)
    arguments = models.JSONField(_("参数"), default=dict)
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.WAITING, db_index=True)
    done = models.PositiveIntegerField(_("已处理"), default=0)
    total = models.PositiveIntegerField(_("总数"), default=0)
    message = models.CharField(_("说明"), max_length=500, blank=True)
    error = models.TextField(_("错误"), blank=True)
    result = models.JSONField(_("结果"), default=dict)
    attempts = models.PositiveSmallIntegerField(_("次数"), default=0)
    asked_at = models.DateTimeField(_("提交时间"))
    asked_by = models.CharField(_("提交人"), max_length=150, blank=True)
    started_at = models.DateTimeField(_("开始时间"), null=True, blank=True)
    finished_at = models.DateTimeField(_("结束时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("后台任务")
        verbose_name_plural = _("后台任务")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.label} ({self.get_state_display()})"
