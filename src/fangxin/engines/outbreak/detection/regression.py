"""Quasi-Poisson log-linear regression with one season factor and one slope, for many series at once.

The design is a factor and a slope, so the normal equations are an arrow matrix: the slope is found from what remains
within the levels, then each level's own mean. Iterations start, halve and stop as in R's `glm.fit` (start at y + 0.1;
stop when the deviance changes by less than 1e-8 of itself; 25 at most), so that results agree far beyond the digits that
R itself settles.
"""

import math

import numpy as np
from numba import njit, prange

_EPSILON, _MOST_ITERATIONS, _LEAST_MEAN = 1e-8, 25, 2.220446049250313e-16
# Columns of the answer of `fit_many`.
MEAN, LINK, SE, PHI, TREND, SLOPE, CONVERGED = range(7)


@njit(cache=True)
def _deviance(y, mu, weight):  # type: ignore[no-untyped-def]
    total = 0.0
    for i in range(len(y)):
        part = -(y[i] - mu[i])
        if y[i] > 0:
            part += y[i] * math.log(y[i] / mu[i])
        total += 2 * weight[i] * part
    return total


@njit(cache=True)
def _set_means(eta, mu):  # type: ignore[no-untyped-def]
    """Means from the linear predictor; False where one is not finite."""
    for i in range(len(eta)):
        mu[i] = max(math.exp(min(eta[i], 709.9)), _LEAST_MEAN) if eta[i] == eta[i] else math.nan
        if not mu[i] < 1e308:
            return False
    return True


@njit(cache=True)
def _fit(y, time, level, weight, offset, levels, trend, mu, work, coef, sums):  # type: ignore[no-untyped-def]
    """Fill `mu`, the working weights of the last step, the coefficients (levels, then the slope) and the sums that give
    variances; True where it converged."""
    n = len(y)
    eta = np.empty(n)
    old = np.empty(levels + 1)
    has_old = False
    for i in range(n):
        mu[i] = y[i] + 0.1
        eta[i] = math.log(mu[i])
    before = _deviance(y, mu, weight)
    for _step in range(_MOST_ITERATIONS):
        _solve(y, time, level, weight, offset, levels, trend, mu, work, eta, coef, sums)
        for c in range(levels + 1):
            if not abs(coef[c]) < 1e300:
                return False
        _predict(time, level, offset, levels, coef, eta)
        fine = _set_means(eta, mu)
        now = _deviance(y, mu, weight) if fine else math.inf
        halvings = 0
        while not (fine and now < math.inf):
            if not has_old or halvings >= _MOST_ITERATIONS:
                return False
            halvings += 1
            for c in range(levels + 1):
                coef[c] = (coef[c] + old[c]) / 2
            _predict(time, level, offset, levels, coef, eta)
            fine = _set_means(eta, mu)
            now = _deviance(y, mu, weight) if fine else math.inf
        if abs(now - before) / (abs(now) + 0.1) < _EPSILON:
            return True
        before = now
        for c in range(levels + 1):
            old[c] = coef[c]
        has_old = True
    return False


@njit(cache=True)
def _predict(time, level, offset, levels, coef, eta):  # type: ignore[no-untyped-def]
    for i in range(len(time)):
        eta[i] = coef[level[i]] + coef[levels] * time[i] + offset[i]


