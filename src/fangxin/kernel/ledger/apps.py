from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "fangxin.kernel.ledger"
    label = "ledger"
    verbose_name = "台账"
