"""What is done with an inspection after the items: judged, signed, told, published, cancelled."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from fangxin.kernel.fieldwork import access, rules, selectors, standards
from fangxin.kernel.fieldwork.forms.common import ReasonForm
from fangxin.kernel.fieldwork.forms.inspections import JudgeForm, PaperForm, SignForm, TellForm
from fangxin.kernel.fieldwork.models import Finding, Inspection, InspectionPaper
from fangxin.kernel.fieldwork.services import inspections, judging, papers, telling
from fangxin.kernel.fieldwork.views.common import back_to, keys_from
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.screens.pages import Request, done_or_told, form_page, posted, saved
from fangxin.kernel.screens.permission import needs

# Buttons on the page of an inspection, in the order of the work: label, icon.
BUTTONS = {
    "record": (gettext_lazy("逐项检查"), "list-check", "fieldwork:checklist"),
    "judge": (gettext_lazy("作出判定"), "gavel", "fieldwork:judge"),
    "tell": (gettext_lazy("签字告知"), "signature", "fieldwork:tell"),
    "revise": (gettext_lazy("退回修改"), "arrow-back-up", "fieldwork:revise"),
    "cancel": (gettext_lazy("作废"), "file-x", "fieldwork:cancel"),
}


@require_http_methods(["GET", "POST"])
@needs("inspection.work")
def judge(request: Request, pk: int) -> HttpResponse:
    """What the rule makes of the items, and the inspectors' own judgement."""
    found = access.get_inspection_to(request.user, pk, "judge")
    try:
        verdict, answered = judging.verdict_of(found)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("fieldwork:checklist", pk=pk)
    result_rules = standards.result_rules(found.started_on)
    implied = rules.RESULT_OF[verdict.implied] if verdict.implied else ""
    form = JudgeForm(posted(request)[0], rules=result_rules, implied=implied)
    if request.method == "POST":
        judged = saved(form, lambda: judging.judge(inspection=found, by=request.user, **form.cleaned_data))
        if judged is not None:
            messages.success(
                request, _("已判定为“%(result)s”。请检查人员签名。") % {"result": judged.get_result_display()}
            )
            return back_to(judged)
    context = {
        "title": _("作出判定：%(name)s") % {"name": found.premises_name},
        "inspection": found, "form": form, "verdict": verdict,
        "implied": Inspection.Result(implied).label if implied else "",
        "failed": failed_lines(answered, verdict),
        "counts": {"applicable": verdict.applicable, "key": verdict.key_failures, "general": verdict.general_failures},
        "basis": rules.basis_of(verdict.basis),
        "rule_name": result_rules.head.name,
    }  # fmt: skip
    return render(request, "fieldwork/judge.html", context)


def failed_lines(answered: Any, verdict: Any) -> list[dict[str, Any]]:
    """Every failed item beside what the rule asks to be done about it, with the clause."""
    actions = rules.gravest(verdict.actions)
    lines = []
    for item, result in answered.failed:
        action = actions.get(item.code)
        by_default = Finding.Measure.CORRECT_ON_SITE if result.corrected_on_site else Finding.Measure.CORRECT_BY
        measure = Finding.Measure(rules.MEASURES[action.action]) if action else by_default
        article = action.basis.article if action else ""
        lines.append({"item": item, "measure": measure.label, "article": article})
    return lines


@require_http_methods(["GET", "POST"])
@needs("inspection.work")
def sign(request: Request, pk: int, officer_pk: int) -> HttpResponse:
    """One of the inspectors signs, on whatever device is at hand."""
    found = access.get_inspection_to(request.user, pk, "sign")
    officer = next((one for one in found.officers.all() if one.user_id == officer_pk), None)
    if officer is None:
        raise Http404
    form = SignForm(posted(request)[0])
    if request.method == "POST" and saved(form, lambda: _sign(found, officer.user, form, request.user)) is not None:
        messages.success(request, _("%(name)s已签名。") % {"name": officer.user.name})
        return back_to(found)
    context = {
        "title": _("检查人员签名：%(name)s") % {"name": officer.user.name}, "inspection": found, "form": form,
        "findings": found.findings.order_by("pk"),
    }  # fmt: skip
    return render(request, "fieldwork/sign.html", context)


def _sign(found: Inspection, user: Any, form: SignForm, by: Any) -> Any:
    kept = ledger.store_evidence(name="signature.png", content=form.cleaned_data["signature"], by=by)
    return telling.sign_officer(inspection=found, user=user, signature=kept, by=by)


@require_http_methods(["GET", "POST"])
@needs("inspection.work")
def tell(request: Request, pk: int) -> HttpResponse:
    """The result is told on the spot: the inspected sign, or their refusal is written down."""
    found = access.get_inspection_to(request.user, pk, "tell")
    form = TellForm(*posted(request))
    if request.method == "POST" and saved(form, lambda: _tell(found, form.cleaned_data, request.user)) is not None:
        messages.success(request, _("结果已告知。请在时限内公开。"))
        return back_to(found)
    context = {
        "title": _("签字告知：%(name)s") % {"name": found.premises_name}, "inspection": found, "form": form,
        "unsigned": [one.user.name for one in found.officers.all() if one.signature_id is None],
        "findings": found.findings.order_by("pk"),
    }  # fmt: skip
    return render(request, "fieldwork/tell.html", context)