@njit(cache=True)
def _solve(y, time, level, weight, offset, levels, trend, mu, work, eta, coef, sums):  # type: ignore[no-untyped-def]
    """One weighted least-squares step. `sums`: per level the weight and the mean time; last the slope's own weight."""
    for g in range(levels):
        sums[g, 0] = 0.0
        sums[g, 1] = 0.0
        coef[g] = 0.0
    for i in range(len(y)):
        g = level[i]
        work[i] = weight[i] * mu[i]
        sums[g, 0] += work[i]
        sums[g, 1] += work[i] * time[i]
        coef[g] += work[i] * (eta[i] - offset[i] + (y[i] - mu[i]) / mu[i])
    for g in range(levels):
        if sums[g, 0] > 0:
            sums[g, 1] /= sums[g, 0]
            coef[g] /= sums[g, 0]
    slope = spread = 0.0
    if trend:
        for i in range(len(y)):
            apart = time[i] - sums[level[i], 1]
            z = eta[i] - offset[i] + (y[i] - mu[i]) / mu[i]
            spread += work[i] * apart * apart
            slope += work[i] * apart * (z - coef[level[i]])
        slope = slope / spread if spread > 0 else 0.0
    for g in range(levels):
        coef[g] -= slope * sums[g, 1]
    coef[levels] = slope
    sums[levels, 0] = spread


@njit(cache=True)
def _variance(level, time, levels, trend, sums):  # type: ignore[no-untyped-def]
    """Of the linear predictor at one point, for a dispersion of one."""
    found = 1 / sums[level, 0]
    if trend and sums[levels, 0] > 0:
        found += (time - sums[level, 1]) ** 2 / sums[levels, 0]
    return found


@njit(cache=True)
def _dispersion(y, mu, work, rank):  # type: ignore[no-untyped-def]
    total = 0.0
    for i in range(len(y)):
        total += work[i] * ((y[i] - mu[i]) / mu[i]) ** 2
    return total / (len(y) - rank)


@njit(cache=True)
def _reweigh(y, time, level, levels, trend, mu, work, sums, phi, threshold, weight):  # type: ignore[no-untyped-def]
    """Past outbreaks count less: Anscombe residuals above the threshold, by their square."""
    total = 0.0
    for i in range(len(y)):
        leverage = work[i] * _variance(level[i], time[i], levels, trend, sums)
        raw = 1.5 * (y[i] ** (2 / 3) * mu[i] ** (-1 / 6) - math.sqrt(mu[i]))
        s = raw / math.sqrt(phi * (1 - leverage)) if leverage < 1 - 1e-12 else 0.0
        weight[i] = 1 / (s * s) if s > threshold else 1.0
        total += weight[i]
    for i in range(len(y)):
        weight[i] *= len(y) / total


@njit(cache=True)
def _model(y, time, level, offset, levels, rank, trend, reweight, threshold, mu, work, coef, sums, weight):  # type: ignore[no-untyped-def]
    """Fit, reweight, fit again; phi, or -1 where the first fit did not converge."""
    weight[:] = 1.0
    if not _fit(y, time, level, weight, offset, levels, trend, mu, work, coef, sums):
        return -1.0
    phi = max(_dispersion(y, mu, work, rank + trend), 1.0)
    if reweight:
        _reweigh(y, time, level, levels, trend, mu, work, sums, phi, threshold, weight)
        _fit(y, time, level, weight, offset, levels, trend, mu, work, coef, sums)
        phi = max(_dispersion(y, mu, work, rank + trend), 1.0)
    return phi


@njit(cache=True)
def _gather(counts, offsets, index, levels_of, times, y, time, level, offset):  # type: ignore[no-untyped-def]
    """The baseline of one row without what is missing; how long it is."""
    m = 0
    for j in range(len(index)):
        at = index[j]
        if at >= 0 and counts[at] == counts[at]:
            y[m], time[m], level[m], offset[m] = counts[at], times[j], levels_of[j], offsets[at]
            m += 1
    return m


@njit(cache=True)
def _with_trend(y, time, level, offset, levels, rank, place, rules, critical, mu, work, coef, sums, weight):  # type: ignore[no-untyped-def]
    """phi where the slope is kept, else -1."""
    now, own = place
    years, reweight, threshold, prior = rules
    phi = _model(y, time, level, offset, levels, rank, True, reweight, threshold, mu, work, coef, sums, weight)
    if phi < 0 or not years or sums[levels, 0] <= 0:
        return -1.0
    spread = _dispersion(y, mu, weight if prior and reweight else work, rank + 1)
    t = abs(coef[levels]) / math.sqrt(spread / sums[levels, 0]) if spread > 0 else 0.0
    mean = math.exp(min(coef[levels - 1] + coef[levels] * now + own, 709.0))
    return phi if t > critical[len(y) - rank - 1] and mean <= y.max() else -1.0


