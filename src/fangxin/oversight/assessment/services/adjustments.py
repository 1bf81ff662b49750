"""Points, vetoes and decisions on indicators: one person proposes with proof, another decides."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from fangxin.kernel.ledger import api as ledger
from fangxin.oversight.assessment.data import Refused
from fangxin.oversight.assessment.models import Adjustment, Appeal, Participant, Round, Score
from fangxin.oversight.assessment.rules import rules_of
from fangxin.oversight.assessment.scoring import RULINGS, compute
from fangxin.oversight.assessment.services.moves import move, person_of, refuse_longer, same_person

State = Adjustment.State
Kind = Adjustment.Kind


@transaction.atomic
def propose(
    *,
    participants: Iterable[Participant],
    code: str,
    reason: str,
    evidence: Any,
    by: Any,
    ruling: str = "",
    numerator: Decimal | None = None,
    denominator: Decimal | None = None,
) -> list[Adjustment]:
    """Propose the same for one or more agencies of a round.

    `code` is an adjustment of the frozen rules; with `ruling` (not_applicable or stated) it is an indicator. A ruling
    is possible only where the platform could not determine the indicator: it never replaces a computed figure.
    """
    members = list(participants)
    if not members:
        raise Refused({"participants": _("请选择单位。")})
    if evidence is None:
        raise Refused({"evidence": _("请上传证据。没有证据不能加分、减分或核定。")})
    kind, title = _rule(members[0].round, code, ruling)
    if kind != Kind.STATED:
        numerator = denominator = None
    elif numerator is None or not denominator or not 0 <= numerator <= denominator:
        raise Refused({"numerator": _("请填写分子和分母；分母大于零，分子不超过分母。")})
    made = []
    for member in members:
        _check_open(member)
        if kind in RULINGS:
            _check_undetermined(member, code, title)
        item = Adjustment(
            participant=member, kind=kind, code=code, title=title, reason=reason.strip(), evidence=evidence,
            numerator=numerator, denominator=denominator, proposed_at=ledger.clock.now(), proposed_by=person_of(by),
        )  # fmt: skip
        item.full_clean()
        item.save()
        _record("assessment.adjustment.proposed", item, by)
        made.append(item)
    return made


def _rule(round_: Round, code: str, ruling: str) -> tuple[str, str]:
    rules = rules_of(round_)
    if ruling:
        if ruling not in RULINGS:
            raise Refused({"ruling": _("请选择核定方式。")})
        names = {rule.code: rule.title for rule in rules.indicators}
        kinds = dict.fromkeys(names, ruling)
    else:
        names = {rule.code: rule.title for rule in rules.adjustments}
        kinds = {rule.code: rule.kind.value for rule in rules.adjustments}
    if code not in names:
        raise Refused({"code": _("这一条不在本年度的考核规则里，请从列表中选择。")})
    return kinds[code], names[code]


def _check_open(member: Participant) -> None:
    """Before the score is signed; afterwards only for an agency whose appeal is being looked at."""
    state = member.round.state
    if state in (Round.State.DRAFT, Round.State.SELF_CHECK):
        return
    appealing = state == Round.State.APPEALING
    if appealing and Appeal.objects.filter(participant=member, state=Appeal.State.LODGED).exists():
        return
    raise Refused(
        _("考核现在是“%(state)s”，不能再改“%(agency)s”的加减分。评分前可以提出；公布后只能在处理该单位申诉时提出。")
        % {"state": member.round.get_state_display(), "agency": member.agency}
    )


def _check_undetermined(member: Participant, code: str, title: str) -> None:
    score = Score.objects.filter(participant=member, next=None).first()
    if score is None or code not in score.undetermined:
        raise Refused(
            _("“%(agency)s”的“%(title)s”已有平台计算的结果，不能另行核定。如记录有误，请更正记录后重算。")
            % {"agency": member.agency, "title": title}
        )


@transaction.atomic
def decide(*, adjustment: Adjustment, approved: bool, by: Any, text: str = "") -> Adjustment:
    """Approve or refuse what another person has proposed."""
    if same_person(by, adjustment.proposed_by_id):
        raise Refused(_("提出人不能审批自己提出的事项，请由食安办另一人审批。"))
    if not approved and not text.strip():
        raise Refused({"text": _("不同意时请写明理由。")})
    refuse_longer(Adjustment, "decision", text, key="text")
    _check_open(adjustment.participant)
    move(
        adjustment, taken_from=(State.PROPOSED,), to=State.APPROVED if approved else State.REFUSED,
        decision=text.strip(), decided_at=ledger.clock.now(), decided_by=person_of(by),
    )  # fmt: skip
    _record("assessment.adjustment.approved" if approved else "assessment.adjustment.refused", adjustment, by)
    _rescore(adjustment, by)
    return adjustment


@transaction.atomic
def withdraw(*, adjustment: Adjustment, reason: str, by: Any) -> Adjustment:
    """Take back what was approved; whoever approved it does not do so alone."""
    if same_person(by, adjustment.decided_by_id):
        raise Refused(_("审批人不能自己撤销审批过的事项，请由食安办另一人撤销。"))
    if not reason.strip():
        raise Refused({"text": _("请写明撤销原因。")})
    refuse_longer(Adjustment, "withdrawal", reason, key="text")
    _check_open(adjustment.participant)
    move(
        adjustment, taken_from=(State.APPROVED,), to=State.WITHDRAWN,
        withdrawal=reason.strip(), withdrawn_at=ledger.clock.now(), withdrawn_by=person_of(by),
    )  # fmt: skip
    _record("assessment.adjustment.withdrawn", adjustment, by)
    _rescore(adjustment, by)
    return adjustment


def _rescore(adjustment: Adjustment, by: Any) -> None:
    """What is decided shows in the scores at once."""
    if adjustment.state != State.REFUSED:
        compute(adjustment.participant.round, by=by)


def _record(event: str, item: Adjustment, by: Any) -> None:
    ledger.record(
        event, of=item, by=by, division_code=item.participant.round.division_code,
        data={"kind": item.kind, "code": item.code, "agency": item.participant.agency_id, "evidence": item.evidence_id},
    )  # fmt: skip
