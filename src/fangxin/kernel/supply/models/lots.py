from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from fangxin.engines.traceability.spans import LEAST, MOST
from fangxin.kernel.ledger.api import editable, told_together
from fangxin.kernel.supply.models.kinds import Source, Sureness, quantity


class Product(models.Model):
    """What is traded, under a GTIN or a code of its own."""

    declared = editable()

    code = models.CharField(_("产品编号"), max_length=40, unique=True)
    gtin = models.CharField(_("商品条码"), max_length=14, blank=True, db_index=True)
    name = models.CharField(_("产品名称"), max_length=100)
    food_class = models.CharField(_("食品类别"), max_length=40, blank=True)
    unit = models.CharField(_("计量单位"), max_length=10, default="kg")
    operator = models.ForeignKey(
        "registry.Operator",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="products",
        verbose_name=_("生产经营主体"),
    )
    division_code = models.CharField(_("区划"), max_length=12)
    recorded_at = models.DateTimeField(_("登记时间"))
    recorded_by = models.CharField(_("登记人"), max_length=150)

    class Meta:
        verbose_name = _("产品")
        verbose_name_plural = _("产品")
        ordering = ["code"]
        indexes = [models.Index(fields=["division_code", "code"], name="product_list")]
        constraints = [
            models.UniqueConstraint(
                fields=["gtin", "operator"],
                condition=~Q(gtin=""),
                name="product_gtin_once",
                violation_error_message=_("这个商品条码已经登记过，请查到原有产品后直接使用。"),
            )
        ]

    def __str__(self) -> str:
        return self.name