@njit(cache=True)
def _one(y, time, level, offset, levels, place, trend, rules, critical, mu, work, coef, sums, weight, answer):  # type: ignore[no-untyped-def]
    """The model of one series at one row; `answer` stays as it was where none is found."""
    now, own = place
    _years, reweight, threshold, prior = rules
    seen = np.zeros(levels, np.int64)
    for i in range(len(y)):
        seen[level[i]] = 1
    rank = seen.sum()
    # The row's own level must be known, and something must be left to judge the spread by.
    if len(y) <= rank + 1 or seen[levels - 1] == 0:
        return
    phi, kept = -1.0, False
    if trend:
        phi = _with_trend(y, time, level, offset, levels, rank, place, rules, critical, mu, work, coef, sums, weight)
        kept = phi > 0
    if not kept:
        phi = _model(y, time, level, offset, levels, rank, False, reweight, threshold, mu, work, coef, sums, weight)
    if phi < 0:
        return
    eta = coef[levels - 1] + coef[levels] * now + own
    spread = _dispersion(y, mu, weight if reweight else work, rank + kept) if prior else phi
    answer[MEAN] = math.exp(min(eta, 709.9))
    answer[LINK] = eta
    answer[SE] = math.sqrt(spread * _variance(levels - 1, now, levels, kept, sums))
    answer[PHI] = phi
    answer[TREND] = 1.0 if kept else 0.0
    answer[SLOPE] = coef[levels] if kept else math.nan
    answer[CONVERGED] = 1.0


@njit(cache=True, parallel=True)
def fit_many(counts, offsets, baseline, trend, rules, critical):  # type: ignore[no-untyped-def]
    """Models of all series at all rows.

    counts     (series, periods), NaN where missing
    offsets    (series, periods), log of the population, or zeros
    baseline   rows (n,), index (n, width), level (n, width), time (n, width), levels, now (n,), as in `Windows`
    trend      whether a slope is tried. It is kept where the rules have years enough, where it is significant and where
               the mean that follows is not above every count of the baseline
    rules      years enough for a slope; whether to reweight; above which residual; whether the standard error and the
               slope's t take the dispersion from the prior weights, unclipped, as R's farringtonFlexible does (else from
               the working weights, and for the standard error not below one)
    critical   by residual degrees of freedom, the |t| that the slope must exceed

    Returns (series, n, 7): mean, linear predictor, its standard error, phi, whether the slope was kept, the slope, whether
    a model was found.
    """
    rows, index, levels_of, times, levels, now = baseline
    series, n, width = counts.shape[0], index.shape[0], index.shape[1]
    answer = np.full((series, n, 7), np.nan)
    for s in prange(series):
        y, time, offset, level = np.empty(width), np.empty(width), np.empty(width), np.empty(width, np.int64)
        mu, work, weight = np.empty(width), np.empty(width), np.empty(width)
        coef, sums = np.empty(levels + 1), np.empty((levels + 1, 2))
        for k in range(n):
            answer[s, k, CONVERGED] = 0.0
            m = _gather(counts[s], offsets[s], index[k], levels_of[k], times[k], y, time, level, offset)
            place = (now[k], offsets[s, rows[k]])
            _one(
                y[:m],
                time[:m],
                level[:m],
                offset[:m],
                levels,
                place,
                trend,
                rules,
                critical,
                mu[:m],
                work[:m],
                coef,
                sums,
                weight[:m],
                answer[s, k],
            )
    return answer
