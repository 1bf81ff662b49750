from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from fangxin.actions.imported_food.models.consignments import Consignment
from fangxin.kernel.ledger.api import editable, told_together


class Alert(models.Model):
    """A notice about food from abroad, as received in a county."""

    declared = editable(kept_years=5)

    class Source(models.TextChoices):
        CUSTOMS = "customs", _("海关、总局通报")
        RASFF = "rasff", _("欧盟 RASFF")
        FDA = "fda", _("美国 FDA")
        OTHER = "other", _("其他来源")

    class State(models.TextChoices):
        OPEN = "open", _("待核对")
        TRACED = "traced", _("已核对")

    source = models.CharField(_("来源"), max_length=8, choices=Source.choices)
    reference = models.CharField(_("通报编号"), max_length=60, blank=True)
    published_on = models.DateField(_("通报日期"), null=True, blank=True)
    text = models.CharField(_("通报内容"), max_length=1000)
    food_class = models.CharField(_("通报食品类别"), max_length=20, blank=True)
    # Codes of the vocabulary, and numbers as printed: what the notice says, nothing added.
    products = models.JSONField(_("通报品种"), default=list, blank=True)
    origins = models.JSONField(_("原产国（地区）"), default=list, blank=True)
    hazards = models.JSONField(_("危害"), default=list, blank=True)
    hazard_text = models.CharField(_("危害说明"), max_length=300, blank=True)
    serious = models.BooleanField(_("来源定为严重"), null=True, blank=True)
    distributed_to = models.JSONField(_("销往"), default=list, blank=True)
    maker = models.CharField(_("境外生产企业"), max_length=200, blank=True)
    maker_number = models.CharField(_("境外生产企业注册编号"), max_length=40, blank=True)
    lots = models.JSONField(_("批号"), default=list, blank=True)
    gtins = models.JSONField(_("商品条码"), default=list, blank=True)
    made_on = models.DateField(_("生产日期"), null=True, blank=True)
    best_before_on = models.DateField(_("保质期至"), null=True, blank=True)
    division_code = models.CharField(_("区划"), max_length=12)
    received_at = models.DateTimeField(_("收到时间"))
    received_by = models.CharField(_("登记人"), max_length=150)
    trace_due_at = models.DateTimeField(_("核对时限"))
    state = models.CharField(_("状态"), max_length=6, choices=State.choices, default=State.OPEN)
    traced_at = models.DateTimeField(_("核对时间"), null=True, blank=True)
    traced_by = models.CharField(_("核对人"), max_length=150, blank=True)
    finding = models.CharField(_("核对结论"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("风险通报")
        verbose_name_plural = _("风险通报")
        ordering = ["-received_at", "-pk"]
        indexes = [
            models.Index(fields=["division_code", "-received_at", "-id"], name="import_alert_list"),
            models.Index(fields=["state", "trace_due_at"], name="import_alert_open"),
        ]
        constraints = [
            told_together("traced_at", "traced_by", "import_alert_traced_told"),
            models.UniqueConstraint(
                fields=["division_code", "source", "reference"],
                condition=~Q(reference=""),
                name="import_alert_once",
                violation_error_message=_("这个编号的通报已经登记过。"),
            ),
            models.CheckConstraint(
                condition=Q(state="open", traced_at=None) | Q(state="traced", traced_at__isnull=False),
                name="import_alert_state",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_source_display()} {self.reference}".strip()

    def get_absolute_url(self) -> str:
        return reverse("imported_food:alert", args=[self.pk])


class AlertMatch(models.Model):
    """A local lot that a notice may speak of. A sure one is acted on; a doubtful one is a question to a person."""

    declared = editable(kept_years=5)

    class Certainty(models.TextChoices):
        SURE = "sure", _("编号一致")
        ASK = "ask", _("可能涉及")

    class State(models.TextChoices):
        ASKED = "asked", _("待确认")
        CONFIRMED = "confirmed", _("确认涉及")
        DISMISSED = "dismissed", _("不涉及")

    alert = models.ForeignKey(Alert, models.PROTECT, related_name="matches", verbose_name=_("风险通报"))
    consignment = models.ForeignKey(Consignment, models.PROTECT, related_name="matches", verbose_name=_("批次"))
    certainty = models.CharField(_("把握"), max_length=4, choices=Certainty.choices)
    points = models.PositiveSmallIntegerField(_("相符分值"))
    reasons = models.JSONField(_("相符"), default=list, blank=True)
    against = models.JSONField(_("不符"), default=list, blank=True)
    state = models.CharField(_("状态"), max_length=9, choices=State.choices, default=State.ASKED)
    why = models.CharField(_("依据"), max_length=300, blank=True)
    decided_at = models.DateTimeField(_("确认时间"), null=True, blank=True)
    decided_by = models.CharField(_("确认人"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("通报涉及批次")
        verbose_name_plural = _("通报涉及批次")
        ordering = ["-points", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["alert", "consignment"], name="alert_match_once"),
            told_together("decided_at", "decided_by", "alert_match_decided_told"),
        ]

    def __str__(self) -> str:
        return f"{self.alert}：{self.consignment}"

    def get_absolute_url(self) -> str:
        return self.alert.get_absolute_url()
