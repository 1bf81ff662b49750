from django.apps import AppConfig


class CateringConfig(AppConfig):
    name = "fangxin.actions.catering"
    label = "catering"
    verbose_name = "餐饮质量安全提升"
