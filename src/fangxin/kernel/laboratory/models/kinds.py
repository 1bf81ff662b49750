"""Words that several models of sampling and laboratory share."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Purpose(models.TextChoices):
    """Why a sample is taken. What may follow from its result hangs on it: monitoring never grounds a penalty."""

    SUPERVISION = "supervision", _("监督抽检")
    RISK_MONITORING = "risk_monitoring", _("风险监测")
    COMPLAINT = "complaint", _("投诉举报")
    SPECIAL = "special", _("专项抽检")
    RAPID = "rapid", _("快检阳性后送检")


class Stage(models.TextChoices):
    """The stage of the chain at which a sample is taken."""

    FARM = "farm", _("种植养殖")
    PRODUCTION = "production", _("生产")
    CIRCULATION = "circulation", _("流通")
    CATERING = "catering", _("餐饮")
    NETWORK = "network", _("网络")


class Regime(models.TextChoices):
    """Whose rules of sampling hold: they decide the clocks of objection and re-test."""

    MARKET = "market", _("食品安全抽检（市场监管）")
    AGRICULTURE = "agriculture", _("农产品质量安全监督抽查（农业农村）")


class Storage(models.TextChoices):
    NORMAL = "normal", _("常温")
    CHILLED = "chilled", _("冷藏")
    FROZEN = "frozen", _("冷冻")


class Part(models.TextChoices):
    """A sample is two sealed parts: one is tested, one is kept for a re-test."""

    TEST = "test", _("检样")
    DUPLICATE = "duplicate", _("备样")
