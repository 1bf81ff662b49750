"""Who operates without a paper: followed until registered, shut, or found not to need one."""

from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from fangxin.actions.small_operators import rules
from fangxin.actions.small_operators.models import Application, Unregistered, UnregisteredStep
from fangxin.actions.small_operators.services import applications
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.ledger.api import insert, move, require, who
from fangxin.kernel.people import api as people
from fangxin.kernel.registry import api as registry

State, Source = Unregistered.State, Unregistered.Source
OPEN = (State.FOUND, State.GUIDED, State.ORDERED)
ENDED = (State.REGISTERED, State.SHUT, State.OUT_OF_SCOPE)
# Calendar days after which somebody looks again, where no date is given.
AGAIN = 14


@transaction.atomic
def report(
    *,
    source: str,
    kind: str,
    division_code: str,
    name_seen: str,
    by: Any,
    address_seen: str = "",
    phone_seen: str = "",
    note: str = "",
    found_on: date | None = None,
    census_entry: Any = None,
) -> Unregistered:
    today = ledger.clock.today()
    if (found_on or today) > today:
        raise ledger.Refused({"found_on": _("发现日期还没有到，请核对。")})
    row: Unregistered = insert(
        Unregistered(
            source=source,
            kind=kind,
            division_code=division_code,
            name_seen=name_seen.strip(),
            address_seen=address_seen.strip(),
            phone_seen=phone_seen.strip(),
            note=note.strip(),
            found_on=found_on or today,
            census_entry=census_entry,
            next_on=today + timedelta(days=AGAIN),
            opened_at=ledger.clock.now(),
            opened_by=who(by),
        )
    )
    _step(row, str(row.get_source_display()), by)
    ledger.record("small_operators.unregistered.found", of=row, by=by, data={"source": source, "kind": kind})
    return row


def _step(row: Unregistered, text: str, by: Any) -> None:
    UnregisteredStep.objects.create(
        unregistered=row, state=row.state, text=text[:500], at=ledger.clock.now(), by=ledger.Actor.of(by).name[:150]
    )


def waiting_census(prefix: str) -> Any:
    """What the latest census saw operating, knows to be in no register, and nobody follows yet."""
    seen = registry.census_rows(ledger.clock.today(), only=()).filter(people.under(prefix))
    return seen.filter(
        match="not_registered", operating=True, kind_seen__in=rules.KINDS, small_unregistered__isnull=True
    )


@transaction.atomic
def take_from_census(*, prefix: str, by: Any) -> int:
    """Follow everything that the latest census found; asked again it takes only what is new."""
    today, now, name = ledger.clock.today(), ledger.clock.now(), who(by)
    rows = [
        Unregistered(
            source=Source.CENSUS,
            kind=entry.kind_seen,
            division_code=entry.division_code,
            name_seen=entry.name_seen,
            address_seen=entry.address_seen,
            phone_seen=entry.phone_seen,
            found_on=entry.seen_on,
            census_entry=entry,
            next_on=today + timedelta(days=AGAIN),
            opened_at=now,
            opened_by=name,
        )
        for entry in waiting_census(prefix).filter(division_code__regex=r"^(\d{9}|\d{12})$").order_by("pk")
    ]
    made = Unregistered.objects.bulk_create(rows, batch_size=500)
    label = str(Source.CENSUS.label)
    actor = ledger.Actor.of(by).name[:150]
    UnregisteredStep.objects.bulk_create(
        [UnregisteredStep(unregistered=row, state=row.state, text=label, at=now, by=actor) for row in made],
        batch_size=500,
    )
    ledger.record_many(
        [
            ledger.build_entry(
                "small_operators.unregistered.found", of=row, by=by, data={"source": "census", "kind": row.kind}
            )
            for row in made
        ]
    )
    return len(made)


@transaction.atomic
def guide(*, row: Unregistered, text: str, next_on: date | None = None, by: Any) -> Unregistered:
    """They were told how to get the paper, and helped; when somebody looks again."""
    text = require(text, "text", _("请写明告知了什么、帮办到哪一步。"))
    move(
        row, OPEN, State.GUIDED if row.state != State.ORDERED else State.ORDERED, "small_operators.unregistered.guided",
        by=by, next_on=_again(next_on),
    )  # fmt: skip
    _step(row, text, by)
    return row


