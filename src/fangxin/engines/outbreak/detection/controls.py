"""Parameters of the methods. A JSON object gives them under the names of the R package surveillance."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from fangxin.engines.outbreak.detection.values import DetectionRefused

# Of no effect on a result: what R prints, warns of or draws, and its only choice of a fitting function.
_SILENT = {"verbose", "glmWarnings", "plot", "fitFun"}
POWERS = {"2/3": 2 / 3, "1/2": 1 / 2, "none": 1.0}


@dataclass(frozen=True, slots=True)
class Control:
    range: tuple[int, int] | None = None  # first and last row, 1-based


@dataclass(frozen=True, slots=True)
class Farrington(Control):
    """Farrington et al. 1996. `alpha` is two-sided."""

    b: int = 5
    w: int = 3
    reweight: bool = True
    alpha: float = 0.05
    trend: bool = True
    limit54: tuple[int, int] = (5, 4)
    powertrans: str = "2/3"


@dataclass(frozen=True, slots=True)
class FarringtonFlexible(Control):
    """Noufaily et al. 2013. `alpha` is one-sided."""

    b: int = 5
    w: int = 3
    reweight: bool = True
    weights_threshold: float = 2.58
    alpha: float = 0.05
    trend: bool = True
    trend_level: float = 0.05
    limit54: tuple[int, int] = (5, 4)
    powertrans: str = "2/3"
    population_offset: bool = False
    season_levels: int = 1
    left_out: int | None = None
    threshold: str = "delta"


@dataclass(frozen=True, slots=True)
class Ears(Control):
    method: str = "C1"
    baseline: int = 7
    least_sd: float = 0.0
    alpha: float | None = None  # 0.001, and 0.025 for C3


@dataclass(frozen=True, slots=True)
class Cusum(Control):
    k: float = 1.04
    h: float = 2.26
    m: float | None = None  # the mean of the rows before the range
    trans: str = "standard"


@dataclass(frozen=True, slots=True)
class Ewma(Control):
    """`mean` and `sd` of the rows before the range unless given."""

    weight: float = 0.3
    width: float = 3.0
    mean: float | None = None
    sd: float | None = None


@dataclass(frozen=True, slots=True)
class Bayes(Control):
    b: int = 0
    w: int = 6
    this_year: bool = True
    alpha: float = 0.05


@dataclass(frozen=True, slots=True)
class Rki(Control):
    b: int = 2
    w: int = 4
    this_year: bool = False


@dataclass(frozen=True, slots=True)
class Cdc(Control):
    b: int = 5
    m: int = 1
    alpha: float = 0.025


METHODS: Mapping[str, type[Control]] = {
    "farrington": Farrington, "farrington-flexible": FarringtonFlexible, "ears": Ears, "cusum": Cusum, "ewma": Ewma,
    "bayes": Bayes, "rki": Rki, "cdc": Cdc,
}  # fmt: skip
# Names of R that are no names here.
_R_NAMES = {
    "weights_threshold": "weightsThreshold", "trend_level": "pThresholdTrend", "population_offset": "populationOffset",
    "season_levels": "noPeriods", "left_out": "pastWeeksNotIncluded", "threshold": "thresholdMethod",
    "least_sd": "minSigma", "this_year": "actY",
}  # fmt: skip
_CHOICES = {
    "method": ("C1", "C2", "C3"), "thresholdMethod": ("delta", "nbPlugin", "muan"), "powertrans": tuple(POWERS),
    "trans": ("standard", "rossi", "anscombe", "anscombe2nd", "none"),
}  # fmt: skip
# Smallest and largest values; both may be reached unless the names say otherwise.
_BETWEEN = {
    "b": (0, 100), "w": (0, 180), "baseline": (3, 10_000), "noPeriods": (1, 366), "pastWeeksNotIncluded": (0, 10_000),
    "minSigma": (0.0, float("inf")), "k": (0.0, float("inf")), "h": (0.0, float("inf")), "weight": (1e-9, 1.0),
    "width": (0.0, float("inf")), "weightsThreshold": (0.0, float("inf")), "pThresholdTrend": (0.0, 1.0), "m": (0.0, float("inf")),
    "mean": (0.0, float("inf")), "sd": (0.0, float("inf")),
}  # fmt: skip


def read_control(method: str, given: Mapping[str, Any]) -> Control:
    """The parameters of a method from a JSON object. What is not known, or out of bounds, is refused by name."""
    if method not in METHODS:
        raise DetectionRefused(f"there is no method {method!r}: choose {', '.join(METHODS)}")
    kind = METHODS[method]
    known = {_R_NAMES.get(f.name, f.name): f for f in fields(kind)}
    unknown = sorted(set(given) - set(known) - _SILENT)
    if unknown:
        raise DetectionRefused(f"{method} has no parameter {unknown[0]!r}; it has {', '.join(known)}")
    values = {
        known[name].name: _value(name, value, known[name].default) for name, value in given.items() if name in known
    }
    return kind(**values)


def _value(name: str, value: Any, default: Any) -> Any:
    if name in ("range", "limit54"):
        return _pair(name, value)
    if value is None:
        if default is None:
            return None
        raise DetectionRefused(f"{name} must have a value")
    if name in _CHOICES:
        if value not in _CHOICES[name]:
            raise DetectionRefused(f"{name} is {value!r}; it must be one of {', '.join(_CHOICES[name])}")
        return value
    if isinstance(default, bool):
        if not isinstance(value, bool):
            raise DetectionRefused(f"{name} is {value!r}; it must be true or false")
        return value
    return _number(name, value, whole=isinstance(default, int) or name == "pastWeeksNotIncluded")


def _number(name: str, value: Any, *, whole: bool) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float) or (whole and value != int(value)):
        raise DetectionRefused(f"{name} is {value!r}; it must be a {'whole ' if whole else ''}number")
    if name == "alpha" and not 0 < value < 1:
        raise DetectionRefused(f"alpha is {value:g}; it must lie between 0 and 1")
    least, most = _BETWEEN.get(name, (-float("inf"), float("inf")))
    if not least <= value <= most:
        raise DetectionRefused(f"{name} is {value:g}; it must be from {least:g} to {most:g}")
    return int(value) if whole else float(value)


def _pair(name: str, value: Any) -> tuple[int, int] | None:
    if value is None and name == "range":
        return None
    numbers = list(value) if isinstance(value, list | tuple) else [value]
    if not numbers or any(isinstance(n, bool) or not isinstance(n, int | float) or n != int(n) for n in numbers):
        raise DetectionRefused(f"{name} is {value!r}; it must be two whole numbers")
    if name == "limit54":
        if len(numbers) != 2 or numbers[0] < 0 or numbers[1] <= 0:
            raise DetectionRefused("limit54 must be [cases, periods] with cases not below 0 and periods above 0")
        return int(numbers[0]), int(numbers[1])
    return int(min(numbers)), int(max(numbers))


def rows_of(control: Control, periods: int, first: int) -> range:
    """1-based rows to look at; `first` is where the method can begin when no range is given."""
    start, end = control.range or (first, periods)
    if not 1 <= start <= end <= periods:
        raise DetectionRefused(f"range {start} to {end} does not lie within the rows 1 to {periods}")
    return range(start, end + 1)


__all__ = [
    "METHODS", "POWERS", "Bayes", "Cdc", "Control", "Cusum", "Ears", "Ewma", "Farrington", "FarringtonFlexible", "Rki",
    "read_control", "rows_of",
]  # fmt: skip
