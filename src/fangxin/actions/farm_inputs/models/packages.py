"""Empty bottles and bags: where they are taken back, how many, and where they went."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from fangxin.actions.farm_inputs.models.dealers import Dealer
from fangxin.actions.farm_inputs.models.farms import Farm
from fangxin.actions.farm_inputs.models.fields import amount, place_validator
from fangxin.kernel.ledger.api import append_only, editable


class PackagePoint(models.Model):
    """Where empty packages may be handed in."""

    declared = editable(kept_years=5)

    division_code = models.CharField(_("区划"), max_length=12, validators=[place_validator])
    name = models.CharField(_("回收点"), max_length=120)
    address = models.CharField(_("地址"), max_length=200, blank=True)
    dealer = models.ForeignKey(
        Dealer, models.PROTECT, null=True, blank=True, related_name="package_points", verbose_name=_("设在农资店")
    )
    opened_on = models.DateField(_("设立日期"))
    closed_on = models.DateField(_("撤销日期"), null=True, blank=True)
    recorded_at = models.DateTimeField(_("登记时间"))
    recorded_by = models.CharField(_("登记人"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("包装废弃物回收点")
        verbose_name_plural = _("包装废弃物回收点")
        ordering = ["division_code", "name", "pk"]
        indexes = [models.Index(fields=["division_code", "name", "id"], name="farm_package_point_list")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("farm_inputs:point", args=[self.pk])


class PackageMove(models.Model):
    """Packages that came to a point, or went from it to whoever disposes of them."""

    declared = append_only(kept_years=5)

    class Kind(models.TextChoices):
        TAKEN = "taken", _("收回")
        HANDED_ON = "handed_on", _("转运处置")

    class Material(models.TextChoices):
        BOTTLE = "bottle", _("瓶")
        BAG = "bag", _("袋")
        OTHER = "other", _("其他、混装")

    point = models.ForeignKey(PackagePoint, models.PROTECT, related_name="moves", verbose_name=_("回收点"))
    division_code = models.CharField(_("区划"), max_length=12)
    kind = models.CharField(_("类别"), max_length=10, choices=Kind.choices)
    on = models.DateField(_("日期"))
    material = models.CharField(_("材质"), max_length=8, choices=Material.choices, default=Material.OTHER)
    packs = models.PositiveIntegerField(_("件数"), null=True, blank=True)
    weight_kg = amount(_("重量（千克）"), null=True, blank=True)
    farm = models.ForeignKey(
        Farm, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("交回的农场")
    )
    receiver = models.CharField(_("接收处置单位"), max_length=120, blank=True)
    evidence = models.ForeignKey(
        "ledger.EvidenceFile", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("交接单、照片")
    )
    note = models.CharField(_("说明"), max_length=200, blank=True)
    recorded_at = models.DateTimeField(_("登记时间"))
    recorded_by = models.CharField(_("登记人"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("包装回收记录")
        verbose_name_plural = _("包装回收记录")
        ordering = ["-on", "-pk"]
        indexes = [models.Index(fields=["division_code", "on"], name="farm_package_move_list")]
        constraints = [
            models.CheckConstraint(
                condition=Q(packs__isnull=False, packs__gt=0) | Q(weight_kg__isnull=False, weight_kg__gt=0),
                name="farm_package_move_measured",
                violation_error_message=_("件数和重量至少填一项。"),
            ),
            models.CheckConstraint(
                condition=~Q(kind="handed_on") | ~Q(receiver=""),
                name="farm_package_move_receiver",
                violation_error_message=_("转运处置请写明接收单位。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.point} {self.on}"
