"""What people take in with their food, how sure that is, and what it means: never a verdict on a food.

    food = Eaten("rice", observations, grams_a_day=300)
    point = estimate_exposure([food], body_weight_kg=60)          # lower, middle, upper bound side by side
    compare(point.total[Bound.UPPER], reference_point)            # share of the guidance value, or margin of exposure
    simulate_exposure([Diet(...)], body_weight_kg=..., bound=..., rng=numpy.random.default_rng(seed))

Concentrations are mg/kg, amounts g a day, exposures μg per kg body weight and day. Method, sources, proofs and limits:
docs/methods/exposure.md.
"""

from fangxin.engines.exposure.censored import (
    CannotFit,
    KaplanMeier,
    LognormalFit,
    OrderStatisticsFit,
    fit_lognormal,
    fit_order_statistics,
    kaplan_meier,
)
from fangxin.engines.exposure.intake import (
    Case,
    Contribution,
    Eaten,
    Meal,
    PointExposure,
    ShortTermIntake,
    case_of,
    estimate_exposure,
    estimate_short_term_intake,
)
from fangxin.engines.exposure.observations import (
    Bound,
    Observation,
    Seen,
    Summary,
    Treatment,
    drop_unfit,
    summarize,
    treatment_for,
)
from fangxin.engines.exposure.probabilistic import Amount, Diet, Distribution, Mode, Percentile, simulate_exposure
from fangxin.engines.exposure.ranking import Candidate, Factor, Ranked, Reason, Scale, Why, rank_hazards
from fangxin.engines.exposure.rates import (
    Prior,
    Rate,
    ShrunkRate,
    estimate_rate,
    fit_prior,
    samples_to_find_one,
    shrink_rates,
)
from fangxin.engines.exposure.reference_points import (
    Basis,
    Index,
    Meaning,
    Period,
    ReferencePoint,
    compare,
    hazard_indices,
    hazard_quotient,
    potency_sum,
)
from fangxin.engines.exposure.signals import Baseline, Point, chart_cusum, chart_ewma, standardize

__all__ = [
    "Amount",
    "Baseline",
    "Basis",
    "Bound",
    "Candidate",
    "CannotFit",
    "Case",
    "Contribution",
    "Diet",
    "Distribution",
    "Eaten",
    "Factor",
    "Index",
    "KaplanMeier",
    "LognormalFit",
    "Meal",
    "Meaning",
    "Mode",
    "Observation",
    "OrderStatisticsFit",
    "Percentile",
    "Period",
    "Point",
    "PointExposure",
    "Prior",
    "Ranked",
    "Rate",
    "Reason",
    "ReferencePoint",
    "Scale",
    "Seen",
    "ShortTermIntake",
    "ShrunkRate",
    "Summary",
    "Treatment",
    "Why",
    "case_of",
    "chart_cusum",
    "chart_ewma",
    "compare",
    "drop_unfit",
    "estimate_exposure",
    "estimate_rate",
    "estimate_short_term_intake",
    "fit_lognormal",
    "fit_order_statistics",
    "fit_prior",
    "hazard_indices",
    "hazard_quotient",
    "kaplan_meier",
    "potency_sum",
    "rank_hazards",
    "samples_to_find_one",
    "shrink_rates",
    "simulate_exposure",
    "standardize",
    "summarize",
    "treatment_for",
]
