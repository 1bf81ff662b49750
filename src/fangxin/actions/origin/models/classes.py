from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from fangxin.actions.origin.models.choices import place_validator
from fangxin.actions.origin.models.soil import SoilZone
from fangxin.kernel.ledger.api import editable, told_together


class SoilClass(models.TextChoices):
    """The three quality classes of cultivated land."""

    PRIORITY = "priority", _("优先保护类")
    SAFE_USE = "safe_use", _("安全利用类")
    STRICT = "strict", _("严格管控类")


class LandUnit(models.Model):
    """An evaluation unit: parcels with like soil, crop, irrigation and source of pollution."""

    declared = editable(kept_years=30)

    number = models.CharField(_("单元编号"), max_length=30, unique=True)
    name = models.CharField(_("名称"), max_length=80)
    division_code = models.CharField(_("区划"), max_length=12, validators=[place_validator])
    note = models.CharField(_("划分说明"), max_length=500, blank=True)
    # The class in force today; the decisions keep what held when.
    soil_class = models.CharField(_("类别"), max_length=10, choices=SoilClass.choices, blank=True, editable=False)
    class_since = models.DateField(_("生效日期"), null=True, blank=True, editable=False)
    recorded_at = models.DateTimeField(_("登记时间"))
    recorded_by = models.CharField(_("登记人"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("评价单元")
        verbose_name_plural = _("评价单元")
        ordering = ["division_code", "number"]
        indexes = [models.Index(fields=["division_code", "number"], name="origin_unit_list")]
        constraints = [
            models.CheckConstraint(
                condition=Q(soil_class="", class_since=None) | (~Q(soil_class="") & Q(class_since__isnull=False)),
                name="origin_unit_class_dated",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name}（{self.number}）"

    def get_absolute_url(self) -> str:
        return reverse("origin:unit", args=[self.pk])


class UnitParcel(models.Model):
    """A parcel's belonging to a unit, from a day to a day."""

    declared = editable(kept_years=30)

    unit = models.ForeignKey(LandUnit, models.PROTECT, related_name="members", verbose_name=_("评价单元"))
    parcel = models.ForeignKey("registry.Parcel", models.PROTECT, related_name="units", verbose_name=_("地块"))
    since = models.DateField(_("自"))
    until = models.DateField(_("至（不含）"), null=True, blank=True)

    class Meta:
        verbose_name = _("单元地块")
        verbose_name_plural = _("单元地块")
        ordering = ["unit", "parcel"]
        constraints = [
            models.UniqueConstraint(
                fields=["parcel"],
                condition=Q(until=None),
                name="origin_parcel_in_one_unit",
                violation_error_message=_("这个地块已在别的评价单元里，请先移出。"),
            ),
            models.CheckConstraint(condition=Q(until=None) | Q(until__gte=F("since")), name="origin_member_forward"),
        ]

    def __str__(self) -> str:
        return f"{self.parcel} · {self.unit}"


class ClassDecision(models.Model):
    """One way of a class from the proposal to its being in force. What the proposal was made from is frozen with it."""

    declared = editable(kept_years=30)

    class State(models.TextChoices):
        PROPOSED = "proposed", _("初判")
        CONSULTED = "consulted", _("已会商")
        CONFIRMED = "confirmed", _("县级已确认")
        SUBMITTED = "submitted", _("已报批")
        IN_FORCE = "in_force", _("生效")
        REPLACED = "replaced", _("已被替换")
        RETURNED = "returned", _("退回重划")

    number = models.CharField(_("编号"), max_length=30, unique=True)
    unit = models.ForeignKey(LandUnit, models.PROTECT, related_name="decisions", verbose_name=_("评价单元"))
    division_code = models.CharField(_("区划"), max_length=12)
    year = models.PositiveSmallIntegerField(_("年度"))
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.PROPOSED)
    zone = models.CharField(_("土壤判定"), max_length=12, choices=SoilZone.choices, blank=True)
    proposed = models.CharField(_("平台建议"), max_length=10, choices=SoilClass.choices, blank=True)
    reasons = models.JSONField(_("建议的依据"), default=list)
    evidence = models.JSONField(_("依据的数据"), default=dict)
    rules_edition = models.CharField(_("规则版本"), max_length=60)
    decided = models.CharField(_("确定的类别"), max_length=10, choices=SoilClass.choices, blank=True)
    why_other = models.CharField(_("与建议不同的理由"), max_length=500, blank=True)
    before = models.CharField(_("调整前"), max_length=10, choices=SoilClass.choices, blank=True)
    area_before = models.DecimalField(_("调整前面积（亩）"), max_digits=12, decimal_places=2, null=True, blank=True)
    area_after = models.DecimalField(_("面积（亩）"), max_digits=12, decimal_places=2)
    made_at = models.DateTimeField(_("初判时间"))
    made_by = models.CharField(_("初判人"), max_length=150, blank=True)
    consultation = models.CharField(_("会商意见"), max_length=1000, blank=True)
    participants = models.CharField(_("会商单位和人员"), max_length=300, blank=True)
    consulted_at = models.DateTimeField(_("会商时间"), null=True, blank=True)
    consulted_by = models.CharField(_("会商登记人"), max_length=150, blank=True)
    confirmed_at = models.DateTimeField(_("确认时间"), null=True, blank=True)
    confirmed_by = models.CharField(_("确认人"), max_length=150, blank=True)
    confirmed_name = models.CharField(_("确认人姓名"), max_length=150, blank=True)
    submitted_on = models.DateField(_("报批日期"), null=True, blank=True)
    approval_number = models.CharField(_("批准文号"), max_length=80, blank=True)
    approval_file = models.ForeignKey(
        "ledger.EvidenceFile", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("批准文件")
    )
    effective_on = models.DateField(_("生效日期"), null=True, blank=True)
    returned_why = models.CharField(_("退回原因"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("类别划定")
        verbose_name_plural = _("类别划定")
        ordering = ["-year", "number"]
        indexes = [
            models.Index(fields=["division_code", "state", "number"], name="origin_class_list"),
            models.Index(fields=["unit", "effective_on"], name="origin_class_unit"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["unit"],
                condition=Q(state__in=["proposed", "consulted", "confirmed", "submitted"]),
                name="origin_class_one_open",
                violation_error_message=_("这个单元已有正在办理的类别划定，请先办完。"),
            ),
            models.UniqueConstraint(fields=["unit"], condition=Q(state="in_force"), name="origin_class_one_in_force"),
            told_together("consulted_at", "consulted_by", "origin_class_consulted"),
            told_together("confirmed_at", "confirmed_by", "origin_class_confirmed"),
            # Whoever proposed it is not who confirms it.
            models.CheckConstraint(
                condition=Q(confirmed_by="") | ~Q(confirmed_by=F("made_by")), name="origin_class_second_person"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["in_force", "replaced"])
                | (~Q(decided="") & ~Q(confirmed_by="") & Q(effective_on__isnull=False)),
                name="origin_class_in_force_confirmed",
            ),
            models.CheckConstraint(
                condition=Q(decided="") | Q(decided=F("proposed")) | ~Q(why_other=""),
                name="origin_class_other_reasoned",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("origin:decision", args=[self.pk])
