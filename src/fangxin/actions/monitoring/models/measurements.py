from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from fangxin.kernel.ledger.api import append_only, editable

ZERO = MinValueValidator(Decimal(0))


class Batch(models.Model):
    """One sheet of monitoring results that a department brought in; taken back as a whole."""

    declared = editable()

    name = models.CharField(_("文件"), max_length=200)
    source = models.CharField(_("数据来源"), max_length=200)
    division_code = models.CharField(_("区划"), max_length=12)
    rows = models.PositiveIntegerField(_("行数"))
    digest = models.CharField(_("文件摘要"), max_length=128)
    imported_at = models.DateTimeField(_("导入时间"))
    imported_by = models.CharField(_("导入人"), max_length=150, blank=True)
    withdrawn_at = models.DateTimeField(_("撤回时间"), null=True, blank=True)
    withdrawn_by = models.CharField(_("撤回人"), max_length=150, blank=True)
    withdrawn_why = models.CharField(_("撤回原因"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("监测数据批次")
        verbose_name_plural = _("监测数据批次")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["division_code", "imported_at"], name="monitoring_batch_list")]
        constraints = [
            models.UniqueConstraint(
                fields=["division_code", "digest"], condition=Q(withdrawn_at=None), name="monitoring_batch_once",
                violation_error_message=_("这个文件已经导入过，没有重复导入。"),
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by="", withdrawn_why="")
                | (Q(withdrawn_at__isnull=False) & ~Q(withdrawn_why="")),
                name="monitoring_batch_withdrawn_whole",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("monitoring:batch", args=[self.pk])


class Measurement(models.Model):
    """One result of risk monitoring: what was typed, and its reading in mg/kg. It proves nothing against anybody."""

    declared = append_only()

    class Source(models.TextChoices):
        LABORATORY = "laboratory", _("本平台检测")
        DEPARTMENT = "department", _("部门导入")

    class OverLimit(models.TextChoices):
        YES = "yes", _("超过参照限量")
        NO = "no", _("未超过")
        UNKNOWN = "", _("无限量或者不能判断")

    source = models.CharField(_("来源"), max_length=12, choices=Source.choices)
    batch = models.ForeignKey(
        Batch, models.PROTECT, null=True, blank=True, related_name="measurements", verbose_name=_("批次")
    )
    sample_no = models.CharField(_("样品编号"), max_length=60)
    food = models.CharField(_("食品"), max_length=100)
    food_class = models.CharField(_("食品类别"), max_length=100, blank=True)
    food_group = models.CharField(_("膳食分组"), max_length=20, blank=True)
    analyte = models.CharField(_("项目"), max_length=100)
    hazard = models.CharField(_("危害物"), max_length=40, blank=True)
    as_typed = models.CharField(_("报告结果"), max_length=60)
    unit = models.CharField(_("报告单位"), max_length=20)
    value = models.DecimalField(
        _("结果（mg/kg）"), max_digits=18, decimal_places=10, null=True, blank=True, validators=[ZERO]
    )
    lod = models.DecimalField(
        _("检出限（mg/kg）"), max_digits=18, decimal_places=10, null=True, blank=True, validators=[ZERO]
    )
    loq = models.DecimalField(
        _("定量限（mg/kg）"), max_digits=18, decimal_places=10, null=True, blank=True, validators=[ZERO]
    )
    trace = models.BooleanField(_("检出但低于定量限"), default=False)
    quantified = models.BooleanField(_("已定量"), default=False)
    over_limit = models.CharField(_("与限量相比"), max_length=4, choices=OverLimit.choices, blank=True)
    sampled_on = models.DateField(_("采样日期"))
    division_code = models.CharField(_("采样地"), max_length=12)
    entered_at = models.DateTimeField(_("登记时间"))
    entered_by = models.CharField(_("登记人"), max_length=150, blank=True)
    # A corrected result is a new row; the old one stays and counts no more.
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="replaced_by", verbose_name=_("更正自")
    )

    class Meta:
        verbose_name = _("监测结果")
        verbose_name_plural = _("监测结果")
        ordering = ["-sampled_on", "sample_no", "analyte"]
        indexes = [
            models.Index(fields=["division_code", "-sampled_on"], name="monitoring_result_list"),
            models.Index(fields=["hazard", "food_group", "sampled_on"], name="monitoring_result_series"),
            models.Index(fields=["sample_no", "analyte"], name="monitoring_result_sample"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(value__isnull=False) | Q(lod__gt=0) | Q(loq__gt=0), name="monitoring_result_bounded"
            ),
            models.CheckConstraint(
                condition=Q(lod=None) | Q(loq=None) | Q(loq__gte=F("lod")), name="monitoring_result_limits_in_order"
            ),
            models.CheckConstraint(
                condition=Q(source="laboratory", batch=None) | Q(source="department", batch__isnull=False),
                name="monitoring_result_of_someone",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sample_no} {self.food} {self.analyte}"
