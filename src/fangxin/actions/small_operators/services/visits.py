"""The first look on the spot, and what it leads to."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from fangxin.actions.small_operators import rules
from fangxin.actions.small_operators.models import FirstVisit
from fangxin.actions.small_operators.models.fields import Kind
from fangxin.actions.small_operators.services import routing
from fangxin.kernel.contributing.data import Announcement
from fangxin.kernel.fieldwork import api as fieldwork
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.ledger.api import MovedOn, require, who
from fangxin.kernel.registry import api as registry

Result = FirstVisit.Result
FACT = "small_operators.inspection"


def owe(visit: FirstVisit, *, again: bool = False, by: Any) -> None:
    """Put the visit on the inspectors' list, where it is made with the checklist; without one it stands on ours alone."""
    if visit.kind not in fieldwork.codes_by_kind(ledger.clock.today()):
        return
    fieldwork.add_visit(
        premises=visit.premises,
        kind=fieldwork.InspectionKind.ROUTINE,
        reason=fieldwork.VisitReason.FIRST_VISIT,
        from_on=min(ledger.clock.today(), visit.due_on),
        due_on=visit.due_on,
        basis=str(visit.credential),
        asked_from=None if again else _key(visit),
        by=by,
    )


def _key(visit: FirstVisit) -> str:
    return f"small_operators.first_visit:{visit.pk}"


@transaction.atomic
def inspection_told(announcement: Announcement, *, by: Any) -> None:
    """An inspection of a small operator is the year's, and the first visit if that was still owed."""
    premises = registry.Premises.objects.get(pk=announcement.subject_id)
    if premises.kind not in Kind.values:
        return
    on = announcement.facts["on"]
    compliant = announcement.facts["result"] == "conforming"
    note = _("监督检查%(number)s") % {"number": announcement.text}
    result = Result.COMPLIANT if compliant else Result.PROBLEMS
    owed = FirstVisit.objects.filter(premises=premises, visited_on=None, credential__issued_on__lte=on)
    for visit in owed:
        _write(visit, visited_on=on, result=result, note=note, by=by)
    _note_inspection(premises, on, compliant, note, by)


@transaction.atomic
def record_first_visit(
    *, visit: FirstVisit, visited_on: date, result: str, products_seen: str = "", note: str = "", by: Any
) -> FirstVisit:
    """Write down the first visit. Banned products and problems become matters; the year's inspection is on record."""
    _check(visit, visited_on, result, by)
    banned = _banned(visit, products_seen, visited_on)
    if banned and result == Result.COMPLIANT:
        raise ledger.Refused(
            {"result": _("现场见到禁止经营的品种（%(products)s），不能判为合规。") % {"products": "、".join(banned)}}
        )
    if result == Result.PROBLEMS:
        note = require(note, "note", _("请写明发现的问题。"))
    _write(visit, visited_on=visited_on, result=result, products_seen=products_seen, note=note, by=by)
    planned = fieldwork.open_visit_asked_from(_key(visit))
    if planned is not None:
        fieldwork.cancel_visit(visit=planned, reason=_("首次检查已在“三小”页面登记"), by=by)
    if result == Result.PROBLEMS:
        _open_matter(visit, banned, by)
    if result != Result.GONE:
        _note_inspection(visit.premises, visited_on, result == Result.COMPLIANT, _("首次检查"), by)
    return visit


def _write(
    visit: FirstVisit, *, visited_on: date, result: str, products_seen: str = "", note: str = "", by: Any
) -> None:
    done = FirstVisit.objects.filter(pk=visit.pk, visited_on=None).update(
        visited_on=visited_on, result=result, products_seen=products_seen.strip()[:2000], note=note.strip()[:500],
        recorded_at=ledger.clock.now(), recorded_by=who(by),
    )  # fmt: skip
    if done != 1:
        raise MovedOn(_("这次首次检查刚刚已由他人登记，请刷新后查看。"))
    visit.refresh_from_db()
    ledger.record(
        "small_operators.visit.recorded", of=visit, by=by, data={"premises": visit.premises_id, "result": result}
    )


def _check(visit: FirstVisit, visited_on: date, result: str, by: Any) -> None:
    if result not in Result.values:
        raise ledger.Refused({"result": _("请选择检查结果。")})
    if not visit.credential.issued_on <= visited_on <= ledger.clock.today():
        raise ledger.Refused({"visited_on": _("检查日期应在发证之后、今天以前，请核对。")})


def _banned(visit: FirstVisit, products_seen: str, day: date) -> list[str]:
    seen = rules.split_products(products_seen)
    verdicts = rules.screen_products(visit.kind, seen, division_code=visit.division_code, on=day)
    return [verdict.product for verdict in verdicts if verdict.outcome == "rejected"]


def _open_matter(visit: FirstVisit, banned: list[str], by: Any) -> None:
    finding = "banned_product" if banned else "first_visit_problem"
    about = _("首次检查见到禁止经营的品种：%(products)s。%(note)s") if banned else _("首次检查：%(note)s")
    matter = routing.open_matter(
        finding,
        hazard=about % {"products": "、".join(banned), "note": visit.note},
        division_code=visit.division_code,
        premises=visit.premises,
        key=f"small_operators.first_visit:{visit.pk}",
        by=by,
    )
    FirstVisit.objects.filter(pk=visit.pk).update(matter=matter)
    visit.refresh_from_db()


def _note_inspection(premises: Any, on: date, compliant: bool, note: str, by: Any) -> None:
    """The year's inspection, as the indicator counts it: it holds until the year is over."""
    registry.record_fact(
        premises=premises,
        name=FACT,
        value="compliant" if compliant else "problems",
        valid_from=on,
        valid_to=date(on.year + 1, 1, 1),
        note=note,
        by=by,
    )


@transaction.atomic
def undo_first_visit(*, visit: FirstVisit, reason: str, by: Any) -> FirstVisit:
    """Entered by mistake: the visit is due again and the fact is withdrawn. A matter that was opened stays."""
    reason = require(reason, "reason", _("请写明撤销的原因。"))
    was_on, result = visit.visited_on, visit.result
    undone = (
        FirstVisit.objects.filter(pk=visit.pk, visited_on=was_on)
        .exclude(visited_on=None)
        .update(visited_on=None, result="", products_seen="", note="", recorded_at=None, recorded_by="")
    )
    visit.refresh_from_db()
    if undone != 1 or was_on is None:
        raise MovedOn(_("这次检查还没有登记，或者刚刚已被撤销。"))
    if result != Result.GONE:
        registry.record_fact(
            premises=visit.premises, name=FACT, value="", valid_from=was_on, valid_to=date(was_on.year + 1, 1, 1),
            note=_("首次检查登记撤销"), by=by,
        )  # fmt: skip
    owe(visit, again=True, by=by)
    ledger.record("small_operators.visit.undone", of=visit, by=by, data={"reason": reason[:200]})
    return visit
