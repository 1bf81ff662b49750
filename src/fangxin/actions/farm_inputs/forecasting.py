"""The residue at harvest as a probability: what was applied, carried to the engine with the parameters of the standards."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from fangxin.actions.farm_inputs import standards
from fangxin.actions.farm_inputs.data import SubstanceForecast
from fangxin.actions.farm_inputs.models import Application, Batch
from fangxin.actions.farm_inputs.rules_inputs import dose_grams
from fangxin.engines.decline import (
    Decline,
    Spread,
    Treatment,
    median_residue,
    probability_above,
    residue_quantile,
    wait_until_below,
)
from fangxin.engines.limits import Measured
from fangxin.kernel.catalog import api as catalog

MU_PER_HECTARE = 15
HIGH = 0.95
PER_KILOGRAM = {"mg/kg": Decimal(1), "μg/kg": Decimal("0.001")}


def forecasts_of(
    batch: Batch, applications: Sequence[Application], harvest_on: date, on: date
) -> list[SubstanceForecast]:
    """One forecast for each substance that was sprayed; what lacks for one is said instead."""
    rules = standards.decline_rules(on)
    deposit = _deposit(batch.food, rules, on)
    doses: dict[str, list[tuple[date, float] | None]] = {}
    for row in applications:
        if row.product is None:
            continue
        grams = dose_grams(row.product, row.dose, row.dose_unit)
        for name in row.product.ingredient_names:
            given = None if grams is None else (row.last_on, float(grams[name]) * MU_PER_HECTARE)
            doses.setdefault(name, []).append(given)
    return [_forecast(name, given, batch.food, harvest_on, rules, deposit) for name, given in sorted(doses.items())]


def _deposit(food: str, rules: standards.DeclineRules, on: date) -> Spread | None:
    names = (food, *standards.groups(on).get(food, ()))
    return next((rules.deposits[name] for name in names if name in rules.deposits), None)


def _forecast(
    name: str, given: Sequence[tuple[date, float] | None], food: str, harvest_on: date, rules: standards.DeclineRules,
    deposit: Spread | None,
) -> SubstanceForecast:  # fmt: skip
    known = rules.half_lives.get(name)
    limit, citation = limit_of(food, known[1] if known else name, harvest_on)
    said = {"substance": name, "harvest_on": harvest_on, "limit": limit, "citation": citation}
    why = _why_not(known, deposit, limit, given)
    if why or known is None or deposit is None or limit is None:
        return SubstanceForecast(**said, why_not=why)
    model = Decline(known[0], deposit)
    treatments = [Treatment(one[0].toordinal(), one[1]) for one in given if one is not None]
    day = harvest_on.toordinal()
    wait = wait_until_below(float(limit), treatments, day, model, risk=rules.advise_above)
    return SubstanceForecast(
        **said,
        probability=probability_above(float(limit), treatments, day, model),
        median=median_residue(treatments, day, model),
        high=residue_quantile(HIGH, treatments, day, model),
        wait_until=None if wait is None else harvest_on + timedelta(days=wait - day),
    )


def _why_not(known: Any, deposit: Any, limit: Decimal | None, given: Sequence[Any]) -> str:
    if known is None:
        return _("没有这种成分的消解参数")
    if deposit is None:
        return _("没有这类作物的沉积参数")
    if limit is None:
        return _("没有查到这种作物上的残留限量")
    if any(one is None for one in given):
        return _("有的用药没有记每亩用量，算不出")
    return ""


def limit_of(food: str, analyte: str, on: date) -> tuple[Decimal | None, str]:
    """The residue limit in mg/kg and where it stands; nothing where no limit is known."""
    asked = Measured(sample_id="forecast", food=food, analyte=analyte, value="0", unit="mg/kg", sampled_on=on)
    verdict = catalog.the_judge().judge(asked)
    factor = PER_KILOGRAM.get(verdict.limit_unit)
    if verdict.limit is None or factor is None or verdict.limit <= 0:
        return None, ""
    return verdict.limit * factor, " ".join(
        part for part in (verdict.standard, verdict.edition, verdict.clause) if part
    )


def in_words(found: Sequence[SubstanceForecast], advise_above: float) -> Mapping[str, Any]:
    """The worst of all substances, and the day from which each is below the advised risk."""
    told = [one for one in found if one.probability is not None]
    if not told:
        return {}
    worst = max(told, key=lambda one: one.probability or 0)
    late = [one.wait_until for one in told if one.wait_until is not None]
    never = any(one.wait_until is None for one in told)
    return {
        "worst": worst,
        "percent": share_text(worst.probability or 0),
        "advised": (worst.probability or 0) > advise_above,
        "wait_until": None if never else max(late, default=None),
    }


def share_text(share: float) -> str:
    """In whole percent, without ever saying that something is certain."""
    if share < 0.01:
        return _("不到 1%")
    return _("99% 以上") if share > 0.99 else _("约 %(n)s%%") % {"n": round(share * 100)}
