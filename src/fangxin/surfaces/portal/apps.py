from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "fangxin.surfaces.portal"
    label = "portal"
    verbose_name = "公众页"
