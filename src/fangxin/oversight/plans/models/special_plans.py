from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from fangxin.engines.deadlines import late_days
from fangxin.kernel.ledger.api import Personal, append_only, editable
from fangxin.oversight.plans.models.actions import Action
from fangxin.oversight.plans.models.fields import by_with_at, evidence, person


class SpecialPlan(models.Model):
    """The lead department's own scheme for its action, sent to the food-safety office once."""

    declared = editable(
        personal={
            "responsible_person": Personal.NAME,
            "contact_officer": Personal.NAME,
            "contact_phone": Personal.CONTACT,
        }
    )

    class State(models.TextChoices):
        DRAFTING = "drafting", _("起草")
        COUNTERSIGNING = "countersigning", _("会签")
        REVIEWING = "reviewing", _("审定")
        SUBMITTED = "submitted", _("已报送")
        RETURNED = "returned", _("已退回")
        FILED = "filed", _("已备案")

    action = models.OneToOneField(Action, models.PROTECT, related_name="special_plan", verbose_name=_("行动"))
    agency = models.ForeignKey(
        "people.Agency", models.PROTECT, related_name="special_plans", verbose_name=_("牵头单位")
    )
    division_code = models.CharField(_("区划"), max_length=12, db_index=True)
    due_on = models.DateField(_("报送期限"))
    state = models.CharField(_("状态"), max_length=14, choices=State.choices, default=State.DRAFTING)
    goals = models.TextField(_("工作目标"), blank=True)
    measures = models.TextField(_("工作措施"), blank=True)
    division_of_labour = models.TextField(_("职责分工"), blank=True)
    timetable = models.TextField(_("时间安排"), blank=True)
    safeguards = models.TextField(_("保障措施"), blank=True)
    annual_tasks = models.TextField(_("年度任务清单"), blank=True)
    responsible_person = models.CharField(_("责任人"), max_length=60, blank=True)
    contact_officer = models.CharField(_("联络员"), max_length=60, blank=True)
    contact_phone = models.CharField(_("联系电话"), max_length=30, blank=True)
    attachment = evidence(_("附件"))
    drafted_at = models.DateTimeField(_("起草时间"), null=True, blank=True)
    drafted_by = person(_("起草人"))
    approved_at = models.DateTimeField(_("审定时间"), null=True, blank=True)
    approved_by = person(_("审定人"))
    # The first time it reached the office decides whether it came in time; a return by the office is another matter.
    submitted_at = models.DateTimeField(_("首次报送时间"), null=True, blank=True)
    filed_at = models.DateTimeField(_("备案时间"), null=True, blank=True)
    filed_by = person(_("备案人"))
    overdue_announced_at = models.DateTimeField(_("逾期立账时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("专项方案")
        verbose_name_plural = _("专项方案")
        ordering = ["action__number", "pk"]
        constraints = [
            by_with_at("special_plan_drafted", "drafted"),
            by_with_at("special_plan_approved", "approved"),
            by_with_at("special_plan_filed", "filed"),
            models.CheckConstraint(
                condition=models.Q(approved_by=None) | ~models.Q(approved_by=models.F("drafted_by")),
                name="special_plan_two_persons",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.action} · {_('专项方案')}"

    def days_late(self, today: date) -> int:
        """Calendar days after the due date, up to the first submission or today."""
        return late_days(self.due_on, self.submitted_at or today)


class SpecialPlanStep(models.Model):
    """Who moved the scheme on, when, and what they said."""

    declared = append_only()

    class Verb(models.TextChoices):
        SENT_TO_COUNTERSIGN = "sent_to_countersign", _("送会签")
        COUNTERSIGNED = "countersigned", _("同意会签")
        SENT_TO_REVIEW = "sent_to_review", _("送审定")
        APPROVED = "approved", _("审定并报送")
        FILED = "filed", _("备案")
        RETURNED = "returned", _("退回修改")

    special_plan = models.ForeignKey(SpecialPlan, models.PROTECT, related_name="steps", verbose_name=_("专项方案"))
    verb = models.CharField(_("办理"), max_length=20, choices=Verb.choices)
    agency = models.ForeignKey(
        "people.Agency", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("单位")
    )
    text = models.TextField(_("意见"), blank=True)
    at = models.DateTimeField(_("时间"))
    by = person(_("办理人"))

    class Meta:
        verbose_name = _("专项方案办理记录")
        verbose_name_plural = _("专项方案办理记录")
        ordering = ["special_plan", "pk"]

    def __str__(self) -> str:
        return f"{self.verb} {self.at:%Y-%m-%d}"
