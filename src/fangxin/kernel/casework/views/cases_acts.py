"""One page for every act on a case, and one for every paper."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from fangxin.kernel.casework import access_cases as access
from fangxin.kernel.casework import forms_cases as forms
from fangxin.kernel.casework import judging_cases as judging
from fangxin.kernel.casework.forms import posted, show
from fangxin.kernel.casework.models import Case, CasePaper, CaseStep
from fangxin.kernel.casework.services import cases, cases_deciding, cases_papers, cases_transfer
from fangxin.kernel.screens.permission import needs

Action = CaseStep.Action
Kind = CasePaper.Kind


@dataclass(frozen=True, slots=True)
class CaseAct:
    label: str | Promise
    icon: str
    form: Callable[..., django_forms.Form]
    perform: Callable[[Case, dict[str, Any], Any], Any]
    intro: str | Promise = ""


def _call(service: Callable[..., Any]) -> Callable[[Case, dict[str, Any], Any], Any]:
    return lambda case, data, user: service(case=case, by=user, **data)


def _handle(case: Case, data: dict[str, Any], user: Any) -> Any:
    return cases.handle_goods(case=case, item=data["item"], handling=data["text"], by=user)


def _decide_transfer(case: Case, data: dict[str, Any], user: Any, *, approved: bool) -> Any:
    return cases_transfer.decide_transfer(case=case, approved=approved, text=data["text"], by=user)


def _screen(case: Case, data: dict[str, Any], user: Any) -> Any:
    return cases.screen(case=case, facts=data, by=user)


def _evidence(case: Case, data: dict[str, Any], user: Any) -> None:
    for file in data["uploads"]:
        cases.add_evidence(
            case=case, kind=data["kind"], name=file.name, content=file.read(), note=data["text"], by=user
        )


def _reply(action: str, icon: str) -> CaseAct:
    def perform(case: Case, data: dict[str, Any], user: Any) -> Any:
        return cases_transfer.record_reply(case=case, action=action, text=data["text"], by=user)

    return CaseAct(Action(action).label, icon, forms.ActForm, perform)


def _act(action: str, icon: str, form: Any, service: Callable[..., Any], intro: Any = "") -> tuple[str, CaseAct]:
    return action, CaseAct(Action(action).label, icon, form, _call(service), intro)


ACTS: dict[str, CaseAct] = dict(
    [
        _act("officers_named", "users", forms.OfficersForm, cases.name_officers,
             gettext_lazy("办案人员不少于两人；办案人员不能再审核、决定本案。")),
        _act("clue_extended", "calendar-plus", forms.ActForm, cases.extend_clue),
        _act("filed", "folder-plus", forms.OptionalTextForm, cases.file_case),
        _act("not_filed", "folder-x", forms.ActForm, cases.not_file),
        _act("reporter_told", "message", forms.ActForm, cases.tell_reporter),
        _act("facts_recorded", "notes", forms.FactsForm, cases.record_facts,
             gettext_lazy("适用的法规和条款由主体类别、违法行为和日期自动确定。改动后须重新研判。")),
        _act("goods_taken", "package", forms.GoodsForm, cases.take_goods),
        _act("seizure_extended", "calendar-plus", forms.SeizureForm, cases.extend_seizure),
        _act("paused", "player-pause", forms.PauseForm, cases.pause,
             gettext_lazy("检验、鉴定和公告的时间不计入办案期限；检验时间也不计入查封扣押期限。")),
        _act("unpaused", "player-play", forms.OptionalTextForm, cases.unpause),
        _act("case_extended", "calendar-plus", forms.ActForm, cases.extend_case),
        _act("review_asked", "send", forms.ProposalForm, cases.ask_review),
        _act("review_passed", "circle-check", forms.ActForm, cases.pass_review),
        _act("review_returned", "arrow-back-up", forms.ActForm, cases.return_review),
        _act("notified", "mail", forms.ActForm, cases_deciding.notify,
             gettext_lazy("登记告知书的送达情况。当事人从送达次日起有五个工作日陈述、申辩和要求听证。")),
        _act("statement_heard", "message-dots", forms.StatementForm, cases_deciding.hear_statement),
        _act("hearing_called", "calendar-event", forms.HearingForm, cases_deciding.call_hearing),
        _act("hearing_held", "gavel", forms.ActForm, cases_deciding.hold_hearing),
        _act("reinvestigated", "arrow-back-up", forms.ActForm, cases_deciding.reinvestigate),
        _act("sent_up", "arrow-up", forms.ActForm, cases_deciding.send_up),
        _act("decided", "gavel", forms.DecisionForm, cases_deciding.decide),
        _act("decided_on_spot", "bolt", forms.SpotForm, cases_deciding.decide_on_the_spot,
             gettext_lazy("只用于事实确凿、有法定依据的小额罚款或者警告，两名办案人员当场告知并听取意见。")),
        _act("spared", "mood-smile", forms.ActForm, cases_deciding.spare),
        _act("served", "mail-check", forms.ActForm, cases_deciding.serve),
        _act("published", "world", forms.OptionalTextForm, cases_deciding.publish),
        _act("unpublished", "world-off", forms.OptionalTextForm, cases_deciding.unpublish),
        _act("paid", "cash", forms.PaidForm, cases_deciding.pay),
        _act("enforced", "building-bank", forms.ActForm, cases_deciding.enforce),
        _act("annulled", "file-x", forms.ActForm, cases_deciding.annul),
        _act("closed", "archive", forms.ActForm, cases_deciding.close_case),
        _act("withdrawn", "file-x", forms.ActForm, cases_deciding.withdraw_case),
        _act("crime_reported", "alert-triangle", forms.ActForm, cases_transfer.report_crime,
             gettext_lazy("负责人从收到报告起三日内决定是否移送公安机关。")),
        _act("handed_over", "send", forms.ActForm, cases_transfer.hand_over,
             gettext_lazy("批准后二十四小时内移送同级公安机关，移送书同时抄送检察机关。")),
        _act("resumed", "player-play", forms.ActForm, cases_transfer.resume),
    ]
)  # fmt: skip
ACTS |= {
    "screened": CaseAct(
        Action.SCREENED.label, "list-check", forms.ScreenForm, _screen,
        gettext_lazy("逐项回答；没有查清的照实选“没有查清”，不会当作“否”。金额和日期取自“登记案情”。"),
    ),
    "goods_handled": CaseAct(Action.GOODS_HANDLED.label, "package-off", forms.HandlingForm, _handle),
    "transfer_approved": CaseAct(
        Action.TRANSFER_APPROVED.label, "check", forms.ActForm, partial(_decide_transfer, approved=True)
    ),
    "transfer_refused": CaseAct(
        Action.TRANSFER_REFUSED.label, "x", forms.ActForm, partial(_decide_transfer, approved=False)
    ),
    "evidence_added": CaseAct(Action.EVIDENCE_ADDED.label, "paperclip", forms.CaseEvidenceForm, _evidence),
    "police_asked_more": _reply("police_asked_more", "file-alert"),
    "supplemented": _reply("supplemented", "file-plus"),
    "police_filed": _reply("police_filed", "shield-check"),
    "goods_handed_over": _reply("goods_handed_over", "package-export"),
    "police_refused": _reply("police_refused", "shield-x"),
    "reconsideration_asked": _reply("reconsideration_asked", "refresh"),
    "police_upheld": _reply("police_upheld", "shield-x"),
    "procuratorate_asked": _reply("procuratorate_asked", "scale"),
}  # fmt: skip
_WITH_RANGE = ("review_asked", "decided", "decided_on_spot")


@require_http_methods(["GET", "POST"])
@needs("case.view")
def act(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    chosen = ACTS.get(action)
    if chosen is None:
        raise Http404
    case = access.get_case_to(request.user, pk, action)
    form = chosen.form(*posted(request), case=case)
    if request.method == "POST" and form.is_valid():
        try:
            chosen.perform(case, form.cleaned_data, request.user)
        except ValidationError as error:
            show(form, error)
        else:
            messages.success(request, _("%(act)s已完成。") % {"act": chosen.label})
            return redirect(case)
    intro = judging.told_range(judging.fine_range_of(case)) if action in _WITH_RANGE else chosen.intro
    context = {
        "title": f"{chosen.label} · {case.number}",
        "intro": intro,
        "form": form,
        "submit_label": chosen.label,
        "back_url": case.get_absolute_url(),
    }
    grouped = isinstance(form, forms.ScreenForm)
    return render(request, "casework/cases/screen.html" if grouped else "screens/form.html", context)


PAPER_FORMS: dict[str, Callable[..., django_forms.Form]] = {
    Kind.FILING: forms.FilingPaperForm,
    Kind.NOTICE: forms.NoticePaperForm,
    Kind.HEARING: forms.HearingPaperForm,
    Kind.DECISION: forms.DecisionPaperForm,
    Kind.RECEIPT: forms.ReceiptPaperForm,
    Kind.GOODS: forms.GoodsPaperForm,
    Kind.TRANSFER: forms.TransferPaperForm,
    Kind.CLOSING: forms.ClosingPaperForm,
}


@require_http_methods(["GET", "POST"])
@needs("case.work")
def issue(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    if kind not in PAPER_FORMS:
        raise Http404
    case = access.get_case_to_write(request.user, pk)
    if kind not in cases_papers.offered(case):
        messages.warning(request, _("案件现在的状态不需要这份文书。"))
        return redirect(case)
    last = CasePaper.objects.filter(sender=case.agency, kind=kind).first()
    mark = last.document_number.split("〔")[0] if last else ""
    form = PAPER_FORMS[kind](posted(request)[0], case=case, mark=mark)
    if request.method == "POST" and form.is_valid():
        try:
            paper = cases_papers.issue_paper(case=case, kind=kind, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            show(form, error)
        else:
            messages.success(request, _("已制发%(number)s，可以在本页下载。") % {"number": paper.document_number})
            return redirect(case)
    label = Kind(kind).label
    context = {
        "title": f"{label} · {case.number}",
        "intro": _("案情、条款和金额取自案件。文书编号后作为证据留存。"),
        "form": form,
        "submit_label": _("制发%(paper)s") % {"paper": label},
        "back_url": case.get_absolute_url(),
    }
    return render(request, "screens/form.html", context)
