"""SaTScan's parameters by their names in its parameter files. What is not done here is refused by name, never passed over."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from fangxin.engines.outbreak.scan.files import FileRefused, Period, Precision, read_date
from fangxin.engines.outbreak.scan.values import (
    Analysis,
    Model,
    Overlap,
    Rates,
    Settings,
    Significance,
    TimeUnit,
    Trend,
)

Choice = TypeVar("Choice")
DEFAULT_SEED = 12345678
_ANALYSES = {1: Analysis.SPATIAL, 3: Analysis.RETROSPECTIVE, 4: Analysis.PROSPECTIVE}
_MODELS = {0: Model.POISSON, 1: Model.BERNOULLI, 2: Model.PERMUTATION}
_RATES = {1: Rates.HIGH, 2: Rates.LOW, 3: Rates.BOTH}
_UNITS = {0: TimeUnit.DAY, 1: TimeUnit.YEAR, 2: TimeUnit.MONTH, 3: TimeUnit.DAY}
_PRECISIONS = {0: Precision.NONE, 1: Precision.YEAR, 2: Precision.MONTH, 3: Precision.DAY}
_TRENDS = {0: Trend.NONE, 1: Trend.NONPARAMETRIC, 2: Trend.GIVEN, 3: Trend.ESTIMATED}
_OVERLAPS = dict(enumerate(Overlap))
_SIGNIFICANCE = {
    0: Significance.COMBINED, 1: Significance.STANDARD, 2: Significance.SEQUENTIAL, 3: Significance.GUMBEL,
}  # fmt: skip
# Names whose value says nothing about the clusters: files, other outputs, how a program runs, details of what is off.
_OF_NO_EFFECT = """
    AlternativeHypothesisFilename CaseFile CensusAreasReportedClustersASCII CensusAreasReportedClustersDBase CompressKMLtoKMZ ControlFile
    CoordinatesFile CriticalValue CriticalValue001 CriticalValue01 CriticalValue05 CriticalValueType CutoffClusterLinelistCSV
    DrilldownAdjustForWeeklyTrends DrilldownClusterPvalueCutoff DrilldownMinimumClusterCases DrilldownMinimumClusterLocations
    EllipseAngles EllipseShapes EmailAlwaysRecipients EmailCutoffRecipients EmailCutoffValue ExecutionType
    GiniIndexClusterReportingType GiniIndexClustersPValueCutOff GridFile IncludeClusterLocationsKML
    IncludeRelativeRisksCensusAreasASCII IncludeRelativeRisksCensusAreasDBase IntervalEndRange IntervalStartRange
    IterativeScanMaxIterations IterativeScanMaxPValue LaunchMapViewer LineListIndividualCache LocationsNetworkFilename
    LogRunToHistoryFile MaxCirclePopulationFile MaxSizeInMaxCirclePopulationFile_Reported
    MaxSpatialSizeInDistanceFromCenter_Reported MaxSpatialSizeInMaxCirclePopulationFile MaxSpatialSizeInPopulationAtRisk_Reported
    MetaLocationsFilename MostLikelyClusterCaseInfoEachCentroidASCII MostLikelyClusterCaseInfoEachCentroidDBase
    MostLikelyClusterEachCentroidASCII MostLikelyClusterEachCentroidDBase MultipleLocationsFile NeighborsFilename
    NonCompactnessPenalty NumBootstrapReplications NumberParallelProcesses NumberPowerReplications OliveiraPvalueCutoff
    OutputCartesianGraph OutputGoogleEarthKML OutputGoogleMaps OutputShapefiles OutputTemporalGraphHTML PopulationFile
    PowerEstimationType PowerEvaluationTotalCases PowerEvaluationsMethod PowerEvaluationsSimulationMethod
    PowerEvaluationsSimulationOutputFilename PowerEvaluationsSimulationSourceFilename PrintAsciiColumnHeaders
    PrintSimulatedDataToFile ProspectiveStartDate ReportClusterRank ReportGiniIndexCoefficents ReportGumbel
    ReportPowerEvaluationSimulationData ResultsFile ResultsTitle RiskThresholdHighClusters RiskThresholdLowClusters SaveSimLLRsASCII
    SaveSimLLRsDBase SimulatedDataInputFilename SimulatedDataOutputFilename SpatialMaxima SuppressWarnings
    TemporalGraphMostMLC TemporalGraphReportType TemporalGraphSignificanceCutoff ThresholdLocationsSeparateKML TimeTrendType Version
