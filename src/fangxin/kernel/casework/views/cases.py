"""One case's whole life on one page, the page that opens a new one, and its files."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from fangxin.engines.penalties import Answer, Authority, Lenience, Trigger, required_authority
from fangxin.kernel.casework import access_cases as access
from fangxin.kernel.casework import judging_cases as judging
from fangxin.kernel.casework import rules_cases as rules
from fangxin.kernel.casework.forms import places_of, posted, show
from fangxin.kernel.casework.forms_cases import CaseForm
from fangxin.kernel.casework.models import Case, CaseClock, CasePaper, Matter
from fangxin.kernel.casework.selectors import list_matters
from fangxin.kernel.casework.services import cases, cases_papers
from fangxin.kernel.casework.standards_cases import offences, procedure
from fangxin.kernel.casework.views.cases_acts import ACTS
from fangxin.kernel.casework.views.cases_lists import TONES
from fangxin.kernel.casework.views.files import hand_over
from fangxin.kernel.casework.views.matter import PREMISES, find_premises
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.kernel.registry import api as registry
from fangxin.kernel.screens.permission import needs

# More buttons than this are folded away, so that the next step is seen.
_FIRST_BUTTONS = 3
_ANSWER_TONES = {Answer.FIRES: "bad", Answer.MANUAL: "warn", Answer.SILENT: "plain"}


@require_safe
@needs("case.view")
def case(request: HttpRequest, pk: int) -> HttpResponse:
    found = access.get_case(request.user, pk)
    allowed = [name for name in rules.allowed_actions(request.user, found) if name in ACTS]
    buttons = [(name, ACTS[name].label, ACTS[name].icon) for name in allowed]
    papers = cases_papers.offered(found) if rules.standing(request.user, found).works else []
    context = {
        "title": found.number,
        "case": found,
        "tone": TONES[found.state],
        "place": people.division_path(found.division_code),
        "offence": offences().get(found.offence, found.offence),
        "officers": found.officers.all(),
        "buttons": buttons[:_FIRST_BUTTONS],
        "more_buttons": buttons[_FIRST_BUTTONS:],
        "paper_buttons": [(kind, CasePaper.Kind(kind).label) for kind in papers],
        "clocks": [_clock(clock) for clock in found.clocks.all()],
        "items": found.items.all(),
        "steps": found.steps.all(),
        "evidence": found.evidence.select_related("file"),
        "papers": found.papers.all(),
        "images": ("image/jpeg", "image/png", "image/webp"),
        "matter": _matter(request.user, found),
        **_judgement(found),
    }
    return render(request, "casework/cases/case.html", context)


def _matter(user: Any, found: Case) -> Matter | None:
    return list_matters(user).filter(pk=found.matter_id).first() if found.matter_id else None


def _clock(clock: CaseClock) -> dict[str, Any]:
    """A clock in words and a tone: done in time, done late, standing still, running, late."""
    now = ledger.clock.now()
    ended = clock.ended_at
    if ended is not None:
        state, tone = (_("已办结"), "good") if ended <= clock.due_at else (_("超期办结"), "warn")
    elif clock.paused:
        state, tone = _("暂停计算"), "plain"
    elif now > clock.due_at:
        state, tone = _("已超期"), "bad"
    else:
        state, tone = _("计算中"), "info"
    by_hour = clock.code == CaseClock.Code.HAND_OVER
    return {"clock": clock, "state": state, "tone": tone, "format": "Y-m-d H:i" if by_hour else "Y-m-d"}


def _judgement(found: Case) -> dict[str, Any]:
    """What the rules say of the case as it stands."""
    allowed = judging.fine_range_of(found)
    screening = found.screenings.last()
    limit = judging.limitation_of(found)
    past = judging.escalation_of(found)
    fine = found.fine if found.fine is not None else found.proposed_fine
    return {
        "article": judging.told_article(found),
        "range": judging.told_range(allowed),
        "comparison": allowed.comparison if allowed else "",
        "to_city": allowed is not None and allowed.authority is not Authority.COUNTY,
        "city_now": fine is not None and required_authority(fine, procedure()) is Authority.CITY,
        "city_from": procedure().city_from,
        "limit": limit,
        "screening": screening,
        "serious": judging.told_serious(screening) if screening else "",
        "answer": judging.ANSWERS[Answer(screening.answer)] if screening else "",
        "answer_tone": _ANSWER_TONES[Answer(screening.answer)] if screening else "plain",
        "triggers": [_trigger(row) for row in screening.triggers] if screening else [],
        "leniency": [
            (judging.LENIENCE[Lenience(name)], article) for name, article in (screening.leniency if screening else [])
        ],
        "escalation": past if past.reached else None,
    }


def _trigger(row: dict[str, Any]) -> dict[str, Any]:
    answer = Answer(row["answer"])
    return {
        "code": row["trigger"],
        "label": judging.TRIGGERS[Trigger(row["trigger"])],
        "answer": judging.ANSWERS[answer],
        "tone": _ANSWER_TONES[answer],
        "comparison": row["comparison"],
    }


@require_http_methods(["GET", "POST"])
@needs("case.work")
def new(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    prefixes = user.prefixes("case.work")
    if not prefixes:
        raise PermissionDenied(_("您的岗位没有管辖区划，不能登记案件线索。"))
    given = request.POST if request.method == "POST" else request.GET
    find = request.GET.get("find", "").replace("\0", "").strip()[:100]
    matter = _given_matter(user, given.get("matter"))
    premises = find_premises(
        user, given.get("premises") or (matter.subject_id if matter and matter.subject_type == PREMISES else None)
    )
    form = CaseForm(
        posted(request)[0],
        places=[place for prefix in prefixes for place in places_of(prefix)],
        agencies=_agencies(prefixes),
        initial=_initial(user, matter, premises),
    )
    if request.method == "POST" and form.is_valid():
        opened = _open(form, matter, premises, user)
        if opened is not None:
            messages.success(request, _("已登记线索，案件编号%(number)s。") % {"number": opened.number})
            return redirect(opened)
    found = registry.find_premises(registry.list_premises(user), find)[:10] if find else []
    context = {
        "title": _("登记案件线索"), "form": form, "premises": premises, "matter": matter, "find": find, "found": found,
    }  # fmt: skip
    return render(request, "casework/cases/new.html", context)


def _given_matter(user: Any, text: str | None) -> Matter | None:
    if not text or not text.isdecimal() or int(text) >= 2**63 or not user.can("matter.view"):
        return None
    return list_matters(user).filter(pk=int(text)).first()


def _agencies(prefixes: list[str]) -> Any:
    """Departments of the county: stations act in the name of theirs."""
    rows = people.Agency.objects.none()
    for prefix in prefixes:
        rows |= people.list_agencies(prefix[:6]).filter(kind=people.Agency.Kind.DEPARTMENT)
    return rows.order_by("pk")


def _initial(user: Any, matter: Matter | None, premises: Any) -> dict[str, Any]:
    agency = next((post.agency for post in user.posts_today if post.role in ("department", "inspector")), None)
    values: dict[str, Any] = {
        "agency": (agency.pk if agency.kind == people.Agency.Kind.DEPARTMENT else agency.parent_id) if agency else None,
        "clue_on": ledger.clock.today(),
        "officers": [user.pk] if user.can("case.work") else [],
    }
    if matter is not None:
        values |= {
            "matter": matter.pk, "party_name": matter.subject_name, "facts": matter.hazard,
            "division_code": matter.division_code[:9], "clue_on": matter.opened_on,
            "source_note": _("问题事项%(number)s") % {"number": matter.number},
        }  # fmt: skip
    if premises is not None:
        values |= {
            "premises": premises.pk,
            "party_name": premises.operator.name,
            "subject_kind": premises.kind,
            "party_kind": "person" if premises.operator.kind == "individual" else "organization",
            "division_code": premises.division_code[:9],
        }
    return values


def _open(form: CaseForm, matter: Matter | None, premises: Any, user: Any) -> Case | None:
    data = {name: value for name, value in form.cleaned_data.items() if name not in ("premises", "matter")}
    if premises is not None:
        data |= {"subject_type": PREMISES, "subject_id": str(premises.pk), "division_code": premises.division_code}
    try:
        return cases.open_case(matter=matter, by=user, **data)
    except ValidationError as error:
        show(form, error)
        return None


@require_safe
@needs("case.view")
def evidence(request: HttpRequest, pk: int) -> HttpResponse:
    found = access.get_case_evidence(request.user, pk)
    return hand_over(found.file, found.name)


@require_safe
@needs("case.view")
def paper(request: HttpRequest, pk: int) -> HttpResponse:
    found = access.get_case_paper(request.user, pk)
    return hand_over(found.file, f"{found.document_number} {found.title}.docx")
