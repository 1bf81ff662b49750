"""What makes a breach serious, what adds to a penalty or takes it away, and when it is too late.

A fact is True, False or None: not known is never read as no.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from fangxin.engines.deadlines import add_months
from fangxin.engines.penalties.procedure import Procedure


class Ground(StrEnum):
    """A ground on which circumstances are serious (Implementing Regulation art. 67)."""

    GOODS_VALUE = "goods_value"
    DURATION = "duration"
    DEATH = "death"
    ILLNESS = "illness"
    CONCEALMENT = "concealment"
    REFUSAL = "refusal"
    REPEATED = "repeated"
    AFTER_CRIME = "after_crime"


@dataclass(frozen=True, slots=True)
class BreachFacts:
    """What was found. Money in yuan; `began`…`ended` the days of the breach; None where it is not known."""

    goods_value: Decimal | None = None
    began: date | None = None
    ended: date | None = None
    deaths: int | None = None
    ill: int | None = None
    concealed: bool | None = None
    refused_inspection: bool | None = None
    same_breach_penalized_on: date | None = None  # the last penalty for a breach of the same nature
    after_criminal_penalty: bool | None = None


@dataclass(frozen=True, slots=True)
class Seriousness:
    """Which grounds hold, which could not be judged for want of a fact, and by which article."""

    grounds: tuple[Ground, ...]
    unknown: tuple[Ground, ...]
    article: str
    edition: str
    facts: BreachFacts

    @property
    def serious(self) -> bool | None:
        """True if a ground holds, False if none does, None while a fact is missing."""
        if self.grounds:
            return True
        return None if self.unknown else False


def judge_seriousness(facts: BreachFacts, procedure: Procedure) -> Seriousness:
    """Judge the grounds of serious circumstances one by one.

    A repetition counts if the earlier penalty lies at most the rule's months before the end of the breach.
    """
    rules = procedure.serious
    held: dict[Ground, bool | None] = {
        Ground.GOODS_VALUE: _at_least(facts.goods_value, rules.goods_value_from),
        Ground.DURATION: lasted(facts.began, facts.ended, rules.months_from),
        Ground.DEATH: _at_least(facts.deaths, rules.deaths_from),
        Ground.ILLNESS: _at_least(facts.ill, rules.ill_from),
        Ground.CONCEALMENT: facts.concealed,
        Ground.REFUSAL: facts.refused_inspection,
        Ground.REPEATED: _repeated(facts, rules.repeat_months),
        Ground.AFTER_CRIME: facts.after_criminal_penalty,
    }
    return Seriousness(
        grounds=tuple(ground for ground, holds in held.items() if holds),
        unknown=tuple(ground for ground, holds in held.items() if holds is None),
        article=rules.article,
        edition=procedure.edition,
        facts=facts,
    )


def lasted(began: date | None, ended: date | None, months: int) -> bool | None:
    """Whether something went on for at least so many months; None if a day is not known."""
    if began is None or ended is None:
        return None
    return ended >= add_months(began, months)


def _at_least(value: Decimal | int | None, limit: Decimal | int) -> bool | None:
    return None if value is None else value >= limit


def _repeated(facts: BreachFacts, months: int) -> bool | None:
    if facts.same_breach_penalized_on is None:
        return False
    if facts.ended is None:
        return None
    return facts.same_breach_penalized_on <= facts.ended <= add_months(facts.same_breach_penalized_on, months)


@dataclass(frozen=True, slots=True)
class PastPenalty:
    """A penalty already decided. `closing`: a shutdown or a revocation, which the count of three leaves out."""

    decided_on: date
    closing: bool = False


@dataclass(frozen=True, slots=True)
class Escalation:
    """Whether the penalties of one year call for a shutdown up to revocation."""

    reached: bool
    counted: tuple[date, ...]
    needed: int
    article: str
    edition: str


def judge_escalation(penalties: Iterable[PastPenalty], on: date, procedure: Procedure) -> Escalation:
    """Count the penalties of the year that ends on `on`, shutdowns and revocations left out (FSL art. 134).

    The penalty now being decided counts if the caller puts it among them.
    """
    days = sorted(
        row.decided_on
        for row in penalties
        if not row.closing and row.decided_on <= on < add_months(row.decided_on, procedure.escalation_months)
    )
    reached = len(days) >= procedure.escalation_penalties
    return Escalation(
        reached, tuple(days), procedure.escalation_penalties, procedure.escalation_article, procedure.edition
    )


def barred_until(decided_on: date, procedure: Procedure, *, food_crime_prison: bool = False) -> date | None:
    """The last day of the bar after a revocation decided on a day; None is for life, after prison for a food crime.

    Source: FSL art. 135.
    """
    return None if food_crime_prison else add_months(decided_on, 12 * procedure.revoked_years)


def shutdown_bar(shutdowns: Iterable[date], on: date, procedure: Procedure) -> date | None:
    """Until when the owner of a small workshop or shop is barred after too many shutdowns within a year; None: not."""
    recent = sorted(day for day in shutdowns if day <= on < add_months(day, procedure.shutdown_months))
    if len(recent) < procedure.shutdowns:
        return None
    return add_months(recent[-1], 12 * procedure.shutdown_years)


class Lenience(StrEnum):
    """What leniency the facts allow."""

    NO_PENALTY = "no_penalty"
    MAY_BE_NONE = "may_be_none"
    MAY_BE_EXEMPT = "may_be_exempt"  # goods are forfeited all the same


@dataclass(frozen=True, slots=True)
class LeniencyFacts:
    """What speaks for the party. None where it is not known, which never earns leniency."""

    minor: bool | None = None
    corrected: bool | None = None
    harmed: bool | None = None
    harm_minor: bool | None = None
    first_time: bool | None = None
    checked_goods: bool | None = None
    names_source: bool | None = None
    unaware: bool | None = None


@dataclass(frozen=True, slots=True)
class Leniency:
    """Which leniency applies, each with its article."""

    grants: tuple[tuple[Lenience, str], ...]
    facts: LeniencyFacts
    edition: str


def judge_leniency(facts: LeniencyFacts, procedure: Procedure, *, small_operator: bool = False) -> Leniency:
    """Minor, corrected, harmless: none. First, little harm, corrected: may be none. Seller who checked: may be exempt.

    Source: Administrative Penalties Law art. 33; FSL art. 136, the ordinance's own article for small operators.
    """
    grants: list[tuple[Lenience, str]] = []
    if facts.minor and facts.corrected and facts.harmed is False:
        grants.append((Lenience.NO_PENALTY, procedure.corrected_article))
    elif facts.first_time and facts.corrected and (facts.harm_minor or facts.harmed is False):
        grants.append((Lenience.MAY_BE_NONE, procedure.corrected_article))
    if facts.checked_goods and facts.names_source and facts.unaware:
        article = procedure.checked_goods_small_article if small_operator else procedure.checked_goods_article
        grants.append((Lenience.MAY_BE_EXEMPT, article))
    return Leniency(tuple(grants), facts, procedure.edition)


@dataclass(frozen=True, slots=True)
class Limitation:
    """The last day on which a breach may still be discovered and punished."""

    last_day: date
    article: str
    edition: str

    def passed(self, discovered_on: date) -> bool:
        """Whether the breach was discovered too late."""
        return discovered_on > self.last_day


def limitation(ended: date, procedure: Procedure, *, life_or_health: bool = False) -> Limitation:
    """Two years from the day the breach ended, five where it endangers life or health (art. 36)."""
    months = procedure.limitation_harm_months if life_or_health else procedure.limitation_months
    return Limitation(add_months(ended, months), procedure.limitation_article, procedure.edition)
