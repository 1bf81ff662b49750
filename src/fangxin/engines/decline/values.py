"""What a forecast needs to know."""

from dataclasses import dataclass
from math import log


@dataclass(frozen=True, slots=True)
class Spread:
    """A positive quantity that is lognormally spread: its median, and its geometric standard deviation (≥ 1; 1 = known).

    >>> Spread(4.0, 1.0).sigma
    0.0

    Errors: ValueError where the median is not above zero or the deviation below one.
    """

    median: float
    gsd: float = 1.0

    def __post_init__(self) -> None:
        if not self.median > 0 or not self.gsd >= 1:
            raise ValueError(
                f"a spread needs a median above 0 and a deviation of at least 1: {self.median}, {self.gsd}"
            )

    @property
    def sigma(self) -> float:
        """Standard deviation of the natural logarithm."""
        return log(self.gsd)


@dataclass(frozen=True, slots=True)
class Treatment:
    """One application: on which day (any day count, the same for harvest), with how much (g of active ingredient per
    hectare)."""

    day: float
    dose: float


@dataclass(frozen=True, slots=True)
class Decline:
    """How one substance declines on one crop.

    `half_life` in days. `deposit` in mg/kg on the crop per g/ha applied, right after spraying. `fast_share` < 1 makes the
    decline biphasic: that share goes with the half-life, the rest with a half-life `slow_factor` times as long.
    """

    half_life: Spread
    deposit: Spread
    fast_share: float = 1.0
    slow_factor: float = 1.0

    def __post_init__(self) -> None:
        if not 0 <= self.fast_share <= 1 or not self.slow_factor >= 1:
            raise ValueError("the fast share lies between 0 and 1, and the slow half-life is not shorter than the fast")