"""
_FREE = frozenset(_OF_NO_EFFECT.split())
# Features that are not done: the only value that may stand.
_ONLY = {
    "AdjustForEarlierAnalyses": "n", "AdjustForWeeklyTrends": "n", "AdjustmentsByKnownRelativeRisksFilename": "",
    "CalculateOliveira": "n", "IsotonicScan": "0", "IterativeScan": "n", "MultipleCoordinatesType": "0",
    "MinimumCasesInLowRateClusters": "0", "MultipleDataSetsPurposeType": "0", "PerformBernoulliDrilldown": "n",
    "PerformPowerEvaluation": "n", "PerformStandardDrilldown": "n", "ProspectiveFrequency": "1",
    "ProspectiveFrequencyType": "0", "ReportHierarchicalClusters": "y", "RiskLimitHighClusters": "n",
    "RiskLimitLowClusters": "n", "SimulatedDataMethodType": "0", "SpatialAdjustmentType": "0",
    "SpatialWindowShapeType": "0", "UseAdjustmentsByRRFile": "n", "UseDistanceFromCenterOption_Reported": "n",
    "UseGridFile": "n", "UseLocationsNetworkFile": "n", "UseMaxCirclePopulationFileOption": "n",
    "UseMaxCirclePopulationFileOption_Reported": "n", "UseMetaLocationsFile": "n", "UseNeighborsFile": "n",
    "UseReportOnlySmallerClusters": "n",
}  # fmt: skip
_EXPLAINED = {
    "AnalysisType": "1 (purely spatial), 3 (retrospective space-time) and 4 (prospective space-time) are done",
    "ModelType": "0 (Poisson), 1 (Bernoulli) and 2 (space-time permutation) are done",
    "PrecisionCaseTimes": "0 (none), 1 (year), 2 (month) and 3 (day) are done",
    "TimeAggregationUnits": "1 (year), 2 (month) and 3 (day) are done",
    "TimeTrendAdjustmentType": "0 (none), 1 (nonparametric), 2 (log-linear, given) and 3 (log-linear, fitted) are done",
    "IncludeClusters": "0 (all) and 1 (alive at the end of the period) are done",
}


class ParametersRefused(ValueError):
    """A parameter cannot be followed; the message begins with its name."""


@dataclass(frozen=True, slots=True)
class Request:
    """What the parameters ask for. `notes`: parameters that stand there and change nothing."""

    model: Model
    settings: Settings
    period: Period
    seed: int
    notes: tuple[str, ...]


def read_parameters(given: Mapping[str, Any]) -> Request:
    """From a JSON object of names and values, or one that keeps it under `effective_main_parameters`. What is absent has
    SaTScan's default. Raises ParametersRefused.

    >>> asked = read_parameters({"AnalysisType": 4, "ModelType": 2, "PrecisionCaseTimes": 3, "TimeAggregationUnits": 3,
    ...                          "StartDate": "2001/11/1", "EndDate": "2001/11/24"})
    >>> asked.model.name, asked.period.end.isoformat(), asked.settings.replicates
    ('PERMUTATION', '2001-11-24', 999)
    """
    inner = given.get("effective_main_parameters", given)
    if not isinstance(inner, Mapping):
        raise ParametersRefused("effective_main_parameters must be an object of names and values")
    values = _Values({name: _text(name, value) for name, value in inner.items()})
    period = _period(values)
    model = values.choice("ModelType", _MODELS, 0)
    settings = _settings(values, model)
    _check_gini(values, settings)
    seed = values.whole("RandomizationSeed", DEFAULT_SEED, 0)
    values.refuse_others()
    _check_together(settings, period)
    return Request(model, settings, period, seed, _notes(values, settings, period))


def _text(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return "y" if value else "n"
    if isinstance(value, str | int | float):
        return str(value).strip()
    raise ParametersRefused(f"{name} must be a text or a number")


class _Values:
    """The values by name, and which of them were asked for."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self.values = values
        self.asked: set[str] = set()

    def _get(self, name: str, default: object) -> str:
        self.asked.add(name)
        return self.values.get(name, str(default))

    def choice(self, name: str, choices: Mapping[int, Choice], default: int) -> Choice:
        text = self._get(name, default)
        if not text.isdecimal() or int(text) not in choices:
            told = _EXPLAINED.get(name, "possible are " + ", ".join(str(number) for number in choices))
            raise ParametersRefused(f"{name}={text} is not done; {told}")
        return choices[int(text)]

    def flag(self, name: str) -> bool:
        text = self._get(name, "n").lower()
        if text not in {"y", "n", "1", "0"}:
            raise ParametersRefused(f"{name}={text} is neither y nor n")
        return text in {"y", "1"}

    def number(self, name: str, default: float, allowed: Callable[[float], bool], told: str) -> float:
        text = self._get(name, default)
        try:
            value = float(text)
        except ValueError:
            value = float("nan")
        if value - value != 0 or not allowed(value):
            raise ParametersRefused(f"{name}={text} cannot be; it must be {told}")
        return value

    def whole(self, name: str, default: int, least: int) -> int:
        value = self.number(
            name, default, lambda value: value >= least and value == int(value), f"a whole number of at least {least}"
        )
        return int(value)

    def day(self, name: str, *, last: bool) -> date:
        text = self._get(name, "")
        if not text:
            raise ParametersRefused(
                f"{name} is missing; give the {'last' if last else 'first'} day of the study period"
            )
        try:
            day, precision = read_date(text, name, 0, Period(date(1900, 1, 1), date(1999, 1, 1), Precision.DAY))
        except FileRefused:
            raise ParametersRefused(f"{name}={text} is no day; write year/month/day") from None
        if precision is not Precision.DAY:
            raise ParametersRefused(f"{name}={text} is no day; write year/month/day")
        return day

    def refuse_others(self) -> None:
        for name, text in self.values.items():
            if name in self.asked or name in _FREE:
                continue
            if name not in _ONLY:
                raise ParametersRefused(f"{name} is not known here; take it out if it changes nothing")
            if text.lower() != _ONLY[name] and not (_ONLY[name] == "n" and text == "0"):
                raise ParametersRefused(f"{name}={text} is not done; only {_ONLY[name] or 'an empty value'} is")


