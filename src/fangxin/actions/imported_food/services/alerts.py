"""Notices from abroad: taken in, held against the shelves, doubtful lots asked of a person."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from fangxin.actions.imported_food import rules
from fangxin.actions.imported_food.models import Alert, AlertMatch, Consignment
from fangxin.actions.imported_food.services import disposals, scoring
from fangxin.actions.imported_food.services.steps import open_matter
from fangxin.engines import import_risk as risk
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.ledger.api import insert, move, require, who
from fangxin.kernel.people import api as people

State = AlertMatch.State


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What became of a file of notices."""

    read: int
    kept: int
    matched: int
    known: int
    elsewhere: int
    not_food: int
    faults: tuple[risk.Fault, ...]


@transaction.atomic
def record_alert(*, source: str, said: Mapping[str, str], division_code: str, by: Any) -> Alert:
    """One notice as somebody types it (names as in the engine's list of headers)."""
    notice = risk.understand(said, source=source, vocabulary=rules.vocabulary(ledger.clock.today()))
    if not notice.text:
        raise ledger.Refused({"text": _("请填写通报内容。")})
    if notice.published_on is not None and notice.published_on > ledger.clock.today():
        raise ledger.Refused({"published_on": _("通报日期不能晚于今天。")})
    found = _match(notice, division_code)
    alert = _keep(notice, source, division_code, by)
    _keep_matches(alert, found, by)
    return alert


@transaction.atomic
def take_in(*, source: str, content: bytes, division_code: str, by: Any) -> TakenIn:
    """A file of notices: those that may concern a lot here are kept and asked, the others are only counted.

    Whatever is said to be distributed to this country is kept even without a lot.
    """
    try:
        reading = risk.read_notices(content, source=source, vocabulary=rules.vocabulary(ledger.clock.today()))
    except risk.Unreadable as error:
        raise ledger.Refused({"file": _UNREADABLE[str(error)]()}) from None
    known = set(Alert.objects.filter(source=source, division_code=division_code).values_list("reference", flat=True))
    lots = _shelf(division_code)
    kept = matched = seen = elsewhere = 0
    for notice in reading.notices:
        if notice.reference and notice.reference in known:
            seen += 1
            continue
        found = _match(notice, division_code, lots)
        if not found and rules.HERE not in notice.distributed_to:
            elsewhere += 1
            continue
        alert = _keep(notice, source, division_code, by)
        known.add(notice.reference)
        _keep_matches(alert, found, by)
        kept, matched = kept + 1, matched + bool(found)
    ledger.record(
        "imported_food.alerts.taken_in", of=None, by=by, division_code=division_code,
        data={"source": source, "read": len(reading.notices), "kept": kept},
    )  # fmt: skip
    return TakenIn(len(reading.notices), kept, matched, seen, elsewhere, reading.not_food, reading.faults)


_UNREADABLE = {
    "encoding": lambda: _("文件的文字编码无法识别。请另存为 UTF-8 编码的 .csv 再导入。"),
    "json": lambda: _("JSON 文件读不出来。请核对文件是否完整。"),
    "headers": lambda: _("没有找到“通报内容”一列。请对照模板的表头核对。"),
    "too_big": lambda: _("文件过大。请按月份拆开再导入。"),
    "too_many": lambda: _("通报超过 20000 条。请按月份拆开再导入。"),
}


def _shelf(division_code: str) -> dict[str, Consignment]:
    """Lots on local shelves, or just sold: whoever bought them can still be told."""
    rows = Consignment.objects.filter(people.under(division_code), state__in=("on_shelf", "stopped", "sold_out"))
    return {row.lot.number: row for row in rows.select_related("lot", "trader__premises")}


def _match(
    notice: risk.Notice, division_code: str, lots: Mapping[str, Consignment] | None = None
) -> list[tuple[Consignment, risk.Match]]:
    shelf = _shelf(division_code) if lots is None else lots
    found = risk.match_lots(
        notice, [rules.shelf_lot(row) for row in shelf.values()], here=rules.HERE,
    )  # fmt: skip
    return [
        (shelf[match.key], match) for match in found if match.certainty in (risk.Certainty.SURE, risk.Certainty.ASK)
    ]


def _keep(notice: risk.Notice, source: str, division_code: str, by: Any) -> Alert:
    now = ledger.clock.now()
    alert: Alert = insert(
        Alert(
            source=source, reference=notice.reference, published_on=notice.published_on, text=notice.text,
            food_class=notice.food_class, products=list(notice.products), origins=list(notice.origins),
            hazards=list(notice.hazards), hazard_text=notice.hazard_text, serious=notice.serious,
            distributed_to=list(notice.distributed_to), maker=notice.maker, maker_number=notice.maker_number,
            lots=list(notice.lots), gtins=list(notice.gtins), made_on=notice.made_on,
            best_before_on=notice.best_before_on, division_code=division_code, received_at=now, received_by=who(by),
            trace_due_at=rules.deadline("IF01", now).moment,
        )
    )  # fmt: skip
    ledger.record(
        "imported_food.alert.received", of=alert, by=by, data={"source": source, "reference": alert.reference}
    )
    return alert


