from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from fangxin.kernel.ledger.api import Personal, append_only, editable, told_together


class Matter(models.Model):
    """Anything wrong that someone must put right, until a second person has seen that it is."""

    declared = editable(personal={"responsible_person": Personal.NAME})

    class Origin(models.TextChoices):
        INSPECTION = "inspection", _("检查")
        SAMPLING = "sampling", _("抽检")
        PUBLIC_OPINION = "public_opinion", _("舆情")
        REPORT = "report", _("举报")
        SUPERIOR = "superior", _("上级交办")
        ASSESSMENT = "assessment", _("考核")
        OVERDUE_RETURN = "overdue_return", _("逾期未报")
        CENSUS = "census", _("普查")
        OTHER = "other", _("其他")

    class Severity(models.TextChoices):
        MINOR = "minor", _("一般")
        MAJOR = "major", _("较大")
        CRITICAL = "critical", _("重大")

    class State(models.TextChoices):
        OPENED = "opened", _("已立账")
        ASSIGNED = "assigned", _("已交办")
        RECTIFYING = "rectifying", _("整改中")
        SUBMITTED = "submitted", _("申请验收")
        RETURNED = "returned", _("已退回")
        CLOSED = "closed", _("已销号")
        LOOKED_BACK = "looked_back", _("已回头看")
        WITHDRAWN = "withdrawn", _("已撤销")

    class LookBack(models.TextChoices):
        HELD = "held", _("保持良好")
        REBOUNDED = "rebounded", _("已反弹")

    number = models.CharField(_("编号"), max_length=20, unique=True)
    origin = models.CharField(_("来源"), max_length=20, choices=Origin.choices)
    severity = models.CharField(_("严重程度"), max_length=10, choices=Severity.choices)
    state = models.CharField(_("状态"), max_length=12, choices=State.choices, default=State.OPENED)
    hazard = models.TextField(_("问题或隐患"), max_length=2000)
    legal_basis = models.CharField(_("依据"), max_length=500, blank=True)
    subject_type = models.CharField(_("对象类型"), max_length=100, blank=True)
    subject_id = models.CharField(_("对象编号"), max_length=64, blank=True)
    subject_name = models.CharField(_("涉及对象"), max_length=200, blank=True)
    division_code = models.CharField(_("区划"), max_length=12, db_index=True)
    owner = models.ForeignKey("people.Agency", models.PROTECT, related_name="+", verbose_name=_("责任单位"))
    cooperating = models.ManyToManyField("people.Agency", related_name="+", blank=True, verbose_name=_("配合单位"))
    # What led to it, named by whoever announced it; the same thing never opens two matters.
    opened_from = models.CharField(_("来自"), max_length=200, unique=True, null=True, blank=True)
    reopened_from = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="reopened_as", verbose_name=_("反弹自")
    )
    # Came back within the months that the rules in force at its closure count as a rebound.
    rebound = models.BooleanField(_("计入反弹"), default=False)

    opened_at = models.DateTimeField(_("立账时间"))
    opened_by = models.CharField(_("立账人"), max_length=150, blank=True)
    # The local day: periods and deadlines compare days, and a database cannot cut a day from a moment by an index.
    opened_on = models.DateField(_("立账日期"))
    due_on = models.DateField(_("整改时限"))
    responsible_person = models.CharField(_("责任人"), max_length=100, blank=True)
    measures = models.TextField(_("整改措施"), max_length=2000, blank=True)
    means = models.CharField(_("资金和条件"), max_length=500, blank=True)
    acceptance = models.CharField(_("验收标准"), max_length=500, blank=True)

    submitted_at = models.DateTimeField(_("申请验收时间"), null=True, blank=True)
    submitted_by = models.CharField(_("申请验收人"), max_length=150, blank=True)
    closing_proposed_at = models.DateTimeField(_("同意销号时间"), null=True, blank=True)
    closing_proposed_by = models.CharField(_("同意销号人"), max_length=150, blank=True)
    closed_at = models.DateTimeField(_("销号时间"), null=True, blank=True)
    closed_by = models.CharField(_("销号人"), max_length=150, blank=True)
    closed_on = models.DateField(_("销号日期"), null=True, blank=True)
    look_back_due_on = models.DateField(_("回头看时限"), null=True, blank=True)
    looked_back_at = models.DateTimeField(_("回头看时间"), null=True, blank=True)
    looked_back_by = models.CharField(_("回头看人"), max_length=150, blank=True)
    look_back_result = models.CharField(_("回头看结果"), max_length=10, choices=LookBack.choices, blank=True)
    withdrawal_asked_at = models.DateTimeField(_("申请撤销时间"), null=True, blank=True)
    withdrawal_asked_by = models.CharField(_("申请撤销人"), max_length=150, blank=True)
    withdrawal_reason = models.CharField(_("撤销原因"), max_length=500, blank=True)
    withdrawn_at = models.DateTimeField(_("撤销时间"), null=True, blank=True)
    withdrawn_by = models.CharField(_("批准撤销人"), max_length=150, blank=True)
    withdrawn_on = models.DateField(_("撤销日期"), null=True, blank=True)

    class Meta:
        verbose_name = _("问题事项")
        verbose_name_plural = _("问题事项")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["division_code", "opened_on"], name="matter_opened"),
            models.Index(fields=["division_code", "closed_on"], name="matter_closed"),
            models.Index(fields=["division_code", "state"], name="matter_division_state"),
            models.Index(fields=["owner", "state"], name="matter_owner_state"),
            models.Index(fields=["state", "due_on"], name="matter_due"),
            models.Index(fields=["subject_type", "subject_id"], name="matter_subject"),
        ]
        constraints = [
            told_together("submitted_at", "submitted_by", "matter_submitted_told"),
            told_together("closing_proposed_at", "closing_proposed_by", "matter_proposed_told"),
            told_together("closed_at", "closed_by", "matter_closed_told"),
            told_together("looked_back_at", "looked_back_by", "matter_looked_back_told"),
            told_together("withdrawal_asked_at", "withdrawal_asked_by", "matter_withdrawal_told"),
            told_together("withdrawn_at", "withdrawn_by", "matter_withdrawn_told"),
            models.CheckConstraint(
                condition=Q(state__in=["closed", "looked_back"], closed_at__isnull=False, closed_on__isnull=False)
                | (~Q(state__in=["closed", "looked_back"]) & Q(closed_at=None, closed_on=None)),
                name="matter_closed_is_closed",
            ),
            models.CheckConstraint(
                condition=Q(state="withdrawn", withdrawn_at__isnull=False, withdrawn_on__isnull=False)
                | (~Q(state="withdrawn") & Q(withdrawn_at=None, withdrawn_on=None)),
                name="matter_withdrawn_is_withdrawn",
            ),
            models.CheckConstraint(
                condition=Q(closed_by="") | ~Q(closed_by=F("submitted_by")), name="matter_closed_by_another"
            ),
            models.CheckConstraint(
                condition=~Q(severity="critical")
                | Q(closed_by="")
                | (~Q(closing_proposed_by="") & ~Q(closed_by=F("closing_proposed_by"))),
                name="matter_critical_closed_by_two",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_by="") | ~Q(withdrawn_by=F("withdrawal_asked_by")),
                name="matter_withdrawn_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.subject_name or self.hazard[:30]}"

    def get_absolute_url(self) -> str:
        return reverse("casework:matter", args=[self.pk])


class MatterStep(models.Model):
    """One step in a matter's life, and how it stood after it. What was true on a date is read from here."""

    declared = append_only(personal={"by_name": Personal.NAME})

    class Action(models.TextChoices):
        OPEN = "open", _("立账")
        ASSIGN = "assign", _("交办")
        FIX = "fix", _("填写五定")
        START = "start", _("开始整改")
        PROGRESS = "progress", _("报告进展")
        SUBMIT = "submit", _("申请验收")
        RETURN = "return", _("退回整改")
        PROPOSE_CLOSING = "propose_closing", _("同意销号，待批准")
        CLOSE = "close", _("销号")
        LOOK_BACK_HELD = "look_back_held", _("回头看：保持良好")
        LOOK_BACK_REBOUNDED = "look_back_rebounded", _("回头看：已反弹")
        REOPEN = "reopen", _("重新立账")
        ASK_EXTENSION = "ask_extension", _("申请延期")
        GRANT_EXTENSION = "grant_extension", _("同意延期")
        REFUSE_EXTENSION = "refuse_extension", _("不同意延期")
        ASK_WITHDRAWAL = "ask_withdrawal", _("申请撤销")
        WITHDRAW = "withdraw", _("批准撤销")
        REFUSE_WITHDRAWAL = "refuse_withdrawal", _("不同意撤销")
        ESCALATE = "escalate", _("催办")
        PAPER = "paper", _("发文")
        INTERVIEW = "interview", _("约谈")

    matter = models.ForeignKey(Matter, models.PROTECT, related_name="steps", verbose_name=_("事项"))
    at = models.DateTimeField(_("时间"))
    by = models.CharField(_("账号"), max_length=150, blank=True)
    by_name = models.CharField(_("办理人"), max_length=150, blank=True)
    action = models.CharField(_("办理"), max_length=20, choices=Action.choices)
    from_state = models.CharField(_("原状态"), max_length=12, choices=Matter.State.choices, blank=True)
    state = models.CharField(_("状态"), max_length=12, choices=Matter.State.choices)
    owner = models.ForeignKey("people.Agency", models.PROTECT, related_name="+", verbose_name=_("责任单位"))
    due_on = models.DateField(_("整改时限"))
    text = models.TextField(_("说明"), max_length=2000, blank=True)

    class Meta:
        verbose_name = _("办理记录")
        verbose_name_plural = _("办理记录")
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["matter", "at", "id"], name="matter_step_life")]

    def __str__(self) -> str:
        return f"{self.get_action_display()} {self.at:%Y-%m-%d %H:%M}"

    def get_absolute_url(self) -> str:
        return reverse("casework:matter", args=[self.matter_id])


class MatterEvidence(models.Model):
    """A file that proves something about a matter."""

    declared = append_only(personal={"added_by_name": Personal.NAME, "name": Personal.SENSITIVE})

    class Kind(models.TextChoices):
        HAZARD = "hazard", _("发现问题时")
        RECTIFICATION = "rectification", _("整改证明")
        VERIFICATION = "verification", _("验收核查")
        LOOK_BACK = "look_back", _("回头看")

    matter = models.ForeignKey(Matter, models.PROTECT, related_name="evidence", verbose_name=_("事项"))
    file = models.ForeignKey("ledger.EvidenceFile", models.PROTECT, related_name="+", verbose_name=_("文件"))
    # The same bytes are stored once, under the name of whoever brought them first; here they have this one.
    name = models.CharField(_("文件名"), max_length=200)
    kind = models.CharField(_("证明"), max_length=14, choices=Kind.choices)
    note = models.CharField(_("说明"), max_length=200, blank=True)
    added_at = models.DateTimeField(_("上传时间"))
    added_by = models.CharField(_("账号"), max_length=150, blank=True)
    added_by_name = models.CharField(_("上传人"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("事项证据")
        verbose_name_plural = _("事项证据")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["matter", "file", "kind"], name="matter_evidence_once")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.name}"
