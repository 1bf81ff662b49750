from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from fangxin.actions.origin.models.choices import place_validator
from fangxin.kernel.ledger.api import Personal, append_only, editable, told_together


class MetalEnterprise(models.Model):
    """An enterprise, or a site left behind, that can bring cadmium or another heavy metal to fields."""

    declared = editable(kept_years=10)

    class Industry(models.TextChoices):
        MINING = "mining", _("重有色金属矿采选")
        SMELTING = "smelting", _("重有色金属冶炼")
        BATTERY = "battery", _("铅蓄电池制造")
        ELECTROPLATING = "electroplating", _("电镀")
        CHEMICAL = "chemical", _("化学原料及化学制品制造")
        LEATHER = "leather", _("皮革鞣制加工")
        OTHER = "other", _("其他")

    class Running(models.TextChoices):
        PRODUCING = "producing", _("在产")
        SUSPENDED = "suspended", _("停产")
        CLOSED = "closed", _("关闭")
        LEGACY = "legacy", _("历史遗留")

    class State(models.TextChoices):
        SURVEYED = "surveyed", _("排查")
        NOT_LISTED = "not_listed", _("排查后不列入")
        LISTED = "listed", _("列入整治清单")
        RECTIFYING = "rectifying", _("整治中")
        SUBMITTED = "submitted", _("申请验收")
        ACCEPTED = "accepted", _("验收销号")
        OVERDUE = "overdue", _("逾期督办")

    number = models.CharField(_("编号"), max_length=30, unique=True)
    premises = models.ForeignKey(
        "registry.Premises", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("底册场所")
    )
    name = models.CharField(_("企业名称"), max_length=120)
    uscc = models.CharField(_("统一社会信用代码"), max_length=18, blank=True)
    division_code = models.CharField(_("区划"), max_length=12, validators=[place_validator])
    industry = models.CharField(_("行业"), max_length=16, choices=Industry.choices)
    running = models.CharField(_("生产状态"), max_length=10, choices=Running.choices, default=Running.PRODUCING)
    metals = models.JSONField(_("重点金属"), default=list)
    outlets = models.JSONField(_("排放途径"), default=list, blank=True)
    permit_number = models.CharField(_("排污许可证编号"), max_length=40, blank=True)
    monitoring_plan = models.BooleanField(_("有自行监测方案"), default=False)
    longitude = models.FloatField(
        _("经度（WGS-84）"), null=True, blank=True, validators=[MinValueValidator(-180), MaxValueValidator(180)]
    )
    latitude = models.FloatField(
        _("纬度（WGS-84）"), null=True, blank=True, validators=[MinValueValidator(-90), MaxValueValidator(90)]
    )
    # Whither water runs off, clockwise from north.
    flow_bearing = models.PositiveSmallIntegerField(
        _("排水流向（度，正北为0）"), null=True, blank=True, validators=[MaxValueValidator(359)]
    )
    farmland_distance_m = models.PositiveIntegerField(
        _("距耕地（米）"), null=True, blank=True, validators=[MaxValueValidator(100_000)]
    )
    note = models.CharField(_("说明"), max_length=500, blank=True)
    state = models.CharField(_("状态"), max_length=12, choices=State.choices, default=State.SURVEYED)
    surveyed_on = models.DateField(_("排查日期"))
    listed_on = models.DateField(_("列入清单日期"), null=True, blank=True)
    entered_at = models.DateTimeField(_("登记时间"))
    entered_by = models.CharField(_("登记人"), max_length=150, blank=True)
    submitted_at = models.DateTimeField(_("申请验收时间"), null=True, blank=True)
    submitted_by = models.CharField(_("申请验收人"), max_length=150, blank=True)
    accepted_at = models.DateTimeField(_("验收时间"), null=True, blank=True)
    accepted_by = models.CharField(_("验收人"), max_length=150, blank=True)
    accepted_on = models.DateField(_("销号日期"), null=True, blank=True)
    acceptance_file = models.ForeignKey(
        "ledger.EvidenceFile", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("验收材料")
    )

    class Meta:
        verbose_name = _("涉重金属企业")
        verbose_name_plural = _("涉重金属企业")
        ordering = ["number"]
        indexes = [models.Index(fields=["division_code", "state", "number"], name="origin_metal_list")]
        constraints = [
            told_together("submitted_at", "submitted_by", "origin_metal_submitted"),
            told_together("accepted_at", "accepted_by", "origin_metal_accepted"),
            models.CheckConstraint(
                condition=(Q(state="accepted") & Q(accepted_on__isnull=False, accepted_at__isnull=False))
                | (~Q(state="accepted") & Q(accepted_on=None, accepted_at=None)),
                name="origin_metal_accepted_dated",
            ),
            models.CheckConstraint(
                condition=Q(accepted_by="") | ~Q(accepted_by=F("submitted_by")), name="origin_metal_accepted_by_another"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["surveyed", "not_listed"], listed_on=None)
                | (~Q(state__in=["surveyed", "not_listed"]) & Q(listed_on__isnull=False)),
                name="origin_metal_listed_dated",
            ),
            models.CheckConstraint(
                condition=Q(latitude=None, longitude=None) | Q(latitude__isnull=False, longitude__isnull=False),
                name="origin_metal_point_whole",
                violation_error_message=_("经度和纬度须同时填写。"),
            ),
            models.UniqueConstraint(
                fields=["uscc", "division_code"],
                condition=~Q(uscc=""),
                name="origin_metal_once",
                violation_error_message=_("这家企业在本地的清单中已有一条，不必重复登记。"),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("origin:metal", args=[self.pk])


class MetalProblem(models.Model):
    """Something wrong at an enterprise. It is put right in the matter opened for it, until a second person has seen it."""

    declared = editable(personal={"responsible_person": Personal.NAME}, kept_years=10)

    class Kind(models.TextChoices):
        DISCHARGE = "discharge", _("超许可限值排放")
        NO_MONITORING = "no_monitoring", _("未按要求自行监测")
        NO_BARRIER = "no_barrier", _("防渗、截流设施缺失或者破损")
        SOLID_WASTE = "solid_waste", _("固体废物堆存不规范")
        TAILINGS = "tailings", _("尾矿库污染防治不到位")
        RAW_MATERIALS = "raw_materials", _("含重金属原料、废物台账不完整")
        OTHER = "other", _("其他")

    enterprise = models.ForeignKey(
        MetalEnterprise, models.PROTECT, related_name="problems", verbose_name=_("涉重金属企业")
    )
    division_code = models.CharField(_("区划"), max_length=12)
    kind = models.CharField(_("问题类别"), max_length=16, choices=Kind.choices)
    text = models.CharField(_("问题"), max_length=500)
    measure = models.CharField(_("整治措施"), max_length=500)
    due_on = models.DateField(_("完成时限"))
    responsible_person = models.CharField(_("责任人"), max_length=60)
    clause = models.CharField(_("依据"), max_length=200, blank=True)
    metal = models.CharField(_("超标金属"), max_length=4, blank=True)
    measured = models.DecimalField(_("实测浓度"), max_digits=14, decimal_places=6, null=True, blank=True)
    limit = models.DecimalField(_("许可限值"), max_digits=14, decimal_places=6, null=True, blank=True)
    # Why the case may be one for the police: the comparison and the clause. Empty where it is not.
    suspicion = models.CharField(_("移送公安建议"), max_length=400, blank=True)
    matter = models.OneToOneField(
        "casework.Matter", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("问题事项")
    )
    found_on = models.DateField(_("发现日期"))
    found_at = models.DateTimeField(_("登记时间"))
    found_by = models.CharField(_("登记人"), max_length=150, blank=True)
    closed_at = models.DateTimeField(_("销号时间"), null=True, blank=True)
    closed_by = models.CharField(_("销号人"), max_length=150, blank=True)
    closed_on = models.DateField(_("销号日期"), null=True, blank=True)

    class Meta:
        verbose_name = _("涉重金属企业问题")
        verbose_name_plural = _("涉重金属企业问题")
        ordering = ["due_on", "pk"]
        indexes = [models.Index(fields=["division_code", "closed_on", "due_on"], name="origin_problem_list")]
        constraints = [
            told_together("closed_at", "closed_by", "origin_problem_closed"),
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_on=None) | Q(closed_at__isnull=False, closed_on__isnull=False),
                name="origin_problem_closed_dated",
            ),
            models.CheckConstraint(
                condition=~Q(kind="discharge") | Q(measured__isnull=False, limit__gt=0) & ~Q(metal=""),
                name="origin_problem_discharge_told",
                violation_error_message=_("超标排放须写明金属、实测浓度和许可限值。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enterprise}：{self.text[:40]}"

    def get_absolute_url(self) -> str:
        return self.enterprise.get_absolute_url() + "#problems"


class MetalCheck(models.Model):
    """A look at an enterprise by the supervising department."""

    declared = append_only(kept_years=10)

    class Result(models.TextChoices):
        NO_PROBLEM = "no_problem", _("未发现问题")
        PROBLEMS = "problems", _("发现问题")

    enterprise = models.ForeignKey(
        MetalEnterprise, models.PROTECT, related_name="checks", verbose_name=_("涉重金属企业")
    )
    checked_on = models.DateField(_("检查日期"))
    result = models.CharField(_("结果"), max_length=10, choices=Result.choices)
    note = models.CharField(_("情况"), max_length=500, blank=True)
    recorded_at = models.DateTimeField(_("登记时间"))
    recorded_by = models.CharField(_("登记人"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("涉重金属企业检查")
        verbose_name_plural = _("涉重金属企业检查")
        ordering = ["-checked_on", "-pk"]

    def __str__(self) -> str:
        return f"{self.checked_on} {self.get_result_display()}"


class MetalMonitoring(models.Model):
    """Monitoring at an enterprise: its own, due every year, or the government's around it."""

    declared = append_only(kept_years=10)

    class Kind(models.TextChoices):
        OWN = "own", _("企业自行监测")
        GOVERNMENT = "government", _("周边监督性监测")

    class Medium(models.TextChoices):
        SOIL = "soil", _("土壤和地下水")
        DISCHARGE = "discharge", _("废水、废气")

    enterprise = models.ForeignKey(
        MetalEnterprise, models.PROTECT, related_name="monitorings", verbose_name=_("涉重金属企业")
    )
    kind = models.CharField(_("监测类别"), max_length=10, choices=Kind.choices)
    medium = models.CharField(_("监测对象"), max_length=10, choices=Medium.choices)
    monitored_on = models.DateField(_("监测日期"))
    exceeded = models.BooleanField(_("有超标"))
    note = models.CharField(_("情况"), max_length=500, blank=True)
    report = models.ForeignKey(
        "ledger.EvidenceFile", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("监测报告")
    )
    recorded_at = models.DateTimeField(_("登记时间"))
    recorded_by = models.CharField(_("登记人"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("涉重金属企业监测")
        verbose_name_plural = _("涉重金属企业监测")
        ordering = ["-monitored_on", "-pk"]

    def __str__(self) -> str:
        return f"{self.monitored_on} {self.get_medium_display()}"
