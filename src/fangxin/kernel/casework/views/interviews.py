"""Responsibility interviews: one page each, one button for the next step."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from fangxin.kernel.casework import access
from fangxin.kernel.casework.forms import InterviewForm, MarkForm, MinutesForm, NeededTextForm, TextForm, posted, show
from fangxin.kernel.casework.models import Interview, MatterPaper
from fangxin.kernel.casework.services import interviews
from fangxin.kernel.casework.views.acts import last_mark, sender_of
from fangxin.kernel.people import api as people
from fangxin.kernel.screens.permission import needs

Perform = Callable[[Interview, dict[str, Any], Any], Any]


def _hold(interview: Interview, data: dict[str, Any], user: Any) -> Interview:
    minutes = data.pop("text")
    return interviews.hold(interview=interview, minutes=minutes, by=user, **data)


NEXT: dict[str, tuple[Promise, Callable[..., forms.Form], Perform]] = {
    "approve": (gettext_lazy("批准约谈"), TextForm, lambda i, d, u: interviews.approve(interview=i, by=u)),
    "deliver": (
        gettext_lazy("制发并送达通知"), MarkForm,
        lambda i, d, u: interviews.deliver(interview=i, sender=sender_of(u), by=u, **d),
    ),
    "hold": (gettext_lazy("登记约谈记录"), MinutesForm, _hold),
    "feedback": (
        gettext_lazy("登记整改反馈"), NeededTextForm,
        lambda i, d, u: interviews.record_feedback(interview=i, feedback=d["text"], by=u),
    ),
    "assess": (
        gettext_lazy("登记评估意见"), NeededTextForm,
        lambda i, d, u: interviews.assess(interview=i, assessment=d["text"], by=u),
    ),
    "archive": (gettext_lazy("归档"), TextForm, lambda i, d, u: interviews.archive(interview=i, by=u)),
}  # fmt: skip


def _next(user: Any, interview: Interview) -> str | None:
    """The one step that follows, if this person may take it."""
    name = next((name for name, (before, _after) in interviews.NEXT.items() if before == interview.state), None)
    place = interview.matter.division_code
    supervises = any(place.startswith(prefix) for prefix in user.prefixes("matter.supervise"))
    own = name == "approve" and interview.proposed_by == user.username
    return name if supervises and not own else None


@require_safe
@needs("matter.view")
def interview(request: HttpRequest, pk: int) -> HttpResponse:
    found = access.get_interview(request.user, pk)
    action = _next(request.user, found)
    context = {
        "title": _("约谈%(number)s") % {"number": found.number},
        "interview": found,
        "papers": found.papers.all(),
        "place": people.division_path(found.matter.division_code),
        "next": (action, NEXT[action][0]) if action else None,
    }
    return render(request, "casework/interview.html", context)


@require_http_methods(["GET", "POST"])
@needs("matter.supervise")
def propose(request: HttpRequest, pk: int) -> HttpResponse:
    matter = access.get_matter_to(request.user, pk, "interview")
    initial = {"reason": matter.hazard, "basis": matter.legal_basis}
    form = InterviewForm(posted(request)[0], matter=matter, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = interviews.propose_interview(matter=matter, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            show(form, error)
        else:
            messages.success(request, _("已提出约谈，等待另一名人员批准。"))
            return redirect(made)
    context = {
        "title": _("提出约谈 · %(number)s") % {"number": matter.number},
        "intro": _("约谈%(owner)s。提出后须由另一名人员批准。") % {"owner": matter.owner.name},
        "form": form,
        "submit_label": _("提出约谈"),
        "back_url": matter.get_absolute_url(),
    }
    return render(request, "screens/form.html", context)


@require_http_methods(["GET", "POST"])
@needs("matter.supervise")
def advance(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    found = access.get_interview(request.user, pk)
    if action not in NEXT:
        raise Http404
    if _next(request.user, found) != action:
        raise PermissionDenied(_("约谈现在是“%(state)s”，这一步不能由您办理。") % {"state": found.get_state_display()})
    label, form_class, perform = NEXT[action]
    extra = (
        {"mark": last_mark(sender_of(request.user), MatterPaper.Kind.INTERVIEW_NOTICE)} if action == "deliver" else {}
    )
    form = form_class(posted(request)[0], matter=found.matter, **extra)
    if action in ("approve", "archive"):
        form.fields.clear()
    if request.method == "POST" and (form.is_valid() or not form.fields):
        try:
            with transaction.atomic():
                perform(found, dict(getattr(form, "cleaned_data", {})), request.user)
        except ValidationError as error:
            show(form, error)
        else:
            messages.success(request, _("%(act)s已完成。") % {"act": label})
            return redirect(found)
    context = {
        "title": f"{label} · {found.number}",
        "intro": f"{found.target.name} {found.reason}",
        "form": form,
        "submit_label": label,
        "back_url": found.get_absolute_url(),
    }
    return render(request, "screens/form.html", context)
