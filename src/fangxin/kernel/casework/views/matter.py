"""One matter on one page, and the page that opens a new one."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from fangxin.kernel.casework import access, rules
from fangxin.kernel.casework.forms import MatterForm, posted, show
from fangxin.kernel.casework.models import Matter, MatterEvidence, MatterPaper
from fangxin.kernel.casework.selectors_cases import list_cases
from fangxin.kernel.casework.services import matters
from fangxin.kernel.casework.standards import fixings
from fangxin.kernel.casework.views.acts import ACTS
from fangxin.kernel.casework.views.lists import SEVERITY_TONES, TONES
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.kernel.registry import api as registry
from fangxin.kernel.screens.permission import needs

_MOST_FOUND = 10
PREMISES = "registry.premises"


@require_safe
@needs("matter.view")
def matter(request: HttpRequest, pk: int) -> HttpResponse:
    found = access.get_matter(request.user, pk)
    today = ledger.clock.today()
    allowed = rules.allowed_actions(request.user, found, today=today)
    context = {
        "title": found.number,
        "matter": found,
        "tone": TONES[found.state],
        "severity_tone": SEVERITY_TONES[found.severity],
        "overdue_days": (today - found.due_on).days if found.state in rules.OPEN_STATES else 0,
        "place": people.division_path(found.division_code),
        "fixings": [(f, getattr(found, f.field)) for f in fixings(found.opened_on)],
        "steps": found.steps.select_related("owner"),
        "evidence": found.evidence.select_related("file"),
        "images": ("image/jpeg", "image/png", "image/webp"),
        "escalations": found.escalations.order_by("falls_on", "pk"),
        "papers": found.papers.select_related("recipient"),
        "interviews": found.interviews.select_related("target"),
        "extension": getattr(found, "extension", None),
        "again": getattr(found, "reopened_as", None),
        "buttons": [(name, ACTS[name].label, ACTS[name].icon) for name in allowed if name in ACTS],
        "may_send": "paper" in allowed,
        "late": found.due_on < today,
        "may_interview": "interview" in allowed,
        "paper_kinds": MatterPaper.Kind,
        "subject_url": _subject_url(request.user, found),
        "cases": _cases(request.user, found),
        "may_open_case": _may_open_case(request.user, found),
    }
    return render(request, "casework/matter.html", context)


def _cases(user: Any, found: Matter) -> Any:
    return list_cases(user).filter(matter=found) if user.can("case.view") else []


def _may_open_case(user: Any, found: Matter) -> bool:
    here = any(found.division_code.startswith(prefix) for prefix in user.prefixes("case.work"))
    return here and found.state != Matter.State.WITHDRAWN


def _subject_url(user: Any, found: Matter) -> str:
    """A way to the subject's own page, where it is in the register and in the person's reach."""
    premises = find_premises(user, found.subject_id) if found.subject_type == PREMISES else None
    return premises.get_absolute_url() if premises is not None and hasattr(premises, "get_absolute_url") else ""


def find_premises(user: Any, text: str | None) -> Any:
    if not text or not str(text).isdecimal() or int(text) >= 2**63 or not user.can("registry.view"):
        return None
    return registry.list_premises(user).filter(pk=int(text)).first()


@require_http_methods(["GET", "POST"])
@needs("matter.open")
def new(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    prefixes = user.prefixes("matter.open")
    if not prefixes:
        raise PermissionDenied(_("您的岗位没有管辖区划，不能立账。"))
    find = request.GET.get("find", "").replace("\0", "").strip()[:100]
    premises = find_premises(user, request.POST.get("premises") or request.GET.get("premises"))
    form = MatterForm(
        *posted(request), prefixes=prefixes, premises=premises,
        initial={"premises": premises.pk if premises else None},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        opened = _open(form, premises, user)
        if opened is not None:
            messages.success(request, _("已立账，编号%(number)s。") % {"number": opened.number})
            return redirect(opened)
    found = registry.find_premises(registry.list_premises(user), find)[:_MOST_FOUND] if find else []
    context = {"title": _("新立账"), "form": form, "premises": premises, "find": find, "found": found}
    return render(request, "casework/new.html", context)


def _open(form: MatterForm, premises: Any, user: Any) -> Matter | None:
    data = dict(form.cleaned_data)
    files = data.pop("uploads")
    data.pop("premises", None)
    if premises is not None:
        data |= {
            "subject_type": PREMISES,
            "subject_id": str(premises.pk),
            "subject_name": premises.name,
            "division_code": premises.division_code,
        }
    try:
        with transaction.atomic():
            opened = matters.open_matter(by=user, **data)
            for file in files:
                matters.add_evidence(
                    matter=opened, kind=MatterEvidence.Kind.HAZARD, name=file.name, content=file.read(), by=user
                )
    except ValidationError as error:
        show(form, error)
        return None
    return opened
