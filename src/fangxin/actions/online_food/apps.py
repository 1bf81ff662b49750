from django.apps import AppConfig


class OnlineFoodConfig(AppConfig):
    name = "fangxin.actions.online_food"
    label = "online_food"
    verbose_name = "网络食品净网"
