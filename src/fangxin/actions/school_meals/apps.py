from django.apps import AppConfig


class SchoolMealsConfig(AppConfig):
    name = "fangxin.actions.school_meals"
    label = "school_meals"
    verbose_name = "校园食品安全守护"
