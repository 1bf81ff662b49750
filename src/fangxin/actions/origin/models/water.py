from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from fangxin.actions.origin.models.choices import place_validator
from fangxin.kernel.ledger.api import append_only, editable, told_together


class WaterClass(models.IntegerChoices):
    """Classes of surface water; 6 is worse than class V."""

    I = 1, _("Ⅰ类")  # noqa: E741  the standard's own numbers
    II = 2, _("Ⅱ类")
    III = 3, _("Ⅲ类")
    IV = 4, _("Ⅳ类")
    V = 5, _("Ⅴ类")
    WORSE = 6, _("劣Ⅴ类")


class WaterSection(models.Model):
    """A section of a river, or a point of a lake, whose water is measured every month."""

    declared = editable(kept_years=20)

    class Body(models.TextChoices):
        RIVER = "river", _("河流")
        LAKE = "lake", _("湖库")

    class Purpose(models.TextChoices):
        STATE = "state", _("国控")
        PROVINCE = "province", _("省控")
        CITY = "city", _("市控")
        COUNTY = "county", _("县控")

    number = models.CharField(_("断面编号"), max_length=30, unique=True)
    name = models.CharField(_("断面名称"), max_length=80)
    river = models.CharField(_("水体"), max_length=60)
    basin = models.CharField(_("水系"), max_length=60)
    body = models.CharField(_("类型"), max_length=6, choices=Body.choices, default=Body.RIVER)
    purpose = models.CharField(_("级别"), max_length=10, choices=Purpose.choices, default=Purpose.COUNTY)
    target = models.PositiveSmallIntegerField(_("目标类别"), choices=[c for c in WaterClass.choices if c[0] <= 5])
    division_code = models.CharField(_("区划"), max_length=12, validators=[place_validator])
    longitude = models.FloatField(
        _("经度（WGS-84）"), null=True, blank=True, validators=[MinValueValidator(-180), MaxValueValidator(180)]
    )
    latitude = models.FloatField(
        _("纬度（WGS-84）"), null=True, blank=True, validators=[MinValueValidator(-90), MaxValueValidator(90)]
    )
    # The township whose fields are irrigated from here; empty where nothing is.
    irrigates = models.CharField(_("灌溉乡镇"), max_length=12, blank=True)
    closed_on = models.DateField(_("停测日期"), null=True, blank=True)
    note = models.CharField(_("说明"), max_length=300, blank=True)
    entered_at = models.DateTimeField(_("登记时间"))
    entered_by = models.CharField(_("登记人"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("水质断面")
        verbose_name_plural = _("水质断面")
        ordering = ["division_code", "number"]
        indexes = [models.Index(fields=["division_code", "number"], name="origin_section_list")]
        constraints = [
            models.CheckConstraint(
                condition=Q(latitude=None, longitude=None) | Q(latitude__isnull=False, longitude__isnull=False),
                name="origin_section_point_whole",
                violation_error_message=_("经度和纬度须同时填写。"),
            ),
            models.CheckConstraint(condition=Q(target__gte=1, target__lte=5), name="origin_section_target"),
        ]

    def __str__(self) -> str:
        return f"{self.river}{self.name}"

    def get_absolute_url(self) -> str:
        return reverse("origin:section", args=[self.pk])


class WaterMonth(models.Model):
    """What a section's water was in a month, with the verdict as it was made. A correction is a new row."""

    declared = append_only(kept_years=20)

    class Source(models.TextChoices):
        MANUAL = "manual", _("手工监测")
        AUTOMATIC = "automatic", _("自动监测")

    section = models.ForeignKey(WaterSection, models.PROTECT, related_name="months", verbose_name=_("水质断面"))
    division_code = models.CharField(_("区划"), max_length=12)
    month = models.DateField(_("月份"))
    sampled_on = models.DateField(_("采样日期"))
    source = models.CharField(_("来源"), max_length=10, choices=Source.choices, default=Source.MANUAL)
    # {item: text as reported}; what lies below the detection limit reads "<0.004".
    readings = models.JSONField(_("监测值"))
    target = models.PositiveSmallIntegerField(_("目标类别"), choices=WaterClass.choices)
    water_class = models.PositiveSmallIntegerField(_("水质类别"), choices=WaterClass.choices, null=True)
    sure = models.BooleanField(_("类别确定"))
    meets_target = models.BooleanField(_("达到目标"), null=True)
    # Items worse than the target: [{"item", "class", "multiple", "comparison"}], the gravest first.
    exceeded = models.JSONField(_("超标项目"), default=list, blank=True)
    missing = models.JSONField(_("没有监测的项目"), default=list, blank=True)
    standard = models.CharField(_("评价标准"), max_length=60)
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="replaced_by", verbose_name=_("更正自")
    )
    why = models.CharField(_("更正原因"), max_length=300, blank=True)
    recorded_at = models.DateTimeField(_("登记时间"))
    recorded_by = models.CharField(_("登记人"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("断面月度水质")
        verbose_name_plural = _("断面月度水质")
        ordering = ["-month", "-pk"]
        indexes = [
            models.Index(fields=["division_code", "month"], name="origin_month_list"),
            models.Index(fields=["section", "month"], name="origin_month_section"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["section", "month"],
                condition=Q(replaces=None),
                name="origin_month_once",
                violation_error_message=_("这个断面这个月已有数据。要改请在那一行办理更正。"),
            ),
            models.CheckConstraint(condition=Q(replaces=None) | ~Q(why=""), name="origin_month_corrected_why"),
        ]

    def __str__(self) -> str:
        return f"{self.section} {self.month:%Y-%m}"

    def get_absolute_url(self) -> str:
        return reverse("origin:water_month", args=[self.pk])


class IrrigationNotice(models.Model):
    """The word to agriculture that the water of an irrigation intake exceeds its target."""

    declared = editable(kept_years=10)

    month = models.OneToOneField(WaterMonth, models.PROTECT, related_name="notice", verbose_name=_("月度水质"))
    section = models.ForeignKey(WaterSection, models.PROTECT, related_name="notices", verbose_name=_("水质断面"))
    # Where the fields lie that drink it.
    division_code = models.CharField(_("区划"), max_length=12, db_index=True)
    agency = models.ForeignKey("people.Agency", models.PROTECT, related_name="+", verbose_name=_("被告知单位"))
    matter = models.ForeignKey("casework.Matter", models.PROTECT, related_name="+", verbose_name=_("问题事项"))
    told_at = models.DateTimeField(_("告知时间"))
    told_by = models.CharField(_("告知人"), max_length=150, blank=True)
    due_on = models.DateField(_("应签收日期"))
    acknowledged_at = models.DateTimeField(_("签收时间"), null=True, blank=True)
    acknowledged_by = models.CharField(_("签收人"), max_length=150, blank=True)
    measures = models.CharField(_("采取的措施"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("灌溉水超标告知")
        verbose_name_plural = _("灌溉水超标告知")
        ordering = ["-told_at", "-pk"]
        constraints = [told_together("acknowledged_at", "acknowledged_by", "origin_notice_acknowledged")]

    def __str__(self) -> str:
        return str(self.month)

    def get_absolute_url(self) -> str:
        return reverse("origin:notice", args=[self.pk])
