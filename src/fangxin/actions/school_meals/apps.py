from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SchoolMealsConfig(AppConfig):
    name = "fangxin.actions.school_meals"
    label = "school_meals"
    verbose_name = _("校园食品安全守护")
