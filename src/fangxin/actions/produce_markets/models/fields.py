"""What the models of this action share."""

from decimal import Decimal
from typing import Any

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

# Purchase and sale records of wholesalers are kept two years; five years after the end the archive goes.
KEPT_YEARS = 5
_above_zero = MinValueValidator(Decimal("0.001"), _("应大于零。"))


def amount(label: Any, **options: Any) -> "models.DecimalField[Any, Any]":
    """A quantity above zero in the unit of its row."""
    return models.DecimalField(label, max_digits=12, decimal_places=3, validators=[_above_zero], **options)


class Goods(models.TextChoices):
    """What a stall sells and a vehicle brings, as the entry rules part it."""

    VEGETABLE = "vegetable", _("蔬菜、食用菌")
    FRUIT = "fruit", _("水果")
    PORK = "pork", _("猪肉")
    MEAT = "meat", _("牛羊等畜肉")
    POULTRY = "poultry", _("禽肉、活禽")
    AQUATIC = "aquatic", _("水产品")
    EGGS = "eggs", _("鲜蛋")
    GRAIN = "grain", _("粮油、干货")
    OTHER = "other", _("其他食品")


class QuantityUnit(models.TextChoices):
    KILOGRAM = "kg", _("千克（公斤）")
    HEAD = "head", _("头（只）")
    BOX = "box", _("箱（件）")


class Proof(models.TextChoices):
    """What shows that goods conform, by which they come in."""

    CERTIFICATE = "certificate", _("承诺达标合格证")
    TEST_REPORT = "test_report", _("检验报告")
    QUARANTINE = "quarantine", _("动物检疫合格证明")
    MEAT_QUALITY = "meat_quality", _("肉品品质检验合格证")
    VOUCHER = "voucher", _("购货凭证")
    ORIGIN = "origin", _("产地证明")
