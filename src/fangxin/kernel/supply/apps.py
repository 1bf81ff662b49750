from django.apps import AppConfig


class SupplyConfig(AppConfig):
    name = "fangxin.kernel.supply"
    label = "supply"
    verbose_name = "来源去向"
