"""What this action shows elsewhere: work of today, answers to a search, lines in a subject's life, a door to evidence."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from fangxin.actions.produce_markets import selectors, standards
from fangxin.actions.produce_markets.models import HolderPaper, Market, Milestone, Publication
from fangxin.actions.produce_markets.services import referrals
from fangxin.kernel.contributing import api as contribute
from fangxin.kernel.contributing.data import Announcement, Hit, Moment, Waiting, WorkItem
from fangxin.kernel.ledger import api as ledger

MOST_MOMENTS = 60
COUNTY_LENGTH = 6


def work(user: Any) -> Sequence[WorkItem | Waiting]:
    if not user.can("market.view"):
        return []
    if user.can("market.own"):
        return [*_opener(user), *_holder(user)]
    # Above the counties it is not work of the day but a figure of the board; readers have no work.
    if not (user.can("market.work") or user.can("market.projects")):
        return []
    if any(len(p) < COUNTY_LENGTH for p in user.prefixes("market.view")):
        return []
    return list(_staff(user))


def _line(kind: str, rows: "QuerySet[Any]", label: str, name: str, query: str = "") -> Waiting:
    return Waiting(kind, label, reverse(f"produce_markets:{name}") + query, rows)


def _staff(user: Any) -> Iterator[Waiting]:
    today, now = ledger.clock.today(), ledger.clock.now()
    referred = selectors.list_referrals(user).filter(state="reported")
    if user.can("market.supervise"):
        yield _line(
            "overdue", referred.filter(take_by__lt=today), _("%(n)s 条市场线索超过受理时限"), "referrals", "?when=late"
        )
        yield _line(
            "new", referred.filter(take_by__gte=today), _("%(n)s 条市场线索待受理"), "referrals", "?state=reported"
        )
        late = selectors.overdue_withdrawals(selectors.list_withdrawals(user), now)
        yield _line("overdue", late, _("%(n)s 批不合格货物超过时限没有退市处置"), "withdrawals", "?when=late")
    if user.can("market.grade"):
        rows = selectors.ungraded(selectors.list_markets(user), today)
        yield _line("due", rows, _("%(n)s 家市场今年还没有评定风险等级"), "markets", "?when=ungraded")
    if user.can("market.projects"):
        stopped = selectors.stalled(selectors.list_projects(user), today)
        yield _line("overdue", stopped, _("%(n)s 个市场改造项目停滞"), "projects", "?when=stalled")
        submitted = selectors.list_projects(user).filter(state="submitted").exclude(submitted_by=user.username)
        yield _line("due", submitted, _("%(n)s 个市场改造项目等待验收"), "projects", "?state=submitted")


def _opener(user: Any) -> Iterator[WorkItem | Waiting]:
    markets = list(selectors.my_markets(user))
    if not markets:
        return
    today = ledger.clock.today()
    waiting = selectors.open_entries(selectors.list_entries(user).filter(market__in=markets))
    yield _line("new", waiting, _("%(n)s 批货物等您查验"), "entries", "?when=open")
    tests = selectors.due_today(markets, today)
    gaps = selectors.gaps_of(markets, today)
    for market in markets:
        url = reverse("produce_markets:day", args=[market.pk])
        done, due = tests[market.pk]
        if done < due:
            label = _("今天还要做 %(n)s 批快检") % {"n": due - done}
            yield WorkItem("due", label, url, detail=market.premises.name, count=due - done)
        missing = sum(len(days) for days in gaps[market.pk].values())
        if missing:
            label = _("%(n)s 次自查没有做") % {"n": missing}
            yield WorkItem("overdue", label, url, detail=market.premises.name, count=missing)
        old = sum(too_old for _item, _row, too_old in selectors.board_of(market, today))
        if old:
            label = _("%(n)s 项公示要更新") % {"n": old}
            yield WorkItem("due", label, url, detail=market.premises.name, count=old)


def _holder(user: Any) -> Iterator[Waiting]:
    today = ledger.clock.today()
    soon = today + timedelta(days=standards.practice(today).contract_days)
    mine = selectors.my_tenancies(user)
    ending = mine.filter(expires_on__lte=soon)
    yield _line("due", ending, _("%(n)s 份入场协议快到期或者已到期"), "mine")
    own = selectors.list_entries(user).filter(tenancy__in=mine, state="isolated")
    yield _line("overdue", own, _("%(n)s 批货物隔离待检，不能卖"), "mine")


def search(user: Any, text: str, limit: int) -> list[Hit]:
    if not user.can("market.view"):
        return []
    entries = selectors.list_entries(user).filter(Q(number__startswith=text) | Q(vehicle__startswith=text.upper()))
    hits = [
        Hit(_("入场货物"), str(row), row.get_absolute_url(), str(row.get_state_display()))
        for row in entries.order_by("-arrived_at")[:limit]
    ]
    markets = selectors.list_markets(user).filter(premises__name__icontains=text)
    hits += [Hit(_("市场档案"), str(row), row.get_absolute_url()) for row in markets[:limit]]
    referred = selectors.list_referrals(user).filter(number__startswith=text)
    hits += [Hit(_("检监联动线索"), str(row), row.get_absolute_url(), row.text[:60]) for row in referred[:limit]]
    return hits


def timeline(user: Any, subject_type: str, subject_id: str) -> list[Moment]:
    """What happened to a market: its archive, withdrawals, referrals, grades, projects."""
    if subject_type != "registry.premises" or not subject_id.isdecimal() or not user.can("market.view"):
        return []
    market = selectors.list_markets(user).filter(premises=int(subject_id)).first()
    if market is None:
        return []
    about = [("produce_markets.market", market.pk, market.get_absolute_url())]
    about += [
        (r._meta.label_lower, r.pk, r.get_absolute_url()) for r in selectors.list_projects(user).filter(market=market)
    ]
    about += [
        (r._meta.label_lower, r.pk, r.get_absolute_url())
        for r in selectors.list_referrals(user).filter(market=market)[:MOST_MOMENTS]
    ]
    about += [
        ("produce_markets.gradesheet", pk, market.get_absolute_url())
        for pk in market.grade_sheets.values_list("pk", flat=True)
    ]
    withdrawn = selectors.list_withdrawals(user).filter(entry__market=market)[:MOST_MOMENTS]
    about += [("produce_markets.entry", row.entry_id, row.get_absolute_url()) for row in withdrawn]
    urls = {(kind, str(pk)): url for kind, pk, url in about}
    moments = [
        Moment(e.at, _label(e.event), e.subject_name, urls.get((e.subject_type, e.subject_id), ""), by=e.actor_name)
        for e in ledger.entries_of_any([(kind, str(pk)) for kind, pk, _url in about])[:MOST_MOMENTS]
    ]
    return sorted(moments, key=lambda moment: moment.at, reverse=True)


def _label(event: str) -> Any:
    return contribute.events.get(event).label if event in contribute.events else event


def may_see_evidence(user: Any, file_pk: int) -> bool:
    """Whether the person may see a record of a market to which the file belongs."""
    if not user.can("market.view"):
        return False
    stalls = selectors.list_tenancies(user).order_by().values("pk")
    markets = selectors.list_markets(user).order_by().values("pk")
    return (
        selectors.list_entries(user).filter(file=file_pk).exists()
        or HolderPaper.objects.filter(file=file_pk, tenancy__in=stalls).exists()
        or Publication.objects.filter(file=file_pk, market__in=markets).exists()
        or selectors.list_withdrawals(user).filter(file=file_pk).exists()
        or selectors.list_self_checks(user).filter(file=file_pk).exists()
        or selectors.list_files(user).filter(file=file_pk).exists()
        or Milestone.objects.filter(file=file_pk, project__market__in=markets).exists()
    )


def finding(announcement: Announcement, *, by: Any) -> None:
    """A sample that failed at a market is told to its supervision as a referral, on the matter that the laboratory opened."""
    if announcement.facts.get("origin") != "sampling" or announcement.subject_type != "registry.premises":
        return
    if not announcement.subject_id.isdecimal():
        return
    market = Market.objects.filter(premises=int(announcement.subject_id)).first()
    if market is not None:
        key = str(announcement.facts.get("key", ""))
        referrals.report(
            source="sample", text=announcement.text, key=f"sample:{key}", market=market, matter_key=key, by=by
        )
