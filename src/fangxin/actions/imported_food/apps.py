from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ImportedFoodConfig(AppConfig):
    name = "fangxin.actions.imported_food"
    label = "imported_food"
    verbose_name = _("进口食品国门守护")
