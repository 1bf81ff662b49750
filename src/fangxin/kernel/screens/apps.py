from django.apps import AppConfig


class ScreensConfig(AppConfig):
    name = "fangxin.kernel.screens"
    label = "screens"
    verbose_name = "界面"
