from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from fangxin.actions.farm_inputs.models.fields import KEPT_YEARS, place_validator
from fangxin.kernel.ledger.api import editable


class Farm(models.Model):
    """A farm of the register that keeps its records here: an enterprise, a cooperative or a household."""

    declared = editable(kept_years=KEPT_YEARS)

    class Kind(models.TextChoices):
        CROP = "crop", _("种植")
        LIVESTOCK = "livestock", _("畜禽养殖")
        AQUATIC = "aquatic", _("水产养殖")

    premises = models.OneToOneField(
        "registry.Premises", models.PROTECT, related_name="farm", verbose_name=_("种植养殖主体")
    )
    division_code = models.CharField(_("区划"), max_length=12, validators=[place_validator])
    kind = models.CharField(_("类型"), max_length=10, choices=Kind.choices)
    household = models.BooleanField(
        _("农户"), default=False, help_text=_("自己种养的农户；企业、合作社、家庭农场不勾。")
    )
    # What it sowed this year, of all crops together: the denominator of use per area.
    sown_area_mu = models.DecimalField(_("播种面积（亩）"), max_digits=10, decimal_places=2, null=True, blank=True)
    since = models.DateField(_("开始记录日期"))
    ended_on = models.DateField(_("停止记录日期"), null=True, blank=True)
    entered_at = models.DateTimeField(_("建档时间"))
    entered_by = models.CharField(_("建档人"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("农场档案")
        verbose_name_plural = _("农场档案")
        ordering = ["division_code", "pk"]
        indexes = [models.Index(fields=["division_code", "kind"], name="farm_list")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(ended_on__gte=models.F("since")),
                name="farm_span_forward",
                violation_error_message=_("停止日期早于开始日期，请核对。"),
            )
        ]

    def __str__(self) -> str:
        return self.premises.name

    def get_absolute_url(self) -> str:
        return reverse("farm_inputs:farm", args=[self.pk])
