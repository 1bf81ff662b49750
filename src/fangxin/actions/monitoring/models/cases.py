"""Cases of foodborne disease as hospitals report them. Who the patient is stands apart from what befell them."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from fangxin.kernel.ledger.api import Personal, editable, told_together


class CaseReport(models.Model):
    """One patient's illness: written by a doctor, reported by the institution, reviewed by the county's centre."""

    declared = editable(kept_years=10)

    class State(models.TextChoices):
        DRAFT = "draft", _("草稿")
        REPORTED = "reported", _("已报告，待县疾控审核")
        RETURNED = "returned", _("退回订正")
        ACCEPTED = "accepted", _("审核通过")
        FINAL = "final", _("终审")
        DELETED = "deleted", _("已删除")

    class Sex(models.TextChoices):
        MALE = "male", _("男")
        FEMALE = "female", _("女")

    number = models.CharField(_("病例编号"), max_length=20, unique=True)
    institution = models.ForeignKey(
        "registry.Premises", models.PROTECT, related_name="case_reports", verbose_name=_("填报机构")
    )
    state = models.CharField(_("状态"), max_length=8, choices=State.choices, default=State.DRAFT)
    # Where it stood when it was deleted, so that it can be brought back.
    deleted_from = models.CharField(_("删除前状态"), max_length=8, blank=True)
    sex = models.CharField(_("性别"), max_length=6, choices=Sex.choices)
    born_on = models.DateField(_("出生日期"))
    occupation = models.CharField(_("职业"), max_length=20)
    belongs = models.CharField(_("病人属于"), max_length=20, default="county")
    division_code = models.CharField(_("现住地区划"), max_length=12)
    onset_at = models.DateTimeField(_("发病时间"))
    seen_at = models.DateTimeField(_("就诊时间"))
    diagnosed_on = models.DateField(_("诊断日期"))
    died_at = models.DateTimeField(_("死亡时间"), null=True, blank=True)
    inpatient = models.BooleanField(_("住院"), default=False)
    symptoms = models.JSONField(_("症状体征"), default=list)
    temperature = models.DecimalField(
        _("体温（℃）"), max_digits=3, decimal_places=1, null=True, blank=True,
        validators=[MinValueValidator(34), MaxValueValidator(43)],
    )  # fmt: skip
    vomits = models.PositiveSmallIntegerField(_("呕吐（次/天）"), null=True, blank=True)
    stools = models.PositiveSmallIntegerField(_("腹泻（次/天）"), null=True, blank=True)
    stool = models.CharField(_("大便性状"), max_length=12, blank=True)
    diagnosis = models.CharField(_("初步诊断"), max_length=100)
    antibiotics = models.CharField(_("就诊前用过的抗生素"), max_length=100, blank=True)
    history = models.CharField(_("既往病史"), max_length=200, blank=True)
    doctor = models.CharField(_("填表医生"), max_length=150)
    written_at = models.DateTimeField(_("填表时间"))
    due_on = models.DateField(_("报告期限"))
    reported_at = models.DateTimeField(_("报告时间"), null=True, blank=True)
    reported_by = models.CharField(_("报告人"), max_length=150, blank=True)
    reviewed_at = models.DateTimeField(_("审核时间"), null=True, blank=True)
    reviewed_by = models.CharField(_("审核人"), max_length=150, blank=True)
    review_note = models.CharField(_("审核意见"), max_length=300, blank=True)
    returns = models.PositiveSmallIntegerField(_("退回次数"), default=0)

    class Meta:
        verbose_name = _("食源性疾病病例")
        verbose_name_plural = _("食源性疾病病例")
        ordering = ["-seen_at", "-pk"]
        indexes = [
            models.Index(fields=["institution", "-seen_at"], name="monitoring_case_own"),
            models.Index(fields=["division_code", "-onset_at"], name="monitoring_case_place"),
            models.Index(fields=["state", "due_on"], name="monitoring_case_due"),
        ]
        constraints = [
            told_together("reported_at", "reported_by", "monitoring_case_reported_told"),
            told_together("reviewed_at", "reviewed_by", "monitoring_case_reviewed_told"),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "deleted"]) | Q(reported_at__isnull=False), name="monitoring_case_state"
            ),
            models.CheckConstraint(
                condition=Q(died_at=None) | Q(died_at__gte=F("onset_at")), name="monitoring_case_died",
                violation_error_message=_("死亡早于发病，请核对。"),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("monitoring:case", args=[self.pk])


class CaseIdentity(models.Model):
    """Who the patient is: opened only for a purpose that is kept."""

    declared = editable(
        personal={
            "name": Personal.SENSITIVE, "id_number": Personal.SENSITIVE, "phone": Personal.SENSITIVE,
            "guardian": Personal.SENSITIVE, "address": Personal.SENSITIVE, "record_number": Personal.SENSITIVE,
        },
        kept_years=10,
    )  # fmt: skip

    case = models.OneToOneField(CaseReport, models.CASCADE, related_name="identity", verbose_name=_("病例"))
    name = models.CharField(_("姓名"), max_length=60)
    id_number = models.CharField(_("身份证件号码"), max_length=30, blank=True)
    phone = models.CharField(_("联系方式"), max_length=30, blank=True)
    guardian = models.CharField(_("监护人"), max_length=60, blank=True)
    address = models.CharField(_("现住详细地址"), max_length=200, blank=True)
    record_number = models.CharField(_("门诊号、住院号"), max_length=40, blank=True)

    class Meta:
        verbose_name = _("病人身份")
        verbose_name_plural = _("病人身份")

    def __str__(self) -> str:
        return self.case.number


class CaseExposure(models.Model):
    """A food that is suspected: what, where, when, with whom."""

    declared = editable()

    class OthersIll(models.TextChoices):
        YES = "yes", _("有")
        NO = "no", _("没有")
        UNKNOWN = "unknown", _("不知道")

    case = models.ForeignKey(CaseReport, models.CASCADE, related_name="exposures", verbose_name=_("病例"))
    food = models.CharField(_("食品名称"), max_length=60)
    food_class = models.CharField(_("食品分类"), max_length=12, default="unknown")
    packing = models.CharField(_("加工或包装方式"), max_length=10, default="other")
    brand = models.CharField(_("食品品牌"), max_length=60, blank=True)
    maker = models.CharField(_("生产厂家"), max_length=100, blank=True)
    place_type = models.CharField(_("进食场所类型"), max_length=16, default="other")
    place = models.CharField(_("进食地点"), max_length=120, blank=True)
    bought_at = models.CharField(_("购买地点"), max_length=120, blank=True)
    premises = models.ForeignKey(
        "registry.Premises", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("对应底册场所")
    )
    people = models.PositiveSmallIntegerField(_("进食人数"), null=True, blank=True)
    eaten_at = models.DateTimeField(_("进食时间"))
    others_ill = models.CharField(
        _("其他人是否发病"), max_length=7, choices=OthersIll.choices, default=OthersIll.UNKNOWN
    )

    class Meta:
        verbose_name = _("暴露信息")
        verbose_name_plural = _("暴露信息")
        ordering = ["eaten_at", "pk"]
        indexes = [models.Index(fields=["food", "eaten_at"], name="monitoring_exposure_food")]

    def __str__(self) -> str:
        return self.food


class CaseSpecimen(models.Model):
    """What was taken from the patient, and what was found in it."""

    declared = editable()

    case = models.ForeignKey(CaseReport, models.CASCADE, related_name="specimens", verbose_name=_("病例"))
    kind = models.CharField(_("标本"), max_length=12)
    taken_on = models.DateField(_("采集日期"))
    item = models.CharField(_("检测项目"), max_length=60, blank=True)
    method = models.CharField(_("检测方法"), max_length=60, blank=True)
    result = models.CharField(_("结果"), max_length=100, blank=True)
    reported_on = models.DateField(_("结果日期"), null=True, blank=True)

    class Meta:
        verbose_name = _("生物标本")
        verbose_name_plural = _("生物标本")
        ordering = ["taken_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(reported_on=None) | Q(reported_on__gte=F("taken_on")), name="monitoring_specimen_days",
                violation_error_message=_("结果日期早于采集日期，请核对。"),
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.case.number} {self.kind}"


class ZeroReport(models.Model):
    """An institution says that it saw no case in a month."""

    declared = editable(kept_years=3)

    institution = models.ForeignKey(
        "registry.Premises", models.PROTECT, related_name="zero_reports", verbose_name=_("机构")
    )
    month = models.DateField(_("月份"))
    told_at = models.DateTimeField(_("报告时间"))
    told_by = models.CharField(_("报告人"), max_length=150)
    undone_at = models.DateTimeField(_("撤销时间"), null=True, blank=True)
    undone_by = models.CharField(_("撤销人"), max_length=150, blank=True)
    division_code = models.CharField(_("区划"), max_length=12)

    class Meta:
        verbose_name = _("零报告")
        verbose_name_plural = _("零报告")
        ordering = ["-month", "pk"]
        constraints = [
            told_together("undone_at", "undone_by", "monitoring_zero_undone_told"),
            models.UniqueConstraint(
                fields=["institution", "month"], condition=Q(undone_at=None), name="monitoring_zero_once",
                violation_error_message=_("这个月已经做过零报告。"),
            ),
            models.CheckConstraint(condition=Q(month__day=1), name="monitoring_zero_month"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.institution} {self.month:%Y-%m}"
