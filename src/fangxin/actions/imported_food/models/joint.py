from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from fangxin.actions.imported_food.models.alerts import Alert
from fangxin.actions.imported_food.models.consignments import Consignment
from fangxin.actions.imported_food.models.disposals import Disposal
from fangxin.kernel.ledger.api import editable, told_together


class Session(models.Model):
    """Departments and customs sit together over notices and lots; what they decide is a matter."""

    declared = editable(kept_years=5)

    class State(models.TextChoices):
        PLANNED = "planned", _("已安排")
        HELD = "held", _("已召开")
        CONCLUDED = "concluded", _("已形成结论")
        CANCELLED = "cancelled", _("已取消")

    number = models.CharField(_("会商编号"), max_length=20, unique=True)
    title = models.CharField(_("会商事项"), max_length=120)
    division_code = models.CharField(_("区划"), max_length=12)
    planned_on = models.DateField(_("计划日期"))
    agencies = models.ManyToManyField("people.Agency", blank=True, related_name="+", verbose_name=_("参加单位"))
    others = models.CharField(_("本县以外的单位"), max_length=200, blank=True)
    alerts = models.ManyToManyField(Alert, blank=True, related_name="sessions", verbose_name=_("风险通报"))
    disposals = models.ManyToManyField(Disposal, blank=True, related_name="sessions", verbose_name=_("处置"))
    state = models.CharField(_("状态"), max_length=9, choices=State.choices, default=State.PLANNED)
    held_on = models.DateField(_("召开日期"), null=True, blank=True)
    chair = models.CharField(_("主持人"), max_length=60, blank=True)
    conclusion = models.CharField(_("结论"), max_length=2000, blank=True)
    arranged_at = models.DateTimeField(_("安排时间"))
    arranged_by = models.CharField(_("安排人"), max_length=150)
    concluded_at = models.DateTimeField(_("形成结论时间"), null=True, blank=True)
    concluded_by = models.CharField(_("形成结论人"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("进口食品会商")
        verbose_name_plural = _("进口食品会商")
        ordering = ["-planned_on", "-number"]
        indexes = [models.Index(fields=["division_code", "-planned_on"], name="import_session_list")]
        constraints = [told_together("concluded_at", "concluded_by", "import_session_concluded_told")]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("imported_food:session", args=[self.pk])


class SessionDecision(models.Model):
    """What a session decided: a matter from the first moment."""

    declared = editable(kept_years=5)

    session = models.ForeignKey(Session, models.PROTECT, related_name="decisions", verbose_name=_("会商"))
    text = models.CharField(_("决定"), max_length=1000)
    owner = models.ForeignKey("people.Agency", models.PROTECT, related_name="+", verbose_name=_("责任单位"))
    due_on = models.DateField(_("完成时限"))
    matter = models.ForeignKey("casework.Matter", models.PROTECT, related_name="+", verbose_name=_("问题事项"))
    decided_at = models.DateTimeField(_("记录时间"))
    decided_by = models.CharField(_("记录人"), max_length=150)

    class Meta:
        verbose_name = _("进口食品会商决定")
        verbose_name_plural = _("进口食品会商决定")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.text


class Clue(models.Model):
    """A sign of smuggling or of food without an origin, on its way to the police or the customs' anti-smuggling office."""

    declared = editable(kept_years=5)

    class Origin(models.TextChoices):
        INSPECTION = "inspection", _("检查发现")
        REPORT = "report", _("投诉举报")
        LOT = "lot", _("批次核对发现")
        OTHER = "other", _("其他部门移送")

    class State(models.TextChoices):
        RECORDED = "recorded", _("待研判报告")
        REPORTED = "reported", _("待负责人决定")
        APPROVED = "approved", _("待移送")
        HANDED_OVER = "handed_over", _("已移送")
        ANSWERED = "answered", _("已有回复")
        DISMISSED = "dismissed", _("不移送")

    class Receiver(models.TextChoices):
        POLICE = "police", _("公安机关")
        CUSTOMS = "customs", _("海关缉私部门")

    class Reply(models.TextChoices):
        FILED = "filed", _("立案")
        REFUSED = "refused", _("不予立案")

    number = models.CharField(_("线索编号"), max_length=20, unique=True)
    origin = models.CharField(_("来源"), max_length=10, choices=Origin.choices)
    consignment = models.ForeignKey(
        Consignment, models.PROTECT, null=True, blank=True, related_name="clues", verbose_name=_("批次")
    )
    place = models.CharField(_("地点"), max_length=120)
    facts = models.CharField(_("线索情况"), max_length=2000)
    amount_yuan = models.DecimalField(
        _("估计货值（元）"), max_digits=14, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    division_code = models.CharField(_("区划"), max_length=12)
    found_on = models.DateField(_("发现日期"))
    recorded_at = models.DateTimeField(_("登记时间"))
    recorded_by = models.CharField(_("登记人"), max_length=150)
    # When the step that waits must be done; None where nothing waits.
    due_at = models.DateTimeField(_("当前时限"), null=True, blank=True)
    state = models.CharField(_("状态"), max_length=11, choices=State.choices, default=State.RECORDED)
    assessment = models.CharField(_("研判意见"), max_length=1000, blank=True)
    reported_at = models.DateTimeField(_("报告时间"), null=True, blank=True)
    reported_by = models.CharField(_("报告人"), max_length=150, blank=True)
    decision = models.CharField(_("决定理由"), max_length=1000, blank=True)
    receiver = models.CharField(_("移送给"), max_length=7, choices=Receiver.choices, blank=True)
    decided_at = models.DateTimeField(_("决定时间"), null=True, blank=True)
    decided_by = models.CharField(_("决定人"), max_length=150, blank=True)
    handed_at = models.DateTimeField(_("移送时间"), null=True, blank=True)
    handed_by = models.CharField(_("移送人"), max_length=150, blank=True)
    handed_text = models.CharField(_("接收单位和材料"), max_length=500, blank=True)
    letter = models.ForeignKey(
        "ledger.EvidenceFile", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("移送函")
    )
    reply = models.CharField(_("回复"), max_length=7, choices=Reply.choices, blank=True)
    reply_text = models.CharField(_("回复情况"), max_length=500, blank=True)
    replied_at = models.DateTimeField(_("回复登记时间"), null=True, blank=True)
    replied_by = models.CharField(_("回复登记人"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("走私和来源不明线索")
        verbose_name_plural = _("走私和来源不明线索")
        ordering = ["-found_on", "-number"]
        indexes = [
            models.Index(fields=["division_code", "-found_on", "-number"], name="import_clue_list"),
            models.Index(fields=["state", "due_at"], name="import_clue_due"),
        ]
        constraints = [
            told_together("reported_at", "reported_by", "import_clue_reported_told"),
            told_together("decided_at", "decided_by", "import_clue_decided_told"),
            told_together("handed_at", "handed_by", "import_clue_handed_told"),
            told_together("replied_at", "replied_by", "import_clue_replied_told"),
            models.CheckConstraint(
                condition=Q(decided_by="") | ~Q(decided_by=models.F("reported_by")),
                name="import_clue_second_person",
                violation_error_message=_("报告人不能自己决定是否移送。"),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("imported_food:clue", args=[self.pk])
