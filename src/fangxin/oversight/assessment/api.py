"""The door of the assessment."""

from fangxin.oversight.assessment.models import Adjustment, Appeal, Bulletin, Round, Score
from fangxin.oversight.assessment.scoring import current_scores
from fangxin.oversight.assessment.services.adjustments import decide as decide_adjustment
from fangxin.oversight.assessment.services.adjustments import propose, withdraw
from fangxin.oversight.assessment.services.appeals import decide as decide_appeal
from fangxin.oversight.assessment.services.appeals import lodge
from fangxin.oversight.assessment.services.bulletins import check, confirm_read, draft, issue, send_to_check
from fangxin.oversight.assessment.services.rounds import (
    finish,
    open_self_check,
    publish,
    recompute,
    review,
    say,
    score,
    start,
)

__all__ = [
    "Adjustment",
    "Appeal",
    "Bulletin",
    "Round",
    "Score",
    "check",
    "confirm_read",
    "current_scores",
    "decide_adjustment",
    "decide_appeal",
    "draft",
    "finish",
    "issue",
    "lodge",
    "open_self_check",
    "propose",
    "publish",
    "recompute",
    "review",
    "say",
    "score",
    "send_to_check",
    "start",
    "withdraw",
]
