from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fangxin.actions.small_operators.models.fields import Kind
from fangxin.kernel.ledger.api import editable, told_together


class FirstVisit(models.Model):
    """The look on the spot that a new paper brings with it, within the ordinance's time."""

    declared = editable(kept_years=5)

    class Result(models.TextChoices):
        COMPLIANT = "compliant", _("合规")
        PROBLEMS = "problems", _("有问题，已交办整改")
        GONE = "gone", _("已不在经营")

    premises = models.ForeignKey(
        "registry.Premises", models.PROTECT, related_name="small_first_visits", verbose_name=_("经营场所")
    )
    credential = models.OneToOneField(
        "registry.Credential", models.PROTECT, related_name="small_first_visit", verbose_name=_("证件")
    )
    kind = models.CharField(_("类别"), max_length=16, choices=Kind.choices)
    division_code = models.CharField(_("区划"), max_length=12)
    due_on = models.DateField(_("首次检查时限"))
    visited_on = models.DateField(_("检查日期"), null=True, blank=True)
    result = models.CharField(_("结果"), max_length=10, choices=Result.choices, blank=True)
    products_seen = models.TextField(_("现场所见品种"), max_length=2000, blank=True)
    note = models.CharField(_("情况说明"), max_length=500, blank=True)
    matter = models.ForeignKey(
        "casework.Matter", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("问题事项")
    )
    recorded_at = models.DateTimeField(_("登记时间"), null=True, blank=True)
    recorded_by = models.CharField(_("登记人"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("首次检查")
        verbose_name_plural = _("首次检查")
        ordering = ["due_on", "pk"]
        indexes = [models.Index(fields=["division_code", "visited_on", "due_on"], name="small_visit_list")]
        constraints = [
            told_together("recorded_at", "recorded_by", "small_visit_recorded"),
            models.CheckConstraint(
                condition=Q(visited_on=None, result="") | (Q(visited_on__isnull=False) & ~Q(result="")),
                name="small_visit_has_result",
            ),
        ]

    def __str__(self) -> str:
        return str(self.premises)
