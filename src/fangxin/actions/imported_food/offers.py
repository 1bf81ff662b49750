"""What imported food shows elsewhere: work of today, search, a subject's life; and what it hears from the laboratory."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from fangxin.actions.imported_food import selectors
from fangxin.actions.imported_food.models import Consignment
from fangxin.actions.imported_food.services import disposals, scoring
from fangxin.kernel.contributing import api as contribute
from fangxin.kernel.contributing.data import Announcement, Hit, Moment, Waiting
from fangxin.kernel.ledger import api as ledger

COUNTY_LENGTH = 6
MOST_MOMENTS = 100


def work(user: Any) -> Iterator[Waiting]:
    """Above the counties it is not work of the day but a figure of the board."""
    if user.can("import.own"):
        yield from _trader(user)
    prefixes = user.prefixes("import.lists")
    if not prefixes or any(len(prefix) < COUNTY_LENGTH for prefix in prefixes):
        return
    if user.can("import.alerts"):
        yield from _alerts(user)
    if user.can("import.supervise"):
        yield from _supervision(user)
    if user.can("import.clues"):
        yield from _clues(user)


def _trader(user: Any) -> Iterator[Waiting]:
    own = selectors.list_consignments(user, "import.own")
    here = reverse("imported_food:mine")
    shelf = own.filter(state="on_shelf")
    yield Waiting(
        "overdue", _("%(n)s 批进口食品过了保质期，请下架"), here, selectors.expired(own, ledger.clock.today())
    )
    yield Waiting("due", _("%(n)s 批进口食品缺检验检疫证明，请补交"), here, shelf.filter(key_paper_missing=True))
    yield Waiting("due", _("%(n)s 批进口食品已停止销售，请封存"), here, own.filter(state="stopped"))


def _alerts(user: Any) -> Iterator[Waiting]:
    alerts, page = selectors.list_alerts(user, "import.alerts").filter(state="open"), reverse("imported_food:alerts")
    now = ledger.clock.now()
    yield Waiting(
        "overdue", _("%(n)s 条风险通报超过时限没有核对"), f"{page}?when=late", alerts.filter(trace_due_at__lt=now)
    )
    yield Waiting(
        "new", _("%(n)s 条风险通报待核对本地批次"), f"{page}?state=open", alerts.filter(trace_due_at__gte=now)
    )


def _supervision(user: Any) -> Iterator[Waiting]:
    today, now = ledger.clock.today(), ledger.clock.now()
    rows, page = selectors.list_disposals(user, "import.supervise"), reverse("imported_food:disposals")
    waiting = rows.filter(state="open")
    yield Waiting(
        "overdue", _("%(n)s 个批次超过时限没有停止销售"), f"{page}?when=stop_late", waiting.filter(stop_due_at__lt=now)
    )
    yield Waiting("new", _("%(n)s 个批次待停止销售"), f"{page}?state=open", waiting.filter(stop_due_at__gte=now))
    late = rows.filter(state__in=("open", "stopped"), due_on__lt=today)
    yield Waiting("overdue", _("%(n)s 起进口食品处置超期"), f"{page}?when=late", late)
    yield Waiting("due", _("%(n)s 起处置没有报告结果"), f"{page}?when=report", rows.filter(state="disposed"))
    lots, lists = selectors.list_consignments(user, "import.supervise"), reverse("imported_food:consignments")
    yield Waiting("due", _("%(n)s 批进口食品有问题、还没有处置"), f"{lists}?when=unhandled", selectors.unhandled(lots))
    yield Waiting("overdue", _("%(n)s 批进口食品过期仍在架"), f"{lists}?when=expired", selectors.expired(lots, today))


def _clues(user: Any) -> Iterator[Waiting]:
    rows, page = selectors.list_clues(user), reverse("imported_food:clues")
    now = ledger.clock.now()
    yield Waiting("overdue", _("%(n)s 条走私线索超过办理时限"), f"{page}?when=late", rows.filter(due_at__lt=now))
    mine = rows.filter(due_at__gte=now)
    if not user.can("import.transfer"):
        mine = mine.exclude(state="reported")
    yield Waiting("due", _("%(n)s 条走私线索待办"), page, mine)


def search(user: Any, text: str, limit: int) -> list[Hit]:
    if not user.can("import.lists"):
        return []
    rows = selectors.list_consignments(user, "import.lists")
    about = Q(lot__number=text) | Q(lot__code=text) | Q(declaration_no=text) | Q(lot__food=text)
    found = rows.filter(about).order_by("-recorded_at", "-pk")[:limit]
    hits = [Hit(_("进口食品批次"), str(row), row.get_absolute_url(), str(row.trader)) for row in found]
    traders = selectors.list_traders(user).filter(premises__name__icontains=text)
    hits += [Hit(_("进口食品经营者"), str(t), t.get_absolute_url(), t.get_role_display()) for t in traders[:limit]]
    alerts = selectors.list_alerts(user).filter(reference=text)
    hits += [Hit(_("风险通报"), str(a), a.get_absolute_url(), a.text[:60]) for a in alerts[:limit]]
    cases = selectors.list_disposals(user, "import.lists").filter(number=text)
    return hits + [Hit(_("进口食品处置"), str(d), d.get_absolute_url(), str(d.consignment.lot)) for d in cases[:limit]]


def timeline(user: Any, subject_type: str, subject_id: str) -> Sequence[Moment]:
    """What happened with imported food at a place, in the life of its premises."""
    if subject_type != "registry.premises" or not subject_id.isdigit() or not user.can("import.view"):
        return []
    trader = selectors.list_traders(user).filter(premises=int(subject_id)).first()
    if trader is None:
        return []
    lots = selectors.list_consignments(user).filter(trader=trader).order_by("-pk").values_list("pk", flat=True)
    cases = (
        selectors.list_disposals(user).filter(consignment__trader=trader).order_by("-pk").values_list("pk", flat=True)
    )
    kept = {
        "imported_food.trader": [trader.pk],
        "imported_food.consignment": list(lots[:MOST_MOMENTS]),
        "imported_food.disposal": list(cases[:MOST_MOMENTS]),
    }
    rows = ledger.entries_of_any([(kind, str(key)) for kind, keys in kept.items() for key in keys])
    return [
        Moment(
            entry.at,
            contribute.events.get(entry.event).label,
            entry.subject_name,
            trader.get_absolute_url(),
            entry.actor_name,
        )
        for entry in rows[:MOST_MOMENTS]
        if entry.event in contribute.events
    ]


def may_see_evidence(user: Any, file_pk: int) -> bool:
    """Papers and label photos to whoever sees the lot; letters to whoever works on clues."""
    if not user.can("import.view"):
        return False
    lots = selectors.list_consignments(user)
    if lots.filter(Q(papers__evidence=file_pk) | Q(label_checks__evidence=file_pk)).exists():
        return True
    if selectors.list_disposals(user).filter(evidence=file_pk).exists():
        return True
    if selectors.list_traders(user, "import.view").filter(credit_records__evidence=file_pk).exists():
        return True
    return bool(user.can("import.clues")) and selectors.list_clues(user).filter(letter=file_pk).exists()


def verdict_told(announcement: Announcement, *, by: Any) -> None:
    """A result came: lots at the place are scored anew, and one that failed itself is stopped."""
    premises = announcement.facts.get("premises_id")
    if premises is None:
        return
    held = Consignment.objects.filter(trader__premises=premises, state__in=selectors.HELD)
    rows = list(held.select_related("lot", "trader__premises").order_by("pk"))
    scoring.rescore(rows)
    for row in rows:
        failed = any(said.get("token") == "failed_itself" for said in row.reasons)
        if failed and not row.disposals.filter(cause="failed").exists():
            text = _("%(lot)s 抽检不合格（样品 %(sample)s）") % {
                "lot": row.lot,
                "sample": announcement.facts.get("sample_no"),
            }
            disposals.open_disposal(consignment=row, cause="failed", text=text, by=by)
