"""The rows behind a figure."""

from collections.abc import Collection, Iterable
from datetime import date
from functools import reduce
from inspect import signature
from operator import or_
from typing import Any

from django.db.models import Q, QuerySet

from fangxin.engines.indicators import IndicatorDefinition
from fangxin.kernel.contributing import api as contribute
from fangxin.kernel.contributing.data import Subject
from fangxin.kernel.people import api as people
from fangxin.oversight.board.compile import fails, holds


def subject_of(definition: IndicatorDefinition) -> Subject | None:
    """The fact table of a computed indicator; None while no app offers it."""
    return contribute.subjects.get(definition.subject) if definition.subject in contribute.subjects else None


def countable(found: Iterable[IndicatorDefinition]) -> dict[str, list[IndicatorDefinition]]:
    """Computed indicators by fact table, as far as the fact tables and all their fields are there."""
    by_subject: dict[str, list[IndicatorDefinition]] = {}
    for definition in found:
        subject = subject_of(definition) if definition.subject else None
        if subject is not None and set(definition.fields) <= set(subject.fields):
            by_subject.setdefault(definition.subject, []).append(definition)
    return by_subject


def subject_rows(subject: Subject, as_of: date, names: Collection[str]) -> "QuerySet[Any]":
    """The rows as of a day; only the named fields where the fact table can leave out the others."""
    if "only" in signature(subject.rows).parameters:
        return subject.rows(as_of, only=set(names))  # type: ignore[call-arg]
    return subject.rows(as_of)


def anywhere_under(prefixes: Collection[str]) -> Q:
    return reduce(or_, (people.under(prefix) for prefix in sorted(prefixes)))


def conditions(definition: IndicatorDefinition) -> dict[str, Q]:
    """Filters of the records of a figure: its denominator, its numerator, and what lies between them."""
    if definition.numerator is None:
        raise LookupError(f"{definition.code} is not counted from records")
    numerator = holds(definition.numerator)
    if definition.denominator is None:
        return {"denominator": numerator, "numerator": numerator, "failing": Q(pk__isnull=True)}
    denominator = holds(definition.denominator)
    return {
        "denominator": denominator,
        "numerator": denominator & numerator,
        "failing": denominator & fails(definition.numerator),
    }


def rows_of(definition: IndicatorDefinition, part: str, division_code: str, as_of: date) -> "QuerySet[Any]":
    """The records of one part of a figure. LookupError where no app keeps such records."""
    subject = subject_of(definition)
    if subject is None:
        raise LookupError(definition.subject)
    rows = subject_rows(subject, as_of, definition.fields).filter(people.under(division_code))
    return rows.filter(conditions(definition)[part])
