from fangxin.kernel.laboratory.models.custody import CustodyStep, Receipt
from fangxin.kernel.laboratory.models.disputes import Notice, Objection, Retest
from fangxin.kernel.laboratory.models.fields import Finding, Whole
from fangxin.kernel.laboratory.models.follow_up import Disposition, DispositionStep, RecallOrder, RiskSignal
from fangxin.kernel.laboratory.models.kinds import Part, Purpose, Regime, Stage, Storage
from fangxin.kernel.laboratory.models.plans import PlanLine, SamplingDraw, SamplingPlan, SamplingTask
from fangxin.kernel.laboratory.models.quality import AnalyticalRun, ControlPoint, QualitySample
from fangxin.kernel.laboratory.models.rapid import RapidTest
from fangxin.kernel.laboratory.models.samples import (
    Duplicate,
    Irregularity,
    OnlinePurchase,
    Sample,
    SamplePhoto,
    Seal,
)
from fangxin.kernel.laboratory.models.tests import Result, ResultFile, Test, Verification
from fangxin.kernel.laboratory.models.verdicts import NameChoice, Report, SampleVerdict, Verdict

__all__ = [
    "AnalyticalRun",
    "ControlPoint",
    "CustodyStep",
    "Disposition",
    "DispositionStep",
    "Duplicate",
    "Finding",
    "Irregularity",
    "NameChoice",
    "Notice",
    "Objection",
    "OnlinePurchase",
    "Part",
    "PlanLine",
    "Purpose",
    "QualitySample",
    "RapidTest",
    "RecallOrder",
    "Receipt",
    "Regime",
    "Report",
    "Result",
    "ResultFile",
    "Retest",
    "RiskSignal",
    "Sample",
    "SamplePhoto",
    "SampleVerdict",
    "SamplingDraw",
    "SamplingPlan",
    "SamplingTask",
    "Seal",
    "Stage",
    "Storage",
    "Test",
    "Verdict",
    "Verification",
    "Whole",
]
