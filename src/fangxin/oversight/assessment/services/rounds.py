"""A round's way: draft → self-check → scored → reviewed by another → published → appeals → final."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from fangxin.kernel.casework import api as casework
from fangxin.kernel.catalog import api as catalog
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.oversight.assessment.data import Refused
from fangxin.oversight.assessment.models import Adjustment, Appeal, Participant, Review, Round, Score, SelfCheck
from fangxin.oversight.assessment.rules import APPEAL_WORKDAYS, KIND, last_day, rules_in
from fangxin.oversight.assessment.scoring import compute
from fangxin.oversight.assessment.services.moves import move, person_of, refuse_longer, same_person
from fangxin.oversight.plans import api as plans

State = Round.State
COMPUTABLE = (State.DRAFT, State.SELF_CHECK)
CANCELLABLE = (State.DRAFT, State.SELF_CHECK, State.SCORED)


@transaction.atomic
def start(*, division_code: str, year: int, edition: catalog.Edition, by: Any) -> Round:
    """Begin a year's round: freeze the rules and the agencies, and read the records for the first time."""
    plan = _plan_for(division_code, year)
    rules_in(edition)
    if edition.kind != KIND or not edition.in_force_on(last_day(year)):
        raise Refused({"edition": _("这套规则在%(year)s年年末没有施行，请另选。") % {"year": year}})
    round_ = Round(
        division_code=division_code,
        year=year,
        plan=plan,
        edition=edition,
        rule_code=edition.code,
        rule_digest=edition.digest,
        starts_on=date(year, 1, 1),
        ends_on=last_day(year),
        started_at=ledger.clock.now(),
        started_by=person_of(by),
    )
    round_.full_clean()
    round_.save()
    catalog.mark_used([edition])
    members = _members(round_, plan)
    if not members:
        raise Refused(_("方案没有牵头单位，区划内也没有登记乡镇机构，没有可以考核的单位。请先核对方案和机构。"))
    Participant.objects.bulk_create(members)
    ledger.record(
        "assessment.round.started", of=round_, by=by,
        data={"year": year, "rules": edition.code, "digest": edition.digest, "agencies": len(members)},
    )  # fmt: skip
    compute(round_, by=by)
    return round_


def _plan_for(division_code: str, year: int) -> plans.Plan:
    if year > ledger.clock.today().year:
        raise Refused({"year": _("这个年度还没有开始，不能启动考核。")})
    plan = plans.current_plan(division_code)
    if plan is None:
        raise Refused(_("没有执行中的方案，无法确定考核哪些单位。请先确认方案。"))
    if year not in plan.years:
        years = "、".join(str(y) for y in plan.years)
        raise Refused({"year": _("方案实施期是%(years)s年，请在其中选择年度。") % {"years": years}})
    return plan


def _members(round_: Round, plan: plans.Plan) -> list[Participant]:
    """Departments that lead an action, and the townships of the division. A township that leads counts once."""
    leads = people.Agency.objects.filter(pk__in=plan.actions.exclude(lead=None).values("lead"))
    towns: Any = people.list_agencies(round_.division_code).filter(kind=people.Agency.Kind.TOWNSHIP)
    towns = dict.fromkeys(towns, Participant.Group.TOWNSHIP)
    groups = {agency: Participant.Group.LEAD for agency in leads.order_by("pk") if agency not in towns} | towns
    return [Participant(round=round_, agency=agency, group=group) for agency, group in groups.items()]


@transaction.atomic
def recompute(*, round_: Round, by: Any) -> list[Score]:
    """Read the records again, as long as nobody has signed the result."""
    _refuse_unless(round_, COMPUTABLE, _("评分之后不能直接重算。请复核人退回，或者在申诉处理中重算。"))
    return compute(round_, by=by)


@transaction.atomic
def open_self_check(*, round_: Round, until: date, by: Any) -> Round:
    """Show each agency its own readings and ask what it says of them."""
    if until < ledger.clock.today():
        raise Refused({"until": _("自查截止日期不能早于今天。")})
    move(round_, taken_from=(State.DRAFT,), to=State.SELF_CHECK, self_check_until=until)
    ledger.record("assessment.round.self_check_opened", of=round_, by=by, data={"until": until})
    return round_


