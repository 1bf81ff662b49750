"""The registry's fact tables for indicators: every column is what it was on the day asked for.

`only` names the columns that a formula uses; the others are left out, since each costs a look into the dated facts.
"""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    CharField,
    Count,
    DateField,
    DecimalField,
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
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Coalesce, ExtractDay, ExtractMonth, ExtractYear, NullIf
from django.db.models.lookups import Exact, GreaterThan

from fangxin.kernel.contributing import api as contribute
from fangxin.kernel.people import api as people
from fangxin.kernel.registry.models import CensusEntry, CensusSurvey, Credential, Premises, PremisesFact, Staff

Only = Collection[str] | None
VILLAGE_LENGTH = 12


def in_force(premises: str, name: str, day: date) -> Subquery:
    """The value of a dated fact on a day; `premises` names the column that points to the premises."""
    rows = PremisesFact.objects.filter(
        Q(valid_to=None) | Q(valid_to__gt=day), premises=OuterRef(premises), name=name, valid_from__lte=day
    )
    return Subquery(rows.order_by("-valid_from", "-pk").values("value")[:1])


def spans(day: date, start: str, end: str) -> Q:
    """Begun by the day and not ended before it."""
    return Q(**{f"{start}__lte": day}) & (Q(**{end: None}) | Q(**{f"{end}__gt": day}))


def valid_on(day: date, prefix: str = "") -> Q:
    """A credential that holds on the day: its last day counts, the day of revocation does not."""
    return (
        Q(**{f"{prefix}issued_on__lte": day})
        & (Q(**{f"{prefix}expires_on": None}) | Q(**{f"{prefix}expires_on__gte": day}))
        & (Q(**{f"{prefix}revoked_on": None}) | Q(**{f"{prefix}revoked_on__gt": day}))
    )


def _dated(field: str, day: date, path: str, now: Any) -> Case:
    """A column of the premises as it was: from the facts if it ever changed, else as the row says."""
    pointer = f"{path}pk" if not path else path.removesuffix("__") + "_id"
    earlier = Coalesce(in_force(pointer, f"registry.{field}", day), now, output_field=CharField())
    return Case(When(**{f"{path}has_history": True}, then=earlier), default=now, output_field=CharField())


def text_on(field: str, day: date, path: str = "") -> Case:
    """`kind` or `size_class` of the premises reached by `path` ("" or "premises__"), on a day."""
    return _dated(field, day, path, F(f"{path}{field}"))


def rural_on(day: date, path: str = "") -> Case:
    now = Case(When(**{f"{path}rural": True}, then=Value("1")), default=Value("0"), output_field=CharField())
    return _flag(_dated("rural", day, path, now), "1")


def operating_on(day: date, path: str = "") -> Case:
    """Opened by the day, and neither suspended nor lost nor closed on it."""
    status = Case(
        When(**{f"{path}closed_on__lte": day}, then=Value("closed")),
        When(**{f"{path}status": Premises.Status.CLOSED}, then=Value("operating")),
        default=F(f"{path}status"),
        output_field=CharField(),
    )
    return Case(
        When(**{f"{path}opened_on__gt": day}, then=Value(False)),
        default=_flag(_dated("status", day, path, status), "operating"),
        output_field=BooleanField(),
    )


def _flag(expression: Combinable | Case, value: str) -> Case:
    """Whether an expression has a value, as a column that can be true or false."""
    return Case(
        When(Exact(expression, Value(value)), then=Value(True)), default=Value(False), output_field=BooleanField()
    )


def _months_since_opening(day: date) -> Case:
    opened = F("opened_on")
    months = (day.year - ExtractYear(opened)) * 12 + day.month - ExtractMonth(opened)
    # A month counts once it is full: opened on the 20th, the first month is full on the 20th.
    unfinished = GreaterThan(ExtractDay("opened_on"), Value(day.day))
    begun = Case(When(unfinished, then=Value(1)), default=Value(0), output_field=IntegerField())
    return Case(When(opened_on__lte=day, then=months - begun), default=None, output_field=IntegerField())


def attribute_column(name: str) -> str:
    return name.replace(".", "_")


def attribute_on(attribute: Any, day: date) -> Any:
    """An attribute's value on the day in its own type; nothing where it was withdrawn or never recorded."""
    text = NullIf(in_force("pk", attribute.name, day), Value(""))
    if attribute.kind == "number":
        return Cast(text, DecimalField(max_digits=16, decimal_places=4))
    if attribute.kind == "date":
        return Cast(text, DateField())
    return text


def _wanted(columns: dict[str, Any], only: Only) -> dict[str, Any]:
    return {name: make() for name, make in columns.items() if only is None or name in only}


def premises_rows(as_of: date, only: Only = None) -> "QuerySet[Any]":
    """One row per place of the register; rows merged into another are not places of their own."""
    columns: dict[str, Any] = {
        "kind": lambda: text_on("kind", as_of),
        "operating": lambda: operating_on(as_of),
        "rural": lambda: rural_on(as_of),
        "size_class": lambda: text_on("size_class", as_of),
        "months_licensed": lambda: _months_since_opening(as_of),
        "has_valid_credential": lambda: Exists(Credential.objects.filter(valid_on(as_of), premises=OuterRef("pk"))),
    }
    for attribute in contribute.attributes:
        columns[attribute_column(attribute.name)] = lambda attribute=attribute: attribute_on(attribute, as_of)
    # Plain values, because `kind` on the day may differ from the column of the same name.
    rows = Premises.objects.filter(merged_into=None).order_by().values("pk", "division_code")
    return rows.annotate(**_wanted(columns, only))


