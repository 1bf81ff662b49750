"""Packs of veterinary drugs by the 24-digit code on each of them."""

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from fangxin.actions.farm_inputs.models.dealers import Dealer
from fangxin.actions.farm_inputs.models.farms import Farm
from fangxin.actions.farm_inputs.models.products import Product
from fangxin.kernel.ledger.api import append_only, editable

code_validator = RegexValidator(r"\A\d{24}\Z", _("兽药追溯码是 24 位数字，请核对。"))


class DrugPack(models.Model):
    """A pack whose code is known: from the list of the national system, or from its maker's delivery."""

    declared = editable(kept_years=5)

    class State(models.TextChoices):
        LISTED = "listed", _("在名录，未入库")
        STOCKED = "stocked", _("在店")
        SOLD = "sold", _("已售出")

    code = models.CharField(_("追溯码"), max_length=24, unique=True, validators=[code_validator])
    division_code = models.CharField(_("区划"), max_length=12)
    product = models.ForeignKey(
        Product, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("产品")
    )
    product_name = models.CharField(_("产品名称"), max_length=80)
    batch_no = models.CharField(_("生产批号"), max_length=40, blank=True)
    expires_on = models.DateField(_("有效期至"), null=True, blank=True)
    state = models.CharField(_("状态"), max_length=8, choices=State.choices, default=State.LISTED)
    dealer = models.ForeignKey(
        Dealer, models.PROTECT, null=True, blank=True, related_name="packs", verbose_name=_("所在农资店")
    )
    listed_at = models.DateTimeField(_("列入时间"))
    listed_by = models.CharField(_("列入人"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("兽药包装")
        verbose_name_plural = _("兽药包装")
        ordering = ["code"]
        indexes = [models.Index(fields=["division_code", "state"], name="farm_drug_pack_list")]

    def __str__(self) -> str:
        return self.code


class PackScan(models.Model):
    """A code read at a dealer's door: in, out, or at a check. What was read is kept, whatever it was."""

    declared = append_only(kept_years=5)

    class Kind(models.TextChoices):
        IN = "in", _("入库")
        OUT = "out", _("出库")
        CHECK = "check", _("市场抽查")

    class Outcome(models.TextChoices):
        VALID = "valid", _("有效")
        NO_CODE = "no_code", _("没有二维码")
        MALFORMED = "malformed", _("码不合规（不是 24 位数字）")
        UNKNOWN = "unknown", _("码查不到")
        DUPLICATE = "duplicate", _("重复的码")
        EXPIRED = "expired", _("已过有效期")

    dealer = models.ForeignKey(Dealer, models.PROTECT, related_name="scans", verbose_name=_("农资店"))
    division_code = models.CharField(_("区划"), max_length=12)
    kind = models.CharField(_("类别"), max_length=6, choices=Kind.choices)
    on = models.DateField(_("日期"))
    read = models.CharField(_("读到的码"), max_length=200, blank=True)
    pack = models.ForeignKey(
        DrugPack, models.PROTECT, null=True, blank=True, related_name="scans", verbose_name=_("包装")
    )
    outcome = models.CharField(_("结果"), max_length=10, choices=Outcome.choices)
    farm = models.ForeignKey(Farm, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("售给农场"))
    other_party = models.CharField(_("供货或者购买单位"), max_length=120, blank=True)
    note = models.CharField(_("说明"), max_length=200, blank=True)
    recorded_at = models.DateTimeField(_("登记时间"))
    recorded_by = models.CharField(_("登记人"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("兽药扫码记录")
        verbose_name_plural = _("兽药扫码记录")
        ordering = ["-on", "-pk"]
        indexes = [models.Index(fields=["division_code", "on"], name="farm_pack_scan_list")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.read or self.get_outcome_display()}"
