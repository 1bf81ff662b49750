"""Several exposures at once: logistic regression, with Firth's penalty where an exposure parts the ill from the well wholly.

Without the penalty such an exposure has no finite estimate. Sources: McCullagh and Nelder 1989; Firth 1993; Heinze and
Schemper 2002.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit
from scipy.stats import norm

_MOST_STEPS, _CLOSE, _FAR = 100, 1e-10, 12.0
Floats = NDArray[np.float64]


class RegressionRefused(ValueError):
    """The data cannot carry the model; the message says why."""


@dataclass(frozen=True, slots=True)
class Term:
    name: str
    odds_ratio: float
    low: float
    high: float
    p: float


@dataclass(frozen=True, slots=True)
class Logistic:
    """Terms in the order of the exposures. `penalised` where Firth's penalty was needed."""

    terms: tuple[Term, ...]
    people: int
    penalised: bool
    log_likelihood: float


def fit_logistic(ill: Sequence[bool], exposures: dict[str, Sequence[float]], *, level: float = 0.95) -> Logistic:
    """Odds ratios of all exposures together, each with the others held.

    Raises RegressionRefused where nobody or everybody is ill, people are fewer than terms, or exposures repeat each other.
    """
    y = np.asarray(ill, dtype=float)
    x = np.column_stack([np.ones(len(y)), *(np.asarray(values, float) for values in exposures.values())])
    _check(y, x)
    beta, settled = _iterate(y, x, firth=False)
    penalised = not settled or float(np.abs(x @ beta).max()) > _FAR
    if penalised:
        beta, settled = _iterate(y, x, firth=True)
        if not settled:
            raise RegressionRefused("the regression does not settle: take fewer exposures")
    chance = expit(x @ beta)
    sd = np.sqrt(np.diag(np.linalg.inv(_information(x, chance))))
    z = float(norm.ppf(0.5 + level / 2))
    terms = tuple(
        Term(
            name, float(np.exp(beta[k])), float(np.exp(beta[k] - z * sd[k])), float(np.exp(beta[k] + z * sd[k])),
            float(2 * norm.sf(abs(beta[k]) / sd[k])),
        )
        for k, name in enumerate(exposures, start=1)
    )  # fmt: skip
    return Logistic(terms, len(y), penalised, _log_likelihood(y, x, beta))


def _check(y: Floats, x: Floats) -> None:
    if not 0 < y.sum() < len(y):
        raise RegressionRefused("there must be both ill and well people")
    if len(y) <= x.shape[1]:
        raise RegressionRefused("there are fewer people than exposures can be told apart by")
    if np.linalg.matrix_rank(x) < x.shape[1]:
        raise RegressionRefused("an exposure is the same for everybody, or repeats others: leave it out")


def _information(x: Floats, chance: Floats) -> Floats:
    found: Floats = (x * (chance * (1 - chance))[:, None]).T @ x
    return found


def _iterate(y: Floats, x: Floats, *, firth: bool) -> tuple[Floats, bool]:
    beta = np.zeros(x.shape[1])
    for _step in range(_MOST_STEPS):
        chance = expit(x @ beta)
        information = _information(x, chance)
        if np.linalg.cond(information) > 1e12:
            return beta, False
        score = x.T @ (y - chance + (_penalty(x, chance, information) if firth else 0.0))
        change = np.linalg.solve(information, score)
        beta = beta + change / max(1.0, float(np.abs(change).max()) / 2)
        if float(np.abs(change).max()) < _CLOSE:
            return beta, True
    return beta, False


def _penalty(x: Floats, chance: Floats, information: Floats) -> Floats:
    weights = chance * (1 - chance)
    leverage = weights * np.einsum("ij,jk,ik->i", x, np.linalg.inv(information), x)
    found: Floats = leverage * (0.5 - chance)
    return found


def _log_likelihood(y: Floats, x: Floats, beta: Floats) -> float:
    eta = x @ beta
    return float((y * eta - np.logaddexp(0, eta)).sum())
