"""Sections of rivers and lakes: registered, measured every month, judged; what exceeds the target is told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from fangxin.actions.origin import rules_emissions as rules
from fangxin.actions.origin.models import IrrigationNotice, WaterMonth, WaterSection
from fangxin.actions.origin.models.water import WaterClass
from fangxin.actions.origin.services.findings import open_matter, owner_of
from fangxin.actions.origin.services.steps import not_later_than_today
from fangxin.engines.limits import water
from fangxin.kernel.casework import api as casework
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.ledger.api import MovedOn, Refused, insert, require, who

SERIES = "origin.section"
SECTION_FIELDS = (
    "number", "name", "river", "basin", "body", "purpose", "target", "division_code", "longitude", "latitude",
    "irrigates", "closed_on", "note",
)  # fmt: skip
BATCH = 500


@dataclass(frozen=True, slots=True)
class Measured:
    """One month of one section, as it was reported."""

    section: WaterSection
    month: date
    sampled_on: date
    readings: Mapping[str, str]
    source: str = "manual"


@transaction.atomic
def register_section(*, by: Any, **values: Any) -> WaterSection:
    row = WaterSection(entered_at=ledger.clock.now(), entered_by=who(by), **_known(values))
    if not row.number:
        row.number = f"{row.division_code[:6]}-S-{ledger.next_number(SERIES, 0):03d}"
    _check_section(row)
    insert(row)
    ledger.record("origin.section.registered", of=row, by=by, data={"target": row.target, "irrigates": row.irrigates})
    return row


def _known(values: dict[str, Any]) -> dict[str, Any]:
    unknown = set(values) - set(SECTION_FIELDS)
    if unknown:
        raise TypeError(f"no such fields: {sorted(unknown)}")
    return {name: value.strip() if isinstance(value, str) else value for name, value in values.items()}


def _check_section(row: WaterSection) -> None:
    if row.irrigates and row.irrigates[:6] != row.division_code[:6]:
        raise Refused({"irrigates": _("灌溉乡镇应在本县之内。外县的请由上级登记。")})
    row.basin = row.basin or row.river


@transaction.atomic
def change_section(*, row: WaterSection, by: Any, **values: Any) -> WaterSection:
    """Correct what is known of a section. Months already judged keep the target they were judged by."""
    before = {name: getattr(row, name) for name in values}
    for name, value in _known(values).items():
        setattr(row, name, value)
    _check_section(row)
    row.full_clean()
    row.save(update_fields=list({*values, "basin"}))
    changed = sorted(name for name in values if getattr(row, name) != before[name])
    ledger.record("origin.section.changed", of=row, by=by, data={"fields": changed})
    return row


# --- months -------------------------------------------------------------------------------------------------------


@transaction.atomic
def record_month(
    *,
    section: WaterSection,
    month: date,
    sampled_on: date,
    readings: Mapping[str, str],
    source: str = "manual",
    by: Any,
) -> WaterMonth:
    """What was measured in a month; the verdict is made at once, and told where the target is missed."""
    row = _month(Measured(section, month, sampled_on, readings, source), by)
    insert(row)
    _record(row, "origin.water.recorded", by)
    _tell(row, by)
    return row


@transaction.atomic
def correct_month(*, row: WaterMonth, sampled_on: date, readings: Mapping[str, str], why: str, by: Any) -> WaterMonth:
    """A correction is a new row; what was told because of the old one stays told."""
    why = require(why, "why", _("请写明更正的原因。"))
    if WaterMonth.objects.filter(replaces=row).exists():
        raise MovedOn(_("这一行刚刚已经更正过，请刷新后在最新的一行上更正。"))
    made = _month(Measured(row.section, row.month, sampled_on, readings, row.source), by)
    made.target, made.replaces, made.why = row.target, row, why[:300]
    _judge(made)
    insert(made)
    _record(made, "origin.water.corrected", by)
    _tell(made, by)
    return made


def _month(measured: Measured, by: Any) -> WaterMonth:
    section = measured.section
    month = measured.month.replace(day=1)
    not_later_than_today(measured.sampled_on, "sampled_on")
    if measured.sampled_on.replace(day=1) != month:
        raise Refused({"sampled_on": _("采样日期不在这个月份里，请核对。")})
    if section.closed_on is not None and measured.sampled_on > section.closed_on:
        raise Refused({"sampled_on": _("这个断面在采样日期以前已停测，请核对。")})
    row = WaterMonth(
        section=section, division_code=section.division_code, month=month, sampled_on=measured.sampled_on,
        source=measured.source, readings=_checked(section, measured), target=section.target,
        recorded_at=ledger.clock.now(), recorded_by=who(by),
    )  # fmt: skip
    _judge(row)
    return row


def check_month(measured: Measured) -> None:
    """Refuse what could not be written, without writing anything."""
    _month(measured, None)


def _checked(section: WaterSection, measured: Measured) -> dict[str, str]:
    """The readings as they are kept, in the order of the standard; refusals name the item."""
    names = rules.item_names(section.body, measured.sampled_on)
    kept, wrong = {}, {}
    for item, text in measured.readings.items():
        if not str(text).strip():
            continue
        try:
            kept[item] = rules.check_reading(item, str(text), section.body, measured.sampled_on)
        except Refused as error:
            wrong[item] = f"{names.get(item, item)}：{' '.join(error.messages)}"
    if wrong:
        raise Refused(list(wrong.values()))
    if not set(kept) - {rules.WATER_TEMPERATURE}:
        raise Refused(_("请至少填写一个监测项目。"))
    return {item: kept[item] for item in names if item in kept}


def _judge(row: WaterMonth) -> None:
    standard = rules.water_standard(row.sampled_on)
    verdict = water.judge_section(
        standard.table, rules.readings_of(row.readings), body=row.section.body, target=row.target
    )
    row.water_class, row.sure, row.meets_target = verdict.water_class, verdict.sure, verdict.meets_target
    row.exceeded = [_kept(item) for item in verdict.exceeded]
    row.missing, row.standard = list(verdict.missing), standard.cited


def _kept(item: water.ItemClass) -> dict[str, Any]:
    return {
        "item": item.item,
        "class": item.water_class,
        "multiple": None if item.multiple is None else f"{item.multiple:.6f}",
        "comparison": item.comparison,
    }


def _record(row: WaterMonth, event: str, by: Any) -> None:
    data = {
        "section": row.section.number,
        "month": f"{row.month:%Y-%m}",
        "class": row.water_class,
        "meets": row.meets_target,
    }
    ledger.record(event, of=row, by=by, data=data)


@transaction.atomic
def load_months(*, measured: Sequence[Measured], by: Any) -> list[WaterMonth]:
    """Whole years at once. Only each section's latest month is told: what lies further back is history."""
    rows = [_month(one, by) for one in measured]
    for row in rows:
        row.full_clean(exclude=["section"], validate_constraints=False)
    WaterMonth.objects.bulk_create(rows, batch_size=BATCH)
    ledger.record(
        "origin.water.loaded", of=None, by=by, division_code=rows[0].division_code[:6] if rows else "",
        data={"count": len(rows)},
    )  # fmt: skip
    sections, months = {row.section_id for row in rows}, {row.month for row in rows}
    standing = WaterMonth.objects.filter(section__in=sections).order_by()
    latest = dict(standing.values_list("section").annotate(Max("month")))
    made = standing.filter(month__in=months, replaces=None).select_related("section").order_by("section__number")
    for row in made:
        if row.month == latest[row.section_id]:
            _tell(row, by)
    return rows


