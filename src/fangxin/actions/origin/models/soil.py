from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from fangxin.actions.origin.models.choices import place_validator
from fangxin.kernel.ledger.api import append_only, editable


class SoilZone(models.TextChoices):
    """Where a point stands by the soil standard; the words carry the meaning, colours only repeat it."""

    LOW = "low", _("低于筛选值")
    BETWEEN = "between", _("介于筛选值和管制值")
    ABOVE = "above", _("高于管制值")
    UNDETERMINED = "undetermined", _("不能判定")


class SoilPoint(models.Model):
    """A place where soil is sampled again and again."""

    declared = editable(kept_years=30)

    class LandUse(models.TextChoices):
        PADDY = "paddy", _("水田")
        DRY = "dry", _("旱地")
        ROTATION = "rotation", _("水旱轮作")
        ORCHARD = "orchard", _("果园")
        OTHER = "other", _("其他")

    code = models.CharField(_("点位编号"), max_length=30, unique=True)
    division_code = models.CharField(_("区划"), max_length=12, validators=[place_validator])
    parcel = models.ForeignKey(
        "registry.Parcel", models.PROTECT, null=True, blank=True, related_name="soil_points", verbose_name=_("地块")
    )
    land_use = models.CharField(_("土地利用"), max_length=10, choices=LandUse.choices)
    crop = models.CharField(_("作物"), max_length=60, blank=True)
    soil_type = models.CharField(_("土壤类型"), max_length=40, blank=True)
    longitude = models.FloatField(
        _("经度（WGS-84）"), null=True, blank=True, validators=[MinValueValidator(-180), MaxValueValidator(180)]
    )
    latitude = models.FloatField(
        _("纬度（WGS-84）"), null=True, blank=True, validators=[MinValueValidator(-90), MaxValueValidator(90)]
    )
    # The zone of the newest sample that stands, for lists; its own page shows how it came about.
    zone = models.CharField(_("最近一次判定"), max_length=12, choices=SoilZone.choices, blank=True, editable=False)
    sampled_on = models.DateField(_("最近采样日期"), null=True, blank=True, editable=False)
    note = models.CharField(_("说明"), max_length=300, blank=True)
    recorded_at = models.DateTimeField(_("登记时间"))
    recorded_by = models.CharField(_("登记人"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("土壤点位")
        verbose_name_plural = _("土壤点位")
        ordering = ["division_code", "code"]
        indexes = [
            models.Index(fields=["division_code", "code"], name="origin_point_list"),
            models.Index(fields=["parcel", "code"], name="origin_point_parcel"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(latitude=None, longitude=None) | Q(latitude__isnull=False, longitude__isnull=False),
                name="origin_point_whole",
                violation_error_message=_("经度和纬度须同时填写。"),
            )
        ]

    def __str__(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        return reverse("origin:point", args=[self.pk])


class SoilSample(models.Model):
    """What a laboratory found in the soil of a point on a day, and what the standard of that day says of it.

    `readings` keeps the reported texts by element, `judged` the comparison of each with clause and limits. A correction
    is a new row that replaces the old one.
    """

    declared = append_only(kept_years=30)

    point = models.ForeignKey(SoilPoint, models.PROTECT, related_name="samples", verbose_name=_("土壤点位"))
    division_code = models.CharField(_("区划"), max_length=12)
    sampled_on = models.DateField(_("采样日期"))
    depth = models.CharField(_("采样深度（厘米）"), max_length=20, default="0-20")
    land_use = models.CharField(_("土地利用"), max_length=10, choices=SoilPoint.LandUse.choices)
    ph = models.DecimalField(
        "pH",
        max_digits=4,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(14))],
    )
    cec = models.DecimalField(_("阳离子交换量（cmol/kg）"), max_digits=7, decimal_places=2, null=True, blank=True)
    organic_matter = models.DecimalField(_("有机质（g/kg）"), max_digits=7, decimal_places=2, null=True, blank=True)
    readings = models.JSONField(_("测定值"), default=dict)
    laboratory = models.CharField(_("检测机构"), max_length=120, blank=True)
    report_number = models.CharField(_("报告编号"), max_length=60, blank=True)
    zone = models.CharField(_("判定"), max_length=12, choices=SoilZone.choices)
    judged = models.JSONField(_("判定依据"), default=list)
    standard = models.CharField(_("标准"), max_length=40)
    worst = models.CharField(_("主要元素"), max_length=10, blank=True)
    worst_index = models.DecimalField(_("最大单项指数"), max_digits=12, decimal_places=4, null=True, blank=True)
    nemerow = models.DecimalField(_("内梅罗指数"), max_digits=12, decimal_places=4, null=True, blank=True)
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="replaced_by", verbose_name=_("更正")
    )
    reason = models.CharField(_("更正原因"), max_length=300, blank=True)
    entered_at = models.DateTimeField(_("录入时间"))
    entered_by = models.CharField(_("录入人"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("土壤检测结果")
        verbose_name_plural = _("土壤检测结果")
        ordering = ["-sampled_on", "-pk"]
        indexes = [
            models.Index(fields=["point", "sampled_on"], name="origin_soil_point"),
            models.Index(fields=["division_code", "sampled_on"], name="origin_soil_list"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["point", "sampled_on", "depth"],
                condition=Q(replaces=None),
                name="origin_soil_once",
                violation_error_message=_("这个点位当天同一深度的结果已有。要改正，请在点位页面办理更正。"),
            ),
            models.CheckConstraint(
                condition=Q(replaces=None) | ~Q(reason=""),
                name="origin_soil_correction_reasoned",
                violation_error_message=_("更正须写明原因。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.point} {self.sampled_on}"


class ProduceResult(models.Model):
    """A tested element in the produce of a parcel, beside the parcel's soil. The newest row of a sample and element
    counts: a corrected verdict comes as a further row."""

    declared = append_only(kept_years=30)

    class Outcome(models.TextChoices):
        CONFORMING = "conforming", _("符合")
        NONCONFORMING = "nonconforming", _("超过限量")
        UNDETERMINED = "undetermined", _("不能判定")
        NOT_REGULATED = "not_regulated", _("没有限量")
        PENDING_SPECIATION = "pending_speciation", _("待测形态")

    parcel = models.ForeignKey(
        "registry.Parcel", models.PROTECT, related_name="produce_results", verbose_name=_("地块")
    )
    division_code = models.CharField(_("区划"), max_length=12)
    sample_number = models.CharField(_("样品编号"), max_length=60)
    food = models.CharField(_("样品"), max_length=120)
    analyte = models.CharField(_("项目"), max_length=40)
    element = models.CharField(_("元素"), max_length=10)
    value = models.CharField(_("结果"), max_length=40)
    unit = models.CharField(_("单位"), max_length=20, blank=True)
    limit = models.DecimalField(_("限量"), max_digits=14, decimal_places=6, null=True, blank=True)
    multiple = models.DecimalField(_("结果为限量的倍数"), max_digits=14, decimal_places=4, null=True, blank=True)
    outcome = models.CharField(_("结论"), max_length=20, choices=Outcome.choices)
    standard = models.CharField(_("标准"), max_length=80, blank=True)
    sampled_on = models.DateField(_("采样日期"))
    told_at = models.DateTimeField(_("收到时间"))
    told_by = models.CharField(_("登记人"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("农产品检测结果")
        verbose_name_plural = _("农产品检测结果")
        ordering = ["-sampled_on", "-pk"]
        indexes = [
            models.Index(fields=["parcel", "sampled_on"], name="origin_produce_parcel"),
            models.Index(fields=["division_code", "sampled_on"], name="origin_produce_list"),
            models.Index(fields=["sample_number", "analyte"], name="origin_produce_sample"),
        ]

    def __str__(self) -> str:
        return f"{self.sample_number} {self.analyte}"
