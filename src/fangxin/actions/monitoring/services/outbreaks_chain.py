"""The chain: cluster → investigation → (not food | outbreak) → grade → response → handled → report → closure. Every step is
kept, starts its clock and says who must be told; it can be undone while nobody was told of it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from fangxin.actions.monitoring import grading
from fangxin.actions.monitoring import rules_outbreaks as rules
from fangxin.actions.monitoring.models import Duty, Investigation, InvestigationStep, OutbreakSignal, Share
from fangxin.actions.monitoring.services.outbreaks import OPEN, open_matter
from fangxin.kernel.ledger import api as ledger

State = Investigation.State
SERIES = "monitoring.investigation"
# What may be corrected while an investigation goes on.
FACTS = (
    "title", "setting", "place", "premises", "meal_at", "exposed", "ill", "hospitalised", "died", "townships",
    "counties", "agent", "food", "factor",
)  # fmt: skip


@transaction.atomic
def open_from(*, signal: OutbreakSignal, title: str, finding: str, agency: Any, by: Any, **facts: Any) -> Investigation:
    """Verified as a cluster: the signal is settled, an investigation opens, and those who must know are named."""
    finding = ledger.require(finding, "finding", _("请写明核实情况：几例、什么症状、共同的食物或者地点。"))
    facts.setdefault("ill", len(signal.cases))
    facts.setdefault("premises", signal.premises)
    row = _new(title, signal.division_code, agency, facts, by)
    ledger.move(
        signal, OPEN, OutbreakSignal.State.CLUSTER, "monitoring.outbreak_signal.confirmed", by=by, investigation=row,
        finding=finding[:1000], settled_at=ledger.clock.now(), settled_by=ledger.who(by), data={"into": row.number},
    )  # fmt: skip
    _keep_step(row, "", State.INVESTIGATING, finding, by)
    return row


def _new(title: str, division_code: str, agency: Any, facts: Mapping[str, Any], by: Any) -> Investigation:
    now = ledger.clock.now()
    row: Investigation = ledger.insert(
        Investigation(
            number=f"LD{now.year}-{ledger.next_number(SERIES, now.year):03}", title=title.strip()[:120],
            division_code=division_code, agency=agency, opened_at=now, opened_by=ledger.who(by),
            due_at=rules.deadline(rules.CLOCK_OF_STATE[State.INVESTIGATING], now), **facts,
        )
    )  # fmt: skip
    ledger.record("monitoring.investigation.opened", of=row, by=by)
    health = rules.party("health", division_code)
    if health is not None and health.pk != agency.pk:
        share(investigation=row, agency=health, by=by)
    return row


@transaction.atomic
def add_signal(*, investigation: Investigation, signal: OutbreakSignal, by: Any) -> OutbreakSignal:
    """The same cluster shows in another stream: one investigation for both."""
    if investigation.state in rules.ENDED:
        raise ledger.Refused(_("调查已结案，不能再并入信号。"))
    finding = _("并入调查 %(number)s") % {"number": investigation.number}
    row: OutbreakSignal = ledger.move(
        signal, OPEN, OutbreakSignal.State.CLUSTER, "monitoring.outbreak_signal.confirmed", by=by, finding=finding,
        investigation=investigation, settled_at=ledger.clock.now(), settled_by=ledger.who(by),
    )  # fmt: skip
    return row


@transaction.atomic
def correct_facts(*, investigation: Investigation, by: Any, **facts: Any) -> Investigation:
    """Counts and circumstances as they are known now. What was known when a grade was given stays with the grade."""
    if investigation.state in rules.ENDED:
        raise ledger.Refused(_("调查已结案，不能再改。"))
    changed = {name: value for name, value in facts.items() if name in FACTS and getattr(investigation, name) != value}
    if not changed:
        return investigation
    counts = {
        n: [getattr(investigation, n), changed[n]] for n in ("exposed", "ill", "hospitalised", "died") if n in changed
    }
    for name, value in changed.items():
        setattr(investigation, name, value)
    investigation.full_clean()
    investigation.save(update_fields=list(changed))
    # The number of cases has penal consequences: what it was stays readable.
    ledger.record(
        "monitoring.investigation.corrected", of=investigation, by=by,
        data={"fields": sorted(changed), "counts": counts},
    )  # fmt: skip
    standing = _standing(investigation)
    _add_duties(investigation, standing.serial if standing else 0, investigation.state, by)
    return investigation


# --- steps ------------------------------------------------------------------------------------------------------------


def _step(row: Investigation, name: str, text: str, by: Any, **changes: Any) -> Investigation:
    since, after, clock = rules.STEPS[name]
    before, now, replaced = row.state, ledger.clock.now(), _replaced(row)
    changes["due_at"] = rules.deadline(clock, now) if clock else None
    moved: Investigation = ledger.move(row, since, after, f"monitoring.investigation.{name}", by=by, **changes)
    _keep_step(moved, before, after, text, by, replaced=replaced)
    return moved


def _replaced(row: Investigation) -> dict[str, Any]:
    kept: dict[str, Any] = {name: getattr(row, name) for name in ("grade", "grade_basis", "conclusion", "assessment")}
    return {**kept, "due_at": row.due_at.isoformat() if row.due_at else None}


def _keep_step(
    row: Investigation, before: str, after: str, text: str, by: Any, *, undoes: int | None = None,
    replaced: Mapping[str, Any] | None = None,
) -> None:  # fmt: skip
    serial = row.steps.count() + 1
    ledger.insert(
        InvestigationStep(
            investigation=row, serial=serial, before=before, after=after, text=text[:1000], undoes=undoes,
            replaced=dict(replaced or {}), at=ledger.clock.now(), by=ledger.who(by),
        )
    )  # fmt: skip
    if undoes is None:
        _add_duties(row, serial, after, by)


@transaction.atomic
def not_food(*, investigation: Investigation, conclusion: str, by: Any) -> Investigation:
    text = ledger.require(conclusion, "conclusion", _("请写明为什么判断不是食品引起。"))
    return _step(investigation, "not_food", text, by, conclusion=text[:4000])


@transaction.atomic
def confirm_outbreak(*, investigation: Investigation, conclusion: str, by: Any) -> Investigation:
    text = ledger.require(conclusion, "conclusion", _("请写明依据：流行病学、实验室或者现场卫生学证据。"))
    if investigation.ill < 1:
        raise ledger.Refused(_("发病人数是 0，请先在“更正情况”中填写。"))
    return _step(investigation, "outbreak", text, by, conclusion=text[:4000])


@transaction.atomic
def grade(*, investigation: Investigation, text: str = "", by: Any) -> Investigation:
    """By the rules of the day, from the counts of now; a later grade is a new step."""
    verdict = grading.grade(investigation)
    said = f"{verdict.label}。{text}".strip()
    return _step(
        investigation, "grade", said, by, grade=verdict.code[:20], grade_basis=verdict.basis,
    )  # fmt: skip


@transaction.atomic
def respond(*, investigation: Investigation, text: str, by: Any) -> Investigation:
    text = ledger.require(text, "text", _("请写明由谁启动响应、采取哪些措施。"))
    return _step(investigation, "respond", text, by)


@transaction.atomic
def handled(*, investigation: Investigation, text: str, by: Any) -> Investigation:
    text = ledger.require(text, "text", _("请写明措施落实情况和最后一例的发病日期。"))
    return _step(investigation, "handled", text, by)


@transaction.atomic
def submit_report(*, investigation: Investigation, conclusion: str, by: Any) -> Investigation:
    """The report of the epidemiological investigation goes to the regulator and the health department at once."""
    text = ledger.require(conclusion, "conclusion", _("请写明调查结论：可疑食品、病因、引发因素。"))
    if not investigation.papers.filter(kind="final").exists():
        raise ledger.Refused(_("请先制作“流行病学调查报告”，再提交。"))
    return _step(investigation, "report", text, by, conclusion=text[:4000])


@transaction.atomic
def close(*, investigation: Investigation, assessment: str, by: Any) -> Investigation:
    text = ledger.require(assessment, "assessment", _("请写明结案评估：做得好的、要改的、防止再发的措施。"))
    waiting = investigation.duties.filter(state=Duty.State.WAITING)
    if waiting.exists():
        names = "、".join(f"{d.recipient}（{d.text}）" for d in waiting)
        raise ledger.Refused(_("还有该报告、通报的没有办：%(names)s。办完再结案。") % {"names": names})
    if investigation.measures.filter(state="draft").exists():
        raise ledger.Refused(_("还有拟稿的措施没有决定采取或者不采取。"))
    return _step(
        investigation, "close", text, by, assessment=text[:4000], closed_at=ledger.clock.now(), closed_by=ledger.who(by)
    )


def undoable(investigation: Investigation) -> InvestigationStep | None:
    """The last step, if nobody was told of it yet and it is not the opening."""
    last = _standing(investigation)
    if last is None or not last.before:
        return None
    told = investigation.duties.filter(step=last.serial, state__in=(Duty.State.TOLD, Duty.State.ACKNOWLEDGED))
    return None if told.exists() else last


def _standing(investigation: Investigation) -> InvestigationStep | None:
    """The last step that was not undone."""
    steps = list(investigation.steps.order_by("serial"))
    gone = {s.undoes for s in steps if s.undoes}
    return next((s for s in reversed(steps) if s.undoes is None and s.serial not in gone), None)


@transaction.atomic
def undo(*, investigation: Investigation, by: Any) -> Investigation:
    last = undoable(investigation)
    if last is None:
        raise ledger.Refused(_("这一步已经报告或通报出去（或者是立项），不能撤回。情况有变的，请更正后再报告。"))
    changes = {"closed_at": None, "closed_by": "", **last.replaced}
    changes["due_at"] = datetime.fromisoformat(changes["due_at"]) if changes["due_at"] else None
    row: Investigation = ledger.move(
        investigation, [last.after], last.before, "monitoring.investigation.undone", by=by, **changes
    )
    row.duties.filter(step=last.serial, state=Duty.State.WAITING).update(state=Duty.State.CANCELLED)
    _keep_step(row, last.after, last.before, _("撤回上一步"), by, undoes=last.serial)
    return row


# --- who must be told -------------------------------------------------------------------------------------------------


def _add_duties(row: Investigation, serial: int, state: str, by: Any) -> None:
    """What the rules of the day ask to be told after a step; told once, however often the counts change."""
    now = ledger.clock.now()
    asked = grading.duties(row, state, now)
    have = set(row.duties.exclude(state=Duty.State.CANCELLED).values_list("rule", "recipient"))
    for duty in asked:
        if (duty.rule, duty.recipient) in have:
            continue
        have.add((duty.rule, duty.recipient))
        ledger.insert(
            Duty(
                investigation=row, step=serial, rule=duty.rule, text=duty.text[:300], recipient=duty.recipient[:100],
                agency=rules.party(duty.party, row.division_code) if duty.party else None, clause=duty.clause[:300],
                started_at=now, due_at=duty.due_at,
            )
        )  # fmt: skip
        ledger.record("monitoring.duty.began", of=row, by=by, data={"rule": duty.rule, "to": duty.recipient})


@transaction.atomic
def tell(*, duty: Duty, how: str, by: Any) -> Duty:
    """Told now, by what means. An agency of the county that is told of food sees the investigation from then on."""
    how = ledger.require(how, "how", _("请写明怎样报告的：电话、系统、书面，对方谁接的。"))
    row: Duty = ledger.move(
        duty, [Duty.State.WAITING], Duty.State.TOLD, "monitoring.duty.told", by=by, told_at=ledger.clock.now(),
        told_by=ledger.who(by), how=how[:200], data={"rule": duty.rule, "to": duty.recipient},
    )  # fmt: skip
    if row.agency_id and row.agency_id != row.investigation.agency_id:
        share(investigation=row.investigation, agency=row.agency, by=by)
    return row


@transaction.atomic
def acknowledge(*, duty: Duty, by: Any) -> Duty:
    """The one who was told says so, from an account of that agency; for others the teller notes who answered."""
    row: Duty = ledger.move(
        duty, [Duty.State.TOLD], Duty.State.ACKNOWLEDGED, "monitoring.duty.acknowledged", by=by,
        acknowledged_at=ledger.clock.now(), acknowledged_by=ledger.who(by), data={"rule": duty.rule},
    )  # fmt: skip
    return row


@transaction.atomic
def share(*, investigation: Investigation, agency: Any, by: Any) -> Share:
    """The agency sees the investigation, without identities."""
    earlier = Share.objects.filter(investigation=investigation, agency=agency).first()
    if earlier is not None:
        return earlier
    row: Share = ledger.insert(
        Share(investigation=investigation, agency=agency, shared_at=ledger.clock.now(), shared_by=ledger.who(by))
    )
    ledger.record("monitoring.investigation.shared", of=investigation, by=by, data={"with": str(agency)})
    return row


def ask_after_late(*, by: Any) -> int:
    """A matter for each duty and each step past its moment; told late stays late, and opens one, too."""
    now, found = ledger.clock.now(), 0
    late = Duty.objects.filter(state=Duty.State.WAITING, due_at__lt=now).select_related("investigation")
    for duty in late.order_by("investigation__number", "rule", "recipient"):
        row = duty.investigation
        hazard = _("调查 %(number)s“%(title)s”超过时限没有%(what)s（对象：%(to)s，时限：%(due)s）。") % {
            "number": row.number, "title": row.title, "what": duty.text, "to": duty.recipient,
            "due": duty.due_at.astimezone(ledger.clock.LOCAL).strftime("%Y-%m-%d %H:%M"),
        }  # fmt: skip
        open_matter(
            "late_duty", hazard=hazard, division_code=row.division_code, subject=row, subject_name=row.number,
            legal_basis=duty.clause, key=f"monitoring.duty:{row.number}:{duty.rule}:{duty.recipient}"[:100], by=by,
        )  # fmt: skip
        found += 1
    for row in Investigation.objects.exclude(state__in=rules.ENDED).filter(due_at__lt=now).order_by("number"):
        hazard = _("调查 %(number)s“%(title)s”停在“%(state)s”，超过这一步的时限。") % {
            "number": row.number, "title": row.title, "state": row.get_state_display(),
        }  # fmt: skip
        open_matter(
            "late_step", hazard=hazard, division_code=row.division_code, subject=row, subject_name=row.number,
            key=f"monitoring.step:{row.number}:{row.state}", by=by,
        )  # fmt: skip
        found += 1
    return found
