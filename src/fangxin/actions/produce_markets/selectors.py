"""What a person may read of markets, stalls, goods and checks; and what is known of them on a day."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, TypeVar

from django.db.models import Count, Exists, F, Model, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import ExtractYear

from fangxin.actions.produce_markets import rules, standards
from fangxin.actions.produce_markets.models import (
    DataFile,
    Entry,
    HolderPaper,
    Market,
    Milestone,
    Project,
    Publication,
    Referral,
    RoomTest,
    SelfCheck,
    SlaughterCheck,
    Stall,
    StallCheck,
    Tenancy,
    Withdrawal,
)
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.kernel.registry import api as registry

T = TypeVar("T", bound=Model)
VIEW = "market.view"
YEAR = timedelta(days=365)
COUNTY_LENGTH = 6
RISK = "risk"
# What a holder's archive must hold.
NEEDED_PAPERS = (HolderPaper.Kind.LICENCE, HolderPaper.Kind.AGREEMENT)


def end_of(day: date) -> datetime:
    """The first moment after a day."""
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=ledger.clock.LOCAL)


def start_of(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=ledger.clock.LOCAL)


def scoped(rows: "QuerySet[T]", user: Any, ability: str, *own: str, field: str = "division_code") -> "QuerySet[T]":
    """Rows of the person's divisions; whoever runs a market or a stall sees what belongs to it."""
    if user.prefixes(ability):
        return people.within(rows, user, ability, field)
    mine = user.own_agencies(ability)
    condition = Q(pk__in=[])
    for path in own:
        condition |= Q(**{f"{path}__in": mine})
    return rows.filter(condition)


OPENER, HOLDER = "market__premises__operator__agency", "tenancy__operator__agency"


def list_markets(user: Any, ability: str = VIEW) -> "QuerySet[Market]":
    return scoped(Market.objects.select_related("premises"), user, ability, "premises__operator__agency")


def unfiled(user: Any, ability: str = VIEW) -> "QuerySet[Any]":
    """Markets of the register that operate and have no archive yet."""
    rows = registry.list_premises(user).filter(kind="produce_market", status="operating", market=None)
    return people.within(rows, user, ability)


def list_stalls(user: Any, ability: str = VIEW) -> "QuerySet[Stall]":
    rows = Stall.objects.select_related("market__premises")
    if user.prefixes(ability):
        return people.within(rows, user, ability, "market__division_code")
    mine = user.own_agencies(ability)
    held = Tenancy.objects.filter(stall=OuterRef("pk"), ended_on=None, operator__agency__in=mine)
    return rows.filter(Q(market__premises__operator__agency__in=mine) | Exists(held))


def my_tenancies(user: Any, ability: str = "market.own") -> "QuerySet[Tenancy]":
    """Stalls that the person's own firm holds today."""
    rows = Tenancy.objects.filter(ended_on=None, operator__agency__in=user.own_agencies(ability))
    return rows.select_related("stall__market__premises", "operator").order_by("stall__market", "stall__code")


def my_markets(user: Any, ability: str = "market.own") -> "QuerySet[Market]":
    """Markets that the person's own firm opened."""
    rows = Market.objects.filter(premises__operator__agency__in=user.own_agencies(ability))
    return rows.select_related("premises").order_by("premises__number")


def list_tenancies(user: Any, ability: str = VIEW) -> "QuerySet[Tenancy]":
    rows = Tenancy.objects.select_related("stall__market__premises", "operator")
    return scoped(
        rows, user, ability, "stall__market__premises__operator__agency", "operator__agency",
        field="stall__market__division_code",
    )  # fmt: skip


def list_entries(user: Any, ability: str = VIEW) -> "QuerySet[Entry]":
    rows = Entry.objects.select_related("market__premises", "stall", "tenancy__operator")
    return scoped(rows, user, ability, OPENER, HOLDER)


def list_withdrawals(user: Any, ability: str = VIEW) -> "QuerySet[Withdrawal]":
    rows = Withdrawal.objects.select_related("entry__market__premises", "entry__stall")
    return scoped(rows, user, ability, f"entry__{OPENER}", f"entry__{HOLDER}")


def list_room_tests(user: Any, ability: str = VIEW) -> "QuerySet[RoomTest]":
    rows = RoomTest.objects.select_related("rapid_test", "market__premises", "stall", "entry")
    return scoped(rows, user, ability, OPENER)


def list_self_checks(user: Any, ability: str = VIEW) -> "QuerySet[SelfCheck]":
    return scoped(SelfCheck.objects.select_related("market__premises"), user, ability, OPENER)


