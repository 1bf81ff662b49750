"""Every act on a result, report, notice, dispute, follow-up or rapid test: one button or one short form."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from fangxin.kernel.laboratory import access_results as access
from fangxin.kernel.laboratory.data_results import Entry
from fangxin.kernel.laboratory.forms import results as forms
from fangxin.kernel.laboratory.models import (
    AnalyticalRun,
    Disposition,
    NameChoice,
    Notice,
    Objection,
    RapidTest,
    RecallOrder,
    Report,
    Result,
    Retest,
    RiskSignal,
    Sample,
    Test,
    Whole,
)
from fangxin.kernel.laboratory.selectors_results import standing_conclusion
from fangxin.kernel.laboratory.services import disputes, follow_up, judging, quality, rapid, reports, results
from fangxin.kernel.laboratory.standards import food_classes
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.kernel.screens.pages import Request, blame, form_page
from fangxin.kernel.screens.permission import needs

Words = str | Promise
COUNTY_LENGTH = 6


@dataclass(frozen=True, slots=True)
class Act:
    """Something that can be done with one thing. Without a form it is a button; `ask` asks before it acts."""

    name: str
    label: Words
    icon: str
    may: Callable[[Any, Any], bool]
    run: Callable[[Any, Any, Mapping[str, Any]], Any]
    form: Callable[..., django_forms.Form] | None = None
    ask: Words = ""
    intro: Words = ""
    start: Callable[[Any], Mapping[str, Any]] | None = None

    @property
    def has_form(self) -> bool:
        """For templates, which would call `form` to see whether it is there."""
        return self.form is not None


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of thing, how it is fetched, and to which page one returns from its acts."""

    get: Callable[[Any, int], Any]
    acts: tuple[Act, ...]
    back: Callable[[Any], str] = lambda row: str(row.get_absolute_url())


# --- who ----------------------------------------------------------------------------------------------------------------


def tests_here(user: Any, laboratory_id: int | None) -> bool:
    return laboratory_id is not None and laboratory_id in user.own_agencies("result.enter")


def _lab(
    states: tuple[str, ...], more: Callable[[Any, Any], bool] = lambda row, user: True
) -> Callable[[Any, Any], bool]:
    """A person of the laboratory, while the thing is in one of the states."""
    return lambda row, user: row.state in states and tests_here(user, row.laboratory_id) and more(row, user)


def _staff(ability: str, more: Callable[[Any, Any], bool] = lambda row, user: True) -> Callable[[Any, Any], bool]:
    return lambda row, user: bool(user.prefixes(ability)) and user.can(ability, row.division_code) and more(row, user)


def _in_state(*states: str) -> Callable[[Any, Any], bool]:
    return lambda row, _user: row.state in states


def _today(*names: str) -> Callable[[Any], Mapping[str, Any]]:
    return lambda _row: dict.fromkeys(names, ledger.clock.today())


# --- samples and tests --------------------------------------------------------------------------------------------------

IN_LAB = (Sample.State.RECEIVED, Sample.State.TESTING)


def _food_form(data: Any, files: Any, row: Sample, initial: Any = None) -> django_forms.Form:
    return forms.NameForm(data, candidates=judging.candidates(NameChoice.What.FOOD, row.food))


def _analyte_form(data: Any, files: Any, row: Test, initial: Any = None) -> django_forms.Form:
    return forms.NameForm(data, candidates=judging.candidates(NameChoice.What.ANALYTE, row.analyte))


def _doubtful(sample: Sample, user: Any) -> bool:
    return tests_here(user, sample.laboratory_id) and sample.state in IN_LAB and not judging.name_known(
        NameChoice.What.FOOD, sample.food
    )  # fmt: skip


def _choose_food(row: Sample, by: Any, data: Mapping[str, Any]) -> Any:
    what = NameChoice.What.FOOD
    return judging.choose_name(sample=row, what=what, raw=row.food, chosen=data["chosen"], by=by)