@transaction.atomic
def say(*, participant: Participant, text: str, by: Any, evidence: Any = None) -> SelfCheck:
    """An agency's comment on its own figures. It changes no figure."""
    round_ = participant.round
    _refuse_unless(round_, (State.SELF_CHECK,), _("现在不是自查阶段，不能提交自查意见。"))
    if round_.self_check_until is not None and ledger.clock.today() > round_.self_check_until:
        raise Refused(_("自查已于%(day)s截止。如有新的情况，请联系食安办。") % {"day": round_.self_check_until})
    comment = SelfCheck(
        participant=participant, text=text.strip(), evidence=evidence, said_at=ledger.clock.now(), said_by=person_of(by)
    )
    comment.full_clean()
    comment.save()
    ledger.record("assessment.self_check.said", of=participant, by=by, division_code=round_.division_code)
    return comment


@transaction.atomic
def score(*, round_: Round, by: Any) -> Round:
    """Compute with all decisions taken, and sign for it. From now on another person must look."""
    if Adjustment.objects.filter(participant__round=round_, state=Adjustment.State.PROPOSED).exists():
        raise Refused(_("还有待审批的加减分或核定事项，请先审批再评分。"))
    move(
        round_, taken_from=(State.SELF_CHECK,), to=State.SCORED, scored_at=ledger.clock.now(), scored_by=person_of(by),
        reviewed_at=None, reviewed_by=None,
    )  # fmt: skip
    compute(round_, by=by)
    ledger.record("assessment.round.scored", of=round_, by=by)
    return round_


@transaction.atomic
def review(*, round_: Round, approved: bool, by: Any, text: str = "") -> Review:
    """The second look. Approved, it may be published; otherwise it goes back with what to change."""
    if same_person(by, round_.scored_by_id):
        raise Refused(_("评分人不能复核自己的评分，请由食安办另一人复核。"))
    if not approved and not text.strip():
        raise Refused({"text": _("退回时请写明要核对或修改什么。")})
    now, person = ledger.clock.now(), person_of(by)
    if approved:
        move(round_, taken_from=(State.SCORED,), to=State.REVIEWED, reviewed_at=now, reviewed_by=person)
    else:
        move(round_, taken_from=(State.SCORED,), to=State.SELF_CHECK)
    made = Review(round=round_, approved=approved, text=text.strip(), reviewed_at=now, reviewed_by=person)
    made.full_clean()
    made.save()
    event = "assessment.round.reviewed" if approved else "assessment.round.returned"
    ledger.record(event, of=round_, by=by)
    return made


@transaction.atomic
def publish(*, round_: Round, by: Any, notice: str = "") -> Round:
    """Make the ranking known; the time for appeals runs from today. Rules nobody has confirmed are not published by."""
    if round_.edition.needs_confirmation:
        raise Refused(_("考核规则还没有确认，不能据以公布结果。请先在“规则与版本”中核对并确认这套规则。"))
    refuse_longer(Round, "notice", notice)
    until = casework.add_workdays(ledger.clock.today(), APPEAL_WORKDAYS)
    move(
        round_, taken_from=(State.REVIEWED,), to=State.PUBLISHED, notice=notice.strip(), appeal_until=until,
        published_at=ledger.clock.now(), published_by=person_of(by),
    )  # fmt: skip
    ledger.record("assessment.round.published", of=round_, by=by, data={"appeal_until": until})
    return round_


@transaction.atomic
def finish(*, round_: Round, by: Any) -> Round:
    """The result stands: the time for appeals is over and none is open."""
    if Appeal.objects.filter(participant__round=round_, state=Appeal.State.LODGED).exists():
        raise Refused(_("还有申诉没有处理，不能定案。"))
    if round_.appeal_until is None or ledger.clock.today() <= round_.appeal_until:
        raise Refused(_("申诉期到%(day)s为止，期满后才能定案。") % {"day": round_.appeal_until or "—"})
    move(
        round_, taken_from=(State.PUBLISHED,), to=State.FINAL, finished_at=ledger.clock.now(), finished_by=person_of(by)
    )
    ledger.record("assessment.round.finished", of=round_, by=by)
    return round_


@transaction.atomic
def cancel(*, round_: Round, reason: str, by: Any) -> Round:
    """A round begun in error; its records stay, and the year can be begun again."""
    if not reason.strip():
        raise Refused({"reason": _("请写明撤销原因。")})
    refuse_longer(Round, "cancel_reason", reason, key="reason")
    move(round_, taken_from=CANCELLABLE, to=State.CANCELLED, cancel_reason=reason.strip())
    ledger.record("assessment.round.cancelled", of=round_, by=by)
    return round_


def _refuse_unless(round_: Round, states: tuple[str, ...], why: str) -> None:
    if round_.state not in states:
        raise Refused(why)
