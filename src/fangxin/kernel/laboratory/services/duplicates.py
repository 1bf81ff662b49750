"""The sealed duplicates: kept for as long as a re-test may ask for them, then disposed of on record."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from fangxin.kernel.laboratory import clocks
from fangxin.kernel.laboratory.clocks import Limit
from fangxin.kernel.laboratory.models import Duplicate, Sample
from fangxin.kernel.laboratory.rules import Refused
from fangxin.kernel.laboratory.services.steps import move, named, need_text
from fangxin.kernel.ledger import api as ledger

State = Duplicate.State


def keeping(sample: Sample, *, conforming: bool, concluded_on: date) -> tuple[date | None, str]:
    """Until when a duplicate is kept, and why: three or six months, or the end of the shelf life if sooner."""
    limit = Limit.KEEP_CONFORMING if conforming else Limit.KEEP_NONCONFORMING
    end = clocks.last_day(limit, concluded_on)
    if end is None:
        return None, ""
    if sample.best_before_on is not None and sample.best_before_on < end:
        return max(sample.best_before_on, concluded_on), str(_("保质期届满"))
    return end, str(_("合格结论后三个月") if conforming else _("不合格结论后六个月"))


@transaction.atomic
def start_keeping(*, sample: Sample, conforming: bool, concluded_on: date, by: Any) -> Duplicate | None:
    """Told when the conclusion stands; a later conclusion that fails keeps the duplicate longer."""
    end, basis = keeping(sample, conforming=conforming, concluded_on=concluded_on)
    rows = Duplicate.objects.filter(sample=sample, state=State.KEPT)
    if rows.update(keep_until=end, keep_basis=basis) != 1:
        return None
    told = {"until": str(end), "conforming": conforming}
    ledger.record("laboratory.duplicate.keeping_told", of=sample, by=by, data=told)
    return Duplicate.objects.get(sample=sample)


@transaction.atomic
def hand_to_retest(*, duplicate: Duplicate, laboratory: Any, by: Any) -> Duplicate:
    """The kept part goes to the laboratory of the re-test and is no longer kept here."""
    return _end(
        duplicate, State.HANDED_OVER, "laboratory.duplicate.handed_over", laboratory.name, by=by, holder=laboratory
    )


@transaction.atomic
def destroy(*, duplicates: Sequence[Duplicate], note: str, by: Any) -> int:
    """Only what may go: a result stands and its keeping has ended. All of them or none."""
    note = need_text(note, "note", _("请写明处置方式，如“高温灭菌后按一般废物处理”。"))
    if not duplicates:
        raise Refused(_("没有勾选备样。"))
    today = ledger.clock.today()
    for duplicate in duplicates:
        if duplicate.keep_until is None:
            raise Refused(_("%(what)s还没有结论，备样不能处置。") % {"what": duplicate.sample})
        if duplicate.keep_until >= today:
            raise Refused(
                _("%(what)s的备样须保存至%(day)s，还不能处置。")
                % {"what": duplicate.sample, "day": duplicate.keep_until}
            )
        _end(duplicate, State.DESTROYED, "laboratory.duplicate.destroyed", note, by=by)
    return len(duplicates)


def _end(duplicate: Duplicate, to: str, event: str, note: str, *, by: Any, **changes: Any) -> Duplicate:
    ended: Duplicate = move(
        duplicate, [State.KEPT], to, event,
        by=by, ended_at=ledger.clock.now(), ended_by=named(by), ended_note=note, **changes,
    )  # fmt: skip
    return ended
