from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GrainConfig(AppConfig):
    name = "fangxin.actions.grain"
    label = "grain"
    verbose_name = _("优质粮食工程")
