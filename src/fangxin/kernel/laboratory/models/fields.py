"""What several models of the laboratory's results share."""

from typing import Any

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

# Figures are kept as the decimal text that was reported, never as binary fractions.
decimal_validator = RegexValidator(r"\A-?\d{1,18}(\.\d{1,12})?\Z", _("请填数字，例如 0.05。"))


class Finding(models.TextChoices):
    """What the judge may say of one item."""

    CONFORMING = "conforming", _("合格")
    NONCONFORMING = "nonconforming", _("不合格")
    UNDETERMINED = "undetermined", _("不能判定")
    NOT_REGULATED = "not_regulated", _("没有限量规定")
    PENDING_SPECIATION = "pending_speciation", _("待测形态")


class Whole(models.TextChoices):
    """What may be said of a whole sample."""

    CONFORMING = "conforming", _("合格")
    NONCONFORMING = "nonconforming", _("不合格")
    UNDETERMINED = "undetermined", _("不能判定")
    # Every item was measured, none has a limit: a monitoring record, no verdict.
    NOT_REGULATED = "not_regulated", _("仅作监测记录")


def decimal_text(label: Any) -> "models.CharField[str, str]":
    return models.CharField(label, max_length=32, blank=True, validators=[decimal_validator])
