"""Who reads which recall: officers those of their divisions, a business its own places in one."""

from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from fangxin.kernel.people import api as people
from fangxin.kernel.screens.finding import one_of
from fangxin.kernel.supply.models import Recall, RecallLot, RecallPlace, RecallReturn

_LOTS = Prefetch("lots", RecallLot.objects.select_related("lot").prefetch_related("returns"))


def list_recalls(user: Any, ability: str = "supply.view") -> "QuerySet[Recall]":
    """Recalls that began in the person's divisions or reach into them; none for a business, which sees its places."""
    if not user.prefixes(ability):
        return Recall.objects.none()
    rows = Recall.objects.select_related("lot")
    reaching = people.within(RecallPlace.objects.all(), user, ability).values("recall")
    within = people.within(Recall.objects.all(), user, ability).values("pk")
    return rows.filter(Q(pk__in=within) | Q(pk__in=reaching))


def list_recall_places(user: Any, ability: str = "supply.view") -> "QuerySet[RecallPlace]":
    rows = RecallPlace.objects.select_related("recall", "recall__lot", "premises")
    if user.prefixes(ability):
        return people.within(rows, user, ability)
    return rows.filter(premises__operator__agency__in=user.own_agencies(ability))


def recalls_of(user: Any, lot: Any) -> "QuerySet[Recall]":
    return list_recalls(user).filter(lot=lot).exclude(state=Recall.State.CANCELLED)


def places_of(recall: Recall) -> "QuerySet[RecallPlace]":
    return recall.places.select_related("premises", "recall").prefetch_related(_LOTS).order_by("tier", "name", "pk")


def get_recall(user: Any, pk: int, ability: str = "supply.view") -> Recall:
    return one_of(list_recalls(user, ability), pk)


def get_place(user: Any, pk: int, ability: str = "supply.view") -> RecallPlace:
    return one_of(list_recall_places(user, ability), pk)


def get_return(user: Any, pk: int) -> RecallReturn:
    rows = RecallReturn.objects.select_related("held__lot", "held__place__recall")
    return one_of(rows.filter(held__place__in=list_recall_places(user).values("pk")), pk)
