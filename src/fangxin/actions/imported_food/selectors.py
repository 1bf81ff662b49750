"""What a person may read of imported food."""

from datetime import date
from typing import Any, TypeVar

from django.db.models import BooleanField, Case, Exists, F, Model, OuterRef, Q, QuerySet, Value, When

from fangxin.actions.imported_food.models import (
    Alert,
    AlertMatch,
    Clue,
    Consignment,
    Disposal,
    Session,
    Trader,
    Withdrawal,
)
from fangxin.kernel.people import api as people

T = TypeVar("T", bound=Model)
State = Consignment.State
HELD = (State.ON_SHELF, State.STOPPED)


def _scoped(rows: "QuerySet[T]", user: Any, ability: str, own: str) -> "QuerySet[T]":
    """Rows of the person's divisions; a firm sees its own."""
    if user.prefixes(ability):
        return people.within(rows, user, ability)
    return rows.filter(**{f"{own}premises__operator__agency__in": user.own_agencies(ability)})


def list_traders(user: Any, ability: str = "import.view") -> "QuerySet[Trader]":
    return _scoped(Trader.objects.select_related("premises"), user, ability, "")


def list_consignments(user: Any, ability: str = "import.view") -> "QuerySet[Consignment]":
    rows = Consignment.objects.exclude(state=State.UNDONE).select_related("lot", "trader__premises")
    return _scoped(rows, user, ability, "trader__")


def list_alerts(user: Any, ability: str = "import.lists") -> "QuerySet[Alert]":
    """Notices received in the person's divisions, and those that may mean a lot there."""
    received = people.within(Alert.objects.all(), user, ability)
    meant = people.within(AlertMatch.objects.all(), user, ability, field="consignment__division_code")
    return Alert.objects.filter(Q(pk__in=received.order_by().values("pk")) | Q(pk__in=meant.order_by().values("alert")))


def list_matches(user: Any, ability: str = "import.lists") -> "QuerySet[AlertMatch]":
    rows = AlertMatch.objects.select_related("alert", "consignment__lot", "consignment__trader__premises")
    return people.within(rows, user, ability, field="consignment__division_code")


def list_disposals(user: Any, ability: str = "import.view") -> "QuerySet[Disposal]":
    rows = Disposal.objects.select_related("consignment__lot", "consignment__trader__premises", "matter")
    return _scoped(rows, user, ability, "consignment__trader__")


def list_withdrawals(user: Any, ability: str = "import.lists") -> "QuerySet[Withdrawal]":
    rows = Withdrawal.objects.select_related("disposal__consignment__lot", "lot")
    return people.within(rows, user, ability, field="disposal__division_code")


def list_sessions(user: Any, ability: str = "import.lists") -> "QuerySet[Session]":
    return people.within(Session.objects.all(), user, ability)


def list_clues(user: Any, ability: str = "import.clues") -> "QuerySet[Clue]":
    rows = Clue.objects.select_related("consignment__lot")
    return people.within(rows, user, ability)


def expired(rows: "QuerySet[Consignment]", on: date) -> "QuerySet[Consignment]":
    return rows.filter(state=State.ON_SHELF, lot__best_before_on__lt=on)


def unhandled(rows: "QuerySet[Consignment]") -> "QuerySet[Consignment]":
    """On the shelf without the key paper, or with a wrong label, and no disposal on the way."""
    waiting = Disposal.objects.filter(consignment=OuterRef("pk"), state__in=("open", "stopped"))
    faulty = rows.filter(state=State.ON_SHELF).filter(Q(key_paper_missing=True) | Q(label="nonconforming"))
    return faulty.filter(~Exists(waiting))


# --- facts for indicators -----------------------------------------------------------------------------------------------


def _flag(condition: Q) -> Case:
    return Case(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField())


def disposal_rows(as_of: date) -> "QuerySet[Disposal]":
    """Disposals known by a day. `this_year`: due in the year of the day; `overdue`: past the last day and not done by then; `settled`: done, or past it."""
    done = Q(disposed_on__lte=as_of)
    return Disposal.objects.filter(found_at__date__lte=as_of).annotate(
        this_year=_flag(Q(due_on__year=as_of.year)),
        on_time=_flag(done & Q(disposed_on__lte=F("due_on"))),
        overdue=_flag(~done & Q(due_on__lt=as_of)),
        settled=_flag(done | Q(due_on__lt=as_of)),
    )


def alert_rows(as_of: date) -> "QuerySet[Alert]":
    """Notices received by a day; `on_time` where the shelves were looked through within the hours."""
    return Alert.objects.filter(received_at__date__lte=as_of).annotate(
        this_year=_flag(Q(received_at__year=as_of.year)),
        traced=_flag(Q(traced_at__date__lte=as_of)),
        on_time=_flag(Q(traced_at__lte=F("trace_due_at"), traced_at__date__lte=as_of)),
    )


def consignment_rows(as_of: date) -> "QuerySet[Consignment]":
    """Lots recorded by a day that were still held on the last look."""
    rows = Consignment.objects.exclude(state=State.UNDONE).filter(recorded_at__date__lte=as_of)
    return rows.annotate(
        held=_flag(Q(state__in=HELD)), papers_whole=_flag(Q(key_paper_missing=False, papers_missing=0))
    )
