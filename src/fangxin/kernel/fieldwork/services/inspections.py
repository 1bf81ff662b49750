"""An inspection begins, or turns out to have been none."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from fangxin.engines import grading
from fangxin.kernel.catalog import api as catalog
from fangxin.kernel.fieldwork import rules, standards
from fangxin.kernel.fieldwork.data import Spot
from fangxin.kernel.fieldwork.models import Inspection, InspectionOfficer, InspectionStep, PlannedVisit, Recusal
from fangxin.kernel.fieldwork.models.kinds import InspectionKind
from fangxin.kernel.fieldwork.services.steps import move, named, need_text, record, write_step
from fangxin.kernel.ledger import api as ledger

SERIES = "fieldwork.inspection"
COUNTY_LENGTH = 6
# The clocks of two machines differ by minutes; more is a mistake.
_AHEAD = timedelta(minutes=10)


def format_number(year: int, serial: int) -> str:
    return f"JC{year}-{serial:06}"


@transaction.atomic
def start(
    *,
    officers: Iterable[Any],
    client_key: UUID,
    premises: Any = None,
    visit: PlannedVisit | None = None,
    kind: str = "",
    edition: catalog.Edition | None = None,
    agency: Any = None,
    started_at: datetime | None = None,
    spot: Spot | None = None,
    chosen_items: Sequence[str] = (),
    suspicion: str = "",
    rechecks: Inspection | None = None,
    by: Any,
) -> Inspection:
    """Begin an inspection of `premises`, or the one that a planned `visit` owes.

    The edition in force on the day it began stays with it to the end. The same `client_key` gives the same
    inspection back.
    """
    premises = visit.premises if visit is not None else premises
    earlier = Inspection.objects.filter(client_key=client_key).first()
    if earlier is not None:
        return _same(earlier, premises)
    team = _team(officers, premises, by)
    moment = _moment(started_at)
    day = moment.astimezone(ledger.clock.LOCAL).date()
    rechecks = rechecks or (visit.rechecks if visit is not None else None)
    edition = _edition(edition, premises, day)
    inspection = Inspection(
        client_key=client_key,
        kind=kind or (visit.kind if visit is not None else InspectionKind.ROUTINE),
        premises=premises,
        premises_name=premises.name,
        premises_kind=premises.kind,
        division_code=premises.division_code,
        agency=agency or _agency(by, premises, visit),
        visit=visit,
        rechecks=_rechecked(rechecks, premises),
        checklist=edition,
        chosen_items=_chosen(edition, premises.kind, chosen_items, rechecks),
        suspicion=suspicion.strip(),
        started_at=moment,
        started_on=day,
        started_by=named(by),
        **_place(spot),
    )
    _check_standstill(inspection)
    _take(visit)
    return _begin(inspection, team, by=by)


def _begin(inspection: Inspection, team: Sequence[Any], *, by: Any) -> Inspection:
    inspection.number = format_number(
        inspection.started_on.year, ledger.next_number(SERIES, inspection.started_on.year)
    )
    inspection.clean_fields()
    try:
        with transaction.atomic():
            inspection.save(force_insert=True)
    except IntegrityError:
        # The same phone, sending twice at once.
        raise rules.MovedOn(_("这次检查刚刚已经开始，请刷新页面继续。")) from None
    InspectionOfficer.objects.bulk_create([InspectionOfficer(inspection=inspection, user=user) for user in team])
    catalog.mark_used([inspection.checklist])
    write_step(inspection, InspectionStep.Action.START, by=by)
    record(
        "fieldwork.inspection.started",
        inspection,
        by=by,
        data={"kind": inspection.kind, "edition": inspection.checklist_id},
    )
    return inspection


def _same(earlier: Inspection, premises: Any) -> Inspection:
    if premises is not None and earlier.premises_id != premises.pk:
        raise rules.Refused(_("这个现场编号已用于另一个对象的检查。请重新开始检查。"))
    return earlier


def _moment(started_at: datetime | None) -> datetime:
    now = ledger.clock.now()
    if started_at is None:
        return now
    if started_at > now + _AHEAD:
        raise rules.Refused({"started_at": _("开始时间晚于现在，请核对手机或者电脑的时间。")})
    oldest = standards.practice(now.astimezone(ledger.clock.LOCAL).date()).late_start_days
    if started_at < now - timedelta(days=oldest):
        raise rules.Refused({"started_at": _("开始时间在%(days)s天以前，请核对日期。") % {"days": oldest}})
    return min(started_at, now)


def _team(officers: Iterable[Any], premises: Any, by: Any) -> list[Any]:
    """Two or more, each with a post that lets them inspect here, none with an interest in the place."""
    team = list({user.pk: user for user in officers}.values())
    if len(team) < rules.FEWEST_OFFICERS:
        raise rules.Refused({"officers": _("监督检查须由两名以上检查人员进行，请再选择人员。")})
    if premises is None:
        raise rules.Refused({"premises": _("请选择检查对象。")})
    for user in team:
        if not user.is_active or not user.can("inspection.work", premises.division_code):
            raise rules.Refused(
                {"officers": _("%(name)s没有在这个辖区检查的岗位，请换一名检查人员。") % {"name": user.name}}
            )
    check_recusals(team, premises)
    if hasattr(by, "pk") and all(user.pk != by.pk for user in team):
        raise rules.Refused({"officers": _("开始检查的人应是本次检查人员之一。")})
    return team


def check_recusals(team: Iterable[Any], premises: Any) -> None:
    barred = Recusal.objects.filter(user__in=[user.pk for user in team], premises=premises, ended_at=None)
    names = [row.user.name for row in barred.select_related("user")]
    if names:
        raise rules.Refused(
            {"officers": _("%(names)s与检查对象须回避，请换一名检查人员。") % {"names": "、".join(names)}}
        )


def _agency(by: Any, premises: Any, visit: PlannedVisit | None) -> Any:
    """The agency the person acts for here; the visit's, if the person belongs to it."""
    posts = [
        p for p in by.posts_today if by.can("inspection.work") and premises.division_code.startswith(p.division_code)
    ]
    if visit is not None and any(post.agency_id == visit.agency_id for post in posts):
        return visit.agency
    return posts[0].agency


