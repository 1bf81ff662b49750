"""Who sells pesticides and veterinary drugs, what they bought and sold, and what was refused."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from fangxin.actions.farm_inputs.models import fields
from fangxin.actions.farm_inputs.models.farms import Farm
from fangxin.actions.farm_inputs.models.fields import AmountUnit, place_validator
from fangxin.actions.farm_inputs.models.products import Product
from fangxin.kernel.ledger.api import Personal, append_only, editable


class Dealer(models.Model):
    """A shop for pesticides or veterinary drugs. Its operator is the register's; no food is sold here."""

    declared = editable(personal={"phone": Personal.CONTACT}, kept_years=5)

    class Deals(models.TextChoices):
        PESTICIDE = "pesticide", _("农药")
        VETERINARY = "veterinary", _("兽药")
        BOTH = "both", _("农药和兽药")

    number = models.CharField(_("编号"), max_length=24, unique=True)
    operator = models.ForeignKey(
        "registry.Operator", models.PROTECT, related_name="input_dealers", verbose_name=_("经营主体")
    )
    division_code = models.CharField(_("区划"), max_length=12, validators=[place_validator])
    name = models.CharField(_("店名"), max_length=120)
    address = models.CharField(_("地址"), max_length=200, blank=True)
    phone = models.CharField(_("电话"), max_length=30, blank=True)
    deals = models.CharField(_("经营"), max_length=12, choices=Deals.choices)
    licence_no = models.CharField(_("经营许可证号"), max_length=60, blank=True)
    licence_until = models.DateField(_("许可证有效期至"), null=True, blank=True)
    # A fixed sale point of restricted pesticides (限制使用农药定点经营), from and until (both included).
    sale_point_from = models.DateField(_("定点经营自"), null=True, blank=True)
    sale_point_until = models.DateField(_("定点经营至"), null=True, blank=True)
    # Since when its veterinary drugs are told to the national system.
    uploads_from = models.DateField(_("兽药追溯上传自"), null=True, blank=True)
    closed_on = models.DateField(_("停业日期"), null=True, blank=True)
    recorded_at = models.DateTimeField(_("登记时间"))
    recorded_by = models.CharField(_("登记人"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("农资店")
        verbose_name_plural = _("农资店")
        ordering = ["division_code", "name", "pk"]
        indexes = [models.Index(fields=["division_code", "name", "id"], name="farm_dealer_list")]
        constraints = [
            models.CheckConstraint(
                condition=Q(sale_point_until=None)
                | Q(sale_point_from__isnull=False, sale_point_until__gte=F("sale_point_from")),
                name="farm_dealer_sale_point_forward",
                violation_error_message=_("定点经营的截止日期早于开始日期，请核对。"),
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("farm_inputs:dealer", args=[self.pk])

    def sells(self, kind: str) -> bool:
        return self.deals in (kind, self.Deals.BOTH)


class LedgerSheet(models.Model):
    """A table of purchases and sales that a dealer handed in: looked at first, then taken over."""

    declared = editable(kept_years=2)

    class State(models.TextChoices):
        READ = "read", _("已读取，待确认")
        LOADED = "loaded", _("已入账")
        DROPPED = "dropped", _("已放弃")

    dealer = models.ForeignKey(Dealer, models.PROTECT, related_name="sheets", verbose_name=_("农资店"))
    division_code = models.CharField(_("区划"), max_length=12)
    name = models.CharField(_("文件名"), max_length=200)
    file = models.ForeignKey("ledger.EvidenceFile", models.PROTECT, related_name="+", verbose_name=_("文件"))
    state = models.CharField(_("状态"), max_length=8, choices=State.choices, default=State.READ)
    lines = models.PositiveIntegerField(_("可入账行数"), default=0)
    faults = models.PositiveIntegerField(_("有错行数"), default=0)
    uploaded_at = models.DateTimeField(_("上传时间"))
    uploaded_by = models.CharField(_("上传人"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("台账表格")
        verbose_name_plural = _("台账表格")
        ordering = ["-uploaded_at", "-pk"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("farm_inputs:sheet", args=[self.pk])


class LedgerLine(models.Model):
    """One line of a dealer's book. A line is never changed: a wrong one is taken back by another that points to it."""

    # Pesticide rules ask for two years; a buyer's identity is not kept longer than they ask.
    declared = append_only(
        personal={
            "buyer_name": Personal.NAME,
            "buyer_identity": Personal.IDENTITY,
            "buyer_phone": Personal.CONTACT,
        },
        kept_years=2,
    )

    class Kind(models.TextChoices):
        PURCHASE = "purchase", _("购进")
        SALE = "sale", _("售出")
        RETURN = "return", _("顾客退货")
        LOSS = "loss", _("报损、退供货商")

    dealer = models.ForeignKey(
        Dealer, models.PROTECT, db_index=False, related_name="ledger_lines", verbose_name=_("农资店")
    )
    division_code = models.CharField(_("区划"), max_length=12)
    kind = models.CharField(_("类别"), max_length=8, choices=Kind.choices)
    product = models.ForeignKey(Product, models.PROTECT, related_name="ledger_lines", verbose_name=_("产品"))
    on = models.DateField(_("日期"))
    amount = fields.amount(_("数量"))
    unit = models.CharField(_("单位"), max_length=4, choices=AmountUnit.choices)
    # The same in kilograms or litres, as the product is measured.
    quantity = fields.amount(_("折合数量（千克或升）"), editable=False)
    # Grams of active ingredients; empty where the label's density is missing, which is not zero.
    active_g = models.DecimalField(
        _("折百量（克）"), max_digits=16, decimal_places=4, null=True, blank=True, editable=False
    )
    packs = models.PositiveIntegerField(_("件数（瓶、袋）"), null=True, blank=True)
    batch_no = models.CharField(_("生产批号"), max_length=40, blank=True)
    supplier = models.CharField(_("供货单位"), max_length=120, blank=True)
    restricted = models.BooleanField(_("限制使用农药"), default=False, editable=False)
    buyer_name = models.CharField(_("购买人"), max_length=60, blank=True)
    buyer_identity = models.CharField(_("身份证件号码"), max_length=30, blank=True)
    buyer_phone = models.CharField(_("购买人电话"), max_length=30, blank=True)
    farm = models.ForeignKey(
        Farm, models.PROTECT, null=True, blank=True, related_name="purchases", verbose_name=_("购买的农场")
    )
    crop = models.CharField(_("用于作物（动物）"), max_length=40, blank=True)
    purpose = models.CharField(_("用途"), max_length=120, blank=True)
    # What a sale took beyond the stock that the book knew; the stock itself never falls below zero.
    uncovered = models.DecimalField(_("超出库存"), max_digits=14, decimal_places=4, default=0, editable=False)
    problems = models.JSONField(_("问题"), default=list, blank=True, editable=False)
    sheet = models.ForeignKey(
        LedgerSheet, models.PROTECT, null=True, blank=True, related_name="ledger_lines", verbose_name=_("来自表格")
    )
    takes_back = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="taken_back_by", verbose_name=_("撤回哪一条")
    )
    takes_back_why = models.CharField(_("撤回原因"), max_length=200, blank=True)
    recorded_at = models.DateTimeField(_("登记时间"))
    recorded_by = models.CharField(_("登记人"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("进销台账")
        verbose_name_plural = _("进销台账")
        ordering = ["-on", "-pk"]
        indexes = [
            models.Index(fields=["division_code", "on"], name="farm_ledger_line_list"),
            models.Index(fields=["dealer", "on"], name="farm_ledger_line_dealer"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(uncovered__gte=0), name="farm_ledger_line_uncovered"),
            models.CheckConstraint(
                condition=Q(takes_back=None) | ~Q(takes_back_why=""), name="farm_ledger_line_back_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.product.name} {self.on}"


class Stock(models.Model):
    """What a dealer's book says is there, in kilograms or litres. The database keeps it from falling below zero."""

    declared = editable(kept_years=2)

    dealer = models.ForeignKey(Dealer, models.PROTECT, related_name="stock", verbose_name=_("农资店"))
    product = models.ForeignKey(Product, models.PROTECT, related_name="+", verbose_name=_("产品"))
    quantity = models.DecimalField(_("库存（千克或升）"), max_digits=16, decimal_places=4, default=0)

    class Meta:
        verbose_name = _("库存")
        verbose_name_plural = _("库存")
        ordering = ["dealer", "product"]
        constraints = [
            models.UniqueConstraint(fields=["dealer", "product"], name="farm_stock_once"),
            models.CheckConstraint(condition=Q(quantity__gte=0), name="farm_stock_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.dealer} {self.product}"


class RefusedSale(models.Model):
    """A sale that the rules refused, kept because asking for a banned substance is itself worth knowing."""

    declared = append_only(kept_years=2)

    dealer = models.ForeignKey(Dealer, models.PROTECT, related_name="refused_sales", verbose_name=_("农资店"))
    division_code = models.CharField(_("区划"), max_length=12)
    product = models.ForeignKey(Product, models.PROTECT, related_name="+", verbose_name=_("产品"))
    on = models.DateField(_("日期"))
    code = models.CharField(_("原因"), max_length=30)
    text = models.CharField(_("说明"), max_length=300)
    clause = models.CharField(_("依据"), max_length=200, blank=True)
    at = models.DateTimeField(_("时间"))
    by = models.CharField(_("人员"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("拒绝售出记录")
        verbose_name_plural = _("拒绝售出记录")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["division_code", "on"], name="farm_refused_sale_list")]

    def __str__(self) -> str:
        return self.text


class InputFinding(models.Model):
    """Something wrong with dealers, sales, codes or accounts, with its clause and the matter it became."""

    declared = append_only(kept_years=5)

    # The same thing found again is not found twice.
    key = models.CharField(_("识别"), max_length=120, unique=True)
    dealer = models.ForeignKey(
        Dealer, models.PROTECT, null=True, blank=True, related_name="findings", verbose_name=_("农资店")
    )
    division_code = models.CharField(_("区划"), max_length=12)
    code = models.CharField(_("问题"), max_length=30)
    text = models.CharField(_("说明"), max_length=500)
    clause = models.CharField(_("依据"), max_length=300)
    found_on = models.DateField(_("发现日期"))
    matter = models.ForeignKey("casework.Matter", models.PROTECT, related_name="+", verbose_name=_("问题事项"))
    recorded_at = models.DateTimeField(_("登记时间"))
    recorded_by = models.CharField(_("登记人"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("农资问题")
        verbose_name_plural = _("农资问题")
        ordering = ["-found_on", "-pk"]
        indexes = [models.Index(fields=["division_code", "found_on"], name="farm_input_finding_list")]

    def __str__(self) -> str:
        return self.text
