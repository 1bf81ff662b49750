from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OnlineFoodConfig(AppConfig):
    name = "fangxin.actions.online_food"
    label = "online_food"
    verbose_name = _("网络食品净网")
