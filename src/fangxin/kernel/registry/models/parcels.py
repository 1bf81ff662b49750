from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from fangxin.kernel.ledger.declarations import editable
from fangxin.kernel.registry.models.subjects import Operator
from fangxin.kernel.registry.rules import parcel_place_validator


class Parcel(models.Model):
    """Where food grows: a field, an orchard, a greenhouse, a pond or a house for a herd."""

    declared = editable(kept_years=5)

    class Kind(models.TextChoices):
        FIELD = "field", _("大田")
        ORCHARD = "orchard", _("果园")
        GREENHOUSE = "greenhouse", _("设施大棚")
        POND = "pond", _("养殖池塘")
        HERD_HOUSE = "herd_house", _("养殖圈舍")

    class LandUse(models.TextChoices):
        PADDY = "paddy", _("水田")
        DRY = "dry", _("旱地")
        ROTATION = "rotation", _("水旱轮作")
        ORCHARD = "orchard", _("果园")
        OTHER = "other", _("其他")

    number = models.CharField(_("地块编号"), max_length=30, unique=True)
    name = models.CharField(_("名称"), max_length=80)
    kind = models.CharField(_("类别"), max_length=12, choices=Kind.choices)
    operator = models.ForeignKey(
        Operator, models.PROTECT, null=True, blank=True, related_name="parcels", verbose_name=_("经营主体")
    )
    division_code = models.CharField(_("区划"), max_length=12, validators=[parcel_place_validator])
    area_mu = models.DecimalField(
        _("面积（亩）"),
        max_digits=10,
        decimal_places=2,
        validators=[MinValueValidator(Decimal("0.01")), MaxValueValidator(Decimal(1_000_000))],
    )
    crop = models.CharField(_("作物（养殖品种）"), max_length=60, blank=True)
    land_use = models.CharField(_("土地利用"), max_length=10, choices=LandUse.choices, default=LandUse.OTHER)
    # GeoJSON, checked by `engines.land` before it comes here.
    geometry = models.JSONField(_("边界"), null=True, blank=True)
    longitude = models.FloatField(
        _("经度（WGS-84）"), null=True, blank=True, validators=[MinValueValidator(-180), MaxValueValidator(180)]
    )
    latitude = models.FloatField(
        _("纬度（WGS-84）"), null=True, blank=True, validators=[MinValueValidator(-90), MaxValueValidator(90)]
    )
    closed_on = models.DateField(_("停用日期"), null=True, blank=True)
    recorded_at = models.DateTimeField(_("登记时间"))
    recorded_by = models.CharField(_("登记人"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("地块")
        verbose_name_plural = _("地块")
        ordering = ["division_code", "number"]
        indexes = [
            models.Index(fields=["division_code", "number"], name="parcel_list"),
            models.Index(fields=["operator", "number"], name="parcel_operator"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(latitude=None, longitude=None) | Q(latitude__isnull=False, longitude__isnull=False),
                name="parcel_point_whole",
                violation_error_message=_("经度和纬度须同时填写。"),
            ),
            models.CheckConstraint(
                condition=Q(area_mu__gt=0),
                name="parcel_area_positive",
                violation_error_message=_("面积应大于 0。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}（{self.number}）"

    def get_absolute_url(self) -> str:
        return reverse("registry:parcel", args=[self.pk])
