from fangxin.actions.small_operators.models.applications import Application, Paper
from fangxin.actions.small_operators.models.sites import Site, SiteVisit
from fangxin.actions.small_operators.models.unregistered import Unregistered, UnregisteredStep, Upgrade, UpgradeItem
from fangxin.actions.small_operators.models.visits import FirstVisit
from fangxin.actions.small_operators.models.zones import Placement, Zone

__all__ = [
    "Application",
    "FirstVisit",
    "Paper",
    "Placement",
    "Site",
    "SiteVisit",
    "Unregistered",
    "UnregisteredStep",
    "Upgrade",
    "UpgradeItem",
    "Zone",
]