def _tell(found: Inspection, given: dict[str, Any], by: Any) -> Inspection:
    signature = recording = None
    if given["signature"]:
        signature = ledger.store_evidence(name="signature.png", content=given["signature"], by=by)
    if given["recording"]:
        recording = ledger.store_evidence(name=given["recording"].name, content=given["recording"].read(), by=by)
    return telling.tell(
        inspection=found, operator_signer=given["operator_signer"], operator_signature=signature,
        refusal_reason=given["refusal_reason"], witness=given["witness"], recording=recording, by=by,
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@needs("inspection.work")
def revise(request: Request, pk: int) -> HttpResponse:
    found = access.get_inspection_to(request.user, pk, "revise")
    form = ReasonForm(posted(request)[0], label=_("退回修改的原因"))
    if request.method == "POST" and saved(
        form, lambda: judging.revise(inspection=found, by=request.user, **form.cleaned_data)
    ) is not None:  # fmt: skip
        messages.success(request, _("已退回，可以修改项目记录。已有的签名作废，判定后重新签。"))
        return redirect("fieldwork:checklist", pk=pk)
    title = _("退回修改：%(number)s") % {"number": found.number}
    return form_page(request, form, title, found.get_absolute_url(), submit_label=_("退回修改"))


@require_http_methods(["GET", "POST"])
@needs("inspection.view")
def cancel(request: Request, pk: int) -> HttpResponse:
    found = access.get_inspection_to(request.user, pk, "cancel")
    form = ReasonForm(posted(request)[0], label=_("作废的原因"))
    if request.method == "POST" and saved(
        form, lambda: inspections.cancel(inspection=found, by=request.user, **form.cleaned_data)
    ) is not None:  # fmt: skip
        messages.success(request, _("这次检查已作废；待办检查恢复为待检查。"))
        return back_to(found)
    intro = _("只有开始错了的检查才作废。记录不会删除，原因会留存。")
    title = _("作废：%(number)s") % {"number": found.number}
    return form_page(request, form, title, found.get_absolute_url(), submit_label=_("作废"), intro=intro)


@require_POST
@needs("inspection.view")
def close(request: Request, pk: int) -> HttpResponse:
    found = access.get_inspection_to(request.user, pk, "close")
    done_or_told(request, _("已办结。"), lambda: telling.close(inspection=found, by=request.user))
    return back_to(found)


@require_POST
@needs("inspection.publish")
def publish(request: Request, pk: int) -> HttpResponse:
    found = access.get_inspection(request.user, pk, "inspection.publish")
    done_or_told(request, _("结果已公开。"), lambda: telling.publish(inspection=found, by=request.user))
    return back_to(found)


@require_POST
@needs("inspection.publish")
def publish_many(request: Request) -> HttpResponse:
    """The ticked results, all or none."""
    rows = selectors.list_inspections(request.user, "inspection.publish")
    chosen = list(rows.filter(pk__in=keys_from(request), state__in=rules.TOLD_STATES))
    if not chosen:
        messages.error(request, _("还没有选中要公开的检查。请在清单左边勾选。"))
    else:
        done_or_told(
            request, _("已公开%(n)s份检查结果。") % {"n": len(chosen)},
            lambda: telling.publish_many(inspections=chosen, by=request.user),
        )  # fmt: skip
    back = request.POST.get("back", "")
    return redirect(reverse("fieldwork:inspections") + (f"?{back}" if back else ""))


@require_http_methods(["GET", "POST"])
@needs("inspection.view")
def issue(request: Request, pk: int, kind: str) -> HttpResponse:
    """A paper of the inspection; the order to correct may carry a number of the agency."""
    if kind not in InspectionPaper.Kind.values:
        raise Http404
    found = access.get_inspection_to(request.user, pk, "paper")
    label = InspectionPaper.Kind(kind).label
    form = PaperForm(posted(request)[0], numbered=kind == InspectionPaper.Kind.CORRECTION_ORDER)
    if request.method == "POST" and saved(
        form, lambda: papers.issue_paper(inspection=found, kind=kind, by=request.user, **form.cleaned_data)
    ) is not None:  # fmt: skip
        messages.success(request, _("%(paper)s已制作，可以在本页下载打印。") % {"paper": label})
        return back_to(found)
    intro = _("按现在的记录制作并留存。再次制作会另存一份，不改动以前的。")
    title = _("制作%(paper)s：%(number)s") % {"paper": label, "number": found.number}
    return form_page(request, form, title, found.get_absolute_url(), submit_label=_("制作"), intro=intro)
