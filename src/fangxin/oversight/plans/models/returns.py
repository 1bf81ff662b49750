from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from fangxin.engines.deadlines import late_days
from fangxin.kernel.ledger.api import append_only, editable
from fangxin.oversight.plans.data import PERIOD_WORDS
from fangxin.oversight.plans.models.actions import Action
from fangxin.oversight.plans.models.documents import Plan
from fangxin.oversight.plans.models.fields import by_with_at, evidence, person


class ReturnPeriod(models.Model):
    """One date on which every lead department reports, such as 2023-Q1 or 2023-ANNUAL."""

    declared = editable()

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="periods", verbose_name=_("方案"))
    code = models.CharField(_("期次"), max_length=20)
    year = models.PositiveSmallIntegerField(_("年度"))
    opens_on = models.DateField(_("开始填报"))
    due_on = models.DateField(_("报送期限"), db_index=True)
    snapshot = models.ForeignKey(
        "board.Snapshot", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("数据快照")
    )
    snapshot_taken_at = models.DateTimeField(_("冻结时间"), null=True, blank=True)
    report = evidence(_("汇总报告"))
    merged_at = models.DateTimeField(_("汇总时间"), null=True, blank=True)
    merged_by = person(_("汇总人"))

    class Meta:
        verbose_name = _("报送期次")
        verbose_name_plural = _("报送期次")
        ordering = ["due_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "code"], name="return_period_once"),
            by_with_at("return_period_merged", "merged"),
        ]

    def __str__(self) -> str:
        return str(self.name)

    @property
    def name(self) -> str:
        """The period in words."""
        kind = self.code.partition("-")[2]
        words = PERIOD_WORDS.get(kind)
        if words is not None:
            return str(words) % {"year": self.year}
        return _("%(year)s年（%(month)s月%(day)s日报送）") % {
            "year": self.year, "month": self.due_on.month, "day": self.due_on.day
        }  # fmt: skip


class Return(models.Model):
    """One lead department's report on one action for one period."""

    declared = editable()

    class State(models.TextChoices):
        NOT_STARTED = "not_started", _("未报")
        DRAFTING = "drafting", _("起草")
        DEPARTMENT_REVIEW = "department_review", _("部门审核")
        SUBMITTED = "submitted", _("已报送")
        RETURNED = "returned", _("已退回")
        ACCEPTED = "accepted", _("已受理")
        MERGED = "merged", _("已汇总")

    class Quality(models.TextChoices):
        FULL = "full", _("内容充实")
        ADEQUATE = "adequate", _("内容合格")
        THIN = "thin", _("内容单薄")

    period = models.ForeignKey(ReturnPeriod, models.PROTECT, related_name="returns", verbose_name=_("期次"))
    action = models.ForeignKey(Action, models.PROTECT, related_name="returns", verbose_name=_("行动"))
    agency = models.ForeignKey("people.Agency", models.PROTECT, related_name="plan_returns", verbose_name=_("报送单位"))
    division_code = models.CharField(_("区划"), max_length=12)
    state = models.CharField(_("状态"), max_length=20, choices=State.choices, default=State.NOT_STARTED)
    # The department's unsaved work; a version is written from it and then stands for good.
    draft = models.JSONField(_("草稿"), default=dict, blank=True)
    draft_saved_at = models.DateTimeField(_("草稿保存时间"), null=True, blank=True)
    draft_saved_by = person(_("草稿保存人"))
    # The first time it reached the office decides whether it came in time; what the office sends back is counted apart.
    submitted_at = models.DateTimeField(_("首次报送时间"), null=True, blank=True)
    submitted_by = person(_("报送人"))
    returned_times = models.PositiveSmallIntegerField(_("退回次数"), default=0)
    accepted_at = models.DateTimeField(_("受理时间"), null=True, blank=True)
    accepted_by = person(_("受理人"))
    quality = models.CharField(_("质量"), max_length=10, choices=Quality.choices, blank=True)
    # Working days before the due date at which the last reminder went out.
    reminded = models.PositiveSmallIntegerField(_("最近提醒"), null=True, blank=True)
    overdue_announced_at = models.DateTimeField(_("逾期立账时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("工作总结")
        verbose_name_plural = _("工作总结")
        ordering = ["period__due_on", "action__number", "pk"]
        indexes = [models.Index(fields=["division_code", "state"], name="return_scope")]
        constraints = [
            models.UniqueConstraint(fields=["period", "action"], name="return_once"),
            by_with_at("return_draft", "draft_saved"),
            by_with_at("return_submitted", "submitted"),
            by_with_at("return_accepted", "accepted"),
            models.CheckConstraint(
                condition=models.Q(state__in=["not_started", "drafting", "department_review"])
                | models.Q(submitted_at__isnull=False),
                name="return_submitted_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.period} · {self.action}"

    def days_late(self, today: date) -> int:
        """Calendar days after the due date, up to the first submission or today."""
        return late_days(self.period.due_on, self.submitted_at or today)


class ReturnVersion(models.Model):
    """What a department wrote, as it wrote it, with the figures computed at that moment beside its own."""

    declared = append_only()

    item = models.ForeignKey(Return, models.PROTECT, related_name="versions", verbose_name=_("工作总结"))
    number = models.PositiveSmallIntegerField(_("版次"))
    progress = models.TextField(_("工作进展"))
    problems = models.TextField(_("存在问题"), blank=True)
    practice = models.TextField(_("典型做法"), blank=True)
    next_steps = models.TextField(_("下一步工作"), blank=True)
    figures = models.JSONField(_("指标数据"), default=list, blank=True)
    attachments = models.ManyToManyField("ledger.EvidenceFile", related_name="+", blank=True, verbose_name=_("附件"))
    written_at = models.DateTimeField(_("填写时间"))
    written_by = person(_("填写人"))

    class Meta:
        verbose_name = _("工作总结版本")
        verbose_name_plural = _("工作总结版本")
        ordering = ["item", "number"]
        constraints = [
            models.UniqueConstraint(fields=["item", "number"], name="return_version_once"),
            by_with_at("return_version_written", "written"),
        ]

    def __str__(self) -> str:
        return str(_("第%(number)s版") % {"number": self.number})


class ReturnStep(models.Model):
    """What happened to a version: sent to review, sent to the office, decided."""

    declared = append_only()

    class Verb(models.TextChoices):
        SUBMITTED = "submitted", _("提交部门审核")
        REFUSED = "refused", _("部门退改")
        REVIEWED = "reviewed", _("部门审核通过并报送")
        RETURNED = "returned", _("食安办退回")
        ACCEPTED = "accepted", _("食安办受理")
        MERGED = "merged", _("纳入汇总")

    version = models.ForeignKey(ReturnVersion, models.PROTECT, related_name="steps", verbose_name=_("版本"))
    verb = models.CharField(_("办理"), max_length=12, choices=Verb.choices)
    text = models.TextField(_("意见"), blank=True)
    at = models.DateTimeField(_("时间"))
    by = person(_("办理人"))

    class Meta:
        verbose_name = _("报送办理记录")
        verbose_name_plural = _("报送办理记录")
        ordering = ["version", "pk"]

    def __str__(self) -> str:
        return f"{self.get_verb_display()} {self.at:%Y-%m-%d}"