def _edition(edition: catalog.Edition | None, premises: Any, day: date) -> catalog.Edition:
    found = edition or standards.edition_for(premises.kind, day)
    if found is None:
        raise rules.Refused(
            {"edition": _("%(day)s没有适用于“%(kind)s”的检查表。") % {"day": day, "kind": premises.get_kind_display()}}
        )
    if found.kind != standards.CHECKLISTS or not found.in_force_on(day):
        raise rules.Refused({"edition": _("这个检查表版本在%(day)s没有施行，请换当日有效的版本。") % {"day": day}})
    if premises.kind not in standards.checklist_of(found).applies_to:
        raise rules.Refused({"edition": _("这张检查表不适用于“%(kind)s”。") % {"kind": premises.get_kind_display()}})
    return found


def _chosen(edition: catalog.Edition, kind: str, codes: Sequence[str], rechecked: Inspection | None) -> list[str]:
    """The items to be looked at; a re-check looks at what failed, as far as this edition still has it."""
    known = [item.code for item in standards.checklist_of(edition).items_for(kind)]
    wanted = set(codes)
    if wanted - set(known):
        raise rules.Refused({"chosen_items": _("所选项目不在这张检查表中，请重新选择。")})
    if not wanted and rechecked is not None:
        wanted = set(rechecked.findings.values_list("code", flat=True)) & set(known)
    return [code for code in known if code in wanted]


def _rechecked(rechecks: Inspection | None, premises: Any) -> Inspection | None:
    if rechecks is not None and (rechecks.premises_id != premises.pk or rechecks.state not in rules.TOLD_STATES):
        raise rules.Refused({"rechecks": _("只能复查同一对象、结果已告知的检查。")})
    return rechecks


def _place(spot: Spot | None) -> dict[str, float | None]:
    if spot is None:
        return {}
    return {"latitude": spot.latitude, "longitude": spot.longitude, "accuracy_m": spot.accuracy_m}


def _check_standstill(inspection: Inspection) -> None:
    """After a superior's visit the same items rest for three months, unless a breach is suspected (article 42)."""
    result_rules = standards.result_rules(inspection.started_on)
    level = min(len(inspection.agency.division_code), COUNTY_LENGTH)
    if result_rules.standstill_months is None or inspection.kind == InspectionKind.RECHECK:
        return
    superior = [
        grading.SuperiorVisit(row.started_on, frozenset(_codes(row)))
        for row in _visits_before(inspection, result_rules.standstill_months)
        if len(row.agency.division_code) < level
    ]
    wanted = _codes(inspection)
    found = grading.standstill(
        wanted,
        on=inspection.started_on,
        superior=superior,
        suspicion=bool(inspection.suspicion),
        rules=result_rules,
    )
    if found.blocked:
        raise rules.Refused(
            {
                "suspicion": _(
                    "上级部门刚检查过其中%(count)s个项目，%(until)s前不得重复检查。请改选其他项目，或者写明涉嫌违法的线索。"
                )
                % {"count": len(found.blocked), "until": found.blocked_until}
            }
        )


def _visits_before(inspection: Inspection, months: int) -> Iterable[Inspection]:
    since = inspection.started_on - timedelta(days=31 * months + 1)
    rows = Inspection.objects.filter(premises=inspection.premises, started_on__gte=since)
    return rows.exclude(state=Inspection.State.CANCELLED).select_related("agency", "checklist")


def _codes(inspection: Inspection) -> list[str]:
    return [item.code for item in rules.chosen(inspection, standards.checklist_of(inspection.checklist))]


def _take(visit: PlannedVisit | None) -> None:
    if visit is None:
        return
    taken = PlannedVisit.objects.filter(pk=visit.pk, state=PlannedVisit.State.OPEN)
    if taken.update(state=PlannedVisit.State.STARTED) != 1:
        raise rules.MovedOn(_("这次待办检查已由他人开始、完成或者取消。请刷新清单。"))
    visit.state = PlannedVisit.State.STARTED


@transaction.atomic
def cancel(*, inspection: Inspection, reason: str, by: Any) -> Inspection:
    """Begun in error. The visit is owed again."""
    reason = need_text(reason, "reason", _("请写明作废的原因。"), most=200)
    rules.check_move(inspection, InspectionStep.Action.CANCEL)
    visit_id = inspection.visit_id
    move(inspection, InspectionStep.Action.CANCEL, by=by, text=reason, cancelled_reason=reason, visit=None)
    if visit_id is not None:
        PlannedVisit.objects.filter(pk=visit_id, state=PlannedVisit.State.STARTED).update(state=PlannedVisit.State.OPEN)
    return inspection
