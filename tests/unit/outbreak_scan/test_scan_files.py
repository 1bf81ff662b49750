from datetime import date

import pytest

from fangxin.engines.outbreak.scan import Analysis, Model, Overlap, Population, Rates, Significance, TimeUnit, Trend
from fangxin.engines.outbreak.scan.files import (
    FileRefused,
    Period,
    Precision,
    read_counts,
    read_date,
    read_places,
    read_population,
)
from fangxin.engines.outbreak.scan.parameters import DEFAULT_SEED, ParametersRefused, read_parameters

PERIOD = Period(date(1973, 1, 1), date(2001, 11, 24), Precision.DAY)
KNOWN = frozenset({"A", "Rio Arriba"})


@pytest.mark.parametrize(
    ("text", "day", "precision"),
    [
        ("2001/11/22", date(2001, 11, 22), Precision.DAY),
        ("11/22/2001", date(2001, 11, 22), Precision.DAY),
        ("2001-11-22", date(2001, 11, 22), Precision.DAY),
        ("2001.11.22", date(2001, 11, 22), Precision.DAY),
        ("2001*11", date(2001, 11, 1), Precision.MONTH),
        ("1982", date(1982, 1, 1), Precision.YEAR),
        ("82", date(1982, 1, 1), Precision.YEAR),
        ("01", date(2001, 1, 1), Precision.YEAR),
        ("00/2/29", date(2000, 2, 29), Precision.DAY),
    ],
)
def test_dates_are_read_as_satscan_writes_them(text, day, precision):
    assert read_date(text, "x.cas", 1, PERIOD) == (day, precision)


@pytest.mark.parametrize("text", ["2001/2/29", "2001/13", "today", "1/2/3/4", "2001/1/x", "²"])
def test_what_is_no_date_is_refused_with_its_line(text):
    with pytest.raises(FileRefused, match=r"^x\.cas, line 7: "):
        read_date(text, "x.cas", 7, PERIOD)


def test_names_with_blanks_stand_in_quotes_and_comments_are_passed_over():
    text = '\ufeff// place latitude longitude\n"Rio Arriba"\t36.4 -106.7\n\nA 35 -106 0\nA 35 -106 0\n'
    read = read_places(text, "x.geo")
    assert [(place.id, place.at) for place in read.rows] == [("Rio Arriba", (36.4, -106.7)), ("A", (35.0, -106.0, 0.0))]
    assert read.lines == (2, 4)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("A 35\n", "line 1: a place needs its name and two coordinates"),
        ("A 35 west\n", "line 1: the coordinate 'west' is no number"),
        ("A 35 nan\n", "line 1: the coordinate 'nan' is no number"),
        ("A 35 -106\nA 35 -107\n", "line 2: the place A has other coordinates than on line 1"),
    ],
)
def test_places_that_cannot_be_are_refused(text, told):
    with pytest.raises(FileRefused, match=told):
        read_places(text, "x.geo")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("A 1 2001/11/1\nB 1 2001/11/1\n", "line 2: the place B is not in the coordinates file; add it there"),
        ("A -1 2001/11/1\n", "line 1: the count -1 is negative"),
        ("A 1.5 2001/11/1\n", "line 1: the count '1.5' is no whole number"),
        ("A 1 2001/11/25\n", "line 1: 2001/11/25 lies outside the study period 1973-01-01 to 2001-11-24"),
        ("A 1\n", "line 1: a record needs place, count and date"),
        ("A 1 2001/11\n", "line 1: the date 2001/11 is less exact than PrecisionCaseTimes=3"),
    ],
)
def test_cases_that_cannot_be_are_refused_and_the_message_says_what_to_do(text, told):
    with pytest.raises(FileRefused, match=told):
        read_counts(text, "x.cas", KNOWN, PERIOD)


def test_records_outside_the_period_or_the_map_are_left_out_when_asked_for():
    lenient = Period(PERIOD.start, PERIOD.end, Precision.DAY, ignore_outside=True, ignore_unknown=True)
    read = read_counts("A 1 2001/11/25\nB 1 2001/11/1\nA 2 2001/11/24 4 f\n", "x.cas", KNOWN, lenient)
    assert [(row.place, row.count, row.on, row.strata) for row in read.rows] == [
        ("A", 2, date(2001, 11, 24), ("4", "f"))
    ]
    assert read.lines == (3,)


def test_a_population_stands_in_the_middle_of_its_year_or_month_or_on_its_day():
    text = "A 73 10 1 f\nA 1974/2 20\nA 1974/3/5 30\nA unspecified 40\n"
    assert read_population(text, "x.pop", KNOWN, PERIOD).rows == (
        Population("A", 10, date(1973, 7, 1), ("1", "f")),
        Population("A", 20, date(1974, 2, 15)),
        Population("A", 30, date(1974, 3, 5), whole_day=True),
        Population("A", 40),
    )


