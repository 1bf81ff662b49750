from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from fangxin.kernel.ledger.api import append_only, editable
from fangxin.oversight.plans.models.fields import by_with_at, evidence, person


class Plan(models.Model):
    """An official action plan: a draft while a clerk reviews what was read, then the county's promise."""

    declared = editable()

    class State(models.TextChoices):
        DRAFT = "draft", _("待审核")
        CONFIRMED = "confirmed", _("执行中")
        SUPERSEDED = "superseded", _("已停用")

    title = models.CharField(_("方案名称"), max_length=300)
    document_number = models.CharField(_("文号"), max_length=60, blank=True)
    issuer = models.CharField(_("发文机关"), max_length=100, blank=True)
    issued_on = models.DateField(_("发文日期"), null=True, blank=True)
    starts_on = models.DateField(_("实施期起"), null=True, blank=True)
    ends_on = models.DateField(_("实施期止"), null=True, blank=True)
    division_code = models.CharField(_("区划"), max_length=12, db_index=True)
    state = models.CharField(_("状态"), max_length=12, choices=State.choices, default=State.DRAFT)
    source_text = models.TextField(_("原文"), blank=True)
    source_file = evidence(_("原文件"))
    source_note = models.CharField(_("来源"), max_length=300, blank=True)
    # What the reader found, with the place of every piece in the text; never changed by later corrections.
    reading = models.JSONField(_("读取结果"), default=dict, blank=True)
    entered_at = models.DateTimeField(_("录入时间"))
    entered_by = person(_("录入人"))
    confirmed_at = models.DateTimeField(_("确认时间"), null=True, blank=True)
    confirmed_by = person(_("确认人"))

    class Meta:
        verbose_name = _("方案")
        verbose_name_plural = _("方案")
        ordering = ["-issued_on", "-pk"]
        constraints = [
            by_with_at("plan_entered", "entered"),
            by_with_at("plan_confirmed", "confirmed"),
            models.CheckConstraint(
                condition=~models.Q(state="confirmed") | models.Q(confirmed_at__isnull=False),
                name="plan_confirmed_when",
            ),
            models.CheckConstraint(
                condition=models.Q(starts_on=None)
                | models.Q(ends_on=None)
                | models.Q(ends_on__gte=models.F("starts_on")),
                name="plan_period_forward",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_draft(self) -> bool:
        return self.state == self.State.DRAFT

    @property
    def years(self) -> list[int]:
        """The calendar years the plan covers."""
        if self.starts_on is None or self.ends_on is None:
            return []
        return list(range(self.starts_on.year, self.ends_on.year + 1))


class PlanDeadline(models.Model):
    """Something the plan asks for by a date, once or every year."""

    declared = editable()

    class Kind(models.TextChoices):
        ONE_OFF = "one_off", _("一次")
        YEARLY = "yearly", _("每年")

    class Purpose(models.TextChoices):
        SPECIAL_PLAN = "special_plan", _("报送专项方案")
        RETURN = "return", _("报送工作总结")
        OTHER = "other", _("其他时限")

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="deadlines", verbose_name=_("方案"))
    position = models.PositiveSmallIntegerField(_("原文次序"), null=True, blank=True)
    kind = models.CharField(_("类别"), max_length=10, choices=Kind.choices)
    on = models.DateField(_("日期"), null=True, blank=True)
    month_day = models.CharField(_("月日"), max_length=5, blank=True)
    what = models.CharField(_("报送内容"), max_length=300)
    who = models.CharField(_("报送单位"), max_length=200, blank=True)
    purpose = models.CharField(_("用途"), max_length=14, choices=Purpose.choices, default=Purpose.OTHER)

    class Meta:
        verbose_name = _("时限")
        verbose_name_plural = _("时限")
        ordering = ["plan", "kind", "month_day", "on", "pk"]

    def __str__(self) -> str:
        return f"{self.when} {self.what}"

    @property
    def when(self) -> Any:
        if self.kind == self.Kind.ONE_OFF:
            return f"{self.on:%Y-%m-%d}" if self.on else ""
        return _("每年%(month_day)s") % {"month_day": self.month_day}


class Defect(models.Model):
    """A drafting slip in the document that must be settled before the plan can be measured."""

    declared = editable()

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="defects", verbose_name=_("方案"))
    position = models.PositiveSmallIntegerField(_("原文次序"), null=True, blank=True)
    kind = models.CharField(_("类别"), max_length=40)
    quote = models.TextField(_("原文"))
    clarified_text = models.TextField(_("澄清意见"), blank=True)
    clarified_at = models.DateTimeField(_("澄清时间"), null=True, blank=True)
    clarified_by = person(_("澄清人"))

    class Meta:
        verbose_name = _("待澄清问题")
        verbose_name_plural = _("待澄清问题")
        ordering = ["plan", "position", "pk"]
        constraints = [by_with_at("defect_clarified", "clarified")]

    def __str__(self) -> str:
        return self.quote[:60]


class Correction(models.Model):
    """What a clerk changed in the review: the value before and after. The reading itself stays as it was."""

    declared = append_only()

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="corrections", verbose_name=_("方案"))
    field = models.CharField(_("字段"), max_length=60)
    before = models.TextField(_("原值"), blank=True)
    after = models.TextField(_("新值"), blank=True)
    at = models.DateTimeField(_("时间"))
    by = person(_("修改人"))

    class Meta:
        verbose_name = _("更正记录")
        verbose_name_plural = _("更正记录")
        ordering = ["plan", "pk"]
        indexes = [models.Index(fields=["plan", "field"], name="correction_field")]

    def __str__(self) -> str:
        return f"{self.field}: {self.after}"
