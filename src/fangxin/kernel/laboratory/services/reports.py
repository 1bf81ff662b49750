"""The test report: drawn up, issued by a second person, sent to the organiser, published."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from fangxin.kernel.laboratory import clocks, papers
from fangxin.kernel.laboratory import rules_results as rules
from fangxin.kernel.laboratory.clocks import Limit
from fangxin.kernel.laboratory.models import Purpose, Receipt, Report, Sample, SampleVerdict, Whole
from fangxin.kernel.laboratory.rules import MovedOn, Refused
from fangxin.kernel.laboratory.selectors_results import in_dispute, standing_conclusion
from fangxin.kernel.laboratory.services.steps import insert, move, named, need_text
from fangxin.kernel.ledger import api as ledger

State = Report.State
SERIES = "laboratory-report"


@transaction.atomic
def draft(*, sample: Sample, by: Any) -> Report:
    """Draw up a report once every item is verified and judged."""
    conclusion = standing_conclusion(sample)
    if conclusion is None:
        raise Refused(_("还有项目没有结果或者没有复核，不能编制报告。"))
    today = ledger.clock.today()
    report: Report = insert(
        Report(
            sample=sample,
            division_code=sample.division_code,
            laboratory=rules.laboratory_of(sample),
            conclusion=conclusion,
            number=report_number(today.year, ledger.next_number(SERIES, today.year)),
            due_on=report_due(sample),
            drafted_at=ledger.clock.now(),
            drafted_by=named(by),
        )
    )
    ledger.record("laboratory.report.drafted", of=report, by=by, data={"sample": sample.number})
    return report


def report_number(year: int, serial: int) -> str:
    return f"BG{year}-{serial:05d}"


def report_due(sample: Sample) -> Any:
    """Counted from the day on which the laboratory accepted the sample."""
    received = Receipt.objects.filter(sample=sample, outcome=Receipt.Outcome.ACCEPTED, undone_at=None).first()
    return clocks.last_day(Limit.REPORT, received.received_on) if received is not None else None


@transaction.atomic
def issue(*, report: Report, by: Any) -> Report:
    """A signatory puts the name to it; from now on the paper stands as it is."""
    username, today = named(by), ledger.clock.today()
    if report.drafted_by == username:
        raise Refused(_("您是编制人，不能签发自己编制的报告。请由授权签字人签发。"))
    current = standing_conclusion(report.sample)
    if current is None or current.pk != report.conclusion_id:
        raise Refused(_("编制报告之后结论有了变化，请收回后重新编制。"))
    code = Limit.TELL_NONCONFORMING if current.outcome == Whole.NONCONFORMING else Limit.TELL_CONFORMING
    content = papers.test_report(report, signed_by=ledger.Actor.of(by).name, on=today)
    file = ledger.store_evidence(name=f"{report.number}.docx", content=content, by=by)
    move(
        report, (State.DRAFTED,), State.ISSUED, "laboratory.report.issued", by=by, data={"outcome": current.outcome},
        issued_at=ledger.clock.now(), issued_by=username, issued_on=today, file=file,
        send_due_on=clocks.last_day(code, today),
    )  # fmt: skip
    Sample.objects.filter(pk=report.sample_id).update(state=Sample.State.REPORTED)
    return report


@transaction.atomic
def withdraw(*, report: Report, reason: str, by: Any) -> Report:
    """Take a report back, so that a result can be corrected; it stays on file, told as withdrawn."""
    reason = need_text(reason, "reason", _("请写明收回的原因。"), most=300)
    if report.published_at is not None:
        reason = f"{reason}{_('（已公布的内容同时撤下）')}"
    move(report, (State.DRAFTED, State.ISSUED), State.WITHDRAWN, "laboratory.report.withdrawn", by=by, note=reason)
    Sample.objects.filter(pk=report.sample_id, state=Sample.State.REPORTED).update(state=Sample.State.TESTING)
    return report


@transaction.atomic
def send(*, report: Report, by: Any) -> Report:
    """To the organiser, whose own clock then runs."""
    _once(report, "sent_at", _("报告%(number)s已经报送过。"))
    done: Report = move(
        report, (State.ISSUED,), State.ISSUED, "laboratory.report.sent", by=by, sent_at=ledger.clock.now(),
        sent_by=named(by), data={"due": report.send_due_on},
    )  # fmt: skip
    return done


@transaction.atomic
def publish(*, reports: Iterable[Report], by: Any) -> int:
    """All of them or none. What is contested waits, and monitoring gives no verdict to publish."""
    rows = list(reports)
    for report in rows:
        _publish(report, by)
    return len(rows)


def _publish(report: Report, by: Any) -> None:
    _once(report, "published_at", _("报告%(number)s已经公布过。"))
    why = unpublishable(report)
    if why:
        raise Refused(why)
    move(
        report, (State.ISSUED,), State.ISSUED, "laboratory.report.published", by=by,
        published_at=ledger.clock.now(), published_by=named(by),
    )  # fmt: skip


def unpublishable(report: Report) -> str:
    """Why a report may not be published now; nothing where it may."""
    if report.sample.purpose == Purpose.RISK_MONITORING:
        return str(_("风险监测结果不作合格与否的公布。"))
    if SampleVerdict.objects.filter(replaces=report.conclusion_id).exists():
        return str(_("报告的结论已被新的结论替代，不能公布。"))
    if Report.objects.filter(in_dispute(), pk=report.pk).exists():
        return str(_("样品正在异议审核或者复检，办完后才能公布。"))
    if report.conclusion.outcome not in (Whole.CONFORMING, Whole.NONCONFORMING):
        return str(_("没有合格或者不合格的结论，不能公布。"))
    if report.conclusion.outcome == Whole.NONCONFORMING and not report.notices.exists():
        return str(_("不合格结果还没有告知被抽样单位，请先告知。"))
    return ""


def _once(report: Report, column: str, words: str) -> None:
    """Ask the database, not the row in hand: two may press at the same time."""
    if Report.objects.filter(pk=report.pk, **{column: None}).update(number=report.number) != 1:
        raise MovedOn(words % {"number": report.number})


def waiting_for_publication() -> "QuerySet[Report]":
    """Issued, final so far, not contested, and told to whom it concerns where it fails."""
    rows = Report.objects.filter(
        state=State.ISSUED,
        published_at=None,
        conclusion__replaced_by=None,
        conclusion__outcome__in=[Whole.CONFORMING, Whole.NONCONFORMING],
    ).exclude(sample__purpose=Purpose.RISK_MONITORING)
    untold = Q(conclusion__outcome=Whole.NONCONFORMING, notices=None)
    return rows.exclude(untold).exclude(in_dispute())


@transaction.atomic
def publish_rows(rows: "QuerySet[Report]", *, by: Any) -> int:
    """Publish what a list holds at once, with one entry that says how many."""
    keys = list(rows.values_list("pk", flat=True))
    fresh = Report.objects.filter(pk__in=keys, published_at=None)
    count = fresh.update(published_at=ledger.clock.now(), published_by=named(by))
    if count:
        place = by.prefixes("result.publish")[0] if hasattr(by, "prefixes") and by.prefixes("result.publish") else ""
        ledger.record("laboratory.reports.published", of=None, by=by, division_code=place, data={"count": count})
    return count