@pytest.mark.parametrize("text", ["A 73\n", "A 73 -1\n", "A 73 many\n", "C 73 5\n", "A 73/40 5\n"])
def test_a_population_that_cannot_be_is_refused(text):
    with pytest.raises(FileRefused, match=r"^x\.pop, line 1: "):
        read_population(text, "x.pop", KNOWN, PERIOD)


ASKED = {"StartDate": "2001/11/1", "EndDate": "2001/11/24", "PrecisionCaseTimes": "3", "TimeAggregationUnits": 3}


def test_parameters_are_followed_by_their_names():
    asked = read_parameters({"effective_main_parameters": {
        **ASKED, "AnalysisType": "4", "ModelType": "2", "ScanAreas": "3", "UseDistanceFromCenterOption": "y",
        "MaxSpatialSizeInDistanceFromCenter": "3", "MaxTemporalSizeInterpretation": "1", "MaxTemporalSize": "7",
        "CriteriaForReportingSecondaryClusters": "5", "MonteCarloReps": "9999", "PValueReportType": "3",
        "TimeAggregationLength": 2, "MinimumTemporalClusterSize": 2, "RandomizationSeed": "5", "CoordinatesType": "0",
        "MinimumCasesInHighRateClusters": 3, "MaxSpatialSizeInPopulationAtRisk": 25,
    }})  # fmt: skip
    settings = asked.settings
    assert (asked.model, settings.analysis, settings.rates) == (Model.PERMUTATION, Analysis.PROSPECTIVE, Rates.BOTH)
    assert (settings.most_radius, settings.most_share, settings.cartesian) == (3, 0.25, True)
    assert (settings.longest, settings.shortest, settings.unit, settings.length) == (7, 2, TimeUnit.DAY, 2)
    assert (settings.overlap, settings.replicates, settings.least_cases) == (Overlap.ANY, 9999, 3)
    assert (settings.significance, asked.seed, settings.trend) == (Significance.GUMBEL, 5, Trend.NONE)
    assert read_parameters(ASKED).seed == DEFAULT_SEED


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("AnalysisType", "2"),
        ("AnalysisType", "6"),
        ("ModelType", "3"),
        ("ScanAreas", "0"),
        ("SpatialWindowShapeType", "1"),
        ("SpatialAdjustmentType", "1"),
        ("TimeTrendAdjustmentType", "5"),
        ("AdjustForEarlierAnalyses", "y"),
        ("IterativeScan", "y"),
        ("UseReportOnlySmallerClusters", "y"),
        ("IncludeClusters", "2"),
        ("CriteriaForReportingSecondaryClusters", "6"),
        ("PValueReportType", "9"),
        ("PrecisionCaseTimes", "4"),
        ("TimeAggregationUnits", "4"),
        ("MaxSpatialSizeInPopulationAtRisk", "0"),
        ("MaxSpatialSizeInPopulationAtRisk", "101"),
        ("MaxTemporalSize", "a week"),
        ("MonteCarloReps", "9.5"),
        ("MonteCarloReps", "-1"),
        ("TimeAggregationLength", "0"),
        ("UseDistanceFromCenterOption", "perhaps"),
        ("StartDate", "2001/11"),
        ("EndDate", "2001/10/1"),
        ("StartDate", ["2001/11/1"]),
        ("NeverHeardOf", "1"),
    ],
)
def test_what_is_not_done_is_refused_and_the_message_begins_with_the_name(name, value):
    with pytest.raises(ParametersRefused, match=f"^{name}"):
        read_parameters(ASKED | {name: value})


def test_a_trend_needs_the_poisson_model():
    with pytest.raises(ParametersRefused, match=r"^TimeTrendAdjustmentType"):
        read_parameters(ASKED | {"TimeTrendAdjustmentType": 1, "ModelType": 2})


def test_gini_clusters_are_refused_where_they_would_be_reported():
    read_parameters(ASKED | {"ReportGiniClusters": "y", "AnalysisType": 3, "ModelType": 2})
    with pytest.raises(ParametersRefused, match=r"^ReportGiniClusters"):
        read_parameters(ASKED | {"ReportGiniClusters": "y", "AnalysisType": 1})


def test_what_changes_no_cluster_may_stand():
    read_parameters(ASKED | {"OutputGoogleEarthKML": "y", "ResultsFile": "x.txt", "AdjustForWeeklyTrends": "n"})
