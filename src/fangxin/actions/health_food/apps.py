from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HealthFoodConfig(AppConfig):
    name = "fangxin.actions.health_food"
    label = "health_food"
    verbose_name = _("保健食品清理整治")
