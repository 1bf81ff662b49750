from django.apps import AppConfig


class SimConfig(AppConfig):
    name = "fangxin.sim"
    label = "sim"
    verbose_name = "模拟县"
