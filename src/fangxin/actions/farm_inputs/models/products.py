"""Products as their labels say. The label of the product that was used decides, not a general rule."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from fangxin.actions.farm_inputs.models.fields import IntervalUnit, amount
from fangxin.kernel.ledger.api import editable


class Product(models.Model):
    """A pesticide or a veterinary drug with its registration number."""

    declared = editable()

    class Kind(models.TextChoices):
        PESTICIDE = "pesticide", _("农药")
        VETERINARY = "veterinary", _("兽药")

    class Form(models.TextChoices):
        SOLID = "solid", _("固体（按克、千克计）")
        LIQUID = "liquid", _("液体（按毫升、升计）")

    kind = models.CharField(_("类别"), max_length=12, choices=Kind.choices)
    registration_no = models.CharField(_("登记证号（批准文号）"), max_length=40, unique=True)
    name = models.CharField(_("产品名称"), max_length=80)
    formulation = models.CharField(_("剂型"), max_length=30, blank=True)
    form = models.CharField(_("形态"), max_length=8, choices=Form.choices)
    # [{"name": "吡虫啉", "content": "10", "unit": "%"}, …]; the unit is % (by weight) or g/L.
    ingredients = models.JSONField(_("有效成分"), default=list)
    density_g_ml = amount(_("密度（克/毫升）"), null=True, blank=True)
    antimicrobial = models.BooleanField(_("抗菌药"), default=False)
    holder = models.CharField(_("登记证持有人"), max_length=120, blank=True)
    valid_until = models.DateField(_("登记有效期至"), null=True, blank=True)
    source = models.CharField(_("出处"), max_length=200)
    confidence = models.CharField(_("可信度"), max_length=20, blank=True)
    entered_at = models.DateTimeField(_("录入时间"))
    entered_by = models.CharField(_("录入人"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("农药兽药产品")
        verbose_name_plural = _("农药兽药产品")
        ordering = ["kind", "name", "registration_no"]
        indexes = [models.Index(fields=["kind", "name"], name="farm_product_list")]

    def __str__(self) -> str:
        return f"{self.name}（{self.registration_no}）"

    def get_absolute_url(self) -> str:
        return reverse("farm_inputs:product", args=[self.pk])

    @property
    def ingredient_names(self) -> list[str]:
        return [str(one["name"]) for one in self.ingredients]


class LabelUse(models.Model):
    """One line of a label: on what, how much, how often, and how long to wait afterwards."""

    declared = editable()

    class Produce(models.TextChoices):
        CROP = "crop", _("农作物")
        MEAT = "meat", _("肉（屠宰）")
        MILK = "milk", _("奶")
        EGG = "egg", _("蛋")
        FISH = "fish", _("水产品")

    product = models.ForeignKey(Product, models.CASCADE, related_name="label_uses", verbose_name=_("产品"))
    # A crop, a group of crops (叶菜类), or an animal.
    target = models.CharField(_("作物或者动物"), max_length=40)
    produce = models.CharField(_("收获物"), max_length=6, choices=Produce.choices)
    pest = models.CharField(_("防治对象（适应症）"), max_length=80, blank=True)
    dose_low = amount(_("用量下限"), null=True, blank=True)
    dose_high = amount(_("用量上限"), null=True, blank=True)
    dose_unit = models.CharField(_("用量单位"), max_length=30, blank=True)
    method = models.CharField(_("施用方法"), max_length=40, blank=True)
    # Empty: the label says nothing, which is not the same as nothing to wait for.
    interval = models.DecimalField(
        _("间隔（休药）期"), max_digits=7, decimal_places=1, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    interval_unit = models.CharField(_("间隔期单位"), max_length=12, choices=IntervalUnit.choices, blank=True)
    most_uses = models.PositiveSmallIntegerField(_("每季最多次数"), null=True, blank=True)
    source = models.CharField(_("出处"), max_length=200, blank=True)
    confidence = models.CharField(_("可信度"), max_length=20, blank=True)

    class Meta:
        verbose_name = _("标签用法")
        verbose_name_plural = _("标签用法")
        ordering = ["product", "target", "produce"]
        constraints = [
            models.UniqueConstraint(fields=["product", "target", "produce", "pest"], name="farm_label_use_once"),
            models.CheckConstraint(
                condition=Q(interval=None, interval_unit="") | (Q(interval__isnull=False) & ~Q(interval_unit="")),
                name="farm_label_interval_whole",
                violation_error_message=_("间隔期的数字和单位须同时填写。"),
            ),
        ]

    def __str__(self) -> str:
        return self.target
