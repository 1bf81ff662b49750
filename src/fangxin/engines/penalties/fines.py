"""How high a fine may be, who may decide it, and what a late payment adds."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from fangxin.engines.penalties.procedure import Procedure
from fangxin.engines.penalties.statutes import Provision, Statute

CENT = Decimal("0.01")


class FineOutcome(StrEnum):
    """What the article allows on the facts given."""

    RANGE = "range"  # a fine between low and high
    AFTER_REFUSAL = "after_refusal"  # an order or a warning first; the range is for whoever does not obey
    VALUE_NEEDED = "value_needed"  # the article goes by the goods value, which is not known
    NO_FINE = "no_fine"  # the article knows no fine


class Authority(StrEnum):
    """Who may decide."""

    COUNTY = "county"
    CITY = "city"
    BY_AMOUNT = "by_amount"  # the range reaches over the ceiling: the amount proposed decides


@dataclass(frozen=True, slots=True)
class FineRange:
    """The range of a fine in yuan, both ends included, with what it was read from.

    `comparison` says which band was taken and why, in figures alone.
    """

    outcome: FineOutcome
    low: Decimal | None
    high: Decimal | None
    authority: Authority
    law: str
    article: str
    edition: str
    goods_value: Decimal | None
    comparison: str


class FineCheck(StrEnum):
    """How a proposed fine lies to the range."""

    WITHIN = "within"
    BELOW = "below"  # mitigation: lawful only with a reason on file
    ABOVE = "above"  # never lawful
    UNCHECKED = "unchecked"  # no range is known; a reason must stand instead


def fine_range(
    statute: Statute,
    provision: Provision,
    goods_value: Decimal | None,
    *,
    procedure: Procedure,
    serious: bool = False,
    refused: bool = False,
) -> FineRange:
    """The fine an article allows for goods worth `goods_value` (yuan; None if not known).

    `refused`: an order or a warning was given and not obeyed. Raises `ValueError` for a negative value.
    Source: the article itself; the ceiling of a county is FSL Implementing Regulation art. 81.
    """
    if goods_value is not None and goods_value < 0:
        raise ValueError("goods are never worth less than nothing")
    bands = [band for band in provision.bands if band.serious] if serious else []
    bands = bands or [band for band in provision.bands if not band.serious]
    if not bands:
        return _range(FineOutcome.NO_FINE, None, None, "", statute, provision, goods_value, procedure)
    if goods_value is None and any(band.by_value for band in bands):
        return _range(FineOutcome.VALUE_NEEDED, None, None, "", statute, provision, None, procedure)
    band = next(band for band in bands if goods_value is None or band.covers(goods_value))
    low, high, comparison = band.low, band.high, ""
    if goods_value is not None and band.by_value:
        comparison = _compared(goods_value, band.goods_from, band.goods_below)
        if band.times:
            low, high = band.low * goods_value, band.high * goods_value
            comparison += f"; {goods_value} × {band.low}…{band.high}"
    waits = provision.only_after_refusal and not refused
    outcome = FineOutcome.AFTER_REFUSAL if waits else FineOutcome.RANGE
    return _range(outcome, low, high, comparison, statute, provision, goods_value, procedure)


def _compared(value: Decimal, start: Decimal, below: Decimal | None) -> str:
    return f"{value} ≥ {start}" if below is None else f"{value} < {below}"


def _range(
    outcome: FineOutcome,
    low: Decimal | None,
    high: Decimal | None,
    comparison: str,
    statute: Statute,
    provision: Provision,
    goods_value: Decimal | None,
    procedure: Procedure,
) -> FineRange:
    return FineRange(
        outcome=outcome,
        low=low,
        high=high,
        authority=_authority(low, high, procedure),
        law=provision.law,
        article=provision.article,
        edition=statute.edition,
        goods_value=goods_value,
        comparison=comparison,
    )


def _authority(low: Decimal | None, high: Decimal | None, procedure: Procedure) -> Authority:
    if high is None or low is None or high < procedure.city_from:
        return Authority.COUNTY
    return Authority.CITY if low >= procedure.city_from else Authority.BY_AMOUNT


def required_authority(fine: Decimal, procedure: Procedure) -> Authority:
    """Who decides a fine of so many yuan (Implementing Regulation art. 81)."""
    return Authority.CITY if fine >= procedure.city_from else Authority.COUNTY


def check_fine(fine: Decimal, allowed: FineRange | None) -> FineCheck:
    """How a proposed fine (yuan) lies to the range; no fine at all counts as below it.

    A fine before an order was refused is above what the article allows. So is one under an article without a fine.
    """
    if allowed is None or allowed.outcome is FineOutcome.VALUE_NEEDED:
        return FineCheck.UNCHECKED
    if allowed.outcome is not FineOutcome.RANGE or allowed.low is None or allowed.high is None:
        return FineCheck.ABOVE if fine > 0 else FineCheck.WITHIN
    if fine > allowed.high:
        return FineCheck.ABOVE
    return FineCheck.BELOW if fine < allowed.low else FineCheck.WITHIN


def late_fee(fine: Decimal, days_late: int, procedure: Procedure) -> Decimal:
    """What late payment adds, in yuan to the cent: a daily share of the fine, never more than the fine itself.

    Source: Administrative Penalties Law art. 72.
    """
    if days_late < 0:
        raise ValueError("nobody is late by less than nothing")
    fee = fine * procedure.late_daily_percent / 100 * days_late
    return min(fee, fine).quantize(CENT)


def personal_fine_range(prior_year_income: Decimal, procedure: Procedure) -> tuple[Decimal, Decimal]:
    """From…to, in yuan, for the persons responsible, by what they had from the firm in the year before.

    Only where the breach was wilful, vile in nature or serious in its results (Implementing Regulation art. 75).
    """
    return prior_year_income * procedure.personal_low_times, prior_year_income * procedure.personal_high_times


def summary_ceiling(*, person: bool, procedure: Procedure) -> Decimal:
    """The highest fine, in yuan, that may be decided on the spot (Administrative Penalties Law art. 51)."""
    return procedure.summary_person if person else procedure.summary_organization
