"""What several models of supply share."""

from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class Source(models.TextChoices):
    """Out of what a record was made."""

    EPCIS = "epcis", _("企业追溯系统上传")
    CERTIFICATE = "certificate", _("承诺达标合格证")
    RECEIPT = "receipt", _("进货记录")
    SHEET = "sheet", _("表格导入")
    SCALE = "scale", _("电子秤文件")
    TYPED = "typed", _("手工登记")


class Sureness(models.TextChoices):
    """How the platform came to know it."""

    STATED = "stated", _("自述")
    SCANNED = "scanned", _("扫码")
    INFERRED = "inferred", _("推断")


class How(models.TextChoices):
    """How a receipt was taken down."""

    SCAN = "scan", _("扫码")
    PHOTO = "photo", _("拍照")
    TYPED = "typed", _("手工填写")
    SHEET = "sheet", _("表格导入")
    SCALE = "scale", _("电子秤文件")


def quantity(label: Any) -> "models.DecimalField[Decimal | str | None, Decimal | None]":
    """An amount, or nothing where it is not known: unknown is not zero."""
    return models.DecimalField(label, max_digits=18, decimal_places=6, null=True, blank=True)
