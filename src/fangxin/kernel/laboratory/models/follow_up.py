from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from fangxin.kernel.laboratory.models.fields import decimal_text
from fangxin.kernel.ledger.api import append_only, editable, told_together


class Disposition(models.Model):
    """Verification and disposal (核查处置) of a failing sample: goods held, cause found, dealt with, closed when whole."""

    declared = editable(kept_years=6)

    class State(models.TextChoices):
        OPEN = "open", _("核查处置中")
        SUBMITTED = "submitted", _("待确认办结")
        CLOSED = "closed", _("已办结")
        OVERTURNED = "overturned", _("复检合格，终止")

    class Cause(models.TextChoices):
        FARMING = "farming", _("种植养殖环节")
        PRODUCTION = "production", _("生产加工环节")
        STORAGE = "storage", _("储存运输")
        SALE = "sale", _("销售和餐饮环节")
        ADDED = "added", _("人为添加、掺杂掺假")
        UNKNOWN = "unknown", _("没有查清")

    sample = models.OneToOneField(
        "laboratory.Sample", models.PROTECT, related_name="disposition", verbose_name=_("样品")
    )
    division_code = models.CharField(_("区划"), max_length=12)
    owner = models.ForeignKey("people.Agency", models.PROTECT, related_name="+", verbose_name=_("核查处置单位"))
    # Others to be told: customs for imported food, the grain bureau's superior and the like.
    also = models.CharField(_("同时通报"), max_length=200, blank=True)
    failed = models.CharField(_("不合格项目"), max_length=600)
    serious = models.BooleanField(_("严重危害"), default=False)
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.OPEN)
    # The matter it became, under the key by which it was announced.
    matter_key = models.CharField(_("问题事项"), max_length=200, db_index=True)
    opened_on = models.DateField(_("启动日期"))
    due_on = models.DateField(_("办结时限"), null=True, blank=True)
    extended_to = models.DateField(_("延期至"), null=True, blank=True)
    extension_reason = models.CharField(_("延期理由"), max_length=300, blank=True)
    # A serious hazard is reported within 24 hours.
    report_by = models.DateTimeField(_("24小时报告时限"), null=True, blank=True)
    reported_at = models.DateTimeField(_("报告时间"), null=True, blank=True)
    reported_by = models.CharField(_("报告人"), max_length=150, blank=True)
    # Goods, in one unit.
    unit = models.CharField(_("数量单位"), max_length=20, blank=True)
    purchased = decimal_text(_("购进（生产）数量"))
    stock = decimal_text(_("封存库存数量"))
    sold = decimal_text(_("已销售数量"))
    returned = decimal_text(_("退货、召回数量"))
    destroyed = decimal_text(_("已销毁数量"))
    controls = models.CharField(_("控制措施"), max_length=500, blank=True)
    controls_on = models.DateField(_("采取控制措施日期"), null=True, blank=True)
    cause = models.CharField(_("原因环节"), max_length=12, choices=Cause.choices, blank=True)
    cause_text = models.CharField(_("原因排查"), max_length=800, blank=True)
    penalty = models.CharField(_("处罚案号，或者不处罚的理由"), max_length=300, blank=True)
    rectified = models.CharField(_("整改情况"), max_length=500, blank=True)
    again_wanted = models.BooleanField(_("须再次抽检"), default=False)
    again = models.ForeignKey(
        "laboratory.Sample", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("再次抽检的样品")
    )
    imbalance_reason = models.CharField(_("数量不平的说明"), max_length=300, blank=True)
    submitted_at = models.DateTimeField(_("提请办结时间"), null=True, blank=True)
    submitted_by = models.CharField(_("提请人"), max_length=150, blank=True)
    closed_at = models.DateTimeField(_("办结时间"), null=True, blank=True)
    closed_by = models.CharField(_("确认人"), max_length=150, blank=True)
    closed_on = models.DateField(_("办结日期"), null=True, blank=True)

    class Meta:
        verbose_name = _("核查处置")
        verbose_name_plural = _("核查处置")
        ordering = ["due_on", "pk"]
        indexes = [
            models.Index(fields=["division_code", "state", "due_on"], name="disposition_list"),
            models.Index(fields=["owner", "state", "due_on"], name="disposition_of_owner"),
        ]
        constraints = [
            told_together("reported_at", "reported_by", "disposition_reported_told"),
            told_together("submitted_at", "submitted_by", "disposition_submitted_told"),
            told_together("closed_at", "closed_by", "disposition_closed_told"),
            models.CheckConstraint(
                condition=Q(state__in=["closed", "overturned"], closed_at__isnull=False)
                | ~Q(state__in=["closed", "overturned"]) & Q(closed_at=None),
                name="disposition_open_or_closed",
            ),
            models.CheckConstraint(
                condition=~Q(state="closed") | ~Q(closed_by=F("submitted_by")),
                name="disposition_second_person",
                violation_error_message=_("提请人不能确认自己的办结，请由另一名人员确认。"),
            ),
        ]

    def __str__(self) -> str:
        return str(_("核查处置：%(what)s") % {"what": self.failed[:60]})

    def get_absolute_url(self) -> str:
        return reverse("laboratory:disposition", args=[self.pk])


