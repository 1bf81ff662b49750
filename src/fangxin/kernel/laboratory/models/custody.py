from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from fangxin.kernel.laboratory.models.kinds import Part
from fangxin.kernel.laboratory.models.samples import Sample
from fangxin.kernel.ledger.api import editable, told_together


class CustodyStep(models.Model):
    """A part of a sample goes from one hand to the next; both sides say so."""

    declared = editable()

    class Way(models.TextChoices):
        PERSON = "person", _("专人送达")
        COURIER = "courier", _("快递（冷链）")

    sample = models.ForeignKey(Sample, models.PROTECT, related_name="custody", verbose_name=_("样品"))
    part = models.CharField(_("份"), max_length=10, choices=Part.choices)
    way = models.CharField(_("方式"), max_length=8, choices=Way.choices, default=Way.PERSON)
    waybill = models.CharField(_("运单号"), max_length=60, blank=True)
    to_agency = models.ForeignKey("people.Agency", models.PROTECT, related_name="+", verbose_name=_("交给"))
    handed_at = models.DateTimeField(_("交出时间"))
    handed_by = models.CharField(_("交出人"), max_length=150)
    handed_temperature = models.DecimalField(
        _("交出时温度（℃）"), max_digits=5, decimal_places=1, null=True, blank=True
    )
    handed_intact = models.BooleanField(_("交出时封条完好"), default=True)
    taken_at = models.DateTimeField(_("接收时间"), null=True, blank=True)
    taken_by = models.CharField(_("接收人"), max_length=150, blank=True)
    taken_temperature = models.DecimalField(_("接收时温度（℃）"), max_digits=5, decimal_places=1, null=True, blank=True)
    taken_intact = models.BooleanField(_("接收时封条完好"), null=True, blank=True)
    note = models.CharField(_("备注"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("样品交接")
        verbose_name_plural = _("样品交接")
        ordering = ["sample", "pk"]
        constraints = [
            told_together("taken_at", "taken_by", "custody_taken_told"),
            models.UniqueConstraint(
                fields=["sample", "part"],
                condition=Q(taken_at=None),
                name="custody_one_on_the_way",
                violation_error_message=_("这份样品已经交出、对方还没有确认接收，不能再交一次。"),
            ),
            models.CheckConstraint(
                condition=Q(taken_at=None) | Q(taken_at__gte=F("handed_at")),
                name="custody_forward",
                violation_error_message=_("接收时间早于交出时间，请核对。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sample} → {self.to_agency}"


class Receipt(models.Model):
    """What the laboratory found when the sample came, and whether it was accepted. Undone with a reason, never changed."""

    declared = editable()

    class Outcome(models.TextChoices):
        ACCEPTED = "accepted", _("接收")
        REFUSED = "refused", _("拒收")

    sample = models.ForeignKey(Sample, models.PROTECT, related_name="receipts", verbose_name=_("样品"))
    laboratory = models.ForeignKey("people.Agency", models.PROTECT, related_name="+", verbose_name=_("检验机构"))
    # The laboratory's own number, under which a blind sample is known there.
    lab_number = models.CharField(_("样品受理编号"), max_length=30, unique=True)
    outcome = models.CharField(_("结论"), max_length=10, choices=Outcome.choices)
    received_at = models.DateTimeField(_("收样时间"))
    received_on = models.DateField(_("收样日期"))
    received_by = models.CharField(_("收样人"), max_length=150)
    seal_intact = models.BooleanField(_("封条完好"))
    enough = models.BooleanField(_("数量足够"))
    papers_agree = models.BooleanField(_("样品与抽样单相符"))
    temperature = models.DecimalField(_("收样温度（℃）"), max_digits=5, decimal_places=1, null=True, blank=True)
    # Codes of standards/laboratory/receipt.toml, in the order of the file.
    reasons = models.JSONField(_("拒收理由"), default=list, blank=True)
    # A defect that was seen and accepted all the same is said here.
    note = models.CharField(_("情况说明"), max_length=300, blank=True)
    report_due_on = models.DateField(_("报告期限"), null=True, blank=True)
    analyst = models.ForeignKey(
        "people.User", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("检验人员")
    )
    assigned_at = models.DateTimeField(_("派检时间"), null=True, blank=True)
    assigned_by = models.CharField(_("派检人"), max_length=150, blank=True)
    undone_at = models.DateTimeField(_("撤销时间"), null=True, blank=True)
    undone_by = models.CharField(_("撤销人"), max_length=150, blank=True)
    undone_reason = models.CharField(_("撤销原因"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("收样记录")
        verbose_name_plural = _("收样记录")
        ordering = ["-received_at", "-pk"]
        indexes = [models.Index(fields=["laboratory", "outcome", "report_due_on"], name="receipt_work")]
        constraints = [
            models.UniqueConstraint(
                fields=["sample"],
                condition=Q(undone_at=None),
                name="receipt_once",
                violation_error_message=_("这份样品已经登记过收样，请刷新后查看。"),
            ),
            told_together("assigned_at", "assigned_by", "receipt_assigned_told"),
            told_together("undone_at", "undone_by", "receipt_undone_told"),
        ]

    def __str__(self) -> str:
        return self.lab_number
