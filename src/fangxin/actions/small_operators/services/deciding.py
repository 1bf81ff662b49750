"""The office's side: papers, review, decision. Every step is refused kindly when somebody else took it first."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from fangxin.actions.small_operators import rules
from fangxin.actions.small_operators.models import Application
from fangxin.actions.small_operators.services import granting
from fangxin.actions.small_operators.services.applications import (
    UNDECIDED,
    lacking,
    papers_of,
)
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.ledger.api import move, require, who

State = Application.State


@transaction.atomic
def tell_missing(*, application: Application, missing: Sequence[str], note: str = "", by: Any) -> Application:
    """Tell everything that lacks, in one list and once. Later only what was on the list may be asked for again."""
    labels = {paper.code: paper.label for paper in papers_of(application)}
    if not missing or set(missing) - set(labels):
        raise ledger.Refused({"missing": _("请勾选需要补的材料。")})
    if application.missing_told_at is not None and set(missing) - set(application.missing):
        extra = "、".join(labels[code] for code in missing if code not in application.missing)
        raise ledger.Refused(
            {"missing": _("需要补的材料只能一次告知。上次没有提到：%(extra)s，不能再要求。") % {"extra": extra}}
        )
    return move(  # type: ignore[no-any-return]
        application, (State.SUBMITTED,), State.INCOMPLETE, "small_operators.application.missing_told", by=by,
        data={"missing": sorted(missing)},
        missing=sorted(missing), missing_note=note.strip()[:500], missing_told_at=ledger.clock.now(),
        missing_told_by=who(by), due_on=None,
    )  # fmt: skip


@transaction.atomic
def accept(*, application: Application, by: Any) -> Application:
    """The papers are complete. The clock runs from the day they were handed in, not from when somebody looked."""
    still = lacking(application)
    if still:
        labels = rules.labels_of(papers_of(application), still)
        raise ledger.Refused(_("材料还缺：%(labels)s。请一次告知申请人补齐。") % {"labels": labels})
    complete_on = application.submitted_on or ledger.clock.today()
    return move(  # type: ignore[no-any-return]
        application, (State.SUBMITTED,), State.ACCEPTED, "small_operators.application.accepted", by=by,
        accepted_at=ledger.clock.now(), accepted_by=who(by), complete_on=complete_on,
        due_on=rules.decision_due(application.kind, complete_on, division_code=application.division_code),
    )  # fmt: skip


@transaction.atomic
def review(*, application: Application, opinion: str, note: str = "", by: Any) -> Application:
    """Say what the review found. Products that a word cannot settle need a sentence."""
    if opinion not in Application.Opinion.values:
        raise ledger.Refused({"opinion": _("请选择审查意见。")})
    note = note.strip()[:500]
    if opinion == Application.Opinion.REFUSE or doubtful(application):
        note = require(note, "note", _("请写明理由；有需要人工核对的品种时，写明核对的结果。"))
    return move(  # type: ignore[no-any-return]
        application, (State.ACCEPTED,), State.REVIEWED, "small_operators.application.reviewed", by=by,
        data={"opinion": opinion},
        reviewed_at=ledger.clock.now(), reviewed_by=who(by), opinion=opinion, opinion_note=note,
    )  # fmt: skip


def doubtful(application: Application) -> list[str]:
    """Products at which a person has to look."""
    return [row["product"] for row in application.screening if row["outcome"] == "review"]


@transaction.atomic
def issue(*, application: Application, by: Any) -> Application:
    """Grant what was reviewed, by another person than the reviewer."""
    if application.state == State.REVIEWED and application.reviewed_by == who(by):
        raise ledger.Refused(_("审查和决定须由两个人办理，请由另一位同事决定。"))
    return _grant(application, (State.REVIEWED,), by=by, on_the_spot=False)


@transaction.atomic
def issue_on_the_spot(*, application: Application, by: Any) -> Application:
    """Papers complete and nothing in doubt: the ordinance lets one officer register at once."""
    if doubtful(application):
        raise ledger.Refused(
            _("有品种需要人工核对（%(products)s），不能当场办结，请先审查。")
            % {"products": "、".join(doubtful(application))}
        )
    return _grant(application, (State.ACCEPTED,), by=by, on_the_spot=True)


def _grant(application: Application, since: Sequence[str], *, by: Any, on_the_spot: bool) -> Application:
    move(
        application, since, State.ISSUED, "small_operators.application.issued", by=by,
        data={"on_the_spot": on_the_spot, "purpose": application.purpose},
        decided_at=ledger.clock.now(), decided_by=who(by), decided_on=ledger.clock.today(), on_the_spot=on_the_spot,
    )  # fmt: skip
    granting.carry_out(application, by=by)
    return application


@transaction.atomic
def refuse(*, application: Application, reason: str, route: str = "", by: Any) -> Application:
    """Say no, with the reason and what the applicant can do instead."""
    reason = require(reason, "reason", _("请写明不予办理的理由和依据。"))[:500]
    return move(  # type: ignore[no-any-return]
        application, UNDECIDED, State.REFUSED, "small_operators.application.refused", by=by,
        decided_at=ledger.clock.now(), decided_by=who(by), decided_on=ledger.clock.today(),
        refusal_reason=reason, refusal_route=route.strip()[:500],
    )  # fmt: skip


@transaction.atomic
def reopen(*, application: Application, reason: str, by: Any) -> Application:
    """Take a refusal back: the papers are looked at again."""
    reason = require(reason, "reason", _("请写明重新办理的原因。"))
    return move(  # type: ignore[no-any-return]
        application, (State.REFUSED,), State.SUBMITTED, "small_operators.application.reopened", by=by,
        data={"reason": reason[:200]},
        decided_at=None, decided_by="", decided_on=None, refusal_reason="", refusal_route="", reviewed_at=None,
        reviewed_by="", opinion="", opinion_note="", accepted_at=None, accepted_by="", complete_on=None,
        due_on=rules.decision_due(
            application.kind, ledger.clock.today(), division_code=application.division_code
        ),
    )  # fmt: skip


@transaction.atomic
def receive_card(*, application: Application, by: Any) -> Application:
    """The township has taken note of a stall card given in it."""
    received = Application.objects.filter(pk=application.pk, kind="stall", state=State.ISSUED, received_at=None).update(
        received_at=ledger.clock.now(), received_by=who(by)
    )
    application.refresh_from_db()
    if received != 1:
        raise ledger.Refused(_("这张备案卡已经签收，或者不需要签收。"))
    ledger.record("small_operators.card.received", of=application, by=by)
    return application
