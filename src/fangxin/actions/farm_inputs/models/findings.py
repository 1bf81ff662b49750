from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from fangxin.actions.farm_inputs.models.batches import Batch, Harvest
from fangxin.actions.farm_inputs.models.farms import Farm
from fangxin.actions.farm_inputs.models.fields import KEPT_YEARS
from fangxin.actions.farm_inputs.models.records import Application
from fangxin.kernel.ledger.api import append_only


class Finding(models.Model):
    """What the rules found in a record, with the clause, and the matter it became."""

    declared = append_only(kept_years=KEPT_YEARS)

    farm = models.ForeignKey(Farm, models.PROTECT, related_name="findings", verbose_name=_("农场"))
    batch = models.ForeignKey(Batch, models.PROTECT, related_name="findings", verbose_name=_("批次"))
    application = models.ForeignKey(
        Application, models.PROTECT, null=True, blank=True, related_name="findings", verbose_name=_("用药记录")
    )
    harvest = models.ForeignKey(
        Harvest, models.PROTECT, null=True, blank=True, related_name="findings", verbose_name=_("采收记录")
    )
    division_code = models.CharField(_("区划"), max_length=12)
    code = models.CharField(_("问题"), max_length=30)
    text = models.CharField(_("说明"), max_length=500)
    clause = models.CharField(_("依据"), max_length=300)
    found_on = models.DateField(_("发现日期"))
    matter = models.ForeignKey(
        "casework.Matter", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("问题事项")
    )
    recorded_at = models.DateTimeField(_("登记时间"))
    recorded_by = models.CharField(_("登记人"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("用药问题")
        verbose_name_plural = _("用药问题")
        ordering = ["-found_on", "-pk"]
        indexes = [models.Index(fields=["division_code", "found_on"], name="farm_finding_list")]

    def __str__(self) -> str:
        return self.text

    def get_absolute_url(self) -> str:
        return reverse("farm_inputs:batch", args=[self.batch_id])
