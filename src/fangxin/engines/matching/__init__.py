"""Near-duplicates of premises: what a survey or an import lists, against what the register holds.

Exact agreement first, then likeness by name, address, telephone and distance, each score with its reasons.
The answer does not depend on the order of the rows.
"""

from fangxin.engines.matching.absence import Absence, absences
from fangxin.engines.matching.scoring import MatchScore, Reason, distance_m, score_pair
from fangxin.engines.matching.search import Candidate, Certainty, candidates
from fangxin.engines.matching.texts import NameForm, normalize_address, normalize_name, normalize_phone
from fangxin.engines.matching.values import Premises

__all__ = [
    "Absence",
    "Candidate",
    "Certainty",
    "MatchScore",
    "NameForm",
    "Premises",
    "Reason",
    "absences",
    "candidates",
    "distance_m",
    "normalize_address",
    "normalize_name",
    "normalize_phone",
    "score_pair",
]
