"""Penalties for breaches of food safety: which statute, how much, how serious, when it is a crime, what must be kept.

Values in, values out; the figures come from the reviewed files under standards/statutes. Every result names its
article, its edition, what it was given and the comparison made. Method: docs/methods/penalties.md.
"""

from fangxin.engines.penalties.circumstances import (
    BreachFacts,
    Escalation,
    Ground,
    Lenience,
    Leniency,
    LeniencyFacts,
    Limitation,
    PastPenalty,
    Seriousness,
    barred_until,
    judge_escalation,
    judge_leniency,
    judge_seriousness,
    limitation,
    shutdown_bar,
)
from fangxin.engines.penalties.fines import (
    Authority,
    FineCheck,
    FineOutcome,
    FineRange,
    check_fine,
    fine_range,
    late_fee,
    personal_fine_range,
    required_authority,
    summary_ceiling,
)
from fangxin.engines.penalties.procedure import Procedure, load_procedure
from fangxin.engines.penalties.retention import (
    Retention,
    RetentionRule,
    RetentionRules,
    is_breach,
    keep_until,
    load_retention,
)
from fangxin.engines.penalties.statutes import (
    Band,
    Level,
    NoStatute,
    Provision,
    Statute,
    StatuteChoice,
    choose_statute,
    find_provision,
    load_statute,
)
from fangxin.engines.penalties.transfer import (
    Answer,
    CrimeFacts,
    TransferReview,
    TransferRules,
    Trigger,
    Triggered,
    load_transfer_rules,
    review_transfer,
)

__all__ = [
    "Answer", "Authority", "Band", "BreachFacts", "CrimeFacts", "Escalation", "FineCheck", "FineOutcome", "FineRange",
    "Ground", "Lenience", "Leniency", "LeniencyFacts", "Level", "Limitation", "NoStatute", "PastPenalty", "Procedure",
    "Provision", "Retention", "RetentionRule", "RetentionRules", "Seriousness", "Statute", "StatuteChoice",
    "TransferReview", "TransferRules", "Trigger", "Triggered", "barred_until", "check_fine", "choose_statute",
    "find_provision", "fine_range", "is_breach", "judge_escalation", "judge_leniency", "judge_seriousness", "keep_until",
    "late_fee", "limitation", "load_procedure", "load_retention", "load_statute", "load_transfer_rules",
    "personal_fine_range", "required_authority", "review_transfer", "shutdown_bar", "summary_ceiling",
]  # fmt: skip
