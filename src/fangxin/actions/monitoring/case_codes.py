"""The code lists of the case report."""

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings


@cache
def _document(path: Path) -> Mapping[str, Any]:
    return tomllib.loads(path.read_text("utf-8"))


def _lists() -> Mapping[str, Any]:
    return _document(Path(settings.STANDARDS_DIR) / "monitoring" / "case-form.toml")


def choices(name: str) -> list[tuple[str, str]]:
    """Codes and labels of one list, in the form's order."""
    return list(_lists()[name].items())


def label(name: str, code: str) -> str:
    return str(_lists()[name].get(code, code))


def symptom_groups(*, first: bool) -> Sequence[tuple[str, list[tuple[str, str]]]]:
    """Symptoms by system: those that most patients have, or the rest."""
    return [(row["system"], list(row["codes"].items())) for row in _lists()["symptoms"] if row["first"] is first]


def symptom_labels() -> Mapping[str, str]:
    return {code: text for row in _lists()["symptoms"] for code, text in row["codes"].items()}
