"""The reviewed rules of recalls, read once."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from fangxin.kernel.ledger import api as ledger


@dataclass(frozen=True, slots=True)
class RecallTerm:
    """How soon a recall of a level begins, in hours, and ends, in working days."""

    start_hours: int
    finish_workdays: int


@dataclass(frozen=True, slots=True)
class RecallRules:
    levels: Mapping[str, RecallTerm]
    pass_on: timedelta
    checked: Fraction
    drill: timedelta


def recall_rules(on: date) -> RecallRules:
    """The rules in force on a day. Raises Refused where there are none."""
    since, rules = _read(Path(settings.STANDARDS_DIR) / "supply" / "recall.toml")
    if on < since:
        raise ledger.Refused(_("%(day)s还没有施行中的召回规则，请管理员先录入。") % {"day": on})
    return rules


@cache
def _read(path: Path) -> tuple[date, RecallRules]:
    row = tomllib.loads(path.read_text("utf-8"))
    levels = {name: RecallTerm(**term) for name, term in row["level"].items()}
    rules = RecallRules(
        levels, timedelta(hours=row["pass_on_hours"]), Fraction(row["check_percent"]) / 100, timedelta(hours=row["drill_hours"])
    )  # fmt: skip
    return row["in_force_from"], rules
