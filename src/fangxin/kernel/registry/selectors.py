import re
from datetime import date, timedelta
from typing import Any, TypeVar

from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from fangxin.kernel.people import api as people
from fangxin.kernel.registry.asof import valid_on
from fangxin.kernel.registry.models import (
    CensusEntry,
    CensusSurvey,
    ChangeRequest,
    Credential,
    ImportBatch,
    Merge,
    Operator,
    Parcel,
    Premises,
    PremisesFact,
    Staff,
)

T = TypeVar("T", bound=Model)
# What is typed into a search box is looked up once; with more hits than this the text says too little.
MOST_LOOKED_UP = 2_000
EXPIRING_DAYS = 90
CREDIT_CODE_LENGTH = 18
_NUMBER = re.compile(r"\A[0-9A-Za-z\-]{4,}\Z")


def scoped(
    rows: "QuerySet[T]", user: Any, ability: str, *, own: str | None, field: str = "division_code"
) -> "QuerySet[T]":
    """Rows in the person's divisions; for operators and institutions the rows of their own agency."""
    if user.prefixes(ability):
        return people.within(rows, user, ability, field)
    if own is None:
        return rows.none()
    return rows.filter(**{f"{own}__in": user.own_agencies(ability)})


def list_premises(user: Any, ability: str = "registry.view") -> "QuerySet[Premises]":
    """Places of the register; rows merged into another are left out."""
    rows = Premises.objects.filter(merged_into=None).select_related("operator")
    return scoped(rows, user, ability, own="operator__agency")


def list_parcels(user: Any, ability: str = "registry.view") -> "QuerySet[Parcel]":
    """Fields, ponds and herd houses; an operator sees the own ones."""
    return scoped(Parcel.objects.select_related("operator"), user, ability, own="operator__agency")


def list_operators(user: Any, ability: str = "registry.view") -> "QuerySet[Operator]":
    return scoped(Operator.objects.all(), user, ability, own="agency")


def list_credentials(user: Any, ability: str = "registry.view") -> "QuerySet[Credential]":
    rows = Credential.objects.select_related("premises")
    return scoped(rows, user, ability, own="premises__operator__agency")


def list_staff(user: Any, ability: str = "registry.view") -> "QuerySet[Staff]":
    rows = Staff.objects.select_related("premises")
    return scoped(rows, user, ability, own="premises__operator__agency")


def list_census_entries(user: Any, ability: str = "registry.view") -> "QuerySet[CensusEntry]":
    return scoped(CensusEntry.objects.select_related("premises", "survey"), user, ability, own=None)


def list_surveys(user: Any) -> "QuerySet[CensusSurvey]":
    """Surveys below the person's divisions, and those of the divisions above that reach into them."""
    touching = Q(pk__in=[])
    for prefix in user.prefixes("registry.view"):
        touching |= people.under(prefix) | Q(division_code__in=[prefix[:n] for n in (6, 9, 12) if n <= len(prefix)])
    return CensusSurvey.objects.filter(touching)


def list_change_requests(user: Any) -> "QuerySet[ChangeRequest]":
    """Requests in the person's divisions; operators and institutions see what they asked for themselves."""
    rows = ChangeRequest.objects.select_related("premises", "asked_by", "decided_by")
    if user.prefixes("registry.view"):
        return people.within(rows, user, "registry.view")
    return rows.filter(asked_by=user)


def list_merges(user: Any) -> "QuerySet[Merge]":
    rows = Merge.objects.select_related("survivor", "merged")
    return people.within(rows, user, "registry.view", "survivor__division_code")


def list_imports(user: Any) -> "QuerySet[ImportBatch]":
    return people.within(ImportBatch.objects.select_related("uploaded_by"), user, "registry.import")


