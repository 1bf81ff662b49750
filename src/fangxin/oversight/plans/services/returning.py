"""A return's way: drafting → department review → submitted → accepted or sent back → merged."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from fangxin.kernel.ledger import api as ledger
from fangxin.oversight.board import api as board
from fangxin.oversight.plans.data import PlanError
from fangxin.oversight.plans.figures import Typed, figures_for, read_typed
from fangxin.oversight.plans.models import Return, ReturnPeriod, ReturnStep, ReturnVersion
from fangxin.oversight.plans.services.moves import move, person_of

State = Return.State
Verb = ReturnStep.Verb
WRITABLE = (State.NOT_STARTED, State.DRAFTING, State.RETURNED)
TEXTS = ("progress", "problems", "practice", "next_steps")
LONGEST = 20_000


@transaction.atomic
def save_draft(*, item: Return, draft: Mapping[str, Any], by: Any) -> Return:
    """Keep unfinished work: texts and typed figures as they stand, unchecked."""
    kept = {name: str(draft.get(name, ""))[:LONGEST] for name in TEXTS}
    typed = draft.get("typed", {})
    if item.state not in WRITABLE:
        raise PlanError(_("这份总结已经提交，不能再改。退回后可以修改。"))
    started = item.state == State.NOT_STARTED
    move(
        item,
        taken_from=WRITABLE,
        to=State.DRAFTING if started else item.state,
        draft={**kept, "typed": typed},
        draft_saved_at=ledger.clock.now(),
        draft_saved_by=person_of(by),
    )
    if started:
        ledger.record("plans.return.started", of=item, by=by)
    return item


@transaction.atomic
def write_version(
    *,
    item: Return,
    progress: str,
    by: Any,
    problems: str = "",
    practice: str = "",
    next_steps: str = "",
    typed: Mapping[str, Typed] | None = None,
    figures: Sequence[Mapping[str, Any]] | None = None,
    attachments: Iterable[Any] = (),
) -> ReturnVersion:
    """Write the next version. `figures` are computed now unless they are handed over; `typed` stand beside them."""
    if not progress.strip():
        raise ValidationError({"progress": _("请填写工作进展。")})
    if item.state not in WRITABLE:
        raise PlanError(_("这份总结已经提交，不能再改。退回后可以修改。"))
    if max(len(text) for text in (progress, problems, practice, next_steps)) > LONGEST:
        raise ValidationError(_("每一栏不超过 2 万字，请精简，详细材料作附件。"))
    version = ReturnVersion.objects.create(
        item=item,
        number=item.versions.count() + 1,
        progress=progress.strip(),
        problems=problems.strip(),
        practice=practice.strip(),
        next_steps=next_steps.strip(),
        figures=list(figures) if figures is not None else figures_for(item, typed or {}),
        written_at=ledger.clock.now(),
        written_by=person_of(by),
    )
    version.attachments.set(attachments)
    move(item, taken_from=WRITABLE, to=State.DRAFTING, draft={}, draft_saved_at=None, draft_saved_by=None)
    ledger.record("plans.return.written", of=item, by=by, data={"version": version.number})
    return version


def latest_version(item: Return) -> ReturnVersion:
    version = item.versions.order_by("-number").first()
    if version is None:
        raise PlanError(_("还没有写成一版总结。请先填写并保存。"))
    return version


def _step(version: ReturnVersion, verb: str, by: Any, text: str = "") -> None:
    ReturnStep.objects.create(version=version, verb=verb, text=text.strip(), at=ledger.clock.now(), by=person_of(by))
    ledger.record(f"plans.return.{verb}", of=version.item, by=by, data={"version": version.number})


@transaction.atomic
def submit(*, item: Return, by: Any) -> Return:
    """The writer hands the newest version to the department's reviewer."""
    version = latest_version(item)
    move(item, taken_from=(State.DRAFTING,), to=State.DEPARTMENT_REVIEW)
    _step(version, Verb.SUBMITTED, by)
    return item


