from fangxin.actions.imported_food.models.alerts import Alert, AlertMatch
from fangxin.actions.imported_food.models.consignments import Consignment, ImportPaper, LabelCheck
from fangxin.actions.imported_food.models.disposals import Disposal, Withdrawal
from fangxin.actions.imported_food.models.joint import Clue, Session, SessionDecision
from fangxin.actions.imported_food.models.traders import CreditRecord, Trader

__all__ = [
    "Alert",
    "AlertMatch",
    "Clue",
    "Consignment",
    "CreditRecord",
    "Disposal",
    "ImportPaper",
    "LabelCheck",
    "Session",
    "SessionDecision",
    "Trader",
    "Withdrawal",
]
