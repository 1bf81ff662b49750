from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SmallOperatorsConfig(AppConfig):
    name = "fangxin.actions.small_operators"
    label = "small_operators"
    verbose_name = _("三小治理提升")
