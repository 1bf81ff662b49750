"""When a penalty case must be looked at as a suspected crime: the triggers F1–F7.

A trigger that fires makes the review by the head of the authority mandatory; it does not convict anybody. Where the
facts do not decide, the answer is a review by a person, never "no".
Source: judicial interpretation on crimes against food safety, in force 2022-01-01; Provisions on transferring cases.
"""

import tomllib
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from fangxin.engines.deadlines import add_months
from fangxin.engines.penalties.circumstances import lasted


class Trigger(StrEnum):
    """The triggers, numbered as the method page has them."""

    UNSAFE_FOOD = "F1"
    HARM = "F2"
    AMOUNT = "F3"
    TOXIC_MATERIAL = "F4"
    ILLEGAL_BUSINESS = "F5"
    HEALTH_FOOD_FRAUD = "F6"
    RELABELLED = "F7"


class Answer(StrEnum):
    """What a trigger says."""

    FIRES = "fires"
    MANUAL = "manual"  # the facts do not decide; a person must
    SILENT = "silent"


@dataclass(frozen=True, slots=True)
class TransferRules:
    """One edition of the thresholds; money in yuan."""

    edition: str
    source: str
    in_force_from: date
    in_force_to: date
    seriously_ill_from: int
    especially_from: int
    amount_from: Decimal
    amount_lower_from: Decimal
    months_from: int
    penalty_months: int
    volume_from: Decimal
    gain_from: Decimal
    fake_amount_from: Decimal


@dataclass(frozen=True, slots=True)
class CrimeFacts:
    """What was found, for the triggers. Money in yuan. True, False, or None where it has not been cleared up.

    `over_limit_seriously`, `meat`, `banned_food`, `infant_nutrition` speak of danger; `toxic_material` of listed non-food
    substances, banned pesticides and veterinary drugs, drugs in health food; `illegal_business` of trade in substances
    banned for food and private slaughter of pigs. `large_quantity` is for the officers to claim: no figure defines it.
    `penalized_on` is the last penalty for a breach against food safety; `on` the day of the review.
    """

    on: date
    amount: Decimal | None = None
    gain: Decimal | None = None
    began: date | None = None
    ended: date | None = None
    over_limit: bool | None = None
    over_limit_seriously: bool | None = None
    meat: bool | None = None
    banned_food: bool | None = None
    infant_nutrition: bool | None = None
    injured: int | None = None
    minor_injury: bool | None = None
    seriously_ill: int | None = None
    large_quantity: bool | None = False
    special_food: bool | None = None
    vulnerable_place: bool | None = None
    prior_crime: bool | None = None
    penalized_on: date | None = None
    toxic_material: bool | None = None
    illegal_business: bool | None = None
    health_food_fraud: bool | None = None
    relabelled: bool | None = None


@dataclass(frozen=True, slots=True)
class Triggered:
    """The answer of one trigger. `grounds` are the names of the facts that decided, `unknown` of those that lacked."""

    trigger: Trigger
    answer: Answer
    comparison: str = ""
    grounds: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    especially: bool = False


@dataclass(frozen=True, slots=True)
class TransferReview:
    """All triggers, the edition they were read from, and the facts they were given."""

    results: tuple[Triggered, ...]
    edition: str
    source: str
    facts: CrimeFacts

    def answered(self, answer: Answer) -> tuple[Triggered, ...]:
        """The triggers with this answer."""
        return tuple(result for result in self.results if result.answer is answer)

    @property
    def answer(self) -> Answer:
        """FIRES if any does, else MANUAL if a person must look at any, else SILENT."""
        for answer in (Answer.FIRES, Answer.MANUAL):
            if self.answered(answer):
                return answer
        return Answer.SILENT


def load_transfer_rules(text: str) -> TransferRules:
    """Read the reviewed file of thresholds. Raises `KeyError` for a missing one."""
    values = tomllib.loads(text)
    amount, business = values["amount"], values["illegal_business"]
    return TransferRules(
        edition=values["edition"],
        source=values["source"],
        in_force_from=values["in_force_from"],
        in_force_to=values.get("in_force_to", date.max),
        seriously_ill_from=values["harm"]["seriously_ill_from"],
        especially_from=values["harm"]["especially_from"],
        amount_from=Decimal(amount["from"]),
        amount_lower_from=Decimal(amount["lower_from"]),
        months_from=amount["months_from"],
        penalty_months=amount["penalty_months"],
        volume_from=Decimal(business["volume_from"]),
        gain_from=Decimal(business["gain_from"]),
        fake_amount_from=Decimal(values["fake_product"]["amount_from"]),
    )


def review_transfer(facts: CrimeFacts, rules: TransferRules) -> TransferReview:
    """Ask every trigger. The order of the facts or of the triggers changes nothing."""
    results = (
        _unsafe_food(facts),
        _harm(facts, rules),
        _amount(facts, rules),
        _plain(Trigger.TOXIC_MATERIAL, "toxic_material", facts.toxic_material),
        _illegal_business(facts, rules),
        _plain(Trigger.HEALTH_FOOD_FRAUD, "health_food_fraud", facts.health_food_fraud),
        _relabelled(facts, rules),
    )
    return TransferReview(results, rules.edition, rules.source, facts)


