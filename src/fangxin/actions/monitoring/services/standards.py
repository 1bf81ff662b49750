"""Opinions on standards, trainings about them, and the standards that enterprises filed."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from fangxin.actions.monitoring.models import EnterpriseStandard, Questionnaire, Training
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.ledger.api import Refused, insert, move, require, who

State = Questionnaire.State
MOST_RESPONDENTS = 500


# --- follow-up of standards -----------------------------------------------------------------------------------------------


@transaction.atomic
def assign(
    *, division_code: str, standard_number: str, standard_name: str, respondents: Sequence[str], respondent_kind: str,
    due_on: date, by: Any,
) -> list[Questionnaire]:  # fmt: skip
    """One questionnaire a respondent, all or none."""
    names = [name.strip() for name in respondents if name.strip()]
    _check_respondents(names)
    today, county = ledger.clock.today(), division_code[:6]
    if due_on < today:
        raise Refused({"due_on": _("收回期限不能在今天以前。")})
    rows = [
        Questionnaire(
            number=f"WJ{county}{today.year}{ledger.next_number(f'questionnaires-{county}', today.year):04d}",
            standard_number=standard_number.strip(), standard_name=standard_name.strip(), respondent=name,
            respondent_kind=respondent_kind, due_on=due_on, assigned_on=today, assigned_by=who(by), division_code=county,
        )
        for name in names
    ]  # fmt: skip
    for row in rows:
        insert(row)
        ledger.record("monitoring.questionnaire.assigned", of=row, by=by, data={"standard": row.standard_number})
    return rows


def _check_respondents(names: Sequence[str]) -> None:
    if not names:
        raise Refused({"respondents": _("请写至少一个答复单位，一行一个。")})
    if len(names) > MOST_RESPONDENTS:
        raise Refused({"respondents": _("一次最多下达 %(n)s 份，请分几次。") % {"n": MOST_RESPONDENTS}})
    seen: set[str] = set()
    for place, name in enumerate(names, start=1):
        if name in seen:
            raise Refused({"respondents": _("第 %(n)s 行“%(name)s”重复，请删去一行。") % {"n": place, "name": name}})
        seen.add(name)


@transaction.atomic
def take_return(
    *, questionnaire: Questionnaire, returned_on: date, problem: str, product: str = "", clause: str = "",
    evidence: str = "", proposal: str = "", by: Any,
) -> Questionnaire:  # fmt: skip
    """The answer came. A problem needs what shows it; an answer without a problem is an answer too."""
    if not questionnaire.assigned_on <= returned_on <= ledger.clock.today():
        raise Refused({"returned_on": _("收回日期应在下达日期到今天之间。")})
    if problem != Questionnaire.Problem.NONE:
        require(clause, "clause", _("有问题的，请写哪一条款。"))
        require(evidence, "evidence", _("有问题的，请写情况和依据。"))
    return move(  # type: ignore[no-any-return]
        questionnaire, [State.ASSIGNED, State.INVALID], State.RETURNED, "monitoring.questionnaire.returned", by=by,
        returned_on=returned_on, problem=problem, product=product.strip(), clause=clause.strip(),
        evidence=evidence.strip(), proposal=proposal.strip(), reviewed_on=None, reviewed_by="", review_note="",
    )  # fmt: skip


@transaction.atomic
def review(*, questionnaire: Questionnaire, valid: bool, note: str = "", by: Any) -> Questionnaire:
    if not valid:
        require(note, "note", _("请写为什么无效，答复单位要照此重填。"))
    return move(  # type: ignore[no-any-return]
        questionnaire, [State.RETURNED], State.VALID if valid else State.INVALID, "monitoring.questionnaire.reviewed", by=by,
        reviewed_on=ledger.clock.today(), reviewed_by=who(by), review_note=note.strip(),
    )  # fmt: skip


@transaction.atomic
def undo_review(*, questionnaire: Questionnaire, by: Any) -> Questionnaire:
    return move(  # type: ignore[no-any-return]
        questionnaire, [State.VALID, State.INVALID], State.RETURNED, "monitoring.questionnaire.review_undone", by=by,
        reviewed_on=None, reviewed_by="", review_note="",
    )  # fmt: skip


@transaction.atomic
def report(*, questionnaire: Questionnaire, by: Any) -> Questionnaire:
    return move(  # type: ignore[no-any-return]
        questionnaire, [State.VALID], State.REPORTED, "monitoring.questionnaire.reported", by=by,
        reported_on=ledger.clock.today(),
    )  # fmt: skip


@transaction.atomic
def record_outcome(*, questionnaire: Questionnaire, outcome: str, note: str = "", by: Any) -> Questionnaire:
    return move(  # type: ignore[no-any-return]
        questionnaire, [State.REPORTED], "", "monitoring.questionnaire.outcome", by=by, data={"outcome": outcome},
        outcome=outcome, outcome_note=note.strip(),
    )  # fmt: skip


# --- trainings ------------------------------------------------------------------------------------------------------------


@transaction.atomic
def record_training(*, division_code: str, held_on: date, by: Any, **values: Any) -> Training:
    if held_on > ledger.clock.today():
        raise Refused({"held_on": _("登记的是已经办过的培训，日期不能在今天以后。")})
    row: Training = insert(
        Training(
            held_on=held_on,
            recorded_at=ledger.clock.now(),
            recorded_by=who(by),
            division_code=division_code[:6],
            **values,
        )
    )
    ledger.record("monitoring.training.recorded", of=row, by=by, data={"people": row.people})
    return row


@transaction.atomic
def take_back_training(*, training: Training, reason: str, by: Any) -> Training:
    reason = require(reason, "reason", _("请写撤销原因。"))
    done = Training.objects.filter(pk=training.pk, undone_at=None).update(
        undone_at=ledger.clock.now(), undone_by=who(by), undone_why=reason
    )
    training.refresh_from_db()
    if not done:
        raise Refused(_("这次培训已经撤销。"))
    ledger.record("monitoring.training.taken_back", of=training, by=by, data={"reason": reason})
    return training


# --- standards of enterprises -----------------------------------------------------------------------------------------------


@transaction.atomic
def record_own_standard(*, premises: Any, filed_on: date, by: Any, **values: Any) -> EnterpriseStandard:
    if filed_on > ledger.clock.today():
        raise Refused({"filed_on": _("备案日期不能在今天以后。")})
    row: EnterpriseStandard = insert(
        EnterpriseStandard(
            premises=premises, filed_on=filed_on, recorded_at=ledger.clock.now(), recorded_by=who(by),
            division_code=premises.division_code, **values,
        )
    )  # fmt: skip
    ledger.record("monitoring.own_standard.recorded", of=row, by=by)
    return row


@transaction.atomic
def withdraw_own_standard(*, standard: EnterpriseStandard, reason: str, by: Any) -> EnterpriseStandard:
    return _turn(standard, reason=require(reason, "reason", _("请写停用原因。")), by=by)


@transaction.atomic
def restore_own_standard(*, standard: EnterpriseStandard, by: Any) -> EnterpriseStandard:
    return _turn(standard, reason="", by=by)


def _turn(standard: EnterpriseStandard, *, reason: str, by: Any) -> EnterpriseStandard:
    ends = bool(reason)
    done = EnterpriseStandard.objects.filter(pk=standard.pk, withdrawn_at__isnull=ends).update(
        withdrawn_at=ledger.clock.now() if ends else None, withdrawn_by=who(by) if ends else "", withdrawn_why=reason
    )
    standard.refresh_from_db()
    if not done:
        raise Refused(_("刚刚已由他人办理，没有重复办理，请刷新后查看。"))
    ledger.record(f"monitoring.own_standard.{'withdrawn' if ends else 'restored'}", of=standard, by=by)
    return standard
