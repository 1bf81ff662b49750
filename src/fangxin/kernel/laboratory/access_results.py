"""One object of results, or "not found": what lies outside a person's reach does not show that it exists."""

from typing import Any

from fangxin.kernel.laboratory import selectors_results as selectors
from fangxin.kernel.laboratory.models import (
    AnalyticalRun,
    Disposition,
    Notice,
    Objection,
    QualitySample,
    RapidTest,
    RecallOrder,
    Report,
    Result,
    ResultFile,
    Retest,
    RiskSignal,
    Sample,
    Test,
)
from fangxin.kernel.screens.finding import one_of


def get_sample(user: Any, pk: int) -> Sample:
    return one_of(selectors.list_samples_of_results(user), pk)


def get_test(user: Any, pk: int) -> Test:
    return one_of(selectors.list_tests(user), pk)


def get_result(user: Any, pk: int) -> Result:
    tests = selectors.list_tests(user).order_by().values("pk")
    return one_of(Result.objects.filter(test__in=tests).select_related("test__sample"), pk)


def get_report(user: Any, pk: int) -> Report:
    return one_of(selectors.list_reports(user), pk)


def get_notice(user: Any, pk: int) -> Notice:
    reports = selectors.list_reports(user).order_by().values("pk")
    return one_of(Notice.objects.filter(report__in=reports).select_related("sample", "report__conclusion"), pk)


def get_objection(user: Any, pk: int) -> Objection:
    return one_of(selectors.list_objections(user), pk)


def get_retest(user: Any, pk: int) -> Retest:
    return one_of(selectors.list_retests(user), pk)


def get_disposition(user: Any, pk: int) -> Disposition:
    return one_of(selectors.list_dispositions(user), pk)


def get_recall(user: Any, pk: int) -> RecallOrder:
    rows = selectors.list_dispositions(user).order_by().values("pk")
    return one_of(RecallOrder.objects.filter(disposition__in=rows).select_related("disposition"), pk)


def get_signal(user: Any, pk: int) -> RiskSignal:
    return one_of(selectors.list_risk_signals(user), pk)


def get_rapid(user: Any, pk: int) -> RapidTest:
    return one_of(selectors.list_rapid_tests(user), pk)


def get_quality_sample(user: Any, pk: int) -> QualitySample:
    return one_of(selectors.list_quality_samples(user), pk)


def get_run(user: Any, pk: int) -> AnalyticalRun:
    return one_of(selectors.list_runs(user), pk)


def get_result_file(user: Any, pk: int) -> ResultFile:
    return one_of(selectors.list_result_files(user), pk)
