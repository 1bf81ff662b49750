"""One object, or "not found": what lies outside a person's reach does not show that it exists."""

from typing import Any

from django.http import Http404

from fangxin.actions.small_operators import selectors
from fangxin.actions.small_operators.models import (
    Application,
    FirstVisit,
    Paper,
    Placement,
    Site,
    Unregistered,
    Upgrade,
    Zone,
)
from fangxin.kernel.screens.finding import one_of


def get_application(user: Any, pk: int) -> Application:
    rows = selectors.list_applications(user)
    return one_of(
        rows.select_related("agency", "issued", "premises__operator", "credential__premises", "zone_wish"), pk
    )


def get_own_or_entered(user: Any, pk: int) -> Application:
    """An application that this person may fill in: the shop its own, the clerk one on paper."""
    application = get_application(user, pk)
    if not may_fill(user, application):
        raise Http404
    return application


def may_fill(user: Any, application: Application) -> bool:
    if application.agency_id is not None:
        return application.agency_id in user.own_agencies("small.own")
    return bool(user.prefixes("small.apply")) and user.can("small.apply", application.division_code)


def get_paper(user: Any, pk: int) -> Paper:
    rows = Paper.objects.select_related("file").filter(
        application__in=selectors.list_applications(user).order_by().values("pk")
    )
    return one_of(rows, pk)


def get_certificate(user: Any, pk: int, ability: str = "small.view") -> Any:
    return one_of(selectors.list_certificates(user, ability).select_related("premises__operator"), pk)


def get_premises(user: Any, pk: int, ability: str = "small.view") -> Any:
    return one_of(selectors.list_premises(user, ability), pk)


def get_first_visit(user: Any, pk: int, ability: str = "small.supervise") -> FirstVisit:
    return one_of(selectors.list_first_visits(user, ability), pk)


def get_unregistered(user: Any, pk: int, ability: str = "small.lists") -> Unregistered:
    rows = selectors.list_unregistered(user, ability).select_related("census_entry", "application", "premises")
    return one_of(rows, pk)


def get_zone(user: Any, pk: int, ability: str = "small.lists") -> Zone:
    return one_of(selectors.list_zones(user, ability), pk)


def get_placement(user: Any, pk: int) -> Placement:
    return one_of(selectors.list_placements(user, "small.zones"), pk)


def get_site(user: Any, pk: int, ability: str = "small.view") -> Site:
    return one_of(selectors.list_sites(user, ability), pk)


def get_upgrade(user: Any, pk: int, ability: str = "small.view") -> Upgrade:
    return one_of(selectors.list_upgrades(user, ability), pk)