@transaction.atomic
def review(*, item: Return, by: Any, approved: bool = True, text: str = "") -> Return:
    """Another person of the department sends it to the office, or back to the writer with what to change."""
    version = latest_version(item)
    person = person_of(by)
    if person is not None and person.pk == version.written_by_id:
        raise PlanError(_("填写人不能审核自己的总结，请由本单位另一人审核。"))
    if not approved:
        return _refuse(item, version, text, by)
    now = ledger.clock.now()
    first = {} if item.submitted_at else {"submitted_at": now, "submitted_by": person}
    move(item, taken_from=(State.DEPARTMENT_REVIEW,), to=State.SUBMITTED, **first)
    _step(version, Verb.REVIEWED, by, text)
    _hand_figures_to_board(item, version, by)
    return item


def _refuse(item: Return, version: ReturnVersion, text: str, by: Any) -> Return:
    if not text.strip():
        raise ValidationError({"text": _("请写明要修改什么。")})
    move(item, taken_from=(State.DEPARTMENT_REVIEW,), to=State.DRAFTING)
    _step(version, Verb.REFUSED, by, text)
    return item


def _hand_figures_to_board(item: Return, version: ReturnVersion, by: Any) -> None:
    """What the department typed stands on the board beside what was computed, once it is official."""
    evidence = version.attachments.order_by("pk").first()
    for figure in version.figures:
        typed = read_typed(figure.get("typed") or {})
        if figure.get("code") and not typed.is_empty:
            board.record_typed_figure(
                code=figure["code"],
                period=item.period.code,
                as_of=date.fromisoformat(figure["as_of"]),
                division_code=item.division_code,
                agency=item.agency,
                numerator=typed.numerator,
                denominator=typed.denominator,
                text=typed.note,
                evidence=evidence,
                by=by,
            )


@transaction.atomic
def accept(*, item: Return, by: Any, text: str = "", quality: str = Return.Quality.ADEQUATE) -> Return:
    """The office accepts; nobody accepts what they wrote or reviewed."""
    version = latest_version(item)
    _check_stranger(version, by)
    if quality not in Return.Quality.values:
        raise ValidationError({"quality": _("请选择内容质量。")})
    move(
        item,
        taken_from=(State.SUBMITTED,),
        to=State.ACCEPTED,
        accepted_at=ledger.clock.now(),
        accepted_by=person_of(by),
        quality=quality,
    )
    _step(version, Verb.ACCEPTED, by, text)
    return item


@transaction.atomic
def return_back(*, item: Return, reason: str, by: Any) -> Return:
    """The office sends it back with a reason; the first submission still says whether it came in time."""
    if not reason.strip():
        raise ValidationError({"reason": _("请写明退回的原因和修改要求。")})
    version = latest_version(item)
    _check_stranger(version, by)
    move(item, taken_from=(State.SUBMITTED,), to=State.RETURNED, returned_times=F("returned_times") + 1)
    _step(version, Verb.RETURNED, by, reason)
    return item


def _check_stranger(version: ReturnVersion, by: Any) -> None:
    person = person_of(by)
    if person is None:
        return
    reviewed = version.steps.filter(verb=Verb.REVIEWED, by=person).exists()
    if person.pk == version.written_by_id or reviewed:
        raise PlanError(_("填写或审核过这份总结的人不能由本人受理或退回，请由另一位同事办理。"))


@transaction.atomic
def merge(*, period: ReturnPeriod, report: Any, by: Any) -> ReturnPeriod:
    """Keep the period's report; every accepted return is part of it. Late ones can still follow in a new merge."""
    accepted = list(period.returns.filter(state=State.ACCEPTED))
    for item in accepted:
        move(item, taken_from=(State.ACCEPTED,), to=State.MERGED)
        _step(latest_version(item), Verb.MERGED, by)
    ReturnPeriod.objects.filter(pk=period.pk).update(
        report=report, merged_at=ledger.clock.now(), merged_by=person_of(by)
    )
    period.refresh_from_db()
    ledger.record(
        "plans.period.merged",
        of=period,
        by=by,
        division_code=period.plan.division_code,
        data={"returns": len(accepted)},
    )
    return period
