"""Whole months of results at once, for old files and the synthetic county: as told, judged by the same judge."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db import transaction

from fangxin.kernel.catalog import api as catalog
from fangxin.kernel.laboratory import clocks
from fangxin.kernel.laboratory import rules_results as rules
from fangxin.kernel.laboratory.clocks import Limit
from fangxin.kernel.laboratory.data_results import Entry
from fangxin.kernel.laboratory.models import (
    Duplicate,
    Notice,
    Receipt,
    Report,
    Result,
    Sample,
    SampleVerdict,
    Test,
    Verdict,
    Verification,
    Whole,
)
from fangxin.kernel.laboratory.services import disputes, duplicates, following, judging, reports
from fangxin.kernel.laboratory.services.steps import insert, named
from fangxin.kernel.ledger import api as ledger

BATCH = 500


@dataclass(frozen=True, slots=True)
class Measurement:
    """One item of a sample with all its replicates."""

    analyte: str
    entries: tuple[Entry, ...]
    method: str = ""


@dataclass(frozen=True, slots=True)
class Tested:
    """A sample with its items, and the day on which it was concluded and reported."""

    sample: Sample
    measurements: tuple[Measurement, ...]
    concluded_on: date
    analyst: str
    verifier: str


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), tzinfo=ledger.clock.LOCAL)


@transaction.atomic
def load_results(*, tested: Sequence[Tested], by: Any) -> list[SampleVerdict]:
    """Write tests, results, verifications, verdicts, conclusions and reports; what fails is followed up at once.

    Nothing is announced item by item: who keeps an account of results reads `api.results_of`.
    """
    if not tested:
        return []
    lines = _write(tested)
    verdicts = _judge(lines, {one.sample.pk: one for one in tested})
    conclusions = _conclude(tested, lines, verdicts)
    _keep_duplicates(conclusions)
    _report(tested, conclusions)
    Sample.objects.filter(pk__in=[one.sample.pk for one in tested]).update(state=Sample.State.REPORTED)
    place = tested[0].sample.division_code[:6]
    counts = Counter(str(one.outcome) for one in conclusions)
    ledger.record("laboratory.results.loaded", of=None, by=by, division_code=place, data=dict(counts))
    for conclusion in conclusions:
        if conclusion.outcome == Whole.NONCONFORMING:
            following.follow_failing(conclusion, by=by)
    return conclusions


def _write(tested: Sequence[Tested]) -> list[judging.Line]:
    tests = [
        Test(
            sample=one.sample, division_code=one.sample.division_code, laboratory=rules.laboratory_of(one.sample),
            analyte=m.analyte, method=m.method, replicates=len(m.entries), state=Test.State.VERIFIED,
            ordered_at=_at(one.concluded_on, 8), ordered_by=one.analyst,
        )
        for one in tested
        for m in one.measurements
    ]  # fmt: skip
    Test.objects.bulk_create(tests, batch_size=BATCH)
    given = [(one, m) for one in tested for m in one.measurements]
    rows = [
        Result(
            test=test, replicate=e.replicate, text=e.text, number=rules.number_in(e.text), unit=e.unit, lod=e.lod,
            loq=e.loq, entered_at=_at(one.concluded_on, 10), entered_by=one.analyst,
        )
        for test, (one, m) in zip(tests, given, strict=True)
        for e in m.entries
    ]  # fmt: skip
    Result.objects.bulk_create(rows, batch_size=BATCH)
    by_test: dict[int, list[Result]] = {}
    for row in rows:
        by_test.setdefault(row.test_id, []).append(row)
    Verification.objects.bulk_create(
        [
            Verification(
                test=test, newest=by_test[test.pk][-1], analyst=one.analyst, verified_by=one.verifier,
                verified_at=_at(one.concluded_on, 14),
            )
            for test, (one, _m) in zip(tests, given, strict=True)
        ],
        batch_size=BATCH,
    )  # fmt: skip
    return [(test, by_test[test.pk]) for test in tests]


def _judge(lines: Sequence[judging.Line], tested: Mapping[int, Tested]) -> dict[int, Verdict]:
    judge = catalog.the_judge()
    digest = judging.judge_digest(judge)
    made = [
        Verdict(
            test=test, result=result, judge_digest=digest, judged_by=tested[test.sample_id].verifier,
            judged_at=_at(tested[test.sample_id].concluded_on, 14), **columns,
        )
        for test, result, columns in judging.ask(judge, lines)
    ]  # fmt: skip
    Verdict.objects.bulk_create(made, batch_size=BATCH)
    return {verdict.test_id: verdict for verdict in made}


def _conclude(
    tested: Sequence[Tested], lines: Sequence[judging.Line], verdicts: Mapping[int, Verdict]
) -> list[SampleVerdict]:
    by_sample: dict[int, list[Test]] = {}
    for test, _results in lines:
        by_sample.setdefault(test.sample_id, []).append(test)
    made = [_conclusion(one, by_sample[one.sample.pk], verdicts) for one in tested]
    return list(SampleVerdict.objects.bulk_create(made, batch_size=BATCH))


def _conclusion(one: Tested, tests: Sequence[Test], verdicts: Mapping[int, Verdict]) -> SampleVerdict:
    outcome, failed = rules.whole_of((test, verdicts[test.pk]) for test in tests)
    items = [test.analyte for test in failed]
    on = one.sample.sampled_on
    return SampleVerdict(
        sample=one.sample, division_code=one.sample.division_code, outcome=outcome,
        failed=[judging.failed_line(test, verdicts[test.pk]) for test in failed],
        micro_only=bool(items) and all(rules.is_micro(item, on) for item in items),
        serious=bool(items) and rules.is_serious(items, [verdicts[t.pk] for t in failed], on),
        made_at=_at(one.concluded_on, 15), made_on=one.concluded_on, made_by=one.verifier,
    )  # fmt: skip


def _keep_duplicates(conclusions: Iterable[SampleVerdict]) -> None:
    by_sample = {one.sample_id: one for one in conclusions}
    rows = list(Duplicate.objects.filter(sample__in=by_sample, state=Duplicate.State.KEPT).select_related("sample"))
    for row in rows:
        one = by_sample[row.sample_id]
        row.keep_until, row.keep_basis = duplicates.keeping(
            row.sample, conforming=one.outcome != Whole.NONCONFORMING, concluded_on=one.made_on
        )
    Duplicate.objects.bulk_update(rows, ["keep_until", "keep_basis"], batch_size=BATCH)


def _report(tested: Sequence[Tested], conclusions: Sequence[SampleVerdict]) -> None:
    received = dict(
        Receipt.objects.filter(sample__in=[one.sample.pk for one in tested], undone_at=None, outcome="accepted")
        .values_list("sample", "report_due_on")
    )  # fmt: skip
    numbers = _numbers(tested)
    rows = [
        _one_report(one, conclusion, number, received.get(one.sample.pk))
        for one, conclusion, number in zip(tested, conclusions, numbers, strict=True)
    ]
    Report.objects.bulk_create(rows, batch_size=BATCH)


def _one_report(one: Tested, conclusion: SampleVerdict, number: str, due: date | None) -> Report:
    on = one.concluded_on
    limit = Limit.TELL_NONCONFORMING if conclusion.outcome == Whole.NONCONFORMING else Limit.TELL_CONFORMING
    return Report(
        sample=one.sample, division_code=one.sample.division_code, laboratory=rules.laboratory_of(one.sample),
        conclusion=conclusion, number=number, state=Report.State.ISSUED, due_on=due, drafted_at=_at(on, 15),
        drafted_by=one.analyst, issued_at=_at(on, 16), issued_by=one.verifier, issued_on=on,
        send_due_on=clocks.last_day(limit, on), sent_at=_at(on, 17), sent_by=one.analyst,
    )  # fmt: skip


def _numbers(tested: Sequence[Tested]) -> list[str]:
    years = Counter(one.concluded_on.year for one in tested)
    taken = {year: iter(ledger.take_numbers(reports.SERIES, year, count)) for year, count in years.items()}
    return [reports.report_number(one.concluded_on.year, next(taken[one.concluded_on.year])) for one in tested]


@transaction.atomic
def load_notice(*, report: Report, name: str, received_by: str, by: Any) -> Notice:
    """A notice that was served and received on the same day, whose paper is not at hand."""
    today, now = ledger.clock.today(), ledger.clock.now()
    row: Notice = insert(
        Notice(
            report=report, sample=report.sample, division_code=report.division_code, to=Notice.To.SUBJECT, name=name,
            due_on=clocks.last_day(Limit.NOTIFY, report.issued_on or today), sent_at=now, sent_on=today,
            sent_by=named(by), received_at=now, received_on=today, received_by=received_by,
            **disputes.rights_from(report.sample, today),
        )
    )  # fmt: skip
    ledger.record("laboratory.notice.sent", of=row, by=by, data={"report": report.number, "to": row.to})
    return row


@transaction.atomic
def publish_all(*, until: date, by: Any) -> int:
    """Publish everything reported by a day that may be published and is not contested, with one entry for all."""
    rows = reports.waiting_for_publication().filter(issued_on__lte=until)
    return reports.publish_rows(rows, by=by)
