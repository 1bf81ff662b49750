"""Forecasts of crop pests: who issued them, whom they reached, and whether they came true."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from fangxin.actions.farm_inputs.models.farms import Farm
from fangxin.actions.farm_inputs.models.fields import amount
from fangxin.actions.farm_inputs.models.products import Product
from fangxin.kernel.ledger.api import append_only, editable, told_together

DEGREE_BOUNDS = [MinValueValidator(1), MaxValueValidator(5)]


class Degree(models.IntegerChoices):
    LIGHT = 1, _("1级 轻发生")
    BELOW = 2, _("2级 偏轻发生")
    MIDDLE = 3, _("3级 中等发生")
    ABOVE = 4, _("4级 偏重发生")
    HEAVY = 5, _("5级 大发生")


class Forecast(models.Model):
    """A bulletin: what is expected where, when and how badly, and what to do about it."""

    declared = editable(kept_years=5)

    class Kind(models.TextChoices):
        FORECAST = "forecast", _("预报")
        WARNING = "warning", _("预警")

    class Term(models.TextChoices):
        SHORT = "short", _("短期（10 天以内）")
        MEDIUM = "medium", _("中期（10 至 30 天）")
        LONG = "long", _("长期（30 天以上）")

    class State(models.TextChoices):
        DRAFT = "draft", _("草稿")
        ISSUED = "issued", _("已发布")
        WITHDRAWN = "withdrawn", _("已撤回")

    number = models.CharField(_("期号"), max_length=30, unique=True)
    kind = models.CharField(_("类别"), max_length=8, choices=Kind.choices, default=Kind.FORECAST)
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.DRAFT)
    agency = models.ForeignKey("people.Agency", models.PROTECT, related_name="+", verbose_name=_("发布单位"))
    division_code = models.CharField(_("适用区划"), max_length=12)
    crop = models.CharField(_("作物"), max_length=40)
    pest = models.CharField(_("病虫害"), max_length=60)
    degree = models.PositiveSmallIntegerField(_("预计发生程度"), choices=Degree.choices, validators=DEGREE_BOUNDS)
    window_from = models.DateField(_("预计发生期自"))
    window_to = models.DateField(_("预计发生期至"))
    term = models.CharField(_("时效"), max_length=6, choices=Term.choices, blank=True)
    area_mu = amount(_("预计发生面积（亩）"), null=True, blank=True)
    basis = models.CharField(_("调查依据（监测点、虫量等）"), max_length=500)
    advice = models.CharField(_("防治建议（绿色防控在前）"), max_length=1000)
    drafted_at = models.DateTimeField(_("起草时间"))
    drafted_by = models.CharField(_("起草人"), max_length=150, blank=True)
    issued_on = models.DateField(_("发布日期"), null=True, blank=True)
    issued_at = models.DateTimeField(_("发布时间"), null=True, blank=True)
    issued_by = models.CharField(_("发布人"), max_length=150, blank=True)
    withdrawn_why = models.CharField(_("撤回原因"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("病虫害预报")
        verbose_name_plural = _("病虫害预报")
        ordering = ["-window_from", "-pk"]
        indexes = [models.Index(fields=["division_code", "state", "window_from"], name="farm_forecast_list")]
        constraints = [
            models.CheckConstraint(
                condition=Q(window_to__gte=F("window_from")),
                name="farm_forecast_window_forward",
                violation_error_message=_("发生期的截止日期早于开始日期，请核对。"),
            ),
            models.CheckConstraint(condition=Q(degree__gte=1, degree__lte=5), name="farm_forecast_degree"),
            told_together("issued_at", "issued_by", "farm_forecast_issued"),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(issued_on__isnull=False), name="farm_forecast_issued_dated"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.crop}{self.pest}{self.get_kind_display()}（{self.number}）"

    def get_absolute_url(self) -> str:
        return reverse("farm_inputs:forecast", args=[self.pk])


class ForecastProduct(models.Model):
    """A product that a bulletin names; its interval stands on its label."""

    declared = editable()

    forecast = models.ForeignKey(Forecast, models.CASCADE, related_name="named_products", verbose_name=_("病虫害预报"))
    product = models.ForeignKey(Product, models.PROTECT, related_name="+", verbose_name=_("产品"))

    class Meta:
        verbose_name = _("推荐药剂")
        verbose_name_plural = _("推荐药剂")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["forecast", "product"], name="farm_forecast_product_once")]

    def __str__(self) -> str:
        return str(self.product)


class ForecastNotice(models.Model):
    """That a farm growing the crop was told, and that somebody there read it."""

    declared = editable(kept_years=5)

    forecast = models.ForeignKey(Forecast, models.PROTECT, related_name="notices", verbose_name=_("病虫害预报"))
    farm = models.ForeignKey(Farm, models.PROTECT, related_name="forecast_notices", verbose_name=_("农场"))
    division_code = models.CharField(_("区划"), max_length=12)
    told_at = models.DateTimeField(_("发送时间"))
    read_at = models.DateTimeField(_("确认收到时间"), null=True, blank=True)
    read_by = models.CharField(_("确认人"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("预报送达")
        verbose_name_plural = _("预报送达")
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["division_code", "told_at"], name="farm_notice_list"),
            models.Index(fields=["farm"], condition=Q(read_at=None), name="farm_notice_unread"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["forecast", "farm"], name="farm_notice_once"),
            told_together("read_at", "read_by", "farm_notice_read"),
        ]

    def __str__(self) -> str:
        return f"{self.forecast} → {self.farm}"


class ForecastCheck(models.Model):
    """What the field survey found afterwards, and whether the bulletin had been right."""

    declared = append_only(kept_years=5)

    class Outcome(models.TextChoices):
        EXACT = "exact", _("准确")
        NEAR = "near", _("基本准确（相差一级）")
        DEGREE = "degree", _("程度不准")
        WINDOW = "window", _("时间不准")
        ABSENT = "absent", _("没有发生")

    forecast = models.OneToOneField(Forecast, models.PROTECT, related_name="checked", verbose_name=_("病虫害预报"))
    division_code = models.CharField(_("区划"), max_length=12)
    surveyed_on = models.DateField(_("调查日期"))
    peak_on = models.DateField(_("实际发生盛期"), null=True, blank=True)
    measured = models.DecimalField(
        _("实测值"), max_digits=10, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    degree = models.PositiveSmallIntegerField(
        _("实际发生程度"), validators=[MinValueValidator(0), MaxValueValidator(5)]
    )
    outcome = models.CharField(_("评定"), max_length=8, choices=Outcome.choices)
    note = models.CharField(_("调查情况"), max_length=500, blank=True)
    recorded_at = models.DateTimeField(_("登记时间"))
    recorded_by = models.CharField(_("登记人"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("预报回查")
        verbose_name_plural = _("预报回查")
        ordering = ["-surveyed_on", "-pk"]

    def __str__(self) -> str:
        return f"{self.forecast} {self.get_outcome_display()}"
