from django.apps import AppConfig


class OriginConfig(AppConfig):
    name = "fangxin.actions.origin"
    label = "origin"
    verbose_name = "产地环境净化"
