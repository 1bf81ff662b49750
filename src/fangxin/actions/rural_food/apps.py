from django.apps import AppConfig


class RuralFoodConfig(AppConfig):
    name = "fangxin.actions.rural_food"
    label = "rural_food"
    verbose_name = "农村假冒伪劣食品治理"
