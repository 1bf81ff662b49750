"""The year's areas and amounts, and the area treated by professional teams and by green means."""

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from fangxin.actions.farm_inputs.models.fields import amount, place_validator
from fangxin.kernel.ledger.api import append_only, editable

year_bounds = [MinValueValidator(2015), MaxValueValidator(2100)]


class CropYear(models.Model):
    """What was sown of a crop in a township in a year, and how much of it was under green control."""

    declared = editable(kept_years=10)

    division_code = models.CharField(_("区划"), max_length=12, validators=[place_validator])
    year = models.PositiveSmallIntegerField(_("年度"), validators=year_bounds)
    crop = models.CharField(_("作物"), max_length=40)
    main_crop = models.BooleanField(_("主要农作物"), default=True)
    area_mu = amount(_("播种面积（亩）"))
    # Empty: nobody counted, which is not none.
    green_mu = models.DecimalField(
        _("绿色防控面积（亩）"), max_digits=14, decimal_places=4, null=True, blank=True,
        validators=[MinValueValidator(Decimal(0))],
    )  # fmt: skip
    green_means = models.CharField(_("绿色防控措施"), max_length=200, blank=True)
    source = models.CharField(_("出处"), max_length=200)
    evidence = models.ForeignKey(
        "ledger.EvidenceFile", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("证据")
    )
    recorded_at = models.DateTimeField(_("登记时间"))
    recorded_by = models.CharField(_("登记人"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("作物播种和绿色防控面积")
        verbose_name_plural = _("作物播种和绿色防控面积")
        ordering = ["-year", "division_code", "crop"]
        constraints = [
            models.UniqueConstraint(
                fields=["division_code", "year", "crop"],
                name="farm_crop_year_once",
                violation_error_message=_("这个乡镇这一年这种作物的面积已经登记，请修改原来的一条。"),
            ),
            models.CheckConstraint(
                condition=Q(green_mu=None) | Q(green_mu__lte=F("area_mu")),
                name="farm_crop_year_green_within",
                violation_error_message=_("绿色防控面积不能大于播种面积。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.crop}"


class UsageFigure(models.Model):
    """An amount that the agriculture department states for a year, as for the base year before there were records."""

    declared = editable(kept_years=10)

    class Kind(models.TextChoices):
        PESTICIDE = "pesticide", _("农药（折百）")
        ANTIMICROBIAL = "antimicrobial", _("兽用抗菌药")

    division_code = models.CharField(_("区划"), max_length=12)
    year = models.PositiveSmallIntegerField(_("年度"), validators=year_bounds)
    kind = models.CharField(_("类别"), max_length=14, choices=Kind.choices)
    # Empty: of all crops together.
    crop = models.CharField(_("作物"), max_length=40, blank=True)
    active_kg = amount(_("使用量（千克，折百）"))
    # For pesticides the area they were used on, where the statistics state it.
    area_mu = amount(_("播种面积（亩）"), null=True, blank=True)
    source = models.CharField(_("出处"), max_length=200)
    evidence = models.ForeignKey(
        "ledger.EvidenceFile", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("证据")
    )
    recorded_at = models.DateTimeField(_("登记时间"))
    recorded_by = models.CharField(_("登记人"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("统计使用量")
        verbose_name_plural = _("统计使用量")
        ordering = ["-year", "kind", "crop", "division_code"]
        constraints = [
            models.UniqueConstraint(
                fields=["division_code", "year", "kind", "crop"],
                name="farm_usage_figure_once",
                violation_error_message=_("这一年这一项的统计使用量已经登记，请修改原来的一条。"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.get_kind_display()} {self.crop}"


class ControlRecord(models.Model):
    """An area treated against a pest, counted each time: by a professional team or not, by green means or not."""

    declared = append_only(kept_years=5)

    division_code = models.CharField(_("区划"), max_length=12, validators=[place_validator])
    on = models.DateField(_("防治日期"))
    crop = models.CharField(_("作物"), max_length=40)
    pest = models.CharField(_("防治对象"), max_length=80)
    area_mu = amount(_("防治面积（亩）"))
    times = models.PositiveSmallIntegerField(
        _("次数"), default=1, validators=[MinValueValidator(1), MaxValueValidator(30)]
    )
    professional = models.BooleanField(_("专业化统防统治"), default=False)
    team = models.CharField(_("服务组织"), max_length=120, blank=True)
    green = models.BooleanField(_("绿色防控"), default=False)
    means = models.CharField(_("措施"), max_length=200, blank=True)
    evidence = models.ForeignKey(
        "ledger.EvidenceFile",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("合同、照片等证据"),
    )
    recorded_at = models.DateTimeField(_("登记时间"))
    recorded_by = models.CharField(_("登记人"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("防治面积")
        verbose_name_plural = _("防治面积")
        ordering = ["-on", "-pk"]
        indexes = [models.Index(fields=["division_code", "on"], name="farm_control_list")]
        constraints = [
            models.CheckConstraint(
                condition=Q(professional=False) | ~Q(team=""),
                name="farm_control_names_team",
                violation_error_message=_("统防统治请写明服务组织。"),
            ),
            models.CheckConstraint(condition=Q(times__gte=1), name="farm_control_times"),
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.crop} {self.pest}"
