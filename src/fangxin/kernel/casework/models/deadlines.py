from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from fangxin.kernel.casework.models.matters import Matter
from fangxin.kernel.ledger.api import append_only, editable, told_together


class Extension(models.Model):
    """The one extension a matter may have: asked before the due date, decided one level up by another person."""

    declared = editable()

    class State(models.TextChoices):
        ASKED = "asked", _("待审批")
        GRANTED = "granted", _("已同意")
        REFUSED = "refused", _("未同意")

    matter = models.OneToOneField(Matter, models.PROTECT, related_name="extension", verbose_name=_("事项"))
    reason = models.CharField(_("延期理由"), max_length=500)
    old_due_on = models.DateField(_("原时限"))
    new_due_on = models.DateField(_("申请延至"))
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.ASKED)
    asked_at = models.DateTimeField(_("申请时间"))
    asked_by = models.CharField(_("申请人"), max_length=150)
    decided_at = models.DateTimeField(_("审批时间"), null=True, blank=True)
    decided_by = models.CharField(_("审批人"), max_length=150, blank=True)
    decision = models.CharField(_("审批意见"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("延期")
        verbose_name_plural = _("延期")
        constraints = [
            told_together("decided_at", "decided_by", "extension_decided_told"),
            models.CheckConstraint(condition=Q(new_due_on__gt=F("old_due_on")), name="extension_is_later"),
            models.CheckConstraint(
                condition=Q(state="asked", decided_at=None) | (~Q(state="asked") & Q(decided_at__isnull=False)),
                name="extension_decided_is_decided",
            ),
            models.CheckConstraint(
                condition=Q(decided_by="") | ~Q(decided_by=F("asked_by")), name="extension_decided_by_another"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.matter.number} → {self.new_due_on}"


class Escalation(models.Model):
    """A rung of the ladder that a matter has reached, once for each due date."""

    declared = append_only()

    class Stage(models.TextChoices):
        REMINDER = "reminder", _("到期前提醒")
        OVERDUE = "overdue", _("逾期，通知部门负责人")
        SUPERVISION = "supervision", _("逾期，发督办函")
        INTERVIEW = "interview", _("逾期，启动约谈")
        NOTICE = "notice", _("仍未办结，通报并扣分")

    matter = models.ForeignKey(Matter, models.PROTECT, related_name="escalations", verbose_name=_("事项"))
    stage = models.CharField(_("阶段"), max_length=12, choices=Stage.choices)
    due_on = models.DateField(_("整改时限"))
    falls_on = models.DateField(_("应催办日"))
    owner = models.ForeignKey("people.Agency", models.PROTECT, related_name="+", verbose_name=_("责任单位"))
    # The day the rule asks for and the moment the platform did it differ after an outage; both are kept.
    noted_at = models.DateTimeField(_("记录时间"))

    class Meta:
        verbose_name = _("催办督办")
        verbose_name_plural = _("催办督办")
        ordering = ["-falls_on", "-pk"]
        indexes = [models.Index(fields=["owner", "falls_on"], name="escalation_owner")]
        constraints = [models.UniqueConstraint(fields=["matter", "stage", "due_on"], name="escalation_once")]

    def __str__(self) -> str:
        return f"{self.matter.number} {self.get_stage_display()}"


class CalendarDay(models.Model):
    """One day that the office corrects in the national calendar; the last row of a date holds."""

    declared = append_only()

    class Kind(models.TextChoices):
        REST = "rest", _("放假")
        WORK = "work", _("上班")
        PUBLISHED = "published", _("恢复为公布的安排")

    day = models.DateField(_("日期"))
    kind = models.CharField(_("安排"), max_length=10, choices=Kind.choices)
    source = models.CharField(_("依据"), max_length=200)
    entered_at = models.DateTimeField(_("录入时间"))
    entered_by = models.CharField(_("录入人"), max_length=150)

    class Meta:
        verbose_name = _("工作日历调整")
        verbose_name_plural = _("工作日历调整")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.day} {self.get_kind_display()}"


class CalendarYear(models.Model):
    """Whether the days entered for a year are its whole notice; the last row of a year holds."""

    declared = append_only()

    year = models.PositiveSmallIntegerField(_("年份"))
    complete = models.BooleanField(_("已录全"))
    source = models.CharField(_("依据"), max_length=200)
    entered_at = models.DateTimeField(_("录入时间"))
    entered_by = models.CharField(_("录入人"), max_length=150)

    class Meta:
        verbose_name = _("年度工作日历")
        verbose_name_plural = _("年度工作日历")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return str(self.year)
