from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from fangxin.kernel.ledger.api import append_only, editable, told_together
from fangxin.kernel.supply.models.events import Event
from fangxin.kernel.supply.models.kinds import How, Source, quantity
from fangxin.kernel.supply.models.lots import Link, Lot


class Upload(models.Model):
    """A sheet or a scale's file that was read in; taken back as a whole."""

    declared = editable(kept_years=3)

    class Kind(models.TextChoices):
        RECEIPTS = "receipts", _("进货表")
        SCALE = "scale", _("电子秤文件")

    class State(models.TextChoices):
        CHECKED = "checked", _("已检查，待写入")
        APPLIED = "applied", _("已写入")
        UNDONE = "undone", _("已撤销")

    kind = models.CharField(_("种类"), max_length=8, choices=Kind.choices)
    premises = models.ForeignKey(
        "registry.Premises", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("场所")
    )
    division_code = models.CharField(_("区划"), max_length=12, db_index=True)
    file = models.ForeignKey("ledger.EvidenceFile", models.PROTECT, related_name="+", verbose_name=_("文件"))
    state = models.CharField(_("状态"), max_length=8, choices=State.choices, default=State.CHECKED)
    # Row, column and what is wrong, for the page.
    faults = models.JSONField(_("问题"), default=list, blank=True)
    rows = models.PositiveIntegerField(_("行数"), default=0)
    uploaded_at = models.DateTimeField(_("导入时间"))
    uploaded_by = models.CharField(_("导入人"), max_length=150)
    undone_at = models.DateTimeField(_("撤销时间"), null=True, blank=True)
    undone_by = models.CharField(_("撤销人"), max_length=150, blank=True)
    undone_reason = models.CharField(_("撤销原因"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("导入文件")
        verbose_name_plural = _("导入文件")
        ordering = ["-uploaded_at", "-pk"]
        constraints = [told_together("undone_at", "undone_by", "upload_undone_told")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.uploaded_at:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        return reverse("supply:upload", args=[self.pk])


class Dispatch(models.Model):
    """Goods that left, said by the one who sent them. The receiver's own record completes it."""

    declared = editable(kept_years=3)

    class State(models.TextChoices):
        SENT = "sent", _("已发出，待收货方确认")
        RECEIVED = "received", _("收货方已确认")
        UNDONE = "undone", _("已撤销")

    lot = models.ForeignKey(Lot, models.PROTECT, related_name="dispatches", verbose_name=_("批次"))
    to_premises = models.ForeignKey(
        "registry.Premises",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="dispatches_in",
        verbose_name=_("收货场所"),
    )
    to_name = models.CharField(_("收货方名称"), max_length=120)
    to_lot = models.ForeignKey(Lot, models.PROTECT, related_name="+", verbose_name=_("收货方批次"))
    link = models.OneToOneField(
        Link, models.SET_NULL, null=True, blank=True, related_name="dispatch", verbose_name=_("流转")
    )
    quantity = quantity(_("数量"))
    unit = models.CharField(_("计量单位"), max_length=10)
    sent_at = models.DateTimeField(_("发出时间"))
    state = models.CharField(_("状态"), max_length=8, choices=State.choices, default=State.SENT)
    division_code = models.CharField(_("区划"), max_length=12, db_index=True)
    recorded_at = models.DateTimeField(_("登记时间"))
    recorded_by = models.CharField(_("登记人"), max_length=150)

    class Meta:
        verbose_name = _("出货记录")
        verbose_name_plural = _("出货记录")
        ordering = ["-sent_at", "-pk"]
        indexes = [models.Index(fields=["to_premises", "state", "-sent_at"], name="dispatch_coming")]

    def __str__(self) -> str:
        return f"{self.lot} → {self.to_name}"


class Receipt(models.Model):
    """Goods that arrived, taken down by the one who received them. Undone with a reason, never changed."""

    declared = editable(kept_years=3)

    class State(models.TextChoices):
        KEPT = "kept", _("有效")
        UNDONE = "undone", _("已撤销")

    premises = models.ForeignKey(
        "registry.Premises", models.PROTECT, related_name="goods_receipts", db_index=False, verbose_name=_("收货场所")
    )
    lot = models.OneToOneField(Lot, models.PROTECT, related_name="receipt", verbose_name=_("批次"))
    from_lot = models.ForeignKey(
        Lot, models.PROTECT, null=True, blank=True, related_name="receipts_out", verbose_name=_("供货方批次")
    )
    supplier_premises = models.ForeignKey(
        "registry.Premises", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("供货场所")
    )
    supplier_name = models.CharField(_("供货者名称"), max_length=120, blank=True)
    certificate_code = models.CharField(_("合格证编号"), max_length=120, blank=True, db_index=True)
    quantity = quantity(_("数量"))
    unit = models.CharField(_("计量单位"), max_length=10)
    received_at = models.DateTimeField(_("到货时间"))
    how = models.CharField(_("记录方式"), max_length=8, choices=How.choices)
    state = models.CharField(_("状态"), max_length=8, choices=State.choices, default=State.KEPT)
    division_code = models.CharField(_("区划"), max_length=12)
    event = models.ForeignKey(
        Event, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("所据事件")
    )
    upload = models.ForeignKey(
        Upload, models.PROTECT, null=True, blank=True, related_name="receipts", verbose_name=_("导入文件")
    )
    recorded_at = models.DateTimeField(_("登记时间"))
    recorded_by = models.CharField(_("登记人"), max_length=150)
    undone_at = models.DateTimeField(_("撤销时间"), null=True, blank=True)
    undone_by = models.CharField(_("撤销人"), max_length=150, blank=True)
    undone_reason = models.CharField(_("撤销原因"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("进货记录")
        verbose_name_plural = _("进货记录")
        ordering = ["-received_at", "-pk"]
        indexes = [
            models.Index(fields=["division_code", "-received_at"], name="supply_receipt_list"),
            models.Index(fields=["premises", "-received_at"], name="supply_receipt_premises"),
        ]
        constraints = [
            told_together("undone_at", "undone_by", "supply_receipt_undone_told"),
            models.CheckConstraint(
                condition=Q(quantity=None) | Q(quantity__gt=0),
                name="supply_receipt_quantity",
                violation_error_message=_("数量应大于 0。"),
            ),
            models.CheckConstraint(
                condition=Q(state="kept", undone_at=None) | Q(state="undone", undone_at__isnull=False),
                name="supply_receipt_state",
            ),
            models.CheckConstraint(
                condition=Q(from_lot=None) | ~Q(from_lot=F("lot")), name="supply_receipt_not_from_itself"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lot} {self.received_at:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        return reverse("supply:receipt", args=[self.pk])


class ReceiptFile(models.Model):
    """A picture of a receipt, a certificate or the goods."""

    declared = append_only(kept_years=3)

    receipt = models.ForeignKey(Receipt, models.PROTECT, related_name="files", verbose_name=_("进货记录"))
    file = models.ForeignKey("ledger.EvidenceFile", models.PROTECT, related_name="+", verbose_name=_("文件"))
    added_at = models.DateTimeField(_("上传时间"))
    added_by = models.CharField(_("上传人"), max_length=150)

    class Meta:
        verbose_name = _("进货凭证")
        verbose_name_plural = _("进货凭证")
        ordering = ["pk"]

    def __str__(self) -> str:
        return str(self.file)


class Outflow(models.Model):
    """What left a place without going to another that is known: sold over the counter, thrown away, sent back."""

    declared = editable(kept_years=3)

    class Kind(models.TextChoices):
        SOLD = "sold", _("零售")
        WASTE = "waste", _("损耗")
        WITHDRAWN = "withdrawn", _("退市、召回")

    premises = models.ForeignKey(
        "registry.Premises", models.PROTECT, related_name="outflows", db_index=False, verbose_name=_("场所")
    )
    # None: nothing of this food was there to be sold.
    lot = models.ForeignKey(Lot, models.PROTECT, null=True, blank=True, related_name="outflows", verbose_name=_("批次"))
    food = models.CharField(_("食品名称"), max_length=100)
    kind = models.CharField(_("去向"), max_length=10, choices=Kind.choices)
    at = models.DateTimeField(_("时间"))
    quantity = quantity(_("数量"))
    unit = models.CharField(_("计量单位"), max_length=10)
    price = models.DecimalField(_("金额（元）"), max_digits=12, decimal_places=2, null=True, blank=True)
    source = models.CharField(_("记录来源"), max_length=12, choices=Source.choices)
    # Which lot it was is the scale's guess: the oldest one of that food.
    inferred = models.BooleanField(_("批次为推断"), default=False)
    division_code = models.CharField(_("区划"), max_length=12, db_index=True)
    upload = models.ForeignKey(
        Upload, models.PROTECT, null=True, blank=True, related_name="outflows", verbose_name=_("导入文件")
    )
    recorded_by = models.CharField(_("登记人"), max_length=150)

    class Meta:
        verbose_name = _("零售和损耗")
        verbose_name_plural = _("零售和损耗")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["premises", "-at"], name="outflow_premises")]
        constraints = [models.CheckConstraint(condition=Q(quantity=None) | Q(quantity__gt=0), name="outflow_quantity")]

    def __str__(self) -> str:
        return f"{self.food} {self.at:%Y-%m-%d}"
