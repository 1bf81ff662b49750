"""What a person may read of lots, receipts and events."""

from typing import Any, TypeVar

from django.db.models import Model, Q, QuerySet

from fangxin.kernel.people import api as people
from fangxin.kernel.supply.derivation import plain
from fangxin.kernel.supply.models import (
    ApiToken,
    CaptureJob,
    Dispatch,
    Event,
    Lot,
    Outflow,
    Product,
    Receipt,
    Upload,
)

T = TypeVar("T", bound=Model)


def scoped(rows: "QuerySet[T]", user: Any, ability: str, own: str) -> "QuerySet[T]":
    """Rows in the person's divisions; for operators and institutions those of their own places."""
    if user.prefixes(ability):
        return people.within(rows, user, ability)
    return rows.filter(**{f"{own}__in": user.own_agencies(ability)})


def list_products(user: Any, ability: str = "supply.view") -> "QuerySet[Product]":
    return scoped(Product.objects.select_related("operator"), user, ability, "operator__agency")


def list_lots(user: Any, ability: str = "supply.view") -> "QuerySet[Lot]":
    """Lots at places of the person's divisions, or at the own places."""
    rows = Lot.objects.select_related("premises", "product").exclude(state=Lot.State.UNDONE)
    if user.prefixes(ability):
        return people.within(rows, user, ability)
    own = user.own_agencies(ability)
    return rows.filter(Q(premises__operator__agency__in=own) | Q(parcel__operator__agency__in=own))


def list_receipts(user: Any, ability: str = "supply.view") -> "QuerySet[Receipt]":
    rows = Receipt.objects.select_related("premises", "lot", "from_lot", "supplier_premises")
    return scoped(rows, user, ability, "premises__operator__agency")


def list_dispatches(user: Any, ability: str = "supply.view") -> "QuerySet[Dispatch]":
    rows = Dispatch.objects.select_related("lot", "to_premises", "to_lot")
    return scoped(rows, user, ability, "lot__premises__operator__agency")


def coming_to(user: Any, ability: str = "supply.record") -> "QuerySet[Dispatch]":
    """What others said to have sent to the person's own places, and nobody there has confirmed."""
    rows = Dispatch.objects.filter(state=Dispatch.State.SENT).select_related("lot", "lot__premises", "to_premises")
    return rows.filter(to_premises__operator__agency__in=user.own_agencies(ability))


def list_outflows(user: Any, ability: str = "supply.view") -> "QuerySet[Outflow]":
    return scoped(Outflow.objects.select_related("premises", "lot"), user, ability, "premises__operator__agency")


def list_uploads(user: Any, ability: str = "supply.record") -> "QuerySet[Upload]":
    rows = Upload.objects.select_related("premises", "file")
    return scoped(rows, user, ability, "premises__operator__agency")


def list_events(user: Any, ability: str = "supply.view") -> "QuerySet[Event]":
    """Events of the person's divisions; a firm sees what it handed in itself."""
    if user.prefixes(ability):
        return people.within(Event.objects.all(), user, ability)
    return Event.objects.filter(agency__in=user.own_agencies(ability))


def list_jobs(user: Any, ability: str = "supply.view") -> "QuerySet[CaptureJob]":
    return scoped(CaptureJob.objects.all(), user, ability, "agency")


def list_tokens(user: Any, ability: str = "supply.tokens") -> "QuerySet[ApiToken]":
    return scoped(ApiToken.objects.select_related("agency"), user, ability, "agency")


def find_lots(rows: "QuerySet[Lot]", text: str) -> "QuerySet[Lot]":
    """By number, by the whole code as scanned, or by a part of the food's name."""
    text = text.strip()
    found = Q(food__icontains=text) | Q(number__istartswith=text)
    if text:
        found |= Q(code=text) | Q(code=plain(text))
    return rows.filter(found)


def find_supplied(text: str) -> "Lot | None":
    """The supplier's lot that a scanned code means: the platform's own number, or a code that only one place holds."""
    text = text.strip()
    if not text:
        return None
    rows = Lot.objects.filter(Q(number=text) | Q(code__in=[text, plain(text)])).exclude(state=Lot.State.UNDONE)
    found = list(rows.select_related("premises").order_by("pk")[:2])
    return found[0] if len(found) == 1 else None
