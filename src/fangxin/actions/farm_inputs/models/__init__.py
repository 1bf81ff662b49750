from fangxin.actions.farm_inputs.models.batches import Batch, Harvest
from fangxin.actions.farm_inputs.models.dealers import (
    Dealer,
    InputFinding,
    LedgerLine,
    LedgerSheet,
    RefusedSale,
    Stock,
)
from fangxin.actions.farm_inputs.models.drug_codes import DrugPack, PackScan
from fangxin.actions.farm_inputs.models.farms import Farm
from fangxin.actions.farm_inputs.models.findings import Finding
from fangxin.actions.farm_inputs.models.forecasts import (
    Degree,
    Forecast,
    ForecastCheck,
    ForecastNotice,
    ForecastProduct,
)
from fangxin.actions.farm_inputs.models.packages import PackageMove, PackagePoint
from fangxin.actions.farm_inputs.models.products import LabelUse, Product
from fangxin.actions.farm_inputs.models.records import Application, DiaryEntry
from fangxin.actions.farm_inputs.models.reduction import ControlRecord, CropYear, UsageFigure

__all__ = [
    "Application",
    "Batch",
    "ControlRecord",
    "CropYear",
    "Dealer",
    "Degree",
    "DiaryEntry",
    "DrugPack",
    "Farm",
    "Finding",
    "Forecast",
    "ForecastCheck",
    "ForecastNotice",
    "ForecastProduct",
    "Harvest",
    "InputFinding",
    "LabelUse",
    "LedgerLine",
    "LedgerSheet",
    "PackScan",
    "PackageMove",
    "PackagePoint",
    "Product",
    "RefusedSale",
    "Stock",
    "UsageFigure",
]
