"""What this action shows elsewhere: work of today, answers to a search, lines in a subject's life."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from fangxin.actions.small_operators import selectors
from fangxin.actions.small_operators.models import Paper, Placement
from fangxin.kernel.contributing import api as contribute
from fangxin.kernel.contributing.data import Hit, Moment, WorkItem
from fangxin.kernel.ledger import api as ledger

MOST_MOMENTS = 100
COUNTY_LENGTH = 6


def work(user: Any) -> Sequence[WorkItem]:
    if not user.can("small.view"):
        return []
    if user.can("small.own"):
        return list(_shop(user))
    # Above the counties it is not work of the day but a figure of the board; readers have no work.
    if not user.can("small.supervise") or any(len(p) < COUNTY_LENGTH for p in user.prefixes("small.view")):
        return []
    return list(_staff(user))


def _line(kind: str, count: int, label: str, name: str, query: str = "") -> Iterator[WorkItem]:
    if count:
        yield WorkItem(kind, label % {"n": count}, reverse(name) + query, count=count)


def _staff(user: Any) -> Iterator[WorkItem]:
    counts = selectors.work_counts(user) | selectors.follow_counts(user)
    applications, visits = "small_operators:applications", "small_operators:visits"
    if user.can("small.review"):
        yield from _line("overdue", counts["late"], _("%(n)s 份“三小”申请超过办理时限"), applications, "?when=late")
        yield from _line("due", counts["to_check"], _("%(n)s 份“三小”申请待核材料"), applications, "?state=submitted")
        yield from _line("due", counts["to_review"], _("%(n)s 份“三小”申请待审查"), applications, "?state=accepted")
    if user.can("small.issue"):
        yield from _line("due", counts["to_decide"], _("%(n)s 份“三小”申请待决定"), applications, "?state=reviewed")
    yield from _line("overdue", counts["visits_late"], _("%(n)s 家新登记的“三小”首次检查已超期"), visits, "?when=late")
    yield from _line("due", counts["visits_soon"], _("%(n)s 家新登记的“三小”两周内应首次检查"), visits, "?when=soon")
    yield from _line(
        "due",
        counts["unregistered_due"],
        _("%(n)s 家未登记的“三小”该跟进了"),
        "small_operators:unregistered_list",
        "?when=due",
    )
    if user.can("small.zones") and not user.can("small.issue"):
        yield from _line("new", counts["cards"], _("%(n)s 张摊点备案卡待签收"), "small_operators:cards")


def _shop(user: Any) -> Iterator[WorkItem]:
    counts = selectors.work_counts(user)
    mine = "small_operators:mine"
    yield from _line("due", counts["waiting_papers"], _("%(n)s 份申请等您补材料"), mine)
    yield from _line("due", counts["renewal_open"], _("%(n)s 个证件可以办延续了"), mine)
    yield from _line("overdue", counts["renewal_late"], _("%(n)s 个证件快到期，请尽快办延续"), mine)


def search(user: Any, text: str, limit: int) -> list[Hit]:
    if not user.can("small.view"):
        return []
    found = selectors.list_applications(user).filter(Q(number__startswith=text) | Q(sign_name__icontains=text))
    hits = [
        Hit(_("“三小”申请"), row.sign_name, row.get_absolute_url(), f"{row.number} {row.get_state_display()}")
        for row in found.order_by("-pk")[:limit]
    ]
    if user.can("small.lists"):
        seen = selectors.list_unregistered(user).filter(name_seen__icontains=text).order_by("-pk")
        hits += [Hit(_("未登记经营者"), r.name_seen, r.get_absolute_url(), r.get_state_display()) for r in seen[:limit]]
        zones = selectors.list_zones(user).filter(name__icontains=text)
        hits += [Hit(_("摊点区域"), z.name, z.get_absolute_url(), z.note) for z in zones[:limit]]
    return hits


def timeline(user: Any, subject_type: str, subject_id: str) -> list[Moment]:
    """What the action did about premises: applications, first visit, zone, sites, upgrade."""
    if subject_type != "registry.premises" or not subject_id.isdigit() or not user.can("small.view"):
        return []
    pk = int(subject_id)
    own = selectors.list_applications(user).filter(Q(premises=pk) | Q(credential__premises=pk))
    about = [("small_operators.application", row.pk, row.get_absolute_url()) for row in own]
    about += [("small_operators.firstvisit", v.pk, "") for v in selectors.list_first_visits(user).filter(premises=pk)]
    for rows in (selectors.list_sites(user), selectors.list_upgrades(user)):
        about += [(r._meta.label_lower, r.pk, r.get_absolute_url()) for r in rows.filter(premises=pk)]
    moments = [m for kind, key, url in about for m in _moments(kind, key, url)]
    return sorted(moments, key=lambda moment: moment.at, reverse=True)[:MOST_MOMENTS]


def _moments(kind: str, key: int, url: str) -> Iterator[Moment]:
    for entry in ledger.entries_of(kind, str(key))[:MOST_MOMENTS]:
        label = contribute.events.get(entry.event).label if entry.event in contribute.events else entry.event
        yield Moment(entry.at, label, entry.subject_name, url, by=entry.actor_name)


def zone_of(premises: Any) -> Placement | None:
    return Placement.objects.filter(premises=premises, until=None).select_related("zone").first()


def may_see_evidence(user: Any, file_pk: int) -> bool:
    """Whether the person may see an application to which the file belongs."""
    if not user.can("small.view"):
        return False
    seen = selectors.list_applications(user).order_by().values("pk")
    return Paper.objects.filter(file=file_pk, application__in=seen).exists()
