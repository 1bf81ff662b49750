from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CateringConfig(AppConfig):
    name = "fangxin.actions.catering"
    label = "catering"
    verbose_name = _("餐饮质量安全提升")
