"""A sample's results on one page, and the sheet in which the analyst enters them."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fangxin.kernel.laboratory import access_results as access
from fangxin.kernel.laboratory import rules_results as rules
from fangxin.kernel.laboratory import selectors_results as selectors
from fangxin.kernel.laboratory.data_results import Entry
from fangxin.kernel.laboratory.models import AnalyticalRun, NameChoice, Receipt, Report, Result, Sample, Test
from fangxin.kernel.laboratory.selectors import is_hidden_from
from fangxin.kernel.laboratory.services import reports, results
from fangxin.kernel.laboratory.views.common import names_of
from fangxin.kernel.laboratory.views.result_acts import offered, tests_here
from fangxin.kernel.people import api as people
from fangxin.kernel.screens.pages import Request
from fangxin.kernel.screens.permission import needs

OUTCOME_TONES = {
    "conforming": "good", "nonconforming": "bad", "undetermined": "warn", "not_regulated": "plain",
    "pending_speciation": "warn",
}  # fmt: skip
STATE_TONES = {"ordered": "info", "entered": "warn", "verified": "good", "cancelled": "plain"}


@require_safe
@needs("result.view")
def results_page(request: Request, pk: int) -> HttpResponse:
    user = request.user
    sample = access.get_sample(user, pk)
    staff = bool(user.prefixes("result.view"))
    inside = staff or user.can("result.enter")
    tests = list(sample.tests.select_related("run").order_by("pk"))
    conclusion = selectors.standing_conclusion(sample)
    lines = _lines(tests, user) if inside or conclusion is not None else []
    disposition = selectors.list_dispositions(user).filter(sample=sample).first()
    context = {
        "title": sample.number,
        "sample": sample,
        "subject": _("盲样") if is_hidden_from(user, sample) else sample.subject_name,
        "place": "" if is_hidden_from(user, sample) else people.division_path(sample.division_code),
        "receipt": Receipt.objects.filter(sample=sample, undone_at=None).first(),
        "lines": lines,
        "to_verify": [line for line in lines if line["may_verify"]],
        "may_enter": tests_here(user, sample.laboratory_id) and any(t.state == Test.State.ORDERED for t in tests),
        "conclusion": conclusion,
        "conclusion_tone": OUTCOME_TONES.get(conclusion.outcome, "plain") if conclusion else "plain",
        "earlier": sample.conclusions.exclude(pk=conclusion.pk).order_by("-pk") if conclusion else (),
        "names": NameChoice.objects.filter(sample=sample).order_by("pk") if inside else (),
        "reports": [(report, offered(report, user)) for report in _reports(sample, user, inside)],
        "notices": [(notice, offered(notice, user)) for notice in _notices(sample, staff, inside)],
        "objections": [(row, offered(row, user)) for row in sample.objections.all()] if staff else (),
        "retests": [(row, offered(row, user)) for row in sample.retests.select_related("laboratory")] if staff else (),
        "disposition": disposition if staff else None,
        "signal": getattr(sample, "risk_signal", None) if staff else None,
        "acts": offered(sample, user),
        "monitoring": sample.purpose in rules.MONITORING,
        "inside": inside,
    }
    return render(request, "laboratory/results/sample.html", context)


def _reports(sample: Sample, user: Any, inside: bool) -> Any:
    rows = sample.reports.select_related("conclusion", "laboratory", "file", "sample").order_by("-pk")
    return rows if inside else rows.filter(state=Report.State.ISSUED)


def _notices(sample: Sample, staff: bool, inside: bool) -> Any:
    """Staff see all; the subject its own; a laboratory none, since they name whom they went to."""
    rows = sample.notices.select_related("report__conclusion", "file").order_by("pk")
    if staff:
        return rows
    return rows.none() if inside else rows.filter(to="subject")


def _lines(tests: list[Test], user: Any) -> list[dict[str, Any]]:
    """Each item with its results (corrected ones struck through), its verdict, and what may be done."""
    verdicts = selectors.standing_verdicts(tests)
    rows: dict[int, list[Any]] = {}
    for result in _results(tests):
        rows.setdefault(result.test_id, []).append(result)
    people_names = names_of(*(r.entered_by for own in rows.values() for r in own))
    return [_line(test, rows.get(test.pk, []), verdicts.get(test.pk), people_names, user) for test in tests]


def _results(tests: list[Test]) -> Any:
    rows = Result.objects.filter(test__in=[t.pk for t in tests])
    return rows.select_related("replaced_by", "test__sample").order_by("replicate", "pk")


def _line(test: Test, results_of: list[Any], verdict: Any, names: Mapping[str, str], user: Any) -> dict[str, Any]:
    acts = offered(test, user)
    return {
        "test": test,
        "tone": STATE_TONES[test.state],
        "results": [
            {
                "row": row,
                "shown": rules.shown(row),
                "old": hasattr(row, "replaced_by"),
                "by": names.get(row.entered_by, row.entered_by),
                "acts": [] if hasattr(row, "replaced_by") else offered(row, user),
            }
            for row in results_of
        ],
        "verdict": verdict,
        "verdict_tone": OUTCOME_TONES.get(verdict.outcome, "plain") if verdict else "plain",
        "acts": acts,
        "may_verify": any(act.name == "verify" for _kind, act in acts),
    }


# --- entering -----------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@needs("result.enter")
def enter(request: Request, pk: int) -> HttpResponse:
    """A line for each replicate of each waiting item. Lines left empty wait on."""
    sample = access.get_sample(request.user, pk)
    if not tests_here(request.user, sample.laboratory_id):
        raise Http404
    tests = list(sample.tests.filter(state=Test.State.ORDERED).order_by("pk"))
    runs = _runs(tests)
    problems: dict[int, list[str]] = {}
    if request.method == "POST":
        written, problems = _enter_all(request, tests, runs)
        if not problems:
            words = _("已录入%(n)s个项目，请另一名人员复核。") if written else _("没有填写结果，什么也没有保存。")
            messages.success(request, words % {"n": written})
            return redirect("laboratory:results", pk=sample.pk)
    lines = [line for test in tests for line in _grid(request, test, problems, runs)]
    context = {"title": _("录入结果：%(number)s") % {"number": sample.number}, "sample": sample, "lines": lines}
    return render(request, "laboratory/results/enter.html", context)


def _runs(tests: list[Test]) -> dict[str, list[AnalyticalRun]]:
    """The latest runs of each item."""
    found: dict[str, list[AnalyticalRun]] = {}
    for test in tests:
        if test.analyte not in found:
            found[test.analyte] = list(selectors.runs_for(test)[:5])
    return found


FIELDS = ("text", "unit", "lod", "loq", "moisture")


def _cell(request: Request, test: Test, replicate: int, field: str) -> str:
    return request.POST.get(f"{field}_{test.pk}_{replicate}", "").strip()


def _enter_all(
    request: Request, tests: list[Test], runs: Mapping[str, list[AnalyticalRun]]
) -> tuple[int, dict[int, list[str]]]:
    """Every item that was filled in, all of them or none."""
    written, problems = 0, {}
    with transaction.atomic():
        for test in tests:
            entries = [e for n in range(1, test.replicates + 1) if (e := _entry(request, test, n)).text]
            if not entries:
                continue
            try:
                run = _run(request, test, runs)
                results.enter(test=test, entries=entries, run=run, by=request.user)
                written += 1
            except ValidationError as error:
                problems[test.pk] = error.messages
        if problems:
            transaction.set_rollback(True)
    return written, problems


def _entry(request: Request, test: Test, replicate: int) -> Entry:
    cells = {field: _cell(request, test, replicate, field) for field in FIELDS}
    dry = bool(request.POST.get(f"dry_{test.pk}_{replicate}"))
    return Entry(replicate=replicate, dry_basis=True if dry else None, **cells)


def _run(request: Request, test: Test, runs: Mapping[str, list[AnalyticalRun]]) -> AnalyticalRun | None:
    chosen = request.POST.get(f"run_{test.pk}", "")
    return next((run for run in runs[test.analyte] if str(run.pk) == chosen), None)


def _grid(
    request: Request, test: Test, problems: Mapping[int, list[str]], runs: Mapping[str, list[AnalyticalRun]]
) -> list[dict[str, Any]]:
    return [
        {
            "test": test,
            "replicate": n,
            "first": n == 1,
            "cells": [(field, _cell(request, test, n, field)) for field in FIELDS],
            "dry": bool(request.POST.get(f"dry_{test.pk}_{n}")),
            "problems": problems.get(test.pk, []) if n == 1 else [],
            "runs": runs[test.analyte] if n == 1 else [],
            "run": request.POST.get(f"run_{test.pk}", ""),
        }
        for n in range(1, test.replicates + 1)
    ]


@require_POST
@needs("result.enter")
def verify_all(request: Request, pk: int) -> HttpResponse:
    """Every entered result of the sample that somebody else entered."""
    sample = access.get_sample(request.user, pk)
    if not tests_here(request.user, sample.laboratory_id):
        raise Http404
    waiting = sample.tests.filter(state=Test.State.ENTERED).select_related("run", "sample").order_by("pk")
    own = Result.objects.filter(test__in=waiting, replaced_by=None, entered_by=request.user.username)
    tests = [test for test in waiting if test.pk not in set(own.values_list("test", flat=True))]
    try:
        done = results.verify(tests=tests, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("已复核%(n)s个项目并作出判定。") % {"n": done})
    return redirect("laboratory:results", pk=sample.pk)


@require_POST
@needs("result.publish")
def publish_all(request: Request) -> HttpResponse:
    """Everything in the person's divisions that may be published now."""
    rows = people.within(reports.waiting_for_publication(), request.user, "result.publish")
    done = reports.publish_rows(rows, by=request.user)
    messages.success(request, _("已公布%(n)s份。正在异议、复检和没有告知的没有公布。") % {"n": done})
    return redirect("laboratory:reports")