def _plain(trigger: Trigger, name: str, holds: bool | None) -> Triggered:
    return _from_parts(trigger, {name: holds})


def _from_parts(trigger: Trigger, parts: dict[str, bool | None], comparison: str = "") -> Triggered:
    """Any part that holds fires; else any part not cleared up is for a person."""
    grounds = tuple(name for name, holds in parts.items() if holds)
    unknown = tuple(name for name, holds in parts.items() if holds is None)
    answer = Answer.FIRES if grounds else Answer.MANUAL if unknown else Answer.SILENT
    return Triggered(trigger, answer, comparison, grounds, unknown)


def _unsafe_food(facts: CrimeFacts) -> Triggered:
    # Whether an excess is a serious one is for experts; an excess alone does not say it.
    seriously = False if facts.over_limit is False else facts.over_limit_seriously
    return _from_parts(
        Trigger.UNSAFE_FOOD,
        {
            "over_limit_seriously": seriously,
            "meat": facts.meat,
            "banned_food": facts.banned_food,
            "infant_nutrition": facts.infant_nutrition,
        },
    )


def _harm(facts: CrimeFacts, rules: TransferRules) -> Triggered:
    nobody = facts.injured == 0
    ill = facts.seriously_ill
    parts: dict[str, bool | None] = {
        "minor_injury": False if nobody else facts.minor_injury,
        "seriously_ill": None if ill is None else ill >= rules.seriously_ill_from,
    }
    if nobody and ill is None:
        parts["seriously_ill"] = False
    comparison = "" if ill is None else f"{ill} {_sign(ill >= rules.seriously_ill_from)} {rules.seriously_ill_from}"
    found = _from_parts(Trigger.HARM, parts, comparison)
    especially = ill is not None and ill >= rules.especially_from
    return Triggered(found.trigger, found.answer, found.comparison, found.grounds, found.unknown, especially)


def _sign(reached: bool) -> str:
    return "≥" if reached else "<"


def _amount(facts: CrimeFacts, rules: TransferRules) -> Triggered:
    amount = facts.amount
    if amount is None:
        return Triggered(Trigger.AMOUNT, Answer.MANUAL, unknown=("amount",))
    if amount >= rules.amount_from:
        return Triggered(Trigger.AMOUNT, Answer.FIRES, f"{amount} ≥ {rules.amount_from}", ("amount",))
    if amount < rules.amount_lower_from:
        return Triggered(Trigger.AMOUNT, Answer.SILENT, f"{amount} < {rules.amount_lower_from}")
    comparison = f"{rules.amount_lower_from} ≤ {amount} < {rules.amount_from}"
    found = _from_parts(Trigger.AMOUNT, _with_amount(facts, rules), comparison)
    if found.answer is Answer.SILENT and facts.large_quantity is not False:
        return Triggered(Trigger.AMOUNT, Answer.MANUAL, comparison, unknown=("large_quantity",))
    return found


def _with_amount(facts: CrimeFacts, rules: TransferRules) -> dict[str, bool | None]:
    """What makes the middle amounts count; a large quantity is left to a person."""
    penalized = facts.penalized_on is not None and facts.on <= add_months(facts.penalized_on, rules.penalty_months)
    return {
        "duration": lasted(facts.began, facts.ended, rules.months_from),
        "special_food": facts.special_food,
        "vulnerable_place": facts.vulnerable_place,
        "prior_crime": facts.prior_crime,
        "penalized": penalized,
    }


def _illegal_business(facts: CrimeFacts, rules: TransferRules) -> Triggered:
    if facts.illegal_business is False:
        return Triggered(Trigger.ILLEGAL_BUSINESS, Answer.SILENT)
    volume = None if facts.amount is None else facts.amount >= rules.volume_from
    gain = None if facts.gain is None else facts.gain >= rules.gain_from
    comparison = f"{facts.amount} : {rules.volume_from}; {facts.gain} : {rules.gain_from}"
    found = _from_parts(Trigger.ILLEGAL_BUSINESS, {"amount": volume, "gain": gain}, comparison)
    if facts.illegal_business is None and found.answer is Answer.FIRES:
        return Triggered(Trigger.ILLEGAL_BUSINESS, Answer.MANUAL, comparison, unknown=("illegal_business",))
    return found


def _relabelled(facts: CrimeFacts, rules: TransferRules) -> Triggered:
    if facts.relabelled is False:
        return Triggered(Trigger.RELABELLED, Answer.SILENT)
    if facts.relabelled is None:
        return Triggered(Trigger.RELABELLED, Answer.MANUAL, unknown=("relabelled",))
    if facts.amount is None:
        return Triggered(Trigger.RELABELLED, Answer.MANUAL, unknown=("amount",))
    reached = facts.amount >= rules.fake_amount_from
    comparison = f"{facts.amount} {_sign(reached)} {rules.fake_amount_from}"
    return Triggered(
        Trigger.RELABELLED,
        Answer.FIRES if reached else Answer.SILENT,
        comparison,
        ("relabelled", "amount") if reached else (),
    )
