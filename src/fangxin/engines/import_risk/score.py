"""How closely a lot is looked at: points with a reason each. The sum is an order, not a probability.

The points are reviewed data and a design value. Only the part that comes from notices was tried against later data
(`history`); that papers, labels and grades weigh as they do is an opinion, said as such.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from fangxin.engines.import_risk.history import History


class Band(StrEnum):
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@dataclass(frozen=True, slots=True)
class ScoreRules:
    """One edition of the points."""

    edition: str
    chance_months: int
    soon_expired_days: int
    past_months: int
    high: int
    medium: int
    history: tuple[tuple[float, int], ...]  # place from, points; highest first
    points: Mapping[str, int]
    credit: Mapping[tuple[str, str], int]


@dataclass(frozen=True, slots=True)
class LotFacts:
    """What is known of a lot on a day. `label` is the outcome of the last check, empty where there was none; `tested`
    and `failed` count samples of the like food from the same country."""

    origin: str
    food_class: str
    storage: str = "ambient"
    vulnerable: bool = False
    credit: tuple[str, str] | None = None
    papers_missing: int = 0
    key_paper_missing: bool = False
    label: str = ""
    temperature_known: bool = True
    tested: int = 0
    failed: int = 0
    best_before_on: date | None = None
    asked_alerts: int = 0
    sure_alerts: int = 0
    failed_itself: bool = False


@dataclass(frozen=True, slots=True)
class Reason:
    """Points and why: a token and the figures for its sentence."""

    token: str
    points: int
    figures: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Score:
    """Sum, band, reasons (most points first) and the hazards to look for with their shares among notices."""

    points: int
    band: Band
    reasons: tuple[Reason, ...]
    look_for: tuple[tuple[str, float], ...]
    edition: str


def load_score_rules(text: str) -> ScoreRules:
    """Read the reviewed file. Raises `ValueError` where the bands are upside down."""
    values = tomllib.loads(text)
    bands = values["bands"]
    if not bands["high"] > bands["medium"] > 0:
        raise ValueError("the bands must rise")
    steps = sorted(((float(row["from"]), int(row["points"])) for row in values["history"]), reverse=True)
    credit = {(row["scheme"], grade): points for row in values["credit"] for grade, points in row["grades"].items()}
    return ScoreRules(
        values["edition"], values["chance_months"], values["soon_expired_days"], values["past_months"], bands["high"],
        bands["medium"], tuple(steps), dict(values["points"]), credit,
    )  # fmt: skip


def score_lot(facts: LotFacts, *, history: History | None, rules: ScoreRules, on: date) -> Score:
    """Add up the points of a lot. A stopper alone puts it into the highest band.

    Points never fall when a fault is added; the order of reasons is by points, then by token.
    """
    reasons = [reason for reason in _reasons(facts, history, rules, on) if reason.points]
    reasons.sort(key=lambda reason: (-reason.points, reason.token))
    points = sum(reason.points for reason in reasons)
    band = Band.HIGH if points >= rules.high else Band.MEDIUM if points >= rules.medium else Band.LOW
    look_for = history.hazards(facts.origin, facts.food_class) if history is not None else ()
    return Score(points, band, tuple(reasons), look_for, rules.edition)


def _reasons(facts: LotFacts, history: History | None, rules: ScoreRules, on: date) -> Iterator[Reason]:
    yield _history(facts, history, rules)
    yield from _stoppers(facts, rules, on)
    yield from _papers(facts, rules)
    yield from _label(facts, rules)
    yield from _goods(facts, rules, on)
    yield _credit(facts, rules)
    yield from _past(facts, rules)


def _history(facts: LotFacts, history: History | None, rules: ScoreRules) -> Reason:
    if history is None or not facts.origin or not facts.food_class:
        return Reason("history_unknown", rules.points["history_unknown"], {})
    chance = history.chance(facts.origin, facts.food_class, months=rules.chance_months)
    points = next((points for place, points in rules.history if chance.place >= place), 0)
    figures = {
        "chance": round(chance.probability, 3), "months": rules.chance_months, "seen": chance.seen,
        "seen_months": round(chance.seen_months, 1),
    }  # fmt: skip
    return Reason("history", points, figures)


def _stoppers(facts: LotFacts, rules: ScoreRules, on: date) -> Iterator[Reason]:
    stop = rules.points["stopper"]
    if facts.best_before_on is not None and facts.best_before_on < on:
        yield Reason("expired", stop, {"day": facts.best_before_on.isoformat()})
    if facts.sure_alerts:
        yield Reason("alert_sure", stop, {"n": facts.sure_alerts})
    if facts.failed_itself:
        yield Reason("failed_itself", stop, {})
    if facts.asked_alerts:
        yield Reason("alert_asked", rules.points["asked_alert"], {"n": facts.asked_alerts})


def _papers(facts: LotFacts, rules: ScoreRules) -> Iterator[Reason]:
    if facts.key_paper_missing:
        yield Reason("key_paper_missing", rules.points["key_paper_missing"], {})
    others = facts.papers_missing - facts.key_paper_missing
    if others > 0:
        points = min(others * rules.points["paper_missing"], rules.points["papers_most"])
        yield Reason("papers_missing", points, {"n": others})


def _label(facts: LotFacts, rules: ScoreRules) -> Iterator[Reason]:
    token = {
        "": "label_unchecked",
        "incomplete": "label_unchecked",
        "flaw": "label_flaw",
        "nonconforming": "label_wrong",
    }
    if facts.label in token:
        yield Reason(token[facts.label], rules.points[token[facts.label]], {})


def _goods(facts: LotFacts, rules: ScoreRules, on: date) -> Iterator[Reason]:
    if facts.storage != "ambient":
        yield Reason("chilled", rules.points["chilled"], {})
        if not facts.temperature_known:
            yield Reason("temperature_unknown", rules.points["temperature_unknown"], {})
    if facts.vulnerable:
        yield Reason("vulnerable", rules.points["vulnerable"], {})
    last = facts.best_before_on
    if last is not None and on <= last <= on + timedelta(days=rules.soon_expired_days):
        yield Reason("soon_expired", rules.points["soon_expired"], {"day": last.isoformat()})


def _credit(facts: LotFacts, rules: ScoreRules) -> Reason:
    if facts.credit is None or facts.credit not in rules.credit:
        return Reason("credit_unknown", rules.points["credit_unknown"], {})
    scheme, grade = facts.credit
    return Reason("credit", rules.credit[facts.credit], {"scheme": scheme, "grade": grade})


def _past(facts: LotFacts, rules: ScoreRules) -> Iterator[Reason]:
    if not facts.tested:
        yield Reason("never_tested", rules.points["never_tested"], {})
    elif facts.failed:
        points = -(-rules.points["past_failed_most"] * facts.failed // facts.tested)
        yield Reason("past_failed", points, {"failed": facts.failed, "tested": facts.tested})
