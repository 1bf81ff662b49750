"""A signal's life: raised once, confirmed or dismissed by a person, acted on by a decision."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from fangxin.actions.monitoring import rules
from fangxin.actions.monitoring.models import Signal
from fangxin.actions.monitoring.services.steps import insert, move, need, who
from fangxin.kernel.contributing.data import Announcement
from fangxin.kernel.ledger import api as ledger

State = Signal.State
SERIES = "monitoring.signal"


@transaction.atomic
def raise_once(
    *,
    kind: str,
    key: str,
    hazard: str,
    division_code: str,
    text: str,
    facts: Mapping[str, Any],
    sampled_on: date | None,
    food_group: str = "",
    by: Any,
) -> Signal | None:
    """Raise a signal, unless one for the same thing is open, or was settled on results as late as these."""
    earlier = Signal.objects.filter(key=key)
    if earlier.filter(state__in=(State.RAISED, State.CONFIRMED)).exists():
        return None
    if sampled_on is not None and earlier.filter(sampled_on__gte=sampled_on).exists():
        return None
    today = ledger.clock.today()
    signal: Signal = insert(
        Signal(
            number=f"{today.year}-{ledger.next_number(SERIES, today.year):04}", kind=kind, key=key[:120], hazard=hazard,
            food_group=food_group, division_code=division_code, text=text[:1000], facts=dict(facts),
            sampled_on=sampled_on, raised_at=ledger.clock.now(), raised_by=who(by), raised_on=today,
            due_on=rules.counted("RM01", today),
        )
    )  # fmt: skip
    ledger.record("monitoring.signal.raised", of=signal, by=by, data={"kind": kind, "hazard": hazard})
    return signal


def report(*, hazard: str, food_group: str, division_code: str, text: str, by: Any) -> Signal:
    """A person puts something forward: a complaint, a hit that nobody looked for, cases linked by a food."""
    text = need(text, "text", _("请写明发现了什么。"))
    if hazard not in rules.hazards():
        raise rules.Refused({"hazard": _("请选择危害物。")})
    made = raise_once(
        kind=Signal.Kind.REPORTED, key=f"reported:{division_code}:{hazard}:{food_group}", hazard=hazard,
        food_group=food_group, division_code=division_code, text=text, facts={}, sampled_on=None, by=by,
    )  # fmt: skip
    if made is None:
        raise rules.Refused(_("同一地方、同一危害物和食品已有人提出，还没有处理完。请在原信号中补充情况。"))
    return made


def sample_told(announcement: Announcement, *, by: Any) -> None:
    """A risk-monitoring sample failed its limits: people look at it at once, and nobody is charged."""
    items = [str(item) for item in announcement.facts.get("items") or ()]
    known = next((code for item in items if (code := rules.hazard_of(item))), "")
    raise_once(
        kind=Signal.Kind.SAMPLE, key=f"sample:{announcement.facts.get('sample')}",
        hazard=known or (items[0] if items else announcement.subject_name)[:40] or "-",
        food_group=rules.group_of(announcement.subject_name, ""), division_code=announcement.division_code,
        text=announcement.text, facts={"sample": str(announcement.facts.get("sample") or ""), "items": items},
        sampled_on=None, by=by,
    )  # fmt: skip


def _settle(signal: Signal, state: str, event: str, finding: str, by: Any) -> Signal:
    finding = need(finding, "finding", _("请写明核实情况和依据。"))
    settled: Signal = move(
        signal, [State.RAISED], event, by=by, data={"state": state}, state=state, finding=finding[:1000],
        settled_at=ledger.clock.now(), settled_by=who(by), settled_on=ledger.clock.today(),
    )  # fmt: skip
    return settled


@transaction.atomic
def confirm(*, signal: Signal, finding: str, by: Any) -> Signal:
    return _settle(signal, State.CONFIRMED, "monitoring.signal.confirmed", finding, by)


@transaction.atomic
def dismiss(*, signal: Signal, finding: str, by: Any) -> Signal:
    return _settle(signal, State.DISMISSED, "monitoring.signal.dismissed", finding, by)


@transaction.atomic
def reopen(*, signal: Signal, by: Any) -> Signal:
    """Settled in error: it waits again."""
    if Signal.objects.filter(key=signal.key, state__in=(State.RAISED, State.CONFIRMED)).exclude(pk=signal.pk).exists():
        raise rules.Refused(_("同一情况已有新的信号在办，不能重新打开这一条。"))
    since = [State.CONFIRMED, State.DISMISSED]
    reopened: Signal = move(
        signal, since, "monitoring.signal.reopened", by=by, state=State.RAISED, finding="", settled_at=None,
        settled_by="", settled_on=None,
    )  # fmt: skip
    return reopened


def acted(*, signal: Signal, by: Any) -> Signal:
    """Measures were decided on it."""
    moved: Signal = move(
        signal, [State.CONFIRMED], "monitoring.signal.acted", by=by, state=State.ACTED, acted_on=ledger.clock.today()
    )
    return moved