def _choose_analyte(row: Test, by: Any, data: Mapping[str, Any]) -> Any:
    what = NameChoice.What.ANALYTE
    return judging.choose_name(sample=row.sample, what=what, raw=row.analyte, chosen=data["chosen"], by=by)


def _doubtful_analyte(row: Test, user: Any) -> bool:
    return tests_here(user, row.laboratory_id) and row.sample.state in IN_LAB and not judging.name_known(
        NameChoice.What.ANALYTE, row.analyte
    )  # fmt: skip


def _may_draft(row: Sample, user: Any) -> bool:
    standing = row.reports.filter(state__in=["drafted", "issued"]).exists()
    return tests_here(user, row.laboratory_id) and not standing and standing_conclusion(row) is not None


def _correct(row: Result, by: Any, data: Mapping[str, Any]) -> Any:
    entry = Entry(
        data["text"],
        data["unit"],
        row.replicate,
        data["lod"],
        data["loq"],
        row.expression,
        row.dry_basis,
        data["moisture"],
    )
    return results.correct(result=row, entry=entry, reason=data["reason"], by=by)


def _may_correct(row: Result, user: Any) -> bool:
    live = row.test.state in (Test.State.ENTERED, Test.State.VERIFIED) and not hasattr(row, "replaced_by")
    return live and row.test.sample.state in IN_LAB and tests_here(user, row.test.laboratory_id)


def _as_typed(row: Result) -> Mapping[str, Any]:
    return {name: getattr(row, name) for name in ("text", "unit", "lod", "loq", "moisture")}


def _own_results(row: Test, user: Any) -> bool:
    return row.results.filter(replaced_by=None, entered_by=user.username).exists()


def _plain(form: type[django_forms.Form]) -> Callable[..., django_forms.Form]:
    return lambda data, files, row, initial=None: form(data, initial=initial)


SAMPLE = Kind(
    access.get_sample,
    (
        Act("order", gettext_lazy("下达检验项目"), "list-check",
            lambda r, u: r.state in IN_LAB and tests_here(u, r.laboratory_id),
            lambda r, by, v: results.order_tests(sample=r, items=v["items"], by=by), _plain(forms.OrderTestsForm)),
        Act("name", gettext_lazy("认定食品名称"), "help-circle", _doubtful, _choose_food, _food_form,
            intro=gettext_lazy("标准库不能确定这个名称是哪一种食品。原名称保留在样品上，只用选定的名称查限量。")),
        Act("draft", gettext_lazy("编制检验报告"), "file-text", _may_draft,
            lambda r, by, _v: reports.draft(sample=r, by=by)),
        Act("object", gettext_lazy("登记异议"), "message-circle-question", _staff("result.handle"),
            lambda r, by, v: disputes.file_objection(sample=r, by=by, **v), _plain(forms.ObjectionForm),
            intro=gettext_lazy("抽样过程的异议从抽样之日起算，其他异议从签收告知书之日起算。超过期限的自动不予受理。"),
            start=lambda r: {"applicant": r.subject_name, "filed_on": ledger.clock.today()}),
    ),
    lambda row: reverse("laboratory:results", args=[row.pk]),
)  # fmt: skip

TEST = Kind(
    access.get_test,
    (
        Act("verify", gettext_lazy("复核"), "circle-check",
            _lab((Test.State.ENTERED,), lambda r, u: not _own_results(r, u)),
            lambda r, by, _v: results.verify(tests=[r], by=by),
            ask=gettext_lazy("已与原始记录逐一核对？复核后立即判定。")),
        Act("return", gettext_lazy("退回"), "arrow-back-up",
            _lab((Test.State.ENTERED,), lambda r, u: not _own_results(r, u)),
            lambda r, by, v: results.return_results(test=r, by=by, **v), _plain(forms.ReasonForm)),
        Act("name", gettext_lazy("认定项目名称"), "help-circle", _doubtful_analyte, _choose_analyte,
            _analyte_form),
        Act("cancel", gettext_lazy("取消项目"), "x", _lab((Test.State.ORDERED, Test.State.ENTERED)),
            lambda r, by, v: results.cancel_test(test=r, by=by, **v), _plain(forms.ReasonForm)),
    ),
)  # fmt: skip
RESULT = Kind(
    access.get_result,
    (
        Act("correct", gettext_lazy("更正"), "pencil", _may_correct, _correct, _plain(forms.CorrectForm),
            intro=gettext_lazy("原来的结果保留，更正是新的一行；更正后须由另一人重新复核。"), start=_as_typed),
    ),
    lambda row: str(row.test.get_absolute_url()),
)  # fmt: skip