def list_meat(user: Any, ability: str = VIEW) -> "QuerySet[SlaughterCheck]":
    return scoped(SlaughterCheck.objects.select_related("premises"), user, ability, "premises__operator__agency")


def list_projects(user: Any, ability: str = VIEW) -> "QuerySet[Project]":
    return scoped(Project.objects.select_related("market__premises"), user, ability, OPENER)


def list_referrals(user: Any, ability: str = VIEW) -> "QuerySet[Referral]":
    rows = Referral.objects.select_related("market__premises", "entry__tenancy__operator", "matter", "case")
    return scoped(rows, user, ability, OPENER)


def list_files(user: Any, ability: str = VIEW) -> "QuerySet[DataFile]":
    return scoped(DataFile.objects.select_related("market__premises"), user, ability, OPENER)


def list_stall_checks(user: Any, ability: str = VIEW) -> "QuerySet[StallCheck]":
    return scoped(StallCheck.objects.select_related("market__premises", "stall"), user, ability, OPENER)


# --- facts about one market ---------------------------------------------------------------------------------------------


def holder_of(stall: Stall) -> Tenancy | None:
    return Tenancy.objects.filter(stall=stall, ended_on=None).select_related("operator", "premises").first()


def entered_on_certificate(number: str, division_code: str, unit: str) -> Decimal:
    """All that came in on a certificate in the county, in one unit."""
    rows = Entry.objects.filter(people.under(division_code[:COUNTY_LENGTH]), proofs__certificate=number, unit=unit)
    standing = rows.exclude(state__in=(Entry.State.UNDONE, Entry.State.REFUSED))
    return standing.aggregate(total=Sum("quantity"))["total"] or Decimal(0)


def open_entries(rows: "QuerySet[Entry]") -> "QuerySet[Entry]":
    """Told by phone and not looked at yet."""
    return rows.filter(checked_at=None, state__in=(Entry.State.ADMITTED, Entry.State.ISOLATED))


def without_proof(rows: "QuerySet[Entry]") -> "QuerySet[Entry]":
    """On sale with neither a paper nor a test that found nothing."""
    tested = RoomTest.objects.filter(entry=OuterRef("pk"), rapid_test__result=rules.NEGATIVE)
    return rows.filter(state=Entry.State.ADMITTED, proofs={}).filter(~Exists(tested))


def overdue_withdrawals(rows: "QuerySet[Withdrawal]", now: datetime) -> "QuerySet[Withdrawal]":
    return rows.filter(done_at=None, due_at__lt=now)


def positives_on_sale(rows: "QuerySet[RoomTest]") -> "QuerySet[RoomTest]":
    """A positive whose goods were not taken off sale."""
    return rows.filter(rapid_test__result=rules.POSITIVE, entry__state=Entry.State.ADMITTED)


def stalled(rows: "QuerySet[Project]", today: date) -> "QuerySet[Project]":
    """Running, with a milestone late beyond what the practice lets pass."""
    since = today - timedelta(days=standards.practice(today).stalled_days)
    late = Milestone.objects.filter(project=OuterRef("pk"), reached_on=None, due_on__lt=since)
    return rows.filter(Exists(late), state=Project.State.RUNNING)


def graded_in(year: int, until: datetime) -> Exists:
    """Whether premises had a risk grade of the year, confirmed by a second person, by a moment."""
    rows = registry.Premises.objects.filter(
        pk=OuterRef("premises"), grades__scale=RISK, grades__year=year, grades__state__in=("confirmed", "told"),
        grades__confirmed_at__lt=until,
    )  # fmt: skip
    return Exists(rows)


def ungraded(rows: "QuerySet[Market]", today: date) -> "QuerySet[Market]":
    operating = rows.filter(premises__status="operating", premises__merged_into=None)
    return operating.filter(~graded_in(today.year, end_of(today)))


def complete_files(rows: "QuerySet[Tenancy]", today: date) -> "QuerySet[Tenancy]":
    """Identity checked, agreement in force, and both papers there and not run out."""
    found = rows.exclude(identity_checked_on=None).filter(Q(expires_on=None) | Q(expires_on__gte=today))
    for kind in NEEDED_PAPERS:
        held = HolderPaper.objects.filter(
            Q(expires_on=None) | Q(expires_on__gte=today), tenancy=OuterRef("pk"), kind=kind
        )
        found = found.filter(Exists(held))
    return found


def tests_per_day(market: Market, today: date) -> int:
    return market.tests_per_day or standards.practice(today).tests_per_day[market.kind]


