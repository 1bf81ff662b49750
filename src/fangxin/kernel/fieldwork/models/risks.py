from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fangxin.kernel.ledger.api import append_only, editable


class RiskOrder(models.Model):
    """What was learnt from earlier inspections of a division, and how good it was on later ones it had not seen."""

    declared = append_only()

    division_code = models.CharField(_("区划"), max_length=12)
    learnt_at = models.DateTimeField(_("学习时间"))
    learnt_by = models.CharField(_("学习人"), max_length=150, blank=True)
    inspections = models.PositiveIntegerField(_("学习的检查次数"))
    serious = models.PositiveIntegerField(_("其中有严重问题"))
    premises = models.PositiveIntegerField(_("排序的场所数"))
    windows = models.PositiveSmallIntegerField(_("核对期数"))
    checked = models.PositiveIntegerField(_("核对的检查次数"))
    # Probability that a visit with a serious finding scores above one without, over the windows; 0.5 is chance.
    area = models.FloatField(_("分辨力"))
    area_low = models.FloatField(_("分辨力下限（95%）"))
    area_high = models.FloatField(_("分辨力上限（95%）"))

    class Meta:
        verbose_name = _("风险次序")
        verbose_name_plural = _("风险次序")
        ordering = ["-learnt_at", "-pk"]
        indexes = [models.Index(fields=["division_code", "-learnt_at", "-id"], name="risk_order_newest")]

    def __str__(self) -> str:
        return f"{self.division_code} {self.learnt_at:%Y-%m-%d}"

    @property
    def usable(self) -> bool:
        """Better than chance beyond doubt, on inspections it had not seen; otherwise the grades decide."""
        return self.area_low > 0.5


class PremisesRisk(models.Model):
    """The chance of a serious finding at the next visit, by the newest order of the division. Older ones go."""

    declared = editable()

    order = models.ForeignKey(RiskOrder, models.PROTECT, related_name="risks", verbose_name=_("风险次序"))
    premises = models.ForeignKey(
        "registry.Premises", models.PROTECT, db_index=False, related_name="+", verbose_name=_("场所")
    )
    probability = models.FloatField(_("概率"))

    class Meta:
        verbose_name = _("场所风险值")
        verbose_name_plural = _("场所风险值")
        constraints = [
            models.UniqueConstraint(fields=["premises", "order"], name="premises_risk_once"),
            models.CheckConstraint(condition=Q(probability__gte=0, probability__lte=1), name="premises_risk_chance"),
        ]

    def __str__(self) -> str:
        return f"{self.premises} {self.probability:.3f}"
