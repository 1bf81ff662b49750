from django.apps import AppConfig


class LaboratoryConfig(AppConfig):
    name = "fangxin.kernel.laboratory"
    label = "laboratory"
    verbose_name = "抽样检验"