def find_premises(rows: "QuerySet[Premises]", text: str) -> "QuerySet[Premises]":
    """By a number's beginning through the indexes, or by a part of the name."""
    text = text.strip()
    if not text:
        return rows
    if _NUMBER.match(text):
        keys = numbered(text)
        if keys:
            return rows.filter(pk__in=keys)
    named = rows.filter(name__icontains=text)
    # A part of a name is looked for in every name of the division: once, and not again for the count and the page.
    # With many hits the page is full long before the end, so nothing is lost by asking again.
    few = list(named.order_by().values_list("pk", flat=True)[: MOST_LOOKED_UP + 1])
    return rows.filter(pk__in=few) if len(few) <= MOST_LOOKED_UP else named


def find_operators(rows: "QuerySet[Operator]", text: str) -> "QuerySet[Operator]":
    """By the whole credit code through its index, or by a part of the name."""
    text = text.strip()
    if len(text) == CREDIT_CODE_LENGTH and _NUMBER.match(text):
        return rows.filter(~Q(uscc=""), uscc=text.upper())
    return rows.filter(name__icontains=text)


def numbered(text: str) -> set[int]:
    """Premises by the beginning of their number, their operator's credit code or a credential's number."""
    begin = text.upper()
    end = begin[:-1] + chr(ord(begin[-1]) + 1)
    own = Premises.objects.filter(number__gte=begin, number__lt=end)
    coded = Premises.objects.filter(
        operator__in=Operator.objects.filter(~Q(uscc=""), uscc__gte=begin, uscc__lt=end).values("pk")[:MOST_LOOKED_UP]
    )
    held = Credential.objects.filter(number__gte=begin, number__lt=end)
    found = set(own.order_by().values_list("pk", flat=True)[:MOST_LOOKED_UP])
    found |= set(coded.order_by().values_list("pk", flat=True)[:MOST_LOOKED_UP])
    return found | set(held.order_by().values_list("premises_id", flat=True)[:MOST_LOOKED_UP])


def without_valid_credential(rows: "QuerySet[Premises]", day: date) -> "QuerySet[Premises]":
    return rows.filter(~Exists(Credential.objects.filter(valid_on(day), premises=OuterRef("pk"))))


def _followed(later_than: date) -> Exists:
    """Another credential of the same kind for the same premises that lasts beyond a day: renewed, or issued anew."""
    lasting = Q(expires_on=None) | Q(expires_on__gt=later_than)
    same = Credential.objects.filter(lasting, premises=OuterRef("premises"), kind=OuterRef("kind"), revoked_on=None)
    return Exists(same.exclude(pk=OuterRef("pk")))


def expiring(rows: "QuerySet[Credential]", day: date, days: int = EXPIRING_DAYS) -> "QuerySet[Credential]":
    """Credentials of operating premises that end within the days ahead and are not followed by another."""
    last = day + timedelta(days=days)
    operating = rows.filter(premises__status=Premises.Status.OPERATING)
    return operating.filter(valid_on(day), ~_followed(last), expires_on__gte=day, expires_on__lte=last)


def expired(rows: "QuerySet[Credential]", day: date) -> "QuerySet[Credential]":
    """Credentials that ran out although the premises still operate, and are not followed by another."""
    operating = rows.filter(premises__status=Premises.Status.OPERATING)
    return operating.filter(~_followed(day), expires_on__lt=day, revoked_on=None)


def facts_on(premises: Premises, day: date) -> dict[str, PremisesFact]:
    """The fact in force on a day, by name."""
    rows = PremisesFact.objects.filter(Q(valid_to=None) | Q(valid_to__gt=day), premises=premises, valid_from__lte=day)
    found: dict[str, PremisesFact] = {}
    for fact in rows.select_related("evidence").order_by("valid_from", "pk"):
        found[fact.name] = fact
    return found


def credential_status(credential: Credential, day: date) -> str:
    """valid, expired, revoked or not_yet on a day."""
    if credential.revoked_on is not None and credential.revoked_on <= day:
        return "revoked"
    if credential.issued_on > day:
        return "not_yet"
    if credential.expires_on is not None and credential.expires_on < day:
        return "expired"
    return "valid"
