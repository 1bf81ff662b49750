from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fangxin.kernel.ledger.api import editable, told_together


class PremisesGrade(models.Model):
    """A grade of one premises for one year on one scale: proposed, reviewed by a second person, told.

    A letter means nothing without its scale: the risk scale's A is the least risky, the hygiene scale's A the best.
    """

    declared = editable(kept_years=5)

    class State(models.TextChoices):
        SCORED = "scored", _("已评分，待复核")
        CONFIRMED = "confirmed", _("已确定")
        TOLD = "told", _("已告知")
        REPLACED = "replaced", _("已被重新评定替代")
        REFUSED = "refused", _("复核退回")

    premises = models.ForeignKey(
        "registry.Premises", models.PROTECT, db_index=False, related_name="grades", verbose_name=_("对象")
    )
    division_code = models.CharField(_("区划"), max_length=12)
    year = models.PositiveSmallIntegerField(_("年度"))
    scale = models.CharField(_("等级制"), max_length=40)
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.SCORED)
    static_points = models.DecimalField(_("静态分"), max_digits=5, decimal_places=2, null=True, blank=True)
    dynamic_points = models.DecimalField(_("动态分"), max_digits=5, decimal_places=2, null=True, blank=True)
    total = models.DecimalField(_("总分"), max_digits=5, decimal_places=2, null=True, blank=True)
    before = models.CharField(_("调整前等级"), max_length=20)
    triggers = models.JSONField(_("调整情形"), default=list, blank=True)
    grade = models.CharField(_("等级"), max_length=20)
    key_supervision = models.BooleanField(_("重点监管"), default=False)
    # Inputs, edition and comparison, as the engine gave them.
    basis = models.JSONField(_("评定依据"), default=dict, blank=True)
    effective_from = models.DateField(_("适用自"))
    scored_at = models.DateTimeField(_("评分时间"))
    scored_by = models.CharField(_("评分人"), max_length=150)
    confirmed_at = models.DateTimeField(_("复核时间"), null=True, blank=True)
    confirmed_by = models.CharField(_("复核人"), max_length=150, blank=True)
    told_at = models.DateTimeField(_("告知时间"), null=True, blank=True)
    told_by = models.CharField(_("告知人"), max_length=150, blank=True)
    note = models.CharField(_("说明"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("等级评定")
        verbose_name_plural = _("等级评定")
        ordering = ["-year", "-pk"]
        indexes = [
            models.Index(fields=["division_code", "scale", "year", "grade", "id"], name="grade_list"),
            models.Index(fields=["premises", "scale", "-effective_from"], name="grade_premises"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["premises", "scale", "year"],
                condition=Q(state__in=["scored", "confirmed", "told"]),
                name="grade_once_a_year",
                violation_error_message=_("本年度已有等级评定；如需调整请“重新评定”。"),
            ),
            told_together("confirmed_at", "confirmed_by", "grade_confirmed_told"),
            told_together("told_at", "told_by", "grade_told_told"),
            models.CheckConstraint(
                condition=Q(confirmed_at=None) | ~Q(confirmed_by=models.F("scored_by")),
                name="grade_second_person",
                violation_error_message=_("评分人不能复核自己的评分，请由另一名人员复核。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scale} {self.grade}"
