"""What a person may read of results, and what stands: of every chain of corrections the last link."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    CharField,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)

from fangxin.kernel.laboratory import rules
from fangxin.kernel.laboratory.data_results import PublicTest, TestedValue
from fangxin.kernel.laboratory.models import (
    AnalyticalRun,
    ControlPoint,
    Disposition,
    NameChoice,
    Objection,
    QualitySample,
    RapidTest,
    Report,
    Result,
    ResultFile,
    Retest,
    RiskSignal,
    Sample,
    SampleVerdict,
    Test,
    Verdict,
    Whole,
)
from fangxin.kernel.laboratory.selectors import list_samples
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people

RUNNING_RETESTS = (Retest.State.REQUESTED, Retest.State.ACCEPTED, Retest.State.DRAWN, Retest.State.HANDED_OVER)
OPEN_DISPOSITIONS = (Disposition.State.OPEN, Disposition.State.SUBMITTED)
_LAST_DAY = date(9998, 12, 31)


# --- what stands ------------------------------------------------------------------------------------------------------


def standing_results(tests: Iterable[Test]) -> dict[int, list[Result]]:
    """Per test the results that no correction has replaced, by replicate."""
    rows = Result.objects.filter(test__in=[t.pk for t in tests], replaced_by=None).order_by("test", "replicate", "pk")
    found: dict[int, list[Result]] = {}
    for row in rows:
        found.setdefault(row.test_id, []).append(row)
    return found


def standing_verdicts(tests: Iterable[Test]) -> dict[int, Verdict]:
    rows = Verdict.objects.filter(test__in=[t.pk for t in tests], replaced_by=None).select_related("result")
    return {row.test_id: row for row in rows}


def standing_conclusion(sample: Sample) -> SampleVerdict | None:
    return SampleVerdict.objects.filter(sample=sample, replaced_by=None).first()


def name_choices(sample_ids: Iterable[int]) -> dict[int, dict[tuple[str, str], str]]:
    """Per sample what a doubtful name was said to mean, the latest word last."""
    found: dict[int, dict[tuple[str, str], str]] = {}
    for row in NameChoice.objects.filter(sample__in=list(sample_ids)).order_by("pk"):
        found.setdefault(row.sample_id, {})[(row.what, row.raw)] = row.chosen
    return found


# --- for other apps ---------------------------------------------------------------------------------------------------


def results_of(
    division_code: str,
    analyte: str | None = None,
    food: str | None = None,
    since: date | None = None,
    until: date | None = None,
    purpose: str | None = None,
) -> Sequence[TestedValue]:
    """Verified items with their standing verdict of samples taken in a division, oldest first; days included."""
    wanted = {"analyte": analyte, "sample__food": food, "sample__sampled_on__gte": since,
              "sample__sampled_on__lte": until, "sample__purpose": purpose}  # fmt: skip
    rows = Test.objects.filter(people.under(division_code), **{k: v for k, v in wanted.items() if v is not None})
    return tested_values(rows)


def tested_values(tests: "QuerySet[Test]") -> list[TestedValue]:
    verdicts = (
        Verdict.objects.filter(
            test__in=tests.filter(state=Test.State.VERIFIED).order_by().values("pk"), replaced_by=None
        )
        .select_related("result", "test__sample")
        .order_by("test__sample__sampled_on", "test__sample__number", "test__analyte", "test__method")
    )
    return [_tested(verdict) for verdict in verdicts]


def _tested(verdict: Verdict) -> TestedValue:
    test, result = verdict.test, verdict.result
    sample = test.sample
    return TestedValue(
        sample_no=sample.number, purpose=sample.purpose, food=sample.food, food_class=sample.food_class,
        analyte=test.analyte, value=_decimal(result.number), expression=result.text, unit=result.unit,
        lod=_decimal(result.lod), loq=_decimal(result.loq), sampled_on=sample.sampled_on,
        division_code=sample.division_code, outcome=verdict.outcome,
        parcel_id=getattr(sample, "parcel_id", None), premises_id=sample.premises_id,
    )  # fmt: skip


def _decimal(text: str) -> Decimal | None:
    return Decimal(text) if text else None


# --- lists ------------------------------------------------------------------------------------------------------------


def _in_laboratory(
    rows: "QuerySet[Any]", user: Any, place: str = "division_code", laboratory: str = "laboratory"
) -> Any:
    """Staff by division, a laboratory by what was sent to it."""
    if user.prefixes("result.view"):
        return people.within(rows, user, "result.view", field=place)
    if user.can("result.enter"):
        return rows.filter(**{f"{laboratory}__in": user.own_agencies("result.enter")})
    return rows.none()


def list_tests(user: Any) -> "QuerySet[Test]":
    rows: QuerySet[Test] = _in_laboratory(Test.objects.select_related("sample", "run"), user)
    return rows


def list_result_files(user: Any) -> "QuerySet[ResultFile]":
    return ResultFile.objects.filter(laboratory__in=user.own_agencies("result.enter"))


def list_reports(user: Any) -> "QuerySet[Report]":
    """Reports of the person's divisions or laboratory; an operator's own once they were told."""
    rows = Report.objects.select_related("sample", "laboratory", "conclusion", "file")
    if user.prefixes("result.view") or user.can("result.enter"):
        found: QuerySet[Report] = _in_laboratory(rows, user)
        return found
    agencies = user.own_agencies("result.view")
    own = rows.filter(sample__premises__operator__agency__in=agencies, notices__isnull=False).distinct()
    return own if agencies else rows.none()


def list_dispositions(user: Any) -> "QuerySet[Disposition]":
    rows = Disposition.objects.select_related("sample", "owner")
    return people.within(rows, user, "result.view")


def list_retests(user: Any) -> "QuerySet[Retest]":
    rows = Retest.objects.select_related("sample", "notice", "laboratory")
    return people.within(rows, user, "result.view")


def list_objections(user: Any) -> "QuerySet[Objection]":
    return people.within(Objection.objects.select_related("sample"), user, "result.view")


def list_risk_signals(user: Any) -> "QuerySet[RiskSignal]":
    return people.within(RiskSignal.objects.select_related("sample"), user, "result.view")


def list_rapid_tests(user: Any) -> "QuerySet[RapidTest]":
    """Staff by division; an operator sees the tests of the own places."""
    rows = RapidTest.objects.select_related("premises", "sample")
    if user.prefixes("rapid.view"):
        return people.within(rows, user, "rapid.view")
    agencies = user.own_agencies("rapid.view")
    return rows.filter(premises__operator__agency__in=agencies) if agencies else rows.none()


def list_quality_samples(user: Any) -> "QuerySet[QualitySample]":
    rows: QuerySet[QualitySample] = _in_laboratory(QualitySample.objects.select_related("laboratory"), user)
    return rows


def list_runs(user: Any) -> "QuerySet[AnalyticalRun]":
    rows: QuerySet[AnalyticalRun] = _in_laboratory(AnalyticalRun.objects.select_related("laboratory"), user)
    return rows


def runs_for(test: Test) -> "QuerySet[AnalyticalRun]":
    """Runs to which the results of a test may belong, newest first."""
    return AnalyticalRun.objects.filter(laboratory=test.laboratory_id, analyte=test.analyte)


def list_samples_of_results(user: Any) -> "QuerySet[Sample]":
    """Samples whose results the person may read: the operator's own only when the notice has come."""
    if user.prefixes("result.view") or user.can("result.enter"):
        return list_samples(user)
    agencies = user.own_agencies("result.view")
    told = Sample.objects.filter(premises__operator__agency__in=agencies, notices__isnull=False)
    return told.distinct() if agencies else told.none()