def _keep_matches(alert: Alert, found: list[tuple[Consignment, risk.Match]], by: Any) -> None:
    for row, match in found:
        made: AlertMatch = insert(
            AlertMatch(
                alert=alert, consignment=row, certainty=match.certainty.value, points=match.points,
                reasons=list(match.reasons), against=list(match.against),
            )
        )  # fmt: skip
        if match.certainty is risk.Certainty.SURE:
            _confirm(made, _("批号或者条码与品种、企业一致，系统直接确认"), by)
    if found:
        scoring.rescore([row for row, _found in found])


@transaction.atomic
def look_again(*, alert: Alert, by: Any) -> int:
    """Lots that came since the notice: asked, or confirmed, like the first ones."""
    known = set(alert.matches.values_list("consignment_id", flat=True))
    found = [(row, match) for row, match in _match(rules.notice_of(alert), alert.division_code) if row.pk not in known]
    _keep_matches(alert, found, by)
    return len(found)


# --- what a person decides ----------------------------------------------------------------------------------------------


def _confirm(match: AlertMatch, why: str, by: Any) -> AlertMatch:
    match = _decide(match, State.CONFIRMED, why, by)
    text = _("%(alert)s：%(lot)s") % {"alert": match.alert, "lot": match.consignment.lot}
    if not match.consignment.disposals.filter(cause="alert", state__in=("open", "stopped")).exists():
        disposals.open_disposal(consignment=match.consignment, cause="alert", text=text, match=match, by=by)
    return match


def _decide(match: AlertMatch, state: str, why: str, by: Any) -> AlertMatch:
    fresh = AlertMatch.objects.filter(pk=match.pk, state=State.ASKED)
    if fresh.update(state=state, why=why[:300], decided_at=ledger.clock.now(), decided_by=who(by)) != 1:
        raise ledger.MovedOn(_("这个批次刚刚已由他人确认，请刷新后查看。"))
    match.refresh_from_db()
    ledger.record(
        f"imported_food.match.{state}", of=match.alert, by=by, division_code=match.consignment.division_code,
        data={"lot": match.consignment.number},
    )  # fmt: skip
    return match


@transaction.atomic
def confirm(*, match: AlertMatch, why: str, by: Any) -> AlertMatch:
    """It is the lot of the notice: the hours until it is stopped begin."""
    confirmed = _confirm(match, require(why, "why", _("请写明依据，例如核对了包装上的批号。")), by)
    scoring.rescore([confirmed.consignment])
    return confirmed


@transaction.atomic
def dismiss(*, match: AlertMatch, why: str, by: Any) -> AlertMatch:
    dismissed = _decide(match, State.DISMISSED, require(why, "why", _("请写明为什么不涉及。")), by)
    scoring.rescore([dismissed.consignment])
    return dismissed


@transaction.atomic
def finish_trace(*, alert: Alert, finding: str, by: Any) -> Alert:
    """The shelves were looked through: every lot that was asked has its answer."""
    waiting = alert.matches.filter(state=State.ASKED).count()
    if waiting:
        raise ledger.Refused(_("还有 %(n)s 个批次没有确认是否涉及。请逐个确认后再结束核对。") % {"n": waiting})
    finding = require(finding, "finding", _("请写明核对结论，没有涉及的也要写明查了什么。"))
    traced: Alert = move(
        alert, [Alert.State.OPEN], Alert.State.TRACED, "imported_food.alert.traced", by=by,
        traced_at=ledger.clock.now(), traced_by=who(by), finding=finding[:500],
    )  # fmt: skip
    return traced


def check_late(*, by: Any) -> int:
    """Notices whose hours ran out with the shelves not looked through."""
    found = 0
    for alert in Alert.objects.filter(state="open", trace_due_at__lt=ledger.clock.now()).order_by("pk"):
        text = _("%(alert)s，时限 %(at)s") % {
            "alert": alert, "at": f"{alert.trace_due_at.astimezone(ledger.clock.LOCAL):%Y-%m-%d %H:%M}",
        }  # fmt: skip
        key = f"trace_late:{alert.division_code}:{alert.source}:{alert.reference or alert.received_at.isoformat()}"
        open_matter("trace_late", text=text, division_code=alert.division_code, subject=alert, key=key[:100], by=by)
        found += 1
    return found
