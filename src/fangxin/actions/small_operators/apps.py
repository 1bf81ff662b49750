from django.apps import AppConfig


class SmallOperatorsConfig(AppConfig):
    name = "fangxin.actions.small_operators"
    label = "small_operators"
    verbose_name = "三小治理提升"
