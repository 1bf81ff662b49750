from django.apps import AppConfig


class HealthFoodConfig(AppConfig):
    name = "fangxin.actions.health_food"
    label = "health_food"
    verbose_name = "保健食品清理整治"
