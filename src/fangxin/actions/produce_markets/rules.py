"""Facts carried to the rules in force on a day, and back as verdicts with their clause. No database."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from fangxin.actions.produce_markets import standards
from fangxin.actions.produce_markets.models.fields import Proof
from fangxin.actions.produce_markets.standards import Cadence, DynamicFactor
from fangxin.kernel.ledger.api import Refused

__all__ = ["Refused"]

ADMITTED, ISOLATED, REFUSED = "admitted", "isolated", "refused"
NEGATIVE, POSITIVE = "negative", "positive"
WEEK = 7


@dataclass(frozen=True, slots=True)
class EntryVerdict:
    """What becomes of goods at the gate. `reasons`: code, sentence, clause."""

    state: str
    reasons: tuple[tuple[str, str, str], ...]
    edition: str


def judge_entry(goods: str, proofs: Collection[str], tested: str, *, on: date) -> EntryVerdict:
    """By its papers and its test. What the law asks for meat no test replaces; a positive test no paper.

    `proofs`: kinds of proof that were shown. `tested`: negative, positive, or empty when nothing was tested.
    """
    rule = standards.entry_rule(goods, on)
    names = dict(Proof.choices)
    missing = [str(names[kind]) for kind in rule.needs if kind not in proofs]
    shown = [str(names[kind]) for kind in rule.accepts if kind in proofs]
    if tested == POSITIVE:
        text = _("快检阳性：停止入场销售，隔离，等待法定检验")
        return EntryVerdict(ISOLATED, (("positive", text, rule.clause),), rule.edition)
    if missing:
        text = _("缺少%(what)s，不得入场，快检合格也不能代替") % {"what": "、".join(missing)}
        return EntryVerdict(REFUSED, (("missing", text, rule.clause),), rule.edition)
    if shown:
        text = _("凭%(what)s入场") % {"what": "、".join(shown)}
        return EntryVerdict(ADMITTED, (("proof", text, rule.clause),), rule.edition)
    if tested == NEGATIVE and rule.testable:
        return EntryVerdict(ADMITTED, (("tested", _("没有合格凭证，快检阴性，准予入场"), rule.clause),), rule.edition)
    if rule.testable:
        text = _("没有合格凭证，先隔离，快检合格后入场")
        return EntryVerdict(ISOLATED, (("untested", text, rule.clause),), rule.edition)
    return EntryVerdict(REFUSED, (("no_proof", _("没有合格凭证，不得入场"), rule.clause),), rule.edition)


def is_oversold(entered: Decimal, gone: Decimal, *, on: date) -> bool:
    """Whether more left than came in, beyond what weighing explains."""
    return gone > entered * (1 + standards.practice(on).oversold_percent / 100)


# --- self-inspection ----------------------------------------------------------------------------------------------------


def period_of(cadence: str, day: date) -> date:
    """The first day of the day, week (Monday) or month in which a day lies."""
    if cadence == "weekly":
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if cadence == "monthly" else day


def periods_due(cadence: Cadence, since: date, today: date, rest_weekday: int | None) -> Iterator[date]:
    """Periods that are over and lie within the time looked back on. A market rests on its own weekday."""
    day = period_of(cadence.code, max(since, today - timedelta(days=cadence.back)))
    while (following := _next(cadence.code, day)) <= today:
        if day >= since and not (cadence.code == "daily" and day.weekday() == rest_weekday):
            yield day
        day = following


def _next(cadence: str, day: date) -> date:
    if cadence == "monthly":
        return (day + timedelta(days=32)).replace(day=1)
    return day + timedelta(days=WEEK if cadence == "weekly" else 1)


def business_days(since: date, until: date, rest_weekday: int | None) -> int:
    """Days of business from `since` to before `until`."""
    days = max((until - since).days, 0)
    if rest_weekday is None:
        return days
    return sum((since + timedelta(days=n)).weekday() != rest_weekday for n in range(days))


# --- grading ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the dynamic score. `good` of `due`; both None for what the assessor typed."""

    code: str
    title: str
    good: int | None
    due: int | None
    points: Decimal
    maximum: Decimal
    said: str

    def as_row(self) -> dict[str, object]:
        return {
            "code": self.code, "title": self.title, "good": self.good, "due": self.due, "points": str(self.points),
            "maximum": str(self.maximum), "said": self.said,
        }  # fmt: skip


def score_factor(factor: DynamicFactor, good: int, due: int) -> Line:
    """Points by the share of good in due. Nothing due earns what the rules say for it, and the line says so."""
    if due == 0:
        return Line(factor.code, factor.title, good, due, factor.empty_points, factor.maximum, _("没有可数的记录"))
    share = Decimal(100) * good / due
    points = next((points for at_least, points in factor.bands if share >= at_least), factor.maximum)
    said = _("%(good)s / %(due)s = %(share)s%%") % {"good": good, "due": due, "share": f"{share:.1f}"}
    return Line(factor.code, factor.title, good, due, points, factor.maximum, said)


def score_typed(factor: DynamicFactor, points: Decimal) -> Line:
    if not 0 <= points <= factor.maximum:
        raise Refused(
            {factor.code: _("“%(title)s”为 0 到 %(most)s 分。") % {"title": factor.title, "most": factor.maximum}}
        )
    return Line(factor.code, factor.title, None, None, points, factor.maximum, _("评定人员现场评分"))


# --- meat ---------------------------------------------------------------------------------------------------------------

MEAT_FAULTS = {
    "quarantine_no": lambda: _("没有动物检疫合格证明"),
    "quality_no": lambda: _("没有肉品品质检验合格证"),
    "quarantine_stamp": lambda: _("没有检疫验讫印章"),
    "quality_stamp": lambda: _("没有肉品品质检验合格验讫章"),
    "drug": lambda: _("没有“瘦肉精”检测记录"),
    "drug_positive": lambda: _("“瘦肉精”检测阳性"),
}


def judge_meat(animal: str, seen: Mapping[str, object], *, on: date) -> tuple[list[str], str]:
    """What is missing or wrong, by code, and the edition. A positive drug test counts for every animal."""
    edition, needs = standards.slaughter_needs(animal, on)
    faults = [need for need in needs if need != "drug" and not seen.get(need)]
    if seen.get("drug") == POSITIVE:
        faults.append("drug_positive")
    elif "drug" in needs and seen.get("drug") != NEGATIVE:
        faults.append("drug")
    return faults, edition


def fault_texts(faults: Collection[str]) -> str:
    return "；".join(MEAT_FAULTS[code]() for code in faults)
