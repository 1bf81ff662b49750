"""Words that several models of fieldwork share."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class InspectionKind(models.TextChoices):
    """Measures on the Supervision and Inspection of Food Production and Operation (2021), article 2 and chapter 2."""

    ROUTINE = "routine", _("日常检查")
    UNANNOUNCED = "unannounced", _("飞行检查")
    SPECIAL = "special", _("专项检查")
    SYSTEM = "system", _("体系检查")
    RECHECK = "recheck", _("整改复查")
