"""One record by its key, or "not found"."""

from typing import TypeVar

from django.db.models import Model, QuerySet
from django.http import Http404

T = TypeVar("T", bound=Model)
# Numbers beyond what the database can hold name nothing.
LARGEST_KEY = 2**63 - 1


def one_of(rows: "QuerySet[T]", pk: int) -> T:
    """The row with the key among those the person may see; what lies outside does not show that it exists."""
    found = rows.filter(pk=pk).first() if 0 < pk <= LARGEST_KEY else None
    if found is None:
        raise Http404
    return found
