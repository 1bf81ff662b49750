from django.apps import AppConfig


class FieldworkConfig(AppConfig):
    name = "fangxin.kernel.fieldwork"
    label = "fieldwork"
    verbose_name = "检查"
