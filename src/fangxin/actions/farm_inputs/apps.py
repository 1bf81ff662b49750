from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FarmInputsConfig(AppConfig):
    name = "fangxin.actions.farm_inputs"
    label = "farm_inputs"
    verbose_name = _("农药兽药使用减量")
