"""Which lot, or which premises, may be the common source of cases: four published methods and one probability.

`published` holds the methods as their authors state them, `network` finds what can lead to the cases, `ranking` puts a
number on every lot of it, `simulation` makes outbreaks whose source is known (`docs/methods/source-ranking.md`).
"""

from fangxin.engines.traceability.ranking.published import (
    absorbed_shares,
    effective_distances,
    log_likelihoods,
    off_centre,
    probabilities,
)
from fangxin.engines.traceability.ranking.ranking import rank_sources
from fangxin.engines.traceability.ranking.values import Case, Flows, Options, Ranked, Ranking

__all__ = [
    "Case",
    "Flows",
    "Options",
    "Ranked",
    "Ranking",
    "absorbed_shares",
    "effective_distances",
    "log_likelihoods",
    "off_centre",
    "probabilities",
    "rank_sources",
]
