"""From the notice to the closed file: statement, hearing, decision, service, publication, payment."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from fangxin.engines.penalties import Answer, Authority, required_authority, summary_ceiling
from fangxin.kernel.casework import rules_cases as rules
from fangxin.kernel.casework.models import Case, CaseClock, CaseStep
from fangxin.kernel.casework.rules import Refused
from fangxin.kernel.casework.services.cases import check_amount
from fangxin.kernel.casework.services.cases_steps import (
    end_clocks,
    move,
    named,
    pause_clocks,
    start_clock,
    unpause_clocks,
)
from fangxin.kernel.casework.services.steps import need_text
from fangxin.kernel.casework.standards_cases import deadline, procedure
from fangxin.kernel.ledger import api as ledger

Action = CaseStep.Action
Code = CaseClock.Code
State = Case.State


@transaction.atomic
def notify(*, case: Case, text: str, by: Any) -> Case:
    """The notice of the intended penalty has been served; the party has five working days."""
    rules.check_move(case, Action.NOTIFIED)
    rules.check_transfer_settled(case)
    text = need_text(text, "text", _("请写明告知书怎样送达、由谁签收。"))
    return move(case, Action.NOTIFIED, by=by, text=text, notified_on=ledger.clock.today())


@transaction.atomic
def hear_statement(*, case: Case, text: str, waived: bool = False, by: Any) -> Case:
    """What the party said. Who gives up the rest of the term in writing need not wait for its end."""
    text = need_text(text, "text", _("请记录当事人的意见和复核情况。"))
    move(case, Action.STATEMENT_HEARD, by=by, text=text)
    if waived:
        end_clocks(case, (Code.STATEMENT,))
    return case


@transaction.atomic
def call_hearing(*, case: Case, hearing_at: datetime, text: str, by: Any) -> Case:
    """The notice of the hearing is served today, at least seven working days before the session."""
    rules.check_move(case, Action.HEARING_CALLED)
    latest = deadline(Code.HEARING, hearing_at).last_day
    today = ledger.clock.today()
    if today > latest:
        raise Refused(
            {
                "hearing_at": _("听证通知应在举行听证的七个工作日前送达；这个时间最迟应在%(latest)s送达，请改期。")
                % {"latest": latest}
            }
        )
    move(case, Action.HEARING_CALLED, by=by, text=text, hearing_at=hearing_at)
    now = ledger.clock.now()
    CaseClock.objects.create(
        case=case, code=Code.HEARING, started_at=now, due_at=deadline(Code.HEARING, hearing_at).moment, ended_at=now
    )
    unpause_clocks(case)
    pause_clocks(case, "hearing")
    return case


@transaction.atomic
def hold_hearing(*, case: Case, text: str, by: Any) -> Case:
    """Led by somebody who has not investigated the case."""
    text = need_text(text, "text", _("请写明听证情况和听证主持人的意见。"))
    rules.check_no_officer(case, named(by))
    move(case, Action.HEARING_HELD, by=by, text=text)
    unpause_clocks(case)
    return case


@transaction.atomic
def reinvestigate(*, case: Case, text: str, by: Any) -> Case:
    """Back to the investigation; what was reviewed and told is reviewed and told again."""
    text = need_text(text, "text", _("请写明需要补充调查的内容。"))
    return move(
        case, Action.REINVESTIGATED, by=by, text=text, reviewed_at=None, reviewed_by="", notified_on=None,
        hearing_at=None,
    )  # fmt: skip


@transaction.atomic
def send_up(*, case: Case, text: str, by: Any) -> Case:
    """The county may not decide a fine of this height; the file goes to the authority above."""
    text = need_text(text, "text", _("请写明报送哪个机关、报送文号。"))
    rules.check_no_officer(case, named(by))
    _check_heard(case)
    return move(case, Action.SENT_UP, by=by, text=text)


def _check_heard(case: Case) -> None:
    """Nobody is punished before the time to speak has passed, or been given up."""
    waiting = CaseClock.objects.filter(case=case, code=Code.STATEMENT, ended_at=None).first()
    if waiting is not None and ledger.clock.now() <= waiting.due_at:
        raise Refused(
            _(
                "当事人陈述申辩和要求听证的期限到%(due)s，期限未满不能作出决定；当事人书面放弃的，请先在“记录陈述申辩”中登记。"
            )
            % {"due": f"{waiting.due_at.astimezone(ledger.clock.LOCAL):%Y-%m-%d}"}
        )


@transaction.atomic
def decide(
    *,
    case: Case,
    fine: Decimal,
    penalty: str = "",
    fine_reason: str = "",
    closing: bool = False,
    publicity: str = Case.Publicity.LONG,
    by: Any,
) -> Case:
    """Decide the penalty: told before, within the article, by somebody who neither investigated nor reviewed."""
    rules.check_move(case, Action.DECIDED)
    _check_decider(case, named(by))
    rules.check_transfer_settled(case)
    _check_heard(case)
    _check_authority(case, fine, by)
    if case.proposed_fine is not None and fine > case.proposed_fine:
        raise Refused(
            {
                "fine": _("罚款不能高于告知书所列的%(told)s元；需要加重的，请退回补充调查后重新告知。")
                % {"told": case.proposed_fine}
            }
        )
    check_amount(case, fine, fine_reason or case.fine_reason)
    return _decide(case, Action.DECIDED, fine, penalty, fine_reason or case.fine_reason, closing, publicity, by)


def _check_decider(case: Case, username: str) -> None:
    rules.check_no_officer(case, username)
    if username == case.reviewed_by:
        raise Refused(_("本案的法制审核由您负责，处罚决定须由另一名人员作出。"))


def _check_authority(case: Case, fine: Decimal, by: Any) -> None:
    rule = procedure()
    if required_authority(fine, rule) is Authority.CITY and not rules.reaches_city(by, case):
        raise Refused(
            _(
                "罚款%(limit)s元以上须由设区的市级以上机关决定（%(article)s），县级不能作出决定。请办理“报上级机关决定”。"
            )
            % {"limit": rule.city_from, "article": rule.city_article}
        )


def _decide(
    case: Case, action: str, fine: Decimal, penalty: str, reason: str, closing: bool, publicity: str, by: Any
) -> Case:
    if not fine and not penalty.strip():
        raise Refused({"penalty": _("请写明处罚内容；不予处罚的请办理“决定不予处罚”。")})
    move(
        case,
        action,
        by=by,
        text=_("罚款%(fine)s元。%(more)s") % {"fine": fine, "more": penalty},
        fine=fine,
        penalty=penalty.strip(),
        fine_reason=reason.strip(),
        closing=closing,
        publicity=publicity,
        decided_at=ledger.clock.now(),
        decided_by=named(by),
        decided_on=ledger.clock.today(),
    )
    unpause_clocks(case)
    if publicity != Case.Publicity.NONE:
        start_clock(case, Code.PUBLISH)
        if case.elsewhere:
            start_clock(case, Code.PUSH)
    return case


@transaction.atomic
def decide_on_the_spot(*, case: Case, fine: Decimal, penalty: str = "", text: str, publicity: str, by: Any) -> Case:
    """The summary procedure: clear facts, small sums, the party told and heard there and then by two officers."""
    rules.check_move(case, Action.TOLD_ON_SPOT)
    rules.check_officers(case)
    if not case.officers.filter(username=named(by)).exists():
        raise Refused(_("当场处罚由本案办案人员作出。"))
    screening = rules.check_transfer_settled(case)
    if screening.answer != Answer.SILENT:
        raise Refused(_("研判认为可能涉嫌犯罪或者事实没有查清，不能当场处罚，请按普通程序办理。"))
    ceiling = summary_ceiling(person=case.party_kind == Case.Party.PERSON, procedure=procedure())
    if fine > ceiling:
        raise Refused(
            {"fine": _("当场处罚的罚款不得超过%(most)s元（%(article)s），请按普通程序立案。")
             % {"most": ceiling, "article": procedure().summary_article}}
        )  # fmt: skip
    check_amount(case, fine, text, field="text")
    text = need_text(text, "text", _("请写明怎样告知、当事人说了什么。"))
    move(case, Action.TOLD_ON_SPOT, by=by, text=text, notified_on=ledger.clock.today(), on_the_spot=True)
    return _decide(case, Action.DECIDED_ON_SPOT, fine, penalty, text, False, publicity, by)


@transaction.atomic
def spare(*, case: Case, text: str, by: Any) -> Case:
    """No penalty: lenient circumstances, or no breach after all."""
    rules.check_move(case, Action.SPARED)
    _check_decider(case, named(by))
    rules.check_transfer_settled(case)
    text = need_text(text, "text", _("请写明不予处罚的事实和法律依据。"))
    move(
        case, Action.SPARED, by=by, text=text, decided_at=ledger.clock.now(), decided_by=named(by),
        decided_on=ledger.clock.today(),
    )  # fmt: skip
    unpause_clocks(case)
    return case


@transaction.atomic
def serve(*, case: Case, text: str, by: Any) -> Case:
    text = need_text(text, "text", _("请写明决定书怎样送达、由谁签收。"))
    move(case, Action.SERVED, by=by, text=text, served_on=ledger.clock.today())
    if case.fine:
        start_clock(case, Code.PAY)
    return case


@transaction.atomic
def publish(*, case: Case, text: str = "", by: Any) -> Case:
    """Put the decision before the public, for as long as the rule lets it stand there."""
    rules.check_move(case, Action.PUBLISHED)
    if case.publicity not in (Case.Publicity.LONG, Case.Publicity.SHORT):
        raise Refused(_("决定时已确定不予公示。"))
    if case.published_on is not None:
        raise Refused(_("这件案件已经公示。"))
    code = Code.PUBLIC_SHORT if case.publicity == Case.Publicity.SHORT else Code.PUBLIC
    until = deadline(code, ledger.clock.now()).last_day
    move(
        case, Action.PUBLISHED, by=by, text=text, only_if={"published_on": None}, published_on=ledger.clock.today(),
        public_until=until,
    )  # fmt: skip
    start_clock(case, code)
    return case


@transaction.atomic
def unpublish(*, case: Case, text: str = "", by: Any) -> Case:
    if case.published_on is None or case.unpublished_on is not None:
        raise Refused(_("这件案件现在没有公示。"))
    if case.state != State.ANNULLED and case.public_until is not None and ledger.clock.today() < case.public_until:
        text = need_text(text, "text", _("公示期未满，请写明提前停止公示的依据（例如信用修复）。"))
    return move(
        case,
        Action.UNPUBLISHED,
        by=by,
        text=text,
        only_if={"unpublished_on": None},
        unpublished_on=ledger.clock.today(),
    )


def take_down_all(today: date) -> int:
    """Take down what has been public for its whole term; returns how many."""
    over = Case.objects.filter(
        public_until__lt=today, unpublished_on=None, state__in=rules.MOVES[Action.UNPUBLISHED].before
    )
    return sum(_take_down(case) for case in over.order_by("pk"))


def _take_down(case: Case) -> int:
    try:
        unpublish(case=case, text=_("公示期满，自动撤下。"), by=None)
    except Refused:
        return 0  # a person was first
    return 1


@transaction.atomic
def pay(*, case: Case, paid_on: date, text: str = "", by: Any) -> Case:
    if paid_on > ledger.clock.today() or (case.served_on and paid_on < case.served_on):
        raise Refused({"paid_on": _("缴清日期应在送达之后、今天或者今天以前。")})
    return move(case, Action.PAID, by=by, text=text, only_if={"paid_on": None}, paid_on=paid_on)


@transaction.atomic
def enforce(*, case: Case, text: str, by: Any) -> Case:
    return move(case, Action.ENFORCED, by=by, text=need_text(text, "text", _("请写明催告和申请强制执行的情况。")))


@transaction.atomic
def annul(*, case: Case, text: str, by: Any) -> Case:
    """Annulled on review or by a court: what the public reads is withdrawn within three working days."""
    text = need_text(text, "text", _("请写明撤销决定的机关、文号和理由。"))
    if case.fine is None:
        raise Refused(_("这件案件没有作出处罚决定，无从撤销。"))
    move(case, Action.ANNULLED, by=by, text=text)
    if case.published_on is not None and case.unpublished_on is None:
        start_clock(case, Code.RETRACT)
    return case


@transaction.atomic
def close_case(*, case: Case, text: str, by: Any) -> Case:
    """Close the file. What still hangs on it is done first."""
    rules.check_move(case, Action.CLOSED)
    rules.check_no_officer(case, named(by))
    _check_done(case)
    text = need_text(text, "text", _("请写明执行情况和结案理由。"))
    move(case, Action.CLOSED, by=by, text=text, closed_at=ledger.clock.now(), closed_by=named(by))
    unpause_clocks(case)
    return case


def _check_done(case: Case) -> None:
    open_items = case.items.filter(handled_at=None).count()
    if open_items:
        raise Refused(_("还有%(n)s批登记保存或者查封扣押的物品没有处理，请先处理。") % {"n": open_items})
    if (
        case.state == State.POLICE_FILED
        and CaseClock.objects.filter(case=case, code=Code.GOODS, ended_at=None).exists()
    ):
        raise Refused(_("还没有把涉案物品和材料移交公安机关，请先移交。"))
    if case.state != State.SERVED:
        return
    if case.fine and case.paid_on is None and not case.steps.filter(action=Action.ENFORCED).exists():
        raise Refused(_("罚没款还没有缴清，也没有申请强制执行，不能结案。"))
    if case.publicity != Case.Publicity.NONE and case.published_on is None:
        raise Refused(_("处罚信息还没有公示，请先公示再结案。"))


@transaction.atomic
def withdraw_case(*, case: Case, text: str, by: Any) -> Case:
    text = need_text(text, "text", _("请写明撤案的理由。"))
    rules.check_no_officer(case, named(by))
    move(case, Action.WITHDRAWN, by=by, text=text)
    unpause_clocks(case)
    return case
