"""A calibrated probability that a visit will find something serious, learnt from earlier visits.

Three rivals that err differently are averaged: a ridge logistic regression, the same on a smooth kernel (interactions and curves),
and an average of randomised trees. How much each is stretched, and the probability the average stands for, come only from visits
that the members had not seen: later ones, where the table has dates.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import ExtraTreesClassifier
from sklearn.kernel_approximation import Nystroem
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from threadpoolctl import threadpool_limits

from fangxin.engines.ordering.columns import outcomes
from fangxin.engines.ordering.matrix import Encoder, Floats, Ints, days_of
from fangxin.engines.ordering.values import Columns, Table

_SEED = 20140902
_WINDOWS, _LEAST_WINDOWS = 6, 3
_LEAST_SEEN, _LEAST_HELD_OUT, _LEAST_FOUND = 200, 20, 5


@dataclass(frozen=True, slots=True)
class HeldOut:
    """Visits scored by a model that had not seen them: of one window of time, or of one fold."""

    dates: tuple[date, ...]  # empty where the table has no dates
    found: tuple[int, ...]
    scores: tuple[float, ...]  # for comparing within this part
    probabilities: tuple[float, ...]  # calibrated on earlier parts only; empty for the first


@dataclass(frozen=True, slots=True)
class Model:
    """What `fit` learnt. `parts` are the held-out visits; `out_of_time` says that each lies after what its model saw."""

    encoder: Encoder
    members: tuple[Any, ...]
    middles: tuple[float, ...]
    spreads: tuple[float, ...]
    slope: float
    base: float
    parts: tuple[HeldOut, ...]
    out_of_time: bool

    def score(self, table: Table) -> tuple[float, ...]:
        """Probability of a finding (0 to 1) for each row; higher is sooner."""
        with threadpool_limits(limits=1):  # sums in one order, so that every machine gives the same digits
            combined = _combined(_raw(self.members, self.encoder.encode(table)), self.middles, self.spreads)
            return tuple(float(p) for p in _probability(self.slope * combined + self.base))


def fit(train: Table, columns: Columns, *, length_days: int = 60, gap_days: int = 0) -> Model:
    """Learn from `train`, whose columns have been given their roles by `choose_columns`.

    `length_days` and `gap_days` make the windows of validation like the task: as long as the period to be scored, and as far
    behind the last known outcome. The same tables give the same model on any number of cores.
    """
    found = np.array(outcomes(train, columns.target), np.int64)
    with threadpool_limits(limits=1):
        days = days_of(train, columns.when) if columns.when else None
        parts, out_of_time = validation_parts(days, found, length_days=length_days, gap_days=gap_days)
        held = [_fit_members(train, columns, found, seen).raw(train, unseen) for seen, unseen in parts]
        raw = np.vstack(held)
        middles, spreads = tuple(raw.mean(axis=0)), tuple(np.maximum(raw.std(axis=0), 1e-9))
        scores = [_combined(part, middles, spreads) for part in held]
        truth = [found[unseen] for _, unseen in parts]
        slope, base = _calibrate(np.concatenate(scores), np.concatenate(truth))
        whole = _fit_members(train, columns, found, np.arange(len(found)))
    kept = [_held_out(days, unseen, scores, truth, k) for k, (_, unseen) in enumerate(parts)]
    return Model(whole.encoder, whole.members, middles, spreads, slope, base, tuple(kept), out_of_time)


def validation_parts(
    days: Ints | None, found: Ints, *, length_days: int, gap_days: int
) -> tuple[list[tuple[Ints, Ints]], bool]:
    """(seen, unseen) rows of each part, and whether every part lies after what is seen.

    Where dates are missing or too few, five folds stand in: honest about unseen rows, not about time to come.
    """
    windows = rolling_windows(days, found, length_days=length_days, gap_days=gap_days) if days is not None else []
    if len(windows) >= _LEAST_WINDOWS:
        return windows, True
    folds = StratifiedKFold(5, shuffle=True, random_state=_SEED).split(found[:, None], found)
    return [(np.asarray(seen), np.asarray(unseen)) for seen, unseen in folds], False


def rolling_windows(
    days: Ints, found: Ints, *, length_days: int, gap_days: int = 0, most: int = _WINDOWS
) -> list[tuple[Ints, Ints]]:
    """The last windows of `length_days` before the end of the table, oldest first: what lies `gap_days` or more
    before each, and the window itself. Windows with too little on either side are left out."""
    windows = []
    for k in reversed(range(most)):
        start = int(days.max()) + 1 - (k + 1) * length_days
        seen = np.flatnonzero(days < start - gap_days)
        unseen = np.flatnonzero((days >= start) & (days < start + length_days))
        if len(seen) >= _LEAST_SEEN and len(unseen) >= _LEAST_HELD_OUT and _both(found[seen]) and _both(found[unseen]):
            windows.append((seen, unseen))
    return windows


def make_members(features: int, rows: int) -> tuple[Any, ...]:
    """The three rivals, unfitted. Strengths were chosen out of time (docs/methods/inspection-order.md)."""
    ridge = make_pipeline(StandardScaler(), LogisticRegression(C=0.01, max_iter=2000))
    kernel = make_pipeline(
        StandardScaler(),
        Nystroem(gamma=0.2 / features, n_components=min(300, rows), random_state=_SEED),
        StandardScaler(),
        LogisticRegression(C=0.003, max_iter=2000),
    )
    leaf = max(2, min(40, rows // 20))
    trees = ExtraTreesClassifier(200, min_samples_leaf=leaf, max_features=0.3, random_state=_SEED)
    return ridge, kernel, trees


@dataclass(frozen=True, slots=True)
class _Fitted:
    encoder: Encoder
    members: tuple[Any, ...]

    def raw(self, table: Table, rows: Ints) -> Floats:
        return _raw(self.members, self.encoder.encode(table.take([int(i) for i in rows])))


def _fit_members(train: Table, columns: Columns, found: Ints, rows: Ints) -> _Fitted:
    table = train.take([int(i) for i in rows])
    encoder = Encoder.learn(table, columns, [int(y) for y in found[rows]])
    matrix = encoder.encode(table)
    members = make_members(matrix.shape[1], len(rows))
    for member in members:
        member.fit(matrix, found[rows])
    return _Fitted(encoder, members)


def _raw(members: Sequence[Any], matrix: Floats) -> Floats:
    """Log odds that each member gives each row."""
    probabilities = [member.predict_proba(matrix)[:, 1] for member in members]
    clipped = np.clip(np.column_stack(probabilities), 1e-6, 1 - 1e-6)
    return np.asarray(np.log(clipped / (1 - clipped)), float)


def _combined(raw: Floats, middles: Sequence[float], spreads: Sequence[float]) -> Floats:
    return np.asarray(((raw - np.array(middles)) / np.array(spreads)).mean(axis=1), float)


def _probability(log_odds: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-log_odds)), float)


def _calibrate(scores: Floats, found: Ints) -> tuple[float, float]:
    """Slope and base of the log odds over unseen visits (Platt). The slope stays above zero: an order is never reversed."""
    line = LogisticRegression(C=1e6, max_iter=2000).fit(scores[:, None], found)
    slope = float(line.coef_[0, 0])
    if slope > 0:
        return slope, float(line.intercept_[0])
    share = float(found.mean())
    return 1e-6, float(np.log(share / (1 - share)))


def _held_out(
    days: Ints | None, rows: Ints, scores: Sequence[Floats], truth: Sequence[NDArray[np.int64]], k: int
) -> HeldOut:
    probabilities: tuple[float, ...] = ()
    if k:
        slope, base = _calibrate(np.concatenate(scores[:k]), np.concatenate(truth[:k]))
        probabilities = tuple(float(p) for p in _probability(slope * scores[k] + base))
    dates = tuple(date.fromordinal(int(d)) for d in days[rows]) if days is not None else ()
    return HeldOut(dates, tuple(int(y) for y in truth[k]), tuple(float(s) for s in scores[k]), probabilities)


def _both(found: NDArray[np.int64]) -> bool:
    return bool(_LEAST_FOUND <= found.sum() <= len(found) - _LEAST_FOUND)
