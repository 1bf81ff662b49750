from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProduceMarketsConfig(AppConfig):
    name = "fangxin.actions.produce_markets"
    label = "produce_markets"
    verbose_name = _("食用农产品市场规范化建设")
