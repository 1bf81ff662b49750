from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from fangxin.actions.origin.models.choices import place_validator
from fangxin.kernel.ledger.api import append_only, editable, told_together


class VocFirm(models.Model):
    """An enterprise that emits volatile organic compounds."""

    declared = editable(kept_years=5)

    class Process(models.TextChoices):
        STORAGE = "storage", _("物料储存")
        TRANSFER = "transfer", _("转移和输送")
        PRODUCTION = "production", _("工艺过程")
        COATING = "coating", _("涂装、印刷、粘合")
        OPEN_LIQUID = "open_liquid", _("敞开液面")

    class Collection(models.TextChoices):
        SEALED = "sealed", _("密闭收集")
        HOOD = "hood", _("集气罩")
        NONE = "none", _("未收集")

    number = models.CharField(_("编号"), max_length=30, unique=True)
    premises = models.ForeignKey(
        "registry.Premises", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("底册场所")
    )
    name = models.CharField(_("企业名称"), max_length=120)
    uscc = models.CharField(_("统一社会信用代码"), max_length=18, blank=True)
    division_code = models.CharField(_("区划"), max_length=12, validators=[place_validator])
    running = models.BooleanField(_("在产"), default=True)
    process = models.CharField(_("主要产污环节"), max_length=12, choices=Process.choices)
    material = models.CharField(_("含挥发性有机物的物料"), max_length=120, blank=True)
    low_voc_material = models.BooleanField(_("全部使用低挥发性物料"), default=False)
    collection = models.CharField(_("收集方式"), max_length=8, choices=Collection.choices)
    treatment = models.CharField(_("治理设施"), max_length=120, blank=True)
    key_region = models.BooleanField(_("在重点地区"), default=False)
    special_limits = models.BooleanField(_("执行特别排放限值"), default=False)
    sealing_points = models.PositiveIntegerField(_("密封点数"), default=0, validators=[MaxValueValidator(1_000_000)])
    listed_on = models.DateField(_("列入日期"))
    note = models.CharField(_("说明"), max_length=300, blank=True)
    entered_at = models.DateTimeField(_("登记时间"))
    entered_by = models.CharField(_("登记人"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("挥发性有机物企业")
        verbose_name_plural = _("挥发性有机物企业")
        ordering = ["number"]
        indexes = [models.Index(fields=["division_code", "number"], name="origin_voc_list")]
        constraints = [
            models.UniqueConstraint(
                fields=["uscc", "division_code"],
                condition=~Q(uscc=""),
                name="origin_voc_once",
                violation_error_message=_("这家企业在本地的清单中已有一条，不必重复登记。"),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("origin:voc_firm", args=[self.pk])


class VocCheck(models.Model):
    """A check against the headline rules, with the judgement as it was made."""

    declared = append_only(kept_years=5)

    class Outcome(models.TextChoices):
        MET = "met", _("符合")
        NOT_MET = "not_met", _("不符合")
        UNKNOWN = "unknown", _("数据不全，不能判定")

    firm = models.ForeignKey(VocFirm, models.PROTECT, related_name="checks", verbose_name=_("企业"))
    division_code = models.CharField(_("区划"), max_length=12)
    checked_on = models.DateField(_("核查日期"))
    initial_rate = models.DecimalField(
        _("治理前排放速率（kg/h）"),
        max_digits=9,
        decimal_places=3,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    outlet_rate = models.DecimalField(
        _("治理后排放速率（kg/h）"),
        max_digits=9,
        decimal_places=3,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    stack_height = models.DecimalField(
        _("排气筒高度（米）"), max_digits=6, decimal_places=1, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    in_plant_hourly = models.DecimalField(
        _("厂区内小时均值（mg/m³）"),
        max_digits=9,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    in_plant_once = models.DecimalField(
        _("厂区内任意一次（mg/m³）"),
        max_digits=9,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    hood_velocity = models.DecimalField(
        _("集气罩最远处风速（m/s）"),
        max_digits=6,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    ledger_years = models.PositiveSmallIntegerField(
        _("台账已保存（年）"), null=True, blank=True, validators=[MaxValueValidator(50)]
    )
    outcome = models.CharField(_("结论"), max_length=8, choices=Outcome.choices)
    # [{"code", "outcome", "value", "limit", "comparison", "clause"}]
    judgements = models.JSONField(_("逐项判定"))
    edition = models.CharField(_("规则版本"), max_length=20)
    note = models.CharField(_("情况"), max_length=500, blank=True)
    recorded_at = models.DateTimeField(_("登记时间"))
    recorded_by = models.CharField(_("登记人"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("挥发性有机物核查")
        verbose_name_plural = _("挥发性有机物核查")
        ordering = ["-checked_on", "-pk"]
        indexes = [models.Index(fields=["division_code", "checked_on"], name="origin_voc_check_list")]

    def __str__(self) -> str:
        return f"{self.firm} {self.checked_on}"


class LdarRound(models.Model):
    """One round of leak detection over the sealing points of an enterprise."""

    declared = append_only(kept_years=5)

    class Parts(models.TextChoices):
        MOVING = "moving", _("泵、阀、压缩机等")
        FLANGES = "flanges", _("法兰及其他连接件等")

    firm = models.ForeignKey(VocFirm, models.PROTECT, related_name="rounds", verbose_name=_("企业"))
    parts = models.CharField(_("组件"), max_length=8, choices=Parts.choices)
    done_on = models.DateField(_("检测日期"))
    points = models.PositiveIntegerField(_("检测点数"), validators=[MinValueValidator(1), MaxValueValidator(1_000_000)])
    recorded_at = models.DateTimeField(_("登记时间"))
    recorded_by = models.CharField(_("登记人"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("泄漏检测")
        verbose_name_plural = _("泄漏检测")
        ordering = ["-done_on", "-pk"]

    def __str__(self) -> str:
        return f"{self.done_on} {self.get_parts_display()}"


class Leak(models.Model):
    """A component that leaks, until its repair is measured."""

    declared = editable(kept_years=5)

    class Medium(models.TextChoices):
        GAS_OR_LIGHT = "gas_or_light", _("气态物料、挥发性有机液体")
        OTHER = "other", _("其他液态物料")

    firm = models.ForeignKey(VocFirm, models.PROTECT, related_name="leaks", verbose_name=_("企业"))
    division_code = models.CharField(_("区划"), max_length=12)
    tag = models.CharField(_("密封点编号"), max_length=40)
    medium = models.CharField(_("介质"), max_length=14, choices=Medium.choices)
    reading = models.DecimalField(
        _("检测值（μmol/mol）"), max_digits=9, decimal_places=1, validators=[MinValueValidator(0)]
    )
    threshold = models.DecimalField(_("泄漏认定浓度（μmol/mol）"), max_digits=9, decimal_places=1)
    found_on = models.DateField(_("发现日期"))
    first_due_on = models.DateField(_("首次修复时限"))
    due_on = models.DateField(_("完成修复时限"))
    first_tried_on = models.DateField(_("首次修复日期"), null=True, blank=True)
    # Cannot be repaired while the plant runs: until the next shutdown, with the reason.
    postponed_until = models.DateField(_("延迟修复至"), null=True, blank=True)
    postponed_why = models.CharField(_("延迟修复原因"), max_length=300, blank=True)
    repaired_on = models.DateField(_("修复日期"), null=True, blank=True)
    reading_after = models.DecimalField(
        _("复测值（μmol/mol）"),
        max_digits=9,
        decimal_places=1,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    matter = models.OneToOneField(
        "casework.Matter", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("问题事项")
    )
    found_at = models.DateTimeField(_("登记时间"))
    found_by = models.CharField(_("登记人"), max_length=150, blank=True)
    closed_at = models.DateTimeField(_("修复登记时间"), null=True, blank=True)
    closed_by = models.CharField(_("修复登记人"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("泄漏点")
        verbose_name_plural = _("泄漏点")
        ordering = ["due_on", "pk"]
        indexes = [models.Index(fields=["division_code", "repaired_on", "due_on"], name="origin_leak_list")]
        constraints = [
            told_together("closed_at", "closed_by", "origin_leak_closed"),
            models.CheckConstraint(
                condition=Q(repaired_on=None, closed_at=None, reading_after=None)
                | Q(repaired_on__isnull=False, closed_at__isnull=False, reading_after__isnull=False),
                name="origin_leak_repair_measured",
            ),
            models.CheckConstraint(
                condition=Q(postponed_until=None) | ~Q(postponed_why=""), name="origin_leak_postponed_why"
            ),
            models.UniqueConstraint(
                fields=["firm", "tag"],
                condition=Q(repaired_on=None),
                name="origin_leak_once",
                violation_error_message=_("这个密封点已有没修好的泄漏记录。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.firm} {self.tag}"

    def get_absolute_url(self) -> str:
        return self.firm.get_absolute_url() + "#leaks"
