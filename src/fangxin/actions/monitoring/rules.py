"""Facts carried to the exposure engine and back: names, units, intakes, days."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from fangxin.actions.monitoring import reading
from fangxin.actions.monitoring.data import FoodGroup, Hazard, Intake, OfferedPoint, People, Route, SignalRules
from fangxin.actions.monitoring.models import Measurement, Survey
from fangxin.engines.deadlines import Unit, clock_in_force, due, national_calendar
from fangxin.engines.exposure import Observation
from fangxin.engines.limits import Measured, Outcome
from fangxin.engines.limits.expressions import Form, read_expression
from fangxin.engines.limits.units import UNITS, convert, find_unit
from fangxin.kernel.casework import api as casework
from fangxin.kernel.catalog import api as catalog

MG_PER_KG = UNITS["mg/kg"]
_DIGITS = Decimal("1e-10")  # what the columns keep
_MOST = Decimal(10) ** 7
_NO_WORKDAYS = national_calendar(())


class Refused(ValidationError):
    """A rule stands in the way; the text says which, and what to do."""


class MovedOn(Refused):
    """Somebody else was first."""


def folder() -> Path:
    return Path(settings.STANDARDS_DIR) / "exposure"


def hazards() -> Mapping[str, Hazard]:
    return reading.hazards(folder())


def hazard_name(code: str) -> str:
    found = hazards().get(code)
    return found.name if found else code


def hazard_of(analyte: str) -> str:
    """The hazard's code, or nothing for a name that is not known: it is kept, and not counted for another."""
    return reading.hazard_names(folder()).get(reading.plain(analyte), "")


def food_groups() -> Mapping[str, FoodGroup]:
    return reading.food_groups(folder())


def food_name(code: str) -> str:
    found = food_groups().get(code)
    return found.name if found else code


def group_of(food: str, food_class: str) -> str:
    return reading.group_of(food_groups().values(), food, food_class)


def people_groups() -> Mapping[str, People]:
    return reading.people_groups(folder())


def people_name(code: str) -> str:
    found = people_groups().get(code)
    return found.name if found else code


def points_for(hazard: str) -> list[OfferedPoint]:
    """The reference points that may be chosen for a hazard; none for a whole element that has to be speciated."""
    known = hazards().get(hazard)
    if known is None or known.speciation:
        return []
    return [p for p in reading.reference_points(folder()) if p.hazard == hazard]


def point(code: str) -> OfferedPoint:
    for offered in reading.reference_points(folder()):
        if offered.point.code == code:
            return offered
    raise Refused({"reference_point": _("没有这个参考值，请重新选择。")})


def signal_rules() -> SignalRules:
    return reading.signal_rules(folder())


def route(code: str) -> Route:
    return reading.routes(folder())[code]


def counted(code: str, day: date) -> date:
    """The last day of a clock that starts on a day."""
    clock = clock_in_force(reading.clocks(Path(settings.STANDARDS_DIR) / "clocks"), code, day)
    if clock.unit is not Unit.WORKDAY and not clock.roll:
        return due(clock, day, calendar=_NO_WORKDAYS).last_day
    with casework.known_years():
        return due(clock, day, calendar=casework.calendar()).last_day


# --- results as they are written --------------------------------------------------------------------------------------


def to_mg_per_kg(number: Decimal | None, unit_text: str) -> Decimal | None:
    """In mg/kg, exactly. Raises Refused for a unit that is no mass per mass, and for more digits than are kept."""
    if number is None:
        return None
    unit = find_unit(unit_text)
    exact = convert(number, unit, MG_PER_KG) if unit is not None else None
    if exact is None:
        raise Refused(_("单位“%(unit)s”不能换算成 mg/kg，请换算后再导入。") % {"unit": unit_text[:20]})
    if not 0 <= exact < _MOST:
        raise Refused(_("数值“%(value)s %(unit)s”超出范围，请核对。") % {"value": number, "unit": unit_text})
    return exact.quantize(_DIGITS)


def read_result(text: str, unit: str, lod: Decimal | None, loq: Decimal | None) -> dict[str, Any]:
    """What a written result says, in mg/kg: value, limits, trace. Raises Refused for what cannot be read or bounds
    nothing; "ND" is not zero."""
    said = read_expression(text)
    if said.form in (Form.UNREADABLE, Form.ABOVE, Form.RANGE):
        raise Refused(_("结果“%(text)s”读不出来，请写成数字、未检出或者“<数字”。") % {"text": text[:40]})
    spelled = said.unit.name if said.unit is not None else unit
    low_limit = to_mg_per_kg(lod if said.lod is None else said.lod, spelled)
    high_limit = to_mg_per_kg(loq, spelled)
    value, trace = None, False
    if said.form is Form.NUMBER:
        value = to_mg_per_kg(said.low, spelled)
    elif said.form is Form.DETECTED:
        trace = True
    elif said.form is Form.BELOW:
        low_limit, high_limit, trace = _below(to_mg_per_kg(said.high, spelled), low_limit, high_limit)
    return _checked(text, {"value": value, "lod": low_limit, "loq": high_limit, "trace": trace})