def staff_rows(as_of: date, only: Only = None) -> "QuerySet[Any]":
    exam = Staff.objects.filter(
        spans_to_last_day(as_of, "certificates__"), pk=OuterRef("pk"), certificates__kind="training_exam"
    )
    columns: dict[str, Any] = {
        "premises_kind": lambda: text_on("kind", as_of, "premises__"),
        "premises_size_class": lambda: text_on("size_class", as_of, "premises__"),
        "premises_operating": lambda: operating_on(as_of, "premises__"),
        "on_payroll": lambda: Case(
            When(spans(as_of, "joined_on", "left_on"), then=Value(True)),
            default=Value(False),
            output_field=BooleanField(),
        ),
        "certified": lambda: Exists(exam),
    }
    return Staff.objects.order_by().annotate(**_wanted(columns, only))


def spans_to_last_day(day: date, prefix: str) -> Q:
    """A certificate got by the day whose last day is not over."""
    return Q(**{f"{prefix}passed_on__lte": day}) & (
        Q(**{f"{prefix}expires_on": None}) | Q(**{f"{prefix}expires_on__gte": day})
    )


def census_rows(as_of: date, only: Only = None) -> "QuerySet[Any]":
    """What the latest survey of each division saw, without what is out of scope."""
    registered = Credential.objects.filter(valid_on(as_of), premises=OuterRef("premises_id"))
    columns: dict[str, Any] = {"registered": lambda: Exists(registered)}
    rows = CensusEntry.objects.filter(latest_survey(as_of), seen_on__lte=as_of).order_by()
    return rows.exclude(match=CensusEntry.Match.OUT_OF_SCOPE).annotate(**_wanted(columns, only))


def latest_survey(as_of: date) -> Q:
    """Entries of the survey that speaks for their division on the day: the last one finished, or where none was
    finished yet the last one begun."""
    surveys = list(CensusSurvey.objects.filter(started_on__lte=as_of))
    surveys.sort(key=lambda s: (*_rank(s, as_of), s.pk), reverse=True)
    plain: list[int] = []
    parts = Q()
    newer: list[str] = []
    for survey in surveys:
        if not any(survey.division_code.startswith(code) for code in newer):
            inside = [code for code in newer if code.startswith(survey.division_code)]
            if inside:
                parts |= _without(Q(survey=survey.pk), inside)
            else:
                plain.append(survey.pk)
            newer.append(survey.division_code)
    # One list for all that speak alone: with hundreds of counties a database follows a list better than as many "or"s.
    return Q(survey__in=plain) | parts


def _rank(survey: CensusSurvey, as_of: date) -> tuple[bool, date]:
    finished = survey.finished_on is not None and survey.finished_on <= as_of
    return finished, survey.finished_on if finished and survey.finished_on else survey.started_on


def _without(condition: Q, codes: Iterable[str]) -> Q:
    for code in codes:
        condition &= ~people.under(code)
    return condition


def village_rows(as_of: date, only: Only = None) -> "QuerySet[Any]":
    """Villages and communities of the day, with or without a trained helper on duty."""
    helpers = Staff.objects.filter(
        spans(as_of, "joined_on", "left_on"),
        spans_to_last_day(as_of, "certificates__"),
        role=Staff.Role.VILLAGE_HELPER,
        division_code=OuterRef("code"),
        certificates__kind="helper_training",
    )
    columns: dict[str, Any] = {"has_trained_helper": lambda: Exists(helpers)}
    rows = people.divisions_on(as_of).filter(kind__in=("village", "community")).order_by()
    return rows.annotate(division_code=F("code"), **_wanted(columns, only))


def credential_rows(as_of: date, only: Only = None) -> "QuerySet[Any]":
    """Credentials issued by the day. A renewed one whose successor has begun no longer speaks for itself."""
    ended = Q(expires_on__lt=as_of) & (Q(revoked_on=None) | Q(revoked_on__gt=as_of))
    columns: dict[str, Any] = {
        "valid": lambda: Case(
            When(valid_on(as_of), then=Value(True)), default=Value(False), output_field=BooleanField()
        ),
        "expired": lambda: Case(When(ended, then=Value(True)), default=Value(False), output_field=BooleanField()),
        "premises_operating": lambda: operating_on(as_of, "premises__"),
        "premises_kind": lambda: text_on("kind", as_of, "premises__"),
    }
    rows = Credential.objects.filter(issued_on__lte=as_of, premises__merged_into=None).order_by()
    return rows.exclude(renewed_by__issued_on__lte=as_of).annotate(**_wanted(columns, only))


def coverage(prefix: str, as_of: date) -> dict[str, int]:
    """Counts of the surveys that speak for a division: the honest denominator and what is registered of it."""
    rows = CensusEntry.objects.filter(latest_survey(as_of), people.under(prefix), seen_on__lte=as_of).order_by()
    holds = Exists(Credential.objects.filter(valid_on(as_of), premises=OuterRef("premises_id")))
    in_scope = ~Q(match=CensusEntry.Match.OUT_OF_SCOPE)
    return rows.annotate(holds=holds).aggregate(
        entries=Count("pk"),
        waiting=Count("pk", filter=Q(match=CensusEntry.Match.UNMATCHED)),
        not_registered=Count("pk", filter=Q(match=CensusEntry.Match.NOT_REGISTERED)),
        out_of_scope=Count("pk", filter=~in_scope),
        in_operation=Count("pk", filter=in_scope & Q(operating=True)),
        registered=Count("pk", filter=in_scope & Q(operating=True, holds=True)),
    )