class Lot(models.Model):
    """A batch at one place. The same batch that moves on is another row there, joined by a link."""

    declared = editable(kept_years=3)

    class State(models.TextChoices):
        OPEN = "open", _("正常")
        STOPPED = "stopped", _("停售")
        UNDONE = "undone", _("已撤销")

    number = models.CharField(_("批次编号"), max_length=24, unique=True)
    # The maker's own batch number, or GTIN and lot as a GS1 Digital Link, or what else was scanned.
    code = models.CharField(_("批号（追溯码）"), max_length=255, blank=True)
    product = models.ForeignKey(
        Product, models.PROTECT, null=True, blank=True, related_name="lots", verbose_name=_("产品")
    )
    food = models.CharField(_("食品名称"), max_length=100)
    food_class = models.CharField(_("食品类别"), max_length=40, blank=True)
    premises = models.ForeignKey(
        "registry.Premises", models.PROTECT, null=True, blank=True, related_name="lots", verbose_name=_("所在场所")
    )
    parcel = models.ForeignKey(
        "registry.Parcel", models.PROTECT, null=True, blank=True, related_name="lots", verbose_name=_("产地地块")
    )
    # How the place was called on the day; the only thing known of a place that is not in the register.
    place_name = models.CharField(_("所在场所名称"), max_length=120, blank=True)
    # The place's own GS1 identifier, for lots that come from captured events.
    place = models.CharField(_("场所标识"), max_length=255, blank=True)
    maker_name = models.CharField(_("生产者名称"), max_length=120, blank=True)
    made_on = models.DateField(_("生产（采收）日期"), null=True, blank=True)
    best_before_on = models.DateField(_("保质期至"), null=True, blank=True)
    # The day from which it is at its place: received, harvested or made there.
    began_on = models.DateField(_("到场（产出）日期"))
    quantity = quantity(_("数量"))
    unit = models.CharField(_("计量单位"), max_length=10, blank=True)
    division_code = models.CharField(_("区划"), max_length=12)
    source = models.CharField(_("记录来源"), max_length=12, choices=Source.choices)
    vouched_by = models.CharField(_("由谁担保"), max_length=120, blank=True)
    sureness = models.CharField(_("可靠程度"), max_length=8, choices=Sureness.choices, default=Sureness.STATED)
    state = models.CharField(_("状态"), max_length=8, choices=State.choices, default=State.OPEN)
    stopped_at = models.DateTimeField(_("停售时间"), null=True, blank=True)
    stopped_by = models.CharField(_("停售人"), max_length=150, blank=True)
    stopped_reason = models.CharField(_("停售原因"), max_length=200, blank=True)
    recorded_at = models.DateTimeField(_("登记时间"))
    recorded_by = models.CharField(_("登记人"), max_length=150)

    class Meta:
        verbose_name = _("批次")
        verbose_name_plural = _("批次")
        ordering = ["-began_on", "-number"]
        indexes = [
            models.Index(fields=["division_code", "-began_on", "-number"], name="lot_list"),
            models.Index(fields=["premises", "-began_on"], name="lot_premises"),
            models.Index(fields=["code", "place"], condition=~Q(code=""), name="lot_code"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["code", "place"], condition=Q(source="epcis"), name="lot_captured_once"),
            told_together("stopped_at", "stopped_by", "lot_stopped_told"),
            models.CheckConstraint(
                condition=Q(quantity=None) | Q(quantity__gte=0),
                name="lot_quantity",
                violation_error_message=_("数量不能是负数。"),
            ),
            models.CheckConstraint(
                condition=Q(made_on=None) | Q(best_before_on=None) | Q(best_before_on__gte=F("made_on")),
                name="lot_span_forward",
                violation_error_message=_("保质期早于生产日期，请核对。"),
            ),
            models.CheckConstraint(
                condition=~Q(state="stopped") | Q(stopped_at__isnull=False), name="lot_stopped_dated"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.food}（{self.number}）"

    def get_absolute_url(self) -> str:
        return reverse("supply:lot", args=[self.pk])


class Link(models.Model):
    """Something of one lot came into another. Derived: rebuilt whenever the events that speak of it change."""

    declared = editable(kept_years=3)

    class Kind(models.TextChoices):
        EXPLICIT = "explicit", _("有记录")
        INFERRED = "inferred", _("推断")

    from_lot = models.ForeignKey(Lot, models.PROTECT, related_name="out_links", db_index=False, verbose_name=_("来自"))
    to_lot = models.ForeignKey(Lot, models.PROTECT, related_name="in_links", db_index=False, verbose_name=_("去向"))
    # Either may be unknown; unknown is never filled in.
    sent_at = models.DateTimeField(_("发出时间"), null=True, blank=True)
    received_at = models.DateTimeField(_("到达时间"), null=True, blank=True)
    # The same as whole seconds for the time rule, never null: the latest of leaving, the earliest of arriving.
    leaves = models.BigIntegerField(_("最晚离开秒数"), default=MOST)
    arrives = models.BigIntegerField(_("最早到达秒数"), default=LEAST)
    quantity = quantity(_("数量"))
    unit = models.CharField(_("计量单位"), max_length=10, blank=True)
    premises = models.ForeignKey(
        "registry.Premises",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("场所"),
    )
    event = models.ForeignKey(
        "supply.Event", models.PROTECT, null=True, blank=True, related_name="links", verbose_name=_("所据事件")
    )
    kind = models.CharField(_("依据"), max_length=8, choices=Kind.choices, default=Kind.EXPLICIT)

    class Meta:
        verbose_name = _("流转")
        verbose_name_plural = _("流转")
        ordering = ["pk"]
        # A trace reads these indexes alone: each step goes from a lot over its links in order of time.
        indexes = [
            models.Index(fields=["from_lot", "leaves", "to_lot", "arrives"], name="link_forward"),
            models.Index(fields=["to_lot", "arrives", "from_lot", "leaves"], name="link_back"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(quantity=None) | Q(quantity__gte=0), name="link_quantity"),
        ]

    def __str__(self) -> str:
        return f"{self.from_lot_id} → {self.to_lot_id}"


class LotTest(models.Model):
    """What the laboratory said of a lot, or of the like food at its place while the lot was there."""

    declared = editable(kept_years=3)

    lot = models.ForeignKey(Lot, models.CASCADE, related_name="tests", verbose_name=_("批次"))
    sample_number = models.CharField(_("抽样编号"), max_length=24)
    analyte = models.CharField(_("项目"), max_length=80)
    outcome = models.CharField(_("结论"), max_length=20)
    sampled_on = models.DateField(_("抽样日期"))
    sureness = models.CharField(_("可靠程度"), max_length=8, choices=Sureness.choices)

    class Meta:
        verbose_name = _("批次检验结果")
        verbose_name_plural = _("批次检验结果")
        ordering = ["sampled_on", "sample_number", "analyte"]
        constraints = [models.UniqueConstraint(fields=["lot", "sample_number", "analyte"], name="lot_test_once")]

    def __str__(self) -> str:
        return f"{self.sample_number} {self.analyte}"
