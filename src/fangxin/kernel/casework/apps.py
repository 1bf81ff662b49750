from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    name = "fangxin.kernel.casework"
    label = "casework"
    verbose_name = "问题与整改"
