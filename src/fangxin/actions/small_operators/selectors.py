"""What a person may read of the small operators."""

from datetime import date, timedelta
from typing import Any, TypeVar

from django.db.models import Count, Exists, Model, OuterRef, Q, QuerySet
from django.db.models.functions import Substr

from fangxin.actions.small_operators import rules
from fangxin.actions.small_operators.models import (
    Application,
    FirstVisit,
    Placement,
    Site,
    Unregistered,
    Upgrade,
    Zone,
)
from fangxin.actions.small_operators.services.applications import UNDECIDED
from fangxin.actions.small_operators.services.unregistered import OPEN as FOLLOWED
from fangxin.engines.deadlines import add_months
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.kernel.registry import api as registry

T = TypeVar("T", bound=Model)
SOON = timedelta(days=3)
VISIT_SOON = timedelta(days=14)
MONTHS = 12


def list_applications(user: Any, ability: str = "small.view") -> "QuerySet[Application]":
    """Applications of the person's divisions. A shop sees its own; its drafts are nobody else's business."""
    rows = Application.objects.select_related("agency", "issued")
    if user.prefixes(ability):
        return people.within(rows, user, ability).exclude(state="draft", agency__isnull=False)
    return rows.filter(agency__in=user.own_agencies(ability))


def _own_by_premises(rows: "QuerySet[T]", user: Any, ability: str) -> "QuerySet[T]":
    if user.prefixes(ability):
        return people.within(rows, user, ability)
    return rows.filter(premises__operator__agency__in=user.own_agencies(ability))


def list_certificates(user: Any, ability: str = "small.view") -> "QuerySet[Any]":
    """Papers of small operators that speak for themselves: those followed by a newer one are left out."""
    rows = registry.list_credentials(user, ability).filter(kind__in=rules.CREDENTIALS)
    newer = registry.Credential.objects.filter(
        premises=OuterRef("premises"), kind=OuterRef("kind"), issued_on__gt=OuterRef("issued_on"), revoked_on=None,
        issued_on__lte=ledger.clock.today(),
    )  # fmt: skip
    return rows.filter(~Exists(newer), premises__merged_into=None)


def list_premises(user: Any, ability: str = "small.view") -> "QuerySet[Any]":
    return registry.list_premises(user, ability).filter(kind__in=rules.KINDS)


def list_first_visits(user: Any, ability: str = "small.view") -> "QuerySet[FirstVisit]":
    return _own_by_premises(FirstVisit.objects.select_related("premises", "credential"), user, ability)


def list_unregistered(user: Any, ability: str = "small.lists") -> "QuerySet[Unregistered]":
    return people.within(Unregistered.objects.all(), user, ability)


def list_zones(user: Any, ability: str = "small.lists") -> "QuerySet[Zone]":
    return people.within(Zone.objects.all(), user, ability)


def list_placements(user: Any, ability: str = "small.lists") -> "QuerySet[Placement]":
    return people.within(Placement.objects.select_related("zone", "premises"), user, ability, "zone__division_code")


def list_sites(user: Any, ability: str = "small.view") -> "QuerySet[Site]":
    return _own_by_premises(Site.objects.select_related("premises"), user, ability)


def list_upgrades(user: Any, ability: str = "small.view") -> "QuerySet[Upgrade]":
    return _own_by_premises(Upgrade.objects.select_related("premises"), user, ability)


def stalls_without_zone(user: Any, prefix: str) -> "QuerySet[Any]":
    """Operating stalls with a valid card that stand in no zone yet."""
    placed = Placement.objects.filter(premises=OuterRef("pk"), until=None)
    rows = list_premises(user, "small.zones").filter(people.under(prefix), kind="stall", status="operating")
    return rows.filter(~Exists(placed)).order_by("name", "pk")


def valid_on(day: date, prefix: str = "") -> Q:
    """A paper that holds on a day."""
    return (
        Q(**{f"{prefix}issued_on__lte": day})
        & (Q(**{f"{prefix}expires_on": None}) | Q(**{f"{prefix}expires_on__gte": day}))
        & (Q(**{f"{prefix}revoked_on": None}) | Q(**{f"{prefix}revoked_on__gt": day}))
    )


# The states of a paper by its renewal, in days before its end. The ordinance's own days decide on the paper's page.
WINDOW, LAST = 60, 30


def by_renewal(rows: "QuerySet[Any]", state: str, day: date) -> "QuerySet[Any]":
    """Papers in a state of renewal: open (may apply), late (should have applied), expired, valid, revoked."""
    standing = rows.filter(premises__status="operating", revoked_on=None)
    if state == "open":
        return standing.filter(expires_on__gte=day + timedelta(days=LAST), expires_on__lte=day + timedelta(days=WINDOW))
    if state == "late":
        return standing.filter(expires_on__gte=day, expires_on__lt=day + timedelta(days=LAST))
    if state == "expired":
        return standing.filter(expires_on__lt=day)
    if state == "revoked":
        return rows.filter(revoked_on__lte=day)
    return rows.filter(valid_on(day))


