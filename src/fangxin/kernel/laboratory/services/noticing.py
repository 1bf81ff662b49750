"""What the platform notices by itself in the taking and receiving of samples. Each becomes a matter, once."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from fangxin.kernel.contributing import api as contribute
from fangxin.kernel.contributing.data import Announcement
from fangxin.kernel.laboratory import clocks, standards
from fangxin.kernel.laboratory.clocks import Limit
from fangxin.kernel.laboratory.models import Irregularity, Purpose, Receipt, Sample
from fangxin.kernel.laboratory.services.steps import insert
from fangxin.kernel.ledger import api as ledger

Kind = Irregularity.Kind
_STANDING = ~Q(state=Sample.State.CANCELLED)
# Five working days span at least so many days.
_LEAST_DAYS = 5


def unpaid() -> "QuerySet[Sample]":
    return Sample.objects.filter(_STANDING & (Q(price_paid=None) | Q(price_paid__lte=0)))


def without_duplicate() -> "QuerySet[Sample]":
    """Risk monitoring needs none."""
    return Sample.objects.filter(_STANDING, duplicate=None).exclude(purpose=Purpose.RISK_MONITORING)


def accepted_broken() -> "QuerySet[Sample]":
    accepted = Q(receipts__outcome=Receipt.Outcome.ACCEPTED, receipts__undone_at=None, receipts__seal_intact=False)
    return Sample.objects.filter(_STANDING & accepted)


def received_late(sample: Sample, received_on: date) -> date | None:
    """The last day on which it should have arrived, if it came after it."""
    last = clocks.last_day(Limit.DELIVER, sample.sampled_on)
    return last if last is not None and received_on > last else None


def _faults(sample: Sample) -> Iterator[tuple[str, str]]:
    if not sample.price_paid:
        yield Kind.UNPAID, _("样品%(number)s没有付款记录。抽样须付费购买，请补付并附票据，或者说明情况。")
    if sample.purpose != Purpose.RISK_MONITORING and not hasattr(sample, "duplicate"):
        yield Kind.NO_DUPLICATE, _("样品%(number)s没有备份样品，不合格时无法复检。请核实原因，今后按规定留样。")
    receipt = sample.receipts.filter(undone_at=None, outcome=Receipt.Outcome.ACCEPTED).first()
    if receipt is None:
        return
    if not receipt.seal_intact:
        yield Kind.BROKEN_SEAL, _("样品%(number)s收样时封条破损，仍被接收。请核实样品是否真实，必要时重新抽样。")
    if received_late(sample, receipt.received_on) is not None:
        yield Kind.LATE_RECEIPT, _("样品%(number)s超过五个工作日才送达检验机构。请说明原因并改进送样。")


@transaction.atomic
def notice_sample(sample: Sample, *, by: Any) -> list[Irregularity]:
    """Note what is wrong with the sample and has not been noted yet."""
    known = set(sample.irregularities.values_list("kind", flat=True))
    return [_note(sample, kind, text, by=by) for kind, text in _faults(sample) if kind not in known]


def _note(sample: Sample, kind: str, text: str, *, by: Any) -> Irregularity:
    rule = standards.practice(ledger.clock.today()).irregularities[kind]
    row: Irregularity = insert(
        Irregularity(
            sample=sample, kind=kind, text=text % {"number": sample.number}, clause=rule.clause,
            noticed_at=ledger.clock.now(), matter_key=f"laboratory.irregularity:{sample.number}:{kind}",
        )
    )  # fmt: skip
    ledger.record("laboratory.irregularity.noticed", of=sample, by=by, data={"kind": kind})
    contribute.announce(
        Announcement(
            name="finding",
            subject_type="registry.premises" if sample.premises_id else "",
            subject_id=str(sample.premises_id or ""),
            subject_name=sample.subject_name,
            division_code=sample.division_code,
            text=row.text,
            facts={
                "key": row.matter_key,
                "origin": "sampling",
                "severity": rule.severity,
                "legal_basis": row.clause,
                "owner_agency_id": sample.agency_id,
            },
        ),
        by=by,
    )
    return row


def came_late() -> "QuerySet[Sample]":
    """Received so late that the clock may have run out; the calendar decides."""
    late = Q(receipts__received_on__gt=F("sampled_on") + timedelta(days=_LEAST_DAYS), receipts__undone_at=None)
    return Sample.objects.filter(_STANDING & late & Q(receipts__outcome=Receipt.Outcome.ACCEPTED))


def notice_all(*, by: Any = None) -> int:
    """The daily look at samples whose faults were loaded or came with time."""
    noted = Irregularity.objects.values("sample")
    kinds = {
        Kind.UNPAID: unpaid(),
        Kind.NO_DUPLICATE: without_duplicate(),
        Kind.BROKEN_SEAL: accepted_broken(),
        Kind.LATE_RECEIPT: came_late(),
    }
    number = 0
    for kind, rows in kinds.items():
        fresh = rows.exclude(pk__in=noted.filter(kind=kind)).order_by("number").distinct()
        number += sum(len(notice_sample(sample, by=by)) for sample in fresh)
    return number


def matter_closed(announcement: Announcement, *, by: Any) -> None:
    """The matter of an irregularity was closed."""
    now, username = ledger.clock.now(), ledger.Actor.of(by).username or "-"
    key = announcement.facts.get("key")
    for row in Irregularity.objects.filter(matter_key=key, closed_at=None).select_related("sample") if key else ():
        Irregularity.objects.filter(pk=row.pk).update(closed_at=now, closed_by=username)
        ledger.record("laboratory.irregularity.closed", of=row.sample, by=by, data={"kind": row.kind})


def matter_reopened(announcement: Announcement, *, by: Any) -> None:
    key = announcement.facts.get("key")
    if key:
        Irregularity.objects.filter(matter_key=key).update(closed_at=None, closed_by="")
