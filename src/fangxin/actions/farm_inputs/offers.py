"""What farms and their records show elsewhere: work of today, search, a subject's life, reasons against a certificate."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from django.db.models import F, Max, Q, Sum
from django.urls import reverse
from django.utils.translation import gettext as _

from fangxin.actions.farm_inputs import selectors
from fangxin.actions.farm_inputs.models import Batch
from fangxin.actions.farm_inputs.services import judging
from fangxin.kernel.contributing import api as contribute
from fangxin.kernel.contributing.data import BatchFacts, Blocker, Hit, Moment, SourceBatch, Waiting
from fangxin.kernel.ledger import api as ledger

SOON = timedelta(days=14)
MOST_MOMENTS = 100
MOST_BATCHES = 50
COUNTY_LENGTH = 6
SUBJECT = Batch._meta.label_lower


def work(user: Any) -> Iterator[Waiting]:
    if not user.can("farm.view"):
        return
    if user.can("farm.own"):
        yield from _farmer(user)
        return
    # Above the counties it is not work of the day but a figure of the board; readers have no work.
    if not user.can("farm.record") or any(len(prefix) < COUNTY_LENGTH for prefix in user.prefixes("farm.lists")):
        return
    yield from _staff(user)


def _staff(user: Any) -> Iterator[Waiting]:
    day = ledger.clock.today()
    batches = selectors.list_batches(user, "farm.lists").filter(ended_on=None)
    lists = reverse("farm_inputs:batches")
    soon = batches.filter(locked_until__gt=F("planned_on"), planned_on__gte=day, planned_on__lte=day + SOON)
    yield Waiting("due", _("%(n)s 批两周内计划采收、间隔期还没有到"), lists + "?when=soon", soon)
    yield Waiting("due", _("%(n)s 批的间隔期不能确定"), lists + "?when=unknown", batches.filter(lock_open=True))
    books = selectors.incomplete_books(selectors.list_farms(user, "farm.lists"), day)
    yield Waiting(
        "overdue", _("%(n)s 家水产养殖场三项记录不完整"), reverse("farm_inputs:farms") + "?books=incomplete", books
    )


def _farmer(user: Any) -> Iterator[Waiting]:
    day = ledger.clock.today()
    own = selectors.list_batches(user, "farm.own").filter(ended_on=None)
    here = reverse("farm_inputs:mine")
    yield Waiting(
        "due", _("%(n)s 批还在间隔期内，先不要采收出售"), here, own.filter(Q(locked_until__gt=day) | Q(lock_open=True))
    )
    books = selectors.incomplete_books(selectors.list_farms(user, "farm.own"), day)
    yield Waiting("due", _("水产三项记录有缺，请补记"), here, books)


def search(user: Any, text: str, limit: int) -> list[Hit]:
    if not user.can("farm.view"):
        return []
    farms = selectors.list_farms(user).filter(premises__name__icontains=text).order_by("premises__name", "pk")
    hits = [Hit(_("农场"), str(farm), farm.get_absolute_url(), farm.get_kind_display()) for farm in farms[:limit]]
    batches = selectors.list_batches(user).filter(Q(number=text) | Q(food=text)).order_by("-started_on", "number")
    hits += [Hit(_("生产批次"), str(row), row.get_absolute_url(), str(row.farm)) for row in batches[:limit]]
    products = selectors.list_products().filter(Q(name__icontains=text) | Q(registration_no=text))
    return hits + [Hit(_("农药兽药产品"), str(row), row.get_absolute_url()) for row in products[:limit]]


def timeline(user: Any, subject_type: str, subject_id: str) -> Sequence[Moment]:
    """What the farm wrote down, in the life of its premises."""
    if subject_type != "registry.premises" or not subject_id.isdecimal() or not user.can("farm.view"):
        return []
    farm = selectors.list_farms(user).filter(premises=int(subject_id)).first()
    if farm is None:
        return []
    kept = {
        "farm_inputs.farm": [farm.pk],
        "farm_inputs.batch": list(farm.batches.order_by("-pk").values_list("pk", flat=True)[:MOST_MOMENTS]),
        "farm_inputs.finding": list(farm.findings.order_by("-pk").values_list("pk", flat=True)[:MOST_MOMENTS]),
        "farm_inputs.application": list(farm.applications.order_by("-pk").values_list("pk", flat=True)[:MOST_MOMENTS]),
    }
    rows = ledger.entries_of_any([(kind, str(key)) for kind, keys in kept.items() for key in keys])
    return [
        Moment(
            entry.at,
            contribute.events.get(entry.event).label,
            entry.subject_name,
            farm.get_absolute_url(),
            entry.actor_name,
        )
        for entry in rows[:MOST_MOMENTS]
        if entry.event in contribute.events
    ]


# --- certificates ---------------------------------------------------------------------------------------------------------


def facts_of(batch: Batch, on: date) -> BatchFacts:
    """A batch as whoever may block its certificate wants to know it."""
    return BatchFacts(
        SUBJECT, str(batch.pk), batch.food, batch.division_code, on, premises_id=batch.farm.premises_id,
        parcel_ids=tuple(row.pk for row in sorted(batch.parcels.all(), key=lambda row: row.number)),
    )  # fmt: skip


def blockers(facts: BatchFacts) -> list[Blocker]:
    """A batch that is locked on the day gets no certificate, nor one that was harvested within its interval."""
    if facts.subject_type != SUBJECT or not facts.subject_id.isdecimal():
        return []
    batch = Batch.objects.select_related("farm__premises").filter(pk=int(facts.subject_id)).first()
    if batch is None:
        return []
    told = judging.told(batch, facts.on)
    found = [Blocker("lock", line.text, line.lock.until, SUBJECT, facts.subject_id) for line in told.lines]
    within = batch.harvests.filter(selectors.STANDS, within_lock=True, on__lte=facts.on).order_by("-on").first()
    if within is not None:
        text = _("%(on)s 在间隔期内采收，处理完以前不能开合格证") % {"on": within.on}
        found.append(Blocker("harvested_within", text, None, SUBJECT, facts.subject_id))
    return found


def source_batches(premises_id: int) -> list[SourceBatch]:
    """What a farm harvested and counted, the newest harvest first."""
    rows = Batch.objects.filter(
        farm__premises=premises_id, harvests__replaced_by=None, harvests__void=False, harvests__unit=F("unit")
    )
    counted = rows.annotate(harvested=Sum("harvests__quantity"), last_on=Max("harvests__on"))
    on = ledger.clock.today()
    found = counted.select_related("farm").prefetch_related("parcels").order_by("-last_on", "-number")[:MOST_BATCHES]
    return [SourceBatch(facts_of(row, on), str(row), row.harvested, row.unit, row.last_on) for row in found]
