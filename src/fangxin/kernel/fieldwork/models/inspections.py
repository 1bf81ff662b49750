from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from fangxin.kernel.fieldwork.models.kinds import InspectionKind
from fangxin.kernel.ledger.api import Personal, append_only, editable, told_together


class Inspection(models.Model):
    """One visit to one premises with one edition of a checklist, from the first item to the published result."""

    declared = editable(
        personal={
            "operator_signer": Personal.NAME,
            "witness": Personal.NAME,
            "latitude": Personal.SENSITIVE,
            "longitude": Personal.SENSITIVE,
        },
        kept_years=5,
    )

    class State(models.TextChoices):
        STARTED = "started", _("现场检查中")
        JUDGED = "judged", _("已判定，待签字")
        TOLD = "told", _("已告知结果")
        CLOSED = "closed", _("已办结")
        CANCELLED = "cancelled", _("已作废")

    class Result(models.TextChoices):
        CONFORMING = "conforming", _("符合")
        MOSTLY = "mostly", _("基本符合")
        NONCONFORMING = "nonconforming", _("不符合")

    number = models.CharField(_("编号"), max_length=20, unique=True)
    # Given by whoever begins it, also on a phone without network: the same visit never begins twice.
    client_key = models.UUIDField(_("现场编号"), unique=True)
    kind = models.CharField(_("检查类型"), max_length=12, choices=InspectionKind.choices)
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.STARTED)
    premises = models.ForeignKey(
        "registry.Premises", models.PROTECT, db_index=False, related_name="inspections", verbose_name=_("检查对象")
    )
    # As they stood on the day, since the register goes on.
    premises_name = models.CharField(_("名称"), max_length=120)
    premises_kind = models.CharField(_("类别"), max_length=20)
    division_code = models.CharField(_("区划"), max_length=12)
    agency = models.ForeignKey(
        "people.Agency", models.PROTECT, db_index=False, related_name="+", verbose_name=_("检查机关")
    )
    visit = models.OneToOneField(
        "fieldwork.PlannedVisit", models.PROTECT, null=True, blank=True, related_name="inspection",
        verbose_name=_("待办检查"),
    )  # fmt: skip
    rechecks = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="rechecked_by", verbose_name=_("复查的检查")
    )
    checklist = models.ForeignKey(
        "catalog.Edition", models.PROTECT, db_index=False, related_name="+", verbose_name=_("检查表版本")
    )
    # Codes of the items to be checked; empty: all of the edition.
    chosen_items = models.JSONField(_("检查项目"), default=list, blank=True)
    # Why the same items may be checked within three months of a superior's check (article 42).
    suspicion = models.CharField(_("涉嫌违法的线索"), max_length=300, blank=True)
    started_at = models.DateTimeField(_("开始时间"))
    started_on = models.DateField(_("检查日期"))
    started_by = models.CharField(_("开始人"), max_length=150)
    latitude = models.FloatField(
        _("纬度（WGS-84）"), null=True, blank=True, validators=[MinValueValidator(-90), MaxValueValidator(90)]
    )
    longitude = models.FloatField(
        _("经度（WGS-84）"), null=True, blank=True, validators=[MinValueValidator(-180), MaxValueValidator(180)]
    )
    accuracy_m = models.FloatField(_("定位误差（米）"), null=True, blank=True, validators=[MinValueValidator(0)])

    result = models.CharField(_("检查结果"), max_length=14, choices=Result.choices, blank=True)
    key_failed = models.PositiveSmallIntegerField(_("重点项不符合数"), null=True, blank=True)
    general_failed = models.PositiveSmallIntegerField(_("一般项不符合数"), null=True, blank=True)
    applicable = models.PositiveSmallIntegerField(_("适用项目数"), null=True, blank=True)
    # The rule, its edition, the values and the comparison, as the engine gave them.
    basis = models.JSONField(_("判定依据"), default=dict, blank=True)
    opinion = models.TextField(_("检查意见"), max_length=2000, blank=True)
    score = models.DecimalField(_("得分"), max_digits=5, decimal_places=2, null=True, blank=True)
    grade_scale = models.CharField(_("等级制"), max_length=40, blank=True)
    grade = models.CharField(_("动态等级"), max_length=20, blank=True)
    judged_at = models.DateTimeField(_("判定时间"), null=True, blank=True)
    judged_on = models.DateField(_("结果形成日期"), null=True, blank=True)
    judged_by = models.CharField(_("判定人"), max_length=150, blank=True)

    operator_signer = models.CharField(_("被检查方签字人"), max_length=60, blank=True)
    operator_signature = models.ForeignKey(
        "ledger.EvidenceFile", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("被检查方签名")
    )
    refusal_reason = models.CharField(_("拒绝签字的情况"), max_length=300, blank=True)
    witness = models.CharField(_("见证人"), max_length=60, blank=True)
    recording = models.ForeignKey(
        "ledger.EvidenceFile", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("现场音像")
    )
    told_at = models.DateTimeField(_("告知时间"), null=True, blank=True)
    told_by = models.CharField(_("告知人"), max_length=150, blank=True)
    publish_due_on = models.DateField(_("公开时限"), null=True, blank=True)
    published_at = models.DateTimeField(_("公开时间"), null=True, blank=True)
    published_by = models.CharField(_("公开人"), max_length=150, blank=True)
    recheck_due_on = models.DateField(_("复查时限"), null=True, blank=True)
    closed_at = models.DateTimeField(_("办结时间"), null=True, blank=True)
    closed_by = models.CharField(_("办结人"), max_length=150, blank=True)
    cancelled_reason = models.CharField(_("作废原因"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("监督检查")
        verbose_name_plural = _("监督检查")
        ordering = ["-started_on", "-pk"]
        indexes = [
            models.Index(fields=["division_code", "-started_on", "-id"], name="inspection_list"),
            # Across divisions: the newest of a county or a province.
            models.Index(fields=["-started_on", "-id", "division_code"], name="inspection_newest"),
            models.Index(fields=["premises", "-started_on"], name="inspection_premises"),
            models.Index(fields=["agency", "state", "started_on"], name="inspection_agency"),
            models.Index(
                fields=["division_code", "publish_due_on"],
                condition=Q(published_at=None, publish_due_on__isnull=False),
                name="inspection_unpublished",
            ),
        ]
        constraints = [
            told_together("judged_at", "judged_by", "inspection_judged_told"),
            told_together("told_at", "told_by", "inspection_told_told"),
            told_together("published_at", "published_by", "inspection_published_told"),
            models.CheckConstraint(
                condition=Q(state__in=["started", "cancelled"]) | (~Q(result="") & Q(judged_at__isnull=False)),
                name="inspection_judged_before_told",
            ),
            # A signature, or a refusal that somebody witnessed or a recording shows.
            models.CheckConstraint(
                condition=Q(told_at=None)
                | Q(operator_signature__isnull=False)
                | (~Q(refusal_reason="") & (~Q(witness="") | Q(recording__isnull=False))),
                name="inspection_signed_or_refused",
                violation_error_message=_("被检查方签字，或者写明拒签情况并有见证人或现场音像。"),
            ),
            models.CheckConstraint(
                condition=Q(state="cancelled") & ~Q(cancelled_reason="")
                | ~Q(state="cancelled") & Q(cancelled_reason=""),
                name="inspection_cancelled_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.premises_name}"

    def get_absolute_url(self) -> str:
        return reverse("fieldwork:inspection", args=[self.pk])


class InspectionOfficer(models.Model):
    """One of the two or more who inspect, with the signature."""

    declared = editable()

    inspection = models.ForeignKey(Inspection, models.CASCADE, related_name="officers", verbose_name=_("检查"))
    user = models.ForeignKey("people.User", models.PROTECT, related_name="+", verbose_name=_("检查人员"))
    signature = models.ForeignKey(
        "ledger.EvidenceFile", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("签名")
    )
    signed_at = models.DateTimeField(_("签名时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("检查人员")
        verbose_name_plural = _("检查人员")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["inspection", "user"], name="inspection_officer_once")]

    def __str__(self) -> str:
        return f"{self.inspection_id} {self.user_id}"


class ItemResult(models.Model):
    """What was seen for one item. May be corrected until the inspection is judged; every value is in the ledger."""

    declared = editable()

    class Outcome(models.TextChoices):
        PASS = "pass", _("合格")
        FAIL = "fail", _("不合格")
        NOT_APPLICABLE = "not_applicable", _("不适用")

    inspection = models.ForeignKey(
        Inspection, models.CASCADE, db_index=False, related_name="items", verbose_name=_("检查")
    )
    code = models.CharField(_("项目"), max_length=30)
    outcome = models.CharField(_("结果"), max_length=14, choices=Outcome.choices)
    score = models.DecimalField(_("得分"), max_digits=4, decimal_places=1, null=True, blank=True)
    # Of a failed item only. Empty: the inspectors have not said, and nothing follows until they do.
    safety_affected = models.BooleanField(_("影响食品安全"), null=True, blank=True)
    accident_potential = models.BooleanField(_("有发生事故潜在风险"), default=False)
    corrected_on_site = models.BooleanField(_("当场改正"), default=False)
    note = models.CharField(_("情况"), max_length=500, blank=True)
    recorded_at = models.DateTimeField(_("记录时间"))
    recorded_by = models.CharField(_("记录人"), max_length=150)

    class Meta:
        verbose_name = _("检查项目结果")
        verbose_name_plural = _("检查项目结果")
        ordering = ["inspection", "code"]
        constraints = [models.UniqueConstraint(fields=["inspection", "code"], name="item_result_once")]

    def __str__(self) -> str:
        return f"{self.code} {self.get_outcome_display()}"


class ItemPhoto(models.Model):
    """A picture taken on the spot: when and where as the phone told, and what is doubtful about it."""

    declared = append_only(personal={"latitude": Personal.SENSITIVE, "longitude": Personal.SENSITIVE})

    class Doubt(models.TextChoices):
        NO_PLACE = "no_place", _("没有位置")
        OUTSIDE = "outside", _("位置在辖区以外")
        FAR = "far", _("位置离场所较远")
        TIME = "time", _("拍摄时间与检查时间不符")

    inspection = models.ForeignKey(
        Inspection, models.PROTECT, db_index=False, related_name="photos", verbose_name=_("检查")
    )
    code = models.CharField(_("项目"), max_length=30, blank=True)
    file = models.ForeignKey("ledger.EvidenceFile", models.PROTECT, related_name="+", verbose_name=_("照片"))
    taken_at = models.DateTimeField(_("拍摄时间"), null=True, blank=True)
    latitude = models.FloatField(_("纬度（WGS-84）"), null=True, blank=True)
    longitude = models.FloatField(_("经度（WGS-84）"), null=True, blank=True)
    doubts = models.JSONField(_("存疑"), default=list, blank=True)
    note = models.CharField(_("说明"), max_length=200, blank=True)
    added_at = models.DateTimeField(_("上传时间"))
    added_by = models.CharField(_("上传人"), max_length=150)

    class Meta:
        verbose_name = _("现场照片")
        verbose_name_plural = _("现场照片")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["inspection", "code", "file"], name="item_photo_once")]

    def __str__(self) -> str:
        return f"{self.inspection_id} {self.code}"


class InspectionStep(models.Model):
    """One step in the life of an inspection, and how it stood after it."""

    declared = append_only(personal={"by_name": Personal.NAME})

    class Action(models.TextChoices):
        START = "start", _("开始检查")
        JUDGE = "judge", _("作出判定")
        REVISE = "revise", _("退回修改")
        TELL = "tell", _("签字告知")
        PAPER = "paper", _("制作文书")
        PUBLISH = "publish", _("公开结果")
        RECHECK = "recheck", _("复查")
        CLOSE = "close", _("办结")
        REOPEN = "reopen", _("重新整改")
        CANCEL = "cancel", _("作废")

    inspection = models.ForeignKey(
        Inspection, models.PROTECT, db_index=False, related_name="steps", verbose_name=_("检查")
    )
    at = models.DateTimeField(_("时间"))
    by = models.CharField(_("账号"), max_length=150, blank=True)
    by_name = models.CharField(_("办理人"), max_length=150, blank=True)
    action = models.CharField(_("办理"), max_length=10, choices=Action.choices)
    state = models.CharField(_("状态"), max_length=10, choices=Inspection.State.choices)
    text = models.TextField(_("说明"), max_length=2000, blank=True)

    class Meta:
        verbose_name = _("检查办理记录")
        verbose_name_plural = _("检查办理记录")
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["inspection", "at", "id"], name="inspection_step_life")]

    def __str__(self) -> str:
        return f"{self.get_action_display()} {self.at:%Y-%m-%d %H:%M}"


class InspectionPaper(models.Model):
    """A paper of an inspection as it left the house."""

    declared = append_only()

    class Kind(models.TextChoices):
        RECORD = "record", _("现场检查笔录")
        RESULT_SHEET = "result_sheet", _("监督检查结果记录表")
        CORRECTION_ORDER = "correction_order", _("责令改正通知书")

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="papers", verbose_name=_("检查"))
    kind = models.CharField(_("文书"), max_length=18, choices=Kind.choices)
    document_number = models.CharField(_("文号"), max_length=60, blank=True)
    file = models.ForeignKey("ledger.EvidenceFile", models.PROTECT, related_name="+", verbose_name=_("文件"))
    issued_at = models.DateTimeField(_("制作时间"))
    issued_by = models.CharField(_("制作人"), max_length=150)

    class Meta:
        verbose_name = _("检查文书")
        verbose_name_plural = _("检查文书")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.document_number}"
