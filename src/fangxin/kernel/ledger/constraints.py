"""Constraints that models of many apps state alike."""

from django.db.models import CheckConstraint, Q


def told_together(at: str, by: str, name: str) -> CheckConstraint:
    """When and by whom stand together or not at all."""
    empty = Q(**{f"{at}__isnull": True, by: ""})
    return CheckConstraint(condition=empty | (Q(**{f"{at}__isnull": False}) & ~Q(**{by: ""})), name=name)