# --- reports, notices, disputes -----------------------------------------------------------------------------------------


def _unnoticed(row: Report, _user: Any) -> bool:
    failing = row.conclusion.outcome == Whole.NONCONFORMING and row.sample.purpose != "risk_monitoring"
    return row.state == Report.State.ISSUED and failing


def _publishable(row: Report, _user: Any) -> bool:
    return row.state == Report.State.ISSUED and row.published_at is None and not reports.unpublishable(row)


REPORT = Kind(
    access.get_report,
    (
        Act("issue", gettext_lazy("签发"), "signature",
            _lab((Report.State.DRAFTED,), lambda r, u: r.drafted_by != u.username),
            lambda r, by, _v: reports.issue(report=r, by=by), ask=gettext_lazy("签发后报告不能再改。确认签发？")),
        Act("send", gettext_lazy("报送组织单位"), "send", _lab((Report.State.ISSUED,), lambda r, u: r.sent_at is None),
            lambda r, by, _v: reports.send(report=r, by=by)),
        Act("notice", gettext_lazy("告知不合格"), "mail", _staff("result.handle", _unnoticed),
            lambda r, by, v: disputes.send_notice(report=r, by=by, **v), _plain(forms.NoticeForm),
            start=lambda r: {"to": Notice.To.SUBJECT, "name": r.sample.subject_name}),
        Act("publish", gettext_lazy("公布"), "world", _staff("result.publish", _publishable),
            lambda r, by, _v: reports.publish(reports=[r], by=by), ask=gettext_lazy("公布后任何人都能查到。确认公布？")),
        Act("withdraw", gettext_lazy("收回报告"), "arrow-back-up", _lab((Report.State.DRAFTED, Report.State.ISSUED)),
            lambda r, by, v: reports.withdraw(report=r, by=by, **v), _plain(forms.ReasonForm),
            intro=gettext_lazy("收回后才能更正结果，再重新编制报告。收回的报告保留备查。")),
    ),
)  # fmt: skip
NOTICE = Kind(
    access.get_notice,
    (
        Act("received", gettext_lazy("登记签收"), "signature", _staff("result.handle", lambda r, u: r.received_at is None),
            lambda r, by, v: disputes.record_receipt(notice=r, by=by, **v), _plain(forms.ReceivedForm),
            start=_today("received_on")),
        Act("retest", gettext_lazy("登记复检申请"), "refresh", _staff("result.handle", lambda r, u: r.received_at is not None),
            lambda r, by, v: disputes.request_retest(notice=r, by=by, **v), _plain(forms.RetestForm),
            intro=gettext_lazy("微生物项目、超过期限、没有备份样品或者备份样品过期的，自动不予复检并写明原因。"),
            start=lambda r: {"applicant": r.name, "items": "、".join(x["item"] for x in r.report.conclusion.failed),
                             "requested_on": ledger.clock.today(), "materials_on": ledger.clock.today()}),
    ),
)  # fmt: skip
OBJECTION = Kind(
    access.get_objection,
    (
        Act("decide", gettext_lazy("作出审核意见"), "gavel", _staff("result.handle", _in_state(Objection.State.FILED)),
            lambda r, by, v: disputes.decide_objection(objection=r, upheld=v["upheld"] == "yes", answer=v["answer"], by=by),
            _plain(forms.DecideObjectionForm)),
    ),
)  # fmt: skip
_R = Retest.State
RETEST = Kind(
    access.get_retest,
    (
        Act("accept", gettext_lazy("受理"), "check", _staff("result.handle", _in_state(_R.REQUESTED)),
            lambda r, by, _v: disputes.accept_retest(retest=r, by=by)),
        Act("refuse", gettext_lazy("不予复检"), "x", _staff("result.handle", _in_state(_R.REQUESTED)),
            lambda r, by, v: disputes.refuse_retest(retest=r, by=by, **v), _plain(forms.RefuseRetestForm)),
        Act("draw", gettext_lazy("随机抽取复检机构"), "arrows-shuffle", _staff("result.handle", _in_state(_R.ACCEPTED)),
            lambda r, by, _v: disputes.draw_laboratory(retest=r, by=by),
            ask=gettext_lazy("从初检机构以外的检验机构中随机抽取一家，只能抽一次。现在抽取？")),
        Act("hand", gettext_lazy("移交备份样品"), "package-export", _staff("result.handle", _in_state(_R.DRAWN)),
            lambda r, by, _v: disputes.hand_over(retest=r, by=by)),
        Act("conclude", gettext_lazy("登记复检结论"), "microscope", _staff("result.handle", _in_state(_R.HANDED_OVER)),
            lambda r, by, v: disputes.conclude_retest(retest=r, by=by, **v), _plain(forms.ConcludeRetestForm)),
        Act("tell", gettext_lazy("告知申请人"), "mail", _staff("result.handle", _in_state(_R.CONCLUDED)),
            lambda r, by, _v: disputes.tell_retest(retest=r, by=by)),
        Act("withdraw", gettext_lazy("申请人撤回"), "arrow-back-up", _staff("result.handle", _in_state(*disputes.LIVE)),
            lambda r, by, v: disputes.withdraw_retest(retest=r, by=by, **v), _plain(forms.NoteForm)),
    ),
)  # fmt: skip


