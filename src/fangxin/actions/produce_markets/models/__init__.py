from fangxin.actions.produce_markets.models.checks import (
    GradeSheet,
    Referral,
    RoomTest,
    SelfCheck,
    SlaughterCheck,
    StallCheck,
)
from fangxin.actions.produce_markets.models.entries import DataFile, Entry, Haul, Outgoing, Withdrawal
from fangxin.actions.produce_markets.models.fields import Goods, Proof, QuantityUnit
from fangxin.actions.produce_markets.models.markets import (
    HolderPaper,
    Market,
    Milestone,
    Project,
    Publication,
    Stall,
    Tenancy,
)

__all__ = [
    "DataFile",
    "Entry",
    "Goods",
    "GradeSheet",
    "Haul",
    "HolderPaper",
    "Market",
    "Milestone",
    "Outgoing",
    "Project",
    "Proof",
    "Publication",
    "QuantityUnit",
    "Referral",
    "RoomTest",
    "SelfCheck",
    "SlaughterCheck",
    "Stall",
    "StallCheck",
    "Tenancy",
    "Withdrawal",
]
