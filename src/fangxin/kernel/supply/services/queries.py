"""Questions asked of the events under a name."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet

from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.supply.models import NamedQuery


def list_queries(user: Any) -> "QuerySet[NamedQuery]":
    return NamedQuery.objects.filter(agency__in=user.own_agencies("supply.view")).order_by("name")


@transaction.atomic
def name_query(*, name: str, query: Mapping[str, str], by: Any) -> NamedQuery | None:
    """None where the agency has a query of that name."""
    row = NamedQuery(
        name=name, agency=by.posts_today[0].agency, user=by, query=dict(query), created_at=ledger.clock.now()
    )
    try:
        row.full_clean()
    except ValidationError:
        return None
    row.save(force_insert=True)
    return row


@transaction.atomic
def drop_query(*, query: NamedQuery, by: Any) -> None:
    query.delete()
