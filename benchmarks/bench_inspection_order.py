"""Rival orders of inspections on the public Chicago data: `fangxin bench inspection-order [--windows 9] [--gap 0]`.

Each rival learns from what lies before a window of two months inside the training years and orders that window; the outcomes of the
city's own test months are not here. The data stand under FANGXIN_REFERENCE_DATA/inspections. Fails when the order of `fangxin
order` is no better than the published one without the inspector.
"""

import argparse
import os
import statistics
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import SplineTransformer, StandardScaler
from threadpoolctl import threadpool_limits

from benchmarks.tables import print_table
from fangxin.engines.ordering import (
    Encoder,
    Table,
    area_under_curve,
    bootstrap_interval,
    choose_columns,
    days_of,
    each_days_earlier,
    fit,
    found_in_first_half,
    outcomes,
    rolling_windows,
)
from fangxin.engines.ordering.model import make_members
from fangxin.surfaces.cli.order import read_table

ROOT = Path(__file__).parents[1]
FOLDER = Path(os.environ.get("FANGXIN_REFERENCE_DATA", ROOT.parent / "shared" / "data")) / "inspections"
TRAIN, TEST = "chicago_train_2011-09_2014-08.csv.gz", "chicago_test_2014-09_2014-10_features_only.csv.gz"
TARGET, KEY, WHEN, INSPECTOR = "criticalFound", "Inspection_ID", "Inspection_Date", "Inspector_Assigned"
OURS, PUBLISHED, WITH_INSPECTOR = (
    "fangxin order",
    "published features, no inspector",
    "published features, inspector (not lawful here)",
)

Floats = NDArray[np.float64]
Rival = Callable[[Table, Table], Floats]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--windows", type=int, default=9, help="windows of 60 days before the end of the training table"
    )
    parser.add_argument("--gap", type=int, default=0, help="days between the last known outcome and the window")
    args = parser.parse_args()
    if not (FOLDER / TRAIN).exists():
        print("inspection-order: not measured, the Chicago data are not here (FANGXIN_REFERENCE_DATA)", file=sys.stderr)
        return 0
    train, test = read_table(FOLDER / TRAIN), read_table(FOLDER / TEST)
    with threadpool_limits(limits=1):
        measured = _measure(train, rivals(train, test), args.windows, args.gap)
    rows = [[name, *row] for name, row in measured.items()]
    headers = [
        "rival",
        "days earlier",
        "± between windows",
        "95 % of findings",
        "less published",
        "area",
        "first half",
        "s",
    ]
    print_table(f"Chicago, {args.windows} windows of 60 days, gap {args.gap}: what each order is worth", headers, rows)
    return int(float(measured[OURS][0]) <= float(measured[PUBLISHED][0]))


def _measure(train: Table, named: dict[str, Rival], most: int, gap: int) -> dict[str, list[str]]:
    found = np.array(outcomes(train, TARGET))
    windows = rolling_windows(days_of(train, WHEN), found, length_days=60, gap_days=gap, most=most)
    kept: dict[str, list[tuple[tuple[float, ...], float, float]]] = {name: [] for name in named}
    spent = dict.fromkeys(named, 0.0)
    for seen, unseen in windows:
        past, ahead = train.take(seen.tolist()), train.take(unseen.tolist())
        truth, dates = outcomes(ahead, TARGET), _dates(ahead)
        for name, rival in named.items():
            start = time.perf_counter()
            scores = rival(past, ahead).tolist()
            spent[name] += time.perf_counter() - start
            half, area = found_in_first_half(dates, truth, scores), area_under_curve(truth, scores)
            assert half
            assert area is not None
            kept[name].append((each_days_earlier(dates, truth, scores), area, half.ordered))
    return {name: _row(parts, kept[PUBLISHED], spent[name]) for name, parts in kept.items()}


