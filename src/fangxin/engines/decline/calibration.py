"""Whether stated probabilities come true: Brier score and reliability table."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bin:
    """Forecasts between two probabilities: how many, what they said on average, and how often it happened."""

    low: float
    high: float
    count: int
    mean_forecast: float
    happened: float


def brier_score(forecasts: Sequence[float], outcomes: Sequence[bool]) -> float:
    """The mean squared difference between probability and outcome: 0 is perfect, always saying the base rate p gives
    p(1 − p). Source: Brier 1950, Monthly Weather Review 78: 1–3.

    >>> brier_score([0.5, 0.5], [True, False])
    0.25
    """
    if not forecasts:
        raise ValueError("no forecasts")
    pairs = zip(forecasts, outcomes, strict=True)
    return sum((forecast - outcome) ** 2 for forecast, outcome in pairs) / len(forecasts)


def reliability_table(forecasts: Sequence[float], outcomes: Sequence[bool], bins: int = 10) -> list[Bin]:
    """Forecasts grouped by what they said; bins without forecasts are left out.

    >>> [(b.count, b.mean_forecast, b.happened) for b in reliability_table([0.05, 0.15, 0.15], [False, False, True])]
    [(1, 0.05, 0.0), (2, 0.15, 0.5)]
    """
    groups: dict[int, list[tuple[float, bool]]] = {}
    for forecast, outcome in zip(forecasts, outcomes, strict=True):
        groups.setdefault(min(int(forecast * bins), bins - 1), []).append((forecast, outcome))
    return [
        Bin(
            number / bins,
            (number + 1) / bins,
            len(rows),
            sum(forecast for forecast, _ in rows) / len(rows),
            sum(outcome for _, outcome in rows) / len(rows),
        )
        for number, rows in sorted(groups.items())
    ]
