from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from fangxin.kernel.laboratory.models.fields import decimal_text
from fangxin.kernel.ledger.api import append_only, editable, told_together


class QualitySample(models.Model):
    """A control of known content (质控样): what it should read, and how much it may scatter."""

    declared = editable(kept_years=6)

    laboratory = models.ForeignKey("people.Agency", models.PROTECT, related_name="+", verbose_name=_("检验机构"))
    division_code = models.CharField(_("区划"), max_length=12)
    analyte = models.CharField(_("检验项目"), max_length=120)
    method = models.CharField(_("检验方法"), max_length=120, blank=True)
    level = models.CharField(_("水平"), max_length=30)
    lot = models.CharField(_("批号"), max_length=60)
    unit = models.CharField(_("单位"), max_length=30)
    mean = decimal_text(_("靶值"))
    sd = decimal_text(_("标准差"))
    # From how many runs mean and deviation were found; fewer than 20 are shown as provisional.
    found_from = models.PositiveSmallIntegerField(_("定值批数"), default=20)
    active = models.BooleanField(_("在用"), default=True)
    made_at = models.DateTimeField(_("登记时间"))
    made_by = models.CharField(_("登记人"), max_length=150)

    class Meta:
        verbose_name = _("质控样")
        verbose_name_plural = _("质控样")
        ordering = ["analyte", "level", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["laboratory", "analyte", "method", "level", "lot"],
                name="quality_sample_once",
                violation_error_message=_("这个批号和水平的质控样已经登记。"),
            ),
            models.CheckConstraint(condition=~Q(mean="") & ~Q(sd=""), name="quality_sample_has_target"),
        ]

    def __str__(self) -> str:
        return f"{self.analyte} {self.level}（{self.lot}）"

    def get_absolute_url(self) -> str:
        return reverse("laboratory:quality_chart", args=[self.pk])


class AnalyticalRun(models.Model):
    """Samples and controls measured together; what the controls say holds for all of them."""

    declared = editable(kept_years=6)

    class Outcome(models.TextChoices):
        OPEN = "open", _("没有质控结果")
        ACCEPTED = "accepted", _("在控")
        WARNING = "warning", _("警告")
        REJECTED = "rejected", _("失控")

    number = models.CharField(_("分析批编号"), max_length=40, unique=True)
    laboratory = models.ForeignKey("people.Agency", models.PROTECT, related_name="+", verbose_name=_("检验机构"))
    division_code = models.CharField(_("区划"), max_length=12)
    analyte = models.CharField(_("检验项目"), max_length=120)
    method = models.CharField(_("检验方法"), max_length=120, blank=True)
    measured_on = models.DateField(_("测定日期"))
    outcome = models.CharField(_("质控结论"), max_length=10, choices=Outcome.choices, default=Outcome.OPEN)
    # Rule, level and values of each violation, as the engine told them.
    violations = models.JSONField(_("违反的规则"), default=list, blank=True)
    opened_at = models.DateTimeField(_("建立时间"))
    opened_by = models.CharField(_("建立人"), max_length=150)
    released_at = models.DateTimeField(_("放行时间"), null=True, blank=True)
    released_by = models.CharField(_("放行人"), max_length=150, blank=True)
    release_reason = models.CharField(_("放行理由"), max_length=400, blank=True)

    class Meta:
        verbose_name = _("分析批")
        verbose_name_plural = _("分析批")
        ordering = ["-measured_on", "-pk"]
        indexes = [models.Index(fields=["laboratory", "analyte", "-measured_on", "-id"], name="run_list")]
        constraints = [
            told_together("released_at", "released_by", "run_released_told"),
            models.CheckConstraint(
                condition=Q(released_at=None) | ~Q(release_reason=""), name="run_released_with_reason"
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def rules_broken(self) -> list[str]:
        return list(dict.fromkeys(one["rule"] for one in self.violations))

    @property
    def blocks(self) -> bool:
        """Whether its results may not be verified yet."""
        return self.outcome == self.Outcome.REJECTED and self.released_at is None


class ControlPoint(models.Model):
    """One value of a control in a run."""

    declared = append_only(kept_years=6)

    quality_sample = models.ForeignKey(
        QualitySample, models.PROTECT, related_name="points", db_index=False, verbose_name=_("质控样")
    )
    run = models.ForeignKey(AnalyticalRun, models.PROTECT, related_name="points", verbose_name=_("分析批"))
    number = decimal_text(_("测定值"))
    entered_at = models.DateTimeField(_("录入时间"))
    entered_by = models.CharField(_("录入人"), max_length=150)

    class Meta:
        verbose_name = _("质控结果")
        verbose_name_plural = _("质控结果")
        ordering = ["pk"]
        indexes = [models.Index(fields=["quality_sample", "id"], name="control_point_chart")]
        constraints = [models.CheckConstraint(condition=~Q(number=""), name="control_point_has_number")]

    def __str__(self) -> str:
        return f"{self.quality_sample} {self.number}"
