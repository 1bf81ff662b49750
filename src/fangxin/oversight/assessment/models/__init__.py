from fangxin.oversight.assessment.models.bulletins import Bulletin, BulletinItem, BulletinRead
from fangxin.oversight.assessment.models.decisions import Adjustment, Appeal, Review, SelfCheck
from fangxin.oversight.assessment.models.rounds import Participant, Round, Score

__all__ = [
    "Adjustment",
    "Appeal",
    "Bulletin",
    "BulletinItem",
    "BulletinRead",
    "Participant",
    "Review",
    "Round",
    "Score",
    "SelfCheck",
]
