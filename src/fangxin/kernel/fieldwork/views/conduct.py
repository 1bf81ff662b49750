"""On the spot: the checklist, saved item by item, and the pictures."""

from collections import defaultdict
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from fangxin.kernel.fieldwork import access, rules, selectors, standards
from fangxin.kernel.fieldwork.forms.common import upload_hint
from fangxin.kernel.fieldwork.forms.inspections import ItemForm, PhotoForm, span_words
from fangxin.kernel.fieldwork.models import Inspection, ItemPhoto, ItemResult
from fangxin.kernel.fieldwork.services import recording
from fangxin.kernel.fieldwork.views.common import hand_over
from fangxin.kernel.fieldwork.views.inspections import answered_counts
from fangxin.kernel.screens.pages import Request
from fangxin.kernel.screens.permission import needs

NO_WORDS: dict[str, Any] = {"error": "", "saved": ""}


@require_safe
@needs("inspection.view")
def checklist(request: Request, pk: int) -> HttpResponse:
    """Everything to be looked at, group by group; to be filled in by the inspection's own officers."""
    found = access.get_inspection(request.user, pk)
    form = selectors.form_of(found)
    photos = _photos(found)
    groups = [
        (name, [_line(found, item, photos) for item in items]) for name, items in groupby(form, lambda i: i.group)
    ]
    allowed = rules.allowed_actions(request.user, found)
    context = {
        "title": _("逐项检查：%(name)s") % {"name": found.premises_name},
        "inspection": found,
        "groups": groups,
        "counts": answered_counts(form),
        "may_record": "record" in allowed,
        "may_judge": "judge" in allowed,
        "edition_span": span_words(found.checklist),
        "general_photos": photos[""],
        "outcomes": ItemResult.Outcome.choices,
        "upload_hint": upload_hint(),
    }
    return render(request, "fieldwork/checklist.html", context)


def _photos(found: Inspection) -> dict[str, list[ItemPhoto]]:
    by_code: dict[str, list[ItemPhoto]] = defaultdict(list)
    for photo in found.photos.select_related("file").order_by("pk"):
        by_code[photo.code].append(photo)
    return by_code


def _line(found: Inspection, item: Any, photos: dict[str, list[ItemPhoto]]) -> dict[str, Any]:
    scored = found.premises_kind in standards.practice(found.started_on).hygiene_kinds
    return {"item": item, "photos": photos.get(item.code, []), "scored": scored, **NO_WORDS}


@require_POST
@needs("inspection.work")
def item(request: Request, pk: int, code: str) -> HttpResponse:
    """One answer, kept at once. What cannot be kept is said beside the item."""
    found = access.get_inspection(request.user, pk, "inspection.work")
    form = ItemForm(request.POST)
    words = dict(NO_WORDS)
    try:
        if not form.is_valid():
            raise ValidationError([error for errors in form.errors.values() for error in errors])
        recording.record_item(inspection=found, answer=form.answer(code), by=request.user)
        words["saved"] = _("已保存")
    except ValidationError as error:
        words["error"] = " ".join(error.messages)
    items = selectors.form_of(found)
    one = _of_code(items, code)
    if not request.htmx:
        return _whole_page(request, found, code, words["error"])
    context = _standing(found) | {"counts": answered_counts(items), "line": _line(found, one, {}) | words}
    return render(request, "fieldwork/item_saved.html", context)


@require_POST
@needs("inspection.work")
def photo(request: Request, pk: int) -> HttpResponse:
    """A picture of an item, or of the place when no item is named."""
    found = access.get_inspection(request.user, pk, "inspection.work")
    code = request.POST.get("code", "")[:30]
    form = PhotoForm(request.POST, request.FILES)
    saved_words = refusal = ""
    try:
        if not form.is_valid():
            raise ValidationError(_("没有选到照片，请重新选择。"))
        _keep_photo(found, code, form, request.user)
        saved_words = _("照片已保存")
    except ValidationError as error:
        refusal = " ".join(error.messages)
    one = _of_code(selectors.form_of(found), code) if code else None
    if not request.htmx:
        return _whole_page(request, found, code, refusal)
    photos = _photos(found)
    context = _standing(found) | {"photo_error": refusal, "photo_saved": saved_words}
    if one is None:
        return render(request, "fieldwork/general_photos.html", context | {"general_photos": photos[""]})
    return render(request, "fieldwork/item_photos.html", context | {"line": _line(found, one, photos)})


def _keep_photo(found: Inspection, code: str, form: PhotoForm, by: Any) -> None:
    given = form.cleaned_data
    recording.add_photo(
        inspection=found, code=code, name=given["photo"].name, content=given["photo"].read(),
        taken_at=given["taken_at"], spot=form.spot, note=given["note"], by=by,
    )  # fmt: skip


def _of_code(items: Any, code: str) -> Any:
    one = next((line for line in items if line.code == code), None)
    if one is None:
        raise Http404
    return one


def _standing(found: Inspection) -> dict[str, Any]:
    """What the parts of the page need to know of the inspection as it stands now."""
    open_still = found.state == Inspection.State.STARTED
    return {
        "inspection": found, "may_record": open_still, "may_judge": open_still, "outcomes": ItemResult.Outcome.choices,
        "upload_hint": upload_hint(),
    }  # fmt: skip


def _whole_page(request: Request, found: Inspection, code: str, refusal: str) -> HttpResponse:
    """Without a script: the page again, at that item."""
    if refusal:
        messages.error(request, refusal)
    return redirect(reverse("fieldwork:checklist", args=[found.pk]) + (f"#item-{code}" if code else ""))


@require_safe
@needs("inspection.view")
def picture(request: Request, pk: int) -> HttpResponse:
    found = access.get_photo(request.user, pk)
    return hand_over(found.file, found.file.name)


@require_safe
@needs("inspection.view")
def paper(request: Request, pk: int) -> HttpResponse:
    found = access.get_paper(request.user, pk)
    name = f"{found.inspection.number} {found.get_kind_display()}.docx"
    return hand_over(found.file, name, download=True)


@require_safe
@needs("inspection.view")
def signature(request: Request, pk: int, whose: str) -> HttpResponse:
    """A signature under the result: of an officer by number, or of the inspected."""
    found = access.get_inspection(request.user, pk)
    if whose == "operator":
        file = found.operator_signature
    elif whose == "recording":
        file = found.recording
    else:
        file = next((one.signature for one in found.officers.all() if str(one.user_id) == whose), None)
    if file is None:
        raise Http404
    return hand_over(file, file.name)