# --- follow-up, signals -------------------------------------------------------------------------------------------------

_OPEN = _staff("result.dispose", _in_state(Disposition.State.OPEN))


def _goods(row: Disposition) -> Mapping[str, Any]:
    names = ("controls", "controls_on", "unit", *follow_up.GOODS, "imbalance_reason")
    found = {name: getattr(row, name) for name in names}
    return {**found, "controls_on": found["controls_on"] or ledger.clock.today()}


def _proof(row: Disposition, by: Any, data: Mapping[str, Any]) -> Any:
    file = data["upload"]
    return follow_up.add_proof(row=row, name=file.name, content=file.read(), text=data["text"], by=by)


def _step(name: str, label: Words, icon: str, service: Any, form: type[django_forms.Form], **more: Any) -> Act:
    return Act(name, label, icon, _OPEN, lambda r, by, v: service(row=r, by=by, **v), _plain(form), **more)


DISPOSITION = Kind(
    access.get_disposition,
    (
        Act("report", gettext_lazy("已报告严重危害"), "alert-triangle",
            _staff("result.dispose", lambda r, u: r.state == "open" and r.serious and r.reported_at is None),
            lambda r, by, _v: follow_up.report_hazard(row=r, by=by),
            ask=gettext_lazy("已向本级政府和上级部门报告？")),
        _step("controls", gettext_lazy("控制措施和数量"), "lock", follow_up.record_controls, forms.ControlsForm, start=_goods,
              intro=gettext_lazy("购进数量应等于库存、销售、退货召回和销毁之和；不相等的写明原因。没有的填0。")),
        _step("cause", gettext_lazy("查明原因"), "search", follow_up.record_cause, forms.CauseForm,
              start=lambda r: {"cause": r.cause, "cause_text": r.cause_text}),
        _step("penalty", gettext_lazy("处罚"), "gavel", follow_up.record_penalty, forms.PenaltyForm,
              start=lambda r: {"penalty": r.penalty}),
        _step("rectified", gettext_lazy("整改"), "tool", follow_up.record_rectified, forms.RectifiedForm,
              start=lambda r: {"rectified": r.rectified}),
        Act("recall", gettext_lazy("责令召回"), "truck-return", _OPEN,
            lambda r, by, v: follow_up.order_recall(row=r, by=by, **v), _plain(forms.RecallForm),
            start=lambda r: {"recipient": r.sample.subject_name, "product": f"{r.sample.food} {r.sample.batch}".strip()}),
        Act("again", gettext_lazy("安排再次抽检"), "test-pipe",
            _staff("result.dispose", lambda r, u: r.state == "open" and not r.again_wanted),
            lambda r, by, _v: follow_up.order_again(row=r, by=by)),
        Act("proof", gettext_lazy("上传证明材料"), "upload", _OPEN, _proof,
            lambda data, files, row, initial=None: forms.ProofForm(data, files)),
        _step("extend", gettext_lazy("延期"), "calendar-plus", follow_up.extend, forms.ExtendForm),
        Act("submit", gettext_lazy("提请办结"), "send", _OPEN, lambda r, by, _v: follow_up.submit(row=r, by=by)),
        Act("close", gettext_lazy("确认办结"), "circle-check",
            _staff("result.dispose", lambda r, u: r.state == "submitted" and r.submitted_by != u.username),
            lambda r, by, _v: follow_up.close(row=r, by=by), ask=gettext_lazy("材料齐全、情况属实？确认办结。")),
        Act("back", gettext_lazy("退回补充"), "arrow-back-up",
            _staff("result.dispose", lambda r, u: r.state == "submitted" and r.submitted_by != u.username),
            lambda r, by, v: follow_up.send_back(row=r, by=by, **v), _plain(forms.ReasonForm)),
    ),
)  # fmt: skip
RECALL = Kind(
    access.get_recall,
    (
        Act("recalled", gettext_lazy("登记召回结果"), "truck-return",
            _staff("result.dispose", lambda r, u: r.recalled_on is None),
            lambda r, by, v: follow_up.record_recall(order=r, by=by, **v), _plain(forms.RecalledForm),
            start=_today("recalled_on")),
    ),
    lambda row: str(row.disposition.get_absolute_url()),
)  # fmt: skip
SIGNAL = Kind(
    access.get_signal,
    (
        Act("answer", gettext_lazy("登记会商意见"), "users", _staff("result.dispose", lambda r, u: r.answered_at is None),
            lambda r, by, v: follow_up.answer_signal(signal=r, by=by, **v), _plain(forms.AnswerForm),
            intro=gettext_lazy("风险监测结果用于研判和预警，不作处罚依据。")),
    ),
)  # fmt: skip


