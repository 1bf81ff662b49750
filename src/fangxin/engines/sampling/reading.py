"""A plan as JSON and back. Keys, kinds and choices are checked field by field; nothing unknown is passed over."""

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeVar

from fangxin.engines.evidence.canonical import format_decimal
from fangxin.engines.sampling.checks import refuse_unless_sound
from fangxin.engines.sampling.plans import (
    DrawPlan,
    Inspector,
    LastVisit,
    PlanFault,
    PlanProblem,
    PlanRefused,
    Quota,
    Rounding,
    StratumKey,
    Target,
)

_MISSING = object()
_NUMBER = re.compile(r"\d{1,10}(\.\d{1,20})?")

C = TypeVar("C", bound=StrEnum)
V = TypeVar("V")


def plan_from(values: object) -> DrawPlan:
    """Read a plan from parsed JSON (docs/methods/draw.md has the schema).

    Numbers with decimals come as text or Decimal; a binary float is refused, since it is not the number that was
    written. Raises PlanRefused with every problem found.
    """
    reader = _Reader()
    plan = reader.plan(values)
    if plan is None or reader.problems:
        raise PlanRefused(reader.problems)
    refuse_unless_sound(plan)
    return plan


def plan_to_mapping(plan: DrawPlan) -> dict[str, object]:
    """The plan under the keys of its file, every field present, numbers with decimals as text.

    Reading it again gives the same plan; its canonical form is what the plan's digest is over.
    """
    return {
        "title": plan.title,
        "purpose": plan.purpose,
        "year": plan.year,
        "commitment": plan.commitment,
        "public_source": plan.public_source,
        "exploration": _plain(plan.exploration),
        "team_size": plan.team_size,
        "last_visit": plan.last_visit.value,
        "avoid_own_township": plan.avoid_own_township,
        "quotas": [_quota_values(quota) for quota in plan.quotas],
        "targets": [
            {
                "id": t.id, "name": t.name, "grade": t.grade, "township": t.township, "kind": t.kind,
                "weight": _plain(t.weight), "last_inspectors": list(t.last_inspectors),
            }
            for t in plan.targets
        ],
        "inspectors": [
            {"id": i.id, "township": i.township, "max_visits": i.max_visits, "recused": list(i.recused)}
            for i in plan.inspectors
        ],
    }  # fmt: skip


def _quota_values(quota: Quota) -> dict[str, object]:
    values: dict[str, object] = {"by": quota.by.value}
    if quota.counts is not None:
        values["counts"] = dict(quota.counts)
    for name, parts in (("rates", quota.rates), ("shares", quota.shares)):
        if parts is not None:
            values[name] = {key: _plain(part) for key, part in parts.items()}
    if quota.rounding is not None:
        values["rounding"] = quota.rounding.value
    if quota.total is not None:
        values["total"] = quota.total
    return values


def _plain(value: Decimal) -> str:
    text = format_decimal(value)
    return text.rstrip("0").rstrip(".") if "." in text else text


_PLAN = frozenset({"title", "commitment", "public_source", "exploration", "quotas", "targets", "inspectors"})
_PLAN_OPTIONS = frozenset({"purpose", "year", "team_size", "last_visit", "avoid_own_township"})
_TARGET_OPTIONS = frozenset({"name", "grade", "township", "kind", "weight", "last_inspectors"})
_QUOTA_OPTIONS = frozenset({"counts", "rates", "rounding", "shares", "total"})


