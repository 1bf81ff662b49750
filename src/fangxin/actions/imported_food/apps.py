from django.apps import AppConfig


class ImportedFoodConfig(AppConfig):
    name = "fangxin.actions.imported_food"
    label = "imported_food"
    verbose_name = "进口食品国门守护"
