"""What the farm did, as it was written down. Rows are never changed: a correction is a new row with its reason."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from fangxin.actions.farm_inputs.models.batches import Batch
from fangxin.actions.farm_inputs.models.farms import Farm
from fangxin.actions.farm_inputs.models.fields import KEPT_YEARS, AmountUnit, IntervalUnit, amount
from fangxin.actions.farm_inputs.models.products import Product
from fangxin.kernel.ledger.api import Personal, append_only


class Application(models.Model):
    """A pesticide sprayed or a veterinary drug given."""

    declared = append_only(
        personal={"operated_by": Personal.NAME, "veterinarian": Personal.NAME}, kept_years=KEPT_YEARS
    )

    farm = models.ForeignKey(Farm, models.PROTECT, related_name="applications", verbose_name=_("农场"))
    batch = models.ForeignKey(Batch, models.PROTECT, related_name="applications", verbose_name=_("批次"))
    division_code = models.CharField(_("区划"), max_length=12)
    product = models.ForeignKey(
        Product, models.PROTECT, null=True, blank=True, related_name="applications", verbose_name=_("产品")
    )
    # What the bag says, where the product is in no list.
    product_seen = models.CharField(_("包装上的名称"), max_length=80, blank=True)
    registration_seen = models.CharField(_("包装上的登记证号"), max_length=40, blank=True)
    began_on = models.DateField(_("用药日期"))
    last_on = models.DateField(_("最后用药日期"))
    dose = amount(_("用量"), null=True, blank=True)
    dose_unit = models.CharField(_("用量单位"), max_length=30, blank=True)
    # All of the product that was used up, for the year's account.
    total = amount(_("共用产品"), null=True, blank=True)
    total_unit = models.CharField(_("单位"), max_length=4, choices=AmountUnit.choices, blank=True)
    area_mu = models.DecimalField(_("面积（亩）"), max_digits=9, decimal_places=2, null=True, blank=True)
    against = models.CharField(_("防治对象（诊断）"), max_length=80, blank=True)
    # Typed from the label where the product's list has no line for this crop or animal.
    label_interval = models.DecimalField(
        _("标签上的间隔（休药）期"), max_digits=7, decimal_places=1, null=True, blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(5000)],
    )  # fmt: skip
    label_interval_unit = models.CharField(_("间隔期单位"), max_length=12, choices=IntervalUnit.choices, blank=True)
    operated_by = models.CharField(_("用药人"), max_length=60, blank=True)
    veterinarian = models.CharField(_("兽医"), max_length=60, blank=True)
    prescription_no = models.CharField(_("处方号"), max_length=40, blank=True)
    trace_code = models.CharField(_("兽药追溯码"), max_length=24, blank=True)
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="replaced_by", verbose_name=_("更正哪一条")
    )
    replaces_why = models.CharField(_("更正原因"), max_length=200, blank=True)
    # The corrected record was a mistake altogether: nothing of it stands.
    void = models.BooleanField(_("作废"), default=False)
    recorded_at = models.DateTimeField(_("登记时间"))
    recorded_by = models.CharField(_("登记人"), max_length=150, blank=True)
    recorded_for = models.BooleanField(_("代记"), default=False)

    class Meta:
        verbose_name = _("用药记录")
        verbose_name_plural = _("用药记录")
        ordering = ["-last_on", "-pk"]
        indexes = [
            models.Index(fields=["division_code", "last_on"], name="farm_application_list"),
            models.Index(fields=["batch", "last_on"], name="farm_application_batch"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_on__gte=F("began_on")),
                name="farm_application_span_forward",
                violation_error_message=_("最后用药日期早于开始日期，请核对。"),
            ),
            models.CheckConstraint(
                condition=Q(replaces=None, void=False) | Q(replaces__isnull=False),
                name="farm_application_void_replaces",
            ),
            models.CheckConstraint(
                condition=Q(product__isnull=False) | ~Q(product_seen=""),
                name="farm_application_names_product",
                violation_error_message=_("请选择产品，或者写下包装上的名称。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product.name if self.product_id else self.product_seen} {self.last_on}"


class DiaryEntry(models.Model):
    """The rest of the farm's book: stocking, feed, water, that no drug was used, sale."""

    declared = append_only(personal={"other_party": Personal.NAME}, kept_years=KEPT_YEARS)

    class Kind(models.TextChoices):
        STOCKING = "stocking", _("投苗、进栏")
        FEED = "feed", _("投喂饲料")
        WATER = "water", _("水质、水温")
        NO_DRUG = "no_drug", _("本月没有用药")
        SALE = "sale", _("销售")
        WORK = "work", _("农事（施肥、灌溉等）")

    farm = models.ForeignKey(Farm, models.PROTECT, related_name="diary", verbose_name=_("农场"))
    batch = models.ForeignKey(Batch, models.PROTECT, related_name="diary", verbose_name=_("批次"))
    division_code = models.CharField(_("区划"), max_length=12)
    kind = models.CharField(_("事项"), max_length=10, choices=Kind.choices)
    on = models.DateField(_("日期"))
    what = models.CharField(_("内容"), max_length=120, blank=True)
    quantity = amount(_("数量"), null=True, blank=True)
    unit = models.CharField(_("单位"), max_length=10, blank=True)
    # Daily mean of the water, for withdrawal in degree-days.
    water_c = models.DecimalField(
        _("日均水温（℃）"), max_digits=4, decimal_places=1, null=True, blank=True,
        validators=[MinValueValidator(-2), MaxValueValidator(45)],
    )  # fmt: skip
    oxygen_mg_l = models.DecimalField(
        _("溶解氧（毫克/升）"), max_digits=4, decimal_places=1, null=True, blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(30)],
    )  # fmt: skip
    ph = models.DecimalField(
        _("pH"), max_digits=3, decimal_places=1, null=True, blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(14)],
    )  # fmt: skip
    # From whom the young came, to whom the produce went.
    other_party = models.CharField(_("来源或者买方"), max_length=80, blank=True)
    paper_no = models.CharField(_("检疫证、批号"), max_length=60, blank=True)
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="replaced_by", verbose_name=_("更正哪一条")
    )
    replaces_why = models.CharField(_("更正原因"), max_length=200, blank=True)
    void = models.BooleanField(_("作废"), default=False)
    recorded_at = models.DateTimeField(_("登记时间"))
    recorded_by = models.CharField(_("登记人"), max_length=150, blank=True)
    recorded_for = models.BooleanField(_("代记"), default=False)

    class Meta:
        verbose_name = _("生产记录")
        verbose_name_plural = _("生产记录")
        ordering = ["-on", "-pk"]
        indexes = [
            models.Index(fields=["farm", "kind", "on"], name="farm_diary_farm"),
            models.Index(fields=["division_code", "on"], name="farm_diary_list"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(replaces=None, void=False) | Q(replaces__isnull=False), name="farm_diary_void_replaces"
            ),
            models.CheckConstraint(
                condition=~Q(kind="water")
                | Q(water_c__isnull=False)
                | Q(oxygen_mg_l__isnull=False)
                | Q(ph__isnull=False),
                name="farm_diary_water_measured",
                violation_error_message=_("水质记录请至少填水温、溶解氧、pH 中的一项。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.on}"
