"""What dealers, packages and forecasts show elsewhere: work of today, answers to a search, lines in a life."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from fangxin.actions.farm_inputs import selectors_inputs as selectors
from fangxin.actions.farm_inputs.models import LedgerSheet
from fangxin.kernel.contributing import api as contribute
from fangxin.kernel.contributing.data import Hit, Moment, Waiting
from fangxin.kernel.ledger import api as ledger

COUNTY_LENGTH = 6
MOST_MOMENTS = 50


def work(user: Any) -> list[Waiting]:
    return list(_lines(user))


def _lines(user: Any) -> Iterator[Waiting]:
    if user.can("inputs.own"):
        yield Waiting(
            "due", _("%(n)s 张台账表格等您确认入账"), reverse("farm_inputs:my_shop"), selectors.sheets_waiting(user)
        )
    prefixes = user.prefixes(selectors.LISTS)
    if not prefixes or any(len(prefix) < COUNTY_LENGTH for prefix in prefixes):
        return
    dealers = reverse("farm_inputs:dealers")
    if user.can("inputs.record"):
        yield Waiting(
            "overdue", _("%(n)s 家农资店许可证已到期"), f"{dealers}?state=expired", selectors.expired_dealers(user)
        )
        yield Waiting(
            "due", _("%(n)s 家兽药店一个月没有扫码记录"), f"{dealers}?state=silent", selectors.silent_dealers(user)
        )
    if user.can("forecast.issue"):
        yield Waiting(
            "due", _("%(n)s 期病虫害预报该回查了"), reverse("farm_inputs:forecasts") + "?state=to_check",
            selectors.forecasts_to_check(user),
        )  # fmt: skip


def search(user: Any, text: str, limit: int) -> list[Hit]:
    if not user.can(selectors.VIEW):
        return []
    rows = selectors.list_dealers(user).filter(Q(name__icontains=text) | Q(number=text) | Q(licence_no=text))
    hits = [Hit(_("农资店"), row.name, row.get_absolute_url(), row.get_deals_display()) for row in rows[:limit]]
    if user.can("forecast.view"):
        found = selectors.list_forecasts(user).filter(
            Q(pest__icontains=text) | Q(crop__icontains=text) | Q(number=text)
        )
        hits += [
            Hit(_("病虫害预报"), str(row), row.get_absolute_url(), row.get_state_display()) for row in found[:limit]
        ]
    return hits


def timeline(user: Any, subject_type: str, subject_id: str) -> Sequence[Moment]:
    """The life of a dealer: its entries, sheets and findings."""
    if subject_type != "farm_inputs.dealer" or not subject_id.isdigit() or not user.can(selectors.VIEW):
        return []
    dealer = selectors.list_dealers(user).filter(pk=int(subject_id[:18])).first()
    if dealer is None:
        return []
    entries = ledger.entries_of("farm_inputs.dealer", str(dealer.pk))[:MOST_MOMENTS]
    return [
        Moment(entry.at, contribute.events.get(entry.event).label, entry.subject_name, dealer.get_absolute_url(), by=entry.actor_name)
        for entry in entries
    ]  # fmt: skip


def may_see_evidence(user: Any, file_pk: int) -> bool:
    """Whether the person may see a sheet, a receipt or an area to which the file belongs."""
    if not user.can(selectors.VIEW):
        return False
    if LedgerSheet.objects.filter(file=file_pk).exists():
        return selectors.list_sheets(user).filter(file=file_pk).exists()
    found = (
        selectors.list_package_moves(user), selectors.list_areas(user), selectors.list_usage(user),
        selectors.list_controls(user),
    )  # fmt: skip
    return any(rows.filter(evidence=file_pk).exists() for rows in found)
