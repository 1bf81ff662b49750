from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    name = "fangxin.surfaces.console"
    label = "console"
    verbose_name = "工作台"