class _Reader:
    """Reads on after a problem, so that one reading tells all of them."""

    def __init__(self) -> None:
        self.problems: list[PlanProblem] = []

    def refuse(self, pointer: str, fault: PlanFault, found: object = "") -> None:
        shown = str(found).encode("utf-8", "backslashreplace").decode()
        self.problems.append(PlanProblem(pointer, fault, shown[:80]))

    def plan(self, values: object) -> DrawPlan | None:
        fields = self.members(values, "", _PLAN, _PLAN_OPTIONS)
        if fields is None:
            return None
        year = fields.get("year")
        return DrawPlan(
            title=self.text(fields.get("title"), "/title"),
            purpose=self.text(fields.get("purpose", ""), "/purpose"),
            year=None if year is None else self.whole(year, "/year"),
            commitment=self.text(fields.get("commitment"), "/commitment").lower(),
            public_source=self.text(fields.get("public_source"), "/public_source"),
            exploration=self.decimal(fields.get("exploration"), "/exploration"),
            team_size=self.whole(fields.get("team_size", 2), "/team_size"),
            last_visit=self.choice(LastVisit, fields.get("last_visit", "all_new"), "/last_visit", LastVisit.ALL_NEW),
            avoid_own_township=self.flag(fields.get("avoid_own_township", False), "/avoid_own_township"),
            quotas=self.each(fields.get("quotas"), "/quotas", self.quota),
            targets=self.each(fields.get("targets"), "/targets", self.target),
            inspectors=self.each(fields.get("inspectors"), "/inspectors", self.inspector),
        )

    def target(self, values: object, pointer: str) -> Target | None:
        fields = self.members(values, pointer, frozenset({"id"}), _TARGET_OPTIONS)
        if fields is None:
            return None
        words = {
            key: self.text(fields.get(key, ""), f"{pointer}/{key}")
            for key in ("id", "name", "grade", "township", "kind")
        }
        return Target(
            **words,
            weight=self.decimal(fields.get("weight", 1), f"{pointer}/weight"),
            last_inspectors=self.each(fields.get("last_inspectors", []), f"{pointer}/last_inspectors", self.text),
        )

    def inspector(self, values: object, pointer: str) -> Inspector | None:
        fields = self.members(values, pointer, frozenset({"id", "max_visits"}), frozenset({"township", "recused"}))
        if fields is None:
            return None
        return Inspector(
            self.text(fields.get("id"), f"{pointer}/id"),
            self.whole(fields.get("max_visits"), f"{pointer}/max_visits"),
            self.text(fields.get("township", ""), f"{pointer}/township"),
            self.each(fields.get("recused", []), f"{pointer}/recused", self.text),
        )

    def quota(self, values: object, pointer: str) -> Quota | None:
        fields = self.members(values, pointer, frozenset({"by"}), _QUOTA_OPTIONS)
        if fields is None:
            return None
        rounding, total = fields.get("rounding"), fields.get("total")
        return Quota(
            self.choice(StratumKey, fields.get("by"), f"{pointer}/by", StratumKey.ALL),
            counts=self.table(fields, "counts", pointer, self.whole),
            rates=self.table(fields, "rates", pointer, self.decimal),
            rounding=None if rounding is None else self.choice(Rounding, rounding, f"{pointer}/rounding", Rounding.UP),
            shares=self.table(fields, "shares", pointer, self.decimal),
            total=None if total is None else self.whole(total, f"{pointer}/total"),
        )

    def members(
        self, values: object, pointer: str, required: frozenset[str], optional: frozenset[str]
    ) -> Mapping[str, Any] | None:
        if not isinstance(values, Mapping):
            self.refuse(pointer, PlanFault.WRONG_KIND, type(values).__name__)
            return None
        for key in sorted(required - values.keys()):
            self.refuse(f"{pointer}/{key}", PlanFault.MISSING)
        for key in sorted(values.keys() - required - optional):
            self.refuse(f"{pointer}/{escape(key)}", PlanFault.UNKNOWN_KEY)
        # What is missing has been told; a reader of the value must not tell it again.
        return {**dict.fromkeys(required, _MISSING), **values}

    def table(
        self, fields: Mapping[str, Any], name: str, pointer: str, read: Callable[[object, str], V]
    ) -> dict[str, V] | None:
        values = fields.get(name)
        if values is None:
            return None
        if not isinstance(values, Mapping):
            self.refuse(f"{pointer}/{name}", PlanFault.WRONG_KIND, type(values).__name__)
            return None
        return {
            self.text(key, f"{pointer}/{name}"): read(value, f"{pointer}/{name}/{escape(key)}")
            for key, value in values.items()
        }

    def each(self, values: object, pointer: str, read: Callable[[object, str], V | None]) -> tuple[V, ...]:
        if isinstance(values, str) or not isinstance(values, Sequence):
            if values is not _MISSING:
                self.refuse(pointer, PlanFault.WRONG_KIND, type(values).__name__)
            return ()
        found = (read(value, f"{pointer}/{place}") for place, value in enumerate(values))
        return tuple(value for value in found if value is not None)

    def text(self, value: object, pointer: str) -> str:
        if isinstance(value, str) and _is_text(value):
            return value
        if value is not _MISSING:
            self.refuse(pointer, PlanFault.WRONG_KIND, value)
        return ""

    def whole(self, value: object, pointer: str) -> int:
        if isinstance(value, int) and not isinstance(value, bool):
            if abs(value) <= 10**12:
                return value
            self.refuse(pointer, PlanFault.OUT_OF_RANGE)
        elif value is not _MISSING:
            self.refuse(pointer, PlanFault.WRONG_KIND, value)
        return 1

    def decimal(self, value: object, pointer: str) -> Decimal:
        if isinstance(value, int) and not isinstance(value, bool):
            return Decimal(self.whole(value, pointer))
        if isinstance(value, Decimal):
            return value
        if isinstance(value, str) and _NUMBER.fullmatch(value):
            return Decimal(value)
        if value is not _MISSING:
            self.refuse(pointer, PlanFault.WRONG_KIND, value)
        return Decimal(1)

    def flag(self, value: object, pointer: str) -> bool:
        if not isinstance(value, bool):
            self.refuse(pointer, PlanFault.WRONG_KIND, value)
        return value is True

    def choice(self, kind: type[C], value: object, pointer: str, fallback: C) -> C:
        if isinstance(value, str) and value in {member.value for member in kind}:
            return kind(value)
        if value is not _MISSING:
            self.refuse(pointer, PlanFault.NOT_A_CHOICE, value)
        return fallback


def _is_text(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:  # half a character, as a broken escape leaves it
        return False
    return True


def escape(key: object) -> str:
    """A key as part of a JSON pointer (RFC 6901)."""
    return str(key).replace("~", "~0").replace("/", "~1")
