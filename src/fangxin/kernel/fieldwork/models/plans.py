from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from fangxin.kernel.fieldwork.models.kinds import InspectionKind
from fangxin.kernel.ledger.api import editable, told_together


class InspectionPlan(models.Model):
    """A year of visits of one agency: grade × frequency, never more visits than the cap."""

    declared = editable()

    class State(models.TextChoices):
        DRAFT = "draft", _("草稿")
        APPROVED = "approved", _("已批准")
        WITHDRAWN = "withdrawn", _("已撤回")

    year = models.PositiveSmallIntegerField(_("年度"))
    agency = models.ForeignKey("people.Agency", models.PROTECT, related_name="+", verbose_name=_("检查机关"))
    division_code = models.CharField(_("区划"), max_length=12)
    name = models.CharField(_("名称"), max_length=120)
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.DRAFT)
    # At most so many planned visits to one premises in the year; re-checks and complaints stand outside.
    visit_cap = models.PositiveSmallIntegerField(_("每户每年检查上限"))
    # Without one, grade and last result decide the order of the visits.
    risk_order = models.ForeignKey(
        "fieldwork.RiskOrder", models.PROTECT, null=True, blank=True, related_name="plans", verbose_name=_("风险次序")
    )
    frequency_edition = models.CharField(_("检查频次依据"), max_length=120, blank=True)
    note = models.CharField(_("说明"), max_length=500, blank=True)
    made_at = models.DateTimeField(_("编制时间"))
    made_by = models.CharField(_("编制人"), max_length=150)
    approved_at = models.DateTimeField(_("批准时间"), null=True, blank=True)
    approved_by = models.CharField(_("批准人"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("年度检查计划")
        verbose_name_plural = _("年度检查计划")
        ordering = ["-year", "division_code", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["year", "agency", "division_code"],
                condition=~Q(state="withdrawn"),
                name="inspection_plan_once",
                violation_error_message=_("这个机关本年度已有检查计划，请在原计划上修改或者先撤回。"),
            ),
            models.CheckConstraint(condition=Q(visit_cap__gte=1), name="inspection_plan_cap"),
            told_together("approved_at", "approved_by", "inspection_plan_approved_told"),
        ]

    def __str__(self) -> str:
        return self.name


class PlannedVisit(models.Model):
    """One visit that is owed: why, with which checklist, from when and by when."""

    declared = editable()

    class Reason(models.TextChoices):
        FREQUENCY = "frequency", _("按等级和频次")
        DRAWN = "drawn", _("双随机抽中")
        FIRST_VISIT = "first_visit", _("发证后首次检查")
        RECHECK = "recheck", _("整改复查")
        SPECIAL = "special", _("专项")
        COMPLAINT = "complaint", _("投诉举报")

    class State(models.TextChoices):
        OPEN = "open", _("待检查")
        STARTED = "started", _("检查中")
        DONE = "done", _("已检查")
        CANCELLED = "cancelled", _("已取消")

    plan = models.ForeignKey(
        InspectionPlan, models.PROTECT, null=True, blank=True, related_name="visits", verbose_name=_("计划")
    )
    draw = models.ForeignKey(
        "fieldwork.Draw", models.PROTECT, null=True, blank=True, related_name="visits", verbose_name=_("双随机")
    )
    premises = models.ForeignKey(
        "registry.Premises", models.PROTECT, db_index=False, related_name="visits", verbose_name=_("检查对象")
    )
    division_code = models.CharField(_("区划"), max_length=12)
    agency = models.ForeignKey(
        "people.Agency", models.PROTECT, db_index=False, related_name="+", verbose_name=_("检查机关")
    )
    kind = models.CharField(_("检查类型"), max_length=12, choices=InspectionKind.choices)
    reason = models.CharField(_("缘由"), max_length=12, choices=Reason.choices)
    # What asked for it, in words: the grade and its frequency, the certificate, the matter.
    basis = models.CharField(_("依据"), max_length=200, blank=True)
    # What asked for it, named once: the same thing never asks for two visits.
    asked_from = models.CharField(_("来自"), max_length=200, unique=True, null=True, blank=True)
    checklist = models.CharField(_("检查表"), max_length=80)
    rechecks = models.ForeignKey(
        "fieldwork.Inspection", models.PROTECT, null=True, blank=True, related_name="recheck_visits",
        verbose_name=_("复查的检查"),
    )  # fmt: skip
    from_on = models.DateField(_("最早日期"))
    due_on = models.DateField(_("最迟日期"))
    # The chance of a serious finding by the last ordering, for the order of visits only.
    risk = models.FloatField(_("风险排序值"), null=True, blank=True)
    officers = models.ManyToManyField("people.User", related_name="+", blank=True, verbose_name=_("检查人员"))
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.OPEN)
    cancelled_reason = models.CharField(_("取消原因"), max_length=200, blank=True)
    made_at = models.DateTimeField(_("列入时间"))
    made_by = models.CharField(_("列入人"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("待办检查")
        verbose_name_plural = _("待办检查")
        ordering = ["due_on", "pk"]
        indexes = [
            models.Index(fields=["division_code", "state", "due_on", "id"], name="visit_list"),
            models.Index(fields=["due_on", "id", "division_code", "state"], name="visit_due"),
            models.Index(fields=["agency", "state", "due_on"], name="visit_agency"),
            models.Index(fields=["premises", "due_on"], name="visit_premises"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(due_on__gte=F("from_on")),
                name="visit_span_forward",
                violation_error_message=_("最迟日期早于最早日期，请核对。"),
            ),
            models.CheckConstraint(
                condition=Q(state="cancelled") & ~Q(cancelled_reason="")
                | ~Q(state="cancelled") & Q(cancelled_reason=""),
                name="visit_cancelled_with_reason",
                violation_error_message=_("取消检查须写明原因。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.premises} {self.get_kind_display()}"
