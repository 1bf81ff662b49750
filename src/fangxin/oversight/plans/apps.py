from django.apps import AppConfig


class PlansConfig(AppConfig):
    name = "fangxin.oversight.plans"
    label = "plans"
    verbose_name = "方案与报送"
