from django.apps import AppConfig


class FieldConfig(AppConfig):
    name = "fangxin.surfaces.field"
    label = "field"
    verbose_name = "外勤"
