from django.apps import AppConfig


class ProduceMarketsConfig(AppConfig):
    name = "fangxin.actions.produce_markets"
    label = "produce_markets"
    verbose_name = "食用农产品市场规范化建设"
