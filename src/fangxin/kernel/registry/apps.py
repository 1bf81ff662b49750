from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "fangxin.kernel.registry"
    label = "registry"
    verbose_name = "底册"
