"""What supply shows on other people's pages."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from fangxin.kernel.contributing import api as contribute
from fangxin.kernel.contributing.data import Hit, Moment, Waiting
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.supply import selectors
from fangxin.kernel.supply.models import Lot, Recall, Receipt, ReceiptFile, Upload
from fangxin.kernel.supply.selectors_recalls import list_recall_places

MOST_MOMENTS = 30
LEAST_TEXT = 2


def work(user: Any) -> Sequence[Waiting]:
    if not user.can("supply.record"):
        return []
    lines = []
    if not user.prefixes("supply.record"):
        label = _("%(n)s 批货在路上，到了请确认收货")
        lines.append(Waiting("new", label, reverse("supply:receive"), selectors.coming_to(user)))
        stopped = selectors.list_lots(user).filter(state=Lot.State.STOPPED)
        lines.append(
            Waiting("overdue", _("%(n)s 个批次已停售，请下架"), f"{reverse('supply:lots')}?state=stopped", stopped)
        )
    waiting = selectors.list_uploads(user).filter(state=Upload.State.CHECKED, uploaded_by=user.username)
    lines.append(Waiting("due", _("%(n)s 个导入文件已检查、还没有写入"), reverse("supply:uploads"), waiting))
    return lines


def recall_work(user: Any) -> Sequence[Waiting]:
    """A business: its places in a recall that nobody there has confirmed. An officer: places to be told, or checked."""
    if not user.can("supply.view"):
        return []
    places = list_recall_places(user).filter(recall__state=Recall.State.OPEN)
    if not user.prefixes("supply.view"):
        waiting = places.filter(answered_at=None)
        first = waiting.values_list("pk", flat=True).first()
        url = reverse("supply:recall_place", args=[first]) if first else ""
        return [Waiting("overdue", _("%(n)s 项召回，请马上下架并确认"), url, waiting)]
    if not user.can("supply.recall"):
        return []
    url = f"{reverse('supply:recalls')}?state=open"
    return [
        Waiting("overdue", _("召回中 %(n)s 个场所通知超时"), url, places.filter(told_at=None, tell_by__lt=ledger.clock.now())),
        Waiting("due", _("召回中 %(n)s 个场所抽中、待核查"), url, places.filter(chosen=True, checked_at=None)),
    ]  # fmt: skip


def search(user: Any, text: str, limit: int) -> Sequence[Hit]:
    if not user.can("supply.view") or len(text.strip()) < LEAST_TEXT:
        return []
    found = selectors.find_lots(selectors.list_lots(user), text).order_by("-began_on", "-number")[:limit]
    return [Hit(_("批次"), str(row), row.get_absolute_url(), f"{row.place_name} {row.began_on}") for row in found]


def timeline(user: Any, subject_type: str, subject_id: str) -> Sequence[Moment]:
    """What was done with a lot; the latest goods of a place."""
    if not subject_id.isdigit() or not user.can("supply.view"):
        return []
    if subject_type == "supply.lot":
        return _of_lot(user, int(subject_id))
    if subject_type == "registry.premises":
        return _of_place(user, int(subject_id))
    return []


def _of_lot(user: Any, pk: int) -> list[Moment]:
    lot = selectors.list_lots(user).filter(pk=pk).first()
    if lot is None:
        return []
    about = [("supply.lot", str(pk))]
    receipt = Receipt.objects.filter(lot=pk).values_list("pk", flat=True).first()
    if receipt is not None:
        about.append(("supply.receipt", str(receipt)))
    entries = ledger.entries_of_any(about)[:MOST_MOMENTS]
    return [
        Moment(entry.at, contribute.events.get(entry.event).label, "", by=entry.actor_name)
        for entry in entries
        if entry.event in contribute.events
    ]


def _of_place(user: Any, pk: int) -> list[Moment]:
    rows = selectors.list_receipts(user).filter(premises=pk, state=Receipt.State.KEPT).order_by("-received_at")
    return [
        Moment(
            row.received_at, _("进货"), _("%(food)s，%(who)s") % {"food": row.lot.food, "who": row.supplier_name or _("供货者没有记")},
            row.get_absolute_url(),
        )
        for row in rows[:MOST_MOMENTS]
    ]  # fmt: skip


def may_see(user: Any, file_id: int) -> bool:
    """Whether an evidence file belongs to a receipt or an upload that the person may see."""
    receipts = selectors.list_receipts(user).order_by().values("pk")
    return (
        ReceiptFile.objects.filter(file=file_id, receipt__in=receipts).exists()
        or selectors.list_uploads(user).filter(Q(file=file_id)).exists()
    )
