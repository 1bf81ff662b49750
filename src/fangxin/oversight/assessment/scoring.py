"""From records to scores: hand the readings to the engine, keep its answer as rows."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from itertools import groupby
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from fangxin.engines.assessment import Adjusted, Event, Item, Ranked, Reading, RuleSet, rank_all, score_agency
from fangxin.engines.evidence import canonical_json
from fangxin.kernel.ledger import api as ledger
from fangxin.oversight.assessment.data import Measured, MovedOn, Refused
from fangxin.oversight.assessment.measuring import Frame, measure
from fangxin.oversight.assessment.models import Adjustment, Participant, Round, Score
from fangxin.oversight.assessment.rules import rules_of

Kind = Adjustment.Kind
RULINGS = (Kind.NOT_APPLICABLE, Kind.STATED)
# What a score says; two scores that agree in all of it are the same score.
CONTENT = (
    "as_of", "readings", "items", "events", "base", "bonus", "deduction", "total", "total_at_best", "rank", "of",
    "scale", "grade", "vetoed", "provisional", "undetermined", "rule_digest",
)  # fmt: skip


def current_scores(round_: Round) -> Any:
    """The score of each agency that no later one has replaced."""
    return Score.objects.filter(round=round_, next=None).select_related("participant__agency")


@transaction.atomic
def compute(round_: Round, *, by: Any) -> list[Score]:
    """Score every agency anew and rank each group; only what has changed becomes a new row. Returns the new rows."""
    rules = rules_of(round_)
    as_of = _basis(round_)
    members = list(round_.participants.select_related("agency"))
    decided = _approved(round_)
    readings = _readings(round_, rules, members, as_of, decided)
    person = by if getattr(by, "pk", None) else None
    fresh = []
    for _group, group in groupby(sorted(members, key=lambda m: (m.group, m.pk)), key=lambda m: m.group):
        fresh += _group_scores(list(group), rules, readings, decided)
    old = {score.participant_id: score for score in current_scores(round_)}
    changed = []
    for score in fresh:
        score.round, score.as_of, score.rule_digest = round_, as_of, round_.rule_digest
        score.computed_at, score.computed_by = ledger.clock.now(), person
        score.previous = old.get(score.participant_id)
        if score.previous is None or _content(score) != _content(score.previous):
            changed.append(score)
    try:
        with transaction.atomic():
            Score.objects.bulk_create(changed)
    except IntegrityError as error:
        raise MovedOn from error
    ledger.record(
        "assessment.round.computed", of=round_, by=by,
        data={"as_of": as_of, "changed": len(changed), "agencies": len(fresh), "rules": round_.rule_digest},
    )  # fmt: skip
    return changed


def _basis(round_: Round) -> date:
    """The day the records are read as of. An appeal does not move it: what was published is judged by its own day."""
    day = ledger.clock.today()
    if round_.state == Round.State.APPEALING and round_.scored_at is not None:
        day = round_.scored_at.astimezone(ledger.clock.LOCAL).date()
    return min(round_.ends_on, day)


def _content(score: Score) -> str:
    return canonical_json({name: _jsonable(getattr(score, name)) for name in CONTENT})


def _jsonable(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value.quantize(Decimal("0.01")))
    return value.isoformat() if isinstance(value, date) else value


def _approved(round_: Round) -> dict[int, list[Adjustment]]:
    rows = Adjustment.objects.filter(participant__round=round_, state=Adjustment.State.APPROVED).order_by("pk")
    found: dict[int, list[Adjustment]] = {}
    for row in rows:
        found.setdefault(row.participant_id, []).append(row)
    return found


def _readings(
    round_: Round, rules: RuleSet, members: Iterable[Participant], as_of: date, decided: Mapping[int, list[Adjustment]]
) -> dict[int, list[dict[str, Any]]]:
    """Readings by participant as they are kept: figures, the records behind them, and what was decided about them."""
    agencies = {member.agency_id: member.agency for member in members}
    groups = {member.agency_id: member.group for member in members}
    measured = measure(Frame(round_.plan, round_.year, as_of, round_.division_code, agencies, groups))
    return {
        member.pk: [
            _reading(
                rule.code,
                measured.get(rule.code, {}).get(member.agency_id),
                next((a for a in decided.get(member.pk, ()) if a.kind in RULINGS and a.code == rule.code), None),
            )
            for rule in rules.indicators
        ]
        for member in members
    }


def _reading(code: str, measured: Measured | None, ruling: Adjustment | None) -> dict[str, Any]:
    """The computed figure stands; a decision stands beside it and is used only where nothing was computed."""
    found = measured or Measured(known=False, note=_("平台没有这项指标的自动读数"))
    reading: dict[str, Any] = {
        "code": code,
        "numerator": _text(found.numerator),
        "denominator": _text(found.denominator),
        "not_applicable": bool(found.not_asked),
        "note": found.note,
        "evidence": [found.not_asked] if found.not_asked else [f"{r.type}:{r.id}" for r in found.records],
        "records": [record.as_json() for record in found.records],
    }
    if ruling is not None and not found.denominator and not found.not_asked:
        proof = [f"assessment.adjustment:{ruling.pk}", f"ledger.evidencefile:{ruling.evidence_id}"]
        reading |= {"ruling": ruling.pk, "evidence": proof, "note": ruling.reason}
        if ruling.kind == Kind.NOT_APPLICABLE:
            reading["not_applicable"] = True
        else:
            reading |= {"numerator": _text(ruling.numerator), "denominator": _text(ruling.denominator)}
    return reading


def _text(number: Decimal | None) -> str | None:
    return None if number is None else format(number.normalize(), "f")


def _group_scores(
    members: list[Participant],
    rules: RuleSet,
    readings: Mapping[int, list[dict[str, Any]]],
    decided: Mapping[int, list[Adjustment]],
) -> list[Score]:
    """One group scored by the engine and ranked among itself."""
    scored = [
        _scored(member, [_engine_reading(r) for r in readings[member.pk]], decided.get(member.pk, ()), rules)
        for member in members
    ]
    by_key = {str(member.pk): member for member in members}
    return [_row(by_key[place.scored.agency], place, readings) for place in rank_all(scored, rules=rules)]


def _scored(member: Participant, readings: list[Reading], decided: Iterable[Adjustment], rules: RuleSet) -> Any:
    events = [
        Event(a.code, (f"assessment.adjustment:{a.pk}", f"ledger.evidencefile:{a.evidence_id}"))
        for a in decided
        if a.kind not in RULINGS
    ]
    try:
        return score_agency(str(member.pk), readings, events, rules=rules)
    except ValueError as error:
        raise Refused(
            _("“%(agency)s”没有任何适用的考核指标，无法评分。请撤销部分“指标不适用”的决定后重算。")
            % {"agency": member.agency}
        ) from error


def _engine_reading(reading: Mapping[str, Any]) -> Reading:
    def number(name: str) -> Decimal | None:
        return None if reading[name] is None else Decimal(reading[name])

    return Reading(
        reading["code"],
        number("numerator"),
        number("denominator"),
        not_applicable=reading["not_applicable"],
        evidence=tuple(reading["evidence"]),
    )


def _row(member: Participant, place: Ranked, readings: Mapping[int, list[dict[str, Any]]]) -> Score:
    scored = place.scored
    return Score(
        participant=member,
        readings=readings[member.pk],
        items=[_item(item) for item in scored.items],
        events=[_event(adjusted) for adjusted in scored.adjustments],
        base=scored.base,
        bonus=scored.bonus,
        deduction=scored.deduction,
        total=scored.total,
        total_at_best=scored.total_at_best,
        rank=place.rank,
        of=place.of,
        scale=place.scale,
        grade=place.grade or "",
        vetoed=bool(scored.vetoes),
        provisional=place.provisional,
        undetermined=list(scored.undetermined),
    )


def _item(item: Item) -> dict[str, Any]:
    """As the engine gave it; percentages and points to four places, enough to add them up again by hand."""
    return {
        "code": item.code, "outcome": item.outcome.value, "weight": str(item.weight),
        "percentage": _four(item.percentage), "earned": _four(item.earned),
    }  # fmt: skip


def _event(adjusted: Adjusted) -> dict[str, Any]:
    return {
        "code": adjusted.code, "kind": adjusted.kind.value, "times": adjusted.times, "points": str(adjusted.points),
        "evidence": list(adjusted.evidence),
    }  # fmt: skip


def _four(number: Decimal | None) -> str | None:
    return None if number is None else _text(number.quantize(Decimal("0.0001"), ROUND_HALF_UP))
