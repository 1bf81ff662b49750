"""Enterprises that emit volatile organic compounds: checks, leak detection, leaks until they are repaired."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fangxin.actions.origin import rules_emissions as rules
from fangxin.actions.origin.models import LdarRound, Leak, VocCheck, VocFirm
from fangxin.actions.origin.services.findings import open_matter
from fangxin.actions.origin.services.steps import not_later_than_today
from fangxin.engines import emissions
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.ledger.api import MovedOn, Refused, insert, require, who
from fangxin.kernel.people import api as people

SERIES = "origin.voc"
FIELDS = (
    "name", "uscc", "division_code", "running", "process", "material", "low_voc_material", "collection", "treatment",
    "key_region", "special_limits", "sealing_points", "note", "premises",
)  # fmt: skip
MEASURED = (
    "initial_rate", "outlet_rate", "stack_height", "in_plant_hourly", "in_plant_once", "hood_velocity", "ledger_years",
)  # fmt: skip
LABELS = {
    "treatment": gettext_lazy("治理效率"), "stack": gettext_lazy("排气筒高度"), "in_plant_hourly": gettext_lazy("厂区内小时均值"),
    "in_plant_once": gettext_lazy("厂区内任意一次值"), "hood": gettext_lazy("集气罩风速"), "ledger": gettext_lazy("台账保存年限"),
}  # fmt: skip


@transaction.atomic
def register_firm(*, listed_on: date | None = None, by: Any, **values: Any) -> VocFirm:
    day = listed_on or ledger.clock.today()
    not_later_than_today(day, "listed_on")
    row = VocFirm(listed_on=day, entered_at=ledger.clock.now(), entered_by=who(by), **_known(values))
    row.uscc = row.uscc.upper()
    row.number = f"{row.division_code[:6]}-V-{ledger.next_number(SERIES, 0):04d}"
    insert(row)
    ledger.record("origin.voc.registered", of=row, by=by, data={"process": row.process})
    return row


def _known(values: dict[str, Any]) -> dict[str, Any]:
    unknown = set(values) - set(FIELDS)
    if unknown:
        raise TypeError(f"no such fields: {sorted(unknown)}")
    return {name: value.strip() if isinstance(value, str) else value for name, value in values.items()}


@transaction.atomic
def change_firm(*, row: VocFirm, by: Any, **values: Any) -> VocFirm:
    before = {name: getattr(row, name) for name in values}
    for name, value in _known(values).items():
        setattr(row, name, value)
    row.uscc = row.uscc.upper()
    row.full_clean()
    row.save(update_fields=list(values))
    changed = sorted(name for name in values if getattr(row, name) != before[name])
    ledger.record("origin.voc.changed", of=row, by=by, data={"fields": changed})
    return row


# --- checks -------------------------------------------------------------------------------------------------------


@transaction.atomic
def record_check(*, firm: VocFirm, checked_on: date, note: str = "", by: Any, **measured: Any) -> VocCheck:
    """What a check measured, judged rule by rule under the edition of its day. Not met becomes a matter."""
    not_later_than_today(checked_on, "checked_on")
    unknown = set(measured) - set(MEASURED)
    if unknown:
        raise TypeError(f"no such fields: {sorted(unknown)}")
    _check_rates(measured)
    found = rules.voc_rules(checked_on)
    judgements = emissions.judge_check(found, _checked(firm, measured))
    check: VocCheck = insert(
        VocCheck(
            firm=firm, division_code=firm.division_code, checked_on=checked_on, note=note.strip(),
            outcome=_outcome(firm, judgements), judgements=[_kept(one) for one in judgements], edition=found.edition,
            recorded_at=ledger.clock.now(), recorded_by=who(by), **measured,
        )
    )  # fmt: skip
    ledger.record("origin.voc.checked", of=firm, by=by, data={"on": checked_on.isoformat(), "outcome": check.outcome})
    if check.outcome == VocCheck.Outcome.NOT_MET:
        _open_for_check(check, judgements, by)
    return check


def _check_rates(measured: dict[str, Any]) -> None:
    before, after = measured.get("initial_rate"), measured.get("outlet_rate")
    if before is not None and after is not None and after > before:
        raise Refused({"outlet_rate": _("治理后的速率大于治理前，请核对是否填反。")})


def _checked(firm: VocFirm, measured: dict[str, Any]) -> emissions.Checked:
    return emissions.Checked(
        low_voc_material=firm.low_voc_material,
        key_region=firm.key_region,
        special_limits=firm.special_limits,
        has_hood=firm.collection == VocFirm.Collection.HOOD,
        **measured,
    )


def _outcome(firm: VocFirm, judgements: tuple[emissions.Judgement, ...]) -> str:
    """Waste gas that is not collected at all cannot meet the rules, unless the materials hold little."""
    if firm.collection == VocFirm.Collection.NONE and not firm.low_voc_material:
        return VocCheck.Outcome.NOT_MET
    return str(emissions.overall(judgements))


def _kept(one: emissions.Judgement) -> dict[str, Any]:
    return {
        "code": one.code,
        "outcome": str(one.outcome),
        "value": None if one.value is None else f"{one.value:f}",
        "limit": None if one.limit is None else f"{one.limit:f}",
        "comparison": one.comparison,
        "clause": one.clause,
    }


def _open_for_check(check: VocCheck, judgements: tuple[emissions.Judgement, ...], by: Any) -> None:
    failed = [one for one in judgements if one.outcome is emissions.Outcome.NOT_MET]
    what = "、".join(str(LABELS[one.code]) for one in failed) or _("废气没有收集")
    open_matter(
        "voc_not_met",
        of=check.firm,
        hazard=_("%(name)s挥发性有机物核查不符合：%(what)s。") % {"name": check.firm.name, "what": what},
        clause="；".join(dict.fromkeys(one.clause for one in failed)),
        key=f"origin.voc_check:{check.pk}",
        by=by,
    )


# --- leak detection -----------------------------------------------------------------------------------------------


@transaction.atomic
def record_round(*, firm: VocFirm, parts: str, done_on: date, points: int, by: Any) -> LdarRound:
    not_later_than_today(done_on, "done_on")
    made: LdarRound = insert(
        LdarRound(
            firm=firm, parts=parts, done_on=done_on, points=points, recorded_at=ledger.clock.now(), recorded_by=who(by)
        )
    )
    ledger.record(
        "origin.voc.ldar_done", of=firm, by=by, data={"parts": parts, "on": done_on.isoformat(), "points": points}
    )
    return made


def needs_ldar(firm: VocFirm, day: date) -> bool:
    return emissions.needs_ldar(rules.voc_rules(day), firm.sealing_points)


def ldar_due(firm: VocFirm, rounds: Any) -> dict[str, date]:
    """When each kind of component is due, from its last round or from the day the enterprise was listed."""
    last: dict[str, date] = {}
    for one in rounds:
        last[one.parts] = max(one.done_on, last.get(one.parts, one.done_on))
    return {parts: rules.ldar_due(parts, last.get(parts, firm.listed_on)) for parts in LdarRound.Parts.values}


@transaction.atomic
def report_leak(*, firm: VocFirm, tag: str, medium: str, reading: Decimal, found_on: date, by: Any) -> Leak:
    """A component above its threshold; two clocks run from the day it was found."""
    not_later_than_today(found_on, "found_on")
    threshold = _threshold(firm, medium, found_on)
    if reading < threshold:
        raise Refused({"reading": _("检测值低于泄漏认定浓度 %(n)s，不算泄漏，不必登记。") % {"n": f"{threshold:f}"}})
    leak: Leak = insert(
        Leak(
            firm=firm, division_code=firm.division_code, tag=tag.strip(), medium=medium, reading=reading,
            threshold=threshold, found_on=found_on, first_due_on=rules.due_on(rules.LEAK_FIRST, found_on),
            due_on=rules.due_on(rules.LEAK_DONE, found_on), found_at=ledger.clock.now(), found_by=who(by),
        )
    )  # fmt: skip
    ledger.record("origin.leak.found", of=leak, by=by, data={"firm": firm.number, "due_on": leak.due_on.isoformat()})
    return leak


def _threshold(firm: VocFirm, medium: str, on: date) -> Decimal:
    try:
        return emissions.leak_threshold(rules.voc_rules(on), medium, special=firm.special_limits)
    except ValueError:
        raise Refused({"medium": _("请选择介质。")}) from None


@transaction.atomic
def try_repair(*, leak: Leak, tried_on: date, reading_after: Decimal, by: Any) -> Leak:
    """An attempt, with the reading after it: below the threshold the leak is repaired, else it stands."""
    not_later_than_today(tried_on, "tried_on")
    if tried_on < leak.found_on:
        raise Refused({"tried_on": _("修复日期早于发现日期，请核对。")})
    changes: dict[str, Any] = {"first_tried_on": leak.first_tried_on or tried_on}
    repaired = reading_after < leak.threshold
    if repaired:
        changes |= {
            "repaired_on": tried_on, "reading_after": reading_after, "closed_at": ledger.clock.now(),
            "closed_by": who(by) or "-",
        }  # fmt: skip
    _update(leak, changes)
    ledger.record(
        "origin.leak.repaired" if repaired else "origin.leak.tried", of=leak, by=by,
        data={"on": tried_on.isoformat(), "reading": f"{reading_after:f}"},
    )  # fmt: skip
    return leak


@transaction.atomic
def postpone(*, leak: Leak, until: date, why: str, by: Any) -> Leak:
    """What cannot be repaired while the plant runs waits for the shutdown, with the reason; the clock still shows."""
    why = require(why, "why", _("请写明为什么不停车不能修复。"))
    if until <= ledger.clock.today():
        raise Refused({"until": _("延迟修复的日期应在今天以后。")})
    _update(leak, {"postponed_until": until, "postponed_why": why[:300]})
    ledger.record("origin.leak.postponed", of=leak, by=by, data={"until": until.isoformat()})
    return leak


def _update(leak: Leak, changes: dict[str, Any]) -> None:
    if Leak.objects.filter(pk=leak.pk, repaired_on=None).update(**changes) != 1:
        raise MovedOn(_("这个泄漏点刚刚已登记修复，请刷新后查看。"))
    leak.refresh_from_db()


# --- what comes round by itself -----------------------------------------------------------------------------------


@transaction.atomic
def follow(*, prefix: str, by: Any) -> int:
    """Leaks that stand beyond their time, and rounds that were not made, become matters; each once."""
    return _late_leaks(prefix, by) + _late_rounds(prefix, by)


def late_leaks(rows: Any, day: date) -> Any:
    """Leaks not repaired in time and not postponed beyond today."""
    return rows.filter(repaired_on=None, due_on__lt=day).exclude(postponed_until__gte=day)


def _late_leaks(prefix: str, by: Any) -> int:
    today = ledger.clock.today()
    rows = late_leaks(Leak.objects.filter(people.under(prefix), matter=None).select_related("firm"), today)
    found = list(rows)
    for leak in found:
        hazard = _("%(name)s密封点%(tag)s泄漏，应在 %(day)s 前修复，还没有修复。") % {
            "name": leak.firm.name, "tag": leak.tag, "day": leak.due_on,
        }  # fmt: skip
        leak.matter = open_matter("leak_overdue", of=leak.firm, hazard=hazard, key=f"origin.leak:{leak.pk}", by=by)
        leak.save(update_fields=["matter"])
    return len(found)


def _late_rounds(prefix: str, by: Any) -> int:
    today = ledger.clock.today()
    least = rules.voc_rules(today).ldar_points
    firms = VocFirm.objects.filter(people.under(prefix), running=True, sealing_points__gte=least)
    opened = 0
    for firm in firms.prefetch_related("rounds"):
        for parts, due in ldar_due(firm, firm.rounds.all()).items():
            if due < today:
                hazard = _("%(name)s应在 %(day)s 前完成泄漏检测（%(parts)s），还没有检测。") % {
                    "name": firm.name, "day": due, "parts": LdarRound.Parts(parts).label,
                }  # fmt: skip
                open_matter(
                    "ldar_overdue", of=firm, hazard=hazard, key=f"origin.ldar:{firm.number}:{parts}:{due}", by=by
                )
                opened += 1
    return opened