def _row(parts: list[Any], published: list[Any], seconds: float) -> list[str]:
    means = [statistics.fmean(each) for each, _, _ in parts]
    # Paired: the same findings under both orders, so that a window's luck cancels.
    paired = [
        a - b for mine, theirs in zip(parts, published, strict=True) for a, b in zip(mine[0], theirs[0], strict=True)
    ]
    low, high = bootstrap_interval([x for each, _, _ in parts for x in each], seed=1) or (0.0, 0.0)
    less = bootstrap_interval(paired, seed=1) or (0.0, 0.0)
    return [
        f"{statistics.fmean(means):.2f}", f"{statistics.stdev(means) / len(means) ** 0.5:.2f}", f"{low:.2f} to {high:.2f}",
        f"{less[0]:+.2f} to {less[1]:+.2f}", f"{statistics.fmean(p[1] for p in parts):.3f}",
        f"{statistics.fmean(p[2] for p in parts):.1%}", f"{seconds:.0f}",
    ]  # fmt: skip


def _dates(table: Table) -> list[date]:
    return [date.fromordinal(d) for d in days_of(table, WHEN).tolist()]


def rivals(train: Table, test: Table) -> dict[str, Rival]:
    """Name → an order: scores for the second table, learnt from the first."""
    columns = choose_columns(train, test, target=TARGET, key=KEY)

    def of(model: Callable[[int, int], Any]) -> Rival:
        def order(past: Table, ahead: Table) -> Floats:
            known = outcomes(past, TARGET)
            encoder = Encoder.learn(past, columns, known)
            matrix = encoder.encode(past)
            return _scores(model(matrix.shape[1], len(past)).fit(matrix, known), encoder.encode(ahead))

        return order

    return {
        "random": lambda _, ahead: np.random.default_rng(7).random(len(ahead)),
        "past serious and critical": lambda _, ahead: _number(ahead, "pastSerious") + _number(ahead, "pastCritical"),
        PUBLISHED: lambda past, ahead: _published(past, ahead, inspector=False),
        WITH_INSPECTOR: lambda past, ahead: _published(past, ahead, inspector=True),
        "gradient boosting": of(lambda p, n: _boosting()),
        "additive curves": of(lambda p, n: _curves()),
        "member: ridge logistic": of(lambda p, n: make_members(p, n)[0]),
        "member: kernel logistic": of(lambda p, n: make_members(p, n)[1]),
        "member: randomised trees": of(lambda p, n: make_members(p, n)[2]),
        OURS: lambda past, ahead: np.array(fit(past, columns).score(ahead)),
    }


def _published(past: Table, ahead: Table, *, inspector: bool) -> Floats:
    """The features and cut-offs of the city's model of 2014, with a lightly shrunk logistic regression."""
    groups = sorted(set(past.columns[INSPECTOR])) if inspector else []
    model = make_pipeline(StandardScaler(), LogisticRegression(C=1.0, max_iter=1000))
    model.fit(_published_features(past, groups), outcomes(past, TARGET))
    return _scores(model, _published_features(ahead, groups))


def _published_features(table: Table, groups: list[str]) -> Floats:
    capped = {"pastSerious": 1, "pastCritical": 1, "heat_burglary": 70, "heat_sanitation": 70, "heat_garbage": 50}
    plain = (
        "timeSinceLast",
        "consumption_on_premises_incidental_activity",
        "tobacco_retail_over_counter",
        "temperatureMax",
    )
    parts = [np.minimum(_number(table, name), cap) for name, cap in capped.items()]
    parts += [_number(table, name) for name in plain]
    parts.append((_number(table, "ageAtInspection") > 4).astype(float))
    parts += [np.array([value == group for value in table.columns[INSPECTOR]], float) for group in groups]
    return np.column_stack(parts)


def _boosting() -> Any:
    return HistGradientBoostingClassifier(
        learning_rate=0.03, max_iter=150, max_leaf_nodes=8, min_samples_leaf=40, l2_regularization=10, random_state=0
    )


def _curves() -> Any:
    splines = SplineTransformer(n_knots=5, knots="quantile", extrapolation="constant")
    return make_pipeline(splines, StandardScaler(), LogisticRegression(C=0.005, max_iter=2000))


def _scores(model: Any, matrix: Floats) -> Floats:
    return np.asarray(model.predict_proba(matrix)[:, 1], float)


def _number(table: Table, name: str) -> Floats:
    return np.array(table.columns[name], float)


if __name__ == "__main__":
    sys.exit(main())
