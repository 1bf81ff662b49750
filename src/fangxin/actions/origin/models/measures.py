from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from fangxin.kernel.ledger.api import editable, told_together


class SoilMeasure(models.Model):
    """What is done on a whole parcel so that its produce is safe, or so that nothing edible grows there. Where only a part
    is treated, the parcel is divided first."""

    declared = editable(kept_years=30)

    class State(models.TextChoices):
        PLANNED = "planned", _("拟采取")
        APPROVED = "approved", _("已批准")
        EXECUTED = "executed", _("已实施")
        ENDED = "ended", _("已结束")
        WITHDRAWN = "withdrawn", _("已取消")

    number = models.CharField(_("编号"), max_length=30, unique=True)
    parcel = models.ForeignKey("registry.Parcel", models.PROTECT, related_name="soil_measures", verbose_name=_("地块"))
    division_code = models.CharField(_("区划"), max_length=12)
    kind = models.CharField(_("措施"), max_length=30)
    label = models.CharField(_("措施名称"), max_length=80)
    # The classes of land for which this measure counts, as the rules of the day said.
    fits_safe_use = models.BooleanField(_("适用安全利用类"), default=False)
    fits_strict = models.BooleanField(_("适用严格管控类"), default=False)
    detail = models.CharField(_("做法（品种、用量、作物等）"), max_length=500, blank=True)
    starts_on = models.DateField(_("自"))
    ends_on = models.DateField(_("至"))
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.PLANNED)
    planned_at = models.DateTimeField(_("登记时间"))
    planned_by = models.CharField(_("登记人"), max_length=150, blank=True)
    approved_at = models.DateTimeField(_("批准时间"), null=True, blank=True)
    approved_by = models.CharField(_("批准人"), max_length=150, blank=True)
    executed_on = models.DateField(_("实施日期"), null=True, blank=True)
    evidence = models.ForeignKey(
        "ledger.EvidenceFile", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("实施证据")
    )
    result = models.CharField(_("实施情况"), max_length=500, blank=True)
    ended_on = models.DateField(_("结束日期"), null=True, blank=True)

    class Meta:
        verbose_name = _("管控措施")
        verbose_name_plural = _("管控措施")
        ordering = ["-starts_on", "number"]
        indexes = [
            models.Index(fields=["division_code", "state", "number"], name="origin_measure_list"),
            models.Index(fields=["parcel", "state"], name="origin_measure_parcel"),
        ]
        constraints = [
            told_together("approved_at", "approved_by", "origin_measure_approved"),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="origin_measure_forward",
                violation_error_message=_("结束日期早于开始日期，请核对。"),
            ),
            models.CheckConstraint(
                condition=Q(approved_by="") | ~Q(approved_by=F("planned_by")), name="origin_measure_second_person"
            ),
            # A measure counts only once somebody has shown that it was done.
            models.CheckConstraint(
                condition=~Q(state__in=["executed", "ended"])
                | Q(executed_on__isnull=False, evidence__isnull=False, approved_at__isnull=False),
                name="origin_measure_shown",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label}（{self.number}）"

    def get_absolute_url(self) -> str:
        return reverse("origin:measure", args=[self.pk])