def _below(
    bound: Decimal | None, lod: Decimal | None, loq: Decimal | None
) -> tuple[Decimal | None, Decimal | None, bool]:
    """ "<x" is below the limit that x is. Where it is neither of those stated, it is the limit reported with it."""
    if bound is None:  # "<LOQ" in words
        return lod, loq, bool(lod)
    if loq is not None and bound == loq and lod is not None and lod < loq:
        return lod, loq, True
    if lod is None and loq is not None and bound == loq:
        return None, loq, False
    return bound, loq if loq is not None and loq >= bound else None, False


def _checked(text: str, said: dict[str, Any]) -> dict[str, Any]:
    try:
        seen = Observation(
            *(None if said[k] is None else float(said[k]) for k in ("value", "lod", "loq")), said["trace"]
        )
    except ValueError:
        raise Refused(
            _("结果“%(text)s”没有可用的检出限或定量限（或者定量限小于检出限），说明不了含量范围。请补填。")
            % {"text": text[:40]}
        ) from None
    return {**said, "quantified": seen.seen.value == "quantified"}


_OVER = {Outcome.NONCONFORMING: Measurement.OverLimit.YES, Outcome.CONFORMING: Measurement.OverLimit.NO}


def compare_with_limits(rows: Iterable[Mapping[str, Any]]) -> list[str]:
    """For each result whether it lies above a limit of the day: for rates only. It is no verdict, since monitoring
    samples are not taken as the law asks of evidence; where the judge cannot say, neither does this."""
    measured = [
        Measured(
            sample_id=f"{number}", food=row["food"], food_class=row["food_class"] or None, analyte=row["analyte"],
            value=row["as_typed"], unit=row["unit"], lod=row["lod_typed"], loq=row["loq_typed"],
            sampled_on=row["sampled_on"],
        )
        for number, row in enumerate(rows)
    ]  # fmt: skip
    verdicts = catalog.the_judge().judge_batch(measured)
    return [_OVER.get(verdict.outcome, Measurement.OverLimit.UNKNOWN) for verdict in verdicts]


def observation(row: Measurement) -> Observation:
    value, lod, loq = (None if x is None else float(x) for x in (row.value, row.lod, row.loq))
    return Observation(value, lod=lod, loq=loq, trace=row.trace)


# --- what people eat --------------------------------------------------------------------------------------------------


def placeholder(people: str) -> Intake:
    """National numbers from memory that stand in until a local survey is there; refused for groups that have none."""
    group = people_groups().get(people)
    if group is None or group.body_weight_kg is None:
        raise Refused(
            {"people": _("“%(people)s”还没有膳食调查数据，也没有占位值。请先导入并确认本地调查。") % {"people": people_name(people)}}
        )  # fmt: skip
    return Intake(
        people=people,
        body_weight_kg=float(group.body_weight_kg),
        body_weight_cv=0.2,
        grams={food: float(grams) for food, grams in group.grams.items()},
        variation=dict.fromkeys(group.grams, 0.5),
        eaters=dict.fromkeys(group.grams, 1.0),
        portion_g={},
        unit_g={},
        surveyed=None,
        source=_("占位值（可信度低，须以本地调查代替）"),
        placeholder=True,
    )


def intake_from(survey: Survey) -> Intake:
    figures = list(survey.figures.all())
    return Intake(
        people=survey.people,
        body_weight_kg=float(survey.body_weight_kg),
        body_weight_cv=float(survey.body_weight_cv),
        grams={f.food_group: float(f.grams) for f in figures},
        variation={f.food_group: float(f.variation) if f.variation is not None else 0.5 for f in figures},
        eaters={f.food_group: float(f.eaters) for f in figures},
        portion_g={f.food_group: float(f.portion_g) for f in figures if f.portion_g is not None},
        unit_g={f.food_group: float(f.unit_g) for f in figures if f.unit_g is not None},
        surveyed=survey.respondents,
        source=str(survey),
        placeholder=False,
    )


def plain_messages(error: ValidationError) -> str:
    return " ".join(error.messages)


def joined(names: Iterable[str]) -> str:
    return "、".join(names)