def _period(values: _Values) -> Period:
    start, end = values.day("StartDate", last=False), values.day("EndDate", last=True)
    if start > end:
        raise ParametersRefused(f"EndDate={end} lies before StartDate={start}")
    return Period(
        start=start,
        end=end,
        precision=values.choice("PrecisionCaseTimes", _PRECISIONS, 1),
        ignore_outside=values.choice("StudyPeriodCheckType", {0: False, 1: True}, 0),
        ignore_unknown=values.choice("GeographicalCoordinatesCheckType", {0: False, 1: True}, 0),
    )


def _settings(values: _Values, model: Model) -> Settings:
    limited = values.flag("UseDistanceFromCenterOption")
    radius = values.number(
        "MaxSpatialSizeInDistanceFromCenter", 1, lambda value: value > 0 or not limited, "a distance of more than 0"
    )
    by_share = values.choice("MaxTemporalSizeInterpretation", {0: True, 1: False}, 0)
    longest = values.number("MaxTemporalSize", 50, lambda value: value > 0 and (value <= 100 or not by_share),
                            "more than 0, as a percentage at most 100")  # fmt: skip
    only_alive = values.choice("IncludeClusters", {0: False, 1: True}, 0)
    trend = values.choice("TimeTrendAdjustmentType", _TRENDS, 0)
    return Settings(
        analysis=values.choice("AnalysisType", _ANALYSES, 1),
        rates=values.choice("ScanAreas", _RATES, 1),
        cartesian=values.choice("CoordinatesType", {0: True, 1: False}, 0),
        unit=values.choice("TimeAggregationUnits", _UNITS, 1),
        length=values.whole("TimeAggregationLength", 1, 1),
        most_share=_percentage(values, "MaxSpatialSizeInPopulationAtRisk", 50) / 100,
        most_radius=radius if limited else None,
        shortest=values.whole("MinimumTemporalClusterSize", 1, 1),
        longest=None if by_share else int(longest),
        longest_share=longest / 100 if by_share else 0.5,
        only_alive=only_alive,
        also_spatial=values.flag("IncludePurelySpatial"),
        also_temporal=values.flag("IncludePurelyTemporal"),
        least_cases=values.whole("MinimumCasesInHighRateClusters", 2, 1),
        trend=trend if model is Model.POISSON else _no_trend(trend),
        trend_percent=values.number(
            "TimeTrendPercentage", 0, lambda value: value > -100, "more than -100"
        ),
        overlap=values.choice("CriteriaForReportingSecondaryClusters", _OVERLAPS, 0),
        replicates=values.whole("MonteCarloReps", 999, 0),
        significance=values.choice("PValueReportType", _SIGNIFICANCE, 0),
        stop_after=_stop_after(values),
        # SaTScan ranks ties with the extreme ones but does not count them towards stopping.
        count_ties_at_stop=False,
    )  # fmt: skip


def _stop_after(values: _Values) -> int | None:
    """SaTScan's threshold holds for PValueReportType 2; by default it follows from the number of replicates."""
    threshold = values.whole("EarlyTerminationThreshold", 50, 1)
    return threshold if values.values.get("PValueReportType", "0") == "2" else None


def _percentage(values: _Values, name: str, default: float) -> float:
    return values.number(name, default, lambda value: 0 < value <= 100, "a percentage of more than 0 and at most 100")


def _no_trend(trend: Trend) -> Trend:
    if trend is not Trend.NONE:
        raise ParametersRefused(
            "TimeTrendAdjustmentType other than 0 is done with the Poisson model only (ModelType=0)"
        )
    return trend


def _check_gini(values: _Values, settings: Settings) -> None:
    if values.flag("ReportGiniClusters") and settings.analysis is Analysis.SPATIAL:
        raise ParametersRefused("ReportGiniClusters=y is not done; set it to n to have the hierarchical clusters")


def _check_together(settings: Settings, period: Period) -> None:
    if settings.analysis is not Analysis.SPATIAL and period.precision is Precision.NONE:
        raise ParametersRefused(
            "PrecisionCaseTimes=0 (no dates) does not go with an analysis in time (AnalysisType 3, 4)"
        )


def _notes(values: _Values, settings: Settings, period: Period) -> tuple[str, ...]:
    begun = values.values.get("ProspectiveStartDate", "")
    end = f"{period.end.year}/{period.end.month}/{period.end.day}"
    if settings.analysis is Analysis.PROSPECTIVE and begun and begun != end:
        return ("ProspectiveStartDate changes nothing: earlier analyses are not adjusted for, as by SaTScan's default",)
    return ()
