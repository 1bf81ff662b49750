"""What the models of enterprises, water and volatile organic compounds share."""

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

place_validator = RegexValidator(r"\A(\d{9}|\d{12})\Z", _("请选择乡镇（街道）或者村（社区）。"))


class Metal(models.TextChoices):
    """The key heavy metals, by their symbols."""

    CD = "Cd", _("镉")
    PB = "Pb", _("铅")
    HG = "Hg", _("汞")
    CR = "Cr", _("铬")
    AS = "As", _("砷")
    TL = "Tl", _("铊")
    SB = "Sb", _("锑")


class Outlet(models.TextChoices):
    """Ways in which metals leave an enterprise."""

    GAS = "gas", _("废气")
    WATER = "water", _("废水")
    SOLID = "solid", _("固体废物")
    TAILINGS = "tailings", _("尾矿")
