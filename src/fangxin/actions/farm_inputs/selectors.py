"""What a person may read of farms, batches and records."""

from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar

from django.db.models import (
    BooleanField,
    Case,
    CharField,
    Count,
    Exists,
    F,
    Max,
    Model,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Cast, Substr

from fangxin.actions.farm_inputs import standards
from fangxin.actions.farm_inputs.models import Application, Batch, DiaryEntry, Farm, Finding, Harvest, Product
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.kernel.registry import api as registry
from fangxin.kernel.supply import api as supply

T = TypeVar("T", bound=Model)
# A record counts unless a later one took its place.
STANDS = Q(replaced_by=None, void=False)
MONTHS = 12
SOON = timedelta(days=14)


def _scoped(rows: "QuerySet[T]", user: Any, ability: str, own: str) -> "QuerySet[T]":
    """Rows of the person's divisions; a farmer sees the own ones."""
    if user.prefixes(ability):
        return people.within(rows, user, ability)
    return rows.filter(**{f"{own}premises__operator__agency__in": user.own_agencies(ability)})


def list_farms(user: Any, ability: str = "farm.view") -> "QuerySet[Farm]":
    return _scoped(Farm.objects.select_related("premises"), user, ability, "")


def list_batches(user: Any, ability: str = "farm.view") -> "QuerySet[Batch]":
    return _scoped(Batch.objects.select_related("farm__premises"), user, ability, "farm__")


def list_applications(user: Any, ability: str = "farm.view") -> "QuerySet[Application]":
    rows = Application.objects.select_related("batch", "farm__premises", "product")
    return _scoped(rows, user, ability, "farm__")


def list_harvests(user: Any, ability: str = "farm.view") -> "QuerySet[Harvest]":
    return _scoped(Harvest.objects.select_related("batch__farm__premises"), user, ability, "batch__farm__")


def list_diary(user: Any, ability: str = "farm.view") -> "QuerySet[DiaryEntry]":
    return _scoped(DiaryEntry.objects.select_related("batch", "farm__premises"), user, ability, "farm__")


def list_findings(user: Any, ability: str = "farm.lists") -> "QuerySet[Finding]":
    return people.within(Finding.objects.select_related("batch", "farm__premises", "matter"), user, ability)


def list_products() -> "QuerySet[Product]":
    """Labels are the same for everybody."""
    return Product.objects.all()


def standing_applications(batches: Any) -> "QuerySet[Application]":
    """The uses of some batches that stand, with what their labels say."""
    rows = Application.objects.filter(STANDS, batch__in=batches)
    return rows.select_related("product").prefetch_related("product__label_uses").order_by("last_on", "pk")


def water_entries(batches: Any) -> "QuerySet[DiaryEntry]":
    return DiaryEntry.objects.filter(STANDS, batch__in=batches, water_c__isnull=False)


def products_for(batch: Batch, limit: int = 6) -> list[Product]:
    """The buttons of the phone page: labelled for the crop, what this farm used last in front; then what else it used."""
    used = (
        Product.objects.filter(applications__farm=batch.farm_id, applications__void=False)
        .annotate(last=Max("applications__last_on"))
        .order_by("-last", "name")
    )
    names = [batch.food, *standards.groups(ledger.clock.today()).get(batch.food, ())]
    labelled = Product.objects.filter(label_uses__target__in=names, label_uses__produce=batch.produce).distinct()
    recent, fitting = list(used[: limit * 3]), list(labelled.order_by("name"))
    first = [product for product in recent if product in fitting]
    return list(dict.fromkeys([*first, *fitting, *recent]))[:limit]


# --- books of records ---------------------------------------------------------------------------------------------------


def end_of(day: date) -> Any:
    """The first moment after a day, for what was written down by then."""
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=ledger.clock.LOCAL)


