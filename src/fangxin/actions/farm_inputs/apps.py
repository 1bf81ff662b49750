from django.apps import AppConfig


class FarmInputsConfig(AppConfig):
    name = "fangxin.actions.farm_inputs"
    label = "farm_inputs"
    verbose_name = "农药兽药使用减量"
