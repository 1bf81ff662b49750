"""What the models of this action share."""

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

place_validator = RegexValidator(r"\A(\d{9}|\d{12})\Z", _("请选择乡镇（街道）或者村（社区）。"))


class Kind(models.TextChoices):
    """The three small kinds, named as the register names its premises."""

    SMALL_WORKSHOP = "small_workshop", _("食品小作坊")
    SMALL_SHOP = "small_shop", _("食品小经营店")
    STALL = "stall", _("食品小摊点")