def book_conditions(as_of: date, farm: str = "pk") -> dict[str, Exists]:
    """Whether a farm's book holds production, drug use and sale as of a day. `farm` names the column of the farm."""
    rules = standards.record_rules(as_of)
    written = Q(recorded_at__lt=end_of(as_of), void=False)
    alive = Q(replaced_by=None) | Q(replaced_by__recorded_at__gte=end_of(as_of))
    diary = DiaryEntry.objects.filter(written, alive, farm=OuterRef(farm), on__lte=as_of)
    kinds = DiaryEntry.Kind
    production = diary.filter(
        kind__in=(kinds.STOCKING, kinds.FEED, kinds.WATER), on__gt=as_of - timedelta(days=rules.production_days)
    )
    since = as_of - timedelta(days=rules.drug_days)
    drugs = Application.objects.filter(written, alive, farm=OuterRef(farm), last_on__gt=since, last_on__lte=as_of)
    sold = DiaryEntry.objects.filter(
        written, alive, batch=OuterRef("batch"), kind=kinds.SALE, on__gte=OuterRef("on"), on__lte=as_of
    )
    unsold = Harvest.objects.filter(
        written, alive, batch__farm=OuterRef(farm), on__lte=as_of - timedelta(days=rules.sale_days)
    ).filter(~Exists(sold))
    return {
        "production_kept": Exists(production),
        "drugs_kept": Exists(drugs) | Exists(diary.filter(kind=kinds.NO_DRUG, on__gt=since)),
        "sales_kept": ~Exists(unsold),
    }


def with_books(rows: "QuerySet[Farm]", as_of: date) -> "QuerySet[Farm]":
    return rows.annotate(**book_conditions(as_of))


def incomplete_books(rows: "QuerySet[Farm]", as_of: date) -> "QuerySet[Farm]":
    """Fish farms whose three records have a gap on a day."""
    fish = rows.filter(kind=Farm.Kind.AQUATIC, since__lte=as_of).filter(Q(ended_on=None) | Q(ended_on__gt=as_of))
    return with_books(fish, as_of).exclude(production_kept=True, drugs_kept=True, sales_kept=True)


def farm_rows(as_of: date) -> "QuerySet[Any]":
    """One row per farm of the register, whether it keeps its records here or not: the honest denominator."""
    rows = registry.premises_rows(as_of, {"kind", "operating", "farm_inputs_farm_type"}).filter(kind="farm")
    files = Farm.objects.filter(premises=OuterRef("pk"), since__lte=as_of).filter(
        Q(ended_on=None) | Q(ended_on__gt=as_of)
    )
    kept = with_books(files, as_of)
    return rows.annotate(
        has_file=Exists(files),
        production_kept=Exists(kept.filter(production_kept=True)),
        drugs_kept=Exists(kept.filter(drugs_kept=True)),
        sales_kept=Exists(kept.filter(sales_kept=True)),
        records_complete=Exists(kept.filter(production_kept=True, drugs_kept=True, sales_kept=True)),
    )


def harvest_rows(as_of: date) -> "QuerySet[Harvest]":
    """One row per harvest of the year up to the day, as it was written down by then."""
    moment = end_of(as_of)
    alive = Q(replaced_by=None) | Q(replaced_by__recorded_at__gte=moment)
    rows = Harvest.objects.filter(alive, recorded_at__lt=moment, void=False, on__lte=as_of, on__gt=_year_before(as_of))
    return rows.order_by().annotate(
        produce=F("batch__produce"), food=F("batch__food"), farm_kind=F("batch__farm__kind"), **_certification(as_of)
    )


def _certification(as_of: date) -> dict[str, Any]:
    """Whether a harvest needs a certificate of compliance, whether its producer must give one, and whether its batch has one."""
    rule = supply.certificate_rules(as_of)
    foods = [food for food, groups in standards.groups(as_of).items() if rule.groups & set(groups)]
    needs = Q(batch__produce__in=rule.produce) | Q(batch__produce="crop", batch__food__in=foods)
    must = Q(batch__farm__premises__operator__kind__in=rule.obliged)
    given = supply.standing_of_batches(Batch._meta.label_lower, as_of).filter(subject_id=OuterRef("batch_key"))
    return {
        "certifiable": _flag(needs),
        "obliged": _flag(must) if as_of >= rule.obliged_from else Value(False),
        "batch_key": Cast("batch", CharField()),
        "certified": Exists(given),
    }


def _flag(condition: Q) -> Case:
    return Case(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField())


