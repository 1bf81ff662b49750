from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from fangxin.kernel.catalog.models import Edition, LimitTable


def in_force(day: date) -> Q:
    return (Q(in_force_from=None) | Q(in_force_from__lte=day)) & (Q(in_force_to=None) | Q(in_force_to__gte=day))


def edition_in_force(kind: str, code: str, on: date) -> Edition | None:
    """The one edition of a rule in force on a day; None on a day that has none."""
    return Edition.objects.filter(in_force(on), kind=kind, code=code).first()


def editions(kind: str, *, on: date | None = None) -> "QuerySet[Edition]":
    """All editions of a kind of rules, or those in force on a day, in the order of their codes."""
    rows = Edition.objects.filter(kind=kind)
    return (rows if on is None else rows.filter(in_force(on))).order_by("code", "in_force_from")


def list_editions(user: Any) -> "QuerySet[Edition]":
    """Rules are no secret: everybody at work may read them."""
    rows = Edition.objects.defer("body")
    return rows if user.can("catalog.view") else rows.none()


def list_limit_tables(user: Any) -> "QuerySet[LimitTable]":
    rows = LimitTable.objects.select_related("file").order_by("-uploaded_at", "-pk")
    return rows if user.can("catalog.view") else rows.none()


def may_see_sheet(user: Any, file: int) -> bool:
    return list_limit_tables(user).filter(file=file).exists()