def control_points(quality_sample: QualitySample, most: int) -> list[ControlPoint]:
    """The latest points of a chart, oldest first."""
    rows = ControlPoint.objects.filter(quality_sample=quality_sample).select_related("run").order_by("-pk")[:most]
    return list(reversed(rows))


# --- publication --------------------------------------------------------------------------------------------------------


def in_dispute() -> Q:
    """Reports that may not be published now: an objection or a re-test runs on their sample."""
    objections = Objection.objects.filter(sample=OuterRef("sample"), state=Objection.State.FILED)
    retests = Retest.objects.filter(sample=OuterRef("sample"), state__in=RUNNING_RETESTS)
    return Q(Exists(objections)) | Q(Exists(retests))


def public_tests(on: date) -> "QuerySet[Report]":
    """Reports that anybody may read on a day, newest first: published, standing, and not contested."""
    rows = Report.objects.filter(
        published_at__lt=end_of(on), state=Report.State.ISSUED, conclusion__replaced_by=None
    ).exclude(in_dispute())
    return rows.select_related("sample", "laboratory", "conclusion").order_by("-published_at", "-pk")


def public_test(report: Report) -> PublicTest:
    sample, conclusion = report.sample, report.conclusion
    published = report.published_at.astimezone(ledger.clock.LOCAL).date() if report.published_at else date.max
    return PublicTest(
        number=report.number, food=sample.food, food_class=sample.food_class, batch=sample.batch,
        production_on=sample.production_on, producer=sample.producer, subject_name=sample.subject_name,
        stage=str(sample.get_stage_display()), sampled_on=sample.sampled_on, outcome=conclusion.outcome,
        outcome_label=str(conclusion.get_outcome_display()),
        failed=tuple(f"{row['item']}（{row['result']}，{row['limit']}）" for row in conclusion.failed),
        laboratory=report.laboratory.name, published_on=published,
    )  # fmt: skip


