from django.apps import AppConfig


class AssessmentConfig(AppConfig):
    name = "fangxin.oversight.assessment"
    label = "assessment"
    verbose_name = "评议考核"