# --- rapid tests, runs, sheets ------------------------------------------------------------------------------------------


def _sample_form(data: Any, files: Any, row: RapidTest, initial: Any = None) -> django_forms.Form:
    return forms.RapidSampleForm(data, classes=[one.name for one in food_classes(ledger.clock.today())])


def _ask_sample(row: RapidTest, by: Any, data: Mapping[str, Any]) -> Any:
    return rapid.ask_for_sample(row=row, agency=_organiser(row, data["regime"]), by=by, **data)


def _organiser(row: RapidTest, regime: str) -> people.Agency:
    """Who samples by these rules in the county; else whoever the person's own post belongs to."""
    names = ("农业农村局",) if regime == "agriculture" else ("市场监督管理局", "市场监管局")
    agency = people.first_agency(names, row.division_code)
    if agency is None:
        raise ValidationError(_("这个县还没有登记组织抽检的部门，请管理员先建立机构。"))
    return agency


RAPID = Kind(
    access.get_rapid,
    (
        Act("tell", gettext_lazy("已告知结果"), "message", _staff("rapid.work", lambda r, u: r.told_at is None),
            lambda r, by, _v: rapid.tell(row=r, by=by), ask=gettext_lazy("从现在起四小时内可以提出异议。确认已告知？")),
        Act("dispute", gettext_lazy("登记异议"), "message-circle-question",
            _staff("rapid.work", lambda r, u: r.told_at is not None and r.state != "disputed" and not r.retest_result),
            lambda r, by, v: rapid.dispute(row=r, by=by, **v), _plain(forms.RapidDisputeForm)),
        Act("retest", gettext_lazy("登记复测结果"), "refresh", _staff("rapid.work", _in_state(RapidTest.State.DISPUTED)),
            lambda r, by, v: rapid.retest(row=r, by=by, **v), _plain(forms.RapidRetestForm)),
        Act("sample", gettext_lazy("安排法定检验"), "test-pipe", _staff("rapid.work", _in_state(RapidTest.State.FOLLOWED)),
            _ask_sample, _sample_form, intro=gettext_lazy("快检阳性不能单独作为处罚依据，须送法定检验。")),
        Act("finish", gettext_lazy("办结"), "circle-check", _staff("rapid.work", _in_state(RapidTest.State.FOLLOWED)),
            lambda r, by, v: rapid.finish(row=r, by=by, **v), _plain(forms.HandledForm)),
    ),
)  # fmt: skip
RUN = Kind(
    access.get_run,
    (
        Act("release", gettext_lazy("写明理由放行"), "lock-open",
            lambda r, u: r.blocks and r.opened_by != u.username and tests_here(u, r.laboratory_id),
            lambda r, by, v: quality.release(run=r, by=by, **v), _plain(forms.ReasonForm),
            intro=gettext_lazy("写明失控原因、已采取的措施，以及为什么这一批结果可以使用。")),
    ),
    lambda _row: reverse("laboratory:runs"),
)  # fmt: skip

