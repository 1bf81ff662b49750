"""What soil and land show elsewhere: work of today, answers to a search, lines in a parcel's life."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from fangxin.actions.origin import selectors
from fangxin.actions.origin.services import contradictions
from fangxin.engines.deadlines import add_months
from fangxin.kernel.contributing import api as contribute
from fangxin.kernel.contributing.data import BatchFacts, Blocker, Hit, Moment, Waiting
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.registry import api as registry
from fangxin.kernel.screens.finding import LARGEST_KEY

MOST_MOMENTS = 100
COUNTY_LENGTH = 6
SOON = timedelta(days=30)


def work(user: Any) -> Sequence[Waiting]:
    # Above the counties it is not work of the day but a figure of the board.
    if not user.can("origin.edit") or any(len(p) < COUNTY_LENGTH for p in user.prefixes("origin.edit")):
        return []
    return list(_work(user))


def _work(user: Any) -> Iterator[Waiting]:
    today = ledger.clock.today()
    measures, trouble = reverse("origin:measures"), reverse("origin:contradictions")
    if user.can("origin.decide"):
        decisions, open_ = reverse("origin:decisions"), selectors.list_decisions(user, "origin.decide")
        mine = {"made_by": user.username}
        waiting = open_.filter(state="consulted").exclude(**mine)
        yield Waiting("due", _("%(n)s 个耕地类别待确认"), f"{decisions}?state=consulted", waiting)
        yield Waiting("due", _("%(n)s 个耕地类别待会商"), f"{decisions}?state=proposed", open_.filter(state="proposed"))
        planned = selectors.list_measures(user, "origin.decide").filter(state="planned")
        waiting = planned.exclude(planned_by=user.username)
        yield Waiting("due", _("%(n)s 项耕地管控措施待批准"), f"{measures}?state=planned", waiting)
    approved = selectors.list_measures(user, "origin.edit").filter(state="approved")
    late, soon = approved.filter(ends_on__lt=today), approved.filter(ends_on__gte=today, ends_on__lte=today + SOON)
    yield Waiting("overdue", _("%(n)s 项耕地管控措施到期没有实施"), f"{measures}?when=late", late)
    yield Waiting("due", _("%(n)s 项耕地管控措施 30 日内到期"), f"{measures}?when=soon", soon)
    rows = contradictions.contradicting(selectors.list_parcels(user, "origin.edit"), today)
    yield Waiting("overdue", _("%(n)s 个地块的类别、作物、措施对不上"), trouble, rows)


def search(user: Any, text: str, limit: int) -> list[Hit]:
    if not user.can("origin.view"):
        return []
    points = selectors.list_points(user).filter(code__istartswith=text)
    units = selectors.list_units(user).filter(Q(number__istartswith=text) | Q(name__icontains=text))
    hits = [Hit(_("土壤点位"), p.code, p.get_absolute_url(), p.get_zone_display()) for p in points[:limit]]
    return hits + [Hit(_("评价单元"), u.name, u.get_absolute_url(), u.get_soil_class_display()) for u in units[:limit]]


def timeline(user: Any, subject_type: str, subject_id: str) -> list[Moment]:
    """What was found on a parcel and done about it: soil, produce, class, measures."""
    if subject_type != "registry.parcel" or not subject_id.isdigit() or not user.can("origin.view"):
        return []
    pk = int(subject_id)
    if pk > LARGEST_KEY or not registry.list_parcels(user, "origin.view").filter(pk=pk).exists():
        return []
    subjects = [(row._meta.label_lower, str(row.pk), row.get_absolute_url()) for row in _about(user, pk)]
    urls = {(kind, key): url for kind, key, url in subjects}
    entries = ledger.entries_of_any([(kind, key) for kind, key, _url in subjects])[:MOST_MOMENTS]
    return [_moment(entry, urls.get((entry.subject_type, entry.subject_id), "")) for entry in entries]


def _about(user: Any, parcel: int) -> Iterator[Any]:
    yield from selectors.list_points(user).filter(parcel=parcel)
    yield from selectors.list_measures(user).filter(parcel=parcel)
    yield from selectors.list_decisions(user).filter(unit__members__parcel=parcel).distinct()


def _moment(entry: Any, url: str) -> Moment:
    label = contribute.events.get(entry.event).label if entry.event in contribute.events else entry.event
    return Moment(entry.at, label, entry.subject_name, url, by=entry.actor_name)


def may_see_evidence(user: Any, file_pk: int) -> bool:
    """Whether the person may see a measure or a decision to which the file belongs."""
    if not user.can("origin.view"):
        return False
    return (
        selectors.list_measures(user).filter(evidence=file_pk).exists()
        or selectors.list_decisions(user).filter(approval_file=file_pk).exists()
    )


def certificate_blockers(batch: BatchFacts) -> list[Blocker]:
    """Nothing edible from strictly controlled land gets a certificate, nor from land whose produce was above the limit."""
    parcels = registry.Parcel.objects.filter(pk__in=batch.parcel_ids)
    found = []
    for parcel in selectors.with_standing(parcels, batch.on).order_by("number"):
        subject = {"subject_type": "registry.parcel", "subject_id": str(parcel.pk)}
        if parcel.soil_class == "strict":
            text = _("地块 %(parcel)s 属严格管控类，不能种植食用农产品") % {"parcel": parcel.number}
            found.append(Blocker("origin.strict_land", text, **subject))
        if parcel.produce == "above":
            text = _("地块 %(parcel)s 的农产品一年内有重金属超标") % {"parcel": parcel.number}
            found.append(Blocker("origin.produce_above", text, _clean_from(parcel, batch.on), **subject))
    return found


def _clean_from(parcel: Any, on: date) -> date | None:
    """The day on which the last failing result is a year old."""
    rows = selectors.newest_produce().filter(parcel=parcel, outcome="nonconforming", sampled_on__lte=on)
    last = rows.order_by("-sampled_on").values_list("sampled_on", flat=True).first()
    return add_months(last, 12) if last is not None else None
