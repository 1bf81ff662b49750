from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from fangxin.kernel.ledger.api import editable

POSITIVE = MinValueValidator(Decimal("0.001"))
ZERO = MinValueValidator(Decimal(0))


class Survey(models.Model):
    """What a group of people eats and weighs, as a local survey found it. It counts once a second person confirmed it."""

    declared = editable()

    class State(models.TextChoices):
        DRAFT = "draft", _("待确认")
        CONFIRMED = "confirmed", _("已确认")
        WITHDRAWN = "withdrawn", _("已停用")

    name = models.CharField(_("调查名称"), max_length=100)
    people = models.CharField(_("人群"), max_length=20)
    year = models.PositiveIntegerField(_("调查年份"), validators=[MinValueValidator(1990), MaxValueValidator(2100)])
    division_code = models.CharField(_("区划"), max_length=12)
    source = models.CharField(_("组织单位和方法"), max_length=300)
    respondents = models.PositiveIntegerField(_("调查人数"), validators=[MinValueValidator(1)])
    body_weight_kg = models.DecimalField(_("平均体重（kg）"), max_digits=6, decimal_places=2, validators=[POSITIVE])
    body_weight_cv = models.DecimalField(
        _("体重变异系数"), max_digits=4, decimal_places=3, default=Decimal("0.15"),
        validators=[ZERO, MaxValueValidator(Decimal(1))],
    )  # fmt: skip
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.DRAFT)
    imported_at = models.DateTimeField(_("导入时间"))
    imported_by = models.CharField(_("导入人"), max_length=150, blank=True)
    confirmed_at = models.DateTimeField(_("确认时间"), null=True, blank=True)
    confirmed_by = models.CharField(_("确认人"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("膳食调查")
        verbose_name_plural = _("膳食调查")
        ordering = ["-year", "-pk"]
        indexes = [models.Index(fields=["division_code", "people", "-year"], name="monitoring_survey_list")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="confirmed") | (Q(confirmed_at__isnull=False) & ~Q(confirmed_by=models.F("imported_by"))),
                name="monitoring_survey_second_person",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.name}（{self.year}）"

    def get_absolute_url(self) -> str:
        return reverse("monitoring:survey", args=[self.pk])


class SurveyFigure(models.Model):
    """How much of one food group is eaten."""

    declared = editable()

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="figures", verbose_name=_("膳食调查"))
    food_group = models.CharField(_("膳食分组"), max_length=20)
    grams = models.DecimalField(_("平均摄入量（g/天）"), max_digits=8, decimal_places=2, validators=[ZERO])
    variation = models.DecimalField(
        _("变异系数"), max_digits=5, decimal_places=3, null=True, blank=True, validators=[ZERO]
    )
    eaters = models.DecimalField(
        _("食用者比例"), max_digits=4, decimal_places=3, default=Decimal(1),
        validators=[ZERO, MaxValueValidator(Decimal(1))],
    )  # fmt: skip
    portion_g = models.DecimalField(
        _("大份量（g，P97.5）"), max_digits=8, decimal_places=2, null=True, blank=True, validators=[POSITIVE]
    )
    unit_g = models.DecimalField(
        _("单个可食部（g）"), max_digits=8, decimal_places=2, null=True, blank=True, validators=[ZERO]
    )

    class Meta:
        verbose_name = _("摄入量")
        verbose_name_plural = _("摄入量")
        ordering = ["survey", "-grams"]
        constraints = [models.UniqueConstraint(fields=["survey", "food_group"], name="monitoring_figure_once")]

    def __str__(self) -> str:
        return f"{self.food_group} {self.grams}"
