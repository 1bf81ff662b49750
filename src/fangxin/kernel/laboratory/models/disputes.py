from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from fangxin.kernel.ledger.api import Personal, editable, told_together


class Notice(models.Model):
    """A failing report told to one of those concerned, with the days on which their rights end."""

    declared = editable(personal={"received_by": Personal.NAME}, kept_years=6)

    class To(models.TextChoices):
        SUBJECT = "subject", _("被抽样单位")
        PRODUCER = "producer", _("标称生产者")
        OPENER = "opener", _("市场开办者、网络平台")

    report = models.ForeignKey("laboratory.Report", models.PROTECT, related_name="notices", verbose_name=_("检验报告"))
    sample = models.ForeignKey("laboratory.Sample", models.PROTECT, related_name="notices", verbose_name=_("样品"))
    division_code = models.CharField(_("区划"), max_length=12)
    to = models.CharField(_("告知对象"), max_length=10, choices=To.choices)
    name = models.CharField(_("单位名称"), max_length=120)
    file = models.ForeignKey(
        "ledger.EvidenceFile", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("告知书")
    )
    due_on = models.DateField(_("告知时限"), null=True, blank=True)
    sent_at = models.DateTimeField(_("送达时间"))
    sent_on = models.DateField(_("送达日期"))
    sent_by = models.CharField(_("送达人"), max_length=150)
    received_at = models.DateTimeField(_("签收登记时间"), null=True, blank=True)
    received_on = models.DateField(_("签收日期"), null=True, blank=True)
    received_by = models.CharField(_("签收人"), max_length=60, blank=True)
    # Both count from the receipt.
    retest_until = models.DateField(_("复检申请截止"), null=True, blank=True)
    objection_until = models.DateField(_("异议截止"), null=True, blank=True)

    class Meta:
        verbose_name = _("不合格告知")
        verbose_name_plural = _("不合格告知")
        ordering = ["pk"]
        constraints = [
            told_together("received_at", "received_by", "notice_received_told"),
            models.UniqueConstraint(
                fields=["report", "to", "name"], name="notice_once", violation_error_message=_("已经告知过这一家。")
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("laboratory:results", args=[self.sample_id])


class Objection(models.Model):
    """Somebody contests how it was sampled, whose product it is, or how it was tested and judged."""

    declared = editable(kept_years=6)

    class Kind(models.TextChoices):
        PROCESS = "process", _("抽样过程")
        AUTHENTICITY = "authenticity", _("样品真实性")
        METHOD = "method", _("检验方法")
        STANDARD = "standard", _("判定依据")

    class State(models.TextChoices):
        FILED = "filed", _("审核中")
        REFUSED = "refused", _("不予受理")
        UPHELD = "upheld", _("异议成立")
        DISMISSED = "dismissed", _("异议不成立")

    sample = models.ForeignKey("laboratory.Sample", models.PROTECT, related_name="objections", verbose_name=_("样品"))
    division_code = models.CharField(_("区划"), max_length=12)
    kind = models.CharField(_("异议种类"), max_length=12, choices=Kind.choices)
    applicant = models.CharField(_("提出单位"), max_length=120)
    text = models.CharField(_("异议内容"), max_length=500)
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.FILED)
    filed_on = models.DateField(_("提出日期"))
    last_day = models.DateField(_("可提出的最后一日"), null=True, blank=True)
    decide_by = models.DateField(_("审核时限"), null=True, blank=True)
    recorded_at = models.DateTimeField(_("登记时间"))
    recorded_by = models.CharField(_("登记人"), max_length=150)
    decided_at = models.DateTimeField(_("决定时间"), null=True, blank=True)
    decided_by = models.CharField(_("决定人"), max_length=150, blank=True)
    answer = models.CharField(_("答复"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("异议")
        verbose_name_plural = _("异议")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["division_code", "state", "decide_by"], name="objection_list")]
        constraints = [
            told_together("decided_at", "decided_by", "objection_decided_told"),
            models.CheckConstraint(
                condition=Q(state="filed", decided_at=None) | ~Q(state="filed") & Q(decided_at__isnull=False),
                name="objection_open_or_decided",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.applicant}"

    def get_absolute_url(self) -> str:
        return reverse("laboratory:results", args=[self.sample_id])


class Retest(models.Model):
    """A re-inspection (复检): asked, accepted, another laboratory drawn, sample handed over, final conclusion, told."""

    declared = editable(kept_years=6)

    class State(models.TextChoices):
        REQUESTED = "requested", _("待受理")
        REFUSED = "refused", _("不予复检")
        ACCEPTED = "accepted", _("已受理，待抽取机构")
        DRAWN = "drawn", _("已抽取机构，待移交备样")
        HANDED_OVER = "handed_over", _("已移交，待结论")
        CONCLUDED = "concluded", _("已有结论，待告知")
        TOLD = "told", _("已告知")
        WITHDRAWN = "withdrawn", _("申请人撤回")

    class Refusal(models.TextChoices):
        MICRO = "micro", _("微生物指标不合格，不予复检")
        LATE = "late", _("超过申请期限")
        NO_DUPLICATE = "no_duplicate", _("没有备份样品，或者备份样品不能使用")
        EXPIRED = "expired", _("备份样品超过保质期")
        OTHER = "other", _("其他情形")

    class Outcome(models.TextChoices):
        CONFORMING = "conforming", _("复检合格")
        NONCONFORMING = "nonconforming", _("复检不合格")

    sample = models.ForeignKey("laboratory.Sample", models.PROTECT, related_name="retests", verbose_name=_("样品"))
    notice = models.ForeignKey(Notice, models.PROTECT, related_name="retests", verbose_name=_("不合格告知"))
    division_code = models.CharField(_("区划"), max_length=12)
    applicant = models.CharField(_("申请单位"), max_length=120)
    items = models.CharField(_("申请复检的项目"), max_length=300)
    state = models.CharField(_("状态"), max_length=12, choices=State.choices, default=State.REQUESTED)
    requested_on = models.DateField(_("申请日期"))
    last_day = models.DateField(_("可申请的最后一日"), null=True, blank=True)
    materials_on = models.DateField(_("材料齐全日期"))
    refusal = models.CharField(_("不予复检的原因"), max_length=12, choices=Refusal.choices, blank=True)
    # The date until which the running step is to be done.
    due_on = models.DateField(_("本步时限"), null=True, blank=True)
    accepted_on = models.DateField(_("受理日期"), null=True, blank=True)
    laboratory = models.ForeignKey(
        "people.Agency", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("复检机构")
    )
    draw_file = models.ForeignKey(
        "ledger.EvidenceFile", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("抽取结果文件")
    )
    drawn_on = models.DateField(_("抽取日期"), null=True, blank=True)
    handed_over_on = models.DateField(_("移交备样日期"), null=True, blank=True)
    concluded_on = models.DateField(_("复检结论日期"), null=True, blank=True)
    outcome = models.CharField(_("复检结论"), max_length=16, choices=Outcome.choices, blank=True)
    finding = models.CharField(_("复检结果"), max_length=500, blank=True)
    told_on = models.DateField(_("告知日期"), null=True, blank=True)
    recorded_at = models.DateTimeField(_("登记时间"))
    recorded_by = models.CharField(_("登记人"), max_length=150)
    note = models.CharField(_("说明"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("复检")
        verbose_name_plural = _("复检")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["division_code", "state", "due_on"], name="retest_list")]
        constraints = [
            models.UniqueConstraint(
                fields=["sample"],
                condition=~Q(state__in=["refused", "withdrawn"]),
                name="retest_once",
                violation_error_message=_("这份样品已有复检，复检结论为最终结论。"),
            ),
            models.CheckConstraint(condition=~Q(state="refused") | ~Q(refusal=""), name="retest_refused_with_reason"),
            models.CheckConstraint(
                condition=~Q(state__in=["concluded", "told"]) | ~Q(outcome=""), name="retest_concluded_with_outcome"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.applicant} {self.get_state_display()}"

    def get_absolute_url(self) -> str:
        return reverse("laboratory:results", args=[self.sample_id])

    @property
    def fee_bearer(self) -> str:
        """Who bears the fee (Regulation on the Implementation of the Food Safety Law, article 42)."""
        return {"conforming": str(_("抽样检验的部门")), "nonconforming": str(_("复检申请人"))}.get(self.outcome, "")
