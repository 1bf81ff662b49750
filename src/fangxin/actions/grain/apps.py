from django.apps import AppConfig


class GrainConfig(AppConfig):
    name = "fangxin.actions.grain"
    label = "grain"
    verbose_name = "优质粮食工程"
