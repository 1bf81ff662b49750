"""What an investigator writes: case definitions, the line list with its versions, measures drafted and decided."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from fangxin.actions.monitoring import line_lists
from fangxin.actions.monitoring import rules_outbreaks as rules
from fangxin.actions.monitoring.models import CaseDefinition, Investigation, LineList, Measure
from fangxin.actions.monitoring.services.outbreaks import open_matter
from fangxin.kernel.ledger import api as ledger

CONTROLLING = (Measure.Kind.HOLD, Measure.Kind.RECALL, Measure.Kind.CONTROL)


def _need_open(investigation: Investigation) -> None:
    investigation.refresh_from_db(fields=["state"])
    if investigation.state in rules.ENDED:
        raise ledger.Refused(_("调查已结案，不能再改。"))


@transaction.atomic
def define_case(*, investigation: Investigation, text: str, criteria: Mapping[str, Any], by: Any) -> CaseDefinition:
    """A new version; earlier ones stay."""
    _need_open(investigation)
    text = ledger.require(text, "text", _("请写明病例定义：时间、地点、人群、临床表现。"))
    row: CaseDefinition = ledger.insert(
        CaseDefinition(
            investigation=investigation, version=investigation.definitions.count() + 1, text=text,
            criteria=dict(criteria), made_at=ledger.clock.now(), made_by=ledger.who(by),
        )
    )  # fmt: skip
    ledger.record("monitoring.case_definition.made", of=investigation, by=by, data={"version": row.version})
    return row


# --- the line list ----------------------------------------------------------------------------------------------------


def current(investigation: Investigation) -> LineList | None:
    return investigation.line_lists.order_by("-version").first()


@transaction.atomic
def save_list(
    *, investigation: Investigation, foods: Sequence[Any], rows: Sequence[Any], since: int, note: str = "", by: Any
) -> LineList:
    """Save the whole list as a new version. `since` is the version it was typed over: somebody else's is not overwritten."""
    _need_open(investigation)
    names, cells = line_lists.checked(foods, rows)
    before = current(investigation)
    if (before.version if before else 0) != since:
        raise ledger.MovedOn(_("名单刚刚已由他人保存过。您的内容还在页面上，请先导出或复制，刷新后再粘贴。"))
    added = {row["cells"].get("id", ""): row["added_on"] for row in before.rows} if before else {}
    today = ledger.clock.today().isoformat()
    made = [{"cells": row, "added_on": added.get(row.get("id", ""), today)} for row in cells]
    return _keep(investigation, since + 1, names, made, note, None, by)


@transaction.atomic
def paste(*, investigation: Investigation, text: str, by: Any) -> LineList:
    """Rows of a sheet, with its header, added to the list; a row with a known number replaces that row's told cells."""
    _need_open(investigation)
    before = current(investigation)
    foods, pasted = line_lists.from_sheet(text, before.foods if before else [])
    cells = [dict(row["cells"]) for row in before.rows] if before else []
    by_id = {row.get("id", ""): row for row in cells if row.get("id")}
    for row in pasted:
        known = by_id.get(row.get("id", ""))
        if known is None:
            cells.append(row)
        else:
            known.update({column: cell for column, cell in row.items() if cell})
    note = _("粘贴 %(n)s 行") % {"n": len(pasted)}
    since = before.version if before else 0
    return save_list(investigation=investigation, foods=foods, rows=cells, since=since, note=note, by=by)


@transaction.atomic
def undo_list(*, investigation: Investigation, by: Any) -> LineList:
    """The content as it stood before what stands now was typed. Twice goes back twice."""
    _need_open(investigation)
    versions = {row.version: row for row in investigation.line_lists.all()}
    now = max(versions, default=0)
    shown = now
    while shown and versions[shown].restores:
        shown = versions[shown].restores or 0
    if shown < 1:
        raise ledger.Refused(_("没有可以撤销的修改。"))
    target = shown - 1
    while target and versions[target].restores:
        target = versions[target].restores or 0
    if not target:
        raise ledger.Refused(_("已经是第一次保存的内容，没有更早的可以恢复。"))
    old = versions[target]
    note = _("恢复到第 %(n)s 版") % {"n": target}
    return _keep(investigation, now + 1, old.foods, old.rows, note, target, by)


def _keep(
    investigation: Investigation, version: int, foods: Sequence[str], rows: Sequence[Any], note: str,
    restores: int | None, by: Any,
) -> LineList:  # fmt: skip
    try:
        with transaction.atomic():
            row: LineList = ledger.insert(
                LineList(
                    investigation=investigation, version=version, foods=list(foods), rows=list(rows), note=note[:200],
                    restores=restores, made_at=ledger.clock.now(), made_by=ledger.who(by),
                )
            )  # fmt: skip
    except IntegrityError:
        raise ledger.MovedOn(_("名单刚刚已由他人保存过，请刷新后再保存。")) from None
    ledger.record("monitoring.line_list.saved", of=investigation, by=by, data={"version": version, "rows": len(rows)})
    return row


# --- measures ---------------------------------------------------------------------------------------------------------


@transaction.atomic
def draft_measure(
    *, investigation: Investigation, kind: str, text: str, lot: Any = None, premises: Any = None, by: Any
) -> Measure:
    """Only a draft: nobody is told, nothing is held."""
    _need_open(investigation)
    text = ledger.require(text, "text", _("请写明要做什么、对象和范围。"))
    row: Measure = ledger.insert(
        Measure(
            investigation=investigation, kind=kind, text=text[:1000], lot=lot, premises=premises,
            drafted_at=ledger.clock.now(), drafted_by=ledger.who(by),
        )
    )  # fmt: skip
    ledger.record("monitoring.measure.drafted", of=investigation, by=by, data={"kind": kind})
    return row


@transaction.atomic
def confirm_measure(*, measure: Measure, by: Any) -> Measure:
    """A person confirms: it becomes a matter of whoever has to do it."""
    row = measure.investigation
    _need_open(row)
    finding = "control" if measure.kind in CONTROLLING else "look"
    hazard = _("调查 %(number)s“%(title)s”提出%(kind)s：%(text)s") % {
        "number": row.number, "title": row.title, "kind": measure.get_kind_display(), "text": measure.text,
    }  # fmt: skip
    serial = row.measures.filter(pk__lte=measure.pk).count()
    matter = open_matter(
        finding, hazard=hazard, division_code=(measure.premises or row).division_code, subject=measure.premises or row,
        subject_name=str(measure.premises or row.number), key=f"monitoring.measure:{row.number}:{serial}", by=by,
    )  # fmt: skip
    return _decide(measure, Measure.State.CONFIRMED, "monitoring.measure.confirmed", by, matter=matter)


@transaction.atomic
def drop_measure(*, measure: Measure, why: str, by: Any) -> Measure:
    why = ledger.require(why, "why", _("请写明不采取的原因。"))
    return _decide(measure, Measure.State.DROPPED, "monitoring.measure.dropped", by, why=why[:300])


def _decide(measure: Measure, state: str, event: str, by: Any, **changes: Any) -> Measure:
    row: Measure = ledger.move(
        measure, [Measure.State.DRAFT], state, event, by=by, decided_at=ledger.clock.now(), decided_by=ledger.who(by),
        **changes,
    )  # fmt: skip
    return row
