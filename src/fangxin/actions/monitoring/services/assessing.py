"""One run of an exposure assessment: gathered, reckoned, kept as it was. It is no verdict on any food or anybody."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from django.db import transaction
from django.utils.translation import gettext as _

from fangxin.actions.monitoring import describing, rules, selectors
from fangxin.actions.monitoring.data import Intake, OfferedPoint
from fangxin.actions.monitoring.models import Assessment, Measurement, Signal
from fangxin.actions.monitoring.services import signals
from fangxin.actions.monitoring.services.steps import insert, who
from fangxin.engines import exposure
from fangxin.engines.evidence import canonical_json, digest
from fangxin.engines.exposure import Basis, Bound, Mode, Observation
from fangxin.kernel.catalog import api as catalog
from fangxin.kernel.ledger import api as ledger

ENGINE = "exposure 1"
PEOPLE, ROUNDS = 1000, 100
MOST_RESULTS = 20_000
FILES = ("reference-points", "diets", "hazards")
SERIES = "monitoring.assessment"


@dataclass(frozen=True, slots=True)
class Question:
    """What a person chose."""

    division_code: str
    hazard: str
    people: str
    since: date
    until: date
    mode: Mode
    reference_point: str
    loq_at_most: float | None = None  # mg/kg; results of methods that see less are left out


@dataclass(frozen=True, slots=True)
class Gathered:
    question: Question
    point: OfferedPoint
    intake: Intake
    rows: tuple[Measurement, ...]
    foods: Mapping[str, tuple[Observation, ...]]  # with results and an intake
    without_intake: Mapping[str, int]  # results that could not be counted, by food group ("" for unmatched foods)
    without_results: tuple[str, ...]  # eaten, not tested
    unfit: int


def gather(question: Question) -> Gathered:
    """Results, intakes and the reference point. Raises Refused where they do not make an assessment."""
    point = _point(question)
    if question.since > question.until:
        raise rules.Refused({"until": _("截止日期不能早于开始日期。")})
    survey = selectors.survey_for(question.division_code, question.people, question.until)
    intake = rules.intake_from(survey) if survey is not None else rules.placeholder(question.people)
    found = selectors.results_for(question.division_code, question.hazard, question.since, question.until)
    rows = tuple(found[: MOST_RESULTS + 1])
    if len(rows) > MOST_RESULTS:
        raise rules.Refused({"since": _("结果超过 %(n)s 条，请缩短时段。") % {"n": MOST_RESULTS}})
    foods, without_intake, unfit = _by_food(rows, intake, question.loq_at_most)
    if not foods:
        raise rules.Refused(
            _(
                "这段时间没有可用于评估的结果：没有检测，或者检测的食品没有摄入量。请放宽时段，或者先导入数据和膳食调查。"
            )
        )
    eaten = {food for food, grams in intake.grams.items() if grams > 0}
    return Gathered(question, point, intake, rows, foods, without_intake, tuple(sorted(eaten - set(foods))), unfit)


def _point(question: Question) -> OfferedPoint:
    offered = {p.point.code: p for p in rules.points_for(question.hazard)}
    known = rules.hazards().get(question.hazard)
    if known is None:
        raise rules.Refused({"hazard": _("请选择危害物。")})
    if known.speciation:
        raise rules.Refused({"hazard": known.speciation})
    if question.reference_point not in offered:
        raise rules.Refused({"reference_point": _("请选择这个危害物的参考值。已被撤销的值不提供。")})
    point = offered[question.reference_point]
    acute = point.point.basis is Basis.ACUTE
    if acute != (question.mode is Mode.ACUTE):
        raise rules.Refused({"reference_point": _("短期评估用急性参考剂量，长期评估用其他参考值，请重新选择。")})
    return point


def _by_food(
    rows: Sequence[Measurement], intake: Intake, loq_at_most: float | None
) -> tuple[dict[str, tuple[Observation, ...]], dict[str, int], int]:
    groups: dict[str, list[Observation]] = {}
    for row in rows:
        groups.setdefault(row.food_group, []).append(rules.observation(row))
    unfit = 0
    if loq_at_most is not None:
        for food, seen in list(groups.items()):
            groups[food], dropped = exposure.drop_unfit(seen, loq_at_most=loq_at_most)
            unfit += dropped
    foods = {food: tuple(seen) for food, seen in sorted(groups.items()) if seen and intake.grams.get(food, 0) > 0}
    return foods, {food: len(seen) for food, seen in sorted(groups.items()) if seen and food not in foods}, unfit


@transaction.atomic
def assess(*, question: Question, by: Any) -> Assessment:
    """Run and keep. The same inputs give the same digest, and the digest gives the seed."""
    gathered = gather(question)
    inputs = _inputs(gathered)
    mark = digest(canonical_json(inputs).encode())
    seed = int(mark.rsplit(":", 1)[-1][:12], 16)
    results = reckon(gathered, seed=seed)
    now = ledger.clock.now()
    year = ledger.clock.today().year
    row: Assessment = insert(
        Assessment(
            number=f"{year}-{ledger.next_number(SERIES, year):04}", division_code=question.division_code,
            hazard=question.hazard, people=question.people, since=question.since, until=question.until,
            mode=question.mode.value, reference_point=question.reference_point,
            parameters={"engine": ENGINE, "seed": seed, "people": PEOPLE, "rounds": ROUNDS}, inputs=inputs,
            inputs_digest=mark, results=results, burden=results["burden"], concern=results["concern"],
            assessed_at=now, assessed_by=who(by),
        )
    )  # fmt: skip
    catalog.mark_used(_editions(ledger.clock.today()))
    ledger.record("monitoring.exposure.assessed", of=row, by=by, data={"digest": mark})
    _speak_up(row, by=by)
    return row


def _editions(today: date) -> list[Any]:
    found = (catalog.edition_in_force("exposure", name, today) for name in FILES)
    return [edition for edition in found if edition is not None]


def _inputs(g: Gathered) -> dict[str, Any]:
    """Everything the figures rest on, as text, so that it can be reckoned again."""
    return {
        "results": [
            [r.sample_no, r.food_group, str(r.sampled_on), _plain(r.value), _plain(r.lod), _plain(r.loq), r.trace]
            for r in g.rows
        ],
        "intake": {
            "source": g.intake.source, "placeholder": g.intake.placeholder, "surveyed": g.intake.surveyed or 0,
            "body_weight_kg": repr(g.intake.body_weight_kg), "body_weight_cv": repr(g.intake.body_weight_cv),
            "grams": _texts(g.intake.grams), "variation": _texts(g.intake.variation), "eaters": _texts(g.intake.eaters),
            "portion_g": _texts(g.intake.portion_g), "unit_g": _texts(g.intake.unit_g),
        },
        "reference_point": {
            "code": g.point.point.code, "value": str(g.point.point.value), "unit": g.point.point.unit,
            "period": g.point.point.period.value, "kind": g.point.point.kind, "body": g.point.point.body,
        },
        "mode": g.question.mode.value,
        "loq_at_most": "" if g.question.loq_at_most is None else repr(g.question.loq_at_most),
        "engine": ENGINE,
    }  # fmt: skip


def _plain(value: Any) -> str:
    return "" if value is None else format(value.normalize(), "f")


def _texts(values: Mapping[str, float]) -> dict[str, str]:
    return {key: repr(value) for key, value in sorted(values.items())}


def reckon(g: Gathered, *, seed: int) -> dict[str, Any]:
    """All figures of a run, plain values for a page and a paper."""
    eaten = [exposure.Eaten(food, seen, g.intake.grams[food]) for food, seen in g.foods.items()]
    found = exposure.estimate_exposure(eaten, body_weight_kg=g.intake.body_weight_kg)
    bounds = {b.value: _meant(found.total[b], g.point) for b in Bound}
    upper = exposure.compare(found.total[Bound.UPPER], g.point.point)
    lower = exposure.compare(found.total[Bound.LOWER], g.point.point)
    acute = _short_term(g) if g.question.mode is Mode.ACUTE else []
    worst = max([row["share"] for row in acute], default=None)
    if g.question.mode is Mode.ACUTE and worst is not None:
        burden, concern = worst, worst > 1
    else:
        burden = _burden(upper, g.point)
        # Where only the upper bound passes the value, the data do not say: neither yes nor no.
        concern = upper.concern if upper.concern == lower.concern else (False if upper.concern is False else None)
    return {
        "bounds": bounds,
        "censored_share": found.censored_share,
        "treatment": found.treatment.value,
        "foods": [_food(c, g) for c in found.contributions],
        "simulated": {b.value: _simulated(g, b, seed) for b in (Bound.LOWER, Bound.UPPER)},
        "acute": acute,
        "burden": burden,
        "concern": concern,
        "without_intake": [[food, count] for food, count in g.without_intake.items()],
        "without_results": list(g.without_results),
        "unfit": g.unfit,
        "per_day": float(g.point.point.per_day),
        "margin_wanted": None if g.point.point.margin_wanted is None else float(g.point.point.margin_wanted),
        "placeholder": g.intake.placeholder,
        "intake_source": g.intake.source,
        "count": sum(len(seen) for seen in g.foods.values()),
    }


def _meant(value: float, point: OfferedPoint) -> dict[str, Any]:
    meaning = exposure.compare(value, point.point)
    return {"exposure": value, "share": meaning.share, "margin": meaning.margin, "concern": meaning.concern}


def _burden(meaning: exposure.Meaning, point: OfferedPoint) -> float | None:
    """1 is where concern begins, for either kind of reference point."""
    if meaning.share is not None:
        return meaning.share
    if meaning.margin is None or point.point.margin_wanted is None:
        return None
    return float(point.point.margin_wanted) / meaning.margin


def _food(c: exposure.Contribution, g: Gathered) -> dict[str, Any]:
    return {
        "food": c.food,
        "grams": c.grams_a_day,
        "count": c.summary.count,
        "not_detected": c.summary.not_detected,
        "trace": c.summary.trace,
        "censored_share": c.summary.censored_share,
        "mean": {"lower": c.summary.lower, "middle": c.summary.middle, "upper": c.summary.upper},
        "highest": c.summary.highest,
        "exposure": {b.value: c.exposure[b] for b in Bound},
        "share": {b.value: c.share[b] for b in Bound},
        "estimates": _estimates(g.foods[c.food]),
    }


def _estimates(seen: Sequence[Observation]) -> dict[str, Any]:
    """Means that do not put numbers in the place of what was not seen; what cannot be fitted is left out."""
    found: dict[str, Any] = {}
    try:
        fit = exposure.fit_lognormal(seen)
        low, high = fit.mean_interval
        found["likelihood"] = {"mean": fit.mean, "low": low, "high": high}
    except exposure.CannotFit:
        pass
    try:
        free = exposure.kaplan_meier(seen)
        found["kaplan_meier"] = {"mean": free.mean, "low": free.low, "high": free.high}
    except exposure.CannotFit:
        pass
    return found


def _simulated(g: Gathered, bound: Bound, seed: int) -> dict[str, Any]:
    intake = g.intake
    diet = [
        exposure.Diet(
            food,
            exposure.Amount(
                mean=intake.grams[food] / (intake.eaters.get(food) or 1.0),
                variation=intake.variation.get(food, 0.5),
                share=intake.eaters.get(food) or 1.0,
                surveyed=intake.surveyed,
            ),
            seen,
        )
        for food, seen in g.foods.items()
    ]
    weight = exposure.Amount(mean=intake.body_weight_kg, variation=intake.body_weight_cv)
    point = g.point.point
    found = exposure.simulate_exposure(
        diet, body_weight_kg=weight, bound=bound, rng=np.random.default_rng(seed), mode=g.question.mode, people=PEOPLE,
        rounds=ROUNDS, guidance=None if point.basis is Basis.BENCHMARK else float(point.per_day),
    )  # fmt: skip
    return {
        "mean": [found.mean, found.mean_low, found.mean_high],
        "percentiles": [[p.at, p.value, p.low, p.high] for p in found.percentiles],
        "share_above": None
        if found.share_above is None
        else [found.share_above.value, found.share_above.low, found.share_above.high],
    }


def _short_term(g: Gathered) -> list[dict[str, Any]]:
    """The international short-term equations, food by food, where the survey tells a large portion."""
    rows = []
    for food, seen in g.foods.items():
        portion = g.intake.portion_g.get(food)
        if portion is None:
            continue
        highest = max(o.read(Bound.UPPER) for o in seen)
        meal = exposure.Meal(portion, g.intake.body_weight_kg, highest=highest, unit_g=g.intake.unit_g.get(food, 0.0))
        found = exposure.estimate_short_term_intake(meal)
        share = found.intake / float(g.point.point.per_day)
        rows.append({"food": food, "case": found.case.value, "intake": found.intake, "share": share})
    return sorted(rows, key=lambda row: (-float(str(row["share"])), str(row["food"])))


def _speak_up(row: Assessment, *, by: Any) -> None:
    """An exposure near or above its reference value is looked at by people."""
    if row.burden is None or row.burden < rules.signal_rules().share_of_guidance:
        return
    upper = describing.meaning(row.results["bounds"]["upper"])
    text = _("“%(people)s”对%(hazard)s的暴露按上限估计：%(upper)s%(acute)s。参考值：%(point)s。评估 %(number)s。") % {
        "people": rules.people_name(row.people), "hazard": rules.hazard_name(row.hazard), "upper": upper,
        "acute": _("；单一食物的短期摄入最高为 %(n)s") % {"n": describing.percent(row.burden)} if row.results["acute"] else "",
        "point": rules.point(row.reference_point).label, "number": row.number,
    }  # fmt: skip
    signals.raise_once(
        kind=Signal.Kind.EXPOSURE, key=f"exposure:{row.division_code}:{row.hazard}:{row.people}", hazard=row.hazard,
        division_code=row.division_code, text=text, facts={"assessment": row.number, "burden": row.burden},
        sampled_on=row.until, by=by,
    )  # fmt: skip
