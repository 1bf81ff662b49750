"""Appeals: an agency objects within the time, somebody else decides, the scores before and after stay."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from fangxin.kernel.ledger import api as ledger
from fangxin.oversight.assessment.data import Refused
from fangxin.oversight.assessment.models import Adjustment, Appeal, Participant, Round, Score
from fangxin.oversight.assessment.scoring import compute
from fangxin.oversight.assessment.services.moves import move, person_of, refuse_longer, same_person

OPEN_FOR_APPEALS = (Round.State.PUBLISHED, Round.State.APPEALING)


@transaction.atomic
def lodge(*, participant: Participant, text: str, by: Any, evidence: Any = None) -> Appeal:
    """Object to one's own published result, until the end of the last day."""
    round_ = participant.round
    if round_.state not in OPEN_FOR_APPEALS or round_.appeal_until is None:
        raise Refused(_("结果还没有公布或者已经定案，现在不能申诉。"))
    if ledger.clock.today() > round_.appeal_until:
        raise Refused(
            _("申诉期已于%(day)s届满，不能再提出申诉。如发现记录有误，请向食安办书面反映。")
            % {"day": round_.appeal_until}
        )
    appeal = Appeal(
        participant=participant,
        text=text.strip(),
        evidence=evidence,
        score_before=Score.objects.get(participant=participant, next=None),
        lodged_at=ledger.clock.now(),
        lodged_by=person_of(by),
    )
    appeal.full_clean()
    appeal.save()
    move(round_, taken_from=OPEN_FOR_APPEALS, to=Round.State.APPEALING)
    ledger.record("assessment.appeal.lodged", of=appeal, by=by, division_code=round_.division_code)
    return appeal


@transaction.atomic
def decide(*, appeal: Appeal, upheld: bool, decision: str, by: Any) -> Appeal:
    """Decide, and score again where the appeal is right. Neither the appellant nor the scorer decides."""
    round_ = appeal.participant.round
    if same_person(by, appeal.lodged_by_id) or same_person(by, round_.scored_by_id):
        raise Refused(_("申诉人和评分人不能处理这件申诉，请由食安办另一人处理。"))
    if not decision.strip():
        raise Refused({"decision": _("请写明处理意见和理由，申诉单位会看到。")})
    refuse_longer(Appeal, "decision", decision)
    waiting = Adjustment.objects.filter(participant=appeal.participant, state=Adjustment.State.PROPOSED)
    if waiting.exists():
        raise Refused(_("这个单位还有待审批的加减分，请先审批，再处理申诉。"))
    if upheld:
        compute(round_, by=by)
    move(
        appeal, taken_from=(Appeal.State.LODGED,), to=Appeal.State.UPHELD if upheld else Appeal.State.REJECTED,
        decision=decision.strip(), decided_at=ledger.clock.now(), decided_by=person_of(by),
        score_after=Score.objects.get(participant=appeal.participant, next=None),
    )  # fmt: skip
    if not Appeal.objects.filter(participant__round=round_, state=Appeal.State.LODGED).exists():
        move(round_, taken_from=(Round.State.APPEALING,), to=Round.State.PUBLISHED)
    event = "assessment.appeal.upheld" if upheld else "assessment.appeal.rejected"
    ledger.record(event, of=appeal, by=by, division_code=round_.division_code)
    return appeal
