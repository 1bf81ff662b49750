from fangxin.actions.origin.models.classes import ClassDecision, LandUnit, SoilClass, UnitParcel
from fangxin.actions.origin.models.enterprises import MetalCheck, MetalEnterprise, MetalMonitoring, MetalProblem
from fangxin.actions.origin.models.measures import SoilMeasure
from fangxin.actions.origin.models.soil import ProduceResult, SoilPoint, SoilSample, SoilZone
from fangxin.actions.origin.models.voc import LdarRound, Leak, VocCheck, VocFirm
from fangxin.actions.origin.models.water import IrrigationNotice, WaterMonth, WaterSection

__all__ = [
    "ClassDecision",
    "IrrigationNotice",
    "LandUnit",
    "LdarRound",
    "Leak",
    "MetalCheck",
    "MetalEnterprise",
    "MetalMonitoring",
    "MetalProblem",
    "ProduceResult",
    "SoilClass",
    "SoilMeasure",
    "SoilPoint",
    "SoilSample",
    "SoilZone",
    "UnitParcel",
    "VocCheck",
    "VocFirm",
    "WaterMonth",
    "WaterSection",
]
