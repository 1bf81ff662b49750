"""What the registry shows elsewhere: work of today, answers to a search, lines in a subject's life."""

import json
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fangxin.kernel.contributing import api as contribute
from fangxin.kernel.contributing.data import Hit, Moment, Waiting, Words
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.registry import access, selectors
from fangxin.kernel.registry.asof import attribute_column
from fangxin.kernel.registry.models import CensusEntry, ChangeRequest, Operator, Parcel, Premises
from fangxin.kernel.registry.rules import column
from fangxin.kernel.screens.finding import LARGEST_KEY

SOON = timedelta(days=30)
MOST_MOMENTS = 200
COUNTY_LENGTH = 6


class PremisesFields(Mapping[str, Words]):
    """The columns of the premises' fact table. Attributes are offered after the registry's turn, so they are asked
    for when somebody looks."""

    own: Mapping[str, Words] = {
        "kind": gettext_lazy("类别"),
        "operating": gettext_lazy("在营"),
        "rural": gettext_lazy("农村"),
        "size_class": gettext_lazy("餐饮规模"),
        "months_licensed": gettext_lazy("开业满月数"),
        "has_valid_credential": gettext_lazy("有有效证件"),
    }

    def _all(self) -> dict[str, Words]:
        return {**self.own, **{attribute_column(a.name): a.label for a in contribute.attributes}}

    def __getitem__(self, name: str) -> Words:
        return self._all()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())


def work(user: Any) -> list[Waiting]:
    return [*_requests(user), *_census(user), *_credentials(user)]


def _requests(user: Any) -> Iterator[Waiting]:
    if not user.prefixes("registry.edit"):
        return
    rows = selectors.list_change_requests(user).filter(state=ChangeRequest.State.OPEN).exclude(asked_by=user)
    yield Waiting("new", _("%(n)s 份底册变更申请待审核"), reverse("registry:changes") + "?state=open", rows)


def _census(user: Any) -> Iterator[Waiting]:
    if not user.prefixes("registry.census"):
        return
    rows = selectors.list_census_entries(user, "registry.census").filter(match=CensusEntry.Match.UNMATCHED)
    yield Waiting("new", _("%(n)s 条普查记录待与底册比对"), reverse("registry:matching"), rows)


def _credentials(user: Any) -> Iterator[Waiting]:
    """For those who keep the register, and for operators about their own. Above the counties it is not work of the
    day but a figure of the board."""
    ability = "registry.edit" if user.can("registry.edit") else "registry.view"
    if any(len(prefix) < COUNTY_LENGTH for prefix in user.prefixes(ability)):
        return
    if ability == "registry.view" and user.prefixes(ability):
        return
    day = ledger.clock.today()
    rows, url = selectors.list_credentials(user, ability), reverse("registry:credentials")
    expired, expiring = selectors.expired(rows, day), selectors.expiring(rows, day, SOON.days)
    yield Waiting("overdue", _("%(n)s 个在营场所的证件已过期"), f"{url}?state=expired", expired)
    yield Waiting("due", _("%(n)s 个证件 30 日内到期"), f"{url}?state=expiring", expiring, day + SOON)


def search(user: Any, text: str, limit: int) -> list[Hit]:
    if not user.can("registry.view"):
        return []
    rows = selectors.find_premises(selectors.list_premises(user), text)
    hits = [
        Hit(_("经营场所"), row.name, reverse("registry:premises", args=[row.pk]), f"{row.number} {row.address}".strip())
        for row in rows[:limit]
    ]
    operators = selectors.find_operators(selectors.list_operators(user), text)
    hits += [
        Hit(_("经营主体"), row.name, reverse("registry:operator", args=[row.pk]), row.uscc) for row in operators[:limit]
    ]
    parcels = selectors.list_parcels(user).filter(Q(number__istartswith=text) | Q(name__icontains=text))
    hits += [Hit(_("地块"), row.name, row.get_absolute_url(), row.number) for row in parcels[:limit]]
    return hits


def _parcel_life(user: Any, pk: int) -> list[Moment]:
    parcel = selectors.list_parcels(user).filter(pk=pk).first() if pk <= LARGEST_KEY else None
    if parcel is None:
        return []
    return [_moment(entry) for entry in ledger.entries_of_any([(Parcel._meta.label_lower, str(pk))])[:MOST_MOMENTS]]


def timeline(user: Any, subject_type: str, subject_id: str) -> list[Moment]:
    """The life of premises: what the ledger says of the row, its credentials and the rows merged into it."""
    if subject_type == Parcel._meta.label_lower and subject_id.isdecimal():
        return _parcel_life(user, int(subject_id))
    if subject_type != Premises._meta.label_lower or not subject_id.isdecimal():
        return []
    try:
        premises = access.get_premises(user, int(subject_id))
    except Http404:
        return []
    moments = [Moment(premises.recorded_at, _("登记"), _("列入底册"), by=premises.recorded_by)]
    moments += [_moment(entry) for entry in ledger.entries_of_any(_subjects_of(premises))[:MOST_MOMENTS]]
    return sorted(moments, key=lambda moment: moment.at, reverse=True)[:MOST_MOMENTS]


def _subjects_of(premises: Premises) -> list[tuple[str, str]]:
    own = [("registry.premises", premises.pk)]
    own += [("registry.premises", pk) for pk in premises.merged_from.values_list("pk", flat=True)]
    own += [("registry.credential", pk) for pk in premises.credentials.order_by().values_list("pk", flat=True)]
    return [(kind, str(pk)) for kind, pk in own]


def _moment(entry: Any) -> Moment:
    label = contribute.events.get(entry.event).label if entry.event in contribute.events else entry.event
    return Moment(entry.at, label, told(entry.data, entry.subject_name), by=entry.actor_name)


def told(data: str, fallback: str) -> str:
    """What a change changed, in words; for other events the subject's name."""
    changes = json.loads(data).get("changes", {})
    if not isinstance(changes, dict) or not changes:
        return fallback
    return "；".join(_change(field, *values) for field, values in changes.items())


def _change(field: str, old: str | None, new: str | None) -> str:
    label = _label(field)
    if not old and not new:
        return _("%(what)s已更改") % {"what": label}
    shown = {"what": label, "old": shown_value(field, old) or _("空"), "new": shown_value(field, new) or _("空")}
    return _("%(what)s：%(old)s → %(new)s") % shown


def _label(field: str) -> str:
    for model in (Premises, Operator, Parcel):
        if any(f.name == field for f in model._meta.fields):
            return str(column(model, field).verbose_name)
    return field


def shown_value(field: str, value: str | None) -> str:
    """A stored text as a person reads it."""
    if value in (None, ""):
        return ""
    if value in ("True", "False"):
        return _("是") if value == "True" else _("否")
    fields = (*Premises._meta.fields, *Parcel._meta.fields)
    labels = (dict(f.flatchoices) for f in fields if f.name == field)
    known = next((found for found in labels if value in found), {})
    return str(known.get(value, value))
