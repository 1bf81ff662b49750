"""Personal data of the register, shown once to somebody who says what for."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from fangxin.kernel.people import api as people
from fangxin.kernel.registry import access
from fangxin.kernel.registry.forms import PurposeForm
from fangxin.kernel.registry.models import CensusEntry, Operator, Premises, Staff
from fangxin.kernel.screens.pages import Request, form_page, saved
from fangxin.kernel.screens.permission import needs

KINDS: dict[str, tuple[Callable[[Any, int], Any], tuple[str, ...]]] = {
    "operator": (access.get_operator, ("legal_representative", "phone")),
    "premises": (access.get_premises, ("phone",)),
    "staff": (access.get_staff, ("name", "phone")),
    "census": (access.get_census_entry, ("phone_seen",)),
}


@needs("registry.personal")
@never_cache
def show(request: Request, kind: str, pk: int) -> HttpResponse:
    if kind not in KINDS:
        raise Http404
    find, fields = KINDS[kind]
    row = find(request.user, pk)
    if not request.user.can("registry.personal", row.division_code):
        raise Http404
    form = PurposeForm(request.POST or None)
    back = _back(row)
    title = _("查看个人信息：%(name)s") % {"name": row}
    if request.method == "POST" and saved(form, lambda: _told(row, fields, form, request.user)) is not None:
        values = [(type(row)._meta.get_field(field).verbose_name, getattr(row, field)) for field in fields]
        context = {"title": title, "values": values, "back_url": back, "purpose": form.sentence()}
        return render(request, "registry/personal.html", context)
    intro = _("查看会记入留痕：谁、何时、看了谁的信息、为了什么。内容只显示这一次。")
    return form_page(request, form, title, back, intro=intro, submit_label=_("查看"))


def _told(row: Any, fields: tuple[str, ...], form: PurposeForm, user: Any) -> bool:
    people.record_personal_view(of=row, what="、".join(fields), purpose=form.sentence(), by=user)
    return True


def _back(row: Any) -> str:
    if isinstance(row, Operator):
        return reverse("registry:operator", args=[row.pk])
    if isinstance(row, Premises):
        return reverse("registry:premises", args=[row.pk])
    if isinstance(row, CensusEntry):
        return reverse("registry:survey", args=[row.survey_id])
    if isinstance(row, Staff) and row.premises_id:
        return reverse("registry:premises", args=[row.premises_id])
    return reverse("registry:staff_list")
