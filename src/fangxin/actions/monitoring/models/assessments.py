from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from fangxin.kernel.ledger.api import append_only


class Assessment(models.Model):
    """One run, kept as it was: what went in (and its digest), what was chosen, what came out."""

    declared = append_only()

    number = models.CharField(_("编号"), max_length=20, unique=True)
    division_code = models.CharField(_("区划"), max_length=12)
    hazard = models.CharField(_("危害物"), max_length=40)
    people = models.CharField(_("人群"), max_length=20)
    since = models.DateField(_("采样自"))
    until = models.DateField(_("采样至"))
    mode = models.CharField(_("类型"), max_length=10, choices=[("chronic", _("长期")), ("acute", _("短期"))])
    reference_point = models.CharField(_("参考值"), max_length=80)
    parameters = models.JSONField(_("参数"))
    inputs = models.JSONField(_("输入"))
    inputs_digest = models.CharField(_("输入摘要"), max_length=128)
    results = models.JSONField(_("结果"))
    # Of the guidance value at the upper bound; for a benchmark dose, margin wanted over margin found.
    burden = models.FloatField(_("占参考值"), null=True, blank=True)
    concern = models.BooleanField(_("需要关注"), null=True, blank=True)
    assessed_at = models.DateTimeField(_("评估时间"))
    assessed_by = models.CharField(_("评估人"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("膳食暴露评估")
        verbose_name_plural = _("膳食暴露评估")
        ordering = ["-number"]
        indexes = [
            models.Index(fields=["division_code", "-number"], name="monitoring_assessment_list"),
            models.Index(fields=["hazard", "people"], name="monitoring_assessment_hazard"),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("monitoring:assessment", args=[self.pk])
