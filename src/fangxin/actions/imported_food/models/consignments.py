from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from fangxin.actions.imported_food.models.traders import Trader
from fangxin.kernel.ledger.api import append_only, editable, told_together


class Consignment(models.Model):
    """A lot of imported food at a trader: what its record says beside the lot itself, and how closely it is looked at."""

    declared = editable(kept_years=3)

    class Storage(models.TextChoices):
        AMBIENT = "ambient", _("常温")
        CHILLED = "chilled", _("冷藏")
        FROZEN = "frozen", _("冷冻")

    class State(models.TextChoices):
        ON_SHELF = "on_shelf", _("在售")
        STOPPED = "stopped", _("停止销售")
        DISPOSED = "disposed", _("已处置")
        SOLD_OUT = "sold_out", _("已售完")
        UNDONE = "undone", _("登记错误")

    class Band(models.TextChoices):
        HIGH = "high", _("高")
        MEDIUM = "medium", _("中")
        LOW = "low", _("低")

    class Label(models.TextChoices):
        UNCHECKED = "", _("没有核对")
        INCOMPLETE = "incomplete", _("没有核对完")
        CONFORMING = "conforming", _("符合")
        FLAW = "flaw", _("有瑕疵")
        NONCONFORMING = "nonconforming", _("不符合")

    trader = models.ForeignKey(
        Trader, models.PROTECT, related_name="consignments", db_index=False, verbose_name=_("经营者")
    )
    lot = models.OneToOneField("supply.Lot", models.PROTECT, related_name="imported", verbose_name=_("批次"))
    original_name = models.CharField(_("外文名称"), max_length=120, blank=True)
    brand = models.CharField(_("品牌"), max_length=60, blank=True)
    specification = models.CharField(_("规格"), max_length=60, blank=True)
    food_class = models.CharField(_("通报食品类别"), max_length=20, blank=True)
    products = models.JSONField(_("通报品种"), default=list, blank=True)
    origin = models.CharField(_("原产国（地区）"), max_length=2, blank=True)
    maker_number = models.CharField(_("境外生产企业注册编号"), max_length=40, blank=True)
    gtin = models.CharField(_("商品条码"), max_length=14, blank=True)
    supplier = models.CharField(_("供货者（境外出口商）及联系方式"), max_length=200, blank=True)
    port = models.CharField(_("进境口岸"), max_length=40, blank=True)
    declaration_no = models.CharField(_("报关单号"), max_length=30, blank=True)
    entered_on = models.DateField(_("进境日期"), null=True, blank=True)
    storage = models.CharField(_("贮存"), max_length=8, choices=Storage.choices, default=Storage.AMBIENT)
    temperature_known = models.BooleanField(_("有温度记录"), default=True)
    # From the retention rules: the last day on which the record must still be there.
    keep_until = models.DateField(_("记录保存至"), null=True, blank=True)
    state = models.CharField(_("状态"), max_length=9, choices=State.choices, default=State.ON_SHELF)
    # What the rules last came to; the papers and checks themselves stand in their own rows.
    papers_missing = models.PositiveSmallIntegerField(_("缺单证数"), default=0)
    key_paper_missing = models.BooleanField(_("缺检验检疫证明"), default=False)
    label = models.CharField(_("中文标签"), max_length=13, choices=Label.choices, default=Label.UNCHECKED, blank=True)
    band = models.CharField(_("关注程度"), max_length=6, choices=Band.choices, default=Band.LOW)
    points = models.PositiveSmallIntegerField(_("分值"), default=0)
    reasons = models.JSONField(_("理由"), default=list, blank=True)
    look_for = models.JSONField(_("建议检验项目"), default=list, blank=True)
    scored_on = models.DateField(_("评分日期"), null=True, blank=True)
    division_code = models.CharField(_("区划"), max_length=12)
    recorded_at = models.DateTimeField(_("登记时间"))
    recorded_by = models.CharField(_("登记人"), max_length=150)

    class Meta:
        verbose_name = _("进口食品批次")
        verbose_name_plural = _("进口食品批次")
        ordering = ["-points", "-recorded_at", "-pk"]
        indexes = [
            models.Index(fields=["division_code", "-points", "-recorded_at", "-id"], name="consignment_list"),
            models.Index(fields=["state", "division_code"], name="consignment_state"),
            models.Index(fields=["trader", "-points"], name="consignment_trader"),
        ]

    def __str__(self) -> str:
        return str(self.lot)

    def get_absolute_url(self) -> str:
        return reverse("imported_food:consignment", args=[self.pk])

    @property
    def number(self) -> str:
        return str(self.lot.number)


class ImportPaper(models.Model):
    """A paper that went with a lot. One entered in error is taken back and stays to be seen."""

    declared = editable(kept_years=3)

    consignment = models.ForeignKey(Consignment, models.PROTECT, related_name="papers", verbose_name=_("批次"))
    code = models.CharField(_("单证"), max_length=30)
    number = models.CharField(_("编号"), max_length=60)
    issued_on = models.DateField(_("签发日期"), null=True, blank=True)
    evidence = models.ForeignKey(
        "ledger.EvidenceFile", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("照片或者扫描件")
    )
    recorded_at = models.DateTimeField(_("登记时间"))
    recorded_by = models.CharField(_("登记人"), max_length=150)
    undone_at = models.DateTimeField(_("撤回时间"), null=True, blank=True)
    undone_by = models.CharField(_("撤回人"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("随附单证")
        verbose_name_plural = _("随附单证")
        ordering = ["pk"]
        constraints = [
            told_together("undone_at", "undone_by", "import_paper_undone_told"),
            models.UniqueConstraint(
                fields=["consignment", "code", "number"],
                condition=models.Q(undone_at=None),
                name="import_paper_once",
                violation_error_message=_("同一编号的单证已登记过，不用再登记。"),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class LabelCheck(models.Model):
    """Somebody looked at the Chinese label, item by item, by the list in force that day."""

    declared = append_only(kept_years=3)

    consignment = models.ForeignKey(Consignment, models.PROTECT, related_name="label_checks", verbose_name=_("批次"))
    edition = models.CharField(_("核对表版本"), max_length=20)
    answers = models.JSONField(_("核对情况"), blank=True)
    outcome = models.CharField(_("结论"), max_length=13, choices=Consignment.Label.choices)
    wrong = models.JSONField(_("不符合项"), default=list, blank=True)
    note = models.CharField(_("说明"), max_length=300, blank=True)
    evidence = models.ForeignKey(
        "ledger.EvidenceFile", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("标签照片")
    )
    checked_on = models.DateField(_("核对日期"))
    recorded_at = models.DateTimeField(_("登记时间"))
    recorded_by = models.CharField(_("登记人"), max_length=150)

    class Meta:
        verbose_name = _("中文标签核对")
        verbose_name_plural = _("中文标签核对")
        ordering = ["-recorded_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.consignment} {self.checked_on}"
