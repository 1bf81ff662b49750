"""Items ordered, results entered, corrected, and verified by a second person."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from fangxin.kernel.laboratory import rules_results as rules
from fangxin.kernel.laboratory.data_results import Entry, Ordered
from fangxin.kernel.laboratory.models import Result, Sample, Test, Verdict, Verification
from fangxin.kernel.laboratory.rules import MovedOn, Refused
from fangxin.kernel.laboratory.selectors_results import standing_results
from fangxin.kernel.laboratory.services import judging
from fangxin.kernel.laboratory.services.steps import insert, move, named, need_text
from fangxin.kernel.ledger import api as ledger

State = Test.State
MOST_REPLICATES = 20
IN_LABORATORY = (Sample.State.RECEIVED, Sample.State.TESTING)


@transaction.atomic
def order_tests(*, sample: Sample, items: Sequence[Ordered], by: Any) -> list[Test]:
    """Say what is to be measured in a received sample."""
    if not items:
        raise Refused(_("请至少填写一个检验项目。"))
    _hold(sample)
    made = [_ordered(sample, item, named(by)) for item in items]
    ledger.record("laboratory.tests.ordered", of=sample, by=by, data={"items": [t.analyte for t in made]})
    return made


def _hold(sample: Sample) -> None:
    """The sample stays in the laboratory until the caller commits."""
    if Sample.objects.filter(pk=sample.pk, state__in=IN_LABORATORY).update(state=Sample.State.TESTING) != 1:
        sample.refresh_from_db()
        raise Refused(
            _("样品%(number)s现在是“%(state)s”。检验机构接收样品后、出报告前才能登记检验项目和结果。")
            % {"number": sample.number, "state": sample.get_state_display()}
        )
    sample.state = Sample.State.TESTING


def _ordered(sample: Sample, item: Ordered, username: str) -> Test:
    if not 1 <= item.replicates <= MOST_REPLICATES:
        raise Refused({"replicates": _("平行样数为1至%(most)s。") % {"most": MOST_REPLICATES}})
    test: Test = insert(
        Test(
            sample=sample,
            division_code=sample.division_code,
            laboratory=rules.laboratory_of(sample),
            analyte=need_text(item.analyte, "analyte", _("请填写检验项目。"), most=120),
            method=item.method.strip(),
            replicates=item.replicates,
            reference_only=item.reference_only,
            ordered_at=ledger.clock.now(),
            ordered_by=username,
        )
    )
    return test


@transaction.atomic
def cancel_test(*, test: Test, reason: str, by: Any) -> Test:
    reason = need_text(reason, "reason", _("请写明取消的原因。"), most=200)
    _hold(test.sample)
    before = (State.ORDERED, State.ENTERED)
    move(test, before, State.CANCELLED, "laboratory.test.cancelled", by=by, cancelled_reason=reason)
    judging.judge_samples(samples=[test.sample], why=Verdict.Why.FIRST, by=by)
    return test


@transaction.atomic
def enter(
    *, test: Test, entries: Sequence[Entry], run: Any = None, source: str = Result.Source.TYPED, by: Any
) -> list[Result]:
    """Write down all replicates of a test at once."""
    _hold(test.sample)
    if sorted(e.replicate for e in entries) != list(range(1, test.replicates + 1)):
        raise Refused(
            _("“%(item)s”要填%(n)s个平行结果，平行号从1到%(n)s，不能缺也不能重。")
            % {"item": test.analyte, "n": test.replicates}
        )
    if run is not None and (run.analyte != test.analyte or run.laboratory_id != test.laboratory_id):
        raise Refused({"run": _("分析批%(run)s测的是其他项目，请核对。") % {"run": run.number}})
    move(test, (State.ORDERED,), State.ENTERED, "laboratory.results.entered", by=by, run=run)
    return [_write(test, rules.checked(entry), named(by), source=source) for entry in entries]


def _write(test: Test, entry: Entry, username: str, **more: Any) -> Result:
    row: Result = insert(
        Result(
            test=test, replicate=entry.replicate, text=entry.text, number=rules.number_in(entry.text), unit=entry.unit,
            lod=entry.lod, loq=entry.loq, expression=entry.expression, dry_basis=entry.dry_basis,
            moisture=entry.moisture, entered_at=ledger.clock.now(), entered_by=username, **more,
        )
    )  # fmt: skip
    return row


@transaction.atomic
def correct(*, result: Result, entry: Entry, reason: str, by: Any) -> Result:
    """A new row that points to the old one. What was verified or judged must be so again; a report must be taken back."""
    reason = need_text(reason, "reason", _("请写明更正的原因。"), most=300)
    test = result.test
    _hold(test.sample)
    if hasattr(result, "replaced_by"):
        raise MovedOn(_("这个结果已经更正过，请在最新的结果上办理。"))
    move(test, (State.ENTERED, State.VERIFIED), State.ENTERED, "laboratory.result.corrected", by=by)
    return _write(test, rules.checked(entry), named(by), replaces=result, reason=reason)


@transaction.atomic
def verify(*, tests: Iterable[Test], by: Any) -> int:
    """A second person stands by the results; the judge then speaks, and nobody edits what it says."""
    rows = list(tests)
    username = named(by)
    newest = standing_results(rows)
    for test in rows:
        _verify(test, newest.get(test.pk, []), username, by)
    judging.judge_samples(samples=_samples_of(rows), why=_why(rows), by=by)
    return len(rows)


def _verify(test: Test, results: Sequence[Result], username: str, by: Any) -> None:
    if not results:
        raise Refused(_("“%(item)s”还没有结果，不能复核。") % {"item": test.analyte})
    own = [r for r in results if r.entered_by == username]
    if own:
        raise Refused(
            _("“%(item)s”的结果是您录入的。录入人不能复核自己的结果，请由另一名人员复核。") % {"item": test.analyte}
        )
    if test.run is not None and test.run.blocks:
        raise Refused(
            _("分析批%(run)s的质控失控，这一批的结果暂不能复核。请先查明原因，由负责人写明理由放行。")
            % {"run": test.run.number}
        )
    last = max(results, key=lambda r: r.pk)
    move(test, (State.ENTERED,), State.VERIFIED, "laboratory.results.verified", by=by)
    insert(
        Verification(
            test=test, newest=last, analyst=last.entered_by, verified_at=ledger.clock.now(), verified_by=username
        )
    )


def _samples_of(tests: Iterable[Test]) -> list[Sample]:
    return list({test.sample_id: test.sample for test in tests}.values())


def _why(tests: Sequence[Test]) -> str:
    """Whether these were judged before."""
    again = Verdict.objects.filter(test__in=[test.pk for test in tests]).exists()
    return Verdict.Why.CORRECTED if again else Verdict.Why.FIRST


@transaction.atomic
def return_results(*, test: Test, reason: str, by: Any) -> Test:
    """The second person does not stand by it: the analyst corrects."""
    reason = need_text(reason, "reason", _("请写明退回的原因。"), most=300)
    _hold(test.sample)
    move(test, (State.ENTERED,), State.ENTERED, "laboratory.results.returned", by=by, data={"reason": reason})
    return test
