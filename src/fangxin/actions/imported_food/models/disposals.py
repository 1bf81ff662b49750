from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from fangxin.actions.imported_food.models.alerts import AlertMatch
from fangxin.actions.imported_food.models.consignments import Consignment
from fangxin.kernel.ledger.api import editable, told_together


class Disposal(models.Model):
    """A lot that may not be sold: stopped, accounted for, disposed of, reported back."""

    declared = editable(kept_years=5)

    class Cause(models.TextChoices):
        ALERT = "alert", _("风险通报涉及")
        FAILED = "failed", _("抽检不合格")
        EXPIRED = "expired", _("超过保质期")
        LABEL = "label", _("中文标签不符合")
        PAPERS = "papers", _("没有检验检疫证明")

    class State(models.TextChoices):
        OPEN = "open", _("待停止销售")
        STOPPED = "stopped", _("已停止销售")
        DISPOSED = "disposed", _("已处置")
        REPORTED = "reported", _("已报告结果")

    class Outcome(models.TextChoices):
        DESTROYED = "destroyed", _("销毁")
        RETURNED = "returned", _("退运或者退回供货者")
        REWORKED = "reworked", _("整改后销售（仅限标签）")
        RELEASED = "released", _("查明不涉及，恢复销售")
        SOLD = "sold", _("已全部售出，无法追回")

    number = models.CharField(_("处置编号"), max_length=20, unique=True)
    consignment = models.ForeignKey(Consignment, models.PROTECT, related_name="disposals", verbose_name=_("批次"))
    cause = models.CharField(_("缘由"), max_length=8, choices=Cause.choices)
    match = models.ForeignKey(
        AlertMatch, models.PROTECT, null=True, blank=True, related_name="disposals", verbose_name=_("风险通报")
    )
    text = models.CharField(_("情况"), max_length=500)
    division_code = models.CharField(_("区划"), max_length=12)
    found_at = models.DateTimeField(_("发现时间"))
    found_by = models.CharField(_("发现人"), max_length=150)
    stop_due_at = models.DateTimeField(_("停止销售时限"))
    due_on = models.DateField(_("处置时限"))
    state = models.CharField(_("状态"), max_length=8, choices=State.choices, default=State.OPEN)
    stopped_at = models.DateTimeField(_("停止销售时间"), null=True, blank=True)
    stopped_by = models.CharField(_("停止销售登记人"), max_length=150, blank=True)
    on_hand = models.DecimalField(
        _("封存数量"), max_digits=18, decimal_places=6, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    outcome = models.CharField(_("处置方式"), max_length=9, choices=Outcome.choices, blank=True)
    quantity = models.DecimalField(
        _("处置数量"), max_digits=18, decimal_places=6, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    outcome_text = models.CharField(_("处置情况"), max_length=500, blank=True)
    evidence = models.ForeignKey(
        "ledger.EvidenceFile", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("处置证据")
    )
    disposed_at = models.DateTimeField(_("处置时间"), null=True, blank=True)
    disposed_by = models.CharField(_("处置登记人"), max_length=150, blank=True)
    disposed_on = models.DateField(_("处置日期"), null=True, blank=True)
    reported_to = models.CharField(_("报告给"), max_length=100, blank=True)
    reported_at = models.DateTimeField(_("报告时间"), null=True, blank=True)
    reported_by = models.CharField(_("报告人"), max_length=150, blank=True)
    matter = models.ForeignKey("casework.Matter", models.PROTECT, related_name="+", verbose_name=_("问题事项"))

    class Meta:
        verbose_name = _("进口食品处置")
        verbose_name_plural = _("进口食品处置")
        ordering = ["-found_at", "-number"]
        indexes = [
            models.Index(fields=["division_code", "-found_at", "-number"], name="import_disposal_list"),
            models.Index(fields=["state", "due_on"], name="import_disposal_due"),
        ]
        constraints = [
            told_together("stopped_at", "stopped_by", "import_disposal_stopped_told"),
            told_together("disposed_at", "disposed_by", "import_disposal_done_told"),
            told_together("reported_at", "reported_by", "import_disposal_reported_told"),
            models.UniqueConstraint(
                fields=["consignment", "cause"],
                condition=Q(state__in=["open", "stopped"]),
                name="import_disposal_once",
                violation_error_message=_("这个批次因同一缘由的处置还没有办完。"),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("imported_food:disposal", args=[self.pk])


class Withdrawal(models.Model):
    """A buyer of the lot: what went there, when it was told, what came back."""

    declared = editable(kept_years=5)

    disposal = models.ForeignKey(Disposal, models.PROTECT, related_name="withdrawals", verbose_name=_("处置"))
    lot = models.ForeignKey(
        "supply.Lot", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("购货者批次")
    )
    name = models.CharField(_("购货者"), max_length=120)
    delivered = models.DecimalField(_("购进数量"), max_digits=18, decimal_places=6, null=True, blank=True)
    unit = models.CharField(_("单位"), max_length=10, blank=True)
    told_at = models.DateTimeField(_("通知时间"), null=True, blank=True)
    told_by = models.CharField(_("通知人"), max_length=150, blank=True)
    returned = models.DecimalField(
        _("追回数量"), max_digits=18, decimal_places=6, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    note = models.CharField(_("说明"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("召回去向")
        verbose_name_plural = _("召回去向")
        ordering = ["disposal_id", "name", "pk"]
        constraints = [
            told_together("told_at", "told_by", "import_withdrawal_told"),
            models.UniqueConstraint(
                fields=["disposal", "lot"], condition=Q(lot__isnull=False), name="import_withdrawal_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name
