from django.apps import AppConfig


class MonitoringConfig(AppConfig):
    name = "fangxin.actions.monitoring"
    label = "monitoring"
    verbose_name = "标准制修订和风险监测"
