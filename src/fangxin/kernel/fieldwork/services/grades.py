"""Grades of premises: scored by one person, confirmed by another, told; graded anew when something happens."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from fangxin.engines import grading
from fangxin.engines.deadlines import add_months
from fangxin.kernel.fieldwork import rules, standards
from fangxin.kernel.fieldwork.data import GradeLife
from fangxin.kernel.fieldwork.models import Inspection, PremisesGrade
from fangxin.kernel.fieldwork.services.steps import named, need_text
from fangxin.kernel.ledger import api as ledger

State = PremisesGrade.State
RISK, HYGIENE_YEAR = grading.Scale.RISK.value, grading.Scale.HYGIENE_YEAR.value
SCALES = (RISK, HYGIENE_YEAR)
LIVE = (State.SCORED, State.CONFIRMED, State.TOLD)
STANDING = (State.CONFIRMED, State.TOLD)
_BATCH = 500


@transaction.atomic
def score_grade(
    *,
    premises: Any,
    year: int,
    scale: str = RISK,
    static: Decimal | None = None,
    factors: Mapping[str, Any] | None = None,
    dynamic: Decimal | None = None,
    triggers: Iterable[grading.Occurred] = (),
    traits: Iterable[str] = (),
    note: str = "",
    by: Any,
) -> PremisesGrade:
    """Propose the grade of a year.

    On the risk scale the static points are given, or reckoned from the `factors` of the form for the kind of
    premises; the dynamic points are given, or taken from the last inspection; `triggers` then move the grade. On the
    catering scale the year's inspections alone decide.
    """
    today = ledger.clock.today()
    if not today.year - 3 <= year <= today.year + 1:
        raise rules.Refused({"year": _("请填写正确的年度。")})
    if scale not in SCALES:
        raise rules.Refused({"scale": _("请选择等级制。")})
    grade = PremisesGrade(
        premises=premises,
        division_code=premises.division_code,
        year=year,
        scale=scale,
        note=note.strip(),
        effective_from=max(today, date(year, 1, 1)),
        scored_at=ledger.clock.now(),
        scored_by=named(by),
    )
    if scale == RISK:
        points = static if factors is None else _static(premises, factors, today)
        _score_risk(grade, points, _dynamic(premises, dynamic, today), tuple(triggers), tuple(traits), today)
    else:
        _score_year(grade, today)
    return _keep(grade, by=by)


def _static(premises: Any, factors: Mapping[str, Any], on: date) -> Decimal:
    form = standards.static_form_for(premises.kind, on)
    if form is None:
        raise rules.Refused(_("这类对象没有静态评分表，请直接填写静态分。"))
    titles = {factor.code: factor.title for factor in form.factors}
    try:
        return grading.static_score(form, factors).points
    except grading.FactsMissing as missing:
        names = "、".join(titles[code] for code in missing.codes)
        raise rules.Refused({"factors": _("还没有填写：%(names)s。没有的请填0。") % {"names": names}}) from None
    except ValueError:
        raise rules.Refused({"factors": _("静态评分表中有填错的数值，请核对后再提交。")}) from None


def _dynamic(premises: Any, given: Decimal | None, on: date) -> Decimal | None:
    """What was given, or the points of the last told inspection of everything; None for one not yet visited."""
    if given is not None:
        return given
    rows = Inspection.objects.filter(premises=premises, state__in=rules.TOLD_STATES, chosen_items=[])
    last = rows.select_related("checklist").order_by("-started_on", "-pk").first()
    return None if last is None else dynamic_of(last, on)


def dynamic_of(inspection: Inspection, on: date) -> Decimal | None:
    """The dynamic risk points of one inspection."""
    answered = grading.answer(
        standards.checklist_of(inspection.checklist),
        [rules.to_engine(row) for row in inspection.items.all()],
        kind=inspection.premises_kind,
    )
    return grading.dynamic_score(answered, rules=standards.risk_rules(on)).points


def _score_risk(
    grade: PremisesGrade,
    static: Decimal | None,
    dynamic: Decimal | None,
    triggers: Sequence[grading.Occurred],
    traits: Sequence[str],
    on: date,
) -> None:
    if static is None:
        raise rules.Refused({"static": _("请填写静态分。")})
    risk_rules = standards.risk_rules(on)
    try:
        verdict = grading.judge_risk(static, dynamic, rules=risk_rules)
    except ValueError:
        raise rules.Refused({"static": _("静态分为0到40分，动态分为0到60分，请核对。")}) from None
    if not verdict.grade.given:
        raise rules.Refused(
            {"dynamic": _("这个对象还没有检查过，没有动态分，暂不能评定等级。请先检查，或者填写动态分。")}
        )
    after = _adjusted(verdict.grade, triggers, traits, risk_rules)
    frequency = standards.frequency_rules(on)
    grade.static_points, grade.dynamic_points = standards.two_places(static), standards.two_places(dynamic)
    grade.total = standards.two_places(verdict.total)
    grade.before, grade.grade = verdict.grade.grade, after.after.grade
    grade.triggers = [{"code": one.code, "steps": one.steps} for one in triggers]
    grade.key_supervision = grading.key_supervision(
        grade.premises.kind, after.after, rules=frequency, traits=traits
    ).applies
    grade.basis = {"score": rules.basis_of(verdict.basis), "adjustment": rules.basis_of(after.basis)}


def _adjusted(
    grade: grading.Grade, triggers: Sequence[grading.Occurred], traits: Sequence[str], risk_rules: grading.RiskRules
) -> grading.Adjustment:
    try:
        return grading.adjust_grade(grade, triggers, rules=risk_rules, traits=traits)
    except ValueError:
        raise rules.Refused({"triggers": _("所选的调整情形或者调整级数不在规定之内，请重新选择。")}) from None


def _score_year(grade: PremisesGrade, on: date) -> None:
    if grade.premises.kind not in standards.practice(on).hygiene_kinds:
        raise rules.Refused({"scale": _("量化分级只用于餐饮服务和食堂。")})
    hygiene = standards.hygiene_rules(on)
    since = add_months(on, -hygiene.window_months)
    visits = Inspection.objects.filter(
        premises=grade.premises, state__in=rules.TOLD_STATES, started_on__gte=since, score__isnull=False
    )
    scored = [grading.ScoredVisit(row.started_on, row.score) for row in visits if row.score is not None]
    verdict = grading.grade_year(scored, on=on, last_accident_on=None, rules=hygiene)
    if verdict.score is None:
        raise rules.Refused(_("近12个月没有带得分的检查，暂不能评定年度等级。请先按检查表检查。"))
    grade.total = standards.two_places(verdict.score)
    grade.before = grade.grade = verdict.grade.grade
    grade.basis = {"score": rules.basis_of(verdict.basis)}


def _keep(grade: PremisesGrade, *, by: Any) -> PremisesGrade:
    grade.clean_fields()
    try:
        with transaction.atomic():
            grade.save(force_insert=True)
    except IntegrityError:
        raise rules.Refused(_("本年度已有等级评定；如需调整请“重新评定”。")) from None
    ledger.record("fieldwork.grade.scored", of=grade, by=by, data=_told(grade))
    return grade


def _told(grade: PremisesGrade) -> dict[str, Any]:
    return {"scale": grade.scale, "grade": grade.grade, "year": grade.year, "total": grade.total}


@transaction.atomic
def confirm_grade(*, grade: PremisesGrade, by: Any) -> PremisesGrade:
    """By another person than who scored."""
    _second_person(grade, by)
    return _move(grade, (State.SCORED,), "confirmed", by=by, state=State.CONFIRMED, **_now("confirmed", by))


@transaction.atomic
def refuse_grade(*, grade: PremisesGrade, reason: str, by: Any) -> PremisesGrade:
    """Sent back: the year may be scored again."""
    _second_person(grade, by)
    reason = need_text(reason, "reason", _("请写明退回的原因。"), most=300)
    return _move(grade, (State.SCORED,), "refused", by=by, state=State.REFUSED, note=reason)


@transaction.atomic
def tell_grade(*, grade: PremisesGrade, by: Any) -> PremisesGrade:
    return _move(grade, (State.CONFIRMED,), "told", by=by, state=State.TOLD, **_now("told", by))


@transaction.atomic
def regrade(
    *, grade: PremisesGrade, triggers: Iterable[grading.Occurred] = (), reason: str, by: Any, **scored: Any
) -> PremisesGrade:
    """Grade anew within the year: the standing grade is replaced by one that waits for its second person.

    Without other values the points stay and the `triggers` move the grade.
    """
    reason = need_text(reason, "reason", _("请写明重新评定的原因。"), most=300)
    _move(grade, STANDING, "replaced", by=by, state=State.REPLACED)
    values = {"static": grade.static_points, "dynamic": grade.dynamic_points} if grade.scale == RISK else {}
    return score_grade(
        premises=grade.premises,
        year=grade.year,
        scale=grade.scale,
        triggers=triggers,
        note=reason,
        by=by,
        **{**values, **scored},
    )


def _second_person(grade: PremisesGrade, by: Any) -> None:
    if named(by) == grade.scored_by:
        raise rules.Refused(_("评分人不能复核自己的评分，请由另一名人员复核。"))


def _now(what: str, by: Any) -> dict[str, Any]:
    return {f"{what}_at": ledger.clock.now(), f"{what}_by": named(by)}


def _move(grade: PremisesGrade, before: Sequence[str], event: str, *, by: Any, **changes: Any) -> PremisesGrade:
    if PremisesGrade.objects.filter(pk=grade.pk, state__in=before).update(**changes) != 1:
        grade.refresh_from_db()
        raise rules.MovedOn(
            _("这项等级评定现在是“%(state)s”，这一步不能办理或者已经有人办理。请刷新页面再看。")
            % {"state": grade.get_state_display()}
        )
    for name, value in changes.items():
        setattr(grade, name, value)
    ledger.record(f"fieldwork.grade.{event}", of=grade, by=by, data=_told(grade))
    return grade


@transaction.atomic
def load_grades(lives: Sequence[GradeLife], *, premises: Mapping[int, Any], by: Any) -> int:
    """Grades of many premises at once, each already confirmed by a second person and told."""
    rows = []
    for life in lives:
        on = life.scored_at.astimezone(ledger.clock.LOCAL).date()
        row = PremisesGrade(
            premises=premises[life.premises_id],
            division_code=premises[life.premises_id].division_code,
            year=life.year,
            scale=life.scale,
            state=State.TOLD,
            effective_from=on,
            scored_at=life.scored_at,
            scored_by=life.scored_by,
            confirmed_at=life.confirmed_at,
            confirmed_by=life.confirmed_by,
            told_at=life.confirmed_at,
            told_by=life.confirmed_by,
        )
        if life.scored_by == life.confirmed_by:
            raise rules.Refused(_("评分人不能复核自己的评分，请由另一名人员复核。"))
        _score_risk(row, life.static, life.dynamic, (), (), on)
        rows.append(row)
    PremisesGrade.objects.bulk_create(rows, batch_size=_BATCH)
    ledger.record("fieldwork.grades.loaded", of=None, by=by, data={"count": len(rows)})
    return len(rows)
