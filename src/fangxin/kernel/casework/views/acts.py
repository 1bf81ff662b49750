"""One page for every act on a matter: a form, the service, and back to the matter."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from fangxin.kernel.casework import access
from fangxin.kernel.casework.forms import (
    AssignForm,
    DecisionForm,
    EvidenceForm,
    ExtensionForm,
    FixingsForm,
    JudgeForm,
    LookBackForm,
    MarkForm,
    ProgressForm,
    ReasonForm,
    SubmitForm,
    SupervisionForm,
    TextForm,
    WithdrawForm,
    posted,
    show,
)
from fangxin.kernel.casework.models import Matter, MatterEvidence, MatterPaper
from fangxin.kernel.casework.services import deadlines, matters, papers
from fangxin.kernel.screens.permission import needs

Kind = MatterEvidence.Kind


@dataclass(frozen=True, slots=True)
class Act:
    label: Promise
    icon: str
    form: Callable[..., forms.Form]
    perform: Callable[[Matter, dict[str, Any], Any], Matter | None]


def _keep(matter: Matter, kind: str, data: dict[str, Any], user: Any) -> None:
    for file in data.get("uploads", []):
        matters.add_evidence(matter=matter, kind=kind, name=file.name, content=file.read(), by=user)


def _progress(matter: Matter, data: dict[str, Any], user: Any) -> None:
    _keep(matter, Kind.RECTIFICATION, data, user)
    matters.report_progress(matter=matter, text=data["text"], by=user)


def _submit(matter: Matter, data: dict[str, Any], user: Any) -> None:
    _keep(matter, Kind.RECTIFICATION, data, user)
    matters.submit(matter=matter, text=data["text"], by=user)


def _close(matter: Matter, data: dict[str, Any], user: Any) -> None:
    _keep(matter, Kind.VERIFICATION, data, user)
    matters.close(matter=matter, text=data["text"], by=user)


def _look_back(matter: Matter, data: dict[str, Any], user: Any) -> Matter:
    _keep(matter, Kind.LOOK_BACK, data, user)
    return matters.look_back(matter=matter, held=data["held"], text=data["text"], by=user)


def _evidence(matter: Matter, data: dict[str, Any], user: Any) -> None:
    for file in data["uploads"]:
        matters.add_evidence(
            matter=matter, kind=data["kind"], name=file.name, content=file.read(), note=data["text"], by=user
        )


def _ask_extension(matter: Matter, data: dict[str, Any], user: Any) -> None:
    deadlines.request_extension(matter=matter, reason=data["text"], new_due_on=data["new_due_on"], by=user)


def _decide_extension(matter: Matter, data: dict[str, Any], user: Any) -> None:
    deadlines.decide_extension(extension=matter.extension, by=user, **data)


ACTS: dict[str, Act] = {
    "assign": Act(gettext_lazy("交办"), "send", AssignForm, lambda m, d, u: matters.assign(matter=m, by=u, **d)),
    "fix": Act(gettext_lazy("填写五定"), "list-check", FixingsForm, lambda m, d, u: matters.fix(matter=m, by=u, **d)),
    "start": Act(gettext_lazy("开始整改"), "player-play", TextForm, lambda m, d, u: matters.start(matter=m, by=u, **d)),
    "progress": Act(gettext_lazy("报告进展"), "notes", ProgressForm, _progress),
    "submit": Act(gettext_lazy("申请验收"), "checkbox", SubmitForm, _submit),
    "return": Act(gettext_lazy("退回整改"), "arrow-back-up", ReasonForm, lambda m, d, u: matters.return_(matter=m, by=u, **d)),
    "close": Act(gettext_lazy("验收销号"), "circle-check", JudgeForm, _close),
    "look_back": Act(gettext_lazy("回头看"), "eye-check", LookBackForm, _look_back),
    "reopen": Act(
        gettext_lazy("反弹，重新立账"), "refresh-alert", ReasonForm,
        lambda m, d, u: matters.reopen(matter=m, hazard=d["text"], by=u),
    ),
    "ask_extension": Act(gettext_lazy("申请延期"), "calendar-plus", ExtensionForm, _ask_extension),
    "decide_extension": Act(gettext_lazy("审批延期"), "calendar-check", DecisionForm, _decide_extension),
    "evidence": Act(gettext_lazy("上传材料"), "paperclip", EvidenceForm, _evidence),
    "withdraw": Act(
        gettext_lazy("申请撤销"), "file-x", WithdrawForm, lambda m, d, u: matters.withdraw(matter=m, reason=d["text"], by=u)
    ),
    "decide_withdrawal": Act(
        gettext_lazy("审批撤销"), "file-check", DecisionForm,
        lambda m, d, u: matters.decide_withdrawal(matter=m, by=u, **d),
    ),
}  # fmt: skip


@require_http_methods(["GET", "POST"])
@needs("matter.view")
def act(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    chosen = ACTS.get(action)
    if chosen is None:
        raise Http404
    matter = access.get_matter_to(request.user, pk, action)
    form = chosen.form(*posted(request), matter=matter)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                made = chosen.perform(matter, form.cleaned_data, request.user)
        except ValidationError as error:
            show(form, error)
        else:
            messages.success(request, _("%(act)s已完成。") % {"act": chosen.label})
            return redirect(made or matter)
    context = {
        "title": f"{chosen.label} · {matter.number}",
        "intro": matter.hazard,
        "form": form,
        "submit_label": chosen.label,
        "back_url": matter.get_absolute_url(),
    }
    return render(request, "screens/form.html", context)


def sender_of(user: Any) -> Any:
    """The office in whose name the person sends papers."""
    return next(post.agency for post in user.posts_today if post.role == "office")


def last_mark(sender: Any, kind: str) -> str:
    """The code used for the last paper of the kind, so that nobody types it twice."""
    last = MatterPaper.objects.filter(sender=sender, kind=kind).first()
    return last.document_number.split("〔")[0] if last else ""


def _issue_reminder(matter: Matter, data: dict[str, Any], user: Any) -> MatterPaper:
    return papers.issue_reminder(matter=matter, sender=sender_of(user), by=user, **data)


def _issue_supervision(matter: Matter, data: dict[str, Any], user: Any) -> MatterPaper:
    return papers.issue_supervision(matter=matter, sender=sender_of(user), by=user, **data)


PAPERS = {
    MatterPaper.Kind.REMINDER: (MarkForm, _issue_reminder),
    MatterPaper.Kind.SUPERVISION: (SupervisionForm, _issue_supervision),
}


@require_http_methods(["GET", "POST"])
@needs("matter.supervise")
def issue(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    if kind not in PAPERS:
        raise Http404
    matter = access.get_matter_to(request.user, pk, "paper")
    form_class, write = PAPERS[MatterPaper.Kind(kind)]
    form = form_class(posted(request)[0], matter=matter, mark=last_mark(sender_of(request.user), kind))
    if request.method == "POST" and form.is_valid():
        try:
            paper = write(matter, form.cleaned_data, request.user)
        except ValidationError as error:
            show(form, error)
        else:
            messages.success(request, _("已制发%(number)s，可以在本页下载。") % {"number": paper.document_number})
            return redirect(matter)
    label = MatterPaper.Kind(kind).label
    context = {
        "title": f"{label} · {matter.number}",
        "intro": _("主送%(owner)s。文书按公文格式排版，编号后作为证据留存。") % {"owner": matter.owner.name},
        "form": form,
        "submit_label": _("制发%(paper)s") % {"paper": label},
        "back_url": matter.get_absolute_url(),
    }
    return render(request, "screens/form.html", context)
