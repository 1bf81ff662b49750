from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from fangxin.actions.produce_markets.models.fields import KEPT_YEARS, Goods, QuantityUnit, amount
from fangxin.actions.produce_markets.models.markets import Market, Stall, Tenancy
from fangxin.kernel.ledger.api import append_only, editable, told_together


class Entry(models.Model):
    """Goods that came to a market: what they were, by what they may come in, and what was decided at the gate."""

    declared = editable(kept_years=KEPT_YEARS)

    class State(models.TextChoices):
        ADMITTED = "admitted", _("准予入场")
        ISOLATED = "isolated", _("隔离待检")
        REFUSED = "refused", _("拒绝入场")
        WITHDRAWN = "withdrawn", _("已退市")
        UNDONE = "undone", _("登记有误，已撤销")

    class How(models.TextChoices):
        GATE = "gate", _("入场查验")
        PHONE = "phone", _("摊主手机登记")
        SHEET = "sheet", _("数据文件")

    number = models.CharField(_("入场编号"), max_length=40, unique=True)
    market = models.ForeignKey(Market, models.PROTECT, db_index=False, related_name="entries", verbose_name=_("市场"))
    stall = models.ForeignKey(
        Stall, models.PROTECT, null=True, blank=True, db_index=False, related_name="entries", verbose_name=_("摊位")
    )
    tenancy = models.ForeignKey(
        Tenancy, models.PROTECT, null=True, blank=True, related_name="entries", verbose_name=_("入场销售者")
    )
    division_code = models.CharField(_("区划"), max_length=12)
    food = models.CharField(_("品名"), max_length=60)
    goods = models.CharField(_("品种"), max_length=10, choices=Goods.choices)
    quantity = amount(_("数量"))
    unit = models.CharField(_("计量单位"), max_length=6, choices=QuantityUnit.choices, default=QuantityUnit.KILOGRAM)
    supplier = models.CharField(_("供货者"), max_length=120, blank=True)
    origin = models.CharField(_("产地"), max_length=120, blank=True)
    vehicle = models.CharField(_("车牌"), max_length=20, blank=True)
    arrived_at = models.DateTimeField(_("到场时间"))
    # Kind of proof → its number; what is not shown is not there.
    proofs = models.JSONField(_("凭证"), default=dict, blank=True)
    # How much the certificate was made out for, to be held against all that came in on it.
    certificate_quantity = models.DecimalField(
        _("合格证数量"), max_digits=12, decimal_places=3, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    file = models.ForeignKey(
        "ledger.EvidenceFile", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("凭证照片")
    )
    how = models.CharField(_("登记方式"), max_length=6, choices=How.choices)
    state = models.CharField(_("结果"), max_length=10, choices=State.choices)
    # Codes, sentences and clauses, as the entry rules gave them.
    reasons = models.JSONField(_("判定依据"), default=list, blank=True)
    edition = models.CharField(_("规则版本"), max_length=20)
    checked_at = models.DateTimeField(_("查验时间"), null=True, blank=True)
    checked_by = models.CharField(_("查验人"), max_length=150, blank=True)
    # Sold, wasted or returned so far; raised together with each line that says so.
    gone = models.DecimalField(_("已出数量"), max_digits=12, decimal_places=3, default=0)
    lot = models.ForeignKey(
        "supply.Lot", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("批次")
    )
    undone_why = models.CharField(_("撤销原因"), max_length=200, blank=True)
    recorded_at = models.DateTimeField(_("登记时间"))
    recorded_by = models.CharField(_("登记人"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("入场查验")
        verbose_name_plural = _("入场查验")
        ordering = ["-arrived_at", "-pk"]
        indexes = [
            models.Index(fields=["division_code", "-arrived_at", "-id"], name="market_entry_list"),
            models.Index(fields=["market", "-arrived_at"], name="market_entry_market"),
            models.Index(fields=["stall", "-arrived_at"], name="market_entry_stall"),
            models.Index(
                fields=["market"], condition=Q(checked_at=None, state__in=["admitted", "isolated"]), name="market_entry_open"
            ),
        ]  # fmt: skip
        constraints = [
            told_together("checked_at", "checked_by", "market_entry_checked"),
            models.CheckConstraint(condition=Q(gone__gte=0), name="market_entry_gone"),
        ]

    def __str__(self) -> str:
        return f"{self.food} {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("produce_markets:entry", args=[self.pk])


class DataFile(models.Model):
    """A file of the market's scales, its trace system or its carriers, taken over as far as its lines name known goods."""

    declared = editable(kept_years=KEPT_YEARS)

    class Kind(models.TextChoices):
        TRADE = "trade", _("交易（电子秤）")
        TRACE = "trace", _("追溯（合格证、凭证）")
        LOGISTICS = "logistics", _("物流（运输、温度）")

    market = models.ForeignKey(Market, models.PROTECT, related_name="data_files", verbose_name=_("市场"))
    division_code = models.CharField(_("区划"), max_length=12)
    kind = models.CharField(_("数据"), max_length=10, choices=Kind.choices)
    name = models.CharField(_("文件名"), max_length=200)
    file = models.ForeignKey("ledger.EvidenceFile", models.PROTECT, related_name="+", verbose_name=_("文件"))
    taken = models.PositiveIntegerField(_("采用行数"), default=0)
    # Row number and what is wrong with it.
    faults = models.JSONField(_("未采用的行"), default=list, blank=True)
    uploaded_at = models.DateTimeField(_("上传时间"))
    uploaded_by = models.CharField(_("上传人"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("市场数据文件")
        verbose_name_plural = _("市场数据文件")
        ordering = ["-uploaded_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["market", "kind", "file"], name="market_file_once",
                violation_error_message=_("这个文件已经导入过，没有重复入账。"),
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("produce_markets:data_file", args=[self.pk])


class Outgoing(models.Model):
    """What left an entry's goods: sold, thrown away, sent back. Taken back by a line with the opposite sign."""

    declared = append_only(kept_years=KEPT_YEARS)

    class Kind(models.TextChoices):
        SALE = "sale", _("销售")
        WASTE = "waste", _("损耗")
        RETURN = "return", _("退回供货者")

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="outgoings", verbose_name=_("入场货物"))
    kind = models.CharField(_("去向"), max_length=6, choices=Kind.choices)
    quantity = models.DecimalField(_("数量"), max_digits=12, decimal_places=3)
    at = models.DateTimeField(_("时间"))
    buyer = models.CharField(_("购买单位"), max_length=120, blank=True)
    voucher = models.CharField(_("销售凭证号"), max_length=60, blank=True)
    data_file = models.ForeignKey(
        DataFile, models.PROTECT, null=True, blank=True, related_name="lines", verbose_name=_("数据文件")
    )
    takes_back = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="taken_back_by", verbose_name=_("冲销")
    )
    recorded_at = models.DateTimeField(_("登记时间"))
    recorded_by = models.CharField(_("登记人"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("销售去向")
        verbose_name_plural = _("销售去向")
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(quantity__gt=0, takes_back=None) | Q(quantity__lt=0, takes_back__isnull=False),
                name="market_outgoing_sign",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.quantity}"


class Haul(models.Model):
    """How goods of an entry were carried, as the carrier's file says. Temperatures in °C."""

    declared = append_only(kept_years=KEPT_YEARS)

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="hauls", verbose_name=_("入场货物"))
    data_file = models.ForeignKey(DataFile, models.PROTECT, related_name="hauls", verbose_name=_("数据文件"))
    vehicle = models.CharField(_("车牌"), max_length=20)
    left_at = models.DateTimeField(_("发车时间"), null=True, blank=True)
    arrived_at = models.DateTimeField(_("到达时间"), null=True, blank=True)
    warmest = models.DecimalField(_("最高温度（℃）"), max_digits=5, decimal_places=1, null=True, blank=True)
    coldest = models.DecimalField(_("最低温度（℃）"), max_digits=5, decimal_places=1, null=True, blank=True)

    class Meta:
        verbose_name = _("运输记录")
        verbose_name_plural = _("运输记录")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.vehicle


class Withdrawal(models.Model):
    """Goods taken off sale (退市): ordered with what should be left, done with what was found."""

    declared = editable(kept_years=KEPT_YEARS)

    class Cause(models.TextChoices):
        RAPID = "rapid", _("快检阳性")
        SAMPLE = "sample", _("监督抽检不合格")
        PROOF = "proof", _("没有合格凭证")
        RECALL = "recall", _("召回、协查")
        OTHER = "other", _("其他")

    class Disposal(models.TextChoices):
        DESTROYED = "destroyed", _("无害化处理、销毁")
        RETURNED = "returned", _("退回供货者")
        SEALED = "sealed", _("查封、移交")

    entry = models.OneToOneField(Entry, models.PROTECT, related_name="withdrawal", verbose_name=_("入场货物"))
    division_code = models.CharField(_("区划"), max_length=12)
    cause = models.CharField(_("原因"), max_length=8, choices=Cause.choices)
    reason = models.CharField(_("说明"), max_length=300)
    expected = models.DecimalField(_("应余数量"), max_digits=12, decimal_places=3)
    ordered_at = models.DateTimeField(_("停止销售时间"))
    ordered_by = models.CharField(_("通知人"), max_length=150, blank=True)
    due_at = models.DateTimeField(_("处置时限"))
    found = models.DecimalField(
        _("实际退市数量"), max_digits=12, decimal_places=3, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    disposal = models.CharField(_("处置方式"), max_length=10, choices=Disposal.choices, blank=True)
    done_note = models.CharField(_("处置说明"), max_length=300, blank=True)
    file = models.ForeignKey(
        "ledger.EvidenceFile", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("处置凭据")
    )
    done_at = models.DateTimeField(_("处置时间"), null=True, blank=True)
    done_by = models.CharField(_("处置人"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("退市")
        verbose_name_plural = _("退市")
        ordering = ["-ordered_at", "-pk"]
        indexes = [models.Index(fields=["division_code", "-ordered_at"], name="market_withdrawal_list")]
        constraints = [told_together("done_at", "done_by", "market_withdrawal_done")]

    def __str__(self) -> str:
        return str(_("退市：%(what)s") % {"what": self.entry})

    def get_absolute_url(self) -> str:
        return reverse("produce_markets:entry", args=[self.entry_id])
