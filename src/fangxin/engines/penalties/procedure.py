"""Thresholds of the penalty procedure as data: authority, seriousness, repetition, limits, leniency."""

import tomllib
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any


@dataclass(frozen=True, slots=True)
class SeriousRules:
    """When circumstances are serious. Money in yuan, spans in months, counts of persons."""

    article: str
    goods_value_from: Decimal
    months_from: int
    deaths_from: int
    ill_from: int
    repeat_months: int


@dataclass(frozen=True, slots=True)
class Procedure:
    """One edition of the thresholds; the article of each stands beside it. Money in yuan."""

    edition: str
    in_force_from: date
    in_force_to: date
    city_from: Decimal
    city_article: str
    serious: SeriousRules
    escalation_penalties: int
    escalation_months: int
    escalation_article: str
    revoked_years: int
    bar_article: str
    shutdowns: int
    shutdown_months: int
    shutdown_years: int
    shutdown_article: str
    personal_low_times: Decimal
    personal_high_times: Decimal
    personal_article: str
    summary_person: Decimal
    summary_organization: Decimal
    summary_article: str
    limitation_months: int
    limitation_harm_months: int
    limitation_article: str
    late_daily_percent: Decimal
    late_article: str
    corrected_article: str
    checked_goods_article: str
    checked_goods_small_article: str


def load_procedure(text: str) -> Procedure:
    """Read the reviewed file of thresholds. Raises `KeyError` for a missing one."""
    values = tomllib.loads(text)
    bars, personal, lenient = values["bars"], values["personal"], values["leniency"]
    return Procedure(
        edition=values["edition"],
        in_force_from=values["in_force_from"],
        in_force_to=values.get("in_force_to", date.max),
        city_from=_money(values["authority"]["city_from"]),
        city_article=values["authority"]["article"],
        serious=_serious(values["serious"]),
        escalation_penalties=values["escalation"]["penalties"],
        escalation_months=values["escalation"]["months"],
        escalation_article=values["escalation"]["article"],
        revoked_years=bars["revoked_years"],
        bar_article=bars["article"],
        shutdowns=bars["ordinance"]["shutdowns"],
        shutdown_months=bars["ordinance"]["months"],
        shutdown_years=bars["ordinance"]["years"],
        shutdown_article=bars["ordinance"]["article"],
        personal_low_times=_money(personal["low_times"]),
        personal_high_times=_money(personal["high_times"]),
        personal_article=personal["article"],
        summary_person=_money(values["summary"]["person"]),
        summary_organization=_money(values["summary"]["organization"]),
        summary_article=values["summary"]["article"],
        limitation_months=values["limitation"]["months"],
        limitation_harm_months=values["limitation"]["harm_months"],
        limitation_article=values["limitation"]["article"],
        late_daily_percent=_money(values["late"]["daily_percent"]),
        late_article=values["late"]["article"],
        corrected_article=lenient["corrected"],
        checked_goods_article=lenient["checked_goods"],
        checked_goods_small_article=lenient["checked_goods_small"],
    )


def _money(value: Any) -> Decimal:
    return Decimal(str(value))


def _serious(row: dict[str, Any]) -> SeriousRules:
    return SeriousRules(
        article=row["article"],
        goods_value_from=_money(row["goods_value_from"]),
        months_from=row["months_from"],
        deaths_from=row["deaths_from"],
        ill_from=row["ill_from"],
        repeat_months=row["repeat_months"],
    )