class DispositionStep(models.Model):
    """What was done, step by step."""

    declared = append_only(kept_years=6)

    disposition = models.ForeignKey(Disposition, models.PROTECT, related_name="steps", verbose_name=_("核查处置"))
    label = models.CharField(_("步骤"), max_length=60)
    text = models.CharField(_("情况"), max_length=800, blank=True)
    file = models.ForeignKey(
        "ledger.EvidenceFile", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("证明材料")
    )
    at = models.DateTimeField(_("时间"))
    by = models.CharField(_("人员"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("核查处置经过")
        verbose_name_plural = _("核查处置经过")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.label


class RecallOrder(models.Model):
    """An order to recall (责令召回通知书) and what came back."""

    declared = editable(kept_years=6)

    class Level(models.TextChoices):
        FIRST = "first", _("一级召回")
        SECOND = "second", _("二级召回")
        THIRD = "third", _("三级召回")

    disposition = models.ForeignKey(Disposition, models.PROTECT, related_name="recalls", verbose_name=_("核查处置"))
    division_code = models.CharField(_("区划"), max_length=12)
    number = models.CharField(_("文号"), max_length=60)
    level = models.CharField(_("召回级别"), max_length=8, choices=Level.choices)
    recipient = models.CharField(_("被责令单位"), max_length=120)
    product = models.CharField(_("召回产品"), max_length=200)
    start_within_hours = models.PositiveSmallIntegerField(_("启动召回时限（小时）"))
    finish_by = models.DateField(_("完成召回日期"))
    recalled = decimal_text(_("召回数量"))
    recalled_on = models.DateField(_("召回完成日期"), null=True, blank=True)
    file = models.ForeignKey("ledger.EvidenceFile", models.PROTECT, related_name="+", verbose_name=_("文书"))
    issued_at = models.DateTimeField(_("制发时间"))
    issued_by = models.CharField(_("制发人"), max_length=150)

    class Meta:
        verbose_name = _("责令召回")
        verbose_name_plural = _("责令召回")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.number


class RiskSignal(models.Model):
    """A result of risk monitoring beyond a limit: it grounds no penalty, it is passed on for consultation (会商)."""

    declared = editable(kept_years=6)

    sample = models.OneToOneField(
        "laboratory.Sample", models.PROTECT, related_name="risk_signal", verbose_name=_("样品")
    )
    division_code = models.CharField(_("区划"), max_length=12)
    text = models.CharField(_("信号"), max_length=600)
    serious = models.BooleanField(_("严重危害"), default=False)
    raised_at = models.DateTimeField(_("发出时间"))
    answered_at = models.DateTimeField(_("会商时间"), null=True, blank=True)
    answered_by = models.CharField(_("会商登记人"), max_length=150, blank=True)
    answer = models.CharField(_("会商意见"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("风险信号")
        verbose_name_plural = _("风险信号")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["division_code", "answered_at", "-id"], name="risk_signal_list")]
        constraints = [
            told_together("answered_at", "answered_by", "risk_signal_answered_told"),
            models.CheckConstraint(
                condition=Q(answered_at=None) | ~Q(answer=""), name="risk_signal_answered_with_text"
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]

    def get_absolute_url(self) -> str:
        return reverse("laboratory:risk_signals")