def gaps_of(
    markets: Iterable[Market], today: date, cadences: Iterable[str] | None = None
) -> dict[int, dict[str, list[date]]]:
    """Periods without a self-inspection, by market and cadence, in one question."""
    listed = list(markets)
    known = standards.cadences(today)
    kept: dict[tuple[int, str], set[date]] = {}
    since = today - timedelta(days=max(c.back for c in known.values()) + 31)
    rows = SelfCheck.objects.filter(market__in=listed, period__gte=since).values_list("market_id", "cadence", "period")
    for pk, cadence, period in rows:
        kept.setdefault((pk, cadence), set()).add(period)
    return {
        market.pk: {
            code: [
                day
                for day in rules.periods_due(cadence, market.since, today, market.rest_weekday)
                if day not in kept.get((market.pk, code), ())
            ]
            for code, cadence in known.items()
            if cadences is None or code in cadences
        }
        for market in listed
    }


def board_of(market: Market, today: date) -> list[tuple[standards.BoardItem, Publication | None, bool]]:
    """Every item of the board with what stands and whether it is too old; the platform's own are never."""
    latest: dict[str, Publication] = {}
    for row in Publication.objects.filter(market=market).order_by("published_on", "pk"):
        latest[row.item] = row
    found = []
    for item in standards.practice(today).board:
        standing = latest.get(item.code)
        old = not item.computed and (standing is None or (today - standing.published_on).days > item.days)
        found.append((item, standing, old))
    return found


def joined(market: Market, since: date, today: date) -> dict[str, int]:
    """How far trade, trace and logistics of the goods that came in meet on one lot."""
    rows = Entry.objects.filter(market=market, arrived_at__gte=start_of(since), arrived_at__lt=end_of(today))
    rows = rows.exclude(state__in=(Entry.State.REFUSED, Entry.State.UNDONE))
    traced = rows.exclude(proofs={})
    sold = rows.filter(outgoings__kind="sale")
    hauled = rows.filter(hauls__isnull=False)
    whole = traced.filter(pk__in=sold.values("pk")).filter(pk__in=hauled.values("pk"))
    return {
        "entries": rows.count(), "traced": traced.count(), "sold": sold.distinct().count(),
        "hauled": hauled.distinct().count(), "whole": whole.count(),
    }  # fmt: skip


# --- the dynamic score --------------------------------------------------------------------------------------------------


def dynamic_counts(market: Market, today: date) -> dict[str, tuple[int, int]]:
    """(good, due) of each computed factor over the last twelve months, or since the archive was opened."""
    since = max(today - YEAR, market.since)
    held = Tenancy.objects.filter(stall__market=market, ended_on=None)
    came = Entry.objects.filter(market=market, arrived_at__gte=start_of(since)).exclude(state=Entry.State.UNDONE)
    entered = came.count()
    ordered = Withdrawal.objects.filter(
        entry__market=market, ordered_at__gte=start_of(since), due_at__lt=ledger.clock.now()
    )
    return {
        "files": (complete_files(held, today).count(), held.count()),
        "entry": (entered - without_proof(came).count(), entered),
        "tests": _tests(market, since, today),
        "self_checks": _self_checks(market, since, today),
        "withdrawals": (ordered.filter(done_at__lte=F("due_at")).count(), ordered.count()),
    }


def _tests(market: Market, since: date, today: date) -> tuple[int, int]:
    """Tests made ÷ tests due on days of business; more on one day makes up for no other day."""
    per_day = tests_per_day(market, today)
    days = RoomTest.objects.filter(market=market, tested_on__gte=since, tested_on__lt=today)
    counted = Counter(days.values_list("tested_on", flat=True))
    open_days = rules.business_days(since, today, market.rest_weekday)
    done = sum(min(n, per_day) for day, n in counted.items() if day.weekday() != market.rest_weekday)
    return done, open_days * per_day


def _self_checks(market: Market, since: date, today: date) -> tuple[int, int]:
    due = done = 0
    for code, cadence in standards.cadences(today).items():
        if code == "daily":
            continue
        kept = set(SelfCheck.objects.filter(market=market, cadence=code).values_list("period", flat=True))
        long = standards.Cadence(code, cadence.label, YEAR.days, cadence.items, cadence.edition)
        periods = list(rules.periods_due(long, since, today, None))
        due += len(periods)
        done += sum(period in kept for period in periods)
    return done, due


# --- fact tables for the figures ----------------------------------------------------------------------------------------