# --- rows for the board ---------------------------------------------------------------------------------------------------


def end_of(day: date) -> datetime:
    """The first moment after the local day."""
    return datetime.combine(min(day, _LAST_DAY) + timedelta(days=1), time(), tzinfo=ledger.clock.LOCAL)


def _flag(condition: Q) -> Case:
    return Case(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField())


def sample_rows(as_of: date) -> "QuerySet[Sample]":
    """One row per sample taken by the end of the day and not cancelled, with the conclusion that stood then."""
    moment = end_of(as_of)
    standing = SampleVerdict.objects.filter(sample=OuterRef("pk"), made_at__lt=moment).order_by("-pk")
    outcome = Subquery(standing.values("outcome")[:1], output_field=CharField())
    first = SampleVerdict.objects.filter(sample=OuterRef("pk"), made_at__lt=moment).order_by("pk")
    rows = Sample.objects.filter(sampled_on__lte=as_of).exclude(state=Sample.State.CANCELLED)
    return rows.order_by().annotate(
        outcome=outcome,
        year=F("sampled_on__year"),
        concluded=_flag(Q(outcome__isnull=False)),
        conforming=_flag(Q(outcome=Whole.CONFORMING)),
        failed=_flag(Q(outcome=Whole.NONCONFORMING)),
        statutory=_flag(Q(purpose__in=rules.STATUTORY)),
        this_year=_flag(Q(sampled_on__year=as_of.year)),
        first_conclusion=Subquery(first.values("pk")[:1], output_field=IntegerField()),
    )


def disposition_rows(as_of: date) -> "QuerySet[Disposition]":
    """One row per verification and disposal begun by the day and not ended by a conforming re-test."""
    rows = Disposition.objects.filter(opened_on__lte=as_of).exclude(state=Disposition.State.OVERTURNED)
    due = Case(When(extended_to__isnull=False, then=F("extended_to")), default=F("due_on"))
    closed = Q(closed_on__lte=as_of)
    return rows.order_by().annotate(
        stage=F("sample__stage"),
        food_class=F("sample__food_class"),
        owner_agency=F("owner_id"),
        latest_day=due,
        closed=_flag(closed),
        due_reached=_flag(Q(latest_day__lte=as_of) | closed),
        on_time=_flag(closed & Q(closed_on__lte=F("latest_day"))),
        overdue=_flag(Q(latest_day__lt=as_of) & ~closed),
        this_year=_flag(Q(opened_on__year=as_of.year)),
    )
