"""Counts over time: is this week more than it should be?

`detect` runs one method over many series at once. Methods and parameters are those of R's package surveillance;
docs/methods/detection.md says what each guarantees and where the R code departs from the published formula.
"""

from collections.abc import Callable, Mapping
from typing import Any

from fangxin.engines.outbreak.detection import baselines, charts
from fangxin.engines.outbreak.detection.controls import METHODS, read_control
from fangxin.engines.outbreak.detection.ears import ears
from fangxin.engines.outbreak.detection.farrington import farrington, farrington_flexible
from fangxin.engines.outbreak.detection.values import DetectionRefused, Detections, Panel

_WITH_COMPAT: Mapping[str, Callable[..., Detections]] = {
    "farrington": farrington, "farrington-flexible": farrington_flexible, "ears": ears,
}  # fmt: skip
_PLAIN: Mapping[str, Callable[[Panel, Any], Detections]] = {
    "cusum": charts.cusum, "ewma": charts.ewma, "bayes": baselines.bayes, "rki": baselines.rki, "cdc": baselines.cdc,
}  # fmt: skip


def detect(panel: Panel, method: str, control: Mapping[str, Any], *, compat: bool = False) -> Detections:
    """Look at the rows of `control["range"]` (1-based, first and last) of every series.

    compat: reproduce surveillance 1.20.3 where it departs from the published formula.
    Raises DetectionRefused where counts or parameters cannot be used.
    """
    asked = read_control(method, control)
    if not len(panel.units) or not panel.periods:
        raise DetectionRefused("there are no counts")
    if method in _WITH_COMPAT:
        return _WITH_COMPAT[method](panel, asked, compat=compat)
    return _PLAIN[method](panel, asked)


__all__ = ["METHODS", "DetectionRefused", "Detections", "Panel", "detect"]
