"""What a person may read of operators' own checks, and how many days were recorded."""

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any

from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Greatest

from fangxin.engines.grading import self_control as engine
from fangxin.kernel.fieldwork import standards_self_control as standards
from fangxin.kernel.fieldwork.models import (
    Appointment,
    ClosedDay,
    ControlProblem,
    DailyRecord,
    ManagerExam,
    MonthlyMeeting,
    WeeklyReport,
)
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.registry import api as registry

DINERS = "self_control.diners"


def list_places(user: Any, ability: str = "selfcontrol.view") -> "QuerySet[registry.Premises]":
    """Operating places of the kinds that owe a daily record today."""
    kinds = standards.obliged_kinds(ledger.clock.today())
    return registry.list_premises(user, ability).filter(kind__in=kinds, status=registry.Premises.Status.OPERATING)


def list_problems(user: Any, ability: str = "selfcontrol.view") -> "QuerySet[ControlProblem]":
    rows = ControlProblem.objects.select_related("premises")
    return rows.filter(premises__in=registry.list_premises(user, ability).order_by().values("pk"))


def list_appointments(user: Any, ability: str = "selfcontrol.view") -> "QuerySet[Appointment]":
    rows = Appointment.objects.select_related("premises")
    return rows.filter(premises__in=registry.list_premises(user, ability).order_by().values("pk"))


def open_problems(premises: Any) -> list[ControlProblem]:
    return list(ControlProblem.objects.filter(premises=premises, closed_at=None).order_by("found_on", "pk"))


def first_owed(premises: Any) -> date:
    """The first day for which this place owes a record."""
    begins = standards.first_day()
    return max(begins, premises.opened_on) if premises.opened_on is not None else begins


def day_account(premises: Any, first: date, last: date) -> engine.DayAccount:
    """The days of a span; today, while it is not recorded, is not a gap yet."""
    today = ledger.clock.today()
    records = {
        row.day: _made_on(row) for row in DailyRecord.objects.filter(premises=premises, day__range=(first, last))
    }
    until = min(last, today if today in records else today - timedelta(1))
    closed = set(ClosedDay.objects.filter(premises=premises, day__range=(first, last)).values_list("day", flat=True))
    return engine.account_days(max(first, first_owed(premises)), until, records=records, closed=closed)


def _made_on(record: DailyRecord) -> date:
    return record.made_at.astimezone(ledger.clock.LOCAL).date()


def carried_lately(premises: Collection[int], since: date) -> dict[int, frozenset[int]]:
    """What the weekly reports of each place name, of those made since a day."""
    found: dict[int, frozenset[int]] = {}
    for row in WeeklyReport.objects.filter(premises__in=premises, made_at__date__gte=since).order_by("made_at"):
        found[row.premises_id] = frozenset(line["problem"] for line in row.carried)
    return found


def _count(model: Any, first: date, last: date, **more: Any) -> Coalesce:
    rows = model.objects.filter(premises=OuterRef("pk"), day__range=(first, last), **more).order_by()
    counted = rows.values("premises").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def with_completion(rows: "QuerySet[Any]", first: date, last: date) -> "QuerySet[Any]":
    """Operating days, days recorded on the day, late entries and gaps of the span, as columns."""
    begins = max(first, standards.first_day())
    days = max((last - begins).days + 1, 0)
    opened = [When(opened_on=begins + timedelta(n), then=Value(days - n)) for n in range(1, days)]
    span = Case(When(opened_on__gt=last, then=Value(0)), *opened, default=Value(days), output_field=IntegerField())
    recorded = DailyRecord.objects.filter(premises=OuterRef("premises"), day=OuterRef("day"))
    # Whether a closed day was recorded all the same is asked of each such day; those are few.
    closed = _closed(begins, last, recorded)
    rows = rows.annotate(
        on_day=_count(DailyRecord, begins, last, late=False),
        late=_count(DailyRecord, begins, last, late=True),
        operating_days=Greatest(span - closed, Value(0), output_field=IntegerField()),
    )
    left = Greatest(F("operating_days") - F("on_day") - F("late"), Value(0), output_field=IntegerField())
    counted: QuerySet[Any] = rows.annotate(gaps=left)
    return counted


def _closed(first: date, last: date, recorded: "QuerySet[Any]") -> Coalesce:
    rows = ClosedDay.objects.filter(~Exists(recorded), premises=OuterRef("pk"), day__range=(first, last)).order_by()
    counted = rows.values("premises").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def day_rows(as_of: date) -> "QuerySet[Any]":
    """One row per place that owes daily records, with the days of the month up to `as_of`."""
    kinds = standards.obliged_kinds(as_of)
    rows = registry.Premises.objects.filter(_operating_on(as_of), merged_into=None, kind__in=kinds).order_by()
    counted = with_completion(rows, engine.month_of(as_of)[0], as_of)
    complete = Case(When(operating_days__gt=0, gaps=0, late=0, then=Value(True)), default=Value(False))
    told: QuerySet[Any] = counted.annotate(whole=complete)
    return told


def _operating_on(day: date) -> Q:
    """Begun by the day and not closed before it; what is suspended now says nothing of an earlier day."""
    began = Q(opened_on=None) | Q(opened_on__lte=day)
    return began & (Q(closed_on=None) | Q(closed_on__gt=day))


def director_need(premises: Any, day: date) -> engine.DirectorNeed:
    facts = {name: fact.value for name, fact in registry.facts_on(premises, day).items() if fact.value}
    diners = facts.get(DINERS, "")
    return engine.director_need(
        standards.director_lines(max(day, standards.first_day())),
        kind=premises.kind,
        size=premises.size_class,
        facts=facts,
        diners=int(float(diners)) if diners.replace(".", "", 1).isdecimal() else None,
    )


def appointments_of(premises: Any) -> list[Appointment]:
    rows = Appointment.objects.filter(premises=premises).order_by(F("ends_on").desc(nulls_first=True), "role", "pk")
    return list(rows.prefetch_related("exams"))


def without_today(user: Any) -> "QuerySet[registry.Premises]":
    """Own places whose record of today is not made, and which are not closed today."""
    today = ledger.clock.today()
    made = DailyRecord.objects.filter(premises=OuterRef("pk"), day=today)
    closed = ClosedDay.objects.filter(premises=OuterRef("pk"), day=today)
    return list_places(user, "selfcontrol.record").filter(~Exists(made), ~Exists(closed))


def without_week(user: Any) -> "QuerySet[registry.Premises]":
    monday = engine.week_of(ledger.clock.today())[0]
    made = WeeklyReport.objects.filter(premises=OuterRef("pk"), monday=monday)
    return list_places(user, "selfcontrol.record").filter(~Exists(made))


def without_meeting(user: Any) -> "QuerySet[registry.Premises]":
    month = ledger.clock.today().replace(day=1)
    made = MonthlyMeeting.objects.filter(premises=OuterRef("pk"), month=month)
    return list_places(user, "selfcontrol.record").filter(~Exists(made))


def exams_to_repeat(user: Any, day: date) -> "QuerySet[ManagerExam]":
    """Failed, the day of the second exam reached, and nothing passed since."""
    passed = ManagerExam.objects.filter(appointment=OuterRef("appointment"), examined_on__gt=OuterRef("examined_on"))
    rows = ManagerExam.objects.filter(~Exists(passed), passed=False, reexam_on__lte=day, appointment__ends_on=None)
    return rows.filter(premises__in=registry.list_premises(user, "inspection.work").order_by().values("pk"))
