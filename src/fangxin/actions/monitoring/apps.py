from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MonitoringConfig(AppConfig):
    name = "fangxin.actions.monitoring"
    label = "monitoring"
    verbose_name = _("标准制修订和风险监测")