@transaction.atomic
def order(*, row: Unregistered, text: str, next_on: date, by: Any) -> Unregistered:
    """An order with a date, where the ordinance knows one. It knows none for stalls: they are only helped."""
    penalty = rules.statute_for(row.kind, "unlicensed", ledger.clock.today(), division_code=row.division_code)
    if penalty is None:
        raise ledger.Refused(_("没有对这一类未登记备案责令和罚款的规定，请上门告知并帮助办理。"))
    text = require(text, "text", _("请写明责令的内容。"))
    move(
        row, (State.FOUND, State.GUIDED), State.ORDERED, "small_operators.unregistered.ordered", by=by,
        data={"article": penalty.article}, next_on=_again(next_on),
    )  # fmt: skip
    _step(
        row,
        _("%(text)s（依据%(clause)s，%(day)s 前办理）") % {"text": text, "clause": penalty.article, "day": next_on},
        by,
    )
    return row


def _again(next_on: date | None) -> date:
    today = ledger.clock.today()
    if next_on is not None and not today <= next_on <= today + timedelta(days=366):
        raise ledger.Refused({"next_on": _("下次跟进的日期应在今天以后的一年之内。")})
    return next_on or today + timedelta(days=AGAIN)


@transaction.atomic
def begin_application(*, row: Unregistered, by: Any) -> Application:
    """A draft with what is known; the rest is asked at the counter."""
    application = applications.draft(
        purpose=Application.Purpose.NEW,
        kind=row.kind,
        division_code=row.division_code,
        holder_name=row.name_seen,
        operator_kind="individual" if row.kind == "stall" else "self_employed",
        phone=row.phone_seen,
        sign_name=row.name_seen,
        address=row.address_seen,
        by=by,
    )
    Unregistered.objects.filter(pk=row.pk).update(application=application)
    row.refresh_from_db()
    _step(row, _("帮助填写申请 %(number)s") % {"number": application.number}, by)
    return application


@transaction.atomic
def end_registered(*, row: Unregistered, premises: Any, by: Any) -> Unregistered:
    """It has its paper now; what the census saw is matched to it, so that coverage counts it."""
    holds = registry.Credential.objects.filter(premises=premises, revoked_on=None)
    if not any(registry.credential_status(paper, ledger.clock.today()) == "valid" for paper in holds):
        raise ledger.Refused({"premises": _("所选场所没有有效证件，还不能算已登记。")})
    _end(row, State.REGISTERED, _("已登记备案：%(name)s") % {"name": premises.name}, by, premises=premises)
    entry = row.census_entry
    if entry is not None and entry.match != "matched":
        registry.decide_match(entry=entry, match="matched", premises=premises, reasons=["registered_later"], by=by)
    return row


@transaction.atomic
def end_shut(*, row: Unregistered, text: str, by: Any) -> Unregistered:
    return _end(row, State.SHUT, require(text, "text", _("请写明怎样确认已停止经营。")), by)


@transaction.atomic
def end_out_of_scope(*, row: Unregistered, text: str, by: Any) -> Unregistered:
    return _end(row, State.OUT_OF_SCOPE, require(text, "text", _("请写明为什么不属“三小”，应办什么证。")), by)


def _end(row: Unregistered, state: str, text: str, by: Any, **changes: Any) -> Unregistered:
    move(
        row, OPEN, state, f"small_operators.unregistered.{state}", by=by,
        ended_at=ledger.clock.now(), ended_by=who(by), next_on=None, **changes,
    )  # fmt: skip
    _step(row, text, by)
    return row


@transaction.atomic
def take_up_again(*, row: Unregistered, text: str, by: Any) -> Unregistered:
    """It operates again, or was ended by mistake."""
    text = require(text, "text", _("请写明重新跟进的原因。"))
    move(
        row, ENDED, State.FOUND, "small_operators.unregistered.taken_up_again", by=by,
        ended_at=None, ended_by="", premises=None, next_on=ledger.clock.today() + timedelta(days=AGAIN),
    )  # fmt: skip
    _step(row, text, by)
    return row
