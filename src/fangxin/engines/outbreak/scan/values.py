"""What goes into a scan and what comes out of it."""

from dataclasses import dataclass
from datetime import date
from enum import Enum


class Model(Enum):
    """How many cases a window would have if nothing were wrong."""

    POISSON = "poisson"  # in proportion to the population, strata adjusted
    BERNOULLI = "bernoulli"  # in proportion to cases and controls together
    PERMUTATION = "permutation"  # place and time independent; needs cases alone
    EXPECTATION = "expectation"  # as many as the caller expects in each place and interval


class Analysis(Enum):
    """Which windows are looked at."""

    SPATIAL = "spatial"  # circles over the whole period
    RETROSPECTIVE = "retrospective"  # cylinders anywhere in the period
    PROSPECTIVE = "prospective"  # cylinders that reach to the end of the period


class Rates(Enum):
    """More cases than expected, fewer, or either."""

    HIGH = "high"
    LOW = "low"
    BOTH = "both"


class TimeUnit(Enum):
    YEAR = "year"
    MONTH = "month"
    DAY = "day"


class Overlap(Enum):
    """Which less likely clusters are left out beside a more likely one."""

    NO_SHARED_PLACE = "no_shared_place"
    NO_CENTRE_IN_OTHER = "no_centre_in_other"
    NO_CENTRE_IN_BETTER = "no_centre_in_better"
    NO_CENTRE_IN_WORSE = "no_centre_in_worse"
    NOT_BOTH_CENTRES = "not_both_centres"
    ANY = "any"


class Significance(Enum):
    """How a p value is made of the replicates."""

    STANDARD = "standard"  # (1 + replicates at least as extreme) / (1 + replicates), all replicates run
    SEQUENTIAL = "sequential"  # stop at `stop_after` replicates at least as extreme: their share
    GUMBEL = "gumbel"  # Gumbel distribution fitted to the replicates
    COMBINED = "combined"  # sequential; Gumbel where fewer than 9 replicates were as extreme


class Trend(Enum):
    """Time trend taken out of the expected cases (Poisson)."""

    NONE = "none"
    NONPARAMETRIC = "nonparametric"  # each interval expects as many as it has
    GIVEN = "given"  # `Settings.trend_percent` a year
    ESTIMATED = "estimated"  # log-linear, fitted to the cases


class Fault(Enum):
    """Why a scan is refused."""

    NO_PLACES = "no_places"
    TWICE = "twice"
    COORDINATES = "coordinates"
    UNKNOWN_PLACE = "unknown_place"
    NEGATIVE = "negative"
    OUTSIDE_PERIOD = "outside_period"
    NO_DATE = "no_date"
    NO_CASES = "no_cases"
    NO_POPULATION = "no_population"
    UNKNOWN_STRATUM = "unknown_stratum"
    CASES_WITHOUT_POPULATION = "cases_without_population"
    NO_CONTROLS = "no_controls"
    NO_EXPECTED = "no_expected"
    PERIOD = "period"
    WINDOW = "window"
    TOO_MUCH = "too_much"
    SETTING = "setting"


class ScanRefused(ValueError):
    """The data or the settings cannot be scanned. `row` is the position in the sequence that was given (cases,
    controls, population or places), or None."""

    def __init__(self, fault: Fault, text: str, *, table: str = "", row: int | None = None) -> None:
        super().__init__(text)
        self.fault = fault
        self.table = table
        self.row = row


@dataclass(frozen=True, slots=True)
class Place:
    """A location. `at` is (latitude, longitude) in degrees, or coordinates in any unit with `Settings.cartesian`."""

    id: str
    at: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Count:
    """Cases, or controls, at a place on a day. `on` may be None when the analysis is spatial only."""

    place: str
    count: int
    on: date | None = None
    strata: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Population:
    """People of a stratum at the beginning of a day; between two such days the number changes linearly. With `whole_day`
    it stands until the end of the day. `on` None: the number does not change."""

    place: str
    people: float
    on: date | None = None
    strata: tuple[str, ...] = ()
    whole_day: bool = False


@dataclass(frozen=True, slots=True)
class Expected:
    """Cases that the caller expects at a place on a day (Model.EXPECTATION)."""

    place: str
    cases: float
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Settings:
    """How to scan. Sizes are upper bounds that a window may reach.

    `most_share`: of the population at risk (of cases, for permutations) in a circle. `most_radius`: km, or the places' unit.
    `shortest`/`longest`: in time units; `longest_share` of the period instead, when `longest` is None.
    `stop_after`: replicates as extreme as the best cluster after which sequential p values stop; None: (replicates + 1) // 20.
    `count_ties_at_stop`: whether a replicate exactly as extreme counts towards stopping (Besag and Clifford 1991: yes).
    """

    analysis: Analysis = Analysis.PROSPECTIVE
    rates: Rates = Rates.HIGH
    cartesian: bool = False
    unit: TimeUnit = TimeUnit.DAY
    length: int = 1
    most_share: float = 0.5
    most_radius: float | None = None
    shortest: int = 1
    longest: int | None = None
    longest_share: float = 0.5
    only_alive: bool = False
    also_spatial: bool = False
    also_temporal: bool = False
    least_cases: int = 2
    trend: Trend = Trend.NONE
    trend_percent: float = 0.0
    overlap: Overlap = Overlap.NO_SHARED_PLACE
    replicates: int = 999
    significance: Significance = Significance.STANDARD
    stop_after: int | None = None
    count_ties_at_stop: bool = True


@dataclass(frozen=True, slots=True)
class Cluster:
    """A window that stands out.

    `places`: ids, nearest to the centre first; `centre` and `at` are None when the window holds all places (purely
    temporal). `radius`: km, or the places' unit. `start` and `end`: first and last day. `statistic`: log-likelihood ratio.
    `p_value`: None without replicates. `recurrence_days`: in how many days chance alone makes one such cluster, prospective
    only. `replicates`: how many were run.
    """

    places: tuple[str, ...]
    centre: str | None
    at: tuple[float, ...] | None
    radius: float | None
    start: date
    end: date
    statistic: float
    observed: int
    expected: float
    high: bool
    p_value: float | None
    recurrence_days: float | None
    replicates: int
