"""What goes into a bulletin by itself: figures, returns, matters, practice and problems of a period."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from fangxin.engines.indicators import (
    Comparison,
    Figure,
    IndicatorDefinition,
    Kind,
    Status,
    round_for_display,
    value_in_unit,
)
from fangxin.kernel.casework import api as casework
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.oversight.board import api as board
from fangxin.oversight.plans import api as plans
from fangxin.oversight.plans.data import ACTION_CODES

ACCEPTED = (plans.Return.State.ACCEPTED, plans.Return.State.MERGED)
# Agencies that a notice to all units may name; firms and shops are only counted.
NAMED = ("office", "department", "township", "station")


@dataclass(frozen=True, slots=True)
class Span:
    """The time a bulletin speaks of; with a return period it stands on that period's frozen figures."""

    division_code: str
    plan: plans.Plan
    name: str
    since: date
    as_of: date
    period: Any = None
    snapshot: board.Snapshot | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """Good practice or a problem, and the page where it can be checked."""

    title: str
    text: str
    agencies: tuple[str, ...] = ()
    source: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    figures: list[dict[str, Any]]
    timeliness: dict[str, Any]
    balance: dict[str, int]
    practices: list[Entry] = field(default_factory=list)
    problems: list[Entry] = field(default_factory=list)


def span_of(*, division_code: str, plan: plans.Plan, period: Any = None) -> Span:
    """The span of a return period whose day has come, or of the year to date."""
    if period is None:
        today = ledger.clock.today()
        name = _("%(year)s年以来") % {"year": today.year}
        return Span(division_code, plan, name, date(today.year, 1, 1), today)
    before = plan.periods.filter(due_on__lt=period.due_on, year=period.year).order_by("-due_on").first()
    whole_year = before is None or period.code.endswith(("ANNUAL", "FINAL"))
    since = date(period.year, 1, 1) if whole_year else before.due_on + timedelta(days=1)
    label = period.snapshot.label if period.snapshot else period.code
    return Span(division_code, plan, str(period), since, period.due_on, period, board.snapshot(label, division_code))


def gather(span: Span) -> Facts:
    typed = _typed(span)
    figures = _figures(span, typed)
    returns = _returns(span)
    timeliness = _timeliness(returns)
    problems = [
        *_late(timeliness, span),
        *_overdue(span),
        *_differences(span, figures, typed),
        *_unmet(span, figures),
    ]
    return Facts(figures, timeliness, _balance(span), list(_practices(returns)), problems)


# --- figures


def _typed(span: Span) -> dict[str, Any]:
    """The newest figure an agency signed for in the span and nobody refused, by indicator."""
    rows = board.TypedFigure.objects.filter(
        division_code=span.division_code, as_of__gte=span.since, as_of__lte=span.as_of, base_year=None
    ).select_related("agency", "verification")
    return {row.code: row for row in rows.order_by("as_of", "pk") if not _refused(row)}


def _refused(row: Any) -> bool:
    verification = getattr(row, "verification", None)
    return verification is not None and not verification.accepted


