"""Fields that many of these models share."""

from typing import Any

from django.conf import settings
from django.db import models


def person(label: Any) -> "models.ForeignKey[Any, Any]":
    """Who did it; empty when the platform did it by itself."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=label
    )


def evidence(label: Any) -> "models.ForeignKey[Any, Any]":
    return models.ForeignKey(
        "ledger.EvidenceFile", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=label
    )


def by_with_at(name: str, stem: str) -> models.CheckConstraint:
    """Nobody did what has no time; a time without a person is the platform's own doing."""
    return models.CheckConstraint(
        condition=models.Q(**{f"{stem}_at__isnull": False}) | models.Q(**{f"{stem}_by__isnull": True}), name=name
    )
