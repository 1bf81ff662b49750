from django.apps import AppConfig


class BoardConfig(AppConfig):
    name = "fangxin.oversight.board"
    label = "board"
    verbose_name = "目标看板"
