"""FoodChain-Lab's models and its rule for scores: read, write, convert, score, trace.

The rule is theirs and is reproduced as it is (`docs/methods/foodchain.md`); where it depends on the order of the rows, ours
(`engines.traceability.closure`) does not.

    >>> model = read_model(b'{"stations": [{"id": "F"}, {"id": "S"}], "deliveriesRelations": [], '
    ...                    b'"deliveries": [{"id": "d", "source": "F", "target": "S"}]}')
    >>> score(Network(model), Settings(outbreak_stations=("S",))).stations
    {'F': 1.0, 'S': 1.0}
"""

from fangxin.engines.traceability.foodchain.converting import convert
from fangxin.engines.traceability.foodchain.files import read_model, write_model
from fangxin.engines.traceability.foodchain.inquiries import (
    Inquiry,
    InquiryLine,
    model_of_inquiry,
    read_inquiry,
    write_inquiry,
)
from fangxin.engines.traceability.foodchain.scores import (
    ALL,
    DateRule,
    Network,
    Scores,
    Settings,
    StationTrace,
    Tracer,
    score,
    settings_in,
    settings_of,
)
from fangxin.engines.traceability.foodchain.values import (
    Delivery,
    Flags,
    Form,
    Model,
    ModelFault,
    Relation,
    Station,
)
from fangxin.engines.traceability.foodchain.weighted import Evidence, WeightedScores, score_evidence

__all__ = [
    "ALL",
    "DateRule",
    "Delivery",
    "Evidence",
    "Flags",
    "Form",
    "Inquiry",
    "InquiryLine",
    "Model",
    "ModelFault",
    "Network",
    "Relation",
    "Scores",
    "Settings",
    "Station",
    "StationTrace",
    "Tracer",
    "WeightedScores",
    "convert",
    "model_of_inquiry",
    "read_inquiry",
    "read_model",
    "score",
    "score_evidence",
    "settings_in",
    "settings_of",
    "write_inquiry",
    "write_model",
]
