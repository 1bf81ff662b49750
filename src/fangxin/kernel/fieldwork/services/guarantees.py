"""Officials who answer for operators: who holds whom, visits, changes that ask for another official."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from fangxin.engines import deadlines
from fangxin.kernel.contributing import api as contribute
from fangxin.kernel.contributing.data import Announcement
from fangxin.kernel.fieldwork import rules, work_days
from fangxin.kernel.fieldwork import standards_self_control as standards
from fangxin.kernel.fieldwork.models import Cadre, Guarantee, GuaranteeProblem, GuaranteeVisit, StatusChange
from fangxin.kernel.fieldwork.services.steps import named, need_text
from fangxin.kernel.ledger import api as ledger

PAPERS = ("duties", "tasks", "supervision", "promise")


@dataclass(frozen=True, slots=True)
class Seen:
    """A problem of a visit: what, who puts it right, until when."""

    text: str
    owner: Any
    due_on: date


@transaction.atomic
def register_cadre(
    *,
    division_code: str,
    tier: str,
    name: str,
    title: str,
    user: Any = None,
    papers: Mapping[str, Any] | None = None,
    by: Any,
) -> Cadre:
    """An official of a tier; `papers` are stored evidence files under the names of `PAPERS`."""
    cadre = Cadre(
        division_code=division_code,
        tier=tier,
        name=need_text(name, "name", _("请填写姓名。"), most=60),
        title=need_text(title, "title", _("请填写职务。"), most=80),
        user=user,
        made_at=ledger.clock.now(),
        made_by=named(by),
        **(papers or {}),
    )
    cadre.clean_fields()
    cadre.validate_constraints()
    cadre.save(force_insert=True)
    ledger.record("fieldwork.guarantee.cadre_registered", of=cadre, by=by, data={"tier": tier})
    return cadre


@transaction.atomic
def attach_papers(*, cadre: Cadre, papers: Mapping[str, Any], by: Any) -> Cadre:
    """The three lists and the promise; a new file takes the place of the one before, which the ledger still names."""
    for name, file in papers.items():
        setattr(cadre, name, file)
    cadre.save(update_fields=list(papers))
    data = {name: file.digest for name, file in papers.items()}
    ledger.record("fieldwork.guarantee.papers_attached", of=cadre, by=by, data=data)
    return cadre


@transaction.atomic
def assign(*, cadre: Cadre, premises: Iterable[Any], by: Any) -> int:
    """Give places to an official, taking them from whoever held them. All or nothing."""
    today, who = ledger.clock.today(), named(by)
    # Asked of the database and held: the official may be leaving at this moment.
    if Cadre.objects.filter(pk=cadre.pk, left_on=None).update(tier=cadre.tier) != 1:
        raise rules.Refused(_("这名干部已经离任，请选择在任干部。"))
    places = list(premises)
    outside = [place.name for place in places if not place.division_code.startswith(cadre.division_code)]
    if outside:
        raise rules.Refused(_("这些对象不在该干部的区划内：%(names)s。") % {"names": "、".join(outside[:5])})
    Guarantee.objects.filter(premises__in=places, ends_on=None).exclude(cadre=cadre).update(ends_on=today)
    held = set(Guarantee.objects.filter(premises__in=places, ends_on=None).values_list("premises_id", flat=True))
    rows = [
        Guarantee(
            premises=place, division_code=place.division_code, cadre=cadre, tier=cadre.tier, starts_on=today,
            made_at=ledger.clock.now(), made_by=who,
        )
        for place in places
        if place.pk not in held
    ]  # fmt: skip
    try:
        with transaction.atomic():
            Guarantee.objects.bulk_create(rows)
    except IntegrityError:
        raise rules.MovedOn(_("有的对象刚刚被别人调整过，这次没有保存。请刷新清单再办。")) from None
    _reassigned([place.pk for place in places], by=by)
    data = {"cadre": cadre.pk, "tier": cadre.tier, "premises": sorted(row.premises.number for row in rows)}
    ledger.record("fieldwork.guarantee.assigned", of=cadre, by=by, data=data)
    return len(rows)


@transaction.atomic
def end_guarantee(*, guarantee: Guarantee, by: Any) -> Guarantee:
    today = ledger.clock.today()
    if Guarantee.objects.filter(pk=guarantee.pk, ends_on=None).update(ends_on=today) != 1:
        raise rules.MovedOn(_("这个包保关系已经结束，请刷新页面。"))
    guarantee.ends_on = today
    _reassigned([guarantee.premises_id], by=by)
    ledger.record("fieldwork.guarantee.ended", of=guarantee, by=by, data={"premises": guarantee.premises_id})
    return guarantee


@transaction.atomic
def leave_office(*, cadre: Cadre, left_on: date, by: Any) -> int:
    """The official leaves; the places held stand without one and wait on the list of the unassigned."""
    if left_on > ledger.clock.today():
        raise rules.Refused({"left_on": _("离任日期不能晚于今天。")})
    held = Guarantee.objects.filter(cadre=cadre, ends_on=None)
    if held.filter(starts_on__gt=left_on).exists():
        raise rules.Refused({"left_on": _("离任日期早于最近一次分配，请核对。")})
    if Cadre.objects.filter(pk=cadre.pk, left_on=None).update(left_on=left_on) != 1:
        raise rules.MovedOn(_("这名干部已经登记离任，请刷新页面。"))
    count = held.update(ends_on=left_on)
    ledger.record("fieldwork.guarantee.cadre_left", of=cadre, by=by, data={"on": left_on, "places": count})
    return count


@transaction.atomic
def record_visit(
    *,
    guarantee: Guarantee,
    visited_on: date,
    mode: str,
    seen: str,
    client_key: str,
    problems: Iterable[Seen] = (),
    by: Any,
) -> GuaranteeVisit:
    """A visit with what it found. The same `client_key` is never written twice."""
    earlier = GuaranteeVisit.objects.filter(client_key=client_key, guarantee=guarantee).first()
    if earlier is not None:
        return earlier
    _check_visit(guarantee, visited_on)
    visit = GuaranteeVisit(
        guarantee=guarantee,
        premises_id=guarantee.premises_id,
        division_code=guarantee.division_code,
        visited_on=visited_on,
        mode=mode,
        seen=need_text(seen, "seen", _("请写明督导情况。"), most=500),
        client_key=client_key,
        made_at=ledger.clock.now(),
        made_by=named(by),
    )
    visit.clean_fields()
    visit.save(force_insert=True)
    found = [_write_problem(visit, guarantee, problem, by=by) for problem in problems]
    data = {"on": visited_on, "mode": mode, "problems": len(found)}
    ledger.record("fieldwork.guarantee.visited", of=visit, by=by, data=data)
    return visit


def _check_visit(guarantee: Guarantee, visited_on: date) -> None:
    if guarantee.ends_on is not None:
        raise rules.Refused(_("这个包保关系已经结束，不能再记督导。"))
    if not guarantee.starts_on <= visited_on <= ledger.clock.today():
        raise rules.Refused({"visited_on": _("督导日期应在 %(first)s 到今天之间。") % {"first": guarantee.starts_on}})


def _write_problem(visit: GuaranteeVisit, guarantee: Guarantee, seen: Seen, *, by: Any) -> GuaranteeProblem:
    if seen.due_on < ledger.clock.today():
        raise rules.Refused({"due_on": _("整改期限不能早于今天。")})
    row = GuaranteeProblem(
        visit=visit,
        text=need_text(seen.text, "problem", _("请写明问题。"), most=300),
        owner=seen.owner,
        due_on=seen.due_on,
    )
    row.clean_fields()
    row.save(force_insert=True)
    contribute.announce(
        Announcement(
            name="finding",
            subject_type="registry.premises",
            subject_id=str(guarantee.premises_id),
            subject_name=guarantee.premises.name,
            division_code=guarantee.division_code,
            text=_("包保督导发现：%(text)s") % {"text": row.text},
            facts={
                "key": key_of(row),
                "origin": "inspection",
                "severity": "minor",
                "owner_agency_id": seen.owner.pk,
                "due_on": seen.due_on,
            },
        ),
        by=by,
    )
    return row


def key_of(problem: GuaranteeProblem) -> str:
    """Under which key the problem was announced, and its matter is found again."""
    return f"fieldwork.guarantee_problem:{problem.pk}"


def _due(code: str, on: date) -> date:
    with work_days.known_years():
        return deadlines.due(standards.clock(code, on), on, calendar=work_days.calendar()).last_day


@transaction.atomic
def notice_change(*, premises: Any, kind: str, changed_on: date, by: Any) -> StatusChange:
    """A place has changed: the clock for telling begins. The same change is noticed once."""
    if changed_on > ledger.clock.today():
        raise rules.Refused({"changed_on": _("变更日期不能晚于今天。")})
    if changed_on < standards.first_day():
        raise rules.Refused(
            {"changed_on": _("包保制度自%(day)s起施行，此前的变更不用报告。") % {"day": standards.first_day()}}
        )
    facts = {"division_code": premises.division_code, "report_due_on": _due(standards.REPORT_CLOCK, changed_on)}
    change, new = StatusChange.objects.get_or_create(
        premises=premises, kind=kind, changed_on=changed_on, defaults=facts
    )
    if new:
        data = {"kind": kind, "on": changed_on, "due": change.report_due_on}
        ledger.record("fieldwork.guarantee.change_noticed", of=change, by=by, data=data)
    return change


@transaction.atomic
def report_change(*, change: StatusChange, by: Any) -> StatusChange:
    """The change is told to the office; the clock for naming another official begins."""
    due = _due(standards.REASSIGN_CLOCK, ledger.clock.today())
    told = {"reported_at": ledger.clock.now(), "reported_by": named(by), "reassign_due_on": due}
    if StatusChange.objects.filter(pk=change.pk, reported_at=None).update(**told) != 1:
        raise rules.MovedOn(_("这项变更已经报告过，请刷新页面。"))
    change.refresh_from_db()
    ledger.record("fieldwork.guarantee.change_reported", of=change, by=by, data={"due": due})
    return change


def _reassigned(premises: list[int], *, by: Any) -> None:
    waiting = StatusChange.objects.filter(premises__in=premises, reported_at__isnull=False, reassigned_at=None)
    waiting.update(reassigned_at=ledger.clock.now(), reassigned_by=named(by))


@transaction.atomic
def notice_closed(*, today: date) -> int:
    """Places that were closed in the register while an official still holds them."""
    held = Guarantee.objects.filter(ends_on=None, premises__closed_on__isnull=False, premises__closed_on__lte=today)
    held = held.filter(premises__closed_on__gte=standards.first_day()).select_related("premises")
    found = [(row.premises, day) for row in held if (day := row.premises.closed_on) is not None]
    for premises, day in found:
        notice_change(premises=premises, kind=StatusChange.Kind.CLOSED, changed_on=day, by=None)
    return len(found)
