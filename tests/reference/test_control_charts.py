"""Control charts against the worked figures of the NIST/SEMATECH e-Handbook of Statistical Methods."""

import pytest

from fangxin.engines.quality_control import estimate_limits, smooth

# Section 6.3.2.2: ten flow rates, individuals chart.
FLOW = [49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1]
# Section 6.3.2.4: twenty values around a mean of 50 with standard deviation 2.0539, weight 0.3.
SERIES = [52.0, 47.0, 53.0, 49.3, 50.1, 47.0, 51.0, 50.1, 51.2, 50.5,
          49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1]  # fmt: skip
SMOOTHED = [50.60, 49.52, 50.56, 50.18, 50.16, 49.21, 49.75, 49.85, 50.26, 50.33,
            50.11, 49.36, 49.52, 50.05, 49.38, 49.92, 50.73, 51.23, 51.94, 51.99]  # fmt: skip


def test_limits_of_single_values() -> None:
    limits = estimate_limits(FLOW)
    assert (limits.centre, limits.lower, limits.upper) == pytest.approx((50.81, 45.8159, 55.8041), abs=5e-5)


def test_smoothed_values() -> None:
    points = smooth(SERIES, mean=50.0, sd=2.0539, weight=0.3)
    # Printed to two places, each computed from the printed one before it.
    assert [point.value for point in points] == pytest.approx(SMOOTHED, abs=0.011)


def test_limits_of_a_long_smoothed_series() -> None:
    points = smooth(SERIES, mean=50.0, sd=2.0539, weight=0.3, settled=True)
    assert (points[-1].lower, points[-1].upper) == pytest.approx((47.4115, 52.5884), abs=5e-4)
    assert not any(point.outside for point in points)


def test_limits_begin_narrow_and_settle() -> None:
    points = smooth(SERIES, mean=50.0, sd=2.0539, weight=0.3)
    # The first smoothed value is 0.3 of one value.
    assert points[0].upper == pytest.approx(50 + 3 * 0.3 * 2.0539)
    assert points[-1].upper == pytest.approx(52.5884, abs=1e-3)


def test_no_spread_is_not_a_spread_of_zero() -> None:
    with pytest.raises(ValueError, match="unknown"):
        estimate_limits([3.0, 3.0, 3.0])
    with pytest.raises(ValueError, match="two values"):
        estimate_limits([3.0])