def _year_before(day: date) -> date:
    return date(day.year - 1, day.month, 28 if (day.month, day.day) == (2, 29) else day.day)


# --- the home and the work of today -------------------------------------------------------------------------------------


def work_counts(user: Any, ability: str = "farm.lists") -> dict[str, int]:
    day = ledger.clock.today()
    open_batches = list_batches(user, ability).filter(ended_on=None).order_by()
    counts: dict[str, int] = open_batches.aggregate(
        batches=Count("pk"),
        locked=Count("pk", filter=Q(locked_until__gt=day)),
        lock_open=Count("pk", filter=Q(lock_open=True)),
        soon_locked=Count(
            "pk", filter=Q(locked_until__gt=F("planned_on"), planned_on__gte=day, planned_on__lte=day + SOON)
        ),
    )
    counts["farms"] = list_farms(user, ability).filter(ended_on=None).order_by().count()
    counts["findings"] = open_findings(user).order_by().count()
    counts["books"] = incomplete_books(list_farms(user, ability), day).order_by().count()
    return counts


def open_findings(user: Any) -> "QuerySet[Finding]":
    """Findings whose matter is not closed yet."""
    from_matter = Q(matter__isnull=True) | ~Q(matter__state__in=("closed", "withdrawn"))
    return list_findings(user).filter(from_matter)


def by_township(user: Any, day: date) -> list[dict[str, Any]]:
    """Farms, locked batches and findings of the year, one row a township."""
    found: dict[str, dict[str, Any]] = {}
    year = date(day.year, 1, 1)
    sums = (
        ("farms", list_farms(user, "farm.lists").filter(ended_on=None)),
        ("applications", list_applications(user, "farm.lists").filter(STANDS, last_on__gte=year, last_on__lte=day)),
        ("locked", list_batches(user, "farm.lists").filter(ended_on=None, locked_until__gt=day)),
        ("harvests", list_harvests(user, "farm.lists").filter(STANDS, on__gte=year, on__lte=day)),
        ("within", list_harvests(user, "farm.lists").filter(STANDS, on__gte=year, on__lte=day, within_lock=True)),
        ("findings", list_findings(user).filter(found_on__gte=year)),
    )
    for name, rows in sums:
        counted: Any = rows.order_by().values(town=Substr("division_code", 1, 9)).annotate(n=Count("pk"))
        for line in counted:
            found.setdefault(line["town"], {})[name] = line["n"]
    return _with_places(found, [name for name, _rows in sums])


def _with_places(found: dict[str, dict[str, Any]], names: list[str]) -> list[dict[str, Any]]:
    places = {d.code: d for d in people.Division.objects.filter(code__in=found)}
    return [
        {
            "code": code,
            "name": places[code].name if code in places else code,
            "lat": places[code].latitude if code in places else None,
            "lng": places[code].longitude if code in places else None,
            **{name: counts.get(name, 0) for name in names},
        }
        for code, counts in sorted(found.items())
    ]


def trend(user: Any, day: date) -> list[dict[str, Any]]:
    """Uses, harvests and harvests within an interval by month, over a year."""
    months = [
        date(day.year + (day.month - 1 - n) // MONTHS, (day.month - 1 - n) % MONTHS + 1, 1) for n in range(MONTHS)
    ]
    months.reverse()
    first = months[0]
    uses = _by_month(list_applications(user, "farm.lists").filter(STANDS), "last_on", first, day)
    harvested = list_harvests(user, "farm.lists").filter(STANDS)
    harvests, within = (
        _by_month(harvested, "on", first, day),
        _by_month(harvested.filter(within_lock=True), "on", first, day),
    )
    return [
        {"month": f"{m:%Y-%m}", "uses": uses.get(m, 0), "harvests": harvests.get(m, 0), "within": within.get(m, 0)}
        for m in months
    ]


def _by_month(rows: "QuerySet[Any]", field: str, first: date, last: date) -> dict[date, int]:
    rows = rows.filter(**{f"{field}__gte": first, f"{field}__lte": last}).order_by()
    counted: dict[date, int] = {}
    for day, n in rows.values_list(field).annotate(n=Count("pk")):
        counted[day.replace(day=1)] = counted.get(day.replace(day=1), 0) + n
    return counted
