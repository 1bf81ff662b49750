from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RuralFoodConfig(AppConfig):
    name = "fangxin.actions.rural_food"
    label = "rural_food"
    verbose_name = _("农村假冒伪劣食品治理")