def work_counts(user: Any) -> dict[str, int]:
    """What waits, for the person's divisions or own shop, in as few questions as there are tables."""
    day = ledger.clock.today()
    open_ = list_applications(user).filter(state__in=UNDECIDED).order_by()
    counts: dict[str, int] = open_.aggregate(
        to_check=Count("pk", filter=Q(state="submitted")),
        to_review=Count("pk", filter=Q(state="accepted")),
        to_decide=Count("pk", filter=Q(state="reviewed")),
        waiting_papers=Count("pk", filter=Q(state="incomplete")),
        late=Count("pk", filter=Q(due_on__lt=day) & ~Q(state="incomplete")),
        soon=Count("pk", filter=Q(due_on__gte=day, due_on__lte=day + SOON) & ~Q(state="incomplete")),
    )
    counts |= (
        list_first_visits(user)
        .filter(visited_on=None)
        .order_by()
        .aggregate(
            visits_late=Count("pk", filter=Q(due_on__lt=day)),
            visits_soon=Count("pk", filter=Q(due_on__gte=day, due_on__lte=day + VISIT_SOON)),
        )
    )
    papers = list_certificates(user).order_by()
    counts["renewal_open"] = by_renewal(papers, "open", day).count()
    counts["renewal_late"] = by_renewal(papers, "late", day).count()
    counts["expired"] = by_renewal(papers, "expired", day).count()
    return counts


def follow_counts(user: Any) -> dict[str, int]:
    """What lists of the staff wait: the unregistered, cards to be signed for, sites to be decided."""
    day = ledger.clock.today()
    counts: dict[str, int] = (
        list_unregistered(user)
        .filter(state__in=FOLLOWED)
        .order_by()
        .aggregate(unregistered=Count("pk"), unregistered_due=Count("pk", filter=Q(next_on__lte=day)))
    )
    counts["cards"] = cards_to_receive(user).order_by().count()
    counts["sites"] = list_sites(user).filter(state__in=("nominated", "visited")).order_by().count()
    return counts


def cards_to_receive(user: Any) -> "QuerySet[Application]":
    """Stall cards that the township has not signed for."""
    return list_applications(user).filter(kind="stall", state="issued", purpose="new", received_at=None)


def by_township(user: Any, day: date) -> list[dict[str, Any]]:
    """One line a township: the register, the last census, what waits. Coverage is counted on the census."""
    table: dict[str, dict[str, Any]] = {}
    for prefix in user.prefixes("small.lists"):
        for division in people.list_divisions(prefix[:9], length=9):
            table[division.code] = {
                "code": division.code, "name": division.name, "lat": division.latitude, "lng": division.longitude,
                "registered": 0, "seen": 0, "seen_registered": 0, "unregistered": 0, "visits_late": 0, "open": 0,
            }  # fmt: skip
    for name, counted in _counts(user, day).items():
        for row in counted:
            if row["town"] in table:
                table[row["town"]][name] += row["n"]
    return list(table.values())


def _counts(user: Any, day: date) -> dict[str, Any]:
    seen = registry.census_rows(day, only=("registered",)).filter(kind_seen__in=rules.KINDS, operating=True)
    seen = people.within(seen, user, "small.lists")
    papers = list_certificates(user, "small.lists").filter(valid_on(day), premises__status="operating")
    return {
        "registered": _per_town(papers),
        "seen": _per_town(seen),
        "seen_registered": _per_town(seen.filter(registered=True)),
        "unregistered": _per_town(list_unregistered(user).filter(state__in=FOLLOWED)),
        "visits_late": _per_town(list_first_visits(user, "small.lists").filter(visited_on=None, due_on__lt=day)),
        "open": _per_town(list_applications(user, "small.lists").filter(state__in=UNDECIDED)),
    }


def _per_town(rows: "QuerySet[Any]") -> Any:
    return rows.order_by().annotate(town=Substr("division_code", 1, 9)).values("town").annotate(n=Count("pk"))


def trend(user: Any, day: date) -> list[dict[str, Any]]:
    """Of each of the last twelve months: places with a valid paper at its end, and papers issued in it."""
    firsts = [add_months(day.replace(day=1), -back) for back in range(MONTHS - 1, -1, -1)]
    ends = [min(add_months(first, 1) - timedelta(days=1), day) for first in firsts]
    wanted: dict[str, Any] = {}
    for n, (first, end) in enumerate(zip(firsts, ends, strict=True)):
        wanted[f"held_{n}"] = Count("premises", filter=valid_on(end), distinct=True)
        wanted[f"issued_{n}"] = Count("pk", filter=Q(issued_on__gte=first, issued_on__lte=end))
    papers = registry.list_credentials(user, "small.lists").filter(
        kind__in=rules.CREDENTIALS, premises__merged_into=None
    )
    counted = papers.order_by().aggregate(**wanted)
    return [
        {"month": f"{first:%Y-%m}", "held": counted[f"held_{n}"], "issued": counted[f"issued_{n}"]}
        for n, first in enumerate(firsts)
    ]