def market_rows(as_of: date) -> "QuerySet[Any]":
    """One row per market of the register, archived here or not: the honest denominator."""
    rows = registry.premises_rows(as_of, {"kind", "operating"}).filter(kind="produce_market")
    graded = registry.Premises.objects.filter(
        pk=OuterRef("pk"), grades__scale=RISK, grades__year=as_of.year, grades__state__in=("confirmed", "told"),
        grades__confirmed_at__lt=end_of(as_of),
    )  # fmt: skip
    archived = Market.objects.filter(premises=OuterRef("pk"), since__lte=as_of)
    accepted = Project.objects.filter(market__premises=OuterRef("pk"), state="accepted", accepted_at__lt=end_of(as_of))
    return rows.annotate(
        graded=Exists(graded),
        archived=Exists(archived),
        test_room=Exists(archived.exclude(room=Market.Room.NONE)),
        upgraded=Exists(accepted),
    )


def stall_check_rows(as_of: date) -> "QuerySet[Any]":
    """One row per stall asked for its proofs in the year up to the day."""
    rows = StallCheck.objects.filter(checked_on__lte=as_of, recorded_at__lt=end_of(as_of)).order_by()
    return rows.annotate(year=ExtractYear("checked_on")).filter(year=as_of.year)


def referral_rows(as_of: date) -> "QuerySet[Any]":
    """One row per referral that was to be taken up by the day."""
    rows = Referral.objects.filter(reported_at__lt=end_of(as_of), take_by__lte=as_of).order_by()
    in_time = Q(taken_at__isnull=False, taken_at__lt=end_of(as_of), taken_at__date__lte=F("take_by"))
    return rows.annotate(in_time=Exists(Referral.objects.filter(in_time, pk=OuterRef("pk"))))


# --- the home -----------------------------------------------------------------------------------------------------------


def work_counts(user: Any) -> dict[str, int]:
    """What waits in the person's markets, each the number of a list."""
    today, now = ledger.clock.today(), ledger.clock.now()
    markets = list_markets(user)
    return {
        "markets": markets.count(),
        "unfiled": unfiled(user).count(),
        "ungraded": ungraded(markets, today).count(),
        "unchecked": open_entries(list_entries(user)).count(),
        "no_proof": without_proof(list_entries(user)).count(),
        "withdrawals": list_withdrawals(user).filter(done_at=None).count(),
        "withdrawals_late": overdue_withdrawals(list_withdrawals(user), now).count(),
        "referrals": list_referrals(user).filter(state="reported").count(),
        "projects": stalled(list_projects(user), today).count(),
    }


def by_market(user: Any, today: date) -> list[Mapping[str, Any]]:
    """A line per market with its state, from a handful of questions however many there are."""
    markets = list(list_markets(user).order_by("premises__name", "pk"))
    keys = [market.pk for market in markets]
    month = today - timedelta(days=30)
    came = _counted(Entry.objects.filter(market__in=keys, arrived_at__gte=start_of(month)).exclude(state="undone"))
    bare = _counted(without_proof(Entry.objects.filter(market__in=keys)))
    tests = _counted(RoomTest.objects.filter(market__in=keys, tested_on__gt=month))
    bad = _counted(RoomTest.objects.filter(market__in=keys, tested_on__gt=month, rapid_test__result=rules.POSITIVE))
    held = _counted(Tenancy.objects.filter(stall__market__in=keys, ended_on=None), "stall__market_id")
    grades = grades_of(markets, today.year)
    gaps = gaps_of(markets, today, ("weekly", "monthly"))
    return [
        {
            "market": market, "grade": grades.get(market.premises_id, ""), "entries": came[market.pk],
            "bare": bare[market.pk], "tests": tests[market.pk], "positives": bad[market.pk], "holders": held[market.pk],
            "gaps": sum(len(days) for days in gaps[market.pk].values()),
        }
        for market in markets
    ]  # fmt: skip


def _counted(rows: "QuerySet[Any]", by: str = "market_id") -> Counter[int]:
    return Counter(dict(rows.order_by().values_list(by).annotate(n=Count("pk"))))


def grades_of(markets: Iterable[Market], year: int) -> dict[int, str]:
    """The confirmed risk grade of a year, by premises."""
    rows = registry.Premises.objects.filter(
        pk__in=[market.premises_id for market in markets], grades__scale=RISK, grades__year=year,
        grades__state__in=("confirmed", "told"),
    )  # fmt: skip
    return dict(rows.values_list("pk", "grades__grade"))


def due_today(markets: Iterable[Market], today: date) -> dict[int, tuple[int, int]]:
    """Tests made today and due today, by market."""
    done = _counted(RoomTest.objects.filter(market__in=list(markets), tested_on=today))
    return {
        market.pk: (done[market.pk], 0 if today.weekday() == market.rest_weekday else tests_per_day(market, today))
        for market in markets
    }
