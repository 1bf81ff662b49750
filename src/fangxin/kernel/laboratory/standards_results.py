"""The reviewed rules of what follows a failing sample, read once."""

import tomllib
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

from fangxin.kernel.laboratory.data_results import FollowUpRoute, FollowUpRules


class RulesMissing(LookupError):
    """No edition of the rules is in force on the day asked about."""


def follow_up_rules(on: date) -> FollowUpRules:
    row = _document(Path(settings.STANDARDS_DIR) / "laboratory" / "follow-up.toml")
    if not row["in_force_from"] <= on <= row.get("in_force_to", date.max):
        raise RulesMissing(f"no edition of follow-up.toml in force on {on}")
    return _read(Path(settings.STANDARDS_DIR) / "laboratory" / "follow-up.toml")


@cache
def _document(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text("utf-8"))


@cache
def _read(path: Path) -> FollowUpRules:
    row = _document(path)
    return FollowUpRules(
        micro_words=tuple(row["micro_words"]),
        serious_words=tuple(row["serious_words"]),
        routes=tuple(
            FollowUpRoute(
                frozenset(r.get("stages", ())), tuple(r.get("words", ())), tuple(r["owner"]), r.get("also", "")
            )
            for r in row["route"]
        ),
    )