def _figures(span: Span, typed: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Every indicator that has a target, with its numerator and denominator, frozen where the day was frozen."""
    definitions = {d.code: d for d in board.definitions(span.as_of) if d.comparison is not None}
    if span.snapshot is not None:
        rows = board.frozen_figures(span.snapshot, span.division_code, list(definitions))
        found = {r.code: (Figure(r.numerator, r.denominator, verified=r.verified), r.status) for r in rows}
    else:
        live = board.figures(span.division_code, span.as_of, list(definitions))
        found = {f.code: (f.figure or Figure(None), str(f.status)) for f in live}
    return [
        _entry(definition, *found.get(code, (Figure(None), str(Status.UNKNOWN))), typed.get(code))
        for code, definition in definitions.items()
    ]


def _entry(definition: IndicatorDefinition, figure: Figure, status: str, typed: Any) -> dict[str, Any]:
    known = status != Status.UNVERIFIED
    stated = _stated(definition, typed) if definition.kind is Kind.COMPUTED else None
    return {
        "code": definition.code,
        "name": definition.name,
        "action": definition.action,
        "kind": definition.kind.value,
        "form": definition.form.value,
        "unit": definition.unit,
        "per": definition.scale,
        "comparison": str(definition.comparison),
        "target": _text(definition.target),
        "base_year": definition.base_year,
        "due": definition.due.isoformat() if definition.due else None,
        "numerator": _text(figure.numerator) if known else None,
        "denominator": _text(figure.denominator) if known else None,
        "value": _text(round_for_display(value_in_unit(definition, figure))) if known else None,
        "status": str(Status(status)),
        "stated": _text(stated),
        "stated_by": str(typed.agency) if stated is not None else "",
        "formula": definition.formula_version,
    }


def _stated(definition: IndicatorDefinition, row: Any) -> Decimal | None:
    if row is None:
        return None
    if row.numerator is None:
        return row.value
    return round_for_display(value_in_unit(definition, Figure(row.numerator, row.denominator)))


def _text(number: Decimal | None) -> str | None:
    if number is None:
        return None
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


# --- returns


def _returns(span: Span) -> list[Any]:
    rows = plans.Return.objects.filter(
        people.under(span.division_code), period__plan=span.plan, period__due_on__lte=span.as_of
    )
    one = Q(period=span.period) if span.period is not None else Q(period__due_on__gte=span.since)
    rows = rows.filter(one).select_related("period", "action", "agency").prefetch_related("versions")
    return list(rows.order_by("period__due_on", "action__number"))


def _timeliness(returns: list[Any]) -> dict[str, Any]:
    """On time of due, and every one that was not, with its days."""
    late = []
    for item in returns:
        # A return that has come is late by its own day; one that has not, by today.
        days = item.days_late(ledger.clock.today())
        if days:
            words = _("迟报%(n)s天") if item.submitted_at else _("逾期%(n)s天未报")
            late.append({
                "return": item.pk, "agency": str(item.agency), "action": str(item.action), "number": item.action.number,
                "words": words % {"n": days},
            })  # fmt: skip
    unsent = [item for item in returns if item.submitted_at is None and not item.days_late(ledger.clock.today())]
    return {"due": len(returns), "in_time": len(returns) - len(late) - len(unsent), "late": late}


def _late(timeliness: Mapping[str, Any], span: Span) -> Iterable[Entry]:
    late = timeliness["late"]
    if not late:
        return
    parts = [_("“%(action)s”%(words)s") % entry for entry in late]
    url = reverse("plans:period", args=[span.period.pk]) if span.period else reverse("plans:return_list")
    yield Entry(_("工作总结没有按时报送"), "；".join(parts), tuple(_unique(entry["agency"] for entry in late)), url)


def _practices(returns: list[Any]) -> Iterable[Entry]:
    """What departments reported as worth copying, from returns the office has accepted."""
    for item in returns:
        versions = sorted(item.versions.all(), key=lambda v: v.number)
        if item.state in ACCEPTED and versions and versions[-1].practice.strip():
            url = reverse("plans:return", args=[item.pk])
            yield Entry(str(item.action), versions[-1].practice.strip(), (str(item.agency),), url)


# --- matters


def _balance(span: Span) -> dict[str, int]:
    found = casework.figures(span.division_code, span.since, span.as_of)
    return {
        "opening": found.opening, "new": found.new, "closed": found.closed, "reopened": found.reopened,
        "open": found.open, "due": found.due, "closed_in_time": found.on_time,
    }  # fmt: skip


def _overdue(span: Span) -> Iterable[Entry]:
    rows = casework.matters_as_rows(span.as_of).filter(people.under(span.division_code), overdue=True)
    counted = Counter(rows.values_list("owner_agency", flat=True))
    if not counted:
        return
    agencies = {a.pk: a for a in people.Agency.objects.filter(pk__in=counted)}
    named = sorted((pk for pk in counted if agencies[pk].kind in NAMED), key=lambda pk: (-counted[pk], pk))
    parts = [_("%(agency)s%(n)s件") % {"agency": agencies[pk], "n": counted[pk]} for pk in named]
    others = counted.total() - sum(counted[pk] for pk in named)
    if others:
        parts.append(_("生产经营者和学校、医院等单位共%(n)s件") % {"n": others})
    text = _("逾期未销号的问题共%(n)s件：%(parts)s。") % {"n": counted.total(), "parts": "、".join(parts)}
    url = reverse("casework:list") + "?when=overdue"
    yield Entry(_("问题整改逾期"), text, tuple(str(agencies[pk]) for pk in named), url)


# --- figures that need a word


def _differences(span: Span, figures: list[dict[str, Any]], typed: Mapping[str, Any]) -> Iterable[Entry]:
    """What an agency typed and what the platform counted when it was typed, where the two are not the same."""
    names = {entry["code"]: entry for entry in figures}
    found: defaultdict[str, list[str]] = defaultdict(list)
    for code, row in typed.items():
        entry = names.get(code)
        if entry is None or row.computed_numerator is None or not _differs(row):
            continue
        found[str(row.agency)].append(
            _("“%(name)s”填报%(typed)s，当时平台计算%(computed)s")
            % {"name": entry["name"], "typed": _parts(row.numerator, row.denominator, row.value),
               "computed": _parts(row.computed_numerator, row.computed_denominator, None)}
        )  # fmt: skip
    for agency, parts in found.items():
        yield Entry(_("填报数与平台计算不一致"), "；".join(parts), (agency,), reverse("board:typed"))


def _differs(row: Any) -> bool:
    if row.numerator is None:
        return True
    return (row.numerator, row.denominator) != (row.computed_numerator, row.computed_denominator)


def _parts(numerator: Decimal | None, denominator: Decimal | None, value: Decimal | None) -> str:
    if numerator is None:
        return _text(value) or "—"
    return f"{_text(numerator)}/{_text(denominator)}" if denominator is not None else str(_text(numerator))


def _unmet(span: Span, figures: list[dict[str, Any]]) -> Iterable[Entry]:
    """Goals not reached as of the day, by the agency that leads the action."""
    leads = _leads(span.plan)
    found: defaultdict[str, list[str]] = defaultdict(list)
    for entry in figures:
        if entry["status"] == Status.NOT_MET:
            found[leads.get(entry["action"], "")].append(str(entry["name"]))
    for agency, names in found.items():
        text = _("截至%(day)s，%(n)s项尚未达到目标：%(names)s。") % {
            "day": span.as_of,
            "n": len(names),
            "names": "、".join(names),
        }
        url = reverse("board:home") + f"?as_of={span.as_of}&status=not_met"
        yield Entry(_("尚未达到的目标"), text, (agency,) if agency else (), url)


def _leads(plan: plans.Plan) -> dict[int, str]:
    numbers = {code: number for number, (code, _label) in enumerate(ACTION_CODES, start=1)}
    actions = plan.actions.select_related("lead").exclude(lead=None)
    return {numbers[action.code]: str(action.lead) for action in actions if action.code in numbers}


def _unique(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(names))


def is_declining(entry: Mapping[str, Any]) -> bool:
    return bool(entry["comparison"] == Comparison.DECLINE)