# --- telling ------------------------------------------------------------------------------------------------------


def describe(row: WaterMonth) -> str:
    """In plain words what exceeds by how much."""
    names = rules.bare_item_names(row.sampled_on)
    parts = []
    for item in row.exceeded[: water.MOST_MAIN_POLLUTANTS]:
        by_how_much = _("超 %(n)s 倍") % {"n": f"{float(item['multiple']):.2f}"} if item["multiple"] else _("未达标")
        parts.append(f"{names.get(item['item'], item['item'])}{by_how_much}")
    return "、".join(parts)


def _tell(row: WaterMonth, by: Any) -> None:
    """A section that misses its target: a matter for whoever seeks the source, unless one about the section is open; and
    where fields are irrigated from it, agriculture is told, each month anew."""
    if row.meets_target is not False:
        return
    said = _("%(section)s %(month)s水质为%(class)s，未达到目标%(target)s：%(what)s。") % {
        "section": row.section, "month": f"{row.month:%Y-%m}", "class": WaterClass(row.water_class).label,
        "target": WaterClass(row.target).label, "what": describe(row),
    }  # fmt: skip
    key = f"{row.section.number}:{row.month:%Y-%m}:{row.pk}"
    _matter(row, "water_exceeded", said, f"origin.water:{key}", by)
    if row.section.irrigates:
        _notify(row, said, key, by)


def _matter(row: WaterMonth, finding: str, said: str, key: str, by: Any) -> Any:
    """The open matter of the section with that owner, or a new one."""
    owner = owner_of(finding, row.division_code)
    standing = casework.open_matters_of("origin.watersection", row.section_id).filter(owner=owner)
    return standing.first() or open_matter(finding, of=row.section, hazard=said, key=key, clause=row.standard, by=by)


def _notify(row: WaterMonth, said: str, key: str, by: Any) -> IrrigationNotice:
    text = said + _("这里取水灌溉，请通知用水户停用或者改用其他水源。")
    today = ledger.clock.today()
    notice: IrrigationNotice = insert(
        IrrigationNotice(
            month=row, section=row.section, division_code=row.section.irrigates,
            agency=owner_of("irrigation_exceeded", row.division_code),
            matter=_matter(row, "irrigation_exceeded", text, f"origin.irrigation:{key}", by),
            told_at=ledger.clock.now(), told_by=who(by), due_on=rules.due_on(rules.TELL_AGRICULTURE, today),
        )
    )  # fmt: skip
    ledger.record(
        "origin.irrigation.told", of=notice, by=by, division_code=notice.division_code,
        data={"section": row.section.number, "due_on": notice.due_on.isoformat()},
    )  # fmt: skip
    return notice


@transaction.atomic
def acknowledge(*, notice: IrrigationNotice, measures: str, by: Any) -> IrrigationNotice:
    """Agriculture has the word, and says what it does."""
    measures = require(measures, "measures", _("请写明采取了什么措施，例如：已通知停止取水、改用井水。"))
    told = IrrigationNotice.objects.filter(pk=notice.pk, acknowledged_at=None)
    if told.update(acknowledged_at=ledger.clock.now(), acknowledged_by=who(by), measures=measures[:500]) != 1:
        raise MovedOn(_("这份告知刚刚已由他人签收，请刷新后查看。"))
    notice.refresh_from_db()
    ledger.record(
        "origin.irrigation.acknowledged", of=notice, by=by, data={"late": ledger.clock.today() > notice.due_on}
    )
    return notice
