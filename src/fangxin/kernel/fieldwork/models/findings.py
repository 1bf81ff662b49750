from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fangxin.kernel.ledger.api import editable, told_together


class Finding(models.Model):
    """An item that failed, what the rule asks to be done about it, and until when."""

    declared = editable()

    class Measure(models.TextChoices):
        """What follows (Supervision and Inspection Measures, articles 31–33 and 37)."""

        CORRECT_ON_SITE = "correct_on_site", _("当场改正")
        CORRECT_BY = "correct_by", _("限期改正")
        CORRECT_LABEL = "correct_label", _("责令改正标签瑕疵")
        INVESTIGATE = "investigate", _("调查处理")
        STOP = "stop", _("立即停止")

    inspection = models.ForeignKey(
        "fieldwork.Inspection", models.PROTECT, related_name="findings", verbose_name=_("检查")
    )
    division_code = models.CharField(_("区划"), max_length=12)
    code = models.CharField(_("项目"), max_length=30)
    text = models.CharField(_("问题"), max_length=600)
    clause = models.CharField(_("依据条款"), max_length=200)
    key = models.BooleanField(_("重点项"), default=False)
    measure = models.CharField(_("处理"), max_length=16, choices=Measure.choices)
    owner = models.ForeignKey("people.Agency", models.PROTECT, related_name="+", verbose_name=_("整改责任单位"))
    correct_by = models.DateField(_("改正期限"), null=True, blank=True)
    # The matter it became, under the key by which it was announced; empty when it was put right on the spot.
    matter_key = models.CharField(_("问题事项"), max_length=200, blank=True)
    found_on = models.DateField(_("发现日期"))
    closed_at = models.DateTimeField(_("整改完成时间"), null=True, blank=True)
    closed_by = models.CharField(_("整改确认人"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("检查发现")
        verbose_name_plural = _("检查发现")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["division_code", "-found_on", "-id"], name="finding_list"),
            models.Index(fields=["-found_on", "-id", "division_code"], name="finding_newest"),
            models.Index(fields=["division_code", "correct_by"], condition=Q(closed_at=None), name="finding_open"),
            models.Index(fields=["matter_key"], condition=~Q(matter_key=""), name="finding_matter"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["inspection", "code"], name="finding_once"),
            told_together("closed_at", "closed_by", "finding_closed_told"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.text[:40]}"
