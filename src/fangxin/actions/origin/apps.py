from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OriginConfig(AppConfig):
    name = "fangxin.actions.origin"
    label = "origin"
    verbose_name = _("产地环境净化")
