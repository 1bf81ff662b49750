"""What the models of this action share."""

from decimal import Decimal
from typing import Any

from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

place_validator = RegexValidator(r"\A(\d{9}|\d{12})\Z", _("请选择乡镇（街道）或者村（社区）。"))
# The longest that any farm keeps its book: cattle, 20 years. What holds for each is standards/farm_inputs/records.toml.
KEPT_YEARS = 20
_above_zero = MinValueValidator(Decimal("0.0001"), _("应大于零。"))


def amount(label: Any, **options: Any) -> "models.DecimalField[Any, Any]":
    """A quantity above zero with up to four places."""
    return models.DecimalField(label, max_digits=14, decimal_places=4, validators=[_above_zero], **options)


class AmountUnit(models.TextChoices):
    """How much of a product or of food."""

    GRAM = "g", _("克")
    KILOGRAM = "kg", _("千克（公斤）")
    MILLILITRE = "mL", _("毫升")
    LITRE = "L", _("升")


class IntervalUnit(models.TextChoices):
    """In what a label counts its interval."""

    DAYS = "days", _("天")
    HOURS = "hours", _("小时")
    DEGREE_DAYS = "degree_days", _("度日")