KINDS: Mapping[str, Kind] = {
    "sample": SAMPLE, "test": TEST, "result": RESULT, "report": REPORT, "notice": NOTICE, "objection": OBJECTION,
    "retest": RETEST, "disposition": DISPOSITION, "recall": RECALL, "signal": SIGNAL, "rapid": RAPID, "run": RUN,
}  # fmt: skip
_NAMES: Mapping[type, str] = {
    Sample: "sample", Test: "test", Result: "result", Report: "report", Notice: "notice", Objection: "objection",
    Retest: "retest", Disposition: "disposition", RecallOrder: "recall", RiskSignal: "signal", RapidTest: "rapid",
    AnalyticalRun: "run",
}  # fmt: skip


def offered(row: Any, user: Any) -> list[tuple[str, Act]]:
    """What the person may do with a thing now, with the name of its kind."""
    kind = _NAMES[type(row)]
    return [(kind, act) for act in KINDS[kind].acts if act.may(row, user)]


# --- the page -----------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@needs("result.view")
def act(request: Request, kind: str, pk: int, name: str) -> HttpResponse:
    if kind not in KINDS:
        raise Http404
    row = KINDS[kind].get(request.user, pk)
    found = next((one for one in KINDS[kind].acts if one.name == name), None)
    if found is None:
        raise Http404
    back = KINDS[kind].back(row)
    if not found.may(row, request.user):
        messages.error(request, _("现在的状态或者您的岗位不能办理“%(act)s”。下面是现在的情况。") % {"act": found.label})
        return redirect(back)
    if found.form is None:
        return _press(request, row, found, back)
    return _fill(request, row, found, back)


def _press(request: Request, row: Any, found: Act, back: str) -> HttpResponse:
    if request.method == "POST":
        try:
            found.run(row, request.user, {})
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, _("已办理：%(act)s。") % {"act": found.label})
    return redirect(back)


def _fill(request: Request, row: Any, found: Act, back: str) -> HttpResponse:
    form = _form_of(request, row, found)
    if request.method == "POST" and form.is_valid():
        try:
            found.run(row, request.user, form.cleaned_data)
        except ValidationError as error:
            blame(form, error)
        else:
            messages.success(request, _("已办理：%(act)s。") % {"act": found.label})
            return redirect(back)
    return form_page(request, form, f"{found.label}：{row}", back, submit_label=found.label, intro=found.intro)


def _form_of(request: Request, row: Any, found: Act) -> django_forms.Form:
    sent = request.method == "POST"
    data, files = (request.POST, request.FILES) if sent else (None, None)
    initial = dict(found.start(row)) if found.start and not sent else None
    make: Any = found.form
    return make(data, files, row, initial) if initial is not None else make(data, files, row)  # type: ignore[no-any-return]
